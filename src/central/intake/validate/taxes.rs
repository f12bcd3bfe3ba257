//! The tax of an order to the cent: which part of each line is taxed at which rate, so that the lines together come to exactly
//! what the document says is due.
//!
//! A charge says its rate or its tax itself, or nothing; then the tax of the whole tells: whether discounts and charges are
//! taxed as the goods are, or at one rate, or at none. A document whose tax fits none of that is taken at its word all the
//! same where prices are without tax: at the rate that its tax is of its sum. Where the prices hold the tax, nothing hangs on
//! it, and the store's own rates count.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::lines::WantedLines;
use super::sums::{Charge, Sums, TaxKind};
use crate::central::store::StoreRecord;
use crate::domain::money::{Currency, Money};
use crate::domain::tax::{TaxCode, TaxMode, Taxed};

/// How many rates an order may be taxed at; one with more is taxed by its tax as a whole.
const RATES_MAX: usize = 16;

/// What the figures of a document become in the prices of a store.
pub struct Pricing<'a> {
    /// What the sums say.
    pub sums: &'a Sums,
    /// The store's prices hold the tax.
    pub included: bool,
    /// Amounts are in.
    pub currency: Currency,
    /// The store's own rates, in percent.
    rates: Vec<(TaxCode, Decimal)>,
    home: Option<&'a StoreRecord>,
    stores: &'a [StoreRecord],
}

impl<'a> Pricing<'a> {
    /// In the prices of `home`, or of the first store when nobody knows which it is; rates it does not have are the others'.
    pub fn new(sums: &'a Sums, home: Option<&'a StoreRecord>, stores: &'a [StoreRecord], currency: Currency) -> Self {
        let own = home.or(stores.first()).map_or(&[][..], |store| &store.settings.tax_rates);
        let rates = own.iter().map(|rate| (rate.code, rate.percent.normalize()));
        let included = home.is_none_or(|store| store.settings.tax_mode == TaxMode::Included);
        Self { sums, included, currency, rates: rates.collect(), home, stores }
    }

    /// The rate a product is taxed at here, in percent.
    pub fn percent_of(&self, tax: TaxCode) -> Decimal {
        product_percent(tax, self.home, self.stores)
    }

    /// The highest rate that may come on top of the document's prices; none where they hold the tax.
    pub fn highest_percent_on_top(&self) -> Decimal {
        let rates = self.rates.iter().map(|(_, percent)| *percent).filter(|_| self.sums.is_on_top(self.included));
        rates.max().unwrap_or_default()
    }

    /// Do prices of the document lack the tax that the store's hold?
    pub fn lacks_tax(&self) -> bool {
        self.included && self.sums.kind == TaxKind::OnTop
    }

    /// By what a price of the document that is taxed at a rate is to be multiplied.
    pub fn factor(&self, percent: Decimal) -> Decimal {
        let taxed = Decimal::ONE + percent / Decimal::ONE_HUNDRED;
        let holds = self.sums.kind == TaxKind::Within && self.sums.tax.is_some_and(|tax| tax > Decimal::ZERO);
        match (self.lacks_tax(), holds && !self.included) {
            (true, _) => taxed,
            (_, true) => Decimal::ONE / taxed,
            _ => Decimal::ONE,
        }
    }

    /// The tax in, or on, an amount of the document.
    fn tax_in_document(&self, amount: Decimal, percent: Decimal) -> Decimal {
        tax_at(amount, percent, !self.sums.is_on_top(self.included))
    }

    /// The tax in, or on, an amount as the store's prices count it.
    fn tax_here(&self, amount: Decimal, percent: Decimal) -> Decimal {
        tax_at(amount, percent, self.included)
    }

    /// An amount of the document with this tax, as the store's prices count it.
    fn price_of(&self, amount: Decimal, tax: Decimal) -> Decimal {
        match (self.sums.is_on_top(self.included), self.included) {
            (true, true) => amount + tax,
            (false, false) => amount - tax,
            _ => amount,
        }
    }
}

