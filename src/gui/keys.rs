//! Keys: every act has one, shown on its button and handled whatever has the focus.
//!
//! Keys arrive at the application, never at a widget, so that digits always go to the number being typed. Before anyone
//! sees them they pass the [`KeyFilter`] (`strokes.rs`): a keyboard-wedge scanner types too; what it typed is a scan, not keys.

use std::time::Instant;

use iced::keyboard;
use iced::keyboard::key::Named;

/// A key as the screens know it: letters without regard to case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A letter, digit or sign; letters are upper case.
    Character(char),
    /// F1 to F12.
    Function(u8),
    /// The primary act.
    Enter,
    /// One step back.
    Escape,
    /// The last figure typed.
    Backspace,
    /// Take out.
    Delete,
    /// The line above.
    Up,
    /// The line below.
    Down,
    /// To the left among its like.
    Left,
    /// To the right among its like.
    Right,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// The next tab.
    Tab,
    /// All that is typed: Ctrl and A.
    SelectAll,
}

impl Key {
    /// The key with this letter or sign.
    pub const fn of(character: char) -> Self {
        Self::Character(character.to_ascii_uppercase())
    }

    /// What stands on its cap.
    pub fn cap(self) -> String {
        match self {
            Self::Character('-') => "−".to_owned(),
            Self::Character(c) => c.to_string(),
            Self::Function(number) => format!("F{number}"),
            Self::Enter => "Enter".to_owned(),
            Self::Escape => "Esc".to_owned(),
            Self::Backspace => "⌫".to_owned(),
            Self::Delete => "Del".to_owned(),
            Self::Up => "↑".to_owned(),
            Self::Down => "↓".to_owned(),
            Self::Left => "←".to_owned(),
            Self::Right => "→".to_owned(),
            Self::PageUp => "PgUp".to_owned(),
            Self::PageDown => "PgDn".to_owned(),
            Self::Tab => "Tab".to_owned(),
            Self::SelectAll => "Ctrl+A".to_owned(),
        }
    }

    /// The digit it types.
    pub fn digit(self) -> Option<char> {
        match self {
            Self::Character(c) if c.is_ascii_digit() => Some(c),
            _ => None,
        }
    }
}

/// A key press: the key, and the text it would type (with its case).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stroke {
    /// Which key.
    pub key: Key,
    /// What it types.
    pub text: Option<char>,
    /// Held down, and coming again by itself.
    pub repeat: Repeat,
}

/// Whether a press is new or the same one held down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// A new press.
    First,
    /// The key is being held.
    Held,
}

impl Stroke {
    /// A new press of a key, typing what its cap says.
    pub fn press(key: Key) -> Self {
        let text = match key {
            Key::Character(c) => Some(c),
            _ => None,
        };
        Self { key, text, repeat: Repeat::First }
    }

    /// The stroke of a keyboard event, if it is a press that the till knows.
    pub fn from_event(event: &keyboard::Event) -> Option<Self> {
        let keyboard::Event::KeyPressed { key, modified_key, modifiers, text, repeat, .. } = event else {
            return None;
        };
        let repeat = if *repeat { Repeat::Held } else { Repeat::First };
        let named = |key| Some(Self { key, text: None, repeat });
        if modifiers.control()
            && !modifiers.alt()
            && matches!(key, keyboard::Key::Character(c) if c.eq_ignore_ascii_case("a"))
        {
            return named(Key::SelectAll);
        }
        if modifiers.control() || modifiers.alt() || modifiers.logo() {
            return None;
        }
        match key {
            keyboard::Key::Named(name) => match name {
                Named::Enter => named(Key::Enter),
                Named::Escape => named(Key::Escape),
                Named::Backspace => named(Key::Backspace),
                Named::Delete => named(Key::Delete),
                Named::ArrowUp => named(Key::Up),
                Named::ArrowDown => named(Key::Down),
                Named::ArrowLeft => named(Key::Left),
                Named::ArrowRight => named(Key::Right),
                Named::PageUp => named(Key::PageUp),
                Named::PageDown => named(Key::PageDown),
                Named::Tab => named(Key::Tab),
                Named::Space => Some(Self { key: Key::Character(' '), text: Some(' '), repeat }),
                other => function_number(*other).map(|n| Self { key: Key::Function(n), text: None, repeat }),
            },
            keyboard::Key::Character(_) => {
                let typed = text.as_ref().and_then(|t| t.chars().next()).or_else(|| match modified_key {
                    keyboard::Key::Character(c) => c.chars().next(),
                    _ => None,
                })?;
                (!typed.is_control()).then_some(Self { key: Key::of(typed), text: Some(typed), repeat })
            }
            keyboard::Key::Unidentified => None,
        }
    }
}

fn function_number(name: Named) -> Option<u8> {
    [
        Named::F1,
        Named::F2,
        Named::F3,
        Named::F4,
        Named::F5,
        Named::F6,
        Named::F7,
        Named::F8,
        Named::F9,
        Named::F10,
        Named::F11,
        Named::F12,
    ]
    .iter()
    .zip(1..)
    .find_map(|(function, number)| (*function == name).then_some(number))
}

/// Tells the keys of a person from those of a keyboard-wedge scanner. The till's own scanners are serial; this is the
/// seam for the fall-back, and [`NoFilter`] is what a till without one uses.
pub trait KeyFilter: Send {
    /// A key was struck: what can be let through now, oldest first. Keys that may yet turn out to be a scan are held.
    fn strike(&mut self, stroke: Stroke, at: Instant) -> Vec<Stroke>;

    /// When held keys must be let through if nothing more comes.
    fn deadline(&self) -> Option<Instant>;

    /// The deadline has passed: what was held, if it was no scan.
    fn expire(&mut self, at: Instant) -> Vec<Stroke>;
}

/// Every key is a person's.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFilter;

impl KeyFilter for NoFilter {
    fn strike(&mut self, stroke: Stroke, _at: Instant) -> Vec<Stroke> {
        vec![stroke]
    }

    fn deadline(&self) -> Option<Instant> {
        None
    }

    fn expire(&mut self, _at: Instant) -> Vec<Stroke> {
        Vec::new()
    }
}
