//! Orders whose customer does not come: the one place that says so, by central's clock.
//!
//! It sleeps until the next order is due, or until an order has changed. A till shows an order as lapsed by its own clock
//! meanwhile and writes nothing about it.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tokio::sync::watch;

use super::Surroundings;
use super::store::{Feed, Store};
use crate::domain::Timestamp;

/// How long it sleeps at most: a machine's clock may be set, and a sleep counts no suspended time.
const LOOK_INTERVAL_MAX: Duration = Duration::from_secs(3600);
/// How long it waits when the data cannot be written.
const RETRY_INTERVAL: Duration = Duration::from_secs(30);

/// How far the clock may run ahead of the time that has passed and still be believed at once: it was set, or the machine slept.
const JUMP_MAX: TimeDelta = TimeDelta::hours(6);
/// How long a clock that has jumped further must stand by it before it is believed.
const DOUBT_INTERVAL: Duration = Duration::from_secs(600);

/// Whether the clock may be believed. What lapses lapses for good, and a clock that says 2031 for five minutes would lapse every
/// order there is.
#[derive(Debug, Default)]
struct Doubt {
    /// The last look: what the clock said, and how long the server had run.
    last: Option<(Timestamp, Duration)>,
    /// Since when the clock says what is not believed yet.
    since: Option<Duration>,
}

impl Doubt {
    /// The clock says `now` after the server has run for `elapsed`: may it be believed?
    fn believes(&mut self, now: Timestamp, elapsed: Duration) -> bool {
        let Some((before, then)) = self.last else {
            self.last = Some((now, elapsed));
            return true;
        };
        let passed = TimeDelta::from_std(elapsed.saturating_sub(then)).unwrap_or(TimeDelta::MAX);
        if now - before <= passed.checked_add(&JUMP_MAX).unwrap_or(TimeDelta::MAX) {
            self.last = Some((now, elapsed));
            self.since = None;
            return true;
        }
        let since = *self.since.get_or_insert(elapsed);
        if elapsed.saturating_sub(since) < DOUBT_INTERVAL {
            return false;
        }
        (self.last, self.since) = (Some((now, elapsed)), None);
        true
    }
}

/// Lapses orders until the server stops.
pub async fn watch_deadlines<S: Store>(store: S, surroundings: Surroundings, mut stopped: watch::Receiver<bool>) {
    let mut changed = store.follow(&Feed::Deadlines);
    let (began, mut doubt) = (Instant::now(), Doubt::default());
    loop {
        changed.mark_unchanged();
        let now = surroundings.now();
        if !doubt.believes(now, began.elapsed()) {
            tracing::warn!(clock = %now, "the clock has jumped ahead; no order lapses until it has stood by that for a while");
            tokio::select! {
                () = tokio::time::sleep(RETRY_INTERVAL) => continue,
                _ = stopped.wait_for(|stop| *stop) => return,
            }
        }
        let wait = match store.lapse_orders(now).await {
            Ok(None) => LOOK_INTERVAL_MAX,
            Ok(Some(due)) => (due - surroundings.now()).to_std().unwrap_or_default().min(LOOK_INTERVAL_MAX),
            Err(error) => {
                tracing::error!(%error, "orders whose time has passed could not be lapsed; trying again");
                RETRY_INTERVAL
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            woken = changed.changed() => if woken.is_err() { return },
            // A dropped handle stops the server as well.
            _ = stopped.wait_for(|stop| *stop) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::super::store::SaidBeside;
    use super::*;
    use crate::central::testing::{TestTill, at, figures, fill_shop, open_store, received, submit};
    use crate::domain::event::Event;
    use crate::domain::quantity::Quantity;
    use crate::domain::web_order::{LineQuantity, OrderState, OrderStep, WebOrder};

    #[test]
    fn a_clock_that_jumps_ahead_is_believed_when_it_stands_by_it() {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        let mut doubt = Doubt::default();
        assert!(doubt.believes(at(0), minutes(0)));
        assert!(doubt.believes(at(3600), minutes(60)), "an hour has passed");
        assert!(doubt.believes(at(3600 + 5 * 3600), minutes(61)), "somebody set it");
        let years = 5 * 365 * 86_400;
        assert!(!doubt.believes(at(years), minutes(62)));
        assert!(doubt.believes(at(22_000), minutes(67)), "it is right again");
        assert!(!doubt.believes(at(years), minutes(68)));
        assert!(!doubt.believes(at(years + 240), minutes(72)));
        assert!(doubt.believes(at(years + 700), minutes(79)), "it says so for ten minutes: it was wrong before");
        assert!(doubt.believes(at(0), minutes(80)), "a clock that goes back lapses nothing");
    }

    async fn find(store: &impl Store, order: &WebOrder) -> WebOrder {
        store.find_order(order.number.clone()).await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn an_order_lapses_once_when_its_time_has_passed_and_keeps_its_goods() {
        let shop = open_store();
        let store = &shop.store;
        fill_shop(store, 5).await;
        let order = submit(store, "A-1", "jacket", 1).await;
        let mut till = TestTill::enrol(store, "S001", "T01").await;
        let what = LineQuantity { line: 1, quantity: Quantity::ONE };
        let steps = [OrderStep::Picked { what, bay: None }, OrderStep::MadeReady { bay: "B1".into() }];
        let mut entries = vec![till.start()];
        for step in steps {
            let products = vec![(1, "jacket".into())];
            entries.push(till.write(Event::OrderStepped { order: order.number.clone(), step, products }));
        }
        let seconds = Arc::new(AtomicI64::new(100));
        let clock = seconds.clone();
        let surroundings = Surroundings::new(move || at(clock.load(Ordering::SeqCst)), |_| ());
        let (stop, stopped) = watch::channel(false);
        let watching = tokio::spawn(watch_deadlines(store.clone(), surroundings, stopped));
        store
            .push(till.till.clone(), entries.iter().map(received).collect(), SaidBeside::default(), at(100))
            .await
            .unwrap();
        assert_eq!(store.lapse_orders(at(7199)).await.unwrap(), Some(at(7200)));
        assert_eq!(find(store, &order).await.state, OrderState::Ready);

        // Its time passes; the next thing that happens to any order is noticed, as the end of the sleep would be.
        seconds.store(7200, Ordering::SeqCst);
        let mut feed = store.follow(&Feed::Store("S001".into()));
        submit(store, "A-2", "jacket", 1).await;
        while find(store, &order).await.state != OrderState::Lapsed {
            feed.changed().await.unwrap();
        }
        assert_eq!(figures(store, "S001", "jacket").await, "5 1 1 3");
        stop.send_replace(true);
        watching.await.unwrap();

        assert_eq!(store.lapse_orders(at(9000)).await.unwrap(), None);
        let products = vec![(1, "jacket".into())];
        let back = till.write(Event::OrderStepped { order: order.number.clone(), step: OrderStep::PutBack, products });
        store.push(till.till.clone(), vec![received(&back)], SaidBeside::default(), at(9001)).await.unwrap();
        let order = find(store, &order).await;
        assert_eq!(order.state, OrderState::PutBack);
        assert_eq!(figures(store, "S001", "jacket").await, "5 0 1 4");
        let lapsed = order.history.iter().find(|taken| taken.step == OrderStep::Lapsed).unwrap();
        assert_eq!((lapsed.at, &lapsed.operator, &lapsed.workstation), (at(7200), &None, &None), "by central's clock");
        let of_the_till = order.history.iter().filter(|taken| taken.workstation.is_some()).count();
        assert_eq!((order.history.len(), of_the_till), (4, 3));
    }
}
