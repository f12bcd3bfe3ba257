//! What time alone brings about: the lock, a drawer that stays open, orders that lapse, and figures that are hidden again.

use std::time::Duration;

use chrono::TimeDelta;

use super::{Handled, Register};
use crate::domain::Timestamp;

impl Register {
    /// When [`Intent::TimePassed`](super::Intent::TimePassed) is wanted, if ever.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let deadlines = [self.drawer_deadline(), self.lock_deadline(), self.seen_deadline(), self.cache.lapses_at];
        deadlines.into_iter().flatten().min()
    }

    /// How long until then.
    pub(super) fn wait(&self) -> Option<Duration> {
        let until = self.next_deadline()? - self.now();
        Some(until.to_std().unwrap_or_default())
    }

    pub(super) fn time_passed(&mut self) -> Handled {
        self.cache.forget_tasks();
        self.hide_count_seen();
        if self.cache.lapses_at.is_some_and(|at| at <= self.now()) {
            self.cache.forget_orders();
        }
        if self.lock_deadline().is_none_or(|at| at > self.now()) {
            return Ok(());
        }
        let locked = self.sign_out();
        if locked.is_err() {
            // A disk that takes nothing: it is tried again in a minute, not at once and for ever.
            let after = self.settings.lock_after_minutes.unwrap_or_default();
            self.last_act_at = self.now() - TimeDelta::minutes(i64::from(after)) + TimeDelta::minutes(1);
        }
        locked
    }
}
