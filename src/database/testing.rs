//! A file in a folder of its own, and things to put into it: for this room's tests.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use ed25519_dalek::SigningKey;
use tempfile::TempDir;
use uuid::Uuid;

use super::{Database, DatabaseError, NewEntry, RunStart, Tx};
use crate::domain::Timestamp;
use crate::domain::basket::{Basket, Draft, LineRequest};
use crate::domain::event::{Entry, Event};
use crate::domain::feed::{Change, FeedBatch, Scope, StockFigure, StoryLine};
use crate::domain::ids::{BasketId, EntryId, ProductId, RunId, SessionId, TillId};
use crate::domain::money::{Currency, Money};
use crate::domain::product::{PriceKind, Product, Unit};
use crate::domain::quantity::Quantity;
use crate::domain::sale::{Sale, SaleContext, complete};
use crate::domain::settings::{
    DifferenceLimits, PriceChangeRules, PromisedAlert, PromisedSale, ReceiptDuty, StoreSettings,
};
use crate::domain::stock::MovementReason;
use crate::domain::tax::{TaxCode, TaxMode, TaxRate};
use crate::domain::tender::{CashRounding, Tender, TenderKind};
use crate::domain::web_order::{Fulfilment, OrderLine, OrderState, WebOrder};

/// Half past two on a Monday, and so many seconds.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(1_795_000_000 + seconds, 0).unwrap()
}

pub(super) fn day() -> NaiveDate {
    at(0).date_naive()
}

pub(super) fn till() -> TillId {
    TillId { store: "S001".into(), workstation: "T02".into() }
}

