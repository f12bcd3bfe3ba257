//! Tills' clocks are set by people. What several tills did is compared in central's time: when an entry happened there follows
//! from what the till's clock showed when it handed the entry over, and from what central had heard of it before.
//!
//! The journal's own times are what people read, and are never changed.

use chrono::TimeDelta;

use super::Timestamp;

/// No two entries of a journal happened at once: the one written later happened later, if only by this.
const APART: TimeDelta = TimeDelta::microseconds(1);

/// A till gives a push up after thirty seconds. One that seems to have been on its way for longer was made by another clock of
/// central's, or by a till that slept and does not know for how long.
const ON_ITS_WAY_MAX: TimeDelta = TimeDelta::seconds(35);

/// Entries of a push are placed apart by so little that none of them is further ahead than this.
const PLACED_AHEAD_MAX: TimeDelta = TimeDelta::seconds(1);

/// The latest moment that is not in the future of central's clock. What is kept of a later one was dated while that clock was ahead,
/// before it was set right: nobody knows when it was, but it was before whatever is heard of now.
pub fn latest_known(now: Timestamp) -> Timestamp {
    step(now, PLACED_AHEAD_MAX)
}

/// A till's clock and central's, as the till makes a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// What the till's clock shows.
    pub till: Timestamp,
    /// What central's shows then, as the till reckons from central's last word and by a clock that nobody sets; nothing when it
    /// cannot tell.
    pub central: Option<Timestamp>,
}

/// A request as central hears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hearing {
    /// Central's clock.
    pub now: Timestamp,
    /// What the till said of its own. One that says nothing is taken as right.
    pub clock: Option<ClockReading>,
}

/// What is known of entries before they are heard of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The entry before them happened then, or their till had nothing to say by then.
    pub after: Option<Timestamp>,
    /// An entry behind them happened then.
    pub before: Option<Timestamp>,
}

impl Hearing {
    /// When the till made the request, in central's time.
    pub fn made_at(&self) -> Timestamp {
        let reckoned = self.clock.and_then(|clock| clock.central).filter(|at| (self.now - *at).abs() <= ON_ITS_WAY_MAX);
        reckoned.map_or(self.now, |at| at.min(self.now))
    }

    /// How far the till's clock is ahead.
    pub fn ahead(&self) -> TimeDelta {
        self.clock.map_or(TimeDelta::zero(), |clock| clock.till - self.made_at())
    }

    /// When entries happened, in central's time, by when their till says they did. They stand in the journal in this order; of
    /// one that nobody can read nothing is said.
    ///
    /// The last entry was most likely written by the clock that the till has now, so that none happened after the one behind
    /// it. A clock that was set in between makes them wrong by no more than lies between the bounds and now.
    pub fn place(&self, bounds: Bounds, recorded: &[Option<Timestamp>]) -> Vec<Timestamp> {
        let ahead = self.ahead();
        let mut not_after = bounds.before.map_or(self.now, |before| step(before, -APART).min(self.now));
        let mut moments: Vec<Timestamp> = Vec::with_capacity(recorded.len());
        for recorded in recorded.iter().rev() {
            let moment = recorded.map_or(not_after, |at| step(at, -ahead).min(not_after));
            moments.push(moment);
            not_after = step(moment, -APART);
        }
        moments.reverse();
        let mut not_before = bounds.after.map(|after| step(after, APART));
        for moment in &mut moments {
            *moment = not_before.map_or(*moment, |not_before| not_before.max(*moment));
            not_before = Some(step(*moment, APART));
        }
        moments
    }
}

