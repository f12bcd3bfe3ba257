//! Faults at every single byte, in memory.
//!
//! Size: one bench with its cable and clock, and every fault that is played on it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::devices::printer::{Bitmap, Conversation, PrinterEvent, encode_document};
use crate::devices::simulated::printer::{Hands, TwinCore, TwinSettings, Worked};
use crate::domain::device::{DrawerPosition, HealthReason, HealthState, PrintJobState};

/// A conversation and a twin with a cable between them, and a clock that jumps to whatever is due next.
struct Bench {
    now: Instant,
    conversation: Conversation,
    twin: TwinCore,
    plugged: bool,
    /// The twin's power is on.
    powered: bool,
    unplug_at: Option<u64>,
    /// The power goes off when so many bytes are worked off.
    power_off_at: Option<u64>,
    power_on_due: Option<Instant>,
    /// Without power the busy line stops us; otherwise bytes are lost.
    busy_without_power: bool,
    /// Without paper the busy line stops us.
    busy_without_paper: bool,
    chunk: usize,
    states: Vec<(PrintJobId, PrintJobState)>,
    health: HealthState,
    drawer: Vec<(DrawerPosition, bool)>,
    /// How often it was told that the drawer stays shut.
    stays_shut: u32,
}

impl Bench {
    fn new(profile: &PrinterProfile) -> Self {
        Self::with(profile, TwinSettings::of(profile))
    }

    fn with(profile: &PrinterProfile, settings: TwinSettings) -> Self {
        let now = Instant::now();
        let mut bench = Self {
            now,
            conversation: Conversation::new(Arc::new(profile.clone()), now),
            twin: TwinCore::new(settings),
            plugged: false,
            powered: true,
            unplug_at: None,
            power_off_at: None,
            power_on_due: None,
            busy_without_power: false,
            busy_without_paper: false,
            chunk: 64,
            states: Vec::new(),
            health: HealthState::NotConfigured,
            drawer: Vec::new(),
            stays_shut: 0,
        };
        bench.plug_in();
        bench
    }

    fn plug_in(&mut self) {
        self.plugged = true;
        self.conversation.handle_opened(self.now);
    }

    fn unplug(&mut self) {
        self.plugged = false;
        self.twin.take_replies();
        self.conversation.handle_closed(HealthState::Gone, self.now);
    }

    fn print(&mut self, number: u128, document: &Document) {
        self.conversation.print(Some(job(number)), document, self.now);
    }

    /// Lets time pass: as long as something happens, and then on to each thing that is due.
    fn run_for(&mut self, time: Duration) {
        let until = self.now + time;
        while self.now < until {
            if self.exchange() {
                // A byte or two a millisecond, so that time passes on a busy line too.
                self.now += Duration::from_micros(200);
                continue;
            }
            let due = self.conversation.deadline().unwrap_or(until).min(self.power_on_due.unwrap_or(until));
            self.now = due.clamp(self.now + Duration::from_millis(1), until.max(self.now + Duration::from_millis(1)));
            self.conversation.handle_time(self.now);
            let due = self.conversation.deadline();
            assert!(due.is_none_or(|due| due > self.now), "a deadline that stays due is a thread that spins");
        }
        self.listen();
    }

    fn run(&mut self) {
        self.run_for(Duration::from_secs(30));
    }

    fn exchange(&mut self) -> bool {
        self.listen();
        if !self.plugged {
            return false;
        }
        let mut happened = false;
        if self.power_on_due.is_some_and(|due| self.now >= due) {
            self.power_on_due = None;
            self.powered = true;
        }
        if !self.powered && self.busy_without_power {
            return false;
        }
        let mut count = self.conversation.transmit().len().min(self.chunk);
        if let Some(at) = self.unplug_at {
            count = count.min((at - self.twin.received()) as usize);
        }
        if self.busy_without_paper && self.twin.hands().paper_out {
            count = 0;
        }
        if count > 0 {
            let bytes = self.conversation.transmit()[..count].to_vec();
            if self.powered {
                self.twin.receive(&bytes);
            }
            self.conversation.handle_accepted(count, self.now);
            happened = true;
        }
        if self.unplug_at.is_some_and(|at| self.twin.received() >= at) {
            self.unplug_at = None;
            self.unplug();
            return true;
        }
        while self.powered {
            if self.power_off_at.is_some_and(|at| self.twin.processed() >= at) {
                self.power_off_at = None;
                self.twin.cycle_power();
                self.powered = false;
                self.power_on_due = Some(self.now + Duration::from_millis(2500));
                return true;
            }
            if self.twin.work() == Worked::Nothing {
                break;
            }
            happened = true;
        }
        let replies = self.twin.take_replies();
        for bytes in replies.chunks(3) {
            self.conversation.handle_bytes(bytes, self.now);
            happened = true;
        }
        happened
    }