pub(super) fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub(super) fn euro(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub(super) fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(super) const SESSION: SessionId = SessionId(Uuid::from_u128(0x5E55));

/// A folder with a file in it; gone when dropped.
pub(super) struct Shop {
    pub(super) _folder: TempDir,
    pub(super) database: Database,
    next_id: u128,
}

impl Shop {
    /// A fresh file, not started.
    pub(super) fn closed() -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("till.sqlite");
        (folder, path)
    }

    /// A fresh file with its first run begun.
    pub(super) fn new() -> Self {
        let (folder, path) = Self::closed();
        let database = Database::open(&path, at(0)).unwrap();
        let mut shop = Self { _folder: folder, database, next_id: 1_000 };
        shop.start_run(1);
        shop
    }

    /// A file that lies there already, not started.
    pub(super) fn opened(folder: TempDir, path: &Path) -> Self {
        Self { _folder: folder, database: Database::open(path, at(0)).unwrap(), next_id: 5_000 }
    }

    /// Central sends the store's settings.
    pub(super) fn apply_settings(&mut self) {
        let batch = FeedBatch {
            scope: Scope::Company,
            cursor: 7,
            snapshot: false,
            changes: vec![Change::Settings(Box::new(settings()))],
            contains: Vec::new(),
            as_of: at(0),
            left_out: 0,
        };
        self.act(|tx| tx.apply_feed(&batch));
    }

    pub(super) fn path(&self) -> &Path {
        self.database.path()
    }

    pub(super) fn start_run(&mut self, run: u128) -> Entry {
        let entry = EntryId(uuid(run << 64));
        self.database.start_run(run_start(RunId(uuid(run)), entry)).unwrap()
    }

    /// Closes the file as a crash would not, and opens it again.
    pub(super) fn reopen(mut self) -> Self {
        let path = self.path().to_owned();
        drop(self.database);
        self.database = Database::open(&path, at(0)).unwrap();
        self
    }

    pub(super) fn new_entry(&mut self, event: Event) -> NewEntry {
        self.next_id += 1;
        let recorded_at = at(self.next_id as i64 - 1_000);
        let id = EntryId(uuid(self.next_id));
        NewEntry { id, recorded_at, operator: Some("anna".into()), business_day: day(), event }
    }

    pub(super) fn append(&mut self, event: Event) -> Entry {
        let new = self.new_entry(event);
        self.act(|tx| tx.append(new))
    }

    pub(super) fn act<T>(&mut self, act: impl FnOnce(&mut Tx<'_>) -> Result<T, DatabaseError>) -> T {
        self.database.transaction(act).unwrap()
    }

    pub(super) fn open_session(&mut self) {
        self.append(Event::SessionOpened { session: SESSION, float: euro(20_000) });
    }

    /// Sells and gives the entry back.
    pub(super) fn sell(&mut self, lines: &[(&str, i64, i64)]) -> Entry {
        let number = self.act(|tx| Ok(tx.next_receipt_number()));
        self.next_id += 1;
        let sale = sale(BasketId(uuid(self.next_id)), number, lines);
        self.append(Event::SaleCompleted(Box::new(sale)))
    }
}

pub(super) fn run_start(run: RunId, entry: EntryId) -> RunStart {
    RunStart { till: till(), run, key: key(), entry, at: at(0), business_day: day(), version: "test".to_owned() }
}

pub(super) fn product(id: &str, name: &str, price_minor: i64) -> Product {
    Product {
        id: ProductId::new(id),
        name: name.to_owned(),
        price: euro(price_minor),
        price_kind: PriceKind::Fixed,
        tax: TaxCode('A'),
        department: "Knitwear".to_owned(),
        unit: Unit::Each,
        age_limit: None,
        variant_of: None,
        bin: None,
        stocked: true,
        quick_key: None,
        withdrawn: false,
    }
}

pub(super) fn settings() -> StoreSettings {
    StoreSettings {
        id: "S001".into(),
        name: "High Street".to_owned(),
        address: vec!["1 High Street".to_owned()],
        tax_number: "NL001".to_owned(),
        receipt_footer: Vec::new(),
        country: "NL".to_owned(),
        time_zone: crate::domain::zone::StoreZone::of("Europe/Amsterdam"),
        currency: Currency::EUR,
        tax_mode: TaxMode::Included,
        tax_rates: vec![TaxRate { code: TaxCode('A'), name: "VAT 21 %".to_owned(), percent: 21.into() }],
        cash_rounding: CashRounding::NONE,
        receipt_duty: ReceiptDuty::default(),
        price_changes: PriceChangeRules::default(),
        promised_alert: PromisedAlert::Card,
        promised_sale: PromisedSale::default(),
        difference_limits: DifferenceLimits::default(),
        bays: vec!["A1".to_owned(), "A2".to_owned()],
        lock_after_minutes: Some(10),
    }
}

/// A basket of `(product, units, unit price)`.
pub(super) fn basket(id: BasketId, lines: &[(&str, i64, i64)]) -> Basket {
    let mut basket = Basket::new(id, Currency::EUR);
    for (article, units, price_minor) in lines {
        let request = LineRequest::listed(Quantity::units(*units), Some(format!("code-{article}")));
        basket.add(&product(article, article, *price_minor), request).unwrap();
    }
    basket
}

/// An open basket of so many jackets.
pub(super) fn draft(units: i64) -> Draft {
    Draft::new(basket(BasketId(uuid(5)), &[("jacket", units, 100)]), at(1))
}

/// The same, paid in cash with a euro too much.
pub(super) fn sale(id: BasketId, receipt_number: u64, lines: &[(&str, i64, i64)]) -> Sale {
    let mut basket = basket(id, lines);
    let settings = settings();
    let total = basket.total(&settings.tax_rates, settings.tax_mode);
    basket.tenders.push(Tender { kind: TenderKind::Cash, amount: total + euro(100), reference: None });
    let context = SaleContext {
        till: till(),
        receipt_number,
        session: SESSION,
        operator: "anna".into(),
        operator_name: "Anna".to_owned(),
        begun_at: at(1),
        completed_at: at(2),
    };
    complete(&basket, &settings, context).unwrap()
}

/// Central's figure: `units` on hand.
pub(super) fn stock_figure(article: &str, units: i64) -> StockFigure {
    StockFigure {
        product: article.into(),
        on_hand: Quantity::units(units),
        safety: Quantity::ZERO,
        story: vec![StoryLine {
            quantity: Quantity::units(units),
            reason: MovementReason::Opening,
            workstation: None,
            at: at(-100),
        }],
        elsewhere: Vec::new(),
        counted_at: None,
    }
}

/// A paid pick-up order of one line.
pub(super) fn order(number: &str, article: &str, units: i64) -> WebOrder {
    WebOrder {
        number: number.into(),
        channel: "website".into(),
        reference: format!("web-{number}"),
        store: "S001".into(),
        fulfilment: Fulfilment::PickUp,
        customer_name: "Anna K.".to_owned(),
        customer_phone: None,
        paid: true,
        prepaid: None,
        ordered_at: at(-3_600),
        collect_by: Some(at(86_400)),
        collection_code: format!("C{:0>5}", number.trim_start_matches("W-")),
        state: OrderState::Received,
        bay: None,
        picker: None,
        at_risk: false,
        dispatch: None,
        owed_back: None,
        history: Vec::new(),
        unmatched: Vec::new(),
        notes: String::new(),
        lines: vec![OrderLine {
            line: 1,
            product: article.into(),
            name: article.to_owned(),
            ordered: Quantity::units(units),
            picked: Quantity::ZERO,
            handed_over: Quantity::ZERO,
            cancelled: Quantity::ZERO,
            short: Quantity::ZERO,
            unit_price: euro(8_990),
            amount: euro(8_990 * units),
            share: euro(0),
            taxed: Vec::new(),
            tax: TaxCode('A'),
            stocked: true,
        }],
    }
}
