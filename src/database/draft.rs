//! The open basket, saved on every change, and the baskets put aside on this till.
//!
//! A save is one small commit that is written to the log but not waited for; a thread of its own syncs the log behind it.
//! A killed program loses nothing; a power cut loses at most the change that was being synced. The log's frames are
//! checksummed and in order, so a torn save is cut off at recovery and can never reach the journal before it; the next
//! sale's commit syncs everything that was written before.

use std::fs::File;
use std::path::Path;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};

use rusqlite::{OptionalExtension, params};

use super::codes::{from_micros, micros};
use super::error::{DatabaseError, DatabaseErrorKind, While};
use super::{Database, Durability, Tx, View, open};
use crate::domain::Timestamp;
use crate::domain::basket::Draft;
use crate::domain::ids::{BasketId, OperatorId};
use crate::wire;

const SAVING: &str = "saving the open basket";
const READING: &str = "reading a saved basket";

/// A basket put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedDraft {
    /// The basket.
    pub draft: Draft,
    /// What it was put aside under: a name, a note. May be empty.
    pub label: String,
    /// By whom.
    pub operator: Option<OperatorId>,
    /// When.
    pub parked_at: Timestamp,
}

/// Syncs the log behind the draft's saves. Ends when dropped.
pub(super) struct DraftFlush {
    wake: SyncSender<()>,
}

impl DraftFlush {
    fn start(log: &Path) -> Result<Self, DatabaseError> {
        // The log itself holds no locks, so that closing this second handle gives none away (SQLite, "How To Corrupt",
        // section 2.2, is about the main file).
        let file = File::options().read(true).write(true).open(log).or_while(SAVING)?;
        let (wake, woken) = sync_channel::<()>(1);
        std::thread::Builder::new()
            .name("draft-flush".to_owned())
            .spawn(move || {
                while woken.recv().is_ok() {
                    if let Err(error) = file.sync_data() {
                        tracing::warn!(%error, "the open basket may not survive a power cut");
                    }
                }
            })
            .or_while(SAVING)?;
        Ok(Self { wake })
    }

    fn wake(&self) {
        match self.wake.try_send(()) {
            // Full: a wake is waiting already, and covers this save too.
            Ok(()) | Err(TrySendError::Full(())) => {}
            Err(TrySendError::Disconnected(())) => tracing::warn!("the draft's flush has ended"),
        }
    }
}

impl Database {
    /// Saves the open basket, replacing what was saved before.
    pub fn save_draft(&mut self, draft: &Draft) -> Result<(), DatabaseError> {
        let record = wire::encode_draft(draft);
        self.write_draft("INSERT OR REPLACE INTO draft VALUES (1, ?1, ?2)", params![draft.basket.id.as_bytes(), record])
    }

    /// The open basket at the start of a run. One that cannot be read, of a program that knew more, is set aside as it is: the
    /// till starts, and says so. Answers whether that happened.
    pub fn open_draft(&mut self) -> Result<(Option<Draft>, bool), DatabaseError> {
        let found = self.view().find_draft();
        match found {
            Err(error) if error.kind == DatabaseErrorKind::Damaged => {
                tracing::error!(%error, "the open basket cannot be read and is set aside");
                self.transaction(|tx| {
                    tx.transaction
                        .execute_batch(
                            "INSERT INTO set_aside SELECT 'draft', record, unixepoch() * 1000000 FROM draft;
                             DELETE FROM draft",
                        )
                        .or_while(SAVING)
                })?;
                Ok((None, true))
            }
            draft => Ok((draft?, false)),
        }
    }

    /// There is no open basket any more. Completing or voiding the basket says so by itself.
    pub fn clear_draft(&mut self) -> Result<(), DatabaseError> {
        self.write_draft("DELETE FROM draft", ())
    }

    fn write_draft(&mut self, sql: &str, row: impl rusqlite::Params) -> Result<(), DatabaseError> {
        self.set_durability(Durability::Written)?;
        self.connection.prepare_cached(sql).and_then(|mut s| s.execute(row)).or_while(SAVING)?;
        if self.draft_flush.is_none() {
            self.draft_flush = Some(DraftFlush::start(&open::with_suffix(&self.path, "-wal"))?);
        }
        if let Some(flush) = &self.draft_flush {
            flush.wake();
        }
        Ok(())
    }
}

