//! Element strings as the till reads them: which article, which batch, until when; what is odd is a warning.

use chrono::NaiveDate;

use super::date::parse_date;
use super::digital_link::{self, LinkError};
use super::element_string::{Element, ElementError, GROUP_SEPARATOR, check_value};
use super::identifiers;
use crate::domain::barcode::CodeError;
use crate::domain::barcode::gtin::Gtin;
use crate::domain::barcode::in_store::exact_price;
use crate::domain::money::{Currency, Money};
use crate::domain::quantity::{QUANTITY_THOUSANDTHS_MAX, Quantity};

/// Something odd that does not keep an article from being sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ElementWarning {
    /// Data with no identifier anybody knows; it is left out, up to the next separator.
    UnknownIdentifier(String),
    /// A value that breaks its own rules; it is left out.
    Value(ElementError),
    /// An address with something in it that has no place there.
    Address(LinkError),
}

/// A price inside a code: what the customer pays for exactly this piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElementPrice {
    /// All digits as one number.
    pub digits: i64,
    /// How many of them stand behind the point.
    pub decimals: u8,
    /// The currency's number (ISO 4217), when the code names it; else the store's own is meant.
    pub currency_number: Option<u16>,
}

impl ElementPrice {
    /// The price in the store's currency; `None` when the code names a currency of its own, which the caller must
    /// judge, or says parts of a minor unit.
    pub fn in_local(&self, currency: Currency) -> Option<Money> {
        if self.currency_number.is_some() {
            return None;
        }
        exact_price(self.digits, self.decimals, currency)
    }
}

/// What an element string or a Digital Link says of the piece it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementString {
    /// The article (01).
    pub gtin: Gtin,
    /// Batch or lot (10), for recalls.
    pub batch: Option<String>,
    /// Serial number (21).
    pub serial: Option<String>,
    /// Use by (17): may not be sold after this day.
    pub expiry: Option<NaiveDate>,
    /// Best before (15): may be sold after this day, with a word to the customer.
    pub best_before: Option<NaiveDate>,
    /// Sell by (16).
    pub sell_by: Option<NaiveDate>,
    /// Net weight in kilograms (310n), rounded to the gram.
    pub net_weight: Option<Quantity>,
    /// Pieces of a variable-measure item (30).
    pub count: Option<i64>,
    /// What it costs (392n, 393n).
    pub price: Option<ElementPrice>,
    /// Everything that was read, in its order.
    pub elements: Vec<Element>,
    /// What was odd.
    pub warnings: Vec<ElementWarning>,
}

/// Reads scan data (symbology identifier already off).
pub fn read(data: &str, today: NaiveDate) -> Result<ElementString, CodeError> {
    let mut elements = Vec::new();
    let mut warnings = Vec::new();
    let mut rest = data.trim_start_matches(GROUP_SEPARATOR);
    while !rest.is_empty() {
        let end = rest.find(GROUP_SEPARATOR).unwrap_or(rest.len());
        let after_end = rest[end..].trim_start_matches(GROUP_SEPARATOR);
        let Some(identifier) = identifiers::find_prefix(&rest[..end]) else {
            warnings.push(ElementWarning::UnknownIdentifier(rest[..end].to_owned()));
            rest = after_end;
            continue;
        };
        let data = &rest[identifier.code.len()..end];
        let length = if identifier.fixed { identifier.length_max() } else { data.len() };
        let (value, after) = data.split_at_checked(length).unwrap_or((data, ""));
        match check_value(identifier, value) {
            Ok(()) => elements.push(Element::new(&*identifier.code, value)),
            Err(error) => refuse_or_warn(error, &mut warnings)?,
        }
        rest = if after.is_empty() { after_end } else { &rest[end - after.len()..] };
    }
    understand(elements, warnings, today)
}

