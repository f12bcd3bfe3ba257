//! The Response to a cXML request: whether it was taken, with a status code of the format's own (cXML User's Guide, *Status*).

use super::super::problem::{Problem, ProblemCode, Severity};
use super::super::verdict;
use super::super::write::ElementWriter;
use super::super::{IntakeAnswer, IntakeOutcome};
use crate::domain::Timestamp;

/// The document type senders expect by name.
const DOCUMENT_TYPE: &str = "cXML SYSTEM \"http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd\"";
/// How many reasons the text names.
const REASONS_MAX: usize = 20;

/// The answer to the one order of a document, or to a request that is none; with the last word on it, should there be one.
pub fn encode_response(answer: &IntakeAnswer, last_word: Option<String>, now: Timestamp) -> Vec<u8> {
    let (code, word) = status(answer, last_word.is_some());
    let payload = format!("{}.{}@central", now.timestamp_micros(), answer.our_name());
    let timestamp = now.format("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    let mut writer = ElementWriter::new();
    writer.document_type(DOCUMENT_TYPE);
    writer.within("cXML", &[("payloadID", &payload), ("timestamp", &timestamp)], |writer| {
        writer.within("Response", &[], |writer| {
            writer.value("Status", &[("code", code), ("text", word)], &text(answer, last_word));
        });
    });
    writer.into_bytes()
}

fn status(answer: &IntakeAnswer, is_gone: bool) -> (&'static str, &'static str) {
    let has = |code: ProblemCode| answer.problems.iter().any(|problem| problem.code == code);
    match answer.outcome {
        IntakeOutcome::Problem if has(ProblemCode::DuplicateConflict) || has(ProblemCode::CancelTooLate) => {
            ("409", "Conflict")
        }
        // A request of another kind than an order: the format has a code of its own for it.
        IntakeOutcome::Problem if has(ProblemCode::NotAnOrder) => ("450", "Not Implemented"),
        IntakeOutcome::Problem => ("406", "Not Acceptable"),
        _ if is_gone => ("409", "Conflict"),
        _ => ("200", "OK"),
    }
}

fn text(answer: &IntakeAnswer, last_word: Option<String>) -> String {
    let errors = answer.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let words =
        |problem: &Problem| format!("{} line {}: {}", problem.code.as_str(), problem.place.line, problem.message);
    let reasons: Vec<String> = errors.take(REASONS_MAX).map(words).collect();
    match reasons.as_slice() {
        [] => {
            let taken = format!("{} {}", answer.outcome.as_str(), answer.our_name());
            // A Response has no place for comments (cXML.dtd: Status is text alone).
            let said = [Some(taken), last_word, answer.held_words()].into_iter().flatten();
            said.chain(verdict::warnings(answer)).collect::<Vec<_>>().join("; ")
        }
        reasons => reasons.join("; "),
    }
}
