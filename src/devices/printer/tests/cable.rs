//! The same over real pseudo-terminals, with the driver's and the twin's threads: what memory cannot show (cables,
//! flow control, a system that takes no more bytes), and a sample of the sweep.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use super::*;
use crate::devices::port::{Flow, LineSettings, Port, PortAddress};
use crate::devices::printer::{PrinterConfig, PrinterHandle, encode_document};
use crate::devices::simulated::printer::{Hands, PrinterTwin, Switch, TwinPace, TwinSettings};
use crate::domain::device::{
    DeviceEvent, DrawerPosition, HealthReason, HealthState, PaperLevel, PrintCommand, PrintJobState,
};

/// Everything here happens within this, on the slowest machine.
const SOON: Duration = Duration::from_secs(180);

/// What the sink has heard, and someone waiting for more.
#[derive(Default)]
struct Heard {
    events: Mutex<Vec<DeviceEvent>>,
    more: Condvar,
}

impl Heard {
    /// Waits until `seen` finds what it looks for among the events so far.
    fn wait_for<T>(&self, what: &str, seen: impl Fn(&[DeviceEvent]) -> Option<T>) -> T {
        let until = Instant::now() + SOON;
        let mut events = locked(&self.events);
        loop {
            if let Some(found) = seen(&events) {
                return found;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{what} did not happen: {events:#?}");
            events = self.more.wait_timeout(events, left).unwrap().0;
        }
    }
}

/// A test that fails while it looks must not take the driver's thread with it.
fn locked(events: &Mutex<Vec<DeviceEvent>>) -> std::sync::MutexGuard<'_, Vec<DeviceEvent>> {
    events.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

struct Till {
    twin: PrinterTwin,
    printer: PrinterHandle,
    heard: Arc<Heard>,
    profile: PrinterProfile,
    _folder: tempfile::TempDir,
}

impl Till {
    fn new(profile: PrinterProfile, pace: TwinPace) -> Self {
        let settings = TwinSettings::of(&profile);
        Self::with(profile, settings, pace, |_| ())
    }

    /// A till that believes in `profile`, a twin that is as `settings` say, and something done before the till starts.
    fn with(
        profile: PrinterProfile,
        settings: TwinSettings,
        pace: TwinPace,
        before: impl FnOnce(&PortAddress),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = PortAddress::Path(folder.path().join("printer"));
        let twin = PrinterTwin::start(&folder.path().join("printer"), settings, pace, || ()).unwrap();
        before(&address);
        let heard = Arc::new(Heard::default());
        let hears = Arc::clone(&heard);
        let config =
            PrinterConfig { device: "printer".into(), address, profile_name: "test".into(), profile: profile.clone() };
        let printer = PrinterHandle::start(
            config,
            Arc::new(|| chrono::DateTime::UNIX_EPOCH),
            Arc::new(move |event| {
                locked(&hears.events).push(event);
                hears.more.notify_all();
            }),
        )
        .unwrap();
        Self { twin, printer, heard, profile, _folder: folder }
    }

    fn ready(name: &str) -> Self {
        let till = Self::new(profile(name), TwinPace::default());
        till.wait_health(&HealthState::Ready);
        till
    }

    fn print(&self, number: u128, document: &Document) {
        self.printer.send(PrintCommand::Print { job: job(number), document: Box::new(document.clone()) });
    }

    fn wait_health(&self, wanted: &HealthState) {
        self.heard.wait_for(&format!("{wanted:?}"), |events| {
            let last = events.iter().rev().find_map(|event| match event {
                DeviceEvent::HealthChanged { health, .. } => Some(&health.state),
                _ => None,
            });
            (last == Some(wanted)).then_some(())
        });
    }

    /// Waits until the last word about a document is one of these.
    fn wait_job(&self, number: u128, wanted: impl Fn(PrintJobState) -> bool) -> PrintJobState {
        self.heard.wait_for(&format!("an end of job {number}"), |events| {
            events
                .iter()
                .rev()
                .find_map(|event| match event {
                    DeviceEvent::PrintProgressed { job: id, state } if *id == job(number) => Some(*state),
                    _ => None,
                })
                .filter(|state| wanted(*state))
        })
    }

    fn wait_printed(&self, number: u128) {
        self.wait_job(number, |state| state == PrintJobState::Printed);
    }

    fn was_partial(&self) -> bool {
        let events = locked(&self.heard.events);
        events
            .iter()
            .any(|event| matches!(event, DeviceEvent::PrintProgressed { state: PrintJobState::Partial { .. }, .. }))
    }

    fn copies(&self, document: &Document) -> usize {
        count_whole(&self.twin.paper(), &expected(document, &self.profile))
    }
}

fn is_over(state: PrintJobState) -> bool {
    matches!(state, PrintJobState::Printed | PrintJobState::Partial { .. } | PrintJobState::Cancelled)
}

const PAPER_OUT: Hands = Hands { paper_out: true, paper_low: false, cover_open: false, drawer_open: false };
const ALL_WELL: Hands = Hands { paper_out: false, paper_low: false, cover_open: false, drawer_open: false };

#[test]
fn a_receipt_and_the_drawer_over_a_real_port() {
    let till = Till::ready("epson-tm-t20iii");
    till.print(1, &receipt(42));
    till.wait_printed(1);
    assert_eq!(till.copies(&receipt(42)), 1, "{}", till.twin.paper().to_text());
    let drawer = |position, kicked| {
        till.heard.wait_for("the drawer's move", |events| {
            events.contains(&DeviceEvent::DrawerChanged { position, kicked }).then_some(())
        });
    };
    drawer(DrawerPosition::Open, true);
    till.twin.switch(Switch::DrawerShut);
    drawer(DrawerPosition::Closed, false);
    till.twin.switch(Switch::DrawerKey);
    drawer(DrawerPosition::Open, false);
}

#[test]
fn letters_and_codes_that_the_model_lacks_come_out_as_pictures_over_a_real_port() {
    let till = Till::ready("generic-80");
    let mut document = Document::new();
    document.row("Ωέγα τσάι", "12.50 €", Style::PLAIN);
    document.row("Żółć", "12.50 €", Style::PLAIN);
    document.push(Block::Qr { data: "https://example.com/r/42".into() });
    document.push(Block::Cut);
    till.print(1, &document);
    till.wait_printed(1);
    let paper = till.twin.paper();
    let lines = paper::read_lines(&paper, paper::ALPHABET);
    let wanted =
        ["Ωέγα τσάι                                12.50 €", "Żółć                                     12.50 €"];
    assert_eq!(lines.iter().map(|l| paper::as_it_looks(l)).take(2).collect::<Vec<_>>(), wanted.map(paper::as_it_looks));
    assert_eq!(paper::read_codes(&paper), [(rxing::BarcodeFormat::QR_CODE, "https://example.com/r/42".to_owned())]);
    assert_eq!(till.twin.look(|core| core.dropped()), 0);
}

#[test]
fn paper_out_before_every_byte_finishes_by_itself() {
    let bytes: usize = encode_document(&receipt(42), &profile("epson-tm-t20iii")).iter().map(|b| b.bytes.len()).sum();
    assert!(bytes > 300, "{bytes}");
    let places: Vec<usize> = (0..=bytes).collect();
    for chunk in places.chunks(8) {
        let tills: Vec<(usize, Till)> = chunk
            .iter()
            .map(|at| {
                let till = Till::ready("epson-tm-t20iii");
                let begun = till.twin.look(|core| core.processed());
                till.twin.switch(Switch::PaperOutAt(begun + *at as u64));
                till.print(1, &receipt(42));
                (*at, till)
            })
            .collect();
        for (at, till) in tills {
            till.wait_health(&HealthState::Held(HealthReason::PaperOut));
            assert_eq!(till.copies(&receipt(42)), 0, "at {at}");
            till.twin.switch(Switch::Hands(ALL_WELL));
            till.wait_printed(1);
            assert_eq!(till.copies(&receipt(42)), 1, "at {at}\n{}", till.twin.paper().to_text());
            assert!(!till.was_partial(), "at {at}");
        }
    }
}

#[test]
fn a_cover_opened_in_the_middle_holds_the_receipt_and_it_finishes_by_itself() {
    let bytes: usize = encode_document(&receipt(42), &profile("epson-tm-t20iii")).iter().map(|b| b.bytes.len()).sum();
    for at in (10..bytes).step_by(97) {
        let till = Till::ready("epson-tm-t20iii");
        let begun = till.twin.look(|core| core.processed());
        till.twin.switch(Switch::CoverOpenAt(begun + at as u64));
        till.print(1, &receipt(42));
        till.wait_health(&HealthState::Held(HealthReason::CoverOpen));
        assert_eq!(till.copies(&receipt(42)), 0, "at {at}");
        till.twin.switch(Switch::Hands(ALL_WELL));
        till.wait_printed(1);
        assert_eq!(till.copies(&receipt(42)), 1, "at {at}\n{}", till.twin.paper().to_text());
        assert!(!till.was_partial(), "at {at}");
    }
}

#[test]
fn a_cable_pulled_in_the_middle_is_gone_at_once_and_the_receipt_partial() {
    // Past the kick of the drawer, which is no part of the document.
    for at in [50, 150, 300] {
        let till = Till::ready("epson-tm-t20iii");
        let begun = till.twin.look(|core| core.received());
        till.twin.switch(Switch::CableOutAt(begun + at));
        till.print(1, &receipt(42));
        till.wait_health(&HealthState::Gone);
        assert!(matches!(till.wait_job(1, is_over), PrintJobState::Partial { .. }), "at {at}");
        till.print(2, &receipt(42).marked_as_copy(1, &crate::domain::receipt::ReceiptWords::english()));
        till.twin.switch(Switch::CableIn);
        till.wait_health(&HealthState::Ready);
        till.wait_printed(2);
        assert_eq!(till.copies(&receipt(42)), 0, "at {at}: nothing is sent again by itself");
        let copy = receipt(42).marked_as_copy(1, &crate::domain::receipt::ReceiptWords::english());
        assert_eq!(till.copies(&copy), 1, "at {at}\n{}", till.twin.paper().to_text());
    }
}

#[test]
fn a_document_given_while_the_cable_is_out_comes_out_once_when_it_is_back() {
    let till = Till::ready("epson-tm-t20iii");
    till.twin.switch(Switch::CableOut);
    till.wait_health(&HealthState::Gone);
    till.print(1, &receipt(42));
    till.twin.switch(Switch::CableIn);
    till.wait_printed(1);
    assert_eq!(till.copies(&receipt(42)), 1);
}

#[test]
fn a_power_cut_that_loses_the_buffer_is_never_printed() {
    let till = Till::ready("epson-tm-t20iii");
    till.twin.switch(Switch::Hands(PAPER_OUT));
    till.wait_health(&HealthState::Held(HealthReason::PaperOut));
    till.twin.switch(Switch::Hands(ALL_WELL));
    till.wait_health(&HealthState::Ready);
    let begun = till.twin.look(|core| core.processed());
    till.twin.switch(Switch::PaperOutAt(begun + 200));
    till.print(1, &receipt(42));
    till.wait_health(&HealthState::Held(HealthReason::PaperOut));
    till.twin.switch(Switch::PowerCycle);
    till.twin.switch(Switch::Hands(ALL_WELL));
    assert!(matches!(till.wait_job(1, is_over), PrintJobState::Partial { .. }));
    assert_eq!(till.copies(&receipt(42)), 0);
    till.print(2, &receipt(43));
    till.wait_printed(2);
    assert_eq!(till.copies(&receipt(43)), 1, "{}", till.twin.paper().to_text());
}

#[test]
fn a_printer_that_takes_nothing_is_busy_and_the_document_can_be_cancelled() {
    let mut flood = profile("epson-tm-t20iii");
    // As large as a job can be that is out all at once: more than the system keeps for a port.
    flood.link.buffer_bytes = 1 << 20;
    let till = Till::new(flood, TwinPace::default());
    till.wait_health(&HealthState::Ready);
    till.twin.switch(Switch::Stall);
    let mut long = Document::new();
    (0..2000).for_each(|n| long.text(format!("Line {n} of a very long receipt indeed")));
    till.print(1, &long);
    till.wait_health(&HealthState::Held(HealthReason::Busy));
    till.wait_job(1, |state| matches!(state, PrintJobState::Held { .. }));
    till.printer.send(PrintCommand::Cancel(job(1)));
    assert!(matches!(till.wait_job(1, is_over), PrintJobState::Partial { .. }));
    till.twin.switch(Switch::GoOn);
    till.print(2, &receipt(43));
    till.wait_printed(2);
    assert_eq!(till.copies(&receipt(43)), 1);
}

/// 9600 bits a second, and a print head slower than the line: without the credit the buffer runs over.
#[test]
fn a_slow_line_without_flow_control_loses_no_byte() {
    let mut slow = profile("generic-80");
    slow.can.qr = true;
    slow.link.buffer_bytes = 700;
    let till = Till::new(slow, TwinPace { baud: Some(9600), line: Duration::from_millis(60) });
    till.wait_health(&HealthState::Ready);
    for number in 1..=3 {
        till.print(number, &receipt(number as u32));
    }
    till.wait_printed(3);
    assert_eq!(till.twin.look(|core| core.dropped()), 0);
    (1..=3).for_each(|number| assert_eq!(till.copies(&receipt(number)), 1));
}

/// The same with a buffer of 4 KB and a document twice as large, most of it drawn letters.
#[test]
fn a_slow_line_fills_a_buffer_of_4_kb_and_loses_no_byte() {
    let mut slow = profile("generic-80");
    slow.link.buffer_bytes = 4096;
    let mut document = receipt(42);
    (0..5).for_each(|n| {
        document.blocks.insert(n, Block::Text { text: "Ωμέγα".repeat(8), align: Align::Left, style: Style::PLAIN })
    });
    document.blocks.retain(|block| !matches!(block, Block::Qr { .. }));
    let bytes: usize = encode_document(&document, &slow).iter().map(|block| block.bytes.len()).sum();
    assert!((6_000..12_000).contains(&bytes), "{bytes}");
    // The head is slower than the line, so that the buffer fills up.
    let till = Till::new(slow, TwinPace { baud: Some(9600), line: Duration::from_millis(150) });
    till.wait_health(&HealthState::Ready);
    till.print(1, &document);
    till.wait_printed(1);
    assert_eq!(till.twin.look(|core| core.dropped()), 0);
    assert!(till.twin.paper().to_text().contains("Receipt 00042"));
}

/// XOFF is obeyed by the system itself: until XON not one byte arrives, however long it takes, and then all of them do.
#[test]
fn after_xoff_not_one_byte_comes_until_xon() {
    let mut patient = profile("epson-tm-t20iii");
    patient.link.flow = Flow::XonXoff;
    let till = Till::new(patient, TwinPace::default());
    till.wait_health(&HealthState::Ready);
    till.twin.switch(Switch::Garble(vec![0x13]));
    // An answer behind the XOFF shows that the system has seen both.
    till.twin.switch(Switch::Hands(Hands { paper_low: true, ..ALL_WELL }));
    till.heard.wait_for("the end of the roll told", |events| {
        events.iter().any(|event| matches!(event, DeviceEvent::PaperChanged(PaperLevel::Low))).then_some(())
    });
    let received = till.twin.look(|core| core.received());
    till.print(1, &receipt(42));
    till.wait_health(&HealthState::Held(HealthReason::Busy));
    assert_eq!(till.twin.look(|core| core.received()), received, "while XOFF stands nothing goes out");
    till.twin.switch(Switch::Garble(vec![0x11]));
    till.wait_printed(1);
    assert_eq!(till.copies(&receipt(42)), 1, "{}", till.twin.paper().to_text());
}

/// All the answers a printer can give, between each other and with XON in their middle, while documents come out.
#[test]
fn answers_of_every_kind_between_each_other_confuse_nobody() {
    let till = Till::ready("epson-tm-t20iii");
    // Automatic status with XON inside, an answer to DLE EOT, a block of GS I, an answer to GS r that nobody asked for.
    let answers = b"\x10\x00\x11\x00\x0F\x12\x5FTM-T20\0\x00\x10\x00\x00\x0F\x12\x12";
    for number in 1..=5_u128 {
        till.print(number, &receipt(number as u32));
        (0..20).for_each(|_| till.twin.switch(Switch::Garble(answers.to_vec())));
    }
    till.wait_printed(5);
    (1..=5).for_each(|number| assert_eq!(till.copies(&receipt(number)), 1));
    assert!(!till.was_partial());
    till.wait_health(&HealthState::Ready);
}

#[test]
fn a_drawer_that_is_never_shut_stays_open_and_holds_nothing_up() {
    let till = Till::ready("epson-tm-t20iii");
    for number in 1..=3 {
        till.print(number, &receipt(number as u32));
        till.wait_printed(number);
    }
    assert_eq!(till.twin.look(|core| core.kicks()), 3);
    let moves: Vec<(DrawerPosition, bool)> = locked(&till.heard.events)
        .iter()
        .filter_map(|event| match event {
            DeviceEvent::DrawerChanged { position, kicked } => Some((*position, *kicked)),
            _ => None,
        })
        .collect();
    assert_eq!(moves, [(DrawerPosition::Closed, false), (DrawerPosition::Open, true)], "open is told once");
}

#[test]
fn xoff_holds_the_bytes_back_and_none_is_lost() {
    let mut patient = profile("generic-80");
    patient.can.qr = true;
    patient.link.flow = Flow::XonXoff;
    // The till believes in a buffer larger than there is: only XOFF can save it.
    patient.link.buffer_bytes = 4096;
    let till_profile = patient.clone();
    patient.link.buffer_bytes = 300;
    let pace = TwinPace { baud: Some(19_200), line: Duration::from_millis(15) };
    let till = Till::with(till_profile, TwinSettings::of(&patient), pace, |_| ());
    till.wait_health(&HealthState::Ready);
    till.print(1, &receipt(42));
    let state = till.wait_job(1, is_over);
    assert_eq!(state, PrintJobState::Printed);
    assert_eq!(till.twin.look(|core| core.dropped()), 0);
    assert_eq!(till.copies(&receipt(42)), 1, "{}", till.twin.paper().to_text());
}

#[test]
fn noise_from_the_printer_stops_nothing() {
    let till = Till::ready("epson-tm-t20iii");
    for number in 1..=5_u128 {
        let noise: Vec<u8> = (0..200_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8 | 0x80).collect();
        till.twin.switch(Switch::Garble(noise));
        till.print(number, &receipt(number as u32));
    }
    till.wait_printed(5);
    (1..=5).for_each(|number| assert_eq!(till.copies(&receipt(number)), 1));
}

#[test]
fn a_port_that_another_program_holds_is_said_to_be_and_taken_when_free() {
    let profile = profile("epson-tm-t20iii");
    let settings = TwinSettings::of(&profile);
    let other = std::cell::Cell::new(None);
    let till = Till::with(profile, settings, TwinPace::default(), |address| {
        other.set(Some(Port::open(address, &LineSettings::at(9600)).unwrap()));
    });
    till.wait_health(&HealthState::Offline(HealthReason::Claimed));
    drop(other);
    till.wait_health(&HealthState::Ready);
}
