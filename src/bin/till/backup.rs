//! `till backup`: a consistent copy while selling.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

/// What to copy where.
#[derive(Args)]
#[command(after_help = "Example:\n  till backup /mnt/usb/till-2026-11-24.db")]
pub struct BackupArguments {
    /// The copy; must not exist.
    #[arg(value_name = "FILE")]
    to: PathBuf,
}

/// Copies the database page by page; the till may go on selling meanwhile.
pub fn run(arguments: &BackupArguments, data: &Path) -> anyhow::Result<ExitCode> {
    let from = data.join(till::terminal::DATABASE_FILE);
    till::database::copy_file(&from, &arguments.to)
        .with_context(|| format!("copying {} to {}", from.display(), arguments.to.display()))?;
    println!("{}", arguments.to.display());
    Ok(ExitCode::SUCCESS)
}
