//! Goods asked of another store, from the till's entry to the figures of both stores.

use crate::central::store::sqlite::SqliteStore;
use crate::central::store::{
    CaseFilter, EntryOutcome, Feed, FeedPosition, FeedRequest, OrderFilter, SaidBeside, Store,
};
use crate::central::testing::{TestTill, at, figures, fill_shop, level, open_store, received, set_stock, submit};
use crate::domain::event::Event;
use crate::domain::feed::Change;
use crate::domain::ids::{CaseId, EntryId};
use crate::domain::quantity::Quantity;
use crate::domain::transfer::{Transfer, TransferState};
use crate::domain::web_order::{Fulfilment, LineQuantity, OrderState, OrderStep, WebOrder};
use crate::wire::entry::SealedEntry;

async fn push(store: &SqliteStore, till: &TestTill, entry: &SealedEntry) -> EntryOutcome {
    let receipt = store.push(till.till.clone(), vec![received(entry)], SaidBeside::default(), at(100)).await.unwrap();
    receipt.outcomes.into_iter().map(|(_, outcome)| outcome).next().unwrap()
}

/// Both stores' tills, started: S001 asks, S002 gives.
async fn tills(store: &SqliteStore) -> (TestTill, TestTill) {
    let mut asking = TestTill::enrol(store, "S001", "T01").await;
    let mut giving = TestTill::enrol(store, "S002", "T01").await;
    let start = asking.start();
    push(store, &asking, &start).await;
    let start = giving.start();
    push(store, &giving, &start).await;
    (asking, giving)
}

fn asks(till: &mut TestTill, units: i64, case: Option<CaseId>) -> SealedEntry {
    let quantity = Quantity::units(units);
    till.write(Event::TransferRequested {
        product: "jacket".into(),
        quantity,
        from: "S002".into(),
        case,
        order: None,
        customer: "Jo B.".into(),
    })
}

async fn order_of(store: &SqliteStore) -> WebOrder {
    let filter = OrderFilter { store: Some("S002".into()), orders_max: 10, ..OrderFilter::default() };
    let orders = store.list_orders(filter).await.unwrap();
    assert_eq!(orders.len(), 1);
    orders.into_iter().next().unwrap()
}

fn stepped(order: &WebOrder, step: OrderStep) -> Event {
    Event::OrderStepped { order: order.number.clone(), step, products: vec![(1, "jacket".into())] }
}

/// The transfers a till's snapshot names.
async fn seen_by(store: &SqliteStore, till: &TestTill) -> Vec<Transfer> {
    let position = FeedPosition::After(crate::central::store::Cursor(0));
    let feed = Feed::Store(till.till.store.clone());
    let request = FeedRequest { feed, till: till.till.clone(), position, changes_max: 100, now: at(3600) };
    let page = store.read_feed(request).await.unwrap();
    let transfer = |change: Change| match change {
        Change::Transfer(transfer) => Some(transfer),
        _ => None,
    };
    page.changes.into_iter().filter_map(transfer).collect()
}

fn one() -> LineQuantity {
    LineQuantity { line: 1, quantity: Quantity::ONE }
}

