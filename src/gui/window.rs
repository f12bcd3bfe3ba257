//! The window's own state, without a window: the last snapshot, what is being typed, how it looks. Keys and taps go in,
//! intents come out, a view can be had at any size; [`super::application`] gives it a real window, tests and pictures do not.

use std::sync::Arc;

use iced::Size;

use super::frame;
use super::keys::{Key, Repeat, Stroke};
use super::measure::TextSize;
use super::screen::pay::Pay;
use super::screen::{Action, Front, Leave, LookChange, Screens, notice};
use super::text::{Catalogue, Language};
use super::theme::{Theme, ThemeName};
use super::ui::{Esc, Ui};
use super::widget::Element;
use crate::domain::Timestamp;
use crate::register::intent::{Intent, Screen};
use crate::register::snapshot::{Access, Snapshot};

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
}

impl Window {
    /// Showing a snapshot.
    pub fn new(snapshot: Arc<Snapshot>, look: Look, now: Timestamp) -> Self {
        let catalogue = Catalogue::new(look.language);
        Self { snapshot, screens: Screens::default(), look, catalogue, now }
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
        }
        if before == Front::Screen(Screen::Sell) && now == Front::Question {
            self.screens.answer_with_typed(&self.snapshot);
        }
        Outcome { leave: self.snapshot.devices.kept.map(|_| Leave::ToTryAgain), ..Outcome::default() }
    }

    /// A key was struck. A key that is held repeats only where that does no harm.
    pub fn strike(&mut self, stroke: &Stroke) -> Outcome {
        let harmless = matches!(stroke.key, Key::Up | Key::Down | Key::Backspace);
        if stroke.repeat == Repeat::Held && !harmless {
            return Outcome::default();
        }
        let message = frame::key(stroke, &self.snapshot)
            .or_else(|| self.screens.key(stroke, &self.snapshot).map(frame::Message::Screen));
        message.map(|message| self.update(message)).unwrap_or_default()
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

    /// Something was tapped.
    pub fn update(&mut self, message: frame::Message) -> Outcome {
        if let Some(intent) = frame::intent(&message) {
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
