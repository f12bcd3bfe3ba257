//! Products: what is sold, and the codes that lead to it.

use super::ids::ProductId;
use super::money::Money;
use super::tax::TaxCode;

/// How a product is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Pieces.
    Each,
    /// Kilograms, to the gram.
    Kilogram,
    /// Metres, to the millimetre.
    Metre,
    /// Litres, to the millilitre.
    Litre,
    /// Hours of service.
    Hour,
}

/// How a product's price is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PriceKind {
    /// The list says.
    Fixed,
    /// The cashier types it each time (alterations, repairs).
    Open,
}

/// A thing that is sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The company's article number.
    pub id: ProductId,
    /// As on the receipt and on screen.
    pub name: String,
    /// Per unit; zero for [`PriceKind::Open`].
    pub price: Money,
    /// Fixed or open.
    pub price_kind: PriceKind,
    /// Which rate its price is taxed at.
    pub tax: TaxCode,
    /// Department, for tabs and reports.
    pub department: String,
    /// How it is counted.
    pub unit: Unit,
    /// The age a buyer must have, in years.
    pub age_limit: Option<u8>,
    /// The name its variants share (`Merino crew`), when it is one of several.
    pub variant_of: Option<String>,
    /// Where it stands in the shop: `A-03`.
    pub bin: Option<String>,
    /// Does it have stock? Services and bags at no charge do not.
    pub stocked: bool,
    /// Position among the quick keys, when it has one.
    pub quick_key: Option<u16>,
    /// Not sold any more: known until no open order names it, so that whoever ordered it can have it.
    pub withdrawn: bool,
}

/// A code that leads to a product: `key` as `barcode` makes look-up keys, and how many units one scan is (a pack of six).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Barcode {
    /// GTIN-14 digits, or the text as it stands on the label.
    pub key: String,
    /// The product.
    pub product: ProductId,
    /// Units one scan stands for.
    pub pack: u32,
}
