//! A folder behind FTP (RFC 959), with TLS (RFC 4217) unless somebody took it on himself to do without.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use sha2::{Digest, Sha256};
use suppaftp::list::ListParser;
use suppaftp::tokio::{AsyncRustlsConnector, AsyncRustlsFtpStream};
use suppaftp::types::{FileType, Response};
use suppaftp::{FtpError, Mode, Status};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::place::{FtpSecurity, Server};
use super::remote::{
    Entry, LISTING_ENTRIES_MAX, Remote, RemoteError, add_unnameable, connect_tcp, is_plain_name, join,
};
use super::secrets::Secret;
use crate::central::intake::text::printable;

/// A listing is never longer.
const LISTING_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// A folder behind FTP, signed in.
pub struct Ftp {
    folder: String,
    stream: AsyncRustlsFtpStream,
    listing: Listing,
    unnameable: Vec<String>,
}

/// The ways a server lists a folder.
#[derive(Clone, Copy)]
enum Listing {
    /// In a form made for programs (RFC 3659 section 7).
    Machine,
    /// As a person would see it on that system.
    System,
}

impl Ftp {
    /// Connects, encrypts, checks the certificate (against the pinned fingerprint, else the machine's authorities), signs in.
    pub async fn connect(
        server: &Server,
        security: FtpSecurity,
        pinned: Option<&str>,
        secret: &Secret,
    ) -> Result<Self, RemoteError> {
        let Some(password) = &secret.password else {
            return Err(RemoteError::SecretUnusable("no password is kept for this channel".to_owned()));
        };
        let tcp = connect_tcp(&server.host, server.port).await?;
        let is_v6 = tcp.peer_addr().is_ok_and(|address| address.is_ipv6());
        let mut stream = AsyncRustlsFtpStream::connect_with_stream(tcp).await.map_err(of_control)?;
        if security == FtpSecurity::Tls {
            let check = Arc::new(CertificateCheck::new(pinned)?);
            let tls = suppaftp::tokio_rustls::TlsConnector::from(Arc::new(check.clone().into_config()?));
            stream = match stream.into_secure(AsyncRustlsConnector::from(tls), &server.host).await {
                Ok(stream) => stream,
                Err(FtpError::UnexpectedResponse(response)) => return Err(RemoteError::NoTls(text_of(&response))),
                Err(error) => return Err(check.refusal().unwrap_or_else(|| of_control(error))),
            };
        }
        stream.set_mode(if is_v6 { Mode::ExtendedPassive } else { Mode::Passive });
        // Files come from the server that was signed in to, whatever address it names.
        stream.set_passive_nat_workaround(true);
        stream.login(server.user.as_str(), password.reveal()).await.map_err(|error| match error {
            FtpError::UnexpectedResponse(response) if response.status != Status::NotAvailable => {
                RemoteError::LoginRefused { user: server.user.clone(), what: "password" }
            }
            other => of_control(other),
        })?;
        stream.transfer_type(FileType::Binary).await.map_err(of_control)?;
        let features = stream.feat().await.unwrap_or_default();
        let listing = match features.keys().any(|name| name.eq_ignore_ascii_case("MLST")) {
            true => Listing::Machine,
            false => Listing::System,
        };
        let home = stream.pwd().await.map_err(of_control)?;
        Ok(Self { folder: join(&home, &server.folder), stream, listing, unnameable: Vec::new() })
    }

    fn path(&self, path: &str) -> String {
        join(&self.folder, path)
    }

    /// The lines of a listing, as far as the limits go.
    async fn list_here(&mut self, path: &str) -> Result<Vec<u8>, RemoteError> {
        let command = match self.listing {
            Listing::Machine => "MLSD",
            Listing::System => "LIST",
        };
        let expected = [Status::AboutToSend, Status::AlreadyOpen];
        let opened = self.stream.custom_data_command(command, &expected).await;
        let (_, mut data) = opened.map_err(|error| of_call(error, path, "listed"))?;
        let mut bytes = Vec::new();
        let read = (&mut data).take(LISTING_BYTES_MAX).read_to_end(&mut bytes).await;
        read.map_err(|cause| RemoteError::Lost(cause.to_string()))?;
        if bytes.len() as u64 == LISTING_BYTES_MAX {
            return Err(RemoteError::Nonsense("a folder without an end".to_owned()));
        }
        data.finish().await.map_err(|error| of_call(error, path, "listed"))?;
        Ok(bytes)
    }

