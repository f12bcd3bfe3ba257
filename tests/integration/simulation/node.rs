//! A till as the simulation runs it: the real file on the world's disk, the real register, the real engine of sync.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use till::database::{Database, DatabaseErrorKind, JournalReader, RunStart};
use till::domain::Timestamp;
use till::domain::event::{self, Entry, Event};
use till::domain::feed::{Change, FeedBatch, Scope, SyncEvent};
use till::domain::ids::{EntryId, JournalMark, ProductId, RunId, TillId};
use till::domain::quantity::Quantity;
use till::register::environment::{Clock, Environment, Random};
use till::register::{Effect, Intent, Register, RegisterSetup, Snapshot};
use till::sync::engine::{Engine, Limits, Now, Reply};
use till::sync::inbox::SCOPES;
use till::wire::open_entry;

use super::clocks::WrittenAt;
use super::dice::Dice;
use super::disk::Disk;
use super::shop::{self, PRODUCTS, instant};

pub struct Node {
    pub id: TillId,
    /// `S001/T02`, or `S001/T02 clone`.
    pub name: String,
    folder: PathBuf,
    pub disk: Disk,
    clock_us: Arc<AtomicI64>,
    /// How wrong its clock is, and was when the register saw it last.
    pub clock_shift_us: i64,
    shift_seen_us: i64,
    /// The register was told how far its clock is off.
    pub knows_central_clock: bool,
    /// Nothing reaches it or leaves it until then.
    pub cut_until_us: u64,
    /// Its people ask other stores first, and send and take in at once.
    pub helps: bool,
    /// Its people count shelves and drawers.
    pub counts: bool,
    /// What a colleague at another till of the store would have them count.
    pub asked_to_count: Option<ProductId>,
    pub running: Option<Running>,
    /// What the model knows of its file.
    pub book: Book,
    copies: Vec<(PathBuf, Book)>,
    copies_made: usize,
    /// A rule that its last act or start broke.
    pub broken: Option<String>,
}

pub struct Running {
    pub register: Register,
    pub reader: JournalReader,
    pub engine: Engine,
    pub life: u64,
    began_us: u64,
    run: RunId,
    pub wake_us: Option<u64>,
    /// Frames that arrived while there was no room.
    pub frames: VecDeque<Reply>,
    pub as_of: Option<Timestamp>,
    /// Since the engine was told how the file stands.
    pub file_changed: bool,
    /// The register could not write what central said.
    pub refused_a_batch: bool,
    /// When the register will have applied everything it was told.
    pub applies_us: u64,
}

/// The model of a till's file: what it said it has written, and every state of what central said.
#[derive(Clone)]
pub struct Book {
    pub written: Vec<Written>,
    /// What it heard of its store, oldest first; the last one counts.
    heard: Vec<Heard>,
    /// Of those, how many a power cut cannot take back.
    heard_for_good: usize,
    /// What batches bring that are not in the file, or only in part: of a product the file knows that or the last it heard.
    coming: Vec<Heard>,
}

#[derive(Clone, Default)]
struct Heard {
    cursor: u64,
    figures: BTreeMap<ProductId, Quantity>,
    contained: BTreeMap<[u8; 16], u64>,
}

/// What a file says it has heard.
struct Stands {
    cursor: u64,
    contained: BTreeMap<[u8; 16], u64>,
}

impl Stands {
    fn is(&self, heard: &Heard) -> bool {
        let named: BTreeMap<_, _> = heard.contained.iter().filter(|(_, s)| **s > 0).map(|(r, s)| (*r, *s)).collect();
        heard.cursor == self.cursor && named == self.contained
    }
}

#[derive(Clone)]
pub struct Written {
    pub id: EntryId,
    pub mark: JournalMark,
    pub event: Event,
    pub movements: Vec<(ProductId, Quantity)>,
    /// By the till's clock.
    recorded_at: Timestamp,
    /// In the world's time.
    pub at: WrittenAt,
    /// The till knew central's clock then.
    knew_central_clock: bool,
}

