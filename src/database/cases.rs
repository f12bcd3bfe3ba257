//! Conflict cases: central's record of each, those own sales opened that central does not have yet, and own decisions until
//! central's records say what came of them.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::codes::{Code, from_micros, micros};
use super::error::{DatabaseError, While};
use super::{KnownTransfer, View, orders};
use crate::domain::conflict::{
    CaseState, ConflictCase, PassedOn, Served, case_due, case_passed_on, plan_passing, served,
};
use crate::domain::event::{Entry, Event};
use crate::domain::feed::Change;
use crate::domain::ids::{CaseId, OrderNumber, ProductId};
use crate::domain::quantity::Quantity;
use crate::domain::sale::SoldAnyway;
use crate::domain::transfer::TransferState;
use crate::wire;

const READING: &str = "reading conflict cases";
const WRITING: &str = "keeping a conflict case";

/// Nobody is done with it: not central, and nobody here since central's figures were true. A case an own sale opened that
/// central has by now is central's to name: it may be one with another till's.
const STANDS: &str = "c.state IN ('open', 'awaiting_decision', 'back_ordered')
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

/// A case and the entry of the own sale that opened it; `None` for one that central knows.
struct Standing {
    case: ConflictCase,
    opened_by: Option<i64>,
}

impl View<'_> {
    /// The conflict cases that need someone, the most urgent first.
    pub fn list_open_cases(&self) -> Result<Vec<ConflictCase>, DatabaseError> {
        let mut cases = self.list_standing_cases()?;
        cases.retain(|case| matches!(case.state, CaseState::Open | CaseState::AwaitingDecision));
        cases.sort_by_key(|case| (case.due_at, case.opened_at, case.case));
        Ok(cases)
    }

    /// The conflict cases that somebody is not done with. What own steps did to orders since central's figures were true
    /// counts: a case whose unit was picked here is gone, and the order that lacks the unit now has one.
    pub fn list_standing_cases(&self) -> Result<Vec<ConflictCase>, DatabaseError> {
        let rows: Vec<CaseRow> = self
            .connection
            .prepare_cached(&format!(
                "SELECT c.case_id, c.product, c.number, c.quantity, c.state, c.opened_at, c.due_at, j.position
                 FROM conflict_case c LEFT JOIN journal j ON j.run = c.run AND j.sequence = c.sequence
                 WHERE {STANDS} ORDER BY c.opened_at, c.case_id"
            ))
            .and_then(|mut s| s.query_map((), case_row)?.collect())
            .or_while(READING)?;
        let mut by_product: BTreeMap<ProductId, Vec<Standing>> = BTreeMap::new();
        for row in rows {
            let opened_by = row.7;
            let case = case_of_row(row)?;
            by_product.entry(case.product.clone()).or_default().push(Standing { case, opened_by });
        }
        let mut cases = Vec::new();
        for (product, standing) in by_product {
            self.pass_on(&product, standing, &mut cases)?;
        }
        Ok(cases)
    }

    /// The cases of a product as they are after the own steps central does not know of.
    fn pass_on(
        &self,
        product: &ProductId,
        standing: Vec<Standing>,
        cases: &mut Vec<ConflictCase>,
    ) -> Result<(), DatabaseError> {
        let mut served_by = Vec::with_capacity(standing.len());
        let mut gone = HashSet::new();
        for Standing { case, opened_by } in &standing {
            let before = orders::find_as_of(self.connection, &case.order, opened_by.unwrap_or(0))?;
            let after = self.find_order(&case.order)?;
            // Where nothing was done here since, the case is what central says of it, also when the order is over.
            let change = before.zip(after).filter(|(before, after)| before != after);
            let change = change.map(|(before, after)| served(case.quantity, product, &before, &after));
            served_by.push(match change {
                Some(Served::By(units)) => units,
                Some(Served::WantsNoMore) => {
                    gone.insert(case.case);
                    case.quantity
                }
                Some(Served::Not) | None => Quantity::ZERO,
            });
        }
        let is_passed = served_by.iter().any(|units| units.is_positive()) && gone.len() < standing.len();
        let pairs = standing.iter().zip(&served_by).filter(|(standing, _)| !gone.contains(&standing.case.case));
        let pairs: Vec<(&ConflictCase, Quantity)> = pairs.map(|(standing, units)| (&standing.case, *units)).collect();
        let passed = if is_passed {
            let (level, orders) = (self.stock_level(product)?, self.orders_concerning(product)?);
            plan_passing(&level, &orders, product, &pairs, self.awaited_quantity(product)?)
        } else {
            Vec::new()
        };
        let mut lacking: Vec<ConflictCase> = pairs
            .into_iter()
            .map(|(case, units)| ConflictCase { quantity: case.quantity - units, ..case.clone() })
            .collect();
        for PassedOn { from, order, quantity } in passed {
            match lacking.iter_mut().find(|case| case.order == order && case.quantity.is_positive()) {
                Some(case) => case.quantity += quantity,
                None => lacking.extend(self.case_passed_on(from, order, product, quantity)?),
            }
        }
        cases.extend(lacking.into_iter().filter(|case| case.quantity.is_positive()));
        Ok(())
    }

    /// The case that central will open when it hears of the last own step; `None` once somebody here has decided it.
    fn case_passed_on(
        &self,
        from: CaseId,
        order: OrderNumber,
        product: &ProductId,
        quantity: Quantity,
    ) -> Result<Option<ConflictCase>, DatabaseError> {
        let mut case = case_passed_on(from, &order);
        let known = "SELECT 1 FROM conflict_case WHERE case_id = ?1";
        let is_known = |case: CaseId| {
            self.connection.prepare_cached(known).and_then(|mut s| s.exists([case.as_bytes()])).or_while(READING)
        };
        while is_known(case)? {
            case = case_passed_on(case, &order);
        }
        let decided = "SELECT 1 FROM case_decision d WHERE d.case_id = ?1 AND d.sequence >
             coalesce((SELECT m.sequence FROM contained m WHERE m.run = d.run), 0)";
        if self.connection.prepare_cached(decided).and_then(|mut s| s.exists([case.as_bytes()])).or_while(READING)? {
            return Ok(None);
        }
        let served_at: i64 = self
            .connection
            .prepare_cached(
                "SELECT coalesce(max(j.recorded_at), 0) FROM order_step s JOIN journal j ON j.position = s.position
                 JOIN conflict_case c ON c.number = s.number WHERE c.case_id = ?1 AND s.pending = 1",
            )
            .and_then(|mut s| s.query_row([from.as_bytes()], |row| row.get(0)))
            .or_while(READING)?;
        let opened_at = from_micros(served_at)?;
        let collect_by = self.find_order(&order)?.and_then(|order| order.collect_by);
        let due_at = case_due(opened_at, collect_by);
        let (product, state) = (product.clone(), CaseState::Open);
        Ok(Some(ConflictCase { case, product, order, quantity, state, opened_at, due_at }))
    }

    /// How many missing units another store has been asked for that have not come yet.
    fn awaited_quantity(&self, product: &ProductId) -> Result<Quantity, DatabaseError> {
        let Some(till) = self.find_till()? else { return Ok(Quantity::ZERO) };
        let mut awaited = Quantity::ZERO;
        for KnownTransfer { transfer, withdrawn, .. } in self.list_open_transfers()? {
            let comes = !withdrawn
                && matches!(transfer.state, TransferState::Requested | TransferState::SetAside | TransferState::Sent);
            let Some(case) =
                transfer.case.filter(|_| comes && transfer.product == *product && transfer.to == till.store)
            else {
                continue;
            };
            let sql = "SELECT 1 FROM conflict_case WHERE case_id = ?1 AND state = 're_sourced'
                       UNION ALL SELECT 1 FROM case_decision WHERE case_id = ?1 AND decision = 're_sourced'";
            let seen_to = self.connection.prepare_cached(sql).and_then(|mut s| s.exists([case.as_bytes()]));
            if seen_to.or_while(READING)? {
                awaited += transfer.quantity;
            }
        }
        Ok(awaited)
    }
}

type CaseRow = ([u8; 16], String, String, i64, String, i64, i64, Option<i64>);

fn case_row(row: &Row<'_>) -> rusqlite::Result<CaseRow> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?))
}

fn case_of_row(row: CaseRow) -> Result<ConflictCase, DatabaseError> {
    let (case, product, number, quantity, state, opened_at, due_at, _) = row;
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
                 (SELECT 1 FROM conflict_case c WHERE c.product = ?2 AND c.number = ?3 AND {STANDS})"
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
