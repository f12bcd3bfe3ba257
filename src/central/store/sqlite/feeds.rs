//! Feeds: which records a transaction touched, their numbers, and reading them back from a cursor.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};
use tokio::sync::watch;

use super::super::{Cursor, Feed, FeedPage, FeedPosition, FeedRequest, Incarnation, StoreError};
use super::levels::{ChangedLevel, Levels, SaveLevel, ToldAs};
use super::stock::Dated;
use super::{cases, company, forgetting, journal, orders, stock, transfers, words};
use crate::domain::feed::Change;
use crate::domain::ids::{
    CaseId, ChannelId, EntryId, OperatorId, OrderNumber, ProductId, StoreId, TillId, WorkstationId,
};
use crate::domain::stock::StockLevel;

/// The kind of a row that tells a level.
pub const STOCK: &str = "stock";
/// The kind of a row that only says that a till's mark has moved.
const MARK: &str = "mark";
/// How many rows are looked through for old ones, for each that is added: two keep a feed below twice what it is about.
const SWEPT_PER_ROW: i64 = 2;

/// How a feed's numbers and the life of the file that gave them out share 63 bits of a cursor.
const NUMBER_BITS: u32 = 40;
const STAMP_BITS: u32 = 23;

impl Feed {
    /// Its name in the tables.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Company => "company".into(),
            // One row tells tills and websites; its level says under which number each was last told.
            Self::Store(store) | Self::Availability(store) => format!("store/{store}"),
            Self::Channel(channel) => format!("channel/{channel}"),
            Self::Deadlines => "deadlines".into(),
            Self::Credentials => "credentials".into(),
        }
    }
}

/// Wakes followers. A feed nobody follows costs nothing.
#[derive(Clone, Default)]
pub struct Signals {
    feeds: Arc<Mutex<HashMap<Feed, watch::Sender<u64>>>>,
}

impl Signals {
    /// A receiver that changes whenever the feed may have.
    pub fn follow(&self, feed: &Feed) -> watch::Receiver<u64> {
        let mut feeds = self.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        // Those nobody follows any more go when another is followed.
        feeds.retain(|_, sender| sender.receiver_count() > 0);
        feeds.entry(feed.clone()).or_insert_with(|| watch::channel(0).0).subscribe()
    }

    /// These feeds have changed.
    pub fn wake(&self, touched: &BTreeSet<Feed>) {
        if touched.is_empty() {
            return;
        }
        let mut feeds = self.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        for feed in touched {
            let Some(sender) = feeds.get(feed) else { continue };
            if sender.receiver_count() == 0 {
                feeds.remove(feed);
            } else {
                sender.send_modify(|count| *count += 1);
            }
        }
    }

    /// Anything may have changed: another process has written.
    pub fn wake_all(&self) {
        let feeds = self.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        for sender in feeds.values() {
            sender.send_modify(|count| *count += 1);
        }
    }
}

/// What a transaction has touched. Saved once before its commit, so that 512 pushes with sales of one product are one
/// change of its figure.
#[derive(Default)]
pub struct Changes {
    levels: Levels,
    /// By the request that runs.
    request: Touched,
    /// By the requests before it.
    kept: Touched,
}

#[derive(Clone, Default)]
struct Touched {
    orders: BTreeMap<(StoreId, OrderNumber), ChannelId>,
    forgotten_orders: BTreeSet<(StoreId, OrderNumber)>,
    cases: BTreeSet<(StoreId, CaseId)>,
    transfers: BTreeSet<(StoreId, StoreId, EntryId)>,
    products: BTreeSet<ProductId>,
    operators: BTreeSet<OperatorId>,
    settings: BTreeSet<StoreId>,
    marks: BTreeSet<(StoreId, WorkstationId)>,
    credentials: bool,
}

/// A point inside a request, to which it can go back.
pub(super) struct ChangesMark {
    levels: usize,
    request: Touched,
}

