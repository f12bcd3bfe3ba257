//! Entries that were put aside: kept as they came, shown, and judged again by a program that may know better.

use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use super::super::super::proof;
use super::super::{QuarantineReason, QuarantinedEntry, ReceivedEntry, Retried, StoreError};
use super::cause::When;
use super::feeds::Changes;
use super::journal::{Booking, Judgement};
use super::words::{self, micros, till_of};
use super::{access, journal};
use crate::domain::Timestamp;
use crate::domain::ids::{EntryId, JournalMark, RunId, TillId};

/// Of what was put aside, called `q`: it is not in the books, under its own hash.
const NOT_BOOKED: &str =
    "NOT EXISTS (SELECT 1 FROM entry e WHERE e.store = q.store AND e.entry_id = q.entry_id AND e.hash = q.hash)";

/// How many entries that were put aside are judged again at once, the oldest first.
const RETRIED_MAX: usize = 10_000;

/// Keeps an entry that is not booked, with the reason.
pub fn keep(
    connection: &Connection,
    till: &TillId,
    entry: &ReceivedEntry,
    reason: &QuarantineReason,
    when: When,
) -> Result<(), StoreError> {
    let content: [u8; 32] = Sha256::digest(&entry.bytes).into();
    let kept = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO quarantine (store, workstation, content, entry_id, run, sequence, hash, bytes, reason,
                 received_at, moment)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            till.store.as_str(),
            till.workstation.as_str(),
            content,
            entry.id.as_bytes(),
            entry.mark.run.as_bytes(),
            entry.mark.sequence as i64,
            entry.hash,
            entry.bytes,
            reason.to_string(),
            micros(when.now),
            micros(when.moment)
        ])?;
    if kept > 0 {
        tracing::warn!(%till, entry = %entry.id, %reason, "an entry was put aside");
    }
    Ok(())
}

/// Judges entries again that were put aside and are not in the books. Their marks have moved over them already, and they happened
/// when they happened: what was counted since was counted after them.
pub fn retry(connection: &Connection, changes: &mut Changes, now: Timestamp) -> Result<Retried, StoreError> {
    let sql = format!(
        "SELECT q.store, q.workstation, q.bytes, q.moment, q.received_at FROM quarantine q WHERE {NOT_BOOKED}
         ORDER BY q.received_at, q.store, q.workstation, q.run, q.sequence LIMIT ?1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let aside: Vec<(TillId, Vec<u8>, Option<i64>, i64)> = statement
        .query_map([RETRIED_MAX as i64], |row| Ok((till_of(row)?, row.get(2)?, row.get(3)?, row.get(4)?)))?
        .collect::<Result<_, _>>()?;
    let mut retried = Retried { looked_at: aside.len(), booked: 0 };
    for (till, bytes, moment, received_at) in aside {
        let keys = access::list_keys(connection, &till)?;
        let keys: Vec<VerifyingKey> = keys.iter().filter_map(|key| VerifyingKey::from_bytes(key).ok()).collect();
        let Some(entry) = proof::receive_again(&bytes, &till, &keys) else { continue };
        let Judgement::Take(proven) = journal::judge(connection, &till, &entry)? else { continue };
        let received_at = words::instant(received_at)?;
        let moment = match moment {
            Some(moment) => words::instant(moment)?,
            None => proven.entry.recorded_at.min(received_at),
        };
        if journal::take(connection, changes, &till, proven, Booking::Apart, When { moment, now })?.is_ok() {
            tracing::info!(%till, entry = %entry.id, "an entry that had been put aside is booked");
            retried.booked += 1;
        }
    }
    Ok(retried)
}

/// How many of a till's entries are put aside and not in the books.
pub fn count(connection: &Connection, till: &TillId) -> Result<u64, StoreError> {
    let sql = format!("SELECT COUNT(*) FROM quarantine q WHERE q.store = ?1 AND q.workstation = ?2 AND {NOT_BOOKED}");
    let count: i64 = connection
        .prepare_cached(&sql)?
        .query_row(params![till.store.as_str(), till.workstation.as_str()], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// The same of every till that has any.
pub fn list_counts(connection: &Connection) -> Result<Vec<(TillId, u64)>, StoreError> {
    let sql = format!(
        "SELECT q.store, q.workstation, COUNT(*) FROM quarantine q WHERE {NOT_BOOKED} GROUP BY q.store, q.workstation"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((till_of(row)?, row.get::<_, i64>(2)?.unsigned_abs()));
    }
    Ok(found)
}

/// Entries put aside, newest first.
pub fn list(connection: &Connection) -> Result<Vec<QuarantinedEntry>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT store, workstation, entry_id, run, sequence, reason, received_at FROM quarantine
         ORDER BY received_at DESC LIMIT 10000",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(QuarantinedEntry {
            till: till_of(row)?,
            id: EntryId::from_bytes(words::bytes16(&row.get::<_, Vec<u8>>(2)?)?),
            mark: JournalMark {
                run: RunId::from_bytes(words::bytes16(&row.get::<_, Vec<u8>>(3)?)?),
                sequence: row.get::<_, i64>(4)?.unsigned_abs(),
            },
            reason: row.get(5)?,
            received_at: words::instant(row.get(6)?)?,
        });
    }
    Ok(found)
}
