//! The reader, byte by byte and millisecond by millisecond.

use proptest::prelude::*;

use super::super::frame::{FRAME_BYTES_MAX, TAIL_MS};
use super::*;
use crate::domain::barcode::Gtin;
use crate::domain::scan::Symbology;

const EAN: &str = "4006381333931";

fn profile(name: &str, edits: &[(&str, &str)]) -> ScannerProfile {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("hardware/scanners/{name}.toml"));
    let mut text = std::fs::read_to_string(path).unwrap();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    ScannerProfile::parse(name, &text).unwrap()
}

fn reader(profile: &ScannerProfile) -> ScanReader {
    ScanReader::new(DeviceId::new("scanner"), profile)
}

/// A scan as one readable line.
fn told(scan: &Scan) -> String {
    let mark = match scan.quality {
        ScanQuality::Whole => "",
        ScanQuality::Partial => "partial ",
        ScanQuality::Garbage => "garbage ",
        ScanQuality::Repeat => "repeat ",
    };
    let aim = scan.symbology.map(|Symbology { code, modifier }| format!("]{}{}", code as char, modifier as char));
    format!("{mark}{}{}", aim.unwrap_or_default(), scan.payload.escape_ascii())
}

/// Plays `(time, bytes)` and then lets a minute pass.
fn play(profile: &ScannerProfile, script: &[(u64, &[u8])]) -> Vec<String> {
    let mut reader = reader(profile);
    let mut scans = Vec::new();
    for (at_ms, bytes) in script {
        // As the driver does: wakes at every deadline before the bytes come.
        while let Some(deadline) = reader.next_deadline().filter(|deadline| deadline <= at_ms) {
            scans.extend(reader.poll(deadline));
        }
        scans.extend(reader.feed(bytes, *at_ms));
    }
    scans.extend(reader.poll(script.last().map_or(0, |(at, _)| *at) + 60_000));
    scans.iter().map(told).collect()
}

#[test]
fn any_terminator_ends_a_code_and_empty_ones_are_swallowed() {
    let generic = profile("generic", &[]);
    let check =
        |bytes: &str, expected: &[&str]| assert_eq!(play(&generic, &[(0, bytes.as_bytes())]), expected, "{bytes:?}");
    check("4006381333931\r", &["4006381333931"]);
    check("4006381333931\n", &["4006381333931"]);
    check("4006381333931\r\n", &["4006381333931"]);
    check("4006381333931\t", &["4006381333931"]);
    check("\u{2}4006381333931\u{3}", &["4006381333931"]);
    check("\u{2}4006381333931\u{3}\r\n", &["4006381333931"]);
    check("\r\n\r\n", &[]);
    check("4006381333931\r96385074\r\n", &["4006381333931", "96385074"]);
    check("]E04006381333931\r", &["]E04006381333931"]);
    check("]C10109506000134352\u{1d}10A\r", &["]C10109506000134352\\x1d10A"]);
    check("]Q1caf\u{e9}\r", &["]Q1caf\\xc3\\xa9"]);
    check("\u{2}1234\u{2}4006381333931\r", &["partial 1234", "4006381333931"]);
    check("]E0\r", &["partial ]E0"]);
}

#[test]
fn answers_to_commands_are_no_codes() {
    let newland = profile("newland", &[]);
    let mut reader = reader(&newland);
    assert_eq!(reader.feed(b"\x06\x15\x02\x010000@SCNENA\x06;\x034006381333931\r\n", 0).len(), 1);
    assert_eq!(reader.counters(), ReadCounters { bytes: 33, whole: 1, answers: 3, ..ReadCounters::default() });
}

