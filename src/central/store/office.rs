//! What head office and the warehouse do, and who may: records in and out of the store.

use super::CaseFilter;
use crate::domain::Timestamp;
use crate::domain::ids::{CaseId, EntryId, OrderNumber, ProductId, StoreId};
use crate::domain::web_order::WarehouseAct;

/// Something head office or the warehouse does to an order.
#[derive(Clone, Debug)]
pub struct OrderActSubmission {
    /// Which order.
    pub number: OrderNumber,
    /// What.
    pub act: WarehouseAct,
    /// Identity of the act, and of the movements it causes: the same again changes nothing.
    pub entry: EntryId,
    /// Who does it.
    pub person: String,
    /// Why, when somebody says.
    pub note: String,
}

/// Something that was done to an order at central.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderActRecord {
    /// What: `pick`, `report_short`, `pack`, `dispatch`, `cancel`, `match`, `tie`, or the sender's `change` of a packed order.
    pub act: String,
    /// By whom.
    pub person: String,
    /// Details in words; may be empty.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// What a token of head office is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OfficeScope {
    /// Looking at everything.
    Read,
    /// Picking, packing, dispatching and cancelling orders.
    Orders,
    /// Mending and dismissing problem orders.
    Problems,
    /// Deciding conflict cases.
    Cases,
    /// Shutting tills out.
    Tills,
}

/// A token of head office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeTokenRecord {
    /// Whose it is: what is done with it is done by this name.
    pub name: String,
    /// What it is good for.
    pub scopes: Vec<OfficeScope>,
    /// Since when.
    pub created_at: Timestamp,
}

/// Of how many the persons were forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Orders that were over.
    pub orders: usize,
    /// Problem documents that were dismissed or became orders.
    pub problems: usize,
    /// Files that lie where they belong.
    pub files: usize,
    /// There is no more of any of them.
    pub is_all: bool,
}

/// Which figures of stock a page has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StockPage {
    /// Of one store; of all when it is `None`.
    pub store: Option<StoreId>,
    /// Behind this row.
    pub after: Option<(StoreId, ProductId)>,
    /// At most so many.
    pub rows_max: usize,
}

/// Which cases a page has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePage {
    /// Open ones, or all.
    pub which: CaseFilter,
    /// Behind the case that is due then.
    pub after: Option<(Timestamp, CaseId)>,
    /// At most so many.
    pub cases_max: usize,
}
