//! `trade.v1.OrderService`: orders from outside, and what has become of them.

use std::collections::BTreeSet;
use std::pin::Pin;

use prost::Message as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};

use super::caller::{Doorkeeper, may_see};
use super::office_problems::list_page;
use super::status::{Reason, refuse, refuse_store, refuse_with};
use super::unread::{is_unread, refuse_unread};
use super::{Stopping, wait_for_stop};
use crate::central::intake::problem::Severity;
use crate::central::intake::{DocumentAnswer, Incoming, Intake, IntakeAnswer, IntakeOutcome};
use crate::central::store::{CallKind, ChannelRecord, Cursor, Feed, ProblemFilter, ProblemState, Store};
use crate::central::surroundings::Surroundings;
use crate::domain::ids::OrderNumber;
use crate::wire::Wire;
use crate::wire::trade::{self, v1 as proto};

/// How many orders a frame has at most.
const ORDERS_PER_FRAME: usize = 100;
/// How many problems of several orders are named beside them as well.
const PROBLEMS_REPEATED_MAX: usize = 100;
/// How many bytes an answer has at most: clients take four mebibytes.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024 - 4096;
/// How many frames wait for a slow follower.
const FRAMES_WAITING_MAX: usize = 4;

/// The service.
pub struct OrderService<S> {
    store: S,
    doorkeeper: Doorkeeper<S>,
    intake: Intake<S>,
    surroundings: Surroundings,
    stopping: Stopping,
}

impl<S: Store> OrderService<S> {
    /// Over a store.
    pub const fn new(
        store: S,
        doorkeeper: Doorkeeper<S>,
        intake: Intake<S>,
        surroundings: Surroundings,
        stopping: Stopping,
    ) -> Self {
        Self { store, doorkeeper, intake, surroundings, stopping }
    }
}

type AnswerStream = Pin<Box<dyn Stream<Item = Result<proto::SubmitOrdersResponse, Status>> + Send>>;
type OrderStream = Pin<Box<dyn Stream<Item = Result<proto::WatchOrdersResponse, Status>> + Send>>;

#[tonic::async_trait]
impl<S: Store> proto::order_service_server::OrderService for OrderService<S> {
    type SubmitOrdersStream = AnswerStream;
    type WatchOrdersStream = OrderStream;

    async fn submit_order(
        &self,
        request: Request<proto::SubmitOrderRequest>,
    ) -> Result<Response<proto::SubmitOrderResponse>, Status> {
        let channel = self.doorkeeper.get_channel(&request, CallKind::Orders).await?;
        Ok(Response::new(take(&self.intake, &channel, request.into_inner()).await?))
    }

    async fn submit_orders(
        &self,
        request: Request<Streaming<proto::SubmitOrdersRequest>>,
    ) -> Result<Response<AnswerStream>, Status> {
        let (channel, mut admission) = self.doorkeeper.admit_channel(&request, CallKind::Orders).await?;
        let mut documents = request.into_inner();
        let (answers, received) = mpsc::channel(FRAMES_WAITING_MAX);
        let (intake, mut stopping) = (self.intake.clone(), self.stopping.clone());
        tokio::spawn(async move {
            loop {
                let next = tokio::select! {
                    next = documents.next() => next,
                    status = admission.end() => Some(Err(status)),
                    () = wait_for_stop(&mut stopping) => {
                        Some(Err(refuse(Reason::ShuttingDown, "central is shutting down; send what was not answered again")))
                    }
                };
                let Some(next) = next else { return };
                let answer = match next {
                    Ok(proto::SubmitOrdersRequest { order: Some(order) }) => match admission.check().await {
                        Ok(()) => take(&intake, &channel, order).await,
                        Err(status) => Err(status),
                    },
                    Ok(proto::SubmitOrdersRequest { order: None }) => {
                        Err(refuse_with(Reason::FieldInvalid, "there is no document in it", &[("field", "order")]))
                    }
                    Err(status) if is_unread(&status) => Err(refuse_unread(&intake, Some(&channel), &status).await),
                    Err(status) => Err(status),
                };
                let refused = answer.is_err();
                let answer = answer.map(|result| proto::SubmitOrdersResponse { result: Some(result) });
                if answers.send(answer).await.is_err() || refused {
                    return;
                }
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(received))))
    }

