//! What can still be read of a damaged file, carried over into the new one: every entry that proves itself, folded over
//! again, and as much of the rest as the till needs to go on selling. The damaged file itself is only read.
//!
//! The feed's cursors are not carried over: central sends its whole word again, and so mends what could not be read.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior, params, params_from_iter};

use super::contained::{self, put_contained};
use super::error::{CarriedOver, DatabaseError, DatabaseErrorKind, While};
use super::verify::{Trust, VerifyError, Walk};
use super::{journal, open, orders, projections};
use crate::domain::ids::{JournalMark, RunId};
use crate::wire::entry::NO_PREVIOUS_HASH;

const READING: &str = "reading the damaged file";
const WRITING: &str = "carrying over what could be read";

/// Tables carried over row by row, those that others point at first.
const TABLES: &[&str] = &[
    "product",
    "barcode",
    "word",
    "operator",
    "settings",
    "stock_figure",
    "web_order",
    "order_line",
    "conflict_case",
    "case_decision",
    "transfer",
    "count_list",
    "print_job",
    "parked",
    "draft",
    "acknowledged",
];

/// Fills the fresh file `to` with what the damaged one at `from` still says. Only the new file's own troubles are errors.
pub(super) fn carry_over(from: &Path, to: &mut Connection) -> Result<CarriedOver, DatabaseError> {
    let nothing = CarriedOver { entries: 0, first_lost: Some("nothing of it can be read".to_owned()) };
    let Ok(damaged) = open::open_reader(from) else { return Ok(nothing) };
    let transaction = to.transaction_with_behavior(TransactionBehavior::Immediate).or_while(WRITING)?;
    let carried = match carry_journal(&damaged, &transaction)? {
        Some(carried) => carried,
        None => return Ok(nothing),
    };
    for table in TABLES {
        carry_table(&damaged, &transaction, table)?;
    }
    for index in ["product_search", "word_search"] {
        transaction.execute(&format!("INSERT INTO {index} ({index}) VALUES ('rebuild')"), ()).or_while(WRITING)?;
    }
    carry_contained(&damaged, &transaction)?;
    carry_coming(&damaged, &transaction)?;
    transaction.commit().or_while(WRITING)?;
    Ok(carried)
}

/// The journal up to its first bad entry; `None` when not even its beginning can be read.
fn carry_journal(damaged: &Connection, to: &Connection) -> Result<Option<CarriedOver>, DatabaseError> {
    let owner = damaged.query_row("SELECT store, workstation, next_receipt_number FROM till", (), |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))
    });
    let Ok((store, workstation, next_receipt_number)) = owner else { return Ok(None) };
    let Ok(mut walk) = Walk::new(damaged, Trust::KeysInFile) else { return Ok(None) };
    to.execute("INSERT INTO till VALUES (1, ?1, ?2, 0, ?3, 1)", params![store, workstation, NO_PREVIOUS_HASH])
        .or_while(WRITING)?;
    for (first_position, key) in walk.keys() {
        to.execute("INSERT INTO signing_key VALUES (?1, ?2)", params![first_position, key.to_bytes()])
            .or_while(WRITING)?;
    }
    let (mut head, mut hash) = (0, NO_PREVIOUS_HASH);
    // An error of the new file, as opposed to an entry that does not hold.
    let mut trouble = None;
    let walked = walk.walk(&mut |position, sealed, entry| {
        let written = journal::insert(to, position, sealed).and_then(|()| projections::project(to, position, entry));
        match written {
            Ok(()) => {
                (head, hash) = (position, sealed.hash);
                Ok(())
            }
            Err(error) => {
                let fault = super::Fault::Fold(error.to_string());
                trouble = Some(error);
                Err(fault)
            }
        }
    });
    if let Some(error) = trouble {
        return Err(error);
    }
    let first_lost = match walked {
        Ok(()) => None,
        Err(VerifyError::Bad(bad)) => Some(bad.to_string()),
        Err(VerifyError::File(error)) => Some(error.to_string()),
    };
    // A number that is on paper somewhere is never given again, also when its sale could not be read.
    let next_receipt_number = next_receipt_number.max(walk.next_receipt_number() as i64);
    to.execute(
        "UPDATE till SET head_position = ?1, head_hash = ?2, next_receipt_number = ?3",
        params![head, hash, next_receipt_number],
    )
    .or_while(WRITING)?;
    Ok(Some(CarriedOver { entries: head as u64, first_lost }))
}

