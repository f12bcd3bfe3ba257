//! What goes on paper: a document of blocks in reading order, and how it is laid out for a printer's columns.
//!
//! A [`Document`] says what is meant (a total, a rule, a row with its amount); [`layout`](Document::layout) turns it into
//! lines of exactly so many columns, the same for paper, screen and file. A word too long for the paper is broken, a text
//! that does not fit is wrapped; an amount is never cut and never wrapped: it moves to a line of its own instead.
//!
//! A document is kept as it is while it waits for paper (`serde`): a change of its types must go on reading old ones.
//!
//! Absent here: bytes, printers, fonts; what is said in which language comes in as [`ReceiptWords`].
//!
//! To add a document: a function in `sale.rs`, `slips.rs` or `warehouse.rs` that builds it, and a snapshot of its text in the tests.

use serde::{Deserialize, Serialize};

mod layout;
mod sale;
mod slips;
mod warehouse;
mod words;

pub use layout::{PaperLine, cell_width, text_width};
pub use sale::{ReceiptVoice, gift_receipt_for_sale, receipt_for_sale};
pub use slips::{
    DrawerLook, SessionClose, SlipContext, bag_slip, hand_over_slip, session_report, set_aside_slip, transfer_slip,
};
pub use warehouse::{OfficeContext, delivery_note, pick_list};
pub use words::ReceiptWords;

/// How loud a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Weight {
    /// As usual.
    #[default]
    Plain,
    /// Bold.
    Bold,
}

/// How large a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Size {
    /// As usual.
    #[default]
    Normal,
    /// Twice as high.
    Tall,
    /// Twice as high and twice as wide: half as many columns.
    Large,
}

impl Size {
    /// How many columns of normal text one character takes.
    pub const fn width_factor(self) -> usize {
        match self {
            Self::Normal | Self::Tall => 1,
            Self::Large => 2,
        }
    }
}

/// What colour a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Ink {
    /// Black on white.
    #[default]
    Black,
    /// White on black.
    Inverted,
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Style {
    /// How loud.
    pub weight: Weight,
    /// How large.
    pub size: Size,
    /// Which way round.
    pub ink: Ink,
}

impl Style {
    /// As usual.
    pub const PLAIN: Self = Self { weight: Weight::Plain, size: Size::Normal, ink: Ink::Black };
    /// Bold.
    pub const BOLD: Self = Self { weight: Weight::Bold, size: Size::Normal, ink: Ink::Black };
    /// Bold and twice as high.
    pub const TALL: Self = Self { weight: Weight::Bold, size: Size::Tall, ink: Ink::Black };
    /// Bold, twice as high and wide.
    pub const LARGE: Self = Self { weight: Weight::Bold, size: Size::Large, ink: Ink::Black };
    /// White on black, twice as high and wide.
    pub const BANNER: Self = Self { weight: Weight::Bold, size: Size::Large, ink: Ink::Inverted };
}

/// Where a text stands in its space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right.
    Right,
}

/// How a table's column is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ColumnKind {
    /// Words: at the left, wrapped where there is not enough room.
    Words,
    /// Figures: as wide as the widest, at the right.
    Figures,
    /// Decimal figures: as wide as needed, the decimal points one below the other.
    Decimal,
}

/// A code a scanner can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BarcodeKind {
    /// EAN-13, thirteen digits.
    Ean13,
    /// Code 128: any printable ASCII text.
    Code128,
}

/// One part of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// A text, wrapped at words.
    Text {
        /// What.
        text: String,
        /// Where.
        align: Align,
        /// How.
        style: Style,
    },
    /// A text and a figure at the right end of its last line.
    Row {
        /// Wrapped where there is not enough room.
        left: String,
        /// Never cut, never wrapped.
        right: String,
        /// How.
        style: Style,
    },
    /// Rows whose figures stand one below the other.
    Table {
        /// What each column holds.
        columns: Vec<ColumnKind>,
        /// Each as long as `columns`; missing cells are empty, surplus ones are appended to the last.
        rows: Vec<Vec<String>>,
        /// How.
        style: Style,
    },
    /// A line across the paper.
    Rule,
    /// Empty lines.
    Blank(u8),
    /// A barcode in the middle, its text below it.
    Barcode {
        /// Which kind.
        kind: BarcodeKind,
        /// What it says.
        data: String,
    },
    /// A QR code in the middle.
    Qr {
        /// What it says.
        data: String,
    },
    /// What is to be paid: the loudest line of a receipt.
    Total {
        /// `TOTAL EUR`
        label: String,
        /// `126.10`
        amount: String,
    },
    /// White on black across the paper: COPY, TRAINING.
    Banner(String),
    /// Cut the paper here.
    Cut,
}

/// Whether printing a document opens the drawer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum DrawerKick {
    /// It stays as it is.
    #[default]
    None,
    /// It opens before the first line.
    AtStart,
}

/// What goes on paper.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Document {
    /// What the drawer does.
    pub drawer: DrawerKick,
    /// In reading order.
    pub blocks: Vec<Block>,
}

impl Document {
    /// An empty one that leaves the drawer alone.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same document with a banner on top that says that it is a copy, and with the drawer left shut.
    #[must_use]
    pub fn marked_as_copy(&self, number: u32, words: &ReceiptWords) -> Self {
        let banner = Block::Banner(format!("{} {number}", words.copy));
        let blocks = std::iter::once(banner).chain(self.blocks.iter().cloned()).collect();
        Self { drawer: DrawerKick::None, blocks }
    }

    /// Adds a block.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Adds a plain text at the left.
    pub fn text(&mut self, text: impl Into<String>) {
        self.push(Block::Text { text: text.into(), align: Align::Left, style: Style::PLAIN });
    }

    /// Adds a text in the middle.
    pub fn centred(&mut self, text: impl Into<String>, style: Style) {
        self.push(Block::Text { text: text.into(), align: Align::Centre, style });
    }

    /// Adds a text with a figure at the right.
    pub fn row(&mut self, left: impl Into<String>, right: impl Into<String>, style: Style) {
        self.push(Block::Row { left: left.into(), right: right.into(), style });
    }
}

#[cfg(test)]
mod tests;
