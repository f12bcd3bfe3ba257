//! Sell: scan, search or tap; change a line; to the payment.

use iced::widget::{Column, Row, button, column, container, row, space};
use iced::{Alignment, Length, Padding};

use super::super::entry::Entry;
use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, height, space as gap};
use super::super::style::{Press, Surface};
use super::super::ui::Ui;
use super::super::widget::{
    Act, Element, Pad, PadCell, Segment, VirtualList, card, divider, headline, number_pad, search_box, segments,
    side_by_side, target, tile,
};
use super::Action;
use super::basket::{PORTIONS, basket_card};
use crate::domain::basket::BasketLine;
use crate::domain::ids::{BasketId, ProductId};
use crate::domain::product::{PriceKind, Unit};
use crate::domain::quantity::Quantity;
use crate::register::intent::Intent;
use crate::register::snapshot::{ParkedBasket, ProductHit, QuickKeyTab, Snapshot};

/// How many characters a search may have.
const SEARCH_CHARACTERS_MAX: usize = 60;
/// Quick keys in a row.
const TILES_PER_ROW: usize = 4;

/// What is being typed and leafed through on the sell screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sell {
    entry: Entry,
    search: Option<String>,
    chosen_hit: usize,
    tab: usize,
    panel: Panel,
}

/// What covers the quick keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Panel {
    #[default]
    None,
    Parked,
    Void,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A key of the pad.
    Typed(Pad),
    /// The search box was opened, or left.
    SearchToggled,
    /// A character for the search.
    SearchTyped(char),
    /// The last one taken back.
    SearchBackspaced,
    /// Another result is marked.
    HitMoved(Direction),
    /// Enter.
    Confirmed,
    /// Esc.
    Stepped,
    /// A product was tapped.
    ProductTapped(ProductId),
    /// A tab of quick keys was tapped.
    TabOpened(usize),
    /// A line was tapped.
    LineTapped(u32),
    /// Another line is marked.
    LineMoved(Direction),
    /// The number typed is a quantity.
    QuantityStruck,
    /// The number typed is a price.
    PriceStruck,
    /// The number typed is percent off.
    DiscountStruck,
    /// The marked line goes.
    RemoveStruck,
    /// The last scan goes.
    UndoStruck,
    /// Give the basket up: asks first.
    VoidStruck,
    /// It is given up.
    VoidConfirmed,
    /// Put the basket aside.
    ParkStruck,
    /// Show the baskets put aside.
    RecallStruck,
    /// One of them was chosen.
    Recalled(BasketId),
    /// The notice was read.
    NoticeRead,
}

/// Up or down a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the one before.
    Up,
    /// To the one after.
    Down,
}

impl Direction {
    /// The position after moving in a list of so many.
    pub fn moved(self, position: usize, count: usize) -> usize {
        match self {
            Self::Up => position.saturating_sub(1),
            Self::Down => (position + 1).min(count.saturating_sub(1)),
        }
    }

    /// The direction of an arrow key.
    pub fn of_key(key: Key) -> Option<Self> {
        match key {
            Key::Up => Some(Self::Up),
            Key::Down => Some(Self::Down),
            _ => None,
        }
    }
}

impl Sell {
    /// Nothing typed, the favourites open.
    pub fn new() -> Self {
        Self::default()
    }

