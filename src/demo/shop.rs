//! A whole shop on one machine, on real parts: central with its own file on a loopback port, a cable that can be cut, a
//! till that was joined by a one-time code, and a counter of simulated devices on pseudo-terminals.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::cable::{Cable, CableState};
use super::catalogue;
use super::collectors::{Collector, SeenAtTheTill, list_collectors};
use super::marketplace::Marketplace;
use super::switches::Switches;
use super::website::Website;
use crate::central::import::{self, Kind};
use crate::central::store::sqlite::SqliteStore;
use crate::central::store::{CallKind, ChannelKind, ChannelRecord, Feed, Store, UnknownPolicy};
use crate::central::surroundings::hash_secret;
use crate::central::{self, RunningCentral, Security, Server, Surroundings};
use crate::devices::printer::PrinterProfile;
use crate::devices::scanner::ScannerProfile;
use crate::devices::simulated::printer::{Hands, PrinterTwin, Switch, TwinPace, TwinSettings};
use crate::devices::simulated::scanner::{Label, Manner, ScannerTwin, TwinEvent};
use crate::devices::speaker::Speaker;
use crate::domain::ids::{StoreId, TillId};
use crate::register::environment::Environment;
use crate::sync::enrol::{EnrolRequest, enrol};
use crate::sync::identity::write_private;
use crate::terminal::config::{Config, DeviceSection};
use crate::terminal::{Terminal, TerminalSetup, is_enrolled};

/// The printer on the demo's counter.
pub const PRINTER_PROFILE: &str = "epson-tm-t20iii";
/// The scanner on the demo's counter.
pub const SCANNER_PROFILE: &str = "honeywell";

/// As fast as the fastest real one: for whoever does not watch.
pub const QUICK_PRINTER: TwinPace = TwinPace { baud: None, line: std::time::Duration::from_millis(12) };
/// As fast as one on a slow line: a person sees the receipt come out line by line, and can pull the cable in the middle of it.
pub const PRINTER_TO_WATCH: TwinPace = TwinPace { baud: Some(4800), line: std::time::Duration::from_millis(60) };

/// Where the counter's switches are kept, in the shop's folder.
const SWITCHES_FILE: &str = "counter/switches.json";

/// The channel of whoever watches the demo: what their order changes is told as changed by them.
const OWN_CHANNEL: &str = "you";
/// What their files are called.
const OWN_FILES: &str = "own";
/// What one sends through it first.
const OWN_ORDER: &str = "plain.xml";

/// Called when there is something new to see on the counter.
pub type Changed = Arc<dyn Fn() + Send + Sync>;

/// A shop that runs. Dropping it closes the till first and central last.
pub struct Shop {
    terminal: Option<Terminal>,
    others: BTreeMap<StoreId, Terminal>,
    folder: PathBuf,
    config: Config,
    scanner: ScannerTwin,
    heard: Arc<Mutex<Option<TwinEvent>>>,
    printer: PrinterTwin,
    /// As they were last set. Those of paper, cover and central are what printer and cable say.
    switches: Mutex<Switches>,
    speaker: Arc<Mutex<Arc<Speaker>>>,
    cable: Cable,
    website: Website,
    marketplace: Option<Marketplace>,
    collectors: watch::Receiver<Arc<Vec<Collector>>>,
    seen: Mutex<SeenAtTheTill>,
    /// Follows central's orders for them.
    following: JoinHandle<()>,
    central: Option<RunningCentral>,
    runtime: Runtime,
}

impl Shop {
    /// Opens the shop in a folder: a fresh one is stocked and joined, a used one goes on where it was, with its switches as
    /// they stood. Central answers on `port`, or on any other when that is taken or 0; the printer is as fast as `pace` says.
    pub fn open(folder: &Path, port: u16, pace: TwinPace, changed: Changed) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let central = runtime.block_on(start_central(&folder.join("central"), port))?;
        let cable = runtime.block_on(Cable::lay(central.address))?;
        let till = folder.join("till");
        std::fs::create_dir_all(&till)?;
        let first_time = !is_enrolled(&till);
        if first_time {
            runtime.block_on(stock(&central))?;
        }
        let own = TillId { store: catalogue::STORE.into(), workstation: catalogue::WORKSTATION.into() };
        runtime.block_on(join_till(&central, cable.address(), own, &till))?;
        let website = runtime.block_on(Website::open(&central))?;

