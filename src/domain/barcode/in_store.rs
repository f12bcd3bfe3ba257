//! In-store codes: the EAN-13 a shop's own scale prints, with a price, a weight or a count inside it.
//!
//! How the digits are laid out is each country's own business, so it is data: `hardware/barcodes/in-store.toml`. Code
//! outside every layout of the country is an ordinary article number of the shop.

use serde::Deserialize;

use super::CodeError;
use super::gtin::Gtin;
use crate::domain::money::{AMOUNT_MINOR_MAX, Currency, Money};
use crate::domain::quantity::Quantity;

/// The layouts that come with the till.
const BUILT_IN: &str = include_str!("../../../hardware/barcodes/in-store.toml");

/// How one country's shops lay out their own codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InStoreRules {
    patterns: Vec<Pattern>,
}

/// A layout file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InStoreRulesError {
    /// Not TOML, an unknown key, a missing one; with the line.
    #[error("the in-store layouts cannot be read: {0}")]
    Syntax(String),
    /// A pattern that is not thirteen places with a value in one piece and a check digit at the end.
    #[error("in-store pattern `{pattern}`: {reason}")]
    Pattern {
        /// As written.
        pattern: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// What an in-store code says of the item it sticks on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InStoreValue {
    /// What it costs: `digits` with `decimals` of them behind the point, in the store's currency.
    Price {
        /// All digits as one number.
        digits: i64,
        /// How many stand behind the point.
        decimals: u8,
    },
    /// What it weighs, in kilograms.
    Weight(Quantity),
    /// How many it is.
    Count(i64),
}

impl InStoreValue {
    /// Does the label say nothing? A code with a value of nothing names the item alone.
    pub const fn is_zero(&self) -> bool {
        match self {
            Self::Price { digits, .. } => *digits == 0,
            Self::Weight(weight) => weight.is_zero(),
            Self::Count(count) => *count == 0,
        }
    }

    /// The price in `currency`; `None` for another kind of value, for one the currency cannot say exactly (half a
    /// cent), and beyond [`AMOUNT_MINOR_MAX`].
    pub fn price(&self, currency: Currency) -> Option<Money> {
        let Self::Price { digits, decimals } = *self else { return None };
        exact_price(digits, decimals, currency)
    }
}

/// `digits` with `decimals` behind the point as an amount of `currency`, when it is a whole number of minor units.
pub(super) fn exact_price(digits: i64, decimals: u8, currency: Currency) -> Option<Money> {
    let minor_digits = currency.minor_digits();
    let minor = if decimals <= minor_digits {
        digits.checked_mul(10i64.checked_pow(u32::from(minor_digits - decimals))?)?
    } else {
        let divisor = 10i64.checked_pow(u32::from(decimals - minor_digits))?;
        (digits % divisor == 0).then_some(digits / divisor)?
    };
    (minor.abs() <= AMOUNT_MINOR_MAX).then_some(Money::new(minor, currency))
}

/// An in-store code, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InStoreCode {
    /// The whole code as on the label.
    pub label: Gtin,
    /// The code with value and verifier set to zero and a check digit of its own: what the item is known by.
    pub item: Gtin,
    /// The item digits alone, as scales call it (PLU): `41979`.
    pub item_reference: String,
    /// What it says.
    pub value: InStoreValue,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ValueKind {
    Price,
    Weight,
    Count,
}

