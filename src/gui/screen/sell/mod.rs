//! Sell: scan, search or tap; change a line; to the payment.

mod acts;
mod covers;
mod products;
mod search;

use iced::Length;
use iced::widget::{column, container};
use rust_decimal::Decimal;

use super::super::entry::Entry;
use super::super::keys::{Key, Stroke};
use super::super::search::{SearchEntry, Typed};
use super::super::ui::Ui;
use super::super::widget::{Element, Pad, Searched, number_pad, search_box, side_by_side};
use super::Action;
use super::basket::{PORTIONS, basket_card, is_paid_into};
use super::line_panel::line_panel;
use crate::domain::basket::BasketLine;
use crate::domain::ids::{BasketId, ProductId};
use crate::domain::money::Money;
use crate::domain::product::PriceKind;
use crate::register::intent::{EntryFault, Intent};
use crate::register::snapshot::Snapshot;

use acts::Asked;
use covers::{PARKED_PER_PAGE, parked_page, parked_panel, reason_panel, void_panel};
pub use products::{price_of_one, price_words};

/// Puts a letter on each quick key: letters alone begin the search.
const LETTERS_KEY: Key = Key::Character('+');
/// Puts the basket aside.
pub const PARK_KEY: Key = Key::Function(8);
/// Brings one back.
pub const RECALL_KEY: Key = Key::Function(9);
/// Gives the basket up, after it was asked.
const VOID_KEY: Key = Key::Function(10);

/// What is being typed and leafed through on the sell screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sell {
    entry: Entry,
    search: Option<SearchEntry>,
    chosen_hit: usize,
    tab: usize,
    panel: Panel,
    asked: Option<Asked>,
}

/// What covers the quick keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Panel {
    #[default]
    None,
    /// The baskets put aside, a page of them.
    Parked(usize),
    Void,
    /// The quick keys, with a letter on each.
    Letters,
    /// The sizes behind the quick key of this product.
    Variants(ProductId),
    /// What the price of this line is changed for.
    Reason(u32, PriceChange),
}

/// A change of a line's price that waits for its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PriceChange {
    /// Percent off.
    Discount(Decimal),
    /// Another price for one unit.
    Price(Money),
}

