//! Proofs against every kind of tampering, at every place of a small journal that holds every kind of entry.

use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use rusqlite::Connection;

use super::super::testing::{SESSION, Shop, at, euro, key, order, settings, stock_figure, uuid};
use super::super::{copy_file, verify_journal};
use super::*;
use crate::domain::event::{CopyCause, Event};
use crate::domain::feed::{Change, FeedBatch, Scope};
use crate::domain::quantity::Quantity;
use crate::domain::session::CashMoveKind;
use crate::domain::stock::MovementReason;
use crate::domain::web_order::{LineQuantity, OrderStep};

/// A day at the till: two runs, three sales, an order picked, a figure of central's that contains the first run.
fn day_at_the_till() -> Shop {
    let mut shop = Shop::new();
    shop.append(Event::SignInRefused { operator: "anna".into(), failures: 1 });
    shop.append(Event::OperatorSignedIn { operator: "anna".into() });
    shop.open_session();
    shop.sell(&[("jacket", 1, 8_990), ("scarf", 2, 1_990)]);
    let mut batch = FeedBatch {
        scope: Scope::Store,
        cursor: 1,
        snapshot: true,
        changes: vec![
            Change::Stock(stock_figure("jacket", 4)),
            Change::Order(Box::new(order("W-1", "jacket", 2))),
            Change::Settings(Box::new(settings())),
        ],
        contains: vec![JournalMark { run: RunId(uuid(1)), sequence: 5 }],
        as_of: at(50),
        left_out: 0,
    };
    shop.act(|tx| tx.apply_feed(&batch));
    shop.append(Event::StockAdjusted {
        product: "scarf".into(),
        quantity: Quantity::units(10),
        movement: MovementReason::Receipt,
        note: "delivery".to_owned(),
    });
    let mut shop = shop.reopen();
    shop.start_run(2);
    // The first sale's products are in order, those of the later ones are not yet.
    assert!(shop.database.tidy().unwrap());
    shop.append(Event::CashMoved { kind: CashMoveKind::PaidIn, amount: euro(1_000), reason: "coins".to_owned() });
    shop.sell(&[("jacket", 1, 8_990)]);
    shop.append(Event::OrderStepped {
        order: "W-1".into(),
        step: OrderStep::Picked { what: LineQuantity { line: 1, quantity: Quantity::ONE }, bay: Some("A1".to_owned()) },
        products: vec![(1, "jacket".into())],
    });
    shop.append(Event::ReceiptCopied { receipt_number: 1, copy: 1, cause: CopyCause::Asked });
    shop.append(Event::SignInRefused { operator: "ben".into(), failures: 1 });
    batch.snapshot = false;
    batch.changes.clear();
    batch.contains.push(JournalMark { run: RunId(uuid(2)), sequence: 2 });
    shop.act(|tx| tx.apply_feed(&batch));
    shop.sell(&[("scarf", 1, 1_990)]);
    shop.append(Event::SessionClosed {
        session: SESSION,
        expected: euro(0),
        counted: euro(0),
        reason: Some("counted twice".to_owned()),
        agreed_by: Some("dora".into()),
    });
    shop
}

const ENTRIES: i64 = 14;

/// A copy of the file with the SQL done to it by someone who knows how to get around the triggers.
fn tampered(shop: &Shop, name: &str, sql: &str) -> PathBuf {
    let copy = shop.path().with_file_name(format!("{name}.sqlite"));
    copy_file(shop.path(), &copy).unwrap();
    let connection = Connection::open(&copy).unwrap();
    connection.execute_batch("DROP TRIGGER journal_is_never_updated; DROP TRIGGER journal_is_never_deleted;").unwrap();
    connection.execute_batch(sql).unwrap_or_else(|e| panic!("{name}: {e}: {sql}"));
    copy
}

fn first_bad(path: &Path) -> FirstBad {
    match verify_journal(path, Trust::KeysInFile) {
        Err(VerifyError::Bad(bad)) => bad,
        other => panic!("{}: {other:?}", path.display()),
    }
}

