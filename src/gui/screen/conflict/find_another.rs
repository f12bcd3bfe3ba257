//! The card's fourth answer: which store shall send one, and for whom.

use iced::Length;
use iced::widget::{Column, Row, column, container, row, space};

use super::super::super::keys::Key;
use super::super::super::measure::{Type, height, space as gap};
use super::super::super::ui::Ui;
use super::super::super::widget::{Act, Element, headline};
use super::super::Action;
use super::super::collector::Collector;
use super::{Conflict, Message, STORES_SHOWN, Step};
use crate::domain::stock::OtherStoreStock;
use crate::register::snapshot::ConflictCard;

impl Conflict {
    /// Whom it is for is asked first: the name is what tells one slip from the next when it has come.
    pub(super) fn find_another(&mut self, card: &ConflictCard) -> Action {
        if !card.elsewhere.is_empty() {
            self.step = Step::FindAnother(Collector::typing(""));
        }
        Action::None
    }
}

/// What happens while the customer is named whom it is for.
pub(super) fn name_customer(customer: &mut Collector, message: &Message) -> Action {
    match message {
        Message::Typed(letter) if customer.is_typing() => customer.push(*letter),
        Message::Backspaced if customer.is_typing() => customer.pop(),
        Message::Confirmed => {
            customer.confirm();
        }
        Message::CollectorStruck => customer.begin(),
        _ => {}
    }
    Action::None
}

/// The stores, and whom it is for.
pub(super) fn stores<'a>(card: &ConflictCard, customer: &Collector, ui: &Ui<'_>) -> Element<'a, Message> {
    let free = !customer.is_typing();
    let cells: Vec<Element<'a, Message>> = card
        .elsewhere
        .iter()
        .take(STORES_SHOWN)
        .zip('1'..)
        .map(|(store, key)| {
            let chosen = Message::StoreChosen(store.store.clone());
            let act = Act::new(Key::Character(key), store.name.as_str(), Some(chosen))
                .caption(store_words(ui, store))
                .height(height::ACT + gap::SMALL);
            // A digit that is typed into the name chooses no store.
            let act = if free { act } else { act.without_cap() };
            act.view_answer(ui)
        })
        .collect();
    let mut rows: Vec<Element<'a, Message>> = Vec::new();
    let mut cells = cells.into_iter();
    while let Some(first) = cells.next() {
        let second = cells.next().unwrap_or_else(|| container(space::horizontal()).width(Length::Fill).into());
        rows.push(Row::with_children([first, second]).spacing(10).into());
    }
    let nobody = customer.name().is_none();
    let named = if nobody { ui.text.act_without_name() } else { ui.text.act_confirm() };
    let title = if customer.is_typing() { ui.text.find_another_whom() } else { ui.text.find_another_title() };
    let back = Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped)).portion(4);
    let acts = match customer.is_typing() {
        true => {
            row![back.view(ui), Act::new(Key::Enter, named, Some(Message::Confirmed)).primary().portion(7).view(ui),]
        }
        false => row![
            back.view(ui),
            Act::new(Key::Character('*'), ui.text.act_name_customer(), Some(Message::CollectorStruck))
                .portion(7)
                .view(ui),
        ],
    };
    let for_whom = customer.confirmed().map(|name| ui.label(Type::BodyStrong, ui.text.asked_for_whom(name)).shorten(1));
    column![headline(ui, title)]
        .extend(for_whom.map(Element::from))
        .push(Column::with_children(rows).spacing(10))
        .extend(customer.field_with(ui, |name| ui.text.asked_for_whom(name)))
        .push(acts.spacing(10))
        .spacing(12)
        .into()
}

/// Kilometres with one decimal below ten: `0.8`, `4`, `12`.
pub(super) fn kilometres(store: &OtherStoreStock) -> String {
    let hundreds = (store.distance_m + 50) / 100;
    if hundreds < 100 && !hundreds.is_multiple_of(10) {
        format!("{}.{}", hundreds / 10, hundreds % 10)
    } else {
        ((store.distance_m + 500) / 1000).to_string()
    }
}

/// One line about another store: `2 free · 4 km · as of 13:58`.
pub fn store_words(ui: &Ui<'_>, store: &OtherStoreStock) -> String {
    let far = ui.text.distance_km(ui.text.locale.typed(&kilometres(store)));
    ui.text.store_free(ui.quantity(store.free), far, ui.moment(store.as_of))
}
