//! What the company shares: stores with their settings, products with their barcodes, operators.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::{
    BarcodeTaken, CustomerItem, ItemIdentity, Location, ProductRecord, StoreError, StoreKind, StoreRecord,
};
use super::feeds::Changes;
use super::words::{self, Word};
use crate::domain::ids::{OperatorId, ProductId, StoreId};
use crate::domain::money::{Money, Tie};
use crate::domain::operator::{Operator, Role};
use crate::domain::product::{Barcode, PriceKind, Product, Unit};
use crate::domain::settings::{
    DifferenceLimits, PriceChangeRules, PromisedAlert, PromisedSale, ReceiptDuty, StoreSettings,
};
use crate::domain::tax::{TaxMode, TaxRate};
use crate::domain::tender::CashRounding;
use crate::domain::zone::StoreZone;

const STORE_COLUMNS: &str =
    "store, name, kind, gln, latitude_microdegrees, longitude_microdegrees, address, tax_number,
    receipt_footer, country, time_zone, currency, tax_mode, tax_rates, cash_rounding_step_minor, cash_rounding_tie,
    promised_alert, bays, lock_after_minutes, price_change_reasons, discount_caps, receipt_duty,
    promised_sale, drawer_difference_minor, stock_difference_minor";

fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Engine(error.to_string()))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// Adds or changes stores.
pub fn save_stores(connection: &Connection, changes: &mut Changes, stores: &[StoreRecord]) -> Result<(), StoreError> {
    for store in stores {
        let settings = &store.settings;
        if find_store(connection, &settings.id)?.as_ref() == Some(store) {
            continue;
        }
        let rates: Vec<(String, &str, String)> = settings
            .tax_rates
            .iter()
            .map(|rate| (rate.code.0.to_string(), rate.name.as_str(), rate.percent.to_string()))
            .collect();
        let caps: Vec<(&str, String)> =
            settings.price_changes.caps.iter().map(|(role, percent)| (role.word(), percent.to_string())).collect();
        connection
            .prepare_cached(&format!(
                "INSERT OR REPLACE INTO store ({STORE_COLUMNS}) VALUES
                 (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                  ?21, ?22, ?23, ?24, ?25)"
            ))?
            .execute(params![
                settings.id.as_str(),
                settings.name,
                store.kind.word(),
                store.gln,
                store.location.map(|place| place.latitude_microdegrees),
                store.location.map(|place| place.longitude_microdegrees),
                json(&settings.address)?,
                settings.tax_number,
                json(&settings.receipt_footer)?,
                settings.country,
                settings.time_zone.name(),
                settings.currency.code(),
                settings.tax_mode.word(),
                json(&rates)?,
                settings.cash_rounding.step_minor,
                settings.cash_rounding.tie.word(),
                settings.promised_alert.word(),
                json(&settings.bays)?,
                settings.lock_after_minutes,
                json(&settings.price_changes.reasons)?,
                json(&caps)?,
                settings.receipt_duty.word(),
                settings.promised_sale.word(),
                settings.difference_limits.drawer_minor,
                settings.difference_limits.stock_minor
            ])?;
        changes.touch_settings(&settings.id);
    }
    Ok(())
}

/// All stores, by code.
pub fn list_stores(connection: &Connection) -> Result<Vec<StoreRecord>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {STORE_COLUMNS} FROM store ORDER BY store"))?;
    let mut rows = statement.query([])?;
    let mut stores = Vec::new();
    while let Some(row) = rows.next()? {
        stores.push(store_of_row(row)?);
    }
    Ok(stores)
}

/// One store.
pub fn find_store(connection: &Connection, store: &StoreId) -> Result<Option<StoreRecord>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {STORE_COLUMNS} FROM store WHERE store = ?1"))?;
    let mut rows = statement.query([store.as_str()])?;
    rows.next()?.map(store_of_row).transpose()
}

/// Where a store stands, when it exists and someone entered it.
pub fn find_location(connection: &Connection, store: &StoreId) -> Result<Option<Location>, StoreError> {
    Ok(find_location_row(connection, store)?.flatten())
}

