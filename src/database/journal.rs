//! The journal: sealing entries onto the chain, runs and their links, the marks central has acknowledged, and the tail as
//! sync reads it.

use std::path::Path;

use chrono::NaiveDate;
use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::codes::{from_micros, micros};
use super::error::{DatabaseError, DatabaseErrorKind, While};
use super::projections::project;
use super::{Database, Tx, View, open};
use crate::domain::Timestamp;
use crate::domain::event::{Entry, Event, RunTail};
use crate::domain::feed::Unsent;
use crate::domain::ids::{EntryId, JournalMark, OperatorId, RunId, TillId};
use crate::wire;
use crate::wire::entry::{EntryHeader, NO_PREVIOUS_HASH, SealedEntry};

/// How many receipt numbers are left out behind the last one that is known to have been given after a file was lost: those of
/// sales that only the lost file knew of, which are on paper all the same.
const RECEIPTS_LEFT_OUT: u64 = 1_000;

/// What an entry needs to know before it gets its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// Its identity, made before the act began.
    pub id: EntryId,
    /// By the till's clock; kept in whole microseconds.
    pub recorded_at: Timestamp,
    /// Who is signed in.
    pub operator: Option<OperatorId>,
    /// The trading day.
    pub business_day: NaiveDate,
    /// What happened.
    pub event: Event,
}

/// What the start of a run needs to know.
pub struct RunStart {
    /// Whose journal it is. A file serves one till for ever.
    pub till: TillId,
    /// A fresh random identity.
    pub run: RunId,
    /// The till's key, made at enrolment.
    pub key: SigningKey,
    /// The identity of the entry that says so.
    pub entry: EntryId,
    /// By the till's clock.
    pub at: Timestamp,
    /// The trading day.
    pub business_day: NaiveDate,
    /// The program's version.
    pub version: String,
}

/// Who seals entries in this run.
pub(super) struct Writer {
    till: TillId,
    run: RunId,
    key: SigningKey,
    version: String,
}

/// The end of the journal.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// Entries in the file.
    pub(super) position: i64,
    /// The last one's hash.
    pub(super) hash: [u8; 32],
    /// The last one's place, when there is one.
    pub(super) mark: Option<JournalMark>,
    /// What the next sale is numbered.
    pub(super) next_receipt_number: u64,
}

/// One run of this journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunSummary {
    /// Its identity.
    pub run: RunId,
    /// Its last entry's number.
    pub last_sequence: u64,
}

impl Writer {
    /// Whose journal it writes.
    pub(super) const fn till(&self) -> &TillId {
        &self.till
    }
}

impl Head {
    /// Where the file's journal ends. The journal itself has the last word over the row that repeats it.
    pub(super) fn read(connection: &Connection) -> Result<Self, DatabaseError> {
        const DOING: &str = "finding the journal's end";
        let row = connection
            .query_row("SELECT head_position, head_hash, next_receipt_number FROM till", (), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?))
            })
            .optional()
            .or_while(DOING)?;
        let (position, hash, next_receipt_number) = row.unwrap_or((0, NO_PREVIOUS_HASH, 1));
        let mut head = Self { position, hash, mark: None, next_receipt_number: next_receipt_number.max(1) as u64 };
        let last = connection
            .query_row("SELECT position, hash, run, sequence FROM journal ORDER BY position DESC LIMIT 1", (), |row| {
                Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, row.get::<_, i64>(3)?))
            })
            .optional()
            .or_while(DOING)?;
        if let Some((position, hash, run, sequence)) = last {
            head.mark = Some(JournalMark { run: RunId::from_bytes(run), sequence: sequence.max(0) as u64 });
            if position >= head.position {
                (head.position, head.hash) = (position, hash);
            }
        }
        Ok(head)
    }
}

