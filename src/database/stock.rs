//! Stock as this till sees it: central's last figure plus the own movements that figure does not contain yet.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension, params};

use super::codes::{Code, from_micros, micros};
use super::error::{DatabaseError, While};
use super::{Tx, View, orders};
use crate::domain::Timestamp;
use crate::domain::feed::{Change, FeedBatch, Freshness, HeardOfStore, Scope, StockFigure, StoryLine};
use crate::domain::ids::{JournalMark, ProductId, RunId, StoreId};
use crate::domain::quantity::Quantity;
use crate::domain::stock::{MovementReason, OtherStoreStock, StockLevel};
use crate::wire;

const READING: &str = "reading stock";
const WRITING: &str = "keeping stock";

/// Why a product is to be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountListRow {
    /// Which.
    pub product: ProductId,
    /// In words, the last time.
    pub reason: String,
    /// How often since it was last counted.
    pub times: u32,
    /// Since when.
    pub since: Timestamp,
}

impl View<'_> {
    /// The figures of a product in this store. A product nobody has told anything about has nothing but own movements.
    pub fn stock_level(&self, product: &ProductId) -> Result<StockLevel, DatabaseError> {
        let (known, safety) = self
            .connection
            .prepare_cached("SELECT on_hand, safety FROM stock_figure WHERE product = ?1")
            .and_then(|mut s| {
                s.query_row([product.as_str()], |row| {
                    Ok((Quantity::from_thousandths(row.get(0)?), Quantity::from_thousandths(row.get(1)?)))
                })
                .optional()
            })
            .or_while(READING)?
            .unwrap_or_default();
        let own = self
            .connection
            .prepare_cached(
                "SELECT coalesce((SELECT sum(quantity) FROM movement WHERE product = ?1 AND pending = 1 AND in_order = 1), 0)
                      + coalesce((SELECT sum(quantity) FROM movement WHERE product = ?1 AND pending = 1 AND in_order = 0), 0)",
            )
            .and_then(|mut s| s.query_row([product.as_str()], |row| Ok(Quantity::from_thousandths(row.get(0)?))))
            .or_while(READING)?;
        let (held, promised) = orders::held_and_promised(self.connection, product)?;
        Ok(StockLevel { on_hand: known + own, held, promised, safety })
    }

    /// The last movements of a product, newest first, at most `limit`: own ones central does not have, then central's.
    pub fn list_story(&self, product: &ProductId, limit: usize) -> Result<Vec<StoryLine>, DatabaseError> {
        let workstation = self.find_till()?.map(|till| till.workstation.to_string());
        let own: Vec<(i64, String, i64)> = self
            .connection
            .prepare_cached(
                "SELECT quantity, reason, at, position, ordinal FROM movement
                 WHERE product = ?1 AND pending = 1 AND in_order = 1
                 UNION ALL SELECT quantity, reason, at, position, ordinal FROM movement
                 WHERE product = ?1 AND pending = 1 AND in_order = 0
                 ORDER BY position DESC, ordinal DESC LIMIT ?2",
            )
            .and_then(|mut s| {
                s.query_map(params![product.as_str(), limit as i64], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                    .collect()
            })
            .or_while(READING)?;
        let mut story = Vec::with_capacity(limit);
        for (quantity, reason, at) in own {
            story.push(StoryLine {
                quantity: Quantity::from_thousandths(quantity),
                reason: MovementReason::from_code(&reason)?,
                workstation: workstation.clone(),
                at: from_micros(at)?,
            });
        }
        if let Some(figure) = self.find_stock_figure(product)? {
            story.extend(figure.story);
        }
        story.truncate(limit);
        Ok(story)
    }

    /// Other stores with free units, nearest first, as central last said, less what was asked of them here since.
    pub fn list_other_stores(&self, product: &ProductId) -> Result<Vec<OtherStoreStock>, DatabaseError> {
        let mut stores = self.find_stock_figure(product)?.map(|figure| figure.elsewhere).unwrap_or_default();
        if stores.is_empty() {
            return Ok(stores);
        }
        for asked in self.list_transfers_to_ask()?.into_iter().filter(|asked| asked.product == *product) {
            if let Some(store) = stores.iter_mut().find(|store| store.store == asked.from) {
                store.free = store.free - asked.quantity;
            }
        }
        stores.retain(|store| store.free.is_positive());
        Ok(stores)
    }

    /// Central's own figure, without the till's movements.
    pub fn find_stock_figure(&self, product: &ProductId) -> Result<Option<StockFigure>, DatabaseError> {
        let record: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT record FROM stock_figure WHERE product = ?1")
            .and_then(|mut s| s.query_row([product.as_str()], |row| row.get(0)).optional())
            .or_while(READING)?;
        let Some(record) = record else { return Ok(None) };
        match wire::decode_change(&record) {
            Ok(Change::Stock(figure)) => Ok(Some(figure)),
            Ok(_) => Err(DatabaseError::damaged(READING, "the record is no stock figure")),
            Err(error) => Err(DatabaseError::damaged(READING, error)),
        }
    }

    /// When a part of the feed was last known to be complete.
    pub fn find_feed_as_of(&self, scope: Scope) -> Result<Option<Timestamp>, DatabaseError> {
        self.connection
            .prepare_cached("SELECT as_of FROM feed WHERE scope = ?1")
            .and_then(|mut s| s.query_row([scope.code()], |row| row.get::<_, i64>(0)).optional())
            .or_while(READING)?
            .map(from_micros)
            .transpose()
    }

    /// When each part of the feed was last known to be complete.
    pub fn find_freshness(&self) -> Result<Freshness, DatabaseError> {
        let (company, store) = (self.find_feed_as_of(Scope::Company)?, self.find_feed_as_of(Scope::Store)?);
        Ok(Freshness { company, store })
    }

    /// Of the stores whose figures are kept here, the one that was heard of longest ago.
    pub fn find_longest_unheard_store(&self) -> Result<Option<HeardOfStore>, DatabaseError> {
        let row: Option<(String, i64)> = self
            .connection
            .prepare_cached("SELECT name, as_of FROM other_store ORDER BY as_of, store LIMIT 1")
            .and_then(|mut s| s.query_row((), |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .or_while(READING)?;
        let Some((name, as_of)) = row else { return Ok(None) };
        Ok(Some(HeardOfStore { name, as_of: from_micros(as_of)? }))
    }

    /// Products to be counted, longest waiting first.
    pub fn list_count_list(&self) -> Result<Vec<CountListRow>, DatabaseError> {
        let rows: Vec<(String, String, u32, i64)> = self
            .connection
            .prepare_cached("SELECT product, reason, times, since FROM count_list ORDER BY since, product")
            .and_then(|mut s| {
                s.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?.collect()
            })
            .or_while(READING)?;
        rows.into_iter()
            .map(|(product, reason, times, since)| {
                Ok(CountListRow { product: product.into(), reason, times, since: from_micros(since)? })
            })
            .collect()
    }
}

impl Tx<'_> {
    /// The books of a product proved wrong: it is to be counted. When that was, by the till's clock and, where that is known, in
    /// central's time.
    pub fn add_to_count_list(
        &mut self,
        product: &ProductId,
        reason: &str,
        at: Timestamp,
        happened_at: Option<Timestamp>,
    ) -> Result<(), DatabaseError> {
        self.transaction
            .prepare_cached(
                "INSERT INTO count_list (product, reason, times, since, last_at, happened_at) VALUES (?1, ?2, 1, ?3, ?3, ?4)
                 ON CONFLICT (product) DO UPDATE SET reason = excluded.reason, times = times + 1,
                     last_at = excluded.last_at, happened_at = excluded.happened_at",
            )
            .and_then(|mut s| s.execute(params![product.as_str(), reason, micros(at), happened_at.map(micros)]))
            .map(|_| ())
            .or_while(WRITING)
    }

    /// Central's clock is known now: what was noticed before by a clock that is so far ahead of it is told in central's time.
    pub fn date_count_list(&mut self, clock_ahead: TimeDelta) -> Result<(), DatabaseError> {
        self.transaction
            .prepare_cached("UPDATE count_list SET happened_at = last_at - ?1 WHERE happened_at IS NULL")
            .and_then(|mut s| s.execute([clock_ahead.num_microseconds().unwrap_or_default()]))
            .map(|_| ())
            .or_while(WRITING)
    }

    /// A product has been counted.
    pub fn remove_from_count_list(&mut self, product: &ProductId) -> Result<(), DatabaseError> {
        self.transaction
            .prepare_cached("DELETE FROM count_list WHERE product = ?1")
            .and_then(|mut s| s.execute([product.as_str()]))
            .map(|_| ())
            .or_while(WRITING)
    }
}

/// Takes central's figure.
pub(super) fn put_figure(connection: &Connection, figure: &StockFigure) -> Result<(), DatabaseError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO stock_figure VALUES (?1, ?2, ?3, ?4)")
        .and_then(|mut s| {
            s.execute(params![
                figure.product.as_str(),
                figure.on_hand.thousandths(),
                figure.safety.thousandths(),
                wire::encode_change(&Change::Stock(figure.clone())),
            ])
        })
        .or_while(WRITING)?;
    // Another till of the store, or head office, has counted it. Both moments are in central's time: the clocks of two tills are
    // not compared.
    if let Some(counted_at) = figure.counted_at {
        connection
            .prepare_cached("DELETE FROM count_list WHERE product = ?1 AND COALESCE(happened_at, last_at) <= ?2")
            .and_then(|mut s| s.execute(params![figure.product.as_str(), micros(counted_at)]))
            .or_while(WRITING)?;
    }
    Ok(())
}

