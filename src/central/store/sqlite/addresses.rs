//! Where orders go that are sent: kept for the papers of the warehouse, and erased with the order's cancellation.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::super::StoreError;
use crate::domain::ids::OrderNumber;
use crate::domain::web_order::DeliveryAddress;

/// Keeps the address of an order, instead of the one before.
pub fn save(connection: &Connection, number: &OrderNumber, address: &DeliveryAddress) -> Result<(), StoreError> {
    let lines = serde_json::Value::from(address.lines().to_vec()).to_string();
    connection
        .prepare_cached("INSERT OR REPLACE INTO delivery_address (number, lines) VALUES (?1, ?2)")?
        .execute(params![number.as_str(), lines])?;
    Ok(())
}

/// Forgets the address of an order that is not going anywhere.
pub fn erase(connection: &Connection, number: &OrderNumber) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM delivery_address WHERE number = ?1")?.execute([number.as_str()])?;
    Ok(())
}

/// The addresses of those of these orders that have one.
pub fn list(
    connection: &Connection,
    numbers: &[OrderNumber],
) -> Result<BTreeMap<OrderNumber, DeliveryAddress>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT lines FROM delivery_address WHERE number = ?1")?;
    let mut found = BTreeMap::new();
    for number in numbers {
        let mut rows = statement.query([number.as_str()])?;
        let Some(row) = rows.next()? else { continue };
        let lines: String = row.get(0)?;
        let lines: Vec<String> = serde_json::from_str(&lines)
            .map_err(|error| StoreError::Damaged(format!("the address of {number}: {error}")))?;
        found.extend(DeliveryAddress::of_lines(lines).map(|address| (number.clone(), address)));
    }
    Ok(found)
}
