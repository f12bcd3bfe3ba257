//! Days of an order that is sent: the acts of the warehouse's people, and what does not fit.

use super::*;
use crate::domain::specimen::{order, order_line};

fn sent() -> WebOrder {
    let order = order("W-1", vec![order_line(1, "merino", 2), order_line(2, "mug", 1)]);
    WebOrder { fulfilment: Fulfilment::Delivery, ..order }
}

fn pick() -> WarehouseAct {
    WarehouseAct::Pick { picker: "ana".into() }
}

fn short(line: u32, units: i64) -> WarehouseAct {
    WarehouseAct::ReportShort { line, quantity: Some(Quantity::units(units)) }
}

fn dispatch() -> WarehouseAct {
    WarehouseAct::Dispatch(Dispatch { carrier: "PostNL".into(), tracking: "3SABCD1234567".into() })
}

/// Does an act to an order, as central does.
fn act(order: &mut WebOrder, act: &WarehouseAct) -> Result<(), WarehouseRefusal> {
    for step in plan_warehouse(order, act)? {
        assert_eq!(order.apply(&step), [], "{act:?} planned a step that does not fit");
    }
    Ok(())
}

/// State, then held, promised, handed over and given up of both lines together.
fn figures(order: &WebOrder) -> (OrderState, [i64; 4]) {
    let mut sums = [0; 4];
    for line in &order.lines {
        let over = !order.state.is_unfulfilled();
        let owed = |quantity: Quantity| if over { 0 } else { quantity.thousandths() / 1000 };
        sums[0] += owed(line.held());
        sums[1] += owed(line.promised());
        sums[2] += line.handed_over.thousandths() / 1000;
        sums[3] += line.cancelled.thousandths() / 1000;
    }
    (order.state, sums)
}

