//! The world: one clock, one queue of things to come, and what each of them does. What happens at a till, on the network and
//! in the feed stands in files of their own.

mod feed;
mod network;
mod tills;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use till::domain::feed::{FeedBatch, Scope};
use till::domain::ids::{EntryId, JournalMark, ProductId};
use till::sync::engine::{CallId, Reply};
use till::wire::entry::SealedEntry;
use till::wire::till::v1 as proto;

use super::central::Central;
use super::clocks::{Made, Shown};
use super::dice::Dice;
use super::faults::FAULTS;
use super::model::{Counts, Model};
use super::node::Node;
use super::sabotage::Sabotage;
use super::senders::Senders;
use super::shop::{self, BEGINNING_US, TILLS, instant};
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
    /// The next slice of a batch reaches a till's file.
    Slice {
        till: usize,
        life: u64,
    },
    Pump {
        stream: u64,
        scope: Scope,
    },
    Alive {
        stream: u64,
    },
    Fault,
    /// Somebody sets central's clock, so much ahead of the right time.
    CentralClock {
        shift_us: i64,
    },
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
    Push(proto::PushRequest, Vec<SealedEntry>, Made),
    Watch(proto::WatchRequest),
}

pub struct World {
    pub(super) seed: u64,
    pub(super) folder: TempDir,
    pub(super) now_us: u64,
    clock_us: Arc<AtomicI64>,
    /// How far central's clock is ahead, and whether it was ever set.
    pub(super) central_shift_us: i64,
    pub(super) central_was_set: bool,
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
    pub(super) senders: Senders,
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

/// In a third of the worlds stores ask each other first, send at once, and are busy: goods on their way need many steps by
/// many hands. It is told from the seed and throws no dice, so that the other worlds live as they did.
fn is_of_helping_stores(seed: u64) -> bool {
    seed % 6 < 3
}

/// In more than half of the others people count. That is told from the seed as well, and none of the seeds that found something
/// before is one of them.
fn is_of_counting_stores(seed: u64) -> bool {
    !is_of_helping_stores(seed) && matches!(seed % 7, 0 | 1 | 3 | 6)
}

/// From when to when central's clock is how far ahead: hours, which these worlds do not see the end of, or as far behind. In some of
/// the worlds where people count, told from the seed by dice of its own.
fn find_wrong_central_clock(seed: u64) -> Option<(u64, u64, i64)> {
    let mut dice = Dice::new(!seed);
    let from_us = dice.between(10, 50) * SECOND;
    let until_us = from_us + dice.between(3, 30) * SECOND;
    let shift_us = dice.between(3_600, 20_000) as i64 * SECOND as i64;
    let is_wrong = is_of_counting_stores(seed) && dice.chance(50);
    is_wrong.then(|| (from_us, until_us, if dice.chance(75) { shift_us } else { -shift_us }))
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
        let mut tills: Vec<Node> = tills.collect();
        let helps = is_of_helping_stores(seed);
        let counts = is_of_counting_stores(seed);
        tills.iter_mut().for_each(|till| (till.helps, till.counts) = (helps, counts));
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
            central_shift_us: 0,
            central_was_set: false,
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
            senders: Senders::default(),
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
        if let Some((from_us, until_us, shift_us)) = find_wrong_central_clock(self.seed) {
            self.schedule(from_us, Coming::CentralClock { shift_us });
            self.schedule(until_us, Coming::CentralClock { shift_us: 0 });
        }
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
        self.clock_us.store(self.shown().central.timestamp_micros(), Ordering::Relaxed);
        match coming {
            Coming::Act { till } => {
                if self.tills[till].counts {
                    self.tills[till].asked_to_count = self.find_to_count_elsewhere(till);
                }
                let what = self.tills[till].act(self.now_us, &mut self.dice);
                self.note(format!("{}: {what}", self.tills[till].name));
                if let Some(transfer) = self.tills[till].taken_in().filter(|_| what == "closes a transfer") {
                    self.take_in_twice(till, transfer)?;
                }
                let (soonest, latest) = if self.tills[till].helps { (800, 4_000) } else { (2_000, 16_000) };
                let next = self.dice.between(soonest, latest) * MILLISECOND;
                self.schedule(next, Coming::Act { till });
                self.drive(till)?;
            }
            Coming::Wake { till, life } => self.wake(till, life)?,
            Coming::Request { till, life, call, sent } => self.arrive(till, life, call, sent),
            Coming::Reply { till, life, reply, frame } => self.hear(till, life, reply, frame)?,
            Coming::Apply { till, life, batch } => self.apply(till, life, &batch)?,
            Coming::Slice { till, life } => self.take_slice(till, life)?,
            Coming::Pump { stream, scope } => self.pump(stream, scope),
            Coming::Alive { stream } => self.say_alive(stream),
            Coming::Fault => self.fault(),
            Coming::CentralClock { shift_us } => self.set_central_clock(shift_us),
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

    /// A moment later nothing is left to show it but what central has kept.
    fn set_central_clock(&mut self, shift_us: i64) {
        self.note(format!("central's clock is {} s ahead", shift_us / SECOND as i64));
        let is_back = shift_us < self.central_shift_us;
        (self.central_shift_us, self.central_was_set) = (shift_us, true);
        self.clock_us.store(self.shown().central.timestamp_micros(), Ordering::Relaxed);
        if is_back {
            self.model.central_clock_set_back(self.shown());
        }
        // What tills take it for is late by as much as they hear of it.
        self.tills.iter_mut().for_each(|till| till.knows_central_clock = false);
    }

    /// Now, and what central's clock shows.
    pub(super) fn shown(&self) -> Shown {
        let world_us = BEGINNING_US + self.now_us as i64;
        Shown { world: instant(world_us), central: instant(world_us + self.central_shift_us) }
    }

    /// Whoever stands at another till of the store presses "has come" of the same goods; central may hear of one of the two
    /// much later, and of either first.
    fn take_in_twice(&mut self, till: usize, transfer: EntryId) -> Result<(), String> {
        let store = self.tills[till].id.store.clone();
        for other in (0..self.tills.len()).filter(|other| *other != till) {
            if self.tills[other].id.store == store && self.tills[other].take_in_too(self.now_us, transfer) {
                self.note(format!("{}: takes the same goods in", self.tills[other].name));
                if self.tills[other].helps && self.dice.chance(50) {
                    let cut_off = *self.dice.pick(&[till, other]);
                    let until_us = self.now_us + self.dice.between(1, 30) * SECOND;
                    self.tills[cut_off].cut_until_us = until_us.max(self.tills[cut_off].cut_until_us);
                    self.note(format!("{} is cut off", self.tills[cut_off].name));
                }
                self.drive(other)?;
            }
        }
        Ok(())
    }

    /// What is to be counted by another till of the store.
    fn find_to_count_elsewhere(&self, till: usize) -> Option<ProductId> {
        let store = &self.tills[till].id.store;
        let others =
            self.tills.iter().enumerate().filter(|(number, other)| *number != till && other.id.store == *store);
        others.flat_map(|(_, other)| other.list_to_count()).map(|row| row.product).next()
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

    pub(super) fn is_broken(&self, sabotage: Sabotage) -> bool {
        self.sabotage == Some(sabotage)
    }

    fn is_life(&self, till: usize, life: u64) -> bool {
        self.tills[till].running.as_ref().is_some_and(|r| r.life == life)
    }

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
