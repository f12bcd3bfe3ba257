//! The proof of a journal: walks a copied file's chain, signatures, runs and numbers, folds every entry over again, and
//! compares the projections. Names the first bad entry. Needs neither the app nor central, and changes nothing.
//!
//! What it cannot see: a file whose end was cut off *and* whose projections and `till` row were rewritten to match is a
//! shorter honest journal; only central, which has the later entries, can tell.

mod projections;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::error::{DatabaseError, While};
use super::journal::{SEALED_COLUMNS, read_sealed};
use super::open;
use crate::domain::event::{Entry, Event, RunTail};
use crate::domain::ids::{EntryId, JournalMark, RunId, TillId};
use crate::wire;
use crate::wire::entry::{NO_PREVIOUS_HASH, SealError, SealedEntry};

/// Whose signature is believed.
#[derive(Clone, Copy, Debug)]
pub enum Trust<'a> {
    /// The keys the file itself names: finds damage and changes, not a journal that was forged as a whole.
    KeysInFile,
    /// This key alone, known from elsewhere (central keeps every till's).
    Key(&'a VerifyingKey),
}

/// A journal that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Whose journal it is; `None` for a file in which no run was ever started.
    pub till: Option<TillId>,
    /// Entries.
    pub entries: u64,
    /// Starts of the till.
    pub runs: u64,
    /// Sales among the entries.
    pub sales: u64,
    /// The last entry's place.
    pub last: Option<JournalMark>,
    /// The last entry's hash: two copies with the same hash hold the same journal.
    pub hash: [u8; 32],
    /// The public keys that signed it, in order.
    pub keys: Vec<[u8; 32]>,
}

/// The first entry that does not hold, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {position}{}: {fault}", place(.mark))]
pub struct FirstBad {
    /// Its place in the file, from 1; of a missing entry, where it should be.
    pub position: u64,
    /// Its run and number, when they can be read.
    pub mark: Option<JournalMark>,
    /// Its identity, when it can be read.
    pub entry: Option<EntryId>,
    /// What is wrong.
    pub fault: Fault,
}

fn place(mark: &Option<JournalMark>) -> String {
    mark.map(|m| format!(" (run {}, number {})", m.run, m.sequence)).unwrap_or_default()
}

