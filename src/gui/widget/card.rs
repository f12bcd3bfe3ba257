//! Cards: what belongs together, on a ground of its own.

use iced::widget::{container, row, rule, space, stack};
use iced::{Length, Padding};

use super::super::measure::{radius, space as gap};
use super::super::style::{EDGE_OF_RAISED, Surface, Tone};
use super::Element;

/// A card around its content, filling its place.
pub fn card<'a, Message: 'a>(content: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    container(content).class(Surface::Card).width(Length::Fill).height(Length::Fill).padding(1).into()
}

/// One that is as high as its content.
pub fn low_card<'a, Message: 'a>(content: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    container(content).class(Surface::Card).width(Length::Fill).padding(1).into()
}

/// A card that interrupts: a bar of its tone along the top.
pub fn card_with_edge<'a, Message: 'a>(tone: Tone, content: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    edged(tone, content.into(), Length::Fill)
}

/// One that is as high as its content.
pub fn low_card_with_edge<'a, Message: 'a>(
    tone: Tone,
    content: impl Into<Element<'a, Message>>,
) -> Element<'a, Message> {
    edged(tone, content.into(), Length::Shrink)
}

fn edged<'a, Message: 'a>(tone: Tone, content: Element<'a, Message>, height: Length) -> Element<'a, Message> {
    let inside = container(content).width(Length::Fill).height(height).padding(Padding {
        top: gap::MEDIUM,
        bottom: 18.0,
        left: gap::CARD,
        right: gap::CARD,
    });
    let card = container(inside).class(Surface::Raised).width(Length::Fill).height(height);
    // The bar is its upper edge: nothing lies between it and the card.
    let edge = Padding { top: 0.0, ..Padding::new(EDGE_OF_RAISED) };
    let card = container(card).class(Surface::RaisedEdge).padding(edge).width(Length::Fill).height(height);
    under_bar(Surface::TopEdge(tone), 8.0, card)
}

/// Something with rounded corners under a bar that follows them.
pub(super) fn under_bar<'a, Message: 'a>(
    bar: Surface,
    bar_height: f32,
    content: impl Into<Element<'a, Message>>,
) -> Element<'a, Message> {
    let ground = container(space::horizontal()).class(bar).width(Length::Fill).height(bar_height + 2.0 * radius::LARGE);
    let content = container(content).padding(Padding { top: bar_height, ..Padding::ZERO });
    stack![content].push_under(ground).into()
}

/// A hairline that divides.
pub fn divider<'a, Message: 'a>() -> Element<'a, Message> {
    rule::horizontal(1).into()
}

/// The two halves of a screen, as wide as the mocks have them.
pub fn side_by_side<'a, Message: 'a>(
    left: impl Into<Element<'a, Message>>,
    left_portion: u16,
    right: impl Into<Element<'a, Message>>,
    right_portion: u16,
) -> Element<'a, Message> {
    row![
        container(left).width(Length::FillPortion(left_portion)).height(Length::Fill),
        container(right).width(Length::FillPortion(right_portion)).height(Length::Fill),
    ]
    .spacing(gap::MEDIUM)
    .padding(gap::MEDIUM)
    .into()
}
