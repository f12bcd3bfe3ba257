//! The open basket, what its lines wear, and the questions it asks.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::Timestamp;
use crate::domain::basket::Basket;
use crate::domain::ids::{BasketId, OrderNumber};
use crate::domain::money::Money;
use crate::domain::product::Unit;
use crate::domain::quantity::Quantity;
use crate::domain::stock::{OtherStoreStock, StockLevel};

use super::{ProductHit, StoryItem};

/// The open basket, priced.
#[derive(Clone, Debug, PartialEq)]
pub struct BasketView {
    /// Lines and tenders. Shared: a snapshot costs no copy of the lines.
    pub basket: Arc<Basket>,
    /// What each line wears, in the lines' order.
    pub marks: Arc<Vec<LineMark>>,
    /// It costs.
    pub total: Money,
    /// In it (or on top of it).
    pub tax_total: Money,
    /// Pieces.
    pub item_count: i64,
    /// The line last rung or tapped.
    pub selected: Option<u32>,
    /// `n ×` typed before the scan.
    pub quantity_prefix: Option<Quantity>,
    /// What is still to pay after what was given.
    pub remaining: Money,
    /// What the card terminal was asked for and has not answered yet.
    pub at_terminal: Option<Money>,
}

/// What a line wears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineMark {
    /// Nothing.
    None,
    /// Amber strip: the last free one.
    LastFree(OrderRef),
    /// Amber strip: takes a promised unit, and the store shows a strip instead of a card.
    TakesPromised(FallsShort),
    /// Red strip: the card is up for this line.
    Deciding,
    /// Amber strip: sold although this order falls short.
    SoldAnyway(FallsShort),
    /// Grey tag: the books say this much on the shelf.
    Books {
        /// On the shelf, as the books have it.
        shelf: Quantity,
    },
    /// Blue tag: hands over this order.
    HandOver(OrderRef),
    /// Red strip: hands over this order, which has changed since and is not paid for as it stands here.
    OrderChanged(OrderRef),
}

/// An order named in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRef {
    /// Our number.
    pub number: OrderNumber,
    /// First name and initial.
    pub customer_name: String,
    /// Until when.
    pub collect_by: Option<Timestamp>,
}

/// An order that falls short, and how many others fall short with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FallsShort {
    /// The one that is named.
    pub order: OrderRef,
    /// How many others, where that many units are missing.
    pub also_short: usize,
}

/// What a line's panel knows beyond the line itself.
#[derive(Clone, Debug, PartialEq)]
pub struct LinePanel {
    /// Which line.
    pub line: u32,
    /// What the list asks for one unit now; `None` for an open price, and for what has left the catalogue.
    pub list_price: Option<Money>,
    /// Who set price or discount by hand.
    pub changed_by: Option<String>,
    /// Who else agreed to it.
    pub approved_by: Option<String>,
    /// Pieces one scan of its code stands for.
    pub pack: u32,
    /// Figures here; `None` for what has no stock.
    pub stock: Option<LineStock>,
}

/// The stock of a line's product and its story.
#[derive(Clone, Debug, PartialEq)]
pub struct LineStock {
    /// Figures here.
    pub level: StockLevel,
    /// When the figures were true.
    pub as_of: Option<Timestamp>,
    /// Is central in reach, so that they are true now?
    pub live: bool,
    /// What happened to it last, newest first.
    pub story: Vec<StoryItem>,
    /// Stores with free units, nearest first.
    pub elsewhere: Vec<OtherStoreStock>,
}

/// What so much money is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnusualAmount {
    /// Cash that a customer gives.
    Cash {
        /// For so much.
        due: Money,
    },
    /// What the drawer begins with.
    Float,
}

/// A question that must be answered first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The buyer must be this old.
    Age {
        /// Years.
        years: u8,
        /// Born on this day or before.
        born_by: NaiveDate,
        /// For what.
        name: String,
    },
    /// Is it really so much? A point may have been forgotten.
    Amount {
        /// As it was typed.
        amount: Money,
        /// What it is said to be.
        of: UnusualAmount,
    },
    /// An open-price product needs its price.
    OpenPrice {
        /// Its name.
        name: String,
    },
    /// Something weighed or measured was rung up without saying how much.
    HowMuch {
        /// Its name.
        name: String,
        /// Weighed or measured in.
        unit: Unit,
        /// For one unit; `None` when that is asked next.
        unit_price: Option<Money>,
    },
    /// The basket came back with an old copy of the file, and may have been sold after the copy was made.
    MayBeSold {
        /// When its first line was rung.
        begun_at: Timestamp,
    },
    /// A code leads to several products.
    WhichProduct {
        /// Them.
        products: Vec<ProductHit>,
    },
}

/// A basket put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedBasket {
    /// Which.
    pub basket: BasketId,
    /// When.
    pub parked_at: Timestamp,
    /// By whom.
    pub operator_name: String,
    /// Pieces.
    pub item_count: i64,
    /// It comes to.
    pub total: Money,
}
