//! The engine by itself: what it asks for, what it makes of answers, when it gives up.
//!
//! Size: every test plays one conversation on the same bench.

use std::time::Duration;

use super::engine::{
    Act, Answer, CallError, CallId, Checkpoint, Chunk, Engine, Limits, Now, Position, Pushed, Reply, Request, Welcome,
};
use crate::domain::Timestamp;
use crate::domain::feed::{Change, Link, Scope, SyncEvent, SyncState};
use crate::domain::ids::{JournalMark, RunId};
use crate::domain::till_clock::ClockReading;

/// An engine, its world's clock, and everything it has said.
struct Bench {
    engine: Engine,
    elapsed: Duration,
    events: Vec<SyncEvent>,
}

const LIFE: [u8; 16] = [1; 16];

fn run(number: u8) -> RunId {
    RunId::from_bytes([number; 16])
}

fn mark(number: u8, sequence: u64) -> JournalMark {
    JournalMark { run: run(number), sequence }
}

fn clock(elapsed: Duration) -> Timestamp {
    Timestamp::from_timestamp_micros(1_790_000_000_000_000).unwrap() + elapsed
}

fn welcome(marks: Vec<JournalMark>) -> Answer {
    Answer::Hello(Welcome {
        incarnation: LIFE,
        marks,
        central_clock: clock(Duration::ZERO),
        entries_max: None,
        bytes_max: None,
        last_receipt_number: 0,
        put_aside: None,
    })
}

fn pushed(to: JournalMark) -> Answer {
    Answer::Pushed(Pushed { sent_to: to, quarantined: 0, put_aside: None, marks: vec![to], incarnation: LIFE })
}

fn chunk(scope: Scope, first: bool, products: &[&str]) -> Answer {
    let changes = products.iter().map(|p| Change::ProductRemoved((*p).into())).collect();
    Answer::Chunk(Chunk { scope, first, changes, refused: 0, resume_token: Vec::new() })
}

fn checkpoint(scope: Scope, cursor: u64, change_count: u64) -> Answer {
    let as_of = clock(Duration::from_secs(cursor));
    Answer::Checkpoint(Checkpoint { scope, cursor, snapshot: false, change_count, contains: Vec::new(), as_of })
}

impl Bench {
    fn new(runs: Vec<JournalMark>) -> Self {
        let mut engine = Engine::new(Limits::default(), 7);
        engine.handle_journal(runs);
        Self { engine, elapsed: Duration::ZERO, events: Vec::new() }
    }

    fn now(&self) -> Now {
        Now { elapsed: self.elapsed, clock: clock(self.elapsed) }
    }

    fn ask(&mut self) -> Option<Request> {
        while let Some(event) = self.engine.poll_event(self.now()) {
            self.events.push(event);
        }
        self.engine.poll_request(self.now())
    }

    fn get(&mut self) -> Request {
        self.ask().expect("the engine wants nothing")
    }

    fn reply(&mut self, call: CallId, answer: Answer) {
        self.engine.handle_reply(Reply { call, answer }, self.now());
    }

    /// Turns the clock to the engine's next deadline.
    fn wait(&mut self) {
        self.elapsed = self.elapsed.max(self.engine.poll_timeout().expect("no deadline"));
        self.engine.handle_timeout(self.now());
    }

    /// Past Hello and with the feed open: the watch's call.
    fn open(&mut self, held: Vec<JournalMark>) -> CallId {
        let hello = self.get();
        assert!(matches!(hello.act, Act::Hello { .. }), "{hello:?}");
        self.reply(hello.call, welcome(held));
        loop {
            let request = self.get();
            match request.act {
                Act::Watch { .. } => return request.call,
                Act::Push { .. } => {}
                Act::Hello { .. } => panic!("hello twice"),
            }
        }
    }

    fn state(&mut self) -> SyncState {
        self.ask();
        let told = self.events.iter().rev().find_map(|e| match e {
            SyncEvent::StateChanged(state) => Some(state.clone()),
            _ => None,
        });
        told.expect("no state was told")
    }

    fn cursors(&self) -> Vec<(Scope, u64)> {
        let cursor = |e: &SyncEvent| match e {
            SyncEvent::Feed(batch) => Some((batch.scope, batch.cursor)),
            _ => None,
        };
        self.events.iter().filter_map(cursor).collect()
    }

