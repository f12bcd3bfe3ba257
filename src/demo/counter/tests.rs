//! The counter in a whole shop: what is clicked is scanned, and every switch does its thing at the till.

use std::any::Any;
use std::time::{Duration, Instant};

use iced::advanced::widget::operation::Scrollable;
use iced::advanced::widget::{Id, Operation};
use iced::{Point, Rectangle, Size, Vector};

use super::*;
use crate::demo::customers::Customers;
use crate::demo::shop::{PRINTER_TO_WATCH, QUICK_PRINTER};
use crate::demo::web::order_on_the_web;
use crate::devices::simulated::printer::paper::text_of;
use crate::devices::simulated::printer::{PaperItem, TwinPace};
use crate::domain::device::{DrawerPosition, HealthReason, HealthState, PrintJobState};
use crate::domain::feed::Link;
use crate::domain::money::{Currency, Money};
use crate::domain::tender::TenderKind;
use crate::gui::measure::TextSize;
use crate::gui::picture::OffScreen;
use crate::gui::text::Language;
use crate::gui::widget::{Fit, LabelState};
use crate::gui::window::{Look, Window};
use crate::register::intent::{LinesChosen, Pin, PrintDecision, Recognition, Screen};
use crate::register::snapshot::{Access, NoticeKind, Task};
use crate::register::{Intent, PRINTER, SCANNER, Snapshot};

const DEADLINE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(5);
const HEIGHT: f32 = 800.0;

/// A counter with its shop, and somebody at it.
struct Desk {
    counter: Counter,
    shop: Arc<Shop>,
    folder: tempfile::TempDir,
}

/// Every label that stands on the counter, and whether it is read whole.
#[derive(Default)]
struct Labels(Vec<(String, Fit)>);

impl Operation for Labels {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn custom(&mut self, _id: Option<&Id>, _bounds: Rectangle, state: &mut dyn Any) {
        self.0.extend(state.downcast_ref::<LabelState>().map(|label| (label.content.clone(), label.fit)));
    }
}

/// Where words stand.
struct Place<'a> {
    words: &'a str,
    found: Option<Point>,
}

impl Operation for Place<'_> {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn custom(&mut self, _id: Option<&Id>, bounds: Rectangle, state: &mut dyn Any) {
        if state.downcast_ref::<LabelState>().is_some_and(|label| label.content == self.words) {
            self.found.get_or_insert(bounds.center());
        }
    }
}

/// Where the paper stands, and how far it is from its newest line, in logical pixels.
#[derive(Default)]
struct Scrolled {
    place: Point,
    height: f32,
    from_end: f32,
}

impl Operation for Scrolled {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn scrollable(
        &mut self,
        _id: Option<&Id>,
        bounds: Rectangle,
        content_bounds: Rectangle,
        translation: Vector,
        _state: &mut dyn Scrollable,
    ) {
        let from_end = content_bounds.height - bounds.height - translation.y;
        *self = Self { place: bounds.center(), height: bounds.height, from_end };
    }
}

impl Desk {
    fn open() -> Self {
        Self::open_with(tempfile::tempdir().unwrap(), QUICK_PRINTER)
    }

    /// In a folder where a shop may have been before, with a printer of that speed.
    fn open_with(folder: tempfile::TempDir, pace: TwinPace) -> Self {
        let (seen, changes) = watch::channel(0);
        let changed = Arc::new(move || seen.send_modify(|count| *count += 1));
        let shop = Arc::new(Shop::open(folder.path(), 0, pace, changed).unwrap());
        let counter = Counter::new(Arc::clone(&shop), changes).unwrap();
        Self { counter, shop, folder }
    }

    /// Everything is let go of but the folder.
    fn close(self) -> tempfile::TempDir {
        let Self { counter, shop, folder } = self;
        drop(counter);
        assert_eq!(Arc::strong_count(&shop), 1, "nobody else has the shop open");
        folder
    }

