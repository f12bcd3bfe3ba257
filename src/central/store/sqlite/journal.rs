//! The tills' journals: each entry taken exactly once, its place in the chain checked, and booked.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::super::{
    EntryOutcome, Fork, ProvenEntry, PushReceipt, QuarantineReason, ReceivedEntry, RunMark, SaidBeside, StoreError,
};
use super::cause::{Cause, When};
use super::cuts::Cuts;
use super::feeds::Changes;
use super::moments::{self, KnownRun};
use super::stock::Dated;
use super::words::{self, micros, till_of};
use super::{access, case_decisions, cases, counts, cuts, findings, hand_overs, quarantine, sales, stock, transfers};
use crate::domain::Timestamp;
use crate::domain::event::{self, Entry, Event};
use crate::domain::ids::{EntryId, JournalMark, OperatorId, RunId, TillId};
use crate::domain::quantity::Quantity;
use crate::domain::sale::Sale;
use crate::domain::stock::{Movement, MovementReason};
use crate::domain::till_clock::Hearing;
use crate::wire::entry::{NO_PREVIOUS_HASH, SealedEntry};

/// What stands at a place of a run, quarantined or not.
const HASHES_AT: &str = "SELECT hash FROM entry WHERE store = ?1 AND workstation = ?2 AND run = ?3 AND sequence = ?4
     UNION ALL
     SELECT hash FROM quarantine WHERE store = ?1 AND workstation = ?2 AND run = ?3 AND sequence = ?4";
/// Keeps the first entry that names the same predecessor as a new one.
const NOTE_FORKS: &str = "INSERT OR IGNORE INTO fork (store, workstation, previous_hash, entry_a, entry_b, found_at)
     SELECT store, workstation, previous_hash, entry_id, ?4, ?5 FROM entry
     WHERE store = ?1 AND workstation = ?2 AND previous_hash = ?3 AND entry_id <> ?4
     ORDER BY received_at LIMIT 1";

/// How the entries of a batch are booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Booking {
    /// Together: one that cannot be booked fails them all.
    Together,
    /// Each by itself: one that cannot be booked is put aside, and the others are booked.
    Apart,
}

/// Takes a batch. Every entry gets one of three final outcomes; none can stop the next. When nothing is still to come,
/// central has heard everything of this till up to when it made the push.
pub fn push(
    connection: &Connection,
    changes: &mut Changes,
    till: &TillId,
    entries: &[ReceivedEntry],
    said: &SaidBeside,
    booking: Booking,
    now: Timestamp,
) -> Result<PushReceipt, StoreError> {
    let hearing = Hearing { now, clock: said.clock };
    let (mut runs, moments) = moments::place(connection, till, entries, &hearing)?;
    let mut outcomes = Vec::with_capacity(entries.len());
    for (entry, moment) in entries.iter().zip(moments) {
        let when = When { moment, now };
        let outcome = match judge(connection, till, entry)? {
            Judgement::Known => EntryOutcome::Already,
            Judgement::Quarantine(reason) => {
                quarantine::keep(connection, till, entry, &reason, when, &hearing)?;
                EntryOutcome::Quarantined(reason)
            }
            Judgement::Take(proven) => match take(connection, changes, till, proven, booking, when)? {
                Ok(()) => EntryOutcome::Applied,
                Err(reason) => {
                    quarantine::keep(connection, till, entry, &reason, when, &hearing)?;
                    EntryOutcome::Quarantined(reason)
                }
            },
        };
        outcomes.push((entry.id, outcome));
    }
    let mut marks = Vec::with_capacity(runs.len());
    for known in &mut runs {
        known.contiguous = find_mark(connection, till, known)?;
        let sequence = known.contiguous.unsigned_abs();
        let last = entries.iter().filter(|entry| entry.mark.run == known.run).map(|entry| entry.mark.sequence).max();
        if last.is_some_and(|last| last < sequence) {
            changes.touch_mark(till);
        }
        marks.push(JournalMark { run: known.run, sequence });
    }
    let arrived = |tail: &JournalMark| marks.iter().any(|mark| mark.run == tail.run && mark.sequence >= tail.sequence);
    let nothing_awaited = said.awaited.iter().all(arrived);
    match said.unsent {
        Some(unsent) if unsent.count > 0 => access::save_till_unsent(connection, till, unsent, now)?,
        unsent if nothing_awaited => {
            access::save_till_seen(connection, till, hearing.made_at())?;
            if let Some(run) = said.run.filter(|_| unsent.is_some()) {
                moments::heard_everything(connection, till, &mut runs, run, hearing.made_at())?;
            }
        }
        _ => {}
    }
    for known in &runs {
        moments::save(connection, till, known, now)?;
    }
    Ok(PushReceipt { outcomes, marks, put_aside: quarantine::count(connection, till)? })
}

