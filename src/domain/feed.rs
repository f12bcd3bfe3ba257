//! The feed: what central tells a till, in the order it must be believed.
//!
//! Changes come in *scopes*, each with a cursor of its own: the store's (orders, stock, cases) and the company's
//! (products, operators, settings). A checkpoint closes a batch: the till applies everything up to it in one transaction,
//! with the cursor and with central's word on which of the till's own entries the figures already contain.

use super::Timestamp;
use super::conflict::ConflictCase;
use super::ids::{JournalMark, OrderNumber, ProductId};
use super::operator::Operator;
use super::product::{Barcode, Product};
use super::quantity::Quantity;
use super::settings::StoreSettings;
use super::stock::{MovementReason, OtherStoreStock};
use super::transfer::Transfer;
use super::web_order::WebOrder;

/// A part of the feed with a cursor of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Products, barcodes, operators: the same for every store, and the store's own settings.
    Company,
    /// Orders, stock, conflict cases of the till's store.
    Store,
}

/// One thing that changed; always the whole record, never a difference, so that applying it twice is harmless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A product with all its barcodes.
    Product {
        /// As it is now.
        product: Product,
        /// Every code that leads to it.
        barcodes: Vec<Barcode>,
    },
    /// A product is gone.
    ProductRemoved(ProductId),
    /// Someone may sign in, or no longer may.
    Operator(Operator),
    /// The store's settings.
    Settings(Box<StoreSettings>),
    /// A product's stock in this store.
    Stock(StockFigure),
    /// A web order of this store.
    Order(Box<WebOrder>),
    /// An order has gone to another store.
    OrderRemoved(OrderNumber),
    /// A conflict case of this store.
    Case(ConflictCase),
    /// A transfer this store asked for, or is asked for.
    Transfer(Transfer),
}

/// Central's figure of one product in one store. `held` and `promised` are folded from the orders and not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockFigure {
    /// Of what.
    pub product: ProductId,
    /// The sum of the movements central knows.
    pub on_hand: Quantity,
    /// Kept back by policy.
    pub safety: Quantity,
    /// The last movements, newest first, for the story on the conflict card.
    pub story: Vec<StoryLine>,
    /// Stores that have free units, nearest first.
    pub elsewhere: Vec<OtherStoreStock>,
    /// When it was counted last, in central's time, where a count says so: whoever was to count it by then need not any more.
    pub counted_at: Option<Timestamp>,
}

/// One movement as a sentence's raw material: "−1 sold T01 11:20".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryLine {
    /// How much.
    pub quantity: Quantity,
    /// Why.
    pub reason: MovementReason,
    /// Which till, when a till did it.
    pub workstation: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A batch of the feed, closed by its checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedBatch {
    /// Which part of the feed.
    pub scope: Scope,
    /// Where the next batch goes on.
    pub cursor: u64,
    /// The batch is a whole snapshot: what it does not name is gone.
    pub snapshot: bool,
    /// What changed, oldest first.
    pub changes: Vec<Change>,
    /// The till's own entries the figures contain: per run, the contiguous mark. Only the store's scope has them.
    pub contains: Vec<JournalMark>,
    /// Central's clock when it was true.
    pub as_of: Timestamp,
    /// Changes among them that this program did not understand, and that are not here.
    pub left_out: u64,
}

/// Whether central can be reached, and what is still to be sent: the status pill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncState {
    /// In touch with central?
    pub link: Link,
    /// Entries central has not acknowledged.
    pub unsent: u64,
    /// When the oldest of them was written.
    pub oldest_unsent_at: Option<Timestamp>,
    /// When each part of the feed was last known to be complete.
    pub fresh: Freshness,
    /// Entries central has put aside as not understood.
    pub quarantined: u64,
    /// Till's clock minus central's, in milliseconds, when known; again when somebody has set it.
    pub clock_ahead_ms: Option<i64>,
    /// While the link is down: central is there, and its disk takes no more. Somebody at head office can mend that, and nobody at
    /// the till.
    pub central_is_full: bool,
}

/// When each part of the feed was last known to be complete, by central's clock; `None` before the first word of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// Products, prices, people, settings.
    pub company: Option<Timestamp>,
    /// The store's stock and orders.
    pub store: Option<Timestamp>,
}

impl Freshness {
    /// Nothing was heard yet.
    pub const NEVER: Self = Self { company: None, store: None };

    /// A part was complete then.
    pub fn saw(&mut self, scope: Scope, as_of: Timestamp) {
        let at = match scope {
            Scope::Company => &mut self.company,
            Scope::Store => &mut self.store,
        };
        // Central's clock may have been set back; what was complete then is complete now.
        *at = (*at).max(Some(as_of));
    }

    /// What either knows.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { company: self.company.max(other.company), store: self.store.max(other.store) }
    }

    /// When central said anything last. One part may be long unchanged, and the till started again since.
    pub fn last_heard(&self) -> Option<Timestamp> {
        self.company.max(self.store)
    }

    /// The older of the two, once both are known.
    pub fn as_of(&self) -> Option<Timestamp> {
        Some(self.company?.min(self.store?))
    }
}

/// How old the figures of other stores are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardOfStore {
    /// The store's name.
    pub name: String,
    /// Its newest figure was true then.
    pub as_of: Timestamp,
}

/// What a till has written and central does not hold, as far as the till knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unsent {
    /// How many entries.
    pub count: u64,
    /// When the oldest of them was written, by the till's clock.
    pub oldest_at: Option<Timestamp>,
}

/// The connection to central.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// Never joined to a central.
    NotEnrolled,
    /// Being made.
    Connecting,
    /// Everything flows.
    Live,
    /// Central does not answer.
    Down,
    /// Central refuses this till (its certificate was withdrawn, another store).
    Refused,
}

impl SyncState {
    /// A till that has not tried yet.
    pub const fn unknown(link: Link) -> Self {
        Self {
            link,
            unsent: 0,
            oldest_unsent_at: None,
            fresh: Freshness::NEVER,
            quarantined: 0,
            clock_ahead_ms: None,
            central_is_full: false,
        }
    }
}

/// What sync tells the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncEvent {
    /// Central has sales of this till up to this receipt number: a file that knows of fewer goes on behind them.
    ReceiptsGiven {
        /// The highest.
        last: u64,
    },
    /// A batch of the feed is complete.
    Feed(Box<FeedBatch>),
    /// Central has these entries on disk: per run, the contiguous mark.
    Acknowledged(Vec<JournalMark>),
    /// The connection, or what is to be sent, changed.
    StateChanged(SyncState),
}
