//! Sales as the reports have them, one row a receipt.

use rusqlite::{Connection, OptionalExtension, params};

use super::super::{FindingKind, SaleRecord, StoreError};
use super::cause::Cause;
use super::findings;
use super::words::{self, micros, till_of};
use crate::domain::ids::{EntryId, StoreId, TillId};
use crate::domain::money::Money;
use crate::domain::sale::Sale;

/// Keeps a sale.
pub fn save(connection: &Connection, cause: &Cause<'_>, sale: &Sale) -> Result<(), StoreError> {
    note_sold_before(connection, cause, sale)?;
    let Cause { entry, store, workstation, .. } = *cause;
    connection
        .prepare_cached(
            "INSERT INTO sale (store, workstation, receipt_number, entry_id, total_minor, tax_minor, cash_minor, currency,
                 completed_at, business_day, basket_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            store.as_str(),
            workstation.as_str(),
            sale.receipt_number as i64,
            entry.id.as_bytes(),
            sale.total.minor(),
            sale.tax_total().minor(),
            sale.cash_taken().minor(),
            sale.total.currency().code(),
            micros(sale.completed_at),
            entry.business_day.to_string(),
            sale.basket.as_bytes()
        ])?;
    Ok(())
}

/// A number that is on paper twice, and a basket that was sold twice: what a till put back from a copy may do before it hears
/// of what came after the copy. Both sales are in the books, and head office is told.
fn note_sold_before(connection: &Connection, cause: &Cause<'_>, sale: &Sale) -> Result<(), StoreError> {
    let Cause { entry, store, workstation, now, .. } = *cause;
    let numbered: bool = connection
        .prepare_cached("SELECT 1 FROM sale WHERE store = ?1 AND workstation = ?2 AND receipt_number = ?3")?
        .exists(params![store.as_str(), workstation.as_str(), sale.receipt_number as i64])?;
    if numbered {
        let what = format!("receipt number {} was given before, to another sale", sale.receipt_number);
        findings::save(connection, store, entry.id, FindingKind::NumberTwice, None, &what, now)?;
    }
    let sold: Option<i64> = connection
        .prepare_cached("SELECT receipt_number FROM sale WHERE basket_id = ?1 LIMIT 1")?
        .query_row([sale.basket.as_bytes()], |row| row.get(0))
        .optional()?;
    if let Some(before) = sold {
        let what = format!("receipt {} is of a basket that was sold before, as receipt {before}", sale.receipt_number);
        findings::save(connection, store, entry.id, FindingKind::SoldTwice, None, &what, now)?;
    }
    Ok(())
}

/// The highest receipt number of a till.
pub fn find_last_receipt(connection: &Connection, till: &TillId) -> Result<Option<u64>, StoreError> {
    let last: Option<i64> = connection
        .prepare_cached("SELECT MAX(receipt_number) FROM sale WHERE store = ?1 AND workstation = ?2")?
        .query_row(params![till.store.as_str(), till.workstation.as_str()], |row| row.get(0))?;
    Ok(last.map(i64::unsigned_abs))
}

/// Sales of a store.
pub fn list(connection: &Connection, store: &StoreId) -> Result<Vec<SaleRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT store, workstation, receipt_number, entry_id, total_minor, tax_minor, cash_minor, currency, completed_at,
                business_day
         FROM sale WHERE store = ?1 ORDER BY workstation, receipt_number",
    )?;
    let mut rows = statement.query([store.as_str()])?;
    let mut sales = Vec::new();
    while let Some(row) = rows.next()? {
        let currency = words::currency(&row.get::<_, String>(7)?)?;
        let day: String = row.get(9)?;
        sales.push(SaleRecord {
            till: till_of(row)?,
            receipt_number: row.get::<_, i64>(2)?.unsigned_abs(),
            entry: EntryId::from_bytes(words::bytes16(&row.get::<_, Vec<u8>>(3)?)?),
            total: Money::new(row.get(4)?, currency),
            tax: Money::new(row.get(5)?, currency),
            cash: Money::new(row.get(6)?, currency),
            completed_at: words::instant(row.get(8)?)?,
            business_day: day.parse().map_err(|_| StoreError::Damaged(format!("{day:?} is no day")))?,
        });
    }
    Ok(sales)
}
