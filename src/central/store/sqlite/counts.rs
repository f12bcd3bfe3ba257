//! Counts of a product on its shelf, made at a till while the shop goes on: what was found becomes a movement here, by what
//! central's books say of that moment.
//!
//! A till that counts may not have heard of everything, and central may hear of some of it later: neither a sale that was made
//! before the count nor one that was made after it is counted twice. What lies in a bay is not on the shelf, so that it is the
//! shelf that is compared. What is handed over out of a bay moves none; what is picked leaves it and is on hand all the same:
//! that is kept beside the ledger, for a count that is heard of after a pick that came after it.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::super::StoreError;
use super::cases::{self, Cause};
use super::feeds::Changes;
use super::story::STORY_LINES;
use super::words::micros;
use super::{cuts, orders, stock};
use crate::domain::Timestamp;
use crate::domain::event::{Event, order_steps};
use crate::domain::ids::{ProductId, StoreId, WorkstationId};
use crate::domain::quantity::Quantity;
use crate::domain::stock::{Movement, MovementReason};
use crate::domain::web_order::OrderStep;

/// A shelf as it was before an entry.
pub struct Shelf {
    product: ProductId,
    before: Quantity,
    /// When it was counted, where the entry is older than that.
    counted_at: Option<Timestamp>,
}

/// Books what was found on a shelf: the difference to what the books say lay there then. An older count than the one that
/// holds changes nothing any more.
pub fn book(connection: &Connection, changes: &mut Changes, cause: &Cause<'_>) -> Result<(), StoreError> {
    let Event::StockCounted { product, found, in_baskets, .. } = &cause.entry.event else { return Ok(()) };
    let counted_at = cause.entry.recorded_at;
    let held_by_a_later = cuts::find(connection, cause.store, product)?
        .is_some_and(|cut| cut.at > counted_at && cut.workstation.as_ref() != Some(cause.workstation));
    let difference = if held_by_a_later {
        Quantity::ZERO
    } else {
        let shelf = changes.level(connection, cause.store, product)?.shelf();
        let till = (cause.store, cause.workstation);
        let moved = sum_moved_since(connection, changes, till, product, counted_at)?
            + sum_put_aside_since(connection, till, product, counted_at)?;
        *found + *in_baskets - (shelf - moved)
    };
    // Also a difference of nothing: the till waits to hear that the figure has its count.
    stock::book_more(connection, changes, cause, product, difference, counted_at)?;
    if held_by_a_later {
        return Ok(());
    }
    cuts::save(connection, cause.store, product, counted_at, Some(cause.workstation))?;
    cases::settle_by_stock(connection, changes, cause.store, product, MovementReason::Adjustment, cause.now)
}

/// What other tills have taken from a shelf, or put on it, behind a moment. What this till did before stands before its count
/// in its journal, whatever its clock said.
fn sum_moved_since(
    connection: &Connection,
    changes: &mut Changes,
    (store, workstation): (&StoreId, &WorkstationId),
    product: &ProductId,
    at: Timestamp,
) -> Result<Quantity, StoreError> {
    let story = changes.story(connection, store, product)?;
    // Nearly always the last movements tell: the ledger has no index by product.
    if story.len() < STORY_LINES || story.last().is_some_and(|oldest| oldest.at <= at) {
        let later = story.iter().filter(|line| line.at > at && moves_shelf(line.reason, line.quantity));
        let others = later.filter(|line| line.workstation.as_deref() != Some(workstation.as_str()));
        return Ok(others.map(|line| line.quantity).sum());
    }
    let place = params![store.as_str(), product.as_str(), micros(at), workstation.as_str()];
    let ledger: i64 = connection
        .prepare_cached(
            "SELECT COALESCE(SUM(quantity), 0) FROM movement
             WHERE store = ?1 AND product = ?2 AND moved_at > ?3 AND workstation IS NOT ?4
                 AND reason NOT IN ('hand_over', 'dispatch') AND NOT (reason = 'transfer' AND quantity < 0)",
        )?
        .query_row(place, |row| row.get(0))?;
    Ok(Quantity::from_thousandths(ledger))
}

