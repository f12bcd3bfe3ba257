//! What happens at a till of the world: it starts, hears, applies, and does what its engine wants, as the driver does it.

use till::domain::feed::{Change, FeedBatch, Scope, SyncEvent};
use till::domain::ids::ProductId;
use till::register::Intent;
use till::sync::engine::Reply;

use super::super::sabotage::Sabotage;
use super::super::shop::PRODUCTS;
use super::{Coming, MILLISECOND, SECOND, World, show};

impl World {
    pub(super) fn start_till(&mut self, till: usize) {
        if self.tills[till].running.is_some() {
            return;
        }
        if self.is_broken(Sabotage::ReceiptNumberSkipped) && self.tills[till].file().exists() {
            let file = rusqlite::Connection::open(self.tills[till].file()).unwrap();
            file.execute("UPDATE till SET next_receipt_number = next_receipt_number + 1", ()).unwrap();
        }
        self.numbers += 1;
        let life = self.numbers;
        if self.tills[till].start(life, self.now_us, &mut self.dice) {
            self.note(format!("{} starts", self.tills[till].name));
            self.schedule(0, Coming::Wake { till, life });
        } else if !self.tills[till].disk.is_off() {
            self.note(format!("{} cannot start: its disk is full", self.tills[till].name));
            self.schedule(5 * SECOND, Coming::StartTill { till });
        }
    }

    pub(super) fn wake(&mut self, till: usize, life: u64) -> Result<(), String> {
        let shift = self.tills[till].clock_shift_us;
        let now_us = self.now_us;
        let Some(running) = self.tills[till].running.as_mut().filter(|r| r.life == life) else { return Ok(()) };
        if running.wake_us.take_if(|at| *at <= now_us).is_some() {
            let now = running.now(now_us, shift);
            running.engine.handle_timeout(now);
        }
        self.drive(till)
    }

    pub(super) fn hear(&mut self, till: usize, life: u64, reply: Reply, frame: bool) -> Result<(), String> {
        let shift = self.tills[till].clock_shift_us;
        let now_us = self.now_us;
        let Some(running) = self.tills[till].running.as_mut().filter(|r| r.life == life) else { return Ok(()) };
        if frame {
            running.frames.push_back(reply);
        } else {
            let now = running.now(now_us, shift);
            running.engine.handle_reply(reply, now);
        }
        self.drive(till)
    }

    pub(super) fn apply(&mut self, till: usize, life: u64, batch: &FeedBatch) -> Result<(), String> {
        if !self.is_life(till, life) {
            return Ok(());
        }
        let untold = self.is_broken(Sabotage::CountUntold).then(|| without_counts(batch.clone()));
        let batch = untold.as_ref().unwrap_or(batch);
        let (scope, changes, snapshot) = (batch.scope, batch.changes.len(), batch.snapshot);
        let contains = show(&batch.contains);
        let what = format!("applies {changes} of {scope:?}, snapshot {snapshot}, contains {contains}");
        self.note(format!("{} {what}", self.tills[till].name));
        self.tills[till].turn_clock(self.now_us);
        self.tills[till].apply(batch);
        // One product at a time is enough: over the worlds every one comes at every place.
        self.numbers += 1;
        let product = PRODUCTS[self.numbers as usize % PRODUCTS.len()];
        self.tills[till].check_level(&product.into())?;
        self.await_slice(till, life);
        self.drive(till)
    }

    /// Of a batch that comes into the file in slices, the next comes when it comes: people go before it, and so do cuts.
    fn await_slice(&mut self, till: usize, life: u64) {
        if self.tills[till].has_news() {
            let in_us = self.dice.between(1, 60) * MILLISECOND;
            self.schedule(in_us, Coming::Slice { till, life });
        }
    }

    pub(super) fn take_slice(&mut self, till: usize, life: u64) -> Result<(), String> {
        if !self.is_life(till, life) || !self.tills[till].has_news() {
            return Ok(());
        }
        self.tills[till].turn_clock(self.now_us);
        self.tills[till].take_news();
        PRODUCTS.iter().try_for_each(|product| self.tills[till].check_level(&ProductId::new(product)))?;
        self.await_slice(till, life);
        self.drive(till)
    }