/// Keeps when each other store was last heard of. A snapshot names all that are still there.
pub(super) fn put_other_stores(connection: &Connection, batch: &FeedBatch) -> Result<(), DatabaseError> {
    if batch.scope != Scope::Store {
        return Ok(());
    }
    if batch.snapshot && batch.left_out == 0 {
        connection.execute("DELETE FROM other_store", ()).or_while(WRITING)?;
    }
    // Every figure names the same few stores: each is written once a batch.
    let mut newest: BTreeMap<&StoreId, &OtherStoreStock> = BTreeMap::new();
    for change in &batch.changes {
        let Change::Stock(figure) = change else { continue };
        for other in &figure.elsewhere {
            let known = newest.entry(&other.store).or_insert(other);
            if known.as_of < other.as_of {
                *known = other;
            }
        }
    }
    for (store, other) in newest {
        connection
            .prepare_cached(
                "INSERT INTO other_store VALUES (?1, ?2, ?3) ON CONFLICT (store)
                 DO UPDATE SET name = excluded.name, as_of = max(as_of, excluded.as_of)",
            )
            .and_then(|mut s| s.execute(params![store.as_str(), other.name, micros(other.as_of)]))
            .or_while(WRITING)?;
    }
    Ok(())
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
    let known: Vec<[u8; 16]> = connection
        .prepare_cached("SELECT run FROM contained WHERE sequence > 0 ORDER BY run")
        .and_then(|mut s| s.query_map((), |row| row.get(0))?.collect())
        .or_while(READING)?;
    let runs = known.into_iter().map(RunId::from_bytes).filter(|run| named.iter().all(|mark| mark.run != *run));
    Ok(runs.map(|run| JournalMark { run, sequence: 0 }).collect())
}

