//! One look at a channel's folder: finishing what was interrupted, then taking what is whole.
//!
//! Every step leaves a state from which the next look goes on: a file in the folder is anybody's, one in `processing/`
//! under our tag is ours, one with a record in the store is taken, and what the record says is done until it is noted as
//! done. A fault of one file leaves the others alone; a fault of the connection ends the look.

use std::collections::HashMap;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::super::{Incoming, Intake, xml};
use super::plan::{self, Claim, Ripe, Sightings};
use super::record::ArrivedFile;
use super::remote::{Remote, RemoteError};
use crate::central::store::{FileChannel, FileRecord, Store, StoreError};
use crate::central::surroundings::Surroundings;
use crate::domain::Timestamp;
use crate::domain::ids::StoreId;

/// Where a file is while it is worked on, and where it ends.
pub const PROCESSING: &str = "processing";
/// Files whose orders were taken.
pub const IMPORTED: &str = "imported";
/// Files, and parts of files, with problems, each with a text beside it.
pub const PROBLEM: &str = "problem";

/// How many files are noted as filed together.
const FILED_TOGETHER_MAX: usize = 64;
/// How many faults of single files are told.
const FAULTS_MAX: usize = 20;

/// What a look found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Files taken.
    pub received: u32,
    /// Orders taken from them.
    pub imported: u32,
    /// Orders that had been taken before.
    pub duplicates: u32,
    /// Orders with problems.
    pub problems: u32,
    /// Files that wait to stand still.
    pub waiting: u32,
    /// When the oldest of them was seen first.
    pub oldest_waiting_at: Option<Timestamp>,
    /// Files in `processing/` that another central has claimed.
    pub others_claims: u32,
    /// What went wrong with single files.
    pub faults: Vec<String>,
}

impl Look {
    fn wait_since(&mut self, since: Option<Timestamp>) {
        self.oldest_waiting_at = self.oldest_waiting_at.into_iter().chain(since).min();
    }
}

/// Why a look ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The other side.
    #[error("{0}")]
    Remote(#[from] RemoteError),
    /// Our own.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl LookError {
    /// Does it concern one file alone?
    const fn is_of_one_file(&self) -> bool {
        match self {
            Self::Remote(error) => !error.ends_session(),
            // A file whose record cannot be written for a reason of its own must not delay the next one for ever.
            Self::Store(error) => error.is_lasting() || matches!(error, StoreError::Full(_) | StoreError::Engine(_)),
        }
    }
}

/// The pick-up of one channel. What it remembers from look to look is only which files stood still.
pub struct PickUp<S> {
    store: S,
    intake: Intake<S>,
    surroundings: Surroundings,
    settings: FileChannel,
    allowed: Option<Vec<StoreId>>,
    still: Duration,
    sightings: Sightings,
    unsized_reads: HashMap<String, UnsizedRead>,
    told_sizeless: bool,
    filed: Vec<(String, String)>,
}

/// What was read of a claimed file whose size the other side does not tell as it is.
struct UnsizedRead {
    content: [u8; 32],
    since: Timestamp,
}

impl<S: Store> PickUp<S> {
    /// For a channel; `stores` are those it may order from, all when empty.
    pub fn new(store: S, surroundings: Surroundings, settings: FileChannel, stores: Vec<StoreId>) -> Self {
        let intake = Intake::new(store.clone(), surroundings.clone());
        let allowed = (!stores.is_empty()).then_some(stores);
        let still = plan::find_still(Duration::from_secs(u64::from(settings.every_seconds)));
        let (sightings, unsized_reads, filed) = (Sightings::new(), HashMap::new(), Vec::new());
        let told_sizeless = false;
        Self { store, intake, surroundings, settings, allowed, still, sightings, unsized_reads, told_sizeless, filed }
    }

    /// Looks once. Whatever ended it, the next look goes on from there.
    pub async fn look(&mut self, remote: &mut dyn Remote) -> Result<Look, LookError> {
        let mut look = Look::default();
        let looked = self.look_through(remote, &mut look).await;
        // What has been filed is noted whatever ended the look.
        let noted = self.note_filed().await;
        looked?;
        noted?;
        Ok(look)
    }

