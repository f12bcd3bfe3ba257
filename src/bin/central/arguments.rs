//! What several commands are told alike.

use clap::Args;

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
