//! Small pieces: badges, strips, tags, faces, steps, rows.

use iced::widget::{Row, button, column, container, row, rule, space};
use iced::{Alignment, Length, Padding};

use super::super::icon::Icon;
use super::super::measure::{Type, height, space as gap};
use super::super::style::{Press, Surface, Tone};
use super::super::theme::Ink;
use super::super::ui::{Room, Ui};
use super::{Element, Label, Reach, target};

/// A state in capitals on a ground of its tone.
pub fn badge<'a, Message: 'a>(ui: &Ui<'_>, tone: Tone, words: &str) -> Element<'a, Message> {
    container(ui.label(Type::CaptionStrong, words.to_uppercase()).ink(tone.ink()).shorten(1))
        .class(Surface::Badge(tone))
        .padding(Padding { top: 3.0, bottom: 3.0, left: 8.0, right: 8.0 })
        .into()
}

/// A number on a tab.
pub fn count<'a, Message: 'a>(ui: &Ui<'_>, number: usize) -> Element<'a, Message> {
    container(ui.label(Type::CaptionStrong, number.to_string()).ink(Ink::OnBarTone))
        .class(Surface::Count)
        .padding(Padding { top: 0.0, bottom: 0.0, left: 9.0, right: 9.0 })
        .into()
}

/// A strip across a line: what to mind about it, in at most [`STRIP_LINES_MAX`] lines of words.
pub fn strip<'a, Message: 'a>(ui: &Ui<'_>, tone: Tone, icon: Icon, words: impl Into<String>) -> Element<'a, Message> {
    let content = row![
        ui.icon(Type::Line, icon).ink(tone.ink()),
        ui.label(Type::LabelStrong, words).ink(tone.ink()).fill().shorten(STRIP_LINES_MAX),
    ]
    .spacing(10)
    .align_y(Alignment::Center)
    .padding(Padding { top: gap::SMALL, bottom: gap::SMALL, left: 12.0, right: 12.0 });
    container(row![edge_bar(tone), container(content).center_y(Length::Fill)])
        .class(Surface::Strip(tone))
        .width(Length::Fill)
        .into()
}

/// So many lines of words a strip may have.
pub const STRIP_LINES_MAX: u16 = 3;

/// The bar at the left edge of a line or strip, as high as what stands beside it.
pub fn edge_bar<'a, Message: 'a>(tone: Tone) -> Element<'a, Message> {
    container(space::vertical()).class(Surface::Edge(tone)).width(4).height(Length::Fill).into()
}

/// A quiet remark under a line.
pub fn tag<'a, Message: 'a>(ui: &Ui<'_>, icon: Icon, words: impl Into<String>) -> Element<'a, Message> {
    row![ui.icon(Type::Caption, icon).muted(), ui.label(Type::Caption, words).muted().shorten(1)]
        .spacing(6)
        .align_y(Alignment::Center)
        .into()
}

/// A face: the first letter of a name on a disc.
pub fn avatar<'a, Message: 'a>(ui: &Ui<'_>, name: &str, tone: Tone, size: f32) -> Element<'a, Message> {
    let letter = name.chars().next().unwrap_or('·').to_uppercase().to_string();
    let ink = if tone == Tone::Done { Ink::OnDone } else { tone.ink() };
    let role = if size > 40.0 { Type::Headline } else { Type::BodyStrong };
    container(ui.label(role, letter).ink(ink)).class(Surface::Avatar(tone)).center(size).into()
}

/// A face on the top bar.
pub fn avatar_on_bar<'a, Message: 'a>(ui: &Ui<'_>, name: &str) -> Element<'a, Message> {
    let letter = name.chars().next().unwrap_or('·').to_uppercase().to_string();
    container(ui.label(Type::KeySmall, letter).ink(Ink::OnBarTone)).class(Surface::AvatarOnBar).center(32).into()
}

/// A light.
pub fn dot<'a, Message: 'a>(tone: Tone) -> Element<'a, Message> {
    container(space::horizontal()).class(Surface::Dot(tone)).width(10).height(10).into()
}

/// The figures of a PIN: typed ones filled, the ones to come as rings.
pub(super) fn pin_figures<'a, Message: 'a>(typed: usize, needed: usize) -> Element<'a, Message> {
    let figures = (0..needed.max(typed)).map(|position| {
        let surface = if position < typed { Surface::Dot(Tone::Quiet) } else { Surface::Ring };
        container(space::horizontal()).class(surface).width(18).height(18).into()
    });
    // Ten of them are as wide as the pad.
    let between = if typed > 6 { gap::SMALL } else { gap::MEDIUM };
    Row::with_children(figures).spacing(between).into()
}

/// A figure with its caption, in a box.
pub fn figure<'a, Message: 'a>(ui: &Ui<'_>, caption: impl Into<String>, value: String) -> Element<'a, Message> {
    // Where there is little room a caption takes two lines, and every box leaves them.
    let (side, lines_max, box_height) =
        if ui.room() == Room::Wide { (12.0, 1, height::FIGURE) } else { (8.0, 2, height::FIGURE_TALL) };
    container(column![
        ui.label(Type::Caption, caption).muted().fill().shorten(lines_max),
        space::vertical(),
        ui.label(Type::Figure, value).shorten(1),
    ])
    .class(Surface::Sunken)
    .padding(Padding { top: 8.0, bottom: 6.0, left: side, right: side })
    .width(Length::Fill)
    .height(box_height)
    .into()
}

/// A screen's or a card's title.
pub fn headline(ui: &Ui<'_>, words: impl Into<String>) -> Label {
    ui.label(Type::Headline, words)
}

/// A step of an order's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Behind us.
    Done,
    /// Where it stands.
    Now,
    /// To come.
    ToCome,
}

/// A step with its words.
pub fn step<'a, Message: 'a>(ui: &Ui<'_>, step: Step, words: impl Into<String>) -> Element<'a, Message> {
    let (icon, ink) = match step {
        Step::Done => (Icon::CircleCheck, Ink::Done),
        Step::Now => (Icon::CircleDot, Ink::Text),
        Step::ToCome => (Icon::Circle, Ink::Muted),
    };
    row![ui.icon(Type::Line, icon).ink(ink), ui.label(Type::LabelStrong, words).ink(ink).shorten(1)]
        .spacing(gap::SMALL)
        .align_y(Alignment::Center)
        .into()
}

/// A row of a list, two lines high, with the mark of the open one, which Up and Down move.
pub fn list_row<'a, M: Clone + 'a>(content: Element<'a, M>, open: bool, message: M) -> Element<'a, M> {
    let inside = container(content)
        .padding(Padding { top: 0.0, bottom: 0.0, left: gap::MEDIUM, right: gap::MEDIUM })
        .center_y(Length::Fill)
        .width(Length::Fill);
    let edge: Element<'a, M> = if open { edge_bar(Tone::Web) } else { container(space::vertical()).width(4).into() };
    let surface = if open { Surface::Chosen } else { Surface::Clear };
    let ground = container(row![edge, inside]).class(surface).width(Length::Fill).height(Length::Fill);
    let pressed =
        button(ground).class(Press::Row).padding(0).width(Length::Fill).height(Length::Fill).on_press(message);
    column![target(Reach::UpDown, pressed), rule::horizontal(1)].into()
}
