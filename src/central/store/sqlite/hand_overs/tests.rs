//! Orders handed over by tills that were out of reach: charged although paid, changed meanwhile, moved to another store.

use crate::central::store::sqlite::SqliteStore;
use crate::central::store::{
    ChangeSubmission, DocumentPart, DocumentSubmission, FindingKind, OrderKey, PartOutcome, SaidBeside, Store,
};
use crate::central::testing::{TestTill, at, figures, fill_shop, open_store, received, set_stock, submission};
use crate::domain::event::Event;
use crate::domain::ids::{OrderNumber, ProductId, StoreId};
use crate::domain::money::{Currency, Money};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{CollectionProof, LineQuantity, OrderState, OrderStep, Payment, WebOrder};
use crate::wire::entry::SealedEntry;

async fn push(store: &SqliteStore, till: &TestTill, entries: &[&SealedEntry]) {
    let entries = entries.iter().map(|sealed| received(sealed)).collect();
    let receipt = store.push(till.till.clone(), entries, SaidBeside::default(), at(100)).await.unwrap();
    assert!(
        receipt.outcomes.iter().all(|(_, outcome)| matches!(outcome, crate::central::store::EntryOutcome::Applied))
    );
}

async fn submit(store: &SqliteStore, units: i64, paid: bool) -> WebOrder {
    let order = crate::central::store::OrderSubmission {
        payment: Payment { paid, prepaid: None },
        ..submission("A-1", "jacket", units)
    };
    match store.submit_order(order, 7, at(10)).await.unwrap() {
        crate::central::store::SubmitOutcome::Imported(order) => *order,
        other => panic!("{other:?}"),
    }
}

/// The website sends the order again: so many, paid or not, in this store.
async fn change(store: &SqliteStore, units: i64, paid: bool, to: &str) {
    let wanted = submission("A-1", "jacket", units);
    let change = ChangeSubmission {
        key: OrderKey {
            channel: "website".into(),
            sender: None,
            buyer: None,
            other_names: Vec::new(),
            reference: "A-1".into(),
            allowed: None,
        },
        content: [u8::from(paid) + 7 + 2 * units as u8; 32],
        document: format!("{units} {paid} {to}").into_bytes(),
        warnings: String::new(),
        notes: String::new(),
        store: Some(StoreId::new(to)),
        customer_name: None,
        customer_phone: None,
        delivery_address: None,
        payment: Some(Payment { paid, prepaid: None }),
        collect_by: None,
        lines: wanted.lines,
        unmatched: Vec::new(),
    };
    let document = DocumentSubmission {
        parts: vec![DocumentPart::Change(Box::new(change))],
        refused: Box::new(|_, refusal| panic!("{refusal:?}")),
        read_kept: Box::new(|_| None),
        file: None,
    };
    let taken = store.take_document(document, 9, at(20)).await.unwrap();
    assert!(matches!(taken.as_slice(), [PartOutcome::Changed(_)]), "{taken:?}");
}

async fn order_of(store: &SqliteStore, number: &OrderNumber) -> WebOrder {
    store.find_order(number.clone()).await.unwrap().unwrap()
}

async fn findings(store: &SqliteStore) -> Vec<(FindingKind, String)> {
    let found = store.list_findings(0, 100).await.unwrap();
    found.into_iter().map(|finding| (finding.kind, finding.what)).collect()
}

fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn step(order: &WebOrder, step: OrderStep) -> Event {
    Event::OrderStepped { order: order.number.clone(), step, products: vec![(1, ProductId::new("jacket"))] }
}

#[tokio::test]
async fn an_order_paid_for_at_a_till_is_paid_and_nothing_is_odd_about_it() {
    let shop = open_store();
    fill_shop(&shop.store, 3).await;
    let order = submit(&shop.store, 2, false).await;
    let mut till = TestTill::enrol(&shop.store, "S001", "T01").await;
    push(&shop.store, &till.clone(), &[&till.start()]).await;
    let half = till.hand_over_in_sale("jacket", 1, &order.number);
    push(&shop.store, &till, &[&half]).await;
    assert!(!order_of(&shop.store, &order.number).await.paid, "one is still to be paid for");
    let rest = till.hand_over_in_sale("jacket", 1, &order.number);
    push(&shop.store, &till, &[&rest]).await;
    let after = order_of(&shop.store, &order.number).await;
    assert_eq!((after.state, after.paid, after.owed_back), (OrderState::HandedOver, true, None));
    assert_eq!(findings(&shop.store).await, Vec::new());
}

