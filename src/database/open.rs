//! Opening the till's file: pragmas with their reasons, the migration ladder, and what is done with a file that is newer,
//! foreign or damaged.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error::{CarriedOver, DatabaseError, DatabaseErrorKind, SetAside, While};
use super::salvage;
use crate::domain::Timestamp;

/// "TILL" in the file's header: what `file(1)` and support tools see, and how a foreign file is told apart.
pub(super) const APPLICATION_ID: u32 = 0x5449_4C4C;

/// Every edition of the file, in order. A migration never changes once shipped; a test holds their hashes.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_till.sql"),
    include_str!("migrations/0002_transfers.sql"),
    include_str!("migrations/0003_recent_sales.sql"),
    include_str!("migrations/0004_case_decisions.sql"),
    include_str!("migrations/0005_recent_movements.sql"),
    include_str!("migrations/0006_documents_printed.sql"),
    include_str!("migrations/0007_withdrawn.sql"),
    include_str!("migrations/0008_put_aside.sql"),
    include_str!("migrations/0009_settings_read.sql"),
    include_str!("migrations/0010_other_stores.sql"),
    include_str!("migrations/0011_withdrawn_requests.sql"),
    include_str!("migrations/0012_counts.sql"),
    include_str!("migrations/0013_orders_over.sql"),
    include_str!("migrations/0014_sale_by_time.sql"),
    include_str!("migrations/0015_counts_agreed.sql"),
    include_str!("migrations/0016_central_time.sql"),
    include_str!("migrations/0017_figures_in_slices.sql"),
];

/// How long a statement waits for another process (a backup, a proof) to let go.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Files up to this size are checked whole at every start (some 50 ms); larger ones where it matters most.
const WHOLE_CHECK_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// What is small and must be right before the first sale; the rest of a large file is proved by [`super::check_file`].
const TABLES_CHECKED_AT_START: &[&str] =
    &["till", "signing_key", "run", "acknowledged", "contained", "session", "draft", "parked", "feed", "settings"];

/// The log is this long from the start. A commit that writes over what is there needs no change of the file's length on
/// disk, which costs as much again as the commit itself.
const LOG_BYTES: u64 = 4 * 1024 * 1024;

/// How many statements stay prepared.
const STATEMENTS_CACHED: usize = 128;

/// Where the file stands among editions.
enum Header {
    /// No file, or an empty one.
    Fresh,
    /// One of ours, readable as far as the header says.
    Ours,
}

/// Opens the file for writing, creating or upgrading it. A damaged file is set aside, and a new one takes its place with
/// what can still be read of it.
pub(super) fn open_writer(path: &Path, now: Timestamp) -> Result<(Connection, Option<SetAside>), DatabaseError> {
    finish_replacing(path)?;
    match try_open(path) {
        Ok(connection) => Ok((connection, None)),
        Err(error) if error.kind == DatabaseErrorKind::Damaged => {
            let finding = match &error.source {
                Some(source) => format!("{error}: {source}"),
                None => error.to_string(),
            };
            let (aside, carried_over) = replace(path, now)?;
            tracing::error!(path = %aside.display(), finding, ?carried_over, "the till's file was damaged and set aside");
            Ok((try_open(path)?, Some(SetAside { path: aside, finding, carried_over })))
        }
        Err(error) => Err(error),
    }
}

/// The name under which the new file is built while the damaged one still lies in its place.
const BUILDING: &str = ".recovering";

/// Builds the new file beside the damaged one, then lets them change places. Whenever the power goes, either the damaged
/// file is still in its place, or the new one is whole.
fn replace(path: &Path, now: Timestamp) -> Result<(PathBuf, CarriedOver), DatabaseError> {
    let building = with_suffix(path, BUILDING);
    for part in ["", "-wal", "-shm"] {
        match fs::remove_file(with_suffix(&building, part)) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(DatabaseError::io("clearing an unfinished file", error)),
        }
    }
    let mut connection = try_open(&building)?;
    let carried_over = salvage::carry_over(path, &mut connection)?;
    // Closing folds the log in: one file, whole, to be renamed.
    connection.close().map_err(|(_, error)| error).or_while("closing the new file")?;
    File::open(&building).and_then(|file| file.sync_all()).or_while("closing the new file")?;
    let aside = set_aside(path, now)?;
    finish_replacing(path)?;
    Ok((aside, carried_over))
}

/// The damaged file has left its place: the new one, whole by then, takes it.
fn finish_replacing(path: &Path) -> Result<(), DatabaseError> {
    let building = with_suffix(path, BUILDING);
    if !path.exists() && building.exists() {
        fs::rename(&building, path).or_while("putting the new file in its place")?;
    }
    Ok(())
}

