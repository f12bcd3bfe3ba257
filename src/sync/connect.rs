//! Reaching central: the connection, its keep-alives, its certificates; and in plain text on this machine only.

use std::net::IpAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity as TlsIdentity, Uri};
use tonic::{Request, Status};

use super::identity::{Identity, TlsFiles};
use crate::wire::till::v1::sync_service_client::SyncServiceClient;

/// The largest message central may send: a chunk of the feed.
const MESSAGE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Why a connection cannot even be tried.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Not an address such as `https://central.example:50051`.
    #[error("{0:?} is not an address such as https://central.example:50051")]
    Address(String),
    /// Plain text to another machine.
    #[error("{0:?} is another machine: use https")]
    PlainText(String),
    /// `https` without the authority to trust.
    #[error("https needs the certificate of central's authority (--ca FILE)")]
    AuthorityMissing,
    /// Certificate, key or authority are of no use.
    #[error("the certificates cannot be used")]
    Tls(#[source] tonic::transport::Error),
    /// A store, workstation or token that fits no header.
    #[error("the till's name has characters that cannot be sent")]
    Name,
}

/// How central is reached, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    Tls,
    PlainOnThisMachine,
}

fn security(address: &str) -> Result<Security, ConnectError> {
    let uri: Uri = address.parse().map_err(|_| ConnectError::Address(address.to_owned()))?;
    let host = uri.host().ok_or_else(|| ConnectError::Address(address.to_owned()))?;
    match uri.scheme_str() {
        Some("https") => Ok(Security::Tls),
        Some("http") if is_this_machine(host) => Ok(Security::PlainOnThisMachine),
        Some("http") => Err(ConnectError::PlainText(address.to_owned())),
        _ => Err(ConnectError::Address(address.to_owned())),
    }
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Speaks for the till where no certificate does: on this machine, in plain text.
#[derive(Clone, Debug)]
pub struct Badge {
    values: Vec<(&'static str, MetadataValue<Ascii>)>,
}

impl Interceptor for Badge {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        for (name, value) in &self.values {
            request.metadata_mut().insert(*name, value.clone());
        }
        Ok(request)
    }
}

/// Central, as a till calls it.
pub type Central = SyncServiceClient<InterceptedService<Channel, Badge>>;

/// A fresh connection for one conversation. It is made by the first call; nothing is sent before.
pub fn connect(identity: &Identity) -> Result<Central, ConnectError> {
    let values = match security(&identity.central)? {
        Security::Tls => Vec::new(),
        Security::PlainOnThisMachine => {
            let value = |text: &str| text.parse().map_err(|_| ConnectError::Name);
            vec![
                ("till-store", value(identity.till.store.as_str())?),
                ("till-workstation", value(identity.till.workstation.as_str())?),
                ("till-token", value(&identity.token)?),
            ]
        }
    };
    let channel = endpoint(&identity.central, identity.tls.as_ref())?.connect_lazy();
    let client = SyncServiceClient::with_interceptor(channel, Badge { values });
    Ok(client.max_decoding_message_size(MESSAGE_BYTES_MAX))
}

/// A connection of nobody yet, for `Enrol`. `authority` is needed for `https`.
pub fn connect_stranger(central: &str, authority: Option<&str>) -> Result<SyncServiceClient<Channel>, ConnectError> {
    let endpoint = match security(central)? {
        Security::PlainOnThisMachine => bare_endpoint(central)?,
        Security::Tls => {
            let authority = Certificate::from_pem(authority.ok_or(ConnectError::AuthorityMissing)?);
            let tls = ClientTlsConfig::new().ca_certificate(authority);
            bare_endpoint(central)?.tls_config(tls).map_err(ConnectError::Tls)?
        }
    };
    Ok(SyncServiceClient::new(endpoint.connect_lazy()))
}

fn endpoint(central: &str, tls: Option<&TlsFiles>) -> Result<Endpoint, ConnectError> {
    let endpoint = bare_endpoint(central)?;
    match (security(central)?, tls) {
        (Security::PlainOnThisMachine, _) => Ok(endpoint),
        (Security::Tls, None) => Err(ConnectError::AuthorityMissing),
        (Security::Tls, Some(files)) => {
            let tls = ClientTlsConfig::new()
                .ca_certificate(Certificate::from_pem(&files.authority_pem))
                .identity(TlsIdentity::from_pem(&files.certificate_pem, &files.key_pem));
            endpoint.tls_config(tls).map_err(ConnectError::Tls)
        }
    }
}

/// Is it an address central could be at?
pub fn check_address(central: &str) -> Result<(), ConnectError> {
    bare_endpoint(central)?;
    security(central).map(|_| ())
}

/// How whoever answers at an address wants to be spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// With TLS: `https`.
    Tls,
    /// Without: `http`.
    Plain,
}

