//! What can be rung up without a scan: quick keys, the sizes of one, search results.

use iced::widget::{Row, button, column, container, row, space};
use iced::{Alignment, Length, Padding};

use super::super::super::keys::Key;
use super::super::super::measure::{Type, height, space as gap};
use super::super::super::style::{Press, Surface, Tone};
use super::super::super::ui::Ui;
use super::super::super::widget::{
    Element, Keyed, Reach, Segment, Tile, VirtualList, card, edge_bar, headline, key_cap, segments, target, tile,
};
use super::super::basket::{measured, unit_symbol};
use super::super::stock::stock_words;
use super::{LETTERS_KEY, Message, Panel, Sell};
use crate::domain::ids::ProductId;
use crate::domain::money::Money;
use crate::domain::product::{PriceKind, Unit};
use crate::domain::quantity::Quantity;
use crate::register::snapshot::{ProductHit, QuickKey, QuickKeyTab, Snapshot};

/// Quick keys in a row.
const TILES_PER_ROW: usize = 4;
/// A row of quick keys with the gap under it, in logical pixels: three fit at both reference heights.
const TILE_ROW_HEIGHT: f32 = 95.0;
/// The same where there are two rows at most: sizes and colours have long names.
const TILE_ROW_HIGH: f32 = 142.0;

impl Sell {
    /// The quick keys of the open tab; with a letter on each while `Panel::Letters` is open.
    pub(super) fn quick_keys<'a>(&self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let tabs = snapshot.quick_keys.as_slice();
        let open = self.tab.min(tabs.len().saturating_sub(1));
        let names = tabs.iter().enumerate().map(|(position, tab)| Segment {
            words: if tab.name.is_empty() { ui.text.favourites() } else { tab.name.clone() },
            count: None,
            open: position == open,
            message: Message::TabOpened(position),
        });
        let strip = iced::widget::scrollable(segments(&ui, Press::SegmentOpen, Reach::Tab, names.collect()))
            .horizontal()
            .direction(iced::widget::scrollable::Direction::Horizontal(iced::widget::scrollable::Scrollbar::hidden()));
        let lettered = self.panel == Panel::Letters;
        let strip = Keyed::new(strip, key_cap(&ui, Key::Tab, Surface::KeyCap), gap::SMALL);
        let strip: Element<'a, Message> = if lettered {
            strip.fill().into()
        } else {
            // The tabs come before the words on the key, and no key is without any.
            let brief = ui.text.quick_key_letters_brief();
            let words = ui.label(Type::Caption, ui.text.quick_key_letters());
            let words = words.or(brief.as_str()).muted().shorten(1);
            let cap = ui.label(Type::KeyCap, LETTERS_KEY.cap()).width_of_words() + gap::MEDIUM;
            let kept = ui.label(Type::Caption, brief).width_of_words() + cap + 2.0 * gap::SMALL;
            let strip = container(strip).max_width(ui.width_beside_basket() - kept);
            let strip = row![strip, space::horizontal(), words].spacing(gap::TIGHT).align_y(Alignment::Center);
            Keyed::new(strip, key_cap(&ui, LETTERS_KEY, Surface::KeyCap), gap::SMALL).fill().into()
        };
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
            tile_row(position, keys, |at, key| {
                let hue = departments.iter().position(|name| *name == key.hit.department).unwrap_or_default();
                let reach = match letter(at) {
                    Some(letter) if lettered => letter.into(),
                    Some(_) => Reach::Lettered,
                    None => Reach::Searched,
                };
                key_tile(&ui, key, hue, reach, snapshot)
            })
        });
        column![strip, list].spacing(gap::SMALL).into()
    }

    /// The sizes behind one key, in its place.
    pub(super) fn variants<'a>(&self, product: &ProductId, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let mut keys = snapshot.quick_keys.iter().flat_map(|tab| &tab.keys);
        let Some(key) = keys.find(|key| key.hit.product == *product) else {
            return self.quick_keys(snapshot, ui);
        };
        // As high as the tabs it stands in place of; the way back is on the pad.
        let head = container(headline(&ui, key.hit.name.as_str()).fill().shorten(1)).center_y(height::TARGET_MIN);
        let family = key.hit.name.as_str();
        let variants = key.variants.as_slice();
        let rows = variants.len().div_ceil(TILES_PER_ROW);
        let row_height = if rows <= 2 { TILE_ROW_HIGH } else { TILE_ROW_HEIGHT };
        let list = VirtualList::uniform(rows, row_height, move |position| {
            tile_row(position, variants, |at, hit| {
                let name =
                    hit.name.strip_prefix(family).map_or(hit.name.as_str(), |rest| rest.trim_matches([',', ' ']));
                let name = if name.is_empty() { hit.name.as_str() } else { name };
                let reach = letter(at).map_or(Reach::Searched, Reach::Key);
                let place = Place { name, hue: 0, reach, row_height };
                product_tile(&ui, hit, place, snapshot)
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
            hit_row(&ui, &found.hits[position], position == chosen, snapshot)
        });
        card(list.follow(Some(chosen)))
    }
}

/// The price of a product as people read it: `9.00`, `24.90/kg`, `open`.
pub fn price_words(ui: &Ui<'_>, hit: &ProductHit) -> String {
    match hit.price_kind {
        PriceKind::Open => ui.text.price_open(),
        PriceKind::Fixed => price_of_one(ui, hit.price, hit.unit),
    }
}

