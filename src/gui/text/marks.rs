//! Marks around what the catalogue says and around what it was given, which no font shows: so the tests of the screens tell the
//! till's own words from the shop's data by where they come from.

use fluent_bundle::{FluentArgs, FluentValue};

/// Tag characters (Unicode, section 23.9): no width, no break, and in nobody's data.
const MESSAGE: char = '\u{e0041}';
const ARGUMENT: char = '\u{e0042}';
const END: char = '\u{e0043}';

/// Whether a catalogue marks its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    No,
    Yes,
}

impl Marks {
    /// The arguments, each marked as data. Numbers choose between forms of a message, and stay.
    pub fn around_arguments<'a>(self, arguments: &'a FluentArgs<'a>) -> FluentArgs<'a> {
        let marked = |value: &FluentValue<'a>| match value {
            FluentValue::String(words) if self == Self::Yes => FluentValue::from(format!("{ARGUMENT}{words}{END}")),
            other => other.clone(),
        };
        let mut all = FluentArgs::new();
        for (name, value) in arguments.iter() {
            all.set(name, marked(value));
        }
        all
    }

    /// The message, marked as the till's own words.
    pub fn around_message(self, text: String) -> String {
        if self == Self::Yes { format!("{MESSAGE}{text}{END}") } else { text }
    }
}

/// The words without marks.
pub fn strip(words: &str) -> String {
    words.chars().filter(|character| ![MESSAGE, ARGUMENT, END].contains(character)).collect()
}

/// Of marked words, the till's own letters from a byte on.
pub fn own_letters_from(words: &str, from: usize) -> String {
    let mut around = Vec::new();
    let mut own = String::new();
    for (place, character) in words.char_indices() {
        match character {
            MESSAGE | ARGUMENT => around.push(character),
            END => drop(around.pop()),
            letter if place >= from && letter.is_alphabetic() && around.last() == Some(&MESSAGE) => own.push(letter),
            _ => {}
        }
    }
    own
}
