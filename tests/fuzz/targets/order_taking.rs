//! A document from outside, all the way: read, judged against a real catalogue, taken into a real store or kept with its
//! reasons, and answered. Every answer is well formed, what is told has a place, and the same again takes nothing new.
#![no_main]

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use libfuzzer_sys::fuzz_target;
use till::central::Surroundings;
use till::central::import::{Kind, import};
use till::central::intake::xml::{Item, Pass};
use till::central::intake::{Incoming, Intake, IntakeOutcome};
use till::central::server::open_store;
use till::central::store::Store;
use till::central::store::sqlite::{OpenAs, SqliteStore};
use tokio::runtime::Runtime;

const FILES: [(Kind, &[u8]); 3] = [
    (Kind::Stores, include_bytes!("../../../assets/sample/stores.csv")),
    (Kind::Products, include_bytes!("../../../assets/sample/products.csv")),
    (Kind::Stock, include_bytes!("../../../assets/sample/stock.csv")),
];

struct World {
    runtime: Runtime,
    intake: Intake<SqliteStore>,
    store: SqliteStore,
    _folder: tempfile::TempDir,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let surroundings = Surroundings::of_the_machine().expect("a clock and randomness");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let store = open_store(folder.path(), OpenAs::Tool, &surroundings).expect("a store");
    for (kind, bytes) in FILES {
        runtime.block_on(import(&store, kind, bytes, &surroundings, |_| ())).expect("the sample shop");
    }
    let intake = Intake::new(store.clone(), surroundings);
    World { runtime, intake, store, _folder: folder }
});

/// How many inputs there were.
static INPUTS: AtomicU64 = AtomicU64::new(0);

fuzz_target!(|bytes: &[u8]| {
    let World { runtime, intake, store, .. } = &*WORLD;
    // A channel keeps so many documents that wait for head office and takes no more: the next ones come by another.
    let channel = format!("fuzz-{}", INPUTS.fetch_add(1, Ordering::Relaxed) / 4_000);
    let incoming = || Incoming { channel: channel.as_str().into(), content_type: String::new(), bytes: bytes.to_vec() };
    let first = runtime.block_on(intake.take_document(incoming(), None)).expect("the store takes it or keeps it");
    assert!(!first.orders.is_empty(), "something came of it");
    for problem in first.orders.iter().flat_map(|order| &order.problems) {
        assert!(
            problem.place.line > 0 && problem.place.column > 0 && problem.place.path.starts_with('/'),
            "{problem:?}"
        );
    }
    read(&first.response);
    let again = runtime.block_on(intake.take_document(incoming(), None)).expect("again");
    let taken = again.orders.iter().any(|order| order.outcome == IntakeOutcome::Imported);
    assert!(!taken, "the same again takes nothing new");
    read(&again.response);
    let faults = runtime.block_on(store.list_level_faults()).expect("the books");
    assert!(faults.is_empty(), "{faults:?}");
});

/// What we answer is well formed, whatever it answers.
fn read(response: &[u8]) {
    if response.is_empty() {
        return;
    }
    let text = std::str::from_utf8(response).expect("UTF-8");
    let mut pass = Pass::new(text);
    while !matches!(pass.next_item().expect("well formed"), Item::Done) {}
}