/// The price of one unit: `9.00`, `24.90/kg`.
pub fn price_of_one(ui: &Ui<'_>, price: Money, unit: Unit) -> String {
    match unit_symbol(unit) {
        Some(unit) => ui.text.unit_price(ui.amount(price), unit),
        None => ui.amount(price),
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
    tile: impl Fn(usize, &'a T) -> Element<'a, Message>,
) -> Element<'a, Message> {
    let from = position * TILES_PER_ROW;
    let cells = (from..from + TILES_PER_ROW)
        .map(|at| all.get(at).map_or_else(|| space::horizontal().into(), |shown| tile(at, shown)));
    container(Row::with_children(cells).spacing(gap::SMALL)).height(Length::Fill).into()
}

/// The letter on the tile at a place; the first of so many.
fn letter(at: usize) -> Option<Key> {
    ('A'..='Z').nth(at).map(Key::Character)
}

/// What the tile with this letter says: of the sizes behind a key while they are shown, else of the open tab.
pub(super) fn lettered(sell: &Sell, key: Key, tabs: &[QuickKeyTab]) -> Option<Message> {
    let Key::Character(character) = key else { return None };
    let at = ('A'..='Z').position(|letter| letter == character)?;
    match &sell.panel {
        Panel::Variants(product) => {
            let family = tabs.iter().flat_map(|tab| &tab.keys).find(|key| key.hit.product == *product)?;
            family.variants.get(at).map(|hit| Message::ProductTapped(hit.product.clone()))
        }
        _ => {
            let tab = tabs.get(sell.tab.min(tabs.len().saturating_sub(1)))?;
            tab.keys.get(at).map(key_message)
        }
    }
}

fn key_message(key: &QuickKey) -> Message {
    let product = key.hit.product.clone();
    if key.variants.is_empty() { Message::ProductTapped(product) } else { Message::FamilyOpened(product) }
}

fn key_tile<'a>(ui: &Ui<'_>, key: &QuickKey, hue: usize, reach: Reach, snapshot: &Snapshot) -> Element<'a, Message> {
    let hit = &key.hit;
    if key.variants.is_empty() {
        let place = Place { name: &hit.name, hue, reach, row_height: TILE_ROW_HEIGHT };
        return product_tile(ui, hit, place, snapshot);
    }
    let same = key.variants.iter().all(|variant| variant.price == hit.price);
    let price = if same { ui.amount(hit.price) } else { format!("{}+", ui.amount(hit.price)) };
    // Where there is little room the price says enough.
    let sizes = Some((ui.text.sizes(), String::new()));
    let size = (tile_width(ui), TILE_ROW_HEIGHT - gap::SMALL);
    tile(ui, Tile { name: &hit.name, price, stock: sizes, hue, reach }, size, key_message(key))
}

/// Where a product's key stands, and under which name.
struct Place<'n> {
    name: &'n str,
    hue: usize,
    reach: Reach,
    row_height: f32,
}

fn product_tile<'a>(ui: &Ui<'_>, hit: &ProductHit, place: Place<'_>, snapshot: &Snapshot) -> Element<'a, Message> {
    let Place { name, hue, reach, row_height } = place;
    let stock = (hit.stocked && !snapshot.withholds(&hit.product)).then(|| {
        let shelf = hit.level.shelf();
        let figures = ui.quantity(shelf);
        // Noughts behind the sign take the room of the words.
        let figures = if shelf.is_whole() { figures.as_str() } else { figures.trim_end_matches('0') };
        (measured(hit.unit, figures), measured(hit.unit, in_brief(figures, ui.text.locale.decimal)))
    });
    let size = (tile_width(ui), row_height - gap::SMALL);
    let shown = Tile { name, price: price_words(ui, hit), stock, hue, reach };
    tile(ui, shown, size, Message::ProductTapped(hit.product.clone()))
}

/// How wide a tile is, in logical pixels.
fn tile_width(ui: &Ui<'_>) -> f32 {
    let count = TILES_PER_ROW as f32;
    (ui.width_beside_basket() - gap::SMALL * (count - 1.0)) / count
}

/// How much there is, not more than is true, in as few figures as say it: `12` for `12.452`, `0.4` for `0.452`.
fn in_brief(figures: &str, decimal: char) -> &str {
    match figures.split_once(decimal) {
        Some((whole, _)) if whole.chars().filter(char::is_ascii_digit).count() > 1 => whole,
        Some((whole, _)) => figures.get(..whole.len() + 2).unwrap_or(figures),
        None => figures,
    }
}

fn hit_row<'a>(ui: &Ui<'_>, hit: &ProductHit, chosen: bool, snapshot: &Snapshot) -> Element<'a, Message> {
    let mut second = row![ui.label(Type::Caption, hit.department.as_str()).muted().shorten(1)].spacing(gap::TIGHT);
    if hit.stocked {
        let shelf = stock_words(ui, hit, snapshot);
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
        .padding(Padding { top: 0.0, bottom: 0.0, left: 12.0, right: gap::CARD })
        .center_y(Length::Fill);
    let edge: Element<'a, Message> =
        if chosen { edge_bar(Tone::Web) } else { container(space::vertical()).width(4).into() };
    let ground = container(row![edge, inside])
        .class(if chosen { Surface::Chosen } else { Surface::Clear })
        .center_y(Length::Fill);
    let pressed = button(ground)
        .class(Press::Row)
        .padding(0)
        .width(Length::Fill)
        .height(Length::Fill)
        .on_press(Message::ProductTapped(hit.product.clone()));
    target(Reach::UpDown, pressed)
}
