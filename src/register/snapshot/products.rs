//! Products: found, on quick keys, and on the stock screen.

use crate::domain::Timestamp;
use crate::domain::feed::StoryLine;
use crate::domain::ids::{OrderNumber, ProductId};
use crate::domain::money::Money;
use crate::domain::product::{PriceKind, Unit};
use crate::domain::quantity::Quantity;
use crate::domain::stock::{OtherStoreStock, StockLevel};
use crate::domain::web_order::Hold;

/// Search results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchResults {
    /// For this text.
    pub text: String,
    /// At most a screenful or two, best first.
    pub hits: Vec<ProductHit>,
}

/// A product found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductHit {
    /// Which.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Its department.
    pub department: String,
    /// For one unit.
    pub price: Money,
    /// Fixed or open.
    pub price_kind: PriceKind,
    /// Counted in.
    pub unit: Unit,
    /// Has stock?
    pub stocked: bool,
    /// Figures here.
    pub level: StockLevel,
    /// Free in other stores, all together.
    pub elsewhere: Quantity,
}

/// One tab of quick keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuickKeyTab {
    /// `Favourites`, or a department; the first tab's name is empty and the window's words apply.
    pub name: String,
    /// The keys.
    pub keys: Vec<QuickKey>,
}

/// One quick key: a product, or several that differ in size or colour only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuickKey {
    /// The product; with several, what they have in common: the shared name, the lowest price.
    pub hit: ProductHit,
    /// Which there are, when there are several.
    pub variants: Vec<ProductHit>,
}

/// What is looked up on the stock screen.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct StockView {
    /// What the search box says: what was typed, or the name of what was scanned.
    pub search: String,
    /// The product that was scanned, when one was.
    pub scanned: Option<ProductId>,
    /// What was found.
    pub rows: Vec<StockRow>,
    /// What is to be counted is looked for: nothing of the books is shown.
    pub choosing: bool,
    /// The one that is being counted, when one is.
    pub count: Option<ShelfCountView>,
}

/// A product that is being counted on its shelf. What the books say lies there is not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShelfCountView {
    /// Which.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Counted in.
    pub unit: Unit,
    /// Where it stands in the shop.
    pub bin: Option<String>,
    /// What lies in bays for orders: it is not on the shelf, and not to be counted.
    pub held: Vec<HeldPlace>,
    /// What lies in baskets of this till: the same.
    pub in_baskets: Quantity,
    /// What was found, when that is not what the books say: it stands, or is counted again.
    pub unexplained: Option<Quantity>,
    /// On which side of the books it is, once it stands: a reason is asked for.
    pub side: Option<CountSide>,
    /// It is counted from the stock screen, which has told what the books say: this count is not blind.
    pub books_seen: bool,
}

/// On which side of what the books say a count is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CountSide {
    /// More lies there.
    Surplus,
    /// Less lies there.
    Loss,
}

impl CountSide {
    /// What was found against what the books say, which is something else.
    pub fn of(found: Quantity, books: Quantity) -> Self {
        if found > books { Self::Surplus } else { Self::Loss }
    }
}

/// Units that lie in a bay for an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldPlace {
    /// Whose.
    pub order: OrderNumber,
    /// How many.
    pub quantity: Quantity,
    /// Where; `None` while they are still in somebody's hands.
    pub bay: Option<String>,
}

/// One product on the stock screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockRow {
    /// Which, and its figures here.
    pub hit: ProductHit,
    /// What happened to it last, newest first.
    pub story: Vec<StoryItem>,
    /// Elsewhere.
    pub elsewhere: Vec<OtherStoreStock>,
    /// When the figures were true.
    pub as_of: Option<Timestamp>,
}

/// One thing that happened to a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoryItem {
    /// Its stock moved.
    Moved(StoryLine),
    /// Units were put aside for a web order, or taken back from it: they are in the books as before, and on the shelf or not.
    Held(Hold),
}

impl StoryItem {
    /// When.
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Moved(line) => line.at,
            Self::Held(hold) => hold.at,
        }
    }
}
