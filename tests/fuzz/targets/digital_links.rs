//! GS1 Digital Links and element strings by themselves, longer and odder than a scanner sends them.
#![no_main]

use chrono::NaiveDate;
use libfuzzer_sys::fuzz_target;
use till::domain::barcode::gs1::{date, digital_link, element_string, reading};

fuzz_target!(|text: &str| {
    let today = NaiveDate::from_ymd_opt(2026, 3, 2).expect("a day");
    let link = digital_link::parse(text);
    if let Ok(elements) = &link {
        assert!(!elements.is_empty(), "a link says something");
    }
    let _ = reading::read_link(text, today);
    let _ = reading::read(text, today);
    let _ = element_string::parse(text);
    let _ = element_string::parse_bracketed(text);
    if let Some(day) = date::parse_date(text, today) {
        // Within fifty years of today (GS1 General Specifications, 7.12).
        let years = i64::from(chrono::Datelike::year(&day)) - 2026;
        assert!((-50..=50).contains(&years), "{day}");
    }
});
