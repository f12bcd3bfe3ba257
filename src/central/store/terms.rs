//! Customers' terms: prices and credit notes, in and out of the store.

use super::ChannelRecord;
use crate::domain::Timestamp;
use crate::domain::credit::Holder;
use crate::domain::customer::Customer;
use crate::domain::ids::{CreditId, CustomerId, PriceGroup, ProductId};
use crate::domain::money::Money;
use crate::domain::price::PriceRule;
use crate::domain::product::Product;

/// Who buys, of orders that a channel brings, and the channel itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buyers {
    /// The channel; absent when there is none of the name.
    pub channel: Option<ChannelRecord>,
    /// For each order asked about the customer that buys, where that is known.
    pub customers: Vec<Option<Customer>>,
}

/// An identity of a customer that is another's already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityTaken {
    /// Which of the customers that were saved, from 0.
    pub place: usize,
    /// The identity.
    pub identity: String,
    /// Whose it is.
    pub owner: CustomerId,
}

/// Whose a price rule is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PriceHolder {
    /// One customer's: a contract.
    Customer(CustomerId),
    /// A group's.
    Group(PriceGroup),
    /// Everyone's.
    Everyone,
}

/// A price rule of a product. Another with the same holder, product, minimum and beginning takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRecord {
    /// Whose.
    pub holder: PriceHolder,
    /// Of what.
    pub product: ProductId,
    /// The rule.
    pub rule: PriceRule,
}

/// A product with the rules that may count for a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedProduct {
    /// As it is sold.
    pub product: Product,
    /// The customer's rules, its group's and everyone's.
    pub rules: Vec<PriceRule>,
}

/// A credit note that head office brings in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditImport {
    /// Its number.
    pub credit: CreditId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What it is worth.
    pub amount: Money,
    /// When it was given out; when nobody says: now, or as it was.
    pub issued_at: Option<Timestamp>,
    /// Until when it can be held.
    pub expiry: CreditExpiry,
}

/// Until when a credit note can be held, as a file says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditExpiry {
    /// Nobody says: for ever, or as it was.
    Unsaid,
    /// For ever.
    Never,
    /// Until then.
    At(Timestamp),
}

/// What a caller does to a credit note.
#[derive(Clone, Debug)]
pub struct CreditAct {
    /// Which note.
    pub credit: CreditId,
    /// Whose notes the caller may touch; all when absent. Another customer's does not exist for it.
    pub customer: Option<CustomerId>,
    /// Who does it.
    pub holder: Holder,
    /// What.
    pub step: CreditStep,
}

/// Holding a note, or ending a hold.
#[derive(Clone, Debug)]
pub enum CreditStep {
    /// Holds it until then.
    Hold {
        /// Until when.
        until: Timestamp,
    },
    /// Ends the hold.
    End(crate::domain::credit::HoldEnd),
}
