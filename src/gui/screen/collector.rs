//! Who collects an order, when it is someone else than its customer, or for whom another store is asked: their name, and how it
//! is typed. The same on Pick-ups and on the conflict card.

use iced::widget::container;
use iced::{Length, Padding};

use super::super::measure::{Type, height, space as gap};
use super::super::style::Surface;
use super::super::ui::Ui;
use super::super::widget::Element;

/// How many characters a name may have.
const NAME_CHARACTERS_MAX: usize = 40;

/// Someone else who collects, or nobody yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collector {
    /// As it was confirmed.
    name: Option<String>,
    /// While it is typed.
    typed: Option<String>,
}

impl Collector {
    /// As it is while this is typed.
    pub fn typing(name: &str) -> Self {
        Self { name: None, typed: Some(name.to_owned()) }
    }

    /// Is the name being typed? Then every letter and sign is its own.
    pub fn is_typing(&self) -> bool {
        self.typed.is_some()
    }

    /// From now on a name is typed, beginning with the one there is.
    pub fn begin(&mut self) {
        self.typed = Some(self.name.clone().unwrap_or_default());
    }

    /// One more letter.
    pub fn push(&mut self, letter: char) {
        if let Some(typed) = self.typed.as_mut().filter(|typed| typed.chars().count() < NAME_CHARACTERS_MAX) {
            typed.push(letter);
        }
    }

    /// The last letter taken back.
    pub fn pop(&mut self) {
        if let Some(typed) = &mut self.typed {
            typed.pop();
        }
    }

    /// What is typed is the name; nothing typed is nobody else. `false` when none was being typed.
    pub fn confirm(&mut self) -> bool {
        let Some(typed) = self.typed.take() else { return false };
        self.name = Some(typed).filter(|name| !name.trim().is_empty());
        true
    }

    /// What is typed is forgotten. `false` when none was being typed.
    pub fn leave(&mut self) -> bool {
        self.typed.take().is_some()
    }

    /// Who takes it, as far as the name is typed.
    pub fn name(&self) -> Option<String> {
        let name = self.typed.as_ref().or(self.name.as_ref())?.trim();
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// The name that is not being typed any more.
    pub fn confirmed(&self) -> Option<String> {
        if self.is_typing() { None } else { self.name() }
    }

    /// The field it is typed into; `None` while none is typed.
    pub fn field<'a, Message: 'a>(&self, ui: &Ui<'_>) -> Option<Element<'a, Message>> {
        self.field_with(ui, |name| ui.text.collector_typed(name))
    }

    /// The same, with other words around the name.
    pub fn field_with<'a, Message: 'a>(
        &self,
        ui: &Ui<'_>,
        words: impl Fn(String) -> String,
    ) -> Option<Element<'a, Message>> {
        let name = self.typed.as_ref()?;
        let words = ui.label(Type::Line, words(format!("{name}▏"))).shorten(1);
        let field = container(words)
            .class(Surface::Focused)
            .padding(Padding { top: 0.0, bottom: 0.0, left: gap::MEDIUM, right: gap::MEDIUM })
            .width(Length::Fill)
            .center_y(height::SEARCH);
        Some(field.into())
    }
}
