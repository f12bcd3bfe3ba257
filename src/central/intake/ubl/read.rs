//! Reading a UBL Order, OrderChange or OrderCancellation in one pass: each value goes to its field by the path it stands
//! at, whatever the order of elements.

use super::super::draft::{
    AllowanceCharge, DraftAddress, DraftKind, DraftLine, DraftTotals, LineDelivery, OrderDraft, Party, Value,
};
use super::super::problem::Problem;
use super::super::walk::{Found, Here, REPEATS_MAX, Reader, add, add_allowance, put, walk};
use super::super::xml::Pass;
use super::{AGGREGATES, BASICS};

/// Reads the rest of a document whose first element the pass has just entered.
pub fn read_order(pass: &mut Pass<'_>, kind: DraftKind) -> Result<OrderDraft, Problem> {
    let mut reader = OrderReader { draft: OrderDraft { kind, ..OrderDraft::default() }, deliveries: 0 };
    let content = walk(pass, &[], &mut reader)?;
    Ok(OrderDraft { content, ..reader.draft })
}

/// What a line's status code says of a line that is wanted no more: UBL 2.x LineStatusCode, and UNCL 1229 as the
/// profiles of Peppol use it.
const CANCELLED_LINE: &[&str] = &["Cancelled", "CANCELLED", "2"];

struct OrderReader {
    draft: OrderDraft,
    /// How many deliveries have begun: the first one's address counts, never half of each.
    deliveries: usize,
}

impl Reader for OrderReader {
    fn knows(&self, namespace: &str) -> bool {
        namespace == AGGREGATES || namespace == BASICS
    }

