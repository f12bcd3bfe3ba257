//! The published vectors, judged strictly; and what the till makes of codes that are odd.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::digital_link::{self, LinkError};
use super::element_string::{self, Element, ElementError};
use super::reading::{self, ElementWarning};
use crate::domain::barcode::gtin::{Gtin, check_digit};
use crate::domain::barcode::{CodeError, Symbology};
use crate::domain::quantity::Quantity;

const VECTORS: &str = include_str!("../../../../tests/vectors/barcodes-gs1-scandata.tsv");

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

/// What the reference engine would say of this error.
fn reference_words(error: &LinkError) -> String {
    match error {
        LinkError::PathOrder => "The AIs in the path are not a valid key-qualifier sequence for the key".into(),
        LinkError::Element(ElementError::UnknownIdentifier { rest }) => {
            format!("No known AI is a prefix of: {rest}...")
        }
        LinkError::Element(ElementError::LengthWrong { identifier }) => {
            format!("AI ({identifier}) data has incorrect length")
        }
        LinkError::Element(ElementError::TooLong { identifier }) => format!("AI ({identifier}) data is too long"),
        LinkError::Element(ElementError::TooShort { identifier }) => format!("AI ({identifier}) value is too short"),
        LinkError::Element(ElementError::CheckDigitWrong { identifier }) => {
            format!("AI ({identifier}): The numeric check digit is incorrect.")
        }
        LinkError::Element(ElementError::MonthWrong { identifier }) => {
            format!("AI ({identifier}): The date contains an illegal month of the year.")
        }
        LinkError::Element(ElementError::Excluded { first, second }) => {
            format!("It is invalid to pair AI ({first}) with AI ({second})")
        }
        LinkError::Element(ElementError::NeedsOther { identifier, alternatives }) => {
            format!("Required AIs for AI ({identifier}) are not satisfied: {alternatives}")
        }
        other => format!("{other:?}"),
    }
}

/// The strict reading of scan data with its symbology identifier: elements, or nothing for codes that carry none.
fn judge_scan_data(data: &str) -> Result<Vec<Element>, String> {
    let (symbology, rest) = Symbology::split(data.as_bytes()).unwrap();
    let rest = std::str::from_utf8(rest).unwrap();
    let judged = if symbology.carries_element_string() {
        element_string::parse(rest).map_err(LinkError::from)
    } else if symbology.is_retail() {
        let fits = Gtin::parse(rest).is_some();
        return if fits { Ok(Vec::new()) } else { Err("Primary message check digit is incorrect".into()) };
    } else if digital_link::is_address(rest) {
        digital_link::parse(rest)
    } else {
        return Ok(Vec::new());
    };
    let judged =
        judged.and_then(|elements| element_string::judge(&elements).map(|()| elements).map_err(LinkError::from));
    judged.map_err(|error| reference_words(&error))
}

#[test]
fn every_published_vector_is_judged_as_the_reference_engine_does() {
    let mut rows = 0;
    for line in VECTORS.lines().filter(|l| !l.starts_with('#')) {
        let columns: Vec<_> = line.split('\t').collect();
        let found = judge_scan_data(&columns[0].replace("{GS}", "\u{1d}"));
        match columns[1] {
            "ERR" => assert_eq!(found, Err(columns[2].to_owned()), "{line}"),
            _ => {
                let elements = found.unwrap_or_else(|error| panic!("{line}: {error}"));
                assert_eq!(element_string::encode_bracketed(&elements), columns[2], "{line}");
                let bracketed = element_string::parse_bracketed(columns[2]);
                assert_eq!(bracketed, (!elements.is_empty()).then_some(elements.clone()), "{line}");
                assert_eq!(digital_link::encode_canonical(&elements).unwrap_or_default(), columns[3], "{line}");
            }
        }
        rows += 1;
    }
    assert_eq!(rows, 143);
}

#[test]
fn every_valid_vector_is_read_by_the_till_with_the_same_values() {
    for line in VECTORS.lines().filter(|l| !l.starts_with('#')) {
        let columns: Vec<_> = line.split('\t').collect();
        if columns[1] != "OK" || columns[2].is_empty() {
            continue;
        }
        let address = columns[3];
        let link = reading::read_link(address, today()).unwrap().unwrap_or_else(|| panic!("{line}"));
        let elements = digital_link::parse(address).unwrap();
        let plain = reading::read(&element_string::encode(&elements), today()).unwrap();
        assert_eq!((link.warnings.len(), plain.warnings.len()), (0, 0), "{line}");
        assert_eq!(link, plain, "{line}");
    }
}

#[test]
fn the_till_reads_batch_dates_weight_and_price() {
    let data = "0109506000134352310300045217261130\u{1d}10AB-12\u{1d}15261031392312345\u{1d}2199";
    let read = reading::read(data, today()).unwrap();
    assert_eq!(read.gtin.as_str(), "09506000134352");
    assert_eq!(read.batch.as_deref(), Some("AB-12"));
    assert_eq!(read.serial.as_deref(), Some("99"));
    assert_eq!(read.expiry, NaiveDate::from_ymd_opt(2026, 11, 30));
    assert_eq!(read.best_before, NaiveDate::from_ymd_opt(2026, 10, 31));
    assert_eq!(read.net_weight, Some(Quantity::from_thousandths(452)));
    assert_eq!(read.price.map(|p| (p.digits, p.decimals)), Some((12345, 3)));
    assert_eq!(read.warnings, []);
}

