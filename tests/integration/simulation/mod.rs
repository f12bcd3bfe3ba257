//! A seeded world: several tills with their real files and the real sync engine, central with its real store and service,
//! and everything that can go wrong between and with them, against a small model.
//!
//! The same seed lives the same life. A failure names its seed and shows the end of its trace; `SIMULATION_SEED=n` lives
//! that one alone, `SIMULATION_TRACE=1` shows all of it, `SIMULATION_SEEDS=n` lives n of them. A seed that found a
//! bug stays in [`FOUND`] with a line about it.
//!
//! Rules that hold in every world: no entry central took is missing, none is there twice, none that nobody sent; what a till
//! shows is central's figure and its own movements not in it, at every step; levels are the fold of movements everywhere;
//! a minute after the faults stop all sides are equal and the outboxes empty; receipts are numbered without gaps in each
//! history; forks are found where there are any, and nowhere else; the feed never grows older.

mod central;
mod dice;
mod faults;
mod model;
mod node;
pub mod shop;
mod stream;
mod world;

use std::panic::catch_unwind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// Seeds lived in the suite.
const SEEDS: u64 = 240;

/// Seeds that found a bug once.
const FOUND: &[u64] = &[
    // Central restored from a copy older than a run named that run no more, and the till took its movements as contained.
    65,
    // Hello was answered by central, Watch by central restored: nobody told the till that its entries were gone.
    74,
];

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable}={text}: not a number")))
}

#[test]
fn all_sides_agree_after_every_kind_of_trouble() {
    let seeds: Vec<u64> = match number("SIMULATION_SEED") {
        Some(seed) => vec![seed],
        None => FOUND.iter().copied().chain(0..number("SIMULATION_SEEDS").unwrap_or(SEEDS)).collect(),
    };
    let next = AtomicU64::new(0);
    let (failures, lived) = (Mutex::new(Vec::new()), Mutex::new((0, 0)));
    let workers = thread::available_parallelism().map_or(1, |n| n.get().min(8));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                    let lived_through = catch_unwind(|| world::live(*seed));
                    match lived_through.unwrap_or_else(|_| Err(format!("seed {seed} ended in a panic, see above"))) {
                        Ok(outcome) => {
                            let mut lived = lived.lock().unwrap();
                            *lived = (lived.0 + outcome.entries, lived.1 + outcome.forks);
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
    let (entries, forks) = lived.into_inner().unwrap();
    println!("{} worlds, {entries} entries, {forks} forked tills", seeds.len());
    if seeds.len() as u64 > SEEDS {
        assert!(entries > 20 * seeds.len() && forks > 0, "the worlds are too quiet to prove anything");
    }
}

#[test]
fn the_same_seed_lives_the_same_life() {
    for seed in [3, 17, 40] {
        let life = || world::live(seed).unwrap_or_else(|failure| panic!("{failure}")).trace;
        assert_eq!(life(), life(), "seed {seed}");
    }
}
