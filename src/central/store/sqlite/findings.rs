//! What is odd in the tills' journals: entries put aside, forks, steps that did not fit, money and numbers that do not agree, as
//! one list.

use rusqlite::{Connection, params};

use super::super::{AnomalyRecord, Finding, FindingKind, StoreError};
use super::words::{self, Word, micros};
use crate::domain::Timestamp;
use crate::domain::ids::{EntryId, OrderNumber, StoreId, WorkstationId};

/// An entry that was put aside and came again is told no more once it is booked.
const FINDINGS: &str = "SELECT kind, store, workstation, number, entry_id, what, found_at FROM (
        SELECT 'put_aside' AS kind, q.store, q.workstation, NULL AS number, q.entry_id, q.reason AS what,
               q.received_at AS found_at
        FROM quarantine q WHERE NOT EXISTS
            (SELECT 1 FROM entry e WHERE e.store = q.store AND e.entry_id = q.entry_id AND e.hash = q.hash)
        UNION ALL
        SELECT 'fork', store, workstation, NULL, entry_b,
               'it follows the same entry as another: the till was restored, re-imaged or cloned', found_at
        FROM fork
        UNION ALL
        SELECT 'misfit', a.store, e.workstation, a.number, a.entry_id, a.what, a.found_at
        FROM order_anomaly a LEFT JOIN entry e ON e.store = a.store AND e.entry_id = a.entry_id
        UNION ALL
        SELECT f.kind, f.store, e.workstation, f.number, f.entry_id, f.what, f.found_at
        FROM finding f LEFT JOIN entry e ON e.store = f.store AND e.entry_id = f.entry_id
    )
    ORDER BY found_at DESC, kind, entry_id LIMIT ?1 OFFSET ?2";

/// So many, newest first, behind so many.
pub fn list(connection: &Connection, skipped: usize, findings_max: usize) -> Result<Vec<Finding>, StoreError> {
    let mut statement = connection.prepare_cached(FINDINGS)?;
    let mut rows = statement.query(params![findings_max as i64, skipped as i64])?;
    let mut findings = Vec::new();
    while let Some(row) = rows.next()? {
        findings.push(Finding {
            kind: FindingKind::read(&row.get::<_, String>(0)?)?,
            store: StoreId::new(row.get::<_, String>(1)?),
            workstation: row.get::<_, Option<String>>(2)?.map(WorkstationId::new),
            order: row.get::<_, Option<String>>(3)?.map(OrderNumber::new),
            entry: EntryId::from_bytes(words::bytes16(&row.get::<_, Vec<u8>>(4)?)?),
            what: row.get(5)?,
            found_at: words::instant(row.get(6)?)?,
        });
    }
    Ok(findings)
}

/// Keeps a step that did not fit its order.
pub fn save_anomaly(
    connection: &Connection,
    store: &StoreId,
    entry: EntryId,
    position: usize,
    number: &OrderNumber,
    what: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO order_anomaly (store, entry_id, position, number, what, found_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![store.as_str(), entry.as_bytes(), position as i64, number.as_str(), what, micros(now)])?;
    Ok(())
}

/// Keeps what is odd about an entry that is booked.
pub fn save(
    connection: &Connection,
    store: &StoreId,
    entry: EntryId,
    kind: FindingKind,
    number: Option<&OrderNumber>,
    what: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO finding (store, entry_id, position, kind, number, what, found_at)
             VALUES (?1, ?2, (SELECT COUNT(*) FROM finding WHERE store = ?1 AND entry_id = ?2), ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            store.as_str(),
            entry.as_bytes(),
            kind.word(),
            number.map(OrderNumber::as_str),
            what,
            micros(now)
        ])?;
    Ok(())
}

/// Those kept, newest first.
pub fn list_anomalies(connection: &Connection) -> Result<Vec<AnomalyRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT store, number, entry_id, what, found_at FROM order_anomaly ORDER BY found_at DESC LIMIT 10000",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(AnomalyRecord {
            store: StoreId::new(row.get::<_, String>(0)?),
            order: OrderNumber::new(row.get::<_, String>(1)?),
            entry: EntryId::from_bytes(words::bytes16(&row.get::<_, Vec<u8>>(2)?)?),
            what: row.get(3)?,
            found_at: words::instant(row.get(4)?)?,
        });
    }
    Ok(found)
}
