//! The printer without its cable: bytes in, answers and paper out. Pure; the caller turns the time.

use std::collections::VecDeque;

use super::command::{Command, CommandReader};
use super::drawing::width_of;
use super::paper::{BarText, Correction, Font, Paper, PaperItem, Setting, Span, Strip};
use crate::devices::port::Flow;
use crate::devices::printer::PrinterProfile;
use crate::devices::printer::{Bitmap, CharacterSet};
use crate::domain::receipt::{Align, BarcodeKind, Ink, Size, Style, Weight};

/// At so many free bytes the printer says stop, and at so many go on (Epson TM-T88II manual p.27).
const STOP_AT_FREE_BYTES: usize = 16;
const GO_ON_AT_FREE_BYTES: usize = 26;

/// What kind of printer it is.
#[derive(Clone, Debug)]
pub struct TwinSettings {
    /// The receive buffer; bytes beyond it are lost.
    pub buffer_bytes: usize,
    /// Printable dots in a line.
    pub line_dots: usize,
    /// Code pages by their number for `ESC t`; number 0 is selected after `ESC @`.
    pub pages: Vec<(u8, CharacterSet)>,
    /// Sends automatic status; some clones do not.
    pub automatic_status: bool,
    /// Knows `GS ( H` function 48.
    pub process_id: bool,
    /// Acts on real-time requests in the data of pictures too.
    pub realtime_in_data: bool,
    /// Sends XOFF and XON.
    pub xon_xoff: bool,
    /// Is a drawer plugged in?
    pub drawer: bool,
}

impl TwinSettings {
    /// The twin of a model, as its profile describes it; with a drawer, and as touchy about real-time bytes as any.
    pub fn of(profile: &PrinterProfile) -> Self {
        Self {
            buffer_bytes: profile.link.buffer_bytes,
            line_dots: usize::from(profile.paper.dots),
            pages: profile.text.pages.clone(),
            automatic_status: profile.can.asb,
            process_id: profile.can.process_id,
            realtime_in_data: true,
            xon_xoff: profile.link.flow == Flow::XonXoff,
            drawer: true,
        }
    }
}

impl Default for TwinSettings {
    /// A printer with everything, and eight pages by Epson's numbers.
    fn default() -> Self {
        use CharacterSet::{Cp437, Cp737, Cp850, Cp852, Cp857, Cp858, Cp866, Cp1252};
        Self {
            buffer_bytes: 4096,
            line_dots: 576,
            pages: vec![
                (0, Cp437),
                (2, Cp850),
                (13, Cp857),
                (14, Cp737),
                (16, Cp1252),
                (17, Cp866),
                (18, Cp852),
                (19, Cp858),
            ],
            automatic_status: true,
            process_id: true,
            realtime_in_data: true,
            xon_xoff: false,
            drawer: true,
        }
    }
}

/// How the counter's hands have left the printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Hands {
    /// The roll is at its end.
    pub paper_out: bool,
    /// The roll is nearly at its end.
    pub paper_low: bool,
    /// The cover is open.
    pub cover_open: bool,
    /// The drawer stands open.
    pub drawer_open: bool,
}

/// The printer.
#[derive(Clone, Debug)]
pub struct TwinCore {
    settings: TwinSettings,
    hands: Hands,
    buffer: VecDeque<u8>,
    arriving: CommandReader,
    arriving_tail: Vec<u8>,
    reader: CommandReader,
    stopped_sender: bool,
    automatic_mask: u8,
    told: Option<[u8; 4]>,
    replies: Vec<u8>,

    page: u8,
    style: Style,
    font: Font,
    setting: Setting,
    line: Vec<Span>,
    qr: Vec<u8>,
    paper: Paper,
    version: u64,

    received: u64,
    processed: u64,
    dropped: u64,
    kicks: u64,
    real_time_requests: u64,
    paper_out_at: Option<u64>,
    cover_open_at: Option<u64>,
}

