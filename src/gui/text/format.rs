//! Amounts, quantities, dates and times as each language writes them.

use chrono::{Datelike, NaiveDate, NaiveTime};
use rust_decimal::Decimal;

use super::{Catalogue, Language};
use crate::domain::Timestamp;
use crate::domain::money::{Currency, Money};
use crate::domain::quantity::Quantity;
use crate::domain::zone::StoreZone;

/// How a language writes numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locale {
    language: Language,
    /// Between whole and part: `.` or `,`.
    pub decimal: char,
    /// Between thousands.
    pub grouping: char,
    symbol_first: bool,
}

/// A space that does not break.
const NO_BREAK: char = '\u{a0}';
/// The longest sign of a measure behind its figure: `kg`, `ml`, `cm`.
const MEASURE_CHARACTERS: usize = 2;

/// Words that stay in one line, such as a telephone number.
pub fn unbroken(words: &str) -> String {
    words.replace(' ', NO_BREAK.encode_utf8(&mut [0; 4]))
}

/// A name such as `epson-tm-t20iii`, which is not broken at its hyphens.
pub fn unhyphenated(name: &str) -> String {
    name.replace('-', "\u{2011}")
}

/// A name whose measure stays with its figure: in `Thermos 0.5 l` the `l` does not go into a line of its own.
pub fn unbroken_measure(name: &str) -> String {
    let mut kept = String::with_capacity(name.len() + 2);
    for word in name.split(' ') {
        if !kept.is_empty() {
            let is_measure =
                word.chars().count() <= MEASURE_CHARACTERS && kept.ends_with(|last: char| last.is_ascii_digit());
            kept.push(if is_measure { NO_BREAK } else { ' ' });
        }
        kept.push_str(word);
    }
    kept
}

impl Locale {
    /// Of a language (Unicode CLDR 44: number symbols and currency patterns; English puts a space after the symbol so
    /// that it reads at arm's length).
    pub const fn of(language: Language) -> Self {
        match language {
            Language::English => Self { language, decimal: '.', grouping: ',', symbol_first: true },
            Language::German => Self { language, decimal: ',', grouping: '.', symbol_first: false },
            Language::French => Self { language, decimal: ',', grouping: '\u{202f}', symbol_first: false },
            Language::Dutch => Self { language, decimal: ',', grouping: '.', symbol_first: true },
        }
    }

    /// Which language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// An amount without its currency: `1,234.50`.
    pub fn amount(&self, amount: Money) -> String {
        self.decimal(&format!("{:.*}", usize::from(amount.currency().minor_digits()), amount.to_decimal()))
    }

    /// An amount with its currency: `€ 1,234.50`, `1.234,50 €`.
    pub fn money(&self, amount: Money) -> String {
        self.with_symbol(&self.amount(amount), amount.currency())
    }

    /// An amount with its sign and its currency, as a difference is told: `€ +1.50`, `−1,50 €`.
    pub fn signed_money(&self, amount: Money) -> String {
        let sign = if amount.is_positive() { "+" } else { "" };
        self.with_symbol(&format!("{sign}{}", self.amount(amount)), amount.currency())
    }

    fn with_symbol(&self, figures: &str, currency: Currency) -> String {
        let symbol = symbol(currency);
        if self.symbol_first { format!("{symbol}{NO_BREAK}{figures}") } else { format!("{figures}{NO_BREAK}{symbol}") }
    }

    /// A quantity: `2`, `0.452`.
    pub fn quantity(&self, quantity: Quantity) -> String {
        if quantity.is_whole() {
            self.decimal(&(quantity.thousandths() / 1000).to_string())
        } else {
            self.decimal(&format!("{:.3}", quantity.to_decimal()))
        }
    }

    /// A quantity with its sign: `+2`, `−1`.
    pub fn signed_quantity(&self, quantity: Quantity) -> String {
        let sign = if quantity.is_positive() { "+" } else { "" };
        format!("{sign}{}", self.quantity(quantity))
    }