    /// Writes what head office has made of problems into the folder for answers, and touches nothing else.
    pub async fn answer(&mut self, remote: &mut dyn Remote) -> Result<(), LookError> {
        self.write_answers(remote, &mut Look::default()).await
    }

    async fn look_through(&mut self, remote: &mut dyn Remote, look: &mut Look) -> Result<(), LookError> {
        for folder in [PROCESSING, IMPORTED, PROBLEM] {
            remote.make_folder(folder).await?;
        }
        self.finish_interrupted(remote, look).await?;
        self.write_answers(remote, look).await?;
        let listing = remote.list("").await?;
        for name in remote.unnameable() {
            let fault = format!("{name}: the name of this file cannot be asked for; give it one in UTF-8 without \\");
            tracing::warn!(channel = %self.settings.channel, fault, "a file cannot be picked up");
            look.faults.push(fault);
        }
        let plan = plan::plan_look(&listing, &self.sightings, self.still, self.surroundings.now());
        look.waiting = look.waiting.saturating_add(u32::try_from(plan.waiting.len()).unwrap_or(u32::MAX));
        look.wait_since(plan.waiting.values().map(|sighting| sighting.since).min());
        self.sightings = plan.waiting;
        for ripe in plan.take {
            let taken = self.claim_and_take(remote, &ripe, look).await;
            self.bear(taken, &ripe.name, look)?;
        }
        Ok(())
    }

    /// Files that were taken and not yet put where they belong, and files that were claimed and not yet taken.
    async fn finish_interrupted(&mut self, remote: &mut dyn Remote, look: &mut Look) -> Result<(), LookError> {
        for claim in self.store.list_unfiled(self.settings.channel.clone()).await? {
            // One at a time: each may hold a whole document.
            let Some(record) = self.store.find_file(self.settings.channel.clone(), claim).await? else { continue };
            let filed = self.file_away(remote, &record).await;
            self.bear(filed, &record.name, look)?;
        }
        self.note_filed().await?;
        let mut claimed = remote.list(PROCESSING).await?;
        self.unsized_reads.retain(|claim, _| claimed.iter().any(|entry| entry.name == *claim));
        claimed.sort_by(|a, b| (a.modified, &a.name).cmp(&(b.modified, &b.name)));
        for entry in claimed {
            if plan::is_left_alone(&entry.name) && entry.name.starts_with('.') {
                continue;
            }
            let Some(claim) = Claim::parse(&entry.name, &self.settings.tag) else {
                look.others_claims += 1;
                continue;
            };
            let step = match self.store.find_file(self.settings.channel.clone(), entry.name.clone()).await? {
                // Noted as filed, and back here: the other side has lost the move (a power cut).
                Some(record) if record.filed => self.file_away(remote, &FileRecord { filed_as: None, ..record }).await,
                // What kept it from being filed has just been told.
                Some(_) => Ok(()),
                None => self.take(remote, &claim, claim.name(), entry.size, look).await,
            };
            self.bear(step, claim.name(), look)?;
        }
        Ok(())
    }

    /// Answers that are of no file: to what head office has mended or dismissed. Each is written before it is let go; one
    /// that was written before an interruption is there under its name.
    async fn write_answers(&mut self, remote: &mut dyn Remote, look: &mut Look) -> Result<(), LookError> {
        let Some(outbound) = self.settings.outbound.clone() else { return Ok(()) };
        let channel = self.settings.channel.clone();
        for answer in self.store.list_channel_answers(channel.clone()).await? {
            let written = write_whole(remote, &outbound, &answer.name, &answer.document).await;
            let step = match written {
                Ok(()) => {
                    self.store.finish_channel_answer(channel.clone(), answer.name.clone()).await.map_err(Into::into)
                }
                Err(error) => Err(error.into()),
            };
            self.bear(step, &answer.name, look)?;
        }
        Ok(())
    }

