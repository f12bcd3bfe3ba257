//! `till verify`: proves a journal file, without the app and without central.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use ed25519_dalek::VerifyingKey;
use serde_json::json;
use till::database::{FirstBad, Report, Trust, VerifyError, verify_journal};

/// What to prove.
#[derive(Args)]
#[command(after_help = "\
Examples:
  till verify till.db
  till verify --key 3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29 till.db

Exit status: 0 the journal holds, 1 it does not (its first bad entry is named) or cannot be read.")]
pub struct VerifyArguments {
    /// The till's database, or a copy of it. It is not changed.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The till's public key as central keeps it: 64 hexadecimal digits. Without it the keys named in the file are
    /// believed, which finds damage and changes, but not a journal forged as a whole.
    #[arg(long, value_name = "KEY", value_parser = parse_key)]
    key: Option<VerifyingKey>,
    /// Print the finding as JSON.
    #[arg(long)]
    json: bool,
}

/// Proves the journal and says what was found on standard output.
pub fn run(arguments: &VerifyArguments) -> anyhow::Result<ExitCode> {
    let trust = arguments.key.as_ref().map_or(Trust::KeysInFile, Trust::Key);
    match verify_journal(&arguments.file, trust) {
        Ok(report) => {
            say(&if arguments.json { format!("{}\n", report_as_json(&report)) } else { report_as_text(&report) })?;
            Ok(ExitCode::SUCCESS)
        }
        Err(VerifyError::Bad(bad)) => {
            let file = arguments.file.display();
            let told = format!("{file}: does not hold\nfirst bad {bad}\n");
            say(&if arguments.json { format!("{}\n", bad_as_json(&bad)) } else { told })?;
            Ok(ExitCode::FAILURE)
        }
        Err(VerifyError::File(error)) => {
            Err(error).with_context(|| format!("{} cannot be proved", arguments.file.display()))
        }
    }
}

/// A reader that has gone away (`| head`) is no error: the exit status says what was found.
fn say(text: &str) -> anyhow::Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

fn report_as_text(report: &Report) -> String {
    let Some(till) = &report.till else { return "holds: no till has written to it yet\n".to_owned() };
    let mut lines = vec![format!(
        "holds: {} entries of till {till} in {} runs, {} sales",
        report.entries, report.runs, report.sales
    )];
    lines.extend(report.last.map(|last| format!("last   run {}, number {}", last.run, last.sequence)));
    lines.push(format!("hash   {}", hexadecimal(&report.hash)));
    lines.extend(report.keys.iter().map(|key| format!("key    {}", hexadecimal(key))));
    lines.join("\n") + "\n"
}

fn report_as_json(report: &Report) -> serde_json::Value {
    json!({
        "holds": true,
        "store": report.till.as_ref().map(|till| till.store.as_str()),
        "workstation": report.till.as_ref().map(|till| till.workstation.as_str()),
        "entries": report.entries,
        "runs": report.runs,
        "sales": report.sales,
        "last_run": report.last.map(|mark| mark.run.to_string()),
        "last_sequence": report.last.map(|mark| mark.sequence),
        "hash": hexadecimal(&report.hash),
        "keys": report.keys.iter().map(|key| hexadecimal(key)).collect::<Vec<_>>(),
    })
}

fn bad_as_json(bad: &FirstBad) -> serde_json::Value {
    json!({
        "holds": false,
        "position": bad.position,
        "run": bad.mark.map(|mark| mark.run.to_string()),
        "sequence": bad.mark.map(|mark| mark.sequence),
        "entry": bad.entry.map(|entry| entry.to_string()),
        "fault": bad.fault.to_string(),
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn parse_key(text: &str) -> anyhow::Result<VerifyingKey> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        bail!("a public key has 64 hexadecimal digits");
    }
    let mut bytes = [0; 32];
    for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16)?;
    }
    VerifyingKey::from_bytes(&bytes).context("not a public key")
}