    fn acknowledged(&self) -> Vec<JournalMark> {
        let marks = |e: &SyncEvent| match e {
            SyncEvent::Acknowledged(marks) => marks.clone(),
            _ => Vec::new(),
        };
        self.events.iter().flat_map(marks).collect()
    }
}

#[test]
fn a_conversation_sends_what_central_lacks_oldest_run_first() {
    let mut bench = Bench::new(vec![mark(1, 30), mark(2, 4)]);
    let hello = bench.get();
    assert_eq!(hello.act, Act::Hello { runs: vec![mark(1, 30), mark(2, 4)] });
    assert_eq!(bench.state().link, Link::Connecting);
    assert_eq!(bench.state().unsent, 34);
    bench.reply(hello.call, welcome(vec![mark(1, 20)]));

    let push = bench.get();
    assert_eq!(push.act, Act::Push { after: mark(1, 20), entries_max: 128, bytes_max: 256 * 1024 });
    // What central is told that is left: of this run and the next.
    assert_eq!(bench.engine.unsent().count, 14);
    assert_eq!(bench.engine.unsent_behind(Some(mark(1, 25))), (9, Some(mark(1, 26))));
    assert_eq!(bench.engine.unsent_behind(Some(mark(1, 30))), (4, Some(mark(2, 1))));
    assert_eq!(bench.engine.unsent_behind(Some(mark(2, 4))), (10, Some(mark(1, 21))));
    let watch = bench.get();
    assert!(matches!(watch.act, Act::Watch { .. }));
    assert_eq!(bench.ask(), None, "one push at a time");
    assert_eq!(bench.state().link, Link::Live);
    assert_eq!(bench.state().unsent, 14);

    bench.reply(push.call, pushed(mark(1, 25)));
    let push = bench.get();
    assert!(matches!(push.act, Act::Push { after, .. } if after == mark(1, 25)), "{push:?}");
    bench.reply(push.call, pushed(mark(1, 30)));
    let push = bench.get();
    assert!(matches!(push.act, Act::Push { after, .. } if after == mark(2, 0)), "{push:?}");
    bench.reply(push.call, pushed(mark(2, 4)));
    assert_eq!(bench.ask(), None);
    assert_eq!(bench.acknowledged(), [mark(1, 20), mark(1, 25), mark(1, 30), mark(2, 4)]);
    assert!(bench.engine.is_settled());

    bench.engine.handle_journal(vec![mark(1, 30), mark(2, 5)]);
    let push = bench.get();
    assert!(matches!(push.act, Act::Push { after, .. } if after == mark(2, 4)), "{push:?}");
}

#[test]
fn centrals_limits_are_kept_where_they_are_lower() {
    let mut bench = Bench::new(vec![mark(1, 1)]);
    let hello = bench.get();
    let limits = Welcome {
        incarnation: LIFE,
        marks: Vec::new(),
        central_clock: clock(Duration::ZERO),
        entries_max: Some(100),
        bytes_max: Some(usize::MAX),
        last_receipt_number: 0,
        put_aside: None,
    };
    bench.reply(hello.call, Answer::Hello(limits));
    assert_eq!(bench.get().act, Act::Push { after: mark(1, 0), entries_max: 100, bytes_max: 256 * 1024 });
}

#[test]
fn a_central_restored_from_an_old_copy_gets_the_rest_again() {
    let mut bench = Bench::new(vec![mark(1, 30)]);
    let watch = bench.open(vec![mark(1, 30)]);
    bench.reply(watch, Answer::Failed(CallError::Unreachable("cut".to_owned())));
    bench.wait();
    let hello = bench.get();
    bench.reply(hello.call, welcome(vec![mark(1, 12)]));
    assert!(matches!(bench.get().act, Act::Push { after, .. } if after == mark(1, 12)));
    assert_eq!(bench.acknowledged(), [mark(1, 30), mark(1, 12)]);
    assert_eq!(bench.state().unsent, 18);
}

#[test]
fn a_central_that_begins_a_new_life_in_mid_conversation_is_greeted_again() {
    let mut bench = Bench::new(vec![mark(1, 3)]);
    let hello = bench.get();
    bench.reply(hello.call, welcome(Vec::new()));
    let push = bench.get();
    let other =
        Pushed { sent_to: mark(1, 3), quarantined: 0, put_aside: None, marks: vec![mark(1, 3)], incarnation: [2; 16] };
    bench.reply(push.call, Answer::Pushed(other));
    assert_eq!(bench.engine.first_unsent(), Some(mark(1, 1)), "its word counts only after hello");
    bench.wait();
    assert!(matches!(bench.get().act, Act::Hello { .. }));
}

