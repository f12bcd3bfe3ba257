//! Web orders: central's record of each, with the till's own steps folded on top until central's record has them.

use rusqlite::{Connection, OptionalExtension, params};

use super::codes::{Code, from_micros, micros};
use super::contained::MarkMove;
use super::error::{DatabaseError, While};
use super::{Tx, View};
use crate::domain::Timestamp;
use crate::domain::event;
use crate::domain::feed::Change;
use crate::domain::ids::{JournalMark, OrderNumber, ProductId};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{Hold, OrderState, OrderStep, StepTaken, WebOrder, list_holds, remember};
use crate::wire;

const READING: &str = "reading web orders";
const WRITING: &str = "keeping a web order";

fn decode(record: &[u8]) -> Result<WebOrder, DatabaseError> {
    match wire::decode_change(record) {
        Ok(Change::Order(order)) => Ok(*order),
        Ok(_) => Err(DatabaseError::damaged(READING, "the record is no order")),
        Err(error) => Err(DatabaseError::damaged(READING, error)),
    }
}

fn encode(order: &WebOrder) -> Vec<u8> {
    wire::encode_change(&Change::Order(Box::new(order.clone())))
}

/// Takes central's record of an order; [`refold`] puts the own steps back on top.
pub(super) fn put_base(connection: &Connection, order: &WebOrder) -> Result<(), DatabaseError> {
    let base = encode(order);
    connection
        .prepare_cached(
            "INSERT INTO web_order VALUES (?1, ?2, ?2, '', 0, '', NULL, 0, NULL)
             ON CONFLICT (number) DO UPDATE SET base = excluded.base",
        )
        .and_then(|mut s| s.execute(params![order.number.as_str(), base]))
        .or_while(WRITING)?;
    Ok(())
}

/// The order has left this store.
pub(super) fn remove(connection: &Connection, number: &OrderNumber) -> Result<(), DatabaseError> {
    for sql in ["DELETE FROM web_order WHERE number = ?1", "DELETE FROM order_line WHERE number = ?1"] {
        connection.prepare_cached(sql).and_then(|mut s| s.execute([number.as_str()])).or_while(WRITING)?;
    }
    Ok(())
}

/// Folds one own step into an order, when this till has the order at all.
pub(super) fn apply_own_step(
    connection: &Connection,
    number: &OrderNumber,
    step: &OrderStep,
) -> Result<(), DatabaseError> {
    let Some(mut order) = find(connection, "SELECT record FROM web_order WHERE number = ?1", number.as_str())? else {
        return Ok(());
    };
    tell_anomalies(number, &order.apply(step));
    put_folded(connection, &order)
}

/// Central's record again, with every own step it does not contain yet.
pub(super) fn refold(connection: &Connection, number: &OrderNumber) -> Result<(), DatabaseError> {
    match fold(connection, number)? {
        Some(order) => put_folded(connection, &order),
        None => Ok(()),
    }
}

fn fold(connection: &Connection, number: &OrderNumber) -> Result<Option<WebOrder>, DatabaseError> {
    find_as_of(connection, number, i64::MAX)
}

/// Central's record with the own steps it does not contain yet, up to the entry at `position`.
pub(super) fn find_as_of(
    connection: &Connection,
    number: &OrderNumber,
    position: i64,
) -> Result<Option<WebOrder>, DatabaseError> {
    let Some(mut order) = find(connection, "SELECT base FROM web_order WHERE number = ?1", number.as_str())? else {
        return Ok(None);
    };
    for position in list_pending_steps(connection, number)?.into_iter().filter(|pending| *pending <= position) {
        let entry = View { connection }.get_entry_at(position)?;
        for (_, step) in event::order_steps(&entry).iter().filter(|(of, _)| of == number) {
            tell_anomalies(number, &order.apply(step));
        }
    }
    Ok(Some(order))
}

/// The entries with own steps on an order that central's record does not contain yet.
pub(super) fn list_pending_steps(connection: &Connection, number: &OrderNumber) -> Result<Vec<i64>, DatabaseError> {
    connection
        .prepare_cached("SELECT position FROM order_step WHERE number = ?1 AND pending = 1 ORDER BY position")
        .and_then(|mut s| s.query_map([number.as_str()], |row| row.get(0))?.collect())
        .or_while(READING)
}

