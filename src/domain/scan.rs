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

/// What a scanner read.
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
