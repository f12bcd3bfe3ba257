//! Central as the simulation runs it: the real store and the real service, without a network in between.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use till::central::Surroundings;
use till::central::authority::Authority;
use till::central::services::{Doorkeeper, SyncService, Transport};
use till::central::store::sqlite::{OpenAs, SqliteStore};
use till::central::store::{
    FeedPage, FeedRequest, Fork, OrderFilter, OrderSubmission, QuarantinedEntry, StockRow, Store,
};
use till::domain::ids::TillId;
use till::domain::web_order::WebOrder;
use till::wire::till::v1 as proto;
use till::wire::till::v1::sync_service_server::SyncService as _;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tonic::{Request, Status};

use super::dice::Dice;
use super::shop::{self, instant};

pub struct Central {
    folder: PathBuf,
    runtime: Runtime,
    clock_us: Arc<AtomicI64>,
    running: Option<Running>,
    /// How often it was started: streams of an earlier life are dead.
    pub life: u64,
}

struct Running {
    store: SqliteStore,
    service: SyncService<SqliteStore>,
    /// Held, because a service whose sender is gone is shutting down.
    stop: watch::Sender<bool>,
}

/// An entry as central's file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptEntry {
    pub id: [u8; 16],
    pub till: TillId,
    pub previous_hash: Vec<u8>,
    pub hash: Vec<u8>,
    pub payload: Vec<u8>,
}

impl Central {
    pub fn new(folder: PathBuf, clock_us: Arc<AtomicI64>) -> Self {
        for name in ["central.db", "authority.pem", "authority-key.pem"] {
            fs::copy(shop::template().join(name), folder.join(name)).unwrap();
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        Self { folder, runtime, clock_us, running: None, life: 0 }
    }

    fn file(&self) -> PathBuf {
        self.folder.join("central.db")
    }

    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    pub fn start(&mut self, dice: &mut Dice) {
        let now = instant(self.clock_us.load(Ordering::Relaxed));
        let store = SqliteStore::open(&self.file(), OpenAs::Server(dice.bytes()), now).unwrap();
        let clock = Arc::clone(&self.clock_us);
        // Central draws nothing but tokens and serial numbers, and nobody is enrolled here.
        let surroundings = Surroundings::new(move || instant(clock.load(Ordering::Relaxed)), |bytes| bytes.fill(4));
        let authority = Arc::new(Authority::open(&self.folder, now).unwrap());
        let doorkeeper = Doorkeeper::new(store.clone(), Transport::Plain);
        let (stop, stopping) = watch::channel(false);
        let service = SyncService::new(store.clone(), doorkeeper, authority, surroundings, stopping);
        self.running = Some(Running { store, service, stop });
        self.life += 1;
    }

    pub fn stop(&mut self) {
        if let Some(Running { store, service, stop }) = self.running.take() {
            drop((service, stop));
            assert!(store.close(), "somebody still holds central's file");
        }
    }

    /// A copy as head office would make one, while central runs.
    pub fn copy_to(&self, path: &Path) {
        let connection = rusqlite::Connection::open(self.file()).unwrap();
        connection.execute("VACUUM INTO ?1", [path.to_str().unwrap()]).unwrap();
    }

    /// Puts an old copy in the file's place; central must be down.
    pub fn restore_from(&self, path: &Path) {
        assert!(!self.is_running());
        for suffix in ["", "-wal", "-shm"] {
            let file = self.folder.join(format!("central.db{suffix}"));
            if file.exists() {
                fs::remove_file(file).unwrap();
            }
        }
        fs::copy(path, self.file()).unwrap();
    }

    fn store(&self) -> &SqliteStore {
        &self.running.as_ref().unwrap().store
    }

    fn request<T>(till: &TillId, message: T) -> Request<T> {
        let mut request = Request::new(message);
        let metadata = request.metadata_mut();
        metadata.insert("till-store", till.store.as_str().parse().unwrap());
        metadata.insert("till-workstation", till.workstation.as_str().parse().unwrap());
        metadata.insert("till-token", shop::token(till).parse().unwrap());
        request
    }

    pub fn incarnation(&self) -> [u8; 16] {
        self.store().incarnation()
    }

    pub fn hello(&self, till: &TillId, message: proto::HelloRequest) -> Result<proto::HelloResponse, Status> {
        let service = &self.running.as_ref().unwrap().service;
        self.runtime.block_on(service.hello(Self::request(till, message))).map(tonic::Response::into_inner)
    }

    pub fn push(&self, till: &TillId, message: proto::PushRequest) -> Result<proto::PushResponse, Status> {
        let service = &self.running.as_ref().unwrap().service;
        self.runtime.block_on(service.push(Self::request(till, message))).map(tonic::Response::into_inner)
    }

    pub fn read_feed(&self, request: FeedRequest) -> FeedPage {
        self.runtime.block_on(self.store().read_feed(request)).unwrap()
    }

    pub fn submit_order(&self, order: OrderSubmission, code_seed: u64) {
        let now = instant(self.clock_us.load(Ordering::Relaxed));
        self.runtime.block_on(self.store().submit_order(order, code_seed, now)).unwrap();
    }

    pub fn set_price(&self, product: &str, price_minor: i64) {
        use till::central::store::ProductRecord;
        let record = ProductRecord { product: shop::product(product, price_minor), barcodes: Vec::new() };
        self.runtime.block_on(self.store().save_products(vec![record])).unwrap();
    }

    // What the checks ask at the end.

    pub fn list_stock(&self) -> Vec<StockRow> {
        self.runtime.block_on(self.store().list_stock(None)).unwrap()
    }

    pub fn list_orders(&self) -> Vec<WebOrder> {
        let every = OrderFilter { orders_max: 10_000, ..OrderFilter::default() };
        self.runtime.block_on(self.store().list_orders(every)).unwrap()
    }

    pub fn list_level_faults(&self) -> Vec<till::central::store::LevelFault> {
        self.runtime.block_on(self.store().list_level_faults()).unwrap()
    }

    pub fn list_forks(&self) -> Vec<Fork> {
        self.runtime.block_on(self.store().list_forks()).unwrap()
    }

    pub fn list_quarantined(&self) -> Vec<QuarantinedEntry> {
        self.runtime.block_on(self.store().list_quarantined()).unwrap()
    }

    /// Every entry central has, as its file says.
    pub fn list_entries(&self) -> Vec<KeptEntry> {
        let connection = rusqlite::Connection::open(self.file()).unwrap();
        let mut statement = connection
            .prepare("SELECT entry_id, store, workstation, previous_hash, hash, payload FROM entry ORDER BY entry_id")
            .unwrap();
        let rows = statement.query_map((), |row| {
            let till = TillId { store: row.get::<_, String>(1)?.into(), workstation: row.get::<_, String>(2)?.into() };
            let (id, previous_hash, hash, payload) = (row.get(0)?, row.get(3)?, row.get(4)?, row.get(5)?);
            Ok(KeptEntry { id, till, previous_hash, hash, payload })
        });
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }
}
