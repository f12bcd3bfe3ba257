//! What a code means, by how it came.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::gtin::check_digit;
use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn parse(data: &str) -> Result<Code, CodeError> {
    let rules = InStoreRules::for_country("GB").unwrap();
    match Symbology::split(data.as_bytes()) {
        Some((symbology, rest)) => parse_code(rest, Some(symbology), &rules, today()),
        None => parse_code(data.as_bytes(), None, &rules, today()),
    }
}

/// A word for the kind of code, and its keys.
fn summary(data: &str) -> Result<(&'static str, Vec<String>), CodeError> {
    parse(data).map(|code| {
        let kind = match &code {
            Code::Gtin(_) => "gtin",
            Code::InStore(_) => "in-store",
            Code::Gs1(_) => "gs1",
            Code::House(_) => "house",
            Code::Text(_) => "text",
        };
        (kind, code.lookup_keys())
    })
}

#[test]
fn every_kind_of_code_leads_to_its_keys() {
    let check = |data: &str, kind: &str, keys: &[&str]| {
        let expected = keys.iter().map(|k| (*k).to_owned()).collect::<Vec<_>>();
        assert_eq!(summary(data), Ok((kind, expected)), "{data:?}");
    };
    check("4006381333931", "gtin", &["04006381333931", "4006381333931"]);
    check("]E04006381333931", "gtin", &["04006381333931", "4006381333931"]);
    check("04006381333931", "gtin", &["04006381333931"]);
    check("036000291452", "gtin", &["00036000291452", "036000291452"]);
    check("]E00036000291452", "gtin", &["00036000291452", "0036000291452"]);
    check(" 4006381333931\r\n", "gtin", &["04006381333931", "4006381333931"]);
    check("]E496385074", "gtin", &["00000096385074", "96385074"]);
    check("96385074", "gtin", &["00000096385074", "96385074"]);
    check("08316314", "gtin", &["00083100001634", "08316314"]);
    check("]E0423566", "gtin", &["00042356000068", "423566"]);
    check("]E00423566", "gtin", &["00042356000068", "0423566"]);
    check("]E3978316148410052495", "gtin", &["09783161484100", "9783161484100"]);
    check("978316148410052495", "gtin", &["09783161484100", "9783161484100"]);
    check("]I110614141543219", "gtin", &["10614141543219"]);
    check("]C04006381333932", "text", &["4006381333932"]);
    check("]C04006381333931", "gtin", &["04006381333931", "4006381333931"]);
    check("]A0SKU-17", "text", &["SKU-17"]);
    check("SKU-17", "text", &["SKU-17"]);
    check("10004523", "text", &["10004523"]);
    check("104523", "text", &["104523"]);
    check("]C10109506000134352\u{1d}10A", "gs1", &["09506000134352"]);
    check("0109506000134352\u{1d}10A", "gs1", &["09506000134352"]);
    check("010950600013435217261130", "gs1", &["09506000134352"]);
    check("0109506000134353", "text", &["0109506000134353"]);
    check("]Q1https://id.gs1.org/01/09506000134352", "gs1", &["09506000134352"]);
    check("https://shop.example/sale", "text", &["https://shop.example/sale"]);
    check("]Q1till:collect/ABC234", "house", &[]);
    check("C:ABC234", "house", &[]);
    check("B:93kd", "house", &[]);
}

#[test]
fn a_scale_label_leads_to_its_item_without_the_price() {
    let label = Gtin::from_body("204197913760").unwrap();
    for data in
        [format!("]E0{}", label.as_gtin_13().unwrap()), label.as_gtin_13().unwrap().to_owned(), label.to_string()]
    {
        let Ok(Code::InStore(code)) = parse(&data) else { panic!("{data}") };
        assert_eq!(code.value, InStoreValue::Price { digits: 3760, decimals: 2 });
        assert_eq!(Code::InStore(code).lookup_keys(), ["02041979000002"]);
    }
}

