//! One program sells on a till's file: a second one would begin a run of its own, and the first could write no more.
//!
//! The lock lies beside the file, for whoever closes any handle of the file itself lets go of SQLite's own locks
//! (fcntl(2), "advisory record locking"). The system lets go of it with the program, however that ends.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::error::{DatabaseError, DatabaseErrorKind};
use super::open::with_suffix;

/// What its name ends with.
const SUFFIX: &str = ".lock";

/// Held as long as the file is open for writing.
pub(super) struct Lock {
    _file: Option<File>,
}

impl Lock {
    /// Takes the lock of the till's file at `path`.
    ///
    /// # Errors
    /// [`DatabaseErrorKind::Busy`] where another program has it. Where the disk takes no lock (it is full, or of a kind that
    /// knows none) there is none: what else is wrong is told by the file.
    pub(super) fn take(path: &Path) -> Result<Self, DatabaseError> {
        let path = with_suffix(path, SUFFIX);
        let locked =
            File::options().create(true).truncate(false).write(true).open(&path).map(|file| (file.try_lock(), file));
        match locked {
            Ok((Ok(()), file)) => Ok(Self { _file: Some(file) }),
            Ok((Err(TryLockError::WouldBlock), _)) => {
                Err(DatabaseError::new(DatabaseErrorKind::Busy, "opening the file"))
            }
            Ok((Err(TryLockError::Error(error)), _)) | Err(error) => {
                tracing::warn!(path = %path.display(), %error, "a second till on this file would not be noticed");
                Ok(Self { _file: None })
            }
        }
    }
}
