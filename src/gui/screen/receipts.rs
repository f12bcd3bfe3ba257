//! Receipts: find one, look at it as it was printed, print a marked copy.

use chrono::NaiveDate;
use iced::widget::{Column, column, container, row, scrollable};
use iced::{Length, Padding};

use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, height, space as gap};
use super::super::search::{SearchEntry, Typed, means_hits};
use super::super::ui::Ui;
use super::super::widget::{
    Act, Element, Searched, VirtualList, card, divider, list_row, paper, search_box, side_by_side,
};
use super::sell::Direction;
use super::{Action, notice};
use crate::domain::day::parse_day;
use crate::register::intent::{Intent, Screen};
use crate::register::snapshot::{ReceiptRow, Snapshot, TwoReadings};

/// Columns of the paper shown.
pub const PAPER_COLUMNS: usize = 42;
/// How high a heading in the list is, in logical pixels.
const HEADING: f32 = 36.0;
/// Prints a copy of the open receipt.
const COPY_KEY: Key = Key::Function(8);
/// Shows the receipts of yesterday, and of the day before the one that is shown.
const DAY_BEFORE_KEY: Key = Key::Function(10);
/// Shows those of the day after the one that is shown, up to today.
const DAY_AFTER_KEY: Key = Key::Function(11);
/// Prints a receipt without prices for it.
const GIFT_KEY: Key = Key::Function(9);

/// What is being typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Receipts {
    search: Option<SearchEntry>,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// The search box was opened, or left.
    SearchToggled,
    /// A key for the search, which a letter or a digit begins.
    SearchTyped(Typed),
    /// A receipt was tapped.
    RowTapped(u64),
    /// The receipt above or below.
    RowMoved(Direction),
    /// Print a copy of the open one.
    CopyStruck,
    /// Print a receipt without prices for it.
    GiftStruck,
    /// The receipts of yesterday, or of the day before the one that is shown.
    DayBeforeStruck,
    /// The receipts of the day after the one that is shown.
    DayAfterStruck,
    /// Enter ends the search.
    Confirmed,
    /// Esc.
    Stepped,
    /// The notice was read.
    NoticeRead,
}