#[test]
fn an_honest_journal_is_proved() {
    let shop = day_at_the_till();
    let copy = shop.path().with_file_name("honest.sqlite");
    copy_file(shop.path(), &copy).unwrap();
    let error = copy_file(shop.path(), &copy).unwrap_err();
    assert!(matches!(error.kind, super::super::DatabaseErrorKind::Refused(_)), "a copy never overwrites: {error}");
    let report = verify_journal(&copy, Trust::KeysInFile).unwrap();
    assert_eq!((report.entries, report.runs, report.sales), (ENTRIES as u64, 2, 3));
    assert_eq!(report.keys, [key().verifying_key().to_bytes()]);
    // The same with the key central keeps, on the file in use, and nothing is left beside the copy.
    assert_eq!(verify_journal(shop.path(), Trust::Key(&key().verifying_key())).unwrap(), report);
    assert!(!open::with_suffix(&copy, "-wal").exists());

    let other = SigningKey::from_bytes(&[9; 32]).verifying_key();
    let Err(VerifyError::Bad(bad)) = verify_journal(&copy, Trust::Key(&other)) else { panic!("not refused") };
    assert_eq!((bad.position, bad.fault), (1, Fault::Seal(SealError::SignatureInvalid)));
}

#[test]
fn a_fresh_file_is_an_empty_journal() {
    let (_folder, path) = Shop::closed();
    drop(super::super::Database::open(&path, at(0)).unwrap());
    let report = verify_journal(&path, Trust::KeysInFile).unwrap();
    assert_eq!((report.till, report.entries, report.last), (None, 0, None));
}

/// Flips one bit in the middle of a column.
fn flip(copy: &Path, column: &str, position: i64) {
    let connection = Connection::open(copy).unwrap();
    let read = format!("SELECT CAST({column} AS BLOB) FROM journal WHERE position = {position}");
    let mut bytes: Vec<u8> = connection.query_row(&read, (), |row| row.get(0)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    // As text where the column is text, as a blob otherwise.
    let write = format!(
        "UPDATE journal SET {column} = CASE typeof({column}) WHEN 'text' THEN CAST(?1 AS TEXT) ELSE ?1 END
         WHERE position = {position}"
    );
    connection.execute(&write, [bytes]).unwrap();
}

#[test]
fn a_flipped_bit_names_its_entry_wherever_it_is() {
    let shop = day_at_the_till();
    // The payload and the signature at every place, the rest of an entry by turns.
    let columns = ["entry", "kind", "store", "workstation", "run", "previous_hash", "hash", "business_day"];
    for position in 1..=ENTRIES {
        let by_turns = columns[position as usize % columns.len()];
        for column in ["payload", "signature", by_turns] {
            let copy = tampered(&shop, &format!("{column}-{position}"), "");
            flip(&copy, column, position);
            let bad = first_bad(&copy);
            assert_eq!(bad.position, position as u64, "{column}: {bad}");
            match (column, &bad.fault) {
                ("signature", Fault::Seal(SealError::SignatureInvalid)) => {}
                // A day that is none any more.
                ("business_day", Fault::Unreadable(_)) => {}
                ("signature", other) => panic!("signature: {other}"),
                (_, Fault::Seal(SealError::HashMismatch)) => {}
                (_, other) => panic!("{column}: {other}"),
            }
        }
        let sql =
            format!("UPDATE journal SET recorded_at = recorded_at + 1, operator = 'eve' WHERE position = {position}");
        let bad = first_bad(&tampered(&shop, &format!("rewritten-{position}"), &sql));
        assert_eq!((bad.position, bad.fault), (position as u64, Fault::Seal(SealError::HashMismatch)));
    }
}

#[test]
fn a_removed_row_is_missed_wherever_it_was() {
    let shop = day_at_the_till();
    for position in 1..=ENTRIES {
        let sql = format!("DELETE FROM journal WHERE position = {position}");
        let bad = first_bad(&tampered(&shop, &format!("removed-{position}"), &sql));
        assert_eq!((bad.position, bad.fault), (position as u64, Fault::Missing));

        // By someone who closes the gap as well.
        let sql = format!(
            "DELETE FROM journal WHERE position = {position};
             UPDATE journal SET position = -position WHERE position > {position};
             UPDATE journal SET position = -position - 1 WHERE position < 0;
             UPDATE till SET head_position = (SELECT max(position) FROM journal),
                             head_hash = (SELECT hash FROM journal ORDER BY position DESC LIMIT 1)"
        );
        let bad = first_bad(&tampered(&shop, &format!("closed-up-{position}"), &sql));
        if position < ENTRIES {
            assert_eq!((bad.position, bad.fault), (position as u64, Fault::ChainBroken));
        } else {
            // The last one leaves the chain whole; the session it closed tells.
            assert_eq!((bad.position, bad.fault), (4, Fault::Projection("session")));
        }
    }
}

#[test]
fn a_swapped_pair_is_named_by_its_first() {
    let shop = day_at_the_till();
    for position in 1..ENTRIES {
        let next = position + 1;
        let sql = format!(
            "UPDATE journal SET position = -1 WHERE position = {position};
             UPDATE journal SET position = {position} WHERE position = {next};
             UPDATE journal SET position = {next} WHERE position = -1;"
        );
        let bad = first_bad(&tampered(&shop, &format!("swapped-{position}"), &sql));
        assert_eq!((bad.position, bad.fault), (position as u64, Fault::ChainBroken));
    }
}

#[test]
fn a_changed_projection_names_the_entry_it_was_folded_from() {
    let shop = day_at_the_till();
    let mut count = 0;
    let mut check = |sql: &str, position: u64, table: &'static str| {
        count += 1;
        let bad = first_bad(&tampered(&shop, &format!("projection-{count}"), sql));
        assert_eq!((bad.position, bad.fault), (position, Fault::Projection(table)), "{sql}");
    };
    check("UPDATE movement SET quantity = quantity - 1000 WHERE position = 9", 9, "movement");
    check("DELETE FROM movement WHERE position = 5 AND ordinal = 1", 5, "movement");
    check(
        "INSERT INTO movement SELECT 8, 0, run, 2, product, 1, reason, at, 0, 1 FROM movement LIMIT 1",
        8,
        "movement",
    );
    // The level would not count the sale.
    check("UPDATE movement SET pending = 0 WHERE position = 9", 9, "movement");
    check("DELETE FROM order_step", 10, "order_step");
    check("UPDATE run SET last_sequence = 4 WHERE first_position = 1", 1, "run");
    check("UPDATE session SET cash_sales_minor = cash_sales_minor - 100", 4, "session");
    check("UPDATE sale SET total_minor = 1 WHERE receipt_number = 2", 9, "sale");
    check("DELETE FROM sale WHERE receipt_number = 3", 13, "sale");
    check("UPDATE sale SET copies = 0", 5, "sale");
    check("DELETE FROM sale_product WHERE product = 'scarf' AND position = 5", 5, "sale_product");
    check("DELETE FROM sale_product_recent WHERE position = 13", 13, "sale_product");
    check("INSERT INTO sale_product_recent SELECT position, product FROM sale_product", 5, "sale_product");
    check("DELETE FROM sign_in_failure", 12, "sign_in_failure");
    check("UPDATE till SET next_receipt_number = 9", ENTRIES as u64, "till");
    check("UPDATE web_order SET record = base", 10, "web_order");
    check("UPDATE order_line SET promised = 0", 10, "web_order");
}

