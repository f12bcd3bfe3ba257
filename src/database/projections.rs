//! The fold: what each entry does to the tables beside the journal. A proof runs the same fold over again and compares.

use rusqlite::{Connection, params};

use super::codes::{Code, micros};
use super::error::{DatabaseError, DatabaseErrorKind, While};
use super::{cases, orders, transfers};
use crate::domain::event::{self, CountOf, Entry, Event, RunTail};
use crate::domain::ids::{BasketId, OperatorId, SessionId};
use crate::domain::money::{self, Money};
use crate::domain::sale::Sale;
use crate::domain::session::CashMoveKind;
use crate::domain::tender::TenderKind;

const DOING: &str = "folding an entry";

/// Folds the entry at `position` into every projection.
// Size: one arm a kind of event.
pub(super) fn project(connection: &Connection, position: i64, entry: &Entry) -> Result<(), DatabaseError> {
    match &entry.event {
        Event::RunStarted { predecessor, .. } => project_run(connection, position, entry, predecessor.as_ref())?,
        Event::OperatorSignedIn { operator } => forget_refused_pins(connection, operator)?,
        // A PIN that was right is right for an approval too.
        Event::ActApproved { approver, .. } => forget_refused_pins(connection, approver)?,
        Event::SignInRefused { operator, failures } => {
            let sql = "INSERT OR REPLACE INTO sign_in_failure VALUES (?1, ?2, ?3, ?4)";
            execute(connection, sql, params![operator.as_str(), position, failures, micros(entry.recorded_at)])?;
        }
        Event::SessionOpened { session, float } => {
            let sql =
                "INSERT INTO session VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL)";
            let operator = entry.operator.as_ref().map_or("", |o| o.as_str());
            let currency = float.currency();
            let row = params![
                session.as_bytes(),
                position,
                entry.business_day.to_string(),
                operator,
                micros(entry.recorded_at),
                currency.code(),
                float.minor(),
            ];
            execute(connection, sql, row)?;
        }
        Event::SessionClosed { session, expected, counted, reason, agreed_by } => {
            let sql =
                "UPDATE session SET closed_at = ?2, expected_minor = ?3, counted_minor = ?4, difference_reason = ?5,
                       agreed_by = ?6 WHERE session = ?1 AND closed_at IS NULL";
            let (at, agreed_by) = (micros(entry.recorded_at), agreed_by.as_ref().map(|by| by.as_str()));
            let row = params![session.as_bytes(), at, expected.minor(), counted.minor(), reason, agreed_by];
            must_change(execute(connection, sql, row)?, "the session to close is not open")?;
        }
        Event::DrawerCounted { session, expected, counted } => {
            let seen = Seen { minors: (Some(expected.minor()), Some(counted.minor())), ..Seen::by(entry) };
            project_drawer_seen(connection, position, entry, session, seen)?;
        }
        Event::InterimReported { session } => {
            project_drawer_seen(connection, position, entry, session, Seen::by(entry))?;
        }
        Event::CountSeen { by, of } => {
            forget_refused_pins(connection, by)?;
            if let CountOf::Drawer(session) = of {
                let seen = Seen { operator: Some(by), agreeing: true, ..Seen::by(entry) };
                project_drawer_seen(connection, position, entry, session, seen)?;
            }
        }
        Event::SaleCompleted(sale) => project_sale(connection, position, entry, sale)?,
        Event::BasketVoided { basket, .. } => forget_basket(connection, basket)?,
        Event::CashMoved { kind, amount, .. } => {
            let moved = match kind {
                CashMoveKind::PaidIn => *amount,
                CashMoveKind::PaidOut | CashMoveKind::DropToSafe => -*amount,
            };
            let sql = "UPDATE session SET cash_moved_minor = cash_moved_minor + ?1 WHERE position =
                       (SELECT max(position) FROM session WHERE closed_at IS NULL)";
            must_change(execute(connection, sql, params![moved.minor()])?, "cash moves in an open session only")?;
        }
        Event::ReceiptCopied { receipt_number, copy, .. } => {
            let sql = "UPDATE sale SET copies = max(copies, ?2) WHERE receipt_number = ?1";
            must_change(execute(connection, sql, params![*receipt_number as i64, copy])?, "no such receipt")?;
        }
        Event::OperatorSignedOut { .. }
        | Event::LineVoided { .. }
        | Event::ConflictDecided(_)
        | Event::OrderStepped { .. }
        | Event::DrawerOpened { .. }
        | Event::DrawerOpenedByKey
        | Event::CardTakenBack { .. }
        | Event::DocumentCopied { .. }
        | Event::DocumentDropped { .. }
        | Event::DeviceConfigured { .. }
        | Event::RestoredBasketDecided { .. }
        | Event::StockCounted { .. }
        | Event::ShelfCounted { .. }
        | Event::StockAdjusted { .. } => {}
        Event::TransferRequested { .. } | Event::TransferClosed { .. } | Event::TransferWithdrawn { .. } => {
            transfers::project(connection, entry)?;
            cases::project(connection, entry)?;
        }
        Event::FalseAlarmReported { .. } => cases::project(connection, entry)?,
    }
    project_movements(connection, position, entry)?;
    project_order_steps(connection, position, entry)
}

