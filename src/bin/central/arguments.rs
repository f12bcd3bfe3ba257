//! What several commands are told alike.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use till::central::store::sqlite::Word;

use crate::Data;

/// How to list all there are.
#[derive(Args)]
pub struct Listing {
    #[command(flatten)]
    pub data: Data,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Which one.
#[derive(Args)]
pub struct Named {
    /// Its name
    pub name: String,
    #[command(flatten)]
    pub data: Data,
}

/// Reads one of the words; any other is wrong use, and is told which there are.
pub fn parse_word<W: Word + Send + Sync + 'static>() -> impl TypedValueParser<Value = W> {
    PossibleValuesParser::new(W::ALL.iter().map(|value| value.word()))
        .try_map(|word| W::from_word(&word).ok_or_else(|| format!("{word:?} is none of them")))
}
