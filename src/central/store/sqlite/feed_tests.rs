//! Feeds of levels: whoever follows one ends at the figures of the file, wherever it stood, and a feed does not grow with
//! the sales it has told.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::super::{Cursor, Feed, FeedPosition, FeedRequest, StockPage, StoreKind};
use super::feeds::{self, Changes, Lives};
use super::{begin_life, company, schema, stock};
use crate::central::testing::store_record;
use crate::domain::Timestamp;
use crate::domain::feed::Change;
use crate::domain::ids::{EntryId, ProductId, StoreId, TillId, WorkstationId};
use crate::domain::quantity::Quantity;
use crate::domain::stock::{Movement, MovementReason, StockLevel};

const PRODUCTS: usize = 6;

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

struct File {
    connection: Connection,
    lives: Lives,
    _folder: tempfile::TempDir,
}

fn stores() -> [StoreId; 2] {
    [StoreId::new("S001"), StoreId::new("S002")]
}

fn product(number: usize) -> ProductId {
    ProductId::new(format!("P{number}"))
}

impl File {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = schema::open_writer(&folder.path().join("central.db")).unwrap();
        begin_life(&mut connection, [7; 16], None, Timestamp::UNIX_EPOCH).unwrap();
        let lives = Lives::read(&connection).unwrap();
        let mut changes = Changes::default();
        company::save_stores(&connection, &mut changes, &stores().map(|id| store_record(id.as_str(), StoreKind::Shop)))
            .unwrap();
        changes.keep();
        changes.save(&connection).unwrap();
        Self { connection, lives, _folder: folder }
    }

    /// A commit that changes a level or two, in whichever way.
    fn change(&self, dice: &mut Dice, minute: i64) {
        let mut changes = Changes::default();
        for part in 0..=u128::from(dice.below(2)) {
            let store = &stores()[dice.below(2) as usize];
            let product = product(dice.below(PRODUCTS as u64) as usize);
            let quantity = Quantity::units(dice.below(5) as i64 - 2);
            let shifts = |held, promised, safety| StockLevel { held, promised, safety, ..StockLevel::default() };
            let none = Quantity::ZERO;
            match dice.below(6) {
                0 => changes.shift_level(&self.connection, store, &product, shifts(none, quantity, none)).unwrap(),
                1 => changes.shift_level(&self.connection, store, &product, shifts(none, none, quantity)).unwrap(),
                2 => changes.shift_level(&self.connection, store, &product, shifts(quantity, -quantity, none)).unwrap(),
                _ => {
                    let at = Timestamp::from_timestamp(minute * 60, 0).unwrap();
                    let entry = EntryId(uuid::Uuid::from_u128(minute as u128 * 4 + part));
                    let movement = Movement { entry, product, quantity, reason: MovementReason::Sale, at };
                    let till = WorkstationId::new("T01");
                    stock::book(
                        &self.connection,
                        &mut changes,
                        store,
                        Some(&till),
                        &[stock::Dated::by_central(movement)],
                        at,
                    )
                    .unwrap();
                }
            }
            changes.keep();
        }
        changes.save(&self.connection).unwrap();
    }

    fn rows(&self, store: &StoreId) -> usize {
        let feed = Feed::Store(store.clone()).name();
        self.connection
            .query_row("SELECT count(*) FROM feed WHERE feed = ?1", [feed], |row| row.get::<_, i64>(0))
            .unwrap() as usize
    }
}

/// A till or a website, and what it believes.
struct Follower {
    feed: Feed,
    store: StoreId,
    cursor: Cursor,
    told: BTreeMap<ProductId, (Quantity, Quantity)>,
    figures: usize,
}

impl Follower {
    fn new(feed: Feed, store: &StoreId) -> Self {
        Self { feed, store: store.clone(), cursor: Cursor(0), told: BTreeMap::new(), figures: 0 }
    }

    fn read(&mut self, file: &File, max: usize) {
        if let Feed::Availability(_) = self.feed {
            let now = Timestamp::UNIX_EPOCH;
            let store = &self.store;
            let read = stock::read_availability_feed(&file.connection, &file.lives, store, self.cursor, max, now);
            let (figures, reached) = read.unwrap();
            self.figures += figures.len();
            self.told.extend(figures.into_iter().map(|figure| (figure.product, (figure.free, Quantity::ZERO))));
            self.cursor = reached;
            return;
        }
        let request = FeedRequest {
            till: TillId { store: self.store.clone(), workstation: "T01".into() },
            feed: self.feed.clone(),
            position: FeedPosition::After(self.cursor),
            changes_max: max,
            now: crate::central::testing::at(0),
        };
        let page = feeds::read(&file.connection, &file.lives, &request).unwrap();
        for change in page.changes {
            let Change::Stock(figure) = change else { continue };
            self.figures += 1;
            self.told.insert(figure.product, (figure.on_hand, figure.safety));
        }
        self.cursor = page.cursor;
    }

