//! `central enrol-code`.

use chrono::TimeDelta;
use clap::Args;
use till::central::Surroundings;
use till::central::store::Store;
use till::central::surroundings::hash_secret;
use till::domain::ids::{StoreId, TillId, WorkstationId};

use crate::{Data, Outcome, print};

/// Prints a one-time code that joins a till
#[derive(Args)]
#[command(after_help = "\
Example:
  central enrol-code --store S001 --workstation T01 --data shop
  (at the till) till enrol --central https://central.example:50051 --ca authority.pem --code CODE

authority.pem lies in the data folder of a central that serves with --tls.")]
pub struct Arguments {
    /// The till's store
    #[arg(long, value_name = "CODE")]
    store: String,
    /// The till's name within it
    #[arg(long, value_name = "NAME")]
    workstation: String,
    /// How many hours the code is good for
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=720))]
    hours: u16,
    #[command(flatten)]
    data: Data,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// Makes a code and prints it; central keeps only its hash.
pub async fn run(arguments: Arguments, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let till = TillId { store: StoreId::new(arguments.store), workstation: WorkstationId::new(arguments.workstation) };
    let code = surroundings.new_code();
    let expires_at = surroundings.now() + TimeDelta::hours(i64::from(arguments.hours));
    let store = arguments.data.open(&surroundings)?;
    store.add_enrol_code(hash_secret(&code), till.clone(), expires_at).await?;
    store.close();
    match arguments.json {
        true => {
            let value = serde_json::json!({
                "code": code, "store": till.store.as_str(), "workstation": till.workstation.as_str(),
                "expires_at": expires_at.to_rfc3339(),
            });
            print::text_out(&format!("{value:#}\n"))?;
        }
        false => print::text_out(&format!("{code}\n"))?,
    }
    Ok(Outcome::Done)
}
