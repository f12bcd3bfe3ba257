//! The till's figures: scan to snapshot and start at a million products, a sale's commit.

use std::path::Path;
use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use till::database::{Database, RunStart};
use till::domain::device::DeviceEvent;
use till::domain::feed::{Change, FeedBatch, Scope};
use till::domain::ids::{DeviceId, EntryId, OperatorId, ProductId, RunId, TillId};
use till::domain::money::{Currency, Money};
use till::domain::operator::{Operator, Role};
use till::domain::product::{Barcode, PriceKind, Product, Unit};
use till::domain::scan::{Scan, ScanQuality};
use till::domain::settings::{PromisedAlert, StoreSettings};
use till::domain::tax::{TaxCode, TaxMode, TaxRate};
use till::domain::tender::{CashRounding, TenderKind};
use till::register::environment::Environment;
use till::register::intent::Intent;
use till::register::{Register, RegisterSetup};

use crate::measure::{Figure, Sample, append_and_sync, in_words, ratio, resident_mib};

const PRODUCTS: u64 = 1_000_000;
const SCANS: usize = 20_000;
const SALES: usize = 400;
const BADGE: &str = "bench";

/// Scan to snapshot, search and start with a million products.
pub fn catalogue() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("till.db");
    let begun = Instant::now();
    load(&path, PRODUCTS)?;
    let loaded = begun.elapsed();

    let before = resident_mib()?;
    let begun = Instant::now();
    let mut register = open(&path)?;
    let snapshot = register.snapshot();
    let started = begun.elapsed();
    anyhow::ensure!(snapshot.basket.basket.is_empty(), "the basket begins empty");
    let memory = resident_mib()?.saturating_sub(before);

    sign_in(&mut register);
    let bare = rusqlite::Connection::open(&path)?;
    let mut look_up = bare
        .prepare("SELECT p.name, p.price_minor FROM barcode b JOIN product p ON p.id = b.product WHERE b.key = ?1")?;
    let reference = Sample::of(SCANS, |round| {
        let found: Result<String, _> = look_up.query_row([gtin(number(round))], |row| row.get(0));
        assert!(found.is_ok(), "every code is known");
    });
    let mut lines = 0;
    let mut durations = Vec::with_capacity(SCANS);
    for round in 0..SCANS {
        let scan = scan(number(round));
        let begun = Instant::now();
        register.handle(scan);
        let snapshot = register.snapshot();
        durations.push(begun.elapsed());
        lines = snapshot.basket.basket.lines.len();
        if lines == 10 {
            register.handle(Intent::BasketVoided);
        }
    }
    anyhow::ensure!(lines > 0, "scans became lines");
    let scans = Sample::from_durations(durations);
    let searches = Sample::of(500, |round| {
        register.handle(Intent::SearchTyped(format!("article {}", number(round * 7))));
        assert!(register.snapshot().search.is_some(), "a search shows");
    });
    Ok(vec![
        Figure {
            what: "scan → snapshot, 1,000,000 products".into(),
            measured: scans.to_string(),
            reference: format!("bare look-up {reference}"),
            ratio: ratio(scans.percentile(50), reference.percentile(50)),
        },
        Figure {
            what: "search as typed, 1,000,000 products".into(),
            measured: searches.to_string(),
            reference: "target p99 20 ms".into(),
            ratio: ratio(searches.percentile(99), Duration::from_millis(20)),
        },
        Figure {
            what: "start to ready, 1,000,000 products".into(),
            measured: format!("{}, {memory} MiB", in_words(started)),
            reference: "target 1 s, 250 MB".into(),
            ratio: ratio(started, Duration::from_secs(1)),
        },
        Figure {
            what: "first catalogue into the file, 1,000,000 products".into(),
            measured: in_words(loaded),
            reference: "target 45 s".into(),
            ratio: ratio(loaded, Duration::from_secs(45)),
        },
    ])
}

/// A sale of ten lines: from the last tender to on disk.
pub fn sale_commit() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("till.db");
    load(&path, 1_000)?;
    let mut register = open(&path)?;
    sign_in(&mut register);
    let mut commits = Vec::with_capacity(SALES);
    let mut syncs = Vec::with_capacity(SALES);
    for round in 0..SALES {
        for line in 0..10 {
            register.handle(scan((round * 10 + line) as u64 % 1_000));
        }
        register.handle(Intent::PayOpened);
        let due = register.snapshot().pay.map(|pay| pay.cash_due);
        let amount = due.ok_or_else(|| anyhow::anyhow!("the pay screen does not come up"))?;
        // The draft of the last scan is synced behind it; a person takes longer to pay than that.
        std::thread::sleep(Duration::from_millis(10));
        let begun = Instant::now();
        register.handle(Intent::Tendered { kind: TenderKind::Cash, amount, reference: None });
        commits.push(begun.elapsed());
        let completed = register.snapshot().completed;
        anyhow::ensure!(completed.is_some(), "the sale completes");
        // The reference is taken in between, so that both meet the same disk.
        syncs.push(append_and_sync(folder.path(), 1)?.percentile(50));
    }
    let (commits, syncs) = (Sample::from_durations(commits), Sample::from_durations(syncs));
    Ok(vec![Figure {
        what: "sale commit, 10 lines, on disk".into(),
        measured: commits.to_string(),
        reference: format!("4 KiB append + fdatasync {syncs}"),
        ratio: ratio(commits.percentile(50), syncs.percentile(50)),
    }])
}

