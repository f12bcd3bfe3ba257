//! Amounts and sums: every figure a figure, and everything adds up as the document itself says.

use rust_decimal::Decimal;

use super::super::draft::{AllowanceCharge, DraftLine, OrderDraft, Value};
use super::super::problem::ProblemCode;
use super::super::units;
use super::lines::parse_quantity;
use super::{Check, is_wanted};
use crate::domain::money::{Currency, Money};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::Payment;

/// What the sums say.
#[derive(Default)]
pub struct Sums {
    /// Nothing is left to pay.
    pub paid: bool,
    /// The prices of the lines are without the tax that the payable amount has.
    pub tax_on_top: bool,
    /// What the order comes to in all, received before or still to pay, with the tax when that is on top; nothing when no
    /// figure of the document tells.
    whole: Option<Decimal>,
    /// The tax it names.
    tax: Decimal,
    /// What was received before.
    prepaid: Decimal,
}

impl Sums {
    /// What the order comes to in all, in the prices of a store that has the tax in them (`included`) or on top of them.
    pub fn whole(&self, included: bool) -> Option<Decimal> {
        self.whole.map(|whole| if self.tax_on_top && !included { whole - self.tax } else { whole })
    }

    /// By what a price without tax is to be multiplied when nothing says its rate: by that of the whole order.
    pub fn taxed(&self) -> Decimal {
        let net = self.whole.map(|whole| whole - self.tax).filter(|net| *net > Decimal::ZERO);
        let rate = net.and_then(|net| self.tax.checked_div(net)).filter(|rate| *rate > Decimal::ZERO);
        Decimal::ONE + rate.unwrap_or_default()
    }

    /// What was received, in the prices of such a store. Nothing when an amount is beyond what an order may have.
    pub fn payment(&self, included: bool, currency: Currency) -> Option<Payment> {
        let before = self.whole.zip(self.whole(included)).filter(|(whole, _)| *whole > Decimal::ZERO);
        let prepaid = match before {
            // Of what was received, the part that is not tax.
            Some((whole, net)) if whole != net => self.prepaid.checked_mul(net)?.checked_div(whole)?,
            _ => self.prepaid,
        };
        let some = !self.paid && prepaid > Decimal::ZERO;
        let prepaid = if some { Some(Money::from_decimal(prepaid, currency)?) } else { None };
        Some(Payment { paid: self.paid, prepaid })
    }
}

/// What allowances and charges are on.
#[derive(Default)]
pub struct Basis {
    /// What it comes to without them.
    pub amount: Decimal,
    /// How many units it is.
    pub units: Option<Decimal>,
    /// How often its price counts: the units by those the price is for.
    pub prices: Option<Decimal>,
}

/// The largest amount computed on the way, in whole units of the currency.
const COMPUTED_MAX: i64 = 1_000_000_000_000_000;

