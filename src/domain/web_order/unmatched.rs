//! Lines whose item is no product of ours yet: taken as they came, and held until head office says which product is meant.
//!
//! Such a line is none of [`WebOrder::lines`]: nothing can be promised, picked, packed or handed over for it, and no step
//! of a till can name it. It has its number in the order all the same, and keeps it when it becomes one of them.

use super::{Fulfilment, OrderLine, OrderState, WantedLine, WebOrder};
use crate::domain::ids::ProductId;
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::tax::{TaxCode, Taxed};

/// A line as its sender wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmatchedLine {
    /// Its number in the order, from 1.
    pub line: u32,
    /// What the sender calls it; empty when it says nothing.
    pub name: String,
    /// The GTIN it names.
    pub gtin: Option<String>,
    /// Our own number, as the sender believes it to be.
    pub sellers_number: Option<String>,
    /// The buyer's number.
    pub buyers_number: Option<String>,
    /// How many of the sender's unit.
    pub quantity: Quantity,
    /// The sender's unit: a code of UN/ECE Recommendation 20, or its own word; `None` when it names none.
    pub unit: Option<String>,
    /// For one of the sender's unit, as it was sent.
    pub unit_price: Money,
}

impl UnmatchedLine {
    /// The same item in the same unit: by its identities, or by its name when it has none.
    pub fn is_same_item(&self, other: &Self) -> bool {
        let identities = |line: &Self| (line.gtin.clone(), line.sellers_number.clone(), line.buyers_number.clone());
        let same = identities(self) == identities(other) && self.unit == other.unit;
        same && (identities(self) != (None, None, None) || self.name == other.name)
    }
}

/// What head office says a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemMatch {
    /// The line.
    pub line: u32,
    /// Our product.
    pub product: ProductId,
    /// Its name, for a line that came without one.
    pub name: String,
    /// How many of our unit.
    pub quantity: Quantity,
    /// For one of our unit, to the nearest minor unit.
    pub unit_price: Money,
    /// For all of them, to the minor unit.
    pub amount: Money,
    /// Their part of what the order takes off (below zero) or puts on as a whole.
    pub share: Money,
    /// What of both is taxed at which rate, as in [`OrderLine::taxed`].
    pub taxed: Vec<Taxed>,
    /// Which rate it is taxed at.
    pub tax: TaxCode,
    /// Does it have stock?
    pub stocked: bool,
}

/// Why a line cannot be matched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MatchRefusal {
    /// The order is over: there is nothing to serve any more.
    #[error("it is over: nothing of it is served any more")]
    Over(OrderState),
    /// The order has no such line.
    #[error("it has no line {0}")]
    NoSuchLine(u32),
    /// The line is another product's already.
    #[error("its line {line} is {product} already")]
    OtherProduct {
        /// The line.
        line: u32,
        /// Which product it is.
        product: ProductId,
    },
    /// There is no such product.
    #[error("we sell no {0}: name a product by its article number")]
    ProductUnknown(ProductId),
    /// The line's unit is of another kind than the product's, or makes no whole pieces, or too many.
    #[error("its line {0} is ordered in a unit that {1} is not sold in")]
    UnitUnfit(u32, ProductId),
}

impl WebOrder {
    /// The order once a line that was held is known to be a product: promised from now on, at the price that was sent. The
    /// same match again changes nothing.
    pub fn matched(&self, found: &ItemMatch) -> Result<Self, MatchRefusal> {
        let Some(position) = self.unmatched.iter().position(|held| held.line == found.line) else {
            return match self.line(found.line) {
                Some(line) if line.product == found.product => Ok(self.clone()),
                Some(line) => Err(MatchRefusal::OtherProduct { line: found.line, product: line.product.clone() }),
                None => Err(MatchRefusal::NoSuchLine(found.line)),
            };
        };
        if !self.state.is_unfulfilled() {
            return Err(MatchRefusal::Over(self.state));
        }
        let mut after = self.clone();
        let held = after.unmatched.remove(position);
        let wanted = WantedLine {
            product: found.product.clone(),
            name: if held.name.is_empty() { found.name.clone() } else { held.name },
            quantity: found.quantity,
            unit_price: found.unit_price,
            amount: found.amount,
            share: found.share,
            taxed: found.taxed.clone(),
            tax: found.tax,
            stocked: found.stocked,
        };
        let line = OrderLine::new(held.line, &wanted);
        after.lines.push(line);
        after.lines.sort_by_key(|line| line.line);
        after.settle_change();
        Ok(after)
    }

