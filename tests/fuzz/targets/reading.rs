//! What must hold of any document that a reader of orders is given, whatever is in it. One target for each reader: what another
//! reader would read is thrown away, so that an hour is spent in this one.

use libfuzzer_sys::Corpus;
use till::central::intake::document::{Document, Format};
use till::central::intake::problem::ProblemCode;

/// Reads it, and each order of several again by itself.
pub fn check(bytes: &[u8], format: Format) -> Corpus {
    let document = match Document::parse(bytes, "application/xml") {
        Ok(document) => document,
        Err(problem) => {
            assert!(problem.place.line > 0 && problem.place.column > 0, "a problem has a place: {problem:?}");
            let is_of_none = matches!(problem.code, ProblemCode::FormatUnknown | ProblemCode::XmlEncoding);
            return if is_of_none { Corpus::Reject } else { Corpus::Keep };
        }
    };
    if document.format != format {
        return Corpus::Reject;
    }
    assert!(!document.drafts.is_empty(), "a reader finds one order at least");
    if document.is_of_several() {
        for draft in &document.drafts {
            let part = document.part(draft);
            let again = Document::parse(&part, "application/xml").expect("a part of a document that could be read");
            assert_eq!(again.drafts.len(), 1, "a part holds its order and no other");
            assert_eq!(again.drafts[0].content, draft.content, "a part says what its order said");
        }
    }
    Corpus::Keep
}
