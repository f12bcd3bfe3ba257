//! What is done with the open order by a key or a finger, also while a search has the letters.

use super::super::super::keys::Key;
use super::steps::{NextStep, can_be_brought_here, me, next_step};
use super::{HERE_KEY, HISTORY_KEY, Message, NOT_FOUND_KEY, PUT_BACK_KEY, PickUps, SLIP_KEY};
use crate::register::snapshot::Snapshot;

impl PickUps {
    /// The acts on the open order whose keys nobody types with.
    pub(super) fn act_key(&self, key: Key, snapshot: &Snapshot) -> Option<Message> {
        let detail = snapshot.open_order.as_deref()?;
        let next = next_step(&detail.order, me(snapshot));
        match key {
            NOT_FOUND_KEY => Some(Message::NotFoundStruck),
            HISTORY_KEY => Some(Message::HistoryStruck),
            SLIP_KEY => Some(Message::SlipStruck),
            PUT_BACK_KEY if matches!(next, NextStep::HandOver | NextStep::Send) => Some(Message::PutBackStruck),
            HERE_KEY if can_be_brought_here(Some(detail), next) => Some(Message::HandOverStruck),
            _ => None,
        }
    }

    /// Can something be done with the open order? While a search is typed only when that has found it: of one that the list
    /// does not show, nobody has said that it is the one.
    pub(super) fn can_act(&self, snapshot: &Snapshot) -> bool {
        let (Some(search), Some(detail)) = (&self.search, &snapshot.open_order) else { return true };
        let queue = &snapshot.pick_ups;
        queue.search == search.text()
            && queue.orders.iter().chain(&queue.over).any(|order| order.number == detail.order.number)
    }
}

/// Is something done with the open order by it?
pub(super) fn is_act(message: &Message) -> bool {
    matches!(
        message,
        Message::StepTapped
            | Message::PickStruck
            | Message::NotFoundStruck
            | Message::SlipStruck
            | Message::UndoStruck
            | Message::BayStruck
            | Message::PutBackStruck
            | Message::HandOverStruck
            | Message::HistoryStruck
    )
}