fn try_open(path: &Path) -> Result<Connection, DatabaseError> {
    let header = read_header(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).or_while("opening the file")?;
    // Until the file is known to be of an edition we may touch, closing it must not fold its log into it.
    set_checkpoint_on_close(&connection, false)?;
    connection.busy_timeout(BUSY_TIMEOUT).or_while("opening the file")?;
    // An old copy of the header may have passed: the newest word stands in the log.
    if connection.is_readonly("main").or_while("opening the file")? {
        return Err(DatabaseError::new(DatabaseErrorKind::ReadOnly, "opening the file"));
    }
    let edition = read_edition(&connection)?;
    if matches!(header, Header::Ours) || edition > 0 {
        check_application(&connection)?;
    }
    check_start(&connection, path)?;
    set_pragmas(&connection)?;
    migrate(&mut connection, MIGRATIONS)?;
    set_checkpoint_on_close(&connection, true)?;
    keep_plans(&connection)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    if let Err(error) = lengthen_log(path) {
        // A disk that is nearly full: the log grows with each commit instead.
        tracing::warn!(%error, "the log cannot be made ready; sales take a little longer");
    }
    Ok(connection)
}

/// Makes the log as long as it will soon be, with zeros behind what is in it: SQLite reads a log up to the first frame whose
/// salt or checksum is wrong (SQLite file format, section 4.4), and a frame of zeros is none. Only ever called before the
/// connection's first write, so that nobody else is at the log's end.
fn lengthen_log(path: &Path) -> std::io::Result<()> {
    let mut log = match File::options().write(true).open(with_suffix(path, "-wal")) {
        Ok(log) => log,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let length = log.seek(SeekFrom::End(0))?;
    if length >= LOG_BYTES {
        return Ok(());
    }
    std::io::copy(&mut std::io::repeat(0).take(LOG_BYTES - length), &mut log)?;
    log.sync_data()
}

fn set_checkpoint_on_close(connection: &Connection, checkpoint: bool) -> Result<(), DatabaseError> {
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !checkpoint)
        .map(|_| ())
        .or_while("opening the file")
}

/// How a statement is done never depends on the values bound to it ("query planner stability guarantee"). SQLite would plan one
/// that says `<> ?` or `LIMIT ?` anew for each value: that of a scan among them.
fn keep_plans(connection: &Connection) -> Result<(), DatabaseError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(|_| ()).or_while("opening the file")
}

/// Reads the 100-byte header (SQLite file format, section 1.3) without opening the database, so that a newer or foreign
/// file is not touched at all.
fn read_header(path: &Path) -> Result<Header, DatabaseError> {
    const DOING: &str = "reading the file's header";
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Header::Fresh),
        Err(error) => return Err(DatabaseError::io(DOING, error)),
    };
    let mut header = [0_u8; 100];
    match file.read_exact(&mut header) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            let length = file.metadata().or_while(DOING)?.len();
            return if length == 0 { Ok(Header::Fresh) } else { Err(DatabaseError::damaged(DOING, "cut short")) };
        }
        Err(error) => return Err(DatabaseError::io(DOING, error)),
    }
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(DatabaseError::damaged(DOING, "not an SQLite file"));
    }
    let number = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let (edition, application) = (number(60), number(68));
    if application != APPLICATION_ID && (application != 0 || edition != 0) {
        return Err(DatabaseError::new(DatabaseErrorKind::Foreign, DOING));
    }
    refuse_newer(edition)?;
    Ok(if application == 0 { Header::Fresh } else { Header::Ours })
}

fn refuse_newer(edition: u32) -> Result<(), DatabaseError> {
    let program = MIGRATIONS.len() as u32;
    if edition > program {
        let kind = DatabaseErrorKind::Newer { file: edition, program };
        return Err(DatabaseError::new(kind, "reading the file's edition"));
    }
    Ok(())
}

/// The edition a connection sees.
pub(super) fn read_edition(connection: &Connection) -> Result<u32, DatabaseError> {
    let edition: u32 =
        connection.query_row("PRAGMA user_version", (), |row| row.get(0)).or_while("reading the file's edition")?;
    refuse_newer(edition)?;
    Ok(edition)
}

