//! openTRANS 2.1 (Fraunhofer IAO): ORDER and ORDERCHANGE; 1.0 and 2.0 as far as they say the same, and the ORDER_LIST some
//! shops write around several orders of 1.0.
//!
//! Values of the catalogue stand in the namespace of BMEcat, or, in older documents, in that of the order or in none: the
//! names alone count. An ORDERCHANGE says everything the order shall be. There is no document that cancels: a change in
//! which every quantity is nothing does.

mod response;

pub use response::encode_response;

use rust_decimal::Decimal;

use super::draft::{AllowanceCharge, DraftKind, DraftLine, OrderDraft, Party, Value};
use super::problem::{Problem, ProblemCode};
use super::walk::{Found, Here, Reader, add, add_allowance, put, walk};
use super::xml::{Name, Pass};

/// What the namespaces of all versions begin with.
const NAMESPACES: &str = "http://www.opentrans.org/XMLSchema/";
/// What the namespaces of the catalogue's values begin with.
const CATALOGUE: &str = "http://www.bmecat.org/";
/// How many orders a list may hold.
const ORDERS_MAX: usize = 2_000;
/// How many parties of an order are looked at.
const PARTIES_MAX: usize = 100;

/// Is the first element one of openTRANS's? Those of 1.0 may be in no namespace, all in capitals.
pub fn is_opentrans(root: &Name) -> bool {
    let ours = matches!(root.local.as_str(), "ORDER" | "ORDERCHANGE" | "ORDER_LIST");
    root.namespace.starts_with(NAMESPACES) || (root.namespace.is_empty() && ours)
}

/// Reads the rest of a document whose first element the pass has just entered.
pub fn read_orders(pass: &mut Pass<'_>, root: &Name) -> Result<Vec<OrderDraft>, Problem> {
    let place = pass.place(pass.position());
    let single = root.local != "ORDER_LIST";
    let mut reader = OpenTransReader { single, ..OpenTransReader::default() };
    if single {
        reader.begin_order(&root.local, 0);
    }
    let content = walk(pass, &[], &mut reader)?;
    if single {
        reader.end_order(content);
    }
    if !matches!(root.local.as_str(), "ORDER" | "ORDERCHANGE" | "ORDER_LIST") || reader.drafts.is_empty() {
        let message = format!("this is openTRANS, but {} is neither an order nor a change", root.local);
        return Err(Problem::new(ProblemCode::NotAnOrder, place, &root.local, message));
    }
    Ok(reader.drafts)
}

#[derive(Default)]
struct OpenTransReader {
    single: bool,
    drafts: Vec<OrderDraft>,
    parties: Vec<(Party, Vec<String>)>,
    /// Who is who by identity, when the parties do not say their roles: `BUYER_IDREF` and its value.
    references: Vec<(String, String)>,
}

impl OpenTransReader {
    fn begin_order(&mut self, local: &str, at: usize) {
        let kind = if local == "ORDERCHANGE" { DraftKind::Change } else { DraftKind::Order };
        self.drafts.push(OrderDraft { kind, span: at..at, ..OrderDraft::default() });
        self.parties.clear();
        self.references.clear();
    }