/// One layout of thirteen places.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    places: [u8; 13],
    kind: ValueKind,
    decimals: u8,
    verified: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutFile {
    layout: Vec<Layout>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layout {
    countries: Vec<String>,
    patterns: Vec<PatternRow>,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "proof")]
    _proof: Proof,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Proof {
    Vectors,
    Document,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternRow {
    pattern: String,
    value: ValueKind,
    decimals: u8,
    #[serde(default = "verified_unless_told")]
    verify: bool,
}

const fn verified_unless_told() -> bool {
    true
}

impl InStoreRules {
    /// No layouts: every code is an ordinary number.
    pub const fn none() -> Self {
        Self { patterns: Vec::new() }
    }

    /// The built-in layouts of a country (ISO 3166-1, two letters, any case); none for a country that has none.
    pub fn for_country(country: &str) -> Result<Self, InStoreRulesError> {
        Self::parse(BUILT_IN, country)
    }

    /// The layouts of `country` in a layout file.
    pub fn parse(text: &str, country: &str) -> Result<Self, InStoreRulesError> {
        let file: LayoutFile = toml::from_str(text).map_err(|error| InStoreRulesError::Syntax(error.to_string()))?;
        let mut patterns = Vec::new();
        for layout in file.layout {
            // Every layout is checked, so that a mistake shows in every country.
            let wanted = layout.countries.iter().any(|c| c.eq_ignore_ascii_case(country));
            for row in layout.patterns {
                let pattern = Pattern::parse(&row)?;
                if wanted {
                    patterns.push(pattern);
                }
            }
        }
        Ok(Self { patterns })
    }

    /// The code taken apart, when it has one of these layouts; `None` when it is an ordinary number.
    pub fn find(&self, label: Gtin) -> Result<Option<InStoreCode>, CodeError> {
        let Some(digits) = label.as_gtin_13() else { return Ok(None) };
        match self.patterns.iter().find(|pattern| pattern.matches(digits.as_bytes())) {
            Some(pattern) => pattern.read(label, digits).map(Some),
            None => Ok(None),
        }
    }
}

impl Pattern {
    fn parse(row: &PatternRow) -> Result<Self, InStoreRulesError> {
        let wrong = |reason| InStoreRulesError::Pattern { pattern: row.pattern.clone(), reason };
        let places: [u8; 13] = row.pattern.as_bytes().try_into().map_err(|_| wrong("must have thirteen places"))?;
        if !places.iter().all(|p| p.is_ascii_digit() || b"IVCK".contains(p)) {
            return Err(wrong("only digits, I, V, C and K have a meaning"));
        }
        if !places[0].is_ascii_digit() || !places[1].is_ascii_digit() {
            return Err(wrong("must begin with two digits, or it would match every code"));
        }
        if places[12] != b'K' || places[..12].contains(&b'K') {
            return Err(wrong("must have its one check digit K at the end"));
        }
        let count = |letter| places.iter().filter(|p| **p == letter).count();
        if count(b'I') == 0 {
            return Err(wrong("has no item"));
        }
        let runs = places.windows(2).filter(|w| w[0] != b'V' && w[1] == b'V').count();
        if runs != 1 {
            return Err(wrong("must have its value in one piece"));
        }
        if count(b'C') > 1 || (count(b'C') == 1 && !matches!(count(b'V'), 4 | 5)) {
            return Err(wrong("a verifier digit covers a value of four or five digits"));
        }
        let decimals_max = if row.value == ValueKind::Count { 0 } else { 3 };
        if row.decimals > decimals_max {
            return Err(wrong("has too many decimals for its kind of value"));
        }
        Ok(Self { places, kind: row.value, decimals: row.decimals, verified: row.verify })
    }

    fn matches(&self, digits: &[u8]) -> bool {
        self.places.iter().zip(digits).all(|(place, digit)| !place.is_ascii_digit() || place == digit)
    }

    /// The digits standing at the places of `letter`.
    fn take(&self, letter: u8, digits: &str) -> String {
        self.places.iter().zip(digits.chars()).filter(|(place, _)| **place == letter).map(|(_, digit)| digit).collect()
    }

    fn read(&self, label: Gtin, digits: &str) -> Result<InStoreCode, CodeError> {
        let value_digits = self.take(b'V', digits);
        let verifier = self.take(b'C', digits);
        if self.verified
            && !verifier.is_empty()
            && price_verifier(&value_digits).map(|d| d.to_string()) != Some(verifier)
        {
            return Err(CodeError::VerifierWrong);
        }
        let value: i64 = value_digits.parse().map_err(|_| CodeError::Unreadable)?;
        let body: String = self
            .places
            .iter()
            .zip(digits.chars())
            .take(12)
            .map(|(place, digit)| if matches!(place, b'V' | b'C') { '0' } else { digit })
            .collect();
        let item = Gtin::from_body(&body).ok_or(CodeError::Unreadable)?;
        let value = match self.kind {
            ValueKind::Price => InStoreValue::Price { digits: value, decimals: self.decimals },
            // At most ten digits and three decimals: far inside 64 bits.
            ValueKind::Weight => {
                InStoreValue::Weight(Quantity::from_thousandths(value * 10i64.pow(u32::from(3 - self.decimals))))
            }
            ValueKind::Count => InStoreValue::Count(value),
        };
        Ok(InStoreCode { label, item, item_reference: self.take(b'I', digits), value })
    }
}

/// Weights of the verifier digit, by digit (GS1 General Specifications, 7.9.2 to 7.9.4).
const WEIGHT_2_MINUS: [u32; 10] = [0, 2, 4, 6, 8, 9, 1, 3, 5, 7];
const WEIGHT_3: [u32; 10] = [0, 3, 6, 9, 2, 5, 8, 1, 4, 7];
const WEIGHT_5_PLUS: [u32; 10] = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9];
const WEIGHT_5_MINUS: [u32; 10] = [0, 5, 9, 4, 8, 3, 7, 2, 6, 1];

