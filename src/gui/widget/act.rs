//! A button for an act: its words, its icon, and the key that does the same.

use iced::widget::{button, column, container, row, space};
use iced::{Alignment, Length, Padding};

use super::super::icon::Icon;
use super::super::keys::Key;
use super::super::measure::{Type, height, space as gap};
use super::super::style::{Press, Surface};
use super::super::ui::Ui;
use super::{Element, Label, target};

/// An act, to be shown as a button.
#[derive(Clone, Debug)]
pub struct Act<Message> {
    key: Option<Key>,
    words: String,
    caption: Option<String>,
    icon: Option<Icon>,
    press: Press,
    role: Type,
    width: Length,
    height: f32,
    message: Option<Message>,
}

impl<Message: Clone> Act<Message> {
    /// An act with its key; `None` for what cannot be done now.
    pub fn new(key: Key, words: impl Into<String>, message: Option<Message>) -> Self {
        Self {
            key: Some(key),
            words: words.into(),
            caption: None,
            icon: None,
            press: Press::Secondary,
            role: Type::Key,
            width: Length::Shrink,
            height: height::ACT,
            message,
        }
    }

    /// One of several like it in a list: no key of its own, the arrows and Enter lead there.
    pub fn keyless(words: impl Into<String>, message: Option<Message>) -> Self {
        Self { key: None, ..Self::new(Key::Enter, words, message) }
    }

    /// The one primary act of the screen.
    pub fn primary(mut self) -> Self {
        self.press = Press::Primary;
        self.role = Type::Act;
        self
    }

    /// A quieter one, beside the number pad.
    pub fn function(mut self) -> Self {
        self.press = Press::Function;
        self.role = Type::LabelStrong;
        self.height = height::KEY;
        self
    }

    /// Chosen among its like.
    pub fn chosen(mut self) -> Self {
        self.press = Press::Chosen;
        self
    }

    /// With an icon before its words.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With a second line.
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// As wide as there is room.
    pub fn fill(mut self) -> Self {
        self.width = Length::Fill;
        self
    }

    /// With a share of the room.
    pub fn portion(mut self, portion: u16) -> Self {
        self.width = Length::FillPortion(portion);
        self
    }

    /// So high, in logical pixels.
    pub fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }

    /// Can it be done now?
    pub fn is_enabled(&self) -> bool {
        self.message.is_some()
    }

    /// The button: icon, words, key cap in a row.
    pub fn view<'a>(self, ui: &Ui<'_>) -> Element<'a, Message>
    where
        Message: 'a,
    {
        let cap = if self.press == Press::Primary { Surface::KeyCapOnDone } else { Surface::KeyCap };
        let mut content = row![].spacing(gap::SMALL).align_y(Alignment::Center);
        if let Some(icon) = self.icon {
            content = content.push(ui.icon(self.role, icon));
        }
        let filled = self.width != Length::Shrink;
        let words = ui.label(self.role, self.words).shorten(if self.caption.is_some() { 1 } else { 2 });
        let words: Element<'a, Message> = match self.caption {
            Some(caption) => column![words, ui.label(Type::Caption, caption).muted().shorten(2)].into(),
            None => words.into(),
        };
        content = content.push(words);
        if let Some(key) = self.key {
            if self.press == Press::Function {
                content = content.push(space::horizontal());
            }
            content = content.push(key_cap(ui, key, cap));
        }
        let side = if self.press == Press::Function { 12.0 } else { gap::MEDIUM };
        let inner = container(content).center_y(Length::Fill);
        let inner = if filled { inner.center_x(Length::Fill) } else { inner };
        let pressed = button(inner)
            .class(self.press)
            .padding(Padding { top: 0.0, bottom: 0.0, left: side, right: side })
            .width(if filled { Length::Fill } else { Length::Shrink })
            .height(self.height)
            .on_press_maybe(self.message);
        let marked = target(self.key, pressed);
        container(marked).width(self.width).into()
    }

    /// The button as an answer on a card: its key large at the left, words and caption beside it.
    pub fn view_answer<'a>(self, ui: &Ui<'_>) -> Element<'a, Message>
    where
        Message: 'a,
    {
        let cap = self.key.map(Key::cap).unwrap_or_default();
        let number = container(ui.label(Type::Key, cap)).class(Surface::KeyCap).center(34);
        let mut words = column![ui.label(Type::Key, self.words).shorten(1)];
        if let Some(caption) = self.caption {
            words = words.push(ui.label(Type::Caption, caption).muted().shorten(2));
        }
        let content = row![number, words].spacing(14).align_y(Alignment::Center);
        let pressed = button(container(content).center_y(Length::Fill))
            .class(self.press)
            .padding(Padding { top: 0.0, bottom: 0.0, left: 18.0, right: 12.0 })
            .width(Length::Fill)
            .height(self.height)
            .on_press_maybe(self.message);
        target(self.key, pressed)
    }

    /// The button as a large figure with a caption, in the middle: a note to pay with.
    pub fn view_note<'a>(self, ui: &Ui<'_>) -> Element<'a, Message>
    where
        Message: 'a,
    {
        let caption_ink = self.press != Press::Primary;
        let mut content = column![ui.label(Type::Figure, self.words).centred().shorten(1)].align_x(Alignment::Center);
        let mut second = row![].spacing(gap::SMALL).align_y(Alignment::Center);
        if let Some(caption) = self.caption {
            let caption: Label = ui.label(Type::Caption, caption).shorten(1);
            second = second.push(if caption_ink { caption.muted() } else { caption });
        }
        if let Some(key) = self.key {
            let cap = if caption_ink { Surface::KeyCap } else { Surface::KeyCapOnDone };
            second = second.push(key_cap(ui, key, cap));
        }
        content = content.push(second).spacing(gap::TIGHT);
        let pressed = button(container(content).center(Length::Fill))
            .class(self.press)
            .padding(gap::TIGHT)
            .width(Length::Fill)
            .height(self.height)
            .on_press_maybe(self.message);
        target(self.key, pressed)
    }
}

/// The cap of a key.
pub fn key_cap<'a, Message: 'a>(ui: &Ui<'_>, key: Key, surface: Surface) -> Element<'a, Message> {
    let words = ui.label(Type::KeyCap, key.cap());
    let words = if surface == Surface::KeyCap { words.muted() } else { words };
    container(words).class(surface).padding(Padding { top: 2.0, bottom: 2.0, left: 6.0, right: 6.0 }).into()
}
