//! Element strings, strictly: identifiers with their values, taken apart, judged and put together again.

use super::identifiers::{self, Component, ComponentCheck, Identifier};
use crate::domain::barcode::gtin::check_digit_fits;

/// What ends a value of open length: ASCII group separator, which scanners send for FNC1 (ISO/IEC 15417, 4.3.3).
pub const GROUP_SEPARATOR: char = '\u{1d}';

/// One identifier with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// `01`
    pub identifier: String,
    /// `09506000134352`
    pub value: String,
}

/// Why element strings are refused, in the order of the General Specifications' own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ElementError {
    /// Nothing at all.
    #[error("no element string")]
    Empty,
    /// The data goes on with no identifier anybody knows.
    #[error("no identifier begins {rest:?}")]
    UnknownIdentifier {
        /// What stands there.
        rest: String,
    },
    /// A value of fixed length that is shorter or broken off.
    #[error("({identifier}) has a wrong length")]
    LengthWrong {
        /// Of which.
        identifier: String,
    },
    /// A value of open length with nothing in it.
    #[error("({identifier}) is too short")]
    TooShort {
        /// Of which.
        identifier: String,
    },
    /// A value of open length with more than it may have.
    #[error("({identifier}) is too long")]
    TooLong {
        /// Of which.
        identifier: String,
    },
    /// A character that has no place there.
    #[error("({identifier}) has a character it may not have")]
    CharacterWrong {
        /// In which.
        identifier: String,
    },
    /// The check digit is not the one of the digits before it.
    #[error("({identifier}) has a wrong check digit")]
    CheckDigitWrong {
        /// In which.
        identifier: String,
    },
    /// No such month.
    #[error("({identifier}) has no such month")]
    MonthWrong {
        /// In which.
        identifier: String,
    },
    /// No such day in that month.
    #[error("({identifier}) has no such day")]
    DayWrong {
        /// In which.
        identifier: String,
    },
    /// Zero where there must be something, something where there must be zero, or a part beyond its total.
    #[error("({identifier}) has a number it may not have")]
    NumberWrong {
        /// In which.
        identifier: String,
    },
    /// Two identifiers that exclude each other.
    #[error("({first}) and ({second}) exclude each other")]
    Excluded {
        /// The one that says so.
        first: String,
        /// The other.
        second: String,
    },
    /// One that has a meaning only beside another which is not there.
    #[error("({identifier}) needs one of {alternatives}")]
    NeedsOther {
        /// Which.
        identifier: String,
        /// What it needs, as the table says it.
        alternatives: String,
    },
    /// The same identifier twice with different values.
    #[error("({identifier}) is there twice")]
    Contradiction {
        /// Which.
        identifier: String,
    },
}

impl Element {
    /// An element; its value is not judged.
    pub fn new(identifier: impl Into<String>, value: impl Into<String>) -> Self {
        Self { identifier: identifier.into(), value: value.into() }
    }
}

/// Takes scan data apart and checks each value. The symbology identifier is already off; a separator in front is
/// allowed.
pub fn parse(data: &str) -> Result<Vec<Element>, ElementError> {
    let mut rest = data.trim_start_matches(GROUP_SEPARATOR);
    if rest.is_empty() {
        return Err(ElementError::Empty);
    }
    let mut elements = Vec::new();
    while !rest.is_empty() {
        let identifier = identifiers::find_prefix(rest)
            .ok_or_else(|| ElementError::UnknownIdentifier { rest: rest.chars().take(4).collect() })?;
        let (value, after) = split_value(identifier, &rest[identifier.code.len()..])?;
        check_value(identifier, value)?;
        elements.push(Element::new(&*identifier.code, value));
        rest = after;
    }
    Ok(elements)
}

/// The value at the front of `data`, by length when it is fixed and to the separator when not; and what comes after
/// both.
fn split_value<'a>(identifier: &Identifier, data: &'a str) -> Result<(&'a str, &'a str), ElementError> {
    let code = || identifier.code.clone();
    let end = data.find(GROUP_SEPARATOR).unwrap_or(data.len());
    if identifier.fixed {
        let length = identifier.length_max();
        let value = data[..end].get(..length).ok_or_else(|| ElementError::LengthWrong { identifier: code() })?;
        let after = &data[length..];
        // A separator behind a fixed length is superfluous and allowed.
        return Ok((value, after.strip_prefix(GROUP_SEPARATOR).unwrap_or(after)));
    }
    let after = data[end..].strip_prefix(GROUP_SEPARATOR).unwrap_or("");
    Ok((&data[..end], after))
}

/// Checks a value's length, characters, check digits, dates and numbers.
pub fn check_value(identifier: &Identifier, value: &str) -> Result<(), ElementError> {
    let code = || identifier.code.clone();
    if value.len() > identifier.length_max() {
        return Err(ElementError::TooLong { identifier: code() });
    }
    if value.len() < identifier.length_min() {
        return Err(if identifier.fixed {
            ElementError::LengthWrong { identifier: code() }
        } else {
            ElementError::TooShort { identifier: code() }
        });
    }
    let mut rest = value.as_bytes();
    for component in &identifier.components {
        if rest.is_empty() && component.optional {
            break;
        }
        if rest.len() < component.length_min {
            return Err(ElementError::TooShort { identifier: code() });
        }
        let (part, after) = rest.split_at(rest.len().min(component.length_max));
        if !part.iter().all(|byte| component.set.has(*byte)) {
            return Err(ElementError::CharacterWrong { identifier: code() });
        }
        check_component(component, part, code)?;
        rest = after;
    }
    if rest.is_empty() { Ok(()) } else { Err(ElementError::TooLong { identifier: code() }) }
}

