//! The talk with a printer, as a state machine: bytes, instants and wishes in; bytes and events out. It does no input
//! or output, so that every fault can be played against it byte by byte.
//!
//! ```text
//! closed ──opened──> opening ──any answer──> online <──any answer── silent
//!    ^                   └──no answer, three times──> silent            ^
//!    └── closed, from everywhere                online ──no answer──────┘
//! ```
//!
//! A document is begun only when the printer is online and nothing is the matter. Each block is followed by a question
//! (`Marker`). While paper is out or the cover open, nothing more is sent and nothing is concluded: the printer holds
//! what it has and goes on by itself. When nothing is the matter and answers stay out, the printer is asked at once
//! (`DLE EOT`) whether it is there, and then, behind everything, a last time (`Probe`): what it has not answered by
//! then is lost, and the document is *partial*.

mod answers;
mod document;
mod presence;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::encode::encode_document;
use super::job::{ActiveJob, Probe, WaitingJob};
use super::outbox::Outbox;
use super::status::{PrinterStatus, RealTimeQuestion, ReplyParser};
use crate::devices::drawer::{DrawerMove, DrawerWatch};
use crate::devices::printer::PrinterProfile;
use crate::domain::device::{HealthState, PaperLevel, PrintJobState};
use crate::domain::ids::PrintJobId;
use crate::domain::receipt::{Document, DrawerKick};

/// A printer that is there answers a real-time question within this, beyond the time on the line.
const ANSWER_WAIT: Duration = Duration::from_millis(1500);
/// A block is on paper within this, beyond the time on the line: a knife, a hot head, a slow motor.
const BLOCK_WAIT: Duration = Duration::from_secs(3);
/// The system accepts a byte within this, or the printer is stuck.
const STALL_WAIT: Duration = Duration::from_secs(2);
/// How often a printer with nothing to do is asked whether it is still there.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How often a printer that reports nothing by itself is asked while something is the matter.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Bytes of one answer come closer together than this.
const ANSWER_GAP: Duration = Duration::from_millis(200);
/// A drawer that could not be opened by then stays shut: nobody stands before it any more.
const KICK_WAIT: Duration = Duration::from_secs(5);
/// Real-time questions that may stay unanswered in a row.
const MISSES_MAX: u8 = 2;
/// Bytes that belong to no answer, before the speed of the line is doubted.
const NOISE_MAX: u32 = 3;
/// Zero bytes that finish any command of any program that used the printer before us.
const FLUSH_BYTES: usize = 256;

/// What the printer's side of the room tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrinterEvent {
    /// Its health changed.
    HealthChanged(HealthState),
    /// Paper is low, or was refilled.
    PaperChanged(PaperLevel),
    /// The drawer moved.
    DrawerChanged(DrawerMove),
    /// The drawer was to open, and nothing says that it could be told to: see [`DeviceEvent::DrawerStaysShut`].
    ///
    /// [`DeviceEvent::DrawerStaysShut`]: crate::domain::device::DeviceEvent::DrawerStaysShut
    DrawerStaysShut,
    /// A document got further.
    JobProgressed {
        /// Which.
        job: PrintJobId,
        /// How far.
        state: PrintJobState,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    Closed,
    Opening { attempt: u8, until: Instant },
    Online,
    Silent,
}

/// A question that waits for its answer.
#[derive(Clone, Copy, Debug)]
struct Asked {
    question: RealTimeQuestion,
    until: Instant,
}

/// The wish that the drawer opens.
#[derive(Clone, Copy, Debug)]
struct Kick {
    until: Instant,
    /// Where the bytes of it end among all that were sent, once they are.
    sent_until: Option<u64>,
    /// Whoever stands before the drawer knows that it stays shut.
    told: bool,
}

/// The talk with one printer.
pub struct Conversation {
    profile: Arc<PrinterProfile>,
    link: Link,
    /// Why it is closed, in words for people.
    closed_because: HealthState,
    parser: ReplyParser,
    status: PrinterStatus,
    out: Outbox,
    discard: bool,

