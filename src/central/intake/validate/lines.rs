//! The lines of an order: every product known, every quantity one that can be ordered, every price a price.

use rust_decimal::Decimal;

use super::super::draft::{DraftLine, OrderDraft, Value};
use super::super::problem::ProblemCode;
use super::super::units::{self, Conversion};
use super::people::buyer_names;
use super::sums::{Basis, agrees, percent_of};
use super::taxes::Pricing;
use super::{Against, Catalogue, Check, is_wanted, name};
use crate::central::store::{ProductRecord, SubmittedLine, SubmittedUnmatched, UnknownPolicy};
use crate::domain::money::Money;
use crate::domain::product::Unit;
use crate::domain::quantity::Quantity;
use crate::domain::web_order::UnmatchedLine;

/// The lines of an order that are wanted and right.
#[derive(Default)]
pub struct WantedLines {
    /// Of our products.
    pub known: Vec<SubmittedLine>,
    /// Held for head office to match.
    pub unmatched: Vec<SubmittedUnmatched>,
    /// The rate of each line of [`Self::known`], in percent.
    pub known_percents: Vec<Decimal>,
    /// The rate that each held line names, if it does.
    pub held_percents: Vec<Option<Decimal>>,
    /// A line names another rate than its product has.
    pub names_other_rate: bool,
}

