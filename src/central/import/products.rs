//! `products.csv`, and the product exports of two web-shop systems. What a file has no column for stays as it is.

use std::io::Read;

use super::table::{Column, Row, Table, parse_flag};
use super::{ImportError, RowFault};
use crate::central::store::{BarcodeTaken, ProductRecord, StoreRecord};
use crate::domain::barcode::gtin::check_digit_fits;
use crate::domain::barcode::lookup_key;
use crate::domain::ids::ProductId;
use crate::domain::money::{Currency, Money};
use crate::domain::product::{Barcode, PriceKind, Product, Unit};
use crate::domain::tax::TaxCode;

/// Makes products of rows.
pub struct ProductReader {
    sku: Column,
    name: Column,
    price: Column,
    barcode: Option<Column>,
    tax: Option<Column>,
    department: Option<Column>,
    unit: Option<Column>,
    age_limit: Option<Column>,
    variant_of: Option<Column>,
    bin: Option<Column>,
    stocked: Option<Column>,
    quick_key: Option<Column>,
    price_kind: Option<Column>,
    currency: Option<Column>,
    withdrawn: Option<Column>,
    variants: Option<Variants>,
    house_currency: Option<Currency>,
    house_tax: TaxCode,
}

/// An export with one row per variant: the product's own columns are filled in its first row only.
struct Variants {
    handle: Column,
    options: Vec<Column>,
    current: Option<VariantProduct>,
}

/// What a row says.
pub enum ProductRow {
    /// The product.
    Product(Box<ProductRecord>),
    /// It is sold no more.
    Withdrawn(ProductId),
}

struct VariantProduct {
    handle: String,
    title: String,
    department: String,
}

impl ProductReader {
    /// Understands the header. Prices without a currency of their own are in that of the stores.
    pub fn new(table: &Table<impl Read>, stores: &[StoreRecord]) -> Result<Self, ImportError> {
        let handle = table.find_column(&["handle"]);
        let variants = handle.filter(|_| table.find_column(&["Variant SKU"]).is_some()).map(|handle| Variants {
            handle,
            options: ["Option1 Value", "Option2 Value", "Option3 Value"]
                .iter()
                .filter_map(|name| table.find_column(&[name]))
                .collect(),
            current: None,
        });
        let first = stores.first().map(|store| &store.settings);
        let reader = Self {
            sku: table.get_column(&["sku", "variant sku", "article number", "product"])?,
            name: table.get_column(&["name", "title"])?,
            price: table.get_column(&["price", "variant price", "regular price"])?,
            barcode: table.find_column(&[
                "barcode",
                "barcodes",
                "variant barcode",
                "GTIN, UPC, EAN, or ISBN",
                "gtin",
                "ean",
            ]),
            tax: table.find_column(&["tax", "tax code"]),
            // What another system calls its type or category is the department, unless it is a kind of record.
            department: table.find_column(match variants {
                Some(_) => &["type", "product category"],
                None => &["department", "categories", "category"],
            }),
            unit: table.find_column(&["unit"]),
            age_limit: table.find_column(&["age_limit", "minimum age"]),
            variant_of: table.find_column(&["variant_of"]),
            bin: table.find_column(&["bin", "shelf"]),
            stocked: table.find_column(&["stocked"]),
            quick_key: table.find_column(&["quick_key"]),
            price_kind: table.find_column(&["price_kind"]),
            currency: table.find_column(&["currency"]),
            withdrawn: table.find_column(&["withdrawn"]),
            variants,
            house_currency: first.map(|settings| settings.currency),
            house_tax: first.and_then(|settings| settings.tax_rates.first()).map_or(TaxCode('A'), |rate| rate.code),
        };
        if reader.currency.is_none() && reader.house_currency.is_none() {
            return Err(ImportError::CurrencyMissing);
        }
        Ok(reader)
    }