impl Changes {
    /// A level as this transaction has it by now: what is in the file does not have all of it yet.
    pub fn level(
        &mut self,
        connection: &Connection,
        store: &StoreId,
        product: &ProductId,
    ) -> Result<StockLevel, StoreError> {
        self.levels.get(connection, store, product)
    }

    /// The levels as this transaction has them by now, with what they are made of.
    pub(super) const fn levels(&mut self) -> &mut Levels {
        &mut self.levels
    }

    /// Adds a movement to its level.
    pub fn book(
        &mut self,
        connection: &Connection,
        store: &StoreId,
        workstation: Option<&WorkstationId>,
        dated: &Dated,
        now: crate::domain::Timestamp,
    ) -> Result<(), StoreError> {
        self.levels.book(connection, store, workstation, dated, now)
    }

    /// Adds differences to a level.
    pub fn shift_level(
        &mut self,
        connection: &Connection,
        store: &StoreId,
        product: &ProductId,
        by: StockLevel,
    ) -> Result<(), StoreError> {
        if by == StockLevel::default() {
            return Ok(());
        }
        self.levels.shift(connection, store, product, by)
    }

    /// An order changed.
    pub fn touch_order(&mut self, store: &StoreId, number: &OrderNumber, channel: &ChannelId) {
        self.request.orders.insert((store.clone(), number.clone()), channel.clone());
    }

    /// The person of an order was forgotten: tills drop what they keep of it. Its sender has nothing new to hear.
    pub fn touch_forgotten_order(&mut self, store: &StoreId, number: &OrderNumber) {
        self.request.forgotten_orders.insert((store.clone(), number.clone()));
    }

    /// A case changed.
    pub fn touch_case(&mut self, store: &StoreId, case: CaseId) {
        self.request.cases.insert((store.clone(), case));
    }

    /// A transfer that store `to` asked of store `from` changed: both see it.
    pub fn touch_transfer(&mut self, to: &StoreId, from: &StoreId, entry: EntryId) {
        self.request.transfers.insert((to.clone(), from.clone(), entry));
    }

    /// A product changed or is gone.
    pub fn touch_product(&mut self, product: &ProductId) {
        self.request.products.insert(product.clone());
    }

    /// An operator changed.
    pub fn touch_operator(&mut self, operator: &OperatorId) {
        self.request.operators.insert(operator.clone());
    }

    /// A store's settings changed.
    pub fn touch_settings(&mut self, store: &StoreId) {
        self.request.settings.insert(store.clone());
    }

    /// A till's mark has moved over entries that were booked before: nothing else would tell it.
    pub fn touch_mark(&mut self, till: &TillId) {
        self.request.marks.insert((till.store.clone(), till.workstation.clone()));
    }

    /// Somebody may be let in no more, or otherwise.
    pub fn touch_credentials(&mut self) {
        self.request.credentials = true;
    }

    /// The request that ran has succeeded.
    pub(super) fn keep(&mut self) {
        self.levels.keep();
        let Touched { orders, forgotten_orders, cases, transfers, products, operators, settings, marks, credentials } =
            std::mem::take(&mut self.request);
        self.kept.orders.extend(orders);
        self.kept.forgotten_orders.extend(forgotten_orders);
        self.kept.cases.extend(cases);
        self.kept.transfers.extend(transfers);
        self.kept.products.extend(products);
        self.kept.operators.extend(operators);
        self.kept.settings.extend(settings);
        self.kept.marks.extend(marks);
        self.kept.credentials |= credentials;
    }

    /// What the request that runs has touched by now.
    pub(super) fn mark(&self) -> ChangesMark {
        ChangesMark { levels: self.levels.mark(), request: self.request.clone() }
    }

    /// What the request that runs has done behind a mark was undone.
    pub(super) fn undo_to(&mut self, mark: ChangesMark) {
        self.levels.undo_to(mark.levels);
        self.request = mark.request;
    }

    /// The request that ran was undone.
    pub(super) fn undo(&mut self) {
        self.levels.undo();
        self.request = Touched::default();
    }