/// What is to be counted at a till, by its file.
pub struct ToCount {
    pub product: ProductId,
    /// Why it is to be counted happened then, in central's time, as the till reckoned.
    pub happened_at: Timestamp,
    /// The same in truth, where the till knew central's clock then.
    pub truly_at: Option<Timestamp>,
}

impl Default for Book {
    fn default() -> Self {
        Self { written: Vec::new(), heard: vec![Heard::default()], heard_for_good: 1, coming: Vec::new() }
    }
}

impl Book {
    /// By a clock that is so wrong.
    fn note(&mut self, entry: &Entry, shift_us: i64, knew_central_clock: bool) {
        let movements = event::movements(entry).into_iter().map(|m| (m.product, m.quantity)).collect();
        let wrong_by = TimeDelta::microseconds(shift_us);
        self.written.push(Written {
            id: entry.id,
            mark: entry.mark,
            event: entry.event.clone(),
            movements,
            recorded_at: entry.recorded_at,
            at: WrittenAt { at: entry.recorded_at - wrong_by, wrong_by },
            knew_central_clock,
        });
    }

    /// What was written under an identity.
    pub fn find_written(&self, id: EntryId) -> Option<&Written> {
        self.written.iter().rev().find(|written| written.id == id)
    }

    fn is_told(&mut self, batch: &FeedBatch) {
        let mut heard = self.heard.last().cloned().unwrap_or_default();
        if batch.snapshot {
            heard.figures.clear();
        }
        for change in &batch.changes {
            if let Change::Stock(figure) = change {
                heard.figures.insert(figure.product.clone(), figure.on_hand);
            }
        }
        // A run central does not name is one it has nothing of.
        heard.contained = batch.contains.iter().map(|m| (*m.run.as_bytes(), m.sequence)).collect();
        heard.cursor = batch.cursor;
        self.coming.push(heard);
    }

    /// Whole in the file is what its cursor and marks say.
    fn hear(&mut self, stands: &Stands) {
        if let Some(place) = self.coming.iter().rposition(|heard| stands.is(heard)) {
            self.heard.push(self.coming.swap_remove(place));
            self.coming.clear();
        }
    }

    /// What a product's level may be: only while a batch is on its way into the file there are two answers.
    fn list_on_hand(&self, product: &ProductId) -> Vec<Quantity> {
        self.heard.last().into_iter().chain(&self.coming).map(|heard| self.on_hand(product, heard)).collect()
    }

    /// Central's figure, and the own movements it does not contain.
    fn on_hand(&self, product: &ProductId, heard: &Heard) -> Quantity {
        let beyond = |w: &&Written| w.mark.sequence > heard.contained.get(w.mark.run.as_bytes()).copied().unwrap_or(0);
        let own = self.written.iter().filter(beyond).flat_map(|w| &w.movements);
        let own: Quantity = own.filter(|(p, _)| p == product).map(|(_, quantity)| *quantity).sum();
        heard.figures.get(product).copied().unwrap_or_default() + own
    }
}

/// The world's clock, as wrong as this till has it.
struct TillClock(Arc<AtomicI64>);

impl Clock for TillClock {
    fn now(&self) -> Timestamp {
        instant(self.0.load(Ordering::Relaxed))
    }
}

struct TillRandom(Dice);

impl Random for TillRandom {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.0.next().to_be_bytes()[..chunk.len()]);
        }
    }
}

impl Running {
    pub fn now(&self, now_us: u64, clock_shift_us: i64) -> Now {
        let elapsed = Duration::from_micros(now_us - self.began_us);
        Now { elapsed, clock: instant(shop::BEGINNING_US + now_us as i64 + clock_shift_us) }
    }

    /// In the world's time.
    pub fn timeout_us(&self) -> Option<u64> {
        self.engine.poll_timeout().map(|elapsed| self.began_us + elapsed.as_nanos().div_ceil(1_000) as u64)
    }

