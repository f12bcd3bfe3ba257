//! The till did not start: what is wrong and what can be done about it, in plain words, and the way to try again.

use iced::widget::{column, container, row};
use iced::{Alignment, Length};

use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, space as gap};
use super::super::style::Tone;
use super::super::ui::Ui;
use super::super::widget::{Act, Element, headline, low_card_with_edge};
use super::{Action, Leave};
use crate::register::snapshot::{Access, Snapshot, StartTrouble, StartTroubleKind};

/// Closes the window.
pub const CLOSE_KEY: Key = Key::Character('X');
/// How wide the card is, in logical pixels.
pub const WIDTH: f32 = 720.0;

/// Nothing is typed here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stopped;

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// Enter: it is to start once more.
    TriedAgain,
    /// The window closes. Esc is not its key: it steps back, and there is nothing behind this.
    Closed,
}

impl Stopped {
    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, _snapshot: &Snapshot) -> Option<Message> {
        match stroke.key {
            Key::Enter => Some(Message::TriedAgain),
            CLOSE_KEY => Some(Message::Closed),
            _ => None,
        }
    }

    /// Takes what happened.
    pub fn update(&mut self, message: Message, _snapshot: &Snapshot, _ui: &Ui<'_>) -> Action {
        Action::Leave(match message {
            Message::TriedAgain => Leave::ToTryAgain,
            Message::Closed => Leave::ForGood,
        })
    }

    /// The screen.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let Access::Stopped(trouble) = &snapshot.access else { return column![].into() };
        let (what, cure) = words(&ui, trouble);
        let content = column![
            row![
                ui.icon(Type::Headline, Icon::OctagonAlert).ink(Tone::Stop.ink()),
                headline(&ui, what).ink(Tone::Stop.ink()).fill().shorten(3),
            ]
            .spacing(gap::MEDIUM)
            .align_y(Alignment::Center),
            ui.label(Type::Line, cure).fill(),
            ui.label(Type::Line, ui.text.stopped_nothing_lost()).fill(),
            ui.label(Type::Label, ui.text.stopped_file(trouble.file.as_str())).muted().fill().shorten(2),
            row![
                Act::new(CLOSE_KEY, ui.text.act_close_window(), Some(Message::Closed)).portion(2).view(&ui),
                Act::new(Key::Enter, ui.text.act_try_again(), Some(Message::TriedAgain)).primary().portion(3).view(&ui),
            ]
            .spacing(10),
        ]
        .spacing(gap::LARGE);
        let card = container(low_card_with_edge(Tone::Stop, content)).width(WIDTH);
        container(card).center(Length::Fill).into()
    }
}

/// What is wrong, and its cure.
fn words(ui: &Ui<'_>, trouble: &StartTrouble) -> (String, String) {
    let text = ui.text;
    match &trouble.kind {
        StartTroubleKind::ReadOnly => (text.stopped_read_only(), text.stopped_read_only_cure()),
        StartTroubleKind::Full => (text.stopped_full(), text.stopped_full_cure()),
        StartTroubleKind::Busy => (text.stopped_busy(), text.stopped_busy_cure()),
        StartTroubleKind::Newer => (text.stopped_newer(), text.stopped_newer_cure()),
        StartTroubleKind::Foreign => (text.stopped_foreign(), text.stopped_foreign_cure()),
        StartTroubleKind::Settings { told } => {
            (text.stopped_settings(), text.stopped_settings_cure(told.replace('`', "'")))
        }
        StartTroubleKind::Other { told } => (text.stopped_other(), told.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::gallery;
    use super::super::super::tests::window;
    use super::super::super::window::Look;
    use super::*;

    #[test]
    fn a_till_that_did_not_start_can_try_again_and_nothing_else() {
        let mut till = window(&gallery::find_exhibit("stopped-read-only").unwrap(), Look::default());
        for key in [Key::Function(1), Key::Function(12), Key::Character('1'), Key::Backspace, Key::Escape] {
            assert_eq!(till.strike(&Stroke::press(key)), Default::default(), "{key:?}");
        }
        assert_eq!(till.strike(&Stroke::press(Key::Enter)).leave, Some(Leave::ToTryAgain));
        assert_eq!(till.strike(&Stroke::press(CLOSE_KEY)).leave, Some(Leave::ForGood));
    }
}
