//! A till put together: identity, file, register, devices, sync. Wiring only; used by the program and by the demo shop.
//!
//! Everything that happens goes into the register's queue from the first moment on; the register begins to serve it when
//! file, devices and sync are there. Dropping a [`Terminal`] ends it in the opposite order.
//!
//! Absent here: decisions. To add a device: start it in [`Terminal::start`], send its events to the queue, and its
//! effects from `perform`.

pub mod config;
mod ports;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;

use crate::database::{Database, DatabaseError, DatabaseErrorKind, RunStart};
use crate::devices::port::PortAddress;
use crate::devices::printer::profile::DrawerPin;
use crate::devices::printer::{PrinterConfig, PrinterHandle, PrinterProfile};
use crate::devices::profile::{ProfileError, name_for};
use crate::devices::scanner::{Scanner, ScannerConfig, ScannerProfile};
use crate::domain::Timestamp;
use crate::domain::device::{DeviceEvent, Health, HealthReason, HealthState, SettingsFault, SettingsMistake, Tone};
use crate::domain::ids::{DeviceId, EntryId, RunId};
use crate::domain::zone::StoreZone;
use crate::register::environment::{Clock, Environment};
use crate::register::runner::{IntentQueue, IntentSender, RunningRegister};
use crate::register::snapshot::{DeviceView, StartTrouble, StartTroubleKind};
use crate::register::{
    DRAWER, Effect, FIGURES_AT_ONCE, Intent, KEYBOARD, PRINTER, Register, RegisterSetup, SCANNER, Snapshot,
};
use crate::sync::connect::{self, ConnectError};
use crate::sync::driver::{RunningSync, StartError as SyncStartError, SyncHandle, SyncOptions};
use crate::sync::engine::Limits;
use crate::sync::identity::{Identity, IdentityError};

use config::{Config, ConfigError, DeviceSection, DrawerVia, place_of};

/// The till's database in its data folder.
pub const DATABASE_FILE: &str = "till.db";
/// The till's settings in its data folder.
pub const CONFIG_FILE: &str = "till.toml";
/// Profiles that stand in for the built-in ones.
const HARDWARE_FOLDER: &str = "/etc/till/hardware";

