//! What is kept of a file, and what its sender finds beside it when something is wrong.

use super::super::problem::{Problem, Severity};
use super::super::text::printable;
use super::super::{DocumentAnswer, IntakeAnswer, IntakeOutcome};
use crate::central::store::FileRecord;
use crate::domain::Timestamp;
use crate::domain::ids::ChannelId;

/// How many problems a report names; a file with more has one that explains the others.
const PROBLEMS_MAX: usize = 200;

/// A file that was claimed and read.
#[derive(Clone, Debug)]
pub struct ArrivedFile {
    /// By which channel.
    pub channel: ChannelId,
    /// Its name in `processing/`.
    pub claim: String,
    /// What it was called when it came.
    pub name: String,
    /// SHA-256 of its bytes.
    pub content: [u8; 32],
    /// How many bytes it has.
    pub size: u64,
    /// When it was read.
    pub received_at: Timestamp,
}

impl ArrivedFile {
    /// Its record, once the fate of each of its orders is known.
    pub fn record(&self, answer: &DocumentAnswer) -> FileRecord {
        let count = |outcomes: &[IntakeOutcome]| {
            answer.orders.iter().filter(|order| outcomes.contains(&order.outcome)).count() as u32
        };
        FileRecord {
            channel: self.channel.clone(),
            claim: self.claim.clone(),
            name: self.name.clone(),
            content: self.content,
            size: self.size,
            received_at: self.received_at,
            imported: count(&[IntakeOutcome::Imported, IntakeOutcome::Changed, IntakeOutcome::Cancelled]),
            duplicates: count(&[IntakeOutcome::Duplicate]),
            problems: count(&[IntakeOutcome::Problem]),
            report: self.report(answer),
            rejected: answer.rejected.clone(),
            answer: answer.response.clone(),
            filed_as: None,
            filed: false,
        }
    }

    /// What is wrong, where, and what to do: empty when nothing is.
    fn report(&self, answer: &DocumentAnswer) -> String {
        let bad: Vec<&IntakeAnswer> =
            answer.orders.iter().filter(|order| order.outcome == IntakeOutcome::Problem).collect();
        if bad.is_empty() {
            return String::new();
        }
        let mut text = String::new();
        let name = printable(&self.name);
        let day = self.received_at.format("%Y-%m-%d %H:%M:%S UTC");
        let mut line = |words: String| text.extend([words.as_str(), "\n"]);
        if bad.len() < answer.orders.len() {
            line(format!("{} of the {} orders in {name} could not be taken.", bad.len(), answer.orders.len()));
            line("The others were. Those with problems are in the file beside this one.".to_owned());
            line(format!("Lines and columns below are those of {name} as it was sent, which is in imported/."));
        } else {
            line(format!("{name} could not be taken."));
        }
        line(format!("It was read at {day} for the channel {}.", printable(self.channel.as_str())));
        let mut left = PROBLEMS_MAX;
        for order in &bad {
            line(String::new());
            if !order.reference.is_empty() {
                line(format!("Order {}", printable(&order.reference)));
            }
            for problem in order.problems.iter().filter(|problem| problem.severity == Severity::Error) {
                if left == 0 {
                    break;
                }
                left -= 1;
                line(describe(problem));
            }
            if let Some(name) = order.problem {
                line(format!("  At head office it is problem {}.", uuid::Uuid::from_bytes(name)));
            }
        }
        if left == 0 {
            line(String::new());
            line(format!("There may be more: only the first {PROBLEMS_MAX} are named."));
        }
        line(String::new());
        line("When it is mended, put the file back into the folder it came from, under any name.".to_owned());
        line("Orders that were taken before are not taken again.".to_owned());
        text
    }
}

fn describe(problem: &Problem) -> String {
    let place = &problem.place;
    let mut text = format!("  {}: {}", problem.code.as_str(), printable(&problem.message));
    let mut line = |words: String| text.extend(["\n    ", words.as_str()]);
    if place.line > 0 {
        line(format!("Where: line {}, column {} {}", place.line, place.column, printable(&place.path)));
    }
    if !problem.value.is_empty() {
        line(format!("It says: {}", printable(&problem.value)));
    }
    line(format!("What to do: {}", problem.code.hint()));
    text
}
