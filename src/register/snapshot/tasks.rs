//! What is not finished.

use crate::domain::Timestamp;
use crate::domain::conflict::CaseState;
use crate::domain::device::PrintJobState;
use crate::domain::ids::{CaseId, EntryId, OrderNumber, PrintJobId, ProductId};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::stock::OtherStoreStock;
use crate::domain::transfer::TransferState;
use crate::domain::web_order::OrderState;

/// Something that is not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// A document has not come out.
    Unprinted {
        /// Which.
        job: PrintJobId,
        /// What it is.
        document: Document,
        /// How far.
        state: PrintJobState,
        /// Since when.
        since: Timestamp,
    },
    /// A conflict case needs someone.
    Case(Box<CaseTask>),
    /// Another store has asked for goods: they are to be set aside and sent.
    SetAside {
        /// The order it became here.
        order: OrderNumber,
        /// What.
        product_name: String,
        /// How many.
        quantity: Quantity,
        /// For which store.
        store_name: String,
        /// Who asked.
        asked_by: String,
        /// For which web order of theirs, or which customer; empty for neither.
        for_whom: String,
        /// When.
        asked_at: Timestamp,
        /// Where it stands.
        state: TransferState,
    },
    /// Goods were asked for from another store.
    Transfer {
        /// The entry that asked.
        entry: EntryId,
        /// What.
        product_name: String,
        /// How many.
        quantity: Quantity,
        /// From which store.
        store_name: String,
        /// Who asked.
        asked_by: String,
        /// When.
        asked_at: Timestamp,
        /// Where it stands.
        state: TransferState,
        /// Has central heard of it? Before, nobody in the other store knows.
        told: bool,
        /// It was withdrawn here, and the other store has not heard of that.
        withdrawn: bool,
        /// The order it became in the other store.
        order_there: Option<OrderNumber>,
        /// The web order of this store it is for.
        for_order: Option<OrderNumber>,
        /// The customer it is for; empty when nobody was named.
        customer: String,
    },
    /// The goods of an order lie in a bay and are to go back to the shelf: its collect-by time has passed, or it was
    /// cancelled.
    PutBack {
        /// Which.
        order: OrderNumber,
        /// Whose.
        customer_name: String,
        /// Where it lies; `None` when it was picked and not put into a bay.
        bay: Option<String>,
        /// Lapsed or cancelled.
        state: OrderState,
    },
    /// A till took more for an order than it owed: the customer is to get it back.
    PayBack {
        /// Which.
        order: OrderNumber,
        /// Whose.
        customer_name: String,
        /// How much.
        amount: Money,
    },
    /// A product to count: it sold from an empty shelf, or its alarms keep proving false.
    Count {
        /// Which.
        product: ProductId,
        /// Its name.
        product_name: String,
        /// Where it lies.
        bin: Option<String>,
        /// How often the books were wrong about it since it was counted.
        times: u32,
    },
    /// The drawer has been open for a while.
    DrawerOpen {
        /// Since when.
        since: Timestamp,
    },
}

/// What was to come out of the printer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// The receipt of a sale, or the one that goes with a present.
    Receipt(u64),
    /// The slip that goes with a unit kept for this order.
    SetAsideSlip(OrderNumber),
    /// The slip on the bag of this order.
    BagSlip(OrderNumber),
    /// The slip that tells who took this order.
    HandOverSlip(OrderNumber),
    /// The slip about what was asked for from another store.
    TransferSlip,
    /// The report of a session at its close.
    CloseReport,
    /// The report of a session before it.
    InterimReport,
}

/// Which task it is, wherever it stands in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskKey {
    /// This document.
    Unprinted(PrintJobId),
    /// This case.
    Case(CaseId),
    /// This order is to be set aside.
    SetAside(OrderNumber),
    /// What this entry asked for.
    Transfer(EntryId),
    /// This order goes back.
    PutBack(OrderNumber),
    /// Money of this order goes back.
    PayBack(OrderNumber),
    /// This product is to be counted.
    Count(ProductId),
    /// The drawer.
    DrawerOpen,
}

impl Task {
    /// Which task it is.
    pub fn key(&self) -> TaskKey {
        match self {
            Self::Unprinted { job, .. } => TaskKey::Unprinted(*job),
            Self::Case(case) => TaskKey::Case(case.case),
            Self::SetAside { order, .. } => TaskKey::SetAside(order.clone()),
            Self::Transfer { entry, .. } => TaskKey::Transfer(*entry),
            Self::PutBack { order, .. } => TaskKey::PutBack(order.clone()),
            Self::PayBack { order, .. } => TaskKey::PayBack(order.clone()),
            Self::Count { product, .. } => TaskKey::Count(product.clone()),
            Self::DrawerOpen { .. } => TaskKey::DrawerOpen,
        }
    }
}

impl Task {
    /// Is it a document that needs nobody to come out, once the printer can?
    pub const fn comes_out(&self) -> bool {
        matches!(self, Self::Unprinted { state, .. } if !matches!(state, PrintJobState::Partial { .. }))
    }

    /// Is it another store's turn? It is known here, and nobody here can finish it.
    pub fn waits_for_others(&self) -> bool {
        matches!(
            self,
            Self::Transfer { state: TransferState::Requested | TransferState::SetAside, .. }
                | Self::Transfer { withdrawn: true, .. }
        )
    }
}

/// A conflict case that needs someone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseTask {
    /// Which.
    pub case: CaseId,
    /// Whose order.
    pub order: OrderNumber,
    /// First name and initial; empty when the order is not known here.
    pub customer_name: String,
    /// What is missing.
    pub product_name: String,
    /// How many.
    pub quantity: Quantity,
    /// Where it stands.
    pub state: CaseState,
    /// Since when.
    pub since: Timestamp,
    /// By when somebody must have decided.
    pub due_at: Timestamp,
    /// The store proposed to serve the order, with its figure and the figure's age.
    pub proposal: Option<OtherStoreStock>,
    /// The store that was asked last, and had none or did not find it.
    pub refused_by: Option<String>,
}
