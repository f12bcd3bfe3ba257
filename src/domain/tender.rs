//! tender
