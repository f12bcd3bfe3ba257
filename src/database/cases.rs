//! Conflict cases: central's record of each, those own sales opened that central does not have yet, and own decisions until
//! central's records say what came of them.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::View;
use super::codes::{Code, from_micros, micros};
use super::error::{DatabaseError, While};
use crate::domain::conflict::{CaseState, ConflictCase, case_due};
use crate::domain::event::{Entry, Event};
use crate::domain::feed::Change;
use crate::domain::ids::{CaseId, OrderNumber};
use crate::domain::quantity::Quantity;
use crate::domain::sale::SoldAnyway;
use crate::domain::transfer::TransferState;
use crate::wire;

const READING: &str = "reading conflict cases";
const WRITING: &str = "keeping a conflict case";

/// Nobody has decided about it: not central, and nobody here since central's figures were true. A case an own sale opened
/// that central has by now is central's to name: it may be one with another till's.
const NEEDS_SOMEONE: &str = "c.state IN ('open', 'awaiting_decision')
     AND (c.run IS NULL OR c.sequence > coalesce((SELECT m.sequence FROM contained m WHERE m.run = c.run), 0))
     AND NOT EXISTS (SELECT 1 FROM case_decision d WHERE d.case_id = c.case_id AND d.sequence >
         coalesce((SELECT m.sequence FROM contained m WHERE m.run = d.run), 0))";

/// An own decision that central did not take, for the people here to hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseAnswer {
    /// Whose order.
    pub order: OrderNumber,
    /// Why not.
    pub reason: CaseRefusal,
}

/// Why central did not take a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseRefusal {
    /// The store that was asked had none free any more: the case is open again.
    NoneFree {
        /// Its name.
        store_name: String,
    },
    /// The case had been decided before.
    DecidedBefore {
        /// How.
        state: CaseState,
    },
}

impl View<'_> {
    /// The conflict cases that need someone, the most urgent first.
    pub fn list_open_cases(&self) -> Result<Vec<ConflictCase>, DatabaseError> {
        let rows: Vec<CaseRow> = self
            .connection
            .prepare_cached(&format!(
                "SELECT c.case_id, c.product, c.number, c.quantity, c.state, c.opened_at, c.due_at
                 FROM conflict_case c WHERE {NEEDS_SOMEONE} ORDER BY c.due_at, c.opened_at, c.case_id"
            ))
            .and_then(|mut s| s.query_map((), case_row)?.collect())
            .or_while(READING)?;
        rows.into_iter().map(case_of_row).collect()
    }
}

type CaseRow = ([u8; 16], String, String, i64, String, i64, i64);

fn case_row(row: &Row<'_>) -> rusqlite::Result<CaseRow> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
}

fn case_of_row(row: CaseRow) -> Result<ConflictCase, DatabaseError> {
    let (case, product, number, quantity, state, opened_at, due_at) = row;
    Ok(ConflictCase {
        case: CaseId::from_bytes(case),
        product: product.into(),
        order: number.into(),
        quantity: Quantity::from_thousandths(quantity),
        state: CaseState::from_code(&state)?,
        opened_at: from_micros(opened_at)?,
        due_at: from_micros(due_at)?,
    })
}

/// Takes central's record.
pub(super) fn put(connection: &Connection, case: &ConflictCase) -> Result<(), DatabaseError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO conflict_case
                 (case_id, product, number, quantity, state, opened_at, due_at, run, sequence)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, NULL)",
        )
        .and_then(|mut s| {
            s.execute(params![
                case.case.as_bytes(),
                case.product.as_str(),
                case.order.as_str(),
                case.quantity.thousandths(),
                case.state.code(),
                micros(case.opened_at),
                micros(case.due_at),
            ])
        })
        .map(|_| ())
        .or_while(WRITING)
}

/// An own sale has taken a promised unit: one case for an order and a product, however many sales.
pub(super) fn project_sold_anyway(
    connection: &Connection,
    entry: &Entry,
    sold: &SoldAnyway,
) -> Result<(), DatabaseError> {
    let collect_by = View { connection }.find_order(&sold.order)?.and_then(|order| order.collect_by);
    connection
        .prepare_cached(&format!(
            "INSERT OR IGNORE INTO conflict_case
                 (case_id, product, number, quantity, state, opened_at, due_at, run, sequence)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS
                 (SELECT 1 FROM conflict_case c WHERE c.product = ?2 AND c.number = ?3 AND {NEEDS_SOMEONE})"
        ))
        .and_then(|mut s| {
            s.execute(params![
                sold.case.as_bytes(),
                sold.product.as_str(),
                sold.order.as_str(),
                sold.facts.missing().thousandths(),
                CaseState::Open.code(),
                micros(entry.recorded_at),
                micros(case_due(entry.recorded_at, collect_by)),
                entry.mark.run.as_bytes(),
                entry.mark.sequence as i64,
            ])
        })
        .map(|_| ())
        .or_while(WRITING)
}

