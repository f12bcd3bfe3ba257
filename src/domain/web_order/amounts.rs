//! What an order comes to: every line to the cent as its sender reckoned it, its part of what the order takes off or puts
//! on as a whole, and what was received before.
//!
//! A line's amounts are for everything ordered of it. Some of its units come to the part that lies between those handed
//! over before and those handed over then, so that the parts of a line always add up to the line. What was received before
//! is used up first: whoever collects pays once what was collected is worth more than that.
//!
//! Where its sender says what tax is on a line, the line is worth what it costs with that tax, and what was received counts
//! with the tax. Otherwise it is worth its price, and a store whose prices are without the tax puts its own on top.

use super::{LineQuantity, OrderLine, WantedLine, WebOrder};
use crate::domain::money::{self, Currency, Money};
use crate::domain::quantity::Quantity;
use crate::domain::settings::StoreSettings;
use crate::domain::tax::{TaxMode, Taxed, prices_hold_tax, tax_table};

/// What some units of a line come to when they are handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineDue {
    /// The line.
    pub line: u32,
    /// How many.
    pub quantity: Quantity,
    /// What they cost.
    pub amount: Money,
    /// Their part of what the order takes off (below zero) or puts on as a whole.
    pub share: Money,
    /// What of both is taxed at which rate, as the sender says; nothing when it says none.
    pub taxed: Vec<Taxed>,
    /// What was received for them before.
    pub prepaid: Money,
    /// What was received for the whole order and was not collected yet: these units may use no more of it.
    pub received: Money,
}

impl LineDue {
    /// What they are worth, whoever has paid it.
    pub fn worth(&self) -> Money {
        worth(self.amount, self.share, &self.taxed)
    }

    /// What is to be paid for them.
    pub fn due(&self) -> Money {
        self.worth() - self.prepaid
    }
}

/// What something costs with its part of the whole, and with the tax that is named for it.
pub fn worth(amount: Money, share: Money, taxed: &[Taxed]) -> Money {
    match taxed {
        [] => amount + share,
        taxed => money::sum(amount.currency(), taxed.iter().map(Taxed::gross)),
    }
}

/// What an order comes to, for people to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderSums {
    /// What is outstanding costs so much.
    pub amount: Money,
    /// Its part of what the order takes off (below zero) or puts on as a whole.
    pub share: Money,
    /// The tax its sender puts on top of both; nothing where the prices hold it, or the store puts its own on top.
    pub tax: Money,
    /// What was received for it before; all of it when the order is paid.
    pub prepaid: Money,
    /// What is left to pay.
    pub due: Money,
}

