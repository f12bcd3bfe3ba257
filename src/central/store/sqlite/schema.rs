//! Opening the file: its settings, and the ladder of migrations.

use std::cmp::Ordering;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::super::StoreError;

/// Every change of the tables, oldest first. None of them ever changes again.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_central.sql"),
    include_str!("migrations/0002_order_documents.sql"),
    include_str!("migrations/0003_chain_indexes.sql"),
    include_str!("migrations/0004_warehouse.sql"),
    include_str!("migrations/0005_customer_items.sql"),
    include_str!("migrations/0006_order_files.sql"),
    include_str!("migrations/0007_terms.sql"),
    include_str!("migrations/0008_problem_orders.sql"),
    include_str!("migrations/0009_transfers.sql"),
    include_str!("migrations/0010_deadlines.sql"),
    include_str!("migrations/0011_unmatched_lines.sql"),
    include_str!("migrations/0012_price_changes.sql"),
    include_str!("migrations/0013_level_feed.sql"),
    include_str!("migrations/0014_delivery_addresses.sql"),
    include_str!("migrations/0015_unsent.sql"),
    include_str!("migrations/0016_cancelled_orders.sql"),
    include_str!("migrations/0017_receipt_duty.sql"),
    include_str!("migrations/0018_order_amounts.sql"),
    include_str!("migrations/0019_channel_stores.sql"),
    include_str!("migrations/0020_channel_answers.sql"),
    include_str!("migrations/0021_ends_of_lives.sql"),
    include_str!("migrations/0022_problem_documents.sql"),
    include_str!("migrations/0023_listed_orders.sql"),
    include_str!("migrations/0024_held_buyers.sql"),
    include_str!("migrations/0025_order_taxes.sql"),
    include_str!("migrations/0026_content_rules.sql"),
    include_str!("migrations/0027_transfer_receipts.sql"),
    include_str!("migrations/0028_retention.sql"),
    include_str!("migrations/0029_case_pages.sql"),
    include_str!("migrations/0030_stock_cuts.sql"),
    include_str!("migrations/0031_findings.sql"),
    include_str!("migrations/0032_sold_before.sql"),
    include_str!("migrations/0033_withdrawn.sql"),
    include_str!("migrations/0034_taken.sql"),
    include_str!("migrations/0035_order_history.sql"),
    include_str!("migrations/0036_promised_sale.sql"),
    include_str!("migrations/0037_withdrawn_requests.sql"),
    include_str!("migrations/0038_counts.sql"),
    include_str!("migrations/0039_orders_over.sql"),
    include_str!("migrations/0040_shelf_moves.sql"),
    include_str!("migrations/0041_central_time.sql"),
    include_str!("migrations/0042_dated_stories.sql"),
];

/// After how many pages of log they are folded into the file, 32 MiB of 4 KiB pages: a busy store changes the same pages in
/// every commit, and folding them in once for many commits is what keeps the disk free for the commits.
const CHECKPOINT_PAGES: i64 = 8_192;

/// Marks the file as central's (`PRAGMA application_id`): `CNTL`.
const APPLICATION_ID: i32 = 0x434E_544C;

/// The connection that writes, on a file of today's schema. A file of a newer program is refused untouched.
pub fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let failed = |cause: rusqlite::Error| StoreError::Open { path: path.to_owned(), cause: cause.to_string() };
    create_private(path).map_err(|cause| StoreError::Open { path: path.to_owned(), cause: cause.to_string() })?;
    let mut connection = Connection::open(path).map_err(failed)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(failed)?;
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(failed)?;
    if application != APPLICATION_ID && (application != 0 || found != 0) {
        return Err(StoreError::Open { path: path.to_owned(), cause: "this is not central's file".into() });
    }
    let known = MIGRATIONS.len() as u32;
    if found > known {
        return Err(StoreError::NewerFile { path: path.to_owned(), found, known });
    }
    // WAL: readers never wait for the writer. FULL: a commit that was answered survives a power cut.
    connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    // What a savepoint may have to undo stays in memory: on disk each push would make and delete a file.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "journal_size_limit", 67_108_864)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    keep_plans(&connection)?;
    connection.set_prepared_statement_cache_capacity(256);
    migrate(&mut connection, found)?;
    Ok(connection)
}

