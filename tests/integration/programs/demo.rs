//! `till demo` as a program: a shop in a window that nobody set up, opened again after it was killed, and what it does where
//! there is no display.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use till::database::JournalReader;
use till::domain::ids::JournalMark;

use super::MUG;
use super::display::Display;
use super::program::{Program, tail, with_signals};

/// How long anything may take.
const DEADLINE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(40);
/// A key may have been struck before the window was ready for it.
const STRIKE_AGAIN: Duration = Duration::from_millis(1500);

/// Where the field of the counter's scanner is on a display of 1280 × 800, in pixels.
const SCANNER_FIELD: (u32, u32) = (1000, 114);

/// The orders of the shop's morning.
const OPENING_ORDERS: usize = 6;

/// A demo on a display of its own. The program ends first.
struct Demo {
    program: Option<Program>,
    /// What it says goes on being taken.
    said: Option<BufReader<ChildStdout>>,
    display: Display,
    folder: TempDir,
}

impl Demo {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { program: None, said: None, display: Display::start(folder.path()), folder }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn shop(&self) -> PathBuf {
        self.folder.path().join("shop")
    }

    /// Starts it, and gives the keyboard to its window. What it says first is answered: four lines.
    fn start(&mut self) -> Vec<String> {
        let mut command = with_signals(env!("CARGO_BIN_EXE_till"));
        command.arg("demo").arg("--data").arg(self.shop()).env("HOME", self.folder.path());
        self.display.show(command.stdout(Stdio::piped()));
        let mut program = Program::start(command, self.log());
        let mut from = BufReader::new(program.child.stdout.take().unwrap());
        let said = (0..4).map(|_| read_line(&mut from)).collect();
        (self.program, self.said) = (Some(program), Some(from));
        let window = self.wait_for("the window", |demo| demo.display.find_window());
        self.display.give_keyboard(&window);
        self.wait_for("till and counter on the whole of 1280 × 800", |demo| {
            demo.display.is_filled_by(&window).then_some(())
        });
        said
    }

    fn kill(&mut self) {
        self.program = None;
    }

    fn wait_for<T>(&mut self, what: &str, mut find: impl FnMut(&Self) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = find(self) {
                return found;
            }
            if let Some(program) = &mut self.program {
                program.expect_running();
            }
            self.display.expect_running();
            assert!(begun.elapsed() < DEADLINE, "{what}: not within {DEADLINE:?}\n{}", tail(&self.log()));
            std::thread::park_timeout(LOOK_AGAIN);
        }
    }

    fn strike_until(&mut self, keys: &[&str], what: &str, mut is_so: impl FnMut(&Self) -> bool) {
        let mut struck_at: Option<Instant> = None;
        self.wait_for(what, |demo| {
            let so = is_so(demo);
            if !so && struck_at.is_none_or(|at| at.elapsed() > STRIKE_AGAIN) {
                demo.display.strike(keys);
                struck_at = Some(Instant::now());
            }
            so.then_some(())
        });
    }

    fn journal(&self) -> Option<JournalReader> {
        JournalReader::open(&self.shop().join("till").join(till::terminal::DATABASE_FILE)).ok()
    }

    fn count_orders(&self) -> usize {
        let orders = self.journal().and_then(|journal| journal.view().list_orders(None).ok());
        orders.map_or(0, |orders| orders.len())
    }

    fn has_order(&self, reference: &str) -> bool {
        let orders = self.journal().and_then(|journal| journal.view().list_orders(None).ok());
        orders.is_some_and(|orders| orders.iter().any(|order| order.reference == reference))
    }

    fn count_entries(&self, kind: &str) -> usize {
        let Some(journal) = self.journal() else { return 0 };
        let runs = journal.list_runs().unwrap_or_default();
        let whole = |run| JournalMark { run, sequence: 0 };
        let entries = runs.iter().flat_map(|r| journal.list_after(whole(r.run), 100_000, 1 << 30).unwrap_or_default());
        entries.filter(|entry| entry.header.kind == kind).count()
    }

    fn pieces_in_basket(&self) -> i64 {
        let draft = self.journal().and_then(|journal| journal.view().find_draft().ok().flatten());
        draft.map_or(0, |draft| draft.basket.item_count())
    }

    fn sign_in(&mut self, times: usize) {
        self.strike_until(&["Tab", "1", "1", "1", "1", "Return"], "Ana signed in", |demo| {
            demo.count_entries("operator_signed_in") >= times
        });
    }

    /// Types the mug's number, digit by digit.
    fn type_mug(&mut self) {
        let digits = mug_digits();
        let mut keys = vec!["Escape"];
        keys.extend(digits.iter().map(String::as_str));
        keys.push("Return");
        self.strike_until(&keys, "a mug in the basket", |demo| demo.pieces_in_basket() == 1);
    }

    /// Types it into the field of the counter's scanner.
    fn hold_mug(&mut self) {
        let digits = mug_digits();
        let mut keys: Vec<&str> = digits.iter().map(String::as_str).collect();
        keys.push("Return");
        let (x, y) = SCANNER_FIELD;
        self.display.click(x, y);
        self.display.strike(&keys);
        self.wait_for("a mug in the basket", |demo| (demo.pieces_in_basket() == 1).then_some(()));
    }

    fn pay(&mut self, sales: usize) {
        self.strike_until(&["Return"], "the sale", |demo| demo.count_entries("sale_completed") == sales);
        self.wait_for("the receipt on paper", |demo| {
            demo.journal()?.view().list_unsettled_prints().ok()?.is_empty().then_some(())
        });
    }

    /// What head office lists, as its command prints it.
    fn list(&self, arguments: &[&str]) -> Vec<serde_json::Value> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
        let output = command.args(arguments).arg("--json").arg("--data").arg(self.shop().join("central")).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn mug_digits() -> Vec<String> {
    MUG.1.chars().map(String::from).collect()
}