    /// Percent without needless zeros: `10 %`.
    pub fn percent(&self, percent: Decimal) -> String {
        let figures = self.decimal(&percent.normalize().to_string());
        if self.language == Language::English { format!("{figures}%") } else { format!("{figures}{NO_BREAK}%") }
    }

    /// A day as it is typed: `24/11/2026`, `24.11.2026`.
    pub fn written_day(&self, day: NaiveDate) -> String {
        let written = match self.language {
            Language::English | Language::French => "%d/%m/%Y",
            Language::German => "%d.%m.%Y",
            Language::Dutch => "%d-%m-%Y",
        };
        day.format(written).to_string()
    }

    /// A number being typed: its decimal sign as the language writes it, nothing else changed.
    pub fn typed(&self, text: &str) -> String {
        text.replace('.', &self.decimal.to_string())
    }

    /// A plain decimal text with the language's signs.
    fn decimal(&self, plain: &str) -> String {
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(rest) => ("−", rest),
            None => ("", plain),
        };
        let (whole, part) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
        let mut grouped = String::with_capacity(plain.len() + 4);
        for (position, digit) in whole.chars().enumerate() {
            if position > 0 && (whole.len() - position).is_multiple_of(3) {
                grouped.push(self.grouping);
            }
            grouped.push(digit);
        }
        match part {
            Some(part) => format!("{sign}{grouped}{}{part}", self.decimal),
            None => format!("{sign}{grouped}"),
        }
    }
}

/// The sign people know a currency by, or its code.
pub fn symbol(currency: Currency) -> String {
    match currency.code() {
        "EUR" => "€",
        "GBP" => "£",
        "USD" | "AUD" | "CAD" | "NZD" => "$",
        "JPY" => "¥",
        code => code,
    }
    .to_owned()
}

impl Catalogue {
    /// The time of day: `14:02`; `14:02 UTC` where the store's zone is not known here.
    pub fn time(&self, at: Timestamp, zone: &StoreZone) -> String {
        let local = zone.local(at).format("%H:%M").to_string();
        if zone.is_known() { local } else { format!("{local}{NO_BREAK}UTC") }
    }

    /// A moment as people say it: `today 17:00`, `tomorrow 12:00`, `Thu 12:00`, `12 Mar 12:00`.
    pub fn moment(&self, at: Timestamp, now: Timestamp, zone: &StoreZone) -> String {
        self.moment_of(zone.day(at), self.time(at, zone), zone.day(now))
    }

    /// Until when, as people say it: as a moment, and midnight is the end of its day and not the beginning of the next.
    pub fn deadline(&self, at: Timestamp, now: Timestamp, zone: &StoreZone) -> String {
        let is_midnight = zone.local(at).time() == NaiveTime::MIN && zone.is_known();
        match zone.day(at).pred_opt().filter(|_| is_midnight) {
            Some(day) => self.moment_of(day, self.midnight(), zone.day(now)),
            None => self.moment(at, now, zone),
        }
    }

    fn moment_of(&self, day: NaiveDate, time: String, today: NaiveDate) -> String {
        match (day - today).num_days() {
            0 => self.moment_today(time),
            1 => self.moment_tomorrow(time),
            -1 => self.moment_yesterday(time),
            -6..=6 => format!("{} {time}", self.weekday(i64::from(day.weekday().number_from_monday()))),
            _ => format!("{} {time}", self.date(day)),
        }
    }

    /// A day: `12 Mar`, with its year.
    pub fn date(&self, day: NaiveDate) -> String {
        self.day_of_year(i64::from(day.day()), i64::from(day.month()), day.year().to_string())
    }

    /// A span as people say it: `12 min`, `3 h`, `2 days`.
    pub fn span(&self, from: Timestamp, until: Timestamp) -> String {
        let minutes = (until - from).num_minutes().max(0);
        match minutes {
            0..=89 => self.span_minutes(minutes.max(1)),
            90..=2879 => self.span_hours((minutes + 30) / 60),
            _ => self.span_days(minutes / 1440),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the till writes into a search is read as that day again.
    #[test]
    fn a_written_day_is_that_day_in_every_language() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 4).unwrap();
        for language in Language::ALL {
            let written = Locale::of(language).written_day(day);
            assert_eq!(crate::domain::day::parse_day(&written, day), Some(day), "{written}");
        }
        assert_eq!(Locale::of(Language::German).written_day(day), "04.03.2026");
    }

