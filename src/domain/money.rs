//! Money: whole minor units with their currency, and the one rounding function.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The largest amount any single figure may have, in minor units. Everything that enters (price lists, typed prices,
/// documents) is checked against it, so that sums of a basket's at most 10,000 lines stay far inside 64 bits.
pub const AMOUNT_MINOR_MAX: i64 = 1_000_000_000_000;

/// A currency: its ISO 4217 code and how many digits its minor unit has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    code: [u8; 3],
    minor_digits: u8,
}

/// ISO 4217 currencies without a minor unit.
const MINOR_0: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
    "XPF",
];
/// ISO 4217 currencies with thousandths.
const MINOR_3: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];
/// ISO 4217 currencies with ten-thousandths.
const MINOR_4: &[&str] = &["CLF", "UYW"];

impl Currency {
    /// The euro.
    pub const EUR: Self = Self { code: *b"EUR", minor_digits: 2 };
    /// The pound sterling.
    pub const GBP: Self = Self { code: *b"GBP", minor_digits: 2 };

    /// The currency of a three-letter ISO 4217 code; its minor digits come from the standard's table.
    pub fn from_code(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        if !bytes.iter().all(u8::is_ascii_uppercase) {
            return None;
        }
        let minor_digits = match code {
            c if MINOR_0.contains(&c) => 0,
            c if MINOR_3.contains(&c) => 3,
            c if MINOR_4.contains(&c) => 4,
            _ => 2,
        };
        Some(Self { code: bytes, minor_digits })
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or("XXX")
    }

    /// Digits after the decimal point: 2 for the euro, 0 for the yen.
    pub const fn minor_digits(&self) -> u8 {
        self.minor_digits
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount of money in whole minor units (cents).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why an amount could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a decimal number.
    #[error("not an amount")]
    NotANumber,
    /// More digits than the currency has.
    #[error("more decimals than the currency has")]
    TooPrecise,
    /// Beyond [`AMOUNT_MINOR_MAX`].
    #[error("amount out of range")]
    OutOfRange,
}

impl Money {
    /// `minor` units of `currency`.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Minor units.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Is it nothing?
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Above nothing?
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// Below nothing?
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// Reads a plain decimal text (`12`, `12.5`, `-0.20`), exact to the minor unit.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let decimal = parse_decimal(text).ok_or(MoneyError::NotANumber)?;
        let scaled = scale_up(decimal, currency).ok_or(MoneyError::OutOfRange)?;
        if !scaled.fract().is_zero() {
            return Err(MoneyError::TooPrecise);
        }
        let minor = scaled.to_i64().filter(is_in_range).ok_or(MoneyError::OutOfRange)?;
        Ok(Self::new(minor, currency))
    }

    /// An exact decimal amount in major units, rounded to the minor unit; `None` beyond [`AMOUNT_MINOR_MAX`].
    pub fn from_decimal(amount: Decimal, currency: Currency) -> Option<Self> {
        let minor = round(scale_up(amount, currency)?).filter(is_in_range)?;
        Some(Self::new(minor, currency))
    }

