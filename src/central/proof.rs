//! An entry as it came from a till: read, and its hash and signature judged. The same when it comes and when it is judged again.

use ed25519_dalek::VerifyingKey;
use prost::Message as _;
use sha2::{Digest, Sha256};

use super::store::{ProvenEntry, QuarantineReason, ReceivedEntry};
use crate::domain::ids::{EntryId, JournalMark, RunId, TillId};
use crate::wire::entry::SealError;
use crate::wire::till::v1 as proto;
use crate::wire::{Wire, decode_entry, entry_bytes, open_entry};

/// An entry that was put aside, from the bytes that were kept: today's program may understand more of it.
pub fn receive_again(bytes: &[u8], till: &TillId, keys: &[VerifyingKey]) -> Option<ReceivedEntry> {
    let message = proto::JournalEntry::decode(bytes).ok()?;
    Some(receive(message, till, keys))
}

/// Reads an entry and judges its proof. An entry that cannot be read is kept under an identity made from its bytes.
pub fn receive(message: proto::JournalEntry, till: &TillId, keys: &[VerifyingKey]) -> ReceivedEntry {
    let bytes = entry_bytes(&message);
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    let id = message.entry_id.as_slice().try_into().unwrap_or_else(|_| {
        let mut made = [0; 16];
        made.copy_from_slice(&digest[..16]);
        made
    });
    let mark = message.mark.clone().and_then(|mark| JournalMark::from_wire(mark).ok());
    let hash = message.hash.as_slice().try_into().unwrap_or([0; 32]);
    ReceivedEntry {
        id: EntryId::from_bytes(id),
        // A place nobody counts to: an unreadable place moves no mark.
        mark: mark.unwrap_or(JournalMark { run: RunId::from_bytes([0; 16]), sequence: 0 }),
        hash,
        bytes,
        content: prove(message, till, keys).map(Box::new),
    }
}

fn prove(message: proto::JournalEntry, till: &TillId, keys: &[VerifyingKey]) -> Result<ProvenEntry, QuarantineReason> {
    let not_understood = |error: crate::wire::WireError| QuarantineReason::NotUnderstood(error.to_string());
    let sealed = decode_entry(message, till).map_err(not_understood)?;
    let mut verdict = Err(SealError::SignatureInvalid);
    for key in keys {
        verdict = sealed.check(key);
        if verdict != Err(SealError::SignatureInvalid) {
            break;
        }
    }
    match verdict {
        Ok(()) => {}
        Err(SealError::HashMismatch) => return Err(QuarantineReason::HashWrong),
        Err(SealError::SignatureInvalid) => return Err(QuarantineReason::SignatureWrong),
    }
    let entry = open_entry(&sealed).map_err(not_understood)?;
    Ok(ProvenEntry { sealed, entry })
}
