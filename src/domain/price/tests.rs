//! Which price counts: the precedence as a table, and what always holds.

use proptest::prelude::*;

use super::PriceBasis::{Contract, Group, QuantityBreak};
use super::*;
use crate::domain::money::Currency;
use crate::domain::specimen::{at_hour, euros};

fn rule(basis: PriceBasis, minimum: i64, price_minor: i64) -> PriceRule {
    PriceRule {
        basis,
        minimum: Quantity::units(minimum),
        price: RulePrice::Amount(euros(price_minor)),
        valid_from: None,
        valid_until: None,
    }
}

fn percent(basis: PriceBasis, percent: &str) -> PriceRule {
    PriceRule { price: RulePrice::PercentOff(percent.parse().unwrap()), ..rule(basis, 0, 0) }
}

fn between(rule: PriceRule, from: Option<i64>, until: Option<i64>) -> PriceRule {
    PriceRule { valid_from: from.map(at_hour), valid_until: until.map(at_hour), ..rule }
}

#[test]
fn which_price_counts() {
    let dollars = RulePrice::Amount(Money::new(100, Currency::from_code("USD").unwrap()));
    let foreign = PriceRule { price: dollars, ..rule(Contract, 0, 0) };
    #[rustfmt::skip]
    let table: &[(&str, &[PriceRule], i64, i64, Option<PriceBasis>, Option<i64>)] = &[
        // what                          rules (list 10.00, asked at hour 12)               quantity price from     until
        ("no rule: the list",            &[],                                                     1, 1000, None, None),
        ("contract before group",        &[rule(Group, 0, 700), rule(Contract, 0, 900)],          1,  900, Some(Contract), None),
        ("group before break",           &[rule(QuantityBreak, 5, 600), rule(Group, 0, 800)],     5,  800, Some(Group), None),
        ("break before list",            &[rule(QuantityBreak, 5, 900)],                          5,  900, Some(QuantityBreak), None),
        ("break not reached",            &[rule(QuantityBreak, 5, 900)],                          4, 1000, None, None),
        ("contract dearer than list",    &[rule(Contract, 0, 1100)],                              1, 1100, Some(Contract), None),
        ("the highest break reached",    &[rule(QuantityBreak, 5, 900), rule(QuantityBreak, 10, 950)], 12, 950, Some(QuantityBreak), None),
        ("contract's break not reached", &[rule(Contract, 10, 500), rule(Contract, 0, 900)],      9,  900, Some(Contract), None),
        ("not yet",                      &[between(rule(Contract, 0, 900), Some(13), None)],      1, 1000, None, Some(13)),
        ("from this instant",            &[between(rule(Contract, 0, 900), Some(12), None)],      1,  900, Some(Contract), None),
        ("over at this instant",         &[between(rule(Contract, 0, 900), None, Some(12))],      1, 1000, None, None),
        ("up to the next instant",       &[between(rule(Contract, 0, 900), None, Some(13))],      1,  900, Some(Contract), Some(13)),
        ("the one that began last",      &[between(rule(Group, 0, 800), Some(1), None), between(rule(Group, 0, 850), Some(9), None)],
                                                                                                  1,  850, Some(Group), None),
        ("equal but for the price",      &[rule(Group, 0, 850), rule(Group, 0, 800)],             1,  800, Some(Group), None),
        ("a tenth off",                  &[percent(Contract, "10")],                              1,  900, Some(Contract), None),
        ("half a cent goes up",          &[percent(Contract, "0.05")],                            1, 1000, Some(Contract), None),
        ("all of it off",                &[percent(Contract, "100")],                             1,    0, Some(Contract), None),
        ("another currency is no price", &[foreign.clone(), rule(Group, 0, 800)],                 1,  800, Some(Group), None),
    ];
    for (what, rules, quantity, price, basis, until) in table {
        let quoted = quote(euros(1000), rules, Quantity::units(*quantity), at_hour(12));
        let told = (quoted.unit_price.minor(), quoted.basis, quoted.valid_until);
        assert_eq!(told, (*price, *basis, until.map(at_hour)), "{what}");
        let mut turned = rules.to_vec();
        turned.reverse();
        assert_eq!(quote(euros(1000), &turned, Quantity::units(*quantity), at_hour(12)), quoted, "{what}: any order");
    }
}

#[test]
fn percentages_round_once_halves_up() {
    for (list, off, expected) in [(999, "50", 500), (1001, "33.3", 668), (5, "50", 3), (1, "49", 1), (1, "51", 0)] {
        let quoted = quote(euros(list), &[percent(Group, off)], Quantity::ONE, at_hour(0));
        assert_eq!(quoted.unit_price, euros(expected), "{list} less {off} %");
    }
}

proptest! {
    #[test]
    fn a_quote_is_one_of_the_prices_there_are(
        list in 0_i64..100_000, prices in prop::collection::vec((0_i64..100_000, 0_i64..20), 0..6), quantity in 1_i64..30,
    ) {
        let rules: Vec<PriceRule> = prices.iter().map(|(price, minimum)| rule(QuantityBreak, *minimum, *price)).collect();
        let quoted = quote(euros(list), &rules, Quantity::units(quantity), at_hour(0));
        let reached = |(price, minimum): &(i64, i64)| *minimum <= quantity && quoted.unit_price == euros(*price);
        match quoted.basis {
            None => prop_assert!(quoted.unit_price == euros(list) && prices.iter().all(|(_, min)| *min > quantity)),
            Some(_) => prop_assert!(prices.iter().any(reached)),
        }
    }
}