    queue: VecDeque<WaitingJob>,
    active: Option<ActiveJob>,
    probe: Option<Probe>,
    /// Answers are late; the next real-time answer decides whether to probe.
    suspicious: bool,
    next_number: u32,
    /// Zero bytes to send before anything else after a break in the middle of a document.
    rescue_bytes: usize,
    /// A torn document ends somewhere above: cut before the next one.
    cut_first: bool,

    /// The printer tells of itself since we last asked it to.
    hears_automatic: bool,
    /// What is the matter was told so. Only the same way can it end, unless the printer was switched off.
    obstacle_told: bool,
    asked: Option<Asked>,
    to_ask: VecDeque<RealTimeQuestion>,
    misses: u8,
    noise: u32,
    stalled: bool,
    /// The printer told of something that is the matter while it took nothing.
    stall_explained: bool,
    /// It has gone on after a stall that nobody explained; its next answer ends the document as partial.
    doubted: bool,
    kick: Option<Kick>,
    drawer_watched_until: Instant,
    drawer: DrawerWatch,

    /// The last byte that came.
    heard_at: Instant,
    /// The last byte that was accepted, or the first that waits.
    moved_at: Instant,
    /// The last thing that brought the document further, or that kept it from getting further.
    progress_at: Instant,

    events: VecDeque<PrinterEvent>,
    told_health: HealthState,
    told_paper: PaperLevel,
    told_job: Option<PrintJobState>,
}

impl Conversation {
    /// With a printer of this model, whose line is not open yet.
    pub fn new(profile: Arc<PrinterProfile>, now: Instant) -> Self {
        let drawer = DrawerWatch::new(profile.drawer.open_level);
        Self {
            profile,
            link: Link::Closed,
            closed_because: HealthState::Opening,
            parser: ReplyParser::default(),
            status: PrinterStatus::default(),
            out: Outbox::default(),
            discard: false,
            queue: VecDeque::new(),
            active: None,
            probe: None,
            suspicious: false,
            next_number: 1,
            rescue_bytes: 0,
            cut_first: false,
            hears_automatic: false,
            obstacle_told: false,
            asked: None,
            to_ask: VecDeque::new(),
            misses: 0,
            noise: 0,
            stalled: false,
            stall_explained: false,
            doubted: false,
            kick: None,
            drawer_watched_until: now,
            drawer,
            heard_at: now,
            moved_at: now,
            progress_at: now,
            events: VecDeque::new(),
            told_health: HealthState::NotConfigured,
            told_paper: PaperLevel::Enough,
            told_job: None,
        }
    }

    /// Puts a document on paper, once, after those before it. `id` is none for a page nobody asks after.
    pub fn print(&mut self, id: Option<PrintJobId>, document: &Document, now: Instant) {
        if document.drawer == DrawerKick::AtStart {
            self.wish_kick(now);
        }
        self.queue.push_back(WaitingJob { id, blocks: encode_document(document, &self.profile) });
        self.step(now);
    }

    /// Opens the drawer, now or within five seconds, or not at all.
    pub fn open_drawer(&mut self, now: Instant) {
        self.wish_kick(now);
        self.step(now);
    }

    /// Takes a document back: as if it had never been when it has not begun, else what is missing is not sent.
    pub fn cancel(&mut self, id: PrintJobId, now: Instant) {
        if let Some(index) = self.queue.iter().position(|job| job.id == Some(id)) {
            self.queue.remove(index);
            self.events.push_back(PrinterEvent::JobProgressed { job: id, state: PrintJobState::Cancelled });
        } else if self.active.as_ref().is_some_and(|job| job.id() == Some(id)) {
            self.abandon_active(now);
        }
        self.step(now);
    }

    /// Takes all documents back.
    pub fn clear(&mut self, now: Instant) {
        for job in std::mem::take(&mut self.queue) {
            if let Some(job) = job.id {
                self.events.push_back(PrinterEvent::JobProgressed { job, state: PrintJobState::Cancelled });
            }
        }
        if self.active.is_some() {
            self.abandon_active(now);
        }
        self.step(now);
    }

