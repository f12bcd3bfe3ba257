//! Transfers: central's record of each, and own requests until central's record is here.

use rusqlite::{Connection, OptionalExtension, params};

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

/// A transfer as this till knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownTransfer {
    /// As central has it, or as this till has asked.
    pub transfer: Transfer,
    /// Has central heard of it? Before, nobody in the other store knows.
    pub told: bool,
    /// It was withdrawn here, and central has not said yet what came of that.
    pub withdrawn: bool,
}

impl View<'_> {
    /// The transfers somebody in this store must still see to, or waits for; oldest first.
    pub fn list_open_transfers(&self) -> Result<Vec<KnownTransfer>, DatabaseError> {
        let rows: Vec<(Vec<u8>, bool, bool)> = self
            .connection
            .prepare_cached("SELECT record, run IS NULL, withdrawn FROM transfer WHERE closed = 0 ORDER BY entry")
            .and_then(|mut s| s.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect())
            .or_while(READING)?;
        let known = rows.into_iter().map(|(record, told, withdrawn)| {
            let transfer = decode(&record)?;
            Ok(KnownTransfer { transfer, told, withdrawn })
        });
        let known = known.collect::<Result<Vec<_>, _>>()?;
        // What nobody has heard of and is needed no more is over.
        let is_open = |known: &KnownTransfer| !known.transfer.state.is_over() && (known.told || !known.withdrawn);
        Ok(known.into_iter().filter(is_open).collect())
    }

    /// What was asked here and central has not heard of: no figure of another store is less by it.
    pub(super) fn list_transfers_to_ask(&self) -> Result<Vec<Transfer>, DatabaseError> {
        let records: Vec<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT record FROM transfer WHERE closed = 0 AND run IS NOT NULL AND withdrawn = 0")
            .and_then(|mut s| s.query_map((), |row| row.get(0))?.collect())
            .or_while(READING)?;
        records.iter().map(|record| decode(record)).collect()
    }

    /// What an entry asked another store for, whether it is over or not.
    pub fn find_transfer(&self, entry: EntryId) -> Result<Option<Transfer>, DatabaseError> {
        let record: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT record FROM transfer WHERE entry = ?1")
            .and_then(|mut s| s.query_row([entry.as_bytes()], |row| row.get(0)).optional())
            .or_while(READING)?;
        record.as_deref().map(decode).transpose()
    }
}

/// Takes central's record. `true` when this till had withdrawn it, and the giving store was faster.
pub(super) fn put(connection: &Connection, transfer: &Transfer) -> Result<bool, DatabaseError> {
    let taken = matches!(transfer.state, TransferState::SetAside | TransferState::Sent);
    let in_vain = taken
        && connection
            .prepare_cached("UPDATE transfer SET withdrawn = 0 WHERE entry = ?1 AND withdrawn = 1 AND closed = 0")
            .and_then(|mut s| s.execute([transfer.entry.as_bytes()]))
            .or_while(WRITING)?
            > 0;
    connection
        .prepare_cached(
            "INSERT INTO transfer (entry, record, closed) VALUES (?1, ?2, 0)
             ON CONFLICT (entry) DO UPDATE SET record = excluded.record, run = NULL, sequence = NULL",
        )
        .and_then(|mut s| s.execute(params![transfer.entry.as_bytes(), encode(transfer)]))
        .or_while(WRITING)?;
    Ok(in_vain)
}

/// What an own entry does: a request is known here before central hears of it, a close holds at once.
pub(super) fn project(connection: &Connection, entry: &Entry) -> Result<(), DatabaseError> {
    match &entry.event {
        Event::TransferRequested { product, quantity, from, case, order, customer } => {
            let view = View { connection };
            let Some(till) = view.find_till()? else { return Ok(()) };
            let elsewhere = view.find_stock_figure(product)?.map(|figure| figure.elsewhere).unwrap_or_default();
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
                for_order: order.clone(),
                customer: customer.clone(),
            };
            let mark = (entry.mark.run.as_bytes(), entry.mark.sequence as i64);
            connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO transfer (entry, record, run, sequence, closed) VALUES (?1, ?2, ?3, ?4, 0)",
                )
                .and_then(|mut s| s.execute(params![entry.id.as_bytes(), encode(&transfer), mark.0, mark.1]))
                .map(|_| ())
                .or_while(WRITING)
        }
        Event::TransferClosed { transfer, .. } => connection
            .prepare_cached("UPDATE transfer SET closed = 1 WHERE entry = ?1")
            .and_then(|mut s| s.execute([transfer.as_bytes()]))
            .map(|_| ())
            .or_while(WRITING),
        Event::TransferWithdrawn { transfer } => connection
            .prepare_cached("UPDATE transfer SET withdrawn = 1 WHERE entry = ?1")
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