#[test]
fn half_a_code_is_told_once_and_never_sold_wherever_it_breaks() {
    for code in
        ["4006381333931", "]E04006381333931", "0036000291452", "]C1010950600013435210AB\u{1d}17261130", "HOUSE-77"]
    {
        let whole = format!("{code}\r");
        let generic = profile("generic", &[]);
        for at in 1..whole.len() {
            let (head, tail) = whole.split_at(at);
            let head_only = play(&generic, &[(0, head.as_bytes())]);
            assert!(matches!(&head_only[..], [one] if one.starts_with("partial ")), "{head:?}: {head_only:?}");
            // The other half after a stall; and the cashier scanning again two seconds later.
            let stalled: [(u64, &[u8]); 3] = [(0, head.as_bytes()), (500, tail.as_bytes()), (2500, whole.as_bytes())];
            let told = play(&generic, &stalled);
            assert_eq!((told.len(), &told[0]), (2, &head_only[0]), "{head:?}: {told:?}");
            assert!(!told[1].starts_with("partial"), "{told:?}");
        }
    }
}

#[test]
fn the_other_half_in_several_pieces_is_still_no_code() {
    let told = play(&profile("generic", &[]), &[(0, b"40063"), (400, b"813"), (1300, b"33931"), (1310, b"\r")]);
    assert_eq!(told, ["partial 40063"]);
    let told = play(&profile("generic", &[]), &[(0, b"400"), (300, b"96385074\r")]);
    assert_eq!(told, ["partial 400"], "eight digits that check are still the rest of a longer code");
}

#[test]
fn scanning_again_at_once_works_when_it_can_be_told_from_the_other_half() {
    let again =
        |first: &'static [u8], second: &'static [u8]| play(&profile("generic", &[]), &[(0, first), (600, second)]);
    assert_eq!(again(b"]E0400", b"]E04006381333931\r"), ["partial ]E0400", "]E04006381333931"]);
    assert_eq!(again(b"4006381", b"4006381333931\r"), ["partial 4006381", "4006381333931"]);
    assert_eq!(again(b"4006", b"\x024006381333931\x03"), ["partial 4006", "4006381333931"]);
    assert_eq!(again(b"0", b"036000291452\r"), ["partial 0"], "the rest of 0036000291452");
    let later = play(&profile("generic", &[]), &[(0, b"400"), (130 + TAIL_MS, b"96385074\r")]);
    assert_eq!(later, ["partial 400", "96385074"]);
}

#[test]
fn without_a_suffix_only_a_code_that_proves_itself_counts() {
    let zebra = profile("zebra-standard", &[]);
    let check = |bytes: &'static [u8], expected: &[&str]| assert_eq!(play(&zebra, &[(0, bytes)]), expected);
    check(b"]E04006381333931", &["]E04006381333931"]);
    check(b"]E496385074", &["]E496385074"]);
    check(b"]I110614141543219", &["]I110614141543219"]);
    check(b"4006381333931", &["partial 4006381333931"]);
    check(b"]E0400638133393", &["partial ]E0400638133393"]);
    check(b"]E04006381333932", &["partial ]E04006381333932"]);
    check(b"]E096385074", &["partial ]E096385074"]);
    check(b"]C1010950600013435210AB", &["partial ]C1010950600013435210AB"]);
    check(b"]C0HOUSE-77", &["partial ]C0HOUSE-77"]);
    check(b"]C0HOUSE-77\r", &["]C0HOUSE-77"]);
    for at in 1..EAN.len() + 3 {
        let half = &format!("]E0{EAN}")[..at];
        assert!(play(&zebra, &[(0, half.as_bytes())])[0].starts_with("partial "), "{half}");
    }
    let two = play(&zebra, &[(0, b"]E04006381333931"), (200, b"]E496385074")]);
    assert_eq!(two, ["]E04006381333931", "]E496385074"]);
}

#[test]
fn an_identifier_that_must_be_there_proves_the_beginning() {
    let required = profile("generic", &[("aim = \"optional\"", "aim = \"required\"")]);
    let check = |bytes: &'static [u8], expected: &[&str]| assert_eq!(play(&required, &[(0, bytes)]), expected);
    check(b"]E04006381333931\r", &["]E04006381333931"]);
    check(b"4006381333931\r", &["partial 4006381333931"]);
    let off = profile("generic", &[("aim = \"optional\"", "aim = \"off\"")]);
    assert_eq!(play(&off, &[(0, b"]E0X\r")]), ["]E0X"]);
    let ids = profile("honeywell", &[("use = false", "use = true")]);
    assert_eq!(play(&ids, &[(0, b"d4006381333931\r\nD96385074\r\n")]), ["]E04006381333931", "]E496385074"]);
    assert_eq!(play(&ids, &[(0, b"4006381333931\r")]), ["partial 4006381333931"]);
}

