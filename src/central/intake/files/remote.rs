//! The other side: what central asks of a folder, wherever it is, and the ways that can fail.
//!
//! Every call has a deadline, and memory is bounded by limits given with the call, not by what a server claims. A call that
//! ran out of time, or an answer that makes no sense, ends the session: its state is no longer known.

use std::time::Duration;

use crate::central::intake::text::is_command;

/// How many files of a folder are looked at in one go; what is beyond waits for the next look.
pub const LISTING_ENTRIES_MAX: usize = 100_000;
/// How many files that cannot be asked for are told of in one go.
const UNNAMEABLE_MAX: usize = 20;
/// Longest name of a file, in bytes: as the file systems of servers have it.
pub const NAME_BYTES_MAX: usize = 255;

/// A file in a folder. Folders, links and devices are not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, without its folder.
    pub name: String,
    /// In bytes, as the other side says.
    pub size: u64,
    /// When it was changed, as the other side says, in a unit of its own: only ever compared with others of its kind.
    pub modified: i64,
}

/// How long the other side may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// From the name to being signed in.
    pub connect: Duration,
    /// For one call.
    pub call: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { connect: Duration::from_secs(30), call: Duration::from_secs(60) }
    }
}

/// A folder, wherever it is. Paths are from the channel's own folder, or from the root when they begin with `/`.
#[tonic::async_trait]
pub trait Remote: Send {
    /// The files of a folder, in no order; at most [`LISTING_ENTRIES_MAX`].
    async fn list(&mut self, folder: &str) -> Result<Vec<Entry>, RemoteError>;
    /// The files of the last listing that nobody can ask for, because of their names: not UTF-8, or with characters in them
    /// that no command may have. Escaped, so that a person recognises them.
    fn unnameable(&self) -> &[String];
    /// The first `bytes_max` bytes of a file, and one more when it has more.
    async fn read(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>, RemoteError>;
    /// Moves a file to a name that is free. Whoever is first has it: for the others it is [`RemoteError::NotFound`].
    async fn rename(&mut self, from: &str, to: &str) -> Result<(), RemoteError>;
    /// Writes a small file, over one that is there.
    async fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), RemoteError>;
    /// Takes a file away.
    async fn remove(&mut self, path: &str) -> Result<(), RemoteError>;
    /// Is there something of this name?
    async fn exists(&mut self, path: &str) -> Result<bool, RemoteError>;
    /// Makes a folder; one that is there is as good.
    async fn make_folder(&mut self, path: &str) -> Result<(), RemoteError>;
    /// Says goodbye, as far as anybody listens.
    async fn close(&mut self) {}
}

/// What went wrong on the way to a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// The name leads to no address.
    #[error("the name {host} leads to no machine ({cause})")]
    NameUnknown {
        /// Which name.
        host: String,
        /// What the system said.
        cause: String,
    },
    /// The machine answers, and nothing listens there.
    #[error("nobody listens at {address}")]
    NobodyListens {
        /// Host and port.
        address: String,
    },
    /// The machine does not answer.
    #[error("{address} cannot be reached ({cause})")]
    Unreachable {
        /// Host and port.
        address: String,
        /// What the system said.
        cause: String,
    },
    /// The server has never been vouched for.
    #[error("the server's key {found} has not been vouched for")]
    KeyNotPinned {
        /// Fingerprint of what it showed.
        found: String,
    },
    /// Not the server that was vouched for.
    #[error("the server shows another key than before: {found} instead of {pinned}")]
    KeyChanged {
        /// Fingerprint of what was expected.
        pinned: String,
        /// Fingerprint of what it showed.
        found: String,
    },
    /// No authority of this machine's has signed the certificate, or it is another server's.
    #[error("the server's certificate {found} is not trusted ({cause})")]
    CertificateRefused {
        /// Fingerprint of what it showed.
        found: String,
        /// What is wrong with it.
        cause: String,
    },
    /// The server does not encrypt.
    #[error("the server does not speak TLS ({0})")]
    NoTls(String),
    /// Wrong user, password or key.
    #[error("the server does not let {user} in with this {what}")]
    LoginRefused {
        /// Who.
        user: String,
        /// `password` or `key`.
        what: &'static str,
    },
    /// It asks for something beside the password.
    #[error("the server asks {user} for more than a password: {question}")]
    AskedMore {
        /// Who.
        user: String,
        /// In the server's words.
        question: String,
    },
    /// Neither password nor key is kept for the channel, or the key cannot be read.
    #[error("{0}")]
    SecretUnusable(String),
    /// No such file or folder.
    #[error("{0} is not there")]
    NotFound(String),
    /// The name is taken.
    #[error("{0} is there already")]
    NameTaken(String),
    /// The user may not do this.
    #[error("{path} may not be {act} ({cause})")]
    Denied {
        /// Which file or folder.
        path: String,
        /// `read`, `listed`, `moved`, `written`, `removed`, `made`.
        act: &'static str,
        /// What the server said.
        cause: String,
    },
    /// Somebody still writes, or the server's word is not to be had.
    #[error("{path} was listed with {listed} bytes and has {found}")]
    SizeDiffers {
        /// Which file.
        path: String,
        /// As listed.
        listed: u64,
        /// As read.
        found: usize,
    },
    /// The server has no room left.
    #[error("the server's disk is full ({0})")]
    Full(String),
    /// No answer in time.
    #[error("no answer within {seconds} s ({act})")]
    TimedOut {
        /// While doing what.
        act: &'static str,
        /// The deadline.
        seconds: u64,
    },
    /// The connection is gone.
    #[error("the connection was lost ({0})")]
    Lost(String),
    /// An answer that makes no sense.
    #[error("the server's answer makes no sense ({0})")]
    Nonsense(String),
}

