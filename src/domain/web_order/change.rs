//! What an order becomes when its sender changes or cancels it after it was taken.
//!
//! A line keeps its number for ever: a till that picks offline names it. A line that is wanted no more stays with nothing
//! ordered. What is picked beyond what is wanted stays held, and the order is to be made ready again: that takes it out of
//! the bay.

use super::{OrderLine, OrderState, OrderStep, UnmatchedLine, WebOrder, worth};
use crate::domain::Timestamp;
use crate::domain::ids::ProductId;
use crate::domain::money::{self, Money};
use crate::domain::quantity::Quantity;
use crate::domain::tax::{TaxCode, Taxed};

/// A line as its sender wants it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedLine {
    /// What.
    pub product: ProductId,
    /// As the sender calls it.
    pub name: String,
    /// How many, more than nothing.
    pub quantity: Quantity,
    /// For one, to the nearest minor unit.
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

/// What was received for an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// All of it.
    pub paid: bool,
    /// Some of it.
    pub prepaid: Option<Money>,
}

impl WantedLine {
    /// So many of something with stock at a price; `None` when they fit no amount.
    pub fn priced(
        product: ProductId,
        name: String,
        quantity: Quantity,
        unit_price: Money,
        tax: TaxCode,
    ) -> Option<Self> {
        let (amount, share) = (quantity.at(unit_price)?, Money::zero(unit_price.currency()));
        Some(Self { product, name, quantity, unit_price, amount, share, taxed: Vec::new(), tax, stocked: true })
    }
}

/// What an order shall be now. It names everything that is wanted: a line it does not name is wanted no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedOrder {
    /// First name and initial; `None` leaves it.
    pub customer_name: Option<String>,
    /// Masked; `None` leaves it.
    pub customer_phone: Option<String>,
    /// What was received; `None` leaves it.
    pub payment: Option<Payment>,
    /// Until when it is kept; `None` leaves it.
    pub collect_by: Option<Timestamp>,
    /// The lines.
    pub lines: Vec<WantedLine>,
    /// Lines that are no product of ours yet; their numbers count for nothing.
    pub unmatched: Vec<UnmatchedLine>,
    /// What the sender adds in words; empty leaves what was said before.
    pub notes: String,
}

/// Why an order cannot become what its sender wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// It is over: in this state nothing is left to change.
    Over(OrderState),
    /// The customer has more of a line than is wanted.
    HandedOver {
        /// The line.
        line: u32,
        /// What the customer has.
        handed_over: Quantity,
    },
}

impl WebOrder {
    /// The order as it is after its sender's change.
    pub fn changed(&self, wanted: &WantedOrder) -> Result<Self, ChangeRefusal> {
        if !self.state.is_unfulfilled() {
            return Err(ChangeRefusal::Over(self.state));
        }
        let mut after = self.clone();
        let mut left: Vec<usize> = (0..after.lines.len()).collect();
        let mut added = Vec::new();
        for line in &wanted.lines {
            match take_match(&after.lines, &mut left, line) {
                Some(position) => after.lines[position].become_wanted(line)?,
                None => added.push(line),
            }
        }
        for position in left {
            after.lines[position].want(Quantity::ZERO)?;
        }
        let held = after.unmatched.iter().map(|line| line.line);
        let mut number = after.lines.iter().map(|line| line.line).chain(held).max().unwrap_or(0);
        for line in added {
            number += 1;
            after.lines.push(OrderLine::new(number, line));
        }
        let mut known = std::mem::take(&mut after.unmatched);
        for line in &wanted.unmatched {
            let same = known.iter().position(|held| held.is_same_item(line));
            let line_number = same.map_or(number + 1, |position| known.remove(position).line);
            number = number.max(line_number);
            after.unmatched.push(UnmatchedLine { line: line_number, ..line.clone() });
        }
        if let Some(name) = &wanted.customer_name {
            after.customer_name.clone_from(name);
        }
        after.customer_phone = wanted.customer_phone.clone().or(after.customer_phone);
        match wanted.payment {
            Some(Payment { paid, prepaid }) => (after.paid, after.prepaid) = (paid, prepaid),
            None => after.prepaid = after.prepaid.map(|prepaid| self.prepaid_in(&after, prepaid)),
        }
        after.collect_by = wanted.collect_by.or(after.collect_by);
        if !wanted.notes.is_empty() {
            after.notes.clone_from(&wanted.notes);
        }
        after.settle_change();
        Ok(after)
    }