/// What the steps of other tills on orders did to a shelf behind a moment, beside the ledger.
fn sum_put_aside_since(
    connection: &Connection,
    (store, workstation): (&StoreId, &WorkstationId),
    product: &ProductId,
    at: Timestamp,
) -> Result<Quantity, StoreError> {
    let sum: i64 = connection
        .prepare_cached(
            "SELECT COALESCE(SUM(quantity), 0) FROM shelf_move
             WHERE store = ?1 AND product = ?2 AND moved_at > ?3 AND workstation <> ?4",
        )?
        .query_row(params![store.as_str(), product.as_str(), micros(at), workstation.as_str()], |row| row.get(0))?;
    Ok(Quantity::from_thousandths(sum))
}

/// Is it taken from the shelf, or put on it? What leaves for a customer or another store leaves from its bay.
const fn moves_shelf(reason: MovementReason, quantity: Quantity) -> bool {
    match reason {
        MovementReason::HandOver | MovementReason::Dispatch => false,
        MovementReason::Transfer => !quantity.is_negative(),
        MovementReason::Sale
        | MovementReason::Return
        | MovementReason::Receipt
        | MovementReason::Adjustment
        | MovementReason::Opening => true,
    }
}

/// The shelves an entry may move, as they are before it: those of its orders, and those that were counted, at another till,
/// after it was written, so that what it moved on them was seen.
pub fn list_shelves(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    movements: &[Movement],
) -> Result<Vec<Shelf>, StoreError> {
    let mut of_orders: BTreeSet<ProductId> = BTreeSet::new();
    for (number, step) in order_steps(cause.entry) {
        if step != OrderStep::PutAtRisk
            && let Some(order) = orders::find_in_store(connection, cause.store, &number)?
        {
            of_orders.extend(order.lines.into_iter().map(|line| line.product));
        }
    }
    let moved = movements.iter().map(|movement| movement.product.clone());
    let mut shelves = Vec::new();
    for product in of_orders.iter().cloned().chain(moved).collect::<BTreeSet<_>>() {
        let counted = cuts::find(connection, cause.store, &product)?.filter(|cut| {
            let at_another = cut.workstation.as_ref().is_some_and(|workstation| workstation != cause.workstation);
            at_another && cause.entry.recorded_at <= cut.at
        });
        if counted.is_some() || of_orders.contains(&product) {
            let before = changes.level(connection, cause.store, &product)?.shelf();
            shelves.push(Shelf { product, before, counted_at: counted.map(|cut| cut.at) });
        }
    }
    Ok(shelves)
}

/// What the entry did to these shelves beside the ledger is kept. Where they were counted afterwards, whatever it did goes into
/// the history and not into what lies there.
pub fn keep_shelves(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    shelves: Vec<Shelf>,
    booked: &[Movement],
) -> Result<(), StoreError> {
    for Shelf { product, before, counted_at } in shelves {
        let moved = changes.level(connection, cause.store, &product)?.shelf() - before;
        let of_shelf = |m: &&Movement| m.product == product && moves_shelf(m.reason, m.quantity);
        let in_ledger: Quantity = booked.iter().filter(of_shelf).map(|movement| movement.quantity).sum();
        if moved != in_ledger {
            save_shelf_move(connection, cause, &product, moved - in_ledger)?;
        }
        if let Some(counted_at) = counted_at.filter(|_| !moved.is_zero()) {
            stock::book_more(connection, changes, cause, &product, -moved, counted_at)?;
        }
    }
    Ok(())
}

fn save_shelf_move(
    connection: &Connection,
    cause: &Cause<'_>,
    product: &ProductId,
    quantity: Quantity,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO shelf_move (store, product, moved_at, entry_id, workstation, quantity)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            cause.store.as_str(),
            product.as_str(),
            micros(cause.entry.recorded_at),
            cause.entry.id.as_bytes(),
            cause.workstation.as_str(),
            quantity.thousandths()
        ])?;
    Ok(())
}
