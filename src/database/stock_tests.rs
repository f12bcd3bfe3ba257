//! Recent movements beside those in order: a level is the same wherever they stand, and is found without reading the rest.

use super::testing::{Shop, at, uuid};
use super::{Trust, verify_journal};
use crate::domain::feed::{FeedBatch, Scope};
use crate::domain::ids::{JournalMark, ProductId, RunId};

fn contained(shop: &mut Shop, sequence: u64) {
    let contains = vec![JournalMark { run: RunId(uuid(1)), sequence }];
    let batch = FeedBatch {
        scope: Scope::Store,
        cursor: 7,
        snapshot: false,
        changes: Vec::new(),
        contains,
        as_of: at(9),
        left_out: 0,
    };
    shop.act(|tx| tx.apply_feed(&batch));
}

fn on_hand(shop: &Shop, product: &str) -> i64 {
    shop.database.view().stock_level(&ProductId::new(product)).unwrap().on_hand.thousandths() / 1_000
}

/// Rows of `movement` by `where`.
fn count(shop: &Shop, filter: &str) -> i64 {
    let connection = rusqlite::Connection::open(shop.path()).unwrap();
    connection.query_row(&format!("SELECT count(*) FROM movement WHERE {filter}"), (), |row| row.get(0)).unwrap()
}

#[test]
fn a_level_is_the_same_wherever_its_movements_stand() {
    let mut shop = Shop::new();
    shop.open_session();
    // Entries 3, 4, 5, ...: more than stand side by side at once.
    for _ in 0..150 {
        shop.sell(&[("jacket", 1, 8_990), ("scarf", 2, 1_990)]);
    }
    assert!(count(&shop, "pending = 1 AND in_order = 1") > 0, "an entry has put the ones before it in order");
    assert!(count(&shop, "pending = 1 AND in_order = 0") > 0);
    assert_eq!((on_hand(&shop, "jacket"), on_hand(&shop, "scarf")), (-150, -300));
    let story = shop.database.view().list_story(&"scarf".into(), 150).unwrap();
    assert!(story.len() == 150 && story.is_sorted_by(|newer, older| newer.at >= older.at), "{story:?}");

    // Central takes some of both; then it was restored from an older copy; then it has nearly all.
    contained(&mut shop, 140);
    assert_eq!((on_hand(&shop, "jacket"), on_hand(&shop, "scarf")), (-12, -24));
    contained(&mut shop, 20);
    assert_eq!((on_hand(&shop, "jacket"), on_hand(&shop, "scarf")), (-132, -264));
    contained(&mut shop, 150);
    assert_eq!((on_hand(&shop, "jacket"), on_hand(&shop, "scarf")), (-2, -4));

    assert!(count(&shop, "pending = 1 AND in_order = 0") > 0);
    shop.database.tidy().unwrap();
    assert_eq!(count(&shop, "pending = 1 AND in_order = 0"), 0);
    assert_eq!((on_hand(&shop, "jacket"), on_hand(&shop, "scarf")), (-2, -4));
    verify_journal(shop.path(), Trust::KeysInFile).unwrap();
}

#[test]
fn no_level_reads_all_movements() {
    let shop = Shop::new();
    let connection = rusqlite::Connection::open(shop.path()).unwrap();
    let plan = |filter: &str| -> String {
        let sql = format!("EXPLAIN QUERY PLAN SELECT sum(quantity) FROM movement WHERE {filter}");
        connection.query_row(&sql, (), |row| row.get(3)).unwrap()
    };
    let in_order = plan("product = 'jacket' AND pending = 1 AND in_order = 1");
    assert!(in_order.contains("COVERING INDEX movement_pending_by_product (product=?)"), "{in_order}");
    let recent = plan("product = 'jacket' AND pending = 1 AND in_order = 0");
    assert!(recent.contains("COVERING INDEX movement_recent"), "{recent}");
}
