//! The conversation with central as a state machine: what to ask next, what an answer means, how long to wait.
//!
//! `Waiting → Greeting (Hello) → Open (Push, one at a time, beside one Watch) → Waiting …`. Any failure of any call ends the
//! conversation; the next one begins with Hello after a back-off. Whoever drives the engine performs [`Request`]s, returns
//! [`Reply`]s, and calls [`Engine::handle_timeout`] at [`Engine::poll_timeout`]; then [`Engine::poll_event`] until it is
//! empty, then [`Engine::poll_request`] until it is empty. A reply to a call that is over is ignored.
//!
//! Size: one state machine; half of it says what goes in and comes out.

use std::collections::HashMap;
use std::time::Duration;

use super::backoff::Backoff;
use super::inbox::Inbox;
use crate::domain::Timestamp;
use crate::domain::feed::{Change, Freshness, Link, Scope, SyncEvent, SyncState, Unsent};
use crate::domain::ids::{JournalMark, RunId};
use crate::domain::till_clock::ClockReading;

/// A word of central's that is older was said by another clock: a feed that is silent for longer has ended.
const CENTRAL_LATE_MAX: chrono::TimeDelta = chrono::TimeDelta::minutes(1);

/// Less than this the till's clock is not noticed to go away from central's: reckoning is no finer.
const CLOCK_NOTICED_MS: i64 = 1_000;

/// Said when a batch was handed on and the file has not taken it.
const NOT_APPLIED: &str = "a batch of the feed did not reach the file";

/// The moment something happens at. Deadlines count on `elapsed`; `clock` is only told and compared.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// Since the engine was made; never goes back.
    pub elapsed: Duration,
    /// The till's clock, which people set.
    pub clock: Timestamp,
}

/// The limits the engine works within.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Entries in one push. Central's figures for them come back as one batch, whose orders and marks the register takes into
    /// its file in one go: fewer at a time is a shorter wait for whoever scans meanwhile.
    pub entries_max: usize,
    /// Bytes of entries in one push.
    pub bytes_max: usize,
    /// How long Hello may take.
    pub hello_deadline: Duration,
    /// How long a push may take.
    pub push_deadline: Duration,
    /// How long the feed may be silent: central says that it is alive every few seconds.
    pub silence_max: Duration,
    /// How long a batch may take into the till's file.
    pub apply_deadline: Duration,
    /// The first wait after a failure.
    pub backoff_shortest: Duration,
    /// The longest wait after a failure.
    pub backoff_longest: Duration,
    /// The wait after being refused: only people can mend it.
    pub refused_wait: Duration,
    /// How often at most a state is told in which nothing but the feed's age has changed.
    pub age_told_every: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries_max: 128,
            bytes_max: 256 * 1024,
            hello_deadline: Duration::from_secs(10),
            push_deadline: Duration::from_secs(30),
            silence_max: Duration::from_secs(30),
            apply_deadline: Duration::from_secs(60),
            backoff_shortest: Duration::from_millis(500),
            backoff_longest: Duration::from_secs(20),
            refused_wait: Duration::from_secs(60),
            age_told_every: Duration::from_secs(30),
        }
    }
}

/// Names one call, so that a late answer is known as late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub u64);

/// What central is to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Which call it is.
    pub call: CallId,
    /// What to do.
    pub act: Act,
}

/// One of the three calls of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Open the conversation over a fresh connection.
    Hello {
        /// The runs in the file, each with its last entry.
        runs: Vec<JournalMark>,
    },
    /// Read the entries of a run behind the mark from the file and hand them over.
    Push {
        /// Behind which entry.
        after: JournalMark,
        /// At most so many.
        entries_max: usize,
        /// At most so many bytes, one entry at least.
        bytes_max: usize,
    },
    /// Follow the feed.
    Watch {
        /// From where.
        positions: Vec<Position>,
        /// The life of central's data that answered Hello: no other may serve the feed.
        incarnation: [u8; 16],
    },
}

/// Where the till stands in a scope of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Which part of the feed.
    pub scope: Scope,
    /// The cursor in the till's file; 0 for none.
    pub cursor: u64,
    /// Of the last chunk of a batch that broke off; empty for none.
    pub resume_token: Vec<u8>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    /// To which call.
    pub call: CallId,
    /// What.
    pub answer: Answer,
}

