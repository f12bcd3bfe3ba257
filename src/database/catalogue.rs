//! The catalogue: products, the codes that lead to them, quick keys; written from the feed, read by every scan.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::View;
use super::codes::{Code, currency};
use super::error::{DatabaseError, While};
use super::search::{Words, fold, fold_words};
use crate::domain::ids::ProductId;
use crate::domain::money::Money;
use crate::domain::product::{Barcode, PriceKind, Product, Unit};
use crate::domain::tax::TaxCode;

const READING: &str = "looking up a product";
const WRITING: &str = "keeping a product";

/// What a code led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundProduct {
    /// The product.
    pub product: Product,
    /// The key that led there.
    pub key: String,
    /// Units one scan stands for.
    pub pack: u32,
}

/// The columns [`read_product`] expects, of a table called `p`.
const COLUMNS: &str = "p.product, p.name, p.price_minor, p.currency, p.price_kind, p.tax, p.department, p.unit, \
     p.age_limit, p.variant_of, p.bin, p.stocked, p.quick_key, p.withdrawn";

/// How many of [`COLUMNS`] there are.
const COLUMN_COUNT: usize = 14;

/// A row as it stands; [`RawProduct::into_product`] judges it.
struct RawProduct {
    product: String,
    name: String,
    price_minor: i64,
    currency: String,
    price_kind: String,
    tax: String,
    department: String,
    unit: String,
    age_limit: Option<u8>,
    variant_of: Option<String>,
    bin: Option<String>,
    stocked: bool,
    quick_key: Option<u16>,
    withdrawn: bool,
}

fn read_product(row: &Row<'_>) -> rusqlite::Result<RawProduct> {
    Ok(RawProduct {
        product: row.get(0)?,
        name: row.get(1)?,
        price_minor: row.get(2)?,
        currency: row.get(3)?,
        price_kind: row.get(4)?,
        tax: row.get(5)?,
        department: row.get(6)?,
        unit: row.get(7)?,
        age_limit: row.get(8)?,
        variant_of: row.get(9)?,
        bin: row.get(10)?,
        stocked: row.get(11)?,
        quick_key: row.get(12)?,
        withdrawn: row.get(13)?,
    })
}

impl RawProduct {
    fn into_product(self) -> Result<Product, DatabaseError> {
        let tax = self.tax.chars().next().ok_or_else(|| DatabaseError::damaged(READING, "no tax letter"))?;
        Ok(Product {
            id: ProductId::from(self.product),
            name: self.name,
            price: Money::new(self.price_minor, currency(&self.currency)?),
            price_kind: PriceKind::from_code(&self.price_kind)?,
            tax: TaxCode(tax),
            department: self.department,
            unit: Unit::from_code(&self.unit)?,
            age_limit: self.age_limit,
            variant_of: self.variant_of,
            bin: self.bin,
            stocked: self.stocked,
            quick_key: self.quick_key,
            withdrawn: self.withdrawn,
        })
    }
}

