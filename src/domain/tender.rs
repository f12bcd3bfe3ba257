//! Tenders: what a sale is paid with.

use super::barcode::Gtin;
use super::money::{self, Currency, Money, Tie};
use super::session::Session;

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

/// Works out payment: only what remains for cash is rounded, and only once cash pays the rest (or would: pass the tender).
/// Until then what remains is exact, for it may still be paid by card.
/// A refund has a total below zero and tenders below zero; nothing is given back on it, so what is left of it stays in
/// `remaining`, with its sign. That change comes from cash alone is judged when the sale is completed.
pub fn settle(total: Money, tenders: &[Tender], rounding: CashRounding) -> Settlement {
    let currency = total.currency();
    let tendered = money::sum(currency, tenders.iter().map(|t| t.amount));
    let for_cash = total - (tendered - cash_in(currency, tenders));
    let has_cash = tenders.iter().any(|t| t.kind == TenderKind::Cash);
    let (given, due) = (cash_in(currency, tenders).minor(), cash_due(for_cash, rounding).minor());
    let pays_the_rest = has_cash && if total.is_negative() { given <= due } else { given >= due };
    let rounded = if pays_the_rest { cash_due(for_cash, rounding) } else { for_cash };
    let cash_rounding = rounded - for_cash;
    let balance = total + cash_rounding - tendered;
    let zero = Money::zero(currency);
    let given_too_much = balance.is_negative() && !total.is_negative();
    let (remaining, change) = if given_too_much { (zero, -balance) } else { (balance, zero) };
    Settlement { total, tendered, cash_rounding, remaining, change }
}

/// The cash among the tenders.
pub fn cash_in(currency: Currency, tenders: &[Tender]) -> Money {
    money::sum(currency, tenders.iter().filter(|t| t.kind == TenderKind::Cash).map(|t| t.amount))
}

/// What the customer would have to give in cash for `remaining`.
pub fn cash_due(remaining: Money, rounding: CashRounding) -> Money {
    remaining.round_to_step(rounding.step_minor, rounding.tie)
}

/// So many times its worth is due when a note or a coin is too small for anybody to make the amount even with it.
const NOTES_COUNTED_MAX: i64 = 50;

/// Sensible amounts a customer may hand over for `due`, ascending, without `due` itself, at most `count`: the next
/// multiples of the notes and coins people actually combine. None when nothing is due.
pub fn suggest_cash(due: Money, count: usize) -> Vec<Money> {
    if due.is_negative() || due.is_zero() {
        return Vec::new();
    }
    let unit = 10_i64.pow(u32::from(due.currency().minor_digits()));
    // Nobody makes an amount even for a coin of two, nor counts out coins beside notes that are worth far more.
    let combined = |worth: &i64| *worth >= unit && *worth != 2 * unit && due.minor() < *worth * NOTES_COUNTED_MAX;
    let mut amounts: Vec<i64> = notes_and_coins(due.currency())
        .into_iter()
        .map(Money::minor)
        .filter(combined)
        .map(|note| (due.minor() + note - 1).div_euclid(note) * note)
        .filter(|amount| *amount > due.minor())
        .collect();
    amounts.sort_unstable();
    amounts.dedup();
    amounts.into_iter().take(count).map(|minor| Money::new(minor, due.currency())).collect()
}

/// The notes and coins of a currency that a drawer may hold, largest first: what is offered as given is counted by the same
/// list. Of a currency that is not known here, what most have.
pub fn notes_and_coins(currency: Currency) -> Vec<Money> {
    let minor: &[i64] = match (currency.code(), currency.minor_digits()) {
        // The note of 500 is given out no more (ECB decision of 4 May 2016) and stays legal tender.
        ("EUR", _) => &[50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
        ("GBP", _) => &[5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
        (_, 0) => &[10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1],
        _ => &[10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1],
    };
    minor.iter().map(|minor| Money::new(*minor, currency)).collect()
}

/// What is counted in a drawer, largest first: where cash is rounded, coins below the smallest one it is rounded to are neither
/// taken nor given; they are counted where an amount says that they came in all the same.
pub fn counted_in_drawer(rounding: CashRounding, session: &Session) -> Vec<Money> {
    let step = rounding.step_minor.max(1);
    let mut counted = notes_and_coins(session.float.currency());
    let amounts = [session.float, session.cash_sales, session.cash_moved];
    if amounts.iter().all(|amount| amount.minor() % step == 0) {
        counted.retain(|worth| worth.minor() >= step);
    }
    counted
}

/// The largest note of a currency that banks still give out; where it is not known here, a thousand of its units, or of their
/// hundreds where it has no smaller ones.
pub fn largest_note(currency: Currency) -> Money {
    let units = match currency.code() {
        "GBP" => 50,
        "USD" | "CAD" | "AUD" | "NZD" | "BGN" => 100,
        "EUR" | "TRY" => 200,
        "DKK" | "PLN" | "RON" => 500,
        "CHF" | "NOK" | "SEK" => 1_000,
        "CZK" | "RSD" => 5_000,
        "ISK" | "JPY" => 10_000,
        "HUF" => 20_000,
        "KRW" => 50_000,
        "VND" => 500_000,
        _ if currency.minor_digits() == 0 => 100_000,
        _ => 1_000,
    };
    Money::new(units * 10_i64.pow(u32::from(currency.minor_digits())), currency)
}

/// Is so much cash for `due` more than anybody gives who pays with what is in a purse: more than one largest note beyond it?
pub fn is_unusual_cash(given: Money, due: Money) -> bool {
    given > due + largest_note(due.currency())
}

/// How many of the largest notes a drawer may begin with before somebody asks whether the point was forgotten.
const FLOAT_NOTES_MAX: i64 = 10;

/// Is so much more than a drawer begins with?
pub fn is_unusual_float(float: Money) -> bool {
    float.minor() > largest_note(float.currency()).minor() * FLOAT_NOTES_MAX
}

/// Is an amount the digits of a barcode, typed where money is asked for: whole units that are a GTIN with its check digit?
pub fn looks_like_barcode(amount: Money) -> bool {
    let unit = 10_i64.pow(u32::from(amount.currency().minor_digits()));
    amount.minor() % unit == 0 && is_barcode(&(amount.minor() / unit).to_string())
}

/// Is a text, typed where money is asked for, the digits of a barcode?
pub fn is_barcode(digits: &str) -> bool {
    matches!(digits.len(), 8 | 12 | 13 | 14) && Gtin::parse(digits).is_some()
}

/// Is there a card number in the text, typed or scanned where none belongs: a run of 13 to 19 digits with a valid Luhn sum
/// (ISO/IEC 7812-1 annex B), spaces and hyphens between them allowed? Such a text is never kept.
pub fn looks_like_card_number(text: &str) -> bool {
    text.split(|c: char| !matches!(c, '0'..='9' | ' ' | '-')).any(is_card_number)
}

fn is_card_number(run: &str) -> bool {
    let digits: Vec<u32> = run.chars().filter_map(|c| c.to_digit(10)).collect();
    let doubled = |d: u32| if d > 4 { d * 2 - 9 } else { d * 2 };
    let sum: u32 = digits.iter().rev().enumerate().map(|(i, d)| if i % 2 == 0 { *d } else { doubled(*d) }).sum();
    (13..=19).contains(&digits.len()) && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests;
