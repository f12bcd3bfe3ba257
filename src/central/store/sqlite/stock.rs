//! The ledger of movements, the levels that are its sums, and what websites may be promised.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::super::{
    Availability, Cursor, Feed, LevelFault, LevelProof, Location, StockImport, StockPage, StockRow, StoreError,
};
use super::cause::Cause;
use super::feeds::{self, Changes, Lives};
use super::story::Story;
use super::words::{self, Word, micros};
use super::{cases, company, cuts};
use crate::domain::Timestamp;
use crate::domain::feed::StockFigure;
use crate::domain::ids::{EntryId, ProductId, StoreId, WorkstationId};
use crate::domain::quantity::Quantity;
use crate::domain::stock::{Movement, MovementReason, OtherStoreStock, StockLevel};
use crate::domain::web_order::WebOrder;

/// How many other stores are named.
const OTHER_STORES: usize = 5;

/// The figures of one product in one store as the file has them; all zero for one never moved. Whoever writes asks
/// [`Changes::level`] instead, which knows what its own transaction has done.
pub fn read_saved_level(
    connection: &Connection,
    store: &StoreId,
    product: &ProductId,
) -> Result<StockLevel, StoreError> {
    Ok(connection
        .prepare_cached("SELECT on_hand, held, promised, safety FROM level WHERE store = ?1 AND product = ?2")?
        .query_row(params![store.as_str(), product.as_str()], level_of_row)
        .optional()?
        .unwrap_or_default())
}

/// The first four columns: on hand, held, promised, safety.
pub fn level_of_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<StockLevel> {
    Ok(StockLevel {
        on_hand: Quantity::from_thousandths(row.get(0)?),
        held: Quantity::from_thousandths(row.get(1)?),
        promised: Quantity::from_thousandths(row.get(2)?),
        safety: Quantity::from_thousandths(row.get(3)?),
    })
}

/// A movement, and when it was in central's time. The movement's own time is what its till's clock said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// What moved.
    pub movement: Movement,
    /// When.
    pub moment: Timestamp,
}

impl Dated {
    /// Of central's own, whose word is central's time.
    pub const fn by_central(movement: Movement) -> Self {
        Self { moment: movement.at, movement }
    }
}

