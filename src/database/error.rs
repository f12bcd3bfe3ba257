//! Errors of the till's file: a kind a caller can act on, and what was being done.

use std::fmt;
use std::path::PathBuf;

/// What is the matter with the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseErrorKind {
    /// The disk has no room left. Nothing was written; selling can go on once there is room.
    Full,
    /// The disk or the file cannot be written to.
    ReadOnly,
    /// The file's content is not what was written: bytes have changed, or a record makes no sense.
    Damaged,
    /// A newer program has written the file; it is left as it is.
    Newer {
        /// The edition of the file.
        file: u32,
        /// The newest edition this program knows.
        program: u32,
    },
    /// The file belongs to another program or another till; it is left as it is.
    Foreign,
    /// Another process holds the file.
    Busy,
    /// The disk failed.
    Io,
    /// The caller asked for something the journal's rules forbid; what, in words.
    Refused(&'static str),
}

impl fmt::Display for DatabaseErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("the disk is full"),
            Self::ReadOnly => f.write_str("the disk or file is read-only"),
            Self::Damaged => f.write_str("the file is damaged"),
            Self::Newer { file, program } => {
                write!(f, "the file is of edition {file}, this program knows up to {program}")
            }
            Self::Foreign => f.write_str("the file belongs to another program or another till"),
            Self::Busy => f.write_str("another process holds the file"),
            Self::Io => f.write_str("the disk failed"),
            Self::Refused(why) => write!(f, "refused: {why}"),
        }
    }
}

/// Something went wrong with the till's file. The transaction it happened in has left no trace.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {kind}")]
pub struct DatabaseError {
    /// What is the matter.
    pub kind: DatabaseErrorKind,
    /// What was being done.
    pub doing: &'static str,
    /// What was said below, for the log.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl DatabaseError {
    /// Of a kind, with nothing below it.
    pub const fn new(kind: DatabaseErrorKind, doing: &'static str) -> Self {
        Self { kind, doing, source: None }
    }

    /// A stored record that makes no sense.
    pub(super) fn damaged(doing: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { kind: DatabaseErrorKind::Damaged, doing, source: Some(source.into()) }
    }

    /// The file system said no.
    pub(super) fn io(doing: &'static str, source: std::io::Error) -> Self {
        use std::io::ErrorKind;
        let kind = match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => DatabaseErrorKind::Full,
            ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => DatabaseErrorKind::ReadOnly,
            _ => DatabaseErrorKind::Io,
        };
        Self { kind, doing, source: Some(Box::new(source)) }
    }
}

/// The kind of an SQLite error.
pub(super) fn kind_of(error: &rusqlite::Error) -> DatabaseErrorKind {
    use rusqlite::ErrorCode;
    match error {
        rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
            ErrorCode::DiskFull => DatabaseErrorKind::Full,
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => DatabaseErrorKind::ReadOnly,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => DatabaseErrorKind::Damaged,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => DatabaseErrorKind::Busy,
            ErrorCode::ConstraintViolation => DatabaseErrorKind::Refused("a rule of the file"),
            _ => DatabaseErrorKind::Io,
        },
        // A column of another type, a text that is no text, a row that must be there and is not.
        _ => DatabaseErrorKind::Damaged,
    }
}

/// Says what was being done when SQLite refused.
pub(super) trait While<T> {
    /// Turns the error into the room's own.
    fn or_while(self, doing: &'static str) -> Result<T, DatabaseError>;
}

impl<T> While<T> for Result<T, rusqlite::Error> {
    fn or_while(self, doing: &'static str) -> Result<T, DatabaseError> {
        self.map_err(|error| DatabaseError { kind: kind_of(&error), doing, source: Some(Box::new(error)) })
    }
}

impl<T> While<T> for Result<T, std::io::Error> {
    fn or_while(self, doing: &'static str) -> Result<T, DatabaseError> {
        self.map_err(|error| DatabaseError::io(doing, error))
    }
}

/// A damaged file that was set aside, and where it lies now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Its new name, beside the old one.
    pub path: PathBuf,
    /// What was found, for the log and the support text.
    pub finding: String,
    /// What the new file took over from it.
    pub carried_over: CarriedOver,
}

/// What could still be read of a damaged file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarriedOver {
    /// Journal entries that proved themselves and stand in the new file, from the first on.
    pub entries: u64,
    /// The first entry that did not, and why; `None` when the journal came over whole. What is lost here central may have.
    pub first_lost: Option<String>,
}
