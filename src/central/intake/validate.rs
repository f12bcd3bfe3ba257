//! From what a document says to an order of ours: every product known, every figure a figure, every sum right.
//!
//! All that is wrong is found in one go, so that a sender need not send the same order ten times to learn ten things.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::draft::{AllowanceCharge, DraftLine, OrderDraft, Party, Value};
use super::problem::{Place, Problem, ProblemCode};
use super::text::printable;
use super::xml;
use crate::central::store::{ItemIdentity, OrderSubmission, ProductRecord, StoreKind, StoreRecord, SubmittedLine};
use crate::domain::Timestamp;
use crate::domain::barcode::lookup_key;
use crate::domain::ids::{ChannelId, ProductId, StoreId};
use crate::domain::money::{Currency, Money};
use crate::domain::product::Unit;
use crate::domain::quantity::Quantity;
use crate::domain::tax::TaxMode;
use crate::domain::web_order::Fulfilment;

/// How long an order without a date of its own is kept.
const KEEP_DAYS: i64 = 7;
/// How many problems one answer names; the rest is found when these are mended.
const PROBLEMS_MAX: usize = 100;
/// The longest order number, name or identity.
const NAME_CHARACTERS_MAX: usize = 100;

/// What an order is checked against.
pub struct Catalogue {
    /// All stores.
    pub stores: Vec<StoreRecord>,
    /// For each line, the product and how many units the identity stands for.
    pub items: Vec<Option<(ProductRecord, u32)>>,
}

/// How the lines name their items: for the look-up before [`validate`].
pub fn item_identities(draft: &OrderDraft) -> Vec<ItemIdentity> {
    let identity = |line: &DraftLine| ItemIdentity {
        barcode: line.gtin.as_ref().map(|gtin| lookup_key(&gtin.text)),
        product: line.sellers_number.as_ref().map(|number| ProductId::new(&number.text)),
    };
    draft.lines.iter().map(identity).collect()
}

/// The order, with warnings; or everything that is wrong with it.
pub fn validate(
    document: &str,
    draft: &OrderDraft,
    catalogue: &Catalogue,
    channel: &ChannelId,
    bytes: &[u8],
    now: Timestamp,
) -> Result<(OrderSubmission, Vec<Problem>), Vec<Problem>> {
    let mut check = Check { document, problems: Vec::new() };
    let reference = check.reference(draft);
    let buyer = check.buyer(draft);
    let place = check.place_of_delivery(draft, catalogue);
    let store = place.as_ref().and_then(|place| place.store);
    let currency = check.currency(draft, store, catalogue);
    let sums = currency.map(|currency| check.sums(draft, currency)).unwrap_or_default();
    let gross = sums.tax_on_top && store.is_none_or(|store| store.settings.tax_mode == TaxMode::Included);
    let lines = match currency {
        Some(currency) => check.lines(draft, catalogue, currency, gross),
        None => Vec::new(),
    };
    if draft.lines.is_empty() {
        check.problem(ProblemCode::NoLines, None, "the order has no lines");
    }
    let (Some(reference), Some(buyer), Some(place), true) = (reference, buyer, place, check.problems.is_empty()) else {
        check.problems.truncate(PROBLEMS_MAX);
        return Err(check.problems);
    };
    let collect_by = match place.fulfilment {
        Fulfilment::PickUp => {
            Some(wanted_until(draft).filter(|by| *by > now).unwrap_or(now + TimeDelta::days(KEEP_DAYS)))
        }
        Fulfilment::Delivery => wanted_until(draft),
    };
    let submission = OrderSubmission {
        channel: channel.clone(),
        sender: draft.buyer.endpoint.as_ref().map_or_else(String::new, |endpoint| name(&endpoint.text)),
        buyer,
        reference,
        content: draft.content,
        document: bytes.to_vec(),
        fulfilment: place.fulfilment,
        stores: match place.store {
            Some(store) => vec![store.settings.id.clone()],
            None => warehouses(catalogue)
                .filter(|store| Some(store.settings.currency) == currency)
                .map(|store| store.settings.id.clone())
                .collect(),
        },
        customer_name: customer_name(draft),
        customer_phone: telephone(draft).map(|number| mask_phone(&number)),
        paid: sums.paid,
        ordered_at: ordered_at(draft).filter(|at| *at <= now).unwrap_or(now),
        collect_by,
        lines,
    };
    Ok((submission, Vec::new()))
}

struct Check<'a> {
    document: &'a str,
    problems: Vec<Problem>,
}

/// Where an order goes.
struct Destination<'a> {
    fulfilment: Fulfilment,
    store: Option<&'a StoreRecord>,
}

