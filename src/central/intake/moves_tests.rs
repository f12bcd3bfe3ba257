//! A pick-up order that its sender moves to another store, as both stores' tills see it.

use super::several_tests::{Picker, order, orders, outcomes, take};
use super::tests::{door, told};
use super::*;
use crate::central::store::sqlite::SqliteStore;
use crate::central::store::{Cursor, Feed, FeedPosition, FeedRequest, SaidBeside};
use crate::central::testing::{TestTill, figures, received, set_stock};
use crate::domain::feed::Change;
use crate::domain::ids::TillId;
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{LineQuantity, OrderState, OrderStep};

/// What a till hears of orders behind a cursor: `W-10001 Received`, `W-10001 gone`.
async fn hears(store: &SqliteStore, till: &TillId, cursor: Cursor) -> (Vec<String>, Cursor) {
    let (mut heard, mut cursor) = (Vec::new(), cursor);
    let mut position = FeedPosition::After(cursor);
    loop {
        let feed = Feed::Store(till.store.clone());
        let request = FeedRequest {
            feed,
            till: till.clone(),
            position,
            changes_max: 100,
            now: crate::central::testing::at(3600),
        };
        let page = store.read_feed(request).await.unwrap();
        for change in &page.changes {
            match change {
                Change::Order(order) => heard.push(format!("{} {:?}", order.number, order.state)),
                Change::OrderRemoved(number) => heard.push(format!("{number} gone")),
                _ => {}
            }
        }
        cursor = page.cursor;
        if page.complete {
            return (heard, cursor);
        }
        position = page.next();
    }
}

fn some(units: i64) -> LineQuantity {
    LineQuantity { line: 1, quantity: Quantity::units(units) }
}

#[tokio::test]
async fn the_reservation_moves_with_it_and_what_was_picked_is_put_back_where_it_lies() {
    let door = door().await;
    let store = &door.shop.store;
    set_stock(store, "S002", "jacket", 4).await;
    let placed = take(&door, &orders(&[order("1", "", &[("jacket", "3")])])).await;
    let placed = *placed[0].order.clone().unwrap();
    let mut here = TestTill::enrol(store, "S001", "T01").await;
    let there = TestTill::enrol(store, "S002", "T01").await.till;
    let start = here.start();
    store.push(here.till.clone(), vec![received(&start)], SaidBeside::default(), door.now()).await.unwrap();
    let mut picker = Picker { door: &door, till: here.clone(), order: placed.clone() };
    picker.push(OrderStep::PickStarted { operator: "ana".into() }).await;
    picker.push(OrderStep::Picked { what: some(2), bay: None }).await;
    assert_eq!(figures(store, "S001", "jacket").await, "5 2 1 2");
    let (_, here_cursor) = hears(store, &here.till, Cursor(0)).await;
    let (_, there_cursor) = hears(store, &there, Cursor(0)).await;

    let moved = orders(&[order("1", "action='change'", &[("jacket", "3")])]).replace("S001", "S002");
    let answers = take(&door, &moved).await;
    assert_eq!(outcomes(&answers), "CHANGED W-10001 Received");
    let after = answers[0].order.clone().unwrap();
    assert_eq!((after.store.as_str(), after.lines[0].picked), ("S002", Quantity::ZERO));
    assert_eq!(after.collection_code, placed.collection_code, "its customer was told");
    assert_eq!(figures(store, "S001", "jacket").await, "5 2 0 3", "what was picked lies in the bay");
    assert_eq!(figures(store, "S002", "jacket").await, "4 0 3 1");
    let (heard, _) = hears(store, &here.till, here_cursor).await;
    assert_eq!(heard, ["W-10001 gone", "W-10001-B1 Lapsed"]);
    let (heard, _) = hears(store, &there, there_cursor).await;
    assert_eq!(heard, ["W-10001 Received"]);
    assert_eq!(outcomes(&take(&door, &moved).await), "DUPLICATE W-10001 Received");
    assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());

    // The first store puts them back: nobody could have been given them.
    let left = store.find_order("W-10001-B1".into()).await.unwrap().unwrap();
    assert!(left.lines[0].outstanding().is_zero() && left.collection_code.is_empty());
    picker.order = left;
    picker.push(OrderStep::PutBack).await;
    assert_eq!(figures(store, "S001", "jacket").await, "5 0 0 5");
    assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
    assert_eq!(store.list_orders_by_reference("website".into(), "1".into()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_ready_stays_and_nothing_becomes_a_parcel() {
    let door = door().await;
    let store = &door.shop.store;
    let placed = take(&door, &orders(&[order("1", "", &[("jacket", "1")])])).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    let start = till.start();
    store.push(till.till.clone(), vec![received(&start)], SaidBeside::default(), door.now()).await.unwrap();
    let change = orders(&[order("1", "action='change'", &[("jacket", "1")])]);
    let parcel = take(&door, &change.replace("S001", "W001")).await;
    assert_eq!(told(&parcel[0]), ["STORE_UNKNOWN 3 /orders/order/@number"]);
    let mut picker = Picker { door: &door, till, order: *placed[0].order.clone().unwrap() };
    picker.push(OrderStep::Picked { what: some(1), bay: None }).await;
    picker.push(OrderStep::MadeReady { bay: "B1".into() }).await;
    let late = take(&door, &change.replace("S001", "S002")).await;
    assert_eq!(told(&late[0]), ["CANCEL_TOO_LATE 3 /orders/order/@number"]);
    let message = "our order W-10001 is ready in store S001 and stays there";
    assert_eq!(late[0].problems[0].message, message);
    let order = store.find_order("W-10001".into()).await.unwrap().unwrap();
    assert_eq!((order.state, order.store.as_str()), (OrderState::Ready, "S001"));
    assert_eq!(figures(store, "S001", "jacket").await, "5 1 0 4");
}
