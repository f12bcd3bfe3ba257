//! A scan: what a scanner read, whole or not, before anyone asks what it means.

use super::ids::DeviceId;

/// Which kind of code it was, by its AIM identifier (ISO/IEC 15424): `]E0`, `]d2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Symbology {
    /// The code character: `E`.
    pub code: u8,
    /// The modifier: `0`.
    pub modifier: u8,
}

impl Symbology {
    /// The identifier in front of `data` and what follows it; `None` when it has none.
    pub fn split(data: &[u8]) -> Option<(Self, &[u8])> {
        match data {
            [b']', code, modifier, rest @ ..] if code.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() => {
                Some((Self { code: *code, modifier: *modifier }, rest))
            }
            _ => None,
        }
    }

    /// GS1-128, DataBar, GS1 DataMatrix, GS1 QR, GS1 DotCode: data is element strings.
    pub const fn carries_element_string(self) -> bool {
        matches!((self.code, self.modifier), (b'C', b'1') | (b'e', b'0') | (b'd', b'2') | (b'Q', b'3') | (b'J', b'1'))
    }

    /// EAN or UPC, or one of their add-ons.
    pub const fn is_retail(self) -> bool {
        self.code == b'E'
    }

    /// EAN-8, a number of its own and no short form.
    pub const fn is_ean_8(self) -> bool {
        self.code == b'E' && self.modifier == b'4'
    }

    /// ITF, on cartons.
    pub const fn is_carton(self) -> bool {
        self.code == b'I'
    }

    /// DataMatrix, QR, DotCode, Aztec, PDF417: a code of two dimensions may say anything.
    pub const fn is_two_dimensional(self) -> bool {
        matches!(self.code, b'd' | b'Q' | b'J' | b'z' | b'L')
    }
}

/// How well it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScanQuality {
    /// Framed and complete.
    Whole,
    /// Broken off: never sold.
    Partial,
    /// Bytes no code has: a wrong speed, a bad cable.
    Garbage,
    /// Whole, and the same as the one just before: taken, and pointed out.
    Repeat,
}

/// What a scanner read. Whether it may be used at this moment is the register's to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// By which device.
    pub device: DeviceId,
    /// Without frame and identifiers; a group separator is 0x1D.
    pub payload: Vec<u8>,
    /// Which kind of code, when the scanner says.
    pub symbology: Option<Symbology>,
    /// How well.
    pub quality: ScanQuality,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identifier_comes_off_the_front() {
        let check = |data: &str, expected: Option<(&str, &str)>| {
            let found = Symbology::split(data.as_bytes());
            let found = found.map(|(s, rest)| ([s.code, s.modifier], rest));
            assert_eq!(
                found,
                expected.map(|(id, rest)| ([id.as_bytes()[0], id.as_bytes()[1]], rest.as_bytes())),
                "{data}"
            );
        };
        check("]E04006381333931", Some(("E0", "4006381333931")));
        check("]d2", Some(("d2", "")));
        check("]d", None);
        check("4006381333931", None);
        check("]]E0", None);
        check("", None);
    }
}
