//! The widgets of the till, by name. Screens are put together from these and from nothing that has colours or sizes of
//! its own.
//!
//! Everything that is pressed is marked with [`target`], so that tests can measure it, and shows the key that does the
//! same. To add a widget: one file here, its looks by class in `style.rs`, its measures in `measure.rs`, and a place in a
//! screen of `gallery/` so that it is seen in every theme.

mod act;
mod card;
mod keyed;
mod label;
mod list;
mod number_pad;
mod paper;
mod piece;
mod pin;
mod reach;
mod search_box;
mod segments;
mod tile;

pub use act::{Act, key_cap};
pub use card::{card, card_with_edge, divider, low_card, low_card_with_edge, side_by_side};
pub use keyed::Keyed;
pub use label::{Fit, Label, LabelState, Overflow};
pub use list::{ScrolledRows, VirtualList};
pub use number_pad::{Pad, PadCell, number_pad, whole_number_pad};
pub use paper::paper;
pub use piece::{
    STRIP_LINES_MAX, Step, avatar, avatar_on_bar, badge, count, dot, edge_bar, figure, headline, list_row, step, strip,
    tag,
};
pub use pin::{PinAsked, PinEntry};
pub use reach::{Reach, target};
pub use search_box::{Searched, search_box};
pub use segments::{Segment, segments, segments_that_wrap};
pub use tile::{Tile, tile};

use super::theme::Theme;

/// An element under our theme.
pub type Element<'a, Message> = iced::Element<'a, Message, Theme>;