    fn begin(&mut self, path: &[&str], here: &mut Here<'_>) -> Result<(), Problem> {
        match path {
            ["OrderLine"] => self.draft.lines.push(here.line()?),
            ["Delivery"] => self.deliveries += 1,
            ["AllowanceCharge"] => add_allowance(&mut self.draft.allowances, AllowanceCharge::default()),
            ["OrderLine", "LineItem", "Delivery"] => {
                if let Some(line) = self.draft.lines.last_mut() {
                    line.delivery_mut().deliveries += 1;
                }
            }
            ["OrderLine", "LineItem", "AllowanceCharge"] => {
                if let Some(line) = self.draft.lines.last_mut() {
                    add_allowance(&mut line.allowances, AllowanceCharge::default());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn take(&mut self, path: &[&str], found: &Found<'_>) {
        if let [.., "@currencyID"] = path {
            return self.note_currency(found.value());
        }
        match path {
            [.., attribute] if attribute.starts_with('@') => {}
            ["OrderLine", "Note"] => {
                if let Some(line) = self.draft.lines.last_mut() {
                    add(&mut line.notes, found.value());
                }
            }
            ["OrderLine", "LineItem", "Delivery", rest @ ..] => {
                if let Some(delivery) = self.draft.lines.last_mut().and_then(DraftLine::first_delivery_mut) {
                    take_line_delivery(delivery, rest, found);
                }
            }
            ["OrderLine", "LineItem", rest @ ..] => {
                if let Some(line) = self.draft.lines.last_mut() {
                    take_line(line, rest, found);
                }
            }
            ["BuyerCustomerParty", rest @ ..] => take_party(&mut self.draft.buyer, rest, found),
            ["SellerSupplierParty", rest @ ..] => take_party(&mut self.draft.seller, rest, found),
            ["Delivery", "DeliveryParty", rest @ ..] => take_party_itself(&mut self.draft.receiver, rest, found),
            ["Delivery", "DeliveryAddress", rest @ ..] | ["Delivery", "DeliveryLocation", "Address", rest @ ..]
                if *rest != ["ID"] =>
            {
                if self.deliveries == 1 {
                    take_address(&mut self.draft.receiver.address, rest, found);
                }
            }
            ["AnticipatedMonetaryTotal", name] => take_total(&mut self.draft.totals, name, found),
            ["TaxTotal", "TaxAmount"] => put(&mut self.draft.totals.tax, found),
            ["AllowanceCharge", rest @ ..] => take_allowance(&mut self.draft.allowances, rest, found),
            _ => self.take_header(path, found),
        }
    }

    fn is_passing(&self, path: &[&str]) -> bool {
        matches!(path, ["UUID" | "CopyIndicator"])
    }
}

impl OrderReader {
    fn take_header(&mut self, path: &[&str], found: &Found<'_>) {
        let draft = &mut self.draft;
        let is_order = draft.kind == DraftKind::Order;
        let field = match path {
            ["UBLVersionID"] => &mut draft.version,
            ["CustomizationID"] => &mut draft.customization,
            ["ProfileID"] => &mut draft.profile,
            ["ID"] if is_order => &mut draft.number,
            ["ID"] => &mut draft.document_number,
            ["OrderReference", "ID"] if !is_order => &mut draft.number,
            ["IssueDate"] => &mut draft.issue_date,
            ["IssueTime"] => &mut draft.issue_time,
            ["DocumentCurrencyCode"] => &mut draft.currency,
            ["Delivery", "DeliveryLocation", "ID"] => &mut draft.location,
            ["Delivery", "DeliveryLocation", "Address", "ID"] | ["Delivery", "DeliveryAddress", "ID"] => {
                &mut draft.address
            }
            ["Delivery", "RequestedDeliveryPeriod", "EndDate"] | ["Delivery", "LatestDeliveryDate"] => {
                &mut draft.wanted_until
            }
            ["Delivery", "RequestedDeliveryPeriod", "EndTime"] | ["Delivery", "LatestDeliveryTime"] => {
                &mut draft.wanted_until_time
            }
            ["Note" | "CancellationNote"] => return add(&mut draft.notes, found.value()),
            _ => return,
        };
        put(field, found);
    }

    /// An amount in another currency than the document's is found here once, and judged later.
    fn note_currency(&mut self, currency: Value) {
        let known = &mut self.draft.other_currencies;
        if known.len() < REPEATS_MAX && known.iter().all(|other| other.text != currency.text) {
            known.push(currency);
        }
    }
}

fn take_line(line: &mut DraftLine, path: &[&str], found: &Found<'_>) {
    let field = match path {
        ["ID"] => &mut line.number,
        ["Quantity"] => {
            line.unit = found.attribute_value("unitCode");
            &mut line.quantity
        }
        ["LineExtensionAmount"] => &mut line.amount,
        ["Price", "PriceAmount"] => &mut line.price,
        ["Price", "BaseQuantity"] => {
            line.price_unit = found.attribute_value("unitCode");
            &mut line.price_quantity
        }
        ["Item", "Name"] => &mut line.name,
        ["Item", "StandardItemIdentification", "ID"] => &mut line.gtin,
        ["Item", "SellersItemIdentification", "ID"] => &mut line.sellers_number,
        ["Item", "BuyersItemIdentification", "ID"] => &mut line.buyers_number,
        ["Item", "ClassifiedTaxCategory", "Percent"] => &mut line.tax_percent,
        ["Item", "ClassifiedTaxCategory", "ID"] if is_untaxed(found.text) => {
            return put_nothing(&mut line.tax_percent, found);
        }
        ["AllowanceCharge", rest @ ..] => return take_allowance(&mut line.allowances, rest, found),
        ["Note"] => return add(&mut line.notes, found.value()),
        ["LineStatusCode"] => {
            line.is_cancelled = CANCELLED_LINE.contains(&found.text);
            return;
        }
        _ => return,
    };
    put(field, found);
}

fn take_line_delivery(delivery: &mut LineDelivery, path: &[&str], found: &Found<'_>) {
    let field = match path {
        ["DeliveryLocation", "ID"] => &mut delivery.location,
        ["DeliveryLocation", "Address", "ID"] | ["DeliveryAddress", "ID"] => &mut delivery.address,
        ["RequestedDeliveryPeriod", "EndDate"] | ["LatestDeliveryDate"] => &mut delivery.wanted_until,
        ["RequestedDeliveryPeriod", "EndTime"] | ["LatestDeliveryTime"] => &mut delivery.wanted_until_time,
        ["DeliveryParty", rest @ ..] => return take_party_itself(&mut delivery.receiver, rest, found),
        ["DeliveryAddress", rest @ ..] | ["DeliveryLocation", "Address", rest @ ..] => {
            return take_address(&mut delivery.receiver.address, rest, found);
        }
        _ => return,
    };
    put(field, found);
}

fn take_party(party: &mut Party, path: &[&str], found: &Found<'_>) {
    match path {
        ["Party", rest @ ..] => take_party_itself(party, rest, found),
        ["CustomerAssignedAccountID" | "SupplierAssignedAccountID"] => add(&mut party.identities, found.value()),
        ["DeliveryContact" | "BuyerContact", "Name"] => put(&mut party.contact_name, found),
        ["DeliveryContact" | "BuyerContact", "Telephone"] => put(&mut party.telephone, found),
        _ => {}
    }
}

fn take_party_itself(party: &mut Party, path: &[&str], found: &Found<'_>) {
    match path {
        ["EndpointID"] => put(&mut party.endpoint, found),
        ["PartyIdentification", "ID"] => add(&mut party.identities, found.value()),
        ["PartyName", "Name"] => put(&mut party.name, found),
        ["PartyLegalEntity", "RegistrationName"] => put(&mut party.registered_name, found),
        ["Person", "FirstName"] => put(&mut party.first_name, found),
        ["Person", "FamilyName"] => put(&mut party.family_name, found),
        ["Contact", "Name"] => put(&mut party.contact_name, found),
        ["Contact", "Telephone"] => put(&mut party.telephone, found),
        _ => {}
    }
}

/// UBL 2.1, `AddressType`.
fn take_address(address: &mut DraftAddress, path: &[&str], found: &Found<'_>) {
    let field = match path {
        ["StreetName"] => &mut address.street,
        ["BuildingNumber"] => &mut address.house,
        ["PostalZone"] => &mut address.postal_code,
        ["CityName"] => &mut address.city,
        ["CountrySubentity"] => &mut address.region,
        ["Country", "IdentificationCode" | "Name"] => &mut address.country,
        ["Department" | "MarkAttention" | "MarkCare"] => return add(&mut address.names, found.value()),
        ["AdditionalStreetName" | "BuildingName" | "Floor" | "Room" | "Postbox" | "CitySubdivisionName"]
        | ["AddressLine", "Line"] => return add(&mut address.more, found.value()),
        _ => return,
    };
    put(field, found);
}

fn take_total(totals: &mut DraftTotals, name: &str, found: &Found<'_>) {
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
    put(field, found);
}

fn take_allowance(allowances: &mut [AllowanceCharge], path: &[&str], found: &Found<'_>) {
    let Some(allowance) = allowances.last_mut() else { return };
    match path {
        ["ChargeIndicator"] => put(&mut allowance.is_charge, found),
        ["Amount"] => put(&mut allowance.amount, found),
        // In percent, as the profiles of Peppol write it; it counts where no amount is named.
        ["MultiplierFactorNumeric"] => put(&mut allowance.percent, found),
        ["TaxCategory", "Percent"] => put(&mut allowance.tax_percent, found),
        ["TaxCategory", "ID"] if is_untaxed(found.text) => put_nothing(&mut allowance.tax_percent, found),
        ["TaxTotal", "TaxAmount"] => put(&mut allowance.tax_amount, found),
        _ => {}
    }
}

/// Categories of UN/CL 5305 that are taxed at nothing, whether they name percent or not: zero rated, exempt, reverse charge,
/// supply within the Union, export, outside the scope of the tax.
fn is_untaxed(category: &str) -> bool {
    matches!(category, "Z" | "E" | "AE" | "K" | "G" | "O")
}

fn put_nothing(field: &mut Option<Value>, found: &Found<'_>) {
    field.get_or_insert_with(|| Value { text: "0".to_owned(), ..found.value() });
}
