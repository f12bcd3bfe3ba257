//! Keys of the sell screen: what is typed before a tap, and the panel of a line.

use std::sync::Arc;

use super::*;
use crate::domain::quantity::Quantity;
use crate::domain::sale::ReceiptChoice;
use crate::gui::measure::TextSize;
use crate::gui::tests::{SIZES, walk, window};
use crate::gui::text::Language;
use crate::gui::widget::Fit;
use crate::gui::window::{Look, Window};
use crate::gui::{frame, gallery};
use crate::register::intent::Screen;
use crate::register::snapshot::SearchResults;

fn shown(name: &str) -> Window {
    window(&gallery::find_exhibit(name).unwrap(), Look::default())
}

fn strike(window: &mut Window, keys: &[Key]) -> Vec<Intent> {
    keys.iter().flat_map(|key| window.strike(&Stroke::press(*key)).intents).collect()
}

fn tap(window: &mut Window, product: &str) -> Vec<Intent> {
    let tapped = super::super::Message::Sell(Message::ProductTapped(product.into()));
    window.update(crate::gui::frame::Message::Screen(tapped)).intents
}

#[test]
fn a_number_before_a_tap_is_how_much_it_is_or_what_it_costs() {
    let digits = [Key::Character('1'), Key::Character('2')];
    let mut till = shown("sell");
    strike(&mut till, &digits);
    let twelve = Quantity::units(12);
    assert_eq!(tap(&mut till, "nuts"), [Intent::QuantityPrefixed(Some(twelve)), Intent::ProductChosen("nuts".into())]);
    strike(&mut till, &digits);
    let price = crate::domain::money::Money::new(1200, crate::domain::money::Currency::EUR);
    assert_eq!(tap(&mut till, "alter"), [Intent::ProductChosen("alter".into()), Intent::OpenPriceEntered(Some(price))]);
    assert_eq!(tap(&mut till, "alter"), [Intent::ProductChosen("alter".into())]);
}

#[test]
fn up_and_down_open_the_panel_and_esc_leaves_it() {
    let mut till = shown("sell");
    assert_eq!(strike(&mut till, &[Key::Down]), [Intent::LineSelected(Some(5))], "the newest first");
    let mut till = shown("sell-line");
    assert_eq!(strike(&mut till, &[Key::Down]), [Intent::LineSelected(Some(3))]);
    assert_eq!(strike(&mut till, &[Key::Up]), [Intent::LineSelected(Some(1))]);
    assert_eq!(strike(&mut till, &[Key::Escape]), [Intent::LineSelected(None)]);
    let set = Intent::QuantitySet { line: 2, quantity: Quantity::units(4) };
    assert_eq!(strike(&mut till, &[Key::Character('4'), Key::Character('*')]), [set]);
}

#[test]
fn a_number_typed_before_the_question_answers_it() {
    let mut till = shown("sell");
    strike(&mut till, &[Key::Character('0'), Key::Character('.'), Key::Character('5')]);
    till.show(gallery::find_exhibit("question-weight").unwrap().snapshot.into());
    assert_eq!(strike(&mut till, &[Key::Enter]), [Intent::QuantityEntered(Some(Quantity::from_thousandths(500)))]);
}

#[test]
fn esc_chooses_none_of_several_products() {
    let mut till = shown("question-which");
    assert_eq!(strike(&mut till, &[Key::Escape]), [Intent::ChoiceGivenUp]);
}

#[test]
fn a_key_struck_twice_takes_money_once() {
    let mut till = shown("pay");
    assert_eq!(strike(&mut till, &[Key::Enter, Key::Enter]).len(), 1);
    let mut till = shown("pay-card");
    let approved = strike(&mut till, &[Key::Enter, Key::Enter]);
    assert!(matches!(approved.as_slice(), [Intent::Tendered { .. }]), "{approved:?}");
    let mut till = shown("pay-card");
    assert_eq!(strike(&mut till, &[Key::Character('-'), Key::Escape]), [], "it is asked first");
    assert_eq!(strike(&mut till, &[Key::Character('-'), Key::Enter]), [Intent::TenderTakenBack { index: 0 }]);
}