    /// Makes the file ours and takes it. One that is gone has been claimed by somebody else.
    async fn claim_and_take(&mut self, remote: &mut dyn Remote, ripe: &Ripe, look: &mut Look) -> Result<(), LookError> {
        if let Some(marker) = &ripe.marker {
            // The marker first: left behind, it would vouch for the next file of the name.
            match remote.remove(marker).await {
                Ok(()) | Err(RemoteError::NotFound(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let claim = Claim::new(&self.settings.tag, self.surroundings.random_u64(), &ripe.name);
        match remote.rename(&ripe.name, &format!("{PROCESSING}/{}", claim.file())).await {
            Ok(()) => self.take(remote, &claim, &ripe.name, ripe.size, look).await,
            Err(RemoteError::NotFound(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads a claimed file, takes its orders together with its record, and files it away.
    async fn take(
        &mut self,
        remote: &mut dyn Remote,
        claim: &Claim,
        name: &str,
        listed: u64,
        look: &mut Look,
    ) -> Result<(), LookError> {
        let bytes = remote.read(&format!("{PROCESSING}/{}", claim.file()), xml::DOCUMENT_BYTES_MAX).await?;
        let is_cut = bytes.len() > xml::DOCUMENT_BYTES_MAX;
        if !is_cut && bytes.len() as u64 != listed && !self.stands_still(claim, &bytes, listed, look) {
            if listed == 0 {
                return Ok(());
            }
            // Somebody still writes, or the server's word is not to be had: the next look asks again.
            return Err(RemoteError::SizeDiffers { path: name.to_owned(), listed, found: bytes.len() }.into());
        }
        self.unsized_reads.remove(&claim.file());
        let arrived = ArrivedFile {
            channel: self.settings.channel.clone(),
            claim: claim.file(),
            name: name.to_owned(),
            content: Sha256::digest(&bytes).into(),
            size: if is_cut { listed.max(bytes.len() as u64) } else { bytes.len() as u64 },
            received_at: self.surroundings.now(),
        };
        let incoming = Incoming { channel: self.settings.channel.clone(), content_type: String::new(), bytes };
        let record = self.intake.take_file(incoming, self.allowed.clone(), arrived).await?;
        look.received += 1;
        look.imported += record.imported;
        look.duplicates += record.duplicates;
        look.problems += record.problems;
        self.file_away(remote, &record).await
    }

    /// Is a claimed file of another size than was listed the same as it was read before, for as long as a file must stand
    /// still? A server that tells no sizes is served like this: it waits, and is no fault of the file's.
    fn stands_still(&mut self, claim: &Claim, bytes: &[u8], listed: u64, look: &mut Look) -> bool {
        let (content, now) = (Sha256::digest(bytes).into(), self.surroundings.now());
        let read = self.unsized_reads.entry(claim.file()).or_insert(UnsizedRead { content, since: now });
        if read.content != content {
            *read = UnsizedRead { content, since: now };
        } else if plan::is_past(read.since, self.still, now) && read.since < now {
            return true;
        }
        if listed == 0 {
            look.waiting = look.waiting.saturating_add(1);
            look.wait_since(Some(read.since));
            if !std::mem::replace(&mut self.told_sizeless, true) {
                let channel = &self.settings.channel;
                tracing::warn!(%channel, "the server does not tell how large files are: each is taken when it reads the same twice");
            }
        }
        false
    }

    /// Puts a taken file, its answer and its report where they belong. May be done again from any point.
    async fn file_away(&mut self, remote: &mut dyn Remote, record: &FileRecord) -> Result<(), LookError> {
        let Some(claim) = Claim::parse(&record.claim, &self.settings.tag) else {
            return Err(StoreError::Damaged(format!("{} is no claim of this channel's", record.claim)).into());
        };
        if let Some(outbound) = self.settings.outbound.as_ref().filter(|_| !record.answer.is_empty()) {
            write_whole(remote, outbound, &claim.response_name(), &record.answer).await?;
        }
        if !record.rejected.is_empty() {
            let name = claim.own_name();
            write_whole(remote, PROBLEM, &name, &record.rejected).await?;
            write_report(remote, &name, record).await?;
        }
        let filed_as = self.move_away(remote, &claim, record).await?;
        if record.is_problem() {
            write_report(remote, &filed_as, record).await?;
        }
        self.filed.push((record.claim.clone(), filed_as));
        if self.filed.len() >= FILED_TOGETHER_MAX {
            self.note_filed().await?;
        }
        Ok(())
    }

    /// Moves a file out of `processing/`, under its own name where that is free. Answers the name it has now.
    async fn move_away(
        &self,
        remote: &mut dyn Remote,
        claim: &Claim,
        record: &FileRecord,
    ) -> Result<String, LookError> {
        let folder = if record.is_problem() { PROBLEM } else { IMPORTED };
        let mut name = record.filed_as.clone().unwrap_or_else(|| claim.name().to_owned());
        if record.is_problem()
            && record.filed_as.is_none()
            && remote.exists(&format!("{PROBLEM}/{name}{}", plan::REPORT_ENDING)).await?
        {
            name = claim.own_name();
        }
        loop {
            if record.is_problem() && record.filed_as.as_ref() != Some(&name) {
                // The report will lie beside this name, also when it is written by the next start.
                let (channel, claim) = (self.settings.channel.clone(), record.claim.clone());
                self.store.save_file_name(channel, claim, name.clone()).await?;
            }
            match remote.rename(&format!("{PROCESSING}/{}", record.claim), &format!("{folder}/{name}")).await {
                Ok(()) => return Ok(name),
                // Moved before an interruption, or taken away by a person: done either way.
                Err(RemoteError::NotFound(_)) => return Ok(name),
                Err(RemoteError::NameTaken(_)) if name != claim.own_name() => name = claim.own_name(),
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn note_filed(&mut self) -> Result<(), LookError> {
        if self.filed.is_empty() {
            return Ok(());
        }
        self.store.finish_files(self.settings.channel.clone(), self.filed.clone()).await?;
        self.filed.clear();
        Ok(())
    }

    /// A fault of one file is told and leaves the others alone.
    fn bear(&self, step: Result<(), LookError>, name: &str, look: &mut Look) -> Result<(), LookError> {
        match step {
            Err(error) if error.is_of_one_file() => {
                let name = super::super::text::printable(name);
                tracing::warn!(channel = %self.settings.channel, file = name, %error, "a file could not be dealt with");
                if look.faults.len() < FAULTS_MAX {
                    look.faults.push(format!("{name}: {error}"));
                }
                Ok(())
            }
            other => other,
        }
    }
}

/// Writes a file so that nobody sees a part of it: under a hidden name first. The name is ours alone: what is there
/// already was written by us.
async fn write_whole(remote: &mut dyn Remote, folder: &str, name: &str, bytes: &[u8]) -> Result<(), RemoteError> {
    let hidden = format!("{folder}/.{name}.tmp");
    remote.write(&hidden, bytes).await?;
    match remote.rename(&hidden, &format!("{folder}/{name}")).await {
        Err(RemoteError::NameTaken(_)) => remote.remove(&hidden).await,
        moved => moved,
    }
}

async fn write_report(remote: &mut dyn Remote, name: &str, record: &FileRecord) -> Result<(), RemoteError> {
    remote.write(&format!("{PROBLEM}/{name}{}", plan::REPORT_ENDING), record.report.as_bytes()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_one_file_leaves_the_others_alone() {
        let check = |error: LookError, expected: bool| assert_eq!(error.is_of_one_file(), expected, "{error}");
        let gone = RemoteError::NotFound("orders/a.xml".to_owned());
        check(gone.into(), true);
        check(RemoteError::NameTaken("orders/a.xml".to_owned()).into(), true);
        check(RemoteError::NobodyListens { address: "shop.example:22".to_owned() }.into(), false);
        check(StoreError::Full("as many problems as are kept".to_owned()).into(), true);
        check(StoreError::Refused("it contradicts what is there".to_owned()).into(), true);
        check(StoreError::Disk("no space left".to_owned()).into(), false);
    }
}
