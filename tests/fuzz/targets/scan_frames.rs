//! What a scanner's line sends, in any pieces: never a panic, and the same codes however the bytes are cut.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use till::devices::scanner::ScannerProfile;
use till::devices::scanner::frame::{FRAME_BYTES_MAX, Frame, FrameReader};

static PROFILES: LazyLock<Vec<ScannerProfile>> = LazyLock::new(|| {
    let names = ["generic", "honeywell", "zebra-standard", "datalogic", "newland"];
    names.map(|name| ScannerProfile::load(name, None).expect("a profile of ours")).into()
});

fuzz_target!(|data: (u8, u8, &[u8])| {
    let (profile, piece, bytes) = data;
    let profile = &PROFILES[usize::from(profile) % PROFILES.len()];
    let whole = read(profile, bytes, bytes.len().max(1));
    let pieces = read(profile, bytes, usize::from(piece).max(1));
    assert_eq!(whole, pieces, "the codes depend on how the bytes were cut");
    assert!(whole.iter().all(|frame| frame.payload.len() <= FRAME_BYTES_MAX));
});

fn read(profile: &ScannerProfile, bytes: &[u8], piece: usize) -> Vec<Frame> {
    let mut reader = FrameReader::new(profile);
    let mut frames: Vec<Frame> = bytes.chunks(piece).flat_map(|chunk| reader.feed(chunk, 0)).collect();
    // Long after the last byte: what is unfinished is told.
    frames.extend(reader.poll(60_000));
    frames.extend(reader.disconnect());
    frames
}
