//! The four calls' requests and answers, between protobuf and the engine's own words.

use super::engine::{Act, Answer, CallError, Checkpoint, Chunk, Position, Pushed, Welcome};
use crate::domain::Timestamp;
use crate::domain::feed::{Change, Unsent};
use crate::domain::ids::{JournalMark, RunId};
use crate::domain::till_clock::ClockReading;
use crate::wire::entry::SealedEntry;
use crate::wire::till::v1 as proto;
use crate::wire::{Wire, WireError, WireFault, decode_refusal, decode_scope, encode_entry, encode_scope};

/// Hello.
pub fn hello_request(version: &str, clock: Timestamp, runs: &[JournalMark], unsent: Unsent) -> proto::HelloRequest {
    proto::HelloRequest {
        software_version: version.to_owned(),
        till_clock: Some(clock.to_wire()),
        runs: runs.iter().map(Wire::to_wire).collect(),
        unsent: Some(unsent.to_wire()),
    }
}

/// The answer to Hello.
pub fn welcome(response: proto::HelloResponse) -> Result<Welcome, CallError> {
    let clock = response.central_clock.ok_or_else(|| nonsense(WireError::at("central_clock", WireFault::Missing)))?;
    let limit = |number: u32| usize::try_from(number).ok().filter(|n| *n > 0);
    Ok(Welcome {
        incarnation: incarnation(&response.incarnation)?,
        marks: marks(response.marks)?,
        central_clock: Timestamp::from_wire(clock).map_err(nonsense)?,
        entries_max: limit(response.entries_max),
        bytes_max: limit(response.bytes_max),
        last_receipt_number: response.last_receipt_number,
        put_aside: response.put_aside,
    })
}

/// Push, with what is unsent behind it, the clocks as it is made, and the run the till writes.
pub fn push_request(
    entries: &[SealedEntry],
    unsent: Unsent,
    clocks: ClockReading,
    run: Option<RunId>,
) -> proto::PushRequest {
    proto::PushRequest {
        entries: entries.iter().map(encode_entry).collect(),
        unsent: Some(unsent.to_wire()),
        till_clock: Some(clocks.till.to_wire()),
        central_clock: clocks.central.as_ref().map(Wire::to_wire),
        run: run.map(|run| run.as_bytes().to_vec()).unwrap_or_default(),
    }
}

/// The answer to the push of `entries`: it must answer these, in this order.
pub fn pushed(response: proto::PushResponse, entries: &[SealedEntry]) -> Result<Pushed, CallError> {
    let Some(last) = entries.last() else {
        return Err(CallError::Nonsense("an answer to a push of nothing".to_owned()));
    };
    let answered = response.results.iter().map(|r| r.entry_id.as_slice());
    if !answered.eq(entries.iter().map(|e| e.header.entry.as_bytes().as_slice())) {
        return Err(CallError::Nonsense("a push was answered for other entries".to_owned()));
    }
    let mut quarantined = 0;
    for (result, entry) in response.results.iter().zip(entries) {
        if result.outcome() == proto::PushOutcome::Quarantined {
            tracing::warn!(entry = %entry.header.entry, reason = result.reason, "central put an entry aside");
            quarantined += 1;
        }
    }
    Ok(Pushed {
        sent_to: last.header.mark,
        quarantined,
        put_aside: response.put_aside,
        marks: marks(response.marks)?,
        incarnation: incarnation(&response.incarnation)?,
    })
}

/// Watch.
pub fn watch_request(positions: &[Position], incarnation: [u8; 16]) -> proto::WatchRequest {
    let position = |p: &Position| proto::FeedPosition {
        scope: encode_scope(p.scope),
        cursor: p.cursor,
        resume_token: p.resume_token.clone(),
    };
    proto::WatchRequest {
        positions: positions.iter().map(position).collect(),
        incarnation: incarnation.to_vec(),
        changed_marks_only: true,
    }
}

