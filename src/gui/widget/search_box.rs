//! The search box: shows what is typed. It has no focus of its own, and no caret that blinks.

use iced::widget::{button, container, row};
use iced::{Alignment, Length, Padding};

use super::super::icon::Icon;
use super::super::keys::Key;
use super::super::measure::{Type, height};
use super::super::search::SearchEntry;
use super::super::style::{Press, Surface};
use super::super::theme::Ink;
use super::super::ui::Ui;
use super::act::key_cap;
use super::{Element, Reach, target};

/// What stands in a search box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Searched<'t> {
    /// Nothing is looked for.
    Nothing,
    /// What the list below is narrowed to, though no key goes here.
    Kept(&'t str),
    /// What is being typed.
    Typed(&'t str),
    /// All of it is marked: what is typed next takes its place.
    Marked(&'t str),
}

impl<'t> Searched<'t> {
    /// What is typed, or else what the list is still narrowed to.
    pub fn of(typed: Option<&'t SearchEntry>, kept: &'t str) -> Self {
        match typed {
            Some(entry) => entry.shown(),
            None if kept.is_empty() => Self::Nothing,
            None => Self::Kept(kept),
        }
    }
}

/// A search box that `key` opens, and that says what is looked for as long as it is.
pub fn search_box<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    searched: Searched<'_>,
    placeholder: String,
    key: Key,
    opened: Message,
) -> Element<'a, Message> {
    let words: Element<'a, Message> = match searched {
        Searched::Nothing | Searched::Typed("") => {
            ui.label(Type::Line, placeholder).ink(Ink::Muted).fill().shorten(1).into()
        }
        Searched::Kept(text) => ui.label(Type::Line, text).fill().shorten(1).into(),
        Searched::Typed(text) => ui.label(Type::Line, format!("{text}▏")).fill().shorten(1).into(),
        Searched::Marked(text) => {
            let marked =
                container(ui.label(Type::Line, text).shorten(1)).class(Surface::ChosenCard).padding([2.0, 4.0]);
            container(marked).width(Length::Fill).into()
        }
    };
    let typed = matches!(searched, Searched::Typed(_) | Searched::Marked(_));
    let cap = ui.key_now(if typed { Key::Escape } else { key });
    let mut content =
        row![ui.icon(Type::Line, Icon::Search).ink(Ink::Muted), words].spacing(12).align_y(Alignment::Center);
    if let Some(cap) = cap {
        content = content.push(key_cap(ui, cap, Surface::KeyCap));
    }
    let surface = if typed { Surface::Focused } else { Surface::Field };
    let field = container(content)
        .class(surface)
        .padding(Padding { top: 0.0, bottom: 0.0, left: 18.0, right: 16.0 })
        .width(Length::Fill)
        .center_y(Length::Fill);
    let pressed =
        button(field).class(Press::Bare).padding(0).width(Length::Fill).height(height::SEARCH).on_press(opened);
    target(Reach::of_act(cap), pressed)
}
