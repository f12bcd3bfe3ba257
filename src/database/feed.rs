//! The feed: what central says, applied a batch at a time with its cursor, so that the till is never between two price
//! lists and never counts an own movement twice.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::catalogue::CatalogueWriter;
use super::codes::{Code, micros};
use super::contained::{self, MarkMove};
use super::error::{DatabaseError, While};
use super::{CaseAnswer, Tx, View, cases, orders, people, settings, stock, transfers};
use crate::domain::feed::{Change, FeedBatch, Scope, StockFigure};
use crate::domain::ids::{CaseId, EntryId, OperatorId, OrderNumber, ProductId};
use crate::domain::transfer::Transfer;

const READING: &str = "reading the feed's place";
const WRITING: &str = "applying the feed";
/// Of this program: another one may understand more.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a batch changed, for whoever shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedOutcome {
    /// Products whose record, price or codes changed.
    pub catalogue: bool,
    /// Products whose stock, or whose orders, changed.
    pub stock: Vec<ProductId>,
    /// Orders that changed.
    pub orders: Vec<OrderNumber>,
    /// Operators or settings changed.
    pub people: bool,
    /// Conflict cases changed.
    pub cases: bool,
    /// Own decisions on cases that central did not take.
    pub case_answers: Vec<CaseAnswer>,
    /// Transfers changed.
    pub transfers: bool,
    /// Transfers that were withdrawn here, when the giving store had set them aside already.
    pub withdrawn_in_vain: Vec<Transfer>,
}

/// What a snapshot has named: the rest is gone.
#[derive(Default)]
struct Named {
    products: HashSet<ProductId>,
    operators: HashSet<OperatorId>,
    stock: HashSet<ProductId>,
    orders: HashSet<OrderNumber>,
    cases: HashSet<CaseId>,
    transfers: HashSet<EntryId>,
}

impl View<'_> {
    /// Where a part of the feed goes on; `None` before its first batch, and when a program of another version left out what it
    /// did not understand: this one may.
    pub fn find_cursor(&self, scope: Scope) -> Result<Option<u64>, DatabaseError> {
        self.connection
            .prepare_cached("SELECT cursor FROM feed WHERE scope = ?1 AND (left_out = 0 OR version = ?2)")
            .and_then(|mut s| s.query_row([scope.code(), VERSION], |row| row.get::<_, i64>(0)).optional())
            .map(|cursor| cursor.map(|c| c.max(0) as u64))
            .or_while(READING)
    }
}

impl Tx<'_> {
    /// Applies a batch with its cursor. Own entries its figures do not contain are folded on top again.
    pub fn apply_feed(&mut self, batch: &FeedBatch) -> Result<FeedOutcome, DatabaseError> {
        let connection: &Connection = &self.transaction;
        let mut outcome = FeedOutcome::default();
        let mut named = Named::default();
        let mut catalogue = CatalogueWriter::new(connection, batch.changes.len())?;
        for change in &batch.changes {
            apply_change(connection, &mut catalogue, change, batch.snapshot, &mut named, &mut outcome)?;
        }
        // What was left out is named by nothing that can be read: nothing is taken for gone.
        if batch.snapshot && batch.left_out == 0 {
            remove_unnamed(connection, &mut catalogue, batch.scope, &named, &mut outcome)?;
        }
        catalogue.finish()?;
        if batch.scope == Scope::Store {
            if batch.snapshot && batch.left_out == 0 {
                stock::remove_other_stores(connection)?;
            }
            stock::put_other_stores(connection, list_figures(batch))?;
        }
        // Own steps on an order named here go back on top; those just contained come off where central did not take them.
        let mut refold: Vec<OrderNumber> = outcome.orders.clone();
        let mut marks = batch.contains.clone();
        if batch.scope == Scope::Store {
            marks.extend(contained::list_contained_no_more(connection, &batch.contains)?);
            contained::close_slices(connection)?;
        }
        for mark in &marks {
            let moved = contained::put_contained(connection, mark)?;
            if moved != MarkMove::Still {
                refold.extend(orders::mark_contained(connection, mark, moved)?);
            }
        }
        refold.sort_unstable();
        refold.dedup();
        for number in &refold {
            let before = self.view().find_order(number)?;
            orders::refold(connection, number)?;
            let after = self.view().find_order(number)?;
            let lines = before.iter().chain(&after).flat_map(|order| &order.lines);
            outcome.stock.extend(lines.map(|line| line.product.clone()));
        }
        outcome.orders = refold;
        if batch.scope == Scope::Store {
            outcome.case_answers = cases::take_answers(connection)?;
        }
        outcome.stock.sort_unstable();
        outcome.stock.dedup();
        let left_out = batch.left_out as i64;
        let row =
            params![batch.scope.code(), batch.cursor as i64, micros(batch.as_of), left_out, VERSION, batch.snapshot];
        connection
            // `as_of` never goes back: a batch that was delayed does not make the figures look older than they are known.
            .prepare_cached(
                "INSERT INTO feed (scope, cursor, as_of, left_out, version) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (scope)
                 DO UPDATE SET cursor = excluded.cursor, as_of = max(as_of, excluded.as_of), version = excluded.version,
                     left_out = excluded.left_out + CASE WHEN ?6 THEN 0 ELSE left_out END",
            )
            .and_then(|mut s| s.execute(row))
            .or_while(WRITING)?;
        Ok(outcome)
    }
}