fn read_line(from: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    from.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

#[test]
fn the_demo_opens_its_shop_in_a_window_and_after_a_kill_opens_the_same_one_again() {
    let mut demo = Demo::new();
    let said = demo.start();
    assert!(said[0].starts_with("The shop is open in "), "{said:?}");
    demo.wait_for("the orders of the morning at the till", |demo| {
        (demo.count_orders() >= OPENING_ORDERS).then_some(())
    });
    demo.wait_for("the shop on the display", |demo| demo.display.photograph("demo"));
    demo.sign_in(1);
    demo.strike_until(&["1", "5", "0", "Return"], "the session", |demo| demo.count_entries("session_opened") == 1);
    // Typed at the counter, paid at the till: Enter is the till's as soon as the code is held before the scanner.
    demo.hold_mug();
    demo.pay(1);

    // The line it says an order can be sent with, pasted into a shell.
    assert_eq!(said[2], "Send it an order of your own:");
    let sent = Command::new("sh").args(["-c", &said[3]]).current_dir("/").output().unwrap();
    assert!(sent.status.success(), "{}: {sent:?}", said[3]);
    demo.wait_for("the order at the till", |demo| demo.has_order("2001").then_some(()));

    // Killed in the middle of a sale, till and central at once.
    demo.type_mug();
    demo.kill();
    let orders = demo.count_orders();
    demo.start();
    demo.sign_in(2);
    assert_eq!(demo.pieces_in_basket(), 1, "the basket is back");
    demo.pay(2);
    demo.wait_for("everything at central", |demo| (demo.journal()?.view().unsent().ok()?.count == 0).then_some(()));
    // Ctrl+C where it was started: till and central end as with the window, and leave a file each that is whole.
    let mut program = demo.program.take().unwrap();
    program.tell("INT");
    let ended = program.wait(DEADLINE);
    assert!(ended.success(), "{ended}:\n{}", tail(&demo.log()));
    for file in ["till/till.db", "central/central.db"] {
        let file = demo.shop().join(file);
        assert!(file.exists() && !file.with_extension("db-wal").exists(), "{} is not closed", file.display());
    }

    // The morning did not come a second time: what was ordered is there once, and nothing of it is a problem.
    let ordered = demo.list(&["order", "list"]);
    let mut references: Vec<&str> = ordered.iter().map(|order| order["reference"].as_str().unwrap()).collect();
    let count = references.len();
    references.sort_unstable();
    references.dedup();
    assert_eq!(references.len(), count, "{ordered:#?}");
    assert!(count >= orders && count < orders + OPENING_ORDERS, "{count} orders, {orders} before the kill");
    assert!(demo.list(&["order", "list", "--state", "problem"]).is_empty());
}

#[test]
fn without_a_display_the_demo_says_so_and_plays_its_day() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_till"));
    command.arg("demo").arg("--out").arg(folder.path().join("out")).current_dir(folder.path());
    command.env("HOME", folder.path()).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").stdout(Stdio::piped());
    let mut program = Program::start(command, folder.path().join("log"));
    let mut said = BufReader::new(program.child.stdout.take().unwrap());
    let first = read_line(&mut said);
    assert!(
        first.starts_with("There is no display (") && first.ends_with("): playing the scripted day instead."),
        "{first}"
    );
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert!(program.child.wait().unwrap().success(), "{rest}\n{}", tail(&folder.path().join("log")));
    assert!(rest.contains("\nThe day came out as it should: "), "{rest}");
    let count = |name: &str, ending: &str| {
        let files = std::fs::read_dir(folder.path().join("out").join(name)).unwrap();
        files.filter(|file| file.as_ref().unwrap().path().to_string_lossy().ends_with(ending)).count()
    };
    let receipts = count("receipts", ".txt");
    assert!(receipts > 0 && receipts == count("receipts", ".png"), "each receipt is there as text and as picture");
    assert!(rest.contains(&format!(" {receipts} receipts, {} screens ", count("screens", ".png"))), "{rest}");
    let stock = std::fs::read_to_string(folder.path().join("out/stock.csv")).unwrap();
    assert!(rest.contains(&format!(" and {} rows of central's stock ", stock.lines().count() - 1)), "{rest}");
}

#[test]
fn a_display_that_cannot_be_reached_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let till = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_till"));
        command.args(arguments).env("HOME", folder.path()).env("DISPLAY", ":987").env_remove("WAYLAND_DISPLAY");
        command.env_remove("XDG_DATA_HOME").current_dir(folder.path());
        command
    };
    let mut demo = till(&["demo", "--out", "out"]);
    demo.stdout(Stdio::piped());
    let mut program = Program::start(demo, folder.path().join("log"));
    let mut said = BufReader::new(program.child.stdout.take().unwrap());
    let first = read_line(&mut said);
    assert!(first.starts_with("There is no display (:987 cannot be reached"), "{first}");
    drop(program);

    // A till of which a device is named is meant to be a real one: no demo shop takes its place.
    let output = till(&["--scanner", "/dev/ttyACM0,honeywell"]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(":987 cannot be reached") && output.stdout.is_empty(), "{told}");
}