impl Check<'_> {
    /// A decimal number, nothing when it is absent. A number that is none is told and stops the line.
    pub(super) fn amount(&mut self, value: Option<&Value>) -> Option<Option<Decimal>> {
        let Some(value) = value else { return Some(None) };
        // An amount of 10^12 in the smallest unit is far beyond any order; larger ones only make sums overflow.
        let limit = Decimal::from(1_000_000_000_000_i64);
        match Decimal::from_str_exact(&value.text).ok().filter(|amount| amount.abs() <= limit && amount.scale() <= 10) {
            Some(amount) => Some(Some(amount)),
            None => {
                self.problem(ProblemCode::PriceInvalid, Some(value), "this is no amount");
                None
            }
        }
    }

    /// What was computed from figures that are each within their limits. Beyond [`COMPUTED_MAX`] it is told and stops the
    /// line: ten thousand of them, with a tax and a pack on top, still fit.
    pub(super) fn bounded(&mut self, computed: Option<Decimal>, value: Option<&Value>) -> Option<Decimal> {
        let found = computed.filter(|computed| computed.abs() <= Decimal::from(COMPUTED_MAX));
        if found.is_none() {
            self.problem(ProblemCode::PriceInvalid, value, "this comes to more than an order may have");
        }
        found
    }

    /// Charges less allowances, on what they are on.
    pub(super) fn allowances(&mut self, allowances: &[AllowanceCharge], basis: &Basis) -> Option<Decimal> {
        let mut sum = Decimal::ZERO;
        for allowance in allowances {
            let amount = match self.amount(allowance.amount.as_ref())? {
                Some(amount) => amount,
                None => self.reckoned_allowance(allowance, basis)?,
            };
            let is_charge = allowance.is_charge.as_ref().is_some_and(|text| matches!(text.text.as_str(), "true" | "1"));
            sum += if is_charge { amount } else { -amount };
        }
        Some(sum)
    }

    /// An allowance that names no amount of its own.
    fn reckoned_allowance(&mut self, allowance: &AllowanceCharge, basis: &Basis) -> Option<Decimal> {
        let named_base = self.amount(allowance.base.as_ref())?;
        if let Some(percent) = self.amount(allowance.percent.as_ref())? {
            let part = named_base.unwrap_or(basis.amount).checked_mul(percent).map(|part| part / Decimal::ONE_HUNDRED);
            return self.bounded(part, allowance.percent.as_ref());
        }
        if let Some(per_price) = self.amount(allowance.per_price.as_ref())? {
            let amount = basis.prices.and_then(|prices| per_price.checked_mul(prices));
            return self.bounded(amount, allowance.per_price.as_ref());
        }
        if let Some(per_unit) = self.amount(allowance.per_unit.as_ref())? {
            let Some(units) = self.amount(allowance.units.as_ref())?.or(basis.units) else {
                let message = "so much for each unit, and not of how many: name the amount";
                self.problem(ProblemCode::PriceInvalid, allowance.per_unit.as_ref(), message);
                return None;
            };
            return self.bounded(per_unit.checked_mul(units), allowance.per_unit.as_ref());
        }
        if named_base.is_some() {
            let message = "what an allowance or charge is of, and not how much: name percent or the amount";
            self.problem(ProblemCode::PriceInvalid, allowance.base.as_ref(), message);
            return None;
        }
        Some(Decimal::ZERO)
    }

    /// What a line comes to: as it says, else quantity times price with its allowances.
    fn line_amount(&mut self, line: &DraftLine) -> Option<Option<Decimal>> {
        if let Some(amount) = self.amount(line.amount.as_ref())? {
            return Some(Some(amount));
        }
        let price = self.amount(line.price.as_ref())?;
        let per = self.amount(line.price_quantity.as_ref())?.filter(|per| *per > Decimal::ZERO);
        // A quantity that is none is told with its line.
        let quantity = line.quantity.as_ref().and_then(|value| parse_quantity(&value.text)).map(Quantity::to_decimal);
        let Some((price, quantity)) = price.zip(quantity) else {
            // Figures that are none are told all the same.
            self.allowances(&line.allowances, &Basis { units: quantity, prices: quantity, ..Basis::default() })?;
            return Some(None);
        };
        let per = per.unwrap_or(Decimal::ONE);
        let ordered = line.unit.as_ref().map(|unit| unit.text.as_str());
        let factor = line.price_unit.as_ref().map_or(Some(Decimal::ONE), |unit| units::between(&unit.text, ordered));
        // A unit that cannot be converted is told with its line.
        let Some(per) = factor.and_then(|factor| per.checked_mul(factor)) else { return Some(None) };
        let list = price.checked_div(per).and_then(|one| one.checked_mul(quantity));
        let list = self.bounded(list, line.price.as_ref())?;
        let prices = quantity.checked_div(per);
        let allowances = self.allowances(&line.allowances, &Basis { amount: list, units: Some(quantity), prices })?;
        Some(Some(self.bounded(list.checked_add(allowances), line.price.as_ref())?))
    }

    /// Lines, allowances, charges, tax, prepaid and rounding against what is to be paid.
    pub(super) fn sums(&mut self, draft: &OrderDraft) -> Sums {
        self.try_sums(draft).unwrap_or_default()
    }

    fn try_sums(&mut self, draft: &OrderDraft) -> Option<Sums> {
        let totals = &draft.totals;
        let mut lines = Decimal::ZERO;
        let mut all_lines_say = !draft.lines.is_empty();
        for line in draft.lines.iter().filter(|line| is_wanted(draft, line)) {
            match self.line_amount(line)? {
                Some(amount) => lines += amount,
                None => all_lines_say = false,
            }
        }
        let said = self.amount(totals.lines.as_ref())?;
        let own = self.allowances(&draft.allowances, &Basis { amount: lines, ..Basis::default() })?;
        let tax = self.amount(totals.tax.as_ref())?.unwrap_or_default();
        let whole = [lines + own, lines + own + tax];
        let holds_all = |said: Decimal| draft.lines_may_hold_all && whole.iter().any(|whole| agrees(said, *whole));
        if let Some(said) = said.filter(|said| all_lines_say && !agrees(*said, lines) && !holds_all(*said)) {
            let message = format!("the lines come to {}, not {said}", lines.normalize());
            self.problem(ProblemCode::TotalMismatch, totals.lines.as_ref(), message);
            return None;
        }
        let adjusted = match (self.amount(totals.allowances.as_ref())?, self.amount(totals.charges.as_ref())?) {
            (None, None) => own,
            (allowances, charges) => charges.unwrap_or_default() - allowances.unwrap_or_default(),
        };
        let without_tax = self.amount(totals.without_tax.as_ref())?;
        let with_tax = self.amount(totals.with_tax.as_ref())?;
        let prepaid = self.amount(totals.prepaid.as_ref())?.unwrap_or_default();
        let rounding = self.amount(totals.rounding.as_ref())?.unwrap_or_default();
        let total = self.amount(totals.total.as_ref())?;
        let says_so = draft.said_paid == Some(true);
        let payable = self.amount(totals.payable.as_ref())?.or(total.map(|total| total - prepaid));
        let Some(payable) = payable else {
            // Without a sum of the sender's, what is paid is held against what the lines come to.
            let net = without_tax.unwrap_or(lines + adjusted) + rounding;
            let whole = with_tax.map_or(net + tax, |with_tax| with_tax + rounding);
            let is_known = all_lines_say && (totals.tax.is_some() || !draft.tax_is_on_top);
            let is_all = prepaid >= whole || agrees(prepaid, whole) || (!draft.tax_is_on_top && agrees(prepaid, net));
            let paid = says_so || (is_known && prepaid > Decimal::ZERO && is_all);
            let whole = if draft.tax_is_on_top { whole } else { net };
            let whole = Some(whole).filter(|_| is_known);
            return Some(Sums { paid, tax_on_top: draft.tax_is_on_top, whole, tax, prepaid });
        };
        let paid = says_so || (prepaid > Decimal::ZERO && payable <= Decimal::ZERO);
        let Some(lines) = said.or(all_lines_say.then_some(lines)) else {
            return Some(Sums { paid, prepaid, ..Sums::default() });
        };
        let net = without_tax.unwrap_or(lines + adjusted);
        let whole = Some(payable + prepaid);
        let due = |sum: Decimal| sum - prepaid + rounding;
        // The sum of the lines may hold the tax already (a shop for consumers) or not; the payable amount tells.
        let on_top = with_tax.unwrap_or(net + tax);
        let sums = match payable {
            payable if agrees(payable, due(on_top)) && !agrees(on_top, lines + adjusted) => {
                Sums { paid, tax_on_top: true, whole, tax, prepaid }
            }
            payable if agrees(payable, due(net)) || agrees(payable, due(on_top)) => {
                Sums { paid, tax_on_top: false, whole, tax, prepaid }
            }
            _ => {
                let message = format!("the order comes to {}, not {payable}", due(on_top).normalize());
                self.problem(ProblemCode::TotalMismatch, totals.payable.as_ref().or(totals.total.as_ref()), message);
                return None;
            }
        };
        Some(sums)
    }
}

/// Equal to the hundredth: systems round each line on its own.
pub fn agrees(said: Decimal, expected: Decimal) -> bool {
    (said - expected).abs() <= Decimal::new(1, 2)
}
