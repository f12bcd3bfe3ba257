//! Orders folded from their steps: the common days, the days when two tills disagree, and what always holds.

use proptest::prelude::*;

use super::OrderState::*;
use super::*;
use crate::domain::specimen::{order, order_line};

fn some(line: u32, units: i64) -> LineQuantity {
    LineQuantity { line, quantity: Quantity::units(units) }
}

fn pick_started() -> OrderStep {
    OrderStep::PickStarted { operator: "ana".into() }
}

fn picked(line: u32, units: i64) -> OrderStep {
    OrderStep::Picked { what: some(line, units), bay: None }
}

fn undone(line: u32, units: i64) -> OrderStep {
    OrderStep::PickUndone { what: some(line, units) }
}

fn short(line: u32, units: i64) -> OrderStep {
    OrderStep::ReportedShort { what: some(line, units) }
}

fn ready() -> OrderStep {
    OrderStep::MadeReady { bay: "C-14".to_owned() }
}

fn handed_over(lines: &[(u32, i64)]) -> OrderStep {
    let lines = lines.iter().map(|(line, units)| some(*line, *units)).collect();
    OrderStep::HandedOver { lines, collector: "Anna".to_owned(), proof: CollectionProof::Code }
}

/// Two merino crews and a mug.
fn two_lines() -> WebOrder {
    order("W-1", vec![order_line(1, "merino", 2), order_line(2, "mug", 1)])
}

/// Plays the steps on [`two_lines`] and expects of each: the state, then held and promised of both products together.
fn check(day: &str, steps: &[(OrderStep, OrderState, i64, i64)]) -> WebOrder {
    let mut order = two_lines();
    for (step, state, held, promised) in steps {
        assert_eq!(order.apply(step), [], "{day}: {step:?}");
        let sum = |of: fn(&WebOrder, &ProductId) -> Quantity| of(&order, &"merino".into()) + of(&order, &"mug".into());
        let now = (order.state, sum(WebOrder::held_of), sum(WebOrder::promised_of));
        assert_eq!(now, (*state, Quantity::units(*held), Quantity::units(*promised)), "{day}: after {step:?}");
    }
    order
}

#[test]
fn days_of_an_order() {
    #[rustfmt::skip]
    let days: [(&str, &[(OrderStep, OrderState, i64, i64)]); 9] = [
        ("as it should be", &[
            (pick_started(),                  Picking,        0, 3),
            (picked(1, 2),                    Picking,        2, 1),
            (picked(2, 1),                    Picking,        3, 0),
            (ready(),                         Ready,          3, 0),
            (handed_over(&[(1, 2), (2, 1)]),  HandedOver,     0, 0),
        ]),
        ("one cannot be found", &[
            (pick_started(),                  Picking,        0, 3),
            (short(1, 1),                     Picking,        0, 3),
            (picked(1, 1),                    Picking,        1, 2),
            (picked(2, 1),                    Short,          2, 1),
            (picked(1, 1),                    Picking,        3, 0),
        ]),
        ("two customers' hands", &[
            (picked(1, 2),                    Picking,        2, 1),
            (ready(),                         Ready,          2, 1),
            (handed_over(&[(1, 1)]),          PartHandedOver, 1, 1),
            (pick_started(),                  PartHandedOver, 1, 1),
            (picked(2, 1),                    PartHandedOver, 2, 0),
            (handed_over(&[(1, 1), (2, 1)]),  HandedOver,     0, 0),
        ]),
        ("a slip of the hand", &[
            (picked(1, 2),                    Picking,        2, 1),
            (undone(1, 1),                    Picking,        1, 2),
            (undone(1, 5),                    Received,       0, 3),
        ]),
        ("ready too soon", &[
            (picked(1, 2),                    Picking,        2, 1),
            (ready(),                         Ready,          2, 1),
            (OrderStep::ReadyUndone,          Picking,        2, 1),
        ]),
        ("never collected", &[
            (picked(1, 2),                    Picking,        2, 1),
            (ready(),                         Ready,          2, 1),
            (OrderStep::Lapsed,               Lapsed,         2, 1),
            (OrderStep::PutBack,              PutBack,        0, 0),
        ]),
        ("collected late", &[
            (picked(1, 2),                    Picking,        2, 1),
            (ready(),                         Ready,          2, 1),
            (OrderStep::Lapsed,               Lapsed,         2, 1),
            (handed_over(&[(1, 2), (2, 1)]),  HandedOver,     0, 0),
        ]),
        ("cancelled on the way", &[
            (picked(1, 2),                    Picking,        2, 1),
            (OrderStep::Cancelled,            Cancelled,      2, 0),
            (OrderStep::PutBack,              PutBack,        0, 0),
        ]),
        ("the customer brought it to the till", &[
            (OrderStep::PutAtRisk,            Received,       0, 3),
            (handed_over(&[(1, 2), (2, 1)]),  HandedOver,     0, 0),
        ]),
    ];
    for (day, steps) in days {
        check(day, steps);
    }
}

