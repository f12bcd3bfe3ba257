//! From what a document says to an order of ours: every product known, every figure a figure, every sum right.
//!
//! All that is wrong is found in one go, so that a sender need not send the same order ten times to learn ten things.

mod agreed;
mod delivery;
mod lines;
mod people;
mod sums;
mod taxes;
mod when;

use std::sync::Arc;

use chrono::TimeDelta;

pub use self::agreed::Terms;
use self::delivery::{common_words, line_notes, wanted_by};
use self::lines::WantedLines;
pub use self::people::buyer_names;
use self::people::{
    buyer_of, buyer_value, customer_name, delivery_address, mask_phone, person_named, sender_of, telephone,
};
use self::taxes::Pricing;
use self::when::ordered_at;
use super::document::Document;
use super::draft::{DraftKind, DraftLine, OrderDraft, Value};
use super::problem::{Place, Problem, ProblemCode};
use super::text::printable;
use crate::central::store::{
    CancellationSubmission, ChangeSubmission, ChannelKind, DocumentPart, ItemIdentity, OrderKey, OrderSubmission,
    ProductRecord, StoreKind, StoreRecord, UnknownPolicy,
};
use crate::domain::Timestamp;
use crate::domain::barcode::lookup_key;
use crate::domain::ids::{ChannelId, CustomerId, ProductId, StoreId};
use crate::domain::money::Currency;
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{Fulfilment, Payment};
use crate::domain::zone::StoreZone;

/// How long an order without a date of its own is kept.
const KEEP_DAYS: i64 = 7;
/// How many problems one answer names; the rest is found when these are mended.
const PROBLEMS_MAX: usize = 100;
/// The longest order number, name or identity.
const NAME_CHARACTERS_MAX: usize = 100;

/// Problems as they are kept: a JSON array.
pub fn to_json(problems: &[Problem]) -> String {
    serde_json::Value::from(problems.iter().map(Problem::to_json).collect::<Vec<_>>()).to_string()
}

/// What is said of a sum that no order may have.
const BEYOND: &str = "this comes to more than an order may have";

/// How many notes on lines go with an order; all of them are in its document.
const LINE_NOTES_MAX: usize = 100;
/// The longest note.
const NOTE_CHARACTERS_MAX: usize = 1_000;

/// What a document is checked against.
pub struct Catalogue {
    /// All stores the sender may order from.
    pub stores: Vec<StoreRecord>,
    /// For each order and each of its lines, the product and how many units the identity stands for.
    pub items: Vec<Vec<Option<(ProductRecord, u32)>>>,
    /// By which channel it came.
    pub channel: ChannelId,
    /// The stores the sender is bound to; `None` for all.
    pub allowed: Option<Vec<StoreId>>,
    /// What is done with items and buyers nobody knows.
    pub unknown: UnknownPolicy,
    /// What the channel is; nothing for one that is gone.
    pub kind: Option<ChannelKind>,
    /// For each order the customer that buys, where that is known.
    pub terms: Vec<Option<Terms>>,
    /// For each order the store that has it already, where it is a change that names no place.
    pub homes: Vec<Option<StoreId>>,
}

/// By what a change that names no place names its order, for the look-up of its store before [`validate`].
pub fn key_of_homeless(draft: &OrderDraft, channel: &ChannelId, allowed: Option<&Vec<StoreId>>) -> Option<OrderKey> {
    let is_change = draft.kind == DraftKind::Change && !names_place(draft) && !is_cancellation(draft);
    let reference = draft.number.as_ref().map(|number| name(&number.text)).filter(|_| is_change)?;
    Some(key_of(draft, channel, allowed, reference))
}

fn key_of(draft: &OrderDraft, channel: &ChannelId, allowed: Option<&Vec<StoreId>>, reference: String) -> OrderKey {
    let (sender, buyer) = (sender_of(draft), buyer_of(draft));
    let mut other_names = buyer_names(draft);
    other_names.retain(|name| Some(name) != buyer.as_ref() && !name.is_empty());
    OrderKey { channel: channel.clone(), sender, buyer, other_names, reference, allowed: allowed.cloned() }
}

/// The store of ours that an order names, to be collected from or to be sent from.
pub fn store_named<'s>(draft: &OrderDraft, stores: &'s [StoreRecord]) -> Option<&'s StoreRecord> {
    let named = [&draft.store, &draft.location, &draft.address].into_iter().flatten();
    named.filter_map(|value| store_called(&value.text, stores)).next()
}

