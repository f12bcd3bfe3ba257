//! The world: one clock, one queue of things to come, a network that loses, doubles, delays and cuts, and the faults.
//!
//! Size: the world is one loop with its events; read in pieces, the order of what happens is lost.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use till::domain::feed::{FeedBatch, Scope, SyncEvent, Unsent};
use till::domain::ids::{JournalMark, TillId};
use till::register::Intent;
use till::sync::engine::{Act, Answer, CallError, CallId, Reply, Request};
use till::sync::inbox::SCOPES;
use till::sync::messages;
use till::wire::Wire as _;
use till::wire::entry::SealedEntry;
use till::wire::till::v1 as proto;
use tonic::Status;

use super::books;
use super::central::Central;
use super::dice::Dice;
use super::faults::FAULTS;
use super::model::{Counts, Model};
use super::node::Node;
use super::sabotage::Sabotage;
use super::shop::{self, BEGINNING_US, PRODUCTS, STORES, TILLS, instant};
use super::stream::Stream;

pub(super) const MILLISECOND: u64 = 1_000;
pub(super) const SECOND: u64 = 1_000_000;

/// How long faults and people are at work.
const TROUBLE_US: u64 = 100 * SECOND;

/// How long all sides may take to agree once the faults have stopped.
const HEALING_US: u64 = 60 * SECOND;

/// No world needs this many steps; one that does has stopped turning its clock.
const STEPS_MAX: u64 = 20_000;

/// Lines of the trace that are shown when a seed fails.
const TRACE_LINES_SHOWN: usize = 60;

pub(super) enum Coming {
    Act {
        till: usize,
    },
    Wake {
        till: usize,
        life: u64,
    },
    Request {
        till: usize,
        life: u64,
        call: CallId,
        sent: Sent,
    },
    Reply {
        till: usize,
        life: u64,
        reply: Reply,
        frame: bool,
    },
    Apply {
        till: usize,
        life: u64,
        batch: Box<FeedBatch>,
    },
    Pump {
        stream: u64,
        scope: Scope,
    },
    Alive {
        stream: u64,
    },
    Fault,
    Office,
    Lapse,
    /// Somebody makes room: at a till, or at central.
    FreeDisk {
        till: Option<usize>,
    },
    StartTill {
        till: usize,
    },
    StartCentral,
}

/// A request on its way.
#[derive(Clone)]
pub(super) enum Sent {
    Hello(proto::HelloRequest),
    Push(proto::PushRequest, Vec<SealedEntry>),
    Watch(proto::WatchRequest),
}

pub struct World {
    pub(super) seed: u64,
    pub(super) folder: TempDir,
    pub(super) now_us: u64,
    clock_us: Arc<AtomicI64>,
    pub(super) dice: Dice,
    queue: BTreeMap<(u64, u64), Coming>,
    pub(super) numbers: u64,
    steps: u64,
    trouble: bool,
    pub(super) tills: Vec<Node>,
    pub(super) central: Central,
    pub(super) central_copies: Vec<std::path::PathBuf>,
    pub(super) streams: BTreeMap<u64, Stream>,
    pub(super) model: Model,
    digest: Sha256,
    trace: VecDeque<String>,
    /// Which kinds of fault this world knows.
    pub(super) faults: Vec<u64>,
    /// A rule that was broken on the way.
    pub(super) broken: Option<String>,
    /// When central last let orders lapse.
    pub(super) lapsed_us: u64,
    /// What in this world is broken on purpose.
    pub(super) sabotage: Option<Sabotage>,
    /// For a batch that is to come again.
    kept_batch: Option<(usize, Box<FeedBatch>)>,
}

/// What a world came to.
pub struct Outcome {
    /// The same for the same seed.
    pub trace: [u8; 32],
    pub counts: Counts,
}

/// Lives a world from beginning to end. A broken rule is an error with the seed and the end of the trace.
pub fn live(seed: u64) -> Result<Outcome, String> {
    live_with(seed, None)
}

