//! The till's SQLite file: the journal, its projections, the cache of what central says, the open basket.
//!
//! How it works. One connection writes, and the register's thread owns it. Everything one act changes goes through one
//! [`Database::transaction`]: [`Tx::append`] seals an event into the journal and folds it into every projection in the same
//! commit, which is on disk when it returns. Questions are asked of a [`View`], outside or inside a transaction. What
//! central sends is applied by [`Tx::apply_feed`]; own entries that central's figures do not contain yet are folded on top
//! of them. Sync reads the journal's tail by a [`JournalReader`] of its own. How far the journal has come stands in a small
//! file beside it too (`reached.rs`), so that a file put back from a copy is known for one.
//!
//! Absent here: a level that is overwritten (levels are figures plus movements), an UPDATE or DELETE on the journal
//! (triggers refuse), a clock, a random number, a key made here (all are passed in), a rule of the shop (those are the
//! domain's), a deleted file (a damaged one is set aside).
//!
//! What a program cannot read of what another one wrote is set aside in the file, and the till starts: the open basket
//! (`draft.rs`), the store's settings (`settings.rs`).
//!
//! To add a projection: a table in a new file under `migrations/` (never change one that has shipped), its fold in
//! `projections.rs`, its name in `verify.rs` so that proofs compare it. To add a question: a method of `View` in the file
//! of its subject.
//!
//! Tests are beside each file and work on real files.

mod cases;
mod catalogue;
#[cfg(test)]
mod catalogue_tests;
mod codes;
mod contained;
#[cfg(test)]
mod contained_tests;
#[cfg(test)]
mod crash_tests;
mod draft;
mod error;
mod feed;
#[cfg(test)]
mod feed_tests;
mod journal;
#[cfg(test)]
mod journal_tests;
mod lock;
mod open;
#[cfg(test)]
mod open_tests;
mod orders;
mod people;
mod projections;
mod reached;
mod sales;
mod salvage;
mod search;
mod settings;
mod spool;
mod stock;
#[cfg(test)]
mod stock_tests;
#[cfg(test)]
mod testing;
mod transfers;
mod verify;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use cases::{CaseAnswer, CaseRefusal};
pub use catalogue::FoundProduct;
pub use contained::SlicedBatch;
pub use draft::ParkedDraft;
pub use error::{CarriedOver, DatabaseError, DatabaseErrorKind, SetAside};
pub use feed::FeedOutcome;
pub use journal::{JournalReader, NewEntry, RunStart, RunSummary};
pub use people::SignInFailures;
pub use sales::{DrawerSeen, SaleQuery, SaleRecord, SessionClosing, SessionRecord};
pub use settings::SettingsSetAside;
pub use spool::{PrintCause, SessionReportKind, SpooledJob};
pub use stock::CountListRow;
pub use transfers::KnownTransfer;
pub use verify::{Fault, FirstBad, Report, Trust, VerifyError, verify_journal};

use crate::domain::Timestamp;
use crate::domain::ids::BasketId;
use error::While;
use journal::{Head, Writer};
use reached::{Reached, ReachedFile};

/// The till's file, open for writing. One per file, whoever opens it; the register's thread owns it.
pub struct Database {
    connection: Connection,
    // Let go of behind the connection.
    _lock: lock::Lock,
    path: PathBuf,
    set_aside: Option<SetAside>,
    head: Head,
    writer: Option<Writer>,
    durability: Durability,
    draft_flush: Option<draft::DraftFlush>,
    settings_set_aside: Option<SettingsSetAside>,
    reached_file: ReachedFile,
    /// How far the journal had come before, as it stands beside the file: until the first run is begun.
    reached_before: Option<Reached>,
    /// The baskets that were in the file when the first run was begun: of a file put back from a copy, the copy's.
    found: Vec<BasketId>,
    /// What the next receipt was numbered when the first run was begun, where the file was older than what stood beside it.
    went_on_at: Option<u64>,
}

/// How a commit reaches the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Durability {
    /// On disk before the commit returns: everything in the journal.
    Synced,
    /// Written to the log, on disk with the next synced commit at the latest: the draft (synced behind the caller's back)
    /// and what central says again when it is lost.
    Written,
}

