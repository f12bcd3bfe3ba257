//! `customer-items.csv`: `customer,their_number,sku`. What a customer's own system calls our products; the
//! customer must be one of ours (`customers.csv`).

use std::io::Read;

use super::table::{Column, Row, Table};
use super::{ImportError, RowFault};
use crate::central::store::CustomerItem;
use crate::domain::ids::ProductId;

/// Makes items of rows.
pub struct CustomerItemReader {
    customer: Column,
    their_number: Column,
    sku: Column,
}

impl CustomerItemReader {
    /// Understands the header.
    pub fn new(table: &Table<impl Read>) -> Result<Self, ImportError> {
        Ok(Self {
            customer: table.get_column(&["customer"])?,
            their_number: table.get_column(&["their_number", "buyers_number"])?,
            sku: table.get_column(&["sku", "product"])?,
        })
    }

    /// The columns it knows.
    pub fn columns(&self) -> Vec<&Column> {
        vec![&self.customer, &self.their_number, &self.sku]
    }

    /// The item of a row.
    pub fn read(&self, row: &Row<'_>) -> Result<CustomerItem, RowFault> {
        Ok(CustomerItem {
            customer: row.get(&self.customer)?.to_owned(),
            their_number: row.get(&self.their_number)?.to_owned(),
            product: ProductId::new(row.get(&self.sku)?),
        })
    }
}
