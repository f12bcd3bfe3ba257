//! Reads a scenario: one statement a line, words apart, what must follow behind the arrow.
//!
//! ```text
//! # A comment.
//! scan   jacket-m          -> line 1 jacket-m 1 x 89.90, conflict promised W-1001
//! answer sell_anyway
//!                          -> no conflict | total 89.90
//! ```
//!
//! Words stand between spaces; several in quotes are one. Expectations stand between commas or bars; a line that begins
//! with an arrow goes on with the statement above. ` #` begins a comment.

use std::fmt;
use std::path::Path;

use till::domain::money::{Currency, Money};
use till::domain::quantity::Quantity;

/// Where a statement stands, for the report.
#[derive(Clone, Debug)]
pub struct Place {
    pub file: String,
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One line of a scenario: what is done, and what must be so afterwards.
#[derive(Clone, Debug)]
pub struct Statement {
    pub place: Place,
    pub words: Vec<String>,
    pub expected: Vec<Expected>,
}

/// One expectation, with the line it stands on.
#[derive(Clone, Debug)]
pub struct Expected {
    pub place: Place,
    pub words: Vec<String>,
}

/// The statements of a file.
pub fn read(path: &Path) -> Vec<Statement> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    parse(&format!("tests/scenarios/{name}"), &text)
}

/// The statements of a text. A line that cannot be read fails the test: scenarios are ours.
pub fn parse(file: &str, text: &str) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let place = Place { file: file.to_owned(), line: index + 1 };
        let tokens = split(line).unwrap_or_else(|why| panic!("{place}: {why}"));
        let arrow = tokens.iter().position(|t| *t == Token::Arrow);
        let (done, told) = tokens.split_at(arrow.unwrap_or(tokens.len()));
        let expected = split_expectations(&place, told.get(1..).unwrap_or_default());
        if arrow.is_some() && expected.is_empty() {
            panic!("{place}: nothing stands behind the arrow");
        }
        let words: Vec<String> = done.iter().map(|token| token.text().to_owned()).collect();
        match (words.is_empty(), arrow) {
            (true, None) => {}
            (true, Some(_)) => {
                let above = statements.last_mut().unwrap_or_else(|| panic!("{place}: no statement stands above"));
                above.expected.extend(expected);
            }
            (false, _) => statements.push(Statement { place, words, expected }),
        }
    }
    statements
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Arrow,
    Break,
}

impl Token {
    fn text(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::Arrow => "->",
            Self::Break => "|",
        }
    }
}

/// Words, arrows and breaks of a line; the comment is left out.
fn split(line: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() && !rest.starts_with('#') {
        if let Some(quoted) = rest.strip_prefix('"') {
            let end = quoted.find('"').ok_or("a quote is not closed")?;
            tokens.push(Token::Word(quoted[..end].to_owned()));
            rest = &quoted[end + 1..];
            if let Some(after) = rest.strip_prefix(',') {
                tokens.push(Token::Break);
                rest = after;
            }
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            rest = after;
            match (word, word.strip_suffix(',')) {
                ("->", _) => tokens.push(Token::Arrow),
                ("|", _) => tokens.push(Token::Break),
                (_, Some(before)) => tokens.extend([Token::Word(before.to_owned()), Token::Break]),
                (word, None) => tokens.push(Token::Word(word.to_owned())),
            }
        }
        rest = rest.trim_start();
    }
    Ok(tokens)
}

fn split_expectations(place: &Place, tokens: &[Token]) -> Vec<Expected> {
    let groups = tokens.split(|token| *token == Token::Break).filter(|group| !group.is_empty());
    groups
        .map(|group| {
            assert!(!group.contains(&Token::Arrow), "{place}: a second arrow");
            let words = group.iter().map(|token| token.text().to_owned()).collect();
            Expected { place: place.clone(), words }
        })
        .collect()
}

/// The words of a statement or an expectation, taken one by one; every refusal says which word was wanted.
pub struct Words<'a> {
    rest: &'a [String],
}

impl<'a> Words<'a> {
    pub fn new(words: &'a [String]) -> Self {
        Self { rest: words }
    }

    pub fn find(&mut self) -> Option<&'a str> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    pub fn get(&mut self, what: &str) -> Result<&'a str, String> {
        self.find().ok_or_else(|| format!("{what} is missing"))
    }

    pub fn peek(&self) -> Option<&'a str> {
        self.rest.first().map(String::as_str)
    }

    /// Takes the word when it is the next one.
    pub fn take(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    pub fn get_money(&mut self, what: &str) -> Result<Money, String> {
        let text = self.get(what)?;
        Money::parse(text, Currency::EUR).map_err(|error| format!("{what}: {text}: {error}"))
    }

    pub fn get_quantity(&mut self, what: &str) -> Result<Quantity, String> {
        let text = self.get(what)?;
        Quantity::parse(text.trim_start_matches('x')).ok_or_else(|| format!("{what}: {text} is no quantity"))
    }

    pub fn get_number<T: std::str::FromStr>(&mut self, what: &str) -> Result<T, String> {
        let text = self.get(what)?;
        text.parse().map_err(|_| format!("{what}: {text} is no number"))
    }

    /// All that is left, as one text.
    pub fn remaining(&mut self) -> String {
        std::mem::take(&mut self.rest).join(" ")
    }

    /// Nothing may be left: a word that is not understood must not pass silently.
    pub fn end(&self) -> Result<(), String> {
        if self.rest.is_empty() { Ok(()) } else { Err(format!("not understood: {}", self.rest.join(" "))) }
    }
}

#[test]
fn a_scenario_is_read_line_by_line() {
    let text =
        "# why\n\nscan jacket-m  # once\n  -> line 1, notice \"a b\", x\n\ntype \"two words\" -> tone good | drawer\n";
    let read = parse("a.sale", text);
    let words = |words: &[String]| words.join("·");
    let found: Vec<String> = read
        .iter()
        .map(|s| {
            let expected: Vec<String> = s.expected.iter().map(|e| words(&e.words)).collect();
            format!("{} {} => {}", s.place, words(&s.words), expected.join(" & "))
        })
        .collect();
    assert_eq!(
        found,
        ["a.sale:3 scan·jacket-m => line·1 & notice·a b & x", "a.sale:6 type·two words => tone·good & drawer"]
    );
}
