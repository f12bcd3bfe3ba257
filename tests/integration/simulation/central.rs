//! Central as the simulation runs it: the real store and the real service, without a network in between.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use till::central::Surroundings;
use till::central::authority::Authority;
use till::central::services::{Doorkeeper, SyncService, Transport};
use till::central::store::sqlite::{OpenAs, SqliteStore};
use till::central::store::{
    Availability, CaseDecision, CaseFilter, CaseRecord, DocumentSubmission, FeedPage, FeedRequest, Finding, Fork,
    OrderFilter, PartOutcome, QuarantinedEntry, SaleRecord, StockImport, StockRow, Store, StoreError,
};
use till::domain::Timestamp;
use till::domain::ids::{EntryId, OrderNumber, ProductId, StoreId, TillId};
use till::domain::quantity::Quantity;
use till::domain::web_order::WebOrder;
use till::wire::till::v1 as proto;
use till::wire::till::v1::sync_service_server::SyncService as _;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tonic::{Request, Status};

use super::dice::Dice;
use super::disk::Disk;
use super::shop::{self, instant};

pub struct Central {
    folder: PathBuf,
    pub disk: Disk,
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

/// A transfer as central's file has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeptTransfer {
    pub entry: EntryId,
    pub to: StoreId,
    pub from: StoreId,
    pub product: ProductId,
    pub quantity: Quantity,
    pub state: String,
}

impl Central {
    pub fn new(folder: PathBuf, clock_us: Arc<AtomicI64>) -> Self {
        for name in ["central.db", "authority.pem", "authority-key.pem"] {
            fs::copy(shop::template().join(name), folder.join(name)).unwrap();
        }
        fs::create_dir(folder.join("copies")).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        Self { disk: Disk::watch(&folder), folder, runtime, clock_us, running: None, life: 0 }
    }

    fn file(&self) -> PathBuf {
        self.folder.join("central.db")
    }

    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    pub fn start(&mut self, dice: &mut Dice) -> Result<(), StoreError> {
        let now = instant(self.clock_us.load(Ordering::Relaxed));
        let store = SqliteStore::open(&self.file(), OpenAs::Server(dice.bytes()), now)?;
        let clock = Arc::clone(&self.clock_us);
        // Central draws nothing but tokens and serial numbers, and nobody is enrolled here.
        let surroundings = Surroundings::new(move || instant(clock.load(Ordering::Relaxed)), |bytes| bytes.fill(4));
        let authority = Arc::new(Authority::open(&self.folder, now).unwrap());
        let doorkeeper = Doorkeeper::new(store.clone(), Transport::Plain);
        let (stop, stopping) = watch::channel(false);
        let service = SyncService::new(store.clone(), doorkeeper, authority, surroundings, stopping);
        self.running = Some(Running { store, service, stop });
        self.life += 1;
        Ok(())
    }

    /// Stops as it should: the file says when it ended.
    pub fn end(&mut self) {
        // A full disk: it ends all the same, and the next life takes it for a crash.
        drop(self.runtime.block_on(self.store().end_life(self.now())));
        self.stop();
    }

    pub fn stop(&mut self) {
        if let Some(Running { store, service, stop }) = self.running.take() {
            drop((service, stop));
            assert!(store.close(), "somebody still holds central's file");
        }
    }

    /// The program is killed: what it had written is the system's to keep.
    pub fn kill(&mut self) {
        self.disk.switch_off();
        self.stop();
        self.disk.switch_on();
    }

    /// The power is cut: what was not synced is there or gone.
    pub fn cut_power(&mut self, dice: &mut Dice) {
        self.disk.switch_off();
        self.stop();
        self.disk.lose_unsynced(dice);
        self.disk.switch_on();
    }

    /// A copy as head office would make one, while central runs.
    pub fn copy(&self, number: usize) -> PathBuf {
        let path = self.folder.join("copies").join(format!("{number}.db"));
        self.connection().execute("VACUUM INTO ?1", [path.to_str().unwrap()]).unwrap();
        path
    }

    /// The file of a central that has ended, as somebody would copy it.
    pub fn copy_ended(&self, number: usize) -> PathBuf {
        assert!(!self.is_running());
        let path = self.folder.join("copies").join(format!("{number}.db"));
        fs::copy(self.file(), &path).unwrap();
        path
    }

    /// A look past the store, for what it is not asked.
    pub fn connection(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.file()).unwrap()
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
        self.disk.forget_writes();
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

    fn now(&self) -> Timestamp {
        instant(self.clock_us.load(Ordering::Relaxed))
    }

    pub fn take_document(&self, document: DocumentSubmission, code_seed: u64) -> Result<Vec<PartOutcome>, StoreError> {
        self.runtime.block_on(self.store().take_document(document, code_seed, self.now()))
    }

