//! When an order was placed and when it is wanted, as documents write dates, times and zones.
//!
//! A time without a zone is a local one (XML Schema 1.1, part 2, section 3.3.7): what the clocks show where the order
//! belongs, which its store knows.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::super::draft::{OrderDraft, Value};
use crate::domain::Timestamp;
use crate::domain::zone::WrittenMoment;

/// When it was placed.
pub fn ordered_at(draft: &OrderDraft) -> Option<WrittenMoment> {
    let written = Written::read(&draft.issue_date.as_ref()?.text, draft.issue_time.as_ref())?;
    written.moment(written.time.unwrap_or(NaiveTime::MIN))
}

/// The end of the day asked for, or the hour when one is given.
pub fn wanted_until(draft: &OrderDraft) -> Option<WrittenMoment> {
    let written = Written::read(&draft.wanted_until.as_ref()?.text, draft.wanted_until_time.as_ref())?;
    match (written.time, written.offset_minutes) {
        (Some(time), _) => written.moment(time),
        (None, None) => written.is_storable().then_some(WrittenMoment::EndOfDay(written.date)),
        (None, Some(offset)) => {
            let next = instant(written.date.succ_opt()?, NaiveTime::MIN, offset);
            written.is_storable().then(|| WrittenMoment::At(next - TimeDelta::seconds(1)))
        }
    }
}

/// A date and a time as documents write them, in one text or two, each with a zone or without (XML Schema, part 2).
struct Written {
    date: NaiveDate,
    time: Option<NaiveTime>,
    /// East of Greenwich, when it is said.
    offset_minutes: Option<i64>,
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
        let offset_minutes = offset_of(behind).or_else(|| offset_of(zone));
        Some(Self { date: day, time, offset_minutes })
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
        check("23.11.2026", "", "UTC", None);
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
}