    /// Ana signs in and counts a float.
    fn with_session(self) -> Self {
        self.with_session_under(&HealthState::Ready)
    }

    /// The same, with the printer like this.
    fn with_session_under(self, printer: &HealthState) -> Self {
        let desk = self;
        desk.wait_for("the faces", |shown| match &shown.access {
            Access::SignIn(view) => view.operators.iter().any(|face| face.id.as_str() == "ana"),
            _ => false,
        });
        desk.tell(Intent::OperatorChosen(Some("ana".into())));
        desk.tell(Intent::PinEntered(Pin("1111".to_owned())));
        desk.tell(Intent::SessionOpened { float: Money::new(15_000, Currency::EUR) });
        desk.wait_health(PRINTER, printer);
        desk.wait_health(SCANNER, &HealthState::Ready);
        desk
    }

    fn tell(&self, intent: Intent) {
        assert!(self.shop.terminal().unwrap().intents().send(intent));
    }

    fn wait_for(&self, what: &str, is_so: impl Fn(&Snapshot) -> bool) {
        self.wait_for_some(what, |shown| is_so(shown).then_some(()));
    }

    fn wait_for_some<T>(&self, what: &str, find: impl Fn(&Snapshot) -> Option<T>) -> T {
        let (snapshots, begun) = (self.shop.terminal().unwrap().snapshots(), Instant::now());
        loop {
            let shown = Arc::clone(&*snapshots.borrow());
            if let Some(found) = find(&shown) {
                return found;
            }
            assert!(begun.elapsed() < DEADLINE, "{what}: not within {DEADLINE:?}");
            std::thread::park_timeout(LOOK_AGAIN);
        }
    }

    fn wait_health(&self, device: &str, wanted: &HealthState) {
        self.wait_for(&format!("{device} {wanted:?}"), |shown| {
            let found = shown.devices.devices.iter().find(|known| known.id.as_str() == device);
            found.is_some_and(|found| found.health.state == *wanted)
        });
    }

    fn wait_line(&self, product: &str) {
        self.wait_for(product, |shown| shown.basket.basket.lines.iter().any(|line| line.product.as_str() == product));
    }

    /// Clicks on words that stand on the counter.
    fn click(&mut self, words: &str) {
        let snapshot = Arc::clone(&*self.shop.terminal().unwrap().snapshots().borrow());
        let window = Window::new(snapshot, Look::default(), chrono::Utc::now());
        let width = self.counter.width();
        let told = {
            let view = self.counter.view(window.ui(Size::new(width, HEIGHT)));
            let mut screen = OffScreen::new(view, width as u32, HEIGHT as u32).unwrap();
            let mut place = Place { words, found: None };
            screen.operate(&mut place);
            screen.tap(place.found.unwrap_or_else(|| panic!("{words:?} is not on the counter")))
        };
        assert_eq!(told.len(), 1, "{words:?} is clicked once");
        for message in told {
            self.counter.update(message);
        }
    }

    /// What stands on the counter.
    fn read(&self, look: Look) -> Vec<(String, Fit)> {
        let snapshot = Arc::clone(&*self.shop.terminal().unwrap().snapshots().borrow());
        let window = Window::new(snapshot, look, chrono::Utc::now());
        let width = self.counter.width();
        let view = self.counter.view(window.ui(Size::new(width, HEIGHT)));
        let mut labels = Labels::default();
        OffScreen::new(view, width as u32, HEIGHT as u32).unwrap().operate(&mut labels);
        labels.0
    }

    fn wait_until(&self, what: &str, is_so: impl Fn() -> bool) {
        self.wait_for(what, |_| is_so());
    }