/// The verifier digit over a value of four or five digits (GS1 General Specifications, 7.9.2 to 7.9.4); `None` for
/// other lengths and for anything but digits.
pub fn price_verifier(digits: &str) -> Option<u8> {
    let weighted = |weights: &[&[u32; 10]]| -> Option<u32> {
        digits.chars().zip(weights).map(|(c, table)| Some(table[c.to_digit(10)? as usize])).sum()
    };
    match digits.len() {
        4 => {
            let sum = weighted(&[&WEIGHT_2_MINUS, &WEIGHT_2_MINUS, &WEIGHT_3, &WEIGHT_5_MINUS])?;
            Some((sum * 3 % 10) as u8)
        }
        5 => {
            let tables = [&WEIGHT_5_PLUS, &WEIGHT_2_MINUS, &WEIGHT_5_MINUS, &WEIGHT_5_PLUS, &WEIGHT_2_MINUS];
            let rest = (10 - weighted(&tables)? % 10) % 10;
            // The digit whose weight makes the sum whole: the table is a permutation, so there is always exactly one.
            WEIGHT_5_MINUS.iter().position(|weight| *weight == rest).map(|digit| digit as u8)
        }
        _ => None,
    }
}

/// An in-store code for this item and value, as a scale would print it: for labels and for the simulated scanner.
/// `None` when no layout of these rules has this kind of value and room for it.
pub fn encode_in_store(rules: &InStoreRules, item_reference: &str, value: InStoreValue) -> Option<Gtin> {
    rules.patterns.iter().find_map(|pattern| {
        let digits = match (pattern.kind, value) {
            (ValueKind::Price, InStoreValue::Price { digits, decimals }) => {
                rescale(digits, decimals, pattern.decimals)?
            }
            (ValueKind::Weight, InStoreValue::Weight(weight)) => rescale(weight.thousandths(), 3, pattern.decimals)?,
            (ValueKind::Count, InStoreValue::Count(count)) => count,
            _ => return None,
        };
        let width = |letter| pattern.places.iter().filter(|p| **p == letter).count();
        let value_digits = format!("{digits:0width$}", width = width(b'V'));
        let verifier = if width(b'C') == 1 { price_verifier(&value_digits)?.to_string() } else { String::new() };
        if digits <= 0 || value_digits.len() != width(b'V') || item_reference.len() != width(b'I') {
            return None;
        }
        let (mut items, mut values, mut checks) = (item_reference.chars(), value_digits.chars(), verifier.chars());
        let body: Option<String> = pattern.places[..12]
            .iter()
            .map(|place| match place {
                b'I' => items.next(),
                b'V' => values.next(),
                b'C' => checks.next(),
                digit => Some(char::from(*digit)),
            })
            .collect();
        Gtin::from_body(&body?)
    })
}

