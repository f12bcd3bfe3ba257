//! `central findings`.

use clap::Args;
use till::central::Surroundings;
use till::central::intake::text::printable;
use till::central::store::Store;
use till::central::store::sqlite::Word;

use crate::{Data, Outcome, print};

/// What is odd in the tills' journals: entries put aside, forks, steps that did not fit their order
#[derive(Args)]
#[command(after_help = "\
Examples:
  central findings --data shop
  central findings --data shop --limit 20 --json
  central findings --data shop --retry

put_aside  an entry that could not be believed or booked: kept as it came, and not in the books
fork       two entries of one till follow the same one: it was restored, re-imaged or cloned; both are in the books
misfit     a step that did not fit its order, such as a second hand-over: in the books as far as it fits
money      more or less was taken at the till for an order than it owed; what was taken beyond it is a task at its store
number_twice
           a receipt number that another sale of the till has: it was put back from a copy; both are in the books
sold_twice a basket that was sold before: the till was put back from a copy; both sales are in the books

The newest come first. Times are those of the till's store.")]
pub struct Arguments {
    /// At most so many
    #[arg(long, default_value_t = 1000)]
    limit: usize,
    /// Judge entries that were put aside again first: what an older program did not understand may be booked now
    #[arg(long)]
    retry: bool,
    #[command(flatten)]
    data: Data,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// Lists them.
pub async fn run(arguments: Arguments, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = match arguments.retry {
        true => arguments.data.open(&surroundings)?,
        false => arguments.data.open_to_look(&surroundings)?,
    };
    if arguments.retry {
        let retried = store.retry_quarantined(surroundings.now()).await?;
        eprintln!("{} entries were put aside; {} of them are booked now", retried.looked_at, retried.booked);
    }
    let findings = store.list_findings(0, arguments.limit).await?;
    let zones = print::Zones::of(&store.list_stores().await?);
    store.close();
    let rows: Vec<Vec<String>> = findings
        .iter()
        .map(|finding| {
            vec![
                finding.kind.word().to_owned(),
                finding.store.to_string(),
                finding.workstation.as_ref().map_or_else(String::new, ToString::to_string),
                finding.order.as_ref().map_or_else(String::new, ToString::to_string),
                zones.find(&finding.store).stamp(finding.found_at),
                finding.entry.to_string(),
                printable(&finding.what),
            ]
        })
        .collect();
    let values = findings.iter().map(|finding| {
        serde_json::json!({
            "kind": finding.kind.word(), "store": finding.store.as_str(),
            "workstation": finding.workstation.as_ref().map(|name| name.as_str()),
            "order": finding.order.as_ref().map(|number| number.as_str()), "entry": finding.entry.to_string(),
            "what": finding.what, "found_at": finding.found_at.to_rfc3339(),
        })
    });
    let headers = ["KIND", "STORE", "TILL", "ORDER", "FOUND", "ENTRY", "WHAT"];
    print::rows(&headers, &rows, arguments.json.then(|| values.collect()))?;
    Ok(Outcome::Done)
}
