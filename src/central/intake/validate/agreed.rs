//! The prices agreed with the customer that buys: a line that names none has them, and one that differs is told.
//!
//! Orders under agreed prices often leave them out (a price is optional in UBL, GS1 XML and openTRANS). What is agreed is what
//! `PriceService` answers: the customer's contract, its group's price, everyone's for so many, the list's. A price that the
//! document names counts, whatever was agreed: it is what the customer has been told.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::super::draft::{DraftLine, OrderDraft, Value};
use super::super::problem::ProblemCode;
use super::super::units::{self, Conversion};
use super::lines::parse_quantity;
use super::sums::percent_of;
use super::taxes::product_percent;
use super::{Against, Catalogue, Check, is_wanted};
use crate::central::store::{ProductRecord, StoreRecord};
use crate::domain::customer::Customer;
use crate::domain::ids::ProductId;
use crate::domain::money::{Currency, Money};
use crate::domain::price::{PriceBasis, PriceRule, Quote, quote};
use crate::domain::quantity::Quantity;
use crate::domain::tax::TaxMode;

/// A customer of ours with the rules of its prices.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Who buys.
    pub customer: Customer,
    /// Those of the products it orders.
    pub rules: Arc<HashMap<ProductId, Vec<PriceRule>>>,
}

impl Terms {
    fn quote(&self, record: &ProductRecord, units: Quantity, against: &Against<'_>) -> Quote {
        let rules = self.rules.get(&record.product.id).map(Vec::as_slice).unwrap_or_default();
        quote(record.product.price, rules, units, against.now)
    }
}

impl Check<'_> {
    /// The draft with our price on every line that names neither a price nor an amount, where a customer of ours buys. Of a
    /// document without any amount the currency is that of those prices.
    pub(super) fn with_agreed_prices<'d>(
        &mut self,
        draft: &'d OrderDraft,
        store: Option<&StoreRecord>,
        catalogue: &Catalogue,
        against: &Against<'_>,
    ) -> Cow<'d, OrderDraft> {
        let Some(terms) = against.terms else { return Cow::Borrowed(draft) };
        let is_bare = |line: &DraftLine| is_wanted(draft, line) && line.price.is_none() && line.amount.is_none();
        if !draft.lines.iter().any(is_bare) {
            return Cow::Borrowed(draft);
        }
        let named = draft.currency.as_ref().or_else(|| draft.other_currencies.first());
        let included = store.is_none_or(|store| store.settings.tax_mode == TaxMode::Included);
        let mut filled = draft.clone();
        let mut currency = None;
        for (line, item) in filled.lines.iter_mut().zip(against.items).filter(|(line, _)| is_bare(line)) {
            let Some((record, quoted, factor)) = item.as_ref().and_then(|(record, pack)| {
                let factor = units_in(line, record, *pack)?;
                Some((record, terms.quote(record, units_of(line, factor)?, against), factor))
            }) else {
                continue;
            };
            let ours = quoted.unit_price.currency();
            if named.is_some_and(|named| Currency::from_code(&named.text) != Some(ours)) {
                continue;
            }
            let is_net = draft.tax_is_on_top && included;
            let own = percent_of(line.tax_percent.as_ref());
            let products = || product_percent(record.product.tax, store, &catalogue.stores);
            let rate = if is_net { own.unwrap_or_else(products) } else { Decimal::ZERO };
            let net = quoted.unit_price.to_decimal().checked_div(Decimal::ONE + rate / Decimal::ONE_HUNDRED);
            let Some(price) = net.and_then(|net| net.checked_mul(factor)) else { continue };
            let whole = Value::of_element(line.path.clone(), line.at);
            let message = format!("no price is named: taken at {}", words(&quoted, terms));
            self.warn(ProblemCode::PriceInvalid, Some(&whole), message);
            (line.price_quantity, line.price_unit) = (None, None);
            line.price = Some(Value { text: price.round_dp(8).normalize().to_string(), ..whole });
            currency.get_or_insert(ours);
        }
        let says_nothing = named.is_none() && !filled.lines.iter().any(is_bare);
        let all_ours = draft.lines.iter().filter(|line| is_wanted(draft, line)).all(is_bare);
        if let Some(currency) = currency.filter(|_| says_nothing && all_ours) {
            let whole = draft.element.clone().unwrap_or_else(|| Value::of_element(String::new(), Default::default()));
            filled.currency = Some(Value { text: currency.code().to_owned(), ..whole });
        }
        Cow::Owned(filled)
    }

    /// Tells that a line's price, in our unit and as the store has its prices, is not the one agreed with the customer. A
    /// shop of its own may well sell below the list: that is agreed with nobody.
    pub(super) fn compare_with_agreed(
        &mut self,
        line: &DraftLine,
        record: &ProductRecord,
        (units, unit_price): (Quantity, Money),
        against: &Against<'_>,
    ) {
        let Some(terms) = against.terms else { return };
        let quoted = terms.quote(record, units, against);
        let is_agreed = matches!(quoted.basis, Some(PriceBasis::Contract | PriceBasis::Group));
        let is_same_currency = quoted.unit_price.currency() == unit_price.currency();
        // Systems round each price on its own.
        let differs = quoted.unit_price.minor().abs_diff(unit_price.minor()) > 1;
        if is_agreed && is_same_currency && differs {
            let whole = Value::of_element(line.path.clone(), line.at);
            let value = line.price.as_ref().or(line.amount.as_ref()).unwrap_or(&whole);
            let message = format!("taken at {unit_price} for one, and not at {}", words(&quoted, terms));
            self.warn(ProblemCode::PriceInvalid, Some(value), message);
        }
    }
}

fn words(quoted: &Quote, terms: &Terms) -> String {
    let whose = match quoted.basis {
        Some(PriceBasis::Contract) => format!("the price agreed with {}", terms.customer.id),
        Some(PriceBasis::Group) => format!("the price of {}'s group", terms.customer.id),
        Some(PriceBasis::QuantityBreak) => "our price for so many".to_owned(),
        None => "our list price".to_owned(),
    };
    format!("{whose}, {} {} for one", quoted.unit_price, quoted.unit_price.currency().code())
}

/// How many of our unit one ordered unit is, where that can be said.
fn units_in(line: &DraftLine, record: &ProductRecord, pack: u32) -> Option<Decimal> {
    let pack = Decimal::from(pack.max(1));
    match units::convert(line.unit.as_ref().map(|unit| unit.text.as_str()), record.product.unit) {
        Conversion::Factor(factor) => factor.checked_mul(pack),
        Conversion::Pack | Conversion::Unknown => Some(pack),
        Conversion::OtherKind => None,
    }
}

fn units_of(line: &DraftLine, factor: Decimal) -> Option<Quantity> {
    let ordered = parse_quantity(&line.quantity.as_ref()?.text).filter(|quantity| quantity.is_positive())?;
    parse_quantity(&ordered.to_decimal().checked_mul(factor)?.to_string())
}