/// What a component's check says; the characters are already known to be its own.
fn check_component(component: &Component, part: &[u8], code: impl Fn() -> String) -> Result<(), ElementError> {
    let number_wrong = || Err(ElementError::NumberWrong { identifier: code() });
    let text = std::str::from_utf8(part).unwrap_or_default();
    match component.check {
        ComponentCheck::None => Ok(()),
        ComponentCheck::CheckDigit if check_digit_fits(text) => Ok(()),
        ComponentCheck::CheckDigit => Err(ElementError::CheckDigitWrong { identifier: code() }),
        ComponentCheck::Date => check_date(text, true, code),
        ComponentCheck::Day => check_date(text, false, code),
        ComponentCheck::Zero if part.iter().any(|b| *b != b'0') => number_wrong(),
        ComponentCheck::NonZero if part.iter().all(|b| *b == b'0') => number_wrong(),
        ComponentCheck::PieceOfTotal if &part[..2] == b"00" || &part[2..] == b"00" || part[..2] > part[2..] => {
            number_wrong()
        }
        ComponentCheck::Zero | ComponentCheck::NonZero | ComponentCheck::PieceOfTotal => Ok(()),
    }
}

/// Is `YYMMDD` a day? Which century does not matter here but for 29 February, where 2000 was a leap year as any other
/// fourth one is.
fn check_date(text: &str, day_zero: bool, code: impl Fn() -> String) -> Result<(), ElementError> {
    let pair = |at: usize| text[at..at + 2].parse::<u32>().unwrap_or(u32::MAX);
    let (year, month, day) = (pair(0), pair(2), pair(4));
    if !(1..=12).contains(&month) {
        return Err(ElementError::MonthWrong { identifier: code() });
    }
    let valid = (day == 0 && day_zero) || chrono::NaiveDate::from_ymd_opt(2000 + year as i32, month, day).is_some();
    if valid { Ok(()) } else { Err(ElementError::DayWrong { identifier: code() }) }
}

/// Judges what stands beside what: exclusions first, then needs, then contradictions, as the reference engine does.
pub fn judge(elements: &[Element]) -> Result<(), ElementError> {
    let known = || elements.iter().filter_map(|e| identifiers::find(&e.identifier));
    for identifier in known() {
        let excluded = elements.iter().map(|e| &e.identifier).find(|other| {
            **other != identifier.code && identifier.never_with.iter().any(|p| identifiers::matches_pattern(other, p))
        });
        if let Some(second) = excluded {
            return Err(ElementError::Excluded { first: identifier.code.clone(), second: second.clone() });
        }
    }
    for identifier in known() {
        for (group, text) in identifier.needs.iter().zip(&identifier.needs_text) {
            let present = |pattern: &String| {
                elements
                    .iter()
                    .any(|e| e.identifier != identifier.code && identifiers::matches_pattern(&e.identifier, pattern))
            };
            if !group.iter().any(|alternative| alternative.iter().all(present)) {
                return Err(ElementError::NeedsOther {
                    identifier: identifier.code.clone(),
                    alternatives: text.clone(),
                });
            }
        }
    }
    for (at, element) in elements.iter().enumerate() {
        if elements[..at].iter().any(|e| e.identifier == element.identifier && e.value != element.value) {
            return Err(ElementError::Contradiction { identifier: element.identifier.clone() });
        }
    }
    Ok(())
}

/// The element string as people write it: `(01)09506000134352(10)ABC`.
pub fn encode_bracketed(elements: &[Element]) -> String {
    elements.iter().map(|e| format!("({}){}", e.identifier, e.value)).collect()
}

/// Reads what [`encode_bracketed`] writes: text as printed under a code. Values are not judged; `None` when an
/// identifier is unknown.
pub fn parse_bracketed(text: &str) -> Option<Vec<Element>> {
    let head = |text: &str| -> Option<(String, usize)> {
        let inner = text.strip_prefix('(')?;
        let code = &inner[..inner.find(')')?];
        identifiers::find(code).map(|identifier| (identifier.code.clone(), code.len() + 2))
    };
    let mut elements = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (identifier, length) = head(rest)?;
        let after = &rest[length..];
        // A bracket inside a value opens an identifier only when it encloses one.
        let end = after.match_indices('(').map(|(at, _)| at).find(|at| head(&after[*at..]).is_some());
        let (value, next) = after.split_at(end.unwrap_or(after.len()));
        elements.push(Element::new(identifier, value));
        rest = next;
    }
    (!elements.is_empty()).then_some(elements)
}

/// The element string as a scanner sends it: separators only where a value's length is open and something follows.
pub fn encode(elements: &[Element]) -> String {
    let mut data = String::new();
    let mut open = false;
    for element in elements {
        if open {
            data.push(GROUP_SEPARATOR);
        }
        data.push_str(&element.identifier);
        data.push_str(&element.value);
        open = identifiers::find(&element.identifier).is_none_or(|identifier| !identifier.fixed);
    }
    data
}
