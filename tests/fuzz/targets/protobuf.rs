//! Bytes of the journal, the feed and the draft: read, or refused with the field; what was read is written the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use till::wire::{decode_change, decode_draft, decode_event, encode_change, encode_draft, encode_event};

fuzz_target!(|data: (u8, &[u8])| {
    let (kind, bytes) = data;
    match kind % 3 {
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
        _ => {
            if let Ok(draft) = decode_draft(bytes) {
                let again = decode_draft(&encode_draft(&draft)).expect("our own bytes");
                assert_eq!(again, draft);
            }
        }
    }
});
