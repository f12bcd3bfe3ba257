//! What stands where: the project's top folders hold what the architecture names and nothing else.

use std::fs;
use std::process::Command;

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

/// The names of an enum's values, as its source lists them.
fn values_of(path: &str, name: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(path)).unwrap();
    let inside = text.split_once(&format!("pub enum {name} {{")).unwrap().1.split_once("\n}").unwrap().0;
    let lines = inside.lines().map(str::trim).filter(|line| !line.starts_with("//") && line.ends_with(','));
    lines.map(|line| line.trim_end_matches(',').to_owned()).collect()
}

#[test]
fn every_reader_of_orders_and_tables_is_fuzzed_from_real_things() {
    let read = |path: &str| fs::read_to_string(root().join("tests/fuzz").join(path)).unwrap();
    let (manifest, run) = (read("Cargo.toml"), read("run"));
    let (mut breaches, mut all) = (Vec::new(), String::new());
    for entry in fs::read_dir(root().join("tests/fuzz/targets")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let text = read(&format!("targets/{file}"));
        let name = file.trim_end_matches(".rs");
        if text.contains("fuzz_target!(") && !manifest.contains(&format!("name = \"{name}\"")) {
            breaches.push(format!("{name} is not built"));
        }
        let labels =
            run.lines().filter_map(|line| line.trim().split_once(')')).flat_map(|(labels, _)| labels.split('|'));
        let is_seeded = labels.into_iter().map(str::trim).any(|label| {
            label == name || label.strip_suffix('*').is_some_and(|begin| !begin.is_empty() && name.starts_with(begin))
        });
        if text.contains("fuzz_target!(") && !is_seeded {
            breaches.push(format!("{name} begins from nothing"));
        }
        all += &text;
    }
    for (path, name) in [("src/central/intake/document.rs", "Format"), ("src/central/import/mod.rs", "Kind")] {
        let values = values_of(path, name);
        assert!(values.len() >= 5, "{values:?} of {path}");
        let missing = values.iter().filter(|value| !all.contains(&format!("{name}::{value}")));
        breaches.extend(missing.map(|value| format!("{name}::{value} is in no target")));
    }
    expect_none("What reads bytes from outside has a target in tests/fuzz, and real things to begin from:", breaches);
}

#[test]
fn a_manifest_that_lies_in_a_folder_above_is_no_business_of_ours() {
    let above = tempfile::tempdir().unwrap();
    fs::write(above.path().join("Cargo.toml"), "[workspace]\nmembers = []\n").unwrap();
    let project = above.path().join("project");
    fs::create_dir(&project).unwrap();
    for name in ["Cargo.toml", "Cargo.lock", "build.rs", "src", "tests", "benches"] {
        std::os::unix::fs::symlink(root().join(name), project.join(name)).unwrap();
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(&project);
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
