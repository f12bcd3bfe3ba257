//! What is wrong with a message, and the small steps every conversion is made of.

use std::fmt;

use prost_types::Timestamp as WireTimestamp;

use super::Wire;

/// A message that cannot be read: which field, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {reason}", display_path(.path))]
pub struct WireError {
    /// From the outermost message inwards: `sale_completed.lines[2].unit_price.currency`. Empty for the message itself.
    pub path: String,
    /// What is wrong there.
    pub reason: WireFault,
}

/// What can be wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireFault {
    /// Not there, or empty where emptiness means nothing.
    #[error("missing")]
    Missing,
    /// An identity, hash or signature of the wrong size.
    #[error("{actual} bytes instead of {expected}")]
    Length {
        /// Should have.
        expected: usize,
        /// Has.
        actual: usize,
    },
    /// An enum number this program does not know; 0 is "unspecified".
    #[error("unknown value {0}")]
    UnknownValue(i32),
    /// A number outside what the field may hold.
    #[error("out of range")]
    OutOfRange,
    /// Not a decimal number.
    #[error("not a decimal number")]
    NotADecimal,
    /// Not an ISO 4217 code.
    #[error("not a currency")]
    NotACurrency,
    /// Not an ISO 8601 date.
    #[error("not a date")]
    NotADate,
    /// Not exactly one character.
    #[error("not one character")]
    NotOneCharacter,
    /// The bytes are no such message.
    #[error("not this message: {0}")]
    Malformed(String),
}

fn display_path(path: &str) -> &str {
    if path.is_empty() { "message" } else { path }
}

impl WireError {
    /// A fault of the message itself.
    pub fn new(reason: WireFault) -> Self {
        Self { path: String::new(), reason }
    }

    /// A fault of one of its fields.
    pub fn at(field: impl Into<String>, reason: WireFault) -> Self {
        Self { path: field.into(), reason }
    }

    /// The same fault seen from the message that holds `field`.
    pub fn within(mut self, field: impl fmt::Display) -> Self {
        self.path = match self.path.as_str() {
            "" => field.to_string(),
            inner => format!("{field}.{inner}"),
        };
        self
    }
}

/// An enum that travels as a number.
pub(super) trait WireEnum: Copy {
    fn to_number(self) -> i32;
    fn from_number(number: i32) -> Option<Self>;
}

/// Pairs a domain enum with its generated one, variant by variant; the compiler finds a missing one.
macro_rules! wire_enum {
    ($domain:ty, $proto:ty, $($variant:ident),+ $(,)?) => {
        impl $crate::wire::error::WireEnum for $domain {
            fn to_number(self) -> i32 {
                match self {
                    $(Self::$variant => <$proto>::$variant as i32,)+
                }
            }

            fn from_number(number: i32) -> Option<Self> {
                match <$proto>::try_from(number).ok()? {
                    <$proto>::Unspecified => None,
                    $(<$proto>::$variant => Some(Self::$variant),)+
                }
            }
        }
    };
}
pub(super) use wire_enum;

/// An enum's value; "unspecified" and numbers of a newer program are refused.
pub(super) fn enumerated<T: WireEnum>(field: &str, number: i32) -> Result<T, WireError> {
    T::from_number(number).ok_or_else(|| WireError::at(field, WireFault::UnknownValue(number)))
}

/// A message that must be there.
pub(super) fn required<T: Wire>(field: &str, message: Option<T::Message>) -> Result<T, WireError> {
    let message = message.ok_or_else(|| WireError::at(field, WireFault::Missing))?;
    T::from_wire(message).map_err(|e| e.within(field))
}

/// A message that may be there.
pub(super) fn optional<T: Wire>(field: &str, message: Option<T::Message>) -> Result<Option<T>, WireError> {
    message.map(|m| T::from_wire(m).map_err(|e| e.within(field))).transpose()
}

/// All of them; the error says which one.
pub(super) fn list<T: Wire>(field: &str, messages: Vec<T::Message>) -> Result<Vec<T>, WireError> {
    let convert = |(i, m)| T::from_wire(m).map_err(|e: WireError| e.within(format_args!("{field}[{i}]")));
    messages.into_iter().enumerate().map(convert).collect()
}

/// All of them, as messages.
pub(super) fn to_list<T: Wire>(values: &[T]) -> Vec<T::Message> {
    values.iter().map(T::to_wire).collect()
}

/// A text that names something: never empty.
pub(super) fn named<T: From<String>>(field: &str, text: String) -> Result<T, WireError> {
    if text.is_empty() {
        return Err(WireError::at(field, WireFault::Missing));
    }
    Ok(T::from(text))
}

/// Bytes of a fixed size: an identity, a hash, a key.
pub(super) fn fixed<const N: usize>(field: &str, bytes: &[u8]) -> Result<[u8; N], WireError> {
    bytes.try_into().map_err(|_| match bytes.len() {
        0 => WireError::at(field, WireFault::Missing),
        actual => WireError::at(field, WireFault::Length { expected: N, actual }),
    })
}

/// A number that must fit a smaller type.
pub(super) fn narrowed<T: TryFrom<u32>>(field: &str, number: Option<u32>) -> Result<Option<T>, WireError> {
    number.map(|n| T::try_from(n).map_err(|_| WireError::at(field, WireFault::OutOfRange))).transpose()
}

/// An instant that must be there.
pub(super) fn instant(field: &str, message: Option<WireTimestamp>) -> Result<crate::domain::Timestamp, WireError> {
    required(field, message)
}