#[test]
fn what_the_terminal_does_is_the_sales_own() {
    let mut till = shown("pay");
    assert!(matches!(strike(&mut till, &[Key::Character('K'), Key::Character('K')])[..], [Intent::CardBegun { .. }]));
    let mut till = shown("pay-card");
    let approved = strike(&mut till, &[Key::Character('7'), Key::Enter]);
    assert!(matches!(&approved[..], [Intent::Tendered { reference: Some(slip), .. }] if slip == "7"), "{approved:?}");
    let mut till = shown("pay-card");
    assert_eq!(strike(&mut till, &[Key::Escape]), [Intent::CardDeclined]);
}

/// A card that comes up while somebody pays stands over the pay screen; what was typed there is not the next sale's.
#[test]
fn what_was_typed_to_pay_does_not_outlive_its_sale() {
    let mut till = shown("pay");
    strike(&mut till, &[Key::Character('5')]);
    for name in ["conflict", "sell", "pay"] {
        till.show(gallery::find_exhibit(name).unwrap().snapshot.into());
    }
    let exact = strike(&mut till, &[Key::Enter]);
    assert!(matches!(&exact[..], [Intent::Tendered { amount, .. }] if amount.minor() == 13245), "{exact:?}");
    let mut till = shown("pay");
    strike(&mut till, &[Key::Character('5')]);
    till.show(gallery::find_exhibit("conflict").unwrap().snapshot.into());
    let mut next = gallery::find_exhibit("pay").unwrap().snapshot;
    let mut basket = (*next.basket.basket).clone();
    basket.id = crate::domain::ids::BasketId(uuid::Uuid::from_u128(43));
    next.basket.basket = basket.into();
    till.show(next.into());
    let exact = strike(&mut till, &[Key::Enter]);
    assert!(matches!(&exact[..], [Intent::Tendered { amount, .. }] if amount.minor() == 13245), "{exact:?}");
}

/// What cannot be an amount is refused in words wherever an amount is typed, and stays to be put right.
#[test]
fn what_is_no_amount_is_refused_in_words() {
    let typed = ['1', '2', '.', '5', '0', '5'].map(Key::Character);
    for (name, take) in [
        ("pay-gift", Key::Enter),
        ("pay-gift", Key::Character('K')),
        ("question-price", Key::Enter),
        ("sell-line", Key::Character('$')),
    ] {
        let mut till = shown(name);
        strike(&mut till, &typed);
        let refused = [Intent::EntryRefused(EntryFault::Amount)];
        assert_eq!(strike(&mut till, &[take]), refused, "{name} {take:?}");
        assert_eq!(strike(&mut till, &[take]), refused, "{name} {take:?}: it is still there");
        assert_ne!(strike(&mut till, &[Key::Backspace, take]), refused, "{name} {take:?}: put right");
    }
    let mut till = window(&gallery::find_exhibit("open-session").unwrap(), Look::default());
    assert_eq!(strike(&mut till, &['.', '5', '0', '5'].map(Key::Character)), []);
    assert_eq!(strike(&mut till, &[Key::Enter]), [Intent::EntryRefused(EntryFault::Amount)]);
}

#[test]
fn money_on_the_counter_is_taken_back_on_the_card() {
    let mut till = shown("conflict-tendered");
    assert_eq!(
        strike(&mut till, &[Key::Character('-'), Key::Escape]),
        [],
        "the terminal has charged it: it is asked first"
    );
    assert_eq!(strike(&mut till, &[Key::Character('-'), Key::Enter]), [Intent::TenderTakenBack { index: 0 }]);
    assert_eq!(strike(&mut shown("conflict"), &[Key::Character('-')]), []);
}

#[test]
fn esc_reads_what_is_said_before_anybody_signs_in() {
    assert_eq!(strike(&mut shown("sign-in-ended"), &[Key::Escape]), [Intent::NoticeDismissed]);
}

