//! The sample orders, sent by every path that needs no other server: each comes to what a reader is told to expect. Over SFTP
//! and FTP they go in `files/readme.rs`.

use std::process::Stdio;
use std::time::{Duration, Instant};

use super::central::Central;

/// In the order they are sent.
const SAMPLES: [(&str, &[&str]); 7] = [
    ("pick-up-paid.xml", &["IMPORTED"]),
    ("pick-up-pay-on-collection.xml", &["IMPORTED"]),
    ("delivery.xml", &["IMPORTED"]),
    ("problem.xml", &["PROBLEM"]),
    ("plain.xml", &["IMPORTED", "IMPORTED"]),
    ("revised.xml", &["CHANGED", "CANCELLED"]),
    ("plain.xml", &["DUPLICATE", "DUPLICATE"]),
];
const PATIENCE: Duration = Duration::from_secs(120);

fn sample(name: &str) -> String {
    format!("{}/assets/sample/orders/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_sample_orders_come_to_what_the_readme_says() {
    let mut central = Central::new();
    let token = central.say(&["channel", "add", "website", "--kind", "website"]);
    central.start();
    let url = central.url();
    let submit = |file: &str, way: &[&str]| -> Vec<String> {
        let mut command = central.command(&["order", "submit", file, "--json"]);
        let output = command.args(way).stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let answers: serde_json::Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{output:?}"));
        answers.as_array().unwrap().iter().map(|answer| answer["outcome"].as_str().unwrap().to_owned()).collect()
    };
    for way in [&["--token", &token, "--central", &url][..], &["--direct", "desk"]] {
        for (name, expected) in SAMPLES {
            assert_eq!(submit(&sample(name), way), expected, "{name} {way:?}");
        }
    }
}

#[test]
fn the_sample_orders_come_to_the_same_as_files() {
    let mut central = Central::new();
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().display().to_string();
    central.say(&["channel", "add", "mall", "--kind", "marketplace", "--folder", &place, "--every", "1s"]);
    central.start();
    for (number, (name, expected)) in SAMPLES.into_iter().enumerate() {
        let name_here = format!("{number}.xml");
        std::fs::copy(sample(name), folder.path().join(format!("{name_here}.part"))).unwrap();
        std::fs::rename(folder.path().join(format!("{name_here}.part")), folder.path().join(&name_here)).unwrap();
        std::fs::write(folder.path().join(format!("{name_here}.done")), "").unwrap();
        let end = if expected.contains(&"PROBLEM") { "problem" } else { "imported" };
        let begun = Instant::now();
        while !folder.path().join(end).join(&name_here).exists() {
            assert!(begun.elapsed() < PATIENCE, "{name} is not in {end}\n{}", central.tail());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    let logged = |name: &str| -> usize {
        let log = std::fs::read_to_string(central.path("log")).unwrap();
        let looks = log.lines().filter(|line| line.contains("files picked up") && line.contains("channel=mall"));
        let figures =
            looks.filter_map(|line| line.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('=')));
        figures.map(|figure| figure.parse::<usize>().unwrap()).sum()
    };
    // A look is told of when it has ended, after its files have reached theirs.
    let begun = Instant::now();
    while logged("received") < SAMPLES.len() {
        assert!(begun.elapsed() < PATIENCE, "the log does not tell of every file\n{}", central.tail());
        std::thread::sleep(Duration::from_millis(10));
    }
    let listed: serde_json::Value = serde_json::from_str(&central.say(&["channel", "list", "--json"])).unwrap();
    for name in ["received", "imported", "duplicates", "problems"] {
        assert_eq!(listed[0]["files"][name], logged(name), "{name} in the log and in {listed:#}");
    }
    let files = &listed[0]["files"];
    let count =
        |word: &str| SAMPLES.iter().flat_map(|(_, expected)| *expected).filter(|outcome| **outcome == word).count();
    assert_eq!(files["received"], SAMPLES.len(), "{listed:#}");
    assert_eq!(files["imported"], count("IMPORTED") + count("CHANGED") + count("CANCELLED"), "{listed:#}");
    assert_eq!(
        (&files["duplicates"], &files["problems"]),
        (&count("DUPLICATE").into(), &count("PROBLEM").into()),
        "{listed:#}"
    );
}