/// Customers' names and tokens' hashes lie in the file: one that is made here is for its owner alone, whatever the folder
/// allows. What SQLite puts beside it has the same rights.
fn create_private(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// A connection that only reads.
pub fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|cause| StoreError::Open { path: path.to_owned(), cause: cause.to_string() })?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    keep_plans(&connection)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// How a statement is done never depends on the values bound to it ("query planner stability guarantee"). SQLite would plan one
/// that says `<> ?` or `LIMIT ?` anew for each value: of everything a till's push costs, that was the greatest part.
fn keep_plans(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// A connection that only reads, for a command that found no server's file open: of a file that is there, is central's, and has
/// today's tables.
pub fn open_to_look(path: &Path) -> Result<Connection, StoreError> {
    let failed = |cause: String| StoreError::Open { path: path.to_owned(), cause };
    if !path.exists() {
        return Err(failed("there is no such file".into()));
    }
    let connection = open_reader(path)?;
    let number = |pragma: &str| {
        connection.query_row(pragma, [], |row| row.get::<_, i32>(0)).map_err(|cause| failed(cause.to_string()))
    };
    if number("PRAGMA application_id")? != APPLICATION_ID {
        return Err(failed("this is not central's file".into()));
    }
    let (found, known) = (number("PRAGMA user_version")?.unsigned_abs(), MIGRATIONS.len() as u32);
    match found.cmp(&known) {
        Ordering::Greater => Err(StoreError::NewerFile { path: path.to_owned(), found, known }),
        Ordering::Less => Err(StoreError::OlderFile { path: path.to_owned(), found, known }),
        Ordering::Equal => Ok(connection),
    }
}

/// The whole ladder in one transaction: a file is of one schema or of the next, never between.
fn migrate(connection: &mut Connection, found: u32) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have climbed it while this one waited for the lock.
    let found = transaction.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap_or(found);
    for migration in MIGRATIONS.iter().skip(found as usize) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len() as u32)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.commit()?;
    Ok(())
}

/// A file as the program of so many migrations left it.
#[cfg(test)]
pub fn open_at(path: &Path, migrations: usize) -> Connection {
    let old = Connection::open(path).expect("a new file");
    // Nothing here has to outlive a power cut.
    old.pragma_update(None, "synchronous", "OFF").expect("a setting");
    for migration in &MIGRATIONS[..migrations] {
        old.execute_batch(migration).expect("a migration that was good once");
    }
    old.pragma_update(None, "user_version", migrations as u32).expect("a version");
    old.pragma_update(None, "application_id", APPLICATION_ID).expect("a mark");
    old
}

#[cfg(test)]
mod tests {
    use rusqlite::{StatementStatus, params};

    use super::*;

