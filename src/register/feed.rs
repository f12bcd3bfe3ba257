//! News from central: applied in one transaction, then held against the open basket.

use crate::database::{DatabaseError, SettingsSetAside};
use crate::domain::device::Tone;
use crate::domain::feed::{FeedBatch, SyncEvent, SyncState};
use crate::domain::ids::{EntryId, RunId};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{OrderState, WebOrder};

use super::intent::Screen;
use super::snapshot::{NoticeKind, NoticeWeight};
use super::{Effect, Handled, Register};

impl Register {
    /// Sync said something.
    pub(super) fn sync_said(&mut self, event: SyncEvent) -> Handled {
        match event {
            SyncEvent::Feed(batch) => self.feed_changed(&batch),
            SyncEvent::ReceiptsGiven { last } => self.receipts_given(last),
            SyncEvent::Acknowledged(marks) => {
                self.database.transaction_repeatable(|tx| marks.iter().try_for_each(|mark| tx.acknowledge(*mark)))?;
                self.count_unsent();
                Ok(())
            }
            SyncEvent::StateChanged(state) => {
                let put_aside = (state.quarantined != self.sync.quarantined).then_some(state.quarantined);
                // Sync knows nothing yet of what the file was told before the till was started.
                let fresh = state.fresh.or(self.sync.fresh);
                let knew_clock = self.sync.clock_ahead_ms.is_some();
                self.sync = SyncState { fresh, ..state };
                self.count_unsent();
                // It must be known after a restart too, before central says it again.
                if let Some(entries) = put_aside {
                    self.database.transaction_repeatable(|tx| tx.keep_put_aside(entries))?;
                }
                if let Some(ahead) = self.clock_ahead().filter(|_| !knew_clock)
                    && let Err(error) = self.database.transaction_repeatable(|tx| tx.date_count_list(ahead))
                {
                    // A full disk: the next word of sync does it.
                    self.sync.clock_ahead_ms = None;
                    return Err(error.into());
                }
                Ok(())
            }
        }
    }

    /// A number that is on paper is never given again: the file is new, or an old copy, and goes on behind what central has.
    fn receipts_given(&mut self, last: u64) -> Handled {
        if self.database.view().next_receipt_number()? > last {
            return Ok(());
        }
        let names = (RunId(self.environment.unique_id()), EntryId(self.environment.unique_id()));
        let (at, business_day) = (self.now(), self.business_day());
        if let Some(next) = self.database.go_on_behind(last, names, at, business_day)? {
            self.effects.push(Effect::WakeSync);
            self.count_unsent();
            self.say(NoticeWeight::Mind, NoticeKind::NumbersGoOn { next });
            let draft = self.database.view().find_draft()?;
            if draft.is_some_and(|draft| draft.may_be_sold && draft.basket.id == self.basket.id) {
                self.ask_whether_sold();
            }
        }
        Ok(())
    }

    /// At the start: the file was put back from a copy, or the store's settings cannot be read.
    pub(super) fn say_what_the_file_lacks(&mut self) {
        if let Some(next) = self.database.went_on_at() {
            self.say(NoticeWeight::Mind, NoticeKind::NumbersGoOn { next });
        }
        match self.database.settings_set_aside() {
            Some(SettingsSetAside::OfBeforeHold) => self.say(NoticeWeight::Refused, NoticeKind::SettingsOfBefore),
            Some(SettingsSetAside::NoneLeft) => self.say(NoticeWeight::Refused, NoticeKind::SettingsLost),
            None => {}
        }
    }

    fn feed_changed(&mut self, batch: &FeedBatch) -> Handled {
        let open_before = super::view::shown(self.find_open_order());
        let applied = self.database.transaction_repeatable(|tx| tx.apply_feed(batch));
        if applied.is_err() {
            self.effects.push(Effect::FeedNotApplied);
        }
        let outcome = applied?;
        self.sync.fresh.saw(batch.scope, batch.as_of);
        // Sync waits until the batch is in the file before it reads on.
        self.effects.push(Effect::WakeSync);
        let people = if outcome.people { self.people_changed() } else { Ok(()) };
        self.open_order_changed(open_before.as_ref())?;
        if self.basket.is_empty() && self.basket.currency != self.settings.currency {
            self.new_basket();
        }
        self.cache.forget_after(&outcome);
        self.tell_case_answers(outcome.case_answers);
        if outcome.transfers {
            self.settle_transfer_to_ask()?;
        }
        self.tell_withdrawn_in_vain(outcome.withdrawn_in_vain);
        self.judge_basket()?;
        people
    }

    /// Settings hold from now; so do the rights of whoever is signed in.
    fn people_changed(&mut self) -> Handled {
        self.take_settings()?;
        let Some(before) = self.operator.clone() else { return Ok(()) };
        if let Some(operator) = self.database.view().find_operator(&before.id)?.filter(|o| o.active) {
            self.operator = Some(operator);
            return Ok(());
        }
        let signed_out = self.sign_out();
        // Whoever may not be here is not, also when the disk takes no entry about it.
        self.leave();
        self.say(NoticeWeight::Mind, NoticeKind::AccessEnded { name: before.name });
        signed_out
    }

    /// The settings in the file count from now, unless money lies on the counter: what a basket costs does not change under
    /// it, and they count from the next one.
    pub(super) fn take_settings(&mut self) -> Result<(), DatabaseError> {
        if self.at_terminal.is_some() || !self.basket.tenders.is_empty() {
            return Ok(());
        }
        if let Some(settings) = self.database.view().find_settings()? {
            // They are read from a text, which would cost each sale a tenth of its time.
            if settings.country != self.settings.country {
                self.in_store_rules = super::scanning::in_store_rules(&settings);
            }
            if !settings.time_zone.is_known() && settings.time_zone != self.settings.time_zone {
                let name = settings.time_zone.name().to_owned();
                self.say(NoticeWeight::Mind, NoticeKind::ZoneUnknown { name });
            }
            self.settings = settings;
            self.settings_known = true;
        }
        Ok(())
    }

    /// Whoever picks hears at once that the order in their hands was changed or cancelled: they stand at the shelf.
    fn open_order_changed(&mut self, before: Option<&WebOrder>) -> Result<(), DatabaseError> {
        let Some(before) = before else { return Ok(()) };
        let Some(after) = self.find_open_order()? else { return Ok(()) };
        let wanted = |order: &WebOrder| -> Vec<(u32, Quantity)> {
            order.lines.iter().map(|line| (line.line, line.wanted())).collect()
        };
        let order = after.number.clone();
        if after.state == OrderState::Cancelled && before.state != OrderState::Cancelled {
            self.say(NoticeWeight::Mind, NoticeKind::OrderCancelled { order });
        } else if wanted(&after) != wanted(before) {
            self.say(NoticeWeight::Mind, NoticeKind::OpenOrderChanged { order });
        } else {
            return Ok(());
        }
        // What was picked last may be wanted no more: putting it back is a step of its own.
        self.last_step = None;
        self.effects.push(Effect::Tone(Tone::Attention));
        Ok(())
    }

    /// The order in front of somebody on the pick-up screen.
    fn find_open_order(&self) -> Result<Option<WebOrder>, DatabaseError> {
        let shown = self.open_order.as_ref().filter(|_| self.screen == Screen::PickUps && self.operator.is_some());
        shown.map_or(Ok(None), |number| self.database.view().find_order(number))
    }
}
