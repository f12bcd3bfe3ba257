//! Amounts and sums: every figure a figure, and everything adds up as the document itself says.

use rust_decimal::Decimal;

use super::super::draft::{AllowanceCharge, DraftKind, DraftLine, OrderDraft, Value};
use super::super::problem::ProblemCode;
use super::super::units;
use super::lines::parse_quantity;
use super::{Check, is_wanted};
use crate::domain::money::{Currency, Money};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::Payment;

/// How the prices of a document stand to tax.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TaxKind {
    /// It does not tell: its prices are as the store's are.
    #[default]
    Unsaid,
    /// They are without the tax that is put on top.
    OnTop,
    /// They hold the tax.
    Within,
}

/// What the whole order puts on or takes off at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// How much, in the document's prices; below zero when it is taken off.
    pub amount: Decimal,
    /// The rate it names.
    pub percent: Option<Decimal>,
    /// The tax on it that it names, of the sign of its amount.
    pub tax: Option<Decimal>,
}

/// What the sums say.
#[derive(Default)]
pub struct Sums {
    /// Nothing is left to pay.
    pub paid: bool,
    /// How the prices stand to tax.
    pub kind: TaxKind,
    /// What the order comes to in the document's prices, received before or still to pay: with the tax where they hold it.
    /// Nothing when no figure of the document tells.
    pub sum: Option<Decimal>,
    /// The tax of the whole, where it is named.
    pub tax: Option<Decimal>,
    /// The document's own rounding, which no tax is on.
    pub rounding: Decimal,
    /// What the whole order puts on or takes off.
    pub charges: Vec<Charge>,
    /// What was received before.
    pub prepaid: Decimal,
    /// What the order comes to with all that the document says is in it, received before or still to pay; nothing when no
    /// figure of the document tells.
    pub whole: Option<Decimal>,
    /// It says nothing of the tax in that.
    pub whole_lacks_tax: bool,
}

impl Sums {
    /// Do the prices need the tax put on top, in a store whose prices hold it (`included`) or not?
    pub fn is_on_top(&self, included: bool) -> bool {
        match self.kind {
            TaxKind::OnTop => true,
            TaxKind::Within => false,
            TaxKind::Unsaid => !included,
        }
    }

    /// The rate of the whole order in percent; nothing when it cannot be told.
    pub fn percent(&self) -> Decimal {
        let tax = self.tax.unwrap_or_default();
        let net = self.sum.map(|sum| if self.kind == TaxKind::Within { sum - tax } else { sum });
        let rate = net.filter(|net| *net > Decimal::ZERO).and_then(|net| tax.checked_div(net));
        rate.and_then(|rate| rate.checked_mul(Decimal::ONE_HUNDRED)).unwrap_or_default().max(Decimal::ZERO)
    }

    /// What was received. Nothing when the amount is beyond what an order may have.
    pub fn payment(&self, currency: Currency) -> Option<Payment> {
        let some = !self.paid && self.prepaid > Decimal::ZERO;
        let prepaid = if some { Some(Money::from_decimal(self.prepaid, currency)?) } else { None };
        Some(Payment { paid: self.paid, prepaid })
    }

    /// Without a sum of the sender's, what is paid is held against what the lines come to.
    fn without_payable(self, draft: &OrderDraft, net: Decimal, with_tax: Option<Decimal>) -> Self {
        let (prepaid, on_top) = (self.prepaid, draft.tax_is_on_top);
        let whole = with_tax.map_or(net + self.tax.unwrap_or_default(), |with_tax| with_tax + self.rounding);
        let is_known = self.sum.is_some() && (self.tax.is_some() || !on_top);
        let whole_lacks_tax = with_tax.is_none() && self.tax.is_none();
        let is_all = prepaid >= whole || agrees(prepaid, whole) || (!on_top && agrees(prepaid, net));
        let paid = self.paid || (is_known && prepaid > Decimal::ZERO && is_all);
        let kind = if on_top { TaxKind::OnTop } else { TaxKind::Unsaid };
        Self { paid, kind, whole: self.sum.map(|_| whole), whole_lacks_tax, ..self }
    }

    /// What the document's sums come to beyond lines and named charges is a charge of its own that names nothing; within
    /// what systems round, it is none.
    fn with_rest(mut self, lines: Decimal) -> Self {
        let charges: Decimal = self.charges.iter().map(|charge| charge.amount).sum();
        let rest = self.sum.map_or(Decimal::ZERO, |sum| sum - self.rounding - lines - charges);
        if !agrees(rest, Decimal::ZERO) {
            self.charges.push(Charge { amount: rest, percent: None, tax: None });
        }
        self
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
        Some(self.charges(allowances, basis)?.iter().map(|charge| charge.amount).sum())
    }

