//! Opening: every kind of file that may lie there, and every state a disk may be in.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::open::{APPLICATION_ID, MIGRATIONS, migrate, with_suffix};
use super::testing::{Shop, at};
use super::{Database, DatabaseErrorKind, check_file, verify_journal};
use crate::domain::event::Event;

fn no_sale() -> Event {
    Event::DrawerOpened { reason: "change".to_owned() }
}

fn pragma(database: &Database, name: &str) -> String {
    let value: rusqlite::types::Value =
        database.connection.query_row(&format!("PRAGMA {name}"), (), |row| row.get(0)).unwrap();
    match value {
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        other => panic!("{name}: {other:?}"),
    }
}

/// Opening must fail, and leave the file and the folder as they were.
fn check_refused(path: &Path, expected: &DatabaseErrorKind) {
    let files = |path: &Path| -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(path.parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.ends_with(".lock"))
            .collect();
        names.sort();
        names
    };
    let (before, names) = (fs::read(path).unwrap(), files(path));
    let error = Database::open(path, at(0)).map(|_| ()).unwrap_err();
    assert_eq!(error.kind, *expected, "{error}: {:?}", error.source);
    assert!(fs::read(path).unwrap() == before, "the file was touched");
    assert_eq!(files(path), names);
}

#[test]
fn a_second_till_on_the_same_file_is_refused_and_the_first_one_sells_on() {
    let mut shop = Shop::new();
    shop.open_session();
    let path = shop.path().to_owned();
    let refused = Database::open(&path, at(0)).map(|_| ()).unwrap_err();
    assert_eq!(refused.kind, DatabaseErrorKind::Busy, "{refused}");
    shop.sell(&[("jacket", 1, 8_990)]);
    shop.reopen().start_run(2);
}

#[test]
fn migrations_never_change() {
    let known = [
        "838fcebd", "cbaf3e29", "5027dca5", "94025574", "a030d00b", "fee62f35", "3a0af742", "4800c0f2", "f62394cb",
        "3336441d", "d61a953e", "5fd2d75b", "ed10d359", "7138de0c", "990ed5fb", "86407250", "2b71de69",
    ];
    let hashes: Vec<String> = MIGRATIONS
        .iter()
        .map(|sql| Sha256::digest(sql).iter().take(4).map(|byte| format!("{byte:02x}")).collect())
        .collect();
    assert_eq!(hashes, known, "a migration that has shipped was changed, or a new one is not listed here");
}

