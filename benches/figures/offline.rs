//! The figures of a long time without central: a start with 100,000 sales in the journal, and 50,000 handed over.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use till::central::store::{ProductRecord, Store, StoreKind, StoreRecord};
use till::central::surroundings::hash_secret;
use till::central::{Config, RunningCentral, Security, Server, Surroundings};
use till::database::{Database, NewEntry, RunStart};
use till::domain::basket::{Basket, LineRequest};
use till::domain::event::Event;
use till::domain::ids::{BasketId, EntryId, SessionId, TillId};
use till::domain::money::{Currency, Money};
use till::domain::product::Barcode;
use till::domain::quantity::Quantity;
use till::domain::sale::{SaleContext, complete};
use till::domain::tender::{Tender, TenderKind};
use till::register::environment::Environment;
use till::register::runner::IntentQueue;
use till::register::{Effect, FIGURES_AT_ONCE, Intent, Register, RegisterSetup, Snapshot};
use till::sync::driver::{RunningSync, SyncOptions};
use till::sync::engine::Limits;
use till::sync::enrol::{EnrolRequest, enrol};
use till::sync::identity::Identity;

use crate::measure::{Figure, Sample, in_words, ratio, resident_mib};
use crate::till::{gtin, id_of, load, number, open_with, operator, product, run_start, scan, settings, sign_in};

const CATALOGUE: u64 = 1_000_000;
/// Sales in the journal of the till that starts.
const JOURNAL: usize = 100_000;
/// Sales made offline and handed over.
const OFFLINE: usize = 50_000;
/// The one-time code its till joins with; central reads codes in capitals.
const ENROL_CODE: &str = "BENCH-DRAIN";
/// Products of the shop that hands over.
const PRODUCTS: u64 = 10_000;
/// The argument by which this program is started again to be measured from its first moment.
pub const START_ONLY: &str = "start-only=";

/// Start to ready for a scan, in a process of its own: its memory is what such a till has.
pub fn start() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("till.db");
    load(&path, CATALOGUE, false)?;
    let mut environment = Environment::machine();
    let mut database = Database::open(&path, chrono::Utc::now())?;
    database.start_run(run_start(&mut environment))?;
    sell(&mut database, &mut environment, JOURNAL, CATALOGUE)?;
    drop(database);
    let mut starts = Vec::new();
    let mut memory = 0;
    for _ in 0..5 {
        let output = Command::new(std::env::current_exe()?).arg(format!("{START_ONLY}{}", path.display())).output()?;
        anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout)?;
        let (micros, mib) = text.trim().split_once(' ').ok_or_else(|| anyhow::anyhow!("{text:?}"))?;
        starts.push(Duration::from_micros(micros.parse()?));
        memory = memory.max(mib.parse::<u64>()?);
    }
    let starts = Sample::from_durations(starts);
    let taken = starts.percentile(50);
    Ok(vec![Figure {
        what: "start to ready, 1,000,000 products, 100,000 sales".into(),
        measured: format!("{}, {memory} MiB resident", in_words(taken)),
        reference: "target 1 s, 250 MB".into(),
        ratio: ratio(taken, Duration::from_secs(1)),
    }])
}

/// Opens a file, signs in, scans and says how long it took until the first line stood in the snapshot, and the memory.
pub fn start_only(path: &Path) -> anyhow::Result<()> {
    let begun = Instant::now();
    let mut register = open_with(path, Vec::new())?;
    let ready = register.snapshot();
    let taken = begun.elapsed();
    anyhow::ensure!(ready.basket.basket.is_empty(), "the basket begins empty");
    sign_in(&mut register);
    for round in 0..1_000 {
        register.handle(scan(number(round)));
        if register.snapshot().basket.basket.lines.len() == 10 {
            register.handle(Intent::BasketVoided);
        }
    }
    println!("{} {}", taken.as_micros(), resident_mib()?);
    Ok(())
}

