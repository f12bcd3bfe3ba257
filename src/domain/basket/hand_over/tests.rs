//! What may have become of an order while it lies in a basket, and whether the basket is still right about it.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::domain::basket::{LinePrice, LineRequest};
use crate::domain::quantity::Quantity;
use crate::domain::specimen::{basket, euros, order, order_line, product, rates};
use crate::domain::tax::{TaxMode, TaxTotal};
use crate::domain::web_order::{CollectionProof, OrderLine, OrderStep};

fn unpaid() -> WebOrder {
    let line = |number, id, units, amount, share| OrderLine {
        amount: euros(amount),
        share: euros(share),
        ..order_line(number, id, units)
    };
    let lines = vec![line(1, "mug", 3, 1000, -100), line(2, "jumper", 1, 4000, -400)];
    WebOrder { paid: false, prepaid: Some(euros(1500)), ..order("W-1", lines) }
}

fn taxed(percent: i64, net: i64, tax: i64) -> Taxed {
    Taxed { percent: Decimal::from(percent), net: euros(net), tax: euros(tax) }
}

/// 100.00 at 21 % with 10.00 of shipping at nothing, and 20.00 at a rate the store does not have; on top of the prices.
fn net_priced() -> WebOrder {
    let mut order = unpaid();
    order.prepaid = None;
    (order.lines[0].amount, order.lines[0].share) = (euros(10_000), euros(1000));
    order.lines[0].taxed = vec![taxed(21, 10_000, 2100), taxed(0, 1000, 0)];
    (order.lines[1].amount, order.lines[1].share) = (euros(2000), euros(0));
    order.lines[1].taxed = vec![taxed(8, 2000, 161)];
    order
}

fn rows(basket: &Basket) -> Vec<(char, i64, i64, i64)> {
    let row = |row: TaxTotal| (row.code.0, row.net.minor(), row.tax.minor(), row.gross.minor());
    basket.tax_table(&rates(), TaxMode::Excluded).into_iter().map(row).collect()
}

#[test]
fn an_order_is_taxed_as_its_sender_says_beside_what_the_till_sells() {
    let order = net_priced();
    let mut basket = holding(&order);
    // 8 % and nothing are no rates of the store: they get letters it has no use for. The cent its sender rounded up stays.
    assert_eq!(rows(&basket), [('A', 10_000, 2100, 12_100), ('Y', 2000, 161, 2161), ('Z', 1000, 0, 1000)]);
    assert_eq!(basket.total(&rates(), TaxMode::Excluded), euros(15_261));
    basket.add(&product("pen", 100), LineRequest::listed(Quantity::ONE, None)).unwrap();
    assert_eq!(rows(&basket)[0], ('A', 10_100, 2121, 12_221));
    basket.set_discount_percent(1, Decimal::ONE_HUNDRED, "staff").unwrap();
    assert_eq!(rows(&basket)[0], ('A', 100, 21, 121), "with the goods goes their tax");
}

#[test]
fn what_was_received_with_the_tax_is_taken_off_with_the_tax() {
    let order = WebOrder { prepaid: Some(euros(5261)), ..net_priced() };
    let mut basket = holding(&order);
    assert_eq!(basket.total(&rates(), TaxMode::Excluded), euros(10_000));
    // In the prices of the line it is less by its tax.
    let nets: i64 = basket.lines.iter().map(|line| line.to_pay().minor()).sum();
    assert_eq!(nets, rows(&basket).iter().map(|row| row.1).sum::<i64>());
    basket.remove(2).unwrap();
    assert_eq!(basket.total(&rates(), TaxMode::Excluded), euros(13_100 - 5261));
    let all = WebOrder { prepaid: Some(euros(20_000)), ..net_priced() };
    assert_eq!(holding(&all).total(&rates(), TaxMode::Excluded), euros(0));
}

#[test]
fn a_discount_that_is_taken_away_again_leaves_the_order_as_it_was() {
    let order = WebOrder { prepaid: Some(euros(3600)), ..unpaid() };
    let mut basket = holding(&order);
    // As much as the jumper costs alone: with 10 % off it some of it has nothing to pay for once the mugs are gone.
    basket.set_discount_percent(2, Decimal::TEN, "staff").unwrap();
    basket.remove(1).unwrap();
    assert!(basket.lines[0].to_pay().is_zero());
    basket.set_discount_percent(2, Decimal::ZERO, "").unwrap();
    assert!(basket.is_as_owed(&order), "{:?}", basket.lines);
}

fn holding(order: &WebOrder) -> Basket {
    let mut basket = basket();
    let all: Vec<_> =
        order.lines.iter().map(|line| LineQuantity { line: line.line, quantity: line.outstanding() }).collect();
    for due in order.due_of(&all).unwrap() {
        let line = order.line(due.line).unwrap();
        let request = LineRequest {
            price: LinePrice::Order { unit_price: line.unit_price, amount: due.amount },
            hand_over: Some(HandOverLine::of(&order.number, &due)),
            ..LineRequest::listed(due.quantity, None)
        };
        basket.add(&product(line.product.as_str(), 100), request).unwrap();
    }
    basket
}

