//! Counts beside tills whose clocks are wrong, over the contract, on real files: what came first is told in central's time.

use rusqlite::Connection;

use super::story::Story;
use super::*;
use crate::central::testing::{TestStore, TestTill, at, figures, fill_shop, open_store, received};
use crate::domain::event::Event;
use crate::domain::feed::Change;
use crate::domain::quantity::Quantity;
use crate::domain::stock::MovementReason;
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
        self.count_of(second, "jacket", found)
    }

    fn count_of(&mut self, second: i64, product: &str, found: i64) -> SealedEntry {
        let (found, expected) = (Quantity::units(found), Quantity::units(10));
        let (product, in_baskets, reason) = (product.into(), Quantity::ZERO, Some("gone".to_owned()));
        self.write(second, Event::StockCounted { product, found, expected, in_baskets, reason })
    }

    /// The same goods of a transfer have come.
    fn take_in(&mut self, second: i64, units: i64) -> SealedEntry {
        let (transfer, received) = (EntryId::from_bytes([9; 16]), Quantity::units(units));
        self.write(second, Event::TransferClosed { transfer, product: "jacket".into(), received })
    }

    /// Everything that was written by then.
    async fn push(&mut self, store: &SqliteStore, second: i64, entries: &[&SealedEntry]) {
        self.push_made(store, (second, None), second, entries).await;
    }

    /// The same, made at a second, with what the till takes central's clock for; and what that shows when it hears of it.
    async fn push_made(
        &mut self,
        store: &SqliteStore,
        (second, central): (i64, Option<i64>),
        heard: i64,
        entries: &[&SealedEntry],
    ) {
        let entries = entries.iter().map(|sealed| received(sealed)).collect();
        store.push(self.till.till.clone(), entries, self.say(second, central), at(heard)).await.unwrap();
        assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
    }

    /// What it says beside a push.
    fn say(&self, second: i64, central: Option<i64>) -> SaidBeside {
        let central = central.map(at);
        SaidBeside {
            awaited: Vec::new(),
            unsent: self.ahead.map(|_| Unsent::default()),
            clock: self.ahead.map(|ahead| ClockReading { till: at(second + ahead), central }),
            run: self.ahead.map(|_| self.till.run),
        }
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
        let (first, counted, again) = (anna.take_in(10, 1), cleo.count(20, 6), ben.take_in(30, 1));
        for (place, which) in order.into_iter().enumerate() {
            let (till, entry) =
                [(&mut anna, &first), (&mut cleo, &counted), (&mut ben, &again)].into_iter().nth(which).unwrap();
            till.push(store, 40 + place as i64, &[entry]).await;
        }
        assert_eq!(figures(store, "S001", "jacket").await, "6 0 0 6", "{order:?}");
    }
}

#[tokio::test]
async fn a_till_that_took_nothing_in_says_nothing_of_when_goods_came() {
    let shop = shop_with(5).await;
    let store = &shop.store;
    let mut tills = Vec::new();
    for name in ["T01", "T02", "T03", "T04"] {
        tills.push(Clocked::enrol(store, name, Some(0)).await);
    }
    // Two come at 42, and are taken in once more at 60; at 30 somebody thought that they would not come.
    for (place, (till, second, units)) in [(0, 60, 2), (1, 30, 0), (2, 42, 2)].into_iter().enumerate() {
        let entry = tills[till].take_in(second, units);
        tills[till].push(store, 70 + place as i64, &[&entry]).await;
    }
    let counted = tills[3].count(48, 7);
    tills[3].push(store, 80, &[&counted]).await;
    assert_eq!(figures(store, "S001", "jacket").await, "7 0 0 7");
}

#[tokio::test]
async fn a_push_says_what_was_true_when_it_was_made() {
    for ahead in [0, HOUR, -HOUR] {
        let shop = shop_with(10).await;
        let store = &shop.store;
        let mut anna = Clocked::enrol(store, "T01", Some(0)).await;
        let mut ben = Clocked::enrol(store, "T02", Some(ahead)).await;
        // Ben sold one before Anna counted nine; his word takes twenty seconds.
        let (sold, counted) = (ben.sell(15), anna.count(16, 9));
        anna.push_made(store, (20, Some(20)), 20, &[&counted]).await;
        ben.push_made(store, (18, Some(18)), 38, &[&sold]).await;
        assert_eq!(figures(store, "S001", "jacket").await, "9 0 0 9", "{ahead}");
        let free = store.list_availability(vec!["jacket".into()], vec!["S001".into()], at(50)).await.unwrap();
        assert_eq!(free[0].as_of, at(18), "of what he has sold since, central has heard nothing");
        // His till sleeps for a minute and a half, which it does not know of.
        let counted = anna.count(160, 9);
        let sold = ben.sell(195);
        anna.push_made(store, (170, Some(170)), 170, &[&counted]).await;
        ben.push_made(store, (200, Some(110)), 200, &[&sold]).await;
        assert_eq!(figures(store, "S001", "jacket").await, "8 0 0 8", "{ahead}");
    }
}

