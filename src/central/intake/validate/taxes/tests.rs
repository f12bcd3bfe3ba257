//! Whatever a document says of tax, and to whatever store it goes: what is due is what it says, to the cent.

use proptest::prelude::*;

use super::*;
use crate::central::store::{StoreKind, SubmittedLine};
use crate::central::testing::store_record;
use crate::domain::quantity::Quantity;
use crate::domain::tax::{TaxRate, prices_hold_tax};
use crate::domain::web_order::worth;

const RATES: [i64; 4] = [0, 6, 8, 21];

fn store(included: bool) -> StoreRecord {
    let mut store = store_record("S001", StoreKind::Shop);
    store.settings.tax_mode = if included { TaxMode::Included } else { TaxMode::Excluded };
    let rate = |(letter, percent): (char, i64)| TaxRate {
        code: TaxCode(letter),
        name: format!("VAT {percent} %"),
        percent: Decimal::from(percent),
    };
    store.settings.tax_rates = ('A'..).zip(RATES).map(rate).collect();
    store
}

fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn exact(minor: i64) -> Decimal {
    euros(minor).to_decimal()
}

fn charge(minor: i64, percent: Option<i64>) -> Charge {
    Charge { amount: exact(minor), percent: percent.map(Decimal::from), tax: None }
}

/// Lines of a document, so many cents at such a rate, as they come to in a store's prices.
fn lines(pricing: &Pricing<'_>, lines: &[(i64, i64)]) -> WantedLines {
    let mut wanted = WantedLines::default();
    for (minor, percent) in lines {
        let percent = Decimal::from(*percent);
        let amount = Money::from_decimal(exact(*minor) * pricing.factor(percent), Currency::EUR).unwrap();
        wanted.known.push(SubmittedLine {
            product: "mug".into(),
            name: "Mug".into(),
            quantity: Quantity::ONE,
            unit_price: amount,
            amount,
            share: euros(0),
            taxed: Vec::new(),
        });
        wanted.known_percents.push(percent);
    }
    wanted
}

/// What lies at which rate: percent, net, tax.
fn table(wanted: &WantedLines) -> Vec<(Decimal, i64, i64)> {
    let mut rows: Vec<(Decimal, i64, i64)> = Vec::new();
    for one in wanted.known.iter().flat_map(|line| &line.taxed) {
        let (net, tax) = (one.net.minor(), one.tax.minor());
        match rows.iter_mut().find(|row| row.0 == one.percent) {
            Some(row) => (row.1, row.2) = (row.1 + net, row.2 + tax),
            None => rows.push((one.percent, net, tax)),
        }
    }
    rows.sort();
    rows
}

fn due(wanted: &WantedLines) -> i64 {
    wanted.known.iter().map(|line| worth(line.amount, line.share, &line.taxed).minor()).sum()
}

#[test]
fn a_charge_is_taxed_as_its_document_says_or_as_its_tax_tells() {
    use TaxKind::{OnTop, Within};
    type Row =
        (&'static str, TaxKind, &'static [(i64, i64)], &'static [(i64, Option<i64>)], i64, &'static [(i64, i64, i64)]);
    // In a net-priced store: kind of prices, lines, charges with their rates, tax of the whole -> percent, net, tax.
    #[rustfmt::skip]
    let rows: [Row; 10] = [
        ("shipping untaxed, which the tax tells",     OnTop,  &[(10_000, 8)],              &[(1_000, None)],                  800, &[(0, 1_000, 0), (8, 10_000, 800)]),
        ("shipping untaxed, which it says",           OnTop,  &[(10_000, 8)],              &[(1_000, Some(0))],               800, &[(0, 1_000, 0), (8, 10_000, 800)]),
        ("shipping taxed as the goods",               OnTop,  &[(10_000, 8)],              &[(1_000, None)],                  880, &[(8, 11_000, 880)]),
        ("shipping at a rate of its own",             OnTop,  &[(10_000, 6)],              &[(1_000, None)],                  810, &[(6, 10_000, 600), (21, 1_000, 210)]),
        ("a discount as the goods, shipping untaxed", OnTop,  &[(10_000, 8)],              &[(-1_000, None), (1_000, None)],  720, &[(0, 1_000, 0), (8, 9_000, 720)]),
        ("over two rates",                            OnTop,  &[(10_000, 21), (5_000, 6)], &[(-1_500, None)],               2_160, &[(6, 4_500, 270), (21, 9_000, 1_890)]),
        ("a cent that its sender rounded up",         OnTop,  &[(333, 8), (333, 8)],       &[],                                54, &[(8, 666, 54)]),
        ("a tax that fits nothing",                   OnTop,  &[(10_000, 8)],              &[],                             1_000, &[(10, 10_000, 1_000)]),
        ("the prices hold it",                        Within, &[(10_800, 8)],              &[(1_000, None)],                  800, &[(0, 1_000, 0), (8, 10_000, 800)]),
        ("no tax at all",                             Within, &[(10_800, 8)],              &[],                                 0, &[(0, 10_800, 0)]),
    ];
    for (name, kind, goods, charges, tax, expected) in rows {
        let charges: Vec<Charge> = charges.iter().map(|(minor, percent)| charge(*minor, *percent)).collect();
        let prices = goods.iter().map(|(minor, _)| exact(*minor)).sum::<Decimal>();
        let sum = prices + charges.iter().map(|charge| charge.amount).sum::<Decimal>();
        let sums = Sums { kind, sum: Some(sum), tax: Some(exact(tax)), charges, ..Sums::default() };
        let (store, stores) = (store(false), []);
        let pricing = Pricing::new(&sums, Some(&store), &stores, Currency::EUR);
        let mut wanted = lines(&pricing, goods);
        wanted.settle(&pricing).unwrap();
        let expected: Vec<_> =
            expected.iter().map(|(percent, net, tax)| (Decimal::from(*percent), *net, *tax)).collect();
        assert_eq!(table(&wanted), expected, "{name}");
    }
}

