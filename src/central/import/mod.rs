//! Files of head office's: products, stores, operators, stock and customers' numbers from CSV, and the product export of the usual web-shop
//! systems, recognised by its header.
//!
//! A bad row is told with its line and why, and the rest is imported. Header names come in any order and case; unknown ones
//! are told. What a file has no column for stays as it is; importing the same file again changes nothing.
//!
//! To add a file: a variant of [`Kind`], and a file here that makes a record of a [`table::Row`]. Tests: `tests.rs`.

mod customer_items;
mod operators;
mod products;
mod stock;
mod stores;
mod table;
mod terms;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::Read;

use super::store::{ItemIdentity, ProductRecord, Store, StoreError, StoreRecord};
use super::surroundings::Surroundings;
use crate::domain::ids::{EntryId, ProductId};
use crate::domain::operator::Operator;
use table::{Row, Table};

/// How many rows are saved together.
const ROWS_PER_BATCH: usize = 1000;
/// How many bad rows are told in full; all are counted.
const FAULTS_TOLD_MAX: usize = 1000;
/// How many rows wait at most for a barcode that another product may still give up.
const ROWS_WAITING_MAX: usize = 10_000;

/// What a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Products with prices and barcodes.
    Products,
    /// Stores and warehouses.
    Stores,
    /// People who sign in at tills.
    Operators,
    /// What the books shall say.
    Stock,
    /// What customers call our products.
    CustomerItems,
    /// Customers with terms of their own.
    Customers,
    /// Customers', groups' and everyone's prices beside the list.
    Prices,
    /// Open credit notes.
    Credits,
}

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RowFault {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Which column, as its header says; empty for the whole row.
    pub column: String,
    /// Why.
    pub why: String,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// Rows read, header not counted.
    pub rows: u64,
    /// Records saved, whether or not they changed anything.
    pub saved: u64,
    /// Rows left out.
    pub faulty: u64,
    /// Why, for the first of them.
    pub faults: Vec<RowFault>,
    /// Columns nobody asked for.
    pub unknown_columns: Vec<String>,
}

impl Report {
    fn add_fault(&mut self, fault: RowFault) {
        self.faulty += 1;
        if self.faults.len() < FAULTS_TOLD_MAX {
            self.faults.push(fault);
        }
    }
}

