//! The paper as it comes out: what is on it, and how each thing was set when it was printed.

use crate::devices::printer::Bitmap;
use crate::domain::receipt::{Align, BarcodeKind, Style};

/// A printer's two fonts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Font {
    /// 12 x 24 dots.
    #[default]
    A,
    /// 9 x 17 dots.
    B,
}

/// A piece of a line in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// What.
    pub text: String,
    /// How.
    pub style: Style,
    /// In which font.
    pub font: Font,
}

/// One thing on paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaperItem {
    /// A line of text, without the blanks at its end that nobody sees.
    Line(Vec<Span>),
    /// A barcode, with its text when the printer was told to.
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
    /// So many dots of white.
    Feed(usize),
    /// Cut off here.
    Cut,
}

/// Where a barcode's text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum BarText {
    /// Nowhere.
    #[default]
    None,
    /// Below the bars.
    Below,
}

/// How much of a QR code may be damaged (ISO/IEC 18004).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[allow(missing_docs)] // The names are the levels' own.
pub enum Correction {
    #[default]
    L,
    M,
    Q,
    H,
}

/// How the printer was set when it printed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Where it stands between the margins.
    pub align: Align,
    /// Dots from one line to the next.
    pub line_spacing: usize,
    /// A barcode's height, in dots.
    pub bar_height: usize,
    /// Dots of a barcode's module.
    pub bar_width: usize,
    /// A barcode's text.
    pub bar_text: BarText,
    /// Dots of a QR code's module.
    pub qr_module: usize,
    /// A QR code's level.
    pub qr_correction: Correction,
}

impl Default for Setting {
    /// As after `ESC @` (Epson TM-T88V): 30 dots a line, bars of 162 dots in modules of 3, no text, QR modules of 3.
    fn default() -> Self {
        Self {
            align: Align::Left,
            line_spacing: 30,
            bar_height: 162,
            bar_width: 3,
            bar_text: BarText::None,
            qr_module: 3,
            qr_correction: Correction::L,
        }
    }
}

/// A thing on paper and how it was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strip {
    /// What.
    pub item: PaperItem,
    /// How.
    pub setting: Setting,
}

/// The paper since the twin was switched on, or since it was last taken away.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Paper {
    /// How wide it can be printed on, in dots.
    pub line_dots: usize,
    /// From top to bottom.
    pub strips: Vec<Strip>,
}

impl Paper {
    /// White paper of this width.
    pub const fn new(line_dots: usize) -> Self {
        Self { line_dots, strips: Vec::new() }
    }

    /// The pieces it was cut into, the last one without its cut when it still hangs from the printer. Empty lines at
    /// their ends and empty scraps are left out.
    pub fn pieces(&self) -> Vec<&[Strip]> {
        let is_printed = |strip: &Strip| match &strip.item {
            PaperItem::Line(spans) => spans.iter().any(|s| !s.text.is_empty()),
            PaperItem::Feed(_) | PaperItem::Cut => false,
            PaperItem::Barcode { .. } | PaperItem::Qr { .. } | PaperItem::Picture(_) => true,
        };
        self.strips
            .split(|strip| strip.item == PaperItem::Cut)
            .filter_map(|piece| piece.iter().rposition(is_printed).map(|last| &piece[..=last]))
            .collect()
    }

    /// All text, a line each; codes in brackets, a cut as a line of dashes.
    pub fn to_text(&self) -> String {
        text_of(&self.strips)
    }
}

/// The text of a piece of paper: see [`Paper::to_text`].
pub fn text_of(strips: &[Strip]) -> String {
    let mut text = String::new();
    for strip in strips {
        match &strip.item {
            PaperItem::Line(spans) => spans.iter().for_each(|span| text.push_str(&span.text)),
            PaperItem::Barcode { data, .. } => text.push_str(&format!("[barcode {data}]")),
            PaperItem::Qr { data } => text.push_str(&format!("[QR {data}]")),
            PaperItem::Picture(bitmap) => {
                text.push_str(&format!("[picture {} x {}]", bitmap.width_dots(), bitmap.height_dots()));
            }
            PaperItem::Feed(_) => continue,
            PaperItem::Cut => text.push_str("- - - - - - - - - -"),
        }
        text.push('\n');
    }
    text
}
