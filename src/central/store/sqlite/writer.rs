//! The one writer: everything that waits is done in one transaction, and answered once that is on disk.
//!
//! A request that fails takes nobody down with it: all is undone, and done again with a savepoint around each, so that only
//! its own part is left out. (Savepoints around those that succeed would keep a copy of every page they change.) It is done
//! once more before it is given up: a request that knows it has failed may do it otherwise. When the
//! commit itself fails, everyone in it hears so.

use std::collections::BTreeSet;
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::super::{Feed, StoreError};
use super::feeds::{Changes, Signals};
use super::numbers;
use super::reached::ReachedFile;

/// How many requests share a commit at most.
const REQUESTS_PER_COMMIT_MAX: usize = 512;
/// How many entries of tills share a commit at most: behind a cut two hundred tills send their mornings at once, and an order
/// from outside is not to wait for all of them.
const ENTRIES_PER_COMMIT_MAX: usize = 4096;
/// How many requests may wait before callers do.
const REQUESTS_WAITING_MAX: usize = 4096;
/// How often the writer looks whether another process has written to the file.
const OTHER_WRITERS_INTERVAL: Duration = Duration::from_millis(500);

/// What waits for the next transaction.
trait Request: Send {
    /// How many entries it brings.
    fn entries(&self) -> usize;
    /// Does its part inside the transaction; again after what it did was undone.
    fn run(&mut self, connection: &Connection, changes: &mut Changes) -> Result<(), StoreError>;
    /// It was undone.
    fn fail(&mut self, error: &StoreError);
    /// Tells the caller, once the commit has succeeded or failed.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Pending<T, F> {
    entries: usize,
    act: F,
    result: Option<Result<T, StoreError>>,
    caller: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Request for Pending<T, F>
where
    T: Send,
    F: Fn(&Connection, &mut Changes) -> Result<T, StoreError> + Send,
{
    fn entries(&self) -> usize {
        self.entries
    }

    fn run(&mut self, connection: &Connection, changes: &mut Changes) -> Result<(), StoreError> {
        let result = (self.act)(connection, changes);
        let own = result.as_ref().map(|_| ()).map_err(Clone::clone);
        self.result = Some(result);
        own
    }

    fn fail(&mut self, error: &StoreError) {
        self.result = Some(Err(error.clone()));
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let result = match (committed, self.result) {
            // Its own failure says more than the commit's.
            (_, Some(Err(error))) => Err(error),
            (Err(error), _) => Err(error),
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(StoreError::Closed),
        };
        // A caller that went away does not mind that nobody hears the answer.
        drop(self.caller.send(result));
    }
}

enum Message {
    Write(Box<dyn Request>),
    LookForOtherWriters,
}

/// Hands requests to the writer's thread.
#[derive(Clone)]
pub struct Writer {
    messages: mpsc::Sender<Message>,
}

impl Writer {
    /// Starts the thread. It ends when the last `Writer` is dropped, with everything that waited done.
    pub fn start(
        connection: Connection,
        signals: Signals,
        reached: ReachedFile,
    ) -> Result<(Self, JoinHandle<()>), StoreError> {
        let (messages, received) = mpsc::channel(REQUESTS_WAITING_MAX);
        let failed = |cause: std::io::Error| StoreError::Engine(format!("cannot start a thread: {cause}"));
        let thread = std::thread::Builder::new()
            .name("central-writer".into())
            .spawn(move || run(connection, received, &signals, reached))
            .map_err(failed)?;
        let ticks = messages.downgrade();
        std::thread::Builder::new()
            .name("central-writer-tick".into())
            .spawn(move || {
                loop {
                    std::thread::sleep(OTHER_WRITERS_INTERVAL);
                    let Some(messages) = ticks.upgrade() else { return };
                    // A full queue means the writer is awake anyway.
                    if let Err(mpsc::error::TrySendError::Closed(_)) = messages.try_send(Message::LookForOtherWriters) {
                        return;
                    }
                }
            })
            .map_err(failed)?;
        Ok((Self { messages }, thread))
    }

    /// Of a file that is only looked at: whatever is asked of it is answered by [`StoreError::Closed`].
    pub fn absent() -> Self {
        Self { messages: mpsc::channel(1).0 }
    }

    /// Does `act` in the next transaction and answers after its commit. When another request of the transaction fails it is
    /// undone and done again.
    pub fn write<T: Send + 'static>(
        &self,
        act: impl Fn(&Connection, &mut Changes) -> Result<T, StoreError> + Send + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send {
        self.write_entries(0, act)
    }

    /// As [`Self::write`], for a request that brings so many entries of a till.
    pub fn write_entries<T: Send + 'static>(
        &self,
        entries: usize,
        act: impl Fn(&Connection, &mut Changes) -> Result<T, StoreError> + Send + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send {
        let messages = self.messages.clone();
        async move {
            let (answer, answered) = oneshot::channel();
            let request = Box::new(Pending { entries, act, result: None, caller: answer });
            messages.send(Message::Write(request)).await.map_err(|_| StoreError::Closed)?;
            answered.await.map_err(|_| StoreError::Closed)?
        }
    }
}

fn run(connection: Connection, mut received: mpsc::Receiver<Message>, signals: &Signals, mut reached: ReachedFile) {
    let mut waiting: Vec<Box<dyn Request>> = Vec::with_capacity(REQUESTS_PER_COMMIT_MAX);
    let mut version = data_version(&connection);
    while let Some(message) = received.blocking_recv() {
        let (mut next, mut entries) = (Some(message), 0);
        while let Some(message) = next.take() {
            if let Message::Write(request) = message {
                entries += request.entries();
                waiting.push(request);
            }
            if waiting.len() < REQUESTS_PER_COMMIT_MAX && entries < ENTRIES_PER_COMMIT_MAX {
                next = received.try_recv().ok();
            }
        }
        if !waiting.is_empty() {
            commit_together(&connection, &mut waiting, signals, &mut reached);
        }
        let now = data_version(&connection);
        if now != version {
            version = now;
            signals.wake_all();
        }
    }
    if let Err(error) = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(%error, "the write-ahead log could not be folded in at the end; the next start does it");
    }
}

