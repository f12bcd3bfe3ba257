//! The conflict rule: what selling a product does to the web orders that hold or need it.

mod passing;

pub use passing::{PassedOn, Served, case_passed_on, plan_passing, served};

use super::Timestamp;
use super::ids::{BasketId, CaseId, OrderNumber, ProductId, StoreId};
use super::quantity::Quantity;
use super::stock::{OtherStoreStock, StockLevel};
use super::web_order::{OrderState, WebOrder};

/// How much a line matters to web orders, gentlest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConflictLevel {
    /// Enough is left for every order.
    None,
    /// More in the basket than the books have, and no order holds or needs any.
    Books,
    /// Exactly what is promised is left.
    Last,
    /// The sale takes a promised unit: the card comes up.
    Conflict(ConflictKind),
}

/// Which of the two conflicts it is; the card's headline says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConflictKind {
    /// "This one is promised to a web order".
    Promised,
    /// "The books have none left, and web orders need it".
    BooksEmpty,
}

/// The level of one product: `basket` is all of it in the basket, `level` the store's figures without the basket.
/// The table in the product description, "Selling what the books say is not there", row by row.
pub fn judge(level: &StockLevel, basket: Quantity) -> ConflictLevel {
    if !basket.is_positive() {
        return ConflictLevel::None;
    }
    let shelf = level.shelf();
    let left = shelf - basket;
    let orders_concerned = level.held.is_positive() || level.promised.is_positive();
    if basket > shelf {
        return if orders_concerned { ConflictLevel::Conflict(ConflictKind::BooksEmpty) } else { ConflictLevel::Books };
    }
    if level.promised.is_positive() && left < level.promised {
        return ConflictLevel::Conflict(ConflictKind::Promised);
    }
    if level.promised.is_positive() && left == level.promised {
        return ConflictLevel::Last;
    }
    ConflictLevel::None
}

/// The orders a product concerns, in promise order: earliest collect-by first, then earliest placed. A cancelled order
/// waits for nothing, whatever of it still lies in a bay.
pub fn orders_concerned<'a>(orders: &'a [WebOrder], product: &ProductId) -> Vec<&'a WebOrder> {
    let concerns = |o: &&WebOrder| o.held_of(product).is_positive() || o.promised_of(product).is_positive();
    let mut concerned: Vec<&WebOrder> = orders.iter().filter(|o| o.state.is_unfulfilled()).filter(concerns).collect();
    concerned.sort_by_key(|o| (o.collect_by.is_none(), o.collect_by, o.ordered_at, o.number.clone()));
    concerned
}

/// The order that falls short when the unit is sold anyway: not yet picked first, then the latest promise first, and one
/// that is ready only when there is nothing else.
pub fn order_falling_short<'a>(orders: &'a [WebOrder], product: &ProductId) -> Option<&'a WebOrder> {
    first_to_fall_short(orders_concerned(orders, product), product)
}

/// How many orders fall short when so many units are missing: the one that [`order_falling_short`] names, and behind it as many
/// as it takes.
pub fn count_falling_short(orders: &[WebOrder], product: &ProductId, missing: Quantity) -> usize {
    let mut concerned = orders_concerned(orders, product);
    concerned.sort_by_key(|order| std::cmp::Reverse(falling_short_key(order, product)));
    let mut left = missing;
    let falls_short = |order: &&&WebOrder| {
        let is_short = left.is_positive();
        left = left - order.promised_of(product) - order.held_of(product);
        is_short
    };
    concerned.iter().take_while(falls_short).count()
}

/// Of orders in promise order, the one that [`order_falling_short`] names.
fn first_to_fall_short<'a>(concerned: Vec<&'a WebOrder>, product: &ProductId) -> Option<&'a WebOrder> {
    concerned.into_iter().max_by_key(|order| falling_short_key(order, product))
}

/// The greatest falls short first.
fn falling_short_key(order: &WebOrder, product: &ProductId) -> (bool, bool, bool, Option<Timestamp>, Timestamp) {
    let picked = order.promised_of(product).is_zero();
    let ready = order.state == OrderState::Ready;
    (!ready, !picked, order.collect_by.is_none(), order.collect_by, order.ordered_at)
}

