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
