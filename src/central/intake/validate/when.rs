//! When an order was placed and when it is wanted, as documents write dates, times and zones.
//!
//! A time without a zone is a local one (XML Schema 1.1, part 2, section 3.3.7): what the clocks show where the order
//! belongs, which its store knows.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::super::draft::{DraftLine, OrderDraft, Value};
use crate::domain::Timestamp;
use crate::domain::zone::WrittenMoment;

/// When it was placed.
pub fn ordered_at(draft: &OrderDraft) -> Option<WrittenMoment> {
    let written = Written::read(&draft.issue_date.as_ref()?.text, draft.issue_time.as_ref())?;
    written.moment(written.time.unwrap_or(NaiveTime::MIN))
}

/// The end of the day asked for, or the hour when one is given.
pub fn wanted_until(draft: &OrderDraft) -> Option<WrittenMoment> {
    until(draft.wanted_until.as_ref()?, draft.wanted_until_time.as_ref())
}

/// The same of a line that says so itself.
pub fn line_wanted_until(line: &DraftLine) -> Option<WrittenMoment> {
    let delivery = line.delivery.as_ref()?;
    until(delivery.wanted_until.as_ref()?, delivery.wanted_until_time.as_ref())
}

fn until(day: &Value, time: Option<&Value>) -> Option<WrittenMoment> {
    let written = Written::read(&day.text, time)?;
    match (written.time, written.offset_minutes) {
        (Some(time), _) => written.moment(time),
        (None, None) => written.is_storable().then_some(WrittenMoment::EndOfDay(written.date)),
        (None, Some(offset)) => {
            let next = instant(written.date.succ_opt()?, NaiveTime::MIN, offset);
            written.is_storable().then(|| WrittenMoment::At(next - TimeDelta::seconds(1)))
        }
    }
}

/// What stands where a day or time belongs and cannot be read as one, whole or in part: for people to read.
pub fn unread(draft: &OrderDraft) -> Vec<String> {
    let placed = unread_in("placed", draft.issue_date.as_ref(), draft.issue_time.as_ref());
    let wanted = unread_in("wanted by", draft.wanted_until.as_ref(), draft.wanted_until_time.as_ref());
    placed.into_iter().chain(wanted).collect()
}

fn unread_in(what: &str, date: Option<&Value>, time: Option<&Value>) -> Option<String> {
    let written = date.and_then(|date| Written::read(&date.text, time));
    let is_read = written.is_some_and(|written| written.is_whole && written.is_storable());
    let texts: Vec<&str> = date.into_iter().chain(time).map(|value| value.text.as_str()).collect();
    (!is_read && !texts.is_empty()).then(|| format!("{what}: {}", texts.join(" ")))
}

/// What a line says of when it is wanted, as it says it.
pub fn line_words(line: &DraftLine) -> Option<String> {
    let delivery = line.delivery.as_ref()?;
    let texts: Vec<&str> =
        delivery.wanted_until.iter().chain(&delivery.wanted_until_time).map(|value| value.text.as_str()).collect();
    (!texts.is_empty()).then(|| format!("wanted by: {}", texts.join(" ")))
}

/// A date and a time as documents write them, in one text or two, each with a zone or without (XML Schema, part 2), and as
/// people and databases do: `24.11.2026`, `20261124`, `17:00`. With strokes it may be the day or the month that comes first:
/// such a date is none.
struct Written {
    date: NaiveDate,
    time: Option<NaiveTime>,
    /// East of Greenwich, when it is said.
    offset_minutes: Option<i64>,
    /// Everything that stands there was understood.
    is_whole: bool,
}

impl Written {
    fn read(date: &str, time: Option<&Value>) -> Option<Self> {
        let (day, rest) = read_day(date)?;
        let (clock, zone) = match rest.strip_prefix(['T', ' ']) {
            Some(clock) => (Some(clock.trim()), ""),
            None => (time.map(|time| time.text.as_str()), rest),
        };
        let read = clock.map(read_clock);
        let (time, behind) = read.flatten().map_or((None, ""), |(time, behind)| (Some(time), behind));
        let offset_minutes = offset_of(behind).or_else(|| offset_of(zone));
        let is_offset = |text: &str| text.is_empty() || offset_of(text).is_some();
        let is_whole = clock.is_some() == time.is_some() && is_offset(behind) && is_offset(zone);
        // What stands behind the hour may make another of it (`5:00 PM`): then the day is all that is known.
        let time = time.filter(|_| is_whole);
        let (date, time) = match time {
            Some(Clock::At(time)) => (day, Some(time)),
            Some(Clock::EndOfDay) => (day.succ_opt()?, Some(NaiveTime::MIN)),
            None => (day, None),
        };
        Some(Self { date, time, offset_minutes, is_whole })
    }

    /// What a column of microseconds and every client can hold, with room for the zone.
    fn is_storable(&self) -> bool {
        (1971..=9997).contains(&self.date.year())
    }