    /// What was received for the order, as it is counted `after`: with the tax where the lines say theirs, and else without it
    /// where the prices are without.
    fn prepaid_in(&self, after: &Self, prepaid: Money) -> Money {
        let says = |order: &Self| order.lines.iter().any(|line| !line.taxed.is_empty());
        let scaled = |from: Money, to: Money| {
            let exact = prepaid.to_decimal().checked_mul(to.to_decimal())?.checked_div(from.to_decimal())?;
            Money::from_decimal(exact, prepaid.currency())
        };
        let of = |order: &Self, of_line: fn(&OrderLine) -> Money| {
            money::sum(prepaid.currency(), order.lines.iter().map(of_line))
        };
        let price = |line: &OrderLine| line.amount + line.share;
        let whole = |line: &OrderLine| worth(line.amount, line.share, &line.taxed);
        let found = match (says(self), says(after)) {
            (false, true) => scaled(of(after, price), of(after, whole)),
            (true, false) => scaled(of(self, whole), of(self, price)),
            _ => None,
        };
        found.unwrap_or(prepaid)
    }

    /// The order after its sender has cancelled it. What is picked waits to be put back.
    pub fn cancelled(&self) -> Result<Self, ChangeRefusal> {
        let given = self.lines.iter().find(|line| line.handed_over.is_positive());
        if let Some(line) = given.filter(|_| self.state.is_unfulfilled()) {
            return Err(ChangeRefusal::HandedOver { line: line.line, handed_over: line.handed_over });
        }
        let mut after = self.clone();
        match after.apply(&OrderStep::Cancelled).is_empty() {
            true => Ok(after),
            false => Err(ChangeRefusal::Over(self.state)),
        }
    }

    /// An order in its bay or parcel that lacks something, or has too much, is not ready any more.
    pub(super) fn settle_change(&mut self) {
        let as_wanted = self.lines.iter().all(|line| line.promised().is_zero() && line.surplus().is_zero());
        if matches!(self.state, OrderState::Ready | OrderState::Packed) && !as_wanted {
            self.apply(&OrderStep::ReadyUndone);
        }
        let nothing_owed = self.unmatched.is_empty() && self.lines.iter().all(|line| line.outstanding().is_zero());
        if self.state == OrderState::PartHandedOver && nothing_owed && as_wanted {
            self.state = OrderState::HandedOver;
            self.at_risk = false;
        }
        if matches!(self.state, OrderState::Received | OrderState::Picking | OrderState::Short) {
            self.settle_picking();
        }
    }
}

impl OrderLine {
    /// Picked beyond what is wanted: it goes back to the shelf.
    pub fn surplus(&self) -> Quantity {
        (self.picked - (self.ordered - self.cancelled).max(self.handed_over)).max(Quantity::ZERO)
    }

    fn become_wanted(&mut self, wanted: &WantedLine) -> Result<(), ChangeRefusal> {
        self.want(wanted.quantity)?;
        self.name.clone_from(&wanted.name);
        (self.unit_price, self.amount, self.share) = (wanted.unit_price, wanted.amount, wanted.share);
        self.taxed.clone_from(&wanted.taxed);
        Ok(())
    }

    fn want(&mut self, quantity: Quantity) -> Result<(), ChangeRefusal> {
        if quantity < self.handed_over {
            return Err(ChangeRefusal::HandedOver { line: self.line, handed_over: self.handed_over });
        }
        // What was given up as not to be found is the first that is wanted no more.
        self.cancelled = (self.cancelled - (self.ordered - quantity).max(Quantity::ZERO)).max(Quantity::ZERO);
        self.ordered = quantity;
        if quantity.is_zero() {
            self.amount = Money::zero(self.amount.currency());
            self.share = self.amount;
            self.taxed.clear();
        }
        self.short = self.short.min(self.promised());
        Ok(())
    }
}

/// The line of the order that a wanted line means: of its product, best at its price; each only once.
fn take_match(lines: &[OrderLine], left: &mut Vec<usize>, wanted: &WantedLine) -> Option<usize> {
    let find = |same: &dyn Fn(&OrderLine) -> bool| left.iter().position(|position| same(&lines[*position]));
    let found = find(&|line| line.product == wanted.product && line.unit_price == wanted.unit_price)
        .or_else(|| find(&|line| line.product == wanted.product))?;
    Some(left.remove(found))
}

#[cfg(test)]
mod tests;
