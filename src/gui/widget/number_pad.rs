//! The number pad and the PIN pad. A pressed key and a struck one say the same thing.

use iced::Length;
use iced::widget::{Column, Row, button, container, row};

use super::super::icon::Icon;
use super::super::keys::Key;
use super::super::measure::{Type, space as gap};
use super::super::style::Press;
use super::super::ui::{Room, Ui};
use super::{Act, Element, Reach, target};

/// What a key of the pad types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pad {
    /// A digit.
    Digit(char),
    /// Two zeros.
    DoubleZero,
    /// The decimal sign.
    Point,
    /// Takes the last one back.
    Back,
}

impl Pad {
    /// What a key types into a number; `None` for keys that are no part of one.
    pub fn of_key(key: Key) -> Option<Self> {
        match key {
            Key::Character(c) if c.is_ascii_digit() => Some(Self::Digit(c)),
            Key::Character('.' | ',') => Some(Self::Point),
            Key::Backspace => Some(Self::Back),
            _ => None,
        }
    }

    /// Types it into an entry.
    pub fn type_into(self, entry: &mut super::super::entry::Entry) {
        match self {
            Self::Digit(digit) => entry.push(digit.encode_utf8(&mut [0; 4])),
            Self::DoubleZero => entry.push("00"),
            Self::Point => entry.push("."),
            Self::Back => entry.pop(),
        }
    }
}

fn pad_key<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    pad: Pad,
    role: Type,
    key_height: f32,
    typed: &impl Fn(Pad) -> Message,
) -> Element<'a, Message> {
    let (words, class, reach) = match pad {
        Pad::Digit(digit) => (ui.label(role, digit), Press::Secondary, Key::Character(digit).into()),
        Pad::DoubleZero => (ui.label(role, "00"), Press::Secondary, Reach::Twice),
        Pad::Point => (ui.label(role, ui.text.locale.decimal), Press::Secondary, Key::Character('.').into()),
        Pad::Back => (ui.icon(Type::Key, Icon::Delete), Press::Function, Key::Backspace.into()),
    };
    let pressed = button(container(words).center(Length::Fill))
        .class(class)
        .padding(0)
        .width(Length::Fill)
        .height(key_height)
        .on_press(typed(pad));
    target(reach, pressed)
}

/// What stands in a place of the pad's function columns.
#[derive(Clone, Debug)]
pub enum PadCell<Message> {
    /// An act.
    Act(Act<Message>),
    /// Takes the last digit back.
    Back,
    /// Nothing.
    Empty,
}

/// How wide a key is, in logical pixels: the pad stands in the half beside the basket, alone or on a card.
fn key_width(ui: &Ui<'_>, function_columns: usize) -> f32 {
    let on_card = if function_columns < 2 { 2.0 * (gap::CARD + 2.0) } else { 0.0 };
    let count = 3.0 + function_columns as f32;
    (ui.width_beside_basket() - on_card - gap::SMALL * (count - 1.0)) / count
}

/// Digits at the left, columns of four function keys at the right: all of these have their caps beside their words, or, where one
/// of them has no room for that, below them.
pub fn number_pad<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    columns: Vec<[PadCell<Message>; 4]>,
    typed: impl Fn(Pad) -> Message,
) -> Element<'a, Message> {
    pad(ui, Some(Pad::Point), columns, &typed)
}

/// The same for what is counted in pieces: without a decimal sign, which would do nothing.
pub fn whole_number_pad<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    columns: Vec<[PadCell<Message>; 4]>,
    typed: impl Fn(Pad) -> Message,
) -> Element<'a, Message> {
    pad(ui, None, columns, &typed)
}

fn pad<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    point: Option<Pad>,
    columns: Vec<[PadCell<Message>; 4]>,
    typed: &impl Fn(Pad) -> Message,
) -> Element<'a, Message> {
    let empty = || container(row![]).width(Length::Fill).into();
    let digits = [
        [Pad::Digit('7'), Pad::Digit('8'), Pad::Digit('9')].map(Some),
        [Pad::Digit('4'), Pad::Digit('5'), Pad::Digit('6')].map(Some),
        [Pad::Digit('1'), Pad::Digit('2'), Pad::Digit('3')].map(Some),
        [Some(Pad::Digit('0')), Some(Pad::DoubleZero), point],
    ];
    let key = |pad| pad_key(ui, pad, Type::Figure, ui.key_height(), typed);
    let mut rows: Vec<Vec<Element<'a, Message>>> =
        digits.into_iter().map(|row| row.into_iter().map(|pad| pad.map_or_else(empty, key)).collect()).collect();
    let width = key_width(ui, columns.len());
    let is_beside = |cell: &PadCell<Message>| match cell {
        PadCell::Act(act) => act.pad_width(ui) <= width,
        PadCell::Back | PadCell::Empty => true,
    };
    let beside = ui.room() == Room::Wide && columns.iter().flatten().all(is_beside);
    for column in columns {
        for (row, cell) in rows.iter_mut().zip(column) {
            row.push(match cell {
                PadCell::Act(act) => {
                    let act = act.function().fill().height(ui.key_height());
                    if beside { act.view_in_pad(ui, width) } else { act.view_narrow(ui) }
                }
                PadCell::Back => key(Pad::Back),
                PadCell::Empty => empty(),
            });
        }
    }
    let rows = rows.into_iter().map(|cells| Row::with_children(cells).spacing(gap::SMALL).into());
    Column::with_children(rows).spacing(gap::SMALL).into()
}

/// Large digits for a PIN, with a way back and one on.
pub(super) fn pin_pad<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    cancel: Act<Message>,
    enter: Act<Message>,
    typed: impl Fn(Pad) -> Message,
) -> Element<'a, Message> {
    let key = |digit| pad_key(ui, Pad::Digit(digit), Type::Figure, ui.pin_key_height(), &typed);
    let line = |digits: [char; 3]| row![key(digits[0]), key(digits[1]), key(digits[2])].spacing(10);
    let back = pad_key(ui, Pad::Back, Type::Figure, ui.pin_key_height(), &typed);
    iced::widget::column![
        line(['7', '8', '9']),
        line(['4', '5', '6']),
        line(['1', '2', '3']),
        row![cancel.function().height(ui.pin_key_height()).view_narrow(ui), key('0'), back].spacing(10),
        enter.primary().fill().height(ui.pin_key_height()).view(ui),
    ]
    .spacing(10)
    .width(296)
    .into()
}