/// Keeps central's word on which own entries its figures contain.
pub(super) fn put_contained(connection: &Connection, mark: &JournalMark) -> Result<MarkMove, DatabaseError> {
    let before: Option<i64> = connection
        .prepare_cached("SELECT sequence FROM contained WHERE run = ?1")
        .and_then(|mut s| s.query_row([mark.run.as_bytes()], |row| row.get(0)).optional())
        .or_while(WRITING)?;
    let now = mark.sequence as i64;
    let moved = match before.unwrap_or(0) {
        before if before == now => return Ok(MarkMove::Still),
        before if before < now => MarkMove::Forward,
        _ => MarkMove::Back,
    };
    connection
        .prepare_cached("INSERT OR REPLACE INTO contained VALUES (?1, ?2)")
        .and_then(|mut s| s.execute(params![mark.run.as_bytes(), now]))
        .or_while(WRITING)?;
    let sql = match moved {
        MarkMove::Back => {
            "UPDATE movement SET pending = 1, in_order = 1 WHERE pending = 0 AND run = ?1 AND sequence > ?2"
        }
        _ => "UPDATE movement SET pending = 0 WHERE pending = 1 AND run = ?1 AND sequence <= ?2",
    };
    connection.prepare_cached(sql).and_then(|mut s| s.execute(params![mark.run.as_bytes(), now])).or_while(WRITING)?;
    Ok(moved)
}
