//! The answer to a UBL document: an OrderResponseSimple (UBL 2.1, 2.6) that says yes or no; or, where the sender's profile or a
//! change asks for one, an OrderResponse (2.5) that says accepted, accepted with changes, or rejected, line by line.
//!
//! To Peppol's documents it is one of Peppol's (BIS Ordering 3, transaction T76; to changes and cancellations T116 of Advanced
//! Ordering 3): both parties with electronic address and its scheme, and with a number or the registered name (R001, R002),
//! no other name; one note; each line with an identity of its own (R003) and a reference to the line of the order it answers;
//! lines where the answer is *accepted with changes* (T116-R007), and only there.

use super::super::IntakeAnswer;
use super::super::draft::{DraftKind, DraftLine, OrderDraft, Party, Value};
use super::super::units;
use super::super::verdict::{self, Verdict, is_as_asked, kept, last_word, pairs, reasons};
use super::super::write::ElementWriter;
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
/// How CEN BII names its order, and the answer to it.
const BII_ORDER: &str = "transaction:biitrns001:";
const BII_RESPONSE: &str = "transaction:biitrns076:";
/// UNCL 4343: received and being looked at, accepted, accepted with changes, rejected.
const ACKNOWLEDGED: &str = "AB";
const ACCEPTED: &str = "AP";
const ACCEPTED_WITH_CHANGES: &str = "CA";
const REJECTED: &str = "RE";

/// The answer, under our order number or the name the problem is kept under.
pub fn encode_response(draft: &OrderDraft, answer: &IntakeAnswer, now: Timestamp) -> Vec<u8> {
    let customization = draft.customization.as_ref().map_or("", |customization| &customization.text);
    let is_peppol = customization.starts_with(PEPPOL);
    let wants_all = is_peppol || customization.contains(BII_ORDER);
    let code = code_of(draft, answer);
    match wants_all || draft.kind == DraftKind::Change || code == ACCEPTED_WITH_CHANGES {
        true => encode_full(draft, answer, code, is_peppol, now),
        false => encode_simple(draft, answer, now),
    }
}

/// The customization of the answer to an order of CEN BII, which Peppol BIS 2 and EHF 1 were made from: its transaction is
/// another (biitrns001 is the order, 076 the answer), and EHF has a word for each.
fn customization_of(draft: &OrderDraft) -> Option<String> {
    let text = &draft.customization.as_ref()?.text;
    Some(text.replace(BII_ORDER, BII_RESPONSE).replace(":ehf:ordre:", ":ehf:ordrebekreftelse:"))
}

fn encode_simple(draft: &OrderDraft, answer: &IntakeAnswer, now: Timestamp) -> Vec<u8> {
    let ours = answer.our_name();
    let accepted = !matches!(verdict::of_order(draft, answer), Verdict::Rejected | Verdict::Gone);
    let mut writer = ElementWriter::new();
    let namespaces = [("xmlns", SIMPLE), ("xmlns:cac", AGGREGATES), ("xmlns:cbc", BASICS)];
    writer.within("OrderResponseSimple", &namespaces, |writer| {
        writer.value("cbc:UBLVersionID", &[], "2.1");
        writer.maybe("cbc:CustomizationID", draft.customization.as_ref());
        writer.maybe("cbc:ProfileID", draft.profile.as_ref());
        writer.value("cbc:ID", &[], &ours);
        write_moment(writer, now);
        for note in answer.held_words().into_iter().chain(verdict::warnings(answer)) {
            writer.value("cbc:Note", &[], &note);
        }
        writer.value("cbc:AcceptedIndicator", &[], if accepted { "true" } else { "false" });
        for reason in reasons(answer).into_iter().chain(last_word(draft, answer)) {
            writer.value("cbc:RejectionNote", &[], &reason);
        }
        write_reference(writer, draft, accepted.then_some(ours.as_str()));
        write_party(writer, "cac:SellerSupplierParty", &draft.seller, false);
        write_party(writer, "cac:BuyerCustomerParty", &draft.buyer, false);
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
                if let Some(customization) = customization_of(draft) {
                    writer.value("cbc:CustomizationID", &[], &customization);
                }
            }
        }
        writer.maybe("cbc:ProfileID", draft.profile.as_ref());
        writer.value("cbc:ID", &[], &ours);
        if code != REJECTED {
            writer.value("cbc:SalesOrderID", &[], &ours);
        }
        write_moment(writer, now);
        writer.value("cbc:OrderResponseCode", &[], code);
        let notes = notes(draft, answer);
        match is_peppol {
            true if notes.is_empty() => {}
            true => writer.value("cbc:Note", &[], &notes.join("; ")),
            false => notes.iter().for_each(|note| writer.value("cbc:Note", &[], note)),
        }
        writer.maybe("cbc:DocumentCurrencyCode", draft.currency.as_ref());
        write_reference(writer, draft, None);
        if let Some(change) = draft.document_number.as_ref().filter(|_| draft.kind == DraftKind::Change) {
            let element = "cac:OrderChangeDocumentReference";
            writer.within(element, &[], |writer| writer.value("cbc:ID", &[], &change.text));
        }
        write_party(writer, "cac:SellerSupplierParty", &draft.seller, is_peppol);
        write_party(writer, "cac:BuyerCustomerParty", &draft.buyer, is_peppol);
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
        Verdict::Rejected | Verdict::Gone => REJECTED,
    }
}

