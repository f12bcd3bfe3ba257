//! Counts beside tills whose clocks are wrong, over the contract, on real files: what came first is told in central's time.

use rusqlite::Connection;

use super::*;
use crate::central::testing::{TestStore, TestTill, at, figures, fill_shop, open_store, received};
use crate::domain::event::Event;
use crate::domain::quantity::Quantity;
use crate::domain::till_clock::ClockReading;
use crate::wire::entry::SealedEntry;

const HOUR: i64 = 3600;

/// A till whose clock is so many seconds ahead; `None` for a program that does not say what its clock shows.
struct Clocked {
    till: TestTill,
    ahead: Option<i64>,
}

impl Clocked {
    async fn enrol(store: &SqliteStore, workstation: &str, ahead: Option<i64>) -> Self {
        let mut till = Self { till: TestTill::enrol(store, "S001", workstation).await, ahead };
        let start = till.till.start();
        till.push(store, 1, &[&start]).await;
        till
    }

    fn write(&mut self, second: i64, event: Event) -> SealedEntry {
        self.till.write_at(at(second + self.ahead.unwrap_or(0)), event)
    }

    /// One jacket is sold.
    fn sell(&mut self, second: i64) -> SealedEntry {
        let sale = self.till.sale("jacket", 1);
        self.write(second, Event::SaleCompleted(Box::new(sale)))
    }

    /// So many jackets lie on the shelf.
    fn count(&mut self, second: i64, found: i64) -> SealedEntry {
        let (found, expected) = (Quantity::units(found), Quantity::units(10));
        let (product, in_baskets, reason) = ("jacket".into(), Quantity::ZERO, Some("gone".to_owned()));
        self.write(second, Event::StockCounted { product, found, expected, in_baskets, reason })
    }

    /// The same goods of a transfer have come.
    fn take_in(&mut self, second: i64) -> SealedEntry {
        let (transfer, received) = (EntryId::from_bytes([9; 16]), Quantity::ONE);
        self.write(second, Event::TransferClosed { transfer, product: "jacket".into(), received })
    }

    /// Everything that was written by then.
    async fn push(&mut self, store: &SqliteStore, second: i64, entries: &[&SealedEntry]) {
        let said = SaidBeside {
            awaited: Vec::new(),
            unsent: self.ahead.map(|_| Unsent::default()),
            clock: self.ahead.map(|ahead| ClockReading { till: at(second + ahead), central: None }),
            run: self.ahead.map(|_| self.till.run),
        };
        let entries = entries.iter().map(|sealed| received(sealed)).collect();
        store.push(self.till.till.clone(), entries, said, at(second)).await.unwrap();
        assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
    }
}

async fn shop_with(jackets: i64) -> TestStore {
    let shop = open_store();
    fill_shop(&shop.store, jackets).await;
    shop
}

#[tokio::test]
async fn a_wrong_clock_moves_no_sale_over_a_count() {
    // Ten; Ben sells one before Anna counts eight, and one after.
    for (annas, bens) in [(Some(0), Some(HOUR)), (Some(0), Some(-HOUR)), (Some(HOUR), Some(0)), (Some(-HOUR), None)] {
        for heard in ["before", "after", "between"] {
            let shop = shop_with(10).await;
            let store = &shop.store;
            let mut anna = Clocked::enrol(store, "T01", annas).await;
            let mut ben = Clocked::enrol(store, "T02", bens).await;
            let (one_before, counted, one_after) = (ben.sell(10), anna.count(20, 8), ben.sell(30));
            match heard {
                "before" => {
                    ben.push(store, 40, &[&one_before, &one_after]).await;
                    anna.push(store, 41, &[&counted]).await;
                }
                "after" => {
                    anna.push(store, 40, &[&counted]).await;
                    ben.push(store, 41, &[&one_before, &one_after]).await;
                }
                _ => {
                    ben.push(store, 25, &[&one_before]).await;
                    anna.push(store, 26, &[&counted]).await;
                    ben.push(store, 41, &[&one_after]).await;
                }
            }
            assert_eq!(figures(store, "S001", "jacket").await, "7 0 0 7", "{annas:?} {bens:?} {heard}");
            // People read what the tills said.
            let file = Connection::open(shop.folder.path().join("central.db")).unwrap();
            let said: i64 = file
                .query_row(
                    "SELECT recorded_at FROM entry WHERE entry_id = ?1",
                    [one_after.header.entry.as_bytes()],
                    |row| row.get(0),
                )
                .unwrap();
            assert_eq!(said, at(30 + bens.unwrap_or(0)).timestamp_micros());
        }
    }
}

