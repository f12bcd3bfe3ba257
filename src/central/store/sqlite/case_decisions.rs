//! What the people of a store decide about conflict cases at their tills, and what becomes of a decision that does not hold.
//!
//! A case is decided once. Who decides it later, at a till that had not heard, changes nothing and is told.

use rusqlite::{Connection, params};

use super::super::StoreError;
use super::cause::Cause;
use super::feeds::Changes;
use super::words::{Word, micros};
use super::{cases, orders};
use crate::domain::Timestamp;
use crate::domain::conflict::{CaseState, ConflictCase, case_due};
use crate::domain::ids::{CaseId, OrderNumber, ProductId, StoreId};

/// The case a till means: the one of that identity, or the open one of the order and product, which is what became of it when
/// another till had opened it before. With whether it is settled.
pub fn find_meant(
    connection: &Connection,
    store: &StoreId,
    case: CaseId,
    order: &OrderNumber,
    product: &ProductId,
) -> Result<Option<(ConflictCase, bool)>, StoreError> {
    if let Some(found) = cases::find(connection, store, &case)? {
        return Ok(Some(found));
    }
    match cases::find_open(connection, store, order, product)? {
        Some((open, _)) => cases::find(connection, store, &open),
        None => Ok(None),
    }
}

/// The unit was found in the store: the case closes, unless somebody has decided otherwise before.
pub fn report_false_alarm(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    case: CaseId,
    order: &OrderNumber,
    product: &ProductId,
) -> Result<(), StoreError> {
    let state = CaseState::FalseAlarm;
    match find_meant(connection, cause.store, case, order, product)? {
        Some((found, false)) => {
            let act = cases::act_of(cause, state.word(), "the people of the store found the unit");
            cases::close(connection, changes, cause.store, found.case, state, &act, cause.now)
        }
        Some((found, true)) => {
            let note = format!("found in the store, and decided before: {}", found.state.word());
            cases::note(connection, changes, cause, found.case, state.word(), &note)
        }
        None => Ok(()),
    }
}

/// What was asked of another store for a case does not come: the order is short again, and the case somebody's to decide.
pub fn reopen(
    connection: &Connection,
    changes: &mut Changes,
    store: &StoreId,
    case: CaseId,
    note: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some((found, _)) = cases::find(connection, store, &case)? else { return Ok(()) };
    if found.state != CaseState::ReSourced {
        return Ok(());
    }
    // Another sale may have opened one since: the order's need is seen to there.
    if cases::find_open(connection, store, &found.order, &found.product)?.is_some() {
        return Ok(());
    }
    let Some(order) = orders::find_in_store(connection, store, &found.order)? else { return Ok(()) };
    if !order.state.is_unfulfilled() || !order.promised_of(&found.product).is_positive() {
        return Ok(());
    }
    connection
        .prepare_cached(
            "UPDATE conflict_case SET state = ?3, closed_at = NULL, due_at = ?4 WHERE store = ?1 AND case_id = ?2",
        )?
        .execute(params![
            store.as_str(),
            case.as_bytes(),
            CaseState::Open.word(),
            micros(case_due(now, order.collect_by))
        ])?;
    changes.touch_case(store, case);
    cases::save_act(connection, store, case, &cases::act_by("central", CaseState::Open.word(), note, now))?;
    orders::put_at_risk(connection, changes, store, &found.order, now).map(|_| ())
}

#[cfg(test)]
mod tests;