#[test]
fn percent_off_asks_for_its_reason_and_taking_it_away_does_not() {
    let percent = [Key::Character('1'), Key::Character('0'), Key::Character('%')];
    let mut till = shown("sell-line");
    assert_eq!(strike(&mut till, &percent), []);
    let given = Intent::DiscountSet { line: 2, percent: Decimal::TEN, reason: "damaged".to_owned() };
    assert_eq!(strike(&mut till, &[Key::Character('9'), Key::Character('2')]), [given], "there is no ninth reason");
    let mut till = shown("sell-line");
    strike(&mut till, &percent);
    assert_eq!(strike(&mut till, &[Key::Escape, Key::Character('2')]), [], "Esc gives no discount");
    let mut till = shown("sell-line");
    let away = strike(&mut till, &[Key::Character('0'), Key::Character('%')]);
    assert!(matches!(away[..], [Intent::DiscountSet { line: 2, percent, .. }] if percent.is_zero()), "{away:?}");
}

#[test]
fn what_is_wanted_on_paper_is_one_key_and_enter_is_not_among_them() {
    let mut till = shown("pay");
    let keys = ['G', 'N', 'R'].map(Key::Character);
    let wanted = [ReceiptChoice::WithGiftReceipt, ReceiptChoice::None, ReceiptChoice::Receipt];
    assert_eq!(strike(&mut till, &keys), wanted.map(Intent::ReceiptChosen));
    assert!(matches!(strike(&mut till, &[Key::Enter])[..], [Intent::Tendered { .. }]));
    let mut till = shown("pay-card");
    assert_eq!(strike(&mut till, &keys[..1]), [Intent::ReceiptChosen(ReceiptChoice::WithGiftReceipt)]);
}

#[test]
fn every_basket_put_aside_has_a_key_and_is_seen() {
    let mut till = shown("sell-recall");
    let parked = till.snapshot().parked.clone();
    assert_eq!(strike(&mut till, &[Key::Character('7')]), [], "only six are shown");
    assert_eq!(strike(&mut till, &[Key::Tab, Key::Character('2')]), [Intent::Recalled(parked[7].basket)]);
    let mut till = shown("sell-recall");
    assert_eq!(strike(&mut till, &[Key::Tab, Key::Tab, Key::Character('1')]), [Intent::Recalled(parked[0].basket)]);
    assert_eq!(strike(&mut shown("sell-recall"), &[Key::Enter]), [Intent::Recalled(parked[0].basket)]);
}

/// A search whose code was rung is over: the next Enter goes to the payment, and rings nothing again.
#[test]
fn what_was_rung_is_not_rung_again() {
    let code = ['/', '2', '3', '0', '0'].map(Key::Character);
    let mut till = shown("sell");
    strike(&mut till, &code);
    till.show(found(&till, "2300", 0));
    assert_eq!(strike(&mut till, &[Key::Enter]), [Intent::CodeTyped("2300".to_owned())]);
    till.show(till.snapshot().clone().into());
    assert_eq!(strike(&mut till, &[Key::Enter]), [Intent::CodeTyped("2300".to_owned())], "refused, it stays");
    let mut rung = till.snapshot().clone();
    let mut basket = (*rung.basket.basket).clone();
    basket.lines[0].quantity += Quantity::ONE;
    rung.basket.basket = basket.into();
    till.show(rung.into());
    assert_eq!(strike(&mut till, &[Key::Enter]), [Intent::PayOpened]);
}

fn searched(texts: &[&str]) -> Vec<Intent> {
    texts.iter().map(|text| Intent::SearchTyped((*text).to_owned())).collect()
}

