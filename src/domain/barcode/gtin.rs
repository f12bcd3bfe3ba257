//! The GTIN family: one number in four lengths, its check digit, and the short form UPC-E.

use std::fmt;

/// What the numbers of a prefix are for (GS1 General Specifications, section 1.4, table of GS1 prefixes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GtinPurpose {
    /// A trade item of any maker.
    TradeItem,
    /// A book: ISBN (978, and 979 except 979-0).
    Book,
    /// Printed music: ISMN (979-0).
    Music,
    /// A periodical: ISSN (977).
    Periodical,
    /// A coupon (981–984, 99).
    Coupon,
    /// A refund receipt (980).
    RefundReceipt,
    /// Given out by a shop for itself (02, 04, 20–29, 40–49 of the second digit pair; EAN-8 beginning 0 or 2).
    InStore,
}

/// A Global Trade Item Number with a right check digit, in the one form everything is stored and looked up by: fourteen
/// digits, filled with zeros on the left (GS1 General Specifications, 3.3.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin([u8; 14]);

impl Gtin {
    /// Eight, twelve, thirteen or fourteen digits with a right check digit; `None` for anything else.
    pub fn parse(digits: &str) -> Option<Self> {
        matches!(digits.len(), 8 | 12 | 13 | 14).then(|| Self::from_padded(digits)).flatten()
    }

    /// The digits filled up to fourteen, when they are digits and the last one checks.
    fn from_padded(digits: &str) -> Option<Self> {
        let bytes = digits.as_bytes();
        if bytes.len() > 14 || !bytes.iter().all(u8::is_ascii_digit) || !check_digit_fits(digits) {
            return None;
        }
        let mut padded = [b'0'; 14];
        padded[14 - bytes.len()..].copy_from_slice(bytes);
        Some(Self(padded))
    }

    /// The number whose digits without the check digit are `body` (at most thirteen digits).
    pub fn from_body(body: &str) -> Option<Self> {
        Self::from_padded(&format!("{body}{}", check_digit(body)?))
    }

    /// Fourteen digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Thirteen digits, when it is not a GTIN-14 of its own (a case or a variable-measure item).
    pub fn as_gtin_13(&self) -> Option<&str> {
        self.as_str().strip_prefix('0')
    }

    /// What its prefix says it is for.
    pub fn purpose(&self) -> GtinPurpose {
        let Some(thirteen) = self.as_gtin_13() else { return GtinPurpose::TradeItem };
        let prefix: u32 = thirteen[..3].parse().unwrap_or(0);
        if let Some(eight) = thirteen.strip_prefix("00000") {
            return match eight.as_bytes()[0] {
                b'0' | b'2' => GtinPurpose::InStore,
                _ => GtinPurpose::TradeItem,
            };
        }
        match prefix {
            20..=29 | 40..=49 | 200..=299 => GtinPurpose::InStore,
            977 => GtinPurpose::Periodical,
            978 => GtinPurpose::Book,
            979 if thirteen.as_bytes()[3] == b'0' => GtinPurpose::Music,
            979 => GtinPurpose::Book,
            980 => GtinPurpose::RefundReceipt,
            981..=984 | 990..=999 => GtinPurpose::Coupon,
            _ => GtinPurpose::TradeItem,
        }
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gtin({})", self.as_str())
    }
}

/// The check digit that belongs behind `body`: weights 3 and 1 from the right (GS1 General Specifications, 7.9.1).
/// `None` when `body` is not all digits.
pub fn check_digit(body: &str) -> Option<u8> {
    let mut sum = 0u32;
    for (index, byte) in body.bytes().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return None;
        }
        sum += u32::from(byte - b'0') * if index % 2 == 0 { 3 } else { 1 };
    }
    Some(((10 - sum % 10) % 10) as u8)
}

/// Is the last digit of `digits` the check digit of those before it?
pub fn check_digit_fits(digits: &str) -> bool {
    let Some((at, last)) = digits.char_indices().next_back() else { return false };
    check_digit(&digits[..at]).map(u32::from) == last.to_digit(10)
}

