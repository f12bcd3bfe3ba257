//! `till.v1.SyncService`: tills copy their journals up and follow the feed down.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ed25519_dalek::VerifyingKey;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tonic::{Request, Response, Status};

use super::caller::Doorkeeper;
use super::status::{Reason, refuse, refuse_store, refuse_with};
use super::{Stopping, wait_for_stop};
use crate::central::authority::Authority;
use crate::central::proof::receive;
use crate::central::store::{
    Cursor, Enrolment, EntryOutcome, Feed, FeedPage, FeedPosition, FeedRequest, SaidBeside, Store,
};
use crate::central::surroundings::{Surroundings, hash_secret};
use crate::domain::Timestamp;
use crate::domain::feed::{Scope, Unsent};
use crate::domain::ids::{JournalMark, RunId, TillId};
use crate::domain::till_clock::ClockReading;
use crate::wire::till::v1 as proto;
use crate::wire::{Wire, decode_scope, encode_scope};

/// How many entries a push may have.
const ENTRIES_MAX: usize = 512;
/// How many bytes of entries a till should put in a push.
const PUSH_BYTES_MAX: u32 = 1_048_576;
/// Up to how many entries are checked on the thread that took the call: handing over costs as much as checking one.
const ENTRIES_PROVED_AT_ONCE: usize = 4;
/// How many changes a frame of the feed has at most.
const CHANGES_PER_CHUNK: usize = 200;
/// How many frames wait for a slow till; more are read when it has taken these.
const FRAMES_WAITING_MAX: usize = 4;
/// From so many changes on a till is busy with a batch for long enough that a scan may meet it.
const BATCH_LARGE: u64 = 1_000;
/// So long it has for itself then, before the next batch: what changes meanwhile comes once. A till that hands over what it sold in
/// a week without central would be told of all its own products after every push, and do nothing else.
const PAUSE_AFTER_LARGE: Duration = Duration::from_secs(3);
/// How often a quiet stream says that it is complete.
const ALIVE_INTERVAL: Duration = Duration::from_secs(5);

/// What tills still have to send: of every run that had not arrived when the till said hello, and has not since, the last entry.
type Backlogs = Arc<Mutex<HashMap<TillId, HashMap<RunId, u64>>>>;

/// The service.
pub struct SyncService<S> {
    store: S,
    doorkeeper: Doorkeeper<S>,
    authority: Arc<Authority>,
    surroundings: Surroundings,
    stopping: Stopping,
    backlogs: Backlogs,
}

impl<S: Store> SyncService<S> {
    /// Over a store.
    pub fn new(
        store: S,
        doorkeeper: Doorkeeper<S>,
        authority: Arc<Authority>,
        surroundings: Surroundings,
        stopping: Stopping,
    ) -> Self {
        Self { store, doorkeeper, authority, surroundings, stopping, backlogs: Backlogs::default() }
    }

    /// Notes what a till still has to send, and answers whether that is nothing.
    fn note_backlog(&self, till: &TillId, tails: impl IntoIterator<Item = (RunId, u64)>) -> bool {
        let mut backlogs = self.backlogs.lock().unwrap_or_else(PoisonError::into_inner);
        let tails: HashMap<RunId, u64> = tails.into_iter().collect();
        let nothing = tails.is_empty();
        backlogs.insert(till.clone(), tails);
        nothing
    }

    /// What a till still has to send.
    fn list_backlog(&self, till: &TillId) -> Vec<JournalMark> {
        let backlogs = self.backlogs.lock().unwrap_or_else(PoisonError::into_inner);
        let tails = backlogs.get(till).into_iter().flatten();
        tails.map(|(&run, &sequence)| JournalMark { run, sequence }).collect()
    }

    /// Takes away what has arrived.
    fn settle_backlog(&self, till: &TillId, marks: &[JournalMark]) {
        let mut backlogs = self.backlogs.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(tails) = backlogs.get_mut(till) else { return };
        tails.retain(|run, tail| !marks.iter().any(|mark| mark.run == *run && mark.sequence >= *tail));
    }
}

/// The stream of a `Watch`.
type FrameStream = Pin<Box<dyn Stream<Item = Result<proto::WatchResponse, Status>> + Send>>;
type FrameSender = mpsc::Sender<Result<proto::WatchResponse, Status>>;