/// Whoever types a name looks for it: no letter parks a basket, gives it up or sells anything, from whatever stands over the keys.
#[test]
fn a_letter_begins_the_search() {
    let word = |text: &str| text.chars().map(Key::of).collect::<Vec<_>>();
    for name in ["sell", "sell-empty", "sell-line", "sell-recall", "sell-void", "sell-reason", "sell-notice"] {
        assert_eq!(strike(&mut shown(name), &word("PAN")), searched(&["P", "PA", "PAN"]), "{name}");
        assert_eq!(strike(&mut shown(name), &word("VV")), searched(&["V", "VV"]), "{name}");
    }
    let mut till = shown("sell");
    let seven = strike(&mut till, &word("7UP"));
    assert_eq!(seven, searched(&["7U", "7UP"]), "what stands in the box already is part of it");
    assert_eq!(strike(&mut till, &[Key::SelectAll]), []);
    assert_eq!(strike(&mut till, &word("X")), searched(&["X"]), "Ctrl+A marks it, and what comes takes its place");
    assert_eq!(strike(&mut till, &word("/Y")), searched(&["Y"]), "so does the stroke");
    assert_eq!(strike(&mut till, &[PARK_KEY]), [Intent::Parked], "acts have their keys meanwhile");
}

/// Only after `+` a letter is a product's.
#[test]
fn letters_sell_only_after_plus() {
    let mut till = shown("sell");
    let bag = [Intent::ProductChosen("bag".into())];
    assert_eq!(strike(&mut till, &[Key::Character('+'), Key::of('A')]), bag);
    assert_eq!(strike(&mut till, &[Key::of('A')]), searched(&["A"]), "one letter, one product");
    strike(&mut till, &[Key::Escape]);
    let sizes = strike(&mut till, &[Key::Character('+'), Key::of('F'), Key::of('A')]);
    assert!(matches!(&sizes[..], [Intent::ProductChosen(_)]), "the first size behind the sixth key: {sizes:?}");
}

/// Once money lies on the counter nothing that would change the basket is awake.
#[test]
fn what_cannot_be_done_with_a_basket_that_is_paid_into_is_asleep() {
    let asleep = [PARK_KEY, VOID_KEY, Key::Delete, Key::Character('-'), Key::Character('4'), Key::Character('*')];
    assert_eq!(strike(&mut shown("sell-tendered"), &asleep), []);
    assert_eq!(strike(&mut shown("sell-tendered"), &[Key::Enter]), [Intent::PayOpened]);
    let words = crate::gui::tests::words_on(&shown("sell-tendered"));
    let says = |part: &str| words.iter().any(|words| words.replace('\u{a0}', " ").contains(part));
    assert!(says("€ 20.00 paid by card · € 50.00 paid in cash"), "{words:?}");
}

/// By touch one presses Discount first and types then: the box asks for it, and Enter takes it.
#[test]
fn what_the_number_is_may_be_said_before_it() {
    let mut till = shown("sell-line");
    let asks = |till: &Window| {
        let text = till.ui(iced::Size::new(1280.0, 800.0)).text.ask_quantity();
        crate::gui::tests::words_on(till).contains(&text)
    };
    assert_eq!(strike(&mut till, &[Key::Character('*')]), []);
    assert!(asks(&till));
    assert_eq!(strike(&mut till, &[Key::Enter]), [], "nothing is typed yet");
    let four = Intent::QuantitySet { line: 2, quantity: Quantity::units(4) };
    assert_eq!(strike(&mut till, &[Key::Character('4'), Key::Enter]), [four]);
    let mut till = shown("sell-line");
    assert_eq!(strike(&mut till, &[Key::Character('*'), Key::Escape]), []);
    assert!(!asks(&till), "Esc takes it back");
    assert_eq!(strike(&mut till, &[Key::Character('%'), Key::Character('1'), Key::Enter, Key::Character('9')]), []);
}

fn rung(till: &Window) -> Snapshot {
    let mut rung = till.snapshot().clone();
    let mut basket = (*rung.basket.basket).clone();
    basket.lines[0].quantity += Quantity::ONE;
    rung.basket.basket = basket.into();
    rung
}

