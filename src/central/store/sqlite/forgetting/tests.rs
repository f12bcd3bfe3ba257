//! Persons have an end, what was sold has none.

use rusqlite::Connection;

use super::super::{OpenAs, SqliteStore, schema};
use crate::central::store::{
    Cursor, DocumentPart, DocumentSubmission, Feed, FeedPosition, FeedRequest, OrderFilter, OrderSubmission,
    ProblemOrder, ProblemSettlement, ProblemState, SaidBeside, Store, SubmitOutcome,
};
use crate::central::testing::{TestTill, at, figures, fill_shop, open_store, received, submission};
use crate::domain::event::Event;
use crate::domain::feed::Change;
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{CollectionProof, LineQuantity, OrderState, OrderStep, WebOrder};

const DAY: i64 = 86_400;
/// Words that stand nowhere else in a file.
const PERSON: [&str; 4] = ["Quintessa", "0470-998877", "quintessa@post.example", "ring twice"];

fn order_of(reference: &str) -> OrderSubmission {
    let document = format!("<o>{reference} {}</o>", PERSON.join(" "));
    OrderSubmission {
        customer_name: PERSON[0].into(),
        customer_phone: Some(PERSON[1].into()),
        buyer: PERSON[2].into(),
        notes: PERSON[3].into(),
        document: document.into_bytes(),
        ..submission(reference, "jacket", 1)
    }
}

async fn take(store: &SqliteStore, reference: &str) -> WebOrder {
    match store.submit_order(order_of(reference), 7, at(10)).await.unwrap() {
        SubmitOutcome::Imported(order) => *order,
        other => panic!("{other:?}"),
    }
}

/// The problem document of a bad order, settled at a moment.
async fn settle_problem(store: &SqliteStore, problem: [u8; 16], settled_at: i64) {
    let kept = ProblemOrder {
        problem,
        channel: "website".into(),
        reference: "P-1".into(),
        document: format!("<bad>{}</bad>", PERSON.join(" ")).into_bytes(),
        problems: format!("[{{\"value\": \"{}\"}}]", PERSON[0]),
        received_at: at(20),
        times: 1,
    };
    let document = DocumentSubmission {
        parts: vec![DocumentPart::Problem(Box::new(kept))],
        refused: Box::new(|_, _| unreachable!("it is a problem already")),
        read_kept: Box::new(|_| None),
        file: None,
    };
    store.take_document(document, 1, at(20)).await.unwrap();
    let settlement = ProblemSettlement {
        problem,
        state: ProblemState::Dismissed,
        person: "ana".into(),
        reason: "spam".into(),
        successor: String::new(),
        answer: Default::default(),
    };
    assert!(store.settle_problem(settlement, at(settled_at)).await.unwrap());
}

#[tokio::test]
async fn persons_of_what_is_over_are_forgotten_and_figures_stay() {
    let shop = open_store();
    let store = shop.store.clone();
    fill_shop(&store, 5).await;
    let (done, open) = (take(&store, "A-1").await, take(&store, "A-2").await);
    let mut till = TestTill::enrol(&store, "S001", "T01").await;
    let what = LineQuantity { line: 1, quantity: Quantity::ONE };
    let mut entries = vec![till.start()];
    for step in [
        OrderStep::Picked { what: what.clone(), bay: None },
        OrderStep::HandedOver { lines: vec![what], collector: PERSON[0].into(), proof: CollectionProof::Name },
    ] {
        let products = vec![(1, "jacket".into())];
        entries.push(till.write(Event::OrderStepped { order: done.number.clone(), step, products }));
    }
    let entries = entries.iter().map(received).collect();
    store.push(till.till.clone(), entries, SaidBeside::default(), at(100)).await.unwrap();
    settle_problem(&store, [7; 16], 100).await;

    // Nothing before its time.
    let early = store.forget_persons(at(99), 100, at(90 * DAY)).await.unwrap();
    assert_eq!((early.orders, early.problems, early.is_all), (0, 0, true));
    let forgotten = store.forget_persons(at(100), 100, at(90 * DAY)).await.unwrap();
    assert_eq!((forgotten.orders, forgotten.problems, forgotten.is_all), (1, 1, true));
    assert_eq!(store.forget_persons(at(100), 100, at(91 * DAY)).await.unwrap().orders, 0);

    let after = store.find_order(done.number.clone()).await.unwrap().unwrap();
    assert!(after.history.len() == 2 && !format!("{:?}", after.history).contains(PERSON[0]), "{:?}", after.history);
    assert_eq!((after.customer_name.as_str(), &after.customer_phone, after.notes.as_str()), ("", &None, ""));
    assert_eq!((after.state, after.lines[0].amount), (OrderState::HandedOver, done.lines[0].amount));
    assert!(store.list_order_documents(done.number.clone()).await.unwrap()[0].document.is_empty());
    assert_eq!(figures(&store, "S001", "jacket").await, "4 0 1 3");
    assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
    let problem = store.find_problem([7; 16]).await.unwrap().unwrap();
    assert_eq!((problem.kept.document.len(), problem.kept.problems.as_str()), (0, "[]"));
    // An order that is not over keeps its person.
    assert_eq!(store.find_order(open.number.clone()).await.unwrap().unwrap().customer_name, PERSON[0]);

    // The same sent again is no second order, and another under its number is still refused.
    let again = store.submit_order(order_of("A-1"), 9, at(91 * DAY)).await.unwrap();
    assert!(matches!(again, SubmitOutcome::Duplicate(known) if known.number == done.number));
    let other = OrderSubmission { content: [9; 32], document: b"<other/>".to_vec(), ..order_of("A-1") };
    assert!(matches!(store.submit_order(other, 9, at(91 * DAY)).await.unwrap(), SubmitOutcome::Refused(_)));
    let filter = OrderFilter { orders_max: 10, ..OrderFilter::default() };
    assert_eq!(store.list_orders(filter).await.unwrap().len(), 2);
}

