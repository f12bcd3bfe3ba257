//! Where things stand in a document: line and column of an offset, and what is shown of it, without reading the document from
//! its beginning for each of thousands of problems.

use std::sync::OnceLock;
#[cfg(test)]
use std::sync::atomic::{AtomicUsize, Ordering};

use super::problem::Place;
use super::secrets;
use super::xml::{self, Offset};

/// How far apart the marks are, in bytes.
const STEP: usize = 256;

/// The marks of a document's text: line and column every few bytes, found in one pass.
#[derive(Debug)]
pub struct Places {
    marks: Vec<Mark>,
    masked: OnceLock<Vec<u8>>,
    #[cfg(test)]
    looked: AtomicUsize,
}

/// Where a character stands.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: usize,
    line: u32,
    column: u32,
}

impl Places {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STEP + 1);
        let (mut line, mut column) = (1, 1);
        for (at, character) in text.char_indices() {
            if at >= marks.len() * STEP {
                marks.push(Mark { at, line, column });
            }
            (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        let places = Self {
            marks,
            masked: OnceLock::new(),
            #[cfg(test)]
            looked: AtomicUsize::new(0),
        };
        places.count(text.len());
        places
    }

    /// Line and column of an offset in that text.
    pub fn place(&self, text: &str, at: Offset, path: String) -> Place {
        let mut end = at.0.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = self.marks.partition_point(|mark| mark.at <= end);
        let mark = before.checked_sub(1).and_then(|position| self.marks.get(position)).copied();
        let Mark { at, mut line, mut column } = mark.unwrap_or(Mark { at: 0, line: 1, column: 1 });
        let between = text.get(at..end).unwrap_or_default();
        self.count(between.len());
        for character in between.chars() {
            (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        Place { path, line, column }
    }

    /// What stands at a place, as far as its line goes: what a problem shows that has no value of its own.
    pub fn shown(&self, text: &str, at: Offset) -> String {
        let rest = text.as_bytes().get(at.0..).unwrap_or_default();
        if xml::is_mark(rest) {
            return xml::first_line(rest);
        }
        let masked = self.masked.get_or_init(|| {
            self.count(text.len());
            secrets::mask(text.as_bytes().to_vec())
        });
        xml::first_line(masked.get(at.0..).unwrap_or_default())
    }

    #[cfg(not(test))]
    const fn count(&self, _bytes: usize) {}

    #[cfg(test)]
    fn count(&self, bytes: usize) {
        self.looked.fetch_add(bytes, Ordering::Relaxed);
    }

    /// How many bytes of the text have been looked at so far.
    #[cfg(test)]
    pub fn looked(&self) -> usize {
        self.looked.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn marks_tell_what_reading_from_the_beginning_tells(text in "[a-zé€😀<>\\n]{0,900}", at in 0_usize..4000) {
            let places = Places::of(&text);
            let found = places.place(&text, Offset(at), "/".to_owned());
            prop_assert_eq!(found, xml::place(&text, Offset(at), "/".to_owned()));
            prop_assert_eq!(places.shown(&text, Offset(at)), xml::shown(&text, Offset(at)));
        }
    }
}