#[test]
fn nonsense_is_told_once_for_each_burst_and_raises_doubt_about_the_speed() {
    let mut reader = reader(&profile("generic", &[]));
    let told_of = |scans: &[Scan]| scans.iter().map(|s| s.quality).collect::<Vec<_>>();
    assert_eq!(told_of(&reader.feed(b"\xf8\x06\x1e\r4006381333931\r\x80\r", 0)), [ScanQuality::Garbage]);
    assert!(!reader.is_speed_doubtful(), "once is a scratched label");
    assert_eq!(reader.poll(1000), []);
    assert_eq!(told_of(&reader.feed(b"4006381333931\r", 1000)), [ScanQuality::Whole]);
    for (at_ms, is_doubtful) in [(3000, false), (4000, true)] {
        assert_eq!(told_of(&reader.feed(b"\xf8\x80", at_ms)), []);
        assert_eq!(told_of(&reader.poll(at_ms + 120)), [ScanQuality::Garbage]);
        assert_eq!(reader.is_speed_doubtful(), is_doubtful, "{at_ms}");
    }
    assert_eq!(told_of(&reader.feed(b"96385074\r", 6000)), [ScanQuality::Whole]);
    assert!(!reader.is_speed_doubtful());
}

#[test]
fn an_endless_code_is_nonsense_and_memory_is_bounded() {
    let mut reader = reader(&profile("generic", &[]));
    let mut scans = reader.feed(&vec![b'7'; FRAME_BYTES_MAX], 0);
    assert_eq!(scans, []);
    for _ in 0..100 {
        scans.extend(reader.feed(&[b'7'; 1000], 1));
    }
    assert_eq!(scans.len(), 1);
    assert_eq!((scans[0].quality, scans[0].payload.len()), (ScanQuality::Garbage, FRAME_BYTES_MAX));
    scans.extend(reader.poll(1000));
    scans.extend(reader.feed(b"4006381333931\r", 1000));
    assert_eq!(scans.len(), 2);
}

#[test]
fn the_same_code_twice_is_one_or_two_by_its_distance() {
    let check = |gap_ms: u64, expected: &[&str]| {
        let code: &[u8] = b"4006381333931\r";
        assert_eq!(play(&profile("generic", &[]), &[(0, code), (gap_ms, code)]), expected, "{gap_ms} ms");
    };
    check(30, &[EAN]);
    check(200, &[EAN]);
    check(249, &[EAN]);
    check(250, &[EAN, "repeat 4006381333931"]);
    check(400, &[EAN, "repeat 4006381333931"]);
    check(700, &[EAN, "repeat 4006381333931"]);
    check(701, &[EAN, EAN]);
    let code: &[u8] = b"4006381333931\r";
    let stuck: Vec<(u64, &[u8])> = (0..20).map(|n| (n * 200, code)).collect();
    assert_eq!(play(&profile("generic", &[]), &stuck), [EAN], "a code left under the beam");
    let between: [(u64, &[u8]); 3] = [(0, code), (100, b"96385074\r"), (200, code)];
    assert_eq!(play(&profile("generic", &[]), &between), [EAN, "96385074"]);
}

#[test]
fn two_codes_on_one_piece_are_one_item() {
    let matrix: &[u8] = b"]d20104006381333931\x1d10A\r";
    let ean: &[u8] = b"]E04006381333931\r";
    let link: &[u8] = b"]Q1https://id.gs1.org/01/04006381333931\r";
    let count = |script: &[(u64, &[u8])]| play(&profile("generic", &[]), script).len();
    assert_eq!(count(&[(0, ean), (100, link)]), 1);
    assert_eq!(count(&[(0, link), (600, ean)]), 1);
    assert_eq!(count(&[(0, ean), (100, matrix)]), 1);
    assert_eq!(count(&[(0, ean), (601, matrix)]), 2);
    assert_eq!(count(&[(0, ean), (100, b"]E496385074\r")]), 2, "another article");
    let serials: [(u64, &[u8]); 2] = [(0, b"]d201040063813339312199\r"), (100, b"]d201040063813339312198\r")];
    assert_eq!(count(&serials), 2, "two pieces with serial numbers of their own");
    assert_eq!(play(&profile("generic", &[]), &[(0, b"4006381333931\r]Q1https://x.y/01/04006381333931\r")]), [EAN]);
}

