//! The second fold: every entry into a file of its own, by the same code the register uses, and the comparison.

use rusqlite::Connection;
use rusqlite::types::Value;

use super::super::error::{DatabaseError, While};
use super::super::projections::project;
use super::super::{open, orders};
use super::Fault;
use crate::domain::event::Entry;

const DOING: &str = "comparing the projections";

const SALE_PRODUCT: &str = "sale_product";
const DRAWER_COUNT: &str = "drawer_count";
/// The first edition of the file that has [`DRAWER_COUNT`].
const DRAWER_COUNT_SINCE: u32 = 12;

/// [`SALE_PRODUCT`] of a file of the first edition, which kept no recent sales apart.
const SALE_PRODUCT_FIRST_EDITION: &str = "SELECT position, product FROM sale_product ORDER BY position, product";

/// Every projection: its name, and its rows in order, the position of the entry each was folded from first.
const PROJECTIONS: &[(&str, &str)] = &[
    ("run", "SELECT first_position, run, last_sequence FROM run ORDER BY first_position"),
    (
        "movement",
        "SELECT position, ordinal, run, sequence, product, quantity, reason, at FROM movement
         ORDER BY position, ordinal",
    ),
    ("order_step", "SELECT position, number, run, sequence FROM order_step ORDER BY position, number"),
    (
        "session",
        "SELECT position, session, business_day, operator, opened_at, currency, float_minor, cash_sales_minor,
         card_sales_minor, cash_moved_minor, sale_count, sale_total_minor, closed_at, expected_minor, counted_minor,
         difference_reason FROM session ORDER BY position, session",
    ),
    (
        "sale",
        "SELECT position, receipt_number, basket, session, operator, completed_at, business_day, currency, total_minor,
         line_count, copies FROM sale ORDER BY position",
    ),
    (
        SALE_PRODUCT,
        "SELECT position, product FROM sale_product UNION ALL SELECT position, product FROM sale_product_recent
         ORDER BY position, product",
    ),
    (
        DRAWER_COUNT,
        "SELECT position, session, operator, at, expected_minor, counted_minor FROM drawer_count ORDER BY position",
    ),
    ("sign_in_failure", "SELECT position, operator, failures, last_at FROM sign_in_failure ORDER BY operator"),
];

/// Own rows whose `pending` contradicts central's word on what its figures contain: a movement would not count at all, a step
/// twice or not at all. Movements that are contained may be pending still: they do not count, and have it taken off in an idle moment.
const PENDING: &[(&str, &str)] = &[
    (
        "movement",
        "SELECT min(m.position) FROM movement m LEFT JOIN contained c ON c.run = m.run
         WHERE m.pending = 0 AND m.sequence > coalesce(c.sequence, 0)",
    ),
    (
        "order_step",
        "SELECT min(s.position) FROM order_step s LEFT JOIN contained c ON c.run = s.run
         WHERE s.pending <> (s.sequence > coalesce(c.sequence, 0))",
    ),
];

/// The same tables, folded over again.
pub(super) struct Fold {
    connection: Connection,
}

impl Fold {
    pub(super) fn new() -> Result<Self, DatabaseError> {
        // The empty name is a file of SQLite's own, gone when closed: a long journal need not fit into memory.
        let mut connection = Connection::open("").or_while(DOING)?;
        open::migrate(&mut connection, open::MIGRATIONS)?;
        connection.execute_batch("PRAGMA synchronous = OFF; BEGIN").or_while(DOING)?;
        Ok(Self { connection })
    }

    pub(super) fn fold(&mut self, position: i64, entry: &Entry) -> Result<(), Fault> {
        project(&self.connection, position, entry).map_err(|error| {
            let cause = error.source.as_ref().map(|s| format!(" ({s})")).unwrap_or_default();
            Fault::Fold(format!("{}{cause}", error.kind))
        })
    }

    /// The first entry, over all projections, for which the file says something else; with the table's name.
    pub(super) fn find_first_difference(
        &self,
        file: &Connection,
    ) -> Result<Option<(i64, &'static str)>, DatabaseError> {
        // A finding that names no entry (position 0) gives way to one that does.
        let rank = |position: i64| if position == 0 { i64::MAX } else { position };
        let mut first: Option<(i64, &'static str)> = None;
        let mut consider = |found: Option<i64>, table: &'static str| {
            if let Some(position) = found
                && first.is_none_or(|(earliest, _)| rank(position) < rank(earliest))
            {
                first = Some((position, table));
            }
        };
        let edition = open::read_edition(file)?;
        let first_edition = edition == 1;
        for (table, sql) in PROJECTIONS {
            if *table == DRAWER_COUNT && edition < DRAWER_COUNT_SINCE {
                continue;
            }
            let theirs = if first_edition && *table == SALE_PRODUCT { SALE_PRODUCT_FIRST_EDITION } else { sql };
            consider(self.first_difference(file, sql, theirs)?, table);
        }
        for (table, sql) in PENDING {
            consider(file.query_row(sql, (), |row| row.get(0)).or_while(DOING)?, table);
        }
        consider(orders::find_unfolded(file)?, "web_order");
        Ok(first)
    }

    fn first_difference(&self, file: &Connection, ours: &str, theirs: &str) -> Result<Option<i64>, DatabaseError> {
        let (mut ours, mut theirs) =
            (self.connection.prepare(ours).or_while(DOING)?, file.prepare(theirs).or_while(DOING)?);
        let columns = ours.column_count();
        let (mut ours, mut theirs) = (ours.query(()).or_while(DOING)?, theirs.query(()).or_while(DOING)?);
        let read = |rows: &mut rusqlite::Rows<'_>| -> Result<Option<Vec<Value>>, DatabaseError> {
            match rows.next().or_while(DOING)? {
                Some(row) => (0..columns).map(|i| row.get(i)).collect::<Result<_, _>>().map(Some).or_while(DOING),
                None => Ok(None),
            }
        };
        loop {
            let (our, their) = (read(&mut ours)?, read(&mut theirs)?);
            if our == their {
                match our {
                    Some(_) => continue,
                    None => return Ok(None),
                }
            }
            let position = |row: Option<Vec<Value>>| match row.as_deref() {
                Some([Value::Integer(position), ..]) => Some(*position),
                _ => None,
            };
            // A row that names no entry was folded from none.
            let positions = [position(our), position(their)];
            return Ok(Some(positions.into_iter().flatten().min().unwrap_or(0)));
        }
    }
}