/// Why nothing, or not all, was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("cannot read the file: {0}")]
    Read(#[from] csv::Error),
    /// A column that must be there is not.
    #[error("the header row has no column {0:?}")]
    ColumnMissing(&'static str),
    /// Products need a currency: from a column, or from the stores.
    #[error("no currency: import the stores first, or add a column \"currency\"")]
    CurrencyMissing,
    /// The data cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Imports a file. `progress` hears how many bytes have been read.
pub async fn import<S: Store>(
    store: &S,
    kind: Kind,
    file: impl Read + Send,
    surroundings: &Surroundings,
    mut progress: impl FnMut(u64) + Send,
) -> Result<Report, ImportError> {
    let mut table = Table::open(file)?;
    let stores = store.list_stores().await?;
    let operators = if kind == Kind::Operators { store.list_operators().await? } else { Vec::new() };
    let mut reader = Reader::new(kind, &table, &stores, operators)?;
    let mut report = Report { unknown_columns: reader.unknown_columns(&table), ..Report::default() };
    let mut batch = Batch::default();
    loop {
        let row = match table.next()? {
            Some(Ok(row)) => row,
            Some(Err(fault)) => {
                report.rows += 1;
                report.add_fault(fault);
                continue;
            }
            None => break,
        };
        report.rows += 1;
        if let Err(fault) = reader.read(&row, &mut batch, surroundings) {
            report.add_fault(fault);
        }
        if batch.len() >= ROWS_PER_BATCH {
            progress(table.bytes_read());
            save(store, &reader, &mut batch, &mut report, surroundings).await?;
        }
    }
    save(store, &reader, &mut batch, &mut report, surroundings).await?;
    save_waiting(store, &reader, batch.waiting, &mut report).await?;
    report.faults.sort_by_key(|fault| fault.line);
    progress(table.bytes_read());
    Ok(report)
}

/// Records that wait to be saved.
#[derive(Default)]
struct Batch {
    /// With the line each stands on.
    products: Vec<(u64, ProductRecord)>,
    /// Products whose barcode is another's, which may give it up further down.
    waiting: Vec<(u64, ProductRecord)>,
    withdrawn: Vec<ProductId>,
    stores: Vec<StoreRecord>,
    operators: Vec<Operator>,
    /// With the line each stands on.
    stock: Vec<(u64, super::store::StockImport)>,
    /// With the line each stands on.
    customer_items: Vec<(u64, super::store::CustomerItem)>,
    /// With the line each stands on.
    customers: Vec<(u64, crate::domain::customer::Customer)>,
    /// With the line each stands on.
    prices: Vec<(u64, super::store::PriceRecord)>,
    /// With the line each stands on.
    credits: Vec<(u64, super::store::CreditImport)>,
}

impl Batch {
    fn len(&self) -> usize {
        let shop =
            self.products.len() + self.withdrawn.len() + self.stores.len() + self.operators.len() + self.stock.len();
        shop + self.customer_items.len() + self.customers.len() + self.prices.len() + self.credits.len()
    }
}

async fn save<S: Store>(
    store: &S,
    reader: &Reader,
    batch: &mut Batch,
    report: &mut Report,
    surroundings: &Surroundings,
) -> Result<(), ImportError> {
    let waiting = std::mem::take(&mut batch.waiting);
    let Batch { products, withdrawn, stores, operators, stock, customer_items, customers, prices, credits, .. } =
        std::mem::replace(batch, Batch { waiting, ..Batch::default() });
    if let Reader::Customers(reader) = reader {
        terms::save_customers(store, reader, customers, report).await?;
    }
    terms::save(store, prices, credits, report, surroundings.now()).await?;
    let lines: BTreeMap<EntryId, u64> = stock.iter().map(|(line, figure)| (figure.entry, *line)).collect();
    let figures = keep_known(store, stock, report, |figure| &figure.product).await?;
    let customer_items = terms::keep_customers(store, customer_items, report).await?;
    let items = keep_known(store, customer_items, report, |item| &item.product).await?;
    report.saved += (withdrawn.len() + stores.len() + operators.len() + figures.len() + items.len()) as u64;
    if !withdrawn.is_empty() {
        store.remove_products(withdrawn).await?;
    }
    if let Reader::Products(reader) = reader {
        save_products(store, reader, products, &mut batch.waiting, report).await?;
    }
    if !stores.is_empty() {
        store.save_stores(stores).await?;
    }
    if !operators.is_empty() {
        store.save_operators(operators).await?;
    }
    if !figures.is_empty() {
        let late = store.import_stock(figures, surroundings.now()).await?;
        report.saved -= late.len() as u64;
        if let Reader::Stock(reader) = reader {
            late.iter().filter_map(|entry| lines.get(entry)).for_each(|line| report.add_fault(reader.late(*line)));
        }
    }
    if !items.is_empty() {
        store.save_customer_items(items).await?;
    }
    Ok(())
}

/// Saves products as the file has them, and as they were where it has no column. Those whose barcode is another's wait.
async fn save_products<S: Store>(
    store: &S,
    reader: &products::ProductReader,
    rows: Vec<(u64, ProductRecord)>,
    waiting: &mut Vec<(u64, ProductRecord)>,
    report: &mut Report,
) -> Result<(), ImportError> {
    let named =
        |(_, row): &(u64, ProductRecord)| ItemIdentity { product: Some(row.product.id.clone()), ..Default::default() };
    let known = store.resolve_items(rows.iter().map(named).collect()).await?;
    let mut good = Vec::with_capacity(rows.len());
    for ((line, mut row), known) in rows.into_iter().zip(known) {
        match known.map_or(Ok(()), |(known, _)| reader.keep_unsaid(line, &mut row, known)) {
            Ok(()) => good.push((line, row)),
            Err(fault) => report.add_fault(fault),
        }
    }
    if good.is_empty() {
        return Ok(());
    }
    let taken = store.save_products(good.iter().map(|(_, row)| row.clone()).collect()).await?;
    report.saved += (good.len() - taken.len()) as u64;
    for taken in taken {
        match waiting.len() < ROWS_WAITING_MAX {
            true => waiting.push(good[taken.place].clone()),
            false => report.add_fault(reader.taken_fault(good[taken.place].0, &taken)),
        }
    }
    Ok(())
}

/// Saves at the end of the file what waited for a barcode; whose barcode is another's still is told.
async fn save_waiting<S: Store>(
    store: &S,
    reader: &Reader,
    waiting: Vec<(u64, ProductRecord)>,
    report: &mut Report,
) -> Result<(), ImportError> {
    let Reader::Products(reader) = reader else { return Ok(()) };
    if waiting.is_empty() {
        return Ok(());
    }
    let taken = store.save_products(waiting.iter().map(|(_, row)| row.clone()).collect()).await?;
    report.saved += (waiting.len() - taken.len()) as u64;
    for taken in taken {
        report.add_fault(reader.taken_fault(waiting[taken.place].0, &taken));
    }
    Ok(())
}

/// The rows whose product exists; the others are told.
async fn keep_known<S: Store, T>(
    store: &S,
    rows: Vec<(u64, T)>,
    report: &mut Report,
    product_of: fn(&T) -> &ProductId,
) -> Result<Vec<T>, ImportError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let named = |row: &T| ItemIdentity { product: Some(product_of(row).clone()), ..ItemIdentity::default() };
    let items = rows.iter().map(|(_, row)| named(row)).collect();
    let mut known = Vec::with_capacity(rows.len());
    for ((line, row), found) in rows.into_iter().zip(store.resolve_items(items).await?) {
        match found {
            Some(_) => known.push(row),
            None => report.add_fault(RowFault {
                line,
                column: "sku".into(),
                why: format!("there is no product {}", product_of(&row)),
            }),
        }
    }
    Ok(known)
}

/// Knows which columns a kind of file has, and makes records of its rows.
enum Reader {
    Products(Box<products::ProductReader>),
    Stores(stores::StoreReader),
    Operators(operators::OperatorReader),
    Stock(stock::StockReader),
    CustomerItems(customer_items::CustomerItemReader),
    Customers(terms::CustomerReader),
    Prices(Box<terms::PriceReader>),
    Credits(terms::CreditReader),
}

impl Reader {
    fn new(
        kind: Kind,
        table: &Table<impl Read>,
        stores: &[StoreRecord],
        operators: Vec<Operator>,
    ) -> Result<Self, ImportError> {
        Ok(match kind {
            Kind::Products => Self::Products(Box::new(products::ProductReader::new(table, stores)?)),
            Kind::Stores => Self::Stores(stores::StoreReader::new(table, stores)?),
            Kind::Operators => Self::Operators(operators::OperatorReader::new(table, operators)?),
            Kind::Stock => Self::Stock(stock::StockReader::new(table, stores)?),
            Kind::CustomerItems => Self::CustomerItems(customer_items::CustomerItemReader::new(table)?),
            Kind::Customers => Self::Customers(terms::CustomerReader::new(table)?),
            Kind::Prices => Self::Prices(Box::new(terms::PriceReader::new(table, stores)?)),
            Kind::Credits => Self::Credits(terms::CreditReader::new(table, stores)?),
        })
    }

    fn unknown_columns(&self, table: &Table<impl Read>) -> Vec<String> {
        let known = match self {
            Self::Products(reader) => reader.columns(),
            Self::Stores(reader) => reader.columns(),
            Self::Operators(reader) => reader.columns(),
            Self::Stock(reader) => reader.columns(),
            Self::CustomerItems(reader) => reader.columns(),
            Self::Customers(reader) => reader.columns(),
            Self::Prices(reader) => reader.columns(),
            Self::Credits(reader) => reader.columns(),
        };
        table.list_columns_beside(&known)
    }

    fn read(&mut self, row: &Row<'_>, batch: &mut Batch, surroundings: &Surroundings) -> Result<(), RowFault> {
        match self {
            Self::Products(reader) => match reader.read(row)? {
                Some(products::ProductRow::Product(product)) => batch.products.push((row.line, *product)),
                Some(products::ProductRow::Withdrawn(product)) => batch.withdrawn.push(product),
                None => {}
            },
            Self::Stores(reader) => batch.stores.push(reader.read(row)?),
            Self::Operators(reader) => batch.operators.push(reader.read(row, surroundings)?),
            Self::Stock(reader) => batch.stock.push((row.line, reader.read(row, surroundings)?)),
            Self::CustomerItems(reader) => batch.customer_items.push((row.line, reader.read(row)?)),
            Self::Customers(reader) => batch.customers.push((row.line, reader.read(row)?)),
            Self::Prices(reader) => batch.prices.push((row.line, reader.read(row)?)),
            Self::Credits(reader) => batch.credits.push((row.line, reader.read(row)?)),
        }
        Ok(())
    }
}
