//! A quick key: a product to tap.

use iced::widget::{button, column, row, space};
use iced::{Length, Padding};

use super::super::measure::Type;
use super::super::style::{Press, Surface};
use super::super::ui::{Room, Ui};
use super::card::under_bar;
use super::{Element, target};

/// The bar of its department's hue along the top of a tile, in logical pixels.
const BAR_HEIGHT: f32 = 4.0;

/// A product's tile: its name, its price at the left foot, what there is of it at the right; `hue` is its department's.
pub fn tile<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    name: &str,
    price: String,
    stock: Option<String>,
    hue: usize,
    tile_height: f32,
    message: Message,
) -> Element<'a, Message> {
    let side = if ui.room() == Room::Wide { 12.0 } else { 8.0 };
    let foot = row![
        ui.label(Type::Label, price).muted().shorten(1),
        space::horizontal(),
        ui.label(Type::Label, stock.unwrap_or_default()).muted().shorten(1),
    ];
    let inside = column![ui.label(Type::BodyStrong, name).shorten(2).fill(), space::vertical(), foot]
        .padding(Padding { top: 6.0, bottom: 6.0, left: side, right: side });
    let pressed = button(inside)
        .class(Press::Secondary)
        .padding(0)
        .width(Length::Fill)
        .height(tile_height - BAR_HEIGHT)
        .on_press(message);
    under_bar(Surface::Hue(hue), BAR_HEIGHT, target(None, pressed))
}
