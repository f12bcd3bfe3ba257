//! Messages too large to be read: refused in the same form as everything else, and told where head office finds it. Of an order
//! document it is a problem of its channel, by whom and when; nothing of it is kept, as nothing of it was read.

use std::convert::Infallible;

use tonic::body::Body;
use tonic::codegen::http::header::AUTHORIZATION;
use tonic::codegen::http::{HeaderValue, Request, Response};
use tonic::service::Routes;
use tonic::{Code, Status};
use tower::ServiceExt as _;

use super::caller::{Doorkeeper, bearer_token};
use super::status::{Reason, refuse_with};
use crate::central::intake::Intake;
use crate::central::store::{CallKind, ChannelRecord, Store};
use crate::central::surroundings::hash_secret;

/// The largest message a caller may send: four pushes' worth. An order document has a limit of its own, and an answer.
pub const MESSAGE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The call whose message is an order document.
const SUBMIT_ORDER: &str = "/trade.v1.OrderService/SubmitOrder";

/// What stands around all calls: a message is measured before anybody looks at who sends it.
#[derive(Clone)]
pub struct Unread<S> {
    doorkeeper: Doorkeeper<S>,
    intake: Intake<S>,
}

impl<S: Store> Unread<S> {
    /// Around the calls of this store.
    pub const fn new(doorkeeper: Doorkeeper<S>, intake: Intake<S>) -> Self {
        Self { doorkeeper, intake }
    }

    /// Answers a call.
    pub async fn answer(self, calls: Routes, request: Request<Body>) -> Result<Response<Body>, Infallible> {
        let is_order = request.uri().path() == SUBMIT_ORDER;
        let sender = request.headers().get(AUTHORIZATION).filter(|_| is_order).cloned();
        let response = calls.oneshot(request).await?;
        match Status::from_header_map(response.headers()) {
            Some(status) if is_unread(&status) => {
                let channel = match sender {
                    Some(sender) => self.find_channel(&sender).await,
                    None => None,
                };
                Ok(refuse_unread(&self.intake, channel.as_ref(), &status).await.into_http())
            }
            Some(_) | None => Ok(response),
        }
    }

    /// The channel that sends, when it may send orders: a stranger's message is no problem of anybody's.
    async fn find_channel(&self, sender: &HeaderValue) -> Option<ChannelRecord> {
        let token = bearer_token(sender.to_str().ok()?)?;
        self.doorkeeper.get_channel_of(&hash_secret(token), CallKind::Orders).await.ok()
    }
}

/// Was a message not read because of its size? Nothing of ours answers like this.
pub(super) fn is_unread(status: &Status) -> bool {
    status.code() == Code::OutOfRange
}

/// The refusal of a message that was not read; of a channel's order it is a problem as well.
pub(super) async fn refuse_unread<S: Store>(
    intake: &Intake<S>,
    channel: Option<&ChannelRecord>,
    status: &Status,
) -> Status {
    let why = status.message();
    let named = channel.map(|channel| channel.channel.as_str());
    tracing::warn!(channel = named, limit = MESSAGE_BYTES_MAX, why, "a caller's message was too large to be read");
    if let Some(channel) = channel
        && let Err(error) = intake.note_unread(channel.channel.clone(), MESSAGE_BYTES_MAX).await
    {
        tracing::warn!(channel = %channel.channel, %error, "head office is not told of it");
    }
    let message = format!("the message has more than {MESSAGE_BYTES_MAX} bytes and was not read");
    refuse_with(Reason::MessageTooLarge, message, &[("limit", &MESSAGE_BYTES_MAX.to_string())])
}