    /// Tells the engine how the file stands, as the driver does.
    pub fn look(&mut self) {
        let tail = |r: till::database::RunSummary| JournalMark { run: r.run, sequence: r.last_sequence };
        self.engine.handle_journal(self.reader.list_runs().unwrap().into_iter().map(tail).collect());
        for scope in SCOPES {
            let cursor = self.reader.view().find_cursor(scope).unwrap().unwrap_or(0);
            self.engine.handle_applied(scope, cursor);
        }
    }
}

impl Node {
    pub fn new(id: TillId, name: String, folder: PathBuf) -> Self {
        fs::create_dir_all(folder.join("copies")).unwrap();
        Self {
            id,
            name,
            disk: Disk::watch(&folder),
            folder,
            clock_us: Arc::new(AtomicI64::new(shop::BEGINNING_US)),
            clock_shift_us: 0,
            shift_seen_us: 0,
            knows_central_clock: false,
            cut_until_us: 0,
            helps: false,
            counts: false,
            asked_to_count: None,
            running: None,
            book: Book::default(),
            copies: Vec::new(),
            copies_made: 0,
            broken: None,
        }
    }

    pub fn file(&self) -> PathBuf {
        self.folder.join("till.db")
    }

    pub fn clock(&self, now_us: u64) -> Timestamp {
        instant(shop::BEGINNING_US + now_us as i64 + self.clock_shift_us)
    }

    pub fn turn_clock(&mut self, now_us: u64) {
        self.shift_seen_us = self.clock_shift_us;
        self.clock_us.store(shop::BEGINNING_US + now_us as i64 + self.clock_shift_us, Ordering::Relaxed);
    }

    /// Starts the till; answers whether it could: a disk may be full, or its power go, in the middle of it.
    pub fn start(&mut self, life: u64, now_us: u64, dice: &mut Dice) -> bool {
        // Of what was being written when the power went nobody has been told yet.
        let shift_before_us = self.shift_seen_us;
        self.turn_clock(now_us);
        self.knows_central_clock = false;
        let at = self.clock(now_us);
        let run = RunId(dice.uuid());
        let start = RunStart {
            till: self.id.clone(),
            run,
            key: shop::key(&self.id),
            entry: EntryId(dice.uuid()),
            at,
            business_day: at.date_naive(),
            version: "simulated".to_owned(),
        };
        let clock = Arc::new(TillClock(Arc::clone(&self.clock_us)));
        let environment = Environment { clock, random: Box::new(TillRandom(Dice::new(dice.next()))) };
        let (settings, till) = (shop::settings(self.id.store.as_str()), self.id.clone());
        let mut damaged = false;
        let opened = Database::open(&self.file(), at).and_then(|mut database| {
            damaged = database.set_aside().is_some();
            database.start_run(start)?;
            let setup = RegisterSetup {
                till,
                settings: Some(settings),
                devices: Vec::new(),
                set_aside: None,
                figures_at_once: 1,
            };
            Register::start(database, environment, setup)
        });
        if damaged {
            self.broken = Some(format!("{}: the file is damaged", self.name));
            return false;
        }
        let register = match opened {
            Ok(register) => register,
            Err(error) if self.disk.is_off() || self.disk.is_full() => {
                let full = error.kind == DatabaseErrorKind::Full;
                assert!(self.disk.is_off() || full, "{}: a full disk is called {error}", self.name);
                return false;
            }
            Err(error) => panic!("{}: {error}: {:?}", self.name, error.source),
        };
        let reader = JournalReader::open(&self.file()).unwrap();
        let limits = Limits { entries_max: 5, ..Limits::default() };
        let mut engine = Engine::new(limits, dice.next());
        engine.handle_kept_marks(&reader.list_acknowledged().unwrap());
        self.running = Some(Running {
            register,
            reader,
            engine,
            life,
            began_us: now_us,
            run,
            wake_us: None,
            frames: VecDeque::new(),
            as_of: None,
            file_changed: true,
            refused_a_batch: false,
            applies_us: 0,
        });
        self.broken = self.compare_with_book(shift_before_us).err();
        true
    }

