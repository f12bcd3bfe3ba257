//! Keys of the sign-in screen and of an approval: a PIN is sent by Enter, however many digits it has.

use super::*;
use crate::gui::gallery;
use crate::gui::tests::window;
use crate::gui::window::{Look, Window};
use crate::register::intent::{Pin, Screen};

fn shown(name: &str) -> Window {
    window(&gallery::find_exhibit(name).unwrap(), Look::default())
}

fn strike(window: &mut Window, keys: &str) -> Vec<Intent> {
    let key = |c| if c == '#' { Key::Enter } else { Key::of(c) };
    keys.chars().flat_map(|c| window.strike(&Stroke::press(key(c))).intents).collect()
}

fn entered(pin: &str) -> [Intent; 1] {
    [Intent::PinEntered(Pin(pin.to_owned()))]
}

#[test]
fn a_pin_of_four_to_ten_digits_is_sent_by_enter() {
    // Two digits are typed already.
    assert_eq!(strike(&mut shown("sign-in"), "34#"), entered("1234"));
    assert_eq!(strike(&mut shown("sign-in"), "3456#"), entered("123456"));
    assert_eq!(strike(&mut shown("sign-in"), "34567890#"), entered("1234567890"));
    assert_eq!(strike(&mut shown("sign-in"), "3#"), [], "three are none");
    assert_eq!(strike(&mut shown("sign-in"), "345678"), [], "and nothing is sent by itself");
    let mut approving = shown("approval");
    strike(&mut approving, "1234");
    let sent = strike(&mut approving, "5#");
    assert_eq!(sent, [Intent::ApprovalPinEntered(Pin("12345".to_owned()))]);
}

#[test]
fn what_is_said_at_the_door_is_read_with_esc_and_then_esc_is_another_face() {
    let mut till = shown("sign-in-notice");
    let esc = |till: &mut Window| till.strike(&Stroke::press(Key::Escape)).intents;
    assert_eq!(esc(&mut till), [Intent::NoticeDismissed]);
    let read = Snapshot { notice: None, ..till.snapshot().clone() };
    till.show(read.into());
    assert_eq!(esc(&mut till), [Intent::OperatorChosen(None)]);
}

#[test]
fn the_wait_after_wrong_pins_is_counted_down() {
    let mut till = shown("sign-in-wrong");
    assert!(till.counts_down());
    till.set_now(gallery::now() + chrono::TimeDelta::seconds(4));
    assert!(!till.counts_down());
    assert!(!shown("sell").counts_down());
}

#[test]
fn everybody_who_works_here_is_reached_however_many_there_are() {
    let mut till = shown("sign-in-many");
    let people = |till: &Window| match &till.snapshot().access {
        Access::SignIn(view) => view.operators.clone(),
        _ => panic!("somebody is signing in"),
    };
    let everybody = people(&till);
    let choose = |till: &mut Window, operator: &OperatorId| {
        let mut next = till.snapshot().clone();
        if let Access::SignIn(view) = &mut next.access {
            view.chosen = Some(operator.clone());
        }
        till.show(next.into());
    };
    choose(&mut till, &everybody[0].id);
    for person in everybody.iter().skip(1) {
        let struck = till.strike(&Stroke::press(Key::Tab)).intents;
        assert_eq!(struck, [Intent::OperatorChosen(Some(person.id.clone()))]);
        choose(&mut till, &person.id);
        let seen = crate::gui::tests::words_on(&till);
        assert!(seen.contains(&person.name), "{} is in view", person.name);
    }
    let struck = till.strike(&Stroke::press(Key::Up)).intents;
    assert_eq!(struck, [Intent::OperatorChosen(Some(everybody[15].id.clone()))]);
    assert_eq!(strike(&mut till, "1234#"), entered("1234"));
}

#[test]
fn a_letter_goes_to_the_next_name_that_begins_with_it() {
    let mut till = shown("sign-in");
    let people = match &till.snapshot().access {
        Access::SignIn(view) => view.operators.clone(),
        _ => panic!("somebody is signing in"),
    };
    let last = people.last().unwrap();
    let letter = last.name.chars().next().unwrap();
    assert_eq!(strike(&mut till, &letter.to_string()), [Intent::OperatorChosen(Some(last.id.clone()))]);
    assert_eq!(strike(&mut till, "%"), []);
}

/// Digits before a name do not vanish in silence.
#[test]
fn digits_before_a_name_are_told_of() {
    let mut till = shown("sign-in");
    let told = till.ui(iced::Size::new(1280.0, 800.0)).text.pin_choose_first();
    let says_so = |till: &Window| crate::gui::tests::words_on(till).contains(&told);
    strike(&mut till, "1");
    assert!(!says_so(&till), "somebody is chosen");
    let mut nobody = till.snapshot().clone();
    if let Access::SignIn(view) = &mut nobody.access {
        view.chosen = None;
    }
    till.show(nobody.into());
    assert!(!says_so(&till));
    strike(&mut till, "1");
    assert!(says_so(&till));
}

