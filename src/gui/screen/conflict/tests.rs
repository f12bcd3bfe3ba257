//! Keys of the conflict card: which card they answer, and which order.

use super::*;
use crate::gui::gallery;
use crate::gui::tests::window;
use crate::gui::window::{Look, Window};
use crate::register::intent::{CodeAsked, Recognition};

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
    let tapped = super::super::Message::Conflict(Message::OrderTapped(OrderNumber::new("W-10231")));
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

/// The gallery's card as it is when an order with an earlier deadline has arrived meanwhile, which stands before the others.
fn with_another_first(till: &Window, keep: impl Fn(&WebOrder) -> bool) -> Snapshot {
    let mut snapshot = till.snapshot().clone();
    let mut card = (**snapshot.conflict.as_ref().unwrap()).clone();
    let tom =
        WebOrder { number: OrderNumber::new("W-10250"), customer_name: "Tom V.".to_owned(), ..card.orders[0].clone() };
    card.orders.retain(keep);
    card.orders.insert(0, tom);
    snapshot.conflict = Some(card.into());
    snapshot
}

fn handed_over(order: &str) -> Intent {
    let choice = ConflictChoice::HandOver {
        order: OrderNumber::new(order),
        recognised: Recognition::NameConfirmed,
        collector: None,
    };
    Intent::ConflictAnswered { card: 1, choice }
}

#[test]
fn the_order_whose_name_was_asked_is_handed_over_whatever_arrives_before_it() {
    let mut till = window(&gallery::find_exhibit("conflict-offline").unwrap(), Look::default());
    let asked = Intent::CollectionCodeAsked(Some(CodeAsked { order: OrderNumber::new("W-10240"), collector: None }));
    assert_eq!(strike(&mut till, &['1']), [asked]);
    till.show(with_another_first(&till, |_| true).into());
    assert_eq!(strike(&mut till, &['+']), [handed_over("W-10240")]);
    till.show(with_another_first(&till, |order| order.number.as_str() == "W-10250").into());
    assert_eq!(strike(&mut till, &['+']), [], "the order has gone from the card: nothing is handed over");
    let anyway = ConflictChoice::SellAnyway { order: None };
    assert_eq!(strike(&mut till, &['2']), [Intent::ConflictAnswered { card: 1, choice: anyway }], "the answers again");
}

#[test]
fn the_unit_is_kept_for_the_order_that_was_chosen() {
    let mut till = shown();
    till.strike(&Stroke::press(Key::Down));
    till.show(with_another_first(&till, |_| true).into());
    let keep = ConflictChoice::Keep { order: Some(OrderNumber::new("W-10240")) };
    assert_eq!(strike(&mut till, &['3']), [Intent::ConflictAnswered { card: 1, choice: keep }]);
}

#[test]
fn the_store_that_was_tapped_is_asked() {
    let mut till = shown();
    strike(&mut till, &['4']);
    let mut shorter = till.snapshot().clone();
    let mut card = (**shorter.conflict.as_ref().unwrap()).clone();
    let second = card.elsewhere[1].store.clone();
    let tapped = super::super::Message::Conflict(Message::StoreChosen(second.clone()));
    card.elsewhere.remove(0);
    shorter.conflict = Some(card.into());
    till.show(shorter.into());
    let asked = till.update(crate::gui::frame::Message::Screen(tapped)).intents;
    let choice = ConflictChoice::FindAnother { store: second, customer: String::new() };
    assert_eq!(asked, [Intent::ConflictAnswered { card: 1, choice }]);
}

/// The headline says nothing that the figures under it deny.
#[test]
fn the_headline_is_true_to_the_figures() {
    let check = |kind, (on_hand, held, promised): (i64, i64, i64), basket: i64, expected: &str| {
        let mut snapshot = shown().snapshot().clone();
        let mut card = (**snapshot.conflict.as_ref().unwrap()).clone();
        let units = crate::domain::quantity::Quantity::units;
        card.kind = kind;
        card.level = crate::domain::stock::StockLevel {
            on_hand: units(on_hand),
            held: units(held),
            promised: units(promised),
            safety: units(0),
        };
        card.in_basket = units(basket);
        let facts = crate::domain::conflict::ConflictFacts { kind, level: card.level, basket: card.in_basket };
        card.line_out = facts.endangered();
        snapshot.conflict = Some(card.into());
        let mut till = shown();
        till.show(snapshot.into());
        let words = crate::gui::tests::words_on(&till);
        assert!(words.iter().any(|words| words == expected), "{expected}: {words:?}");
    };
    check(ConflictKind::BooksEmpty, (0, 0, 1), 1, "The books have none left, and web orders need it");
    check(ConflictKind::BooksEmpty, (2, 2, 0), 1, "None is free: 2 held for pick-up");
    check(ConflictKind::BooksEmpty, (2, 1, 0), 2, "Only 1 on the shelf, and web orders need it");
    check(ConflictKind::Promised, (1, 0, 1), 1, "This one is promised to a web order");
    check(ConflictKind::Promised, (3, 0, 2), 3, "Promised to a web order: 2 of these 3");
}