/// The rate a product is taxed at in its order's store, in percent; in the first that has the rate, where that store has not.
pub fn product_percent(tax: TaxCode, home: Option<&StoreRecord>, stores: &[StoreRecord]) -> Decimal {
    let mut rates = home.into_iter().chain(stores).flat_map(|store| &store.settings.tax_rates);
    rates.find(|rate| rate.code == tax).map(|rate| rate.percent.normalize()).unwrap_or_default()
}

/// Amounts are within [`super::sums`]'s limits and percent within a hundred: nothing here comes near what a decimal holds.
fn tax_at(amount: Decimal, percent: Decimal, contained: bool) -> Decimal {
    let base = if contained { Decimal::ONE_HUNDRED + percent } else { Decimal::ONE_HUNDRED };
    amount * percent / base
}

/// How a charge that does not say so itself is taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Treatment {
    /// As the goods are, each line's part at the line's rate.
    AsGoods,
    /// At one rate.
    At(Decimal),
}

/// What is taxed at a rate of its own, beside the goods' rates.
struct Bucket {
    percent: Decimal,
    /// In the store's prices.
    price: Decimal,
    tax: Decimal,
}

/// A line's part in the reckoning.
struct Cell {
    line: usize,
    percent: Decimal,
    /// In the store's prices, in minor units.
    price: i64,
    tax: i64,
}

impl WantedLines {
    /// Gives each line its part of what the order comes to beyond or below the sum of its lines (discounts, shipping,
    /// rounding), and its tax where the document says anything of it. Nothing is shared when the whole is not known.
    /// `None` when a figure fits no amount.
    pub fn settle(&mut self, pricing: &Pricing<'_>) -> Option<()> {
        let Some(sum) = pricing.sums.sum else { return Some(()) };
        let amounts = self.amounts();
        if amounts.is_empty() {
            return Some(());
        }
        let percents = self.percents(pricing);
        let says = pricing.sums.tax.is_some()
            || pricing.lacks_tax()
            || self.names_other_rate
            || pricing.sums.charges.iter().any(|charge| charge.percent.is_some() || charge.tax.is_some());
        let minor = |exact: Decimal| Money::from_decimal(exact, pricing.currency).map(Money::minor);
        let plan = if says { Plan::find(pricing, &amounts, &percents)? } else { None };
        let tax = match (&plan, pricing.sums.tax) {
            (Some(plan), _) => plan.tax,
            (None, Some(named)) => minor(named)?,
            (None, None) => 0,
        };
        // What is due in all; an order that gives money back is none.
        let whole = match (pricing.sums.is_on_top(pricing.included), pricing.sums.tax) {
            (true, Some(named)) => minor(sum + named)?,
            (true, None) => minor(sum)? + tax,
            (false, _) => minor(sum)?,
        };
        let whole = whole.max(0);
        // A tax that gives back, or is more than all of it, is none.
        let tax = if (0..=whole).contains(&tax) { tax } else { 0 };
        let price = if pricing.included { whole } else { whole - tax };
        let beyond = price - amounts.iter().sum::<i64>();
        let buckets = plan.map(|plan| plan.buckets);
        let is_fitting = buckets.is_some();
        let mut cells =
            goods_and_buckets(pricing, &amounts, &percents, beyond, buckets.as_deref().unwrap_or_default())?;
        let taxed = is_fitting || (!pricing.included && pricing.sums.tax.is_some());
        if taxed && !is_fitting {
            let percent = (price > 0).then(|| Decimal::from(tax) * Decimal::ONE_HUNDRED / Decimal::from(price));
            let percent = percent.unwrap_or_default().round_dp(2).normalize();
            cells.iter_mut().for_each(|cell| cell.percent = percent);
        }
        if taxed {
            put_taxes(pricing, &mut cells, buckets.as_deref().unwrap_or_default(), tax);
        }
        self.take_cells(pricing, &amounts, cells, taxed);
        Some(())
    }

    fn amounts(&self) -> Vec<i64> {
        let held = self.unmatched.iter().filter_map(|held| held.amount);
        self.known.iter().map(|line| line.amount).chain(held).map(Money::minor).collect()
    }

