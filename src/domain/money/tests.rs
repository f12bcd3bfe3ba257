//! Money: parsing, printing, splitting and cash rounding.

use proptest::prelude::*;

use super::MoneyError::{NotANumber, OutOfRange, TooPrecise};
use super::*;
use crate::domain::specimen::euros;

#[test]
fn currencies_know_their_minor_digits() {
    #[rustfmt::skip]
    let table = [
        ("EUR", Some(2)), ("JPY", Some(0)), ("KWD", Some(3)), ("UYW", Some(4)), ("CHF", Some(2)),
        ("eur", None),    ("EU", None),     ("EURO", None),   ("E€", None),     ("", None),
    ];
    for (code, expected) in table {
        assert_eq!(Currency::from_code(code).map(|c| c.minor_digits()), expected, "{code}");
    }
    assert_eq!(Currency::from_code("GBP"), Some(Currency::GBP));
}

#[test]
fn amounts_are_read_exactly_or_refused() {
    let yen = Currency::from_code("JPY").unwrap();
    let dinar = Currency::from_code("BHD").unwrap();
    #[rustfmt::skip]
    let table = [
        ("12",                     Currency::EUR, Ok(1200)),
        ("12.5",                   Currency::EUR, Ok(1250)),
        ("-0.20",                  Currency::EUR, Ok(-20)),
        (" 7.00 ",                 Currency::EUR, Ok(700)),
        ("1.500",                  Currency::EUR, Ok(150)),
        ("1.505",                  Currency::EUR, Err(TooPrecise)),
        ("1.505",                  dinar,         Ok(1505)),
        ("120",                    yen,           Ok(120)),
        ("0.5",                    yen,           Err(TooPrecise)),
        ("10000000000.00",         Currency::EUR, Ok(AMOUNT_MINOR_MAX)),
        ("10000000000.01",         Currency::EUR, Err(OutOfRange)),
        ("-92233720368547758.08",  Currency::EUR, Err(OutOfRange)),
        ("79228162514264337593543950335", Currency::EUR, Err(OutOfRange)),
        ("99999999999999999999999999999999", Currency::EUR, Err(NotANumber)),
        ("",                       Currency::EUR, Err(NotANumber)),
        ("-",                      Currency::EUR, Err(NotANumber)),
        (".5",                     Currency::EUR, Err(NotANumber)),
        ("5.",                     Currency::EUR, Err(NotANumber)),
        ("1_000",                  Currency::EUR, Err(NotANumber)),
        ("1,50",                   Currency::EUR, Err(NotANumber)),
        ("1e3",                    Currency::EUR, Err(NotANumber)),
        ("+1",                     Currency::EUR, Err(NotANumber)),
        ("--1",                    Currency::EUR, Err(NotANumber)),
        ("1.2.3",                  Currency::EUR, Err(NotANumber)),
        ("٣",                      Currency::EUR, Err(NotANumber)),
    ];
    for (text, currency, expected) in table {
        assert_eq!(Money::parse(text, currency).map(Money::minor), expected, "{text:?} {currency:?}");
    }
}

#[test]
fn halves_are_rounded_away_from_zero() {
    for (exact, expected) in [("0.5", 1), ("-0.5", -1), ("1.4999", 1), ("2.5", 3), ("-2.5", -3), ("0.49", 0)] {
        assert_eq!(round(exact.parse().unwrap()), Some(expected), "{exact}");
    }
    assert_eq!(round(Decimal::MAX), None);
    assert_eq!(Money::from_decimal("1.005".parse().unwrap(), Currency::EUR), Some(euros(101)));
    assert_eq!(Money::from_decimal(Decimal::MIN, Currency::EUR), None);
    assert_eq!(Money::from_decimal("-92233720368547758.08".parse().unwrap(), Currency::EUR), None);
}

#[test]
fn an_amount_is_split_by_the_largest_remainder() {
    #[rustfmt::skip]
    let table: [(i64, &[i64], &[i64]); 9] = [
        ( 100, &[1, 1, 1],       &[34, 33, 33]),
        (-100, &[1, 1, 1],       &[-34, -33, -33]),
        ( 100, &[5900, 900],     &[87, 13]),
        (   1, &[1, 2],          &[0, 1]),
        (   5, &[3, 0, 3],       &[3, 0, 2]),
        (   7, &[0, 0],          &[7, 0]),
        (   7, &[-5, 2],         &[0, 7]),
        (   0, &[1, 2, 3],       &[0, 0, 0]),
        (   9, &[],              &[]),
    ];
    for (whole, weights, expected) in table {
        let parts: Vec<i64> = euros(whole).allocate(weights).into_iter().map(Money::minor).collect();
        assert_eq!(parts, expected, "{whole} by {weights:?}");
    }
}

