//! Stable texts for what the domain knows as enums, and the microseconds of storage.

use crate::domain::Timestamp;
use crate::domain::conflict::{CaseState, ConflictKind};
use crate::domain::feed::Scope;
use crate::domain::money::Currency;
use crate::domain::operator::Role;
use crate::domain::product::{PriceKind, Unit};
use crate::domain::stock::MovementReason;
use crate::domain::web_order::{CollectionProof, Fulfilment, OrderState};

use super::error::DatabaseError;

/// A stored text that no value has.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no {1}")]
pub(super) struct UnknownCode(String, &'static str);

/// A value with a text of its own in the file. The texts never change.
pub(super) trait Code: Copy + Sized + 'static {
    /// What a reader of an error is told was expected.
    const WHAT: &'static str;
    /// Every value with its text.
    const ALL: &'static [(Self, &'static str)];

    /// The value's text.
    fn code(self) -> &'static str;

    /// The value of a text.
    fn from_code(text: &str) -> Result<Self, DatabaseError> {
        Self::ALL
            .iter()
            .find(|(_, code)| *code == text)
            .map(|(value, _)| *value)
            .ok_or_else(|| DatabaseError::damaged("reading a record", UnknownCode(text.to_owned(), Self::WHAT)))
    }
}

macro_rules! codes {
    ($type:ident, $what:literal { $($variant:path = $text:literal),+ $(,)? }) => {
        impl Code for $type {
            const WHAT: &'static str = $what;
            const ALL: &'static [(Self, &'static str)] = &[$(($variant, $text)),+];

            fn code(self) -> &'static str {
                match self {
                    $($variant => $text),+
                }
            }
        }
    };
}

codes!(MovementReason, "movement reason" {
    MovementReason::Sale = "sale",
    MovementReason::Return = "return",
    MovementReason::HandOver = "hand_over",
    MovementReason::Receipt = "receipt",
    MovementReason::Transfer = "transfer",
    MovementReason::Adjustment = "adjustment",
    MovementReason::Opening = "opening",
    MovementReason::Dispatch = "dispatch",
});
codes!(OrderState, "order state" {
    OrderState::Received = "received",
    OrderState::Picking = "picking",
    OrderState::Short = "short",
    OrderState::Ready = "ready",
    OrderState::PartHandedOver = "part_handed_over",
    OrderState::HandedOver = "handed_over",
    OrderState::Lapsed = "lapsed",
    OrderState::PutBack = "put_back",
    OrderState::Cancelled = "cancelled",
    OrderState::Packed = "packed",
    OrderState::Dispatched = "dispatched",
});
codes!(Fulfilment, "fulfilment" {
    Fulfilment::PickUp = "pick_up",
    Fulfilment::Delivery = "delivery",
    Fulfilment::Transfer = "transfer",
});
codes!(CollectionProof, "collection proof" {
    CollectionProof::Code = "code",
    CollectionProof::Name = "name",
});
codes!(CaseState, "case state" {
    CaseState::Open = "open",
    CaseState::ReSourced = "re_sourced",
    CaseState::AwaitingDecision = "awaiting_decision",
    CaseState::BackOrdered = "back_ordered",
    CaseState::Substituted = "substituted",
    CaseState::CancelledAndRefunded = "cancelled_and_refunded",
    CaseState::FalseAlarm = "false_alarm",
});
codes!(ConflictKind, "conflict kind" {
    ConflictKind::Promised = "promised",
    ConflictKind::BooksEmpty = "books_empty",
});
codes!(Role, "role" {
    Role::Cashier = "cashier",
    Role::Stock = "stock",
    Role::Supervisor = "supervisor",
    Role::Manager = "manager",
});
codes!(Unit, "unit" {
    Unit::Each = "each",
    Unit::Kilogram = "kilogram",
    Unit::Metre = "metre",
    Unit::Litre = "litre",
    Unit::Hour = "hour",
});
codes!(PriceKind, "price kind" {
    PriceKind::Fixed = "fixed",
    PriceKind::Open = "open",
});
codes!(Scope, "scope" {
    Scope::Company = "company",
    Scope::Store = "store",
});

/// Microseconds since 1970, as stored.
pub(super) const fn micros(at: Timestamp) -> i64 {
    at.timestamp_micros()
}

/// The instant of stored microseconds.
pub(super) fn from_micros(micros: i64) -> Result<Timestamp, DatabaseError> {
    Timestamp::from_timestamp_micros(micros)
        .ok_or_else(|| DatabaseError::damaged("reading a record", format!("{micros} is no time")))
}

/// The currency of a stored code.
pub(super) fn currency(code: &str) -> Result<Currency, DatabaseError> {
    Currency::from_code(code)
        .ok_or_else(|| DatabaseError::damaged("reading a record", UnknownCode(code.to_owned(), "currency")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: Code + PartialEq + std::fmt::Debug>() {
        for (value, text) in T::ALL {
            assert_eq!(value.code(), *text);
            assert_eq!(T::from_code(text).unwrap(), *value);
        }
        assert!(T::from_code("no such thing").is_err());
    }

    #[test]
    fn every_code_reads_back() {
        check::<MovementReason>();
        check::<OrderState>();
        check::<Fulfilment>();
        check::<CollectionProof>();
        check::<CaseState>();
        check::<ConflictKind>();
        check::<Role>();
        check::<Unit>();
        check::<PriceKind>();
        check::<Scope>();
    }
}
