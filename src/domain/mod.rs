//! Rules and value types of the shop.
//!
//! Absent here: input and output, clocks, random numbers, SQL, protobuf. Whatever a rule needs to know is an argument, so
//! that every rule can be tested by a table and every run replayed.

pub mod barcode;
pub mod basket;
pub mod conflict;
pub mod device;
pub mod event;
pub mod feed;
pub mod ids;
pub mod money;
pub mod operator;
pub mod product;
pub mod quantity;
pub mod receipt;
pub mod sale;
pub mod scan;
pub mod session;
pub mod settings;
pub mod stock;
pub mod tax;
pub mod tender;
pub mod web_order;

/// An instant in universal time; storage keeps microseconds.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
