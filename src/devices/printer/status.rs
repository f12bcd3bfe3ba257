//! What a printer says of itself: its bytes taken apart, and what they add up to.
//!
//! The answers of ESC/POS printers share one stream. Each kind is told by bits that never change (Epson TM-U220 manual
//! p.82, TM-U295 p.44, Sewoo LK-P p.8):
//!
//! | answer | bytes | told by |
//! |---|---|---|
//! | `GS a`, automatic status | 4 | first `0xx1xx00`, the others `0xx0xxxx` |
//! | `DLE EOT n`, real-time status | 1 | `0xx1xx10` |
//! | `GS r n`, status in the stream | 1 | `0xx0xxxx`, outside the four bytes above |
//! | `GS I`, `GS ( H`, blocks of data | up to a zero byte | first 35, 37, 3B, 3D, 5F hex |
//! | XON, XOFF | 1 | 11, 13 hex, anywhere |

use crate::domain::device::{HealthReason, HealthState};

/// The longest block of data that is taken; longer ones are noise.
const BLOCK_BYTES_MAX: usize = 80;

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The automatic status.
    Automatic([u8; 4]),
    /// An answer to `DLE EOT n`; only who asked knows for which n.
    RealTime(u8),
    /// An answer to `GS r n`.
    InStream(u8),
    /// A block: its first byte, and what stood before the closing zero.
    Block(u8, Vec<u8>),
}

/// Takes a printer's bytes apart, one by one. After noise it finds the next answer within four bytes.
#[derive(Clone, Debug, Default)]
pub struct ReplyParser {
    state: State,
}

#[derive(Clone, Debug, Default)]
enum State {
    #[default]
    Idle,
    Automatic {
        bytes: [u8; 4],
        count: usize,
    },
    Block {
        kind: u8,
        data: Vec<u8>,
    },
}

impl ReplyParser {
    /// Takes the next byte; gives the answer it completes.
    pub fn feed(&mut self, byte: u8) -> Option<Reply> {
        const XON: u8 = 0x11;
        const XOFF: u8 = 0x13;
        if matches!(byte, XON | XOFF) {
            return None;
        }
        match std::mem::take(&mut self.state) {
            State::Idle => self.begin(byte),
            State::Automatic { mut bytes, count } if byte & 0x90 == 0 => {
                bytes[count] = byte;
                if count == 3 {
                    return Some(Reply::Automatic(bytes));
                }
                self.state = State::Automatic { bytes, count: count + 1 };
                None
            }
            // Broken off: this byte begins something new.
            State::Automatic { .. } => self.begin(byte),
            State::Block { kind, data } if byte == 0 => Some(Reply::Block(kind, data)),
            State::Block { kind, mut data } if byte < 0x80 && data.len() < BLOCK_BYTES_MAX => {
                data.push(byte);
                self.state = State::Block { kind, data };
                None
            }
            State::Block { .. } => self.begin(byte),
        }
    }

    fn begin(&mut self, byte: u8) -> Option<Reply> {
        match byte {
            0x35 | 0x37 | 0x3B | 0x3D | 0x5F => self.state = State::Block { kind: byte, data: Vec::new() },
            _ if byte & 0x93 == 0x10 => self.state = State::Automatic { bytes: [byte, 0, 0, 0], count: 1 },
            _ if byte & 0x93 == 0x12 => return Some(Reply::RealTime(byte)),
            _ if byte & 0x90 == 0 => return Some(Reply::InStream(byte)),
            _ => {}
        }
        None
    }

    /// Is an answer half here?
    pub const fn is_inside(&self) -> bool {
        !matches!(self.state, State::Idle)
    }

    /// The line has been silent for longer than an answer ever pauses: what is half here will not come.
    pub fn give_up(&mut self) {
        self.state = State::Idle;
    }
}

/// Which question of `DLE EOT n` an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RealTimeQuestion {
    /// n = 1: the printer and the drawer pin.
    Printer,
    /// n = 2: why it is offline.
    OfflineCause,
    /// n = 3: what is broken.
    ErrorCause,
    /// n = 4: the paper.
    Paper,
}

impl RealTimeQuestion {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Printer, Self::OfflineCause, Self::ErrorCause, Self::Paper];

    /// The n of `DLE EOT n`.
    pub const fn number(self) -> u8 {
        match self {
            Self::Printer => 1,
            Self::OfflineCause => 2,
            Self::ErrorCause => 3,
            Self::Paper => 4,
        }
    }
}

/// Level of the drawer's sense pin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinLevel {
    /// High.
    High,
    /// Low.
    Low,
}

impl PinLevel {
    const fn of(bit: u8) -> Self {
        if bit == 0 { Self::Low } else { Self::High }
    }
}

/// What is known of the printer, put together from all its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct PrinterStatus {
    /// Takes no print data now.
    pub offline: bool,
    /// The cover is open.
    pub cover_open: bool,
    /// No paper.
    pub paper_out: bool,
    /// The roll's end is near.
    pub paper_low: bool,
    /// The knife is stuck.
    pub cutter_stuck: bool,
    /// Something that only switching off and on clears.
    pub broken: bool,
    /// The head is too hot.
    pub hot: bool,
    /// The drawer's pin, once it was told.
    pub drawer_pin: Option<PinLevel>,
}

impl PrinterStatus {
    /// Takes an automatic status in: all of it is news.
    pub fn apply_automatic(&mut self, bytes: [u8; 4]) {
        let [first, second, third, _] = bytes;
        self.drawer_pin = Some(PinLevel::of(first & 0x04));
        self.offline = first & 0x08 != 0;
        self.cover_open = first & 0x20 != 0;
        self.cutter_stuck = second & 0x08 != 0;
        self.broken = second & 0x20 != 0;
        self.hot = second & 0x40 != 0;
        self.paper_low = third & 0x03 != 0;
        self.paper_out = third & 0x0C != 0;
    }

