//! The draft: the open basket with everything that waits with it, as it is saved on every change.

use super::{Basket, LineRequest};
use crate::domain::Timestamp;
use crate::domain::ids::{OperatorId, ProductId};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::sale::ReceiptChoice;
use crate::domain::scan::Scan;

/// An open basket as it is saved on every change, so that a power cut brings it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The basket.
    pub basket: Basket,
    /// When its first line was rung.
    pub begun_at: Timestamp,
    /// What the card terminal was asked for and has not answered yet.
    pub at_terminal: Option<Money>,
    /// What the customer wants on paper.
    pub receipt: ReceiptChoice,
    /// A product that is not a line yet, because something is asked about it.
    pub unanswered: Option<Unanswered>,
    /// What was scanned for it and waits until a card or a question is answered, oldest first.
    pub waiting: Vec<Scan>,
    /// It came back with an old copy of the file, and may have been sold after the copy was made.
    pub may_be_sold: bool,
    /// Who worked on it last.
    pub rung_by: Option<OperatorId>,
}

/// A product that waits for an answer before it becomes a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// What it costs.
    Price {
        /// Which.
        product: ProductId,
        /// All else that is known.
        request: Box<LineRequest>,
    },
    /// What it weighs or measures.
    Quantity {
        /// Which.
        product: ProductId,
        /// All else that is known.
        request: Box<LineRequest>,
    },
    /// Which of several products that one code leads to.
    Choice {
        /// Them, as they are offered.
        products: Vec<ProductId>,
        /// How many, when it was said before.
        quantity: Option<Quantity>,
        /// The look-up key of the code.
        scanned: Option<String>,
    },
}

impl Draft {
    /// A basket that nothing else waits for.
    pub const fn new(basket: Basket, begun_at: Timestamp) -> Self {
        Self {
            basket,
            begun_at,
            at_terminal: None,
            receipt: ReceiptChoice::Receipt,
            unanswered: None,
            waiting: Vec::new(),
            may_be_sold: false,
            rung_by: None,
        }
    }
}
