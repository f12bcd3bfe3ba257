//! The order as a document says it, every value with its place, before anyone has asked whether it makes sense.

use std::ops::Range;

use super::xml::Offset;

/// A value as written, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The text, trimmed.
    pub text: String,
    /// `/Order/ID`.
    pub path: String,
    /// Where its element begins.
    pub at: Offset,
    /// By whose rules it is an identity (`schemeID`), when it says so.
    pub scheme: Option<Box<str>>,
}

impl Value {
    /// An element itself, as a place to tell about.
    pub const fn of_element(path: String, at: Offset) -> Self {
        Self { text: String::new(), path, at, scheme: None }
    }
}

/// Somebody named in the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// Electronic address.
    pub endpoint: Option<Value>,
    /// Identities, in the order written.
    pub identities: Vec<Value>,
    /// The name of the company or person.
    pub name: Option<Value>,
    /// The name in the register of companies: there is one, so it is a company.
    pub registered_name: Option<Value>,
    /// Given name.
    pub first_name: Option<Value>,
    /// Family name.
    pub family_name: Option<Value>,
    /// Whom to ask for.
    pub contact_name: Option<Value>,
    /// Their telephone.
    pub telephone: Option<Value>,
    /// Their address for mail.
    pub email: Option<Value>,
    /// Where they are.
    pub address: DraftAddress,
}

/// An address as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftAddress {
    /// Who is there, beside the names of the party: the place's own name, a department, for whose attention.
    pub names: Vec<Value>,
    /// The street, usually with its number.
    pub street: Option<Value>,
    /// The number, when it stands by itself.
    pub house: Option<Value>,
    /// What else leads there: a second line, a floor, a box.
    pub more: Vec<Value>,
    /// The postal code.
    pub postal_code: Option<Value>,
    /// The town.
    pub city: Option<Value>,
    /// The state or province.
    pub region: Option<Value>,
    /// The country, as a code or in words.
    pub country: Option<Value>,
}

/// An allowance (taken off) or a charge (put on).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowanceCharge {
    /// `true` for a charge.
    pub is_charge: Option<Value>,
    /// How much.
    pub amount: Option<Value>,
    /// How much of what it is on, in percent, when no amount is named.
    pub percent: Option<Value>,
    /// What the percent are of, where that is not what the allowance is on.
    pub base: Option<Value>,
    /// How much for each unit, when neither an amount nor percent are named.
    pub per_unit: Option<Value>,
    /// Of how many units; of those of its line when absent.
    pub units: Option<Value>,
    /// How much on each price: for as many units as the price is for.
    pub per_price: Option<Value>,
    /// The rate it is taxed at, in percent, when it names its own.
    pub tax_percent: Option<Value>,
    /// The tax on it, when it names that.
    pub tax_amount: Option<Value>,
}

/// Where and by when a line goes, where it says so itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineDelivery {
    /// The store of ours it is collected from, named as such.
    pub store: Option<Value>,
    /// Where it goes, named as a location.
    pub location: Option<Value>,
    /// Where it goes, named by its address.
    pub address: Option<Value>,
    /// Who receives it, and where.
    pub receiver: Party,
    /// Wanted until this day.
    pub wanted_until: Option<Value>,
    /// At this time.
    pub wanted_until_time: Option<Value>,
    /// How many deliveries of it the document asks for: the first one is above.
    pub deliveries: usize,
}

/// A line as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftLine {
    /// Where the line begins.
    pub at: Offset,
    /// Its path.
    pub path: String,
    /// The sender's number of the line.
    pub number: Option<Value>,
    /// How many.
    pub quantity: Option<Value>,
    /// Of which unit: a code of UN/ECE Recommendation 20, or the sender's word.
    pub unit: Option<Value>,
    /// What the line costs.
    pub amount: Option<Value>,
    /// For `price_quantity` units.
    pub price: Option<Value>,
    /// How many units the price is for; one when absent.
    pub price_quantity: Option<Value>,
    /// Of which unit those are; of the line's when absent.
    pub price_unit: Option<Value>,
    /// GTIN.
    pub gtin: Option<Value>,
    /// Our own number.
    pub sellers_number: Option<Value>,
    /// The buyer's number.
    pub buyers_number: Option<Value>,
    /// What the sender calls it.
    pub name: Option<Value>,
    /// Tax in percent.
    pub tax_percent: Option<Value>,
    /// Allowances and charges of the line.
    pub allowances: Vec<AllowanceCharge>,
    /// What the sender adds to it in words.
    pub notes: Vec<Value>,
    /// The line says that it is cancelled.
    pub is_cancelled: bool,
    /// Where and by when it goes, where it says so itself.
    pub delivery: Option<Box<LineDelivery>>,
}