    /// The columns it knows.
    pub fn columns(&self) -> Vec<&Column> {
        let maybe = [
            &self.barcode,
            &self.tax,
            &self.department,
            &self.unit,
            &self.age_limit,
            &self.variant_of,
            &self.bin,
            &self.stocked,
            &self.quick_key,
            &self.price_kind,
            &self.currency,
            &self.withdrawn,
        ];
        let variants = self.variants.iter().flat_map(|variants| variants.options.iter().chain([&variants.handle]));
        [&self.sku, &self.name, &self.price].into_iter().chain(maybe.into_iter().flatten()).chain(variants).collect()
    }

    /// What a row says; nothing for one that only adds a picture to the product before it.
    pub fn read(&mut self, row: &Row<'_>) -> Result<Option<ProductRow>, RowFault> {
        if row.parse(self.withdrawn.as_ref(), "yes or no", parse_flag)? == Some(true) {
            return Ok(Some(ProductRow::Withdrawn(ProductId::new(row.get(&self.sku)?))));
        }
        let (title, department, variant_of) = match &mut self.variants {
            None => {
                let department = row.find(self.department.as_ref()).unwrap_or_default();
                (row.get(&self.name)?, department, row.find(self.variant_of.as_ref()))
            }
            Some(variants) => {
                let handle = row.get(&variants.handle)?;
                if variants.current.as_ref().is_none_or(|current| current.handle != handle) {
                    let title = row.get(&self.name)?;
                    let department = row.find(self.department.as_ref()).unwrap_or_default();
                    variants.current = Some(VariantProduct { handle, title, department });
                }
                if row.find(Some(&self.sku)).is_none() && row.find(Some(&self.price)).is_none() {
                    return Ok(None);
                }
                let Some(current) = &variants.current else { return Ok(None) };
                let options: Vec<String> = variants
                    .options
                    .iter()
                    .filter_map(|option| row.find(Some(option)))
                    .filter(|option| option != "Default Title")
                    .collect();
                match options.is_empty() {
                    true => (current.title.clone(), current.department.clone(), None),
                    false => {
                        let title = format!("{} {}", current.title, options.join(" "));
                        (title, current.department.clone(), Some(current.title.clone()))
                    }
                }
            }
        };
        let product = self.product(row, title, department, variant_of)?;
        Ok(Some(ProductRow::Product(Box::new(product))))
    }

    /// Leaves of a known product what the file has no column for.
    pub fn keep_unsaid(&self, line: u64, record: &mut ProductRecord, known: ProductRecord) -> Result<(), RowFault> {
        let (product, before) = (&mut record.product, known.product);
        if self.currency.is_none() && product.price.currency() != before.price.currency() {
            let why = format!("its price is in {}: add a column \"currency\"", before.price.currency().code());
            return Err(self.price.fault(line, why));
        }
        if self.price_kind.is_none() {
            product.price_kind = before.price_kind;
        }
        if self.tax.is_none() {
            product.tax = before.tax;
        }
        if self.department.is_none() {
            product.department = before.department;
        }
        if self.unit.is_none() {
            product.unit = before.unit;
        }
        if self.age_limit.is_none() {
            product.age_limit = before.age_limit;
        }
        if self.variant_of.is_none() && self.variants.is_none() {
            product.variant_of = before.variant_of;
        }
        if self.bin.is_none() {
            product.bin = before.bin;
        }
        if self.stocked.is_none() {
            product.stocked = before.stocked;
        }
        if self.quick_key.is_none() {
            product.quick_key = before.quick_key;
        }
        if self.barcode.is_none() {
            record.barcodes = known.barcodes;
        }
        Ok(())
    }

    /// What is wrong with a row whose barcode is another product's.
    pub fn taken_fault(&self, line: u64, taken: &BarcodeTaken) -> RowFault {
        let BarcodeTaken { barcode, owner, .. } = taken;
        let why = format!("{barcode} is the barcode of product {owner}: take it from that one first, or in this file");
        self.barcode.as_ref().unwrap_or(&self.sku).fault(line, why)
    }

