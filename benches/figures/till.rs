//! The till's figures at a million products, scan to snapshot, search and first catalogue; and the shop all figures share.

use std::path::Path;
use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use till::database::{Database, RunStart};
use till::domain::device::DeviceEvent;
use till::domain::feed::{Change, FeedBatch, Scope, StockFigure};
use till::domain::ids::{DeviceId, EntryId, OperatorId, ProductId, RunId, TillId};
use till::domain::money::{Currency, Money};
use till::domain::operator::{Operator, Role};
use till::domain::product::{Barcode, PriceKind, Product, Unit};
use till::domain::quantity::Quantity;
use till::domain::scan::{Scan, ScanQuality};
use till::domain::settings::{
    DifferenceLimits, PriceChangeRules, PromisedAlert, PromisedSale, ReceiptDuty, StoreSettings,
};
use till::domain::tax::{TaxCode, TaxMode, TaxRate};
use till::domain::tender::CashRounding;
use till::register::environment::Environment;
use till::register::intent::Intent;
use till::register::snapshot::DeviceView;
use till::register::{FIGURES_AT_ONCE, Register, RegisterSetup};

use crate::measure::{Figure, Sample, in_words, ratio};

const PRODUCTS: u64 = 1_000_000;
const SCANS: usize = 20_000;
/// The operator's badge.
pub const BADGE: &str = "bench";

/// Scan to snapshot, search and first catalogue with a million products.
pub fn catalogue() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let (loaded_few, loaded) = first_catalogues(folder.path())?;
    let path = folder.path().join("1000000.db");
    let mut register = open_with(&path, Vec::new())?;
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
            what: "first catalogue into the file, 100,000 products".into(),
            measured: in_words(loaded_few),
            reference: "target 5 s".into(),
            ratio: ratio(loaded_few, Duration::from_secs(5)),
        },
        Figure {
            what: "first catalogue into the file, 1,000,000 products".into(),
            measured: in_words(loaded),
            reference: "target 45 s".into(),
            ratio: ratio(loaded, Duration::from_secs(45)),
        },
    ])
}

/// How long the first catalogue takes into a new file, of 100,000 and of 1,000,000 products.
fn first_catalogues(folder: &Path) -> anyhow::Result<(Duration, Duration)> {
    let taken = |products: u64| load(&folder.join(format!("{products}.db")), products, false);
    Ok((taken(100_000)?, taken(PRODUCTS)?))
}

/// A product far from the one before: no cache of neighbours helps.
pub fn number(round: usize) -> u64 {
    (round as u64).wrapping_mul(7_919) % PRODUCTS
}

/// The code of a product.
pub fn gtin(number: u64) -> String {
    let body = format!("0952{number:09}");
    let check = till::domain::barcode::gtin::check_digit(&body).unwrap_or_default();
    format!("{body}{check}")
}

/// The scan of a product.
pub fn scan(number: u64) -> Intent {
    Intent::Device(DeviceEvent::Scanned(Scan {
        device: DeviceId::from("scanner"),
        payload: gtin(number).as_bytes()[1..].to_vec(),
        symbology: None,
        quality: ScanQuality::Whole,
    }))
}

/// Signs in and opens a session where none is.
pub fn sign_in(register: &mut Register) {
    register.handle(Intent::Device(DeviceEvent::Scanned(Scan {
        device: DeviceId::from("scanner"),
        payload: format!("B:{BADGE}").into_bytes(),
        symbology: None,
        quality: ScanQuality::Whole,
    })));
    if register.snapshot().session.is_none() {
        register.handle(Intent::SessionOpened { float: Money::new(20_000, Currency::EUR) });
    }
}

/// The beginning of a run of the bench's till.
pub fn run_start(environment: &mut Environment) -> RunStart {
    let now = chrono::Utc::now();
    RunStart {
        till: TillId { store: "S001".into(), workstation: "T01".into() },
        run: RunId(environment.unique_id()),
        key: SigningKey::from_bytes(&[7; 32]),
        entry: EntryId(environment.unique_id()),
        at: now,
        business_day: now.date_naive(),
        version: "bench".into(),
    }
}

/// A till with these devices on the file at `path`.
pub fn open_with(path: &Path, devices: Vec<DeviceView>) -> anyhow::Result<Register> {
    let mut environment = Environment::machine();
    let mut database = Database::open(path, chrono::Utc::now())?;
    let start = run_start(&mut environment);
    let setup = RegisterSetup {
        till: start.till.clone(),
        settings: Some(settings()),
        devices,
        set_aside: None,
        figures_at_once: FIGURES_AT_ONCE,
    };
    database.start_run(start)?;
    Ok(Register::start(database, environment, setup)?)
}

/// The article number of a product.
pub fn id_of(number: u64) -> ProductId {
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
        withdrawn: false,
    }
}

/// The one who sells.
pub fn operator() -> Operator {
    Operator {
        id: OperatorId::from("1"),
        name: "Bench".into(),
        role: Role::Manager,
        pin_hash: String::new(),
        badge: Some(BADGE.into()),
        active: true,
    }
}

/// Puts a catalogue into a new file as sync hands it over, one snapshot with its checkpoint; with `stocked`, so many units of
/// each that no sale empties a shelf. Says how long the snapshot took, until it was on disk.
pub fn load(path: &Path, products: u64, stocked: bool) -> anyhow::Result<Duration> {
    let now = chrono::Utc::now();
    let mut database = Database::open(path, now)?;
    let mut changes = vec![Change::Settings(Box::new(settings())), Change::Operator(operator())];
    changes.extend((0..products).map(|number| Change::Product {
        product: product(number),
        barcodes: vec![Barcode { key: gtin(number), product: id_of(number), pack: 1 }],
    }));
    let batch = |scope, changes| FeedBatch {
        scope,
        cursor: 1,
        snapshot: true,
        changes,
        contains: Vec::new(),
        as_of: now,
        left_out: 0,
    };
    let company = batch(Scope::Company, changes);
    let begun = Instant::now();
    database.transaction(|tx| tx.apply_feed(&company))?;
    let taken = begun.elapsed();
    if stocked {
        let figure = |number| {
            let on_hand = Quantity::from_thousandths(1_000_000_000);
            let (story, elsewhere) = (Vec::new(), Vec::new());
            Change::Stock(StockFigure {
                product: id_of(number),
                on_hand,
                safety: Quantity::ZERO,
                story,
                elsewhere,
                counted_at: None,
            })
        };
        let figures = batch(Scope::Store, (0..products).map(figure).collect());
        database.transaction(|tx| tx.apply_feed(&figures))?;
    }
    Ok(taken)
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
        time_zone: till::domain::zone::StoreZone::universal(),
        currency: Currency::EUR,
        tax_mode: TaxMode::Included,
        tax_rates: vec![TaxRate { code: TaxCode('A'), name: "VAT 21 %".into(), percent: 21.into() }],
        cash_rounding: CashRounding::NONE,
        receipt_duty: ReceiptDuty::default(),
        price_changes: PriceChangeRules::default(),
        promised_alert: PromisedAlert::Card,
        promised_sale: PromisedSale::default(),
        difference_limits: DifferenceLimits::default(),
        bays: Vec::new(),
        lock_after_minutes: None,
    }
}
