//! Conversions of `journal.proto`. They are functions and not [`Wire`]: the till an entry belongs to is hashed with it but
//! never sent, because central takes it from the till's certificate.

use prost::Message;
use prost_types::Timestamp as WireTimestamp;

use super::entry::{EntryHeader, SealedEntry};
use super::error::{WireError, fixed, instant, named, required};
use super::values::date;
use super::{Wire, decode_event, till::v1 as proto};
use crate::domain::event::Entry;
use crate::domain::ids::{EntryId, TillId};

/// An entry as it is sent.
pub fn encode_entry(entry: &SealedEntry) -> proto::JournalEntry {
    let header = &entry.header;
    // What is finer than a microsecond is not hashed and not sent.
    let micros = header.recorded_at.timestamp_micros();
    let recorded_at = WireTimestamp {
        seconds: micros.div_euclid(1_000_000),
        // Below a million, times a thousand: fits 31 bits.
        nanos: (micros.rem_euclid(1_000_000) * 1_000) as i32,
    };
    proto::JournalEntry {
        entry_id: header.entry.as_bytes().to_vec(),
        mark: Some(header.mark.to_wire()),
        recorded_at: Some(recorded_at),
        operator: header.operator.as_ref().map(ToString::to_string),
        business_day: header.business_day.format("%Y-%m-%d").to_string(),
        kind: header.kind.clone(),
        payload: entry.payload.clone(),
        previous_hash: entry.previous_hash.to_vec(),
        hash: entry.hash.to_vec(),
        signature: entry.signature.to_vec(),
    }
}

/// An entry of `till`, as it was sent. Its proof is not checked here: [`SealedEntry::check`].
pub fn decode_entry(message: proto::JournalEntry, till: &TillId) -> Result<SealedEntry, WireError> {
    Ok(SealedEntry {
        header: EntryHeader {
            entry: EntryId::from_bytes(fixed("entry_id", &message.entry_id)?),
            till: till.clone(),
            mark: required("mark", message.mark)?,
            recorded_at: instant("recorded_at", message.recorded_at)?,
            operator: message.operator.map(|o| named("operator", o)).transpose()?,
            business_day: date("business_day", &message.business_day)?,
            kind: named("kind", message.kind)?,
        },
        payload: message.payload,
        previous_hash: fixed("previous_hash", &message.previous_hash)?,
        hash: fixed("hash", &message.hash)?,
        signature: fixed("signature", &message.signature)?,
    })
}

/// An entry's bytes as they were sent, for whoever must keep one that cannot be read.
pub fn entry_bytes(message: &proto::JournalEntry) -> Vec<u8> {
    message.encode_to_vec()
}

/// How many bytes an entry takes in a push, a little more than exact.
pub fn encoded_size(entry: &SealedEntry) -> usize {
    /// Ids, hashes, signature, times, date, and the tags around them.
    const FIXED: usize = 256;
    let operator = entry.header.operator.as_ref().map_or(0, |o| o.as_str().len());
    FIXED + entry.payload.len() + entry.header.kind.len() + operator
}

/// What an entry says, without its proof.
pub fn open_entry(entry: &SealedEntry) -> Result<Entry, WireError> {
    let header = &entry.header;
    Ok(Entry {
        id: header.entry,
        mark: header.mark,
        recorded_at: header.recorded_at,
        operator: header.operator.clone(),
        business_day: header.business_day,
        event: decode_event(&entry.payload)?,
    })
}
