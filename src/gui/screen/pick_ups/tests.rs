//! Keys of the pick-up screen: what each does in each state of the order.

use std::sync::Arc;

use super::*;
use crate::gui::gallery;
use crate::gui::tests::window;
use crate::gui::widget::Step;
use crate::gui::window::{Look, Window};
use crate::register::intent::{LinesChosen, Screen};

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

/// Whoever strikes Enter has read that the order goes out short.
#[test]
fn a_short_order_is_not_called_ready() {
    let words = crate::gui::tests::words_on(&shown("pick-ups-short"));
    assert!(words.iter().any(|words| words == "Ready without 1"), "{words:?}");
    assert!(!words.iter().any(|words| words.starts_with("Ready in")), "{words:?}");
}

/// Nobody collects it, and nobody pays for it.
#[test]
fn what_goes_to_another_store_is_not_for_a_customer() {
    let words = crate::gui::tests::words_on(&shown("pick-ups-send-asked"));
    let said = |wanted: &str| words.iter().any(|words| words == wanted);
    assert!(said("goes to another store") && said("sent"), "{words:?}");
    assert!(!said("Paid") && !said("code or name at hand-over") && !said("handed over"), "{words:?}");
}

#[test]
fn a_short_order_is_put_ready_handed_over_or_picked_after_all() {
    let mut till = shown("pick-ups-short");
    assert_eq!(strike(&mut till, &[Key::Enter]), [Intent::OrderMadeReady { bay: "C-15".to_owned() }]);
    assert_eq!(strike(&mut till, &[Key::of('+')]), [Intent::LinePicked { line: 3 }]);
    assert_eq!(strike(&mut till, &[NOT_FOUND_KEY]), [], "nothing more of it is missing");
    let handed_over = strike(&mut till, &[HERE_KEY, Key::of('+')]);
    assert!(matches!(&handed_over[..], [_, Intent::OrderHandedOver { .. }]), "the customer can have what is there");
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
    assert_eq!(strike(&mut till(), &[PUT_BACK_KEY]), []);
    assert_eq!(strike(&mut till(), &[PUT_BACK_KEY, PUT_BACK_KEY]), []);
    assert_eq!(strike(&mut till(), &[PUT_BACK_KEY, Key::Escape, Key::Escape]), [Intent::OrderOpened(None)]);
    assert_eq!(strike(&mut till(), &[PUT_BACK_KEY, Key::Enter, Key::Enter]), []);
    assert_eq!(strike(&mut till(), &[PUT_BACK_KEY, Key::of('+')]), [Intent::OrderPutBack]);
    let mut till = with_order("pick-ups-hand-over", |order| order.state = OrderState::Lapsed);
    assert_eq!(
        strike(&mut till, &[Key::Escape, PUT_BACK_KEY]),
        [Intent::HandOverAsked(None), Intent::OrderPutBack],
        "nobody may collect it any more"
    );
}

