//! One machine with the real programs on it: central, a till in a window on a display nobody looks at, and beside it a
//! scanner and a printer on real pseudo-terminals.
//!
//! Nothing sleeps to wait: every wait looks for a fact (in the till's file, on paper, at central) until a deadline.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use till::database::JournalReader;
use till::devices::printer::PrinterProfile;
use till::devices::scanner::ScannerProfile;
use till::devices::scanner::repeat::REPEAT_MS;
use till::devices::simulated::printer::{PrinterTwin, Switch, TwinPace, TwinSettings};
use till::devices::simulated::scanner::{Label, Manner, ScannerTwin, TwinEvent};
use till::domain::device::ScanSignal;
use till::domain::event::Event;
use till::domain::ids::JournalMark;
use till::domain::sale::Sale;
use till::wire::entry::SealedEntry;

use super::display::Display;
use super::program::{Program, tail, with_signals};
use crate::ports;

const SCANNER: &str = "honeywell";
const PRINTER: &str = "epson-tm-t20iii";

/// How long anything may take: a slow machine with every core busy, and still no program that hangs for ever.
const DEADLINE: Duration = Duration::from_secs(180);
/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(40);
/// A key may have been struck before the window was ready for it: then it is struck again.
/// What it was for may take long: struck twice, the second time comes upon another screen.
const STRIKE_AGAIN: Duration = Duration::from_secs(15);
/// Between two readings of one code that are of two pieces.
const NEXT_PIECE: Duration = Duration::from_millis(REPEAT_MS + 50);

/// The machine. The till ends first and the display last.
pub struct Machine {
    till: Option<Program>,
    central: Option<Program>,
    central_url: String,
    scanner: ScannerTwin,
    /// What was scanned last, and when something had come of it.
    last_scan: Option<(String, Instant)>,
    sounds: Arc<Mutex<Vec<ScanSignal>>>,
    pub printer: PrinterTwin,
    pub display: Display,
    folder: TempDir,
}

