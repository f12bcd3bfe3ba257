//! The web orders a basket hands over, held against what the orders are now: a customer who has paid online meanwhile, or
//! whose order was changed, cancelled or handed over elsewhere, is never charged for what the basket still says.

use super::{Basket, BasketLine, HandOverLine};
use crate::domain::ids::OrderNumber;
use crate::domain::money::{self, Money};
use crate::domain::web_order::{LineDue, LineQuantity, WebOrder};

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
            due.amount == line.amount && due.share == to.share.unwrap_or(nothing)
        };
        // A discount given here leaves less to use what was received before for.
        let worth = money::sum(self.currency, lines.iter().map(|(line, _)| line.worth())).max(nothing);
        let received = money::sum(self.currency, due.iter().map(|due| due.prepaid)).min(worth);
        let used = money::sum(self.currency, lines.iter().filter_map(|(_, to)| to.prepaid));
        due.iter().zip(&lines).all(same) && received == used
    }

    fn lines_handing_over(&self, order: &OrderNumber) -> impl Iterator<Item = &BasketLine> {
        self.lines.iter().filter(move |line| line.hand_over.as_ref().is_some_and(|hand_over| hand_over.order == *order))
    }
}

#[cfg(test)]
mod tests;
