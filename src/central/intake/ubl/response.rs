//! The answer to a UBL Order: an OrderResponseSimple (UBL 2.1, 2.6), accepted or rejected with the reasons.

use super::super::IntakeAnswer;
use super::super::draft::{OrderDraft, Party};
use super::super::problem::{Problem, Severity};
use super::super::write::ElementWriter;
use super::{AGGREGATES, BASICS};
use crate::domain::Timestamp;

/// Namespace of the answer.
const RESPONSE: &str = "urn:oasis:names:specification:ubl:schema:xsd:OrderResponseSimple-2";
/// How many reasons a rejection names.
const REASONS_MAX: usize = 20;

/// The answer, under our order number or the name the problem is kept under.
pub fn encode_response(draft: &OrderDraft, answer: &IntakeAnswer, now: Timestamp) -> Vec<u8> {
    let ours = answer.our_name();
    let errors: Vec<&Problem> = answer.problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    let mut writer = ElementWriter::new();
    let namespaces = [("xmlns", RESPONSE), ("xmlns:cac", AGGREGATES), ("xmlns:cbc", BASICS)];
    writer.within("OrderResponseSimple", &namespaces, |writer| {
        writer.value("cbc:UBLVersionID", &[], "2.1");
        writer.maybe("cbc:CustomizationID", draft.customization.as_ref());
        writer.maybe("cbc:ProfileID", draft.profile.as_ref());
        writer.value("cbc:ID", &[], &ours);
        writer.value("cbc:IssueDate", &[], &now.format("%Y-%m-%d").to_string());
        writer.value("cbc:IssueTime", &[], &now.format("%H:%M:%SZ").to_string());
        writer.value("cbc:AcceptedIndicator", &[], if errors.is_empty() { "true" } else { "false" });
        for problem in errors.iter().take(REASONS_MAX) {
            let place = &problem.place;
            let text = format!("{}: {} ({} line {})", problem.code.as_str(), problem.message, place.path, place.line);
            writer.value("cbc:RejectionNote", &[], &text);
        }
        writer.within("cac:OrderReference", &[], |writer| {
            writer.value("cbc:ID", &[], draft.number.as_ref().map_or("", |number| &number.text));
            if errors.is_empty() {
                writer.value("cbc:SalesOrderID", &[], &ours);
            }
        });
        party(writer, "cac:SellerSupplierParty", &draft.seller);
        party(writer, "cac:BuyerCustomerParty", &draft.buyer);
    });
    writer.into_bytes()
}

fn party(writer: &mut ElementWriter, element: &str, party: &Party) {
    writer.within(element, &[], |writer| {
        writer.within("cac:Party", &[], |writer| {
            writer.maybe("cbc:EndpointID", party.endpoint.as_ref());
            for identity in &party.identities {
                writer.within("cac:PartyIdentification", &[], |writer| writer.value("cbc:ID", &[], &identity.text));
            }
            if let Some(name) = &party.name {
                writer.within("cac:PartyName", &[], |writer| writer.value("cbc:Name", &[], &name.text));
            }
        });
    });
}
