//! Quantities: whole thousandths, so that 0.452 kg and 3 pieces are the same kind of number.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::money::{self, Money};

/// The largest quantity that may be entered, in thousandths (9,999,999 pieces).
pub const QUANTITY_THOUSANDTHS_MAX: i64 = 9_999_999_000;

/// How many, or how much, in thousandths of the product's unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Quantity(i64);

impl Quantity {
    /// None.
    pub const ZERO: Self = Self(0);
    /// One piece.
    pub const ONE: Self = Self(1000);

    /// Whole units.
    pub const fn units(units: i64) -> Self {
        Self(units * 1000)
    }

    /// Thousandths: grams of a kilogram.
    pub const fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// Thousandths: grams of a kilogram.
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// A decimal text with at most three decimals, within ±[`QUANTITY_THOUSANDTHS_MAX`].
    pub fn parse(text: &str) -> Option<Self> {
        let scaled = money::parse_decimal(text)?.checked_mul(Decimal::from(1000))?;
        let thousandths = scaled.fract().is_zero().then(|| scaled.to_i64()).flatten()?;
        (thousandths.unsigned_abs() <= QUANTITY_THOUSANDTHS_MAX.unsigned_abs()).then_some(Self(thousandths))
    }

    /// The exact decimal.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 3)
    }

    /// None at all?
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Above nothing?
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Below nothing? Legal for stock: the goods have left the shop, the books follow.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// A whole number of units?
    pub const fn is_whole(self) -> bool {
        self.0 % 1000 == 0
    }

    /// The price of this much at `unit_price`, rounded once to the minor unit; `None` when it exceeds
    /// [`money::AMOUNT_MINOR_MAX`].
    pub fn at(self, unit_price: Money) -> Option<Money> {
        Money::from_decimal(self.to_decimal().checked_mul(unit_price.to_decimal())?, unit_price.currency())
    }
}

impl Add for Quantity {
    type Output = Self;
    /// Saturates: a stock figure at the edge of 64 bits is a data error that must stay visible, not a crash.
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Quantity {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Quantity {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl AddAssign for Quantity {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Quantity {
    /// `2` for whole units, `0.452` otherwise.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_decimal().normalize())
    }
}

impl fmt::Debug for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::specimen::euros;

    #[test]
    fn quantities_are_read_exactly_or_refused() {
        #[rustfmt::skip]
        let table = [
            ("3",                      Some(3000)), ("0.452", Some(452)), ("-1",    Some(-1000)), ("2.500", Some(2500)),
            ("0.0001",                 None),       ("",      None),      ("1_0",   None),        ("abc",   None),
            ("9999999",                Some(QUANTITY_THOUSANDTHS_MAX)),   ("10000000", None),
            ("-9223372036854775.808",  None),
        ];
        for (text, expected) in table {
            assert_eq!(Quantity::parse(text).map(Quantity::thousandths), expected, "{text:?}");
        }
    }

    #[test]
    fn what_a_quantity_costs() {
        #[rustfmt::skip]
        let table = [
            // thousandths  unit price  amount
            ( 3_000,              900,  Some(2_700)),
            (   452,            2_490,  Some(1_125)), // 1125.48
            (     5,              100,  Some(1)),     // 0.5: up
            (    -5,              100,  Some(-1)),    // as its sale
            (     0,              900,  Some(0)),
            (QUANTITY_THOUSANDTHS_MAX, money::AMOUNT_MINOR_MAX, None),
            (i64::MAX,       i64::MAX,  None),
        ];
        for (thousandths, price, expected) in table {
            let amount = Quantity::from_thousandths(thousandths).at(euros(price));
            assert_eq!(amount.map(Money::minor), expected, "{thousandths} at {price}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(thousandths in -QUANTITY_THOUSANDTHS_MAX..=QUANTITY_THOUSANDTHS_MAX) {
            let quantity = Quantity::from_thousandths(thousandths);
            prop_assert_eq!(Quantity::parse(&quantity.to_string()), Some(quantity));
        }

        #[test]
        fn sums_never_panic(a in any::<i64>(), b in any::<i64>()) {
            let (a, b) = (Quantity::from_thousandths(a), Quantity::from_thousandths(b));
            let _ = (a + b, a - b, -a, [a, b].into_iter().sum::<Quantity>());
        }
    }
}