impl PriceChange {
    fn intent(self, line: u32, reason: String) -> Intent {
        match self {
            Self::Discount(percent) => Intent::DiscountSet { line, percent, reason },
            Self::Price(unit_price) => Intent::PriceSet { line, unit_price, reason },
        }
    }
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A key of the pad.
    Typed(Pad),
    /// The search box was opened, or left.
    SearchToggled,
    /// A key for the search, which a letter begins.
    SearchTyped(Typed),
    /// Another result is marked.
    HitMoved(Direction),
    /// Enter.
    Confirmed,
    /// Esc.
    Stepped,
    /// A product was tapped.
    ProductTapped(ProductId),
    /// A key with several sizes was tapped.
    FamilyOpened(ProductId),
    /// A letter is to be on each quick key.
    LettersStruck,
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
    /// What the price is changed for, by its number from 1.
    ReasonStruck(usize),
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
    /// More of them.
    ParkedTurned,
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
        Self { search: Some(SearchEntry::of(text)), ..Self::default() }
    }

    /// As it is while the sizes behind a quick key are shown.
    pub fn choosing_size(product: &str) -> Self {
        Self { panel: Panel::Variants(ProductId::new(product)), ..Self::default() }
    }

    /// As it is while a letter is on each quick key.
    pub fn lettering() -> Self {
        Self { panel: Panel::Letters, ..Self::default() }
    }

    /// As it is while it is asked whether the basket is given up.
    pub fn giving_up() -> Self {
        Self { panel: Panel::Void, ..Self::default() }
    }

    /// As it is while the baskets put aside are shown.
    pub fn recalling() -> Self {
        Self { panel: Panel::Parked(0), ..Self::default() }
    }

    /// As it is while percent off a line wait for their reason.
    pub fn discounting(line: u32, percent: Decimal) -> Self {
        Self { panel: Panel::Reason(line, PriceChange::Discount(percent)), ..Self::default() }
    }

    /// The basket has changed, or a card has come up: what was typed before it is no part of what comes after it, and whether to
    /// give the basket up was asked about another one.
    pub fn forget_typed(&mut self) {
        self.entry.clear();
        self.search = None;
        self.chosen_hit = 0;
        self.asked = None;
        if self.panel == Panel::Void {
            self.panel = Panel::None;
        }
    }

    /// What is being typed, for the question that came up over it.
    pub fn take_typed(&mut self) -> Entry {
        std::mem::take(&mut self.entry)
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, snapshot: &Snapshot) -> Option<Message> {
        let key = stroke.key;
        match (key, self.search.is_some()) {
            (Key::Enter, _) if self.panel == Panel::None => return Some(Message::Confirmed),
            (Key::Escape, _) => return Some(Message::Stepped),
            (Key::Up | Key::Down, true) => return Direction::of_key(key).map(Message::HitMoved),
            (Key::Character(_) | Key::Backspace | Key::SelectAll, true) => {
                return Typed::of(stroke).map(Message::SearchTyped);
            }
            _ => {}
        }
        if let Some(direction) = Direction::of_key(key) {
            return Some(Message::LineMoved(direction));
        }
        match self.panel {
            Panel::None => {}
            Panel::Parked(_) if key == Key::Tab => return Some(Message::ParkedTurned),
            _ if key == Key::Character('/') => return Some(Message::SearchToggled),
            Panel::Letters if key == Key::Tab => return Some(self.next_tab(snapshot)),
            Panel::Variants(_) | Panel::Letters if Pad::of_key(key).is_none() => {
                return products::lettered(self, key, &snapshot.quick_keys);
            }
            Panel::Void if key == VOID_KEY => return Some(Message::VoidConfirmed),
            Panel::Parked(_) if key == Key::Enter => return Some(Message::Confirmed),
            Panel::Variants(_) | Panel::Letters | Panel::Reason(..) | Panel::Parked(_) | Panel::Void => {
                let typed = Pad::of_key(key).map(Message::Typed);
                return typed.or_else(|| Typed::begins(stroke).map(Message::SearchTyped));
            }
        }
        if let Some(pad) = Pad::of_key(key) {
            return Some(Message::Typed(pad));
        }
        let basket = !snapshot.basket.basket.is_empty() && !is_paid_into(snapshot);
        match key {
            VOID_KEY if basket => Some(Message::VoidStruck),
            PARK_KEY if basket => Some(Message::ParkStruck),
            RECALL_KEY if !snapshot.parked.is_empty() => Some(Message::RecallStruck),
            // The rest of the keys is the search's while one is typed.
            _ if self.search.is_some() => None,
            Key::Character('/') | Key::SelectAll => Some(Message::SearchToggled),
            Key::Character('*' | '×') if !is_paid_into(snapshot) => Some(Message::QuantityStruck),
            Key::Character('$') if basket => Some(Message::PriceStruck),
            Key::Character('%') if basket => Some(Message::DiscountStruck),
            Key::Character('-') if basket => Some(Message::UndoStruck),
            Key::Delete if basket => Some(Message::RemoveStruck),
            LETTERS_KEY if snapshot.line.is_none() => Some(Message::LettersStruck),
            Key::Tab => Some(self.next_tab(snapshot)),
            _ => Typed::begins(stroke).map(Message::SearchTyped),
        }
    }

    fn next_tab(&self, snapshot: &Snapshot) -> Message {
        Message::TabOpened((self.tab + 1) % snapshot.quick_keys.len().max(1))
    }

    /// Takes what happened.
    // Size: one arm a message.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, ui: &Ui<'_>) -> Action {
        match message {
            // While a search is typed, the pad types into it as the keyboard does.
            Message::Typed(pad) if self.search.is_some() => {
                let typed: &[Typed] = match pad {
                    Pad::Digit(digit) => &[Typed::Character(digit)],
                    Pad::DoubleZero => &[Typed::Character('0'); 2],
                    Pad::Point => &[Typed::Character('.')],
                    Pad::Back => &[Typed::Back],
                };
                self.change_search(typed)
            }
            // While a reason is asked for, a digit is one.
            Message::Typed(pad) if matches!(self.panel, Panel::Reason(..)) => match pad {
                Pad::Digit(digit) => self.give_reason(digit.to_digit(10).unwrap_or_default() as usize, snapshot),
                Pad::DoubleZero | Pad::Point | Pad::Back => Action::None,
            },
            // While a basket is to be recalled, a digit is one of those shown.
            Message::Typed(pad) if matches!(self.panel, Panel::Parked(_)) => match pad {
                Pad::Digit(digit) => self.recall(digit.to_digit(10).unwrap_or_default() as usize, snapshot),
                Pad::DoubleZero | Pad::Point | Pad::Back => Action::None,
            },
            Message::Typed(pad) => {
                pad.type_into(&mut self.entry);
                Action::None
            }
            Message::SearchToggled => {
                self.entry.clear();
                self.panel = Panel::None;
                match self.search.take() {
                    Some(_) => Action::Tell(Intent::SearchTyped(String::new())),
                    None => {
                        self.search = Some(SearchEntry::default());
                        Action::None
                    }
                }
            }
            Message::SearchTyped(typed) => {
                self.panel = Panel::None;
                self.change_search(&[typed])
            }
            Message::HitMoved(direction) => {
                let count = snapshot.search.as_ref().map_or(0, |found| found.hits.len());
                self.chosen_hit = direction.moved(self.chosen_hit, count);
                Action::None
            }
            Message::Confirmed => match self.asked.filter(|_| self.search.is_none() && self.panel == Panel::None) {
                Some(_) if self.entry.is_empty() => Action::None,
                Some(asked) => self.update(asked.struck(), snapshot, ui),
                None => self.confirm(snapshot),
            },
            Message::Stepped => self.step_back(snapshot),
            Message::ProductTapped(product) => self.choose(product, snapshot),
            Message::FamilyOpened(product) => {
                self.panel = Panel::Variants(product);
                Action::None
            }
            Message::LettersStruck => {
                self.panel = Panel::Letters;
                Action::None
            }
            Message::TabOpened(tab) => {
                if self.panel != Panel::Letters {
                    self.panel = Panel::None;
                }
                self.tab = tab;
                Action::None
            }
            Message::LineTapped(line) => {
                let open = snapshot.line.as_ref().is_some_and(|panel| panel.line == line);
                Action::Tell(Intent::LineSelected((!open).then_some(line)))
            }
            Message::LineMoved(direction) => move_line(direction, snapshot),
            Message::QuantityStruck => match self.take_entry(|entry| entry.quantity()) {
                Some(quantity) => Action::Tell(match &snapshot.line {
                    Some(panel) => Intent::QuantitySet { line: panel.line, quantity },
                    None => Intent::QuantityPrefixed(Some(quantity)),
                }),
                None => self.refuse_entry(EntryFault::Quantity, Asked::Quantity),
            },
            Message::PriceStruck => match self.take_entry(|entry| entry.amount(snapshot.till.currency)) {
                Some(price) => self.change_price(PriceChange::Price(price), snapshot, String::new()),
                None => self.refuse_entry(EntryFault::Amount, Asked::Price),
            },
            Message::DiscountStruck => match self.take_entry(Entry::percent) {
                Some(percent) => self.change_price(PriceChange::Discount(percent), snapshot, ui.text.discount_reason()),
                None => self.refuse_entry(EntryFault::Percent, Asked::Discount),
            },
            Message::ReasonStruck(number) => self.give_reason(number, snapshot),
            Message::RemoveStruck => on_selected(snapshot, |line| Some(Intent::LineRemoved { line: line.line })),
            Message::UndoStruck => Action::Tell(Intent::ScanUndone),
            Message::VoidStruck => {
                self.search = None;
                self.panel = if snapshot.basket.basket.is_empty() { Panel::None } else { Panel::Void };
                Action::None
            }
            Message::VoidConfirmed => self.leave_panel(Intent::BasketVoided),
            Message::ParkStruck if snapshot.basket.basket.is_empty() => Action::None,
            Message::ParkStruck => Action::Tell(Intent::Parked),
            Message::RecallStruck => {
                self.search = None;
                match snapshot.parked.as_slice() {
                    // The only one there is needs no choosing.
                    [only] if snapshot.basket.basket.is_empty() => Action::Tell(Intent::Recalled(only.basket)),
                    parked => {
                        self.panel = if parked.is_empty() { Panel::None } else { Panel::Parked(0) };
                        Action::None
                    }
                }
            }
            Message::ParkedTurned => {
                if let Panel::Parked(page) = &mut self.panel {
                    *page = (*page + 1) % snapshot.parked.len().div_ceil(PARKED_PER_PAGE).max(1);
                }
                Action::None
            }
            Message::Recalled(basket) => self.leave_panel(Intent::Recalled(basket)),
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
        }
    }

    /// The marked line's price changes: for a reason of the store's, which is asked for, or for `otherwise` where it has
    /// none. Taking a discount away needs none.
    fn change_price(&mut self, change: PriceChange, snapshot: &Snapshot, otherwise: String) -> Action {
        let Some(line) = selected_line(snapshot) else { return Action::None };
        if snapshot.till.price_change_reasons.is_empty() || change == PriceChange::Discount(Decimal::ZERO) {
            return Action::Tell(change.intent(line.line, otherwise));
        }
        self.panel = Panel::Reason(line.line, change);
        Action::None
    }

    /// What was typed stays, to be put right; with nothing typed yet the number that comes next is asked for.
    fn refuse_entry(&mut self, fault: EntryFault, asked: Asked) -> Action {
        if !self.entry.is_empty() {
            return Action::Tell(Intent::EntryRefused(fault));
        }
        (self.asked, self.search, self.panel) = (Some(asked), None, Panel::None);
        Action::None
    }

    /// The reason with this number, from 1; one that is not offered changes nothing.
    fn give_reason(&mut self, number: usize, snapshot: &Snapshot) -> Action {
        let reason = number.checked_sub(1).and_then(|position| snapshot.till.price_change_reasons.get(position));
        match (&self.panel, reason) {
            (Panel::Reason(line, change), Some(reason)) => {
                let intent = change.intent(*line, reason.clone());
                self.leave_panel(intent)
            }
            _ => Action::None,
        }
    }

    /// The basket with this number among those shown, from 1.
    fn recall(&mut self, number: usize, snapshot: &Snapshot) -> Action {
        let Panel::Parked(page) = self.panel else { return Action::None };
        let parked = number.checked_sub(1).and_then(|at| parked_page(&snapshot.parked, page).get(at));
        parked.map_or(Action::None, |parked| self.leave_panel(Intent::Recalled(parked.basket)))
    }

    /// What stands in the box already, such as the digits of a code, stays before the letter that makes a search of it.
    fn change_search(&mut self, typed: &[Typed]) -> Action {
        let digits = &mut self.entry;
        let search = self.search.get_or_insert_with(|| SearchEntry::of(&digits.take()));
        let before = search.text().to_owned();
        typed.iter().for_each(|typed| search.take(*typed));
        if search.text() == before {
            return Action::None;
        }
        self.chosen_hit = 0;
        Action::Tell(Intent::SearchTyped(search.text().to_owned()))
    }

    /// The number typed, as what it was meant; it is gone afterwards only if it could be read so.
    fn take_entry<T>(&mut self, read: impl FnOnce(&Entry) -> Option<T>) -> Option<T> {
        let found = read(&self.entry);
        if found.is_some() {
            self.entry.clear();
            self.asked = None;
        }
        found
    }

    /// What was typed before says how much it is; before an open price, what it costs.
    fn choose(&mut self, product: ProductId, snapshot: &Snapshot) -> Action {
        self.search = None;
        self.chosen_hit = 0;
        self.panel = Panel::None;
        if products::price_kind(&product, snapshot) == Some(PriceKind::Open) {
            let price = self.take_entry(|entry| entry.amount(snapshot.till.currency));
            let asked = price.map(|price| Intent::OpenPriceEntered(Some(price)));
            return Action::TellAll([Intent::ProductChosen(product)].into_iter().chain(asked).collect());
        }
        let prefixed = self.take_entry(|entry| entry.quantity()).map(|q| Intent::QuantityPrefixed(Some(q)));
        Action::TellAll(prefixed.into_iter().chain([Intent::ProductChosen(product)]).collect())
    }

    fn leave_panel(&mut self, intent: Intent) -> Action {
        self.panel = Panel::None;
        Action::Tell(intent)
    }

    /// Enter: the marked result, the code typed, the quantity for the marked line, or to the payment.
    fn confirm(&mut self, snapshot: &Snapshot) -> Action {
        if let Panel::Parked(page) = self.panel {
            let first = parked_page(&snapshot.parked, page).first().map(|parked| parked.basket);
            return first.map_or(Action::None, |basket| self.leave_panel(Intent::Recalled(basket)));
        }
        if let Some(text) = self.search.as_ref().map(SearchEntry::text) {
            let hits = snapshot.search.as_ref().filter(|found| found.text == text).map(|found| &found.hits);
            return match hits.and_then(|hits| hits.get(self.chosen_hit)) {
                Some(hit) => {
                    let product = hit.product.clone();
                    self.choose(product, snapshot)
                }
                None if !self.can_choose(snapshot) => Action::None,
                None => Action::Tell(Intent::CodeTyped(text.to_owned())),
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
        } else if self.asked.take().is_some() {
            return Action::None;
        } else if snapshot.basket.quantity_prefix.is_some() {
            return Action::Tell(Intent::QuantityPrefixed(None));
        } else if snapshot.line.is_some() {
            return Action::Tell(Intent::LineSelected(None));
        }
        Action::None
    }

    /// The screen.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let acts = self.foot_acts(snapshot, &ui);
        let left = basket_card(ui, snapshot, acts, Some(Message::LineTapped), Some(Message::NoticeRead));
        let typed = ui.text.locale.typed(self.entry.text());
        let searched = match &self.search {
            Some(search) => search.shown(),
            None if typed.is_empty() => Searched::Nothing,
            None => Searched::Typed(&typed),
        };
        let search = search_box(
            &ui,
            searched,
            self.asked.map_or_else(|| ui.text.search_products(), |asked| asked.words(&ui)),
            Key::Character('/'),
            Message::SearchToggled,
        );
        let middle: Element<'a, Message> = match (&self.panel, &snapshot.line) {
            (Panel::Parked(page), _) => parked_panel(&ui, &snapshot.parked, *page),
            (Panel::Void, _) => void_panel(&ui, snapshot),
            (Panel::Reason(line, change), _) => reason_panel(&ui, snapshot, *line, *change),
            (Panel::Variants(product), _) => self.variants(product, snapshot, ui),
            (Panel::None, _) if self.search.as_ref().is_some_and(|search| !search.text().is_empty()) => {
                self.results(snapshot, ui)
            }
            (Panel::None, Some(panel)) => line_panel(&ui, snapshot, panel),
            (Panel::Letters, _) | (Panel::None, None) => self.quick_keys(snapshot, ui),
        };
        let pad = number_pad(&ui, self.functions(snapshot, &ui), Message::Typed);
        let right = column![search, container(middle).height(Length::Fill), pad].spacing(10);
        side_by_side(left, PORTIONS.0, right, PORTIONS.1)
    }

    /// Is a number typed?
    fn has_number(&self) -> bool {
        !self.entry.is_empty()
    }

    fn is_busy(&self) -> bool {
        self.search.is_some() || self.panel != Panel::None
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
    if snapshot.line.is_none() {
        return Action::Tell(Intent::LineSelected(Some(selected.line)));
    }
    let position = lines.iter().position(|line| line.line == selected.line).unwrap_or_default();
    match lines.get(direction.moved(position, lines.len())) {
        Some(line) => Action::Tell(Intent::LineSelected(Some(line.line))),
        None => Action::None,
    }
}

#[cfg(test)]
mod tests;
