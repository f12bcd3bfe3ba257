//! Transfers: central's record of each, and own requests until central's record is here.

use rusqlite::{Connection, params};

use super::View;
use super::error::{DatabaseError, While};
use crate::domain::event::{Entry, Event};
use crate::domain::feed::Change;
use crate::domain::ids::EntryId;
use crate::domain::transfer::{Transfer, TransferState};
use crate::wire;

const READING: &str = "reading transfers";
const WRITING: &str = "keeping a transfer";

fn encode(transfer: &Transfer) -> Vec<u8> {
    wire::encode_change(&Change::Transfer(transfer.clone()))
}

fn decode(record: &[u8]) -> Result<Transfer, DatabaseError> {
    match wire::decode_change(record) {
        Ok(Change::Transfer(transfer)) => Ok(transfer),
        Ok(_) => Err(DatabaseError::damaged(READING, "the record is no transfer")),
        Err(error) => Err(DatabaseError::damaged(READING, error)),
    }
}

impl View<'_> {
    /// The transfers somebody in this store must still see to, or waits for; oldest first.
    pub fn list_open_transfers(&self) -> Result<Vec<Transfer>, DatabaseError> {
        let records: Vec<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT record FROM transfer WHERE closed = 0 ORDER BY entry")
            .and_then(|mut s| s.query_map((), |row| row.get(0))?.collect())
            .or_while(READING)?;
        let transfers = records.iter().map(|record| decode(record)).collect::<Result<Vec<_>, _>>()?;
        Ok(transfers.into_iter().filter(|transfer| transfer.state != TransferState::Closed).collect())
    }
}

/// Takes central's record.
pub(super) fn put(connection: &Connection, transfer: &Transfer) -> Result<(), DatabaseError> {
    connection
        .prepare_cached(
            "INSERT INTO transfer VALUES (?1, ?2, NULL, NULL, 0)
             ON CONFLICT (entry) DO UPDATE SET record = excluded.record, run = NULL, sequence = NULL",
        )
        .and_then(|mut s| s.execute(params![transfer.entry.as_bytes(), encode(transfer)]))
        .map(|_| ())
        .or_while(WRITING)
}

/// What an own entry does: a request is known here before central hears of it, a close holds at once.
pub(super) fn project(connection: &Connection, entry: &Entry) -> Result<(), DatabaseError> {
    match &entry.event {
        Event::TransferRequested { product, quantity, from, case, .. } => {
            let view = View { connection };
            let Some(till) = view.find_till()? else { return Ok(()) };
            let elsewhere = view.list_other_stores(product)?;
            let from_name = elsewhere.into_iter().find(|other| other.store == *from).map(|other| other.name);
            let operator = entry.operator.as_ref().map(|id| view.find_operator(id)).transpose()?.flatten();
            let transfer = Transfer {
                entry: entry.id,
                order: None,
                product: product.clone(),
                quantity: *quantity,
                from: from.clone(),
                from_name: from_name.unwrap_or_else(|| from.to_string()),
                to: till.store.clone(),
                to_name: view.find_settings()?.map_or_else(|| till.store.to_string(), |settings| settings.name),
                asked_by: operator.map_or_else(String::new, |operator| operator.name),
                asked_at: entry.recorded_at,
                state: TransferState::Requested,
                case: *case,
            };
            let mark = (entry.mark.run.as_bytes(), entry.mark.sequence as i64);
            connection
                .prepare_cached("INSERT OR IGNORE INTO transfer VALUES (?1, ?2, ?3, ?4, 0)")
                .and_then(|mut s| s.execute(params![entry.id.as_bytes(), encode(&transfer), mark.0, mark.1]))
                .map(|_| ())
                .or_while(WRITING)
        }
        Event::TransferClosed { transfer, .. } => connection
            .prepare_cached("UPDATE transfer SET closed = 1 WHERE entry = ?1")
            .and_then(|mut s| s.execute([transfer.as_bytes()]))
            .map(|_| ())
            .or_while(WRITING),
        _ => Ok(()),
    }
}

/// A snapshot is the whole: what it does not name is gone, but for own requests that central does not have yet.
pub(super) fn remove_unnamed(
    connection: &Connection,
    named: &std::collections::HashSet<EntryId>,
) -> Result<bool, DatabaseError> {
    let known: Vec<[u8; 16]> = connection
        .prepare_cached(
            "SELECT entry FROM transfer t WHERE t.run IS NULL OR t.sequence <=
             coalesce((SELECT c.sequence FROM contained c WHERE c.run = t.run), 0)",
        )
        .and_then(|mut s| s.query_map((), |row| row.get(0))?.collect())
        .or_while(WRITING)?;
    let mut removed = false;
    for entry in known {
        if !named.contains(&EntryId::from_bytes(entry)) {
            connection
                .prepare_cached("DELETE FROM transfer WHERE entry = ?1")
                .and_then(|mut s| s.execute([entry]))
                .or_while(WRITING)?;
            removed = true;
        }
    }
    Ok(removed)
}