    /// The rate of each line. A held line that names none has the one its order's tax is nearest to.
    fn percents(&self, pricing: &Pricing<'_>) -> Vec<Decimal> {
        let overall = pricing.sums.percent();
        let near = |rate: &&Decimal| (**rate - overall).abs() <= Decimal::new(1, 1);
        let known = pricing.rates.iter().map(|(_, percent)| percent).chain(&self.known_percents).find(near);
        let guess = known.map_or_else(|| overall.round_dp(2), |rate| *rate).normalize();
        let held = self.held_percents.iter().map(|own| own.unwrap_or(guess));
        self.known_percents.iter().copied().chain(held).collect()
    }

    fn take_cells(&mut self, pricing: &Pricing<'_>, amounts: &[i64], cells: Vec<Cell>, taxed: bool) {
        let money = |minor| Money::new(minor, pricing.currency);
        let known = self.known.iter_mut().map(|line| (&mut line.share, &mut line.taxed));
        let held = self.unmatched.iter_mut().map(|held| (&mut held.share, &mut held.taxed));
        let mut lines: Vec<_> = known.chain(held).collect();
        for ((share, _), amount) in lines.iter_mut().zip(amounts) {
            **share = money(-amount);
        }
        for Cell { line, percent, price, tax } in cells {
            let (share, list) = &mut lines[line];
            **share += money(price);
            // The goods' own rate is always there; another one where there is something of it.
            if taxed && (list.is_empty() || price != 0 || tax != 0) {
                let net = if pricing.included { price - tax } else { price };
                list.push(Taxed { percent, net: money(net), tax: money(tax) });
            }
        }
    }
}

/// How an order is taxed.
struct Plan {
    buckets: Vec<Bucket>,
    /// The tax of the whole, in minor units.
    tax: i64,
}

impl Plan {
    /// The plan that comes to the tax the document names, within what systems round; or the one that follows from the
    /// rates where it names none. `Some(None)` when there is no such plan, `None` when a figure fits no amount.
    fn find(pricing: &Pricing<'_>, amounts: &[i64], percents: &[Decimal]) -> Option<Option<Self>> {
        let sums = pricing.sums;
        let exact = |minor: i64| Money::new(minor, pricing.currency).to_decimal();
        let goods: Decimal = amounts.iter().zip(percents).map(|(a, p)| pricing.tax_here(exact(*a), *p)).sum();
        let named: Vec<Bucket> = sums.charges.iter().filter_map(|charge| named_bucket(pricing, charge)).collect();
        let known = goods + named.iter().map(|bucket| bucket.tax).sum::<Decimal>();
        let unsaid = sums.charges.iter().filter(|charge| charge.percent.is_none() && charge.tax.is_none());
        let (off, on): (Vec<Decimal>, Vec<Decimal>) =
            unsaid.map(|charge| charge.amount).partition(|amount| amount.is_sign_negative());
        let groups = [off.iter().sum::<Decimal>(), on.iter().sum::<Decimal>()];
        let Some(rates) = rates_of(pricing, percents, &named) else { return Some(None) };
        let as_goods = as_goods(pricing, amounts, percents);
        let tax_by = |amount: Decimal, option: Treatment| match option {
            Treatment::AsGoods => amount * as_goods,
            Treatment::At(percent) => pricing.tax_in_document(amount, percent),
        };
        let count = amounts.len() + sums.charges.len();
        let cent = Decimal::new(1, u32::from(pricing.currency.minor_digits()));
        let (slack, most) = (cent + half(cent, count.isqrt()), cent + half(cent, count));
        let options = |amount: Decimal| {
            let rates = rates.iter().filter(move |_| !amount.is_zero()).map(|rate| Treatment::At(*rate));
            std::iter::once(Treatment::AsGoods).chain(rates).collect::<Vec<_>>()
        };
        let mut best: Option<(Decimal, [Treatment; 2])> = None;
        for first in options(groups[0]) {
            for second in options(groups[1]) {
                let Some(tax) = sums.tax else {
                    best = best.or(Some((Decimal::ZERO, [first, second])));
                    continue;
                };
                let off = (known + tax_by(groups[0], first) + tax_by(groups[1], second) - tax).abs();
                // As near as rounding leaves it is right: the first such, and what is taxed as the goods are comes first.
                let off = if off <= slack { Decimal::ZERO } else { off };
                if best.is_none_or(|(least, _)| off < least) {
                    best = Some((off, [first, second]));
                }
            }
        }
        let Some((_, chosen)) = best.filter(|(off, _)| *off <= most) else { return Some(None) };
        let mut buckets = named;
        for (amount, option) in groups.into_iter().zip(chosen) {
            if let Treatment::At(percent) = option {
                let tax = pricing.tax_in_document(amount, percent);
                buckets.push(Bucket { percent, price: pricing.price_of(amount, tax), tax });
            }
        }
        if !sums.rounding.is_zero() {
            buckets.push(Bucket { percent: Decimal::ZERO, price: sums.rounding, tax: Decimal::ZERO });
        }
        let reckoned = groups.into_iter().zip(chosen).map(|(amount, option)| tax_by(amount, option)).sum::<Decimal>();
        let tax = Money::from_decimal(sums.tax.unwrap_or(known + reckoned), pricing.currency)?.minor();
        Some(Some(Self { buckets, tax }))
    }
}