impl Machine {
    /// Central with the sample shop, a till joined to it, its devices plugged in; nothing runs but central.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let display = Display::start(folder.path());
        let scanner_profile = ScannerProfile::load(SCANNER, None).unwrap();
        let sounds: Arc<Mutex<Vec<ScanSignal>>> = Arc::default();
        let heard = Arc::clone(&sounds);
        let hear = move |event| match event {
            TwinEvent::Sounded(signal) => heard.lock().unwrap().push(signal),
            TwinEvent::NotUnderstood(bytes) => panic!("no command of this scanner: {bytes:02x?}"),
        };
        let scanner = ScannerTwin::plug_in(&folder.path().join("scanner"), scanner_profile, hear).unwrap();
        let printer_settings = TwinSettings::of(&PrinterProfile::load(PRINTER, None).unwrap());
        let link = folder.path().join("printer");
        let printer = PrinterTwin::start(&link, printer_settings, TwinPace::default(), || ()).unwrap();
        let mut machine = Self {
            till: None,
            central: None,
            central_url: free_url(),
            scanner,
            last_scan: None,
            sounds,
            printer,
            display,
            folder,
        };
        machine.import_sample_shop();
        machine.start_central();
        machine.join_till();
        machine
    }

    /// What the scanner has sounded since it was plugged in.
    pub fn sounds(&self) -> Vec<ScanSignal> {
        self.sounds.lock().unwrap().clone()
    }

    /// Where central listens: host and port.
    pub fn central_address(&self) -> &str {
        self.central_url.trim_start_matches("http://")
    }

    /// In the machine's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn import_sample_shop(&self) {
        for kind in ["stores", "products", "operators", "stock"] {
            let file = format!("{}/assets/sample/{kind}.csv", env!("CARGO_MANIFEST_DIR"));
            self.run(self.central_tool(&["import", kind, &file]));
        }
    }

    fn join_till(&self) {
        let output = self.run(self.central_tool(&["enrol-code", "--store", "S001", "--workstation", "T01"]));
        let code = String::from_utf8(output.stdout).unwrap();
        let mut enrol = self.till_tool(&["enrol", "--central", &self.central_url, "--code", code.trim()]);
        enrol.arg("--data").arg(self.path("till"));
        self.run(enrol);
    }

    /// A command of head office's on central's data.
    pub fn central_tool(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
        command.args(arguments).arg("--data").arg(self.path("central"));
        command
    }

    /// A command of a sender's, which knows nothing of central's data.
    pub fn central_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
        command.args(arguments).env("HOME", self.folder.path());
        command
    }

    pub fn till_tool(&self, arguments: &[&str]) -> Command {
        let mut command = with_signals(env!("CARGO_BIN_EXE_till"));
        command.args(arguments).env("HOME", self.folder.path());
        command
    }

    /// Runs a command to its end, which must be a good one.
    pub fn run(&self, mut command: Command) -> Output {
        let output = command.stdin(Stdio::null()).output().unwrap();
        let said = || format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{command:?} ended with {}:\n{}", output.status, said());
        output
    }

    /// Starts central, on the same port each time.
    pub fn start_central(&mut self) {
        let listen = self.central_address().to_owned();
        let mut command = self.central_tool(&["serve", "--listen", &listen]);
        command.stdout(Stdio::piped());
        let mut central = Program::start(command, self.path("central.log"));
        let mut said = String::new();
        BufReader::new(central.child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let is_there = said.trim().strip_prefix("listening on ") == Some(self.central_url.as_str());
        assert!(is_there, "central said {said:?}:\n{}", tail(&self.path("central.log")));
        self.central = Some(central);
    }

    pub fn kill_central(&mut self) {
        self.central = None;
    }

    /// Central on another port than the one the till was joined at.
    pub fn move_central(&mut self) {
        self.kill_central();
        self.central_url = free_url();
        self.start_central();
    }

    /// Opens the till's window, and waits until it can be typed into and the scanner on the counter is read.
    pub fn start_till(&mut self) {
        let scanner = format!("{},{SCANNER}", self.path("scanner").display());
        let opened = self.count_opened_scanners();
        self.start_till_with(&scanner);
        self.wait_for_scanner(opened);
    }

    /// The same with another scanner than the one on the counter, which is not waited for.
    pub fn start_till_with(&mut self, scanner: &str) {
        let command = self.till_with(scanner);
        self.await_till(Program::start(command, self.path("till.log")));
    }

    /// A till whose terminal was closed.
    pub fn start_till_unheard(&mut self) {
        let command = self.till_with("keyboard,wedge");
        self.await_till(Program::start_unheard(command, self.path("till.log")));
    }

    fn till_with(&self, scanner: &str) -> Command {
        let mut command = self.till_tool(&["--windowed", "--data"]);
        command.arg(self.path("till"));
        let printer = format!("{},{PRINTER}", self.path("printer").display());
        command.args(["--scanner", scanner, "--printer", &printer]);
        self.display.show(command.env("NO_COLOR", "1").stdout(Stdio::null()));
        command
    }

    fn await_till(&mut self, till: Program) {
        self.till = Some(till);
        let window = self.wait_for("the till's window", |machine| machine.display.find_window());
        self.display.give_keyboard(&window);
    }

    /// How often the till has said that it reads the scanner.
    fn count_opened_scanners(&self) -> usize {
        let log = std::fs::read_to_string(self.path("till.log")).unwrap_or_default();
        log.lines().filter(|line| line.contains("device=scanner") && line.contains("state=Ready")).count()
    }

    /// A scan before the port is open is lost.
    fn wait_for_scanner(&mut self, opened_before: usize) {
        self.wait_for("the till reads the scanner", |shop| {
            (shop.count_opened_scanners() > opened_before).then_some(())
        });
        self.last_scan = None;
    }

    /// The scanner's cable is pulled and put back.
    pub fn replug_scanner(&mut self) {
        let opened = self.count_opened_scanners();
        self.scanner.unplug();
        self.scanner.plug_in_again();
        self.wait_for_scanner(opened);
    }

    pub fn kill_till(&mut self) {
        self.till = None;
    }

    /// Sends the till a signal, and waits until it has ended.
    pub fn end_till_by(&mut self, signal: &str) -> ExitStatus {
        let mut till = self.till.take().expect("a till runs");
        till.tell(signal);
        till.wait(DEADLINE)
    }

    /// Sends it the same signal again and again.
    pub fn end_till_by_many(&mut self, signal: &str) -> ExitStatus {
        let mut till = self.till.take().expect("a till runs");
        loop {
            till.tell(signal);
            std::thread::park_timeout(LOOK_AGAIN);
            if let Some(status) = till.child.try_wait().unwrap() {
                return status;
            }
        }
    }

    /// The till ends by itself.
    pub fn wait_for_its_end(&mut self) -> ExitStatus {
        self.till.take().expect("a till runs").wait(DEADLINE)
    }

    /// Strikes keys, one after the other.
    pub fn strike(&self, keys: &[&str]) {
        self.display.strike(keys);
    }

    /// Strikes keys, again and again where it is harmless, until what they are for has happened.
    pub fn strike_until<T>(&mut self, keys: &[&str], what: &str, mut find: impl FnMut(&Self) -> Option<T>) -> T {
        let mut struck_at: Option<Instant> = None;
        self.wait_for(what, |machine| {
            let found = find(machine);
            if found.is_none() && struck_at.is_none_or(|at| at.elapsed() > STRIKE_AGAIN) {
                machine.strike(keys);
                struck_at = Some(Instant::now());
            }
            found
        })
    }

    /// Holds a label before the scanner, and waits until what that is for has happened. Of the same label a person needs a
    /// moment for the next piece.
    pub fn scan_until<T>(&mut self, code: &str, what: &str, find: impl FnMut(&Self) -> Option<T>) -> T {
        if let Some((last, at)) = &self.last_scan
            && last == code
        {
            std::thread::park_timeout(NEXT_PIECE.saturating_sub(at.elapsed()));
        }
        self.scanner.scan(Label::of(code), Manner::AtOnce);
        let found = self.wait_for(what, find);
        self.last_scan = Some((code.to_owned(), Instant::now()));
        found
    }

    /// Strikes keys after which another screen comes up, and waits until it has.
    pub fn strike_for_another_screen(&mut self, keys: &[&str]) {
        let before = self.take_picture();
        self.strike_until(keys, "another screen", |machine| {
            let now = machine.take_picture();
            let different = before.iter().zip(&now).filter(|(before, now)| before != now).count();
            (different > now.len() / 20).then_some(())
        });
    }

    /// The display in grey, a byte a dot.
    fn take_picture(&self) -> Vec<u8> {
        let mut command = Command::new("import");
        command.args(["-display", self.display.name(), "-window", "root", "-depth", "8", "gray:-"]);
        self.run(command).stdout
    }

    /// Looks until there is something to see; says what was missing when there never is.
    pub fn wait_for<T>(&mut self, what: &str, mut find: impl FnMut(&Self) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = find(self) {
                return found;
            }
            if let Some(till) = &mut self.till {
                till.expect_running();
            }
            if let Some(central) = &mut self.central {
                central.expect_running();
            }
            self.display.expect_running();
            if begun.elapsed() > DEADLINE {
                panic!(
                    "{what}: not within {DEADLINE:?}\n-- till\n{}\n-- central\n{}\n-- paper\n{}",
                    tail(&self.path("till.log")),
                    tail(&self.path("central.log")),
                    self.printer.paper().to_text(),
                );
            }
            std::thread::park_timeout(LOOK_AGAIN);
        }
    }

    /// The till's file, wherever it stands at the moment; `None` before the till has made it.
    pub fn journal(&self) -> Option<JournalReader> {
        JournalReader::open(&self.journal_path()).ok()
    }

    pub fn journal_path(&self) -> PathBuf {
        self.path("till").join(till::terminal::DATABASE_FILE)
    }

    /// Every entry of the till, oldest first.
    pub fn list_entries(&self) -> Vec<SealedEntry> {
        let Some(journal) = self.journal() else { return Vec::new() };
        let runs = journal.list_runs().unwrap_or_default();
        let whole = |run| JournalMark { run, sequence: 0 };
        runs.iter().flat_map(|r| journal.list_after(whole(r.run), 100_000, 1 << 30).unwrap_or_default()).collect()
    }

    /// Every sale of the till, oldest first.
    pub fn list_sales(&self) -> Vec<Sale> {
        let events = self.list_entries().into_iter().map(|sealed| till::wire::open_entry(&sealed).unwrap().event);
        events
            .filter_map(|event| match event {
                Event::SaleCompleted(sale) => Some(*sale),
                _ => None,
            })
            .collect()
    }

    /// How many entries of a kind the till has written.
    pub fn count_entries(&self, kind: &str) -> usize {
        self.list_entries().iter().filter(|entry| entry.header.kind == kind).count()
    }

    /// Sales as central's books have them: receipt number and total.
    pub fn list_central_sales(&self) -> Vec<(u64, i64)> {
        let path = self.path("central").join(till::central::server::DATABASE_FILE);
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let Ok(books) = rusqlite::Connection::open_with_flags(path, flags) else { return Vec::new() };
        let rows = books
            .prepare("SELECT receipt_number, total_minor FROM sale ORDER BY receipt_number")
            .and_then(|mut s| s.query_map((), |row| Ok((row.get::<_, i64>(0)? as u64, row.get(1)?)))?.collect());
        rows.unwrap_or_default()
    }

    /// What central says of a product in the till's store, as its command prints it.
    pub fn find_central_stock(&self, product: &str) -> Option<serde_json::Value> {
        let output = self.run(self.central_tool(&["stock", "--store", "S001", "--json"]));
        let rows: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        rows.as_array()?.iter().find(|row| row["product"] == product).cloned()
    }

    /// The customer takes the change and the cashier shuts the drawer.
    pub fn shut_drawer(&self) {
        self.printer.switch(Switch::DrawerShut);
    }
}

/// Where central is to listen.
fn free_url() -> String {
    format!("http://127.0.0.1:{}", ports::take())
}
