//! Stock: a ledger of movements, and the one formula.

use super::Timestamp;
use super::ids::{EntryId, ProductId};
use super::quantity::Quantity;

/// Why stock changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MovementReason {
    /// Sold over the counter.
    Sale,
    /// Brought back by a customer.
    Return,
    /// Handed over against a web order.
    HandOver,
    /// Came in.
    Receipt,
    /// Went to another store, or came from it.
    Transfer,
    /// Counted, or corrected by hand.
    Adjustment,
    /// The figure the books began with.
    Opening,
    /// Sent to a customer.
    Dispatch,
}

/// One change of a product's stock in the store of the journal it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The entry that caused it.
    pub entry: EntryId,
    /// What moved.
    pub product: ProductId,
    /// How much: below zero when it left.
    pub quantity: Quantity,
    /// Why.
    pub reason: MovementReason,
    /// When.
    pub at: Timestamp,
}

/// The figures of one product in one store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct StockLevel {
    /// The sum of movements. May be below zero.
    pub on_hand: Quantity,
    /// Picked for named orders, in the pick-up bay.
    pub held: Quantity,
    /// In unfulfilled orders, not yet picked.
    pub promised: Quantity,
    /// Kept back by policy.
    pub safety: Quantity,
}

impl StockLevel {
    /// What should stand on the shelf: `on_hand - held`.
    pub fn shelf(&self) -> Quantity {
        self.on_hand - self.held
    }

    /// The only figure a website gets: `on_hand - held - promised - safety`. May be below zero; a website is told zero.
    pub fn free(&self) -> Quantity {
        self.on_hand - self.held - self.promised - self.safety
    }

    /// Free, and never below zero: available to promise.
    pub fn available_to_promise(&self) -> Quantity {
        self.free().max(Quantity::ZERO)
    }
}

/// Another store that has free units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherStoreStock {
    /// Its code.
    pub store: super::ids::StoreId,
    /// Its name.
    pub name: String,
    /// Free units there.
    pub free: Quantity,
    /// From here, in metres.
    pub distance_m: u32,
    /// When the figure was true.
    pub as_of: Timestamp,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn level(on_hand: i64, held: i64, promised: i64, safety: i64) -> StockLevel {
        let [on_hand, held, promised, safety] = [on_hand, held, promised, safety].map(Quantity::units);
        StockLevel { on_hand, held, promised, safety }
    }

    #[test]
    fn the_one_formula() {
        #[rustfmt::skip]
        let table = [
            // on hand, held, promised, safety  shelf  free  told to a website
            (       10,    2,        3,      1,     8,    4,   4),
            (        1,    1,        1,      0,     0,   -1,   0),
            (       -2,    0,        0,      0,    -2,   -2,   0),
            (        0,    0,        0,      0,     0,    0,   0),
            (        5,    0,        0,      5,     5,    0,   0),
        ];
        for (on_hand, held, promised, safety, shelf, free, told) in table {
            let level = level(on_hand, held, promised, safety);
            let expected = [shelf, free, told].map(Quantity::units);
            assert_eq!([level.shelf(), level.free(), level.available_to_promise()], expected, "{level:?}");
        }
    }

    proptest! {
        #[test]
        fn a_website_is_never_promised_more_than_is_free(
            on_hand in any::<i64>(), held in 0..i64::MAX, promised in 0..i64::MAX, safety in 0..i64::MAX,
        ) {
            let [on_hand, held, promised, safety] =
                [on_hand, held, promised, safety].map(Quantity::from_thousandths);
            let told = StockLevel { on_hand, held, promised, safety }.available_to_promise();
            prop_assert!(!told.is_negative() && told <= on_hand.max(Quantity::ZERO));
        }
    }
}
