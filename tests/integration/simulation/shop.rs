//! What the simulated company sells, and where: the same in every world.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use ed25519_dalek::SigningKey;
use till::central::store::sqlite::{OpenAs, SqliteStore};
use till::central::store::{Enrolment, ProductRecord, StockImport, Store, StoreKind, StoreRecord};
use till::central::surroundings::hash_secret;
use till::domain::Timestamp;
use till::domain::ids::{EntryId, ProductId, StoreId, TillId};
use till::domain::money::{Currency, Money};
use till::domain::operator::{Operator, Role};
use till::domain::product::{PriceKind, Product, Unit};
use till::domain::quantity::Quantity;
use till::domain::settings::{
    DifferenceLimits, PriceChangeRules, PromisedAlert, PromisedSale, ReceiptDuty, StoreSettings,
};
use till::domain::tax::{TaxCode, TaxMode, TaxRate};
use till::domain::tender::CashRounding;
use uuid::Uuid;

/// Where the world's clocks begin, in microseconds since 1970.
pub const BEGINNING_US: i64 = 1_790_000_000_000_000;

/// The tills, each with its store.
pub const TILLS: [(&str, &str); 3] = [("S001", "T01"), ("S001", "T02"), ("S002", "T01")];

pub const STORES: [&str; 2] = ["S001", "S002"];

pub const PRODUCTS: [&str; 4] = ["jacket", "scarf", "socks", "hat"];

/// Who works in every shop, and signs in with what.
pub const OPERATOR: &str = "1001";
pub const PIN: &str = "2468";

/// Units every store begins with of every product: few, so that orders and customers meet.
pub const OPENING: i64 = 8;

pub fn instant(us: i64) -> Timestamp {
    Timestamp::from_timestamp_micros(us).unwrap()
}

pub fn till_id(number: usize) -> TillId {
    let (store, workstation) = TILLS[number];
    TillId { store: store.into(), workstation: workstation.into() }
}

pub fn key(till: &TillId) -> SigningKey {
    let mut seed = [7; 32];
    for (place, byte) in seed.iter_mut().zip(till.to_string().bytes()) {
        *place = byte;
    }
    SigningKey::from_bytes(&seed)
}

pub fn token(till: &TillId) -> String {
    format!("token of {till}")
}

pub fn product(id: &str, price_minor: i64) -> Product {
    Product {
        id: ProductId::new(id),
        name: id.to_owned(),
        price: Money::new(price_minor, Currency::EUR),
        price_kind: PriceKind::Fixed,
        tax: TaxCode('A'),
        department: "Clothes".to_owned(),
        unit: Unit::Each,
        age_limit: None,
        variant_of: None,
        bin: None,
        stocked: true,
        quick_key: None,
        withdrawn: false,
    }
}

pub fn settings(store: &str) -> StoreSettings {
    StoreSettings {
        id: store.into(),
        name: format!("Store {store}"),
        address: vec!["1 High Street".to_owned()],
        tax_number: "NL001".to_owned(),
        receipt_footer: Vec::new(),
        country: "NL".to_owned(),
        time_zone: till::domain::zone::StoreZone::of("Europe/Amsterdam"),
        currency: Currency::EUR,
        tax_mode: TaxMode::Included,
        tax_rates: vec![TaxRate { code: TaxCode('A'), name: "VAT 21 %".to_owned(), percent: 21.into() }],
        cash_rounding: CashRounding::NONE,
        receipt_duty: ReceiptDuty::default(),
        price_changes: PriceChangeRules::default(),
        promised_alert: PromisedAlert::Card,
        promised_sale: PromisedSale::default(),
        difference_limits: DifferenceLimits::default(),
        bays: vec!["A1".to_owned()],
        lock_after_minutes: None,
    }
}

fn operator() -> Operator {
    // As weak as argon2id may be: what is tested here is not the strength of the hash.
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
    let pin_hash = hasher.hash_password_with_salt(PIN.as_bytes(), b"salt of a test").unwrap().to_string();
    let (id, name) = (OPERATOR.into(), "Anna K.".to_owned());
    Operator { id, name, role: Role::Supervisor, pin_hash, badge: None, active: true }
}

/// A folder that every world copies its files from: central with stores, products, stock and tills.
pub fn template() -> &'static Path {
    static TEMPLATE: OnceLock<tempfile::TempDir> = OnceLock::new();
    TEMPLATE
        .get_or_init(|| {
            let folder = folder();
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(fill(folder.path()));
            folder
        })
        .path()
}

/// A folder in memory where the machine has one: the simulation is about order, not about disks.
pub fn folder() -> tempfile::TempDir {
    let memory = PathBuf::from("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.unwrap()
}

async fn fill(folder: &Path) {
    let now = instant(BEGINNING_US);
    let store = SqliteStore::open(&folder.join("central.db"), OpenAs::Tool, now).unwrap();
    let shop = |id: &&str| StoreRecord { settings: settings(id), kind: StoreKind::Shop, gln: None, location: None };
    store.save_stores(STORES.iter().map(shop).collect()).await.unwrap();
    let record = |id: &&str| ProductRecord { product: product(id, 1_000), barcodes: Vec::new() };
    store.save_products(PRODUCTS.iter().map(record).collect()).await.unwrap();
    store.save_operators(vec![operator()]).await.unwrap();
    let mut figures = Vec::new();
    for (number, (at, what)) in STORES.iter().flat_map(|s| PRODUCTS.iter().map(move |p| (s, p))).enumerate() {
        figures.push(StockImport {
            entry: EntryId(Uuid::from_u128(number as u128 + 1)),
            store: StoreId::new(at),
            product: ProductId::new(what),
            on_hand: Some(Quantity::units(OPENING)),
            safety: None,
            counted_at: None,
        });
    }
    store.import_stock(figures, now).await.unwrap();
    for number in 0..TILLS.len() {
        let till = till_id(number);
        let code_hash = hash_secret(&format!("code {till}"));
        store.add_enrol_code(code_hash, till.clone(), now + chrono::TimeDelta::days(1)).await.unwrap();
        let enrolment = Enrolment {
            code_hash,
            journal_key: key(&till).verifying_key().to_bytes(),
            certificate: [number as u8 + 1; 16],
            token_hash: hash_secret(&token(&till)),
        };
        assert_eq!(store.enrol_till(enrolment, now).await.unwrap().unwrap(), till);
    }
    assert!(store.close(), "the template is still open");
    till::central::authority::Authority::open(folder, now).unwrap();
}
