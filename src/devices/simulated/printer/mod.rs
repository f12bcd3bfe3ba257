//! The printer's twin: takes ESC/POS bytes as a real one does, and shows the paper.
//!
//! [`core::TwinCore`] is the machine without input and output: a receive buffer of finite size, real-time requests acted
//! upon as they arrive, everything else in order and only while nothing is the matter. [`PrinterTwin`] joins it to a
//! pseudo-terminal and has the counter's switches: paper, cover, cable, power, and a drawer with a key. The paper is kept
//! as what it says ([`paper`]) and can be drawn dot by dot ([`draw_piece`]), codes as a scanner reads them.
//!
//! Absent here: our own driver and encoder. What the twin knows comes from the printers' manuals, so that it can
//! disagree with us.

pub mod command;
pub mod core;
mod drawing;
pub mod paper;
mod thread;

pub use core::{Hands, TwinCore, TwinSettings, Worked};
pub use drawing::draw_piece;
pub use paper::{Font, Paper, PaperItem, Setting, Span, Strip};
pub use thread::{PrinterTwin, Switch, TwinPace};
