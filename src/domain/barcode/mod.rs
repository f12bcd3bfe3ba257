//! Codes that lead to a product: the GTIN family, in-store codes, GS1 element strings, Digital Link; and the shop's own
//! codes.
//!
//! [`parse_code`] says what a whole code means; [`Code::lookup_keys`] says under which keys to look for its product. A
//! key is the GTIN in fourteen digits, or the text as it stands on the label: the same form `product::Barcode` is
//! stored in ([`lookup_key`] makes it).
//!
//! Absent here: the catalogue, the clock (today is an argument), the scanner, and any guess. A code whose check digit
//! is wrong is never mended; a broken code never comes here ([`super::scan::ScanQuality`]).
//!
//! To add a country's in-store codes, or an application identifier: a row in `hardware/barcodes/`. To add a house code:
//! `house.rs`; what our own receipts and slips say: `document.rs`. Tests stand in each file; the published vectors in `tests/vectors/`.

pub mod document;
pub mod gs1;
pub mod gtin;
pub mod house;
pub mod in_store;

use chrono::NaiveDate;

pub use super::scan::Symbology;
pub use document::DocumentCode;
pub use gs1::{ElementString, ElementWarning};
pub use gtin::Gtin;
pub use house::HouseCode;
pub use in_store::{InStoreCode, InStoreRules, InStoreValue};

/// The longest code: a QR code holds 7,089 digits (ISO/IEC 18004, table 1).
pub const CODE_LENGTH_MAX: usize = 8192;

/// What a code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// An article's number.
    Gtin(GtinCode),
    /// A scale's label.
    InStore(InStoreCode),
    /// An element string or a Digital Link.
    Gs1(Box<ElementString>),
    /// A collection slip or a badge.
    House(HouseCode),
    /// Any other text: a house article number, perhaps.
    Text(String),
}

/// An article's number as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GtinCode {
    /// The number.
    pub gtin: Gtin,
    /// The other number it may be, when eight digits are right as EAN-8 and as UPC-E and the scanner did not say which.
    pub alternative: Option<Gtin>,
    /// As on the label, without the add-on.
    pub typed: String,
    /// Two or five digits beside the code: a magazine's issue, a book's price.
    pub add_on: Option<String>,
}

/// Why a code cannot be taken. Each is something a cashier can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CodeError {
    /// Nothing in it.
    #[error("the code is empty")]
    Empty,
    /// Longer than any code.
    #[error("the code is longer than a code can be")]
    TooLong,
    /// Characters no code has, or a code broken in the middle: scan again.
    #[error("the code cannot be read")]
    Unreadable,
    /// Misread or mistyped: scan again, or type the digits again.
    #[error("the check digit is wrong")]
    CheckDigitWrong,
    /// The price or weight inside was misread: scan again, or weigh again.
    #[error("the verifier digit of the price is wrong")]
    VerifierWrong,
    /// The label says a price or weight of nothing: weigh again.
    #[error("the label has a value of zero")]
    ZeroValue,
    /// Only the small code beside the code was read: scan the large one.
    #[error("only the add-on was read")]
    AddOnOnly,
    /// A GS1 code of something that is not an article: a parcel, a place.
    #[error("the code names no article")]
    NoArticle,
    /// One code that names two articles.
    #[error("the code names two articles")]
    TwoArticles,
}

impl Code {
    /// Where to look for the product, best first, none twice: the exact GTIN-14, the other reading of an ambiguous
    /// code, the text as on the label. House codes lead to no product.
    pub fn lookup_keys(&self) -> Vec<String> {
        let mut keys = match self {
            Self::Gtin(code) => {
                let numbers = [Some(code.gtin), code.alternative].into_iter().flatten();
                numbers.map(|gtin| gtin.to_string()).chain([code.typed.clone()]).collect()
            }
            Self::InStore(code) => vec![code.item.to_string()],
            Self::Gs1(read) => vec![read.gtin.to_string()],
            Self::House(_) => Vec::new(),
            Self::Text(text) => vec![text.clone()],
        };
        let mut seen = Vec::with_capacity(keys.len());
        keys.retain(|key| {
            !seen.contains(key) && {
                seen.push(key.clone());
                true
            }
        });
        keys
    }
}

/// The key a product's barcode is stored under: fourteen digits when it is a GTIN, the text itself when not.
pub fn lookup_key(text: &str) -> String {
    let text = text.trim();
    Gtin::parse(text).map_or_else(|| text.to_owned(), |gtin| gtin.to_string())
}

