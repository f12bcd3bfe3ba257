//! Documents in ESC/POS: blocks of bytes that a printer can take one after the other.
//!
//! The bytes are those of the Epson ESC/POS reference, as far as nearly all makers follow it; what differs between
//! models comes from the profile. A line with a character that the model has on no page goes out as a picture, its columns
//! under those of the lines around it. A block ends at a line's end, is small enough that two of them fit into the printer's
//! buffer, and never ends inside a command.

use super::charset::{needs_drawing, plan_runs};
use super::glyph::{Pen, compose, draw_line};
use super::raster::Bitmap;
use crate::devices::printer::profile::{Cutter, DrawerPin, PrinterProfile};
use crate::domain::receipt::{Align, BarcodeKind, Block, Document, Ink, PaperLine, Size, Style, Weight};

const ESC: u8 = 0x1B;
const GS: u8 = 0x1D;
const DLE: u8 = 0x10;
const LF: u8 = 0x0A;

/// From one line to the next, in dots, as a printer does after `ESC @`.
const LINE_PITCH_DOTS: usize = 30;

/// The longest marker that the job protocol puts behind a block: `GS ( H`, 11 bytes.
const MARKER_BYTES_MAX: usize = 11;
/// A block of text is not longer than this, so that its answer comes soon.
const BLOCK_BYTES_MAX: usize = 512;

/// Bytes that are sent and confirmed together.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct EncodedBlock {
    /// What goes out.
    pub bytes: Vec<u8>,
    /// So many zero bytes finish whatever command a broken line left unfinished in here.
    pub rescue_bytes: usize,
}

/// A module of a barcode and the height of its bars, in dots.
const MODULE_DOTS: usize = 2;
const BAR_DOTS: usize = 80;

/// Zero bytes that finish any command without a data part.
pub const RESCUE_BYTES_MIN: usize = 8;

/// The bytes of a document, and nothing for the drawer: see [`encode_kick`]. Begins with `ESC @` and the automatic
/// status on again, which some printers forget with it.
pub fn encode_document(document: &Document, profile: &PrinterProfile) -> Vec<EncodedBlock> {
    let block_bytes = (profile.credit_bytes() / 2).saturating_sub(MARKER_BYTES_MAX).min(BLOCK_BYTES_MAX);
    let mut encoder = Encoder {
        profile,
        block_bytes,
        style: Style::PLAIN,
        page: None,
        pen: Pen::default(),
        current: EncodedBlock { bytes: encode_start(profile), rescue_bytes: RESCUE_BYTES_MIN },
        done: Vec::new(),
    };
    for line in document.layout(usize::from(profile.paper.columns)) {
        encoder.line(&line);
    }
    encoder.finish()
}

/// `ESC @`, automatic status, and the American character set: the others repaint `# $ @ [ \ ]`.
pub fn encode_start(profile: &PrinterProfile) -> Vec<u8> {
    let mut bytes = vec![ESC, b'@'];
    if profile.can.asb {
        bytes.extend_from_slice(&[GS, b'a', 0xFF]);
    }
    bytes.extend_from_slice(&[ESC, b'R', 0]);
    bytes
}

/// `ESC p`: opens the drawer when the printer gets there. Pin 2 of the connector is drawer 1.
pub fn encode_kick(profile: &PrinterProfile) -> Vec<u8> {
    // In steps of 2 ms; a length of 10 hex would make a real-time request with some of the rests that may follow.
    let step = |ms: u16| match (ms / 2).min(255) as u8 {
        DLE => DLE + 1,
        other => other,
    };
    let kick =
        |pin: DrawerPin| vec![ESC, b'p', pin.selector(), step(profile.drawer.on_ms), step(profile.drawer.off_ms)];
    profile.drawer.pin.map_or_else(Vec::new, kick)
}