    fn expected(&self, file: &File) -> BTreeMap<ProductId, (Quantity, Quantity)> {
        let page = StockPage { store: Some(self.store.clone()), after: None, rows_max: 1_000_000 };
        let rows = stock::list(&file.connection, &page).unwrap();
        let figure = |level: StockLevel| match self.feed {
            Feed::Availability(_) => (level.available_to_promise(), Quantity::ZERO),
            _ => (level.on_hand, level.safety),
        };
        // Who was never told of a product takes it to be at nothing.
        let nothing = (Quantity::ZERO, Quantity::ZERO);
        let known = rows.into_iter().map(|row| (row.product, figure(row.level)));
        known.filter(|(product, figure)| *figure != nothing || self.told.contains_key(product)).collect()
    }
}

#[test]
fn whoever_follows_ends_at_the_figures_of_the_file() {
    for seed in 1..=20 {
        let (file, mut dice) = (File::open(), Dice(seed));
        let mut followers: Vec<Follower> = stores()
            .iter()
            .flat_map(|store| [Feed::Store(store.clone()), Feed::Availability(store.clone())].map(|feed| (feed, store)))
            .map(|(feed, store)| Follower::new(feed, store))
            .collect();
        for minute in 0..120 {
            file.change(&mut dice, minute);
            if dice.below(3) == 0 {
                let which = dice.below(followers.len() as u64) as usize;
                followers[which].read(&file, 1 + dice.below(4) as usize);
            }
        }
        for follower in &mut followers {
            let mut before = Cursor(0);
            while before != follower.cursor {
                before = follower.cursor;
                follower.read(&file, 3);
            }
            assert_eq!(follower.told, follower.expected(&file), "seed {seed}, {:?}", follower.feed);
        }
        assert!(stock::prove(&file.connection).unwrap().faults.iter().all(|fault| {
            // No orders stand behind what this test promises and holds.
            fault.kept.on_hand == fault.folded.on_hand
        }));
    }
}

#[test]
fn a_feed_does_not_grow_with_the_sales_it_has_told() {
    let (file, mut dice) = (File::open(), Dice(3));
    for minute in 0..2_000 {
        file.change(&mut dice, minute);
        for store in &stores() {
            assert!(file.rows(store) <= 4 * PRODUCTS + 4, "{} rows after {minute} commits", file.rows(store));
        }
    }
    let [store, _] = stores();
    let mut anew = Follower::new(Feed::Store(store.clone()), &store);
    anew.read(&file, 1_000);
    assert_eq!(anew.figures, PRODUCTS, "a snapshot tells each figure once");
}

#[test]
fn a_file_of_before_keeps_its_stories_and_tells_every_figure_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("central.db");
    let old = schema::open_at(&path, 12);
    old.execute_batch(
        "INSERT INTO level (store, product, on_hand, promised) VALUES ('S001', 'P0', 3000, 1000), ('S001', 'P1', 0, 0);
         INSERT INTO movement VALUES
             ('S001', x'01', 0, 'P0', 6000, 'opening', NULL, 1000000, 1), ('S001', x'02', 0, 'P0', -1000, 'sale', 'T01', 4000000, 4),
             ('S001', x'03', 0, 'P0', -1000, 'sale', 'T02', 3000000, 4), ('S001', x'04', 0, 'P0', -1000, 'sale', 'T02', 2000000, 4);
         INSERT INTO feed_head VALUES ('store/S001', 9), ('availability/S001', 4);
         INSERT INTO feed VALUES ('store/S001', 7, 'stock', 'P0'), ('store/S001', 9, 'order', 'W-1'),
             ('availability/S001', 4, 'stock', 'P0');
         INSERT INTO start (incarnation, started_at, version) VALUES (x'00000000000000000000000000000000', 1, 'old');",
    )
    .unwrap();
    drop(old);
    let upgraded = schema::open_writer(&path).unwrap();
    let feed: Vec<String> = upgraded
        .prepare("SELECT feed || ' ' || number || ' ' || kind || ' ' || record FROM feed ORDER BY feed, number")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(feed, ["store/S001 9 order W-1", "store/S001 10 stock P0", "store/S001 11 stock P1"]);
    assert_eq!(feeds::head(&upgraded, "store/S001").unwrap(), 11);
    let [store, _] = stores();
    let figure =
        stock::read_figure(&upgraded, &store, &product(0), 10, crate::central::testing::at(0)).unwrap().unwrap();
    let story: Vec<(i64, Option<&str>)> =
        figure.story.iter().map(|line| (line.quantity.thousandths(), line.workstation.as_deref())).collect();
    assert_eq!(story, [(-1000, Some("T01")), (-1000, Some("T02")), (-1000, Some("T02"))]);
    assert!(Lives::read(&upgraded).unwrap().number(&upgraded, "store/S001", Cursor(1 << 40 | 3)).unwrap().is_none());
}