    async fn get_order(
        &self,
        request: Request<proto::GetOrderRequest>,
    ) -> Result<Response<proto::GetOrderResponse>, Status> {
        use proto::get_order_request::Key;
        let channel = self.doorkeeper.get_channel(&request, CallKind::Orders).await?;
        let found = match request.into_inner().key {
            Some(Key::OrderNumber(number)) => {
                self.store.find_order(OrderNumber::new(number)).await.map_err(refuse_store)?
            }
            Some(Key::SenderReference(reference)) => {
                let mut found = self
                    .store
                    .list_orders_by_reference(channel.channel.clone(), reference)
                    .await
                    .map_err(refuse_store)?;
                if found.len() > 1 {
                    let message = "several buyers have used this number; ask by our number";
                    return Err(refuse_with(Reason::FieldInvalid, message, &[("field", "sender_reference")]));
                }
                found.pop()
            }
            None => return Err(refuse_with(Reason::FieldInvalid, "name an order", &[("field", "key")])),
        };
        // Another channel's order is not told from one that does not exist.
        let order = found
            .filter(|order| order.channel == channel.channel)
            .ok_or_else(|| refuse(Reason::NotFound, "there is no such order of this channel"))?;
        if !may_see(&channel, &order.store) {
            return Err(refuse(Reason::OtherStore, "this token is not good for the order's store"));
        }
        Ok(Response::new(proto::GetOrderResponse { order: Some(trade::order(&order)) }))
    }

    async fn list_problems(
        &self,
        request: Request<proto::ListProblemsRequest>,
    ) -> Result<Response<proto::ListProblemsResponse>, Status> {
        let channel = self.doorkeeper.get_channel(&request, CallKind::Orders).await?;
        let request = request.into_inner();
        let filter = ProblemFilter { channel: Some(channel.channel), ..ProblemFilter::default() };
        let (found, next_page_token) = list_page(&self.store, filter, request.page_size, &request.page_token).await?;
        let problems = found.into_iter().map(|problem| proto::KeptProblem {
            problem_id: uuid::Uuid::from_bytes(problem.problem).to_string(),
            sender_reference: problem.reference,
            state: match problem.state {
                ProblemState::Open => proto::ProblemState::Open,
                ProblemState::Dismissed => proto::ProblemState::Dismissed,
                ProblemState::Resubmitted => proto::ProblemState::Resubmitted,
            } as i32,
            reason: problem.reason,
            received_at: Some(problem.received_at.to_wire()),
        });
        Ok(Response::new(proto::ListProblemsResponse { problems: problems.collect(), next_page_token }))
    }

    async fn watch_orders(&self, request: Request<proto::WatchOrdersRequest>) -> Result<Response<OrderStream>, Status> {
        let (channel, admission) = self.doorkeeper.admit_channel(&request, CallKind::Orders).await?;
        let text = request.into_inner().cursor;
        let cursor = match text.as_str() {
            "" => Some(0),
            text => u64::from_str_radix(text, 16).ok(),
        };
        let cursor = cursor.ok_or_else(|| {
            refuse_with(Reason::FieldInvalid, "this cursor is not one of central's", &[("field", "cursor")])
        })?;
        let (frames, received) = mpsc::channel(FRAMES_WAITING_MAX);
        let follower = follow(self.store.clone(), self.surroundings.clone(), channel, Cursor(cursor), frames);
        let mut stopping = self.stopping.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = follower => {}
                () = wait_for_stop(&mut stopping) => {}
            }
        });
        Ok(Response::new(Box::pin(admission.guard(received))))
    }
}

async fn take<S: Store>(
    intake: &Intake<S>,
    channel: &ChannelRecord,
    request: proto::SubmitOrderRequest,
) -> Result<proto::SubmitOrderResponse, Status> {
    if !request.channel.is_empty() && request.channel != channel.channel.as_str() {
        return Err(refuse(Reason::CallNotAllowed, "this token belongs to another channel"));
    }
    let incoming =
        Incoming { channel: channel.channel.clone(), content_type: request.content_type, bytes: request.xml };
    let allowed = (!channel.stores.is_empty()).then(|| channel.stores.clone());
    let bytes = incoming.bytes.len();
    let answer = intake.take_document(incoming, allowed).await.map_err(refuse_store)?;
    log_taken(channel, bytes, &answer);
    Ok(answer_to_wire(answer, request.client_reference))
}

/// A line for each document, as the pick-up of files has one for each look: what came of it, and nothing of whose it is.
fn log_taken(channel: &ChannelRecord, bytes: usize, answer: &DocumentAnswer) {
    let count = |outcomes: &[IntakeOutcome]| answer.orders.iter().filter(|one| outcomes.contains(&one.outcome)).count();
    let imported = count(&[IntakeOutcome::Imported, IntakeOutcome::Changed, IntakeOutcome::Cancelled]);
    let (duplicates, problems) = (count(&[IntakeOutcome::Duplicate]), count(&[IntakeOutcome::Problem]));
    let orders = answer.orders.len();
    let told = answer.orders.iter().flat_map(|one| &one.problems).filter(|one| one.severity == Severity::Error);
    let codes: BTreeSet<&str> = told.map(|problem| problem.code.as_str()).collect();
    let codes = codes.into_iter().collect::<Vec<_>>().join(" ");
    tracing::info!(channel = %channel.channel, bytes, orders, imported, duplicates, problems, codes, "document taken");
}