/// The orders that a snapshot names to a till of the store, each with who collected it.
async fn named(store: &SqliteStore, till: &TestTill) -> Vec<(String, String)> {
    let (feed, position) = (Feed::Store("S001".into()), FeedPosition::After(Cursor(0)));
    let page = store
        .read_feed(FeedRequest { feed, till: till.till.clone(), position, changes_max: 100, now: at(3600) })
        .await
        .unwrap();
    assert!(page.snapshot && page.complete);
    let orders = page.changes.into_iter().filter_map(|change| match change {
        Change::Order(order) => Some(order),
        _ => None,
    });
    let collector = |order: &WebOrder| match order.history.last().map(|taken| &taken.step) {
        Some(OrderStep::HandedOver { collector, .. }) => collector.clone(),
        _ => String::new(),
    };
    orders.map(|order| (order.reference.clone(), collector(&order))).collect()
}

#[tokio::test]
async fn what_was_over_last_is_named_to_every_till_of_its_store_until_it_is_forgotten() {
    let shop = open_store();
    let store = shop.store.clone();
    fill_shop(&store, 5).await;
    let mut till = TestTill::enrol(&store, "S001", "T01").await;
    let other = TestTill::enrol(&store, "S001", "T02").await;
    let start = received(&till.start());
    store.push(till.till.clone(), vec![start], SaidBeside::default(), at(20)).await.unwrap();
    let mut hand_over = |order: &WebOrder| {
        let what = LineQuantity { line: 1, quantity: Quantity::ONE };
        let picked = OrderStep::Picked { what: what.clone(), bay: None };
        let step = OrderStep::HandedOver { lines: vec![what], collector: "Peter".into(), proof: CollectionProof::Name };
        [picked, step].map(|step| {
            let products = vec![(1, "jacket".into())];
            received(&till.write(Event::OrderStepped { order: order.number.clone(), step, products }))
        })
    };
    let (first, second, open) = (take(&store, "A-1").await, take(&store, "A-2").await, take(&store, "A-3").await);
    let (first, second) = (hand_over(&first), hand_over(&second));
    store.push(till.till.clone(), first.into(), SaidBeside::default(), at(100)).await.unwrap();
    let told = |reference: &str, collector: &str| (reference.to_owned(), collector.to_owned());
    let mut known = named(&store, &other).await;
    known.sort();
    assert_eq!(known, [told("A-1", "Peter"), told("A-2", ""), told(&open.reference, "")]);
    // Two weeks behind the last is long ago.
    store.push(till.till.clone(), second.into(), SaidBeside::default(), at(100 + 15 * DAY)).await.unwrap();
    assert_eq!(named(&store, &other).await, [told("A-3", ""), told("A-2", "Peter")]);
    store.forget_persons(at(100 + 15 * DAY), 100, at(90 * DAY)).await.unwrap();
    assert_eq!(named(&store, &other).await, [told("A-3", "")]);
}

#[tokio::test]
async fn nobody_can_be_read_out_of_the_file_any_more() {
    let shop = open_store();
    let store = shop.store.clone();
    fill_shop(&store, 5).await;
    let order = take(&store, "A-1").await;
    settle_problem(&store, [7; 16], 100).await;
    let path = shop.folder.path().join("central.db");
    let mut till = TestTill::enrol(&store, "S001", "T01").await;
    let products = vec![(1, "jacket".into())];
    let entries =
        [till.start(), till.write(Event::OrderStepped { order: order.number, step: OrderStep::Cancelled, products })];
    let entries = entries.iter().map(received).collect();
    store.push(till.till.clone(), entries, SaidBeside::default(), at(100)).await.unwrap();
    let names = |bytes: &[u8]| {
        let holds = |word: &&&str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
        PERSON.iter().filter(holds).count()
    };
    Connection::open(&path).unwrap().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    assert_eq!(names(&std::fs::read(&path).unwrap()), PERSON.len());
    store.forget_persons(at(100), 100, at(90 * DAY)).await.unwrap();
    drop(shop.store);
    assert!(store.close());
    assert_eq!(names(&std::fs::read(&path).unwrap()), 0);
    // The journal stays as the till wrote it, and the file as whole as it was.
    let again = SqliteStore::open(&path, OpenAs::Tool, at(0)).unwrap();
    assert_eq!(again.list_level_faults().await.unwrap(), Vec::new());
}

#[test]
fn what_is_to_be_forgotten_is_found_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let connection = schema::open_writer(&folder.path().join("central.db")).unwrap();
    for question in [super::ORDERS_TO_FORGET, super::PROBLEMS_TO_FORGET, super::FILES_TO_FORGET] {
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {question}")).unwrap();
        let steps = plan.query_map([0, 1], |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        assert!(steps.iter().all(|step| step.contains("_to_forget")), "{steps:?}");
    }
}