#[tokio::test]
async fn a_transfer_from_the_asking_to_the_arrival() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 1).await;
    set_stock(store, "S002", "jacket", 2).await;
    let (mut asking, mut giving) = tills(store).await;
    let entry = asks(&mut asking, 1, None);
    assert_eq!(push(store, &asking, &entry).await, EntryOutcome::Applied);
    assert_eq!(push(store, &asking, &entry).await, EntryOutcome::Already);
    // on hand, held, promised, free: what was asked for is no longer free in the giving store, and only once.
    assert_eq!(figures(store, "S002", "jacket").await, "2 0 1 1");
    let order = order_of(store).await;
    assert_eq!((order.fulfilment, order.customer_name.as_str()), (Fulfilment::Transfer, "Store S001"));
    let [seen] = <[Transfer; 1]>::try_from(seen_by(store, &giving).await).unwrap();
    assert_eq!((seen.order.as_ref(), seen.state), (Some(&order.number), TransferState::Requested));
    assert_eq!(seen_by(store, &asking).await, [seen]);

    let picked = giving.write(stepped(&order, OrderStep::Picked { what: one(), bay: Some("B1".into()) }));
    push(store, &giving, &picked).await;
    assert_eq!(figures(store, "S002", "jacket").await, "2 1 0 1");
    assert_eq!(seen_by(store, &asking).await[0].state, TransferState::SetAside);

    let sent = giving.write(stepped(&order, OrderStep::Sent { lines: vec![one()] }));
    push(store, &giving, &sent).await;
    assert_eq!(figures(store, "S002", "jacket").await, "1 0 0 1");
    assert_eq!(seen_by(store, &asking).await[0].state, TransferState::Sent);
    assert_eq!(order_of(store).await.state, OrderState::HandedOver);

    let transfer = entry.header.entry;
    let here = Event::TransferClosed { transfer, product: "jacket".into(), received: Quantity::ONE };
    let came = asking.write(here.clone());
    push(store, &asking, &came).await;
    assert_eq!(figures(store, "S001", "jacket").await, "2 0 0 2");
    assert!(seen_by(store, &asking).await.is_empty() && seen_by(store, &giving).await.is_empty());
}

/// The figure of the store that was asked is told anew with what came of it: nobody offers twice what is asked for.
#[tokio::test]
async fn the_asking_store_hears_what_is_left_where_it_asked() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 5).await;
    set_stock(store, "S002", "jacket", 3).await;
    let (mut asking, _giving) = tills(store).await;
    let till = asking.till.clone();
    let read = async |position| {
        let feed = Feed::Store(till.store.clone());
        let request = FeedRequest { feed, till: till.clone(), position, changes_max: 100, now: at(3600) };
        store.read_feed(request).await.unwrap()
    };
    let before = read(FeedPosition::After(crate::central::store::Cursor(0))).await;
    let entry = asks(&mut asking, 1, None);
    push(store, &asking, &entry).await;
    let told = read(FeedPosition::After(before.cursor)).await;
    let free = told.changes.iter().filter_map(|change| match change {
        Change::Stock(figure) => Some(figure.elsewhere.iter().map(|other| other.free).collect::<Vec<_>>()),
        _ => None,
    });
    assert_eq!(free.collect::<Vec<_>>(), [vec![Quantity::units(2)]]);
}

/// Two tills press before either has heard of the other: the goods came once, at central and at both tills.
#[tokio::test]
async fn what_two_tills_take_in_has_come_once() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 1).await;
    set_stock(store, "S002", "jacket", 9).await;
    let (mut asking, mut giving) = tills(store).await;
    let mut other = TestTill::enrol(store, "S001", "T02").await;
    let start = other.start();
    push(store, &other, &start).await;
    let entry = asks(&mut asking, 3, None);
    push(store, &asking, &entry).await;
    let order = order_of(store).await;
    let sent = LineQuantity { line: 1, quantity: Quantity::units(3) };
    for step in [OrderStep::Picked { what: sent.clone(), bay: None }, OrderStep::Sent { lines: vec![sent] }] {
        let entry = giving.write(stepped(&order, step));
        push(store, &giving, &entry).await;
    }
    let came = |units| Event::TransferClosed {
        transfer: entry.header.entry,
        product: "jacket".into(),
        received: Quantity::units(units),
    };
    // The most that one of them says counts, whoever is heard first.
    let (first, second) = (asking.write(came(2)), other.write(came(3)));
    push(store, &asking, &first).await;
    assert_eq!(figures(store, "S001", "jacket").await, "3 0 0 3");
    assert_eq!(push(store, &other, &second).await, EntryOutcome::Applied);
    assert_eq!(figures(store, "S001", "jacket").await, "4 0 0 4");
    assert_eq!(push(store, &other, &second).await, EntryOutcome::Already);
    let third = asking.write(came(3));
    push(store, &asking, &third).await;
    assert_eq!(figures(store, "S001", "jacket").await, "4 0 0 4");
    assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
    // Head office is told of each.
    let findings = store.list_findings(0, 10).await.unwrap();
    let told: Vec<&str> = findings.iter().map(|finding| finding.what.as_str()).collect();
    assert_eq!(told.len(), 2);
    assert!(told.iter().any(|what| what.starts_with("2 of jacket from Store S002 were taken in at two")), "{told:?}");
    // Both tills hear one figure, which contains what each of them said.
    for till in [&asking, &other] {
        let feed = Feed::Store(till.till.store.clone());
        let position = FeedPosition::After(crate::central::store::Cursor(0));
        let request = FeedRequest { feed, till: till.till.clone(), position, changes_max: 100, now: at(3600) };
        let page = store.read_feed(request).await.unwrap();
        let figure = page.changes.iter().find_map(|change| match change {
            Change::Stock(figure) if figure.product.as_str() == "jacket" => Some(figure.on_hand),
            _ => None,
        });
        assert_eq!(figure, Some(Quantity::units(4)));
    }
}

