//! What to do with the files of a folder: decided from listings and the clock alone, so that a table can test it.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::remote::Entry;
use crate::domain::Timestamp;

/// How files that are still being written are called, whatever stands before.
const UNFINISHED: &[&str] = &[".tmp", ".part", ".filepart", ".crdownload", "~"];
/// A file of this ending says that the file of the name before it is whole.
const MARKERS: &[&str] = &[".done", ".ok"];
/// The reason beside a problem file; it may come back with its file.
pub const REPORT_ENDING: &str = ".problem.txt";
/// Random digits in a claim.
const CLAIM_DIGITS: usize = 12;
/// Longest name that is kept of a file in the name of its claim, so that the whole stays a name.
const CLAIMED_NAME_BYTES_MAX: usize = 160;
/// The first wait after a failure; each further one doubles it, up to the channel's own interval.
const BACKOFF_FIRST: Duration = Duration::from_secs(15);
/// For so long a file must have stood still when it is taken, however soon somebody looks again: an upload may have come to a
/// halt. A channel that is looked at more often waits for as long as that.
const STANDS_STILL: Duration = Duration::from_secs(10);
/// After failing for so long, somebody is told.
pub const ALERT_AFTER: chrono::TimeDelta = chrono::TimeDelta::minutes(15);

/// A waiting file as it was seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// In bytes.
    pub size: u64,
    /// As the other side says.
    pub modified: i64,
    /// When it was seen first, by central's clock.
    pub since: Timestamp,
    /// When it was seen first as it is.
    pub still_since: Timestamp,
}

/// The files that waited at the last look, by name.
pub type Sightings = HashMap<String, Sighting>;

/// A file to take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ripe {
    /// Its name.
    pub name: String,
    /// The marker that says that it is whole, when there is one.
    pub marker: Option<String>,
    /// In bytes, as listed.
    pub size: u64,
}

/// What a look at the folder comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookPlan {
    /// To be taken, oldest first.
    pub take: Vec<Ripe>,
    /// Waiting: still growing, or seen for the first time.
    pub waiting: Sightings,
}

/// Is the name one that is left alone: hidden, unfinished, a marker, a report?
pub fn is_left_alone(name: &str) -> bool {
    let lower = name.to_lowercase();
    name.starts_with('.')
        || UNFINISHED.iter().any(|ending| lower.ends_with(ending))
        || MARKERS.iter().any(|ending| lower.ends_with(ending))
        || lower.ends_with(REPORT_ENDING)
}

/// How long a file of a channel that is looked at so often must stand still.
pub fn find_still(every: Duration) -> Duration {
    STANDS_STILL.min(every)
}

/// Has it been so long since then? By a clock that was put back it has not.
pub fn is_past(since: Timestamp, wait: Duration, now: Timestamp) -> bool {
    (now - since).to_std().is_ok_and(|passed| passed >= wait)
}

/// Which files to take, and which to wait for. A file is taken when a marker of its name is there, or when size and time
/// are those of the last look, and have been for so long.
pub fn plan_look(listing: &[Entry], seen: &Sightings, still: Duration, now: Timestamp) -> LookPlan {
    let names: HashSet<&str> = listing.iter().map(|entry| entry.name.as_str()).collect();
    let marker_of = |name: &str| {
        let candidates = MARKERS.iter().map(|ending| format!("{name}{ending}"));
        candidates.into_iter().find(|marker| names.contains(marker.as_str()))
    };
    let mut candidates: Vec<&Entry> = listing.iter().filter(|entry| !is_left_alone(&entry.name)).collect();
    candidates.sort_by(|a, b| (a.modified, &a.name).cmp(&(b.modified, &b.name)));
    let mut plan = LookPlan::default();
    for entry in candidates {
        let before = seen.get(&entry.name);
        let same = before.filter(|s| (s.size, s.modified) == (entry.size, entry.modified));
        let marker = marker_of(&entry.name);
        if marker.is_some() || same.is_some_and(|same| is_past(same.still_since, still, now)) {
            plan.take.push(Ripe { name: entry.name.clone(), marker, size: entry.size });
        } else {
            let since = before.map_or(now, |before| before.since);
            let still_since = same.map_or(now, |same| same.still_since.min(now));
            let sighting = Sighting { size: entry.size, modified: entry.modified, since, still_since };
            plan.waiting.insert(entry.name.clone(), sighting);
        }
    }
    plan
}

/// The name a file has while it is worked on: whose it is, which it is, and what it was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    tag: String,
    digits: String,
    name: String,
}

impl Claim {
    /// A claim of the central with this tag on a file of this name.
    pub fn new(tag: &str, random: u64, name: &str) -> Self {
        let digits = format!("{random:016x}")[..CLAIM_DIGITS].to_owned();
        Self { tag: tag.to_owned(), digits, name: shortened(name, CLAIMED_NAME_BYTES_MAX) }
    }

