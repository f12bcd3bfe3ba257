//! `central forget`.

use std::time::Duration;

use clap::Args;
use till::central::{Surroundings, retention};

use crate::{Data, Outcome, print};

/// Forgets the persons of orders that are over and of documents that were settled
#[derive(Args)]
#[command(after_help = "\
Examples:
  central forget --data shop
  central forget --days 30 --data shop

A central that runs does this by itself, every hour and in small parts (central serve --keep-persons-days, 90 when it is not
said). Forgotten are the names, telephone numbers, e-mail and other addresses and the notes of orders that were handed over,
dispatched, put back or cancelled so many days ago, every document their senders sent about them, documents that were
dismissed or mended, and what is kept of files. They are overwritten, not only let go; tills drop what they keep of such an
order. Stock, money and the lines of the orders stay, and the same document sent again is still known.

The tills' journals are signed and stay as they were written: the name of who collected an order stands there.")]
pub struct Arguments {
    /// Of what was over so many days ago
    #[arg(long, default_value_t = retention::DAYS_USUAL, value_parser = parse_days())]
    days: u16,
    #[command(flatten)]
    data: Data,
}

/// Days that persons may be kept.
pub fn parse_days() -> clap::builder::RangedI64ValueParser<u16> {
    clap::value_parser!(u16).range(i64::from(*retention::DAYS.start())..=i64::from(*retention::DAYS.end()))
}

/// Forgets, and says how much.
pub async fn run(arguments: Arguments, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open(&surroundings)?;
    // Others wait for nothing longer than one part: no rest is needed between two.
    let forgotten = retention::forget(&store, arguments.days, surroundings.now(), Duration::ZERO).await;
    store.close();
    let forgotten = forgotten?;
    print::text_out(&format!(
        "{} orders, {} documents, {} files: their persons are forgotten\n",
        forgotten.orders, forgotten.problems, forgotten.files
    ))?;
    Ok(Outcome::Done)
}