    /// Writes the levels, numbers everything that was touched, and says which feeds grew.
    pub(super) fn save(self, connection: &Connection) -> Result<BTreeSet<Feed>, StoreError> {
        let asked = transfers::list_asked(connection, &self.kept.transfers)?;
        let mut grown = save_levels(connection, self.levels.into_changed(), asked)?;
        let mut rows: BTreeMap<Feed, Vec<(&'static str, String)>> = BTreeMap::new();
        let mut add = |feed: Feed, kind: &'static str, record: String| {
            rows.entry(feed).or_default().push((kind, record));
        };
        for ((store, number), channel) in &self.kept.orders {
            add(Feed::Store(store.clone()), "order", number.to_string());
            add(Feed::Channel(channel.clone()), "order", number.to_string());
        }
        let told: BTreeSet<_> = self.kept.orders.keys().collect();
        for (store, number) in self.kept.forgotten_orders.iter().filter(|order| !told.contains(order)) {
            add(Feed::Store(store.clone()), "order", number.to_string());
        }
        for (store, case) in &self.kept.cases {
            add(Feed::Store(store.clone()), "case", case.to_string());
        }
        for (to, from, entry) in &self.kept.transfers {
            for store in BTreeSet::from([to, from]) {
                add(Feed::Store(store.clone()), "transfer", format!("{to}/{entry}"));
            }
        }
        for product in &self.kept.products {
            add(Feed::Company, "product", product.to_string());
        }
        for operator in &self.kept.operators {
            add(Feed::Company, "operator", operator.to_string());
        }
        for store in &self.kept.settings {
            add(Feed::Company, "settings", store.to_string());
        }
        for (store, workstation) in &self.kept.marks {
            add(Feed::Store(store.clone()), MARK, workstation.to_string());
        }
        for (feed, records) in &rows {
            let feed = feed.name();
            let mut number = give_numbers(connection, &feed, records.len())?;
            // REPLACE takes the record's older change away through the unique index.
            let mut insert = connection
                .prepare_cached("INSERT OR REPLACE INTO feed (feed, number, kind, record) VALUES (?1, ?2, ?3, ?4)")?;
            for (kind, record) in records {
                number += 1;
                insert.execute(params![feed, number, kind, record])?;
            }
        }
        grown.extend(rows.into_keys());
        if !self.kept.orders.is_empty() {
            grown.insert(Feed::Deadlines);
        }
        if self.kept.credentials {
            grown.insert(Feed::Credentials);
        }
        Ok(grown)
    }
}

/// What is told of a level.
#[derive(Default)]
struct Telling {
    level: Option<ChangedLevel>,
    to_tills: bool,
    to_websites: bool,
}

/// Writes the levels, and adds a row to the feed of each store for each that somebody is told of.
fn save_levels(
    connection: &Connection,
    changed: Vec<ChangedLevel>,
    asked: Vec<(StoreId, ProductId)>,
) -> Result<BTreeSet<Feed>, StoreError> {
    let mut stores: BTreeMap<StoreId, BTreeMap<ProductId, Telling>> = BTreeMap::new();
    for (store, product) in asked {
        stores.entry(store).or_default().entry(product).or_default().to_tills = true;
    }
    for level in changed {
        let ChangedLevel { store, product, before, after, moved, .. } = &level;
        // Other stores show who has free units. They hear of it when a store runs out or has some again; between the
        // two the figure they show carries its age.
        if after.free().is_positive() != before.free().is_positive() {
            for other in stock::list_other_stores(connection, store, product)? {
                stores.entry(other).or_default().entry(product.clone()).or_default().to_tills = true;
            }
        }
        let telling = stores.entry(store.clone()).or_default().entry(product.clone()).or_default();
        telling.to_tills |= *moved || after.safety != before.safety;
        telling.to_websites |= after.available_to_promise() != before.available_to_promise();
        telling.level = Some(level);
    }
    let mut grown = BTreeSet::new();
    let mut save = SaveLevel::prepare(connection)?;
    for (store, products) in stores {
        let feed = Feed::Store(store.clone()).name();
        let rows = products.values().filter(|telling| telling.to_tills || telling.to_websites).count();
        let mut number = if rows > 0 { give_numbers(connection, &feed, rows)? } else { 0 };
        let mut insert =
            connection.prepare_cached("INSERT INTO feed (feed, number, kind, record) VALUES (?1, ?2, ?3, ?4)")?;
        for (product, Telling { level, to_tills, to_websites }) in products {
            if to_tills || to_websites {
                number += 1;
                insert.execute(params![feed, number, STOCK, product.as_str()])?;
            }
            let told = ToldAs { store: to_tills.then_some(number), availability: to_websites.then_some(number) };
            match level {
                Some(level) => save.save(&level, told)?,
                None => save_store_number(connection, &store, &product, number)?,
            }
            grown.extend(to_tills.then(|| Feed::Store(store.clone())));
            grown.extend(to_websites.then(|| Feed::Availability(store.clone())));
        }
        sweep(connection, &store, &feed, rows as i64 * SWEPT_PER_ROW)?;
    }
    Ok(grown)
}