    fn moment(&self, time: NaiveTime) -> Option<WrittenMoment> {
        self.is_storable().then(|| match self.offset_minutes {
            Some(offset) => WrittenMoment::At(instant(self.date, time, offset)),
            None => WrittenMoment::OnTheWall(self.date.and_time(time)),
        })
    }
}

/// The day a text begins with, and what stands behind it.
fn read_day(text: &str) -> Option<(NaiveDate, &str)> {
    if let Some((day, rest)) = text.split_at_checked(10) {
        let found = NaiveDate::parse_from_str(day, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(day, "%Y/%m/%d"));
        if let Ok(date) = found {
            return Some((date, rest));
        }
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (day, rest) = text.split_at(end);
    if day.len() == 8 && !day.contains('.') {
        return Some((NaiveDate::parse_from_str(day, "%Y%m%d").ok()?, rest));
    }
    let mut parts = day.split('.');
    let (date, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_one = parts.next().is_none() && year.len() == 4 && date.len() <= 2 && month.len() <= 2;
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?);
    Some((date.filter(|_| is_one)?, rest))
}

/// A time of the day.
enum Clock {
    At(NaiveTime),
    /// Written `24:00`.
    EndOfDay,
}

/// `17:05`, `17:05:00.000` or `1705`, and what stands behind it.
fn read_clock(text: &str) -> Option<(Clock, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(text.len());
    let (clock, behind) = text.split_at(end);
    let behind = match behind.strip_prefix(['.', ',']) {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => behind,
    };
    let of = |format: &str| NaiveTime::parse_from_str(clock, format).ok();
    let time = match clock.len() {
        5 if clock == "24:00" => return Some((Clock::EndOfDay, behind.trim())),
        8 if clock == "24:00:00" => return Some((Clock::EndOfDay, behind.trim())),
        4 | 5 => of("%H:%M").or_else(|| of("%H%M")),
        6 => of("%H%M%S"),
        7 | 8 => of("%H:%M:%S"),
        _ => None,
    };
    Some((Clock::At(time?), behind.trim()))
}

/// `+01:00`, `+0100`, `+01`, or `Z`.
fn offset_of(text: &str) -> Option<i64> {
    let sign = match text.chars().next()? {
        'Z' | 'z' if text.len() == 1 => return Some(0),
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let text = text.get(1..)?;
    let (hours, minutes) = match text.len() {
        2 => (text, "0"),
        4 => text.split_at_checked(2)?,
        _ => text.split_once(':')?,
    };
    let is_digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if !is_digits(hours) || !is_digits(minutes) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    // XML Schema knows fourteen hours either way.
    ((0..=14).contains(&hours) && (0..60).contains(&minutes)).then_some(sign * (hours * 60 + minutes))
}

fn instant(date: NaiveDate, time: NaiveTime, offset_minutes: i64) -> Timestamp {
    DateTime::<Utc>::from_naive_utc_and_offset(date.and_time(time), Utc) - TimeDelta::minutes(offset_minutes)
}

#[cfg(test)]
mod tests {
    use super::super::super::xml;
    use super::*;
    use crate::domain::zone::StoreZone;

    fn value(text: &str) -> Option<Value> {
        (!text.is_empty()).then(|| Value { text: text.into(), ..Value::of_element(String::new(), xml::Offset(0)) })
    }

    fn shown(at: Option<WrittenMoment>, zone: &str) -> Option<String> {
        Some(at?.in_zone(&StoreZone::of(zone)).format("%Y-%m-%dT%H:%M:%S").to_string())
    }

    #[test]
    fn when_an_order_was_placed() {
        let check = |date: &str, time: &str, zone: &str, expected: Option<&str>| {
            let draft = OrderDraft { issue_date: value(date), issue_time: value(time), ..OrderDraft::default() };
            assert_eq!(shown(ordered_at(&draft), zone).as_deref(), expected, "{date} {time} {zone}");
        };
        // A zone that is named counts wherever the store is.
        for zone in ["UTC", "Europe/Helsinki", "America/New_York"] {
            check("2026-11-23Z", "", zone, Some("2026-11-23T00:00:00"));
            check("2026-11-23", "17:05:00.000+01:00", zone, Some("2026-11-23T16:05:00"));
            check("2026-11-23+02:00", "17:05:00", zone, Some("2026-11-23T15:05:00"));
            check("2026-11-23T09:30:00-05:00", "", zone, Some("2026-11-23T14:30:00"));
        }
        check("2026-11-23 09:30:00", "", "UTC", Some("2026-11-23T09:30:00"));
        check("2026-11-23 09:30:00", "", "Europe/Helsinki", Some("2026-11-23T07:30:00"));
        check("2026-07-23", "09:30:00", "Europe/Helsinki", Some("2026-07-23T06:30:00"));
        check("2026-11-23", "", "America/New_York", Some("2026-11-23T05:00:00"));
        check("2026-11-23T25:30:00", "", "UTC", Some("2026-11-23T00:00:00"));
        check("23.11.2026", "", "UTC", Some("2026-11-23T00:00:00"));
        check("3.1.2026 9:30", "", "UTC", Some("2026-01-03T09:30:00"));
        check("20261123T0930+0100", "", "UTC", Some("2026-11-23T08:30:00"));
        check("2026/11/23 09:30", "", "Europe/Helsinki", Some("2026-11-23T07:30:00"));
        check("2026-11-23 09:30 +01", "", "UTC", Some("2026-11-23T08:30:00"));
        check("23/11/2026", "", "UTC", None);
        check("11/12/2026", "", "UTC", None);
        check("23.11.26", "", "UTC", None);
        check("31.11.2026", "", "UTC", None);
        check("é026-11-23", "", "UTC", None);
        check("9999-12-31", "", "UTC", None);
        check("0001-01-01", "", "Europe/Helsinki", None);
        // The hour that is skipped, and the one that comes twice.
        check("2026-03-29", "03:30:00", "Europe/Helsinki", Some("2026-03-29T01:00:00"));
        check("2026-10-25", "03:30:00", "Europe/Helsinki", Some("2026-10-25T00:30:00"));
    }

    #[test]
    fn until_when_an_order_is_wanted() {
        let check = |date: &str, time: &str, zone: &str, expected: Option<&str>| {
            let draft =
                OrderDraft { wanted_until: value(date), wanted_until_time: value(time), ..OrderDraft::default() };
            assert_eq!(shown(wanted_until(&draft), zone).as_deref(), expected, "{date} {time} {zone}");
        };
        check("2026-11-24", "", "UTC", Some("2026-11-24T23:59:59"));
        check("2026-11-24", "", "Europe/Helsinki", Some("2026-11-24T21:59:59"));
        check("2026-11-24", "", "America/New_York", Some("2026-11-25T04:59:59"));
        check("2026-11-24+01:00", "", "America/New_York", Some("2026-11-24T22:59:59"));
        check("2026-11-24", "17:00:00", "Europe/Helsinki", Some("2026-11-24T15:00:00"));
        check("2026-11-24", "17:00:00Z", "Europe/Helsinki", Some("2026-11-24T17:00:00"));
        check("2026-11-24 17:00", "", "Europe/Helsinki", Some("2026-11-24T15:00:00"));
        check("2026-11-24T17:00Z", "", "Europe/Helsinki", Some("2026-11-24T17:00:00"));
        check("2026-11-24", "17:00+01:00", "Europe/Helsinki", Some("2026-11-24T16:00:00"));
        check("2026-11-24T24:00:00", "", "UTC", Some("2026-11-25T00:00:00"));
        check("2026-11-24 5:00 PM", "", "UTC", Some("2026-11-24T23:59:59"));
        // The days the clocks change on: of 23 and of 25 hours.
        check("2026-03-28", "", "Europe/Helsinki", Some("2026-03-28T21:59:59"));
        check("2026-03-29", "", "Europe/Helsinki", Some("2026-03-29T20:59:59"));
        check("2026-10-24", "", "Europe/Helsinki", Some("2026-10-24T20:59:59"));
        check("2026-10-25", "", "Europe/Helsinki", Some("2026-10-25T21:59:59"));
        check("2026-11-01", "", "America/New_York", Some("2026-11-02T04:59:59"));
        // A day whose midnight is skipped, and one whose last hour comes twice.
        check("2026-03-28", "", "Asia/Beirut", Some("2026-03-28T21:59:59"));
        check("2026-10-24", "", "Asia/Beirut", Some("2026-10-24T21:59:59"));
        check("9998-01-01", "", "UTC", None);
        check("", "17:00:00", "UTC", None);
    }

    #[test]
    fn what_cannot_be_read_is_said_as_it_stands() {
        let check = |date: &str, time: &str, expected: &[&str]| {
            let draft =
                OrderDraft { wanted_until: value(date), wanted_until_time: value(time), ..OrderDraft::default() };
            assert_eq!(unread(&draft), expected, "{date} {time}");
        };
        for (date, time) in [("", ""), ("2026-11-24", ""), ("2026-11-24Z", "17:00"), ("24.11.2026", "17:00:00.5+01:00")]
        {
            check(date, time, &[]);
        }
        check("24/11/2026", "17:00", &["wanted by: 24/11/2026 17:00"]);
        check("2026-11-24", "noon", &["wanted by: 2026-11-24 noon"]);
        check("2026-11-24 5:00 PM", "", &["wanted by: 2026-11-24 5:00 PM"]);
        check("2026-11-24T17:00 CET", "", &["wanted by: 2026-11-24T17:00 CET"]);
        check("", "17:00", &["wanted by: 17:00"]);
        check("9999-12-31", "", &["wanted by: 9999-12-31"]);
        let placed = OrderDraft { issue_date: value("today"), ..OrderDraft::default() };
        assert_eq!(unread(&placed), ["placed: today"]);
    }
}