/// Reads an address. `Ok(None)` when it is an address of something else.
pub fn read_link(address: &str, today: NaiveDate) -> Result<Option<ElementString>, CodeError> {
    match digital_link::parse(address) {
        Ok(elements) => understand(elements, Vec::new(), today).map(Some),
        Err(LinkError::NotALink) => Ok(None),
        Err(error) => {
            // The path alone may still name the article: what hangs behind it is not worth a refused sale.
            let path_only = address.split(['?', '#']).next().unwrap_or(address);
            let shortened = digital_link::parse(path_only).or_else(|_| parse_short_gtin(path_only));
            match (shortened, error) {
                (Ok(elements), error) => understand(elements, vec![ElementWarning::Address(error)], today).map(Some),
                (Err(_), LinkError::Element(ElementError::CheckDigitWrong { .. })) => Err(CodeError::CheckDigitWrong),
                (Err(_), LinkError::NotALink) => Ok(None),
                (Err(_), _) => Err(CodeError::Unreadable),
            }
        }
    }
}

/// The article of an address that writes it with 8, 12 or 13 digits, or orders its qualifiers wrongly.
fn parse_short_gtin(address: &str) -> Result<Vec<Element>, LinkError> {
    let mut segments = address.split('/').skip(3);
    while let Some(segment) = segments.next() {
        if segment == "01" {
            let gtin = segments.next().and_then(Gtin::parse).ok_or(LinkError::NotALink)?;
            return Ok(vec![Element::new("01", gtin.as_str())]);
        }
    }
    Err(LinkError::NotALink)
}

/// A wrong article number is never sold; everything else is only odd.
fn refuse_or_warn(error: ElementError, warnings: &mut Vec<ElementWarning>) -> Result<(), CodeError> {
    match &error {
        ElementError::CheckDigitWrong { identifier } if identifier == "01" => Err(CodeError::CheckDigitWrong),
        ElementError::LengthWrong { identifier } if identifier == "01" => Err(CodeError::Unreadable),
        _ => {
            warnings.push(ElementWarning::Value(error));
            Ok(())
        }
    }
}

/// Gives the elements their meaning.
fn understand(
    elements: Vec<Element>,
    warnings: Vec<ElementWarning>,
    today: NaiveDate,
) -> Result<ElementString, CodeError> {
    let value_of = |code: &str| elements.iter().find(|e| e.identifier == code).map(|e| e.value.as_str());
    let date_of = |code: &str| value_of(code).and_then(|digits| parse_date(digits, today));
    let mut articles = elements.iter().filter(|e| e.identifier == "01");
    let gtin = articles.next().and_then(|e| Gtin::parse(&e.value)).ok_or(CodeError::NoArticle)?;
    if articles.any(|other| other.value != gtin.as_str()) {
        return Err(CodeError::TwoArticles);
    }
    // The last digit of these identifiers is the number of decimals.
    let family = |stem: &str| {
        let found = elements.iter().find(|e| e.identifier.len() == 4 && e.identifier.starts_with(stem))?;
        Some((found.identifier.as_bytes()[3] - b'0', found.value.as_str()))
    };
    let net_weight = family("310").and_then(|(decimals, digits)| weight(digits.parse().ok()?, decimals));
    let price = family("392")
        .and_then(|(decimals, digits)| {
            Some(ElementPrice { digits: digits.parse().ok()?, decimals, currency_number: None })
        })
        .or_else(|| {
            let (decimals, value) = family("393")?;
            let (currency, digits) = value.split_at_checked(3)?;
            Some(ElementPrice { digits: digits.parse().ok()?, decimals, currency_number: Some(currency.parse().ok()?) })
        });
    if net_weight.is_some_and(Quantity::is_zero) || price.is_some_and(|p| p.digits == 0) {
        return Err(CodeError::ZeroValue);
    }
    Ok(ElementString {
        gtin,
        batch: value_of("10").map(str::to_owned),
        serial: value_of("21").map(str::to_owned),
        expiry: date_of("17"),
        best_before: date_of("15"),
        sell_by: date_of("16"),
        net_weight,
        count: value_of("30").and_then(|digits| digits.parse().ok()),
        price,
        warnings,
        elements,
    })
}

/// Kilograms with so many decimals, rounded to the gram; `None` beyond what a line may hold.
fn weight(digits: i64, decimals: u8) -> Option<Quantity> {
    let thousandths = match decimals {
        0..=3 => digits.checked_mul(10i64.pow(u32::from(3 - decimals)))?,
        _ => {
            let divisor = 10i64.pow(u32::from(decimals - 3));
            (digits + divisor / 2) / divisor
        }
    };
    (thousandths <= QUANTITY_THOUSANDTHS_MAX).then_some(Quantity::from_thousandths(thousandths))
}
