//! The number being typed: digits as struck on the pad or the keyboard, and what they mean as amount, quantity or percent.

use rust_decimal::Decimal;

use crate::domain::money::{AMOUNT_MINOR_MAX, Currency, Money};
use crate::domain::quantity::Quantity;

/// How many characters a number may have: a 14-digit code with room for a batch.
pub const ENTRY_CHARACTERS_MAX: usize = 24;

/// Digits typed so far, with at most one decimal point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    text: String,
}

impl Entry {
    /// As typed, with `.` for the decimal sign.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Nothing typed?
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Takes a digit, `00` or a decimal sign; anything else, a second decimal sign or one too many is left out.
    pub fn push(&mut self, typed: &str) {
        for c in typed.chars() {
            if self.text.len() >= ENTRY_CHARACTERS_MAX {
                return;
            }
            match c {
                '0'..='9' => self.text.push(c),
                '.' | ',' if !self.text.contains('.') => {
                    if self.text.is_empty() {
                        self.text.push('0');
                    }
                    self.text.push('.');
                }
                _ => {}
            }
        }
    }

    /// Takes the last character back.
    pub fn pop(&mut self) {
        self.text.pop();
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.text.clear();
    }

    /// Takes what was typed and empties it.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// As money. With a decimal sign typed it is what stands there (`12.5` is 12.50); without one the digits are whole
    /// units, as people say amounts: `20` is 20.00.
    pub fn amount(&self, currency: Currency) -> Option<Money> {
        if self.text.is_empty() {
            return None;
        }
        Money::parse(self.text.trim_end_matches('.'), currency).ok().filter(|m| m.minor().abs() <= AMOUNT_MINOR_MAX)
    }

    /// As a quantity above nothing.
    pub fn quantity(&self) -> Option<Quantity> {
        Quantity::parse(self.text.trim_end_matches('.')).filter(|q| q.is_positive())
    }

    /// As how much was counted: nothing is a count too.
    pub fn counted(&self) -> Option<Quantity> {
        Quantity::parse(self.text.trim_end_matches('.')).filter(|q| !q.is_negative())
    }

    /// As percent, 0 to 100.
    pub fn percent(&self) -> Option<Decimal> {
        let percent = Decimal::from_str_exact(self.text.trim_end_matches('.')).ok()?;
        (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent).then_some(percent)
    }

    /// Typed, and no amount whatever may follow: too many digits after the sign, or beyond the limit.
    pub fn is_no_amount(&self, currency: Currency) -> bool {
        !self.is_empty() && self.amount(currency).is_none()
    }

    /// As a code: digits only.
    pub fn code(&self) -> Option<&str> {
        (!self.text.is_empty() && self.text.bytes().all(|b| b.is_ascii_digit())).then_some(self.text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> Entry {
        let mut entry = Entry::default();
        entry.push(keys);
        entry
    }

    #[test]
    fn what_is_typed_is_what_is_meant() {
        let check = |keys: &str, amount: Option<i64>, quantity: Option<i64>| {
            let entry = typed(keys);
            assert_eq!(entry.amount(Currency::EUR).map(Money::minor), amount, "{keys} as amount");
            assert_eq!(entry.quantity().map(Quantity::thousandths), quantity, "{keys} as quantity");
        };
        check("", None, None);
        check("20", Some(2000), Some(20_000));
        check("12.5", Some(1250), Some(12_500));
        check("12,50", Some(1250), Some(12_500));
        check(",5", Some(50), Some(500));
        check("7.", Some(700), Some(7000));
        check("1.234", None, Some(1234));
        check("0", Some(0), None);
        check("1..2", Some(120), Some(1200));
        check("12a3", Some(12_300), Some(123_000));
        check("999999999999999999999999", None, None);
    }

    #[test]
    fn a_code_has_digits_only_and_an_end() {
        assert_eq!(typed("4006381333931").code(), Some("4006381333931"));
        assert_eq!(typed("1.5").code(), None);
        assert_eq!(typed(&"9".repeat(99)).text().len(), ENTRY_CHARACTERS_MAX);
    }

    #[test]
    fn percent_stays_within_a_hundred() {
        assert_eq!(typed("10").percent(), Some(Decimal::TEN));
        assert_eq!(typed("101").percent(), None);
    }
}
