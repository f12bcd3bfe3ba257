//! Problem orders for head office: listed, shown with the place, mended and dismissed.

use tonic::Status;

use super::super::figures::{ChannelFigures, list_figures};
use super::status::{Reason, refuse, refuse_store, refuse_with};
use crate::central::intake::mend::{MendRefusal, point_at};
use crate::central::intake::{Intake, IntakeAnswer, IntakeOutcome};
use crate::central::store::{ProblemFilter, ProblemMark, ProblemState, ProblemSummary, Store};
use crate::domain::ids::ChannelId;
use crate::wire::Wire;
use crate::wire::office::v1 as proto;

/// How many are listed at most.
const PROBLEMS_MAX: usize = 1000;
/// How many bytes of reasons a page has at most: clients take messages of four megabytes.
const PAGE_BYTES_MAX: usize = 1 << 20;

/// The name of a problem.
pub fn get_name(text: &str) -> Result<[u8; 16], Status> {
    let name = uuid::Uuid::parse_str(text);
    let name = name.map_err(|_| refuse_with(Reason::FieldInvalid, "it is no UUID", &[("field", "problem_id")]))?;
    Ok(name.into_bytes())
}

/// Those of a filter.
pub async fn list<S: Store>(
    store: &S,
    request: proto::ListProblemsRequest,
) -> Result<proto::ListProblemsResponse, Status> {
    let state = match request.state() {
        proto::ProblemState::Unspecified => None,
        proto::ProblemState::Open => Some(ProblemState::Open),
        proto::ProblemState::Dismissed => Some(ProblemState::Dismissed),
        proto::ProblemState::Resubmitted => Some(ProblemState::Resubmitted),
    };
    let channel = (!request.channel.is_empty()).then(|| ChannelId::new(&request.channel));
    let filter = ProblemFilter { channel, state, ..ProblemFilter::default() };
    let (found, next_page_token) = list_page(store, filter, request.page_size, &request.page_token).await?;
    Ok(proto::ListProblemsResponse { problems: found.iter().map(to_wire).collect(), next_page_token })
}

/// A page of a filter's, and the token of the next one.
pub async fn list_page<S: Store>(
    store: &S,
    filter: ProblemFilter,
    page_size: u32,
    page_token: &str,
) -> Result<(Vec<ProblemSummary>, String), Status> {
    let after = match page_token {
        "" => None,
        text => {
            let field = [("field", "page_token")];
            let mark = ProblemMark::parse(text);
            Some(mark.ok_or_else(|| refuse_with(Reason::FieldInvalid, "not a token of central's", &field))?)
        }
    };
    let page = if page_size == 0 { PROBLEMS_MAX } else { PROBLEMS_MAX.min(page_size as usize) };
    let filter = ProblemFilter { after, problems_max: page, ..filter };
    let mut found = store.list_problems(filter).await.map_err(refuse_store)?;
    let mut is_last = found.len() < page;
    let mut bytes = 0;
    let fitting = found.iter().take_while(|one| {
        bytes += one.problems.len();
        bytes <= PAGE_BYTES_MAX
    });
    let fitting = fitting.count().max(1);
    if fitting < found.len() {
        found.truncate(fitting);
        is_last = false;
    }
    let last = found.last().filter(|_| !is_last);
    let token = last.map_or_else(String::new, |last| last.mark().encode());
    Ok((found, token))
}

/// One with its document, and the place of each reason in it.
pub async fn get<S: Store>(store: &S, problem_id: &str) -> Result<proto::GetProblemResponse, Status> {
    let found = store.find_problem(get_name(problem_id)?).await.map_err(refuse_store)?;
    let record = found.ok_or_else(|| refuse(Reason::NotFound, MendRefusal::Unknown.to_string()))?;
    let problem = to_wire(&record.summary());
    let place = |one: &crate::wire::trade::v1::Problem| {
        point_at(&record.kept.document, one.line, one.column).unwrap_or_default()
    };
    let places = problem.problems.iter().map(place).collect();
    Ok(proto::GetProblemResponse { problem: Some(problem), document: record.kept.document.clone(), places })
}

/// What the mended document became.
pub async fn mend<S: Store>(
    intake: &Intake<S>,
    request: proto::MendProblemRequest,
    person: &str,
) -> Result<proto::MendProblemResponse, Status> {
    let mended = (!request.document.is_empty()).then_some(request.document);
    let answer = intake.mend(get_name(&request.problem_id)?, mended, person).await.map_err(refuse_store)?;
    let answer = answer.map_err(refuse_mending)?;
    Ok(proto::MendProblemResponse { results: answer.orders.iter().map(result_to_wire).collect() })
}

