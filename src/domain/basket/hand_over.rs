//! The web orders a basket hands over: what their lines cost, and whether that still holds against what the orders are now.
//! A customer who has paid online meanwhile, or whose order was changed, cancelled or handed over elsewhere, is never
//! charged for what the basket still says.

use super::{Basket, BasketLine};
use crate::domain::ids::OrderNumber;
use crate::domain::money::{self, Money};
use crate::domain::tax::{Taxed, prices_hold_tax};
use crate::domain::web_order::{LineDue, LineQuantity, WebOrder, worth};

/// The order a line hands over instead of selling from the shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOverLine {
    /// Whose.
    pub order: OrderNumber,
    /// Which of its lines.
    pub line: u32,
    /// The part of these units in what the order takes off (below zero) or puts on as a whole; `None` when it does neither.
    pub share: Option<Money>,
    /// What of these units is taxed at which rate, the goods' own first, before any discount given here; nothing where the
    /// order's sender does not say so.
    pub taxed: Vec<Taxed>,
    /// What of the money received before is used for them; `None` for nothing. With the tax where it is named.
    pub prepaid: Option<Money>,
    /// What was received for the whole order and may be used for those of its lines that are in the basket; the same on each
    /// of them. `None` in a basket saved before this was noted: what is used is all there is.
    pub received: Option<Money>,
}

impl HandOverLine {
    /// These units of an order.
    pub fn of(order: &OrderNumber, due: &LineDue) -> Self {
        let some = |money: Money| Some(money).filter(|money| !money.is_zero());
        Self {
            order: order.clone(),
            line: due.line,
            share: some(due.share),
            taxed: due.taxed.clone(),
            prepaid: some(due.prepaid),
            received: some(due.received),
        }
    }

    /// Are the prices of these units, which cost so much, counted with the tax that is named for them?
    fn holds_tax(&self, amount: Money) -> bool {
        let share = self.share.unwrap_or(Money::zero(amount.currency()));
        prices_hold_tax(&self.taxed, amount + share)
    }

    /// Their tax after a discount on the goods.
    fn taxed_after(&self, amount: Money, off: Option<Money>) -> Vec<Taxed> {
        let hold_tax = self.holds_tax(amount);
        let mut taxed = self.taxed.clone();
        if let (Some(goods), Some(off)) = (taxed.first_mut(), off) {
            *goods = goods.at_price(hold_tax, goods.priced(hold_tax) - off);
        }
        taxed
    }
}

impl BasketLine {
    /// After discount, with what its order takes off or puts on, and with the tax its order names: what the line is worth,
    /// whoever has paid it.
    fn worth(&self) -> Money {
        let Some(hand_over) = &self.hand_over else { return self.after_discount() };
        let share = hand_over.share.unwrap_or(Money::zero(self.amount.currency()));
        let off = self.discount.as_ref().map(|discount| discount.amount);
        worth(self.after_discount(), share, &hand_over.taxed_after(self.amount, off))
    }

    /// What the customer pays for the line by the rates its order names: after discount, less what was received before.
    /// Nothing for a line that is taxed by the store's rates.
    pub fn taxed_to_pay(&self) -> Vec<Taxed> {
        let Some(hand_over) = &self.hand_over else { return Vec::new() };
        let mut taxed = hand_over.taxed_after(self.amount, self.discount.as_ref().map(|discount| discount.amount));
        if let Some(prepaid) = hand_over.prepaid {
            let gross: Vec<i64> = taxed.iter().map(|one| one.gross().minor()).collect();
            let left = (self.worth() - prepaid).max(Money::zero(prepaid.currency()));
            for (one, rest) in taxed.iter_mut().zip(left.allocate(&gross)) {
                *one = one.at_price(true, rest);
            }
        }
        // The goods keep their row, also when nothing is left to pay.
        let mut first = true;
        taxed.retain(|one| std::mem::take(&mut first) || !(one.net.is_zero() && one.tax.is_zero()));
        taxed
    }