#[test]
fn days_of_an_order_that_is_sent() {
    use OrderState::{Cancelled, Dispatched, Packed, Picking, Short};
    #[rustfmt::skip]
    let days: [(&str, &[(WarehouseAct, OrderState, [i64; 4])]); 5] = [
        //                                                held promised gone given up
        ("as it should be", &[
            (pick(),                        Picking,     [0, 3, 0, 0]),
            (WarehouseAct::Pack,            Packed,      [3, 0, 0, 0]),
            (dispatch(),                    Dispatched,  [0, 0, 3, 0]),
        ]),
        ("one is missing and the rest goes", &[
            (pick(),                        Picking,     [0, 3, 0, 0]),
            (short(1, 1),                   Picking,     [0, 3, 0, 0]),
            (WarehouseAct::Pack,            Packed,      [2, 0, 0, 1]),
            (dispatch(),                    Dispatched,  [0, 0, 2, 1]),
        ]),
        ("nothing is found", &[
            (pick(),                        Picking,     [0, 3, 0, 0]),
            (WarehouseAct::ReportShort { line: 1, quantity: None }, Picking, [0, 3, 0, 0]),
            (WarehouseAct::ReportShort { line: 2, quantity: None }, Short,   [0, 3, 0, 0]),
            (WarehouseAct::Cancel,          Cancelled,   [0, 0, 0, 0]),
        ]),
        ("another picker takes over", &[
            (pick(),                        Picking,     [0, 3, 0, 0]),
            (WarehouseAct::Pick { picker: "ben".into() }, Picking, [0, 3, 0, 0]),
        ]),
        ("cancelled in its parcel", &[
            (pick(),                        Picking,     [0, 3, 0, 0]),
            (WarehouseAct::Pack,            Packed,      [3, 0, 0, 0]),
            (WarehouseAct::Cancel,          Cancelled,   [0, 0, 0, 0]),
        ]),
    ];
    for (day, acts) in days {
        let mut order = sent();
        for (done, state, expected) in acts {
            assert_eq!(act(&mut order, done), Ok(()), "{day}: {done:?}");
            assert_eq!(figures(&order), (*state, *expected), "{day}: after {done:?}");
        }
    }
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_is_planned() {
    use OrderState::{Cancelled, Dispatched, Packed, Picking, Received};
    use WarehouseRefusal::{DispatchUnnamed, NoSuchLine, NotInState, NothingFound, QuantityInvalid};
    let all_missing = |line| WarehouseAct::ReportShort { line, quantity: None };
    let unnamed = WarehouseAct::Dispatch(Dispatch { carrier: " ".into(), tracking: "1".into() });
    let open = |line, units| QuantityInvalid { line, open: Quantity::units(units) };
    #[rustfmt::skip]
    let table: [(&[WarehouseAct], WarehouseRefusal); 13] = [
        (&[WarehouseAct::Pack],                                       NotInState(Received)),
        (&[dispatch()],                                               NotInState(Received)),
        (&[pick(), dispatch()],                                       NotInState(Picking)),
        (&[pick(), unnamed],                                          DispatchUnnamed),
        (&[pick(), short(1, 3)],                                      open(1, 2)),
        (&[pick(), short(1, 0)],                                      open(1, 2)),
        (&[pick(), short(1, 2), short(1, 1)],                         open(1, 0)),
        (&[pick(), short(9, 1)],                                      NoSuchLine(9)),
        (&[pick(), all_missing(1), all_missing(2), WarehouseAct::Pack], NothingFound),
        (&[pick(), WarehouseAct::Pack, WarehouseAct::Pack],           NotInState(Packed)),
        (&[pick(), WarehouseAct::Pack, pick()],                       NotInState(Packed)),
        (&[pick(), WarehouseAct::Pack, dispatch(), WarehouseAct::Cancel], NotInState(Dispatched)),
        (&[WarehouseAct::Cancel, pick()],                             NotInState(Cancelled)),
    ];
    for (acts, expected) in table {
        let mut order = sent();
        let (last, before) = acts.split_last().unwrap();
        for done in before {
            assert_eq!(act(&mut order, done), Ok(()), "{acts:?}");
        }
        let untouched = order.clone();
        assert_eq!(act(&mut order, last), Err(expected), "{acts:?}");
        assert_eq!(order, untouched);
    }
}

#[test]
fn an_order_that_is_collected_is_the_stores() {
    let mut order = WebOrder { fulfilment: Fulfilment::PickUp, ..sent() };
    assert_eq!(act(&mut order, &pick()), Err(WarehouseRefusal::PickUp));
    assert_eq!(act(&mut order, &WarehouseAct::Cancel), Ok(()));
}

#[test]
fn steps_in_a_wrong_state_are_anomalies_and_change_nothing() {
    let with = || Dispatch { carrier: "PostNL".into(), tracking: "3S1".into() };
    let bay = || OrderStep::MadeReady { bay: "C-1".into() };
    let picked = || OrderStep::Picked { what: LineQuantity { line: 1, quantity: Quantity::ONE }, bay: None };
    let (received, mut packed) = (sent(), sent());
    act(&mut packed, &pick()).unwrap();
    act(&mut packed, &WarehouseAct::Pack).unwrap();
    let mut gone = packed.clone();
    act(&mut gone, &dispatch()).unwrap();
    for (order, step) in [
        (&received, OrderStep::Packed),
        (&received, OrderStep::Dispatched(with())),
        (&received, bay()),
        (&received, OrderStep::Lapsed),
        (&packed, OrderStep::Packed),
        (&packed, picked()),
        (&packed, bay()),
        (&gone, OrderStep::Dispatched(with())),
        (&gone, OrderStep::Cancelled),
        (&gone, OrderStep::PutBack),
    ] {
        let mut after = order.clone();
        assert_eq!(after.apply(&step), [Anomaly::NotInState(order.state)], "{step:?}");
        assert_eq!(after, *order, "{step:?}");
    }
    // Handed over although it was sent: the lines say that it went twice, and it stays dispatched.
    let lines = vec![LineQuantity { line: 1, quantity: Quantity::units(2) }];
    let proof = crate::domain::web_order::CollectionProof::Name;
    let anomalies = gone.apply(&OrderStep::HandedOver { lines, collector: "Anna".into(), proof });
    assert_eq!(anomalies.last(), Some(&Anomaly::HandedOverTwice { line: 1, excess: Quantity::units(2) }));
    assert_eq!(gone.state, OrderState::Dispatched);
}

#[test]
fn a_parcel_that_is_wanted_otherwise_is_packed_again() {
    use crate::domain::web_order::WantedOrder;
    let mut order = sent();
    act(&mut order, &pick()).unwrap();
    act(&mut order, &WarehouseAct::Pack).unwrap();
    let wanted = |units| WantedOrder {
        customer_name: None,
        customer_phone: None,
        payment: None,
        collect_by: None,
        unmatched: Vec::new(),
        notes: String::new(),
        lines: vec![crate::domain::specimen::wanted_line("merino", units)],
    };
    let mut order = order.changed(&wanted(1)).unwrap();
    assert_eq!(figures(&order), (OrderState::Picking, [3, 0, 0, 0]));
    assert_eq!(act(&mut order, &dispatch()), Err(WarehouseRefusal::NotInState(OrderState::Picking)));
    act(&mut order, &WarehouseAct::Pack).unwrap();
    assert_eq!(figures(&order), (OrderState::Packed, [1, 0, 0, 0]));
    act(&mut order, &dispatch()).unwrap();
    assert_eq!(figures(&order), (OrderState::Dispatched, [0, 0, 1, 0]));
    let late = order.changed(&wanted(2)).unwrap_err();
    assert_eq!(late, crate::domain::web_order::ChangeRefusal::Over(OrderState::Dispatched));
}
