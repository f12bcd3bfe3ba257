//! What can be done with the basket, as buttons: at its foot, and beside the number pad.

use iced::widget::row;

use super::super::super::keys::Key;
use super::super::super::search::SearchEntry;
use super::super::super::ui::Ui;
use super::super::super::widget::{Act, Element, PadCell};
use super::super::basket::is_paid_into;
use super::{Message, PARK_KEY, Panel, RECALL_KEY, Sell, VOID_KEY};
use crate::register::snapshot::Snapshot;

/// What the next number is to be, when that was struck before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Quantity,
    Price,
    Discount,
}

impl Asked {
    pub(super) fn struck(self) -> Message {
        match self {
            Self::Quantity => Message::QuantityStruck,
            Self::Price => Message::PriceStruck,
            Self::Discount => Message::DiscountStruck,
        }
    }

    pub(super) fn words(self, ui: &Ui<'_>) -> String {
        match self {
            Self::Quantity => ui.text.ask_quantity(),
            Self::Price => ui.text.ask_price(),
            Self::Discount => ui.text.ask_discount(),
        }
    }
}

impl Sell {
    /// Can Enter do anything with what is looked for? Words that find nothing are no code either.
    pub(super) fn can_choose(&self, snapshot: &Snapshot) -> bool {
        let text = self.search.as_ref().map_or("", SearchEntry::text);
        let is_words = text.chars().all(|c| c.is_alphabetic() || c.is_whitespace());
        let found = snapshot.search.as_ref().filter(|found| found.text == text);
        let is_vain = is_words && found.is_some_and(|found| found.hits.is_empty());
        !text.is_empty() && !is_vain
    }

    /// Is there anything behind Esc that has no button of its own?
    fn can_step_back(&self, snapshot: &Snapshot) -> bool {
        let typed = self.is_busy() || self.has_number() || self.asked.is_some();
        let chosen = snapshot.basket.quantity_prefix.is_some() || snapshot.line.is_some();
        self.panel != Panel::Void && (typed || chosen)
    }

    pub(super) fn foot_acts<'a>(&self, snapshot: &Snapshot, ui: &Ui<'_>) -> Element<'a, Message> {
        let empty = snapshot.basket.basket.is_empty();
        let (busy, covered) = (self.is_busy(), self.panel != Panel::None);
        let park = Act::new(
            PARK_KEY,
            ui.text.act_park(),
            (!empty && !covered && !is_paid_into(snapshot)).then_some(Message::ParkStruck),
        );
        let recall = Act::new(
            RECALL_KEY,
            ui.text.act_recall(snapshot.parked.len() as i64),
            (!snapshot.parked.is_empty() && !covered).then_some(Message::RecallStruck),
        );
        let primary = match snapshot.basket.quantity_prefix {
            _ if matches!(self.panel, Panel::Parked(_)) => {
                Act::new(Key::Enter, ui.text.act_recall_first(), Some(Message::Confirmed))
            }
            _ if self.search.is_some() => {
                let possible = self.can_choose(snapshot).then_some(Message::Confirmed);
                Act::new(Key::Enter, ui.text.act_choose(), possible)
            }
            Some(quantity) if !empty && !busy => {
                Act::new(Key::Enter, ui.text.act_set_quantity(ui.quantity(quantity)), Some(Message::Confirmed))
            }
            _ if self.asked.is_some() && !busy => {
                Act::new(Key::Enter, ui.text.act_confirm(), self.has_number().then_some(Message::Confirmed))
            }
            _ => Act::new(Key::Enter, ui.text.act_pay(), (!empty && !busy).then_some(Message::Confirmed)),
        };
        row![recall.portion(10).view(ui), park.portion(9).view(ui), primary.primary().portion(13).view(ui)]
            .spacing(10)
            .into()
    }

    pub(super) fn functions(&self, snapshot: &Snapshot, ui: &Ui<'_>) -> Vec<[PadCell<Message>; 4]> {
        let busy = self.is_busy();
        // Once money lies on the counter the basket stands still: what would change it is asleep.
        let still = is_paid_into(snapshot);
        let empty = snapshot.basket.basket.is_empty() || still;
        let basket = !empty && !busy;
        let act = |key, words: String, possible: bool, message| {
            PadCell::Act(Act::new(key, words, possible.then_some(message)))
        };
        let number = !busy && !still;
        let void = (!empty && self.panel == Panel::None).then_some(Message::VoidStruck);
        vec![
            [
                act(Key::Character('*'), ui.text.act_quantity(), number, Message::QuantityStruck),
                act(Key::Character('%'), ui.text.act_discount(), basket, Message::DiscountStruck),
                act(Key::Character('-'), ui.text.act_undo_scan(), basket, Message::UndoStruck),
                PadCell::Back,
            ],
            [
                act(Key::Character('$'), ui.text.act_price(), basket, Message::PriceStruck),
                act(Key::Delete, ui.text.act_remove(), basket, Message::RemoveStruck),
                PadCell::Act(Act::new(VOID_KEY, ui.text.act_void(), void)),
                act(Key::Escape, ui.text.act_back(), self.can_step_back(snapshot), Message::Stepped),
            ],
        ]
    }
}