/// An answer, a frame of the feed, or a failure.
#[derive(Clone, Debug)]
pub enum Answer {
    /// To Hello.
    Hello(Welcome),
    /// To Push.
    Pushed(Pushed),
    /// From Watch, any number of times.
    Chunk(Chunk),
    /// From Watch: closes a batch.
    Checkpoint(Checkpoint),
    /// From Watch: nothing new.
    Alive(Timestamp),
    /// The call is over and did not work.
    Failed(CallError),
}

/// Central's answer to Hello.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Welcome {
    /// This life of central's data.
    pub incarnation: [u8; 16],
    /// For each run asked about, what central holds.
    pub marks: Vec<JournalMark>,
    /// Central's clock.
    pub central_clock: Timestamp,
    /// Entries it takes in one push, when it says.
    pub entries_max: Option<usize>,
    /// Bytes it takes in one push, when it says.
    pub bytes_max: Option<usize>,
    /// The highest receipt number it has of this till; 0 for none.
    pub last_receipt_number: u64,
    /// How many of this till's entries are put aside now, when it says.
    pub put_aside: Option<u64>,
}

/// Central's answer to a push, checked against what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// The last entry that was sent.
    pub sent_to: JournalMark,
    /// How many of them were put aside.
    pub quarantined: u64,
    /// How many of this till's entries are put aside now, when it says.
    pub put_aside: Option<u64>,
    /// What central holds now, per run.
    pub marks: Vec<JournalMark>,
    /// This life of central's data.
    pub incarnation: [u8; 16],
}

/// Part of a batch of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Which part of the feed.
    pub scope: Scope,
    /// Begins a batch.
    pub first: bool,
    /// What changed.
    pub changes: Vec<Change>,
    /// Changes this program does not understand: left out, said in the log.
    pub refused: u64,
    /// To go on behind it.
    pub resume_token: Vec<u8>,
}

/// The end of a batch of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which part of the feed.
    pub scope: Scope,
    /// Where the next batch goes on.
    pub cursor: u64,
    /// The batch is a whole snapshot.
    pub snapshot: bool,
    /// Changes in all its chunks.
    pub change_count: u64,
    /// The till's own entries the figures contain.
    pub contains: Vec<JournalMark>,
    /// Central's clock when it was true.
    pub as_of: Timestamp,
}

/// Why a call did not work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// No answer, or none in time.
    #[error("central cannot be reached: {0}")]
    Unreachable(String),
    /// Central answers, and its disk takes no more.
    #[error("central is there and cannot write: {0}")]
    CannotWrite(String),
    /// Central knows this till no more, or not as what it says it is.
    #[error("central refuses this till: {0}")]
    Refused(String),
    /// An answer that makes no sense.
    #[error("central's answer makes no sense: {0}")]
    Nonsense(String),
    /// The till's own file could not be read.
    #[error("the journal cannot be read: {0}")]
    Journal(String),
}

#[derive(Debug)]
enum Phase {
    Waiting { until: Duration },
    Greeting { call: CallId, sent: Now, runs: Vec<JournalMark> },
    Open(Conversation),
}

#[derive(Debug)]
struct Conversation {
    incarnation: [u8; 16],
    entries_max: usize,
    bytes_max: usize,
    push: Option<PushInFlight>,
    watch: Option<(CallId, Duration)>,
}

#[derive(Clone, Copy, Debug)]
struct PushInFlight {
    call: CallId,
    after: JournalMark,
    deadline: Duration,
}

/// The engine. See the file's first lines.
#[derive(Debug)]
pub struct Engine {
    limits: Limits,
    phase: Phase,
    backoff: Backoff,
    next_call: u64,
    /// The runs in the till's file, oldest first, each with its last entry; nothing until the file was looked at.
    runs: Option<Vec<JournalMark>>,
    /// Central's word on each.
    held: HashMap<RunId, u64>,
    oldest_unsent_at: Option<Timestamp>,
    inbox: Inbox,
    freshness: Freshness,
    link: Link,
    central_can_write: bool,
    quarantined: u64,
    clock_ahead_ms: Option<i64>,
    /// What central's clock showed at a moment, as far as central has said.
    central_clock: Option<(Timestamp, Duration)>,
    /// Marks to tell, in the order they came.
    acknowledged: Vec<JournalMark>,
    /// The highest receipt number central has, to tell before anything it sends.
    receipts_given: Option<u64>,
    told: Option<SyncState>,
    told_at: Duration,
    last_failure: Option<CallError>,
}

