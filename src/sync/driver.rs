//! Performs what the engine asks: calls over the network, reads of the journal, events to the register.
//!
//! One thread with a runtime of its own. Each call is a task that ends with one reply; a call the engine has given up is
//! aborted. Frames of the feed come through a short queue that is not read while the register has enough to do, so that
//! central's sending stops by itself.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::connect::{Central, connect};
use super::engine::{Act, Answer, CallError, CallId, Engine, Limits, Now, Position, Reply, Request};
use super::identity::Identity;
use super::inbox::SCOPES;
use super::messages;
use crate::database::{DatabaseError, JournalReader};
use crate::domain::Timestamp;
use crate::domain::feed::{SyncEvent, Unsent};
use crate::domain::ids::JournalMark;
use crate::wire::encoded_size;
use crate::wire::entry::SealedEntry;
use crate::wire::till::v1 as proto;

/// How often the file is looked at without being told that it has changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often a till that has nothing to send says so: central dates its figures by a till's own words, never by a line that
/// may have died unseen.
const WORD_EVERY: Duration = Duration::from_secs(10);

/// Frames that may wait between the stream and the engine.
const FRAMES_MAX: usize = 4;

/// Told what central sends and how the connection is. Called on the sync thread; must not block for long.
pub type Sink = Arc<dyn Fn(SyncEvent) + Send + Sync>;

/// The till's clock.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What sync needs to run.
pub struct SyncOptions {
    /// Who the till is, and where central is.
    pub identity: Identity,
    /// The till's file, which must exist.
    pub database: PathBuf,
    /// The program's version.
    pub version: String,
    /// The limits to work within.
    pub limits: Limits,
    /// The till's own randomness.
    pub seed: u64,
    /// The till's clock.
    pub clock: Clock,
    /// Where events go.
    pub sink: Sink,
}

/// Why sync could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The till's file cannot be read.
    #[error("the till's file cannot be read")]
    Database(#[from] DatabaseError),
    /// The system gives no thread or timer.
    #[error("the thread for sync cannot be started")]
    Thread(#[from] std::io::Error),
}

#[derive(Default)]
struct Signals {
    file_changed: Notify,
    not_applied: Notify,
    hurry: Notify,
    stop: Notify,
}

/// Tells sync what it need not find out by itself. Cheap to clone.
#[derive(Clone)]
pub struct SyncHandle {
    signals: Arc<Signals>,
}

impl SyncHandle {
    /// The file has changed: an entry was written, or a batch of the feed applied.
    pub fn file_changed(&self) {
        self.signals.file_changed.notify_one();
    }

    /// A batch of the feed could not be written to the file: it must come again.
    pub fn not_applied(&self) {
        self.signals.not_applied.notify_one();
    }

    /// A person wants it now: the wait after a failure is over.
    pub fn hurry(&self) {
        self.signals.hurry.notify_one();
    }
}

/// A running sync; ends when dropped.
pub struct RunningSync {
    handle: SyncHandle,
    thread: Option<JoinHandle<()>>,
}

impl RunningSync {
    /// Begins.
    pub fn start(options: SyncOptions) -> Result<Self, StartError> {
        let reader = JournalReader::open(&options.database)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let signals = Arc::new(Signals::default());
        let handle = SyncHandle { signals: Arc::clone(&signals) };
        let thread = thread::Builder::new().name("sync".to_owned()).spawn(move || {
            runtime.block_on(Driver::new(options, reader, signals).run());
            // A look-up of a name may hang in a thread of the runtime; nobody waits for it.
            runtime.shutdown_background();
        })?;
        Ok(Self { handle, thread: Some(thread) })
    }

    /// To tell it things.
    pub fn handle(&self) -> SyncHandle {
        self.handle.clone()
    }
}

impl Drop for RunningSync {
    fn drop(&mut self) {
        self.handle.signals.stop.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the sync thread ended by a panic");
        }
    }
}

