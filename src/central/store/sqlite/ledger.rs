//! What has moved in a store behind a moment, read from the ledger once for everything that one transaction counts: it has no index
//! by product, for each sale would pay for it, and a till that was away for a day brings all its counts at once.

use std::collections::HashMap;

use chrono::TimeDelta;
use rusqlite::{Connection, params};

use super::super::StoreError;
use super::stock::Dated;
use super::words::{Word, micros};
use crate::domain::Timestamp;
use crate::domain::ids::{ProductId, StoreId};
use crate::domain::quantity::Quantity;
use crate::domain::stock::MovementReason;
use crate::domain::till_clock;

/// So much more is read than is asked for: what is asked next was often a little earlier.
const READ_MORE: TimeDelta = TimeDelta::days(1);

/// The newest part of a store's ledger, as a transaction has it by now.
#[derive(Default)]
pub struct Ledger(Option<Part>);

struct Part {
    store: StoreId,
    /// Everything behind this.
    after: i64,
    moved: HashMap<ProductId, Vec<Moved>>,
}

struct Moved {
    moment: i64,
    reason: MovementReason,
    quantity: Quantity,
}

impl Ledger {
    /// What moved behind a moment, and not in a future that was none.
    pub fn list_since(
        &mut self,
        connection: &Connection,
        store: &StoreId,
        product: &ProductId,
        moment: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<(MovementReason, Quantity)>, StoreError> {
        let (moment, latest) = (micros(moment), micros(till_clock::latest_known(now)));
        let part = match self.0.take().filter(|part| part.store == *store && part.after <= moment) {
            Some(part) => part,
            None => Part::read(connection, store, moment.saturating_sub(READ_MORE.num_microseconds().unwrap_or(0)))?,
        };
        let moved = self.0.insert(part).moved.get(product).into_iter().flatten();
        let later = moved.filter(|moved| moved.moment > moment && moved.moment <= latest);
        Ok(later.map(|moved| (moved.reason, moved.quantity)).collect())
    }

    /// A movement was booked.
    pub fn book(&mut self, store: &StoreId, dated: &Dated) {
        if let Some(part) = self.0.as_mut().filter(|part| part.store == *store) {
            let Dated { movement, moment } = dated;
            part.add(movement.product.clone(), micros(*moment), movement.reason, movement.quantity);
        }
    }

    /// Something that was booked never was.
    pub fn forget(&mut self) {
        self.0 = None;
    }
}

impl Part {
    fn read(connection: &Connection, store: &StoreId, after: i64) -> Result<Self, StoreError> {
        let mut part = Self { store: store.clone(), after, moved: HashMap::new() };
        let mut statement = connection.prepare_cached(
            "SELECT product, moved_at, reason, quantity FROM movement WHERE store = ?1 AND moved_at > ?2",
        )?;
        let mut rows = statement.query(params![store.as_str(), after])?;
        while let Some(row) = rows.next()? {
            let reason = MovementReason::read(&row.get::<_, String>(2)?)?;
            let quantity = Quantity::from_thousandths(row.get(3)?);
            part.add(ProductId::new(row.get::<_, String>(0)?), row.get(1)?, reason, quantity);
        }
        Ok(part)
    }

    fn add(&mut self, product: ProductId, moment: i64, reason: MovementReason, quantity: Quantity) {
        if moment > self.after {
            self.moved.entry(product).or_default().push(Moved { moment, reason, quantity });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema;
    use super::*;
    use crate::domain::ids::EntryId;
    use crate::domain::stock::Movement;

    fn day(day: i64) -> Timestamp {
        Timestamp::from_timestamp(day * 86_400, 0).unwrap()
    }

    #[test]
    fn it_is_read_once_for_all_that_is_asked_and_knows_what_is_booked_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let connection = schema::open_writer(&folder.path().join("central.db")).unwrap();
        let insert = |number: u8, product: &str, at: Timestamp| {
            connection
                .execute(
                    "INSERT INTO movement VALUES ('S001', ?1, 0, ?2, -1000, 'sale', 'T01', ?3, ?3)",
                    params![[number], product, micros(at)],
                )
                .unwrap();
        };
        for (number, product, at) in [(1, "jacket", 3), (2, "jacket", 5), (3, "scarf", 5), (4, "jacket", 50)] {
            insert(number, product, day(at));
        }
        let store = StoreId::new("S001");
        let mut ledger = Ledger::default();
        let count = |ledger: &mut Ledger, product: &str, since: i64| {
            ledger.list_since(&connection, &store, &product.into(), day(since), day(9)).unwrap().len()
        };
        assert_eq!(count(&mut ledger, "jacket", 4), 1, "one was before, and one says that it was in the future");
        // Behind its back.
        insert(5, "scarf", day(6));
        assert_eq!((count(&mut ledger, "scarf", 4), count(&mut ledger, "hat", 4)), (1, 0), "it is not read again");
        let movement = Movement {
            entry: EntryId(uuid::Uuid::nil()),
            product: "scarf".into(),
            quantity: Quantity::ONE,
            reason: MovementReason::Return,
            at: day(7),
        };
        ledger.book(&store, &Dated::by_central(movement));
        assert_eq!((count(&mut ledger, "scarf", 4), count(&mut ledger, "scarf", 6)), (2, 1));
        assert_eq!((count(&mut ledger, "jacket", 2), count(&mut ledger, "scarf", 4)), (2, 2), "read again for more");
        ledger.forget();
        assert_eq!(count(&mut ledger, "scarf", 4), 2);
    }
}