/// A moment's look into the file: every question is one of its methods.
#[derive(Clone, Copy)]
pub struct View<'a> {
    connection: &'a Connection,
}

/// One act in the making: all of it is committed, or none of it.
pub struct Tx<'a> {
    transaction: Transaction<'a>,
    writer: Option<&'a Writer>,
    head: Head,
}

impl Database {
    /// Opens the file at `path`, creating or upgrading it. `now` names a damaged file that has to be set aside; see
    /// [`Self::set_aside`].
    pub fn open(path: &Path, now: Timestamp) -> Result<Self, DatabaseError> {
        let lock = lock::Lock::take(path)?;
        let (mut connection, set_aside) = open::open_writer(path, now)?;
        let settings_set_aside = settings::mend(&mut connection, now)?;
        let head = Head::read(&connection)?;
        let (reached_file, reached_before) = ReachedFile::open(path);
        Ok(Self {
            connection,
            _lock: lock,
            path: path.to_owned(),
            set_aside,
            head,
            writer: None,
            durability: Durability::Synced,
            draft_flush: None,
            settings_set_aside,
            reached_file,
            reached_before,
            found: Vec::new(),
            went_on_at: None,
        })
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The damaged file that was found at [`Self::open`], to be told to the person at the till.
    pub const fn set_aside(&self) -> Option<&SetAside> {
        self.set_aside.as_ref()
    }

    /// A look into the file as committed.
    pub const fn view(&self) -> View<'_> {
        View { connection: &self.connection }
    }

    /// From here on every look sees the same moment, until [`Self::release_view`] or the next act: many questions share
    /// one lock of the file, where each would take and give back its own.
    pub fn hold_view(&self) {
        if self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("BEGIN DEFERRED")
        {
            tracing::warn!(%error, "the file cannot be held for reading; each question takes its own lock");
        }
    }

    /// The next look sees what is there then.
    pub fn release_view(&self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("COMMIT")
        {
            tracing::warn!(%error, "a reading of the file could not be ended");
        }
    }

    /// How many rows this connection has written so far. Nobody else writes: where it stands still, so does the file.
    pub fn changes(&self) -> u64 {
        self.connection.total_changes()
    }

    /// Runs one act. What `act` does is committed and on disk when this returns `Ok`; after an error none of it happened.
    pub fn transaction<T, E: From<DatabaseError>>(
        &mut self,
        act: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.set_durability(Durability::Synced)?;
        self.transact(act)
    }

    /// Runs an act that only repeats central's words: applying its feed, keeping its marks. It is committed as a whole when
    /// this returns, and on disk with the next act that is waited for. A power cut before takes it back together with its
    /// cursor or mark, and central says it again.
    pub fn transaction_repeatable<T, E: From<DatabaseError>>(
        &mut self,
        act: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.set_durability(Durability::Written)?;
        self.transact(act)
    }

    fn transact<T, E: From<DatabaseError>>(&mut self, act: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.release_view();
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .or_while("beginning a transaction")?;
        let mut tx = Tx { transaction, writer: self.writer.as_ref(), head: self.head.clone() };
        let done = act(&mut tx)?;
        let Tx { transaction, head, .. } = tx;
        transaction.commit().or_while("committing")?;
        let has_grown = head.position != self.head.position;
        self.head = head;
        if has_grown && let Some(writer) = &self.writer {
            let (till, entries) = (writer.till().clone(), self.head.position.unsigned_abs());
            self.reached_file.note(&Reached { till, entries, next_receipt_number: self.head.next_receipt_number });
        }
        Ok(done)
    }

    /// What an idle moment is for, too: some of the own movements that central's figures contain are taken out of what a level is
    /// reckoned from. Answers whether there may be more.
    pub fn clear_contained(&mut self) -> Result<bool, DatabaseError> {
        self.transaction_repeatable(|tx| contained::clear_contained(&tx.transaction))
    }

