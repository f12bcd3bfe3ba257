//! When an order was placed and when it is wanted, as documents write dates, times and zones.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::super::draft::{OrderDraft, Value};
use crate::domain::Timestamp;

/// When it was placed.
pub fn ordered_at(draft: &OrderDraft) -> Option<Timestamp> {
    let written = Written::read(&draft.issue_date.as_ref()?.text, draft.issue_time.as_ref())?;
    instant(written.date, written.time.unwrap_or(NaiveTime::MIN), written.offset_minutes)
}

/// The end of the day asked for, or the hour when one is given.
pub fn wanted_until(draft: &OrderDraft) -> Option<Timestamp> {
    let written = Written::read(&draft.wanted_until.as_ref()?.text, draft.wanted_until_time.as_ref())?;
    match written.time {
        Some(time) => instant(written.date, time, written.offset_minutes),
        None => {
            Some(instant(written.date.succ_opt()?, NaiveTime::MIN, written.offset_minutes)? - TimeDelta::seconds(1))
        }
    }
}

/// A date and a time as documents write them, in one text or two, each with a zone or without (XML Schema, part 2).
struct Written {
    date: NaiveDate,
    time: Option<NaiveTime>,
    /// East of Greenwich; UTC when nothing says another.
    offset_minutes: i64,
}

impl Written {
    fn read(date: &str, time: Option<&Value>) -> Option<Self> {
        let day: NaiveDate = date.get(..10)?.parse().ok()?;
        let rest = date.get(10..).unwrap_or_default();
        let (clock, zone) = match rest.strip_prefix(['T', ' ']) {
            Some(clock) => (Some(clock), ""),
            None => (time.map(|time| time.text.as_str()), rest),
        };
        let time = clock.and_then(|clock| NaiveTime::parse_from_str(clock.get(..8)?, "%H:%M:%S").ok());
        let behind = clock.and_then(|clock| clock.get(8..)).unwrap_or_default();
        let behind = behind.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
        let offset_minutes = offset_of(behind).or_else(|| offset_of(zone)).unwrap_or(0);
        Some(Self { date: day, time, offset_minutes })
    }
}

/// `+01:00`, or `Z`.
fn offset_of(text: &str) -> Option<i64> {
    let sign = match text.chars().next()? {
        'Z' => return Some(0),
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    // XML Schema knows fourteen hours either way.
    ((0..=14).contains(&hours) && (0..60).contains(&minutes)).then_some(sign * (hours * 60 + minutes))
}

fn instant(date: NaiveDate, time: NaiveTime, offset_minutes: i64) -> Option<Timestamp> {
    let local = DateTime::<Utc>::from_naive_utc_and_offset(date.and_time(time), Utc);
    // What a column of microseconds and every client can hold, with room for the offset.
    let fits = (1971..=9997).contains(&chrono::Datelike::year(&local));
    fits.then(|| local - TimeDelta::minutes(offset_minutes))
}

#[cfg(test)]
mod tests {
    use super::super::super::xml;
    use super::*;

    #[test]
    fn dates_of_documents() {
        let check = |date: &str, time: &str, expected: Option<&str>| {
            let time = Value { text: time.into(), path: String::new(), at: xml::Offset(0) };
            let time = Some(&time).filter(|time| !time.text.is_empty());
            let written = Written::read(date, time);
            let found = written.and_then(|w| instant(w.date, w.time.unwrap_or(NaiveTime::MIN), w.offset_minutes));
            let found = found.map(|at| at.format("%Y-%m-%dT%H:%M").to_string());
            assert_eq!(found.as_deref(), expected, "{date} {time:?}");
        };
        check("2026-11-23Z", "", Some("2026-11-23T00:00"));
        check("2026-11-23", "17:05:00.000+01:00", Some("2026-11-23T16:05"));
        check("2026-11-23+02:00", "17:05:00", Some("2026-11-23T15:05"));
        check("2026-11-23T09:30:00-05:00", "", Some("2026-11-23T14:30"));
        check("2026-11-23 09:30:00", "", Some("2026-11-23T09:30"));
        check("2026-11-23T25:30:00", "", Some("2026-11-23T00:00"));
        check("23.11.2026", "", None);
        check("é026-11-23", "", None);
        check("9999-12-31", "", None);
    }
}