/// Books the movements of one entry: into the ledger, and onto the sums.
pub fn book(
    connection: &Connection,
    changes: &mut Changes,
    store: &StoreId,
    workstation: Option<&WorkstationId>,
    movements: &[Dated],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO movement (store, entry_id, position, product, quantity, reason, workstation, moved_at, received_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for (position, dated) in movements.iter().enumerate() {
        let Dated { movement, moment } = dated;
        insert.execute(params![
            store.as_str(),
            movement.entry.as_bytes(),
            position as i64,
            movement.product.as_str(),
            movement.quantity.thousandths(),
            movement.reason.word(),
            workstation.map(WorkstationId::as_str),
            micros(*moment),
            micros(now)
        ])?;
        changes.book(connection, store, workstation, dated, now)?;
    }
    Ok(())
}

/// Books what a count makes of an entry, beside what the entry moved, at the moment of the count.
pub fn book_more(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    product: &ProductId,
    quantity: Quantity,
    moment: Timestamp,
) -> Result<(), StoreError> {
    let (entry, reason) = (cause.entry.id, MovementReason::Adjustment);
    // Of its own entry people read what its till's clock said.
    let at = if moment == cause.moment { cause.entry.recorded_at } else { moment };
    let movement = Movement { entry, product: product.clone(), quantity, reason, at };
    connection
        .prepare_cached(
            "INSERT INTO movement (store, entry_id, position, product, quantity, reason, workstation, moved_at, received_at)
             VALUES (?1, ?2, (SELECT COUNT(*) FROM movement WHERE store = ?1 AND entry_id = ?2), ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            cause.store.as_str(),
            entry.as_bytes(),
            product.as_str(),
            quantity.thousandths(),
            reason.word(),
            cause.workstation.as_str(),
            micros(moment),
            micros(cause.now)
        ])?;
    changes.book(connection, cause.store, Some(cause.workstation), &Dated { movement, moment }, cause.now)
}

/// Moves held and promised from what an order was to what it is; `None` for an order that was not there.
pub fn shift_reserved(
    connection: &Connection,
    changes: &mut Changes,
    before: Option<&WebOrder>,
    after: &WebOrder,
) -> Result<(), StoreError> {
    for product in products_of(after) {
        let held = before.map_or(Quantity::ZERO, |order| order.held_of(product));
        let promised = before.map_or(Quantity::ZERO, |order| order.promised_of(product));
        let by = StockLevel {
            held: after.held_of(product) - held,
            promised: after.promised_of(product) - promised,
            ..StockLevel::default()
        };
        changes.shift_level(connection, &after.store, product, by)?;
    }
    Ok(())
}

/// The products of an order, each once.
pub fn products_of(order: &WebOrder) -> Vec<&ProductId> {
    let mut products: Vec<&ProductId> = order.lines.iter().map(|line| &line.product).collect();
    products.sort_unstable();
    products.dedup();
    products
}

/// Central's figure of one product in one store, with its story and who else has some, as told under `number` of the
/// store's feed; none when it was told again since.
pub fn read_figure(
    connection: &Connection,
    store: &StoreId,
    product: &ProductId,
    number: i64,
    now: Timestamp,
) -> Result<Option<StockFigure>, StoreError> {
    let told: Option<(StockLevel, Story)> = connection
        .prepare_cached(
            "SELECT on_hand, held, promised, safety, story FROM level
             WHERE store = ?1 AND product = ?2 AND store_number = ?3",
        )?
        .query_row(params![store.as_str(), product.as_str(), number], |row| Ok((level_of_row(row)?, row.get(4)?)))
        .optional()?;
    let Some((level, story)) = told else { return Ok(None) };
    // What was heard while central's clock was ahead was not heard in the future.
    let elsewhere = list_elsewhere(connection, store, product)?.into_iter();
    let elsewhere = elsewhere.map(|other| OtherStoreStock { as_of: other.as_of.min(now), ..other }).collect();
    Ok(Some(StockFigure {
        product: product.clone(),
        on_hand: level.on_hand,
        safety: level.safety,
        story: story.into_lines(),
        elsewhere,
        counted_at: cuts::find(connection, store, product, now)?.map(|cut| cut.at),
    }))
}

/// Stores other than `store` that keep a figure of the product.
pub fn list_other_stores(
    connection: &Connection,
    store: &StoreId,
    product: &ProductId,
) -> Result<Vec<StoreId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT store FROM level WHERE product = ?1 AND store <> ?2")?;
    let rows = statement.query_map(params![product.as_str(), store.as_str()], |row| row.get::<_, String>(0))?;
    rows.map(|row| Ok(StoreId::new(row?))).collect()
}

/// Stores with free units, nearest first; a store whose place nobody entered comes last, at a distance of nothing.
pub fn list_elsewhere(
    connection: &Connection,
    store: &StoreId,
    product: &ProductId,
) -> Result<Vec<OtherStoreStock>, StoreError> {
    let here = company::find_location(connection, store)?;
    let mut statement = connection.prepare_cached(
        "SELECT l.store, s.name, l.on_hand - l.held - l.promised - l.safety AS free,
                s.latitude_microdegrees, s.longitude_microdegrees,
                (SELECT MIN(COALESCE(t.seen_at, t.enrolled_at)) FROM till t
                 WHERE t.store = l.store AND t.revoked_at IS NULL), l.story
         FROM level l JOIN store s ON s.store = l.store
         WHERE l.product = ?1 AND l.store <> ?2 AND l.on_hand - l.held - l.promised - l.safety > 0",
    )?;
    let mut rows = statement.query(params![product.as_str(), store.as_str()])?;
    let mut found: Vec<(u64, OtherStoreStock)> = Vec::new();
    while let Some(row) = rows.next()? {
        let there = company::location(row.get(3)?, row.get(4)?);
        let metres = here.zip(there).map(|(a, b)| distance_m(a, b));
        let as_of: Option<i64> = row.get(5)?;
        let other = OtherStoreStock {
            store: StoreId::new(row.get::<_, String>(0)?),
            name: row.get(1)?,
            free: Quantity::from_thousandths(row.get(2)?),
            distance_m: metres.unwrap_or(0),
            // A store without tills has nobody to hear from: the last movement booked there dates its figure.
            as_of: match as_of {
                Some(at) => words::instant(at)?,
                None => row.get::<_, Story>(6)?.last_moved().unwrap_or_default(),
            },
        };
        found.push((metres.map_or(u64::MAX, u64::from), other));
    }
    found.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.store.cmp(&other.store)));
    Ok(found.into_iter().take(OTHER_STORES).map(|(_, other)| other).collect())
}

