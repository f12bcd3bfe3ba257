//! Twins of the devices: they speak the same bytes over a real pseudo-terminal, so that the till opens them like any
//! other port. The demo's counter and the tests plug them in.
//!
//! Absent here: anything the till itself uses. A twin knows its device's manual, not our driver.
//!
//! To add a twin: a core without I/O that takes and gives bytes, and a thread that joins it to a [`pty::Pty`].

pub mod printer;
pub mod pty;
pub mod scanner;