    fn listen(&mut self) {
        while let Some(event) = self.conversation.next_event() {
            match event {
                PrinterEvent::HealthChanged(health) => self.health = health,
                PrinterEvent::JobProgressed { job, state } => self.states.push((job, state)),
                PrinterEvent::DrawerChanged(moved) => self.drawer.push((moved.position, moved.kicked)),
                PrinterEvent::DrawerStaysShut => self.stays_shut += 1,
                PrinterEvent::PaperChanged(_) => {}
            }
        }
    }

    fn state_of(&self, number: u128) -> Option<PrintJobState> {
        self.states.iter().rev().find(|(id, _)| *id == job(number)).map(|(_, state)| *state)
    }

    fn was_ever(&self, state: impl Fn(&PrintJobState) -> bool) -> bool {
        self.states.iter().any(|(_, s)| state(s))
    }
}

/// The models whose protocols differ: numbered answers, counted ones, no automatic status at all.
fn models() -> Vec<PrinterProfile> {
    // A QR code as a picture is 14 KB, too much to sweep; it has tests of its own.
    let mut counting = profile("generic-80");
    counting.can.qr = true;
    let mut mute = counting.clone();
    mute.can.asb = false;
    vec![profile("epson-tm-t20iii"), counting, mute]
}

fn printed(state: &PrintJobState) -> bool {
    *state == PrintJobState::Printed
}

fn partial(state: &PrintJobState) -> bool {
    matches!(state, PrintJobState::Partial { .. })
}

#[test]
fn a_receipt_comes_out_as_it_was_meant_and_opens_the_drawer() {
    for name in PrinterProfile::names() {
        let mut profile = profile(name);
        profile.drawer.open_level = crate::devices::printer::profile::OpenLevel::High;
        let mut bench = Bench::new(&profile);
        bench.run_for(Duration::from_secs(1));
        bench.print(1, &receipt(42));
        bench.run();
        assert_eq!(bench.state_of(1), Some(PrintJobState::Printed), "{name}");
        let want = expected(&receipt(42), &profile);
        assert_eq!(count_whole(bench.twin.paper(), &want), 1, "{name}\n{}", bench.twin.paper().to_text());
        assert_eq!((bench.twin.kicks(), bench.stays_shut), (1, 0), "{name}");
        assert_eq!(bench.drawer, [(DrawerPosition::Closed, false), (DrawerPosition::Open, true)], "{name}");
        assert_eq!(bench.twin.dropped(), 0, "{name}");
        assert_eq!(bench.health, HealthState::Ready, "{name}");
    }
}

/// Bytes from the first of the greeting to the last of the receipt.
fn bytes_of_receipt(profile: &PrinterProfile) -> u64 {
    let mut bench = Bench::new(profile);
    bench.print(1, &receipt(42));
    bench.run_for(Duration::from_secs(1));
    assert_eq!(bench.state_of(1), Some(PrintJobState::Printed));
    bench.twin.received()
}

/// Runs one receipt with something done to the twin before a byte, mends it, and says what came of it.
fn sweep(fault: impl Fn(&mut TwinCore, u64), reason: &HealthReason) {
    for profile in models() {
        let want = expected(&receipt(42), &profile);
        let bytes = bytes_of_receipt(&profile);
        assert!(bytes > 300, "{bytes}");
        for at in 0..=bytes {
            let context = format!("{} before byte {at} of {bytes}", profile.device.model);
            let mut bench = Bench::new(&profile);
            fault(&mut bench.twin, at);
            bench.print(1, &receipt(42));
            bench.run();
            // While it lasts: told, not given up, nothing sent twice.
            assert!(!bench.was_ever(partial), "{context}: {:?}", bench.states);
            let held = bench.twin.hands() != Hands { drawer_open: bench.twin.hands().drawer_open, ..Hands::default() };
            if held && bench.state_of(1) != Some(PrintJobState::Printed) {
                assert_eq!(bench.health, HealthState::Held(reason.clone()), "{context}");
            }
            bench.twin.handle(|hands| (hands.paper_out, hands.cover_open) = (false, false));
            bench.run();
            assert_eq!(bench.state_of(1), Some(PrintJobState::Printed), "{context}");
            assert_eq!(count_whole(bench.twin.paper(), &want), 1, "{context}\n{}", bench.twin.paper().to_text());
            assert_eq!(bench.twin.paper().pieces().len(), 1, "{context}");
            assert_eq!(bench.health, HealthState::Ready, "{context}");
        }
    }
}

