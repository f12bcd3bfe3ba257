//! Rules and value types of the shop.
//!
//! Absent here: input and output, clocks, random numbers, SQL, protobuf. Whatever a rule needs to know is an argument, so
//! that every rule can be tested by a table and every run replayed.
//!
//! To add a rule: a function of its arguments in the file of its subject, and a row in the table of that file's tests
//! (`<subject>/tests.rs`), which are the rule's specification. What holds for every input is a property beside the table.

pub mod barcode;
pub mod basket;
pub mod conflict;
pub mod credit;
pub mod customer;
pub mod day;
pub mod device;
pub mod event;
pub mod feed;
pub mod ids;
pub mod money;
pub mod operator;
pub mod price;
pub mod product;
pub mod quantity;
pub mod receipt;
pub mod sale;
pub mod scan;
pub mod session;
pub mod settings;
pub mod spelling;
pub mod stock;
pub mod tax;
pub mod tender;
pub mod till_clock;
pub mod transfer;
pub mod web_order;
pub mod zone;

#[cfg(test)]
pub(crate) mod specimen;

/// An instant in universal time; storage keeps microseconds.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