fn execute(connection: &Connection, sql: &str, row: impl rusqlite::Params) -> Result<usize, DatabaseError> {
    connection.prepare_cached(sql).and_then(|mut s| s.execute(row)).or_while(DOING)
}

fn must_change(rows: usize, otherwise: &'static str) -> Result<(), DatabaseError> {
    if rows == 1 { Ok(()) } else { Err(DatabaseError::new(DatabaseErrorKind::Refused(otherwise), DOING)) }
}

fn project_run(
    connection: &Connection,
    position: i64,
    entry: &Entry,
    predecessor: Option<&RunTail>,
) -> Result<(), DatabaseError> {
    if let Some(tail) = predecessor {
        let row = params![tail.mark.run.as_bytes(), tail.mark.sequence as i64];
        execute(connection, "UPDATE run SET last_sequence = ?2 WHERE run = ?1", row)?;
    }
    let row = params![position, entry.mark.run.as_bytes()];
    execute(connection, "INSERT INTO run VALUES (?1, ?2, NULL)", row).map(|_| ())
}

/// A PIN was right: the wrong ones before it are forgiven.
fn forget_refused_pins(connection: &Connection, operator: &OperatorId) -> Result<(), DatabaseError> {
    execute(connection, "DELETE FROM sign_in_failure WHERE operator = ?1", params![operator.as_str()]).map(|_| ())
}

/// Somebody has counted the drawer, or has seen what it should hold.
struct Seen<'a> {
    operator: Option<&'a OperatorId>,
    /// What it should hold and what was counted, when it was.
    minors: (Option<i64>, Option<i64>),
    /// They were to agree to a count.
    agreeing: bool,
}

impl<'a> Seen<'a> {
    /// Whoever was signed in.
    fn by(entry: &'a Entry) -> Self {
        Self { operator: entry.operator.as_ref(), minors: (None, None), agreeing: false }
    }
}

fn project_drawer_seen(
    connection: &Connection,
    position: i64,
    entry: &Entry,
    session: &SessionId,
    seen: Seen<'_>,
) -> Result<(), DatabaseError> {
    let operator = seen.operator.map(|operator| operator.as_str());
    let (at, (expected, counted)) = (micros(entry.recorded_at), seen.minors);
    let row = params![position, session.as_bytes(), operator, at, expected, counted, seen.agreeing];
    execute(connection, "INSERT INTO drawer_count VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", row).map(|_| ())
}

fn project_sale(connection: &Connection, position: i64, entry: &Entry, sale: &Sale) -> Result<(), DatabaseError> {
    let currency = sale.total.currency();
    let row = params![
        sale.receipt_number as i64,
        position,
        sale.basket.as_bytes(),
        sale.session.as_bytes(),
        sale.operator.as_str(),
        micros(sale.completed_at),
        entry.business_day.to_string(),
        currency.code(),
        sale.total.minor(),
        sale.lines.len() as i64,
    ];
    execute(connection, "INSERT INTO sale VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0)", row)?;
    for line in &sale.lines {
        let row = params![position, line.product.as_str()];
        execute(connection, "INSERT OR IGNORE INTO sale_product_recent VALUES (?1, ?2)", row)?;
    }
    if count_recent(connection)? > RECENT_MAX {
        put_recent_in_order(connection)?;
    }
    let cards = sale.tenders.iter().filter(|t| t.kind == TenderKind::Card).map(|t| t.amount);
    let cards: Money = money::sum(sale.total.currency(), cards);
    let sql = "UPDATE session SET cash_sales_minor = cash_sales_minor + ?2, card_sales_minor = card_sales_minor + ?3,
               sale_count = sale_count + 1, sale_total_minor = sale_total_minor + ?4 WHERE session = ?1";
    let row = params![sale.session.as_bytes(), sale.cash_taken().minor(), cards.minor(), sale.total.minor()];
    must_change(execute(connection, sql, row)?, "a sale needs its session")?;
    for sold in &sale.sold_anyway {
        cases::project_sold_anyway(connection, entry, sold)?;
    }
    forget_basket(connection, &sale.basket)
}

