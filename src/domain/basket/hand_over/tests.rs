//! What may have become of an order while it lies in a basket, and whether the basket is still right about it.

use super::*;
use crate::domain::basket::{LinePrice, LineRequest};
use crate::domain::quantity::Quantity;
use crate::domain::specimen::{basket, euros, order, order_line, product};
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
    let table: [(&str, Change<'_>, bool); 9] = [
        ("nothing",              &|_| {},                                          true),
        ("another name",         &|order| order.customer_name = "Bo".into(),       true),
        ("picked and ready",     &|order| order.bay = Some("C-1".into()),          true),
        ("paid",                 &|order| order.paid = true,                       false),
        ("more was received",    &|order| order.prepaid = Some(euros(2000)),       false),
        ("costs less",           &|order| order.lines[0].amount = euros(900),      false),
        ("discount of the whole",&|order| order.lines[1].share = euros(-500),      false),
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
