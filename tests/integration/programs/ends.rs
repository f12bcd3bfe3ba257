//! How a till is ended: by whoever runs the machine, with a signal, and by whoever stands at it, by key. Whichever it is, on
//! whatever screen, its file is closed: alone, without what stands beside it while it is open, it is all there is.

use std::process::ExitStatus;

use super::machine::Machine;
use super::{MUG, pieces_in_basket, scan_until_in_basket, sign_in};

/// It has ended well; a copy of the file alone proves every entry that there was before.
fn expect_closed(shop: &Machine, ended: ExitStatus, entries_before: usize) {
    assert!(ended.success(), "{ended}");
    let file = shop.journal_path();
    let beside = file.with_extension("db-wal");
    assert!(!beside.exists(), "{} is left", beside.display());
    let copy = shop.path("copy.db");
    std::fs::copy(&file, &copy).unwrap();
    let proved = shop.run(shop.till_tool(&["verify", "--json", &copy.to_string_lossy()]));
    let proved: serde_json::Value = serde_json::from_slice(&proved.stdout).unwrap();
    let entries = proved["entries"].as_u64().unwrap() as usize;
    assert!(entries >= entries_before && proved["holds"] == true, "{entries_before} entries before: {proved}");
    assert_eq!(entries, shop.list_entries().len());
}

#[test]
fn a_till_that_is_told_to_end_closes_its_file_on_every_screen() {
    let mut shop = Machine::new();
    shop.start_till();
    sign_in(&mut shop);
    scan_until_in_basket(&mut shop, MUG.1, 1);
    let entries = shop.list_entries().len();
    let ended = shop.end_till_by("TERM");
    expect_closed(&shop, ended, entries);

    // Where nobody is signed in, and the basket waits.
    shop.start_till();
    let entries = shop.list_entries().len();
    let ended = shop.end_till_by("INT");
    expect_closed(&shop, ended, entries);
    assert_eq!(pieces_in_basket(&shop), 1, "the basket waits on");

    // By key, which asks first.
    shop.start_till();
    let entries = shop.list_entries().len();
    shop.strike_for_another_screen(&["F12"]);
    shop.strike(&["x"]);
    let ended = shop.wait_for_its_end();
    expect_closed(&shop, ended, entries);

    // A till that did not start says so when it is ended, as when its window is closed.
    std::fs::write(shop.path("till").join(till::terminal::CONFIG_FILE), "[till]\nlokale = 1\n").unwrap();
    shop.start_till_with("keyboard,wedge");
    let ended = shop.end_till_by("HUP");
    assert_eq!(ended.code(), Some(1), "{ended}");
}

/// A terminal that closes tells the till so when nothing can be written to it any more.
#[test]
fn a_till_whose_terminal_is_gone_closes_its_file_too() {
    let mut shop = Machine::new();
    shop.start_till_unheard();
    let entries = shop.list_entries().len();
    let ended = shop.end_till_by("HUP");
    expect_closed(&shop, ended, entries);
}

/// A window whose display has died closes never: told once more, the till ends at once, and says which signal it was.
#[test]
fn a_till_that_cannot_close_ends_when_it_is_told_again() {
    let mut shop = Machine::new();
    shop.start_till();
    shop.display.freeze();
    let ended = shop.end_till_by_many("TERM");
    assert_eq!(ended.code(), Some(128 + 15), "{ended}");
}
