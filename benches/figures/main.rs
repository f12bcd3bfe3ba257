//! The figures of the till: each a ratio against a reference taken in the same run, on the same disk.
//!
//! `cargo bench` prints the table; `cargo bench -- scan` only the figures whose name contains a word. Nothing here fails by
//! the clock: timings on shared machines are noisy, ratios less so.

mod central;
#[path = "../../tests/integration/hostile/documents.rs"]
mod hostile;
mod measure;
mod offline;
mod orders;
mod parsing;
mod postgres;
mod refusals;
mod sales;
mod till;
mod website;

use std::process::ExitCode;

fn main() -> ExitCode {
    // `cargo bench` passes `--bench`; every other argument is a word to look for.
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    if let Some(path) = words.iter().find_map(|word| word.strip_prefix(offline::START_ONLY)) {
        return ended("start", offline::start_only(std::path::Path::new(path)));
    }
    let figures: [(&str, fn() -> anyhow::Result<Vec<measure::Figure>>); 10] = [
        ("scan search catalogue", till::catalogue),
        ("start", offline::start),
        ("sale commit", sales::commit),
        ("close", sales::close),
        ("drain", offline::drain),
        ("ingest", central::ingest),
        ("website", website::website),
        ("orders", orders::orders),
        ("reading orders", parsing::parsing),
        ("refusing hostile documents", refusals::refusals),
    ];
    println!("| what | measured | reference | ratio |\n|---|---|---|---|");
    for (name, run) in figures.into_iter().filter(|(name, _)| wanted(name)) {
        let rows = run().map(|rows| rows.iter().for_each(|row| println!("{row}")));
        if ended(name, rows) == ExitCode::FAILURE {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn ended(name: &str, result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}
