//! The journal over real files: chain, runs, rollback, triggers, the tail.

use rusqlite::Connection;

use super::testing::{SESSION, Shop, at, day, euro, key, run_start, till, uuid};
use super::{Database, DatabaseErrorKind, JournalReader, NewEntry};
use crate::domain::event::Event;
use crate::domain::ids::{BasketId, EntryId, JournalMark, RunId};
use crate::wire::entry::NO_PREVIOUS_HASH;

fn no_sale() -> Event {
    Event::DrawerOpened { reason: "change".to_owned() }
}

fn start_mark(run: u128) -> JournalMark {
    JournalMark { run: RunId(uuid(run)), sequence: 0 }
}

#[test]
fn entries_are_numbered_without_gaps_and_chained_over_runs() {
    let mut shop = Shop::new();
    shop.append(no_sale());
    shop.append(no_sale());
    let mut shop = shop.reopen();
    let started = shop.start_run(2);
    shop.append(no_sale());
    let Event::RunStarted { predecessor: Some(tail), .. } = started.event else { panic!("{started:?}") };
    assert_eq!(tail.mark, JournalMark { run: RunId(uuid(1)), sequence: 3 });

    let reader = JournalReader::open(shop.path()).unwrap();
    let first = reader.list_after(start_mark(1), 100, usize::MAX).unwrap();
    let second = reader.list_after(start_mark(2), 100, usize::MAX).unwrap();
    assert_eq!(tail.hash, first[2].hash);
    let mut previous = NO_PREVIOUS_HASH;
    for (entry, sequence) in first.iter().chain(&second).zip([1, 2, 3, 1, 2]) {
        assert_eq!(entry.header.mark.sequence, sequence);
        assert_eq!(entry.previous_hash, previous);
        assert_eq!(entry.check(&key().verifying_key()), Ok(()));
        previous = entry.hash;
    }
    let runs: Vec<u64> = reader.list_runs().unwrap().iter().map(|r| r.last_sequence).collect();
    assert_eq!(runs, [3, 2]);
}

#[test]
fn an_act_that_fails_leaves_no_trace() {
    let mut shop = Shop::new();
    shop.open_session();
    let new = shop.new_entry(no_sale());
    let again = new.clone();
    let failed = shop.database.transaction(|tx| {
        tx.append(new)?;
        Err::<(), _>(super::DatabaseError::new(DatabaseErrorKind::Refused("a test"), "testing"))
    });
    assert!(failed.is_err());
    let entry = shop.act(|tx| tx.append(again));
    assert_eq!(entry.mark.sequence, 3, "the number of the entry that was not written is used again");
}

#[test]
fn nothing_is_appended_before_a_run_or_under_another_till() {
    let (_folder, path) = Shop::closed();
    let mut database = Database::open(&path, at(0)).unwrap();
    let new =
        NewEntry { id: EntryId(uuid(9)), recorded_at: at(0), operator: None, business_day: day(), event: no_sale() };
    let error = database.transaction(|tx| tx.append(new)).unwrap_err();
    assert_eq!(error.kind, DatabaseErrorKind::Refused("no run has been started"));
    database.start_run(run_start(RunId(uuid(1)), EntryId(uuid(1)))).unwrap();
    drop(database);

    let mut database = Database::open(&path, at(0)).unwrap();
    let mut other = run_start(RunId(uuid(2)), EntryId(uuid(2)));
    other.till.workstation = "T03".into();
    assert_eq!(database.start_run(other).unwrap_err().kind, DatabaseErrorKind::Foreign);
    assert_eq!(database.view().find_till().unwrap(), Some(till()));
}

#[test]
fn receipt_numbers_have_no_gaps() {
    let mut shop = Shop::new();
    shop.open_session();
    shop.sell(&[("jacket", 1, 8_990)]);
    let sale = super::testing::sale(BasketId(uuid(77)), 3, &[("jacket", 1, 8_990)]);
    let new = shop.new_entry(Event::SaleCompleted(Box::new(sale)));
    let error = shop.database.transaction(|tx| tx.append(new)).unwrap_err();
    assert_eq!(error.kind, DatabaseErrorKind::Refused("a sale must carry the next receipt number"));
    let mut shop = shop.reopen();
    shop.start_run(2);
    shop.sell(&[("jacket", 1, 8_990)]);
    assert_eq!(shop.act(|tx| Ok(tx.next_receipt_number())), 3);
}

