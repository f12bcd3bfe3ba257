//! The conflict card.

use crate::domain::Timestamp;
use crate::domain::conflict::ConflictKind;
use crate::domain::ids::{OrderNumber, ProductId};
use crate::domain::operator::Permission;
use crate::domain::quantity::Quantity;
use crate::domain::stock::{OtherStoreStock, StockLevel};
use crate::domain::web_order::WebOrder;
use crate::register::intent::CodeAsked;

use super::StoryItem;

/// The conflict card.
#[derive(Clone, Debug, PartialEq)]
pub struct ConflictCard {
    /// Which card it is: an answer names it.
    pub number: u64,
    /// Which line asks.
    pub line: u32,
    /// The product.
    pub product: ProductId,
    /// Its name.
    pub product_name: String,
    /// Which headline.
    pub kind: ConflictKind,
    /// The figures.
    pub level: StockLevel,
    /// All of it in this basket.
    pub in_basket: Quantity,
    /// When the figures were true.
    pub as_of: Option<Timestamp>,
    /// Is central in reach, so that they are true now?
    pub live: bool,
    /// Orders concerned, in promise order.
    pub orders: Vec<WebOrder>,
    /// The rule's choice of the order that falls short.
    pub falls_short: OrderNumber,
    /// How many others fall short with it, where that many units are missing.
    pub also_short: usize,
    /// The last three things that happened to it, newest first.
    pub story: Vec<StoryItem>,
    /// Stores with free units, nearest first.
    pub elsewhere: Vec<OtherStoreStock>,
    /// How much of it leaves the basket when it is taken out: what orders would lack.
    pub line_out: Quantity,
    /// What was scanned first of what waits behind the card: its name, or the code.
    pub scan_waiting: Option<String>,
    /// *Hand over* was chosen for this order and its code is asked for: scan or six characters.
    pub code_asked: Option<CodeAsked>,
    /// Whether whoever is signed in may sell it anyway, or somebody else must agree.
    pub sell_anyway: Permission,
    /// The last answer was refused (wrong code).
    pub refused: Option<ConflictRefusal>,
}

/// Why an answer to the card was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConflictRefusal {
    /// The code is not this order's.
    WrongCode,
    /// The order no longer needs the unit.
    OrderChanged,
    /// The order is for another store: no customer collects it.
    ForAnotherStore,
}
