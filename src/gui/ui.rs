//! What every view is given beside its facts: the words, the clock, the size of type and of the window.

use super::icon::Icon;
use super::keys::Key;
use super::measure::{PORTIONS, TextSize, Type, height, space};
use super::text::Catalogue;
use super::theme::ThemeName;
use super::widget::Label;
use super::window::Tones;
use crate::domain::Timestamp;
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::zone::StoreZone;

/// How much room the window has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// 1280 logical pixels and more: as drawn.
    Wide,
    /// Down to 1024: fewer columns, shorter words.
    Narrow,
}

/// What Esc does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Esc {
    /// One step back.
    StepsBack,
    /// It reads the notice that stands; acts that have it otherwise are without a key until then.
    ReadsTheNotice,
}

/// The surroundings of a view.
#[derive(Clone, Copy)]
pub struct Ui<'a> {
    /// The words.
    pub text: &'a Catalogue,
    /// How large type is set.
    pub text_size: TextSize,
    /// Whether the till's own tones are heard.
    pub tones: Tones,
    /// The colours.
    pub theme: ThemeName,
    /// The till's part of the window, in logical pixels.
    pub size: iced::Size,
    /// Now, to the minute.
    pub now: Timestamp,
    /// The store's clock.
    pub zone: &'a StoreZone,
    /// What Esc does.
    pub esc: Esc,
}

impl Ui<'_> {
    /// How much room there is.
    pub fn room(&self) -> Room {
        if self.size.width >= 1200.0 { Room::Wide } else { Room::Narrow }
    }

    /// The gap between the parts of a high card: smaller where large type stands in a small window.
    pub fn gap_of_card(&self) -> f32 {
        if self.room() == Room::Narrow && self.text_size == TextSize::Large { space::SMALL } else { space::MEDIUM }
    }

    /// The key that does an act now: none while Esc, which does it otherwise, reads the notice.
    pub fn key_now(&self, key: Key) -> Option<Key> {
        (key != Key::Escape || self.esc == Esc::StepsBack).then_some(key)
    }

    /// How wide the half beside the basket is, in logical pixels.
    pub fn width_beside_basket(&self) -> f32 {
        let (left, right) = PORTIONS;
        (self.size.width - 3.0 * space::MEDIUM) * f32::from(right) / f32::from(left + right)
    }

    /// The height of a key of the number pad: less where the window is low.
    pub fn key_height(&self) -> f32 {
        if self.size.height >= 790.0 { height::KEY } else { height::TARGET_MIN }
    }

    /// The height of a key of the PIN pad: likewise.
    pub fn pin_key_height(&self) -> f32 {
        if self.size.height >= 790.0 { height::PIN_KEY } else { 52.0 }
    }

    /// Words of a role.
    pub fn label(&self, role: Type, words: impl Into<String>) -> Label {
        Label::new(words, role, self.text_size)
    }

    /// An icon as large as words of that role.
    pub fn icon(&self, role: Type, icon: Icon) -> Label {
        Label::icon(icon.glyph(), role, self.text_size)
    }

    /// An amount, without its currency.
    pub fn amount(&self, amount: Money) -> String {
        self.text.locale.amount(amount)
    }

    /// An amount with its currency.
    pub fn money(&self, amount: Money) -> String {
        self.text.locale.money(amount)
    }

    /// A quantity.
    pub fn quantity(&self, quantity: Quantity) -> String {
        self.text.locale.quantity(quantity)
    }

    /// A moment: `today 17:00`.
    pub fn moment(&self, at: Timestamp) -> String {
        self.text.moment(at, self.now, self.zone)
    }

    /// Until when: `today 17:00`, and `today midnight` when the day before has all of its hours.
    pub fn deadline(&self, at: Timestamp) -> String {
        self.text.deadline(at, self.now, self.zone)
    }

    /// The time of day, with its day when it is not today.
    pub fn lately(&self, at: Timestamp) -> String {
        if self.zone.day(at) == self.zone.day(self.now) { self.time(at) } else { self.moment(at) }
    }

    /// The time of day.
    pub fn time(&self, at: Timestamp) -> String {
        self.text.time(at, self.zone)
    }

    /// How long ago.
    pub fn since(&self, at: Timestamp) -> String {
        self.text.span(at, self.now)
    }
}