    /// Everybody's role is known at the end only.
    fn end_order(&mut self, content: [u8; 32]) {
        let find = |roles: &[&str], reference: &str| {
            let by_role = self.parties.iter().find(|(_, own)| own.iter().any(|role| roles.contains(&role.as_str())));
            by_role.or_else(|| {
                let (_, identity) = self.references.iter().find(|(name, _)| name == reference)?;
                let has = |party: &Party| party.identities.iter().any(|own| own.text == *identity);
                self.parties.iter().find(|(party, _)| has(party))
            })
        };
        let buyer = find(&["buyer"], "BUYER_IDREF").map(|(party, _)| party.clone());
        let seller = find(&["supplier"], "SUPPLIER_IDREF").map(|(party, _)| party.clone());
        let delivery = find(&["delivery", "final_delivery"], "DELIVERY_IDREF").map(|(party, _)| party.clone());
        let Some(draft) = self.drafts.last_mut() else { return };
        draft.buyer = buyer.unwrap_or_default();
        draft.seller = seller.unwrap_or_default();
        draft.receiver = delivery.unwrap_or_default();
        draft.address = draft.receiver.endpoint.take().or_else(|| draft.receiver.identities.first().cloned());
        for delivery in draft.lines.iter_mut().filter_map(|line| line.delivery.as_mut()) {
            let Some(named) = &delivery.address else { continue };
            let has = |party: &Party| party.identities.iter().any(|own| own.text == named.text);
            let Some((party, _)) = self.parties.iter().find(|(party, _)| has(party)) else { continue };
            delivery.receiver = party.clone();
            let identity = delivery.receiver.endpoint.take().or_else(|| party.identities.first().cloned());
            let text = identity.map_or_else(|| named.text.clone(), |identity| identity.text);
            delivery.address = Some(Value { text, ..named.clone() });
        }
        draft.buyer.endpoint = None;
        draft.content = content;
    }

    /// The path below the order, and below the header and lists whose names say only what the document is.
    fn below<'p>(&self, path: &'p [&'p str]) -> Option<&'p [&'p str]> {
        if self.single { Some(path) } else { path.split_first().map(|(_, rest)| rest) }
    }
}

impl Reader for OpenTransReader {
    fn knows(&self, namespace: &str) -> bool {
        namespace.is_empty() || namespace.starts_with(NAMESPACES) || namespace.starts_with(CATALOGUE)
    }

    fn begin(&mut self, path: &[&str], here: &mut Here<'_>) -> Result<(), Problem> {
        if let (false, ["ORDER" | "ORDERCHANGE"]) = (self.single, path) {
            if self.drafts.len() >= ORDERS_MAX {
                return Err(here.problem(ProblemCode::XmlTooLarge, format!("more than {ORDERS_MAX} orders")));
            }
            self.begin_order(path[0], here.at.0);
            if let Some(draft) = self.drafts.last_mut() {
                draft.element = Some(here.element());
            }
        }
        let Some(below) = self.below(path) else { return Ok(()) };
        if matches!(below, [.., "PARTY"]) && self.parties.len() < PARTIES_MAX {
            // In 1.0 the element around a party says its role.
            let role = below.iter().rev().nth(1).and_then(|around| around.strip_suffix("_PARTY"));
            self.parties.push((Party::default(), role.map(str::to_lowercase).into_iter().collect()));
        }
        let Some(draft) = self.drafts.last_mut() else { return Ok(()) };
        match below {
            [_, "ORDER_ITEM" | "ORDERCHANGE_ITEM"] => draft.lines.push(here.line()?),
            [_, "ORDER_ITEM" | "ORDERCHANGE_ITEM", .., "ALLOW_OR_CHARGE"] => {
                if let Some(line) = draft.lines.last_mut() {
                    add_allowance(&mut line.allowances, AllowanceCharge::default());
                }
            }
            ["ORDER_SUMMARY" | "ORDERCHANGE_SUMMARY", .., "ALLOW_OR_CHARGE"] => {
                add_allowance(&mut draft.allowances, AllowanceCharge::default());
            }
            _ => {}
        }
        Ok(())
    }

    fn take(&mut self, path: &[&str], found: &Found<'_>) {
        let Some(below) = self.below(path) else { return };
        if let Some(position) = below.iter().position(|name| *name == "PARTY") {
            if let Some((party, roles)) = self.parties.last_mut() {
                take_party(party, roles, &below[position + 1..], found);
            }
            return;
        }
        if let [_, "ORDER_ITEM" | "ORDERCHANGE_ITEM", .., "DELIVERY_IDREF"] = below {
            if let Some(line) = self.drafts.last_mut().and_then(|draft| draft.lines.last_mut()) {
                put(&mut line.delivery_mut().address, found);
            }
            return;
        }
        if let [.., reference] = below
            && reference.ends_with("_IDREF")
            && self.references.len() < PARTIES_MAX
        {
            self.references.push(((*reference).to_owned(), found.text.to_owned()));
            return;
        }
        let Some(draft) = self.drafts.last_mut() else { return };
        match below {
            [_, "ORDER_ITEM" | "ORDERCHANGE_ITEM", rest @ ..] => {
                if let Some(line) = draft.lines.last_mut() {
                    take_line(line, rest, found);
                }
            }
            [_, "ORDER_INFO" | "ORDERCHANGE_INFO", rest @ ..] => take_info(draft, rest, found),
            ["ORDER_SUMMARY" | "ORDERCHANGE_SUMMARY", rest @ ..] => take_summary(draft, rest, found),
            _ => {}
        }
    }

