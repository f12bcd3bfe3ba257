//! The world: one clock, one queue of things to come, a network that loses, doubles, delays and cuts, and the faults.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use till::central::store::{OrderSubmission, SubmittedLine};
use till::domain::feed::{FeedBatch, SyncEvent};
use till::domain::ids::JournalMark;
use till::domain::money::{Currency, Money};
use till::domain::quantity::Quantity;
use till::domain::web_order::Fulfilment;
use till::sync::engine::{Act, Answer, CallError, CallId, Reply, Request};
use till::sync::messages;
use till::wire::entry::SealedEntry;
use till::wire::till::v1 as proto;

use super::central::Central;
use super::dice::Dice;
use super::model::Model;
use super::node::Node;
use super::shop::{self, BEGINNING_US, PRODUCTS, STORES, TILLS, instant};
use super::stream::Stream;

const MILLISECOND: u64 = 1_000;
const SECOND: u64 = 1_000_000;

/// How long faults and people are at work.
const TROUBLE_US: u64 = 100 * SECOND;

/// How long all sides may take to agree once the faults have stopped.
const HEALING_US: u64 = 60 * SECOND;

/// No world needs this many steps; one that does has stopped turning its clock.
const STEPS_MAX: u64 = 20_000;

/// Lines of the trace that are shown when a seed fails.
const TRACE_LINES_SHOWN: usize = 60;

enum Coming {
    Act { till: usize },
    Wake { till: usize, life: u64 },
    Request { till: usize, life: u64, call: CallId, sent: Sent },
    Reply { till: usize, life: u64, reply: Reply, frame: bool },
    Apply { till: usize, life: u64, batch: Box<FeedBatch> },
    Pump { stream: u64 },
    Alive { stream: u64 },
    Fault,
    Office,
    StartTill { till: usize },
    StartCentral,
}

/// A request on its way.
#[derive(Clone)]
enum Sent {
    Hello(proto::HelloRequest),
    Push(proto::PushRequest, Vec<SealedEntry>),
    Watch(proto::WatchRequest),
}

pub struct World {
    seed: u64,
    folder: TempDir,
    now_us: u64,
    clock_us: Arc<AtomicI64>,
    dice: Dice,
    queue: BTreeMap<(u64, u64), Coming>,
    numbers: u64,
    steps: u64,
    trouble: bool,
    tills: Vec<Node>,
    central: Central,
    central_copies: Vec<std::path::PathBuf>,
    streams: BTreeMap<u64, Stream>,
    model: Model,
    digest: Sha256,
    trace: VecDeque<String>,
    /// Which kinds of fault this world knows.
    faults: Vec<u64>,
}

/// What a world came to.
pub struct Outcome {
    /// The same for the same seed.
    pub trace: [u8; 32],
    /// Entries central has.
    pub entries: usize,
    /// Forks it found.
    pub forks: usize,
}