struct Driver {
    options: SyncOptions,
    reader: JournalReader,
    signals: Arc<Signals>,
    engine: Engine,
    began: Instant,
    /// The connection of this conversation.
    central: Option<Central>,
    calls: HashMap<CallId, AbortHandle>,
    /// The last word that nothing is unsent.
    word: Option<AbortHandle>,
    /// What central answers to it: how many entries are put aside.
    aside: mpsc::UnboundedSender<u64>,
    aside_in: mpsc::UnboundedReceiver<u64>,
    replies: mpsc::UnboundedSender<Reply>,
    replies_in: mpsc::UnboundedReceiver<Reply>,
    frames: mpsc::Sender<Reply>,
    frames_in: mpsc::Receiver<Reply>,
    /// The entry whose time the engine was told.
    oldest_told: Option<JournalMark>,
}

impl Driver {
    fn new(options: SyncOptions, reader: JournalReader, signals: Arc<Signals>) -> Self {
        let engine = Engine::new(options.limits, options.seed);
        let (replies, replies_in) = mpsc::unbounded_channel();
        let (frames, frames_in) = mpsc::channel(FRAMES_MAX);
        let (aside, aside_in) = mpsc::unbounded_channel();
        Self {
            options,
            reader,
            signals,
            engine,
            began: Instant::now(),
            central: None,
            calls: HashMap::new(),
            word: None,
            aside,
            aside_in,
            replies,
            replies_in,
            frames,
            frames_in,
            oldest_told: None,
        }
    }

    fn now(&self) -> Now {
        Now { elapsed: self.began.elapsed(), clock: (self.options.clock)() }
    }

    async fn run(mut self) {
        match self.reader.list_acknowledged() {
            Ok(marks) => self.engine.handle_kept_marks(&marks),
            Err(error) => tracing::warn!(%error, "the marks central acknowledged cannot be read; it will be asked"),
        }
        match self.reader.view().count_put_aside() {
            Ok(entries) => self.engine.handle_kept_quarantined(entries),
            Err(error) => tracing::warn!(%error, "what central has put aside cannot be read"),
        }
        self.look();
        let signals = Arc::clone(&self.signals);
        let mut look = tokio::time::interval(LOOK_EVERY);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut word = tokio::time::interval(WORD_EVERY);
        word.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            self.step();
            let deadline = self.engine.poll_timeout().map(|elapsed| self.began + elapsed);
            let due = async {
                match deadline {
                    Some(deadline) => tokio::time::sleep_until(deadline).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = signals.stop.notified() => break,
                Some(reply) = self.replies_in.recv() => self.replied(reply),
                Some(entries) = self.aside_in.recv() => self.engine.handle_put_aside(entries),
                Some(frame) = self.frames_in.recv(), if self.engine.has_room() => self.replied(frame),
                () = signals.file_changed.notified() => self.look(),
                _ = look.tick() => self.look(),
                _ = word.tick() => self.say_nothing_is_unsent(),
                () = signals.not_applied.notified() => {
                    let now = self.now();
                    self.engine.handle_not_applied(now);
                }
                () = signals.hurry.notified() => {
                    let now = self.now();
                    self.engine.handle_hurry(now);
                }
                () = due => {
                    let now = self.now();
                    self.engine.handle_timeout(now);
                }
            }
        }
        for (_, call) in self.calls {
            call.abort();
        }
        if let Some(word) = self.word {
            word.abort();
        }
    }