    /// Each charge, and each allowance below zero, on what they are on.
    fn charges(&mut self, allowances: &[AllowanceCharge], basis: &Basis) -> Option<Vec<Charge>> {
        let mut charges = Vec::with_capacity(allowances.len());
        for allowance in allowances {
            let amount = match self.amount(allowance.amount.as_ref())? {
                Some(amount) => amount,
                None => self.reckoned_allowance(allowance, basis)?,
            };
            let tax = self.amount(allowance.tax_amount.as_ref())?;
            let is_charge = allowance.is_charge.as_ref().is_some_and(|text| matches!(text.text.as_str(), "true" | "1"));
            let signed = |amount: Decimal| if is_charge { amount } else { -amount };
            let percent = percent_of(allowance.tax_percent.as_ref());
            // Some senders write the tax of an allowance below zero, as it is, and some above, as the allowance is.
            let tax = tax.map(|tax| if signed(amount).is_sign_negative() { -tax.abs() } else { tax.abs() });
            charges.push(Charge { amount: signed(amount), percent, tax });
        }
        Some(charges)
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

    /// No more is taken off than the lines come to, the tax with them.
    fn something_is_left(&mut self, draft: &OrderDraft, lines: Option<Decimal>, beside: Decimal) -> Option<()> {
        let Some(lines) = lines else { return Some(()) };
        let left = lines + beside;
        if lines.is_sign_negative() || !left.is_sign_negative() || agrees(left, Decimal::ZERO) {
            return Some(());
        }
        let named = draft.allowances.iter().find_map(|allowance| allowance.amount.as_ref());
        let message = format!("the lines come to {}, and more than that is taken off", lines.normalize());
        self.problem(ProblemCode::TotalMismatch, draft.totals.allowances.as_ref().or(named), message);
        None
    }

    /// No more was received before than the order comes to, here with a tax of at most so many percent where the document says
    /// nothing of it. A change may leave less of an order than was paid for: it is taken, and its sender told.
    pub(super) fn paid_within(&mut self, draft: &OrderDraft, sums: &Sums, percent_max: Decimal) {
        let Some(whole) = sums.whole else { return };
        let tax_max = if sums.whole_lacks_tax { whole * percent_max / Decimal::ONE_HUNDRED } else { Decimal::ZERO };
        let most = whole + tax_max;
        if sums.prepaid <= most.max(Decimal::ZERO) || agrees(sums.prepaid, most) {
            return;
        }
        let message = format!("the order comes to {}, and more than that is paid before", most.round_dp(2).normalize());
        match draft.kind {
            DraftKind::Change => self.warn(ProblemCode::TotalMismatch, draft.totals.prepaid.as_ref(), message),
            _ => self.problem(ProblemCode::TotalMismatch, draft.totals.prepaid.as_ref(), message),
        }
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
        let charges = self.charges(&draft.allowances, &Basis { amount: lines, ..Basis::default() })?;
        let own: Decimal = charges.iter().map(|charge| charge.amount).sum();
        let said_tax = self.amount(totals.tax.as_ref())?;
        let tax = said_tax.unwrap_or_default();
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
        self.something_is_left(draft, all_lines_say.then_some(lines), adjusted + tax.abs())?;
        let without_tax = self.amount(totals.without_tax.as_ref())?;
        let with_tax = self.amount(totals.with_tax.as_ref())?;
        let prepaid = self.amount(totals.prepaid.as_ref())?.unwrap_or_default();
        let rounding = self.amount(totals.rounding.as_ref())?.unwrap_or_default();
        let total = self.amount(totals.total.as_ref())?;
        let says_so = draft.said_paid == Some(true);
        let payable = self.amount(totals.payable.as_ref())?.or(total.map(|total| total - prepaid));
        // Who names what it comes to without and with the tax has named the tax.
        let said_tax = said_tax.or(with_tax.zip(without_tax).map(|(with, without)| with - without));
        let sums = Sums { tax: said_tax, rounding, charges, prepaid, ..Sums::default() };
        let Some(payable) = payable else {
            let net = without_tax.unwrap_or(lines + adjusted) + rounding;
            let sum = Some(net).filter(|_| all_lines_say);
            let sums = Sums { paid: says_so, sum, ..sums };
            return Some(sums.without_payable(draft, net, with_tax).with_rest(lines));
        };
        let paid = says_so || (prepaid > Decimal::ZERO && payable <= Decimal::ZERO);
        let Some(lines) = said.or(all_lines_say.then_some(lines)) else {
            return Some(Sums { paid, prepaid, whole: Some(payable + prepaid), ..Sums::default() });
        };
        let net = without_tax.unwrap_or(lines + adjusted);
        let due = |sum: Decimal| sum - prepaid + rounding;
        // The sum of the lines may hold the tax already (a shop for consumers) or not; the payable amount tells.
        let on_top = with_tax.unwrap_or(net + tax);
        let whole = payable + prepaid;
        let sums = Sums { whole: Some(whole), ..sums };
        let sums = match payable {
            payable if agrees(payable, due(on_top)) && !agrees(on_top, lines + adjusted) => {
                let tax = said_tax.unwrap_or(on_top - net);
                Sums { paid, kind: TaxKind::OnTop, sum: Some(whole - tax), tax: Some(tax), ..sums }
            }
            payable if agrees(payable, due(net)) || agrees(payable, due(on_top)) => {
                let kind = if said_tax.is_some() { TaxKind::Within } else { TaxKind::Unsaid };
                Sums { paid, kind, sum: Some(whole), ..sums }
            }
            _ => {
                let message = format!("the order comes to {}, not {payable}", due(on_top).normalize());
                self.problem(ProblemCode::TotalMismatch, totals.payable.as_ref().or(totals.total.as_ref()), message);
                return None;
            }
        };
        Some(sums.with_rest(lines))
    }
}

/// A rate in percent, when it is one.
pub fn percent_of(value: Option<&Value>) -> Option<Decimal> {
    let own = value.and_then(|percent| Decimal::from_str_exact(&percent.text).ok());
    own.filter(|percent| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(percent)).map(|percent| percent.normalize())
}

/// Equal to the hundredth: systems round each line on its own.
pub fn agrees(said: Decimal, expected: Decimal) -> bool {
    (said - expected).abs() <= Decimal::new(1, 2)
}