    /// What the customer pays for the line: after discount, with its part of what its order takes off or puts on, less what
    /// was received before (without the tax in a net-priced shop).
    pub fn to_pay(&self) -> Money {
        let Some(hand_over) = &self.hand_over else { return self.after_discount() };
        if hand_over.taxed.is_empty() {
            return hand_over.prepaid.map_or(self.worth(), |prepaid| self.worth() - prepaid);
        }
        let hold_tax = hand_over.holds_tax(self.amount);
        money::sum(self.amount.currency(), self.taxed_to_pay().iter().map(|one| one.priced(hold_tax)))
    }

    /// What was received for the line before, counted as its prices are: without the tax in a net-priced shop.
    pub fn prepaid(&self) -> Option<Money> {
        let hand_over = self.hand_over.as_ref()?;
        hand_over.prepaid?;
        let share = hand_over.share.unwrap_or(Money::zero(self.amount.currency()));
        Some(self.after_discount() + share - self.to_pay()).filter(|prepaid| !prepaid.is_zero())
    }
}

impl Basket {
    /// The orders among the lines, each once.
    pub fn orders(&self) -> Vec<&OrderNumber> {
        let mut orders: Vec<&OrderNumber> = Vec::new();
        for hand_over in self.lines.iter().filter_map(|line| line.hand_over.as_ref()) {
            if !orders.contains(&&hand_over.order) {
                orders.push(&hand_over.order);
            }
        }
        orders
    }

    /// The numbers of the lines that hand over an order.
    pub fn lines_of_order(&self, order: &OrderNumber) -> Vec<u32> {
        self.lines_handing_over(order).map(|line| line.line).collect()
    }

    /// Would this order be put into the basket today as it stands there: still owed, still to be paid, for the same money?
    pub fn is_as_owed(&self, order: &WebOrder) -> bool {
        let lines: Vec<(&BasketLine, &HandOverLine)> =
            self.lines_handing_over(&order.number).filter_map(|line| Some((line, line.hand_over.as_ref()?))).collect();
        let still_owed = |(line, hand_over): &(&BasketLine, &HandOverLine)| {
            let owed = order.line(hand_over.line);
            owed.is_some_and(|owed| owed.product == line.product && line.quantity <= owed.outstanding())
        };
        if order.paid || !order.state.is_unfulfilled() || !lines.iter().all(still_owed) {
            return false;
        }
        let taken = lines.iter().map(|(line, to)| LineQuantity { line: to.line, quantity: line.quantity });
        let Some(due) = order.due_of(&taken.collect::<Vec<_>>()) else { return false };
        let nothing = Money::zero(self.currency);
        let same = |(due, (line, to)): (&LineDue, &(&BasketLine, &HandOverLine))| {
            due.amount == line.amount && due.share == to.share.unwrap_or(nothing) && due.taxed == to.taxed
        };
        // A discount given here leaves less to use what was received before for.
        let worth = self.worth_of(&order.number);
        let received = money::sum(self.currency, due.iter().map(|due| due.prepaid)).min(worth);
        let used = money::sum(self.currency, lines.iter().filter_map(|(_, to)| to.prepaid));
        due.iter().zip(&lines).all(same) && received == used
    }

    /// What was received for an order and may be used for its lines here.
    pub(super) fn received_for(&self, order: &OrderNumber) -> Money {
        let noted = self.lines_handing_over(order).find_map(|line| line.hand_over.as_ref()?.received);
        let used = self.lines_handing_over(order).filter_map(|line| line.hand_over.as_ref()?.prepaid);
        noted.unwrap_or_else(|| money::sum(self.currency, used))
    }

