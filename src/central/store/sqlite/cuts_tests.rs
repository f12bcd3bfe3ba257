//! Counts with their moment, over the contract, on real files.

use super::*;
use crate::central::testing::{TestTill, at, figures, fill_shop, open_store, received};
use crate::domain::quantity::Quantity;
use crate::wire::entry::SealedEntry;

async fn push(store: &SqliteStore, till: &TestTill, entries: &[&SealedEntry]) {
    let entries = entries.iter().map(|sealed| received(sealed)).collect();
    store.push(till.till.clone(), entries, SaidBeside::default(), at(50)).await.unwrap();
}

#[tokio::test]
async fn a_count_with_its_moment_counts_no_sale_twice_whenever_it_is_heard_of() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 10).await;
    let (mut anna, mut ben) =
        (TestTill::enrol(store, "S001", "T01").await, TestTill::enrol(store, "S001", "T02").await);
    let (anna_starts, ben_starts) = (anna.start(), ben.start());
    push(store, &anna, &[&anna_starts]).await;
    push(store, &ben, &[&ben_starts]).await;
    // Two are sold before the count, and one after it; of the tills one is offline.
    let (before, late) = (anna.sell("jacket", 1), ben.sell("jacket", 1));
    push(store, &anna, &[&before]).await;
    let counted_at = late.header.recorded_at + chrono::TimeDelta::milliseconds(500);
    let after = anna.sell("jacket", 1);
    assert!(after.header.recorded_at > counted_at);
    push(store, &anna, &[&after]).await;
    let count = |number: u8, units: i64, counted_at| StockImport {
        entry: EntryId::from_bytes([number; 16]),
        store: "S001".into(),
        product: "jacket".into(),
        on_hand: Some(Quantity::units(units)),
        safety: None,
        counted_at: Some(counted_at),
    };
    // Seven lay there: one less than the books would say had they heard of both sales.
    assert_eq!(store.import_stock(vec![count(1, 7, counted_at)], at(50)).await.unwrap(), Vec::new());
    assert_eq!(figures(store, "S001", "jacket").await, "6 0 0 6");
    push(store, &ben, &[&late]).await;
    assert_eq!(figures(store, "S001", "jacket").await, "6 0 0 6", "it was gone when the shelf was counted");
    store.import_stock(vec![count(1, 7, counted_at)], at(51)).await.unwrap();
    assert_eq!(figures(store, "S001", "jacket").await, "6 0 0 6");
    // A count from before it comes too late; a later one counts.
    let earlier = count(2, 9, counted_at - chrono::TimeDelta::minutes(1));
    assert_eq!(store.import_stock(vec![earlier.clone()], at(52)).await.unwrap(), [earlier.entry]);
    let later = count(3, 5, after.header.recorded_at + chrono::TimeDelta::seconds(1));
    assert_eq!(store.import_stock(vec![later], at(53)).await.unwrap(), Vec::new());
    assert_eq!(figures(store, "S001", "jacket").await, "5 0 0 5");
    assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
}
