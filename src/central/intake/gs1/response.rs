//! The answer to a GS1 XML order message: an Order Response 3 (`orderResponseMessage`), one response for each order.
//!
//! Namespace, header, identification, status code, parties and reference are those of GS1's own example (*BMS Package Order
//! Response 3.0*, 12 January 2012: `gs1.org/docs/gsmp/xml/3_0/BMS_Package_Order_Response_r3p0p0_i1p0p0_12Jan2012.zip`); a
//! carrier's guideline for 3.1 has the same (`developer.bring.com/files/OrderResponse_GS1_BMS_3_1_2.pdf`). The names within
//! `orderResponseLineItem` are those of programs whose records are made from the schema (`lineItemNumber`,
//! `lineItemChangeIndicator`, `confirmedQuantity`, `originalOrderLineItemNumber`: github.com/cloudfresco/sc-gs1,
//! `orderresponse.proto`; the data model of Hyperledger Grid's RFC 25, which cites *GS1 XML Order 3.4*). Codes of order and
//! line are those of `ResponseStatusEnumerationType` (GS1 XML 3 `shared_common`): ACCEPTED, MODIFIED, NO_ACTION, REJECTED.
//! RECEIVED is none of them: it belongs to the receipt acknowledgement. What is being looked at has had no action yet.
//!
//! GS1's reason codes are a closed list that says less than ours: our codes and sentences stand in `avpList`, the standard's
//! place for what partners agree on. The order of elements within a line was not to be had from the schema itself.

use super::super::IntakeAnswer;
use super::super::draft::{OrderDraft, Party};
use super::super::problem::Problem;
use super::super::verdict::{self, LineVerdict, Verdict, sentence};
use super::super::write::ElementWriter;
use crate::domain::Timestamp;

const NAMESPACE: &str = "urn:gs1:ecom:order_response:xsd:3";
/// The header every GS1 XML message has (UN/CEFACT, *Standard Business Document Header* 1.3).
const HEADER: &str = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader";

/// The name of what is odd, and did not keep the order from being taken: its code stands in the sentence.
const WARNING: &str = "WARNING";

/// The answer to every order of a message.
pub fn encode_response(drafts: &[OrderDraft], answers: &[IntakeAnswer], now: Timestamp) -> Vec<u8> {
    let mut writer = ElementWriter::new();
    let namespaces = [("xmlns:order_response", NAMESPACE), ("xmlns:sh", HEADER)];
    writer.within("order_response:orderResponseMessage", &namespaces, |writer| {
        if let (Some(draft), Some(answer)) = (drafts.first(), answers.first()) {
            write_header(writer, draft, answer, now);
        }
        for (draft, answer) in drafts.iter().zip(answers) {
            writer.within("orderResponse", &[], |writer| write_response(writer, draft, answer, now));
        }
    });
    writer.into_bytes()
}

fn write_header(writer: &mut ElementWriter, draft: &OrderDraft, answer: &IntakeAnswer, now: Timestamp) {
    let partner = |writer: &mut ElementWriter, element: &str, party: &Party| {
        writer.within(element, &[], |writer| {
            writer.value("sh:Identifier", &[("Authority", "GS1")], identity(party));
        });
    };
    writer.within("sh:StandardBusinessDocumentHeader", &[], |writer| {
        writer.value("sh:HeaderVersion", &[], "1.0");
        partner(writer, "sh:Sender", &draft.seller);
        partner(writer, "sh:Receiver", &draft.buyer);
        writer.within("sh:DocumentIdentification", &[], |writer| {
            writer.value("sh:Standard", &[], "GS1");
            writer.value("sh:TypeVersion", &[], "3.0");
            writer.value("sh:InstanceIdentifier", &[], &answer.our_name());
            writer.value("sh:Type", &[], "OrderResponse");
            writer.value("sh:CreationDateAndTime", &[], &moment(now));
        });
    });
}