    /// As it is while this is typed into the search box.
    pub fn searching(text: &str) -> Self {
        Self { search: Some(text.to_owned()), ..Self::default() }
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, snapshot: &Snapshot) -> Option<Message> {
        let key = stroke.key;
        match (key, self.search.is_some()) {
            (Key::Enter, _) if self.panel == Panel::None => return Some(Message::Confirmed),
            (Key::Escape, _) => return Some(Message::Stepped),
            (Key::Backspace, true) => return Some(Message::SearchBackspaced),
            (Key::Up | Key::Down, true) => return Direction::of_key(key).map(Message::HitMoved),
            (Key::Character(_), true) => return stroke.text.map(Message::SearchTyped),
            _ => {}
        }
        match self.panel {
            Panel::None => {}
            Panel::Void => return (key == Key::of('V')).then_some(Message::VoidConfirmed),
            Panel::Parked => {
                let position = key.digit()?.to_digit(10)?.checked_sub(1)? as usize;
                return snapshot.parked.get(position).map(|parked| Message::Recalled(parked.basket));
            }
        }
        if let Some(pad) = Pad::of_key(key) {
            return Some(Message::Typed(pad));
        }
        if self.search.is_some() {
            return None;
        }
        let (number, basket) = (!self.entry.is_empty(), !snapshot.basket.basket.is_empty());
        match key {
            Key::Character('/') => Some(Message::SearchToggled),
            Key::Character('*' | '×') if number => Some(Message::QuantityStruck),
            Key::Character('$') if number && basket => Some(Message::PriceStruck),
            Key::Character('%') if number && basket => Some(Message::DiscountStruck),
            Key::Character('-') if basket => Some(Message::UndoStruck),
            Key::Character('V') if basket => Some(Message::VoidStruck),
            Key::Character('P') if basket => Some(Message::ParkStruck),
            Key::Character('K') if !snapshot.parked.is_empty() => Some(Message::RecallStruck),
            Key::Delete if basket => Some(Message::RemoveStruck),
            Key::Tab => Some(Message::TabOpened((self.tab + 1) % snapshot.quick_keys.len().max(1))),
            Key::Up | Key::Down => Direction::of_key(key).map(Message::LineMoved),
            _ => None,
        }
    }

