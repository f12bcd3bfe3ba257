//! What the paper looks like: characters in every script under each other, and codes that a real decoder reads.

use rxing::BarcodeFormat;

use super::*;
use crate::devices::printer::{Bitmap, Cell, FONT_A, Pen, encode_document, test_page};
use crate::devices::simulated::printer::{TwinCore, TwinSettings, Worked, draw_piece};
use crate::domain::receipt::Weight;

/// What the twin makes of a document's bytes.
fn print(document: &Document, profile: &PrinterProfile) -> TwinCore {
    let mut twin = TwinCore::new(TwinSettings { buffer_bytes: 1 << 20, ..TwinSettings::of(profile) });
    for block in encode_document(document, profile) {
        twin.receive(&block.bytes);
    }
    while twin.work() != Worked::Nothing {}
    twin
}

/// Everything a decoder finds on the first piece of paper.
pub(super) fn read_codes(paper: &Paper) -> Vec<(BarcodeFormat, String)> {
    let picture = draw_piece(paper.pieces()[0], paper.line_dots);
    let (width, height) = (picture.width_dots(), picture.height_dots());
    let luma: Vec<u8> = (0..width * height)
        .map(|index| if picture.is_black(index % width, index / width) { 20 } else { 240 })
        .collect();
    let found = rxing::helpers::detect_multiple_in_luma(luma, width as u32, height as u32).unwrap_or_default();
    found.into_iter().map(|code| (*code.getBarcodeFormat(), code.getText().to_owned())).collect()
}

/// The dots of one character.
fn dots(character: char) -> Bitmap {
    let (width, height) = FONT_A;
    let mut bitmap = Bitmap::new(width, height);
    Pen::default().draw(&mut bitmap, character, Weight::Plain, Cell { x: 0, y: 0, width, height });
    bitmap
}

fn differences(a: &Bitmap, b: &Bitmap) -> usize {
    let (width, height) = FONT_A;
    (0..width * height).filter(|i| a.is_black(i % width, i / width) != b.is_black(i % width, i / width)).count()
}

/// What a line of the paper says, column by column. A drawn line is read by laying each of `alphabet` over each cell: as
/// many dots as the guard against real-time bytes may have flipped are forgiven.
fn read_line(strips: &[Strip], alphabet: &str) -> Option<String> {
    let (width, height) = FONT_A;
    match strips {
        [Strip { item: PaperItem::Line(spans), .. }, ..] => Some(spans.iter().map(|s| s.text.as_str()).collect()),
        [Strip { item: PaperItem::Feed(above), .. }, Strip { item: PaperItem::Picture(picture), .. }, ..] => {
            let glyphs: Vec<(char, Bitmap)> = alphabet.chars().map(|c| (c, dots(c))).collect();
            let columns = picture.width_dots().div_ceil(width);
            let read = |column: usize| {
                let mut cell = Bitmap::new(width, height);
                for (x, y) in (0..width * height).map(|i| (i % width, i / width)) {
                    if y >= *above && picture.is_black(column * width + x, y - above) {
                        cell.blacken(x, y, 1, 1);
                    }
                }
                glyphs.iter().find(|(_, glyph)| differences(glyph, &cell) <= 2).map_or('\u{FFFD}', |(c, _)| *c)
            };
            Some((0..columns).map(read).collect::<String>().trim_end().to_owned())
        }
        _ => None,
    }
}

pub(super) fn read_lines(paper: &Paper, alphabet: &str) -> Vec<String> {
    let strips = &paper.strips;
    (0..strips.len())
        // The feed behind a drawn line begins no line of its own.
        .filter(|at| !matches!(strips.get(at.wrapping_sub(1)), Some(Strip { item: PaperItem::Picture(_), .. })))
        .filter_map(|at| read_line(&strips[at..], alphabet))
        .collect()
}

pub(super) const ALPHABET: &str = " ?0123456789.,:€EURTotalyżółćŻkrenMinwavsCfémèXΩέγατσάιЧйяблокиґанТ№₴½";

/// A letter that looks like one of another script reads as the first of the two.
pub(super) fn as_it_looks(text: &str) -> String {
    let same = |c: char| ALPHABET.chars().find(|a| differences(&dots(*a), &dots(c)) == 0).unwrap_or(c);
    text.chars().map(same).collect()
}

