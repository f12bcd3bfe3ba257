//! The paper as it comes out.

use crate::devices::printer::Bitmap;
use crate::domain::receipt::{BarcodeKind, Style};

/// A piece of a line in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// What.
    pub text: String,
    /// How.
    pub style: Style,
}

/// One thing on paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaperItem {
    /// A line of text, without the blanks at its end that nobody sees.
    Line(Vec<Span>),
    /// A barcode with its text below.
    Barcode {
        /// Which kind.
        kind: BarcodeKind,
        /// What it says.
        data: String,
    },
    /// A QR code.
    Qr {
        /// What it says.
        data: String,
    },
    /// A picture.
    Picture(Bitmap),
    /// Cut off here.
    Cut,
}

/// The paper since the twin was switched on, or since it was last taken away.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Paper {
    /// From top to bottom.
    pub items: Vec<PaperItem>,
}

impl Paper {
    /// The pieces it was cut into, the last one without its cut when it still hangs from the printer. Empty lines at
    /// their ends and empty scraps are left out.
    pub fn pieces(&self) -> Vec<&[PaperItem]> {
        let is_printed =
            |item: &PaperItem| !matches!(item, PaperItem::Line(spans) if spans.iter().all(|s| s.text.is_empty()));
        self.items
            .split(|item| *item == PaperItem::Cut)
            .filter_map(|piece| piece.iter().rposition(is_printed).map(|last| &piece[..=last]))
            .collect()
    }

    /// All text, a line each; codes in brackets, a cut as a line of dashes.
    pub fn to_text(&self) -> String {
        text_of(&self.items)
    }
}

/// The text of a piece of paper: see [`Paper::to_text`].
pub fn text_of(items: &[PaperItem]) -> String {
    let mut text = String::new();
    for item in items {
        match item {
            PaperItem::Line(spans) => spans.iter().for_each(|span| text.push_str(&span.text)),
            PaperItem::Barcode { data, .. } => text.push_str(&format!("[barcode {data}]")),
            PaperItem::Qr { data } => text.push_str(&format!("[QR {data}]")),
            PaperItem::Picture(bitmap) => {
                text.push_str(&format!("[picture {} x {}]", bitmap.width_dots(), bitmap.height_dots()));
            }
            PaperItem::Cut => text.push_str("- - - - - - - - - -"),
        }
        text.push('\n');
    }
    text
}