fn store_called<'s>(text: &str, stores: &'s [StoreRecord]) -> Option<&'s StoreRecord> {
    let wanted = StoreId::new(text);
    let is = |store: &&StoreRecord| store.settings.id == wanted || store.gln.as_deref().is_some_and(|gln| gln == text);
    stores.iter().find(is)
}

const fn names_place(draft: &OrderDraft) -> bool {
    draft.store.is_some() || draft.location.is_some() || draft.address.is_some()
}

/// What one order is checked against.
#[derive(Clone, Copy)]
struct Against<'a> {
    /// For each of its lines the product, and how many units the identity stands for.
    items: &'a [Option<(ProductRecord, u32)>],
    /// Who buys.
    terms: Option<&'a Terms>,
    /// The store that has the order already, where it is a change that names no place.
    home: Option<&'a StoreRecord>,
    now: Timestamp,
}

/// How the lines name their items: for the look-up before [`validate`]. A customer's number is looked up under every name the
/// document has for the buyer, then under the customer the channel belongs to.
pub fn item_identities(draft: &OrderDraft, own: Option<&CustomerId>) -> Vec<ItemIdentity> {
    let own = own.map(|customer| customer.as_str().to_owned());
    let customers: Arc<[String]> = buyer_names(draft).into_iter().chain(own).collect();
    let identity = |line: &DraftLine| ItemIdentity {
        customers_number: line.buyers_number.as_ref().map(|number| (Arc::clone(&customers), name(&number.text))),
        barcode: line.gtin.as_ref().map(|gtin| lookup_key(&gtin.text)),
        product: line.sellers_number.as_ref().map(|number| ProductId::new(&number.text)),
    };
    draft.lines.iter().map(identity).collect()
}

/// A draft that is right in every way, without its bytes.
pub struct Checked(DocumentPart);

impl Checked {
    /// With its bytes, and what is odd about it.
    pub fn into_part(self, bytes: Vec<u8>, warnings: &[Problem]) -> DocumentPart {
        let mut part = self.0;
        let warnings = to_json(warnings);
        match &mut part {
            DocumentPart::Order(order) => (order.document, order.warnings) = (bytes, warnings),
            DocumentPart::Change(change) => (change.document, change.warnings) = (bytes, warnings),
            DocumentPart::Cancellation(cancellation) => {
                (cancellation.document, cancellation.warnings) = (bytes, warnings);
            }
            DocumentPart::Problem(problem) => problem.document = bytes,
        }
        part
    }
}

/// What the draft of this number in its document comes to, with warnings; or everything that is wrong with it.
pub fn validate(
    document: &Document,
    draft: &OrderDraft,
    catalogue: &Catalogue,
    index: usize,
    now: Timestamp,
) -> Result<(Checked, Vec<Problem>), Vec<Problem>> {
    let items = catalogue.items.get(index).map(Vec::as_slice).unwrap_or_default();
    let home = catalogue.homes.get(index).and_then(Option::as_ref);
    let home = home.and_then(|home| catalogue.stores.iter().find(|store| store.settings.id == *home));
    let against = Against { items, terms: catalogue.terms.get(index).and_then(Option::as_ref), home, now };
    let whole = draft.element.as_ref();
    let mut check = Check { document, whole, problems: Vec::new(), warnings: Vec::new() };
    let kind = if is_cancellation(draft) { DraftKind::Cancellation } else { draft.kind };
    let part = match kind {
        DraftKind::Order => check.order(draft, catalogue, &against).map(|order| DocumentPart::Order(Box::new(order))),
        DraftKind::Change => {
            check.change(draft, catalogue, &against).map(|change| DocumentPart::Change(Box::new(change)))
        }
        DraftKind::Cancellation => check.key(draft, catalogue).map(|key| {
            let (content, notes) = (draft.content, notes_of(draft));
            let (document, warnings) = (Vec::new(), String::new());
            DocumentPart::Cancellation(Box::new(CancellationSubmission { key, content, document, notes, warnings }))
        }),
    };
    match part.filter(|_| check.problems.is_empty()) {
        Some(part) => Ok((Checked(part), check.warnings)),
        None => {
            check.problems.truncate(PROBLEMS_MAX);
            Err(check.problems)
        }
    }
}