#[tokio::test]
async fn what_was_dated_while_centrals_clock_was_ahead_was_before_whatever_comes_when_it_is_right() {
    for wrong in [HOUR, 10 * 365 * 24 * HOUR] {
        let shop = shop_with(10).await;
        let store = &shop.store;
        let mut anna = Clocked::enrol(store, "T01", Some(0)).await;
        let mut ben = Clocked::enrol(store, "T02", Some(HOUR)).await;
        let told = || {
            let file = Connection::open(shop.folder.path().join("central.db")).unwrap();
            let story = "SELECT story FROM level WHERE product = 'jacket'";
            let story: Story = file.query_row(story, (), |row| row.get(0)).unwrap();
            story.into_lines().into_iter().map(|line| line.quantity.thousandths()).collect::<Vec<_>>()
        };
        let sold: Vec<SealedEntry> = (10..14).map(|second| ben.sell(second)).collect();
        let counted = anna.count(15, 6);
        ben.push_made(store, (20, Some(20)), wrong + 20, &sold.iter().collect::<Vec<_>>()).await;
        anna.push_made(store, (21, Some(21)), wrong + 21, &[&counted]).await;
        assert_eq!(figures(store, "S001", "jacket").await, "6 0 0 6", "{wrong}");
        // It is right again. Each till knows the one and the other.
        let sold = ben.sell(30);
        ben.push_made(store, (31, Some(31)), 31, &[&sold]).await;
        assert_eq!(figures(store, "S001", "jacket").await, "5 0 0 5", "{wrong}: it was sold after the count");
        assert_eq!(told()[0], -1000);
        let counted = anna.count(40, 4);
        anna.push_made(store, (41, Some(41)), 41, &[&counted]).await;
        assert_eq!(figures(store, "S001", "jacket").await, "4 0 0 4", "{wrong}: a later count holds");
        assert_eq!(told()[..2], [-1000, -1000], "one is gone, and one was sold");
        // What Ben did while he was cut off has its time too.
        let sold = ben.sell(50);
        let counted = anna.count(60, 3);
        anna.push_made(store, (61, Some(61)), 61, &[&counted]).await;
        ben.push_made(store, (90, Some(90)), 90, &[&sold]).await;
        assert_eq!(figures(store, "S001", "jacket").await, "3 0 0 3", "{wrong}: the count has seen it");
        let request = FeedRequest {
            feed: Feed::Store("S001".into()),
            till: anna.till.till.clone(),
            position: FeedPosition::After(Cursor(0)),
            changes_max: 100,
            now: at(100),
        };
        let page = store.read_feed(request).await.unwrap();
        let counted_at = page.changes.iter().find_map(|change| match change {
            Change::Stock(figure) => figure.counted_at,
            _ => None,
        });
        assert_eq!(counted_at, Some(at(60)));
    }
}

#[tokio::test]
async fn what_only_a_newer_program_can_read_is_booked_when_it_was_written() {
    for ahead in [0, HOUR, -HOUR] {
        // The shelf is counted after it at another till, or before it at the same one whose clock is set in between.
        for counts_itself in [true, false] {
            let shop = shop_with(10).await;
            let store = &shop.store;
            let mut anna = Clocked::enrol(store, "T01", Some(0)).await;
            let mut ben = Clocked::enrol(store, "T02", Some(if counts_itself { 0 } else { ahead })).await;
            let mut entries = Vec::new();
            if counts_itself {
                entries.push(received(&ben.count(5, 9)));
            }
            let sold = ben.sell(9);
            let mut unreadable = received(&sold);
            unreadable.content = Err(QuarantineReason::NotUnderstood("written by a newer program".to_owned()));
            entries.push(unreadable);
            let counted = anna.count(600, 9);
            if !counts_itself {
                anna.push(store, 601, &[&counted]).await;
            }
            ben.ahead = Some(ahead);
            store.push(ben.till.till.clone(), entries, ben.say(1200, None), at(1200)).await.unwrap();
            assert_eq!(store.retry_quarantined(at(5 * HOUR)).await.unwrap().booked, 1);
            let left = if counts_itself { "8 0 0 8" } else { "9 0 0 9" };
            assert_eq!(figures(store, "S001", "jacket").await, left, "{ahead} {counts_itself}");
            assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
        }
    }
}

