//! `central order problem`: documents that are no orders yet, put right or dismissed.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use till::central::Surroundings;
use till::central::intake::Intake;
use till::central::intake::mend::{is_taken, point_at};
use till::central::store::sqlite::Word;
use till::central::store::{ProblemFilter, ProblemRecord, ProblemState, Store};
use till::domain::ids::ChannelId;
use till::domain::zone::StoreZone;

use crate::arguments::{Listing, parse_word};
use crate::{Data, Outcome, print};

/// Problem orders
#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  central order problem list --state open --data shop
  central order problem show NAME --data shop")]
pub enum Command {
    /// Lists them, oldest first
    List(List),
    /// Shows one with the places of what is wrong
    Show(Show),
    /// Sends a mended document in again by the problem's own channel
    Mend(Mend),
    /// Settles one without an order; the channel is told why
    Dismiss(Dismiss),
    /// Counts what came in by each channel
    #[command(after_help = COUNTS)]
    Counts(Listing),
}

const COUNTS: &str = "\
Examples:
  central order problem counts --data shop
  central order problem counts --data shop --json";

/// Which to list.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central order problem list --data shop --state open
  central order problem list --data shop --channel website --json

Their names are what show, mend and dismiss want.")]
pub struct List {
    /// Where they stand (all when it is not said)
    #[arg(long, value_parser = parse_word::<ProblemState>())]
    state: Option<ProblemState>,
    /// Of one channel
    #[arg(long, value_name = "NAME")]
    channel: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 1000)]
    limit: usize,
    #[command(flatten)]
    data: Data,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// Which to show.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central order problem show NAME --data shop
  central order problem show NAME --document --data shop > order.xml

NAME is the one that central order problem list prints.")]
pub struct Show {
    /// Its name
    problem: uuid::Uuid,
    /// Print nothing but the document, to mend it
    #[arg(long)]
    document: bool,
    #[command(flatten)]
    data: Data,
}

/// What to send again.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central order problem show NAME --document --data shop > mended.xml
  central order problem mend NAME mended.xml --data shop
  central order problem mend NAME --data shop        (as it is: the product is in the catalogue now)

The exit code is 1 when it still has problems.")]
pub struct Mend {
    /// Its name
    problem: uuid::Uuid,
    /// The document put right (the kept one when no file is named)
    file: Option<PathBuf>,
    /// Who does it
    #[arg(long = "by", value_name = "NAME", env = "USER", default_value = "office")]
    person: String,
    #[command(flatten)]
    data: Data,
}

/// Which to dismiss, and why.
#[derive(Args)]
#[command(after_help = "\
Example:
  central order problem dismiss NAME --reason 'ordered by mail instead' --data shop")]
pub struct Dismiss {
    /// Its name
    problem: uuid::Uuid,
    /// Why
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    reason: String,
    /// Who does it
    #[arg(long = "by", value_name = "NAME", env = "USER", default_value = "office")]
    person: String,
    #[command(flatten)]
    data: Data,
}

/// Runs the command.
pub async fn run(command: Command, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    match command {
        Command::List(arguments) => list(arguments, surroundings).await,
        Command::Show(arguments) => show(arguments, surroundings).await,
        Command::Mend(arguments) => mend(arguments, surroundings).await,
        Command::Dismiss(arguments) => dismiss(arguments, surroundings).await,
        Command::Counts(arguments) => count(arguments, surroundings).await,
    }
}

async fn list(arguments: List, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open_to_look(&surroundings)?;
    let channel = arguments.channel.map(ChannelId::new);
    let filter =
        ProblemFilter { channel, state: arguments.state, problems_max: arguments.limit, ..ProblemFilter::default() };
    let records = store.list_problems(filter).await?;
    let zone = print::Zones::of(&store.list_stores().await?).shared();
    store.close();
    let mut rows = Vec::with_capacity(records.len());
    let mut values = Vec::with_capacity(records.len());
    for record in &records {
        let problems: serde_json::Value = serde_json::from_str(&record.problems)?;
        rows.push(vec![
            uuid::Uuid::from_bytes(record.problem).to_string(),
            record.state.word().into(),
            record.channel.to_string(),
            record.reference.clone(),
            zone.stamp(record.received_at),
            problems[0]["message"].as_str().unwrap_or_default().to_owned(),
        ]);
        values.push(serde_json::json!({
            "problem": uuid::Uuid::from_bytes(record.problem).to_string(), "state": record.state.word(),
            "channel": record.channel.as_str(), "reference": record.reference,
            "received_at": record.received_at.to_rfc3339(), "times": record.times, "problems": problems,
            "settled_at": record.settled_at.map(|at| at.to_rfc3339()), "person": record.person,
            "reason": record.reason, "successor": record.successor,
        }));
    }
    let headers = ["PROBLEM", "STATE", "CHANNEL", "REFERENCE", "RECEIVED", "WHY"];
    print::rows(&headers, &rows, arguments.json.then_some(values))?;
    Ok(Outcome::Done)
}

