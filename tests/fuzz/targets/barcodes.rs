//! Any code a scanner can read: GTIN, in-store, GS1 element strings, Digital Link, our own.
#![no_main]

use std::sync::LazyLock;

use chrono::NaiveDate;
use libfuzzer_sys::fuzz_target;
use till::domain::barcode::in_store::InStoreRules;
use till::domain::barcode::{lookup_key, parse_code};
use till::domain::scan::Symbology;

static RULES: LazyLock<Vec<InStoreRules>> = LazyLock::new(|| {
    let countries = ["DE", "GB", "SE", "NO", "FI", "EE", "LV", "LT", "DK"];
    countries.map(|country| InStoreRules::for_country(country).expect("a country of ours")).into()
});

fuzz_target!(|data: (u8, &[u8])| {
    let (country, bytes) = data;
    let rules = &RULES[usize::from(country) % RULES.len()];
    let today = NaiveDate::from_ymd_opt(2026, 3, 2).expect("a day");
    let (symbology, payload) = match Symbology::split(bytes) {
        Some((symbology, payload)) => (Some(symbology), payload),
        None => (None, bytes),
    };
    if let Ok(code) = parse_code(payload, symbology, rules, today) {
        for key in code.lookup_keys() {
            assert_eq!(lookup_key(&key), lookup_key(&lookup_key(&key)), "a key is stored under itself");
        }
    }
});
