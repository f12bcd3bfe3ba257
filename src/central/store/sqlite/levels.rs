//! The levels one transaction works with: each read once, shifted in memory, written once before the commit.
//!
//! Sixty-four tills that sell the same product in one commit cost one row. Nothing of this outlives its transaction, and
//! a request that fails takes its own shifts with it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::{Connection, params};

use super::super::StoreError;
use super::stock;
use crate::domain::ids::{ProductId, StoreId};
use crate::domain::stock::StockLevel;

/// The levels of a transaction.
#[derive(Default)]
pub struct Levels {
    known: HashMap<(StoreId, ProductId), Level>,
    /// What the request that runs has changed, as it was before, oldest first.
    undo: Vec<((StoreId, ProductId), Level)>,
}

/// A level as the file has it, and as this transaction leaves it.
#[derive(Clone, Copy)]
struct Level {
    before: StockLevel,
    now: StockLevel,
    shifted: bool,
}

/// A level that a transaction has changed.
pub struct ChangedLevel {
    /// Where.
    pub store: StoreId,
    /// Of what.
    pub product: ProductId,
    /// As the file had it before.
    pub before: StockLevel,
    /// As the file has it now.
    pub after: StockLevel,
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

    /// Adds differences to a level.
    pub fn shift(
        &mut self,
        connection: &Connection,
        store: &StoreId,
        product: &ProductId,
        by: StockLevel,
    ) -> Result<(), StoreError> {
        let level = self.find(connection, store, product)?;
        let before = *level;
        level.now = StockLevel {
            on_hand: before.now.on_hand + by.on_hand,
            held: before.now.held + by.held,
            promised: before.now.promised + by.promised,
            safety: before.now.safety + by.safety,
        };
        level.shifted = true;
        self.undo.push(((store.clone(), product.clone()), before));
        Ok(())
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
                let saved = stock::read_saved_level(connection, store, product)?;
                unknown.insert(Level { before: saved, now: saved, shifted: false })
            }
        })
    }

    /// The request that ran has succeeded.
    pub fn keep(&mut self) {
        self.undo.clear();
    }

    /// The request that ran has failed: its shifts never were.
    pub fn undo(&mut self) {
        while let Some((key, before)) = self.undo.pop() {
            self.known.insert(key, before);
        }
    }

    /// Writes what has changed, in the order of the table. The only statement that writes a level, and it adds.
    pub fn save(self, connection: &Connection) -> Result<Vec<ChangedLevel>, StoreError> {
        let shifted = self.known.into_iter().filter(|(_, level)| level.shifted);
        let mut changed: Vec<ChangedLevel> = shifted
            .map(|((store, product), level)| ChangedLevel { store, product, before: level.before, after: level.now })
            .collect();
        changed.sort_unstable_by(|one, other| (&one.store, &one.product).cmp(&(&other.store, &other.product)));
        let mut add = connection.prepare_cached(
            "INSERT INTO level (store, product, on_hand, held, promised, safety) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (store, product) DO UPDATE SET on_hand = on_hand + excluded.on_hand,
                 held = held + excluded.held, promised = promised + excluded.promised,
                 safety = safety + excluded.safety",
        )?;
        for ChangedLevel { store, product, before, after } in &changed {
            add.execute(params![
                store.as_str(),
                product.as_str(),
                (after.on_hand - before.on_hand).thousandths(),
                (after.held - before.held).thousandths(),
                (after.promised - before.promised).thousandths(),
                (after.safety - before.safety).thousandths()
            ])?;
        }
        Ok(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::super::feeds::{self, Changes};
    use super::super::schema;
    use super::*;
    use crate::domain::quantity::Quantity;

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
        let changed = levels.save(&connection).unwrap();
        assert_eq!(changed.len(), 1, "the scarf was never moved");
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
        assert_eq!(feeds::head(&connection, "availability/S001").unwrap(), 1);
    }
}
