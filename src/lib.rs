//! A till for shops that also sell on the web, and the central system it keeps in step.
//!
//! The rooms, in reading order:

pub mod central;
#[cfg(feature = "terminal")]
pub mod database;
#[cfg(feature = "gui")]
pub mod demo;
#[cfg(feature = "terminal")]
pub mod devices;
pub mod domain;
#[cfg(feature = "gui")]
pub mod gui;
#[cfg(feature = "terminal")]
pub mod register;
#[cfg(feature = "terminal")]
pub mod sync;
pub mod wire;