/// Does the document end an order? A change that leaves nothing is how some formats cancel.
pub fn is_cancellation(draft: &OrderDraft) -> bool {
    let nothing_left = || !draft.lines.is_empty() && !draft.lines.iter().any(|line| is_wanted(draft, line));
    draft.kind == DraftKind::Cancellation || (draft.kind == DraftKind::Change && nothing_left())
}

struct Check<'a> {
    document: &'a Document,
    /// The order's element.
    whole: Option<&'a Value>,
    problems: Vec<Problem>,
    /// What is odd, and stops nothing.
    warnings: Vec<Problem>,
}

/// Who buys.
struct Buyer {
    /// As the order is kept under; nothing when it cannot be.
    name: Option<String>,
    /// Head office is to say which customer that is.
    is_held: bool,
}

/// Where an order goes.
struct Destination<'a> {
    fulfilment: Fulfilment,
    store: Option<&'a StoreRecord>,
}

impl Check<'_> {
    fn problem(&mut self, code: ProblemCode, value: Option<&Value>, message: impl Into<String>) {
        // One more than is told, so that the cut shows nowhere but memory stays bounded.
        if self.problems.len() > PROBLEMS_MAX {
            return;
        }
        // The sums and the line itself may come upon the same figure.
        let told = self.told(code, value, message);
        if !self.problems.contains(&told) {
            self.problems.push(told);
        }
    }

    fn warn(&mut self, code: ProblemCode, value: Option<&Value>, message: impl Into<String>) {
        if self.warnings.len() < PROBLEMS_MAX {
            let warning = self.told(code, value, message).as_warning();
            self.warnings.push(warning);
        }
    }

    fn told(&self, code: ProblemCode, value: Option<&Value>, message: impl Into<String>) -> Problem {
        let Some(value) = value.or(self.whole) else { return Problem::new(code, Place::beginning(), "", message) };
        let place = self.document.place_of(value);
        match value.text.as_str() {
            "" => Problem::new(code, place, &self.document.shown_at(value), message),
            text => Problem::new(code, place, text, message),
        }
    }

    fn order(&mut self, draft: &OrderDraft, catalogue: &Catalogue, against: &Against<'_>) -> Option<OrderSubmission> {
        let now = against.now;
        let placed = self.with_place_of_lines(draft);
        let draft = placed.as_ref();
        let reference = self.reference(draft);
        let buyer = self.buyer(draft, catalogue, against);
        let place = self.place_of_delivery(draft, catalogue);
        let store = place.as_ref().and_then(|place| place.store);
        let home = store.or_else(|| warehouses(catalogue).next());
        let priced = self.with_agreed_prices(draft, home, catalogue, against);
        let currency = self.currency(&priced, store, catalogue);
        let home = store.or_else(|| senders(catalogue, currency).next());
        let (payment, lines) = self.content(&priced, home, currency, catalogue, against);
        let place = place?;
        // One that names no store is about the warehouse it may be sent from.
        let zone = match place.store.or_else(|| senders(catalogue, currency).next()) {
            Some(store) => store.settings.time_zone.clone(),
            None => StoreZone::universal(),
        };
        let is_sent = place.fulfilment == Fulfilment::Delivery;
        let wanted_until = wanted_by(draft, is_sent).map(|written| written.in_zone(&zone));
        let collect_by = match place.fulfilment {
            Fulfilment::PickUp => Some(wanted_until.filter(|by| *by > now).unwrap_or(now + TimeDelta::days(KEEP_DAYS))),
            Fulfilment::Delivery | Fulfilment::Transfer => wanted_until,
        };
        Some(OrderSubmission {
            channel: catalogue.channel.clone(),
            sender: sender_of(draft).unwrap_or_default(),
            is_buyer_held: buyer.is_held,
            buyer: buyer.name?,
            customer: against.terms.map(|terms| terms.customer.id.clone()),
            reference: reference?,
            content: draft.content,
            document: Vec::new(),
            notes: notes_of(draft),
            warnings: String::new(),
            fulfilment: place.fulfilment,
            stores: match place.store {
                Some(store) => vec![store.settings.id.clone()],
                None => senders(catalogue, currency).map(|store| store.settings.id.clone()).collect(),
            },
            customer_name: customer_name(draft).unwrap_or_default(),
            customer_phone: telephone(draft).map(|number| mask_phone(&number)),
            delivery_address: if is_sent { delivery_address(draft) } else { None },
            payment,
            ordered_at: ordered_at(draft).map(|at| at.in_zone(&zone)).filter(|at| *at <= now).unwrap_or(now),
            collect_by,
            lines: lines.known,
            unmatched: lines.unmatched,
        })
    }

    fn change(&mut self, draft: &OrderDraft, catalogue: &Catalogue, against: &Against<'_>) -> Option<ChangeSubmission> {
        let key = self.key(draft, catalogue);
        let placed = self.with_place_of_lines(draft);
        let draft = placed.as_ref();
        // A change that names no place leaves the order where it is.
        let place = if names_place(draft) { self.place_of_delivery(draft, catalogue) } else { None };
        let is_sent = place.as_ref().is_some_and(|place| place.fulfilment == Fulfilment::Delivery);
        let store = place.and_then(|place| place.store);
        let home = store.or(against.home);
        let priced = self.with_agreed_prices(draft, home, catalogue, against);
        let currency = self.currency(&priced, store, catalogue);
        let (payment, lines) = self.content(&priced, home, currency, catalogue, against);
        Some(ChangeSubmission {
            key: key?,
            content: draft.content,
            document: Vec::new(),
            notes: notes_of(draft),
            warnings: String::new(),
            store: store.map(|store| store.settings.id.clone()),
            customer_name: person_named(draft),
            customer_phone: telephone(draft).map(|number| mask_phone(&number)),
            delivery_address: delivery_address(draft),
            payment: says_paid(draft).then_some(payment),
            collect_by: wanted_by(draft, is_sent),
            lines: lines.known,
            unmatched: lines.unmatched,
        })
    }

    /// Who buys, as the order is kept under. Whoever is named will do in a shop of consumers; by the channel of a customer's
    /// own system it has to be a customer of ours.
    fn buyer(&mut self, draft: &OrderDraft, catalogue: &Catalogue, against: &Against<'_>) -> Buyer {
        let named = buyer_of(draft);
        let why = match &named {
            // The channel says who that is.
            None if against.terms.is_some() => return Buyer { name: Some(String::new()), is_held: false },
            None => "nobody is named as the buyer",
            Some(_) if catalogue.kind == Some(ChannelKind::Customer) && against.terms.is_none() => {
                "no customer of ours has this number or identity"
            }
            Some(_) => return Buyer { name: named, is_held: false },
        };
        let value = buyer_value(draft);
        match catalogue.unknown {
            UnknownPolicy::Hold => {
                let message = format!("{why}: held for head office to say which customer buys");
                self.warn(ProblemCode::BuyerUnknown, value, message);
                Buyer { name: Some(named.unwrap_or_default()), is_held: true }
            }
            UnknownPolicy::Problem => {
                self.problem(ProblemCode::BuyerUnknown, value, why);
                Buyer { name: None, is_held: false }
            }
        }
    }

    /// By what a change or cancellation names its order.
    fn key(&mut self, draft: &OrderDraft, catalogue: &Catalogue) -> Option<OrderKey> {
        Some(key_of(draft, &catalogue.channel, catalogue.allowed.as_ref(), self.reference(draft)?))
    }

    /// Sums and lines, which orders and changes have alike, in the prices of the store that has the order or will.
    fn content(
        &mut self,
        draft: &OrderDraft,
        home: Option<&StoreRecord>,
        currency: Option<Currency>,
        catalogue: &Catalogue,
        against: &Against<'_>,
    ) -> (Payment, WantedLines) {
        let mut payment = Payment::default();
        let mut lines = WantedLines::default();
        if let Some(currency) = currency {
            let sums = self.sums(draft);
            let pricing = Pricing::new(&sums, home, &catalogue.stores, currency);
            self.paid_within(draft, &sums, pricing.highest_percent_on_top());
            lines = self.lines(draft, against, catalogue, &pricing);
            match sums.payment(currency).zip(lines.settle(&pricing)) {
                Some((found, ())) => payment = found,
                None => self.problem(ProblemCode::PriceInvalid, draft.totals.payable.as_ref(), BEYOND),
            }
        }
        if !draft.lines.iter().any(|line| is_wanted(draft, line)) {
            self.problem(ProblemCode::NoLines, None, "the order has no lines");
        }
        (payment, lines)
    }

    fn reference(&mut self, draft: &OrderDraft) -> Option<String> {
        let number = draft.number.as_ref();
        // Cut short, two orders would be one.
        if number.is_some_and(|number| printable(&number.text).chars().count() > NAME_CHARACTERS_MAX) {
            let message = format!("the order's number is longer than {NAME_CHARACTERS_MAX} characters");
            self.problem(ProblemCode::OrderIdMissing, number, message);
            return None;
        }
        let reference = number.map(|number| name(&number.text)).filter(|reference| !reference.is_empty());
        if reference.is_none() {
            self.problem(ProblemCode::OrderIdMissing, number, "the order has no number of its sender's");
        }
        reference
    }

    fn place_of_delivery<'c>(&mut self, draft: &OrderDraft, catalogue: &'c Catalogue) -> Option<Destination<'c>> {
        let find = |value: &Value| store_called(&value.text, &catalogue.stores);
        if let Some(named) = draft.store.as_ref().or(draft.location.as_ref()) {
            if let Some(store) = find(named) {
                return Some(Destination { fulfilment: fulfilment_at(store), store: Some(store) });
            }
            // A place of the customer's may have a number too: then the address beside it is where the order goes.
            if draft.store.is_some() || delivery_address(draft).is_none() {
                self.problem(ProblemCode::StoreUnknown, Some(named), "no store of ours has this code or GLN");
                return None;
            }
            let message = "no store of ours has this code or GLN: it is sent to the address beside it";
            self.warn(ProblemCode::StoreUnknown, Some(named), message);
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
}

