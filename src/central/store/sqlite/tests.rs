//! The store over its contract, on real files.

use std::collections::BTreeMap;

use super::*;
use crate::central::store::{CaseFilter, EntryOutcome, FeedPosition, QuarantineReason};
use crate::central::testing::{
    TestTill, at, figures, fill_shop, open_store, product_record, received, set_stock, submission, submit,
};
use crate::domain::conflict::CaseState;
use crate::domain::event::Event;
use crate::domain::feed::Change;
use crate::domain::ids::EntryId;
use crate::domain::quantity::Quantity;
use crate::domain::stock::MovementReason;
use crate::domain::web_order::{CollectionProof, LineQuantity, OrderState, OrderStep};
use crate::wire::entry::SealedEntry;

async fn push(store: &SqliteStore, till: &TestTill, entries: &[&SealedEntry]) -> (Vec<EntryOutcome>, Vec<u64>) {
    let entries = entries.iter().map(|sealed| received(sealed)).collect();
    let receipt = store.push(till.till.clone(), entries, SaidBeside::default(), at(100)).await.unwrap();
    let outcomes = receipt.outcomes.into_iter().map(|(_, outcome)| outcome).collect();
    (outcomes, receipt.marks.into_iter().map(|mark| mark.sequence).collect())
}

async fn prove(store: &SqliteStore) {
    assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
}

fn step(order: &WebOrder, step: OrderStep) -> Event {
    let products = order.lines.iter().map(|line| (line.line, line.product.clone())).collect();
    Event::OrderStepped { order: order.number.clone(), step, products }
}

fn one(units: i64) -> LineQuantity {
    LineQuantity { line: 1, quantity: Quantity::units(units) }
}

#[tokio::test]
async fn an_entry_is_taken_once_however_often_it_comes() {
    let shop = open_store();
    fill_shop(&shop.store, 5).await;
    let mut till = TestTill::enrol(&shop.store, "S001", "T01").await;
    let (start, sale) = (till.start(), till.sell("jacket", 2));
    assert_eq!(push(&shop.store, &till, &[&start, &sale]).await, (vec![EntryOutcome::Applied; 2], vec![2]));
    assert_eq!(push(&shop.store, &till, &[&sale, &start, &sale]).await, (vec![EntryOutcome::Already; 3], vec![2]));
    assert_eq!(figures(&shop.store, "S001", "jacket").await, "3 0 0 3");
    assert_eq!(shop.store.list_sales(StoreId::new("S001")).await.unwrap().len(), 1);
    prove(&shop.store).await;
}

#[tokio::test]
async fn a_gap_holds_the_mark_back_and_not_the_sale() {
    let shop = open_store();
    fill_shop(&shop.store, 5).await;
    let mut till = TestTill::enrol(&shop.store, "S001", "T01").await;
    let (first, second, third) = (till.start(), till.sell("jacket", 1), till.sell("jacket", 1));
    assert_eq!(push(&shop.store, &till, &[&first, &third]).await, (vec![EntryOutcome::Applied; 2], vec![1]));
    assert_eq!(figures(&shop.store, "S001", "jacket").await, "4 0 0 4");
    assert_eq!(push(&shop.store, &till, &[&second]).await, (vec![EntryOutcome::Applied], vec![3]));
    assert_eq!(figures(&shop.store, "S001", "jacket").await, "3 0 0 3");
}

/// What a till hears behind a cursor: how many changes, and how far its run is contained.
async fn hear(store: &SqliteStore, till: &TestTill, cursor: Option<Cursor>) -> (usize, Vec<u64>, Cursor) {
    let position = FeedPosition::After(cursor.unwrap_or(Cursor(0)));
    let feed = Feed::Store(till.till.store.clone());
    let page = store
        .read_feed(FeedRequest { feed, till: till.till.clone(), position, changes_max: 100, now: at(3600) })
        .await
        .unwrap();
    assert!(page.complete);
    (page.changes.len(), page.contains.iter().map(|mark| mark.sequence).collect(), page.cursor)
}

