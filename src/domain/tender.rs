//! Tenders: what a sale is paid with.

use super::money::{self, Currency, Money, Tie};

/// A means of payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TenderKind {
    /// Notes and coins.
    Cash,
    /// A card on a terminal that is not connected: the cashier keys in its answer.
    Card,
}

/// One payment in a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tender {
    /// By what means.
    pub kind: TenderKind,
    /// How much the customer gave.
    pub amount: Money,
    /// What the terminal's slip says, when the cashier noted it. Never a card number.
    pub reference: Option<String>,
}

/// How a country rounds what is paid in cash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CashRounding {
    /// The smallest coin, in minor units; 1 for none.
    pub step_minor: i64,
    /// The exact middle.
    pub tie: Tie,
}

impl CashRounding {
    /// To the cent: no rounding.
    pub const NONE: Self = Self { step_minor: 1, tie: Tie::Up };
}

/// Where payment stands: everything the pay screen shows, worked out in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// What the basket costs.
    pub total: Money,
    /// What has been given.
    pub tendered: Money,
    /// Difference between the exact remainder and what cash can pay; zero without cash.
    pub cash_rounding: Money,
    /// Still to pay; zero when enough was given.
    pub remaining: Money,
    /// To give back.
    pub change: Money,
}

/// Works out payment: only what remains for cash is rounded, and only once cash is given (or would be: pass the tender).
pub fn settle(total: Money, tenders: &[Tender], rounding: CashRounding) -> Settlement {
    let currency = total.currency();
    let tendered = money::sum(currency, tenders.iter().map(|t| t.amount));
    let cashless = money::sum(currency, tenders.iter().filter(|t| t.kind != TenderKind::Cash).map(|t| t.amount));
    let for_cash = total - cashless;
    let has_cash = tenders.iter().any(|t| t.kind == TenderKind::Cash);
    let rounded = if has_cash { for_cash.round_to_step(rounding.step_minor, rounding.tie) } else { for_cash };
    let cash_rounding = rounded - for_cash;
    let balance = total + cash_rounding - tendered;
    let zero = Money::zero(currency);
    let (remaining, change) = match balance.minor() {
        b if b > 0 && total.minor() >= 0 => (balance, zero),
        b if b < 0 && total.minor() >= 0 => (zero, -balance),
        _ => (balance, zero),
    };
    Settlement { total, tendered, cash_rounding, remaining, change }
}

/// What the customer would have to give in cash for `remaining`.
pub fn cash_due(remaining: Money, rounding: CashRounding) -> Money {
    remaining.round_to_step(rounding.step_minor, rounding.tie)
}

/// Sensible amounts a customer may hand over for `due`, ascending, without `due` itself, at most `count`: the next
/// multiples of the notes and coins people actually combine.
pub fn suggest_cash(due: Money, count: usize) -> Vec<Money> {
    let unit = 10_i64.pow(u32::from(due.currency().minor_digits()));
    let mut amounts: Vec<i64> = [1, 5, 10, 20, 50, 100, 200, 500]
        .iter()
        .map(|note| note * unit)
        .map(|note| (due.minor() + note - 1).div_euclid(note) * note)
        .filter(|amount| *amount > due.minor())
        .collect();
    amounts.sort_unstable();
    amounts.dedup();
    amounts.into_iter().take(count).map(|minor| Money::new(minor, due.currency())).collect()
}

/// Is the text a card number someone typed or scanned where none belongs (13 to 19 digits with a valid Luhn sum,
/// ISO/IEC 7812-1 annex B)? Such a text is never kept.
pub fn looks_like_card_number(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter(|c| !matches!(c, ' ' | '-')).map_while(|c| c.to_digit(10)).collect();
    if !(13..=19).contains(&digits.len()) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| match i % 2 {
            0 => *d,
            _ if *d > 4 => d * 2 - 9,
            _ => d * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Nothing tendered yet, in a currency: where every payment begins.
pub const fn unpaid(total: Money, currency: Currency) -> Settlement {
    let zero = Money::zero(currency);
    Settlement { total, tendered: zero, cash_rounding: zero, remaining: total, change: zero }
}