#[tokio::test]
async fn an_order_charged_at_the_counter_that_was_paid_online_is_found_out_and_given_back() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 3).await;
    let order = submit(store, 1, false).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    push(store, &till.clone(), &[&till.start()]).await;
    change(store, 1, true, "S001").await;
    let charged = till.hand_over_in_sale("jacket", 1, &order.number);
    push(store, &till, &[&charged]).await;
    let after = order_of(store, &order.number).await;
    assert_eq!((after.state, after.owed_back), (OrderState::HandedOver, Some(euros(8990))));
    assert!(!after.is_over(), "the store has it as a task");
    let found = findings(store).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, FindingKind::Money);
    assert_eq!(found[0].1, "89.90 is to be given back: 89.90 was taken at the till, and the order was paid");
    assert_eq!(figures(store, "S001", "jacket").await, "2 0 0 2");
    let back = till.write(step(&order, OrderStep::PaidBack { amount: euros(8990) }));
    push(store, &till, &[&back]).await;
    assert!(order_of(store, &order.number).await.is_over());
    // Given back by two tills: the second is told.
    let twice = till.write(step(&order, OrderStep::PaidBack { amount: euros(8990) }));
    push(store, &till, &[&twice]).await;
    assert!(findings(store).await.iter().any(|(kind, _)| *kind == FindingKind::Misfit));
    assert!(store.list_level_faults().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_order_collected_in_part_and_then_paid_whole_online_is_found_out_and_given_back() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 9).await;
    let order = submit(store, 2, false).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    push(store, &till.clone(), &[&till.start()]).await;
    let charged = till.hand_over_in_sale("jacket", 1, &order.number);
    push(store, &till, &[&charged]).await;
    assert_eq!(findings(store).await, Vec::new());
    change(store, 2, true, "S001").await;
    let after = order_of(store, &order.number).await;
    assert_eq!((after.state, after.paid, after.owed_back), (OrderState::PartHandedOver, true, Some(euros(8990))));
    let words = "89.90 is to be given back: 89.90 was taken at the till for what was collected before it was paid";
    assert_eq!(findings(store).await, [(FindingKind::Money, words.to_owned())]);
    // The sender takes its word back before anybody was given anything, and gives it again with more: once is enough.
    change(store, 2, false, "S001").await;
    assert_eq!(order_of(store, &order.number).await.owed_back, None);
    for units in [3, 4] {
        change(store, units, true, "S001").await;
        assert_eq!(order_of(store, &order.number).await.owed_back, Some(euros(8990)), "{units}");
    }
    assert_eq!(findings(store).await.len(), 2);
    let back = till.write(step(&order, OrderStep::PaidBack { amount: euros(8990) }));
    let lines = vec![LineQuantity { line: 1, quantity: Quantity::units(3) }];
    let rest = OrderStep::HandedOver { lines, collector: "Anna".into(), proof: CollectionProof::Code };
    let rest = till.write(step(&order, rest));
    push(store, &till, &[&back, &rest]).await;
    let over = order_of(store, &order.number).await;
    assert!(over.is_over() && over.state == OrderState::HandedOver, "{over:?}");
    assert_eq!(findings(store).await.len(), 2, "the rest was paid for");
    assert!(store.list_level_faults().await.unwrap().is_empty());
}