    #[test]
    fn a_statement_is_planned_once_whatever_is_bound_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("central.db");
        let (writer, reader) = (open_writer(&path).unwrap(), open_reader(&path).unwrap());
        for connection in [writer, reader] {
            for number in 0..10 {
                let mut statement = connection
                    .prepare_cached(
                        "SELECT store FROM level WHERE product = ?1 AND store <> ?2 ORDER BY store LIMIT ?3",
                    )
                    .unwrap();
                assert!(!statement.exists(params![format!("P{number}"), format!("S{number}"), number]).unwrap());
                assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
            }
        }
    }

    #[test]
    fn a_newer_file_is_refused_and_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("central.db");
        drop(open_writer(&path).unwrap());
        let newer = Connection::open(&path).unwrap();
        newer.pragma_update(None, "user_version", 99).unwrap();
        newer.pragma_update(None, "journal_mode", "DELETE").unwrap();
        drop(newer);
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(open_writer(&path), Err(StoreError::NewerFile { found: 99, .. })));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn another_programs_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.db");
        let other = Connection::open(&path).unwrap();
        other.execute_batch("CREATE TABLE t (a); PRAGMA user_version = 1;").unwrap();
        drop(other);
        assert!(matches!(open_writer(&path), Err(StoreError::Open { .. })));
        std::fs::write(folder.path().join("text.db"), "this is no database, and longer than a header would be ......")
            .unwrap();
        assert!(matches!(open_writer(&folder.path().join("text.db")), Err(StoreError::Open { .. })));
    }

    #[test]
    fn whoever_only_looks_leaves_every_byte_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("central.db");
        assert!(matches!(open_to_look(&path), Err(StoreError::Open { .. })));
        assert!(!path.exists(), "nothing is made");
        // An older file stays old, and a log that nobody has folded in stays there.
        drop(open_at(&path, 18));
        assert!(matches!(open_to_look(&path), Err(StoreError::OlderFile { found: 18, .. })));
        let writer = open_writer(&path).unwrap();
        writer.execute_batch("INSERT INTO counter (name, value) VALUES ('web_order', 10007)").unwrap();
        let bytes = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
        let (file, log) = (bytes("central.db"), bytes("central.db-wal"));
        assert!(!log.is_empty());
        let looker = open_to_look(&path).unwrap();
        let number: i64 = looker.query_row("SELECT value FROM counter", [], |row| row.get(0)).unwrap();
        assert_eq!(number, 10_007);
        assert!(looker.execute("DELETE FROM counter", []).is_err());
        drop(looker);
        assert!(bytes("central.db") == file && bytes("central.db-wal") == log);
    }

    /// Tables that a migration empties on purpose: what websites follow is counted anew from them.
    const EMPTIED: &[&str] = &["start", "start_head", "feed", "feed_head"];

    /// A row of believable values for a table as it stands, its rules kept as far as they can be read from its columns.
    fn insert_row(old: &Connection, table: &str) -> rusqlite::Result<usize> {
        let words = ["shop", "order", "contract", "open", "problem", "[]", "{}", ""];
        let columns: Vec<(String, String)> = old
            .prepare(&format!("SELECT name, type FROM pragma_table_info('{table}')"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let mut result = Ok(0);
        for word in words {
            let values: Vec<String> = columns
                .iter()
                .map(|(_, kind)| match kind.as_str() {
                    "INTEGER" => "1".to_owned(),
                    "BLOB" => "x'01'".to_owned(),
                    _ => format!("'{word}'"),
                })
                .collect();
            let insert = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "));
            result = old.execute(&insert, []);
            if result.is_ok() {
                break;
            }
        }
        result
    }

    #[test]
    fn no_row_of_any_edition_is_lost_on_the_way_to_todays() {
        let tables = |connection: &Connection| -> Vec<String> {
            connection
                .prepare(
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
                )
                .and_then(|mut names| names.query_map([], |row| row.get(0))?.collect())
                .unwrap()
        };
        let count = |connection: &Connection, table: &str| -> i64 {
            connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
        };
        for edition in 1..MIGRATIONS.len() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("central.db");
            let old = open_at(&path, edition);
            old.pragma_update(None, "foreign_keys", "OFF").unwrap();
            let kept = tables(&old);
            for table in &kept {
                insert_row(&old, table).unwrap_or_else(|cause| panic!("{table} of edition {edition}: {cause}"));
            }
            drop(old);
            let upgraded = open_writer(&path).unwrap_or_else(|cause| panic!("edition {edition}: {cause}"));
            for table in kept.iter().filter(|table| !EMPTIED.contains(&table.as_str())) {
                assert!(count(&upgraded, table) >= 1, "{table}: its row of edition {edition} is gone");
            }
            let sound: String = upgraded.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
            assert_eq!(sound, "ok", "edition {edition}");
        }
    }

    #[test]
    fn stores_of_a_channel_survive_any_character_of_their_codes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("central.db");
        let old = open_at(&path, 18);
        old.execute_batch(
            r#"INSERT INTO channel (channel, kind, stores, calls, created_at) VALUES
                   ('all', 'website', '', '', 0), ('some', 'website', 'S001,S"2\,S3', '', 0);"#,
        )
        .unwrap();
        drop(old);
        let upgraded = open_writer(&path).unwrap();
        let stores = |channel: &str| {
            let text: String = upgraded
                .query_row("SELECT stores FROM channel WHERE channel = ?1", [channel], |row| row.get(0))
                .unwrap();
            super::super::access::read_stores(&text).unwrap()
        };
        assert!(stores("all").is_empty());
        assert_eq!(stores("some"), ["S001".into(), "S\"2\\".into(), "S3".into()]);
    }

    #[test]
    fn the_document_of_an_order_taken_before_its_history_was_kept_is_its_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("central.db");
        let old = open_at(&path, 1);
        old.execute_batch(
            "INSERT INTO web_order VALUES ('S001', 'W-10001', 'website', '', 'anna', 'A-1', x'01', x'3C6F2F3E', 'pick_up',
                 'Anna', NULL, 1, 5, 7, NULL, '', 'received', 1, NULL, NULL, 0, 'EUR');",
        )
        .unwrap();
        drop(old);
        let upgraded = open_writer(&path).unwrap();
        let kept: (String, i64, String, Vec<u8>, i64, Vec<u8>) = upgraded
            .query_row("SELECT number, position, kind, content, received_at, document FROM order_document", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
            })
            .unwrap();
        assert_eq!(kept, ("W-10001".into(), 1, "order".into(), vec![1], 7, b"<o/>".to_vec()));
    }
}
