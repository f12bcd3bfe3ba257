//! cXML 1.1 and 1.2 (cxml.org): the OrderRequest, new, update or delete, and the Response to it.
//!
//! The format has no namespace; its first element says what it is. The document type it names is never fetched. An update
//! says everything the order shall be. The order's total is that of its items, without tax and shipping (cXML User's Guide,
//! *OrderRequestHeader*); some senders put both into it, and that is right as well. The shared secret is masked before a
//! document is kept.
//!
//! A modification of a unit price is on each price, not on the line. Where it names an original price that is not the unit
//! price, that has the modification in it already.

mod response;

pub use response::encode_response;

use rust_decimal::Decimal;

use super::draft::{AllowanceCharge, DraftAddress, DraftKind, DraftLine, OrderDraft, Party, Value};
use super::problem::{Problem, ProblemCode};
use super::walk::{Found, Here, REPEATS_MAX, Reader, add, add_allowance, put, walk};
use super::xml::{Item, Name, Pass};

/// Is the first element ours?
pub fn is_cxml(root: &Name) -> bool {
    root.local == "cXML" && root.namespace.is_empty()
}

/// Is a document that nobody could read, or that is no order, a request that waits for an answer? Messages go one way, and
/// a response is none to answer.
pub fn is_request(pass: &mut Pass<'_>) -> bool {
    match pass.next_item() {
        Ok(Item::Start { name, .. }) if is_cxml(&name) => {}
        _ => return false,
    }
    let mut depth = 0_u32;
    loop {
        match pass.next_item() {
            Ok(Item::Start { name, .. }) => match name.local.as_str() {
                "Message" | "Response" if depth == 0 => return false,
                _ => depth += 1,
            },
            Ok(Item::End { .. }) => depth = depth.saturating_sub(1),
            Ok(Item::Done) | Err(_) => return true,
        }
    }
}

/// Reads the rest of a document whose first element the pass has just entered.
pub fn read_order(pass: &mut Pass<'_>, attributes: &[(String, String)]) -> Result<OrderDraft, Problem> {
    let place = pass.place(pass.position());
    let mut reader = CxmlReader::default();
    let content = walk(pass, attributes, &mut reader)?;
    if !reader.is_order {
        let message = "this is cXML, but no OrderRequest";
        return Err(Problem::new(ProblemCode::NotAnOrder, place, reader.other.as_deref().unwrap_or_default(), message));
    }
    let mut draft = reader.draft;
    // The network between buyer and seller signs as the sender; who buys is whom it comes from.
    draft.buyer.endpoint = draft.buyer.identities.first().cloned();
    draft.lines_may_hold_all = true;
    for (line, original) in draft.lines.iter_mut().zip(&reader.originals) {
        let figure = |value: &Option<Value>| value.as_ref().and_then(|value| Decimal::from_str_exact(&value.text).ok());
        if original.is_some() && figure(original) != figure(&line.price) {
            line.allowances.clear();
        }
    }
    Ok(OrderDraft { content, ..draft })
}

#[derive(Default)]
struct CxmlReader {
    draft: OrderDraft,
    /// For each line what its price was before it was modified, when that is said.
    originals: Vec<Option<Value>>,
    is_order: bool,
    /// What the request is, when it is no order.
    other: Option<String>,
}

impl Reader for CxmlReader {
    fn knows(&self, namespace: &str) -> bool {
        namespace.is_empty()
    }

    fn begin(&mut self, path: &[&str], here: &mut Here<'_>) -> Result<(), Problem> {
        match path {
            ["Request", "OrderRequest"] => self.is_order = true,
            ["Request" | "Message" | "Response", other] => self.other = Some((*other).to_owned()),
            ["Request", "OrderRequest", "ItemOut"] => {
                self.draft.lines.push(here.line()?);
                self.originals.push(None);
            }
            ["Request", "OrderRequest", "ItemOut", "ItemDetail", "UnitPrice", rest @ ..] => {
                if let Some(line) = self.draft.lines.last_mut() {
                    begin_modification(&mut line.allowances, rest);
                }
            }
            ["Request", "OrderRequest", "OrderRequestHeader", "Total", rest @ ..] => {
                begin_modification(&mut self.draft.allowances, rest);
            }
            _ => {}
        }
        Ok(())
    }

