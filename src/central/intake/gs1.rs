//! GS1 XML 3 (EANCOM's successor, *Order* 3.0–3.6): an orderMessage of one or several orders.
//!
//! The message has GS1's namespace, what is in it none. An order with the action CHANGE_BY_REFRESH says everything it shall
//! be, one with DELETE or CANCEL is wanted no more.

mod response;

pub use response::encode_response;

use super::draft::{AllowanceCharge, DraftKind, DraftLine, LineDelivery, OrderDraft, Party};
use super::problem::{Problem, ProblemCode};
use super::walk::{Found, Here, REPEATS_MAX, Reader, add, add_allowance, put, walk};
use super::xml::Pass;

/// Namespace of the Order message, and how that of every other message begins.
pub const ORDER: &str = "urn:gs1:ecom:order:xsd:3";
/// What the namespaces of all GS1 XML 3 messages begin with.
pub const MESSAGES: &str = "urn:gs1:ecom:";
/// How many orders a message may hold.
const ORDERS_MAX: usize = 2_000;

/// Reads the rest of a message whose first element the pass has just entered.
pub fn read_orders(pass: &mut Pass<'_>) -> Result<Vec<OrderDraft>, Problem> {
    let place = pass.place(pass.position());
    let mut reader = Gs1Reader::default();
    walk(pass, &[], &mut reader)?;
    match reader.drafts.is_empty() {
        true => Err(Problem::new(ProblemCode::NotAnOrder, place, "", "there is no order in it")),
        false => Ok(reader.drafts),
    }
}

#[derive(Default)]
struct Gs1Reader {
    drafts: Vec<OrderDraft>,
}

impl Reader for Gs1Reader {
    fn knows(&self, namespace: &str) -> bool {
        // The header around the message is the transport's.
        namespace.is_empty() || namespace == ORDER
    }

