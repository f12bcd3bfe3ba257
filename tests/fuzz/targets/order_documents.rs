//! A document from outside, in any language: read or refused, and each order of several can be sent again by itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use till::central::intake::document::Document;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = Document::parse(bytes, "application/xml") else { return };
    assert!(!document.drafts.is_empty(), "a reader finds one order at least");
    if !document.is_of_several() {
        return;
    }
    for draft in &document.drafts {
        let part = document.part(draft);
        let again = Document::parse(&part, "application/xml").expect("a part of a document that could be read");
        assert_eq!(again.drafts.len(), 1, "a part holds its order and no other");
        assert_eq!(again.drafts[0].content, draft.content, "a part says what its order said");
    }
});