/// Changes when another connection has committed; a failure reads as no change and shows in the next write.
fn data_version(connection: &Connection) -> i64 {
    let version = connection.prepare_cached("PRAGMA data_version");
    version.and_then(|mut version| version.query_row([], |row| row.get(0))).unwrap_or_default()
}

/// One transaction for all that waits.
fn commit_together(
    connection: &Connection,
    waiting: &mut Vec<Box<dyn Request>>,
    signals: &Signals,
    reached: &mut ReachedFile,
) {
    let outcome = match try_together(connection, waiting, run_without_savepoint) {
        Err(_) => try_together(connection, waiting, run_in_savepoint),
        outcome => outcome,
    };
    // Before anybody hears of a number, a website from its feed too.
    if outcome.is_ok()
        && let Ok(last) = numbers::find_last(connection)
    {
        reached.note(last);
    }
    match &outcome {
        Ok(touched) => signals.wake(touched),
        Err(error) => tracing::error!(%error, requests = waiting.len(), "a commit failed; the callers are told"),
    }
    let outcome = outcome.map(|_| ());
    for request in waiting.drain(..) {
        request.answer(outcome.clone());
    }
}

/// How one request is run inside the transaction; an error ends the transaction.
type Run = fn(&Connection, &mut dyn Request, &mut Changes) -> Result<(), StoreError>;

/// Runs all and commits, or leaves the file as it was.
fn try_together(
    connection: &Connection,
    waiting: &mut [Box<dyn Request>],
    run: Run,
) -> Result<BTreeSet<Feed>, StoreError> {
    let mut changes = Changes::default();
    let done = (|| {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for request in waiting.iter_mut() {
            run(connection, request.as_mut(), &mut changes)?;
        }
        let touched = changes.save(connection)?;
        connection.execute_batch("COMMIT")?;
        Ok(touched)
    })();
    if done.is_err()
        && !connection.is_autocommit()
        && let Err(error) = connection.execute_batch("ROLLBACK")
    {
        tracing::error!(%error, "a failed transaction could not be rolled back");
    }
    done
}

fn run_without_savepoint(
    connection: &Connection,
    request: &mut dyn Request,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    request.run(connection, changes)?;
    changes.keep();
    Ok(())
}

/// One request, undone alone when it fails.
fn run_in_savepoint(
    connection: &Connection,
    request: &mut dyn Request,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    connection.prepare_cached("SAVEPOINT request")?.execute([])?;
    for is_last in [false, true] {
        match request.run(connection, changes) {
            Ok(()) => {
                changes.keep();
                break;
            }
            // The engine has rolled everything back (a full disk): all of this commit failed.
            Err(error) if connection.is_autocommit() => return Err(error),
            Err(error) => {
                changes.undo();
                connection.prepare_cached("ROLLBACK TO request")?.execute([])?;
                if is_last {
                    request.fail(&error);
                }
            }
        }
    }
    connection.prepare_cached("RELEASE request")?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc as channel;

    use super::super::{OpenAs, SqliteStore};
    use super::*;

    const SOON: Duration = Duration::from_secs(60);

    /// While one transaction is being written, others wait; all that wait share the next commit, up to the most a commit takes.
    #[tokio::test]
    async fn all_that_waits_shares_one_commit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("central.db");
        let store = SqliteStore::open(&path, OpenAs::Tool, crate::domain::Timestamp::UNIX_EPOCH).unwrap();
        assert!(store.close());
        let mut connection = Connection::open(&path).unwrap();
        connection.execute_batch("CREATE TABLE taken (number INTEGER PRIMARY KEY)").unwrap();
        let commits = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&commits);
        let counted = move || {
            count.fetch_add(1, Ordering::SeqCst);
            false
        };
        connection.commit_hook(Some(counted)).unwrap();
        let (writer, thread) = Writer::start(connection, Signals::default(), ReachedFile::open(&path)).unwrap();

        let (begin, begun) = channel::channel();
        let (release, released) = channel::channel::<()>();
        let held = writer.clone();
        let first = tokio::spawn(async move {
            let act = move |_: &Connection, _: &mut Changes| {
                begin.send(()).unwrap();
                released.recv_timeout(SOON).unwrap();
                Ok(())
            };
            held.write(act).await
        });
        tokio::task::yield_now().await;
        begun.recv_timeout(SOON).unwrap();
        let take = async |writer: Writer, number: i64| {
            let act = move |connection: &Connection, _: &mut Changes| {
                connection.execute("INSERT INTO taken VALUES (?1)", [number])?;
                Ok(number)
            };
            writer.write(act).await
        };
        let requests = REQUESTS_PER_COMMIT_MAX + 88;
        let waiting: Vec<_> = (0..requests as i64).map(|number| tokio::spawn(take(writer.clone(), number))).collect();
        while writer.messages.max_capacity() - writer.messages.capacity() < requests {
            tokio::task::yield_now().await;
        }
        release.send(()).unwrap();
        first.await.unwrap().unwrap();
        for (number, answer) in waiting.into_iter().enumerate() {
            assert_eq!(answer.await.unwrap().unwrap(), number as i64);
        }
        assert_eq!(commits.load(Ordering::SeqCst), 3, "the first alone, as many as a commit takes, and the rest");
        drop(writer);
        tokio::task::spawn_blocking(|| thread.join().unwrap()).await.unwrap();
    }
}
