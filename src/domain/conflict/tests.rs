//! The conflict rule, row by row, and the choice of the order that falls short.

use proptest::prelude::*;

use super::ConflictKind::{BooksEmpty, Promised};
use super::ConflictLevel::{Books, Conflict, Last, None as Nothing};
use super::*;
use crate::domain::specimen::{at_hour, order, order_line};
use crate::domain::stock::StockLevel;

fn level(on_hand: i64, held: i64, promised: i64) -> StockLevel {
    StockLevel {
        on_hand: Quantity::units(on_hand),
        held: Quantity::units(held),
        promised: Quantity::units(promised),
        safety: Quantity::ZERO,
    }
}

#[test]
fn the_level_of_a_product() {
    #[rustfmt::skip]
    let table = [
        // on hand, held, promised, basket  level
        (        5,    0,        0,      1, Nothing),              // enough, nothing promised
        (        1,    0,        0,      1, Nothing),              // the last one, and nobody waits for it
        (        5,    0,        3,      1, Nothing),              // one more is free
        (        5,    2,        0,      3, Nothing),              // the shelf exactly; the held ones lie in the bay
        (        5,    2,        1,      1, Nothing),
        (        5,    0,        3,      2, Last),                 // the next is promised
        (        2,    0,        1,      1, Last),
        (        5,    2,        1,      2, Last),
        (        5,    0,        3,      3, Conflict(Promised)),
        (        1,    0,        1,      1, Conflict(Promised)),   // the only one, and it is promised
        (        3,    0,        3,      1, Conflict(Promised)),
        (        1,    0,        2,      1, Conflict(Promised)),   // short before the sale began
        (        5,    2,        1,      3, Conflict(Promised)),
        (        1,    1,        0,      1, Conflict(BooksEmpty)), // held for an order: whose is this one?
        (        1,    1,        1,      1, Conflict(BooksEmpty)), // the card of the screens
        (        0,    0,        1,      1, Conflict(BooksEmpty)),
        (        2,    0,        1,      3, Conflict(BooksEmpty)),
        (       -2,    0,        1,      1, Conflict(BooksEmpty)),
        (        0,    0,        0,      1, Books),
        (        2,    0,        0,      3, Books),
        (       -1,    0,        0,      1, Books),
        (        0,    0,        1,      0, Nothing),              // nothing of it in the basket
        (        0,    0,        1,     -1, Nothing),              // brought back
    ];
    for (on_hand, held, promised, basket, expected) in table {
        let judged = judge(&level(on_hand, held, promised), Quantity::units(basket));
        assert_eq!(judged, expected, "on hand {on_hand} held {held} promised {promised} basket {basket}");
    }
}

#[test]
fn safety_stock_is_for_websites_and_never_stops_a_customer() {
    let kept_back = StockLevel { safety: Quantity::units(5), ..level(5, 0, 0) };
    assert_eq!(judge(&kept_back, Quantity::units(5)), Nothing);
}

/// `number, collect by (hour, or none), state, picked of 1` of orders for one product.
fn orders(rows: &[(&str, Option<i64>, OrderState, i64)]) -> Vec<WebOrder> {
    let one = |(number, hour, state, picked): &(&str, Option<i64>, OrderState, i64)| {
        let mut order = order(number, vec![order_line(1, "jacket", 1)]);
        order.collect_by = hour.map(at_hour);
        order.state = *state;
        order.lines[0].picked = Quantity::units(*picked);
        order
    };
    rows.iter().map(one).collect()
}

#[test]
fn the_order_that_falls_short() {
    use OrderState::{HandedOver, Lapsed, Picking, Ready, Received};
    #[rustfmt::skip]
    let table: [(&[(&str, Option<i64>, OrderState, i64)], Option<&str>); 9] = [
        (&[("W-1", Some(17), Received, 0)],                                    Some("W-1")),
        // Not yet picked before picked, whatever was promised when.
        (&[("W-1", Some(9),  Received, 0), ("W-2", Some(40), Picking, 1)],     Some("W-1")),
        // Then the latest promise; without a deadline is latest of all.
        (&[("W-1", Some(17), Received, 0), ("W-2", Some(40), Received, 0)],    Some("W-2")),
        (&[("W-1", Some(17), Picking, 1),  ("W-2", Some(40), Picking, 1)],     Some("W-2")),
        (&[("W-1", None,     Received, 0), ("W-2", Some(40), Received, 0)],    Some("W-1")),
        // Never one that is ready unless there is nothing else.
        (&[("W-1", Some(9),  Lapsed, 1),   ("W-2", Some(40), Ready, 1)],       Some("W-1")),
        (&[("W-1", Some(9),  Ready, 1),    ("W-2", Some(40), Ready, 1)],       Some("W-2")),
        // Orders that are done concern nobody.
        (&[("W-1", Some(9),  HandedOver, 1)],                                  None),
        (&[],                                                                  None),
    ];
    for (rows, expected) in table {
        let orders = orders(rows);
        let short = order_falling_short(&orders, &ProductId::new("jacket"));
        assert_eq!(short.map(|o| o.number.as_str()), expected, "{rows:?}");
    }
    let other = orders(&[("W-1", Some(17), Received, 0)]);
    assert_eq!(order_falling_short(&other, &ProductId::new("mug")), None);
}

