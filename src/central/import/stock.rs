//! `stock.csv`: `store,sku,on_hand,safety`. The figures become movements of the difference.

use std::collections::BTreeSet;
use std::io::Read;

use super::table::{Column, Row, Table};
use super::{ImportError, RowFault};
use crate::central::store::{StockImport, StoreRecord};
use crate::central::surroundings::Surroundings;
use crate::domain::ids::{EntryId, ProductId, StoreId};
use crate::domain::quantity::Quantity;

/// Makes figures of rows.
pub struct StockReader {
    store: Column,
    sku: Column,
    on_hand: Option<Column>,
    safety: Option<Column>,
    stores: BTreeSet<StoreId>,
}

impl StockReader {
    /// Understands the header.
    pub fn new(table: &Table<impl Read>, stores: &[StoreRecord]) -> Result<Self, ImportError> {
        let reader = Self {
            store: table.get_column(&["store"])?,
            sku: table.get_column(&["sku", "product"])?,
            on_hand: table.find_column(&["on_hand", "quantity", "stock"]),
            safety: table.find_column(&["safety"]),
            stores: stores.iter().map(|store| store.settings.id.clone()).collect(),
        };
        if reader.on_hand.is_none() && reader.safety.is_none() {
            return Err(ImportError::ColumnMissing("on_hand"));
        }
        Ok(reader)
    }

    /// The columns it knows.
    pub fn columns(&self) -> Vec<&Column> {
        [Some(&self.store), Some(&self.sku), self.on_hand.as_ref(), self.safety.as_ref()]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The figure of a row.
    pub fn read(&self, row: &Row<'_>, surroundings: &Surroundings) -> Result<StockImport, RowFault> {
        let store = StoreId::new(row.get(&self.store)?);
        if !self.stores.contains(&store) {
            return Err(row.fault(&self.store, format!("there is no store {store}")));
        }
        let not_below_zero = |text: &str| Quantity::parse(text).filter(|quantity| !quantity.is_negative());
        Ok(StockImport {
            entry: EntryId(surroundings.new_uuid()),
            store,
            product: ProductId::new(row.get(&self.sku)?),
            on_hand: row.parse(self.on_hand.as_ref(), "a quantity", Quantity::parse)?,
            safety: row.parse(self.safety.as_ref(), "a quantity of nothing or more", not_below_zero)?,
        })
    }
}