#[test]
fn what_a_ready_order_lacks_is_picked_when_it_has_come() {
    let mut till = with_order("pick-ups-hand-over", |order| order.lines[2].picked = Quantity::ZERO);
    let picked = strike(&mut till, &[Key::Escape, Key::of('+')]);
    assert_eq!(picked, [Intent::HandOverAsked(None), Intent::LinePicked { line: 3 }]);
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

fn typed(text: &str) -> Vec<Key> {
    text.chars().map(Key::of).collect()
}

fn last(till: &mut Window, keys: &[Key]) -> Intent {
    strike(till, keys).pop().unwrap()
}

#[test]
fn somebody_else_collects_by_keys_alone_and_is_not_forgotten() {
    let mut till = with_order("pick-ups", |order| order.state = OrderState::Ready);
    strike(&mut till, &[Key::Enter, Key::Character('*')]);
    strike(&mut till, &typed("PETER"));
    let asked = last(&mut till, &[Key::Enter]);
    assert!(
        matches!(&asked, Intent::HandOverAsked(Some(asked)) if asked.collector.as_deref() == Some("PETER")),
        "{asked:?}"
    );
    for code in ["WRONG1", "K7P2MX"] {
        strike(&mut till, &typed(code));
        let given = last(&mut till, &[Key::Enter]);
        let collector = Some("PETER".to_owned());
        let recognised = Recognition::Code(code.to_owned());
        assert_eq!(given, Intent::OrderHandedOver { recognised, collector, lines: LinesChosen::All });
    }
    strike(&mut till, &[Key::Character('*'), Key::Backspace, Key::Escape]);
    let given = last(&mut till, &[Key::Character('+')]);
    assert!(
        matches!(&given, Intent::OrderHandedOver { collector: Some(name), .. } if name == "PETER"),
        "Esc leaves the name as it was: {given:?}"
    );
}

#[test]
fn a_line_stays_here_by_keys_alone() {
    let mut till = with_order("pick-ups", |order| order.state = OrderState::Ready);
    strike(&mut till, &[Key::Enter]);
    strike(&mut till, &[Key::Up, Key::Up, Key::Down, Key::Character('-')]);
    let given = last(&mut till, &[Key::Character('+')]);
    let lines = LinesChosen::Only(vec![1, 3]);
    assert_eq!(given, Intent::OrderHandedOver { recognised: Recognition::NameConfirmed, collector: None, lines });
    let asked = last(&mut till, &[Key::Character('-')]);
    assert!(
        matches!(&asked, Intent::HandOverAsked(Some(asked)) if asked.lines == LinesChosen::All),
        "it goes along after all"
    );
}

/// What was begun on one order is nothing to the next that comes up under it: by its code, or by a search.
#[test]
fn another_order_is_handed_over_from_the_beginning() {
    let mut till = with_order("pick-ups", |order| order.state = OrderState::Ready);
    strike(&mut till, &[Key::Enter, Key::Character('-'), Key::Character('*')]);
    strike(&mut till, &typed("PETER"));
    strike(&mut till, &[Key::Enter]);
    let other = with_order("pick-ups-hand-over", |order| order.state = OrderState::Ready);
    till.show(other.snapshot().clone().into());
    assert!(matches!(strike(&mut till, &[Key::Enter])[..], [Intent::HandOverAsked(Some(_))]), "it begins anew");
    let given = last(&mut till, &[Key::Character('+')]);
    let everything =
        Intent::OrderHandedOver { recognised: Recognition::NameConfirmed, collector: None, lines: LinesChosen::All };
    assert_eq!(given, everything);
    let mut till = shown("pick-ups-short");
    let offered = strike(&mut till, &[Key::Enter]);
    strike(&mut till, &[BAY_KEY]);
    assert_ne!(strike(&mut till, &[Key::Enter]), offered, "another bay was chosen");
    till.show(shown("pick-ups-hand-over").snapshot().clone().into());
    till.show(shown("pick-ups-short").snapshot().clone().into());
    assert_eq!(strike(&mut till, &[Key::Enter]), offered, "that bay was the first order's");
}

#[test]
fn the_queue_says_what_it_is_narrowed_to_and_esc_widens_it() {
    let mut till = shown("pick-ups-narrowed");
    let widened = Intent::OrderSearchTyped(String::new());
    assert_eq!(strike(&mut till, &[Key::Escape]), [Intent::OrderOpened(None)]);
    till.show(Snapshot { open_order: None, ..till.snapshot().clone() }.into());
    assert_eq!(strike(&mut till, &[Key::Escape]), [widened]);
}

#[test]
fn once_a_part_is_handed_over_the_rest_is_handed_over_from_the_beginning() {
    let mut till = with_order("pick-ups-hand-over", |order| order.state = OrderState::Ready);
    strike(&mut till, &[Key::Escape, Key::Enter, Key::Character('-')]);
    let mut part = till.snapshot().clone();
    let mut detail = (**part.open_order.as_ref().unwrap()).clone();
    detail.order.state = OrderState::PartHandedOver;
    detail.order.lines[1].handed_over = detail.order.lines[1].ordered;
    part.open_order = Some(Arc::new(detail));
    till.show(part.into());
    let searched = strike(&mut till, &[Key::of('K')]);
    assert_eq!(searched, [Intent::OrderSearchTyped("K".to_owned())], "no code is asked for");
    strike(&mut till, &[Key::Escape]);
    let begun = strike(&mut till, &[Key::Enter]);
    assert!(matches!(&begun[..], [Intent::HandOverAsked(Some(asked))] if asked.lines == LinesChosen::All), "{begun:?}");
}

#[test]
fn with_every_line_staying_here_nothing_is_handed_over() {
    let mut till = with_order("pick-ups", |order| order.state = OrderState::Ready);
    strike(&mut till, &[Key::Enter]);
    let asked = [Key::Character('-'), Key::Down, Key::Character('-'), Key::Down];
    strike(&mut till, &[Key::Up, Key::Up]);
    strike(&mut till, &asked);
    let given = last(&mut till, &[Key::Character('-')]);
    assert!(
        matches!(&given, Intent::HandOverAsked(Some(asked)) if asked.lines == LinesChosen::Only(Vec::new())),
        "a scan of the code hears of it too: {given:?}"
    );
    strike(&mut till, &typed("K7P2MX"));
    assert_eq!(strike(&mut till, &[Key::Character('+'), Key::Enter]), [], "neither by name nor by code");
    let told = till.ui(iced::Size::new(1280.0, 800.0)).text.hand_over_nothing();
    assert!(crate::gui::tests::words_on(&till).contains(&told), "and it says so");
}

#[test]
fn a_bay_says_who_lies_there_already() {
    let mut exhibit = gallery::find_exhibit("pick-ups").unwrap();
    let mut detail = (**exhibit.snapshot.open_order.as_ref().unwrap()).clone();
    let bays = exhibit.snapshot.till.bays.clone();
    detail.bays_taken = vec![(bays[1].clone(), OrderNumber::new("W-77"))];
    exhibit.snapshot.open_order = Some(Arc::new(detail));
    let mut till = window(&exhibit, Look::default());
    let names_it = |till: &Window| crate::gui::tests::words_on(till).iter().any(|words| words.contains("W-77"));
    assert!(!names_it(&till), "the bay offered is free");
    let mut walked = bays.iter().map(|_| {
        strike(&mut till, &[BAY_KEY]);
        names_it(&till)
    });
    assert!(walked.any(|named| named), "one of the bays names the order that lies in it");
}

#[test]
fn what_was_done_to_an_order_stands_on_a_key_in_place_of_its_lines() {
    let mut till = shown("pick-ups");
    let asleep = [HISTORY_KEY, Key::Down, Key::of('+'), NOT_FOUND_KEY, HERE_KEY, Key::Enter];
    assert_eq!(strike(&mut till, &asleep), [], "the lines are out of sight");
    assert_eq!(till.screens().pick_ups.history, Some(1), "the arrows go through what was done");
    assert_eq!(strike(&mut till, &[Key::Down, Key::Down, Key::Down]), []);
    let last = history::count_rows(till.snapshot().open_order.as_ref().unwrap()) - 1;
    assert_eq!(till.screens().pick_ups.history, Some(last));
    assert_eq!(strike(&mut till, &[Key::Escape, Key::of('+')]), [Intent::LinePicked { line: 3 }]);
    // Another order has its own.
    let opened = strike(&mut till, &[HISTORY_KEY, HISTORY_KEY, HISTORY_KEY]);
    assert_eq!(opened, []);
    let mut other = till.snapshot().clone();
    let mut detail = (**other.open_order.as_ref().unwrap()).clone();
    detail.order.number = OrderNumber::new("W-77");
    other.open_order = Some(Arc::new(detail));
    till.show(other.into());
    assert_eq!(till.screens().pick_ups.history, None);
}

/// What nobody has begun, what is under way and what must go back to the shelf are never behind one word.
#[test]
fn each_state_of_the_queue_has_a_filter_of_its_own_with_its_count() {
    let mut till = shown("pick-ups");
    till.show(Snapshot { open_order: None, ..till.snapshot().clone() }.into());
    let orders = till.snapshot().pick_ups.orders.clone();
    let text = till.ui(iced::Size::new(1280.0, 800.0)).text;
    let filters = [
        (text.filter_to_pick(), OrderState::Received),
        (text.filter_picking(), OrderState::Picking),
        (text.filter_short(), OrderState::Short),
        (text.filter_ready(), OrderState::Ready),
        (text.filter_lapsed(), OrderState::Lapsed),
        (text.filter_cancelled(), OrderState::Cancelled),
    ];
    for size in crate::gui::tests::SIZES {
        let words = crate::gui::tests::words_at(&till, size);
        for (filter, state) in &filters {
            let count = orders.iter().filter(|order| order.state == *state).count().to_string();
            assert!(
                words.windows(2).any(|pair| pair == [filter.clone(), count.clone()]),
                "{filter} {count} at {size:?}"
            );
        }
    }
    let listed = |till: &Window| -> Vec<OrderNumber> {
        let words = crate::gui::tests::words_on(till);
        let is_listed = |number: &OrderNumber| words.iter().any(|word| word.starts_with(&format!("{number} · ")));
        orders.iter().map(|order| order.number.clone()).filter(is_listed).collect()
    };
    for (filter, state) in &filters {
        let of_state: Vec<_> = orders.iter().filter(|order| order.state == *state).map(|o| o.number.clone()).collect();
        assert_eq!(listed(&till), of_state, "{filter}");
        strike(&mut till, &[Key::Right]);
    }
    let all = listed(&till);
    assert!(orders.iter().map(|order| &order.number).zip(&all).all(|(order, row)| order == row), "{all:?}");
    assert!(all.len() > 5, "the last shows all, as many as there is room for: {all:?}");
}

/// Whoever types a name looks for it, whatever else can be done: no act has a letter. Enter opens what was found.
#[test]
fn a_letter_begins_the_search_and_enter_opens_what_it_found() {
    let mut till = shown("pick-ups");
    let jo = ["J", "JO"].map(|text| Intent::OrderSearchTyped(text.to_owned()));
    assert_eq!(strike(&mut till, &typed("JO")), jo);
    let mut found = till.snapshot().clone();
    let mut queue = (*found.pick_ups).clone();
    let open = found.open_order.as_ref().unwrap().order.number.clone();
    queue.search = "JO".to_owned();
    queue.orders.retain(|order| order.number != open);
    let first = queue.orders[0].number.clone();
    found.pick_ups = queue.into();
    till.show(found.into());
    assert_eq!(strike(&mut till, &[Key::Enter]), [Intent::OrderOpened(Some(first))]);
    let max = Intent::OrderSearchTyped("M".to_owned());
    assert_eq!(
        strike(&mut till, &[Key::Character('/'), Key::of('M')]),
        [max],
        "begun anew, not behind what stood there"
    );
}

/// A step may take an order out of its filter: it stays in the list, marked. Narrowing the list past it closes it.
#[test]
fn the_open_order_is_one_that_the_queue_shows() {
    let mut exhibit = gallery::find_exhibit("pick-ups").unwrap();
    exhibit.screens.pick_ups = PickUps::filtered(Filter::Ready);
    let mut till = window(&exhibit, Look::default());
    let open = till.snapshot().open_order.as_ref().unwrap().order.clone();
    assert_eq!(open.state, OrderState::Picking);
    let listed = |till: &Window| {
        let row = format!("{} · ", open.number);
        crate::gui::tests::words_on(till).iter().any(|words| words.starts_with(&row))
    };
    assert!(listed(&till), "it keeps its place");
    assert_eq!(strike(&mut till, &[Key::Left]), [Intent::OrderOpened(None)], "those of which something is missing");
    assert_eq!(strike(&mut till, &[Key::Left]), [], "those that are being picked: it is one of them");
    // While it is handed over the list is left as it is.
    let mut till = with_order("pick-ups", |order| order.state = OrderState::Ready);
    strike(&mut till, &[Key::Enter]);
    assert_eq!(strike(&mut till, &[Key::Right, Key::Right, Key::Left]), []);
}

#[test]
fn nothing_is_handed_over_of_an_order_nothing_is_picked_of() {
    let mut till = with_order("pick-ups", |order| {
        for line in &mut order.lines {
            line.picked = Quantity::ZERO;
        }
    });
    assert_eq!(strike(&mut till, &[HERE_KEY, Key::Character('+')]), [Intent::LinePicked { line: 1 }]);
}

/// What lies in the bay is not on the shelf, and nobody need look why.
#[test]
fn a_line_that_is_picked_says_nothing_of_the_shelf() {
    let mut detail = (*shown("pick-ups").snapshot().open_order.clone().unwrap()).clone();
    for line in &mut detail.lines {
        line.level = Default::default();
    }
    let told = |detail: &OrderDetail| {
        let mut exhibit = gallery::find_exhibit("pick-ups").unwrap();
        exhibit.snapshot.open_order = Some(Arc::new(detail.clone()));
        let till = window(&exhibit, Look::default());
        let text = till.ui(iced::Size::new(1280.0, 800.0)).text;
        let empty = text.mark_books("0");
        crate::gui::tests::words_on(&till).iter().filter(|words| words.contains(&empty)).count()
    };
    assert_eq!(told(&detail), 1, "one line is still to be picked");
    detail.order.lines[2].picked = detail.order.lines[2].ordered;
    assert_eq!(told(&detail), 0);
}

/// A step is ticked when it was taken: what is still to be picked of an order that was handed over in part is not.
#[test]
fn an_order_handed_over_in_part_is_still_to_be_picked() {
    let mut order = (*shown("pick-ups").snapshot().open_order.clone().unwrap()).clone().order;
    order.state = OrderState::PartHandedOver;
    for line in &mut order.lines[..2] {
        line.handed_over = line.picked;
    }
    assert_eq!(super::order::standing(&order), [Step::Done, Step::Now, Step::ToCome, Step::ToCome]);
    order.lines[2].picked = order.lines[2].ordered;
    assert_eq!(super::order::standing(&order), [Step::Done, Step::Done, Step::Done, Step::Now]);
    order.state = OrderState::Ready;
    order.lines[2].picked = Quantity::ZERO;
    assert_eq!(super::order::standing(&order), [Step::Done, Step::ToCome, Step::Now, Step::ToCome]);
}

fn tap(till: &mut Window, message: Message) -> Vec<Intent> {
    till.update(crate::gui::frame::Message::Screen(super::super::Message::PickUps(message))).intents
}

/// The search has the letters, not the finger: whatever can be done with the order that it found is done by one tap.
#[test]
fn what_a_search_found_is_picked_by_one_tap() {
    let mut till = shown("pick-ups-search");
    assert_eq!(tap(&mut till, Message::PickStruck), [Intent::LinePicked { line: 3 }]);
    assert_eq!(
        strike(&mut till, &[Key::of('+')]),
        [Intent::LinePicked { line: 3 }],
        "the keyboard is the order's again"
    );
    let mut till = shown("pick-ups-search");
    assert_eq!(strike(&mut till, &[SLIP_KEY]), [Intent::OrderSlipAsked], "no search has this key");
    let nobody_began = |order: &mut WebOrder| order.state = OrderState::Received;
    let begun = with_order("pick-ups-search", nobody_began);
    assert_eq!(tap(&mut { begun }, Message::StepTapped), [Intent::PickStarted]);
    // What the list does not show is not what was looked for.
    let mut till = shown("pick-ups-search");
    let mut other = till.snapshot().clone();
    let mut queue = (*other.pick_ups).clone();
    queue.orders.clear();
    other.pick_ups = queue.into();
    till.show(other.into());
    assert_eq!(strike(&mut till, &[SLIP_KEY, HERE_KEY, NOT_FOUND_KEY]), []);
}

#[test]
fn the_code_that_opened_the_order_is_not_asked_for_again() {
    let opened = |shown: bool| {
        let mut exhibit = gallery::find_exhibit("pick-ups-code-shown").unwrap();
        let mut detail = (**exhibit.snapshot.open_order.as_ref().unwrap()).clone();
        detail.code_shown = shown;
        exhibit.snapshot.open_order = Some(Arc::new(detail));
        exhibit.screens.pick_ups = PickUps::filtered(Filter::Ready);
        window(&exhibit, Look::default())
    };
    let (collector, lines) = (None, LinesChosen::All);
    let given = Intent::OrderHandedOver { recognised: Recognition::CodeShown, collector, lines };
    let mut till = opened(true);
    assert!(matches!(strike(&mut till, &[Key::Enter])[..], [Intent::HandOverAsked(Some(_))]));
    assert_eq!(strike(&mut till, &[Key::Enter]), [given]);
    // Whoever types another code means that one.
    strike(&mut till, &typed("XYZ789"));
    let other = last(&mut till, &[Key::Enter]);
    assert!(matches!(&other, Intent::OrderHandedOver { recognised: Recognition::Code(code), .. } if code == "XYZ789"));
    let mut till = opened(false);
    strike(&mut till, &[Key::Enter]);
    assert_eq!(strike(&mut till, &[Key::Enter]), [], "no code was shown");
}

/// A queue with that typed, and that order of it open.
fn narrowed_to(till: &Window, rows: usize, search: &str, open: Option<usize>) -> Snapshot {
    let mut snapshot = till.snapshot().clone();
    let mut queue = (*snapshot.pick_ups).clone();
    queue.orders.truncate(rows);
    queue.search = search.to_owned();
    snapshot.open_order = open.map(|row| {
        let mut detail = (**shown("pick-ups").snapshot().open_order.as_ref().unwrap()).clone();
        detail.order.number = queue.orders[row].number.clone();
        Arc::new(detail)
    });
    snapshot.pick_ups = queue.into();
    snapshot
}

/// Whoever is faster than the register means the list they are typing for, and each arrow the order after the one before.
#[test]
fn keys_that_are_struck_before_the_list_is_there_go_through_that_list() {
    let mut till = shown("pick-ups");
    let rows: Vec<_> = till.snapshot().pick_ups.orders.iter().map(|row| row.number.clone()).collect();
    strike(&mut till, &typed("JO"));
    assert_eq!(strike(&mut till, &[Key::Down, Key::Down, Key::Enter]), [], "of the old list they mean nothing");
    let mut show = |snapshot: Snapshot| till.show(snapshot.into()).intents;
    let opened = |row: usize| vec![Intent::OrderOpened(Some(rows[row].clone()))];
    let at = |search: &str, open| narrowed_to(&shown("pick-ups"), 2, search, open);
    assert_eq!(show(at("J", None)), [], "nor of one that is not typed any more");
    assert_eq!(show(at("JO", None)), opened(0));
    assert_eq!(show(at("JO", None)), [], "the first is not open yet");
    assert_eq!(show(at("JO", Some(0))), opened(1));
    assert_eq!(show(at("JO", Some(1))), [], "Enter takes what is open, and begins nothing");
    assert_eq!(strike(&mut till, &[Key::Escape]), [Intent::OrderOpened(None)], "nothing is typed any more");
}

#[test]
fn what_is_typed_behind_the_key_of_a_screen_is_for_that_screen() {
    let jo = ["J", "JO"].map(|text| Intent::OrderSearchTyped(text.to_owned()));
    let keys = [Key::Function(2), Key::of('J'), Key::of('O')];
    let asked = [Intent::ScreenShown(Screen::PickUps)];
    let mut till = shown("sell");
    assert_eq!(strike(&mut till, &keys), asked);
    assert_eq!(till.show(shown("sell").snapshot().clone().into()).intents, [], "it is not in front yet");
    assert_eq!(till.show(shown("pick-ups").snapshot().clone().into()).intents, jo);
    // A card that came up instead is answered by nothing that was typed before it was seen.
    let mut till = shown("sell");
    assert_eq!(strike(&mut till, &[Key::Function(2), Key::of('2')]), asked);
    assert_eq!(till.show(shown("conflict").snapshot().clone().into()).intents, []);
    assert_eq!(till.show(shown("sell").snapshot().clone().into()).intents, []);
    assert_eq!(strike(&mut till, &[Key::of('J')]), [Intent::SearchTyped("J".to_owned())], "nothing waits any more");
}

/// Who comes says a name: it stands whole in the list, in every language and size.
#[test]
fn the_name_of_a_customer_is_never_cut_in_the_list() {
    use crate::gui::measure::TextSize;
    use crate::gui::text::Language;
    use crate::gui::widget::Fit;
    let name = "Christopher M.";
    for (language, text_size) in Language::ALL.into_iter().flat_map(|l| [(l, TextSize::Normal), (l, TextSize::Large)]) {
        for size in crate::gui::tests::SIZES {
            let mut exhibit = gallery::find_exhibit("pick-ups").unwrap();
            let mut queue = (*exhibit.snapshot.pick_ups).clone();
            // Until tomorrow: the longest there is.
            queue.orders[0].customer_name = name.to_owned();
            queue.orders[0].collect_by = Some(gallery::now() + chrono::TimeDelta::days(1));
            exhibit.snapshot.pick_ups = queue.into();
            let till = window(&exhibit, Look { language, text_size, ..Look::default() });
            let seen = crate::gui::tests::walk(&till, size).labels;
            let told = seen.iter().find(|label| label.words.contains(name));
            let told = told.unwrap_or_else(|| panic!("{} {size:?}: {name} is not said", language.code()));
            assert_eq!(told.fit, Fit::Whole, "{} {text_size:?} {size:?}: {}", language.code(), told.words);
        }
    }
}

/// Nor in the head of the open order, whatever is said beside it.
#[test]
fn the_name_of_a_customer_is_never_cut_above_the_order() {
    use crate::gui::measure::TextSize;
    use crate::gui::text::Language;
    use crate::gui::widget::Fit;
    let name = "Christopher M.";
    let mut cut = Vec::new();
    for mut exhibit in gallery::exhibits().into_iter().filter(|exhibit| exhibit.name.starts_with("pick-ups")) {
        let Some(open) = &exhibit.snapshot.open_order else { continue };
        let mut detail = (**open).clone();
        detail.order.customer_name = name.to_owned();
        exhibit.snapshot.open_order = Some(Arc::new(detail));
        let sizes = [TextSize::Normal, TextSize::Large];
        for (language, text_size) in Language::ALL.into_iter().flat_map(|l| sizes.map(|size| (l, size))) {
            let till = window(&exhibit, Look { language, text_size, ..Look::default() });
            for size in crate::gui::tests::SIZES {
                let seen = crate::gui::tests::walk(&till, size).labels;
                let head = seen.iter().find(|label| label.words == name);
                if head.is_none_or(|head| head.fit != Fit::Whole) {
                    cut.push(format!("{} {} {text_size:?} {size:?}", exhibit.name, language.code()));
                }
            }
        }
    }
    assert!(cut.is_empty(), "{cut:#?}");
}

/// Nobody is asked to pay in the list for what is paid beside it.
#[test]
fn the_list_and_the_open_order_agree_on_what_is_paid() {
    let mut compared = 0;
    for exhibit in gallery::exhibits() {
        let Some(open) = &exhibit.snapshot.open_order else { continue };
        let rows = &exhibit.snapshot.pick_ups.orders;
        let Some(row) = rows.iter().find(|row| row.number == open.order.number) else { continue };
        assert_eq!(row.paid, open.sums.due.is_zero(), "{}", exhibit.name);
        compared += 1;
    }
    assert!(compared > 10, "only {compared} were compared");
}
