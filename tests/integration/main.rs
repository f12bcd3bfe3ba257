//! The house as a whole: its rules, and whole programs against each other.
//!
//! One binary, so that it is linked once. To add a subject: a module here. Tests of one room alone stand in that room.

mod cables;
mod certificates;
mod days;
mod files;
mod hostile;
mod house;
mod ports;
mod programs;
mod scenarios;
mod simulation;
mod sync;

/// What a variable of the environment says, where it is set: how much of a thing is tried by hand.
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable}={text}: not a number")))
}