#[tokio::test]
async fn a_till_hears_of_a_mark_that_moves_over_what_was_booked_before() {
    let shop = open_store();
    fill_shop(&shop.store, 5).await;
    let mut till = TestTill::enrol(&shop.store, "S001", "T01").await;
    let (first, second, third) = (till.start(), till.write(Event::DrawerOpenedByKey), till.sell("jacket", 1));
    // A delayed message reaches a central that was restored: the sale is booked, and the mark waits for what it lacks.
    push(&shop.store, &till, &[&first, &third]).await;
    let (_, contains, before) = hear(&shop.store, &till, None).await;
    assert_eq!(contains, [1]);
    // What fills the gap moves nothing: without being told the till would count its sale twice until something does.
    push(&shop.store, &till, &[&second]).await;
    let (changes, contains, after) = hear(&shop.store, &till, Some(before)).await;
    assert!(after != before, "the feed has grown");
    assert_eq!((changes, contains), (0, vec![3]));
    // What fills no gap needs no row.
    let opened = till.write(Event::DrawerOpenedByKey);
    push(&shop.store, &till, &[&opened]).await;
    assert_eq!(hear(&shop.store, &till, Some(after)).await.2, after);
}

#[tokio::test]
async fn movements_that_come_to_nothing_are_told_all_the_same() {
    let shop = open_store();
    fill_shop(&shop.store, 5).await;
    let mut till = TestTill::enrol(&shop.store, "S001", "T01").await;
    let start = till.start();
    push(&shop.store, &till, &[&start]).await;
    let (_, _, before) = hear(&shop.store, &till, None).await;
    let (sold, back) = (till.sell("jacket", 1), till.sell("jacket", -1));
    push(&shop.store, &till, &[&sold, &back]).await;
    let (changes, contains, _) = hear(&shop.store, &till, Some(before)).await;
    assert_eq!((changes, contains), (1, vec![3]), "the till has both movements on top of its figure until it hears");
}

#[tokio::test]
async fn what_cannot_be_believed_is_kept_and_acknowledged_and_holds_nothing_up() {
    let shop = open_store();
    fill_shop(&shop.store, 5).await;
    let mut till = TestTill::enrol(&shop.store, "S001", "T01").await;
    let start = till.start();
    let bad = till.sell("jacket", 1);
    let good = till.sell("jacket", 1);
    let quarantined = |reason| vec![EntryOutcome::Quarantined(reason)];
    let mut damaged = received(&bad);
    damaged.content = Err(QuarantineReason::SignatureWrong);
    push(&shop.store, &till, &[&start]).await;
    let entries = vec![damaged.clone(), received(&good)];
    let receipt = shop.store.push(till.till.clone(), entries, SaidBeside::default(), at(5)).await.unwrap();
    assert_eq!(receipt.outcomes[0].1, EntryOutcome::Quarantined(QuarantineReason::SignatureWrong));
    assert_eq!(receipt.outcomes[1].1, EntryOutcome::Applied);
    assert_eq!(receipt.marks[0].sequence, 3);
    // The same identity with other content.
    let mut other = till.clone();
    other.sequence = 1;
    other.previous_hash = start.hash;
    let mut forged = other.sell("jacket", 5);
    forged.header.entry = good.header.entry;
    let forged = SealedEntry::seal(forged.header, forged.payload, forged.previous_hash, &till.key);
    assert_eq!(push(&shop.store, &till, &[&forged]).await.0, quarantined(QuarantineReason::IdentityReused));
    assert_eq!(push(&shop.store, &till, &[&forged]).await.0, quarantined(QuarantineReason::IdentityReused));

    // A broken chain, a run that does not begin with its start, a sale of another till.
    let mut broken = till.clone();
    broken.previous_hash = [9; 32];
    assert_eq!(
        push(&shop.store, &till, &[&broken.sell("jacket", 1)]).await.0,
        quarantined(QuarantineReason::ChainBroken)
    );
    let mut headless =
        TestTill { run: RunId::from_bytes([8; 16]), sequence: 0, previous_hash: [0; 32], ..till.clone() };
    assert_eq!(
        push(&shop.store, &till, &[&headless.sell("jacket", 1)]).await.0,
        quarantined(QuarantineReason::ChainBroken)
    );
    let mut sale = till.clone().sale("jacket", 1);
    sale.till.store = StoreId::new("S002");
    let foreign = till.write(Event::SaleCompleted(Box::new(sale)));
    assert_eq!(push(&shop.store, &till, &[&foreign]).await.0, quarantined(QuarantineReason::OtherTill));

    assert_eq!(figures(&shop.store, "S001", "jacket").await, "4 0 0 4");
    assert_eq!(shop.store.list_quarantined().await.unwrap().len(), 5);
    prove(&shop.store).await;
}

