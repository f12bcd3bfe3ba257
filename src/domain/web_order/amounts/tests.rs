//! What is due, of the whole and of its parts, whatever was received before: always to the cent.

use proptest::prelude::*;

use super::*;
use rust_decimal::Decimal;

use crate::domain::specimen::{euros, order, order_line, settings};
use crate::domain::web_order::{CollectionProof, OrderStep};

fn line(number: u32, ordered: i64, amount: i64, share: i64) -> OrderLine {
    OrderLine { amount: euros(amount), share: euros(share), ..order_line(number, "mug", ordered) }
}

/// The same line with goods at 8 % and 10.00 of its share at nothing: on top of its prices, or in them.
fn with_tax(line: OrderLine, on_top: bool) -> OrderLine {
    let price = (line.amount + line.share).minor();
    let free = price.min(1000);
    let tax = if on_top { (price - free) * 8 / 100 } else { (price - free) * 8 / 108 };
    let net = if on_top { price - free } else { price - free - tax };
    let one = |percent, net, tax| Taxed { percent: Decimal::from(percent), net: euros(net), tax: euros(tax) };
    OrderLine { taxed: vec![one(8, net, tax), one(0, free, 0)], ..line }
}

fn unpaid(lines: Vec<OrderLine>, prepaid: i64) -> WebOrder {
    let prepaid = Some(euros(prepaid)).filter(|prepaid| !prepaid.is_zero());
    WebOrder { paid: false, prepaid, ..order("W-1", lines) }
}

fn units(line: u32, units: i64) -> LineQuantity {
    LineQuantity { line, quantity: Quantity::units(units) }
}

fn hand_over(order: &mut WebOrder, lines: Vec<LineQuantity>) {
    let collector = "Anna".to_owned();
    assert_eq!(order.apply(&OrderStep::HandedOver { lines, collector, proof: CollectionProof::Code }), []);
}

fn told(dues: &[LineDue]) -> Vec<[i64; 4]> {
    dues.iter().map(|due| [due.amount, due.share, due.prepaid, due.due()].map(Money::minor)).collect()
}

#[test]
fn a_line_costs_what_its_sender_reckoned_in_all_its_parts() {
    // Three for 10.00: 3.33, 3.34, 3.33.
    let mut order = unpaid(vec![line(1, 3, 1000, 0)], 0);
    let mut paid = Vec::new();
    for _ in 0..3 {
        paid.push(order.due_of(&[units(1, 1)]).unwrap()[0].due().minor());
        hand_over(&mut order, vec![units(1, 1)]);
    }
    assert_eq!(paid, [333, 334, 333]);
    // Five for 0.03 with 0.02 off: what four of them are worth is nothing, and none is worth less.
    let mut order = unpaid(vec![line(1, 5, 3, -2)], 0);
    let mut paid = Vec::new();
    for _ in 0..5 {
        paid.push(order.due_of(&[units(1, 1)]).unwrap()[0].due().minor());
        hand_over(&mut order, vec![units(1, 1)]);
    }
    assert_eq!(paid, [0, 0, 1, 0, 0]);
    // A thousand screws at 0.0125, whose price of one is no amount.
    let screws = unpaid(vec![line(1, 1000, 1250, 0)], 0);
    assert_eq!(screws.amount_due(), Some(euros(1250)));
}

