//! Problem orders: what became of each, and what came in by each channel.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::{
    ChannelAnswer, ChannelCount, PartOutcome, ProblemFilter, ProblemOrder, ProblemRecord, ProblemSettlement,
    ProblemState, ProblemSummary, StoreError,
};
use super::words::{self, Word, micros};
use crate::domain::Timestamp;
use crate::domain::ids::ChannelId;

const COLUMNS: &str =
    "problem, channel, reference, problems, received_at, times, state, settled_at, person, reason, successor";
/// How many problem orders of one channel may wait for head office.
const OPEN_MAX: i64 = 10_000;

/// A problem order by its name.
pub fn find(connection: &Connection, problem: &[u8; 16]) -> Result<Option<ProblemRecord>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM problem_order WHERE problem = ?1"))?;
    let mut rows = statement.query([problem])?;
    let Some(summary) = rows.next()?.map(summary_of_row).transpose()? else { return Ok(None) };
    let document = connection
        .prepare_cached("SELECT document FROM problem_document WHERE problem = ?1")?
        .query_row([problem], |row| row.get(0))
        .optional()?;
    let ProblemSummary { problem, channel, reference, problems, received_at, times, .. } = summary;
    Ok(Some(ProblemRecord {
        kept: ProblemOrder {
            problem,
            channel,
            reference,
            document: document.unwrap_or_default(),
            problems,
            received_at,
            times,
        },
        state: summary.state,
        settled_at: summary.settled_at,
        person: summary.person,
        reason: summary.reason,
        successor: summary.successor,
    }))
}

/// The question of a list: only what is asked for stands in it, so that an index answers it.
fn question(filter: &ProblemFilter) -> String {
    let mut question =
        format!("SELECT {COLUMNS} FROM problem_order WHERE ?1 IS ?1 AND ?2 IS ?2 AND ?3 IS ?3 AND ?4 IS ?4");
    if filter.channel.is_some() {
        question.push_str(" AND channel = ?1");
    }
    if filter.state.is_some() {
        question.push_str(" AND state = ?2");
    }
    if filter.after.is_some() {
        question.push_str(" AND (received_at, problem) > (?3, ?4)");
    }
    question.push_str(" ORDER BY received_at, problem LIMIT ?5");
    question
}

/// Problem orders, oldest first.
pub fn list(connection: &Connection, filter: &ProblemFilter) -> Result<Vec<ProblemSummary>, StoreError> {
    let mut statement = connection.prepare_cached(&question(filter))?;
    let mut rows = statement.query(params![
        filter.channel.as_ref().map(ChannelId::as_str),
        filter.state.map(Word::word),
        filter.after.map(|mark| micros(mark.received_at)),
        filter.after.map(|mark| mark.problem),
        filter.problems_max as i64
    ])?;
    let mut problems = Vec::new();
    while let Some(row) = rows.next()? {
        problems.push(summary_of_row(row)?);
    }
    Ok(problems)
}

/// How many more problem orders of a channel may wait for head office: counted once for a document, however many it brings.
#[derive(Default)]
pub struct Room {
    left: Option<i64>,
}

impl Room {
    fn find(&mut self, connection: &Connection, channel: &str) -> Result<&mut i64, StoreError> {
        let left = match self.left {
            Some(left) => left,
            None => {
                let open: i64 = connection
                    .prepare_cached("SELECT COUNT(*) FROM problem_order WHERE channel = ?1 AND state = 'open'")?
                    .query_row([channel], |row| row.get(0))?;
                OPEN_MAX - open
            }
        };
        Ok(self.left.insert(left))
    }

    /// What a channel is told that has none left.
    pub fn refusal(&self, channel: &ChannelId) -> StoreError {
        let open = OPEN_MAX - self.left.unwrap_or_default();
        StoreError::Full(format!(
            "channel {channel} has {open} documents that wait for head office: have them mended or dismissed first"
        ))
    }
}

/// Keeps a document that is no order; the same one again is counted and opens it again. Not more than head office can ever see
/// to: `false` when the channel has so many already, and it was not kept.
pub fn save(connection: &Connection, problem: &ProblemOrder, room: &mut Room) -> Result<bool, StoreError> {
    let channel = problem.channel.as_str();
    let known = connection
        .prepare_cached("SELECT 1 FROM problem_order WHERE problem = ?1 AND state = 'open'")?
        .exists([problem.problem])?;
    if !known {
        let left = room.find(connection, channel)?;
        if *left <= 0 {
            return Ok(false);
        }
        *left -= 1;
    }
    connection
        .prepare_cached(
            "INSERT INTO problem_order (problem, channel, reference, problems, state, received_at, times)
             VALUES (?1, ?2, ?3, ?4, 'open', ?5, 1)
             ON CONFLICT (problem) DO UPDATE SET times = times + 1, problems = excluded.problems, state = 'open',
                 settled_at = NULL, person = '', reason = '', successor = '', forgotten_at = NULL",
        )?
        .execute(params![problem.problem, channel, problem.reference, problem.problems, micros(problem.received_at)])?;
    connection
        .prepare_cached("INSERT OR IGNORE INTO problem_document (problem, document) VALUES (?1, ?2)")?
        .execute(params![problem.problem, problem.document])?;
    Ok(true)
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

fn summary_of_row(row: &Row<'_>) -> Result<ProblemSummary, StoreError> {
    let settled_at: Option<i64> = row.get(7)?;
    Ok(ProblemSummary {
        problem: words::bytes16(&row.get::<_, Vec<u8>>(0)?)?,
        channel: ChannelId::new(row.get::<_, String>(1)?),
        reference: row.get(2)?,
        problems: row.get(3)?,
        received_at: words::instant(row.get(4)?)?,
        times: row.get::<_, i64>(5)?.unsigned_abs(),
        state: ProblemState::read(&row.get::<_, String>(6)?)?,
        settled_at: settled_at.map(words::instant).transpose()?,
        person: row.get(8)?,
        reason: row.get(9)?,
        successor: row.get(10)?,
    })
}

/// Counts what a document brought.
pub fn count(connection: &Connection, channel: &ChannelId, outcomes: &[PartOutcome]) -> Result<(), StoreError> {
    let mut counts = [0_i64; 3];
    for outcome in outcomes {
        let at = match outcome {
            PartOutcome::Imported(_) | PartOutcome::Changed(_) | PartOutcome::Cancelled(_) => 0,
            PartOutcome::Duplicate(_) => 1,
            PartOutcome::Refused(_) | PartOutcome::Kept | PartOutcome::NotKept(_) => 2,
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
