//! The window: a pure view of the register's snapshot.
//!
//! How it works: snapshots come in, intents go out; what the window keeps of its own is only what is being typed or leafed
//! through. A screen is one file in `screen/`, in a fixed order: struct, `Message` (what happened here), `Action` (what the
//! parent must do), `new`, `update`, `view`. All words come from one catalogue (`text/`), all colours and sizes from
//! `theme`, `style` and `measure`, by role.
//!
//! Absent here: SQL, protobuf, ports, prices worked out, stock judged, timers that redraw (the clock ticks once a minute),
//! text fields with a focus: keys and scans are handled in one place, so that a scan can never land in a field.
//!
//! To add a screen: a file in `screen/`, its arm in `screen/mod.rs`, its made-up snapshot in `gallery/` (it is then
//! drawn in every theme, measured and compared), its words in `text/words.rs` and the four files of `assets/text`.
//! Tests: beside each file; of all screens keys in `tests.rs`, measures in every language and size in `layout_tests.rs`,
//! pictures in `picture_tests.rs` with `tests/pictures/`.

pub mod application;
pub mod entry;
pub mod font;
pub mod frame;
pub mod gallery;
pub mod icon;
pub mod keys;
pub mod measure;
pub mod picture;
pub mod screen;
pub mod search;
pub mod side_panel;
mod strokes;
pub mod style;
pub mod text;
pub mod theme;
pub mod ui;
pub mod widget;
pub mod window;

pub use application::{GuiConfig, GuiError, IntentSink, RegisterGone, WindowKind, check_display, run};

#[cfg(test)]
mod layout_tests;
#[cfg(test)]
mod notice_tests;
#[cfg(test)]
mod picture_tests;
#[cfg(test)]
mod tests;