/// `DLE DC4 1`: opens the drawer at once, offline or not; `None` for models without it.
pub fn encode_real_time_kick(profile: &PrinterProfile) -> Option<Vec<u8>> {
    let hundreds_ms = profile.drawer.on_ms.div_ceil(100).clamp(1, 8) as u8;
    let pin = profile.drawer.pin.filter(|_| profile.can.realtime_kick)?;
    Some(vec![DLE, 0x14, 1, pin.selector(), hundreds_ms])
}

/// Cuts what is on the paper now off from what follows.
pub fn encode_cut(profile: &PrinterProfile) -> Vec<u8> {
    match profile.paper.cutter {
        Cutter::None => vec![ESC, b'd', profile.paper.feed_before_cut],
        Cutter::Partial => vec![GS, b'V', 66, 0],
        Cutter::Full => vec![GS, b'V', 65, 0],
    }
}

struct Encoder<'a> {
    profile: &'a PrinterProfile,
    block_bytes: usize,
    style: Style,
    page: Option<u8>,
    pen: Pen,
    current: EncodedBlock,
    done: Vec<EncodedBlock>,
}

impl Encoder<'_> {
    fn line(&mut self, line: &PaperLine) {
        match line {
            PaperLine::Text { text, style } => {
                let text = compose(text);
                if self.profile.can.raster && needs_drawing(&text, &self.profile.text.pages) {
                    self.drawn_line(&text, *style);
                } else {
                    let bytes = self.text_line(&text, *style);
                    self.put(bytes, 0);
                }
            }
            PaperLine::Barcode { kind, data } => match self.barcode(*kind, data) {
                Some(bytes) => {
                    let rescue = bytes.len();
                    self.put(bytes, rescue);
                }
                None => self.drawn_barcode(*kind, data),
            },
            PaperLine::Qr { data } => self.qr(data),
            PaperLine::Cut => self.put(encode_cut(self.profile), 0),
        }
    }

    /// Takes a whole command sequence that ends at a line's end.
    fn put(&mut self, bytes: Vec<u8>, rescue_bytes: usize) {
        if !self.current.bytes.is_empty() && self.current.bytes.len() + bytes.len() > self.block_bytes {
            self.done.push(std::mem::take(&mut self.current));
        }
        self.current.bytes.extend_from_slice(&bytes);
        self.current.rescue_bytes = self.current.rescue_bytes.max(rescue_bytes).max(RESCUE_BYTES_MIN);
    }

    fn finish(mut self) -> Vec<EncodedBlock> {
        if !self.current.bytes.is_empty() {
            self.done.push(self.current);
        }
        self.done
    }

    fn text_line(&mut self, text: &str, style: Style) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len() + 16);
        // An empty line needs no style; leaving the old one keeps the stream short.
        if !text.is_empty() {
            self.change_style(style, &mut bytes);
        } else if self.style.size != Size::Normal {
            self.change_style(Style::PLAIN, &mut bytes);
        }
        for run in plan_runs(text, &self.profile.text.pages, self.page) {
            if let Some(page) = run.page.filter(|page| self.page != Some(*page)) {
                bytes.extend_from_slice(&[ESC, b't', page]);
                self.page = Some(page);
            }
            bytes.extend_from_slice(&run.bytes);
        }
        bytes.push(LF);
        bytes
    }

    fn drawn_line(&mut self, text: &str, style: Style) {
        let line = draw_line(&mut self.pen, text, style, usize::from(self.profile.paper.dots));
        let (above, inner, below) = line.trimmed();
        let pitch = line.height_dots().max(LINE_PITCH_DOTS);
        self.feed(above);
        self.picture(&inner);
        self.feed(below + pitch - line.height_dots());
    }

    /// `ESC J`: feeds so many dots.
    fn feed(&mut self, dots: usize) {
        if let Ok(dots) = u8::try_from(dots)
            && dots > 0
        {
            self.put(vec![ESC, b'J', dots], 0);
        }
    }

    fn change_style(&mut self, style: Style, bytes: &mut Vec<u8>) {
        if style.weight != self.style.weight {
            bytes.extend_from_slice(&[ESC, b'E', u8::from(style.weight == Weight::Bold)]);
        }
        if style.size != self.style.size {
            let factors = match style.size {
                Size::Normal => 0x00,
                Size::Tall => 0x01,
                Size::Large => 0x11,
            };
            bytes.extend_from_slice(&[GS, b'!', factors]);
        }
        if style.ink != self.style.ink {
            bytes.extend_from_slice(&[GS, b'B', u8::from(style.ink == Ink::Inverted)]);
        }
        self.style = style;
    }

    fn centred(&mut self, text: &str) {
        let text_block = Block::Text { text: text.to_owned(), align: Align::Centre, style: Style::PLAIN };
        let document = Document { blocks: vec![text_block], ..Document::new() };
        for line in document.layout(usize::from(self.profile.paper.columns)) {
            self.line(&line);
        }
    }

    /// The bars as a picture, for models that cannot draw them, with their text below; the text alone when there is no
    /// room or the text is none for this kind.
    fn drawn_barcode(&mut self, kind: BarcodeKind, data: &str) {
        let line_dots = usize::from(self.profile.paper.dots);
        let bars = Bitmap::of_barcode(kind, data, MODULE_DOTS, BAR_DOTS)
            .filter(|bars| self.profile.can.raster && bars.width_dots() <= line_dots);
        if let Some(bars) = bars {
            let mut line = Bitmap::new(line_dots, BAR_DOTS);
            line.stamp(&bars, (line_dots - bars.width_dots()) / 2, 0);
            self.picture(&line);
        }
        self.centred(data);
    }

    /// `GS k`, function B, with its text below. `None` when the model cannot, the text is not one for this kind, or the
    /// bars would be wider than the paper.
    fn barcode(&self, kind: BarcodeKind, data: &str) -> Option<Vec<u8>> {
        let (number, payload, modules) = match kind {
            BarcodeKind::Ean13 if data.len() == 13 && data.bytes().all(|b| b.is_ascii_digit()) => {
                (67, data.as_bytes().to_vec(), 95)
            }
            BarcodeKind::Code128 if data.bytes().all(|b| (0x20..0x7F).contains(&b)) && !data.is_empty() => {
                // In code set B `{` itself is written twice.
                let mut payload = b"{B".to_vec();
                payload.extend(data.bytes().flat_map(|b| if b == b'{' { vec![b, b] } else { vec![b] }));
                // Start, data, check: 11 modules each; stop: 13 (ISO/IEC 15417).
                (73, payload, (data.len() + 2) * 11 + 13)
            }
            BarcodeKind::Ean13 | BarcodeKind::Code128 => return None,
        };
        let length = u8::try_from(payload.len()).ok()?;
        if !self.profile.can.barcode_b || modules * MODULE_DOTS > usize::from(self.profile.paper.dots) {
            return None;
        }
        let mut bytes =
            vec![ESC, b'a', 1, GS, b'h', BAR_DOTS as u8, GS, b'w', MODULE_DOTS as u8, GS, b'H', 2, GS, b'f', 0];
        bytes.extend_from_slice(&[GS, b'k', number, length]);
        bytes.extend_from_slice(&payload);
        bytes.extend_from_slice(&[LF, ESC, b'a', 0]);
        Some(bytes)
    }

    fn qr(&mut self, data: &str) {
        let data: String = data.chars().filter(|c| !c.is_control()).collect();
        let module_dots: u8 = if self.profile.paper.dots >= 512 { 6 } else { 5 };
        let length = u16::try_from(data.len() + 3).ok().filter(|_| !data.is_empty());
        match length {
            Some(length) if self.profile.can.qr && data.len() + 64 <= self.profile.credit_bytes() => {
                let [low, high] = length.to_le_bytes();
                let mut bytes = vec![ESC, b'a', 1];
                let function = |bytes: &mut Vec<u8>, part: &[u8]| {
                    bytes.extend_from_slice(&[GS, b'(', b'k']);
                    bytes.extend_from_slice(part);
                };
                function(&mut bytes, &[4, 0, 0x31, 0x41, 0x32, 0]);
                function(&mut bytes, &[3, 0, 0x31, 0x43, module_dots]);
                function(&mut bytes, &[3, 0, 0x31, 0x45, 0x31]);
                function(&mut bytes, &[low, high, 0x31, 0x50, 0x30]);
                bytes.extend_from_slice(data.as_bytes());
                function(&mut bytes, &[3, 0, 0x31, 0x51, 0x30]);
                bytes.extend_from_slice(&[LF, ESC, b'a', 0]);
                let rescue = data.len() + RESCUE_BYTES_MIN;
                self.put(bytes, rescue);
            }
            Some(_) if self.profile.can.raster => {
                match Bitmap::of_qr(&data, usize::from(self.profile.paper.dots), usize::from(module_dots)) {
                    Some(bitmap) => self.picture(&bitmap),
                    None => self.centred(&data),
                }
            }
            _ => self.centred(&data),
        }
    }

    fn picture(&mut self, bitmap: &Bitmap) {
        let raster = self.profile.raster;
        for slice in bitmap.encode(usize::from(raster.rows_max), self.block_bytes, raster.realtime_in_data) {
            let rescue = slice.len();
            self.put(slice, rescue);
        }
    }
}