/// A digit nobody has sent is no beginning of the code that is typed after the next scan, the next card or the next customer.
#[test]
fn what_was_typed_and_not_sent_goes_with_a_scan_a_card_and_the_basket() {
    let mut given_up = shown("sell").snapshot().clone();
    given_up.basket = shown("sell-empty").snapshot().basket.clone();
    let mut card = shown("conflict").snapshot().clone();
    card.basket = shown("sell").snapshot().basket.clone();
    for typed in [vec![Key::Character('1')], vec![Key::Character('/'), Key::of('M')]] {
        for (what, next) in [("a scan", rung(&shown("sell"))), ("a card", card.clone()), ("a void", given_up.clone())] {
            let mut till = shown("sell");
            let begun = till.screens().clone();
            strike(&mut till, &typed);
            assert_ne!(*till.screens(), begun);
            till.show(next.into());
            assert_eq!(till.screens().sell, begun.sell, "{what} after {typed:?}");
        }
        let mut till = shown("sell");
        strike(&mut till, &typed);
        let typed_so_far = till.screens().clone();
        till.show(till.snapshot().clone().into());
        assert_eq!(*till.screens(), typed_so_far, "a refused scan, or news from central, takes nothing away");
    }
}

/// A scan is taken, and answers no question: whether to give the basket up was asked about another basket, and is asked anew.
#[test]
fn a_scan_closes_the_question_whether_to_give_the_basket_up() {
    let mut till = shown("sell-void");
    let next = rung(&till);
    till.show(next.into());
    assert_eq!(strike(&mut till, &[VOID_KEY]), [], "it asks about what is in the basket now");
    assert_eq!(strike(&mut till, &[VOID_KEY]), [Intent::BasketVoided]);
}

/// Words that find nothing choose nothing; what may be a code is still looked up.
#[test]
fn enter_chooses_nothing_where_nothing_was_found() {
    assert_eq!(strike(&mut shown("sell-search-nothing"), &[Key::Enter]), []);
    let mut till = shown("sell-search-nothing");
    strike(&mut till, &[Key::Character('7')]);
    till.show(found(&till, "mrx7", 0));
    assert_eq!(strike(&mut till, &[Key::Enter]), [Intent::CodeTyped("mrx7".to_owned())]);
    let mut till = shown("sell");
    assert_eq!(strike(&mut till, &[Key::Character('/'), Key::Enter]), [], "nothing is typed yet");
}

/// What goes back into the customer's hand is read in full, however much of it there is.
#[test]
fn change_is_never_cut_off() {
    let typed = [("500", "347.55", SIZES.as_slice()), ("9999", "9,846.55", &SIZES[..1])];
    for (given, change, sizes) in typed {
        let mut till = shown("pay-gift");
        strike(&mut till, &given.chars().map(Key::Character).collect::<Vec<_>>());
        let words = till.ui(iced::Size::ZERO).text.pay_change(change);
        for size in sizes {
            let seen = walk(&till, *size);
            let note = seen.labels.iter().find(|label| label.words == words);
            assert_eq!(note.map(|note| note.fit), Some(Fit::Whole), "{words} at {size:?}");
        }
    }
    let mut till = shown("pay-gift");
    strike(&mut till, &['9'; 4].map(Key::Character));
    let seen = walk(&till, SIZES[1]);
    let amount = seen.labels.iter().find(|label| label.words == "9,846.55");
    assert_eq!(amount.map(|note| note.fit), Some(Fit::Whole), "without its word where there is no room for both");
}

/// A card pays what is due and gives no change: nothing is said of any.
#[test]
fn what_was_paid_by_card_is_told_and_no_change() {
    let till = shown("sell-paid-by-card");
    let text = till.ui(iced::Size::new(1280.0, 800.0)).text;
    let words = crate::gui::tests::words_on(&till);
    let total = till.snapshot().completed.as_ref().unwrap().total;
    let amount = till.ui(iced::Size::ZERO).money(total);
    assert!(words.windows(2).any(|pair| pair == [text.sale_by_card(), amount.clone()]), "{words:?}");
    assert!(!words.contains(&text.change()), "{words:?}");
}