#[test]
fn a_document_without_a_word_of_tax_leaves_it_to_the_store() {
    for included in [true, false] {
        let sums = Sums { sum: Some(exact(11_000)), charges: vec![charge(1_000, None)], ..Sums::default() };
        let store = store(included);
        let pricing = Pricing::new(&sums, Some(&store), &[], Currency::EUR);
        let mut wanted = lines(&pricing, &[(10_000, 8)]);
        wanted.settle(&pricing).unwrap();
        let line = &wanted.known[0];
        assert_eq!((line.amount, line.share, line.taxed.as_slice()), (euros(10_000), euros(1_000), [].as_slice()));
    }
}

#[test]
fn an_order_at_very_many_rates_is_taxed_as_a_whole() {
    let goods: Vec<(i64, i64)> = (1..=40).map(|percent| (1_000, percent)).collect();
    let sums = Sums { kind: TaxKind::OnTop, sum: Some(exact(40_000)), tax: Some(exact(8_200)), ..Sums::default() };
    let store = store(false);
    let pricing = Pricing::new(&sums, Some(&store), &[], Currency::EUR);
    let mut wanted = lines(&pricing, &goods);
    wanted.settle(&pricing).unwrap();
    assert_eq!((due(&wanted), table(&wanted)), (48_200, vec![(Decimal::new(205, 1), 40_000, 8_200)]));
}

#[test]
fn what_is_spread_comes_to_the_whole() {
    let exact = |parts: &[i64]| parts.iter().map(|part| Decimal::new(*part, 1)).collect::<Vec<_>>();
    assert_eq!(spread(10, &exact(&[33, 33, 33])), [4, 3, 3]);
    assert_eq!(spread(-3, &exact(&[-15, -15])), [-1, -2]);
    assert_eq!(spread(5, &exact(&[0, 0])), [4, 1]);
    assert_eq!(spread(0, &[]), Vec::<i64>::new());
}

proptest! {
    /// A document of lines and charges at any rates, which say them or not, with its tax rounded by rate or by line, in the
    /// prices of either kind, to a store of either kind.
    #[test]
    fn an_order_comes_to_what_its_document_says(
        goods in prop::collection::vec((0_i64..200_000, 0_usize..4), 1..7),
        charges in prop::collection::vec((-5_000_i64..20_000, 0_usize..4, any::<bool>()), 0..4),
        (on_top, included, by_line, rounding) in (any::<bool>(), any::<bool>(), any::<bool>(), -3_i64..4),
    ) {
        let goods: Vec<(i64, i64)> = goods.iter().map(|(minor, rate)| (*minor, RATES[*rate])).collect();
        let taxed = goods.iter().copied().chain(charges.iter().map(|(minor, rate, _)| (*minor, RATES[*rate])));
        let taxed: Vec<(i64, i64)> = taxed.collect();
        let tax_of = |minor: i64, percent: i64| crate::domain::tax::tax_of(
            euros(minor), Decimal::from(percent), if on_top { TaxMode::Excluded } else { TaxMode::Included });
        let tax: i64 = match by_line {
            true => taxed.iter().map(|(minor, percent)| tax_of(*minor, *percent).minor()).sum(),
            false => RATES.iter().map(|rate| {
                tax_of(taxed.iter().filter(|(_, percent)| percent == rate).map(|(minor, _)| minor).sum(), *rate).minor()
            }).sum(),
        };
        let says_all = charges.iter().all(|(_, _, says)| *says);
        let sum = taxed.iter().map(|(minor, _)| minor).sum::<i64>() + rounding;
        let sums = Sums {
            kind: if on_top { TaxKind::OnTop } else { TaxKind::Within },
            sum: Some(exact(sum)),
            tax: Some(exact(tax)),
            rounding: exact(rounding),
            charges: charges.iter().map(|(minor, rate, says)| charge(*minor, says.then_some(RATES[*rate]))).collect(),
            ..Sums::default()
        };
        let store = store(included);
        let pricing = Pricing::new(&sums, Some(&store), &[], Currency::EUR);
        let mut wanted = lines(&pricing, &goods);
        prop_assert!(wanted.settle(&pricing).is_some());
        let whole = if on_top { sum + tax } else { sum };
        prop_assert_eq!(due(&wanted), whole.max(0));
        let rows = table(&wanted);
        for line in wanted.known.iter().filter(|line| !line.taxed.is_empty()) {
            let price = line.amount + line.share;
            let net: i64 = line.taxed.iter().map(|one| one.net.minor()).sum();
            let fits = if included { prices_hold_tax(&line.taxed, price) } else { net == price.minor() };
            prop_assert!(fits, "{line:?}");
        }
        prop_assert!(included || !rows.is_empty());
        if !rows.is_empty() && whole >= 0 && (0..=whole).contains(&tax) {
            prop_assert_eq!(rows.iter().map(|row| row.2).sum::<i64>(), tax);
        }
        // Each row is what the document has at that rate, but for the cents that its own rounding moves.
        if says_all && whole >= 0 && (0..=whole).contains(&tax) {
            let cents = 2 * taxed.len() as i64 + 2;
            for rate in RATES {
                let said: i64 = taxed.iter().filter(|(_, percent)| *percent == rate).map(|(minor, _)| minor).sum();
                let net = if on_top { said } else { said - tax_of(said, rate).minor() };
                let found = rows.iter().find(|row| row.0 == Decimal::from(rate)).map_or(0, |row| row.1);
                prop_assert!((net - found).abs() <= cents, "{} % of {} is {:?}", rate, net, rows);
            }
        }
    }
}
