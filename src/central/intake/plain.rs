//! Plain orders, as exporters of web shops write them: `<orders>` with an `<order>` for each, or one `<order>` alone, in no
//! namespace. A sample with every element is `tests/orders/plain-sample.2.xml`.
//!
//! An order, with what may be left out in brackets:
//!
//! ```xml
//! <orders currency="EUR">
//!   <order number="1001" [action="new | change | cancel"]>
//!     <date>2026-11-23T09:30:00+01:00</date>
//!     <customer id="C-7">                                  [company, email]
//!       <first_name>Anna</first_name> <last_name>Kovács</last_name> <phone>06 1234 4412</phone>
//!     </customer>
//!     <delivery> <store>S001</store> [until] </delivery>   without a store it is sent:
//!                [name, company, street, street2, postcode, city, region, country]
//!     <line [status="cancelled"]>
//!       <gtin>5901234123457</gtin> [sku, customer_sku, name, store, until]
//!       <quantity [unit="C62"]>2</quantity>
//!       <price [per="1"]>89.90</price> [total, discount, tax_percent]
//!     </line>
//!     [discount, shipping, fee, tax, rounding, paid] <total>179.80</total> [note]
//!   </order>
//! </orders>
//! ```
//!
//! Every value may be an element or an attribute. Case, `-` and `_` in names do not count, elements that only group
//! (`lines`, `items`, `totals`) may be there or not, and the names other exporters use are understood too (`names`): none of
//! it makes another order of one that was sent before. A date or a time that names no zone is read on the clocks of the
//! store it is about. A change says everything the order shall be, a discount is an amount or `10%`; a cancellation needs
//! only the number, and the customer when the number alone could mean several. `paid` is an amount, or a word: `yes`, `no`; a
//! word we do not know becomes a note. A note may hold marks. Amounts are in the currency of the order, else of the whole
//! document. Shipping, a fee or a discount of the whole may say at which rate it is taxed, or its tax:
//! `<shipping tax_percent="0">`, `<fee tax="0.80">`; without either it follows from the tax of the whole.

mod names;

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use self::names::{CUSTOMERS, DELIVERIES, GROUPS, LINES, ours, ours_at, plain_name};
use super::IntakeAnswer;
use super::draft::{AllowanceCharge, DraftAddress, DraftKind, OrderDraft, Value};
use super::problem::{Problem, ProblemCode};
use super::verdict::last_word;
use super::walk::{Found, Here, REPEATS_MAX, Reader, add, add_allowance, put, walk};
use super::write::ElementWriter;
use super::xml::{Name, Pass};
use crate::wire::trade;

/// How many orders a document may hold.
const ORDERS_MAX: usize = 2_000;

/// Is the first element one of ours? The names alone decide: the orders are in no namespace.
pub fn is_plain(root: &Name) -> bool {
    root.namespace.is_empty() && matches!(plain_name(&root.local).as_str(), "orders" | "order")
}

/// Reads the rest of a document whose first element the pass has just entered.
pub fn read_orders(
    pass: &mut Pass<'_>,
    root: &Name,
    attributes: &[(String, String)],
) -> Result<Vec<OrderDraft>, Problem> {
    let single = plain_name(&root.local) == "order";
    let mut reader = PlainReader { single, drafts: Vec::new(), open: single, currency: None, rank: usize::MAX };
    if single {
        reader.drafts.push(OrderDraft::default());
    }
    let place = pass.place(pass.position());
    let content = walk(pass, attributes, &mut reader)?;
    if let (true, Some(draft)) = (single, reader.drafts.first_mut()) {
        draft.content = content;
    }
    if reader.drafts.is_empty() {
        return Err(Problem::new(ProblemCode::NotAnOrder, place, &root.local, "there is no order in it"));
    }
    for draft in &mut reader.drafts {
        draft.currency = draft.currency.take().or_else(|| reader.currency.clone());
        // It is said of the order wherever it stands.
        let currency = draft.currency.as_ref().map_or("", |currency| currency.text.as_str());
        draft.content = Sha256::new_with_prefix(draft.content).chain_update(currency).finalize().into();
    }
    Ok(reader.drafts)
}

struct PlainReader {
    /// The document is one order.
    single: bool,
    drafts: Vec<OrderDraft>,
    /// The walk is inside an order.
    open: bool,
    /// Of the whole document.
    currency: Option<Value>,
    /// Which of its names has numbered the order so far.
    rank: usize,
}