        let counter = folder.join("counter");
        std::fs::create_dir_all(&counter)?;
        let told = changed.clone();
        let printer = PrinterTwin::start(
            &counter.join("printer"),
            TwinSettings::of(&PrinterProfile::load(PRINTER_PROFILE, None)?),
            pace,
            move || told(),
        )?;
        let heard = Arc::new(Mutex::new(None));
        let (hear, told) = (heard.clone(), changed.clone());
        let scanner = ScannerTwin::plug_in(
            &counter.join("scanner"),
            ScannerProfile::load(SCANNER_PROFILE, None)?,
            move |event| {
                *hear.lock().unwrap_or_else(PoisonError::into_inner) = Some(event);
                told();
            },
        )?;
        let device = |name: &str, profile: &str| {
            Some(DeviceSection { port: counter.join(name).display().to_string(), profile: Some(profile.to_owned()) })
        };
        let config = Config {
            scanner: device("scanner", SCANNER_PROFILE),
            printer: device("printer", PRINTER_PROFILE),
            ..Config::read(&till.join(crate::terminal::CONFIG_FILE))?
        };
        let (tell, collectors) = watch::channel(Arc::default());
        let following = runtime.spawn(follow_collectors(central.store.clone(), tell, changed));
        let mut shop = Self {
            terminal: None,
            others: BTreeMap::new(),
            folder: folder.to_owned(),
            config,
            scanner,
            heard,
            printer,
            switches: Mutex::default(),
            speaker: Arc::new(Mutex::new(Arc::new(Speaker::silent()))),
            cable,
            website,
            marketplace: None,
            collectors,
            seen: Mutex::default(),
            following,
            central: Some(central),
            runtime,
        };
        // Before the till starts: it finds the shop as it was left.
        shop.turn(Switches::read(&folder.join(SWITCHES_FILE)));
        shop.open_till()?;
        Ok(shop)
    }

    /// Starts the till, as after a power cut when it was running before.
    pub fn open_till(&mut self) -> anyhow::Result<()> {
        self.terminal = None;
        let speaker = Arc::clone(&self.speaker);
        let setup = TerminalSetup {
            data: self.folder.join("till"),
            config: self.config.clone(),
            settings_file: None,
            environment: Environment::machine(),
            tones: Box::new(move |tone| speaker.lock().unwrap_or_else(PoisonError::into_inner).play(tone)),
        };
        self.terminal = Some(Terminal::start(setup).context("the till does not start")?);
        self.seen = Mutex::new(SeenAtTheTill::recall(&self.folder.join("till").join(crate::terminal::DATABASE_FILE))?);
        Ok(())
    }

    /// Opens a till in another store of the company: nothing stands on its counter, and central is in reach without the
    /// cable. One that is open stays as it is.
    pub fn open_other_till(&mut self, store: &StoreId) -> anyhow::Result<()> {
        if *store == StoreId::new(catalogue::STORE) || self.others.contains_key(store) {
            return Ok(());
        }
        let data = self.till_folder(store);
        std::fs::create_dir_all(&data)?;
        let central = self.central.as_ref().context("central is switched off")?;
        let till = TillId { store: store.clone(), workstation: catalogue::WORKSTATION.into() };
        self.runtime.block_on(join_till(central, central.address, till, &data))?;
        let config = Config::read(&data.join(crate::terminal::CONFIG_FILE))?;
        let setup = TerminalSetup {
            data,
            config,
            settings_file: None,
            environment: Environment::machine(),
            tones: Box::new(|_| ()),
        };
        self.others.insert(store.clone(), Terminal::start(setup).context("the other till does not start")?);
        Ok(())
    }

    /// The running till of a store.
    pub fn terminal_of(&self, store: &StoreId) -> anyhow::Result<&Terminal> {
        if *store == StoreId::new(catalogue::STORE) {
            return self.terminal();
        }
        self.others.get(store).with_context(|| format!("no till is open in {store}"))
    }

    /// Where a store's till keeps its files.
    pub fn till_folder(&self, store: &StoreId) -> PathBuf {
        let name = if *store == StoreId::new(catalogue::STORE) { "till".to_owned() } else { format!("till-{store}") };
        self.folder.join(name)
    }

    /// Lets the till's tones be heard; before that it is silent.
    pub fn let_hear(&mut self, speaker: Arc<Speaker>) {
        *self.speaker.lock().unwrap_or_else(PoisonError::into_inner) = speaker;
    }

    /// The running till.
    pub fn terminal(&self) -> anyhow::Result<&Terminal> {
        self.terminal.as_ref().context("the till is switched off")
    }

    /// The till's settings.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// The shop's folder: `till/`, `central/`, `counter/`.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where central answers, past the cable.
    pub fn central_address(&self) -> Option<SocketAddr> {
        self.central.as_ref().map(|central| central.address)
    }

    /// A channel of one's own at central, for whoever sends the shop an order from outside: its token, readable by nobody
    /// else, and an order to send lie in the files that are named.
    pub fn open_own_channel(&self) -> anyhow::Result<(PathBuf, PathBuf)> {
        let central = self.central.as_ref().context("central is switched off")?;
        let token = self.runtime.block_on(open_channel(central, OWN_CHANNEL))?;
        let path = self.folder.join(OWN_FILES).with_extension("token");
        write_private(&path, &token).with_context(|| format!("writing {}", path.display()))?;
        let order = path.with_extension("xml");
        let document =
            catalogue::find_order_document(OWN_ORDER).context("there is no order to send among the samples")?;
        std::fs::write(&order, document).with_context(|| format!("writing {}", order.display()))?;
        Ok((path, order))
    }

    /// Central's data.
    pub fn central_store(&self) -> Option<&SqliteStore> {
        self.central.as_ref().map(|central| &central.store)
    }

    /// The website whose customers order here.
    pub const fn website(&self) -> &Website {
        &self.website
    }

    /// The marketplace whose customers' orders come as files. It opens with the first of them.
    pub fn marketplace(&mut self) -> anyhow::Result<&Marketplace> {
        let marketplace = match self.marketplace.take() {
            Some(open) => open,
            None => {
                let central = self.central.as_ref().context("central is switched off")?;
                self.runtime.block_on(Marketplace::open(central, self.folder.join("marketplace")))?
            }
        };
        Ok(self.marketplace.insert(marketplace))
    }

    /// What the shop's servers run on.
    pub const fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Holds a code before the scanner.
    pub fn scan(&self, code: &str) {
        self.scanner.scan(Label::of(code), Manner::AtOnce);
    }

    /// The scanner on the counter.
    pub const fn scanner(&self) -> &ScannerTwin {
        &self.scanner
    }

    /// What the scanner sounded last.
    pub fn last_heard(&self) -> Option<TwinEvent> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The printer on the counter.
    pub const fn printer(&self) -> &PrinterTwin {
        &self.printer
    }

    /// Holds a code before the scanner, over a line as good as its switch says.
    pub fn hold(&self, code: &str) {
        let manner = if self.switches().scanner_garbled { Manner::Garbled } else { Manner::AtOnce };
        self.scanner.scan(Label::of(code), manner);
    }

    /// The customers who may come to the counter, and what their telephones show.
    pub fn collectors(&self) -> Vec<Collector> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(terminal) = &self.terminal {
            seen.look(&terminal.snapshots().borrow().pick_ups);
        }
        let told = Arc::clone(&*self.collectors.borrow());
        seen.of(&told)
    }

    /// How the counter's switches stand.
    pub fn switches(&self) -> Switches {
        let hands = self.printer.look(|core| core.hands());
        Switches {
            paper_out: hands.paper_out,
            cover_open: hands.cover_open,
            central_cut: self.cable() == CableState::Cut,
            ..*self.switches.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }

    /// Turns switches of the counter. They are kept in the shop's folder before this returns.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut wanted = self.switches();
        change(&mut wanted);
        self.turn(wanted);
        let file = self.folder.join(SWITCHES_FILE);
        if let Err(error) = wanted.write(&file) {
            tracing::warn!(file = %file.display(), %error, "the switches cannot be kept");
        }
    }

    fn turn(&self, wanted: Switches) {
        let before = self.switches();
        *self.switches.lock().unwrap_or_else(PoisonError::into_inner) = wanted;
        self.set_hands(|hands| (hands.paper_out, hands.cover_open) = (wanted.paper_out, wanted.cover_open));
        if wanted.printer_unplugged != before.printer_unplugged {
            self.printer.switch(if wanted.printer_unplugged { Switch::CableOut } else { Switch::CableIn });
        }
        match (before.scanner_unplugged, wanted.scanner_unplugged) {
            (false, true) => self.scanner.unplug(),
            (true, false) => self.scanner.plug_in_again(),
            _ => {}
        }
        if wanted.central_cut != before.central_cut {
            self.set_cable(if wanted.central_cut { CableState::Cut } else { CableState::Whole });
        }
    }

    /// Does something to paper, cover or drawer.
    fn set_hands(&self, change: impl FnOnce(&mut Hands)) {
        let mut hands = self.printer.look(|core| core.hands());
        let before = hands;
        change(&mut hands);
        if hands != before {
            self.printer.switch(Switch::Hands(hands));
        }
    }

    /// Cuts central off, or joins it again.
    pub fn set_cable(&self, state: CableState) {
        self.cable.set(state);
        if state == CableState::Whole
            && let Some(terminal) = &self.terminal
        {
            terminal.hurry_sync();
        }
    }

    /// Is central cut off?
    pub fn cable(&self) -> CableState {
        self.cable.state()
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.terminal = None;
        self.others.clear();
        self.following.abort();
        if let Some(central) = self.central.take() {
            self.runtime.block_on(central.shutdown());
        }
    }
}

