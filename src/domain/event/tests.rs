//! What an entry moves, and which steps it takes on web orders.

use super::*;
use crate::domain::basket::{AnsweredConflict, HandOverLine, LineRequest};
use crate::domain::conflict::{ConflictFacts, ConflictKind};
use crate::domain::product::Product;
use crate::domain::sale::complete;
use crate::domain::specimen::{basket, case, entry, euros, product, sale_context, settings};
use crate::domain::stock::StockLevel;
use crate::domain::tender::{Tender, TenderKind};
use crate::domain::web_order::Collection;

fn facts() -> ConflictFacts {
    ConflictFacts { kind: ConflictKind::Promised, level: StockLevel::default(), basket: Quantity::ONE }
}

/// Two socks sold and one brought back, a merino sold anyway, a mug handed over for W-1, gift wrap.
fn mixed_sale() -> Sale {
    let mut basket = basket();
    let line = |units| LineRequest::listed(Quantity::units(units), None);
    let hand_over = |line| {
        Some(HandOverLine { order: "W-1".into(), line, share: None, taxed: Vec::new(), prepaid: None, received: None })
    };
    basket.add(&product("socks", 900), line(2)).unwrap();
    basket.add(&product("socks", 900), line(-1)).unwrap();
    basket.add(&product("merino", 5900), line(1)).unwrap();
    basket.add(&product("mug", 1450), LineRequest { hand_over: hand_over(2), ..line(1) }).unwrap();
    basket.add(&product("mug", 1450), LineRequest { hand_over: hand_over(3), ..line(1) }).unwrap();
    basket.add(&Product { stocked: false, ..product("gift wrap", 250) }, line(1)).unwrap();
    basket.tenders = vec![Tender { kind: TenderKind::Card, amount: euros(9950), reference: None }];
    basket.answered = vec![AnsweredConflict {
        product: "merino".into(),
        facts: facts(),
        case: case(1),
        short: Some("W-2".into()),
        approved_by: None,
    }];
    basket.collections =
        vec![Collection { order: "W-1".into(), collector: "Anna".to_owned(), proof: CollectionProof::Code }];
    complete(&basket, &settings(), sale_context()).unwrap()
}

/// `product quantity reason` of every movement of an event.
fn moved(event: Event) -> Vec<(String, i64, MovementReason)> {
    let entry = entry(event);
    let all = movements(&entry);
    assert!(all.iter().all(|m| m.entry == entry.id && m.at == entry.recorded_at));
    all.iter().map(|m| (m.product.to_string(), m.quantity.thousandths() / 1000, m.reason)).collect()
}

fn decided(answer: ConflictAnswer) -> Event {
    Event::ConflictDecided(Box::new(ConflictDecision {
        case: case(1),
        basket: basket().id,
        product: "merino".into(),
        facts: facts(),
        orders: vec!["W-1".into()],
        answer,
    }))
}

fn handed_over(lines: Vec<LineQuantity>) -> OrderStep {
    OrderStep::HandedOver { lines, collector: "Anna".to_owned(), proof: CollectionProof::Code }
}

fn one_of(line: u32) -> LineQuantity {
    LineQuantity { line, quantity: Quantity::ONE }
}

#[test]
fn a_sale_moves_what_left_the_shop_and_nothing_else() {
    use MovementReason::{HandOver, Return, Sale};
    let expected =
        [("socks", -2, Sale), ("socks", 1, Return), ("merino", -1, Sale), ("mug", -1, HandOver), ("mug", -1, HandOver)];
    let expected = expected.map(|(product, quantity, reason)| (product.to_owned(), quantity, reason));
    assert_eq!(moved(Event::SaleCompleted(Box::new(mixed_sale()))), expected);
}

#[test]
fn a_hand_over_moves_its_products_and_picking_moves_none() {
    let products = vec![(1, ProductId::new("merino"))];
    let stepped = |step| Event::OrderStepped { order: "W-1".into(), step, products: products.clone() };
    let out = ("merino".to_owned(), -1, MovementReason::HandOver);
    // Line 7 is unknown to the entry: what it is cannot be said, and nothing is invented.
    assert_eq!(moved(stepped(handed_over(vec![one_of(1), one_of(7)]))), [out]);
    assert_eq!(moved(stepped(OrderStep::Picked { what: one_of(1), bay: None })), []);
    assert_eq!(moved(stepped(OrderStep::PutBack)), []);
}

#[test]
fn an_adjustment_moves_its_difference_and_a_decision_nothing() {
    let adjusted = Event::StockAdjusted {
        product: "mug".into(),
        quantity: Quantity::units(3),
        movement: MovementReason::Receipt,
        note: String::new(),
    };
    assert_eq!(moved(adjusted), [("mug".to_owned(), 3, MovementReason::Receipt)]);
    assert_eq!(moved(decided(ConflictAnswer::LineOut)), []);
}

#[test]
fn a_sale_hands_over_what_it_was_paid_for_and_puts_at_risk_what_it_took() {
    let steps = order_steps(&entry(Event::SaleCompleted(Box::new(mixed_sale()))));
    let hand_over = ("W-1".into(), handed_over(vec![one_of(2), one_of(3)]));
    assert_eq!(steps, [hand_over, ("W-2".into(), OrderStep::PutAtRisk)]);
}

#[test]
fn only_keeping_for_the_order_is_a_step_of_the_order() {
    let keep = ConflictAnswer::Keep { order: "W-1".into(), line: 2, quantity: Quantity::ONE, bay: "C-03".to_owned() };
    let picked = OrderStep::Picked { what: one_of(2), bay: Some("C-03".to_owned()) };
    assert_eq!(order_steps(&entry(decided(keep))), [("W-1".into(), picked)]);
    for answer in [
        ConflictAnswer::HandOver { order: "W-1".into() },
        ConflictAnswer::SellAnyway { order: "W-1".into() },
        ConflictAnswer::FindAnother { store: "S002".into() },
        ConflictAnswer::LineOut,
    ] {
        assert_eq!(order_steps(&entry(decided(answer.clone()))), [], "{answer:?}");
    }
}