/// Entries between the oldest and the newest recent sale before a sale puts them in order itself. Every search reads the
/// recent ones, and a till that sells this often without five idle seconds does not exist outside of tests.
const RECENT_MAX: i64 = 1_000;

fn count_recent(connection: &Connection) -> Result<i64, DatabaseError> {
    connection
        .prepare_cached(
            "SELECT (SELECT max(position) FROM sale_product_recent) - min(position) FROM sale_product_recent",
        )
        .and_then(|mut s| s.query_row((), |row| row.get::<_, Option<i64>>(0)))
        .map(Option::unwrap_or_default)
        .or_while(DOING)
}

/// Moves the products of recent sales to where they are found by product.
pub(super) fn put_recent_in_order(connection: &Connection) -> Result<(), DatabaseError> {
    let sql = "INSERT OR IGNORE INTO sale_product SELECT product, position FROM sale_product_recent ORDER BY product, position";
    if execute(connection, sql, ())? > 0 {
        execute(connection, "DELETE FROM sale_product_recent", ())?;
    }
    Ok(())
}

/// A basket that has ended is neither the draft nor parked any more.
fn forget_basket(connection: &Connection, basket: &BasketId) -> Result<(), DatabaseError> {
    execute(connection, "DELETE FROM draft WHERE basket = ?1", params![basket.as_bytes()])?;
    execute(connection, "DELETE FROM parked WHERE basket = ?1", params![basket.as_bytes()]).map(|_| ())
}

fn project_movements(connection: &Connection, position: i64, entry: &Entry) -> Result<(), DatabaseError> {
    for (ordinal, movement) in event::movements(entry).iter().enumerate() {
        let row = params![
            position,
            ordinal as i64,
            entry.mark.run.as_bytes(),
            entry.mark.sequence as i64,
            movement.product.as_str(),
            movement.quantity.thousandths(),
            movement.reason.code(),
            micros(movement.at),
        ];
        execute(connection, "INSERT INTO movement VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, 0)", row)?;
    }
    if count_recent_movements(connection)? > RECENT_MOVEMENTS_MAX {
        put_movements_in_order(connection)?;
    }
    Ok(())
}

/// Entries between the oldest and the newest whose movements are not in order before an entry puts them in order itself: a
/// look at a product's stock reads all of them. Central takes them in a moment; a till that is cut off and never idle for
/// five seconds pays for it once in so many sales.
const RECENT_MOVEMENTS_MAX: i64 = 16;

fn count_recent_movements(connection: &Connection) -> Result<i64, DatabaseError> {
    connection
        .prepare_cached(
            "SELECT (SELECT max(position) FROM movement WHERE pending = 1 AND in_order = 0) - min(position)
             FROM movement WHERE pending = 1 AND in_order = 0",
        )
        .and_then(|mut s| s.query_row((), |row| row.get::<_, Option<i64>>(0)))
        .map(Option::unwrap_or_default)
        .or_while(DOING)
}

/// Moves the movements central does not have to where they are found by product.
pub(super) fn put_movements_in_order(connection: &Connection) -> Result<(), DatabaseError> {
    execute(connection, "UPDATE movement SET in_order = 1 WHERE pending = 1 AND in_order = 0", ()).map(|_| ())
}

fn project_order_steps(connection: &Connection, position: i64, entry: &Entry) -> Result<(), DatabaseError> {
    for (number, step) in event::order_steps(entry) {
        let row = params![position, number.as_str(), entry.mark.run.as_bytes(), entry.mark.sequence as i64];
        execute(connection, "INSERT OR IGNORE INTO order_step VALUES (?1, ?2, ?3, ?4, 1)", row)?;
        orders::apply_own_step(connection, &number, &step)?;
    }
    Ok(())
}