/// Why it is not taken, or what else is to be said.
fn notes(draft: &OrderDraft, answer: &IntakeAnswer) -> Vec<String> {
    let whole = reasons(answer).into_iter().chain(last_word(draft, answer)).chain(answer.held_words());
    whole.chain(verdict::warnings(answer)).collect()
}

fn write_line(writer: &mut ElementWriter, asked: &DraftLine, owed: &OrderLine) {
    let kept = kept(owed);
    // UNCL 1229: accepted as it is, changed, not accepted.
    let status = match (is_as_asked(asked, owed), kept.is_zero()) {
        (true, _) => "5",
        (false, false) => "3",
        (false, true) => "7",
    };
    let unit = units::own_code(asked.unit.as_ref().map(|unit| unit.text.as_str()));
    writer.within("cac:OrderLine", &[], |writer| {
        writer.within("cac:LineItem", &[], |writer| {
            writer.value("cbc:ID", &[], &owed.line.to_string());
            writer.value("cbc:LineStatusCode", &[], status);
            writer.value("cbc:Quantity", &[("unitCode", unit)], &kept.to_string());
            writer.within("cac:Item", &[], |writer| {
                writer.value("cbc:Name", &[], &owed.name);
                writer.within("cac:SellersItemIdentification", &[], |writer| {
                    writer.value("cbc:ID", &[], owed.product.as_str());
                });
            });
        });
        writer.within("cac:OrderLineReference", &[], |writer| {
            let number = asked.number.as_ref().map_or_else(|| owed.line.to_string(), |number| number.text.clone());
            writer.value("cbc:LineID", &[], &number);
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

fn write_party(writer: &mut ElementWriter, element: &str, party: &Party, is_peppol: bool) {
    let name = party.name.as_ref();
    // Peppol knows a party by its registered name alone: for one that has no number either, any name is better than none.
    let registered = party.registered_name.as_ref().or(name.filter(|_| is_peppol && party.identities.is_empty()));
    writer.within(element, &[], |writer| {
        writer.within("cac:Party", &[], |writer| {
            if let Some(endpoint) = &party.endpoint {
                write_identity(writer, "cbc:EndpointID", endpoint);
            }
            for identity in &party.identities {
                writer.within("cac:PartyIdentification", &[], |writer| write_identity(writer, "cbc:ID", identity));
            }
            if let Some(name) = name.filter(|_| !is_peppol) {
                writer.within("cac:PartyName", &[], |writer| writer.value("cbc:Name", &[], &name.text));
            }
            if let Some(registered) = registered {
                writer.within("cac:PartyLegalEntity", &[], |writer| {
                    writer.value("cbc:RegistrationName", &[], &registered.text);
                });
            }
        });
    });
}

/// With the scheme it had in the document.
fn write_identity(writer: &mut ElementWriter, element: &str, identity: &Value) {
    let scheme: Vec<(&str, &str)> = identity.scheme.as_deref().map(|scheme| ("schemeID", scheme)).into_iter().collect();
    writer.value(element, &scheme, &identity.text);
}
