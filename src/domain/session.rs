//! Sessions: a spell at a till from float to close, and what the drawer should hold.

use chrono::NaiveDate;

use super::Timestamp;
use super::ids::{OperatorId, SessionId};
use super::money::Money;

/// Why cash moved without a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CashMoveKind {
    /// Put in.
    PaidIn,
    /// Taken out.
    PaidOut,
    /// Brought to the safe.
    DropToSafe,
}

/// How somebody came to look into a drawer, or at what it should hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookedHow {
    /// It was counted, blind.
    Counted {
        /// What was counted.
        counted: Money,
        /// What it should have held.
        expected: Money,
    },
    /// The report of the open session (X) was asked for.
    Report,
    /// They were to agree to a count, and saw by how much it is off.
    Agreeing,
}

impl LookedHow {
    /// Was it counted?
    pub const fn is_count(&self) -> bool {
        matches!(self, Self::Counted { .. })
    }
}

/// An open session with its running totals, folded from the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its identity.
    pub id: SessionId,
    /// The store's trading day it belongs to.
    pub business_day: NaiveDate,
    /// Who opened it.
    pub operator: OperatorId,
    /// When.
    pub opened_at: Timestamp,
    /// In the drawer at the start.
    pub float: Money,
    /// Cash taken in sales, less change.
    pub cash_sales: Money,
    /// Taken on cards.
    pub card_sales: Money,
    /// Paid in, less paid out and dropped.
    pub cash_moved: Money,
    /// How many sales.
    pub sale_count: u64,
    /// What they came to.
    pub sale_total: Money,
}

impl Session {
    /// What the drawer should hold.
    pub fn cash_expected(&self) -> Money {
        self.float + self.cash_sales + self.cash_moved
    }
}