/// Takes an entry and books what it says, or, where each is booked by itself, answers why that cannot be.
pub fn take(
    connection: &Connection,
    changes: &mut Changes,
    till: &TillId,
    proven: &ProvenEntry,
    booking: Booking,
    when: When,
) -> Result<Result<(), QuarantineReason>, StoreError> {
    let book = |changes: &mut Changes| {
        insert(connection, &proven.sealed, when.now)?;
        note_forks(connection, &proven.sealed, when.now)?;
        apply(connection, changes, till, &proven.entry, when)
    };
    if booking == Booking::Together {
        return book(changes).map(Ok);
    }
    let before = changes.mark();
    connection.prepare_cached("SAVEPOINT entry")?.execute([])?;
    let booked = match book(changes) {
        // What lies in the moment is tried again with the whole batch.
        Err(error) if !error.is_lasting() || connection.is_autocommit() => return Err(error),
        Err(error) => {
            connection.prepare_cached("ROLLBACK TO entry")?.execute([])?;
            changes.undo_to(before);
            Err(QuarantineReason::NotBooked(error.to_string()))
        }
        Ok(()) => Ok(()),
    };
    connection.prepare_cached("RELEASE entry")?.execute([])?;
    Ok(booked)
}

/// What becomes of an entry.
pub enum Judgement<'a> {
    /// It is booked.
    Take(&'a ProvenEntry),
    /// It is here.
    Known,
    /// It is put aside.
    Quarantine(QuarantineReason),
}

/// Judges an entry by what is here already.
pub fn judge<'a>(
    connection: &Connection,
    till: &TillId,
    entry: &'a ReceivedEntry,
) -> Result<Judgement<'a>, StoreError> {
    let known: Option<(Vec<u8>, Vec<u8>)> = connection
        .prepare_cached("SELECT hash, payload FROM entry WHERE store = ?1 AND entry_id = ?2")?
        .query_row(params![till.store.as_str(), entry.id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((hash, payload)) = known {
        // The hash covers header and payload; the payload is compared because a claimed hash proves nothing.
        let same =
            entry.content.as_ref().is_ok_and(|proven| proven.sealed.hash == *hash && proven.sealed.payload == payload);
        return Ok(if same { Judgement::Known } else { Judgement::Quarantine(QuarantineReason::IdentityReused) });
    }
    let proven = match &entry.content {
        Ok(proven) => proven,
        Err(reason) => return Ok(Judgement::Quarantine(reason.clone())),
    };
    if matches!(&proven.entry.event, Event::SaleCompleted(sale) if sale.till != *till) {
        return Ok(Judgement::Quarantine(QuarantineReason::OtherTill));
    }
    if !follows(connection, till, proven)? {
        return Ok(Judgement::Quarantine(QuarantineReason::ChainBroken));
    }
    Ok(Judgement::Take(proven))
}

/// Does the entry name the hash of the one before it? Where that one has not arrived, there is nothing to compare yet: a
/// completed sale is never refused for what is missing.
fn follows(connection: &Connection, till: &TillId, proven: &ProvenEntry) -> Result<bool, StoreError> {
    let (mark, previous_hash) = (proven.entry.mark, proven.sealed.previous_hash);
    if mark.sequence > 1 {
        let before = hashes_at(connection, till, mark.run, mark.sequence - 1)?;
        return Ok(before.is_empty() || before.contains(&previous_hash));
    }
    Ok(match &proven.entry.event {
        Event::RunStarted { predecessor: Some(tail), .. } => tail.hash == previous_hash,
        Event::RunStarted { predecessor: None, .. } => previous_hash == NO_PREVIOUS_HASH,
        // A run begins with its start.
        _ => false,
    })
}

/// The hashes of what stands at a place, quarantined entries among them: the chain runs through them.
fn hashes_at(connection: &Connection, till: &TillId, run: RunId, sequence: u64) -> Result<Vec<[u8; 32]>, StoreError> {
    let mut statement = connection.prepare_cached(HASHES_AT)?;
    let place = params![till.store.as_str(), till.workstation.as_str(), run.as_bytes(), sequence as i64];
    let mut rows = statement.query(place)?;
    let mut hashes = Vec::new();
    while let Some(row) = rows.next()? {
        // A quarantined entry may claim a hash of any length.
        hashes.extend(words::bytes32(&row.get::<_, Vec<u8>>(0)?));
    }
    Ok(hashes)
}

fn insert(connection: &Connection, sealed: &SealedEntry, now: Timestamp) -> Result<(), StoreError> {
    let header = &sealed.header;
    connection
        .prepare_cached(
            "INSERT INTO entry (store, entry_id, workstation, run, sequence, recorded_at, received_at, operator,
                 business_day, kind, payload, previous_hash, hash, signature)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
            header.till.store.as_str(),
            header.entry.as_bytes(),
            header.till.workstation.as_str(),
            header.mark.run.as_bytes(),
            header.mark.sequence as i64,
            micros(header.recorded_at),
            micros(now),
            header.operator.as_ref().map(OperatorId::as_str),
            header.business_day.to_string(),
            header.kind,
            sealed.payload,
            sealed.previous_hash,
            sealed.hash,
            sealed.signature
        ])?;
    Ok(())
}

