//! The window's own state, without a window: the last snapshot, what is being typed, how it looks. Keys and taps go in,
//! intents come out, a view can be had at any size; [`super::application`] gives it a real window, tests and pictures do not.

use std::collections::VecDeque;
use std::sync::Arc;

use iced::Size;

use super::frame;
use super::keys::{Key, Repeat, Stroke};
use super::measure::TextSize;
use super::screen::pay::Pay;
use super::screen::{Action, Front, Leave, LookChange, Screens, notice};
use super::search::Unseen;
use super::text::{Catalogue, Language};
use super::theme::{Theme, ThemeName};
use super::ui::{Esc, Ui};
use super::widget::Element;
use crate::domain::Timestamp;
use crate::register::intent::{Intent, Screen};
use crate::register::snapshot::{Access, NoticeWeight, Snapshot};

/// How many keys wait for the register at most.
const EARLY_MAX: usize = 64;

/// How the window looks and sounds: what `till.toml` says under `[till]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Colours.
    pub theme: ThemeName,
    /// Size of type.
    pub text_size: TextSize,
    /// Words.
    pub language: Language,
    /// The till's own tones.
    pub tones: Tones,
}

/// The till's own tones, beside those of the scanner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tones {
    /// Silent.
    #[default]
    Off,
    /// Heard.
    On,
    /// This machine has no program that plays them.
    NoPlayer,
}

impl Look {
    /// After a change.
    pub fn changed(self, change: LookChange) -> Self {
        fn after<T: Copy + PartialEq>(all: &[T], now: T) -> T {
            let position = all.iter().position(|one| *one == now).unwrap_or_default();
            all[(position + 1) % all.len()]
        }
        match change {
            LookChange::Theme => Self { theme: after(&ThemeName::ALL, self.theme), ..self },
            LookChange::TextSize => {
                Self { text_size: after(&[TextSize::Normal, TextSize::Large], self.text_size), ..self }
            }
            LookChange::Language(language) => Self { language, ..self },
            LookChange::Tones if self.tones == Tones::NoPlayer => self,
            LookChange::Tones => Self { tones: after(&[Tones::Off, Tones::On], self.tones), ..self },
        }
    }
}

/// What came of something that happened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// For the register, in this order.
    pub intents: Vec<Intent>,
    /// The window looks otherwise now.
    pub look_changed: Option<Look>,
    /// The window closes.
    pub leave: Option<Leave>,
}

/// The window's state.
pub struct Window {
    snapshot: Arc<Snapshot>,
    screens: Screens,
    look: Look,
    catalogue: Catalogue,
    now: Timestamp,
    /// Keys that were struck before the register has shown what they are meant for.
    early: VecDeque<Stroke>,
    /// The screen that was asked for and is not in front yet.
    going: Option<Going>,
}

/// On the way to another screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Going {
    to: Screen,
    /// The notice there was: another, that refuses, stands in the way.
    notice: Option<u64>,
}

impl Going {
    fn is_over(self, snapshot: &Snapshot) -> bool {
        let refused = snapshot.notice.as_ref().filter(|notice| notice.weight == NoticeWeight::Refused);
        snapshot.screen == self.to || refused.is_some_and(|notice| Some(notice.number) != self.notice)
    }
}

impl Window {
    /// Showing a snapshot.
    pub fn new(snapshot: Arc<Snapshot>, look: Look, now: Timestamp) -> Self {
        let catalogue = Catalogue::new(look.language);
        let (early, going) = Default::default();
        Self { snapshot, screens: Screens::default(), look, catalogue, now, early, going }
    }

    /// With this being typed.
    pub fn with_screens(mut self, screens: Screens) -> Self {
        self.screens = screens;
        self
    }

    /// With marks in its words that say where they come from.
    #[cfg(test)]
    pub fn with_marks(mut self) -> Self {
        self.catalogue.marks = super::text::marks::Marks::Yes;
        self
    }

    /// How it looks.
    pub fn look(&self) -> Look {
        self.look
    }

    /// Its colours.
    pub fn theme(&self) -> Theme {
        Theme::new(self.look.theme)
    }

    /// What is shown.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Time has passed.
    pub fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// Is somebody waiting for seconds to pass, after a wrong PIN?
    pub fn counts_down(&self) -> bool {
        let signing_in = match &self.snapshot.access {
            Access::SignIn(view) => view.wait_until,
            Access::NeedsSession(_) | Access::Open(_) | Access::Stopped(_) => None,
        };
        let approving = self.snapshot.approval.as_ref().and_then(|approval| approval.wait_until);
        signing_in.or(approving).is_some_and(|until| until > self.now)
    }

