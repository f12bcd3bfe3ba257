//! The printer's cable pulled in mid-receipt, as one chain: simulated printer, pseudo-terminal, driver, register, spool, and
//! the copy a person decides for. At each place the receipt comes out whole once at most, or again as a marked copy.

use std::sync::Arc;
use std::time::{Duration, Instant};

use till::central::store::Store;
use till::demo::shop::{QUICK_PRINTER, Shop};
use till::devices::simulated::printer::Switch;
use till::devices::simulated::printer::paper::text_of;
use till::domain::device::{HealthState, PrintJobState};
use till::domain::ids::PrintJobId;
use till::domain::money::{Currency, Money};
use till::domain::tender::TenderKind;
use till::register::intent::{Pin, PrintDecision};
use till::register::snapshot::{Access, Document, Task};
use till::register::{Intent, PRINTER, Snapshot};

const DEADLINE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(5);
const MUG: &str = "enamel-mug-moss";

/// Places within a receipt, in parts of a hundred of its bytes. The first is past the kick of the drawer.
const PLACES: [u64; 7] = [8, 20, 35, 50, 65, 80, 95];

struct Counter {
    shop: Shop,
    _folder: tempfile::TempDir,
}

impl Counter {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let counter =
            Self { shop: Shop::open(folder.path(), 0, QUICK_PRINTER, Arc::new(|| ())).unwrap(), _folder: folder };
        counter.wait_for("the faces", |shown| match &shown.access {
            Access::SignIn(view) => view.operators.iter().any(|face| face.id.as_str() == "ana").then_some(()),
            _ => None,
        });
        counter.tell(Intent::OperatorChosen(Some("ana".into())));
        counter.tell(Intent::PinEntered(Pin("1111".to_owned())));
        counter.tell(Intent::SessionOpened { float: Money::new(15_000, Currency::EUR) });
        counter.wait_for("the printer", |shown| (printer(shown) == Some(HealthState::Ready)).then_some(()));
        counter
    }

    fn tell(&self, intent: Intent) {
        assert!(self.shop.terminal().unwrap().intents().send(intent));
    }

    fn wait_for<T>(&self, what: &str, find: impl Fn(&Snapshot) -> Option<T>) -> T {
        let (snapshots, begun) = (self.shop.terminal().unwrap().snapshots(), Instant::now());
        loop {
            let shown = Arc::clone(&*snapshots.borrow());
            if let Some(found) = find(&shown) {
                return found;
            }
            assert!(
                begun.elapsed() < DEADLINE,
                "{what}: not within {DEADLINE:?}\n{}",
                self.shop.printer().paper().to_text()
            );
            std::thread::park_timeout(LOOK_AGAIN);
        }
    }

    /// One mug, in cash, exactly.
    fn sell(&self, receipt: u64) {
        self.tell(Intent::ProductChosen(MUG.into()));
        self.tell(Intent::PayOpened);
        let due = self.wait_for("the pay screen", |shown| shown.pay.as_ref().map(|pay| pay.cash_due));
        self.tell(Intent::Tendered { kind: TenderKind::Cash, amount: due, reference: None });
        self.wait_for("the sale", |shown| {
            shown.completed.as_ref().filter(|done| done.receipt_number == receipt).map(|_| ())
        });
    }

    /// How often this receipt came out whole, as an original and as a copy.
    fn count_whole(&self, receipt: u64) -> (usize, usize) {
        let title = format!("Receipt {receipt:05}");
        let paper = self.shop.printer().paper();
        let pieces: Vec<String> = paper.pieces().into_iter().map(text_of).collect();
        let whole = |text: &&String| text.contains(&title) && text.contains("TOTAL") && text.contains("[barcode");
        let (copies, originals): (Vec<&String>, Vec<&String>) =
            pieces.iter().filter(whole).partition(|text| text.contains("COPY"));
        (originals.len(), copies.len())
    }
}

fn printer(shown: &Snapshot) -> Option<HealthState> {
    let device = shown.devices.devices.iter().find(|device| device.id.as_str() == PRINTER);
    device.map(|device| device.health.state.clone())
}

/// Has everything come out?
fn nothing_unprinted(shown: &Snapshot) -> bool {
    !shown.tasks.iter().any(|task| matches!(task, Task::Unprinted { .. }))
}

/// The document of a receipt that was lost half-way.
fn lost(shown: &Snapshot, receipt: u64) -> Option<PrintJobId> {
    shown.tasks.iter().find_map(|task| match task {
        Task::Unprinted { job, document, state: PrintJobState::Partial { .. }, .. } => {
            (*document == Document::Receipt(receipt)).then_some(*job)
        }
        _ => None,
    })
}

#[test]
fn a_cable_pulled_anywhere_in_a_receipt_leads_to_one_marked_copy() {
    let counter = Counter::open();
    let received = || counter.shop.printer().look(|core| core.received());
    let before = received();
    counter.sell(1);
    counter.wait_for("the first receipt on paper", |shown| {
        (nothing_unprinted(shown) && counter.count_whole(1) == (1, 0)).then_some(())
    });
    let bytes = received() - before;
    assert!(bytes > 300, "{bytes}");

    for (receipt, place) in (2..).zip(PLACES) {
        counter.shop.printer().switch(Switch::CableOutAt(received() + bytes * place / 100));
        counter.sell(receipt);
        let job = counter.wait_for("what became of the receipt", |shown| lost(shown, receipt));
        counter.wait_for("the printer gone", |shown| (printer(shown) == Some(HealthState::Gone)).then_some(()));

        counter.shop.printer().switch(Switch::CableIn);
        counter.wait_for("the printer back", |shown| (printer(shown) == Some(HealthState::Ready)).then_some(()));
        assert_eq!(counter.count_whole(receipt), (0, 0), "at {place} %: nothing comes out again by itself");
        assert_eq!(counter.wait_for("the task", |shown| lost(shown, receipt)), job);

        counter.tell(Intent::PrintDecided { job, decision: PrintDecision::Copy });
        counter.wait_for("the copy", |shown| {
            (nothing_unprinted(shown) && counter.count_whole(receipt) == (0, 1)).then_some(())
        });
    }

    // No sale was stopped, and each is at central once.
    let sales = PLACES.len() + 1;
    counter.wait_for("everything at central", |shown| (shown.sync.unsent == 0).then_some(()));
    let store = counter.shop.central_store().unwrap();
    let known = counter.shop.runtime().block_on(store.list_sales("S001".into())).unwrap();
    let numbers: Vec<u64> = known.iter().map(|sale| sale.receipt_number).collect();
    assert_eq!(numbers, (1..=sales as u64).collect::<Vec<_>>());
}