#[tonic::async_trait]
impl<S: Store> proto::sync_service_server::SyncService for SyncService<S> {
    type WatchStream = FrameStream;

    async fn enrol(&self, request: Request<proto::EnrolRequest>) -> Result<Response<proto::EnrolResponse>, Status> {
        let request = request.into_inner();
        let invalid = |field: &str, message: &str| refuse_with(Reason::FieldInvalid, message, &[("field", field)]);
        let journal_key: [u8; 32] = request
            .journal_public_key
            .as_slice()
            .try_into()
            .map_err(|_| invalid("journal_public_key", "a public key has 32 bytes"))?;
        VerifyingKey::from_bytes(&journal_key)
            .map_err(|_| invalid("journal_public_key", "this is no Ed25519 public key"))?;
        // Looked at before the code is used up.
        rcgen::CertificateSigningRequestParams::from_pem(&request.csr_pem)
            .map_err(|_| invalid("csr_pem", "this is no certificate signing request"))?;
        let (now, token) = (self.surroundings.now(), self.surroundings.new_token());
        let mut serial: [u8; 16] = self.surroundings.random();
        // A serial number is positive (RFC 5280, 4.1.2.2).
        serial[0] = serial[0] & 0x7F | 0x01;
        let enrolment = Enrolment {
            code_hash: hash_secret(&request.code.trim().to_ascii_uppercase()),
            journal_key,
            certificate: serial,
            token_hash: hash_secret(&token),
        };
        let till = self
            .store
            .enrol_till(enrolment, now)
            .await
            .map_err(refuse_store)?
            .map_err(|refusal| refuse(Reason::CodeRefused, refusal.to_string()))?;
        let certificate_pem = self
            .authority
            .sign_till(&request.csr_pem, &till, serial, now)
            .map_err(|error| invalid("csr_pem", &error.to_string()))?;
        tracing::info!(%till, version = request.software_version, "a till was joined");
        Ok(Response::new(proto::EnrolResponse {
            certificate_pem,
            ca_pem: self.authority.certificate_pem().to_owned(),
            store: till.store.to_string(),
            workstation: till.workstation.to_string(),
            incarnation: self.store.incarnation().to_vec(),
            token,
        }))
    }

    async fn hello(&self, request: Request<proto::HelloRequest>) -> Result<Response<proto::HelloResponse>, Status> {
        let till = self.doorkeeper.get_till(&request).await?.till;
        let request = request.into_inner();
        let told = read_unsent(request.unsent)?;
        let mut tails = Vec::with_capacity(request.runs.len());
        for mark in request.runs {
            tails.push(
                JournalMark::from_wire(mark)
                    .map_err(|error| refuse_with(Reason::FieldInvalid, error.to_string(), &[("field", "runs")]))?,
            );
        }
        let runs = tails.iter().map(|tail| tail.run).collect();
        let marks = self.store.list_marks(till.clone(), runs).await.map_err(refuse_store)?;
        let last_receipt = self.store.find_last_receipt(till.clone()).await.map_err(refuse_store)?;
        let put_aside = self.store.count_put_aside(till.clone()).await.map_err(refuse_store)?;
        let behind = tails.iter().zip(&marks).filter(|(tail, (_, mark))| tail.sequence > *mark);
        // Counted by central's own marks: a central restored from an old copy lacks more than the till believes.
        let count: u64 = behind.clone().map(|(tail, (_, mark))| tail.sequence - mark).sum();
        let nothing_to_send = self.note_backlog(&till, behind.map(|(tail, _)| (tail.run, tail.sequence)));
        let now = self.surroundings.now();
        if count > 0 {
            let oldest_at = told.and_then(|told| told.oldest_at);
            let unsent = Unsent { count, oldest_at };
            self.store.save_till_unsent(till, unsent, now).await.map_err(refuse_store)?;
        } else if nothing_to_send && !tails.is_empty() {
            // Every till has a run: one that names none has not looked yet, and what it lacks is not known.
            self.store.save_till_seen(till, now).await.map_err(refuse_store)?;
        }
        Ok(Response::new(proto::HelloResponse {
            incarnation: self.store.incarnation().to_vec(),
            marks: marks.into_iter().map(|(run, sequence)| JournalMark { run, sequence }.to_wire()).collect(),
            central_clock: Some(self.surroundings.now().to_wire()),
            entries_max: ENTRIES_MAX as u32,
            bytes_max: PUSH_BYTES_MAX,
            last_receipt_number: last_receipt.unwrap_or(0),
            put_aside: Some(put_aside),
        }))
    }

