//! Keys of the stock screen: what is looked at, and a count.

use super::*;
use crate::domain::quantity::Quantity;
use crate::gui::gallery;
use crate::gui::tests::window;
use crate::gui::window::{Look, Window};

/// What the register is told, but for that something is being typed.
fn strike(till: &mut Window, keys: &[Key]) -> Vec<Intent> {
    let told = strike_all(till, keys);
    told.into_iter().filter(|intent| !matches!(intent, Intent::ShelfFigureTyped(_))).collect()
}

fn strike_all(till: &mut Window, keys: &[Key]) -> Vec<Intent> {
    keys.iter().flat_map(|key| till.strike(&Stroke::press(*key)).intents).collect()
}

fn marked(till: &Window) -> ProductId {
    let stock = till.screens().stock.clone();
    let rows = rows(till.snapshot());
    rows[stock.position(rows)].hit.product.clone()
}

/// A scan shows what was scanned, whatever was marked before, and says so in the box; Esc empties it.
#[test]
fn a_scan_is_what_is_looked_at() {
    let mut till = window(&gallery::find_exhibit("stock").unwrap(), Look::default());
    strike(&mut till, &[Key::Down]);
    let second = marked(&till);
    let mut shifted = till.snapshot().clone();
    let mut stock = (**shifted.stock.as_ref().unwrap()).clone();
    stock.rows.rotate_right(1);
    shifted.stock = Some(stock.clone().into());
    till.show(shifted.clone().into());
    assert_eq!(marked(&till), second, "the mark goes with its product");
    stock.rows.truncate(1);
    stock.search = stock.rows[0].hit.name.clone();
    stock.scanned = Some(stock.rows[0].hit.product.clone());
    let scanned = stock.scanned.clone();
    shifted.stock = Some(stock.into());
    till.show(shifted.into());
    assert_eq!(Some(marked(&till)), scanned);
    assert_eq!(strike(&mut till, &[Key::of('M')]), [Intent::StockSearched("M".to_owned())], "typed anew");
    assert_eq!(strike(&mut till, &[Key::Escape]), [Intent::StockSearched(String::new())]);
}

fn counted(thousandths: i64, reason: Option<&str>) -> Intent {
    let found = Quantity::from_thousandths(thousandths);
    Intent::ShelfCounted { found, reason: reason.map(str::to_owned) }
}

#[test]
fn enter_counts_what_is_marked_and_with_nothing_found_looks_for_it() {
    let mut exhibit = gallery::find_exhibit("stock").unwrap();
    let mut till = window(&exhibit, Look::default());
    let second = till.snapshot().stock.as_ref().unwrap().rows[1].hit.product.clone();
    assert_eq!(strike(&mut till, &[Key::Down, Key::Enter]), [Intent::ShelfCountBegun(second)], "what was selected");
    let mut stock = (**exhibit.snapshot.stock.as_ref().unwrap()).clone();
    stock.rows[0].hit.stocked = false;
    exhibit.snapshot.stock = Some(stock.clone().into());
    assert_eq!(strike(&mut window(&exhibit, Look::default()), &[Key::Enter]), [], "what has no stock is not counted");
    (stock.rows, stock.search) = Default::default();
    exhibit.snapshot.stock = Some(stock.clone().into());
    exhibit.screens.stock = Stock::default();
    let looked_for = [Intent::CountsLookedFor(true)];
    assert_eq!(strike(&mut window(&exhibit, Look::default()), &[Key::Enter]), looked_for);
    stock.choosing = true;
    exhibit.snapshot.stock = Some(stock.into());
    let mut till = window(&exhibit, Look::default());
    assert_eq!(strike(&mut till, &[Key::Enter, Key::Escape]), [Intent::CountsLookedFor(false)]);
}

/// The register knows that something is typed, so that no scan throws it away; and that nothing is any more.
#[test]
fn what_is_typed_of_a_count_is_told() {
    let mut till = window(&gallery::find_exhibit("stock-count").unwrap(), Look::default());
    let gone = [Intent::ShelfFigureTyped(false)];
    assert_eq!(strike_all(&mut till, &[Key::Backspace, Key::Backspace]), gone, "12 was typed");
    assert_eq!(strike_all(&mut till, &[Key::of('1'), Key::of('2')]), [Intent::ShelfFigureTyped(true)]);
}

