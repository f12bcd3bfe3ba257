//! GS1 data: element strings (GS1-128, DataBar, DataMatrix, QR with FNC1) and Digital Link addresses.
//!
//! Two readings of the same data. The **strict** one ([`element_string::parse`], [`element_string::judge`],
//! [`digital_link::parse`]) says what the GS1 reference engine says: it is what our own labels are held to, and what
//! the published vectors test. The **lenient** one ([`reading::read`]) is the till's: the goods lie on the counter, so
//! what matters is the article, its batch and its dates; everything else that is wrong becomes a warning.
//!
//! What follows each identifier is data: `hardware/barcodes/gs1-identifiers.txt`. To add an identifier, add its row.

pub mod date;
pub mod digital_link;
pub mod element_string;
pub mod identifiers;
pub mod reading;

#[cfg(test)]
mod tests;

pub use element_string::{Element, ElementError, GROUP_SEPARATOR};
pub use reading::{ElementString, ElementWarning};