impl Database {
    /// Begins a run: the entry that says so names where the run before it ended. Nothing can be appended before. A file that
    /// is older than what stands beside it goes on behind the receipts that it does not know of; see [`Self::went_on_at`].
    pub fn start_run(&mut self, start: RunStart) -> Result<Entry, DatabaseError> {
        let before = self.reached_before.take().filter(|reached| reached.till == start.till);
        let given = before.map_or(0, |reached| reached.next_receipt_number.saturating_sub(1));
        let is_older = given >= self.head.next_receipt_number;
        self.found = self.view().list_basket_ids()?;
        let entry = self.begin_run(start, given)?;
        self.went_on_at = is_older.then_some(self.head.next_receipt_number);
        Ok(entry)
    }

    /// What the next receipt was numbered when the run was begun, where the file turned out to be an old copy, or new: it knew
    /// of fewer than are on paper. To be told to the person at the till.
    pub const fn went_on_at(&self) -> Option<u64> {
        self.went_on_at
    }

    /// Receipts up to `given` are on paper already, says central, and this file knows of fewer: it is new, or an old copy. A run
    /// begins that numbers behind them, and baskets that were in the file may have been sold. `None` when the file knows of
    /// them all.
    pub fn go_on_behind(
        &mut self,
        given: u64,
        (run, entry): (RunId, EntryId),
        at: Timestamp,
        business_day: NaiveDate,
    ) -> Result<Option<u64>, DatabaseError> {
        let Some(writer) = self.writer.as_ref().filter(|_| self.head.next_receipt_number <= given) else {
            return Ok(None);
        };
        let (till, key, version) = (writer.till.clone(), writer.key.clone(), writer.version.clone());
        self.begin_run(RunStart { till, run, key, entry, at, business_day, version }, given)?;
        Ok(Some(self.head.next_receipt_number))
    }

    fn begin_run(&mut self, start: RunStart, given: u64) -> Result<Entry, DatabaseError> {
        const DOING: &str = "starting a run";
        let predecessor = self.head.mark.map(|mark| RunTail { mark, hash: self.head.hash });
        let RunStart { till, run, key, entry, at, business_day, version } = start;
        let public_key = key.verifying_key().to_bytes();
        let found = self.found.clone();
        let before = self.writer.replace(Writer { till: till.clone(), run, key, version: version.clone() });
        let done = self.transaction(|tx| {
            let first_position = tx.head.position + 1;
            tx.claim_file(&till)?;
            let latest: Option<[u8; 32]> = tx
                .transaction
                .query_row("SELECT public_key FROM signing_key ORDER BY first_position DESC LIMIT 1", (), |r| r.get(0))
                .optional()
                .or_while(DOING)?;
            if latest != Some(public_key) {
                tx.transaction
                    .execute("INSERT INTO signing_key VALUES (?1, ?2)", params![first_position, public_key])
                    .or_while(DOING)?;
            }
            if given >= tx.head.next_receipt_number {
                tx.head.next_receipt_number = given.saturating_add(RECEIPTS_LEFT_OUT).saturating_add(1);
                tx.doubt_baskets(&found)?;
            }
            // The row that counts has the last word over the sales that are left: it remembers those that were lost.
            let follows: i64 = tx
                .transaction
                .query_row("SELECT COALESCE(MAX(receipt_number), 0) + 1 FROM sale", (), |row| row.get(0))
                .or_while(DOING)?;
            let next_receipt_number = Some(tx.head.next_receipt_number).filter(|next| *next as i64 != follows);
            let event = Event::RunStarted { predecessor, version, next_receipt_number };
            tx.append(NewEntry { id: entry, recorded_at: at, operator: None, business_day, event })
        });
        if done.is_err() {
            self.writer = before;
        }
        done
    }

    /// Whose run this is, once one was started.
    pub fn till(&self) -> Option<&TillId> {
        self.writer.as_ref().map(|w| &w.till)
    }
}