    /// Uses what was received for an order for its lines as they are now: what one of them needs no more is the others'.
    pub(super) fn spread_received(&mut self, order: &OrderNumber, received: Money) {
        let worth: Vec<i64> = self.lines_handing_over(order).map(|line| line.worth().minor()).collect();
        let parts = received.min(self.worth_of(order)).allocate(&worth);
        let some = |money: Money| Some(money).filter(|money| !money.is_zero());
        let of_order = self.lines.iter_mut().filter_map(|line| line.hand_over.as_mut().filter(|to| to.order == *order));
        for (hand_over, part) in of_order.zip(parts) {
            (hand_over.prepaid, hand_over.received) = (some(part), some(received));
        }
    }

    /// Spreads what was received anew once a line's discount has changed; `false` when the discount cannot be: more would be
    /// off than the line costs, or than is still to be paid. What was received before stays received.
    pub(super) fn settle_discount(&mut self, line: u32, order: &OrderNumber) -> bool {
        let nothing = Money::zero(self.currency);
        let received = self.received_for(order);
        let in_full = self.lines_handing_over(order).map(|line| BasketLine { discount: None, ..line.clone() }.worth());
        let needed = received.min(money::sum(self.currency, in_full));
        let is_below_nothing = self.line(line).is_some_and(|line| line.worth() < nothing);
        if is_below_nothing || self.worth_of(order) < needed {
            return false;
        }
        self.spread_received(order, received);
        true
    }

    /// What the lines of an order are worth here, nothing at least.
    fn worth_of(&self, order: &OrderNumber) -> Money {
        let worth = money::sum(self.currency, self.lines_handing_over(order).map(BasketLine::worth));
        worth.max(Money::zero(self.currency))
    }

    fn lines_handing_over(&self, order: &OrderNumber) -> impl Iterator<Item = &BasketLine> {
        self.lines.iter().filter(move |line| line.hand_over.as_ref().is_some_and(|hand_over| hand_over.order == *order))
    }
}

/// What the lines of a sale took for an order, and what it owed for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenFor {
    /// As the order had it when they were put into the basket: before what was taken off at the till.
    pub in_full: Money,
    /// After that.
    pub taken: Money,
    /// As the order owed when they were handed over.
    pub owed: Money,
}

impl TakenFor {
    /// What was taken beyond what was owed; below zero for less. What was taken off at the till was taken off by somebody
    /// who may.
    pub fn beyond(&self) -> Money {
        self.in_full - self.owed
    }
}

/// What the lines of a sale took for an order, held against what it owed when they were handed over. What was handed over
/// beyond what was outstanding is left out: that is another matter. `None` when the two cannot be compared.
pub fn taken_for(lines: &[BasketLine], order: &WebOrder) -> Option<TakenFor> {
    let handed_over: Vec<(&BasketLine, &HandOverLine)> = lines
        .iter()
        .filter_map(|line| Some((line, line.hand_over.as_ref().filter(|to| to.order == order.number)?)))
        .filter(|(line, to)| order.line(to.line).is_some_and(|owed| line.quantity <= owed.outstanding()))
        .collect();
    let currency = handed_over.first()?.0.amount.currency();
    if order.currency()? != currency {
        return None;
    }
    let quantities = handed_over.iter().map(|(line, to)| LineQuantity { line: to.line, quantity: line.quantity });
    let due = order.due_of(&quantities.collect::<Vec<_>>())?;
    let nothing = Money::zero(currency);
    let sum = |amounts: &mut dyn Iterator<Item = Money>| money::sum(currency, amounts);
    let in_full = |line: &BasketLine| BasketLine { discount: None, ..line.clone() }.worth();
    let worth_here = sum(&mut handed_over.iter().map(|(line, _)| line.worth()));
    let received = sum(&mut due.iter().map(|due| due.prepaid)).min(worth_here.max(nothing));
    let used = sum(&mut handed_over.iter().filter_map(|(_, to)| to.prepaid));
    let owed = sum(&mut due.iter().map(|due| worth(due.amount, due.share, &due.taxed))) - received;
    let in_full = sum(&mut handed_over.iter().map(|(line, _)| in_full(line))) - used;
    Some(TakenFor { in_full, taken: worth_here - used, owed })
}

#[cfg(test)]
mod tests;
