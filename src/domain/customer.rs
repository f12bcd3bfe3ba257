//! Customers with terms of their own: whose prices and credit notes are asked for.

use super::ids::{CustomerId, PriceGroup};

/// A customer as head office names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Its number.
    pub id: CustomerId,
    /// Its name.
    pub name: String,
    /// Whose prices it shares, when it shares any.
    pub group: Option<PriceGroup>,
    /// What documents call it beside its number: a GLN, a DUNS number, the number of its own system.
    pub identities: Vec<String>,
}