#[test]
fn paper_out_before_any_byte_prints_the_receipt_once_and_by_itself() {
    sweep(TwinCore::end_paper_at, &HealthReason::PaperOut);
}

#[test]
fn a_cover_opened_in_the_middle_prints_the_receipt_once_and_by_itself() {
    sweep(TwinCore::open_cover_at, &HealthReason::CoverOpen);
}

/// Most printers raise their busy line when they go offline: the rest of a block waits in the till, and goes on from
/// where it stood. The printer has told both, so nothing is doubted.
#[test]
fn paper_out_with_a_busy_line_finishes_by_itself_too() {
    for profile in models().into_iter().filter(|profile| profile.can.asb) {
        let want = expected(&receipt(42), &profile);
        // After the greeting, which a printer without paper does not answer.
        for at in 20..bytes_of_receipt(&profile) {
            let context = format!("{} before byte {at}", profile.device.model);
            let mut bench = Bench::new(&profile);
            bench.chunk = 16;
            bench.busy_without_paper = true;
            bench.twin.end_paper_at(at);
            bench.print(1, &receipt(42));
            bench.run();
            bench.twin.handle(|hands| hands.paper_out = false);
            bench.run();
            assert_eq!(bench.state_of(1), Some(PrintJobState::Printed), "{context}: {:?}", bench.states);
            assert_eq!(count_whole(bench.twin.paper(), &want), 1, "{context}\n{}", bench.twin.paper().to_text());
        }
    }
}

#[test]
fn a_cable_pulled_at_any_byte_never_prints_twice_and_never_hides_a_loss() {
    for profile in models() {
        let want = expected(&receipt(42), &profile);
        let next = expected(&receipt(43), &profile);
        for at in 1..bytes_of_receipt(&profile) {
            let context = format!("{} at byte {at}", profile.device.model);
            let mut bench = Bench::new(&profile);
            bench.run_for(Duration::from_millis(500));
            bench.unplug_at = Some(at.max(bench.twin.received()));
            bench.print(1, &receipt(42));
            bench.run_for(Duration::from_secs(2));
            if !bench.plugged {
                assert_eq!(bench.health, HealthState::Gone, "{context}");
                assert!(
                    bench.states.is_empty()
                        || bench.state_of(1).is_some_and(|s| !matches!(s, PrintJobState::Sending { .. })),
                    "{context}: {:?}",
                    bench.states
                );
                bench.plug_in();
            }
            bench.unplug_at = None;
            bench.print(2, &receipt(43));
            bench.run_for(Duration::from_secs(3));
            let copies = count_whole(bench.twin.paper(), &want);
            match bench.state_of(1) {
                Some(PrintJobState::Printed) => assert_eq!(copies, 1, "{context}"),
                Some(PrintJobState::Partial { confirmed, blocks }) => {
                    assert!(copies <= 1 && confirmed < blocks, "{context}");
                }
                state => panic!("{context}: {state:?}"),
            }
            assert_eq!(bench.state_of(2), Some(PrintJobState::Printed), "{context}");
            assert_eq!(count_whole(bench.twin.paper(), &next), 1, "{context}\n{}", bench.twin.paper().to_text());
        }
    }
}

