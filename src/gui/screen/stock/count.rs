//! The count of a product on its shelf: what is not there and not counted, the number, whether it stands, and why the books say
//! something else. Absent here: what the books say. It is told when the count is booked.

use iced::Length;
use iced::widget::{Column, column, container};

use super::{Message, Stock, count_of};
use crate::domain::product::Unit;
use crate::domain::quantity::Quantity;
use crate::gui::keys::Key;
use crate::gui::measure::{Type, space as gap};
use crate::gui::screen::basket::measured;
use crate::gui::screen::reason::{Asked, Given};
use crate::gui::screen::{Action, notice};
use crate::gui::style::Surface;
use crate::gui::text::Catalogue;
use crate::gui::ui::Ui;
use crate::gui::widget::{
    Act, Element, Pad, PadCell, divider, headline, low_card, number_pad, side_by_side, whole_number_pad,
};
use crate::register::intent::{EntryFault, Intent};
use crate::register::snapshot::{CountSide, HeldPlace, ShelfCountView, Snapshot};

/// The reasons offered for what is not as the books say.
fn reasons(text: &Catalogue, side: CountSide) -> Vec<String> {
    match side {
        CountSide::Loss => {
            vec![text.reason_gone(), text.reason_damaged(), text.reason_other_product(), text.reason_delivery_short()]
        }
        CountSide::Surplus => {
            vec![text.reason_found(), text.reason_delivery(), text.reason_taken_back(), text.reason_miscounted()]
        }
    }
}

impl Stock {
    /// Takes what happened while a product is counted.
    pub(super) fn count(&mut self, message: Message, count: &ShelfCountView, snapshot: &Snapshot) -> Action {
        match message {
            // Pieces are whole.
            Message::CountTyped(Pad::Point) if count.unit == Unit::Each => Action::None,
            Message::CountTyped(pad) => {
                let was_empty = self.counted.is_empty();
                pad.type_into(&mut self.counted);
                // No scan throws away what was typed: the register knows that something is.
                match self.counted.is_empty() {
                    is_empty if is_empty == was_empty => Action::None,
                    is_empty => Action::Tell(Intent::ShelfFigureTyped(!is_empty)),
                }
            }
            // Said once more, it stands.
            Message::CountConfirmed if count.unexplained.is_some() => match (count.unexplained, count.side) {
                (Some(found), None) => Action::Tell(Intent::ShelfCounted { found, reason: None }),
                _ => Action::None,
            },
            Message::CountConfirmed if self.counted.is_empty() => Action::None,
            Message::CountConfirmed => match self.counted.counted() {
                Some(found) => Action::Tell(Intent::ShelfCounted { found, reason: None }),
                None => Action::Tell(Intent::EntryRefused(EntryFault::Quantity)),
            },
            Message::ReasonSaid(said) => {
                let Some(side) = count.side else { return Action::None };
                let offered = |text: &Catalogue| reasons(text, side);
                match (self.reason.update(said, &snapshot.till.country, offered), count.unexplained) {
                    (Given::Reason(reason), Some(found)) => {
                        Action::Tell(Intent::ShelfCounted { found, reason: Some(reason) })
                    }
                    // The figure stands: whoever comes back to it is asked again.
                    (Given::Left, _) => Action::Tell(Intent::ShelfCountLeft),
                    _ => Action::None,
                }
            }
            _ => Action::None,
        }
    }

