//! A folder behind SFTP (version 3 of draft-ietf-secsh-filexfer, as OpenSSH and nearly everybody speak it).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use russh::client::{self, Handle};
use russh::keys::{HashAlg, PublicKeyOrCertificate};
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::client::{Config, RawSftpSession};
use russh_sftp::protocol::{FileAttributes, OpenFlags, StatusCode};

use super::place::Server;
use super::remote::{
    Deadlines, Entry, LISTING_ENTRIES_MAX, Remote, RemoteError, add_unnameable, connect_tcp, is_plain_name, join,
};
use super::secrets::Secret;
use super::sign_in::sign_in;
use crate::central::intake::text::printable;

/// How much is asked for at once: every server gives this much, and some give no more.
const READ_BYTES: u32 = 32 * 1024;
/// A packet is never longer (the library refuses what claims to be).
const PACKET_BYTES_MAX: u32 = 256 * 1024;
/// How often a silent server is asked whether it is still there, and how often it may stay silent.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(15);
const KEEP_ALIVES_MAX: usize = 3;

/// A folder behind SFTP, signed in.
pub struct Sftp {
    folder: String,
    unnameable: Vec<String>,
    session: RawSftpSession,
    connection: Handle<HostKeyCheck>,
}

/// Believes the one key that was vouched for, and remembers which was shown.
struct HostKeyCheck {
    pinned: Option<String>,
    found: Arc<Mutex<Option<String>>>,
}

impl client::Handler for HostKeyCheck {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        let found = match key {
            PublicKeyOrCertificate::PublicKey { key, .. } => key.fingerprint(HashAlg::Sha256),
            PublicKeyOrCertificate::Certificate(certificate) => {
                russh::keys::PublicKey::from(certificate.public_key().clone()).fingerprint(HashAlg::Sha256)
            }
        };
        let found = found.to_string();
        let trusted = self.pinned.as_ref() == Some(&found);
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        Ok(trusted)
    }
}

impl Sftp {
    /// Connects, checks the host's key against the pinned fingerprint (`SHA256:…`), signs in, opens the subsystem.
    pub async fn connect(
        server: &Server,
        pinned: Option<&str>,
        secret: &Secret,
        deadlines: Deadlines,
    ) -> Result<Self, RemoteError> {
        let stream = connect_tcp(&server.host, server.port).await?;
        stream.set_nodelay(true).map_err(|cause| RemoteError::Lost(cause.to_string()))?;
        let config = client::Config {
            keepalive_interval: Some(KEEP_ALIVE_INTERVAL),
            keepalive_max: KEEP_ALIVES_MAX,
            ..client::Config::default()
        };
        let found = Arc::new(Mutex::new(None));
        let check = HostKeyCheck { pinned: pinned.map(str::to_owned), found: found.clone() };
        let connected = client::connect_stream(Arc::new(config), stream, check).await;
        let mut connection = match connected {
            Ok(connection) => connection,
            Err(error) => {
                let found = found.lock().unwrap_or_else(PoisonError::into_inner).take();
                return Err(match (found, pinned) {
                    (Some(found), None) => RemoteError::KeyNotPinned { found },
                    (Some(found), Some(pinned)) if found != pinned => {
                        RemoteError::KeyChanged { pinned: pinned.to_owned(), found }
                    }
                    _ => of_ssh(error),
                });
            }
        };
        sign_in(&mut connection, server, secret).await?;
        let channel = connection.channel_open_session().await.map_err(of_ssh)?;
        channel.request_subsystem(true, "sftp").await.map_err(of_ssh)?;
        let config = Config {
            max_packet_len: PACKET_BYTES_MAX,
            request_timeout_secs: deadlines.call.as_secs().max(1),
            ..Config::default()
        };
        let session = RawSftpSession::new_with_config(channel.into_stream(), config);
        session.init().await.map_err(|error| of_session(&error, "the SFTP subsystem"))?;
        Ok(Self { folder: server.folder.clone(), unnameable: Vec::new(), session, connection })
    }