/// Says what a whole code means. `payload` is without frame and symbology identifier; `symbology` is what the scanner
/// said, if it did, and is `None` for typed text.
pub fn parse_code(
    payload: &[u8],
    symbology: Option<Symbology>,
    rules: &InStoreRules,
    today: NaiveDate,
) -> Result<Code, CodeError> {
    if payload.len() > CODE_LENGTH_MAX {
        return Err(CodeError::TooLong);
    }
    let decoded = decode(payload);
    let text = decoded.trim_matches([' ', '\r', '\n', '\t']);
    if text.is_empty() {
        return Err(CodeError::Empty);
    }
    if text.chars().any(|c| c.is_control() && c != gs1::GROUP_SEPARATOR) {
        return Err(CodeError::Unreadable);
    }
    if symbology.is_some_and(Symbology::carries_element_string) {
        return gs1::reading::read(text, today).map(|read| Code::Gs1(Box::new(read)));
    }
    if gs1::digital_link::is_address(text)
        && let Some(read) = gs1::reading::read_link(text, today)?
    {
        return Ok(Code::Gs1(Box::new(read)));
    }
    if symbology.is_none() && looks_like_element_string(text) {
        return gs1::reading::read(text, today).map(|read| Code::Gs1(Box::new(read)));
    }
    if let Some(house) = HouseCode::parse(text) {
        return Ok(Code::House(house));
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return parse_digits(text, symbology, rules);
    }
    Ok(Code::Text(text.to_owned()))
}

/// UTF-8, or else ISO 8859-1, which is what a QR code says when it says nothing (ISO/IEC 18004, 7.3.1).
fn decode(payload: &[u8]) -> String {
    match std::str::from_utf8(payload) {
        Ok(text) => text.to_owned(),
        Err(_) => payload.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// Is it GS1 data from a scanner that names no symbologies? A separator says so; without one, it must begin with an
/// article that checks, and go on without a fault, so that sixteen digits of something else are hardly ever taken for
/// it.
fn looks_like_element_string(text: &str) -> bool {
    let begins_with_article =
        text.strip_prefix("01").and_then(|rest| rest.get(..14)).is_some_and(|d| Gtin::parse(d).is_some());
    text.contains(gs1::GROUP_SEPARATOR) || (begins_with_article && gs1::element_string::parse(text).is_ok())
}

/// Digits only: which number it is depends on how many there are, and on what the scanner says of them.
fn parse_digits(digits: &str, symbology: Option<Symbology>, rules: &InStoreRules) -> Result<Code, CodeError> {
    let retail = symbology.is_some_and(Symbology::is_retail);
    let plain = |gtin: Gtin, alternative: Option<Gtin>, add_on: Option<&str>| {
        if let Some(code) = rules.find(gtin)? {
            return Ok(Code::InStore(code));
        }
        let typed = digits[..digits.len() - add_on.map_or(0, str::len)].to_owned();
        Ok(Code::Gtin(GtinCode { gtin, alternative, typed, add_on: add_on.map(str::to_owned) }))
    };
    // A number some other code carries (Code 128, a QR code) may be anything the shop likes.
    let own_number_or = |error: CodeError| {
        let free = symbology.is_some_and(|s| !s.is_retail() && !s.is_carton());
        if free { Ok(Code::Text(digits.to_owned())) } else { Err(error) }
    };
    match digits.len() {
        2 | 5 if retail => Err(CodeError::AddOnOnly),
        6 | 7 if retail => match gtin::expand_upc_e(digits) {
            Some(gtin) => plain(gtin, None, None),
            None => Err(CodeError::CheckDigitWrong),
        },
        8 => match (Gtin::parse(digits), gtin::expand_upc_e(digits)) {
            (Some(gtin), _) if symbology.is_some_and(Symbology::is_ean_8) => plain(gtin, None, None),
            (_, Some(gtin)) if retail && !symbology.is_some_and(Symbology::is_ean_8) => plain(gtin, None, None),
            (Some(gtin), alternative) => plain(gtin, alternative.filter(|_| symbology.is_none()), None),
            (None, Some(gtin)) if symbology.is_none() => plain(gtin, None, None),
            _ if retail => Err(CodeError::CheckDigitWrong),
            _ => Ok(Code::Text(digits.to_owned())),
        },
        12..=14 => match Gtin::parse(digits) {
            Some(gtin) => plain(gtin, None, None),
            None => own_number_or(CodeError::CheckDigitWrong),
        },
        15 | 18 if retail || (symbology.is_none() && is_publication(&digits[..13])) => {
            let (number, add_on) = digits.split_at(13);
            plain(Gtin::parse(number).ok_or(CodeError::CheckDigitWrong)?, None, Some(add_on))
        }
        _ if retail => Err(CodeError::Unreadable),
        _ => Ok(Code::Text(digits.to_owned())),
    }
}

/// Only books, music and periodicals have add-ons that need no announcement.
fn is_publication(digits: &str) -> bool {
    use gtin::GtinPurpose::{Book, Music, Periodical};
    Gtin::parse(digits).is_some_and(|gtin| matches!(gtin.purpose(), Book | Music | Periodical))
}

#[cfg(test)]
mod tests;