/// The register's answer to a search: so many of the gallery's hits.
fn found(till: &Window, text: &str, count: usize) -> Arc<Snapshot> {
    let hits = gallery::find_exhibit("sell-search").unwrap().snapshot.search.unwrap().hits[..count].to_vec();
    let search = SearchResults { text: text.to_owned(), hits };
    Snapshot { search: Some(search.into()), ..till.snapshot().clone() }.into()
}

/// Whoever is faster than the register means what they typed: its only hit, or its whole code; and nothing of a text before it.
#[test]
fn enter_waits_for_the_hits_of_what_is_typed() {
    let typed = [Key::of('m'), Key::of('u'), Key::Enter];
    let mut till = shown("sell");
    let only = found(&till, "MU", 1).search.clone().unwrap().hits[0].product.clone();
    let looked_for = ["M", "MU"].map(|text| Intent::SearchTyped(text.to_owned()));
    assert_eq!(strike(&mut till, &typed), looked_for);
    assert_eq!(till.show(found(&till, "M", 1)).intents, [], "of another text");
    assert_eq!(till.show(found(&till, "MU", 1)).intents, [Intent::ProductChosen(only)]);
    assert_eq!(till.show(found(&till, "MU", 1)).intents, [], "once");

    // Of several none is chosen unseen, but it may be a whole code; what was typed behind it was for another list.
    let mut till = shown("sell");
    strike(&mut till, &[typed.as_slice(), &[Key::of('x'), Key::Enter]].concat());
    assert_eq!(till.show(found(&till, "MU", 2)).intents, [Intent::CodeTyped("MU".to_owned())]);
    assert_eq!(strike(&mut till, &[Key::Down, Key::Enter]).len(), 1, "seen, one of them is chosen");

    // A scan, a tap and Esc are seen: nothing waits any more.
    let mut till = shown("sell");
    strike(&mut till, &typed);
    let next = rung(&till);
    assert_eq!(till.show(next.into()).intents, []);
    assert_eq!(till.show(found(&till, "MU", 1)).intents, []);
    let mut till = shown("sell");
    strike(&mut till, &typed);
    till.update(frame::Message::TabTapped(Screen::Stock));
    assert_eq!(till.show(shown("stock").snapshot().clone().into()).intents, []);
    let mut till = shown("sell");
    strike(&mut till, &[typed.as_slice(), &[Key::Escape]].concat());
    assert_eq!(till.show(found(&till, "MU", 1)).intents, []);
}

/// A size is chosen by what there is of it: the figure stands beside its letter.
#[test]
fn what_there_is_of_each_size_is_seen_while_one_is_chosen() {
    for size in SIZES {
        let till = shown("sell-sizes");
        let family = till.snapshot().quick_keys.iter().flat_map(|tab| &tab.keys).find(|key| !key.variants.is_empty());
        let variants = family.unwrap().variants.clone();
        let seen = walk(&till, size).labels;
        for (variant, letter) in variants.iter().zip('A'..) {
            let figure = till.ui(iced::Size::ZERO).quantity(variant.level.shelf());
            let cap = seen.iter().rposition(|label| label.words == letter.to_string()).unwrap();
            assert_eq!(seen[cap - 1].words, figure, "{} at {size:?}", variant.name);
        }
    }
}

/// A name of a product is whole on its key, in smaller type where it is long; and `+` is not without its words.
#[test]
fn a_long_name_is_whole_on_its_key_and_so_are_the_words_on_the_letters() {
    for language in Language::ALL {
        for text_size in [TextSize::Normal, TextSize::Large] {
            let look = Look { language, text_size, ..Look::default() };
            let seen = walk(&window(&gallery::find_exhibit("sell").unwrap(), look), SIZES[1]);
            let place = format!("{} {}", language.code(), text_size.word());
            let chocolate = seen.labels.iter().find(|label| label.words.starts_with("Dark")).unwrap();
            assert_eq!(chocolate.fit, Fit::Whole, "{place}: {}", chocolate.words);
            let text = crate::gui::text::Catalogue::new(language);
            let words = [text.quick_key_letters(), text.quick_key_letters_brief()];
            assert!(seen.labels.iter().any(|label| words.contains(&label.words)), "{place}");
        }
    }
}
