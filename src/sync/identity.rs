//! Who this till is: the files that enrolment leaves in the data folder, readable by their owner only.
//!
//! `identity.toml` (store, workstation, central's address, token), `journal.key` (Ed25519, PKCS #8 PEM), and with TLS
//! `tls.key`, `tls.crt` and `authority.crt`. The keys are written before central is asked, so that an answer that gets lost
//! on the way can be asked for again with the same keys.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use serde::{Deserialize, Serialize};

use crate::domain::ids::TillId;

const IDENTITY_FILE: &str = "identity.toml";
const JOURNAL_KEY_FILE: &str = "journal.key";
const TLS_KEY_FILE: &str = "tls.key";
const TLS_CERTIFICATE_FILE: &str = "tls.crt";
const AUTHORITY_FILE: &str = "authority.crt";

/// Why the identity cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The till was never joined to a central.
    #[error("this till has not been enrolled: run `till enrol`")]
    NotEnrolled,
    /// A file cannot be read or written.
    #[error("{}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file's content makes no sense.
    #[error("{}: {what}", .path.display())]
    Content {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

/// Who this till is and how it proves it.
#[derive(Clone)]
pub struct Identity {
    /// Its name.
    pub till: TillId,
    /// Where central is.
    pub central: String,
    /// What it signs its journal with.
    pub journal_key: SigningKey,
    /// Proves it on this machine, in plain text.
    pub token: String,
    /// Proves it anywhere else.
    pub tls: Option<TlsFiles>,
}

/// What TLS needs, as PEM.
#[derive(Clone)]
pub struct TlsFiles {
    /// The till's certificate, signed by central.
    pub certificate_pem: String,
    /// Its key.
    pub key_pem: String,
    /// The only authorities the till trusts: the one it was joined under, and central's own.
    pub authority_pem: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct IdentityFile {
    store: String,
    workstation: String,
    central: String,
    token: String,
}

impl Identity {
    /// Reads the identity of a data folder.
    pub fn load(folder: &Path) -> Result<Self, IdentityError> {
        let path = folder.join(IDENTITY_FILE);
        let text = match read(&path) {
            Err(IdentityError::File { source, .. }) if source.kind() == ErrorKind::NotFound => {
                return Err(IdentityError::NotEnrolled);
            }
            other => other?,
        };
        let file: IdentityFile =
            toml::from_str(&text).map_err(|e| IdentityError::Content { path, what: e.message().to_owned() })?;
        let journal_key = find_journal_key(folder)?.ok_or(IdentityError::NotEnrolled)?;
        let tls = match file.central.starts_with("https:") {
            false => None,
            true => Some(TlsFiles {
                certificate_pem: read(&folder.join(TLS_CERTIFICATE_FILE))?,
                key_pem: read(&folder.join(TLS_KEY_FILE))?,
                authority_pem: read(&folder.join(AUTHORITY_FILE))?,
            }),
        };
        Ok(Self {
            till: TillId { store: file.store.into(), workstation: file.workstation.into() },
            central: file.central,
            journal_key,
            token: file.token,
            tls,
        })
    }

    /// Keeps it. `identity.toml` comes last: what is found is whole.
    pub fn save(&self, folder: &Path) -> Result<(), IdentityError> {
        save_journal_key(folder, &self.journal_key)?;
        if let Some(tls) = &self.tls {
            write(&folder.join(TLS_KEY_FILE), &tls.key_pem)?;
            write(&folder.join(TLS_CERTIFICATE_FILE), &tls.certificate_pem)?;
            write(&folder.join(AUTHORITY_FILE), &tls.authority_pem)?;
        }
        let file = IdentityFile {
            store: self.till.store.to_string(),
            workstation: self.till.workstation.to_string(),
            central: self.central.clone(),
            token: self.token.clone(),
        };
        let path = folder.join(IDENTITY_FILE);
        let text =
            toml::to_string(&file).map_err(|e| IdentityError::Content { path: path.clone(), what: e.to_string() })?;
        write(&path, &text)
    }
}

/// The journal key of a data folder, when it has one.
pub fn find_journal_key(folder: &Path) -> Result<Option<SigningKey>, IdentityError> {
    let path = folder.join(JOURNAL_KEY_FILE);
    let Some(pem) = find(&path)? else { return Ok(None) };
    let key = SigningKey::from_pkcs8_pem(&pem);
    key.map(Some).map_err(|e| IdentityError::Content { path, what: e.to_string() })
}

/// Keeps the journal key.
pub fn save_journal_key(folder: &Path, key: &SigningKey) -> Result<(), IdentityError> {
    let path = folder.join(JOURNAL_KEY_FILE);
    match key.to_pkcs8_pem(LineEnding::LF) {
        Ok(pem) => write(&path, &pem),
        Err(e) => Err(IdentityError::Content { path, what: e.to_string() }),
    }
}

/// The TLS key of a data folder, PEM, when it has one.
pub fn find_tls_key(folder: &Path) -> Result<Option<String>, IdentityError> {
    find(&folder.join(TLS_KEY_FILE))
}

/// Keeps the TLS key.
pub fn save_tls_key(folder: &Path, pem: &str) -> Result<(), IdentityError> {
    write(&folder.join(TLS_KEY_FILE), pem)
}

fn find(path: &Path) -> Result<Option<String>, IdentityError> {
    match read(path) {
        Ok(text) => Ok(Some(text)),
        Err(IdentityError::File { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn read(path: &Path) -> Result<String, IdentityError> {
    fs::read_to_string(path).map_err(|source| IdentityError::File { path: path.to_owned(), source })
}

fn write(path: &Path, text: &str) -> Result<(), IdentityError> {
    write_private(path, text).map_err(|source| IdentityError::File { path: path.to_owned(), source })
}

/// Writes a file that only its owner reads, whole or not at all, a power cut included.
pub(crate) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let fresh = path.with_extension("new");
    // One left over from a power cut may have other rights: these are set when a file is made.
    match fs::remove_file(&fresh) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn identity() -> Identity {
        Identity {
            till: TillId { store: "S001".into(), workstation: "T02".into() },
            central: "https://central.example:50051".to_owned(),
            journal_key: SigningKey::from_bytes(&[9; 32]),
            token: "secret".to_owned(),
            tls: Some(TlsFiles {
                certificate_pem: "certificate".to_owned(),
                key_pem: "key".to_owned(),
                authority_pem: "authority".to_owned(),
            }),
        }
    }

    #[test]
    fn what_was_kept_comes_back_and_is_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Identity::load(folder.path()), Err(IdentityError::NotEnrolled)));
        identity().save(folder.path()).unwrap();
        identity().save(folder.path()).unwrap();
        let back = Identity::load(folder.path()).unwrap();
        assert_eq!(back.till, identity().till);
        assert_eq!(back.central, identity().central);
        assert_eq!(back.token, identity().token);
        assert_eq!(back.journal_key.to_bytes(), identity().journal_key.to_bytes());
        assert_eq!(back.tls.unwrap().key_pem, "key");
        let mut names = Vec::new();
        for entry in fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            names.push(entry.file_name().into_string().unwrap());
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
        }
        names.sort();
        assert_eq!(names, ["authority.crt", "identity.toml", "journal.key", "tls.crt", "tls.key"]);
    }

    #[test]
    fn a_spoiled_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        identity().save(folder.path()).unwrap();
        fs::write(folder.path().join("journal.key"), "not a key").unwrap();
        let error = Identity::load(folder.path()).err().unwrap().to_string();
        assert!(error.contains("journal.key"), "{error}");
        fs::write(folder.path().join("identity.toml"), "store = 1").unwrap();
        let error = Identity::load(folder.path()).err().unwrap().to_string();
        assert!(error.contains("identity.toml"), "{error}");
    }
}
