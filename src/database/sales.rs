//! Sessions and sales as folded from the journal: running totals, and receipts to be found again.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Row};

use super::View;
use super::codes::{currency, from_micros, micros};
use super::error::{DatabaseError, While};
use crate::domain::Timestamp;
use crate::domain::event::Event;
use crate::domain::ids::{OperatorId, ProductId, SessionId};
use crate::domain::money::Money;
use crate::domain::sale::Sale;
use crate::domain::session::{LookedHow, Session};

const READING: &str = "reading sales and sessions";
const SESSION_COLUMNS: &str = "session, business_day, operator, opened_at, currency, float_minor, cash_sales_minor, \
     card_sales_minor, cash_moved_minor, sale_count, sale_total_minor, closed_at, counted_minor, difference_reason, \
     agreed_by";

/// A sale with what happened to its receipt since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleRecord {
    /// The sale as it stands in the journal.
    pub sale: Sale,
    /// The trading day.
    pub business_day: NaiveDate,
    /// Copies printed of its receipt.
    pub copies: u32,
}

/// Which sales are looked for; the newest come first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaleQuery {
    /// All of them.
    Latest,
    /// Those that came to so many minor units, from the first to the last.
    Total(RangeInclusive<i64>),
    /// Those with this product among their lines.
    Product(ProductId),
    /// Those completed from a moment on, and before another.
    Between(Timestamp, Timestamp),
}

/// A session with how it ended, when it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// The session.
    pub session: Session,
    /// How it was closed.
    pub close: Option<SessionClosing>,
}

/// How a session was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionClosing {
    /// When.
    pub at: Timestamp,
    /// What was counted.
    pub counted: Money,
    /// Why it differs.
    pub reason: Option<String>,
    /// Who agreed to it, when somebody had to.
    pub agreed_by: Option<OperatorId>,
}

/// Once that a drawer was counted, or that somebody saw what it should hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawerSeen {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub operator: Option<OperatorId>,
    /// How.
    pub how: LookedHow,
    /// Nothing was sold since.
    pub is_fresh: bool,
}

/// A row as it stands.
struct RawSession {
    session: [u8; 16],
    business_day: String,
    operator: String,
    opened_at: i64,
    currency: String,
    minors: [i64; 4],
    sale_count: i64,
    sale_total: i64,
    closed: Option<(i64, i64, Option<String>, Option<String>)>,
}

fn read_session(row: &Row<'_>) -> rusqlite::Result<RawSession> {
    let closed_at: Option<i64> = row.get(11)?;
    let closed = match closed_at {
        Some(at) => Some((at, row.get(12)?, row.get(13)?, row.get(14)?)),
        None => None,
    };
    Ok(RawSession {
        session: row.get(0)?,
        business_day: row.get(1)?,
        operator: row.get(2)?,
        opened_at: row.get(3)?,
        currency: row.get(4)?,
        minors: [row.get(5)?, row.get(6)?, row.get(7)?, row.get(8)?],
        sale_count: row.get(9)?,
        sale_total: row.get(10)?,
        closed,
    })
}

impl RawSession {
    fn into_record(self) -> Result<SessionRecord, DatabaseError> {
        let currency = currency(&self.currency)?;
        let money = |minor| Money::new(minor, currency);
        let [float, cash_sales, card_sales, cash_moved] = self.minors.map(money);
        let session = Session {
            id: SessionId::from_bytes(self.session),
            business_day: parse_day(&self.business_day)?,
            operator: OperatorId::from(self.operator),
            opened_at: from_micros(self.opened_at)?,
            float,
            cash_sales,
            card_sales,
            cash_moved,
            sale_count: self.sale_count.max(0) as u64,
            sale_total: money(self.sale_total),
        };
        let close = match self.closed {
            Some((at, counted, reason, agreed_by)) => {
                let agreed_by = agreed_by.map(OperatorId::from);
                Some(SessionClosing { at: from_micros(at)?, counted: money(counted), reason, agreed_by })
            }
            None => None,
        };
        Ok(SessionRecord { session, close })
    }
}

fn parse_day(text: &str) -> Result<NaiveDate, DatabaseError> {
    text.parse().map_err(|e: chrono::ParseError| DatabaseError::damaged(READING, e))
}

/// A row of what is known of a drawer.
struct RawDrawerSeen {
    at: i64,
    operator: Option<String>,
    counted: Option<i64>,
    expected: Option<i64>,
    agreeing: bool,
    is_fresh: bool,
}

fn read_drawer_seen(row: &Row<'_>) -> rusqlite::Result<RawDrawerSeen> {
    Ok(RawDrawerSeen {
        at: row.get(0)?,
        operator: row.get(1)?,
        counted: row.get(2)?,
        expected: row.get(3)?,
        agreeing: row.get(4)?,
        is_fresh: row.get(5)?,
    })
}

impl RawDrawerSeen {
    fn into_seen(self, session: &Session) -> Result<DrawerSeen, DatabaseError> {
        let money = |minor| Money::new(minor, session.float.currency());
        let how = match (self.counted, self.expected) {
            _ if self.agreeing => LookedHow::Agreeing,
            (Some(counted), Some(expected)) => {
                LookedHow::Counted { counted: money(counted), expected: money(expected) }
            }
            _ => LookedHow::Report,
        };
        let (at, operator) = (from_micros(self.at)?, self.operator.map(OperatorId::from));
        Ok(DrawerSeen { at, operator, how, is_fresh: self.is_fresh })
    }
}

