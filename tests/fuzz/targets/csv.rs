//! Files of head office's: any bytes, as any kind of file, into a real store; every row is saved or told.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use till::central::Surroundings;
use till::central::import::{Kind, import};
use till::central::server::open_store;
use till::central::store::sqlite::{OpenAs, SqliteStore};
use tokio::runtime::Runtime;

const KINDS: [Kind; 8] = [
    Kind::Stores,
    Kind::Products,
    Kind::Operators,
    Kind::Stock,
    Kind::Customers,
    Kind::Prices,
    Kind::Credits,
    Kind::CustomerItems,
];
const STORES: &[u8] = include_bytes!("../../../assets/sample/stores.csv");

struct World {
    runtime: Runtime,
    store: SqliteStore,
    surroundings: Surroundings,
    _folder: tempfile::TempDir,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let surroundings = Surroundings::of_the_machine().expect("a clock and randomness");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let store = open_store(folder.path(), OpenAs::Tool, &surroundings).expect("a store");
    runtime.block_on(import(&store, Kind::Stores, STORES, &surroundings, |_| ())).expect("the sample stores");
    World { runtime, store, surroundings, _folder: folder }
});

fuzz_target!(|data: (u8, &[u8])| {
    let (kind, bytes) = data;
    let kind = KINDS[usize::from(kind) % KINDS.len()];
    let world = &*WORLD;
    if let Ok(report) = world.runtime.block_on(import(&world.store, kind, bytes, &world.surroundings, |_| ())) {
        assert!(report.saved + report.faulty <= report.rows, "{report:?}");
    }
});
