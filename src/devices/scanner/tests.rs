//! The driver and the simulated scanner over real pseudo-terminals: the fault matrix as far as it concerns scanners.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use super::*;
use crate::devices::port::PortAddress;
use crate::devices::simulated::pty::Pty;
use crate::devices::simulated::scanner::{Label, Manner, ScannerTwin, TwinEvent};
use crate::domain::barcode::Gtin;
use crate::domain::device::{DeviceEvent, HealthReason, HealthState, ScanSignal};
use crate::domain::ids::DeviceId;
use crate::domain::scan::{Scan, ScanQuality};

const EAN: &str = "4006381333931";
const SOON: Duration = Duration::from_secs(120);

/// A till's side and a scanner's side of one cable.
struct Bench {
    twin: ScannerTwin,
    twin_events: Receiver<TwinEvent>,
    scanner: Option<Scanner>,
    events: Receiver<DeviceEvent>,
    scans: VecDeque<Scan>,
    health: Vec<HealthState>,
    folder: tempfile::TempDir,
}

fn profile(name: &str, edits: &[(&str, &str)]) -> ScannerProfile {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("hardware/scanners/{name}.toml"));
    let mut text = std::fs::read_to_string(path).unwrap();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    ScannerProfile::parse(name, &text).unwrap()
}

fn start(device: &str, link: &Path, profile: &ScannerProfile) -> (Scanner, Receiver<DeviceEvent>) {
    let (sender, events) = mpsc::channel();
    let config = ScannerConfig {
        device: DeviceId::new(device),
        address: PortAddress::Path(link.to_owned()),
        profile: profile.clone(),
    };
    let sink: EventSink = Box::new(move |event| drop(sender.send(event)));
    (Scanner::start(config, sink).unwrap(), events)
}

impl Bench {
    fn new(profile: &ScannerProfile) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("scanner");
        let (sender, twin_events) = mpsc::channel();
        let twin = ScannerTwin::plug_in(&link, profile.clone(), move |event| drop(sender.send(event))).unwrap();
        let (scanner, events) = start("scanner", &link, profile);
        let mut bench = Self {
            twin,
            twin_events,
            scanner: Some(scanner),
            events,
            scans: VecDeque::new(),
            health: Vec::new(),
            folder,
        };
        bench.wait_for_health(&HealthState::Ready);
        bench
    }

    /// Takes one event, and says whether there was one before the deadline.
    fn take(&mut self, deadline: Instant) -> bool {
        match self.events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(DeviceEvent::Scanned(scan)) => self.scans.push_back(scan),
            Ok(DeviceEvent::HealthChanged { health, .. }) => self.health.push(health.state),
            Ok(other) => panic!("a scanner does not say {other:?}"),
            Err(_) => return false,
        }
        true
    }

    fn next_scan(&mut self) -> Scan {
        let deadline = Instant::now() + SOON;
        loop {
            if let Some(scan) = self.scans.pop_front() {
                return scan;
            }
            assert!(self.take(deadline), "no scan came; health was {:?}", self.health);
        }
    }

    fn wait_for_health(&mut self, wanted: &HealthState) {
        let deadline = Instant::now() + SOON;
        while self.health.last() != Some(wanted) {
            assert!(self.take(deadline), "{wanted:?} never came, but {:?}", self.health);
        }
    }

    fn next_twin_event(&self) -> TwinEvent {
        self.twin_events.recv_timeout(SOON).unwrap()
    }

    /// Scans until something comes of it: what follows nonsense without a pause counts as nonsense too, and a port that
    /// is being opened again reads nothing.
    fn scan_until_told(&mut self, label: &Label, manner: Manner) -> Scan {
        let deadline = Instant::now() + SOON;
        loop {
            self.twin.scan(label.clone(), manner);
            let patience = Instant::now() + Duration::from_millis(400);
            while self.scans.is_empty() && self.take(patience) {}
            if let Some(scan) = self.scans.pop_front() {
                return scan;
            }
            assert!(Instant::now() < deadline, "nothing came; health was {:?}", self.health);
        }
    }

    /// Waits until the till has taken so many bytes off the line, in all.
    fn wait_for_bytes(&self, bytes: u64) {
        let deadline = Instant::now() + SOON;
        while self.scanner.as_ref().unwrap().counters().bytes < bytes {
            assert!(Instant::now() < deadline, "{:?}", self.scanner.as_ref().unwrap().counters());
            std::thread::yield_now();
        }
    }

    /// Scans a label that nothing else in the test has, so that everything before it has come when it comes.
    fn scan_marker(&mut self, number: u64) -> Scan {
        let (before, marker) = self.scan_until_marker(number);
        assert_eq!(before, [], "something came before the marker");
        marker
    }

    /// The same where something may come before it.
    fn scan_until_marker(&mut self, number: u64) -> (Vec<Scan>, Scan) {
        let marker = Gtin::from_body(&format!("20{number:010}")).unwrap();
        let digits = marker.as_gtin_13().unwrap();
        self.twin.scan(Label::of(digits), Manner::AtOnce);
        let mut before = Vec::new();
        loop {
            let scan = self.next_scan();
            if told(&scan).0 == digits {
                return (before, scan);
            }
            before.push(scan);
        }
    }

    fn signal(&self, signal: ScanSignal) {
        self.scanner.as_ref().unwrap().signal(signal);
    }
}

