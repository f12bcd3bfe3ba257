//! Keys of the conflict card: which card they answer, and which order.

use super::*;
use crate::gui::gallery;
use crate::gui::tests::window;
use crate::gui::window::{Look, Window};

fn shown() -> Window {
    window(&gallery::find_exhibit("conflict").unwrap(), Look::default())
}

fn strike(window: &mut Window, keys: &[char]) -> Vec<Intent> {
    keys.iter().flat_map(|key| window.strike(&Stroke::press(Key::of(*key))).intents).collect()
}

/// The card of the gallery as another one that has come up after it, for another order.
fn next_card(window: &Window) -> Snapshot {
    let mut snapshot = window.snapshot().clone();
    let mut card = (**snapshot.conflict.as_ref().unwrap()).clone();
    card.number += 1;
    card.orders.truncate(1);
    card.orders[0].number = OrderNumber::new("W-20001");
    snapshot.conflict = Some(card.into());
    snapshot
}

#[test]
fn what_was_begun_on_one_card_does_not_answer_the_next() {
    let mut till = shown();
    strike(&mut till, &['1']);
    assert!(matches!(strike(&mut till, &['+'])[..], [Intent::ConflictAnswered { card: 1, .. }]));
    till.show(next_card(&till).into());
    assert_eq!(strike(&mut till, &['+']), [], "nobody has chosen to hand over this one");
    let mut till = shown();
    strike(&mut till, &['4']);
    till.show(next_card(&till).into());
    let anyway = ConflictChoice::SellAnyway { order: None };
    assert_eq!(
        strike(&mut till, &['2']),
        [Intent::ConflictAnswered { card: 2, choice: anyway }],
        "2 is an answer again"
    );
}

#[test]
fn an_order_that_has_gone_from_the_card_does_not_fall_short() {
    let mut till = shown();
    strike(&mut till, &['O']);
    let mut without = till.snapshot().clone();
    let mut card = (**without.conflict.as_ref().unwrap()).clone();
    card.orders.retain(|order| order.number == card.falls_short);
    let left = card.falls_short.clone();
    without.conflict = Some(card.into());
    till.show(without.into());
    let anyway = ConflictChoice::SellAnyway { order: Some(left) };
    assert_eq!(strike(&mut till, &['2']), [Intent::ConflictAnswered { card: 1, choice: anyway }]);
}

#[test]
fn a_unit_is_kept_only_for_an_order_that_needs_one() {
    let mut till = shown();
    let tapped = super::super::Message::Conflict(Message::OrderTapped(0));
    till.update(crate::gui::frame::Message::Screen(tapped));
    let keep = ConflictChoice::Keep { order: Some(OrderNumber::new("W-10240")) };
    let kept = strike(&mut till, &['3']);
    assert_eq!(kept, [Intent::ConflictAnswered { card: 1, choice: keep }], "the first has its unit in the bay already");
    let mut held = till.snapshot().clone();
    let mut card = (**held.conflict.as_ref().unwrap()).clone();
    card.orders.truncate(1);
    held.conflict = Some(card.into());
    till.show(held.into());
    assert_eq!(strike(&mut till, &['3']), []);
}
