//! All of a scanner that needs no line and no clock: bytes and times in, scans out.

use super::frame::{Frame, FrameReader};
use super::profile::ScannerProfile;
use super::repeat::{RepeatGuard, Verdict};
use crate::domain::ids::DeviceId;
use crate::domain::scan::{Scan, ScanQuality};

/// What became of everything that arrived, for diagnostics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadCounters {
    /// Bytes off the line.
    pub bytes: u64,
    /// Whole codes passed on, repeats among them.
    pub whole: u64,
    /// Of these, the same as the one just before.
    pub repeats: u64,
    /// Broken off.
    pub partial: u64,
    /// Nonsense.
    pub garbage: u64,
    /// Left out: read twice in one go.
    pub doubles: u64,
    /// Left out: the second code of the same piece.
    pub same_articles: u64,
    /// Left out: second halves of broken-off codes.
    pub tails: u64,
    /// Left out: answers to our commands.
    pub answers: u64,
}

/// The reader of one scanner. Times are milliseconds of any clock that does not go back.
#[derive(Debug)]
pub struct ScanReader {
    device: DeviceId,
    frames: FrameReader,
    guard: RepeatGuard,
    counters: ReadCounters,
    /// Nonsense since the last whole code.
    garbled_in_a_row: u32,
}

/// So much nonsense in a row, and the line's speed is probably wrong. One is a scratched label or a plug that was touched: no
/// reason to stop listening at a speed that may be right.
pub const GARBLED_IN_A_ROW: u32 = 2;

impl ScanReader {
    /// A reader for the scanner `device` of this profile.
    pub fn new(device: DeviceId, profile: &ScannerProfile) -> Self {
        Self {
            device,
            frames: FrameReader::new(profile),
            guard: RepeatGuard::default(),
            counters: ReadCounters::default(),
            garbled_in_a_row: 0,
        }
    }

    /// Takes bytes that arrived at `now_ms`.
    pub fn feed(&mut self, bytes: &[u8], now_ms: u64) -> Vec<Scan> {
        self.counters.bytes += bytes.len() as u64;
        let frames = self.frames.feed(bytes, now_ms);
        self.judge(frames, now_ms)
    }

    /// Lets time pass.
    pub fn poll(&mut self, now_ms: u64) -> Vec<Scan> {
        let frames = self.frames.poll(now_ms);
        self.judge(frames, now_ms)
    }

    /// When [`Self::poll`] has something to say, unless bytes come before.
    pub fn next_deadline(&self) -> Option<u64> {
        self.frames.next_deadline()
    }

    /// The line has gone.
    pub fn disconnect(&mut self, now_ms: u64) -> Vec<Scan> {
        let frames = self.frames.disconnect().into_iter().collect();
        let scans = self.judge(frames, now_ms);
        self.guard.forget();
        self.garbled_in_a_row = 0;
        scans
    }

    /// Is what was read last such nonsense that the line's speed is probably wrong?
    pub const fn is_speed_doubtful(&self) -> bool {
        self.garbled_in_a_row >= GARBLED_IN_A_ROW
    }

    /// How much nonsense came since the last whole code.
    pub const fn garbled_in_a_row(&self) -> u32 {
        self.garbled_in_a_row
    }

    /// What became of everything.
    pub fn counters(&self) -> ReadCounters {
        let frames = self.frames.counters();
        ReadCounters { tails: frames.tails, answers: frames.answers, ..self.counters }
    }

    fn judge(&mut self, frames: Vec<Frame>, now_ms: u64) -> Vec<Scan> {
        frames.into_iter().filter_map(|frame| self.judge_one(frame, now_ms)).collect()
    }

    fn judge_one(&mut self, frame: Frame, now_ms: u64) -> Option<Scan> {
        let Frame { payload, symbology, quality } = frame;
        let quality = match quality {
            ScanQuality::Whole | ScanQuality::Repeat => {
                self.garbled_in_a_row = 0;
                match self.guard.judge(&payload, symbology, now_ms) {
                    Verdict::New => ScanQuality::Whole,
                    Verdict::Repeat => ScanQuality::Repeat,
                    Verdict::Double => {
                        self.counters.doubles += 1;
                        return None;
                    }
                    Verdict::SameArticle => {
                        self.counters.same_articles += 1;
                        return None;
                    }
                }
            }
            ScanQuality::Garbage => {
                self.garbled_in_a_row = self.garbled_in_a_row.saturating_add(1);
                quality
            }
            ScanQuality::Partial => quality,
        };
        match quality {
            ScanQuality::Whole => self.counters.whole += 1,
            ScanQuality::Repeat => {
                self.counters.whole += 1;
                self.counters.repeats += 1;
            }
            ScanQuality::Partial => self.counters.partial += 1,
            ScanQuality::Garbage => self.counters.garbage += 1,
        }
        Some(Scan { device: self.device.clone(), payload, symbology, quality })
    }
}

#[cfg(test)]
mod tests;