/// Every row that can be read and that the new file's rules accept.
fn carry_table(damaged: &Connection, to: &Connection, table: &str) -> Result<(), DatabaseError> {
    let lost = |error: &dyn std::fmt::Display| tracing::warn!(table, %error, "part of a damaged file is lost");
    let mut statement = match damaged.prepare(&format!("SELECT * FROM {table}")) {
        Ok(statement) => statement,
        Err(error) => {
            lost(&error);
            return Ok(());
        }
    };
    let columns = statement.column_count();
    let places = vec!["?"; columns].join(", ");
    // By name: a file of an older edition has fewer columns.
    let names = statement.column_names().collect::<Vec<_>>().join(", ");
    let mut insert =
        to.prepare(&format!("INSERT OR REPLACE INTO {table} ({names}) VALUES ({places})")).or_while(WRITING)?;
    let mut rows = statement.query(()).or_while(READING)?;
    loop {
        let row = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(()),
            Err(error) => {
                lost(&error);
                return Ok(());
            }
        };
        let values: Result<Vec<Value>, _> = (0..columns).map(|column| row.get(column)).collect();
        match values.and_then(|values| insert.execute(params_from_iter(values))).or_while(WRITING) {
            Ok(_) => {}
            Err(error) if matches!(error.kind, DatabaseErrorKind::Refused(_) | DatabaseErrorKind::Damaged) => {
                lost(&error)
            }
            Err(error) => return Err(error),
        }
    }
}

/// In the middle of a batch that came in slices, what the figures of those slices contain. An edition before them has none.
fn carry_coming(damaged: &Connection, to: &Connection) -> Result<(), DatabaseError> {
    let coming = damaged.query_row("SELECT batch, open FROM coming", (), |row| Ok((row.get(0)?, row.get(1)?)));
    let Ok((batch, open)): Result<(i64, bool), _> = coming else { return Ok(()) };
    to.execute("UPDATE coming SET batch = ?1, open = ?2", params![batch, open]).or_while(WRITING)?;
    let marks: Result<Vec<([u8; 16], i64)>, _> = damaged
        .prepare("SELECT run, coming FROM contained WHERE coming > 0")
        .and_then(|mut s| s.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect());
    for (run, sequence) in marks.unwrap_or_default() {
        contained::put_coming(to, &JournalMark { run: RunId::from_bytes(run), sequence: sequence.max(0) as u64 })?;
    }
    Ok(())
}

/// Which own entries the carried-over figures contain, so that none counts twice.
fn carry_contained(damaged: &Connection, to: &Connection) -> Result<(), DatabaseError> {
    let marks: Result<Vec<([u8; 16], i64)>, _> = damaged
        .prepare("SELECT run, sequence FROM contained")
        .and_then(|mut s| s.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect());
    let Ok(marks) = marks else { return Ok(()) };
    for (run, sequence) in marks {
        let mark = JournalMark { run: RunId::from_bytes(run), sequence: sequence.max(0) as u64 };
        let moved = put_contained(to, &mark)?;
        orders::mark_contained(to, &mark, moved)?;
    }
    let numbers: Vec<String> = to
        .prepare("SELECT number FROM web_order")
        .and_then(|mut s| s.query_map((), |row| row.get(0))?.collect())
        .or_while(WRITING)?;
    for number in numbers {
        match orders::refold(to, &number.as_str().into()) {
            Ok(()) => {}
            // The record came over as bytes that say nothing: central sends the order again.
            Err(error) if error.kind == DatabaseErrorKind::Damaged => {
                tracing::warn!(number, %error, "an order of a damaged file is lost");
                orders::remove(to, &number.as_str().into())?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
