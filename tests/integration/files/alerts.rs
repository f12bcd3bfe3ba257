//! A file server that stays away: somebody is told after a quarter of an hour, once each quarter, and never when it is back.

use std::io::Write;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use till::central::Surroundings;
use till::central::intake::files::place::Place;
use till::central::intake::files::secrets::{Secret, Secrets};
use till::central::intake::files::watch;
use till::central::store::{FileChannel, FileChannelState, Store};
use till::domain::Timestamp;

use super::pick_up::{channel_record, fill, open};
use super::servers::{FtpServer, SshServer};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// What is told.
const ALERT: &str = "orders have not been picked up";

/// What the log says.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn alerts(&self) -> usize {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap().matches(ALERT).count()
    }
}

/// A clock that a test turns, in minutes.
#[derive(Clone, Default)]
struct Clock(Arc<AtomicI64>);

impl Clock {
    fn now(&self) -> Timestamp {
        Timestamp::from_timestamp(1_795_428_000 + 60 * self.0.load(Ordering::SeqCst), 0).unwrap()
    }

    fn surroundings(&self) -> Surroundings {
        let clock = self.clone();
        Surroundings::new(move || clock.now(), |bytes| bytes.fill(7))
    }
}

/// Has the folder looked at, and waits until a look at this moment is noted that is as it should be.
async fn look_at<S: Store>(store: &S, clock: &Clock, minutes: i64, fails: bool) -> FileChannelState {
    clock.0.store(minutes, Ordering::SeqCst);
    let begun = Instant::now();
    assert!(store.poke_file_channel("mall".into(), clock.now()).await.unwrap());
    loop {
        let state = store.list_file_channels().await.unwrap().remove(0).state;
        let is_noted = state.looked_at == Some(clock.now());
        if is_noted && state.failing_since.is_some() == fails {
            return state;
        }
        assert!(begun.elapsed() < PATIENCE, "minute {minutes}: {state:?}");
        tokio::task::yield_now().await;
    }
}

/// `stop` takes the server away, and answers it when it can be brought back.
async fn tell_of(place: Place, fingerprint: Option<String>, secret: Secret, stop: impl FnOnce() -> Option<SshServer>) {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_writer(move || writer.clone());
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    // With one subscriber alone, tracing asks the thread that happens to log first whether anybody listens: of a test beside
    // this one nobody does. With two it asks them.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::default());
    let store = open(folder.path());
    fill(&store).await;
    let settings = FileChannel {
        channel: "mall".into(),
        place: place.to_text(),
        every_seconds: 1,
        fingerprint,
        outbound: None,
        tag: "a1b2c3d4".to_owned(),
    };
    store.save_file_channel(channel_record(), settings).await.unwrap();
    Secrets::of_data(folder.path()).save(&"mall".into(), &secret).unwrap();
    let (stopping, stopped) = tokio::sync::watch::channel(false);
    let watching = tokio::spawn(watch::run(store.clone(), clock.surroundings(), folder.path().to_owned(), stopped));
    look_at(&store, &clock, 0, false).await;
    // Also a look that is due by itself while the server goes is one of this minute.
    clock.0.store(1, Ordering::SeqCst);
    let stopped_server = stop();
    let failing = look_at(&store, &clock, 1, true).await;
    assert_eq!((failing.failing_since, log.alerts()), (Some(clock.now()), 0), "{}", failing.last_error);
    for (minutes, alerts) in [(15, 0), (16, 1), (17, 1), (30, 1), (31, 2)] {
        look_at(&store, &clock, minutes, true).await;
        // What is told is told before the next look is noted.
        look_at(&store, &clock, minutes, true).await;
        let begun = Instant::now();
        while log.alerts() < alerts {
            assert!(begun.elapsed() < PATIENCE, "minute {minutes}: nobody was told");
            tokio::task::yield_now().await;
        }
        assert_eq!(log.alerts(), alerts, "minute {minutes}");
    }
    if let Some(mut server) = stopped_server {
        server.start_again();
        look_at(&store, &clock, 60, false).await;
        assert_eq!(log.alerts(), 2, "it is back");
    }
    stopping.send_replace(true);
    watching.await.unwrap();
}

#[tokio::test]
async fn somebody_is_told_of_a_server_that_stays_away() {
    let mut ssh = SshServer::start();
    let (place, fingerprint, secret) = (ssh.place(), ssh.fingerprint(), ssh.secret());
    tell_of(place, Some(fingerprint), secret, move || {
        ssh.stop();
        Some(ssh)
    })
    .await;
    let ftp = FtpServer::start_tls();
    let (place, fingerprint, secret) = (ftp.place(), ftp.fingerprint(), ftp.secret());
    tell_of(place, fingerprint, secret, move || {
        drop(ftp);
        None
    })
    .await;
}