    /// The surroundings of a view in so much room.
    pub fn ui(&self, size: Size) -> Ui<'_> {
        Ui {
            text: &self.catalogue,
            text_size: self.look.text_size,
            tones: self.look.tones,
            theme: self.look.theme,
            size,
            now: self.now,
            zone: &self.snapshot.till.time_zone,
            esc: self.esc(),
        }
    }

    fn esc(&self) -> Esc {
        if notice::to_read(&self.snapshot).is_some() { Esc::ReadsTheNotice } else { Esc::StepsBack }
    }

    /// A new snapshot came. With a device on another port the till starts again: the window closes.
    pub fn show(&mut self, snapshot: Arc<Snapshot>) -> Outcome {
        let shown = std::mem::replace(&mut self.snapshot, snapshot);
        let (before, now) = (Front::of(&shown), Front::of(&self.snapshot));
        self.screens.settle(before, now, &self.snapshot);
        self.screens.settle_card(shown.conflict.as_deref(), self.snapshot.conflict.as_deref());
        self.screens.settle_order(&shown, &self.snapshot);
        // What was typed to pay one sale is nothing to the next.
        if self.snapshot.basket.basket.id != shown.basket.basket.id {
            self.screens.pay = Pay::default();
        }
        // What was rung is not rung again by Enter: the search that led to it, or that stood by, is over, and no digit typed
        // before it begins the next code.
        let (basket, basket_before) = (&self.snapshot.basket.basket, &shown.basket.basket);
        if basket.id != basket_before.id || basket.lines != basket_before.lines {
            self.screens.sell.forget_typed();
            if before == Front::Screen(Screen::Sell) && self.going.is_none() {
                self.early.clear();
            }
        }
        if before == Front::Screen(Screen::Sell) && now == Front::Question {
            self.screens.answer_with_typed(&self.snapshot);
        }
        let leave = self.snapshot.devices.kept.map(|_| Leave::ToTryAgain);
        Outcome { leave, ..self.strike_early(before, now) }
    }

    /// What was struck too early is struck now. Nobody answers what came up meanwhile, nor signs in, by what they typed before; nor
    /// does what was meant for one screen do anything on another that nobody asked for by key.
    fn strike_early(&mut self, before: Front, front: Front) -> Outcome {
        let was_asked_for = self.going.is_some();
        self.going.take_if(|going| going.is_over(&self.snapshot));
        let is_another = before != front && !was_asked_for;
        if is_another || !matches!(front, Front::Screen(_) | Front::OpenSession) {
            (self.early, self.going) = Default::default();
        }
        let mut outcome = Outcome::default();
        while let Some(stroke) = self.early.pop_front() {
            if self.is_early(&stroke) {
                self.early.push_front(stroke);
                break;
            }
            let unseen = self.screens.unseen(&stroke, &self.snapshot);
            if unseen != Unseen::Clear {
                self.early.clear();
            }
            let done = match unseen {
                Unseen::Clear => self.strike_now(&stroke),
                Unseen::Code(code) => Outcome { intents: vec![Intent::CodeTyped(code)], ..Outcome::default() },
                Unseen::Nothing => Outcome::default(),
            };
            outcome.intents.extend(done.intents);
            outcome.look_changed = done.look_changed.or(outcome.look_changed);
        }
        outcome
    }

    fn is_early(&self, stroke: &Stroke) -> bool {
        self.going.is_some() || self.screens.waits(stroke, &self.snapshot)
    }

    /// A key was struck. A key that is held repeats only where that does no harm.
    pub fn strike(&mut self, stroke: &Stroke) -> Outcome {
        let harmless = matches!(stroke.key, Key::Up | Key::Down | Key::Backspace);
        if stroke.repeat == Repeat::Held && !harmless {
            return Outcome::default();
        }
        if stroke.key == Key::Escape {
            // Back from what is there: nothing is waited for any more.
            (self.early, self.going) = Default::default();
        } else if !self.early.is_empty() || self.is_early(stroke) {
            if self.early.len() < EARLY_MAX {
                self.early.push_back(stroke.clone());
            }
            return Outcome::default();
        }
        self.strike_now(stroke)
    }

    fn strike_now(&mut self, stroke: &Stroke) -> Outcome {
        let message = frame::key(stroke, &self.snapshot)
            .or_else(|| self.screens.key(stroke, &self.snapshot).map(frame::Message::Screen));
        message.map(|message| self.take(message)).unwrap_or_default()
    }

    /// Is the same being typed here as there?
    #[cfg(test)]
    pub fn has_typed_the_same_as(&self, other: &Self) -> bool {
        self.screens == other.screens
    }

    /// What is being typed on each screen.
    #[cfg(test)]
    pub fn screens(&self) -> &Screens {
        &self.screens
    }

    /// Something was tapped, which is seen: nothing that was struck before is waited for any more.
    pub fn update(&mut self, message: frame::Message) -> Outcome {
        self.early.clear();
        self.take(message)
    }

    fn take(&mut self, message: frame::Message) -> Outcome {
        if let Some(intent) = frame::intent(&message) {
            if let Intent::ScreenShown(to) = intent {
                let notice = self.snapshot.notice.as_ref().map(|notice| notice.number);
                self.going = (self.snapshot.screen != to).then_some(Going { to, notice });
            }
            return Outcome { intents: vec![intent], ..Outcome::default() };
        }
        let frame::Message::Screen(message) = message else { return Outcome::default() };
        let ui = Ui {
            text: &self.catalogue,
            text_size: self.look.text_size,
            tones: self.look.tones,
            theme: self.look.theme,
            size: Size::ZERO,
            now: self.now,
            zone: &self.snapshot.till.time_zone,
            esc: self.esc(),
        };
        match self.screens.update(message, &self.snapshot, &ui) {
            Action::None => Outcome::default(),
            Action::Tell(intent) => Outcome { intents: vec![intent], ..Outcome::default() },
            Action::TellAll(intents) => Outcome { intents, ..Outcome::default() },
            Action::Leave(leave) => Outcome { leave: Some(leave), ..Outcome::default() },
            Action::ChangeLook(change) => {
                self.look = self.look.changed(change);
                if matches!(change, LookChange::Language(_)) {
                    self.catalogue = Catalogue::new(self.look.language);
                }
                Outcome { look_changed: Some(self.look), ..Outcome::default() }
            }
        }
    }

    /// The frame and the screen in front, in so many logical pixels.
    pub fn view(&self, size: Size) -> Element<'_, frame::Message> {
        let ui = self.ui(size);
        frame::view(&self.snapshot, ui, self.screens.view(&self.snapshot, ui))
    }
}
