//! A shop on one table: the real register on a real file, a clock turned by hand, randomness from a seed, and beside it
//! the scanner, the printer and head office as far as the register can tell.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use ed25519_dalek::SigningKey;
use tempfile::TempDir;
use till::database::{Database, JournalReader, PrintCause, RunStart, SpooledJob};
use till::domain::Timestamp;
use till::domain::device::{
    DeviceEvent, DrawerPosition, Health, HealthReason, HealthState, PrintCommand, PrintJobState, ScanSignal, Tone,
};
use till::domain::event::Entry;
use till::domain::feed::{Link, SyncEvent, SyncState};
use till::domain::ids::{DeviceId, EntryId, PrintJobId, RunId, TillId};
use till::domain::product::{Barcode, Product};
use till::domain::receipt::{Block, Document, DrawerKick};
use till::domain::settings::StoreSettings;
use till::gui::keys::Stroke;
use till::gui::window::Window;
use till::register::environment::{Clock, Environment};
use till::register::intent::{PortChoice, PortFault};
use till::register::snapshot::{DeviceView, PortDevice, PortView, PortsView, Snapshot};
use till::register::{DRAWER, Effect, Intent, PRINTER, Register, RegisterSetup, SCANNER};

use super::head_office::HeadOffice;
use super::seeded::SeededRandom;
use super::{settings, window};

/// The shop's clock, turned by hand.
pub struct HandClock(AtomicI64);

/// Tuesday, 24 November 2026, ten in the morning in the shop.
const OPENING_HOUR: i64 = 1_795_507_200;

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_timestamp_millis(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

/// A document that came out of the printer, whole or torn.
#[derive(Clone, Debug)]
pub struct Paper {
    pub cause: PrintCause,
    pub text: String,
    pub whole: bool,
}

/// What happens to the printer in the middle of its next document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accident {
    /// The paper ends: the printer keeps the rest.
    PaperOut,
    /// The cable is pulled: the rest is lost.
    Lost,
    /// The cable has been out for a moment, and nobody knows until something is asked of the printer.
    LostBefore,
}

/// What one statement set off outside.
#[derive(Default)]
pub struct Seen {
    pub tones: Vec<Tone>,
    pub beeps: Vec<ScanSignal>,
    pub drawer_opened: u32,
    /// The device, port and profile that were to be written into the settings.
    pub configured: Option<String>,
    pub papers: Vec<Paper>,
    pub entries: Vec<Entry>,
}

/// The shop.
pub struct Shop {
    _folder: TempDir,
    path: PathBuf,
    key: SigningKey,
    clock: Arc<HandClock>,
    pub random: SeededRandom,
    register: Option<Register>,
    journal: Option<JournalReader>,
    pub office: HeadOffice,
    pub network_up: bool,
    pub settings: StoreSettings,
    pub catalogue: BTreeMap<String, (Product, Vec<Barcode>)>,
    printer: HealthState,
    accident: Option<Accident>,
    /// It opens the drawer only while it can print.
    opens_behind_paper: bool,
    /// Half on paper; the printer keeps the rest.
    held: Option<(PrintJobId, Document)>,
    /// Sent behind it: the till's side of the line keeps them.
    sent: VecDeque<(PrintJobId, Document)>,
    pub all_papers: Vec<Paper>,
    pub seen: Seen,
    entries_seen: usize,
    room_pages: Option<u32>,
    read_only: bool,
    /// Where the damaged file lies, for the next start.
    set_aside: Option<String>,
    /// Open from the first key that is struck.
    window: Option<Window>,
}

impl Shop {
    /// An empty shop whose till has just been switched on. Everything random in it follows from `seed`.
    pub fn open(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("till.sqlite");
        let mut shop = Self {
            path,
            _folder: folder,
            key: SigningKey::from_bytes(&[7; 32]),
            clock: Arc::new(HandClock(AtomicI64::new(OPENING_HOUR * 1000))),
            random: SeededRandom::new(seed),
            register: None,
            journal: None,
            office: HeadOffice::default(),
            network_up: true,
            settings: settings::unconfigured(),
            catalogue: BTreeMap::new(),
            printer: HealthState::Ready,
            accident: None,
            opens_behind_paper: false,
            held: None,
            sent: VecDeque::new(),
            all_papers: Vec::new(),
            seen: Seen::default(),
            entries_seen: 0,
            room_pages: None,
            read_only: false,
            set_aside: None,
            window: None,
        };
        shop.start();
        shop
    }

