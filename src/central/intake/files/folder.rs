//! A folder this machine sees: its own disk, or one that is mounted.

use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rustix::fs::{CWD, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use super::remote::{Entry, LISTING_ENTRIES_MAX, Remote, RemoteError, add_unnameable, is_plain_name};

/// A folder of this machine.
pub struct Folder {
    root: PathBuf,
    unnameable: Vec<String>,
}

impl Folder {
    /// The folder must be there: one that is not mounted is not an empty one.
    pub async fn open(root: &Path) -> Result<Self, RemoteError> {
        let root = root.to_owned();
        let folder = Self { root: root.clone(), unnameable: Vec::new() };
        folder.act("listed", "", move |_| fs::metadata(&root)).await.and_then(|found| match found.is_dir() {
            true => Ok(folder),
            false => Err(RemoteError::NotFound(folder.root.display().to_string())),
        })
    }

    /// Does something with a path where waiting for a disk holds up nobody.
    async fn act<T: Send + 'static>(
        &self,
        act: &'static str,
        path: &str,
        step: impl FnOnce(PathBuf) -> io::Result<T> + Send + 'static,
    ) -> Result<T, RemoteError> {
        let path = if path.is_empty() { self.root.clone() } else { self.root.join(path) };
        let name = path.display().to_string();
        match tokio::task::spawn_blocking(move || step(path)).await {
            Ok(ended) => ended.map_err(|cause| of_io(&cause, name, act)),
            Err(error) => Err(RemoteError::Lost(error.to_string())),
        }
    }
}

fn of_io(cause: &io::Error, path: String, act: &'static str) -> RemoteError {
    use io::ErrorKind::{AlreadyExists, NotFound, StorageFull};
    match cause.kind() {
        NotFound => RemoteError::NotFound(path),
        AlreadyExists => RemoteError::NameTaken(path),
        StorageFull => RemoteError::Full(cause.to_string()),
        _ => RemoteError::Denied { path, act, cause: cause.to_string() },
    }
}

#[tonic::async_trait]
impl Remote for Folder {
    async fn list(&mut self, folder: &str) -> Result<Vec<Entry>, RemoteError> {
        let (entries, unnameable) = self.act("listed", folder, |path| list(&path)).await?;
        self.unnameable = unnameable;
        Ok(entries)
    }

    fn unnameable(&self) -> &[String] {
        &self.unnameable
    }

    async fn read(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>, RemoteError> {
        let read = move |path: PathBuf| {
            let mut bytes = Vec::new();
            // Between listing and reading a file may have been exchanged for a link.
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
            let file = fs::File::from(rustix::fs::open(path, flags, Mode::empty())?);
            file.take(bytes_max as u64 + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        self.act("read", path, read).await
    }

    async fn rename(&mut self, from: &str, to: &str) -> Result<(), RemoteError> {
        let target = self.root.join(to);
        let taken = to.to_owned();
        let moved = self.act("moved", from, move |path| rename(&path, &target)).await;
        moved.map_err(|error| match error {
            RemoteError::NameTaken(_) => RemoteError::NameTaken(taken),
            other => other,
        })
    }

    async fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), RemoteError> {
        let bytes = bytes.to_owned();
        let write = move |path: PathBuf| {
            let mut file = fs::File::create(path)?;
            file.write_all(&bytes)?;
            // What is noted as written in the store must survive the same power cut.
            file.sync_all()
        };
        self.act("written", path, write).await
    }

    async fn remove(&mut self, path: &str) -> Result<(), RemoteError> {
        self.act("removed", path, fs::remove_file).await
    }

    async fn exists(&mut self, path: &str) -> Result<bool, RemoteError> {
        let exists = |path: PathBuf| match fs::symlink_metadata(path) {
            Ok(_) => Ok(true),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(cause) => Err(cause),
        };
        self.act("read", path, exists).await
    }

    async fn make_folder(&mut self, path: &str) -> Result<(), RemoteError> {
        // A link in its place would choose where central writes.
        let is_folder = |path: &Path| fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
        let make = move |path: PathBuf| match fs::create_dir(&path) {
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists && is_folder(&path) => Ok(()),
            made => made,
        };
        self.act("made", path, make).await
    }
}

fn list(folder: &Path) -> io::Result<(Vec<Entry>, Vec<String>)> {
    let mut entries = Vec::new();
    let mut unnameable = Vec::new();
    for found in fs::read_dir(folder)? {
        let found = found?;
        // A link is not followed: whoever can write here must not choose what central reads elsewhere.
        let metadata = match found.metadata() {
            Ok(metadata) => metadata,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => continue,
            Err(cause) => return Err(cause),
        };
        if !metadata.is_file() {
            continue;
        }
        let name = match found.file_name().into_string() {
            Ok(name) if is_plain_name(&name) => name,
            Ok(name) => {
                add_unnameable(&mut unnameable, name.as_bytes());
                continue;
            }
            Err(name) => {
                add_unnameable(&mut unnameable, name.as_bytes());
                continue;
            }
        };
        let modified = metadata.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64);
        entries.push(Entry { name, size: metadata.len(), modified });
        if entries.len() == LISTING_ENTRIES_MAX {
            break;
        }
    }
    Ok((entries, unnameable))
}

/// Moves without replacing. File systems that cannot do that in one step are asked first.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) if fs::symlink_metadata(to).is_err() => fs::rename(from, to),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Err(io::ErrorKind::AlreadyExists.into()),
        moved => Ok(moved?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_link_chooses_neither_what_is_read_nor_where_is_written() {
        let (here, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(elsewhere.path().join("secret"), "s").unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), here.path().join("problem")).unwrap();
        std::os::unix::fs::symlink(elsewhere.path().join("secret"), here.path().join("1.xml")).unwrap();
        let mut folder = Folder::open(here.path()).await.unwrap();
        assert!(matches!(folder.make_folder("problem").await, Err(RemoteError::NameTaken(_))));
        assert!(matches!(folder.read("1.xml", 100).await, Err(RemoteError::Denied { .. })));
        folder.make_folder("imported").await.unwrap();
        folder.make_folder("imported").await.unwrap();
    }
}