/// Central is filled again from its tills, and hears of the arrival before it hears who asked.
#[tokio::test]
async fn a_transfer_that_is_heard_of_last_is_not_open_again() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 1).await;
    set_stock(store, "S002", "jacket", 2).await;
    let (mut asking, giving) = tills(store).await;
    let mut other = TestTill::enrol(store, "S001", "T02").await;
    let start = other.start();
    push(store, &other, &start).await;
    let entry = asks(&mut asking, 1, None);
    let here =
        Event::TransferClosed { transfer: entry.header.entry, product: "jacket".into(), received: Quantity::ONE };
    let came = other.write(here);
    push(store, &other, &came).await;
    push(store, &asking, &entry).await;
    assert_eq!(figures(store, "S001", "jacket").await, "2 0 0 2");
    assert!(seen_by(store, &asking).await.is_empty() && seen_by(store, &giving).await.is_empty());
    // The giving store's order is there all the same: its tills' steps have something to fit.
    assert_eq!(order_of(store).await.state, OrderState::Received);
}

#[tokio::test]
async fn with_none_free_by_then_nothing_is_promised_and_the_asking_store_hears_so() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 1).await;
    set_stock(store, "S002", "jacket", 1).await;
    let (mut asking, giving) = tills(store).await;
    let first = asks(&mut asking, 1, None);
    push(store, &asking, &first).await;
    let second = asks(&mut asking, 1, None);
    push(store, &asking, &second).await;
    assert_eq!(figures(store, "S002", "jacket").await, "1 0 1 0");
    let states: Vec<TransferState> = seen_by(store, &asking).await.into_iter().map(|seen| seen.state).collect();
    assert_eq!(states, [TransferState::Requested, TransferState::NoneFree]);
    // The giving store has nothing to do about the second.
    let owed = seen_by(store, &giving).await.into_iter().filter(|seen| seen.order.is_some()).count();
    assert_eq!(owed, 1);
}

#[tokio::test]
async fn what_cannot_be_found_is_refused_and_free_again() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 1).await;
    set_stock(store, "S002", "jacket", 2).await;
    let (mut asking, mut giving) = tills(store).await;
    let entry = asks(&mut asking, 1, None);
    push(store, &asking, &entry).await;
    let order = order_of(store).await;
    for step in [OrderStep::ReportedShort { what: one() }, OrderStep::Cancelled] {
        let entry = giving.write(stepped(&order, step));
        push(store, &giving, &entry).await;
    }
    assert_eq!(figures(store, "S002", "jacket").await, "2 0 0 2");
    assert_eq!(seen_by(store, &asking).await[0].state, TransferState::Refused);
}

#[tokio::test]
async fn the_conflicts_record_names_the_transfer_and_its_arrival_settles_it() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 1).await;
    set_stock(store, "S002", "jacket", 2).await;
    let promised = submit(store, "A-1", "jacket", 1).await;
    let seen = level(store, "S001", "jacket").await;
    let (mut asking, _) = tills(store).await;
    let (sold, case) = asking.sell_anyway("jacket", 1, &promised.number, seen);
    push(store, &asking, &sold).await;
    let entry = asks(&mut asking, 1, Some(case));
    push(store, &asking, &entry).await;
    let number = order_of(store).await.number;
    let cases = store.list_cases(CaseFilter::Open).await.unwrap();
    let note = &cases[0].acts.last().unwrap().note;
    assert!(note.contains(number.as_str()) && note.contains("Store S002"), "{note}");
    let transfer: EntryId = entry.header.entry;
    let came = asking.write(Event::TransferClosed { transfer, product: "jacket".into(), received: Quantity::ONE });
    push(store, &asking, &came).await;
    assert!(store.list_cases(CaseFilter::Open).await.unwrap().is_empty());
}