    /// A push of nothing: beside the conversation, whose own calls notice a line that has died.
    fn say_nothing_is_unsent(&mut self) {
        // What was written a moment ago is unsent. The clocks are read first: what is written later is later than they say.
        let now = self.now();
        self.look();
        if !self.engine.is_settled() {
            return;
        }
        let Ok(mut central) = self.get_central() else { return };
        let message = self.push_request(&[], Unsent::default(), now);
        let aside = self.aside.clone();
        let saying = tokio::spawn(async move {
            match central.push(message).await {
                Ok(response) => {
                    let told = response.into_inner().put_aside.map(|entries| aside.send(entries));
                    if told.is_some_and(|sent| sent.is_err()) {
                        tracing::debug!("sync has ended meanwhile");
                    }
                }
                Err(status) => tracing::debug!(%status, "central did not hear that nothing is unsent"),
            }
        });
        // One that has had no answer by now will have none.
        if let Some(before) = self.word.replace(saying.abort_handle()) {
            before.abort();
        }
    }

    fn replied(&mut self, reply: Reply) {
        let now = self.now();
        self.engine.handle_reply(reply, now);
    }

    /// Tells the engine how the file stands.
    fn look(&mut self) {
        let read = || -> Result<_, DatabaseError> {
            let runs = self.reader.list_runs()?;
            let mut cursors = Vec::with_capacity(SCOPES.len());
            for scope in SCOPES {
                cursors.push((scope, self.reader.view().find_cursor(scope)?.unwrap_or(0)));
            }
            Ok((runs, cursors))
        };
        match read() {
            Ok((runs, cursors)) => {
                let tail = |r: crate::database::RunSummary| JournalMark { run: r.run, sequence: r.last_sequence };
                self.engine.handle_journal(runs.into_iter().map(tail).collect());
                for (scope, cursor) in cursors {
                    self.engine.handle_applied(scope, cursor);
                }
            }
            Err(error) => tracing::warn!(%error, "the till's file cannot be read"),
        }
    }

    /// Everything the engine wants done now.
    fn step(&mut self) {
        if let Some(failure) = self.engine.take_failure() {
            tracing::info!(%failure, "the conversation with central is over");
        }
        let engine = &self.engine;
        self.calls.retain(|call, task| {
            let live = engine.is_live(*call);
            if !live {
                task.abort();
            }
            live
        });
        self.tell_oldest_unsent();
        let now = self.now();
        while let Some(event) = self.engine.poll_event(now) {
            (self.options.sink)(event);
        }
        while let Some(request) = self.engine.poll_request(now) {
            self.begin(request);
        }
    }

    fn tell_oldest_unsent(&mut self) {
        let first = self.engine.first_unsent();
        if first == self.oldest_told {
            return;
        }
        match first.map(|mark| self.find_recorded_at(mark)).transpose() {
            Ok(at) => {
                self.engine.handle_oldest_unsent(at.flatten());
                self.oldest_told = first;
            }
            Err(error) => tracing::warn!(%error, "the oldest unsent entry cannot be read"),
        }
    }

    /// When an entry was written.
    fn find_recorded_at(&self, mark: JournalMark) -> Result<Option<Timestamp>, DatabaseError> {
        let before = JournalMark { sequence: mark.sequence - 1, ..mark };
        Ok(self.reader.list_after(before, 1, usize::MAX)?.first().map(|entry| entry.header.recorded_at))
    }

    fn begin(&mut self, request: Request) {
        let Request { call, act } = request;
        tracing::debug!(call = call.0, act = messages::name(&act), "asking central");
        let task = match act {
            Act::Hello { runs } => self.begin_hello(call, &runs),
            Act::Push { after, entries_max, bytes_max } => self.begin_push(call, after, entries_max, bytes_max),
            Act::Watch { positions, incarnation } => self.begin_watch(call, &positions, incarnation),
        };
        match task {
            Ok(task) => {
                self.calls.insert(call, task);
            }
            Err(error) => self.send(call, Answer::Failed(error)),
        }
    }

    fn send(&self, call: CallId, answer: Answer) {
        // The receiver lives as long as this driver.
        let _ = self.replies.send(Reply { call, answer });
    }

