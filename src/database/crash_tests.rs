//! Crash images: the file and its log as they lie on disk after every moment, and with the log torn anywhere. Whatever is
//! opened again holds a whole number of acts, in order, and proves itself.

use std::fs;
use std::path::{Path, PathBuf};

use super::open::with_suffix;
use super::testing::{Shop, at, draft, uuid};
use super::{Database, ParkedDraft, Trust, verify_journal};
use crate::domain::basket::Draft;
use crate::domain::event::Event;
use crate::domain::ids::BasketId;

/// What lies on disk now, as another program would find it after a crash.
fn crash_image(shop: &Shop, name: &str) -> PathBuf {
    let image = shop.path().with_file_name(name);
    fs::copy(shop.path(), &image).unwrap();
    fs::copy(with_suffix(shop.path(), "-wal"), with_suffix(&image, "-wal")).unwrap();
    image
}

/// Recovers an image as the next start does; how many entries it holds.
fn recovered(image: &Path) -> (u64, Option<Draft>) {
    let database = Database::open(image, at(0)).unwrap();
    assert_eq!(database.set_aside(), None);
    let draft = database.view().find_draft().unwrap();
    drop(database);
    let report = verify_journal(image, Trust::KeysInFile).unwrap_or_else(|e| panic!("{}: {e}", image.display()));
    (report.entries, draft)
}

#[test]
fn an_act_is_there_whole_or_not_at_all() {
    let mut shop = Shop::new();
    shop.open_session();
    shop.database.save_draft(&draft(3)).unwrap();
    // Killed in the middle of the sale: the sale is not there, the basket is.
    let new = shop.new_entry(Event::SaleCompleted(Box::new(super::testing::sale(
        BasketId(uuid(5)),
        1,
        &[("jacket", 3, 100)],
    ))));
    let path = shop.path().to_owned();
    let mut image = None;
    shop.act(|tx| {
        tx.append(new)?;
        let middle = path.with_file_name("middle.sqlite");
        fs::copy(&path, &middle).unwrap();
        fs::copy(with_suffix(&path, "-wal"), with_suffix(&middle, "-wal")).unwrap();
        image = Some(middle);
        Ok(())
    });
    assert_eq!(recovered(&image.unwrap()), (2, Some(draft(3))));
    // Killed right after: the sale is there, the basket is not.
    assert_eq!(recovered(&crash_image(&shop, "after.sqlite")), (3, None));
}

#[test]
fn a_log_torn_anywhere_never_reaches_the_journal_before_it() {
    let mut shop = Shop::new();
    assert!(shop.database.fold_log().unwrap());
    // Acts and drafts by turns, and where the log ended after each.
    // The log is longer than what is in it: a header of 32 bytes, then frames of a page and 24 bytes.
    let length = |shop: &Shop| -> u64 {
        let count = "PRAGMA wal_checkpoint(NOOP)";
        let frames: i64 = shop.database.connection.query_row(count, (), |row| row.get(1)).unwrap();
        32 + frames as u64 * (4096 + 24)
    };
    let mut ends: Vec<(u64, (u64, Option<Draft>))> = vec![(0, (1, None))];
    shop.open_session();
    ends.push((length(&shop), (2, None)));
    for units in 1..=3 {
        shop.database.save_draft(&draft(units)).unwrap();
        ends.push((length(&shop), (1 + units as u64, Some(draft(units)))));
        shop.append(Event::DrawerOpened { reason: "change".to_owned() });
        ends.push((length(&shop), (2 + units as u64, Some(draft(units)))));
    }
    let whole = crash_image(&shop, "whole.sqlite");
    let (file, mut log) = (fs::read(&whole).unwrap(), fs::read(with_suffix(&whole, "-wal")).unwrap());
    assert!(log.len() as u64 > length(&shop), "the log is made ready ahead of what is written to it");
    // What lies behind the last frame was never part of it; a page of it stands for all.
    log.truncate(length(&shop) as usize + 4096);
    for cut in (0..=log.len()).step_by(1_021) {
        let torn = shop.path().with_file_name("torn.sqlite");
        fs::write(&torn, &file).unwrap();
        // What was never written reads as whatever the disk had there.
        let mut bytes = log.clone();
        bytes[cut..].fill(0xE5);
        fs::write(with_suffix(&torn, "-wal"), &bytes).unwrap();
        let expected = ends.iter().rev().find(|(end, _)| *end <= cut as u64).map(|(_, state)| state.clone());
        assert_eq!(Some(recovered(&torn)), expected, "torn at byte {cut} of {}", log.len());
    }
}

#[test]
fn a_till_that_was_killed_goes_on_where_it_was() {
    let mut shop = Shop::new();
    shop.open_session();
    shop.sell(&[("jacket", 1, 8_990)]);
    let image = crash_image(&shop, "killed.sqlite");
    let mut database = Database::open(&image, at(0)).unwrap();
    let start = super::testing::run_start(crate::domain::ids::RunId(uuid(2)), crate::domain::ids::EntryId(uuid(900)));
    database.start_run(start).unwrap();
    assert_eq!(database.view().next_receipt_number().unwrap(), 2);
    assert!(database.view().find_open_session().unwrap().is_some());
    drop(database);
    assert_eq!(verify_journal(&image, Trust::KeysInFile).unwrap().runs, 2);
}

#[test]
fn a_basket_of_a_program_that_knew_more_is_set_aside_and_keeps_nothing_from_starting() {
    let mut shop = Shop::new();
    shop.database.save_draft(&draft(3)).unwrap();
    let parked = ParkedDraft { draft: draft(2), label: "Ana".to_owned(), operator: None, parked_at: at(1) };
    shop.database.transaction(|tx| tx.park(&parked)).unwrap();
    let mut other = draft(1);
    other.basket.id = BasketId(uuid(99));
    shop.database.transaction(|tx| tx.park(&ParkedDraft { draft: other.clone(), ..parked.clone() })).unwrap();
    shop.database.save_draft(&draft(3)).unwrap();
    let outside = rusqlite::Connection::open(shop.path()).unwrap();
    outside.execute("UPDATE draft SET record = x'FFFF'", ()).unwrap();
    outside.execute("UPDATE parked SET record = x'FFFF' WHERE basket = ?1", [other.basket.id.as_bytes()]).unwrap();
    assert_eq!(shop.database.open_draft().unwrap(), (None, true));
    assert_eq!(shop.database.open_draft().unwrap(), (None, false), "it is said once");
    assert_eq!(shop.database.view().list_parked().unwrap(), [parked]);
    let kept: Vec<u8> = outside.query_row("SELECT record FROM set_aside", (), |row| row.get(0)).unwrap();
    assert_eq!(kept, [0xFF, 0xFF]);
}
