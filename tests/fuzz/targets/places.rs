//! What names a place, a file or a character set: URLs of file servers, names in other people's folders, encodings.
#![no_main]

use libfuzzer_sys::fuzz_target;
use till::central::intake::files::place::Place;
use till::central::intake::files::plan::Claim;
use till::central::intake::files::remote::{is_plain_name, join};
use till::central::intake::text::decode;
use till::central::store::ProblemMark;

const TAG: &str = "a1b2c3d4";

fuzz_target!(|data: (u8, &str, &[u8])| {
    let (kind, text, bytes) = data;
    for plain_ftp in [false, true] {
        if let Ok(place) = Place::parse(text, plain_ftp) {
            let again = Place::from_text(&place.to_text()).expect("what is kept is read again");
            assert_eq!(again, place);
        }
    }
    if is_plain_name(text) {
        let claim = Claim::new(TAG, u64::from(kind), text);
        assert_eq!(Claim::parse(&claim.file(), TAG).as_ref(), Some(&claim), "a claim is known again");
        assert!(is_plain_name(&claim.file()) && is_plain_name(&claim.own_name()), "{claim:?}");
        assert!(join("in", &claim.file()).starts_with("in/"), "it stays in its folder");
    }
    let _ = Claim::parse(text, TAG);
    let _ = ProblemMark::parse(text);
    // As a content type, and as a document in whatever it says it is in.
    if let Ok(decoded) = decode(bytes, text) {
        assert!(decoded.len() <= bytes.len().saturating_mul(4) + 16, "a text does not grow");
    }
});
