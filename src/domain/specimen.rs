//! Small records the domain's tests are made of: a product, an order, a basket, an entry.

use chrono::{DateTime, NaiveDate, TimeDelta};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::Timestamp;
use super::basket::Basket;
use super::event::{Entry, Event};
use super::ids::{BasketId, CaseId, EntryId, JournalMark, ProductId, RunId, SessionId, StoreId, TillId};
use super::money::{Currency, Money, Tie};
use super::product::{PriceKind, Product, Unit};
use super::quantity::Quantity;
use super::sale::SaleContext;
use super::settings::{DifferenceLimits, PriceChangeRules, PromisedAlert, PromisedSale, ReceiptDuty, StoreSettings};
use super::tax::{TaxCode, TaxMode, TaxRate};
use super::tender::CashRounding;
use super::web_order::{Fulfilment, OrderLine, OrderState, UnmatchedLine, WantedLine, WebOrder};

/// Cents of a euro.
pub const fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// An hour of a day in spring.
pub fn at_hour(hour: i64) -> Timestamp {
    DateTime::from_timestamp(1_772_409_600, 0).unwrap() + TimeDelta::hours(hour)
}

/// The identity whose last byte is `n`.
pub fn uuid(n: u8) -> Uuid {
    Uuid::from_bytes([0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, n])
}

/// A product at a list price, taxed at `A`.
pub fn product(id: &str, price_minor: i64) -> Product {
    Product {
        id: ProductId::new(id),
        name: id.to_owned(),
        price: euros(price_minor),
        price_kind: PriceKind::Fixed,
        tax: TaxCode('A'),
        department: "Clothing".to_owned(),
        unit: Unit::Each,
        age_limit: None,
        variant_of: None,
        bin: None,
        stocked: true,
        quick_key: None,
        withdrawn: false,
    }
}

/// An empty basket in euros.
pub fn basket() -> Basket {
    Basket::new(BasketId(uuid(1)), Currency::EUR)
}

/// One line of an order: `ordered` pieces at 10.00.
pub fn order_line(line: u32, product: &str, ordered: i64) -> OrderLine {
    OrderLine::new(line, &wanted_line(product, ordered))
}

/// What such a line wants.
pub fn wanted_line(product: &str, units: i64) -> WantedLine {
    let (quantity, unit_price) = (Quantity::units(units), euros(1000));
    WantedLine {
        product: ProductId::new(product),
        name: product.to_owned(),
        quantity,
        unit_price,
        amount: euros(1000 * units),
        share: euros(0),
        taxed: Vec::new(),
        tax: TaxCode('A'),
        stocked: true,
    }
}

/// A line of an order that is no product of ours yet, under the buyer's own number.
pub fn unmatched_line(line: u32, name: &str, units: i64) -> UnmatchedLine {
    UnmatchedLine {
        line,
        name: name.to_owned(),
        gtin: None,
        sellers_number: None,
        buyers_number: Some(format!("their-{line}")),
        quantity: Quantity::units(units),
        unit: Some("C62".to_owned()),
        unit_price: euros(1000),
    }
}

/// A paid pick-up order, just received.
pub fn order(number: &str, lines: Vec<OrderLine>) -> WebOrder {
    WebOrder {
        number: number.into(),
        channel: "website".into(),
        reference: format!("ref-{number}"),
        store: "S001".into(),
        fulfilment: Fulfilment::PickUp,
        customer_name: "Anna K.".to_owned(),
        customer_phone: None,
        paid: true,
        prepaid: None,
        ordered_at: at_hour(0),
        collect_by: Some(at_hour(17)),
        collection_code: "7KQ2MX".to_owned(),
        state: OrderState::Received,
        bay: None,
        picker: None,
        at_risk: false,
        dispatch: None,
        owed_back: None,
        history: Vec::new(),
        unmatched: Vec::new(),
        notes: String::new(),
        lines,
    }
}

/// A journal entry of a till in `S001`.
pub fn entry(event: Event) -> Entry {
    Entry {
        id: EntryId(uuid(9)),
        mark: JournalMark { run: RunId(uuid(8)), sequence: 1 },
        recorded_at: at_hour(1),
        operator: None,
        business_day: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        event,
    }
}

/// Two rates, 21 % and 6 %.
pub fn rates() -> Vec<TaxRate> {
    let rate = |code, percent: i64| TaxRate {
        code: TaxCode(code),
        name: format!("VAT {percent} %"),
        percent: Decimal::from(percent),
    };
    vec![rate('A', 21), rate('B', 6)]
}

/// A store that prices with tax and rounds cash to five cents.
pub fn settings() -> StoreSettings {
    StoreSettings {
        id: StoreId::new("S001"),
        name: "High Street".to_owned(),
        address: Vec::new(),
        tax_number: String::new(),
        receipt_footer: Vec::new(),
        country: "EE".to_owned(),
        time_zone: super::zone::StoreZone::of("Europe/Helsinki"),
        currency: Currency::EUR,
        tax_mode: TaxMode::Included,
        tax_rates: rates(),
        cash_rounding: CashRounding { step_minor: 5, tie: Tie::Up },
        receipt_duty: ReceiptDuty::default(),
        price_changes: PriceChangeRules::default(),
        promised_alert: PromisedAlert::Card,
        promised_sale: PromisedSale::default(),
        difference_limits: DifferenceLimits::default(),
        bays: Vec::new(),
        lock_after_minutes: None,
    }
}

/// Receipt 1 of Ana at `S001/T01`.
pub fn sale_context() -> SaleContext {
    SaleContext {
        till: TillId { store: "S001".into(), workstation: "T01".into() },
        receipt_number: 1,
        session: SessionId(uuid(2)),
        operator: "ana".into(),
        operator_name: "Ana".to_owned(),
        begun_at: at_hour(1),
        completed_at: at_hour(1),
    }
}

/// A conflict case's identity.
pub fn case(n: u8) -> CaseId {
    CaseId(uuid(n))
}
