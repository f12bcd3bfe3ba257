//! Cuts: when a product of a store was counted, in central's time. A count says what lay there at its moment, so what moved before
//! and is heard of later (a till was offline) goes into the history and not into the level.

use rusqlite::{Connection, OptionalExtension, params};

use super::super::StoreError;
use super::stock::Dated;
use super::words::{self, micros};
use crate::domain::Timestamp;
use crate::domain::ids::{ProductId, StoreId, WorkstationId};
use crate::domain::quantity::Quantity;
use crate::domain::stock::{Movement, MovementReason};

/// The count of a product that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// When it was counted, in central's time.
    pub at: Timestamp,
    /// At which till, where one counted its shelf; a figure from outside is of all that is on hand.
    pub workstation: Option<WorkstationId>,
}

/// When the product was counted last, where a count said so.
pub fn find(connection: &Connection, store: &StoreId, product: &ProductId) -> Result<Option<Cut>, StoreError> {
    let found: Option<(i64, Option<String>)> = connection
        .prepare_cached("SELECT cut_at, workstation FROM stock_cut WHERE store = ?1 AND product = ?2")?
        .query_row(params![store.as_str(), product.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(at, workstation)| Ok(Cut { at: words::instant(at)?, workstation: workstation.map(WorkstationId::new) }))
        .transpose()
}

/// It was counted then.
pub fn save(
    connection: &Connection,
    store: &StoreId,
    product: &ProductId,
    counted_at: Timestamp,
    workstation: Option<&WorkstationId>,
) -> Result<(), StoreError> {
    let workstation = workstation.map(WorkstationId::as_str);
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO stock_cut (store, product, cut_at, workstation) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![store.as_str(), product.as_str(), micros(counted_at), workstation])?;
    Ok(())
}

/// What has moved behind a moment. The ledger has no index by product: whoever can tell otherwise does not ask.
pub fn sum_moved_since(
    connection: &Connection,
    store: &StoreId,
    product: &ProductId,
    at: Timestamp,
) -> Result<Quantity, StoreError> {
    let sum: i64 = connection
        .prepare_cached(
            "SELECT COALESCE(SUM(quantity), 0) FROM movement WHERE store = ?1 AND product = ?2 AND moved_at > ?3",
        )?
        .query_row(params![store.as_str(), product.as_str(), micros(at)], |row| row.get(0))?;
    Ok(Quantity::from_thousandths(sum))
}

/// What takes the movements of an entry out of the level again where they are from before a figure of all that was on hand. A
/// count of a shelf is kept otherwise, see [`super::counts`].
pub fn list_counted_already(
    connection: &Connection,
    store: &StoreId,
    movements: &[Dated],
) -> Result<Vec<Dated>, StoreError> {
    let mut counted = Vec::new();
    for Dated { movement, moment } in movements {
        let cut = find(connection, store, &movement.product)?;
        let Some(cut) = cut.filter(|cut| cut.workstation.is_none() && *moment <= cut.at) else { continue };
        counted.push(Dated::by_central(Movement {
            quantity: -movement.quantity,
            reason: MovementReason::Adjustment,
            at: cut.at,
            ..movement.clone()
        }));
    }
    Ok(counted)
}
