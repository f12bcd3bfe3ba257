//! Sign in: a face and a PIN. An open basket waits behind it. Here the till is closed, by two keys.

use iced::widget::{Column, Row, button, column, container, row, space};
use iced::{Alignment, Length, Padding};

use super::super::frame::{LOCK_KEY, on_bar};
use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, space as gap};
use super::super::style::{Press, Surface, Tone};
use super::super::theme::Ink;
use super::super::ui::{Room, Ui};
use super::super::widget::{
    Act, Element, Keyed, Pad, PinAsked, PinEntry, Reach, VirtualList, avatar, headline, key_cap, low_card_with_edge,
    strip, target,
};
use super::sell::Direction;
use super::{Action, Leave, notice, stopped};
use crate::domain::ids::OperatorId;
use crate::register::intent::Intent;
use crate::register::snapshot::{Access, OperatorView, SignInView, Snapshot};

/// What is said here is said across faces and pad.
const NOTICE_WIDTH: f32 = 900.0;
/// Faces in a row.
const FACES_PER_ROW: usize = 3;
/// How wide they are together, in logical pixels.
const FACES_WIDTH: f32 = FACES_PER_ROW as f32 * FACES_HEIGHT - 12.0;
/// How high a row of faces is with the gap below, in logical pixels.
const FACES_HEIGHT: f32 = 144.0;
/// How many rows are seen at a time; with more the faces scroll.
const ROWS_SEEN: usize = 4;
/// How many where a notice or an open basket takes the room of a row.
const ROWS_SEEN_BESIDE: usize = 3;
/// How high the strip about an open basket is, in logical pixels.
const STRIP_HEIGHT: f32 = 52.0;
/// How high a notice of one sentence is, in logical pixels.
const NOTICE_HEIGHT: f32 = 56.0;

/// Asks whether the till is to be closed: the key that locks it, struck once more.
const CLOSE_KEY: Key = Key::Function(LOCK_KEY);

/// What is being typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignIn {
    pin: PinEntry,
    /// It is asked whether the till is to be closed.
    closing: bool,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A face was tapped.
    FaceTapped(OperatorId),
    /// The face after the chosen one, or the one before.
    FaceMoved(Direction),
    /// The next face whose name begins with this letter.
    FaceNamed(char),
    /// A key of the PIN pad.
    Typed(Pad),
    /// The PIN is whole.
    Confirmed,
    /// Another face, please.
    Stepped,
    /// The notice was read.
    NoticeRead,
    /// The till is to be closed: that is asked first.
    CloseAsked,
    /// It is closed.
    Closed,
    /// It stays open.
    CloseLeft,
}

fn sign_in(snapshot: &Snapshot) -> Option<&SignInView> {
    match &snapshot.access {
        Access::SignIn(view) => Some(view),
        Access::NeedsSession(_) | Access::Open(_) | Access::Stopped(_) => None,
    }
}

fn asked(view: &SignInView) -> PinAsked<'_> {
    PinAsked { chosen: view.chosen.as_ref(), refused: view.refused, wait_until: view.wait_until }
}

/// The next of these behind the chosen one whose name begins with a letter.
pub fn next_named<'a>(
    people: &'a [OperatorView],
    chosen: Option<&OperatorId>,
    letter: char,
) -> Option<&'a OperatorView> {
    let at = people.iter().position(|person| Some(&person.id) == chosen).map_or(0, |at| at + 1);
    let begins =
        |person: &&OperatorView| person.name.chars().next().is_some_and(|first| Key::of(first) == Key::of(letter));
    people.iter().cycle().skip(at).take(people.len()).find(begins)
}

impl SignIn {
    /// Nothing typed.
    pub fn new() -> Self {
        Self::default()
    }

    /// With so many digits typed.
    pub fn typed(digits: &str) -> Self {
        Self { pin: PinEntry::typed(digits), ..Self::default() }
    }

    /// Asking whether the till is to be closed.
    pub fn closing() -> Self {
        Self { closing: true, ..Self::default() }
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, _snapshot: &Snapshot) -> Option<Message> {
        if self.closing {
            // Whoever struck F12 twice and types their PIN closes nothing by its Enter.
            return match stroke.key {
                stopped::CLOSE_KEY => Some(Message::Closed),
                Key::Escape => Some(Message::CloseLeft),
                _ => None,
            };
        }
        match stroke.key {
            CLOSE_KEY => Some(Message::CloseAsked),
            Key::Escape => Some(Message::Stepped),
            Key::Enter => Some(Message::Confirmed),
            Key::Tab => Some(Message::FaceMoved(Direction::Down)),
            key @ (Key::Up | Key::Down) => Direction::of_key(key).map(Message::FaceMoved),
            Key::Character(letter) if letter.is_alphabetic() => Some(Message::FaceNamed(letter)),
            key => PinEntry::pad_of(key).map(Message::Typed),
        }
    }