fn withdraws(till: &mut TestTill, asked: &SealedEntry) -> SealedEntry {
    till.write(Event::TransferWithdrawn { transfer: asked.header.entry })
}

/// The giving store's queue loses what nobody has set aside, however often it is withdrawn; for whom it was is forgotten.
#[tokio::test]
async fn a_request_names_its_customer_until_it_is_withdrawn() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 1).await;
    set_stock(store, "S002", "jacket", 2).await;
    let (mut asking, mut giving) = tills(store).await;
    let mut other = TestTill::enrol(store, "S001", "T02").await;
    let start = other.start();
    push(store, &other, &start).await;
    let entry = asks(&mut asking, 1, None);
    push(store, &asking, &entry).await;
    for till in [&asking, &giving] {
        assert_eq!(seen_by(store, till).await[0].customer, "Jo B.");
    }
    let started = giving.write(stepped(&order_of(store).await, OrderStep::PickStarted { operator: "ana".into() }));
    push(store, &giving, &started).await;
    for till in [&mut asking, &mut other] {
        let withdrawn = withdraws(till, &entry);
        assert_eq!(push(store, till, &withdrawn).await, EntryOutcome::Applied);
        assert_eq!(figures(store, "S002", "jacket").await, "2 0 0 2");
    }
    let order = order_of(store).await;
    assert!(order.is_over() && order.state == OrderState::Cancelled);
    assert_eq!(order.history.iter().filter(|taken| taken.step == OrderStep::Cancelled).count(), 1, "once");
    assert!(
        seen_by(store, &asking).await.is_empty() && seen_by(store, &giving).await.is_empty(),
        "a new till hears of none"
    );
    assert_eq!(store.list_findings(0, 10).await.unwrap(), Vec::new());
    let kept: Vec<String> = {
        let connection = rusqlite::Connection::open(shop.folder.path().join("central.db")).unwrap();
        let mut statement = connection.prepare("SELECT state || customer FROM transfer").unwrap();
        statement.query_map((), |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    assert_eq!(kept, ["withdrawn"]);
}

/// What lies in a bay of the giving store comes: both stores hear that nothing of it has changed.
#[tokio::test]
async fn what_is_set_aside_is_not_withdrawn() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 1).await;
    set_stock(store, "S002", "jacket", 2).await;
    let (mut asking, mut giving) = tills(store).await;
    let entry = asks(&mut asking, 1, None);
    push(store, &asking, &entry).await;
    let order = order_of(store).await;
    let picked = giving.write(stepped(&order, OrderStep::Picked { what: one(), bay: Some("B1".into()) }));
    push(store, &giving, &picked).await;
    let withdrawn = withdraws(&mut asking, &entry);
    push(store, &asking, &withdrawn).await;
    assert_eq!(seen_by(store, &asking).await[0].state, TransferState::SetAside);
    assert_eq!(figures(store, "S002", "jacket").await, "2 1 0 1");
    let sent = giving.write(stepped(&order, OrderStep::Sent { lines: vec![one()] }));
    push(store, &giving, &sent).await;
    assert_eq!(seen_by(store, &asking).await[0].state, TransferState::Sent);
}

/// A central that is filled again from its tills may hear of the end first: nothing is promised to anybody.
#[tokio::test]
async fn a_request_that_is_heard_after_its_withdrawal_promises_nothing() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 1).await;
    set_stock(store, "S002", "jacket", 2).await;
    let (mut asking, _) = tills(store).await;
    let mut other = TestTill::enrol(store, "S001", "T02").await;
    let start = other.start();
    push(store, &other, &start).await;
    let entry = asks(&mut asking, 1, None);
    let withdrawn = withdraws(&mut other, &entry);
    push(store, &other, &withdrawn).await;
    push(store, &asking, &entry).await;
    assert_eq!(figures(store, "S002", "jacket").await, "2 0 0 2");
    assert!(seen_by(store, &asking).await.is_empty());
}
