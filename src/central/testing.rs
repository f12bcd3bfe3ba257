//! What the tests of this room share: a till that writes true journals, a small shop, a clock that stands still.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::NaiveDate;
use ed25519_dalek::SigningKey;
use rust_decimal::Decimal;

use super::store::sqlite::{OpenAs, SqliteStore};
use super::store::{
    Enrolment, OrderSubmission, ProblemFilter, ProblemOrder, ProblemState, ProductRecord, ProvenEntry, ReceivedEntry,
    StockImport, Store, StoreKind, StoreRecord, SubmitOutcome, SubmittedLine,
};
use super::surroundings::{Surroundings, hash_secret};
use crate::domain::Timestamp;
use crate::domain::basket::{BasketLine, HandOverLine, PriceSource};
use crate::domain::conflict::{ConflictFacts, ConflictKind};
use crate::domain::event::{Entry, Event, RunTail};
use crate::domain::ids::{
    BasketId, CaseId, EntryId, JournalMark, OrderNumber, ProductId, RunId, SessionId, StoreId, TillId,
};
use crate::domain::money::{Currency, Money};
use crate::domain::product::{Barcode, PriceKind, Product, Unit};
use crate::domain::quantity::Quantity;
use crate::domain::sale::{ReceiptChoice, Sale, SoldAnyway};
use crate::domain::settings::{
    DifferenceLimits, PriceChangeRules, PromisedAlert, PromisedSale, ReceiptDuty, StoreSettings,
};
use crate::domain::stock::StockLevel;
use crate::domain::tax::{TaxCode, TaxMode, TaxRate};
use crate::domain::tender::{CashRounding, Tender, TenderKind};
use crate::domain::web_order::{Collection, CollectionProof, Fulfilment, Payment, WebOrder};
use crate::wire::entry::{EntryHeader, NO_PREVIOUS_HASH, SealedEntry};
use crate::wire::{encode_entry, encode_event};

/// A moment: 23 November 2026, 10:00 UTC, and so many seconds.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp_micros((1_795_428_000 + seconds) * 1_000_000).unwrap()
}

/// A clock that a test turns, and dice that count.
#[derive(Clone, Default)]
pub struct TestWorld {
    seconds: Arc<AtomicI64>,
    dice: Arc<AtomicU64>,
}

impl TestWorld {
    pub fn turn_to(&self, seconds: i64) {
        self.seconds.store(seconds, Ordering::SeqCst);
    }

    pub fn surroundings(&self) -> Surroundings {
        let (clock, dice) = (self.clone(), self.clone());
        Surroundings::new(
            move || at(clock.seconds.load(Ordering::SeqCst)),
            move |bytes| {
                for chunk in bytes.chunks_mut(8) {
                    let count = dice.dice.fetch_add(1, Ordering::SeqCst) + 1;
                    // Spread, so that the first bytes differ too.
                    let mixed = count.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
                    chunk.copy_from_slice(&mixed[..chunk.len()]);
                }
            },
        )
    }
}

/// A store with a file of its own.
pub struct TestStore {
    pub store: SqliteStore,
    pub folder: tempfile::TempDir,
}

pub fn open_store() -> TestStore {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("central.db"), OpenAs::Server([1; 16]), at(0)).unwrap();
    TestStore { store, folder }
}

pub fn store_record(id: &str, kind: StoreKind) -> StoreRecord {
    StoreRecord {
        settings: StoreSettings {
            id: StoreId::new(id),
            name: format!("Store {id}"),
            address: vec!["1 High Street".into()],
            tax_number: "NL001".into(),
            receipt_footer: vec!["Thank you".into()],
            country: "NL".into(),
            time_zone: crate::domain::zone::StoreZone::of("Europe/Amsterdam"),
            currency: Currency::EUR,
            tax_mode: TaxMode::Included,
            tax_rates: vec![TaxRate { code: TaxCode('A'), name: "VAT 21 %".into(), percent: Decimal::from(21) }],
            cash_rounding: CashRounding::NONE,
            receipt_duty: ReceiptDuty::default(),
            price_changes: PriceChangeRules::default(),
            promised_alert: PromisedAlert::Card,
            promised_sale: PromisedSale::default(),
            difference_limits: DifferenceLimits::default(),
            bays: vec!["B1".into()],
            lock_after_minutes: Some(5),
        },
        kind,
        gln: None,
        location: None,
    }
}

pub fn product_record(id: &str, barcode: Option<&str>) -> ProductRecord {
    let product = ProductId::new(id);
    ProductRecord {
        barcodes: barcode
            .map(|key| Barcode { key: key.into(), product: product.clone(), pack: 1 })
            .into_iter()
            .collect(),
        product: Product {
            id: product,
            name: format!("Product {id}"),
            price: Money::new(8990, Currency::EUR),
            price_kind: PriceKind::Fixed,
            tax: TaxCode('A'),
            department: "Clothes".into(),
            unit: Unit::Each,
            age_limit: None,
            variant_of: None,
            bin: None,
            stocked: true,
            quick_key: None,
            withdrawn: false,
        },
    }
}