    /// The amount in major units, exact.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, u32::from(self.currency.minor_digits))
    }

    /// The sum, or `None` when the currencies differ or it does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        Some(Self::new(self.minor.checked_add(other.minor)?, self.currency))
    }

    /// Without its sign.
    pub const fn abs(self) -> Self {
        Self::new(self.minor.abs(), self.currency)
    }

    /// The smaller of two amounts of one currency.
    pub fn min(self, other: Self) -> Self {
        debug_assert_eq!(self.currency, other.currency);
        Self::new(self.minor.min(other.minor), self.currency)
    }

    /// The larger of two amounts of one currency.
    pub fn max(self, other: Self) -> Self {
        debug_assert_eq!(self.currency, other.currency);
        Self::new(self.minor.max(other.minor), self.currency)
    }

    /// Splits the amount in proportion to `weights` so that the parts sum exactly to it: each part is rounded toward
    /// zero and the units left over go to the largest remainders, earliest first. A weight below zero counts as zero, and
    /// a weight of zero gets nothing, unless all are: then the first part gets all. An empty list gives an empty list.
    pub fn allocate(self, weights: &[i64]) -> Vec<Self> {
        if weights.is_empty() {
            return Vec::new();
        }
        let weights: Vec<i128> = weights.iter().map(|w| i128::from(*w).max(0)).collect();
        let total: i128 = weights.iter().sum();
        if total == 0 {
            let mut parts = vec![Self::zero(self.currency); weights.len()];
            parts[0] = self;
            return parts;
        }
        let whole = i128::from(self.minor);
        let exact: Vec<i128> = weights.iter().map(|w| whole * w).collect();
        let mut parts: Vec<i128> = exact.iter().map(|e| e / total).collect();
        let mut left = whole - parts.iter().sum::<i128>();
        let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
        by_remainder.sort_by_key(|&i| std::cmp::Reverse((exact[i] - parts[i] * total).abs()));
        let step = left.signum();
        for i in by_remainder {
            if left == 0 {
                break;
            }
            parts[i] += step;
            left -= step;
        }
        // Each part lies between 0 and the whole, which is an i64.
        parts.into_iter().map(|p| Self::new(p as i64, self.currency)).collect()
    }

    /// Rounds to a multiple of `step_minor` (cash rounding); ties go away from zero or toward it as the country says.
    pub fn round_to_step(self, step_minor: i64, tie: Tie) -> Self {
        if step_minor <= 1 {
            return self;
        }
        let (sign, magnitude) = (self.minor.signum(), self.minor.abs());
        let remainder = magnitude % step_minor;
        let up = match (remainder * 2).cmp(&step_minor) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Greater => tie != Tie::AlwaysDown,
            std::cmp::Ordering::Equal => tie == Tie::Up,
        };
        let rounded = magnitude - remainder + if up { step_minor } else { 0 };
        Self::new(sign * rounded, self.currency)
    }
}

/// What cash rounding does with the exact middle between two steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// Away from zero.
    Up,
    /// Toward zero.
    Down,
    /// Toward zero whatever the remainder (South Africa).
    AlwaysDown,
}

/// The one rounding function: to the nearest whole, halves away from zero. `None` when it does not fit 64 bits.
pub fn round(exact: Decimal) -> Option<i64> {
    exact.round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero).to_i64()
}

/// Reads digits with at most one point between them and an optional minus sign before them; nothing else is a number.
pub(super) fn parse_decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let (whole, fraction) = {
        let digits = text.strip_prefix('-').unwrap_or(text);
        digits.split_once('.').unwrap_or((digits, "0"))
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (is_digits(whole) && is_digits(fraction)).then(|| Decimal::from_str_exact(text).ok())?
}

const fn is_in_range(minor: &i64) -> bool {
    minor.unsigned_abs() <= AMOUNT_MINOR_MAX.unsigned_abs()
}

fn scale_up(amount: Decimal, currency: Currency) -> Option<Decimal> {
    amount.checked_mul(Decimal::from(10_i64.pow(u32::from(currency.minor_digits))))
}

impl Add for Money {
    type Output = Self;

    /// Amounts added in the house are of one currency and bounded by [`AMOUNT_MINOR_MAX`] where they enter.
    fn add(self, other: Self) -> Self {
        debug_assert_eq!(self.currency, other.currency);
        Self::new(self.minor + other.minor, self.currency)
    }
}

impl Sub for Money {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Neg for Money {
    type Output = Self;

    fn neg(self) -> Self {
        Self::new(-self.minor, self.currency)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl PartialOrd for Money {
    /// Amounts of different currencies have no order.
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        (self.currency == other.currency).then(|| self.minor.cmp(&other.minor))
    }
}

/// The sum of amounts in one currency, zero for none.
pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Money>) -> Money {
    Money::new(amounts.into_iter().map(Money::minor).sum(), currency)
}

impl fmt::Display for Money {
    /// `12.50`, without the currency: for logs, files and paper. Screens use their locale. With `{:+}` a difference that is
    /// above nothing says so: `+12.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if f.sign_plus() && self.is_positive() { "+" } else { "" };
        write!(f, "{sign}{}", self.to_decimal())
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} {:?}", self.currency)
    }
}

#[cfg(test)]
mod tests;