/// Whoever is faster than the register counts what they typed, and nothing of the list before it.
#[test]
fn enter_waits_for_the_products_of_what_is_typed() {
    let begun = || {
        let mut till = window(&gallery::find_exhibit("stock-count-choose").unwrap(), Look::default());
        strike(&mut till, &[Key::SelectAll, Key::of('M'), Key::of('U'), Key::Enter]);
        till
    };
    let answer = |till: &Window, text: &str, count: usize| {
        let mut snapshot = till.snapshot().clone();
        let mut stock = (**snapshot.stock.as_ref().unwrap()).clone();
        stock.search = text.to_owned();
        stock.rows.truncate(count);
        snapshot.stock = Some(stock.into());
        snapshot
    };
    let mut till = begun();
    let first = rows(till.snapshot())[0].hit.product.clone();
    let shown = answer(&till, "M", 1);
    assert_eq!(till.show(shown.into()).intents, [], "of another text");
    let shown = answer(&till, "MU", 1);
    assert_eq!(till.show(shown.into()).intents, [Intent::ShelfCountBegun(first)]);
    // Of several none is chosen unseen, and the list stays to be chosen from.
    let mut till = begun();
    let shown = answer(&till, "MU", 2);
    assert_eq!(till.show(shown.into()).intents, []);
    assert!(matches!(strike(&mut till, &[Key::Down, Key::Enter])[..], [Intent::ShelfCountBegun(_)]));
}

/// Nor does it stand there while what to count is looked for.
#[test]
fn what_to_count_is_chosen_without_the_books() {
    let exhibit = |name: &str| {
        let mut exhibit = gallery::find_exhibit(name).unwrap();
        let mut stock = (**exhibit.snapshot.stock.as_ref().unwrap()).clone();
        for row in &mut stock.rows {
            row.hit.level.on_hand = Quantity::units(4173);
        }
        exhibit.snapshot.stock = Some(stock.into());
        let words = crate::gui::tests::words_on(&window(&exhibit, Look::default()));
        words.iter().any(|words| words.contains("4173") || words.contains("4,173"))
    };
    assert!(exhibit("stock"), "who looks it up is told");
    assert!(!exhibit("stock-count-choose"));
}

/// Nor of what is a task to count, on this screen or where goods are looked for to be sold; whoever may correct the books is told.
#[test]
fn what_is_a_task_to_count_has_no_figures_until_it_is_counted() {
    let words = |name: &str, books_told: bool| {
        let mut exhibit = gallery::find_exhibit(name).unwrap();
        exhibit.snapshot.books_told = books_told;
        let of_first = |hit: &mut crate::register::snapshot::ProductHit| {
            if hit.product.as_str() == "merino-s" {
                hit.level.on_hand = Quantity::units(417);
            }
        };
        if let Some(mut stock) = exhibit.snapshot.stock.as_deref().cloned() {
            stock.rows.iter_mut().for_each(|row| of_first(&mut row.hit));
            exhibit.snapshot.stock = Some(stock.into());
        }
        if let Some(mut search) = exhibit.snapshot.search.as_deref().cloned() {
            search.hits.iter_mut().for_each(of_first);
            exhibit.snapshot.search = Some(search.into());
        }
        crate::gui::tests::words_on(&window(&exhibit, Look::default())).join(" | ")
    };
    for name in ["stock-to-count", "sell-search-to-count"] {
        let (blind, told) = (words(name, false), words(name, true));
        assert!(!blind.contains("417") && !blind.contains("416") && blind.contains("to count"), "{name}: {blind}");
        assert!(told.contains("417") || told.contains("416"), "{name}: {told}");
    }
    let (blind, told) = (words("stock-to-count", false), words("stock-to-count", true));
    assert!(blind.contains("books were wrong") && !blind.contains("received"), "{blind}");
    assert!(told.contains("received") && !told.contains("books were wrong"), "{told}");
}

#[test]
fn a_count_of_what_was_looked_up_says_that_it_is_not_blind() {
    let words = |name: &str| {
        crate::gui::tests::words_on(&window(&gallery::find_exhibit(name).unwrap(), Look::default())).join(" | ")
    };
    assert!(words("stock-count-seen").contains("Not blind"));
    assert!(!words("stock-count").contains("Not blind"));
}

#[test]
fn a_figure_that_is_not_what_the_books_say_stands_or_is_counted_again() {
    let mut till = window(&gallery::find_exhibit("stock-count-differs").unwrap(), Look::default());
    assert_eq!(strike(&mut till, &[Key::of('1'), Key::Enter]), [counted(3_000, None)], "no digit changes it");
    assert_eq!(strike(&mut till, &[Key::Escape]), [Intent::ShelfCountBegun("merino-m".into())]);
}