    /// One mug in cash; answers when the sale is in the journal.
    fn sell_a_mug(&self, receipt: u64) {
        self.tell(Intent::ProductChosen("enamel-mug-moss".into()));
        self.wait_line("enamel-mug-moss");
        self.tell(Intent::PayOpened);
        let amount = Money::new(10_000, Currency::EUR);
        self.tell(Intent::Tendered { kind: TenderKind::Cash, amount, reference: None });
        self.wait_for("the sale", |shown| shown.completed.as_ref().is_some_and(|done| done.receipt_number == receipt));
    }

    /// Types into the counter's field, or pastes, and presses Enter.
    fn hold(&mut self, text: &str) {
        assert_eq!(self.counter.handle(&Message::Typed(text.to_owned())), Keyboard::Kept, "there is more to type");
        assert_eq!(self.counter.handle(&Message::Submitted), Keyboard::ToTheTill, "the next Enter is the till's");
    }
}

#[test]
fn what_is_clicked_typed_or_pasted_is_scanned() {
    let mut desk = Desk::open().with_session();
    let first = &desk.counter.items[0];
    let (name, product) = (first.name.clone(), first.product.clone());
    desk.click(&name);
    desk.wait_line(product.as_str());
    // Part of a name is enough where only one product has it, and the list shows that one.
    desk.counter.handle(&Message::Typed("mug, moss".to_owned()));
    let shown: Vec<&str> = desk.counter.shown().iter().map(|item| item.product.as_str()).collect();
    assert_eq!(shown, ["enamel-mug-moss"]);
    desk.hold("mug, moss");
    desk.wait_line("enamel-mug-moss");
    desk.hold("9520101001153");
    desk.wait_line("merino-crew-navy-l");
    desk.hold("?#?~");
    desk.wait_for("a code that is none", |shown| {
        shown.notice.as_ref().is_some_and(|notice| matches!(notice.kind, NoticeKind::CodeUnknown { .. }))
    });
}

#[test]
fn what_was_typed_for_one_list_does_not_narrow_the_other() {
    let mut desk = Desk::open();
    desk.counter.handle(&Message::Typed("mug".to_owned()));
    desk.counter.handle(&Message::Listed(Queue::Customers));
    assert_eq!(desk.counter.typed, "");
    assert_eq!(desk.counter.collectors_shown().len(), desk.shop.collectors().len());
}

#[test]
fn the_newest_paper_is_seen_whatever_was_looked_at_before() {
    let desk = Desk::open().with_session();
    let print = |receipt: u64| {
        desk.sell_a_mug(receipt);
        let words = format!("Receipt {receipt:05}");
        desk.wait_until("the receipt on paper", || desk.shop.printer().paper().to_text().contains(&words));
        desk.wait_for("nothing left to print", |shown| {
            !shown.tasks.iter().any(|task| matches!(task, Task::Unprinted { .. }))
        });
    };
    let snapshot = Arc::clone(&*desk.shop.terminal().unwrap().snapshots().borrow());
    let window = Window::new(snapshot, Look::default(), chrono::Utc::now());
    let size = Size::new(desk.counter.width(), HEIGHT);
    let look = |screen: &mut OffScreen<'_, PanelMessage>| {
        let mut scrolled = Scrolled::default();
        screen.operate(&mut scrolled);
        scrolled
    };
    print(1);
    let view = desk.counter.view(window.ui(size));
    let mut screen = OffScreen::new(view, size.width as u32, size.height as u32).unwrap();
    let place = look(&mut screen).place;
    screen.scroll_up(place, 60.0);
    let looked_back = look(&mut screen).from_end;
    assert!(looked_back > 30.0, "somebody reads what came before: {looked_back}");
    let mut screen = screen.showing(desk.counter.view(window.ui(size)));
    assert_eq!(look(&mut screen).from_end, looked_back, "and is left to it");
    print(2);
    let mut screen = screen.showing(desk.counter.view(window.ui(size)));
    let seen = look(&mut screen).from_end;
    assert!(seen < 1.0, "the next one is seen: {seen}");
}