    fn begin(&mut self, path: &[&str], here: &mut Here<'_>) -> Result<(), Problem> {
        if let ["order"] = path {
            if self.drafts.len() >= ORDERS_MAX {
                return Err(here.problem(ProblemCode::XmlTooLarge, format!("more than {ORDERS_MAX} orders")));
            }
            let span = here.at.0..here.at.0;
            let element = Some(here.element());
            self.drafts.push(OrderDraft { span, element, ..OrderDraft::default() });
        }
        let Some(draft) = self.drafts.last_mut() else { return Ok(()) };
        match path {
            ["order", "orderLineItem"] => draft.lines.push(here.line()?),
            ["order", "allowanceCharge"] => add_allowance(&mut draft.allowances, AllowanceCharge::default()),
            ["order", "orderLineItem", "orderLineItemDetail"] => {
                if let Some(line) = draft.lines.last_mut() {
                    line.delivery_mut().deliveries += 1;
                }
            }
            ["order", "orderLineItem", "allowanceCharge"] => {
                if let Some(line) = draft.lines.last_mut() {
                    add_allowance(&mut line.allowances, AllowanceCharge::default());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn take(&mut self, path: &[&str], found: &Found<'_>) {
        let (["order", path @ ..], Some(draft)) = (path, self.drafts.last_mut()) else { return };
        if let [.., "@currencyCode"] = path {
            let known = &mut draft.other_currencies;
            if known.len() < REPEATS_MAX && known.iter().all(|other| other.text != found.text) {
                known.push(found.value());
            }
            return;
        }
        match path {
            ["orderLineItem", rest @ ..] => {
                if let Some(line) = draft.lines.last_mut() {
                    take_line(line, rest, found);
                }
            }
            ["buyer", rest @ ..] => take_party(&mut draft.buyer, rest, found),
            ["seller", rest @ ..] => take_party(&mut draft.seller, rest, found),
            ["allowanceCharge", rest @ ..] => take_allowance(&mut draft.allowances, rest, found),
            _ => take_order(draft, path, found),
        }
    }

    fn end(&mut self, path: &[&str], here: &mut Here<'_>) {
        if let (["order"], Some(draft)) = (path, self.drafts.last_mut()) {
            draft.span.end = here.reached;
            draft.content = here.content;
        }
    }

    fn is_passing(&self, path: &[&str]) -> bool {
        // A copy of an order is that order.
        matches!(path, ["order", "documentStatusCode" | "lastUpdateDateTime"])
    }
}

fn take_order(draft: &mut OrderDraft, path: &[&str], found: &Found<'_>) {
    let field = match path {
        ["orderIdentification", "entityIdentification"] => &mut draft.number,
        ["creationDateTime"] => &mut draft.issue_date,
        ["documentActionCode"] => {
            draft.kind = match found.text {
                "CHANGE_BY_REFRESH" | "CORRECT" => DraftKind::Change,
                "DELETE" | "CANCEL" => DraftKind::Cancellation,
                _ => DraftKind::Order,
            };
            return;
        }
        ["totalMonetaryAmountExcludingTaxes"] => &mut draft.totals.without_tax,
        ["totalMonetaryAmountIncludingTaxes"] => &mut draft.totals.total,
        ["totalTaxAmount"] => &mut draft.totals.tax,
        ["orderLogisticalInformation", "shipTo", "gln"] => &mut draft.address,
        ["orderLogisticalInformation", "shipTo", rest @ ..] => return take_party(&mut draft.receiver, rest, found),
        ["orderLogisticalInformation", "orderLogisticalDateInformation", period, day] => match when(period, day) {
            Some(When::Day) => &mut draft.wanted_until,
            Some(When::Time) => &mut draft.wanted_until_time,
            None => return,
        },
        ["additionalOrderInstruction" | "note"] => return add(&mut draft.notes, found.value()),
        _ => return,
    };
    put(field, found);
}

/// What a value says of when the goods are wanted.
enum When {
    Day,
    Time,
}

fn when(period: &str, day: &str) -> Option<When> {
    match (period, day) {
        ("requestedDeliveryDateTime" | "requestedPickUpDateTime", "date")
        | ("requestedDeliveryDateRange" | "requestedPickUpDateRange", "endDate") => Some(When::Day),
        ("requestedDeliveryDateTime" | "requestedPickUpDateTime", "time")
        | ("requestedDeliveryDateRange" | "requestedPickUpDateRange", "endTime") => Some(When::Time),
        _ => None,
    }
}

fn take_line_delivery(delivery: &mut LineDelivery, path: &[&str], found: &Found<'_>) {
    let field = match path {
        ["shipTo", "gln"] => &mut delivery.address,
        ["shipTo", rest @ ..] => return take_party(&mut delivery.receiver, rest, found),
        ["orderLogisticalDateInformation", period, day] => match when(period, day) {
            Some(When::Day) => &mut delivery.wanted_until,
            Some(When::Time) => &mut delivery.wanted_until_time,
            None => return,
        },
        _ => return,
    };
    put(field, found);
}

fn take_party(party: &mut Party, path: &[&str], found: &Found<'_>) {
    match path {
        ["gln" | "additionalPartyIdentification"] => add(&mut party.identities, found.value()),
        ["organisationDetails" | "organisation", "organisationName"] => put(&mut party.registered_name, found),
        ["address", "name"] => put(&mut party.name, found),
        ["address", "streetAddressOne"] => put(&mut party.address.street, found),
        ["address", "streetAddressTwo" | "streetAddressThree" | "crossStreet" | "pOBoxNumber"] => {
            add(&mut party.address.more, found.value());
        }
        ["address", "postalCode"] => put(&mut party.address.postal_code, found),
        ["address", "city"] => put(&mut party.address.city, found),
        ["address", "state" | "provinceCode"] => put(&mut party.address.region, found),
        ["address", "countryCode"] => put(&mut party.address.country, found),
        ["contact", "personName"] => put(&mut party.contact_name, found),
        ["contact", "communicationChannel", "communicationValue"] => put(&mut party.telephone, found),
        _ => {}
    }
}

fn take_line(line: &mut DraftLine, path: &[&str], found: &Found<'_>) {
    let field = match path {
        ["lineItemNumber"] => &mut line.number,
        ["note" | "additionalOrderLineInstruction"] => return add(&mut line.notes, found.value()),
        ["requestedQuantity"] => {
            line.unit = found.attribute_value("measurementUnitCode");
            &mut line.quantity
        }
        ["netAmount"] => &mut line.amount,
        ["netPrice"] => &mut line.price,
        ["itemPriceBaseQuantity"] => {
            line.price_unit = found.attribute_value("measurementUnitCode");
            &mut line.price_quantity
        }
        ["lineItemActionCode"] => {
            line.is_cancelled = matches!(found.text, "DELETED" | "DELETE" | "CANCELLED");
            return;
        }
        ["transactionalTradeItem", "gtin"] => &mut line.gtin,
        ["transactionalTradeItem", "additionalTradeItemIdentification"] => {
            match found.attribute("additionalTradeItemIdentificationTypeCode") {
                Some("BUYER_ASSIGNED" | "BUYER_ASSIGNED_IDENTIFIER_FOR_A_PARTY") => &mut line.buyers_number,
                _ => &mut line.sellers_number,
            }
        }
        ["transactionalTradeItem", "tradeItemDescription"] => &mut line.name,
        ["orderLineItemDetail", "orderLogisticalInformation", rest @ ..]
        | ["orderLogisticalInformation", rest @ ..] => {
            if let Some(delivery) = line.first_delivery_mut() {
                take_line_delivery(delivery, rest, found);
            }
            return;
        }
        ["allowanceCharge", rest @ ..] => return take_allowance(&mut line.allowances, rest, found),
        ["leviedDutyFeeTax", "dutyFeeTaxPercentage"] => &mut line.tax_percent,
        _ => return,
    };
    put(field, found);
}

fn take_allowance(allowances: &mut [AllowanceCharge], path: &[&str], found: &Found<'_>) {
    let Some(allowance) = allowances.last_mut() else { return };
    match path {
        ["allowanceOrChargeType"] if found.text == "CHARGE" => {
            allowance.is_charge = Some(super::draft::Value { text: "true".into(), ..found.value() });
        }
        ["monetaryAmountOrPercentage" | "allowanceChargeAmount"] | ["monetaryAmountOrPercentage", "monetaryAmount"] => {
            put(&mut allowance.amount, found);
        }
        ["allowanceChargePercentage"] | ["monetaryAmountOrPercentage", "percentage"] => {
            put(&mut allowance.percent, found);
        }
        ["leviedDutyFeeTax", "dutyFeeTaxPercentage"] => put(&mut allowance.tax_percent, found),
        ["leviedDutyFeeTax", "dutyFeeTaxAmount"] => put(&mut allowance.tax_amount, found),
        ["baseAmount"] => put(&mut allowance.base, found),
        ["amountPerUnit"] => put(&mut allowance.per_unit, found),
        ["baseNumberOfUnits"] => put(&mut allowance.units, found),
        _ => {}
    }
}
