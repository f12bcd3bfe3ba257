//! The numbers of web orders: counted, and given to one order each, in all lives of the file together.

use rusqlite::{Connection, OptionalExtension};

use super::super::StoreError;
use super::words;
use crate::domain::Timestamp;
use crate::domain::ids::OrderNumber;

/// How far behind the last number a lost one may be: a till that says anything does not use them up.
const NUMBERS_LOST_MAX: i64 = 1_000_000;
/// The number before the first order's.
const ORDER_NUMBER_BEFORE: i64 = 10_000;

/// The next number.
pub fn next(connection: &Connection) -> Result<OrderNumber, StoreError> {
    let number: i64 = connection
        .prepare_cached(
            "INSERT INTO counter (name, value) VALUES ('web_order', ?1 + 1)
             ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
        )?
        .query_row([ORDER_NUMBER_BEFORE], |row| row.get(0))?;
    Ok(OrderNumber::new(format!("W-{number}")))
}

/// When the order came that was given the last number; nothing when it is none of this file's.
pub fn find_last_given(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let received: Option<i64> = connection
        .prepare(
            "SELECT received_at FROM web_order
             WHERE number = (SELECT 'W-' || value FROM counter WHERE name = 'web_order')",
        )?
        .query_row([], |row| row.get(0))
        .optional()?;
    received.map(words::instant).transpose()
}

/// The number given last, or left out.
pub fn find_last(connection: &Connection) -> Result<i64, StoreError> {
    let value: Option<i64> = connection
        .prepare_cached("SELECT value FROM counter WHERE name = 'web_order'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(value.unwrap_or(ORDER_NUMBER_BEFORE))
}

/// Gives numbers behind this one only, where the file does not do so by itself.
pub fn go_on_behind(connection: &Connection, reached: Option<i64>) -> Result<(), StoreError> {
    let last = find_last(connection)?;
    match reached.filter(|reached| *reached > last) {
        Some(reached) => leave_out(connection, reached - last),
        None => Ok(()),
    }
}

/// Gives the next so many numbers to no order.
pub fn leave_out(connection: &Connection, many: i64) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO counter (name, value) VALUES ('web_order', ?1 + ?2)
             ON CONFLICT (name) DO UPDATE SET value = value + ?2",
        )?
        .execute([ORDER_NUMBER_BEFORE, many])?;
    Ok(())
}

/// A till names an order that this file does not have: of a life that was lost. Its number is given to no order from now on.
pub fn note_lost(connection: &Connection, number: &OrderNumber) -> Result<(), StoreError> {
    let digits = number.as_str().strip_prefix("W-").and_then(|rest| rest.split('-').next());
    let Some(named) = digits.and_then(|digits| digits.parse::<i64>().ok()) else { return Ok(()) };
    connection
        .prepare_cached(
            "INSERT INTO counter (name, value)
             SELECT 'web_order', ?1
             WHERE ?1 BETWEEN ?2 AND ?3 + COALESCE((SELECT value FROM counter WHERE name = 'web_order'), ?2)
             ON CONFLICT (name) DO UPDATE SET value = ?1 WHERE ?1 > value",
        )?
        .execute([named, ORDER_NUMBER_BEFORE, NUMBERS_LOST_MAX])?;
    Ok(())
}
