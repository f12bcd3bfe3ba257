//! Barcode scanners: on a serial line, or typing like a keyboard.
//!
//! [`frame`] makes codes of bytes, [`repeat`] leaves out what was read twice, [`reader`] joins both and needs neither
//! line nor clock; `speed` looks for the speed of the line, [`driver`] is the thread around all of it. [`wedge`] tells a scanner that types from a person who does.
//! What a make of scanner sends and understands is data: `hardware/scanners/`.
//!
//! Invariants: half a code is never passed on as a whole one; no scan is dropped on the way to the register, and their
//! order is kept; a scanner never sounds by itself, only when the register has decided.
//!
//! Absent here: what a code means to the shop, and whether a scan is welcome just now.
//!
//! To add a make, add a file under `hardware/scanners/` and its line in [`profile`]. Tests: `reader/tests.rs` without a
//! line, `tests.rs` over pseudo-terminals with the simulated scanner.

pub mod driver;
pub mod frame;
pub mod profile;
pub mod reader;
pub mod repeat;
mod speed;
pub mod wedge;

pub use driver::{EventSink, Scanner, ScannerConfig};
pub use profile::{ScannerProfile, WedgeProfile};
pub use reader::{ReadCounters, ScanReader};
pub use wedge::{KeyMeaning, WedgeEvent, WedgeRecogniser};

#[cfg(test)]
mod tests;
