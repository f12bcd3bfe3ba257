//! The last movements of a product in a store, kept beside its level: what the story on the conflict card is made of.
//!
//! A sale of ten lines touches ten levels anyway; an index of all movements by product would be ten pages more, anywhere in
//! the file. As text, a line a movement, newest first: `-1000 sale 1732600000000000 T01` (thousandths, reason, microseconds
//! since 1970 UTC, the till when a till did it).

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};

use super::super::StoreError;
use super::words::{self, Word, micros};
use crate::domain::Timestamp;
use crate::domain::feed::StoryLine;
use crate::domain::ids::WorkstationId;
use crate::domain::quantity::Quantity;
use crate::domain::stock::{Movement, MovementReason};

/// How many movements are told.
pub const STORY_LINES: usize = 3;

/// The newest movements, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story(Vec<StoryLine>);

impl Story {
    /// Tells a movement where its time puts it: a till that was offline brings old ones late.
    pub fn tell(&mut self, movement: &Movement, workstation: Option<&WorkstationId>) {
        let newer = self.0.iter().take_while(|line| line.at > movement.at).count();
        if newer == STORY_LINES {
            return;
        }
        let (quantity, reason, at) = (movement.quantity, movement.reason, movement.at);
        self.0.insert(newer, StoryLine { quantity, reason, workstation: workstation.map(ToString::to_string), at });
        self.0.truncate(STORY_LINES);
    }

    /// When the newest was; none for what never moved.
    pub fn last_moved(&self) -> Option<Timestamp> {
        self.0.first().map(|line| line.at)
    }

    /// Newest first.
    pub fn into_lines(self) -> Vec<StoryLine> {
        self.0
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        let damaged = || StoreError::Damaged(format!("{text:?} tells no movements"));
        let lines = text.lines().map(|line| {
            let mut parts = line.splitn(4, ' ');
            let mut part = || parts.next().ok_or_else(damaged);
            let quantity = Quantity::from_thousandths(part()?.parse().map_err(|_| damaged())?);
            let reason = MovementReason::read(part()?)?;
            let at = words::instant(part()?.parse().map_err(|_| damaged())?)?;
            let workstation = Some(part()?.to_owned()).filter(|id| !id.is_empty());
            Ok(StoryLine { quantity, reason, workstation, at })
        });
        Ok(Self(lines.collect::<Result<_, StoreError>>()?))
    }

    fn text(&self) -> String {
        use std::fmt::Write;
        let mut text = String::with_capacity(40 * self.0.len());
        for StoryLine { quantity, reason, workstation, at } in &self.0 {
            // An identity with a line break in it would be read as two movements.
            let workstation = workstation.as_deref().unwrap_or_default().replace(char::is_control, " ");
            // Writing to a string never fails.
            let _ = writeln!(text, "{} {} {} {workstation}", quantity.thousandths(), reason.word(), micros(*at));
        }
        text
    }
}

impl ToSql for Story {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.text().into())
    }
}

impl FromSql for Story {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::read(value.as_str()?).map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{EntryId, ProductId};

    fn movement(thousandths: i64, minute: i64) -> Movement {
        Movement {
            entry: EntryId(uuid::Uuid::nil()),
            product: ProductId::new("jacket"),
            quantity: Quantity::from_thousandths(thousandths),
            reason: MovementReason::Sale,
            at: Timestamp::from_timestamp(minute * 60, 0).unwrap(),
        }
    }

    #[test]
    fn the_newest_three_are_told_in_the_order_they_happened() {
        let mut story = Story::default();
        let till = WorkstationId::new("T 01");
        for (quantity, minute) in [(-1000, 10), (-2000, 30), (-3000, 20), (-4000, 5), (-5000, 25)] {
            story.tell(&movement(quantity, minute), (quantity != -3000).then_some(&till));
        }
        let told: Vec<i64> = story.0.iter().map(|line| line.quantity.thousandths()).collect();
        assert_eq!(told, [-2000, -5000, -3000]);
        assert_eq!(Story::read(&story.text()).unwrap(), story);
        assert_eq!(story.into_lines()[0].workstation.as_deref(), Some("T 01"));
        assert!(Story::read("-1000 sale").is_err());
        assert!(Story::read("-1000 stolen 1 T01").is_err());
    }
}