/// A file of before tills' clocks were looked at, with what a till wrote in it whose clock is two hours ahead: one jacket sold of
/// five, three scarves of nine, and a pair of boots that was picked and put back in one go.
fn write_old_file(path: &Path) {
    let old = schema::open_at(path, 40);
    let micros = |second| at(second).timestamp_micros();
    let write = |number: i64, kind: &str, product: &str, quantity: i64| {
        let (recorded, received) = (micros(2 * HOUR + 10 + number), micros(20 + number));
        old.execute_batch(&format!(
            "INSERT INTO entry VALUES ('S001', x'0{number}', 'T09', x'01', {number}, {recorded}, {received}, 'anna',
                 '2026-11-23', '{kind}', x'', x'', x'', x'');"
        ))
        .unwrap();
        match kind {
            "sale_completed" => old.execute_batch(&format!(
                "INSERT INTO movement VALUES
                     ('S001', x'0{number}', 0, '{product}', {quantity}000, 'sale', 'T09', {recorded}, {received});
                 UPDATE level SET on_hand = on_hand + {quantity}000, story = '{quantity}000 sale {recorded} T09' || char(10) || story
                 WHERE product = '{product}';"
            )),
            _ => old.execute_batch(&format!(
                "INSERT INTO shelf_move VALUES
                     ('S001', '{product}', {recorded}, x'0{number}', 'T09', {quantity}000),
                     ('S001', '{product}', {recorded} + 5, x'0{number}', 'T09', {quantity}000);"
            )),
        }
        .unwrap();
    };
    let opening = micros(0);
    for (number, product, units) in [(1, "jacket", 5), (2, "scarf", 9)] {
        old.execute_batch(&format!(
            "INSERT INTO movement VALUES
                 ('S001', x'A{number}', 0, '{product}', {units}000, 'opening', NULL, {opening}, {opening});
             INSERT INTO level (store, product, on_hand, story)
                 VALUES ('S001', '{product}', {units}000, '{units}000 opening {opening} ');"
        ))
        .unwrap();
    }
    write(1, "sale_completed", "jacket", -1);
    for number in 2..5 {
        write(number, "sale_completed", "scarf", -1);
    }
    write(5, "order_stepped", "boots", -1);
    old.execute_batch(&format!(
        "INSERT INTO till (store, workstation, enrolled_at, certificate, seen_at) VALUES ('S001', 'T09', {opening}, x'01', {});",
        micros(30)
    ))
    .unwrap();
}

#[tokio::test]
async fn what_an_older_file_has_from_a_till_that_was_ahead_is_no_news_to_a_count() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("central.db");
    write_old_file(&path);
    let store = SqliteStore::open(&path, OpenAs::Server([1; 16]), at(60)).unwrap();
    fill_shop(&store, 4).await;
    let file = Connection::open(&path).unwrap();
    let read = |question: &str| -> Vec<String> {
        file.prepare(question).unwrap().query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    // The two rows of one step are one, at the latest when it was heard of.
    let shelf_moves = read("SELECT product || ' ' || quantity || ' ' || moved_at FROM shelf_move");
    assert_eq!(shelf_moves, [format!("boots -2000 {}", at(25).timestamp_micros())]);
    let mut anna = Clocked::enrol(&store, "T01", Some(0)).await;
    let (jackets, scarves) = (anna.count_of(HOUR, "jacket", 4), anna.count_of(HOUR + 1, "scarf", 6));
    let sold = anna.sell(HOUR + 10);
    anna.push(&store, HOUR + 20, &[&jackets, &scarves, &sold]).await;
    assert_eq!(figures(&store, "S001", "jacket").await, "3 0 0 3");
    assert_eq!(figures(&store, "S001", "scarf").await, "6 0 0 6");
    // The newest stands first on the card; of the others people read what the till said, as before.
    let told = |product: &str| -> Vec<(i64, MovementReason, Timestamp)> {
        let question = format!("SELECT story FROM level WHERE product = '{product}'");
        let story: Story = file.query_row(&question, (), |row| row.get(0)).unwrap();
        story.into_lines().into_iter().map(|line| (line.quantity.thousandths(), line.reason, line.at)).collect()
    };
    let (sale, count) = (MovementReason::Sale, MovementReason::Adjustment);
    assert_eq!(told("jacket"), [(-1000, sale, at(HOUR + 10)), (0, count, at(HOUR)), (-1000, sale, at(2 * HOUR + 11))]);
    assert_eq!(
        told("scarf"),
        [(0, count, at(HOUR + 1)), (-1000, sale, at(2 * HOUR + 14)), (-1000, sale, at(2 * HOUR + 13))]
    );
}
