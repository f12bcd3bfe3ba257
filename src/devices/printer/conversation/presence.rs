//! Whether the printer is there, and what is said to it beside documents: greeting, questions, the drawer.

use std::time::{Duration, Instant};

use super::{
    ANSWER_WAIT, Asked, Conversation, FLUSH_BYTES, HEARTBEAT, KICK_WAIT, Kick, LOOK_AGAIN, Link, MISSES_MAX, NOISE_MAX,
    PrinterEvent, STALL_WAIT,
};
use crate::devices::printer::encode::{encode_kick, encode_real_time_kick, encode_start};
use crate::devices::printer::job::ActiveJob;
use crate::devices::printer::status::{PrinterStatus, RealTimeQuestion};
use crate::domain::device::{DrawerPosition, HealthReason, HealthState, PaperLevel, PrintJobState};

impl Conversation {
    /// Says hello: finishes what a broken line left unfinished, sets the printer to its beginnings, asks for its status.
    pub(super) fn greet(&mut self, now: Instant) {
        (self.hears_automatic, self.obstacle_told) = (false, false);
        let PrinterStatus { drawer_pin, .. } = self.status;
        self.status = PrinterStatus { drawer_pin, ..PrinterStatus::default() };
        let rescue = std::mem::take(&mut self.rescue_bytes);
        let mut bytes = vec![0; rescue];
        if rescue > 0 && self.profile.can.clear_buffer {
            bytes.extend_from_slice(&[0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8]);
        }
        bytes.extend_from_slice(&encode_start(&self.profile));
        self.push(&bytes, now);
        if !self.profile.can.asb {
            self.to_ask.push_back(RealTimeQuestion::Printer);
        }
        self.link = Link::Opening { attempt: 1, until: now + STALL_WAIT + self.line_time(bytes.len()) };
    }

    /// No automatic status: a printer without paper answers only real-time questions; one in the middle of a picture
    /// needs bytes to finish it first.
    pub(super) fn greet_again(&mut self, attempt: u8, now: Instant) {
        self.asked = None;
        self.to_ask.clear();
        let wait = ANSWER_WAIT + self.line_time(FLUSH_BYTES);
        match attempt {
            1 => {}
            2 if self.out.is_empty() => {
                let mut bytes = vec![0; FLUSH_BYTES];
                bytes.extend_from_slice(&encode_start(&self.profile));
                self.push(&bytes, now);
            }
            2 => {}
            _ => {
                self.link = Link::Silent;
                return;
            }
        }
        self.to_ask.push_back(RealTimeQuestion::Printer);
        self.link = Link::Opening { attempt: attempt + 1, until: now + wait };
    }

    /// A real-time question stayed unanswered.
    pub(super) fn miss(&mut self, now: Instant) {
        self.misses = self.misses.saturating_add(1);
        self.to_ask.clear();
        if self.misses < MISSES_MAX {
            self.to_ask.push_back(RealTimeQuestion::Printer);
        } else if self.link == Link::Online {
            self.link = Link::Silent;
            self.suspicious = false;
            self.progress_at = now;
        }
    }

    /// Asks a printer that has nothing to say whether it is still there.
    pub(super) fn watch_link(&mut self, now: Instant) {
        if self.look_again_due().is_some_and(|due| now >= due) && self.to_ask.is_empty() {
            self.to_ask.push_back(RealTimeQuestion::Printer);
        }
    }

    pub(super) fn look_again_due(&self) -> Option<Instant> {
        if self.asked.is_some() || !self.out.is_empty() {
            return None;
        }
        let moving = self.heard_at.max(self.moved_at) < self.drawer_watched_until
            || self.drawer.position() == DrawerPosition::Open
            || self.status.obstacle().is_some();
        let impatient = self.link == Link::Silent || (moving && !self.hears_automatic);
        let wait = if impatient { LOOK_AGAIN } else { HEARTBEAT };
        matches!(self.link, Link::Online | Link::Silent).then(|| self.heard_at.max(self.moved_at) + wait)
    }

    /// Sends the next real-time question, between blocks only: in the middle of one it would be taken for data.
    pub(super) fn ask(&mut self, now: Instant) {
        if self.asked.is_some() || !self.out.is_empty() || self.link == Link::Closed {
            return;
        }
        if let Some(question) = self.to_ask.pop_front() {
            self.push(&[0x10, 0x04, question.number()], now);
            let queued = self.active.as_ref().map_or(0, ActiveJob::bytes_in_flight);
            self.asked = Some(Asked { question, until: now + ANSWER_WAIT + self.line_time(queued + 3) });
        }
    }