/// Great-circle distance (haversine, mean Earth radius 6,371,009 m), to the metre.
pub fn distance_m(a: Location, b: Location) -> u32 {
    let radians = |microdegrees: i32| f64::from(microdegrees) / 1e6_f64 * std::f64::consts::PI / 180.0;
    let (lat_a, lat_b) = (radians(a.latitude_microdegrees), radians(b.latitude_microdegrees));
    let half_lat = ((lat_b - lat_a) / 2.0).sin();
    let half_lon = ((radians(b.longitude_microdegrees) - radians(a.longitude_microdegrees)) / 2.0).sin();
    let square = half_lat * half_lat + lat_a.cos() * lat_b.cos() * half_lon * half_lon;
    // At most half the Earth's girth, some 20,000 km: fits.
    (2.0 * 6_371_009.0 * square.sqrt().min(1.0).asin()).round() as u32
}

/// Up to when central has heard from every till of the store; `now` for one without tills.
pub fn read_watermark(connection: &Connection, store: &StoreId, now: Timestamp) -> Result<Timestamp, StoreError> {
    let at: Option<i64> = connection
        .prepare_cached("SELECT MIN(COALESCE(seen_at, enrolled_at)) FROM till WHERE store = ?1 AND revoked_at IS NULL")?
        .query_row([store.as_str()], |row| row.get(0))?;
    // What was heard while central's clock was ahead was not heard in the future.
    Ok(at.map_or(Ok(now), words::instant)?.min(now))
}

/// Free units, in the order asked; unknown products and stores are left out.
pub fn list_availability(
    connection: &Connection,
    products: &[ProductId],
    stores: &[StoreId],
    now: Timestamp,
) -> Result<Vec<Availability>, StoreError> {
    let mut known = connection.prepare_cached("SELECT 1 FROM product WHERE product = ?1 AND withdrawn = 0")?;
    let mut watermarks: BTreeMap<&StoreId, Timestamp> = BTreeMap::new();
    for store in stores {
        if company::find_location_row(connection, store)?.is_some() {
            watermarks.insert(store, read_watermark(connection, store, now)?);
        }
    }
    let mut figures = Vec::with_capacity(products.len() * stores.len());
    for product in products {
        if !known.exists([product.as_str()])? {
            continue;
        }
        for store in stores {
            let Some(as_of) = watermarks.get(store) else { continue };
            let free = read_saved_level(connection, store, product)?.available_to_promise();
            figures.push(Availability { product: product.clone(), store: store.clone(), free, as_of: *as_of });
        }
    }
    Ok(figures)
}

/// Free units that changed behind a cursor.
pub fn read_availability_feed(
    connection: &Connection,
    lives: &Lives,
    store: &StoreId,
    cursor: Cursor,
    max: usize,
    now: Timestamp,
) -> Result<(Vec<Availability>, Cursor), StoreError> {
    let feed = Feed::Availability(store.clone()).name();
    let mut after = lives.number(connection, &feed, cursor)?.unwrap_or(0);
    let as_of = read_watermark(connection, store, now)?;
    let mut told = connection.prepare_cached(
        "SELECT on_hand, held, promised, safety FROM level
         WHERE store = ?1 AND product = ?2 AND availability_number = ?3",
    )?;
    let mut figures = Vec::new();
    loop {
        let rows = feeds::rows(connection, &feed, after, max)?;
        let complete = rows.len() < max;
        for (number, kind, record) in rows {
            after = number;
            if kind != feeds::STOCK {
                continue;
            }
            let level = told.query_row(params![store.as_str(), record, number], level_of_row).optional()?;
            if let Some(level) = level {
                let product = ProductId::new(record);
                figures.push(Availability { product, store: store.clone(), free: level.available_to_promise(), as_of });
            }
            if figures.len() == max {
                return Ok((figures, lives.cursor(after)));
            }
        }
        if complete {
            return Ok((figures, lives.cursor(after)));
        }
    }
}