impl RemoteError {
    /// Is the session over? Else only this file or folder is concerned.
    pub const fn ends_session(&self) -> bool {
        !matches!(
            self,
            Self::NotFound(_) | Self::NameTaken(_) | Self::Denied { .. } | Self::SizeDiffers { .. } | Self::Full(_)
        )
    }

    /// What a person can do about it, as a sentence.
    pub const fn cure(&self) -> &'static str {
        match self {
            Self::NameUnknown { .. } => "Check the name of the host, and that this machine can resolve names.",
            Self::NobodyListens { .. } => "Check the port, and that the file server is running.",
            Self::Unreachable { .. } => "Check the network and the firewall between this machine and the server.",
            Self::KeyNotPinned { .. } => {
                "Compare the fingerprint with what the server's operator says, then run: central channel pin NAME"
            }
            Self::KeyChanged { .. } => {
                "Ask the server's operator whether its key was changed. Only if so, run: central channel pin NAME"
            }
            Self::CertificateRefused { .. } => {
                "Install the authority that signed it, or compare the fingerprint with what the server's operator says \
                 and run: central channel pin NAME"
            }
            Self::NoTls(_) => "Ask the server's operator for TLS, or add the channel with --insecure.",
            Self::AskedMore { .. } => "Have the server let the user in by key or by the password alone.",
            Self::LoginRefused { .. } => {
                "Check the user, and give the password or key anew: central channel change NAME --password-file FILE or --key FILE."
            }
            Self::SecretUnusable(_) => "Give the password with --password-file or the key with --key.",
            Self::NotFound(_) => "Make the folder, or check its name.",
            Self::NameTaken(_) => "Nothing: another name is chosen.",
            Self::Denied { .. } => "Give the user the right to read, write and rename in the folder.",
            Self::SizeDiffers { .. } => "Nothing, if the file is still being written: it is tried again by itself.",
            Self::Full(_) => "Make room on the server.",
            Self::TimedOut { .. } => "Check the network and the server; it is tried again by itself.",
            Self::Lost(_) => "Nothing, if it passes: it is tried again by itself.",
            Self::Nonsense(_) => "Check that the port is that of the file server.",
        }
    }
}

/// A remote whose every call must end in time.
pub struct Timed {
    remote: Box<dyn Remote>,
    call: Duration,
}

impl Timed {
    /// Around a remote.
    pub fn new(remote: Box<dyn Remote>, deadlines: Deadlines) -> Self {
        Self { remote, call: deadlines.call }
    }
}

/// Ends a step that takes too long.
pub async fn in_time<T>(
    limit: Duration,
    act: &'static str,
    step: impl Future<Output = Result<T, RemoteError>>,
) -> Result<T, RemoteError> {
    match tokio::time::timeout(limit, step).await {
        Ok(ended) => ended,
        Err(_) => Err(RemoteError::TimedOut { act, seconds: limit.as_secs() }),
    }
}

#[tonic::async_trait]
impl Remote for Timed {
    async fn list(&mut self, folder: &str) -> Result<Vec<Entry>, RemoteError> {
        in_time(self.call, "listing", self.remote.list(folder)).await
    }

    fn unnameable(&self) -> &[String] {
        self.remote.unnameable()
    }

    async fn read(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>, RemoteError> {
        in_time(self.call, "reading", self.remote.read(path, bytes_max)).await
    }

    async fn rename(&mut self, from: &str, to: &str) -> Result<(), RemoteError> {
        in_time(self.call, "moving", self.remote.rename(from, to)).await
    }

    async fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), RemoteError> {
        in_time(self.call, "writing", self.remote.write(path, bytes)).await
    }

