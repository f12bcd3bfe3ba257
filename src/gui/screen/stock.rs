//! Stock: a product's figures here, its last movements, and where else it lies; and its count on the shelf.

mod count;
#[cfg(test)]
mod tests;

use iced::Length;
use iced::widget::{Column, column, container, row, space};

use super::super::entry::Entry;
use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, height, space as gap};
use super::super::search::{SearchEntry, Typed, Unseen, means_hits};
use super::super::text::unbroken;
use super::super::ui::{Room, Ui};
use super::super::widget::{
    Act, Element, Pad, Searched, VirtualList, card, divider, figure, headline, list_row, search_box, side_by_side,
};
use super::conflict::store_words;
use super::reason::{Reason, Said};
use super::sell::{Direction, price_words};
use super::{Action, notice};
use crate::domain::feed::StoryLine;
use crate::domain::ids::ProductId;
use crate::domain::stock::MovementReason;
use crate::domain::web_order::Hold;
use crate::register::intent::{Intent, Screen};
use crate::register::snapshot::{ProductHit, ShelfCountView, Snapshot, StockRow, StockView, StoryItem};
pub use count::count_card;

/// What is being typed, and which product is marked, wherever the list has it; before one was, the first is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stock {
    search: SearchEntry,
    marked: Option<ProductId>,
    /// How much lies on the shelf, while it is counted.
    counted: Entry,
    reason: Reason,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A key for the search.
    SearchTyped(Typed),
    /// A product was tapped.
    RowTapped(ProductId),
    /// The product above or below.
    RowMoved(Direction),
    /// The marked product is to be counted; with nothing found, what to count is looked for.
    CountStruck,
    /// A key of the pad.
    CountTyped(Pad),
    /// So much lies there.
    CountConfirmed,
    /// Why the books say something else.
    ReasonSaid(Said),
    /// Esc: what is looked for goes, then the screen.
    Stepped,
    /// The notice was read.
    NoticeRead,
}

impl Stock {
    /// With this looked for.
    pub fn searching(text: &str) -> Self {
        Self { search: SearchEntry::of(text), ..Self::default() }
    }

    /// As it is while so much is counted.
    pub fn counting(digits: &str) -> Self {
        let mut counted = Entry::default();
        counted.push(digits);
        Self { counted, ..Self::default() }
    }

    /// Another product was scanned: it is looked at now, not what was typed.
    pub fn settle(&mut self, before: Option<&StockView>, now: Option<&StockView>) {
        let scanned = |view: Option<&StockView>| view.and_then(|view| view.scanned.clone());
        if scanned(now).is_some() && scanned(now) != scanned(before) {
            *self = Self::default();
        }
        // Another product, or once more from the beginning.
        let is_same = |count: &ShelfCountView| {
            count_of(before).is_some_and(|before| {
                before.product == count.product && (before.unexplained.is_none() || count.unexplained.is_some())
            })
        };
        if count_of(before).is_some() && !count_of(now).is_some_and(is_same) {
            self.counted.clear();
            self.reason = Reason::default();
        }
    }

    /// A key was struck: here everything that can be typed is looked for.
    pub fn key(&self, stroke: &Stroke, snapshot: &Snapshot) -> Option<Message> {
        if let Some(count) = count_of(snapshot.stock.as_deref()) {
            return match stroke.key {
                _ if count.side.is_some() => self.reason.key(stroke).map(Message::ReasonSaid),
                Key::Escape => Some(Message::Stepped),
                Key::Enter => Some(Message::CountConfirmed),
                key => Pad::of_key(key).map(Message::CountTyped),
            };
        }
        match stroke.key {
            Key::Enter => Some(Message::CountStruck),
            Key::Escape => Some(Message::Stepped),
            Key::Up | Key::Down => Direction::of_key(stroke.key).map(Message::RowMoved),
            _ => Typed::of(stroke).map(Message::SearchTyped),
        }
    }

    /// Does a key mean the hits of what is typed, which the register has not shown yet?
    pub fn waits(&self, stroke: &Stroke, snapshot: &Snapshot) -> bool {
        let (text, is_counting) = (self.search.text(), count_of(snapshot.stock.as_deref()).is_some());
        means_hits(stroke) && !is_counting && !text.trim().is_empty() && text != kept(snapshot)
    }