/// Keeps the list of customers who may come as central's orders change.
async fn follow_collectors(central: SqliteStore, tell: watch::Sender<Arc<Vec<Collector>>>, changed: Changed) {
    let store = StoreId::new(catalogue::STORE);
    let mut orders = central.follow(&Feed::Store(store.clone()));
    loop {
        match list_collectors(&central, &store, chrono::Utc::now()).await {
            Ok(now) => {
                let is_new = tell.send_if_modified(|known| {
                    let is_new = **known != now;
                    *known = Arc::new(now);
                    is_new
                });
                if is_new {
                    changed();
                }
            }
            Err(error) => tracing::warn!(%error, "central does not say who may come"),
        }
        if orders.changed().await.is_err() {
            return;
        }
    }
}

async fn start_central(data: &Path, port: u16) -> anyhow::Result<RunningCentral> {
    let port = if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() { port } else { 0 };
    let config = central::Config {
        data: data.to_owned(),
        listen: (Ipv4Addr::LOCALHOST, port).into(),
        security: Security::Plain,
        keep_persons_days: central::retention::DAYS_USUAL,
        surroundings: Surroundings::of_the_machine()?,
    };
    Ok(Server::start(config).await?)
}

/// The sample shop's files, imported as head office would.
async fn stock(central: &RunningCentral) -> anyhow::Result<()> {
    let surroundings = Surroundings::of_the_machine()?;
    let files = [
        (Kind::Stores, catalogue::STORES_CSV),
        (Kind::Products, catalogue::PRODUCTS_CSV),
        (Kind::Operators, catalogue::OPERATORS_CSV),
        (Kind::Stock, catalogue::STOCK_CSV),
    ];
    for (kind, text) in files {
        let report = import::import(&central.store, kind, text.as_bytes(), &surroundings, |_| ()).await?;
        anyhow::ensure!(report.faulty == 0, "the sample shop has bad rows: {:?}", report.faults);
    }
    Ok(())
}

