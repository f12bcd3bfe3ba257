//! Segmented tabs: a few words in a row, one of them open.

use iced::widget::{Row, button, container, row};
use iced::{Alignment, Length, Padding};

use super::super::measure::{TextSize, Type, height, space as gap};
use super::super::style::Press;
use super::super::theme::Ink;
use super::super::ui::{Room, Ui};
use super::{Element, Reach, target};

/// One tab.
#[derive(Clone, Debug)]
pub struct Segment<Message> {
    /// Its word.
    pub words: String,
    /// A number behind the word.
    pub count: Option<usize>,
    /// Is it the open one?
    pub open: bool,
    /// What pressing it says.
    pub message: Message,
}

/// The tabs in a row, and the way from one to the next; the open one raised, or dark where they narrow a list.
pub fn segments<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    open_class: Press,
    reach: Reach,
    tabs: Vec<Segment<Message>>,
) -> Element<'a, Message> {
    let tabs = tabs.into_iter().map(|tab| segment(ui, open_class, reach, tab));
    Row::with_children(tabs).spacing(gap::TIGHT).into()
}

/// The tabs in as many rows as they need, so that each is seen with its number however narrow the window; behind the last the
/// keys that lead from one to the next.
pub fn segments_that_wrap<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    open_class: Press,
    reach: Reach,
    tabs: Vec<Segment<Message>>,
    caps: impl Into<Element<'a, Message>>,
) -> Element<'a, Message> {
    let caps = container(caps).center_y(height::TARGET_MIN).padding(Padding::ZERO.left(gap::TIGHT));
    let tabs = tabs.into_iter().map(|tab| segment(ui, open_class, reach, tab));
    Row::with_children(tabs).push(caps).spacing(gap::TIGHT).wrap().vertical_spacing(gap::TIGHT).into()
}

fn segment<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    open_class: Press,
    reach: Reach,
    tab: Segment<Message>,
) -> Element<'a, Message> {
    let ink = match (tab.open, open_class) {
        (true, Press::SegmentOpenDark) => Ink::Bar,
        (true, _) => Ink::Text,
        (false, _) => Ink::Muted,
    };
    let words = ui.label(Type::LabelStrong, tab.words).ink(ink);
    // A short word gets more room around it, so that a finger finds it; those that narrow a list stand beside it.
    let (side, enough) = match (open_class, ui.room()) {
        (Press::SegmentOpenDark, _) => (6.0, 36.0),
        (_, Room::Wide) => (12.0, 40.0),
        (_, Room::Narrow) if ui.text_size == TextSize::Large => (5.0, 38.0),
        (_, Room::Narrow) => (8.0, 32.0),
    };
    let width = words.width_of_words();
    let side =
        if tab.count.is_none() && width < enough { f32::max(16.0, (height::TARGET_MIN - width) / 2.0) } else { side };
    let mut content = row![words].spacing(5).align_y(Alignment::Center);
    if let Some(count) = tab.count {
        let ink = if ink == Ink::Bar { Ink::BarMuted } else { Ink::Muted };
        content = content.push(ui.label(Type::Label, count.to_string()).ink(ink));
    }
    let pressed = button(container(content).center_y(Length::Fill))
        .class(if tab.open { open_class } else { Press::Row })
        .padding(Padding { top: 0.0, bottom: 0.0, left: side, right: side })
        .height(height::TARGET_MIN)
        .on_press(tab.message);
    target(reach, pressed)
}
