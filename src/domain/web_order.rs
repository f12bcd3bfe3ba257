//! web_order
