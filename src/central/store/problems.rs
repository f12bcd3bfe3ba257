//! Problem orders as head office settles them, and what came in by each channel.

use super::ProblemOrder;
use crate::domain::Timestamp;
use crate::domain::ids::ChannelId;

/// Where a problem order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemState {
    /// It waits for head office.
    Open,
    /// Head office will not make an order of it, and said why.
    Dismissed,
    /// It was mended, or became right by itself, and came in again.
    Resubmitted,
}

/// A problem order with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemRecord {
    /// The document and its reasons.
    pub kept: ProblemOrder,
    /// Where it stands.
    pub state: ProblemState,
    /// When it was settled, once it is.
    pub settled_at: Option<Timestamp>,
    /// By whom; empty while it is open.
    pub person: String,
    /// Why it was dismissed; empty otherwise.
    pub reason: String,
    /// What its mended document became: our order numbers, or names of problems; empty otherwise.
    pub successor: String,
}

/// A problem order without its document, as lists have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemSummary {
    /// Its name.
    pub problem: [u8; 16],
    /// By which channel.
    pub channel: ChannelId,
    /// The sender's own number, when it could be read.
    pub reference: String,
    /// What is wrong, as JSON: the list the sender got.
    pub problems: String,
    /// When it came first.
    pub received_at: Timestamp,
    /// How often it came.
    pub times: u64,
    /// Where it stands.
    pub state: ProblemState,
    /// When it was settled, once it is.
    pub settled_at: Option<Timestamp>,
    /// By whom; empty while it is open.
    pub person: String,
    /// Why it was dismissed; empty otherwise.
    pub reason: String,
    /// What its mended document became: our order numbers, or names of problems; empty otherwise.
    pub successor: String,
}

impl ProblemSummary {
    /// Its place in a list.
    pub const fn mark(&self) -> ProblemMark {
        ProblemMark { received_at: self.received_at, problem: self.problem }
    }
}

impl ProblemRecord {
    /// Without the document.
    pub fn summary(&self) -> ProblemSummary {
        ProblemSummary {
            problem: self.kept.problem,
            channel: self.kept.channel.clone(),
            reference: self.kept.reference.clone(),
            problems: self.kept.problems.clone(),
            received_at: self.kept.received_at,
            times: self.kept.times,
            state: self.state,
            settled_at: self.settled_at,
            person: self.person.clone(),
            reason: self.reason.clone(),
            successor: self.successor.clone(),
        }
    }
}

/// A place in a list of problem orders, which is by when they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemMark {
    /// When it came first.
    pub received_at: Timestamp,
    /// Its name.
    pub problem: [u8; 16],
}

impl ProblemMark {
    /// As text for those outside.
    pub fn encode(&self) -> String {
        format!("{:x}.{}", self.received_at.timestamp_micros(), uuid::Uuid::from_bytes(self.problem))
    }

    /// The place of a text; nothing for one that is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (micros, name) = text.split_once('.')?;
        let received_at = Timestamp::from_timestamp_micros(i64::from_str_radix(micros, 16).ok()?)?;
        Some(Self { received_at, problem: uuid::Uuid::parse_str(name).ok()?.into_bytes() })
    }
}

/// What head office makes of a problem order.
#[derive(Clone, Debug)]
pub struct ProblemSettlement {
    /// Which.
    pub problem: [u8; 16],
    /// Dismissed or resubmitted.
    pub state: ProblemState,
    /// By whom.
    pub person: String,
    /// Why, when it is dismissed.
    pub reason: String,
    /// What it became, when it was resubmitted.
    pub successor: String,
    /// What the channel is told, should it have a folder for answers.
    pub answer: ChannelAnswer,
}

/// An answer for a channel's folder for answers that is of no file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelAnswer {
    /// The name of the file it becomes.
    pub name: String,
    /// What it says.
    pub document: Vec<u8>,
}

/// Which problem orders to list.
#[derive(Clone, Debug, Default)]
pub struct ProblemFilter {
    /// Of one channel.
    pub channel: Option<ChannelId>,
    /// In one state.
    pub state: Option<ProblemState>,
    /// Behind this one.
    pub after: Option<ProblemMark>,
    /// At most so many.
    pub problems_max: usize,
}

/// What came in by a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelCount {
    /// Which.
    pub channel: ChannelId,
    /// Orders, changes and cancellations received, those in documents that could not be read counted as one.
    pub received: u64,
    /// Taken: new orders, changes, cancellations.
    pub imported: u64,
    /// Taken before.
    pub duplicates: u64,
    /// Kept as problems.
    pub problems: u64,
    /// Problems that wait for head office now.
    pub open: u64,
    /// Since when the oldest of them waits.
    pub oldest_open_at: Option<Timestamp>,
}
