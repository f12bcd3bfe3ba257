//! `central order submit`: documents, one after the other, to a central that runs or straight into its data.
//!
//! Each is answered before the next is sent, so that a change comes behind its order. Broken off anywhere, all may be sent
//! again: what was taken is a duplicate then, and changes nothing.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use till::central::Surroundings;
use till::central::intake::files::plan::is_left_alone;
use till::central::intake::problem::Problem;
use till::central::intake::xml::DOCUMENT_BYTES_MAX;
use till::central::intake::{Incoming, Intake};
use till::central::store::sqlite::SqliteStore;
use till::domain::ids::ChannelId;
use till::wire::trade::v1 as proto;
use till::wire::trade::v1::order_service_client::OrderServiceClient;
use tonic::Code;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};

use crate::{Data, Outcome, WrongUse, print};

/// From so many documents on, a terminal shows a bar, and of the answers only those that somebody must read.
const BAR_FROM: usize = 20;

const NO_TOKEN: &str = "--token: a token has nothing but letters, digits, - and _";

/// What to send, and where.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central order submit order.xml --central http://127.0.0.1:50051 --token TOKEN
  central order submit orders/ --central https://central.example:50051 --token TOKEN --ca authority.pem
  central order submit order.xml --direct website --data shop

Of a folder every file is sent, by name; hidden files and *.tmp *.part *.filepart *.crdownload *~ *.done *.ok are not. When
it is interrupted, run it again: what was taken is a duplicate then, and changes nothing.