    pub(super) fn forget_questions(&mut self) {
        self.asked = None;
        self.to_ask.clear();
        self.probe = None;
        (self.suspicious, self.doubted) = (false, false);
        (self.misses, self.noise) = (0, 0);
    }

    /// From now on the drawer is to open, where there is one.
    pub(super) fn wish_kick(&mut self, now: Instant) {
        let wished = Kick { until: now + KICK_WAIT, sent_until: None, told: false };
        self.kick = self.profile.drawer.pin.map(|_| wished);
    }

    /// Opens the drawer when that is wished and possible: at once while the printer is offline, if the model can.
    pub(super) fn kick(&mut self, now: Instant) {
        let Some(Kick { until, sent_until, .. }) = self.kick else { return };
        if now >= until {
            self.drawer_stays_shut();
            self.kick = None;
            return;
        }
        if matches!(self.health(), HealthState::Gone | HealthState::Offline(_)) {
            self.drawer_stays_shut();
            // What may have reached it is not sent a second time: it would open under somebody's hand.
            self.kick.take_if(|_| sent_until.is_some());
            return;
        }
        if self.link != Link::Online || self.stalled || sent_until.is_some() {
            return;
        }
        let held_up = self.status.obstacle().is_some() || self.active.is_some();
        let bytes = match encode_real_time_kick(&self.profile) {
            Some(bytes) if held_up => bytes,
            _ if self.status.obstacle().is_none() => encode_kick(&self.profile),
            // It would open when the paper is changed, with nobody before it.
            _ => return self.drawer_stays_shut(),
        };
        self.drawer.kick_sent(now);
        self.drawer_watched_until = now + KICK_WAIT;
        self.push(&bytes, now);
        if let Some(kick) = &mut self.kick {
            kick.sent_until = Some(self.out.end());
        }
        // A cable that is out takes bytes as well as one that is in: something must come back. What is printed is answered.
        if self.active.is_none() && self.queue.is_empty() && self.asked.is_none() && self.to_ask.is_empty() {
            self.to_ask.push_back(RealTimeQuestion::Printer);
        }
    }

    /// The printer answered: what it was sent before has reached it.
    pub(super) fn prove_kick(&mut self) {
        let accepted = self.out.accepted();
        self.kick.take_if(|kick| kick.sent_until.is_some_and(|end| end <= accepted));
    }

    /// Tells once that the drawer does not open.
    fn drawer_stays_shut(&mut self) {
        if let Some(kick) = self.kick.as_mut().filter(|kick| !kick.told) {
            kick.told = true;
            self.events.push_back(PrinterEvent::DrawerStaysShut);
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8], now: Instant) {
        if self.out.is_empty() {
            self.moved_at = now;
        }
        self.out.push(bytes);
    }

    pub(super) fn line_time(&self, bytes: usize) -> Duration {
        self.profile.line_settings().duration_of(bytes)
    }

    pub(super) fn health(&self) -> HealthState {
        match self.link {
            Link::Closed => self.closed_because.clone(),
            Link::Opening { .. } => HealthState::Opening,
            Link::Silent if self.noise >= NOISE_MAX => HealthState::Offline(HealthReason::WrongSpeed),
            Link::Silent => HealthState::Offline(HealthReason::Silent),
            Link::Online if self.stalled => HealthState::Held(HealthReason::Busy),
            Link::Online => self.status.health(),
        }
    }

    pub(super) fn tell(&mut self) {
        let health = self.health();
        if health != self.told_health {
            self.told_health = health.clone();
            self.events.push_back(PrinterEvent::HealthChanged(health));
        }
        let paper = if self.status.paper_low || self.status.paper_out { PaperLevel::Low } else { PaperLevel::Enough };
        if paper != self.told_paper {
            self.told_paper = paper;
            self.events.push_back(PrinterEvent::PaperChanged(paper));
        }
        let Some(job) = &self.active else { return };
        let (confirmed, blocks) = (job.confirmed(), job.total());
        let state = if self.is_clear() {
            PrintJobState::Sending { confirmed, blocks }
        } else {
            PrintJobState::Held { confirmed, blocks }
        };
        if self.told_job != Some(state) {
            self.told_job = Some(state);
            if let Some(job) = job.id() {
                self.events.push_back(PrinterEvent::JobProgressed { job, state });
            }
        }
    }

    /// Where the drawer is.
    pub const fn drawer_position(&self) -> DrawerPosition {
        self.drawer.position()
    }
}