    fn path(&self, path: &str) -> String {
        match join(&self.folder, path) {
            path if path.is_empty() => ".".to_owned(),
            path => path,
        }
    }

    async fn read_open(&self, handle: &str, path: &str, bytes_max: usize) -> Result<Vec<u8>, RemoteError> {
        let mut bytes = Vec::new();
        loop {
            let data = match self.session.read(handle, bytes.len() as u64, READ_BYTES).await {
                Ok(data) => data.data,
                Err(SftpError::Status(status)) if status.status_code == StatusCode::Eof => return Ok(bytes),
                Err(error) => return Err(of_call(error, path, "read")),
            };
            if data.is_empty() || data.len() > READ_BYTES as usize {
                return Err(RemoteError::Nonsense(format!("{} bytes where {READ_BYTES} were asked for", data.len())));
            }
            bytes.extend_from_slice(&data);
            if bytes.len() > bytes_max {
                bytes.truncate(bytes_max + 1);
                return Ok(bytes);
            }
        }
    }

    async fn list_open(&mut self, handle: &str, path: &str) -> Result<Vec<Entry>, RemoteError> {
        let mut entries = Vec::new();
        self.unnameable.clear();
        // A server that sends nothing but what is left out would go on for ever.
        let mut answers = 0_usize;
        loop {
            answers += 1;
            let files = match self.session.readdir(handle).await {
                Ok(name) => name.files,
                Err(SftpError::Status(status)) if status.status_code == StatusCode::Eof => return Ok(entries),
                Err(error) => return Err(of_call(error, path, "listed")),
            };
            if files.is_empty() || answers > LISTING_ENTRIES_MAX {
                return Err(RemoteError::Nonsense("a folder without an end".to_owned()));
            }
            for file in files {
                if !file.attrs.file_type().is_file() {
                    continue;
                }
                if !is_plain_name(&file.filename) {
                    add_unnameable(&mut self.unnameable, file.filename.as_bytes());
                    continue;
                }
                let size = file.attrs.size.unwrap_or(0);
                let modified = file.attrs.mtime.map_or(0, i64::from);
                entries.push(Entry { name: file.filename, size, modified });
                if entries.len() == LISTING_ENTRIES_MAX {
                    return Ok(entries);
                }
            }
        }
    }

    /// Lets a handle go. A server that does not want it back has said what was asked all the same.
    async fn close_handle(&self, handle: String) {
        if let Err(error) = self.session.close(handle).await {
            tracing::debug!(%error, "a handle was not closed");
        }
    }
}

pub(super) fn of_ssh(error: russh::Error) -> RemoteError {
    use russh::Error;
    match error {
        Error::Disconnect | Error::HUP | Error::SendError | Error::RecvError => {
            RemoteError::Lost("the server closed it".to_owned())
        }
        Error::KeepaliveTimeout | Error::InactivityTimeout | Error::ConnectionTimeout => {
            RemoteError::Lost("the server fell silent".to_owned())
        }
        Error::IO(cause) => RemoteError::Lost(cause.to_string()),
        other => RemoteError::Nonsense(other.to_string()),
    }
}

/// What a failed call says about the session; a status is about the file and is told by [`of_call`].
fn of_session(error: &SftpError, path: &str) -> RemoteError {
    match error {
        SftpError::Timeout => RemoteError::Lost("the server fell silent".to_owned()),
        SftpError::IO(cause) => RemoteError::Lost(cause.clone()),
        SftpError::UnexpectedBehavior(cause) if cause.contains("closed") || cause.contains("dropped") => {
            RemoteError::Lost("the server closed it".to_owned())
        }
        other => RemoteError::Nonsense(format!("{path}: {other}")),
    }
}

