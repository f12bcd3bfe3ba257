//! What can be rung up without a scan: quick keys, the sizes of one, search results.

use iced::widget::{Row, button, column, container, row, space};
use iced::{Alignment, Length, Padding};

use super::super::super::keys::Key;
use super::super::super::measure::{TextSize, Type, height, space as gap};
use super::super::super::style::{Press, Surface};
use super::super::super::ui::{Room, Ui};
use super::super::super::widget::{Act, Element, Segment, VirtualList, card, headline, segments, target, tile};
use super::super::basket::measured;
use super::{Message, Sell};
use crate::domain::ids::ProductId;
use crate::domain::product::PriceKind;
use crate::domain::quantity::Quantity;
use crate::register::snapshot::{ProductHit, QuickKey, QuickKeyTab, Snapshot};

/// Quick keys in a row.
const TILES_PER_ROW: usize = 4;
/// A row of quick keys with the gap under it, in logical pixels: three fit at both reference heights.
const TILE_ROW_HEIGHT: f32 = 95.0;

impl Sell {
    pub(super) fn quick_keys<'a>(&self, tabs: &'a [QuickKeyTab], ui: Ui<'a>) -> Element<'a, Message> {
        let open = self.tab.min(tabs.len().saturating_sub(1));
        let names = tabs.iter().enumerate().map(|(position, tab)| Segment {
            words: if tab.name.is_empty() { ui.text.favourites() } else { tab.name.clone() },
            count: None,
            open: position == open,
            message: Message::TabOpened(position),
        });
        let strip = iced::widget::scrollable(segments(&ui, Press::SegmentOpen, names.collect()))
            .horizontal()
            .direction(iced::widget::scrollable::Direction::Horizontal(iced::widget::scrollable::Scrollbar::hidden()));
        let Some(tab) = tabs.get(open) else {
            return column![].into();
        };
        let rows = tab.keys.len().div_ceil(TILES_PER_ROW);
        let departments: Vec<&str> = {
            let mut names: Vec<&str> =
                tabs.iter().flat_map(|tab| &tab.keys).map(|key| key.hit.department.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            names
        };
        let keys = &tab.keys;
        let list = VirtualList::uniform(rows, TILE_ROW_HEIGHT, move |position| {
            tile_row(position, keys, |key| {
                let hue = departments.iter().position(|name| *name == key.hit.department).unwrap_or_default();
                key_tile(&ui, key, hue)
            })
        });
        column![strip, list].spacing(gap::SMALL).into()
    }

    /// The sizes behind one key, in its place.
    pub(super) fn variants<'a>(
        &self,
        product: &ProductId,
        tabs: &'a [QuickKeyTab],
        ui: Ui<'a>,
    ) -> Element<'a, Message> {
        let mut keys = tabs.iter().flat_map(|tab| &tab.keys);
        let Some(key) = keys.find(|key| key.hit.product == *product) else {
            return self.quick_keys(tabs, ui);
        };
        let head = row![
            headline(&ui, key.hit.name.as_str()).fill().shorten(1),
            Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped)).function().height(48.0).view(&ui),
        ]
        .spacing(gap::SMALL)
        .align_y(Alignment::Center);
        let family = key.hit.name.as_str();
        let variants = key.variants.as_slice();
        let list = VirtualList::uniform(variants.len().div_ceil(TILES_PER_ROW), TILE_ROW_HEIGHT, move |position| {
            tile_row(position, variants, |hit| {
                let name =
                    hit.name.strip_prefix(family).map_or(hit.name.as_str(), |rest| rest.trim_matches([',', ' ']));
                let name = if name.is_empty() { hit.name.as_str() } else { name };
                product_tile(&ui, hit, name, 0)
            })
        });
        column![head, list].spacing(gap::SMALL).into()
    }

    pub(super) fn results<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let Some(found) = snapshot.search.as_deref() else {
            return card(container(ui.label(Type::Body, ui.text.searching()).muted()).center(Length::Fill));
        };
        if found.hits.is_empty() {
            let words = ui.text.search_nothing(found.text.as_str());
            return card(container(ui.label(Type::Body, words).muted()).center(Length::Fill));
        }
        let chosen = self.chosen_hit;
        let list = VirtualList::uniform(found.hits.len(), height::ROW - 6.0, move |position| {
            hit_row(&ui, &found.hits[position], position == chosen)
        });
        card(list.follow(Some(chosen)))
    }
}

