//! Counts of a shelf at a till, over the contract, on real files: whatever is heard of when, the books say what lay there.

use super::*;
use crate::central::store::{CaseFilter, FeedPosition};
use crate::central::testing::{TestTill, at, figures, fill_shop, open_store, received, submit};
use crate::domain::conflict::CaseState;
use crate::domain::event::Event;
use crate::domain::feed::Change;
use crate::domain::quantity::Quantity;
use crate::domain::stock::StockLevel;
use crate::domain::web_order::{CollectionProof, LineQuantity, OrderStep, WebOrder};
use crate::wire::entry::SealedEntry;

async fn push(store: &SqliteStore, till: &TestTill, entries: &[&SealedEntry]) {
    push_at(store, till, entries, 100).await;
}

async fn push_at(store: &SqliteStore, till: &TestTill, entries: &[&SealedEntry], second: i64) {
    let entries = entries.iter().map(|sealed| received(sealed)).collect();
    store.push(till.till.clone(), entries, SaidBeside::default(), at(second)).await.unwrap();
    assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
}

/// So many lay on the shelf; the till's own books said `expected`.
fn count(till: &mut TestTill, found: i64, expected: i64) -> SealedEntry {
    till.write(counted(found, expected))
}

fn counted(found: i64, expected: i64) -> Event {
    Event::StockCounted {
        product: "jacket".into(),
        found: Quantity::units(found),
        expected: Quantity::units(expected),
        in_baskets: Quantity::ZERO,
        reason: Some("gone".to_owned()),
    }
}

/// A second passes at a till.
fn wait(till: &mut TestTill) -> SealedEntry {
    till.write(Event::DrawerOpenedByKey)
}

fn step(till: &mut TestTill, order: &WebOrder, step: OrderStep) -> SealedEntry {
    till.write(Event::OrderStepped { order: order.number.clone(), step, products: vec![(1, "jacket".into())] })
}

fn picked(units: i64) -> OrderStep {
    OrderStep::Picked { what: LineQuantity { line: 1, quantity: Quantity::units(units) }, bay: None }
}

fn handed_over(units: i64) -> OrderStep {
    let lines = vec![LineQuantity { line: 1, quantity: Quantity::units(units) }];
    OrderStep::HandedOver { lines, collector: "Anna".to_owned(), proof: CollectionProof::Code }
}

async fn two_tills(store: &SqliteStore) -> (TestTill, TestTill) {
    (TestTill::enrol(store, "S001", "T01").await, TestTill::enrol(store, "S001", "T02").await)
}

#[tokio::test]
async fn no_sale_is_counted_twice_whichever_till_made_it_and_whenever_it_is_heard_of() {
    // Ten; Ben sells one before Anna counts, and one after; Anna has heard of neither, and found eight: one is gone.
    for heard in ["before", "after", "between"] {
        let shop = open_store();
        let store = &shop.store;
        fill_shop(store, 10).await;
        let (mut anna, mut ben) = two_tills(store).await;
        let (start, one_before) = (ben.start(), ben.sell("jacket", 1));
        let ben_waits: Vec<SealedEntry> = (0..6).map(|_| wait(&mut ben)).collect();
        let one_after = ben.sell("jacket", 1);
        let first: Vec<&SealedEntry> = [&start, &one_before].into_iter().chain(&ben_waits).collect();
        let (anna_starts, anna_waits) = (anna.start(), [wait(&mut anna), wait(&mut anna)]);
        let counted = count(&mut anna, 8, 10);
        let counts = [&anna_starts, &anna_waits[0], &anna_waits[1], &counted];
        match heard {
            "before" => {
                push(store, &ben, &first).await;
                push(store, &ben, &[&one_after]).await;
                push(store, &anna, &counts).await;
            }
            "after" => {
                push(store, &anna, &counts).await;
                push(store, &ben, &first).await;
                assert_eq!(figures(store, "S001", "jacket").await, "8 0 0 8", "it was gone when she counted");
                push(store, &ben, &[&one_after]).await;
            }
            _ => {
                push(store, &ben, &first).await;
                push(store, &anna, &counts).await;
                push(store, &ben, &[&one_after]).await;
            }
        }
        assert_eq!(figures(store, "S001", "jacket").await, "7 0 0 7", "{heard}");
    }
}

