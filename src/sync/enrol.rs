//! Joining a till to central with a one-time code.

use std::path::Path;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};

use super::connect::{ConnectError, Spoken, connect_stranger, find_spoken};
use super::identity::{self, Identity, IdentityError, TlsFiles};
use crate::domain::ids::TillId;
use crate::wire::till::v1 as proto;

/// How long central may take to answer.
const DEADLINE: Duration = Duration::from_secs(20);

/// What joining needs.
#[derive(Clone, Debug)]
pub struct EnrolRequest<'a> {
    /// Where central is: `https://central.example:50051`.
    pub central: &'a str,
    /// The one-time code from head office.
    pub code: &'a str,
    /// The certificate of the authority that signed central's, PEM; needed for `https`, and trusted from then on.
    pub authority_pem: Option<&'a str>,
    /// The data folder, which must exist.
    pub folder: &'a Path,
    /// 32 fresh random bytes: the journal key, unless the folder has one.
    pub random: [u8; 32],
    /// The program's version.
    pub version: &'a str,
}

/// Why a till could not be joined.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// Central cannot be reached this way.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The identity cannot be kept.
    #[error("the till's identity cannot be kept")]
    Identity(#[from] IdentityError),
    /// The key for TLS cannot be made or used.
    #[error("the key for TLS cannot be used")]
    TlsKey(#[from] rcgen::Error),
    /// The code is wrong, used or too old; what central said.
    #[error("central refuses the code: {0}")]
    CodeRefused(String),
    /// No answer, or none in time.
    #[error("central cannot be reached: {0}")]
    Unreachable(String),
    /// `http`, and central speaks TLS.
    #[error(
        "the central at {0} speaks TLS: name it as https://, with the certificate of its authority (--ca FILE, authority.pem \
         in central's data folder)"
    )]
    WantsTls(String),
    /// `https`, and central speaks plain text.
    #[error(
        "the central at {0} speaks no TLS: name it as http://127.0.0.1:PORT where it is on this machine, else have it started \
         with central serve --tls"
    )]
    WantsPlain(String),
    /// An answer that names no store or workstation.
    #[error("central's answer names no till")]
    Nameless,
    /// The folder belongs to another till, whose journal must not be continued by this one.
    #[error("this folder belongs to till {folder}, and the code is for {code}")]
    OtherTill {
        /// Whose folder it is.
        folder: TillId,
        /// Whose code it is.
        code: TillId,
    },
}

/// Joins a till and keeps its identity in the folder. Asking again after a lost answer, with the same code, is fine: keys
/// that are there already are used again.
pub async fn enrol(request: EnrolRequest<'_>) -> Result<Identity, EnrolError> {
    let EnrolRequest { central, code, authority_pem, folder, random, version } = request;
    let before = match Identity::load(folder) {
        Ok(identity) => Some(identity),
        Err(IdentityError::NotEnrolled) => None,
        Err(error) => return Err(error.into()),
    };
    let mut client = connect_stranger(central, authority_pem)?;
    let journal_key = match identity::find_journal_key(folder)? {
        Some(key) => key,
        None => {
            let key = SigningKey::from_bytes(&random);
            identity::save_journal_key(folder, &key)?;
            key
        }
    };
    let tls_key = match identity::find_tls_key(folder)? {
        Some(pem) => KeyPair::from_pem(&pem)?,
        None => {
            let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
            identity::save_tls_key(folder, &key.serialize_pem())?;
            key
        }
    };
    // Central writes the subject itself: the till is whom the code was given out for.
    let csr_pem = CertificateParams::new(Vec::new())?.serialize_request(&tls_key)?.pem()?;
    let message = proto::EnrolRequest {
        code: code.to_owned(),
        csr_pem,
        journal_public_key: journal_key.verifying_key().to_bytes().to_vec(),
        software_version: version.to_owned(),
    };
    let response = match tokio::time::timeout(DEADLINE, client.enrol(message)).await {
        Ok(Ok(response)) => response.into_inner(),
        Ok(Err(status)) => return Err(told(central, refusal(&status)).await),
        Err(_) => {
            let silent = EnrolError::Unreachable(format!("no answer in {} s", DEADLINE.as_secs()));
            return Err(told(central, silent).await);
        }
    };
    if response.store.is_empty() || response.workstation.is_empty() {
        return Err(EnrolError::Nameless);
    }
    let till = TillId { store: response.store.into(), workstation: response.workstation.into() };
    if let Some(before) = before.filter(|b| b.till != till) {
        return Err(EnrolError::OtherTill { folder: before.till, code: till });
    }
    let tls = central.starts_with("https:").then(|| TlsFiles {
        certificate_pem: response.certificate_pem,
        key_pem: tls_key.serialize_pem(),
        authority_pem: join_authorities(authority_pem.unwrap_or_default(), &response.ca_pem),
    });
    let identity = Identity { till, central: central.to_owned(), journal_key, token: response.token, tls };
    identity.save(folder)?;
    Ok(identity)
}

/// The authority that vouched for central when the till was joined, which may be anybody's, and central's own.
fn join_authorities(trusted: &str, own: &str) -> String {
    if own.trim().is_empty() || trusted.contains(own.trim()) {
        return trusted.to_owned();
    }
    format!("{}\n{own}", trusted.trim_end())
}

/// Why nobody could be reached, as far as it can be told: the wrong one of `http` and `https` is only a broken connection to
/// either side.
async fn told(central: &str, error: EnrolError) -> EnrolError {
    if !matches!(error, EnrolError::Unreachable(_)) {
        return error;
    }
    match (central.starts_with("https:"), find_spoken(central).await) {
        (false, Some(Spoken::Tls)) => EnrolError::WantsTls(central.to_owned()),
        (true, Some(Spoken::Plain)) => EnrolError::WantsPlain(central.to_owned()),
        _ => error,
    }
}

fn refusal(status: &tonic::Status) -> EnrolError {
    use tonic::Code;
    let said = status.message().to_owned();
    match status.code() {
        Code::Unavailable | Code::Cancelled | Code::DeadlineExceeded | Code::Unknown => EnrolError::Unreachable(said),
        // What has a cause on this side was never central's word: the connection broke, or whoever answers speaks otherwise.
        _ if std::error::Error::source(status).is_some() => EnrolError::Unreachable(said),
        _ => EnrolError::CodeRefused(said),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tonic::{Code, Status};

    use super::*;

    #[test]
    fn only_centrals_own_word_refuses_a_code() {
        let told = Status::new(Code::PermissionDenied, "the code is used");
        assert!(matches!(refusal(&told), EnrolError::CodeRefused(said) if said == "the code is used"));
        // As HTTP/2 calls it when the other side says something else, once the connection stands.
        let mut broken = Status::new(Code::Internal, "h2 protocol error: http2 error");
        broken.set_source(Arc::new(std::io::Error::other("FRAME_SIZE_ERROR")));
        assert!(matches!(refusal(&broken), EnrolError::Unreachable(_)));
    }
}