/// What is wrong with an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is not there.
    #[error("missing")]
    Missing,
    /// The row cannot be read.
    #[error("unreadable: {0}")]
    Unreadable(String),
    /// Its content or its signature was changed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// It does not follow on the entry before it.
    #[error("does not follow on the entry before it")]
    ChainBroken,
    /// Its number does not follow within its run.
    #[error("has number {found} where {expected} follows")]
    SequenceGap {
        /// What follows.
        expected: u64,
        /// What is there.
        found: u64,
    },
    /// A run that does not begin by saying so, says so again, or comes back.
    #[error("{0}")]
    Run(&'static str),
    /// It belongs to another till than the file.
    #[error("belongs to till {0}")]
    OtherTill(TillId),
    /// No key is known that could have signed it.
    #[error("no key of the file covers it")]
    KeyMissing,
    /// Its identity was used before.
    #[error("has the identity of an earlier entry")]
    EntryTwice,
    /// Its event cannot be read, or is of another kind than it says.
    #[error("its event is not what it says: {0}")]
    Event(String),
    /// A sale whose receipt number does not follow.
    #[error("has receipt number {found} where {expected} follows")]
    ReceiptNumber {
        /// What follows.
        expected: u64,
        /// What is there.
        found: u64,
    },
    /// The rules of the shop's books refuse it.
    #[error("cannot be folded: {0}")]
    Fold(String),
    /// A table beside the journal says something else than the journal.
    #[error("the table {0:?} does not say what the journal says")]
    Projection(&'static str),
}

/// Why a file is not proved.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// It cannot be read as a till's file at all.
    #[error(transparent)]
    File(#[from] DatabaseError),
    /// It can, and does not hold.
    #[error(transparent)]
    Bad(#[from] FirstBad),
}

/// Proves the journal in a file. The file may be a copy, in use, or on a read-only disk.
pub fn verify_journal(path: &Path, trust: Trust<'_>) -> Result<Report, VerifyError> {
    let file = open_copy(path)?;
    let mut fold = projections::Fold::new()?;
    let report = Walk::new(&file, trust)?.run(&mut fold)?;
    // Only now: a page that is no page any more has shown as an unreadable entry where it can be named.
    open::quick_check(&file, None)?;
    Ok(report)
}

/// Opens without leaving a trace beside the file where that is possible.
fn open_copy(path: &Path) -> Result<Connection, DatabaseError> {
    const DOING: &str = "opening the file to prove";
    let has_log = fs::metadata(open::with_suffix(path, "-wal")).is_ok_and(|log| log.len() > 0);
    if has_log {
        return open::open_reader(path);
    }
    // Nobody writes to a file without a log: it is read as it lies, also from a read-only disk.
    fs::metadata(path).or_while(DOING)?;
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(uri, flags).or_while(DOING)?;
    open::check_application(&connection)?;
    open::read_edition(&connection)?;
    Ok(connection)
}

/// The walk along the chain.
pub(super) struct Walk<'a> {
    file: &'a Connection,
    trust: Trust<'a>,
    /// Each key with the first position it signs.
    keys: Vec<(i64, VerifyingKey)>,
    till: Option<TillId>,
    position: i64,
    previous: Option<RunTail>,
    runs: HashSet<RunId>,
    entries: HashSet<EntryId>,
    sales: u64,
    next_receipt_number: u64,
}

impl<'a> Walk<'a> {
    pub(super) fn new(file: &'a Connection, trust: Trust<'a>) -> Result<Self, VerifyError> {
        Ok(Self {
            file,
            trust,
            keys: read_keys(file)?,
            till: super::View { connection: file }.find_till()?,
            position: 0,
            previous: None,
            runs: HashSet::new(),
            entries: HashSet::new(),
            sales: 0,
            next_receipt_number: 1,
        })
    }

    /// The keys of the file, each with the first position it signs.
    pub(super) fn keys(&self) -> Vec<(i64, VerifyingKey)> {
        self.keys.clone()
    }

    /// Hands over each entry that holds, in order, up to the first that does not.
    pub(super) fn walk(
        &mut self,
        each: &mut dyn FnMut(i64, &SealedEntry, &Entry) -> Result<(), Fault>,
    ) -> Result<(), VerifyError> {
        const DOING: &str = "walking the journal";
        let sql = format!("SELECT {SEALED_COLUMNS} FROM journal ORDER BY position");
        let file = self.file;
        let mut statement = file.prepare(&sql).or_while(DOING)?;
        let mut rows = statement.query(()).or_while(DOING)?;
        while let Some(row) = rows.next().map_err(|e| self.bad(None, Fault::Unreadable(e.to_string())))? {
            let (position, sealed) = read_sealed(row).map_err(|e| self.bad(None, Fault::Unreadable(e.to_string())))?;
            let entry = self.check(position, &sealed).map_err(|fault| self.bad(Some(&sealed), fault))?;
            each(position, &sealed, &entry).map_err(|fault| self.bad(Some(&sealed), fault))?;
            self.take(position, &sealed, &entry);
        }
        let hash = self.previous.map_or(NO_PREVIOUS_HASH, |tail| tail.hash);
        self.check_head(&hash)
    }

    fn run(mut self, fold: &mut projections::Fold) -> Result<Report, VerifyError> {
        self.walk(&mut |position, _, entry| fold.fold(position, entry))?;
        if let Some((position, table)) = fold.find_first_difference(self.file)? {
            return Err(self.name(position, Fault::Projection(table)).into());
        }
        Ok(Report {
            till: self.till,
            entries: self.position as u64,
            runs: self.runs.len() as u64,
            sales: self.sales,
            last: self.previous.map(|tail| tail.mark),
            hash: self.previous.map_or(NO_PREVIOUS_HASH, |tail| tail.hash),
            keys: self.keys.iter().map(|(_, key)| key.to_bytes()).collect(),
        })
    }

    /// Everything that can be said about one entry and the one before it.
    fn check(&self, position: i64, sealed: &SealedEntry) -> Result<Entry, Fault> {
        let header = &sealed.header;
        if position != self.position + 1 {
            return Err(Fault::Missing);
        }
        // First its own content: of a changed entry it is said that it was changed, not what does not fit any more.
        match self.trust {
            Trust::Key(key) => sealed.check(key)?,
            Trust::KeysInFile => {
                let key = self.keys.iter().rev().find(|(from, _)| *from <= position).map(|(_, key)| key);
                sealed.check(key.ok_or(Fault::KeyMissing)?)?;
            }
        }
        if sealed.previous_hash != self.previous.map_or(NO_PREVIOUS_HASH, |tail| tail.hash) {
            return Err(Fault::ChainBroken);
        }
        if self.till.as_ref().is_some_and(|till| *till != header.till) {
            return Err(Fault::OtherTill(header.till.clone()));
        }
        if self.entries.contains(&header.entry) {
            return Err(Fault::EntryTwice);
        }
        let entry = wire::open_entry(sealed).map_err(|e| Fault::Event(e.to_string()))?;
        if entry.event.kind() != header.kind {
            return Err(Fault::Event(format!("{} instead of {}", entry.event.kind(), header.kind)));
        }
        self.check_run(&entry)?;
        let expected = self.next_receipt_number;
        match &entry.event {
            Event::SaleCompleted(sale) if sale.receipt_number != expected => {
                Err(Fault::ReceiptNumber { expected, found: sale.receipt_number })
            }
            // Numbers may be left out where a damaged file was taken over, and the signed entry says so; never given again.
            Event::RunStarted { next_receipt_number: Some(found), .. } if *found < expected => {
                Err(Fault::ReceiptNumber { expected, found: *found })
            }
            _ => Ok(entry),
        }
    }

    fn check_run(&self, entry: &Entry) -> Result<(), Fault> {
        let mark = entry.mark;
        let starts = matches!(entry.event, Event::RunStarted { .. });
        let follows = self.previous.filter(|tail| tail.mark.run == mark.run);
        let expected = follows.map_or(1, |tail| tail.mark.sequence + 1);
        if follows.is_none() && self.runs.contains(&mark.run) {
            return Err(Fault::Run("a run that had ended goes on"));
        }
        if mark.sequence != expected {
            return Err(Fault::SequenceGap { expected, found: mark.sequence });
        }
        match &entry.event {
            Event::RunStarted { .. } if follows.is_some() => Err(Fault::Run("a run that had begun begins again")),
            Event::RunStarted { predecessor, .. } if *predecessor != self.previous => {
                Err(Fault::Run("the run does not name the end of the one before it"))
            }
            _ if follows.is_none() && !starts => Err(Fault::Run("a run that never began")),
            _ => Ok(()),
        }
    }

    fn take(&mut self, position: i64, sealed: &SealedEntry, entry: &Entry) {
        self.position = position;
        self.previous = Some(RunTail { mark: entry.mark, hash: sealed.hash });
        self.runs.insert(entry.mark.run);
        self.entries.insert(entry.id);
        match &entry.event {
            Event::SaleCompleted(_) => {
                self.sales += 1;
                self.next_receipt_number += 1;
            }
            Event::RunStarted { next_receipt_number: Some(next), .. } => self.next_receipt_number = *next,
            _ => {}
        }
    }

    /// What the next sale is numbered by the entries that hold so far.
    pub(super) fn next_receipt_number(&self) -> u64 {
        self.next_receipt_number
    }

    /// The `till` row repeats where the journal ends: entries cut off at the end are missed by it.
    fn check_head(&self, hash: &[u8; 32]) -> Result<(), VerifyError> {
        let head: Option<(i64, [u8; 32], i64)> = self
            .file
            .query_row("SELECT head_position, head_hash, next_receipt_number FROM till", (), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()
            .or_while("reading where the journal ends")?;
        let (position, head_hash, next_receipt_number) = head.unwrap_or((0, NO_PREVIOUS_HASH, 1));
        if position > self.position {
            return Err(self.bad(None, Fault::Missing).into());
        }
        if position < self.position || head_hash != *hash || next_receipt_number != self.next_receipt_number as i64 {
            return Err(self.name(self.position, Fault::Projection("till")).into());
        }
        Ok(())
    }

    /// The entry after the last good one.
    fn bad(&self, sealed: Option<&SealedEntry>, fault: Fault) -> FirstBad {
        // Of a missing entry the one that stands in its place is not the culprit.
        let sealed = sealed.filter(|_| fault != Fault::Missing);
        FirstBad {
            position: self.position as u64 + 1,
            mark: sealed.map(|s| s.header.mark),
            entry: sealed.map(|s| s.header.entry),
            fault,
        }
    }

    /// An entry by its place.
    fn name(&self, position: i64, fault: Fault) -> FirstBad {
        let found = self
            .file
            .query_row("SELECT run, sequence, entry FROM journal WHERE position = ?1", [position], |row| {
                let mark =
                    JournalMark { run: RunId::from_bytes(row.get(0)?), sequence: row.get::<_, i64>(1)?.max(0) as u64 };
                Ok((mark, EntryId::from_bytes(row.get(2)?)))
            })
            // A projection may name an entry that does not exist: then there is nothing to name but the place.
            .ok();
        FirstBad {
            position: position.max(0) as u64,
            mark: found.map(|(mark, _)| mark),
            entry: found.map(|(_, entry)| entry),
            fault,
        }
    }
}

fn read_keys(file: &Connection) -> Result<Vec<(i64, VerifyingKey)>, DatabaseError> {
    const DOING: &str = "reading the journal's keys";
    let rows: Vec<(i64, [u8; 32])> = file
        .prepare("SELECT first_position, public_key FROM signing_key ORDER BY first_position")
        .and_then(|mut s| s.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .or_while(DOING)?;
    rows.into_iter()
        .map(|(from, bytes)| {
            let key = VerifyingKey::from_bytes(&bytes).map_err(|e| DatabaseError::damaged(DOING, e))?;
            Ok((from, key))
        })
        .collect()
}
