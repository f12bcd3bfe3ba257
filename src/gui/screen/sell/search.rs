//! The search for a product: what is struck before its hits are there.

use super::super::super::keys::{Key, Stroke};
use super::super::super::search::{SearchEntry, Unseen, means_hits};
use super::{Panel, Sell};
use crate::register::snapshot::Snapshot;

impl Sell {
    /// Does a key mean the hits of what is typed, which the register has not shown yet?
    pub fn waits(&self, stroke: &Stroke, snapshot: &Snapshot) -> bool {
        let text = self.search.as_ref().map_or("", SearchEntry::text);
        let answered = || snapshot.search.as_ref().is_some_and(|found| found.text == text);
        means_hits(stroke) && self.panel == Panel::None && !text.trim().is_empty() && !answered()
    }

    /// Enter that was struck before the hits came takes the only one.
    pub fn unseen(&self, stroke: &Stroke, snapshot: &Snapshot) -> Unseen {
        let hits = snapshot.search.as_ref().map_or(0, |found| found.hits.len());
        match self.search.as_ref().filter(|_| stroke.key == Key::Enter && hits > 1) {
            Some(search) => Unseen::Code(search.text().to_owned()),
            None => Unseen::Clear,
        }
    }
}
