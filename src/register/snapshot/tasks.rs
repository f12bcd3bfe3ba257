//! What is not finished.

use crate::domain::Timestamp;
use crate::domain::conflict::CaseState;
use crate::domain::device::PrintJobState;
use crate::domain::ids::{CaseId, EntryId, OrderNumber, PrintJobId, ProductId};
use crate::domain::quantity::Quantity;
use crate::domain::transfer::TransferState;

/// Something that is not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// A document has not come out.
    Unprinted {
        /// Which.
        job: PrintJobId,
        /// The receipt, when it is one.
        receipt_number: Option<u64>,
        /// How far.
        state: PrintJobState,
        /// Since when.
        since: Timestamp,
    },
    /// A conflict case needs someone.
    Case {
        /// Which.
        case: CaseId,
        /// Whose order.
        order: OrderNumber,
        /// What is missing.
        product_name: String,
        /// Where it stands.
        state: CaseState,
        /// Since when.
        since: Timestamp,
    },
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
    },
    /// An order's collect-by time has passed.
    Lapsed {
        /// Which.
        order: OrderNumber,
        /// Whose.
        customer_name: String,
        /// Where it lies.
        bay: Option<String>,
    },
    /// A product to count: it sold from an empty shelf, or its alarms keep proving false.
    Count {
        /// Which.
        product: ProductId,
        /// Its name.
        product_name: String,
        /// As the books have it.
        shelf: Quantity,
    },
    /// The drawer has been open for a while.
    DrawerOpen {
        /// Since when.
        since: Timestamp,
    },
}
