//! Entries that cannot be booked: put aside with the reason, and nothing behind them waits.

use rusqlite::Connection;

use super::*;
use crate::central::testing::{TestStore, TestTill, at, figures, fill_shop, open_store, received, submit};
use crate::domain::conflict::CaseState;
use crate::domain::event::Event;
use crate::domain::ids::JournalMark;
use crate::domain::quantity::Quantity;
use crate::domain::stock::StockLevel;
use crate::domain::web_order::{CollectionProof, LineQuantity, OrderStep};
use crate::wire::entry::SealedEntry;

/// From outside, as only a fault of the program could do it: no sale with this number is taken.
fn refuse_receipt(shop: &TestStore, number: u64) {
    let path = shop.folder.path().join("central.db");
    let outside = Connection::open(path).unwrap();
    let trigger = format!(
        "CREATE TRIGGER refused BEFORE INSERT ON sale WHEN NEW.receipt_number = {number}
         BEGIN SELECT RAISE(ABORT, 'no such receipt'); END"
    );
    outside.execute_batch(&trigger).unwrap();
}

async fn push(store: &SqliteStore, till: &TestTill, entries: &[&SealedEntry]) -> PushReceipt {
    let entries = entries.iter().map(|sealed| received(sealed)).collect();
    store.push(till.till.clone(), entries, SaidBeside::default(), at(20)).await.unwrap()
}

fn outcomes(receipt: &PushReceipt) -> Vec<&'static str> {
    let word = |outcome: &EntryOutcome| match outcome {
        EntryOutcome::Applied => "applied",
        EntryOutcome::Already => "already",
        EntryOutcome::Quarantined(_) => "aside",
    };
    receipt.outcomes.iter().map(|(_, outcome)| word(outcome)).collect()
}

#[tokio::test]
async fn an_entry_that_cannot_be_booked_is_put_aside_and_holds_nothing_up() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 9).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    let mut other = TestTill::enrol(store, "S001", "T02").await;
    let started = other.start();
    refuse_receipt(&shop, 2);
    let entries = [till.start(), till.sell("jacket", 1), till.sell("jacket", 2), till.sell("jacket", 1)];
    let all: Vec<&SealedEntry> = entries.iter().collect();
    // With others in the same commit, and then alone.
    let theirs = [&started];
    let (first, theirs) = tokio::join!(push(store, &till, &all), push(store, &other, &theirs));
    assert_eq!(outcomes(&first), ["applied", "applied", "aside", "applied"]);
    assert_eq!(outcomes(&theirs), ["applied"]);
    assert_eq!(first.marks, [JournalMark { run: till.run, sequence: 4 }]);
    assert_eq!((first.put_aside, theirs.put_aside), (1, 0), "of this till");
    assert_eq!(figures(store, "S001", "jacket").await, "7 0 0 7", "nothing of it is in the books");
    assert!(store.list_level_faults().await.unwrap().is_empty());
    let aside = store.list_quarantined().await.unwrap();
    assert_eq!((aside.len(), aside[0].id), (1, entries[2].header.entry));
    assert!(aside[0].reason.starts_with("it could not be booked: "), "{}", aside[0].reason);
    let found = store.list_findings(0, 10).await.unwrap();
    assert_eq!((found.len(), found[0].kind, found[0].entry), (1, FindingKind::PutAside, entries[2].header.entry));
    assert_eq!(store.list_findings(1, 10).await.unwrap(), []);

    // Booked when it comes again and can be, it is told no more.
    let path = shop.folder.path().join("central.db");
    Connection::open(path).unwrap().execute_batch("DROP TRIGGER refused").unwrap();
    assert_eq!(outcomes(&push(store, &till, &all).await), ["already", "already", "applied", "already"]);
    assert_eq!(figures(store, "S001", "jacket").await, "5 0 0 5");
    assert_eq!(store.list_findings(0, 10).await.unwrap(), []);
    assert!(store.list_level_faults().await.unwrap().is_empty());
}

