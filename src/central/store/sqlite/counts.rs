//! Counts of a product on its shelf, made at a till while the shop goes on: what was found becomes a movement here, by what
//! central's books say of that moment.
//!
//! A till that counts may not have heard of everything, and central may hear of some of it later: neither a sale that was made
//! before the count nor one that was made after it is counted twice. What lies in a bay is not on the shelf, so that it is the
//! shelf that is compared. What is handed over out of a bay moves none; what is picked leaves it and is on hand all the same:
//! that is kept beside the ledger, for a count that is heard of after a pick that came after it.
//!
//! What came first is told in central's time ([`crate::domain::till_clock`]), whatever a till's clock shows; within a journal, by
//! the journal: its entries have moments in its order.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use rusqlite::{Connection, params};

use super::super::StoreError;
use super::cause::Cause;
use super::cuts::Cuts;
use super::feeds::Changes;
use super::stock::Dated;
use super::words::micros;
use super::{cases, cuts, orders, stock};
use crate::domain::Timestamp;
use crate::domain::event::{Event, order_steps};
use crate::domain::ids::{ProductId, StoreId};
use crate::domain::quantity::Quantity;
use crate::domain::stock::MovementReason;
use crate::domain::till_clock;
use crate::domain::web_order::OrderStep;

/// How much later a count may be heard of and still know of the steps behind it: longer than any till is away.
const SHELF_MOVES_KEPT: TimeDelta = TimeDelta::days(400);

/// A shelf as it was before an entry.
pub struct Shelf {
    product: ProductId,
    before: Quantity,
    /// When it was counted last, where a till did.
    counted_at: Option<Timestamp>,
}

/// Books what was found on a shelf: the difference to what the books say lay there then. An older count than the one that
/// holds changes nothing any more.
pub fn book(connection: &Connection, changes: &mut Changes, cause: &Cause<'_>) -> Result<(), StoreError> {
    let Event::StockCounted { product, found, in_baskets, .. } = &cause.entry.event else { return Ok(()) };
    let cut = cuts::find(connection, cause.store, product, cause.now)?;
    let held_by_a_later = cut.is_some_and(|cut| cut.at > cause.moment);
    let difference = if held_by_a_later {
        Quantity::ZERO
    } else {
        let shelf = changes.level(connection, cause.store, product)?.shelf();
        let moved =
            sum_moved_since(connection, changes, cause, product)? + sum_put_aside_since(connection, cause, product)?;
        *found + *in_baskets - (shelf - moved)
    };
    // Also a difference of nothing: the till waits to hear that the figure has its count.
    stock::book_more(connection, changes, cause, product, difference, cause.moment)?;
    if held_by_a_later {
        return Ok(());
    }
    cuts::save(connection, cause.store, product, cause.moment, Some(cause.workstation))?;
    forget_shelf_moves(connection, cause.store, product, cause.moment)?;
    cases::settle_by_stock(connection, changes, cause.store, product, MovementReason::Adjustment, cause.now)
}

/// What was taken from a shelf, or put on it, behind what happened.
fn sum_moved_since(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    product: &ProductId,
) -> Result<Quantity, StoreError> {
    let moved = changes.levels().list_moved_since(connection, cause.store, product, cause.moment, cause.now)?;
    let of_shelf = moved.into_iter().filter(|(reason, quantity)| moves_shelf(*reason, *quantity));
    Ok(of_shelf.map(|(_, quantity)| quantity).sum())
}