impl Receipts {
    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, _snapshot: &Snapshot) -> Option<Message> {
        match stroke.key {
            DAY_BEFORE_KEY => return Some(Message::DayBeforeStruck),
            DAY_AFTER_KEY => return Some(Message::DayAfterStruck),
            Key::Enter => return Some(Message::Confirmed),
            Key::Escape => return Some(Message::Stepped),
            Key::Up | Key::Down => return Direction::of_key(stroke.key).map(Message::RowMoved),
            _ => {}
        }
        if let Some(search) = &self.search {
            let joins = stroke.key == Key::Character('/') && search.may_be_day();
            let typed = if joins { Some(Typed::Character('/')) } else { Typed::of(stroke) };
            return typed.map(Message::SearchTyped);
        }
        match stroke.key {
            Key::Character('/') | Key::SelectAll => Some(Message::SearchToggled),
            COPY_KEY => Some(Message::CopyStruck),
            GIFT_KEY => Some(Message::GiftStruck),
            // Digits go to the number being looked for.
            Key::Character(c) if c.is_ascii_digit() => Some(Message::SearchTyped(Typed::Character(c))),
            _ => Typed::begins(stroke).map(Message::SearchTyped),
        }
    }

    /// Does a key mean the receipts of what is typed, which the register has not shown yet?
    pub fn waits(&self, stroke: &Stroke, snapshot: &Snapshot) -> bool {
        let shown = snapshot.receipts.as_deref().map_or("", |list| list.search.as_str());
        means_hits(stroke) && self.search.as_ref().is_some_and(|search| search.text() != shown)
    }

    /// Takes what happened.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, ui: &Ui<'_>) -> Action {
        let list = snapshot.receipts.as_deref();
        match message {
            Message::SearchToggled => match self.search.take() {
                Some(_) => Action::Tell(Intent::ReceiptSearched(String::new())),
                None => {
                    self.search = Some(SearchEntry::over(list.map_or("", |list| list.search.as_str())));
                    Action::None
                }
            },
            Message::SearchTyped(typed) => {
                let search = self.search.get_or_insert_default();
                let before = search.text().to_owned();
                search.take(typed);
                if search.text() == before {
                    return Action::None;
                }
                Action::Tell(Intent::ReceiptSearched(search.text().to_owned()))
            }
            Message::RowTapped(number) => Action::Tell(Intent::ReceiptOpened(Some(number))),
            Message::RowMoved(direction) => {
                let Some(list) = list else { return Action::None };
                let open = list.open.as_ref().map(|(number, _)| *number);
                let at = list.rows.iter().position(|row| Some(row.receipt_number) == open);
                let next = at.map_or(0, |at| direction.moved(at, list.rows.len()));
                match list.rows.get(next) {
                    Some(row) => Action::Tell(Intent::ReceiptOpened(Some(row.receipt_number))),
                    None => Action::None,
                }
            }
            Message::CopyStruck => match list.and_then(|list| list.open.as_ref()) {
                Some((receipt_number, _)) => Action::Tell(Intent::ReceiptCopied { receipt_number: *receipt_number }),
                None => Action::None,
            },
            Message::GiftStruck => match list.and_then(|list| list.open.as_ref()) {
                Some((receipt_number, _)) => Action::Tell(Intent::GiftReceiptAsked { receipt_number: *receipt_number }),
                None => Action::None,
            },
            Message::DayBeforeStruck => {
                let shown = self.day_shown(snapshot, ui).unwrap_or_else(|| ui.zone.day(ui.now));
                self.show_day(shown.pred_opt(), ui)
            }
            Message::DayAfterStruck => self.show_day(self.day_after(snapshot, ui), ui),
            Message::Confirmed => {
                let first = list.and_then(|list| list.rows.first());
                match (self.search.take(), first) {
                    (Some(_), Some(row)) => Action::Tell(Intent::ReceiptOpened(Some(row.receipt_number))),
                    _ => Action::None,
                }
            }
            Message::Stepped => {
                if self.search.take().is_some() {
                    Action::Tell(Intent::ReceiptSearched(String::new()))
                } else if list.is_some_and(|list| list.open.is_some()) {
                    Action::Tell(Intent::ReceiptOpened(None))
                } else if list.is_some_and(|list| !list.search.is_empty()) {
                    Action::Tell(Intent::ReceiptSearched(String::new()))
                } else {
                    Action::Tell(Intent::ScreenShown(Screen::Sell))
                }
            }
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
        }
    }

    /// The day that is typed, or else the one whose receipts are shown.
    fn day_shown(&self, snapshot: &Snapshot, ui: &Ui<'_>) -> Option<NaiveDate> {
        match &self.search {
            Some(typed) => parse_day(typed.text().trim(), ui.zone.day(ui.now)),
            None => snapshot.receipts.as_deref()?.day,
        }
    }

    /// The day after it; nothing was sold after today.
    fn day_after(&self, snapshot: &Snapshot, ui: &Ui<'_>) -> Option<NaiveDate> {
        let after = self.day_shown(snapshot, ui)?.succ_opt()?;
        (after <= ui.zone.day(ui.now)).then_some(after)
    }

    /// Its receipts are looked for; what was being typed has ended.
    fn show_day(&mut self, day: Option<NaiveDate>, ui: &Ui<'_>) -> Action {
        let Some(day) = day else { return Action::None };
        self.search = None;
        Action::Tell(Intent::ReceiptSearched(ui.text.locale.written_day(day)))
    }

    /// The screen.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let list = snapshot.receipts.as_deref();
        let rows: &'a [ReceiptRow] = list.map_or(&[], |list| list.rows.as_slice());
        let open = list.and_then(|list| list.open.as_ref());
        let open_number = open.map(|(number, _)| *number);
        let search = search_box(
            &ui,
            Searched::of(self.search.as_ref(), list.map_or("", |list| list.search.as_str())),
            ui.text.search_receipts(),
            Key::Character('/'),
            Message::SearchToggled,
        );
        let body: Element<'a, Message> = if rows.is_empty() {
            container(ui.label(Type::Body, ui.text.receipts_none()).muted()).center(Length::Fill).into()
        } else {
            let readings = list.and_then(|list| list.readings);
            let headings = move |position| headings(&ui, readings, position, rows.len());
            let heights = (0..rows.len()).map(|position| height::ROW + HEADING * headings(position).len() as f32);
            VirtualList::new(heights.collect(), move |position| {
                let row = &rows[position];
                let is_open = Some(row.receipt_number) == open_number;
                let shown = list_row(receipt_row(&ui, row), is_open, Message::RowTapped(row.receipt_number));
                let above = headings(position).into_iter().map(|words| heading(&ui, words));
                Column::with_children(above).push(shown).into()
            })
            .follow(rows.iter().position(|row| Some(row.receipt_number) == open_number))
            .into()
        };
        let day_before = match list.and_then(|list| list.day) {
            Some(_) => ui.text.act_day_before(),
            None => ui.text.act_yesterday(),
        };
        let day_before = Act::new(DAY_BEFORE_KEY, day_before, Some(Message::DayBeforeStruck)).fill().view(&ui);
        let after = self.day_after(snapshot, &ui).map(|_| Message::DayAfterStruck);
        let day_after = Act::new(DAY_AFTER_KEY, ui.text.act_day_after(), after).fill().view(&ui);
        let left = column![
            container(search).padding(10),
            divider(),
            container(body).height(Length::Fill),
            divider(),
            container(row![day_before, day_after].spacing(10)).padding(gap::MEDIUM)
        ];
        let shown: Element<'a, Message> = match open {
            Some((_, document)) => {
                let paper = container(paper(&ui, document, PAPER_COLUMNS)).center_x(Length::Fill).padding(gap::MEDIUM);
                scrollable(paper).height(Length::Fill).width(Length::Fill).into()
            }
            None => container(ui.label(Type::Line, ui.text.receipts_hint()).muted()).center(Length::Fill).into(),
        };
        let mut right = column![shown];
        if let Some(notice) = notice::view(&ui, snapshot, Message::NoticeRead) {
            right = right.push(container(notice).padding(gap::MEDIUM));
        }
        let opened = open.filter(|_| self.search.is_none());
        let copy = Act::new(COPY_KEY, ui.text.act_print_copy(), opened.map(|_| Message::CopyStruck));
        let gift = Act::new(GIFT_KEY, ui.text.act_print_gift_receipt(), opened.map(|_| Message::GiftStruck));
        let acts = row![
            Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped)).fill().view(&ui),
            gift.fill().view(&ui),
            copy.icon(Icon::Printer).fill().view(&ui)
        ];
        right = right.push(divider()).push(container(acts.spacing(10)).padding(Padding::new(gap::MEDIUM)));
        side_by_side(card(left), 440, card(right), 792)
    }
}