impl View<'_> {
    /// The product with this article number.
    pub fn find_product(&self, product: &ProductId) -> Result<Option<Product>, DatabaseError> {
        self.find_one("WHERE p.product = ?1", product.as_str())
    }

    /// What the first key that leads anywhere leads to. Keys come as the barcode rules make them, most exact first; a code
    /// two products claim leads to the one with the lower article number, always the same.
    pub fn find_product_by_keys(&self, keys: &[String]) -> Result<Option<FoundProduct>, DatabaseError> {
        let sql = format!(
            "SELECT {COLUMNS}, b.pack FROM barcode b JOIN product p ON p.id = b.product WHERE b.key = ?1
             ORDER BY p.product LIMIT 1"
        );
        let mut statement = self.connection.prepare_cached(&sql).or_while(READING)?;
        for key in keys {
            let found = statement
                .query_row([key], |row| Ok((read_product(row)?, row.get(COLUMN_COUNT)?)))
                .optional()
                .or_while(READING)?;
            if let Some((raw, pack)) = found {
                return Ok(Some(FoundProduct { product: raw.into_product()?, key: key.clone(), pack }));
            }
        }
        Ok(None)
    }

    /// The codes that lead to a product.
    pub fn list_barcodes(&self, product: &ProductId) -> Result<Vec<Barcode>, DatabaseError> {
        self.connection
            .prepare_cached(
                "SELECT b.key, b.pack FROM product p JOIN barcode b ON b.product = p.id WHERE p.product = ?1
                 ORDER BY b.key",
            )
            .and_then(|mut s| {
                s.query_map([product.as_str()], |row| {
                    Ok(Barcode { key: row.get(0)?, product: product.clone(), pack: row.get(1)? })
                })?
                .collect()
            })
            .or_while(READING)
    }

    /// The products with a quick key, in its order.
    pub fn list_quick_keys(&self) -> Result<Vec<Product>, DatabaseError> {
        self.list_products("WHERE p.quick_key IS NOT NULL AND p.withdrawn = 0 ORDER BY p.quick_key, p.product", ())
    }

    /// The products that share a variant name, by article number.
    pub fn list_variants(&self, variant_of: &str) -> Result<Vec<Product>, DatabaseError> {
        self.list_products("WHERE p.variant_of = ?1 AND p.withdrawn = 0 ORDER BY p.product", [variant_of])
    }

    /// How many products there are.
    pub fn count_products(&self) -> Result<u64, DatabaseError> {
        self.connection
            .query_row("SELECT count(*) FROM product", (), |row| row.get::<_, i64>(0))
            .map(|count| count.max(0) as u64)
            .or_while(READING)
    }

    /// The product in a row of the catalogue.
    pub(super) fn find_product_in_row(&self, id: i64) -> Result<Option<Product>, DatabaseError> {
        self.find_one("WHERE p.id = ?1", id)
    }

    fn find_one(&self, filter: &str, key: impl rusqlite::ToSql) -> Result<Option<Product>, DatabaseError> {
        self.connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM product p {filter}"))
            .and_then(|mut s| s.query_row([key], read_product).optional())
            .or_while(READING)?
            .map(RawProduct::into_product)
            .transpose()
    }

    fn list_products(&self, filter: &str, keys: impl rusqlite::Params) -> Result<Vec<Product>, DatabaseError> {
        let rows: Vec<RawProduct> = self
            .connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM product p {filter}"))
            .and_then(|mut s| s.query_map(keys, read_product)?.collect())
            .or_while(READING)?;
        rows.into_iter().map(RawProduct::into_product).collect()
    }
}

/// The row of a product, in the order both statements bind it.
macro_rules! row_of {
    ($id:expr, $product:expr, $folded:expr) => {
        params![
            $id,
            $product.id.as_str(),
            $product.name,
            $folded,
            $product.price.currency().code(),
            $product.price.minor(),
            $product.price_kind.code(),
            $product.tax.0.to_string(),
            $product.department,
            $product.unit.code(),
            $product.age_limit,
            $product.variant_of,
            $product.bin,
            $product.stocked,
            $product.quick_key,
            $product.withdrawn,
        ]
    };
}

/// Writes a batch of products. Words are counted in memory and written once, by [`Self::finish`].
pub(super) struct CatalogueWriter<'a> {
    connection: &'a Connection,
    words: Words,
    /// Nothing was there when the batch began: no old row has to be looked for.
    was_empty: bool,
    /// The first catalogue, or a large part of one: the search index gathers more at a time.
    large: bool,
    first: bool,
}

/// A batch of this many products is a large one.
const LARGE_BATCH: usize = 20_000;
/// Bytes of new search entries the index gathers before it writes a piece of itself: of a large batch, and as SQLite has it
/// (FTS5, "The hashsize Configuration Option"). Each piece is merged with others later, again and again.
const GATHERED_BYTES_LARGE: i64 = 64 * 1024 * 1024;
const GATHERED_BYTES: i64 = 1024 * 1024;

impl<'a> CatalogueWriter<'a> {
    /// Begins a batch of about so many products.
    pub(super) fn new(connection: &'a Connection, products: usize) -> Result<Self, DatabaseError> {
        let any: bool =
            connection.query_row("SELECT EXISTS (SELECT 1 FROM product)", (), |row| row.get(0)).or_while(WRITING)?;
        let large = products >= LARGE_BATCH;
        let writer = Self { connection, words: Words::default(), was_empty: !any, large, first: !any };
        if large {
            writer.gather(GATHERED_BYTES_LARGE)?;
        }
        Ok(writer)
    }

    fn gather(&self, bytes: i64) -> Result<(), DatabaseError> {
        self.execute("INSERT INTO product_search (product_search, rank) VALUES ('hashsize', ?1)", [bytes]).map(|_| ())
    }

    /// The catalogue was empty when the batch began.
    pub(super) const fn is_first(&self) -> bool {
        self.first
    }