    /// Reads a name in `processing/`, when it is a claim of this tag's.
    pub fn parse(file: &str, tag: &str) -> Option<Self> {
        let (digits, name) = file.strip_prefix(tag)?.strip_prefix('-')?.split_once('-')?;
        let is_claim = digits.len() == CLAIM_DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_claim.then(|| Self { tag: tag.to_owned(), digits: digits.to_owned(), name: name.to_owned() })
    }

    /// The name in `processing/`.
    pub fn file(&self) -> String {
        format!("{}-{}-{}", self.tag, self.digits, self.name)
    }

    /// What the file was called, the middle of a very long name left out.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A name nobody else uses: `orders.xml` becomes `orders.5f2c9e7103ab.xml`.
    pub fn own_name(&self) -> String {
        let (stem, ending) = split_ending(&self.name);
        format!("{stem}.{}{ending}", self.digits)
    }

    /// The name of the answer to the file: `orders.5f2c9e7103ab.response.xml`.
    pub fn response_name(&self) -> String {
        format!("{}.{}.response.xml", split_ending(&self.name).0, self.digits)
    }
}

/// Stem and ending with its dot.
fn split_ending(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 => name.split_at(at),
        _ => (name, ""),
    }
}

/// Cut in the middle, so that the ending stays.
fn shortened(name: &str, bytes_max: usize) -> String {
    if name.len() <= bytes_max {
        return name.to_owned();
    }
    let (stem, ending) = split_ending(name);
    let ending = if ending.len() <= 32 { ending } else { "" };
    let mut end = bytes_max - ending.len();
    while !stem.is_char_boundary(end.min(stem.len())) {
        end -= 1;
    }
    format!("{}{ending}", &stem[..end.min(stem.len())])
}

/// How long to wait for the next look: the channel's interval, or less while it fails, so that it is back soon.
pub fn plan_wait(every: Duration, failures: u32) -> Duration {
    match failures {
        0 => every,
        failures => BACKOFF_FIRST.saturating_mul(1 << (failures - 1).min(10)).min(every),
    }
}

