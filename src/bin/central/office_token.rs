//! `central office-token`.

use clap::{Args, Subcommand, ValueEnum};
use till::central::Surroundings;
use till::central::intake::text::printable;
use till::central::store::sqlite::Word;
use till::central::store::{OfficeScope, OfficeTokenRecord, Store};
use till::central::surroundings::hash_secret;

use crate::arguments::{Listing, Named};
use crate::{Data, Outcome, WrongUse, print};

/// Tokens of head office and the warehouse, for `office.v1.OfficeService`
#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  central office-token add ana --data shop
  central office-token list --data shop")]
pub enum Command {
    /// Makes a token and prints it, once
    Add(Add),
    /// Lists whose tokens there are and what each is good for
    #[command(after_help = LIST)]
    List(Listing),
    /// Ends every token of a name
    #[command(after_help = REMOVE)]
    Remove(Named),
}

const LIST: &str = "\
Examples:
  central office-token list --data shop
  central office-token list --data shop --json";
const REMOVE: &str = "\
Example:
  central office-token remove ana --data shop";

/// What to make.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central office-token add ana --scope orders --scope read --data shop
  central office-token add director --data shop

The token is printed once and kept as a hash. What is done with it is done in its name.")]
pub struct Add {
    /// Whose it is
    name: String,
    /// What it is good for (everything when nothing is named)
    #[arg(long = "scope", value_enum)]
    scopes: Vec<ScopeArgument>,
    #[command(flatten)]
    data: Data,
}

#[derive(Clone, Copy, ValueEnum)]
enum ScopeArgument {
    Read,
    Orders,
    Problems,
    Cases,
    Tills,
}

impl ScopeArgument {
    const fn scope(self) -> OfficeScope {
        match self {
            Self::Read => OfficeScope::Read,
            Self::Orders => OfficeScope::Orders,
            Self::Problems => OfficeScope::Problems,
            Self::Cases => OfficeScope::Cases,
            Self::Tills => OfficeScope::Tills,
        }
    }
}

/// Runs the command.
pub async fn run(command: Command, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    match command {
        Command::Add(arguments) => {
            let name = printable(&arguments.name);
            anyhow::ensure!(!name.is_empty(), WrongUse("a token has a name".to_owned()));
            let mut scopes = arguments.scopes;
            if scopes.is_empty() {
                scopes = ScopeArgument::value_variants().to_vec();
            }
            let scopes = scopes.into_iter().map(ScopeArgument::scope).collect();
            let token = surroundings.new_token();
            let record = OfficeTokenRecord { name, scopes, created_at: surroundings.now() };
            let store = arguments.data.open(&surroundings)?;
            store.save_office_token(record, hash_secret(&token)).await?;
            store.close();
            print::text_out(&format!("{token}\n"))?;
            Ok(Outcome::Done)
        }
        Command::List(arguments) => list(arguments, surroundings).await,
        Command::Remove(arguments) => {
            let store = arguments.data.open(&surroundings)?;
            let removed = store.remove_office_tokens(arguments.name.clone()).await?;
            store.close();
            anyhow::ensure!(removed > 0, "there is no token of {}", arguments.name);
            Ok(Outcome::Done)
        }
    }
}

async fn list(arguments: Listing, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open_to_look(&surroundings)?;
    let tokens = store.list_office_tokens().await?;
    let zone = print::Zones::of(&store.list_stores().await?).shared();
    store.close();
    let scopes = |token: &OfficeTokenRecord| token.scopes.iter().map(|scope| scope.word()).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = tokens
        .iter()
        .map(|token| vec![token.name.clone(), scopes(token).join(","), zone.stamp(token.created_at)])
        .collect();
    let values = tokens.iter().map(|token| {
        serde_json::json!({
            "name": token.name, "scopes": scopes(token), "created_at": token.created_at.to_rfc3339(),
        })
    });
    print::rows(&["NAME", "SCOPES", "SINCE"], &rows, arguments.json.then(|| values.collect()))?;
    Ok(Outcome::Done)
}
