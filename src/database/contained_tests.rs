//! Figures that come in slices: between two slices, and after a start in the middle of them, every level is right.

use super::testing::{Shop, at, order, stock_figure, uuid};
use super::{SlicedBatch, View, open, salvage};
use crate::domain::feed::{Change, FeedBatch, Scope};
use crate::domain::ids::{JournalMark, ProductId, RunId};
use crate::domain::stock::MovementReason;

const PRODUCTS: [&str; 3] = ["cap", "jacket", "scarf"];

/// Central's word on all three, with its mark of the first run.
fn figures(units: [i64; 3], sequence: u64) -> FeedBatch {
    let changes = PRODUCTS.iter().zip(units).map(|(product, units)| Change::Stock(stock_figure(product, units)));
    FeedBatch {
        scope: Scope::Store,
        cursor: 10 + sequence,
        snapshot: false,
        changes: changes.collect(),
        contains: vec![JournalMark { run: RunId(uuid(1)), sequence }],
        as_of: at(60),
        left_out: 0,
    }
}

fn levels(shop: &Shop) -> [i64; 3] {
    let units = |product: &str| {
        let level = shop.database.view().stock_level(&ProductId::new(product)).unwrap();
        level.on_hand.thousandths() / 1_000
    };
    PRODUCTS.map(units)
}

/// Five of each, and one sale of one of each that central has not heard of: the file says four.
fn sold_one_of_each() -> (Shop, u64) {
    let mut shop = Shop::new();
    shop.open_session();
    shop.act(|tx| tx.apply_feed(&figures([5, 5, 5], 1)));
    let sold = shop.sell(&PRODUCTS.map(|product| (product, 1, 1_000))).mark.sequence;
    assert_eq!(levels(&shop), [4, 4, 4]);
    (shop, sold)
}

fn begin(shop: &mut Shop, batch: FeedBatch) -> SlicedBatch {
    shop.act(|tx| tx.begin_slices(batch)).expect("it may come in slices")
}

fn put(shop: &mut Shop, batch: &mut SlicedBatch, figures_max: usize) {
    let figures = batch.take_slice(figures_max);
    shop.act(|tx| tx.put_slice(batch, &figures));
}

#[test]
fn a_level_is_right_between_two_slices() {
    let (mut shop, sold) = sold_one_of_each();
    // Central has the sale, and another till has sold one of each besides.
    let mut batch = begin(&mut shop, figures([3, 3, 3], sold));
    assert_eq!(levels(&shop), [4, 4, 4]);
    put(&mut shop, &mut batch, 1);
    assert_eq!(levels(&shop), [3, 4, 4]);
    // Sold in the middle of it: no figure contains that.
    shop.sell(&PRODUCTS.map(|product| (product, 1, 1_000)));
    assert_eq!(levels(&shop), [2, 3, 3]);
    put(&mut shop, &mut batch, 1);
    assert_eq!(levels(&shop), [2, 2, 3]);
    let story = shop.database.view().list_story(&"jacket".into(), 9).unwrap();
    assert_eq!(story.iter().filter(|line| line.reason == MovementReason::Sale).count(), 1, "{story:?}");
    put(&mut shop, &mut batch, 9);
    assert_eq!(batch.take_slice(9), []);
    assert_eq!((levels(&shop), shop.database.view().find_cursor(Scope::Store).unwrap()), ([2, 2, 2], Some(11)));
    shop.act(|tx| tx.apply_feed(&batch.into_rest()));
    let cursor = shop.database.view().find_cursor(Scope::Store).unwrap();
    assert_eq!((levels(&shop), cursor), ([2, 2, 2], Some(10 + sold)));
}

#[test]
fn a_start_in_the_middle_goes_on_with_the_whole_batch() {
    let (mut shop, sold) = sold_one_of_each();
    let mut batch = begin(&mut shop, figures([3, 3, 3], sold));
    put(&mut shop, &mut batch, 2);
    let mut shop = shop.reopen();
    assert_eq!(levels(&shop), [3, 3, 4]);
    // Central says it again, and what has happened since.
    shop.start_run(2);
    let again = figures([2, 3, 3], sold);
    let again = shop.act(|tx| tx.begin_slices(again)).expect_err("figures of three ages would stand side by side");
    shop.act(|tx| tx.apply_feed(&again));
    assert_eq!(levels(&shop), [2, 3, 3]);
    // The next may come in slices again.
    let mut next = begin(&mut shop, figures([1, 1, 1], sold));
    put(&mut shop, &mut next, 1);
    assert_eq!(levels(&shop), [1, 3, 3]);
}