/// The same with something in it broken.
pub fn live_with(seed: u64, sabotage: Option<Sabotage>) -> Result<Outcome, String> {
    let mut world = World::new(seed, sabotage);
    let ended = world.run();
    world.central.stop();
    let show = std::env::var_os("SIMULATION_TRACE").is_some();
    ended.map_err(|broken| {
        let lines: Vec<String> = world.trace.iter().cloned().collect();
        let shown = if show { lines.len() } else { lines.len().min(TRACE_LINES_SHOWN) };
        format!("seed {seed}: {broken}\n{}", lines[lines.len() - shown..].join("\n"))
    })
}

/// Marks by the beginning of their run's name.
fn show(marks: &[JournalMark]) -> String {
    let mark = |m: &JournalMark| format!("{:02x}{:02x}:{}", m.run.as_bytes()[0], m.run.as_bytes()[1], m.sequence);
    marks.iter().map(mark).collect::<Vec<_>>().join(" ")
}

impl World {
    fn new(seed: u64, sabotage: Option<Sabotage>) -> Self {
        let folder = shop::folder();
        let clock_us = Arc::new(AtomicI64::new(BEGINNING_US));
        let central = Central::new(folder.path().to_owned(), Arc::clone(&clock_us));
        let tills = (0..TILLS.len()).map(|number| {
            let id = shop::till_id(number);
            Node::new(id.clone(), id.to_string(), folder.path().join(format!("till{number}")))
        });
        let tills: Vec<Node> = tills.collect();
        if sabotage == Some(Sabotage::TillDisksLie) {
            tills.iter().for_each(|till| till.disk.lie_about_syncs());
        }
        if sabotage == Some(Sabotage::CentralDiskLies) {
            central.disk.lie_about_syncs();
        }
        let mut dice = Dice::new(seed);
        // Each world has some of the faults, so that each also shows alone.
        let faults = (0..FAULTS).filter(|_| dice.chance(60)).collect();
        Self {
            seed,
            folder,
            now_us: 0,
            clock_us,
            dice,
            queue: BTreeMap::new(),
            numbers: 0,
            steps: 0,
            trouble: true,
            tills,
            central,
            central_copies: Vec::new(),
            streams: BTreeMap::new(),
            model: Model::default(),
            digest: Sha256::new(),
            trace: VecDeque::new(),
            faults,
            broken: None,
            lapsed_us: 0,
            sabotage,
            kept_batch: None,
        }
    }

    fn run(&mut self) -> Result<Outcome, String> {
        self.start_central();
        for till in 0..self.tills.len() {
            self.schedule(0, Coming::StartTill { till });
            self.schedule(SECOND, Coming::Act { till });
        }
        self.schedule(2 * SECOND, Coming::Fault);
        self.schedule(SECOND, Coming::Office);
        self.schedule(SECOND, Coming::Lapse);
        while let Some(((at, _), _)) = self.queue.first_key_value().map(|(k, v)| (*k, v))
            && at <= TROUBLE_US
        {
            self.step()?;
        }
        self.heal();
        let healed_at = self.now_us;
        loop {
            self.step()?;
            if self.is_quiet() {
                break;
            }
            if self.now_us > healed_at + HEALING_US {
                let why = self.describe_unrest();
                return Err(format!("not settled {} s after the faults stopped: {why}", HEALING_US / SECOND));
            }
        }
        self.note(format!("settled after {} ms", (self.now_us - healed_at) / MILLISECOND));
        if let Some(Sabotage::Row(statements)) = self.sabotage {
            self.central.connection().execute_batch(statements).map_err(|error| error.to_string())?;
        }
        let lapsed_until = instant(BEGINNING_US + self.lapsed_us as i64);
        let counts = self.model.check(&self.central, &self.tills, lapsed_until)?;
        Ok(Outcome { trace: self.digest.clone().finalize().into(), counts })
    }

