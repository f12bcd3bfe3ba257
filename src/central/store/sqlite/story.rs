//! The last movements of a product in a store, kept beside its level: what the story on the conflict card is made of.
//!
//! A sale of ten lines touches ten levels anyway; an index of all movements by product would be ten pages more, anywhere in
//! the file. Each level that is changed is a page of the log, so that a story is as short as can be: protobuf, some 24 bytes a
//! movement, newest first. Newest is what happened last in central's time.
//!
//! Older programs wrote text, which stays until its level moves: a line a movement, `-1000 sale 1732600000000000 T01`
//! (thousandths, reason, microseconds since 1970 UTC by its till's clock, the till when a till did it), where the till's clock
//! was off with the moment in central's time behind its own word: `1732600000000000/1732596400000000`.

use prost::Message;
use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};

use super::super::StoreError;
use super::stock::Dated;
use super::words::{self, Word, micros};
use crate::domain::Timestamp;
use crate::domain::feed::StoryLine;
use crate::domain::ids::WorkstationId;
use crate::domain::quantity::Quantity;
use crate::domain::stock::MovementReason;
use crate::domain::till_clock;
use crate::wire::Wire;
use crate::wire::till::v1 as proto;

/// How many movements are told.
const STORY_LINES: usize = 3;

/// The newest movements, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story(Vec<Told>);

/// A story as the file has it. Its numbers are never given to anything else.
#[derive(Clone, PartialEq, Message)]
struct KeptStory {
    #[prost(message, repeated, tag = "1")]
    lines: Vec<KeptLine>,
}

/// A movement as the file has it.
#[derive(Clone, PartialEq, Message)]
struct KeptLine {
    #[prost(sint64, tag = "1")]
    quantity_thousandths: i64,
    #[prost(enumeration = "proto::MovementReason", tag = "2")]
    reason: i32,
    /// Microseconds since 1970 UTC, by its till's clock.
    #[prost(int64, tag = "3")]
    at: i64,
    /// How many microseconds later it was in central's time.
    #[prost(sint64, tag = "4")]
    later_by: i64,
    #[prost(string, optional, tag = "5")]
    workstation: Option<String>,
}

/// A movement of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// As people read it.
    pub line: StoryLine,
    /// When it was, in central's time.
    pub moment: Timestamp,
}

impl Story {
    /// Tells a movement where its moment puts it: a till that was offline brings old ones late. What was dated while central's
    /// clock was ahead is older than what is told now.
    pub fn tell(&mut self, dated: &Dated, workstation: Option<&WorkstationId>, now: Timestamp) {
        let Dated { movement, moment } = dated;
        let known = ..=till_clock::latest_known(now);
        self.0.sort_by_key(|told| !known.contains(&told.moment));
        let newer = self.0.iter().take_while(|told| known.contains(&told.moment) && told.moment > *moment).count();
        if newer == STORY_LINES {
            return;
        }
        let (quantity, reason, at) = (movement.quantity, movement.reason, movement.at);
        let line = StoryLine { quantity, reason, workstation: workstation.map(ToString::to_string), at };
        self.0.insert(newer, Told { line, moment: *moment });
        self.0.truncate(STORY_LINES);
    }

    /// When the newest was, in central's time; none for what never moved.
    pub fn last_moved(&self) -> Option<Timestamp> {
        self.0.first().map(|told| told.moment)
    }

    /// Nothing is told: it never moved.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What moved behind a moment, newest first; nothing when more may have than is told here.
    pub fn list_since(&self, moment: Timestamp, now: Timestamp) -> Option<Vec<&StoryLine>> {
        let known = self.0.iter().filter(|told| told.moment <= till_clock::latest_known(now));
        let (later, older): (Vec<&Told>, Vec<&Told>) = known.partition(|told| told.moment > moment);
        let is_all = self.0.len() < STORY_LINES || !older.is_empty();
        is_all.then(|| later.into_iter().map(|told| &told.line).collect())
    }

    /// As people read them, newest first.
    pub fn into_lines(self) -> Vec<StoryLine> {
        self.0.into_iter().map(|told| told.line).collect()
    }

    fn read(bytes: &[u8]) -> Result<Self, StoreError> {
        let damaged = |what: String| StoreError::Damaged(format!("the story of a level: {what}"));
        let kept = KeptStory::decode(bytes).map_err(|error| damaged(error.to_string()))?;
        let told =
            kept.lines.into_iter().map(|KeptLine { quantity_thousandths, reason, at, later_by, workstation }| {
                // As it was taken apart, whatever the two are.
                let (at, moment) = (words::instant(at)?, words::instant(at.wrapping_add(later_by))?);
                let line = proto::StoryLine { quantity_thousandths, reason, workstation, at: Some(at.to_wire()) };
                Ok(Told { line: StoryLine::from_wire(line).map_err(|error| damaged(error.to_string()))?, moment })
            });
        Ok(Self(told.collect::<Result<_, StoreError>>()?))
    }

    fn bytes(&self) -> Vec<u8> {
        let lines = self.0.iter().map(|Told { line, moment }| {
            let proto::StoryLine { quantity_thousandths, reason, workstation, .. } = line.to_wire();
            let (at, moment) = (micros(line.at), micros(*moment));
            KeptLine { quantity_thousandths, reason, at, later_by: moment.wrapping_sub(at), workstation }
        });
        KeptStory { lines: lines.collect() }.encode_to_vec()
    }

