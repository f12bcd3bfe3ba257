//! What of the own journal central's figures contain, and the figures that come in slices.
//!
//! A level is central's figure and the own movements behind its mark. Both change together: in one transaction, or, where a batch
//! has thousands of figures, product by product, each figure saying by its batch number which marks it goes with. A scan between
//! two slices reckons right, and so does a start after a power cut.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::error::{DatabaseError, While};
use super::{Tx, stock};
use crate::domain::feed::{Change, FeedBatch, Scope, StockFigure};
use crate::domain::ids::{JournalMark, ProductId, RunId};

const READING: &str = "reading what central has";
const WRITING: &str = "keeping what central has";

/// Entries that movements are taken for contained of at once, in the transaction that hears so. More wait for an idle moment.
const ENTRIES_CLEARED_AT_ONCE: i64 = 32;
/// Movements that are taken for contained in one idle moment: some ten milliseconds.
const MOVEMENTS_CLEARED_MAX: i64 = 1_000;

/// Of a batch that comes in slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchNumber(pub(super) i64);

/// A batch of the feed that comes into the file in slices.
#[derive(Clone, Debug)]
pub struct SlicedBatch {
    number: BatchNumber,
    /// Still to come, the next last.
    figures: Vec<StockFigure>,
    /// What closes it: everything else, with the marks and the cursor.
    rest: FeedBatch,
}

impl SlicedBatch {
    /// The next figures; none when only the rest is left.
    pub fn take_slice(&mut self, figures_max: usize) -> Vec<StockFigure> {
        let at = self.figures.len().saturating_sub(figures_max.max(1));
        self.figures.split_off(at)
    }

    /// What closes it.
    pub fn into_rest(self) -> FeedBatch {
        self.rest
    }
}

impl Tx<'_> {
    /// Begins to take a batch in slices. Gives it back where it has to be taken whole: a snapshot, figures that contain less than
    /// those before, or one in the middle of which the till was ended.
    pub fn begin_slices(&mut self, batch: FeedBatch) -> Result<Result<SlicedBatch, FeedBatch>, DatabaseError> {
        let connection: &Connection = &self.transaction;
        let (number, open): (i64, bool) = connection
            .prepare_cached("SELECT batch, open FROM coming")
            .and_then(|mut s| s.query_row((), |row| Ok((row.get(0)?, row.get(1)?))))
            .or_while(READING)?;
        if batch.scope != Scope::Store || batch.snapshot || batch.left_out > 0 || open {
            return Ok(Err(batch));
        }
        let known = list_contained(connection)?;
        let is_behind = |known: &JournalMark| {
            batch.contains.iter().all(|mark| mark.run != known.run || mark.sequence < known.sequence)
        };
        if known.iter().any(is_behind) {
            return Ok(Err(batch));
        }
        let number = number + 1;
        connection.execute("UPDATE coming SET batch = ?1, open = 1", [number]).or_while(WRITING)?;
        for mark in batch.contains.iter().filter(|mark| !known.contains(mark)) {
            put_coming(connection, mark)?;
        }
        let with_orders = list_products_of_orders(self, &batch)?;
        Ok(Ok(cut(batch, BatchNumber(number), &with_orders)))
    }

    /// Takes some of its figures.
    pub fn put_slice(&mut self, batch: &SlicedBatch, figures: &[StockFigure]) -> Result<(), DatabaseError> {
        for figure in figures {
            stock::put_figure(&self.transaction, figure, Some(batch.number))?;
        }
        stock::put_other_stores(&self.transaction, figures)
    }
}

/// What a website ordered leaves the shelf and the order in one word of central's: such products are not torn from their orders.
fn list_products_of_orders(tx: &Tx<'_>, batch: &FeedBatch) -> Result<HashSet<ProductId>, DatabaseError> {
    let mut products = HashSet::new();
    for change in &batch.changes {
        let (number, order) = match change {
            Change::Order(order) => (&order.number, Some(order.as_ref())),
            Change::OrderRemoved(number) => (number, None),
            Change::Transfer(transfer) => {
                products.insert(transfer.product.clone());
                continue;
            }
            _ => continue,
        };
        let before = tx.view().find_order(number)?;
        let lines = before.iter().chain(order).flat_map(|order| &order.lines);
        products.extend(lines.map(|line| line.product.clone()));
    }
    Ok(products)
}

/// Figures apart, in the order in which they lie in the file, so that a slice writes to few pages. Of two of one product, which go with
/// the same marks, the last is it.
fn cut(mut batch: FeedBatch, number: BatchNumber, whole: &HashSet<ProductId>) -> SlicedBatch {
    let mut figures: HashMap<ProductId, StockFigure> = HashMap::new();
    let mut rest = Vec::new();
    for change in std::mem::take(&mut batch.changes) {
        match change {
            Change::Stock(figure) if !whole.contains(&figure.product) => {
                figures.insert(figure.product.clone(), figure);
            }
            other => rest.push(other),
        }
    }
    batch.changes = rest;
    let mut figures: Vec<StockFigure> = figures.into_values().collect();
    figures.sort_unstable_by(|a, b| b.product.cmp(&a.product));
    SlicedBatch { number, figures, rest: batch }
}