    /// Takes what happened.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, ui: &Ui<'_>) -> Action {
        let Some(view) = sign_in(snapshot) else { return Action::None };
        match message {
            Message::FaceTapped(operator) => {
                self.pin.clear();
                Action::Tell(Intent::OperatorChosen(Some(operator)))
            }
            Message::FaceMoved(direction) => {
                self.pin.clear();
                let people = &view.operators;
                let (at, count) = (people.iter().position(|o| Some(&o.id) == view.chosen.as_ref()), people.len());
                let next = match (at, direction) {
                    (None, _) => 0,
                    (Some(at), Direction::Down) => (at + 1) % count,
                    (Some(at), Direction::Up) => (at + count - 1) % count,
                };
                match people.get(next) {
                    Some(operator) => Action::Tell(Intent::OperatorChosen(Some(operator.id.clone()))),
                    None => Action::None,
                }
            }
            Message::FaceNamed(letter) => {
                let Some(next) = next_named(&view.operators, view.chosen.as_ref(), letter) else {
                    return Action::None;
                };
                self.pin.clear();
                Action::Tell(Intent::OperatorChosen(Some(next.id.clone())))
            }
            Message::Stepped => {
                self.pin.clear();
                Action::Tell(Intent::OperatorChosen(None))
            }
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
            Message::CloseAsked | Message::CloseLeft => {
                self.pin.clear();
                self.closing = message == Message::CloseAsked;
                Action::None
            }
            Message::Closed => Action::Leave(Leave::ForGood),
            Message::Typed(pad) => {
                self.pin.strike(pad, asked(view));
                Action::None
            }
            Message::Confirmed => match self.pin.take(asked(view), ui.now) {
                Some(pin) => Action::Tell(Intent::PinEntered(pin)),
                None => Action::None,
            },
        }
    }

    /// The screen.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let Some(view) = sign_in(snapshot) else { return column![].into() };
        if self.closing {
            return closing(&ui, snapshot, view);
        }
        let title = headline(&ui, ui.text.sign_in_title());
        let next = next_person(&ui, FACES_WIDTH - title.width_of_words() - gap::MEDIUM);
        let title = container(Keyed::new(title, next, gap::MEDIUM).fill()).width(FACES_WIDTH);
        let mut faces = column![title].spacing(gap::MEDIUM);
        let people: Vec<&[OperatorView]> = view.operators.chunks(FACES_PER_ROW).collect();
        let notice = notice::view(&ui, snapshot, Message::NoticeRead);
        let rows_seen = if notice.is_some() || view.basket_waiting { ROWS_SEEN_BESIDE } else { ROWS_SEEN };
        // With faces for no more, what comes to be said has its place already: faces and pad stay where they are.
        let has_room = people.len() <= ROWS_SEEN_BESIDE;
        faces = faces.push(all_faces(ui, people, rows_seen, view.chosen.as_ref()));
        let count = view.operators.len();
        let others = if count > FACES_PER_ROW * rows_seen {
            ui.text.sign_in_badge_of(count as i64)
        } else {
            ui.text.sign_in_badge()
        };
        faces = faces.push(ui.label(Type::Body, others).muted());
        if view.basket_waiting {
            let words = match &view.basket_of {
                Some(name) => ui.text.sign_in_basket_of(name.as_str()),
                None => ui.text.sign_in_basket_waiting(),
            };
            let waits = strip(&ui, Tone::Mind, Icon::ShoppingBasket, words);
            faces = faces.push(container(waits).width(FACES_WIDTH).height(STRIP_HEIGHT));
        } else if has_room {
            faces = faces.push(space::vertical().height(STRIP_HEIGHT));
        }
        let chosen = view.operators.iter().find(|person| view.chosen.as_ref() == Some(&person.id));
        let title = match chosen {
            Some(person) => ui.text.sign_in_pin_of(person.name.as_str()),
            None => ui.text.sign_in_choose(),
        };
        let cancel = Act::new(Key::Escape, ui.text.act_cancel(), Some(Message::Stepped));
        let enter = (ui.text.act_sign_in(), Message::Confirmed);
        let pin = column![
            headline(&ui, title).centred(),
            column![
                container(self.pin.figures()).padding(Padding { top: gap::SMALL, ..Padding::ZERO }),
                self.pin.told(&ui, asked(view), String::new(), 44.0),
            ]
            .align_x(Alignment::Center),
            self.pin.pad(&ui, asked(view), cancel, enter, Message::Typed),
        ]
        .spacing(gap::MEDIUM)
        .align_x(Alignment::Center);
        let between = if ui.room() == Room::Wide { 56.0 } else { gap::LARGE };
        // One block: both headings stand in one line.
        let content = column![row![faces, pin].spacing(between)].spacing(gap::MEDIUM).align_x(Alignment::Center);
        let content = match notice {
            Some(notice) => content.push(container(notice).width(NOTICE_WIDTH)),
            None if has_room => content.push(space::vertical().height(NOTICE_HEIGHT)),
            None => content,
        };
        container(content).center(Length::Fill).into()
    }
}