fn wait_until_ready(events: &Receiver<DeviceEvent>) {
    loop {
        if let DeviceEvent::HealthChanged { health, .. } = events.recv_timeout(SOON).unwrap()
            && health.state == HealthState::Ready
        {
            return;
        }
    }
}

fn told(scan: &Scan) -> (String, ScanQuality) {
    (String::from_utf8_lossy(&scan.payload).into_owned(), scan.quality)
}

#[test]
fn a_label_of_every_kind_arrives_as_it_is_printed() {
    for name in ScannerProfile::names() {
        let mut bench = Bench::new(&profile(name, &[]));
        for text in [EAN, "96385074", "036000291452", "10614141543219"] {
            let label = Label::of(text);
            bench.twin.scan(label.clone(), Manner::AtOnce);
            let scan = bench.next_scan();
            assert_eq!((scan.payload, scan.symbology), (label.data, Some(label.symbology)), "{name} {text}");
            assert_eq!(scan.quality, ScanQuality::Whole);
        }
        if name != "zebra-standard" {
            for text in ["(01)09506000134352(17)271130(10)A-1(21)9", "https://id.gs1.org/01/09780345418913", "SKU-17"] {
                let label = Label::of(text);
                bench.twin.scan(label.clone(), Manner::AtOnce);
                assert_eq!(bench.next_scan().payload, label.data, "{name} {text}");
            }
        }
    }
}

#[test]
fn bytes_one_by_one_and_every_terminator_make_one_item_each() {
    for suffix in ["cr", "lf", "crlf", "tab", "etx"] {
        let edits = [("suffix = \"cr\"", &*format!("suffix = \"{suffix}\"")), ("idle_ms = 120", "idle_ms = 2000")];
        let mut bench = Bench::new(&profile("generic", &edits));
        let pieces = Manner::InPieces { bytes: 1, pause: Duration::from_millis(3) };
        bench.twin.scan(Label::of(EAN), pieces);
        assert_eq!(told(&bench.next_scan()), (EAN.to_owned(), ScanQuality::Whole), "{suffix}");
        bench.twin.send(b"]E496385074\r]E00036000291452\r\n");
        assert_eq!(told(&bench.next_scan()).0, "96385074");
        assert_eq!(told(&bench.next_scan()).0, "0036000291452");
        assert_eq!(bench.scan_marker(1).quality, ScanQuality::Whole);
    }
}

#[test]
fn half_a_code_after_a_stall_is_one_partial_and_the_scanner_sounds_refused() {
    let mut bench = Bench::new(&profile("honeywell", &[("idle_ms = 120", "idle_ms = 20")]));
    let sent = format!("]E0{EAN}\r");
    for after_bytes in 1..sent.len() {
        bench.twin.scan(Label::of(EAN), Manner::CutOff { after_bytes });
        let scan = bench.next_scan();
        assert_eq!(scan.quality, ScanQuality::Partial, "{after_bytes}");
        assert!(sent.contains(&told(&scan).0), "{scan:?}");
        bench.signal(ScanSignal::Refused);
        assert_eq!(bench.next_twin_event(), TwinEvent::Sounded(ScanSignal::Refused));
        // The other half, late.
        bench.twin.send(&sent.as_bytes()[after_bytes..]);
        bench.scan_marker(after_bytes as u64);
    }
    let counters = bench.scanner.as_ref().unwrap().counters();
    assert_eq!((counters.partial, counters.whole), (sent.len() as u64 - 1, sent.len() as u64 - 1));
}

