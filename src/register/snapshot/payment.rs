//! Payment, the sale it completes, and the receipts of sales past.

use chrono::NaiveDate;

use crate::domain::Timestamp;
use crate::domain::device::PrintJobState;
use crate::domain::money::Money;
use crate::domain::receipt::Document;
use crate::domain::sale::ReceiptChoice;
use crate::domain::settings::ReceiptDuty;
use crate::domain::tender::Settlement;

/// Payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayView {
    /// Where it stands.
    pub settlement: Settlement,
    /// What remains, payable in cash (rounded where coins are).
    pub cash_due: Money,
    /// Sensible amounts.
    pub suggestions: Vec<Money>,
    /// What the card terminal was asked for and has not answered yet.
    pub at_terminal: Option<Money>,
    /// What is wanted on paper.
    pub receipt: ReceiptChoice,
    /// Whether a customer may go without.
    pub receipt_duty: ReceiptDuty,
    /// Is a printer set up? Without one there is no paper to choose.
    pub has_printer: bool,
}

/// A sale just completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletedSale {
    /// Its receipt.
    pub receipt_number: u64,
    /// It cost.
    pub total: Money,
    /// To give back.
    pub change: Money,
    /// Was all of it paid by card? Then there is no change to speak of.
    pub by_card: bool,
    /// Was there cash to put away, and no way to tell the drawer to open?
    pub drawer_by_key: bool,
    /// Its receipt on the way to paper.
    pub print: PrintJobState,
}

/// Receipts found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceiptList {
    /// What was looked for.
    pub search: String,
    /// The day in the store that this says, when it says one.
    pub day: Option<NaiveDate>,
    /// Both things it says, when it says an amount and a day.
    pub readings: Option<TwoReadings>,
    /// Newest first, capped; of two readings those with the amount come first.
    pub rows: Vec<ReceiptRow>,
    /// The one looked at, as on paper.
    pub open: Option<(u64, Document)>,
}

/// What was looked for is an amount, and a day as well: `24.11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwoReadings {
    /// The amount.
    pub amount: Money,
    /// How many receipts came to it.
    pub of_amount: usize,
    /// The day.
    pub day: NaiveDate,
    /// How many receipts are of it.
    pub of_day: usize,
}

/// One receipt in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Its number.
    pub receipt_number: u64,
    /// When.
    pub completed_at: Timestamp,
    /// By whom.
    pub operator_name: String,
    /// It came to.
    pub total: Money,
    /// Pieces.
    pub item_count: i64,
}