/// What the sums say.
#[derive(Default)]
struct Sums {
    paid: bool,
    /// The prices of the lines are without the tax that the payable amount has.
    tax_on_top: bool,
}

impl Check<'_> {
    fn problem(&mut self, code: ProblemCode, value: Option<&Value>, message: impl Into<String>) {
        // One more than is told, so that the cut shows nowhere but memory stays bounded.
        if self.problems.len() > PROBLEMS_MAX {
            return;
        }
        let place = value.map_or_else(Place::default, |value| xml::place(self.document, value.at, value.path.clone()));
        self.problems.push(Problem::new(code, place, value.map_or("", |value| &value.text), message));
    }

    fn reference(&mut self, draft: &OrderDraft) -> Option<String> {
        let reference = draft.number.as_ref().map(|number| name(&number.text)).filter(|number| !number.is_empty());
        if reference.is_none() {
            self.problem(ProblemCode::OrderIdMissing, draft.number.as_ref(), "the order has no number of its sender's");
        }
        reference
    }

    /// Who the order number belongs to: the first identity given, else the name.
    fn buyer(&mut self, draft: &OrderDraft) -> Option<String> {
        let party = &draft.buyer;
        let named =
            [party.identities.first(), party.endpoint.as_ref(), party.name.as_ref(), party.registered_name.as_ref()];
        let people = [party.family_name.as_ref(), party.contact_name.as_ref()];
        let buyer =
            named.into_iter().chain(people).flatten().map(|value| name(&value.text)).find(|text| !text.is_empty());
        if buyer.is_none() {
            self.problem(ProblemCode::BuyerUnknown, None, "nobody is named as the buyer");
        }
        buyer
    }

    fn place_of_delivery<'c>(&mut self, draft: &OrderDraft, catalogue: &'c Catalogue) -> Option<Destination<'c>> {
        let find = |value: &Value| {
            let wanted = StoreId::new(&value.text);
            let is = |store: &&StoreRecord| {
                store.settings.id == wanted || store.gln.as_deref().is_some_and(|gln| gln == value.text)
            };
            catalogue.stores.iter().find(is)
        };
        if let Some(location) = &draft.location {
            let Some(store) = find(location) else {
                self.problem(ProblemCode::StoreUnknown, Some(location), "no store of ours has this code or GLN");
                return None;
            };
            return Some(Destination { fulfilment: fulfilment_at(store), store: Some(store) });
        }
        // An address may be a store's by its GLN; otherwise it is the customer's door.
        if let Some(store) = draft.address.as_ref().and_then(find) {
            return Some(Destination { fulfilment: fulfilment_at(store), store: Some(store) });
        }
        if warehouses(catalogue).next().is_none() {
            self.problem(
                ProblemCode::StoreUnknown,
                None,
                "the order names no store, and there is no warehouse to send from",
            );
            return None;
        }
        Some(Destination { fulfilment: Fulfilment::Delivery, store: None })
    }

    fn currency(&mut self, draft: &OrderDraft, store: Option<&StoreRecord>, catalogue: &Catalogue) -> Option<Currency> {
        let Some(named) = draft.currency.as_ref().or_else(|| draft.other_currencies.first()) else {
            self.problem(ProblemCode::CurrencyMissing, None, "no currency is named");
            return None;
        };
        let Some(currency) = Currency::from_code(&named.text) else {
            self.problem(ProblemCode::CurrencyUnsupported, Some(named), "this is no currency code of ISO 4217");
            return None;
        };
        if let Some(other) = draft.other_currencies.iter().find(|other| other.text != named.text) {
            let message = format!("the order is in {}, this amount is not", named.text);
            self.problem(ProblemCode::CurrencyUnsupported, Some(other), message);
            return None;
        }
        if let Some(store) = store.filter(|store| store.settings.currency != currency) {
            let sells_in = store.settings.currency.code();
            self.problem(ProblemCode::CurrencyUnsupported, Some(named), format!("this store sells in {sells_in}"));
            return None;
        }
        let sent = store.is_none() && warehouses(catalogue).next().is_some();
        if sent && warehouses(catalogue).all(|warehouse| warehouse.settings.currency != currency) {
            self.problem(ProblemCode::CurrencyUnsupported, Some(named), "no warehouse sells in this currency");
            return None;
        }
        Some(currency)
    }

    fn lines(
        &mut self,
        draft: &OrderDraft,
        catalogue: &Catalogue,
        currency: Currency,
        gross: bool,
    ) -> Vec<SubmittedLine> {
        let mut lines = Vec::with_capacity(draft.lines.len());
        for (line, item) in draft.lines.iter().zip(&catalogue.items) {
            let found = self.line(line, item.as_ref(), currency, gross, catalogue);
            lines.extend(found);
        }
        lines
    }

    fn line(
        &mut self,
        line: &DraftLine,
        item: Option<&(ProductRecord, u32)>,
        currency: Currency,
        gross: bool,
        catalogue: &Catalogue,
    ) -> Option<SubmittedLine> {
        let whole = Value { text: String::new(), path: line.path.clone(), at: line.at };
        let quantity = self.quantity(line, &whole, item);
        let price = self.price(line, &whole, quantity);
        let Some((record, pack)) = item else {
            let named = line.gtin.as_ref().or(line.sellers_number.as_ref()).or(line.buyers_number.as_ref());
            self.problem(ProblemCode::ItemUnknown, Some(named.unwrap_or(&whole)), "we do not sell such an item");
            return None;
        };
        let (quantity, price) = (quantity?, price?);
        let pack = Decimal::from((*pack).max(1));
        let mut unit_price = price / pack;
        if gross {
            unit_price *= Decimal::ONE + tax_percent(line, record, catalogue) / Decimal::ONE_HUNDRED;
        }
        let fits = || {
            let units = Quantity::parse(&(quantity * pack).to_string())?;
            let unit_price = Money::from_decimal(unit_price, currency)?;
            units.at(unit_price)?;
            Some((units, unit_price))
        };
        let Some((units, unit_price)) = fits() else {
            let value = line.quantity.as_ref().unwrap_or(&whole);
            self.problem(ProblemCode::QuantityInvalid, Some(value), "so much of it is beyond what an order may have");
            return None;
        };
        let called = line.name.as_ref().map(|called| name(&called.text)).filter(|called| !called.is_empty());
        Some(SubmittedLine {
            product: record.product.id.clone(),
            name: called.unwrap_or_else(|| record.product.name.clone()),
            quantity: units,
            unit_price,
        })
    }

    fn quantity(&mut self, line: &DraftLine, whole: &Value, item: Option<&(ProductRecord, u32)>) -> Option<Decimal> {
        let Some(value) = &line.quantity else {
            self.problem(ProblemCode::QuantityInvalid, Some(whole), "the line has no quantity");
            return None;
        };
        let quantity = Quantity::parse(&value.text).filter(|quantity| quantity.is_positive());
        let Some(quantity) = quantity else {
            self.problem(ProblemCode::QuantityInvalid, Some(value), "this is no quantity that can be ordered");
            return None;
        };
        if item.is_some_and(|(record, _)| record.product.unit == Unit::Each) && !quantity.is_whole() {
            self.problem(ProblemCode::QuantityInvalid, Some(value), "this is sold in whole pieces");
            return None;
        }
        Some(quantity.to_decimal())
    }

    /// The price of one, from the price named or from what the line costs; both must agree.
    fn price(&mut self, line: &DraftLine, whole: &Value, quantity: Option<Decimal>) -> Option<Decimal> {
        let amount = self.amount(line.amount.as_ref())?;
        let price = self.amount(line.price.as_ref())?;
        let per = self.amount(line.price_quantity.as_ref())?.filter(|per| *per > Decimal::ZERO);
        let allowances = self.allowances(&line.allowances)?;
        let quantity = quantity?;
        let price = match (price, amount) {
            (Some(price), _) => price / per.unwrap_or(Decimal::ONE),
            (None, Some(amount)) => (amount - allowances) / quantity,
            (None, None) => {
                self.problem(ProblemCode::PriceInvalid, Some(whole), "the line has neither a price nor an amount");
                return None;
            }
        };
        let value = line.price.as_ref().or(line.amount.as_ref());
        if price < Decimal::ZERO {
            self.problem(ProblemCode::PriceInvalid, value, "a price is nothing or more");
            return None;
        }
        let Some(expected) = price.checked_mul(quantity).and_then(|sum| sum.checked_add(allowances)) else {
            self.problem(ProblemCode::PriceInvalid, value, "the price is beyond what an order may have");
            return None;
        };
        if let Some(amount) = amount.filter(|amount| !agrees(*amount, expected)) {
            let message = format!("quantity times price comes to {}, not {amount}", expected.normalize());
            self.problem(ProblemCode::TotalMismatch, line.amount.as_ref(), message);
            return None;
        }
        // What the customer pays for one, with the line's own allowances in it.
        Some((expected / quantity).max(Decimal::ZERO))
    }

    /// A decimal number, nothing when it is absent. A number that is none is told and stops the line.
    fn amount(&mut self, value: Option<&Value>) -> Option<Option<Decimal>> {
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

    /// Charges less allowances.
    fn allowances(&mut self, allowances: &[AllowanceCharge]) -> Option<Decimal> {
        let mut sum = Decimal::ZERO;
        for allowance in allowances {
            let amount = self.amount(allowance.amount.as_ref())?.unwrap_or_default();
            let is_charge = allowance.is_charge.as_ref().is_some_and(|text| matches!(text.text.as_str(), "true" | "1"));
            sum += if is_charge { amount } else { -amount };
        }
        Some(sum)
    }

    /// Lines, allowances, charges, tax, prepaid and rounding against what is to be paid.
    fn sums(&mut self, draft: &OrderDraft, currency: Currency) -> Sums {
        self.try_sums(draft, currency).unwrap_or_default()
    }

    fn try_sums(&mut self, draft: &OrderDraft, _currency: Currency) -> Option<Sums> {
        let totals = &draft.totals;
        let mut lines = Decimal::ZERO;
        let mut all_lines_say = !draft.lines.is_empty();
        for line in &draft.lines {
            match self.amount(line.amount.as_ref())? {
                Some(amount) => lines += amount,
                None => all_lines_say = false,
            }
        }
        let said = self.amount(totals.lines.as_ref())?;
        if let Some(said) = said.filter(|said| all_lines_say && !agrees(*said, lines)) {
            let message = format!("the lines come to {}, not {said}", lines.normalize());
            self.problem(ProblemCode::TotalMismatch, totals.lines.as_ref(), message);
            return None;
        }
        let own = self.allowances(&draft.allowances)?;
        let adjusted = match (self.amount(totals.allowances.as_ref())?, self.amount(totals.charges.as_ref())?) {
            (None, None) => own,
            (allowances, charges) => charges.unwrap_or_default() - allowances.unwrap_or_default(),
        };
        let tax = self.amount(totals.tax.as_ref())?.unwrap_or_default();
        let without_tax = self.amount(totals.without_tax.as_ref())?;
        let with_tax = self.amount(totals.with_tax.as_ref())?;
        let prepaid = self.amount(totals.prepaid.as_ref())?.unwrap_or_default();
        let rounding = self.amount(totals.rounding.as_ref())?.unwrap_or_default();
        let Some(payable) = self.amount(totals.payable.as_ref())? else { return Some(Sums::default()) };
        let paid = prepaid > Decimal::ZERO && payable.is_zero();
        let Some(lines) = said.or(all_lines_say.then_some(lines)) else {
            return Some(Sums { paid, tax_on_top: false });
        };
        let net = without_tax.unwrap_or(lines + adjusted);
        let due = |sum: Decimal| sum - prepaid + rounding;
        // The sum of the lines may hold the tax already (a shop for consumers) or not; the payable amount tells.
        let on_top = with_tax.unwrap_or(net + tax);
        let sums = match payable {
            payable if agrees(payable, due(on_top)) && !agrees(on_top, lines + adjusted) => {
                Sums { paid, tax_on_top: true }
            }
            payable if agrees(payable, due(net)) || agrees(payable, due(on_top)) => Sums { paid, tax_on_top: false },
            _ => {
                let message = format!("the order comes to {}, not {payable}", due(on_top).normalize());
                self.problem(ProblemCode::TotalMismatch, totals.payable.as_ref(), message);
                return None;
            }
        };
        Some(sums)
    }
}