impl Tx<'_> {
    /// The file belongs to the first till that starts a run in it.
    fn claim_file(&mut self, till: &TillId) -> Result<(), DatabaseError> {
        const DOING: &str = "reading whose file it is";
        let owner = self.view().find_till()?;
        match owner {
            Some(owner) if owner == *till => Ok(()),
            Some(_) => Err(DatabaseError::new(DatabaseErrorKind::Foreign, DOING)),
            None => self
                .transaction
                .execute(
                    "INSERT INTO till VALUES (1, ?1, ?2, 0, ?3, 1)",
                    params![till.store.as_str(), till.workstation.as_str(), NO_PREVIOUS_HASH],
                )
                .map(|_| ())
                .or_while(DOING),
        }
    }

    /// Seals an event onto the journal and folds it into every projection, all in this act's commit. A sale must carry
    /// [`Self::next_receipt_number`].
    pub fn append(&mut self, new: NewEntry) -> Result<Entry, DatabaseError> {
        const DOING: &str = "writing to the journal";
        let refused = |why| DatabaseError::new(DatabaseErrorKind::Refused(why), DOING);
        let writer = self.writer.ok_or_else(|| refused("no run has been started"))?;
        if let Event::SaleCompleted(sale) = &new.event
            && sale.receipt_number != self.head.next_receipt_number
        {
            return Err(refused("a sale must carry the next receipt number"));
        }
        let sequence = match self.head.mark {
            Some(mark) if mark.run == writer.run => mark.sequence + 1,
            _ => 1,
        };
        let NewEntry { id, recorded_at, operator, business_day, event } = new;
        // The seal covers microseconds; what a clock says beyond them must not come back different.
        let recorded_at = from_micros(micros(recorded_at))?;
        let mark = JournalMark { run: writer.run, sequence };
        let kind = event.kind().to_owned();
        let header = EntryHeader {
            entry: id,
            till: writer.till.clone(),
            mark,
            recorded_at,
            operator: operator.clone(),
            business_day,
            kind,
        };
        let sealed = SealedEntry::seal(header, wire::encode_event(&event), self.head.hash, &writer.key);
        let position = self.head.position + 1;
        insert(&self.transaction, position, &sealed)?;
        let entry = Entry { id, mark, recorded_at, operator, business_day, event };
        project(&self.transaction, position, &entry)?;
        if matches!(entry.event, Event::SaleCompleted(_)) {
            self.head.next_receipt_number += 1;
        }
        self.transaction
            .prepare_cached("UPDATE till SET head_position = ?1, head_hash = ?2, next_receipt_number = ?3")
            .and_then(|mut s| s.execute(params![position, sealed.hash, self.head.next_receipt_number as i64]))
            .or_while(DOING)?;
        (self.head.position, self.head.hash, self.head.mark) = (position, sealed.hash, Some(mark));
        Ok(entry)
    }

    /// What the next sale is numbered.
    pub const fn next_receipt_number(&self) -> u64 {
        self.head.next_receipt_number
    }

    /// Central has every entry of the run up to the mark. A lower mark than before is believed too: a central restored from
    /// an old copy says what it still has, and gets the rest again.
    pub fn acknowledge(&mut self, mark: JournalMark) -> Result<(), DatabaseError> {
        self.transaction
            .prepare_cached(
                "INSERT INTO acknowledged VALUES (?1, ?2) ON CONFLICT (run) DO UPDATE SET sequence = excluded.sequence",
            )
            .and_then(|mut s| s.execute(params![mark.run.as_bytes(), mark.sequence as i64]))
            .map(|_| ())
            .or_while("keeping central's mark")
    }

    /// Central has put so many entries aside, in all.
    pub fn keep_put_aside(&mut self, entries: u64) -> Result<(), DatabaseError> {
        self.transaction
            .prepare_cached(
                "INSERT INTO put_aside VALUES (1, ?1) ON CONFLICT (only_row) DO UPDATE SET entries = excluded.entries",
            )
            .and_then(|mut s| s.execute([entries as i64]))
            .map(|_| ())
            .or_while("keeping what central put aside")
    }
}

