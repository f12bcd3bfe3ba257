//! The end of what is kept about persons: of orders that are over and of documents that were settled, some days later.
//!
//! What was sold, moved and paid stays as it is. Of a name that tells one order from another, and of a document, a digest stays:
//! what is sent again is known, and nobody can be read out of it.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::super::{Forgotten, StoreError};
use super::feeds::Changes;
use super::transfers;
use super::words::micros;
use crate::domain::Timestamp;
use crate::domain::ids::{OrderNumber, StoreId};
use crate::domain::web_order::{WebOrder, forget_collectors};
use crate::wire;

const ORDERS_TO_FORGET: &str = "SELECT store, number, buyer, customer IS NOT NULL FROM web_order
     WHERE over_at IS NOT NULL AND forgotten_at IS NULL AND over_at <= ?1 ORDER BY over_at LIMIT ?2";
const PROBLEMS_TO_FORGET: &str = "SELECT problem FROM problem_order
     WHERE settled_at IS NOT NULL AND forgotten_at IS NULL AND settled_at <= ?1 ORDER BY settled_at LIMIT ?2";
const FILES_TO_FORGET: &str = "SELECT channel, claim FROM order_file
     WHERE filed = 1 AND forgotten_at IS NULL AND received_at <= ?1 ORDER BY received_at LIMIT ?2";

/// What stands for a buyer who was forgotten: always the same for the same name.
pub fn stand_in(buyer: &str) -> String {
    let digest = Sha256::digest(buyer.as_bytes());
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

/// What stands for a document that was forgotten.
pub fn digest(document: &[u8]) -> [u8; 32] {
    Sha256::digest(document).into()
}

/// Notes when an order was over, or that it is not over after all.
pub fn note_end(
    connection: &Connection,
    before: &WebOrder,
    after: &WebOrder,
    now: Timestamp,
) -> Result<(), StoreError> {
    if before.is_over() == after.is_over() || after.channel.as_str() == transfers::CHANNEL {
        return Ok(());
    }
    let over_at = after.is_over().then(|| micros(now));
    connection
        .prepare_cached("UPDATE web_order SET over_at = ?3 WHERE store = ?1 AND number = ?2")?
        .execute(params![after.store.as_str(), after.number.as_str(), over_at])?;
    Ok(())
}

/// How many of the orders that were over last a snapshot names, and of how many microseconds before the last of them.
const OVER_NAMED_MAX: i64 = 400;
const OVER_NAMED_MICROS: i64 = 14 * 24 * 3_600 * 1_000_000;

/// Since when (microseconds) the orders of a store that are over are named in a snapshot: whoever asks for
/// one finds it at every till of the store.
pub fn named_since(connection: &Connection, store: &StoreId) -> Result<i64, StoreError> {
    let find = |position: i64| {
        connection
            .prepare_cached(
                "SELECT over_at FROM web_order WHERE store = ?1 AND over_at IS NOT NULL AND forgotten_at IS NULL
                 ORDER BY over_at DESC LIMIT 1 OFFSET ?2",
            )?
            .query_row(params![store.as_str(), position], |row| row.get::<_, i64>(0))
            .optional()
    };
    let last = find(0)?.unwrap_or(i64::MAX);
    Ok(find(OVER_NAMED_MAX - 1)?.unwrap_or(i64::MIN).max(last.saturating_sub(OVER_NAMED_MICROS)))
}

/// Was the person of an order forgotten?
pub fn is_forgotten(connection: &Connection, store: &StoreId, number: &OrderNumber) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM web_order WHERE store = ?1 AND number = ?2 AND forgotten_at IS NOT NULL")?
        .exists(params![store.as_str(), number.as_str()])?)
}

/// Forgets the persons of at most so many orders, problem documents and files each that were over at a moment. Whatever was
/// there is overwritten on the disk too. Answers how many there were.
pub fn forget(
    connection: &Connection,
    changes: &mut Changes,
    over_before: Timestamp,
    each_max: usize,
    now: Timestamp,
) -> Result<Forgotten, StoreError> {
    let overwrites: i64 = connection.query_row("PRAGMA secure_delete", [], |row| row.get(0))?;
    connection.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))?;
    let forgotten = forget_all(connection, changes, over_before, each_max, now);
    connection.query_row(&format!("PRAGMA secure_delete = {overwrites}"), [], |_| Ok(()))?;
    forgotten
}

