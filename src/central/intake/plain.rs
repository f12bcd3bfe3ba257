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
//!       <gtin>5901234123457</gtin> [sku, customer_sku, name]
//!       <quantity [unit="C62"]>2</quantity>
//!       <price [per="1"]>89.90</price> [total, discount, tax_percent]
//!     </line>
//!     [discount, shipping, fee, tax, rounding, paid] <total>179.80</total> [note]
//!   </order>
//! </orders>
//! ```
//!
//! Every value may be an element or an attribute. Case, `-` and `_` in names do not count, elements that only group
//! (`lines`, `items`, `totals`) may be there or not, and the names other exporters use are understood too. A
//! date or a time that names no zone is read on the clocks of the store it is about. A
//! change says everything the order shall be, a discount is an amount or `10%`; a cancellation needs only the number, and the customer when the number
//! alone could mean several. `paid` is an amount, or a word: `yes`. Amounts are in the currency of the order, else of the
//! whole document.

use super::IntakeAnswer;
use super::draft::{AllowanceCharge, DraftAddress, DraftKind, OrderDraft, Value};
use super::problem::{Problem, ProblemCode};
use super::walk::{Found, Here, Reader, add, add_allowance, put, walk};
use super::write::ElementWriter;
use super::xml::{Name, Pass};

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
    let mut reader = PlainReader { single, drafts: Vec::new(), open: single, currency: None };
    if single {
        reader.drafts.push(OrderDraft::default());
    }
    let place = pass.place(pass.position());
    let content = walk(pass, attributes, &mut reader)?;
    if let (true, Some(draft)) = (single, reader.drafts.first_mut()) {
        draft.content = content;
    }
    if reader.drafts.is_empty() {
        return Err(Problem::new(ProblemCode::NotAnOrder, place, "", "there is no order in it"));
    }
    for draft in &mut reader.drafts {
        draft.currency = draft.currency.take().or_else(|| reader.currency.clone());
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
}

/// Elements that only hold others, below an order.
const GROUPS: &[&str] =
    &["lines", "orderlines", "items", "orderitems", "products", "totals", "payment", "header", "orderlineitems"];
/// One line.
const LINES: &[&str] = &["line", "orderline", "item", "orderitem", "product", "orderlineitem"];
/// Who buys.
const CUSTOMERS: &[&str] = &["customer", "buyer", "billing", "billingaddress", "client"];
/// Where it goes.
const DELIVERIES: &[&str] = &["delivery", "shipto", "shippingaddress", "pickup", "collection"];

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
            // What the document says of all its orders is not what this one says.
            here.take_digest();
            self.open = true;
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
            if matches!(path, [name] if plain_name(name) == "currency") {
                put(&mut self.currency, found);
            }
            return;
        }
        let below = self.below(path);
        let Some(draft) = self.drafts.last_mut() else { return };
        let names: Vec<&str> = below.iter().map(String::as_str).collect();
        match names.as_slice() {
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
                draft.content = here.take_digest();
            }
        }
    }
}

/// `Order-Number`, `order_number` and `@orderNumber` are `ordernumber`.
fn plain_name(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | '.' | '@')).flat_map(char::to_lowercase).collect()
}

