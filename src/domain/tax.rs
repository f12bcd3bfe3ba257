//! Tax: rates, and the table at the foot of a receipt.
//!
//! Prices include tax (a shop for consumers) or exclude it (a trade counter). Either way the tax of a transaction is
//! worked out once per rate over the sum of its lines, and rounded once: receipt, invoice and central show the same cent.

use rust_decimal::Decimal;

use super::money::{Currency, Money};

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
    let tax = super::money::round(magnitude * percent / base).unwrap_or(i64::MAX);
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

#[cfg(test)]
mod tests;
