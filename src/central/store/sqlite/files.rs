//! Orders that come as files: the channels that have a folder, how their pick-up stands, and the record of every file.

use rusqlite::{Connection, Row, params};

use super::super::{ChannelRecord, FileChannel, FileChannelRecord, FileChannelState, FileLook, FileRecord, StoreError};
use super::access;
use super::feeds::Changes;
use super::words::{self, micros};
use crate::domain::Timestamp;
use crate::domain::ids::ChannelId;

/// Adds or changes a channel with files. Its tokens stay as they are; its tag, once given, stays for good: files in
/// `processing/` bear it.
pub fn save_channel(
    connection: &Connection,
    changes: &mut Changes,
    channel: &ChannelRecord,
    settings: &FileChannel,
) -> Result<(), StoreError> {
    access::upsert_channel(connection, changes, channel)?;
    connection
        .prepare_cached(
            "INSERT INTO file_channel (channel, place, every_seconds, fingerprint, outbound, tag)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (channel) DO UPDATE SET place = excluded.place, every_seconds = excluded.every_seconds,
                 fingerprint = excluded.fingerprint, outbound = excluded.outbound, failing_since = NULL, last_error = ''",
        )?
        .execute(params![
            settings.channel.as_str(),
            settings.place,
            settings.every_seconds,
            settings.fingerprint,
            settings.outbound,
            settings.tag
        ])?;
    Ok(())
}

/// Believes another host key or certificate from now on.
pub fn pin(connection: &Connection, channel: &ChannelId, fingerprint: &str) -> Result<bool, StoreError> {
    let changed = connection
        .prepare_cached("UPDATE file_channel SET fingerprint = ?2 WHERE channel = ?1")?
        .execute(params![channel.as_str(), fingerprint])?;
    Ok(changed > 0)
}

/// Asks for a look at once.
pub fn poke(connection: &Connection, channel: &ChannelId, now: Timestamp) -> Result<bool, StoreError> {
    let changed = connection
        .prepare_cached("UPDATE file_channel SET poked_at = ?2 WHERE channel = ?1")?
        .execute(params![channel.as_str(), micros(now)])?;
    Ok(changed > 0)
}

/// Channels with files, by name.
pub fn list_channels(connection: &Connection) -> Result<Vec<FileChannelRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT f.channel, f.place, f.every_seconds, f.fingerprint, f.outbound, f.tag, c.stores, f.poked_at, f.looked_at,
             f.failing_since, f.last_error, f.waiting, f.oldest_waiting_at, f.received, f.imported, f.duplicates, f.problems
         FROM file_channel f JOIN channel c USING (channel) ORDER BY f.channel",
    )?;
    let mut rows = statement.query([])?;
    let mut channels = Vec::new();
    while let Some(row) = rows.next()? {
        channels.push(channel_of_row(row)?);
    }
    Ok(channels)
}

fn channel_of_row(row: &Row<'_>) -> Result<FileChannelRecord, StoreError> {
    let instant = |column: usize| row.get::<_, Option<i64>>(column)?.map(words::instant).transpose();
    let count = |column: usize| row.get::<_, i64>(column).map(i64::unsigned_abs);
    let stores: String = row.get(6)?;
    Ok(FileChannelRecord {
        settings: FileChannel {
            channel: ChannelId::new(row.get::<_, String>(0)?),
            place: row.get(1)?,
            every_seconds: row.get(2)?,
            fingerprint: row.get(3)?,
            outbound: row.get(4)?,
            tag: row.get(5)?,
        },
        stores: access::read_stores(&stores)?,
        state: FileChannelState {
            poked_at: instant(7)?,
            looked_at: instant(8)?,
            failing_since: instant(9)?,
            last_error: row.get(10)?,
            waiting: row.get(11)?,
            oldest_waiting_at: instant(12)?,
            received: count(13)?,
            imported: count(14)?,
            duplicates: count(15)?,
            problems: count(16)?,
        },
    })
}