#[test]
fn what_is_odd_is_a_warning_and_the_article_still_sells() {
    let check = |data: &str, expected: &[ElementWarning]| {
        let read = reading::read(data, today()).unwrap();
        assert_eq!(read.gtin.as_str(), "09506000134352", "{data:?}");
        assert_eq!(read.warnings, expected, "{data:?}");
    };
    let value = |error| ElementWarning::Value(error);
    check("010950600013435205123", &[ElementWarning::UnknownIdentifier("05123".into())]);
    check("010950600013435205123\u{1d}10A", &[ElementWarning::UnknownIdentifier("05123".into())]);
    check("010950600013435217279915", &[value(ElementError::MonthWrong { identifier: "17".into() })]);
    check(
        "010950600013435210AAAAAAAAAAAAAAAAAAAAA\u{1d}21B",
        &[value(ElementError::TooLong { identifier: "10".into() })],
    );
    check("01095060001343523100", &[value(ElementError::LengthWrong { identifier: "3100".into() })]);
    check("\u{1d}0109506000134352\u{1d}\u{1d}", &[]);
}

#[test]
fn what_cannot_be_sold_is_refused() {
    let check = |data: &str, expected: CodeError| assert_eq!(reading::read(data, today()), Err(expected), "{data:?}");
    check("0109506000134353", CodeError::CheckDigitWrong);
    check("0109506000", CodeError::Unreadable);
    check("10LOT", CodeError::NoArticle);
    check("", CodeError::NoArticle);
    check("01095060001343520104006381333931", CodeError::TwoArticles);
    check("01095060001343523103000000", CodeError::ZeroValue);
    check("010950600013435239220", CodeError::ZeroValue);
}

#[test]
fn addresses_are_read_generously() {
    let check = |address: &str, expected: Option<(&str, usize)>| {
        let read = reading::read_link(address, today()).unwrap();
        assert_eq!(read.as_ref().map(|r| (r.gtin.as_str(), r.warnings.len())), expected, "{address}");
    };
    check("HTTPS://Shop.example/deep/path/01/09506000134352", Some(("09506000134352", 0)));
    check("https://shop.example/01/09506000134352/?utm_source=x#top", Some(("09506000134352", 0)));
    check("https://shop.example/01/9506000134352", Some(("09506000134352", 1)));
    check("https://shop.example/01/09506000134352?17=999999", Some(("09506000134352", 1)));
    check("https://shop.example/01/09506000134352/21/S/10/L", Some(("09506000134352", 1)));
    check("https://shop.example/products/42", None);
    check("https://shop.example", None);
    check("https://", None);
    check("hello", None);
    assert_eq!(reading::read_link("https://a.b/01/09506000134353", today()), Err(CodeError::CheckDigitWrong));
    assert_eq!(reading::read_link("https://a.b/01/095060%zz", today()), Err(CodeError::Unreadable));
}

#[test]
fn encoded_characters_survive_the_address() {
    let address = "https://id.gs1.org/01/09506000134352/10/A%2FB%2bC?21=x";
    assert!(matches!(digital_link::parse(address), Err(LinkError::NotAnAttribute { .. })));
    let elements = digital_link::parse("https://id.gs1.org/01/09506000134352/10/A%2FB+C").unwrap();
    assert_eq!(elements[1].value, "A/B+C");
    assert_eq!(
        digital_link::encode_canonical(&elements).as_deref(),
        Some("https://id.gs1.org/01/09506000134352/10/A%2FB%2BC")
    );
}

proptest! {
    #[test]
    fn nothing_a_scanner_can_send_panics(data in "\\PC{0,60}|[0-9\u{1d}]{0,60}|01[0-9]{14}[0-9A-Z\u{1d}/.]{0,40}") {
        let _ = element_string::parse(&data);
        let _ = reading::read(&data, today());
        let _ = reading::read_link(&format!("https://{data}"), today());
        let _ = reading::read_link(&format!("https://a/01/{data}?{data}"), today());
    }

    #[test]
    fn element_string_and_address_say_the_same(
        body in "[0-9]{13}", batch in "[!\"%&'()*+,./:;<=>?0-9A-Z_a-z-]{1,20}", serial in "[A-Z0-9/.]{1,20}", weight in "[0-9]{6}"
    ) {
        let gtin = format!("{body}{}", check_digit(&body).unwrap());
        let elements = vec![
            Element::new("01", gtin), Element::new("10", batch), Element::new("21", serial), Element::new("3103", weight),
        ];
        prop_assert_eq!(element_string::judge(&elements), Ok(()));
        prop_assert_eq!(&element_string::parse(&element_string::encode(&elements)).unwrap(), &elements);
        let address = digital_link::encode_canonical(&elements).unwrap();
        prop_assert_eq!(&digital_link::parse(&address).unwrap(), &elements);
    }
}
