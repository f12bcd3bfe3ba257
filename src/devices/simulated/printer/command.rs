//! Bytes to commands, as a printer reads them: one by one, across any break, nothing after the current command known.

/// What a printer is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A character of the selected page.
    Character(u8),
    /// `LF`
    LineFeed,
    /// `ESC @`
    Initialize,
    /// `ESC t n`
    SelectPage(u8),
    /// `ESC E n`
    Bold(bool),
    /// `GS ! n`: columns and rows of one character, less one.
    Size {
        /// 0 for normal width.
        wider: u8,
        /// 0 for normal height.
        higher: u8,
    },
    /// `GS B n`
    Invert(bool),
    /// `ESC a n`: 0 left, 1 middle, 2 right.
    Align(u8),
    /// `ESC d n`
    FeedLines(u8),
    /// `ESC J n`: what is in the line, and so many dots.
    FeedDots(u8),
    /// `ESC M n`: 1 for font B.
    SelectFont(u8),
    /// `ESC ! n`: font, weight and size at once.
    SelectMode(u8),
    /// `ESC 2`, `ESC 3 n`: dots from one line to the next; none for as it was after `ESC @`.
    LineSpacing(Option<u8>),
    /// `GS h n`: height of bars, in dots.
    BarHeight(u8),
    /// `GS w n`: width of a module, in dots.
    BarWidth(u8),
    /// `GS H n`: 1 above, 2 below, 3 both.
    BarText(u8),
    /// `GS V`
    Cut,
    /// `ESC p m t1 t2`: pulse in steps of 2 ms.
    Kick {
        /// 0 for pin 2, 1 for pin 5.
        pin: u8,
        /// On for this many steps.
        on_steps: u8,
    },
    /// `GS k m n d…`
    Barcode {
        /// 67 EAN-13, 73 Code 128.
        kind: u8,
        /// As sent.
        data: Vec<u8>,
    },
    /// `GS ( k` function 167: width of a module, in dots.
    QrModule(u8),
    /// `GS ( k` function 169: 48 to 51 for L, M, Q, H.
    QrCorrection(u8),
    /// `GS ( k` function 180: keeps the data of a QR code.
    QrStore(Vec<u8>),
    /// `GS ( k` function 181: prints it.
    QrPrint,
    /// `GS v 0`
    Picture {
        /// Bytes in a row.
        width_bytes: usize,
        /// Row by row.
        rows: Vec<u8>,
    },
    /// `GS r n`
    SendStatus(u8),
    /// `GS a n`
    AutomaticStatus(u8),
    /// `GS I n`
    SendIdentity(u8),
    /// `GS ( H` function 48
    SendProcessId([u8; 4]),
    /// Understood and without effect on the paper: zero bytes, character set.
    Nothing,
    /// Not a command this printer knows.
    Unknown(Vec<u8>),
}

/// Reads commands from a stream.
#[derive(Clone, Debug, Default)]
pub struct CommandReader {
    pending: Vec<u8>,
}

/// Longer commands are taken for noise: nothing here prints a picture of more.
const COMMAND_BYTES_MAX: usize = 1 << 20;

impl CommandReader {
    /// Takes the next byte; gives the command it completes.
    pub fn feed(&mut self, byte: u8) -> Option<Command> {
        self.pending.push(byte);
        let length = length_of(&self.pending)?;
        if self.pending.len() < length && length <= COMMAND_BYTES_MAX {
            return None;
        }
        let bytes = std::mem::take(&mut self.pending);
        Some(interpret(bytes))
    }

    /// Is the next byte data of a command, rather than the beginning of one or one of its parameters?
    pub fn is_inside_data(&self) -> bool {
        self.pending.len() >= 5 && length_of(&self.pending).is_some()
    }

    /// Power off, or a cleared buffer.
    pub fn forget(&mut self) {
        self.pending.clear();
    }
}

/// How long the command is that begins like this; `None` while that cannot be told.
fn length_of(bytes: &[u8]) -> Option<usize> {
    let at = |index: usize| bytes.get(index).copied();
    let number = |low: usize| Some(usize::from(u16::from_le_bytes([at(low)?, at(low + 1)?])));
    match at(0)? {
        0x10 => match at(1)? {
            0x04 | 0x05 => Some(3),
            0x14 => match at(2)? {
                8 => Some(10),
                _ => Some(5),
            },
            _ => Some(2),
        },
        0x1B => match at(1)? {
            b'@' | b'2' => Some(2),
            b'p' => Some(5),
            b'$' => Some(4),
            _ => Some(3),
        },
        0x1D => match at(1)? {
            b'V' => match at(2)? {
                0 | 1 | b'0' | b'1' => Some(3),
                _ => Some(4),
            },
            b'k' => match at(2)? {
                0..=6 => (bytes.len() > 3 && bytes.last() == Some(&0)).then_some(bytes.len()),
                _ => Some(4 + usize::from(at(3)?)),
            },
            b'(' => Some(5 + number(3)?),
            b'v' => Some(8 + number(4)? * number(6)?),
            b'L' | b'W' => Some(4),
            _ => Some(3),
        },
        _ => Some(1),
    }
}