/// Two shops and a warehouse, three products, and so many jackets in S001.
pub async fn fill_shop(store: &SqliteStore, jackets: i64) {
    let stores = vec![
        store_record("S001", StoreKind::Shop),
        store_record("S002", StoreKind::Shop),
        store_record("W001", StoreKind::Warehouse),
    ];
    store.save_stores(stores).await.unwrap();
    let products = vec![
        product_record("jacket", Some("05901234123457")),
        product_record("scarf", None),
        product_record("boots", None),
    ];
    store.save_products(products).await.unwrap();
    set_stock(store, "S001", "jacket", jackets).await;
}

pub async fn set_stock(store: &SqliteStore, at_store: &str, product: &str, units: i64) {
    let figure = StockImport {
        entry: EntryId(uuid::Uuid::new_v4()),
        store: StoreId::new(at_store),
        product: ProductId::new(product),
        on_hand: Some(Quantity::units(units)),
        safety: None,
        counted_at: None,
    };
    store.import_stock(vec![figure], at(0)).await.unwrap();
}

pub async fn level(store: &SqliteStore, at_store: &str, product: &str) -> StockLevel {
    let rows = store.list_stock(Some(StoreId::new(at_store))).await.unwrap();
    rows.into_iter().find(|row| row.product.as_str() == product).map(|row| row.level).unwrap_or_default()
}

/// `on_hand held promised free`, in units.
pub async fn figures(store: &SqliteStore, at_store: &str, product: &str) -> String {
    let level = level(store, at_store, product).await;
    format!("{} {} {} {}", level.on_hand, level.held, level.promised, level.free())
}

pub fn submission(reference: &str, product: &str, units: i64) -> OrderSubmission {
    OrderSubmission {
        channel: "website".into(),
        sender: "shop".into(),
        buyer: "anna".into(),
        customer: None,
        is_buyer_held: false,
        reference: reference.into(),
        content: [units as u8; 32],
        document: format!("<Order>{reference} {product} {units}</Order>").into_bytes(),
        notes: String::new(),
        warnings: "[]".into(),
        fulfilment: Fulfilment::PickUp,
        stores: vec![StoreId::new("S001")],
        customer_name: "Anna K.".into(),
        customer_phone: None,
        delivery_address: None,
        payment: Payment { paid: true, prepaid: None },
        ordered_at: at(0),
        collect_by: Some(at(7200)),
        lines: vec![SubmittedLine {
            product: ProductId::new(product),
            name: product.into(),
            quantity: Quantity::units(units),
            unit_price: Money::new(8990, Currency::EUR),
            amount: Money::new(8990 * units, Currency::EUR),
            share: Money::zero(Currency::EUR),
            taxed: Vec::new(),
        }],
        unmatched: Vec::new(),
    }
}

pub async fn submit(store: &SqliteStore, reference: &str, product: &str, units: i64) -> WebOrder {
    match store.submit_order(submission(reference, product, units), 7, at(10)).await.unwrap() {
        SubmitOutcome::Imported(order) => *order,
        other => panic!("{other:?}"),
    }
}

/// A till with its key and its journal.
#[derive(Clone)]
pub struct TestTill {
    pub till: TillId,
    pub key: SigningKey,
    pub run: RunId,
    pub sequence: u64,
    pub previous_hash: [u8; 32],
    pub receipt_number: u64,
}

impl TestTill {
    /// Joined to the store, with the first entry of its first run still to be written.
    pub async fn enrol(store: &SqliteStore, at_store: &str, workstation: &str) -> Self {
        let till = TillId { store: StoreId::new(at_store), workstation: workstation.into() };
        let mut seed = [0; 32];
        seed[..4].copy_from_slice(&at_store.as_bytes()[..4]);
        seed[4..7].copy_from_slice(&workstation.as_bytes()[..3]);
        let key = SigningKey::from_bytes(&seed);
        let code = hash_secret(&format!("{at_store}{workstation}{}", uuid::Uuid::new_v4()));
        store.add_enrol_code(code, till.clone(), at(3600)).await.unwrap();
        let enrolment = Enrolment {
            code_hash: code,
            journal_key: key.verifying_key().to_bytes(),
            certificate: [1; 16],
            token_hash: hash_secret(&format!("token-{at_store}-{workstation}")),
        };
        assert_eq!(store.enrol_till(enrolment, at(0)).await.unwrap(), Ok(till.clone()));
        Self {
            till,
            key,
            run: RunId(uuid::Uuid::new_v4()),
            sequence: 0,
            previous_hash: NO_PREVIOUS_HASH,
            receipt_number: 0,
        }
    }

    /// The first entry of this run.
    pub fn start(&mut self) -> SealedEntry {
        self.write(Event::RunStarted { predecessor: None, version: "test".into(), next_receipt_number: None })
    }