#[tokio::test]
async fn many_sales_behind_a_count_are_found_in_the_ledger_whatever_the_clock_said() {
    for ahead in [HOUR, -HOUR] {
        let shop = shop_with(20).await;
        let store = &shop.store;
        let mut anna = Clocked::enrol(store, "T01", Some(0)).await;
        let mut ben = Clocked::enrol(store, "T02", Some(ahead)).await;
        let sales: Vec<SealedEntry> = (0..8).map(|number| ben.sell(10 + number)).collect();
        ben.push(store, 20, &sales.iter().collect::<Vec<_>>()).await;
        // Two were gone when Anna counted, of those that Ben had sold by then.
        let counted = anna.count(12, 17);
        anna.push(store, 21, &[&counted]).await;
        assert_eq!(figures(store, "S001", "jacket").await, "12 0 0 12", "{ahead}");
    }
}

#[tokio::test]
async fn a_clock_that_is_set_between_sale_and_push_is_off_by_no_more_than_lies_between_two_pushes() {
    for (counted_at, left) in [(12, 7), (25, 8)] {
        for jump in [HOUR, -HOUR] {
            let shop = shop_with(10).await;
            let store = &shop.store;
            let mut anna = Clocked::enrol(store, "T01", Some(0)).await;
            let mut ben = Clocked::enrol(store, "T02", Some(0)).await;
            let counted = anna.count(counted_at, 8);
            // Ben has nothing to say at 15, sells at 18, and his clock is set before central hears so.
            ben.push(store, 15, &[]).await;
            let sold = ben.sell(18);
            ben.ahead = Some(jump);
            ben.push(store, 20, &[&sold]).await;
            anna.push(store, 30, &[&counted]).await;
            assert_eq!(figures(store, "S001", "jacket").await, format!("{left} 0 0 {left}"), "{counted_at} {jump}");
        }
    }
}

#[tokio::test]
async fn what_one_till_did_stands_in_its_journal_however_often_its_clock_is_set() {
    let shop = shop_with(10).await;
    let store = &shop.store;
    let mut anna = Clocked::enrol(store, "T01", Some(HOUR)).await;
    let before = anna.sell(10);
    anna.ahead = Some(-HOUR);
    let counted = anna.count(20, 8);
    anna.ahead = Some(2 * HOUR);
    let after = anna.sell(30);
    anna.ahead = Some(0);
    anna.push(store, 40, &[&before, &counted, &after]).await;
    assert_eq!(figures(store, "S001", "jacket").await, "7 0 0 7");
    // Started again, it goes on behind what it did before.
    anna.ahead = Some(-HOUR);
    let (restarted, again) = (anna.till.restart(), anna.count(41, 5));
    anna.push(store, 50, &[&restarted, &again]).await;
    let one_more = anna.sell(51);
    anna.push(store, 52, &[&one_more]).await;
    assert_eq!(figures(store, "S001", "jacket").await, "4 0 0 4");
}

#[tokio::test]
async fn a_copy_of_a_till_has_not_seen_what_the_other_sold() {
    let shop = shop_with(10).await;
    let store = &shop.store;
    let mut one = Clocked::enrol(store, "T01", Some(0)).await;
    let mut other = Clocked { till: one.till.clone(), ahead: Some(0) };
    let restarted = other.till.restart();
    // Central hears of the sale behind the count of the copy, which is of the same name.
    let (sold, counted) = (one.sell(10), other.count(20, 9));
    other.push(store, 30, &[&restarted, &counted]).await;
    one.push(store, 31, &[&sold]).await;
    assert_eq!(figures(store, "S001", "jacket").await, "9 0 0 9", "it was gone when the shelf was counted");
    let later = one.sell(40);
    one.push(store, 41, &[&later]).await;
    assert_eq!(figures(store, "S001", "jacket").await, "8 0 0 8");
}

