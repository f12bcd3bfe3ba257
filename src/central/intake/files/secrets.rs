//! Passwords and private keys of file servers: each channel's in a file of its own in central's data folder, readable by its
//! owner alone.
//!
//! They are kept as they are, since central must show them to the server: whoever can read the folder as central's user can
//! read them. They are not in the database, so that a copy of it gives none away, and they are never printed or logged.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::domain::ids::ChannelId;

/// The folder in central's data folder.
const FOLDER: &str = "file-secrets";
/// A password or key is never longer.
const SECRET_BYTES_MAX: u64 = 64 * 1024;

/// A text that does not show itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// Around a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the server it is meant for.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// What a channel signs in with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secret {
    /// The password; the key's passphrase when there is a key.
    pub password: Option<Hidden>,
    /// A private key, as text (OpenSSH or PEM).
    pub key: Option<Hidden>,
}

/// Why a secret is not to be had.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {cause}")]
pub struct SecretError {
    /// Which file.
    pub path: PathBuf,
    /// What the system said.
    pub cause: io::Error,
}

/// The secrets of all channels.
#[derive(Clone, Debug)]
pub struct Secrets {
    folder: PathBuf,
}

impl Secrets {
    /// Those in a data folder.
    pub fn of_data(data: &Path) -> Self {
        Self { folder: data.join(FOLDER) }
    }

    /// Keeps a channel's secret instead of the one before.
    pub fn save(&self, channel: &ChannelId, secret: &Secret) -> Result<(), SecretError> {
        self.make_folder().map_err(|cause| SecretError { path: self.folder.clone(), cause })?;
        for (text, ending) in [(&secret.password, "password"), (&secret.key, "key")] {
            let path = self.path(channel, ending);
            let kept = match text {
                Some(text) => write_hidden(&path, text.reveal()),
                None => remove_if_there(&path),
            };
            kept.map_err(|cause| SecretError { path, cause })?;
        }
        Ok(())
    }

    /// A channel's secret; empty when none was given.
    pub fn read(&self, channel: &ChannelId) -> Result<Secret, SecretError> {
        let read = |ending: &str| {
            let path = self.path(channel, ending);
            match read_hidden(&path) {
                Ok(text) => Ok(Some(text)),
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(cause) => Err(SecretError { path, cause }),
            }
        };
        Ok(Secret { password: read("password")?, key: read("key")? })
    }

    /// Forgets a channel's secret.
    pub fn remove(&self, channel: &ChannelId) -> Result<(), SecretError> {
        for ending in ["password", "key"] {
            let path = self.path(channel, ending);
            remove_if_there(&path).map_err(|cause| SecretError { path, cause })?;
        }
        Ok(())
    }

    /// Channels may be called anything, files may not.
    fn path(&self, channel: &ChannelId, ending: &str) -> PathBuf {
        let name = percent_encoding::utf8_percent_encode(channel.as_str(), percent_encoding::NON_ALPHANUMERIC);
        self.folder.join(format!("{name}.{ending}"))
    }

    fn make_folder(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)
    }
}

/// A password or key from a file a person names: its text, without the line break editors put behind it.
pub fn read_hidden(path: &Path) -> io::Result<Hidden> {
    let mut text = String::new();
    io::Read::read_to_string(&mut io::Read::take(fs::File::open(path)?, SECRET_BYTES_MAX + 1), &mut text)?;
    if text.len() as u64 > SECRET_BYTES_MAX {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "this is longer than any password or key"));
    }
    let kept = text.trim_end_matches(['\r', '\n']);
    // A private key is text of several lines, the last of which ends like the others.
    Ok(Hidden::new(if kept.contains('\n') { text } else { kept.to_owned() }))
}

fn write_hidden(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension("part");
    remove_if_there(&beside)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_secret_is_its_owners_alone_and_shows_itself_to_nobody() {
        let data = tempfile::tempdir().unwrap();
        let secrets = Secrets::of_data(data.path());
        let channel = ChannelId::new("../market place");
        assert_eq!(secrets.read(&channel).unwrap(), Secret::default());
        let secret = Secret { password: Some(Hidden::new("s3cret")), key: Some(Hidden::new("-----\nkey\n-----\n")) };
        secrets.save(&channel, &secret).unwrap();
        assert_eq!(secrets.read(&channel).unwrap(), secret);
        assert!(!format!("{secret:?}").contains("s3cret"));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&data.path().join(FOLDER)), 0o700);
        let files: Vec<PathBuf> =
            fs::read_dir(data.path().join(FOLDER)).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(files.len(), 2, "{files:?}");
        for file in files {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
        secrets.save(&channel, &Secret { password: None, key: secret.key.clone() }).unwrap();
        assert_eq!(secrets.read(&channel).unwrap().password, None);
        secrets.remove(&channel).unwrap();
        assert_eq!(secrets.read(&channel).unwrap(), Secret::default());
    }

    #[test]
    fn a_password_ends_before_the_editors_line_break() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("password");
        fs::write(&path, " with spaces \r\n").unwrap();
        assert_eq!(read_hidden(&path).unwrap().reveal(), " with spaces ");
    }
}
