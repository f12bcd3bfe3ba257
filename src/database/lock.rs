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
    file: Option<File>,
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
            Ok((Ok(()), file)) => Ok(Self { file: Some(file) }),
            Ok((Err(TryLockError::WouldBlock), _)) => {
                Err(DatabaseError::new(DatabaseErrorKind::Busy, "opening the file"))
            }
            Ok((Err(TryLockError::Error(error)), _)) | Err(error) => {
                tracing::warn!(path = %path.display(), %error, "a second till on this file would not be noticed");
                Ok(Self { file: None })
            }
        }
    }
}

impl Drop for Lock {
    /// Says so: a program that is just being started has a copy of every handle for a moment, and would hold it.
    fn drop(&mut self) {
        if let Some(Err(error)) = self.file.as_ref().map(File::unlock) {
            tracing::warn!(%error, "the lock of the till's file is let go of with its handle");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_let_go_of_at_once_whoever_has_a_copy_of_its_handle() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("till.db");
        let lock = Lock::take(&path).unwrap();
        let copy = lock.file.as_ref().unwrap().try_clone().unwrap();
        assert!(Lock::take(&path).is_err());
        drop(lock);
        assert!(Lock::take(&path).is_ok());
        drop(copy);
    }
}