#[tokio::test]
async fn many_sales_behind_a_count_are_found_in_the_ledger() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 20).await;
    let (mut anna, mut ben) = two_tills(store).await;
    let start = ben.start();
    let waits: Vec<SealedEntry> = (0..4).map(|_| wait(&mut ben)).collect();
    let sales: Vec<SealedEntry> = (0..6).map(|_| ben.sell("jacket", 1)).collect();
    push(store, &ben, &[&start].into_iter().chain(&waits).chain(&sales).collect::<Vec<_>>()).await;
    let (anna_starts, counted) = (anna.start(), count(&mut anna, 19, 20));
    push(store, &anna, &[&anna_starts, &counted]).await;
    assert_eq!(figures(store, "S001", "jacket").await, "13 0 0 13");
}

#[tokio::test]
async fn what_lies_in_a_bay_is_not_on_the_shelf_however_late_it_is_heard_of() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 5).await;
    let first = submit(store, "W-a", "jacket", 1).await;
    let second = submit(store, "W-b", "jacket", 1).await;
    let (mut anna, mut ben) = two_tills(store).await;
    // Ben picks for both and hands one over, out of reach; three are left on the shelf, and Anna counts them.
    let steps = [
        ben.start(),
        step(&mut ben, &first, picked(1)),
        step(&mut ben, &second, picked(1)),
        step(&mut ben, &first, handed_over(1)),
    ];
    let anna_starts = anna.start();
    let waits: Vec<SealedEntry> = (0..6).map(|_| wait(&mut anna)).collect();
    let counted = count(&mut anna, 3, 5);
    push(store, &anna, &[&anna_starts].into_iter().chain(&waits).chain([&counted]).collect::<Vec<_>>()).await;
    push(store, &ben, &steps.iter().collect::<Vec<_>>()).await;
    assert_eq!(figures(store, "S001", "jacket").await, "4 1 0 3", "three on the shelf, one in its bay");
}

#[tokio::test]
async fn what_was_put_aside_after_a_count_that_is_heard_of_later_is_no_surplus() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 5).await;
    let order = submit(store, "W-a", "jacket", 3).await;
    let (mut anna, mut ben) = two_tills(store).await;
    // Anna counts four, out of reach: one is gone. Afterwards Ben picks two, lays one back and hands over the other and one more
    // that nobody had picked, and central hears of all that before it hears of her count.
    let (anna_starts, counted) = (anna.start(), count(&mut anna, 4, 5));
    let ben_starts = ben.start();
    let waits: Vec<SealedEntry> = (0..4).map(|_| wait(&mut ben)).collect();
    let steps = [
        step(&mut ben, &order, picked(2)),
        step(&mut ben, &order, OrderStep::PickUndone { what: LineQuantity { line: 1, quantity: Quantity::ONE } }),
        step(&mut ben, &order, handed_over(2)),
    ];
    push(store, &ben, &[&ben_starts].into_iter().chain(&waits).chain(&steps).collect::<Vec<_>>()).await;
    assert_eq!(figures(store, "S001", "jacket").await, "3 0 1 2");
    push(store, &anna, &[&anna_starts, &counted]).await;
    assert_eq!(figures(store, "S001", "jacket").await, "2 0 1 1", "four, and two have gone since");
}