fn half(cent: Decimal, times: usize) -> Decimal {
    cent * Decimal::from(times) / Decimal::TWO
}

/// What a charge that says how it is taxed comes to here.
fn named_bucket(pricing: &Pricing<'_>, charge: &Charge) -> Option<Bucket> {
    let Charge { amount, percent, tax } = *charge;
    let tax = tax.or_else(|| Some(pricing.tax_in_document(amount, percent?)))?;
    let net = if pricing.sums.is_on_top(pricing.included) { amount } else { amount - tax };
    let implied = || (tax * Decimal::ONE_HUNDRED).checked_div(net).unwrap_or_default().round_dp(2);
    let percent = percent.unwrap_or_else(implied).clamp(Decimal::ZERO, Decimal::ONE_THOUSAND).normalize();
    Some(Bucket { percent, price: pricing.price_of(amount, tax), tax })
}

/// Every rate there is to choose from, the goods' own first. `None` when there are too many.
fn rates_of(pricing: &Pricing<'_>, percents: &[Decimal], named: &[Bucket]) -> Option<Vec<Decimal>> {
    let mut rates: Vec<Decimal> = Vec::new();
    let used = percents.iter().chain(named.iter().map(|bucket| &bucket.percent));
    for percent in used.chain(&[Decimal::ZERO]) {
        if !rates.contains(percent) {
            rates.push(*percent);
            if rates.len() > RATES_MAX {
                return None;
            }
        }
    }
    let mut ours: Vec<Decimal> = pricing.rates.iter().map(|(_, percent)| *percent).collect();
    ours.sort();
    for percent in ours {
        if !rates.contains(&percent) && rates.len() < RATES_MAX {
            rates.push(percent);
        }
    }
    Some(rates)
}

/// The tax on one unit of money that is shared among the lines by what they cost, each part at its line's rate.
fn as_goods(pricing: &Pricing<'_>, amounts: &[i64], percents: &[Decimal]) -> Decimal {
    let whole: i64 = amounts.iter().sum();
    let part = |(amount, percent): (&i64, &Decimal)| {
        pricing.tax_in_document(Decimal::from(*amount) / Decimal::from(whole), *percent)
    };
    match (whole, percents) {
        (0, [first, ..]) => pricing.tax_in_document(Decimal::ONE, *first),
        (0, []) => Decimal::ZERO,
        _ => amounts.iter().zip(percents).map(part).sum(),
    }
}

