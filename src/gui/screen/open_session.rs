//! Open a session: what is in the drawer to begin with. It stands where money would be taken; the other screens go on
//! without a session.

use iced::widget::{column, container, row};
use iced::{Alignment, Length};

use super::super::entry::Entry;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, height, space as gap};
use super::super::style::Surface;
use super::super::ui::Ui;
use super::super::widget::{Act, Element, Pad, PadCell, headline, number_pad};
use super::{Action, notice};
use crate::domain::money::Money;
use crate::register::intent::{EntryFault, Intent};
use crate::register::snapshot::Snapshot;

/// What is being typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OpenSession {
    entry: Entry,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A key of the pad.
    Typed(Pad),
    /// The float is right.
    Confirmed,
    /// Esc: what was typed goes, then the operator.
    Stepped,
    /// The notice was read.
    NoticeRead,
}

impl OpenSession {
    /// Nothing typed.
    pub fn new() -> Self {
        Self::default()
    }

    /// With this typed.
    pub fn typed(digits: &str) -> Self {
        let mut entry = Entry::default();
        entry.push(digits);
        Self { entry }
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, _snapshot: &Snapshot) -> Option<Message> {
        match stroke.key {
            Key::Enter => Some(Message::Confirmed),
            Key::Escape => Some(Message::Stepped),
            key => Pad::of_key(key).map(Message::Typed),
        }
    }

    /// Takes what happened.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, _ui: &Ui<'_>) -> Action {
        match message {
            Message::Typed(pad) => {
                pad.type_into(&mut self.entry);
                Action::None
            }
            Message::Confirmed => match self.entry.amount(snapshot.till.currency) {
                Some(float) => Action::Tell(Intent::SessionOpened { float }),
                None if self.entry.is_empty() => Action::None,
                None => Action::Tell(Intent::EntryRefused(EntryFault::Amount)),
            },
            Message::Stepped if !self.entry.is_empty() => {
                self.entry.clear();
                Action::None
            }
            Message::Stepped => Action::Tell(Intent::SignedOut),
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
        }
    }

    /// The screen.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let float = self.entry.amount(snapshot.till.currency);
        let shown = float.unwrap_or(Money::zero(snapshot.till.currency));
        let figure = ui.label(Type::Total, ui.money(shown)).fill().right().shorten(1);
        let figure = if float.is_none() { figure.muted() } else { figure };
        let day = ui.text.open_session_day(ui.text.date(snapshot.till.business_day));
        let typed = (!self.entry.is_empty()).then_some(Message::Confirmed);
        let confirm = Act::new(Key::Enter, ui.text.act_open_session(), typed);
        let back = Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped));
        let mut content = column![
            headline(&ui, ui.text.open_session_title()),
            column![
                ui.label(Type::Body, day).muted().fill().shorten(1),
                ui.label(Type::Body, ui.text.open_session_without()).muted().fill().shorten(1),
            ]
            .spacing(4),
            container(figure).class(Surface::Focused).padding(gap::MEDIUM).width(Length::Fill),
        ]
        .spacing(gap::MEDIUM);
        if let Some(notice) = notice::view(&ui, snapshot, Message::NoticeRead) {
            content = content.push(notice);
        }
        let pad =
            number_pad(&ui, vec![[PadCell::Back, PadCell::Empty, PadCell::Empty, PadCell::Act(back)]], Message::Typed);
        let content =
            content.push(pad).push(confirm.primary().fill().height(height::ACT).view(&ui)).align_x(Alignment::Start);
        container(row![container(content).width(520)]).center(Length::Fill).into()
    }
}
