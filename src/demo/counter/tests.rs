//! The counter in a whole shop: what is clicked is scanned, and every switch does its thing at the till.

use std::any::Any;
use std::time::{Duration, Instant};

use iced::advanced::widget::{Id, Operation};
use iced::{Point, Rectangle, Size};

use super::*;
use crate::domain::device::{DrawerPosition, HealthReason, HealthState};
use crate::domain::feed::Link;
use crate::domain::money::{Currency, Money};
use crate::domain::tender::TenderKind;
use crate::gui::picture::OffScreen;
use crate::gui::widget::LabelState;
use crate::gui::window::{Look, Window};
use crate::register::intent::Pin;
use crate::register::snapshot::{Access, NoticeKind, Task};
use crate::register::{Intent, PRINTER, SCANNER, Snapshot};

const DEADLINE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(5);
const HEIGHT: f32 = 800.0;

/// A counter with its shop, and somebody at it.
struct Desk {
    counter: Counter,
    shop: Arc<Shop>,
    _folder: tempfile::TempDir,
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

impl Desk {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (seen, changes) = watch::channel(0);
        let shop = Shop::open(folder.path(), 0, Arc::new(move || seen.send_modify(|count| *count += 1))).unwrap();
        let shop = Arc::new(shop);
        let counter = Counter::new(Arc::clone(&shop), changes).unwrap();
        let desk = Self { counter, shop, _folder: folder };
        desk.wait_for("the faces", |shown| match &shown.access {
            Access::SignIn(view) => view.operators.iter().any(|face| face.id.as_str() == "ana"),
            _ => false,
        });
        desk.tell(Intent::OperatorChosen(Some("ana".into())));
        desk.tell(Intent::PinEntered(Pin("1111".to_owned())));
        desk.tell(Intent::SessionOpened { float: Money::new(15_000, Currency::EUR) });
        desk.wait_health(PRINTER, &HealthState::Ready);
        desk.wait_health(SCANNER, &HealthState::Ready);
        desk
    }

    fn tell(&self, intent: Intent) {
        assert!(self.shop.terminal().unwrap().intents().send(intent));
    }

    fn wait_for(&self, what: &str, is_so: impl Fn(&Snapshot) -> bool) {
        let (snapshots, begun) = (self.shop.terminal().unwrap().snapshots(), Instant::now());
        loop {
            let shown = Arc::clone(&*snapshots.borrow());
            if is_so(&shown) {
                return;
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
        told.into_iter().for_each(|message| self.counter.update(message));
    }

    /// Types into the counter's field, or pastes, and presses Enter.
    fn hold(&mut self, text: &str) {
        self.counter.handle(&Message::Typed(text.to_owned()));
        self.counter.handle(&Message::Submitted);
    }
}

#[test]
fn what_is_clicked_typed_or_pasted_is_scanned() {
    let mut desk = Desk::open();
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
fn every_switch_does_its_thing() {
    let mut desk = Desk::open();
    let held = |reason| HealthState::Held(reason);
    desk.click("Paper out");
    desk.wait_health(PRINTER, &held(HealthReason::PaperOut));
    desk.click("Paper out");
    desk.wait_health(PRINTER, &HealthState::Ready);
    desk.click("Cover open");
    desk.wait_health(PRINTER, &held(HealthReason::CoverOpen));
    desk.click("Cover open");
    desk.wait_health(PRINTER, &HealthState::Ready);
    for (words, device) in [("Printer unplugged", PRINTER), ("Scanner unplugged", SCANNER)] {
        desk.click(words);
        desk.wait_health(device, &HealthState::Gone);
        desk.click(words);
        desk.wait_health(device, &HealthState::Ready);
    }
    desk.click("Scanner garbled");
    desk.hold("enamel-mug-moss");
    desk.wait_for("nothing sold", |shown| {
        let garbled = shown.notice.as_ref().is_some_and(|notice| notice.kind == NoticeKind::ScanGarbled);
        garbled && shown.basket.basket.is_empty()
    });
    desk.click("Scanner garbled");
    desk.wait_for("central", |shown| shown.sync.link == Link::Live);
    desk.click("Central cut");
    desk.wait_for("central cut off", |shown| shown.sync.link == Link::Down);
    desk.click("Central cut");
    desk.wait_for("central again", |shown| shown.sync.link == Link::Live);

    desk.click("Open with the key");
    desk.wait_for("the drawer open", |shown| shown.devices.drawer == DrawerPosition::Open);
    desk.click("Shut it");
    desk.wait_for("the drawer shut", |shown| shown.devices.drawer == DrawerPosition::Closed);
    desk.hold("enamel-mug-moss");
    desk.wait_line("enamel-mug-moss");
    desk.tell(Intent::PayOpened);
    let amount = Money::new(10_000, Currency::EUR);
    desk.tell(Intent::Tendered { kind: TenderKind::Cash, amount, reference: None });
    desk.wait_for("the drawer sprung open", |shown| shown.devices.drawer == DrawerPosition::Open);
    desk.click("Shut it");
    desk.wait_for("the receipt on paper", |_| desk.shop.printer().paper().to_text().contains("Receipt 00001"));
    desk.wait_for("nothing left to print", |shown| {
        !shown.tasks.iter().any(|task| matches!(task, Task::Unprinted { .. }))
    });
    desk.click("Tear off");
    assert!(desk.shop.printer().paper().strips.is_empty());
}