#[tokio::test]
async fn steps_are_kept_for_as_long_as_a_count_may_ask_for_them() {
    const DAY: i64 = 24 * 3600;
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 5).await;
    let order = submit(store, "W-a", "jacket", 4).await;
    let mut ben = TestTill::enrol(store, "S001", "T01").await;
    let kept = || {
        let file = rusqlite::Connection::open(shop.folder.path().join("central.db")).unwrap();
        let mut statement = file.prepare("SELECT moved_at / 1000000 FROM shelf_move ORDER BY moved_at").unwrap();
        let moments = statement.query_map((), |row| row.get::<_, i64>(0)).unwrap();
        moments.map(|moment| moment.unwrap() - at(0).timestamp()).collect::<Vec<_>>()
    };
    let pick =
        Event::OrderStepped { order: order.number.clone(), step: picked(1), products: vec![(1, "jacket".into())] };
    let steps = [ben.start(), ben.write_at(at(10), pick.clone()), ben.write_at(at(DAY), pick.clone())];
    push_at(store, &ben, &steps.iter().collect::<Vec<_>>(), 2 * DAY).await;
    assert_eq!(kept(), [10, DAY]);
    let long_after = ben.write_at(at(400 * DAY + 10), pick.clone());
    push_at(store, &ben, &[&long_after], 401 * DAY).await;
    assert_eq!(kept(), [DAY, 400 * DAY + 10], "no till is away for longer");
    let count = ben.write_at(at(402 * DAY), counted(2, 2));
    let picked_after = ben.write_at(at(402 * DAY + 1), pick);
    push_at(store, &ben, &[&count, &picked_after], 403 * DAY).await;
    assert_eq!(kept(), [402 * DAY + 1], "the count has seen the rest");
    assert_eq!(figures(store, "S001", "jacket").await, "5 4 0 1", "one on the shelf, four in their bay");
}

#[tokio::test]
async fn the_latest_count_holds_and_the_figure_says_when_it_was() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 10).await;
    let (mut anna, mut ben) = two_tills(store).await;
    let (anna_starts, early) = (anna.start(), count(&mut anna, 9, 10));
    let ben_starts = ben.start();
    let waits: Vec<SealedEntry> = (0..3).map(|_| wait(&mut ben)).collect();
    let late = count(&mut ben, 6, 10);
    push(store, &ben, &[&ben_starts].into_iter().chain(&waits).chain([&late]).collect::<Vec<_>>()).await;
    push(store, &anna, &[&anna_starts, &early]).await;
    assert_eq!(figures(store, "S001", "jacket").await, "6 0 0 6");
    let request = FeedRequest {
        feed: Feed::Store("S001".into()),
        till: anna.till.clone(),
        position: FeedPosition::After(Cursor(0)),
        changes_max: 100,
        now: at(100),
    };
    let page = store.read_feed(request).await.unwrap();
    let counted_at = page.changes.iter().find_map(|change| match change {
        Change::Stock(figure) if figure.product.as_str() == "jacket" => figure.counted_at,
        _ => None,
    });
    assert_eq!(counted_at, Some(late.header.recorded_at), "so that no till counts it again");
    // The same till once more, though its clock was set back: its journal says what came first.
    let again = count(&mut ben, 4, 6);
    push(store, &ben, &[&again]).await;
    assert_eq!(figures(store, "S001", "jacket").await, "4 0 0 4");
}

#[tokio::test]
async fn a_count_that_shows_the_unit_closes_its_case_and_who_agreed_to_the_sale_stands_in_it() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 1).await;
    let order = submit(store, "W-a", "jacket", 1).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    let start = till.start();
    let level = StockLevel { on_hand: Quantity::ONE, promised: Quantity::ONE, ..StockLevel::default() };
    let mut sale = till.sale("jacket", 1);
    sale.sold_anyway.push(crate::domain::sale::SoldAnyway {
        case: crate::domain::ids::CaseId(uuid::Uuid::now_v7()),
        product: "jacket".into(),
        order: order.number.clone(),
        facts: crate::domain::conflict::ConflictFacts {
            kind: crate::domain::conflict::ConflictKind::Promised,
            level,
            basket: Quantity::ONE,
        },
        approved_by: Some("dora".into()),
    });
    let sold = till.write(Event::SaleCompleted(Box::new(sale)));
    push(store, &till, &[&start, &sold]).await;
    let open = store.list_cases(CaseFilter::All).await.unwrap().remove(0);
    assert_eq!((open.case.state, open.closed_at), (CaseState::Open, None));
    let act = &open.acts[0];
    assert_eq!((act.person.as_deref(), act.approver.as_deref()), (Some("anna"), Some("dora")), "{act:?}");
    let counted = count(&mut till, 1, 0);
    push(store, &till, &[&counted]).await;
    let closed = store.list_cases(CaseFilter::All).await.unwrap().remove(0);
    assert_eq!(closed.case.state, CaseState::FalseAlarm);
    assert_eq!(closed.acts.last().unwrap().approver, None);
    assert_eq!(figures(store, "S001", "jacket").await, "1 0 1 0");
}
