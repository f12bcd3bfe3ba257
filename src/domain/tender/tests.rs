//! Payment: what remains, what is given back, and who may not see a card number.

use proptest::prelude::*;

use super::TenderKind::{Card, Cash};
use super::*;
use crate::domain::ids::{OperatorId, SessionId};
use crate::domain::specimen::euros;

const FIVE_CENTS: CashRounding = CashRounding { step_minor: 5, tie: Tie::Up };

fn tender(kind: TenderKind, minor: i64) -> Tender {
    Tender { kind, amount: euros(minor), reference: None }
}

#[test]
fn where_payment_stands() {
    // Eesti Pank's example: 2.28 + 15.32 + 11.99 + 1.17 = 30.76, which is 30.75 in cash and 30.76 on a card.
    #[rustfmt::skip]
    let table: [(i64, &[(TenderKind, i64)], CashRounding, [i64; 3]); 21] = [
        // total  tenders                      rounding            rounding  remaining  change
        (  3076, &[],                          FIVE_CENTS,         [  0,      3076,        0]),
        (  3076, &[(Cash, 3075)],              FIVE_CENTS,         [ -1,         0,        0]),
        (  3076, &[(Card, 3076)],              FIVE_CENTS,         [  0,         0,        0]),
        (  3076, &[(Cash, 5000)],              FIVE_CENTS,         [ -1,         0,     1925]),
        (  3076, &[(Cash, 3000)],              FIVE_CENTS,         [  0,        76,        0]),
        (  3076, &[(Cash, 3000), (Card, 76)],  FIVE_CENTS,         [  0,         0,        0]),
        (  3076, &[(Cash, 3000), (Cash, 75)],  FIVE_CENTS,         [ -1,         0,        0]),
        (  3076, &[(Card, 2000)],              FIVE_CENTS,         [  0,      1076,        0]),
        (  3076, &[(Card, 2000), (Cash, 1075)],FIVE_CENTS,         [ -1,         0,        0]),
        (  3078, &[(Cash, 1000), (Card, 2078)],FIVE_CENTS,         [  0,         0,        0]),
        (  3078, &[(Cash, 1000), (Card, 2080)],FIVE_CENTS,         [  2,         0,        0]),
        (  3076, &[(Cash, 3076)],              CashRounding::NONE, [  0,         0,        0]),
        (  3076, &[(Cash, 2000), (Cash, 2000)],CashRounding::NONE, [  0,         0,      924]),
        (     2, &[(Cash, 0)],                 FIVE_CENTS,         [ -2,         0,        0]),
        (     0, &[],                          FIVE_CENTS,         [  0,         0,        0]),
        (     0, &[(Cash, 500)],               FIVE_CENTS,         [  0,         0,      500]),
        (  1000, &[(Card, 1200)],              FIVE_CENTS,         [  0,         0,      200]),
        // Refunds: the total and the tenders are below zero.
        ( -3076, &[],                          FIVE_CENTS,         [  0,     -3076,        0]),
        ( -3076, &[(Cash, -3075)],             FIVE_CENTS,         [  1,         0,        0]),
        ( -3076, &[(Card, -3076)],             FIVE_CENTS,         [  0,         0,        0]),
        ( -3076, &[(Cash, -4000)],             FIVE_CENTS,         [  1,       925,        0]),
    ];
    for (total, tenders, rounding, [cash_rounding, remaining, change]) in table {
        let given: Vec<Tender> = tenders.iter().map(|(kind, minor)| tender(*kind, *minor)).collect();
        let expected = Settlement {
            total: euros(total),
            tendered: euros(tenders.iter().map(|(_, minor)| minor).sum()),
            cash_rounding: euros(cash_rounding),
            remaining: euros(remaining),
            change: euros(change),
        };
        assert_eq!(settle(euros(total), &given, rounding), expected, "{total} {tenders:?}");
    }
}

#[test]
fn sensible_notes_are_offered() {
    #[rustfmt::skip]
    let table: [(i64, usize, &[i64]); 7] = [
        ( 3075, 4, &[3100, 3500, 4000, 5000]),
        ( 5000, 3, &[6000, 10000, 20000]),
        (13245, 3, &[13500, 14000, 15000]),
        (15245, 8, &[15500, 16000, 20000, 50000]),
        (    5, 2, &[100, 500]),
        (    0, 4, &[]),
        (-1000, 4, &[]),
    ];
    for (due, count, expected) in table {
        let offered: Vec<i64> = suggest_cash(euros(due), count).into_iter().map(Money::minor).collect();
        assert_eq!(offered, expected, "{due}");
    }
}

/// One note that is offered as given can be counted in the drawer.
#[test]
fn what_is_offered_is_counted() {
    for code in ["EUR", "GBP", "USD", "CHF", "JPY"] {
        let currency = Currency::from_code(code).unwrap();
        let counted = notes_and_coins(currency);
        assert!(counted.windows(2).all(|two| two[0] > two[1]), "{code}");
        let largest = counted[0];
        assert!(suggest_cash(Money::new(1, currency), 20).iter().all(|given| counted.contains(given)), "{code}");
        assert!(suggest_cash(largest - Money::new(1, currency), 20).contains(&largest), "{code}");
    }
    assert!(notes_and_coins(Currency::EUR).contains(&euros(50_000)), "a note of 500");
    assert_eq!(suggest_cash(euros(29_500), 8).last(), Some(&euros(50_000)));
}