async fn show(arguments: Show, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open_to_look(&surroundings)?;
    let found = store.find_problem(arguments.problem.into_bytes()).await?;
    let zone = print::Zones::of(&store.list_stores().await?).shared();
    store.close();
    let record = found.with_context(|| format!("there is no problem order {}", arguments.problem))?;
    if arguments.document {
        use std::io::Write;
        std::io::stdout().lock().write_all(&record.kept.document)?;
        return Ok(Outcome::Done);
    }
    print::text_out(&told(&record, &zone)?)?;
    Ok(Outcome::Done)
}

/// Each reason with its place in the document.
fn told(record: &ProblemRecord, zone: &StoreZone) -> anyhow::Result<String> {
    let kept = &record.kept;
    let at = zone.stamp(kept.received_at);
    let mut text = format!("{} via {}, came {at}, {} times\n", record.state.word(), kept.channel, kept.times);
    match record.state {
        ProblemState::Open => {}
        ProblemState::Dismissed => text.push_str(&format!("dismissed by {}: {}\n", record.person, record.reason)),
        ProblemState::Resubmitted => text.push_str(&format!("became {} (by {})\n", record.successor, record.person)),
    }
    let problems: Vec<serde_json::Value> = serde_json::from_str(&kept.problems)?;
    for problem in &problems {
        let said = |name: &str| problem[name].as_str().unwrap_or_default();
        let figure = |name: &str| problem[name].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        let (line, column) = (figure("line"), figure("column"));
        text.push_str(&format!("\n{line}:{column} {} {}: {}\n", said("code"), said("path"), said("message")));
        if let Some(place) = point_at(&kept.document, line, column) {
            text.push_str(&place);
            text.push('\n');
        }
        text.push_str(&format!("({})\n", said("hint")));
    }
    Ok(text)
}

async fn mend(arguments: Mend, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let mended = match &arguments.file {
        Some(file) => Some(std::fs::read(file).with_context(|| file.display().to_string())?),
        None => None,
    };
    let store = arguments.data.open(&surroundings)?;
    let intake = Intake::new(store.clone(), surroundings);
    let answer = intake.mend(arguments.problem.into_bytes(), mended, &arguments.person).await;
    drop(intake);
    store.close();
    let answer = answer?.with_context(|| arguments.problem.to_string())?;
    for one in &answer.orders {
        let mut text = format!("{} {}\n", one.outcome.as_str(), one.our_name());
        for problem in &one.problems {
            let place = &problem.place;
            text.push_str(&format!("  {}:{} {}\n", place.line, place.column, problem.message));
        }
        print::text_out(&text)?;
    }
    Ok(if is_taken(&answer) { Outcome::Done } else { Outcome::CheckFailed })
}

async fn dismiss(arguments: Dismiss, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open(&surroundings)?;
    let intake = Intake::new(store.clone(), surroundings);
    let done = intake.dismiss(arguments.problem.into_bytes(), &arguments.person, &arguments.reason).await;
    drop(intake);
    store.close();
    done?.with_context(|| arguments.problem.to_string())?;
    Ok(Outcome::Done)
}

async fn count(arguments: Listing, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open_to_look(&surroundings)?;
    let counts = store.list_channel_counts().await?;
    let zone = print::Zones::of(&store.list_stores().await?).shared();
    store.close();
    let rows: Vec<Vec<String>> = counts
        .iter()
        .map(|count| {
            let figures = [count.received, count.imported, count.duplicates, count.problems, count.open];
            let oldest = count.oldest_open_at.map_or_else(String::new, |at| zone.stamp(at));
            std::iter::once(count.channel.to_string())
                .chain(figures.iter().map(u64::to_string))
                .chain([oldest])
                .collect()
        })
        .collect();
    let values = counts.iter().map(|count| {
        serde_json::json!({
            "channel": count.channel.as_str(), "received": count.received, "imported": count.imported,
            "duplicates": count.duplicates, "problems": count.problems, "open": count.open,
            "oldest_open_at": count.oldest_open_at.map(|at| at.to_rfc3339()),
        })
    });
    let headers = ["CHANNEL", "RECEIVED", "IMPORTED", "DUPLICATES", "PROBLEMS", "OPEN", "OLDEST"];
    print::rows(&headers, &rows, arguments.json.then(|| values.collect()))?;
    Ok(Outcome::Done)
}
