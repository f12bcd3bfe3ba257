//! Cuts: when a product of a store was counted, in central's time. A count says what lay there at its moment, so what moved before
//! and is heard of later (a till was offline) goes into the history and not into the level.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::super::StoreError;
use super::cause::Cause;
use super::stock::Dated;
use super::words::{self, micros};
use crate::domain::Timestamp;
use crate::domain::ids::{ProductId, StoreId, WorkstationId};
use crate::domain::stock::{Movement, MovementReason};
use crate::domain::till_clock;

/// The count of a product that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// When it was counted, in central's time.
    pub at: Timestamp,
    /// At which till, where one counted its shelf; a figure from outside is of all that is on hand.
    pub workstation: Option<WorkstationId>,
}

/// When the product was counted last, where a count said so. One that was dated while central's clock was ahead was before whatever
/// is heard of now, and nobody knows when.
pub fn find(
    connection: &Connection,
    store: &StoreId,
    product: &ProductId,
    now: Timestamp,
) -> Result<Option<Cut>, StoreError> {
    let found: Option<(i64, Option<String>)> = connection
        .prepare_cached("SELECT cut_at, workstation FROM stock_cut WHERE store = ?1 AND product = ?2")?
        .query_row(params![store.as_str(), product.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let latest = micros(till_clock::latest_known(now));
    found
        .filter(|(at, _)| *at <= latest)
        .map(|(at, workstation)| Ok(Cut { at: words::instant(at)?, workstation: workstation.map(WorkstationId::new) }))
        .transpose()
}

/// The cuts of what an entry touches, each looked up once.
pub struct Cuts<'a> {
    connection: &'a Connection,
    store: &'a StoreId,
    now: Timestamp,
    found: BTreeMap<ProductId, Option<Cut>>,
}

impl<'a> Cuts<'a> {
    /// As they are before the entry.
    pub const fn before(connection: &'a Connection, cause: &Cause<'a>) -> Self {
        Self { connection, store: cause.store, now: cause.now, found: BTreeMap::new() }
    }

    /// When the product was counted last.
    pub fn find(&mut self, product: &ProductId) -> Result<Option<&Cut>, StoreError> {
        if !self.found.contains_key(product) {
            let cut = find(self.connection, self.store, product, self.now)?;
            self.found.insert(product.clone(), cut);
        }
        Ok(self.found.get(product).and_then(Option::as_ref))
    }
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

/// What takes the movements of an entry out of the level again where they are from before a figure of all that was on hand. A
/// count of a shelf is kept otherwise, see [`super::counts`].
pub fn list_counted_already(cuts: &mut Cuts<'_>, movements: &[Dated]) -> Result<Vec<Dated>, StoreError> {
    let mut counted = Vec::new();
    for Dated { movement, moment } in movements {
        let Some(cut) = cuts.find(&movement.product)?.filter(|cut| cut.workstation.is_none() && *moment <= cut.at)
        else {
            continue;
        };
        counted.push(Dated::by_central(Movement {
            quantity: -movement.quantity,
            reason: MovementReason::Adjustment,
            at: cut.at,
            ..movement.clone()
        }));
    }
    Ok(counted)
}
