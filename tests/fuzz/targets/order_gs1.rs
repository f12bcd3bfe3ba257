//! The reader of GS1 XML: orderMessage.
#![no_main]

mod reading;

use libfuzzer_sys::{Corpus, fuzz_target};
use till::central::intake::document::Format;

fuzz_target!(|bytes: &[u8]| -> Corpus { reading::check(bytes, Format::Gs1) });