    async fn push(&self, request: Request<proto::PushRequest>) -> Result<Response<proto::PushResponse>, Status> {
        let caller = self.doorkeeper.get_till(&request).await?;
        let proto::PushRequest { entries, unsent, till_clock, central_clock, run } = request.into_inner();
        let (unsent, clock, run) = (read_unsent(unsent)?, read_clock(till_clock, central_clock)?, read_run(&run)?);
        if entries.len() > ENTRIES_MAX {
            let limit = ENTRIES_MAX.to_string();
            return Err(refuse_with(Reason::TooMany, "too many entries in one push", &[("limit", &limit)]));
        }
        let ids: Vec<Vec<u8>> = entries.iter().map(|entry| entry.entry_id.clone()).collect();
        let (till, keys) = (caller.till.clone(), caller.journal_keys);
        let few = entries.len() <= ENTRIES_PROVED_AT_ONCE;
        let prove_all = move || {
            let keys: Vec<VerifyingKey> = keys.iter().filter_map(|key| VerifyingKey::from_bytes(key).ok()).collect();
            entries.into_iter().map(|entry| receive(entry, &caller.till, &keys)).collect::<Vec<_>>()
        };
        let received = if few {
            prove_all()
        } else {
            // Checking 512 signatures takes tens of milliseconds: not on a thread that serves others.
            let proved = tokio::task::spawn_blocking(prove_all).await;
            proved.map_err(|error| refuse(Reason::Internal, error.to_string()))?
        };
        // Read before the clock: what a till says later, it has written later.
        let said = SaidBeside { awaited: self.list_backlog(&till), unsent, clock, run };
        let now = self.surroundings.now();
        let receipt = self.store.push(till.clone(), received, said, now).await.map_err(refuse_store)?;
        self.settle_backlog(&till, &receipt.marks);
        let results = ids.into_iter().zip(receipt.outcomes).map(|(entry_id, (_, outcome))| {
            let (outcome, reason) = match outcome {
                EntryOutcome::Applied => (proto::PushOutcome::Applied, String::new()),
                EntryOutcome::Already => (proto::PushOutcome::Already, String::new()),
                EntryOutcome::Quarantined(reason) => (proto::PushOutcome::Quarantined, reason.to_string()),
            };
            proto::PushResult { entry_id, outcome: outcome as i32, reason }
        });
        Ok(Response::new(proto::PushResponse {
            results: results.collect(),
            marks: receipt.marks.iter().map(Wire::to_wire).collect(),
            incarnation: self.store.incarnation().to_vec(),
            put_aside: Some(receipt.put_aside),
        }))
    }

    async fn watch(&self, request: Request<proto::WatchRequest>) -> Result<Response<FrameStream>, Status> {
        let (record, admission) = self.doorkeeper.admit_till(&request).await?;
        let till = record.till;
        let request = request.into_inner();
        if !request.incarnation.is_empty() && request.incarnation != self.store.incarnation() {
            return Err(refuse(Reason::OtherLife, "central has begun another life since; say hello again"));
        }
        let (frames, received) = mpsc::channel(FRAMES_WAITING_MAX);
        let mut positions = Vec::new();
        for position in request.positions {
            let invalid = |message: String| refuse_with(Reason::FieldInvalid, message, &[("field", "positions")]);
            let scope = decode_scope("scope", position.scope).map_err(|error| invalid(error.to_string()))?;
            if positions.iter().any(|(known, _)| *known == scope) {
                return Err(invalid("a scope is named twice".into()));
            }
            let start =
                Start::read(&position).ok_or_else(|| invalid("the resume token is not one of central's".into()))?;
            positions.push((scope, start));
        }
        for (scope, start) in positions {
            let follower = Follower {
                store: self.store.clone(),
                surroundings: self.surroundings.clone(),
                till: till.clone(),
                scope,
                changed_marks_only: request.changed_marks_only,
                frames: frames.clone(),
                stopping: self.stopping.clone(),
            };
            tokio::spawn(follower.run(start));
        }
        let alive = Alive { surroundings: self.surroundings.clone(), frames, stopping: self.stopping.clone() };
        tokio::spawn(alive.run());
        Ok(Response::new(Box::pin(admission.guard(received))))
    }
}