    /// Everything the engine wants, as the driver does it.
    pub(super) fn drive(&mut self, till: usize) -> Result<(), String> {
        let (now_us, shift) = (self.now_us, self.tills[till].clock_shift_us);
        let Some(running) = self.tills[till].running.as_mut() else { return Ok(()) };
        let life = running.life;
        if std::mem::take(&mut running.file_changed) {
            running.look();
        }
        let now = running.now(now_us, shift);
        if std::mem::take(&mut running.refused_a_batch) {
            running.engine.handle_not_applied(now);
        }
        while running.engine.has_room()
            && let Some(frame) = running.frames.pop_front()
        {
            running.engine.handle_reply(frame, now);
        }
        let failure = running.engine.take_failure();
        let mut events = Vec::new();
        while let Some(event) = running.engine.poll_event(now) {
            events.push(event);
        }
        let mut requests = Vec::new();
        while let Some(request) = running.engine.poll_request(now) {
            requests.push(request);
        }
        let timeout = running.timeout_us().map(|at| at.max(now_us));
        if let Some(at) = timeout
            && running.wake_us.is_none_or(|known| at < known)
        {
            running.wake_us = Some(at);
            self.schedule(at - now_us, Coming::Wake { till, life });
        }
        if let Some(failure) = failure {
            self.note(format!("{}: {failure}", self.tills[till].name));
        }
        for event in events {
            self.told(till, life, event)?;
        }
        for request in requests {
            self.send(till, life, request);
        }
        Ok(())
    }

    /// The register's side of sync.
    fn told(&mut self, till: usize, life: u64, event: SyncEvent) -> Result<(), String> {
        self.tills[till].turn_clock(self.now_us);
        match event {
            SyncEvent::Feed(mut batch) => {
                if self.is_broken(Sabotage::ChangeLeftOut) && batch.changes.len() > 1 {
                    batch.changes.pop();
                }
                if self.is_broken(Sabotage::MarksForgotten) {
                    batch.contains.clear();
                }
                if self.is_broken(Sabotage::BatchReplayed) && batch.scope == Scope::Store {
                    match &self.kept_batch {
                        None if !batch.changes.is_empty() => self.kept_batch = Some((till, batch.clone())),
                        Some((of, kept)) if *of == till && self.dice.chance(20) => batch = kept.clone(),
                        _ => {}
                    }
                }
                // The register has one queue: what was told first is applied first.
                let soonest = self.now_us + self.dice.between(1, 400) * MILLISECOND;
                let Some(running) = &mut self.tills[till].running else { return Ok(()) };
                running.applies_us = soonest.max(running.applies_us + 1);
                let in_us = running.applies_us - self.now_us;
                self.schedule(in_us, Coming::Apply { till, life, batch });
            }
            SyncEvent::ReceiptsGiven { last } => {
                self.tills[till].handle(Intent::Sync(SyncEvent::ReceiptsGiven { last }));
            }
            SyncEvent::Acknowledged(marks) => {
                self.note(format!("{}: acknowledged {}", self.tills[till].name, show(&marks)));
                self.tills[till].handle(Intent::Sync(SyncEvent::Acknowledged(marks)));
            }
            SyncEvent::StateChanged(mut state) => {
                if self.is_broken(Sabotage::FeedAgesBack) && self.dice.chance(10) {
                    state.fresh.store = state.fresh.store.map(|at| at - chrono::TimeDelta::hours(1));
                }
                self.note(format!("{}: {:?}, {} unsent", self.tills[till].name, state.link, state.unsent));
                let Some(running) = &mut self.tills[till].running else { return Ok(()) };
                let as_of = state.fresh.as_of();
                if running.as_of > as_of {
                    return Err(format!("the feed grew older: {as_of:?} after {:?}", running.as_of));
                }
                running.as_of = as_of;
                // A full disk may keep the register from taking it in.
                let is_full = self.tills[till].disk.is_full();
                let knows = state.clock_ahead_ms.is_some() && !self.central_was_set;
                self.tills[till].knows_central_clock = knows && !is_full;
                self.tills[till].handle(Intent::Sync(SyncEvent::StateChanged(state)));
            }
        }
        Ok(())
    }
}

fn without_counts(mut batch: FeedBatch) -> FeedBatch {
    for change in &mut batch.changes {
        if let Change::Stock(figure) = change {
            figure.counted_at = None;
        }
    }
    batch
}