fn save_store_number(
    connection: &Connection,
    store: &StoreId,
    product: &ProductId,
    number: i64,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE level SET store_number = ?3 WHERE store = ?1 AND product = ?2")?
        .execute(params![store.as_str(), product.as_str(), number])?;
    Ok(())
}

/// Takes away rows under which nobody is told of a level any more, some at a time and in their order, so that the pages it
/// changes lie side by side.
fn sweep(connection: &Connection, store: &StoreId, feed: &str, rows: i64) -> Result<(), StoreError> {
    if rows == 0 {
        return Ok(());
    }
    let from: i64 = connection
        .prepare_cached("SELECT swept FROM feed_head WHERE feed = ?1")?
        .query_row([feed], |row| row.get(0))?;
    let end: Option<i64> = connection
        .prepare_cached("SELECT number FROM feed WHERE feed = ?1 AND number > ?2 ORDER BY number LIMIT 1 OFFSET ?3")?
        .query_row(params![feed, from, rows - 1], |row| row.get(0))
        .optional()?;
    connection
        .prepare_cached(
            "DELETE FROM feed WHERE feed = ?1 AND number > ?2 AND number <= ?3 AND kind = 'stock' AND NOT EXISTS (
                 SELECT 1 FROM level WHERE store = ?4 AND product = record
                     AND (store_number = number OR availability_number = number)
             )",
        )?
        .execute(params![feed, from, end.unwrap_or(i64::MAX), store.as_str()])?;
    // Behind its last row it begins again.
    connection
        .prepare_cached("UPDATE feed_head SET swept = ?2 WHERE feed = ?1")?
        .execute(params![feed, end.unwrap_or(0)])?;
    Ok(())
}

/// Gives out so many numbers of a feed; the first is the one behind what is answered.
fn give_numbers(connection: &Connection, feed: &str, many: usize) -> Result<i64, StoreError> {
    let head: i64 = connection
        .prepare_cached(
            "INSERT INTO feed_head (feed, number) VALUES (?1, ?2)
             ON CONFLICT (feed) DO UPDATE SET number = number + excluded.number RETURNING number",
        )?
        .query_row(params![feed, many as i64], |row| row.get(0))?;
    Ok(head - many as i64)
}

/// The lives of this file, to tell cursors it gave out from others.
#[derive(Clone)]
pub struct Lives {
    /// Oldest first: the stamp in cursors, and the number of the start.
    starts: Arc<[(u64, i64)]>,
}