impl Check<'_> {
    /// All lines that are wanted and right.
    pub(super) fn lines(
        &mut self,
        draft: &OrderDraft,
        against: &Against<'_>,
        catalogue: &Catalogue,
        pricing: &Pricing<'_>,
    ) -> WantedLines {
        let mut lines = WantedLines::default();
        let wanted = draft.lines.iter().zip(against.items).filter(|(line, _)| is_wanted(draft, line));
        for (number, (line, item)) in (1_u32..).zip(wanted) {
            match item {
                None if catalogue.unknown == UnknownPolicy::Hold => {
                    if let Some(held) = self.held_line(number, line, pricing) {
                        // Under its number its list is found whatever the next document calls it.
                        let own = against.terms.map(|terms| terms.customer.id.to_string());
                        let buyers = own.into_iter().chain(buyer_names(draft)).collect();
                        lines.unmatched.push(SubmittedUnmatched { buyers, ..held });
                        lines.held_percents.push(percent_of(line.tax_percent.as_ref()));
                    }
                }
                _ => {
                    if let Some((found, percent)) = self.line(line, item.as_ref(), pricing, against) {
                        let ours = item.as_ref().map(|(record, _)| pricing.percent_of(record.product.tax));
                        lines.names_other_rate |= ours != Some(percent);
                        lines.known.push(found);
                        lines.known_percents.push(percent);
                    }
                }
            }
        }
        lines
    }

    /// A line whose item is no product of ours, as it was sent: what it comes to is found out when it is matched.
    fn held_line(&mut self, number: u32, line: &DraftLine, pricing: &Pricing<'_>) -> Option<SubmittedUnmatched> {
        let whole = Value::of_element(line.path.clone(), line.at);
        let quantity = self.quantity(line, &whole);
        let (mut price, mut amount) = self.price(line, &whole, quantity, None)?;
        let own_rate = percent_of(line.tax_percent.as_ref());
        let lacks_tax = pricing.lacks_tax() && own_rate.is_none();
        let value = line.price.as_ref().or(line.amount.as_ref());
        let factor = pricing.factor(own_rate.unwrap_or_else(|| pricing.sums.percent()));
        amount = self.bounded(amount.checked_mul(factor), value)?;
        if !lacks_tax {
            price = self.bounded(price.checked_mul(factor), value)?;
        }
        let currency = pricing.currency;
        let money = |exact: Decimal| Money::from_decimal(exact, currency);
        let Some((unit_price, amount)) = money(price).zip(money(amount)) else {
            self.problem(ProblemCode::PriceInvalid, Some(&whole), "the price is beyond what an order may have");
            return None;
        };
        let text = |value: &Option<Value>| value.as_ref().map(|value| name(&value.text)).filter(|t| !t.is_empty());
        let named = line.gtin.as_ref().or(line.sellers_number.as_ref()).or(line.buyers_number.as_ref());
        self.warn(ProblemCode::ItemUnknown, Some(named.unwrap_or(&whole)), "held for head office to match");
        let held = UnmatchedLine {
            line: number,
            name: text(&line.name).unwrap_or_default(),
            gtin: text(&line.gtin),
            sellers_number: text(&line.sellers_number),
            buyers_number: text(&line.buyers_number),
            quantity: parse_quantity(&quantity?.to_string())?,
            unit: text(&line.unit),
            unit_price,
        };
        let (amount, share, taxed) = (Some(amount), Money::zero(currency), Vec::new());
        Some(SubmittedUnmatched { line: held, price, amount, share, taxed, lacks_tax, buyers: Vec::new() })
    }

    /// A line with the rate it is taxed at, in percent: its own word, else its product's.
    fn line(
        &mut self,
        line: &DraftLine,
        item: Option<&(ProductRecord, u32)>,
        pricing: &Pricing<'_>,
        against: &Against<'_>,
    ) -> Option<(SubmittedLine, Decimal)> {
        let whole = Value::of_element(line.path.clone(), line.at);
        let mut quantity = self.quantity(line, &whole);
        let factor = item.and_then(|(record, pack)| self.factor(line, &whole, record, *pack, quantity?));
        quantity = quantity.filter(|_| item.is_none() || factor.is_some());
        let price = self.price(line, &whole, quantity, item.map(|(record, _)| record.product.unit));
        let Some((record, _)) = item else {
            let named = line.gtin.as_ref().or(line.sellers_number.as_ref()).or(line.buyers_number.as_ref());
            self.problem(ProblemCode::ItemUnknown, Some(named.unwrap_or(&whole)), "we do not sell such an item");
            return None;
        };
        let (quantity, price, factor) = (quantity?, price?, factor?);
        let (price, amount) = price;
        let own = percent_of(line.tax_percent.as_ref());
        let percent = own.unwrap_or_else(|| pricing.percent_of(record.product.tax));
        let (taxed, currency) = (pricing.factor(percent), pricing.currency);
        let fits = || {
            let units = parse_quantity(&quantity.checked_mul(factor)?.to_string())?;
            let unit_price = Money::from_decimal(price.checked_div(factor)?.checked_mul(taxed)?, currency)?;
            units.at(unit_price)?;
            Some((units, unit_price, Money::from_decimal(amount.checked_mul(taxed)?, currency)?))
        };
        let value = line.quantity.as_ref().unwrap_or(&whole);
        let Some((units, unit_price, amount)) = fits() else {
            self.problem(ProblemCode::QuantityInvalid, Some(value), "so much of it is beyond what an order may have");
            return None;
        };
        self.compare_with_agreed(line, record, (units, unit_price), against);
        let called = line.name.as_ref().map(|called| name(&called.text)).filter(|called| !called.is_empty());
        let found = SubmittedLine {
            product: record.product.id.clone(),
            name: called.unwrap_or_else(|| record.product.name.clone()),
            quantity: units,
            unit_price,
            amount,
            share: Money::zero(currency),
            taxed: Vec::new(),
        };
        Some((found, percent))
    }

    fn quantity(&mut self, line: &DraftLine, whole: &Value) -> Option<Decimal> {
        let Some(value) = &line.quantity else {
            self.problem(ProblemCode::QuantityInvalid, Some(whole), "the line has no quantity");
            return None;
        };
        let quantity = parse_quantity(&value.text).filter(|quantity| quantity.is_positive());
        if quantity.is_none() {
            self.problem(ProblemCode::QuantityInvalid, Some(value), "this is no quantity that can be ordered");
        }
        quantity.map(Quantity::to_decimal)
    }

    /// How many of our unit one ordered unit is: by its code, and by the pack that the item's identity stands for.
    fn factor(
        &mut self,
        line: &DraftLine,
        whole: &Value,
        record: &ProductRecord,
        pack: u32,
        quantity: Decimal,
    ) -> Option<Decimal> {
        let pack = Decimal::from(pack.max(1));
        let unit = line.unit.as_ref();
        let value = unit.or(line.quantity.as_ref()).unwrap_or(whole);
        let factor = match units::convert(unit.map(|unit| unit.text.as_str()), record.product.unit) {
            Conversion::Factor(factor) => Some(factor * pack),
            Conversion::Pack => {
                if pack == Decimal::ONE {
                    let message = "ordered in packs, and the item's number is that of one: taken as pieces";
                    self.warn(ProblemCode::QuantityInvalid, Some(value), message);
                }
                Some(pack)
            }
            Conversion::Unknown => {
                self.warn(ProblemCode::QuantityInvalid, Some(value), "this unit is not known: taken as ours");
                Some(pack)
            }
            Conversion::OtherKind => {
                let message = format!("we sell this by the {}", unit_word(record.product.unit));
                self.problem(ProblemCode::QuantityInvalid, Some(value), message);
                None
            }
        }?;
        let units = quantity.checked_mul(factor);
        if record.product.unit == Unit::Each && units.is_some_and(|units| !units.fract().is_zero()) {
            let value = line.quantity.as_ref().unwrap_or(whole);
            self.problem(ProblemCode::QuantityInvalid, Some(value), "this is sold in whole pieces");
            return None;
        }
        Some(factor)
    }

    /// For how many of the line's units its price is. In another unit than the line's it is converted, or told.
    fn price_base(&mut self, line: &DraftLine, ours: Option<Unit>) -> Option<Decimal> {
        let per = self.amount(line.price_quantity.as_ref())?.filter(|per| *per > Decimal::ZERO);
        let (Some(per), Some(unit)) = (per, &line.price_unit) else { return Some(per.unwrap_or(Decimal::ONE)) };
        let factor = match (&line.unit, ours) {
            (None, Some(ours)) => match units::convert(Some(&unit.text), ours) {
                Conversion::Factor(factor) => Some(factor),
                Conversion::Pack | Conversion::OtherKind | Conversion::Unknown => None,
            },
            (ordered, _) => units::between(&unit.text, ordered.as_ref().map(|ordered| ordered.text.as_str())),
        };
        let Some(factor) = factor else {
            let message = "the price is for another unit than the one ordered, and none we can convert";
            self.problem(ProblemCode::QuantityInvalid, Some(unit), message);
            return None;
        };
        self.bounded(per.checked_mul(factor), line.price_quantity.as_ref())
    }

    /// The price of one and what the line comes to, from the price named or from what the line costs; both must agree, and
    /// what the line says that it costs is what it costs.
    fn price(
        &mut self,
        line: &DraftLine,
        whole: &Value,
        quantity: Option<Decimal>,
        ours: Option<Unit>,
    ) -> Option<(Decimal, Decimal)> {
        let amount = self.amount(line.amount.as_ref())?;
        let price = self.amount(line.price.as_ref())?;
        let per = self.price_base(line, ours)?;
        let quantity = quantity?;
        // In percent of what the line comes to without them; of its amount, where it names no price.
        let value = line.price.as_ref().or(line.amount.as_ref());
        let list = match price {
            Some(price) => {
                let list = price.checked_div(per).and_then(|one| one.checked_mul(quantity));
                self.bounded(list, value)?
            }
            None => amount.unwrap_or_default(),
        };
        let prices = quantity.checked_div(per);
        let allowances = self.allowances(&line.allowances, &Basis { amount: list, units: Some(quantity), prices })?;
        let price = match (price, amount) {
            (Some(price), _) => self.bounded(price.checked_div(per), value)?,
            (None, Some(amount)) => {
                let price = amount.checked_sub(allowances).and_then(|sum| sum.checked_div(quantity));
                self.bounded(price, value)?
            }
            (None, None) => {
                self.problem(ProblemCode::PriceInvalid, Some(whole), "the line has neither a price nor an amount");
                return None;
            }
        };
        if price < Decimal::ZERO {
            self.problem(ProblemCode::PriceInvalid, value, "a price is nothing or more");
            return None;
        }
        let expected = price.checked_mul(quantity).and_then(|sum| sum.checked_add(allowances));
        let expected = self.bounded(expected, value)?;
        if let Some(amount) = amount.filter(|amount| !agrees(*amount, expected)) {
            let message = format!("quantity times price comes to {}, not {amount}", expected.normalize());
            self.problem(ProblemCode::TotalMismatch, line.amount.as_ref(), message);
            return None;
        }
        // Within what systems round, a line that says that it costs nothing does.
        let says_so = amount.is_some_and(|amount| amount >= Decimal::ZERO);
        if !says_so && expected.round_dp(2) < Decimal::ZERO {
            let taken = line.allowances.first().and_then(|first| first.amount.as_ref().or(first.percent.as_ref()));
            let message = format!("more is taken off than the line costs: it comes to {}", expected.normalize());
            self.problem(ProblemCode::PriceInvalid, taken.or(value), message);
            return None;
        }
        // What the customer pays for one, with the line's own allowances in it.
        let one = self.bounded(expected.checked_div(quantity), value)?;
        Some((one.max(Decimal::ZERO), amount.unwrap_or(expected).max(Decimal::ZERO)))
    }
}

/// A quantity as written: zeros behind the third decimal say nothing.
pub fn parse_quantity(text: &str) -> Option<Quantity> {
    let written = Decimal::from_str_exact(text).ok()?;
    Quantity::parse(&written.normalize().to_string())
}

const fn unit_word(unit: Unit) -> &'static str {
    match unit {
        Unit::Each => "piece",
        Unit::Kilogram => "kilogram",
        Unit::Metre => "metre",
        Unit::Litre => "litre",
        Unit::Hour => "hour",
    }
}