fn forget_all(
    connection: &Connection,
    changes: &mut Changes,
    over_before: Timestamp,
    each_max: usize,
    now: Timestamp,
) -> Result<Forgotten, StoreError> {
    let due = params![micros(over_before), each_max as i64];
    let mut statement = connection.prepare_cached(ORDERS_TO_FORGET)?;
    let orders = statement.query_map(due, |row| {
        let known_customer: bool = row.get(3)?;
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, known_customer))
    })?;
    let orders = orders.collect::<Result<Vec<_>, _>>()?;
    for (store, number, buyer, known_customer) in &orders {
        // A customer of ours is a business we have terms with: its number stays with what it bought.
        let buyer = if buyer.is_empty() || *known_customer { buyer.clone() } else { stand_in(buyer) };
        forget_order(connection, store, number, &buyer, now)?;
        changes.touch_forgotten_order(&StoreId::new(store), &OrderNumber::new(number));
    }
    let mut statement = connection.prepare_cached(PROBLEMS_TO_FORGET)?;
    let problems = statement.query_map(due, |row| row.get::<_, Vec<u8>>(0))?.collect::<Result<Vec<_>, _>>()?;
    for problem in &problems {
        connection.prepare_cached("DELETE FROM problem_document WHERE problem = ?1")?.execute([problem])?;
        connection
            .prepare_cached("UPDATE problem_order SET problems = '[]', forgotten_at = ?2 WHERE problem = ?1")?
            .execute(params![problem, micros(now)])?;
    }
    let mut statement = connection.prepare_cached(FILES_TO_FORGET)?;
    let files = statement.query_map(due, |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let files = files.collect::<Result<Vec<_>, _>>()?;
    for (channel, claim) in &files {
        connection
            .prepare_cached(
                "UPDATE order_file SET report = '', rejected = x'', answer = x'', forgotten_at = ?3
                 WHERE channel = ?1 AND claim = ?2",
            )?
            .execute(params![channel, claim, micros(now)])?;
    }
    let is_all = [orders.len(), problems.len(), files.len()].iter().all(|count| *count < each_max);
    Ok(Forgotten { orders: orders.len(), problems: problems.len(), files: files.len(), is_all })
}

fn forget_order(
    connection: &Connection,
    store: &str,
    number: &str,
    buyer: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE web_order SET customer_name = '', customer_phone = NULL, notes = '', buyer = ?3, forgotten_at = ?4
             WHERE store = ?1 AND number = ?2",
        )?
        .execute(params![store, number, buyer, micros(now)])?;
    let kept: Vec<u8> = connection
        .prepare_cached("SELECT history FROM web_order WHERE store = ?1 AND number = ?2")?
        .query_row([store, number], |row| row.get(0))?;
    let mut history = wire::decode_history(&kept).map_err(|error| StoreError::Damaged(error.to_string()))?;
    forget_collectors(&mut history);
    connection
        .prepare_cached("UPDATE web_order SET history = ?3 WHERE store = ?1 AND number = ?2")?
        .execute(params![store, number, wire::encode_history(&history)])?;
    connection.prepare_cached("DELETE FROM delivery_address WHERE number = ?1")?.execute([number])?;
    connection.prepare_cached("UPDATE unmatched_line SET buyers = '[]' WHERE number = ?1")?.execute([number])?;
    let mut statement = connection.prepare_cached("SELECT position, document FROM order_document WHERE number = ?1")?;
    let documents = statement.query_map([number], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    for (position, document) in documents.collect::<Result<Vec<_>, _>>()? {
        connection
            .prepare_cached(
                "UPDATE order_document SET document = x'', notes = '', warnings = '[]', digest = ?3
                 WHERE number = ?1 AND position = ?2 AND digest IS NULL",
            )?
            .execute(params![number, position, digest(&document)])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
