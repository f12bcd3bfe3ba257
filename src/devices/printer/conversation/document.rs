//! The document on its way: begun, fed block by block, finished, given up.

use std::time::Instant;

use super::{BLOCK_WAIT, Conversation, Link, PrinterEvent};
use crate::devices::printer::encode::{RESCUE_BYTES_MIN, encode_cut};
use crate::devices::printer::job::{ActiveJob, Marker, Probe};
use crate::devices::printer::status::RealTimeQuestion;
use crate::domain::device::PrintJobState;

impl Conversation {
    /// Nothing keeps the printer from printing, as far as it has told.
    pub(super) fn is_clear(&self) -> bool {
        self.link == Link::Online && self.status.obstacle().is_none() && !self.stalled
    }

    /// Does what can be done now, and tells what has changed. Ends every entry point.
    pub(super) fn step(&mut self, now: Instant) {
        self.kick(now);
        self.finish_active();
        self.feed(now);
        self.ask(now);
        self.tell();
    }

    pub(super) fn finish_active(&mut self) {
        let done = self.active.as_ref().is_some_and(ActiveJob::is_done);
        if done && let Some(job) = self.active.take() {
            self.probe = None;
            self.suspicious = false;
            self.told_job = None;
            if let Some(job) = job.id() {
                self.events.push_back(PrinterEvent::JobProgressed { job, state: PrintJobState::Printed });
            }
        }
    }

    /// Begins the next document and sends blocks, as far as the credit goes.
    pub(super) fn feed(&mut self, now: Instant) {
        if !self.is_clear() || self.probe.is_some() || self.suspicious {
            return;
        }
        // A new document waits until every question is answered, so that no old answer is counted for it.
        if self.active.is_none() && self.out.is_empty() && self.asked.is_none() && self.to_ask.is_empty() {
            let Some(job) = self.queue.pop_front() else { return };
            self.active = Some(ActiveJob::begin(job, self.out.end()));
            self.told_job = None;
            self.progress_at = now;
            if std::mem::take(&mut self.cut_first) {
                let mut bytes = vec![0x0A];
                bytes.extend_from_slice(&encode_cut(&self.profile));
                self.push(&bytes, now);
            }
        }
        let credit_bytes = self.profile.credit_bytes();
        while let Some(job) = &mut self.active {
            let marker = if self.profile.can.process_id { Marker::Numbered(self.next_number) } else { Marker::Counted };
            let Some(bytes) = job.next_block(credit_bytes, marker) else { break };
            job.sent_until(self.out.end() + bytes.len() as u64);
            self.next_number = self.next_number % 9999 + 1;
            self.push(&bytes, now);
        }
    }

    /// Answers are late although nothing is the matter: is the printer there at all?
    pub(super) fn watch_active(&mut self, now: Instant) {
        if self.answers_due().is_some_and(|due| now >= due) {
            self.suspect(now);
        }
        let probe_over = self.probe.as_ref().is_some_and(|probe| now >= probe.until);
        if probe_over && self.out.is_empty() && self.is_clear() {
            self.probe = None;
            self.give_up_active();
        } else if let Some(probe) = self.probe.as_mut().filter(|_| probe_over) {
            probe.until = now + BLOCK_WAIT;
        }
    }

    /// When the answers to what is out are overdue; never while something is the matter.
    pub(super) fn answers_due(&self) -> Option<Instant> {
        let job = self.active.as_ref().filter(|job| job.blocks_in_flight() > 0)?;
        let waits = self.is_clear() && self.out.is_empty() && self.probe.is_none() && !self.suspicious;
        waits.then(|| self.progress_at + BLOCK_WAIT + self.line_time(job.bytes_in_flight()))
    }

    pub(super) fn suspect(&mut self, now: Instant) {
        self.suspicious = true;
        if self.asked.is_none() && !self.to_ask.contains(&RealTimeQuestion::Printer) {
            self.to_ask.push_front(RealTimeQuestion::Printer);
        }
        self.ask(now);
    }

    pub(super) fn begin_probe(&mut self, now: Instant) {
        let Some(job) = self.active.as_ref().filter(|job| job.blocks_in_flight() > 0) else { return };
        let missing = job.blocks_in_flight() + 1;
        let marker = if self.profile.can.process_id { Marker::Numbered(self.next_number) } else { Marker::Counted };
        self.next_number = self.next_number % 9999 + 1;
        self.probe = Some(Probe { marker, missing, until: now + BLOCK_WAIT });
        self.push(&marker.encode(), now);
    }

    /// A loss is proven: what was not answered for may or may not be on paper.
    pub(super) fn give_up_active(&mut self) {
        self.doubted = false;
        let Some(job) = self.active.take() else { return };
        self.probe = None;
        self.suspicious = false;
        self.told_job = None;
        self.cut_first = true;
        if let Some(id) = job.id() {
            let state = PrintJobState::Partial { confirmed: job.confirmed(), blocks: job.total() };
            self.events.push_back(PrinterEvent::JobProgressed { job: id, state });
        }
    }

    /// The line broke. A document of which no byte was accepted waits again; any other is partial.
    pub(super) fn lose_active(&mut self) {
        let Some(job) = &self.active else { return };
        self.rescue_bytes = self.rescue_bytes.max(job.rescue_bytes()).max(RESCUE_BYTES_MIN);
        if self.out.accepted() > job.begins_at() {
            return self.give_up_active();
        }
        if let Some(job) = self.active.take() {
            let job = job.unbegin();
            if let Some(id) = job.id.filter(|_| self.told_job.is_some()) {
                let state = PrintJobState::Queued;
                self.events.push_back(PrinterEvent::JobProgressed { job: id, state });
            }
            self.queue.push_front(job);
            self.told_job = None;
        }
    }

    /// A person gave the document up in the middle: nothing more of it goes out.
    pub(super) fn abandon_active(&mut self, now: Instant) {
        if let Some(job) = &self.active {
            self.rescue_bytes = self.rescue_bytes.max(job.rescue_bytes()).max(RESCUE_BYTES_MIN);
        }
        self.give_up_active();
        self.out.discard();
        self.discard = true;
        self.forget_questions();
        if self.link != Link::Closed {
            self.greet(now);
        }
    }
}
