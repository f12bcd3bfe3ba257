//! `central serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use till::central::{Config, Security, Server, Surroundings};
use tokio::signal::unix::{SignalKind, signal};

use crate::{Data, Outcome, print};

/// Runs the server
#[derive(Args)]
#[command(after_help = "\
Examples:
  central serve --data shop
  central serve --data shop --listen 0.0.0.0:50051 --tls
  central serve --data shop --listen 0.0.0.0:50051 --tls-cert chain.pem --tls-key key.pem

Without TLS only a loopback address is served. Tills are known by certificates that central signs when they are enrolled;
websites and other senders by the token of their channel. SIGTERM lets calls under way finish.")]
pub struct Arguments {
    #[command(flatten)]
    data: Data,
    /// Address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:50051")]
    listen: SocketAddr,
    /// Serve with a certificate of central's own authority (made in the data folder)
    #[arg(long, conflicts_with_all = ["tls_cert", "tls_key"])]
    tls: bool,
    /// Serve with this certificate chain (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Private key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Serve other addresses than loopback without TLS: anyone on the way can read and change what is said
    #[arg(long, conflicts_with_all = ["tls", "tls_cert"])]
    insecure: bool,
}

/// Runs it until a signal ends it.
pub async fn run(arguments: Arguments, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let Arguments { data, listen, tls, tls_cert, tls_key, insecure } = arguments;
    let security = match (tls_cert, tls_key) {
        (Some(certificate), Some(key)) => Security::Files { certificate, key },
        _ if tls => Security::OwnAuthority,
        _ if listen.ip().is_loopback() || insecure => Security::Plain,
        _ => anyhow::bail!(
            "{listen} can be reached from other machines: add --tls, or --tls-cert and --tls-key, or --insecure"
        ),
    };
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut running = Server::start(Config { data: data.folder, listen, security, surroundings }).await?;
    print::text_out(&format!("listening on {}\n", running.url()))?;
    tokio::select! {
        _ = terminate.recv() => tracing::info!("asked to end; finishing what is under way"),
        _ = interrupt.recv() => tracing::info!("interrupted; finishing what is under way"),
        ended = running.wait() => {
            ended.map_err(|error| anyhow::anyhow!("the server ended: {error}"))?;
            anyhow::bail!("the server ended by itself");
        }
    }
    running.shutdown().await;
    Ok(Outcome::Done)
}