/// The UPC-A behind a UPC-E of eight digits (number system 0 or 1, six digits, check digit of the UPC-A), or of seven
/// (without check digit) or six (without number system too), as scanners may be set to send it.
///
/// Non-canonical forms, which another ending would write, are refused: a zero run belongs to the shortest ending that
/// can say it (GS1 General Specifications, 5.2.2.4.2, and the figures beside it).
pub fn expand_upc_e(digits: &str) -> Option<Gtin> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (system, six, check) = match digits.len() {
        8 => (&digits[..1], &digits[1..7], Some(&digits[7..])),
        7 => (&digits[..1], &digits[1..], None),
        6 => ("0", digits, None),
        _ => return None,
    };
    if !matches!(system, "0" | "1") {
        return None;
    }
    let d = six.as_bytes();
    let body = match d[5] {
        b'0'..=b'2' => format!("{system}{}{}0000{}", &six[..2], &six[5..], &six[2..5]),
        b'3' if d[2] > b'2' => format!("{system}{}00000{}", &six[..3], &six[3..5]),
        b'4' if d[3] != b'0' => format!("{system}{}00000{}", &six[..4], &six[4..5]),
        b'5'..=b'9' if d[4] != b'0' => format!("{system}{}0000{}", &six[..5], &six[5..]),
        _ => return None,
    };
    let gtin = Gtin::from_body(&body)?;
    check.is_none_or(|check| gtin.as_str().ends_with(check)).then_some(gtin)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_length_is_one_number_of_fourteen_digits() {
        let check = |digits: &str, expected: Option<&str>| {
            assert_eq!(Gtin::parse(digits).as_ref().map(Gtin::as_str), expected, "{digits}");
        };
        check("4006381333931", Some("04006381333931"));
        check("04006381333931", Some("04006381333931"));
        check("036000291452", Some("00036000291452"));
        check("96385074", Some("00000096385074"));
        check("10614141543219", Some("10614141543219"));
        check("4006381333932", None);
        check("400638133393", None);
        check("40063813339a1", None);
        check("", None);
        check("٣٠٠٠", None);
    }

    #[test]
    fn prefixes_say_what_a_number_is_for() {
        let check = |body: &str, expected| assert_eq!(Gtin::from_body(body).unwrap().purpose(), expected, "{body}");
        check("978316148410", GtinPurpose::Book);
        check("979123456789", GtinPurpose::Book);
        check("979023451234", GtinPurpose::Music);
        check("977147396801", GtinPurpose::Periodical);
        check("980123456789", GtinPurpose::RefundReceipt);
        check("981123456789", GtinPurpose::Coupon);
        check("990123456789", GtinPurpose::Coupon);
        check("200123456789", GtinPurpose::InStore);
        check("021234567890", GtinPurpose::InStore);
        check("041234567890", GtinPurpose::InStore);
        check("2123456", GtinPurpose::InStore);
        check("9638507", GtinPurpose::TradeItem);
        check("400638133393", GtinPurpose::TradeItem);
        check("1978316148410", GtinPurpose::TradeItem);
    }

    #[test]
    fn upc_e_expands_as_the_published_vectors_say() {
        let mut rows = 0;
        for line in include_str!("../../../tests/vectors/barcodes-upce.tsv").lines().filter(|l| !l.starts_with('#')) {
            let columns: Vec<_> = line.split('\t').collect();
            rows += 1;
            if columns[1].starts_with("REJECTED") {
                assert_eq!(expand_upc_e(&columns[0][..7]), None, "{line}");
                continue;
            }
            let expected = Gtin::parse(columns[1]);
            assert!(expected.is_some());
            assert_eq!(expand_upc_e(columns[0]), expected, "{line}");
            assert_eq!(expand_upc_e(&columns[0][..7]), expected, "{line}");
            assert_eq!(expand_upc_e(&columns[0][1..7]), expected, "{line}");
        }
        assert_eq!(rows, 20);
    }

    #[test]
    fn no_article_has_two_upc_e_forms() {
        let mut seen = std::collections::HashMap::new();
        // Ambiguity lies in zeros and in the ending, so these digits are enough.
        for number in 0..6usize.pow(6) {
            let six: String = (0..6).map(|at| char::from(b"012345"[number / 6usize.pow(at) % 6])).collect();
            let Some(gtin) = expand_upc_e(&six) else { continue };
            if let Some(other) = seen.insert(gtin, six.clone()) {
                panic!("{six} and {other} both stand for {gtin}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_single_wrong_digit_is_found(body in "[0-9]{12}", at in 0usize..13, wrong in 1u8..10) {
            let gtin = Gtin::from_body(&body).unwrap();
            let mut digits = gtin.as_gtin_13().unwrap().as_bytes().to_vec();
            digits[at] = b'0' + (digits[at] - b'0' + wrong) % 10;
            prop_assert_eq!(Gtin::parse(std::str::from_utf8(&digits).unwrap()), None);
        }

        #[test]
        fn parsing_never_panics(text in ".{0,20}") {
            let _ = Gtin::parse(&text);
            let _ = expand_upc_e(&text);
        }
    }
}
