//! Central's figures: how many sales it takes, each on disk before its answer, from 1, 16 and 64 tills, and from 64 tills
//! that sell nothing but one product. The reference is PostgreSQL doing the same work in one stored function a sale.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use till::central::store::{StockImport, Store, StoreKind, StoreRecord};
use till::central::surroundings::hash_secret;
use till::central::{Config, RunningCentral, Security, Server, Surroundings};
use till::domain::basket::{Basket, LineRequest};
use till::domain::event::{Event, RunTail, movements};
use till::domain::feed::Unsent;
use till::domain::ids::{BasketId, EntryId, JournalMark, ProductId, RunId, SessionId, StoreId, TillId};
use till::domain::quantity::Quantity;
use till::domain::sale::{SaleContext, complete};
use till::domain::settings::StoreSettings;
use till::domain::tender::{Tender, TenderKind};
use till::domain::till_clock::ClockReading;
use till::register::environment::Environment;
use till::sync::connect::connect;
use till::sync::enrol::{EnrolRequest, enrol};
use till::sync::identity::Identity;
use till::sync::messages::push_request;
use till::wire::entry::{EntryHeader, NO_PREVIOUS_HASH, SealedEntry};
use till::wire::till::v1::PushRequest;
use till::wire::{encode_event, open_entry};

use crate::measure::{Figure, append_and_sync, in_words};
use crate::postgres::Postgres;
use crate::till::{product, settings};

/// How many products the stores sell; the first ones most.
const PRODUCTS: f64 = 5_000.0;
/// How many tills a store has.
const TILLS_PER_STORE: usize = 4;

/// How many units of each product a store begins with.
const FULL: i64 = 100_000;

/// What is sold, and by how many.
#[derive(Clone, Copy)]
pub struct Workload {
    /// How many sell at the same time.
    pub tills: usize,
    /// How many of them share a store's figures.
    pub tills_per_store: usize,
    /// How many sales each makes.
    pub sales_each: usize,
    /// How many different products are in a sale.
    pub lines: usize,
    /// How many products there are.
    pub products: f64,
    /// Whether every sale has one product more, which no other sale has.
    pub own_product: bool,
}

impl Workload {
    /// The number of the product that only this sale of this till has.
    pub fn own_product_of(&self, till: usize, sale: usize) -> u64 {
        self.products as u64 + (till * self.sales_each + sale) as u64
    }
}

/// Ingest through gRPC into the SQLite engine.
pub fn ingest() -> anyhow::Result<Vec<Figure>> {
    let busy = |tills, sales_each| {
        let workload = Workload {
            tills,
            tills_per_store: TILLS_PER_STORE,
            sales_each,
            lines: 10,
            products: PRODUCTS,
            own_product: false,
        };
        let label = if tills == 1 { "1 till".to_owned() } else { format!("{tills} tills") };
        (format!("central ingest, 10-line sales, {label}"), workload)
    };
    let hot = Workload { tills: 64, tills_per_store: 64, sales_each: 160, lines: 1, products: 1.0, own_product: false };
    let workloads =
        [busy(1, 1_500), busy(16, 300), busy(64, 160), ("one hot product, 64 tills of one store".to_owned(), hot)];
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    workloads.into_iter().map(|(what, workload)| runtime.block_on(figure(what, workload))).collect()
}

async fn figure(what: String, workload: Workload) -> anyhow::Result<Figure> {
    let Shop { folder, central, stores, identities, journals } = Shop::open(workload).await?;
    let sales = (workload.tills * workload.sales_each) as f64;
    let sync = append_and_sync(folder.path(), 200)?;
    let begun = Instant::now();
    let pushes = identities
        .into_iter()
        .zip(journals.clone())
        .map(|(identity, entries)| tokio::spawn(push_all(identity, entries)));
    for push in pushes.collect::<Vec<_>>() {
        push.await??;
    }
    let rate = sales / begun.elapsed().as_secs_f64();
    prove(&central, &journals, stores.len() as i64 * workload.products as i64 * FULL).await?;
    let measured = format!("{rate:.0} sales/s, each on disk (one fdatasync {})", in_words(sync.percentile(50)));
    Ok(match Postgres::start(folder.path())? {
        Some(postgres) => {
            let products: Vec<ProductId> = (0..workload.products as u64).map(|number| product(number).id).collect();
            let reference = sales / postgres.book(&journals, &stores, &products).await?.as_secs_f64();
            let ratio = Some(rate / reference);
            Figure { what, measured, reference: format!("PostgreSQL, one function a sale {reference:.0}/s"), ratio }
        }
        None => Figure { what, measured, reference: "PostgreSQL is not installed here".into(), ratio: None },
    })
}