#[test]
fn a_file_that_was_damaged_in_the_middle_keeps_what_each_figure_contains() {
    let (mut shop, sold) = sold_one_of_each();
    let mut batch = begin(&mut shop, figures([3, 3, 3], sold));
    put(&mut shop, &mut batch, 2);
    let mut salvaged = rusqlite::Connection::open_in_memory().unwrap();
    open::migrate(&mut salvaged, open::MIGRATIONS).unwrap();
    salvage::carry_over(shop.path(), &mut salvaged).unwrap();
    let level = |product| View { connection: &salvaged }.stock_level(&ProductId::new(product)).unwrap().on_hand;
    assert_eq!(PRODUCTS.map(|product| level(product).thousandths() / 1_000), [3, 3, 4]);
}

#[test]
fn what_cannot_come_in_slices_is_given_back() {
    let (mut shop, sold) = sold_one_of_each();
    shop.act(|tx| tx.apply_feed(&figures([4, 4, 4], sold)));
    let company = FeedBatch { scope: Scope::Company, ..figures([1, 1, 1], sold) };
    let snapshot = FeedBatch { snapshot: true, ..figures([1, 1, 1], sold) };
    let left_out = FeedBatch { left_out: 1, ..figures([1, 1, 1], sold) };
    // Central was restored from a copy from before the sale: what it lacks counts again, for all at once.
    let restored = figures([5, 5, 5], sold - 1);
    let forgotten = FeedBatch { contains: Vec::new(), ..figures([5, 5, 5], sold) };
    for batch in [company, snapshot, left_out, restored.clone(), forgotten] {
        assert_eq!(shop.act(|tx| tx.begin_slices(batch.clone())).err(), Some(batch));
    }
    shop.act(|tx| tx.apply_feed(&restored));
    assert_eq!(levels(&shop), [4, 4, 4]);
}

#[test]
fn a_product_comes_with_the_order_it_is_promised_to_and_of_two_figures_the_last() {
    let (mut shop, sold) = sold_one_of_each();
    let mut batch = figures([3, 3, 3], sold);
    batch.changes.insert(1, Change::Order(Box::new(order("W-1", "jacket", 2))));
    batch.changes.push(Change::Stock(stock_figure("cap", 2)));
    let mut batch = begin(&mut shop, batch);
    put(&mut shop, &mut batch, 9);
    assert_eq!(levels(&shop), [2, 4, 3]);
    assert_eq!(batch.take_slice(9), []);
    shop.act(|tx| tx.apply_feed(&batch.into_rest()));
    assert_eq!(levels(&shop), [2, 3, 3]);
}

#[test]
fn many_movements_are_taken_for_contained_in_idle_moments() {
    let (mut shop, _) = sold_one_of_each();
    let mut last = 0;
    for _ in 0..400 {
        last = shop.sell(&PRODUCTS.map(|product| (product, 1, 1_000))).mark.sequence;
    }
    assert_eq!(levels(&shop), [-396; 3]);
    let count_pending = |shop: &Shop| -> i64 {
        let sql = "SELECT count(*) FROM movement WHERE pending = 1";
        shop.database.connection.query_row(sql, (), |row| row.get(0)).unwrap()
    };
    let before = count_pending(&shop);
    shop.act(|tx| tx.apply_feed(&figures([-396; 3], last)));
    assert_eq!((levels(&shop), count_pending(&shop)), ([-396; 3], before), "nobody waits for 1,203 rows");
    let mut steps = 0;
    while shop.database.clear_contained().unwrap() {
        steps += 1;
        assert_eq!(levels(&shop), [-396; 3]);
    }
    assert_eq!((steps, count_pending(&shop)), (2, 0));
    // A few are at once.
    let sold = shop.sell(&[("cap", 1, 1_000)]).mark.sequence;
    shop.act(|tx| tx.apply_feed(&figures([-397, -396, -396], sold)));
    assert_eq!((levels(&shop), count_pending(&shop)), ([-397, -396, -396], 0));
}