fn warehouses(catalogue: &Catalogue) -> impl Iterator<Item = &StoreRecord> {
    catalogue.stores.iter().filter(|store| store.kind == StoreKind::Warehouse)
}

/// A store for customers is collected from; a warehouse sends.
const fn fulfilment_at(store: &StoreRecord) -> Fulfilment {
    match store.kind {
        StoreKind::Shop => Fulfilment::PickUp,
        StoreKind::Warehouse => Fulfilment::Delivery,
    }
}

/// Equal to the hundredth: systems round each line on its own.
fn agrees(said: Decimal, expected: Decimal) -> bool {
    (said - expected).abs() <= Decimal::new(1, 2)
}

/// The rate of a line: its own word, else the product's rate in the first store that has it.
fn tax_percent(line: &DraftLine, record: &ProductRecord, catalogue: &Catalogue) -> Decimal {
    let own = line.tax_percent.as_ref().and_then(|percent| Decimal::from_str_exact(&percent.text).ok());
    own.filter(|percent| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(percent)).unwrap_or_else(|| {
        let rates: HashMap<_, _> = catalogue
            .stores
            .iter()
            .rev()
            .flat_map(|store| &store.settings.tax_rates)
            .map(|rate| (rate.code, rate.percent))
            .collect();
        rates.get(&record.product.tax).copied().unwrap_or_default()
    })
}