fn read_unsent(message: Option<proto::Unsent>) -> Result<Option<Unsent>, Status> {
    let unsent = message.map(Unsent::from_wire).transpose();
    unsent.map_err(|error| refuse_with(Reason::FieldInvalid, error.to_string(), &[("field", "unsent")]))
}

/// A till's clock, and what it takes central's for.
fn read_clock(
    till: Option<prost_types::Timestamp>,
    central: Option<prost_types::Timestamp>,
) -> Result<Option<ClockReading>, Status> {
    let instant = |field: &str, message: Option<prost_types::Timestamp>| {
        let read = message.map(Timestamp::from_wire).transpose();
        read.map_err(|error| refuse_with(Reason::FieldInvalid, error.to_string(), &[("field", field)]))
    };
    let (till, central) = (instant("till_clock", till)?, instant("central_clock", central)?);
    Ok(till.map(|till| ClockReading { till, central }))
}

/// The run a till writes; nothing from one that does not say it.
fn read_run(bytes: &[u8]) -> Result<Option<RunId>, Status> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let invalid = || refuse_with(Reason::FieldInvalid, "a run has 16 bytes", &[("field", "run")]);
    bytes.try_into().map(|bytes| Some(RunId::from_bytes(bytes))).map_err(|_| invalid())
}

/// Where a follower begins, and how many changes of the batch the till has already.
struct Start {
    position: FeedPosition,
    collected: u64,
}

impl Start {
    const TOKEN_BYTES: usize = 25;
    /// As it was before a snapshot's beginning was in it.
    const TOKEN_BYTES_BEFORE: usize = 17;

    fn read(position: &proto::FeedPosition) -> Option<Self> {
        if position.resume_token.is_empty() {
            return Some(Self { position: FeedPosition::After(Cursor(position.cursor)), collected: 0 });
        }
        let mut token = [0; Self::TOKEN_BYTES];
        match position.resume_token.len() {
            length @ (Self::TOKEN_BYTES | Self::TOKEN_BYTES_BEFORE) => {
                token[..length].copy_from_slice(&position.resume_token);
            }
            _ => return None,
        }
        let number = |from: usize| token[from..from + 8].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let cursor = Cursor(number(1));
        let position = match token[0] {
            0 => FeedPosition::After(cursor),
            1 => FeedPosition::Snapshot { after: cursor, began: Cursor(number(17)) },
            _ => return None,
        };
        Some(Self { position, collected: number(9) })
    }

    fn token(page: &FeedPage, collected: u64) -> Vec<u8> {
        let mut token = Vec::with_capacity(Self::TOKEN_BYTES);
        token.push(u8::from(page.snapshot));
        for number in [page.cursor.0, collected, page.began.0] {
            token.extend(number.to_be_bytes());
        }
        token
    }
}

/// Follows one scope for one till.
struct Follower<S> {
    store: S,
    surroundings: Surroundings,
    till: TillId,
    scope: Scope,
    /// A till has a run for every time it was started: marks that it was told on this stream are not told again.
    changed_marks_only: bool,
    frames: FrameSender,
    stopping: Stopping,
}

/// The till is gone, or has been told why it must call again.
struct Ended;

impl<S: Store> Follower<S> {
    async fn run(self, start: Start) {
        let mut stopping = self.stopping.clone();
        tokio::select! {
            // Nothing to report: either the till has closed the stream, or it was sent the reason as the last frame.
            _ended = self.follow(start) => {}
            () = wait_for_stop(&mut stopping) => {}
        }
    }