impl Tx<'_> {
    /// Saves the open basket in this act's commit: for an act that also writes the journal (a line voided, a card
    /// answered), so that after a crash neither is there without the other.
    pub fn save_draft(&mut self, draft: &Draft) -> Result<(), DatabaseError> {
        self.transaction
            .prepare_cached("INSERT OR REPLACE INTO draft VALUES (1, ?1, ?2)")
            .and_then(|mut s| s.execute(params![draft.basket.id.as_bytes(), wire::encode_draft(draft)]))
            .map(|_| ())
            .or_while(SAVING)
    }

    /// There is no open basket any more.
    pub fn clear_draft(&mut self) -> Result<(), DatabaseError> {
        let cleared = self.transaction.prepare_cached("DELETE FROM draft").and_then(|mut s| s.execute(()));
        cleared.map(|_| ()).or_while(SAVING)
    }

    /// Puts a basket aside. If it was the open one it no longer is.
    pub fn park(&mut self, parked: &ParkedDraft) -> Result<(), DatabaseError> {
        let basket = parked.draft.basket.id;
        self.transaction
            .prepare_cached("DELETE FROM draft WHERE basket = ?1")
            .and_then(|mut s| s.execute([basket.as_bytes()]))
            .or_while(SAVING)?;
        self.transaction
            .prepare_cached("INSERT OR REPLACE INTO parked VALUES (?1, ?2, ?3, ?4, ?5)")
            .and_then(|mut s| {
                s.execute(params![
                    basket.as_bytes(),
                    parked.label,
                    parked.operator.as_ref().map(OperatorId::as_str),
                    micros(parked.parked_at),
                    wire::encode_draft(&parked.draft),
                ])
            })
            .map(|_| ())
            .or_while(SAVING)
    }

    /// What lies in these baskets may have been sold: the file is older than the receipts that are on paper.
    pub(super) fn doubt_baskets(&mut self, baskets: &[BasketId]) -> Result<(), DatabaseError> {
        const DOING: &str = "noting that a basket may have been sold";
        for (table, basket) in ["draft", "parked"].into_iter().flat_map(|table| baskets.iter().map(move |b| (table, b)))
        {
            let select = format!("SELECT record FROM {table} WHERE basket = ?1");
            let record: Option<Vec<u8>> = self
                .transaction
                .query_row(&select, [basket.as_bytes()], |row| row.get(0))
                .optional()
                .or_while(DOING)?;
            // One that cannot be read is offered to nobody.
            let Some(Ok(draft)) = record.as_deref().map(decode) else { continue };
            if draft.basket.is_empty() {
                continue;
            }
            let record = wire::encode_draft(&Draft { may_be_sold: true, ..draft });
            let update = format!("UPDATE {table} SET record = ?2 WHERE basket = ?1");
            self.transaction.execute(&update, params![basket.as_bytes(), record]).or_while(DOING)?;
        }
        Ok(())
    }

    /// Takes a parked basket back and makes it the open one.
    pub fn recall(&mut self, basket: BasketId) -> Result<Draft, DatabaseError> {
        const DOING: &str = "recalling a basket";
        let record: Option<Vec<u8>> = self
            .transaction
            .prepare_cached("DELETE FROM parked WHERE basket = ?1 RETURNING record")
            .and_then(|mut s| s.query_row([basket.as_bytes()], |row| row.get(0)).optional())
            .or_while(DOING)?;
        let record =
            record.ok_or_else(|| DatabaseError::new(DatabaseErrorKind::Refused("no such basket is parked"), DOING))?;
        let draft = decode(&record)?;
        self.save_draft(&draft)?;
        Ok(draft)
    }
}

impl View<'_> {
    /// The open basket as it was last saved.
    pub fn find_draft(&self) -> Result<Option<Draft>, DatabaseError> {
        let record: Option<Vec<u8>> =
            self.connection.query_row("SELECT record FROM draft", (), |row| row.get(0)).optional().or_while(READING)?;
        record.as_deref().map(decode).transpose()
    }

    /// Which baskets are in the file: the open one, and those put aside.
    pub(super) fn list_basket_ids(&self) -> Result<Vec<BasketId>, DatabaseError> {
        self.connection
            .prepare_cached("SELECT basket FROM draft UNION SELECT basket FROM parked")
            .and_then(|mut s| s.query_map((), |row| Ok(BasketId::from_bytes(row.get(0)?)))?.collect())
            .or_while(READING)
    }

    /// The baskets put aside, oldest first.
    pub fn list_parked(&self) -> Result<Vec<ParkedDraft>, DatabaseError> {
        let rows: Vec<(Vec<u8>, String, Option<String>, i64)> = self
            .connection
            .prepare_cached("SELECT record, label, operator, parked_at FROM parked ORDER BY parked_at, basket")
            .and_then(|mut s| {
                s.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?.collect()
            })
            .or_while(READING)?;
        let mut parked = Vec::with_capacity(rows.len());
        for (record, label, operator, parked_at) in rows {
            // One that cannot be read, of a program that knew more, stays where it is and keeps none of the others away.
            let draft = match decode(&record) {
                Ok(draft) => draft,
                Err(error) => {
                    tracing::error!(%error, label, "a basket that was put aside cannot be read");
                    continue;
                }
            };
            let (operator, parked_at) = (operator.map(OperatorId::from), from_micros(parked_at)?);
            parked.push(ParkedDraft { draft, label, operator, parked_at });
        }
        Ok(parked)
    }
}

fn decode(record: &[u8]) -> Result<Draft, DatabaseError> {
    wire::decode_draft(record).map_err(|e| DatabaseError::damaged(READING, e))
}