#[tokio::test]
async fn a_till_restored_from_a_copy_is_a_fork_and_both_histories_stay() {
    let shop = open_store();
    fill_shop(&shop.store, 9).await;
    let mut till = TestTill::enrol(&shop.store, "S001", "T01").await;
    let (start, sale) = (till.start(), till.sell("jacket", 1));
    let mut copy = till.clone();
    let (again, sold) = (till.restart(), till.sell("jacket", 1));
    push(&shop.store, &till, &[&start, &sale, &again, &sold]).await;
    assert!(shop.store.list_forks().await.unwrap().is_empty(), "starting again is no fork");
    let (clone_start, clone_sale) = (copy.restart(), copy.sell("jacket", 1));
    assert_eq!(push(&shop.store, &till, &[&clone_start, &clone_sale]).await.0, vec![EntryOutcome::Applied; 2]);
    let forks = shop.store.list_forks().await.unwrap();
    assert_eq!(forks.len(), 1);
    assert_eq!((forks[0].entry_a, forks[0].entry_b), (again.header.entry, clone_start.header.entry));
    // A clone of a running till goes on in the same run.
    let mut twin = till.clone();
    let (left, right) = (till.sell("jacket", 1), twin.sell("jacket", 1));
    push(&shop.store, &till, &[&left, &right]).await;
    assert_eq!(shop.store.list_forks().await.unwrap().len(), 2);
    assert_eq!(figures(&shop.store, "S001", "jacket").await, "4 0 0 4");
}

#[tokio::test]
async fn an_order_through_all_its_steps_shows_the_right_figures_at_each() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 3).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    let check = async |expected: &str, state: OrderState, number: &OrderNumber| {
        assert_eq!(figures(store, "S001", "jacket").await, expected);
        assert_eq!(store.find_order(number.clone()).await.unwrap().unwrap().state, state);
        prove(store).await;
    };
    let order = submit(store, "A-1", "jacket", 2).await;
    assert_eq!(order.number.as_str(), "W-10001");
    check("3 0 2 1", OrderState::Received, &order.number).await;
    push(store, &till.clone(), &[&till.start()]).await;
    let steps = [
        (OrderStep::PickStarted { operator: "ben".into() }, "3 0 2 1", OrderState::Picking),
        (OrderStep::Picked { what: one(1), bay: None }, "3 1 1 1", OrderState::Picking),
        (OrderStep::PickUndone { what: one(1) }, "3 0 2 1", OrderState::Picking),
        (OrderStep::Picked { what: one(2), bay: Some("B1".into()) }, "3 2 0 1", OrderState::Picking),
        (OrderStep::MadeReady { bay: "B1".into() }, "3 2 0 1", OrderState::Ready),
        (
            OrderStep::HandedOver { lines: vec![one(1)], collector: "Anna".into(), proof: CollectionProof::Code },
            "2 1 0 1",
            OrderState::PartHandedOver,
        ),
        (
            OrderStep::HandedOver { lines: vec![one(1)], collector: "Anna".into(), proof: CollectionProof::Code },
            "1 0 0 1",
            OrderState::HandedOver,
        ),
    ];
    for (what, expected, state) in steps {
        let entry = till.write(step(&order, what));
        push(store, &till, &[&entry]).await;
        check(expected, state, &order.number).await;
    }
    assert!(store.list_anomalies().await.unwrap().is_empty());
    // A second till hands it over too: the books follow the goods, and people are told.
    let mut second = TestTill::enrol(store, "S001", "T02").await;
    let (start, twice) = (second.start(), second.hand_over_in_sale("jacket", 1, &order.number));
    push(store, &second, &[&start, &twice]).await;
    check("0 0 0 0", OrderState::HandedOver, &order.number).await;
    let anomalies = store.list_anomalies().await.unwrap();
    assert_eq!(anomalies.len(), 1);
    assert!(anomalies[0].what.contains("handed over beyond what was owed"), "{anomalies:?}");
}