#[test]
fn a_unit_kept_at_the_till_lies_in_its_bay() {
    let mut order = two_lines();
    order.apply(&OrderStep::Picked { what: some(1, 1), bay: Some("C-03".to_owned()) });
    assert_eq!((order.bay.as_deref(), order.state), (Some("C-03"), Picking));
}

#[test]
fn handing_everything_over_ends_the_risk() {
    let mut order = two_lines();
    order.apply(&OrderStep::PutAtRisk);
    assert!(order.at_risk);
    order.apply(&handed_over(&[(1, 2), (2, 1)]));
    assert!(!order.at_risk);
}

/// Plays `steps` on [`two_lines`] and expects these anomalies of the last one, and this state after it.
fn check_anomaly(steps: &[OrderStep], expected: &[Anomaly], state: OrderState) {
    let mut order = two_lines();
    let mut last = Vec::new();
    for step in steps {
        last = order.apply(step);
    }
    assert_eq!(last, expected, "{steps:?}");
    assert_eq!(order.state, state, "{steps:?}");
}

#[test]
fn what_does_not_fit_is_told_and_applied_as_far_as_it_can_be() {
    let whole = || handed_over(&[(1, 2), (2, 1)]);
    let twice = |line, units| Anomaly::HandedOverTwice { line, excess: Quantity::units(units) };
    let too_many = Anomaly::PickedTooMany { line: 1, excess: Quantity::units(1) };
    #[rustfmt::skip]
    let table: [(&[OrderStep], &[Anomaly], OrderState); 13] = [
        (&[picked(7, 1)],                                  &[Anomaly::NoSuchLine(7)],             Received),
        (&[picked(1, 3)],                                  &[too_many],                           Picking),
        (&[whole(), whole()],                              &[twice(1, 2), twice(2, 1)],           HandedOver),
        (&[handed_over(&[(1, 2)]), handed_over(&[(1, 1)])], &[twice(1, 1)],                       PartHandedOver),
        (&[whole(), OrderStep::PutBack],                   &[Anomaly::NotInState(HandedOver)],    HandedOver),
        (&[whole(), OrderStep::Lapsed],                    &[Anomaly::NotInState(HandedOver)],    HandedOver),
        (&[whole(), picked(1, 1)],                         &[Anomaly::NotInState(HandedOver)],    HandedOver),
        (&[OrderStep::Cancelled, pick_started()],          &[Anomaly::NotInState(Cancelled)],     Cancelled),
        (&[OrderStep::Cancelled, whole()],                 &[Anomaly::NotInState(Cancelled)],     HandedOver),
        (&[OrderStep::PutBack, handed_over(&[(2, 1)])],    &[Anomaly::NotInState(PutBack)],       PutBack),
        (&[ready(), pick_started()],                       &[Anomaly::NotInState(Ready)],         Ready),
        (&[OrderStep::ReadyUndone],                        &[Anomaly::NotInState(Received)],      Received),
        (&[handed_over(&[(1, 1)]), OrderStep::ReadyUndone], &[Anomaly::NotInState(PartHandedOver)], PartHandedOver),
    ];
    for (steps, expected, state) in table {
        check_anomaly(steps, expected, state);
    }
}

#[test]
fn what_is_due_is_what_is_outstanding_and_unpaid() {
    let mut order = two_lines();
    assert_eq!(order.amount_due().map(Money::minor), Some(0));
    order.paid = false;
    assert_eq!(order.amount_due().map(Money::minor), Some(3000));
    order.apply(&handed_over(&[(1, 1)]));
    assert_eq!(order.amount_due().map(Money::minor), Some(2000));
    order.lines[0].cancelled = Quantity::ONE;
    assert_eq!(order.amount_due().map(Money::minor), Some(1000));
}

