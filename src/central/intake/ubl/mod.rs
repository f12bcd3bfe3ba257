//! UBL 2.0–2.4 (OASIS Universal Business Language): the Order, and the answer to it.
//!
//! The namespaces are the same in all versions 2.x and decide everything; profiles (Peppol, OIOUBL, EHF, NSO, A-NZ) only
//! say which of the elements are used.

mod read;
mod response;

pub use read::read_order;
pub use response::encode_response;

/// Namespace of the Order document.
pub const ORDER: &str = "urn:oasis:names:specification:ubl:schema:xsd:Order-2";
/// Namespace of the OrderChange document: it says everything the order shall be.
pub const ORDER_CHANGE: &str = "urn:oasis:names:specification:ubl:schema:xsd:OrderChange-2";
/// Namespace of the OrderCancellation document.
pub const ORDER_CANCELLATION: &str = "urn:oasis:names:specification:ubl:schema:xsd:OrderCancellation-2";
/// What the namespaces of all UBL 2 documents begin with.
pub const DOCUMENTS: &str = "urn:oasis:names:specification:ubl:schema:xsd:";
/// Elements that hold elements.
pub const AGGREGATES: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
/// Elements that hold values.
pub const BASICS: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";
