//! The answer to openTRANS documents: an ORDERRESPONSE of 2.1.
//!
//! The format has no code for yes or no: the quantity of each line says what is confirmed, and one of nothing what is not;
//! remarks say why. Orders that came in an ORDER_LIST, which is the shops' own custom, are answered in a list of the same
//! kind. Names and their order are those of openTRANS 2.1 (Fraunhofer IAO, *ORDERRESPONSE*), as far as public examples and
//! programs show them; the schema itself was not at hand.

use super::super::draft::{DraftKind, DraftLine, OrderDraft, Party, Value};
use super::super::verdict::{self, LineVerdict, Verdict};
use super::super::write::ElementWriter;
use super::super::{IntakeAnswer, verdict::sentence};
use crate::domain::Timestamp;

const NAMESPACE: &str = "http://www.opentrans.org/XMLSchema/2.1";
const CATALOGUE: &str = "http://www.bmecat.org/bmecat/2005";

/// The answer to every order of a document.
pub fn encode_response(drafts: &[OrderDraft], answers: &[IntakeAnswer], now: Timestamp) -> Vec<u8> {
    let mut writer = ElementWriter::new();
    let namespaces = [("xmlns", NAMESPACE), ("xmlns:bmecat", CATALOGUE), ("version", "2.1")];
    match (drafts, answers) {
        ([draft], [answer]) => write_response(&mut writer, &namespaces, draft, answer, now),
        _ => writer.within("ORDERRESPONSE_LIST", &namespaces, |writer| {
            for (draft, answer) in drafts.iter().zip(answers) {
                write_response(writer, &[("version", "2.1")], draft, answer, now);
            }
        }),
    }
    writer.into_bytes()
}

fn write_response(
    writer: &mut ElementWriter,
    attributes: &[(&str, &str)],
    draft: &OrderDraft,
    answer: &IntakeAnswer,
    now: Timestamp,
) {
    let lines = verdict::of_lines(draft, answer);
    writer.within("ORDERRESPONSE", attributes, |writer| {
        writer.within("ORDERRESPONSE_HEADER", &[], |writer| {
            writer.within("ORDERRESPONSE_INFO", &[], |writer| write_info(writer, draft, answer, now));
        });
        writer.within("ORDERRESPONSE_ITEM_LIST", &[], |writer| {
            for (place, line) in lines.iter().enumerate() {
                write_item(writer, line, place + 1);
            }
        });
        writer.within("ORDERRESPONSE_SUMMARY", &[], |writer| {
            writer.value("TOTAL_ITEM_NUM", &[], &lines.len().to_string());
        });
    });
}

fn write_info(writer: &mut ElementWriter, draft: &OrderDraft, answer: &IntakeAnswer, now: Timestamp) {
    writer.value("ORDER_ID", &[], draft.number.as_ref().map_or("", |number| &number.text));
    writer.value("ORDERRESPONSE_DATE", &[], &now.format("%Y-%m-%dT%H:%M:%S+00:00").to_string());
    writer.maybe("ORDER_DATE", draft.issue_date.as_ref());
    if answer.order.is_some() {
        writer.value("SUPPLIER_ORDER_ID", &[], &answer.our_name());
    }
    if draft.kind == DraftKind::Change {
        writer.maybe("ORDERCHANGE_SEQUENCE_ID", draft.document_number.as_ref());
    }
    writer.within("PARTIES", &[], |writer| {
        write_party(writer, &draft.buyer, "buyer");
        write_party(writer, &draft.seller, "supplier");
    });
    writer.within("ORDER_PARTIES_REFERENCE", &[], |writer| {
        write_reference(writer, "bmecat:BUYER_IDREF", &draft.buyer);
        write_reference(writer, "bmecat:SUPPLIER_IDREF", &draft.seller);
    });
    writer.maybe("bmecat:CURRENCY", draft.currency.as_ref());
    let words = match verdict::of_order(draft, answer) {
        Verdict::Accepted => "accepted".to_owned(),
        Verdict::Changed => "accepted with changes".to_owned(),
        Verdict::Held => answer.held_words().unwrap_or_default(),
        Verdict::Gone => "nothing will come".to_owned(),
        Verdict::Rejected => format!("rejected, kept as {}", answer.our_name()),
    };
    write_remark(writer, &words);
    if let Some(last) = verdict::last_word(draft, answer) {
        write_remark(writer, &last);
    }
    for problem in verdict::reasons_of_the_whole(draft, answer) {
        write_remark(writer, &sentence(problem));
    }
    for warning in verdict::warnings_of_the_whole(draft, answer) {
        write_remark(writer, &warning);
    }
}

fn write_party(writer: &mut ElementWriter, party: &Party, role: &str) {
    if party.identities.is_empty() {
        return;
    }
    writer.within("PARTY", &[], |writer| {
        for identity in &party.identities {
            writer.value("bmecat:PARTY_ID", &[], &identity.text);
        }
        writer.value("PARTY_ROLE", &[], role);
    });
}

fn write_reference(writer: &mut ElementWriter, element: &str, party: &Party) {
    if let Some(identity) = party.identities.first() {
        writer.value(element, &[], &identity.text);
    }
}

fn write_item(writer: &mut ElementWriter, line: &LineVerdict<'_>, place: usize) {
    let DraftLine { gtin, sellers_number, buyers_number, name, .. } = line.asked;
    let ours = line.owed.map(|owed| owed.product.to_string());
    let theirs = |value: &Option<Value>| value.as_ref().map(|value| value.text.clone());
    writer.within("ORDERRESPONSE_ITEM", &[], |writer| {
        writer.value("LINE_ITEM_ID", &[], &line.number(place));
        writer.within("PRODUCT_ID", &[], |writer| {
            let elements = [
                ("bmecat:SUPPLIER_PID", ours.or_else(|| theirs(sellers_number))),
                ("bmecat:INTERNATIONAL_PID", theirs(gtin)),
                ("bmecat:BUYER_PID", theirs(buyers_number)),
                ("bmecat:DESCRIPTION_SHORT", theirs(name)),
            ];
            for (element, text) in elements {
                if let Some(text) = text {
                    writer.value(element, &[], &text);
                }
            }
        });
        let (quantity, unit) = line.quantity();
        writer.value("QUANTITY", &[], &quantity);
        writer.maybe("bmecat:ORDER_UNIT", unit);
        for remark in line.remarks() {
            write_remark(writer, &remark);
        }
    });
}

fn write_remark(writer: &mut ElementWriter, text: &str) {
    writer.value("REMARKS", &[("type", "orderresponse")], text);
}