/// So much later. A moment beyond the calendar stays where it is.
pub fn step(at: Timestamp, by: TimeDelta) -> Timestamp {
    at.checked_add_signed(by).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn seconds(moments: &[Timestamp]) -> Vec<i64> {
        moments.iter().map(|moment| (*moment - at(0)).num_seconds()).collect()
    }

    #[test]
    fn when_entries_happened() {
        const HOUR: i64 = 3600;
        #[rustfmt::skip]
        #[expect(clippy::type_complexity, reason = "a row of a table")]
        let table: &[(&str, Option<(i64, Option<i64>)>, (Option<i64>, Option<i64>), &[i64], &[i64])] = &[
            // the till's clock, central's as it reckons; bounds; what it wrote; when that was. Central's clock shows 1000.
            ("a right clock",             Some((1000, Some(1000))),           (None, None),       &[10, 990],           &[10, 990]),
            ("an hour ahead",             Some((1000 + HOUR, None)),          (None, None),       &[HOUR + 10],         &[10]),
            ("an hour behind",            Some((1000 - HOUR, None)),          (None, None),       &[10 - HOUR],         &[10]),
            ("an older till",             None,                               (None, None),       &[10, 20],            &[10, 20]),
            ("an older till is ahead",    None,                               (None, None),       &[1100],              &[1000]),
            ("ten seconds on its way",    Some((990, Some(990))),             (None, None),       &[985],               &[985]),
            ("reckoned too far",          Some((1000, Some(1030))),           (None, None),       &[990],               &[990]),
            ("central's clock was set",   Some((1000, Some(1000 + HOUR))),    (None, None),       &[990],               &[990]),
            ("it slept for a minute",     Some((1000, Some(940))),            (None, None),       &[990],               &[990]),
            ("set ahead before the push", Some((1000 + HOUR, None)),          (Some(900), None),  &[950, 960],          &[900, 900]),
            ("set back before the push",  Some((1000 - HOUR, None)),          (Some(900), None),  &[950, 960],          &[999, 1000]),
            ("set right in between",      Some((1000, None)),                 (Some(0), None),    &[HOUR + 500, 600],   &[599, 600]),
            ("behind the one before",     Some((1000, None)),                 (Some(700), None),  &[690, 695],          &[700, 700]),
            ("before the one behind",     Some((1000, None)),                 (None, Some(500)),  &[490, 510],          &[490, 499]),
        ];
        for (what, clock, (after, before), recorded, expected) in table {
            let clock = clock.map(|(till, central)| ClockReading { till: at(till), central: central.map(at) });
            let bounds = Bounds { after: after.map(at), before: before.map(at) };
            let recorded: Vec<Option<Timestamp>> = recorded.iter().map(|second| Some(at(*second))).collect();
            let placed = Hearing { now: at(1000), clock }.place(bounds, &recorded);
            assert_eq!(seconds(&placed), *expected, "{what}");
        }
    }

    #[test]
    fn what_nobody_can_read_stands_before_what_follows_it() {
        let hearing = Hearing { now: at(1000), clock: None };
        let placed = hearing.place(Bounds::default(), &[Some(at(10)), None, Some(at(30)), None]);
        assert_eq!(placed, [at(10), at(30) - APART, at(30), at(1000)]);
        assert!(hearing.place(Bounds::default(), &[]).is_empty());
        let end_of_time = [Some(Timestamp::MAX_UTC), Some(Timestamp::MIN_UTC)];
        assert_eq!(hearing.place(Bounds::default(), &end_of_time).len(), 2);
    }

    proptest! {
        #[test]
        fn the_journal_keeps_its_order_whatever_clocks_say(
            clock in proptest::option::of((-100_000_i64..100_000, proptest::option::of(-300_i64..300))),
            after in proptest::option::of(-100_000_i64..0),
            recorded in proptest::collection::vec(proptest::option::of(-200_000_i64..200_000), 0..12),
        ) {
            let clock = clock.map(|(till, central)| ClockReading { till: at(till), central: central.map(at) });
            let (hearing, after) = (Hearing { now: at(0), clock }, after.map(at));
            let recorded: Vec<Option<Timestamp>> = recorded.into_iter().map(|second| second.map(at)).collect();
            let placed = hearing.place(Bounds { after, before: None }, &recorded);
            prop_assert!(placed.is_sorted_by(|one, next| one < next));
            prop_assert!(placed.iter().all(|moment| after.is_none_or(|after| after < *moment)));
            prop_assert!(hearing.made_at() <= at(0));
            // So many entries are apart by microseconds: none is in the future for longer.
            prop_assert!(placed.iter().all(|moment| *moment < at(1)));
        }

        #[test]
        fn a_clock_that_is_wrong_and_is_not_set_changes_nothing(
            wrong_by in -100_000_i64..100_000,
            happened in proptest::collection::btree_set(0_i64..1000, 1..12),
            on_its_way in 0_i64..35,
        ) {
            let now = at(1000 + on_its_way);
            let clock = ClockReading { till: at(1000 + wrong_by), central: Some(at(1000)) };
            let recorded: Vec<Option<Timestamp>> = happened.iter().map(|second| Some(at(second + wrong_by))).collect();
            let placed = Hearing { now, clock: Some(clock) }.place(Bounds::default(), &recorded);
            prop_assert_eq!(seconds(&placed), happened.into_iter().collect::<Vec<_>>());
        }
    }
}