    /// As older programs wrote it.
    fn read_text(text: &str) -> Result<Self, StoreError> {
        let damaged = || StoreError::Damaged(format!("{text:?} tells no movements"));
        let lines = text.lines().map(|line| {
            let mut parts = line.splitn(4, ' ');
            let mut part = || parts.next().ok_or_else(damaged);
            let quantity = Quantity::from_thousandths(part()?.parse().map_err(|_| damaged())?);
            let reason = MovementReason::read(part()?)?;
            let times = part()?;
            let (at, moment) = times.split_once('/').unwrap_or((times, times));
            let instant = |text: &str| words::instant(text.parse().map_err(|_| damaged())?);
            let (at, moment) = (instant(at)?, instant(moment)?);
            let workstation = Some(part()?.to_owned()).filter(|id| !id.is_empty());
            Ok(Told { line: StoryLine { quantity, reason, workstation, at }, moment })
        });
        Ok(Self(lines.collect::<Result<_, StoreError>>()?))
    }
}

impl ToSql for Story {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.bytes().into())
    }
}

impl FromSql for Story {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let read = match value {
            ValueRef::Text(_) => Self::read_text(value.as_str()?),
            _ => Self::read(value.as_blob()?),
        };
        read.map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::ids::{EntryId, ProductId};
    use crate::domain::stock::Movement;

    fn minute(minute: i64) -> Timestamp {
        Timestamp::from_timestamp(minute * 60, 0).unwrap()
    }

    fn moved(thousandths: i64, at: i64, moment: i64) -> Dated {
        let movement = Movement {
            entry: EntryId(uuid::Uuid::nil()),
            product: ProductId::new("jacket"),
            quantity: Quantity::from_thousandths(thousandths),
            reason: MovementReason::Sale,
            at: minute(at),
        };
        Dated { movement, moment: minute(moment) }
    }

    fn quantities(story: &Story) -> Vec<i64> {
        story.0.iter().map(|told| told.line.quantity.thousandths()).collect()
    }

    #[test]
    fn the_newest_three_are_told_in_the_order_they_happened() {
        let mut story = Story::default();
        let till = WorkstationId::new("T 01");
        for (quantity, minute) in [(-1000, 10), (-2000, 30), (-3000, 20), (-4000, 5), (-5000, 25)] {
            story.tell(&moved(quantity, minute, minute), (quantity != -3000).then_some(&till), self::minute(60));
        }
        assert_eq!(quantities(&story), [-2000, -5000, -3000]);
        assert_eq!(Story::read(&story.bytes()).unwrap(), story);
        assert_eq!(story.into_lines()[0].workstation.as_deref(), Some("T 01"));
        let unknown = KeptLine { reason: 99, ..KeptLine::default() };
        assert!(Story::read(&KeptStory { lines: vec![unknown] }.encode_to_vec()).is_err());
        assert!(Story::read(b"-1000 sale").is_err());
    }

    #[test]
    fn central_knows_the_order_and_people_read_what_the_till_said() {
        let mut story = Story::default();
        for (quantity, at, moment) in [(-1000, 70, 10), (-2000, 20, 20), (-3000, 4, 30)] {
            story.tell(&moved(quantity, at, moment), None, minute(60));
        }
        assert_eq!(quantities(&story), [-3000, -2000, -1000]);
        assert_eq!(Story::read(&story.bytes()).unwrap(), story);
        assert_eq!(story.last_moved(), Some(minute(30)));
        let said: Vec<Timestamp> = story.into_lines().into_iter().map(|line| line.at).collect();
        assert_eq!(said, [minute(4), minute(20), minute(70)]);
    }

    #[test]
    fn a_movement_takes_few_bytes_and_any_moment_is_kept() {
        let mut story = Story::default();
        let till = WorkstationId::new("T01");
        let (at, moment) =
            (Timestamp::from_timestamp_micros(1_795_000_000_123_456).unwrap(), TimeDelta::microseconds(-3512));
        let movement = Movement { at, ..moved(-1000, 0, 0).movement };
        story.tell(&Dated { movement, moment: at + moment }, Some(&till), at);
        assert!(story.bytes().len() <= 26, "{}", story.bytes().len());
        assert_eq!(Story::read(&story.bytes()).unwrap(), story);
        let ends = [(Timestamp::MAX_UTC, Timestamp::MIN_UTC), (Timestamp::MIN_UTC, Timestamp::MAX_UTC)];
        for (at, moment) in
            ends.map(|(at, moment)| (words::instant(micros(at)).unwrap(), words::instant(micros(moment)).unwrap()))
        {
            let line = StoryLine { quantity: Quantity::ONE, reason: MovementReason::Receipt, workstation: None, at };
            let story = Story(vec![Told { line, moment }]);
            assert_eq!(Story::read(&story.bytes()).unwrap(), story);
        }
    }

    #[test]
    fn what_older_programs_wrote_is_read() {
        let text = "-1000 sale 180000000/60000000 T 01\n5000 opening 0 \n";
        let read = Story::column_result(ValueRef::Text(text.as_bytes())).unwrap();
        let lines: Vec<_> =
            read.0.iter().map(|told| (told.line.at, told.moment, told.line.workstation.as_deref())).collect();
        assert_eq!(lines, [(minute(3), minute(1), Some("T 01")), (minute(0), minute(0), None)]);
        assert!(Story::column_result(ValueRef::Text(b"")).unwrap().is_empty());
        for damaged in ["-1000 sale", "-1000 stolen 1 T01", "-1000 sale 1/x T01"] {
            assert!(Story::column_result(ValueRef::Text(damaged.as_bytes())).is_err(), "{damaged}");
        }
    }
}