impl PlainReader {
    /// The path below the order, with plain names and without what only groups.
    fn below(&self, path: &[&str]) -> Vec<String> {
        let skipped = usize::from(!self.single);
        let names = path.iter().skip(skipped).map(|name| plain_name(name));
        let last = path.len().saturating_sub(skipped + 1);
        names
            .enumerate()
            .filter(|(depth, name)| *depth == last || !GROUPS.contains(&name.as_str()))
            .map(|(_, n)| n)
            .collect()
    }

    fn is_order(&self, path: &[&str]) -> bool {
        !self.single && matches!(path, [name] if plain_name(name) == "order")
    }

    fn take_number(&mut self, name: &str, found: &Found<'_>) {
        let rank = names::NUMBERS.iter().position(|known| *known == name).unwrap_or(usize::MAX);
        if let Some(draft) = self.drafts.last_mut()
            && rank < self.rank
        {
            self.rank = rank;
            draft.number = Some(found.value());
        }
    }
}

impl Reader for PlainReader {
    fn knows(&self, namespace: &str) -> bool {
        namespace.is_empty()
    }

    fn begin(&mut self, path: &[&str], here: &mut Here<'_>) -> Result<(), Problem> {
        if self.is_order(path) {
            if self.drafts.len() >= ORDERS_MAX {
                return Err(here.problem(ProblemCode::XmlTooLarge, format!("more than {ORDERS_MAX} orders")));
            }
            self.open = true;
            self.rank = usize::MAX;
            let span = here.at.0..here.at.0;
            let element = Some(here.element());
            self.drafts.push(OrderDraft { span, element, ..OrderDraft::default() });
        }
        let below = self.below(path);
        if let ([name], true, Some(draft)) = (below.as_slice(), self.open, self.drafts.last_mut())
            && LINES.contains(&name.as_str())
        {
            draft.lines.push(here.line()?);
        }
        Ok(())
    }

    fn take(&mut self, path: &[&str], found: &Found<'_>) {
        if !self.open {
            if matches!(path, [name] if ours(names::ORDER, &plain_name(name)) == "currency") {
                put(&mut self.currency, found);
            }
            return;
        }
        let below = self.below(path);
        let names: Vec<&str> = below.iter().map(String::as_str).collect();
        if let [name] = names.as_slice()
            && names::NUMBERS.contains(name)
        {
            return self.take_number(name, found);
        }
        let Some(draft) = self.drafts.last_mut() else { return };
        match names.as_slice() {
            // An amount, or a line, that says which currency it is in.
            [_, .., name] if ours(names::ORDER, name) == "currency" => note_currency(draft, found.value()),
            ["customer", "shipto", name @ ..] => take_delivery(draft, name, found),
            ["customer", "billto", name @ ..] | ["billto", name @ ..] => take_customer(draft, name, found),
            [customer, name @ ..] if CUSTOMERS.contains(customer) && !name.is_empty() => {
                take_customer(draft, name, found);
            }
            [delivery, name @ ..] if DELIVERIES.contains(delivery) && !name.is_empty() => {
                take_delivery(draft, name, found);
            }
            [line, name] if LINES.contains(line) => take_line(draft, name, found),
            [name] => take_order(draft, name, found),
            _ => {}
        }
    }

    fn end(&mut self, path: &[&str], here: &mut Here<'_>) {
        if self.is_order(path) {
            self.open = false;
            if let Some(draft) = self.drafts.last_mut() {
                draft.span.end = here.reached;
                draft.content = here.content;
            }
        }
    }

    fn is_passing(&self, path: &[&str]) -> bool {
        // The currency of the order is added in the end.
        matches!(self.below(path).as_slice(), [name] if self.open && ours(names::ORDER, name) == "currency")
    }

    fn is_prose(&self, path: &[&str]) -> bool {
        let below = self.below(path);
        let names: Vec<&str> = below.iter().map(String::as_str).collect();
        names.len() <= 2 && ours_at(&names) == "note"
    }

    fn said<'p>(&self, path: &[&'p str]) -> Cow<'p, str> {
        let below = self.below(path);
        let names: Vec<&str> = below.iter().map(String::as_str).collect();
        Cow::Owned(ours_at(&names).to_owned())
    }

    fn is_group(&self, path: &[&str]) -> bool {
        path.len() > usize::from(!self.single) && path.last().is_some_and(|name| GROUPS.contains(&&*plain_name(name)))
    }
}

