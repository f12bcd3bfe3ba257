//! `till export`: the journal and the sales as text.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use till::database::JournalReader;
use till::domain::event::Event;
use till::domain::ids::JournalMark;
use till::terminal::DATABASE_FILE;
use till::wire;

/// What to write.
#[derive(Args)]
#[command(after_help = "\
Examples:
  till export sales > sales.csv
  till export journal > journal.jsonl        (one JSON object an entry, in order)")]
pub struct ExportArguments {
    /// What to write.
    what: What,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Every entry: identity, place, time, kind, payload and hash as hexadecimal.
    Journal,
    /// Every completed sale, a line each, as CSV.
    Sales,
}

/// How many entries are read at a time.
const PAGE_BYTES: usize = 1 << 20;
const PAGE_ENTRIES: usize = 512;

/// Writes to standard output; the till may go on selling meanwhile.
pub fn run(arguments: &ExportArguments, data: &Path) -> anyhow::Result<ExitCode> {
    let reader = JournalReader::open(&data.join(DATABASE_FILE))?;
    let out = io::stdout().lock();
    match arguments.what {
        What::Journal => journal(&reader, out)?,
        What::Sales => sales(&reader, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn each_entry(
    reader: &JournalReader,
    mut with: impl FnMut(till::wire::entry::SealedEntry) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    for run in reader.list_runs()? {
        let mut after = 0;
        loop {
            let mark = JournalMark { run: run.run, sequence: after };
            let page = reader.list_after(mark, PAGE_ENTRIES, PAGE_BYTES)?;
            let Some(last) = page.last() else { break };
            after = last.header.mark.sequence;
            for entry in page {
                with(entry)?;
            }
        }
    }
    Ok(())
}

fn journal(reader: &JournalReader, mut out: impl Write) -> anyhow::Result<()> {
    each_entry(reader, |entry| {
        let header = &entry.header;
        let line = serde_json::json!({
            "entry": header.entry.to_string(),
            "till": header.till.to_string(),
            "run": header.mark.run.to_string(),
            "sequence": header.mark.sequence,
            "recorded_at": header.recorded_at.to_rfc3339(),
            "operator": header.operator.as_ref().map(|o| o.to_string()),
            "business_day": header.business_day.to_string(),
            "kind": header.kind,
            "payload": hexadecimal(&entry.payload),
            "previous_hash": hexadecimal(&entry.previous_hash),
            "hash": hexadecimal(&entry.hash),
        });
        writeln!(out, "{line}")?;
        Ok(())
    })
}

fn sales(reader: &JournalReader, out: impl Write) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "receipt",
        "completed_at",
        "business_day",
        "operator",
        "items",
        "total",
        "tax",
        "change",
        "currency",
    ])?;
    each_entry(reader, |entry| {
        let business_day = entry.header.business_day.to_string();
        if let Event::SaleCompleted(sale) = wire::decode_event(&entry.payload)? {
            let items: i64 = sale.lines.iter().map(|l| l.item_count()).sum();
            csv.write_record([
                sale.receipt_number.to_string(),
                sale.completed_at.to_rfc3339(),
                business_day,
                sale.operator.to_string(),
                items.to_string(),
                sale.total.to_string(),
                sale.tax_total().to_string(),
                sale.change.to_string(),
                sale.total.currency().code().to_owned(),
            ])?;
        }
        Ok(())
    })?;
    csv.flush()?;
    Ok(())
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
