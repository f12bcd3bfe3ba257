//! What is held of orders for head office to match: items that are no product of ours yet, and buyers nobody knows.

use rust_decimal::Decimal;

use super::{CustomerItem, SubmittedUnmatched};
use crate::domain::ids::{CustomerId, EntryId, OrderNumber, ProductId};
use crate::domain::web_order::ItemMatch;

/// A line that is held, or was until it was matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldLine {
    /// As it was submitted.
    pub submitted: SubmittedUnmatched,
    /// What it was matched to.
    pub product: Option<ProductId>,
}

/// What head office says a held line is.
#[derive(Clone, Debug)]
pub struct MatchSubmission {
    /// Which order.
    pub number: OrderNumber,
    /// The line, what it is, and what it comes to.
    pub item: ItemMatch,
    /// How many of our unit one of the sender's is: for later changes by the sender.
    pub factor: Decimal,
    /// By what the sender's price is to be multiplied to be one of ours.
    pub price_factor: Decimal,
    /// What the customer's own list gets to know.
    pub remember: Option<CustomerItem>,
    /// Identity of the act: the same again changes nothing.
    pub entry: EntryId,
    /// Who does it.
    pub person: String,
}

/// Who buys, as head office says.
#[derive(Clone, Debug)]
pub struct BuyerTie {
    /// Which order.
    pub number: OrderNumber,
    /// The customer.
    pub customer: CustomerId,
    /// Orders of the same buyer are this customer's from now on.
    pub remember: bool,
    /// Identity of the act: the same again changes nothing.
    pub entry: EntryId,
    /// Who does it.
    pub person: String,
}

/// Why a buyer cannot be tied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TieRefusal {
    /// There is no such customer.
    #[error("there is no customer {0}: import it first")]
    CustomerUnknown(CustomerId),
    /// The document names no buyer, so that there is nothing to remember it by.
    #[error("the order names no buyer that could be remembered")]
    NothingToRemember,
}

/// The parties of an order as head office may see them; tills never do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderParties {
    /// Who sent it, as written; empty when the document names nobody.
    pub sender: String,
    /// Who buys, as written; empty when the document names nobody.
    pub buyer: String,
    /// The customer it is tied to.
    pub customer: Option<CustomerId>,
    /// It is held for head office to tie it to a customer: nobody is named, or somebody nobody knows.
    pub is_held: bool,
}
