//! Looking at every channel's folder for as long as central runs: when to look, how long to wait, when to tell somebody.
//!
//! One task per channel, so that a server that stalls holds up its own channel alone. What people change beside it (a
//! channel added, removed, poked) is in the store, whose signal wakes these tasks.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::connect;
use super::look::{Look, LookError, PickUp};
use super::place::Place;
use super::plan;
use super::remote::{Deadlines, Remote, RemoteError, Timed};
use super::secrets::Secrets;
use crate::central::store::{Feed, FileChannel, FileChannelRecord, FileLook, Store, StoreError};
use crate::central::surroundings::Surroundings;
use crate::domain::Timestamp;
use crate::domain::ids::ChannelId;

/// How often the list of channels is read even if nobody says that it changed.
const CHANNELS_INTERVAL: Duration = Duration::from_secs(5);

/// What every pick-up needs.
#[derive(Clone)]
struct Parts<S> {
    store: S,
    surroundings: Surroundings,
    secrets: Secrets,
    deadlines: Deadlines,
}

/// A channel's task, and what it was started for.
struct Running {
    channel: FileChannelRecord,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// Looks at the folders of all channels until `stopping` turns true or goes away. Ends when no task holds the store.
pub async fn run<S: Store>(store: S, surroundings: Surroundings, data: PathBuf, mut stopping: watch::Receiver<bool>) {
    let parts = Parts { store, surroundings, secrets: Secrets::of_data(&data), deadlines: Deadlines::default() };
    let mut changed = parts.store.follow(&Feed::Company);
    let mut running: HashMap<ChannelId, Running> = HashMap::new();
    loop {
        changed.mark_unchanged();
        match parts.store.list_file_channels().await {
            Ok(channels) => bring_in_line(&parts, &mut running, channels).await,
            Err(StoreError::Closed) => break,
            Err(error) => tracing::error!(%error, "the channels with files cannot be listed; trying again"),
        }
        tokio::select! {
            () = told_to_stop(&mut stopping) => break,
            _ = tokio::time::sleep(CHANNELS_INTERVAL) => {}
            woken = changed.changed() => if woken.is_err() { tokio::time::sleep(CHANNELS_INTERVAL).await },
        }
    }
    for (_, stopped) in running {
        end(stopped).await;
    }
}

/// Waits until told to stop, or until nobody is left who could.
async fn told_to_stop(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

/// Starts, restarts and ends tasks until they are those of the list.
async fn bring_in_line<S: Store>(
    parts: &Parts<S>,
    running: &mut HashMap<ChannelId, Running>,
    channels: Vec<FileChannelRecord>,
) {
    let wanted: HashMap<ChannelId, FileChannelRecord> =
        channels.into_iter().map(|channel| (channel.settings.channel.clone(), channel)).collect();
    let is_same = |a: &FileChannelRecord, b: &FileChannelRecord| (&a.settings, &a.stores) == (&b.settings, &b.stores);
    let outdated: Vec<ChannelId> = running
        .iter()
        .filter(|(name, running)| {
            // A task ends by itself only by a fault in this program: its channel must not fall silent for that.
            running.task.is_finished() || !wanted.get(*name).is_some_and(|channel| is_same(channel, &running.channel))
        })
        .map(|(name, _)| name.clone())
        .collect();
    for name in outdated {
        if let Some(stopped) = running.remove(&name) {
            end(stopped).await;
        }
    }
    for (name, channel) in wanted {
        running.entry(name).or_insert_with(|| {
            let (stop, stopped) = watch::channel(false);
            let task = tokio::spawn(keep_looking(parts.clone(), channel.clone(), stopped));
            Running { channel, stop, task }
        });
    }
}

async fn end(running: Running) {
    running.stop.send_replace(true);
    if let Err(error) = running.task.await {
        tracing::error!(channel = %running.channel.settings.channel, %error, "a pick-up ended badly");
    }
}

/// One channel's folder, until told to stop. A look that is broken off in the middle is finished by the next.
async fn keep_looking<S: Store>(parts: Parts<S>, channel: FileChannelRecord, mut stopped: watch::Receiver<bool>) {
    let name = channel.settings.channel.clone();
    let every = Duration::from_secs(u64::from(channel.settings.every_seconds.max(1)));
    let mut pick_up =
        PickUp::new(parts.store.clone(), parts.surroundings.clone(), channel.settings.clone(), channel.stores.clone());
    let mut watched = Watched { failures: 0, alerted_at: None };
    let mut signal = parts.store.follow(&Feed::Channel(name.clone()));
    let mut poked_at = channel.state.poked_at;
    // A start counts as being poked: whoever adds, pins or changes a channel means the files that lie there now, and a poke
    // that came before this task could hear it is not lost.
    let soon = plan::find_still(every);
    let mut settle = Some(soon);
    loop {
        let looked = tokio::select! {
            looked = look_once(&parts, &channel, &mut pick_up) => looked,
            () = told_to_stop(&mut stopped) => return,
        };
        let waiting = watched.report(&parts, &name, looked).await;
        // Whoever asks for a look means the files that lie there now: it is looked at again once they have stood still.
        let usual = || plan::plan_wait(every, watched.failures);
        let wait = tokio::time::sleep(settle.take().filter(|_| waiting > 0).unwrap_or_else(usual));
        tokio::pin!(wait);
        while settle.is_none() {
            tokio::select! {
                () = &mut wait => break,
                () = told_to_stop(&mut stopped) => return,
                woken = signal.changed() => {
                    let asked = find_poke(&parts.store, &name).await;
                    settle = (asked > poked_at).then_some(soon);
                    poked_at = asked.max(poked_at);
                    if settle.is_none() && has_answers(&parts.store, &channel.settings).await {
                        tokio::select! {
                            () = answer_once(&parts, &channel, &mut pick_up) => {}
                            () = told_to_stop(&mut stopped) => return,
                        }
                    }
                    if woken.is_err() {
                        // Nobody will ask any more: the interval is what is left.
                        (&mut wait).await;
                        break;
                    }
                }
            }
        }
    }
}

async fn find_poke<S: Store>(store: &S, channel: &ChannelId) -> Option<Timestamp> {
    match store.list_file_channels().await {
        Ok(channels) => channels.into_iter().find(|found| found.settings.channel == *channel)?.state.poked_at,
        Err(error) => {
            tracing::warn!(%channel, %error, "it cannot be read whether somebody asks for a look");
            None
        }
    }
}

/// Has head office made something of a problem that the channel is to be told in its folder?
async fn has_answers<S: Store>(store: &S, settings: &FileChannel) -> bool {
    if settings.outbound.is_none() {
        return false;
    }
    match store.list_channel_answers(settings.channel.clone()).await {
        Ok(answers) => !answers.is_empty(),
        Err(error) => {
            tracing::warn!(channel = %settings.channel, %error, "it cannot be read what the channel is to be told");
            false
        }
    }
}

/// Tells it, and looks at nothing: files that are still being written keep their time. What fails is told by the next look,
/// which tries again.
async fn answer_once<S: Store>(parts: &Parts<S>, channel: &FileChannelRecord, pick_up: &mut PickUp<S>) {
    let answered = async {
        let mut remote = reach(parts, channel).await?;
        let answered = pick_up.answer(&mut remote).await;
        remote.close().await;
        answered
    };
    if let Err(error) = answered.await {
        tracing::info!(channel = %channel.settings.channel, %error, "the channel could not be told; the next look tries again");
    }
}

async fn look_once<S: Store>(
    parts: &Parts<S>,
    channel: &FileChannelRecord,
    pick_up: &mut PickUp<S>,
) -> Result<Look, LookError> {
    let mut remote = reach(parts, channel).await?;
    let looked = pick_up.look(&mut remote).await;
    remote.close().await;
    looked
}

async fn reach<S>(parts: &Parts<S>, channel: &FileChannelRecord) -> Result<Timed, LookError> {
    let settings = &channel.settings;
    let unusable = |cause: String| LookError::Remote(RemoteError::SecretUnusable(cause));
    let place = Place::from_text(&settings.place).map_err(|error| unusable(error.to_string()))?;
    let secret = parts.secrets.read(&settings.channel).map_err(|error| unusable(error.to_string()))?;
    Ok(connect(&place, settings.fingerprint.as_deref(), &secret, parts.deadlines).await?)
}

/// How the looks of a channel have been going.
struct Watched {
    failures: u32,
    alerted_at: Option<Timestamp>,
}

impl Watched {
    /// Logs and keeps how a look went. Answers how many files wait.
    async fn report<S: Store>(
        &mut self,
        parts: &Parts<S>,
        channel: &ChannelId,
        looked: Result<Look, LookError>,
    ) -> u32 {
        let now = parts.surroundings.now();
        let note =
            FileLook { channel: channel.clone(), looked_at: now, error: None, waiting: None, oldest_waiting_at: None };
        let note = match looked {
            Ok(look) => {
                self.failures = 0;
                if look.received > 0 {
                    let Look { received, imported, duplicates, problems, .. } = look;
                    tracing::info!(%channel, received, imported, duplicates, problems, "files picked up");
                }
                if look.others_claims > 0 {
                    tracing::info!(%channel, files = look.others_claims, "another central is at work in the folder");
                }
                let error = (!look.faults.is_empty()).then(|| look.faults.join("; "));
                FileLook { error, waiting: Some(look.waiting), oldest_waiting_at: look.oldest_waiting_at, ..note }
            }
            Err(LookError::Store(StoreError::Closed)) => return 0,
            Err(error) => {
                self.failures = self.failures.saturating_add(1);
                tracing::info!(%channel, %error, failures = self.failures, "the folder could not be looked at");
                FileLook { error: Some(error.to_string()), ..note }
            }
        };
        let waiting = note.waiting.unwrap_or(0);
        let failing = note.error.clone();
        if let Err(error) = parts.store.save_file_look(note).await {
            tracing::error!(%channel, %error, "how the look went could not be kept");
        }
        match failing {
            Some(cause) => self.tell(parts, channel, &cause, now).await,
            None => self.alerted_at = None,
        }
        waiting
    }

    /// Somebody must know of what does not pass by itself.
    async fn tell<S: Store>(&mut self, parts: &Parts<S>, channel: &ChannelId, cause: &str, now: Timestamp) {
        // Without an answer from the store there is an error in the log already.
        let channels = parts.store.list_file_channels().await.unwrap_or_default();
        let state = channels.into_iter().find(|found| found.settings.channel == *channel).map(|found| found.state);
        let Some(since) = state.and_then(|state| state.failing_since) else { return };
        if plan::is_alert_due(since, self.alerted_at, now) {
            self.alerted_at = Some(now);
            let minutes = (now - since).num_minutes();
            tracing::warn!(%channel, minutes, cause, "orders have not been picked up; run: central channel check");
        }
    }
}