/// A central with stores full of stock, and what each till is going to send.
pub struct Shop {
    pub folder: tempfile::TempDir,
    pub central: RunningCentral,
    pub stores: Vec<StoreId>,
    pub identities: Vec<Identity>,
    pub journals: Vec<Vec<SealedEntry>>,
}

impl Shop {
    /// Opens one.
    pub async fn open(workload: Workload) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let central = Server::start(Config {
            data: folder.path().join("central"),
            listen: (std::net::Ipv4Addr::LOCALHOST, 0).into(),
            security: Security::Plain,
            keep_persons_days: till::central::retention::DAYS_USUAL,
            surroundings: Surroundings::of_the_machine()?,
        })
        .await?;
        let stores: Vec<StoreId> = (0..workload.tills.div_ceil(workload.tills_per_store)).map(store_of).collect();
        let record = |id: &StoreId| {
            let settings = StoreSettings { id: id.clone(), ..settings() };
            StoreRecord { settings, kind: StoreKind::Shop, gln: None, location: None }
        };
        central.store.save_stores(stores.iter().map(record).collect()).await?;
        for (number, store) in stores.iter().enumerate() {
            let own = workload.tills_per_store * workload.sales_each * usize::from(workload.own_product);
            let first = workload.own_product_of(number * workload.tills_per_store, 0);
            let products = (0..workload.products as u64).chain(first..first + own as u64);
            fill(&central, store, products).await?;
        }
        let mut identities = Vec::with_capacity(workload.tills);
        let mut journals = Vec::with_capacity(workload.tills);
        for number in 0..workload.tills {
            let identity = join(&central, folder.path(), number, number / workload.tills_per_store).await?;
            journals.push(journal(&identity, number, &workload)?);
            identities.push(identity);
        }
        Ok(Self { folder, central, stores, identities, journals })
    }
}

/// Every figure must be the sum of what was sold: a fast wrong answer is no figure.
async fn prove(central: &RunningCentral, journals: &[Vec<SealedEntry>], units: i64) -> anyhow::Result<()> {
    let mut expected = Quantity::units(units);
    for sealed in journals.iter().flatten() {
        expected += movements(&open_entry(sealed)?).iter().map(|movement| movement.quantity).sum::<Quantity>();
    }
    let booked: Quantity = central.store.list_stock(None).await?.iter().map(|row| row.level.on_hand).sum();
    anyhow::ensure!(booked == expected, "{booked} is in the books instead of {expected}");
    anyhow::ensure!(central.store.list_level_faults().await?.is_empty(), "every level is the fold of its movements");
    Ok(())
}

/// Every store has plenty of everything: a figure below zero is nothing to a website, and would not be told.
async fn fill(central: &RunningCentral, store: &StoreId, products: impl Iterator<Item = u64>) -> anyhow::Result<()> {
    let mut environment = Environment::machine();
    let figures = products.map(|number| StockImport {
        store: store.clone(),
        product: product(number).id,
        on_hand: Some(Quantity::units(FULL)),
        safety: None,
        counted_at: None,
        entry: EntryId(environment.unique_id()),
    });
    central.store.import_stock(figures.collect(), chrono::Utc::now()).await?;
    Ok(())
}

fn store_of(number: usize) -> StoreId {
    StoreId::new(format!("S{:03}", number + 1))
}

async fn join(central: &RunningCentral, folder: &Path, number: usize, store: usize) -> anyhow::Result<Identity> {
    let till = TillId { store: store_of(store), workstation: format!("T{number:02}").into() };
    let code = format!("BENCH-{number}");
    let expires_at = chrono::Utc::now() + chrono::Duration::minutes(5);
    central.store.add_enrol_code(hash_secret(&code), till, expires_at).await?;
    let data = folder.join(format!("till-{number}"));
    std::fs::create_dir_all(&data)?;
    let mut random = [number as u8; 32];
    random[0] = 1;
    let request = EnrolRequest {
        central: &format!("http://{}", central.address),
        code: &code,
        authority_pem: None,
        folder: &data,
        random,
        version: "bench",
    };
    Ok(enrol(request).await?)
}

