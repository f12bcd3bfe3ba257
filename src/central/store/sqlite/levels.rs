//! The levels one transaction works with: each read once, shifted in memory, written once before the commit.
//!
//! Sixty-four tills that sell the same product in one commit cost one row. Nothing of this outlives its transaction, and
//! a request that fails takes its own shifts with it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::{Connection, OptionalExtension, params};

use super::super::StoreError;
use super::ledger::Ledger;
use super::stock::{Dated, level_of_row};
use super::story::Story;
use crate::domain::Timestamp;
use crate::domain::ids::{ProductId, StoreId, WorkstationId};
use crate::domain::quantity::Quantity;
use crate::domain::stock::{MovementReason, StockLevel};

/// The levels of a transaction.
#[derive(Default)]
pub struct Levels {
    known: HashMap<(StoreId, ProductId), Level>,
    /// What the request that runs has changed, as it was before, oldest first.
    undo: Vec<((StoreId, ProductId), Level)>,
    ledger: Ledger,
}

/// A level as the file has it, and as this transaction leaves it.
#[derive(Clone, Default)]
struct Level {
    before: StockLevel,
    now: StockLevel,
    story: Story,
    shifted: bool,
    moved: bool,
}

/// A level that a transaction has changed.
pub struct ChangedLevel {
    /// Where.
    pub store: StoreId,
    /// Of what.
    pub product: ProductId,
    /// As the file had it before.
    pub before: StockLevel,
    /// As this transaction leaves it.
    pub after: StockLevel,
    /// Its last movements.
    pub story: Story,
    /// Something was booked on it, even if it came to nothing: whoever booked it waits to hear that the figure has it.
    pub moved: bool,
}

/// Under which numbers of the store's feed a level is told; none for whoever is not told of this change.
#[derive(Clone, Copy, Default)]
pub struct ToldAs {
    /// To the store's tills.
    pub store: Option<i64>,
    /// To websites.
    pub availability: Option<i64>,
}

impl Levels {
    /// The level with everything this transaction has done to it.
    pub fn get(
        &mut self,
        connection: &Connection,
        store: &StoreId,
        product: &ProductId,
    ) -> Result<StockLevel, StoreError> {
        Ok(self.find(connection, store, product)?.now)
    }

    /// Its last movements.
    pub fn story(
        &mut self,
        connection: &Connection,
        store: &StoreId,
        product: &ProductId,
    ) -> Result<&Story, StoreError> {
        Ok(&self.find(connection, store, product)?.story)
    }

    /// What moved behind a moment. Nearly always its last movements tell.
    pub fn list_moved_since(
        &mut self,
        connection: &Connection,
        store: &StoreId,
        product: &ProductId,
        moment: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<(MovementReason, Quantity)>, StoreError> {
        if let Some(lines) = self.story(connection, store, product)?.list_since(moment, now) {
            return Ok(lines.into_iter().map(|line| (line.reason, line.quantity)).collect());
        }
        self.ledger.list_since(connection, store, product, moment, now)
    }

    /// Adds a movement to its level, and tells it in its story.
    pub fn book(
        &mut self,
        connection: &Connection,
        store: &StoreId,
        workstation: Option<&WorkstationId>,
        dated: &Dated,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let by = StockLevel { on_hand: dated.movement.quantity, ..StockLevel::default() };
        let level = self.change(connection, store, &dated.movement.product, by)?;
        level.story.tell(dated, workstation, now);
        level.moved = true;
        self.ledger.book(store, dated);
        Ok(())
    }

    /// Adds differences to a level.
    pub fn shift(
        &mut self,
        connection: &Connection,
        store: &StoreId,
        product: &ProductId,
        by: StockLevel,
    ) -> Result<(), StoreError> {
        self.change(connection, store, product, by)?;
        Ok(())
    }

    fn change(
        &mut self,
        connection: &Connection,
        store: &StoreId,
        product: &ProductId,
        by: StockLevel,
    ) -> Result<&mut Level, StoreError> {
        let before = self.find(connection, store, product)?.clone();
        self.undo.push(((store.clone(), product.clone()), before));
        let level = self.find(connection, store, product)?;
        level.now = StockLevel {
            on_hand: level.now.on_hand + by.on_hand,
            held: level.now.held + by.held,
            promised: level.now.promised + by.promised,
            safety: level.now.safety + by.safety,
        };
        level.shifted = true;
        Ok(level)
    }

    fn find(
        &mut self,
        connection: &Connection,
        store: &StoreId,
        product: &ProductId,
    ) -> Result<&mut Level, StoreError> {
        Ok(match self.known.entry((store.clone(), product.clone())) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let saved: Option<(StockLevel, Story)> = connection
                    .prepare_cached(
                        "SELECT on_hand, held, promised, safety, story FROM level WHERE store = ?1 AND product = ?2",
                    )?
                    .query_row(params![store.as_str(), product.as_str()], |row| Ok((level_of_row(row)?, row.get(4)?)))
                    .optional()?;
                let (saved, story) = saved.unwrap_or_default();
                unknown.insert(Level { before: saved, now: saved, story, shifted: false, moved: false })
            }
        })
    }

    /// The request that ran has succeeded.
    pub fn keep(&mut self) {
        self.undo.clear();
    }

    /// The request that ran has failed: its shifts never were.
    pub fn undo(&mut self) {
        self.undo_to(0);
    }

    /// How many shifts the request that runs has made.
    pub const fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Its shifts behind a mark never were.
    pub fn undo_to(&mut self, mark: usize) {
        self.ledger.forget();
        while self.undo.len() > mark
            && let Some((key, before)) = self.undo.pop()
        {
            self.known.insert(key, before);
        }
    }

    /// What has changed, in the order of the table.
    pub fn into_changed(self) -> Vec<ChangedLevel> {
        let shifted = self.known.into_iter().filter(|(_, level)| level.shifted);
        let mut changed: Vec<ChangedLevel> = shifted
            .map(|((store, product), Level { before, now, story, moved, .. })| ChangedLevel {
                store,
                product,
                before,
                after: now,
                story,
                moved,
            })
            .collect();
        changed.sort_unstable_by(|one, other| (&one.store, &one.product).cmp(&(&other.store, &other.product)));
        changed
    }
}