    /// The file a line of a listing tells of. One that cannot be asked for is noted.
    fn entry_of(&mut self, line: &[u8]) -> Option<Entry> {
        let text = String::from_utf8_lossy(line);
        let file = match self.listing {
            Listing::Machine => ListParser::parse_mlsd(&text).ok()?,
            Listing::System => ListParser::parse_posix(&text).or_else(|_| ListParser::parse_dos(&text)).ok()?,
        };
        if file.is_file() && !is_plain_name(file.name()) {
            // Behind the facts stands the name as it is; the other form does not tell where it begins.
            let name = match self.listing {
                Listing::Machine => line.iter().position(|byte| *byte == b' ').map(|at| &line[at + 1..]),
                Listing::System => None,
            };
            add_unnameable(&mut self.unnameable, name.unwrap_or(file.name().as_bytes()));
        }
        let modified = file.modified().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64);
        let entry = Entry { name: file.name().to_owned(), size: file.size() as u64, modified };
        (file.is_file() && is_plain_name(&entry.name)).then_some(entry)
    }
}

#[tonic::async_trait]
impl Remote for Ftp {
    async fn list(&mut self, folder: &str) -> Result<Vec<Entry>, RemoteError> {
        let path = self.path(folder);
        // Many servers answer for a folder that is not there as for an empty one; entering it tells.
        self.stream.cwd(&path).await.map_err(|error| of_call(error, &path, "listed"))?;
        let bytes = self.list_here(&path).await?;
        self.unnameable.clear();
        let lines = bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        Ok(lines.filter_map(|line| self.entry_of(line)).take(LISTING_ENTRIES_MAX).collect())
    }

    fn unnameable(&self) -> &[String] {
        &self.unnameable
    }

    async fn read(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>, RemoteError> {
        let path = self.path(path);
        let mut data = self.stream.retr_as_stream(&path).await.map_err(|error| of_call(error, &path, "read"))?;
        let mut bytes = Vec::new();
        let read = (&mut data).take(bytes_max as u64 + 1).read_to_end(&mut bytes).await;
        read.map_err(|cause| RemoteError::Lost(cause.to_string()))?;
        if bytes.len() > bytes_max {
            // The rest is not wanted: the data connection is closed, and its reply read before the next command.
            drop(data);
            return Ok(bytes);
        }
        data.finish().await.map_err(|error| of_call(error, &path, "read"))?;
        Ok(bytes)
    }

    async fn rename(&mut self, from: &str, to: &str) -> Result<(), RemoteError> {
        // FTP moves over what is there, so that one look before is all there can be.
        let (source, target) = (self.path(from), self.path(to));
        if self.exists(to).await? {
            // Moved before an interruption, it is what lies there.
            let is_gone = !self.exists(from).await?;
            return Err(if is_gone { RemoteError::NotFound(source) } else { RemoteError::NameTaken(to.to_owned()) });
        }
        let Err(error) = self.stream.rename(&source, &target).await else { return Ok(()) };
        let error = of_call(error, &source, "moved");
        if matches!(error, RemoteError::Denied { .. }) && !self.exists(from).await? {
            return Err(RemoteError::NotFound(source));
        }
        Err(error)
    }

    async fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), RemoteError> {
        let path = self.path(path);
        let mut data = self.stream.put_with_stream(&path).await.map_err(|error| of_call(error, &path, "written"))?;
        let written = data.write_all(bytes).await;
        written.map_err(|cause| RemoteError::Lost(cause.to_string()))?;
        data.finish().await.map_err(|error| of_call(error, &path, "written"))
    }

    async fn remove(&mut self, path: &str) -> Result<(), RemoteError> {
        let path = self.path(path);
        self.stream.rm(&path).await.map_err(|error| of_call(error, &path, "removed"))
    }

    async fn exists(&mut self, path: &str) -> Result<bool, RemoteError> {
        let path = self.path(path);
        match self.stream.size(&path).await {
            Ok(_) => Ok(true),
            Err(FtpError::UnexpectedResponse(response)) if response.status == Status::FileUnavailable => Ok(false),
            Err(error) => Err(of_call(error, &path, "read")),
        }
    }

    async fn make_folder(&mut self, path: &str) -> Result<(), RemoteError> {
        let path = self.path(path);
        if self.stream.cwd(&path).await.is_ok() {
            return Ok(());
        }
        let Err(error) = self.stream.mkdir(&path).await else { return Ok(()) };
        let error = of_call(error, &path, "made");
        // Another central may have made it in between.
        if !error.ends_session() && self.stream.cwd(&path).await.is_ok() { Ok(()) } else { Err(error) }
    }