    /// The port was opened.
    pub fn handle_opened(&mut self, now: Instant) {
        self.out = Outbox::default();
        self.parser = ReplyParser::default();
        self.status = PrinterStatus::default();
        self.forget_questions();
        (self.heard_at, self.moved_at, self.progress_at) = (now, now, now);
        self.greet(now);
        self.step(now);
    }

    /// The port could not be opened, or has gone.
    pub fn handle_closed(&mut self, because: HealthState, now: Instant) {
        if self.link != Link::Closed {
            self.lose_active();
            self.forget_questions();
            self.out = Outbox::default();
            self.stalled = false;
            if let Some(moved) = self.drawer.lose_sight() {
                self.events.push_back(PrinterEvent::DrawerChanged(moved));
            }
        }
        self.link = Link::Closed;
        self.closed_because = because;
        self.step(now);
    }

    /// Bytes came from the printer.
    pub fn handle_bytes(&mut self, bytes: &[u8], now: Instant) {
        for byte in bytes {
            let was_inside = self.parser.is_inside();
            self.heard_at = now;
            match self.parser.feed(*byte) {
                Some(reply) => self.handle_reply(&reply, now),
                None if !was_inside && !self.parser.is_inside() && !matches!(byte, 0x11 | 0x13) => {
                    self.noise = self.noise.saturating_add(1);
                }
                None => {}
            }
        }
        self.step(now);
    }

    /// The system has accepted so many of the bytes of [`Self::transmit`].
    pub fn handle_accepted(&mut self, count: usize, now: Instant) {
        self.out.accept(count);
        if count > 0 {
            (self.moved_at, self.progress_at) = (now, now);
            // Nobody told why it took nothing for so long: it may have been switched off, and what goes out now would be the
            // second half of a block whose first half it has forgotten. Its next answer proves nothing.
            self.doubted |= self.stalled && !self.stall_explained && self.active.is_some();
            self.stalled = false;
        }
        self.step(now);
    }

    /// Time has passed; due at [`Self::deadline`].
    pub fn handle_time(&mut self, now: Instant) {
        if self.parser.is_inside() && now >= self.heard_at + ANSWER_GAP {
            self.parser.give_up();
        }
        if !self.stalled && !self.out.is_empty() && now >= self.moved_at + STALL_WAIT {
            self.stalled = true;
            self.stall_explained = self.obstacle_told;
        }
        if let Some(asked) = self.asked
            && now >= asked.until
        {
            self.asked = None;
            self.miss(now);
        }
        if let Link::Opening { attempt, until } = self.link
            && now >= until
        {
            self.greet_again(attempt, now);
        }
        self.watch_active(now);
        self.watch_link(now);
        self.step(now);
    }

    /// What to hand to the port.
    pub fn transmit(&self) -> &[u8] {
        self.out.waiting()
    }

    /// Must what was handed to the port and has not left the machine be thrown away? Asked once.
    pub fn take_discard(&mut self) -> bool {
        std::mem::take(&mut self.discard)
    }

    /// What happened, oldest first.
    pub fn next_event(&mut self) -> Option<PrinterEvent> {
        self.events.pop_front()
    }

    /// When [`Self::handle_time`] is due.
    pub fn deadline(&self) -> Option<Instant> {
        if self.link == Link::Closed {
            return self.kick.map(|kick| kick.until);
        }
        let mut due: Vec<Instant> = Vec::with_capacity(8);
        due.extend(self.parser.is_inside().then_some(self.heard_at + ANSWER_GAP));
        due.extend((!self.out.is_empty() && !self.stalled).then_some(self.moved_at + STALL_WAIT));
        due.extend(self.asked.map(|asked| asked.until));
        due.extend(self.kick.map(|kick| kick.until));
        if let Link::Opening { until, .. } = self.link {
            due.push(until);
        }
        due.extend(self.answers_due());
        due.extend(self.probe.as_ref().filter(|_| self.is_clear()).map(|probe| probe.until));
        due.extend(self.look_again_due());
        due.into_iter().min()
    }
}
