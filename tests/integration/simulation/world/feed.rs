//! Central's feeds on their way to the tills: whoever follows is told, frame by frame and in order.

use till::domain::feed::Scope;
use till::sync::engine::{Answer, Reply};
use till::sync::messages;
use till::wire::till::v1 as proto;

use super::super::sabotage::Sabotage;
use super::super::shop::STORES;
use super::super::stream::Stream;
use super::{Coming, MILLISECOND, SECOND, World};

impl World {
    /// Stores' feeds have changed: whoever follows is told.
    pub(in crate::simulation) fn pump_stores(&mut self) {
        self.pump_streams(Scope::Store);
    }

    /// The company's feed has changed.
    pub(in crate::simulation) fn pump_company(&mut self) {
        self.pump_streams(Scope::Company);
    }

    fn pump_streams(&mut self, scope: Scope) {
        for stream in self.streams.keys().copied().collect::<Vec<_>>() {
            let in_us = self.dice.between(1, 20) * MILLISECOND;
            self.schedule(in_us, Coming::Pump { stream, scope });
        }
    }

    /// Drops a stream whose till or central is no longer what it was.
    fn is_open(&mut self, number: u64) -> bool {
        let Some(stream) = self.streams.get(&number) else { return false };
        let (till, life, call, central_life) = (stream.till, stream.till_life, stream.call, stream.central_life);
        let wanted = self.is_life(till, life)
            && self.tills[till].running.as_ref().is_some_and(|r| r.engine.is_live(call))
            && self.central.is_running()
            && self.central.life == central_life;
        if !wanted {
            self.streams.remove(&number);
        }
        wanted
    }

    pub(super) fn pump(&mut self, number: u64, scope: Scope) {
        if !self.is_open(number) {
            return;
        }
        let now = self.shown().central;
        let Some(stream) = self.streams.get_mut(&number) else { return };
        let mut id = self.tills[stream.till].id.clone();
        if self.sabotage == Some(Sabotage::OtherStoresFeed) {
            id.store = STORES[usize::from(id.store.as_str() == STORES[0])].into();
        }
        let (frames, more) = stream.pump(scope, &self.central, &id, now);
        for frame in frames {
            self.send_frame(number, frame);
        }
        if more {
            let in_us = self.dice.between(1, 200) * MILLISECOND;
            self.schedule(in_us, Coming::Pump { stream: number, scope });
        }
    }

    pub(super) fn say_alive(&mut self, number: u64) {
        if self.is_open(number) {
            let now = self.shown().central;
            self.send_frame(number, Stream::alive(now));
            self.schedule(5 * SECOND, Coming::Alive { stream: number });
        }
    }

    /// In order, or the connection is dead and nobody knows.
    fn send_frame(&mut self, number: u64, frame: proto::WatchResponse) {
        let Some(till) = self.streams.get(&number).map(|s| s.till) else { return };
        let fate = self.fate(till);
        let Some(stream) = self.streams.get_mut(&number) else { return };
        match fate.first() {
            Some(in_us) if !stream.silent => {
                stream.arrives_us = stream.arrives_us.max(self.now_us + in_us) + 1;
                let in_us = stream.arrives_us - self.now_us;
                let (life, call) = (stream.till_life, stream.call);
                let answer = messages::frame(frame).unwrap_or_else(Answer::Failed);
                self.schedule(in_us, Coming::Reply { till, life, reply: Reply { call, answer }, frame: true });
            }
            _ => stream.silent = true,
        }
    }
}