    #[test]
    fn a_measure_stays_with_its_figure() {
        assert_eq!(unbroken_measure("Thermos 0.5 l"), "Thermos 0.5\u{a0}l");
        assert_eq!(unbroken_measure("Coffee to go"), "Coffee to go");
        assert_eq!(unbroken_measure("Wool socks 41 long"), "Wool socks 41 long");
        assert_eq!(unbroken("06 12 34"), "06\u{a0}12\u{a0}34");
    }

    #[test]
    fn amounts_as_each_language_writes_them() {
        let check = |language, minor, expected: &str| {
            let written = Locale::of(language).money(Money::new(minor, Currency::EUR));
            assert_eq!(written.replace([NO_BREAK, '\u{202f}'], " "), expected);
        };
        check(Language::English, 15_245, "€ 152.45");
        check(Language::English, 123_456_789, "€ 1,234,567.89");
        check(Language::English, -90, "€ −0.90");
        check(Language::German, 123_456, "1.234,56 €");
        check(Language::French, 123_456, "1 234,56 €");
        check(Language::Dutch, 5, "€ 0,05");
        let difference = |language, minor| {
            Locale::of(language).signed_money(Money::new(minor, Currency::EUR)).replace(NO_BREAK, " ")
        };
        assert_eq!(difference(Language::English, 150), "€ +1.50");
        assert_eq!(difference(Language::German, 150), "+1,50 €");
        assert_eq!(difference(Language::German, -150), "−1,50 €");
        assert_eq!(difference(Language::English, 0), "€ 0.00");
        let yen = Currency::from_code("JPY").unwrap();
        assert_eq!(Locale::of(Language::English).amount(Money::new(1200, yen)), "1,200");
    }

    #[test]
    fn quantities_show_thousandths_only_where_there_are_some() {
        let english = Locale::of(Language::English);
        assert_eq!(english.quantity(Quantity::units(1200)), "1,200");
        assert_eq!(english.quantity(Quantity::from_thousandths(452)), "0.452");
        assert_eq!(Locale::of(Language::German).quantity(Quantity::from_thousandths(1500)), "1,500");
        assert_eq!(english.signed_quantity(Quantity::units(2)), "+2");
        assert_eq!(english.signed_quantity(Quantity::units(-1)), "−1");
    }

    #[test]
    fn moments_as_people_say_them() {
        let text = Catalogue::new(Language::English);
        let zone = StoreZone::of("Europe/Amsterdam");
        let moment = |day, hour, minute| {
            zone.moment(NaiveDate::from_ymd_opt(2026, 3, day).unwrap().and_hms_opt(hour, minute, 0).unwrap())
        };
        let now = moment(11, 14, 2);
        let check = |day, hour, expected| assert_eq!(text.moment(moment(day, hour, 0), now, &zone), expected);
        check(11, 17, "today 17:00");
        check(12, 0, "tomorrow 00:00");
        check(10, 9, "yesterday 09:00");
        check(13, 12, "Fri 12:00");
        check(9, 9, "Mon 09:00");
        check(25, 12, "25 Mar 2026 12:00");
        // Across the change of the clocks, days are still days.
        check(29, 12, "29 Mar 2026 12:00");
        let deadline = |day, hour| text.deadline(moment(day, hour, 0), now, &zone);
        assert_eq!(deadline(12, 0), "today midnight");
        assert_eq!(deadline(13, 0), "tomorrow midnight");
        assert_eq!(deadline(14, 0), "Fri midnight");
        assert_eq!(deadline(11, 17), "today 17:00");
        let unknown = StoreZone::of("Lindholm");
        assert_eq!(text.time(now, &unknown).replace(NO_BREAK, " "), "13:02 UTC");
    }
}