impl Engine {
    /// An engine that has heard of nothing: tell it the journal ([`Self::handle_journal`]), the marks and cursors kept in
    /// the file, then poll. It asks nothing before it knows the journal. `seed` is the till's own randomness.
    pub fn new(limits: Limits, seed: u64) -> Self {
        Self {
            limits,
            phase: Phase::Waiting { until: Duration::ZERO },
            backoff: Backoff::new(limits.backoff_shortest, limits.backoff_longest, seed),
            next_call: 1,
            runs: None,
            held: HashMap::new(),
            oldest_unsent_at: None,
            inbox: Inbox::new(),
            freshness: Freshness::default(),
            link: Link::Connecting,
            central_can_write: true,
            quarantined: 0,
            clock_ahead_ms: None,
            central_clock: None,
            acknowledged: Vec::new(),
            receipts_given: None,
            told: None,
            told_at: Duration::ZERO,
            last_failure: None,
        }
    }

    /// What central was known to hold when the till was last running: so that what is unsent is known before it answers.
    pub fn handle_kept_marks(&mut self, marks: &[JournalMark]) {
        self.held.extend(marks.iter().map(|m| (m.run, m.sequence)));
    }

    /// How many entries central had put aside when the till was last running.
    pub fn handle_kept_quarantined(&mut self, entries: u64) {
        self.quarantined += entries;
    }

    /// How many entries central has put aside now, as it said beside the conversation.
    pub const fn handle_put_aside(&mut self, entries: u64) {
        self.quarantined = entries;
    }

    /// The runs of the file, oldest first, each with its last entry; again whenever the journal has grown.
    pub fn handle_journal(&mut self, runs: Vec<JournalMark>) {
        self.runs = Some(runs);
    }

    /// The cursor of a scope as it stands in the file; again whenever a batch may have been applied.
    pub fn handle_applied(&mut self, scope: Scope, cursor: u64) {
        self.inbox.applied(scope, cursor);
    }

    /// A batch that was handed on could not be written to the file (a full disk). The conversation ends, and the next one,
    /// after the usual wait, begins where the file stands.
    pub fn handle_not_applied(&mut self, now: Now) {
        if self.inbox.give_up_handed_on(now.elapsed) && matches!(self.phase, Phase::Open(_)) {
            self.end(CallError::Journal(NOT_APPLIED.to_owned()), now);
        }
    }

    /// When [`Self::first_unsent`] was written.
    pub const fn handle_oldest_unsent(&mut self, at: Option<Timestamp>) {
        self.oldest_unsent_at = at;
    }

    /// A person wants it now: the wait is over.
    pub const fn handle_hurry(&mut self, now: Now) {
        if let Phase::Waiting { until } = &mut self.phase {
            *until = now.elapsed;
        }
    }

    /// The first entry central does not hold.
    pub fn first_unsent(&self) -> Option<JournalMark> {
        self.unsent_behind(None).1
    }

    /// How many entries central does not hold, and the first of them: now, or once it holds a run up to a mark.
    pub fn unsent_behind(&self, mark: Option<JournalMark>) -> (u64, Option<JournalMark>) {
        let held = |run: RunId| {
            let to_come = mark.filter(|mark| mark.run == run).map_or(0, |mark| mark.sequence);
            self.held_of(run).max(to_come)
        };
        let runs = self.runs.as_deref().unwrap_or_default();
        let unsent = runs.iter().map(|run| run.sequence.saturating_sub(held(run.run))).sum();
        let first = runs.iter().find(|run| held(run.run) < run.sequence);
        (unsent, first.map(|run| JournalMark { run: run.run, sequence: held(run.run) + 1 }))
    }

    /// What central does not hold, for central to know.
    pub fn unsent(&self) -> Unsent {
        let (count, _) = self.unsent_behind(None);
        Unsent { count, oldest_at: self.oldest_unsent_at.filter(|_| count > 0) }
    }

    /// The till's clock and central's now: what a push says of them.
    pub fn read_clocks(&self, now: Now) -> ClockReading {
        ClockReading { till: now.clock, central: self.reckon_central_clock(now) }
    }

