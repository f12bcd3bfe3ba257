//! One open `Watch` as central serves it: pages of the feed as frames, in order, over a connection that may die unseen.

use std::collections::BTreeMap;

use till::central::store::{Cursor, Feed, FeedPosition, FeedRequest};
use till::domain::Timestamp;
use till::domain::feed::Scope;
use till::domain::ids::{RunId, TillId};
use till::sync::engine::CallId;
use till::wire::till::v1 as proto;
use till::wire::{Wire, decode_scope, encode_scope};

use super::central::Central;

/// Few, so that most batches come in several chunks.
const CHANGES_PER_CHUNK: usize = 3;

pub struct Stream {
    /// Whose, and to which of its calls it answers.
    pub till: usize,
    pub till_life: u64,
    pub call: CallId,
    pub central_life: u64,
    /// When the last frame arrives: the next one comes behind it.
    pub arrives_us: u64,
    /// Nothing sent from now on arrives, and nobody has noticed.
    pub silent: bool,
    scopes: Vec<ScopeState>,
}

struct ScopeState {
    scope: Scope,
    position: FeedPosition,
    collected: u64,
    sent: Option<Cursor>,
    /// The marks this stream has told.
    told: BTreeMap<RunId, u64>,
}

impl Stream {
    pub fn open(till: usize, till_life: u64, call: CallId, central_life: u64, request: proto::WatchRequest) -> Self {
        let scopes = request.positions.into_iter().map(ScopeState::read).collect();
        Self { till, till_life, call, central_life, arrives_us: 0, silent: false, scopes }
    }

    /// The frames of one page of a scope, and whether more waits.
    pub fn pump(
        &mut self,
        scope: Scope,
        central: &Central,
        till: &TillId,
        now: Timestamp,
    ) -> (Vec<proto::WatchResponse>, bool) {
        let mut frames = Vec::new();
        let state = self.scopes.iter_mut().find(|state| state.scope == scope);
        let more = state.is_some_and(|state| state.pump(central, till, now, &mut frames));
        (frames, more)
    }

    pub fn alive(now: Timestamp) -> proto::WatchResponse {
        frame(proto::watch_response::Frame::Alive(proto::FeedAlive { as_of: Some(now.to_wire()) }))
    }
}

fn frame(frame: proto::watch_response::Frame) -> proto::WatchResponse {
    proto::WatchResponse { frame: Some(frame) }
}

impl ScopeState {
    fn read(position: proto::FeedPosition) -> Self {
        let scope = decode_scope("scope", position.scope).unwrap();
        let fresh = FeedPosition::After(Cursor(position.cursor));
        let (place, collected) = match position.resume_token.as_slice() {
            [] => (fresh, 0),
            token => {
                let number = |at: usize| u64::from_be_bytes(token[at..at + 8].try_into().unwrap());
                let cursor = Cursor(number(1));
                let began = Cursor(number(17));
                let place = match token[0] {
                    1 => FeedPosition::Snapshot { after: cursor, began },
                    _ => FeedPosition::After(cursor),
                };
                (place, number(9))
            }
        };
        Self { scope, position: place, collected, sent: None, told: BTreeMap::new() }
    }

    fn pump(
        &mut self,
        central: &Central,
        till: &TillId,
        now: Timestamp,
        frames: &mut Vec<proto::WatchResponse>,
    ) -> bool {
        let feed = match self.scope {
            Scope::Company => Feed::Company,
            Scope::Store => Feed::Store(till.store.clone()),
        };
        let (position, changes_max) = (self.position, CHANGES_PER_CHUNK);
        let request = FeedRequest { feed, till: till.clone(), position, changes_max, now };
        let page = central.read_feed(request);
        if page.started_anew {
            self.collected = 0;
        }
        let nothing_new = page.complete && page.changes.is_empty() && self.sent == Some(page.cursor);
        if nothing_new {
            return false;
        }
        if !page.changes.is_empty() {
            let first = self.collected == 0;
            self.collected += page.changes.len() as u64;
            let mut resume_token = vec![u8::from(page.snapshot)];
            resume_token.extend(page.cursor.0.to_be_bytes());
            resume_token.extend(self.collected.to_be_bytes());
            resume_token.extend(page.began.0.to_be_bytes());
            frames.push(frame(proto::watch_response::Frame::Chunk(proto::FeedChunk {
                scope: encode_scope(self.scope),
                first,
                changes: page.changes.iter().map(Wire::to_wire).collect(),
                resume_token,
            })));
        }
        if !page.complete {
            self.position = page.next();
            return true;
        }
        let mut contains = page.contains.clone();
        contains.retain(|mark| self.told.insert(mark.run, mark.sequence) != Some(mark.sequence));
        frames.push(frame(proto::watch_response::Frame::Checkpoint(proto::FeedCheckpoint {
            scope: encode_scope(self.scope),
            cursor: page.cursor.0,
            snapshot: page.snapshot,
            change_count: self.collected,
            contains: contains.iter().map(Wire::to_wire).collect(),
            as_of: Some(now.to_wire()),
        })));
        self.sent = Some(page.cursor);
        (self.position, self.collected) = (page.next(), 0);
        false
    }
}