/// How a client of HTTP/2 begins in plain text (RFC 9113, section 3.4), with settings that say nothing.
const PLAIN_BEGINNING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
/// How long whoever answers may take to say something.
const SPOKEN_DEADLINE: Duration = Duration::from_secs(3);

/// How whoever answers at central's address wants to be spoken to; nothing when nobody does, or in neither way. Tells it from
/// the first word said back to a beginning in plain text: an alert of TLS, or settings of HTTP/2.
pub async fn find_spoken(central: &str) -> Option<Spoken> {
    let uri: Uri = central.parse().ok()?;
    let host = uri.host()?.trim_start_matches('[').trim_end_matches(']');
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    let ask = async {
        let mut stream = TcpStream::connect((host, port)).await.ok()?;
        stream.write_all(PLAIN_BEGINNING).await.ok()?;
        let mut said = [0; 4];
        stream.read_exact(&mut said).await.ok()?;
        match said {
            [0x15, 0x03, ..] => Some(Spoken::Tls),
            [0, _, _, 0x04] => Some(Spoken::Plain),
            _ => None,
        }
    };
    tokio::time::timeout(SPOKEN_DEADLINE, ask).await.ok().flatten()
}

fn bare_endpoint(central: &str) -> Result<Endpoint, ConnectError> {
    let endpoint = Endpoint::from_shared(central.to_owned()).map_err(|_| ConnectError::Address(central.to_owned()))?;
    // Without these three a call to a peer that vanished hangs for ever.
    Ok(endpoint
        .connect_timeout(Duration::from_secs(5))
        .http2_keep_alive_interval(Duration::from_secs(10))
        .keep_alive_timeout(Duration::from_secs(5))
        .keep_alive_while_idle(true)
        .tcp_nodelay(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_on_this_machine() {
        let check = |address: &str, expected: Result<Security, &str>| {
            let got = security(address).map_err(|e| e.to_string());
            assert_eq!(got, expected.map_err(str::to_owned), "{address}");
        };
        check("http://127.0.0.1:50051", Ok(Security::PlainOnThisMachine));
        check("http://127.8.9.10:50051", Ok(Security::PlainOnThisMachine));
        check("http://[::1]:50051", Ok(Security::PlainOnThisMachine));
        check("http://localhost:50051", Ok(Security::PlainOnThisMachine));
        check("https://central.example:50051", Ok(Security::Tls));
        check("http://10.0.0.5:50051", Err("\"http://10.0.0.5:50051\" is another machine: use https"));
        check(
            "http://127.0.0.1.example.com:50051",
            Err("\"http://127.0.0.1.example.com:50051\" is another machine: use https"),
        );
        check(
            "central.example:50051",
            Err("\"central.example:50051\" is not an address such as https://central.example:50051"),
        );
        assert!(check_address("https://central.example:50051").is_ok());
        assert!(matches!(check_address("http://10.0.0.5:50051"), Err(ConnectError::PlainText(_))));
        assert!(matches!(check_address("central"), Err(ConnectError::Address(_))));
        check("ftp://x", Err("\"ftp://x\" is not an address such as https://central.example:50051"));
    }
}