#[test]
fn a_cable_pulled_in_the_middle_of_a_code_is_one_partial_and_it_is_back_when_plugged_in() {
    let mut bench = Bench::new(&profile("generic", &[("idle_ms = 120", "idle_ms = 2000")]));
    let mut bytes = 0;
    for after_bytes in 1..=EAN.len() + 3 {
        bench.twin.scan(Label::of(EAN), Manner::CutOff { after_bytes });
        bytes += after_bytes as u64;
        bench.wait_for_bytes(bytes);
        bench.twin.unplug();
        bench.wait_for_health(&HealthState::Gone);
        assert_eq!(bench.next_scan().quality, ScanQuality::Partial);
        assert_eq!(bench.scans.len(), 0);
        bench.twin.plug_in_again();
        bench.wait_for_health(&HealthState::Ready);
        bench.scan_marker(after_bytes as u64);
        bytes += EAN.len() as u64 + 4;
    }
}

#[test]
fn two_codes_of_one_piece_and_one_code_read_twice_are_one_item() {
    let mut bench = Bench::new(&profile("generic", &[]));
    bench.twin.send(b"]E04006381333931\r]Q1https://id.gs1.org/01/04006381333931\r]E04006381333931\r");
    assert_eq!(told(&bench.next_scan()), (EAN.to_owned(), ScanQuality::Whole));
    bench.scan_marker(1);
    let counters = bench.scanner.as_ref().unwrap().counters();
    assert_eq!((counters.doubles, counters.same_articles), (1, 1));
}

#[test]
fn a_wrong_speed_is_named_and_the_right_one_is_found() {
    let mut bench = Bench::new(&profile("generic", &[]));
    bench.twin.set_speed(38_400);
    let mut nonsense = 0;
    loop {
        let scan = bench.scan_until_told(&Label::of(EAN), Manner::AtOnce);
        if scan.quality != ScanQuality::Garbage {
            assert_eq!(told(&scan), (EAN.to_owned(), ScanQuality::Whole));
            break;
        }
        nonsense += 1;
        if nonsense >= 2 {
            bench.wait_for_health(&HealthState::Offline(HealthReason::WrongSpeed));
        }
    }
    // On a slow machine a label is held before it again while the first reading is still on its way.
    assert!(nonsense >= 3, "9600 is wrong twice, then 115200, and 38400 is right: {nonsense}");
    bench.wait_for_health(&HealthState::Ready);
    let (again, marker) = bench.scan_until_marker(1);
    assert!(again.iter().all(|scan| told(scan) == (EAN.to_owned(), ScanQuality::Repeat)), "{again:?}");
    assert_eq!(marker.quality, ScanQuality::Whole);
}

#[test]
fn one_garbled_scan_takes_none_of_the_good_ones_behind_it() {
    let mut bench = Bench::new(&profile("honeywell", &[]));
    for round in 0..3 {
        bench.scan_marker(10 * round);
        bench.twin.scan(Label::of(EAN), Manner::Garbled);
        assert_eq!(bench.next_scan().quality, ScanQuality::Garbage);
        for number in 1..5 {
            bench.scan_marker(10 * round + number);
        }
    }
    // Also before the speed was proved.
    let mut bench = Bench::new(&profile("honeywell", &[]));
    bench.twin.scan(Label::of(EAN), Manner::Garbled);
    assert_eq!(bench.next_scan().quality, ScanQuality::Garbage);
    bench.scan_marker(1);
    assert_eq!(bench.health, [HealthState::Opening, HealthState::Ready]);
}

