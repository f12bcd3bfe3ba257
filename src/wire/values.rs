//! Conversions of `values.proto`, and of the plain values every file uses.

use chrono::{DateTime, NaiveDate};
use prost_types::Timestamp as WireTimestamp;
use rust_decimal::Decimal;

use super::error::{WireError, WireFault, fixed, list, named, required, wire_enum};
use super::{Wire, till::v1 as proto};
use crate::domain::Timestamp;
use crate::domain::ids::{JournalMark, RunId, StoreId, TillId, WorkstationId};
use crate::domain::money::{Currency, Money};
use crate::domain::product::Unit;
use crate::domain::quantity::Quantity;
use crate::domain::stock::{MovementReason, StockLevel};
use crate::domain::tax::{TaxCode, TaxMode, Taxed};

wire_enum!(Unit, proto::Unit, Each, Kilogram, Metre, Litre, Hour);
wire_enum!(TaxMode, proto::TaxMode, Included, Excluded);
wire_enum!(
    MovementReason,
    proto::MovementReason,
    Sale,
    Return,
    HandOver,
    Receipt,
    Transfer,
    Adjustment,
    Opening,
    Dispatch
);

impl Wire for Timestamp {
    type Message = WireTimestamp;

    fn to_wire(&self) -> WireTimestamp {
        // Chrono counts a leap second as nanoseconds beyond 999,999,999; the wire has none.
        let nanos = self.timestamp_subsec_nanos().min(999_999_999);
        WireTimestamp { seconds: self.timestamp(), nanos: nanos as i32 }
    }

    fn from_wire(message: WireTimestamp) -> Result<Self, WireError> {
        let nanos = u32::try_from(message.nanos).ok().filter(|n| *n < 1_000_000_000);
        nanos
            .and_then(|nanos| DateTime::from_timestamp(message.seconds, nanos))
            .ok_or_else(|| WireError::new(WireFault::OutOfRange))
    }
}

impl Wire for Money {
    type Message = proto::Money;

    fn to_wire(&self) -> proto::Money {
        proto::Money { minor: self.minor(), currency: self.currency().code().to_owned() }
    }

    fn from_wire(message: proto::Money) -> Result<Self, WireError> {
        Ok(Self::new(message.minor, currency("currency", &message.currency)?))
    }
}

impl Wire for Taxed {
    type Message = proto::Taxed;

    fn to_wire(&self) -> proto::Taxed {
        proto::Taxed { percent: self.percent.to_string(), net: Some(self.net.to_wire()), tax: Some(self.tax.to_wire()) }
    }

    fn from_wire(message: proto::Taxed) -> Result<Self, WireError> {
        Ok(Self {
            percent: decimal("percent", &message.percent)?,
            net: required("net", message.net)?,
            tax: required("tax", message.tax)?,
        })
    }
}

impl Wire for TillId {
    type Message = proto::TillId;

    fn to_wire(&self) -> proto::TillId {
        proto::TillId { store: self.store.to_string(), workstation: self.workstation.to_string() }
    }

    fn from_wire(message: proto::TillId) -> Result<Self, WireError> {
        Ok(Self {
            store: named::<StoreId>("store", message.store)?,
            workstation: named::<WorkstationId>("workstation", message.workstation)?,
        })
    }
}

impl Wire for JournalMark {
    type Message = proto::JournalMark;

    fn to_wire(&self) -> proto::JournalMark {
        proto::JournalMark { run_id: self.run.as_bytes().to_vec(), sequence: self.sequence }
    }

    fn from_wire(message: proto::JournalMark) -> Result<Self, WireError> {
        // Storage counts in signed 64 bits.
        if i64::try_from(message.sequence).is_err() {
            return Err(WireError::at("sequence", WireFault::OutOfRange));
        }
        Ok(Self { run: RunId::from_bytes(fixed("run_id", &message.run_id)?), sequence: message.sequence })
    }
}

impl Wire for StockLevel {
    type Message = proto::StockLevel;

    fn to_wire(&self) -> proto::StockLevel {
        proto::StockLevel {
            on_hand_thousandths: self.on_hand.thousandths(),
            held_thousandths: self.held.thousandths(),
            promised_thousandths: self.promised.thousandths(),
            safety_thousandths: self.safety.thousandths(),
        }
    }

    fn from_wire(message: proto::StockLevel) -> Result<Self, WireError> {
        Ok(Self {
            on_hand: Quantity::from_thousandths(message.on_hand_thousandths),
            held: Quantity::from_thousandths(message.held_thousandths),
            promised: Quantity::from_thousandths(message.promised_thousandths),
            safety: Quantity::from_thousandths(message.safety_thousandths),
        })
    }
}

/// A currency by its ISO 4217 code.
pub(super) fn currency(field: &str, code: &str) -> Result<Currency, WireError> {
    Currency::from_code(code).ok_or_else(|| match code {
        "" => WireError::at(field, WireFault::Missing),
        _ => WireError::at(field, WireFault::NotACurrency),
    })
}

/// An exact decimal text; its scale is kept.
pub(super) fn decimal(field: &str, text: &str) -> Result<Decimal, WireError> {
    Decimal::from_str_exact(text).map_err(|_| match text {
        "" => WireError::at(field, WireFault::Missing),
        _ => WireError::at(field, WireFault::NotADecimal),
    })
}

/// A date as ISO 8601.
pub(super) fn date(field: &str, text: &str) -> Result<NaiveDate, WireError> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| match text {
        "" => WireError::at(field, WireFault::Missing),
        _ => WireError::at(field, WireFault::NotADate),
    })
}

/// What is taxed at which rate: all of it in the currency of what it is of.
pub(super) fn taxed_list(messages: Vec<proto::Taxed>, currency: Currency) -> Result<Vec<Taxed>, WireError> {
    let taxed: Vec<Taxed> = list("taxed", messages)?;
    match taxed.iter().any(|one| one.net.currency() != currency || one.tax.currency() != currency) {
        true => Err(WireError::at("taxed", WireFault::NotACurrency)),
        false => Ok(taxed),
    }
}

/// A rate's letter.
pub(super) fn tax_code(field: &str, text: &str) -> Result<TaxCode, WireError> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(letter), None) => Ok(TaxCode(letter)),
        (None, _) => Err(WireError::at(field, WireFault::Missing)),
        _ => Err(WireError::at(field, WireFault::NotOneCharacter)),
    }
}
