//! A button for an act: its words, its icon, and the key that does the same.

use iced::widget::{button, column, container, row, space};
use iced::{Alignment, Length, Padding};

use super::super::icon::Icon;
use super::super::keys::Key;
use super::super::measure::{Type, height, space as gap};
use super::super::style::{Press, Surface};
use super::super::theme::Ink;
use super::super::ui::{Room, Ui};
use super::{Element, Keyed, Label, Reach, target};

/// Beside the words of a key cap, in logical pixels.
const CAP_SIDE: f32 = 4.0;

/// Beside what stands on a key of the number pad, at the least, in logical pixels.
const PAD_SIDE: f32 = 7.0;
/// A key of the number pad this wide leaves more room there, in logical pixels.
const PAD_KEY_WIDE: f32 = 140.0;

/// An act, to be shown as a button.
#[derive(Clone, Debug)]
pub struct Act<Message> {
    key: Option<Key>,
    /// How the keyboard gets there while its key does something else.
    otherwise: Option<Reach>,
    words: String,
    caption: Option<String>,
    /// What the caption says where there is no room for all of it.
    brief: Option<String>,
    icon: Option<Icon>,
    press: Press,
    role: Type,
    width: Length,
    height: f32,
    stacked: bool,
    /// As an answer it wears no cap.
    is_bare: bool,
    message: Option<Message>,
}

impl<Message: Clone> Act<Message> {
    /// An act with its key; `None` for what cannot be done now.
    pub fn new(key: Key, words: impl Into<String>, message: Option<Message>) -> Self {
        Self {
            key: Some(key),
            otherwise: None,
            words: words.into(),
            caption: None,
            brief: None,
            icon: None,
            press: Press::Secondary,
            role: Type::Key,
            width: Length::Shrink,
            height: height::ACT,
            stacked: false,
            is_bare: false,
            message,
        }
    }

    /// One beside the till, in the demo's counter, where no cashier's keyboard reaches.
    pub fn keyless(words: impl Into<String>, message: Option<Message>) -> Self {
        Self { key: None, otherwise: Some(Reach::BesideTheTill), ..Self::new(Key::Enter, words, message) }
    }

    /// While everything that is typed goes elsewhere and it cannot be done: no cap stands on it that nobody may strike.
    pub fn without_cap(self) -> Self {
        Self { is_bare: true, message: None, ..self }
    }

    /// While a search has the keyboard, which takes its key as something typed: the cap keeps its place, and sleeps.
    pub fn after_the_search(self) -> Self {
        Self { otherwise: Some(Reach::AfterTheSearch), ..self }
    }

    /// The one primary act of the screen.
    pub fn primary(mut self) -> Self {
        self.press = Press::Primary;
        self.role = Type::Act;
        self
    }

    /// A quieter one, beside the number pad.
    pub fn function(mut self) -> Self {
        self.press = Press::Function;
        self.role = Type::KeySmall;
        self.height = height::KEY;
        self
    }

    /// Chosen among its like.
    pub fn chosen(mut self) -> Self {
        self.press = Press::Chosen;
        self
    }

    /// With an icon before its words.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With a second line.
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// With a caption that says this where there is no room for all of it.
    pub fn brief(mut self, brief: impl Into<String>) -> Self {
        self.brief = Some(brief.into());
        self
    }

    /// As wide as there is room.
    pub fn fill(mut self) -> Self {
        self.width = Length::Fill;
        self
    }

    /// With a share of the room.
    pub fn portion(mut self, portion: u16) -> Self {
        self.width = Length::FillPortion(portion);
        self
    }