fn apply_change(
    connection: &Connection,
    catalogue: &mut CatalogueWriter<'_>,
    change: &Change,
    snapshot: bool,
    named: &mut Named,
    outcome: &mut FeedOutcome,
) -> Result<(), DatabaseError> {
    match change {
        Change::Product { product, barcodes } => {
            catalogue.put(product, barcodes)?;
            outcome.catalogue = true;
            if snapshot {
                named.products.insert(product.id.clone());
            }
        }
        Change::ProductRemoved(product) => {
            catalogue.remove(product)?;
            outcome.catalogue = true;
            named.products.remove(product);
        }
        Change::Operator(operator) => {
            people::put_operator(connection, operator)?;
            outcome.people = true;
            named.operators.insert(operator.id.clone());
        }
        Change::Settings(settings) => {
            settings::put(connection, settings)?;
            outcome.people = true;
        }
        Change::Stock(figure) => {
            stock::put_figure(connection, figure, None)?;
            outcome.stock.push(figure.product.clone());
            if snapshot {
                named.stock.insert(figure.product.clone());
            }
        }
        Change::Order(order) => {
            orders::put_base(connection, order)?;
            outcome.orders.push(order.number.clone());
            named.orders.insert(order.number.clone());
        }
        Change::OrderRemoved(number) => {
            remove_order(connection, number, outcome)?;
            named.orders.remove(number);
        }
        Change::Case(case) => {
            cases::put(connection, case)?;
            outcome.cases = true;
            named.cases.insert(case.case);
        }
        Change::Transfer(transfer) => {
            if transfers::put(connection, transfer)? {
                outcome.withdrawn_in_vain.push(transfer.clone());
            }
            outcome.transfers = true;
            named.transfers.insert(transfer.entry);
        }
    }
    Ok(())
}

fn list_figures(batch: &FeedBatch) -> impl Iterator<Item = &StockFigure> {
    batch.changes.iter().filter_map(|change| match change {
        Change::Stock(figure) => Some(figure),
        _ => None,
    })
}

fn remove_order(connection: &Connection, number: &OrderNumber, outcome: &mut FeedOutcome) -> Result<(), DatabaseError> {
    let products: Vec<String> = connection
        .prepare_cached("SELECT product FROM order_line WHERE number = ?1")
        .and_then(|mut s| s.query_map([number.as_str()], |row| row.get(0))?.collect())
        .or_while(WRITING)?;
    outcome.stock.extend(products.into_iter().map(ProductId::from));
    orders::remove(connection, number)?;
    outcome.orders.retain(|order| order != number);
    outcome.orders.push(number.clone());
    Ok(())
}

/// A snapshot is the whole: what it does not name is gone.
fn remove_unnamed(
    connection: &Connection,
    catalogue: &mut CatalogueWriter<'_>,
    scope: Scope,
    named: &Named,
    outcome: &mut FeedOutcome,
) -> Result<(), DatabaseError> {
    match scope {
        Scope::Company => {
            // Where nothing was, there is nothing that the snapshot does not name.
            let known = if catalogue.is_first() { Vec::new() } else { catalogue.list_ids()? };
            for product in known {
                if !named.products.contains(&product) {
                    catalogue.remove(&product)?;
                    outcome.catalogue = true;
                }
            }
            for operator in list_texts(connection, "SELECT operator FROM operator")? {
                if !named.operators.contains(&OperatorId::from(operator.as_str())) {
                    execute(connection, "DELETE FROM operator WHERE operator = ?1", [operator])?;
                    outcome.people = true;
                }
            }
        }
        Scope::Store => {
            for product in list_texts(connection, "SELECT product FROM stock_figure")? {
                let product = ProductId::from(product);
                if !named.stock.contains(&product) {
                    execute(connection, "DELETE FROM stock_figure WHERE product = ?1", [product.as_str()])?;
                    outcome.stock.push(product);
                }
            }
            for number in list_texts(connection, "SELECT number FROM web_order")? {
                let number = OrderNumber::from(number);
                if !named.orders.contains(&number) {
                    remove_order(connection, &number, outcome)?;
                }
            }
            outcome.cases |= cases::remove_unnamed(connection, &named.cases)?;
            outcome.transfers |= transfers::remove_unnamed(connection, &named.transfers)?;
        }
    }
    Ok(())
}

fn list_texts(connection: &Connection, sql: &str) -> Result<Vec<String>, DatabaseError> {
    connection.prepare_cached(sql).and_then(|mut s| s.query_map((), |row| row.get(0))?.collect()).or_while(WRITING)
}

fn execute(connection: &Connection, sql: &str, keys: impl rusqlite::Params) -> Result<(), DatabaseError> {
    connection.prepare_cached(sql).and_then(|mut s| s.execute(keys)).map(|_| ()).or_while(WRITING)
}