    /// The screen while a product is counted.
    pub(super) fn count_view<'a>(
        &self,
        count: &ShelfCountView,
        snapshot: &'a Snapshot,
        ui: &Ui<'a>,
    ) -> Element<'a, Message> {
        let right = match (count.unexplained, count.side) {
            (Some(found), Some(side)) => {
                let found = measured(count.unit, &ui.quantity(found));
                let title = match side {
                    CountSide::Surplus => ui.text.shelf_count_surplus(found),
                    CountSide::Loss => ui.text.shelf_count_loss(found),
                };
                let explained = ui.text.shelf_count_stands();
                let asked = Asked { title, explained, step_back: ui.text.act_back(), offered: reasons(ui.text, side) };
                self.reason.view(ui, asked, Message::ReasonSaid)
            }
            (Some(found), None) => differs(ui, measured(count.unit, &ui.quantity(found))),
            (None, _) => self.pad(count, ui),
        };
        side_by_side(count_card(ui, snapshot, Some(Message::NoticeRead)), 596, low_card(right), 636)
    }

    fn pad<'a>(&self, count: &ShelfCountView, ui: &Ui<'_>) -> Element<'a, Message> {
        let typed = if self.counted.is_empty() { "0".to_owned() } else { ui.text.locale.typed(self.counted.text()) };
        let figure = ui.label(Type::Total, measured(count.unit, &typed)).fill().right().shorten(1);
        let figure = if self.counted.is_empty() { figure.muted() } else { figure };
        let back = Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped));
        let columns = vec![[PadCell::Back, PadCell::Empty, PadCell::Empty, PadCell::Act(back)]];
        let pad = match count.unit {
            Unit::Each => whole_number_pad(ui, columns, Message::CountTyped),
            _ => number_pad(ui, columns, Message::CountTyped),
        };
        let title = match count.unit {
            Unit::Each => ui.text.shelf_count_title(),
            _ => ui.text.shelf_count_title_weighed(),
        };
        let explained = match count.books_seen {
            true => ui.text.shelf_count_not_blind(),
            false => ui.text.shelf_count_explained(),
        };
        let take = (!self.counted.is_empty()).then_some(Message::CountConfirmed);
        let content = column![
            headline(ui, title).shorten(2),
            ui.label(Type::Body, explained).muted().fill().shorten(2),
            container(figure).class(Surface::Focused).padding(gap::MEDIUM).width(Length::Fill),
            pad,
            Act::new(Key::Enter, ui.text.act_take_count(), take).primary().fill().view(ui),
        ];
        container(content.spacing(gap::MEDIUM)).padding(gap::CARD).into()
    }
}

/// What is counted, and what of it is not on the shelf, as a card; also beside the question whether somebody agrees
/// to it, which has the notice.
pub fn count_card<'a, M: Clone + 'a>(ui: &Ui<'_>, snapshot: &'a Snapshot, read: Option<M>) -> Element<'a, M> {
    let mut left = column![];
    if let Some(count) = count_of(snapshot.stock.as_deref()) {
        left = left
            .push(
                container(column![headline(ui, count.name.as_str()).shorten(2), bin(ui, count)].spacing(gap::SMALL))
                    .padding(gap::CARD),
            )
            .push(divider())
            .push(container(not_here(ui, count)).padding(gap::CARD));
    }
    if let Some(notice) = read.and_then(|read| notice::view(ui, snapshot, read)) {
        left = left.push(container(notice).padding(gap::MEDIUM));
    }
    low_card(left)
}

/// The books say something else: the figure stands, or is counted again.
fn differs<'a>(ui: &Ui<'_>, found: String) -> Element<'a, Message> {
    let figure = ui.label(Type::Total, found.as_str()).fill().right().shorten(1);
    let again = Act::new(Key::Escape, ui.text.act_count_again(), Some(Message::Stepped)).fill();
    let stands =
        Act::new(Key::Enter, ui.text.act_count_stands(found.as_str()), Some(Message::CountConfirmed)).primary().fill();
    let content = column![
        headline(ui, ui.text.shelf_count_differs()).shorten(2),
        ui.label(Type::Body, ui.text.shelf_count_differs_explained(found)).muted().fill().shorten(4),
        container(figure).class(Surface::Sunken).padding(gap::MEDIUM).width(Length::Fill),
        again.view(ui),
        stands.view(ui),
    ];
    container(content.spacing(gap::MEDIUM)).padding(gap::CARD).into()
}

fn bin<'a, M: 'a>(ui: &Ui<'_>, count: &ShelfCountView) -> Element<'a, M> {
    ui.label(Type::Body, count.bin.as_deref().map_or_else(String::new, |bin| ui.text.shelf_count_bin(bin)))
        .muted()
        .shorten(1)
        .into()
}

/// What of it is not on the shelf: whoever counts must not count it along, and the till knows of it.
fn not_here<'a, M: 'a>(ui: &Ui<'_>, count: &ShelfCountView) -> Element<'a, M> {
    let text = ui.text;
    let place = |held: &HeldPlace| match &held.bay {
        Some(bay) => text.shelf_count_held(ui.quantity(held.quantity), held.order.as_str(), bay.as_str()),
        None => text.shelf_count_picked(ui.quantity(held.quantity), held.order.as_str()),
    };
    let mut places: Vec<String> = count.held.iter().map(place).collect();
    if count.in_baskets != Quantity::ZERO {
        places.push(text.shelf_count_baskets(ui.quantity(count.in_baskets)));
    }
    if places.is_empty() {
        return ui.label(Type::Body, text.shelf_count_nothing_else()).muted().fill().shorten(3).into();
    }
    let places = places.into_iter().map(|place| ui.label(Type::LineStrong, place).fill().shorten(2).into());
    column![
        ui.label(Type::BodyStrong, text.shelf_count_not_here()).fill().shorten(2),
        Column::with_children(places).spacing(gap::SMALL),
    ]
    .spacing(gap::MEDIUM)
    .into()
}