/// What steps on orders did to a shelf behind what happened, beside the ledger.
fn sum_put_aside_since(
    connection: &Connection,
    cause: &Cause<'_>,
    product: &ProductId,
) -> Result<Quantity, StoreError> {
    let sum: i64 = connection
        .prepare_cached(
            "SELECT COALESCE(SUM(quantity), 0) FROM shelf_move
             WHERE store = ?1 AND product = ?2 AND moved_at > ?3 AND moved_at <= ?4",
        )?
        .query_row(
            params![
                cause.store.as_str(),
                product.as_str(),
                micros(cause.moment),
                micros(till_clock::latest_known(cause.now))
            ],
            |row| row.get(0),
        )?;
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

/// The shelves an entry may move beside the ledger, as they are before it: those of its orders and of goods that are taken in twice;
/// and those that were counted after it happened, so that what it moved on them was seen.
pub fn list_shelves(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    movements: &[Dated],
    cuts: &mut Cuts<'_>,
) -> Result<Vec<Shelf>, StoreError> {
    let mut beside_ledger: BTreeSet<ProductId> = BTreeSet::new();
    for (number, step) in order_steps(cause.entry) {
        if step != OrderStep::PutAtRisk
            && let Some(order) = orders::find_in_store(connection, cause.store, &number)?
        {
            beside_ledger.extend(order.lines.into_iter().map(|line| line.product));
        }
    }
    if let Event::TransferClosed { product, .. } = &cause.entry.event
        && movements.len() > 1
    {
        beside_ledger.insert(product.clone());
    }
    let moved = movements.iter().map(|dated| dated.movement.product.clone());
    let mut shelves = Vec::new();
    for product in beside_ledger.iter().cloned().chain(moved).collect::<BTreeSet<_>>() {
        let cut = cuts.find(&product)?.filter(|cut| cut.workstation.is_some());
        let counted_at = cut.map(|cut| cut.at);
        if beside_ledger.contains(&product) || counted_at.is_some_and(|at| cause.moment <= at) {
            let before = changes.level(connection, cause.store, &product)?.shelf();
            shelves.push(Shelf { product, before, counted_at });
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
    booked: &[Dated],
    taken_back: Option<&Dated>,
) -> Result<(), StoreError> {
    for Shelf { product, before, counted_at } in shelves {
        let taken_back = taken_back.filter(|dated| dated.movement.product == product);
        let back = taken_back.map_or(Quantity::ZERO, |dated| dated.movement.quantity);
        let moved = changes.level(connection, cause.store, &product)?.shelf() - before - back;
        let movements = booked.iter().map(|dated| &dated.movement);
        let of_shelf = movements.filter(|m| m.product == product && moves_shelf(m.reason, m.quantity));
        let in_ledger: Quantity = of_shelf.map(|movement| movement.quantity).sum();
        let beside = [(cause.moment, moved, moved - in_ledger)];
        let back = taken_back.map(|dated| (dated.moment, back, back));
        let mut counted = Quantity::ZERO;
        for (moment, on_shelf, beside_ledger) in beside.into_iter().chain(back) {
            if !beside_ledger.is_zero() {
                save_shelf_move(connection, cause, &product, moment, beside_ledger)?;
            }
            if counted_at.is_some_and(|at| moment <= at) {
                counted += on_shelf;
            }
        }
        if let Some(counted_at) = counted_at.filter(|_| !counted.is_zero()) {
            stock::book_more(connection, changes, cause, &product, -counted, counted_at)?;
        }
    }
    Ok(())
}

fn save_shelf_move(
    connection: &Connection,
    cause: &Cause<'_>,
    product: &ProductId,
    moment: Timestamp,
    quantity: Quantity,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO shelf_move (store, product, moved_at, entry_id, workstation, quantity)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity",
        )?
        .execute(params![
            cause.store.as_str(),
            product.as_str(),
            micros(moment),
            cause.entry.id.as_bytes(),
            cause.workstation.as_str(),
            quantity.thousandths()
        ])?;
    match moment.checked_sub_signed(SHELF_MOVES_KEPT) {
        Some(up_to) => forget_shelf_moves(connection, cause.store, product, up_to),
        None => Ok(()),
    }
}

/// Takes out what happened up to a moment and no count will ask for: an older count than the one that holds changes nothing.
fn forget_shelf_moves(
    connection: &Connection,
    store: &StoreId,
    product: &ProductId,
    up_to: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM shelf_move WHERE store = ?1 AND product = ?2 AND moved_at <= ?3")?
        .execute(params![store.as_str(), product.as_str(), micros(up_to)])?;
    Ok(())
}