fn name(text: &str) -> String {
    printable(text).chars().take(NAME_CHARACTERS_MAX).collect()
}

/// First name and initial of whoever comes for it; a company keeps its name.
fn customer_name(draft: &OrderDraft) -> String {
    for party in [&draft.receiver, &draft.buyer] {
        if let Some(person) = person_name(party) {
            return person;
        }
    }
    draft.buyer.identities.first().map_or_else(String::new, |identity| name(&identity.text))
}

fn person_name(party: &Party) -> Option<String> {
    let text = |value: &Option<Value>| value.as_ref().map(|value| name(&value.text)).filter(|text| !text.is_empty());
    if let Some(first) = text(&party.first_name) {
        let initial = text(&party.family_name).and_then(|family| family.chars().next());
        return Some(initial.map_or(first.clone(), |initial| format!("{first} {initial}.")));
    }
    if let Some(contact) = text(&party.contact_name) {
        return Some(shorten(&contact));
    }
    let company = text(&party.registered_name);
    match (text(&party.name), company) {
        (Some(name), Some(_)) => Some(name),
        (Some(name), None) => Some(shorten(&name)),
        (None, company) => company,
    }
}

/// `Anna Maria Kovács` is `Anna K.`
fn shorten(full: &str) -> String {
    let mut words = full.split(' ');
    let first = words.next().unwrap_or_default();
    match words.next_back().and_then(|last| last.chars().next()) {
        Some(initial) => format!("{first} {initial}."),
        None => first.to_owned(),
    }
}