/// With the till's own window beside it, as `till demo` opens it.
#[test]
fn eight_goods_are_seen_beside_the_paper() {
    let desk = Desk::open().with_session();
    desk.sell_a_mug(1);
    desk.wait_until("paper", || desk.shop.printer().paper().to_text().contains("Receipt 00001"));
    let snapshot = Arc::clone(&*desk.shop.terminal().unwrap().snapshots().borrow());
    let window = Window::new(snapshot, Look::default(), chrono::Utc::now());
    let size = Size::new(desk.counter.width(), 820.0);
    let view = desk.counter.view(window.ui(size));
    let mut screen = OffScreen::new(view, size.width as u32, size.height as u32).unwrap();
    let mut seen = Labels::default();
    screen.operate(&mut seen);
    let goods = desk.counter.items.iter().take_while(|item| seen.0.iter().any(|(words, _)| *words == item.name));
    assert!(goods.count() >= 8, "{:?}", seen.0);
    let mut paper = Scrolled::default();
    screen.operate(&mut paper);
    assert!(paper.height > 100.0, "the paper has {}", paper.height);
}

#[test]
fn every_switch_does_its_thing_and_says_how_it_stands() {
    let mut desk = Desk::open().with_session();
    let held = |reason| HealthState::Held(reason);
    desk.click("Paper in");
    desk.wait_health(PRINTER, &held(HealthReason::PaperOut));
    desk.click("Paper out");
    desk.wait_health(PRINTER, &HealthState::Ready);
    desk.click("Cover shut");
    desk.wait_health(PRINTER, &held(HealthReason::CoverOpen));
    desk.click("Cover open");
    desk.wait_health(PRINTER, &HealthState::Ready);
    for (device, name) in [("Printer", PRINTER), ("Scanner", SCANNER)] {
        desk.click(&format!("{device} in"));
        desk.wait_health(name, &HealthState::Gone);
        desk.click(&format!("{device} out"));
        desk.wait_health(name, &HealthState::Ready);
    }
    desk.click("Scanner clear");
    desk.hold("enamel-mug-moss");
    desk.wait_for("nothing sold", |shown| {
        let garbled = shown.notice.as_ref().is_some_and(|notice| notice.kind == NoticeKind::ScanGarbled);
        garbled && shown.basket.basket.is_empty()
    });
    desk.click("Scanner garbled");
    desk.wait_for("central", |shown| shown.sync.link == Link::Live);
    desk.click("Central reached");
    desk.wait_for("central cut off", |shown| shown.sync.link == Link::Down);
    desk.click("Central cut");
    desk.wait_for("central again", |shown| shown.sync.link == Link::Live);

    desk.click("Open with the key");
    desk.wait_for("the drawer open", |shown| shown.devices.drawer == DrawerPosition::Open);
    desk.click("Shut it");
    desk.wait_for("the drawer shut", |shown| shown.devices.drawer == DrawerPosition::Closed);
    desk.sell_a_mug(1);
    desk.wait_for("the drawer sprung open", |shown| shown.devices.drawer == DrawerPosition::Open);
    desk.click("Shut it");
    desk.wait_for("the receipt on paper", |_| desk.shop.printer().paper().to_text().contains("Receipt 00001"));
    desk.wait_for("nothing left to print", |shown| {
        !shown.tasks.iter().any(|task| matches!(task, Task::Unprinted { .. }))
    });
    desk.click("Tear off");
    assert!(desk.shop.printer().paper().strips.is_empty());
}

