//! Bytes into codes: where one ends, whether it is whole, and which kind it is.
//!
//! Half a code is never a code. A terminator proves the end; silence proves only that something is missing, except for
//! profiles without a suffix, where a code must carry the proof of its length and check digit itself. What trickles in
//! after a broken-off code is its other half, not a code of its own.

use super::profile::{AimUse, CodeIds, FrameFacts, ScannerProfile, Suffix};
use crate::domain::barcode::gtin::{Gtin, expand_upc_e};
use crate::domain::scan::{ScanQuality, Symbology};

/// The most bytes a code may have: a QR code holds 7,089 digits (ISO/IEC 18004, table 1).
pub const FRAME_BYTES_MAX: usize = 8192;

/// How long after a broken-off code its other half may still arrive.
pub const TAIL_MS: u64 = 1000;

const STX: u8 = 0x02;
const SOH: u8 = 0x01;
const ACK: u8 = 0x06;
const NAK: u8 = 0x15;
const GS: u8 = 0x1d;

/// One code as it came off the line; `quality` is never [`ScanQuality::Repeat`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Without terminators and identifiers; what there is of it, when it is broken.
    pub payload: Vec<u8>,
    /// Which kind, when the scanner says.
    pub symbology: Option<Symbology>,
    /// Whole, broken off or nonsense.
    pub quality: ScanQuality,
}

/// What was left out of the frames, for diagnostics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameCounters {
    /// Second halves of broken-off codes.
    pub tails: u64,
    /// Answers to our own commands.
    pub answers: u64,
}

/// A code that broke off a moment ago.
#[derive(Debug)]
struct Broken {
    head: Vec<u8>,
    until_ms: u64,
}

/// The frame reader of one scanner. Times are milliseconds of any clock that does not go back.
#[derive(Debug)]
pub struct FrameReader {
    facts: FrameFacts,
    code_ids: CodeIds,
    buffer: Vec<u8>,
    /// STX stood in front of what is in the buffer.
    marked: bool,
    /// Everything up to the next silence is nonsense.
    discarding: bool,
    broken: Option<Broken>,
    last_byte_at_ms: Option<u64>,
    counters: FrameCounters,
}

impl FrameReader {
    /// A reader for what this profile's scanners send.
    pub fn new(profile: &ScannerProfile) -> Self {
        Self {
            facts: profile.frame.clone(),
            code_ids: profile.code_ids.clone(),
            buffer: Vec::new(),
            marked: false,
            discarding: false,
            broken: None,
            last_byte_at_ms: None,
            counters: FrameCounters::default(),
        }
    }

    /// What was left out so far.
    pub const fn counters(&self) -> FrameCounters {
        self.counters
    }

    /// Takes bytes that arrived at `now_ms`.
    pub fn feed(&mut self, bytes: &[u8], now_ms: u64) -> Vec<Frame> {
        let mut frames = self.poll(now_ms);
        for byte in bytes {
            frames.extend(self.take(*byte));
            self.last_byte_at_ms = Some(now_ms);
        }
        frames
    }