/// Writes a sealed entry to its place.
pub(super) fn insert(connection: &Connection, position: i64, sealed: &SealedEntry) -> Result<(), DatabaseError> {
    let header = &sealed.header;
    connection
        .prepare_cached("INSERT INTO journal VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)")
        .and_then(|mut s| {
            s.execute(params![
                position,
                header.entry.as_bytes(),
                header.till.store.as_str(),
                header.till.workstation.as_str(),
                header.mark.run.as_bytes(),
                header.mark.sequence as i64,
                micros(header.recorded_at),
                header.operator.as_ref().map(OperatorId::as_str),
                header.business_day.to_string(),
                header.kind,
                sealed.payload,
                sealed.previous_hash,
                sealed.hash,
                sealed.signature,
            ])
        })
        .map(|_| ())
        .or_while("writing to the journal")
}

/// The columns [`read_sealed`] expects.
pub(super) const SEALED_COLUMNS: &str = "position, entry, store, workstation, run, sequence, recorded_at, operator, \
     business_day, kind, payload, previous_hash, hash, signature";

/// A stored entry with its position, exactly as it stands.
pub(super) fn read_sealed(row: &Row<'_>) -> rusqlite::Result<(i64, SealedEntry)> {
    let recorded_at: i64 = row.get(6)?;
    let day: String = row.get(8)?;
    let unreadable = |column, text: &str| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, text.to_owned().into())
    };
    let header = EntryHeader {
        entry: EntryId::from_bytes(row.get(1)?),
        till: TillId { store: row.get::<_, String>(2)?.into(), workstation: row.get::<_, String>(3)?.into() },
        mark: JournalMark { run: RunId::from_bytes(row.get(4)?), sequence: row.get::<_, i64>(5)?.max(0) as u64 },
        recorded_at: Timestamp::from_timestamp_micros(recorded_at).ok_or_else(|| unreadable(6, "not a time"))?,
        operator: row.get::<_, Option<String>>(7)?.map(OperatorId::from),
        business_day: day.parse().map_err(|_| unreadable(8, "not a day"))?,
        kind: row.get(9)?,
    };
    let sealed = SealedEntry {
        header,
        payload: row.get(10)?,
        previous_hash: row.get(11)?,
        hash: row.get(12)?,
        signature: row.get(13)?,
    };
    Ok((row.get(0)?, sealed))
}

/// An entry as everything above the file works with it.
pub(super) fn open_sealed(sealed: &SealedEntry) -> Result<Entry, DatabaseError> {
    wire::open_entry(sealed).map_err(|e| DatabaseError::damaged("reading the journal", e))
}

impl View<'_> {
    /// How many entries central has put aside, as far as it has said.
    pub fn count_put_aside(&self) -> Result<u64, DatabaseError> {
        self.connection
            .prepare_cached("SELECT entries FROM put_aside")
            .and_then(|mut s| s.query_row((), |row| row.get::<_, i64>(0)).optional())
            .map(|entries| entries.unwrap_or(0).max(0) as u64)
            .or_while("reading what central put aside")
    }

    /// The till the file belongs to, once a run was started.
    pub fn find_till(&self) -> Result<Option<TillId>, DatabaseError> {
        self.connection
            .query_row("SELECT store, workstation FROM till", (), |row| {
                let (store, workstation): (String, String) = (row.get(0)?, row.get(1)?);
                Ok(TillId { store: store.into(), workstation: workstation.into() })
            })
            .optional()
            .or_while("reading whose file it is")
    }

    /// What waits for central.
    pub fn unsent(&self) -> Result<Unsent, DatabaseError> {
        const DOING: &str = "counting what is unsent";
        let mut unsent = Unsent { count: 0, oldest_at: None };
        for (summary, acknowledged) in list_runs(self.connection)? {
            if summary.last_sequence <= acknowledged {
                continue;
            }
            unsent.count += summary.last_sequence - acknowledged;
            if unsent.oldest_at.is_none() {
                let first = self
                    .connection
                    .prepare_cached("SELECT recorded_at FROM journal WHERE run = ?1 AND sequence = ?2")
                    .and_then(|mut s| {
                        s.query_row(params![summary.run.as_bytes(), acknowledged as i64 + 1], |row| row.get(0))
                            .optional()
                    })
                    .or_while(DOING)?;
                unsent.oldest_at = first.map(from_micros).transpose()?;
            }
        }
        Ok(unsent)
    }

    /// The entry at a position of this file.
    pub(super) fn get_entry_at(&self, position: i64) -> Result<Entry, DatabaseError> {
        let sql = format!("SELECT {SEALED_COLUMNS} FROM journal WHERE position = ?1");
        let (_, sealed) = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_row([position], read_sealed))
            .or_while("reading the journal")?;
        open_sealed(&sealed)
    }
}

