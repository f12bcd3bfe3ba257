//! What central found odd in the tills' journals, for people to look at.

use crate::domain::Timestamp;
use crate::domain::ids::{EntryId, OrderNumber, StoreId, WorkstationId};

/// What kind of oddity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// An entry that could not be believed or booked: kept as it came, not in the books.
    PutAside,
    /// Two entries of one till follow the same one: it was restored, re-imaged or cloned. Both are in the books.
    Fork,
    /// A step that did not fit its order, such as a second hand-over: it is in the books as far as it fits.
    Misfit,
    /// More or less was taken at the till for an order than it owed.
    Money,
    /// A receipt number that another sale of the till has: it was put back from a copy.
    NumberTwice,
    /// A basket that was sold before: it was put back from a copy.
    SoldTwice,
}

/// What became of entries that had been put aside and were judged again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retried {
    /// So many were not in the books.
    pub looked_at: usize,
    /// So many of them are now.
    pub booked: usize,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Of which kind.
    pub kind: FindingKind,
    /// Where.
    pub store: StoreId,
    /// At which till; `None` when nobody knows.
    pub workstation: Option<WorkstationId>,
    /// The order it is about, when it is about one.
    pub order: Option<OrderNumber>,
    /// The entry.
    pub entry: EntryId,
    /// What is odd, in words.
    pub what: String,
    /// When it was found, by central's clock.
    pub found_at: Timestamp,
}