fn note_currency(draft: &mut OrderDraft, currency: Value) {
    let known = &mut draft.other_currencies;
    if known.len() < REPEATS_MAX && known.iter().all(|other| other.text != currency.text) {
        known.push(currency);
    }
}

fn take_order(draft: &mut OrderDraft, name: &str, found: &Found<'_>) {
    let field = match ours(names::ORDER, name) {
        "date" => &mut draft.issue_date,
        "currency" => &mut draft.currency,
        "store" => &mut draft.store,
        "until" => &mut draft.wanted_until,
        "subtotal" => &mut draft.totals.lines,
        "tax" => &mut draft.totals.tax,
        "rounding" => &mut draft.totals.rounding,
        "total" => &mut draft.totals.total,
        "due" => &mut draft.totals.payable,
        "paid" => return take_paid(draft, found),
        "discount" => return take_allowance(draft, found, false),
        "shipping" => return take_allowance(draft, found, true),
        "note" => return add(&mut draft.notes, found.value()),
        "action" => return take_action(draft, found.text),
        "firstname" => &mut draft.buyer.first_name,
        "lastname" => &mut draft.buyer.family_name,
        "company" => &mut draft.buyer.registered_name,
        "phone" => &mut draft.buyer.telephone,
        "customer" => return add(&mut draft.buyer.identities, found.value()),
        _ => return,
    };
    put(field, found);
}

/// Words that end an order, change it, or leave it a new one. A state of the shop's own that is none of them is none of ours.
fn take_action(draft: &mut OrderDraft, word: &str) {
    draft.kind = match word.to_ascii_lowercase().as_str() {
        "change" | "update" | "changed" | "updated" => DraftKind::Change,
        "cancel" | "delete" | "cancelled" | "canceled" | "deleted" => DraftKind::Cancellation,
        _ => return,
    };
}

fn take_customer(draft: &mut OrderDraft, name: &[&str], found: &Found<'_>) {
    let buyer = &mut draft.buyer;
    let [name] = name else { return };
    let field = match ours(names::CUSTOMER, name) {
        "id" | "gln" => return add(&mut buyer.identities, found.value()),
        "firstname" => &mut buyer.first_name,
        "lastname" => &mut buyer.family_name,
        "name" => &mut buyer.name,
        "company" => &mut buyer.registered_name,
        "phone" => &mut buyer.telephone,
        "email" => &mut buyer.email,
        _ => return,
    };
    put(field, found);
}

fn take_delivery(draft: &mut OrderDraft, name: &[&str], found: &Found<'_>) {
    let receiver = &mut draft.receiver;
    let name = match name {
        ["address", name] | [name] => name,
        _ => return,
    };
    let field = match ours(names::DELIVERY, name) {
        "store" => &mut draft.store,
        "location" => &mut draft.location,
        "gln" => &mut draft.address,
        "until" => &mut draft.wanted_until,
        "firstname" => &mut receiver.first_name,
        "lastname" => &mut receiver.family_name,
        "name" => &mut receiver.name,
        "phone" => &mut receiver.telephone,
        name => return take_address(&mut receiver.address, name, found),
    };
    put(field, found);
}

fn take_address(address: &mut DraftAddress, name: &str, found: &Found<'_>) {
    let field = match ours(names::ADDRESS, name) {
        "company" | "department" => return add(&mut address.names, found.value()),
        "street" => &mut address.street,
        "housenumber" => &mut address.house,
        "street2" | "street3" => return add(&mut address.more, found.value()),
        "postcode" => &mut address.postal_code,
        "city" => &mut address.city,
        "region" => &mut address.region,
        "country" => &mut address.country,
        _ => return,
    };
    put(field, found);
}