/// What some of a line's units come to.
struct Figures {
    amount: Money,
    share: Money,
    taxed: Vec<Taxed>,
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
            taxed: wanted.taxed.clone(),
            tax: wanted.tax,
            stocked: wanted.stocked,
        }
    }

    /// What the next `quantity` units to be handed over come to. `None` when the figures fit no amount.
    fn figures_of(&self, quantity: Quantity) -> Option<Figures> {
        let (from, to) = (self.first(self.handed_over)?, self.first(self.handed_over + quantity)?);
        let taxed = from.taxed.iter().zip(&to.taxed).map(|(from, to)| Taxed {
            percent: to.percent,
            net: to.net - from.net,
            tax: to.tax - from.tax,
        });
        Some(Figures {
            amount: to.amount.checked_add(-from.amount)?,
            share: to.share.checked_add(-from.share)?,
            taxed: taxed.collect(),
        })
    }

    /// What the first of its units come to.
    fn first(&self, units: Quantity) -> Option<Figures> {
        let amount = self.part(self.amount, units)?;
        if self.taxed.is_empty() {
            // What they are worth is rounded, not the share itself: a piece whose price rounds down and whose discount rounds
            // up would be worth less than nothing.
            let worth = self.part(self.amount.checked_add(self.share)?, units)?;
            return Some(Figures { amount, share: worth.checked_add(-amount)?, taxed: Vec::new() });
        }
        let hold_tax = prices_hold_tax(&self.taxed, self.amount.checked_add(self.share)?);
        let mut share = -amount;
        let mut taxed = Vec::with_capacity(self.taxed.len());
        for one in &self.taxed {
            let price = self.part(one.priced(hold_tax), units)?;
            share = share.checked_add(price)?;
            taxed.push(one.with(hold_tax, price, self.part(one.tax, units)?));
        }
        Some(Figures { amount, share, taxed })
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
            let Figures { amount, share, taxed } = line.figures_of(what.quantity)?;
            let nothing = Money::zero(amount.currency());
            let LineQuantity { line, quantity } = *what;
            found.push(LineDue { line, quantity, amount, share, taxed, prepaid: nothing, received: nothing });
        }
        let worth: Vec<i64> = found.iter().map(|line| line.due().minor()).collect();
        let Some(currency) = found.first().map(|line| line.amount.currency()) else { return Some(found) };
        if found.iter().any(|line| line.amount.currency() != currency) {
            return None;
        }
        let whole = money::sum(currency, found.iter().map(LineDue::due)).max(Money::zero(currency));
        let received = if self.paid { whole } else { self.prepaid_left(currency)? };
        for (line, part) in found.iter_mut().zip(received.min(whole).allocate(&worth)) {
            (line.prepaid, line.received) = (part, received);
        }
        Some(found)
    }

    /// What was received before, less what was collected for it.
    fn prepaid_left(&self, currency: Currency) -> Option<Money> {
        let nothing = Money::zero(currency);
        Some(self.prepaid.unwrap_or(nothing).checked_add(-self.collected(currency)?)?.max(nothing))
    }

    /// What everything that was handed over is worth.
    fn collected(&self, currency: Currency) -> Option<Money> {
        let mut sum = Money::zero(currency);
        for line in &self.lines {
            let Figures { amount, share, taxed } = line.first(line.handed_over)?;
            sum = sum.checked_add(worth(amount, share, &taxed))?;
        }
        Some(sum)
    }

    /// What tills took for units that were handed over and that was received otherwise as well: in all `in_full` as the order
    /// has it, and `taken` after what was taken off there, of which it can be no more. `None` when it fits no amount.
    pub fn taken_twice(&self, in_full: Money, taken: Money) -> Option<Money> {
        let nothing = Money::zero(in_full.currency());
        let owed = match self.paid {
            true => nothing,
            false => self.collected(nothing.currency())?.checked_add(-self.prepaid.unwrap_or(nothing))?.max(nothing),
        };
        Some(in_full.checked_add(-owed)?.max(nothing).min(taken))
    }

    /// What everything outstanding comes to; nothing of an order that is over. `None` without lines, or when it fits no amount.
    pub fn sums(&self) -> Option<OrderSums> {
        self.sums_without_tax(&self.outstanding())
    }

    fn sums_without_tax(&self, units: &[LineQuantity]) -> Option<OrderSums> {
        let currency = self.currency()?;
        let lines = self.due_of(units)?;
        let sum = |of: fn(&LineDue) -> Money| money::sum(currency, lines.iter().map(of));
        Some(OrderSums {
            amount: sum(|line| line.amount),
            share: sum(|line| line.share),
            tax: sum(|line| line.worth() - line.amount - line.share),
            prepaid: sum(|line| line.prepaid),
            due: sum(LineDue::due),
        })
    }

    /// The same as a store asks for it: where its prices are without tax and the order's sender says nothing of it, with the
    /// tax by the store's own rates.
    pub fn sums_in(&self, settings: &StoreSettings) -> Option<OrderSums> {
        self.sums_of(&self.outstanding(), settings)
    }

    /// What these units alone come to, as the store asks for it.
    pub fn sums_of(&self, units: &[LineQuantity], settings: &StoreSettings) -> Option<OrderSums> {
        let mut sums = self.sums_without_tax(units)?;
        let says = self.lines.iter().any(|line| !line.taxed.is_empty());
        if settings.tax_mode == TaxMode::Excluded && !says {
            let lines = self.due_of(units)?;
            let amounts = lines.iter().filter_map(|due| Some((self.line(due.line)?.tax, due.due())));
            let table = tax_table(sums.due.currency(), &settings.tax_rates, settings.tax_mode, amounts);
            sums.tax = money::sum(sums.due.currency(), table.iter().map(|row| row.tax));
            sums.due = sums.due.checked_add(sums.tax)?;
        }
        Some(sums)
    }

    fn outstanding(&self) -> Vec<LineQuantity> {
        let lines = self.lines.iter().filter(|_| self.state.is_unfulfilled());
        lines.map(|line| LineQuantity { line: line.line, quantity: line.outstanding() }).collect()
    }

    /// What is still to be paid for everything outstanding; nothing when paid. `None` when it does not fit an amount.
    pub fn amount_due(&self) -> Option<Money> {
        Some(self.sums()?.due)
    }

    /// Is nothing to be paid for it any more? Also where its sender calls it unpaid and says that all of it was received.
    pub fn is_paid_for(&self) -> bool {
        self.paid || (self.state.is_unfulfilled() && self.amount_due().is_some_and(|due| !due.is_positive()))
    }
}

#[cfg(test)]
mod tests;