    /// So high, in logical pixels.
    pub fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }

    /// With its key cap under its words, where both stand in a column of narrow keys.
    pub fn stacked(mut self) -> Self {
        self.stacked = true;
        self
    }

    /// How wide the caption of a note is with its key cap beside it, in logical pixels.
    pub fn note_width(&self, ui: &Ui<'_>) -> f32 {
        let caption = self.caption.as_ref().map(|caption| ui.label(Type::Caption, caption).width_of_words());
        let cap = self.key.map(|key| ui.label(Type::KeyCap, key.cap()).width_of_words() + 2.0 * CAP_SIDE);
        caption.unwrap_or_default() + gap::SMALL + cap.unwrap_or_default() + 2.0 * gap::TIGHT
    }

    /// Can it be done now?
    pub fn is_enabled(&self) -> bool {
        self.message.is_some()
    }

    /// How wide it is on the number pad with its key cap beside its words, at the least, in logical pixels.
    pub(super) fn pad_width(&self, ui: &Ui<'_>) -> f32 {
        let words = ui.label(Type::KeySmall, self.words.as_str()).width_of_words();
        let cap = self.key.map(|key| ui.label(Type::KeyCap, key.cap()).width_of_words() + 2.0 * CAP_SIDE);
        words + gap::SMALL + cap.unwrap_or_default() + 2.0 * PAD_SIDE
    }

    fn reach(&self, ui: &Ui<'_>) -> Reach {
        let of_key = || Reach::of_act(self.key.and_then(|key| ui.key_now(key)));
        self.otherwise.unwrap_or_else(of_key)
    }

    /// How its cap looks: asleep while the act is, and while its key does something else first. It keeps its place all the
    /// same, so that no words move.
    fn cap(&self, ui: &Ui<'_>) -> Surface {
        let is_its_own = self.otherwise.is_none() && self.key.is_some_and(|key| ui.key_now(key).is_some());
        match (self.press, self.is_enabled()) {
            (Press::Primary, false) => Surface::KeyCap,
            (_, false) => Surface::KeyCapAsleep,
            _ if !is_its_own => Surface::KeyCapAsleep,
            (Press::Primary, true) => Surface::KeyCapOnDone,
            (_, true) => Surface::KeyCap,
        }
    }

    /// The button: icon (where there is room), words, key cap in a row.
    pub fn view<'a>(self, ui: &Ui<'_>) -> Element<'a, Message>
    where
        Message: 'a,
    {
        self.view_with(ui, None)
    }

    /// The button on a number pad with keys so wide: its words at the left, the caps of a column under each other at the right.
    pub(super) fn view_in_pad<'a>(self, ui: &Ui<'_>, width: f32) -> Element<'a, Message>
    where
        Message: 'a,
    {
        self.view_with(ui, Some(if width >= PAD_KEY_WIDE { gap::MEDIUM } else { PAD_SIDE }))
    }

    /// In a row, in the middle; with room at the sides for a number pad, out to both of them.
    fn view_with<'a>(self, ui: &Ui<'_>, pad_side: Option<f32>) -> Element<'a, Message>
    where
        Message: 'a,
    {
        let key = self.key;
        let reach = self.reach(ui);
        let cap = self.cap(ui);
        let filled = self.width != Length::Shrink;
        let function = self.press == Press::Function;
        let mut words = row![].spacing(gap::SMALL).align_y(Alignment::Center);
        if let Some(icon) = self.icon.filter(|_| ui.room() == Room::Wide) {
            words = words.push(ui.icon(self.role, icon));
        }
        let role = if self.role == Type::Act && ui.room() == Room::Narrow { Type::Key } else { self.role };
        let label = ui.label(role, self.words).shorten(if self.caption.is_some() { 1 } else { 2 });
        words = match self.caption {
            Some(caption) => words.push(column![label, ui.label(Type::Caption, caption).muted().shorten(2)]),
            None => words.push(label),
        };
        let content: Element<'a, Message> = match key {
            Some(key) => {
                let keyed = Keyed::new(words, key_cap(ui, key, cap), gap::SMALL);
                if pad_side.is_some() { keyed.fill().into() } else { keyed.into() }
            }
            None => words.into(),
        };
        let tight = function || (filled && ui.room() == Room::Narrow);
        let side = pad_side.unwrap_or(if tight { 8.0 } else { gap::MEDIUM });
        let inner = container(content).center_y(Length::Fill);
        let inner = if filled { inner.center_x(Length::Fill) } else { inner };
        let pressed = button(inner)
            .class(self.press)
            .padding(Padding { top: 0.0, bottom: 0.0, left: side, right: side })
            .width(if filled { Length::Fill } else { Length::Shrink })
            .height(self.height)
            .on_press_maybe(self.message);
        let marked = target(reach, pressed);
        container(marked).width(self.width).into()
    }

    /// The button as an answer on a card: its key large at the left, words and caption beside it.
    pub fn view_answer<'a>(self, ui: &Ui<'_>) -> Element<'a, Message>
    where
        Message: 'a,
    {
        let key = self.key;
        let reach = self.reach(ui);
        let cap = self.cap(ui);
        let number: Element<'a, Message> = match key.filter(|_| !self.is_bare) {
            Some(key) => container(on_cap(ui.label(Type::Key, key.cap()), cap)).class(cap).center(34).into(),
            // The words keep their place.
            None => container(space::horizontal()).width(34).into(),
        };
        let mut words = column![ui.label(Type::Key, self.words).shorten(1)];
        if let Some(caption) = self.caption {
            words = words.push(ui.label(Type::Caption, caption).muted().shorten(2));
        }
        let (spacing, left, right) = if ui.room() == Room::Wide { (14.0, 18.0, 12.0) } else { (10.0, 10.0, 6.0) };
        let content = row![number, words].spacing(spacing).align_y(Alignment::Center);
        let pressed = button(container(content).center_y(Length::Fill))
            .class(self.press)
            .padding(Padding { top: 0.0, bottom: 0.0, left, right })
            .width(Length::Fill)
            .height(self.height)
            .on_press_maybe(self.message);
        target(reach, pressed)
    }

    /// The button in a narrow place: its words above its key cap.
    pub fn view_narrow<'a>(self, ui: &Ui<'_>) -> Element<'a, Message>
    where
        Message: 'a,
    {
        let key = self.key;
        let reach = self.reach(ui);
        let cap = self.cap(ui);
        let mut content = column![ui.label(self.role, self.words).centred().shorten(1)]
            .spacing(if self.height < height::KEY { 0.0 } else { gap::TIGHT })
            .align_x(Alignment::Center);
        if let Some(key) = key {
            content = content.push(key_cap(ui, key, cap));
        }
        let pressed = button(container(content).center(Length::Fill))
            .class(self.press)
            .padding(Padding { top: 0.0, bottom: 0.0, left: 2.0, right: 2.0 })
            .width(Length::Fill)
            .height(self.height)
            .on_press_maybe(self.message);
        target(reach, pressed)
    }

    /// The button as a large figure with a caption, in the middle: a note to pay with.
    pub fn view_note<'a>(self, ui: &Ui<'_>) -> Element<'a, Message>
    where
        Message: 'a,
    {
        let caption_ink = self.press != Press::Primary;
        let key = self.key;
        let reach = self.reach(ui);
        let surface = self.cap(ui);
        let narrow = ui.room() == Room::Narrow || self.stacked;
        let mut content = column![ui.label(Type::Figure, self.words).centred().shorten(1)]
            .spacing(if narrow { 0.0 } else { gap::TIGHT })
            .align_x(Alignment::Center);
        let caption = self.caption.map(|caption| {
            let caption: Label = ui.label(Type::Caption, caption).shorten(1);
            let caption = match self.brief {
                Some(brief) => caption.or(brief),
                None => caption,
            };
            if caption_ink { caption.muted() } else { caption }
        });
        let cap = key.map(|key| key_cap(ui, key, surface));
        content = match (caption, cap) {
            (Some(caption), Some(cap)) if narrow => content.push(caption).push(cap),
            (Some(caption), Some(cap)) => content.push(Keyed::new(caption, cap, gap::SMALL)),
            (Some(caption), None) => content.push(caption),
            (None, Some(cap)) => content.push(cap),
            (None, None) => content,
        };
        let pressed = button(container(content).center(Length::Fill))
            .class(self.press)
            .padding(gap::TIGHT)
            .width(Length::Fill)
            .height(self.height)
            .on_press_maybe(self.message);
        target(reach, pressed)
    }
}

/// The cap of a key.
pub fn key_cap<'a, Message: 'a>(ui: &Ui<'_>, key: Key, surface: Surface) -> Element<'a, Message> {
    let words = ui.label(Type::KeyCap, key.cap());
    let words = if surface == Surface::KeyCap { words.muted() } else { on_cap(words, surface) };
    container(words).class(surface).padding(Padding { top: 2.0, bottom: 2.0, left: CAP_SIDE, right: CAP_SIDE }).into()
}

/// What stands on a cap, in the ink of one that sleeps.
fn on_cap(words: Label, surface: Surface) -> Label {
    if surface == Surface::KeyCapAsleep { words.ink(Ink::Asleep) } else { words }
}