#[tokio::test]
async fn the_same_order_again_is_the_same_and_another_under_its_number_is_not() {
    let shop = open_store();
    fill_shop(&shop.store, 3).await;
    let order = submit(&shop.store, "A-1", "jacket", 1).await;
    let again = shop.store.submit_order(submission("A-1", "jacket", 1), 8, at(20)).await.unwrap();
    assert_eq!(again, SubmitOutcome::Duplicate(Box::new(order.clone())));
    let other = shop.store.submit_order(submission("A-1", "jacket", 2), 8, at(20)).await.unwrap();
    assert_eq!(other, SubmitOutcome::Refused(Refusal::Conflict(order.number.clone())));
    // The same bytes, whose content a later version reckons otherwise.
    let mut reckoned_otherwise = submission("A-1", "jacket", 1);
    reckoned_otherwise.content = [9; 32];
    let again = shop.store.submit_order(reckoned_otherwise, 8, at(20)).await.unwrap();
    assert_eq!(again, SubmitOutcome::Duplicate(Box::new(order.clone())));
    let mut another_buyer = submission("A-1", "jacket", 2);
    another_buyer.buyer = "bob".into();
    let SubmitOutcome::Imported(second) = shop.store.submit_order(another_buyer, 7, at(20)).await.unwrap() else {
        panic!("numbers repeat between buyers")
    };
    assert_ne!(second.collection_code, order.collection_code, "the same dice, and still another code");
    assert_eq!(figures(&shop.store, "S001", "jacket").await, "3 0 3 0");
}

#[tokio::test]
async fn selling_a_promised_unit_opens_one_case_however_many_tills_do_it() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 1).await;
    set_stock(store, "S002", "jacket", 4).await;
    let order = submit(store, "A-1", "jacket", 1).await;
    let seen = crate::central::testing::level(store, "S001", "jacket").await;
    let mut first = TestTill::enrol(store, "S001", "T01").await;
    let mut second = TestTill::enrol(store, "S001", "T02").await;
    let start = first.start();
    let (sold, case) = first.sell_anyway("jacket", 1, &order.number, seen);
    push(store, &first, &[&start, &sold]).await;
    let start = second.start();
    let (sold, _) = second.sell_anyway("jacket", 1, &order.number, seen);
    push(store, &second, &[&start, &sold]).await;
    let cases = store.list_cases(CaseFilter::Open).await.unwrap();
    assert_eq!(cases.len(), 1);
    assert_eq!(cases[0].case.case, case);
    assert_eq!(cases[0].case.quantity, Quantity::ONE);
    assert_eq!(cases[0].case.due_at, at(7200), "the customer comes before the clock runs out");
    assert_eq!(cases[0].owner.as_deref(), Some("S001"));
    let tills: Vec<_> = cases[0].acts.iter().filter_map(|act| act.workstation.as_ref()).map(|t| t.as_str()).collect();
    assert_eq!(tills, ["T01", "T02"]);
    assert_eq!(cases[0].proposals[0].store.as_str(), "S002");
    assert!(store.find_order(order.number.clone()).await.unwrap().unwrap().at_risk);
    // A receipt that shows the unit closes it, and the order is safe again.
    let receipt = Event::StockAdjusted {
        product: "jacket".into(),
        quantity: Quantity::units(2),
        movement: MovementReason::Receipt,
        note: String::new(),
    };
    let entry = first.write(receipt);
    push(store, &first, &[&entry]).await;
    let closed = store.list_cases(CaseFilter::All).await.unwrap();
    assert_eq!(closed[0].case.state, CaseState::ReSourced);
    assert!(store.list_cases(CaseFilter::Open).await.unwrap().is_empty());
    assert!(!store.find_order(order.number).await.unwrap().unwrap().at_risk);
    prove(store).await;
}

