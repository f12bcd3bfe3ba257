//! Units of order quantities: codes of UN/ECE Recommendation 20 and 21, and the words of senders that use none, turned into
//! the unit we sell a product in.

use rust_decimal::Decimal;

use crate::domain::product::Unit;

/// What one ordered unit is of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// So many of our unit.
    Factor(Decimal),
    /// A pack: as many as the identity of the item stands for.
    Pack,
    /// A unit we know, of another kind than ours: kilograms of what we sell by the piece.
    OtherKind,
    /// A unit we do not know.
    Unknown,
}

/// `(codes, kind, mantissa, decimals)`: one of the code is so much of the kind's unit.
const CODES: &[(&[&str], Unit, i64, u32)] = &[
    (
        &["C62", "EA", "H87", "PCE", "PC", "PCS", "ST", "STK", "NAR", "NMB", "UN", "E48", "EACH", "PIECE", "IE"],
        Unit::Each,
        1,
        0,
    ),
    (&["PR", "NPR", "SET", "KT", "PAIR"], Unit::Each, 1, 0),
    (&["DZN", "DZ"], Unit::Each, 12, 0),
    (&["KGM", "KG", "KILO"], Unit::Kilogram, 1, 0),
    (&["GRM", "G", "GR"], Unit::Kilogram, 1, 3),
    (&["HGM"], Unit::Kilogram, 1, 1),
    (&["TNE"], Unit::Kilogram, 1000, 0),
    (&["LBR", "LB"], Unit::Kilogram, 45_359_237, 8),
    (&["ONZ", "OZ"], Unit::Kilogram, 28_349_523_125, 12),
    (&["MTR", "M"], Unit::Metre, 1, 0),
    (&["CMT", "CM"], Unit::Metre, 1, 2),
    (&["MMT", "MM"], Unit::Metre, 1, 3),
    (&["FOT"], Unit::Metre, 3048, 4),
    (&["INH"], Unit::Metre, 254, 4),
    (&["LTR", "L"], Unit::Litre, 1, 0),
    (&["DLT"], Unit::Litre, 1, 1),
    (&["CLT"], Unit::Litre, 1, 2),
    (&["MLT", "ML"], Unit::Litre, 1, 3),
    (&["HUR", "H"], Unit::Hour, 1, 0),
    (&["MIN"], Unit::Hour, 0, 0),
];

/// Packages of Recommendation 21 (with an X before them in Recommendation 20), and the older words for them.
const PACKS: &[&str] = &[
    "NMP", "PK", "PA", "CT", "CS", "BX", "CR", "TRY", "XPK", "XPA", "XCT", "XCS", "XBX", "XCR", "XTY", "XBG", "BG",
    "VPE", "PACK", "BOX", "CASE", "CARTON",
];

/// What one of a sender's unit is of ours. No word at all means our own unit.
pub fn convert(code: Option<&str>, ours: Unit) -> Conversion {
    let Some(code) = code else { return Conversion::Factor(Decimal::ONE) };
    let code = code.trim().to_ascii_uppercase();
    if PACKS.contains(&code.as_str()) {
        return Conversion::Pack;
    }
    match CODES.iter().find(|(codes, ..)| codes.contains(&code.as_str())) {
        None => Conversion::Unknown,
        Some((_, kind, ..)) if *kind != ours => Conversion::OtherKind,
        // Sixty to the hour is no decimal.
        Some((_, Unit::Hour, 0, _)) => Conversion::Factor(Decimal::ONE / Decimal::from(60)),
        Some((_, _, mantissa, decimals)) => Conversion::Factor(Decimal::new(*mantissa, *decimals)),
    }
}

/// The code of the unit we count in where a sender orders in this one; a piece where nothing better is known.
pub fn own_code(code: Option<&str>) -> &'static str {
    let code = code.unwrap_or_default().trim().to_ascii_uppercase();
    match CODES.iter().find(|(codes, ..)| codes.contains(&code.as_str())) {
        Some((_, Unit::Kilogram, ..)) => "KGM",
        Some((_, Unit::Metre, ..)) => "MTR",
        Some((_, Unit::Litre, ..)) => "LTR",
        Some((_, Unit::Hour, ..)) => "HUR",
        Some((_, Unit::Each, ..)) | None => "C62",
    }
}

/// How many of one of a sender's units one of another is, when both are known to be of one kind. No word for the other means
/// the kind's own unit.
pub fn between(code: &str, other: Option<&str>) -> Option<Decimal> {
    let code = code.trim().to_ascii_uppercase();
    if other.is_some_and(|other| other.trim().eq_ignore_ascii_case(&code)) {
        return Some(Decimal::ONE);
    }
    let (_, kind, ..) = CODES.iter().find(|(codes, ..)| codes.contains(&code.as_str()))?;
    match (convert(Some(&code), *kind), convert(other, *kind)) {
        (Conversion::Factor(one), Conversion::Factor(of)) => one.checked_div(of),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_theirs_is_so_many_of_another_of_theirs() {
        #[rustfmt::skip]
        let table = [
            ("GRM", Some("KGM"), Some(Decimal::new(1, 3))),
            ("KGM", Some("grm"), Some(Decimal::from(1_000))),
            ("EA",  Some("C62"), Some(Decimal::ONE)),
            ("DZN", None,        Some(Decimal::from(12))),
            ("XCS", Some("xcs"), Some(Decimal::ONE)),
            ("ZZZ", Some("ZZZ"), Some(Decimal::ONE)),
            ("C62", Some("XCS"), None),
            ("XCS", Some("C62"), None),
            ("C62", Some("KGM"), None),
            ("C62", Some("ZZZ"), None),
            ("ZZZ", None,        None),
        ];
        for (code, other, expected) in table {
            assert_eq!(between(code, other), expected, "{code} {other:?}");
        }
    }

    #[test]
    fn one_of_theirs_is_so_much_of_ours() {
        let factor = |mantissa, decimals| Conversion::Factor(Decimal::new(mantissa, decimals));
        #[rustfmt::skip]
        let table = [
            (None,        Unit::Kilogram, factor(1, 0)),
            (Some("C62"), Unit::Each,     factor(1, 0)),
            (Some("ea"),  Unit::Each,     factor(1, 0)),
            (Some("DZN"), Unit::Each,     factor(12, 0)),
            (Some("GRM"), Unit::Kilogram, factor(1, 3)),
            (Some("KGM"), Unit::Each,     Conversion::OtherKind),
            (Some("C62"), Unit::Kilogram, Conversion::OtherKind),
            (Some("XPK"), Unit::Each,     Conversion::Pack),
            (Some("ZZZ"), Unit::Each,     Conversion::Unknown),
            (Some("CMT"), Unit::Metre,    factor(1, 2)),
        ];
        for (code, ours, expected) in table {
            assert_eq!(convert(code, ours), expected, "{code:?} {ours:?}");
        }
        assert_eq!(convert(Some("MIN"), Unit::Hour), Conversion::Factor(Decimal::ONE / Decimal::from(60)));
    }
}
