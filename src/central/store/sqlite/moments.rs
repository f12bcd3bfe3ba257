//! When the entries of a push happened in central's time, by [`crate::domain::till_clock`] and what is known of their runs.
//!
//! Each run is bounded by itself: a till that was copied writes one in each of its copies, and what the one has said tells
//! nothing of the other.

use rusqlite::{Connection, OptionalExtension, params};

use super::super::{ReceivedEntry, StoreError};
use super::words::{self, micros};
use crate::domain::Timestamp;
use crate::domain::event::Event;
use crate::domain::ids::{JournalMark, RunId, TillId};
use crate::domain::till_clock::{self, Bounds, Hearing};

/// What central knows of a run.
#[derive(Clone, Debug)]
pub struct KnownRun {
    /// Which.
    pub run: RunId,
    /// How far it has arrived without a gap.
    pub contiguous: i64,
    /// The last entry that was placed, and when it happened.
    last: Option<(u64, Timestamp)>,
    /// Its till had nothing more to say then.
    heard_at: Option<Timestamp>,
}

/// The runs of a push as they are known, the new entries placed, and when each entry happened.
pub fn place(
    connection: &Connection,
    till: &TillId,
    entries: &[ReceivedEntry],
    hearing: &Hearing,
) -> Result<(Vec<KnownRun>, Vec<Timestamp>), StoreError> {
    let mut runs: Vec<KnownRun> = Vec::new();
    let mut moments = vec![hearing.now; entries.len()];
    for entry in entries {
        if runs.iter().any(|known| known.run == entry.mark.run) {
            continue;
        }
        let mut known = find(connection, till, entry.mark.run)?;
        let mut of_run: Vec<usize> = (0..entries.len()).filter(|i| entries[*i].mark.run == known.run).collect();
        of_run.sort_by_key(|i| entries[*i].mark.sequence);
        let last_sequence = known.last.map_or(0, |(sequence, _)| sequence);
        let (late, new) = of_run.split_at(of_run.partition_point(|i| entries[*i].mark.sequence <= last_sequence));
        // What was dated while central's clock was ahead tells nothing of what comes now.
        let is_known = |at: &Timestamp| *at <= till_clock::latest_known(hearing.now);
        let before = known.last.map(|(_, moment)| moment).filter(is_known);
        let heard_at = known.heard_at.filter(is_known).map(|at| at.min(hearing.made_at()));
        let after = match (before.max(heard_at), new.first()) {
            (None, Some(first)) => find_before(connection, till, &runs, &entries[*first])?.filter(is_known),
            (after, _) => after,
        };
        let recorded = |which: &[usize]| which.iter().map(|i| recorded_at(&entries[*i])).collect::<Vec<_>>();
        let placed_late = hearing.place(Bounds { after: None, before }, &recorded(late));
        let placed_new = hearing.place(Bounds { after, before: None }, &recorded(new));
        for (i, moment) in of_run.iter().zip(placed_late.into_iter().chain(placed_new)) {
            // As the file keeps it.
            let moment = words::instant(micros(moment))?;
            moments[*i] = moment;
            // What is not proven may name any place.
            if entries[*i].content.is_ok() && entries[*i].mark.sequence > last_sequence {
                known.last = Some((entries[*i].mark.sequence, moment));
            }
        }
        runs.push(known);
    }
    Ok((runs, moments))
}

fn recorded_at(entry: &ReceivedEntry) -> Option<Timestamp> {
    entry.content.as_ref().ok().map(|proven| proven.entry.recorded_at)
}

fn find(connection: &Connection, till: &TillId, run: RunId) -> Result<KnownRun, StoreError> {
    let row: Option<(i64, Option<i64>, i64, Option<i64>)> = connection
        .prepare_cached(
            "SELECT contiguous, moment, moment_sequence, heard_at FROM run
             WHERE store = ?1 AND workstation = ?2 AND run = ?3",
        )?
        .query_row(params![till.store.as_str(), till.workstation.as_str(), run.as_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((contiguous, moment, sequence, heard_at)) = row else {
        return Ok(KnownRun { run, contiguous: 0, last: None, heard_at: None });
    };
    let moment = moment.map(words::instant).transpose()?;
    let last = moment.map(|moment| (sequence.unsigned_abs(), moment));
    Ok(KnownRun { run, contiguous, last, heard_at: heard_at.map(words::instant).transpose()? })
}

/// When the entry happened that a run goes on from. Where that is not the last of its run, two go on from it, and nobody knows.
fn find_before(
    connection: &Connection,
    till: &TillId,
    runs: &[KnownRun],
    first: &ReceivedEntry,
) -> Result<Option<Timestamp>, StoreError> {
    let start = first.content.as_ref().ok().map(|proven| &proven.entry.event);
    let Some(Event::RunStarted { predecessor: Some(tail), .. }) = start else { return Ok(None) };
    let JournalMark { run, sequence } = tail.mark;
    let known = match runs.iter().find(|known| known.run == run) {
        Some(known) => known.clone(),
        None => find(connection, till, run)?,
    };
    Ok(known.last.filter(|(last, _)| *last == sequence).map(|(_, moment)| moment))
}

/// The till that writes a run had nothing more to say at a moment.
pub fn heard_everything(
    connection: &Connection,
    till: &TillId,
    runs: &mut [KnownRun],
    run: RunId,
    at: Timestamp,
) -> Result<(), StoreError> {
    if let Some(known) = runs.iter_mut().find(|known| known.run == run) {
        known.heard_at = Some(at);
        return Ok(());
    }
    connection
        .prepare_cached("UPDATE run SET heard_at = ?4 WHERE store = ?1 AND workstation = ?2 AND run = ?3")?
        .execute(params![till.store.as_str(), till.workstation.as_str(), run.as_bytes(), micros(at)])?;
    Ok(())
}

/// Keeps what is known of a run.
pub fn save(connection: &Connection, till: &TillId, known: &KnownRun, now: Timestamp) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO run (store, workstation, run, contiguous, first_at, moment, moment_sequence, heard_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (store, workstation, run) DO UPDATE SET contiguous = excluded.contiguous,
                 moment = excluded.moment, moment_sequence = excluded.moment_sequence, heard_at = excluded.heard_at",
        )?
        .execute(params![
            till.store.as_str(),
            till.workstation.as_str(),
            known.run.as_bytes(),
            known.contiguous,
            micros(now),
            known.last.map(|(_, moment)| micros(moment)),
            known.last.map_or(0, |(sequence, _)| sequence as i64),
            known.heard_at.map(micros)
        ])?;
    Ok(())
}
