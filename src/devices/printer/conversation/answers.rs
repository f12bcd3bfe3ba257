//! What the printer's answers mean for the document, the drawer and the talk itself.

use std::time::Instant;

use super::{Asked, BLOCK_WAIT, Conversation, Link, PrinterEvent};
use crate::devices::printer::job::Marker;
use crate::devices::printer::status::{PrinterStatus, RealTimeQuestion, Reply, is_paper_answer};

impl Conversation {
    pub(super) fn handle_reply(&mut self, reply: &Reply, now: Instant) {
        let proves_presence = match reply {
            Reply::Automatic(_) => true,
            Reply::RealTime(_) => self.asked.is_some(),
            // Nothing in the stream is owed before the printer has answered at all: noise that looks like it.
            Reply::InStream(_) | Reply::Block(..) => self.link == Link::Online,
        };
        if !proves_presence {
            self.noise = self.noise.saturating_add(1);
            return;
        }
        (self.misses, self.noise) = (0, 0);
        self.prove_kick();
        let was_clear = self.status.obstacle().is_none();
        match reply {
            Reply::Automatic(bytes) => {
                self.status.apply_automatic(*bytes);
                self.hears_automatic = true;
                self.obstacle_told = self.status.obstacle().is_some();
                self.stall_explained |= self.obstacle_told;
            }
            Reply::RealTime(byte) => self.handle_real_time(*byte, now),
            Reply::InStream(byte) if is_paper_answer(*byte) => self.handle_counted(*byte, now),
            Reply::InStream(_) => {}
            Reply::Block(kind, data) => self.handle_numbered(*kind, data, now),
        }
        if was_clear != self.status.obstacle().is_none() {
            self.progress_at = now;
        }
        if let Some(pin) = self.status.drawer_pin
            && let Some(moved) = self.drawer.pin_told(pin, now)
        {
            self.events.push_back(PrinterEvent::DrawerChanged(moved));
        }
        match self.link {
            Link::Opening { .. } => self.link = Link::Online,
            // It may have been switched off and on: nothing it knew of us is left.
            Link::Silent if self.active.is_none() => self.greet(now),
            Link::Silent => {
                self.link = Link::Online;
                if self.profile.can.asb {
                    (self.hears_automatic, self.obstacle_told) = (false, false);
                    self.push(&[0x1D, b'a', 0xFF], now);
                }
                self.suspect(now);
            }
            Link::Closed | Link::Online => {}
        }
    }

    pub(super) fn handle_real_time(&mut self, byte: u8, now: Instant) {
        let Some(Asked { question, .. }) = self.asked.take() else { return };
        self.status.apply_real_time(question, byte);
        if question == RealTimeQuestion::Printer {
            if !self.status.offline && (self.obstacle_told || self.doubted) {
                return self.start_over(now);
            }
            if self.status.offline {
                self.to_ask.extend([RealTimeQuestion::OfflineCause, RealTimeQuestion::ErrorCause]);
            } else {
                // Online, nothing can be the matter; what was is over, though nobody told.
                let PrinterStatus { drawer_pin, paper_low, .. } = self.status;
                self.status = PrinterStatus { drawer_pin, paper_low, ..PrinterStatus::default() };
            }
            if self.status.offline || !self.profile.can.asb {
                self.to_ask.push_back(RealTimeQuestion::Paper);
            }
        }
        if self.to_ask.is_empty() && std::mem::take(&mut self.suspicious) && self.is_clear() {
            self.begin_probe(now);
        }
    }

    pub(super) fn handle_counted(&mut self, byte: u8, now: Instant) {
        if self.obstacle_told || self.doubted {
            return self.start_over(now);
        }
        let accepted = self.out.accepted();
        let Some(job) = &mut self.active else { return };
        let counted = match &mut self.probe {
            Some(probe) if probe.marker == Marker::Counted => {
                probe.missing = probe.missing.saturating_sub(1);
                probe.until = now + BLOCK_WAIT;
                if probe.missing == 0 {
                    job.answer_all();
                    self.probe = None;
                }
                true
            }
            _ => job.answer_counted(accepted),
        };
        if counted {
            self.status.apply_paper(byte);
            self.progress_at = now;
        }
    }

    pub(super) fn handle_numbered(&mut self, kind: u8, data: &[u8], now: Instant) {
        let accepted = self.out.accepted();
        let Some(job) = &mut self.active else { return };
        if job.answer_numbered(kind, data, accepted) {
            if self.obstacle_told || self.doubted {
                return self.start_over(now);
            }
            self.progress_at = now;
            if let Some(probe) = &mut self.probe {
                probe.until = now + BLOCK_WAIT;
            }
        } else if self.probe.as_ref().is_some_and(|probe| probe.marker.is_answered_by(kind, data)) {
            self.probe = None;
            if job.blocks_in_flight() > 0 {
                self.give_up_active();
            }
        }
    }

    /// It works although it said that it cannot, and never said that it can again: it was switched off and on between.
    pub(super) fn start_over(&mut self, now: Instant) {
        if self.active.is_some() {
            self.abandon_active(now);
        } else {
            self.greet(now);
        }
    }
}