/// Lives a world from beginning to end. A broken rule is an error with the seed and the end of the trace.
pub fn live(seed: u64) -> Result<Outcome, String> {
    let mut world = World::new(seed);
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
    fn new(seed: u64) -> Self {
        let folder = shop::folder();
        let clock_us = Arc::new(AtomicI64::new(BEGINNING_US));
        let central = Central::new(folder.path().to_owned(), Arc::clone(&clock_us));
        let tills = (0..TILLS.len()).map(|number| {
            let id = shop::till_id(number);
            Node::new(id.clone(), id.to_string(), folder.path().join(format!("till{number}")))
        });
        let tills = tills.collect();
        let mut dice = Dice::new(seed);
        // Each world has some of the faults, so that each also shows alone.
        let faults = (0..11).filter(|_| dice.chance(60)).collect();
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
        }
    }

    fn run(&mut self) -> Result<Outcome, String> {
        self.central.start(&mut self.dice);
        for till in 0..self.tills.len() {
            self.schedule(0, Coming::StartTill { till });
            self.schedule(SECOND, Coming::Act { till });
        }
        self.schedule(2 * SECOND, Coming::Fault);
        self.schedule(SECOND, Coming::Office);
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
                return Err(format!("not settled {} s after the faults stopped", HEALING_US / SECOND));
            }
        }
        self.note(format!("settled after {} ms", (self.now_us - healed_at) / MILLISECOND));
        let forks = self.model.check(&self.central, &self.tills)?;
        let entries = self.central.list_entries().len();
        Ok(Outcome { trace: self.digest.clone().finalize().into(), entries, forks })
    }

    /// Every fault ends: cables in, everybody up, nothing on its way from before.
    fn heal(&mut self) {
        self.note("the faults stop".to_owned());
        self.trouble = false;
        self.queue.retain(|_, coming| {
            !matches!(coming, Coming::Act { .. } | Coming::Fault | Coming::Office | Coming::StartTill { .. })
        });
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
        let on_its_way = self.queue.values().any(|coming| {
            matches!(coming, Coming::Request { .. } | Coming::Reply { .. } | Coming::Apply { .. } | Coming::Pump { .. })
        });
        let settled = |till: &Node| till.running.as_ref().is_some_and(|r| r.engine.is_settled() && r.frames.is_empty());
        let hears = |till: usize| {
            let live = |s: &Stream| self.tills[till].running.as_ref().is_some_and(|r| r.engine.is_live(s.call));
            let own = |s: &&Stream| s.till == till && self.is_life(till, s.till_life) && live(s);
            self.streams.values().filter(own).any(|s| !s.silent && s.central_life == self.central.life)
        };
        !on_its_way && self.tills.iter().all(settled) && (0..self.tills.len()).all(hears)
    }

    fn note(&mut self, line: String) {
        let line = format!("{:>10.3} {line}", self.now_us as f64 / SECOND as f64);
        self.digest.update(line.as_bytes());
        self.trace.push_back(line);
    }

    fn schedule(&mut self, in_us: u64, coming: Coming) {
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
            Coming::Pump { stream } => self.pump(stream),
            Coming::Alive { stream } => self.say_alive(stream),
            Coming::Fault => self.fault(),
            Coming::Office => self.office(),
            Coming::StartTill { till } => self.start_till(till),
            Coming::StartCentral => self.start_central(),
        }
        Ok(())
    }

    // The tills.

    fn start_till(&mut self, till: usize) {
        if self.tills[till].running.is_some() {
            return;
        }
        self.numbers += 1;
        let life = self.numbers;
        self.tills[till].start(life, self.now_us, &mut self.dice);
        self.note(format!("{} starts", self.tills[till].name));
        self.schedule(0, Coming::Wake { till, life });
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
        self.tills[till].apply(batch);
        self.tills[till].check_levels()?;
        self.drive(till)
    }

    /// Everything the engine wants, as the driver does it.
    fn drive(&mut self, till: usize) -> Result<(), String> {
        let (now_us, shift) = (self.now_us, self.tills[till].clock_shift_us);
        let Some(running) = self.tills[till].running.as_mut() else { return Ok(()) };
        let life = running.life;
        running.look();
        let now = running.now(now_us, shift);
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
            SyncEvent::Feed(batch) => {
                // The register has one queue: what was told first is applied first.
                let soonest = self.now_us + self.dice.between(1, 400) * MILLISECOND;
                let Some(running) = &mut self.tills[till].running else { return Ok(()) };
                running.applies_us = soonest.max(running.applies_us + 1);
                let in_us = running.applies_us - self.now_us;
                self.schedule(in_us, Coming::Apply { till, life, batch });
            }
            SyncEvent::Acknowledged(marks) => {
                self.note(format!("{}: acknowledged {}", self.tills[till].name, show(&marks)));
                self.tills[till].acknowledge(&marks);
            }
            SyncEvent::StateChanged(state) => {
                self.note(format!("{}: {:?}, {} unsent", self.tills[till].name, state.link, state.unsent));
                let Some(running) = &mut self.tills[till].running else { return Ok(()) };
                if running.as_of > state.feed_as_of {
                    return Err(format!("the feed grew older: {:?} after {:?}", state.feed_as_of, running.as_of));
                }
                running.as_of = state.feed_as_of;
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
                ("hello".to_owned(), Sent::Hello(messages::hello_request("simulated", clock, &runs)))
            }
            Act::Push { after, entries_max, bytes_max } => {
                let entries = running.reader.list_after(after, entries_max, bytes_max).unwrap();
                let what = format!("push {} behind {}", entries.len(), show(&[after]));
                (what, Sent::Push(messages::push_request(&entries), entries))
            }
            Act::Watch { positions } => ("watch".to_owned(), Sent::Watch(messages::watch_request(&positions))),
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
        let answer = if self.central.is_running() {
            let id = self.tills[till].id.clone();
            match sent {
                Sent::Hello(message) => {
                    let response = self.central.hello(&id, message);
                    response.map_err(|s| messages::call_error(&s)).and_then(messages::welcome).map(Answer::Hello)
                }
                Sent::Push(message, entries) => {
                    let response = self.central.push(&id, message);
                    if response.is_ok() {
                        self.model.took(&entries);
                        self.pump_all();
                    }
                    let response = response.map_err(|s| messages::call_error(&s));
                    response.and_then(|r| messages::pushed(r, &entries)).map(Answer::Pushed)
                }
                Sent::Watch(message) => {
                    self.numbers += 1;
                    let stream = self.numbers;
                    self.streams.insert(stream, Stream::open(till, life, call, self.central.life, message));
                    self.schedule(MILLISECOND, Coming::Pump { stream });
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

    // The feed.

    /// Central has changed: whoever follows is told.
    fn pump_all(&mut self) {
        let streams: Vec<u64> = self.streams.keys().copied().collect();
        for stream in streams {
            let in_us = self.dice.between(1, 20) * MILLISECOND;
            self.schedule(in_us, Coming::Pump { stream });
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

    fn pump(&mut self, number: u64) {
        if !self.is_open(number) {
            return;
        }
        let now = instant(BEGINNING_US + self.now_us as i64);
        let Some(stream) = self.streams.get_mut(&number) else { return };
        let id = self.tills[stream.till].id.clone();
        let (frames, more) = stream.pump(&self.central, &id, now);
        for frame in frames {
            self.send_frame(number, frame);
        }
        if more {
            let in_us = self.dice.between(1, 200) * MILLISECOND;
            self.schedule(in_us, Coming::Pump { stream: number });
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
            self.central.start(&mut self.dice);
            self.note("central starts".to_owned());
        }
    }

    fn stop_central(&mut self, down_us: u64) {
        self.central.stop();
        // Some tills see the connection end, for others it is silent.
        for stream in std::mem::take(&mut self.streams).into_values() {
            if self.dice.chance(50) {
                let answer = Answer::Failed(CallError::Unreachable("connection reset".to_owned()));
                let reply = Reply { call: stream.call, answer };
                let (till, life) = (stream.till, stream.till_life);
                self.schedule(MILLISECOND, Coming::Reply { till, life, reply, frame: false });
            }
        }
        self.schedule(down_us, Coming::StartCentral);
    }

    fn fault(&mut self) {
        let next = self.dice.between(1_000, 12_000) * MILLISECOND;
        self.schedule(next, Coming::Fault);
        if self.faults.is_empty() {
            return;
        }
        let till = self.dice.below(self.tills.len() as u64) as usize;
        let name = self.tills[till].name.clone();
        let while_us = self.dice.between(1_000, 25_000) * MILLISECOND;
        match *self.dice.pick(&self.faults) {
            0 => {
                self.note(format!("{name} is cut off for {} ms", while_us / MILLISECOND));
                self.tills[till].cut_until_us = self.now_us + while_us;
            }
            1 => {
                self.note(format!("{name} crashes"));
                self.tills[till].stop();
                self.schedule(while_us, Coming::StartTill { till });
            }
            2 if self.central.is_running() => {
                self.note("central crashes".to_owned());
                self.stop_central(while_us);
            }
            3 | 4 => {
                self.note(format!("{name} is copied"));
                self.tills[till].copy();
            }
            5 if self.tills[till].has_copy() => {
                self.note(format!("{name} is restored from an old copy"));
                self.tills[till].stop();
                self.tills[till].restore();
                self.model.forked(&self.tills[till].id);
                self.schedule(while_us, Coming::StartTill { till });
            }
            6 if self.tills.len() < 5 => self.clone_till(till),
            7 if self.central.is_running() => {
                self.note("central is copied".to_owned());
                let path = self.folder.path().join(format!("central-copy{}.db", self.central_copies.len()));
                self.central.copy_to(&path);
                self.central_copies.push(path);
                self.model.central_copied();
            }
            8 if self.central.is_running() && !self.central_copies.is_empty() => {
                self.note("central is restored from an old copy".to_owned());
                self.stop_central(while_us);
                let newest = self.central_copies.len() - 1;
                self.central.restore_from(&self.central_copies[newest]);
                self.model.central_restored(newest);
            }
            9 => {
                let shift_us = (self.dice.between(0, 2 * 86_400) as i64 - 86_400) * SECOND as i64;
                self.note(format!("{name}: the clock jumps by {} s", shift_us / SECOND as i64));
                self.tills[till].clock_shift_us = shift_us;
            }
            10 => {
                self.note("the connections of every feed die".to_owned());
                for stream in self.streams.values_mut() {
                    stream.silent = true;
                }
            }
            _ => {}
        }
    }

    fn clone_till(&mut self, till: usize) {
        let folder = self.folder.path().join(format!("till{}", self.tills.len()));
        if let Some(clone) = self.tills[till].clone_to(folder) {
            self.note(format!("{} is cloned", self.tills[till].name));
            self.model.forked(&clone.id);
            self.tills.push(clone);
            let till = self.tills.len() - 1;
            self.schedule(SECOND, Coming::StartTill { till });
            self.schedule(2 * SECOND, Coming::Act { till });
        }
    }

    /// Head office and the website: orders and prices.
    fn office(&mut self) {
        let next = self.dice.between(3_000, 25_000) * MILLISECOND;
        self.schedule(next, Coming::Office);
        if !self.central.is_running() {
            return;
        }
        if self.dice.chance(25) {
            let price_minor = self.dice.between(100, 10_000) as i64;
            let product = *self.dice.pick(&PRODUCTS);
            self.note(format!("{product} costs {price_minor}"));
            self.central.set_price(product, price_minor);
        } else {
            self.submit_order();
        }
        self.pump_all();
    }

    fn submit_order(&mut self) {
        let now = instant(BEGINNING_US + self.now_us as i64);
        let line = |product: &str, units: u64| SubmittedLine {
            product: product.into(),
            name: product.to_owned(),
            quantity: Quantity::units(units as i64),
            unit_price: Money::new(1_000, Currency::EUR),
        };
        let lines = (0..self.dice.between(1, 2)).map(|_| line(*self.dice.pick(&PRODUCTS), self.dice.between(1, 3)));
        let order = OrderSubmission {
            channel: "website".into(),
            sender: String::new(),
            buyer: String::new(),
            reference: format!("{}-{}", self.seed, self.numbers),
            content: [0; 32],
            document: Vec::new(),
            fulfilment: Fulfilment::PickUp,
            lines: lines.collect(),
            stores: vec![(*self.dice.pick(&STORES)).into()],
            customer_name: "Karl M.".to_owned(),
            customer_phone: None,
            paid: true,
            ordered_at: now,
            collect_by: None,
        };
        self.note(format!("an order for {:?}", order.stores));
        let seed = self.dice.next();
        self.central.submit_order(order, seed);
    }
}
