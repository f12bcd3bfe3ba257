//! Worlds broken on purpose: each rule must notice the fault it is there for.
//!
//! The programs stay as they are. What is broken is the wiring between them (what the world carries from one to the other,
//! and its disks), or, once nobody has anything left to say, a row behind their back. To add a rule to the simulation, add a
//! fault here that only that rule notices.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::world;

/// What is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// Central's answers say that it has everything, and of one kind of entry it never sees any.
    EntriesSwallowed,
    /// Nothing a till sends ever arrives, and nobody says so.
    OutboxStuck,
    /// A bit of an entry turns on its way.
    BitFlipped,
    /// The last change of each batch with several is left out between sync and register.
    ChangeLeftOut,
    /// An old batch of the feed is applied again.
    BatchReplayed,
    /// What a till's figures contain is not told.
    MarksForgotten,
    /// A till follows the feed of another store.
    OtherStoresFeed,
    /// Now and then the feed is said to be older than before.
    FeedAgesBack,
    /// Central never lets an order lapse.
    LapsesForgotten,
    /// Two sales of a till are told as one: their numbers have a gap.
    ReceiptNumberSkipped,
    /// Figures do not say that they were counted.
    CountUntold,
    /// Central is not told what tills' clocks show.
    ClocksUnsaid,
    /// Tills' disks say that they have synced, and have not.
    TillDisksLie,
    /// So does central's.
    CentralDiskLies,
    /// These statements are run on central's file at the end.
    Row(&'static str),
}

/// Seeds that are tried until a fault has had its occasion.
const SEEDS_MAX: u64 = 150;

use Sabotage::{
    BatchReplayed, BitFlipped, CentralDiskLies, ChangeLeftOut, ClocksUnsaid, CountUntold, EntriesSwallowed,
    FeedAgesBack, LapsesForgotten, MarksForgotten, OtherStoresFeed, OutboxStuck, ReceiptNumberSkipped, Row,
    TillDisksLie,
};

