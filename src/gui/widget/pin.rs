//! A PIN being typed: digits that nobody sees, what went wrong with the last one, and the wait after several. Whoever signs
//! in and whoever agrees to an act type it the same way.

use iced::widget::container;

use super::super::keys::Key;
use super::super::measure::Type;
use super::super::theme::Ink;
use super::super::ui::Ui;
use super::number_pad::pin_pad;
use super::piece::pin_figures;
use super::{Act, Element, Pad};
use crate::domain::Timestamp;
use crate::domain::ids::OperatorId;
use crate::register::intent::Pin;

/// The fewest digits a PIN has.
const DIGITS_MIN: usize = 4;
/// The most digits a PIN has. How many a person's has only that person knows: Enter sends it.
const DIGITS_MAX: usize = 10;
/// As wide as the pad below it.
const TOLD_WIDTH: f32 = 296.0;

/// What was typed so far. Its text reaches no log.
#[derive(Clone, Default, PartialEq)]
pub struct PinEntry {
    digits: String,
    /// Digits came before anybody was chosen.
    nameless: bool,
    /// The last one was to be sent while none was taken: it was not tried.
    too_early: bool,
}

impl std::fmt::Debug for PinEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PinEntry({} digits)", self.digits.len())
    }
}

/// Whose PIN it is, as the register has it.
#[derive(Clone, Copy, Debug)]
pub struct PinAsked<'a> {
    /// Whose; nobody has been chosen yet when it is `None`.
    pub chosen: Option<&'a OperatorId>,
    /// The last one was wrong.
    pub refused: bool,
    /// None is taken before this.
    pub wait_until: Option<Timestamp>,
}

impl PinAsked<'_> {
    /// The seconds somebody must still wait, the one that has begun among them.
    fn seconds_left(&self, now: Timestamp) -> Option<i64> {
        let until = self.wait_until.filter(|until| *until > now)?;
        Some((until - now).num_milliseconds().div_euclid(1000) + 1)
    }

    fn is_taken(&self, now: Timestamp) -> bool {
        self.chosen.is_some() && self.seconds_left(now).is_none()
    }
}

impl PinEntry {
    /// With these digits typed.
    pub fn typed(digits: &str) -> Self {
        Self { digits: digits.to_owned(), ..Self::default() }
    }

    /// What a key types into a PIN; `None` for keys that are no part of one.
    pub fn pad_of(key: Key) -> Option<Pad> {
        Pad::of_key(key).filter(|pad| matches!(pad, Pad::Digit(_) | Pad::Back))
    }

    /// Nothing is typed any more.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// A key of the pad. Digits are taken during the wait too: half a PIN would be a wrong one.
    pub fn strike(&mut self, pad: Pad, asked: PinAsked<'_>) {
        match pad {
            Pad::Back => {
                self.digits.pop();
            }
            Pad::Digit(digit) if asked.chosen.is_some() && self.digits.len() < DIGITS_MAX => {
                self.digits.push(digit);
                self.too_early = false;
            }
            Pad::Digit(_) if asked.chosen.is_none() => self.nameless = true,
            Pad::Digit(_) | Pad::DoubleZero | Pad::Point => {}
        }
    }

    /// Could it be a whole PIN, and is one taken now?
    pub fn is_whole(&self, asked: PinAsked<'_>, now: Timestamp) -> bool {
        asked.is_taken(now) && self.digits.len() >= DIGITS_MIN
    }

    /// The whole PIN, to be sent once; `None` when it is none yet, or none is taken now. One that comes too early is gone as one
    /// that is sent is: it is typed again.
    pub fn take(&mut self, asked: PinAsked<'_>, now: Timestamp) -> Option<Pin> {
        if asked.seconds_left(now).is_some() {
            self.too_early |= self.digits.len() >= DIGITS_MIN;
            self.digits.clear();
            return None;
        }
        self.is_whole(asked, now).then(|| Pin(std::mem::take(&mut self.digits)))
    }

    /// As many marks as digits.
    pub fn figures<'a, Message: 'a>(&self) -> Element<'a, Message> {
        pin_figures(self.digits.len(), DIGITS_MIN)
    }

    /// What went wrong with the last PIN, or else what there is to know, in a place that is always there, so that nothing moves.
    pub fn told<'a, Message: 'a>(
        &self,
        ui: &Ui<'_>,
        asked: PinAsked<'_>,
        otherwise: String,
        height: f32,
    ) -> Element<'a, Message> {
        let wrong = match asked.seconds_left(ui.now) {
            Some(seconds) if self.too_early || !self.digits.is_empty() => Some(ui.text.sign_in_not_tried(seconds)),
            Some(seconds) => Some(ui.text.sign_in_wait(seconds)),
            None if self.too_early && self.digits.is_empty() => Some(ui.text.sign_in_too_early()),
            None if asked.refused && self.digits.is_empty() => Some(ui.text.sign_in_wrong_pin()),
            None if asked.chosen.is_none() && self.nameless => Some(ui.text.pin_choose_first()),
            None => None,
        };
        let words = match wrong {
            Some(wrong) => ui.label(Type::Label, wrong).ink(Ink::Stop),
            None => ui.label(Type::Label, otherwise).muted(),
        };
        container(words.fill().centred().shorten(2)).width(TOLD_WIDTH).center_y(height).into()
    }

    /// The pad, with the way back and the act that sends it, which is awake once it can be whole.
    pub fn pad<'a, Message: Clone + 'a>(
        &self,
        ui: &Ui<'_>,
        asked: PinAsked<'_>,
        cancel: Act<Message>,
        (words, confirmed): (String, Message),
        typed: impl Fn(Pad) -> Message,
    ) -> Element<'a, Message> {
        let enter = Act::new(Key::Enter, words, self.is_whole(asked, ui.now).then_some(confirmed));
        pin_pad(ui, cancel, enter, typed)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_pin_is_four_to_ten_digits_of_somebody_and_never_in_a_log() {
        let (now, anna) = (Timestamp::UNIX_EPOCH, OperatorId::new("anna"));
        let asked = PinAsked { chosen: Some(&anna), refused: false, wait_until: None };
        let typing = |asked: PinAsked<'_>, count: u32| {
            let mut entry = PinEntry::default();
            (0..count).for_each(|_| entry.strike(Pad::Digit('7'), asked));
            entry
        };
        let sent = |count: u32| typing(asked, count).take(asked, now).map(|pin| pin.0.len());
        assert_eq!([3, 4, 10, 11].map(sent), [None, Some(4), Some(10), Some(10)]);
        let mut entry = typing(asked, 4);
        entry.strike(Pad::Back, asked);
        assert_eq!(format!("{entry:?}"), "PinEntry(3 digits)");
        let waiting = PinAsked { wait_until: Some(now + TimeDelta::milliseconds(1500)), ..asked };
        assert_eq!(typing(PinAsked { chosen: None, ..asked }, 4).digits, "");
        for not_taken in [waiting, PinAsked { chosen: None, ..asked }] {
            assert_eq!(typing(asked, 4).take(not_taken, now), None);
        }
        let mut entry = typing(waiting, 2);
        (0..2).for_each(|_| entry.strike(Pad::Digit('7'), asked));
        assert_eq!(
            entry.take(asked, now).map(|pin| pin.0.len()),
            Some(4),
            "what was typed during the wait is part of it"
        );
        let left = |ms: i64| waiting.seconds_left(now + TimeDelta::milliseconds(ms));
        assert_eq!([0, 400, 600, 1500].map(left), [Some(2), Some(2), Some(1), None]);
    }
}