impl Lives {
    /// Reads them.
    pub fn read(connection: &Connection) -> Result<Self, StoreError> {
        let mut statement = connection.prepare("SELECT incarnation, number FROM start ORDER BY number")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?)))?;
        let mut starts = Vec::new();
        for row in rows {
            let (incarnation, number) = row?;
            starts.push((stamp(&words::bytes16(&incarnation)?), number));
        }
        Ok(Self { starts: starts.into() })
    }

    /// The cursor behind `number`, in today's life.
    pub fn cursor(&self, number: i64) -> Cursor {
        let stamp = self.starts.last().map_or(1, |(stamp, _)| *stamp);
        Cursor((stamp << NUMBER_BITS) | (number as u64 & ((1 << NUMBER_BITS) - 1)))
    }

    /// The number behind which to go on, when this file gave the cursor out and has not gone back behind it since.
    pub fn number(&self, connection: &Connection, feed: &str, cursor: Cursor) -> Result<Option<i64>, StoreError> {
        let (stamp, number) = (cursor.0 >> NUMBER_BITS, (cursor.0 & ((1 << NUMBER_BITS) - 1)) as i64);
        let Some(position) = self.starts.iter().rposition(|(known, _)| *known == stamp) else { return Ok(None) };
        // How far the feed had come when that life ended: where the next began, or today's head.
        let reached: Option<i64> = match self.starts.get(position + 1) {
            Some((_, next)) => connection
                .prepare_cached("SELECT number FROM start_head WHERE start = ?1 AND feed = ?2")?
                .query_row(params![next, feed], |row| row.get(0))
                .optional()?,
            None => Some(head(connection, feed)?),
        };
        Ok((number <= reached.unwrap_or(0)).then_some(number))
    }
}

/// What a cursor carries of the life it was given out in; never nothing.
fn stamp(incarnation: &Incarnation) -> u64 {
    let bits = u64::from(incarnation[0]) << 16 | u64::from(incarnation[1]) << 8 | u64::from(incarnation[2]);
    (bits & ((1 << STAMP_BITS) - 1)) | 1
}

/// The last number a feed has given out.
pub fn head(connection: &Connection, feed: &str) -> Result<i64, StoreError> {
    Ok(connection
        .prepare_cached("SELECT number FROM feed_head WHERE feed = ?1")?
        .query_row([feed], |row| row.get(0))
        .optional()?
        .unwrap_or(0))
}

/// Rows of a feed behind a number.
pub fn rows(
    connection: &Connection,
    feed: &str,
    after: i64,
    max: usize,
) -> Result<Vec<(i64, String, String)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT number, kind, record FROM feed WHERE feed = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
    )?;
    let found =
        statement.query_map(params![feed, after, max as i64], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    found.map(|row| row.map_err(StoreError::from)).collect()
}

/// Rows of a feed behind a number, without those of orders that were over when the snapshot began: a store has many more of them
/// than of others, and only those that were over last, and are collected, are told.
fn rows_of_snapshot(
    connection: &Connection,
    feed: &str,
    after: i64,
    began: i64,
    request: &FeedRequest,
) -> Result<Vec<(i64, String, String)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT f.number, f.kind, f.record FROM feed f
         WHERE f.feed = ?1 AND f.number > ?2 AND (f.number > ?4 OR f.kind <> 'order' OR NOT EXISTS
             (SELECT 1 FROM web_order w WHERE w.number = f.record AND w.unfulfilled = 0 AND NOT
                 (w.over_at IS NOT NULL AND w.over_at >= ?5 AND w.forgotten_at IS NULL AND w.fulfilment <> 'delivery')))
         ORDER BY f.number LIMIT ?3",
    )?;
    let over_since = forgetting::named_since(connection, &request.till.store)?;
    let behind = params![feed, after, request.changes_max as i64, began, over_since];
    let found = statement.query_map(behind, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    found.map(|row| row.map_err(StoreError::from)).collect()
}