    /// After a start, whatever went before it: everything the till said it had written is there, in order; of what central
    /// said there is a whole state that was heard, and none older than the last that was on disk.
    fn compare_with_book(&mut self, shift_before_us: i64) -> Result<(), String> {
        let Some(running) = &self.running else { return Ok(()) };
        let mut found = Vec::new();
        for summary in running.reader.list_runs().unwrap() {
            let before = JournalMark { run: summary.run, sequence: 0 };
            found.extend(running.reader.list_after(before, usize::MAX, usize::MAX).unwrap());
        }
        let known = self.book.written.iter().map(|w| w.id);
        let kept = found.iter().map(|sealed| sealed.header.entry);
        if let Some(lost) = known.zip(kept.map(Some).chain(std::iter::repeat(None))).find(|(a, b)| Some(*a) != *b) {
            return Err(format!("{}: entry {} was written, and is gone after the start", self.name, lost.0));
        }
        for sealed in &found[self.book.written.len()..] {
            let is_own = sealed.header.mark.run == running.run;
            let shift_us = if is_own { self.shift_seen_us } else { shift_before_us };
            self.book.note(&open_entry(sealed).unwrap(), shift_us, false);
        }
        let stands = self.stands();
        self.book.hear(&stands);
        let Some(place) = self.book.heard.iter().rposition(|h| stands.is(h)) else {
            return Err(format!("{}: the file stands at {} with marks no batch brought", self.name, stands.cursor));
        };
        if place + 1 < self.book.heard_for_good {
            return Err(format!("{}: a batch that was on disk is gone after the start", self.name));
        }
        self.book.heard.truncate(place + 1);
        // The start's own entry was waited for.
        self.book.heard_for_good = self.book.heard.len();
        PRODUCTS.iter().try_for_each(|product| self.check_level(&ProductId::new(product)))
    }

