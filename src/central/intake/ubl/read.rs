//! Reading a UBL Order in one pass: each value goes to its field by the path it stands at, whatever the order of elements.

use sha2::{Digest, Sha256};

use super::super::draft::{AllowanceCharge, DraftLine, DraftTotals, OrderDraft, Party, Value};
use super::super::problem::{Problem, ProblemCode};
use super::super::xml::{Item, Offset, Pass};
use super::{AGGREGATES, BASICS};

/// How many lines an order may have.
pub const LINES_MAX: usize = 10_000;
/// How many identities of a party, and allowances of a line, are looked at.
const REPEATS_MAX: usize = 100;

/// Reads the rest of an Order whose first element the pass has just entered.
pub fn read_order(pass: &mut Pass<'_>) -> Result<OrderDraft, Problem> {
    let mut reader = OrderReader::default();
    // Names of the elements entered below the first; nothing for those of other namespaces, whose content is not ours.
    let mut names: Vec<Option<String>> = Vec::new();
    let mut attributes_of: Vec<Vec<(String, String)>> = Vec::new();
    loop {
        match pass.next_item()? {
            Item::Start { name, attributes } => {
                let ours = name.namespace == AGGREGATES || name.namespace == BASICS;
                names.push(ours.then_some(name.local));
                attributes_of.push(attributes);
                if is_path(&names, &["OrderLine"]) {
                    if reader.draft.lines.len() >= LINES_MAX {
                        let message = format!("more than {LINES_MAX} lines");
                        return Err(Problem::new(ProblemCode::XmlTooLarge, pass.place(pass.position()), "", message));
                    }
                    let line = DraftLine { at: pass.position(), path: pass.path(), ..DraftLine::default() };
                    reader.draft.lines.push(line);
                }
                if is_path(&names, &["AllowanceCharge"]) && reader.draft.allowances.len() < REPEATS_MAX {
                    reader.draft.allowances.push(AllowanceCharge::default());
                }
                if is_path(&names, &["OrderLine", "LineItem", "AllowanceCharge"]) {
                    let line = reader.draft.lines.last_mut();
                    if let Some(line) = line.filter(|line| line.allowances.len() < REPEATS_MAX) {
                        line.allowances.push(AllowanceCharge::default());
                    }
                }
            }
            Item::End { text, at } => {
                let Some(attributes) = attributes_of.pop() else { continue };
                if !text.is_empty() && names.iter().all(Option::is_some) {
                    let path: Vec<&str> = names.iter().map(|name| name.as_deref().unwrap_or_default()).collect();
                    reader.take(&path, text, &attributes, at);
                }
                names.pop();
            }
            Item::Done => break,
        }
    }
    let mut draft = reader.draft;
    draft.content = reader.content.finalize().into();
    Ok(draft)
}

fn is_path(names: &[Option<String>], path: &[&str]) -> bool {
    names.len() == path.len() && names.iter().zip(path).all(|(name, expected)| name.as_deref() == Some(*expected))
}

#[derive(Default)]
struct OrderReader {
    draft: OrderDraft,
    content: Sha256,
}

impl OrderReader {
    fn take(&mut self, path: &[&str], text: String, attributes: &[(String, String)], at: Offset) {
        self.digest(path, &text, attributes);
        let full = self.full_path(path);
        let value = Value { text, path: full, at };
        self.note_currency(attributes, &value);
        match path {
            ["OrderLine", "LineItem", rest @ ..] => {
                if let Some(line) = self.draft.lines.last_mut() {
                    take_line(line, rest, value);
                }
            }
            ["BuyerCustomerParty", rest @ ..] => take_party(&mut self.draft.buyer, rest, value),
            ["SellerSupplierParty", rest @ ..] => take_party(&mut self.draft.seller, rest, value),
            ["Delivery", "DeliveryParty", rest @ ..] => take_party_itself(&mut self.draft.receiver, rest, value),
            ["AnticipatedMonetaryTotal", name] => take_total(&mut self.draft.totals, name, value),
            ["TaxTotal", "TaxAmount"] => put(&mut self.draft.totals.tax, value),
            ["AllowanceCharge", name] => take_allowance(&mut self.draft.allowances, name, value),
            _ => self.take_header(path, value),
        }
    }

    fn take_header(&mut self, path: &[&str], value: Value) {
        let draft = &mut self.draft;
        let field = match path {
            ["UBLVersionID"] => &mut draft.version,
            ["CustomizationID"] => &mut draft.customization,
            ["ProfileID"] => &mut draft.profile,
            ["ID"] => &mut draft.number,
            ["IssueDate"] => &mut draft.issue_date,
            ["IssueTime"] => &mut draft.issue_time,
            ["DocumentCurrencyCode"] => &mut draft.currency,
            ["Delivery", "DeliveryLocation", "ID"] => &mut draft.location,
            ["Delivery", "DeliveryLocation", "Address", "ID"] | ["Delivery", "DeliveryAddress", "ID"] => {
                &mut draft.address
            }
            ["Delivery", "RequestedDeliveryPeriod", "EndDate"] => &mut draft.wanted_until,
            ["Delivery", "RequestedDeliveryPeriod", "EndTime"] => &mut draft.wanted_until_time,
            _ => return,
        };
        put(field, value);
    }