#[test]
fn cash_is_rounded_as_each_country_does() {
    let sweden = (100, Tie::Up);
    let denmark = (50, Tie::Up);
    let five = (5, Tie::Up);
    let new_zealand_up = (10, Tie::Up);
    let new_zealand_down = (10, Tie::Down);
    let south_africa = (5, Tie::AlwaysDown);
    let hungary = (5, Tie::Up);
    let none = (1, Tie::Up);
    #[rustfmt::skip]
    let table = [
        // rule             amount  rounded
        (sweden,             12349,  12300), (sweden,           12350,  12400), (sweden,            12399,  12400),
        (denmark,             1024,   1000), (denmark,           1025,   1050), (denmark,            1074,   1050),
        (denmark,             1075,   1100), (denmark,           1099,   1100),
        (five,                3076,   3075), (five,              3077,   3075), (five,               3078,   3080),
        (five,                3079,   3080), (five,              3071,   3070), (five,               3072,   3070),
        (five,                3073,   3075), (five,              3074,   3075), (five,                  2,      0),
        (new_zealand_up,      1004,   1000), (new_zealand_up,    1005,   1010), (new_zealand_up,     1006,   1010),
        (new_zealand_down,    1004,   1000), (new_zealand_down,  1005,   1000), (new_zealand_down,   1006,   1010),
        (south_africa,        1004,   1000), (south_africa,      1005,   1005), (south_africa,       1009,   1005),
        (hungary,             1002,   1000), (hungary,           1003,   1005), (hungary,            1007,   1005),
        (none,                1234,   1234),
        // A refund is rounded as its sale was.
        (five,               -3076,  -3075), (denmark,          -1025,  -1050), (south_africa,      -1009,  -1005),
    ];
    for ((step, tie), amount, expected) in table {
        assert_eq!(euros(amount).round_to_step(step, tie).minor(), expected, "{amount} to {step} {tie:?}");
    }
}

#[test]
fn amounts_of_different_currencies_neither_add_nor_compare() {
    let pound = Money::new(100, Currency::GBP);
    assert_eq!(euros(100).checked_add(pound), None);
    assert_eq!(euros(100).partial_cmp(&pound), None);
    assert_eq!(euros(i64::MAX).checked_add(euros(1)), None);
    assert_eq!(euros(100).checked_add(euros(-30)), Some(euros(70)));
}

#[test]
fn a_difference_above_nothing_says_so_where_it_is_asked_to() {
    let differences = [150, -150, 0].map(|minor| format!("{:+}", euros(minor)));
    assert_eq!(differences, ["+1.50", "-1.50", "0.00"]);
}

fn any_currency() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec!["EUR", "JPY", "KWD", "UYW"]).prop_map(|code| Currency::from_code(code).unwrap())
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(minor in -AMOUNT_MINOR_MAX..=AMOUNT_MINOR_MAX, currency in any_currency()) {
        let money = Money::new(minor, currency);
        prop_assert_eq!(Money::parse(&money.to_string(), currency), Ok(money));
        prop_assert_eq!(Money::from_decimal(money.to_decimal(), currency), Some(money));
    }

    #[test]
    fn parsing_never_panics(text in "[-+0-9._ eE]{0,40}|\\PC{0,12}") {
        let _ = Money::parse(&text, Currency::EUR);
    }

    #[test]
    fn parts_sum_to_the_whole_and_lie_within_one_unit_of_their_share(
        whole in any::<i64>(),
        weights in prop::collection::vec(any::<i64>(), 1..20),
    ) {
        let parts = euros(whole).allocate(&weights);
        prop_assert_eq!(parts.len(), weights.len());
        prop_assert_eq!(parts.iter().map(|p| i128::from(p.minor())).sum::<i128>(), i128::from(whole));
        let total: i128 = weights.iter().map(|w| i128::from(*w).max(0)).sum();
        if total > 0 {
            for (part, weight) in parts.iter().zip(&weights) {
                let share = i128::from(whole) * i128::from(*weight).max(0);
                prop_assert!((i128::from(part.minor()) * total - share).abs() < total);
                prop_assert!(*weight > 0 || part.is_zero());
            }
        }
    }

    #[test]
    fn rounded_cash_is_a_multiple_less_than_a_step_away_and_odd_about_zero(
        minor in -AMOUNT_MINOR_MAX..=AMOUNT_MINOR_MAX,
        step in prop::sample::select(vec![1_i64, 5, 10, 50, 100, 500]),
        tie in prop::sample::select(vec![Tie::Up, Tie::Down, Tie::AlwaysDown]),
    ) {
        let rounded = euros(minor).round_to_step(step, tie);
        let moved = (rounded - euros(minor)).abs().minor();
        prop_assert_eq!(rounded.minor() % step, 0);
        prop_assert!(moved < step && (tie == Tie::AlwaysDown || moved * 2 <= step));
        prop_assert_eq!(rounded.round_to_step(step, tie), rounded);
        prop_assert_eq!(euros(-minor).round_to_step(step, tie), -rounded);
    }
}
