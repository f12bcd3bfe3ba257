//! Pictures for printers: one bit a dot, and the bytes that print them.

use barcoders::sym::code128::Code128;
use barcoders::sym::ean13::EAN13;

use crate::domain::receipt::BarcodeKind;

/// A picture of black and white dots.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Bitmap {
    width_bytes: usize,
    rows: Vec<u8>,
}

impl Bitmap {
    /// A white one; the width is rounded up to whole bytes.
    pub fn new(width_dots: usize, height_dots: usize) -> Self {
        let width_bytes = width_dots.div_ceil(8);
        Self { width_bytes, rows: vec![0; width_bytes * height_dots] }
    }

    /// From rows of `width_bytes` bytes, most significant bit left, 1 for black. An unfinished last row is dropped.
    pub fn from_rows(width_bytes: usize, mut rows: Vec<u8>) -> Self {
        rows.truncate(rows.len() / width_bytes.max(1) * width_bytes);
        Self { width_bytes, rows }
    }

    /// Adds another picture of the same width below.
    pub fn append(&mut self, below: &Self) {
        debug_assert_eq!(self.width_bytes, below.width_bytes);
        self.rows.extend_from_slice(&below.rows);
    }

    /// Dots in a row.
    pub const fn width_dots(&self) -> usize {
        self.width_bytes * 8
    }

    /// Rows.
    pub const fn height_dots(&self) -> usize {
        match self.rows.len().checked_div(self.width_bytes) {
            Some(rows) => rows,
            None => 0,
        }
    }

    /// Is the dot black? White outside.
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        x < self.width_dots() && self.rows.get(y * self.width_bytes + x / 8).is_some_and(|b| b & (0x80 >> (x % 8)) != 0)
    }

    /// Makes a rectangle black, as far as it lies inside.
    pub fn blacken(&mut self, x: usize, y: usize, width: usize, height: usize) {
        for row in y..(y + height).min(self.height_dots()) {
            for column in x..(x + width).min(self.width_dots()) {
                self.rows[row * self.width_bytes + column / 8] |= 0x80 >> (column % 8);
            }
        }
    }

    /// Turns black to white and white to black in a rectangle, as far as it lies inside.
    pub fn invert(&mut self, x: usize, y: usize, width: usize, height: usize) {
        for row in y..(y + height).min(self.height_dots()) {
            for column in x..(x + width).min(self.width_dots()) {
                self.rows[row * self.width_bytes + column / 8] ^= 0x80 >> (column % 8);
            }
        }
    }

    /// Draws another picture with its upper left corner there.
    pub fn stamp(&mut self, other: &Self, x: usize, y: usize) {
        for (row, bytes) in other.rows.chunks(other.width_bytes.max(1)).enumerate() {
            for (column, byte) in bytes.iter().enumerate().filter(|(_, byte)| **byte != 0) {
                for bit in (0..8).filter(|bit| byte & (0x80 >> bit) != 0) {
                    self.blacken(x + column * 8 + bit, y + row, 1, 1);
                }
            }
        }
    }

    /// Without the white rows at its top and bottom and the white bytes at its right; how many rows were taken off at
    /// either end. A white picture has no rows left, and all of them were at the top.
    pub fn trimmed(&self) -> (usize, Self, usize) {
        let is_white = |row: &&[u8]| row.iter().all(|byte| *byte == 0);
        let rows = self.rows.chunks(self.width_bytes.max(1));
        let top = rows.clone().take_while(is_white).count();
        let bottom = rows.clone().skip(top).rev().take_while(is_white).count();
        let kept = rows.clone().skip(top).take(self.height_dots() - top - bottom);
        let ends = kept.clone().map(|row| row.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1));
        let width_bytes = ends.max().unwrap_or(0);
        let rows = kept.flat_map(|row| &row[..width_bytes]).copied().collect();
        (top, Self { width_bytes, rows }, bottom)
    }

    /// The bars of a barcode, each module so many dots wide. `None` when the text is not one for this kind.
    pub fn of_barcode(kind: BarcodeKind, data: &str, module_dots: usize, height_dots: usize) -> Option<Self> {
        let modules = match kind {
            BarcodeKind::Ean13 if data.len() == 13 => EAN13::new(data).ok()?.encode(),
            // `Ɓ` is how the library says code set B.
            BarcodeKind::Code128 => Code128::new(format!("Ɓ{data}")).ok()?.encode(),
            BarcodeKind::Ean13 => return None,
        };
        let mut bitmap = Self::new(modules.len() * module_dots, height_dots);
        for (index, _) in modules.iter().enumerate().filter(|(_, module)| **module == 1) {
            bitmap.blacken(index * module_dots, 0, module_dots, height_dots);
        }
        Some(bitmap)
    }

    /// The QR code of a text, in the middle of a line of `line_dots`, each module `module_dots` wide, with the quiet
    /// zone of four modules the standard asks for (ISO/IEC 18004, 6.3.8). `None` when it does not fit.
    pub fn of_qr(data: &str, line_dots: usize, module_dots: usize) -> Option<Self> {
        const QUIET: usize = 4;
        let code = Self::of_qr_modules(data, qrcode::EcLevel::M, module_dots)?;
        let side = code.height_dots() + 2 * QUIET * module_dots;
        let mut bitmap = Self::new(line_dots, side);
        bitmap.stamp(&code, line_dots.checked_sub(side)? / 2 + QUIET * module_dots, QUIET * module_dots);
        Some(bitmap)
    }

    /// The modules of a QR code alone, without white around them.
    pub fn of_qr_modules(data: &str, level: qrcode::EcLevel, module_dots: usize) -> Option<Self> {
        let code = qrcode::QrCode::with_error_correction_level(data, level).ok()?;
        let modules = code.width();
        let mut bitmap = Self::new(modules * module_dots, modules * module_dots);
        for (index, colour) in code.to_colors().into_iter().enumerate() {
            if colour == qrcode::Color::Dark {
                let (x, y) = (index % modules, index / modules);
                bitmap.blacken(x * module_dots, y * module_dots, module_dots, module_dots);
            }
        }
        Some(bitmap)
    }

    /// The commands `GS v 0` that print the picture, in slices of at most `rows_max` rows and `bytes_max` bytes each.
    /// With `guarded`, no two bytes of it look like a real-time request (see [`guard_real_time`]).
    pub fn encode(&self, rows_max: usize, bytes_max: usize, guarded: bool) -> Vec<Vec<u8>> {
        const HEAD: usize = 8;
        if self.rows.is_empty() {
            return Vec::new();
        }
        let fitting = bytes_max.saturating_sub(HEAD) / self.width_bytes;
        let slice_rows = rows_max.min(fitting).max(1);
        self.rows
            .chunks(slice_rows * self.width_bytes)
            .map(|rows| {
                let [x_low, x_high] = (self.width_bytes as u16).to_le_bytes();
                let [y_low, y_high] = ((rows.len() / self.width_bytes) as u16).to_le_bytes();
                let mut bytes = vec![0x1D, 0x76, 0x30, 0, x_low, x_high, y_low, y_high];
                bytes.extend_from_slice(rows);
                if guarded {
                    guard_real_time(&mut bytes[HEAD..]);
                }
                bytes
            })
            .collect()
    }
}