#[test]
fn a_shop_that_was_killed_opens_with_its_switches_as_they_stood() {
    let mut desk = Desk::open().with_session();
    desk.wait_for("central", |shown| shown.sync.link == Link::Live);
    for words in ["Central reached", "Paper in", "Scanner clear"] {
        desk.click(words);
        // A program that is killed writes nothing more: each is in its file when the click is over.
        let kept = Switches::read(&desk.folder.path().join("counter/switches.json"));
        assert_eq!(kept, desk.shop.switches(), "{words}");
    }
    let before = desk.shop.switches();
    let desk = Desk::open_with(desk.close(), QUICK_PRINTER);
    assert_eq!(desk.shop.switches(), before);
    // The till starts without central, on what it knows; nothing of the counter's is well by itself.
    desk.wait_for("a till that is offline", |shown| {
        assert_ne!(shown.sync.link, Link::Live, "the cable is cut from the start");
        shown.sync.link == Link::Down
    });
    let mut desk = desk.with_session_under(&HealthState::Held(HealthReason::PaperOut));
    desk.hold("enamel-mug-moss");
    desk.wait_for("nothing sold", |shown| {
        shown.notice.as_ref().is_some_and(|notice| notice.kind == NoticeKind::ScanGarbled)
    });
    for words in ["Central cut", "Paper out", "Scanner garbled"] {
        desk.click(words);
    }
    assert_eq!(desk.shop.switches(), Switches::default());
    desk.wait_for("central again", |shown| shown.sync.link == Link::Live);
    desk.wait_health(PRINTER, &HealthState::Ready);

    // The same for the cables.
    desk.click("Printer in");
    desk.click("Scanner in");
    let desk = Desk::open_with(desk.close(), QUICK_PRINTER);
    desk.wait_health(PRINTER, &HealthState::Gone);
    desk.wait_health(SCANNER, &HealthState::Gone);
}

#[test]
fn a_receipt_that_is_watched_takes_time_to_pull_its_cable_and_comes_out_as_a_copy() {
    let mut desk = Desk::open_with(tempfile::tempdir().unwrap(), PRINTER_TO_WATCH).with_session();
    desk.sell_a_mug(1);
    let unprinted = |shown: &Snapshot| shown.tasks.iter().any(|task| matches!(task, Task::Unprinted { .. }));
    desk.wait_for("the first receipt", |shown| {
        !unprinted(shown) && desk.shop.printer().paper().to_text().contains("Receipt 00001")
    });
    let takes = PRINTER_TO_WATCH.line * desk.shop.printer().paper().strips.len() as u32;
    assert!(takes > Duration::from_millis(1500), "a hand needs more than {takes:?}");

    // Line by line: a person who sees some of a receipt pulls the cable. Where the machine was too slow for that, of the next.
    let receipt = (2..10).find(|receipt| {
        let before = desk.shop.printer().paper().strips.len();
        desk.sell_a_mug(*receipt);
        desk.wait_until("some lines of the receipt", || desk.shop.printer().paper().strips.len() > before + 6);
        desk.click("Printer in");
        let in_time = !desk.shop.printer().paper().strips[before..].iter().any(|strip| strip.item == PaperItem::Cut);
        if !in_time {
            desk.click("Printer out");
            desk.wait_for("nothing left to print", |shown| !unprinted(shown));
        }
        in_time
    });
    let receipt = format!("Receipt {:05}", receipt.expect("a cable pulled in the middle of a receipt"));
    desk.wait_health(PRINTER, &HealthState::Gone);
    desk.click("Printer out");
    desk.wait_health(PRINTER, &HealthState::Ready);
    let lost = desk.wait_for_some("the receipt lost half-way", |shown| {
        shown.tasks.iter().find_map(|task| match task {
            Task::Unprinted { job, state: PrintJobState::Partial { .. }, .. } => Some(*job),
            _ => None,
        })
    });
    desk.tell(Intent::PrintDecided { job: lost, decision: PrintDecision::Copy });
    desk.wait_for("the copy", |shown| !unprinted(shown));
    let paper = desk.shop.printer().paper();
    let pieces: Vec<String> = paper.pieces().into_iter().map(text_of).collect();
    let whole: Vec<&String> = pieces.iter().filter(|p| p.contains(&receipt) && p.contains("TOTAL")).collect();
    assert!(whole.len() == 1 && whole[0].contains("COPY"), "{}", paper.to_text());
}

