//! `central serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use till::central::{Config, Security, Server, Surroundings, retention};
use tokio::signal::unix::{SignalKind, signal};

use crate::forget::parse_days;
use crate::{Data, Outcome, WrongUse, print};

/// Runs the server
#[derive(Args)]
#[command(after_help = "\
Examples:
  central serve --data shop
  central serve --data shop --listen 0.0.0.0:50051 --tls --name central.example
  central serve --data shop --listen 0.0.0.0:50051 --tls-cert chain.pem --tls-key key.pem
  central serve --data shop --metrics 127.0.0.1:9464

Without TLS only a loopback address is served. With --tls callers trust the authority in DIR/authority.pem: give that file
to each till (till enrol --ca authority.pem) and sender, and name with --name every host name or address by which they reach
this machine. With --tls-cert they trust the authority that signed the certificate: give its certificate to --ca instead.
Tills are known by certificates that central signs when they are enrolled; websites and other senders by the token of their
channel. SIGTERM lets calls under way finish.

Order numbers jump at every start, by one for each second since central was last at work (a night's rest leaves out some
30,000): its data may be a copy that was put back, and the numbers given out after the copy was made are known to customers,
websites and tills. Tills send what they know of those orders again. None is given twice as long as central does not take more
than one order a second all the time that was lost.")]
pub struct Arguments {
    #[command(flatten)]
    data: Data,
    /// Address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:50051")]
    listen: SocketAddr,
    /// Serve with a certificate of central's own authority (made in the data folder)
    #[arg(long, conflicts_with_all = ["tls_cert", "tls_key"])]
    tls: bool,
    /// A host name or address by which tills and senders reach this machine (repeat for more)
    #[arg(long = "name", value_name = "HOST", requires = "tls", value_parser = parse_host)]
    names: Vec<String>,
    /// Serve with this certificate chain (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Private key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// How many days behind the end of an order its names, numbers, addresses and documents are kept (central help forget)
    #[arg(long, value_name = "DAYS", default_value_t = retention::DAYS_USUAL, value_parser = parse_days())]
    keep_persons_days: u16,
    /// Serve other addresses than loopback without TLS: anyone on the way can read and change what is said
    #[arg(long, conflicts_with_all = ["tls", "tls_cert"])]
    insecure: bool,
    /// Answer to GET /metrics at this address of the machine's own with the figures of every channel (OpenMetrics)
    #[arg(long, value_name = "ADDR")]
    metrics: Option<SocketAddr>,
}

/// Runs it until a signal ends it.
pub async fn run(arguments: Arguments, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let Arguments { data, listen, tls, names, tls_cert, tls_key, keep_persons_days, insecure, metrics } = arguments;
    let security = match (tls_cert, tls_key) {
        (Some(certificate), Some(key)) => Security::Files { certificate, key },
        _ if tls => Security::OwnAuthority { names },
        _ if listen.ip().is_loopback() || insecure => Security::Plain,
        _ => anyhow::bail!(WrongUse(format!(
            "{listen} can be reached from other machines: add --tls, or --tls-cert and --tls-key, or --insecure"
        ))),
    };
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut running =
        Server::start(Config { data: data.folder, listen, security, keep_persons_days, surroundings }).await?;
    let mut said = format!("listening on {}\n", running.url());
    if let Some(metrics) = metrics {
        let address = running.serve_figures(metrics).await?;
        said.push_str(&format!("figures on http://{address}/metrics\n"));
    }
    print::text_out(&said)?;
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

/// A host name (RFC 1123, 2.1) or an address: what stands between `https://` and the port.
fn parse_host(text: &str) -> Result<String, String> {
    let is_label = |label: &str| {
        let inside = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&label.len()) && inside && !label.starts_with('-') && !label.ends_with('-')
    };
    let is_name = text.len() <= 253 && text.split('.').all(is_label);
    match is_name || text.parse::<std::net::IpAddr>().is_ok() {
        true => Ok(text.to_owned()),
        false => Err("the name or address alone: central.example, 10.0.0.5".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_alone() {
        for text in ["central.example", "central", "10.0.0.5", "fd00::5", "a-1.b"] {
            assert_eq!(parse_host(text).as_deref(), Ok(text));
        }
        for text in ["", "https://central.example", "central.example:50051", "a b", "-a", "a..b", "ä.example", "*.a"] {
            assert!(parse_host(text).is_err(), "{text}");
        }
    }
}
