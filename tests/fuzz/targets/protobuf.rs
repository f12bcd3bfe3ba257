//! Bytes of the journal, the feed and the draft, and what a till and central say to each other: read, or refused with the
//! field; what was read is written the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use prost::Message;
use till::domain::ids::TillId;
use till::sync::messages;
use till::wire::till::v1 as proto;
use till::wire::{
    decode_change, decode_draft, decode_entry, decode_event, decode_refusal, encode_change, encode_draft, encode_entry,
    encode_event,
};

fuzz_target!(|data: (u8, &[u8])| {
    let (kind, bytes) = data;
    match kind % 7 {
        0 => {
            if let Ok(event) = decode_event(bytes) {
                let again = decode_event(&encode_event(&event)).expect("our own bytes");
                assert_eq!(again, event);
            }
        }
        1 => {
            if let Ok(change) = decode_change(bytes) {
                let again = decode_change(&encode_change(&change)).expect("our own bytes");
                assert_eq!(again, change);
            }
        }
        2 => {
            if let Ok(draft) = decode_draft(bytes) {
                let again = decode_draft(&encode_draft(&draft)).expect("our own bytes");
                assert_eq!(again, draft);
            }
        }
        3 => {
            let till = TillId { store: "S001".into(), workstation: "T01".into() };
            let entry = proto::JournalEntry::decode(bytes).ok().and_then(|entry| decode_entry(entry, &till).ok());
            if let Some(entry) = entry {
                let again = decode_entry(encode_entry(&entry), &till).expect("our own message");
                assert_eq!(again.hash, entry.hash);
            }
        }
        4 => drop(proto::WatchResponse::decode(bytes).map(messages::frame)),
        5 => {
            drop(proto::HelloResponse::decode(bytes).map(messages::welcome));
            drop(proto::PushResponse::decode(bytes).map(|response| messages::pushed(response, &[])));
        }
        _ => drop(decode_refusal(bytes)),
    }
});