    /// The run the till writes.
    pub fn current_run(&self) -> Option<RunId> {
        self.runs.as_deref().unwrap_or_default().last().map(|tail| tail.run)
    }

    /// What central's clock shows, whatever people have set the till's to.
    fn reckon_central_clock(&self, now: Now) -> Option<Timestamp> {
        let (shown, then) = self.central_clock?;
        let since = chrono::TimeDelta::from_std(now.elapsed.saturating_sub(then)).ok()?;
        shown.checked_add_signed(since)
    }

    /// Central's clock has shown this before now. A machine that slept reckons too little; and no word is so late as one that was
    /// said after the clock was set back.
    fn heard_central_clock(&mut self, shown: Timestamp, now: Now) {
        let is_news = |reckoned: Timestamp| reckoned < shown || reckoned - shown > CENTRAL_LATE_MAX;
        if self.reckon_central_clock(now).is_some_and(is_news) {
            self.central_clock = Some((shown, now.elapsed));
        }
    }

    /// The till's clock may have been set since it was looked at.
    fn look_at_clock(&mut self, now: Now) {
        let Some(central) = self.reckon_central_clock(now) else { return };
        let ahead_ms = (now.clock - central).num_milliseconds();
        if self.clock_ahead_ms.is_none_or(|known| (ahead_ms - known).abs() >= CLOCK_NOTICED_MS) {
            self.clock_ahead_ms = Some(ahead_ms);
        }
    }

    /// May another frame of the feed be read? When not, whoever drives leaves it in the stream.
    pub fn has_room(&self) -> bool {
        self.inbox.has_room()
    }

    /// Is this call still of interest? Whoever drives drops the others.
    pub fn is_live(&self, call: CallId) -> bool {
        match &self.phase {
            Phase::Waiting { .. } => false,
            Phase::Greeting { call: greeting, .. } => *greeting == call,
            Phase::Open(open) => {
                open.push.is_some_and(|p| p.call == call) || open.watch.is_some_and(|(watch, _)| watch == call)
            }
        }
    }

    /// Why the last conversation ended, for the log; once.
    pub const fn take_failure(&mut self) -> Option<CallError> {
        self.last_failure.take()
    }

    /// Everything central sent is in the till's file, and it holds everything the till wrote.
    pub fn is_settled(&self) -> bool {
        matches!(&self.phase, Phase::Open(open) if open.push.is_none() && open.watch.is_some())
            && self.first_unsent().is_none()
            && self.inbox.is_idle()
    }

    /// The next call to make, if any.
    pub fn poll_request(&mut self, now: Now) -> Option<Request> {
        let first_unsent = self.first_unsent();
        let limits = self.limits;
        let next_call = CallId(self.next_call);
        let act = match &mut self.phase {
            // Central takes the runs of a Hello for all there are: a Hello without them would say that nothing is unsent.
            Phase::Waiting { until } if *until <= now.elapsed => {
                let runs = self.runs.clone()?;
                self.phase = Phase::Greeting { call: next_call, sent: now, runs: runs.clone() };
                Act::Hello { runs }
            }
            Phase::Waiting { .. } | Phase::Greeting { .. } => return None,
            Phase::Open(open) => match first_unsent {
                Some(first) if open.push.is_none() => {
                    let after = JournalMark { run: first.run, sequence: first.sequence - 1 };
                    let deadline = now.elapsed + limits.push_deadline;
                    open.push = Some(PushInFlight { call: next_call, after, deadline });
                    Act::Push { after, entries_max: open.entries_max, bytes_max: open.bytes_max }
                }
                _ if open.watch.is_none() => {
                    open.watch = Some((next_call, now.elapsed + limits.silence_max));
                    Act::Watch { positions: self.inbox.reopen(), incarnation: open.incarnation }
                }
                _ => return None,
            },
        };
        self.next_call += 1;
        Some(Request { call: next_call, act })
    }

