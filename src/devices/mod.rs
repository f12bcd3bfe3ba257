//! The devices on the counter: serial port, printer with drawer, and their twins.
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
//! To add a printer model or a make of scanner, add a file under `hardware/`. To add a kind of device, write its state machine, its
//! thread and its twin, and start it in [`Devices`]. Tests: beside each file, and the fault matrix over
//! pseudo-terminals in `printer/tests/`.

pub mod port;
pub mod printer;
pub mod profile;
pub mod scanner;
pub mod simulated;