fn answer_to_wire(answer: DocumentAnswer, client_reference: String) -> proto::SubmitOrderResponse {
    let orders: Vec<_> = match answer.orders.len() {
        1 => Vec::new(),
        _ => answer.orders.iter().map(result_to_wire).collect(),
    };
    let answer = answer.into_one();
    let mut one = result_to_wire(&answer);
    if !orders.is_empty() {
        one.problems.truncate(PROBLEMS_REPEATED_MAX);
    }
    bounded(proto::SubmitOrderResponse {
        outcome: one.outcome,
        order_number: one.order_number,
        sender_reference: one.sender_reference,
        state: one.state,
        store: one.store,
        problems: one.problems,
        response_document: answer.response,
        client_reference,
        problem_id: one.problem_id,
        orders,
        problems_left_out: one.problems_left_out,
        response_left_out: false,
    })
}

/// Without the answer in the sender's own language, where that is what makes it more than a client takes.
fn bounded(mut response: proto::SubmitOrderResponse) -> proto::SubmitOrderResponse {
    if response.encoded_len() > ANSWER_BYTES_MAX {
        response.response_document.clear();
        response.response_left_out = true;
    }
    response
}

fn result_to_wire(answer: &IntakeAnswer) -> proto::OrderResult {
    let outcome = match answer.outcome {
        IntakeOutcome::Imported => proto::Outcome::Imported,
        IntakeOutcome::Duplicate => proto::Outcome::Duplicate,
        IntakeOutcome::Changed => proto::Outcome::Changed,
        IntakeOutcome::Cancelled => proto::Outcome::Cancelled,
        IntakeOutcome::Problem => proto::Outcome::Problem,
    };
    let order = answer.order.as_deref();
    let state = order.map_or(proto::OrderState::Unspecified, |order| trade::state(order.state));
    proto::OrderResult {
        outcome: outcome as i32,
        order_number: order.map_or_else(String::new, |order| order.number.to_string()),
        sender_reference: answer.reference.clone(),
        state: state as i32,
        store: order.map_or_else(String::new, |order| order.store.to_string()),
        problems: answer.problems.iter().map(crate::central::intake::problem::Problem::to_wire).collect(),
        problem_id: answer.problem.map_or_else(String::new, |name| uuid::Uuid::from_bytes(name).to_string()),
        problems_left_out: u32::try_from(answer.left_out).unwrap_or(u32::MAX),
    }
}

/// Sends the channel's orders as they change, until the follower is gone.
async fn follow<S: Store>(
    store: S,
    surroundings: Surroundings,
    channel: ChannelRecord,
    mut cursor: Cursor,
    frames: mpsc::Sender<Result<proto::WatchOrdersResponse, Status>>,
) {
    let mut signal = store.follow(&Feed::Channel(channel.channel.clone()));
    let mut first = true;
    loop {
        signal.mark_unchanged();
        let now = surroundings.now();
        let read = store.read_order_feed(channel.channel.clone(), cursor, ORDERS_PER_FRAME).await;
        let (orders, reached) = match read {
            Ok(read) => read,
            Err(error) => {
                // The last thing it hears; when it is gone already, nobody minds.
                drop(frames.send(Err(refuse_store(error))).await);
                return;
            }
        };
        let more = orders.len() == ORDERS_PER_FRAME;
        cursor = reached;
        if first || !orders.is_empty() {
            let visible = orders.iter().filter(|order| may_see(&channel, &order.store));
            let frame = proto::WatchOrdersResponse {
                orders: visible.map(trade::order).collect(),
                cursor: format!("{:x}", cursor.0),
                as_of: Some(now.to_wire()),
            };
            if frames.send(Ok(frame)).await.is_err() {
                return;
            }
        }
        first = false;
        if more {
            continue;
        }
        tokio::select! {
            changed = signal.changed() => if changed.is_err() { return },
            () = frames.closed() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_no_client_would_take_goes_without_its_document() {
        let answer = |bytes| proto::SubmitOrderResponse { response_document: vec![b' '; bytes], ..Default::default() };
        let small = bounded(answer(ANSWER_BYTES_MAX - 64));
        assert_eq!((small.response_document.len(), small.response_left_out), (ANSWER_BYTES_MAX - 64, false));
        let large = bounded(answer(ANSWER_BYTES_MAX));
        assert_eq!((large.response_document.len(), large.response_left_out), (0, true));
    }
}