    /// Lets time pass: after a silence, what is unfinished will not be finished.
    pub fn poll(&mut self, now_ms: u64) -> Vec<Frame> {
        if self.broken.as_ref().is_some_and(|b| now_ms > b.until_ms) && self.buffer.is_empty() {
            self.broken = None;
        }
        match self.next_deadline() {
            Some(deadline) if now_ms >= deadline => self.fall_silent(now_ms).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// When [`Self::poll`] has something to say, unless bytes come before.
    pub fn next_deadline(&self) -> Option<u64> {
        let waiting = self.discarding || !self.buffer.is_empty();
        self.last_byte_at_ms.filter(|_| waiting).map(|at| at + self.facts.idle_ms)
    }

    /// The line has gone: what is unfinished is broken off, and its other half will not come.
    pub fn disconnect(&mut self) -> Option<Frame> {
        let payload = std::mem::take(&mut self.buffer);
        let was_tail = self.broken.take().is_some() && !self.marked;
        let told = std::mem::take(&mut self.discarding);
        self.marked = false;
        self.last_byte_at_ms = None;
        (!payload.is_empty() && !was_tail && !told).then(|| self.broken_frame(payload))
    }

    fn take(&mut self, byte: u8) -> Option<Frame> {
        if self.discarding {
            return None;
        }
        match byte {
            b'\r' | b'\n' | b'\t' | 0x03 => self.finish(),
            STX => {
                // A new beginning: what stands before it has lost its end.
                let payload = std::mem::take(&mut self.buffer);
                let lost = !payload.is_empty() && self.broken.is_none();
                self.broken = None;
                self.marked = true;
                lost.then(|| self.broken_frame(payload))
            }
            ACK | NAK if self.buffer.is_empty() => {
                self.counters.answers += 1;
                None
            }
            _ if self.buffer.len() == FRAME_BYTES_MAX => {
                let payload = std::mem::take(&mut self.buffer);
                self.discarding = true;
                Some(Frame { payload, symbology: None, quality: ScanQuality::Garbage })
            }
            _ => {
                self.buffer.push(byte);
                None
            }
        }
    }

    /// A terminator came.
    fn finish(&mut self) -> Option<Frame> {
        let payload = std::mem::take(&mut self.buffer);
        let marked = std::mem::take(&mut self.marked);
        let broken = self.broken.take();
        if payload.is_empty() {
            return None;
        }
        if payload[0] == SOH {
            self.counters.answers += 1;
            return None;
        }
        if broken.is_some_and(|broken| !marked && !self.is_fresh(&payload, &broken.head)) {
            self.counters.tails += 1;
            return None;
        }
        let frame = self.judge(payload);
        // Wrong speed or a bad cable: nothing in the same breath can be trusted.
        self.discarding = frame.quality == ScanQuality::Garbage;
        Some(frame)
    }

    /// Nothing has come for a while.
    fn fall_silent(&mut self, now_ms: u64) -> Option<Frame> {
        self.last_byte_at_ms = None;
        if std::mem::take(&mut self.discarding) {
            return None;
        }
        let payload = std::mem::take(&mut self.buffer);
        let marked = std::mem::take(&mut self.marked);
        if payload.is_empty() {
            return None;
        }
        let until_ms = now_ms + TAIL_MS;
        if let Some(broken) = &mut self.broken
            && !marked
            && !(self.facts.aim != AimUse::Off && Symbology::split(&payload).is_some())
        {
            // Another piece of the same code; more may follow.
            broken.until_ms = until_ms;
            self.counters.tails += 1;
            return None;
        }
        self.broken = None;
        let frame = self.judge(payload.clone());
        if frame.quality == ScanQuality::Garbage || (self.facts.suffix == Suffix::None && proves_itself(&frame)) {
            return Some(frame);
        }
        self.broken = Some(Broken { head: payload.clone(), until_ms });
        Some(self.broken_frame(payload))
    }

    /// Does this begin a code, although one broke off a moment ago? It does when it has an identifier in front; or when
    /// it is the same article read again, and not the rest of it.
    fn is_fresh(&self, payload: &[u8], head: &[u8]) -> bool {
        if self.facts.aim != AimUse::Off && Symbology::split(payload).is_some() {
            return true;
        }
        let is_gtin = |bytes: &[u8]| std::str::from_utf8(bytes).is_ok_and(|digits| Gtin::parse(digits).is_some());
        payload.starts_with(head) && is_gtin(payload) && !is_gtin(&[head, payload].concat())
    }

    fn broken_frame(&self, payload: Vec<u8>) -> Frame {
        let (symbology, payload) = self.take_identifier(payload).unwrap_or_else(|payload| (None, payload));
        Frame { payload, symbology, quality: ScanQuality::Partial }
    }

    /// Takes the identifiers off and looks at the bytes.
    fn judge(&self, payload: Vec<u8>) -> Frame {
        let (symbology, payload, complete) = match self.take_identifier(payload) {
            Ok((symbology, payload)) => (symbology, payload, true),
            Err(payload) => (None, payload, false),
        };
        let free = symbology.is_some_and(Symbology::is_two_dimensional);
        let is_nonsense = |byte: &u8| (*byte < 0x20 && *byte != GS) || *byte >= 0x7f;
        let quality = if !free && payload.iter().any(is_nonsense) {
            ScanQuality::Garbage
        } else if complete && !payload.is_empty() {
            ScanQuality::Whole
        } else {
            ScanQuality::Partial
        };
        Frame { payload, symbology, quality }
    }

    /// The symbology a code says it has, and the code without it; the code as it is when an identifier is missing that
    /// must be there.
    fn take_identifier(&self, payload: Vec<u8>) -> Result<(Option<Symbology>, Vec<u8>), Vec<u8>> {
        if self.facts.aim != AimUse::Off
            && let Some((symbology, rest)) = Symbology::split(&payload)
        {
            return Ok((Some(symbology), rest.to_vec()));
        }
        if self.facts.aim == AimUse::Required {
            return Err(payload);
        }
        if self.code_ids.table.is_empty() {
            return Ok((None, payload));
        }
        match payload.split_first().and_then(|(id, rest)| Some((*self.code_ids.table.get(id)?, rest))) {
            Some((symbology, rest)) => Ok((Some(symbology), rest.to_vec())),
            None => Err(payload),
        }
    }
}

/// Can this code be told from half of one without a terminator? Only where the kind fixes the length and a check digit
/// closes it.
fn proves_itself(frame: &Frame) -> bool {
    let (Some(symbology), Ok(digits)) = (frame.symbology, std::str::from_utf8(&frame.payload)) else { return false };
    let checks = Gtin::parse(digits).is_some();
    frame.quality == ScanQuality::Whole
        && match (symbology.code, symbology.modifier, digits.len()) {
            (b'E', b'0', 12 | 13) | (b'E', b'4', 8) | (b'I', b'0' | b'1', 14) => checks,
            (b'E', b'0', 8) => expand_upc_e(digits).is_some(),
            _ => false,
        }
}