/// What is gone is no reason for more than the books say.
#[test]
fn the_reasons_are_those_of_their_side() {
    let words = |name: &str| {
        let till = window(&gallery::find_exhibit(name).unwrap(), Look::default());
        crate::gui::tests::words_on(&till).join(" | ")
    };
    let (loss, surplus) = (words("stock-count-loss"), words("stock-count-surplus"));
    assert!(loss.contains("3 counted") && loss.contains("gone, nobody knows how"), "{loss}");
    assert!(surplus.contains("9 counted") && surplus.contains("found again"), "{surplus}");
    assert!(!surplus.contains("gone") && !surplus.contains("damaged") && !loss.contains("found again"));
}

#[test]
fn a_count_is_typed_in_its_unit_and_an_empty_shelf_by_a_nought() {
    let mut till = window(&gallery::find_exhibit("stock-count").unwrap(), Look::default());
    assert_eq!(
        strike(&mut till, &[Key::Backspace, Key::Backspace, Key::Enter]),
        [],
        "nothing typed is nothing counted"
    );
    assert_eq!(strike(&mut till, &[Key::of('0'), Key::Enter]), [counted(0, None)]);
    assert_eq!(
        strike(&mut till, &[Key::Backspace, Key::of('1'), Key::of('.'), Key::of('2'), Key::Enter]),
        [counted(12_000, None)]
    );
    assert_eq!(strike(&mut till, &[Key::Escape]), [Intent::ShelfCountLeft]);
    let mut weighed = till.snapshot().clone();
    let mut stock = (**weighed.stock.as_ref().unwrap()).clone();
    if let Some(count) = &mut stock.count {
        (count.product, count.unit) = ("nuts".into(), crate::domain::product::Unit::Kilogram);
    }
    weighed.stock = Some(stock.into());
    till.show(weighed.into());
    let kilograms = [Key::of('1'), Key::of('.'), Key::of('2'), Key::of('5'), Key::Enter];
    assert_eq!(strike(&mut till, &kilograms), [counted(1_250, None)], "another product is counted from nothing");
}

/// Nothing that the books say stands on the screen while somebody counts.
#[test]
fn the_count_of_a_shelf_is_blind() {
    let exhibit = gallery::find_exhibit("stock-count").unwrap();
    let books = exhibit.snapshot.stock.as_ref().unwrap().rows[0].hit.level.on_hand;
    let words = crate::gui::tests::words_on(&window(&exhibit, Look::default()));
    assert_eq!(books, Quantity::units(4173), "a figure that nothing else is");
    assert!(words.iter().all(|words| !words.contains("4173") && !words.contains("4,173")), "{words:?}");
    assert!(words.iter().any(|words| words.contains("W-10231")), "and what lies in a bay does: {words:?}");
}

#[test]
fn a_reason_is_kept_in_what_the_shop_speaks_or_as_it_was_said() {
    let mut exhibit = gallery::find_exhibit("stock-count-loss").unwrap();
    exhibit.snapshot.till.country = "NL".to_owned();
    let mut till = window(&exhibit, Look::default());
    let words = crate::gui::tests::words_on(&till);
    assert!(words.iter().any(|words| words == "damaged, thrown away"), "{words:?}");
    assert_eq!(strike(&mut till, &[Key::of('2')]), [counted(3_000, Some("beschadigd, weggegooid"))]);
    assert_eq!(strike(&mut till, &[Key::of('9'), Key::of('0'), Key::Enter]), [], "nothing said is no reason");
    let letters = "mice ".chars().chain(std::iter::repeat_n('!', 99));
    for letter in letters {
        till.strike(&Stroke { text: Some(letter), ..Stroke::press(Key::of(letter)) });
    }
    let told = strike(&mut till, &[Key::Backspace, Key::Enter]);
    assert_eq!(told, [counted(3_000, Some(&format!("mice {}", "!".repeat(54))))]);
    assert_eq!(strike(&mut till, &[Key::of('0'), Key::Escape]), [], "back to the reasons");
    assert_eq!(strike(&mut till, &[Key::Escape]), [Intent::ShelfCountLeft], "it stands, and waits for its reason");
}

/// Esc takes away what is looked for, then leaves, as its cap says.
#[test]
fn with_nothing_looked_for_esc_goes_back_to_selling() {
    let mut till = window(&gallery::find_exhibit("stock").unwrap(), Look::default());
    till.show(Snapshot { stock: Some(StockView::default().into()), ..till.snapshot().clone() }.into());
    let left = strike(&mut till, &[Key::Escape, Key::Escape]);
    assert_eq!(left, [Intent::StockSearched(String::new()), Intent::ScreenShown(Screen::Sell)]);
}