    /// Every fault ends: cables in, everybody up, nothing on its way from before.
    fn heal(&mut self) {
        self.note("the faults stop".to_owned());
        self.trouble = false;
        self.queue.retain(|_, coming| {
            use Coming::{Act, Fault, FreeDisk, Office, StartTill};
            !matches!(coming, Act { .. } | Fault | Office | StartTill { .. } | FreeDisk { .. })
        });
        self.central.disk.free();
        for till in &self.tills {
            till.disk.free();
        }
        if !self.central.is_running() {
            self.start_central();
        }
        self.queue.retain(|_, coming| !matches!(coming, Coming::StartCentral));
        for till in 0..self.tills.len() {
            self.tills[till].cut_until_us = 0;
            if self.tills[till].running.is_none() {
                self.start_till(till);
            }
        }
    }

    /// Nobody has anything left to say, and everybody would hear it.
    fn is_quiet(&self) -> bool {
        self.describe_unrest().is_empty()
    }

    /// What is left to say or to hear, and by whom.
    fn describe_unrest(&self) -> String {
        let on_its_way = self.queue.values().any(|coming| {
            matches!(coming, Coming::Request { .. } | Coming::Reply { .. } | Coming::Apply { .. } | Coming::Pump { .. })
        });
        let settled = |till: &Node| till.running.as_ref().is_some_and(|r| r.engine.is_settled() && r.frames.is_empty());
        let hears = |till: usize| {
            let live = |s: &Stream| self.tills[till].running.as_ref().is_some_and(|r| r.engine.is_live(s.call));
            let own = |s: &&Stream| s.till == till && self.is_life(till, s.till_life) && live(s);
            self.streams.values().filter(own).any(|s| !s.silent && s.central_life == self.central.life)
        };
        let mut unrest = if on_its_way { vec!["something is on its way".to_owned()] } else { Vec::new() };
        for (place, till) in self.tills.iter().enumerate() {
            if !settled(till) {
                unrest.push(format!("{} has something to say", till.name));
            } else if !hears(place) {
                unrest.push(format!("{} would not hear anything", till.name));
            }
        }
        unrest.join(", ")
    }

    pub(super) fn note(&mut self, line: String) {
        let line = format!("{:>10.3} {line}", self.now_us as f64 / SECOND as f64);
        self.digest.update(line.as_bytes());
        self.trace.push_back(line);
    }

    pub(super) fn schedule(&mut self, in_us: u64, coming: Coming) {
        self.numbers += 1;
        self.queue.insert((self.now_us + in_us, self.numbers), coming);
    }

    fn step(&mut self) -> Result<(), String> {
        let Some(((at, _), coming)) = self.queue.pop_first() else {
            return Err("nothing is left to come".to_owned());
        };
        self.steps += 1;
        if self.steps > STEPS_MAX {
            return Err("the world turns in a circle".to_owned());
        }
        self.now_us = at;
        self.clock_us.store(BEGINNING_US + at as i64, Ordering::Relaxed);
        match coming {
            Coming::Act { till } => {
                let what = self.tills[till].act(self.now_us, &mut self.dice);
                self.note(format!("{}: {what}", self.tills[till].name));
                let next = self.dice.between(2_000, 16_000) * MILLISECOND;
                self.schedule(next, Coming::Act { till });
                self.drive(till)?;
            }
            Coming::Wake { till, life } => self.wake(till, life)?,
            Coming::Request { till, life, call, sent } => self.arrive(till, life, call, sent),
            Coming::Reply { till, life, reply, frame } => self.hear(till, life, reply, frame)?,
            Coming::Apply { till, life, batch } => self.apply(till, life, &batch)?,
            Coming::Pump { stream, scope } => self.pump(stream, scope),
            Coming::Alive { stream } => self.say_alive(stream),
            Coming::Fault => self.fault(),
            Coming::Office => self.office(),
            Coming::Lapse => self.lapse(),
            Coming::FreeDisk { till } => self.free_disk(till),
            Coming::StartTill { till } => self.start_till(till),
            Coming::StartCentral => self.start_central(),
        }
        self.notice_power_cuts();
        match self.broken.take().or_else(|| self.tills.iter_mut().find_map(|till| till.broken.take())) {
            Some(broken) => Err(broken),
            None => Ok(()),
        }
    }

