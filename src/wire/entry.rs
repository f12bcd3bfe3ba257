//! The sealed journal entry: exactly what is hashed and signed, the same bytes at the till, at central and in a proof.
//!
//! `hash = SHA-256(previous_hash ‖ header ‖ payload)`. The header is the fields below in this order, each preceded by its
//! length as four bytes, most significant first; numbers are eight bytes, most significant first; an absent operator is
//! the length `0xFFFF_FFFF` and no bytes. The payload comes last and needs no length. The signature is Ed25519 (RFC 8032)
//! over the 32 bytes of the hash.

use chrono::NaiveDate;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::domain::Timestamp;
use crate::domain::ids::{EntryId, JournalMark, OperatorId, TillId};

/// What the first entry of a till's first run names as the hash before it.
pub const NO_PREVIOUS_HASH: [u8; 32] = [0; 32];

/// The length written for a field that is not there.
const ABSENT: u32 = u32::MAX;

/// Everything of an entry that is hashed besides its payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryHeader {
    /// Its identity, for ever and everywhere.
    pub entry: EntryId,
    /// Whose journal it stands in.
    pub till: TillId,
    /// Its place.
    pub mark: JournalMark,
    /// By the till's clock, whole microseconds.
    pub recorded_at: Timestamp,
    /// Who was signed in.
    pub operator: Option<OperatorId>,
    /// The trading day.
    pub business_day: NaiveDate,
    /// The event's short name, [`crate::domain::event::Event::kind`].
    pub kind: String,
}

/// A journal entry with its proof, as stored and as sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedEntry {
    /// What is hashed besides the payload.
    pub header: EntryHeader,
    /// The protobuf encoding of `till.v1.Event`, byte for byte as it was first stored.
    pub payload: Vec<u8>,
    /// The hash of the entry before this one, across runs.
    pub previous_hash: [u8; 32],
    /// The hash of this one.
    pub hash: [u8; 32],
    /// The till's signature over the hash.
    pub signature: [u8; 64],
}

/// What is wrong with a sealed entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The stored hash is not the hash of the content: something in the entry was changed.
    #[error("the content does not match its hash")]
    HashMismatch,
    /// The hash was not signed by the key.
    #[error("the signature does not match")]
    SignatureInvalid,
}

impl EntryHeader {
    /// The hash of an entry.
    pub fn hash(&self, previous_hash: &[u8; 32], payload: &[u8]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(previous_hash);
        put(&mut hasher, self.entry.as_bytes());
        put(&mut hasher, self.till.store.as_str().as_bytes());
        put(&mut hasher, self.till.workstation.as_str().as_bytes());
        put(&mut hasher, self.mark.run.as_bytes());
        put(&mut hasher, &self.mark.sequence.to_be_bytes());
        put(&mut hasher, &self.recorded_at.timestamp_micros().to_be_bytes());
        match &self.operator {
            Some(operator) => put(&mut hasher, operator.as_str().as_bytes()),
            None => hasher.update(ABSENT.to_be_bytes()),
        }
        put(&mut hasher, self.business_day.format("%Y-%m-%d").to_string().as_bytes());
        put(&mut hasher, self.kind.as_bytes());
        hasher.update(payload);
        hasher.finalize().into()
    }
}

/// A field with its length before it; fields are identities and names, far below four gigabytes.
fn put(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update((bytes.len() as u32).to_be_bytes());
    hasher.update(bytes);
}

impl SealedEntry {
    /// Hashes and signs.
    pub fn seal(header: EntryHeader, payload: Vec<u8>, previous_hash: [u8; 32], key: &SigningKey) -> Self {
        let hash = header.hash(&previous_hash, &payload);
        let signature = key.sign(&hash).to_bytes();
        Self { header, payload, previous_hash, hash, signature }
    }

    /// Is the content what was hashed, and the hash what `key` signed?
    pub fn check(&self, key: &VerifyingKey) -> Result<(), SealError> {
        if self.header.hash(&self.previous_hash, &self.payload) != self.hash {
            return Err(SealError::HashMismatch);
        }
        key.verify_strict(&self.hash, &Signature::from_bytes(&self.signature)).map_err(|_| SealError::SignatureInvalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::RunId;

    fn sealed() -> (SealedEntry, SigningKey) {
        let key = SigningKey::from_bytes(&[7; 32]);
        let header = EntryHeader {
            entry: EntryId::from_bytes([1; 16]),
            till: TillId { store: "S001".into(), workstation: "T02".into() },
            mark: JournalMark { run: RunId::from_bytes([2; 16]), sequence: 3 },
            recorded_at: Timestamp::from_timestamp_micros(1_790_000_000_123_456).unwrap(),
            operator: Some("anna".into()),
            business_day: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
            kind: "sale_completed".to_owned(),
        };
        (SealedEntry::seal(header, b"payload".to_vec(), NO_PREVIOUS_HASH, &key), key)
    }

    #[test]
    fn the_hash_is_over_these_very_bytes() {
        // Written out by hand from the description at the top: a change here forks every journal in the field.
        let mut bytes = vec![0_u8; 32];
        for field in [
            &[1_u8; 16][..],
            b"S001",
            b"T02",
            &[2; 16],
            &3_u64.to_be_bytes(),
            &1_790_000_000_123_456_i64.to_be_bytes(),
            b"anna",
            b"2026-11-23",
            b"sale_completed",
        ] {
            bytes.extend((field.len() as u32).to_be_bytes());
            bytes.extend(field);
        }
        bytes.extend(b"payload");
        let expected: [u8; 32] = Sha256::digest(&bytes).into();
        assert_eq!(sealed().0.hash, expected);
    }

    #[test]
    fn every_field_is_covered() {
        let (entry, key) = sealed();
        assert_eq!(entry.check(&key.verifying_key()), Ok(()));
        let changes: [fn(&mut SealedEntry); 12] = [
            |e| e.header.entry = EntryId::from_bytes([9; 16]),
            |e| e.header.till.store = "S002".into(),
            |e| e.header.till.workstation = "T03".into(),
            |e| e.header.mark.run = RunId::from_bytes([9; 16]),
            |e| e.header.mark.sequence = 4,
            |e| e.header.recorded_at += chrono::TimeDelta::microseconds(1),
            |e| e.header.operator = None,
            |e| e.header.operator = Some("".into()),
            |e| e.header.business_day = e.header.business_day.succ_opt().unwrap(),
            |e| e.header.kind.push('x'),
            |e| e.payload[0] ^= 1,
            |e| e.previous_hash[0] ^= 1,
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut changed = entry.clone();
            change(&mut changed);
            assert_eq!(changed.check(&key.verifying_key()), Err(SealError::HashMismatch), "change {number}");
        }
        let mut forged = entry.clone();
        forged.signature[5] ^= 1;
        assert_eq!(forged.check(&key.verifying_key()), Err(SealError::SignatureInvalid));
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
        assert_eq!(entry.check(&other), Err(SealError::SignatureInvalid));
    }

    #[test]
    fn no_operator_and_an_empty_one_differ() {
        let (entry, _) = sealed();
        let (mut none, mut empty) = (entry.header.clone(), entry.header);
        none.operator = None;
        empty.operator = Some("".into());
        assert_ne!(none.hash(&NO_PREVIOUS_HASH, b""), empty.hash(&NO_PREVIOUS_HASH, b""));
    }
}
