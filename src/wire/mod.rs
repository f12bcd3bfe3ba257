//! Generated protobuf, and the conversions to and from domain.

pub mod entry;
