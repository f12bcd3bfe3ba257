//! `central stock`.

use clap::Args;
use till::central::Surroundings;
use till::central::store::{LevelProof, Store};
use till::domain::ids::StoreId;

use crate::{Data, Outcome, print};

/// What every store has: on hand, held, promised, safety, free
#[derive(Args)]
#[command(after_help = "\
Examples:
  central stock --data shop --store S001
  central stock --data shop --json
  central stock --data shop --prove     (folds the ledger again and says how much; exit code 1 when a figure differs)")]
pub struct Arguments {
    /// Of one store
    #[arg(long, value_name = "CODE")]
    store: Option<String>,
    /// Fold movements and orders again and name every figure that differs
    #[arg(long)]
    prove: bool,
    #[command(flatten)]
    data: Data,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// Lists, or proves.
pub async fn run(arguments: Arguments, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open_to_look(&surroundings)?;
    if arguments.prove {
        let proof = store.prove_levels().await?;
        store.close();
        return prove(&proof);
    }
    let stock = store.list_stock(arguments.store.map(StoreId::new)).await?;
    store.close();
    let rows: Vec<Vec<String>> = stock
        .iter()
        .map(|row| {
            let figures = [row.level.on_hand, row.level.held, row.level.promised, row.level.safety, row.level.free()];
            let mut cells = vec![row.store.to_string(), row.product.to_string()];
            cells.extend(figures.iter().map(ToString::to_string));
            cells.push(row.name.clone());
            cells
        })
        .collect();
    let values = stock.iter().map(|row| {
        serde_json::json!({
            "store": row.store.as_str(), "product": row.product.as_str(), "name": row.name,
            "on_hand": row.level.on_hand.to_string(), "held": row.level.held.to_string(),
            "promised": row.level.promised.to_string(), "safety": row.level.safety.to_string(),
            "free": row.level.free().to_string(),
        })
    });
    let headers = ["STORE", "PRODUCT", "ON HAND", "HELD", "PROMISED", "SAFETY", "FREE", "NAME"];
    print::rows(&headers, &rows, arguments.json.then(|| values.collect()))?;
    Ok(Outcome::Done)
}

/// Says what differs, and how much was held against what.
fn prove(proof: &LevelProof) -> anyhow::Result<Outcome> {
    let LevelProof { levels, movements, orders, faults } = proof;
    for fault in faults {
        let text = format!("{} {}: {:?}, should be {:?}\n", fault.store, fault.product, fault.kept, fault.folded);
        print::text_out(&text)?;
    }
    let found = match faults.len() {
        0 => format!("{levels} levels are what their ledger says"),
        differ => format!("{differ} of {levels} levels are not what their ledger says"),
    };
    let plural = if *orders == 1 { "" } else { "s" };
    print::text_out(&format!("{found}: {movements} movements and {orders} open order{plural} were folded again\n"))?;
    Ok(if faults.is_empty() { Outcome::Done } else { Outcome::CheckFailed })
}
