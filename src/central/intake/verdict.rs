//! What an answer says of an order and of each of its lines, whatever language it is written in.

use rust_decimal::Decimal;

use super::draft::{DraftKind, DraftLine, OrderDraft, Value};
use super::problem::{Problem, Severity};
use super::validate::is_cancellation;
use super::{IntakeAnswer, IntakeOutcome};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::OrderLine;

/// How many reasons an answer names.
const REASONS_MAX: usize = 20;

/// What became of an order, or of one of its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it was asked.
    Accepted,
    /// Taken, and held: somebody has to find out first what is meant.
    Held,
    /// As it stands now, which differs from what was asked: the same order sent again after it changed.
    Changed,
    /// Taken before, and over since without its goods: nothing will come.
    Gone,
    /// Not taken.
    Rejected,
}

/// A line that was asked for, and what becomes of it.
pub struct LineVerdict<'a> {
    /// As it was asked.
    pub asked: &'a DraftLine,
    /// The line of ours it became.
    pub owed: Option<&'a OrderLine>,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What is wrong with it.
    pub problems: Vec<&'a Problem>,
    /// What is odd about it, and did not keep it from being taken.
    pub warnings: Vec<&'a Problem>,
}

impl LineVerdict<'_> {
    /// The sender's number of the line; its place in the order when it has none.
    pub fn number(&self, place: usize) -> String {
        self.asked.number.as_ref().map_or_else(|| place.to_string(), |number| number.text.clone())
    }

    /// How many will come, and of which unit: of the sender's where it is as it was asked, else of ours.
    pub fn quantity(&self) -> (String, Option<&Value>) {
        let as_asked = || self.asked.quantity.as_ref().map_or_else(|| "0".to_owned(), |quantity| quantity.text.clone());
        match (self.verdict, self.owed) {
            (Verdict::Rejected | Verdict::Gone, _) => ("0".to_owned(), self.asked.unit.as_ref()),
            (Verdict::Changed, Some(owed)) => (kept(owed).to_string(), None),
            _ => (as_asked(), self.asked.unit.as_ref()),
        }
    }

    /// What is to be said about it, a sentence each.
    pub fn remarks(&self) -> Vec<String> {
        let held =
            (self.verdict == Verdict::Held).then(|| "held: we are finding out which product is meant".to_owned());
        self.problems.iter().chain(&self.warnings).map(|problem| sentence(problem)).chain(held).collect()
    }
}

/// What is left of a line.
pub fn kept(owed: &OrderLine) -> Quantity {
    owed.ordered - owed.cancelled - owed.short
}

/// What became of the order.
pub fn of_order(draft: &OrderDraft, answer: &IntakeAnswer) -> Verdict {
    match answer.outcome {
        IntakeOutcome::Problem => Verdict::Rejected,
        IntakeOutcome::Cancelled => Verdict::Accepted,
        _ if is_cancellation(draft) => Verdict::Accepted,
        _ if answer.gone_words().is_some() => Verdict::Gone,
        _ if answer.held_words().is_some() => Verdict::Held,
        _ if pairs(draft, answer).iter().all(|(asked, owed)| is_as_asked(asked, owed)) => Verdict::Accepted,
        _ => Verdict::Changed,
    }
}

/// What is the last word on an order, beside its problems: that it is dismissed, or over without its goods since before.
pub fn last_word(draft: &OrderDraft, answer: &IntakeAnswer) -> Option<String> {
    let gone = answer.gone_words().filter(|_| !is_cancellation(draft));
    gone.or_else(|| answer.dismissed.as_ref().map(|reason| format!("this will not become an order: {reason}")))
}

/// What becomes of each wanted line.
pub fn of_lines<'a>(draft: &'a OrderDraft, answer: &'a IntakeAnswer) -> Vec<LineVerdict<'a>> {
    let order = answer.order.as_deref();
    // The lines of a changed order keep their places, whatever the change calls them.
    let numbered = order.filter(|_| draft.kind == DraftKind::Order);
    let wanted = draft.lines.iter().filter(|line| !line.is_cancelled);
    let gone = !is_cancellation(draft) && answer.gone_words().is_some();
    let line = |(number, asked): (u32, &'a DraftLine)| {
        let owed = numbered.and_then(|order| order.line(number));
        let held = numbered.is_some_and(|order| order.is_held() && order.unmatched.iter().any(|l| l.line == number));
        let verdict = match owed {
            _ if answer.outcome == IntakeOutcome::Problem => Verdict::Rejected,
            _ if gone => Verdict::Gone,
            _ if held => Verdict::Held,
            Some(owed) if !is_as_asked(asked, owed) => Verdict::Changed,
            _ => Verdict::Accepted,
        };
        let warnings = match answer.outcome {
            IntakeOutcome::Problem => Vec::new(),
            _ => told_of(answer, asked, Severity::Warning),
        };
        LineVerdict { asked, owed, verdict, problems: told_of(answer, asked, Severity::Error), warnings }
    };
    (1_u32..).zip(wanted).map(line).collect()
}