/// Keeps what the figures of the batch that is coming in contain.
pub(super) fn put_coming(connection: &Connection, mark: &JournalMark) -> Result<(), DatabaseError> {
    connection
        .prepare_cached(
            "INSERT INTO contained (run, sequence, coming) VALUES (?1, 0, ?2)
             ON CONFLICT (run) DO UPDATE SET coming = excluded.coming",
        )
        .and_then(|mut s| s.execute(params![mark.run.as_bytes(), mark.sequence as i64]))
        .map(|_| ())
        .or_while(WRITING)
}

/// What came in slices is whole: its marks hold for every figure.
pub(super) fn close_slices(connection: &Connection) -> Result<(), DatabaseError> {
    let was_open = connection
        .prepare_cached("UPDATE coming SET open = 0 WHERE open = 1")
        .and_then(|mut s| s.execute(()))
        .or_while(WRITING)?;
    if was_open > 0 {
        connection.execute("UPDATE contained SET coming = 0 WHERE coming > 0", ()).or_while(WRITING)?;
    }
    Ok(())
}

/// Takes `pending` off some movements that figures contain, for an idle moment. Answers whether there may be more.
pub(super) fn clear_contained(connection: &Connection) -> Result<bool, DatabaseError> {
    let behind: Option<([u8; 16], i64)> = connection
        .prepare_cached(
            "SELECT run, sequence FROM contained c
             WHERE (SELECT min(m.sequence) FROM movement m WHERE m.pending = 1 AND m.run = c.run) <= c.sequence LIMIT 1",
        )
        .and_then(|mut s| s.query_row((), |row| Ok((row.get(0)?, row.get(1)?))).optional())
        .or_while(READING)?;
    let Some((run, sequence)) = behind else { return Ok(false) };
    connection
        .prepare_cached(
            "UPDATE movement SET pending = 0 WHERE (position, ordinal) IN
                 (SELECT position, ordinal FROM movement WHERE pending = 1 AND run = ?1 AND sequence <= ?2
                  ORDER BY sequence LIMIT ?3)",
        )
        .and_then(|mut s| s.execute(params![run, sequence, MOVEMENTS_CLEARED_MAX]))
        .map(|_| true)
        .or_while(WRITING)
}

/// What a mark of a run does to what was marked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MarkMove {
    /// Nothing new.
    Still,
    /// Central's figures contain more than before.
    Forward,
    /// Central's figures contain less: it was restored from an old copy.
    Back,
}

/// Runs that central's figures contained before and that it does not name now: it was restored from a copy older than
/// they are, and contains nothing of them.
pub(super) fn list_contained_no_more(
    connection: &Connection,
    named: &[JournalMark],
) -> Result<Vec<JournalMark>, DatabaseError> {
    let known = list_contained(connection)?.into_iter();
    let no_more = known.filter(|known| named.iter().all(|mark| mark.run != known.run));
    Ok(no_more.map(|known| JournalMark { sequence: 0, ..known }).collect())
}

/// Keeps central's word on which own entries its figures contain.
pub(super) fn put_contained(connection: &Connection, mark: &JournalMark) -> Result<MarkMove, DatabaseError> {
    let before: Option<i64> = connection
        .prepare_cached("SELECT sequence FROM contained WHERE run = ?1")
        .and_then(|mut s| s.query_row([mark.run.as_bytes()], |row| row.get(0)).optional())
        .or_while(WRITING)?;
    let (before, now) = (before.unwrap_or(0), mark.sequence as i64);
    let moved = match before {
        before if before == now => return Ok(MarkMove::Still),
        before if before < now => MarkMove::Forward,
        _ => MarkMove::Back,
    };
    connection
        .prepare_cached("INSERT OR REPLACE INTO contained (run, sequence) VALUES (?1, ?2)")
        .and_then(|mut s| s.execute(params![mark.run.as_bytes(), now]))
        .or_while(WRITING)?;
    let (sql, from, to) = match moved {
        MarkMove::Back => (
            "UPDATE movement SET pending = 1, in_order = 1 WHERE pending = 0 AND run = ?1 AND sequence > ?2 AND sequence <= ?3",
            now,
            i64::MAX,
        ),
        // The marks say what counts; how many rows there are to go through is not for whoever waits at the counter.
        _ if now - before > ENTRIES_CLEARED_AT_ONCE => return Ok(moved),
        _ => (
            "UPDATE movement SET pending = 0 WHERE pending = 1 AND run = ?1 AND sequence > ?2 AND sequence <= ?3",
            before,
            now,
        ),
    };
    connection
        .prepare_cached(sql)
        .and_then(|mut s| s.execute(params![mark.run.as_bytes(), from, to]))
        .or_while(WRITING)?;
    Ok(moved)
}

/// Per run, what central's figures contain.
fn list_contained(connection: &Connection) -> Result<Vec<JournalMark>, DatabaseError> {
    let known: Vec<([u8; 16], i64)> = connection
        .prepare_cached("SELECT run, sequence FROM contained WHERE sequence > 0 ORDER BY run")
        .and_then(|mut s| s.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .or_while(READING)?;
    let mark = |(run, sequence)| JournalMark { run: RunId::from_bytes(run), sequence: i64::max(sequence, 0) as u64 };
    Ok(known.into_iter().map(mark).collect())
}