/// Off and on again within three seconds, at every byte; with `paper_out_first`, to load paper.
fn power_sweep(busy_without_power: bool, paper_out_first: bool) {
    for profile in models() {
        let want = expected(&receipt(42), &profile);
        let next = expected(&receipt(43), &profile);
        let mut seen_partial = 0;
        for at in 1..bytes_of_receipt(&profile) {
            let context = format!("{} at byte {at}", profile.device.model);
            let mut bench = Bench::new(&profile);
            bench.busy_without_power = busy_without_power;
            bench.chunk = 40;
            if paper_out_first {
                bench.twin.end_paper_at(at);
                bench.print(1, &receipt(42));
                bench.run_for(Duration::from_secs(4));
                bench.twin.cycle_power();
                bench.powered = false;
                bench.power_on_due = Some(bench.now + Duration::from_millis(2500));
                bench.twin.handle(|hands| hands.paper_out = false);
            } else {
                bench.power_off_at = Some(at);
                bench.print(1, &receipt(42));
            }
            bench.run_for(Duration::from_secs(15));
            bench.print(2, &receipt(43));
            bench.run_for(Duration::from_secs(3));
            let copies = count_whole(bench.twin.paper(), &want);
            match bench.state_of(1) {
                Some(PrintJobState::Printed) => assert_eq!(copies, 1, "{context}\n{}", bench.twin.paper().to_text()),
                Some(PrintJobState::Partial { .. }) => {
                    assert!(copies <= 1, "{context}");
                    seen_partial += 1;
                }
                state => panic!("{context}: {state:?}"),
            }
            assert_eq!(bench.state_of(2), Some(PrintJobState::Printed), "{context}");
            assert_eq!(count_whole(bench.twin.paper(), &next), 1, "{context}\n{}", bench.twin.paper().to_text());
        }
        assert!(seen_partial > 50, "{}: {seen_partial}", profile.device.model);
    }
}

#[test]
fn a_power_cut_in_the_middle_is_never_taken_for_printed() {
    power_sweep(false, false);
}

#[test]
fn a_power_cut_that_holds_the_line_is_never_taken_for_printed() {
    power_sweep(true, false);
}

#[test]
fn a_printer_switched_off_to_load_paper_is_never_taken_for_printed() {
    power_sweep(false, true);
}

#[test]
fn a_printer_switched_off_is_silent_and_what_it_owed_is_partial_when_it_comes_back() {
    for profile in models() {
        let mut bench = Bench::new(&profile);
        bench.run_for(Duration::from_secs(1));
        bench.chunk = 8;
        bench.print(1, &receipt(42));
        bench.run_for(Duration::from_millis(10));
        bench.powered = false;
        bench.twin.cycle_power();
        bench.run();
        assert_eq!(bench.health, HealthState::Offline(HealthReason::Silent), "{}", profile.device.model);
        assert!(matches!(bench.state_of(1), Some(PrintJobState::Held { .. })), "{:?}", bench.state_of(1));
        bench.powered = true;
        bench.run();
        assert!(matches!(bench.state_of(1), Some(PrintJobState::Partial { .. })), "{:?}", bench.state_of(1));
        assert_eq!(bench.health, HealthState::Ready, "{}", profile.device.model);
    }
}

#[test]
fn without_paper_the_drawer_opens_all_the_same_where_the_model_can() {
    let mut bench = Bench::new(&profile("epson-tm-t20iii"));
    bench.twin.handle(|hands| hands.paper_out = true);
    bench.run();
    assert_eq!(bench.health, HealthState::Held(HealthReason::PaperOut));
    bench.print(1, &receipt(42));
    bench.run_for(Duration::from_secs(3));
    assert_eq!(bench.drawer.last(), Some(&(DrawerPosition::Open, true)));
    assert_eq!(bench.state_of(1), None, "not begun: it can still be cancelled");
    bench.conversation.cancel(job(1), bench.now);
    bench.run();
    assert_eq!(bench.state_of(1), Some(PrintJobState::Cancelled));
    bench.twin.handle(|hands| hands.paper_out = false);
    bench.run();
    assert!(bench.twin.paper().pieces().is_empty());
}

#[test]
fn a_drawer_that_could_not_be_opened_in_time_stays_shut() {
    let mut bench = Bench::new(&profile("generic-80"));
    bench.twin.handle(|hands| hands.cover_open = true);
    bench.run();
    bench.conversation.open_drawer(bench.now);
    bench.run_for(Duration::from_millis(100));
    assert_eq!(bench.stays_shut, 1, "told at once: it waits behind the cover");
    bench.run();
    bench.twin.handle(|hands| hands.cover_open = false);
    bench.run();
    assert_eq!((bench.twin.kicks(), bench.stays_shut), (0, 1));
}