/// What an own entry decides about a case holds here at once.
pub(super) fn project(connection: &Connection, entry: &Entry) -> Result<(), DatabaseError> {
    let (case, product, order, decision) = match &entry.event {
        Event::FalseAlarmReported { case, order, product } => (case, product, order, CaseState::FalseAlarm),
        Event::TransferRequested { case: Some(case), order: Some(order), product, .. } => {
            (case, product, order, CaseState::ReSourced)
        }
        _ => return Ok(()),
    };
    connection
        .prepare_cached("INSERT OR IGNORE INTO case_decision VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)")
        .and_then(|mut s| {
            s.execute(params![
                entry.id.as_bytes(),
                case.as_bytes(),
                product.as_str(),
                order.as_str(),
                decision.code(),
                entry.mark.run.as_bytes(),
                entry.mark.sequence as i64,
            ])
        })
        .map(|_| ())
        .or_while(WRITING)
}

/// What central's records say about own decisions they contain by now: those it did not take. Each is told once.
pub(super) fn take_answers(connection: &Connection) -> Result<Vec<CaseAnswer>, DatabaseError> {
    let heard: Vec<([u8; 16], [u8; 16], String, String, String)> = connection
        .prepare_cached(
            "SELECT d.entry, d.case_id, d.product, d.number, d.decision FROM case_decision d WHERE d.told = 0
             AND d.sequence <= coalesce((SELECT m.sequence FROM contained m WHERE m.run = d.run), 0) ORDER BY d.entry",
        )
        .and_then(|mut s| {
            s.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?.collect()
        })
        .or_while(READING)?;
    let mut answers = Vec::new();
    for (entry, case, product, number, decision) in heard {
        connection
            .prepare_cached("UPDATE case_decision SET told = 1 WHERE entry = ?1")
            .and_then(|mut s| s.execute([entry]))
            .or_while(WRITING)?;
        let reason = match CaseState::from_code(&decision)? {
            CaseState::ReSourced => refused_transfer(connection, &entry, &case, &product, &number)?,
            taken => find_state(connection, &case, &product, &number)?
                .filter(|state| *state != taken)
                .map(|state| CaseRefusal::DecidedBefore { state }),
        };
        answers.extend(reason.map(|reason| CaseAnswer { order: number.into(), reason }));
    }
    Ok(answers)
}

/// Why the transfer that was to serve a case does not come; `None` when it does.
fn refused_transfer(
    connection: &Connection,
    entry: &[u8; 16],
    case: &[u8; 16],
    product: &str,
    number: &str,
) -> Result<Option<CaseRefusal>, DatabaseError> {
    let record: Option<Vec<u8>> = connection
        .prepare_cached("SELECT record FROM transfer WHERE entry = ?1")
        .and_then(|mut s| s.query_row([entry], |row| row.get(0)).optional())
        .or_while(READING)?;
    let Some(record) = record else { return Ok(None) };
    let Ok(Change::Transfer(transfer)) = wire::decode_change(&record) else {
        return Err(DatabaseError::damaged(READING, "the record is no transfer"));
    };
    Ok(match transfer.state {
        TransferState::NoneFree => Some(CaseRefusal::NoneFree { store_name: transfer.from_name }),
        TransferState::NotNeeded => {
            let state = find_state(connection, case, product, number)?;
            Some(CaseRefusal::DecidedBefore { state: state.unwrap_or(CaseState::FalseAlarm) })
        }
        _ => None,
    })
}

/// Where central's record of a case stands: its own, or the one it became one with.
fn find_state(
    connection: &Connection,
    case: &[u8; 16],
    product: &str,
    number: &str,
) -> Result<Option<CaseState>, DatabaseError> {
    let state: Option<String> = connection
        .prepare_cached(
            "SELECT state FROM conflict_case WHERE product = ?2 AND number = ?3 AND run IS NULL
             ORDER BY case_id = ?1 DESC, opened_at DESC LIMIT 1",
        )
        .and_then(|mut s| s.query_row(params![case, product, number], |row| row.get(0)).optional())
        .or_while(READING)?;
    state.map(|state| CaseState::from_code(&state)).transpose()
}

/// A snapshot is the whole: what it does not name is gone, but for cases that own sales opened and central does not have.
pub(super) fn remove_unnamed(connection: &Connection, named: &HashSet<CaseId>) -> Result<bool, DatabaseError> {
    let cases: Vec<[u8; 16]> = connection
        .prepare_cached(
            "SELECT case_id FROM conflict_case c WHERE c.run IS NULL OR c.sequence <=
             coalesce((SELECT m.sequence FROM contained m WHERE m.run = c.run), 0)",
        )
        .and_then(|mut s| s.query_map((), |row| row.get(0))?.collect())
        .or_while(WRITING)?;
    let mut removed = false;
    for case in cases {
        if !named.contains(&CaseId::from_bytes(case)) {
            connection
                .prepare_cached("DELETE FROM conflict_case WHERE case_id = ?1")
                .and_then(|mut s| s.execute([case]))
                .or_while(WRITING)?;
            removed = true;
        }
    }
    Ok(removed)
}
