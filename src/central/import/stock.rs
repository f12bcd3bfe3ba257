//! `stock.csv`: `store,sku,on_hand,safety,counted_at`. The figures become movements of the difference.

use std::collections::BTreeMap;
use std::io::Read;

use chrono::{DateTime, NaiveDateTime};

use super::table::{Column, Row, Table};
use super::{ImportError, RowFault};
use crate::central::store::{StockImport, StoreRecord};
use crate::central::surroundings::Surroundings;
use crate::domain::Timestamp;
use crate::domain::ids::{EntryId, ProductId, StoreId};
use crate::domain::quantity::Quantity;
use crate::domain::zone::StoreZone;

/// Makes figures of rows.
pub struct StockReader {
    store: Column,
    sku: Column,
    on_hand: Option<Column>,
    safety: Option<Column>,
    counted_at: Option<Column>,
    /// Each with its zone: a count without one says the time of its shop.
    stores: BTreeMap<StoreId, StoreZone>,
}

impl StockReader {
    /// Understands the header.
    pub fn new(table: &Table<impl Read>, stores: &[StoreRecord]) -> Result<Self, ImportError> {
        let reader = Self {
            store: table.get_column(&["store"])?,
            sku: table.get_column(&["sku", "product"])?,
            on_hand: table.find_column(&["on_hand", "quantity", "stock"]),
            safety: table.find_column(&["safety"]),
            counted_at: table.find_column(&["counted_at"]),
            stores: stores.iter().map(|store| (store.settings.id.clone(), store.settings.time_zone.clone())).collect(),
        };
        if reader.on_hand.is_none() && reader.safety.is_none() {
            return Err(ImportError::ColumnMissing("on_hand"));
        }
        Ok(reader)
    }

    /// The columns it knows.
    pub fn columns(&self) -> Vec<&Column> {
        let named = [self.on_hand.as_ref(), self.safety.as_ref(), self.counted_at.as_ref()];
        [&self.store, &self.sku].into_iter().chain(named.into_iter().flatten()).collect()
    }

    /// The figure of a row.
    pub fn read(&self, row: &Row<'_>, surroundings: &Surroundings) -> Result<StockImport, RowFault> {
        let store = StoreId::new(row.get(&self.store)?);
        let Some(zone) = self.stores.get(&store) else {
            return Err(row.fault(&self.store, format!("there is no store {store}")));
        };
        let moment = "a time: 2026-03-02 18:00 in the store's own, or 2026-03-02T18:00:00+02:00";
        let counted_at = row.parse(self.counted_at.as_ref(), moment, |text| parse_moment(text, zone))?;
        if let (Some(at), Some(column)) = (counted_at, &self.counted_at)
            && at > surroundings.now()
        {
            return Err(row.fault(column, "this is still to come".to_owned()));
        }
        let not_below_zero = |text: &str| Quantity::parse(text).filter(|quantity| !quantity.is_negative());
        Ok(StockImport {
            entry: EntryId(surroundings.new_uuid()),
            store,
            product: ProductId::new(row.get(&self.sku)?),
            on_hand: row.parse(self.on_hand.as_ref(), "a quantity", Quantity::parse)?,
            safety: row.parse(self.safety.as_ref(), "a quantity of nothing or more", not_below_zero)?,
            counted_at,
        })
    }

    /// A count that was left out, in its line.
    pub fn late(&self, line: u64) -> RowFault {
        let why = "it was counted later already: leave the row out, or count again";
        match &self.counted_at {
            Some(column) => column.fault(line, why),
            None => RowFault { line, column: String::new(), why: why.to_owned() },
        }
    }
}

/// A moment with its offset, or on the clocks of the store.
fn parse_moment(text: &str, zone: &StoreZone) -> Option<Timestamp> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Timestamp::from_timestamp_micros(moment.timestamp_micros());
    }
    let formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok()).map(|local| zone.moment(local))
}
