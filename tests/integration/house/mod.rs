//! The house rules, read from the sources: who may know whom, how large a file may be, which words and calls are not used.
//!
//! A rule that is only written down is forgotten; these fail with the file, the line and what to do instead.
//!
//! To add a rule: a function that lists what breaks it, and a test that expects the list to be empty.

mod arrows;
mod folders;
mod migrations;
mod source;
mod style;

use source::Source;

/// Fails with every breach on a line of its own.
#[track_caller]
fn expect_none(rule: &str, breaches: Vec<String>) {
    assert!(breaches.is_empty(), "{rule}\n  {}\n", breaches.join("\n  "));
}

/// All Rust files of the project.
fn sources() -> Vec<Source> {
    let found = source::list_sources();
    assert!(found.len() > 50, "the sources were not found");
    found
}
