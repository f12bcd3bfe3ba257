//! What a printer answers, noise among it: never a panic, and after noise the next answer is found again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use till::devices::printer::status::{Reply, ReplyParser};

fuzz_target!(|bytes: &[u8]| {
    let mut parser = ReplyParser::default();
    for byte in bytes {
        parser.feed(*byte);
    }
    // The line falls silent, and the printer says that all is well.
    parser.give_up();
    assert!(!parser.is_inside());
    let answered: Vec<Reply> = [0x10, 0, 0, 0].into_iter().filter_map(|byte| parser.feed(byte)).collect();
    assert_eq!(answered, [Reply::Automatic([0x10, 0, 0, 0])]);
});