#[tokio::test]
async fn money_given_back_for_a_payment_that_never_came_is_a_finding() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 9).await;
    let order = submit(store, 2, false).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    push(store, &till.clone(), &[&till.start()]).await;
    let charged = till.hand_over_in_sale("jacket", 1, &order.number);
    push(store, &till, &[&charged]).await;
    change(store, 3, true, "S001").await;
    let back = till.write(step(&order, OrderStep::PaidBack { amount: euros(8990) }));
    push(store, &till, &[&back]).await;
    change(store, 3, false, "S001").await;
    let after = order_of(store, &order.number).await;
    assert_eq!((after.paid, after.owed_back), (false, None));
    let found = findings(store).await;
    let words = "89.90 was given back, and the order says now that it was not paid".to_owned();
    assert!(found.len() == 2 && found.contains(&(FindingKind::Money, words)), "{found:?}");
}

#[tokio::test]
async fn an_order_handed_over_as_paid_that_was_not_is_a_finding() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 3).await;
    let order = submit(store, 1, true).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    push(store, &till.clone(), &[&till.start()]).await;
    change(store, 1, false, "S001").await;
    let lines = vec![LineQuantity { line: 1, quantity: Quantity::ONE }];
    let given = OrderStep::HandedOver { lines, collector: "Anna".into(), proof: CollectionProof::Code };
    let given = till.write(step(&order, given));
    push(store, &till, &[&given]).await;
    let words = "handed over as paid, and 89.90 was still owed".to_owned();
    assert_eq!(findings(store).await, [(FindingKind::Money, words)]);
    assert!(!order_of(store, &order.number).await.paid);
}

#[tokio::test]
async fn an_order_that_moved_and_is_handed_over_in_its_first_store_is_handed_over() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 3).await;
    set_stock(store, "S002", "jacket", 3).await;
    let order = submit(store, 2, false).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    let (start, picked) = (
        till.start(),
        till.write(step(
            &order,
            OrderStep::Picked { what: LineQuantity { line: 1, quantity: Quantity::ONE }, bay: None },
        )),
    );
    push(store, &till, &[&start, &picked]).await;
    change(store, 2, false, "S002").await;
    assert_eq!(figures(store, "S001", "jacket").await, "3 1 0 2", "what was picked is to be put back");
    assert_eq!(figures(store, "S002", "jacket").await, "3 0 2 1");
    // The till, out of reach, knows of none of it: the customer came where they first wanted to.
    let sold = till.hand_over_in_sale("jacket", 2, &order.number);
    push(store, &till, &[&sold]).await;
    let after = order_of(store, &order.number).await;
    assert_eq!((after.state, after.paid, after.store.as_str()), (OrderState::HandedOver, true, "S002"));
    assert_eq!(figures(store, "S001", "jacket").await, "1 0 0 1", "nothing waits to be put back");
    assert_eq!(figures(store, "S002", "jacket").await, "3 0 0 3", "nothing is promised there");
    let found = findings(store).await;
    let words = "it is an order of store S002 by now, and was handed over in store S001".to_owned();
    assert_eq!(found, [(FindingKind::Misfit, words)]);
    assert!(store.list_level_faults().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_withdrawn_product_stays_known_until_its_last_open_order_is_over() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 3).await;
    let order = submit(store, 1, false).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    push(store, &till.clone(), &[&till.start()]).await;
    store.remove_products(vec!["jacket".into(), "scarf".into()]).await.unwrap();
    let known = async |id: &str| {
        let item = crate::central::store::ItemIdentity { product: Some(id.into()), ..Default::default() };
        store.resolve_items(vec![item]).await.unwrap().remove(0).map(|(record, _)| record.product.withdrawn)
    };
    assert_eq!((known("jacket").await, known("scarf").await), (Some(true), None));
    let free = store.list_availability(vec!["jacket".into()], vec!["S001".into()], at(20)).await.unwrap();
    assert!(free.is_empty(), "nobody is offered it");
    let another = store.submit_order(submission("A-2", "jacket", 1), 7, at(20)).await.unwrap();
    assert!(matches!(another, crate::central::store::SubmitOutcome::Refused(_)), "{another:?}");
    change(store, 1, true, "S001").await;
    let lines = vec![LineQuantity { line: 1, quantity: Quantity::ONE }];
    let given = OrderStep::HandedOver { lines, collector: "Anna".into(), proof: CollectionProof::Code };
    let given = till.write(step(&order, given));
    push(store, &till, &[&given]).await;
    assert_eq!(known("jacket").await, None, "its order is over");
}