/// Writes levels. The only statement that writes their figures, and it adds.
pub struct SaveLevel<'a>(rusqlite::CachedStatement<'a>);

impl<'a> SaveLevel<'a> {
    /// Made once for many.
    pub fn prepare(connection: &'a Connection) -> Result<Self, StoreError> {
        Ok(Self(connection.prepare_cached(
                "INSERT INTO level (store, product, on_hand, held, promised, safety, story, store_number,
                     availability_number)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, COALESCE(?8, 0), COALESCE(?9, 0))
                 ON CONFLICT (store, product) DO UPDATE SET on_hand = on_hand + excluded.on_hand,
                     held = held + excluded.held, promised = promised + excluded.promised,
                     safety = safety + excluded.safety, story = excluded.story,
                     store_number = COALESCE(?8, store_number), availability_number = COALESCE(?9, availability_number)",
        )?))
    }

    /// One.
    pub fn save(&mut self, level: &ChangedLevel, told: ToldAs) -> Result<(), StoreError> {
        let ChangedLevel { store, product, before, after, story, .. } = level;
        self.0.execute(params![
            store.as_str(),
            product.as_str(),
            (after.on_hand - before.on_hand).thousandths(),
            (after.held - before.held).thousandths(),
            (after.promised - before.promised).thousandths(),
            (after.safety - before.safety).thousandths(),
            story,
            told.store,
            told.availability
        ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::feeds::{self, Changes};
    use super::super::{schema, stock};
    use super::*;

    fn units(on_hand: i64) -> StockLevel {
        StockLevel { on_hand: Quantity::units(on_hand), ..StockLevel::default() }
    }

    #[test]
    fn a_request_that_fails_takes_its_own_shifts_with_it_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let connection = schema::open_writer(&folder.path().join("central.db")).unwrap();
        let (store, jacket, scarf) = (StoreId::new("S001"), ProductId::new("jacket"), ProductId::new("scarf"));
        let mut levels = Levels::default();
        levels.shift(&connection, &store, &jacket, units(5)).unwrap();
        levels.keep();
        levels.shift(&connection, &store, &jacket, units(-1)).unwrap();
        levels.shift(&connection, &store, &jacket, units(-1)).unwrap();
        levels.shift(&connection, &store, &scarf, units(7)).unwrap();
        assert_eq!(levels.get(&connection, &store, &jacket).unwrap(), units(3));
        levels.undo();
        assert_eq!(levels.get(&connection, &store, &jacket).unwrap(), units(5));
        let changed = levels.into_changed();
        assert_eq!(changed.len(), 1, "the scarf was never moved");
        SaveLevel::prepare(&connection).unwrap().save(&changed[0], ToldAs::default()).unwrap();
        assert_eq!(stock::read_saved_level(&connection, &store, &jacket).unwrap(), units(5));
        assert_eq!(stock::read_saved_level(&connection, &store, &scarf).unwrap(), units(0));
    }

    #[test]
    fn many_requests_for_one_product_are_one_change_of_its_figure() {
        let folder = tempfile::tempdir().unwrap();
        let connection = schema::open_writer(&folder.path().join("central.db")).unwrap();
        let (store, jacket) = (StoreId::new("S001"), ProductId::new("jacket"));
        let mut changes = Changes::default();
        for _ in 0..64 {
            changes.shift_level(&connection, &store, &jacket, units(1)).unwrap();
            changes.keep();
        }
        changes.save(&connection).unwrap();
        assert_eq!(stock::read_saved_level(&connection, &store, &jacket).unwrap(), units(64));
        assert_eq!(feeds::head(&connection, "store/S001").unwrap(), 1);
    }
}