/// The same number with other decimals, when that loses nothing.
fn rescale(digits: i64, from: u8, to: u8) -> Option<i64> {
    if from <= to {
        return digits.checked_mul(10i64.checked_pow(u32::from(to - from))?);
    }
    let divisor = 10i64.checked_pow(u32::from(from - to))?;
    (digits % divisor == 0).then_some(digits / divisor)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn nine_countries_read_as_the_published_vectors_say() {
        let mut rows = 0;
        for line in include_str!("../../../tests/vectors/barcodes-rcn.tsv").lines().filter(|l| !l.starts_with('#')) {
            let [country, code, kind, item, value, stripped] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("six columns: {line}")
            };
            let rules = InStoreRules::for_country(country).unwrap();
            let found = rules.find(Gtin::parse(code).unwrap()).unwrap().unwrap_or_else(|| panic!("no layout: {line}"));
            assert_eq!(found.item, Gtin::parse(stripped).unwrap(), "{line}");
            assert_eq!(found.item_reference.trim_start_matches('0'), item.trim_start_matches('0'), "{line}");
            let (said, number) = match found.value {
                InStoreValue::Price { digits, decimals } => ("price", Decimal::new(digits, u32::from(decimals))),
                InStoreValue::Weight(weight) => ("weight", weight.to_decimal()),
                InStoreValue::Count(count) => ("count", Decimal::from(count)),
            };
            assert_eq!((said, number), (kind, Decimal::from_str_exact(value).unwrap()), "{line}");
            rows += 1;
        }
        assert_eq!(rows, 76);
    }

    #[test]
    fn verifier_digits_are_as_the_published_vectors_say() {
        let mut rows = 0;
        let vectors = include_str!("../../../tests/vectors/barcodes-price-verifier.tsv");
        for line in vectors.lines().filter(|l| !l.starts_with('#')) {
            let (digits, expected) = line.split_once('\t').unwrap();
            assert_eq!(price_verifier(digits).map(|d| d.to_string()).as_deref(), Some(expected), "{line}");
            rows += 1;
        }
        assert_eq!(rows, 101);
        assert_eq!(price_verifier("2875"), Some(9));
        assert_eq!(price_verifier("123"), None);
        assert_eq!(price_verifier("12a4"), None);
    }

    #[test]
    fn a_wrong_verifier_is_refused() {
        let check = |country: &str, body: &str, expected: CodeError| {
            let rules = InStoreRules::for_country(country).unwrap();
            assert_eq!(rules.find(Gtin::from_body(body).unwrap()), Err(expected), "{body}");
        };
        check("GB", "204197923760", CodeError::VerifierWrong);
        check("DE", "223776374093", CodeError::VerifierWrong);
    }

    /// What the published vectors call the item of a label is the code a scale prints when nothing lies on it.
    #[test]
    fn a_value_of_nothing_names_the_item_alone() {
        let mut rows = 0;
        for line in include_str!("../../../tests/vectors/barcodes-rcn.tsv").lines().filter(|l| !l.starts_with('#')) {
            let [country, code, kind, _, _, stripped] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("six columns: {line}")
            };
            let rules = InStoreRules::for_country(country).unwrap();
            let labelled = rules.find(Gtin::parse(code).unwrap()).unwrap().unwrap();
            let bare = rules.find(Gtin::parse(stripped).unwrap()).unwrap().unwrap();
            assert_eq!((&bare.item, &bare.item_reference), (&labelled.item, &labelled.item_reference), "{line}");
            assert!(bare.value.is_zero() && !labelled.value.is_zero(), "{line}");
            let said = match bare.value {
                InStoreValue::Price { .. } => "price",
                InStoreValue::Weight(_) => "weight",
                InStoreValue::Count(_) => "count",
            };
            assert_eq!(said, kind, "{line}");
            rows += 1;
        }
        assert_eq!(rows, 76);
    }

    #[test]
    fn a_code_outside_the_layouts_is_an_ordinary_number() {
        let sweden = InStoreRules::for_country("SE").unwrap();
        assert_eq!(sweden.find(Gtin::from_body("290000000123").unwrap()), Ok(None));
        assert_eq!(sweden.find(Gtin::from_body("1204405598749").unwrap()), Ok(None));
        assert_eq!(InStoreRules::for_country("XX").unwrap(), InStoreRules::none());
    }

    #[test]
    fn a_wrong_layout_file_is_refused_with_its_reason() {
        let check = |pattern: &str, expected: &str| {
            let row = format!("{{ pattern = \"{pattern}\", value = \"price\", decimals = 2 }}");
            let text =
                format!("[[layout]]\ncountries = [\"DE\"]\nsource = \"\"\nproof = \"document\"\npatterns = [{row}]");
            let error = InStoreRules::parse(&text, "GB").unwrap_err().to_string();
            assert!(error.contains(expected), "{pattern}: {error}");
        };
        check("20IIIIICVVVV", "thirteen");
        check("20IIIIICVVVVX", "meaning");
        check("IIIIIIICVVVVK", "two digits");
        check("20IIIIICVVVVV", "check digit");
        check("20CVVVV00000K", "no item");
        check("20IIVVIIIIVVK", "one piece");
        check("20IIICVVVVVVK", "four or five");
        assert!(matches!(InStoreRules::parse("[[layout]]\ncountry = 1", "DE"), Err(InStoreRulesError::Syntax(_))));
    }

    proptest! {
        #[test]
        fn what_a_scale_prints_reads_back(item in 0u32..100_000, cents in 1i64..10_000) {
            let rules = InStoreRules::for_country("GB").unwrap();
            let item = format!("{item:05}");
            let price = InStoreValue::Price { digits: cents, decimals: 2 };
            let label = encode_in_store(&rules, &item, price).unwrap();
            let code = rules.find(label).unwrap().unwrap();
            prop_assert_eq!(code.value, price);
            prop_assert_eq!(code.item_reference, item);
            prop_assert_eq!(price.price(Currency::GBP), Some(Money::new(cents, Currency::GBP)));
        }
    }
}