/// What is typed says two things: both are found, those of the amount first, each under how many there are of them.
fn headings(ui: &Ui<'_>, readings: Option<TwoReadings>, position: usize, count: usize) -> Vec<String> {
    let Some(TwoReadings { amount, of_amount, day, of_day }) = readings else { return Vec::new() };
    // Those of the day that came to the amount as well stand only once.
    let first_of_day = if of_amount < count { of_amount } else { 0 };
    let of_amount = (position == 0).then(|| ui.text.receipts_as_amount(ui.money(amount), of_amount as i64));
    let of_day = (position == first_of_day).then(|| ui.text.receipts_as_day(ui.text.date(day), of_day as i64));
    of_amount.into_iter().chain(of_day).collect()
}

fn heading<'a>(ui: &Ui<'_>, words: String) -> Element<'a, Message> {
    let words = container(ui.label(Type::LabelStrong, words).fill()).padding([0.0, gap::CARD]).center_y(HEADING - 1.0);
    column![words, divider()].into()
}

fn receipt_row<'a>(ui: &Ui<'_>, receipt: &ReceiptRow) -> Element<'a, Message> {
    let facts = format!("{} · {}", ui.text.items(receipt.item_count), receipt.operator_name);
    column![
        row![
            ui.label(Type::BodyStrong, format!("{:05}", receipt.receipt_number)).fill().shorten(1),
            ui.label(Type::BodyStrong, ui.money(receipt.total)).shorten(1),
        ],
        row![
            ui.label(Type::Caption, facts).muted().fill().shorten(1),
            ui.label(Type::Caption, ui.moment(receipt.completed_at)).muted().shorten(1),
        ],
    ]
    .spacing(3)
    .into()
}

#[cfg(test)]
mod tests {
    use super::super::super::gallery;
    use super::super::super::tests::window;
    use super::super::super::window::Look;
    use super::*;

    /// A list that is narrowed can be widened, and what is looked for can be put right.
    #[test]
    fn esc_widens_what_was_looked_for() {
        let mut till = window(&gallery::find_exhibit("receipts-narrowed").unwrap(), Look::default());
        let mut strike = |key| till.strike(&Stroke::press(key)).intents;
        assert_eq!(strike(Key::Escape), [Intent::ReceiptSearched(String::new())]);
        assert_eq!(strike(Key::Character('/')), []);
        assert_eq!(strike(Key::Character('7')), [Intent::ReceiptSearched("7".to_owned())], "begun anew");
        assert_eq!(strike(Key::of('X')), [Intent::ReceiptSearched("7X".to_owned())]);
        assert_eq!(strike(Key::SelectAll), []);
        assert_eq!(strike(Key::Backspace), [Intent::ReceiptSearched(String::new())]);
    }