#[tokio::test]
async fn an_offline_sale_is_judged_again_when_it_arrives() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 2).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    // Sold offline; the till knew of no order.
    let (start, sale) = (till.start(), till.sell("jacket", 2));
    let order = submit(store, "A-1", "jacket", 1).await;
    push(store, &till, &[&start, &sale]).await;
    let cases = store.list_cases(CaseFilter::Open).await.unwrap();
    assert_eq!(cases.len(), 1);
    assert_eq!((cases[0].case.order.clone(), cases[0].case.quantity), (order.number.clone(), Quantity::ONE));
    assert_eq!(cases[0].acts[0].act, "judged_at_central");
    // Sent again: nothing new.
    push(store, &till, &[&start, &sale]).await;
    assert_eq!(store.list_cases(CaseFilter::All).await.unwrap()[0].acts.len(), 1);
    // The unit turns up: picking it closes the case.
    let found = till.write(step(&order, OrderStep::Picked { what: one(1), bay: Some("B1".into()) }));
    push(store, &till, &[&found]).await;
    assert_eq!(store.list_cases(CaseFilter::All).await.unwrap()[0].case.state, CaseState::FalseAlarm);
    assert!(!store.find_order(order.number).await.unwrap().unwrap().at_risk);
    prove(store).await;
}

#[tokio::test]
async fn enough_for_everyone_opens_no_case() {
    let shop = open_store();
    fill_shop(&shop.store, 3).await;
    submit(&shop.store, "A-1", "jacket", 1).await;
    let mut till = TestTill::enrol(&shop.store, "S001", "T01").await;
    let (start, sale) = (till.start(), till.sell("jacket", 2));
    push(&shop.store, &till, &[&start, &sale]).await;
    assert!(shop.store.list_cases(CaseFilter::All).await.unwrap().is_empty());
}

/// A till's view of a feed, folded from its pages.
#[derive(Default)]
struct View {
    records: BTreeMap<String, String>,
    pages: usize,
}

impl View {
    async fn follow(&mut self, store: &SqliteStore, till: &TillId, feed: Feed, cursor: Cursor) -> FeedPage {
        let mut position = FeedPosition::After(cursor);
        loop {
            let request =
                FeedRequest { feed: feed.clone(), till: till.clone(), position, changes_max: 2, now: at(3600) };
            let page = store.read_feed(request).await.unwrap();
            if page.started_anew {
                self.records.clear();
            }
            self.pages += 1;
            for change in &page.changes {
                let (key, value) = match change {
                    Change::Product { product, barcodes } => (product.id.to_string(), format!("{barcodes:?}")),
                    Change::ProductRemoved(product) => {
                        self.records.remove(product.as_str());
                        continue;
                    }
                    Change::Stock(figure) => (format!("stock {}", figure.product), figure.on_hand.to_string()),
                    Change::Order(order) => (order.number.to_string(), format!("{:?}", order.state)),
                    Change::Settings(settings) => (format!("settings {}", settings.id), settings.name.clone()),
                    Change::Operator(operator) => (operator.id.to_string(), operator.name.clone()),
                    Change::Case(case) => (case.case.to_string(), format!("{:?}", case.state)),
                    Change::Transfer(transfer) => (transfer.entry.to_string(), format!("{:?}", transfer.state)),
                    Change::OrderRemoved(number) => {
                        self.records.remove(number.as_str());
                        continue;
                    }
                };
                self.records.insert(key, value);
            }
            if page.complete {
                return page;
            }
            position = page.next();
        }
    }
}