#[test]
fn an_order_is_as_owed_until_its_money_or_its_goods_change() {
    let handed_over = |order: &mut WebOrder| {
        let lines = vec![LineQuantity { line: 1, quantity: Quantity::ONE }];
        let step = OrderStep::HandedOver { lines, collector: String::new(), proof: CollectionProof::Name };
        order.apply(&step);
    };
    type Change<'a> = &'a dyn Fn(&mut WebOrder);
    #[rustfmt::skip]
    let table: [(&str, Change<'_>, bool); 10] = [
        ("nothing",              &|_| {},                                          true),
        ("another name",         &|order| order.customer_name = "Bo".into(),       true),
        ("picked and ready",     &|order| order.bay = Some("C-1".into()),          true),
        ("paid",                 &|order| order.paid = true,                       false),
        ("more was received",    &|order| order.prepaid = Some(euros(2000)),       false),
        ("costs less",           &|order| order.lines[0].amount = euros(900),      false),
        ("discount of the whole",&|order| order.lines[1].share = euros(-500),      false),
        ("taxed otherwise",      &|order| order.lines[0].taxed = vec![taxed(8, 900, 72)], false),
        ("cancelled",            &|order| { order.apply(&OrderStep::Cancelled); }, false),
        ("one went elsewhere",   &handed_over,                                     false),
    ];
    for (what, change, stands) in table {
        let mut now = unpaid();
        let basket = holding(&now);
        change(&mut now);
        assert_eq!(basket.is_as_owed(&now), stands, "{what}");
    }
}

#[test]
fn taking_one_line_out_or_giving_a_discount_does_not_make_it_another_order() {
    let order = unpaid();
    let mut basket = holding(&order);
    basket.set_discount_percent(2, rust_decimal::Decimal::TEN, "staff").unwrap();
    assert!(basket.is_as_owed(&order));
    basket.remove(1).unwrap();
    assert!(basket.is_as_owed(&order));
    assert_eq!(basket.orders(), [&order.number]);
    assert_eq!(basket.lines_of_order(&order.number), [2]);
}

proptest! {
    /// Whatever discounts are given and taken away and whatever lines go: what was received is used as far as it reaches,
    /// the order is as owed, and the customer pays what its lines are worth less that.
    #[test]
    fn discounts_and_removals_leave_an_order_as_owed(
        prepaid in 0_i64..20_000,
        is_taxed in any::<bool>(),
        acts in prop::collection::vec((1_u32..3, 0_i64..101, 0_u8..8), 0..12),
    ) {
        let order = if is_taxed { net_priced() } else { unpaid() };
        let order = WebOrder { prepaid: Some(euros(prepaid)), ..order };
        let mode = if is_taxed { TaxMode::Excluded } else { TaxMode::Included };
        let mut basket = holding(&order);
        for (line, percent, act) in acts {
            let before = basket.clone();
            let done = match act {
                0 if basket.lines.len() > 1 => basket.remove(line).map(|_| ()),
                1..4 => basket.set_discount_percent(line, Decimal::ZERO, ""),
                _ => basket.set_discount_percent(line, Decimal::from(percent), "staff"),
            };
            if done.is_err() {
                prop_assert_eq!(&basket, &before, "a change that is refused changes nothing");
            }
            prop_assert!(basket.is_as_owed(&order), "{:?}", basket.lines);
            let worth = basket.worth_of(&order.number);
            let due = worth - euros(prepaid).min(worth);
            prop_assert_eq!(basket.total(&rates(), mode), due);
            prop_assert!(basket.lines.iter().all(|line| !line.to_pay().is_negative()));
        }
    }
}

#[test]
fn what_a_sale_took_beyond_what_was_owed_is_known_to_the_cent() {
    type Change<'a> = &'a dyn Fn(&mut WebOrder);
    #[rustfmt::skip]
    let table: [(&str, Change<'_>, i64); 7] = [
        ("as it was",             &|_| {},                                                    0),
        ("paid meanwhile",        &|order| order.paid = true,                              3000),
        ("more was received",     &|order| order.prepaid = Some(euros(2000)),               500),
        ("costs less",            &|order| order.lines[0].amount = euros(900),              100),
        ("costs more",            &|order| order.lines[1].amount = euros(4500),            -500),
        ("less off as a whole",   &|order| order.lines[1].share = euros(-300),             -100),
        ("cancelled",             &|order| { order.apply(&OrderStep::Cancelled); },           0),
    ];
    for (what, change, expected) in table {
        let mut now = unpaid();
        let basket = holding(&now);
        change(&mut now);
        let beyond = taken_for(&basket.lines, &now).map(|taken| taken.beyond());
        assert_eq!(beyond, Some(euros(expected)), "{what}");
    }
    // What a person took off at the till is not what the order owes less.
    let mut cheaper = holding(&unpaid());
    cheaper.set_discount_percent(1, rust_decimal::Decimal::TEN, "staff").unwrap();
    let taken = taken_for(&cheaper.lines, &unpaid()).unwrap();
    assert_eq!(taken.beyond(), euros(0));
    let first = cheaper.lines[0].discount.as_ref().unwrap().amount;
    assert!(first.minor() > 0 && taken.taken == taken.in_full - first, "{taken:?}");
    // Handed over twice: what was not outstanding any more counts for nothing.
    let mut given = unpaid();
    let all = given.lines.iter().map(|line| LineQuantity { line: line.line, quantity: line.ordered }).collect();
    given.apply(&OrderStep::HandedOver { lines: all, collector: String::new(), proof: CollectionProof::Name });
    assert_eq!(taken_for(&holding(&unpaid()).lines, &given), None);
}