#[test]
fn a_printer_that_never_answers_holds_up_no_sale_and_no_picture_of_the_window() {
    let desk = Desk::open().with_session();
    desk.shop.printer().switch(Switch::Stall);
    let processed = desk.shop.printer().look(|core| core.processed());
    let mut frames = std::collections::BTreeSet::new();
    for receipt in 1..=20 {
        desk.sell_a_mug(receipt);
        // What the window shows is there, while every receipt so far waits for the printer.
        let snapshot = Arc::clone(&*desk.shop.terminal().unwrap().snapshots().borrow());
        let window = Window::new(snapshot, Look::default(), chrono::Utc::now());
        frames.insert(crate::gui::picture::draw(&window, 1280, 800).unwrap().rgba);
    }
    assert!(frames.len() >= 20, "each sale is seen: {}", frames.len());
    assert_eq!(desk.shop.printer().look(|core| core.processed()), processed, "it took nothing all the while");
    desk.wait_for("all twenty unprinted", |shown| {
        shown.tasks.iter().filter(|task| matches!(task, Task::Unprinted { .. })).count() == 20
    });
    desk.shop.printer().switch(Switch::GoOn);
    desk.wait_for("all twenty on paper", |shown| {
        !shown.tasks.iter().any(|task| matches!(task, Task::Unprinted { .. }))
    });
    let text = desk.shop.printer().paper().to_text();
    for receipt in 1..=20 {
        assert_eq!(text.matches(&format!("Receipt {receipt:05}")).count(), 1, "{text}");
    }
}

#[test]
fn customers_arrive_while_one_watches_and_come_to_the_counter_with_their_codes() {
    let mut desk = Desk::open().with_session();
    let orders = |desk: &Desk| desk.shop.collectors().len();
    // The time that passes is the test's to give.
    let (gates, mut at_gate) = tokio::sync::mpsc::unbounded_channel();
    let pause = move |span: Duration| {
        let (open, opened) = tokio::sync::oneshot::channel::<()>();
        gates.send((span, open)).unwrap();
        async move { drop(opened.await) }
    };
    let website = desk.shop.website().clone();
    let arriving = order_on_the_web(website, Customers::new(7).unwrap(), None, chrono::Utc::now, pause);
    let arriving = desk.shop.runtime().spawn(arriving);
    let mut expected = Customers::new(7).unwrap();
    let morning = expected.list_opening_orders(chrono::Utc::now()).len();
    let mut collected = morning;
    for _ in 0..12 {
        let (span, open) = desk.shop.runtime().block_on(at_gate.recv()).unwrap();
        desk.wait_until("everyone so far", || orders(&desk) == collected);
        assert_eq!(span, expected.next_pause(), "as the seed says");
        assert!((20..80).contains(&span.as_secs()), "{span:?}");
        collected += usize::from(expected.next_order(chrono::Utc::now()).pick_up.is_some());
        open.send(()).unwrap();
    }
    desk.shop.runtime().block_on(at_gate.recv()).unwrap();
    desk.wait_until("the last of them", || orders(&desk) == collected);
    assert!(collected > morning);
    arriving.abort();

    // Each stands at the counter with the code the website gave; a click on one is a scan of their telephone.
    desk.counter.handle(&Message::Listed(Queue::Customers));
    let customer = desk.shop.collectors().iter().find(|collector| collector.name.starts_with("Jo ")).unwrap().clone();
    assert!(desk.read(Look::default()).iter().any(|(words, _)| words.contains(&customer.code)), "{customer:?}");
    desk.wait_for("the order at the till", |shown| {
        shown.pick_ups.orders.iter().any(|row| row.number == customer.order)
    });
    desk.click(&customer.name);
    let is_open = |shown: &Snapshot| shown.open_order.as_ref().is_some_and(|open| open.order.number == customer.order);
    desk.wait_for("the order on the screen", is_open);
}