    fn take(&mut self, path: &[&str], found: &Found<'_>) {
        let draft = &mut self.draft;
        if let [.., "Money", "@currency"] = path {
            return note_currency(draft, found.value());
        }
        match path {
            ["@payloadID"] => put(&mut draft.document_number, found),
            ["Header", "From", "Credential", "Identity"] => add(&mut draft.buyer.identities, found.value()),
            ["Header", "To", "Credential", "Identity"] => add(&mut draft.seller.identities, found.value()),
            ["Request", "OrderRequest", "OrderRequestHeader", rest @ ..] => take_header(draft, rest, found),
            ["Request", "OrderRequest", "ItemOut", "Shipping", "Money"] => add_shipping(draft, found),
            ["Request", "OrderRequest", "ItemOut", "ItemDetail", "UnitPrice", "Modifications", rest @ ..] => {
                let Some(line) = draft.lines.last_mut() else { return };
                match (rest, self.originals.last_mut()) {
                    (["Modification", "OriginalPrice", "Money"], Some(original)) => put(original, found),
                    _ => take_price_modification(line, rest, found),
                }
            }
            ["Request", "OrderRequest", "ItemOut", rest @ ..] => {
                if let Some(line) = draft.lines.last_mut() {
                    take_line(line, rest, found);
                }
            }
            _ => {}
        }
    }

    fn is_prose(&self, path: &[&str]) -> bool {
        // Text, and attachments named in the middle of it.
        matches!(path, [.., "Comments"])
    }

    fn is_passing(&self, path: &[&str]) -> bool {
        matches!(path, ["@payloadID" | "@timestamp" | "@version"] | ["Header", "Sender", ..] | [.., "@deploymentMode"])
    }
}

fn take_header(draft: &mut OrderDraft, path: &[&str], found: &Found<'_>) {
    let field = match path {
        ["@orderID"] => &mut draft.number,
        ["@orderDate"] => &mut draft.issue_date,
        ["@requestedDeliveryDate"] => &mut draft.wanted_until,
        ["@type"] => {
            draft.kind = match found.text {
                "update" => DraftKind::Change,
                "delete" => DraftKind::Cancellation,
                _ => DraftKind::Order,
            };
            return;
        }
        ["Total", "Money"] => &mut draft.totals.lines,
        ["Shipping", "Money"] => return add_shipping(draft, found),
        ["Tax", "Money"] => {
            draft.tax_is_on_top = true;
            &mut draft.totals.tax
        }
        ["Total", "Modifications", rest @ ..] => return take_modification(&mut draft.allowances, rest, found),
        ["ShipTo", "Address", "@addressID"] => &mut draft.address,
        ["ShipTo", "Address", rest @ ..] => return take_ship_to(&mut draft.receiver, rest, found),
        ["BillTo", "Address", rest @ ..] => return take_address(&mut draft.buyer, rest, found),
        ["Comments"] => return add(&mut draft.notes, found.value()),
        _ => return,
    };
    put(field, found);
}

/// Of the whole, or of one line: the price of an item is without it.
fn add_shipping(draft: &mut OrderDraft, found: &Found<'_>) {
    let is_charge = Some(Value { text: "true".into(), ..found.value() });
    let amount = Some(found.value());
    add_allowance(&mut draft.allowances, AllowanceCharge { is_charge, amount, ..AllowanceCharge::default() });
}

/// The address an order, or one line of it, is to be shipped to.
fn take_ship_to(receiver: &mut Party, path: &[&str], found: &Found<'_>) {
    match path {
        // It is called what the place is called: who comes for it is whom to deliver to.
        ["Name"] => add(&mut receiver.address.names, found.value()),
        ["PostalAddress", rest @ ..] => {
            if *rest == ["DeliverTo"] {
                put(&mut receiver.contact_name, found);
            }
            take_postal_address(&mut receiver.address, rest, found);
        }
        rest => take_address(receiver, rest, found),
    }
}

fn take_address(party: &mut Party, path: &[&str], found: &Found<'_>) {
    match path {
        ["Name"] => put(&mut party.name, found),
        ["PostalAddress", "DeliverTo"] => put(&mut party.contact_name, found),
        ["Email"] => put(&mut party.email, found),
        // A number comes in pieces: country, area, number.
        ["Phone", "TelephoneNumber", "CountryCode" | "AreaOrCityCode" | "Number"] => match &mut party.telephone {
            Some(number) => number.text.push_str(&format!(" {}", found.text)),
            None => {
                put(&mut party.telephone, found);
                let is_country =
                    path.ends_with(&["CountryCode"]) && found.text.starts_with(|c: char| c.is_ascii_digit());
                if let Some(number) = party.telephone.as_mut().filter(|_| is_country) {
                    number.text.insert(0, '+');
                }
            }
        },
        _ => {}
    }
}