    /// How many of its items are held, in words for head office and for whoever sent it; nothing when none is.
    pub fn held_words(&self) -> Option<String> {
        match self.unmatched.len() {
            _ if !self.is_held() => None,
            1 => Some("held: 1 item to match".to_owned()),
            items => Some(format!("held: {items} items to match")),
        }
    }

    /// Are items of it held for head office to match, and does anybody still wait for them?
    pub fn is_held(&self) -> bool {
        !self.unmatched.is_empty() && self.state.is_unfulfilled() && self.fulfilment != Fulfilment::Transfer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::specimen::{euros, order, order_line, unmatched_line};
    use crate::domain::web_order::{LineQuantity, OrderStep, WarehouseAct, WarehouseRefusal, plan_warehouse};

    fn held_order() -> WebOrder {
        let mut order = order("W-1", vec![order_line(1, "jacket", 1)]);
        order.unmatched = vec![unmatched_line(2, "blue mug", 3)];
        order
    }

    fn mug() -> ItemMatch {
        ItemMatch {
            line: 2,
            product: "mug".into(),
            name: "Mug".into(),
            quantity: Quantity::units(3),
            unit_price: euros(1000),
            amount: euros(3000),
            share: euros(0),
            taxed: Vec::new(),
            tax: TaxCode('A'),
            stocked: true,
        }
    }

    fn picked(line: u32, units: i64) -> OrderStep {
        OrderStep::Picked { what: LineQuantity { line, quantity: Quantity::units(units) }, bay: None }
    }

    #[test]
    fn a_held_line_is_promised_only_once_it_is_matched() {
        let order = held_order();
        assert!(order.is_held() && order.promised_of(&"mug".into()).is_zero());
        let after = order.matched(&mug()).unwrap();
        assert!(!after.is_held());
        assert_eq!(after.promised_of(&"mug".into()), Quantity::units(3));
        assert_eq!((after.lines[1].line, after.lines[1].name.as_str()), (2, "blue mug"), "its number and text stay");
        assert_eq!(after.matched(&mug()), Ok(after.clone()), "the same again");
        let other = ItemMatch { product: "cup".into(), ..mug() };
        let refused = MatchRefusal::OtherProduct { line: 2, product: "mug".into() };
        assert_eq!(after.matched(&other), Err(refused));
        assert_eq!(order.matched(&ItemMatch { line: 7, ..mug() }), Err(MatchRefusal::NoSuchLine(7)));
    }

    #[test]
    fn an_order_with_a_held_line_is_never_done() {
        let mut order = held_order();
        order.apply(&picked(1, 1));
        assert!(!order.is_fully_picked());
        order.apply(&OrderStep::MadeReady { bay: "B1".into() });
        let lines = vec![LineQuantity { line: 1, quantity: Quantity::ONE }];
        let handed_over = OrderStep::HandedOver {
            lines,
            collector: "Anna".into(),
            proof: crate::domain::web_order::CollectionProof::Code,
        };
        order.apply(&handed_over);
        assert_eq!(order.state, OrderState::PartHandedOver);
        let after = order.matched(&mug()).unwrap();
        assert_eq!((after.state, after.line(2).unwrap().promised()), (OrderState::PartHandedOver, Quantity::units(3)));
    }

    #[test]
    fn ready_ends_when_a_line_comes_to_be_picked() {
        let mut order = held_order();
        order.apply(&picked(1, 1));
        order.apply(&OrderStep::MadeReady { bay: "B1".into() });
        assert_eq!(order.matched(&mug()).unwrap().state, OrderState::Picking);
    }

    #[test]
    fn nothing_is_packed_while_a_line_is_held_and_nothing_matched_when_it_is_over() {
        let mut order = WebOrder { fulfilment: Fulfilment::Delivery, ..held_order() };
        let pick = WarehouseAct::Pick { picker: "ana".into() };
        for step in plan_warehouse(&order, &pick).unwrap() {
            order.apply(&step);
        }
        assert_eq!(plan_warehouse(&order, &WarehouseAct::Pack), Err(WarehouseRefusal::Held { items: 1 }));
        let only_held = WebOrder { lines: Vec::new(), ..held_order() };
        let only_held = WebOrder { fulfilment: Fulfilment::Delivery, ..only_held };
        assert_eq!(plan_warehouse(&only_held, &pick), Err(WarehouseRefusal::Held { items: 1 }));
        order.apply(&OrderStep::Cancelled);
        assert_eq!(order.matched(&mug()), Err(MatchRefusal::Over(OrderState::Cancelled)));
        assert!(!order.is_held());
    }
}
