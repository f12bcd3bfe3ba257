//! Problem orders: what became of each, and what came in by each channel.

use rusqlite::{Connection, Row, params};

use super::super::{
    ChannelAnswer, ChannelCount, PartOutcome, ProblemFilter, ProblemOrder, ProblemRecord, ProblemSettlement,
    ProblemState, StoreError,
};
use super::words::{self, Word, micros};
use crate::domain::Timestamp;
use crate::domain::ids::ChannelId;

const COLUMNS: &str = "problem, channel, reference, document, problems, received_at, times, state, settled_at, person,
    reason, successor";

/// A problem order by its name.
pub fn find(connection: &Connection, problem: &[u8; 16]) -> Result<Option<ProblemRecord>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM problem_order WHERE problem = ?1"))?;
    let mut rows = statement.query([problem])?;
    rows.next()?.map(record_of_row).transpose()
}

/// Problem orders, oldest first.
pub fn list(connection: &Connection, filter: &ProblemFilter) -> Result<Vec<ProblemRecord>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM problem_order WHERE (?1 IS NULL OR channel = ?1) AND (?2 IS NULL OR state = ?2)
         ORDER BY received_at, problem LIMIT ?3"
    ))?;
    let channel = filter.channel.as_ref().map(ChannelId::as_str);
    let mut rows = statement.query(params![channel, filter.state.map(Word::word), filter.problems_max as i64])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        records.push(record_of_row(row)?);
    }
    Ok(records)
}

/// Settles one that is open. Answers whether it was.
pub fn settle(connection: &Connection, settlement: &ProblemSettlement, now: Timestamp) -> Result<bool, StoreError> {
    let ProblemSettlement { problem, state, person, reason, successor, answer } = settlement;
    let changed = connection
        .prepare_cached(
            "UPDATE problem_order SET state = ?2, settled_at = ?3, person = ?4, reason = ?5, successor = ?6
             WHERE problem = ?1 AND state = 'open'",
        )?
        .execute(params![problem, state.word(), micros(now), person, reason, successor])?;
    if changed > 0 && !answer.document.is_empty() {
        save_answer(connection, problem, answer, now)?;
    }
    Ok(changed > 0)
}

/// Keeps what the problem's channel is to be told, when it has a folder for answers.
fn save_answer(
    connection: &Connection,
    problem: &[u8; 16],
    answer: &ChannelAnswer,
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO channel_answer (channel, name, document, made_at)
             SELECT p.channel, ?2, ?3, ?4 FROM problem_order p JOIN file_channel f USING (channel)
             WHERE p.problem = ?1 AND f.outbound IS NOT NULL",
        )?
        .execute(params![problem, answer.name, answer.document, micros(now)])?;
    Ok(())
}

/// What a channel is still to be told, oldest first: so many as one look writes.
pub fn list_answers(connection: &Connection, channel: &ChannelId) -> Result<Vec<ChannelAnswer>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT name, document FROM channel_answer WHERE channel = ?1 ORDER BY made_at, name LIMIT 100",
    )?;
    let answers = statement
        .query_map([channel.as_str()], |row| Ok(ChannelAnswer { name: row.get(0)?, document: row.get(1)? }))?;
    Ok(answers.collect::<Result<_, _>>()?)
}

/// It has been told.
pub fn finish_answer(connection: &Connection, channel: &ChannelId, name: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM channel_answer WHERE channel = ?1 AND name = ?2")?
        .execute(params![channel.as_str(), name])?;
    Ok(())
}

fn record_of_row(row: &Row<'_>) -> Result<ProblemRecord, StoreError> {
    let settled_at: Option<i64> = row.get(8)?;
    Ok(ProblemRecord {
        kept: ProblemOrder {
            problem: words::bytes16(&row.get::<_, Vec<u8>>(0)?)?,
            channel: ChannelId::new(row.get::<_, String>(1)?),
            reference: row.get(2)?,
            document: row.get(3)?,
            problems: row.get(4)?,
            received_at: words::instant(row.get(5)?)?,
            times: row.get::<_, i64>(6)?.unsigned_abs(),
        },
        state: ProblemState::read(&row.get::<_, String>(7)?)?,
        settled_at: settled_at.map(words::instant).transpose()?,
        person: row.get(9)?,
        reason: row.get(10)?,
        successor: row.get(11)?,
    })
}

/// Counts what a document brought.
pub fn count(connection: &Connection, channel: &ChannelId, outcomes: &[PartOutcome]) -> Result<(), StoreError> {
    let mut counts = [0_i64; 3];
    for outcome in outcomes {
        let at = match outcome {
            PartOutcome::Imported(_) | PartOutcome::Changed(_) | PartOutcome::Cancelled(_) => 0,
            PartOutcome::Duplicate(_) => 1,
            PartOutcome::Refused(_) | PartOutcome::Kept => 2,
        };
        counts[at] += 1;
    }
    let [imported, duplicates, problems] = counts;
    connection
        .prepare_cached(
            "INSERT INTO channel_count (channel, received, imported, duplicates, problems) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (channel) DO UPDATE SET received = received + excluded.received,
                 imported = imported + excluded.imported, duplicates = duplicates + excluded.duplicates,
                 problems = problems + excluded.problems",
        )?
        .execute(params![channel.as_str(), outcomes.len() as i64, imported, duplicates, problems])?;
    Ok(())
}

/// What came in by each channel, by name.
pub fn list_counts(connection: &Connection) -> Result<Vec<ChannelCount>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT c.channel, c.received, c.imported, c.duplicates, c.problems, COUNT(p.problem), MIN(p.received_at)
         FROM channel_count c LEFT JOIN problem_order p ON p.channel = c.channel AND p.state = 'open'
         GROUP BY c.channel ORDER BY c.channel",
    )?;
    let mut rows = statement.query([])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        let figure = |column: usize| row.get::<_, i64>(column).map(i64::unsigned_abs);
        let oldest: Option<i64> = row.get(6)?;
        counts.push(ChannelCount {
            channel: ChannelId::new(row.get::<_, String>(0)?),
            received: figure(1)?,
            imported: figure(2)?,
            duplicates: figure(3)?,
            problems: figure(4)?,
            open: figure(5)?,
            oldest_open_at: oldest.map(words::instant).transpose()?,
        });
    }
    Ok(counts)
}