    async fn follow(&self, start: Start) -> Result<(), Ended> {
        let feed = match self.scope {
            Scope::Company => Feed::Company,
            Scope::Store => Feed::Store(self.till.store.clone()),
        };
        let mut signal = self.store.follow(&feed);
        let mut resumed = start.collected > 0;
        let Start { mut position, mut collected } = start;
        let mut last_sent: Option<Cursor> = None;
        let mut told_marks: HashMap<RunId, u64> = HashMap::new();
        loop {
            signal.mark_unchanged();
            let now = self.surroundings.now();
            let request = FeedRequest {
                feed: feed.clone(),
                till: self.till.clone(),
                position,
                changes_max: CHANGES_PER_CHUNK,
                now,
            };
            let page = match self.store.read_feed(request).await {
                Ok(page) => page,
                Err(error) => {
                    self.send(Err(refuse_store(error))).await?;
                    return Err(Ended);
                }
            };
            if page.started_anew {
                (collected, resumed) = (0, false);
            }
            let nothing_new = page.complete && page.changes.is_empty() && last_sent == Some(page.cursor);
            if !page.changes.is_empty() {
                let first = collected == 0 && !resumed;
                collected += page.changes.len() as u64;
                self.send_frame(proto::watch_response::Frame::Chunk(proto::FeedChunk {
                    scope: encode_scope(self.scope),
                    first,
                    changes: page.changes.iter().map(Wire::to_wire).collect(),
                    resume_token: Start::token(&page, collected),
                }))
                .await?;
            }
            if page.complete {
                if !nothing_new {
                    self.send_checkpoint(&page, collected, &mut told_marks, now).await?;
                }
                last_sent = Some(page.cursor);
                let pause = pause_after(collected, page.snapshot);
                (position, collected, resumed) = (page.next(), 0, false);
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = self.frames.closed() => return Err(Ended),
                }
                tokio::select! {
                    changed = signal.changed() => changed.map_err(|_| Ended)?,
                    () = self.frames.closed() => return Err(Ended),
                }
            } else {
                position = page.next();
            }
        }
    }

    /// Closes a batch of so many changes.
    async fn send_checkpoint(
        &self,
        page: &FeedPage,
        change_count: u64,
        told_marks: &mut HashMap<RunId, u64>,
        now: Timestamp,
    ) -> Result<(), Ended> {
        let mut contains = page.contains.clone();
        contains.retain(|mark| {
            told_marks.insert(mark.run, mark.sequence) != Some(mark.sequence) || !self.changed_marks_only
        });
        self.send_frame(proto::watch_response::Frame::Checkpoint(proto::FeedCheckpoint {
            scope: encode_scope(self.scope),
            cursor: page.cursor.0,
            snapshot: page.snapshot,
            change_count,
            contains: contains.iter().map(Wire::to_wire).collect(),
            as_of: Some(now.to_wire()),
        }))
        .await
    }

    async fn send_frame(&self, frame: proto::watch_response::Frame) -> Result<(), Ended> {
        self.send(Ok(proto::WatchResponse { frame: Some(frame) })).await
    }

    async fn send(&self, frame: Result<proto::WatchResponse, Status>) -> Result<(), Ended> {
        self.frames.send(frame).await.map_err(|_| Ended)
    }
}

/// How long a till is left alone after a batch of so many changes. Behind a snapshot it waits for what came since.
fn pause_after(changes: u64, snapshot: bool) -> Duration {
    if snapshot || changes < BATCH_LARGE { Duration::ZERO } else { PAUSE_AFTER_LARGE }
}

/// Says on a quiet stream that what was sent is still complete. It says nothing of the till: a line can be dead for half a
/// minute before anybody notices, and central has heard of a till what the till has said.
struct Alive {
    surroundings: Surroundings,
    frames: FrameSender,
    stopping: Stopping,
}

impl Alive {
    async fn run(mut self) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(ALIVE_INTERVAL) => {}
                () = self.frames.closed() => return,
                () = wait_for_stop(&mut self.stopping) => {
                    let goodbye = refuse(Reason::ShuttingDown, "central is shutting down");
                    // A queue that is full or closed: the end of the stream says the same.
                    drop(self.frames.try_send(Err(goodbye)));
                    return;
                }
            }
            let now = self.surroundings.now();
            let frame = proto::watch_response::Frame::Alive(proto::FeedAlive { as_of: Some(now.to_wire()) });
            // A queue that is full says by itself that the stream is not quiet.
            match self.frames.try_send(Ok(proto::WatchResponse { frame: Some(frame) })) {
                Ok(()) | Err(mpsc::error::TrySendError::Full(_)) => {}
                Err(mpsc::error::TrySendError::Closed(_)) => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_large_batch_of_news_is_followed_by_a_pause() {
        for (changes, snapshot, paused) in
            [(0, false, false), (999, false, false), (1_000, false, true), (400_000, true, false)]
        {
            assert_eq!(!pause_after(changes, snapshot).is_zero(), paused, "{changes} {snapshot}");
        }
    }
}