#[test]
fn every_script_comes_out_on_every_model_with_its_amount_in_the_last_column() {
    for name in PrinterProfile::names() {
        let profile = profile(name);
        let columns = usize::from(profile.paper.columns);
        let said =
            ["Żółć kr", "Ωέγα τσάι", "Чай, яблоки", "ґанок", "3 €", "Café crèm", "Cafe\u{301} ½", "№ ₴", "毛 wal"];
        let shown = ["Żółć kr", "Ωέγα τσάι", "Чай, яблоки", "ґанок", "3 €", "Café crèm", "Café ½", "№ ₴", "?  wal"];
        let mut document = Document::new();
        said.iter().for_each(|words| document.row(*words, "12.50 €", Style::PLAIN));
        let twin = print(&document, &profile);
        let lines = read_lines(twin.paper(), ALPHABET);
        assert_eq!(lines.len(), shown.len(), "{name}: {lines:#?}");
        for (line, words) in lines.iter().zip(shown) {
            let gap = columns - words.chars().count() - "12.50 €".chars().count();
            let wanted = format!("{words}{}12.50 €", " ".repeat(gap));
            assert_eq!(as_it_looks(line), as_it_looks(&wanted), "{name}");
        }
    }
}

#[test]
fn drawn_lines_stand_as_far_apart_as_printed_ones() {
    let profile = profile("generic-80");
    let height = |text: &str, style: Style| {
        let mut document = Document::new();
        document.push(Block::Text { text: text.into(), align: Align::Left, style });
        document.text("x");
        let twin = print(&document, &profile);
        draw_piece(twin.paper().pieces()[0], twin.paper().line_dots).height_dots()
    };
    for style in [Style::PLAIN, Style::BOLD, Style::TALL, Style::LARGE, Style::BANNER] {
        assert_eq!(height("Ωμέγα", style), height("Omega", style), "{style:?}");
    }
}

#[test]
fn a_scanner_reads_every_code_on_every_models_paper() {
    for name in PrinterProfile::names() {
        for barcode_b in [true, false] {
            let mut profile = profile(name);
            profile.can.barcode_b = barcode_b;
            let mut document = receipt(42);
            let last = document.blocks.len() - 1;
            document.blocks.insert(last, Block::Barcode { kind: BarcodeKind::Ean13, data: "4006381333931".into() });
            let codes = read_codes(print(&document, &profile).paper());
            let wanted = [
                (BarcodeFormat::QR_CODE, "https://example.com/r/42".to_owned()),
                (BarcodeFormat::CODE_128, "S001-T02-00042".to_owned()),
                (BarcodeFormat::EAN_13, "4006381333931".to_owned()),
            ];
            for code in &wanted {
                assert!(codes.contains(code), "{name}, {barcode_b}: {code:?} is not among {codes:?}");
            }
            assert_eq!(codes.len(), wanted.len(), "{name}: {codes:?}");
        }
    }
}

#[test]
fn the_test_page_of_every_model_fills_its_ruler_and_its_codes_can_be_read() {
    for name in PrinterProfile::names() {
        let profile = profile(name);
        let twin = print(&test_page(&profile, name), &profile);
        let rulers: Vec<&Strip> = twin.paper().strips.iter().filter(|strip| is_ruler(strip, &profile)).collect();
        assert_eq!(rulers.len(), 1, "{name}: the ruler is one whole line\n{}", twin.paper().to_text());
        let codes = read_codes(twin.paper());
        assert!(codes.contains(&(BarcodeFormat::CODE_128, "TEST-00042".to_owned())), "{name}: {codes:?}");
        assert!(codes.contains(&(BarcodeFormat::QR_CODE, "https://example.com/test".to_owned())), "{name}: {codes:?}");
    }
}

fn is_ruler(strip: &Strip, profile: &PrinterProfile) -> bool {
    let PaperItem::Line(spans) = &strip.item else { return false };
    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
    text.len() == usize::from(profile.paper.columns) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Receipts in a script that no page has, with whatever the dots happen to be: the twin acts on real-time bytes in the
/// data of pictures, and answers nothing.
#[test]
fn a_thousand_drawn_lines_and_codes_set_off_no_real_time_request() {
    let mut profile = profile("generic-80");
    profile.can.qr = false;
    profile.text.pages.truncate(1);
    let letters: Vec<char> = ('\u{3B1}'..='\u{3C9}').chain('\u{430}'..='\u{44F}').collect();
    let mut drawn = 0;
    for number in 0..100_usize {
        let mut document = Document::new();
        for line in 0..9 {
            let words: String = (0..40).map(|at| letters[(number * 31 + line * 7 + at * at) % letters.len()]).collect();
            document.text(words);
        }
        document.push(Block::Qr { data: format!("https://example.com/{number}/{}", "x".repeat(number)) });
        let twin = print(&document, &profile);
        assert_eq!(twin.real_time_requests(), 0, "{number}");
        drawn += twin.paper().strips.iter().filter(|s| matches!(s.item, PaperItem::Picture(_))).count();
    }
    assert_eq!(drawn, 1000);
}