#[test]
fn the_journal_refuses_update_and_delete() {
    let mut shop = Shop::new();
    shop.append(no_sale());
    let connection = Connection::open(shop.path()).unwrap();
    for sql in [
        "UPDATE journal SET kind = 'x' WHERE position = 1",
        "DELETE FROM journal WHERE position = 2",
        "DELETE FROM journal",
    ] {
        let error = connection.execute(sql, ()).unwrap_err();
        assert!(error.to_string().contains("append-only"), "{sql}: {error}");
    }
}

#[test]
fn the_tail_comes_in_portions() {
    let mut shop = Shop::new();
    for _ in 0..9 {
        shop.append(no_sale());
    }
    let reader = JournalReader::open(shop.path()).unwrap();
    let check = |after: u64, entries_max: usize, bytes_max: usize, expected: &[u64]| {
        let mark = JournalMark { run: RunId(uuid(1)), sequence: after };
        let entries = reader.list_after(mark, entries_max, bytes_max).unwrap();
        let sequences: Vec<u64> = entries.iter().map(|e| e.header.mark.sequence).collect();
        assert_eq!(sequences, expected, "after {after}, {entries_max} entries, {bytes_max} bytes");
    };
    check(0, 3, usize::MAX, &[1, 2, 3]);
    check(8, 3, usize::MAX, &[9, 10]);
    check(10, 3, usize::MAX, &[]);
    check(4, 100, 1, &[5]);
    check(4, 100, 700, &[5, 6]);
}

#[test]
fn what_is_unsent_follows_centrals_marks_up_and_down() {
    let mut shop = Shop::new();
    shop.append(no_sale());
    let mut shop = shop.reopen();
    shop.start_run(2);
    shop.append(no_sale());
    let check = |shop: &Shop, expected: u64| assert_eq!(shop.database.view().unsent().unwrap().count, expected);
    let mark = |run, sequence| JournalMark { run: RunId(uuid(run)), sequence };
    check(&shop, 4);
    shop.act(|tx| tx.acknowledge(mark(1, 2)));
    check(&shop, 2);
    assert_eq!(shop.database.view().unsent().unwrap().oldest_at, Some(at(0)));
    shop.act(|tx| tx.acknowledge(mark(2, 2)));
    check(&shop, 0);
    assert_eq!(shop.database.view().unsent().unwrap().oldest_at, None);
    // A central restored from an old copy.
    shop.act(|tx| tx.acknowledge(mark(1, 1)));
    check(&shop, 1);

    let reader = JournalReader::open(shop.path()).unwrap();
    let marks = reader.list_acknowledged().unwrap();
    let unsent = reader.list_unsent(&marks, 512, 1 << 20).unwrap();
    assert_eq!(unsent.iter().map(|e| e.header.mark).collect::<Vec<_>>(), [mark(1, 2)]);
    assert_eq!(reader.list_unsent(&[mark(1, 2), mark(2, 2)], 512, 1 << 20).unwrap(), []);
}

#[test]
fn a_sale_ends_its_draft_in_the_same_commit() {
    let mut shop = Shop::new();
    shop.open_session();
    let basket = super::testing::basket(BasketId(uuid(5)), &[("jacket", 2, 8_990)]);
    let draft = crate::domain::basket::Draft::new(basket, at(1));
    shop.database.save_draft(&draft).unwrap();
    assert_eq!(shop.database.view().find_draft().unwrap(), Some(draft.clone()));

    // Another basket's sale leaves it alone.
    shop.sell(&[("scarf", 1, 1_990)]);
    assert_eq!(shop.database.view().find_draft().unwrap(), Some(draft));

    let sale = super::testing::sale(BasketId(uuid(5)), 2, &[("jacket", 2, 8_990)]);
    shop.append(Event::SaleCompleted(Box::new(sale)));
    assert_eq!(shop.database.view().find_draft().unwrap(), None);
}

#[test]
fn cash_moves_in_an_open_session_only() {
    let mut shop = Shop::new();
    let moved = || Event::CashMoved {
        kind: crate::domain::session::CashMoveKind::PaidIn,
        amount: euro(500),
        reason: "coins".to_owned(),
    };
    let new = shop.new_entry(moved());
    let error = shop.database.transaction(|tx| tx.append(new)).unwrap_err();
    assert!(matches!(error.kind, DatabaseErrorKind::Refused(_)), "{error}");
    shop.open_session();
    shop.append(moved());
    let (expected, counted) = (euro(20_500), euro(20_500));
    shop.append(Event::SessionClosed { session: SESSION, expected, counted, reason: None, agreed_by: None });
}