/// The test page: how wide the paper is, which characters come out right, what a scanner can read.
pub fn test_page(profile: &PrinterProfile, name: &str) -> Document {
    let columns = usize::from(profile.paper.columns);
    let mut page = Document::new();
    page.centred("TEST PAGE", Style::LARGE);
    page.centred(format!("{} {} ({name})", profile.device.vendor, profile.device.model), Style::PLAIN);
    page.push(Block::Rule);
    page.text(format!("The ruler must fill the line: {columns} columns."));
    page.text((1..=columns).map(|n| char::from(b'0' + (n % 10) as u8)).collect::<String>());
    page.push(Block::Rule);
    let samples =
        ["ÀÉÎÖÜ ßçñ øå 12.50 €", "Żółć křen őű ăș", "Чай, яблоки, ґанок", "Ωμέγα τσάι", "“quoted” – dash…", "№ ½ ₴ ✓"];
    for sample in samples {
        page.row(sample, "126.10", Style::PLAIN);
    }
    page.text("All amounts stand under each other. A ? stands for a sign that neither printer nor till has.");
    page.push(Block::Rule);
    page.push(Block::Text { text: "Bold".into(), align: Align::Left, style: Style::BOLD });
    page.push(Block::Text { text: "Tall".into(), align: Align::Left, style: Style::TALL });
    page.push(Block::Total { label: "TOTAL".into(), amount: "126.10".into() });
    page.push(Block::Banner("COPY".into()));
    page.push(Block::Barcode { kind: BarcodeKind::Code128, data: "TEST-00042".into() });
    page.push(Block::Qr { data: "https://example.com/test".into() });
    page.push(Block::Cut);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str) -> PrinterProfile {
        PrinterProfile::load(name, None).unwrap()
    }

    fn bytes(blocks: Vec<Block>, name: &str) -> Vec<u8> {
        let document = Document { blocks, ..Document::new() };
        encode_document(&document, &profile(name)).into_iter().flat_map(|b| b.bytes).collect()
    }

    fn check(block: Block, expected: &[u8]) {
        let all = bytes(vec![block], "epson-tm-t20iii");
        let start = encode_start(&profile("epson-tm-t20iii"));
        assert_eq!(&all[..start.len()], start, "every document starts from nothing");
        assert_eq!(&all[start.len()..], expected, "{}", String::from_utf8_lossy(&all));
    }

    fn text(text: &str, style: Style) -> Block {
        Block::Text { text: text.into(), align: Align::Left, style }
    }

    #[test]
    fn the_bytes_of_each_block() {
        check(text("Tea 3", Style::PLAIN), b"Tea 3\n");
        check(text("Café €", Style::PLAIN), b"\x1bt\x13Caf\x82 \xd5\n");
        check(text("Bold", Style::BOLD), b"\x1bE\x01Bold\n");
        check(text("Tall", Style::TALL), b"\x1bE\x01\x1d!\x01Tall\n");
        check(Block::Cut, b"\x1dVB\0");
        check(
            Block::Barcode { kind: BarcodeKind::Code128, data: "W-1".into() },
            b"\x1ba\x01\x1dhP\x1dw\x02\x1dH\x02\x1df\0\x1dk\x49\x05{BW-1\n\x1ba\0",
        );
        check(
            Block::Qr { data: "W-1".into() },
            b"\x1ba\x01\x1d(k\x04\01A2\0\x1d(k\x03\01C\x06\x1d(k\x03\01E1\x1d(k\x06\01P0W-1\x1d(k\x03\01Q0\n\x1ba\0",
        );
        check(
            Block::Barcode { kind: BarcodeKind::Code128, data: "x".repeat(30) },
            format!("{}{}\n", " ".repeat(9), "x".repeat(30)).as_bytes(),
        );
    }

    #[test]
    fn a_line_no_page_can_say_is_a_picture_between_feeds() {
        let all = bytes(vec![text("Ωμέγα", Style::PLAIN)], "generic-80");
        let start = encode_start(&profile("generic-80")).len();
        assert_eq!(all[start..start + 2], *b"\x1bJ", "{all:02x?}");
        assert_eq!(all[start + 3..start + 7], *b"\x1dv0\0", "{all:02x?}");
        assert_eq!(all[all.len() - 3..all.len() - 1], *b"\x1bJ", "{all:02x?}");
        // Five letters are 60 dots: eight bytes a row, not the 72 of the whole line.
        assert!(all.len() < start + 6 + 3 * 8 + 24 * 8, "{}", all.len());
        let mut plain = profile("generic-80");
        plain.can.raster = false;
        let document = Document { blocks: vec![text("Ωμέγα", Style::PLAIN)], ..Document::new() };
        let all: Vec<u8> = encode_document(&document, &plain).into_iter().flat_map(|b| b.bytes).collect();
        assert!(all.contains(&b'?') && all.ends_with(b"\n"), "{all:02x?}");
    }

    #[test]
    fn a_style_lasts_until_it_changes() {
        let all = bytes(vec![text("a", Style::BOLD), text("b", Style::BOLD), text("c", Style::PLAIN)], "generic-80");
        assert!(all.ends_with(b"\x1bE\x01a\nb\n\x1bE\0c\n"), "{all:02x?}");
    }

    #[test]
    fn the_drawer_opens_with_the_profiles_pulse() {
        assert_eq!(encode_kick(&profile("epson-tm-t20iii")), [0x1B, 0x70, 0, 25, 250]);
        let mut odd = profile("epson-tm-t20iii");
        (odd.drawer.on_ms, odd.drawer.off_ms) = (32, 8);
        assert_eq!(encode_kick(&odd), [0x1B, 0x70, 0, 17, 4], "10 04 would be a real-time request");
        assert_eq!(encode_real_time_kick(&profile("epson-tm-t20iii")), Some(vec![0x10, 0x14, 1, 0, 1]));
        assert_eq!(encode_real_time_kick(&profile("generic-80")), None);
    }

    #[test]
    fn without_a_knife_the_paper_is_fed_to_the_tear_bar() {
        assert!(bytes(vec![text("a", Style::PLAIN), Block::Cut], "generic-58").ends_with(b"a\n\x1bd\x04"));
    }

    #[test]
    fn every_block_fits_twice_into_the_buffer() {
        for name in PrinterProfile::names() {
            let profile = profile(name);
            let mut page = test_page(&profile, name);
            page.blocks.extend((0..40).map(|n| text(&format!("Řádek číslo {n} – Чай"), Style::TALL)));
            for block in encode_document(&page, &profile) {
                let length = block.bytes.len() + MARKER_BYTES_MAX;
                assert!(2 * length <= profile.credit_bytes(), "{name}: {length}");
                assert!(block.rescue_bytes >= RESCUE_BYTES_MIN);
            }
        }
    }
}
