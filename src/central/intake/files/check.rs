//! Trying a channel's folder for a person: what is right, and what is wrong with a cure.

use super::connect;
use super::look::{IMPORTED, PROBLEM, PROCESSING};
use super::place::Place;
use super::plan::Claim;
use super::remote::{Deadlines, Remote, RemoteError};
use super::secrets::Secret;
use crate::central::store::FileChannel;

/// One thing that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In a sentence.
    pub text: String,
    /// What to do; `None` when it is right.
    pub cure: Option<String>,
}

impl Finding {
    fn right(text: impl Into<String>) -> Self {
        Self { text: text.into(), cure: None }
    }

    fn wrong(what: &str, error: &RemoteError) -> Self {
        Self { text: format!("{what}: {error}"), cure: Some(error.cure().to_owned()) }
    }
}

/// The name of the file that is written, moved and taken away again; pick-ups leave it alone.
const PROBE: &str = ".central-check.tmp";

/// Connects, and does once what a pick-up does, with a file of its own. Stops where nothing further can be tried.
pub async fn check(settings: &FileChannel, secret: &Secret, deadlines: Deadlines) -> Vec<Finding> {
    let place = match Place::from_text(&settings.place) {
        Ok(place) => place,
        Err(error) => {
            return vec![Finding { text: error.to_string(), cure: Some("Add the channel again.".to_owned()) }];
        }
    };
    let mut remote = match connect(&place, settings.fingerprint.as_deref(), secret, deadlines).await {
        Ok(remote) => remote,
        Err(error) => return vec![Finding::wrong(&settings.place, &error)],
    };
    let mut findings = vec![Finding::right(match &place {
        Place::Folder(_) => format!("{} is there", settings.place),
        Place::Sftp(_) => format!("signed in to {}, whose key is the one vouched for", settings.place),
        Place::Ftp(..) if settings.place.starts_with("ftp:") => {
            format!("signed in to {}; password and orders travel in clear", settings.place)
        }
        Place::Ftp(..) => format!("signed in to {} with TLS", settings.place),
    })];
    let tried = try_out(&mut remote, settings, &mut findings).await;
    if let Err((what, error)) = tried {
        findings.push(Finding::wrong(what, &error));
    }
    remote.close().await;
    findings
}

async fn try_out(
    remote: &mut dyn Remote,
    settings: &FileChannel,
    findings: &mut Vec<Finding>,
) -> Result<(), (&'static str, RemoteError)> {
    let because = |what: &'static str| move |error: RemoteError| (what, error);
    let waiting = remote.list("").await.map_err(because("the folder cannot be listed"))?;
    findings.push(Finding::right(format!("the folder holds {} files", waiting.len())));
    for name in remote.unnameable() {
        findings.push(Finding {
            text: format!("the file {name} cannot be asked for by its name"),
            cure: Some("Give it a name in UTF-8, without \\ and without control characters.".to_owned()),
        });
    }
    for folder in [PROCESSING, IMPORTED, PROBLEM] {
        remote.make_folder(folder).await.map_err(because("a folder cannot be made"))?;
    }
    findings.push(Finding::right("the folders processing, imported and problem are there"));
    remote.write(PROBE, b"central").await.map_err(because("a file cannot be written"))?;
    let moved = format!("{PROCESSING}/{PROBE}");
    match remote.rename(PROBE, &moved).await {
        // Left behind by a check that was broken off.
        Err(RemoteError::NameTaken(_)) => {
            remote.remove(&moved).await.map_err(because("a file cannot be removed"))?;
            remote.rename(PROBE, &moved).await.map_err(because("a file cannot be moved"))?;
        }
        renamed => renamed.map_err(because("a file cannot be moved"))?,
    }
    let read = remote.read(&moved, 100).await.map_err(because("a file cannot be moved and read"))?;
    if read != b"central" {
        let error = RemoteError::SizeDiffers { path: moved, listed: 7, found: read.len() };
        return Err(("what was written is not what is read", error));
    }
    let listed = remote.list(PROCESSING).await.map_err(because("processing cannot be listed"))?;
    let sizeless = listed.iter().any(|entry| entry.name == PROBE && entry.size == 0);
    remote.remove(&moved).await.map_err(because("a file cannot be removed"))?;
    findings.push(Finding::right("files can be written, moved, read and removed"));
    if sizeless {
        let text = "the server does not tell how large files are: each is taken when it reads the same at two looks";
        findings.push(Finding::right(text));
    }
    if let Some(outbound) = &settings.outbound {
        let probe = format!("{outbound}/{PROBE}");
        remote
            .write(&probe, b"central")
            .await
            .map_err(because("an answer cannot be written to the outbound folder"))?;
        remote.remove(&probe).await.map_err(because("a file cannot be removed from the outbound folder"))?;
        findings.push(Finding::right(format!("answers can be written to {outbound}")));
    }
    let claimed = remote.list(PROCESSING).await.map_err(because("processing cannot be listed"))?;
    let others = claimed.iter().filter(|entry| Claim::parse(&entry.name, &settings.tag).is_none()).count();
    if others > 0 {
        findings.push(Finding {
            text: format!("processing holds {others} files that another central has claimed"),
            cure: Some("If that central no longer exists, move them back into the folder.".to_owned()),
        });
    }
    Ok(())
}

/// What the server shows: the fingerprint that would have to be pinned. `None` when it is pinned already, or when there is
/// none to pin (a folder, FTP in clear, a certificate of an authority this machine trusts).
pub async fn find_fingerprint(
    settings: &FileChannel,
    secret: &Secret,
    deadlines: Deadlines,
) -> Result<Option<String>, RemoteError> {
    let unusable = |error: super::place::PlaceError| RemoteError::SecretUnusable(error.to_string());
    let place = Place::from_text(&settings.place).map_err(unusable)?;
    match connect(&place, settings.fingerprint.as_deref(), secret, deadlines).await {
        Ok(mut remote) => {
            remote.close().await;
            Ok(None)
        }
        Err(
            RemoteError::KeyNotPinned { found }
            | RemoteError::KeyChanged { found, .. }
            | RemoteError::CertificateRefused { found, .. },
        ) => Ok(Some(found)),
        Err(error) => Err(error),
    }
}
