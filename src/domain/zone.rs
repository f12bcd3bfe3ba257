//! A store's time zone, by its name in the IANA database: what its clocks show, and which day it is there.

use std::fmt;
use std::str::FromStr;

use chrono::{LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone};
use chrono_tz::{OffsetName, TZ_VARIANTS, Tz};

use super::Timestamp;

/// The zone of a store. A name this program does not know (an older database, a typing error at head office) is kept as it
/// is, and the clocks show universal time, marked as such.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StoreZone {
    name: String,
    known: Option<Tz>,
}

impl StoreZone {
    /// The zone of a name.
    pub fn of(name: impl Into<String>) -> Self {
        let name = name.into();
        Self { known: Tz::from_str(&name).ok(), name }
    }

    /// Universal time: of a till that nobody has told its zone.
    pub fn universal() -> Self {
        Self::of("UTC")
    }

    /// The name as it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Does this program know the name? Otherwise the clocks show universal time.
    pub const fn is_known(&self) -> bool {
        self.known.is_some()
    }

    fn zone(&self) -> Tz {
        self.known.unwrap_or(Tz::UTC)
    }

    /// What the store's clocks show.
    pub fn local(&self, at: Timestamp) -> NaiveDateTime {
        at.with_timezone(&self.zone()).naive_local()
    }

    /// Which day it is in the store.
    pub fn day(&self, at: Timestamp) -> NaiveDate {
        self.local(at).date()
    }

    /// The moment the store's clocks show this: the first, when they show it twice; where they skip it, the moment they
    /// were put forward.
    pub fn moment(&self, local: NaiveDateTime) -> Timestamp {
        let zone = self.zone();
        match zone.from_local_datetime(&local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.to_utc(),
            LocalResult::None => {
                // Clocks are put forward by three hours at most (IANA database): the gap's own end is within a day.
                let minutes = (1..=24 * 60).map(|minutes| local + TimeDelta::minutes(minutes));
                let after = minutes.filter_map(|later| zone.from_local_datetime(&later).earliest()).next();
                after.map_or_else(|| local.and_utc(), |at| at.to_utc())
            }
        }
    }

    /// The last second of a day there.
    pub fn end_of_day(&self, day: NaiveDate) -> Timestamp {
        // Not a second to midnight on the wall: that may come twice, or an hour early.
        let next = day.succ_opt().unwrap_or(day);
        self.moment(next.and_time(NaiveTime::MIN)) - TimeDelta::seconds(1)
    }

    /// `+02:00`
    pub fn offset(&self, at: Timestamp) -> String {
        self.zone().offset_from_utc_datetime(&at.naive_utc()).fix().to_string()
    }

    /// `EET (+02:00)`, or `UTC (+00:00)` for an unknown zone; where the zone has no letters of its own, `(-03:00)`.
    pub fn mark(&self, at: Timestamp) -> String {
        let offset = self.zone().offset_from_utc_datetime(&at.naive_utc());
        let letters = offset.abbreviation().filter(|letters| letters.starts_with(|c: char| c.is_ascii_alphabetic()));
        letters.into_iter().map(|letters| format!("{letters} ")).collect::<String>() + &format!("({})", self.offset(at))
    }

    /// `2026-11-24 14:02 EET (+02:00)`: for lists of several stores.
    pub fn stamp(&self, at: Timestamp) -> String {
        format!("{} {}", self.local(at).format("%Y-%m-%d %H:%M"), self.mark(at))
    }

    /// Do the clocks show this time a second time that night, or have they shown it before?
    pub fn is_doubled(&self, at: Timestamp) -> bool {
        matches!(self.zone().from_local_datetime(&self.local(at)), LocalResult::Ambiguous(..))
    }
}

/// A moment as somebody wrote it down: with its zone, or without, and then it is meant on the clocks of the store it is
/// about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrittenMoment {
    /// The zone was said.
    At(Timestamp),
    /// What the store's clocks show.
    OnTheWall(NaiveDateTime),
    /// When the day is over in the store.
    EndOfDay(NaiveDate),
}

impl WrittenMoment {
    /// When it is, for a store of this zone.
    pub fn in_zone(self, zone: &StoreZone) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::OnTheWall(local) => zone.moment(local),
            Self::EndOfDay(day) => zone.end_of_day(day),
        }
    }
}

impl fmt::Debug for StoreZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreZone({}{})", self.name, if self.is_known() { "" } else { ", unknown" })
    }
}

