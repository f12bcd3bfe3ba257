//! The feed as it arrives: chunks are collected until their checkpoint, and handed on one batch at a time per scope.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::engine::{Checkpoint, Chunk, Position};
use crate::domain::feed::{Change, FeedBatch, Scope};
use crate::domain::ids::{JournalMark, RunId};

/// Both parts of the feed, in the order they are asked for.
pub const SCOPES: [Scope; 2] = [Scope::Company, Scope::Store];

/// Whole batches that may wait for the register before the stream is read no further.
const WAITING_MAX: usize = 8;

/// What does not fit together in the frames of a stream.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InboxError {
    /// A chunk that goes on with something whose beginning never came.
    #[error("a chunk of {0:?} goes on with a batch that never began")]
    NoBeginning(Scope),
    /// Chunks are missing.
    #[error("a checkpoint of {scope:?} closes {expected} changes, and {collected} came")]
    Incomplete {
        /// Of which part of the feed.
        scope: Scope,
        /// So many changes the checkpoint says.
        expected: u64,
        /// So many came.
        collected: u64,
    },
}

/// One scope's part of it.
#[derive(Debug)]
struct Lane {
    scope: Scope,
    /// The cursor in the till's file.
    applied: u64,
    /// Handed on and not in the file yet, with the moment it was handed on.
    handed_on: Option<(u64, Duration)>,
    /// Whole, and waiting for the one before.
    waiting: VecDeque<FeedBatch>,
    /// Chunks without their checkpoint.
    open: Option<OpenBatch>,
    /// What the figures contain, by all the checkpoints of the stream: each says only what has changed.
    contains: BTreeMap<RunId, u64>,
}

#[derive(Debug, Default)]
struct OpenBatch {
    changes: Vec<Change>,
    /// Changes that came, those this program does not understand among them.
    count: u64,
    left_out: u64,
    resume_token: Vec<u8>,
}

/// Everything of the feed between the stream and the register.
#[derive(Debug)]
pub struct Inbox {
    lanes: [Lane; 2],
}

impl Default for Inbox {
    fn default() -> Self {
        Self::new()
    }
}

impl Inbox {
    /// Nothing has arrived yet.
    pub fn new() -> Self {
        let lane = |scope| Lane {
            scope,
            applied: 0,
            handed_on: None,
            waiting: VecDeque::new(),
            open: None,
            contains: BTreeMap::new(),
        };
        Self { lanes: SCOPES.map(lane) }
    }

    fn lane(&mut self, scope: Scope) -> &mut Lane {
        match scope {
            Scope::Company => &mut self.lanes[0],
            Scope::Store => &mut self.lanes[1],
        }
    }

    /// The stream is opened (again): from where. Whole batches that waited are asked for again: they are cheap, and the
    /// order stays simple.
    pub fn reopen(&mut self) -> Vec<Position> {
        let position = |lane: &mut Lane| {
            // A broken-off batch goes on only where the file stands right before it; anything between would be lost.
            let resumable = lane.waiting.is_empty() && lane.handed_on.is_none();
            lane.open.take_if(|open| !resumable || open.resume_token.is_empty());
            lane.waiting.clear();
            lane.contains.clear();
            let resume_token = lane.open.as_ref().map_or_else(Vec::new, |o| o.resume_token.clone());
            Position { scope: lane.scope, cursor: lane.applied, resume_token }
        };
        self.lanes.iter_mut().map(position).collect()
    }

    /// Part of a batch came.
    pub fn collect(&mut self, chunk: Chunk) -> Result<(), InboxError> {
        let Chunk { scope, first, changes, refused, resume_token } = chunk;
        let lane = self.lane(scope);
        if first {
            lane.open = Some(OpenBatch::default());
        }
        let open = lane.open.as_mut().ok_or(InboxError::NoBeginning(scope))?;
        open.count += changes.len() as u64 + refused;
        open.left_out += refused;
        open.changes.extend(changes);
        open.resume_token = resume_token;
        Ok(())
    }

    /// A batch is whole.
    pub fn close(&mut self, checkpoint: Checkpoint) -> Result<(), InboxError> {
        let Checkpoint { scope, cursor, snapshot, change_count, contains, as_of } = checkpoint;
        let lane = self.lane(scope);
        // A checkpoint without chunks before it closes a batch of nothing.
        let open = lane.open.take().unwrap_or_default();
        if open.count != change_count {
            return Err(InboxError::Incomplete { scope, expected: change_count, collected: open.count });
        }
        lane.contains.extend(contains.iter().map(|mark| (mark.run, mark.sequence)));
        let contains =
            lane.contains.iter().map(|(run, sequence)| JournalMark { run: *run, sequence: *sequence }).collect();
        let (changes, left_out) = (open.changes, open.left_out);
        lane.waiting.push_back(FeedBatch { scope, cursor, snapshot, changes, contains, as_of, left_out });
        Ok(())
    }

    /// The next batch to hand on: never a second one of a scope before the first is in the till's file.
    pub fn next(&mut self, now: Duration) -> Option<FeedBatch> {
        let lane = self.lanes.iter_mut().find(|l| l.handed_on.is_none() && !l.waiting.is_empty())?;
        let batch = lane.waiting.pop_front()?;
        lane.handed_on = Some((batch.cursor, now));
        Some(batch)
    }

    /// The cursor of a scope as it stands in the till's file.
    pub fn applied(&mut self, scope: Scope, cursor: u64) {
        let lane = self.lane(scope);
        lane.applied = cursor;
        if lane.handed_on.is_some_and(|(handed_on, _)| handed_on == cursor) {
            lane.handed_on = None;
        }
    }

    /// Forgets batches that were handed on at or before `since` and never reached the file (a full disk), with all that
    /// came behind them: it means nothing without them. The stream must be opened again from where the file stands. Tells
    /// whether there were any.
    pub fn give_up_handed_on(&mut self, since: Duration) -> bool {
        let mut any = false;
        for lane in &mut self.lanes {
            if lane.handed_on.is_some_and(|(_, at)| at <= since) {
                lane.handed_on = None;
                lane.waiting.clear();
                lane.open = None;
                any = true;
            }
        }
        any
    }

    /// When the oldest batch that is not in the file yet was handed on.
    pub fn oldest_handed_on(&self) -> Option<Duration> {
        self.lanes.iter().filter_map(|l| l.handed_on).map(|(_, at)| at).min()
    }

    /// May more be read from the stream?
    pub fn has_room(&self) -> bool {
        self.lanes.iter().all(|l| l.waiting.len() < WAITING_MAX)
    }

    /// Nothing is on its way: everything central sent is in the till's file.
    pub fn is_idle(&self) -> bool {
        self.lanes.iter().all(|l| l.handed_on.is_none() && l.waiting.is_empty() && l.open.is_none())
    }
}
