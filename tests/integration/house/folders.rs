//! What stands where: the project's top folders hold what the architecture names and nothing else.

use std::fs;

use super::expect_none;
use super::source::root;

/// The top of the project. What git ignores (`target`, `out`) and hidden folders of editors are not asked about.
const TOP: &[&str] = &[
    ".ci",
    ".gitignore",
    ".rustfmt.toml",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "assets",
    "benches",
    "build.rs",
    "hardware",
    "proto",
    "src",
    "tests",
];
/// The rooms, and the map of the house.
const SRC: &[&str] = &[
    "bin", "central", "database", "demo", "devices", "domain", "gui", "lib.rs", "register", "sync", "terminal", "wire",
];
/// Tests of the whole, what they are given, and how they are run.
const TESTS: &[&str] = &["days", "fuzz", "integration", "orders", "pictures", "run", "scenarios", "vectors"];
/// Ignored by git, or none of the project's business.
const IGNORED: &[&str] = &["target", "out", ".git", ".idea", ".vscode", ".cargo"];

#[test]
fn every_folder_holds_what_the_architecture_names() {
    let mut breaches = Vec::new();
    for (folder, allowed) in [("", TOP), ("src", SRC), ("tests", TESTS)] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            if !allowed.contains(&name.as_str()) && !IGNORED.contains(&name.as_str()) {
                breaches.push(format!("{folder}/{name}"));
            }
        }
    }
    expect_none(
        "A new folder or file at the top is an architect's decision: add it to the list with its reason:",
        breaches,
    );
}

#[test]
fn what_people_rely_on_is_there() {
    for path in ["LICENSE", "Cargo.lock", "tests/run", ".ci/run", "src/lib.rs"] {
        assert!(root().join(path).is_file(), "{path} is missing");
    }
}
