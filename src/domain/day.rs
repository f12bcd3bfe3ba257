//! Days as people write them.

use chrono::{Datelike, NaiveDate};

/// Words for a day, in each language the till speaks, and how many days ago it was.
const WORDS: [(&str, u64); 8] = [
    ("today", 0),
    ("heute", 0),
    ("aujourd'hui", 0),
    ("vandaag", 0),
    ("yesterday", 1),
    ("gestern", 1),
    ("hier", 1),
    ("gisteren", 1),
];

/// The day that a text says: `24.11.2026`, `24.11.`, `24.11`, `24/11/26`, `24-11`, `2026-11-24`, `yesterday`. Day and month come in this order
/// in every language the till speaks. Without a year it is the last one that has been. `24.11` may be an amount as well: that
/// is for whoever asks to say.
pub fn parse_day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let said = text.to_lowercase().replace('’', "'");
    if let Some((_, ago)) = WORDS.iter().find(|(word, _)| *word == said) {
        return today.checked_sub_days(chrono::Days::new(*ago));
    }
    let separator = text.chars().find(|character| !character.is_ascii_digit())?;
    if !matches!(separator, '.' | '-' | '/') {
        return None;
    }
    let numbers: Vec<&str> = text.strip_suffix('.').unwrap_or(text).split(separator).collect();
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    match numbers[..] {
        [year, month, day] if year.len() == 4 => {
            NaiveDate::from_ymd_opt(number(year)?.try_into().ok()?, number(month)?, number(day)?)
        }
        [day, month, year] => {
            let century = match year.len() {
                4 => 0,
                2 => today.year().div_euclid(100) * 100,
                _ => return None,
            };
            NaiveDate::from_ymd_opt(century + i32::try_from(number(year)?).ok()?, number(month)?, number(day)?)
        }
        [day, month] if day.len() <= 2 && month.len() <= 2 => {
            let (day, month) = (number(day)?, number(month)?);
            // Eight years hold a 29th of February, also across 1900 and 2100.
            let mut years = (0..=8).filter_map(|ago| NaiveDate::from_ymd_opt(today.year() - ago, month, day));
            years.find(|day| *day <= today)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_people_write_them() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let check = |text: &str, expected| assert_eq!(parse_day(text, day(2026, 11, 26)), expected, "{text}");
        let written = ["2026-11-24", "24.11.2026", "24.11.26", "24-11-2026", "24.11.", "24.11", "24-11", "24/11"];
        for text in written.into_iter().chain(["24/11/2026", "24/11/26"]) {
            check(text, Some(day(2026, 11, 24)));
        }
        check("26.11.", Some(day(2026, 11, 26)));
        check("27/11", Some(day(2025, 11, 27)));
        check("3.4", Some(day(2026, 4, 3)));
        check("29.2.", Some(day(2024, 2, 29)));
        for (today, yesterday) in
            [("today", "Yesterday"), ("Heute", "gestern"), ("aujourd’hui", "hier"), ("vandaag", "gisteren")]
        {
            check(today, Some(day(2026, 11, 26)));
            check(yesterday, Some(day(2026, 11, 25)));
        }
        let others =
            ["24,11", "115", "31.2.", "24.13.", "59.00", "2026-11", "2026-11-31", "24.11.226", "24.", "-24-11"];
        for text in others.into_iter().chain(["", "jam", "24.x.", "+4.1.", "1.2.3.4", "24.11.2026-", "2026.1"]) {
            check(text, None);
        }
    }
}
