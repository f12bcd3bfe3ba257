//! `central channel`.

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use till::central::Surroundings;
use till::central::figures::list_figures;
use till::central::intake::files::secrets::Secrets;
use till::central::store::sqlite::Word;
use till::central::store::{CallKind, ChannelKind, ChannelRecord, Store, UnknownPolicy};
use till::central::surroundings::hash_secret;
use till::domain::Timestamp;
use till::domain::ids::{ChannelId, CustomerId, StoreId};

use crate::arguments::{Listing, Named};
use crate::{Data, Outcome, print};

mod files;

/// Ways orders come in, and their tokens
#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  central channel add website --kind website --data shop
  central channel list --data shop")]
pub enum Command {
    /// Adds a channel and prints its token, once; for a known channel, a second token beside the first
    Add(Box<Add>),
    /// Changes what is named of a channel; its tokens stay, and streams it has open end
    Change(Box<Change>),
    /// Lists the channels
    #[command(after_help = LIST)]
    List(Listing),
    /// Tries a channel whose orders come as files, and says what is right and what is wrong
    Check(files::Check),
    /// Vouches for the key or certificate its file server shows, and prints its fingerprint
    Pin(files::Pin),
    /// Asks for a look at its folder at once
    #[command(after_help = POKE)]
    Poke(Named),
    /// Ends a channel and its tokens; its orders stay
    #[command(after_help = REMOVE)]
    Remove(Named),
}

const LIST: &str = "\
Examples:
  central channel list --data shop
  central channel list --data shop --json";
const POKE: &str = "\
Example:
  central channel poke mall --data shop";
const REMOVE: &str = "\
Example:
  central channel remove website --data shop

Its tokens are good for nothing from then on, and streams it has open end within moments.";

/// What to add.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central channel add website --kind website --data shop
  central channel add board --kind customer --store S001 --call availability --data shop
  central channel add mall --kind marketplace --folder /srv/mall --data shop
  central channel add mill --kind customer --customer C-2102 --sftp sftp://till@files.example/orders --key mill.key --data shop
  central channel add hotel --kind customer --customer C-2102 --data shop
  central channel add depot --kind customer --accept-unknown --data shop
  central channel add mart --kind marketplace --ftp ftp://till@ftp.example/in --password-file mart.txt --data shop

The token is printed once and kept as a hash. Adding the channel again gives it a second token and changes nothing; a third
ends the first. What a channel is, sees and may do is changed by central channel change.

On a website or a marketplace anybody may buy who is named. By a channel of the kind customer it is the --customer it belongs
to, or a customer that documents name by its number or an identity (central import customers); anybody else is a problem of
the order, or held with --accept-unknown.

Without --call a token is good for orders and availability; that of a channel with a --customer for that one's prices and
credit notes too. Name prices and credits for our own web shop, which asks for any customer's; a marketplace is told the
list's prices alone, and touches no credit notes.

With --folder, --sftp or --ftp orders come as files, and there is no token: a file is taken when it stands still over two
looks and for ten seconds, or when NAME.done or NAME.ok lies beside it. FTP is spoken with TLS, unless --insecure says otherwise. An SFTP
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
    /// What its token is good for (repeat for more)
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

/// What to change.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central channel change website --call orders --call availability --call prices --data shop
  central channel change board --store S001 --store S002 --data shop
  central channel change depot --unknown problem --all-stores --data shop
  central channel change mill --key mill.key --every 1m --outbound out --data shop

What is not named stays. --store and --call name all there are from then on.")]
pub struct Change {
    /// Its name
    name: String,
    /// What it is
    #[arg(long, value_enum)]
    kind: Option<KindArgument>,
    /// The customer it belongs to
    #[arg(long, value_name = "NUMBER", conflicts_with = "no_customer")]
    customer: Option<String>,
    /// It belongs to no customer
    #[arg(long)]
    no_customer: bool,
    /// A store it may order from and ask about (repeat for more)
    #[arg(long = "store", value_name = "CODE", conflicts_with = "all_stores")]
    stores: Vec<String>,
    /// It may order from and ask about every store
    #[arg(long)]
    all_stores: bool,
    /// What its tokens are good for (repeat for more)
    #[arg(long = "call", value_enum)]
    calls: Vec<CallArgument>,
    /// What is done with items and buyers nobody knows: problem, or hold for head office to match
    #[arg(long, value_enum)]
    unknown: Option<UnknownArgument>,
    #[command(flatten)]
    files: files::Changes,
    #[command(flatten)]
    data: Data,
}

#[derive(Clone, Copy, ValueEnum)]
enum UnknownArgument {
    Problem,
    Hold,
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
        Command::Change(arguments) => change(*arguments, surroundings).await,
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

impl KindArgument {
    const fn kind(self) -> ChannelKind {
        match self {
            Self::Website => ChannelKind::Website,
            Self::Marketplace => ChannelKind::Marketplace,
            Self::Customer => ChannelKind::Customer,
        }
    }
}

/// The calls that are named, in their own order.
fn named_calls(named: &[CallArgument]) -> Vec<CallKind> {
    let calls = [
        (CallArgument::Orders, CallKind::Orders),
        (CallArgument::Availability, CallKind::Availability),
        (CallArgument::Prices, CallKind::Prices),
        (CallArgument::Credits, CallKind::Credits),
    ];
    calls.into_iter().filter(|(argument, _)| named.contains(argument)).map(|(_, call)| call).collect()
}

/// What a channel's token is good for when nobody says: a customer's terms are for that customer alone.
fn usual_calls(customer: Option<&CustomerId>) -> Vec<CallKind> {
    let mut calls = vec![CallKind::Orders, CallKind::Availability];
    if customer.is_some() {
        calls.extend([CallKind::Prices, CallKind::Credits]);
    }
    calls
}

impl Add {
    /// A channel that is new.
    fn new_channel(&self, surroundings: &Surroundings) -> ChannelRecord {
        let customer = self.customer.as_ref().map(CustomerId::new);
        ChannelRecord {
            channel: ChannelId::new(&self.name),
            kind: self.kind.kind(),
            calls: if self.calls.is_empty() { usual_calls(customer.as_ref()) } else { named_calls(&self.calls) },
            customer,
            stores: self.stores.iter().map(StoreId::new).collect(),
            unknown: if self.accept_unknown { UnknownPolicy::Hold } else { UnknownPolicy::Problem },
            created_at: surroundings.now(),
            tokens: 0,
        }
    }