/// One frame of the feed.
pub fn frame(response: proto::WatchResponse) -> Result<Answer, CallError> {
    use proto::watch_response::Frame;
    match response.frame.ok_or_else(|| nonsense(WireError::at("frame", WireFault::Missing)))? {
        Frame::Chunk(message) => chunk(message).map(Answer::Chunk),
        Frame::Checkpoint(message) => checkpoint(message).map(Answer::Checkpoint),
        Frame::Alive(message) => {
            let as_of = message.as_of.ok_or_else(|| nonsense(WireError::at("alive.as_of", WireFault::Missing)))?;
            Ok(Answer::Alive(Timestamp::from_wire(as_of).map_err(nonsense)?))
        }
    }
}

fn chunk(message: proto::FeedChunk) -> Result<Chunk, CallError> {
    let scope = decode_scope("chunk.scope", message.scope).map_err(nonsense)?;
    let mut changes = Vec::with_capacity(message.changes.len());
    let mut refused = 0;
    for change in message.changes {
        match Change::from_wire(change) {
            Ok(change) => changes.push(change),
            // One record of a newer central must not keep every other one from this till.
            Err(error) => {
                tracing::warn!(?scope, %error, "a change of the feed is not understood and left out");
                refused += 1;
            }
        }
    }
    Ok(Chunk { scope, first: message.first, changes, refused, resume_token: message.resume_token })
}

fn checkpoint(message: proto::FeedCheckpoint) -> Result<Checkpoint, CallError> {
    let as_of = message.as_of.ok_or_else(|| nonsense(WireError::at("checkpoint.as_of", WireFault::Missing)))?;
    // The till's file counts in signed 64 bits.
    if i64::try_from(message.cursor).is_err() {
        return Err(nonsense(WireError::at("checkpoint.cursor", WireFault::OutOfRange)));
    }
    Ok(Checkpoint {
        scope: decode_scope("checkpoint.scope", message.scope).map_err(nonsense)?,
        cursor: message.cursor,
        snapshot: message.snapshot,
        change_count: message.change_count,
        contains: marks(message.contains)?,
        as_of: Timestamp::from_wire(as_of).map_err(nonsense)?,
    })
}

fn marks(messages: Vec<proto::JournalMark>) -> Result<Vec<JournalMark>, CallError> {
    messages.into_iter().map(JournalMark::from_wire).collect::<Result<_, _>>().map_err(nonsense)
}

fn incarnation(bytes: &[u8]) -> Result<[u8; 16], CallError> {
    let fault = WireFault::Length { expected: 16, actual: bytes.len() };
    bytes.try_into().map_err(|_| nonsense(WireError::at("incarnation", fault)))
}

fn nonsense(error: WireError) -> CallError {
    CallError::Nonsense(error.to_string())
}

/// What a failed call means for the conversation.
pub fn call_error(status: &tonic::Status) -> CallError {
    let what = format!("{:?}: {}", status.code(), status.message());
    match status.code() {
        tonic::Code::Unauthenticated | tonic::Code::PermissionDenied => CallError::Refused(what),
        tonic::Code::Unavailable if is_full(status) => CallError::CannotWrite(what),
        _ => CallError::Unreachable(what),
    }
}

/// Does central say that its disk takes no more?
fn is_full(status: &tonic::Status) -> bool {
    decode_refusal(status.details()).is_some_and(|refusal| refusal.reason == "STORAGE_UNAVAILABLE")
}

/// Which call an act is, for the log.
pub const fn name(act: &Act) -> &'static str {
    match act {
        Act::Hello { .. } => "hello",
        Act::Push { .. } => "push",
        Act::Watch { .. } => "watch",
    }
}

#[cfg(test)]
mod tests {
    use tonic::{Code, Status};

    use super::*;
    use crate::wire::{Refusal, encode_refusal};

    #[test]
    fn a_central_whose_disk_is_full_is_not_one_that_does_not_answer() {
        let status = |code: Code, reason: &str| {
            let refusal = Refusal { reason: reason.into(), domain: "central".into(), ..Refusal::default() };
            Status::with_details(code, "said", encode_refusal(code as i32, "said", &refusal).into())
        };
        let full = call_error(&status(Code::Unavailable, "STORAGE_UNAVAILABLE"));
        assert_eq!(full, CallError::CannotWrite("Unavailable: said".to_owned()));
        for other in [status(Code::Unavailable, "SHUTTING_DOWN"), Status::unavailable("said")] {
            assert_eq!(call_error(&other), CallError::Unreachable("Unavailable: said".to_owned()));
        }
    }
}
