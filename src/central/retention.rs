//! What is kept about persons has an end: the server forgets it in the quiet, some days after it was needed last.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;

use super::Surroundings;
use super::store::{Forgotten, Store, StoreError};
use crate::domain::Timestamp;

/// How many days persons are kept behind the end of their order when nobody says: a customer may still ask after a parcel or
/// bring something back.
pub const DAYS_USUAL: u16 = 90;
/// The fewest and the most days somebody may say.
pub const DAYS: std::ops::RangeInclusive<u16> = 1..=3650;
/// How many of each kind are forgotten in one transaction: so few that no caller waits for it.
const AT_ONCE: usize = 50;
/// How long it rests between two of them.
const REST: Duration = Duration::from_secs(1);
/// How often it looks.
const LOOK_INTERVAL: Duration = Duration::from_secs(3600);

/// Forgets what was over so many days ago, part by part, with a rest between them. Answers how much there was.
///
/// # Errors
/// When the data cannot be written; what was forgotten by then is.
pub async fn forget<S: Store>(store: &S, days: u16, now: Timestamp, rest: Duration) -> Result<Forgotten, StoreError> {
    let over_before = now - TimeDelta::days(i64::from(days));
    let mut all = Forgotten::default();
    while !all.is_all {
        if all != Forgotten::default() {
            tokio::time::sleep(rest).await;
        }
        let part = store.forget_persons(over_before, AT_ONCE, now).await?;
        all = Forgotten {
            orders: all.orders + part.orders,
            problems: all.problems + part.problems,
            files: all.files + part.files,
            is_all: part.is_all,
        };
    }
    Ok(all)
}

/// Forgets until the server stops.
pub async fn watch_retention<S: Store>(
    store: S,
    days: u16,
    surroundings: Surroundings,
    mut stopped: watch::Receiver<bool>,
) {
    loop {
        let once = async {
            match forget(&store, days, surroundings.now(), REST).await {
                Ok(Forgotten { orders: 0, problems: 0, files: 0, .. }) => {}
                Ok(Forgotten { orders, problems, files, .. }) => {
                    tracing::info!(orders, problems, files, days, "persons were forgotten");
                }
                Err(error) => tracing::error!(%error, "persons could not be forgotten; trying again in an hour"),
            }
            tokio::time::sleep(LOOK_INTERVAL).await;
        };
        tokio::select! {
            () = once => {}
            // A dropped handle stops the server as well.
            _ = stopped.wait_for(|stop| *stop) => return,
        }
    }
}