    /// Takes the answer to one real-time question in.
    pub const fn apply_real_time(&mut self, question: RealTimeQuestion, byte: u8) {
        match question {
            RealTimeQuestion::Printer => {
                self.drawer_pin = Some(PinLevel::of(byte & 0x04));
                self.offline = byte & 0x08 != 0;
            }
            RealTimeQuestion::OfflineCause => {
                self.cover_open = byte & 0x04 != 0;
                self.paper_out = byte & 0x20 != 0;
            }
            RealTimeQuestion::ErrorCause => {
                self.cutter_stuck = byte & 0x08 != 0;
                self.broken = byte & 0x20 != 0;
                self.hot = byte & 0x40 != 0;
            }
            RealTimeQuestion::Paper => {
                self.paper_low = byte & 0x0C != 0;
                self.paper_out = byte & 0x60 != 0;
            }
        }
    }

    /// Takes the answer to `GS r 1` in.
    pub const fn apply_paper(&mut self, byte: u8) {
        self.paper_low = byte & 0x03 != 0;
        self.paper_out = byte & 0x0C != 0;
    }

    /// What keeps it from printing, the first thing to mend first.
    pub const fn obstacle(&self) -> Option<HealthReason> {
        if self.broken {
            Some(HealthReason::Fault)
        } else if self.cover_open {
            Some(HealthReason::CoverOpen)
        } else if self.paper_out {
            Some(HealthReason::PaperOut)
        } else if self.cutter_stuck {
            Some(HealthReason::Cutter)
        } else if self.hot {
            Some(HealthReason::Hot)
        } else if self.offline {
            Some(HealthReason::Busy)
        } else {
            None
        }
    }

    /// In the words of all devices.
    pub fn health(&self) -> HealthState {
        match self.obstacle() {
            None => HealthState::Ready,
            Some(HealthReason::Fault) => HealthState::Offline(HealthReason::Fault),
            Some(reason) => HealthState::Held(reason),
        }
    }
}

/// Can this be an answer to `GS r 1`? The paper sensors set their two bits together, so that noise passes seldom.
pub const fn is_paper_answer(byte: u8) -> bool {
    byte & 0x90 == 0 && matches!(byte & 0x0F, 0x00 | 0x03 | 0x0C | 0x0F)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(bytes: &[u8]) -> Vec<Reply> {
        let mut parser = ReplyParser::default();
        bytes.iter().filter_map(|b| parser.feed(*b)).collect()
    }

    fn check(bytes: &[u8], expected: &[Reply]) {
        assert_eq!(parse(bytes), expected, "{bytes:02x?}");
    }

    #[test]
    fn answers_are_told_apart() {
        let ready = Reply::Automatic([0x10, 0, 0, 0x0F]);
        check(&[0x10, 0, 0, 0x0F], std::slice::from_ref(&ready));
        check(&[0x10, 0x13, 0, 0x11, 0, 0x0F], std::slice::from_ref(&ready));
        check(&[0x12], &[Reply::RealTime(0x12)]);
        check(&[0x00], &[Reply::InStream(0)]);
        check(&[0x0C, 0x10, 0, 0, 0x0F, 0x03], &[Reply::InStream(0x0C), ready.clone(), Reply::InStream(3)]);
        check(b"\x5FTM-T20\0", &[Reply::Block(0x5F, b"TM-T20".to_vec())]);
        check(b"\x37\x221234\0\x00", &[Reply::Block(0x37, b"\"1234".to_vec()), Reply::InStream(0)]);
        // Broken off after two bytes, then whole.
        check(&[0x10, 0, 0x10, 0, 0, 0x0F], std::slice::from_ref(&ready));
        check(&[0x10, 0, 0x12], &[Reply::RealTime(0x12)]);
        check(&[0xFF, 0x91, 0x10, 0, 0, 0x0F], &[ready]);
    }

    #[test]
    fn states_become_plain_words() {
        let health = |bytes: [u8; 4]| {
            let mut status = PrinterStatus::default();
            status.apply_automatic(bytes);
            status.health()
        };
        assert_eq!(health([0x10, 0, 0, 0]), HealthState::Ready);
        assert_eq!(health([0x10, 0, 0x03, 0]), HealthState::Ready, "near the end is not the end");
        assert_eq!(health([0x18, 0, 0x0F, 0]), HealthState::Held(HealthReason::PaperOut));
        assert_eq!(health([0x38, 0, 0x0F, 0]), HealthState::Held(HealthReason::CoverOpen));
        assert_eq!(health([0x18, 0x08, 0, 0]), HealthState::Held(HealthReason::Cutter));
        assert_eq!(health([0x18, 0x40, 0, 0]), HealthState::Held(HealthReason::Hot));
        assert_eq!(health([0x18, 0x20, 0, 0]), HealthState::Offline(HealthReason::Fault));
    }

    proptest! {
        /// Whatever came before, an answer after four bytes that belong to nothing is found.
        #[test]
        fn after_any_noise_the_next_answer_but_one_is_found(noise in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut parser = ReplyParser::default();
            for byte in noise {
                parser.feed(byte);
            }
            // 80 hex belongs to no answer and ends any that is half here.
            for _ in 0..4 {
                prop_assert_eq!(parser.feed(0x80), None);
            }
            prop_assert!(!parser.is_inside());
            let found: Vec<Reply> = [0x10, 0, 0, 0x0F].iter().filter_map(|b| parser.feed(*b)).collect();
            prop_assert_eq!(found, vec![Reply::Automatic([0x10, 0, 0, 0x0F])]);
        }
    }
}
