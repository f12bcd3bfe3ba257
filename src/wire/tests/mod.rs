//! Tests of the conversions: what goes out comes back, old bytes keep loading, every bad field is named, and every element
//! of the proto files says what it is.

mod arbitrary;
mod faults;
mod protos;
mod samples;
mod vectors;

use proptest::prelude::*;
use prost::Message;

use super::entry::SealedEntry;
use super::till::v1 as proto;
use super::{
    decode_change, decode_entry, decode_event, encode_change, encode_entry, encode_event, encoded_size, open_entry,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn events_come_back_as_they_were(event in arbitrary::event()) {
        prop_assert_eq!(decode_event(&encode_event(&event)), Ok(event));
    }

    #[test]
    fn changes_come_back_as_they_were(change in arbitrary::change()) {
        prop_assert_eq!(decode_change(&encode_change(&change)), Ok(change));
    }

    #[test]
    fn entries_come_back_as_they_were(entry in arbitrary::sealed_entry()) {
        let message = encode_entry(&entry);
        prop_assert!(message.encoded_len() <= encoded_size(&entry), "the estimate is below {}", message.encoded_len());
        let bytes = message.encode_to_vec();
        let back = decode_entry(proto::JournalEntry::decode(&bytes[..]).unwrap(), &entry.header.till).unwrap();
        prop_assert_eq!(&back, &entry);
        let opened = open_entry(&back).unwrap();
        prop_assert_eq!(encode_event(&opened.event), entry.payload);
    }

    #[test]
    fn any_bytes_are_an_event_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        // Reading must end with an answer, never with a panic; what was understood can be said again.
        if let Ok(event) = decode_event(&bytes) {
            prop_assert_eq!(decode_event(&encode_event(&event)), Ok(event));
        }
    }

    #[test]
    fn a_changed_byte_is_an_event_or_an_error(
        event in arbitrary::event(),
        at in any::<prop::sample::Index>(),
        flip in 1_u8..,
    ) {
        let mut bytes = encode_event(&event);
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(event) = decode_event(&bytes) {
            prop_assert_eq!(decode_event(&encode_event(&event)), Ok(event));
        }
    }
}

#[test]
fn the_proof_holds_after_the_journey() {
    let key = ed25519_dalek::SigningKey::from_bytes(&[3; 32]);
    let header = samples::header();
    let payload = encode_event(&samples::events()[0]);
    let entry = SealedEntry::seal(header, payload, [5; 32], &key);
    let back = decode_entry(encode_entry(&entry), &entry.header.till).unwrap();
    assert_eq!(back.check(&key.verifying_key()), Ok(()));
    let mut elsewhere = entry.header.till.clone();
    elsewhere.workstation = "T99".into();
    let stolen = decode_entry(encode_entry(&entry), &elsewhere).unwrap();
    assert!(stolen.check(&key.verifying_key()).is_err(), "another till's entry proves itself");
}
