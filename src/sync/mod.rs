//! The till's side of gRPC: joining central, handing the journal over, following the feed.
//!
//! [`engine`] decides: a state machine without input and output, so that the simulated world drives the very same rules as
//! a shop does. [`driver`] performs what it asks, on a thread of its own, and tells the register through a sink. [`inbox`]
//! collects the feed until a checkpoint, [`backoff`] says how long to wait, [`messages`] speaks protobuf, [`connect`]
//! reaches central, [`enrol`] joins it, [`identity`] keeps who the till is.
//!
//! Invariants:
//! - An entry is never marked as handed over before central has said so, and central's word is believed when it says less
//!   than before.
//! - The journal is only read here, on a connection of its own; nothing here writes the till's file.
//! - A batch of the feed reaches the register whole or not at all, and never a second one before the first is in the file.
//! - Absent: decisions about stock, orders or prices; anything a sale would wait for.
//!
//! To add a call: its messages in `proto/till/v1/sync.proto`, an [`engine::Act`] and [`engine::Answer`], the conversion in
//! [`messages`], the call in [`driver`]. Tests: beside each file, over loopback in `driver`, and the seeded world in
//! `tests/integration/simulation/`.

pub mod backoff;
pub mod connect;
pub mod driver;
pub mod engine;
#[cfg(test)]
mod engine_tests;
pub mod enrol;
pub mod identity;
pub mod inbox;
pub mod messages;