#[tokio::test]
async fn a_feed_is_a_snapshot_first_and_then_what_changed() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 3).await;
    let till = TestTill::enrol(store, "S001", "T01").await.till;
    let mut view = View::default();
    let page = view.follow(store, &till, Feed::Company, Cursor(0)).await;
    assert!(page.snapshot);
    assert!(view.pages > 1, "in pieces");
    let keys: Vec<&str> = view.records.keys().map(String::as_str).collect();
    assert_eq!(keys, ["boots", "jacket", "scarf", "settings S001"], "the store's own settings only");
    store.remove_products(vec!["boots".into()]).await.unwrap();
    store.save_products(vec![product_record("scarf", None)]).await.unwrap();
    // A barcode is another product's until that gives it up, in the same call at the latest.
    let hat = || product_record("hat", Some("05901234123457"));
    let taken = store.save_products(vec![hat()]).await.unwrap();
    let owner = BarcodeTaken { place: 0, barcode: "05901234123457".into(), owner: "jacket".into() };
    assert_eq!(taken, [owner]);
    assert_eq!(store.save_products(vec![hat(), product_record("jacket", None)]).await.unwrap(), []);
    let next = view.follow(store, &till, Feed::Company, page.cursor).await;
    assert!(!next.snapshot);
    assert_eq!(next.changes.len() + 2, 3, "boots, jacket and hat; what is the same is no change");
    assert_eq!(view.records["jacket"], "[]");
    assert!(!view.records.contains_key("boots"));
    let quiet = view.follow(store, &till, Feed::Company, next.cursor).await;
    assert_eq!((quiet.changes.len(), quiet.cursor), (0, next.cursor));
    let mut fresh = View::default();
    fresh.follow(store, &till, Feed::Company, Cursor(0)).await;
    assert_eq!(fresh.records, view.records, "a snapshot and its changes come to the same");
}

#[tokio::test]
async fn a_checkpoint_says_what_its_figures_contain() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 3).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    let mut view = View::default();
    let empty = view.follow(store, &till.till, Feed::Store("S001".into()), Cursor(0)).await;
    assert!(empty.contains.is_empty());
    let (start, sale) = (till.start(), till.sell("jacket", 1));
    let mut signal = store.follow(&Feed::Store("S001".into()));
    push(store, &till, &[&start, &sale]).await;
    assert!(signal.has_changed().unwrap());
    signal.mark_unchanged();
    let next = view.follow(store, &till.till, Feed::Store("S001".into()), empty.cursor).await;
    assert_eq!(view.records["stock jacket"], "2");
    assert_eq!(next.contains.iter().map(|mark| mark.sequence).collect::<Vec<_>>(), [2]);
    // Another till of the store hears the same figure, and nothing of the first one's marks.
    let other = TestTill::enrol(store, "S001", "T02").await.till;
    assert!(view.follow(store, &other, Feed::Store("S001".into()), Cursor(0)).await.contains.is_empty());
    // Another store's tills hear that there are free units elsewhere, and no order of this one.
    submit(store, "A-1", "jacket", 1).await;
    let far = TestTill::enrol(store, "S002", "T01").await.till;
    let mut theirs = View::default();
    theirs.follow(store, &far, Feed::Store("S002".into()), Cursor(0)).await;
    assert!(theirs.records.keys().all(|key| !key.starts_with("W-")), "{:?}", theirs.records);
}