/// The question of a page: only what is asked for stands in it, so that the key answers it.
fn page_question(page: &StockPage) -> String {
    let within = match page.store {
        Some(_) => "?3 IS ?3 AND l.store = ?1 AND l.product > ?2",
        None => "?1 IS ?1 AND (l.store, l.product) > (?3, ?2)",
    };
    format!(
        "SELECT l.on_hand, l.held, l.promised, l.safety, l.store, l.product, COALESCE(p.name, '')
         FROM level l LEFT JOIN product p ON p.product = l.product
         WHERE {within} ORDER BY l.store, l.product LIMIT ?4"
    )
}

/// A page of the figures of one store or of all.
pub fn list(connection: &Connection, page: &StockPage) -> Result<Vec<StockRow>, StoreError> {
    let mut statement = connection.prepare_cached(&page_question(page))?;
    let (after_store, after_product) =
        page.after.as_ref().map_or(("", ""), |(store, product)| (store.as_str(), product.as_str()));
    let asked = params![page.store.as_ref().map(StoreId::as_str), after_product, after_store, page.rows_max as i64];
    let rows = statement.query_map(asked, |row| {
        Ok(StockRow {
            level: level_of_row(row)?,
            store: StoreId::new(row.get::<_, String>(4)?),
            product: ProductId::new(row.get::<_, String>(5)?),
            name: row.get(6)?,
        })
    })?;
    rows.map(|row| row.map_err(StoreError::from)).collect()
}

/// Brings the books to figures from outside, by movements of the difference. Answers those that were counted before a later
/// count, which are left out.
pub fn import(
    connection: &Connection,
    changes: &mut Changes,
    figures: &[StockImport],
    now: Timestamp,
) -> Result<Vec<EntryId>, StoreError> {
    let mut left_out = Vec::new();
    for figure in figures {
        let counted_before = |cut: cuts::Cut| figure.counted_at.is_some_and(|at| at < cut.at);
        if cuts::find(connection, &figure.store, &figure.product, now)?.is_some_and(counted_before) {
            left_out.push(figure.entry);
            continue;
        }
        let level = changes.level(connection, &figure.store, &figure.product)?;
        if let Some(on_hand) = figure.on_hand
            && !is_booked(connection, &figure.store, figure.entry)?
        {
            import_count(connection, changes, figure, on_hand, level.on_hand, now)?;
        }
        if let Some(safety) = figure.safety {
            let by = StockLevel { safety: safety - level.safety, ..StockLevel::default() };
            changes.shift_level(connection, &figure.store, &figure.product, by)?;
        }
        // A figure of zero is a figure: the product is kept here.
        connection
            .prepare_cached("INSERT OR IGNORE INTO level (store, product) VALUES (?1, ?2)")?
            .execute(params![figure.store.as_str(), figure.product.as_str()])?;
    }
    Ok(left_out)
}