/// Joins the till by a one-time code, as on any other machine. Joined before, it is told central's port of today.
async fn join_till(central: &RunningCentral, cable: SocketAddr, till: TillId, data: &Path) -> anyhow::Result<()> {
    let surroundings = Surroundings::of_the_machine()?;
    let code = surroundings.new_code();
    let expires_at = surroundings.now() + chrono::Duration::minutes(5);
    central.store.add_enrol_code(hash_secret(&code), till, expires_at).await?;
    enrol(EnrolRequest {
        central: &format!("http://{cable}"),
        code: &code,
        authority_pem: None,
        folder: data,
        random: surroundings.random(),
        version: env!("CARGO_PKG_VERSION"),
    })
    .await?;
    Ok(())
}

/// Opens a channel at central for one of our own programs, and gives its token.
pub(super) async fn open_channel(central: &RunningCentral, name: &str) -> anyhow::Result<String> {
    let surroundings = Surroundings::of_the_machine()?;
    let token = surroundings.new_token();
    let channel = ChannelRecord {
        channel: name.into(),
        kind: ChannelKind::Website,
        customer: None,
        stores: Vec::new(),
        calls: vec![CallKind::Orders, CallKind::Availability],
        unknown: UnknownPolicy::Problem,
        created_at: surroundings.now(),
        tokens: 0,
    };
    central.store.save_channel(channel, hash_secret(&token)).await?;
    Ok(token)
}
