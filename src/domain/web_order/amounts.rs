//! What an order comes to: every line to the cent as its sender reckoned it, its part of what the order takes off or puts
//! on as a whole, and what was received before.
//!
//! A line's amounts are for everything ordered of it. Some of its units come to the part that lies between those handed
//! over before and those handed over then, so that the parts of a line always add up to the line. What was received before
//! is used up first: whoever collects pays once what was collected is worth more than that.

use super::{LineQuantity, OrderLine, WantedLine, WebOrder};
use crate::domain::money::{self, Currency, Money};
use crate::domain::quantity::Quantity;

/// What some units of a line come to when they are handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineDue {
    /// The line.
    pub line: u32,
    /// How many.
    pub quantity: Quantity,
    /// What they cost.
    pub amount: Money,
    /// Their part of what the order takes off (below zero) or puts on as a whole.
    pub share: Money,
    /// What was received for them before.
    pub prepaid: Money,
}

impl LineDue {
    /// What is to be paid for them.
    pub fn due(&self) -> Money {
        self.amount + self.share - self.prepaid
    }
}

/// What an order comes to, for people to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderSums {
    /// What is outstanding costs so much.
    pub amount: Money,
    /// Its part of what the order takes off (below zero) or puts on as a whole.
    pub share: Money,
    /// What was received for it before; all of it when the order is paid.
    pub prepaid: Money,
    /// What is left to pay.
    pub due: Money,
}

impl OrderLine {
    /// A line as it is when it is ordered.
    pub fn new(line: u32, wanted: &WantedLine) -> Self {
        Self {
            line,
            product: wanted.product.clone(),
            name: wanted.name.clone(),
            ordered: wanted.quantity,
            picked: Quantity::ZERO,
            handed_over: Quantity::ZERO,
            cancelled: Quantity::ZERO,
            short: Quantity::ZERO,
            unit_price: wanted.unit_price,
            amount: wanted.amount,
            share: wanted.share,
            tax: wanted.tax,
        }
    }

    /// What the next `quantity` units to be handed over cost, and their part of what the order takes off or puts on.
    /// `None` when the figures fit no amount.
    fn amounts_of(&self, quantity: Quantity) -> Option<(Money, Money)> {
        let (from, to) = (self.handed_over, self.handed_over + quantity);
        let between = |whole: Money| {
            let (from, to) = (self.part(whole, from)?, self.part(whole, to)?);
            to.checked_add(-from)
        };
        Some((between(self.amount)?, between(self.share)?))
    }

    /// The part of an amount for everything ordered that falls on its first units.
    fn part(&self, whole: Money, units: Quantity) -> Option<Money> {
        let units = units.max(Quantity::ZERO).min(self.ordered);
        if !units.is_positive() {
            return Some(Money::zero(whole.currency()));
        }
        let exact = whole.to_decimal().checked_mul(units.to_decimal())?.checked_div(self.ordered.to_decimal())?;
        Money::from_decimal(exact, whole.currency())
    }
}

impl WebOrder {
    /// What the order's amounts are in; nothing when it has no line.
    pub fn currency(&self) -> Option<Currency> {
        let known = self.lines.first().map(|line| line.unit_price);
        Some(known.or_else(|| self.unmatched.first().map(|held| held.unit_price))?.currency())
    }

    /// What these units come to when they are handed over now: each line at most once. Nothing is due of an order that is
    /// paid. `None` when the figures fit no amount, or a line is none of the order's.
    pub fn due_of(&self, lines: &[LineQuantity]) -> Option<Vec<LineDue>> {
        let mut found = Vec::with_capacity(lines.len());
        for what in lines {
            let line = self.line(what.line)?;
            let (amount, share) = line.amounts_of(what.quantity)?;
            let prepaid = Money::zero(amount.currency());
            found.push(LineDue { line: what.line, quantity: what.quantity, amount, share, prepaid });
        }
        let worth: Vec<i64> = found.iter().map(|line| line.due().minor()).collect();
        let Some(currency) = found.first().map(|line| line.amount.currency()) else { return Some(found) };
        if found.iter().any(|line| line.amount.currency() != currency) {
            return None;
        }
        let whole = money::sum(currency, found.iter().map(LineDue::due)).max(Money::zero(currency));
        let received = if self.paid { whole } else { self.prepaid_left(currency)?.min(whole) };
        for (line, part) in found.iter_mut().zip(received.allocate(&worth)) {
            line.prepaid = part;
        }
        Some(found)
    }

    /// What was received before, less what was collected for it.
    fn prepaid_left(&self, currency: Currency) -> Option<Money> {
        let mut left = self.prepaid.unwrap_or(Money::zero(currency));
        for line in &self.lines {
            let collected = line.part(line.amount, line.handed_over)?;
            left = left.checked_add(-collected.checked_add(line.part(line.share, line.handed_over)?)?)?;
        }
        Some(left.max(Money::zero(currency)))
    }

    /// What everything outstanding comes to; nothing of an order that is over. `None` without lines, or when it fits no amount.
    pub fn sums(&self) -> Option<OrderSums> {
        let currency = self.currency()?;
        let outstanding = self.lines.iter().filter(|_| self.state.is_unfulfilled());
        let outstanding = outstanding.map(|line| LineQuantity { line: line.line, quantity: line.outstanding() });
        let lines = self.due_of(&outstanding.collect::<Vec<_>>())?;
        let sum = |of: fn(&LineDue) -> Money| money::sum(currency, lines.iter().map(of));
        Some(OrderSums {
            amount: sum(|line| line.amount),
            share: sum(|line| line.share),
            prepaid: sum(|line| line.prepaid),
            due: sum(LineDue::due),
        })
    }

    /// What is still to be paid for everything outstanding; nothing when paid. `None` when it does not fit an amount.
    pub fn amount_due(&self) -> Option<Money> {
        Some(self.sums()?.due)
    }
}

#[cfg(test)]
mod tests;
