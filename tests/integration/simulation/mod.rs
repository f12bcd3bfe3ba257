//! A seeded world: several tills with their real files and the real sync engine, central with its real store and service,
//! and everything that can go wrong between and with them, against a small model.
//!
//! The same seed lives the same life. A failure names its seed and shows the end of its trace; `SIMULATION_SEED=n` lives
//! that one alone, `SIMULATION_TRACE=1` shows all of it, `SIMULATION_SEEDS=n` lives n of them. A seed that found a
//! bug stays in [`FOUND`] with a line about it.
//!
//! People sell, answer the conflict card, pick, hand over and ask other stores through the real register; websites order,
//! change, cancel and send what nobody can read, orders lapse, head office counts and decides. Cables are cut, programs killed, the power goes in the middle of a write,
//! disks fill up, old copies come back, machines are cloned, clocks jump; what was not synced is there or gone ([`disk`]).
//!
//! Rules that hold in every world: no entry a till or central said it had taken is missing, none is there twice, none that
//! nobody sent; every letter from outside is exactly once an order, a change, a cancellation or a problem, its bytes kept;
//! what central said is at a till as a whole, with its cursor and marks, or not at all; what a till shows is
//! central's figure and its own movements not in it, at every step; levels are the fold of movements everywhere; websites
//! are told what is free, and no more; each sale against an open order is told exactly once; orders lapse when their time
//! has passed; what one store sends another takes in, once, whoever presses; on a shelf lies what its last
//! count found and what moved since, whenever either is heard of, and what was counted is to be counted no more; a drawer holds
//! its float and what was taken; a full disk is said, and the basket stays; sales,
//! tax and cash are the same in journals and reports; a minute after the faults stop all sides show the same orders, cases, transfers and figures,
//! and the outboxes are empty; receipts are numbered without gaps in each history; forks are found where there are any, and
//! nowhere else; the feed never grows older. [`sabotage`] proves that each of these rules notices what it is there for.

mod books;
mod central;
mod clocks;
pub mod dice;
mod disk;
mod faults;
mod model;
mod node;
mod office;
mod people;
mod sabotage;
mod senders;
mod shelves;
pub mod shop;
mod stream;
mod world;

use std::panic::catch_unwind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use model::Counts;

use crate::number;

/// Seeds lived in the suite.
const SEEDS: u64 = 200;

/// Seeds that found a bug once.
const FOUND: &[u64] = &[
    // Central restored from a copy older than a run named that run no more, and the till took its movements as contained.
    65,
    // Hello was answered by central, Watch by central restored: nobody told the till that its entries were gone.
    74,
    // A batch did not reach a full disk, and the ones behind it were handed on: the till never heard of what was in it.
    44,
    // Two tills sold the same unit: the case of the second stayed on its screen for ever, beside central's.
    51,
    // A delayed message reached a central restored from a copy: a mark moved over what was booked, and nobody was told.
    1012, // Head office took up a case of an order that was put back by then, and the till did not show it.
    33,
    // Nobody could be signed in on a full disk, and the world paid a basket of before all the same: no fault of the till.
    872,
    // An order was handed over while a snapshot was under way that had told of it as open: its end was left out.
    92,
];

#[test]
fn all_sides_agree_after_every_kind_of_trouble() {
    let seeds: Vec<u64> = match number("SIMULATION_SEED") {
        Some(seed) => vec![seed],
        None => FOUND.iter().copied().chain(0..number("SIMULATION_SEEDS").unwrap_or(SEEDS)).collect(),
    };
    let next = AtomicU64::new(0);
    let (failures, lived) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let workers = thread::available_parallelism().map_or(1, |n| n.get().min(8));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                    let lived_through = catch_unwind(|| world::live(*seed));
                    match lived_through.unwrap_or_else(|_| Err(format!("seed {seed} ended in a panic, see above"))) {
                        Ok(outcome) => {
                            lived.lock().unwrap().push(outcome.counts);
                        }
                        Err(failure) => failures.lock().unwrap().push(failure),
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    for failure in &failures {
        println!("{}", failure.lines().next().unwrap_or_default());
    }
    assert!(failures.is_empty(), "{} of {} worlds broke a rule\n{}", failures.len(), seeds.len(), failures[0]);
    let lived = lived.into_inner().unwrap();
    let sum = |of: fn(&Counts) -> usize| lived.iter().map(of).sum::<usize>();
    let [entries, forks, sales] = [sum(|c| c.entries), sum(|c| c.forks), sum(|c| c.sales)];
    let [alerts, transfers, lapsed] = [sum(|c| c.alerts), sum(|c| c.transfers), sum(|c| c.lapsed)];
    let letters = sum(|c| c.letters);
    let (counts, shelves) = (sum(|c| c.counts), sum(|c| c.counted_shelves));
    println!("{} worlds, {entries} entries, {sales} sales, {forks} forked tills", seeds.len());
    let twice = sum(|c| c.taken_in_twice);
    println!("{alerts} alerts, {transfers} transfers, {twice} taken in at two tills, {lapsed} orders lapsed");
    println!("{letters} letters that were no new order");
    println!("{counts} counts of shelves, {shelves} shelves that were counted");
    if seeds.len() as u64 > SEEDS {
        let enough = [
            entries / 20,
            sales / 5,
            2 * alerts,
            4 * transfers,
            200 * twice,
            10 * lapsed,
            10 * forks,
            letters,
            5 * counts,
            5 * shelves,
        ];
        assert!(enough.iter().all(|n| *n > seeds.len()), "the worlds are too quiet to prove anything");
    }
}

#[test]
fn the_same_seed_lives_the_same_life() {
    for seed in [3, 12, 17, 40] {
        let life = || world::live(seed).unwrap_or_else(|failure| panic!("{failure}")).trace;
        assert_eq!(life(), life(), "seed {seed}");
    }
}
