//! gRPC: one file per service, each thin: who is asking, convert, ask the store, convert.
//!
//! Absent here: SQL, rules of the shop, and any answer that was not on disk when it went out. Store and workstation of a
//! till come from its certificate (or, on a central without TLS, its token), never from a message body; the channel of an
//! outside caller comes from its token.
//!
//! To add a call: the proto file first, then the method here with [`caller`] as its first line (a stream: [`admission`]), then a row in the test of
//! store isolation (`tests/isolation.rs`), which walks over every call there is.

mod admission;
mod availability;
mod caller;
mod credit;
mod office;
mod office_documents;
mod office_held;
mod office_problems;
mod office_reads;
mod order;
mod pages;
mod price;
mod status;
mod sync;
#[cfg(test)]
mod tests;
mod unread;

/// Turns true when central is on its way down: streams say so and end.
pub type Stopping = tokio::sync::watch::Receiver<bool>;

/// Waits until central is on its way down.
async fn wait_for_stop(stopping: &mut Stopping) {
    // A dropped server is on its way down as well.
    drop(stopping.wait_for(|stop| *stop).await);
}

pub use availability::AvailabilityService;
pub use caller::{Doorkeeper, Transport};
pub use credit::CreditService;
pub use office::OfficeService;
pub use order::OrderService;
pub use price::PriceService;
pub use status::Reason;
pub use sync::SyncService;
pub use unread::{MESSAGE_BYTES_MAX, Unread};