    fn end(&mut self, path: &[&str], here: &mut Here<'_>) {
        if let (false, ["ORDER" | "ORDERCHANGE"]) = (self.single, path) {
            self.end_order(here.content);
            if let Some(draft) = self.drafts.last_mut() {
                draft.span.end = here.reached;
            }
        }
    }

    fn is_passing(&self, path: &[&str]) -> bool {
        path.contains(&"CONTROL_INFO")
    }
}

fn take_info(draft: &mut OrderDraft, path: &[&str], found: &Found<'_>) {
    let field = match path {
        ["ORDER_ID"] => &mut draft.number,
        ["ORDERCHANGE_SEQUENCE_ID"] => &mut draft.document_number,
        ["ORDER_DATE" | "ORDERCHANGE_DATE"] => &mut draft.issue_date,
        ["DELIVERY_DATE", "DELIVERY_END_DATE"] => &mut draft.wanted_until,
        ["CURRENCY" | "PRICE_CURRENCY"] => &mut draft.currency,
        ["REMARKS" | "REMARK"] => return add(&mut draft.notes, found.value()),
        _ => return,
    };
    put(field, found);
}

fn take_summary(draft: &mut OrderDraft, path: &[&str], found: &Found<'_>) {
    match path {
        ["TOTAL_AMOUNT"] => put(&mut draft.totals.total, found),
        ["TOTAL_TAX", "TAX_DETAILS_FIX", "TAX_AMOUNT"] => add_to(&mut draft.totals.tax, found),
        ["ALLOW_OR_CHARGES_FIX", rest @ ..] => take_allowance(&mut draft.allowances, rest, found),
        _ => {}
    }
}

/// Tax is told by rate.
fn add_to(field: &mut Option<Value>, found: &Found<'_>) {
    let parse = |text: &str| Decimal::from_str_exact(text).ok();
    match field.as_mut().map(|value| (parse(&value.text), value)) {
        None => put(field, found),
        Some((Some(sum), value)) => {
            // An amount that is none makes the sum none: it is told where it stands first.
            let more = parse(found.text).and_then(|more| sum.checked_add(more));
            value.text = more.map_or_else(|| found.text.to_owned(), |sum| sum.to_string());
        }
        Some((None, _)) => {}
    }
}

fn take_party(party: &mut Party, roles: &mut Vec<String>, path: &[&str], found: &Found<'_>) {
    match path {
        ["PARTY_ID"] => {
            if matches!(found.attribute("type"), Some("iln" | "gln")) {
                put(&mut party.endpoint, found);
            }
            add(&mut party.identities, found.value());
        }
        ["PARTY_ROLE"] if roles.len() < PARTIES_MAX => roles.push(found.text.to_lowercase()),
        ["ADDRESS", "NAME"] => put(&mut party.name, found),
        // Who has a number of value added tax is a company: its name stays whole.
        ["ADDRESS", "VAT_ID"] => put(&mut party.registered_name, found),
        ["ADDRESS", "PHONE"] | ["ADDRESS", "CONTACT_DETAILS", "PHONE"] | ["ADDRESS", "CONTACT", "PHONE"] => {
            put(&mut party.telephone, found);
        }
        ["ADDRESS", "EMAIL"] => put(&mut party.email, found),
        ["ADDRESS", "NAME2" | "NAME3" | "DEPARTMENT"] => add(&mut party.address.names, found.value()),
        ["ADDRESS", "STREET"] => put(&mut party.address.street, found),
        ["ADDRESS", "BOXNO"] => add(&mut party.address.more, found.value()),
        ["ADDRESS", "ZIP"] => put(&mut party.address.postal_code, found),
        ["ADDRESS", "CITY"] => put(&mut party.address.city, found),
        ["ADDRESS", "STATE"] => put(&mut party.address.region, found),
        ["ADDRESS", "COUNTRY" | "COUNTRY_CODED"] => put(&mut party.address.country, found),
        ["ADDRESS", "CONTACT_DETAILS" | "CONTACT", "CONTACT_NAME"] => put(&mut party.family_name, found),
        ["ADDRESS", "CONTACT_DETAILS" | "CONTACT", "FIRST_NAME"] => put(&mut party.first_name, found),
        _ => {}
    }
}

fn take_line(line: &mut DraftLine, path: &[&str], found: &Found<'_>) {
    let field = match path {
        ["LINE_ITEM_ID"] => &mut line.number,
        ["REMARKS" | "REMARK"] => return add(&mut line.notes, found.value()),
        ["PRODUCT_ID", "SUPPLIER_PID"] | ["ARTICLE_ID", "SUPPLIER_AID"] => &mut line.sellers_number,
        ["PRODUCT_ID", "BUYER_PID"] | ["ARTICLE_ID", "BUYER_AID"] => &mut line.buyers_number,
        ["PRODUCT_ID", "INTERNATIONAL_PID"] | ["ARTICLE_ID", "INTERNATIONAL_AID"] => &mut line.gtin,
        ["PRODUCT_ID" | "ARTICLE_ID", "DESCRIPTION_SHORT"] => &mut line.name,
        ["QUANTITY"] => &mut line.quantity,
        ["DELIVERY_DATE", "DELIVERY_END_DATE"] => &mut line.delivery_mut().wanted_until,
        ["ORDER_UNIT"] => &mut line.unit,
        ["PRICE_LINE_AMOUNT"] | ["ARTICLE_PRICE", "PRICE_LINE_AMOUNT"] => &mut line.amount,
        ["PRODUCT_PRICE_FIX" | "ARTICLE_PRICE", "PRICE_AMOUNT"] => &mut line.price,
        ["PRODUCT_PRICE_FIX" | "ARTICLE_PRICE", "PRICE_QUANTITY"] => &mut line.price_quantity,
        ["PRODUCT_PRICE_FIX", "TAX_DETAILS_FIX", "TAX"] | ["ARTICLE_PRICE", "TAX"] => {
            // A factor: 0.19 is nineteen percent.
            let percent =
                Decimal::from_str_exact(found.text).ok().and_then(|tax| tax.checked_mul(Decimal::ONE_HUNDRED));
            line.tax_percent = percent.map(|percent| Value { text: percent.normalize().to_string(), ..found.value() });
            return;
        }
        ["PRODUCT_PRICE_FIX", "ALLOW_OR_CHARGES_FIX", rest @ ..] => {
            return take_allowance(&mut line.allowances, rest, found);
        }
        _ => return,
    };
    put(field, found);
}

fn take_allowance(allowances: &mut [AllowanceCharge], path: &[&str], found: &Found<'_>) {
    let Some(last) = allowances.last_mut() else { return };
    match path {
        ["ALLOW_OR_CHARGE", "@type"] if found.text == "surcharge" => {
            last.is_charge = Some(Value { text: "true".into(), ..found.value() });
        }
        ["ALLOW_OR_CHARGE", .., "AOC_MONETARY_AMOUNT"] => put(&mut last.amount, found),
        ["ALLOW_OR_CHARGE", .., "AOC_PERCENTAGE_FACTOR"] => {
            // A factor, as tax is: 0.03 is three percent.
            let percent =
                Decimal::from_str_exact(found.text).ok().and_then(|part| part.checked_mul(Decimal::ONE_HUNDRED));
            let text = percent.map_or_else(|| found.text.to_owned(), |percent| percent.normalize().to_string());
            last.percent.get_or_insert(Value { text, ..found.value() });
        }
        _ => {}
    }
}