fn take_line(draft: &mut OrderDraft, name: &str, found: &Found<'_>) {
    let Some(line) = draft.lines.last_mut() else { return };
    let field = match ours(names::LINE, name) {
        "number" => &mut line.number,
        "store" => &mut line.delivery_mut().store,
        "until" => &mut line.delivery_mut().wanted_until,
        "gtin" => &mut line.gtin,
        "sku" => &mut line.sellers_number,
        "customersku" => &mut line.buyers_number,
        "name" => &mut line.name,
        "quantity" => {
            line.unit = found.attribute_value("unit").or(line.unit.take());
            &mut line.quantity
        }
        "unit" => &mut line.unit,
        "price" => {
            line.price_quantity = found.attribute_value("per").or(line.price_quantity.take());
            &mut line.price
        }
        "per" => &mut line.price_quantity,
        "total" => &mut line.amount,
        "taxpercent" => &mut line.tax_percent,
        "discount" => return add_allowance(&mut line.allowances, allowance_of(found, None)),
        "note" => return add(&mut line.notes, found.value()),
        "status" => {
            line.is_cancelled =
                matches!(found.text.to_ascii_lowercase().as_str(), "cancelled" | "canceled" | "deleted");
            return;
        }
        _ => return,
    };
    put(field, found);
}

fn take_allowance(draft: &mut OrderDraft, found: &Found<'_>, is_charge: bool) {
    let word = Value { text: is_charge.to_string(), ..found.value() };
    let (tax_percent, tax_amount) = (found.attribute_value("tax_percent"), found.attribute_value("tax"));
    let allowance = AllowanceCharge { tax_percent, tax_amount, ..allowance_of(found, Some(word)) };
    add_allowance(&mut draft.allowances, allowance);
}

/// An amount, or so many percent: `10%`.
fn allowance_of(found: &Found<'_>, is_charge: Option<Value>) -> AllowanceCharge {
    match found.text.strip_suffix('%') {
        Some(percent) => {
            let percent = Some(Value { text: percent.trim().to_owned(), ..found.value() });
            AllowanceCharge { is_charge, percent, ..AllowanceCharge::default() }
        }
        None => AllowanceCharge { is_charge, amount: Some(found.value()), ..AllowanceCharge::default() },
    }
}

/// An amount, or a word: for all of it, or for nothing.
fn take_paid(draft: &mut OrderDraft, found: &Found<'_>) {
    match found.text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "paid" | "complete" | "completed" | "captured" => draft.said_paid = Some(true),
        "no" | "false" | "unpaid" | "not paid" | "open" | "pending" | "due" | "none" | "authorized" | "authorised" => {
            draft.said_paid = Some(false);
        }
        // What is meant for an amount is told when it is none.
        _ if found.text.contains(|c: char| c.is_ascii_digit()) => put(&mut draft.totals.prepaid, found),
        word => add(&mut draft.notes, Value { text: format!("paid: {word}"), ..found.value() }),
    }
}

/// The answer to a document of plain orders: what became of each, in the document's order.
///
/// ```xml
/// <answers>
///   <answer number="1001" outcome="IMPORTED" order="W-10023" state="AWAITING_PICKING"></answer>
///   <answer number="1002" outcome="PROBLEM" order="0198…"><problem code="ITEM_UNKNOWN"
///       severity="error" line="12">…</problem></answer>
/// </answers>
/// ```
///
/// A problem of the severity `warning` stopped nothing. A `<note>` says what else holds: that the order is over, or why head
/// office makes none of it.
pub fn encode_response(drafts: &[OrderDraft], answers: &[IntakeAnswer]) -> Vec<u8> {
    let mut writer = ElementWriter::new();
    writer.within("answers", &[], |writer| {
        for (draft, answer) in drafts.iter().zip(answers) {
            let our_name = answer.our_name();
            let mut attributes =
                vec![("number", answer.reference.as_str()), ("outcome", answer.outcome.as_str()), ("order", &our_name)];
            let state = answer.order.as_ref().map(|order| trade::state(order.state).as_str_name());
            attributes.extend(state.map(|state| ("state", state.trim_start_matches("ORDER_STATE_"))));
            writer.within("answer", &attributes, |writer| {
                for problem in &answer.problems {
                    let line = problem.place.line.to_string();
                    let severity = problem.severity.as_str();
                    let attributes = [("code", problem.code.as_str()), ("severity", severity), ("line", line.as_str())];
                    writer.value("problem", &attributes, &problem.message);
                }
                if answer.left_out > 0 {
                    writer.value("note", &[], &format!("{} more problems are not named here", answer.left_out));
                }
                if let Some(last) = last_word(draft, answer) {
                    writer.value("note", &[], &last);
                }
            });
        }
    });
    writer.into_bytes()
}