fn interpret(bytes: Vec<u8>) -> Command {
    match bytes[..] {
        [0x0A] => Command::LineFeed,
        [0x1B, b'@'] => Command::Initialize,
        [0x1B, b't', n] => Command::SelectPage(n),
        [0x1B, b'E', n] => Command::Bold(n & 1 == 1),
        [0x1B, b'a', n] => Command::Align(n % 48),
        [0x1B, b'd', n] => Command::FeedLines(n),
        [0x1B, b'p', pin, on_steps, _] => Command::Kick { pin: pin & 1, on_steps },
        [0x1B, b'J', n] => Command::FeedDots(n),
        [0x1B, b'M', n] => Command::SelectFont(n % 48),
        [0x1B, b'!', n] => Command::SelectMode(n),
        [0x1B, b'2'] => Command::LineSpacing(None),
        [0x1B, b'3', n] => Command::LineSpacing(Some(n)),
        [0x1B, b'R' | b'$' | b'-' | b'{', ..] => Command::Nothing,
        [0x1D, b'!', n] => Command::Size { wider: n >> 4 & 7, higher: n & 7 },
        [0x1D, b'B', n] => Command::Invert(n & 1 == 1),
        [0x1D, b'V', ..] => Command::Cut,
        [0x1D, b'r', n] => Command::SendStatus(n),
        [0x1D, b'a', n] => Command::AutomaticStatus(n),
        [0x1D, b'I', n] => Command::SendIdentity(n),
        [0x1D, b'h', n] => Command::BarHeight(n.max(1)),
        [0x1D, b'w', n] => Command::BarWidth(n.clamp(2, 6)),
        [0x1D, b'H', n] => Command::BarText(n % 48),
        [0x1D, b'f' | b'L' | b'W', ..] => Command::Nothing,
        [0x1D, b'k', kind @ 0..=6, ref data @ .., 0] => Command::Barcode { kind: kind + 65, data: data.to_vec() },
        [0x1D, b'k', kind, _, ref data @ ..] => Command::Barcode { kind, data: data.to_vec() },
        [0x1D, b'(', b'H', 6, 0, 0x30, 0x30, a, b, c, d] => Command::SendProcessId([a, b, c, d]),
        [0x1D, b'(', b'k', _, _, 0x31, 0x50, 0x30, ref data @ ..] => Command::QrStore(data.to_vec()),
        [0x1D, b'(', b'k', _, _, 0x31, 0x51, 0x30] => Command::QrPrint,
        [0x1D, b'(', b'k', 3, 0, 0x31, 0x43, n] => Command::QrModule(n.clamp(1, 16)),
        [0x1D, b'(', b'k', 3, 0, 0x31, 0x45, n] => Command::QrCorrection(n),
        [0x1D, b'(', b'k', _, _, 0x31, 0x41, ..] => Command::Nothing,
        [0x1D, b'v', b'0', _, low, high, _, _, ref rows @ ..] => {
            Command::Picture { width_bytes: usize::from(u16::from_le_bytes([low, high])), rows: rows.to_vec() }
        }
        // Real-time requests were acted upon when they arrived; in order they mean nothing more.
        [0 | 0x10, ..] => Command::Nothing,
        [character] if character >= 0x20 => Command::Character(character),
        _ => Command::Unknown(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &[Command]) {
        let mut reader = CommandReader::default();
        let commands: Vec<Command> = bytes.iter().filter_map(|b| reader.feed(*b)).collect();
        assert_eq!(commands, expected, "{bytes:02x?}");
    }

    #[test]
    fn commands_end_where_the_manual_says() {
        check(b"A\n\x1b@", &[Command::Character(b'A'), Command::LineFeed, Command::Initialize]);
        check(b"\x1bt\x13B", &[Command::SelectPage(19), Command::Character(b'B')]);
        check(b"\x1d!\x11", &[Command::Size { wider: 1, higher: 1 }]);
        check(b"\x1bM1\x1b!\x30", &[Command::SelectFont(1), Command::SelectMode(0x30)]);
        check(b"\x1b2\x1b3\x18", &[Command::LineSpacing(None), Command::LineSpacing(Some(24))]);
        check(b"\x1bJ\x06A", &[Command::FeedDots(6), Command::Character(b'A')]);
        check(b"\x1dhP\x1dw\x02\x1dH2", &[Command::BarHeight(80), Command::BarWidth(2), Command::BarText(2)]);
        check(b"\x1d(k\x03\01C\x06\x1d(k\x03\01E1", &[Command::QrModule(6), Command::QrCorrection(49)]);
        check(b"\x1dVB\0\x1dV\0", &[Command::Cut, Command::Cut]);
        check(b"\x1dk\x49\x03{BA", &[Command::Barcode { kind: 73, data: b"{BA".to_vec() }]);
        check(b"\x1dk\x024006381333931\0", &[Command::Barcode { kind: 67, data: b"4006381333931".to_vec() }]);
        check(b"\x1d(k\x05\01P0W1", &[Command::QrStore(b"W1".to_vec())]);
        check(b"\x1d(k\x03\01Q0", &[Command::QrPrint]);
        check(
            b"\x1dv0\0\x02\0\x01\0\x10\x04A",
            &[Command::Picture { width_bytes: 2, rows: vec![0x10, 4] }, Command::Character(b'A')],
        );
        check(
            b"\x10\x04\x01\0\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08",
            &[Command::Nothing, Command::Nothing, Command::Nothing],
        );
        check(b"\x1d(H\x06\0\x30\x300012", &[Command::SendProcessId(*b"0012")]);
        check(b"\x1bp\0\x19\xfa", &[Command::Kick { pin: 0, on_steps: 25 }]);
    }
}
