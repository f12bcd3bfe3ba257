//! Decisions of the people at the tills, on real files: each holds once, whoever else decides.

use crate::central::store::sqlite::SqliteStore;
use crate::central::store::{
    CaseFilter, CaseRecord, EntryOutcome, Feed, FeedPosition, FeedRequest, OrderFilter, SaidBeside, Store,
};
use crate::central::testing::{TestTill, at, figures, fill_shop, level, open_store, received, set_stock, submit};
use crate::domain::conflict::CaseState;
use crate::domain::event::Event;
use crate::domain::feed::Change;
use crate::domain::ids::CaseId;
use crate::domain::quantity::Quantity;
use crate::domain::transfer::{Transfer, TransferState};
use crate::domain::web_order::{LineQuantity, OrderStep, WebOrder};
use crate::wire::entry::SealedEntry;

async fn push(store: &SqliteStore, till: &TestTill, entries: &[&SealedEntry]) -> Vec<EntryOutcome> {
    let entries = entries.iter().map(|sealed| received(sealed)).collect();
    let receipt = store.push(till.till.clone(), entries, SaidBeside::default(), at(100)).await.unwrap();
    receipt.outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

/// A shop whose last jacket was sold although an order waits for it; Station Road has some.
struct Short {
    till: TestTill,
    order: WebOrder,
    case: CaseId,
}

async fn sell_promised(store: &SqliteStore, elsewhere: i64) -> Short {
    fill_shop(store, 1).await;
    set_stock(store, "S002", "jacket", elsewhere).await;
    let order = submit(store, "A-1", "jacket", 1).await;
    let seen = level(store, "S001", "jacket").await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    let start = till.start();
    let (sold, case) = till.sell_anyway("jacket", 1, &order.number, seen);
    push(store, &till, &[&start, &sold]).await;
    assert!(is_at_risk(store, &order).await);
    Short { till, order, case }
}

async fn second_till(store: &SqliteStore) -> TestTill {
    let mut till = TestTill::enrol(store, "S001", "T02").await;
    let start = till.start();
    push(store, &till, &[&start]).await;
    till
}

async fn is_at_risk(store: &SqliteStore, order: &WebOrder) -> bool {
    store.find_order(order.number.clone()).await.unwrap().unwrap().at_risk
}

fn found(till: &mut TestTill, case: CaseId, order: &WebOrder) -> SealedEntry {
    till.write(Event::FalseAlarmReported { case, order: order.number.clone(), product: "jacket".into() })
}

fn asks(till: &mut TestTill, case: CaseId, order: &WebOrder) -> SealedEntry {
    till.write(Event::TransferRequested {
        product: "jacket".into(),
        quantity: Quantity::ONE,
        from: "S002".into(),
        case: Some(case),
        order: Some(order.number.clone()),
        customer: String::new(),
    })
}

async fn cases(store: &SqliteStore) -> Vec<CaseRecord> {
    store.list_cases(CaseFilter::All).await.unwrap()
}

/// `act by person at till` of everything that was done about the only case.
async fn acts(store: &SqliteStore) -> Vec<String> {
    let [case] = <[CaseRecord; 1]>::try_from(cases(store).await).unwrap();
    let told = case.acts.into_iter().map(|act| {
        let till = act.workstation.map_or_else(String::new, |name| format!(" at {name}"));
        format!("{} by {}{till}", act.act, act.person.unwrap_or_default())
    });
    told.collect()
}

/// The transfers of the asking store, as its tills see them.
async fn transfers(store: &SqliteStore, till: &TestTill) -> Vec<Transfer> {
    let position = FeedPosition::After(crate::central::store::Cursor(0));
    let feed = Feed::Store(till.till.store.clone());
    let request = FeedRequest { feed, till: till.till.clone(), position, changes_max: 100, now: at(3600) };
    let changes = store.read_feed(request).await.unwrap().changes;
    let transfer = |change| match change {
        Change::Transfer(transfer) => Some(transfer),
        _ => None,
    };
    changes.into_iter().filter_map(transfer).collect()
}

async fn order_elsewhere(store: &SqliteStore) -> Option<WebOrder> {
    let filter = OrderFilter { store: Some("S002".into()), orders_max: 10, ..OrderFilter::default() };
    store.list_orders(filter).await.unwrap().into_iter().next()
}

async fn prove(store: &SqliteStore) {
    assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
    assert!(store.list_anomalies().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_unit_that_was_found_closes_the_case_once() {
    let shop = open_store();
    let store = &shop.store;
    let Short { mut till, order, case } = sell_promised(store, 2).await;
    let entry = found(&mut till, case, &order);
    assert_eq!(push(store, &till, &[&entry, &entry]).await, [EntryOutcome::Applied, EntryOutcome::Already]);
    assert_eq!(acts(store).await, ["sold_anyway by anna at T01", "false_alarm by anna at T01"]);
    assert_eq!(cases(store).await[0].case.state, CaseState::FalseAlarm);
    assert!(!is_at_risk(store, &order).await);
    prove(store).await;
}

#[tokio::test]
async fn a_proposal_taken_is_a_promise_elsewhere_and_the_order_is_safe() {
    let shop = open_store();
    let store = &shop.store;
    let Short { mut till, order, case } = sell_promised(store, 2).await;
    let entry = asks(&mut till, case, &order);
    push(store, &till, &[&entry]).await;
    assert_eq!(acts(store).await, ["sold_anyway by anna at T01", "re_sourced by anna at T01"]);
    assert_eq!(cases(store).await[0].case.state, CaseState::ReSourced);
    assert_eq!(figures(store, "S002", "jacket").await, "2 0 1 1");
    assert!(!is_at_risk(store, &order).await);
    let [seen] = <[Transfer; 1]>::try_from(transfers(store, &till).await).unwrap();
    assert_eq!((seen.state, seen.case), (TransferState::Requested, Some(case)));
    // The order is seen to: another sale of what is not there does not open the same need again.
    let sold = till.sell("jacket", 1);
    push(store, &till, &[&sold]).await;
    assert_eq!(cases(store).await.len(), 1);
    prove(store).await;
}

#[tokio::test]
async fn a_proposal_that_ran_out_leaves_the_case_open() {
    let shop = open_store();
    let store = &shop.store;
    let Short { mut till, order, case } = sell_promised(store, 0).await;
    let entry = asks(&mut till, case, &order);
    push(store, &till, &[&entry]).await;
    assert_eq!(cases(store).await[0].case.state, CaseState::Open);
    assert_eq!(order_elsewhere(store).await, None);
    assert_eq!(transfers(store, &till).await[0].state, TransferState::NoneFree);
    assert!(is_at_risk(store, &order).await);
    prove(store).await;
}

#[tokio::test]
async fn the_second_decision_changes_nothing_and_is_told() {
    let shop = open_store();
    let store = &shop.store;
    let Short { mut till, order, case } = sell_promised(store, 2).await;
    let mut other = second_till(store).await;
    let entry = found(&mut till, case, &order);
    push(store, &till, &[&entry]).await;
    let late = asks(&mut other, case, &order);
    assert_eq!(push(store, &other, &[&late]).await, [EntryOutcome::Applied]);
    assert_eq!(order_elsewhere(store).await, None, "nothing is promised for a case that is decided");
    assert_eq!(transfers(store, &other).await[0].state, TransferState::NotNeeded);
    assert_eq!(figures(store, "S002", "jacket").await, "2 0 0 2");
    let later = found(&mut other, case, &order);
    push(store, &other, &[&later]).await;
    assert_eq!(cases(store).await[0].case.state, CaseState::FalseAlarm);
    let acts = acts(store).await;
    assert_eq!(
        acts[1..],
        ["false_alarm by anna at T01", "transfer_requested by anna at T02", "false_alarm by anna at T02"]
    );
    prove(store).await;
}

#[tokio::test]
async fn a_case_that_two_tills_opened_is_decided_by_either_name() {
    let shop = open_store();
    let store = &shop.store;
    let Short { till: _till, order, case } = sell_promised(store, 2).await;
    let mut other = second_till(store).await;
    let seen = level(store, "S001", "jacket").await;
    let (sold, its_own) = other.sell_anyway("jacket", 1, &order.number, seen);
    assert_ne!(its_own, case);
    let entry = asks(&mut other, its_own, &order);
    push(store, &other, &[&sold, &entry]).await;
    let [record] = <[CaseRecord; 1]>::try_from(cases(store).await).unwrap();
    assert_eq!((record.case.case, record.case.state), (case, CaseState::ReSourced));
    assert_eq!(transfers(store, &other).await[0].case, Some(case));
    prove(store).await;
}

#[tokio::test]
async fn what_the_other_store_cannot_find_opens_the_case_again() {
    let shop = open_store();
    let store = &shop.store;
    let Short { mut till, order, case } = sell_promised(store, 2).await;
    let entry = asks(&mut till, case, &order);
    push(store, &till, &[&entry]).await;
    let asked = order_elsewhere(store).await.unwrap();
    let mut giving = TestTill::enrol(store, "S002", "T01").await;
    let start = giving.start();
    let stepped =
        |step| Event::OrderStepped { order: asked.number.clone(), step, products: vec![(1, "jacket".into())] };
    let short =
        giving.write(stepped(OrderStep::ReportedShort { what: LineQuantity { line: 1, quantity: Quantity::ONE } }));
    let refused = giving.write(stepped(OrderStep::Cancelled));
    push(store, &giving, &[&start, &short, &refused]).await;
    let [record] = <[CaseRecord; 1]>::try_from(cases(store).await).unwrap();
    assert_eq!((record.case.state, record.closed_at), (CaseState::Open, None));
    assert_eq!(record.case.due_at, at(7200), "a new clock, and still before the customer comes");
    assert!(is_at_risk(store, &order).await);
    assert_eq!(transfers(store, &till).await[0].state, TransferState::Refused);
    // And it can be decided again.
    let entry = found(&mut till, case, &order);
    push(store, &till, &[&entry]).await;
    assert_eq!(cases(store).await[0].case.state, CaseState::FalseAlarm);
    prove(store).await;
}

#[tokio::test]
async fn what_was_asked_for_an_order_and_is_withdrawn_opens_its_case_again() {
    let shop = open_store();
    let store = &shop.store;
    let Short { mut till, order, case } = sell_promised(store, 2).await;
    let entry = asks(&mut till, case, &order);
    push(store, &till, &[&entry]).await;
    assert_eq!(transfers(store, &till).await[0].for_order, Some(order.number.clone()));
    let withdrawn = till.write(Event::TransferWithdrawn { transfer: entry.header.entry });
    push(store, &till, &[&withdrawn]).await;
    assert_eq!(cases(store).await[0].case.state, CaseState::Open);
    assert!(is_at_risk(store, &order).await && transfers(store, &till).await.is_empty());
    prove(store).await;
}
