//! Keys of the drawer screen: a session is closed only with what was counted, and what was counted is not lost.

use super::*;
use crate::domain::money::Currency;
use crate::domain::operator::Role;
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
    assert_eq!(strike(&mut till, &[Key::of('Z'), Key::of('Z')]), [closed(40_000)], "two notes of two hundred");
    let drawer = till.snapshot().clone();
    till.show(Snapshot { screen: Screen::Sell, ..drawer.clone() }.into());
    till.show(drawer.clone().into());
    strike(&mut till, &[Key::of('Z'), Key::of('1')]);
    assert_eq!(strike(&mut till, &[Key::of('Z')]), [closed(50_000)], "it goes on where it was: at the hundreds");
    // Money has come in meanwhile: what was counted is not what lies there.
    let mut sold = drawer.session.clone().unwrap();
    sold.cash_sales += Money::new(500, Currency::EUR);
    till.show(Snapshot { session: Some(sold), ..drawer.clone() }.into());
    strike(&mut till, &[Key::Escape, Key::of('Z')]);
    assert!(crate::gui::tests::words_on(&till).iter().any(|words| words.contains("count anew")), "and it is said");
    assert_eq!(strike(&mut till, &[Key::of('Z')]), []);
    strike(&mut till, &[Key::of('1'), Key::Escape]);
    let mut next = drawer.session.clone().unwrap();
    next.id = SessionId(uuid::Uuid::from_u128(77));
    till.show(Snapshot { session: Some(next), ..drawer }.into());
    strike(&mut till, &[Key::Escape, Key::of('Z')]);
    assert_eq!(strike(&mut till, &[Key::of('Z')]), [], "the next session is counted anew");
}

/// Where cash is rounded, the coins below are not counted: unless an amount says that they came in, or they were counted before
/// the store began to round.
#[test]
fn coins_below_the_rounding_are_counted_only_where_there_are_any() {
    let rounds = |step_minor| CashRounding { step_minor, ..CashRounding::NONE };
    let rows = |till: &Window| {
        let words = crate::gui::tests::words_on(till);
        ["0.05", "0.02", "0.01"].map(|coin| words.iter().any(|words| words == coin))
    };
    let mut exhibit = gallery::find_exhibit("drawer").unwrap();
    let mut begun = window(&exhibit, Look::default());
    strike(&mut begun, &[Key::of('Z')]);
    assert_eq!(rows(&begun), [true; 3], "to the cent");
    strike(&mut begun, &[Key::Up, Key::of('3')]);
    exhibit.snapshot.till.cash_rounding = rounds(5);
    begun.show(exhibit.snapshot.clone().into());
    assert_eq!(rows(&begun), [true; 3], "what was counted stays");
    let mut session = exhibit.snapshot.session.clone().unwrap();
    for (float, moved, expected) in
        [(20_000, -500, [true, false, false]), (20_003, 0, [true; 3]), (20_000, 7, [true; 3])]
    {
        session.float = Money::new(float, Currency::EUR);
        session.cash_sales = Money::new(119_545, Currency::EUR);
        session.cash_moved = Money::new(moved, Currency::EUR);
        exhibit.snapshot.session = Some(session.clone());
        let mut till = window(&exhibit, Look::default());
        strike(&mut till, &[Key::of('Z')]);
        assert_eq!(rows(&till), expected, "float {float}, moved {moved}");
    }
}

#[test]
fn a_count_is_over_with_its_session() {
    let mut till = shown("drawer");
    strike(&mut till, &[Key::of('Z'), Key::of('2')]);
    assert_eq!(strike(&mut till, &[Key::of('Z')]), [closed(100_000)]);
    let closed_session = Snapshot { session: None, ..till.snapshot().clone() };
    till.show(closed_session.into());
    assert_eq!(strike(&mut till, &[Key::of('Z')]), [], "nothing is closed twice");
    assert_eq!(
        strike(&mut till, &[Key::Enter]),
        [Intent::ScreenShown(Screen::Sell)],
        "the next session is what is offered"
    );
}

#[test]
fn without_a_session_only_the_drawer_opens_and_enter_leads_to_one() {
    let mut till = shown("drawer-no-session");
    assert_eq!(strike(&mut till, &[Key::of('I'), Key::of('Z'), Key::of('S')]), []);
    assert_eq!(strike(&mut till, &[Key::Enter]), [Intent::ScreenShown(Screen::Sell)]);
    let opened = strike(&mut till, &[Key::of('N'), Key::of('1')]);
    assert!(matches!(&opened[..], [Intent::DrawerOpened { .. }]), "what was counted is taken out");
}

#[test]
fn every_reason_is_given_by_somebody() {
    let mut till = shown("drawer");
    assert_eq!(strike(&mut till, &[Key::of('N'), Key::Enter, Key::of('9')]), [], "none is given beforehand");
    let opened = strike(&mut till, &[Key::of('2')]);
    assert!(matches!(&opened[..], [Intent::DrawerOpened { reason }] if reason == "check the drawer"), "{opened:?}");
    let mut till = shown("drawer");
    let amount = [Key::of('O'), Key::of('1'), Key::of('2'), Key::Enter];
    assert_eq!(strike(&mut till, &amount), []);
    assert_eq!(strike(&mut till, &[Key::Escape, Key::of('5'), Key::Enter]), [], "the amount was put right");
    let moved = strike(&mut till, &[Key::of('3')]);
    let wanted = Intent::CashMoved {
        kind: CashMoveKind::PaidOut,
        amount: Money::new(12_500, Currency::EUR),
        reason: "refreshments".to_owned(),
    };
    assert_eq!(moved, [wanted]);
}

