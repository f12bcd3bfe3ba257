//! `till enrol`: joins a till to central.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use till::sync::enrol::{EnrolRequest, enrol};

/// How to reach central, and the code from head office.
#[derive(Args)]
#[command(after_help = "\
Example:
  central enrol-code --store S001 --workstation T01           (at head office: prints the code)
  till enrol --central https://central.example:50051 --ca authority.pem --code 7KQM-2HXD-9VDE

authority.pem is the file of that name in central's data folder; when central serves a certificate of another authority
(--tls-cert), it is that authority's. It is kept in the till's data folder: the till trusts it, and central's own, from then
on.")]
pub struct EnrolArguments {
    /// Central's address: https://HOST:PORT, or http://127.0.0.1:PORT on the same machine.
    #[arg(long, value_name = "URL")]
    central: String,
    /// The one-time code that `central enrol-code` printed.
    #[arg(long)]
    code: String,
    /// Certificate of the authority that signed central's (PEM); needed for https.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

/// Joins the till and keeps its identity in the data folder.
pub fn run(arguments: EnrolArguments, data: &Path) -> anyhow::Result<ExitCode> {
    let authority = arguments
        .ca
        .as_ref()
        .map(|path| std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display())))
        .transpose()?;
    create_private(data).with_context(|| format!("making {}", data.display()))?;
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).context("the system gives no randomness")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let identity = runtime.block_on(enrol(EnrolRequest {
        central: &arguments.central,
        code: &arguments.code,
        authority_pem: authority.as_deref(),
        folder: data,
        random,
        version: env!("CARGO_PKG_VERSION"),
    }))?;
    println!(
        "This is now till {} of {}. Start it with: till --data {}",
        identity.till,
        arguments.central,
        data.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// The folder holds keys: nobody else on the machine may look into it.
fn create_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}
