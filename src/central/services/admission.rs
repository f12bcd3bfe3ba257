//! What lets a caller in for as long as a stream lasts: whoever is shut out, or whose channel ends or changes, loses its
//! streams within moments, not at its next call.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::{mpsc, watch};
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Status};

use super::caller::{Doorkeeper, bearer};
use super::status::{Reason, refuse};
use crate::central::store::{CallKind, ChannelRecord, Feed, SecretHash, Store, TillRecord};
use crate::central::surroundings::hash_secret;

/// By what a caller was let in.
enum Ground {
    Till(Box<TillRecord>),
    Channel { token: SecretHash, call: CallKind, channel: Box<ChannelRecord> },
}

/// That a caller was let in, for as long as it holds.
pub struct Admission<S> {
    doorkeeper: Doorkeeper<S>,
    ground: Ground,
    credentials: watch::Receiver<u64>,
}

impl<S: Store> Doorkeeper<S> {
    /// The till that calls, and what lets it in.
    pub async fn admit_till<T>(&self, request: &Request<T>) -> Result<(TillRecord, Admission<S>), Status> {
        // Followed before it is looked at: nothing that happens between the two is missed.
        let credentials = self.store().follow(&Feed::Credentials);
        let till = self.get_till(request).await?;
        let ground = Ground::Till(Box::new(till.clone()));
        Ok((till, Admission { doorkeeper: self.clone(), ground, credentials }))
    }

    /// The channel that calls, and what lets it in.
    pub async fn admit_channel<T>(
        &self,
        request: &Request<T>,
        call: CallKind,
    ) -> Result<(ChannelRecord, Admission<S>), Status> {
        let credentials = self.store().follow(&Feed::Credentials);
        let channel = self.get_channel(request, call).await?;
        let token = hash_secret(bearer(request).unwrap_or_default());
        let ground = Ground::Channel { token, call, channel: Box::new(channel.clone()) };
        Ok((channel, Admission { doorkeeper: self.clone(), ground, credentials }))
    }
}

impl<S: Store> Admission<S> {
    /// Does it still hold? Otherwise why not.
    pub async fn check(&self) -> Result<(), Status> {
        match &self.ground {
            Ground::Till(known) => {
                let now = self.doorkeeper.find_till(&known.till).await?;
                let same = |now: &TillRecord| {
                    now.revoked_at.is_none()
                        && now.certificate == known.certificate
                        && now.token_hash == known.token_hash
                };
                match now.is_some_and(|now| same(&now)) {
                    true => Ok(()),
                    false => Err(refuse(Reason::CredentialsUnknown, "this till was shut out, or joined anew")),
                }
            }
            Ground::Channel { token, call, channel } => {
                let now = self.doorkeeper.get_channel_of(token, *call).await?;
                // How many tokens it has concerns nobody who shows a good one.
                let same = ChannelRecord { tokens: channel.tokens, ..now } == **channel;
                let changed = || refuse(Reason::ChannelChanged, "head office has changed this channel: call again");
                if same { Ok(()) } else { Err(changed()) }
            }
        }
    }

    /// Waits until it holds no longer, and says why.
    pub async fn end(&mut self) -> Status {
        loop {
            if self.credentials.changed().await.is_err() {
                return refuse(Reason::ShuttingDown, "central is shutting down");
            }
            if let Err(status) = self.check().await {
                return status;
            }
        }
    }

    /// What comes through the queue, for as long as it holds; then why it does no longer.
    pub fn guard<T: Send + 'static>(mut self, queue: mpsc::Receiver<Result<T, Status>>) -> Guarded<T> {
        Guarded { queue: Some(ReceiverStream::new(queue)), end: Box::pin(async move { self.end().await }) }
    }
}

/// A stream that ends with its caller's admission.
pub struct Guarded<T> {
    /// Dropped at the end, so that whoever fills it stops.
    queue: Option<ReceiverStream<Result<T, Status>>>,
    end: Pin<Box<dyn Future<Output = Status> + Send>>,
}

impl<T> Stream for Guarded<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(queue) = self.queue.as_mut() else { return Poll::Ready(None) };
        let next = Pin::new(queue).poll_next(context);
        if let Poll::Ready(status) = self.end.as_mut().poll(context) {
            self.queue = None;
            return Poll::Ready(Some(Err(status)));
        }
        next
    }
}