/// A product far from the one before: no cache of neighbours helps.
fn number(round: usize) -> u64 {
    (round as u64).wrapping_mul(7_919) % PRODUCTS
}

fn gtin(number: u64) -> String {
    let body = format!("0952{number:09}");
    let check = till::domain::barcode::gtin::check_digit(&body).unwrap_or_default();
    format!("{body}{check}")
}

fn scan(number: u64) -> Intent {
    Intent::Device(DeviceEvent::Scanned(Scan {
        device: DeviceId::from("scanner"),
        payload: gtin(number).as_bytes()[1..].to_vec(),
        symbology: None,
        quality: ScanQuality::Whole,
    }))
}

fn sign_in(register: &mut Register) {
    register.handle(Intent::Device(DeviceEvent::Scanned(Scan {
        device: DeviceId::from("scanner"),
        payload: format!("B:{BADGE}").into_bytes(),
        symbology: None,
        quality: ScanQuality::Whole,
    })));
    register.handle(Intent::SessionOpened { float: Money::new(20_000, Currency::EUR) });
}

fn open(path: &Path) -> anyhow::Result<Register> {
    let mut environment = Environment::machine();
    let now = chrono::Utc::now();
    let mut database = Database::open(path, now)?;
    let till = TillId { store: "S001".into(), workstation: "T01".into() };
    database.start_run(RunStart {
        till: till.clone(),
        run: RunId(environment.unique_id()),
        key: SigningKey::from_bytes(&[7; 32]),
        entry: EntryId(environment.unique_id()),
        at: now,
        business_day: now.date_naive(),
        version: "bench".into(),
    })?;
    let setup = RegisterSetup { till, settings: settings(), devices: Vec::new(), set_aside: None };
    Ok(Register::start(database, environment, setup)?)
}

fn id_of(number: u64) -> ProductId {
    ProductId::from(format!("P{number:07}"))
}

/// A product of the bench's catalogue.
pub fn product(number: u64) -> Product {
    Product {
        id: id_of(number),
        name: format!("Article {number} of many, size {}", number % 40),
        price: Money::new(100 + (number % 9_000) as i64, Currency::EUR),
        price_kind: PriceKind::Fixed,
        tax: TaxCode('A'),
        department: format!("Department {}", number % 12),
        unit: Unit::Each,
        age_limit: None,
        variant_of: None,
        bin: None,
        stocked: true,
        quick_key: (number < 40).then_some(number as u16),
    }
}

/// Loads a catalogue the way central sends it: batches of the feed.
fn load(path: &Path, products: u64) -> anyhow::Result<()> {
    let now = chrono::Utc::now();
    let mut database = Database::open(path, now)?;
    let operator = Operator {
        id: OperatorId::from("1"),
        name: "Bench".into(),
        role: Role::Manager,
        pin_hash: String::new(),
        badge: Some(BADGE.into()),
        active: true,
    };
    let mut changes = vec![Change::Settings(Box::new(settings())), Change::Operator(operator)];
    let mut cursor = 0;
    for number in 0..products {
        changes.push(Change::Product {
            product: product(number),
            barcodes: vec![Barcode { key: gtin(number), product: id_of(number), pack: 1 }],
        });
        if changes.len() >= 100_000 || number + 1 == products {
            cursor += changes.len() as u64;
            let batch = FeedBatch {
                scope: Scope::Company,
                cursor,
                snapshot: false,
                changes: std::mem::take(&mut changes),
                contains: Vec::new(),
                as_of: now,
            };
            database.transaction(|tx| tx.apply_feed(&batch))?;
        }
    }
    Ok(())
}

/// The bench's store.
pub fn settings() -> StoreSettings {
    StoreSettings {
        id: "S001".into(),
        name: "Bench".into(),
        address: vec!["1 Bench Road".into()],
        tax_number: "XX 1".into(),
        receipt_footer: Vec::new(),
        country: "FI".into(),
        time_zone: "UTC".into(),
        currency: Currency::EUR,
        tax_mode: TaxMode::Included,
        tax_rates: vec![TaxRate { code: TaxCode('A'), name: "VAT 21 %".into(), percent: 21.into() }],
        cash_rounding: CashRounding::NONE,
        promised_alert: PromisedAlert::Card,
        bays: Vec::new(),
        lock_after_minutes: None,
    }
}
