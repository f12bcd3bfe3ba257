//! Order numbers over the lives of the file: none is given to two orders, also when a copy takes over.

use rusqlite::Connection;

use super::*;
use crate::central::testing::{TestTill, at, fill_shop, open_store, received, submit};
use crate::domain::event::Event;
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{LineQuantity, OrderStep};
use crate::wire::entry::SealedEntry;

fn picking(order: &WebOrder) -> Event {
    let what = LineQuantity { line: 1, quantity: Quantity::ONE };
    let step = OrderStep::Picked { what, bay: None };
    Event::OrderStepped { order: order.number.clone(), step, products: vec![(1, "jacket".into())] }
}

async fn push(store: &SqliteStore, till: &TestTill, entries: &[&SealedEntry]) {
    let entries = entries.iter().map(|sealed| received(sealed)).collect();
    store.push(till.till.clone(), entries, SaidBeside::default(), at(20)).await.unwrap();
}

fn number(order: &WebOrder) -> i64 {
    order.number.as_str().trim_start_matches("W-").parse().unwrap()
}

#[tokio::test]
async fn a_number_that_anybody_may_know_is_given_to_no_second_order() {
    let shop = open_store();
    let store = shop.store.clone();
    fill_shop(&store, 9).await;
    let path = shop.folder.path().join("central.db");
    let backup = shop.folder.path().join("backup.db");
    let mut till = TestTill::enrol(&store, "S001", "T01").await;
    submit(&store, "A-1", "jacket", 1).await;
    Connection::open(&path).unwrap().execute("VACUUM INTO ?1", [backup.to_str().unwrap()]).unwrap();
    // Anna has this number, and so has the till.
    let lost = submit(&store, "A-2", "jacket", 1).await;
    let started = till.start();
    let picked = till.write(picking(&lost));
    push(&store, &till, &[&started, &picked]).await;

    let restored = SqliteStore::open(&backup, OpenAs::Server([2; 16]), at(50)).unwrap();
    let next = submit(&restored, "B-1", "jacket", 1).await;
    assert!(number(&next) > number(&lost), "{} after {}", next.number, lost.number);
    push(&restored, &till, &[&started, &picked]).await;
    let fresh = restored.find_order(next.number.clone()).await.unwrap().unwrap();
    assert_eq!(fresh.lines[0].picked, Quantity::ZERO, "what was done to the lost one is not done to this");
    assert_eq!(restored.list_anomalies().await.unwrap().len(), 1);
    // A till that names a number further on moves the numbers behind it; one out of the world does not.
    // However far the numbers have come by then.
    let from = number(&next);
    let steps = [
        (from + 7_000, from + 7_001),
        (from + 900_000, from + 900_001),
        (from + 1_800_000, from + 1_800_001),
        (i64::MAX, from + 1_800_002),
    ];
    for (named, expected) in steps {
        let far = WebOrder { number: format!("W-{named}").into(), ..lost.clone() };
        let entry = till.write(picking(&far));
        push(&restored, &till, &[&entry]).await;
        assert_eq!(number(&submit(&restored, &format!("C-{named}"), "scarf", 1).await), expected);
    }

    // However the life before ended: one number for each second since, and one more.
    let count = number(&lost);
    store.end_life(at(100)).await.unwrap();
    drop(shop.store);
    assert!(store.close());
    let ended_well = shop.folder.path().join("ended-well.db");
    std::fs::copy(&path, &ended_well).unwrap();
    let again = SqliteStore::open(&path, OpenAs::Server([3; 16]), at(160)).unwrap();
    let lost_again = submit(&again, "A-3", "jacket", 1).await;
    assert_eq!(number(&lost_again), count + 61 + 1);
    // The copy of a life that ended well, put back a moment later.
    let put_back = SqliteStore::open(&ended_well, OpenAs::Server([6; 16]), at(170)).unwrap();
    let other = submit(&put_back, "B-3", "jacket", 1).await;
    assert!(number(&other) > number(&lost_again), "{} after {}", other.number, lost_again.number);
    assert!(again.close());
    let crashed = SqliteStore::open(&path, OpenAs::Server([4; 16]), at(200)).unwrap();
    // The last order came at 10, as far as the clock of this test goes; the life before began at 160.
    assert_eq!(number(&submit(&crashed, "A-4", "jacket", 1).await), count + 62 + 41 + 1);
    crashed.end_life(at(300)).await.unwrap();
    assert!(crashed.close());
    let old = SqliteStore::open(&path, OpenAs::Server([5; 16]), at(300 + 24 * 3600)).unwrap();
    assert_eq!(number(&submit(&old, "A-5", "jacket", 1).await), count + 104 + 24 * 3600 + 1 + 1);
}

const DAY: i64 = 24 * 3600;

#[tokio::test]
async fn no_number_is_given_twice_when_the_clock_was_ahead_and_a_copy_is_put_back() {
    let shop = open_store();
    fill_shop(&shop.store, 99).await;
    let (path, copy) = (shop.folder.path().join("central.db"), shop.folder.path().join("copy.db"));
    drop(shop.store);
    let ahead = SqliteStore::open(&path, OpenAs::Server([2; 16]), at(DAY)).unwrap();
    let first = submit(&ahead, "A-1", "jacket", 1).await;
    Connection::open(&path).unwrap().execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
    let mut last = first.clone();
    for order in 2..=20 {
        last = submit(&ahead, &format!("A-{order}"), "jacket", 1).await;
    }
    assert!(ahead.close());
    // The clock is set right: a start leaves out what it always does, and no more.
    let right = SqliteStore::open(&path, OpenAs::Server([3; 16]), at(60)).unwrap();
    let next = submit(&right, "A-21", "jacket", 1).await;
    assert_eq!(number(&next), number(&last) + 2);
    assert!(right.close());

    // The copy takes the file's place, and a command is the first to write to it.
    let put_back = || {
        for part in ["-wal", "-shm"] {
            assert!(!path.with_file_name(format!("central.db{part}")).exists(), "it was closed");
        }
        std::fs::copy(&copy, &path).unwrap();
    };
    put_back();
    let tool = SqliteStore::open(&path, OpenAs::Tool, at(61)).unwrap();
    let by_command = submit(&tool, "B-1", "jacket", 1).await;
    assert_eq!(number(&by_command), number(&next) + 1);
    assert!(tool.close());
    put_back();
    let server = SqliteStore::open(&path, OpenAs::Server([4; 16]), at(62)).unwrap();
    assert_eq!(number(&submit(&server, "C-1", "jacket", 1).await), number(&by_command) + 2);
    assert!(server.close());

    // On another machine nothing lies beside it; that the clock has gone back is all there is to know.
    let elsewhere = shop.folder.path().join("elsewhere.db");
    std::fs::copy(&copy, &elsewhere).unwrap();
    let moved = SqliteStore::open(&elsewhere, OpenAs::Server([5; 16]), at(63)).unwrap();
    assert_eq!(number(&submit(&moved, "D-1", "jacket", 1).await), number(&first) + 1_000_001);
}
