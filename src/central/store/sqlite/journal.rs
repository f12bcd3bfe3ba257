//! The tills' journals: each entry taken exactly once, its place in the chain checked, and booked.

use std::collections::BTreeSet;

use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::super::super::proof;
use super::super::{
    EntryOutcome, FindingKind, Fork, ProvenEntry, PushReceipt, QuarantineReason, QuarantinedEntry, ReceivedEntry,
    Retried, RunMark, SaleRecord, StillToCome, StoreError,
};
use super::cases::{self, Cause};
use super::feeds::Changes;
use super::words::{self, micros};
use super::{access, case_decisions, counts, cuts, findings, hand_overs, stock, transfers};
use crate::domain::Timestamp;
use crate::domain::event::{self, Entry, Event};
use crate::domain::ids::{EntryId, JournalMark, OperatorId, RunId, StoreId, TillId, WorkstationId};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::stock::MovementReason;
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
/// central has heard everything of this till up to `now`.
pub fn push(
    connection: &Connection,
    changes: &mut Changes,
    till: &TillId,
    entries: &[ReceivedEntry],
    still_to_come: &StillToCome,
    booking: Booking,
    now: Timestamp,
) -> Result<PushReceipt, StoreError> {
    let mut outcomes = Vec::with_capacity(entries.len());
    let mut runs: BTreeSet<RunId> = BTreeSet::new();
    for entry in entries {
        runs.insert(entry.mark.run);
        let outcome = match judge(connection, till, entry)? {
            Judgement::Known => EntryOutcome::Already,
            Judgement::Quarantine(reason) => {
                quarantine(connection, till, entry, &reason, now)?;
                EntryOutcome::Quarantined(reason)
            }
            Judgement::Take(proven) => match take(connection, changes, till, proven, booking, now)? {
                Ok(()) => EntryOutcome::Applied,
                Err(reason) => {
                    quarantine(connection, till, entry, &reason, now)?;
                    EntryOutcome::Quarantined(reason)
                }
            },
        };
        outcomes.push((entry.id, outcome));
    }
    let mut marks = Vec::with_capacity(runs.len());
    for run in runs {
        let sequence = advance_mark(connection, till, run, now)?;
        let last = entries.iter().filter(|entry| entry.mark.run == run).map(|entry| entry.mark.sequence).max();
        if last.is_some_and(|last| last < sequence) {
            changes.touch_mark(till);
        }
        marks.push(JournalMark { run, sequence });
    }
    let arrived = |tail: &JournalMark| marks.iter().any(|mark| mark.run == tail.run && mark.sequence >= tail.sequence);
    match still_to_come.unsent {
        Some(unsent) if unsent.count > 0 => access::save_till_unsent(connection, till, unsent, now)?,
        _ if still_to_come.awaited.iter().all(arrived) => access::save_till_seen(connection, till, now)?,
        _ => {}
    }
    Ok(PushReceipt { outcomes, marks, put_aside: count_put_aside(connection, till)? })
}

/// Takes an entry and books what it says, or, where each is booked by itself, answers why that cannot be.
fn take(
    connection: &Connection,
    changes: &mut Changes,
    till: &TillId,
    proven: &ProvenEntry,
    booking: Booking,
    now: Timestamp,
) -> Result<Result<(), QuarantineReason>, StoreError> {
    let book = |changes: &mut Changes| {
        insert(connection, &proven.sealed, now)?;
        note_forks(connection, &proven.sealed, now)?;
        apply(connection, changes, till, &proven.entry, now)
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

enum Judgement<'a> {
    Take(&'a ProvenEntry),
    Known,
    Quarantine(QuarantineReason),
}

fn judge<'a>(connection: &Connection, till: &TillId, entry: &'a ReceivedEntry) -> Result<Judgement<'a>, StoreError> {
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

fn quarantine(
    connection: &Connection,
    till: &TillId,
    entry: &ReceivedEntry,
    reason: &QuarantineReason,
    now: Timestamp,
) -> Result<(), StoreError> {
    let content: [u8; 32] = Sha256::digest(&entry.bytes).into();
    let kept = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO quarantine (store, workstation, content, entry_id, run, sequence, hash, bytes, reason,
                 received_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            till.store.as_str(),
            till.workstation.as_str(),
            content,
            entry.id.as_bytes(),
            entry.mark.run.as_bytes(),
            entry.mark.sequence as i64,
            entry.hash,
            entry.bytes,
            reason.to_string(),
            micros(now)
        ])?;
    if kept > 0 {
        tracing::warn!(%till, entry = %entry.id, %reason, "an entry was put aside");
    }
    Ok(())
}

/// Of what was put aside, called `q`: it is not in the books, under its own hash.
const NOT_BOOKED: &str =
    "NOT EXISTS (SELECT 1 FROM entry e WHERE e.store = q.store AND e.entry_id = q.entry_id AND e.hash = q.hash)";

