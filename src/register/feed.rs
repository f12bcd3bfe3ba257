//! News from central: applied in one transaction, or many figures in slices, then held against the open basket.

use std::collections::VecDeque;

use crate::database::{Database, DatabaseError, FeedOutcome, SettingsSetAside, SlicedBatch};
use crate::domain::device::Tone;
use crate::domain::feed::{Change, FeedBatch, SyncEvent, SyncState};
use crate::domain::ids::{EntryId, ProductId, RunId};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{OrderState, WebOrder};

use super::intent::Screen;
use super::snapshot::{NoticeKind, NoticeWeight};
use super::{Effect, Handled, Refusal, Register};

/// So many of central's figures come into the file at once: a scan that comes meanwhile waits for less than a millisecond.
pub const FIGURES_AT_ONCE: usize = 50;

/// Central's news that are not in the file yet.
pub(super) struct News {
    /// The batch that comes in slices right now.
    coming: Option<SlicedBatch>,
    /// What came after it, in order.
    waiting: VecDeque<FeedBatch>,
    figures_at_once: usize,
}

impl News {
    pub(super) fn new(figures_at_once: usize) -> Self {
        Self { coming: None, waiting: VecDeque::new(), figures_at_once }
    }
}

impl Register {
    /// Sync said something.
    pub(super) fn sync_said(&mut self, event: SyncEvent) -> Handled {
        match event {
            SyncEvent::Feed(batch) => self.feed_came(*batch),
            SyncEvent::ReceiptsGiven { last } => self.receipts_given(last),
            SyncEvent::Acknowledged(marks) => {
                self.database.transaction_repeatable(|tx| marks.iter().try_for_each(|mark| tx.acknowledge(*mark)))?;
                self.count_unsent();
                Ok(())
            }
            SyncEvent::StateChanged(state) => {
                let put_aside = (state.quarantined != self.sync.quarantined).then_some(state.quarantined);
                // Sync knows nothing yet of what the file was told before the till was started, and tells of news that are not in it.
                let fresh = if self.has_news() { self.sync.fresh } else { state.fresh.or(self.sync.fresh) };
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

    /// A batch of a few changes is in the file at once. One of thousands comes in slices between what people do, and what comes
    /// after it waits.
    fn feed_came(&mut self, batch: FeedBatch) -> Handled {
        let figures = batch.changes.iter().filter(|change| matches!(change, Change::Stock(_))).count();
        if self.has_news() || figures > self.news.figures_at_once {
            self.news.waiting.push_back(batch);
            return Ok(());
        }
        self.feed_changed(&batch)
    }

    /// Is anything of central's not in the file yet? Then [`Self::take_news`] goes on with it.
    pub fn has_news(&self) -> bool {
        self.news.coming.is_some() || !self.news.waiting.is_empty()
    }

    /// Takes the next slice of central's news into the file. Answers whether that changes what is on screen; effects are waiting.
    pub fn take_news(&mut self) -> bool {
        self.said_before = self.notices;
        let shown = match self.take_slice() {
            Ok(shown) => shown,
            Err(refusal) => {
                self.refuse(refusal, None);
                true
            }
        };
        if shown {
            self.settle_approval();
            self.take_waiting_scans();
            self.settle_notices();
            self.revision += 1;
        }
        shown
    }

    fn take_slice(&mut self) -> Result<bool, Refusal> {
        let Some(mut coming) = self.news.coming.take() else {
            let Some(batch) = self.news.waiting.pop_front() else { return Ok(false) };
            match self.in_file(|database| database.transaction_repeatable(|tx| tx.begin_slices(batch)))? {
                Ok(coming) => {
                    self.news.coming = Some(coming);
                    return Ok(false);
                }
                Err(whole) => return self.feed_changed(&whole).map(|()| true),
            }
        };
        let figures = coming.take_slice(self.news.figures_at_once);
        if figures.is_empty() {
            return self.feed_changed(&coming.into_rest()).map(|()| true);
        }
        self.in_file(|database| database.transaction_repeatable(|tx| tx.put_slice(&coming, &figures)))?;
        self.news.coming = Some(coming);
        let stock: Vec<ProductId> = figures.into_iter().map(|figure| figure.product).collect();
        self.cache.forget_after(&FeedOutcome { stock: stock.clone(), ..FeedOutcome::default() });
        let shown = self.basket.lines.iter().any(|line| stock.contains(&line.product));
        if shown {
            self.judge_basket()?;
        }
        Ok(shown)
    }

    /// A batch that the file does not take is asked for again.
    fn in_file<T>(&mut self, take: impl FnOnce(&mut Database) -> Result<T, DatabaseError>) -> Result<T, DatabaseError> {
        let taken = take(&mut self.database);
        if taken.is_err() {
            self.effects.push(Effect::FeedNotApplied);
        }
        taken
    }

    fn feed_changed(&mut self, batch: &FeedBatch) -> Handled {
        let open_before = super::view::shown(self.find_open_order());
        let outcome = self.in_file(|database| database.transaction_repeatable(|tx| tx.apply_feed(batch)))?;
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
        // Nor do they come back to what they counted.
        self.kept_counts.remove(&before.id);
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
