//! Sign in: a face and a PIN. An open basket waits behind it.

use iced::widget::{Column, Row, button, column, container, row};
use iced::{Alignment, Length, Padding};

use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, space as gap};
use super::super::style::{Press, Surface, Tone};
use super::super::ui::{Room, Ui};
use super::super::widget::{Act, Element, Pad, PinAsked, PinEntry, Reach, avatar, headline, key_cap, strip, target};
use super::{Action, notice};
use crate::domain::ids::OperatorId;
use crate::register::intent::Intent;
use crate::register::snapshot::{Access, OperatorView, SignInView, Snapshot};

/// What is said here is said across faces and pad.
const NOTICE_WIDTH: f32 = 900.0;
/// Faces in a row.
const FACES_PER_ROW: usize = 3;
/// Faces shown; a store with more people signs in by badge.
const FACES_MAX: usize = 12;

/// What is being typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignIn {
    pin: PinEntry,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A face was tapped.
    FaceTapped(OperatorId),
    /// The face after the chosen one.
    NextFace,
    /// A key of the PIN pad.
    Typed(Pad),
    /// The PIN is whole.
    Confirmed,
    /// Another face, please.
    Stepped,
    /// The notice was read.
    NoticeRead,
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

impl SignIn {
    /// Nothing typed.
    pub fn new() -> Self {
        Self::default()
    }

    /// With so many digits typed.
    pub fn typed(digits: &str) -> Self {
        Self { pin: PinEntry::typed(digits) }
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, _snapshot: &Snapshot) -> Option<Message> {
        match stroke.key {
            Key::Escape => Some(Message::Stepped),
            Key::Enter => Some(Message::Confirmed),
            Key::Tab => Some(Message::NextFace),
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
            Message::NextFace => {
                self.pin.clear();
                // A PIN is never asked of somebody whose face is not to be seen.
                let people = &view.operators[..view.operators.len().min(FACES_MAX)];
                let chosen = people.iter().position(|o| Some(&o.id) == view.chosen.as_ref());
                let next = chosen.map_or(0, |position| (position + 1) % people.len().max(1));
                match people.get(next) {
                    Some(operator) => Action::Tell(Intent::OperatorChosen(Some(operator.id.clone()))),
                    None => Action::None,
                }
            }
            Message::Stepped => {
                self.pin.clear();
                Action::Tell(Intent::OperatorChosen(None))
            }
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
            Message::Typed(pad) => {
                self.pin.strike(pad, asked(view), ui.now);
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
        let tab = key_cap(&ui, Key::Tab, Surface::KeyCap);
        let title = row![headline(&ui, ui.text.sign_in_title()), tab].spacing(gap::MEDIUM).align_y(Alignment::Center);
        let mut faces = column![title].spacing(gap::MEDIUM);
        let people: Vec<&OperatorView> = view.operators.iter().take(FACES_MAX).collect();
        let rows = people.chunks(FACES_PER_ROW).map(|people| {
            let cells = people.iter().map(|person| face(&ui, person, view.chosen.as_ref() == Some(&person.id)));
            Row::with_children(cells).spacing(12).into()
        });
        faces = faces.push(Column::with_children(rows).spacing(12));
        faces = faces.push(ui.label(Type::Body, ui.text.sign_in_badge()).muted());
        if view.basket_waiting {
            let words = ui.text.sign_in_basket_waiting();
            faces = faces.push(container(strip(&ui, Tone::Mind, Icon::ShoppingBasket, words)).width(420).height(52));
        }
        let chosen = people.iter().find(|person| view.chosen.as_ref() == Some(&person.id));
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
                self.pin.told(&ui, asked(view), 44.0),
            ]
            .align_x(Alignment::Center),
            self.pin.pad(&ui, asked(view), cancel, enter, Message::Typed),
        ]
        .spacing(gap::MEDIUM)
        .align_x(Alignment::Center);
        let between = if ui.room() == Room::Wide { 56.0 } else { gap::LARGE };
        let mut content = column![row![faces, pin].spacing(between).align_y(Alignment::Center)]
            .spacing(gap::MEDIUM)
            .align_x(Alignment::Center);
        if let Some(notice) = notice::view(&ui, snapshot, Message::NoticeRead) {
            content = content.push(container(notice).width(NOTICE_WIDTH));
        }
        container(content).center(Length::Fill).into()
    }
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
