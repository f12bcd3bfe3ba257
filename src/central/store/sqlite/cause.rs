//! What is passed down while an entry is booked: which it is, where it comes from, and when.

use crate::domain::Timestamp;
use crate::domain::event::Entry;
use crate::domain::ids::{OperatorId, StoreId, WorkstationId};

/// When an entry happened, in central's time, and when it is booked.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// It happened.
    pub moment: Timestamp,
    /// Central's clock.
    pub now: Timestamp,
}

/// Which entry did it, where, by whom.
#[derive(Clone, Copy)]
pub struct Cause<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// Where.
    pub store: &'a StoreId,
    /// At which till.
    pub workstation: &'a WorkstationId,
    /// When it happened, in central's time: what several tills did is compared by it.
    pub moment: Timestamp,
    /// Central's clock.
    pub now: Timestamp,
    /// Who else agreed to it.
    pub approver: Option<&'a OperatorId>,
}