#[test]
fn eight_digits_that_are_two_numbers_are_looked_up_as_both() {
    let both = (1..10_000_000u32)
        .map(|n| format!("0{n:07}"))
        .find(|digits| Gtin::parse(digits).is_some() && gtin::expand_upc_e(digits).is_some())
        .unwrap();
    let (ean_8, upc_e) = (Gtin::parse(&both).unwrap().to_string(), gtin::expand_upc_e(&both).unwrap().to_string());
    assert_eq!(parse(&both).unwrap().lookup_keys(), [ean_8.clone(), upc_e.clone(), both.clone()]);
    assert_eq!(parse(&format!("]E4{both}")).unwrap().lookup_keys(), [ean_8, both.clone()]);
    assert_eq!(parse(&format!("]E0{both}")).unwrap().lookup_keys(), [upc_e, both.clone()]);
}

#[test]
fn what_upc_e_scanners_send_is_the_expanded_number() {
    for line in include_str!("../../../tests/vectors/barcodes-upce.tsv").lines().filter(|l| !l.starts_with('#')) {
        let [short, long, sent] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        if sent.is_empty() {
            continue;
        }
        let expected = format!("00{long}");
        assert_eq!(parse(sent).unwrap().lookup_keys()[0], expected, "{line}");
        assert_eq!(parse(&format!("]E0{short}")).unwrap().lookup_keys()[0], expected, "{line}");
    }
}

#[test]
fn nothing_is_guessed() {
    let check = |data: &str, expected: CodeError| assert_eq!(summary(data), Err(expected), "{data:?}");
    check("4006381333932", CodeError::CheckDigitWrong);
    check("]E04006381333932", CodeError::CheckDigitWrong);
    check("]E496385075", CodeError::CheckDigitWrong);
    check("]I110614141543218", CodeError::CheckDigitWrong);
    check("]C10109506000134353", CodeError::CheckDigitWrong);
    check("]E205", CodeError::AddOnOnly);
    check("]E252495", CodeError::AddOnOnly);
    check("]E040063813", CodeError::CheckDigitWrong);
    check("]E0400638133", CodeError::Unreadable);
    check("]C100106141412345678908", CodeError::NoArticle);
    check("", CodeError::Empty);
    check(" \r\n", CodeError::Empty);
    check("abc\u{1}def", CodeError::Unreadable);
    check(Gtin::from_body("204197923760").unwrap().as_str(), CodeError::VerifierWrong);
    check("01095060001343523103000000", CodeError::ZeroValue);
    check(&"7".repeat(CODE_LENGTH_MAX + 1), CodeError::TooLong);
}

#[test]
fn a_stored_key_is_found_however_the_code_was_written() {
    for text in ["4006381333931", "04006381333931", " 4006381333931 "] {
        assert_eq!(lookup_key(text), "04006381333931");
    }
    assert_eq!(lookup_key("SKU-17"), "SKU-17");
}

proptest! {
    #[test]
    fn no_payload_panics(payload in proptest::collection::vec(any::<u8>(), 0..64), code in "[A-Za-z]", modifier in "[0-9]") {
        let symbology = Symbology { code: code.as_bytes()[0], modifier: modifier.as_bytes()[0] };
        for country in ["GB", "DE", "SE", "US"] {
            let rules = InStoreRules::for_country(country).unwrap();
            let _ = parse_code(&payload, Some(symbology), &rules, today());
            let _ = parse_code(&payload, None, &rules, today());
        }
    }

    #[test]
    fn digits_of_any_length_find_themselves_or_a_reason(digits in "[0-9]{1,20}") {
        if let Ok(code) = parse(&digits) {
            prop_assert!(!code.lookup_keys().is_empty());
        }
    }

    #[test]
    fn every_stored_article_is_found_by_every_way_of_scanning_it(body in "[345678][0-9]{11}") {
        let digits = format!("{body}{}", check_digit(&body).unwrap());
        let key = lookup_key(&digits);
        let element_string = format!("]C1010{digits}");
        let address = format!("]Q1https://id.gs1.org/01/0{digits}");
        for data in [digits.clone(), format!("]E0{digits}"), format!("0{digits}"), element_string, address] {
            prop_assert_eq!(&parse(&data).unwrap().lookup_keys()[0], &key, "{}", data);
        }
    }
}