/// Two entries of one till with the same predecessor: both are kept and booked, and head office is told.
fn note_forks(connection: &Connection, sealed: &SealedEntry, now: Timestamp) -> Result<(), StoreError> {
    let till = &sealed.header.till;
    let found = connection.prepare_cached(NOTE_FORKS)?.execute(params![
        till.store.as_str(),
        till.workstation.as_str(),
        sealed.previous_hash,
        sealed.header.entry.as_bytes(),
        micros(now)
    ])?;
    if found > 0 {
        tracing::warn!(%till, entry = %sealed.header.entry, "two entries follow the same one: restored or cloned");
    }
    Ok(())
}

/// The mark of a run, over everything that has arrived behind it.
fn find_mark(connection: &Connection, till: &TillId, known: &KnownRun) -> Result<i64, StoreError> {
    let (store, workstation) = (till.store.as_str(), till.workstation.as_str());
    let mut mark = known.contiguous;
    let mut arrived = connection.prepare_cached(HASHES_AT)?;
    while arrived.exists(params![store, workstation, known.run.as_bytes(), mark + 1])? {
        mark += 1;
    }
    Ok(mark)
}

/// Books what an entry says.
fn apply(
    connection: &Connection,
    changes: &mut Changes,
    till: &TillId,
    entry: &Entry,
    when: When,
) -> Result<(), StoreError> {
    let When { moment, now } = when;
    let cause = Cause { entry, store: &till.store, workstation: &till.workstation, moment, now, approver: None };
    // What a count comes to is seen from here.
    let is_count = matches!(entry.event, Event::StockCounted { .. });
    let movements = if is_count { Vec::new() } else { event::movements(entry) };
    let mut booked: Vec<Dated> = movements.iter().cloned().map(|movement| Dated { movement, moment }).collect();
    let taken_back = match &entry.event {
        Event::TransferClosed { transfer, product, received } => {
            transfers::receive(connection, &cause, *transfer, product, *received)?
        }
        _ => None,
    };
    booked.extend(taken_back.clone());
    let mut cuts = Cuts::before(connection, &cause);
    let shelves = counts::list_shelves(connection, changes, &cause, &booked, &mut cuts)?;
    booked.extend(cuts::list_counted_already(&mut cuts, &booked)?);
    stock::book(connection, changes, &till.store, Some(&till.workstation), &booked, now)?;
    let mut odd: Vec<(crate::domain::ids::OrderNumber, String)> = Vec::new();
    for (number, step) in event::order_steps(entry) {
        let misfits = hand_overs::fold(connection, changes, &cause, &number, &step)?;
        odd.extend(misfits.into_iter().map(|what| (number.clone(), what)));
    }
    counts::keep_shelves(connection, changes, &cause, shelves, &booked, taken_back.as_ref())?;
    match &entry.event {
        Event::StockCounted { .. } => counts::book(connection, changes, &cause)?,
        Event::TransferRequested { product, quantity, from, case, order, customer } => {
            let (quantity, case, order) = (*quantity, *case, order.as_ref());
            let wanted = transfers::Wanted { product, quantity, from, case, order, customer };
            transfers::request(connection, changes, &cause, &wanted)?;
        }
        Event::TransferWithdrawn { transfer } => transfers::withdraw(connection, changes, &cause, *transfer)?,
        Event::FalseAlarmReported { case, order, product } => {
            case_decisions::report_false_alarm(connection, changes, &cause, *case, order, product)?;
        }
        Event::TransferClosed { transfer, .. } => {
            let twice = taken_back.as_ref().map(|dated| &dated.movement);
            odd.extend(transfers::close(connection, changes, &cause, *transfer, twice)?);
        }
        _ => {}
    }
    for (position, (number, what)) in odd.iter().enumerate() {
        findings::save_anomaly(connection, &till.store, entry.id, position, number, what, now)?;
    }
    // What was taken in before is nothing new.
    let is_new = |movement: &Movement| {
        let twice = taken_back.as_ref().map_or(Quantity::ZERO, |dated| dated.movement.quantity);
        (movement.quantity + twice).is_positive()
    };
    for movement in movements.iter().filter(|movement| is_new(movement)) {
        cases::settle_by_stock(connection, changes, &till.store, &movement.product, movement.reason, now)?;
    }
    match &entry.event {
        Event::SaleCompleted(sale) => apply_sale(connection, changes, &cause, sale, &movements),
        _ => Ok(()),
    }
}