#[tokio::test]
async fn a_cursor_from_after_the_backup_is_answered_by_a_snapshot() {
    let shop = open_store();
    let store = shop.store.clone();
    fill_shop(&store, 3).await;
    let till = TestTill::enrol(&store, "S001", "T01").await.till;
    let path = shop.folder.path().join("central.db");
    let backup = shop.folder.path().join("backup.db");
    let before = View::default().follow(&store, &till, Feed::Store("S001".into()), Cursor(0)).await.cursor;
    Connection::open(&path).unwrap().execute("VACUUM INTO ?1", [backup.to_str().unwrap()]).unwrap();
    set_stock(&store, "S001", "jacket", 7).await;
    let after = View::default().follow(&store, &till, Feed::Store("S001".into()), Cursor(0)).await.cursor;
    // The copy takes over, and comes as far again with other content.
    let restored = SqliteStore::open(&backup, OpenAs::Server([2; 16]), at(50)).unwrap();
    set_stock(&restored, "S001", "scarf", 1).await;
    set_stock(&restored, "S001", "boots", 1).await;
    let mut view = View::default();
    let page = view.follow(&restored, &till, Feed::Store("S001".into()), after).await;
    assert!(page.snapshot, "the cursor is of a history that is no more");
    assert_eq!(view.records["stock jacket"], "3");
    let page = View::default().follow(&restored, &till, Feed::Store("S001".into()), before).await;
    assert!(!page.snapshot, "what both histories share goes on");
    assert_ne!(store.incarnation(), restored.incarnation());
    // A plain restart of the first changes nothing for its tills.
    drop(shop.store);
    assert!(store.close());
    let again = SqliteStore::open(&path, OpenAs::Server([3; 16]), at(60)).unwrap();
    assert!(!View::default().follow(&again, &till, Feed::Store("S001".into()), after).await.snapshot);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_callers_on_one_product_are_exact() {
    let shop = open_store();
    fill_shop(&shop.store, 1000).await;
    let mut callers = Vec::new();
    for number in 0..64 {
        let store = shop.store.clone();
        let mut till = TestTill::enrol(&store, "S001", &format!("T{number:02}")).await;
        callers.push(tokio::spawn(async move {
            let start = till.start();
            push(&store, &till, &[&start]).await;
            for _ in 0..5 {
                let sale = till.sell("jacket", 1);
                assert_eq!(push(&store, &till, &[&sale]).await.0, [EntryOutcome::Applied]);
            }
            let mut order = submission(&format!("A-{number}"), "jacket", 1);
            order.buyer = format!("buyer {number}");
            store.submit_order(order, number, at(10)).await.unwrap();
        }));
    }
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(figures(&shop.store, "S001", "jacket").await, "680 0 64 616");
    assert_eq!(shop.store.list_sales("S001".into()).await.unwrap().len(), 320);
    prove(&shop.store).await;
}

#[tokio::test]
async fn a_request_that_fails_takes_nobody_down_with_it() {
    let shop = open_store();
    fill_shop(&shop.store, 3).await;
    let till = TillId { store: "S404".into(), workstation: "T01".into() };
    let failing = shop.store.add_enrol_code([1; 32], till, at(10));
    let working = shop.store.save_products(vec![product_record("hat", None)]);
    let (failed, worked) = tokio::join!(failing, working);
    assert!(matches!(failed, Err(StoreError::NotFound(_))), "{failed:?}");
    worked.unwrap();
    let found =
        shop.store.resolve_items(vec![ItemIdentity { product: Some("hat".into()), ..ItemIdentity::default() }]).await;
    assert!(found.unwrap()[0].is_some());
}

#[tokio::test]
async fn a_second_process_that_writes_wakes_followers() {
    let shop = open_store();
    fill_shop(&shop.store, 3).await;
    let mut signal = shop.store.follow(&Feed::Company);
    signal.mark_unchanged();
    let tool = SqliteStore::open(&shop.folder.path().join("central.db"), OpenAs::Tool, at(1)).unwrap();
    assert_eq!(tool.incarnation(), shop.store.incarnation());
    tool.save_products(vec![product_record("hat", None)]).await.unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(120), signal.changed()).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_journal_cannot_be_changed_in_the_file() {
    let shop = open_store();
    fill_shop(&shop.store, 3).await;
    let mut till = TestTill::enrol(&shop.store, "S001", "T01").await;
    push(&shop.store, &till.clone(), &[&till.start()]).await;
    let file = Connection::open(shop.folder.path().join("central.db")).unwrap();
    assert!(file.execute("UPDATE entry SET payload = x'00'", []).is_err());
    assert!(file.execute("DELETE FROM entry", []).is_err());
}

#[tokio::test]
async fn a_wrong_figure_is_found_by_folding_again() {
    let shop = open_store();
    fill_shop(&shop.store, 3).await;
    submit(&shop.store, "A-1", "jacket", 1).await;
    prove(&shop.store).await;
    let file = Connection::open(shop.folder.path().join("central.db")).unwrap();
    file.execute("UPDATE level SET promised = promised - 1000 WHERE product = 'jacket'", []).unwrap();
    let faults = shop.store.list_level_faults().await.unwrap();
    assert_eq!(faults.len(), 1);
    assert_eq!((faults[0].kept.promised, faults[0].folded.promised), (Quantity::ZERO, Quantity::ONE));
}

#[tokio::test]
async fn availability_is_what_is_free_with_its_age() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 3).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    TestTill::enrol(store, "S001", "T02").await;
    let ask = async || {
        let figures =
            store.list_availability(vec!["jacket".into(), "none".into()], vec!["S001".into(), "S404".into()], at(50));
        let figures = figures.await.unwrap();
        assert_eq!(figures.len(), 1);
        (figures[0].free, figures[0].as_of)
    };
    assert_eq!(ask().await, (Quantity::units(3), at(0)), "nobody has been heard of since they were joined");
    store.save_till_seen(till.till.clone(), at(40)).await.unwrap();
    assert_eq!(ask().await.1, at(0), "the slowest till decides");
    store.save_till_seen(TillId { store: "S001".into(), workstation: "T02".into() }, at(30)).await.unwrap();
    assert_eq!(ask().await.1, at(30));
    let (none, cursor) = store.read_availability_feed("S001".into(), Cursor(0), 10, at(50)).await.unwrap();
    assert_eq!(none.len(), 1);
    let (start, sale) = (till.start(), till.sell("jacket", 5));
    push(store, &till, &[&start, &sale]).await;
    assert_eq!(ask().await.0, Quantity::ZERO, "below zero is nothing to a website");
    let (changed, cursor) = store.read_availability_feed("S001".into(), cursor, 10, at(50)).await.unwrap();
    assert_eq!(changed.iter().map(|figure| figure.free).collect::<Vec<_>>(), [Quantity::ZERO]);
    // From below zero to further below: nothing a website could see.
    let sale = till.sell("jacket", 1);
    push(store, &till, &[&sale]).await;
    assert!(store.read_availability_feed("S001".into(), cursor, 10, at(50)).await.unwrap().0.is_empty());
}

#[tokio::test]
async fn stock_brought_in_is_a_movement_and_bringing_it_again_is_none() {
    let shop = open_store();
    fill_shop(&shop.store, 3).await;
    let figure = StockImport {
        entry: EntryId::from_bytes([7; 16]),
        store: "S001".into(),
        product: "jacket".into(),
        on_hand: Some(Quantity::units(10)),
        safety: Some(Quantity::ONE),
        counted_at: None,
    };
    shop.store.import_stock(vec![figure.clone()], at(5)).await.unwrap();
    let mut till = TestTill::enrol(&shop.store, "S001", "T01").await;
    let (start, sale) = (till.start(), till.sell("jacket", 1));
    push(&shop.store, &till, &[&start, &sale]).await;
    shop.store.import_stock(vec![figure], at(6)).await.unwrap();
    assert_eq!(figures(&shop.store, "S001", "jacket").await, "9 0 0 8");
    prove(&shop.store).await;
}