    /// Enter that was struck before the hits came takes the only one, or the one whose number was typed.
    pub fn unseen(&self, stroke: &Stroke, snapshot: &Snapshot) -> Unseen {
        let rows = rows(snapshot);
        let is_number = |row: &StockRow| row.hit.product.as_str().eq_ignore_ascii_case(self.search.text().trim());
        let is_clear = rows.len() <= 1 || rows.first().is_some_and(is_number);
        if stroke.key == Key::Enter && !is_clear { Unseen::Nothing } else { Unseen::Clear }
    }

    /// Takes what happened.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, _ui: &Ui<'_>) -> Action {
        match message {
            Message::SearchTyped(Typed::All) => {
                // What was scanned is typed over too.
                if self.search.text().is_empty() {
                    self.search = SearchEntry::of(kept(snapshot));
                }
                self.search.take(Typed::All);
                Action::None
            }
            Message::SearchTyped(typed) => {
                self.search.take(typed);
                self.look_for()
            }
            Message::RowTapped(product) => {
                self.marked = Some(product);
                Action::None
            }
            Message::RowMoved(direction) => {
                let rows = rows(snapshot);
                let next = rows.get(direction.moved(self.position(rows), rows.len()));
                self.marked = next.map(|row| row.hit.product.clone());
                Action::None
            }
            Message::CountStruck => match self.to_be_counted(snapshot) {
                Some(intent) => {
                    self.search = SearchEntry::default();
                    Action::Tell(intent)
                }
                None => Action::None,
            },
            Message::CountTyped(_) | Message::CountConfirmed | Message::ReasonSaid(_) => {
                count_of(snapshot.stock.as_deref()).map_or(Action::None, |count| self.count(message, count, snapshot))
            }
            Message::Stepped if count_of(snapshot.stock.as_deref()).is_some() => {
                count_of(snapshot.stock.as_deref()).map_or(Action::None, step_back)
            }
            Message::Stepped if self.is_searched(snapshot) => {
                self.search = SearchEntry::default();
                self.look_for()
            }
            Message::Stepped if is_choosing(snapshot) => Action::Tell(Intent::CountsLookedFor(false)),
            Message::Stepped => Action::Tell(Intent::ScreenShown(Screen::Sell)),
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
        }
    }

    fn look_for(&mut self) -> Action {
        self.marked = None;
        Action::Tell(Intent::StockSearched(self.search.text().to_owned()))
    }

    /// What is marked is counted; with nothing found, what to count is looked for. What has no stock is not counted.
    fn to_be_counted(&self, snapshot: &Snapshot) -> Option<Intent> {
        let rows = rows(snapshot);
        match rows.get(self.position(rows)) {
            Some(row) => row.hit.stocked.then(|| Intent::ShelfCountBegun(row.hit.product.clone())),
            None => (!is_choosing(snapshot)).then_some(Intent::CountsLookedFor(true)),
        }
    }

    /// The place of the marked product.
    fn position(&self, rows: &[StockRow]) -> usize {
        let at = self.marked.as_ref().and_then(|marked| rows.iter().position(|row| row.hit.product == *marked));
        at.unwrap_or_default()
    }

    /// Is something looked for, typed or scanned?
    fn is_searched(&self, snapshot: &Snapshot) -> bool {
        !self.search.text().is_empty() || snapshot.stock.as_ref().is_some_and(|stock| !stock.search.is_empty())
    }

    /// The screen.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        if let Some(count) = count_of(snapshot.stock.as_deref()) {
            return self.count_view(count, snapshot, &ui);
        }
        let (rows, choosing) = (rows(snapshot), is_choosing(snapshot));
        let marked = self.position(rows);
        let searched = Searched::of((!self.search.text().is_empty()).then_some(&self.search), kept(snapshot));
        let search = search_box(&ui, searched, ui.text.search_stock(), Key::Escape, Message::Stepped);
        let body: Element<'a, Message> = if rows.is_empty() {
            let words = if self.search.text().is_empty() {
                if choosing { ui.text.count_hint() } else { ui.text.stock_hint() }
            } else {
                ui.text.search_nothing(self.search.text())
            };
            container(ui.label(Type::Body, words).muted().centred()).center(Length::Fill).padding(gap::LARGE).into()
        } else {
            VirtualList::uniform(rows.len(), height::ROW, move |position| {
                let row = &rows[position];
                let hit = &row.hit;
                let figures = if choosing { price_words(&ui, hit) } else { stock_words(&ui, hit, snapshot) };
                list_row(stock_row(&ui, row, figures), position == marked, Message::RowTapped(row.hit.product.clone()))
            })
            .follow(Some(marked))
            .into()
        };
        let left = column![container(search).padding(10), divider(), body];
        let notice = notice::view(&ui, snapshot, Message::NoticeRead);
        // In a small window the gaps make way for a notice, and what is known of the product stays whole.
        let between = if ui.room() == Room::Narrow && notice.is_some() { gap::SMALL } else { gap::MEDIUM };
        let shown: Element<'a, Message> = match rows.get(marked) {
            Some(row) if choosing => to_count(&ui, row),
            Some(row) => product(&ui, row, snapshot.withholds(&row.hit.product), between),
            None if choosing => space::vertical().into(),
            None => container(ui.label(Type::Line, ui.text.stock_none_open()).muted()).center(Length::Fill).into(),
        };
        let mut right = column![container(shown).height(Length::Fill)];
        if let Some(notice) = notice {
            right = right.push(container(notice).padding([between, gap::MEDIUM]));
        }
        let back = Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped));
        let can = self.to_be_counted(snapshot).is_some();
        let count = Act::new(Key::Enter, ui.text.act_count(), can.then_some(Message::CountStruck));
        let count = count.icon(Icon::ListChecks).fill();
        let count = if choosing { count.primary() } else { count };
        let acts = container(row![back.fill().view(&ui), count.view(&ui)].spacing(10)).padding(gap::MEDIUM);
        side_by_side(card(left), 440, card(right.push(divider()).push(acts)), 792)
    }
}

