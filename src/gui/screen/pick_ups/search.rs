//! The search of the queue: what begins it, what it narrows, and what Enter opens.

use super::super::super::keys::{Key, Stroke};
use super::super::super::search::{SearchEntry, Typed};
use super::{Action, Filter, PickUps};
use crate::domain::ids::OrderNumber;
use crate::register::intent::Intent;
use crate::register::snapshot::Snapshot;

impl PickUps {
    /// Whatever state the order that is looked for is in, it is found.
    pub(super) fn begin_search(&mut self, search: SearchEntry) {
        (self.putting_back, self.sending, self.history) = Default::default();
        (self.search, self.filter) = (Some(search), Filter::All);
    }

    pub(super) fn change_search(&mut self, typed: Typed) -> Action {
        let Some(search) = &mut self.search else { return Action::None };
        let before = search.text().to_owned();
        search.take(typed);
        if search.text() == before {
            return Action::None;
        }
        Action::Tell(Intent::OrderSearchTyped(search.text().to_owned()))
    }

    /// Does a key mean what the register has not shown yet: the list of what is typed, or the order that was chosen last? What is
    /// typed into a search means itself, and Esc goes back from what is there.
    pub fn waits(&self, stroke: &Stroke, snapshot: &Snapshot) -> bool {
        let is_typed = match &self.search {
            Some(_) => Typed::of(stroke).is_some(),
            None => begins_search(stroke).is_some() || Typed::of(stroke) == Some(Typed::All),
        };
        if is_typed || stroke.key == Key::Escape {
            return false;
        }
        let narrows = self.search.as_ref().is_some_and(|search| search.text() != snapshot.pick_ups.search);
        narrows || self.is_opening(snapshot)
    }

    fn is_opening(&self, snapshot: &Snapshot) -> bool {
        let (queue, open) = (&snapshot.pick_ups, snapshot.open_order.as_ref().map(|detail| &detail.order.number));
        let is_listed =
            |number: &OrderNumber| queue.orders.iter().chain(&queue.over).any(|order| order.number == *number);
        self.opening.as_ref().is_some_and(|number| Some(number) != open && is_listed(number))
    }

    /// Another order is open, the one that was chosen or one that came up otherwise.
    pub(super) fn settle_opening(&mut self, before: &Snapshot, now: &Snapshot) {
        let open = |snapshot: &Snapshot| snapshot.open_order.as_ref().map(|detail| detail.order.number.clone());
        if open(before) != open(now) || !self.is_opening(now) {
            self.opening = None;
        }
    }

    /// Enter in the search: what was found opens, the one that is open already or else the first.
    pub(super) fn open_found(&mut self, search: &SearchEntry, snapshot: &Snapshot) -> Action {
        let open = snapshot.open_order.as_ref().map(|detail| &detail.order.number);
        let shown = self.shown(snapshot);
        let of_this = snapshot.pick_ups.search == search.text() && !search.text().is_empty();
        let found = shown.first().filter(|_| of_this && shown.iter().all(|row| Some(&row.number) != open));
        let found = found.map(|row| row.number.clone());
        found.map_or(Action::None, |number| self.open(number))
    }
}

/// What a key begins the search with: names and numbers alike.
pub(super) fn begins_search(stroke: &Stroke) -> Option<Typed> {
    let digit = stroke.key.digit().map(Typed::Character);
    digit.or_else(|| Typed::begins(stroke))
}