/// Does the document say anything of what is paid? A sum alone does not: most formats have no word for it, and a change in
/// one of those leaves an order paid or not, as it was.
const fn says_paid(draft: &OrderDraft) -> bool {
    draft.said_paid.is_some() || draft.totals.prepaid.is_some() || draft.totals.payable.is_some()
}

/// What the sender added in words, a line each.
fn notes_of(draft: &OrderDraft) -> String {
    let cut = |text: String| text.chars().take(NOTE_CHARACTERS_MAX).collect::<String>();
    let common = common_words(draft);
    let of_line = |(place, line): (usize, &DraftLine)| {
        let number = line.number.as_ref().map_or_else(|| place.to_string(), |number| name(&number.text));
        let said = line.notes.iter().map(|note| note.text.clone());
        let notes = said.chain(line_notes(line, common.as_ref()));
        notes.map(|note| cut(format!("{number}: {}", printable(&note)))).collect::<Vec<_>>()
    };
    let of_lines = (1..).zip(&draft.lines).flat_map(of_line).take(LINE_NOTES_MAX);
    let unread = when::unread(draft).into_iter().map(|said| cut(printable(&said)));
    let notes = draft.notes.iter().map(|note| cut(printable(&note.text))).chain(unread).chain(of_lines);
    let notes: Vec<String> = notes.filter(|note| !note.is_empty()).collect();
    notes.join("\n")
}