    /// A known channel with what is named of it; the rest as it is.
    fn named_of(&self, known: &ChannelRecord) -> ChannelRecord {
        let mut named = ChannelRecord { kind: self.kind.kind(), ..known.clone() };
        if let Some(customer) = &self.customer {
            named.customer = Some(CustomerId::new(customer));
        }
        if !self.stores.is_empty() {
            named.stores = self.stores.iter().map(StoreId::new).collect();
        }
        if !self.calls.is_empty() {
            named.calls = named_calls(&self.calls);
        }
        if self.accept_unknown {
            named.unknown = UnknownPolicy::Hold;
        }
        named
    }
}

async fn add(arguments: Add, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open(&surroundings)?;
    let known = store.find_channel_named(ChannelId::new(&arguments.name)).await?;
    let channel = match &known {
        Some(known) => arguments.named_of(known),
        None => arguments.new_channel(&surroundings),
    };
    if arguments.files.is_given() {
        store.close();
        return files::add(channel, &arguments.files, &arguments.data, &surroundings).await;
    }
    if known.is_some_and(|known| known != channel) {
        store.close();
        anyhow::bail!(
            "channel {name} is there already, and is not what you name; a second token changes nothing: see central \
             channel list, and central channel change {name}",
            name = arguments.name
        );
    }
    let token = surroundings.new_token();
    let tokens_before = channel.tokens;
    let token_of = ChannelRecord { created_at: surroundings.now(), ..channel };
    let saved = store.save_channel(token_of, hash_secret(&token)).await;
    store.close();
    saved?;
    print::text_out(&format!("{token}\n"))?;
    if let Some(told) = tell_tokens(&arguments.name, tokens_before) {
        eprintln!("{told}");
    }
    Ok(Outcome::Done)
}

/// Whoever adds a channel again may not know that it was there: which tokens are good now, and how one ends.
fn tell_tokens(name: &str, before: u32) -> Option<String> {
    let now = match before {
        0 => return None,
        1 => "this is a second token, and the one before is still good",
        _ => "this is another token; the one before is still good, and the oldest has ended",
    };
    Some(format!(
        "channel {name} was there already: {now}. The next central channel add {name} ends the older of the two; central \
         channel remove {name} ends both, and the channel"
    ))
}

async fn change(arguments: Change, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open(&surroundings)?;
    let known = store.find_channel_named(ChannelId::new(&arguments.name)).await?;
    let mut channel = known.with_context(|| format!("there is no channel {}", arguments.name))?;
    if let Some(kind) = arguments.kind {
        channel.kind = kind.kind();
    }
    if arguments.no_customer || arguments.customer.is_some() {
        channel.customer = arguments.customer.as_ref().map(CustomerId::new);
    }
    if arguments.all_stores || !arguments.stores.is_empty() {
        channel.stores = arguments.stores.iter().map(StoreId::new).collect();
    }
    if !arguments.calls.is_empty() {
        channel.calls = named_calls(&arguments.calls);
    }
    if let Some(unknown) = arguments.unknown {
        channel.unknown = match unknown {
            UnknownArgument::Problem => UnknownPolicy::Problem,
            UnknownArgument::Hold => UnknownPolicy::Hold,
        };
    }
    let changed = change_all(&store, channel, &arguments, surroundings.now()).await;
    store.close();
    changed?;
    Ok(Outcome::Done)
}

async fn change_all(
    store: &impl Store,
    channel: ChannelRecord,
    arguments: &Change,
    now: Timestamp,
) -> anyhow::Result<()> {
    store.change_channel(channel.clone()).await?;
    files::change(&channel, &arguments.files, &arguments.data, store, now).await
}

async fn list(arguments: Listing, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open_to_look(&surroundings)?;
    let channels = store.list_channels().await?;
    let with_files = store.list_file_channels().await?;
    let figures = list_figures(&store).await?;
    store.close();
    let orders_of = |channel: &ChannelRecord| {
        let count = figures.iter().map(|figures| &figures.count).find(|count| count.channel == channel.channel)?;
        Some(serde_json::json!({
            "received": count.received, "imported": count.imported, "duplicates": count.duplicates,
            "problems": count.problems, "open": count.open,
            "oldest_open_at": count.oldest_open_at.map(|at| at.to_rfc3339()),
        }))
    };
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
            "unknown": channel.unknown.word(), "created_at": channel.created_at.to_rfc3339(), "orders": orders_of(channel),
            "files": files_of(channel).map(files::to_json),
        })
    });
    let json = arguments.json.then(|| values.collect());
    print::rows(&["CHANNEL", "KIND", "STORES", "CALLS", "UNKNOWN ITEM OR BUYER IS", "TOKENS", "FILES"], &rows, json)?;
    Ok(Outcome::Done)
}