fn of_call(error: SftpError, path: &str, act: &'static str) -> RemoteError {
    let SftpError::Status(status) = error else { return of_session(&error, path) };
    let path = path.to_owned();
    match status.status_code {
        StatusCode::NoSuchFile => RemoteError::NotFound(path),
        StatusCode::PermissionDenied | StatusCode::Failure | StatusCode::OpUnsupported => {
            RemoteError::Denied { path, act, cause: printable(&status.error_message) }
        }
        StatusCode::ConnectionLost | StatusCode::NoConnection => RemoteError::Lost("the server says so".to_owned()),
        StatusCode::Ok | StatusCode::Eof | StatusCode::BadMessage => {
            RemoteError::Nonsense(printable(&status.error_message))
        }
    }
}

#[tonic::async_trait]
impl Remote for Sftp {
    async fn list(&mut self, folder: &str) -> Result<Vec<Entry>, RemoteError> {
        let path = self.path(folder);
        let handle = self.session.opendir(path.clone()).await.map_err(|error| of_call(error, &path, "listed"))?.handle;
        let entries = self.list_open(&handle, &path).await;
        self.close_handle(handle).await;
        entries
    }

    fn unnameable(&self) -> &[String] {
        &self.unnameable
    }

    async fn read(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>, RemoteError> {
        let path = self.path(path);
        let opened = self.session.open(path.clone(), OpenFlags::READ, FileAttributes::empty()).await;
        let handle = opened.map_err(|error| of_call(error, &path, "read"))?.handle;
        let bytes = self.read_open(&handle, &path, bytes_max).await;
        self.close_handle(handle).await;
        bytes
    }

    async fn rename(&mut self, from: &str, to: &str) -> Result<(), RemoteError> {
        let (source, target) = (self.path(from), self.path(to));
        let Err(error) = self.session.rename(source.clone(), target).await else { return Ok(()) };
        let error = of_call(error, &source, "moved");
        // `Failure` is all that many servers say, whatever the reason.
        if matches!(error, RemoteError::Denied { .. }) {
            if !self.exists(from).await? {
                return Err(RemoteError::NotFound(source));
            }
            if self.exists(to).await? {
                return Err(RemoteError::NameTaken(to.to_owned()));
            }
        }
        Err(error)
    }

    async fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), RemoteError> {
        let path = self.path(path);
        let flags = OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::TRUNCATE;
        let opened = self.session.open(path.clone(), flags, FileAttributes::empty()).await;
        let handle = opened.map_err(|error| of_call(error, &path, "written"))?.handle;
        let mut written = Ok(());
        let mut offset = 0;
        for chunk in bytes.chunks(READ_BYTES as usize) {
            written = self.session.write(handle.as_str(), offset, chunk.to_vec()).await.map(|_| ());
            if written.is_err() {
                break;
            }
            offset += chunk.len() as u64;
        }
        let closed = self.session.close(handle).await.map(|_| ());
        written.and(closed).map_err(|error| of_call(error, &path, "written"))
    }

    async fn remove(&mut self, path: &str) -> Result<(), RemoteError> {
        let path = self.path(path);
        self.session.remove(path.clone()).await.map(|_| ()).map_err(|error| of_call(error, &path, "removed"))
    }

    async fn exists(&mut self, path: &str) -> Result<bool, RemoteError> {
        let path = self.path(path);
        match self.session.lstat(path.clone()).await.map_err(|error| of_call(error, &path, "read")) {
            Ok(_) => Ok(true),
            Err(RemoteError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn make_folder(&mut self, path: &str) -> Result<(), RemoteError> {
        if self.exists(path).await? {
            return Ok(());
        }
        let folder = self.path(path);
        let Err(error) = self.session.mkdir(folder.clone(), FileAttributes::empty()).await else { return Ok(()) };
        let error = of_call(error, &folder, "made");
        // Another central may have made it in between.
        if !error.ends_session() && self.exists(path).await? { Ok(()) } else { Err(error) }
    }

    async fn close(&mut self) {
        let goodbye = self.connection.disconnect(russh::Disconnect::ByApplication, "", "en").await;
        if let Err(error) = goodbye {
            tracing::debug!(%error, "the server had gone already");
        }
    }
}