    /// Power is cut and comes back: nothing is said to the till before.
    pub fn restart(&mut self) {
        self.sent.clear();
        if let Some((job, document)) = self.held.take() {
            // The printer was not switched off: what it keeps comes out one day, and nobody is told.
            self.come_out(job, &document, true);
        }
        self.register = None;
        self.journal = None;
        self.window = None;
        self.start();
    }

    /// The start found the file damaged, and says so.
    pub fn restart_after_damage(&mut self) {
        self.set_aside = Some(self.path.display().to_string());
        self.restart();
    }

    /// The start finds settings in the file that this program cannot read.
    pub fn restart_with_settings_unreadable(&mut self) {
        let outside = rusqlite::Connection::open(&self.path).unwrap();
        outside.execute("UPDATE settings SET record = x'FFFF'", ()).unwrap();
        drop(outside);
        self.restart();
    }

    /// The file has never heard what store it is in.
    pub fn restart_without_settings(&mut self) {
        let outside = rusqlite::Connection::open(&self.path).unwrap();
        outside.execute_batch("DELETE FROM settings; DELETE FROM settings_read;").unwrap();
        drop(outside);
        self.restart();
    }

    /// A product in the file cannot be read, as after a damage to the disk; or can again.
    pub fn set_readable(&self, product: &str, is_readable: bool) {
        let outside = rusqlite::Connection::open(&self.path).unwrap();
        outside.pragma_update(None, "ignore_check_constraints", true).unwrap();
        let kind = if is_readable { "fixed" } else { "of no kind" };
        outside.execute("UPDATE product SET price_kind = ?1 WHERE product = ?2", [kind, product]).unwrap();
    }

    /// Support copies the till's file.
    pub fn copy_file(&mut self) {
        let copy = self.copy_path();
        if copy.exists() {
            std::fs::remove_file(&copy).unwrap();
        }
        till::database::copy_file(&self.path, &copy).unwrap();
    }

    /// The till is switched off, its file alone is put back from the copy, and it is switched on again.
    pub fn restart_from_copy(&mut self) -> Result<(), String> {
        let copy = self.copy_path();
        if !copy.exists() {
            return Err("nobody has copied the file".to_owned());
        }
        (self.register, self.journal, self.window) = (None, None, None);
        for suffix in ["-wal", "-shm"] {
            let mut name = self.path.clone().into_os_string();
            name.push(suffix);
            if let Err(error) = std::fs::remove_file(&name) {
                assert_eq!(error.kind(), std::io::ErrorKind::NotFound, "{error}");
            }
        }
        std::fs::copy(&copy, &self.path).unwrap();
        self.start();
        // Of what is in the journal now only the start is new.
        self.entries_seen = self.list_entries().len().saturating_sub(1);
        Ok(())
    }

    fn copy_path(&self) -> PathBuf {
        self.path.with_extension("copy")
    }

    /// The same, on a disk with room for so many pages from now on; `None` for room enough.
    pub fn restart_with_room(&mut self, pages: Option<u32>) {
        self.room_pages = pages;
        self.restart();
    }

    /// The same, and the disk takes nothing any more once the till has come up; `false` ends it.
    pub fn restart_read_only(&mut self, read_only: bool) {
        self.read_only = read_only;
        self.restart();
    }