    fn free_disk(&mut self, till: Option<usize>) {
        let (disk, name) = match till {
            Some(till) => (&self.tills[till].disk, self.tills[till].name.as_str()),
            None => (&self.central.disk, "central"),
        };
        if !disk.is_off() {
            let line = format!("{name} has room again");
            disk.free();
            self.note(line);
        }
    }

    // The tills.

    fn start_till(&mut self, till: usize) {
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

    pub(super) fn is_broken(&self, sabotage: Sabotage) -> bool {
        self.sabotage == Some(sabotage)
    }

    fn is_life(&self, till: usize, life: u64) -> bool {
        self.tills[till].running.as_ref().is_some_and(|r| r.life == life)
    }

    fn wake(&mut self, till: usize, life: u64) -> Result<(), String> {
        let shift = self.tills[till].clock_shift_us;
        let now_us = self.now_us;
        let Some(running) = self.tills[till].running.as_mut().filter(|r| r.life == life) else { return Ok(()) };
        if running.wake_us.take_if(|at| *at <= now_us).is_some() {
            let now = running.now(now_us, shift);
            running.engine.handle_timeout(now);
        }
        self.drive(till)
    }

    fn hear(&mut self, till: usize, life: u64, reply: Reply, frame: bool) -> Result<(), String> {
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

    fn apply(&mut self, till: usize, life: u64, batch: &FeedBatch) -> Result<(), String> {
        if !self.is_life(till, life) {
            return Ok(());
        }
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
        self.drive(till)
    }

    /// Everything the engine wants, as the driver does it.
    fn drive(&mut self, till: usize) -> Result<(), String> {
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
            SyncEvent::Acknowledged(marks) => {
                self.note(format!("{}: acknowledged {}", self.tills[till].name, show(&marks)));
                self.tills[till].handle(Intent::Sync(SyncEvent::Acknowledged(marks)));
            }
            SyncEvent::StateChanged(mut state) => {
                if self.is_broken(Sabotage::FeedAgesBack) && self.dice.chance(10) {
                    state.feed_as_of = state.feed_as_of.map(|at| at - chrono::TimeDelta::hours(1));
                }
                self.note(format!("{}: {:?}, {} unsent", self.tills[till].name, state.link, state.unsent));
                let Some(running) = &mut self.tills[till].running else { return Ok(()) };
                if running.as_of > state.feed_as_of {
                    return Err(format!("the feed grew older: {:?} after {:?}", state.feed_as_of, running.as_of));
                }
                running.as_of = state.feed_as_of;
                self.tills[till].handle(Intent::Sync(SyncEvent::StateChanged(state)));
            }
        }
        Ok(())
    }

    // The network.

    fn send(&mut self, till: usize, life: u64, request: Request) {
        let Request { call, act } = request;
        let Some(running) = &self.tills[till].running else { return };
        let clock = self.tills[till].clock(self.now_us);
        let (what, sent) = match act {
            Act::Hello { runs } => {
                let unsent = running.engine.unsent();
                ("hello".to_owned(), Sent::Hello(messages::hello_request("simulated", clock, &runs, unsent)))
            }
            Act::Push { after, entries_max, bytes_max } => {
                let entries = running.reader.list_after(after, entries_max, bytes_max).unwrap();
                let what = format!("push {} behind {}", entries.len(), show(&[after]));
                let (count, _) = running.engine.unsent_behind(entries.last().map(|entry| entry.header.mark));
                let unsent = Unsent { count, oldest_at: None };
                (what, Sent::Push(messages::push_request(&entries, unsent), entries))
            }
            Act::Watch { positions, incarnation } => {
                ("watch".to_owned(), Sent::Watch(messages::watch_request(&positions, incarnation)))
            }
        };
        let fate = self.fate(till);
        self.note(format!("{}: {what}, {} times", self.tills[till].name, fate.len()));
        for in_us in fate {
            self.schedule(in_us, Coming::Request { till, life, call, sent: sent.clone() });
        }
    }

    /// When a message arrives: never, once, or twice.
    fn fate(&mut self, till: usize) -> Vec<u64> {
        let usual = self.dice.between(2, 80) * MILLISECOND;
        if !self.trouble {
            return vec![usual];
        }
        if self.now_us < self.tills[till].cut_until_us || self.dice.chance(4) {
            return Vec::new();
        }
        let delay = if self.dice.chance(5) { self.dice.between(1_000, 20_000) * MILLISECOND } else { usual };
        match self.dice.chance(4) {
            true => vec![delay, delay + self.dice.between(1, 30_000) * MILLISECOND],
            false => vec![delay],
        }
    }

    /// A request reaches central, or finds nobody there.
    fn arrive(&mut self, till: usize, life: u64, call: CallId, sent: Sent) {
        if self.is_broken(Sabotage::OutboxStuck) && matches!(sent, Sent::Push(..)) {
            return;
        }
        let answer = if self.central.is_running() {
            let id = self.tills[till].id.clone();
            match sent {
                Sent::Hello(message) => {
                    let everything = message.runs.clone();
                    let mut response = self.central.hello(&id, message);
                    if self.is_broken(Sabotage::EntriesSwallowed)
                        && let Ok(response) = &mut response
                    {
                        response.marks = everything;
                    }
                    response.map_err(|s| messages::call_error(&s)).and_then(messages::welcome).map(Answer::Hello)
                }
                Sent::Push(message, entries) => {
                    let response = self.push(&id, message, &entries);
                    let response = response.map_err(|s| messages::call_error(&s));
                    response.and_then(|r| messages::pushed(r, &entries)).map(Answer::Pushed)
                }
                // The service's own answer to a till that was greeted by another life.
                Sent::Watch(message) if message.incarnation != self.central.incarnation() => {
                    Err(CallError::Unreachable("central has begun another life".to_owned()))
                }
                // A call has one answer, however often a network sent it: HTTP/2 numbers streams (RFC 9113, section 5.1.1), and
                // frames of two of them never mix.
                Sent::Watch(_)
                    if self.streams.values().any(|s| (s.till, s.till_life, s.call) == (till, life, call)) =>
                {
                    return;
                }
                Sent::Watch(message) => {
                    self.numbers += 1;
                    let stream = self.numbers;
                    self.streams.insert(stream, Stream::open(till, life, call, self.central.life, message));
                    for scope in SCOPES {
                        self.schedule(MILLISECOND, Coming::Pump { stream, scope });
                    }
                    self.schedule(5 * SECOND, Coming::Alive { stream });
                    return;
                }
            }
        } else if self.dice.chance(50) {
            Err(CallError::Unreachable("connection refused".to_owned()))
        } else {
            return;
        };
        let answer = answer.unwrap_or_else(Answer::Failed);
        for in_us in self.fate(till) {
            let reply = Reply { call, answer: answer.clone() };
            self.schedule(in_us, Coming::Reply { till, life, reply, frame: false });
        }
    }

    fn push(
        &mut self,
        till: &TillId,
        message: proto::PushRequest,
        entries: &[SealedEntry],
    ) -> Result<proto::PushResponse, Status> {
        let mut message = message;
        if self.is_broken(Sabotage::BitFlipped) {
            message.entries[0].payload[0] ^= 1;
        }
        if self.is_broken(Sabotage::EntriesSwallowed) && entries.iter().any(|e| e.header.kind == "sale_completed") {
            let taken = |e: &SealedEntry| proto::PushResult {
                entry_id: e.header.entry.as_bytes().to_vec(),
                outcome: proto::PushOutcome::Applied as i32,
                reason: String::new(),
            };
            let marks = entries.last().map(|e| e.header.mark.to_wire()).into_iter().collect();
            let incarnation = self.central.incarnation().to_vec();
            return Ok(proto::PushResponse { results: entries.iter().map(taken).collect(), marks, incarnation });
        }
        let lacking = books::sales_alone(entries).then(|| books::list_uncovered(&self.central));
        let response = self.central.push(till, message)?;
        self.let_lapse();
        self.model.took(entries);
        if let Some(lacking) = lacking
            && let Err(broken) = books::check_alerted(&lacking, &self.central, &till.store)
        {
            self.broken = Some(broken);
        }
        // A transfer is another store's news too.
        self.pump_stores();
        Ok(response)
    }

    // The feed.

    /// Stores' feeds have changed: whoever follows is told.
    pub(super) fn pump_stores(&mut self) {
        self.pump_streams(Scope::Store);
    }

    /// The company's feed has changed.
    pub(super) fn pump_company(&mut self) {
        self.pump_streams(Scope::Company);
    }

    fn pump_streams(&mut self, scope: Scope) {
        for stream in self.streams.keys().copied().collect::<Vec<_>>() {
            let in_us = self.dice.between(1, 20) * MILLISECOND;
            self.schedule(in_us, Coming::Pump { stream, scope });
        }
    }

    /// Drops a stream whose till or central is no longer what it was.
    fn is_open(&mut self, number: u64) -> bool {
        let Some(stream) = self.streams.get(&number) else { return false };
        let (till, life, call, central_life) = (stream.till, stream.till_life, stream.call, stream.central_life);
        let wanted = self.is_life(till, life)
            && self.tills[till].running.as_ref().is_some_and(|r| r.engine.is_live(call))
            && self.central.is_running()
            && self.central.life == central_life;
        if !wanted {
            self.streams.remove(&number);
        }
        wanted
    }

    fn pump(&mut self, number: u64, scope: Scope) {
        if !self.is_open(number) {
            return;
        }
        let now = instant(BEGINNING_US + self.now_us as i64);
        let Some(stream) = self.streams.get_mut(&number) else { return };
        let mut id = self.tills[stream.till].id.clone();
        if self.sabotage == Some(Sabotage::OtherStoresFeed) {
            id.store = STORES[usize::from(id.store.as_str() == STORES[0])].into();
        }
        let (frames, more) = stream.pump(scope, &self.central, &id, now);
        for frame in frames {
            self.send_frame(number, frame);
        }
        if more {
            let in_us = self.dice.between(1, 200) * MILLISECOND;
            self.schedule(in_us, Coming::Pump { stream: number, scope });
        }
    }

    fn say_alive(&mut self, number: u64) {
        if self.is_open(number) {
            let now = instant(BEGINNING_US + self.now_us as i64);
            self.send_frame(number, Stream::alive(now));
            self.schedule(5 * SECOND, Coming::Alive { stream: number });
        }
    }

    /// In order, or the connection is dead and nobody knows.
    fn send_frame(&mut self, number: u64, frame: proto::WatchResponse) {
        let Some(till) = self.streams.get(&number).map(|s| s.till) else { return };
        let fate = self.fate(till);
        let Some(stream) = self.streams.get_mut(&number) else { return };
        match fate.first() {
            Some(in_us) if !stream.silent => {
                stream.arrives_us = stream.arrives_us.max(self.now_us + in_us) + 1;
                let in_us = stream.arrives_us - self.now_us;
                let (life, call) = (stream.till_life, stream.call);
                let answer = messages::frame(frame).unwrap_or_else(Answer::Failed);
                self.schedule(in_us, Coming::Reply { till, life, reply: Reply { call, answer }, frame: true });
            }
            _ => stream.silent = true,
        }
    }

    // What befalls the world.

    fn start_central(&mut self) {
        if !self.central.is_running() {
            match self.central.start(&mut self.dice) {
                Ok(()) => self.note("central starts".to_owned()),
                Err(error) if self.central.disk.is_full() || self.central.disk.is_off() => {
                    self.note(format!("central cannot start: {error}"));
                    if self.central.disk.is_full() {
                        self.schedule(5 * SECOND, Coming::StartCentral);
                    }
                }
                Err(error) => self.broken = Some(format!("central's file cannot be opened: {error}")),
            }
        }
    }
}
