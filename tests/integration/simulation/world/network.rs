//! The network between tills and central: it loses, doubles, delays and cuts, and what arrives is answered by the real service.

use till::domain::feed::Unsent;
use till::domain::ids::TillId;
use till::sync::engine::{Act, Answer, CallError, CallId, Reply, Request};
use till::sync::inbox::SCOPES;
use till::sync::messages;
use till::wire::Wire as _;
use till::wire::entry::SealedEntry;
use till::wire::till::v1 as proto;
use tonic::Status;

use super::super::books;
use super::super::clocks::Made;
use super::super::sabotage::Sabotage;
use super::super::shelves::Beside;
use super::super::stream::Stream;
use super::{Coming, MILLISECOND, SECOND, Sent, World, show};

impl World {
    pub(super) fn send(&mut self, till: usize, life: u64, request: Request) {
        let Request { call, act } = request;
        let Some(running) = &self.tills[till].running else { return };
        let clock = self.tills[till].clock(self.now_us);
        let (what, sent) = match act {
            Act::Hello { runs } => {
                let unsent = running.engine.unsent();
                ("hello".to_owned(), Sent::Hello(messages::hello_request("simulated", clock, &runs, unsent)))
            }
            Act::Push { after, entries_max, bytes_max } => {
                let entries = running.reader.list_after(after, entries_max, bytes_max).unwrap();
                let what = format!("push {} behind {}", entries.len(), show(&[after]));
                let (count, _) = running.engine.unsent_behind(entries.last().map(|entry| entry.header.mark));
                let unsent = Unsent { count, oldest_at: None };
                let clocks = running.engine.read_clocks(running.now(self.now_us, self.tills[till].clock_shift_us));
                let message = messages::push_request(&entries, unsent, clocks, running.engine.current_run());
                let made = Made::by(&self.tills[till], self.shown().world, clocks, &entries, count);
                (what, Sent::Push(message, entries, made))
            }
            Act::Watch { positions, incarnation } => {
                ("watch".to_owned(), Sent::Watch(messages::watch_request(&positions, incarnation)))
            }
        };
        let fate = self.fate(till);
        self.note(format!("{}: {what}, {} times", self.tills[till].name, fate.len()));
        for in_us in fate {
            self.schedule(in_us, Coming::Request { till, life, call, sent: sent.clone() });
        }
    }

    /// When a message arrives: never, once, or twice.
    pub(super) fn fate(&mut self, till: usize) -> Vec<u64> {
        let usual = self.dice.between(2, 80) * MILLISECOND;
        if !self.trouble {
            return vec![usual];
        }
        if self.now_us < self.tills[till].cut_until_us || self.dice.chance(4) {
            return Vec::new();
        }
        let delay = if self.dice.chance(5) { self.dice.between(1_000, 20_000) * MILLISECOND } else { usual };
        match self.dice.chance(4) {
            true => vec![delay, delay + self.dice.between(1, 30_000) * MILLISECOND],
            false => vec![delay],
        }
    }

    /// A request reaches central, or finds nobody there.
    pub(super) fn arrive(&mut self, till: usize, life: u64, call: CallId, sent: Sent) {
        if self.is_broken(Sabotage::OutboxStuck) && matches!(sent, Sent::Push(..)) {
            return;
        }
        let answer = if self.central.is_running() {
            let id = self.tills[till].id.clone();
            match sent {
                Sent::Hello(message) => {
                    let everything = message.runs.clone();
                    let mut response = self.central.hello(&id, message);
                    if self.is_broken(Sabotage::EntriesSwallowed)
                        && let Ok(response) = &mut response
                    {
                        response.marks = everything;
                    }
                    response.map_err(|s| messages::call_error(&s)).and_then(messages::welcome).map(Answer::Hello)
                }
                Sent::Push(message, entries, made) => {
                    let response = self.push(&id, message, &entries, &made);
                    let response = response.map_err(|s| messages::call_error(&s));
                    response.and_then(|r| messages::pushed(r, &entries)).map(Answer::Pushed)
                }
                // The service's own answer to a till that was greeted by another life.
                Sent::Watch(message) if message.incarnation != self.central.incarnation() => {
                    Err(CallError::Unreachable("central has begun another life".to_owned()))
                }
                // A call has one answer, however often a network sent it: HTTP/2 numbers streams (RFC 9113, section 5.1.1), and
                // frames of two of them never mix.
                Sent::Watch(_)
                    if self.streams.values().any(|s| (s.till, s.till_life, s.call) == (till, life, call)) =>
                {
                    return;
                }
                Sent::Watch(message) => {
                    self.numbers += 1;
                    let stream = self.numbers;
                    self.streams.insert(stream, Stream::open(till, life, call, self.central.life, message));
                    for scope in SCOPES {
                        self.schedule(MILLISECOND, Coming::Pump { stream, scope });
                    }
                    self.schedule(5 * SECOND, Coming::Alive { stream });
                    return;
                }
            }
        } else if self.dice.chance(50) {
            Err(CallError::Unreachable("connection refused".to_owned()))
        } else {
            return;
        };
        let answer = answer.unwrap_or_else(Answer::Failed);
        for in_us in self.fate(till) {
            let reply = Reply { call, answer: answer.clone() };
            self.schedule(in_us, Coming::Reply { till, life, reply, frame: false });
        }
    }

    fn push(
        &mut self,
        till: &TillId,
        message: proto::PushRequest,
        entries: &[SealedEntry],
        made: &Made,
    ) -> Result<proto::PushResponse, Status> {
        let mut message = message;
        if self.is_broken(Sabotage::ClocksUnsaid) {
            (message.till_clock, message.central_clock) = (None, None);
        }
        if self.is_broken(Sabotage::BitFlipped) {
            message.entries[0].payload[0] ^= 1;
        }
        if self.is_broken(Sabotage::EntriesSwallowed) && entries.iter().any(|e| e.header.kind == "sale_completed") {
            let taken = |e: &SealedEntry| proto::PushResult {
                entry_id: e.header.entry.as_bytes().to_vec(),
                outcome: proto::PushOutcome::Applied as i32,
                reason: String::new(),
            };
            let marks = entries.last().map(|e| e.header.mark.to_wire()).into_iter().collect();
            let (results, incarnation) = (entries.iter().map(taken).collect(), self.central.incarnation().to_vec());
            return Ok(proto::PushResponse { results, marks, incarnation, put_aside: Some(0) });
        }
        let lacking = books::sales_alone(entries).then(|| books::list_uncovered(&self.central));
        let beside = self.tills[0].counts.then(|| (self.central.list_orders(), self.central.list_stock()));
        let response = self.central.push(till, message)?;
        if let Some((orders, before)) = beside {
            let booked = |result: &proto::PushResult| result.outcome == proto::PushOutcome::Applied as i32;
            let booked: Vec<bool> = response.results.iter().map(booked).collect();
            let now = self.shown();
            let beside = Beside { orders, before, after: self.central.list_stock(), now };
            self.model.saw_shelves(&till.store, entries, &booked, made, beside);
        }
        self.let_lapse();
        self.model.took(entries);
        if let Some(lacking) = lacking
            && let Err(broken) = books::check_alerted(&lacking, &self.central, &till.store)
        {
            self.broken = Some(broken);
        }
        // A transfer is another store's news too.
        self.pump_stores();
        Ok(response)
    }
}