#[test]
fn a_file_of_the_first_edition_is_proved_as_it_is() {
    let mut shop = day_at_the_till();
    assert!(shop.database.tidy().unwrap());
    let old = "DROP TABLE sale_product_recent; DROP INDEX movement_recent; DROP INDEX movement_pending_by_product;
               ALTER TABLE movement DROP COLUMN in_order; PRAGMA user_version = 1;";
    assert!(verify_journal(&tampered(&shop, "first-edition", old), Trust::KeysInFile).is_ok());
    let bad = format!("{old} DELETE FROM sale_product WHERE position = 9;");
    let bad = first_bad(&tampered(&shop, "first-edition-bad", &bad));
    assert_eq!((bad.position, bad.fault), (9, Fault::Projection("sale_product")));
}

#[test]
fn an_entry_forged_with_another_key_is_not_believed() {
    // All of the file is written by a stranger, with a key of their own named in it: only the key from elsewhere tells.
    let shop = day_at_the_till();
    let stranger = SigningKey::from_bytes(&[9; 32]).verifying_key();
    assert!(verify_journal(shop.path(), Trust::KeysInFile).is_ok());
    let Err(VerifyError::Bad(bad)) = verify_journal(shop.path(), Trust::Key(&stranger)) else { panic!("believed") };
    assert_eq!(bad.position, 1);
}

#[test]
fn a_file_that_is_none_is_an_error_of_its_own() {
    let (folder, path) = Shop::closed();
    assert!(matches!(verify_journal(&path, Trust::KeysInFile), Err(VerifyError::File(_))), "no file");
    std::fs::write(&path, b"something else entirely, and longer than a header would be ".repeat(9)).unwrap();
    assert!(matches!(verify_journal(&path, Trust::KeysInFile), Err(VerifyError::File(_))), "no database");
    drop(folder);
}
