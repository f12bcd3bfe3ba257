//! The figures of the till: each a ratio against a reference taken in the same run, on the same disk.
//!
//! `cargo bench` prints the table; `cargo bench -- scan` only the figures whose name contains a word. Nothing here fails by
//! the clock: timings on shared machines are noisy, ratios less so.

mod central;
mod measure;
mod postgres;
mod till;
mod website;

use std::process::ExitCode;

fn main() -> ExitCode {
    // `cargo bench` passes `--bench`; every other argument is a word to look for.
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    let figures: [(&str, fn() -> anyhow::Result<Vec<measure::Figure>>); 4] = [
        ("scan search start", till::catalogue),
        ("sale commit", till::sale_commit),
        ("ingest", central::ingest),
        ("website", website::website),
    ];
    println!("| what | measured | reference | ratio |\n|---|---|---|---|");
    for (name, run) in figures.into_iter().filter(|(name, _)| wanted(name)) {
        match run() {
            Ok(rows) => rows.iter().for_each(|row| println!("{row}")),
            Err(error) => {
                eprintln!("{name}: {error:#}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