fn take_order(draft: &mut OrderDraft, name: &str, found: &Found<'_>) {
    let field = match name {
        // Where both are given, the number is what the customer knows.
        "ordernumber" => {
            draft.number = Some(found.value());
            return;
        }
        "number" | "orderid" | "orderno" | "id" | "incrementid" | "reference" => &mut draft.number,
        "date" | "orderdate" | "created" | "createdat" | "placed" => &mut draft.issue_date,
        "currency" | "currencycode" | "ordercurrency" => &mut draft.currency,
        "store" | "storecode" | "pickupstore" => &mut draft.location,
        "until" | "deliverydate" | "deliverby" | "collectby" => &mut draft.wanted_until,
        "subtotal" | "linestotal" => &mut draft.totals.lines,
        "tax" | "taxtotal" | "taxamount" | "vat" | "ordertax" => &mut draft.totals.tax,
        "rounding" => &mut draft.totals.rounding,
        "total" | "ordertotal" | "grandtotal" => &mut draft.totals.total,
        "due" | "payable" | "totaldue" => &mut draft.totals.payable,
        "paid" | "amountpaid" | "totalpaid" | "paymentstatus" => return take_paid(draft, found),
        "discount" | "discounttotal" | "orderdiscount" | "coupon" => return take_allowance(draft, found, false),
        "shipping" | "shippingtotal" | "shippingamount" | "fee" | "charge" | "surcharge" | "handling" => {
            return take_allowance(draft, found, true);
        }
        "note" | "comment" | "customernote" | "customernotes" => return add(&mut draft.notes, found.value()),
        "action" | "type" | "status" | "orderstatus" => return take_action(draft, found.text),
        "firstname" | "billingfirstname" => &mut draft.buyer.first_name,
        "lastname" | "billinglastname" => &mut draft.buyer.family_name,
        "company" | "billingcompany" => &mut draft.buyer.registered_name,
        "phone" | "billingphone" => &mut draft.buyer.telephone,
        "customerid" | "customernumber" | "buyer" | "customer" => {
            return add(&mut draft.buyer.identities, found.value());
        }
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
    let field = match name {
        ["id" | "number" | "code" | "customerid" | "customernumber" | "customercode"] => {
            return add(&mut buyer.identities, found.value());
        }
        ["gln"] => return add(&mut buyer.identities, found.value()),
        ["firstname"] => &mut buyer.first_name,
        ["lastname" | "surname" | "familyname"] => &mut buyer.family_name,
        ["name" | "fullname"] => &mut buyer.name,
        ["company" | "companyname"] => &mut buyer.registered_name,
        ["phone" | "telephone" | "mobile"] => &mut buyer.telephone,
        ["email"] => &mut buyer.email,
        _ => return,
    };
    put(field, found);
}

fn take_delivery(draft: &mut OrderDraft, name: &[&str], found: &Found<'_>) {
    let field = match name {
        ["store" | "storecode" | "location" | "locationid"] => &mut draft.location,
        ["gln"] => &mut draft.address,
        ["until" | "date" | "by"] => &mut draft.wanted_until,
        ["firstname"] => &mut draft.receiver.first_name,
        ["lastname" | "surname" | "familyname"] => &mut draft.receiver.family_name,
        ["name" | "fullname"] => &mut draft.receiver.name,
        ["phone" | "telephone" | "mobile"] => &mut draft.receiver.telephone,
        ["address", rest @ ..] if !rest.is_empty() => return take_address(&mut draft.receiver.address, rest, found),
        rest => return take_address(&mut draft.receiver.address, rest, found),
    };
    put(field, found);
}

fn take_address(address: &mut DraftAddress, name: &[&str], found: &Found<'_>) {
    let field = match name {
        ["company" | "companyname" | "department"] => return add(&mut address.names, found.value()),
        ["street" | "street1" | "address" | "address1" | "addressline1"] => &mut address.street,
        ["housenumber"] => &mut address.house,
        ["street2" | "address2" | "addressline2" | "street3" | "address3" | "addressline3"] => {
            return add(&mut address.more, found.value());
        }
        ["postcode" | "postalcode" | "zip" | "zipcode"] => &mut address.postal_code,
        ["city" | "town"] => &mut address.city,
        ["region" | "state" | "province" | "county"] => &mut address.region,
        ["country" | "countrycode"] => &mut address.country,
        _ => return,
    };
    put(field, found);
}

fn take_line(draft: &mut OrderDraft, name: &str, found: &Found<'_>) {
    let Some(line) = draft.lines.last_mut() else { return };
    let field = match name {
        "number" | "position" | "lineid" | "linenumber" => &mut line.number,
        "gtin" | "ean" | "barcode" | "upc" | "isbn" => &mut line.gtin,
        "sku" | "article" | "itemid" | "productcode" => &mut line.sellers_number,
        "customersku" | "buyersku" | "theirnumber" => &mut line.buyers_number,
        "name" | "title" | "description" | "productname" => &mut line.name,
        "quantity" | "qty" => {
            line.unit = found.attribute_value("unit").or(line.unit.take());
            &mut line.quantity
        }
        "unit" | "unitcode" => &mut line.unit,
        "price" | "unitprice" | "itemprice" => {
            line.price_quantity = found.attribute_value("per").or(line.price_quantity.take());
            &mut line.price
        }
        "per" => &mut line.price_quantity,
        "total" | "linetotal" | "amount" | "rowtotal" => &mut line.amount,
        "taxpercent" | "vatpercent" | "taxrate" => &mut line.tax_percent,
        "discount" => {
            return add_allowance(&mut line.allowances, allowance_of(found, None));
        }
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
    add_allowance(&mut draft.allowances, allowance_of(found, Some(word)));
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

/// An amount, or a word that says all of it.
fn take_paid(draft: &mut OrderDraft, found: &Found<'_>) {
    match found.text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "paid" | "complete" | "captured" => draft.is_paid = true,
        _ if found.text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => put(&mut draft.totals.prepaid, found),
        _ => {}
    }
}

/// The answer to a document of plain orders: what became of each, in the document's order.
///
/// ```xml
/// <answers>
///   <answer number="1001" outcome="IMPORTED" order="W-10023"></answer>
///   <answer number="1002" outcome="PROBLEM" order="0198…"><problem code="ITEM_UNKNOWN" line="12">…</problem></answer>
/// </answers>
/// ```
pub fn encode_response(answers: &[IntakeAnswer]) -> Vec<u8> {
    let mut writer = ElementWriter::new();
    writer.within("answers", &[], |writer| {
        for answer in answers {
            let our_name = answer.our_name();
            let attributes =
                [("number", answer.reference.as_str()), ("outcome", answer.outcome.as_str()), ("order", &our_name)];
            writer.within("answer", &attributes, |writer| {
                for problem in &answer.problems {
                    let line = problem.place.line.to_string();
                    writer.value("problem", &[("code", problem.code.as_str()), ("line", &line)], &problem.message);
                }
            });
        }
    });
    writer.into_bytes()
}