/// Each wanted line of an order with the line of ours it became: the wanted lines are numbered by their places, and those that
/// are held are none of ours yet.
pub fn pairs<'a>(draft: &'a OrderDraft, answer: &'a IntakeAnswer) -> Vec<(&'a DraftLine, &'a OrderLine)> {
    of_lines(draft, answer).into_iter().filter_map(|line| Some((line.asked, line.owed?))).collect()
}

/// Nothing of what was asked is taken out of the order or reported missing.
pub fn is_as_asked(asked: &DraftLine, owed: &OrderLine) -> bool {
    let said = asked.quantity.as_ref().and_then(|quantity| Decimal::from_str_exact(&quantity.text).ok());
    // Packs and grams count otherwise: of those only what was taken out tells.
    let counts_alike =
        asked.unit.as_ref().is_none_or(|unit| matches!(unit.text.as_str(), "C62" | "EA" | "H87" | "KGM"));
    let same = !counts_alike || said == Some(owed.ordered.to_decimal());
    owed.cancelled.is_zero() && owed.short.is_zero() && !owed.ordered.is_zero() && same
}

fn told_of<'a>(answer: &'a IntakeAnswer, asked: &DraftLine, severity: Severity) -> Vec<&'a Problem> {
    let within = |problem: &&Problem| {
        let rest = problem.place.path.strip_prefix(&asked.path);
        problem.severity == severity && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    answer.problems.iter().filter(within).collect()
}

/// Why an order is not taken, in so many reasons as an answer names, those of its lines among them.
pub fn reasons(answer: &IntakeAnswer) -> Vec<String> {
    let errors = answer.problems.iter().filter(|problem| problem.severity == Severity::Error);
    errors.take(REASONS_MAX).map(sentence).collect()
}

/// Why an order is not taken, apart from what is told of its lines.
pub fn reasons_of_the_whole<'a>(draft: &OrderDraft, answer: &'a IntakeAnswer) -> Vec<&'a Problem> {
    of_the_whole(draft, answer, Severity::Error)
}

fn of_the_whole<'a>(draft: &OrderDraft, answer: &'a IntakeAnswer, severity: Severity) -> Vec<&'a Problem> {
    let of_lines: Vec<&Problem> = draft.lines.iter().flat_map(|line| told_of(answer, line, severity)).collect();
    let all = answer.problems.iter().filter(|problem| problem.severity == severity);
    all.filter(|problem| !of_lines.iter().any(|line| std::ptr::eq(*line, *problem))).take(REASONS_MAX).collect()
}

/// What is odd about an order that was taken, in so many sentences as an answer names, those of its lines among them.
pub fn warnings(answer: &IntakeAnswer) -> Vec<String> {
    let is_taken = answer.outcome != IntakeOutcome::Problem;
    let all = answer.problems.iter().filter(|problem| is_taken && problem.severity == Severity::Warning);
    let left = (all.clone().count() + answer.left_out).saturating_sub(REASONS_MAX);
    let rest = (is_taken && left > 0).then(|| format!("warning: there are {left} more"));
    all.take(REASONS_MAX).map(sentence).chain(rest).collect()
}

/// The same apart from what is told of its lines.
pub fn warnings_of_the_whole(draft: &OrderDraft, answer: &IntakeAnswer) -> Vec<String> {
    match answer.outcome {
        IntakeOutcome::Problem => Vec::new(),
        _ => of_the_whole(draft, answer, Severity::Warning).into_iter().map(sentence).collect(),
    }
}

/// A problem with its place; a warning says that it is one.
pub fn sentence(problem: &Problem) -> String {
    let (place, code) = (&problem.place, problem.code.as_str());
    let severity = if problem.severity == Severity::Warning { "warning: " } else { "" };
    format!("{severity}{code}: {} ({} line {})", problem.message, place.path, place.line)
}