/// Printers act on `DLE EOT`, `DLE ENQ` and `DLE DC4` wherever they see them, in the middle of a picture too (HPRT TP80K
/// manual p.74, Sewoo LK-P p.8). One dot beside such a pair is flipped: nobody sees it.
fn guard_real_time(data: &mut [u8]) {
    const DLE: u8 = 0x10;
    for at in 1..data.len() {
        if data[at - 1] == DLE && matches!(data[at], 0x04 | 0x05 | 0x14) {
            data[at] ^= 0x02;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_picture_holds_a_real_time_request_and_no_dot_strays_far(
            rows in proptest::collection::vec(prop_oneof![Just(0x10), Just(0x04), Just(0x05), Just(0x14), any::<u8>()], 16..400),
        ) {
            let bitmap = Bitmap::from_rows(16, rows.clone());
            let mut printed = Vec::new();
            for slice in bitmap.encode(5, 1000, true) {
                let requests = slice[8..].windows(2).filter(|w| w[0] == 0x10 && matches!(w[1], 4 | 5 | 0x14)).count();
                prop_assert_eq!(requests, 0);
                printed.extend_from_slice(&slice[8..]);
            }
            prop_assert_eq!(printed.len(), rows.len() / 16 * 16);
            for (a, b) in rows.iter().zip(&printed) {
                prop_assert!((a ^ b).count_ones() <= 1);
            }
        }
    }

    #[test]
    fn slices_hold_whole_rows_and_keep_to_both_limits() {
        let bitmap = Bitmap::new(576, 100);
        let rows = |rows_max, bytes_max| -> Vec<usize> {
            bitmap.encode(rows_max, bytes_max, true).iter().map(|s| (s.len() - 8) / 72).collect()
        };
        assert_eq!(rows(40, 10_000), [40, 40, 20]);
        assert_eq!(rows(128, 8 + 72 * 50), [50, 50]);
        assert_eq!(rows(128, 10).len(), 100, "a row is the least that can be sent");
    }

    #[test]
    fn what_is_white_all_around_is_not_sent() {
        let mut bitmap = Bitmap::new(576, 30);
        bitmap.blacken(10, 5, 3, 12);
        let (top, inner, bottom) = bitmap.trimmed();
        assert_eq!((top, inner.width_dots(), inner.height_dots(), bottom), (5, 16, 12, 13));
        assert!(inner.is_black(10, 0) && !inner.is_black(9, 0));
        let (top, inner, bottom) = Bitmap::new(576, 30).trimmed();
        assert_eq!((top, inner.height_dots(), bottom), (30, 0, 0));
    }

    #[test]
    fn a_qr_code_stands_in_the_middle_with_its_quiet_zone() {
        let bitmap = Bitmap::of_qr("W-10231", 384, 4).unwrap();
        let black: Vec<usize> =
            (0..384).filter(|x| (0..bitmap.height_dots()).any(|y| bitmap.is_black(*x, y))).collect();
        let (first, last) = (black[0], black[black.len() - 1]);
        assert!(first.abs_diff(383 - last) <= 1, "{first} {last}");
        assert!((0..16).all(|y| (0..384).all(|x| !bitmap.is_black(x, y))));
        assert_eq!(Bitmap::of_qr(&"x".repeat(5000), 384, 4), None);
    }
}
