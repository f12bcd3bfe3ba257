//! Stock as this till sees it: central's last figure plus the own movements that figure does not contain yet.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension, params};

use super::codes::{Code, from_micros, micros};
use super::contained::BatchNumber;
use super::error::{DatabaseError, While};
use super::{Tx, View, orders};
use crate::domain::Timestamp;
use crate::domain::feed::{Change, Freshness, HeardOfStore, Scope, StockFigure, StoryLine};
use crate::domain::ids::{ProductId, StoreId};
use crate::domain::quantity::Quantity;
use crate::domain::stock::{MovementReason, OtherStoreStock, StockLevel};
use crate::wire;

const READING: &str = "reading stock";
const WRITING: &str = "keeping stock";

/// Own movements of a product that its figure does not contain, those that are in order or the latest: `?1` is the product, `?2`
/// whether its figure is of the batch that is coming in, which contains more than those before it.
macro_rules! own_movements {
    ($in_order:literal) => {
        concat!(
            "FROM movement m LEFT JOIN contained c ON c.run = m.run WHERE m.product = ?1 AND m.pending = 1 AND m.in_order = ",
            $in_order,
            " AND m.sequence > coalesce(CASE WHEN ?2 THEN max(c.sequence, c.coming) ELSE c.sequence END, 0)"
        )
    };
}

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
        let (known, safety, coming): (i64, i64, bool) = self
            .connection
            .prepare_cached(
                "SELECT on_hand, safety, batch = (SELECT batch FROM coming WHERE open = 1) IS TRUE FROM stock_figure
                 WHERE product = ?1",
            )
            .and_then(|mut s| {
                s.query_row([product.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()
            })
            .or_while(READING)?
            .unwrap_or_default();
        let own = self
            .connection
            .prepare_cached(concat!(
                "SELECT coalesce(sum(quantity), 0) FROM (SELECT m.quantity ",
                own_movements!(1),
                " UNION ALL SELECT m.quantity ",
                own_movements!(0),
                ")"
            ))
            .and_then(|mut s| s.query_row(params![product.as_str(), coming], |row| row.get::<_, i64>(0)))
            .or_while(READING)?;
        let (known, safety, own) =
            (Quantity::from_thousandths(known), Quantity::from_thousandths(safety), Quantity::from_thousandths(own));
        let (held, promised) = orders::held_and_promised(self.connection, product)?;
        Ok(StockLevel { on_hand: known + own, held, promised, safety })
    }

    /// The last movements of a product, newest first, at most `limit`: own ones central does not have, then central's.
    pub fn list_story(&self, product: &ProductId, limit: usize) -> Result<Vec<StoryLine>, DatabaseError> {
        let workstation = self.find_till()?.map(|till| till.workstation.to_string());
        let coming = self
            .connection
            .prepare_cached(
                "SELECT batch = (SELECT batch FROM coming WHERE open = 1) IS TRUE FROM stock_figure WHERE product = ?1",
            )
            .and_then(|mut s| s.query_row([product.as_str()], |row| row.get::<_, bool>(0)).optional())
            .or_while(READING)?
            .unwrap_or_default();
        let own: Vec<(i64, String, i64)> = self
            .connection
            .prepare_cached(concat!(
                "SELECT m.quantity, m.reason, m.at, m.position, m.ordinal ",
                own_movements!(1),
                " UNION ALL SELECT m.quantity, m.reason, m.at, m.position, m.ordinal ",
                own_movements!(0),
                " ORDER BY position DESC, ordinal DESC LIMIT ?3"
            ))
            .and_then(|mut s| {
                s.query_map(params![product.as_str(), coming, limit as i64], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?
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

/// Takes central's figure, of a batch that comes in slices or of none.
pub(super) fn put_figure(
    connection: &Connection,
    figure: &StockFigure,
    batch: Option<BatchNumber>,
) -> Result<(), DatabaseError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO stock_figure (product, on_hand, safety, record, batch) VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .and_then(|mut s| {
            s.execute(params![
                figure.product.as_str(),
                figure.on_hand.thousandths(),
                figure.safety.thousandths(),
                wire::encode_change(&Change::Stock(figure.clone())),
                batch.map_or(0, |BatchNumber(number)| number),
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

/// Before a snapshot of the store, which names all other stores that are still there.
pub(super) fn remove_other_stores(connection: &Connection) -> Result<(), DatabaseError> {
    connection.execute("DELETE FROM other_store", ()).map(|_| ()).or_while(WRITING)
}

/// Keeps when each other store was last heard of.
pub(super) fn put_other_stores<'a>(
    connection: &Connection,
    figures: impl IntoIterator<Item = &'a StockFigure>,
) -> Result<(), DatabaseError> {
    // Every figure names the same few stores: each is written once.
    let mut newest: BTreeMap<&StoreId, &OtherStoreStock> = BTreeMap::new();
    for other in figures.into_iter().flat_map(|figure| &figure.elsewhere) {
        let known = newest.entry(&other.store).or_insert(other);
        if known.as_of < other.as_of {
            *known = other;
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