#[test]
fn discounts_shipping_and_what_was_received_count_once() {
    #[rustfmt::skip]
    let table: [(&str, WebOrder, &[[i64; 4]], [i64; 4]); 5] = [
        ("5.00 off, shared",        unpaid(vec![line(1, 2, 2000, -333), line(2, 1, 1000, -167)], 0),
            &[[2000, -333, 0, 1667], [1000, -167, 0, 833]],     [3000, -500, 0, 2500]),
        ("shipping",                unpaid(vec![line(1, 1, 1000, 395)], 0),
            &[[1000, 395, 0, 1395]],                            [1000, 395, 0, 1395]),
        ("10.00 received before",   unpaid(vec![line(1, 2, 2000, 0), line(2, 1, 1000, 0)], 1000),
            &[[2000, 0, 667, 1333], [1000, 0, 333, 667]],       [3000, 0, 1000, 2000]),
        ("more received than owed", unpaid(vec![line(1, 1, 1000, -200)], 900),
            &[[1000, -200, 800, 0]],                            [1000, -200, 800, 0]),
        ("all paid",                WebOrder { paid: true, ..unpaid(vec![line(1, 1, 1000, 395)], 0) },
            &[[1000, 395, 1395, 0]],                            [1000, 395, 1395, 0]),
    ];
    for (name, order, expected, sums) in table {
        let all: Vec<LineQuantity> =
            order.lines.iter().map(|line| LineQuantity { line: line.line, quantity: line.ordered }).collect();
        assert_eq!(told(&order.due_of(&all).unwrap()), expected, "{name}");
        let found = order.sums().unwrap();
        assert_eq!([found.amount, found.share, found.prepaid, found.due].map(Money::minor), sums, "{name}");
    }
}

#[test]
fn an_order_is_due_with_the_tax_its_sender_says() {
    // 100.00 at 8 %, shipping of 10.00 at nothing, on top: 118.00, of which 50.00 were received.
    let order = unpaid(vec![with_tax(line(1, 1, 10_000, 1000), true)], 5000);
    let sums = order.sums().unwrap();
    assert_eq!(
        [sums.amount, sums.share, sums.tax, sums.prepaid, sums.due].map(Money::minor),
        [10_000, 1000, 800, 5000, 6800]
    );
    let due = order.due_of(&[units(1, 1)]).unwrap().remove(0);
    assert_eq!((due.worth(), due.due(), due.received), (euros(11_800), euros(6800), euros(5000)));
}

#[test]
fn an_order_without_a_word_of_tax_is_due_with_the_stores_own() {
    let order = unpaid(vec![line(1, 1, 10_000, 1000)], 0);
    let told = |mode| {
        let sums = order.sums_in(&StoreSettings { tax_mode: mode, ..settings() }).unwrap();
        [sums.tax, sums.due].map(Money::minor)
    };
    assert_eq!((told(TaxMode::Included), told(TaxMode::Excluded)), ([0, 11_000], [2310, 13_310]));
}

#[test]
fn what_was_received_is_used_up_first() {
    let mut order = unpaid(vec![line(1, 1, 1000, 0), line(2, 1, 1000, 0)], 1200);
    assert_eq!(told(&order.due_of(&[units(1, 1)]).unwrap()), [[1000, 0, 1000, 0]]);
    hand_over(&mut order, vec![units(1, 1)]);
    assert_eq!(told(&order.due_of(&[units(2, 1)]).unwrap()), [[1000, 0, 200, 800]]);
    // What is given up owes nothing, and what was received stays for the rest.
    let mut order = unpaid(vec![line(1, 1, 1000, 0), line(2, 1, 1000, 0)], 1200);
    order.lines[0].cancelled = Quantity::ONE;
    assert_eq!(order.amount_due(), Some(euros(0)));
}

#[test]
fn a_line_that_is_not_the_orders_is_told() {
    assert_eq!(unpaid(vec![line(1, 1, 1000, 0)], 0).due_of(&[units(7, 1)]), None);
    assert_eq!(unpaid(Vec::new(), 0).sums(), None);
}