    /// Takes what happened.
    // Size: one arm a message.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, ui: &Ui<'_>) -> Action {
        match message {
            // While a search is typed, the pad types into it as the keyboard does.
            Message::Typed(pad) if self.search.is_some() => self.change_search(|text| match pad {
                Pad::Digit(digit) => text.push(digit),
                Pad::DoubleZero => text.push_str("00"),
                Pad::Point => text.push('.'),
                Pad::Back => {
                    text.pop();
                }
            }),
            Message::Typed(pad) => {
                pad.type_into(&mut self.entry);
                Action::None
            }
            Message::SearchToggled => {
                self.entry.clear();
                match self.search.take() {
                    Some(_) => Action::Tell(Intent::SearchTyped(String::new())),
                    None => {
                        self.search = Some(String::new());
                        Action::None
                    }
                }
            }
            Message::SearchTyped(c) => self.change_search(|text| {
                if text.chars().count() < SEARCH_CHARACTERS_MAX {
                    text.push(c);
                }
            }),
            Message::SearchBackspaced => self.change_search(|text| {
                text.pop();
            }),
            Message::HitMoved(direction) => {
                let count = snapshot.search.as_ref().map_or(0, |found| found.hits.len());
                self.chosen_hit = direction.moved(self.chosen_hit, count);
                Action::None
            }
            Message::Confirmed => self.confirm(snapshot),
            Message::Stepped => self.step_back(snapshot),
            Message::ProductTapped(product) => self.choose(product),
            Message::TabOpened(tab) => {
                self.tab = tab;
                Action::None
            }
            Message::LineTapped(line) => Action::Tell(Intent::LineSelected(Some(line))),
            Message::LineMoved(direction) => move_line(direction, snapshot),
            Message::QuantityStruck => match self.take_entry(|entry| entry.quantity()) {
                Some(quantity) => Action::Tell(Intent::QuantityPrefixed(Some(quantity))),
                None => Action::None,
            },
            Message::PriceStruck => {
                let price = self.take_entry(|entry| entry.amount(snapshot.till.currency));
                on_selected(snapshot, |line| Some(Intent::PriceSet { line: line.line, unit_price: price? }))
            }
            Message::DiscountStruck => {
                let percent = self.take_entry(Entry::percent);
                on_selected(snapshot, |line| {
                    Some(Intent::DiscountSet { line: line.line, percent: percent?, reason: ui.text.discount_reason() })
                })
            }
            Message::RemoveStruck => on_selected(snapshot, |line| Some(Intent::LineRemoved { line: line.line })),
            Message::UndoStruck => Action::Tell(Intent::ScanUndone),
            Message::VoidStruck => {
                self.panel = if snapshot.basket.basket.is_empty() { Panel::None } else { Panel::Void };
                Action::None
            }
            Message::VoidConfirmed => self.leave_panel(Intent::BasketVoided),
            Message::ParkStruck if snapshot.basket.basket.is_empty() => Action::None,
            Message::ParkStruck => Action::Tell(Intent::Parked),
            Message::RecallStruck => {
                self.panel = if snapshot.parked.is_empty() { Panel::None } else { Panel::Parked };
                Action::None
            }
            Message::Recalled(basket) => self.leave_panel(Intent::Recalled(basket)),
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
        }
    }

    fn change_search(&mut self, change: impl FnOnce(&mut String)) -> Action {
        let text = self.search.get_or_insert_with(String::new);
        change(text);
        self.chosen_hit = 0;
        Action::Tell(Intent::SearchTyped(text.clone()))
    }

    /// The number typed, as what it was meant; it is gone afterwards only if it could be read so.
    fn take_entry<T>(&mut self, read: impl FnOnce(&Entry) -> Option<T>) -> Option<T> {
        let found = read(&self.entry);
        if found.is_some() {
            self.entry.clear();
        }
        found
    }

    fn choose(&mut self, product: ProductId) -> Action {
        self.search = None;
        self.chosen_hit = 0;
        let prefixed = self.take_entry(|entry| entry.quantity()).map(|q| Intent::QuantityPrefixed(Some(q)));
        Action::TellAll(prefixed.into_iter().chain([Intent::ProductChosen(product)]).collect())
    }

    fn leave_panel(&mut self, intent: Intent) -> Action {
        self.panel = Panel::None;
        Action::Tell(intent)
    }

    /// Enter: the marked result, the code typed, the quantity for the marked line, or to the payment.
    fn confirm(&mut self, snapshot: &Snapshot) -> Action {
        if let Some(text) = &self.search {
            let hits = snapshot.search.as_ref().filter(|found| found.text == *text).map(|found| &found.hits);
            return match hits.and_then(|hits| hits.get(self.chosen_hit)) {
                Some(hit) => self.choose(hit.product.clone()),
                None if text.is_empty() => Action::None,
                None => Action::Tell(Intent::CodeTyped(text.clone())),
            };
        }
        if !self.entry.is_empty() {
            return match self.take_entry(|entry| entry.code().map(str::to_owned)) {
                Some(code) => Action::Tell(Intent::CodeTyped(code)),
                None => Action::None,
            };
        }
        match (snapshot.basket.quantity_prefix, selected_line(snapshot)) {
            (Some(quantity), Some(line)) => {
                Action::TellAll(vec![Intent::QuantityPrefixed(None), Intent::QuantitySet { line: line.line, quantity }])
            }
            _ if snapshot.basket.basket.is_empty() => Action::None,
            _ => Action::Tell(Intent::PayOpened),
        }
    }

    /// Esc: one step back, never destructive.
    fn step_back(&mut self, snapshot: &Snapshot) -> Action {
        if self.panel != Panel::None {
            self.panel = Panel::None;
        } else if self.search.take().is_some() {
            return Action::Tell(Intent::SearchTyped(String::new()));
        } else if !self.entry.is_empty() {
            self.entry.clear();
        } else if snapshot.notice.is_some() {
            return Action::Tell(Intent::NoticeDismissed);
        } else if snapshot.basket.quantity_prefix.is_some() {
            return Action::Tell(Intent::QuantityPrefixed(None));
        }
        Action::None
    }

    /// The screen.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let left = basket_card(ui, snapshot, self.foot_acts(snapshot, &ui), Message::LineTapped, Message::NoticeRead);
        let shown = if self.search.is_some() { self.search.as_deref() } else { None };
        let typed = ui.text.locale.typed(self.entry.text());
        let box_words = shown.or((!typed.is_empty()).then_some(typed.as_str()));
        let search = search_box(&ui, box_words, ui.text.search_products(), Key::Character('/'), Message::SearchToggled);
        let middle: Element<'a, Message> = match self.panel {
            Panel::Parked => parked_panel(&ui, &snapshot.parked),
            Panel::Void => void_panel(&ui, snapshot),
            Panel::None if self.search.as_ref().is_some_and(|text| !text.is_empty()) => self.results(snapshot, ui),
            Panel::None => self.quick_keys(&snapshot.quick_keys, ui),
        };
        let pad = number_pad(&ui, self.functions(snapshot, &ui), Message::Typed);
        let right = column![search, container(middle).height(Length::Fill), pad].spacing(10);
        side_by_side(left, PORTIONS.0, right, PORTIONS.1)
    }

    fn foot_acts<'a>(&self, snapshot: &Snapshot, ui: &Ui<'_>) -> Element<'a, Message> {
        let empty = snapshot.basket.basket.is_empty();
        // Letters belong to the search while it is typed.
        let busy = self.search.is_some() || self.panel != Panel::None;
        let park = Act::new(Key::of('P'), ui.text.act_park(), (!empty && !busy).then_some(Message::ParkStruck))
            .icon(Icon::Pause);
        let recall = Act::new(
            Key::of('K'),
            ui.text.act_recall(snapshot.parked.len() as i64),
            (!snapshot.parked.is_empty() && !busy).then_some(Message::RecallStruck),
        );
        let primary = match snapshot.basket.quantity_prefix {
            _ if self.search.is_some() => Act::new(Key::Enter, ui.text.act_choose(), Some(Message::Confirmed)),
            Some(quantity) if !empty && !busy => {
                Act::new(Key::Enter, ui.text.act_set_quantity(ui.quantity(quantity)), Some(Message::Confirmed))
            }
            _ => Act::new(Key::Enter, ui.text.act_pay(), (!empty && !busy).then_some(Message::Confirmed)),
        };
        row![
            recall.icon(Icon::ArchiveRestore).portion(10).view(ui),
            park.portion(9).view(ui),
            primary.primary().portion(13).view(ui)
        ]
        .spacing(10)
        .into()
    }

    fn functions(&self, snapshot: &Snapshot, ui: &Ui<'_>) -> Vec<[PadCell<Message>; 4]> {
        let busy = self.search.is_some() || self.panel != Panel::None;
        let basket = !snapshot.basket.basket.is_empty() && !busy;
        let act = |key, words: String, possible: bool, message| {
            PadCell::Act(Act::new(key, words, possible.then_some(message)))
        };
        let number = !self.entry.is_empty() && !busy;
        vec![
            [
                act(Key::Character('*'), ui.text.act_quantity(), number, Message::QuantityStruck),
                act(Key::Character('%'), ui.text.act_discount(), number && basket, Message::DiscountStruck),
                act(Key::Character('-'), ui.text.act_undo_scan(), basket, Message::UndoStruck),
                PadCell::Back,
            ],
            [
                act(Key::Character('$'), ui.text.act_price(), number && basket, Message::PriceStruck),
                act(Key::Delete, ui.text.act_remove(), basket, Message::RemoveStruck),
                act(Key::of('V'), ui.text.act_void(), basket, Message::VoidStruck),
                act(Key::Escape, ui.text.act_back(), true, Message::Stepped),
            ],
        ]
    }

    fn quick_keys<'a>(&self, tabs: &'a [QuickKeyTab], ui: Ui<'a>) -> Element<'a, Message> {
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
        // Three rows of tiles in the room that is left at both reference heights.
        let row_height = if ui.size.height >= 790.0 { 95.0 } else { 94.0 };
        let rows = tab.keys.len().div_ceil(TILES_PER_ROW);
        let departments: Vec<&str> = {
            let mut names: Vec<&str> =
                tabs.iter().flat_map(|tab| &tab.keys).map(|key| key.department.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            names
        };
        let keys = &tab.keys;
        let list = VirtualList::uniform(rows, row_height, move |position| {
            let from = position * TILES_PER_ROW;
            let cells = (from..from + TILES_PER_ROW).map(|at| match keys.get(at) {
                Some(hit) => hit_tile(&ui, hit, &departments, row_height - gap::SMALL),
                None => space::horizontal().into(),
            });
            container(Row::with_children(cells).spacing(gap::SMALL)).height(Length::Fill).into()
        });
        column![strip, list].spacing(gap::SMALL).into()
    }

    fn results<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
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

fn selected_line(snapshot: &Snapshot) -> Option<&BasketLine> {
    let basket = &snapshot.basket;
    basket.selected.and_then(|line| basket.basket.line(line)).or_else(|| basket.basket.lines.last())
}

fn on_selected(snapshot: &Snapshot, intent: impl FnOnce(&BasketLine) -> Option<Intent>) -> Action {
    selected_line(snapshot).and_then(intent).map_or(Action::None, Action::Tell)
}

fn move_line(direction: Direction, snapshot: &Snapshot) -> Action {
    let lines = &snapshot.basket.basket.lines;
    let Some(selected) = selected_line(snapshot) else { return Action::None };
    let position = lines.iter().position(|line| line.line == selected.line).unwrap_or_default();
    match lines.get(direction.moved(position, lines.len())) {
        Some(line) => Action::Tell(Intent::LineSelected(Some(line.line))),
        None => Action::None,
    }
}

/// The price of a product as people read it: `9.00`, `24.90 kg`, `open`.
pub fn price_words(ui: &Ui<'_>, hit: &ProductHit) -> String {
    let unit = match hit.unit {
        Unit::Each => "",
        Unit::Kilogram => " kg",
        Unit::Metre => " m",
        Unit::Litre => " l",
        Unit::Hour => " h",
    };
    match hit.price_kind {
        PriceKind::Open => ui.text.price_open(),
        PriceKind::Fixed => format!("{}{unit}", ui.amount(hit.price)),
    }
}

fn hit_tile<'a>(ui: &Ui<'_>, hit: &ProductHit, departments: &[&str], tile_height: f32) -> Element<'a, Message> {
    let hue = departments.iter().position(|name| *name == hit.department).unwrap_or_default();
    let stock = hit.stocked.then(|| ui.quantity(hit.level.shelf()));
    tile(ui, &hit.name, price_words(ui, hit), stock, hue, tile_height, Message::ProductTapped(hit.product.clone()))
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

