//! `central shut-out`.

use clap::Args;
use till::central::Surroundings;
use till::central::store::Store;
use till::domain::ids::{StoreId, TillId, WorkstationId};

use crate::{Data, Outcome, print};

/// Shuts a till out for good
#[derive(Args)]
#[command(after_help = "\
Example:
  central shut-out --store S001 --workstation T03 --data shop

Central answers the till no more, ends its streams at once and waits for it no longer: what its store may promise is dated by
the tills that are left. One-time codes that were given out for it are void. What it had not sent stays in it (till export).
A new code (central enrol-code) joins a till of that name again.")]
pub struct Arguments {
    /// The till's store
    #[arg(long, value_name = "CODE")]
    store: String,
    /// The till's name within it
    #[arg(long, value_name = "NAME")]
    workstation: String,
    #[command(flatten)]
    data: Data,
}

/// Shuts it out, and says so.
pub async fn run(arguments: Arguments, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let till = TillId { store: StoreId::new(arguments.store), workstation: WorkstationId::new(arguments.workstation) };
    let store = arguments.data.open(&surroundings)?;
    let done = store.revoke_till(till.clone(), surroundings.now()).await;
    store.close();
    done?;
    print::text_out(&format!("{till} is shut out\n"))?;
    Ok(Outcome::Done)
}