fn count_of(view: Option<&StockView>) -> Option<&ShelfCountView> {
    view.and_then(|view| view.count.as_ref())
}

/// Is what to count looked for? The list and what stands beside it show nothing of the books.
fn is_choosing(snapshot: &Snapshot) -> bool {
    snapshot.stock.as_ref().is_some_and(|stock| stock.choosing)
}

fn rows(snapshot: &Snapshot) -> &[StockRow] {
    snapshot.stock.as_ref().map_or(&[], |stock| stock.rows.as_slice())
}

/// Esc while a product is counted: what does not stand is counted again.
fn step_back(count: &ShelfCountView) -> Action {
    Action::Tell(match (count.unexplained, count.side) {
        (Some(_), None) => Intent::ShelfCountBegun(count.product.clone()),
        _ => Intent::ShelfCountLeft,
    })
}

/// What the books say of a product in brief; of one that is to be counted, that it is.
pub fn stock_words(ui: &Ui<'_>, hit: &ProductHit, snapshot: &Snapshot) -> String {
    match snapshot.withholds(&hit.product) {
        true => ui.text.task_to_count(),
        false => ui.text.hit_stock(ui.quantity(hit.level.shelf()), ui.quantity(hit.level.free())),
    }
}

fn stock_row<'a>(ui: &Ui<'_>, row: &StockRow, figures: String) -> Element<'a, Message> {
    column![
        ui.label(Type::BodyStrong, row.hit.name.as_str()).fill().shorten(1),
        row![
            ui.label(Type::Caption, row.hit.department.as_str()).muted().fill().shorten(1),
            ui.label(Type::Caption, figures).muted().shorten(1),
        ],
    ]
    .spacing(3)
    .into()
}

/// The product that is to be counted: nothing of what the books say.
fn to_count<'a>(ui: &Ui<'_>, row: &StockRow) -> Element<'a, Message> {
    let about = format!("{} · {}", row.hit.department, price_words(ui, &row.hit));
    column![
        headline(ui, row.hit.name.as_str()).shorten(2),
        ui.label(Type::Label, about).muted().shorten(1),
        ui.label(Type::Body, ui.text.shelf_count_explained()).muted().fill().shorten(3),
    ]
    .spacing(gap::MEDIUM)
    .padding(gap::CARD)
    .into()
}

