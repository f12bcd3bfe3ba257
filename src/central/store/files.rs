//! What the store keeps of orders that come as files: where each channel's are, how its pick-up stands, and every file.

use super::PartOutcome;
use crate::domain::Timestamp;
use crate::domain::ids::{ChannelId, StoreId};

/// Writes the record of a file once the fate of each of its parts is known, for the same transaction.
pub type FileWriter = Box<dyn Fn(&[PartOutcome]) -> FileRecord + Send>;

/// Where a channel's files are picked up. Passwords and keys are not in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChannel {
    /// Which channel.
    pub channel: ChannelId,
    /// The place, as its own text: `folder:/srv/orders`, `sftp://…`.
    pub place: String,
    /// How often it is looked at.
    pub every_seconds: u32,
    /// The one host key or certificate that is believed: `SHA256:…`.
    pub fingerprint: Option<String>,
    /// The folder for answers, from the place's own folder or from the root.
    pub outbound: Option<String>,
    /// Marks this central's claims in the folder; kept when the channel is changed.
    pub tag: String,
}

/// A channel with files, and how its pick-up stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChannelRecord {
    /// Where its files are.
    pub settings: FileChannel,
    /// Stores it may order from; empty for all.
    pub stores: Vec<StoreId>,
    /// How it stands.
    pub state: FileChannelState,
}

/// How a pick-up stands, and what has come of it since the channel was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileChannelState {
    /// When somebody asked for a look at once.
    pub poked_at: Option<Timestamp>,
    /// When it was looked at last, with or without success.
    pub looked_at: Option<Timestamp>,
    /// Since when looking has failed, while it does.
    pub failing_since: Option<Timestamp>,
    /// What went wrong at the last look; empty when nothing did.
    pub last_error: String,
    /// Files that wait to stand still.
    pub waiting: u32,
    /// When the oldest of them was seen first.
    pub oldest_waiting_at: Option<Timestamp>,
    /// Files taken.
    pub received: u64,
    /// Orders, changes and cancellations taken from them.
    pub imported: u64,
    /// Those that had been taken before.
    pub duplicates: u64,
    /// Those that have problems.
    pub problems: u64,
}

/// What a look came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLook {
    /// Which channel.
    pub channel: ChannelId,
    /// When it ended.
    pub looked_at: Timestamp,
    /// What went wrong, when something did.
    pub error: Option<String>,
    /// Files that wait; `None` leaves what was known: nothing was seen.
    pub waiting: Option<u32>,
    /// When the oldest of them was seen first.
    pub oldest_waiting_at: Option<Timestamp>,
}

/// A file that was taken: everything that is needed to put it where it belongs, even after a restart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRecord {
    /// By which channel.
    pub channel: ChannelId,
    /// Its name in `processing/`: which file it is, for ever.
    pub claim: String,
    /// What it was called when it came.
    pub name: String,
    /// SHA-256 of its bytes.
    pub content: [u8; 32],
    /// How many bytes it has.
    pub size: u64,
    /// When.
    pub received_at: Timestamp,
    /// Orders, changes and cancellations taken.
    pub imported: u32,
    /// Those that had been taken before.
    pub duplicates: u32,
    /// Those with problems.
    pub problems: u32,
    /// What stands beside it when it has problems; empty when it has none.
    pub report: String,
    /// The orders with problems as a document of their own, when others of the file were taken; else empty.
    pub rejected: Vec<u8>,
    /// The answer in the sender's own language; empty when that was not recognised.
    pub answer: Vec<u8>,
    /// The name it got in `imported/` or `problem/`, once it is chosen.
    pub filed_as: Option<String>,
    /// It lies where it belongs, with everything beside it.
    pub filed: bool,
}

impl FileRecord {
    /// Does the file itself go to `problem/`? Of a mixed one only the part with problems does.
    pub const fn is_problem(&self) -> bool {
        self.problems > 0 && self.imported == 0 && self.duplicates == 0
    }
}
