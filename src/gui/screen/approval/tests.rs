//! Keys of an approval: a PIN agrees to an act, and shows a count before anybody agrees to it.

use super::*;
use crate::gui::gallery;
use crate::gui::tests::{window, words_on};
use crate::gui::window::{Look, Window};

fn shown(name: &str) -> Window {
    window(&gallery::find_exhibit(name).unwrap(), Look::default())
}

fn strike(till: &mut Window, keys: &[Key]) -> Vec<Intent> {
    keys.iter().flat_map(|key| till.strike(&Stroke::press(*key)).intents).collect()
}

/// Whoever counted stands at the same screen: nothing of the books is on it before the PIN.
#[test]
fn a_count_is_shown_only_after_the_pin() {
    for (before, after, secrets) in [
        ("approval-close-session", "approval-close-seen", ["€\u{a0}549.85", "€\u{a0}−117.85", "wrong change given"]),
        ("approval-count", "approval-count-seen", ["12", "−9", "gone, nobody knows how"]),
    ] {
        let (before, after) = (words_on(&shown(before)), words_on(&shown(after)));
        for secret in secrets {
            assert!(before.iter().all(|words| words != secret), "{secret}: {before:?}");
            assert!(after.iter().any(|words| words == secret), "{secret}: {after:?}");
        }
    }
}

/// The key that has just sent the PIN agrees to nothing, however often it is struck, and no digit does.
#[test]
fn a_count_is_agreed_to_by_a_key_of_its_own() {
    let mut till = shown("approval-count-seen");
    let struck: Vec<Key> = "0123456789".chars().map(Key::of).chain([Key::Enter, Key::Tab, Key::Backspace]).collect();
    assert_eq!(strike(&mut till, &struck), []);
    assert_eq!(strike(&mut till, &[Key::of('+')]), [Intent::CountAgreed]);
    assert_eq!(strike(&mut till, &[Key::Escape]), [Intent::CountSentBack]);
    let mut till = shown("approval-count");
    assert_eq!(strike(&mut till, &[Key::of('+')]), [], "nobody has seen it");
    assert_eq!(strike(&mut till, &[Key::Escape]), [Intent::ApprovalGivenUp]);
}

#[test]
fn why_an_act_is_asked_for_is_read_before_anybody_agrees_to_it() {
    let words = words_on(&shown("approval"));
    assert!(words.iter().any(|words| words == "Ana asks for it: near its date"), "{words:?}");
}

/// Who agrees decides about a customer, not about a number.
#[test]
fn whom_something_was_promised_is_read_before_it_is_sold_all_the_same() {
    let words = words_on(&shown("approval-sell-promised")).join(" | ").replace('\u{a0}', " ");
    for told in
        ["Sell 1 × Merino crew, navy, M", "W-10240, Jo B. falls short · pays on collection · collects by Thu 12:00"]
    {
        assert!(words.contains(told), "{told}: {words}");
    }
}

#[test]
fn a_letter_chooses_who_agrees_as_it_chooses_who_signs_in() {
    let mut till = shown("approval");
    let people = till.snapshot().approval.as_ref().unwrap().operators.clone();
    let last = people.last().unwrap();
    let letter = last.name.chars().next().unwrap();
    assert_eq!(strike(&mut till, &[Key::of(letter)]), [Intent::ApproverChosen(Some(last.id.clone()))]);
    assert_eq!(strike(&mut till, &[Key::of('%')]), []);
}

/// What is refused while it waits is said on its card, in place of who asks for it.
#[test]
fn a_notice_stands_on_the_card() {
    let look = Look::default();
    let seen = crate::gui::tests::walk(&window(&gallery::find_exhibit("approval-notice").unwrap(), look), (1280, 800));
    let notice = seen.labels.iter().find(|label| label.words == "Answer the question first.").unwrap();
    assert!(notice.bounds.x > 640.0, "{:?}", notice.bounds);
}