/// Without an order.
pub async fn dismiss<S: Store>(
    intake: &Intake<S>,
    request: &proto::DismissProblemRequest,
    person: &str,
) -> Result<proto::DismissProblemResponse, Status> {
    if request.reason.trim().is_empty() {
        let message = "say why: the channel is told";
        return Err(refuse_with(Reason::FieldInvalid, message, &[("field", "reason")]));
    }
    let name = get_name(&request.problem_id)?;
    let done = intake.dismiss(name, person, &request.reason).await.map_err(refuse_store)?;
    done.map_err(refuse_mending)?;
    Ok(proto::DismissProblemResponse {})
}

/// What came in by each channel.
pub async fn list_counts<S: Store>(store: &S) -> Result<proto::ListChannelCountsResponse, Status> {
    let figures = list_figures(store).await.map_err(refuse_store)?;
    let counts = figures.into_iter().map(|ChannelFigures { count, files }| proto::ChannelCount {
        channel: count.channel.to_string(),
        received: count.received,
        imported: count.imported,
        duplicates: count.duplicates,
        problems: count.problems,
        open: count.open,
        oldest_open_at: count.oldest_open_at.map(|at| at.to_wire()),
        files: files.map(|state| proto::FilePickUp {
            received: state.received,
            waiting: state.waiting,
            oldest_waiting_at: state.oldest_waiting_at.map(|at| at.to_wire()),
            looked_at: state.looked_at.map(|at| at.to_wire()),
            failing_since: state.failing_since.map(|at| at.to_wire()),
            last_error: state.last_error,
        }),
    });
    Ok(proto::ListChannelCountsResponse { counts: counts.collect() })
}

fn refuse_mending(refusal: MendRefusal) -> Status {
    let reason = match refusal {
        MendRefusal::Unknown => Reason::NotFound,
        MendRefusal::Settled => Reason::NotInState,
    };
    refuse(reason, refusal.to_string())
}

fn to_wire(record: &ProblemSummary) -> proto::ProblemOrder {
    let state = match record.state {
        ProblemState::Open => proto::ProblemState::Open,
        ProblemState::Dismissed => proto::ProblemState::Dismissed,
        ProblemState::Resubmitted => proto::ProblemState::Resubmitted,
    };
    proto::ProblemOrder {
        problem_id: uuid::Uuid::from_bytes(record.problem).to_string(),
        channel: record.channel.to_string(),
        sender_reference: record.reference.clone(),
        state: state as i32,
        received_at: Some(record.received_at.to_wire()),
        times: record.times,
        problems: read_problems(&record.problems),
        settled_at: record.settled_at.map(|at| at.to_wire()),
        person: record.person.clone(),
        reason: record.reason.clone(),
        successor: record.successor.clone(),
    }
}

/// The reasons as they were kept.
pub fn read_problems(json: &str) -> Vec<crate::wire::trade::v1::Problem> {
    use crate::wire::trade::v1::{Problem, Severity};
    let Ok(serde_json::Value::Array(list)) = serde_json::from_str(json) else { return Vec::new() };
    let text = |value: &serde_json::Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let figure =
        |value: &serde_json::Value, name: &str| value[name].as_u64().and_then(|n| n.try_into().ok()).unwrap_or(0);
    let read = |value: &serde_json::Value| Problem {
        code: text(value, "code"),
        severity: match value["severity"].as_str() {
            Some("warning") => Severity::Warning as i32,
            _ => Severity::Error as i32,
        },
        path: text(value, "path"),
        line: figure(value, "line"),
        column: figure(value, "column"),
        value: text(value, "value"),
        message: text(value, "message"),
        hint: text(value, "hint"),
    };
    list.iter().map(read).collect()
}

fn result_to_wire(answer: &IntakeAnswer) -> proto::MendResult {
    use crate::wire::trade::v1::Outcome;
    let outcome = match answer.outcome {
        IntakeOutcome::Imported => Outcome::Imported,
        IntakeOutcome::Duplicate => Outcome::Duplicate,
        IntakeOutcome::Changed => Outcome::Changed,
        IntakeOutcome::Cancelled => Outcome::Cancelled,
        IntakeOutcome::Problem => Outcome::Problem,
    };
    proto::MendResult {
        outcome: outcome as i32,
        order_number: answer.order.as_ref().map_or_else(String::new, |order| order.number.to_string()),
        problem_id: answer.problem.map_or_else(String::new, |name| uuid::Uuid::from_bytes(name).to_string()),
        problems: answer.problems.iter().map(crate::central::intake::problem::Problem::to_wire).collect(),
        problems_left_out: u32::try_from(answer.left_out).unwrap_or(u32::MAX),
    }
}