proptest! {
    /// However an order is collected, unit by unit in any order of its lines: what is paid at the counter and what was
    /// received before is what the order comes to, and nobody ever gets money back.
    #[test]
    fn parts_add_up_to_the_whole(
        lines in prop::collection::vec((1_i64..6, 0_i64..10_000, 0_i64..100), 1..5),
        prepaid in 0_i64..30_000,
        taxed in prop::sample::select(vec![None, Some(true), Some(false)]),
        picks in prop::collection::vec((any::<prop::sample::Index>(), 1_i64..4), 30),
    ) {
        let lines: Vec<_> = (1..).zip(&lines).map(|(number, (ordered, amount, percent))| {
            let line = line(number, *ordered, *amount, -amount * percent / 100);
            taxed.map_or(line.clone(), |on_top| with_tax(line, on_top))
        }).collect();
        let whole: i64 = lines.iter().map(|line| worth(line.amount, line.share, &line.taxed).minor()).sum();
        let mut order = unpaid(lines, prepaid);
        let mut paid = 0;
        let all = (1..=order.lines.len() as u32).map(|line| (line, 9));
        let some = picks.iter().map(|(index, units)| (index.index(order.lines.len()) as u32 + 1, *units));
        for (number, wanted) in some.chain(all).collect::<Vec<_>>() {
            let outstanding = order.line(number).unwrap().outstanding();
            let quantity = Quantity::units(wanted).min(outstanding);
            if !quantity.is_positive() {
                continue;
            }
            let what = vec![LineQuantity { line: number, quantity }];
            let found = order.due_of(&what).unwrap().remove(0);
            let net: i64 = found.taxed.iter().map(|one| one.net.minor()).sum();
            prop_assert!(taxed != Some(true) || net == (found.amount + found.share).minor());
            prop_assert!(taxed != Some(false) || found.worth() == found.amount + found.share);
            let due = found.due();
            prop_assert!(!due.is_negative());
            paid += due.minor();
            hand_over(&mut order, what);
        }
        prop_assert_eq!(paid, (whole - prepaid).max(0));
    }
}

#[test]
fn figures_that_fit_no_amount_are_no_amount() {
    let far = Taxed { percent: Decimal::from(21), net: euros(i64::MAX), tax: euros(i64::MAX) };
    let order = unpaid(vec![OrderLine { taxed: vec![far; 3], ..line(1, 2, 1000, 0) }], 0);
    assert_eq!(order.amount_due(), None);
}

#[test]
fn what_a_till_took_for_what_was_received_otherwise_was_taken_twice() {
    // Two at 50.00; what was received when the first was collected, and what is said to be received after that.
    #[rustfmt::skip]
    let table = [
        ("nothing else came in",              0, 5000, 5000, 0,     false, 0),
        ("all of it came in",                 0, 5000, 5000, 0,     true,  5000),
        ("some had come in, and now all",  2000, 3000, 3000, 2000,  true,  3000),
        ("some had come in, and still has", 2000, 3000, 3000, 2000, false, 0),
        ("one of two came in",                0, 5000, 5000, 5000,  false, 5000),
        ("a part of one came in",             0, 5000, 5000, 2000,  false, 2000),
        ("taken off at the till",             0, 5000, 4500, 0,     true,  4500),
        ("taken off, and a part came in",     0, 5000, 4500, 2000,  false, 2000),
        ("less was taken than was owed",      0, 4000, 4000, 0,     false, 0),
    ];
    for (what, before, in_full, taken, prepaid, paid, expected) in table {
        let mut order = unpaid(vec![line(1, 2, 10_000, 0)], before);
        hand_over(&mut order, vec![units(1, 1)]);
        (order.prepaid, order.paid) = (Some(euros(prepaid)), paid);
        let twice = order.taken_twice(euros(in_full), euros(taken));
        assert_eq!(twice, Some(euros(expected)), "{what}");
        // What is given back and what is still asked come to what the order costs, but for what was taken off.
        let rest = order.amount_due().unwrap().minor() + taken - expected;
        let received = if paid { 10_000 } else { prepaid };
        let off = if paid { 0 } else { in_full - taken };
        assert!(what.starts_with("less") || rest + received + off == 10_000, "{what}: {rest} {received}");
    }
}

/// Its sender may call it unpaid and say that all of it was received: what is still due decides.
#[test]
fn an_order_with_nothing_due_is_paid_for() {
    let of = |prepaid| unpaid(vec![line(1, 2, 1000, 0)], prepaid);
    assert_eq!([0, 999, 1000, 1001].map(|prepaid| of(prepaid).is_paid_for()), [false, false, true, true]);
    let mut order = of(500);
    hand_over(&mut order, vec![units(1, 1)]);
    assert!(!order.is_paid_for(), "the other half");
    assert!(WebOrder { paid: true, ..of(0) }.is_paid_for());
    let over = WebOrder { state: crate::domain::web_order::OrderState::HandedOver, ..of(0) };
    assert!(!over.is_paid_for(), "nothing is outstanding, and nobody says that it was received");
}