fn telephone(draft: &OrderDraft) -> Option<String> {
    let found = draft.receiver.telephone.as_ref().or(draft.buyer.telephone.as_ref())?;
    Some(name(&found.text)).filter(|number| !number.is_empty())
}

/// `06 1234 4412` is `06·· ··· 412`: enough to recognise one's own.
fn mask_phone(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 7 {
        return "···".into();
    }
    let (head, tail): (String, String) = (digits[..2].iter().collect(), digits[digits.len() - 3..].iter().collect());
    format!("{head}·· ··· {tail}")
}

fn ordered_at(draft: &OrderDraft) -> Option<Timestamp> {
    let time = draft.issue_time.as_ref().and_then(|time| parse_time(&time.text)).unwrap_or(NaiveTime::MIN);
    instant(parse_date(&draft.issue_date.as_ref()?.text)?, time)
}

/// The end of the day asked for, or the hour when one is given.
fn wanted_until(draft: &OrderDraft) -> Option<Timestamp> {
    let date = parse_date(&draft.wanted_until.as_ref()?.text)?;
    match draft.wanted_until_time.as_ref().and_then(|time| parse_time(&time.text)) {
        Some(time) => instant(date, time),
        None => Some(instant(date.succ_opt()?, NaiveTime::MIN)? - TimeDelta::seconds(1)),
    }
}

fn instant(date: NaiveDate, time: NaiveTime) -> Option<Timestamp> {
    let instant = DateTime::<Utc>::from_naive_utc_and_offset(date.and_time(time), Utc);
    // What a column of microseconds and every client can hold.
    (1970..=9998).contains(&chrono::Datelike::year(&instant)).then_some(instant)
}

/// `2026-11-23`, with or without a zone behind it (XML Schema, xsd:date).
fn parse_date(text: &str) -> Option<NaiveDate> {
    text.get(..10).and_then(|date| date.parse().ok())
}

/// `17:00:00`, with or without fraction and zone (XML Schema, xsd:time).
fn parse_time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text.get(..8)?, "%H:%M:%S").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened_and_numbers_masked() {
        let check = |full: &str, expected: &str| assert_eq!(shorten(full), expected);
        check("Anna Maria Kovács", "Anna K.");
        check("Cher", "Cher");
        check("", "");
        let check = |number: &str, expected: &str| assert_eq!(mask_phone(number), expected);
        check("06 1234 4412", "06·· ··· 412");
        check("+49 (0)171 555-0123", "49·· ··· 123");
        check("112", "···");
    }

    #[test]
    fn dates_of_documents() {
        assert_eq!(parse_date("2026-11-23Z"), NaiveDate::from_ymd_opt(2026, 11, 23));
        assert_eq!(parse_date("23.11.2026"), None);
        assert_eq!(parse_date("é026-11-23"), None);
        assert_eq!(parse_time("17:05:00.000+01:00"), NaiveTime::from_hms_opt(17, 5, 0));
    }
}
