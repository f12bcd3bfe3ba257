//! Which order a case stands about after an order was picked, cancelled or put back, on real files.

use crate::central::store::sqlite::SqliteStore;
use crate::central::store::{CaseFilter, SaidBeside, Store};
use crate::central::testing::{TestTill, at, figures, fill_shop, level, open_store, received, set_stock, submit};
use crate::domain::event::Event;
use crate::domain::ids::CaseId;
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{LineQuantity, OrderStep, WebOrder};
use crate::wire::entry::SealedEntry;

async fn push(store: &SqliteStore, till: &TestTill, entries: &[&SealedEntry]) {
    let entries = entries.iter().map(|sealed| received(sealed)).collect();
    store.push(till.till.clone(), entries, SaidBeside::default(), at(100)).await.unwrap();
}

async fn step(store: &SqliteStore, till: &mut TestTill, order: &WebOrder, step: OrderStep) {
    let products = vec![(1, order.lines[0].product.clone())];
    let entry = till.write(Event::OrderStepped { order: order.number.clone(), step, products });
    push(store, till, &[&entry]).await;
}

fn picked(units: i64) -> OrderStep {
    OrderStep::Picked { what: LineQuantity { line: 1, quantity: Quantity::units(units) }, bay: None }
}

/// `order state quantity` of every case, as they were opened; an order at risk has a star.
async fn cases(store: &SqliteStore, orders: &[&WebOrder]) -> Vec<String> {
    let mut cases = store.list_cases(CaseFilter::All).await.unwrap();
    cases.sort_by_key(|record| (record.case.opened_at, record.acts.first().map(|act| act.at), record.case.case));
    let mut told = Vec::new();
    for record in cases {
        let reference = orders.iter().find(|order| order.number == record.case.order).unwrap().reference.clone();
        let order = store.find_order(record.case.order.clone()).await.unwrap().unwrap();
        let star = if order.at_risk { "*" } else { "" };
        told.push(format!("{reference}{star} {:?} {}", record.case.state, record.case.quantity));
    }
    told.sort();
    told
}

/// A shop with so many jackets, and a till.
async fn shop_with(store: &SqliteStore, jackets: i64) -> TestTill {
    fill_shop(store, jackets).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    let start = till.start();
    push(store, &till, &[&start]).await;
    till
}

async fn sell_anyway(store: &SqliteStore, till: &mut TestTill, order: &WebOrder) -> CaseId {
    let seen = level(store, "S001", "jacket").await;
    let (sold, case) = till.sell_anyway("jacket", 1, &order.number, seen);
    push(store, till, &[&sold]).await;
    case
}