#[test]
fn the_proven_speed_is_come_back_to_first_and_another_one_is_found_all_the_same() {
    let mut bench = Bench::new(&profile("honeywell", &[]));
    bench.scan_marker(1);
    // Nothing makes sense for long: the search begins at another speed, and is back with the next code.
    for _ in 0..6 {
        assert_eq!(bench.scan_until_told(&Label::of(EAN), Manner::Garbled).quality, ScanQuality::Garbage);
    }
    bench.wait_for_health(&HealthState::Offline(HealthReason::WrongSpeed));
    let mut lost = 0;
    while bench.scan_until_told(&Label::of(EAN), Manner::AtOnce).quality == ScanQuality::Garbage {
        lost += 1;
        // Nobody scans again in the moment before the speed is changed.
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(lost <= 1, "at 9600 one is lost, then 115200 is tried again: {lost}");
    bench.wait_for_health(&HealthState::Ready);
    bench.scan_until_marker(2);
    // Somebody sets the scanner anew: the third of the speeds is right.
    bench.twin.set_speed(38_400);
    let read = loop {
        let scan = bench.scan_until_told(&Label::of("96385074"), Manner::AtOnce);
        if scan.quality != ScanQuality::Garbage {
            break scan;
        }
    };
    assert_eq!(told(&read), ("96385074".to_owned(), ScanQuality::Whole));
    assert_eq!(bench.health.last(), Some(&HealthState::Offline(HealthReason::WrongSpeed)), "it was named");
    bench.wait_for_health(&HealthState::Ready);
}

#[test]
fn the_first_scan_over_a_mended_line_is_read() {
    let mut bench = Bench::new(&profile("honeywell", &[]));
    bench.scan_marker(0);
    // Each is a burst of its own: it is told in the silence behind it.
    let garble = |bench: &mut Bench| {
        bench.twin.scan(Label::of(EAN), Manner::Garbled);
        assert_eq!(bench.next_scan().quality, ScanQuality::Garbage);
    };
    for garbled in [2, 5] {
        (0..garbled).for_each(|_| garble(&mut bench));
        bench.scan_marker(garbled);
        bench.wait_for_health(&HealthState::Ready);
    }
    // Bad for so long that another speed is tried: for a moment, and then it listens at the proven one again.
    (0..6).for_each(|_| garble(&mut bench));
    std::thread::sleep(Duration::from_millis(2500));
    bench.scan_marker(7);
    bench.wait_for_health(&HealthState::Ready);
}

#[test]
fn what_arrives_just_before_another_speed_is_tried_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("scanner");
    let mut line = Pty::plug_in(&link).unwrap();
    let (sender, events) = mpsc::channel();
    let (go_on, held_up) = mpsc::channel();
    let config = ScannerConfig {
        device: DeviceId::new("scanner"),
        address: PortAddress::Path(link),
        profile: profile("generic", &[]),
    };
    // The scanner's thread stands still while nonsense is told.
    let sink: EventSink = Box::new(move |event| {
        let is_nonsense = matches!(&event, DeviceEvent::Scanned(scan) if scan.quality == ScanQuality::Garbage);
        drop(sender.send(event));
        if is_nonsense {
            held_up.recv_timeout(SOON).unwrap();
        }
    });
    let _scanner = Scanner::start(config, sink).unwrap();
    wait_until_ready(&events);
    let next_scan = || loop {
        if let DeviceEvent::Scanned(scan) = events.recv_timeout(SOON).unwrap() {
            return told(&scan);
        }
    };
    line.write(b"\xf8\x80").unwrap();
    assert_eq!(next_scan().1, ScanQuality::Garbage);
    go_on.send(()).unwrap();
    line.write(b"\xf8\x80").unwrap();
    assert_eq!(next_scan().1, ScanQuality::Garbage);
    line.write(b"]E04006381333931\r").unwrap();
    // The system takes a moment to carry it over.
    std::thread::sleep(Duration::from_millis(50));
    go_on.send(()).unwrap();
    assert_eq!(next_scan(), (EAN.to_owned(), ScanQuality::Whole));
}

#[test]
fn a_bad_cable_sells_nothing() {
    let mut bench = Bench::new(&profile("generic", &[("speeds = [9600, 115200, 38400, 19200]", "speeds = []")]));
    for _ in 0..5 {
        assert_eq!(bench.scan_until_told(&Label::of(EAN), Manner::Garbled).quality, ScanQuality::Garbage);
    }
    bench.wait_for_health(&HealthState::Offline(HealthReason::WrongSpeed));
    assert_eq!(told(&bench.scan_until_told(&Label::of(EAN), Manner::AtOnce)).0, EAN);
    bench.wait_for_health(&HealthState::Ready);
}

#[test]
fn no_scan_of_a_burst_is_lost_and_the_order_is_kept() {
    let mut bench = Bench::new(&profile("honeywell", &[]));
    let codes: Vec<String> =
        (0..200).map(|n| Gtin::from_body(&format!("30{n:010}")).unwrap().as_gtin_13().unwrap().to_owned()).collect();
    for code in &codes {
        bench.twin.scan(Label::of(code), Manner::AtOnce);
    }
    for code in &codes {
        assert_eq!(told(&bench.next_scan()), (code.clone(), ScanQuality::Whole));
    }
}

#[test]
fn two_scanners_at_once_are_told_apart() {
    let mut first = Bench::new(&profile("generic", &[]));
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("second");
    let datalogic = profile("datalogic", &[]);
    let twin = ScannerTwin::plug_in(&link, datalogic.clone(), |_| {}).unwrap();
    let (_second, events) = start("scanner-2", &link, &datalogic);
    wait_until_ready(&events);
    for n in 0..20 {
        first.twin.scan(Label::of(&format!("A-{n:04}")), Manner::AtOnce);
        twin.scan(Label::of(&format!("B-{n:04}")), Manner::AtOnce);
    }
    for n in 0..20 {
        let scan = first.next_scan();
        assert_eq!((scan.device.as_str(), told(&scan).0), ("scanner", format!("A-{n:04}")));
        let DeviceEvent::Scanned(scan) = events.recv_timeout(SOON).unwrap() else { panic!("only scans") };
        assert_eq!((scan.device.as_str(), told(&scan).0), ("scanner-2", format!("B-{n:04}")));
    }
}