#[test]
fn a_push_that_moves_nothing_is_not_repeated_at_once() {
    let mut bench = Bench::new(vec![mark(1, 3)]);
    let hello = bench.get();
    bench.reply(hello.call, welcome(Vec::new()));
    let push = bench.get();
    let nothing =
        Pushed { sent_to: mark(1, 3), quarantined: 0, put_aside: None, marks: vec![mark(1, 0)], incarnation: LIFE };
    bench.reply(push.call, Answer::Pushed(nothing));
    assert_eq!(bench.ask(), None);
    assert!(matches!(bench.engine.take_failure(), Some(CallError::Nonsense(_))));
    assert_eq!(bench.state().link, Link::Down);
}

#[test]
fn quarantined_entries_are_counted_and_never_sent_again() {
    let mut bench = Bench::new(vec![mark(1, 3)]);
    let hello = bench.get();
    bench.reply(hello.call, welcome(Vec::new()));
    let push = bench.get();
    let answer =
        Pushed { sent_to: mark(1, 3), quarantined: 2, put_aside: None, marks: vec![mark(1, 3)], incarnation: LIFE };
    bench.reply(push.call, Answer::Pushed(answer));
    assert!(matches!(bench.get().act, Act::Watch { .. }));
    assert_eq!(bench.ask(), None);
    assert_eq!((bench.state().quarantined, bench.state().unsent), (2, 0));
}

#[test]
fn what_was_put_aside_before_a_restart_is_counted_on() {
    let mut bench = Bench::new(vec![mark(1, 3)]);
    bench.engine.handle_kept_quarantined(2);
    let hello = bench.get();
    bench.reply(hello.call, welcome(Vec::new()));
    let push = bench.get();
    let answer =
        Pushed { sent_to: mark(1, 3), quarantined: 1, put_aside: None, marks: vec![mark(1, 3)], incarnation: LIFE };
    bench.reply(push.call, Answer::Pushed(answer));
    assert!(matches!(bench.get().act, Act::Watch { .. }));
    assert_eq!(bench.state().quarantined, 3);
}

#[test]
fn centrals_word_of_what_is_put_aside_takes_the_place_of_the_tills_count() {
    let mut bench = Bench::new(vec![mark(1, 3)]);
    bench.engine.handle_kept_quarantined(2);
    let hello = bench.get();
    let Answer::Hello(welcome) = welcome(vec![mark(1, 2)]) else { unreachable!() };
    bench.reply(hello.call, Answer::Hello(Welcome { put_aside: Some(1), ..welcome }));
    let push = bench.get();
    assert!(matches!(bench.get().act, Act::Watch { .. }));
    assert_eq!(bench.state().quarantined, 1);
    let answer =
        Pushed { sent_to: mark(1, 3), quarantined: 1, put_aside: Some(4), marks: vec![mark(1, 3)], incarnation: LIFE };
    bench.reply(push.call, Answer::Pushed(answer));
    assert_eq!(bench.state().quarantined, 4, "as it says, not as it adds up");
    bench.engine.handle_put_aside(0);
    assert_eq!(bench.state().quarantined, 0);
}

#[test]
fn late_and_repeated_answers_are_ignored() {
    let mut bench = Bench::new(vec![mark(1, 3)]);
    let hello = bench.get();
    bench.wait();
    assert_eq!(bench.state().link, Link::Down, "hello had its time");
    bench.reply(hello.call, welcome(vec![mark(1, 3)]));
    assert_eq!(bench.state().unsent, 3);
    bench.wait();
    let hello = bench.get();
    bench.reply(hello.call, welcome(Vec::new()));
    bench.reply(hello.call, welcome(vec![mark(1, 2)]));
    assert_eq!(bench.engine.first_unsent(), Some(mark(1, 1)));
    let push = bench.get();
    bench.reply(push.call, pushed(mark(1, 2)));
    bench.reply(push.call, pushed(mark(1, 3)));
    assert_eq!(bench.engine.first_unsent(), Some(mark(1, 3)));
}

