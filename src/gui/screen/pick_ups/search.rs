//! The search of the queue: what begins it, what it narrows, and what Enter opens.

use super::super::super::keys::Stroke;
use super::super::super::search::{SearchEntry, Typed};
use super::{Action, Filter, PickUps};
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