/// Books the difference between what was counted and what the books say of that moment.
fn import_count(
    connection: &Connection,
    changes: &mut Changes,
    figure: &StockImport,
    counted: Quantity,
    on_hand: Quantity,
    now: Timestamp,
) -> Result<(), StoreError> {
    let StockImport { entry, store, product, counted_at, .. } = figure;
    let moved_since = match counted_at {
        Some(at) => {
            let moved = changes.levels().list_moved_since(connection, store, product, *at, now)?;
            moved.into_iter().map(|(_, quantity)| quantity).sum()
        }
        None => Quantity::ZERO,
    };
    let difference = counted - (on_hand - moved_since);
    if !difference.is_zero() {
        let moved_before = !changes.levels().story(connection, store, product)?.is_empty();
        let reason = if moved_before { MovementReason::Adjustment } else { MovementReason::Opening };
        let at = counted_at.unwrap_or(now);
        let movement = Movement { entry: *entry, product: product.clone(), quantity: difference, reason, at };
        book(connection, changes, store, None, &[Dated::by_central(movement)], now)?;
        cases::settle_by_stock(connection, changes, store, product, reason, now)?;
    }
    match counted_at {
        Some(at) => cuts::save(connection, store, product, *at, None),
        None => Ok(()),
    }
}

fn is_booked(connection: &Connection, store: &StoreId, entry: EntryId) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM movement WHERE store = ?1 AND entry_id = ?2")?
        .exists(params![store.as_str(), entry.as_bytes()])?)
}

/// Folds everything again and compares.
pub fn prove(connection: &Connection) -> Result<LevelProof, StoreError> {
    type Key = (StoreId, ProductId);
    let mut folded: BTreeMap<Key, StockLevel> = BTreeMap::new();
    let mut proof = LevelProof::default();
    let mut movements =
        connection.prepare("SELECT store, product, SUM(quantity), COUNT(*) FROM movement GROUP BY store, product")?;
    let mut rows = movements.query([])?;
    while let Some(row) = rows.next()? {
        let key = (StoreId::new(row.get::<_, String>(0)?), ProductId::new(row.get::<_, String>(1)?));
        folded.entry(key).or_default().on_hand = Quantity::from_thousandths(row.get(2)?);
        proof.movements += row.get::<_, i64>(3)?.unsigned_abs();
    }
    let mut orders = connection.prepare("SELECT store, number FROM web_order WHERE unfulfilled = 1")?;
    let mut rows = orders.query([])?;
    while let Some(row) = rows.next()? {
        let store = StoreId::new(row.get::<_, String>(0)?);
        let number = row.get::<_, String>(1)?.into();
        let Some(order) = super::orders::find_in_store(connection, &store, &number)? else { continue };
        proof.orders += 1;
        for product in products_of(&order) {
            let level = folded.entry((store.clone(), product.clone())).or_default();
            level.held += order.held_of(product);
            level.promised += order.promised_of(product);
        }
    }
    let everything = StockPage { rows_max: i64::MAX as usize, ..StockPage::default() };
    for row in list(connection, &everything)? {
        let mut expected = folded.remove(&(row.store.clone(), row.product.clone())).unwrap_or_default();
        expected.safety = row.level.safety;
        proof.levels += 1;
        if expected != row.level {
            proof.faults.push(LevelFault { store: row.store, product: row.product, kept: row.level, folded: expected });
        }
    }
    for ((store, product), folded) in folded {
        if folded != StockLevel::default() {
            proof.faults.push(LevelFault { store, product, kept: StockLevel::default(), folded });
        }
    }
    Ok(proof)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_stock_is_found_by_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let connection = super::super::schema::open_writer(&folder.path().join("central.db")).unwrap();
        for store in [None, Some("S001".into())] {
            let question = page_question(&StockPage { store, ..StockPage::default() });
            let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {question}")).unwrap();
            let steps = plan.query_map(params!["S001", "a", "S001", 1], |row| row.get::<_, String>(3)).unwrap();
            let steps: Vec<String> = steps.map(Result::unwrap).collect();
            assert!(steps[0].starts_with("SEARCH l USING PRIMARY KEY"), "{steps:?}");
            assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
        }
    }

    #[test]
    fn distances_on_the_globe() {
        let place =
            |latitude_microdegrees, longitude_microdegrees| Location { latitude_microdegrees, longitude_microdegrees };
        let (london, paris) = (place(51_507_400, -127_800), place(48_856_600, 2_352_200));
        assert!((distance_m(london, paris) as i64 - 343_556).abs() < 500);
        assert_eq!(distance_m(paris, paris), 0);
        assert!(distance_m(place(0, 0), place(0, 180_000_000)) > 20_000_000);
    }
}