impl View<'_> {
    /// The open session, with its running totals.
    pub fn find_open_session(&self) -> Result<Option<Session>, DatabaseError> {
        let found = self.find_session_where("closed_at IS NULL ORDER BY position DESC LIMIT 1", ())?;
        Ok(found.map(|record| record.session))
    }

    /// The session that was closed last.
    pub fn find_last_closed_session(&self) -> Result<Option<SessionRecord>, DatabaseError> {
        self.find_session_where("closed_at IS NOT NULL ORDER BY position DESC LIMIT 1", ())
    }

    /// A session by its identity, open or closed.
    pub fn find_session(&self, session: &SessionId) -> Result<Option<SessionRecord>, DatabaseError> {
        self.find_session_where("session = ?1", [session.as_bytes()])
    }

    /// How often the drawer of a session was counted and its report (X) asked for, oldest first.
    pub fn list_drawer_seen(&self, session: &Session) -> Result<Vec<DrawerSeen>, DatabaseError> {
        self.connection
            .prepare_cached(
                "SELECT at, operator, counted_minor, expected_minor, agreeing,
                     position > COALESCE((SELECT position FROM sale ORDER BY receipt_number DESC LIMIT 1), 0)
                 FROM drawer_count WHERE session = ?1 ORDER BY position",
            )
            .and_then(|mut s| s.query_map([session.id.as_bytes()], read_drawer_seen)?.collect())
            .or_while(READING)
            .and_then(|rows: Vec<RawDrawerSeen>| rows.into_iter().map(|row| row.into_seen(session)).collect())
    }

    fn find_session_where(
        &self,
        filter: &str,
        keys: impl rusqlite::Params,
    ) -> Result<Option<SessionRecord>, DatabaseError> {
        self.connection
            .prepare_cached(&format!("SELECT {SESSION_COLUMNS} FROM session WHERE {filter}"))
            .and_then(|mut s| s.query_row(keys, read_session).optional())
            .or_while(READING)?
            .map(RawSession::into_record)
            .transpose()
    }

    /// The number the next receipt will get.
    pub fn next_receipt_number(&self) -> Result<u64, DatabaseError> {
        self.connection
            .prepare_cached("SELECT next_receipt_number FROM till")
            .and_then(|mut s| s.query_row((), |row| row.get::<_, i64>(0)).optional())
            .map(|number| number.unwrap_or(1).max(1) as u64)
            .or_while(READING)
    }

    /// The sale with this receipt number, whole, for viewing and copying.
    pub fn find_sale(&self, receipt_number: u64) -> Result<Option<SaleRecord>, DatabaseError> {
        let row: Option<(i64, u32)> = self
            .connection
            .prepare_cached("SELECT position, copies FROM sale WHERE receipt_number = ?1")
            .and_then(|mut s| s.query_row([receipt_number as i64], |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .or_while(READING)?;
        row.map(|(position, copies)| self.get_sale_at(position, copies)).transpose()
    }

    /// The last sale, when nothing has happened since but that the till was started and people came and went: its change may
    /// still lie on the counter.
    pub fn find_sale_just_completed(&self) -> Result<Option<SaleRecord>, DatabaseError> {
        let row: Option<(i64, u32)> = self
            .connection
            .prepare_cached(
                "SELECT position, copies FROM sale WHERE position =
                     (SELECT position FROM journal
                      WHERE kind NOT IN ('run_started', 'operator_signed_in', 'operator_signed_out', 'sign_in_refused')
                      ORDER BY position DESC LIMIT 1)",
            )
            .and_then(|mut s| s.query_row((), |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .or_while(READING)?;
        row.map(|(position, copies)| self.get_sale_at(position, copies)).transpose()
    }

    /// Sales newest first, at most `limit`.
    pub fn list_sales(&self, query: &SaleQuery, limit: usize) -> Result<Vec<SaleRecord>, DatabaseError> {
        let limit = limit as i64;
        let rows: rusqlite::Result<Vec<(i64, u32)>> = match query {
            SaleQuery::Latest => {
                self.list_positions("SELECT position, copies FROM sale ORDER BY receipt_number DESC LIMIT ?1", [limit])
            }
            SaleQuery::Total(minor) => self.list_positions(
                "SELECT position, copies FROM sale WHERE total_minor BETWEEN ?1 AND ?2 ORDER BY receipt_number DESC LIMIT ?3",
                [*minor.start(), *minor.end(), limit],
            ),
            SaleQuery::Product(product) => self.list_positions(
                "SELECT s.position, s.copies
                 FROM (SELECT position FROM sale_product WHERE product = ?1
                       UNION ALL SELECT position FROM sale_product_recent WHERE product = ?1
                       ORDER BY position DESC LIMIT ?2) p
                 JOIN sale s ON s.position = p.position ORDER BY p.position DESC",
                rusqlite::params![product.as_str(), limit],
            ),
            SaleQuery::Between(from, until) => self.list_positions(
                "SELECT position, copies FROM sale WHERE completed_at >= ?1 AND completed_at < ?2
                 ORDER BY receipt_number DESC LIMIT ?3",
                [micros(*from), micros(*until), limit],
            ),
        };
        rows.or_while(READING)?.into_iter().map(|(position, copies)| self.get_sale_at(position, copies)).collect()
    }

    fn list_positions(&self, sql: &str, keys: impl rusqlite::Params) -> rusqlite::Result<Vec<(i64, u32)>> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut s| s.query_map(keys, |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
    }

    fn get_sale_at(&self, position: i64, copies: u32) -> Result<SaleRecord, DatabaseError> {
        let entry = self.get_entry_at(position)?;
        match entry.event {
            Event::SaleCompleted(sale) => Ok(SaleRecord { sale: *sale, business_day: entry.business_day, copies }),
            _ => Err(DatabaseError::damaged(READING, "the sale's entry is no sale")),
        }
    }
}
