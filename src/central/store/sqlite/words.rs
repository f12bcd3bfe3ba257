//! How the words of `domain` stand in columns: text a person can read with any database tool, and microseconds for times.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::super::{
    CallKind, ChannelKind, DocumentKind, FindingKind, OfficeScope, ProblemState, StoreError, StoreKind, UnknownPolicy,
};
use crate::domain::Timestamp;
use crate::domain::conflict::CaseState;
use crate::domain::ids::{StoreId, TillId, WorkstationId};
use crate::domain::money::{Currency, Money, Tie};
use crate::domain::operator::Role;
use crate::domain::price::PriceBasis;
use crate::domain::product::{PriceKind, Unit};
use crate::domain::settings::{PromisedAlert, PromisedSale, ReceiptDuty};
use crate::domain::stock::MovementReason;
use crate::domain::tax::{TaxCode, TaxMode, Taxed};
use crate::domain::transfer::TransferState;
use crate::domain::web_order::{Fulfilment, OrderState};

/// A value that stands in a column as a word.
pub trait Word: Sized + Copy + 'static {
    /// Every value there is.
    const ALL: &'static [Self];

    /// The word.
    fn word(self) -> &'static str;
    /// The value of a word.
    fn from_word(word: &str) -> Option<Self>;

    /// The value of a word that this program wrote.
    fn read(word: &str) -> Result<Self, StoreError> {
        Self::from_word(word)
            .ok_or_else(|| StoreError::Damaged(format!("{word:?} is no {}", std::any::type_name::<Self>())))
    }
}

macro_rules! words {
    ($type:ty { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl Word for $type {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words!(OrderState {
    Received = "received",
    Picking = "picking",
    Short = "short",
    Ready = "ready",
    PartHandedOver = "part_handed_over",
    HandedOver = "handed_over",
    Lapsed = "lapsed",
    PutBack = "put_back",
    Cancelled = "cancelled",
    Packed = "packed",
    Dispatched = "dispatched",
});
words!(Fulfilment { PickUp = "pick_up", Delivery = "delivery", Transfer = "transfer" });
words!(TransferState {
    Requested = "requested",
    NoneFree = "none_free",
    SetAside = "set_aside",
    Sent = "sent",
    Refused = "refused",
    Closed = "closed",
    Withdrawn = "withdrawn",
    NotNeeded = "not_needed",
});
words!(DocumentKind { Order = "order", Change = "change", Cancellation = "cancellation" });
words!(CaseState {
    Open = "open",
    ReSourced = "re_sourced",
    AwaitingDecision = "awaiting_decision",
    BackOrdered = "back_ordered",
    Substituted = "substituted",
    CancelledAndRefunded = "cancelled_and_refunded",
    FalseAlarm = "false_alarm",
});
words!(MovementReason {
    Sale = "sale",
    Return = "return",
    HandOver = "hand_over",
    Receipt = "receipt",
    Transfer = "transfer",
    Adjustment = "adjustment",
    Opening = "opening",
    Dispatch = "dispatch",
});
words!(Role { Cashier = "cashier", Stock = "stock", Supervisor = "supervisor", Manager = "manager" });
words!(Unit { Each = "each", Kilogram = "kilogram", Metre = "metre", Litre = "litre", Hour = "hour" });
words!(PriceKind { Fixed = "fixed", Open = "open" });
words!(TaxMode { Included = "included", Excluded = "excluded" });
words!(Tie { Up = "up", Down = "down", AlwaysDown = "always_down" });
words!(ReceiptDuty { OnWish = "on_wish", Compulsory = "compulsory" });
words!(PromisedAlert { Card = "card", Strip = "strip" });
words!(PromisedSale { Anyone = "anyone", Supervisor = "supervisor" });
words!(StoreKind { Shop = "shop", Warehouse = "warehouse" });
words!(ChannelKind { Website = "website", Marketplace = "marketplace", Customer = "customer" });
words!(UnknownPolicy { Problem = "problem", Hold = "hold" });
words!(ProblemState { Open = "open", Dismissed = "dismissed", Resubmitted = "resubmitted" });
words!(FindingKind { PutAside = "put_aside", Fork = "fork", Misfit = "misfit", Money = "money",
    NumberTwice = "number_twice", SoldTwice = "sold_twice" });
words!(OfficeScope { Read = "read", Orders = "orders", Problems = "problems", Cases = "cases", Tills = "tills" });
words!(CallKind { Orders = "orders", Availability = "availability", Prices = "prices", Credits = "credits" });
words!(PriceBasis { Contract = "contract", Group = "group", QuantityBreak = "quantity_break" });

/// Microseconds since 1970 UTC.
pub fn micros(at: Timestamp) -> i64 {
    at.timestamp_micros()
}

/// The instant of so many microseconds.
pub fn instant(micros: i64) -> Result<Timestamp, StoreError> {
    DateTime::<Utc>::from_timestamp_micros(micros).ok_or_else(|| StoreError::Damaged(format!("{micros} is no instant")))
}

/// The currency of a code this program wrote.
pub fn currency(code: &str) -> Result<Currency, StoreError> {
    Currency::from_code(code).ok_or_else(|| StoreError::Damaged(format!("{code:?} is no currency")))
}

/// The tax code of a text this program wrote.
pub fn tax_code(text: &str) -> Result<TaxCode, StoreError> {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Ok(TaxCode(letter)),
        _ => Err(StoreError::Damaged(format!("{text:?} is no tax code"))),
    }
}

/// What is taxed at which rate, as a column has it.
pub fn taxed_text(taxed: &[Taxed]) -> String {
    let row = |one: &Taxed| serde_json::json!([one.percent.to_string(), one.net.minor(), one.tax.minor()]);
    match taxed {
        [] => String::new(),
        taxed => serde_json::Value::from(taxed.iter().map(row).collect::<Vec<_>>()).to_string(),
    }
}

/// What such a column says.
pub fn taxed(text: &str, currency: Currency) -> Result<Vec<Taxed>, StoreError> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let damaged = || StoreError::Damaged(format!("{text:?} says nothing of tax"));
    let rows: Vec<(String, i64, i64)> = serde_json::from_str(text).map_err(|_| damaged())?;
    let money = |minor| Money::new(minor, currency);
    rows.into_iter()
        .map(|(percent, net, tax)| {
            let percent = Decimal::from_str_exact(&percent).map_err(|_| damaged())?;
            Ok(Taxed { percent, net: money(net), tax: money(tax) })
        })
        .collect()
}

/// Sixteen bytes.
pub fn bytes16(bytes: &[u8]) -> Result<[u8; 16], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged("an identity is not 16 bytes long".into()))
}

/// Thirty-two bytes.
pub fn bytes32(bytes: &[u8]) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged("a hash is not 32 bytes long".into()))
}

/// The first two columns: store and workstation.
pub fn till_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<TillId> {
    Ok(TillId {
        store: StoreId::new(row.get::<_, String>(0)?),
        workstation: WorkstationId::new(row.get::<_, String>(1)?),
    })
}