/// What one step of work came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worked {
    /// A byte was taken and nothing moved.
    Byte,
    /// The paper moved by a line.
    Line,
    /// Nothing to do, or not able to.
    Nothing,
}

impl TwinCore {
    /// Just switched on.
    pub fn new(settings: TwinSettings) -> Self {
        let paper = Paper::new(settings.line_dots);
        Self {
            settings,
            hands: Hands::default(),
            buffer: VecDeque::new(),
            arriving: CommandReader::default(),
            arriving_tail: Vec::new(),
            reader: CommandReader::default(),
            stopped_sender: false,
            automatic_mask: 0,
            told: None,
            replies: Vec::new(),
            page: 0,
            style: Style::PLAIN,
            font: Font::A,
            setting: Setting::default(),
            line: Vec::new(),
            qr: Vec::new(),
            paper,
            version: 0,
            received: 0,
            processed: 0,
            dropped: 0,
            kicks: 0,
            real_time_requests: 0,
            paper_out_at: None,
            cover_open_at: None,
        }
    }

    /// Bytes arrive. Real-time requests are acted upon now, whatever else is the matter.
    pub fn receive(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.received += 1;
            self.real_time(*byte);
            if self.buffer.len() < self.settings.buffer_bytes {
                self.buffer.push_back(*byte);
            } else {
                self.dropped += 1;
            }
        }
        self.police_sender();
    }

    /// Works off one byte of the buffer, unless offline.
    pub fn work(&mut self) -> Worked {
        if self.paper_out_at.is_some_and(|at| self.processed >= at) {
            self.paper_out_at = None;
            self.handle(|hands| hands.paper_out = true);
        }
        if self.cover_open_at.is_some_and(|at| self.processed >= at) {
            self.cover_open_at = None;
            self.handle(|hands| hands.cover_open = true);
        }
        if self.is_offline() {
            return Worked::Nothing;
        }
        let Some(byte) = self.buffer.pop_front() else { return Worked::Nothing };
        self.processed += 1;
        let lines = self.paper.strips.len();
        if let Some(command) = self.reader.feed(byte) {
            self.obey(command);
        }
        self.police_sender();
        if self.paper.strips.len() > lines { Worked::Line } else { Worked::Byte }
    }

    /// Takes what the printer has to say.
    pub fn take_replies(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.replies)
    }

    /// Someone does something to the printer or the drawer.
    pub fn handle(&mut self, change: impl FnOnce(&mut Hands)) {
        change(&mut self.hands);
        self.version += 1;
        self.tell_status();
    }

    /// The roll ends before the byte with this number (from 0, since the twin was switched on) is worked off.
    pub const fn end_paper_at(&mut self, byte: u64) {
        self.paper_out_at = Some(byte);
    }

    /// The cover is opened before this byte is worked off.
    pub const fn open_cover_at(&mut self, byte: u64) {
        self.cover_open_at = Some(byte);
    }

    /// Off and on again: everything received is forgotten, the paper stays.
    pub fn cycle_power(&mut self) {
        self.buffer.clear();
        self.reader.forget();
        self.arriving.forget();
        self.arriving_tail.clear();
        self.replies.clear();
        self.line.clear();
        self.qr.clear();
        self.automatic_mask = 0;
        self.told = None;
        self.stopped_sender = false;
        self.reset_modes();
    }

    /// Takes the paper away.
    pub fn tear_off(&mut self) -> Paper {
        self.version += 1;
        std::mem::replace(&mut self.paper, Paper::new(self.settings.line_dots))
    }

    /// The paper so far.
    pub const fn paper(&self) -> &Paper {
        &self.paper
    }

    /// Changes whenever there is something new to see.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// How it was left.
    pub const fn hands(&self) -> Hands {
        self.hands
    }

    /// Bytes received, lost ones among them.
    pub const fn received(&self) -> u64 {
        self.received
    }

    /// Bytes worked off.
    pub const fn processed(&self) -> u64 {
        self.processed
    }

    /// Bytes lost because the buffer was full.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// How often it was told to open the drawer.
    pub const fn kicks(&self) -> u64 {
        self.kicks
    }

    /// Real-time requests acted upon.
    pub const fn real_time_requests(&self) -> u64 {
        self.real_time_requests
    }

    const fn is_offline(&self) -> bool {
        self.hands.paper_out || self.hands.cover_open
    }

    // ---- arriving bytes ---------------------------------------------------------------------------------------------

    fn real_time(&mut self, byte: u8) {
        let inside_data = self.arriving.is_inside_data();
        self.arriving.feed(byte);
        if inside_data && !self.settings.realtime_in_data {
            self.arriving_tail.clear();
            return;
        }
        self.arriving_tail.push(byte);
        match self.arriving_tail[..] {
            [0x10] | [0x10, 0x04 | 0x05 | 0x14] | [0x10, 0x14, 1 | 8, ..] if self.arriving_tail.len() < 5 => {}
            [0x10, 0x14, 8, ..] if self.arriving_tail.len() < 10 => {}
            [0x10, 0x04, question @ 1..=4] => {
                self.real_time_requests += 1;
                let answer = self.real_time_answer(question);
                self.replies.push(answer);
                self.arriving_tail.clear();
            }
            [0x10, 0x05, _] => {
                self.real_time_requests += 1;
                self.arriving_tail.clear();
            }
            [0x10, 0x14, 1, _, _] => {
                self.real_time_requests += 1;
                self.kick();
                self.arriving_tail.clear();
            }
            [0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8] => {
                self.real_time_requests += 1;
                self.buffer.clear();
                self.reader.forget();
                self.arriving.forget();
                self.arriving_tail.clear();
                self.replies.extend_from_slice(&[0x37, 0x25, 0]);
            }
            _ => {
                self.arriving_tail.clear();
                if byte == 0x10 {
                    self.arriving_tail.push(byte);
                }
            }
        }
    }

    fn real_time_answer(&self, question: u8) -> u8 {
        let bit = |is_set: bool, bit: u8| if is_set { bit } else { 0 };
        let Hands { paper_out, paper_low, cover_open, drawer_open } = self.hands;
        0x12 | match question {
            1 => bit(drawer_open, 0x04) | bit(self.is_offline(), 0x08),
            2 => bit(cover_open, 0x04) | bit(paper_out, 0x20),
            3 => 0,
            _ => bit(paper_low || paper_out, 0x0C) | bit(paper_out, 0x60),
        }
    }

    fn police_sender(&mut self) {
        if !self.settings.xon_xoff {
            return;
        }
        let free = self.settings.buffer_bytes - self.buffer.len();
        if !self.stopped_sender && free <= STOP_AT_FREE_BYTES {
            self.stopped_sender = true;
            self.replies.push(0x13);
        } else if self.stopped_sender && free >= GO_ON_AT_FREE_BYTES {
            self.stopped_sender = false;
            self.replies.push(0x11);
        }
    }

    // ---- work in order ----------------------------------------------------------------------------------------------

    fn obey(&mut self, command: Command) {
        match command {
            Command::Character(byte) => self.character(byte),
            Command::LineFeed => self.end_line(),
            Command::Initialize => {
                self.line.clear();
                self.reset_modes();
            }
            Command::SelectPage(page) => self.page = page,
            Command::Bold(_)
            | Command::Size { .. }
            | Command::Invert(_)
            | Command::SelectFont(_)
            | Command::SelectMode(_)
            | Command::LineSpacing(_)
            | Command::BarHeight(_)
            | Command::BarWidth(_)
            | Command::BarText(_)
            | Command::QrModule(_)
            | Command::QrCorrection(_)
            | Command::Align(_) => self.set(&command),
            Command::FeedDots(dots) => {
                if !self.line.is_empty() {
                    self.end_line();
                }
                self.put(PaperItem::Feed(usize::from(dots)));
            }
            Command::FeedLines(count) => {
                (0..count).for_each(|_| self.end_line());
                // The tear bar: what is above it comes off.
                self.put(PaperItem::Cut);
            }
            Command::Cut if self.line.is_empty() => self.put(PaperItem::Cut),
            Command::Kick { .. } => self.kick(),
            Command::Barcode { kind, data } => self.barcode(kind, &data),
            Command::QrStore(data) => self.qr = data,
            Command::QrPrint => {
                let data = String::from_utf8_lossy(&self.qr).into_owned();
                self.put(PaperItem::Qr { data });
            }
            Command::Picture { width_bytes, rows } => self.picture(width_bytes, rows),
            Command::SendStatus(what) => self.send_status(what),
            Command::AutomaticStatus(mask) if self.settings.automatic_status => {
                self.automatic_mask = mask;
                self.told = None;
                self.tell_status();
            }
            Command::SendIdentity(_) => self.replies.extend_from_slice(b"\x5FTWIN\0"),
            Command::SendProcessId(id) if self.settings.process_id => {
                self.replies.extend_from_slice(&[0x37, 0x22]);
                self.replies.extend_from_slice(&id);
                self.replies.push(0);
            }
            // A cut in the middle of a line is ignored, as by real ones.
            Command::Cut
            | Command::AutomaticStatus(_)
            | Command::SendProcessId(_)
            | Command::Nothing
            | Command::Unknown(_) => {}
        }
    }

    /// Modes that stay until they are changed.
    fn set(&mut self, command: &Command) {
        let (style, setting) = (&mut self.style, &mut self.setting);
        let weight = |bold| if bold { Weight::Bold } else { Weight::Plain };
        let size = |wide, high| match (wide, high) {
            (false, false) => Size::Normal,
            (false, true) => Size::Tall,
            (true, _) => Size::Large,
        };
        match *command {
            Command::Bold(on) => style.weight = weight(on),
            Command::Size { wider, higher } => style.size = size(wider > 0, higher > 0),
            Command::Invert(on) => style.ink = if on { Ink::Inverted } else { Ink::Black },
            Command::SelectFont(number) => self.font = if number == 1 { Font::B } else { Font::A },
            Command::SelectMode(bits) => {
                self.font = if bits & 0x01 != 0 { Font::B } else { Font::A };
                style.weight = weight(bits & 0x08 != 0);
                style.size = size(bits & 0x20 != 0, bits & 0x10 != 0);
            }
            Command::LineSpacing(dots) => {
                setting.line_spacing = dots.map_or(Setting::default().line_spacing, usize::from);
            }
            Command::BarHeight(dots) => setting.bar_height = usize::from(dots),
            Command::BarWidth(dots) => setting.bar_width = usize::from(dots),
            Command::BarText(place) => {
                setting.bar_text = if matches!(place, 2 | 3) { BarText::Below } else { BarText::None };
            }
            Command::QrModule(dots) => setting.qr_module = usize::from(dots),
            Command::QrCorrection(level) => {
                setting.qr_correction = match level {
                    0x31 => Correction::M,
                    0x32 => Correction::Q,
                    0x33 => Correction::H,
                    _ => Correction::L,
                };
            }
            // In the middle of a line it is ignored, as by real ones.
            Command::Align(place) if self.line.is_empty() => {
                setting.align = match place {
                    1 => Align::Centre,
                    2 => Align::Right,
                    _ => Align::Left,
                };
            }
            _ => {}
        }
    }

    fn reset_modes(&mut self) {
        self.page = 0;
        self.style = Style::PLAIN;
        self.font = Font::A;
        self.setting = Setting::default();
    }

    fn put(&mut self, item: PaperItem) {
        self.paper.strips.push(Strip { item, setting: self.setting });
        self.version += 1;
    }

    fn character(&mut self, byte: u8) {
        let set = self.settings.pages.iter().find(|(number, _)| *number == self.page).map(|(_, set)| *set);
        // An unknown page or a gap in it prints a filled box on real printers.
        let character = set.and_then(|set| set.decode(byte)).or((byte < 0x80).then_some(char::from(byte)));
        let character = character.unwrap_or('■');
        let span = Span { text: character.to_string(), style: self.style, font: self.font };
        // What does not fit goes on in the next line.
        if self.line.iter().chain([&span]).map(width_of).sum::<usize>() > self.settings.line_dots {
            self.end_line();
        }
        match self.line.last_mut() {
            Some(last) if (last.style, last.font) == (span.style, span.font) => last.text.push(character),
            _ => self.line.push(span),
        }
    }

    fn end_line(&mut self) {
        let mut spans = std::mem::take(&mut self.line);
        if let Some(last) = spans.last_mut().filter(|span| span.style.ink == Ink::Black) {
            last.text.truncate(last.text.trim_end().len());
        }
        // The line feed behind a code ends no line of text, but it feeds.
        let last = self.paper.strips.last().map(|strip| &strip.item);
        let after_code = matches!(last, Some(PaperItem::Barcode { .. } | PaperItem::Qr { .. })) && spans.is_empty();
        self.put(match after_code {
            true => PaperItem::Feed(self.setting.line_spacing),
            false => PaperItem::Line(spans),
        });
    }

    fn barcode(&mut self, kind: u8, data: &[u8]) {
        let text = String::from_utf8_lossy(data).into_owned();
        let item = match kind {
            67 => PaperItem::Barcode { kind: BarcodeKind::Ean13, data: text },
            73 => {
                let data = text.strip_prefix("{B").unwrap_or(&text).replace("{{", "{");
                PaperItem::Barcode { kind: BarcodeKind::Code128, data }
            }
            _ => return,
        };
        self.put(item);
    }

    /// Slices of one picture arrive one after the other: on paper they are one.
    fn picture(&mut self, width_bytes: usize, rows: Vec<u8>) {
        let fresh = Bitmap::from_rows(width_bytes, rows);
        match self.paper.strips.last_mut().map(|strip| &mut strip.item) {
            Some(PaperItem::Picture(bitmap)) if bitmap.width_dots() == fresh.width_dots() => {
                bitmap.append(&fresh);
                self.version += 1;
            }
            _ => self.put(PaperItem::Picture(fresh)),
        }
    }

    fn kick(&mut self) {
        self.kicks += 1;
        if self.settings.drawer {
            self.handle(|hands| hands.drawer_open = true);
        }
    }

    // ---- status -----------------------------------------------------------------------------------------------------

    fn send_status(&mut self, what: u8) {
        let Hands { paper_out, paper_low, drawer_open, .. } = self.hands;
        self.replies.push(match what {
            1 | b'1' => (if paper_low || paper_out { 0x03 } else { 0 }) | (if paper_out { 0x0C } else { 0 }),
            _ => u8::from(drawer_open),
        });
    }

    fn automatic(&self) -> [u8; 4] {
        let bit = |is_set: bool, bit: u8| if is_set { bit } else { 0 };
        let Hands { paper_out, paper_low, cover_open, drawer_open } = self.hands;
        let first = 0x10 | bit(drawer_open, 0x04) | bit(self.is_offline(), 0x08) | bit(cover_open, 0x20);
        [first, 0, bit(paper_low || paper_out, 0x03) | bit(paper_out, 0x0C), 0x0F]
    }

    fn tell_status(&mut self) {
        let now = self.automatic();
        if self.automatic_mask != 0 && self.told != Some(now) {
            self.told = Some(now);
            self.replies.extend_from_slice(&now);
        }
    }
}