fn tap(till: &mut Window, message: Message) -> Vec<Intent> {
    till.update(crate::gui::frame::Message::Screen(super::super::Message::Drawer(message))).intents
}

#[test]
fn a_count_is_put_right_by_touch_alone() {
    let mut till = shown("drawer");
    for message in [
        Message::CloseStruck,
        Message::Typed(Pad::Digit('1')),
        Message::Confirmed,
        Message::CountTapped(0),
        Message::Typed(Pad::Point),
        Message::Typed(Pad::Digit('3')),
    ] {
        assert_eq!(tap(&mut till, message), []);
    }
    assert_eq!(tap(&mut till, Message::CountFinished), [closed(150_000)], "three of five hundred, not one");
}

/// Whoever counts sees no figure from which the drawer's content follows; a supervisor who does not count does.
#[test]
fn the_count_is_blind() {
    let sums = |window: &Window| crate::gui::tests::words_on(window).iter().any(|words| words.contains("1,395.45"));
    let with_role = |name: &str, role| {
        let mut exhibit = gallery::find_exhibit(name).unwrap();
        if let Access::Open(operator) = &mut exhibit.snapshot.access {
            operator.role = role;
        }
        window(&exhibit, Look::default())
    };
    assert!(!sums(&with_role("drawer", Role::Cashier)));
    assert!(sums(&with_role("drawer", Role::Supervisor)));
    assert!(!sums(&with_role("drawer-count", Role::Supervisor)));
}

#[test]
fn a_difference_is_explained_or_counted_again_and_how_much_it_is_stays_unsaid() {
    let mut till = shown("drawer-difference");
    let closed_for = |till: &Window, reason: String| Intent::SessionClosed {
        counted: till.snapshot().unexplained.unwrap(),
        reason: Some(reason),
    };
    let text = crate::gui::text::Catalogue::new(crate::gui::text::Language::English);
    let (first, second) = (text.reason_not_known(), text.reason_wrong_change());
    assert_eq!(
        strike(&mut till, &[Key::Enter, Key::of('9')]),
        [],
        "none is given beforehand, and no digit changes the count"
    );
    assert_eq!(strike(&mut till, &[Key::of('1')]), [closed_for(&till, first)]);
    assert_eq!(strike(&mut till, &[Key::of('2')]), [closed_for(&till, second)]);
    assert_eq!(strike(&mut till, &[Key::Escape]), [Intent::CountResumed]);
    let again = Snapshot { unexplained: None, ..till.snapshot().clone() };
    till.show(again.into());
    assert_eq!(strike(&mut till, &[Key::of('5'), Key::Enter]), [], "and it is counted");
}

#[test]
fn x_asks_for_the_report_of_an_open_session() {
    assert_eq!(strike(&mut shown("drawer"), &[Key::of('X')]), [Intent::InterimReportAsked]);
    assert_eq!(strike(&mut shown("drawer-no-session"), &[Key::of('X')]), []);
}

/// Nobody counts a whole drawer to hear then that a basket is open.
#[test]
fn an_open_basket_is_said_before_anybody_counts() {
    let mut till = shown("drawer");
    let selling = gallery::find_exhibit("sell").unwrap().snapshot;
    till.show(Snapshot { screen: Screen::Drawer, ..selling }.into());
    assert_eq!(strike(&mut till, &[Key::of('Z')]), [Intent::DrawerCountAsked]);
    assert_eq!(strike(&mut till, &[Key::of('1'), Key::of('Z')]), [Intent::DrawerCountAsked], "and no count begins");
}

#[test]
fn whose_session_it_is_and_who_has_seen_its_report_stands_there() {
    let words = |name: &str| crate::gui::tests::words_on(&shown(name)).join(" | ");
    assert!(words("drawer").contains("Session of Ana"), "{}", words("drawer"));
    assert!(words("drawer-count-not-blind").contains("Dora has seen what it should hold"));
    assert!(words("approval-close-session").contains("Session of Ben"), "the drawer, not the sale before");
}

#[test]
fn a_reason_in_own_words_is_taken_as_it_is_said() {
    let mut till = shown("drawer");
    strike(&mut till, &[Key::of('N'), Key::of('0')]);
    for letter in "fire alarm 7".chars() {
        till.strike(&Stroke { text: Some(letter), ..Stroke::press(Key::of(letter)) });
    }
    assert_eq!(strike(&mut till, &[Key::Enter]), [Intent::DrawerOpened { reason: "fire alarm 7".to_owned() }]);
    let mut exhibit = gallery::find_exhibit("drawer").unwrap();
    exhibit.snapshot.till.country = "DE".to_owned();
    let mut till = window(&exhibit, Look::default());
    let opened = strike(&mut till, &[Key::of('N'), Key::of('2')]);
    assert_eq!(opened, [Intent::DrawerOpened { reason: "Lade prüfen".to_owned() }], "kept in what the shop speaks");
}

/// Before the first Z there is none to print again.
#[test]
fn there_is_no_report_to_repeat_before_the_first() {
    let repeat = |till: &mut Window| till.strike(&Stroke::press(Key::of('R'))).intents;
    let mut till = window(&gallery::find_exhibit("drawer").unwrap(), Look::default());
    assert_eq!(repeat(&mut till), [Intent::CloseReportAsked]);
    till.show(Snapshot { has_close_report: false, ..till.snapshot().clone() }.into());
    assert_eq!(repeat(&mut till), []);
}