    /// What the register should know, until there is nothing more.
    pub fn poll_event(&mut self, now: Now) -> Option<SyncEvent> {
        if let Some(last) = self.receipts_given.take() {
            return Some(SyncEvent::ReceiptsGiven { last });
        }
        if !self.acknowledged.is_empty() {
            return Some(SyncEvent::Acknowledged(std::mem::take(&mut self.acknowledged)));
        }
        if let Some(batch) = self.inbox.next(now.elapsed) {
            self.freshness.saw(batch.scope, batch.as_of);
            return Some(SyncEvent::Feed(Box::new(batch)));
        }
        self.look_at_clock(now);
        let state = self.state();
        if !self.is_worth_telling(&state, now) {
            return None;
        }
        self.told = Some(state.clone());
        self.told_at = now.elapsed;
        Some(SyncEvent::StateChanged(state))
    }

    fn state(&self) -> SyncState {
        let Unsent { count, oldest_at } = self.unsent();
        SyncState {
            link: self.link,
            unsent: count,
            oldest_unsent_at: oldest_at,
            fresh: self.freshness,
            quarantined: self.quarantined,
            clock_ahead_ms: self.clock_ahead_ms,
            central_is_full: !self.central_can_write,
        }
    }

    /// The feed's age alone changes every few seconds, and is told less often: an idle till stays idle.
    fn is_worth_telling(&self, state: &SyncState, now: Now) -> bool {
        let Some(told) = &self.told else { return true };
        if told == state {
            return false;
        }
        let only_age = SyncState { fresh: told.fresh, ..state.clone() } == *told;
        !only_age || told.fresh.as_of().is_none() || now.elapsed >= self.told_at + self.limits.age_told_every
    }