async fn prove(store: &SqliteStore) {
    assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
    assert!(store.list_anomalies().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_last_unit_picked_for_one_order_puts_the_other_at_risk() {
    let shop = open_store();
    let store = &shop.store;
    let mut till = shop_with(store, 2).await;
    let (a, b) = (submit(store, "A", "jacket", 1).await, submit(store, "B", "jacket", 1).await);
    sell_anyway(store, &mut till, &b).await;
    assert_eq!(cases(store, &[&a, &b]).await, ["B* Open 1"]);
    step(store, &mut till, &b, picked(1)).await;
    assert_eq!(cases(store, &[&a, &b]).await, ["A* Open 1", "B ReSourced 1"]);
    assert_eq!(figures(store, "S001", "jacket").await, "1 1 1 -1");
    let open = store.list_cases(CaseFilter::Open).await.unwrap();
    assert_eq!(open[0].acts[0].act, "passed_on");
    // Taken back and picked for the other one: the risk goes where it came from, and once more.
    step(store, &mut till, &b, OrderStep::PickUndone { what: LineQuantity { line: 1, quantity: Quantity::ONE } }).await;
    step(store, &mut till, &a, picked(1)).await;
    assert_eq!(cases(store, &[&a, &b]).await, ["A ReSourced 1", "B* Open 1", "B* ReSourced 1"]);
    step(store, &mut till, &a, OrderStep::PickUndone { what: LineQuantity { line: 1, quantity: Quantity::ONE } }).await;
    step(store, &mut till, &b, picked(1)).await;
    let told = cases(store, &[&a, &b]).await;
    assert_eq!(told, ["A* Open 1", "A* ReSourced 1", "B ReSourced 1", "B ReSourced 1"]);
    // One more is counted: nobody lacks anything.
    set_stock(store, "S001", "jacket", 2).await;
    assert!(store.list_cases(CaseFilter::Open).await.unwrap().is_empty());
    prove(store).await;
}

#[tokio::test]
async fn a_unit_that_was_there_after_all_passes_nothing_on() {
    let shop = open_store();
    let store = &shop.store;
    let mut till = shop_with(store, 2).await;
    let (a, b) = (submit(store, "A", "jacket", 1).await, submit(store, "B", "jacket", 1).await);
    step(store, &mut till, &a, picked(1)).await;
    sell_anyway(store, &mut till, &b).await;
    step(store, &mut till, &b, picked(1)).await;
    assert_eq!(cases(store, &[&a, &b]).await, ["B FalseAlarm 1"]);
    prove(store).await;
}

#[tokio::test]
async fn a_part_that_is_picked_passes_a_part_on() {
    let shop = open_store();
    let store = &shop.store;
    let mut till = shop_with(store, 4).await;
    let (a, b) = (submit(store, "A", "jacket", 2).await, submit(store, "B", "jacket", 2).await);
    sell_anyway(store, &mut till, &b).await;
    sell_anyway(store, &mut till, &b).await;
    assert_eq!(cases(store, &[&a, &b]).await, ["B* Open 2"]);
    step(store, &mut till, &b, picked(1)).await;
    assert_eq!(cases(store, &[&a, &b]).await, ["A* Open 1", "B* Open 1"]);
    step(store, &mut till, &b, picked(1)).await;
    assert_eq!(cases(store, &[&a, &b]).await, ["A* Open 2", "B ReSourced 1"]);
    prove(store).await;
}

#[tokio::test]
async fn what_a_cancelled_order_had_is_held_until_it_is_put_back_and_then_serves_the_other() {
    let shop = open_store();
    let store = &shop.store;
    let mut till = shop_with(store, 2).await;
    let (a, b) = (submit(store, "A", "jacket", 1).await, submit(store, "B", "jacket", 1).await);
    sell_anyway(store, &mut till, &b).await;
    step(store, &mut till, &b, picked(1)).await;
    step(store, &mut till, &b, OrderStep::Cancelled).await;
    assert_eq!(figures(store, "S001", "jacket").await, "1 1 1 -1", "it lies in the bay, and is nobody's");
    assert_eq!(cases(store, &[&a, &b]).await, ["A* Open 1", "B ReSourced 1"]);
    step(store, &mut till, &b, OrderStep::PutBack).await;
    assert_eq!(figures(store, "S001", "jacket").await, "1 0 1 0");
    assert_eq!(cases(store, &[&a, &b]).await, ["A ReSourced 1", "B ReSourced 1"]);
    prove(store).await;
}

#[tokio::test]
async fn a_pick_that_comes_after_the_cancellation_is_held_and_its_code_is_free() {
    let shop = open_store();
    let store = &shop.store;
    let mut till = shop_with(store, 2).await;
    let order = submit(store, "A", "jacket", 1).await;
    let later = submit(store, "B", "jacket", 1).await;
    step(store, &mut till, &order, OrderStep::Cancelled).await;
    assert_eq!(figures(store, "S001", "jacket").await, "2 0 1 1");
    step(store, &mut till, &order, picked(1)).await;
    assert_eq!(figures(store, "S001", "jacket").await, "2 1 1 0");
    let [seen, other] = [&order, &later].map(|order| order.number.clone());
    let seen = store.find_order(seen).await.unwrap().unwrap();
    assert!(seen.is_to_put_back() && seen.collection_code.is_empty());
    assert!(!store.find_order(other).await.unwrap().unwrap().collection_code.is_empty());
    assert_eq!(store.list_anomalies().await.unwrap().len(), 1, "people look at it");
    step(store, &mut till, &order, OrderStep::PutBack).await;
    assert_eq!(figures(store, "S001", "jacket").await, "2 0 1 1");
    assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
}