#[test]
fn every_old_edition_upgrades_to_what_a_fresh_file_is() {
    let schema = |connection: &Connection| -> Vec<(String, String)> {
        connection
            .prepare("SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY name")
            .and_then(|mut s| s.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .unwrap()
    };
    let mut fresh = Connection::open_in_memory().unwrap();
    migrate(&mut fresh, MIGRATIONS).unwrap();
    for old in 1..=MIGRATIONS.len() {
        let mut upgraded = Connection::open_in_memory().unwrap();
        migrate(&mut upgraded, &MIGRATIONS[..old]).unwrap();
        migrate(&mut upgraded, MIGRATIONS).unwrap();
        assert_eq!(schema(&upgraded), schema(&fresh), "from edition {old}");
    }
}

#[test]
fn a_migration_that_fails_leaves_the_old_edition_whole() {
    let (_folder, path) = Shop::closed();
    let mut connection = Connection::open(&path).unwrap();
    migrate(&mut connection, MIGRATIONS).unwrap();
    let mut ladder = MIGRATIONS.to_vec();
    ladder.push("CREATE TABLE half (way INTEGER) STRICT; INSERT INTO no_such_table VALUES (1);");
    assert!(migrate(&mut connection, &ladder).is_err());
    drop(connection);
    let database = Database::open(&path, at(0)).unwrap();
    assert_eq!(pragma(&database, "user_version"), MIGRATIONS.len().to_string());
    let half: i64 = database
        .connection
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'half'", (), |row| row.get(0))
        .unwrap();
    assert_eq!(half, 0);
}

#[test]
fn acts_are_synced_and_the_draft_is_not_waited_for() {
    let mut shop = Shop::new();
    let check =
        |database: &Database, name: &str, expected: &str| assert_eq!(pragma(database, name), expected, "{name}");
    check(&shop.database, "journal_mode", "wal");
    check(&shop.database, "foreign_keys", "1");
    check(&shop.database, "application_id", &APPLICATION_ID.to_string());
    let basket_id = |number| crate::domain::ids::BasketId(super::testing::uuid(number));
    let basket = super::testing::basket(basket_id(5), &[("jacket", 1, 100)]);
    let draft = crate::domain::basket::Draft::new(basket, at(1));
    for _ in 0..2 {
        shop.database.save_draft(&draft).unwrap();
        check(&shop.database, "synchronous", "1");
        let level: i64 =
            shop.act(|tx| Ok(tx.transaction.query_row("PRAGMA synchronous", (), |row| row.get(0)).unwrap()));
        assert_eq!(level, 2, "an act is on disk when it is done");
        shop.database.transaction_repeatable(|_| Ok::<_, super::DatabaseError>(())).unwrap();
        check(&shop.database, "synchronous", "1");
    }
}

#[test]
fn a_statement_is_planned_once_whatever_is_bound_to_it() {
    let shop = Shop::new();
    let reader = super::open::open_reader(shop.path()).unwrap();
    for connection in [&shop.database.connection, &reader] {
        for number in 0..10 {
            let mut statement = connection
                .prepare_cached("SELECT entry FROM journal WHERE run = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3")
                .unwrap();
            assert!(!statement.exists(rusqlite::params![[0_u8; 16], number, number]).unwrap());
            assert_eq!(statement.get_status(rusqlite::StatementStatus::RePrepare), 0);
        }
    }
}

#[test]
fn the_log_keeps_its_length_and_begins_anew_when_the_till_is_idle() {
    let mut shop = Shop::new();
    let log = with_suffix(shop.path(), "-wal");
    let length = |log: &Path| fs::metadata(log).unwrap().len();
    let frames = |shop: &Shop| -> i64 {
        shop.database.connection.query_row("PRAGMA wal_checkpoint(NOOP)", (), |row| row.get(1)).unwrap()
    };
    let ready = length(&log);
    shop.open_session();
    for _ in 0..20 {
        shop.sell(&[("jacket", 1, 8_990)]);
    }
    let busy = frames(&shop);
    assert!(shop.database.tidy().unwrap());
    assert!(frames(&shop) < busy, "begun anew before the next scan writes");
    shop.sell(&[("jacket", 1, 8_990)]);
    assert_eq!(length(&log), ready, "nothing was added to it");
    assert!(verify_journal(shop.path(), super::Trust::KeysInFile).is_ok());
}

#[test]
fn a_newer_file_is_left_untouched() {
    let mut shop = Shop::new();
    let path = shop.path().to_owned();
    shop.database.connection.pragma_update(None, "user_version", 99).unwrap();
    assert!(shop.database.fold_log().unwrap());
    drop(shop.database);
    let newer = DatabaseErrorKind::Newer { file: 99, program: MIGRATIONS.len() as u32 };
    check_refused(&path, &newer);
}

#[test]
fn a_newer_edition_that_stands_only_in_the_log_is_left_untouched_too() {
    let mut shop = Shop::new();
    assert!(shop.database.fold_log().unwrap());
    shop.database.connection.pragma_update(None, "user_version", 99).unwrap();
    // The program was killed here: the file and its log as they lie.
    let crashed = shop.path().with_file_name("crashed.sqlite");
    fs::copy(shop.path(), &crashed).unwrap();
    fs::copy(with_suffix(shop.path(), "-wal"), with_suffix(&crashed, "-wal")).unwrap();
    let log = fs::read(with_suffix(&crashed, "-wal")).unwrap();
    let before = fs::read(&crashed).unwrap();
    let error = Database::open(&crashed, at(0)).map(|_| ()).unwrap_err();
    assert_eq!(error.kind, DatabaseErrorKind::Newer { file: 99, program: MIGRATIONS.len() as u32 });
    assert!(fs::read(&crashed).unwrap() == before && fs::read(with_suffix(&crashed, "-wal")).unwrap() == log);
}

#[test]
fn another_programs_file_is_left_untouched() {
    let (_folder, path) = Shop::closed();
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("CREATE TABLE theirs (x); PRAGMA application_id = 1; PRAGMA user_version = 1").unwrap();
    drop(connection);
    check_refused(&path, &DatabaseErrorKind::Foreign);
}

/// Opens a damaged file and returns what was set aside.
fn check_set_aside(path: &Path) -> Vec<u8> {
    let damaged = fs::read(path).unwrap();
    let database = Database::open(path, at(0)).unwrap();
    let aside = database.set_aside().expect("nothing was told").clone();
    assert!(aside.path.to_str().unwrap().ends_with(".damaged-20261118T110640Z"), "{}", aside.path.display());
    assert!(!aside.finding.is_empty());
    assert!(fs::read(&aside.path).unwrap() == damaged, "what was set aside is not what was there");
    drop(database);
    // The new file is sound, and is not set aside again.
    check_file(path).unwrap();
    assert_eq!(Database::open(path, at(0)).unwrap().set_aside(), None);
    damaged
}

#[test]
fn a_damaged_file_is_set_aside_and_told() {
    // No database at all; cut short in the header; cut short in the pages; a page overwritten; bytes of the schema flipped.
    let damages: [fn(&mut Vec<u8>); 5] = [
        |bytes| *bytes = b"not a database, and longer than a header is ".repeat(5),
        |bytes| bytes.truncate(50),
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| bytes[4096..8192].fill(0x5A),
        |bytes| bytes[100..140].iter_mut().for_each(|byte| *byte ^= 0x10),
    ];
    for damage in damages {
        let mut shop = Shop::new();
        shop.append(no_sale());
        let path = shop.path().to_owned();
        let Shop { mut database, _folder, .. } = shop;
        assert!(database.fold_log().unwrap());
        drop(database);
        let mut bytes = fs::read(&path).unwrap();
        damage(&mut bytes);
        fs::write(&path, bytes).unwrap();
        check_set_aside(&path);
    }
}

#[test]
fn what_proves_itself_is_carried_over_and_receipt_numbers_go_on() {
    let mut shop = Shop::new();
    shop.open_session();
    for _ in 0..60 {
        shop.sell(&[("jacket", 1, 8_990), ("scarf", 2, 1_990)]);
    }
    let basket_id = |number| crate::domain::ids::BasketId(super::testing::uuid(number));
    let basket = super::testing::basket(basket_id(5), &[("jacket", 1, 100)]);
    let draft = crate::domain::basket::Draft::new(basket, at(1));
    shop.database.save_draft(&draft).unwrap();
    let path = shop.path().to_owned();
    assert!(shop.database.fold_log().unwrap());
    let Shop { database, _folder, .. } = shop;
    drop(database);
    let sound = fs::read(&path).unwrap();
    // Each page of the file destroyed in turn, but for the first, which says that it is a file at all.
    let (mut whole, mut part, mut nothing) = (0, 0, 0);
    for page in 1..sound.len() / 4096 {
        let mut bytes = sound.clone();
        bytes[page * 4096..(page + 1) * 4096].fill(0x5A);
        for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        fs::write(&path, bytes).unwrap();
        let mut database = Database::open(&path, at(0)).unwrap();
        // A page that nothing uses is no damage.
        let Some(aside) = database.set_aside().cloned() else { continue };
        let carried = aside.carried_over;
        match (carried.entries, &carried.first_lost) {
            (62, None) => whole += 1,
            (0, Some(_)) => nothing += 1,
            (entries, Some(_)) if entries <= 62 => part += 1,
            other => panic!("page {page}: {other:?}"),
        }
        let next = database.view().next_receipt_number().unwrap();
        let entries = carried.entries;
        let known = database.view().find_till().unwrap().is_some();
        if known {
            assert_eq!(next, 61, "page {page}: a number on paper is never given again");
            let (run, entry) = (super::testing::uuid(2), super::testing::uuid(99));
            let start = super::testing::run_start(crate::domain::ids::RunId(run), crate::domain::ids::EntryId(entry));
            database.start_run(start).unwrap();
            let sold = super::testing::sale(basket_id(98), 61, &[("jacket", 1, 8_990)]);
            let new = |id, event| super::NewEntry {
                id: crate::domain::ids::EntryId(super::testing::uuid(id)),
                recorded_at: at(100),
                operator: None,
                business_day: super::testing::day(),
                event,
            };
            let opened = Event::SessionOpened { session: super::testing::SESSION, float: super::testing::euro(0) };
            if entries < 2 {
                database.transaction(|tx| tx.append(new(97, opened))).unwrap();
            }
            database.transaction(|tx| tx.append(new(98, Event::SaleCompleted(Box::new(sold))))).unwrap();
        }
        drop(database);
        check_file(&path).unwrap();
        // Lost or not: what is there holds from its first entry to the sale after the damage, the numbers left out said.
        let report = verify_journal(&path, super::Trust::KeysInFile).unwrap_or_else(|e| panic!("page {page}: {e}"));
        assert_eq!(report.entries, if known { entries + 2 + u64::from(entries < 2) } else { 0 }, "page {page}");
    }
    assert!(whole > 10 && part > 3 && nothing > 0, "whole {whole}, in part {part}, nothing {nothing}");
}

#[test]
fn power_lost_while_files_change_places_loses_neither() {
    let shop = Shop::new();
    let path = shop.path().to_owned();
    let Shop { mut database, _folder, .. } = shop;
    assert!(database.fold_log().unwrap());
    drop(database);
    // The damaged file has been renamed away already, the new one not into its place yet.
    fs::rename(&path, with_suffix(&path, ".recovering")).unwrap();
    let database = Database::open(&path, at(0)).unwrap();
    assert!(database.view().find_till().unwrap().is_some());
    drop(database);
    // The new one had only been begun: it is built anew.
    fs::write(with_suffix(&path, ".recovering"), b"half").unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[100..140].fill(0x5A);
    fs::write(&path, bytes).unwrap();
    assert!(Database::open(&path, at(0)).unwrap().set_aside().is_some());
    assert!(!with_suffix(&path, ".recovering").exists());
}

#[test]
fn two_damaged_files_of_one_second_are_both_kept() {
    let (_folder, path) = Shop::closed();
    for content in ["first", "second"] {
        let _ = fs::remove_file(&path);
        fs::write(&path, content).unwrap();
        drop(Database::open(&path, at(0)).unwrap());
    }
    let kept =
        |suffix: &str| fs::read_to_string(with_suffix(&path, &format!(".damaged-20261118T110640Z{suffix}"))).unwrap();
    assert_eq!((kept(""), kept("-2")), ("first".to_owned(), "second".to_owned()));
}

#[test]
fn a_full_disk_is_a_state_and_nothing_is_half_written() {
    let mut shop = Shop::new();
    shop.open_session();
    let pages: i64 = shop.database.connection.query_row("PRAGMA page_count", (), |row| row.get(0)).unwrap();
    shop.database.connection.pragma_update(None, "max_page_count", pages).unwrap();
    let mut written = 0;
    let error = loop {
        let new = shop.new_entry(no_sale());
        match shop.database.transaction(|tx| tx.append(new)) {
            Ok(entry) => written = entry.mark.sequence,
            Err(error) => break error,
        }
        assert!(written < 10_000, "the limit never came");
    };
    assert_eq!(error.kind, DatabaseErrorKind::Full);
    // Room again: it goes on with the number that was not written.
    shop.database.connection.pragma_update(None, "max_page_count", pages * 10).unwrap();
    assert_eq!(shop.append(no_sale()).mark.sequence, written + 1);
    assert_eq!(verify_journal(shop.path(), super::Trust::KeysInFile).unwrap().entries, written + 1);
}

#[test]
fn a_read_only_disk_is_a_state() {
    let shop = Shop::new();
    let path = shop.path().to_owned();
    let Shop { database, _folder: folder, .. } = shop;
    drop(database);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    // Permissions do not bind the superuser: the file system is asked as somebody else, for this thread only.
    let kind = std::thread::spawn(move || {
        if nix::unistd::geteuid().is_root() {
            nix::unistd::setfsuid(nix::unistd::Uid::from_raw(65_534));
        }
        Database::open(&path, at(0)).map(|_| ()).unwrap_err().kind
    })
    .join()
    .unwrap();
    assert_eq!(kind, DatabaseErrorKind::ReadOnly);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_folder_that_is_not_there_is_the_disks_fault() {
    let error = Database::open(Path::new("/nonexistent/till.sqlite"), at(0)).map(|_| ()).unwrap_err();
    assert_eq!(error.kind, DatabaseErrorKind::Io);
}
