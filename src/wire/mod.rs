//! Generated protobuf, and the conversions to and from domain: the only room that knows both.
//!
//! Each domain type that travels implements [`Wire`]: `to_wire` cannot fail, `from_wire` names the field that cannot be
//! read ([`WireError`]). What is stored or sent for ever goes through the functions that name it: [`encode_event`],
//! [`decode_event`], [`encode_entry`], [`decode_entry`]; [`entry`] is what is hashed and signed of a journal entry.
//!
//! Absent here: decisions, defaults for what is missing, and any message that reaches another room unconverted except the
//! service requests and answers themselves.
//!
//! To add a field: add it to the file under `proto/` with a comment and a new number, to the domain type, and to the two
//! conversions in the file here that is named like the proto file; the round-trip property finds a forgotten one. Bytes
//! once written keep loading: `tests/vectors/wire/` holds one encoding of every event, read by the tests here.

mod conflict;
mod draft;
pub mod entry;
mod error;
mod events;
mod feed;
mod journal;
pub mod office;
mod order;
mod refusal;
mod sale;
#[cfg(test)]
mod tests;
pub mod trade;
mod values;

pub use draft::{decode_draft, encode_draft};
pub use error::{WireError, WireFault};
pub use events::{decode_event, encode_event};
pub use feed::{decode_change, decode_scope, encode_change, encode_scope};
pub use journal::{decode_entry, encode_entry, encoded_size, entry_bytes, open_entry};
pub use order::{decode_history, encode_history};
pub use refusal::{Refusal, decode_refusal, encode_refusal};

/// Every message and service, compiled: what reflection serves.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// Generated from `proto/till/v1/`: tills and central.
pub mod till {
    /// Version 1.
    #[allow(clippy::all)]
    pub mod v1 {
        tonic::include_proto!("till.v1");
    }
}

/// A domain value that travels.
pub trait Wire: Sized {
    /// What it travels as.
    type Message;

    /// As a message.
    fn to_wire(&self) -> Self::Message;

    /// From a message; the error names the field that is missing or makes no sense.
    fn from_wire(message: Self::Message) -> Result<Self, WireError>;
}