/// Every run in order, with central's mark in it (0 for none).
fn list_runs(connection: &Connection) -> Result<Vec<(RunSummary, u64)>, DatabaseError> {
    connection
        .prepare_cached(
            "SELECT r.run,
                    coalesce(r.last_sequence, (SELECT max(j.sequence) FROM journal j WHERE j.run = r.run), 0),
                    coalesce((SELECT a.sequence FROM acknowledged a WHERE a.run = r.run), 0)
             FROM run r ORDER BY r.first_position",
        )
        .and_then(|mut statement| {
            let rows = statement.query_map((), |row| {
                let (run, last, acknowledged): ([u8; 16], i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let summary = RunSummary { run: RunId::from_bytes(run), last_sequence: last.max(0) as u64 };
                Ok((summary, acknowledged.max(0) as u64))
            })?;
            rows.collect()
        })
        .or_while("listing the runs")
}

/// The journal as sync reads it: on a connection of its own, so that neither waits for the other.
pub struct JournalReader {
    connection: Connection,
}

impl JournalReader {
    /// Opens the file the register writes, for reading only.
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        Ok(Self { connection: open::open_reader(path)? })
    }

    /// A look into the file, for questions that are not the journal's.
    pub const fn view(&self) -> View<'_> {
        View { connection: &self.connection }
    }

    /// Every run of the file, oldest first.
    pub fn list_runs(&self) -> Result<Vec<RunSummary>, DatabaseError> {
        Ok(list_runs(&self.connection)?.into_iter().map(|(summary, _)| summary).collect())
    }

    /// The marks central has acknowledged, as last kept.
    pub fn list_acknowledged(&self) -> Result<Vec<JournalMark>, DatabaseError> {
        Ok(list_runs(&self.connection)?
            .into_iter()
            .filter(|(_, acknowledged)| *acknowledged > 0)
            .map(|(summary, acknowledged)| JournalMark { run: summary.run, sequence: acknowledged })
            .collect())
    }

    /// The entries of a run after a mark, in order: at most `entries_max`, and no further one once they exceed
    /// `bytes_max` as sent (at least one entry comes, however large).
    pub fn list_after(
        &self,
        mark: JournalMark,
        entries_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<SealedEntry>, DatabaseError> {
        const DOING: &str = "reading the journal's tail";
        let sql =
            format!("SELECT {SEALED_COLUMNS} FROM journal WHERE run = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3");
        let mut statement = self.connection.prepare_cached(&sql).or_while(DOING)?;
        let mut rows =
            statement.query(params![mark.run.as_bytes(), mark.sequence as i64, entries_max as i64]).or_while(DOING)?;
        let mut entries = Vec::new();
        let mut bytes = 0;
        while let Some(row) = rows.next().or_while(DOING)? {
            let (_, sealed) = read_sealed(row).or_while(DOING)?;
            bytes += wire::encoded_size(&sealed);
            if bytes > bytes_max && !entries.is_empty() {
                break;
            }
            entries.push(sealed);
        }
        Ok(entries)
    }

    /// What central still lacks by `marks` (its own word, per run), oldest run first, within one run per call: at most
    /// `entries_max` entries and about `bytes_max` bytes. Empty when it has everything.
    pub fn list_unsent(
        &self,
        marks: &[JournalMark],
        entries_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<SealedEntry>, DatabaseError> {
        for summary in self.list_runs()? {
            let have = marks.iter().find(|m| m.run == summary.run).map_or(0, |m| m.sequence);
            if have < summary.last_sequence {
                return self.list_after(JournalMark { run: summary.run, sequence: have }, entries_max, bytes_max);
            }
        }
        Ok(Vec::new())
    }
}