/// The price of a product as people read it: `9.00`, `24.90 kg`, `open`.
pub fn price_words(ui: &Ui<'_>, hit: &ProductHit) -> String {
    match hit.price_kind {
        PriceKind::Open => ui.text.price_open(),
        PriceKind::Fixed => measured(hit.unit, &ui.amount(hit.price)),
    }
}

/// How the product's price is found, when the product is among those on screen.
pub(super) fn price_kind(product: &ProductId, snapshot: &Snapshot) -> Option<PriceKind> {
    let found = snapshot.search.iter().flat_map(|search| &search.hits);
    let keys = snapshot.quick_keys.iter().flat_map(|tab| &tab.keys);
    let keyed = keys.flat_map(|key| key.variants.iter().chain([&key.hit]));
    found.chain(keyed).find(|hit| hit.product == *product).map(|hit| hit.price_kind)
}

/// One row of tiles, of what there is at that position.
fn tile_row<'a, T>(
    position: usize,
    all: &'a [T],
    tile: impl Fn(&'a T) -> Element<'a, Message>,
) -> Element<'a, Message> {
    let from = position * TILES_PER_ROW;
    let cells = (from..from + TILES_PER_ROW).map(|at| all.get(at).map_or_else(|| space::horizontal().into(), &tile));
    container(Row::with_children(cells).spacing(gap::SMALL)).height(Length::Fill).into()
}

fn key_tile<'a>(ui: &Ui<'_>, key: &QuickKey, hue: usize) -> Element<'a, Message> {
    let hit = &key.hit;
    if key.variants.is_empty() {
        return product_tile(ui, hit, &hit.name, hue);
    }
    let same = key.variants.iter().all(|variant| variant.price == hit.price);
    let price = if same { ui.amount(hit.price) } else { format!("{}+", ui.amount(hit.price)) };
    // Where there is little room the price says enough.
    let roomy = ui.room() == Room::Wide || (same && ui.text_size == TextSize::Normal);
    let sizes = roomy.then(|| ui.text.sizes());
    let height = TILE_ROW_HEIGHT - gap::SMALL;
    tile(ui, &hit.name, price, sizes, hue, height, Message::FamilyOpened(hit.product.clone()))
}

fn product_tile<'a>(ui: &Ui<'_>, hit: &ProductHit, name: &str, hue: usize) -> Element<'a, Message> {
    let stock = hit.stocked.then(|| ui.quantity(hit.level.shelf()));
    let height = TILE_ROW_HEIGHT - gap::SMALL;
    tile(ui, name, price_words(ui, hit), stock, hue, height, Message::ProductTapped(hit.product.clone()))
}

fn hit_row<'a>(ui: &Ui<'_>, hit: &ProductHit, chosen: bool) -> Element<'a, Message> {
    let mut second = row![ui.label(Type::Caption, hit.department.as_str()).muted().shorten(1)].spacing(gap::SMALL);
    if hit.stocked {
        let shelf = ui.text.hit_stock(ui.quantity(hit.level.shelf()), ui.quantity(hit.level.available_to_promise()));
        second = second.push(ui.label(Type::Caption, format!("· {shelf}")).muted().shorten(1));
        if hit.elsewhere > Quantity::ZERO {
            let elsewhere = ui.text.hit_elsewhere(ui.quantity(hit.elsewhere));
            second = second.push(ui.label(Type::Caption, format!("· {elsewhere}")).muted().shorten(1));
        }
    }
    let content = row![
        column![ui.label(Type::Line, hit.name.as_str()).fill().shorten(1), second].width(Length::Fill),
        ui.label(Type::LineStrong, price_words(ui, hit)).shorten(1),
    ]
    .spacing(gap::SMALL)
    .align_y(Alignment::Center);
    let inside = container(content)
        .class(if chosen { Surface::Chosen } else { Surface::Clear })
        .padding(Padding { top: 0.0, bottom: 0.0, left: gap::MEDIUM, right: gap::CARD })
        .center_y(Length::Fill);
    let pressed = button(inside)
        .class(Press::Row)
        .padding(0)
        .width(Length::Fill)
        .height(Length::Fill)
        .on_press(Message::ProductTapped(hit.product.clone()));
    target(None, pressed)
}