/// A shop whose scanner or printer is dead looks at it before anybody has signed in; who looks does nothing to it.
#[test]
fn the_devices_are_seen_before_anybody_has_signed_in() {
    let shown_by = |number| shown("sign-in").strike(&Stroke::press(Key::Function(number))).intents;
    assert_eq!(shown_by(7), [Intent::ScreenShown(Screen::Devices)]);
    for number in [1, 2, 3, 4, 5, 6] {
        assert_eq!(shown_by(number), [], "F{number}");
        assert_eq!(shown("devices-before-sign-in").strike(&Stroke::press(Key::Function(number))).intents, []);
    }
    let mut till = shown("devices-before-sign-in");
    assert_eq!(strike(&mut till, "pto"), []);
    assert!(till.strike(&Stroke::press(Key::of('C'))).look_changed.is_some());
    assert_eq!(strike(&mut till, "l"), []);
    assert!(till.strike(&Stroke::press(Key::Enter)).look_changed.is_some(), "another language");
    assert_eq!(till.strike(&Stroke::press(Key::Escape)).intents, [Intent::ScreenShown(Screen::Sell)]);
}

/// Nothing closes the till by itself: not one key, not the same one again, and no PIN with its Enter.
#[test]
fn the_till_is_closed_by_two_keys_that_nobody_strikes_by_accident() {
    let lock = Stroke::press(Key::Function(12));
    let mut till = shown("sign-in");
    assert_eq!(strike(&mut till, "x").len(), 0, "nobody is called so, and nothing was asked");
    assert_eq!(till.strike(&lock), Default::default());
    assert_eq!(till.strike(&lock), Default::default());
    assert_eq!(strike(&mut till, "1111#"), [], "a PIN is no answer");
    assert_eq!(till.strike(&Stroke::press(Key::of('X'))).leave, Some(Leave::ForGood));

    let mut left = shown("sign-in");
    left.strike(&lock);
    assert_eq!(left.strike(&Stroke::press(Key::Escape)), Default::default(), "it stays open");
    assert_eq!(left.strike(&Stroke::press(Key::of('X'))).leave, None);
    assert_eq!(strike(&mut left, "1111#"), entered("1111"), "what was typed before is forgotten");
}

#[test]
fn what_becomes_of_basket_session_and_unsent_entries_is_said_before() {
    let words = |snapshot: Snapshot| {
        let screens = gallery::find_exhibit("sign-in-close").unwrap().screens;
        let exhibit = gallery::Exhibit { name: "sign-in-close", snapshot, screens };
        crate::gui::tests::words_on(&window(&exhibit, Look::default())).join(" | ")
    };
    let shown = gallery::find_exhibit("sign-in-close").unwrap().snapshot;
    let mut quiet = Snapshot { session: None, ..gallery::find_exhibit("sign-in").unwrap().snapshot };
    quiet.sync.unsent = 0;
    let quiet = words(quiet);
    for told in ["basket is kept", "session stays open", "Not sent to central"] {
        assert!(!quiet.contains(told), "{quiet}");
    }
    let mut open = shown;
    open.sync.unsent = 17;
    let open = words(open);
    for told in ["basket is kept", "session stays open", "Not sent to central yet: 17"] {
        assert!(open.contains(told), "{open}");
    }
}

/// Faces and pad are one block: their headings stand in one line, which stays where it is when something comes to be said.
#[test]
fn faces_and_pad_are_one_block_that_stays_where_it_is() {
    for size in crate::gui::tests::SIZES {
        let headings = |name: &str| {
            let till = shown(name);
            let text = till.ui(iced::Size::new(1280.0, 800.0)).text;
            let wanted = [text.sign_in_title(), text.sign_in_pin_of("Ana")];
            let seen = crate::gui::tests::walk(&till, size).labels;
            wanted.map(|words| seen.iter().find(|label| label.words == words).unwrap().bounds.center_y())
        };
        let [faces, pad] = headings("sign-in");
        assert!((faces - pad).abs() < 1.0, "{size:?}: {faces} and {pad}");
        for name in ["sign-in-wrong", "sign-in-notice"] {
            assert_eq!(headings(name), [faces, pad], "{name} {size:?}");
        }
    }
}

/// Nobody is told that a PIN was wrong which nobody has tried.
#[test]
fn a_pin_during_the_wait_is_not_called_wrong() {
    let mut till = shown("sign-in-wrong");
    let text = |till: &Window, told: fn(&crate::gui::text::Catalogue) -> String| {
        crate::gui::tests::words_on(till).contains(&told(till.ui(iced::Size::new(1280.0, 800.0)).text))
    };
    assert!(text(&till, |text| text.sign_in_wait(4)), "the last one was wrong");
    assert_eq!(strike(&mut till, "1234"), []);
    assert!(text(&till, |text| text.sign_in_not_tried(4)));
    assert_eq!(strike(&mut till, "#"), [], "it is not sent");
    assert!(text(&till, |text| text.sign_in_not_tried(4)));
    till.set_now(gallery::now() + chrono::TimeDelta::seconds(4));
    assert!(text(&till, |text| text.sign_in_too_early()));
    assert_eq!(strike(&mut till, "1234#"), entered("1234"));
    // What was typed when the wait ended goes on.
    let mut till = shown("sign-in-wrong");
    strike(&mut till, "12");
    till.set_now(gallery::now() + chrono::TimeDelta::seconds(4));
    assert_eq!(strike(&mut till, "34#"), entered("1234"));
}