The exit code is 1 when a document has problems or cannot be read.")]
pub struct Submit {
    /// The documents, or folders of them
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Where central runs
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:50051", conflicts_with = "direct")]
    central: String,
    /// Token of the channel
    #[arg(long, env = "CENTRAL_TOKEN", hide_env_values = true, required_unless_present = "direct")]
    token: Option<String>,
    /// Trust this authority (PEM), besides nothing else
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Take the documents straight into the data folder, as if by this channel
    #[arg(long, value_name = "CHANNEL")]
    direct: Option<String>,
    #[command(flatten)]
    data: Data,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// Sends everything and reports.
pub async fn run(arguments: Submit, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let files = list_documents(&arguments.files)?;
    let mut way = Way::open(&arguments, surroundings).await?;
    let mut report = Report::begin(files.len(), arguments.json)?;
    let interrupted = tokio::signal::ctrl_c();
    tokio::pin!(interrupted);
    let mut ended = Ok(());
    for file in &files {
        let answered = tokio::select! {
            answered = way.send(file) => answered,
            interrupted = &mut interrupted => match interrupted {
                Ok(()) => Err(anyhow::anyhow!("interrupted")),
                Err(error) => Err(error.into()),
            },
        };
        ended = answered.and_then(|answers| report.tell(file, &answers));
        if ended.is_err() {
            break;
        }
    }
    way.close();
    let told = report.told;
    let has_problems = report.end()?;
    ended.with_context(|| match files.len() {
        1 => files[0].display().to_string(),
        all => format!("{told} of {all} files were answered; send all again, what was taken changes nothing"),
    })?;
    Ok(if has_problems { Outcome::CheckFailed } else { Outcome::Done })
}

/// The files that are named, and those of the folders that are named.
fn list_documents(named: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::with_capacity(named.len());
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut found = Vec::new();
        for entry in std::fs::read_dir(path).with_context(|| path.display().to_string())? {
            let entry = entry.with_context(|| path.display().to_string())?;
            let is_document = entry.path().is_file() && !is_left_alone(&entry.file_name().to_string_lossy());
            found.extend(is_document.then(|| entry.path()));
        }
        anyhow::ensure!(!found.is_empty(), "there is no document in {}", path.display());
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// The answer to one order of a file, whichever way it went.
struct Answer {
    outcome: &'static str,
    reference: String,
    number: String,
    store: String,
    problems: Vec<proto::Problem>,
}

/// How documents go in.
enum Way {
    /// By gRPC, with the channel's token.
    Call(OrderServiceClient<Channel>, String),
    /// Into the data, as if by this channel.
    Direct(SqliteStore, Box<Intake<SqliteStore>>, ChannelId),
}

impl Way {
    async fn open(arguments: &Submit, surroundings: Surroundings) -> anyhow::Result<Self> {
        match &arguments.direct {
            Some(channel) => {
                let store = arguments.data.open(&surroundings)?;
                let intake = Box::new(Intake::new(store.clone(), surroundings));
                Ok(Self::Direct(store, intake, ChannelId::new(channel)))
            }
            None => Ok(Self::Call(connect(arguments).await?, arguments.token.clone().unwrap_or_default())),
        }
    }

    /// Sends a file. Only what concerns the others as well is an error.
    async fn send(&mut self, file: &Path) -> anyhow::Result<Vec<Answer>> {
        let bytes = match read_document(file) {
            Ok(bytes) => bytes,
            Err(why) => return Ok(vec![unanswered("UNREADABLE", &why)]),
        };
        match self {
            Self::Call(client, token) => call(client, token, file, bytes).await,
            Self::Direct(_, intake, channel) => {
                let incoming = Incoming { channel: channel.clone(), content_type: "application/xml".into(), bytes };
                let taken = intake.take_document(incoming, None).await?;
                Ok(taken.orders.into_iter().map(answer_of_intake).collect())
            }
        }
    }

    fn close(self) {
        if let Self::Direct(store, intake, _) = self {
            drop(intake);
            store.close();
        }
    }
}

/// No more of a file than an order may have: it can be of any size, or have no end.
fn read_document(file: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(file);
    let read = opened.and_then(|open| open.take(DOCUMENT_BYTES_MAX as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|error| match (error.kind(), std::env::current_dir()) {
        (std::io::ErrorKind::NotFound, Ok(here)) if file.is_relative() => {
            format!("there is no such file in {}: say where it is from there, or write its whole path", here.display())
        }
        (std::io::ErrorKind::NotFound, _) => "there is no such file".to_owned(),
        _ => format!("cannot read it: {error}"),
    })?;
    if bytes.len() > DOCUMENT_BYTES_MAX {
        return Err(format!("no order document is as large as this: {DOCUMENT_BYTES_MAX} bytes at most"));
    }
    Ok(bytes)
}

/// A document that did not come so far as to be an order or a problem: nobody could read it, or central took no such message.
fn unanswered(outcome: &'static str, why: &str) -> Answer {
    let problem = proto::Problem { message: why.to_owned(), ..proto::Problem::default() };
    let nothing = String::new;
    Answer { outcome, reference: nothing(), number: nothing(), store: nothing(), problems: vec![problem] }
}

fn answer_of_intake(answer: till::central::intake::IntakeAnswer) -> Answer {
    let order = answer.order.as_deref();
    Answer {
        outcome: answer.outcome.as_str(),
        number: order.map_or_else(String::new, |order| order.number.to_string()),
        store: order.map_or_else(String::new, |order| order.store.to_string()),
        problems: answer.problems.iter().map(Problem::to_wire).collect(),
        reference: answer.reference,
    }
}

async fn connect(arguments: &Submit) -> anyhow::Result<OrderServiceClient<Channel>> {
    let endpoint = Endpoint::from_shared(arguments.central.clone());
    let mut endpoint = endpoint
        .map_err(|_| WrongUse(format!("--central {:?}: write http://127.0.0.1:50051", arguments.central)))?
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(30));
    if arguments.central.starts_with("https:") {
        let mut tls = ClientTlsConfig::new();
        if let Some(file) = &arguments.ca {
            let pem = std::fs::read(file).with_context(|| file.display().to_string())?;
            tls = tls.ca_certificate(Certificate::from_pem(pem));
        }
        endpoint = endpoint.tls_config(tls)?;
    }
    let channel = endpoint.connect().await.with_context(|| format!("cannot reach {}", arguments.central))?;
    Ok(OrderServiceClient::new(channel))
}

fn is_too_large(status: &tonic::Status) -> bool {
    till::wire::decode_refusal(status.details()).is_some_and(|refusal| refusal.reason == "MESSAGE_TOO_LARGE")
}

async fn call(
    client: &mut OrderServiceClient<Channel>,
    token: &str,
    file: &Path,
    xml: Vec<u8>,
) -> anyhow::Result<Vec<Answer>> {
    let mut request = tonic::Request::new(proto::SubmitOrderRequest {
        channel: String::new(),
        client_reference: file.display().to_string(),
        content_type: "application/xml".into(),
        xml,
    });
    request
        .metadata_mut()
        .insert("authorization", format!("Bearer {token}").parse().map_err(|_| WrongUse(NO_TOKEN.to_owned()))?);
    let answer = match client.submit_order(request).await {
        Ok(answer) => answer.into_inner(),
        // What is wrong with this message is not with the others.
        Err(status) if status.code() == Code::InvalidArgument || is_too_large(&status) => {
            return Ok(vec![unanswered("REFUSED", status.message())]);
        }
        Err(status) => anyhow::bail!("{}", status.message()),
    };
    if answer.orders.is_empty() {
        let outcome = outcome_word(answer.outcome());
        let (reference, number, store) = (answer.sender_reference, answer.order_number, answer.store);
        return Ok(vec![Answer { outcome, reference, number, store, problems: answer.problems }]);
    }
    let answers = answer.orders.into_iter().map(|order| Answer {
        outcome: outcome_word(order.outcome()),
        reference: order.sender_reference,
        number: order.order_number,
        store: order.store,
        problems: order.problems,
    });
    Ok(answers.collect())
}

const fn outcome_word(outcome: proto::Outcome) -> &'static str {
    match outcome {
        proto::Outcome::Imported => "IMPORTED",
        proto::Outcome::Duplicate => "DUPLICATE",
        proto::Outcome::Changed => "CHANGED",
        proto::Outcome::Cancelled => "CANCELLED",
        proto::Outcome::Problem => "PROBLEM",
        proto::Outcome::Unspecified => "UNKNOWN",
    }
}

/// What people and programs are told, while it goes on and at the end.
struct Report {
    files: usize,
    /// On a terminal, from some documents on.
    bar: Option<ProgressBar>,
    /// Instead of text, all at the end.
    json: Option<Vec<serde_json::Value>>,
    /// Files answered.
    told: usize,
    accepted: usize,
    duplicates: usize,
    problems: usize,
}

impl Report {
    fn begin(files: usize, as_json: bool) -> anyhow::Result<Self> {
        let with_bar = files >= BAR_FROM && std::io::stderr().is_terminal();
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {msg} {eta}")?;
        let bar = with_bar.then(|| ProgressBar::new(files as u64).with_style(style));
        let json = as_json.then(Vec::new);
        Ok(Self { files, bar, json, told: 0, accepted: 0, duplicates: 0, problems: 0 })
    }