    /// Started again: a new run that names where the last one ended.
    pub fn restart(&mut self) -> SealedEntry {
        let tail = RunTail { mark: JournalMark { run: self.run, sequence: self.sequence }, hash: self.previous_hash };
        self.run = RunId(uuid::Uuid::new_v4());
        self.sequence = 0;
        self.write(Event::RunStarted { predecessor: Some(tail), version: "test".into(), next_receipt_number: None })
    }

    pub fn write(&mut self, event: Event) -> SealedEntry {
        self.write_at(at(self.sequence as i64 + 1), event)
    }

    /// By the till's clock.
    pub fn write_at(&mut self, recorded_at: Timestamp, event: Event) -> SealedEntry {
        self.sequence += 1;
        let header = EntryHeader {
            entry: EntryId(uuid::Uuid::now_v7()),
            till: self.till.clone(),
            mark: JournalMark { run: self.run, sequence: self.sequence },
            recorded_at,
            operator: Some("anna".into()),
            business_day: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
            kind: event.kind().to_owned(),
        };
        let sealed = SealedEntry::seal(header, encode_event(&event), self.previous_hash, &self.key);
        self.previous_hash = sealed.hash;
        sealed
    }

    /// One sale of so many units over the counter.
    pub fn sell(&mut self, product: &str, units: i64) -> SealedEntry {
        let sale = self.sale(product, units);
        self.write(Event::SaleCompleted(Box::new(sale)))
    }

    /// A sale that went through although the unit was promised.
    pub fn sell_anyway(
        &mut self,
        product: &str,
        units: i64,
        order: &OrderNumber,
        level: StockLevel,
    ) -> (SealedEntry, CaseId) {
        let case = CaseId(uuid::Uuid::now_v7());
        let mut sale = self.sale(product, units);
        sale.sold_anyway.push(SoldAnyway {
            case,
            product: ProductId::new(product),
            order: order.clone(),
            facts: ConflictFacts { kind: ConflictKind::Promised, level, basket: Quantity::units(units) },
            approved_by: None,
        });
        (self.write(Event::SaleCompleted(Box::new(sale))), case)
    }

    /// A sale whose line hands over an order.
    pub fn hand_over_in_sale(&mut self, product: &str, units: i64, order: &OrderNumber) -> SealedEntry {
        let mut sale = self.sale(product, units);
        sale.lines[0].hand_over = Some(HandOverLine {
            order: order.clone(),
            line: 1,
            share: None,
            taxed: Vec::new(),
            prepaid: None,
            received: None,
        });
        sale.lines[0].price_source = PriceSource::Order;
        sale.collections.push(Collection {
            order: order.clone(),
            collector: "Anna".into(),
            proof: CollectionProof::Code,
        });
        self.write(Event::SaleCompleted(Box::new(sale)))
    }

    pub fn sale(&mut self, product: &str, units: i64) -> Sale {
        self.receipt_number += 1;
        let price = Money::new(8990, Currency::EUR);
        let total = Quantity::units(units).at(price).unwrap();
        Sale {
            basket: BasketId(uuid::Uuid::now_v7()),
            till: self.till.clone(),
            receipt_number: self.receipt_number,
            session: SessionId::from_bytes([3; 16]),
            operator: "anna".into(),
            operator_name: "Anna".into(),
            begun_at: at(1),
            completed_at: at(2),
            lines: vec![BasketLine {
                line: 1,
                product: ProductId::new(product),
                name: product.into(),
                unit: Unit::Each,
                quantity: Quantity::units(units),
                unit_price: price,
                amount: total,
                price_source: PriceSource::List,
                tax: TaxCode('A'),
                discount: None,
                stocked: true,
                scanned: None,
                batch: None,
                age_limit: None,
                hand_over: None,
                changed_by: None,
                approved_by: None,
                price_reason: None,
            }],
            tax_mode: TaxMode::Included,
            taxes: Vec::new(),
            total,
            tenders: vec![Tender { kind: TenderKind::Cash, amount: total, reference: None }],
            cash_rounding: Money::zero(Currency::EUR),
            change: Money::zero(Currency::EUR),
            sold_anyway: Vec::new(),
            collections: Vec::new(),
            receipt: ReceiptChoice::default(),
        }
    }
}

/// An entry as the service hands it to the store, its proof judged good.
pub fn received(sealed: &SealedEntry) -> ReceivedEntry {
    use prost::Message;
    let entry: Entry = crate::wire::open_entry(sealed).unwrap();
    ReceivedEntry {
        id: sealed.header.entry,
        mark: sealed.header.mark,
        hash: sealed.hash,
        bytes: encode_entry(sealed).encode_to_vec(),
        content: Ok(Box::new(ProvenEntry { sealed: sealed.clone(), entry })),
    }
}

/// The problem orders that wait for head office, oldest first, with their documents.
pub async fn list_open_problems(store: &SqliteStore) -> Vec<ProblemOrder> {
    let open = ProblemFilter { state: Some(ProblemState::Open), problems_max: 10_000, ..ProblemFilter::default() };
    let mut problems = Vec::new();
    for summary in store.list_problems(open).await.unwrap() {
        problems.push(store.find_problem(summary.problem).await.unwrap().unwrap().kept);
    }
    problems
}
