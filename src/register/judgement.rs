//! What the conflict rule says about each product in the basket, kept between changes so that a scan judges one product.

use std::collections::HashMap;
use std::sync::Arc;

use crate::database::{DatabaseError, View};
use crate::domain::basket::Basket;
use crate::domain::conflict::{
    ConflictFacts, ConflictKind, ConflictLevel, count_falling_short, judge, order_falling_short, orders_concerned,
};
use crate::domain::ids::ProductId;
use crate::domain::quantity::Quantity;
use crate::domain::settings::PromisedAlert;
use crate::domain::stock::StockLevel;
use crate::domain::web_order::WebOrder;

use super::snapshot::{FallsShort, LineMark, OrderRef};

/// One product judged.
#[derive(Clone, Debug)]
pub(super) struct Judgement {
    /// The figures without the basket.
    pub level: StockLevel,
    /// All of it in the basket.
    pub in_basket: Quantity,
    /// Orders that hold or need it, in promise order.
    pub orders: Vec<WebOrder>,
    /// The rule's answer.
    pub verdict: ConflictLevel,
}

impl Judgement {
    /// The facts a card would show; `None` unless it is a conflict.
    pub fn facts(&self) -> Option<ConflictFacts> {
        match self.verdict {
            ConflictLevel::Conflict(kind) => Some(ConflictFacts { kind, level: self.level, basket: self.in_basket }),
            _ => None,
        }
    }

    /// Does this interrupt, given what the store wants and what was already answered?
    pub fn interrupts(&self, product: &ProductId, basket: &Basket, alert: PromisedAlert) -> bool {
        let Some(facts) = self.facts() else { return false };
        if facts.kind == ConflictKind::Promised && alert == PromisedAlert::Strip {
            return false;
        }
        let answered = basket.answered.iter().rev().find(|a| a.product == *product);
        answered.is_none_or(|a| facts.is_worse_than(&a.facts))
    }

    /// What a line of this product wears, cards apart.
    pub fn mark(&self, product: &ProductId, basket: &Basket) -> LineMark {
        match self.verdict {
            ConflictLevel::None => LineMark::None,
            ConflictLevel::Books => LineMark::Books { shelf: self.level.shelf() },
            ConflictLevel::Last => self.next_promise(product).map_or(LineMark::None, LineMark::LastFree),
            ConflictLevel::Conflict(_) => {
                let answered = basket.answered.iter().rev().find(|a| a.product == *product);
                let short = answered.and_then(|a| a.short.as_ref());
                let sold = short.and_then(|number| self.orders.iter().find(|o| o.number == *number));
                let also_short = self.count_also_short(product);
                let falls_short = |order| FallsShort { order: OrderRef::of(order), also_short };
                match sold {
                    Some(order) => LineMark::SoldAnyway(falls_short(order)),
                    None => order_falling_short(&self.orders, product)
                        .map_or(LineMark::None, |order| LineMark::TakesPromised(falls_short(order))),
                }
            }
        }
    }

    /// How many orders fall short with the one that is named, where that many units are missing.
    pub fn count_also_short(&self, product: &ProductId) -> usize {
        let missing = self.facts().map_or(Quantity::ZERO, |facts| facts.missing());
        count_falling_short(&self.orders, product, missing).saturating_sub(1)
    }

    /// The order the next unit is promised to: the first in promise order that still needs one.
    fn next_promise(&self, product: &ProductId) -> Option<OrderRef> {
        self.orders.iter().find(|o| o.promised_of(product).is_positive()).map(OrderRef::of)
    }
}

impl OrderRef {
    /// Names an order.
    pub fn of(order: &WebOrder) -> Self {
        Self { number: order.number.clone(), customer_name: order.customer_name.clone(), collect_by: order.collect_by }
    }
}

/// Every product of the basket, judged.
#[derive(Debug, Default)]
pub(super) struct Judgements {
    by_product: HashMap<ProductId, Judgement>,
    /// The basket they were last made of as a whole, and how much had been written to the file by then.
    whole: Option<(Arc<Basket>, u64)>,
}

impl Judgements {
    /// The judgement of a product.
    pub fn of(&self, product: &ProductId) -> Option<&Judgement> {
        self.by_product.get(product)
    }

    /// Judges one product afresh from local data only.
    pub fn refresh(&mut self, database: View<'_>, basket: &Basket, product: &ProductId) -> Result<(), DatabaseError> {
        let in_basket = basket.quantity_of(product);
        if !in_basket.is_positive() {
            self.by_product.remove(product);
            return Ok(());
        }
        let level = database.stock_level(product)?;
        let orders = if level.held.is_positive() || level.promised.is_positive() {
            let all = database.orders_concerning(product)?;
            orders_concerned(&all, product).into_iter().cloned().collect()
        } else {
            Vec::new()
        };
        let verdict = match judge(&level, in_basket) {
            // Held for a cancelled order alone: nobody waits for it.
            ConflictLevel::Conflict(_) if orders.is_empty() => ConflictLevel::Books,
            verdict => verdict,
        };
        self.by_product.insert(product.clone(), Judgement { level, in_basket, orders, verdict });
        Ok(())
    }

    /// Judges everything in the basket afresh, unless neither it nor the file has changed since it was done last (money is
    /// taken a moment after the pay screen came up). `changes` is [`crate::database::Database::changes`].
    pub fn refresh_all(&mut self, database: View<'_>, changes: u64, basket: &Arc<Basket>) -> Result<(), DatabaseError> {
        let same = |(of, at): &(Arc<Basket>, u64)| Arc::ptr_eq(of, basket) && *at == changes;
        if self.whole.as_ref().is_some_and(same) {
            return Ok(());
        }
        self.clear();
        for product in basket.products() {
            self.refresh(database, basket, &product)?;
        }
        self.whole = Some((basket.clone(), changes));
        Ok(())
    }

    /// The products of which the basket has more than the books have on the shelf: the books are wrong about them.
    pub fn list_sold_from_empty_shelf(&self) -> Vec<ProductId> {
        let wrong = |judgement: &Judgement| judgement.in_basket > judgement.level.shelf();
        let mut products: Vec<ProductId> =
            self.by_product.iter().filter(|(_, j)| wrong(j)).map(|(product, _)| product.clone()).collect();
        products.sort_unstable();
        products
    }

    /// Nothing is in the basket any more.
    pub fn clear(&mut self) {
        self.whole = None;
        self.by_product.clear();
    }

    /// The first product, in the basket's order, whose conflict must be answered now.
    pub fn first_interrupting(&self, basket: &Basket, alert: PromisedAlert) -> Option<ProductId> {
        basket
            .products()
            .into_iter()
            .find(|product| self.of(product).is_some_and(|j| j.interrupts(product, basket, alert)))
    }
}