/// Is it a till's file?
pub(super) fn check_application(connection: &Connection) -> Result<(), DatabaseError> {
    const DOING: &str = "reading whose file it is";
    let application: u32 = connection.query_row("PRAGMA application_id", (), |row| row.get(0)).or_while(DOING)?;
    if application == APPLICATION_ID { Ok(()) } else { Err(DatabaseError::new(DatabaseErrorKind::Foreign, DOING)) }
}

fn check_start(connection: &Connection, path: &Path) -> Result<(), DatabaseError> {
    let bytes = fs::metadata(path).map(|m| m.len()).unwrap_or(0);
    if bytes <= WHOLE_CHECK_BYTES_MAX {
        return quick_check(connection, None);
    }
    for table in TABLES_CHECKED_AT_START {
        quick_check(connection, Some(table))?;
    }
    Ok(())
}

/// Runs SQLite's own check over the whole file or one table; the first finding becomes the error.
pub(super) fn quick_check(connection: &Connection, table: Option<&str>) -> Result<(), DatabaseError> {
    const DOING: &str = "checking the file";
    let sql = match table {
        Some(table) => format!("PRAGMA quick_check({table})"),
        None => "PRAGMA quick_check(1)".to_owned(),
    };
    let finding: String = connection.query_row(&sql, (), |row| row.get(0)).or_while(DOING)?;
    if finding == "ok" { Ok(()) } else { Err(DatabaseError::damaged(DOING, finding)) }
}

fn set_pragmas(connection: &Connection) -> Result<(), DatabaseError> {
    const DOING: &str = "setting up the file";
    // A log beside the file: readers (sync, backup, proof) never wait for the register, nor it for them.
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", (), |row| row.get(0)).or_while(DOING)?;
    if mode != "wal" {
        return Err(DatabaseError::new(DatabaseErrorKind::ReadOnly, DOING));
    }
    connection
        .execute_batch(
            // FULL: a commit is on disk before the receipt is printed. NORMAL loses the last sales in a power cut.
            "PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             -- A backstop only: the log is folded in when the till is idle, so that no sale pays for it.
             PRAGMA wal_autocheckpoint = 4000;
             -- After a large feed the log shrinks again.
             PRAGMA journal_size_limit = 16777216;
             -- 32 MiB of pages: a million products' look-up pages stay in memory.
             PRAGMA cache_size = -32768;
             PRAGMA temp_store = MEMORY;
             -- Never believe a schema that hides functions in views or triggers.
             PRAGMA trusted_schema = OFF;",
        )
        .or_while(DOING)
}

/// Climbs the ladder from the file's edition to ours in one transaction: a crash leaves the old edition, whole.
pub(super) fn migrate(connection: &mut Connection, migrations: &[&str]) -> Result<(), DatabaseError> {
    const DOING: &str = "bringing the file to this edition";
    let edition = read_edition(connection)? as usize;
    if edition >= migrations.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).or_while(DOING)?;
    // Another process may have climbed while this one waited.
    let edition = read_edition(&transaction)? as usize;
    for migration in migrations.iter().skip(edition) {
        transaction.execute_batch(migration).or_while(DOING)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).or_while(DOING)?;
    transaction.pragma_update(None, "user_version", migrations.len() as u32).or_while(DOING)?;
    transaction.commit().or_while(DOING)
}

/// Opens the file for reading only, beside the writer.
pub(super) fn open_reader(path: &Path) -> Result<Connection, DatabaseError> {
    const DOING: &str = "opening the file for reading";
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).or_while(DOING)?;
    connection.busy_timeout(BUSY_TIMEOUT).or_while(DOING)?;
    check_application(&connection)?;
    read_edition(&connection)?;
    keep_plans(&connection)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    Ok(connection)
}

/// Renames a damaged file, and the log that belongs to it, to a name with the time. Nothing is ever deleted.
fn set_aside(path: &Path, now: Timestamp) -> Result<PathBuf, DatabaseError> {
    const DOING: &str = "setting the damaged file aside";
    let stamp = now.format("%Y%m%dT%H%M%SZ");
    let mut aside = with_suffix(path, &format!(".damaged-{stamp}"));
    let mut attempt = 1;
    while aside.exists() {
        attempt += 1;
        aside = with_suffix(path, &format!(".damaged-{stamp}-{attempt}"));
    }
    // The log first: a crash in between must not leave the log to a new file it does not belong to.
    for part in ["-wal", "-shm"] {
        match fs::rename(with_suffix(path, part), with_suffix(&aside, part)) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(DatabaseError::io(DOING, error)),
        }
    }
    fs::rename(path, &aside).or_while(DOING)?;
    Ok(aside)
}

/// `till.sqlite` and `-wal` make `till.sqlite-wal`.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