fn product<'a>(ui: &Ui<'_>, row: &StockRow, withheld: bool, between: f32) -> Element<'a, Message> {
    let level = &row.hit.level;
    let as_of = row.as_of.map_or_else(|| ui.text.as_of_never(), |at| ui.text.as_of(ui.moment(at)));
    let about = format!("{} · {} · {as_of}", row.hit.department, price_words(ui, &row.hit));
    // What is held and promised is told by the orders; the rest is what whoever counts must not know.
    let of_books = |quantity| if withheld { "–".to_owned() } else { ui.quantity(quantity) };
    let figures = row![
        figure(ui, ui.text.figure_on_hand(), of_books(level.on_hand)),
        figure(ui, ui.text.figure_held(), ui.quantity(level.held)),
        figure(ui, ui.text.figure_promised(), ui.quantity(level.promised)),
        figure(ui, ui.text.figure_shelf(), of_books(level.shelf())),
        figure(ui, ui.text.figure_free(), of_books(level.free())),
    ];
    let none = |words: String| -> Element<'a, Message> { ui.label(Type::Body, words).muted().into() };
    let story: Element<'a, Message> = if withheld {
        ui.label(Type::Body, ui.text.stock_to_count()).fill().shorten(4).into()
    } else if row.story.is_empty() {
        none(ui.text.story_none())
    } else {
        let told: Vec<[String; 3]> = row.story.iter().map(|item| story_parts(ui, item)).collect();
        // As wide as the widest of the column, however large the letters.
        let widest = |column: usize| {
            let widths = told.iter().map(|parts| ui.label(Type::Body, parts[column].as_str()).width_of_words());
            widths.fold(0.0, f32::max).ceil() + 1.0
        };
        let widths = [widest(0), widest(1)];
        let lines = told.into_iter().map(|[when, quantity, what]| {
            row![
                ui.label(Type::Body, when).muted().width(widths[0]).shorten(1),
                ui.label(Type::Body, quantity).width(widths[1]).right().shorten(1),
                ui.label(Type::Body, what).fill().shorten(1),
            ]
            .spacing(gap::MEDIUM)
            .into()
        });
        Column::with_children(lines).spacing(gap::SMALL).into()
    };
    let elsewhere: Element<'a, Message> = if row.elsewhere.is_empty() {
        none(ui.text.elsewhere_none())
    } else {
        let lines = row.elsewhere.iter().map(|store| {
            row![
                ui.label(Type::Body, store.name.as_str()).fill().shorten(1),
                ui.label(Type::Body, store_words(ui, store)).muted().shorten(1),
            ]
            .spacing(gap::MEDIUM)
            .into()
        });
        Column::with_children(lines).spacing(gap::SMALL).into()
    };
    column![
        column![headline(ui, row.hit.name.as_str()).shorten(1), ui.label(Type::Label, about).muted().shorten(1)]
            .spacing(4),
        figures.spacing(8),
        ui.label(Type::BodyStrong, ui.text.panel_movements()),
        story,
        divider(),
        ui.label(Type::BodyStrong, ui.text.panel_elsewhere()),
        elsewhere,
    ]
    .spacing(between)
    .padding([6.0 + between, 22.0])
    .into()
}

/// What the list is narrowed to.
fn kept(snapshot: &Snapshot) -> &str {
    snapshot.stock.as_ref().map_or("", |stock| stock.search.as_str())
}

/// One thing that happened, as people say it: `+2 received, Mon 09:10`, `1 held for W-10231, today 11:45`.
pub fn story_words(ui: &Ui<'_>, item: &StoryItem) -> String {
    let [when, quantity, what] = story_parts(ui, item);
    format!("{} {what}, {}", quantity, unbroken(&when))
}

/// When it happened, with how many, and what.
fn story_parts(ui: &Ui<'_>, item: &StoryItem) -> [String; 3] {
    match item {
        StoryItem::Moved(line) => {
            [ui.moment(line.at), ui.text.locale.signed_quantity(line.quantity), movement_words(ui, line)]
        }
        StoryItem::Held(Hold { order, quantity, at, .. }) => {
            let (quantity, what) = match quantity.is_negative() {
                true => (-*quantity, ui.text.story_released(order.as_str())),
                false => (*quantity, ui.text.story_held(order.as_str())),
            };
            [ui.moment(*at), ui.quantity(quantity), what]
        }
    }
}

fn movement_words(ui: &Ui<'_>, line: &StoryLine) -> String {
    let text = ui.text;
    match (line.reason, &line.workstation) {
        (MovementReason::Sale, Some(till)) => text.story_sold_at(till.as_str()),
        (MovementReason::Sale, None) => text.story_sold(),
        (MovementReason::Return, _) => text.story_returned(),
        (MovementReason::HandOver, _) => text.story_handed_over(),
        (MovementReason::Receipt, _) => text.story_received(),
        (MovementReason::Transfer, _) => text.story_transferred(),
        (MovementReason::Adjustment, _) => text.story_adjusted(),
        (MovementReason::Opening, _) => text.story_opening(),
        (MovementReason::Dispatch, _) => text.story_dispatched(),
    }
}
