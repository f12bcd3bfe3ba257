//! What head office and the warehouse do, and who may: records in and out of the store.

use crate::domain::Timestamp;
use crate::domain::ids::{EntryId, OrderNumber};
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
    /// What: `pick`, `report_short`, `pack`, `dispatch`, `cancel`.
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