    /// One key shows yesterday, and each time after that a day earlier; whatever was being typed has ended.
    #[test]
    fn one_key_goes_back_a_day() {
        let looked_for = |day: &str| [Intent::ReceiptSearched(day.to_owned())];
        let mut till = window(&gallery::find_exhibit("receipts-narrowed").unwrap(), Look::default());
        till.strike(&Stroke::press(Key::Character('/')));
        assert_eq!(till.strike(&Stroke::press(DAY_BEFORE_KEY)).intents, looked_for("23/03/2026"));
        let mut till = window(&gallery::find_exhibit("receipts-of-a-day").unwrap(), Look::default());
        assert_eq!(till.strike(&Stroke::press(DAY_BEFORE_KEY)).intents, looked_for("22/03/2026"));
        // A day that is typed is the one it goes back from.
        for typed in ["5.3.2026", "5/3/26", "5.3"] {
            let mut till = window(&gallery::find_exhibit("receipts-narrowed").unwrap(), Look::default());
            till.strike(&Stroke::press(Key::Character('/')));
            typed.chars().for_each(|typed| {
                till.strike(&Stroke::press(Key::Character(typed)));
            });
            assert_eq!(till.strike(&Stroke::press(DAY_BEFORE_KEY)).intents, looked_for("04/03/2026"), "{typed}");
        }
    }

    /// Another goes forward a day, as far as today.
    #[test]
    fn one_key_goes_forward_a_day_up_to_today() {
        let looked_for = |day: &str| vec![Intent::ReceiptSearched(day.to_owned())];
        let mut till = window(&gallery::find_exhibit("receipts-of-a-day").unwrap(), Look::default());
        assert_eq!(till.strike(&Stroke::press(DAY_AFTER_KEY)).intents, looked_for("24/03/2026"));
        for (typed, expected) in [("5.3.2026", looked_for("06/03/2026")), ("24.3.2026", vec![]), ("7", vec![])] {
            let mut till = window(&gallery::find_exhibit("receipts-narrowed").unwrap(), Look::default());
            till.strike(&Stroke::press(Key::Character('/')));
            typed.chars().for_each(|typed| {
                till.strike(&Stroke::press(Key::Character(typed)));
            });
            assert_eq!(till.strike(&Stroke::press(DAY_AFTER_KEY)).intents, expected, "{typed}");
        }
        let mut till = window(&gallery::find_exhibit("receipts").unwrap(), Look::default());
        assert_eq!(till.strike(&Stroke::press(DAY_AFTER_KEY)).intents, [], "all of them are shown");
    }

    /// Between figures `/` makes a day of them; elsewhere it begins the search anew.
    #[test]
    fn a_day_is_typed_with_strokes() {
        let mut till = window(&gallery::find_exhibit("receipts").unwrap(), Look::default());
        let mut strike = |typed: &str| {
            let struck = typed.chars().map(|typed| till.strike(&Stroke::press(Key::Character(typed))).intents);
            struck.last().unwrap_or_default()
        };
        let looked_for = |text: &str| [Intent::ReceiptSearched(text.to_owned())];
        assert_eq!(strike("27/11/26"), looked_for("27/11/26"));
        assert_eq!(strike("X"), looked_for("27/11/26X"));
        assert_eq!(strike("/5"), looked_for("5"));
    }

    /// Enter opens the first receipt of what is typed, and none of the list before it.
    #[test]
    fn enter_waits_for_the_receipts_of_what_is_typed() {
        let mut till = window(&gallery::find_exhibit("receipts").unwrap(), Look::default());
        let keys = [Key::Character('4'), Key::Character('0'), Key::Enter];
        let struck: Vec<Intent> = keys.iter().flat_map(|key| till.strike(&Stroke::press(*key)).intents).collect();
        assert_eq!(struck, ["4", "40"].map(|text| Intent::ReceiptSearched(text.to_owned())));
        let mut shown = till.snapshot().clone();
        let mut list = (**shown.receipts.as_ref().unwrap()).clone();
        list.search = "40".to_owned();
        list.rows.remove(0);
        shown.receipts = Some(list.into());
        assert_eq!(till.show(shown.into()).intents, [Intent::ReceiptOpened(Some(40))]);
    }
}