/// Keeps a sale, and looks at what it took from orders.
fn apply_sale(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    sale: &Sale,
    movements: &[Movement],
) -> Result<(), StoreError> {
    sales::save(connection, cause, sale)?;
    for sold in &sale.sold_anyway {
        let cause = Cause { approver: sold.approved_by.as_ref(), ..*cause };
        cases::open_sold_anyway(connection, changes, &cause, sold)?;
    }
    for product in movements.iter().map(|movement| &movement.product).collect::<BTreeSet<_>>() {
        let sold = movements
            .iter()
            .filter(|movement| movement.product == *product && movement.reason == MovementReason::Sale)
            .map(|movement| -movement.quantity)
            .sum::<Quantity>();
        if sold.is_positive() {
            cases::judge_sale(connection, changes, cause, product, sold)?;
        }
    }
    Ok(())
}

/// How far these runs have arrived; 0 for one never heard of.
pub fn list_marks(connection: &Connection, till: &TillId, runs: &[RunId]) -> Result<Vec<RunMark>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT contiguous FROM run WHERE store = ?1 AND workstation = ?2 AND run = ?3")?;
    let mut marks = Vec::with_capacity(runs.len());
    for run in runs {
        let place = params![till.store.as_str(), till.workstation.as_str(), run.as_bytes()];
        let mark: Option<i64> = statement.query_row(place, |row| row.get(0)).optional()?;
        marks.push((*run, mark.unwrap_or(0).unsigned_abs()));
    }
    Ok(marks)
}

/// The mark of every run of a till.
pub fn list_all_marks(connection: &Connection, till: &TillId) -> Result<Vec<JournalMark>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT run, contiguous FROM run WHERE store = ?1 AND workstation = ?2 AND contiguous > 0 ORDER BY first_at",
    )?;
    let mut rows = statement.query(params![till.store.as_str(), till.workstation.as_str()])?;
    let mut marks = Vec::new();
    while let Some(row) = rows.next()? {
        let run = RunId::from_bytes(words::bytes16(&row.get::<_, Vec<u8>>(0)?)?);
        marks.push(JournalMark { run, sequence: row.get::<_, i64>(1)?.unsigned_abs() });
    }
    Ok(marks)
}

/// Forks, newest first.
pub fn list_forks(connection: &Connection) -> Result<Vec<Fork>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT store, workstation, entry_a, entry_b, found_at FROM fork ORDER BY found_at DESC LIMIT 10000",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Fork {
            till: till_of(row)?,
            entry_a: EntryId::from_bytes(words::bytes16(&row.get::<_, Vec<u8>>(2)?)?),
            entry_b: EntryId::from_bytes(words::bytes16(&row.get::<_, Vec<u8>>(3)?)?),
            found_at: words::instant(row.get(4)?)?,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::schema;
    use super::*;

    #[test]
    fn what_a_push_asks_is_found_by_an_index_and_never_by_the_whole_store() {
        let folder = tempfile::tempdir().unwrap();
        let connection = schema::open_writer(&folder.path().join("central.db")).unwrap();
        for question in [HASHES_AT, NOTE_FORKS] {
            let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {question}")).unwrap();
            let nothing: Vec<Option<i64>> = vec![None; plan.parameter_count()];
            let steps = plan.query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(3)).unwrap();
            let searches: Vec<String> = steps.map(Result::unwrap).filter(|step| step.contains(" entry ")).collect();
            assert!(!searches.is_empty(), "{question}");
            assert!(searches.iter().all(|step| step.contains("COVERING INDEX")), "{question}\n{searches:?}");
        }
    }
}