    async fn close(&mut self) {
        if let Err(error) = self.stream.quit().await {
            tracing::debug!(%error, "the server had gone already");
        }
    }
}

fn text_of(response: &Response) -> String {
    printable(&String::from_utf8_lossy(&response.body))
}

/// What a failure says about the session.
fn of_control(error: FtpError) -> RemoteError {
    match error {
        FtpError::ConnectionError(cause) if cause.kind() == std::io::ErrorKind::InvalidData => {
            RemoteError::Nonsense(cause.to_string())
        }
        FtpError::ConnectionError(cause) => RemoteError::Lost(cause.to_string()),
        FtpError::UnexpectedResponse(response) if response.status == Status::NotAvailable => {
            RemoteError::Lost(text_of(&response))
        }
        FtpError::UnexpectedResponse(response) => RemoteError::Nonsense(text_of(&response)),
        FtpError::SecureError(cause) => RemoteError::Lost(format!("TLS: {cause}")),
        other => RemoteError::Nonsense(other.to_string()),
    }
}

/// What a failure says about a file.
fn of_call(error: FtpError, path: &str, act: &'static str) -> RemoteError {
    let FtpError::UnexpectedResponse(response) = error else { return of_control(error) };
    let cause = text_of(&response);
    let path = path.to_owned();
    match response.status {
        // "No such file", "not found", "Failed to open file", "Failed to change directory": nobody has agreed on words, and
        // for many servers what may not be seen is not there.
        Status::FileUnavailable
            if !cause.to_ascii_lowercase().contains("denied") && act != "moved" && act != "made" =>
        {
            RemoteError::NotFound(path)
        }
        Status::ExceededStorage => RemoteError::Full(cause),
        Status::FileUnavailable | Status::BadFilename | Status::RequestFileActionIgnored | Status::NotLoggedIn => {
            RemoteError::Denied { path, act, cause }
        }
        _ => of_control(FtpError::UnexpectedResponse(response)),
    }
}

/// Believes the one certificate that was vouched for; without one, those of the machine's authorities.
#[derive(Debug)]
struct CertificateCheck {
    pinned: Option<String>,
    authorities: Option<Arc<rustls::client::WebPkiServerVerifier>>,
    provider: Arc<rustls::crypto::CryptoProvider>,
    /// What was shown and why it was not believed.
    refused: std::sync::Mutex<Option<(String, String)>>,
}

impl CertificateCheck {
    fn new(pinned: Option<&str>) -> Result<Self, RemoteError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut authorities = None;
        if pinned.is_none() {
            let mut roots = RootCertStore::empty();
            // One authority that cannot be read takes nothing from the others; without any nothing is believed.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            let builder =
                rustls::client::WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone());
            authorities = builder.build().ok();
        }
        Ok(Self { pinned: pinned.map(str::to_owned), authorities, provider, refused: std::sync::Mutex::default() })
    }

    fn into_config(self: Arc<Self>) -> Result<ClientConfig, RemoteError> {
        let builder = ClientConfig::builder_with_provider(self.provider.clone()).with_safe_default_protocol_versions();
        let builder = builder.map_err(|error| RemoteError::Nonsense(error.to_string()))?;
        Ok(builder.dangerous().with_custom_certificate_verifier(self).with_no_client_auth())
    }

    fn refusal(&self) -> Option<RemoteError> {
        let refused = self.refused.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        let (found, cause) = refused?;
        Some(match &self.pinned {
            Some(pinned) => RemoteError::KeyChanged { pinned: pinned.clone(), found },
            None => RemoteError::CertificateRefused { found, cause },
        })
    }
}

impl ServerCertVerifier for CertificateCheck {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let found = format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(end_entity)));
        let judged = match (&self.pinned, &self.authorities) {
            (Some(pinned), _) if *pinned == found => return Ok(ServerCertVerified::assertion()),
            (Some(_), _) => Err(rustls::Error::General("another certificate than the one vouched for".to_owned())),
            (None, Some(authorities)) => authorities.verify_server_cert(end_entity, intermediates, name, ocsp, now),
            (None, None) => Err(rustls::Error::General("this machine trusts no authority".to_owned())),
        };
        if let Err(error) = &judged {
            *self.refused.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some((found, error.to_string()));
        }
        judged
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