/// Whether a store exists, and where it stands.
pub fn find_location_row(connection: &Connection, store: &StoreId) -> Result<Option<Option<Location>>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT latitude_microdegrees, longitude_microdegrees FROM store WHERE store = ?1")?
        .query_row([store.as_str()], |row| Ok(location(row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// Both or nothing.
pub fn location(latitude: Option<i32>, longitude: Option<i32>) -> Option<Location> {
    Some(Location { latitude_microdegrees: latitude?, longitude_microdegrees: longitude? })
}

fn store_of_row(row: &Row<'_>) -> Result<StoreRecord, StoreError> {
    let text = |column: usize| row.get::<_, String>(column);
    let mut tax_rates = Vec::new();
    for (code, name, percent) in from_json::<Vec<(String, String, String)>>(&text(13)?)? {
        let percent = percent.parse().map_err(|_| StoreError::Damaged(format!("{percent:?} is no percentage")))?;
        tax_rates.push(TaxRate { code: words::tax_code(&code)?, name, percent });
    }
    let mut caps = Vec::new();
    for (role, percent) in from_json::<Vec<(String, String)>>(&text(20)?)? {
        let percent = percent.parse().map_err(|_| StoreError::Damaged(format!("{percent:?} is no percentage")))?;
        caps.push((Role::read(&role)?, percent));
    }
    Ok(StoreRecord {
        kind: StoreKind::read(&text(2)?)?,
        gln: row.get(3)?,
        location: location(row.get(4)?, row.get(5)?),
        settings: StoreSettings {
            id: StoreId::new(text(0)?),
            name: text(1)?,
            address: from_json(&text(6)?)?,
            tax_number: text(7)?,
            receipt_footer: from_json(&text(8)?)?,
            country: text(9)?,
            time_zone: StoreZone::of(text(10)?),
            currency: words::currency(&text(11)?)?,
            tax_mode: TaxMode::read(&text(12)?)?,
            tax_rates,
            cash_rounding: CashRounding { step_minor: row.get(14)?, tie: Tie::read(&text(15)?)? },
            promised_alert: PromisedAlert::read(&text(16)?)?,
            bays: from_json(&text(17)?)?,
            lock_after_minutes: row.get(18)?,
            receipt_duty: ReceiptDuty::read(&text(21)?)?,
            promised_sale: PromisedSale::read(&text(22)?)?,
            difference_limits: DifferenceLimits { drawer_minor: row.get(23)?, stock_minor: row.get(24)? },
            price_changes: PriceChangeRules { reasons: from_json(&text(19)?)?, caps },
        },
    })
}

/// Adds or changes products; what is the same already makes no change in the feed. Answers those that were left out because
/// another product has one of their barcodes.
pub fn save_products(
    connection: &Connection,
    changes: &mut Changes,
    products: &[ProductRecord],
) -> Result<Vec<BarcodeTaken>, StoreError> {
    let taken = list_taken(connection, products)?;
    let left_out: HashSet<usize> = taken.iter().map(|taken| taken.place).collect();
    let mut saved = Vec::with_capacity(products.len());
    for (place, record) in products.iter().enumerate() {
        if !left_out.contains(&place)
            && !find_product(connection, &record.product.id)?.is_some_and(|known| same_product(&known, record))
        {
            saved.push(record);
        }
    }
    // All give up theirs before any takes: two may have changed places.
    let mut give_up = connection.prepare_cached("DELETE FROM barcode WHERE product = ?1")?;
    for record in &saved {
        save_product(connection, record)?;
        give_up.execute([record.product.id.as_str()])?;
        changes.touch_product(&record.product.id);
    }
    let mut take = connection.prepare_cached("INSERT INTO barcode (barcode, product, pack) VALUES (?1, ?2, ?3)")?;
    // A product may stand there twice: the last counts, and what only the others name is free for somebody else.
    let last: HashMap<&str, usize> =
        saved.iter().enumerate().map(|(place, record)| (record.product.id.as_str(), place)).collect();
    for (place, record) in saved.iter().enumerate() {
        if last.get(record.product.id.as_str()) != Some(&place) {
            continue;
        }
        for barcode in &record.barcodes {
            take.execute(params![barcode.key, record.product.id.as_str(), barcode.pack])?;
        }
    }
    Ok(taken)
}

fn save_product(connection: &Connection, record: &ProductRecord) -> Result<(), StoreError> {
    let product = &record.product;
    connection
        .prepare_cached(
            "INSERT INTO product (product, name, price_minor, currency, price_kind, tax, department, unit, age_limit,
                 variant_of, bin, stocked, quick_key, withdrawn)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (product) DO UPDATE SET name = excluded.name, price_minor = excluded.price_minor,
                 currency = excluded.currency, price_kind = excluded.price_kind, tax = excluded.tax,
                 department = excluded.department, unit = excluded.unit, age_limit = excluded.age_limit,
                 variant_of = excluded.variant_of, bin = excluded.bin, stocked = excluded.stocked,
                 quick_key = excluded.quick_key, withdrawn = excluded.withdrawn",
        )?
        .execute(params![
            product.id.as_str(),
            product.name,
            product.price.minor(),
            product.price.currency().code(),
            product.price_kind.word(),
            product.tax.0.to_string(),
            product.department,
            product.unit.word(),
            product.age_limit,
            product.variant_of,
            product.bin,
            product.stocked,
            product.quick_key,
            product.withdrawn
        ])?;
    Ok(())
}

/// The products that name a barcode of another one, which does not give it up among these.
fn list_taken(connection: &Connection, products: &[ProductRecord]) -> Result<Vec<BarcodeTaken>, StoreError> {
    let mut find_owner = connection.prepare_cached("SELECT product FROM barcode WHERE barcode = ?1")?;
    let mut left: Vec<usize> = (0..products.len()).collect();
    let mut taken: Vec<BarcodeTaken> = Vec::new();
    loop {
        let last: HashMap<&ProductId, &ProductRecord> =
            left.iter().map(|place| (&products[*place].product.id, &products[*place])).collect();
        let gives_up = |owner: &ProductId, key: &str| {
            last.get(owner).is_some_and(|record| record.barcodes.iter().all(|barcode| barcode.key != key))
        };
        let mut claimed: HashMap<&str, &ProductId> = HashMap::new();
        let before = taken.len();
        let mut keeps = HashSet::new();
        for place in &left {
            let ProductRecord { product, barcodes } = &products[*place];
            let mut owner_of = |key: &str| -> Result<Option<ProductId>, StoreError> {
                if let Some(other) = claimed.get(key).filter(|other| ***other != product.id && !gives_up(other, key)) {
                    return Ok(Some((**other).clone()));
                }
                let owner: Option<String> = find_owner.query_row([key], |row| row.get(0)).optional()?;
                Ok(owner.map(ProductId::new).filter(|owner| *owner != product.id && !gives_up(owner, key)))
            };
            let mut found = None;
            for barcode in barcodes {
                if let Some(owner) = owner_of(&barcode.key)? {
                    found = Some(BarcodeTaken { place: *place, barcode: barcode.key.clone(), owner });
                    break;
                }
            }
            match found {
                Some(found) => {
                    taken.push(found);
                    keeps.insert(*place);
                }
                None => claimed.extend(barcodes.iter().map(|barcode| (barcode.key.as_str(), &product.id))),
            }
        }
        if taken.len() == before {
            return Ok(taken);
        }
        // What one that is left out would have given up, it keeps.
        left.retain(|place| !keeps.contains(place));
    }
}

fn same_product(known: &ProductRecord, record: &ProductRecord) -> bool {
    let mut barcodes = record.barcodes.clone();
    barcodes.sort_by(|a, b| a.key.cmp(&b.key));
    known.product == record.product && known.barcodes == barcodes
}

/// Is there an order that is not over and names the product?
const ORDERED: &str = "SELECT 1 FROM web_order w JOIN order_line l ON l.store = w.store AND l.number = w.number
     WHERE w.unfulfilled = 1 AND l.product = ?1 LIMIT 1";

/// Takes products out; their stock and history stay. One that an open order names stays known until that is over, and is not
/// sold any more.
pub fn remove_products(
    connection: &Connection,
    changes: &mut Changes,
    products: &[ProductId],
) -> Result<(), StoreError> {
    for product in products {
        let gone = if connection.prepare_cached(ORDERED)?.exists([product.as_str()])? {
            connection
                .prepare_cached("UPDATE product SET withdrawn = 1 WHERE product = ?1 AND withdrawn = 0")?
                .execute([product.as_str()])?
        } else {
            connection.prepare_cached("DELETE FROM product WHERE product = ?1")?.execute([product.as_str()])?
        };
        if gone > 0 {
            changes.touch_product(product);
        }
    }
    Ok(())
}

/// These products are named by an order that is over: those that were withdrawn meanwhile go now.
pub fn remove_withdrawn(
    connection: &Connection,
    changes: &mut Changes,
    products: &[&ProductId],
) -> Result<(), StoreError> {
    let mut withdrawn = connection.prepare_cached("SELECT 1 FROM product WHERE product = ?1 AND withdrawn = 1")?;
    for product in products {
        if withdrawn.exists([product.as_str()])? {
            remove_products(connection, changes, &[(*product).clone()])?;
        }
    }
    Ok(())
}

/// A product with its barcodes, by key.
pub fn find_product(connection: &Connection, product: &ProductId) -> Result<Option<ProductRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT name, price_minor, currency, price_kind, tax, department, unit, age_limit, variant_of, bin, stocked,
                quick_key, withdrawn
         FROM product WHERE product = ?1",
    )?;
    let mut rows = statement.query([product.as_str()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let text = |column: usize| row.get::<_, String>(column);
    let mut barcodes =
        connection.prepare_cached("SELECT barcode, pack FROM barcode WHERE product = ?1 ORDER BY barcode")?;
    let codes = barcodes.query_map([product.as_str()], |row| {
        Ok(Barcode { key: row.get(0)?, product: product.clone(), pack: row.get(1)? })
    })?;
    Ok(Some(ProductRecord {
        product: Product {
            id: product.clone(),
            name: text(0)?,
            price: Money::new(row.get(1)?, words::currency(&text(2)?)?),
            price_kind: PriceKind::read(&text(3)?)?,
            tax: words::tax_code(&text(4)?)?,
            department: text(5)?,
            unit: Unit::read(&text(6)?)?,
            age_limit: row.get(7)?,
            variant_of: row.get(8)?,
            bin: row.get(9)?,
            stocked: row.get(10)?,
            quick_key: row.get(11)?,
            withdrawn: row.get(12)?,
        },
        barcodes: codes.collect::<Result<_, _>>()?,
    }))
}

/// Which product each item of a document is: its barcode decides, else our number.
pub fn resolve_items(
    connection: &Connection,
    items: &[ItemIdentity],
) -> Result<Vec<Option<(ProductRecord, u32)>>, StoreError> {
    let mut by_barcode = connection.prepare_cached("SELECT product, pack FROM barcode WHERE barcode = ?1")?;
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        let mut known: Option<(ProductId, u32)> = None;
        if let Some(barcode) = &item.barcode {
            known = by_barcode
                .query_row([barcode], |row| Ok((ProductId::new(row.get::<_, String>(0)?), row.get(1)?)))
                .optional()?;
        }
        let (product, pack) = match (known, &item.product) {
            (Some((product, pack)), _) => (Some(product), pack),
            (None, product) => (product.clone(), 1),
        };
        let mut record = match product {
            Some(product) => find_product(connection, &product)?.map(|record| (record, pack)),
            None => None,
        };
        if let (None, Some((customers, number))) = (&record, &item.customers_number) {
            record = find_customer_item(connection, customers, number)?.map(|record| (record, 1));
        }
        found.push(record);
    }
    Ok(found)
}

/// The product a customer calls by its own number.
fn find_customer_item(
    connection: &Connection,
    customers: &[String],
    number: &str,
) -> Result<Option<ProductRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT product FROM customer_item WHERE their_number = ?2 AND
                 (customer = ?1 OR customer = (SELECT customer FROM customer_identity WHERE identity = ?1))",
    )?;
    for customer in customers {
        let product: Option<String> = statement.query_row([customer, number], |row| row.get(0)).optional()?;
        if let Some(product) = product {
            return find_product(connection, &ProductId::new(product));
        }
    }
    Ok(None)
}