#[test]
fn as_many_orders_fall_short_as_units_are_missing() {
    use OrderState::{Picking, Ready, Received};
    let orders = orders(&[
        ("W-1", Some(9), Ready, 1),
        ("W-2", Some(17), Received, 0),
        ("W-3", Some(40), Received, 0),
        ("W-4", None, Picking, 1),
    ]);
    let count = |missing| count_falling_short(&orders, &ProductId::new("jacket"), Quantity::units(missing));
    assert_eq!([0, 1, 2, 3, 4, 9].map(count), [0, 1, 2, 3, 4, 4]);
    let half = Quantity::from_thousandths(500);
    assert_eq!(count_falling_short(&orders, &ProductId::new("jacket"), half), 1);
    assert_eq!(count_falling_short(&orders, &ProductId::new("mug"), half), 0);
}

#[test]
fn concerned_orders_come_in_the_order_of_their_promises() {
    use OrderState::{Cancelled, Ready, Received};
    let orders = orders(&[
        ("W-4", None, Received, 0),
        ("W-3", Some(40), Received, 0),
        ("W-1", Some(9), Ready, 1),
        ("W-2", Some(9), Received, 0),
        ("W-0", Some(1), Cancelled, 0),
    ]);
    let concerned = orders_concerned(&orders, &ProductId::new("jacket"));
    let numbers: Vec<&str> = concerned.iter().map(|o| o.number.as_str()).collect();
    assert_eq!(numbers, ["W-1", "W-2", "W-3", "W-4"]);
}

#[test]
fn an_answered_card_comes_up_again_only_when_the_facts_got_worse() {
    let facts = |kind, (on_hand, held, promised), basket| ConflictFacts {
        kind,
        level: level(on_hand, held, promised),
        basket: Quantity::units(basket),
    };
    let answered = facts(Promised, (1, 0, 1), 1);
    #[rustfmt::skip]
    let table = [
        (facts(Promised,   (1, 0, 1), 1), false), // as it was
        (facts(Promised,   (3, 0, 3), 1), false), // three more came, two more were promised: still one missing
        (facts(Promised,   (2, 0, 3), 1), true),  // another order came
        (facts(BooksEmpty, (0, 0, 1), 1), true),  // another till sold one
        (facts(BooksEmpty, (1, 1, 0), 1), true),  // it was picked meanwhile
        (facts(BooksEmpty, (1, 0, 1), 2), true),  // one more in the basket
    ];
    for (now, expected) in table {
        assert_eq!(now.is_worse_than(&answered), expected, "{now:?}");
    }
}

#[test]
fn orders_lack_no_more_than_they_wait_for() {
    #[rustfmt::skip]
    let table = [
        // on hand, held, promised, basket  missing
        ((  1,      0,    1),       1,      1),
        ((  0,      0,    1),       1,      1), // the books are two short, the order waits for one
        (( -3,      0,    2),       1,      2),
        ((  1,      1,    0),       1,      1), // taken out of the bay, for all anyone knows
        ((  3,      0,    2),       2,      1),
    ];
    for (figures, basket, expected) in table {
        let facts = ConflictFacts {
            kind: Promised,
            level: level(figures.0, figures.1, figures.2),
            basket: Quantity::units(basket),
        };
        assert_eq!(facts.missing(), Quantity::units(expected), "{facts:?}");
    }
}

proptest! {
    #[test]
    fn the_levels_are_exactly_the_words_of_the_rule(
        on_hand in -3_i64..8, held in 0_i64..4, promised in 0_i64..5, basket in 1_i64..8,
    ) {
        let (shelf, left) = (on_hand - held, on_hand - held - basket);
        let judged = judge(&level(on_hand, held, promised), Quantity::units(basket));
        let enough = if promised > 0 { left > promised } else { basket <= shelf };
        prop_assert_eq!(judged == Nothing, enough);
        prop_assert_eq!(judged == Last, promised > 0 && left == promised);
        prop_assert_eq!(judged == Books, basket > shelf && promised == 0 && held == 0);
        let taken = (promised > 0 && left < promised) || (basket > shelf && held > 0);
        prop_assert_eq!(matches!(judged, Conflict(_)), taken);
        prop_assert_eq!(judged == Conflict(BooksEmpty), taken && basket > shelf);
    }

    #[test]
    fn more_in_the_basket_is_never_gentler(
        on_hand in -3_i64..8, held in 0_i64..4, promised in 0_i64..5, basket in 1_i64..8,
    ) {
        let figures = level(on_hand, held, promised);
        prop_assert!(judge(&figures, Quantity::units(basket)) <= judge(&figures, Quantity::units(basket + 1)));
    }

    #[test]
    fn a_conflict_always_has_an_order_that_falls_short(
        on_hand in -3_i64..6, basket in 1_i64..6, picked in prop::collection::vec(0_i64..2, 0..4),
    ) {
        let rows: Vec<_> = picked.iter().map(|p| ("W-1", Some(17), OrderState::Picking, *p)).collect();
        let orders = orders(&rows);
        let jacket = ProductId::new("jacket");
        let figures = StockLevel {
            on_hand: Quantity::units(on_hand),
            held: orders.iter().map(|o| o.held_of(&jacket)).sum(),
            promised: orders.iter().map(|o| o.promised_of(&jacket)).sum(),
            safety: Quantity::ZERO,
        };
        if let Conflict(kind) = judge(&figures, Quantity::units(basket)) {
            prop_assert!(order_falling_short(&orders, &jacket).is_some());
            let facts = ConflictFacts { kind, level: figures, basket: Quantity::units(basket) };
            prop_assert!(facts.missing().is_positive());
        }
    }
}