    /// Takes a product with all its codes, new or changed.
    pub(super) fn put(&mut self, product: &Product, barcodes: &[Barcode]) -> Result<(), DatabaseError> {
        let folded = fold_product(product, barcodes);
        let old = if self.was_empty { None } else { self.find_row(&product.id)? };
        let id = match &old {
            Some((id, old_folded)) => {
                if *old_folded != folded {
                    self.unindex(*id, old_folded)?;
                }
                self.update(*id, product, &folded)?;
                *id
            }
            // A batch may name a product twice: the second is an update even when nothing was there before.
            None => match self.insert(product, &folded)? {
                Some(id) => id,
                None => {
                    self.was_empty = false;
                    return self.put(product, barcodes);
                }
            },
        };
        if old.as_ref().is_none_or(|(_, old_folded)| *old_folded != folded) {
            self.index(id, &folded)?;
        }
        if old.is_some() {
            self.execute("DELETE FROM barcode WHERE product = ?1", [id])?;
        }
        for barcode in barcodes {
            self.execute(
                "INSERT OR REPLACE INTO barcode VALUES (?1, ?2, ?3)",
                params![barcode.key, id, barcode.pack.max(1)],
            )?;
        }
        Ok(())
    }

    /// A product is gone.
    pub(super) fn remove(&mut self, product: &ProductId) -> Result<(), DatabaseError> {
        let Some((id, folded)) = self.find_row(product)? else { return Ok(()) };
        self.unindex(id, &folded)?;
        self.execute("DELETE FROM barcode WHERE product = ?1", [id])?;
        self.execute("DELETE FROM product WHERE id = ?1", [id])?;
        Ok(())
    }

    /// The products that are there, for a snapshot to remove what it does not name.
    pub(super) fn list_ids(&self) -> Result<Vec<ProductId>, DatabaseError> {
        self.connection
            .prepare_cached("SELECT product FROM product")
            .and_then(|mut s| s.query_map((), |row| Ok(ProductId::from(row.get::<_, String>(0)?)))?.collect())
            .or_while(WRITING)
    }

    /// Writes the counted words, and tidies the index after a large batch.
    pub(super) fn finish(self) -> Result<(), DatabaseError> {
        if self.large {
            // Later batches leave it to the index to merge its few pieces: putting it together as a whole each time would
            // write all of it each time.
            if self.first {
                self.execute("INSERT INTO product_search (product_search) VALUES ('optimize')", ())?;
            }
            self.gather(GATHERED_BYTES)?;
        }
        self.words.write(self.connection)
    }

    fn find_row(&self, product: &ProductId) -> Result<Option<(i64, String)>, DatabaseError> {
        self.connection
            .prepare_cached("SELECT id, folded FROM product WHERE product = ?1")
            .and_then(|mut s| s.query_row([product.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .or_while(WRITING)
    }

    fn insert(&self, product: &Product, folded: &str) -> Result<Option<i64>, DatabaseError> {
        let changed = self.execute(
            "INSERT INTO product (id, product, name, folded, currency, price_minor, price_kind, tax, department, unit,
             age_limit, variant_of, bin, stocked, quick_key, withdrawn)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) ON CONFLICT (product) DO NOTHING",
            row_of!(rusqlite::types::Null, product, folded),
        )?;
        Ok((changed == 1).then(|| self.connection.last_insert_rowid()))
    }

    fn update(&self, id: i64, product: &Product, folded: &str) -> Result<(), DatabaseError> {
        self.execute(
            "UPDATE product SET product = ?2, name = ?3, folded = ?4, currency = ?5, price_minor = ?6, price_kind = ?7,
             tax = ?8, department = ?9, unit = ?10, age_limit = ?11, variant_of = ?12, bin = ?13, stocked = ?14,
             quick_key = ?15, withdrawn = ?16 WHERE id = ?1",
            row_of!(id, product, folded),
        )
        .map(|_| ())
    }

    fn index(&mut self, id: i64, folded: &str) -> Result<(), DatabaseError> {
        self.words.count(folded, 1);
        self.execute("INSERT INTO product_search (rowid, folded) VALUES (?1, ?2)", params![id, folded]).map(|_| ())
    }

    fn unindex(&mut self, id: i64, folded: &str) -> Result<(), DatabaseError> {
        self.words.count(folded, -1);
        self.execute(
            "INSERT INTO product_search (product_search, rowid, folded) VALUES ('delete', ?1, ?2)",
            params![id, folded],
        )
        .map(|_| ())
    }

    fn execute(&self, sql: &str, row: impl rusqlite::Params) -> Result<usize, DatabaseError> {
        self.connection.prepare_cached(sql).and_then(|mut s| s.execute(row)).or_while(WRITING)
    }
}

/// What search reads of a product: its name, its article number and its codes without leading zeros, between blanks.
fn fold_product(product: &Product, barcodes: &[Barcode]) -> String {
    let mut folded = String::with_capacity(96);
    folded.push(' ');
    for word in fold_words(&fold(&product.name)) {
        folded.push_str(word);
        folded.push(' ');
    }
    folded.push_str(&fold(product.id.as_str()));
    folded.push(' ');
    for barcode in barcodes {
        folded.push_str(&fold(barcode.key.trim_start_matches('0')));
        folded.push(' ');
    }
    folded
}
