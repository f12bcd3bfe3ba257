//! All text a person reads, through one catalogue per language (Fluent, `assets/text/*.ftl`).
//!
//! Every message is a method of [`Catalogue`] with its arguments (`words.rs`); amounts, dates and numbers follow the
//! locale (`format.rs`). Absent here: sentences in code.
//! To add a message, declare it in `words.rs` and write it in all four files; to add a language, add its file and its
//! entry in [`Language`]. The tests at the end of `words.rs` fail while any language lacks a message or an argument.

mod format;
#[cfg(test)]
pub mod marks;
mod words;

pub use format::{Locale, unbroken, unbroken_measure, unhyphenated};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// The languages shipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
    /// French.
    French,
    /// Dutch.
    Dutch,
}

impl Language {
    /// All, as they are offered.
    pub const ALL: [Self; 4] = [Self::English, Self::German, Self::French, Self::Dutch];

    /// The two letters, ISO 639-1.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Dutch => "nl",
        }
    }

    /// As those who speak it call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::French => "Français",
            Self::Dutch => "Nederlands",
        }
    }

    /// The language of a locale such as `de-AT`; English for one we do not speak.
    pub fn of_locale(locale: &str) -> Self {
        let code = locale.split(['-', '_', '.']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code)).unwrap_or_default()
    }

    /// What is spoken where a store is, by the two letters of its country; English where we do not speak it.
    pub fn of_country(country: &str) -> Self {
        match country {
            "DE" | "AT" | "CH" | "LI" => Self::German,
            "FR" | "MC" | "LU" => Self::French,
            "NL" | "BE" => Self::Dutch,
            _ => Self::English,
        }
    }

    const fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../../../assets/text/en.ftl"),
            Self::German => include_str!("../../../assets/text/de.ftl"),
            Self::French => include_str!("../../../assets/text/fr.ftl"),
            Self::Dutch => include_str!("../../../assets/text/nl.ftl"),
        }
    }
}

/// The words of one language, with its ways of writing numbers.
pub struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// How amounts, numbers and dates are written.
    pub locale: Locale,
    /// Whether its messages say in marks that are not seen what comes from where.
    #[cfg(test)]
    pub marks: marks::Marks,
}

impl Catalogue {
    /// The catalogue of a language, which is part of the program. A message that the file should not have is left out;
    /// the tests keep the files whole.
    pub fn new(language: Language) -> Self {
        let identifier: LanguageIdentifier = language.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        bundle.set_use_isolating(false);
        let resource = match FluentResource::try_new(language.source().to_owned()) {
            Ok(resource) => resource,
            Err((partial, errors)) => {
                tracing::error!(language = language.code(), ?errors, "text catalogue has faults");
                partial
            }
        };
        bundle.add_resource_overriding(resource);
        Self {
            bundle,
            locale: Locale::of(language),
            #[cfg(test)]
            marks: marks::Marks::No,
        }
    }

    /// The message with these arguments. One that is missing shows its name, so that it can be found and told.
    fn message(&self, name: &str, arguments: &FluentArgs<'_>) -> String {
        let Some(pattern) = self.bundle.get_message(name).and_then(|message| message.value()) else {
            tracing::error!(name, "no such text");
            return name.to_owned();
        };
        #[cfg(test)]
        let (arguments, marks) = (&self.marks.around_arguments(arguments), self.marks);
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(arguments), &mut errors).into_owned();
        #[cfg(test)]
        let text = marks.around_message(text);
        if !errors.is_empty() {
            tracing::error!(name, ?errors, "text with faults");
        }
        text
    }
}