#[test]
fn every_silence_ends_a_conversation() {
    let limits = Limits::default();
    // Hello.
    let mut bench = Bench::new(Vec::new());
    bench.get();
    assert_eq!(bench.engine.poll_timeout(), Some(limits.hello_deadline));
    bench.wait();
    assert_eq!(bench.state().link, Link::Down);
    // A push, while the feed lives.
    let mut bench = Bench::new(vec![mark(1, 1)]);
    let watch = bench.open(Vec::new());
    bench.elapsed = Duration::from_secs(29);
    bench.reply(watch, Answer::Alive(clock(Duration::ZERO)));
    bench.wait();
    assert_eq!((bench.elapsed, bench.state().link), (limits.push_deadline, Link::Down));
    // The feed.
    let mut bench = Bench::new(Vec::new());
    let watch = bench.open(Vec::new());
    bench.elapsed = Duration::from_secs(29);
    bench.reply(watch, Answer::Alive(clock(Duration::ZERO)));
    assert_eq!(bench.engine.poll_timeout(), Some(Duration::from_secs(29) + limits.silence_max));
    bench.wait();
    assert_eq!(bench.state().link, Link::Down);
}

#[test]
fn a_refused_till_says_so_and_asks_rarely() {
    let mut bench = Bench::new(Vec::new());
    let hello = bench.get();
    bench.reply(hello.call, Answer::Failed(CallError::Refused("withdrawn".to_owned())));
    assert_eq!(bench.state().link, Link::Refused);
    assert_eq!(bench.engine.poll_timeout(), Some(Limits::default().refused_wait));
    let now = bench.now();
    bench.engine.handle_hurry(now);
    assert!(matches!(bench.get().act, Act::Hello { .. }), "a person may ask at once");
}

#[test]
fn a_central_that_cannot_write_is_known_for_one_until_it_can() {
    let mut bench = Bench::new(Vec::new());
    let hello = bench.get();
    bench.reply(hello.call, Answer::Failed(CallError::CannotWrite("disk full".to_owned())));
    assert_eq!((bench.state().link, bench.state().central_is_full), (Link::Down, true));
    bench.wait();
    let hello = bench.get();
    bench.reply(hello.call, Answer::Failed(CallError::Unreachable("cut".to_owned())));
    assert!(!bench.state().central_is_full, "nobody knows now");
    bench.wait();
    let hello = bench.get();
    bench.reply(hello.call, Answer::Failed(CallError::CannotWrite("disk full".to_owned())));
    assert!(bench.state().central_is_full);
    bench.wait();
    bench.open(Vec::new());
    assert_eq!((bench.state().link, bench.state().central_is_full), (Link::Live, false));
}

#[test]
fn a_batch_is_handed_on_whole_and_the_next_once_it_is_in_the_file() {
    let mut bench = Bench::new(Vec::new());
    let watch = bench.open(Vec::new());
    bench.reply(watch, chunk(Scope::Store, true, &["a", "b"]));
    bench.reply(watch, chunk(Scope::Store, false, &["c"]));
    bench.ask();
    assert_eq!(bench.cursors(), [], "no checkpoint yet");
    bench.reply(watch, checkpoint(Scope::Store, 10, 3));
    bench.reply(watch, chunk(Scope::Store, true, &["d"]));
    bench.reply(watch, checkpoint(Scope::Store, 11, 1));
    bench.reply(watch, chunk(Scope::Company, true, &["p"]));
    bench.reply(watch, checkpoint(Scope::Company, 5, 1));
    bench.ask();
    assert_eq!(bench.cursors(), [(Scope::Company, 5), (Scope::Store, 10)], "the second of a scope waits");
    assert!(!bench.engine.is_settled());
    bench.engine.handle_applied(Scope::Store, 10);
    bench.ask();
    assert_eq!(bench.cursors().last(), Some(&(Scope::Store, 11)));
    bench.engine.handle_applied(Scope::Store, 11);
    bench.engine.handle_applied(Scope::Company, 5);
    assert!(bench.engine.is_settled());
    let SyncEvent::Feed(batch) =
        bench.events.iter().find(|e| matches!(e, SyncEvent::Feed(b) if b.cursor == 10)).unwrap()
    else {
        unreachable!()
    };
    assert_eq!(batch.changes.len(), 3);
}

