//! A scanner that types like a keyboard, in a real window: what it types is a scan wherever one looks and reaches no field,
//! and what a person types is typed.

use std::time::{Duration, Instant};

use super::machine::Machine;
use super::{JUMPER, MUG, pay_in_cash, pieces_in_basket, sign_in};

/// A code is held before the scanner again when nothing has come of it: on a busy machine the window may get its keys too far
/// apart to be a scanner's.
const AGAIN: Duration = Duration::from_secs(2);

fn scan_until(shop: &mut Machine, code: &str, what: &str, mut is_so: impl FnMut(&Machine) -> bool) {
    let mut scanned: Option<Instant> = None;
    shop.wait_for(what, |shop| {
        let there = is_so(shop);
        if !there && scanned.is_none_or(|at| at.elapsed() > AGAIN) {
            shop.display.strike_slowly(&["Escape"]);
            shop.display.type_at_once(code);
            scanned = Some(Instant::now());
        }
        there.then_some(())
    });
}

#[test]
fn a_scanner_that_types_is_told_from_a_person_in_the_real_window() {
    let mut shop = Machine::new();
    shop.start_till_with("keyboard,wedge");
    sign_in(&mut shop);
    scan_until(&mut shop, MUG.1, "a mug in the basket", |shop| pieces_in_basket(shop) == 1);

    // Had one digit of it stayed in the field, Enter would have meant that number.
    pay_in_cash(&mut shop, 1);

    // A person who types the same kind of number is typing.
    let digits: Vec<String> = JUMPER.1.chars().map(String::from).collect();
    let mut keys: Vec<&str> = digits.iter().map(String::as_str).collect();
    keys.push("Return");
    shop.display.strike_slowly(&keys);
    shop.wait_for("a jumper in the basket", |shop| (pieces_in_basket(shop) == 1).then_some(()));
    pay_in_cash(&mut shop, 2);
    let sold: Vec<String> = shop.list_sales().iter().map(|sale| sale.lines[0].product.to_string()).collect();
    assert_eq!(sold, [MUG.0, JUMPER.0]);

    // Locked, the screen takes figures alone: a badge signs in only when it was scanned.
    shop.strike_until(&["F12"], "the till locked", |shop| {
        (shop.count_entries("operator_signed_out") == 1).then_some(())
    });
    scan_until(&mut shop, "B:ana-5f2c9e71", "Ana signed in by her badge", |shop| {
        shop.count_entries("operator_signed_in") == 2
    });
}