/// Whoever has money in hand is told, however it comes that the drawer does not open: the printer known to be away, a cable that
/// takes bytes and has nobody at its other end, a port that goes with them, a printer that takes nothing.
#[test]
fn it_is_told_that_the_drawer_stays_shut() {
    for profile in models() {
        let model = &profile.device.model;
        let ready = || {
            let mut bench = Bench::new(&profile);
            bench.run();
            assert_eq!(bench.health, HealthState::Ready, "{model}");
            bench
        };
        // It opens, and nothing is told.
        let mut bench = ready();
        bench.conversation.open_drawer(bench.now);
        bench.run();
        assert_eq!((bench.twin.kicks(), bench.stays_shut), (1, 0), "{model}");

        let mut bench = ready();
        bench.unplug();
        bench.conversation.open_drawer(bench.now);
        bench.listen();
        assert_eq!(bench.stays_shut, 1, "{model}: it was known");
        bench.plug_in();
        bench.run();
        assert_eq!((bench.twin.kicks(), bench.stays_shut), (1, 1), "{model}: plugged in at once, it opens");

        let mut bench = ready();
        bench.powered = false;
        bench.conversation.open_drawer(bench.now);
        bench.run_for(Duration::from_secs(6));
        assert_eq!((bench.twin.kicks(), bench.stays_shut), (0, 1), "{model}: nobody is there");

        let mut bench = ready();
        bench.unplug_at = Some(bench.twin.received());
        bench.conversation.open_drawer(bench.now);
        bench.run_for(Duration::from_millis(50));
        assert_eq!(bench.stays_shut, 1, "{model}: the port goes with the bytes");
        bench.plug_in();
        bench.run();
        assert_eq!((bench.twin.kicks(), bench.stays_shut), (0, 1), "{model}: it is not opened a second time");

        let mut bench = ready();
        (bench.powered, bench.busy_without_power) = (false, true);
        bench.conversation.open_drawer(bench.now);
        bench.run_for(Duration::from_secs(6));
        assert_eq!(bench.stays_shut, 1, "{model}: it takes nothing");

        // The receipt opens it, and the cable is out before its first byte.
        let mut bench = ready();
        bench.powered = false;
        bench.print(1, &receipt(42));
        bench.run_for(Duration::from_secs(20));
        assert_eq!((bench.twin.kicks(), bench.stays_shut), (0, 1), "{model}: with a receipt");

        // Where there is no drawer, nothing is to open.
        let mut without = profile.clone();
        without.drawer.pin = None;
        let mut bench = Bench::new(&without);
        bench.unplug();
        bench.conversation.open_drawer(bench.now);
        bench.run();
        assert_eq!(bench.stays_shut, 0, "{model}");
    }
}

#[test]
fn a_key_in_the_drawer_is_told_from_a_kick() {
    let mut bench = Bench::new(&profile("epson-tm-t20iii"));
    bench.run();
    bench.twin.handle(|hands| hands.drawer_open = true);
    bench.run_for(Duration::from_secs(1));
    bench.twin.handle(|hands| hands.drawer_open = false);
    bench.run_for(Duration::from_secs(1));
    bench.conversation.open_drawer(bench.now);
    bench.run_for(Duration::from_secs(1));
    let moves = [
        (DrawerPosition::Closed, false),
        (DrawerPosition::Open, false),
        (DrawerPosition::Closed, false),
        (DrawerPosition::Open, true),
    ];
    assert_eq!(bench.drawer, moves);
}

#[test]
fn documents_come_out_in_the_order_they_were_given() {
    for profile in models() {
        let mut bench = Bench::new(&profile);
        for number in 1..=5 {
            bench.print(number, &receipt(number as u32));
        }
        bench.run();
        let text = bench.twin.paper().to_text();
        let places: Vec<usize> = (1..=5).map(|n| text.find(&format!("Receipt {n:05}")).unwrap()).collect();
        assert!(places.is_sorted(), "{places:?}");
        assert_eq!(bench.states.iter().filter(|(_, s)| printed(s)).count(), 5);
    }
}