    fn tell(&mut self, file: &Path, answers: &[Answer]) -> anyhow::Result<()> {
        self.told += 1;
        let mut text = String::new();
        for answer in answers {
            let is_problem = match answer.outcome {
                "IMPORTED" | "CHANGED" | "CANCELLED" => count(&mut self.accepted, false),
                "DUPLICATE" => count(&mut self.duplicates, false),
                _ => count(&mut self.problems, true),
            };
            match &mut self.json {
                Some(values) => values.push(value_of(file, answer)),
                // Beside a bar only what is wrong is worth a line, unless the lines go somewhere else.
                None if is_problem || self.bar.is_none() || !std::io::stdout().is_terminal() => {
                    text.push_str(&lines_of(file, answer));
                }
                None => {}
            }
        }
        let Some(bar) = &self.bar else { return print::text_out(&text) };
        bar.set_message(self.sums());
        bar.inc(1);
        if text.is_empty() { Ok(()) } else { bar.suspend(|| print::text_out(&text)) }
    }

    /// What became of the orders: a file may hold several.
    fn sums(&self) -> String {
        let Self { accepted, duplicates, problems, .. } = self;
        let orders = counted(accepted + duplicates + problems, "order");
        let (duplicates, problems) = (counted(*duplicates, "duplicate"), counted(*problems, "problem"));
        format!("{orders}: {accepted} accepted, {duplicates}, {problems}")
    }

    /// Prints what is left to say. Answers whether anything had problems.
    fn end(self) -> anyhow::Result<bool> {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let sums = self.sums();
        match self.json {
            Some(values) => print::rows(&[], &[], Some(values))?,
            None if self.files > 1 => print::text_out(&format!("{}, {sums}\n", counted(self.told, "file")))?,
            None => {}
        }
        Ok(self.problems > 0)
    }
}

/// `1 file`, `2 files`.
fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// One more. Answers whether it is a problem.
const fn count(counter: &mut usize, is_problem: bool) -> bool {
    *counter += 1;
    is_problem
}

fn lines_of(file: &Path, answer: &Answer) -> String {
    let Answer { outcome, number, store, problems, .. } = answer;
    let taken = [*outcome, number.as_str(), store.as_str()].join(" ");
    let mut text = format!("{}: {}\n", file.display(), taken.trim_end());
    for problem in problems {
        let proto::Problem { line, column, code, path, message, hint, .. } = problem;
        text.push_str(&match code.as_str() {
            "" => format!("  {message}\n"),
            code => format!("  {line}:{column} {code} {path}: {message} ({hint})\n"),
        });
    }
    text
}

fn value_of(file: &Path, answer: &Answer) -> serde_json::Value {
    let problem = |problem: &proto::Problem| {
        serde_json::json!({
            "code": problem.code, "path": problem.path, "line": problem.line, "column": problem.column,
            "value": problem.value, "message": problem.message, "hint": problem.hint,
        })
    };
    let problems: Vec<_> = answer.problems.iter().map(problem).collect();
    serde_json::json!({
        "file": file.display().to_string(), "outcome": answer.outcome, "sender_reference": answer.reference,
        "order_number": answer.number, "store": answer.store, "problems": problems,
    })
}
