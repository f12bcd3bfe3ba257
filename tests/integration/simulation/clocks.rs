//! When entries happened in the world's own time, and how well central can know it: exactly, but for how long a hello took,
//! unless the till's clock was set between writing and pushing. Then it knows no more than that nothing was still to come before.
//! While central's own clock is wrong, it knows to no more than that; once it is right, whatever is new is exact again.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use till::domain::Timestamp;
use till::domain::ids::RunId;
use till::domain::till_clock::ClockReading;

use super::node::Node;

/// On the way for longer, it may be an old push that comes behind newer ones.
const ON_ITS_WAY_MAX: TimeDelta = TimeDelta::seconds(1);

/// Further off, what a till takes central's clock for is not believed.
const BELIEVED_MAX: TimeDelta = TimeDelta::seconds(35);

/// What is further ahead of central's clock than this was dated before it was set back.
const AHEAD_MAX: TimeDelta = TimeDelta::seconds(1);

/// When an entry was written.
#[derive(Clone, Copy, Debug)]
pub struct WrittenAt {
    /// In the world's time.
    pub at: Timestamp,
    /// How far the till's clock was ahead.
    pub wrong_by: TimeDelta,
}

/// How a push was made, whatever becomes of it on its way.
#[derive(Clone, Debug)]
pub struct Made {
    /// In the world's time.
    at: Timestamp,
    /// As the till read its own clock and central's.
    clocks: ClockReading,
    /// The run it writes, and whether it has nothing behind this.
    run: Option<RunId>,
    says_all: bool,
    /// When each entry was written; unknown of one that nobody was told of.
    written: Vec<Option<WrittenAt>>,
}

impl Made {
    /// By a till that runs, of these entries, with so many unsent behind them.
    pub fn by(
        till: &Node,
        now: Timestamp,
        clocks: ClockReading,
        entries: &[till::wire::entry::SealedEntry],
        unsent: u64,
    ) -> Self {
        let run = till.running.as_ref().and_then(|running| running.engine.current_run());
        let written = entries.iter().map(|entry| till.book.find_written(entry.header.entry).map(|w| w.at)).collect();
        Self { at: now, clocks, run, says_all: unsent == 0, written }
    }
}

/// Between which moments of central's time something happened.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Span {
    /// Where central's own clock shows this.
    pub fn shown(clock: Shown) -> Self {
        Self { from: clock.world.min(clock.central), until: clock.latest() }
    }

    /// Central's clock is set back. What it dated ahead of that was before, and nobody knows when.
    pub fn set_back(&mut self, to: Shown) {
        if self.until > to.central + AHEAD_MAX {
            *self = Self::by(self.until.min(to.latest()));
        }
    }

    /// Nobody knows more than that it was by then.
    pub const fn by(until: Timestamp) -> Self {
        Self { from: Timestamp::MIN_UTC, until }
    }

    /// Was it later than another? Nothing when nobody can tell.
    pub fn is_later(&self, other: &Self) -> Option<bool> {
        match () {
            () if self.from > other.until => Some(true),
            () if self.until < other.from => Some(false),
            () => None,
        }
    }
}

/// A moment in the world's time, and what central's clock shows then.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub world: Timestamp,
    pub central: Timestamp,
}

impl Shown {
    /// Nothing that has happened is dated later.
    pub fn latest(&self) -> Timestamp {
        self.world.max(self.central)
    }
}

/// What an entry of a push is to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Novelty {
    /// It was told that central has it.
    Known,
    /// Central has it from before, and told nobody.
    Untold,
    /// Central has just booked it.
    Booked,
}

/// What pushes have told of one run.
#[derive(Clone, Copy, Debug)]
struct Heard {
    /// By how much too early entries were placed at most.
    early: TimeDelta,
    /// Whatever is new happened after this.
    after: Timestamp,
    /// What is known has been placed before this.
    latest: Timestamp,
}

/// What pushes have told of each run.
#[derive(Clone, Default)]
pub struct Runs(BTreeMap<RunId, Heard>);

impl Runs {
    /// When the entries of a push that central has just heard of happened, all of one run. Those that are booked just now are told
    /// by how it was made; of those that were booked before, in a push that nobody was answered, nobody knows how.
    pub fn hear(&mut self, run: RunId, made: &Made, now: Shown, new: &[Novelty]) -> Vec<Span> {
        let believed = made.clocks.central.filter(|at| (now.central - *at).abs() <= BELIEVED_MAX);
        let reckoned = believed.map_or(now.central, |at| at.min(now.central));
        let wrong_by = made.clocks.till - made.at;
        let never = Heard { early: TimeDelta::zero(), after: Timestamp::MIN_UTC, latest: Timestamp::MIN_UTC };
        let heard = self.0.entry(run).or_insert(never);
        let (early, late) = (made.at - reckoned, (reckoned - made.at).max(TimeDelta::zero()));
        heard.early = heard.early.max(early);
        let booked = made.written.iter().zip(new).filter(|(_, novelty)| **novelty == Novelty::Booked);
        let was_set = booked.map(|(at, _)| at).any(|at| at.is_none_or(|written| written.wrong_by != wrong_by));
        let place = |(written, novelty): (&Option<WrittenAt>, &Novelty)| match written.filter(|_| !was_set) {
            _ if *novelty != Novelty::Booked => Span::by(now.latest().max(heard.latest)),
            Some(WrittenAt { at, .. }) => Span { from: at - heard.early, until: (at + late).max(heard.latest) },
            None => Span { from: heard.after, until: now.latest().max(heard.latest) },
        };
        let spans: Vec<Span> = made.written.iter().zip(new).map(place).collect();
        for (span, _) in spans.iter().zip(new).filter(|(_, novelty)| **novelty != Novelty::Known) {
            // A microsecond apart each.
            heard.latest = heard.latest.max(span.until + TimeDelta::milliseconds(1));
            heard.after = heard.after.max(span.from);
        }
        if made.says_all && made.run == Some(run) {
            heard.latest = heard.latest.max(made.at + late);
            if now.world - made.at < ON_ITS_WAY_MAX {
                heard.after = heard.after.max(made.at - heard.early);
            }
        }
        spans
    }

    /// Central's clock is set back: what it dated ahead of that bounds nothing any more.
    pub fn set_back(&mut self, to: Shown) {
        for heard in self.0.values_mut().filter(|heard| heard.latest > to.central + AHEAD_MAX) {
            (heard.after, heard.latest) = (Timestamp::MIN_UTC, Timestamp::MIN_UTC);
        }
    }
}