fn parked_panel<'a>(ui: &Ui<'_>, parked: &[ParkedBasket]) -> Element<'a, Message> {
    let rows = parked.iter().take(4).zip('1'..).map(|(basket, key)| {
        let words = ui.text.parked_basket(ui.time(basket.parked_at), basket.operator_name.as_str());
        let caption = format!("{} · {}", ui.text.items(basket.item_count), ui.money(basket.total));
        Act::new(Key::Character(key), words, Some(Message::Recalled(basket.basket)))
            .caption(caption)
            .height(height::ACT)
            .view_answer(ui)
    });
    let content =
        column![headline(ui, ui.text.parked_title()), Column::with_children(rows).spacing(gap::SMALL),].spacing(12);
    card(container(content).padding(gap::MEDIUM))
}

fn void_panel<'a>(ui: &Ui<'_>, snapshot: &Snapshot) -> Element<'a, Message> {
    let basket = &snapshot.basket;
    let facts = format!("{} · {}", ui.text.items(basket.item_count), ui.money(basket.total));
    let content = column![
        headline(ui, ui.text.void_title()),
        ui.label(Type::Body, facts),
        ui.label(Type::Body, ui.text.void_explained()).muted(),
        space::vertical(),
        divider(),
        row![
            Act::new(Key::Escape, ui.text.act_keep_selling(), Some(Message::Stepped)).fill().view(ui),
            Act::new(Key::of('V'), ui.text.act_void(), Some(Message::VoidConfirmed)).fill().view(ui),
        ]
        .spacing(10),
    ]
    .spacing(12);
    card(container(content).padding(gap::MEDIUM))
}
