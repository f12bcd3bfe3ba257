//! The answer to a UBL document: an OrderResponseSimple (UBL 2.1, 2.6) that says yes or no; or, where the sender's profile or a
//! change asks for one, an OrderResponse (2.5) that says accepted, accepted with changes, or rejected, line by line.

use super::super::draft::{DraftKind, DraftLine, OrderDraft, Party};
use super::super::verdict::{self, Verdict, is_as_asked, kept, pairs, reasons};
use super::super::write::ElementWriter;
use super::super::{IntakeAnswer, IntakeOutcome};
use super::{AGGREGATES, BASICS};
use crate::domain::Timestamp;
use crate::domain::web_order::OrderLine;

/// Namespace of the answer that says yes or no.
const SIMPLE: &str = "urn:oasis:names:specification:ubl:schema:xsd:OrderResponseSimple-2";
/// Namespace of the answer that speaks of lines.
const RESPONSE: &str = "urn:oasis:names:specification:ubl:schema:xsd:OrderResponse-2";
/// How the identities of Peppol's order documents begin, and what answers them (Peppol BIS Ordering 3, Advanced Ordering 3).
const PEPPOL: &str = "urn:fdc:peppol.eu:poacc:trns:order";
const PEPPOL_RESPONSE: &str = "urn:fdc:peppol.eu:poacc:trns:order_response:3";
const PEPPOL_RESPONSE_ADVANCED: &str = "urn:fdc:peppol.eu:poacc:trns:order_response_advanced:3";
/// UNCL 4343: received and being looked at, accepted, accepted with changes, rejected.
const ACKNOWLEDGED: &str = "AB";
const ACCEPTED: &str = "AP";
const ACCEPTED_WITH_CHANGES: &str = "CA";
const REJECTED: &str = "RE";

/// The answer, under our order number or the name the problem is kept under.
pub fn encode_response(draft: &OrderDraft, answer: &IntakeAnswer, now: Timestamp) -> Vec<u8> {
    let is_peppol = draft.customization.as_ref().is_some_and(|customization| customization.text.starts_with(PEPPOL));
    let code = code_of(draft, answer);
    match is_peppol || draft.kind == DraftKind::Change || code == ACCEPTED_WITH_CHANGES {
        true => encode_full(draft, answer, code, is_peppol, now),
        false => encode_simple(draft, answer, now),
    }
}

fn encode_simple(draft: &OrderDraft, answer: &IntakeAnswer, now: Timestamp) -> Vec<u8> {
    let ours = answer.our_name();
    let accepted = answer.outcome != IntakeOutcome::Problem;
    let mut writer = ElementWriter::new();
    let namespaces = [("xmlns", SIMPLE), ("xmlns:cac", AGGREGATES), ("xmlns:cbc", BASICS)];
    writer.within("OrderResponseSimple", &namespaces, |writer| {
        writer.value("cbc:UBLVersionID", &[], "2.1");
        writer.maybe("cbc:CustomizationID", draft.customization.as_ref());
        writer.maybe("cbc:ProfileID", draft.profile.as_ref());
        writer.value("cbc:ID", &[], &ours);
        write_moment(writer, now);
        if let Some(held) = answer.held_words() {
            writer.value("cbc:Note", &[], &held);
        }
        writer.value("cbc:AcceptedIndicator", &[], if accepted { "true" } else { "false" });
        for reason in reasons(answer) {
            writer.value("cbc:RejectionNote", &[], &reason);
        }
        write_reference(writer, draft, accepted.then_some(ours.as_str()));
        party(writer, "cac:SellerSupplierParty", &draft.seller);
        party(writer, "cac:BuyerCustomerParty", &draft.buyer);
    });
    writer.into_bytes()
}

fn encode_full(draft: &OrderDraft, answer: &IntakeAnswer, code: &str, is_peppol: bool, now: Timestamp) -> Vec<u8> {
    let ours = answer.our_name();
    let mut writer = ElementWriter::new();
    let namespaces = [("xmlns", RESPONSE), ("xmlns:cac", AGGREGATES), ("xmlns:cbc", BASICS)];
    writer.within("OrderResponse", &namespaces, |writer| {
        match is_peppol {
            true => {
                let advanced = draft.kind != DraftKind::Order;
                let customization = if advanced { PEPPOL_RESPONSE_ADVANCED } else { PEPPOL_RESPONSE };
                writer.value("cbc:CustomizationID", &[], customization);
            }
            false => {
                writer.value("cbc:UBLVersionID", &[], "2.1");
                writer.maybe("cbc:CustomizationID", draft.customization.as_ref());
            }
        }
        writer.maybe("cbc:ProfileID", draft.profile.as_ref());
        writer.value("cbc:ID", &[], &ours);
        if code != REJECTED {
            writer.value("cbc:SalesOrderID", &[], &ours);
        }
        write_moment(writer, now);
        writer.value("cbc:OrderResponseCode", &[], code);
        for reason in reasons(answer).into_iter().chain(answer.held_words()) {
            writer.value("cbc:Note", &[], &reason);
        }
        writer.maybe("cbc:DocumentCurrencyCode", draft.currency.as_ref());
        write_reference(writer, draft, None);
        party(writer, "cac:SellerSupplierParty", &draft.seller);
        party(writer, "cac:BuyerCustomerParty", &draft.buyer);
        if code == ACCEPTED_WITH_CHANGES {
            for (asked, owed) in pairs(draft, answer) {
                write_line(writer, asked, owed);
            }
        }
    });
    writer.into_bytes()
}

/// Received and being looked at; accepted as asked; as it stands now, when that differs; or rejected.
fn code_of(draft: &OrderDraft, answer: &IntakeAnswer) -> &'static str {
    match verdict::of_order(draft, answer) {
        Verdict::Accepted => ACCEPTED,
        Verdict::Held => ACKNOWLEDGED,
        Verdict::Changed => ACCEPTED_WITH_CHANGES,
        Verdict::Rejected => REJECTED,
    }
}

fn write_line(writer: &mut ElementWriter, asked: &DraftLine, owed: &OrderLine) {
    let kept = kept(owed);
    // UNCL 1229: accepted as it is, changed, not accepted.
    let status = match (is_as_asked(asked, owed), kept.is_zero()) {
        (true, _) => "5",
        (false, false) => "3",
        (false, true) => "7",
    };
    writer.within("cac:OrderLine", &[], |writer| {
        writer.within("cac:LineItem", &[], |writer| {
            let number = asked.number.as_ref().map_or_else(|| owed.line.to_string(), |number| number.text.clone());
            writer.value("cbc:ID", &[], &number);
            writer.value("cbc:LineStatusCode", &[], status);
            writer.value("cbc:Quantity", &[], &kept.to_string());
            writer.within("cac:Item", &[], |writer| {
                writer.value("cbc:Name", &[], &owed.name);
                writer.within("cac:SellersItemIdentification", &[], |writer| {
                    writer.value("cbc:ID", &[], owed.product.as_str());
                });
            });
        });
    });
}

fn write_moment(writer: &mut ElementWriter, now: Timestamp) {
    writer.value("cbc:IssueDate", &[], &now.format("%Y-%m-%d").to_string());
    writer.value("cbc:IssueTime", &[], &now.format("%H:%M:%SZ").to_string());
}

fn write_reference(writer: &mut ElementWriter, draft: &OrderDraft, ours: Option<&str>) {
    writer.within("cac:OrderReference", &[], |writer| {
        writer.value("cbc:ID", &[], draft.number.as_ref().map_or("", |number| &number.text));
        if let Some(ours) = ours {
            writer.value("cbc:SalesOrderID", &[], ours);
        }
    });
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