impl DraftLine {
    /// Where and by when it goes, to be filled.
    pub fn delivery_mut(&mut self) -> &mut LineDelivery {
        self.delivery.get_or_insert_default()
    }

    /// The same for a value of the delivery the walk is in: nothing but for the first.
    pub fn first_delivery_mut(&mut self) -> Option<&mut LineDelivery> {
        Some(self.delivery_mut()).filter(|delivery| delivery.deliveries <= 1)
    }
}

/// The sums as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftTotals {
    /// Of the lines.
    pub lines: Option<Value>,
    /// Taken off.
    pub allowances: Option<Value>,
    /// Put on.
    pub charges: Option<Value>,
    /// Without tax.
    pub without_tax: Option<Value>,
    /// With tax.
    pub with_tax: Option<Value>,
    /// Paid already.
    pub prepaid: Option<Value>,
    /// The document's own rounding.
    pub rounding: Option<Value>,
    /// To pay.
    pub payable: Option<Value>,
    /// Everything, rounding included, whether paid or to pay.
    pub total: Option<Value>,
    /// The tax.
    pub tax: Option<Value>,
}

/// What a document wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DraftKind {
    /// An order.
    #[default]
    Order,
    /// That an order of before becomes what it says.
    Change,
    /// That an order of before ends.
    Cancellation,
}

/// An order as written; or a change, which says everything the order shall be; or a cancellation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderDraft {
    /// What it wants.
    pub kind: DraftKind,
    /// Where it stands in the document's text, in bytes, when that holds several.
    pub span: Range<usize>,
    /// Its element, which a document that was read always has: where what is missing is told.
    pub element: Option<Value>,
    /// The document's own number, when that is not the order's: a change has one.
    pub document_number: Option<Value>,
    /// Version of the format, as the document says.
    pub version: Option<Value>,
    /// The profile's own identities, repeated in the answer.
    pub customization: Option<Value>,
    /// The profile.
    pub profile: Option<Value>,
    /// The sender's number of the order.
    pub number: Option<Value>,
    /// Placed on this day.
    pub issue_date: Option<Value>,
    /// At this time.
    pub issue_time: Option<Value>,
    /// Currency of the document.
    pub currency: Option<Value>,
    /// Currencies of amounts that say another.
    pub other_currencies: Vec<Value>,
    /// Who buys.
    pub buyer: Party,
    /// Who sells: us.
    pub seller: Party,
    /// The store of ours it is collected from, named as such.
    pub store: Option<Value>,
    /// Where it goes, named as a location: one of our stores, or a place of the customer's whose address stands beside it.
    pub location: Option<Value>,
    /// Where it goes, named by its address: one of our stores, or the customer's door.
    pub address: Option<Value>,
    /// Wanted until this day.
    pub wanted_until: Option<Value>,
    /// At this time.
    pub wanted_until_time: Option<Value>,
    /// Who receives the goods, when it is not the buyer, and where.
    pub receiver: Party,
    /// Allowances and charges of the whole.
    pub allowances: Vec<AllowanceCharge>,
    /// The sums.
    pub totals: DraftTotals,
    /// The sum of the lines may hold shipping and tax as well: senders of the format do not agree.
    pub lines_may_hold_all: bool,
    /// The tax that is named comes on top of the prices: the format says so.
    pub tax_is_on_top: bool,
    /// Whether all is paid, where the document says so in a word, without an amount.
    pub said_paid: Option<bool>,
    /// What the sender adds in words.
    pub notes: Vec<Value>,
    /// The lines.
    pub lines: Vec<DraftLine>,
    /// SHA-256 over every value, so that the same order written otherwise is the same order: [`super::walk`] says what counts.
    pub content: [u8; 32],
}
