//! The loop around the register: one thread, one queue that cannot drop and lets people before central's news, one snapshot
//! that everyone may look at.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

use super::{Effect, Intent, Register, Snapshot};

/// What the loop is asked to do.
enum Message {
    Intent(Box<Intent>),
    Stop,
}

/// Puts intents into the register's queue; cheap to clone, never blocks, never drops.
#[derive(Clone)]
pub struct IntentSender(Sender<Message>);

impl IntentSender {
    /// Queues an intent; `false` when the register has stopped and the till is going down.
    pub fn send(&self, intent: Intent) -> bool {
        let taken = self.0.send(Message::Intent(Box::new(intent))).is_ok();
        if !taken {
            tracing::debug!("an intent came after the register had stopped");
        }
        taken
    }
}

/// A running register. Dropping it stops the loop after what is queued.
pub struct RunningRegister {
    intents: IntentSender,
    snapshots: watch::Receiver<Arc<Snapshot>>,
    thread: Option<JoinHandle<()>>,
}

impl RunningRegister {
    /// Where intents go.
    pub fn intents(&self) -> IntentSender {
        self.intents.clone()
    }

    /// Where snapshots come from.
    pub fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.clone()
    }

    /// Handles what is queued, then ends the thread and closes the file.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // A closed queue means that the loop has ended already.
        let _ = self.intents.0.send(Message::Stop);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the register's thread panicked");
        }
    }
}

impl Drop for RunningRegister {
    fn drop(&mut self) {
        self.end();
    }
}

/// A queue for intents that can be handed out before the register exists: devices and sync start first.
pub struct IntentQueue {
    sender: IntentSender,
    receiver: Receiver<Message>,
}

impl Default for IntentQueue {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel();
        Self { sender: IntentSender(sender), receiver }
    }
}

impl IntentQueue {
    /// Where intents go.
    pub fn sender(&self) -> IntentSender {
        self.sender.clone()
    }

    /// Starts the loop: effects go to `perform`, which must not block.
    pub fn run(
        self,
        mut register: Register,
        perform: impl FnMut(Effect) + Send + 'static,
    ) -> std::io::Result<RunningRegister> {
        let (publish, snapshots) = watch::channel(Arc::new(register.snapshot()));
        let Self { sender, receiver } = self;
        let thread = std::thread::Builder::new()
            .name("register".into())
            .spawn(move || serve(&mut register, &receiver, &publish, perform))?;
        Ok(RunningRegister { intents: sender, snapshots, thread: Some(thread) })
    }
}

/// How long the loop sleeps at most when nothing is due: long, because an idle till does nothing.
const IDLE: Duration = Duration::from_secs(3600);
/// After so long without anything to do the file is tidied, so that no sale ever pays for it.
const TIDY_AFTER: Duration = Duration::from_secs(5);
/// Between two steps of it: whoever comes meanwhile comes first.
const TIDY_STEP: Duration = Duration::from_millis(20);

/// What waits: people and devices go before central's news, of which there can be much after a day offline.
#[derive(Default)]
struct Lanes {
    shop: VecDeque<Box<Intent>>,
    news: VecDeque<Box<Intent>>,
    stopped: bool,
}

impl Lanes {
    fn put(&mut self, message: Message) {
        match message {
            Message::Intent(intent) if matches!(*intent, Intent::Sync(_)) => self.news.push_back(intent),
            Message::Intent(intent) => self.shop.push_back(intent),
            Message::Stop => self.stopped = true,
        }
    }

    /// Sorts in everything that has come, and takes what is next; nothing that comes after the order to stop is taken.
    fn next(&mut self, queue: &Receiver<Message>) -> Option<Box<Intent>> {
        while !self.stopped
            && let Ok(message) = queue.try_recv()
        {
            self.put(message);
        }
        self.shop.pop_front().or_else(|| self.news.pop_front())
    }
}

fn serve(
    register: &mut Register,
    queue: &Receiver<Message>,
    publish: &watch::Sender<Arc<Snapshot>>,
    mut perform: impl FnMut(Effect),
) {
    for effect in register.take_effects() {
        perform(effect);
    }
    // When the file is tidied, and whether it is.
    let (mut tidy_after, mut tidy) = (TIDY_AFTER, false);
    let mut lanes = Lanes::default();
    loop {
        let intent = match lanes.next(queue) {
            Some(intent) => *intent,
            None if lanes.stopped => return,
            // A scan that came meanwhile went before the next slice.
            None if register.has_news() => {
                // What is due does not wait for the last slice, nor the next slice for it.
                let is_due = register.wait().is_some_and(|due| due.is_zero());
                let mut effects = if is_due { register.handle(Intent::TimePassed) } else { Vec::new() };
                let shown = register.take_news() || is_due;
                effects.extend(register.take_effects());
                effects.into_iter().for_each(&mut perform);
                if shown {
                    publish.send_replace(Arc::new(register.snapshot()));
                }
                continue;
            }
            None => {
                let due = register.wait().unwrap_or(IDLE);
                match queue.recv_timeout(if tidy { due } else { due.min(tidy_after) }) {
                    Ok(message) => {
                        lanes.put(message);
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) if !tidy && due > tidy_after => {
                        (tidy, tidy_after) = (register.tidy(), TIDY_STEP);
                        continue;
                    }
                    Err(RecvTimeoutError::Timeout) => Intent::TimePassed,
                }
            }
        };
        (tidy, tidy_after) = (false, TIDY_AFTER);
        for effect in register.handle(intent) {
            perform(effect);
        }
        publish.send_replace(Arc::new(register.snapshot()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::feed::SyncEvent;

    /// What comes out, a letter each: `s` for the shop, `n` for news.
    fn drain(lanes: &mut Lanes, queue: &Receiver<Message>) -> String {
        std::iter::from_fn(|| lanes.next(queue))
            .map(|intent| if matches!(*intent, Intent::Sync(_)) { 'n' } else { 's' })
            .collect()
    }

    #[test]
    fn a_scan_goes_before_what_central_has_sent() {
        let (sender, queue) = mpsc::channel();
        let put = |intent| sender.send(Message::Intent(Box::new(intent))).unwrap();
        let news = || Intent::Sync(SyncEvent::Acknowledged(Vec::new()));
        let mut lanes = Lanes::default();
        for _ in 0..3 {
            put(news());
        }
        put(Intent::TimePassed);
        assert!(!matches!(*lanes.next(&queue).unwrap(), Intent::Sync(_)));
        // One that comes while news are being read is next.
        assert!(matches!(*lanes.next(&queue).unwrap(), Intent::Sync(_)));
        put(Intent::TimePassed);
        assert_eq!(drain(&mut lanes, &queue), "snn");
    }

    #[test]
    fn what_was_queued_before_the_stop_is_handled_and_nothing_behind_it() {
        let (sender, queue) = mpsc::channel();
        let put = |intent| sender.send(Message::Intent(Box::new(intent))).unwrap();
        let mut lanes = Lanes::default();
        put(Intent::Sync(SyncEvent::Acknowledged(Vec::new())));
        put(Intent::TimePassed);
        sender.send(Message::Stop).unwrap();
        put(Intent::TimePassed);
        assert_eq!(drain(&mut lanes, &queue), "sn");
        assert!(lanes.stopped);
    }
}
