//! Credit notes: who may hold them when, and that each is spent once.

use proptest::prelude::*;

use super::*;
use crate::domain::specimen::{at_hour, euros};

fn note() -> CreditNote {
    CreditNote {
        id: "CN-1".into(),
        customer: "C-1".into(),
        amount: euros(2500),
        issued_at: at_hour(0),
        expires_at: Some(at_hour(100)),
        hold: None,
        spending: None,
    }
}

fn holder(name: &str) -> Holder {
    Holder { channel: "website".into(), hold: name.to_owned() }
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Take(&'static str, i64),
    GiveBack(&'static str),
    Spend(&'static str),
}

fn act(note: &mut CreditNote, act: Act, now: i64) -> Result<(), CreditRefusal> {
    match act {
        Act::Take(name, until) => note.take(&holder(name), at_hour(until), at_hour(now)),
        Act::GiveBack(name) => note.end_hold(&holder(name), &HoldEnd::GivenBack, at_hour(now)),
        Act::Spend(name) => note.end_hold(&holder(name), &HoldEnd::Spent { reference: "A-1".into() }, at_hour(now)),
    }
}

#[test]
fn days_of_a_credit_note() {
    use Act::{GiveBack, Spend, Take};
    use CreditRefusal::{Expired, Held, NotHeld, Spent};
    #[rustfmt::skip]
    let days: [(&str, &[(i64, Act, Result<(), CreditRefusal>, CreditState)]); 9] = [
        ("held and spent, each told twice", &[
            (1, Take("a", 5),  Ok(()),        CreditState::Held),
            (2, Take("a", 6),  Ok(()),        CreditState::Held),
            (3, Spend("a"),    Ok(()),        CreditState::Spent),
            (4, Spend("a"),    Ok(()),        CreditState::Spent),
            (5, Take("b", 9),  Err(Spent),    CreditState::Spent),
        ]),
        ("one at a time", &[
            (1, Take("a", 5),  Ok(()),        CreditState::Held),
            (2, Take("b", 5),  Err(Held),     CreditState::Held),
            (2, Spend("b"),    Err(NotHeld),  CreditState::Held),
        ]),
        ("given back, told twice", &[
            (1, Take("a", 5),  Ok(()),        CreditState::Held),
            (2, GiveBack("a"), Ok(()),        CreditState::Open),
            (2, GiveBack("a"), Ok(()),        CreditState::Open),
            (3, Spend("a"),    Err(NotHeld),  CreditState::Open),
            (3, Take("b", 5),  Ok(()),        CreditState::Held),
        ]),
        ("the lease ends by itself", &[
            (1, Take("a", 5),  Ok(()),        CreditState::Held),
            (5, Take("b", 9),  Ok(()),        CreditState::Held),
            (6, Spend("a"),    Err(NotHeld),  CreditState::Held),
            (6, GiveBack("a"), Err(NotHeld),  CreditState::Held),
            (7, Spend("b"),    Ok(()),        CreditState::Spent),
            (7, Spend("a"),    Err(Spent),    CreditState::Spent),
        ]),
        ("late, and nobody took it since", &[
            (1, Take("a", 5),  Ok(()),        CreditState::Held),
            (8, Spend("a"),    Ok(()),        CreditState::Spent),
        ]),
        ("a shorter lease does not cut a longer", &[
            (1, Take("a", 9),  Ok(()),        CreditState::Held),
            (2, Take("a", 4),  Ok(()),        CreditState::Held),
            (5, Take("b", 9),  Err(Held),     CreditState::Held),
        ]),
        ("nobody held it", &[
            (1, Spend("a"),    Err(NotHeld),  CreditState::Open),
            (1, GiveBack("a"), Err(NotHeld),  CreditState::Open),
        ]),
        ("too late", &[
            (100, Take("a", 105), Err(Expired), CreditState::Expired),
        ]),
        ("held in time is good until the lease ends", &[
            (99,  Take("a", 101), Ok(()),     CreditState::Held),
            (100, Spend("a"),     Ok(()),     CreditState::Spent),
        ]),
    ];
    for (day, acts) in days {
        let mut note = note();
        for (now, done, expected, state) in acts {
            let before = note.clone();
            let answer = act(&mut note, *done, *now);
            assert_eq!((answer, note.state(at_hour(*now))), (*expected, *state), "{day}: {done:?} at {now}");
            if answer.is_err() {
                assert_eq!(note, before, "{day}: a refusal changes nothing");
            }
        }
    }
}

proptest! {
    #[test]
    fn it_is_spent_once_whatever_happens(acts in prop::collection::vec((0_usize..3, 0_usize..3, 1_i64..5), 0..40)) {
        let mut note = note();
        let mut spent_by = None;
        for (now, (what, who, lease)) in (1_i64..).zip(acts) {
            let name = ["a", "b", "c"][who];
            let done = [Act::Take(name, now + lease), Act::GiveBack(name), Act::Spend(name)][what];
            let answer = act(&mut note, done, now);
            if let (Act::Spend(name), Ok(())) = (done, answer) {
                prop_assert_eq!(*spent_by.get_or_insert(name), name);
            }
            prop_assert_eq!(note.spending.as_ref().map(|spent| spent.holder.hold.as_str()), spent_by);
        }
    }
}