/// The next changes of a till's feed, all read in the caller's transaction.
pub fn read(connection: &Connection, lives: &Lives, request: &FeedRequest) -> Result<FeedPage, StoreError> {
    let feed = request.feed.name();
    let known = match request.position {
        FeedPosition::After(cursor) => lives.number(connection, &feed, cursor)?.map(|number| (number, None)),
        FeedPosition::Snapshot { after, began } => {
            let began = lives.number(connection, &feed, began)?.unwrap_or(0);
            lives.number(connection, &feed, after)?.map(|number| (number, Some(began)))
        }
    };
    let (started_anew, head) = (known.is_none(), head(connection, &feed)?);
    let (mut after, began) = known.unwrap_or((0, Some(head)));
    let found = match began {
        Some(began) => rows_of_snapshot(connection, &feed, after, began, request)?,
        None => rows(connection, &feed, after, request.changes_max)?,
    };
    let mut changes = Vec::with_capacity(found.len());
    let complete = found.len() < request.changes_max;
    for (number, kind, record) in found {
        after = number;
        let untold = began.is_some_and(|began| number <= began);
        changes.extend(load(connection, request, number, &kind, &record, untold)?);
    }
    let contains = match (&request.feed, complete) {
        (Feed::Store(_), true) => journal::list_all_marks(connection, &request.till)?,
        _ => Vec::new(),
    };
    // Numbers whose records changed again later are no longer there: at the end the cursor stands at the head.
    let reached = if complete { head.max(after) } else { after };
    let (snapshot, began) = (began.is_some(), lives.cursor(began.unwrap_or(reached)));
    Ok(FeedPage { changes, cursor: lives.cursor(reached), complete, snapshot, began, started_anew, contains })
}

/// The record as it is now. A snapshot leaves out what is over and was not told before: what it does not name is gone. What
/// came to an end while the snapshot was under way may stand in an earlier part of it, and its end is told.
fn load(
    connection: &Connection,
    request: &FeedRequest,
    number: i64,
    kind: &str,
    record: &str,
    untold: bool,
) -> Result<Option<Change>, StoreError> {
    let (store, now) = (&request.till.store, request.now);
    Ok(match kind {
        "product" => {
            let product = ProductId::new(record);
            match company::find_product(connection, &product)? {
                Some(found) => Some(Change::Product { product: found.product, barcodes: found.barcodes }),
                None => (!untold).then_some(Change::ProductRemoved(product)),
            }
        }
        "operator" => company::find_operator(connection, &OperatorId::new(record))?.map(Change::Operator),
        "settings" if record == store.as_str() => {
            company::find_store(connection, store)?.map(|found| Change::Settings(Box::new(found.settings)))
        }
        // Another store's are nothing to this one, and what a page contains stands at its end.
        "settings" | MARK => None,
        STOCK => stock::read_figure(connection, store, &ProductId::new(record), number, now)?.map(Change::Stock),
        "order" => {
            let number = OrderNumber::new(record);
            match orders::find_in_store(connection, store, &number)? {
                Some(order) if order.is_over() && forgetting::is_forgotten(connection, store, &number)? => {
                    Some(Change::OrderRemoved(number))
                }
                Some(order) => Some(Change::Order(Box::new(order))),
                None => (!untold).then_some(Change::OrderRemoved(number)),
            }
        }
        "case" => match cases::find(connection, store, &case_id(record)?)? {
            Some((_, true)) if untold => None,
            found => found.map(|(case, _)| Change::Case(case)),
        },
        "transfer" => match transfers::find_named(connection, record)? {
            Some(transfer) if untold && transfer.state.is_over() => None,
            found => found.map(Change::Transfer),
        },
        other => return Err(StoreError::Damaged(format!("a feed names a {other:?}"))),
    })
}

fn case_id(text: &str) -> Result<CaseId, StoreError> {
    uuid::Uuid::parse_str(text).map(CaseId).map_err(|_| StoreError::Damaged(format!("{text:?} is no case")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_fits_a_signed_column_and_is_never_nothing() {
        for byte in [0_u8, 1, 0x7F, 0xFF] {
            let stamp = stamp(&[byte; 16]);
            let lives = Lives { starts: Arc::from([(stamp, 1)]) };
            let cursor = lives.cursor((1 << NUMBER_BITS) - 1);
            assert!(i64::try_from(cursor.0).is_ok());
            assert_ne!(lives.cursor(0).0, 0);
        }
    }
}
