//! Dates of two-digit years, as element strings carry them.

use chrono::{Datelike, Months, NaiveDate};

/// A date `YYMMDD` read on `today`: the century is the one that puts the year within −49 to +50 years of today's, and
/// day 00 is the last day of the month (GS1 General Specifications, 7.12 and 3.4). `None` when there is no such day.
pub fn parse_date(digits: &str, today: NaiveDate) -> Option<NaiveDate> {
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let pair = |at: usize| digits[at..at + 2].parse::<u32>().ok();
    let (year, month, day) = (pair(0)? as i32, pair(2)?, pair(4)?);
    let century = today.year() - today.year().rem_euclid(100);
    let year = match year - today.year().rem_euclid(100) {
        51.. => century - 100 + year,
        ..=-50 => century + 100 + year,
        _ => century + year,
    };
    if day == 0 {
        return NaiveDate::from_ymd_opt(year, month, 1)?.checked_add_months(Months::new(1))?.pred_opt();
    }
    NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_lie_around_today_and_day_zero_is_the_end_of_the_month() {
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
        let check = |digits: &str, today: &str, expected: Option<&str>| {
            assert_eq!(parse_date(digits, day(today)), expected.map(day), "{digits} on {today}");
        };
        check("261231", "2026-11-23", Some("2026-12-31"));
        check("760101", "2026-11-23", Some("2076-01-01"));
        check("770101", "2026-11-23", Some("1977-01-01"));
        check("490101", "2098-06-01", Some("2049-01-01"));
        check("480101", "2098-06-01", Some("2148-01-01"));
        check("000101", "2098-06-01", Some("2100-01-01"));
        check("280200", "2026-11-23", Some("2028-02-29"));
        check("270200", "2026-11-23", Some("2027-02-28"));
        check("271200", "2026-11-23", Some("2027-12-31"));
        check("270229", "2026-11-23", None);
        check("271301", "2026-11-23", None);
        check("270000", "2026-11-23", None);
        check("2712", "2026-11-23", None);
        check("27a201", "2026-11-23", None);
    }
}
