//! The receipt printer: documents in, paper out, exactly once.
//!
//! `encode` turns a document into blocks of bytes in the model's own language; `conversation` talks to the printer: each
//! block is followed by a question that the printer answers when it gets there, so that the answers are both the proof
//! that the block is on paper and the permission to send more (`job` keeps count of them); `status` takes the answers
//! apart; `driver` is the thread that joins all this to a port.
//!
//! Invariants: a job is *printed* only when the printer has answered for its last block; after paper out or an open cover
//! nothing is sent again, since the printer holds the rest and goes on by itself; after a proven loss nothing is sent
//! again either, a person decides about a copy.
//!
//! To add a model: a file under `hardware/printers/`. Tests: beside each file, and the fault matrix in `tests/`.

mod charset;
mod conversation;
mod driver;
mod encode;
mod glyph;
mod job;
mod outbox;
pub mod profile;
mod raster;
pub mod status;

pub use charset::{CharacterSet, MISSING, Run, plan_runs};
pub use conversation::{Conversation, PrinterEvent};
pub use driver::{PrinterConfig, PrinterHandle};
pub use encode::{EncodedBlock, encode_document, encode_kick, encode_real_time_kick, test_page};
pub use glyph::{Cell, FONT_A, FONT_B, Pen, has_glyph};
pub use profile::PrinterProfile;
pub use raster::Bitmap;
pub use status::{PinLevel, PrinterStatus, RealTimeQuestion, Reply, ReplyParser, is_paper_answer};

#[cfg(test)]
mod tests;