/// So many sales of ten lines, straight into the journal, a thousand to a commit.
fn sell(database: &mut Database, environment: &mut Environment, sales: usize, products: u64) -> anyhow::Result<()> {
    let session = SessionId(environment.unique_id());
    let entry = |environment: &mut Environment, event| {
        let now = chrono::Utc::now();
        let id = EntryId(environment.unique_id());
        NewEntry { id, recorded_at: now, operator: Some("1".into()), business_day: now.date_naive(), event }
    };
    let float = Money::new(20_000, Currency::EUR);
    database.transaction(|tx| tx.append(entry(environment, Event::SessionOpened { session, float })).map(|_| ()))?;
    let settings = settings();
    for begin in (0..sales).step_by(1_000) {
        database.transaction(|tx| -> anyhow::Result<()> {
            for sale in begin..(begin + 1_000).min(sales) {
                let mut basket = Basket::new(BasketId(environment.unique_id()), settings.currency);
                for line in 0..10 {
                    let sold = product(((sale * 10 + line) as u64).wrapping_mul(7_919) % products);
                    basket.add(&sold, LineRequest::listed(Quantity::ONE, None))?;
                }
                let amount = basket.total(&settings.tax_rates, settings.tax_mode);
                basket.tenders.push(Tender { kind: TenderKind::Cash, amount, reference: None });
                let now = chrono::Utc::now();
                let context = SaleContext {
                    till: till_id(),
                    receipt_number: tx.next_receipt_number(),
                    session,
                    operator: "1".into(),
                    operator_name: "Bench".into(),
                    begun_at: now,
                    completed_at: now,
                };
                let event = Event::SaleCompleted(Box::new(complete(&basket, &settings, context)?));
                tx.append(entry(environment, event))?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn till_id() -> TillId {
    TillId { store: "S001".into(), workstation: "T01".into() }
}

/// 50,000 sales made offline, handed over by the real sync to the real central over loopback, with scans meanwhile.
// Size: one journey from the first sale to the last acknowledged.
pub fn drain() -> anyhow::Result<Vec<Figure>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    let (central, identity) = runtime.block_on(central_with_shop(folder.path()))?;
    let path = folder.path().join("till.db");
    load(&path, PRODUCTS, true)?;
    let mut environment = Environment::machine();
    let mut database = Database::open(&path, chrono::Utc::now())?;
    let start = RunStart { key: identity.journal_key.clone(), ..run_start(&mut environment) };
    database.start_run(start)?;
    sell(&mut database, &mut environment, OFFLINE, PRODUCTS)?;
    let setup = RegisterSetup {
        till: till_id(),
        settings: Some(settings()),
        devices: Vec::new(),
        set_aside: None,
        figures_at_once: FIGURES_AT_ONCE,
    };
    let mut register = Register::start(database, environment, setup)?;
    sign_in(&mut register);
    let queue = IntentQueue::default();
    let intents = queue.sender();
    let to_register = queue.sender();
    let begun = Instant::now();
    let sync = RunningSync::start(SyncOptions {
        identity,
        database: path,
        version: "bench".into(),
        limits: Limits::default(),
        seed: 1,
        clock: Arc::new(chrono::Utc::now),
        sink: Arc::new(move |event| {
            to_register.send(Intent::Sync(event));
        }),
    })?;
    let handle = sync.handle();
    let register = queue.run(register, move |effect| {
        if matches!(effect, Effect::WakeSync) {
            handle.file_changed();
        }
    })?;
    let mut snapshots = register.snapshots();
    let mut scans = Vec::new();
    let mut sent = 0;
    let mut see = |wanted: &dyn Fn(&Snapshot) -> bool| {
        runtime
            .block_on(async { snapshots.wait_for(|snapshot| wanted(snapshot)).await.map(|snapshot| snapshot.clone()) })
    };
    // Twenty scans a second, as a burst of a fast cashier; ten to a basket.
    loop {
        if begun.elapsed() > Duration::from_secs(300) {
            anyhow::bail!("after five minutes {sent} sales have been handed over");
        }
        for line in 1..=10 {
            std::thread::sleep(Duration::from_millis(50));
            let scanned = Instant::now();
            intents.send(scan(number(scans.len()) % PRODUCTS));
            let seen = see(&|snapshot| snapshot.basket.basket.lines.len() == line)?;
            scans.push(scanned.elapsed());
            sent = OFFLINE as u64 - seen.sync.unsent.min(OFFLINE as u64);
        }
        intents.send(Intent::BasketVoided);
        let seen = see(&|snapshot| snapshot.basket.basket.is_empty())?;
        // What the scans themselves write is handed over as it comes.
        if seen.sync.unsent < 5 {
            break;
        }
    }
    let taken = begun.elapsed();
    drop(sync);
    register.stop();
    runtime.block_on(central.shutdown());
    let scans = Sample::from_durations(scans);
    Ok(vec![
        Figure {
            what: "50,000 sales made offline, handed over".into(),
            measured: format!("{}, {:.0} sales/s", in_words(taken), OFFLINE as f64 / taken.as_secs_f64()),
            reference: "target 30 s".into(),
            ratio: ratio(taken, Duration::from_secs(30)),
        },
        Figure {
            what: "scan → snapshot meanwhile".into(),
            measured: scans.to_string(),
            reference: "target p99 1 ms".into(),
            ratio: ratio(scans.percentile(99), Duration::from_millis(1)),
        },
    ])
}

/// A central that knows the store, its products and the till.
async fn central_with_shop(folder: &Path) -> anyhow::Result<(RunningCentral, Identity)> {
    let central = Server::start(Config {
        data: folder.join("central"),
        listen: (std::net::Ipv4Addr::LOCALHOST, 0).into(),
        security: Security::Plain,
        keep_persons_days: till::central::retention::DAYS_USUAL,
        surroundings: Surroundings::of_the_machine()?,
    })
    .await?;
    let store = StoreRecord { settings: settings(), kind: StoreKind::Shop, gln: None, location: None };
    central.store.save_stores(vec![store]).await?;
    central.store.save_operators(vec![operator()]).await?;
    let record = |number| ProductRecord {
        product: product(number),
        barcodes: vec![Barcode { key: gtin(number), product: id_of(number), pack: 1 }],
    };
    central.store.save_products((0..PRODUCTS).map(record).collect()).await?;
    let expires_at = chrono::Utc::now() + chrono::Duration::minutes(5);
    central.store.add_enrol_code(hash_secret(ENROL_CODE), till_id(), expires_at).await?;
    let data = folder.join("till");
    std::fs::create_dir_all(&data)?;
    let request = EnrolRequest {
        central: &format!("http://{}", central.address),
        code: ENROL_CODE,
        authority_pem: None,
        folder: &data,
        random: [7; 32],
        version: "bench",
    };
    let identity = enrol(request).await?;
    Ok((central, identity))
}