#[test]
fn a_batch_with_missing_chunks_is_never_handed_on() {
    for (frames, what) in [
        (vec![chunk(Scope::Store, true, &["a"]), checkpoint(Scope::Store, 10, 2)], "closes 2 changes, and 1 came"),
        (vec![chunk(Scope::Store, false, &["a"])], "never began"),
    ] {
        let mut bench = Bench::new(Vec::new());
        let watch = bench.open(Vec::new());
        for frame in frames {
            bench.reply(watch, frame);
        }
        bench.ask();
        assert_eq!(bench.cursors(), []);
        let failure = bench.engine.take_failure().unwrap().to_string();
        assert!(failure.contains(what), "{failure}");
    }
}

/// Opens the feed again after a cut and says from where.
fn reopened(bench: &mut Bench, watch: CallId) -> (CallId, Vec<Position>) {
    bench.reply(watch, Answer::Failed(CallError::Unreachable("cut".to_owned())));
    bench.wait();
    let hello = bench.get();
    bench.reply(hello.call, welcome(Vec::new()));
    match bench.get() {
        Request { call, act: Act::Watch { positions, .. } } => (call, positions),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_broken_off_batch_goes_on_where_it_broke_off() {
    let mut bench = Bench::new(Vec::new());
    bench.engine.handle_applied(Scope::Company, 7);
    let watch = bench.open(Vec::new());
    let mut long = Chunk {
        scope: Scope::Company,
        first: true,
        changes: vec![Change::ProductRemoved("a".into())],
        refused: 1,
        resume_token: b"behind a".to_vec(),
    };
    bench.reply(watch, Answer::Chunk(long.clone()));
    let (watch, positions) = reopened(&mut bench, watch);
    assert_eq!(
        positions,
        [
            Position { scope: Scope::Company, cursor: 7, resume_token: b"behind a".to_vec() },
            Position { scope: Scope::Store, cursor: 0, resume_token: Vec::new() },
        ]
    );
    (long.first, long.resume_token) = (false, Vec::new());
    bench.reply(watch, Answer::Chunk(long));
    bench.reply(watch, checkpoint(Scope::Company, 9, 4));
    bench.ask();
    assert_eq!(bench.cursors(), [(Scope::Company, 9)]);
}

#[test]
fn a_batch_that_followed_an_unapplied_one_is_asked_for_again() {
    let mut bench = Bench::new(Vec::new());
    let watch = bench.open(Vec::new());
    bench.reply(watch, chunk(Scope::Store, true, &["a"]));
    bench.reply(watch, checkpoint(Scope::Store, 10, 1));
    bench.ask();
    // Handed on, not applied yet; the next one has begun and could be gone on with.
    let next = Chunk {
        scope: Scope::Store,
        first: true,
        changes: vec![Change::ProductRemoved("b".into())],
        refused: 0,
        resume_token: b"behind b".to_vec(),
    };
    bench.reply(watch, Answer::Chunk(next));
    let (_, positions) = reopened(&mut bench, watch);
    assert_eq!(positions[1], Position { scope: Scope::Store, cursor: 0, resume_token: Vec::new() });
}

#[test]
fn a_batch_that_never_reaches_the_file_is_fetched_again() {
    let mut bench = Bench::new(Vec::new());
    let watch = bench.open(Vec::new());
    bench.reply(watch, chunk(Scope::Store, true, &["a"]));
    bench.reply(watch, checkpoint(Scope::Store, 10, 1));
    bench.ask();
    while bench.elapsed < Limits::default().apply_deadline {
        assert_eq!(bench.state().link, Link::Live);
        bench.elapsed += Duration::from_secs(10);
        bench.reply(watch, Answer::Alive(clock(bench.elapsed)));
        let now = bench.now();
        bench.engine.handle_timeout(now);
    }
    assert!(matches!(bench.engine.take_failure(), Some(CallError::Journal(_))));
    bench.wait();
    let hello = bench.get();
    assert!(matches!(hello.act, Act::Hello { .. }));
    bench.reply(hello.call, welcome(Vec::new()));
    assert_eq!(
        bench.get().act,
        Act::Watch {
            positions: [Scope::Company, Scope::Store]
                .map(|scope| Position { scope, cursor: 0, resume_token: Vec::new() })
                .to_vec(),
            incarnation: LIFE,
        }
    );
}

#[test]
fn what_came_behind_a_batch_that_never_reached_the_file_is_not_handed_on() {
    let mut bench = Bench::new(vec![mark(1, 1)]);
    let watch = bench.open(vec![mark(1, 1)]);
    for cursor in 1..=3 {
        bench.reply(watch, chunk(Scope::Store, true, &["jacket"]));
        bench.reply(watch, checkpoint(Scope::Store, cursor, 1));
    }
    bench.reply(watch, chunk(Scope::Store, true, &["half of the fourth"]));
    assert_eq!(bench.ask(), None);
    assert_eq!(bench.cursors(), [(Scope::Store, 1)]);
    // The disk is full: the register says so at once, and nothing waits for a deadline.
    bench.engine.handle_not_applied(bench.now());
    assert_eq!(bench.ask(), None);
    assert_eq!(bench.cursors(), [(Scope::Store, 1)], "the second without the first would lose the first for ever");
    bench.wait();
    let watch = bench.open(vec![mark(1, 1)]);
    for cursor in 1..=3 {
        bench.reply(watch, chunk(Scope::Store, true, &["jacket"]));
        bench.reply(watch, checkpoint(Scope::Store, cursor, 1));
        bench.ask();
        bench.engine.handle_applied(Scope::Store, cursor);
    }
    bench.ask();
    assert_eq!(bench.cursors(), [(Scope::Store, 1), (Scope::Store, 1), (Scope::Store, 2), (Scope::Store, 3)]);
}

#[test]
fn a_full_inbox_stops_the_reading_and_not_the_conversation() {
    let mut bench = Bench::new(Vec::new());
    let watch = bench.open(Vec::new());
    for cursor in 1..=9 {
        bench.reply(watch, chunk(Scope::Store, true, &["a"]));
        bench.reply(watch, checkpoint(Scope::Store, cursor, 1));
        bench.ask();
    }
    assert!(!bench.engine.has_room());
    bench.elapsed = Limits::default().silence_max;
    let now = bench.now();
    bench.engine.handle_timeout(now);
    assert_eq!(bench.state().link, Link::Live, "the till is not listening; central is not silent");
    for cursor in 1..=9 {
        bench.engine.handle_applied(Scope::Store, cursor);
        bench.ask();
    }
    assert!(bench.engine.has_room());
    assert_eq!(bench.cursors().len(), 9);
}

#[test]
fn marks_that_have_not_changed_are_contained_all_the_same() {
    let mut bench = Bench::new(Vec::new());
    let watch = bench.open(Vec::new());
    for (cursor, changed) in [(1, vec![mark(1, 3), mark(2, 7)]), (2, vec![mark(1, 4)]), (3, Vec::new())] {
        let closed = Checkpoint {
            scope: Scope::Store,
            cursor,
            snapshot: false,
            change_count: 0,
            contains: changed,
            as_of: clock(Duration::from_secs(cursor)),
        };
        bench.reply(watch, Answer::Checkpoint(closed));
        bench.ask();
        bench.engine.handle_applied(Scope::Store, cursor);
    }
    let contains = bench.events.iter().filter_map(|event| match event {
        SyncEvent::Feed(batch) => Some(batch.contains.clone()),
        _ => None,
    });
    let both = |first| vec![mark(1, first), mark(2, 7)];
    assert_eq!(contains.collect::<Vec<_>>(), [both(3), both(4), both(4)]);
}

#[test]
fn clocks_that_differ_are_told_and_nothing_else() {
    let mut bench = Bench::new(Vec::new());
    let hello = bench.get();
    bench.elapsed = Duration::from_secs(2);
    let fast = Welcome {
        incarnation: LIFE,
        marks: Vec::new(),
        central_clock: clock(Duration::from_secs(1)) + chrono::TimeDelta::hours(3),
        entries_max: None,
        bytes_max: None,
        last_receipt_number: 0,
        put_aside: None,
    };
    bench.reply(hello.call, Answer::Hello(fast));
    assert_eq!(bench.state().clock_ahead_ms, Some(-3 * 3_600_000), "the way there and back is taken out");
    assert_eq!(bench.state().link, Link::Live);
}

#[test]
fn what_centrals_clock_shows_is_reckoned_by_a_clock_that_nobody_sets() {
    let mut bench = Bench::new(vec![mark(1, 3), mark(2, 1)]);
    assert_eq!(bench.engine.read_clocks(bench.now()), ClockReading { till: clock(Duration::ZERO), central: None });
    assert_eq!(bench.engine.current_run(), Some(mark(2, 1).run));
    let watch = bench.open(vec![mark(1, 3), mark(2, 1)]);
    let shown = bench.engine.read_clocks(bench.now()).central.unwrap();
    // Somebody sets the till's clock back by an hour.
    bench.elapsed = Duration::from_secs(5);
    let hour = chrono::TimeDelta::hours(1);
    let set_back = Now { clock: bench.now().clock - hour, ..bench.now() };
    let reading = bench.engine.read_clocks(set_back);
    assert_eq!(reading, ClockReading { till: set_back.clock, central: Some(shown + chrono::TimeDelta::seconds(5)) });
    let before = bench.state().clock_ahead_ms.unwrap();
    let told = bench.engine.poll_event(set_back);
    let Some(SyncEvent::StateChanged(state)) = told else { panic!("{told:?}") };
    assert_eq!(state.clock_ahead_ms, Some(before - 3_600_000));
    assert!(bench.engine.poll_event(set_back).is_none(), "it is told once");
    // Whoever slept reckons too little, and hears so.
    let later = shown + hour;
    bench.reply(watch, Answer::Alive(later));
    assert_eq!(bench.engine.read_clocks(bench.now()).central, Some(later));
    bench.reply(watch, Answer::Alive(later - chrono::TimeDelta::seconds(50)));
    assert_eq!(bench.engine.read_clocks(bench.now()).central, Some(later), "a late word is no news");
    // It was an hour ahead, and is set right.
    bench.reply(watch, Answer::Alive(shown));
    assert_eq!(bench.engine.read_clocks(bench.now()).central, Some(shown));
}

#[test]
fn the_feeds_age_alone_is_told_rarely_and_never_goes_back() {
    let mut bench = Bench::new(Vec::new());
    let watch = bench.open(Vec::new());
    let told = |bench: &Bench| bench.events.iter().filter(|e| matches!(e, SyncEvent::StateChanged(_))).count();
    let mut ages = Vec::new();
    for second in 1..=100 {
        bench.elapsed = Duration::from_secs(second);
        // Central's clock is set back for a while in between.
        let shift = if (40..60).contains(&second) { 30 } else { 0 };
        bench.reply(watch, Answer::Alive(clock(bench.elapsed - Duration::from_secs(shift))));
        ages.push(bench.state().fresh.as_of());
    }
    assert!(ages.is_sorted(), "{ages:?}");
    assert!(told(&bench) <= 2 + 4, "told {} times", told(&bench));
}

#[test]
fn nothing_is_asked_before_the_journal_is_known() {
    let mut engine = Engine::new(Limits::default(), 7);
    let now = Now { elapsed: Duration::from_secs(1), clock: clock(Duration::ZERO) };
    engine.handle_kept_marks(&[mark(1, 9)]);
    assert_eq!(engine.poll_request(now), None);
    assert_eq!(engine.poll_timeout(), None, "whoever drives it waits for the file");
    engine.handle_journal(vec![mark(1, 9)]);
    let hello = engine.poll_request(now).expect("it says hello");
    assert_eq!(hello.act, Act::Hello { runs: vec![mark(1, 9)] });
}

#[test]
fn a_welcome_says_nothing_of_a_run_that_was_not_asked_about() {
    let mut bench = Bench::new(vec![mark(1, 9)]);
    bench.engine.handle_kept_marks(&[mark(1, 9), mark(2, 4)]);
    let hello = bench.get();
    // The file gains a run while the call is under way.
    bench.engine.handle_journal(vec![mark(1, 9), mark(2, 5)]);
    bench.reply(hello.call, welcome(vec![mark(1, 9)]));
    let push = bench.get();
    assert!(matches!(push.act, Act::Push { after, .. } if after == mark(2, 4)), "{push:?}");
    assert_eq!(bench.acknowledged(), Vec::new(), "central has not spoken of the second run");
}

#[test]
fn the_receipts_central_knows_of_are_told_before_anything_it_sends() {
    let mut bench = Bench::new(vec![mark(1, 1)]);
    let hello = bench.get();
    bench.reply(
        hello.call,
        Answer::Hello(Welcome {
            incarnation: LIFE,
            marks: vec![mark(1, 1)],
            central_clock: clock(Duration::ZERO),
            entries_max: None,
            bytes_max: None,
            last_receipt_number: 60,
            put_aside: None,
        }),
    );
    assert!(matches!(bench.engine.poll_event(bench.now()), Some(SyncEvent::ReceiptsGiven { last: 60 })));
    bench.get();
    let again = |e: &SyncEvent| matches!(e, SyncEvent::ReceiptsGiven { .. });
    assert!(!bench.events.iter().any(again), "once a conversation");
}