#[test]
fn a_document_cancelled_in_the_middle_is_partial_and_the_next_one_is_whole() {
    for profile in models() {
        let mut bench = Bench::new(&profile);
        bench.run_for(Duration::from_secs(1));
        bench.twin.end_paper_at(bench.twin.processed() + 200);
        bench.print(1, &receipt(42));
        bench.run();
        assert!(matches!(bench.state_of(1), Some(PrintJobState::Held { .. })), "{:?}", bench.states);
        bench.conversation.cancel(job(1), bench.now);
        bench.run_for(Duration::from_millis(1));
        assert!(matches!(bench.state_of(1), Some(PrintJobState::Partial { .. })), "{:?}", bench.states);
        bench.print(2, &receipt(43));
        bench.twin.handle(|hands| hands.paper_out = false);
        bench.run();
        assert_eq!(bench.state_of(2), Some(PrintJobState::Printed), "{:?}", bench.states);
        let next = expected(&receipt(43), &profile);
        assert_eq!(count_whole(bench.twin.paper(), &next), 1, "{}", bench.twin.paper().to_text());
    }
}

#[test]
fn a_line_at_the_wrong_speed_is_named_as_such() {
    let profile = profile("generic-80");
    let mut bench = Bench::new(&profile);
    bench.powered = false;
    for _ in 0..40 {
        bench.conversation.handle_bytes(&[0xF8, 0x9E, 0x80, 0xFE], bench.now);
        bench.run_for(Duration::from_millis(250));
    }
    assert_eq!(bench.health, HealthState::Offline(HealthReason::WrongSpeed));
}

#[test]
fn pictures_never_set_off_real_time_requests() {
    let mut profile = profile("generic-80");
    profile.can.qr = false;
    let mut bench = Bench::new(&profile);
    bench.run_for(Duration::from_secs(1));
    for number in 0..60 {
        let before = bench.twin.real_time_requests();
        let mut document = Document::new();
        document.push(Block::Qr { data: format!("https://example.com/receipt/{number}/{}", "x".repeat(number)) });
        let bytes: Vec<u8> = encode_document(&document, &profile).into_iter().flat_map(|b| b.bytes).collect();
        bench.twin.receive(&bytes);
        while bench.twin.work() != Worked::Nothing {}
        assert_eq!(bench.twin.real_time_requests(), before, "{number}");
        bench.twin.take_replies();
    }
}

#[test]
fn a_qr_code_sent_as_a_picture_arrives_dot_by_dot() {
    let mut profile = profile("generic-80");
    profile.can.qr = false;
    profile.raster.realtime_in_data = false;
    let mut bench = Bench::new(&profile);
    let mut document = Document::new();
    document.push(Block::Qr { data: "W-10231".into() });
    bench.print(1, &document);
    bench.run();
    let want = Bitmap::of_qr("W-10231", 576, 6).unwrap();
    let items: Vec<&PaperItem> = bench.twin.paper().strips.iter().map(|strip| &strip.item).collect();
    assert_eq!(items, [&PaperItem::Picture(want)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Noise on the line back to us, at any time: no panic, no second print, and a receipt that is called printed was
    /// sent in full. (What noise can do is make an answer of its own; it cannot make us send anything again.)
    #[test]
    fn noise_never_prints_twice(
        noise in proptest::collection::vec((0_u64..2000, proptest::collection::vec(any::<u8>(), 1..12)), 0..20),
        model in 0_usize..3,
    ) {
        let profile = &models()[model];
        let mut bench = Bench::new(profile);
        bench.print(1, &receipt(42));
        let mut noise = noise;
        noise.sort();
        for (millis, bytes) in noise {
            bench.run_for(Duration::from_millis(millis));
            bench.conversation.handle_bytes(&bytes, bench.now);
        }
        bench.run_for(Duration::from_secs(120));
        let copies = count_whole(bench.twin.paper(), &expected(&receipt(42), profile));
        prop_assert_eq!(copies, 1, "{:?}\n{}", bench.states, bench.twin.paper().to_text());
        prop_assert!(bench.was_ever(printed) || bench.was_ever(partial), "{:?}", bench.states);
    }

    /// However the bytes are cut up on their way, the same comes of it.
    #[test]
    fn pieces_of_any_size_make_no_difference(chunk in 1_usize..300, model in 0_usize..3) {
        let profile = &models()[model];
        let mut bench = Bench::new(profile);
        bench.chunk = chunk;
        bench.print(1, &receipt(42));
        bench.run();
        prop_assert_eq!(bench.state_of(1), Some(PrintJobState::Printed));
        prop_assert_eq!(count_whole(bench.twin.paper(), &expected(&receipt(42), profile)), 1);
    }
}