/// As a till sends what it has just written.
pub fn push_of(entry: SealedEntry) -> PushRequest {
    let (now, run) = (chrono::Utc::now(), entry.header.mark.run);
    push_request(&[entry], Unsent::default(), ClockReading { till: now, central: Some(now) }, Some(run))
}

async fn push_all(identity: Identity, entries: Vec<SealedEntry>) -> anyhow::Result<()> {
    let mut central = connect(&identity)?;
    for entry in entries {
        let answer = central.push(push_of(entry)).await?.into_inner();
        anyhow::ensure!(answer.results.len() == 1, "every entry is answered");
    }
    Ok(())
}

/// A till's journal: its start, and so many sales.
fn journal(identity: &Identity, number: usize, workload: &Workload) -> anyhow::Result<Vec<SealedEntry>> {
    let mut environment = Environment::machine();
    let run = RunId(environment.unique_id());
    let mut chain = Chain { identity, run, previous: NO_PREVIOUS_HASH, sequence: 0 };
    let started =
        Event::RunStarted { predecessor: None::<RunTail>, version: "bench".into(), next_receipt_number: None };
    let mut entries = vec![chain.seal(EntryId(environment.unique_id()), &started)];
    let mut dice = Dice(number as u64 + 1);
    for receipt in 0..workload.sales_each {
        let mut picked = dice.pick_many(workload);
        if workload.own_product {
            picked.insert(workload.own_product_of(number, receipt));
        }
        let sale = sale(&mut environment, identity, receipt as u64 + 1, picked)?;
        entries.push(chain.seal(EntryId(environment.unique_id()), &sale));
    }
    Ok(entries)
}

struct Chain<'a> {
    identity: &'a Identity,
    run: RunId,
    previous: [u8; 32],
    sequence: u64,
}

impl Chain<'_> {
    fn seal(&mut self, entry: EntryId, event: &Event) -> SealedEntry {
        self.sequence += 1;
        let now = chrono::Utc::now();
        let header = EntryHeader {
            entry,
            till: self.identity.till.clone(),
            mark: JournalMark { run: self.run, sequence: self.sequence },
            // Storage keeps microseconds, and the seal covers what is stored.
            recorded_at: chrono::DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now),
            operator: None,
            business_day: now.date_naive(),
            kind: event.kind().to_owned(),
        };
        let key: &SigningKey = &self.identity.journal_key;
        let sealed = SealedEntry::seal(header, encode_event(event), self.previous, key);
        self.previous = sealed.hash;
        sealed
    }
}

/// The same products in every run (a linear congruential generator, Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    /// The different products of a sale.
    fn pick_many(&mut self, workload: &Workload) -> BTreeSet<u64> {
        let mut picked = BTreeSet::new();
        while picked.len() < workload.lines {
            picked.insert(self.pick(workload.products));
        }
        picked
    }

    /// A product; half of all picks fall on the first quarter of the catalogue.
    fn pick(&mut self, products: f64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let part = (self.0 >> 11) as f64 / (1_u64 << 53) as f64;
        (part * part * products) as u64
    }
}

fn sale(
    environment: &mut Environment,
    identity: &Identity,
    receipt_number: u64,
    picked: BTreeSet<u64>,
) -> anyhow::Result<Event> {
    let settings = settings();
    let mut basket = Basket::new(BasketId(environment.unique_id()), settings.currency);
    for number in picked {
        basket.add(&product(number), LineRequest::listed(Quantity::ONE, None))?;
    }
    let amount = basket.total(&settings.tax_rates, settings.tax_mode);
    basket.tenders.push(Tender { kind: TenderKind::Cash, amount, reference: None });
    let now = chrono::Utc::now();
    let context = SaleContext {
        till: identity.till.clone(),
        receipt_number,
        session: SessionId(environment.unique_id()),
        operator: "1".into(),
        operator_name: "Bench".into(),
        begun_at: now - Duration::from_secs(60),
        completed_at: now,
    };
    Ok(Event::SaleCompleted(Box::new(complete(&basket, &settings, context)?)))
}