#[tokio::test]
async fn two_sales_of_one_draft_are_both_booked_also_when_the_case_was_closed_between_them() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 2).await;
    let order = submit(store, "A-1", "jacket", 2).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    let level = crate::central::testing::level(store, "S001", "jacket").await;
    let started = till.start();
    let (sale, case) = till.sell_anyway("jacket", 1, &order.number, level);
    push(store, &till, &[&started, &sale]).await;
    let decision = CaseDecision {
        store: "S001".into(),
        case,
        state: CaseState::Substituted,
        owner: None,
        person: "ben".into(),
        note: String::new(),
    };
    store.decide_case(decision, at(30)).await.unwrap();
    // The till's copy, with the same draft, sells it once more and names the same case.
    let mut sale = till.sale("jacket", 1);
    sale.sold_anyway.push(crate::domain::sale::SoldAnyway {
        case,
        product: "jacket".into(),
        order: order.number.clone(),
        facts: crate::domain::conflict::ConflictFacts {
            kind: crate::domain::conflict::ConflictKind::Promised,
            level,
            basket: Quantity::ONE,
        },
        approved_by: None,
    });
    let again = till.write(Event::SaleCompleted(Box::new(sale)));
    assert_eq!(outcomes(&push(store, &till, &[&again]).await), ["applied"]);
    let cases = store.list_cases(CaseFilter::All).await.unwrap();
    assert_eq!(cases.len(), 2);
    let open: Vec<_> = cases.iter().filter(|record| record.closed_at.is_none()).collect();
    assert_eq!((open.len(), &open[0].case.order), (1, &order.number));
    assert_ne!(open[0].case.case, case);
    assert!(store.list_quarantined().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_sale_against_an_order_that_is_over_opens_no_case_and_the_till_hears_so() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 2).await;
    let order = submit(store, "A-1", "jacket", 1).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    let level = StockLevel { on_hand: Quantity::ONE, promised: Quantity::ONE, ..StockLevel::default() };
    let started = till.start();
    let what = || LineQuantity { line: 1, quantity: Quantity::ONE };
    let hand_over = OrderStep::HandedOver { lines: vec![what()], collector: "A".into(), proof: CollectionProof::Code };
    let step = |till: &mut TestTill, step: OrderStep| {
        let products = vec![(1, "jacket".into())];
        till.write(Event::OrderStepped { order: order.number.clone(), step, products })
    };
    let picked = step(&mut till, OrderStep::Picked { what: what(), bay: None });
    let given = step(&mut till, hand_over);
    let (sale, case) = till.sell_anyway("jacket", 1, &order.number, level);
    let receipt = push(store, &till, &[&started, &picked, &given, &sale]).await;
    assert_eq!(outcomes(&receipt), ["applied"; 4]);
    assert_eq!(store.list_cases(CaseFilter::Open).await.unwrap(), []);
    let all = store.list_cases(CaseFilter::All).await.unwrap();
    let record = &all[0];
    assert_eq!((record.case.case, record.case.state), (case, CaseState::FalseAlarm));
    assert_eq!(record.case.quantity, Quantity::ONE, "what was counted, not a thousandth");
    let acts: Vec<&str> = record.acts.iter().map(|act| act.act.as_str()).collect();
    assert_eq!(acts, ["sold_anyway", "false_alarm"]);
    assert_eq!(figures(store, "S001", "jacket").await, "0 0 0 0");
    assert!(store.list_level_faults().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_could_not_be_booked_once_is_booked_when_it_is_judged_again() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 9).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    refuse_receipt(&shop, 2);
    let entries = [till.start(), till.sell("jacket", 1), till.sell("jacket", 2), till.sell("jacket", 1)];
    let all: Vec<&SealedEntry> = entries.iter().collect();
    assert_eq!(outcomes(&push(store, &till, &all).await), ["applied", "applied", "aside", "applied"]);
    assert_eq!(store.retry_quarantined(at(30)).await.unwrap(), Retried { looked_at: 1, booked: 0 });
    // The program after it knows better.
    let outside = Connection::open(shop.folder.path().join("central.db")).unwrap();
    outside.execute_batch("DROP TRIGGER refused").unwrap();
    assert_eq!(store.list_put_aside().await.unwrap(), [(till.till.clone(), 1)]);
    assert_eq!(store.retry_quarantined(at(40)).await.unwrap(), Retried { looked_at: 1, booked: 1 });
    assert_eq!(store.count_put_aside(till.till.clone()).await.unwrap(), 0);
    assert_eq!(store.list_put_aside().await.unwrap(), []);
    assert_eq!(figures(store, "S001", "jacket").await, "5 0 0 5");
    assert!(store.list_findings(0, 10).await.unwrap().is_empty(), "nothing is put aside any more");
    assert_eq!(store.retry_quarantined(at(50)).await.unwrap(), Retried::default());
    assert!(store.list_level_faults().await.unwrap().is_empty());
}
