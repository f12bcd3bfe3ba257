//! Central: receives every till's journal exactly once, keeps the ledger, serves every till, takes orders from outside and
//! says what may be promised.
//!
//! `services/` answer gRPC and know nothing but how to ask; `intake/` makes an order, or a list of problems, of a document;
//! `store/` decides and keeps; `import/` reads files of head office's; [`papers`] are the warehouse's; [`figures`] say
//! what came by each channel; [`server`] puts them together and runs them, for the program and for tests alike.
//!
//! Absent here: a till's rooms (`database`, `register`, `devices`, `sync`): till and central meet in `proto/` only.
//! Handlers keep nothing between calls that would be missed after a restart.
//!
//! Tests: beside each file; over real gRPC on loopback in `services/tests.rs`.

pub mod authority;
mod deadlines;
pub mod figures;
pub mod import;
pub mod intake;
pub mod papers;
mod proof;
pub mod retention;
pub mod server;
pub mod services;
pub mod store;
pub mod surroundings;
#[cfg(test)]
mod testing;

pub use server::{Config, RunningCentral, Security, Server, StartError};
pub use surroundings::Surroundings;
