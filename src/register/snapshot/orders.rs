//! The pick-up queue and the open order.

use crate::domain::Timestamp;
use crate::domain::ids::OrderNumber;
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::stock::StockLevel;
use crate::domain::web_order::{OrderState, OrderStep, OrderSums, WebOrder};

/// The pick-up queue.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PickUps {
    /// Every order of the store that is not over (narrowed by the search text), deadline first.
    pub orders: Vec<OrderRow>,
    /// Those that are over since some days (narrowed by the search text), the last first; only on their screen. None counts.
    pub over: Vec<OrderRow>,
    /// What the search box says.
    pub search: String,
    /// Orders to pick, for the badge.
    pub to_pick: usize,
}

/// An order in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// Our number.
    pub number: OrderNumber,
    /// From where.
    pub channel: String,
    /// First name and initial.
    pub customer_name: String,
    /// Where it stands.
    pub state: OrderState,
    /// Until when.
    pub collect_by: Option<Timestamp>,
    /// Is nothing to be paid for it any more?
    pub paid: bool,
    /// Pieces ordered.
    pub item_count: i64,
    /// Who is picking.
    pub picker_name: Option<String>,
    /// A conflict case stands about it.
    pub at_risk: bool,
    /// Where it lies.
    pub bay: Option<String>,
    /// When it was over; `None` while it is not.
    pub over_at: Option<Timestamp>,
}

/// The open order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderDetail {
    /// As it is.
    pub order: WebOrder,
    /// What its lines need to know beyond it, in their order.
    pub lines: Vec<OrderLineView>,
    /// What it comes to, and what of it is to pay at hand-over.
    pub sums: OrderSums,
    /// What is to pay for what lies ready, less the lines that stay while it is being handed over.
    pub due_now: Money,
    /// Who is picking.
    pub picker_name: Option<String>,
    /// The next bay that is free; `None` with every one taken.
    pub bay_offered: Option<String>,
    /// Every bay that another order lies in, with that order.
    pub bays_taken: Vec<(String, OrderNumber)>,
    /// The other till that set it aside for another store, while nobody can say whether that till has sent it.
    pub kept_at: Option<String>,
    /// The last step of this till can be taken back.
    pub can_undo: bool,
    /// Its customer's code opened it: it is asked for no more.
    pub code_shown: bool,
    /// What was done to it, the latest first: as central knows it, with the steps of this till that it does not know yet.
    pub history: Vec<HistoryRow>,
}

/// What was done to an order, in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// When; of several the last.
    pub at: Timestamp,
    /// What; of several the first.
    pub step: OrderStep,
    /// How much in all; nothing for what is about the whole order.
    pub quantity: Quantity,
    /// What of, when it is about one line.
    pub item: Option<String>,
    /// By whom; `None` for central and head office.
    pub operator_name: Option<String>,
    /// At which till; `None` for central and head office.
    pub workstation: Option<String>,
}

/// One line of the open order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLineView {
    /// Where it stands in the shop.
    pub bin: Option<String>,
    /// A code to compare with the label.
    pub barcode: Option<String>,
    /// Figures here.
    pub level: StockLevel,
}