fn write_response(writer: &mut ElementWriter, draft: &OrderDraft, answer: &IntakeAnswer, now: Timestamp) {
    writer.value("creationDateTime", &[], &moment(now));
    writer.value("documentStatusCode", &[], "ORIGINAL");
    let mut told: Vec<(&str, String)> = Vec::new();
    told.extend(answer.held_words().map(|held| ("HELD", held)));
    told.extend(verdict::last_word(draft, answer).map(|last| ("LAST_WORD", last)));
    told.extend(verdict::reasons_of_the_whole(draft, answer).into_iter().map(reason));
    told.extend(verdict::warnings_of_the_whole(draft, answer).into_iter().map(|warning| (WARNING, warning)));
    write_pairs(writer, &told);
    writer.within("orderResponseIdentification", &[], |writer| {
        writer.value("entityIdentification", &[], &answer.our_name());
        write_party(writer, "contentOwner", &draft.seller);
    });
    writer.value("responseStatusCode", &[], code(verdict::of_order(draft, answer)));
    write_party(writer, "buyer", &draft.buyer);
    write_party(writer, "seller", &draft.seller);
    writer.within("originalOrder", &[], |writer| {
        writer.value("entityIdentification", &[], draft.number.as_ref().map_or("", |number| &number.text));
        writer.maybe("creationDateTime", draft.issue_date.as_ref());
    });
    for (place, line) in verdict::of_lines(draft, answer).iter().enumerate() {
        write_line(writer, line, place + 1);
    }
}

/// A party by the identity its order names it with; a document need not name the seller.
fn write_party(writer: &mut ElementWriter, element: &str, party: &Party) {
    if let Some(identity) = party.identities.first() {
        writer.within(element, &[], |writer| writer.value("gln", &[], &identity.text));
    }
}

fn write_line(writer: &mut ElementWriter, line: &LineVerdict<'_>, place: usize) {
    writer.within("orderResponseLineItem", &[], |writer| {
        writer.value("lineItemNumber", &[], &line.number(place));
        writer.value("lineItemChangeIndicator", &[], code(line.verdict));
        let (quantity, unit) = line.quantity();
        let unit: Vec<(&str, &str)> =
            unit.map(|unit| ("measurementUnitCode", unit.text.as_str())).into_iter().collect();
        writer.value("confirmedQuantity", &unit, &quantity);
        writer.maybe("originalOrderLineItemNumber", line.asked.number.as_ref());
        writer.within("transactionalTradeItem", &[], |writer| {
            writer.maybe("gtin", line.asked.gtin.as_ref());
            if let Some(owed) = line.owed {
                let attributes = [("additionalTradeItemIdentificationTypeCode", "SUPPLIER_ASSIGNED")];
                writer.value("additionalTradeItemIdentification", &attributes, owed.product.as_str());
            }
        });
        let held = (line.verdict == Verdict::Held).then(|| line.remarks().pop().unwrap_or_default());
        let warnings = line.warnings.iter().map(|warning| (WARNING, sentence(warning)));
        let problems = line.problems.iter().map(|problem| reason(problem)).chain(warnings);
        let told: Vec<(&str, String)> = problems.chain(held.map(|held| ("HELD", held))).collect();
        write_pairs(writer, &told);
    });
}

fn reason(problem: &Problem) -> (&'static str, String) {
    (problem.code.as_str(), sentence(problem))
}

fn write_pairs(writer: &mut ElementWriter, told: &[(&str, String)]) {
    if told.is_empty() {
        return;
    }
    writer.within("avpList", &[], |writer| {
        for (code, sentence) in told {
            writer.value("eComStringAttributeValuePairList", &[("attributeName", code)], sentence);
        }
    });
}

const fn code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted => "ACCEPTED",
        Verdict::Held => "NO_ACTION",
        Verdict::Changed => "MODIFIED",
        Verdict::Rejected | Verdict::Gone => "REJECTED",
    }
}

fn identity(party: &Party) -> &str {
    party.identities.first().map_or("", |identity| &identity.text)
}

fn moment(now: Timestamp) -> String {
    now.format("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
