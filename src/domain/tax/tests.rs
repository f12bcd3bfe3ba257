//! Tax: the amount per rate, and what must hold of every table.

use proptest::prelude::*;

use super::TaxMode::{Excluded, Included};
use super::*;
use crate::domain::money;
use crate::domain::specimen::{euros, rates};

#[test]
fn the_tax_of_an_amount() {
    #[rustfmt::skip]
    let table = [
        // mode     percent   amount    tax
        (Included, "21",      12100,   2100),
        (Included, "21",      15245,   2646),
        (Included, "6",        1125,     64),
        (Included, "19",          1,      0),
        (Included, "20",          3,      1), // 0.5 is a half: up
        (Included, "0",         999,      0),
        (Included, "8.1",     10810,    810),
        (Excluded, "21",      10000,   2100),
        (Excluded, "20",       1003,    201), // 200.6
        (Excluded, "5.5",       100,      6), // 5.5 is a half: up
        (Excluded, "21",     -10000,  -2100),
        (Excluded, "5.5",      -100,     -6), // as its sale was
        (Included, "20",         -3,     -1),
        // Rates outside 0 to 1,000 percent count as the nearer bound.
        (Included, "-100",     1000,      0),
        (Excluded, "-5",       1000,      0),
        (Excluded, "5000",     1000,  10000),
    ];
    for (mode, percent, amount, expected) in table {
        let tax = tax_of(euros(amount), percent.parse().unwrap(), mode);
        assert_eq!(tax.minor(), expected, "{percent} % of {amount} {mode:?}");
    }
}

#[test]
fn a_table_has_a_row_per_rate_in_the_stores_order_and_loses_no_money() {
    let amounts = [('B', 1125), ('A', 11800), ('Z', 500), ('A', 900)];
    let amounts = amounts.map(|(code, minor)| (TaxCode(code), euros(minor)));
    let rows = tax_table(Currency::EUR, &rates(), Included, amounts);
    let shown: Vec<_> = rows.iter().map(|r| (r.code.0, r.net.minor(), r.tax.minor(), r.gross.minor())).collect();
    assert_eq!(shown, [('A', 10496, 2204, 12700), ('B', 1061, 64, 1125), ('Z', 500, 0, 500)]);
}

#[test]
fn tax_is_rounded_once_per_rate_and_not_per_line() {
    // Ten lines of 0.07 at 21 % hold 0.0121 each: a line at a time would be 0.10.
    let rows = tax_table(Currency::EUR, &rates(), Included, [(TaxCode('A'), euros(7)); 10]);
    assert_eq!(rows[0].tax, euros(12));
}

fn any_lines() -> impl Strategy<Value = Vec<(TaxCode, Money)>> {
    let line = (prop::sample::select(vec!['A', 'B', 'C']), -10_000_000_i64..10_000_000);
    prop::collection::vec(line.prop_map(|(code, minor)| (TaxCode(code), euros(minor))), 0..40)
}

proptest! {
    #[test]
    fn net_and_tax_make_gross_and_no_line_falls_out(
        lines in any_lines(),
        mode in prop::sample::select(vec![Included, Excluded]),
    ) {
        let rows = tax_table(Currency::EUR, &rates(), mode, lines.clone());
        for row in &rows {
            prop_assert_eq!(row.net + row.tax, row.gross);
        }
        let priced = rows.iter().map(|r| if mode == Included { r.gross } else { r.net });
        prop_assert_eq!(money::sum(Currency::EUR, priced), money::sum(Currency::EUR, lines.iter().map(|l| l.1)));
    }

    #[test]
    fn the_order_of_lines_makes_no_difference(
        (lines, shuffled) in any_lines().prop_flat_map(|l| (Just(l.clone()), Just(l).prop_shuffle())),
        mode in prop::sample::select(vec![Included, Excluded]),
    ) {
        let table = |lines| tax_table(Currency::EUR, &rates(), mode, lines);
        prop_assert_eq!(table(lines), table(shuffled));
    }

    #[test]
    fn refunding_every_line_is_minus_the_sale(
        lines in any_lines(),
        mode in prop::sample::select(vec![Included, Excluded]),
    ) {
        let sale = tax_table(Currency::EUR, &rates(), mode, lines.clone());
        let refund = tax_table(Currency::EUR, &rates(), mode, lines.into_iter().map(|(code, amount)| (code, -amount)));
        let negated: Vec<_> = sale.into_iter().map(|r| TaxTotal { net: -r.net, tax: -r.tax, gross: -r.gross, ..r }).collect();
        prop_assert_eq!(refund, negated);
    }

    #[test]
    fn tax_is_within_half_a_cent_of_exact(
        minor in 0_i64..10_000_000_000,
        basis_points in 0_i64..100_000,
        mode in prop::sample::select(vec![Included, Excluded]),
    ) {
        let percent = Decimal::new(basis_points, 2);
        let tax = Decimal::from(tax_of(euros(minor), percent, mode).minor());
        let base = if mode == Included { Decimal::ONE_HUNDRED + percent } else { Decimal::ONE_HUNDRED };
        let off = (tax * base - Decimal::from(minor) * percent).abs();
        prop_assert!(off * Decimal::TWO <= base);
    }
}