/// Each line's goods with what is shared as they are, and each line's part of every bucket.
fn goods_and_buckets(
    pricing: &Pricing<'_>,
    amounts: &[i64],
    percents: &[Decimal],
    beyond: i64,
    buckets: &[Bucket],
) -> Option<Vec<Cell>> {
    let money = |minor| Money::new(minor, pricing.currency);
    let mut merged: Vec<(Decimal, Decimal)> = Vec::new();
    for Bucket { percent, price, .. } in buckets {
        match merged.iter_mut().find(|(known, _)| known == percent) {
            Some((_, sum)) => *sum += price,
            None => merged.push((*percent, *price)),
        }
    }
    let mut rest = beyond;
    let mut columns = Vec::with_capacity(merged.len());
    for (percent, price) in merged {
        let price = Money::from_decimal(price, pricing.currency)?;
        rest -= price.minor();
        columns.push((percent, price.allocate(amounts)));
    }
    let own = money(rest).allocate(amounts);
    let mut cells = Vec::with_capacity(amounts.len() * (columns.len() + 1));
    for (line, (amount, percent)) in amounts.iter().zip(percents).enumerate() {
        let first = cells.len();
        cells.push(Cell { line, percent: *percent, price: amount + own[line].minor(), tax: 0 });
        for (percent, parts) in &columns {
            let price = parts[line].minor();
            match &mut cells[first] {
                goods if goods.percent == *percent => goods.price += price,
                _ => cells.push(Cell { line, percent: *percent, price, tax: 0 }),
            }
        }
    }
    Some(cells)
}

/// Gives every cell its tax: by rate first, so that each row of a tax table is as right as the document's own tax lets it be.
fn put_taxes(pricing: &Pricing<'_>, cells: &mut [Cell], buckets: &[Bucket], tax: i64) {
    let cents = Decimal::from(10_i64.pow(u32::from(pricing.currency.minor_digits())));
    let mut rates: Vec<(Decimal, Vec<usize>)> = Vec::new();
    for (position, cell) in cells.iter().enumerate() {
        match rates.iter_mut().find(|(percent, _)| *percent == cell.percent) {
            Some((_, positions)) => positions.push(position),
            None => rates.push((cell.percent, vec![position])),
        }
    }
    let nominal = |cell: &Cell| pricing.tax_here(Decimal::from(cell.price), cell.percent);
    let by_rate = rates.iter().map(|(percent, positions)| {
        // A charge's own figure counts before what its rate would come to.
        let named = buckets.iter().filter(|bucket| bucket.percent == *percent);
        let differs: Decimal =
            named.map(|bucket| (bucket.tax - pricing.tax_here(bucket.price, *percent)) * cents).sum();
        positions.iter().map(|position| nominal(&cells[*position])).sum::<Decimal>() + differs
    });
    let sums = spread(tax, &by_rate.collect::<Vec<_>>());
    for ((_, positions), sum) in rates.iter().zip(sums) {
        let exact: Vec<Decimal> = positions.iter().map(|position| nominal(&cells[*position])).collect();
        for (position, tax) in positions.iter().zip(spread(sum, &exact)) {
            cells[*position].tax = tax;
        }
    }
}

/// Whole numbers that come to `total` and lie as near as can be to these; what they come to beyond it or below is taken from
/// each in proportion.
fn spread(total: i64, exact: &[Decimal]) -> Vec<i64> {
    let size: Decimal = exact.iter().map(Decimal::abs).sum();
    let differs = Decimal::from(total) - exact.iter().sum::<Decimal>();
    let each = differs.checked_div(size).unwrap_or_default();
    let wanted: Vec<Decimal> = exact.iter().map(|one| one + one.abs() * each).collect();
    let mut found: Vec<i64> = wanted.iter().map(|one| one.floor().to_i64().unwrap_or_default()).collect();
    let mut left = total - found.iter().sum::<i64>();
    let mut by_rest: Vec<usize> = (0..exact.len()).collect();
    by_rest.sort_by_key(|position| std::cmp::Reverse(wanted[*position] - wanted[*position].floor()));
    for position in by_rest {
        if left <= 0 {
            break;
        }
        found[position] += 1;
        left -= 1;
    }
    // Where nothing is taxed at anything, the first takes what there is.
    if let Some(first) = found.first_mut() {
        *first += left;
    }
    found
}

#[cfg(test)]
mod tests;