    /// The path as a person finds it again, with the number of the line.
    fn full_path(&self, path: &[&str]) -> String {
        let mut full = String::from("/Order");
        for name in path {
            full.push('/');
            full.push_str(name);
            if *name == "OrderLine" {
                full.push_str(&format!("[{}]", self.draft.lines.len()));
            }
        }
        full
    }

    /// An amount in another currency than the document's is found here once, and judged later.
    fn note_currency(&mut self, attributes: &[(String, String)], value: &Value) {
        let Some((_, currency)) = attributes.iter().find(|(name, _)| name == "currencyID") else { return };
        let known = &mut self.draft.other_currencies;
        if known.len() < REPEATS_MAX && known.iter().all(|other| other.text != *currency) {
            known.push(Value { text: currency.clone(), path: format!("{}/@currencyID", value.path), at: value.at });
        }
    }

    /// Everything the order says, but for what changes when the same order is sent again.
    fn digest(&mut self, path: &[&str], text: &str, attributes: &[(String, String)]) {
        if matches!(path, ["UUID" | "CopyIndicator"]) {
            return;
        }
        let mut put = |text: &str| {
            self.content.update((text.len() as u64).to_be_bytes());
            self.content.update(text);
        };
        for name in path {
            put(name);
        }
        for (name, value) in attributes {
            put(name);
            put(value);
        }
        put(text);
    }
}

/// The first one counts; a second of the same is the next one's business.
fn put(field: &mut Option<Value>, value: Value) {
    field.get_or_insert(value);
}

fn take_line(line: &mut DraftLine, path: &[&str], value: Value) {
    let field = match path {
        ["ID"] => &mut line.number,
        ["Quantity"] => &mut line.quantity,
        ["LineExtensionAmount"] => &mut line.amount,
        ["Price", "PriceAmount"] => &mut line.price,
        ["Price", "BaseQuantity"] => &mut line.price_quantity,
        ["Item", "Name"] => &mut line.name,
        ["Item", "StandardItemIdentification", "ID"] => &mut line.gtin,
        ["Item", "SellersItemIdentification", "ID"] => &mut line.sellers_number,
        ["Item", "BuyersItemIdentification", "ID"] => &mut line.buyers_number,
        ["Item", "ClassifiedTaxCategory", "Percent"] => &mut line.tax_percent,
        ["AllowanceCharge", name] => return take_allowance(&mut line.allowances, name, value),
        _ => return,
    };
    put(field, value);
}

fn take_party(party: &mut Party, path: &[&str], value: Value) {
    match path {
        ["Party", rest @ ..] => take_party_itself(party, rest, value),
        ["CustomerAssignedAccountID" | "SupplierAssignedAccountID"] => add(&mut party.identities, value),
        ["DeliveryContact" | "BuyerContact", "Name"] => put(&mut party.contact_name, value),
        ["DeliveryContact" | "BuyerContact", "Telephone"] => put(&mut party.telephone, value),
        _ => {}
    }
}

fn take_party_itself(party: &mut Party, path: &[&str], value: Value) {
    match path {
        ["EndpointID"] => put(&mut party.endpoint, value),
        ["PartyIdentification", "ID"] => add(&mut party.identities, value),
        ["PartyName", "Name"] => put(&mut party.name, value),
        ["PartyLegalEntity", "RegistrationName"] => put(&mut party.registered_name, value),
        ["Person", "FirstName"] => put(&mut party.first_name, value),
        ["Person", "FamilyName"] => put(&mut party.family_name, value),
        ["Contact", "Name"] => put(&mut party.contact_name, value),
        ["Contact", "Telephone"] => put(&mut party.telephone, value),
        _ => {}
    }
}

fn add(values: &mut Vec<Value>, value: Value) {
    if values.len() < REPEATS_MAX {
        values.push(value);
    }
}

fn take_total(totals: &mut DraftTotals, name: &str, value: Value) {
    let field = match name {
        "LineExtensionAmount" => &mut totals.lines,
        "AllowanceTotalAmount" => &mut totals.allowances,
        "ChargeTotalAmount" => &mut totals.charges,
        "TaxExclusiveAmount" => &mut totals.without_tax,
        "TaxInclusiveAmount" => &mut totals.with_tax,
        "PrepaidAmount" => &mut totals.prepaid,
        "PayableRoundingAmount" => &mut totals.rounding,
        "PayableAmount" => &mut totals.payable,
        _ => return,
    };
    put(field, value);
}

fn take_allowance(allowances: &mut [AllowanceCharge], name: &str, value: Value) {
    let Some(allowance) = allowances.last_mut() else { return };
    match name {
        "ChargeIndicator" => put(&mut allowance.is_charge, value),
        "Amount" => put(&mut allowance.amount, value),
        _ => {}
    }
}