    pub fn lapse_orders(&self) -> Result<Option<Timestamp>, StoreError> {
        self.runtime.block_on(self.store().lapse_orders(self.now()))
    }

    pub fn set_price(&self, product: &str, price_minor: i64) -> Result<(), StoreError> {
        use till::central::store::ProductRecord;
        let record = ProductRecord { product: shop::product(product, price_minor), barcodes: Vec::new() };
        self.runtime.block_on(self.store().save_products(vec![record])).map(drop)
    }

    pub fn import_stock(&self, figure: StockImport) -> Result<(), StoreError> {
        self.runtime.block_on(self.store().import_stock(vec![figure], self.now())).map(drop)
    }

    pub fn decide_case(&self, decision: CaseDecision) -> Result<(), StoreError> {
        self.runtime.block_on(self.store().decide_case(decision, self.now()))
    }

    pub fn list_availability(&self) -> Vec<Availability> {
        let (products, stores) = (shop::PRODUCTS.map(ProductId::new), shop::STORES.map(StoreId::new));
        let asked = self.store().list_availability(products.to_vec(), stores.to_vec(), self.now());
        self.runtime.block_on(asked).unwrap()
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

    pub fn list_findings(&self) -> Vec<Finding> {
        self.runtime.block_on(self.store().list_findings(0, 10_000)).unwrap()
    }

    pub fn list_cases(&self, which: CaseFilter) -> Vec<CaseRecord> {
        self.runtime.block_on(self.store().list_cases(which)).unwrap()
    }

    pub fn list_sales(&self, store: &str) -> Vec<SaleRecord> {
        self.runtime.block_on(self.store().list_sales(store.into())).unwrap()
    }

    /// What head office booked by itself: the movements of no till.
    pub fn list_imports(&self) -> Vec<(EntryId, StoreId, ProductId, Quantity)> {
        let connection = self.connection();
        let mut statement = connection
            .prepare("SELECT entry_id, store, product, quantity FROM movement WHERE workstation IS NULL")
            .unwrap();
        let rows = statement.query_map((), |row| {
            let (store, product): (String, String) = (row.get(1)?, row.get(2)?);
            let quantity = Quantity::from_thousandths(row.get(3)?);
            Ok((EntryId::from_bytes(row.get(0)?), store.into(), product.into(), quantity))
        });
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// What counts at tills have come to, in all they changed.
    pub fn list_counted(&self) -> Vec<(StoreId, ProductId, Quantity)> {
        let connection = self.connection();
        let mut statement = connection
            .prepare(
                "SELECT store, product, quantity FROM movement WHERE reason = 'adjustment' AND workstation IS NOT NULL",
            )
            .unwrap();
        let rows = statement.query_map((), |row| {
            let (store, product): (String, String) = (row.get(0)?, row.get(1)?);
            Ok((store.into(), product.into(), Quantity::from_thousandths(row.get(2)?)))
        });
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// Every document central has kept: its bytes, and as what, once for each time.
    pub fn list_documents(&self) -> Vec<(Vec<u8>, String)> {
        let connection = self.connection();
        let mut statement = connection
            .prepare(
                "SELECT document, kind FROM order_document UNION ALL SELECT document, 'problem' FROM problem_document",
            )
            .unwrap();
        let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// The transfer that each order of a giving store is for, closed ones too.
    pub fn list_transfers_by_order(&self) -> BTreeMap<OrderNumber, EntryId> {
        let connection = self.connection();
        let mut statement =
            connection.prepare("SELECT number, entry_id FROM transfer WHERE number IS NOT NULL").unwrap();
        let rows = statement
            .query_map((), |row| Ok((OrderNumber::new(row.get::<_, String>(0)?), EntryId::from_bytes(row.get(1)?))));
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// The transfers that are not over: entry, asking and giving store, state, as the file has them.
    pub fn list_open_transfers(&self) -> Vec<KeptTransfer> {
        let connection = self.connection();
        let mut statement = connection
            .prepare(
                "SELECT entry_id, store, from_store, product, quantity, state FROM transfer
                 WHERE state NOT IN ('closed', 'withdrawn')",
            )
            .unwrap();
        let rows = statement.query_map((), |row| {
            let (to, from, product): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(KeptTransfer {
                entry: EntryId::from_bytes(row.get(0)?),
                to: to.into(),
                from: from.into(),
                product: product.into(),
                quantity: Quantity::from_thousandths(row.get(4)?),
                state: row.get(5)?,
            })
        });
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// Every entry central has, as its file says.
    pub fn list_entries(&self) -> Vec<KeptEntry> {
        let connection = self.connection();
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