/// Each fault, and the words of the rules that may notice it.
#[rustfmt::skip]
const FAULTS: &[(Sabotage, &[&str])] = &[
    (EntriesSwallowed,     &["never reached central"]),
    (OutboxStuck,          &["not settled"]),
    (BitFlipped,           &["put an honest entry aside"]),
    (ChangeLeftOut,        &["differs", "differ;", "shows"]),
    (BatchReplayed,        &["differs", "differ;", "shows", "not settled"]),
    (MarksForgotten,       &["shows"]),
    (OtherStoresFeed,      &["differs", "shows"]),
    (FeedAgesBack,         &["the feed grew older"]),
    (LapsesForgotten,      &["has not lapsed"]),
    (ReceiptNumberSkipped, &["receipts are numbered"]),
    (CountUntold,          &["still to be counted"]),
    (ClocksUnsaid,         &["was counted in", "still to be counted"]),
    (TillDisksLie,         &["is gone after the start", "is damaged", "no batch brought"]),
    (CentralDiskLies,      &["has it no longer", "cannot be opened"]),
    // An entry lost, one that nobody sent, one changed.
    (Row("DROP TRIGGER entry_never_goes;
          DELETE FROM entry WHERE entry_id IN (SELECT entry_id FROM entry WHERE kind = 'drawer_opened' LIMIT 1)"),
                           &["has it no longer"]),
    (Row("INSERT INTO entry SELECT store, zeroblob(16), workstation, run, sequence + 1000, recorded_at, received_at, operator,
              business_day, kind, payload, hash, zeroblob(32), signature
          FROM entry WHERE kind = 'drawer_opened' LIMIT 1"),
                           &["which nobody sent"]),
    (Row("DROP TRIGGER entry_never_changes;
          UPDATE entry SET hash = zeroblob(32) WHERE entry_id IN (SELECT entry_id FROM entry LIMIT 1)"),
                           &["another hash than was sent"]),
    // A sale booked twice, in a way that its own proof cannot see; a figure that is no sum; a reservation forgotten.
    (Row("INSERT INTO movement SELECT store, entry_id, position + 1000, product, quantity, reason, workstation, moved_at,
              received_at FROM movement WHERE reason = 'sale' AND store = 'S002' AND product = 'hat' LIMIT 1;
          UPDATE level SET on_hand = (SELECT SUM(quantity) FROM movement WHERE store = 'S002' AND product = 'hat')
          WHERE store = 'S002' AND product = 'hat'"),
                           &["the journals say"]),
    // A count booked twice, one not at all, a sale from before it counted again, one from after it taken for seen: all in ways that
    // central's own proof cannot see.
    (Row("INSERT INTO movement SELECT m.store, m.entry_id, m.position + 1000, m.product, m.quantity, m.reason, m.workstation,
              m.moved_at, m.received_at FROM movement m JOIN entry e USING (store, entry_id)
          WHERE e.kind = 'stock_counted' AND m.quantity <> 0;
          UPDATE level SET on_hand = (SELECT COALESCE(SUM(quantity), 0) FROM movement m
              WHERE m.store = level.store AND m.product = level.product)"),
                           &["was counted in"]),
    (Row("DELETE FROM movement WHERE entry_id IN (SELECT entry_id FROM entry WHERE kind = 'stock_counted');
          UPDATE level SET on_hand = (SELECT COALESCE(SUM(quantity), 0) FROM movement m
              WHERE m.store = level.store AND m.product = level.product)"),
                           &["was counted in"]),
    (Row("DELETE FROM movement WHERE reason = 'adjustment'
              AND entry_id IN (SELECT entry_id FROM entry WHERE kind = 'sale_completed');
          UPDATE level SET on_hand = (SELECT COALESCE(SUM(quantity), 0) FROM movement m
              WHERE m.store = level.store AND m.product = level.product)"),
                           &["was counted in"]),
    (Row("INSERT INTO movement SELECT m.store, m.entry_id, m.position + 1000, m.product, -m.quantity, 'adjustment', m.workstation,
              c.cut_at, m.received_at FROM movement m JOIN stock_cut c ON (c.store, c.product) = (m.store, m.product)
          WHERE m.reason = 'sale' AND m.moved_at > c.cut_at;
          UPDATE level SET on_hand = (SELECT COALESCE(SUM(quantity), 0) FROM movement m
              WHERE m.store = level.store AND m.product = level.product)"),
                           &["was counted in"]),
    (Row("UPDATE level SET on_hand = on_hand + 1000"),
                           &["own proof fails"]),
    (Row("UPDATE level SET promised = promised - 1000 WHERE promised > 0"),
                           &["own proof fails", "a website is told"]),
    // Promised twice over: an order that holds nothing back.
    (Row("UPDATE web_order SET unfulfilled = 0 WHERE state = 'received';
          UPDATE level SET promised = (SELECT COALESCE(SUM(l.ordered - l.picked - l.cancelled), 0) FROM order_line l
              JOIN web_order o ON o.store = l.store AND o.number = l.number
              WHERE o.unfulfilled = 1 AND o.store = level.store AND l.product = level.product)"),
                           &["a website is told", "differs", "shows", "own proof fails"]),
    (Row("DELETE FROM order_document; DELETE FROM order_line; DELETE FROM web_order;
          UPDATE level SET promised = 0, held = 0"),
                           &["took order"]),
    // A letter lost, one with other bytes, one kept twice, one that is a problem no more.
    (Row("DELETE FROM order_document WHERE kind = 'change'"),
                           &["and central keeps it as"]),
    (Row("UPDATE order_document SET document = zeroblob(3) WHERE kind = 'cancellation'"),
                           &["nobody sent"]),
    (Row("INSERT INTO order_document (number, position, kind, content, received_at, document)
          SELECT number, position + 1000, kind, content, received_at, document FROM order_document LIMIT 1"),
                           &["and central keeps it as"]),
    (Row("DELETE FROM problem_document"),
                           &["and central keeps it as"]),
    (Row("DELETE FROM movement WHERE workstation IS NULL AND store = 'S002' AND product = 'hat';
          UPDATE level SET on_hand = (SELECT COALESCE(SUM(quantity), 0) FROM movement
              WHERE store = 'S002' AND product = 'hat') WHERE store = 'S002' AND product = 'hat'"),
                           &["booked the count"]),
    (Row("UPDATE web_order SET customer_name = 'Nobody' WHERE unfulfilled = 1"),
                           &["an order differs"]),
    // An alert forgotten, told twice, and one nobody gave cause for.
    (Row("DELETE FROM case_act WHERE act = 'sold_anyway'"),
                           &["nobody was told"]),
    (Row("INSERT INTO case_act SELECT store, case_id, position + 1000, act, entry_id, workstation, person, note, at, approver
          FROM case_act WHERE act = 'sold_anyway' LIMIT 1"),
                           &["was told 2 times"]),
    (Row("INSERT INTO case_act SELECT store, case_id, position + 1000, 'sold_anyway', entry_id, workstation, person, note, at, approver
          FROM case_act WHERE act = 'judged_at_central' LIMIT 1"),
                           &["gave cause for"]),
    (Row("UPDATE conflict_case SET quantity = quantity + 1000 WHERE closed_at IS NULL AND state = 'open'"),
                           &["cases differ"]),
    // A transfer that stands elsewhere for one store, goods that were never sent, a sale missing in the report, a fork unseen.
    (Row("UPDATE transfer SET state = 'set_aside' WHERE state IN ('requested', 'none_free', 'refused')"),
                           &["transfers differ"]),
    // Goods that came once counted twice, in a way that central's own proof cannot see; and what nobody was told of.
    (Row("UPDATE level SET on_hand = on_hand - (SELECT COALESCE(SUM(quantity), 0) FROM movement m WHERE m.reason = 'transfer'
              AND m.position = 1 AND m.store = level.store AND m.product = level.product);
          DELETE FROM movement WHERE reason = 'transfer' AND position = 1"),
                           &["the journals say"]),
    (Row("DELETE FROM order_anomaly"),
                           &["head office was not told"]),
    // Goods that were asked for, went out and came, forgotten.
    (Row("DELETE FROM transfer WHERE state = 'closed'"),
                           &["and nobody asked for it"]),
    (Row("DELETE FROM sale WHERE entry_id IN (SELECT entry_id FROM sale LIMIT 1)"),
                           &["central reports"]),
    (Row("UPDATE sale SET tax_minor = tax_minor + 1 WHERE entry_id IN (SELECT entry_id FROM sale LIMIT 1)"),
                           &["central reports"]),
    (Row("DELETE FROM fork"),
                           &["and central names"]),
];

/// What the worlds with a fault say that do not notice it, in the end; nothing when one does.
fn live_unnoticed(fault: Sabotage, words: &[&str]) -> Option<String> {
    let mut said = Vec::new();
    let noticed = (0..SEEDS_MAX).any(|seed| {
        let lived = catch_unwind(AssertUnwindSafe(|| world::live_with(seed, Some(fault))));
        let broken = lived.unwrap_or_else(|_| Err(format!("seed {seed} ended in a panic, see above"))).err();
        let line = broken.and_then(|broken| broken.lines().next().map(str::to_owned));
        let noticed = line.as_ref().is_some_and(|line| words.iter().any(|word| line.contains(word)));
        said.extend(line.filter(|_| !noticed));
        noticed
    });
    said.truncate(3);
    (!noticed).then(|| format!("{fault:?}, which said {said:?}"))
}

#[test]
fn every_rule_notices_what_it_is_there_for() {
    let (next, unnoticed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let workers = thread::available_parallelism().map_or(1, |n| n.get().min(8));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((fault, words)) = FAULTS.get(next.fetch_add(1, Ordering::Relaxed)) {
                    unnoticed.lock().unwrap().extend(live_unnoticed(*fault, words));
                }
            });
        }
    });
    let unnoticed = unnoticed.into_inner().unwrap();
    assert!(
        unnoticed.is_empty(),
        "{} of {} faults went unnoticed:\n{}",
        unnoticed.len(),
        FAULTS.len(),
        unnoticed.join("\n")
    );
    println!("{} faults, each noticed", FAULTS.len());
}
