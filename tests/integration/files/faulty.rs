//! Folders behind a real server that fail on the way: whose owner dies at a step, whose file grows, that tell no sizes.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use till::central::intake::files::remote::{Entry, Remote, RemoteError, Timed};
use tokio::sync::Notify;

/// When a step is the last one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dies {
    Before,
    After,
}

/// A folder whose owner is killed at a step: before or after it has taken effect, nothing of ours goes on. Or halts there.
pub struct Deadly {
    pub remote: Timed,
    pub steps_left: usize,
    pub dies: Dies,
    pub dead: Arc<Notify>,
    /// It only halts there, until it is told to go on.
    pub goes_on: Option<Arc<Notify>>,
}

impl Deadly {
    async fn step<T>(&mut self, act: impl AsyncFnOnce(&mut Timed) -> Result<T, RemoteError>) -> Result<T, RemoteError> {
        let is_last = self.steps_left == 0;
        self.steps_left = self.steps_left.wrapping_sub(1);
        if is_last && self.dies == Dies::Before {
            self.halt().await;
        }
        let done = act(&mut self.remote).await;
        if is_last && self.dies == Dies::After {
            self.halt().await;
        }
        done
    }

    async fn halt(&mut self) {
        self.dead.notify_one();
        match &self.goes_on {
            Some(told) => told.notified().await,
            None => std::future::pending().await,
        }
    }
}

#[tonic::async_trait]
impl Remote for Deadly {
    async fn list(&mut self, folder: &str) -> Result<Vec<Entry>, RemoteError> {
        self.step(async |remote| remote.list(folder).await).await
    }
    fn unnameable(&self) -> &[String] {
        self.remote.unnameable()
    }
    async fn read(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>, RemoteError> {
        self.step(async |remote| remote.read(path, bytes_max).await).await
    }
    async fn rename(&mut self, from: &str, to: &str) -> Result<(), RemoteError> {
        self.step(async |remote| remote.rename(from, to).await).await
    }
    async fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), RemoteError> {
        self.step(async |remote| remote.write(path, bytes).await).await
    }
    async fn remove(&mut self, path: &str) -> Result<(), RemoteError> {
        self.step(async |remote| remote.remove(path).await).await
    }
    async fn exists(&mut self, path: &str) -> Result<bool, RemoteError> {
        self.step(async |remote| remote.exists(path).await).await
    }
    async fn make_folder(&mut self, path: &str) -> Result<(), RemoteError> {
        self.step(async |remote| remote.make_folder(path).await).await
    }
}

/// A folder whose file grows after it was listed: the server says one size, and gives another.
pub struct Growing {
    pub remote: Timed,
    pub file: PathBuf,
    pub grows: bool,
}

#[tonic::async_trait]
impl Remote for Growing {
    async fn list(&mut self, folder: &str) -> Result<Vec<Entry>, RemoteError> {
        let listed = self.remote.list(folder).await;
        if folder.is_empty() && std::mem::take(&mut self.grows) {
            let mut file = fs::OpenOptions::new().append(true).open(&self.file).unwrap();
            std::io::Write::write_all(&mut file, b"<!-- and more -->").unwrap();
        }
        listed
    }
    fn unnameable(&self) -> &[String] {
        self.remote.unnameable()
    }
    async fn read(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>, RemoteError> {
        self.remote.read(path, bytes_max).await
    }
    async fn rename(&mut self, from: &str, to: &str) -> Result<(), RemoteError> {
        self.remote.rename(from, to).await
    }
    async fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), RemoteError> {
        self.remote.write(path, bytes).await
    }
    async fn remove(&mut self, path: &str) -> Result<(), RemoteError> {
        self.remote.remove(path).await
    }
    async fn exists(&mut self, path: &str) -> Result<bool, RemoteError> {
        self.remote.exists(path).await
    }
    async fn make_folder(&mut self, path: &str) -> Result<(), RemoteError> {
        self.remote.make_folder(path).await
    }
}

/// A folder of a server that tells no sizes.
pub struct Sizeless(pub Timed);

#[tonic::async_trait]
impl Remote for Sizeless {
    async fn list(&mut self, folder: &str) -> Result<Vec<Entry>, RemoteError> {
        let listed = self.0.list(folder).await?;
        Ok(listed.into_iter().map(|entry| Entry { size: 0, ..entry }).collect())
    }
    fn unnameable(&self) -> &[String] {
        self.0.unnameable()
    }
    async fn read(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>, RemoteError> {
        self.0.read(path, bytes_max).await
    }
    async fn rename(&mut self, from: &str, to: &str) -> Result<(), RemoteError> {
        self.0.rename(from, to).await
    }
    async fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), RemoteError> {
        self.0.write(path, bytes).await
    }
    async fn remove(&mut self, path: &str) -> Result<(), RemoteError> {
        self.0.remove(path).await
    }
    async fn exists(&mut self, path: &str) -> Result<bool, RemoteError> {
        self.0.exists(path).await
    }
    async fn make_folder(&mut self, path: &str) -> Result<(), RemoteError> {
        self.0.make_folder(path).await
    }
}
