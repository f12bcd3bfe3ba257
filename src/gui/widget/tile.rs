//! A quick key: a product to tap.

use iced::Length;
use iced::widget::{button, column, row, space};

use super::super::measure::{TextSize, Type, space as space_of};
use super::super::style::{Press, Surface};
use super::super::text::unbroken_measure;
use super::super::ui::{Room, Ui};
use super::card::under_bar;
use super::{Element, Keyed, Label, Reach, key_cap, target};

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
    (width, tile_height): (f32, f32),
    message: Message,
) -> Element<'a, Message> {
    let Tile { name, price, stock, hue, reach } = shown;
    let (stock, in_brief) = stock.unwrap_or_default();
    let above = if ui.text_size == TextSize::Large { 4.0 } else { 6.0 };
    let side = if ui.room() == Room::Wide { 12.0 } else { 8.0 };
    let stock = ui.label(Type::Label, stock).or(in_brief).or("").muted().shorten(1);
    let right: Element<'a, Message> = match reach {
        Reach::Key(letter) => Keyed::new(stock, key_cap(ui, letter, Surface::KeyCap), space_of::SMALL).into(),
        _ => stock.into(),
    };
    // The price and what there is never run together.
    let foot =
        row![ui.label(Type::Label, price).muted().shorten(1), space::horizontal(), right].spacing(space_of::TIGHT);
    let name = name_in(ui, &unbroken_measure(name), width - 2.0 * side, tile_height);
    let inside = column![name, space::vertical(), foot].padding([above, side]);
    let pressed = button(inside)
        .class(Press::Secondary)
        .padding(0)
        .width(Length::Fill)
        .height(tile_height - BAR_HEIGHT)
        .on_press(message);
    under_bar(Surface::Hue(hue), BAR_HEIGHT, target(reach, pressed))
}

/// The name as large as all of it has room; the longest in the smallest type, which has room for a line more.
fn name_in(ui: &Ui<'_>, name: &str, width: f32, tile_height: f32) -> Label {
    let (lines, more) = if tile_height < HIGH { (2, 3) } else { (4, 5) };
    let smallest = (Type::CaptionStrong, TextSize::Normal, more);
    let sizes = [(Type::BodyStrong, ui.text_size, lines), (Type::LabelStrong, ui.text_size, lines), smallest];
    let fits = |(role, text_size, lines): &(Type, TextSize, u16)| {
        let words = |words: &str| Label::new(words, *role, *text_size);
        words(name).lines_in(width) <= *lines && name.split(' ').all(|word| words(word).width_of_words() <= width)
    };
    let (role, text_size, lines) = sizes.into_iter().find(fits).unwrap_or(smallest);
    Label::new(name, role, text_size).shorten(lines).fill()
}