    /// How far the file has followed its store's feed.
    fn stands(&self) -> Stands {
        let file = rusqlite::Connection::open(self.file()).unwrap();
        let reader = self.running.as_ref().map(|running| &running.reader);
        let cursor = reader.and_then(|reader| reader.view().find_cursor(Scope::Store).unwrap()).unwrap_or(0);
        let mut marks = file.prepare("SELECT run, sequence FROM contained WHERE sequence > 0").unwrap();
        let marks = marks.query_map((), |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64))).unwrap();
        Stands { cursor, contained: marks.collect::<Result<_, _>>().unwrap() }
    }

    /// Everything in memory is gone. The world's disk says what that does to the files.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// The program is killed: what it had written is the system's to keep.
    pub fn kill(&mut self) {
        self.disk.switch_off();
        self.stop();
        self.disk.switch_on();
    }

    /// The power is cut: what was not synced is there or gone.
    pub fn cut_power(&mut self, dice: &mut Dice) {
        self.disk.switch_off();
        self.stop();
        self.disk.lose_unsynced(dice);
        self.disk.switch_on();
    }

    pub fn copy(&mut self) {
        if self.running.is_none() {
            return;
        }
        let path = self.folder.join("copies").join(format!("{}.db", self.copies_made));
        self.copies_made += 1;
        till::database::copy_file(&self.file(), &path).unwrap();
        self.copies.push((path, self.book.clone()));
    }

    pub fn has_copy(&self) -> bool {
        !self.copies.is_empty()
    }

    /// The newest copy takes the file's place; what was written since is gone. The till must be down.
    pub fn restore(&mut self) -> bool {
        let Some((path, book)) = self.copies.pop() else { return false };
        for suffix in ["", "-wal", "-shm"] {
            let file = self.folder.join(format!("till.db{suffix}"));
            if file.exists() {
                fs::remove_file(file).unwrap();
            }
        }
        fs::copy(path, self.file()).unwrap();
        self.disk.forget_writes();
        self.book = book;
        true
    }

    /// A second machine with the newest copy: the same till twice.
    pub fn clone_to(&self, folder: PathBuf) -> Option<Self> {
        let (path, book) = self.copies.last()?;
        let mut clone = Self::new(self.id.clone(), format!("{} clone", self.name), folder);
        fs::copy(path, clone.file()).unwrap();
        clone.book = book.clone();
        (clone.helps, clone.counts) = (self.helps, self.counts);
        Some(clone)
    }

    /// Something happens at the till, and everything it then says it has written is noted: from there it must never be lost.
    pub fn handle(&mut self, intent: Intent) {
        let Some(running) = &mut self.running else { return };
        let effects = running.register.handle(intent);
        running.file_changed = true;
        running.refused_a_batch |= effects.contains(&Effect::FeedNotApplied);
        // Of what was being written when the power went nobody was told anything.
        if self.disk.is_off() {
            return;
        }
        // A file that knew of fewer receipts than central goes on in a run of its own.
        running.run = running.reader.list_runs().unwrap().last().map_or(running.run, |last| last.run);
        let noted = self.book.written.iter().rev().find(|w| w.mark.run == running.run).map_or(0, |w| w.mark.sequence);
        let after = JournalMark { run: running.run, sequence: noted };
        let new = running.reader.list_after(after, usize::MAX, usize::MAX).unwrap();
        for sealed in &new {
            self.book.note(&open_entry(sealed).unwrap(), self.shift_seen_us, self.knows_central_clock);
        }
        if !new.is_empty() {
            // An entry is waited for, and with it everything before it.
            self.book.heard_for_good = self.book.heard.len();
        }
    }

    pub fn snapshot(&mut self) -> Option<Snapshot> {
        self.running.as_mut().map(|running| running.register.snapshot())
    }

    /// Central's word goes to the register. What of it reached the file is seen in the file.
    pub fn apply(&mut self, batch: &FeedBatch) {
        if batch.scope == Scope::Store {
            self.book.is_told(batch);
        }
        self.handle(Intent::Sync(SyncEvent::Feed(Box::new(batch.clone()))));
        self.look_what_is_heard(batch.scope);
    }

    /// Is anything of central's word not in the file yet?
    pub fn has_news(&self) -> bool {
        self.running.as_ref().is_some_and(|running| running.register.has_news())
    }

    /// The register goes on with it.
    pub fn take_news(&mut self) {
        let Some(running) = &mut self.running else { return };
        running.register.take_news();
        let effects = running.register.take_effects();
        running.file_changed = true;
        running.refused_a_batch |= effects.contains(&Effect::FeedNotApplied);
        self.look_what_is_heard(Scope::Store);
    }

    fn look_what_is_heard(&mut self, scope: Scope) {
        // When the power went in the middle of it, the start finds out.
        if self.disk.is_off() {
            return;
        }
        self.book.hear(&self.stands());
        // A full disk may have refused it.
        let told = scope == Scope::Store && !self.has_news() && !self.disk.is_full();
        if told && !self.book.coming.is_empty() {
            self.broken = Some(format!("{}: a batch has come and is not in the file", self.name));
        }
    }

    /// What is to be counted here.
    pub fn list_to_count(&self) -> Vec<ToCount> {
        let file = rusqlite::Connection::open(self.file()).unwrap();
        let mut rows = file.prepare("SELECT product, last_at, COALESCE(happened_at, last_at) FROM count_list").unwrap();
        let rows = rows.query_map((), |row| {
            let recorded_at = instant(row.get(1)?);
            let written = self.book.written.iter().rev().find(|written| written.recorded_at == recorded_at);
            Ok(ToCount {
                product: ProductId::new(row.get::<_, String>(0)?),
                happened_at: instant(row.get(2)?),
                truly_at: written.filter(|written| written.knew_central_clock).map(|written| written.at.at),
            })
        });
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// What the till shows must be central's figure and what central's figure does not contain.
    pub fn check_level(&self, product: &ProductId) -> Result<(), String> {
        let Some(running) = &self.running else { return Ok(()) };
        if self.disk.is_off() {
            return Ok(());
        }
        let shown = running.reader.view().stock_level(product).unwrap().on_hand;
        let expected = self.book.list_on_hand(product);
        if !expected.contains(&shown) {
            return Err(format!("{} shows {shown} {product} and should show one of {expected:?}", self.name));
        }
        Ok(())
    }
}
