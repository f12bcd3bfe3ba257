//! `central channel`.

use clap::{Args, Subcommand, ValueEnum};
use till::central::Surroundings;
use till::central::intake::files::secrets::Secrets;
use till::central::store::sqlite::Word;
use till::central::store::{CallKind, ChannelKind, ChannelRecord, Store, UnknownPolicy};
use till::central::surroundings::hash_secret;
use till::domain::ids::{ChannelId, CustomerId, StoreId};

use crate::arguments::{Listing, Named};
use crate::{Data, Outcome, print};

mod files;

/// Ways orders come in, and their tokens
#[derive(Subcommand)]
pub enum Command {
    /// Adds a channel and prints its token, once; for a known channel, a second token beside the first
    Add(Box<Add>),
    /// Lists the channels
    List(Listing),
    /// Tries a channel whose orders come as files, and says what is right and what is wrong
    Check(files::Check),
    /// Vouches for the key or certificate its file server shows, and prints its fingerprint
    Pin(files::Pin),
    /// Asks for a look at its folder at once
    Poke(Named),
    /// Ends a channel and its tokens; its orders stay
    Remove(Named),
}

/// What to add.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central channel add website --kind website --data shop
  central channel add board --kind customer --store S001 --call availability --data shop
  central channel add mall --kind marketplace --folder /srv/mall --data shop
  central channel add mill --kind customer --sftp sftp://till@files.example/orders --key mill.key --data shop
  central channel add depot --kind customer --accept-unknown --data shop
  central channel add mart --kind marketplace --ftp ftp://till@ftp.example/in --password-file mart.txt --data shop

The token is printed once and kept as a hash. Adding the channel again gives it a second token; a third ends the first.

With --folder, --sftp or --ftp orders come as files, and there is no token: a file is taken when it stands still over two
looks, or when NAME.done or NAME.ok lies beside it. FTP is spoken with TLS, unless --insecure says otherwise. An SFTP
server is believed by its key alone: run central channel pin NAME, or name the fingerprint with --host-key. Password and
key are kept as they are in the data folder, readable by its owner alone, and not in the database.")]
pub struct Add {
    /// Its name
    name: String,
    /// What it is
    #[arg(long, value_enum)]
    kind: KindArgument,
    /// The customer it belongs to: it hears of that one's prices and credit notes alone
    #[arg(long, value_name = "NUMBER")]
    customer: Option<String>,
    /// A store it may order from and ask about (repeat for more; all when none is named)
    #[arg(long = "store", value_name = "CODE")]
    stores: Vec<String>,
    /// What its token is good for (everything when none is named)
    #[arg(long = "call", value_enum)]
    calls: Vec<CallArgument>,
    /// Take items and buyers nobody knows as they come, held for head office to match (central order match); without
    /// it they are a problem of the order
    #[arg(long)]
    accept_unknown: bool,
    #[command(flatten)]
    files: files::Arguments,
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
    Prices,
    Credits,
}

/// Runs the command.
pub async fn run(command: Command, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    match command {
        Command::Add(arguments) => add(*arguments, surroundings).await,
        Command::List(arguments) => list(arguments, surroundings).await,
        Command::Check(arguments) => files::check(arguments, surroundings).await,
        Command::Pin(arguments) => files::pin(arguments, surroundings).await,
        Command::Poke(arguments) => files::poke(arguments, surroundings).await,
        Command::Remove(arguments) => {
            let store = arguments.data.open(&surroundings)?;
            let removed = store.remove_channel(ChannelId::new(&arguments.name)).await?;
            store.close();
            Secrets::of_data(&arguments.data.folder).remove(&ChannelId::new(&arguments.name))?;
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
    let calls = [
        (CallArgument::Orders, CallKind::Orders),
        (CallArgument::Availability, CallKind::Availability),
        (CallArgument::Prices, CallKind::Prices),
        (CallArgument::Credits, CallKind::Credits),
    ];
    let token = surroundings.new_token();
    let channel = ChannelRecord {
        channel: ChannelId::new(&arguments.name),
        kind,
        customer: arguments.customer.as_ref().map(CustomerId::new),
        stores: arguments.stores.iter().map(StoreId::new).collect(),
        calls: calls.into_iter().filter(|(argument, _)| good_for(*argument)).map(|(_, call)| call).collect(),
        unknown: if arguments.accept_unknown { UnknownPolicy::Hold } else { UnknownPolicy::Problem },
        created_at: surroundings.now(),
        tokens: 0,
    };
    if arguments.files.is_given() {
        return files::add(channel, &arguments.files, &arguments.data, &surroundings).await;
    }
    let store = arguments.data.open(&surroundings)?;
    store.save_channel(channel, hash_secret(&token)).await?;
    store.close();
    print::text_out(&format!("{token}\n"))?;
    Ok(Outcome::Done)
}

async fn list(arguments: Listing, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open(&surroundings)?;
    let channels = store.list_channels().await?;
    let with_files = store.list_file_channels().await?;
    store.close();
    let files_of = |channel: &ChannelRecord| with_files.iter().find(|files| files.settings.channel == channel.channel);
    let stores = |channel: &ChannelRecord| {
        let names: Vec<&str> = channel.stores.iter().map(StoreId::as_str).collect();
        if names.is_empty() { "all".to_owned() } else { names.join(",") }
    };
    let calls = |channel: &ChannelRecord| channel.calls.iter().map(|call| call.word()).collect::<Vec<_>>().join(",");
    let rows: Vec<Vec<String>> = channels
        .iter()
        .map(|channel| {
            let name = channel.channel.to_string();
            let files = files_of(channel).map_or_else(String::new, files::summary);
            let unknown = channel.unknown.word().to_owned();
            let kind = channel.kind.word().to_owned();
            vec![name, kind, stores(channel), calls(channel), unknown, channel.tokens.to_string(), files]
        })
        .collect();
    let values = channels.iter().map(|channel| {
        serde_json::json!({
            "channel": channel.channel.as_str(), "kind": channel.kind.word(), "tokens": channel.tokens,
            "customer": channel.customer.as_ref().map(|customer| customer.as_str()),
            "stores": channel.stores.iter().map(StoreId::as_str).collect::<Vec<_>>(),
            "calls": channel.calls.iter().map(|call| call.word()).collect::<Vec<_>>(),
            "unknown": channel.unknown.word(), "created_at": channel.created_at.to_rfc3339(), "files": files_of(channel).map(files::to_json),
        })
    });
    let json = arguments.json.then(|| values.collect());
    print::rows(&["CHANNEL", "KIND", "STORES", "CALLS", "UNKNOWN", "TOKENS", "FILES"], &rows, json)?;
    Ok(Outcome::Done)
}