    fn product(
        &self,
        row: &Row<'_>,
        name: String,
        department: String,
        variant_of: Option<String>,
    ) -> Result<ProductRecord, RowFault> {
        let id = ProductId::new(row.get(&self.sku)?);
        let price_kind = row.parse(self.price_kind.as_ref(), "fixed or open", parse_price_kind)?;
        let price_kind = price_kind.unwrap_or(PriceKind::Fixed);
        let currency = row.parse(self.currency.as_ref(), "a currency", Currency::from_code)?.or(self.house_currency);
        let currency = currency.ok_or_else(|| row.fault(&self.price, "there is no currency for it"))?;
        let price = match (price_kind, row.find(Some(&self.price))) {
            (PriceKind::Open, None) => Money::zero(currency),
            (_, None) => return Err(row.fault(&self.price, "it is empty")),
            (_, Some(text)) => {
                let money = Money::parse(&text, currency).map_err(|error| row.fault(&self.price, error.to_string()))?;
                if money.is_negative() {
                    return Err(row.fault(&self.price, "a price is nothing or more"));
                }
                money
            }
        };
        Ok(ProductRecord {
            barcodes: self.barcodes(row, &id)?,
            product: Product {
                name,
                price,
                price_kind,
                tax: row.parse(self.tax.as_ref(), "one letter", parse_tax)?.unwrap_or(self.house_tax),
                department,
                unit: row.parse(self.unit.as_ref(), "a unit (each, kg, m, l, h)", parse_unit)?.unwrap_or(Unit::Each),
                age_limit: row.parse(self.age_limit.as_ref(), "an age", |text| text.parse().ok())?,
                variant_of,
                bin: row.find(self.bin.as_ref()),
                stocked: row.parse(self.stocked.as_ref(), "yes or no", parse_flag)?.unwrap_or(true),
                quick_key: row.parse(self.quick_key.as_ref(), "a number", |text| text.parse().ok())?,
                withdrawn: false,
                id,
            },
        })
    }

    /// `5901234123457|96385074*6`: several, the second of a pack of six.
    fn barcodes(&self, row: &Row<'_>, product: &ProductId) -> Result<Vec<Barcode>, RowFault> {
        let Some(column) = &self.barcode else { return Ok(Vec::new()) };
        let mut barcodes: Vec<Barcode> = Vec::new();
        for part in row.list(Some(column)) {
            // Spreadsheets put an apostrophe before digits they must not take for a number.
            let part = part.trim_start_matches('\'');
            let (code, pack) = match part.split_once('*') {
                Some((code, pack)) => {
                    let pack = pack.trim().parse().ok().filter(|pack| *pack > 0);
                    (code.trim(), pack.ok_or_else(|| row.fault(column, format!("{part:?} has no such pack")))?)
                }
                None => (part, 1),
            };
            let is_number = code.bytes().all(|byte| byte.is_ascii_digit());
            if is_number && matches!(code.len(), 8 | 12 | 13 | 14) && !check_digit_fits(code) {
                return Err(row.fault(column, format!("the check digit of {code} is wrong")));
            }
            let key = lookup_key(code);
            if barcodes.iter().all(|known| known.key != key) {
                barcodes.push(Barcode { key, product: product.clone(), pack });
            }
        }
        Ok(barcodes)
    }
}

fn parse_tax(text: &str) -> Option<TaxCode> {
    let mut letters = text.chars();
    letters.next().filter(|_| letters.next().is_none()).map(TaxCode)
}

fn parse_price_kind(text: &str) -> Option<PriceKind> {
    match text.to_lowercase().as_str() {
        "fixed" => Some(PriceKind::Fixed),
        "open" => Some(PriceKind::Open),
        _ => None,
    }
}

fn parse_unit(text: &str) -> Option<Unit> {
    match text.to_lowercase().as_str() {
        "each" | "piece" | "pieces" | "pc" | "pcs" | "st" | "stk" => Some(Unit::Each),
        "kg" | "kilogram" => Some(Unit::Kilogram),
        "m" | "metre" | "meter" => Some(Unit::Metre),
        "l" | "litre" | "liter" => Some(Unit::Litre),
        "h" | "hour" => Some(Unit::Hour),
        _ => None,
    }
}