/// Adds or changes what customers call products.
pub fn save_customer_items(connection: &Connection, items: &[CustomerItem]) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO customer_item (customer, their_number, product) VALUES (?1, ?2, ?3)
         ON CONFLICT (customer, their_number) DO UPDATE SET product = excluded.product",
    )?;
    for item in items {
        statement.execute([item.customer.as_str(), item.their_number.as_str(), item.product.as_str()])?;
    }
    Ok(())
}

/// Adds or changes operators.
pub fn save_operators(
    connection: &Connection,
    changes: &mut Changes,
    operators: &[Operator],
) -> Result<(), StoreError> {
    for operator in operators {
        if find_operator(connection, &operator.id)?.as_ref() == Some(operator) {
            continue;
        }
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO operator (operator, name, role, pin_hash, badge, active)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                operator.id.as_str(),
                operator.name,
                operator.role.word(),
                operator.pin_hash,
                operator.badge,
                operator.active
            ])?;
        changes.touch_operator(&operator.id);
    }
    Ok(())
}

/// All operators.
pub fn list_operators(connection: &Connection) -> Result<Vec<Operator>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT operator FROM operator ORDER BY operator")?;
    let ids: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut operators = Vec::with_capacity(ids.len());
    for id in ids {
        operators.extend(find_operator(connection, &OperatorId::new(id))?);
    }
    Ok(operators)
}

/// An operator.
pub fn find_operator(connection: &Connection, operator: &OperatorId) -> Result<Option<Operator>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT name, role, pin_hash, badge, active FROM operator WHERE operator = ?1")?;
    let mut rows = statement.query([operator.as_str()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(Operator {
        id: operator.clone(),
        name: row.get(0)?,
        role: Role::read(&row.get::<_, String>(1)?)?,
        pin_hash: row.get(2)?,
        badge: row.get(3)?,
        active: row.get(4)?,
    }))
}
