//! A quick key: a product to tap.

use iced::widget::{button, column, container, row, space};
use iced::{Length, Padding};

use super::super::measure::Type;
use super::super::style::{Press, Surface};
use super::super::ui::Ui;
use super::{Element, target};

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
    let bar = container(space::horizontal()).class(Surface::Hue(hue)).width(Length::Fill).height(4);
    let foot = row![
        ui.label(Type::Label, price).muted().shorten(1),
        space::horizontal(),
        ui.label(Type::Label, stock.unwrap_or_default()).muted().shorten(1),
    ];
    let inside = column![ui.label(Type::BodyStrong, name).shorten(2).fill(), space::vertical(), foot]
        .padding(Padding { top: 6.0, bottom: 6.0, left: 12.0, right: 12.0 });
    let pressed = button(column![bar, inside])
        .class(Press::Secondary)
        .padding(0)
        .width(Length::Fill)
        .height(tile_height)
        .on_press(message);
    target(None, pressed)
}