#[test]
fn what_cash_is_rounded_away_from_is_not_counted() {
    let smallest = |step_minor, float| {
        let session = Session { float: euros(float), ..session_of(0, 0) };
        counted_in_drawer(CashRounding { step_minor, tie: Tie::Up }, &session).last().map(|worth| worth.minor())
    };
    assert_eq!([1, 5, 10, 0].map(|step| smallest(step, 20_000)), [Some(1), Some(5), Some(10), Some(1)]);
    assert_eq!(smallest(5, 20_001), Some(1), "the drawer has one");
    for (sales, moved) in [(2, 0), (0, -3), (2, -2)] {
        let counted = counted_in_drawer(FIVE_CENTS, &session_of(sales, moved));
        assert!(counted.contains(&euros(1)), "{sales} {moved}");
    }
}

fn session_of(cash_sales: i64, cash_moved: i64) -> Session {
    let zero = euros(0);
    Session {
        id: SessionId(uuid::Uuid::from_u128(1)),
        business_day: chrono::NaiveDate::default(),
        operator: OperatorId::new("ana"),
        opened_at: crate::domain::Timestamp::UNIX_EPOCH,
        float: euros(20_000),
        cash_sales: euros(cash_sales),
        card_sales: zero,
        cash_moved: euros(cash_moved),
        sale_count: 0,
        sale_total: zero,
    }
}

#[test]
fn card_numbers_are_seen_wherever_they_stand() {
    #[rustfmt::skip]
    let table = [
        ("4111 1111 1111 1111",             true),
        ("4111111111111112",                false),
        ("slip 000417",                     false),
        ("card 5500-0000-0000-0004 exp 12", true),
        ("378282246310005",                 true),
        ("auth 12/4111111111111111",        true),
        ("411111111111",                    false), // twelve digits
        ("00000000000000000000",            false), // twenty digits
        ("",                                false),
    ];
    for (text, expected) in table {
        assert_eq!(looks_like_card_number(text), expected, "{text:?}");
    }
}

fn any_tenders() -> impl Strategy<Value = Vec<Tender>> {
    let one = (prop::sample::select(vec![Cash, Card]), 0_i64..20_000);
    prop::collection::vec(one.prop_map(|(kind, minor)| tender(kind, minor)), 0..6)
}

proptest! {
    #[test]
    fn every_cent_is_accounted_for(total in 0_i64..50_000, tenders in any_tenders()) {
        let s = settle(euros(total), &tenders, FIVE_CENTS);
        prop_assert_eq!(s.tendered + s.remaining - s.change, s.total + s.cash_rounding);
        prop_assert!(s.remaining.is_zero() || s.change.is_zero());
        prop_assert!(!s.remaining.is_negative() && !s.change.is_negative());
        prop_assert!(s.cash_rounding.abs().minor() <= 2);
        prop_assert!(tenders.iter().any(|t| t.kind == Cash) || s.cash_rounding.is_zero());
    }

    #[test]
    fn a_refund_is_minus_its_sale(total in 0_i64..50_000, kind in prop::sample::select(vec![Cash, Card])) {
        let given = if kind == Cash { cash_due(euros(total), FIVE_CENTS).minor() } else { total };
        let sale = settle(euros(total), &[tender(kind, given)], FIVE_CENTS);
        let refund = settle(euros(-total), &[tender(kind, -given)], FIVE_CENTS);
        prop_assert_eq!(refund.cash_rounding, -sale.cash_rounding);
        prop_assert!(sale.remaining.is_zero() && refund.remaining.is_zero());
    }

    #[test]
    fn suggestions_cover_what_is_due(due in 1_i64..60_000) {
        let offered = suggest_cash(euros(due), 8);
        prop_assert!(offered.windows(2).all(|w| w[0] < w[1]));
        prop_assert!(offered.iter().all(|a| *a > euros(due)));
    }

    #[test]
    fn a_number_with_its_luhn_digit_is_seen_and_with_another_is_not(body in "[1-9][0-9]{12,17}", wrong in 1_u32..10) {
        let with = |digit: u32| looks_like_card_number(&format!("{body}{digit}"));
        let check = (0..10).find(|digit| with(*digit)).unwrap();
        prop_assert!(!with((check + wrong) % 10));
    }
}

#[test]
fn cash_beyond_a_purse_and_a_code_typed_as_money_are_seen() {
    let euro = |minor| Money::new(minor, Currency::EUR);
    #[rustfmt::skip]
    let table = [
        // given        due     unusual  a code
        (1_250,         1_250,  false,   false),
        (20_000,        1_250,  false,   false),
        (21_250,        1_250,  false,   false),
        (21_251,        1_250,  true,    false),
        (500_000,       1_250,  true,    false),
        (9_638_507_400, 1_250,  true,    true),  // an EAN-8
        (9_638_507_500, 1_250,  true,    false), // its check digit is wrong
        (9_638_507_401, 1_250,  true,    false), // no whole units
    ];
    for (given, due, unusual, code) in table {
        assert_eq!(is_unusual_cash(euro(given), euro(due)), unusual, "{given} for {due}");
        assert_eq!(looks_like_barcode(euro(given)), code, "{given}");
    }
    assert!(is_barcode("4006381333931") && !is_barcode("4006381333932") && !is_barcode("20"));
    assert!(!is_unusual_float(euro(200_000)) && is_unusual_float(euro(1_500_000)));
    let yen = Currency::from_code("JPY").unwrap();
    assert!(!is_unusual_cash(Money::new(10_000, yen), Money::new(800, yen)), "one note of ten thousand");
}