    fn start(&mut self) {
        let now = self.now();
        let mut database = Database::open(&self.path, now).unwrap();
        let run = RunStart {
            till: till(),
            run: RunId(self.random.uuid()),
            key: self.key.clone(),
            entry: EntryId(self.random.uuid()),
            at: now,
            business_day: self.local(now).date(),
            version: "scenarios".to_owned(),
        };
        database.start_run(run).unwrap();
        database.limit_growth(self.room_pages).unwrap();
        database.refuse_writes(self.read_only).unwrap();
        let environment = Environment { clock: self.clock.clone(), random: Box::new(self.random.clone()) };
        let health = |state| Health { state, since: now };
        let device = |id: &str, state| DeviceView {
            id: DeviceId::from(id),
            model: "simulated".to_owned(),
            port: "table".to_owned(),
            health: health(state),
            proof: "twin".to_owned(),
        };
        let opening = [PRINTER, DRAWER].map(|id| device(id, HealthState::Opening));
        let devices = [device(SCANNER, HealthState::Ready)].into_iter().chain(opening).collect();
        let setup = RegisterSetup {
            till: till(),
            settings: None,
            devices,
            set_aside: self.set_aside.take(),
            // As many slices as there can be.
            figures_at_once: 1,
        };
        self.register = Some(Register::start(database, environment, setup).unwrap());
        self.journal = Some(JournalReader::open(&self.path).unwrap());
        self.tell_printer_health();
        self.tell_link();
        self.exchange();
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The shop's wall clock.
    pub fn local(&self, at: Timestamp) -> chrono::NaiveDateTime {
        self.settings.time_zone.local(at)
    }

    /// The moment the shop's wall clock says this.
    pub fn moment(&self, local: chrono::NaiveDateTime) -> Timestamp {
        self.settings.time_zone.moment(local)
    }

    pub fn turn_clock(&mut self, by: TimeDelta) {
        self.clock.0.fetch_add(by.num_milliseconds(), Ordering::Relaxed);
        let due = self.register.as_ref().and_then(Register::next_deadline);
        if due.is_none_or(|due| due <= self.now()) {
            self.send(Intent::TimePassed);
        }
    }

    pub fn snapshot(&mut self) -> Snapshot {
        self.register.as_mut().unwrap().snapshot()
    }

    /// A look into the till's file.
    pub fn journal(&self) -> &JournalReader {
        self.journal.as_ref().unwrap()
    }

    /// Something happens; everything that follows from it, at the devices and at head office, has happened too when this
    /// returns.
    pub fn send(&mut self, intent: Intent) {
        self.dispatch(intent);
        self.exchange();
    }

    /// A key is struck in the window; what the window tells the register has happened when this returns.
    pub fn strike(&mut self, stroke: &Stroke) {
        let mut window = self.window.take().unwrap_or_else(|| window::open(self));
        window.set_now(self.now());
        let told = window.strike(stroke);
        self.window = Some(window).filter(|_| told.leave.is_none());
        for intent in told.intents {
            self.send(intent);
        }
    }

    /// The words that stand in the window now.
    pub fn read_window(&mut self) -> Result<Vec<String>, String> {
        let now = self.now();
        let window = self.window.as_mut().ok_or("no key was struck yet: the window is not open")?;
        window.set_now(now);
        window::read(window)
    }

    fn dispatch(&mut self, intent: Intent) {
        let mut queue = VecDeque::from([intent]);
        while let Some(intent) = queue.pop_front() {
            let register = self.register.as_mut().unwrap();
            let mut effects = register.handle(intent);
            while register.has_news() {
                register.take_news();
                effects.extend(register.take_effects());
            }
            if let Some(mut window) = self.window.take() {
                let told = window.show(Arc::new(self.snapshot()));
                self.window = Some(window).filter(|_| told.leave.is_none());
                queue.extend(told.intents);
            }
            for effect in effects {
                let told = self.perform(effect);
                queue.extend(told);
            }
        }
    }

    fn perform(&mut self, effect: Effect) -> Vec<Intent> {
        let said = |events: Vec<DeviceEvent>| events.into_iter().map(Intent::Device).collect();
        match effect {
            Effect::ListPorts(device) => return vec![Intent::PortsFound(ports_at_the_counter(device))],
            Effect::Configure(choice) => {
                self.seen.configured = Some(format!("{} {} {}", choice.device.word(), choice.port, choice.profile));
                return vec![self.keep(&choice)];
            }
            Effect::Tone(tone) => self.seen.tones.push(tone),
            Effect::Signal { signal, .. } => self.seen.beeps.push(signal),
            Effect::WakeSync | Effect::FeedNotApplied => {}
            Effect::Print(PrintCommand::OpenDrawer) => return said(self.open_drawer()),
            Effect::Print(PrintCommand::Print { job, document }) => return said(self.print(job, *document)),
            Effect::Print(PrintCommand::Cancel(job)) => {
                self.sent.retain(|(sent, _)| *sent != job);
            }
            Effect::Print(PrintCommand::SelfTest) => {}
        }
        Vec::new()
    }

    /// The settings can be written anywhere but where they lie on a disk that takes nothing.
    fn keep(&self, choice: &PortChoice) -> Intent {
        match choice.port.as_str() {
            "/dev/refused" => Intent::PortRefused(PortFault::NotKept { told: "read-only".to_owned() }),
            _ => Intent::PortKept(choice.clone()),
        }
    }

    /// The drawer springs open, where its printer is; the cashier shuts it before the next thing happens.
    fn open_drawer(&mut self) -> Vec<DeviceEvent> {
        if self.accident.take_if(|accident| *accident == Accident::LostBefore).is_some() {
            self.printer = HealthState::Gone;
            return vec![DeviceEvent::DrawerStaysShut, self.health_event()];
        }
        let stays_shut = match self.printer {
            HealthState::Gone | HealthState::Offline(_) => true,
            HealthState::Held(_) => self.opens_behind_paper,
            _ => false,
        };
        if stays_shut {
            return vec![DeviceEvent::DrawerStaysShut];
        }
        self.seen.drawer_opened += 1;
        vec![
            DeviceEvent::DrawerChanged { position: DrawerPosition::Open, kicked: true },
            DeviceEvent::DrawerChanged { position: DrawerPosition::Closed, kicked: false },
        ]
    }

    fn print(&mut self, job: PrintJobId, document: Document) -> Vec<DeviceEvent> {
        if self.printer != HealthState::Ready {
            self.sent.push_back((job, document));
            return Vec::new();
        }
        let blocks = document.blocks.len() as u32;
        let progressed = |state| DeviceEvent::PrintProgressed { job, state };
        let mut events = vec![progressed(PrintJobState::Sending { confirmed: 0, blocks })];
        if self.accident == Some(Accident::LostBefore) {
            events.push(progressed(PrintJobState::Partial { confirmed: 0, blocks }));
            events.extend(self.open_drawer());
            return events;
        }
        if document.drawer == DrawerKick::AtStart {
            events.extend(self.open_drawer());
        }
        match self.accident.take() {
            None => {
                self.come_out(job, &document, true);
                events.push(progressed(PrintJobState::Printed));
            }
            Some(Accident::PaperOut) => {
                self.printer = HealthState::Held(HealthReason::PaperOut);
                events.push(progressed(PrintJobState::Held { confirmed: 3, blocks }));
                events.push(self.health_event());
                self.held = Some((job, document));
            }
            Some(Accident::Lost | Accident::LostBefore) => {
                let torn = Document { drawer: DrawerKick::None, blocks: document.blocks[..3].to_vec() };
                self.come_out(job, &torn, false);
                self.printer = HealthState::Gone;
                events.push(progressed(PrintJobState::Partial { confirmed: 3, blocks }));
                events.push(self.health_event());
            }
        }
        events
    }

    fn come_out(&mut self, job: PrintJobId, document: &Document, whole: bool) {
        let SpooledJob { cause, .. } = self.journal().view().find_print(job).unwrap().unwrap();
        let blocks = document.blocks.iter().filter(|block| !matches!(block, Block::Cut)).cloned().collect();
        let text = Document { drawer: DrawerKick::None, blocks }.to_text(42);
        let paper = Paper { cause, text, whole };
        self.seen.papers.push(paper.clone());
        self.all_papers.push(paper);
    }

    /// The printer's state changes by itself.
    pub fn set_printer(&mut self, state: HealthState) {
        let mut lost = None;
        if state == HealthState::Gone {
            lost = self.held.take();
        }
        self.printer = state;
        if let Some((job, document)) = lost {
            let blocks = document.blocks.len() as u32;
            let state = PrintJobState::Partial { confirmed: 3, blocks };
            self.dispatch(Intent::Device(DeviceEvent::PrintProgressed { job, state }));
        }
        if self.printer == HealthState::Ready
            && let Some((job, document)) = self.held.take()
        {
            self.come_out(job, &document, true);
            self.dispatch(Intent::Device(DeviceEvent::PrintProgressed { job, state: PrintJobState::Printed }));
        }
        while self.printer == HealthState::Ready
            && let Some((job, document)) = self.sent.pop_front()
        {
            for event in self.print(job, document) {
                self.dispatch(Intent::Device(event));
            }
        }
        self.tell_printer_health();
        self.exchange();
    }

    /// From now on the printer opens the drawer only while it can print.
    pub fn open_behind_paper(&mut self) {
        self.opens_behind_paper = true;
    }

    /// What will happen to the printer in the middle of its next document.
    pub fn plan_accident(&mut self, accident: Accident) {
        self.accident = Some(accident);
    }

    fn health_event(&self) -> DeviceEvent {
        let health = Health { state: self.printer.clone(), since: self.now() };
        DeviceEvent::HealthChanged { device: DeviceId::from(PRINTER), health }
    }

    fn tell_printer_health(&mut self) {
        let event = self.health_event();
        self.dispatch(Intent::Device(event));
    }

    pub fn set_network(&mut self, up: bool) {
        self.network_up = up;
        self.tell_link();
        self.exchange();
    }

    fn tell_link(&mut self) {
        let link = if self.network_up { Link::Live } else { Link::Down };
        let SyncState { fresh, quarantined, .. } = self.snapshot().sync;
        let state = SyncState { fresh, quarantined, ..SyncState::unknown(link) };
        self.dispatch(Intent::Sync(SyncEvent::StateChanged(state)));
    }

    /// Central says how many of the till's entries it has put aside now.
    pub fn tell_put_aside(&mut self, entries: u64) {
        let state = SyncState { quarantined: entries, ..self.snapshot().sync };
        self.dispatch(Intent::Sync(SyncEvent::StateChanged(state)));
    }

    /// The journal goes up and the feed comes down, when the network lets them.
    pub fn exchange(&mut self) {
        if !self.network_up {
            return;
        }
        loop {
            let unsent = self.journal().list_unsent(&self.office.marks(), 64, 1024 * 1024).unwrap();
            if unsent.is_empty() {
                break;
            }
            for entry in &unsent {
                self.office.take(entry).unwrap();
            }
            let marks = self.office.marks();
            self.dispatch(Intent::Sync(SyncEvent::Acknowledged(marks)));
        }
        for batch in self.office.news(self.now()) {
            self.dispatch(Intent::Sync(SyncEvent::Feed(Box::new(batch))));
        }
    }

    /// Forgets what the last statement set off.
    pub fn begin_statement(&mut self) {
        self.seen = Seen::default();
        self.entries_seen = self.list_entries().len();
    }

    /// Collects what the statement wrote into the journal.
    pub fn end_statement(&mut self) {
        self.seen.entries = self.list_entries().split_off(self.entries_seen);
    }

    /// The whole journal, oldest first.
    pub fn list_entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        let journal = self.journal();
        for run in journal.list_runs().unwrap() {
            let after = till::domain::ids::JournalMark { run: run.run, sequence: 0 };
            for sealed in journal.list_after(after, usize::MAX >> 1, usize::MAX >> 1).unwrap() {
                entries.push(till::wire::open_entry(&sealed).unwrap());
            }
        }
        entries
    }

    /// Switches the till off and proves its file: chain, signatures, and every projection folded over again.
    pub fn prove_journal(&mut self) -> Result<(), String> {
        self.register = None;
        let trust = till::database::Trust::Key(&self.key.verifying_key());
        till::database::verify_journal(&self.path, trust).map(|_| ()).map_err(|error| error.to_string())
    }
}

/// The till every scenario plays on.
pub fn till() -> TillId {
    TillId { store: "S001".into(), workstation: "T02".into() }
}

/// One port, with something nobody knows behind it.
fn ports_at_the_counter(device: PortDevice) -> PortsView {
    let port = PortView {
        setting: "/dev/ttyS0".to_owned(),
        path: "/dev/ttyS0".to_owned(),
        told: String::new(),
        profile: None,
    };
    PortsView { device, ports: vec![port], profiles: Vec::new() }
}