/// cXML 1.2, `PostalAddress`: several `DeliverTo` and `Street` are lines one below the other.
fn take_postal_address(address: &mut DraftAddress, path: &[&str], found: &Found<'_>) {
    let field = match path {
        ["DeliverTo"] => return add(&mut address.names, found.value()),
        ["Street"] if address.street.is_some() => return add(&mut address.more, found.value()),
        ["Street"] => &mut address.street,
        ["Municipality"] => return add(&mut address.more, found.value()),
        ["City"] => &mut address.city,
        ["State"] => &mut address.region,
        ["PostalCode"] => &mut address.postal_code,
        // In words it is what a label says; the code stands before it.
        ["Country"] => {
            address.country = Some(found.value());
            return;
        }
        ["Country", "@isoCountryCode"] => &mut address.country,
        _ => return,
    };
    put(field, found);
}

fn take_line(line: &mut DraftLine, path: &[&str], found: &Found<'_>) {
    let field = match path {
        ["@quantity"] => &mut line.quantity,
        ["@requestedDeliveryDate"] => &mut line.delivery_mut().wanted_until,
        ["ShipTo", "Address", "@addressID"] => &mut line.delivery_mut().address,
        ["ShipTo", "Address", rest @ ..] => return take_ship_to(&mut line.delivery_mut().receiver, rest, found),
        ["@lineNumber"] => &mut line.number,
        ["ItemID", "SupplierPartID"] => &mut line.sellers_number,
        ["ItemID", "BuyerPartID"] => &mut line.buyers_number,
        ["ItemID", "IdReference", "@identifier"] if is_gtin_domain(found.attribute("domain")) => &mut line.gtin,
        ["ItemDetail", "UnitPrice", "Money"] => &mut line.price,
        ["Comments"] => return add(&mut line.notes, found.value()),
        // The short one stands in the long one and ends before it: it is the name.
        ["ItemDetail", "Description"] | ["ItemDetail", "Description", "ShortName"] => &mut line.name,
        ["ItemDetail", "UnitOfMeasure"] => &mut line.unit,
        ["ItemDetail", "PriceBasisQuantity", "@quantity"] => {
            line.price_quantity = Some(basis(found));
            return;
        }
        ["ItemDetail", "ItemDetailIndustry", "ItemDetailRetail", "EANID"] => &mut line.gtin,
        _ => return,
    };
    put(field, found);
}

fn is_gtin_domain(domain: Option<&str>) -> bool {
    domain.is_some_and(|domain| {
        let domain = domain.to_ascii_uppercase();
        ["EAN", "GTIN", "UPC"].iter().any(|name| domain.starts_with(name))
    })
}

/// How many of the order's unit the price is for: a basis in another unit says by its factor.
fn basis(found: &Found<'_>) -> Value {
    let mut value = found.value();
    let factor = found.attribute("conversionFactor").and_then(|factor| Decimal::from_str_exact(factor).ok());
    let quantity = Decimal::from_str_exact(found.text).ok();
    if let (Some(quantity), Some(factor)) = (quantity, factor.filter(|factor| *factor > Decimal::ZERO)) {
        value.text = quantity.checked_div(factor).map_or(value.text, |basis| basis.round_dp(9).normalize().to_string());
    }
    value
}

fn begin_modification(allowances: &mut Vec<AllowanceCharge>, path: &[&str]) {
    if matches!(path, [.., "Modifications", "Modification"]) {
        add_allowance(allowances, AllowanceCharge::default());
    }
}

/// An amount is on each price; a price that remains is the price.
fn take_price_modification(line: &mut DraftLine, path: &[&str], found: &Found<'_>) {
    if let ["Modification", "AdditionalDeduction", "DeductedPrice", "Money"] = path {
        line.price = Some(found.value());
        return;
    }
    take_modification(&mut line.allowances, path, found);
    if let Some(last) = line.allowances.last_mut() {
        last.per_price = last.per_price.take().or_else(|| last.amount.take());
    }
}

fn take_modification(allowances: &mut [AllowanceCharge], path: &[&str], found: &Found<'_>) {
    let Some(last) = allowances.last_mut() else { return };
    match path {
        ["Modification", "AdditionalDeduction", "DeductionAmount", "Money"] => put(&mut last.amount, found),
        ["Modification", "AdditionalDeduction", "DeductionPercent", "@percent"] => put(&mut last.percent, found),
        ["Modification", "AdditionalCost", "Percentage", "@percent"] => {
            put(&mut last.percent, found);
            last.is_charge = Some(Value { text: "true".into(), ..found.value() });
        }
        ["Modification", "AdditionalCost", "Money"] => {
            put(&mut last.amount, found);
            last.is_charge = Some(Value { text: "true".into(), ..found.value() });
        }
        ["Modification", "Tax", "Money"] => put(&mut last.tax_amount, found),
        _ => {}
    }
}

fn note_currency(draft: &mut OrderDraft, currency: Value) {
    let known = &mut draft.other_currencies;
    if known.len() < REPEATS_MAX && known.iter().all(|other| other.text != currency.text) {
        known.push(currency);
    }
}