#[test]
fn a_line_that_goes_breaks_the_code_off() {
    let mut reader = reader(&profile("generic", &[]));
    assert_eq!(reader.feed(b"40063", 0), []);
    let scans = reader.disconnect(10);
    assert_eq!(scans.iter().map(told).collect::<Vec<_>>(), ["partial 40063"]);
    let scans = reader.feed(b"96385074\r", 300);
    assert_eq!(scans.iter().map(told).collect::<Vec<_>>(), ["96385074"], "after plugging in, everything is new");
    assert_eq!(reader.disconnect(400), []);
}

#[test]
fn every_scan_of_a_burst_arrives_in_order() {
    let mut reader = reader(&profile("generic", &[]));
    let codes: Vec<String> =
        (0..1000).map(|n| Gtin::from_body(&format!("40{n:010}")).unwrap().as_gtin_13().unwrap().to_owned()).collect();
    let stream: String = codes.iter().map(|code| format!("{code}\r\n")).collect();
    let scans: Vec<String> = reader.feed(stream.as_bytes(), 0).iter().map(told).collect();
    assert_eq!(scans, codes);
}

/// Streams worth cutting: real codes, terminators, separators, nonsense.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => Just(b"4006381333931\r".to_vec()),
        2 => Just(b"]E04006381333931\r\n".to_vec()),
        2 => Just(b"]d20109506000134352\x1d10A\r".to_vec()),
        1 => Just(b"\x02HOUSE-77\x03".to_vec()),
        1 => Just(b"\x06\x02\x010000@\x06;\x03".to_vec()),
        2 => proptest::collection::vec(any::<u8>(), 0..20),
        1 => Just(vec![b'9'; 9000]),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_chunking_gives_the_same_scans(
        stream in stream(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..12), name in 0usize..5
    ) {
        let profile = ScannerProfile::load(ScannerProfile::names().nth(name).unwrap(), None).unwrap();
        let mut whole = reader(&profile);
        let mut expected = whole.feed(&stream, 0);
        expected.extend(whole.poll(10_000));

        let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        at.extend([0, stream.len()]);
        at.sort_unstable();
        let mut cut = reader(&profile);
        let mut found = Vec::new();
        for pair in at.windows(2) {
            found.extend(cut.feed(&stream[pair[0]..pair[1]], 0));
        }
        found.extend(cut.poll(10_000));
        prop_assert_eq!(found, expected);
        prop_assert_eq!(cut.counters(), whole.counters());
    }

    #[test]
    fn delays_below_the_limit_change_nothing(
        cuts in proptest::collection::vec(1usize..60, 0..12), gaps in proptest::collection::vec(0u64..120, 12)
    ) {
        // Different codes, so that only the gaps within a code are at stake.
        let stream = b"4006381333931\r]E496385074\r\nHOUSE-77\t]C1010950600013435210A\x1d21B\r";
        let profile = profile("generic", &[]);
        let mut at = cuts.clone();
        at.extend([0, stream.len()]);
        at.sort_unstable();
        at.retain(|cut| *cut <= stream.len());
        at.dedup();
        let mut reader = reader(&profile);
        let (mut now_ms, mut found) = (0, Vec::new());
        for (pair, gap_ms) in at.windows(2).zip(gaps.iter().cycle()) {
            now_ms += gap_ms;
            found.extend(reader.feed(&stream[pair[0]..pair[1]], now_ms));
        }
        found.extend(reader.poll(now_ms + 10_000));
        let told: Vec<String> = found.iter().map(told).collect();
        prop_assert_eq!(told, ["4006381333931", "]E496385074", "HOUSE-77", "]C1010950600013435210A\\x1d21B"]);
    }
}
