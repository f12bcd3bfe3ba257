//! What a customer pays for one of a product, and which rule gave it.
//!
//! Precedence, first to last: the customer's own *contract*, its *group*'s price, the *quantity break* that is everyone's,
//! the *list* price. Precedence counts more than what is cheaper: a contract is a contract. Within one kind the highest
//! minimum quantity that is reached counts, then the rule that began last, then the lower price. A rule counts from its
//! beginning up to, and not at, its end.

use rust_decimal::Decimal;

use super::Timestamp;
use super::money::Money;
use super::quantity::Quantity;

/// Whose a price is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PriceBasis {
    /// One customer's.
    Contract,
    /// A group of customers'.
    Group,
    /// Everyone's who takes enough.
    QuantityBreak,
}

/// What a rule says of the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RulePrice {
    /// This for one.
    Amount(Money),
    /// So many percent less than the list price, from 0 to 100.
    PercentOff(Decimal),
}

/// A price that is not the list's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRule {
    /// Whose it is.
    pub basis: PriceBasis,
    /// From how many on.
    pub minimum: Quantity,
    /// The price.
    pub price: RulePrice,
    /// Since when; `None` for ever.
    pub valid_from: Option<Timestamp>,
    /// Until when, that instant not included; `None` for ever.
    pub valid_until: Option<Timestamp>,
}

/// The price of one, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// For one.
    pub unit_price: Money,
    /// The rule's kind; `None` for the list.
    pub basis: Option<PriceBasis>,
    /// From how many on it counts; zero for the list.
    pub minimum: Quantity,
    /// The first instant at which a rule for this quantity begins or ends: until then it is good.
    pub valid_until: Option<Timestamp>,
}

/// The price for so many at an instant. `rules` are those of the customer, its group and everyone for the product. A rule
/// in another currency than the list's, or with a price beyond what an amount may be, is none.
pub fn quote(list: Money, rules: &[PriceRule], quantity: Quantity, at: Timestamp) -> Quote {
    let reached = || rules.iter().filter(|rule| rule.minimum <= quantity);
    let begun = |rule: &&PriceRule| rule.valid_from.is_none_or(|from| from <= at);
    let open = |rule: &&PriceRule| rule.valid_until.is_none_or(|until| at < until);
    let best = reached().filter(begun).filter(open).filter_map(|rule| Some((rule, price_of(rule, list)?))).min_by_key(
        |(rule, price)| {
            use std::cmp::Reverse;
            (rule.basis, Reverse(rule.minimum), Reverse(rule.valid_from), price.minor())
        },
    );
    let moments = reached().flat_map(|rule| [rule.valid_from, rule.valid_until]).flatten();
    let valid_until = moments.filter(|moment| *moment > at).min();
    match best {
        Some((rule, unit_price)) => Quote { unit_price, basis: Some(rule.basis), minimum: rule.minimum, valid_until },
        None => Quote { unit_price: list, basis: None, minimum: Quantity::ZERO, valid_until },
    }
}

fn price_of(rule: &PriceRule, list: Money) -> Option<Money> {
    match rule.price {
        RulePrice::Amount(amount) => (amount.currency() == list.currency()).then_some(amount),
        RulePrice::PercentOff(percent) => {
            let factor = (Decimal::ONE_HUNDRED - percent) / Decimal::ONE_HUNDRED;
            Money::from_decimal(list.to_decimal().checked_mul(factor)?, list.currency())
        }
    }
}

#[cfg(test)]
mod tests;