/// Is the line one of the order? A change says of a line that it is wanted no more by its quantity of nothing.
fn is_wanted(draft: &OrderDraft, line: &DraftLine) -> bool {
    let is_nothing = || {
        let quantity = line.quantity.as_ref().and_then(|value| lines::parse_quantity(&value.text));
        draft.kind == DraftKind::Change && quantity.is_some_and(Quantity::is_zero)
    };
    !line.is_cancelled && !is_nothing()
}

fn warehouses(catalogue: &Catalogue) -> impl Iterator<Item = &StoreRecord> {
    catalogue.stores.iter().filter(|store| store.kind == StoreKind::Warehouse)
}

/// The warehouses an order in this currency may be sent from.
fn senders(catalogue: &Catalogue, currency: Option<Currency>) -> impl Iterator<Item = &StoreRecord> {
    warehouses(catalogue).filter(move |store| Some(store.settings.currency) == currency)
}

/// A store for customers is collected from; a warehouse sends.
const fn fulfilment_at(store: &StoreRecord) -> Fulfilment {
    match store.kind {
        StoreKind::Shop => Fulfilment::PickUp,
        StoreKind::Warehouse => Fulfilment::Delivery,
    }
}

fn name(text: &str) -> String {
    printable(text).chars().take(NAME_CHARACTERS_MAX).collect()
}
