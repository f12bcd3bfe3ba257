//! Why the store could not do what it was asked.

use std::path::PathBuf;

/// What a caller can act on.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The file was made by a newer program; it was not touched.
    #[error("{path} was made by a newer version (schema {found}, this program knows {known}): update central")]
    NewerFile {
        /// Which file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// The file was made by an older program, and whoever asked only looks.
    #[error(
        "{path} was made by an older version (schema {found}, this program has {known}): start this central once, or run a \
         command that changes something"
    )]
    OlderFile {
        /// Which file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// This program's.
        known: u32,
    },
    /// The file cannot be opened or is not a database.
    #[error("cannot open {path}: {cause}")]
    Open {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// No room left, or no permission to write: nothing was changed, trying again later may work.
    #[error("the disk takes no more: {0}")]
    Disk(String),
    /// What was named does not exist.
    #[error("there is no {0}")]
    NotFound(String),
    /// It contradicts what is there.
    #[error("{0}")]
    Refused(String),
    /// There is as much of it as is kept: nothing was changed.
    #[error("{0}")]
    Full(String),
    /// A rule of the tables does not allow it: a fault of this program's.
    #[error("it contradicts what is there: {0}")]
    Contradiction(String),
    /// A row holds what this program never writes.
    #[error("damaged data: {0}")]
    Damaged(String),
    /// Anything else of the engine's.
    #[error("storage: {0}")]
    Engine(String),
    /// Central is shutting down.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// Does it lie in what was asked, so that asking again would come to the same?
    pub const fn is_lasting(&self) -> bool {
        match self {
            Self::NotFound(_) | Self::Refused(_) | Self::Contradiction(_) | Self::Damaged(_) => true,
            Self::NewerFile { .. }
            | Self::OlderFile { .. }
            | Self::Open { .. }
            | Self::Disk(_)
            | Self::Full(_)
            | Self::Engine(_)
            | Self::Closed => false,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{CannotOpen, ConstraintViolation, DiskFull, ReadOnly, SystemIoFailure};
        match error.sqlite_error_code() {
            Some(DiskFull | ReadOnly | SystemIoFailure | CannotOpen) => Self::Disk(error.to_string()),
            Some(ConstraintViolation) => Self::Contradiction(error.to_string()),
            Some(_) => Self::Engine(error.to_string()),
            // The engine had nothing against it: a value is not what this program writes.
            None => Self::Damaged(error.to_string()),
        }
    }
}