/// What the facts were when a card was answered: it comes up again only when they get worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConflictFacts {
    /// The kind of conflict.
    pub kind: ConflictKind,
    /// The figures.
    pub level: StockLevel,
    /// All of it in the basket.
    pub basket: Quantity,
}

impl ConflictFacts {
    /// How many units orders will lack if this basket is sold: never more than they hold and need.
    pub fn missing(&self) -> Quantity {
        let left = self.level.shelf() - self.basket;
        (self.level.promised - left).min(self.level.promised + self.level.held).max(Quantity::ZERO)
    }

    /// How much must leave the basket so that no order lacks any: no more than is in it.
    pub fn endangered(&self) -> Quantity {
        let spare = (self.level.shelf() - self.level.promised).max(Quantity::ZERO);
        (self.basket - spare).max(Quantity::ZERO).min(self.basket)
    }

    /// Worse than when the card was answered: more units missing, or the books turned out empty.
    pub fn is_worse_than(&self, answered: &Self) -> bool {
        self.missing() > answered.missing() || self.kind > answered.kind
    }
}

/// What the cashier decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConflictAnswer {
    /// The customer in front is the web customer.
    HandOver {
        /// Whose order.
        order: OrderNumber,
    },
    /// The sale stands.
    SellAnyway {
        /// The order that falls short.
        order: OrderNumber,
    },
    /// The unit goes to the order.
    Keep {
        /// Whose order.
        order: OrderNumber,
        /// Which of its lines.
        line: u32,
        /// How many.
        quantity: Quantity,
        /// Where it lies now.
        bay: String,
    },
    /// The customer gets one from elsewhere.
    FindAnother {
        /// From which store.
        store: StoreId,
    },
    /// The line was taken out instead of answering.
    LineOut,
}

/// The record of one answer: an entry in the journal, and at central the beginning of a conflict case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictDecision {
    /// The case this opens (*sell anyway*) or the identity it would have had.
    pub case: CaseId,
    /// In which basket.
    pub basket: BasketId,
    /// What was about to be sold.
    pub product: ProductId,
    /// The facts the cashier saw.
    pub facts: ConflictFacts,
    /// The orders the card named.
    pub orders: Vec<OrderNumber>,
    /// Decided.
    pub answer: ConflictAnswer,
}

/// Where a conflict case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaseState {
    /// Nobody has looked at it.
    Open,
    /// Another store or delivery serves the order, or the unit that another order was to have.
    ReSourced,
    /// The customer has been asked.
    AwaitingDecision,
    /// The customer waits for new stock.
    BackOrdered,
    /// The customer takes something else.
    Substituted,
    /// The money went back.
    CancelledAndRefunded,
    /// The unit was there after all.
    FalseAlarm,
}

/// A conflict case as tills show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictCase {
    /// Its identity.
    pub case: CaseId,
    /// What is missing.
    pub product: ProductId,
    /// Whose order.
    pub order: OrderNumber,
    /// How many.
    pub quantity: Quantity,
    /// Where it stands.
    pub state: CaseState,
    /// Since when.
    pub opened_at: Timestamp,
    /// By when somebody must have decided.
    pub due_at: Timestamp,
}

/// How long a case may wait for someone, unless the customer comes earlier.
pub const CASE_CLOCK: chrono::TimeDelta = chrono::TimeDelta::hours(24);

/// By when a case opened at `opened_at` must be decided: before the customer comes, and within [`CASE_CLOCK`].
pub fn case_due(opened_at: Timestamp, collect_by: Option<Timestamp>) -> Timestamp {
    let clock = opened_at + CASE_CLOCK;
    collect_by.filter(|by| *by > opened_at).map_or(clock, |by| by.min(clock))
}

/// The store proposed to serve a case: the nearest with enough free. `elsewhere` is nearest first, as central tells it.
pub fn propose(elsewhere: &[OtherStoreStock], quantity: Quantity) -> Option<&OtherStoreStock> {
    elsewhere.iter().find(|other| other.free >= quantity)
}

#[cfg(test)]
mod tests;