/// Nobody comes twice for what they have, and whose goods lie ready is seen, whether central has heard of it or not.
#[test]
fn customers_see_what_is_done_at_the_till_while_central_is_cut() {
    let mut desk = Desk::open().with_session();
    let website = desk.shop.website().clone();
    let pause = |_: Duration| std::future::pending::<()>();
    let arriving = order_on_the_web(website, Customers::new(7).unwrap(), None, chrono::Utc::now, pause);
    let arriving = desk.shop.runtime().spawn(arriving);
    let is_paid = |shown: &Snapshot| shown.pick_ups.orders.iter().any(|row| row.paid);
    desk.wait_for("a paid order at the till", is_paid);
    let snapshot = |desk: &Desk| Arc::clone(&*desk.shop.terminal().unwrap().snapshots().borrow());
    let order = snapshot(&desk).pick_ups.orders.iter().find(|row| row.paid).unwrap().number.clone();
    desk.click("Central reached");
    desk.wait_for("a till that is offline", |shown| shown.sync.link != crate::domain::feed::Link::Live);
    let state = |desk: &Desk| {
        let here = desk.shop.collectors().into_iter().find(|collector| collector.order == order);
        here.map(|collector| collector.is_ready)
    };
    desk.wait_until("them at the counter", || state(&desk) == Some(false));
    desk.tell(Intent::ScreenShown(Screen::PickUps));
    desk.tell(Intent::OrderOpened(Some(order.clone())));
    desk.tell(Intent::PickStarted);
    let is_open = |shown: &Snapshot| shown.open_order.as_ref().is_some_and(|open| open.order.number == order);
    desk.wait_for("the order on the screen", is_open);
    let lines = snapshot(&desk).open_order.as_ref().unwrap().order.lines.clone();
    for line in &lines {
        for _ in 0..line.ordered.thousandths() / 1_000 {
            desk.tell(Intent::LinePicked { line: line.line });
        }
    }
    desk.tell(Intent::OrderMadeReady { bay: "C-13".to_owned() });
    desk.wait_until("a green dot", || state(&desk) == Some(true));
    let (recognised, collector) = (Recognition::NameConfirmed, None);
    desk.tell(Intent::OrderHandedOver { recognised, collector, lines: LinesChosen::All });
    desk.wait_until("nobody who comes for it again", || state(&desk).is_none());
    arriving.abort();

    // Nor after a restart: central is still cut off, and only the till's file knows.
    let desk = Desk::open_with(desk.close(), QUICK_PRINTER);
    desk.wait_until("the others at the counter", || !desk.shop.collectors().is_empty());
    assert_eq!(state(&desk), None);
}

#[test]
fn the_counter_speaks_the_tills_language_and_none_of_its_words_is_cut() {
    let mut desk = Desk::open().with_session();
    let names: Vec<String> = desk.counter.items.iter().map(|item| item.name.clone()).collect();
    let first = desk.counter.items.iter().find_map(|item| item.price).unwrap();
    for is_wrong in [false, true] {
        if is_wrong {
            for words in ["Paper in", "Cover shut", "Central reached", "Printer in", "Scanner in", "Scanner clear"] {
                desk.click(words);
            }
        }
        for language in Language::ALL {
            for text_size in [TextSize::Normal, TextSize::Large] {
                let read = desk.read(Look { language, text_size, ..Look::default() });
                let cut: Vec<_> = read.iter().filter(|(w, fit)| *fit != Fit::Whole && !names.contains(w)).collect();
                assert!(cut.is_empty(), "{language:?} {text_size:?}: {cut:?}");
                let price = crate::gui::text::Catalogue::new(language).locale.amount(first);
                assert!(read.iter().any(|(words, _)| *words == price), "{language:?}: {price}");
            }
        }
    }
}
