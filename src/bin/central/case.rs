//! `central case`.

use clap::{Args, Subcommand};
use till::central::Surroundings;
use till::central::store::sqlite::Word;
use till::central::store::{CaseFilter, CaseRecord, Store};
use till::domain::conflict::propose;

use crate::{Data, Outcome, print};

/// Conflict cases
#[derive(Subcommand)]
#[command(after_help = "\
Example:
  central case list --data shop")]
pub enum Command {
    /// Lists the open ones, the most urgent first
    List(List),
}

/// Which cases.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central case list --data shop
  central case list --data shop --all --json")]
pub struct List {
    /// The settled ones too
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    data: Data,
    /// Print as JSON, with everything that was done
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub async fn run(command: Command, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let Command::List(arguments) = command;
    let store = arguments.data.open_to_look(&surroundings)?;
    let which = if arguments.all { CaseFilter::All } else { CaseFilter::Open };
    let cases = store.list_cases(which).await?;
    let zones = print::Zones::of(&store.list_stores().await?);
    store.close();
    let rows: Vec<Vec<String>> = cases
        .iter()
        .map(|record| {
            let proposal = propose(&record.proposals, record.case.quantity);
            vec![
                record.store.to_string(),
                record.case.order.to_string(),
                record.case.product.to_string(),
                record.case.quantity.to_string(),
                record.case.state.word().into(),
                record.owner.clone().unwrap_or_default(),
                zones.find(&record.store).stamp(record.case.due_at),
                proposal.map_or_else(String::new, |other| format!("{} has {}", other.store, other.free)),
            ]
        })
        .collect();
    let headers = ["STORE", "ORDER", "PRODUCT", "MISSING", "STATE", "OWNER", "DUE", "PROPOSAL"];
    print::rows(&headers, &rows, arguments.json.then(|| cases.iter().map(case_value).collect()))?;
    Ok(Outcome::Done)
}

fn case_value(record: &CaseRecord) -> serde_json::Value {
    let acts = record.acts.iter().map(|act| {
        serde_json::json!({
            "act": act.act, "entry": act.entry.map(|entry| entry.to_string()), "person": act.person,
            "approver": act.approver,
            "workstation": act.workstation.as_ref().map(|name| name.as_str()), "note": act.note,
            "at": act.at.to_rfc3339(),
        })
    });
    let proposals = record.proposals.iter().map(|other| {
        serde_json::json!({
            "store": other.store.as_str(), "free": other.free.to_string(), "distance_m": other.distance_m,
            "as_of": other.as_of.to_rfc3339(),
        })
    });
    serde_json::json!({
        "case": record.case.case.to_string(), "store": record.store.as_str(), "order": record.case.order.as_str(),
        "product": record.case.product.as_str(), "quantity": record.case.quantity.to_string(),
        "state": record.case.state.word(), "owner": record.owner, "opened_at": record.case.opened_at.to_rfc3339(),
        "due_at": record.case.due_at.to_rfc3339(), "closed_at": record.closed_at.map(|at| at.to_rfc3339()),
        "acts": acts.collect::<Vec<_>>(), "proposals": proposals.collect::<Vec<_>>(),
    })
}
