//! Keys of the pick-up screen: what each does in each state of the order.

use std::sync::Arc;

use super::*;
use crate::gui::gallery;
use crate::gui::tests::window;
use crate::gui::window::{Look, Window};

fn shown(name: &str) -> Window {
    window(&gallery::find_exhibit(name).unwrap(), Look::default())
}

fn with_order(name: &str, change: impl FnOnce(&mut WebOrder)) -> Window {
    let mut exhibit = gallery::find_exhibit(name).unwrap();
    let mut detail = (**exhibit.snapshot.open_order.as_ref().unwrap()).clone();
    change(&mut detail.order);
    exhibit.snapshot.open_order = Some(Arc::new(detail));
    window(&exhibit, Look::default())
}

fn strike(window: &mut Window, keys: &[Key]) -> Vec<Intent> {
    keys.iter().flat_map(|key| window.strike(&Stroke::press(*key)).intents).collect()
}

#[test]
fn a_short_order_is_put_ready_handed_over_or_picked_after_all() {
    let mut till = shown("pick-ups-short");
    assert_eq!(strike(&mut till, &[Key::Enter]), [Intent::OrderMadeReady { bay: "C-15".to_owned() }]);
    assert_eq!(strike(&mut till, &[Key::of('+')]), [Intent::LinePicked { line: 3 }]);
    assert_eq!(strike(&mut till, &[Key::of('N')]), [], "nothing more of it is missing");
    assert_eq!(strike(&mut till, &[Key::of('H'), Key::of('+')]).len(), 1, "the customer can have what is there");
    // Whoever began to look again is not locked in.
    let mut till = with_order("pick-ups-short", |order| order.state = OrderState::Picking);
    assert!(matches!(strike(&mut till, &[Key::Enter])[..], [Intent::OrderMadeReady { .. }]));
}

#[test]
fn a_ready_order_goes_back_only_when_it_is_said_twice() {
    let ready = |order: &mut WebOrder| order.state = OrderState::Ready;
    let till = || {
        let mut till = with_order("pick-ups-hand-over", ready);
        strike(&mut till, &[Key::Escape]);
        till
    };
    assert_eq!(strike(&mut till(), &[Key::of('X')]), []);
    assert_eq!(strike(&mut till(), &[Key::of('X'), Key::of('X')]), []);
    assert_eq!(strike(&mut till(), &[Key::of('X'), Key::Escape, Key::Escape]), [Intent::OrderOpened(None)]);
    assert_eq!(strike(&mut till(), &[Key::of('X'), Key::Enter]), [Intent::OrderPutBack]);
    let mut till = with_order("pick-ups-hand-over", |order| order.state = OrderState::Lapsed);
    assert_eq!(
        strike(&mut till, &[Key::Escape, Key::of('X')]),
        [Intent::OrderPutBack],
        "nobody may collect it any more"
    );
}

#[test]
fn what_a_ready_order_lacks_is_picked_when_it_has_come() {
    let mut till =
        with_order("pick-ups-hand-over", |order| order.lines[2].picked = crate::domain::quantity::Quantity::ZERO);
    let picked = strike(&mut till, &[Key::Escape, Key::of('+')]);
    assert_eq!(picked, [Intent::LinePicked { line: 3 }]);
}

#[test]
fn an_order_somebody_else_picks_is_taken_over_first() {
    let mut till = shown("pick-ups-by-another");
    assert_eq!(strike(&mut till, &[Key::Enter]), [Intent::PickStarted]);
    let mut till = with_order("pick-ups-by-another", |order| {
        for line in &mut order.lines {
            line.picked = line.ordered;
        }
    });
    assert!(matches!(strike(&mut till, &[Key::Enter])[..], [Intent::OrderMadeReady { .. }]), "all of it is there");
}

#[test]
fn what_was_begun_on_one_order_is_nothing_to_another_that_a_scan_opens() {
    let mut till = shown("pick-ups-hand-over");
    let mut other = till.snapshot().clone();
    let mut detail = (**other.open_order.as_ref().unwrap()).clone();
    detail.order.number = OrderNumber::new("W-77");
    other.open_order = Some(Arc::new(detail));
    till.show(other.into());
    assert_eq!(strike(&mut till, &[Key::of('+')]), [], "nobody has asked for a name yet");
}