/// Why a till does not start. Each says what can be done.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Who the till is is not known.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Its file cannot be used.
    #[error("the till's file cannot be used")]
    Database(#[from] DatabaseError),
    /// A device's profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The settings cannot be read.
    #[error(transparent)]
    Settings(#[from] ConfigError),
    /// A port's name makes no sense.
    #[error("{device}: {reason}")]
    Port {
        /// Whose.
        device: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The address of central in the settings is none.
    #[error("[central] url: {0}")]
    Central(ConnectError),
    /// Sync.
    #[error(transparent)]
    Sync(#[from] SyncStartError),
    /// The system gives no thread.
    #[error("the system gives no more threads")]
    Thread(#[from] std::io::Error),
}

impl StartError {
    /// For the person in front of the till: what is wrong, and with which data.
    pub fn trouble(&self, data: &Path) -> StartTrouble {
        let other = || {
            let mut told = self.to_string();
            let mut below = std::error::Error::source(self);
            while let Some(error) = below {
                told = format!("{told}: {error}");
                below = error.source();
            }
            StartTroubleKind::Other { told }
        };
        let kind = match self {
            Self::Database(error) => match &error.kind {
                DatabaseErrorKind::ReadOnly => StartTroubleKind::ReadOnly,
                DatabaseErrorKind::Full => StartTroubleKind::Full,
                DatabaseErrorKind::Busy => StartTroubleKind::Busy,
                DatabaseErrorKind::Newer { .. } => StartTroubleKind::Newer,
                DatabaseErrorKind::Foreign => StartTroubleKind::Foreign,
                DatabaseErrorKind::Damaged | DatabaseErrorKind::Io | DatabaseErrorKind::Refused(_) => other(),
            },
            Self::Settings(error) => StartTroubleKind::Settings { told: error.to_string() },
            _ => other(),
        };
        StartTrouble { kind, file: data.join(DATABASE_FILE).display().to_string() }
    }
}

/// What a till that did not start shows: its trouble, and its name when it was joined.
pub fn snapshot_of_trouble(error: &StartError, data: &Path, now: Timestamp) -> Snapshot {
    let till = Identity::load(data).ok().map(|identity| identity.till);
    Snapshot::stopped(till.as_ref(), now.date_naive(), error.trouble(data))
}

/// Was a till joined in this folder?
pub fn is_enrolled(folder: &Path) -> bool {
    Identity::load(folder).is_ok()
}

/// The profile of a scanner that types like a keyboard: it has no port, and its keys are told from a person's by their
/// speed. A fallback, never the default.
const KEYBOARD_WEDGE: &str = "wedge";

/// Is the scanner of this configuration one that types like a keyboard?
pub fn types_like_a_keyboard(config: &Config) -> bool {
    config.scanner.as_ref().is_some_and(|s| s.profile.as_deref() == Some(KEYBOARD_WEDGE))
}

/// What a till needs to start.
pub struct TerminalSetup {
    /// Its data folder.
    pub data: PathBuf,
    /// Its settings.
    pub config: Config,
    /// The file these settings are kept in, where a device's port is written when it is chosen in the window; `None`
    /// where the devices are simulated.
    pub settings_file: Option<PathBuf>,
    /// Clock and randomness.
    pub environment: Environment,
    /// Where tones go.
    pub tones: Box<dyn FnMut(Tone) + Send>,
}

/// A running till. The fields end in this order: first nothing new comes in, then the register closes the file.
pub struct Terminal {
    _scanner: Option<Arc<Scanner>>,
    _sync: RunningSync,
    sync: SyncHandle,
    register: RunningRegister,
    _printer: Option<Arc<PrinterHandle>>,
}

impl Terminal {
    /// Opens the file, begins a run, starts devices and sync, and serves.
    pub fn start(setup: TerminalSetup) -> Result<Self, StartError> {
        let TerminalSetup { data, config, settings_file, mut environment, mut tones } = setup;
        let mut identity = Identity::load(&data)?;
        if let Some(moved) = config.central.url.clone() {
            connect::check_address(&moved).map_err(StartError::Central)?;
            identity.central = moved;
        }
        let clock = environment.clock.clone();
        let path = data.join(DATABASE_FILE);
        let mut database = Database::open(&path, clock.now())?;
        begin_run(&mut database, &identity, &mut environment)?;
        let set_aside = database.set_aside().map(|aside| {
            tracing::error!(path = %aside.path.display(), finding = %aside.finding, "the till's file was damaged and set aside");
            aside.path.display().to_string()
        });

        let queue = IntentQueue::default();
        let now = clock.now();
        let printer = config.printer.as_ref().map(|p| (p, start_printer(p, &config, &clock, queue.sender())));
        let file = settings_file.as_deref();
        let (printer, printer_view) = started(PRINTER, printer, file, now)?;
        let serial = config.scanner.as_ref().filter(|_| !types_like_a_keyboard(&config));
        let (scanner, serial_view) =
            started(SCANNER, serial.map(|s| (s, start_scanner(s, queue.sender()))), file, now)?;
        let scanner_view = if types_like_a_keyboard(&config) { typing_scanner(now) } else { serial_view };
        let drawer = drawer_view(&config, &printer_view.health.state, now);
        let devices = vec![scanner_view, printer_view, drawer];

        let sync_running = start_sync(identity.clone(), path, &clock, &mut environment, queue.sender())?;
        let sync = sync_running.handle();
        let setup =
            RegisterSetup { till: identity.till, settings: None, devices, set_aside, figures_at_once: FIGURES_AT_ONCE };
        let register = Register::start(database, environment, setup)?;
        let (to_printer, to_scanner, to_sync) = (printer.clone(), scanner.clone(), sync.clone());
        let answers = queue.sender();
        let perform = move |effect: Effect| match effect {
            Effect::Print(command) => {
                if let Some(printer) = &to_printer {
                    printer.send(command);
                }
            }
            Effect::Signal { signal, .. } => {
                if let Some(scanner) = &to_scanner {
                    scanner.signal(signal);
                }
            }
            Effect::Tone(tone) => tones(tone),
            Effect::WakeSync => to_sync.file_changed(),
            Effect::FeedNotApplied => to_sync.not_applied(),
            Effect::ListPorts(device) => {
                answers.send(ports::list(settings_file.as_deref(), device));
            }
            Effect::Configure(choice) => {
                answers.send(ports::configure(settings_file.as_deref(), choice));
            }
        };
        let register = queue.run(register, perform)?;
        Ok(Self { _scanner: scanner, _sync: sync_running, sync, register, _printer: printer })
    }

    /// Where intents go.
    pub fn intents(&self) -> IntentSender {
        self.register.intents()
    }

    /// Where snapshots come from.
    pub fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.register.snapshots()
    }

    /// Tries central again now instead of at the next attempt.
    pub fn hurry_sync(&self) {
        self.sync.hurry();
    }
}

fn begin_run(database: &mut Database, identity: &Identity, environment: &mut Environment) -> Result<(), DatabaseError> {
    let at = environment.clock.now();
    let run = RunId(environment.unique_id());
    let entry = EntryId(environment.unique_id());
    let zone = database.view().find_settings()?.map_or_else(StoreZone::universal, |settings| settings.time_zone);
    let business_day = zone.day(at);
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let (till, key) = (identity.till.clone(), identity.journal_key.clone());
    database.start_run(RunStart { till, run, key, entry, at, business_day, version }).map(|_| ())
}

/// What came of starting a device, with what is shown of it. A till that is told of a device that cannot exist sells without
/// it and says so: nothing but the system's own refusal keeps it from starting.
fn started<T>(
    id: &'static str,
    device: Option<(&DeviceSection, Result<(T, DeviceView), StartError>)>,
    file: Option<&Path>,
    since: Timestamp,
) -> Result<(Option<Arc<T>>, DeviceView), StartError> {
    match device {
        None => Ok((None, device_not_set_up(id, since))),
        Some((_, Ok((running, view)))) => Ok((Some(Arc::new(running)), view)),
        Some((section, Err(error @ (StartError::Profile(_) | StartError::Port { .. })))) => {
            tracing::error!(device = id, %error, "the device cannot be used as it is set up");
            let fault = SettingsFault { mistake: mistake_of(error), place: place_of(section, id, file) };
            let health = Health { state: HealthState::Offline(HealthReason::Settings(fault)), since };
            Ok((None, DeviceView { port: section.port.clone(), health, ..device_not_set_up(id, since) }))
        }
        Some((_, Err(error))) => Err(error),
    }
}

/// What of it is told at the till.
fn mistake_of(error: StartError) -> SettingsMistake {
    match error {
        StartError::Profile(ProfileError::Unknown { name, nearest, .. }) => {
            SettingsMistake::UnknownProfile { name, nearest }
        }
        StartError::Port { reason, .. } => SettingsMistake::Other(reason),
        other => SettingsMistake::Other(other.to_string()),
    }
}

fn start_printer(
    section: &DeviceSection,
    config: &Config,
    clock: &Arc<dyn Clock>,
    intents: IntentSender,
) -> Result<(PrinterHandle, DeviceView), StartError> {
    let address = address(section, PRINTER)?;
    let profile_name = name_for::<PrinterProfile>(section.profile.as_deref(), &address, hardware_folder());
    let mut profile = PrinterProfile::load(&profile_name, hardware_folder())?;
    profile.drawer.pin = drawer_pin(config);
    let view = device_view(
        PRINTER,
        format!("{} {}", profile.device.vendor, profile.device.model),
        section,
        clock.now(),
        profile.device.proof.word(),
    );
    let driver_clock = {
        let clock = clock.clone();
        Arc::new(move || clock.now())
    };
    let device = DeviceId::from(PRINTER);
    let config = PrinterConfig { device, address, profile_name, profile };
    let sink = Arc::new(move |event: DeviceEvent| {
        intents.send(Intent::Device(event));
    });
    Ok((PrinterHandle::start(config, driver_clock, sink)?, view))
}

fn start_scanner(section: &DeviceSection, intents: IntentSender) -> Result<(Scanner, DeviceView), StartError> {
    let address = address(section, SCANNER)?;
    let profile_name = name_for::<ScannerProfile>(section.profile.as_deref(), &address, hardware_folder());
    let profile = ScannerProfile::load(&profile_name, hardware_folder())?;
    let model = format!("{} {}", profile.device.vendor, profile.device.model);
    let view = device_view(SCANNER, model, section, chrono::Utc::now(), profile.device.proof.word());
    let config = ScannerConfig { device: DeviceId::from(SCANNER), address, profile };
    let scanner = Scanner::start(
        config,
        Box::new(move |event| {
            intents.send(Intent::Device(event));
        }),
    )?;
    Ok((scanner, view))
}

fn start_sync(
    identity: Identity,
    database: PathBuf,
    clock: &Arc<dyn Clock>,
    environment: &mut Environment,
    intents: IntentSender,
) -> Result<RunningSync, SyncStartError> {
    let mut seed = [0; 8];
    environment.random.fill(&mut seed);
    let clock = clock.clone();
    RunningSync::start(SyncOptions {
        identity,
        database,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        limits: Limits::default(),
        seed: u64::from_le_bytes(seed),
        clock: Arc::new(move || clock.now()),
        sink: Arc::new(move |event| {
            intents.send(Intent::Sync(event));
        }),
    })
}

/// The pin of the printer's socket that the drawer hangs on; none without a drawer.
pub const fn drawer_pin(config: &Config) -> Option<DrawerPin> {
    match (config.drawer.via, config.drawer.pin) {
        (DrawerVia::None, _) => None,
        (DrawerVia::Printer, 5) => Some(DrawerPin::Five),
        (DrawerVia::Printer, _) => Some(DrawerPin::Two),
    }
}

/// The folder with profiles that stand in for the built-in ones, when there is one.
pub fn hardware_folder() -> Option<&'static Path> {
    let folder = Path::new(HARDWARE_FOLDER);
    folder.is_dir().then_some(folder)
}

fn address(section: &DeviceSection, device: &'static str) -> Result<PortAddress, StartError> {
    section
        .port
        .parse()
        .map_err(|error: crate::devices::port::AddressError| StartError::Port { device, reason: error.to_string() })
}

fn device_view(id: &str, model: String, section: &DeviceSection, since: Timestamp, proof: &str) -> DeviceView {
    DeviceView {
        id: DeviceId::from(id),
        model,
        port: section.port.clone(),
        health: Health { state: HealthState::Opening, since },
        proof: proof.to_owned(),
    }
}

/// A scanner that types like a keyboard: there is nothing to open, and nothing it could tell of itself.
fn typing_scanner(since: Timestamp) -> DeviceView {
    let health = Health { state: HealthState::Ready, since };
    DeviceView { port: KEYBOARD.to_owned(), health, ..device_not_set_up(SCANNER, since) }
}

/// The drawer at the printer, which says how it is.
fn drawer_view(config: &Config, printer: &HealthState, since: Timestamp) -> DeviceView {
    let none = device_not_set_up(DRAWER, since);
    match drawer_pin(config).filter(|_| *printer != HealthState::NotConfigured) {
        None => none,
        Some(pin) => {
            let pin = match pin {
                DrawerPin::Two => "2",
                DrawerPin::Five => "5",
            };
            DeviceView { port: pin.to_owned(), health: Health { state: printer.clone(), since }, ..none }
        }
    }
}

/// A device that is not there, so that one can be chosen.
fn device_not_set_up(id: &str, since: Timestamp) -> DeviceView {
    DeviceView {
        id: DeviceId::from(id),
        model: String::new(),
        port: String::new(),
        health: Health { state: HealthState::NotConfigured, since },
        proof: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawer_and_a_scanner_that_types_have_their_place_among_the_devices() {
        let mut config = Config::default();
        let view = |config: &Config, printer: HealthState| drawer_view(config, &printer, Timestamp::UNIX_EPOCH);
        let mistake = SettingsMistake::Other("no such port".to_owned());
        let fault = SettingsFault { mistake, place: "--printer".to_owned() };
        let wrong = HealthState::Offline(HealthReason::Settings(fault));
        assert_eq!(
            view(&config, HealthState::NotConfigured).health.state,
            HealthState::NotConfigured,
            "no printer it could hang on"
        );
        config.drawer.pin = 5;
        assert_eq!(view(&config, HealthState::Opening).health.state, HealthState::Opening, "as the printer");
        assert_eq!(view(&config, HealthState::Opening).port, "5");
        assert_eq!(view(&config, wrong.clone()).health.state, wrong, "it opens with its key only");
        config.drawer.via = DrawerVia::None;
        assert_eq!(view(&config, HealthState::Opening).health.state, HealthState::NotConfigured);
        let typing = typing_scanner(Timestamp::UNIX_EPOCH);
        assert_eq!((typing.id.as_str(), &*typing.port, typing.health.state), (SCANNER, KEYBOARD, HealthState::Ready));
    }

    #[test]
    fn a_device_that_cannot_be_as_it_is_set_up_keeps_no_till_from_starting() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(CONFIG_FILE);
        std::fs::write(&file, "# ours\n[scanner]\nport = \"/dev/ttyACM0\"\nprofile = \"honeywel\"\n").unwrap();
        let section = DeviceSection { port: "/dev/ttyACM0".to_owned(), profile: Some("honeywel".to_owned()) };
        let fault = |section: &DeviceSection, error: StartError| {
            let device = Some((section, Err(error)));
            let (scanner, view) = started::<Scanner>(SCANNER, device, Some(&file), Timestamp::UNIX_EPOCH).unwrap();
            assert!(scanner.is_none());
            assert_eq!(view.port, section.port);
            let HealthState::Offline(HealthReason::Settings(fault)) = view.health.state else { panic!("{view:?}") };
            fault
        };
        let unknown = || ScannerProfile::load("honeywel", None).unwrap_err().into();
        let told = fault(&section, unknown());
        let SettingsMistake::UnknownProfile { name, nearest } = &told.mistake else { panic!("{told:?}") };
        assert_eq!((name.as_str(), nearest[0].as_str(), nearest.len()), ("honeywel", "honeywell", 3));
        assert_eq!(told.place, format!("{}, line 4", file.display()));
        let given = DeviceSection { port: "/dev/ttyACM1".to_owned(), ..section };
        assert_eq!(fault(&given, unknown()).place, "--scanner", "the file says something else");
        let section = DeviceSection { port: "usb:0c2e".to_owned(), profile: None };
        let no_port = address(&section, SCANNER).unwrap_err();
        assert!(matches!(fault(&section, no_port).mistake, SettingsMistake::Other(told) if !told.is_empty()));
        let no_thread = StartError::Thread(std::io::Error::other("no more"));
        let refused = started::<Scanner>(SCANNER, Some((&section, Err(no_thread))), None, Timestamp::UNIX_EPOCH);
        assert!(refused.is_err());
    }

    #[test]
    fn a_till_that_does_not_start_says_what_is_wrong_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let check = |kind: DatabaseErrorKind, expected: Option<StartTroubleKind>| {
            let error = StartError::from(DatabaseError::new(kind.clone(), "opening the file"));
            let trouble = error.trouble(folder.path());
            assert!(trouble.file.ends_with(DATABASE_FILE), "{trouble:?}");
            match expected {
                Some(expected) => assert_eq!(trouble.kind, expected),
                None => assert!(
                    matches!(&trouble.kind, StartTroubleKind::Other { told } if told.contains(&kind.to_string())),
                    "{trouble:?}"
                ),
            }
        };
        check(DatabaseErrorKind::ReadOnly, Some(StartTroubleKind::ReadOnly));
        check(DatabaseErrorKind::Full, Some(StartTroubleKind::Full));
        check(DatabaseErrorKind::Busy, Some(StartTroubleKind::Busy));
        check(DatabaseErrorKind::Newer { file: 9, program: 6 }, Some(StartTroubleKind::Newer));
        check(DatabaseErrorKind::Foreign, Some(StartTroubleKind::Foreign));
        check(DatabaseErrorKind::Io, None);
        let mistyped = Config::parse("[till]\ntheme = \"day\"\nlokale = 1\n", Path::new("till.toml")).unwrap_err();
        let trouble = StartError::from(mistyped).trouble(folder.path());
        assert!(
            matches!(&trouble.kind, StartTroubleKind::Settings { told } if told.starts_with("till.toml, line 3: ")),
            "{trouble:?}"
        );
        let unknown = StartError::from(IdentityError::NotEnrolled);
        let shown = snapshot_of_trouble(&unknown, folder.path(), Timestamp::UNIX_EPOCH);
        assert_eq!(shown.till.workstation, "", "a till that was not joined has no name");
    }
}
