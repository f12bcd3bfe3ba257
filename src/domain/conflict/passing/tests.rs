//! What serves an order, and on whom the risk falls then.

use super::*;
use crate::domain::conflict::CaseState;
use crate::domain::specimen::{at_hour, order, order_line, uuid};
use crate::domain::web_order::{LineQuantity, OrderStep};

fn jacket() -> ProductId {
    ProductId::new("jacket")
}

/// An order for jackets, `picked` of `ordered`.
fn wants(number: &str, hour: i64, ordered: i64, picked: i64) -> WebOrder {
    let mut order = order(number, vec![order_line(1, "jacket", ordered)]);
    order.collect_by = Some(at_hour(hour));
    order.lines[0].picked = Quantity::units(picked);
    order
}

fn case(id: u8, order: &str, quantity: i64) -> ConflictCase {
    ConflictCase {
        case: CaseId(uuid(id)),
        product: jacket(),
        order: order.into(),
        quantity: Quantity::units(quantity),
        state: CaseState::Open,
        opened_at: at_hour(8),
        due_at: at_hour(17),
    }
}

#[test]
fn what_serves_an_order() {
    let one = |quantity| LineQuantity { line: 1, quantity: Quantity::units(quantity) };
    let picked = |quantity| OrderStep::Picked { what: one(quantity), bay: None };
    let handed_over = |quantity| OrderStep::HandedOver {
        lines: vec![one(quantity)],
        collector: String::new(),
        proof: crate::domain::web_order::CollectionProof::Code,
    };
    let by = |quantity| Served::By(Quantity::units(quantity));
    #[rustfmt::skip]
    let table = [
        // ordered, picked, missing, what is done                              served
        (        1,      0,       1, picked(1),                                by(1)),
        (        2,      0,       1, picked(1),                                Served::Not),  // the one that is there
        (        2,      0,       2, picked(1),                                by(1)),
        (        3,      1,       1, picked(2),                                by(1)),
        (        1,      1,       1, handed_over(1),                           by(1)),        // the held one was there
        (        2,      0,       1, handed_over(2),                           by(1)),
        (        1,      0,       1, OrderStep::PutAtRisk,                     Served::Not),
        (        1,      0,       1, OrderStep::ReportedShort { what: one(1) }, Served::Not),
        (        1,      0,       1, OrderStep::Cancelled,                     Served::WantsNoMore),
        (        1,      1,       1, OrderStep::PutBack,                       Served::WantsNoMore),
    ];
    for (ordered, done, missing, step, expected) in table {
        let before = wants("W-1", 17, ordered, done);
        let mut after = before.clone();
        after.apply(&step);
        assert_eq!(served(Quantity::units(missing), &jacket(), &before, &after), expected, "{ordered} {done} {step:?}");
    }
}

/// `on hand, held, promised` with orders and cases (and what each order was served): who falls short, and how many.
fn passed(level: (i64, i64, i64), orders: &[WebOrder], cases: &[(ConflictCase, i64)], awaited: i64) -> Vec<String> {
    let (on_hand, held, promised) = level;
    let [on_hand, held, promised] = [on_hand, held, promised].map(Quantity::units);
    let level = StockLevel { on_hand, held, promised, safety: Quantity::ZERO };
    let cases: Vec<(&ConflictCase, Quantity)> =
        cases.iter().map(|(case, served)| (case, Quantity::units(*served))).collect();
    let plan = plan_passing(&level, orders, &jacket(), &cases, Quantity::units(awaited));
    plan.iter().map(|passed| format!("{} {}", passed.order, passed.quantity)).collect()
}

#[test]
fn the_risk_falls_on_the_order_that_lacks_the_unit_now() {
    let first = wants("W-1", 12, 1, 0);
    let served = wants("W-2", 17, 1, 1);
    // The last jacket was picked for the later order: the earlier one lacks it.
    assert_eq!(passed((1, 1, 1), &[first.clone(), served.clone()], &[(case(1, "W-2", 1), 1)], 0), ["W-1 1"]);
    // One more turned up: nobody lacks anything.
    assert!(passed((2, 1, 1), &[first.clone(), served.clone()], &[(case(1, "W-2", 1), 1)], 0).is_empty());
    // It is seen to already, by a case or by a unit on its way.
    let cases = [(case(1, "W-2", 1), 1), (case(2, "W-1", 1), 0)];
    assert!(passed((1, 1, 1), &[first.clone(), served.clone()], &cases, 0).is_empty());
    assert!(passed((1, 1, 1), &[first.clone(), served.clone()], &[(case(1, "W-2", 1), 1)], 1).is_empty());
    // Nobody was served: nothing is passed on, whatever else is missing.
    assert!(passed((1, 0, 2), &[first.clone(), wants("W-2", 17, 1, 0)], &[(case(1, "W-2", 1), 0)], 0).is_empty());
    // Of several the rule chooses: the latest promise first, and no more than was passed on.
    let third = wants("W-3", 14, 2, 0);
    assert_eq!(
        passed((1, 1, 3), &[first.clone(), third.clone(), served.clone()], &[(case(1, "W-2", 2), 2)], 0),
        ["W-3 2"]
    );
    let cases = [(case(1, "W-2", 2), 2), (case(2, "W-3", 1), 0)];
    assert_eq!(passed((1, 1, 3), &[first, third, served], &cases, 0), ["W-3 1", "W-1 1"]);
}

#[test]
fn a_case_passed_on_has_one_name_everywhere() {
    let from = CaseId(uuid(1));
    let name = case_passed_on(from, &"W-1".into());
    assert_eq!(name, case_passed_on(from, &"W-1".into()));
    assert_ne!(name, case_passed_on(from, &"W-2".into()));
    assert_ne!(case_passed_on(name, &"W-1".into()), name);
}
