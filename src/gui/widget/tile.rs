//! A quick key: a product to tap.

use iced::widget::{button, column, row, space};
use iced::{Length, Padding};

use super::super::measure::{Type, space as space_of};
use super::super::style::{Press, Surface};
use super::super::text::unbroken_measure;
use super::super::ui::{Room, Ui};
use super::card::under_bar;
use super::{Element, Keyed, Reach, key_cap, target};

/// The bar of its department's hue along the top of a tile, in logical pixels.
const BAR_HEIGHT: f32 = 4.0;
/// From this height on there is room for four lines of a name, in logical pixels.
const HIGH: f32 = 130.0;

/// A product as a tile.
pub struct Tile<'t> {
    /// Its name, or what is left of it beside its like.
    pub name: &'t str,
    /// What it costs.
    pub price: String,
    /// What there is of it, and the same in brief: the price needs its room first.
    pub stock: Option<(String, String)>,
    /// The hue of its department.
    pub hue: usize,
    /// How the keyboard gets there: a letter stands behind what there is.
    pub reach: Reach,
}

/// The tile: the name, the price at the left foot, what there is at the right, and the letter that is on it now.
pub fn tile<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    shown: Tile<'_>,
    tile_height: f32,
    message: Message,
) -> Element<'a, Message> {
    let Tile { name, price, stock, hue, reach } = shown;
    let (stock, in_brief) = stock.unwrap_or_default();
    let side = if ui.room() == Room::Wide { 12.0 } else { 8.0 };
    let stock = ui.label(Type::Label, stock).or(in_brief).or("").muted().shorten(1);
    let right: Element<'a, Message> = match reach {
        Reach::Key(letter) => Keyed::new(stock, key_cap(ui, letter, Surface::KeyCap), space_of::SMALL).into(),
        _ => stock.into(),
    };
    // The price and what there is never run together.
    let foot =
        row![ui.label(Type::Label, price).muted().shorten(1), space::horizontal(), right].spacing(space_of::TIGHT);
    let lines = if tile_height < HIGH { 2 } else { 4 };
    let name = ui.label(Type::BodyStrong, unbroken_measure(name)).shorten(lines).fill();
    let inside =
        column![name, space::vertical(), foot].padding(Padding { top: 6.0, bottom: 6.0, left: side, right: side });
    let pressed = button(inside)
        .class(Press::Secondary)
        .padding(0)
        .width(Length::Fill)
        .height(tile_height - BAR_HEIGHT)
        .on_press(message);
    under_bar(Surface::Hue(hue), BAR_HEIGHT, target(reach, pressed))
}
