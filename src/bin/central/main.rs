//! `central`: the server, and head office's commands beside it. One file per command; each only wires.

mod arguments;
mod case;
mod channel;
mod enrol_code;
mod findings;
mod forget;
mod held;
mod import;
mod office_token;
mod order;
mod print;
mod problem;
mod serve;
mod shut_out;
mod stock;
mod submit;
mod tills;
mod warehouse;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use till::central::store::sqlite::{OpenAs, SqliteStore};
use till::central::{Surroundings, server};
use tracing_subscriber::EnvFilter;

/// The central system of a company's shops: tills copy their journals to it, websites order and ask what is free.
#[derive(Parser)]
#[command(name = "central", version, after_help = EXAMPLES, arg_required_else_help = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  central import stores stores.csv --data shop
  central import products products.csv --data shop
  central enrol-code --store S001 --workstation T01 --data shop
  central channel add website --kind website --data shop
  central channel add mill --kind customer --sftp sftp://till@files.example/orders --key mill.key --data shop
  central serve --data shop
  central order submit orders/ --central http://127.0.0.1:50051 --token TOKEN

Exit codes: 0 done, 1 a check failed or an order has problems, 2 wrong use. Logs go to standard error (RUST_LOG).";

const TILLS: &str = "\
Examples:
  central tills --data shop
  central tills --data shop --json

A till says in every call what it has not sent. One that is out of reach may have written more since the time under AS OF.
Times are those of the till's store.";

#[derive(Subcommand)]
enum Command {
    /// Runs the server
    Serve(serve::Arguments),
    /// Adds or changes what a CSV file names: stores, products, operators, stock, customers and their terms
    Import(import::Arguments),
    /// Prints a one-time code that joins a till
    EnrolCode(enrol_code::Arguments),
    /// Shuts a till out for good: one that was stolen, sold or replaced
    ShutOut(shut_out::Arguments),
    /// Ways orders come in, and their tokens
    #[command(subcommand)]
    Channel(channel::Command),
    /// Tokens of head office and the warehouse
    #[command(subcommand)]
    OfficeToken(office_token::Command),
    /// Web orders
    #[command(subcommand)]
    Order(order::Command),
    /// What every store has: on hand, held, promised, safety, free
    Stock(stock::Arguments),
    /// The tills: what each has not sent, since when, and as of when central knows it
    #[command(after_help = TILLS)]
    Tills(arguments::Listing),
    /// What is odd in the tills' journals: entries put aside, forks, steps that did not fit their order
    Findings(findings::Arguments),
    /// Conflict cases
    #[command(subcommand)]
    Case(case::Command),
    /// Forgets the persons of orders that are over and of documents that were settled
    Forget(forget::Arguments),
}

/// Where central's data is.
#[derive(Args, Clone)]
struct Data {
    /// Central's data folder
    #[arg(long = "data", value_name = "DIR", env = "CENTRAL_DATA", default_value = "central-data")]
    folder: PathBuf,
}

impl Data {
    /// Opens the data beside a server that may be running on it.
    fn open(&self, surroundings: &Surroundings) -> anyhow::Result<SqliteStore> {
        Ok(server::open_store(&self.folder, OpenAs::Tool, surroundings)?)
    }

    /// Opens the data to look at it, and leaves it as it is.
    fn open_to_look(&self, surroundings: &Surroundings) -> anyhow::Result<SqliteStore> {
        let opened = server::open_store(&self.folder, OpenAs::Reader, surroundings);
        opened.with_context(|| format!("is {} central's data folder (--data)?", self.folder.display()))
    }
}

/// What was asked for cannot be meant: exit code 2, as for what clap refuses.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct WrongUse(String);

/// What a command came to.
enum Outcome {
    /// Done.
    Done,
    /// Done, and something was found wrong: exit code 1.
    CheckFailed,
}

fn main() -> ExitCode {
    let line = CommandLine::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,h2=warn,hyper=warn"));
    // What cannot be logged, because the terminal is gone, is no reason to end.
    tracing_subscriber::fmt().with_env_filter(filter).log_internal_errors(false).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("central: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(line.command)) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::CheckFailed) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("central: {error:#}");
            match error.downcast_ref::<WrongUse>() {
                Some(_) => ExitCode::from(2),
                None => ExitCode::FAILURE,
            }
        }
    }
}

async fn run(command: Command) -> anyhow::Result<Outcome> {
    let surroundings = Surroundings::of_the_machine()?;
    match command {
        Command::Serve(arguments) => serve::run(arguments, surroundings).await,
        Command::Import(arguments) => import::run(arguments, surroundings).await,
        Command::EnrolCode(arguments) => enrol_code::run(arguments, surroundings).await,
        Command::ShutOut(arguments) => shut_out::run(arguments, surroundings).await,
        Command::Channel(command) => channel::run(command, surroundings).await,
        Command::OfficeToken(command) => office_token::run(command, surroundings).await,
        Command::Order(command) => order::run(command, surroundings).await,
        Command::Stock(arguments) => stock::run(arguments, surroundings).await,
        Command::Tills(arguments) => tills::run(arguments, surroundings).await,
        Command::Findings(arguments) => findings::run(arguments, surroundings).await,
        Command::Case(command) => case::run(command, surroundings).await,
        Command::Forget(arguments) => forget::run(arguments, surroundings).await,
    }
}
