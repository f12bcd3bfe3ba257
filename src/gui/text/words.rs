//! Every message of the catalogue, by name and arguments: the one list that all languages are held to.

use fluent_bundle::{FluentArgs, FluentValue};

use super::Catalogue;

/// Declares the messages: a method each, named as in the files with `_` for `-`.
macro_rules! messages {
    ($($name:ident($($argument:ident),*);)*) => {
        impl Catalogue {
            $(
                #[doc = concat!("The message `", stringify!($name), "`, with its arguments as the files name them.")]
                pub fn $name<'w>(&self $(, $argument: impl Into<FluentValue<'w>>)*) -> String {
                    #[allow(unused_mut)]
                    let mut arguments = FluentArgs::new();
                    $(arguments.set(stringify!($argument), $argument);)*
                    self.message(&stringify!($name).replace('_', "-"), &arguments)
                }
            )*
        }

        /// Names and arguments of all messages.
        #[cfg(test)]
        const DECLARED: &[(&str, &[&str])] = &[$((stringify!($name), &[$(stringify!($argument)),*])),*];
    };
}

messages! {
    // Times.
    moment_today(time);
    moment_tomorrow(time);
    moment_yesterday(time);
    weekday(day);
    day_of_year(day, month, year);
    span_minutes(count);
    span_hours(count);
    span_days(count);
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::Language;
    use super::DECLARED;

    /// Messages of a catalogue file with the arguments they use.
    fn messages_of(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut open = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once('=').filter(|_| line.starts_with(char::is_alphabetic)) {
                open = name.trim().to_owned();
                assert!(found.insert(open.clone(), BTreeSet::new()).is_none(), "{open} stands twice");
            }
            for variable in line.split('$').skip(1) {
                let end = variable.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(variable.len());
                found.entry(open.clone()).or_default().insert(variable[..end].to_owned());
            }
        }
        found
    }

    #[test]
    fn every_language_has_exactly_the_declared_messages_and_arguments() {
        let declared: BTreeMap<String, BTreeSet<String>> = DECLARED
            .iter()
            .map(|(name, arguments)| {
                (name.replace('_', "-"), arguments.iter().map(|argument| (*argument).to_owned()).collect())
            })
            .collect();
        let mut faults = Vec::new();
        for language in Language::ALL {
            let found = messages_of(language.source());
            for (name, arguments) in &declared {
                match found.get(name) {
                    None => faults.push(format!("{}: {name} is missing", language.code())),
                    Some(used) if used != arguments => {
                        faults.push(format!("{}: {name} uses {used:?}, declared {arguments:?}", language.code()));
                    }
                    Some(_) => {}
                }
            }
            for name in found.keys().filter(|name| !declared.contains_key(*name)) {
                faults.push(format!("{}: {name} is not declared", language.code()));
            }
        }
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[test]
    fn every_catalogue_is_well_formed() {
        for language in Language::ALL {
            let parsed = fluent_bundle::FluentResource::try_new(language.source().to_owned());
            assert!(parsed.is_ok(), "{}: {:?}", language.code(), parsed.err().map(|(_, errors)| errors));
        }
    }
}
