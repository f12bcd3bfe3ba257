//! The blind count of a drawer: how many of each note and coin, and the list they are counted in.

use iced::widget::{Column, Row, button, column, container, row};
use iced::{Alignment, Length, Padding};

use super::Message;
use crate::domain::money::{Currency, Money};
use crate::domain::session::Session;
use crate::domain::tender::{CashRounding, counted_in_drawer};
use crate::gui::measure::{Type, height, space as gap};
use crate::gui::style::{Press, Surface};
use crate::gui::theme::Ink;
use crate::gui::ui::{Room, Ui};
use crate::gui::widget::{Element, Label, Reach, divider, headline, target};

/// How high a row is that is not counted any more, in logical pixels: nobody presses it.
const ASLEEP: f32 = 34.0;

/// The blind count: how many of each note and coin.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// Worth and number, largest first; `None` for what nobody has counted yet.
    pub(super) rows: Vec<(Money, Option<u32>)>,
    pub(super) at: usize,
}

impl Count {
    pub(super) fn new(session: &Session, rounding: CashRounding) -> Self {
        Self { rows: counted_in_drawer(rounding, session).into_iter().map(|worth| (worth, None)).collect(), at: 0 }
    }

    pub(super) fn currency(&self) -> Currency {
        self.rows.first().map_or(Currency::EUR, |(worth, _)| worth.currency())
    }

    /// What was counted, in all.
    pub(super) fn total(&self, currency: Currency) -> Money {
        let minor = self.rows.iter().map(|(worth, number)| worth.minor() * i64::from(number.unwrap_or(0))).sum();
        Money::new(minor, currency)
    }

    /// How many kinds of notes and coins nobody has counted.
    pub(super) fn left(&self) -> usize {
        self.rows.iter().filter(|(_, number)| number.is_none()).count()
    }

    /// Has anything been counted? An empty drawer is counted by typing a nought.
    pub(super) fn has_begun(&self) -> bool {
        self.rows.iter().any(|(_, number)| number.is_some())
    }
}

/// The count in place of the session: what the drawer should hold is not to be seen by whoever counts it. Its rows are
/// `awake` while they are counted; in a small window its title makes way for a notice.
pub(super) fn count_list<'a>(count: &Count, ui: &Ui<'_>, awake: bool, noticed: bool) -> Element<'a, Message> {
    let half = count.rows.len().div_ceil(2);
    let columns = count.rows.chunks(half).enumerate().map(|(column, rows)| {
        let rows = rows.iter().enumerate().map(|(row, (worth, number))| {
            let position = column * half + row;
            let row = count_row(ui, *worth, *number, awake && position == count.at, awake);
            if !awake {
                return row;
            }
            let pressed = button(row)
                .class(Press::Bare)
                .padding(0)
                .width(Length::Fill)
                .height(height::TARGET_MIN)
                .on_press(Message::CountTapped(position));
            target(Reach::UpDown, pressed)
        });
        Column::with_children(rows).spacing(2).width(Length::Fill).into()
    });
    let total = row![
        ui.label(Type::BodyStrong, ui.text.counted()).fill(),
        ui.label(Type::Headline, ui.money(count.total(count.currency()))),
    ]
    .align_y(Alignment::Center);
    let left = count.left();
    let left = if left > 0 && count.has_begun() { ui.text.count_left(left as i64) } else { String::new() };
    let mut list = column![];
    if has_title(ui, noticed) {
        list = list.push(title(headline(ui, ui.text.count_title())));
    }
    list.push(
        container(
            column![
                Row::with_children(columns).spacing(gap::MEDIUM),
                total,
                ui.label(Type::Label, left).ink(Ink::Mind).fill().shorten(2),
            ]
            .spacing(gap::SMALL),
        )
        .padding([gap::MEDIUM, gap::CARD]),
    )
    .into()
}

/// Do the halves of the count have titles? In a small window they make way for a notice.
pub(super) fn has_title(ui: &Ui<'_>, noticed: bool) -> bool {
    !noticed || ui.room() != Room::Narrow
}

/// A title above a half of the count.
pub(super) fn title<'a>(words: Label) -> Element<'a, Message> {
    column![container(words.shorten(1)).padding(gap::CARD), divider()].into()
}

fn count_row<'a>(ui: &Ui<'_>, worth: Money, number: Option<u32>, marked: bool, awake: bool) -> Element<'a, Message> {
    let number = number.map_or_else(|| "–".to_owned(), |number| number.to_string());
    container(
        row![
            ui.label(Type::Label, ui.amount(worth)).muted().width(70.0).right(),
            ui.label(Type::Label, "×").muted(),
            ui.label(Type::LabelStrong, number).fill().right(),
        ]
        .spacing(gap::SMALL)
        .align_y(Alignment::Center),
    )
    .class(if marked { Surface::ChosenCard } else { Surface::Clear })
    .padding(Padding { top: 0.0, bottom: 0.0, left: gap::SMALL, right: gap::SMALL })
    .width(Length::Fill)
    .center_y(if awake { height::TARGET_MIN } else { ASLEEP })
    .into()
}