/// The name a person may have meant: the same letters in another case, or a city without its continent.
pub fn find_similar(name: &str) -> Option<&'static str> {
    let plain = |text: &str| text.trim().replace(' ', "_").to_lowercase();
    let meant = plain(name);
    let mut names = TZ_VARIANTS.iter().map(|zone| zone.name());
    let whole = names.clone().find(|known| plain(known) == meant);
    whole.or_else(|| names.find(|known| known.rsplit_once('/').is_some_and(|(_, city)| plain(city) == meant)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_the_clocks_show_around_both_changes_of_a_year() {
        #[rustfmt::skip]
        let table = [
            // zone               universal time         on the wall            marked           doubled
            ("Europe/Helsinki",   "2026-03-29T00:59:59Z", "2026-03-29 02:59:59", "EET (+02:00)",  false),
            ("Europe/Helsinki",   "2026-03-29T01:00:00Z", "2026-03-29 04:00:00", "EEST (+03:00)", false),
            ("Europe/Helsinki",   "2026-10-24T23:59:59Z", "2026-10-25 02:59:59", "EEST (+03:00)", false),
            ("Europe/Helsinki",   "2026-10-25T00:30:00Z", "2026-10-25 03:30:00", "EEST (+03:00)", true),
            ("Europe/Helsinki",   "2026-10-25T01:30:00Z", "2026-10-25 03:30:00", "EET (+02:00)",  true),
            ("Europe/Helsinki",   "2026-10-25T02:00:00Z", "2026-10-25 04:00:00", "EET (+02:00)",  false),
            ("America/New_York",  "2026-03-08T06:59:59Z", "2026-03-08 01:59:59", "EST (-05:00)",  false),
            ("America/New_York",  "2026-03-08T07:00:00Z", "2026-03-08 03:00:00", "EDT (-04:00)",  false),
            ("America/New_York",  "2026-11-01T05:30:00Z", "2026-11-01 01:30:00", "EDT (-04:00)",  true),
            ("America/New_York",  "2026-11-01T06:30:00Z", "2026-11-01 01:30:00", "EST (-05:00)",  true),
            ("America/New_York",  "2026-11-01T07:00:00Z", "2026-11-01 02:00:00", "EST (-05:00)",  false),
            ("America/Sao_Paulo", "2026-11-01T12:00:00Z", "2026-11-01 09:00:00", "(-03:00)",      false),
            ("Asia/Kathmandu",    "2026-11-01T12:00:00Z", "2026-11-01 17:45:00", "(+05:45)",      false),
            ("Lindholm/Harbour",  "2026-11-01T12:00:00Z", "2026-11-01 12:00:00", "UTC (+00:00)",  false),
        ];
        for (name, at, wall, mark, doubled) in table {
            let (zone, at) = (StoreZone::of(name), utc(at));
            let shown = zone.local(at).to_string();
            assert_eq!((shown.as_str(), zone.mark(at).as_str(), zone.is_doubled(at)), (wall, mark, doubled), "{at}");
        }
    }

    #[test]
    fn the_day_is_the_stores() {
        let day = |name: &str, at: &str| StoreZone::of(name).day(utc(at)).to_string();
        assert_eq!(day("Europe/Helsinki", "2026-11-24T21:59:59Z"), "2026-11-24");
        assert_eq!(day("Europe/Helsinki", "2026-11-24T22:00:00Z"), "2026-11-25");
        assert_eq!(day("Europe/Helsinki", "2026-06-24T21:00:00Z"), "2026-06-25");
        assert_eq!(day("America/New_York", "2026-11-25T04:59:59Z"), "2026-11-24");
        assert_eq!(day("America/New_York", "2026-06-25T04:00:00Z"), "2026-06-25");
    }

    #[test]
    fn the_moment_of_a_time_on_the_wall() {
        #[rustfmt::skip]
        let table = [
            ("Europe/Helsinki",  "2026-11-24T17:00:00", "2026-11-24T15:00:00Z"),
            ("Europe/Helsinki",  "2026-06-24T17:00:00", "2026-06-24T14:00:00Z"),
            // Skipped, and shown twice.
            ("Europe/Helsinki",  "2026-03-29T03:30:00", "2026-03-29T01:00:00Z"),
            ("Europe/Helsinki",  "2026-10-25T03:30:00", "2026-10-25T00:30:00Z"),
            ("America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:00:00Z"),
            ("America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z"),
        ];
        for (name, wall, at) in table {
            assert_eq!(StoreZone::of(name).moment(wall.parse().unwrap()), utc(at), "{name} {wall}");
        }
    }

    #[test]
    fn a_name_that_was_nearly_right_is_found() {
        assert_eq!(find_similar("europe/helsinki"), Some("Europe/Helsinki"));
        assert_eq!(find_similar(" new york "), Some("America/New_York"));
        assert_eq!(find_similar("Lindholm"), None);
        assert!(!StoreZone::of("europe/helsinki").is_known(), "names are written one way");
    }
}