    async fn remove(&mut self, path: &str) -> Result<(), RemoteError> {
        in_time(self.call, "removing", self.remote.remove(path)).await
    }

    async fn exists(&mut self, path: &str) -> Result<bool, RemoteError> {
        in_time(self.call, "looking", self.remote.exists(path)).await
    }

    async fn make_folder(&mut self, path: &str) -> Result<(), RemoteError> {
        in_time(self.call, "making a folder", self.remote.make_folder(path)).await
    }

    async fn close(&mut self) {
        // A goodbye nobody answers is none the worse.
        drop(tokio::time::timeout(self.call.min(Duration::from_secs(2)), self.remote.close()).await);
    }
}

/// May a file of this name be asked for? Names of other systems come as they are; what would break out of the folder, a
/// command line or a log does not.
pub fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= NAME_BYTES_MAX
        && name != "."
        && name != ".."
        && !name.chars().any(|c| c == '/' || c == '\\' || c == char::REPLACEMENT_CHARACTER || c.is_control())
}

/// A file that cannot be asked for, by the bytes of its name as far as the other side gives them.
pub fn add_unnameable(names: &mut Vec<String>, name: &[u8]) {
    if names.len() >= UNNAMEABLE_MAX {
        return;
    }
    let escaped = match std::str::from_utf8(name) {
        Ok(name) => name.chars().map(escape).collect::<String>(),
        Err(_) => name.escape_ascii().to_string(),
    };
    names.push(escaped.chars().take(NAME_BYTES_MAX).collect());
}

fn escape(character: char) -> String {
    match character {
        '\\' | char::REPLACEMENT_CHARACTER => character.escape_unicode().to_string(),
        _ if is_command(character) => character.escape_unicode().to_string(),
        _ => character.to_string(),
    }
}

/// A path below a folder; one that begins with `/` stands for itself.
pub fn join(folder: &str, path: &str) -> String {
    match (folder, path) {
        (folder, "") => folder.to_owned(),
        (_, path) if path.starts_with('/') => path.to_owned(),
        ("", path) => path.to_owned(),
        ("/", path) => format!("/{path}"),
        (folder, path) => format!("{folder}/{path}"),
    }
}

/// Connects to a host by name, with what failed told apart.
pub async fn connect_tcp(host: &str, port: u16) -> Result<tokio::net::TcpStream, RemoteError> {
    let address = format!("{host}:{port}");
    let found = tokio::net::lookup_host((host, port)).await;
    let mut addresses =
        found.map_err(|cause| RemoteError::NameUnknown { host: host.to_owned(), cause: cause.to_string() })?.peekable();
    if addresses.peek().is_none() {
        return Err(RemoteError::NameUnknown { host: host.to_owned(), cause: "no address".to_owned() });
    }
    let mut failed = RemoteError::NobodyListens { address: address.clone() };
    for candidate in addresses {
        match tokio::net::TcpStream::connect(candidate).await {
            Ok(stream) => return Ok(stream),
            Err(cause) if cause.kind() == std::io::ErrorKind::ConnectionRefused => {}
            Err(cause) => {
                failed = RemoteError::Unreachable { address: address.clone(), cause: cause.to_string() };
            }
        }
    }
    Err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_break_out_are_none() {
        for name in ["a.xml", "Bestellung März.xml", "a b", ".hidden"] {
            assert!(is_plain_name(name), "{name:?}");
        }
        let long = "x".repeat(256);
        for name in ["", ".", "..", "a/b", "../a", "a\\b", "a\r\nDELE b", "a\u{fffd}", "a\u{1b}[2J", &long] {
            assert!(!is_plain_name(name), "{name:?}");
        }
    }

    #[test]
    fn a_name_that_cannot_be_asked_for_is_recognised() {
        let mut names = Vec::new();
        for name in ["a\r\nDELE b".as_bytes(), b"M\xe4rz.xml", "M\u{fffd}rz.xml".as_bytes(), "c:\\märz".as_bytes()] {
            add_unnameable(&mut names, name);
        }
        assert_eq!(names, ["a\\u{d}\\u{a}DELE b", "M\\xe4rz.xml", "M\\u{fffd}rz.xml", "c:\\u{5c}märz"]);
        (0..100).for_each(|_| add_unnameable(&mut names, b"x"));
        assert_eq!(names.len(), UNNAMEABLE_MAX);
    }

    #[test]
    fn paths_are_put_together() {
        #[rustfmt::skip]
        let table = [
            ("/in", "processing/a", "/in/processing/a"), ("/", "a", "/a"), ("", "a", "a"), ("in", "/out/a", "/out/a"), ("/in", "", "/in"),
        ];
        for (folder, path, expected) in table {
            assert_eq!(join(folder, path), expected);
        }
    }
}