/// Shall somebody be told that a channel has been failing since then? Once when it has gone on long enough, and again each
/// time as long again.
pub fn is_alert_due(failing_since: Timestamp, alerted_at: Option<Timestamp>, now: Timestamp) -> bool {
    now - alerted_at.unwrap_or(failing_since) >= ALERT_AFTER
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(1_795_428_000 + seconds, 0).unwrap()
    }

    fn entry(name: &str, size: u64, modified: i64) -> Entry {
        Entry { name: name.into(), size, modified }
    }

    #[test]
    fn names_that_are_left_alone() {
        #[rustfmt::skip]
        let table = [
            ("orders.xml", false), ("ORDERS", false), ("orders.done.xml", false), ("a.problem.txt.xml", false),
            (".orders.xml", true), ("orders.xml.tmp", true), ("orders.xml.part", true), ("orders.xml.filepart", true),
            ("orders.xml.crdownload", true), ("orders.xml~", true), ("orders.TMP", true), ("orders.xml.done", true),
            ("orders.xml.ok", true), ("orders.xml.problem.txt", true),
        ];
        for (name, expected) in table {
            assert_eq!(is_left_alone(name), expected, "{name}");
        }
    }

    #[test]
    fn a_file_is_taken_when_it_stands_still_or_is_marked() {
        let seen = |size, modified| {
            let sighting = Sighting { size, modified, since: at(0), still_since: at(0) };
            Sightings::from([("a.xml".into(), sighting)])
        };
        let nothing = Sightings::new;
        #[rustfmt::skip]
        let table = [
            ("new",                    vec![entry("a.xml", 5, 1)],                              nothing(), false),
            ("unchanged",              vec![entry("a.xml", 5, 1)],                              seen(5, 1), true),
            ("has grown",              vec![entry("a.xml", 6, 1)],                              seen(5, 1), false),
            ("was touched",            vec![entry("a.xml", 5, 2)],                              seen(5, 1), false),
            ("marked .done",           vec![entry("a.xml", 5, 1), entry("a.xml.done", 0, 1)],   nothing(), true),
            ("marked .ok and grown",   vec![entry("a.xml", 6, 1), entry("a.xml.ok", 0, 1)],     seen(5, 1), true),
            ("another file's marker",  vec![entry("a.xml", 5, 1), entry("b.xml.done", 0, 1)],   nothing(), false),
            ("unfinished, unchanged",  vec![entry("a.xml.part", 5, 1)],                         seen(5, 1), false),
        ];
        for (what, listing, seen, expected) in table {
            let plan = plan_look(&listing, &seen, STANDS_STILL, at(300));
            assert_eq!(!plan.take.is_empty(), expected, "{what}");
            let waits = listing.iter().any(|entry| entry.name == "a.xml") && !expected;
            assert_eq!(plan.waiting.contains_key("a.xml"), waits, "{what}");
        }
    }

    #[test]
    fn the_oldest_is_taken_first_and_a_growing_file_waits_since_it_came() {
        let listing = [entry("c.xml", 1, 9), entry("b.xml", 1, 5), entry("a.xml", 1, 9), entry("d.xml", 2, 1)];
        let still = |modified| Sighting { size: 1, modified, since: at(0), still_since: at(0) };
        let seen = [("a.xml", 9), ("b.xml", 5), ("c.xml", 9), ("d.xml", 1)];
        let seen = seen.map(|(name, modified)| (name.to_owned(), still(modified))).into();
        let plan = plan_look(&listing, &seen, STANDS_STILL, at(300));
        assert_eq!(plan.take.iter().map(|ripe| ripe.name.as_str()).collect::<Vec<_>>(), ["b.xml", "a.xml", "c.xml"]);
        assert_eq!(plan.waiting["d.xml"], Sighting { size: 2, modified: 1, since: at(0), still_since: at(300) });
    }

    #[test]
    fn however_often_somebody_looks_a_file_stands_still_for_as_long() {
        let (every, often) = (Duration::from_secs(300), Duration::from_secs(1));
        let listing = [entry("a.xml", 5, 1)];
        // Looked at in these seconds: taken in the last one, or not at all; a clock that is put back takes its time anew.
        #[rustfmt::skip]
        let table: [(&str, Duration, &[i64], bool); 6] = [
            ("poked again and again",       every, &[0, 1, 2, 5, 9],      false),
            ("until it has stood still",    every, &[0, 1, 2, 5, 9, 10],  true),
            ("looked at as usual",          every, &[0, 300],             true),
            ("a channel looked at often",   often, &[0, 1],               true),
            ("the clock is put back",       every, &[100, 5, 14],         false),
            ("and it has stood still since", every, &[100, 5, 15],        true),
        ];
        for (what, every, looks, expected) in table {
            let mut seen = Sightings::new();
            let mut taken = Vec::new();
            for second in looks {
                let plan = plan_look(&listing, &seen, find_still(every), at(*second));
                taken.push(!plan.take.is_empty());
                seen = plan.waiting;
            }
            assert_eq!(taken.pop(), Some(expected), "{what}");
            assert!(taken.iter().all(|taken| !taken), "{what}: {taken:?}");
        }
    }

    #[test]
    fn a_claim_is_read_back_by_its_owner_alone() {
        let claim = Claim::new("a1b2c3d4", 0x5f2c_9e71_03ab_ffff, "my-orders.xml");
        assert_eq!(claim.file(), "a1b2c3d4-5f2c9e7103ab-my-orders.xml");
        assert_eq!(Claim::parse(&claim.file(), "a1b2c3d4"), Some(claim.clone()));
        assert_eq!(Claim::parse(&claim.file(), "ffffffff"), None);
        assert_eq!(Claim::parse("a1b2c3d4-orders.xml", "a1b2c3d4"), None);
        assert_eq!(claim.own_name(), "my-orders.5f2c9e7103ab.xml");
        assert_eq!(claim.response_name(), "my-orders.5f2c9e7103ab.response.xml");
        assert_eq!(Claim::new("t", 0, "noending").own_name(), "noending.000000000000");
    }

    #[test]
    fn a_claim_on_a_very_long_name_is_still_a_name() {
        let claim = Claim::new("a1b2c3d4", 1, &format!("{}.xml", "ü".repeat(125)));
        assert!(claim.file().len() <= 200 && claim.file().ends_with("ü.xml"), "{}", claim.file());
        let claim = Claim::new("a1b2c3d4", 1, &"x.".repeat(127));
        assert!(claim.response_name().len() < 255);
    }

    #[test]
    fn failures_are_tried_again_soon_and_never_later_than_usual() {
        let every = Duration::from_secs(300);
        let waits: Vec<u64> = (0..8).map(|failures| plan_wait(every, failures).as_secs()).collect();
        assert_eq!(waits, [300, 15, 30, 60, 120, 240, 300, 300]);
        assert_eq!(plan_wait(Duration::from_secs(2), 40), Duration::from_secs(2));
    }

    #[test]
    fn somebody_is_told_after_a_quarter_of_an_hour_and_once_each_quarter() {
        #[rustfmt::skip]
        let table = [
            (0, None, 899, false), (0, None, 900, true), (0, Some(900), 1799, false), (0, Some(900), 1800, true),
        ];
        for (since, alerted, now, expected) in table {
            assert_eq!(is_alert_due(at(since), alerted.map(at), at(now)), expected, "{since} {alerted:?} {now}");
        }
    }
}