#[test]
fn a_scanner_pulled_out_in_the_middle_of_a_code_leaves_the_other_one_reading() {
    let mut first = Bench::new(&profile("generic", &[("idle_ms = 120", "idle_ms = 2000")]));
    let mut second = Bench::new(&profile("generic", &[]));
    for round in 0..5 {
        let before = first.scanner.as_ref().unwrap().counters().bytes;
        first.twin.scan(Label::of(EAN), Manner::CutOff { after_bytes: 7 });
        first.wait_for_bytes(before + 7);
        first.twin.unplug();
        second.scan_marker(round);
        assert_eq!(first.next_scan().quality, ScanQuality::Partial);
        first.twin.plug_in_again();
        first.wait_for_health(&HealthState::Gone);
        first.wait_for_health(&HealthState::Ready);
        first.scan_marker(round);
    }
    assert_eq!(second.health, [HealthState::Opening, HealthState::Ready], "the other one noticed nothing");
}

/// Two readings of one code, 30 ms apart and, on another code, so far apart that they are two: the exact limits are played
/// with a turned clock in `reader/tests.rs`.
#[test]
fn a_code_read_twice_at_a_distance_is_one_or_is_pointed_out() {
    let mut bench = Bench::new(&profile("generic", &[]));
    let twice = Label { data: format!("{EAN}\r]E0{EAN}").into_bytes(), ..Label::of(EAN) };
    let frame = EAN.len() + 4;
    bench.twin.scan(twice, Manner::InPieces { bytes: frame, pause: Duration::from_millis(30) });
    assert_eq!(told(&bench.next_scan()), (EAN.to_owned(), ScanQuality::Whole));
    bench.wait_for_bytes(2 * frame as u64);
    // A slow machine makes more of the 30 ms: then it is pointed out, or is another piece.
    let (told_again, _) = bench.scan_until_marker(1);
    assert!(told_again.iter().all(|scan| told(scan).0 == EAN), "{told_again:?}");
    assert_eq!(bench.scanner.as_ref().unwrap().counters().doubles + told_again.len() as u64, 1);
    let other = "96385074";
    let twice = Label { data: format!("{other}\r]E4{other}").into_bytes(), ..Label::of(other) };
    let frame = other.len() + 4;
    bench.twin.scan(twice, Manner::InPieces { bytes: frame, pause: Duration::from_millis(400) });
    assert_eq!(told(&bench.next_scan()), (other.to_owned(), ScanQuality::Whole));
    let second = bench.next_scan();
    assert_eq!(told(&second).0, other);
    assert!(matches!(second.quality, ScanQuality::Repeat | ScanQuality::Whole), "{second:?}");
}

#[test]
fn each_make_sounds_in_its_own_words() {
    for name in ["honeywell", "zebra-standard", "datalogic"] {
        let bench = Bench::new(&profile(name, &[]));
        for signal in [ScanSignal::Good, ScanSignal::Refused] {
            bench.signal(signal);
            assert_eq!(bench.next_twin_event(), TwinEvent::Sounded(signal), "{name}");
        }
    }
}

#[test]
fn a_port_that_another_program_holds_is_named_and_taken_when_it_is_free() {
    let mut bench = Bench::new(&profile("generic", &[]));
    let link = bench.folder.path().join("scanner");
    let (_second, events) = start("scanner-2", &link, &profile("generic", &[]));
    let next_state = || loop {
        if let DeviceEvent::HealthChanged { health, .. } = events.recv_timeout(SOON).unwrap() {
            return health.state;
        }
    };
    assert_eq!(next_state(), HealthState::Opening);
    assert_eq!(next_state(), HealthState::Offline(HealthReason::Claimed));
    bench.scanner = None;
    assert_eq!(next_state(), HealthState::Ready);
}

#[test]
fn what_was_scanned_while_nobody_read_is_not_sold_later() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("scanner");
    let mut line = Pty::plug_in(&link).unwrap();
    line.write(b"]E04006381333931\r]E040063").unwrap();
    let (_scanner, events) = start("scanner", &link, &profile("generic", &[]));
    wait_until_ready(&events);
    line.write(b"]E496385074\r").unwrap();
    let DeviceEvent::Scanned(scan) = events.recv_timeout(SOON).unwrap() else { panic!("only scans") };
    assert_eq!(told(&scan), ("96385074".to_owned(), ScanQuality::Whole));
}