    /// When [`Self::handle_timeout`] is to be called next, in [`Now::elapsed`].
    pub fn poll_timeout(&self) -> Option<Duration> {
        match &self.phase {
            Phase::Waiting { until } => self.runs.is_some().then_some(*until),
            Phase::Greeting { sent, .. } => Some(sent.elapsed + self.limits.hello_deadline),
            Phase::Open(open) => {
                let push = open.push.map(|p| p.deadline);
                let watch = open.watch.map(|(_, silent_until)| silent_until);
                let applied = self.inbox.oldest_handed_on().map(|at| at + self.limits.apply_deadline);
                push.into_iter().chain(watch).chain(applied).min()
            }
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Now) {
        let unreachable = |what: &str| CallError::Unreachable(what.to_owned());
        let applying_since = now.elapsed.checked_sub(self.limits.apply_deadline);
        match &self.phase {
            Phase::Waiting { .. } => {}
            Phase::Greeting { sent, .. } => {
                if sent.elapsed + self.limits.hello_deadline <= now.elapsed {
                    self.end(unreachable("no answer to hello"), now);
                }
            }
            Phase::Open(open) => {
                if open.push.is_some_and(|p| p.deadline <= now.elapsed) {
                    self.end(unreachable("no answer to a push"), now);
                } else if open.watch.is_some_and(|(_, until)| until <= now.elapsed) && self.inbox.has_room() {
                    self.end(unreachable("the feed has gone silent"), now);
                } else if applying_since.is_some_and(|since| self.inbox.give_up_handed_on(since)) {
                    self.end(CallError::Journal(NOT_APPLIED.to_owned()), now);
                } else if let Phase::Open(Conversation { watch: Some((_, until)), .. }) = &mut self.phase
                    && *until <= now.elapsed
                {
                    // Not central is silent: the till is not listening, because the register has enough to do.
                    *until = now.elapsed + self.limits.silence_max;
                }
            }
        }
    }

    /// An answer has come.
    pub fn handle_reply(&mut self, reply: Reply, now: Now) {
        if !self.is_live(reply.call) {
            return;
        }
        match reply.answer {
            Answer::Failed(error) => self.end(error, now),
            Answer::Hello(welcome) => self.welcomed(welcome, now),
            Answer::Pushed(pushed) => self.pushed(&pushed, now),
            Answer::Chunk(chunk) => {
                let collected = self.inbox.collect(chunk);
                self.heard(collected.map_err(|e| CallError::Nonsense(e.to_string())), now);
            }
            Answer::Checkpoint(checkpoint) => {
                self.heard_central_clock(checkpoint.as_of, now);
                let closed = self.inbox.close(checkpoint);
                self.heard(closed.map_err(|e| CallError::Nonsense(e.to_string())), now);
            }
            Answer::Alive(as_of) => {
                self.heard_central_clock(as_of, now);
                // Central says that nothing is left to send; that holds here once all of it is in the file.
                if self.inbox.is_idle() {
                    for scope in super::inbox::SCOPES {
                        self.freshness.saw(scope, as_of);
                    }
                }
                self.heard(Ok(()), now);
            }
        }
    }

    fn welcomed(&mut self, welcome: Welcome, now: Now) {
        let Phase::Greeting { sent, runs, .. } = &self.phase else {
            return self.end(CallError::Nonsense("a welcome nobody asked for".to_owned()), now);
        };
        // Central read its clock somewhere between sending and receiving: the middle is the best guess.
        let (travel, asked) = ((now.elapsed - sent.elapsed) / 2, runs.clone());
        let shown = welcome.central_clock.checked_add_signed(chrono::TimeDelta::from_std(travel).unwrap_or_default());
        self.receipts_given = Some(welcome.last_receipt_number).filter(|last| *last > 0);
        self.quarantined = welcome.put_aside.unwrap_or(self.quarantined);
        self.central_clock = shown.map(|shown| (shown, now.elapsed));
        self.clock_ahead_ms = None;
        self.look_at_clock(now);
        // Of a run that was not asked about, the silence of the answer says nothing.
        for run in asked {
            let held = welcome.marks.iter().find(|m| m.run == run.run).map_or(0, |m| m.sequence);
            self.hold(JournalMark { run: run.run, sequence: held });
        }
        let limit = |ours: usize, theirs: Option<usize>| theirs.map_or(ours, |t| t.min(ours)).max(1);
        self.phase = Phase::Open(Conversation {
            incarnation: welcome.incarnation,
            entries_max: limit(self.limits.entries_max, welcome.entries_max),
            bytes_max: limit(self.limits.bytes_max, welcome.bytes_max),
            push: None,
            watch: None,
        });
        self.link = Link::Live;
        self.central_can_write = true;
    }

    fn pushed(&mut self, pushed: &Pushed, now: Now) {
        let Phase::Open(Conversation { incarnation, push: push @ Some(_), .. }) = &mut self.phase else {
            return self.end(CallError::Nonsense("an answer to no push".to_owned()), now);
        };
        let (same_life, sent) = (*incarnation == pushed.incarnation, push.take());
        let Some(sent) = sent else { return };
        self.quarantined = pushed.put_aside.unwrap_or(self.quarantined + pushed.quarantined);
        if !same_life {
            return self.end(CallError::Unreachable("central began a new life".to_owned()), now);
        }
        let held = pushed.marks.iter().find(|m| m.run == sent.after.run).map_or(0, |m| m.sequence);
        self.hold(JournalMark { run: sent.after.run, sequence: held });
        if held <= sent.after.sequence {
            // It took what it was given and holds no more than before: sending again at once would be for ever.
            let what = format!("it holds {held} of a run after it was sent up to {}", pushed.sent_to.sequence);
            return self.end(CallError::Nonsense(what), now);
        }
        self.backoff.succeeded();
    }

    /// A frame of the feed came, and made sense or not.
    fn heard(&mut self, outcome: Result<(), CallError>, now: Now) {
        if let Err(error) = outcome {
            return self.end(error, now);
        }
        if let Phase::Open(Conversation { watch: Some((_, silent_until)), .. }) = &mut self.phase {
            *silent_until = now.elapsed + self.limits.silence_max;
            self.backoff.succeeded();
        }
    }

    /// The conversation is over; the next one begins after a while.
    fn end(&mut self, error: CallError, now: Now) {
        let refused = matches!(error, CallError::Refused(_));
        self.link = if refused { Link::Refused } else { Link::Down };
        let wait = if refused { self.limits.refused_wait } else { self.backoff.failed() };
        self.phase = Phase::Waiting { until: now.elapsed + wait };
        self.central_can_write = !matches!(error, CallError::CannotWrite(_));
        self.last_failure = Some(error);
    }

    /// Takes central's word on a run, lower than before too: a central restored from an old copy gets the rest again.
    fn hold(&mut self, mark: JournalMark) {
        if self.held.insert(mark.run, mark.sequence).unwrap_or(0) != mark.sequence {
            self.acknowledged.push(mark);
        }
    }

    fn held_of(&self, run: RunId) -> u64 {
        self.held.get(&run).copied().unwrap_or(0)
    }
}