/// For a proof: an order that is not central's record with the own steps on top, or whose held and promised figures are
/// not its lines'. Names the last own step on it, or 0 when there is none.
pub(super) fn find_unfolded(connection: &Connection) -> Result<Option<i64>, DatabaseError> {
    let numbers: Vec<String> = connection
        .prepare_cached("SELECT number FROM web_order UNION SELECT number FROM order_line ORDER BY 1")
        .and_then(|mut s| s.query_map((), |row| row.get(0))?.collect())
        .or_while(READING)?;
    for number in numbers.into_iter().map(OrderNumber::from) {
        let kept = View { connection }.find_order(&number)?;
        let folded = fold(connection, &number)?;
        let figures: Vec<(String, i64, i64)> = connection
            .prepare_cached("SELECT product, held, promised FROM order_line WHERE number = ?1 ORDER BY product")
            .and_then(|mut s| {
                s.query_map([number.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
            })
            .or_while(READING)?;
        if kept != folded || figures != kept.as_ref().map(list_figures).unwrap_or_default() {
            return Ok(Some(list_pending_steps(connection, &number)?.last().copied().unwrap_or(0)));
        }
    }
    Ok(None)
}

/// What an order holds and needs: product, held, promised in thousandths; by product, those of nothing left out.
fn list_figures(order: &WebOrder) -> Vec<(String, i64, i64)> {
    let mut products: Vec<&ProductId> = order.lines.iter().map(|l| &l.product).collect();
    products.sort_unstable();
    products.dedup();
    products
        .into_iter()
        .map(|p| (p.to_string(), order.held_of(p).thousandths(), order.promised_of(p).thousandths()))
        .filter(|(_, held, promised)| *held > 0 || *promised > 0)
        .collect()
}

/// A step that does not fit is applied as far as it can be; people look at it at central, which folds the same steps.
fn tell_anomalies(number: &OrderNumber, anomalies: &[crate::domain::web_order::Anomaly]) {
    for anomaly in anomalies {
        tracing::warn!(order = %number, ?anomaly, "a step does not fit the order");
    }
}

/// When an order was over: at the last that was done to it. Of one of which nothing is told, its last day counts.
fn find_over_at(connection: &Connection, order: &WebOrder) -> Result<Option<Timestamp>, DatabaseError> {
    if !order.is_over() {
        return Ok(None);
    }
    let history = View { connection }.list_history(order)?;
    let last_day = || order.collect_by.map_or(order.ordered_at, |at| at.max(order.ordered_at));
    Ok(Some(history.last().map_or_else(last_day, |taken| taken.at)))
}

fn put_folded(connection: &Connection, order: &WebOrder) -> Result<(), DatabaseError> {
    let number = order.number.as_str();
    let over_at = find_over_at(connection, order)?.map(micros);
    connection
        .prepare_cached(
            "UPDATE web_order SET record = ?2, state = ?3, unfulfilled = ?4, collection_code = ?5, collect_by = ?6,
             ordered_at = ?7, over_at = ?8 WHERE number = ?1",
        )
        .and_then(|mut s| {
            s.execute(params![
                number,
                encode(order),
                order.state.code(),
                !order.is_over(),
                order.collection_code,
                order.collect_by.map(micros),
                micros(order.ordered_at),
                over_at,
            ])
        })
        .or_while(WRITING)?;
    connection
        .prepare_cached("DELETE FROM order_line WHERE number = ?1")
        .and_then(|mut s| s.execute([number]))
        .or_while(WRITING)?;
    for (product, held, promised) in list_figures(order) {
        connection
            .prepare_cached("INSERT INTO order_line VALUES (?1, ?2, ?3, ?4)")
            .and_then(|mut s| s.execute(params![product, number, held, promised]))
            .or_while(WRITING)?;
    }
    Ok(())
}

fn find(connection: &Connection, sql: &str, key: &str) -> Result<Option<WebOrder>, DatabaseError> {
    let record: Option<Vec<u8>> = connection
        .prepare_cached(sql)
        .and_then(|mut s| s.query_row([key], |row| row.get(0)).optional())
        .or_while(READING)?;
    record.as_deref().map(decode).transpose()
}

fn list(connection: &Connection, sql: &str, keys: impl rusqlite::Params) -> Result<Vec<WebOrder>, DatabaseError> {
    let records: Vec<Vec<u8>> = connection
        .prepare_cached(sql)
        .and_then(|mut s| s.query_map(keys, |row| row.get(0))?.collect())
        .or_while(READING)?;
    records.iter().map(|record| decode(record)).collect()
}

/// What orders hold and need of a product.
pub(super) fn held_and_promised(
    connection: &Connection,
    product: &ProductId,
) -> Result<(Quantity, Quantity), DatabaseError> {
    connection
        .prepare_cached("SELECT coalesce(sum(held), 0), coalesce(sum(promised), 0) FROM order_line WHERE product = ?1")
        .and_then(|mut s| {
            s.query_row([product.as_str()], |row| {
                Ok((Quantity::from_thousandths(row.get(0)?), Quantity::from_thousandths(row.get(1)?)))
            })
        })
        .or_while(READING)
}

impl View<'_> {
    /// The order with our number.
    pub fn find_order(&self, number: &OrderNumber) -> Result<Option<WebOrder>, DatabaseError> {
        find(self.connection, "SELECT record FROM web_order WHERE number = ?1", number.as_str())
    }

    /// The order whose customer shows this code; an unfulfilled one before a finished one, letters in either case.
    pub fn find_order_by_code(&self, code: &str) -> Result<Option<WebOrder>, DatabaseError> {
        let sql = "SELECT record FROM web_order WHERE collection_code = ?1 AND collection_code <> ''
                   ORDER BY unfulfilled DESC, ordered_at DESC LIMIT 1";
        find(self.connection, sql, &code.trim().to_ascii_uppercase())
    }

    /// The orders in a state, or every one that is not over, deadline first.
    pub fn list_orders(&self, state: Option<OrderState>) -> Result<Vec<WebOrder>, DatabaseError> {
        match state {
            Some(state) => {
                let sql = "SELECT record FROM web_order WHERE state = ?1
                           ORDER BY collect_by IS NULL, collect_by, ordered_at, number";
                list(self.connection, sql, [state.code()])
            }
            None => {
                let sql = "SELECT record FROM web_order WHERE unfulfilled = 1
                           ORDER BY collect_by IS NULL, collect_by, ordered_at, number";
                list(self.connection, sql, ())
            }
        }
    }

    /// The orders that were over since a moment, at most so many, the last first, each with when it was. What is sent is over
    /// at central, and not told.
    pub fn list_orders_over(
        &self,
        since: Timestamp,
        orders_max: usize,
    ) -> Result<Vec<(Timestamp, WebOrder)>, DatabaseError> {
        let rows: Vec<(i64, Vec<u8>)> = self
            .connection
            .prepare_cached(
                "SELECT over_at, record FROM web_order WHERE over_at >= ?1 AND state <> ?3
                 ORDER BY over_at DESC, number LIMIT ?2",
            )
            .and_then(|mut s| {
                let keys = params![micros(since), orders_max as i64, OrderState::Dispatched.code()];
                s.query_map(keys, |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .or_while(READING)?;
        rows.into_iter().map(|(at, record)| Ok((from_micros(at)?, decode(&record)?))).collect()
    }

    /// What was done to an order, oldest first: as central knows it, with the own steps it does not know yet.
    pub fn list_history(&self, order: &WebOrder) -> Result<Vec<StepTaken>, DatabaseError> {
        let mut history = order.history.clone();
        let pending = list_pending_steps(self.connection, &order.number)?;
        let Some(till) = self.find_till()?.filter(|_| !pending.is_empty()) else { return Ok(history) };
        for position in pending {
            let entry = self.get_entry_at(position)?;
            for (_, step) in event::order_steps(&entry).iter().filter(|(of, _)| *of == order.number) {
                remember(&mut history, StepTaken::at_till(&entry, step, &till.workstation));
            }
        }
        Ok(history)
    }

    /// What was put aside of a product for the orders that hold or need it.
    pub fn list_holds(&self, product: &ProductId) -> Result<Vec<Hold>, DatabaseError> {
        let mut holds = Vec::new();
        for order in self.orders_concerning(product)? {
            holds.extend(list_holds(&order, &self.list_history(&order)?, product));
        }
        Ok(holds)
    }

    /// The orders that hold or need a product, in promise order.
    pub fn orders_concerning(&self, product: &ProductId) -> Result<Vec<WebOrder>, DatabaseError> {
        let sql = "SELECT w.record FROM order_line l JOIN web_order w ON w.number = l.number WHERE l.product = ?1
                   ORDER BY w.collect_by IS NULL, w.collect_by, w.ordered_at, w.number";
        list(self.connection, sql, [product.as_str()])
    }
}

impl Tx<'_> {
    /// Takes out at most so many of the orders that were over before a moment. One with own steps that central does not know
    /// yet stays. Answers how many there were.
    pub fn remove_orders_over(&mut self, before: Timestamp, orders_max: usize) -> Result<usize, DatabaseError> {
        let connection: &Connection = &self.transaction;
        let numbers: Vec<String> = connection
            .prepare_cached(
                "SELECT number FROM web_order w WHERE over_at < ?1 AND NOT EXISTS
                     (SELECT 1 FROM order_step s WHERE s.number = w.number AND s.pending = 1)
                 ORDER BY over_at LIMIT ?2",
            )
            .and_then(|mut s| s.query_map(params![micros(before), orders_max as i64], |row| row.get(0))?.collect())
            .or_while(READING)?;
        for number in &numbers {
            remove(connection, &number.as_str().into())?;
        }
        Ok(numbers.len())
    }
}

/// Marks own steps as contained in central's records, or not any more; returns the orders concerned.
pub(super) fn mark_contained(
    connection: &Connection,
    mark: &JournalMark,
    moved: MarkMove,
) -> Result<Vec<OrderNumber>, DatabaseError> {
    let sql = match moved {
        MarkMove::Still => return Ok(Vec::new()),
        MarkMove::Forward => {
            "UPDATE order_step SET pending = 0 WHERE pending = 1 AND run = ?1 AND sequence <= ?2 RETURNING number"
        }
        MarkMove::Back => {
            "UPDATE order_step SET pending = 1 WHERE pending = 0 AND run = ?1 AND sequence > ?2 RETURNING number"
        }
    };
    let numbers: Vec<String> = connection
        .prepare_cached(sql)
        .and_then(|mut s| s.query_map(params![mark.run.as_bytes(), mark.sequence as i64], |row| row.get(0))?.collect())
        .or_while(WRITING)?;
    Ok(numbers.into_iter().map(OrderNumber::from).collect())
}