/// How many entries that were put aside are judged again at once, the oldest first.
const RETRIED_MAX: usize = 10_000;

/// Judges entries again that were put aside and are not in the books. Their marks have moved over them already.
pub fn retry(connection: &Connection, changes: &mut Changes, now: Timestamp) -> Result<Retried, StoreError> {
    let sql = format!(
        "SELECT q.store, q.workstation, q.bytes FROM quarantine q WHERE {NOT_BOOKED}
         ORDER BY q.received_at, q.store, q.workstation, q.run, q.sequence LIMIT ?1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let aside: Vec<(TillId, Vec<u8>)> = statement
        .query_map([RETRIED_MAX as i64], |row| {
            let till = TillId {
                store: StoreId::new(row.get::<_, String>(0)?),
                workstation: WorkstationId::new(row.get::<_, String>(1)?),
            };
            Ok((till, row.get(2)?))
        })?
        .collect::<Result<_, _>>()?;
    let mut retried = Retried { looked_at: aside.len(), booked: 0 };
    for (till, bytes) in aside {
        let keys = access::list_keys(connection, &till)?;
        let keys: Vec<VerifyingKey> = keys.iter().filter_map(|key| VerifyingKey::from_bytes(key).ok()).collect();
        let Some(entry) = proof::receive_again(&bytes, &till, &keys) else { continue };
        if let Judgement::Take(proven) = judge(connection, &till, &entry)?
            && take(connection, changes, &till, proven, Booking::Apart, now)?.is_ok()
        {
            tracing::info!(%till, entry = %entry.id, "an entry that had been put aside is booked");
            retried.booked += 1;
        }
    }
    Ok(retried)
}

/// Moves the mark of a run over everything that has arrived behind it.
fn advance_mark(connection: &Connection, till: &TillId, run: RunId, now: Timestamp) -> Result<u64, StoreError> {
    let (store, workstation) = (till.store.as_str(), till.workstation.as_str());
    let mut mark: i64 = connection
        .prepare_cached("SELECT contiguous FROM run WHERE store = ?1 AND workstation = ?2 AND run = ?3")?
        .query_row(params![store, workstation, run.as_bytes()], |row| row.get(0))
        .optional()?
        .unwrap_or(0);
    let mut arrived = connection.prepare_cached(HASHES_AT)?;
    while arrived.exists(params![store, workstation, run.as_bytes(), mark + 1])? {
        mark += 1;
    }
    connection
        .prepare_cached(
            "INSERT INTO run (store, workstation, run, contiguous, first_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (store, workstation, run) DO UPDATE SET contiguous = excluded.contiguous",
        )?
        .execute(params![store, workstation, run.as_bytes(), mark, micros(now)])?;
    Ok(mark.unsigned_abs())
}

/// Books what an entry says.
fn apply(
    connection: &Connection,
    changes: &mut Changes,
    till: &TillId,
    entry: &Entry,
    now: Timestamp,
) -> Result<(), StoreError> {
    let cause = Cause { entry, store: &till.store, workstation: &till.workstation, now, approver: None };
    // What a count comes to is seen from here.
    let is_count = matches!(entry.event, Event::StockCounted { .. });
    let mut movements = if is_count { Vec::new() } else { event::movements(entry) };
    let mut is_counted = true;
    if let Event::TransferClosed { transfer, product, received } = &entry.event {
        let taken_back = transfers::receive(connection, &cause, *transfer, product, *received)?;
        is_counted = taken_back.as_ref().is_none_or(|movement| movement.quantity + *received != Quantity::ZERO);
        movements.extend(taken_back);
    }
    let shelves = counts::list_shelves(connection, changes, &cause, &movements)?;
    let counted_already = cuts::list_counted_already(connection, &till.store, &movements)?;
    let booked: Vec<_> = movements.iter().cloned().chain(counted_already).collect();
    stock::book(connection, changes, &till.store, Some(&till.workstation), &booked, now)?;
    let mut odd: Vec<(crate::domain::ids::OrderNumber, String)> = Vec::new();
    for (number, step) in event::order_steps(entry) {
        let misfits = hand_overs::fold(connection, changes, &cause, &number, &step)?;
        odd.extend(misfits.into_iter().map(|what| (number.clone(), what)));
    }
    counts::keep_shelves(connection, changes, &cause, shelves, &booked)?;
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
            odd.extend(transfers::close(connection, changes, &cause, *transfer, movements.get(1))?);
        }
        _ => {}
    }
    for (position, (number, what)) in odd.iter().enumerate() {
        findings::save_anomaly(connection, &till.store, entry.id, position, number, what, now)?;
    }
    for movement in movements.iter().filter(|movement| is_counted && movement.quantity.is_positive()) {
        cases::settle_by_stock(connection, changes, &till.store, &movement.product, movement.reason, now)?;
    }
    if let Event::SaleCompleted(sale) = &entry.event {
        save_sale(connection, till, entry, sale, now)?;
        for sold in &sale.sold_anyway {
            let cause = Cause { approver: sold.approved_by.as_ref(), ..cause };
            cases::open_sold_anyway(connection, changes, &cause, sold)?;
        }
        for product in movements.iter().map(|movement| &movement.product).collect::<BTreeSet<_>>() {
            let sold = movements
                .iter()
                .filter(|movement| movement.product == *product && movement.reason == MovementReason::Sale)
                .map(|movement| -movement.quantity)
                .sum::<Quantity>();
            if sold.is_positive() {
                cases::judge_sale(connection, changes, &cause, product, sold)?;
            }
        }
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

/// A number that is on paper twice, and a basket that was sold twice: what a till put back from a copy may do before it hears
/// of what came after the copy. Both sales are in the books, and head office is told.
fn note_sold_before(
    connection: &Connection,
    till: &TillId,
    entry: &Entry,
    sale: &crate::domain::sale::Sale,
    now: Timestamp,
) -> Result<(), StoreError> {
    let numbered: bool = connection
        .prepare_cached("SELECT 1 FROM sale WHERE store = ?1 AND workstation = ?2 AND receipt_number = ?3")?
        .exists(params![till.store.as_str(), till.workstation.as_str(), sale.receipt_number as i64])?;
    if numbered {
        let what = format!("receipt number {} was given before, to another sale", sale.receipt_number);
        findings::save(connection, &till.store, entry.id, FindingKind::NumberTwice, None, &what, now)?;
    }
    let sold: Option<i64> = connection
        .prepare_cached("SELECT receipt_number FROM sale WHERE basket_id = ?1 LIMIT 1")?
        .query_row([sale.basket.as_bytes()], |row| row.get(0))
        .optional()?;
    if let Some(before) = sold {
        let what = format!("receipt {} is of a basket that was sold before, as receipt {before}", sale.receipt_number);
        findings::save(connection, &till.store, entry.id, FindingKind::SoldTwice, None, &what, now)?;
    }
    Ok(())
}

fn save_sale(
    connection: &Connection,
    till: &TillId,
    entry: &Entry,
    sale: &crate::domain::sale::Sale,
    now: Timestamp,
) -> Result<(), StoreError> {
    note_sold_before(connection, till, entry, sale, now)?;
    connection
        .prepare_cached(
            "INSERT INTO sale (store, workstation, receipt_number, entry_id, total_minor, tax_minor, cash_minor, currency,
                 completed_at, business_day, basket_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            till.store.as_str(),
            till.workstation.as_str(),
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

/// How many of a till's entries are put aside and not in the books.
pub fn count_put_aside(connection: &Connection, till: &TillId) -> Result<u64, StoreError> {
    let sql = format!("SELECT COUNT(*) FROM quarantine q WHERE q.store = ?1 AND q.workstation = ?2 AND {NOT_BOOKED}");
    let count: i64 = connection
        .prepare_cached(&sql)?
        .query_row(params![till.store.as_str(), till.workstation.as_str()], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// The same of every till that has any.
pub fn list_put_aside(connection: &Connection) -> Result<Vec<(TillId, u64)>, StoreError> {
    let sql = format!(
        "SELECT q.store, q.workstation, COUNT(*) FROM quarantine q WHERE {NOT_BOOKED} GROUP BY q.store, q.workstation"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((till_of(row)?, row.get::<_, i64>(2)?.unsigned_abs()));
    }
    Ok(found)
}

/// Entries put aside, newest first.
pub fn list_quarantined(connection: &Connection) -> Result<Vec<QuarantinedEntry>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT store, workstation, entry_id, run, sequence, reason, received_at FROM quarantine
         ORDER BY received_at DESC LIMIT 10000",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(QuarantinedEntry {
            till: till_of(row)?,
            id: EntryId::from_bytes(words::bytes16(&row.get::<_, Vec<u8>>(2)?)?),
            mark: JournalMark {
                run: RunId::from_bytes(words::bytes16(&row.get::<_, Vec<u8>>(3)?)?),
                sequence: row.get::<_, i64>(4)?.unsigned_abs(),
            },
            reason: row.get(5)?,
            received_at: words::instant(row.get(6)?)?,
        });
    }
    Ok(found)
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

fn till_of(row: &rusqlite::Row<'_>) -> Result<TillId, StoreError> {
    Ok(TillId {
        store: StoreId::new(row.get::<_, String>(0)?),
        workstation: WorkstationId::new(row.get::<_, String>(1)?),
    })
}

/// Sales of a store.
pub fn list_sales(connection: &Connection, store: &StoreId) -> Result<Vec<SaleRecord>, StoreError> {
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
