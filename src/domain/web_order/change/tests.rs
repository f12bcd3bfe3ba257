//! Orders changed and cancelled by their senders, in every state a pick may be in.

use proptest::prelude::*;

use super::*;
use crate::domain::specimen::{euros, order, order_line, wanted_line};
use crate::domain::tax::Taxed;
use crate::domain::web_order::{CollectionProof, LineQuantity};

/// Two jackets and a mug.
fn two_lines() -> WebOrder {
    order("W-1", vec![order_line(1, "jacket", 2), order_line(2, "mug", 1)])
}

fn some(line: u32, units: i64) -> LineQuantity {
    LineQuantity { line, quantity: Quantity::units(units) }
}

fn picked(line: u32, units: i64) -> OrderStep {
    OrderStep::Picked { what: some(line, units), bay: None }
}

fn ready() -> OrderStep {
    OrderStep::MadeReady { bay: "B1".to_owned() }
}

fn handed_over(line: u32, units: i64) -> OrderStep {
    OrderStep::HandedOver { lines: vec![some(line, units)], collector: "Anna".to_owned(), proof: CollectionProof::Code }
}

fn wanted(lines: &[(&str, i64)]) -> WantedOrder {
    let line = |(product, units): &(&str, i64)| wanted_line(product, *units);
    WantedOrder {
        customer_name: None,
        customer_phone: None,
        payment: None,
        collect_by: None,
        unmatched: Vec::new(),
        notes: String::new(),
        lines: lines.iter().map(line).collect(),
    }
}

/// `state | line product ordered-cancelled picked, …`
fn told(order: &WebOrder) -> String {
    let line = |l: &OrderLine| format!("{} {} {} {}", l.line, l.product, l.ordered - l.cancelled, l.picked);
    let lines: Vec<String> = order.lines.iter().map(line).collect();
    format!("{:?} | {}", order.state, lines.join(", "))
}

#[test]
fn what_was_received_counts_with_the_tax_once_a_change_says_it() {
    // 20.00 before tax, half of it received; then 21 % are said to be on it.
    let before = WebOrder { paid: false, prepaid: Some(euros(1000)), ..order("W-1", vec![order_line(1, "jacket", 2)]) };
    let mut change = wanted(&[("jacket", 2)]);
    change.lines[0].taxed = vec![Taxed { percent: 21.into(), net: euros(2000), tax: euros(420) }];
    let after = before.changed(&change).unwrap();
    assert_eq!((after.prepaid, after.amount_due()), (Some(euros(1210)), Some(euros(1210))));
    let again = after.changed(&wanted(&[("jacket", 2)])).unwrap();
    assert_eq!((again.prepaid, again.amount_due()), (Some(euros(1000)), Some(euros(1000))));
    assert_eq!(after.changed(&change).unwrap().prepaid, Some(euros(1210)));
}

#[test]
fn an_order_becomes_what_is_wanted_and_nothing_picked_is_forgotten() {
    #[rustfmt::skip]
    let table: &[(&[OrderStep], &[(&str, i64)], &str)] = &[
        (&[],                            &[("jacket", 2), ("mug", 1)],   "Received | 1 jacket 2 0, 2 mug 1 0"),
        (&[],                            &[("jacket", 5)],               "Received | 1 jacket 5 0, 2 mug 0 0"),
        (&[],                            &[("mug", 3), ("scarf", 1)],    "Received | 1 jacket 0 0, 2 mug 3 0, 3 scarf 1 0"),
        (&[],                            &[("jacket", 1), ("jacket", 1)],"Received | 1 jacket 1 0, 2 mug 0 0, 3 jacket 1 0"),
        (&[picked(1, 2)],                &[("jacket", 2)],               "Picking | 1 jacket 2 2, 2 mug 0 0"),
        (&[picked(1, 2)],                &[("jacket", 1), ("mug", 1)],   "Picking | 1 jacket 1 2, 2 mug 1 0"),
        (&[picked(1, 1)],                &[("jacket", 1), ("mug", 1)],   "Picking | 1 jacket 1 1, 2 mug 1 0"),
        (&[picked(1, 2), picked(2, 1), ready()], &[("jacket", 3), ("mug", 1)], "Picking | 1 jacket 3 2, 2 mug 1 1"),
        (&[picked(1, 2), picked(2, 1), ready()], &[("jacket", 1), ("mug", 1)], "Picking | 1 jacket 1 2, 2 mug 1 1"),
        (&[picked(1, 2), picked(2, 1), ready()], &[("jacket", 2), ("mug", 1)], "Ready | 1 jacket 2 2, 2 mug 1 1"),
        (&[picked(1, 2), ready()],       &[("jacket", 2)],               "Ready | 1 jacket 2 2, 2 mug 0 0"),
        (&[handed_over(1, 2)],           &[("jacket", 2)],               "HandedOver | 1 jacket 2 2, 2 mug 0 0"),
        (&[handed_over(1, 1)],           &[("jacket", 2), ("mug", 2)],   "PartHandedOver | 1 jacket 2 1, 2 mug 2 0"),
    ];
    for (steps, lines, expected) in table {
        let mut order = two_lines();
        for step in *steps {
            assert_eq!(order.apply(step), [], "{step:?}");
        }
        let after = order.changed(&wanted(lines)).expect(expected);
        assert_eq!(told(&after), *expected);
        if after.state.is_unfulfilled() {
            assert_eq!(after.changed(&wanted(lines)), Ok(after.clone()), "once is enough");
        }
    }
}

