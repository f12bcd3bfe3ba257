//! Tax: rates, and the table at the foot of a receipt.
//!
//! Prices include tax (a shop for consumers) or exclude it (a trade counter). Either way the tax of a transaction is
//! worked out once per rate over the sum of its lines, and rounded once: receipt, invoice and central show the same cent.

use rust_decimal::Decimal;

use super::money::{self, Currency, Money};

/// Names a rate of a store: `A`, `B`. Printed behind each line and in the tax table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxCode(pub char);

/// One rate of tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxRate {
    /// Its letter on the receipt.
    pub code: TaxCode,
    /// What people call it: `VAT 21 %`.
    pub name: String,
    /// Percent: 21 for 21 %.
    pub percent: Decimal,
}

/// Whether the prices of a store hold the tax already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxMode {
    /// Prices are gross: the tax is taken out of them.
    Included,
    /// Prices are net: the tax is put on top.
    Excluded,
}

/// An amount and the tax on it, as whoever sent an order reckoned both. It is asked for to the cent, whatever rates the store
/// has and however it rounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taxed {
    /// The rate in percent.
    pub percent: Decimal,
    /// Before tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
}

impl Taxed {
    /// With tax. Figures that fit no amount come to the largest there is, which no part of an order passes.
    pub const fn gross(&self) -> Money {
        Money::new(self.net.minor().saturating_add(self.tax.minor()), self.net.currency())
    }

    /// As the prices of its line count it: with the tax where they `hold_tax`, else without.
    pub fn priced(&self, hold_tax: bool) -> Money {
        if hold_tax { self.gross() } else { self.net }
    }

    /// The same rate on another price, counted in the same way: the tax goes with it in proportion.
    pub(super) fn at_price(&self, hold_tax: bool, price: Money) -> Self {
        let was = self.priced(hold_tax);
        let exact = Decimal::from(self.tax.minor())
            .checked_mul(Decimal::from(price.minor()))
            .and_then(|product| product.checked_div(Decimal::from(was.minor())));
        let tax = Money::new(exact.and_then(money::round).unwrap_or(0), price.currency());
        self.with(hold_tax, price, tax)
    }

    /// The same rate on another price with its tax.
    pub(super) fn with(&self, hold_tax: bool, price: Money, tax: Money) -> Self {
        let net = price.minor().saturating_sub(if hold_tax { tax.minor() } else { 0 });
        Self { percent: self.percent, net: Money::new(net, price.currency()), tax }
    }
}

/// Is what a line costs in its prices counted with the tax that is named for it, or without?
pub fn prices_hold_tax(taxed: &[Taxed], price: Money) -> bool {
    let nothing = Some(Money::zero(price.currency()));
    taxed.iter().map(Taxed::gross).fold(nothing, |sum, one| sum?.checked_add(one)) == Some(price)
}

/// One row of the tax table: what was taxed at a rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxTotal {
    /// The rate's letter.
    pub code: TaxCode,
    /// The rate as it was at the time, in percent.
    pub percent: Decimal,
    /// Before tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// With tax; always `net + tax` to the cent.
    pub gross: Money,
}

/// The tax of an amount at a rate in percent: contained in it, or to be put on it. Computed on the absolute value, so
/// that a refund is exactly minus its sale. A rate outside 0 to 1,000 percent is refused where
/// settings enter; here it counts as the nearer bound, so that no text from outside can stop a sale.
pub fn tax_of(amount: Money, percent: Decimal, mode: TaxMode) -> Money {
    let magnitude = Decimal::from(amount.minor().abs());
    let percent = percent.clamp(Decimal::ZERO, Decimal::ONE_THOUSAND);
    let base = match mode {
        TaxMode::Included => Decimal::ONE_HUNDRED + percent,
        TaxMode::Excluded => Decimal::ONE_HUNDRED,
    };
    // A basket's sum is at most 10^16 and the tax ten times that: it fits.
    let tax = money::round(magnitude * percent / base).unwrap_or(i64::MAX);
    Money::new(tax * amount.minor().signum(), amount.currency())
}

/// The tax table of amounts by code: one row per code that occurs, in the order of `rates`. Amounts whose code is not
/// among the rates are taxed at nothing and keep their letter, so that no money falls out of the table.
pub fn tax_table(
    currency: Currency,
    rates: &[TaxRate],
    mode: TaxMode,
    amounts: impl IntoIterator<Item = (TaxCode, Money)>,
) -> Vec<TaxTotal> {
    let mut sums: Vec<(TaxCode, Money)> = Vec::new();
    for (code, amount) in amounts {
        match sums.iter_mut().find(|(c, _)| *c == code) {
            Some((_, sum)) => *sum += amount,
            None => sums.push((code, Money::zero(currency) + amount)),
        }
    }
    let position = |code: TaxCode| rates.iter().position(|r| r.code == code).unwrap_or(usize::MAX);
    sums.sort_by_key(|(code, _)| (position(*code), *code));
    sums.into_iter()
        .map(|(code, amount)| {
            let percent = rates.iter().find(|r| r.code == code).map_or(Decimal::ZERO, |r| r.percent);
            let tax = tax_of(amount, percent, mode);
            let (net, gross) = match mode {
                TaxMode::Included => (amount - tax, amount),
                TaxMode::Excluded => (amount, amount + tax),
            };
            TaxTotal { code, percent, net, tax, gross }
        })
        .collect()
}

/// Adds what orders say of their tax to a table, each amount to the row of its rate: by the letter it would have here when
/// that has the rate, else by any letter of the store that has it, else by one the store has no use for, from `Z` backwards.
pub fn add_taxed(table: &mut Vec<TaxTotal>, rates: &[TaxRate], taxed: impl IntoIterator<Item = (TaxCode, Taxed)>) {
    for (like, one) in taxed {
        let code = code_at(one.percent, like, rates, table);
        match table.iter_mut().find(|row| row.code == code && row.percent == one.percent) {
            Some(row) => {
                row.net += one.net;
                row.tax += one.tax;
                row.gross += one.gross();
            }
            None => {
                let gross = one.gross();
                table.push(TaxTotal { code, percent: one.percent, net: one.net, tax: one.tax, gross });
            }
        }
    }
    let position = |code: TaxCode| rates.iter().position(|rate| rate.code == code).unwrap_or(usize::MAX);
    table.sort_by_key(|row| (position(row.code), row.code));
}

fn code_at(percent: Decimal, like: TaxCode, rates: &[TaxRate], table: &[TaxTotal]) -> TaxCode {
    let named = |code: TaxCode| rates.iter().any(|rate| rate.code == code);
    let at = |code: TaxCode| rates.iter().any(|rate| rate.code == code && rate.percent == percent);
    if at(like) {
        return like;
    }
    let ours = rates.iter().find(|rate| rate.percent == percent).map(|rate| rate.code);
    let strange = || table.iter().find(|row| row.percent == percent && !named(row.code)).map(|row| row.code);
    let unused = |code: &TaxCode| !named(*code) && table.iter().all(|row| row.code != *code);
    let free = || ('A'..='Z').rev().map(TaxCode).find(unused);
    ours.or_else(strange).or_else(free).unwrap_or(TaxCode('*'))
}

#[cfg(test)]
mod tests;