    /// What an idle moment is for, so that no sale ever pays for it: the recent sales' products and movements are put in order, and the
    /// log is folded into the file. Returns whether all of it could be folded in (a reader may still need the older part).
    pub fn tidy(&mut self) -> Result<bool, DatabaseError> {
        const DOING: &str = "putting recent sales in order";
        // Both orders say the same: a power cut may keep either.
        self.set_durability(Durability::Written)?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).or_while(DOING)?;
        projections::put_recent_in_order(&transaction)?;
        projections::put_movements_in_order(&transaction)?;
        transaction.commit().or_while(DOING)?;
        self.fold_log()
    }

    /// Folds the log into the file and begins it anew. It keeps its length: what is written over costs less than what is
    /// added. Nobody is waited for. Returns whether all of it could be folded in.
    fn fold_log(&mut self) -> Result<bool, DatabaseError> {
        const DOING: &str = "folding the log in";
        self.release_view();
        let (in_log, folded): (i64, i64) = self
            .connection
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |row| Ok((row.get(1)?, row.get(2)?)))
            .or_while(DOING)?;
        let all = in_log == folded;
        if all && in_log > 0 {
            // The first write to a log that begins anew waits for the disk twice. Let it be this one, not a scan's; it
            // writes what stands there already.
            self.set_durability(Durability::Written)?;
            self.connection.pragma_update(None, "application_id", open::APPLICATION_ID).or_while(DOING)?;
        }
        Ok(all)
    }

    /// From here on the file takes nothing, as on a disk that has become read-only; `false` lets it write again.
    pub fn refuse_writes(&self, refuses: bool) -> Result<(), DatabaseError> {
        self.connection.pragma_update(None, "query_only", refuses).or_while("setting up the file")
    }

    /// Lets the file grow by no more than so many pages of 4 KiB, as a disk that is nearly full does; `None` lifts the limit.
    /// Beyond it writing is refused as [`DatabaseErrorKind::Full`]. For tests of a full disk that need none.
    pub fn limit_growth(&self, pages: Option<u32>) -> Result<(), DatabaseError> {
        const DOING: &str = "limiting the file";
        let now: u32 = self.connection.query_row("PRAGMA page_count", (), |row| row.get(0)).or_while(DOING)?;
        let pages_max = pages.map_or(u32::MAX - 1, |pages| now.saturating_add(pages));
        self.connection.pragma_update(None, "max_page_count", pages_max).or_while(DOING)
    }

    /// Every act begins here, and so no reading is held any more.
    fn set_durability(&mut self, wanted: Durability) -> Result<(), DatabaseError> {
        self.release_view();
        if self.durability != wanted {
            let level = match wanted {
                Durability::Synced => "FULL",
                Durability::Written => "NORMAL",
            };
            self.connection.pragma_update(None, "synchronous", level).or_while("choosing how to commit")?;
            self.durability = wanted;
        }
        Ok(())
    }
}

/// The file opened for reading beside its writer, in this process or another: for scripts, exports and support.
pub struct DatabaseReader {
    connection: Connection,
}

impl DatabaseReader {
    /// Opens the file at `path`, which must be there.
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        Ok(Self { connection: open::open_reader(path)? })
    }

    /// A look into the file as committed.
    pub const fn view(&self) -> View<'_> {
        View { connection: &self.connection }
    }
}

impl Tx<'_> {
    /// A look into the file as this act has made it so far.
    pub fn view(&self) -> View<'_> {
        View { connection: &self.transaction }
    }
}

/// A consistent copy of a file, made page by page, also while the till is selling. `to` must not exist.
pub fn copy_file(from: &Path, to: &Path) -> Result<(), DatabaseError> {
    const DOING: &str = "copying the file";
    if to.exists() {
        return Err(DatabaseError::new(DatabaseErrorKind::Refused("the copy's file exists already"), DOING));
    }
    let from = open::open_reader(from)?;
    let mut copy = Connection::open(to).or_while(DOING)?;
    let backup = rusqlite::backup::Backup::new(&from, &mut copy).or_while(DOING)?;
    // All pages in one step: one read transaction, so that a sale in between cannot make it begin again for ever.
    backup.run_to_completion(i32::MAX, std::time::Duration::ZERO, None).or_while(DOING)?;
    drop(backup);
    copy.close().map_err(|(_, error)| error).or_while(DOING)
}

/// Proves every page of a file, damaged or not: seconds on a large one, so for idle moments and support, on a connection of
/// its own.
pub fn check_file(path: &Path) -> Result<(), DatabaseError> {
    open::quick_check(&open::open_reader(path)?, None)
}
