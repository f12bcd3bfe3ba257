//! The search box: shows what is typed. It has no focus of its own, and no caret that blinks.

use iced::widget::{button, container, row};
use iced::{Alignment, Length, Padding};

use super::super::icon::Icon;
use super::super::keys::Key;
use super::super::measure::{Type, height};
use super::super::style::{Press, Surface};
use super::super::theme::Ink;
use super::super::ui::Ui;
use super::act::key_cap;
use super::{Element, target};

/// A search box that `key` opens. `typed` is `Some` while keys go to it.
pub fn search_box<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    typed: Option<&str>,
    placeholder: String,
    key: Key,
    opened: Message,
) -> Element<'a, Message> {
    let words = match typed {
        None | Some("") => ui.label(Type::Line, placeholder).ink(Ink::Muted),
        Some(text) => ui.label(Type::Line, format!("{text}▏")),
    };
    let cap = if typed.is_some() { Key::Escape } else { key };
    let content = row![
        ui.icon(Type::Line, Icon::Search).ink(Ink::Muted),
        words.fill().shorten(1),
        key_cap(ui, cap, Surface::KeyCap)
    ]
    .spacing(12)
    .align_y(Alignment::Center);
    let surface = if typed.is_some() { Surface::Focused } else { Surface::Field };
    let field = container(content)
        .class(surface)
        .padding(Padding { top: 0.0, bottom: 0.0, left: 18.0, right: 16.0 })
        .width(Length::Fill)
        .center_y(Length::Fill);
    let pressed =
        button(field).class(Press::Bare).padding(0).width(Length::Fill).height(height::SEARCH).on_press(opened);
    target(Some(cap), pressed)
}
