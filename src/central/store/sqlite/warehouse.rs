//! Orders that are sent: what the warehouse's people did to them, planned and folded by `domain::web_order`.

use rusqlite::{Connection, OptionalExtension, params};

use super::super::{OrderActRecord, OrderActSubmission, StoreError};
use super::feeds::Changes;
use super::stock::Dated;
use super::words::{self, micros};
use super::{case_orders, company, orders, stock};
use crate::domain::Timestamp;
use crate::domain::ids::{EntryId, OrderNumber};
use crate::domain::stock::{Movement, MovementReason};
use crate::domain::web_order::{StepTaken, WarehouseAct, WarehouseRefusal, WebOrder, plan_warehouse, remember};

/// Does an act in one transaction: its steps, its movements, the cases it settles, the record of who did it. Answers the
/// order after it; the same act again answers the order as it is. Nothing is written of an act that is refused.
pub fn act(
    connection: &Connection,
    changes: &mut Changes,
    submission: &OrderActSubmission,
    now: Timestamp,
) -> Result<Result<WebOrder, WarehouseRefusal>, StoreError> {
    let OrderActSubmission { number, act, entry, person, note } = submission;
    let found = |order: Option<WebOrder>| order.ok_or_else(|| StoreError::NotFound(format!("order {number}")));
    let mut order = found(orders::find(connection, number)?)?;
    let (word, words) = words_of(act, note);
    if is_done(connection, number, *entry, (word, &words))? {
        return Ok(Ok(order));
    }
    let steps = match plan_warehouse(&order, act) {
        Ok(steps) => steps,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if matches!(act, WarehouseAct::Dispatch(_)) {
        book_dispatch(connection, changes, &order, *entry, now)?;
    }
    for step in &steps {
        let before = order.clone();
        order.apply(step);
        remember(&mut order.history, StepTaken::at_central(step, now));
        orders::save(connection, changes, &before, &order, now)?;
        case_orders::settle_by_order(connection, changes, &before, &order, now)?;
        // A case that closed has taken the risk from the order.
        order = found(orders::find(connection, number)?)?;
    }
    save_act_words(connection, number, *entry, (word, &words), person, now)?;
    Ok(Ok(order))
}

/// Takes what is in the parcel out of the books.
fn book_dispatch(
    connection: &Connection,
    changes: &mut Changes,
    order: &WebOrder,
    entry: EntryId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut movements = Vec::with_capacity(order.lines.len());
    for line in order.lines.iter().filter(|line| line.held().is_positive()) {
        // A product that has left the catalogue since was a thing on a shelf all the same.
        let stocked = company::find_product(connection, &line.product)?.is_none_or(|found| found.product.stocked);
        if stocked {
            movements.push(Dated::by_central(Movement {
                entry,
                product: line.product.clone(),
                quantity: -line.held(),
                reason: MovementReason::Dispatch,
                at: now,
            }));
        }
    }
    stock::book(connection, changes, &order.store, None, &movements, now)
}

/// Was this act done already? An identity that was used for another one is refused.
pub fn is_done(
    connection: &Connection,
    number: &OrderNumber,
    entry: EntryId,
    (word, words): (&str, &str),
) -> Result<bool, StoreError> {
    let Some((known, known_word, known_words)) = find_act(connection, entry)? else { return Ok(false) };
    if known != *number {
        return Err(StoreError::Refused(format!("this identity was used for order {known}")));
    }
    if (known_word.as_str(), known_words.as_str()) != (word, words) {
        let known = format!("{known_word} {known_words}");
        return Err(StoreError::Refused(format!("this identity was used for another act: {}", known.trim_end())));
    }
    Ok(true)
}

/// The order an act was done to, with its words.
fn find_act(connection: &Connection, entry: EntryId) -> Result<Option<(OrderNumber, String, String)>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT number, act, note FROM order_act WHERE entry_id = ?1")?
        .query_row([entry.as_bytes()], |row| Ok((OrderNumber::new(row.get::<_, String>(0)?), row.get(1)?, row.get(2)?)))
        .optional()?)
}

/// An act as it is kept: a word for it, and details.
fn words_of(act: &WarehouseAct, note: &str) -> (&'static str, String) {
    let (word, details) = match act {
        WarehouseAct::Pick { .. } => ("pick", String::new()),
        WarehouseAct::ReportShort { line, quantity: Some(quantity) } => {
            ("report_short", format!("line {line}: {quantity}"))
        }
        WarehouseAct::ReportShort { line, quantity: None } => ("report_short", format!("line {line}: all")),
        WarehouseAct::Pack => ("pack", String::new()),
        WarehouseAct::Dispatch(dispatch) => ("dispatch", format!("{} {}", dispatch.carrier, dispatch.tracking)),
        WarehouseAct::Cancel => ("cancel", String::new()),
    };
    let parts = [details.as_str(), note];
    (word, parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; "))
}

/// Keeps what was done to an order at central: a word for it, and details.
pub fn save_act_words(
    connection: &Connection,
    number: &OrderNumber,
    entry: EntryId,
    (word, note): (&str, &str),
    person: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO order_act (number, position, entry_id, act, person, note, at)
             VALUES (?1, (SELECT COUNT(*) + 1 FROM order_act WHERE number = ?1), ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![number.as_str(), entry.as_bytes(), word, person, note, micros(now)])?;
    Ok(())
}

/// What was done to an order at central, oldest first.
pub fn list_acts(connection: &Connection, number: &OrderNumber) -> Result<Vec<OrderActRecord>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT act, person, note, at FROM order_act WHERE number = ?1 ORDER BY position")?;
    let mut rows = statement.query([number.as_str()])?;
    let mut acts = Vec::new();
    while let Some(row) = rows.next()? {
        acts.push(OrderActRecord {
            act: row.get(0)?,
            person: row.get(1)?,
            note: row.get(2)?,
            at: words::instant(row.get(3)?)?,
        });
    }
    Ok(acts)
}
