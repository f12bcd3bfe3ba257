//! How whoever runs the machine ends the till: SIGTERM, SIGINT (Ctrl+C) and SIGHUP (its terminal is gone) close the window, and
//! all that ends with it ends as when a person had closed it. A second one, while it closes, ends the program at once.
//!
//! A signal that was ignored when the program started, as `nohup` and a shell's background leave it, stays ignored.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use anyhow::Context;
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

/// Signals within this of the first one are the same wish: a terminal that closes hangs up twice, and `timeout` tells a program
/// and then its whole group.
const ONE_WISH: Duration = Duration::from_millis(500);

/// Whether the program was asked to end.
pub struct Ending(watch::Receiver<bool>);

impl Ending {
    /// From now on signals are taken.
    pub fn listen() -> anyhow::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build().context("listening to signals")?;
        let mut signals = {
            let _entered = runtime.enter();
            let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
            let ignored = ignored_signals(&std::fs::read_to_string("/proc/self/status").unwrap_or_default());
            let taken = kinds.into_iter().filter(|kind| !ignored.contains(&kind.as_raw_value()));
            let taken: std::io::Result<Vec<_>> = taken.map(|kind| Ok((kind, signal(kind)?))).collect();
            taken.context("listening to signals")?
        };
        let (tell, asked) = watch::channel(false);
        let listening = async move {
            let first = next(&mut signals).await;
            tell.send_replace(true);
            tracing::info!(signal = first.as_raw_value(), "asked to end; the till closes");
            let wished_until = Instant::now() + ONE_WISH;
            while timeout_at(wished_until, next(&mut signals)).await.is_ok() {}
            let second = next(&mut signals).await.as_raw_value();
            tracing::warn!(signal = second, "asked once more; the till ends at once");
            // As a shell says that a signal ended a program.
            std::process::exit(128 + second);
        };
        let listen = move || runtime.block_on(listening);
        std::thread::Builder::new().name("signals".into()).spawn(listen).context("listening to signals")?;
        Ok(Self(asked))
    }

    /// Turns true when it is to end.
    pub fn asked(&self) -> watch::Receiver<bool> {
        self.0.clone()
    }

    /// Was it asked to?
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }
}

async fn next(signals: &mut [(SignalKind, Signal)]) -> SignalKind {
    poll_fn(|context| {
        for (kind, signal) in signals.iter_mut() {
            if signal.poll_recv(context).is_ready() {
                return Poll::Ready(*kind);
            }
        }
        Poll::Pending
    })
    .await
}

/// The numbers of the signals that a process ignores, by what the system says of it (proc(5), `/proc/pid/status`): a bit each,
/// from 1. Where it says nothing none is.
fn ignored_signals(status: &str) -> Vec<i32> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    (1..=64).filter(|number| mask >> (number - 1) & 1 == 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nohup_has_switched_off_is_found() {
        assert_eq!(ignored_signals("Name:\ttill\nSigIgn:\t0000000000000001\n"), [1], "SIGHUP");
        assert_eq!(ignored_signals("SigIgn:\t0000000000001006\nSigCgt:\t0000000100004002\n"), [2, 3, 13]);
        assert_eq!(ignored_signals("SigIgn:\t8000000000000000\n"), [64]);
        assert_eq!(ignored_signals("SigCgt:\t0000000000000001\n"), [0; 0]);
        assert_eq!(ignored_signals("SigIgn:\tnonsense\n"), [0; 0]);
    }
}