fn any_step() -> impl Strategy<Value = OrderStep> {
    let what = || (0_u32..4, -2_i64..4).prop_map(|(line, units)| some(line, units));
    prop_oneof![
        Just(pick_started()),
        (what(), any::<bool>()).prop_map(|(what, bay)| OrderStep::Picked { what, bay: bay.then(|| "C-01".to_owned()) }),
        what().prop_map(|what| OrderStep::PickUndone { what }),
        what().prop_map(|what| OrderStep::ReportedShort { what }),
        Just(ready()),
        Just(OrderStep::ReadyUndone),
        prop::collection::vec((0_u32..4, -2_i64..4), 0..3).prop_map(|lines| handed_over(&lines)),
        Just(OrderStep::PutBack),
        Just(OrderStep::Lapsed),
        Just(OrderStep::Cancelled),
        Just(OrderStep::PutAtRisk),
    ]
}

proptest! {
    #[test]
    fn any_steps_in_any_order_leave_sound_figures(steps in prop::collection::vec(any_step(), 0..24)) {
        let mut order = two_lines();
        let mut sound = true;
        for step in &steps {
            let before = order.clone();
            let anomalies = order.apply(step);
            sound &= anomalies.is_empty();
            for (line, was) in order.lines.iter().zip(&before.lines) {
                prop_assert!(!line.picked.is_negative() && !line.short.is_negative());
                prop_assert!(line.short <= line.promised());
                prop_assert!(line.handed_over >= was.handed_over, "handed over is for good");
                prop_assert!(line.picked >= line.handed_over);
                if sound {
                    prop_assert_eq!(line.held() + line.promised(), line.outstanding());
                    prop_assert!(line.handed_over + line.outstanding() == line.ordered);
                }
            }
            let is_picked = matches!(step, OrderStep::Picked { .. } | OrderStep::PickUndone { .. });
            let moved = matches!(step, OrderStep::HandedOver { .. } | OrderStep::PutBack);
            let may_change = moved || (is_picked && before.state == Cancelled);
            if !before.state.is_unfulfilled() && !may_change {
                prop_assert_eq!(&order, &before, "what is over stays as it is");
            }
            if order.state == HandedOver {
                prop_assert!(order.lines.iter().all(|l| l.outstanding().is_zero()));
            }
        }
    }

    #[test]
    fn an_order_that_is_over_holds_and_promises_nothing(steps in prop::collection::vec(any_step(), 0..24)) {
        let mut order = two_lines();
        for step in &steps {
            order.apply(step);
        }
        if order.is_over() {
            for product in ["merino", "mug"].map(ProductId::new) {
                prop_assert!(order.held_of(&product).is_zero() && order.promised_of(&product).is_zero());
            }
        }
    }
}

#[test]
fn what_was_picked_for_a_cancelled_order_is_held_until_it_is_put_back() {
    let mut order = two_lines();
    order.apply(&picked(1, 1));
    assert_eq!(order.apply(&OrderStep::Cancelled), []);
    let merino = ProductId::new("merino");
    assert!(order.is_to_put_back() && !order.is_over());
    assert_eq!((order.held_of(&merino), order.promised_of(&merino)), (Quantity::ONE, Quantity::ZERO));
    // A till that had not heard of it picks another one: it lies in the bay too.
    assert_eq!(order.apply(&picked(1, 1)), [Anomaly::NotInState(Cancelled)]);
    assert_eq!((order.state, order.held_of(&merino)), (Cancelled, Quantity::units(2)));
    assert_eq!(order.apply(&OrderStep::PutBack), []);
    assert!(order.is_over() && order.held_of(&merino).is_zero());
    // A parcel is unpacked where it was packed: nothing of it waits for a till.
    let mut sent = WebOrder { fulfilment: Fulfilment::Delivery, ..two_lines() };
    sent.apply(&picked(1, 1));
    sent.apply(&OrderStep::Cancelled);
    assert!(sent.is_over() && sent.held_of(&merino).is_zero());
}

#[test]
fn goods_without_stock_are_picked_and_handed_over_and_neither_promised_nor_held() {
    let wrapping = OrderLine { stocked: false, ..order_line(2, "wrapping", 1) };
    let mut order = order("W-1", vec![order_line(1, "mug", 1), wrapping]);
    let (mug, wrapping) = ("mug".into(), "wrapping".into());
    assert_eq!((order.promised_of(&mug), order.promised_of(&wrapping)), (Quantity::ONE, Quantity::ZERO));
    for line in [1, 2] {
        order.apply(&OrderStep::Picked { what: LineQuantity { line, quantity: Quantity::ONE }, bay: None });
    }
    assert_eq!((order.held_of(&mug), order.held_of(&wrapping)), (Quantity::ONE, Quantity::ZERO));
    assert!(order.is_fully_picked());
}
