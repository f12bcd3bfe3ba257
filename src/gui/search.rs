//! What is looked for, as it is typed: one rule for every search of the till.
//!
//! A letter begins a search wherever there is one, whatever else the screen does: no act of such a screen has a letter for its key.
//! `/` begins it anew, also over what is still looked for, and Ctrl+A marks all of it: what is typed next takes its place.

use super::keys::{Key, Stroke};
use super::widget::Searched;

/// How many characters a search may have.
const CHARACTERS_MAX: usize = 60;

/// What a key does to a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// One more character.
    Character(char),
    /// The last one is taken back, or all that is marked.
    Back,
    /// All of it is marked.
    All,
}

impl Typed {
    /// What a key does while a search is typed; `None` for keys that are no part of one.
    pub fn of(stroke: &Stroke) -> Option<Self> {
        match stroke.key {
            Key::Backspace => Some(Self::Back),
            Key::SelectAll | Key::Character('/') => Some(Self::All),
            _ => stroke.text.map(Self::Character),
        }
    }

    /// What a key begins a search with: a letter of any alphabet.
    pub fn begins(stroke: &Stroke) -> Option<Self> {
        stroke.text.filter(|character| character.is_alphabetic()).map(Self::Character)
    }
}

/// Does a key mean a list of hits: one of them, or its place in it? It waits for those of what is typed.
pub fn means_hits(stroke: &Stroke) -> bool {
    matches!(stroke.key, Key::Enter | Key::Up | Key::Down)
}

/// What a key means that was struck before the hits came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// What it means when they are seen: there is one hit, or none.
    Clear,
    /// One of several hits is not chosen unseen, but this may be the whole code of one.
    Code(String),
    /// Nothing, nor does what was struck after it: one of several hits is not chosen unseen.
    Nothing,
}

/// The words that are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchEntry {
    text: String,
    marked: bool,
}

impl SearchEntry {
    /// With this typed so far.
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned(), marked: false }
    }

    /// Begun anew over this: whatever is typed takes its place.
    pub fn over(text: &str) -> Self {
        Self { text: text.to_owned(), marked: !text.is_empty() }
    }

    /// What is looked for.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Are there figures that `/` may join to a day, as in `27/11`?
    pub fn may_be_day(&self) -> bool {
        let is_part = |c: char| c.is_ascii_digit() || c == '/';
        !self.marked && self.text.starts_with(|c: char| c.is_ascii_digit()) && self.text.chars().all(is_part)
    }

    /// Takes what a key does.
    pub fn take(&mut self, typed: Typed) {
        let marked = std::mem::take(&mut self.marked);
        match typed {
            Typed::All => self.marked = !self.text.is_empty(),
            Typed::Back if marked => self.text.clear(),
            Typed::Back => {
                self.text.pop();
            }
            Typed::Character(character) => {
                if marked {
                    self.text.clear();
                }
                if self.text.chars().count() < CHARACTERS_MAX {
                    self.text.push(character);
                }
            }
        }
    }

    /// As it stands in its box.
    pub fn shown(&self) -> Searched<'_> {
        if self.marked { Searched::Marked(&self.text) } else { Searched::Typed(&self.text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_is_typed_over_and_the_rest_goes_on() {
        let check = |entry: SearchEntry, keys: &[Typed], text: &str| {
            let mut entry = entry;
            keys.iter().for_each(|typed| entry.take(*typed));
            assert_eq!(entry.text(), text, "{keys:?}");
        };
        let (letter, back, all) = (Typed::Character('x'), Typed::Back, Typed::All);
        check(SearchEntry::of("jam"), &[letter], "jamx");
        check(SearchEntry::of("jam"), &[back, letter], "jax");
        check(SearchEntry::of("jam"), &[all, letter, letter], "xx");
        check(SearchEntry::over("jam"), &[letter], "x");
        check(SearchEntry::over("jam"), &[back], "");
        check(SearchEntry::over(""), &[back, letter], "x");
        check(SearchEntry::of(&"x".repeat(CHARACTERS_MAX)), &[letter], &"x".repeat(CHARACTERS_MAX));
    }

    #[test]
    fn a_letter_begins_a_search_and_no_sign_or_digit_does() {
        let begins = |character| Typed::begins(&Stroke { text: Some(character), ..Stroke::press(Key::of(character)) });
        for letter in ['a', 'Z', 'é', 'ß', 'ж'] {
            assert_eq!(begins(letter), Some(Typed::Character(letter)));
        }
        for other in ['1', '*', '-', ' ', '/'] {
            assert_eq!(begins(other), None);
        }
    }
}