/// From outside, as only a fault of the program could do it: central can or cannot book what this entry moved.
fn set_booking(shop: &TestStore, entry: &SealedEntry, is_broken: bool) {
    let outside = Connection::open(shop.folder.path().join("central.db")).unwrap();
    let id: String = entry.header.entry.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let sql = match is_broken {
        true => format!(
            "CREATE TRIGGER refused BEFORE INSERT ON movement WHEN NEW.entry_id = x'{id}'
             BEGIN SELECT RAISE(ABORT, 'not today'); END"
        ),
        false => "DROP TRIGGER refused".to_owned(),
    };
    outside.execute_batch(&sql).unwrap();
}

#[tokio::test]
async fn what_was_put_aside_is_booked_when_it_happened_and_not_when_it_is_judged_again() {
    for ahead in [0, HOUR, -HOUR] {
        // A sale from before a count of the same till, and one from before that of another.
        for counts_itself in [true, false] {
            let shop = shop_with(10).await;
            let store = &shop.store;
            let mut anna = Clocked::enrol(store, "T01", Some(0)).await;
            let mut ben = Clocked::enrol(store, "T02", Some(ahead)).await;
            let sold = ben.sell(10);
            set_booking(&shop, &sold, true);
            ben.push(store, 11, &[&sold]).await;
            let counter = if counts_itself { &mut ben } else { &mut anna };
            let counted = counter.count(20, 9);
            counter.push(store, 21, &[&counted]).await;
            set_booking(&shop, &sold, false);
            assert_eq!(store.retry_quarantined(at(5 * HOUR)).await.unwrap().booked, 1);
            assert_eq!(figures(store, "S001", "jacket").await, "9 0 0 9", "{ahead} {counts_itself}");
            assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
        }
        // A count that is booked after what was sold behind it, at the same till.
        let shop = shop_with(10).await;
        let store = &shop.store;
        let mut ben = Clocked::enrol(store, "T02", Some(ahead)).await;
        let counted = ben.count(10, 8);
        set_booking(&shop, &counted, true);
        let sold = ben.sell(20);
        ben.push(store, 21, &[&counted, &sold]).await;
        assert_eq!(figures(store, "S001", "jacket").await, "9 0 0 9");
        set_booking(&shop, &counted, false);
        assert_eq!(store.retry_quarantined(at(5 * HOUR)).await.unwrap().booked, 1);
        assert_eq!(figures(store, "S001", "jacket").await, "7 0 0 7", "{ahead}");
    }
}

#[tokio::test]
async fn goods_that_two_tills_take_in_came_when_the_first_did_whoever_is_heard_first() {
    // Five; one more comes at 10, Cleo counts six at 20, and at 30 Ben, who has not heard of it, takes it in once more.
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let shop = shop_with(5).await;
        let store = &shop.store;
        let mut anna = Clocked::enrol(store, "T01", Some(HOUR)).await;
        let mut cleo = Clocked::enrol(store, "T03", Some(-HOUR)).await;
        let mut ben = Clocked::enrol(store, "T02", Some(0)).await;
        let (first, counted, again) = (anna.take_in(10), cleo.count(20, 6), ben.take_in(30));
        for (place, which) in order.into_iter().enumerate() {
            let (till, entry) =
                [(&mut anna, &first), (&mut cleo, &counted), (&mut ben, &again)].into_iter().nth(which).unwrap();
            till.push(store, 40 + place as i64, &[entry]).await;
        }
        assert_eq!(figures(store, "S001", "jacket").await, "6 0 0 6", "{order:?}");
    }
}