/// Notes how a look went.
pub fn save_look(connection: &Connection, look: &FileLook) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE file_channel SET looked_at = ?2, last_error = COALESCE(?3, ''),
                 failing_since = CASE WHEN ?3 IS NULL THEN NULL ELSE COALESCE(failing_since, ?2) END,
                 waiting = COALESCE(?4, waiting),
                 oldest_waiting_at = CASE WHEN ?4 IS NULL THEN oldest_waiting_at ELSE ?5 END
             WHERE channel = ?1",
        )?
        .execute(params![
            look.channel.as_str(),
            micros(look.looked_at),
            look.error,
            look.waiting,
            look.oldest_waiting_at.map(micros)
        ])?;
    Ok(())
}

/// Keeps the record of a file, in the transaction that takes its orders.
pub fn save_file(connection: &Connection, file: &FileRecord) -> Result<(), StoreError> {
    let added = connection
        .prepare_cached(
            "INSERT INTO order_file (channel, claim, name, content, size, received_at, imported, duplicates, problems,
                 report, rejected, answer, filed_as, filed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, NULL, 0) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            file.channel.as_str(),
            file.claim,
            file.name,
            file.content,
            file.size as i64,
            micros(file.received_at),
            file.imported,
            file.duplicates,
            file.problems,
            file.report,
            file.rejected,
            file.answer
        ])?;
    if added == 0 {
        // Another central on the same data was first: nothing of this transaction may stay.
        return Err(StoreError::Refused(format!("the file {} has been taken already", file.claim)));
    }
    connection
        .prepare_cached(
            "UPDATE file_channel SET received = received + 1, imported = imported + ?2, duplicates = duplicates + ?3,
                 problems = problems + ?4 WHERE channel = ?1",
        )?
        .execute(params![file.channel.as_str(), file.imported, file.duplicates, file.problems])?;
    Ok(())
}

const FILE_COLUMNS: &str = "channel, claim, name, content, size, received_at, imported, duplicates, problems, report,
    rejected, answer, filed_as, filed";

fn file_of_row(row: &Row<'_>) -> Result<FileRecord, StoreError> {
    let content: Vec<u8> = row.get(3)?;
    Ok(FileRecord {
        channel: ChannelId::new(row.get::<_, String>(0)?),
        claim: row.get(1)?,
        name: row.get(2)?,
        content: content.try_into().map_err(|_| StoreError::Damaged("a file's hash has another length".into()))?,
        size: row.get::<_, i64>(4)?.unsigned_abs(),
        received_at: words::instant(row.get(5)?)?,
        imported: row.get(6)?,
        duplicates: row.get(7)?,
        problems: row.get(8)?,
        report: row.get(9)?,
        rejected: row.get(10)?,
        answer: row.get(11)?,
        filed_as: row.get(12)?,
        filed: row.get(13)?,
    })
}

/// The claims of a channel's files that are taken and not yet where they belong, oldest first.
pub fn list_unfiled(connection: &Connection, channel: &ChannelId) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT claim FROM order_file WHERE channel = ?1 AND filed = 0 ORDER BY received_at LIMIT 1000",
    )?;
    let claims = statement.query_map([channel.as_str()], |row| row.get(0))?;
    Ok(claims.collect::<Result<_, _>>()?)
}

/// The record of a file.
pub fn find_file(connection: &Connection, channel: &ChannelId, claim: &str) -> Result<Option<FileRecord>, StoreError> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT {FILE_COLUMNS} FROM order_file WHERE channel = ?1 AND claim = ?2"))?;
    let mut rows = statement.query(params![channel.as_str(), claim])?;
    rows.next()?.map(file_of_row).transpose()
}

/// Notes the name a file is about to get.
pub fn save_file_name(
    connection: &Connection,
    channel: &ChannelId,
    claim: &str,
    filed_as: &str,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE order_file SET filed_as = ?3 WHERE channel = ?1 AND claim = ?2")?
        .execute(params![channel.as_str(), claim, filed_as])?;
    Ok(())
}

/// These files lie where they belong; what was kept only to write it beside them is let go.
pub fn finish_files(
    connection: &Connection,
    channel: &ChannelId,
    claims: &[(String, String)],
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "UPDATE order_file SET filed = 1, filed_as = ?3, rejected = x'', answer = x''
         WHERE channel = ?1 AND claim = ?2 AND filed = 0",
    )?;
    for (claim, filed_as) in claims {
        statement.execute(params![channel.as_str(), claim, filed_as])?;
    }
    Ok(())
}