    fn begin_hello(&mut self, call: CallId, runs: &[JournalMark]) -> Result<AbortHandle, CallError> {
        let mut central = connect(&self.options.identity).map_err(|e| CallError::Unreachable(explain(&e)))?;
        self.central = Some(central.clone());
        let (version, clock) = (&self.options.version, (self.options.clock)());
        let message = messages::hello_request(version, clock, runs, self.engine.unsent());
        Ok(self.spawn(call, async move {
            let response = central.hello(message).await.map_err(|s| messages::call_error(&s))?;
            messages::welcome(response.into_inner()).map(Answer::Hello)
        }))
    }

    fn begin_push(
        &self,
        call: CallId,
        after: JournalMark,
        entries_max: usize,
        bytes_max: usize,
    ) -> Result<AbortHandle, CallError> {
        let mut central = self.get_central()?;
        // Before the file: what is written behind these entries is later than the clocks say.
        let now = self.now();
        let read = self.reader.list_after(after, entries_max, bytes_max);
        let mut entries = read.map_err(|e| CallError::Journal(explain(&e)))?;
        keep_within(&mut entries, bytes_max);
        if entries.is_empty() {
            return Err(CallError::Journal(format!("no entry {} of a run that has it", after.sequence + 1)));
        }
        if entries.iter().any(|e| e.header.till != self.options.identity.till) {
            return Err(CallError::Journal("the file holds another till's journal".to_owned()));
        }
        let (count, first) = self.engine.unsent_behind(entries.last().map(|entry| entry.header.mark));
        let oldest_at = first.map(|mark| self.find_recorded_at(mark)).transpose();
        let oldest_at = oldest_at.map_err(|e| CallError::Journal(explain(&e)))?.flatten();
        let message = self.push_request(&entries, Unsent { count, oldest_at }, now);
        Ok(self.spawn(call, async move {
            let response = central.push(message).await.map_err(|s| messages::call_error(&s))?;
            messages::pushed(response.into_inner(), &entries).map(Answer::Pushed)
        }))
    }

    fn push_request(&self, entries: &[SealedEntry], unsent: Unsent, now: Now) -> proto::PushRequest {
        messages::push_request(entries, unsent, self.engine.read_clocks(now), self.engine.current_run())
    }

    fn begin_watch(
        &self,
        call: CallId,
        positions: &[Position],
        incarnation: [u8; 16],
    ) -> Result<AbortHandle, CallError> {
        let mut central = self.get_central()?;
        let message = messages::watch_request(positions, incarnation);
        let frames = self.frames.clone();
        Ok(self.spawn(call, async move {
            let response = central.watch(message).await.map_err(|s| messages::call_error(&s))?;
            let mut stream = response.into_inner();
            while let Some(message) = stream.message().await.map_err(|s| messages::call_error(&s))? {
                let answer = messages::frame(message)?;
                if frames.send(Reply { call, answer }).await.is_err() {
                    break;
                }
            }
            Err(CallError::Unreachable("central closed the feed".to_owned()))
        }))
    }

    fn get_central(&self) -> Result<Central, CallError> {
        self.central.clone().ok_or_else(|| CallError::Unreachable("there is no connection".to_owned()))
    }

    fn spawn(
        &self,
        call: CallId,
        work: impl Future<Output = Result<Answer, CallError>> + Send + 'static,
    ) -> AbortHandle {
        let replies = self.replies.clone();
        let task = async move {
            let answer = work.await.unwrap_or_else(Answer::Failed);
            // Nobody listens any more when the driver is gone.
            let _ = replies.send(Reply { call, answer });
        };
        tokio::spawn(task).abort_handle()
    }
}

/// As many of the first entries as a push may hold; one at least.
fn keep_within(entries: &mut Vec<SealedEntry>, bytes_max: usize) {
    let mut bytes = 0;
    let fitting = entries.iter().take_while(|entry| {
        bytes += encoded_size(entry);
        bytes <= bytes_max
    });
    let fitting = fitting.count().max(1);
    entries.truncate(fitting);
}

/// An error with its causes, in one line.
fn explain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
