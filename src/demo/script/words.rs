//! The words of one line, taken one by one.

use std::str::FromStr;

use super::Label;
use crate::domain::ids::{ProductId, StoreId};
use crate::domain::money::{Currency, Money};
use crate::domain::quantity::Quantity;

/// The words that are left of a line. Words between quotation marks are one.
pub(super) struct Words {
    words: std::vec::IntoIter<String>,
}

impl Words {
    pub(super) fn read(line: &str) -> Result<Self, String> {
        let mut words = Vec::new();
        for (index, part) in line.split('"').enumerate() {
            match index % 2 {
                0 => words.extend(part.split_whitespace().map(str::to_owned)),
                _ => words.push(part.to_owned()),
            }
        }
        if !line.matches('"').count().is_multiple_of(2) {
            return Err("a quotation mark is not closed".to_owned());
        }
        Ok(Self { words: words.into_iter() })
    }

    /// Reads something that takes every word.
    pub(super) fn whole<T>(mut self, read: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        let value = read(&mut self)?;
        match self.words.next() {
            None => Ok(value),
            Some(word) => Err(format!("does not know what to do with {word}")),
        }
    }

    /// The next word, if there is one.
    pub(super) fn next(&mut self) -> Option<String> {
        self.words.next()
    }

    /// The next word without taking it.
    pub(super) fn peek(&self) -> Option<&str> {
        self.words.as_slice().first().map(String::as_str)
    }

    pub(super) fn word(&mut self, what: &str) -> Result<String, String> {
        self.next().ok_or_else(|| format!("{what} is missing"))
    }

    pub(super) fn number<T: FromStr>(&mut self, what: &str) -> Result<T, String> {
        let word = self.word(what)?;
        word.parse().map_err(|_| format!("{word} is no {what}"))
    }

    pub(super) fn amount(&mut self) -> Result<Money, String> {
        let word = self.word("an amount")?;
        Money::parse(&word, Currency::EUR).map_err(|error| format!("{word}: {error}"))
    }

    pub(super) fn quantity(&mut self) -> Result<Quantity, String> {
        let word = self.word("a quantity")?;
        Quantity::parse(&word).ok_or_else(|| format!("{word} is no quantity"))
    }

    pub(super) fn product(&mut self) -> Result<ProductId, String> {
        self.word("a product").map(ProductId::from)
    }

    pub(super) fn store(&mut self) -> Result<StoreId, String> {
        self.word("a store").map(StoreId::from)
    }

    pub(super) fn label(&mut self) -> Result<Label, String> {
        self.word("an order").map(Label)
    }

    /// One of a few words, each with its meaning.
    pub(super) fn one_of<T: Clone>(&mut self, what: &str, choices: &[(&str, T)]) -> Result<T, String> {
        let word = self.word(what)?;
        let found = choices.iter().find(|(name, _)| *name == word).map(|(_, value)| value.clone());
        found.ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            format!("{word} is no {what}: {}", names.join(", "))
        })
    }
}
