//! `central channel`.

use clap::{Args, Subcommand, ValueEnum};
use till::central::Surroundings;
use till::central::store::sqlite::Word;
use till::central::store::{CallKind, ChannelKind, ChannelRecord, Store};
use till::central::surroundings::hash_secret;
use till::domain::ids::{ChannelId, StoreId};

use crate::{Data, Outcome, print};

/// Ways orders come in, and their tokens
#[derive(Subcommand)]
pub enum Command {
    /// Adds a channel and prints its token, once; for a known channel, a second token beside the first
    Add(Add),
    /// Lists the channels
    List(List),
    /// Ends a channel and its tokens; its orders stay
    Remove(Remove),
}

/// What to add.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central channel add website --kind website --data shop
  central channel add board --kind customer --store S001 --call availability --data shop

The token is printed once and kept as a hash. Adding the channel again gives it a second token; a third ends the first.")]
pub struct Add {
    /// Its name
    name: String,
    /// What it is
    #[arg(long, value_enum)]
    kind: KindArgument,
    /// A store it may order from and ask about (repeat for more; all when none is named)
    #[arg(long = "store", value_name = "CODE")]
    stores: Vec<String>,
    /// What its token is good for (both when none is named)
    #[arg(long = "call", value_enum)]
    calls: Vec<CallArgument>,
    #[command(flatten)]
    data: Data,
}

/// How to list.
#[derive(Args)]
pub struct List {
    #[command(flatten)]
    data: Data,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// What to remove.
#[derive(Args)]
pub struct Remove {
    /// Its name
    name: String,
    #[command(flatten)]
    data: Data,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindArgument {
    Website,
    Marketplace,
    Customer,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CallArgument {
    Orders,
    Availability,
}

/// Runs the command.
pub async fn run(command: Command, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    match command {
        Command::Add(arguments) => add(arguments, surroundings).await,
        Command::List(arguments) => list(arguments, surroundings).await,
        Command::Remove(arguments) => {
            let store = arguments.data.open(&surroundings)?;
            let removed = store.remove_channel(ChannelId::new(&arguments.name)).await?;
            store.close();
            anyhow::ensure!(removed, "there is no channel {}", arguments.name);
            Ok(Outcome::Done)
        }
    }
}

async fn add(arguments: Add, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let kind = match arguments.kind {
        KindArgument::Website => ChannelKind::Website,
        KindArgument::Marketplace => ChannelKind::Marketplace,
        KindArgument::Customer => ChannelKind::Customer,
    };
    let good_for = |call: CallArgument| arguments.calls.is_empty() || arguments.calls.contains(&call);
    let calls = [(CallArgument::Orders, CallKind::Orders), (CallArgument::Availability, CallKind::Availability)];
    let token = surroundings.new_token();
    let channel = ChannelRecord {
        channel: ChannelId::new(&arguments.name),
        kind,
        stores: arguments.stores.iter().map(StoreId::new).collect(),
        calls: calls.into_iter().filter(|(argument, _)| good_for(*argument)).map(|(_, call)| call).collect(),
        created_at: surroundings.now(),
        tokens: 0,
    };
    let store = arguments.data.open(&surroundings)?;
    store.save_channel(channel, hash_secret(&token)).await?;
    store.close();
    print::text_out(&format!("{token}\n"))?;
    Ok(Outcome::Done)
}

async fn list(arguments: List, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open(&surroundings)?;
    let channels = store.list_channels().await?;
    store.close();
    let stores = |channel: &ChannelRecord| {
        let names: Vec<&str> = channel.stores.iter().map(StoreId::as_str).collect();
        if names.is_empty() { "all".to_owned() } else { names.join(",") }
    };
    let calls = |channel: &ChannelRecord| channel.calls.iter().map(|call| call.word()).collect::<Vec<_>>().join(",");
    let rows: Vec<Vec<String>> = channels
        .iter()
        .map(|channel| {
            let name = channel.channel.to_string();
            vec![name, channel.kind.word().into(), stores(channel), calls(channel), channel.tokens.to_string()]
        })
        .collect();
    let values = channels.iter().map(|channel| {
        serde_json::json!({
            "channel": channel.channel.as_str(), "kind": channel.kind.word(), "tokens": channel.tokens,
            "stores": channel.stores.iter().map(StoreId::as_str).collect::<Vec<_>>(),
            "calls": channel.calls.iter().map(|call| call.word()).collect::<Vec<_>>(),
            "created_at": channel.created_at.to_rfc3339(),
        })
    });
    let json = arguments.json.then(|| values.collect());
    print::rows(&["CHANNEL", "KIND", "STORES", "CALLS", "TOKENS"], &rows, json)?;
    Ok(Outcome::Done)
}
