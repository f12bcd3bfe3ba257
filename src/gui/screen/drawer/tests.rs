//! Keys of the drawer screen: a session is closed only with what was counted, and what was counted is not lost.

use super::*;
use crate::gui::gallery;
use crate::gui::tests::window;
use crate::gui::window::{Look, Window};

fn shown(name: &str) -> Window {
    window(&gallery::find_exhibit(name).unwrap(), Look::default())
}

fn strike(window: &mut Window, keys: &[Key]) -> Vec<Intent> {
    keys.iter().flat_map(|key| window.strike(&Stroke::press(*key)).intents).collect()
}

fn closed(minor: i64) -> Intent {
    Intent::SessionClosed { counted: Money::new(minor, Currency::EUR), reason: None }
}

#[test]
fn a_drawer_nobody_counted_is_not_closed() {
    let mut till = shown("drawer");
    assert_eq!(strike(&mut till, &[Key::of('Z'), Key::of('Z'), Key::of('Z')]), []);
    assert_eq!(strike(&mut till, &[Key::of('0'), Key::of('Z')]), [closed(0)], "an empty drawer is counted by a nought");
}

#[test]
fn a_count_goes_on_after_esc_a_scan_or_the_lock() {
    let mut till = shown("drawer");
    strike(&mut till, &[Key::of('Z'), Key::Enter, Key::of('2'), Key::Enter]);
    strike(&mut till, &[Key::Escape]);
    assert_eq!(strike(&mut till, &[Key::of('Z'), Key::of('Z')]), [closed(20_000)], "two notes of a hundred");
    let drawer = till.snapshot().clone();
    till.show(Snapshot { screen: Screen::Sell, ..drawer.clone() }.into());
    till.show(drawer.clone().into());
    strike(&mut till, &[Key::of('Z'), Key::of('1')]);
    assert_eq!(strike(&mut till, &[Key::of('Z')]), [closed(25_000)], "it goes on where it was: at the fifties");
    let mut next = drawer.session.clone().unwrap();
    next.id = SessionId(uuid::Uuid::from_u128(77));
    till.show(Snapshot { session: Some(next), ..drawer }.into());
    strike(&mut till, &[Key::Escape, Key::of('Z')]);
    assert_eq!(strike(&mut till, &[Key::of('Z')]), [], "the next session is counted anew");
}

#[test]
fn without_a_session_only_the_drawer_opens_and_enter_leads_to_one() {
    let mut till = shown("drawer-no-session");
    assert_eq!(strike(&mut till, &[Key::of('I'), Key::of('Z'), Key::of('S')]), []);
    assert_eq!(strike(&mut till, &[Key::Enter]), [Intent::ScreenShown(Screen::Sell)]);
    let opened = strike(&mut till, &[Key::of('N'), Key::Enter]);
    assert!(matches!(&opened[..], [Intent::DrawerOpened { .. }]), "what was counted is taken out");
}
