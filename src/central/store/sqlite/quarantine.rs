//! Entries that were put aside: kept as they came, shown, and judged again by a program that may know better.

use chrono::TimeDelta;
use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::super::super::proof;
use super::super::{QuarantineReason, QuarantinedEntry, ReceivedEntry, Retried, StoreError};
use super::cause::When;
use super::feeds::Changes;
use super::journal::{Booking, Judgement};
use super::words::{self, micros, till_of};
use super::{access, journal};
use crate::domain::Timestamp;
use crate::domain::event::Entry;
use crate::domain::ids::{EntryId, JournalMark, RunId, TillId};
use crate::domain::till_clock::{self, Hearing};

/// Of what was put aside, called `q`: it is not in the books, under its own hash.
const NOT_BOOKED: &str =
    "NOT EXISTS (SELECT 1 FROM entry e WHERE e.store = q.store AND e.entry_id = q.entry_id AND e.hash = q.hash)";

/// When the last entry of a run happened that stands before a place and has moved something.
const MOVED_BEFORE: &str =
    "SELECT m.moved_at FROM entry e JOIN movement m ON (m.store, m.entry_id) = (e.store, e.entry_id)
     WHERE e.store = ?1 AND e.workstation = ?2 AND e.run = ?3 AND e.sequence < ?4
     ORDER BY e.sequence DESC, m.position LIMIT 1";

/// How many entries that were put aside are judged again at once, the oldest first.
const RETRIED_MAX: usize = 10_000;

/// Keeps an entry that is not booked, with the reason.
pub fn keep(
    connection: &Connection,
    till: &TillId,
    entry: &ReceivedEntry,
    reason: &QuarantineReason,
    when: When,
    hearing: &Hearing,
) -> Result<(), StoreError> {
    // When it was written is known to whoever can read it.
    let ahead = entry.content.as_ref().err().and_then(|_| hearing.ahead().num_microseconds());
    let content: [u8; 32] = Sha256::digest(&entry.bytes).into();
    let kept = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO quarantine (store, workstation, content, entry_id, run, sequence, hash, bytes, reason,
                 received_at, moment, ahead)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
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
            micros(when.moment),
            ahead
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
        "SELECT q.store, q.workstation, q.bytes, q.moment, q.received_at, q.ahead FROM quarantine q WHERE {NOT_BOOKED}
         ORDER BY q.received_at, q.store, q.workstation, q.run, q.sequence LIMIT ?1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let aside: Vec<(TillId, Vec<u8>, Placed)> = statement
        .query_map([RETRIED_MAX as i64], |row| {
            Ok((
                till_of(row)?,
                row.get(2)?,
                Placed { moment: row.get(3)?, received_at: row.get(4)?, ahead: row.get(5)? },
            ))
        })?
        .collect::<Result<_, _>>()?;
    let mut retried = Retried { looked_at: aside.len(), booked: 0 };
    for (till, bytes, placed) in aside {
        let keys = access::list_keys(connection, &till)?;
        let keys: Vec<VerifyingKey> = keys.iter().filter_map(|key| VerifyingKey::from_bytes(key).ok()).collect();
        let Some(entry) = proof::receive_again(&bytes, &till, &keys) else { continue };
        let Judgement::Take(proven) = journal::judge(connection, &till, &entry)? else { continue };
        let moment = placed.find_moment(connection, &till, &proven.entry)?.min(now);
        if journal::take(connection, changes, &till, proven, Booking::Apart, When { moment, now })?.is_ok() {
            tracing::info!(%till, entry = %entry.id, "an entry that had been put aside is booked");
            retried.booked += 1;
        }
    }
    Ok(retried)
}

/// What is known of when an entry that was put aside happened.
struct Placed {
    moment: Option<i64>,
    received_at: i64,
    /// How far its till's clock was ahead, where nobody could read when it was written.
    ahead: Option<i64>,
}

impl Placed {
    /// When it happened, now that it can be read: not before what stands before it in its journal, and not after what stands behind.
    fn find_moment(&self, connection: &Connection, till: &TillId, entry: &Entry) -> Result<Timestamp, StoreError> {
        let Some(moment) = self.moment.map(words::instant).transpose()? else {
            return Ok(entry.recorded_at.min(words::instant(self.received_at)?));
        };
        let Some(ahead) = self.ahead else { return Ok(moment) };
        let (place, mark) = ((till.store.as_str(), till.workstation.as_str()), entry.mark);
        let before: Option<i64> = connection
            .prepare_cached(MOVED_BEFORE)?
            .query_row(params![place.0, place.1, mark.run.as_bytes(), mark.sequence as i64], |row| row.get(0))
            .optional()?;
        let written = till_clock::step(entry.recorded_at, TimeDelta::microseconds(-ahead));
        let just_behind = |before| till_clock::step(before, TimeDelta::microseconds(1));
        let not_before =
            before.map(words::instant).transpose()?.map_or(written, |before| just_behind(before).max(written));
        Ok(not_before.min(moment))
    }
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