/// Shall the till be closed? What becomes of what is open is said before.
fn closing<'a>(ui: &Ui<'_>, snapshot: &Snapshot, view: &SignInView) -> Element<'a, Message> {
    let text = ui.text;
    let mut told = vec![text.close_till_kept()];
    told.extend(view.basket_waiting.then(|| text.close_till_basket()));
    told.extend(snapshot.session.is_some().then(|| text.close_till_session()));
    let unsent = snapshot.sync.unsent;
    told.extend((unsent > 0).then(|| text.close_till_unsent(unsent as i64)));
    let told = told.into_iter().map(|words| ui.label(Type::Line, words).fill().into());
    let back = Act::new(Key::Escape, text.act_back(), Some(Message::CloseLeft)).portion(2);
    let close = Act::new(stopped::CLOSE_KEY, text.act_close_till(), Some(Message::Closed)).icon(Icon::Power).portion(3);
    let card = low_card_with_edge(
        Tone::Mind,
        column![
            headline(ui, text.close_till_title()).fill(),
            Column::with_children(told).spacing(gap::MEDIUM),
            row![back.view(ui), close.view(ui)].spacing(10),
        ]
        .spacing(gap::LARGE),
    );
    let content = column![container(card).width(stopped::WIDTH)].spacing(gap::MEDIUM);
    let notice = notice::view(ui, snapshot, Message::NoticeRead);
    let content = content.extend(notice.map(|notice| container(notice).width(stopped::WIDTH).into()));
    container(content).center(Length::Fill).into()
}

/// The way to that question, for the bar at the top.
pub fn close_act<'a>(ui: &Ui<'_>) -> Element<'a, Message> {
    let words = row![
        ui.icon(Type::Body, Icon::Power).ink(Ink::Bar),
        ui.label(Type::Body, ui.text.act_close_till()).ink(Ink::Bar).shorten(1),
    ]
    .spacing(gap::SMALL)
    .align_y(Alignment::Center);
    on_bar(Keyed::new(words, key_cap(ui, CLOSE_KEY, Surface::KeyCapOnBar), gap::SMALL), CLOSE_KEY, Message::CloseAsked)
}

/// The key that chooses the next person, and as much of its words as so much room beside a title has.
pub fn next_person<'a, Message: 'a>(ui: &Ui<'_>, room: f32) -> Element<'a, Message> {
    let cap = ui.label(Type::KeyCap, Key::Tab.cap()).width_of_words() + gap::MEDIUM;
    let words = [ui.text.next_person(), ui.text.next_person_brief()].map(|words| ui.label(Type::Caption, words));
    let word = words.into_iter().find(|word| word.width_of_words() + gap::SMALL + cap <= room);
    let content = row![].extend(word.map(|word| word.muted().shorten(1).into()));
    content.push(key_cap(ui, Key::Tab, Surface::KeyCap)).spacing(gap::SMALL).align_y(Alignment::Center).into()
}

/// The faces, three in a row. With more than there is room for they scroll, and the chosen one is in view.
fn all_faces<'a>(
    ui: Ui<'a>,
    rows: Vec<&'a [OperatorView]>,
    rows_seen: usize,
    chosen: Option<&'a OperatorId>,
) -> Element<'a, Message> {
    let is_chosen = move |person: &OperatorView| chosen == Some(&person.id);
    let in_a_row = move |people: &'a [OperatorView]| -> Element<'a, Message> {
        Row::with_children(people.iter().map(|person| face(&ui, person, is_chosen(person)))).spacing(12).into()
    };
    if rows.len() <= rows_seen {
        return Column::with_children(rows.into_iter().map(in_a_row)).spacing(12).into();
    }
    let followed = rows.iter().position(|people| people.iter().any(is_chosen));
    let list = VirtualList::uniform(rows.len(), FACES_HEIGHT, move |row| in_a_row(rows[row])).follow(followed);
    container(list).width(FACES_WIDTH).height(FACES_HEIGHT * rows_seen as f32 - 12.0).into()
}

fn face<'a>(ui: &Ui<'_>, person: &OperatorView, chosen: bool) -> Element<'a, Message> {
    let tone = if chosen { Tone::Done } else { Tone::Web };
    let content =
        column![avatar(ui, &person.name, tone, 52.0), ui.label(Type::Key, person.name.as_str()).centred().shorten(1)]
            .spacing(12)
            .align_x(Alignment::Center);
    let class = if chosen { Press::FaceChosen } else { Press::Face };
    let pressed = button(container(content).center(Length::Fill))
        .class(class)
        .padding(gap::SMALL)
        .width(132)
        .height(132)
        .on_press(Message::FaceTapped(person.id.clone()));
    target(Reach::Tab, pressed)
}

#[cfg(test)]
mod tests;
