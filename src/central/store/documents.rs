//! What a document brings to the store, what becomes of each order in it, and what is kept of it for good.

use super::{FileWriter, OrderSubmission, ProblemOrder, SubmittedLine, SubmittedUnmatched};
use crate::domain::Timestamp;
use crate::domain::ids::{ChannelId, OrderNumber, ProductId, StoreId};
use crate::domain::money::Currency;
use crate::domain::web_order::{ChangeRefusal, DeliveryAddress, OrderState, Payment, WebOrder};
use crate::domain::zone::WrittenMoment;

/// Writes the problem that a refused part becomes: which part, and why. A problem names places in its document, which the
/// store does not know.
pub type RefusalWriter = Box<dyn Fn(usize, &Refusal) -> ProblemOrder + Send>;

/// By which rule contents are reckoned today. Raised with the rule; what was kept under an older one is reckoned anew when
/// something is held against it.
pub const CONTENT_RULE: u32 = 1;

/// Reads a kept document by today's rules; nothing when it can no longer be read.
pub type KeptReader = Box<dyn Fn(&[u8]) -> Option<KeptDocument> + Send>;

/// What a kept document says, as far as others are held against it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptDocument {
    /// SHA-256 over what it says.
    pub content: [u8; 32],
    /// Everything it calls the buyer.
    pub buyers: Vec<String>,
}

/// Everything one document brings, taken in one transaction.
///
/// Whatever must be on disk together with the orders of a document has its place here.
pub struct DocumentSubmission {
    /// Its parts, in the document's order.
    pub parts: Vec<DocumentPart>,
    /// What a refused part is kept as.
    pub refused: RefusalWriter,
    /// What a document that was kept before says.
    pub read_kept: KeptReader,
    /// The record of the file it came in, when it came as one.
    pub file: Option<FileWriter>,
}

/// One order's part of a document.
#[derive(Clone, Debug)]
pub enum DocumentPart {
    /// An order.
    Order(Box<OrderSubmission>),
    /// What an order shall be now.
    Change(Box<ChangeSubmission>),
    /// An order is wanted no more.
    Cancellation(Box<CancellationSubmission>),
    /// What is none of these: kept.
    Problem(Box<ProblemOrder>),
}

/// By what the sender of a change or cancellation names the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderKey {
    /// By which channel it came.
    pub channel: ChannelId,
    /// The sender; `None` when the document names none, and then any of the channel's.
    pub sender: Option<String>,
    /// The buyer; `None` when the document names none, and then the order must be the only one under its number.
    pub buyer: Option<String>,
    /// What else the document calls the buyer.
    pub other_names: Vec<String>,
    /// The sender's own number of the order.
    pub reference: String,
    /// Stores whose orders the sender may touch; all when absent. Another store's order does not exist for it.
    pub allowed: Option<Vec<StoreId>>,
}

/// A change that passed intake.
#[derive(Clone, Debug)]
pub struct ChangeSubmission {
    /// Which order.
    pub key: OrderKey,
    /// SHA-256 over what the change says.
    pub content: [u8; 32],
    /// As it came.
    pub document: Vec<u8>,
    /// What the sender added in words.
    pub notes: String,
    /// What is odd about it and stopped nothing, a JSON array as that of a problem order.
    pub warnings: String,
    /// The store it names, when it names one.
    pub store: Option<StoreId>,
    /// First name and initial, when somebody is named.
    pub customer_name: Option<String>,
    /// Masked.
    pub customer_phone: Option<String>,
    /// Where it is sent, when the document says; it counts for an order that is sent.
    pub delivery_address: Option<DeliveryAddress>,
    /// What was received of the money, when the document has sums.
    pub payment: Option<Payment>,
    /// Until when it is kept; a time that has passed changes nothing.
    pub collect_by: Option<WrittenMoment>,
    /// All lines that are wanted.
    pub lines: Vec<SubmittedLine>,
    /// Those of them that are no product of ours yet.
    pub unmatched: Vec<SubmittedUnmatched>,
}

/// A cancellation that passed intake.
#[derive(Clone, Debug)]
pub struct CancellationSubmission {
    /// Which order.
    pub key: OrderKey,
    /// SHA-256 over what it says.
    pub content: [u8; 32],
    /// As it came.
    pub document: Vec<u8>,
    /// What the sender added in words.
    pub notes: String,
    /// What is odd about it and stopped nothing, a JSON array as that of a problem order.
    pub warnings: String,
}

/// What became of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartOutcome {
    /// A new order: on disk, units reserved.
    Imported(Box<WebOrder>),
    /// Taken before; the order as it is now.
    Duplicate(Box<WebOrder>),
    /// The order as it is after the change.
    Changed(Box<WebOrder>),
    /// The order as it is, cancelled.
    Cancelled(Box<WebOrder>),
    /// Kept as a problem for this reason.
    Refused(Refusal),
    /// Kept as the problem it came as.
    Kept,
    /// Not even kept, refused or a problem as it came: too many of its channel's problems wait for head office.
    NotKept(Option<Refusal>),
}

/// Why a part that is right in itself cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The number was used for another order: this one.
    Conflict(OrderNumber),
    /// No store was named to take it.
    NoStore,
    /// The product went out of the catalogue in this moment.
    ProductGone(ProductId),
    /// There is no order under the key.
    OrderUnknown,
    /// Several buyers have used the number, and the document names none.
    BuyerMissing,
    /// The order is owed by this store, and the change names one that cannot take it: an order that is collected cannot be
    /// sent, nor the other way round.
    OtherStore(StoreId),
    /// The change names another store, and the order has gone too far in its own.
    Settled {
        /// Which order.
        order: OrderNumber,
        /// The store it stays in.
        store: StoreId,
        /// Where it stands.
        state: OrderState,
    },
    /// The order is in this currency, and the change in another.
    OtherCurrency(Currency),
    /// The order has gone too far.
    Late(OrderNumber, ChangeRefusal),
}

/// What a kept document was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// The order itself.
    Order,
    /// A change of it.
    Change,
    /// Its cancellation.
    Cancellation,
}

/// A document about an order, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderDocument {
    /// What it was.
    pub kind: DocumentKind,
    /// As it came; of a document of several orders this order's part.
    pub document: Vec<u8>,
    /// What the sender added in words, a line each.
    pub notes: String,
    /// What was odd about it and stopped nothing, a JSON array as that of a problem order.
    pub warnings: String,
    /// When.
    pub received_at: Timestamp,
}
