//! The reader of openTRANS: ORDER, ORDERCHANGE, and lists of them.
#![no_main]

mod reading;

use libfuzzer_sys::{Corpus, fuzz_target};
use till::central::intake::document::Format;

fuzz_target!(|bytes: &[u8]| -> Corpus { reading::check(bytes, Format::OpenTrans) });