#[test]
fn a_line_that_comes_back_is_the_same_line_and_what_was_given_up_is_not_promised_again() {
    let without = two_lines().changed(&wanted(&[("mug", 1)])).unwrap();
    let again = without.changed(&wanted(&[("mug", 1), ("jacket", 2)])).unwrap();
    assert_eq!(again, two_lines());
    let mut given_up = two_lines();
    given_up.lines[0].cancelled = Quantity::ONE;
    let after = given_up.changed(&wanted(&[("jacket", 2), ("mug", 2)])).unwrap();
    assert_eq!(after.lines[0].promised(), Quantity::ONE);
    let after = given_up.changed(&wanted(&[("jacket", 1), ("mug", 1)])).unwrap();
    assert_eq!((after.lines[0].promised(), after.lines[0].cancelled), (Quantity::ONE, Quantity::ZERO));
}

#[test]
fn making_it_ready_again_puts_the_surplus_back() {
    let mut order = two_lines();
    for step in [picked(1, 2), picked(2, 1), ready()] {
        order.apply(&step);
    }
    let mut after = order.changed(&wanted(&[("jacket", 1), ("mug", 1)])).unwrap();
    assert_eq!(after.held_of(&"jacket".into()), Quantity::units(2), "it lies in the bay until somebody takes it out");
    assert_eq!(after.apply(&ready()), []);
    assert_eq!((after.held_of(&"jacket".into()), after.state), (Quantity::ONE, OrderState::Ready));
}

#[test]
fn what_the_customer_has_is_not_taken_back() {
    let mut order = two_lines();
    order.apply(&handed_over(1, 2));
    let refusal = ChangeRefusal::HandedOver { line: 1, handed_over: Quantity::units(2) };
    assert_eq!(order.changed(&wanted(&[("jacket", 1), ("mug", 1)])), Err(refusal.clone()));
    assert_eq!(order.cancelled(), Err(refusal));
    order.apply(&handed_over(2, 1));
    assert_eq!(order.changed(&wanted(&[("jacket", 9)])), Err(ChangeRefusal::Over(OrderState::HandedOver)));
    assert_eq!(order.cancelled(), Err(ChangeRefusal::Over(OrderState::HandedOver)));
    let cancelled = two_lines().cancelled().unwrap();
    assert_eq!(cancelled.state, OrderState::Cancelled);
    assert_eq!(cancelled.cancelled(), Err(ChangeRefusal::Over(OrderState::Cancelled)));
}

proptest! {
    #[test]
    fn whatever_was_picked_the_figures_stay_sound(
        first in 0_i64..4, second in 0_i64..3, given in 0_i64..3, is_ready: bool,
        jackets in 1_i64..5, mugs in 0_i64..3, scarves in 0_i64..2,
    ) {
        let mut order = two_lines();
        order.apply(&picked(1, first));
        order.apply(&picked(2, second));
        if is_ready {
            order.apply(&ready());
        }
        order.apply(&handed_over(1, given));
        let lines: Vec<(&str, i64)> =
            [("jacket", jackets), ("mug", mugs), ("scarf", scarves)].into_iter().filter(|(_, n)| *n > 0).collect();
        let Ok(after) = order.changed(&wanted(&lines)) else { return Ok(()) };
        for (line, was) in after.lines.iter().zip(&order.lines) {
            prop_assert_eq!((line.line, &line.product), (was.line, &was.product));
            prop_assert_eq!((line.picked, line.handed_over), (was.picked, was.handed_over));
            prop_assert_eq!(line.held() + line.promised(), line.outstanding() + line.surplus());
            prop_assert!(line.short <= line.promised());
        }
        for (product, units) in lines {
            let ordered: Quantity = after.lines_of(&product.into()).map(|line| line.ordered).sum();
            prop_assert_eq!(ordered, Quantity::units(units));
        }
    }
}
