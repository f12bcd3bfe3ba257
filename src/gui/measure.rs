//! Sizes by role: the 8-pixel grid, the heights of what is pressed, and the sizes of type.

use iced::Font;
use iced::font::Weight;

/// Gaps and paddings, in logical pixels.
pub mod space {
    /// Between an icon and its word.
    pub const TIGHT: f32 = 4.0;
    /// Between things that belong together.
    pub const SMALL: f32 = 8.0;
    /// Between cards, and inside them.
    pub const MEDIUM: f32 = 16.0;
    /// Between groups.
    pub const LARGE: f32 = 24.0;
    /// Inside a card at its sides.
    pub const CARD: f32 = 20.0;
}

/// Heights of what is pressed, and of the frame, in logical pixels.
pub mod height {
    /// The least anything pressed may have.
    pub const TARGET_MIN: f32 = 48.0;
    /// An act at the foot of a card.
    pub const ACT: f32 = 64.0;
    /// A key of the number pad.
    pub const KEY: f32 = 56.0;
    /// A key of the PIN pad.
    pub const PIN_KEY: f32 = 60.0;
    /// The search box.
    pub const SEARCH: f32 = 52.0;
    /// The top bar.
    pub const TOP_BAR: f32 = 56.0;
    /// The status bar.
    pub const STATUS_BAR: f32 = 48.0;
    /// A line of a basket: its name and figures.
    pub const LINE: f32 = 48.0;
    /// The same when something stands under it.
    pub const LINE_FOLLOWED: f32 = 40.0;
    /// What a line of caption under it adds.
    pub const LINE_CAPTION: f32 = 22.0;
    /// A row of a list with two lines of words.
    pub const ROW: f32 = 70.0;
    /// A figure with its caption.
    pub const FIGURE: f32 = 66.0;
    /// The same with two lines of caption.
    pub const FIGURE_TALL: f32 = 86.0;
    /// The head of a card.
    pub const CARD_HEAD: f32 = 52.0;
}

/// The basket's share of the width, and the other half's.
pub const PORTIONS: (u16, u16) = (596, 636);

/// Corners, in logical pixels.
pub mod radius {
    /// Key caps, badges.
    pub const SMALL: f32 = 4.0;
    /// Keys, strips.
    pub const MEDIUM: f32 = 8.0;
    /// Cards, tiles, acts.
    pub const LARGE: f32 = 10.0;
}

/// A role of type: its size, weight and line height.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// The amount due.
    Due,
    /// The total, the change.
    Total,
    /// Large figures: PIN keys, note keys.
    Figure,
    /// A headline of a card that interrupts, a screen's title.
    Headline,
    /// The primary act.
    Act,
    /// A name in a list, an amount on a line.
    Line,
    /// The same, heavier.
    LineStrong,
    /// Words on keys and buttons.
    Key,
    /// Words on function keys.
    KeySmall,
    /// Running text.
    Body,
    /// The same, heavier.
    BodyStrong,
    /// Second words.
    Label,
    /// The same, heavier.
    LabelStrong,
    /// Captions: the least there is.
    Caption,
    /// The same, heavier.
    CaptionStrong,
    /// The letter on a key cap.
    KeyCap,
    /// What stands on paper, every character as wide as the others.
    Paper,
    /// The same, bold.
    PaperBold,
    /// The same, bold and twice as large.
    PaperLarge,
}

/// How large type is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum TextSize {
    /// As drawn.
    #[default]
    Normal,
    /// An eighth larger, for those who want it.
    Large,
}

impl TextSize {
    /// The word in the configuration file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Large => "large",
        }
    }

    /// The setting with that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Normal, Self::Large].into_iter().find(|size| size.word() == word)
    }
}

impl Type {
    /// From line to line, in sizes of it. The letter on a key cap is the only one there.
    pub const fn line_height(self) -> f32 {
        match self {
            Self::KeyCap => 1.06,
            _ => 1.25,
        }
    }

    /// The size in logical pixels.
    pub const fn size(self, text_size: TextSize) -> f32 {
        let size = match self {
            Self::Due => 56.0,
            Self::Total => 44.0,
            Self::Figure => 24.0,
            Self::Headline | Self::Act => 20.0,
            Self::Line | Self::LineStrong => 18.0,
            Self::Key => 17.0,
            Self::Body | Self::BodyStrong => 16.0,
            Self::KeySmall | Self::Label | Self::LabelStrong => 15.0,
            Self::Caption | Self::CaptionStrong | Self::KeyCap | Self::Paper | Self::PaperBold => 14.0,
            Self::PaperLarge => 28.0,
        };
        match (text_size, self) {
            (TextSize::Normal, _)
            | (
                _,
                Self::Due
                | Self::Total
                | Self::Figure
                | Self::KeyCap
                | Self::Paper
                | Self::PaperBold
                | Self::PaperLarge,
            ) => size,
            (TextSize::Large, _) => size * 1.125,
        }
    }

    /// The weight.
    pub const fn weight(self) -> Weight {
        match self {
            Self::Due | Self::Total | Self::Headline | Self::PaperBold | Self::PaperLarge => Weight::Bold,
            Self::Figure | Self::Act | Self::LineStrong | Self::Key | Self::KeySmall | Self::BodyStrong => {
                Weight::Semibold
            }
            Self::LabelStrong | Self::CaptionStrong => Weight::Medium,
            Self::Line | Self::Body | Self::Label | Self::Caption | Self::KeyCap | Self::Paper => Weight::Normal,
        }
    }

    /// The font with that weight.
    pub const fn font(self) -> Font {
        let family = match self {
            Self::Paper | Self::PaperBold | Self::PaperLarge => super::font::PAPER,
            _ => super::font::TEXT,
        };
        Font { weight: self.weight(), ..family }
    }
}
