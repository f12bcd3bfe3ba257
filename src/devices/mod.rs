//! The devices on the counter: serial port, scanner, printer with drawer, and their twins; and the till's own tones.
//!
//! One thread owns one device. Commands go in through its handle, events come out through one sink, in the order they
//! happened. Every driver is a state machine without input and output (bytes and instants in, bytes and events out) with
//! a thin thread around it, so that each fault can be played in a test byte by byte.
//!
//! Invariants: no call into this room blocks on a device; a device that fails is a state that is told, never an error
//! that stops a sale; nothing is printed twice on its own account.
//!
//! Absent here: the register, screens, SQL. What a scan means and what to do about a lost receipt is decided elsewhere.
//!
//! To add a printer model, add a file under `hardware/printers/`; a scanner model, one under `hardware/scanners/`. To add
//! a kind of device, write its state machine, its thread and its twin. Tests: beside each file, and the printer's fault
//! matrix in `printer/tests/`.

pub mod drawer;
pub mod port;
pub mod printer;
pub mod profile;
pub mod scanner;
pub mod simulated;
pub mod speaker;

use std::sync::Arc;

use crate::domain::Timestamp;
use crate::domain::device::DeviceEvent;

/// Where devices tell what happened, in the order it happened for each device. Called on the device's own thread: it
/// must not wait.
pub type Sink = Arc<dyn Fn(DeviceEvent) + Send + Sync>;

/// What time it is, for what is told to people.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