/// Whether an order is paid and by when it must be there stands whole, whatever badge stands beside it.
#[test]
fn what_decides_is_never_cut() {
    use crate::gui::measure::TextSize;
    use crate::gui::text::Language;
    use crate::gui::widget::Fit;
    for (language, text_size) in Language::ALL.into_iter().flat_map(|l| [(l, TextSize::Normal), (l, TextSize::Large)]) {
        for size in [(1280, 800), (1024, 768), (1920, 1080)] {
            let look = Look { language, text_size, ..Look::default() };
            let till = window(&gallery::find_exhibit("conflict-in-part").unwrap(), look);
            let text = till.ui(iced::Size::new(1280.0, 800.0)).text;
            let due = text.order_collects_by(text.moment_today(text.midnight()));
            let seen = crate::gui::tests::walk(&till, size).labels;
            let found = seen.iter().find(|label| label.words.contains(&due));
            let told = found.unwrap_or_else(|| panic!("{} {size:?}: {due} is not said", language.code()));
            assert_eq!(told.fit, Fit::Whole, "{} {size:?}: {}", language.code(), told.words);
        }
    }
}

#[test]
fn the_customer_another_store_is_asked_for_is_named_by_keys_alone() {
    let mut till = shown();
    let store = till.snapshot().conflict.as_ref().unwrap().elsewhere[0].store.clone();
    assert_eq!(strike(&mut till, &['4', 'J', 'O', ' ', '1']), [], "a digit of a name chooses no store");
    for key in [Key::Backspace, Key::Enter] {
        assert!(till.strike(&Stroke::press(key)).intents.is_empty());
    }
    assert!(crate::gui::tests::words_on(&till).iter().any(|words| words.contains("JO")), "it stands on the card");
    let choice = ConflictChoice::FindAnother { store: store.clone(), customer: "JO".to_owned() };
    assert_eq!(strike(&mut till, &['1']), [Intent::ConflictAnswered { card: 1, choice }]);
    // Nobody is named by Enter alone, and by one touch; before either no store is asked.
    for by_touch in [false, true] {
        let mut till = shown();
        assert_eq!(strike(&mut till, &['4', '1']), []);
        till.strike(&Stroke::press(Key::Backspace));
        match by_touch {
            true => drop(
                till.update(crate::gui::frame::Message::Screen(super::super::Message::Conflict(Message::Confirmed))),
            ),
            false => drop(till.strike(&Stroke::press(Key::Enter))),
        }
        let choice = ConflictChoice::FindAnother { store: store.clone(), customer: String::new() };
        assert_eq!(strike(&mut till, &['1']), [Intent::ConflictAnswered { card: 1, choice }]);
    }
    // Esc gives the answer up, not only its name.
    let mut till = shown();
    strike(&mut till, &['4', 'J']);
    till.strike(&Stroke::press(Key::Escape));
    let anyway = ConflictChoice::SellAnyway { order: None };
    assert_eq!(strike(&mut till, &['2']), [Intent::ConflictAnswered { card: 1, choice: anyway }]);
}

/// The orders are what a name is typed for: nothing takes their room.
#[test]
fn the_figures_make_way_while_a_name_is_typed() {
    let words =
        |name: &str| crate::gui::tests::words_on(&window(&gallery::find_exhibit(name).unwrap(), Look::default()));
    let figure = |name: &str| words(name).iter().any(|words| words == "on hand");
    assert!(figure("conflict-find"));
    assert!(!figure("conflict-find-whom") && !figure("conflict-find-named"));
}

/// Where all of them fall short there is no other to choose.
#[test]
fn another_order_falls_short_only_where_one_is_safe() {
    let mut till = shown();
    let answered = |order| [Intent::ConflictAnswered { card: 1, choice: ConflictChoice::SellAnyway { order } }];
    let first = till.snapshot().conflict.as_ref().unwrap().orders[0].number.clone();
    assert_eq!(strike(&mut till, &['O', '2']), answered(Some(first)));
    let mut all = shown().snapshot().clone();
    let mut card = (**all.conflict.as_ref().unwrap()).clone();
    card.also_short = card.orders.len() - 1;
    all.conflict = Some(card.into());
    let mut till = shown();
    till.show(all.into());
    assert_eq!(strike(&mut till, &['O', '2']), answered(None));
}

/// A cap says what a key does: while a name is typed no digit chooses a store.
#[test]
fn stores_wear_no_keys_while_a_name_is_typed() {
    let words =
        |name: &str| crate::gui::tests::words_on(&window(&gallery::find_exhibit(name).unwrap(), Look::default()));
    // Three orders are to be picked: the bar at the top says so.
    let third = |name: &str| words(name).into_iter().filter(|words| words == "3").count();
    assert_eq!([third("conflict-find"), third("conflict-find-whom")], [2, 1]);
}
