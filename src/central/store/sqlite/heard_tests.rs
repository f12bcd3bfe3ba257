//! Who may speak to central; up to when it has heard everything of a till, and what the till says that it has not sent.

use super::*;
use crate::central::testing::{TestTill, at, fill_shop, open_store, received};
use crate::domain::ids::JournalMark;

#[tokio::test]
async fn a_push_counts_as_having_heard_everything_only_when_nothing_awaited_is_missing() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 3).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    let as_of =
        async || store.list_availability(vec!["jacket".into()], vec!["S001".into()], at(50)).await.unwrap()[0].as_of;
    let (start, sale) = (till.start(), till.sell("jacket", 1));
    let awaited = vec![JournalMark { sequence: 2, ..start.header.mark }];
    let still = SaidBeside { awaited, ..SaidBeside::default() };
    store.push(till.till.clone(), vec![received(&start)], still.clone(), at(10)).await.unwrap();
    assert_eq!(as_of().await, at(0), "the sale is still to come");
    store.push(till.till.clone(), vec![received(&sale)], still, at(20)).await.unwrap();
    assert_eq!(as_of().await, at(20));
    // A till that says how much there is behind them counts as heard once there is nothing.
    let told = |count: u64| {
        let unsent = Unsent { count, oldest_at: (count > 0).then(|| at(21)) };
        SaidBeside { unsent: Some(unsent), ..SaidBeside::default() }
    };
    let unsent = async || store.find_till(till.till.clone()).await.unwrap().unwrap().unsent.unwrap();
    let nothing = |as_of| UnsentMark { unsent: Unsent::default(), as_of };
    assert_eq!(unsent().await, nothing(at(20)));
    store.push(till.till.clone(), vec![received(&sale)], told(3), at(30)).await.unwrap();
    assert_eq!(as_of().await, at(20), "three are still to come");
    assert_eq!(unsent().await, UnsentMark { unsent: Unsent { count: 3, oldest_at: Some(at(21)) }, as_of: at(30) });
    store.push(till.till.clone(), vec![received(&sale)], told(0), at(40)).await.unwrap();
    assert_eq!((as_of().await, unsent().await), (at(40), nothing(at(40))));
    store.save_till_seen(till.till.clone(), at(50)).await.unwrap();
    assert_eq!(unsent().await, nothing(at(50)), "a quiet till has written nothing since");
}

#[tokio::test]
async fn codes_join_once_and_channels_have_two_tokens_at_most() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 3).await;
    let till = TillId { store: "S001".into(), workstation: "T09".into() };
    store.add_enrol_code([5; 32], till.clone(), at(100)).await.unwrap();
    let enrolment = |code: u8, key: u8| Enrolment {
        code_hash: [code; 32],
        journal_key: [key; 32],
        certificate: [1; 16],
        token_hash: [key; 32],
    };
    assert_eq!(store.enrol_till(enrolment(6, 1), at(1)).await.unwrap(), Err(EnrolRefusal::Unknown));
    assert_eq!(store.enrol_till(enrolment(5, 1), at(101)).await.unwrap(), Err(EnrolRefusal::Expired));
    assert_eq!(store.enrol_till(enrolment(5, 1), at(1)).await.unwrap(), Ok(till.clone()));
    assert_eq!(store.enrol_till(enrolment(5, 1), at(2)).await.unwrap(), Ok(till), "the answer was lost");
    assert_eq!(store.enrol_till(enrolment(5, 2), at(3)).await.unwrap(), Err(EnrolRefusal::Used));

    let channel = |second: i64| ChannelRecord {
        channel: "website".into(),
        kind: ChannelKind::Website,
        customer: None,
        stores: vec!["S001".into()],
        calls: vec![CallKind::Orders, CallKind::Availability],
        unknown: UnknownPolicy::Problem,
        created_at: at(second),
        tokens: 0,
    };
    for token in 1..=3 {
        store.save_channel(channel(i64::from(token)), [token; 32]).await.unwrap();
    }
    assert!(store.find_channel([1; 32]).await.unwrap().is_none(), "the oldest has ended");
    let found = store.find_channel([3; 32]).await.unwrap().unwrap();
    assert_eq!((found.tokens, found.stores, found.calls.len()), (2, vec![StoreId::new("S001")], 2));
    assert!(store.remove_channel("website".into()).await.unwrap());
    assert!(store.find_channel([2; 32]).await.unwrap().is_none());
    assert!(!store.remove_channel("website".into()).await.unwrap());
}

#[tokio::test]
async fn a_clock_that_was_ahead_keeps_no_till_fresh() {
    let shop = open_store();
    let store = shop.store.clone();
    fill_shop(&store, 3).await;
    let till = TestTill::enrol(&store, "S001", "T01").await;
    let years = 5 * 365 * 86_400;
    store.save_till_seen(till.till.clone(), at(years)).await.unwrap();
    let as_of = async |store: &SqliteStore, now| {
        store.list_availability(vec!["jacket".into()], vec!["S001".into()], at(now)).await.unwrap()[0].as_of
    };
    assert_eq!(as_of(&store, 60).await, at(60), "nobody was heard in the future");
    drop(shop.store);
    assert!(store.close());
    let path = shop.folder.path().join("central.db");
    let again = SqliteStore::open(&path, OpenAs::Server([2; 16]), at(100)).unwrap();
    assert_eq!(as_of(&again, 9_000).await, at(100), "it was not heard of since the start");
}

#[tokio::test]
async fn a_start_with_a_clock_years_ahead_leaves_the_numbers_of_orders_usable() {
    let shop = open_store();
    let store = shop.store.clone();
    fill_shop(&store, 3).await;
    drop(shop.store);
    assert!(store.close());
    let path = shop.folder.path().join("central.db");
    let ahead = SqliteStore::open(&path, OpenAs::Server([2; 16]), at(5 * 365 * 86_400)).unwrap();
    let order = crate::central::testing::submit(&ahead, "A-1", "jacket", 1).await;
    assert_eq!(order.number.as_str(), "W-1010001");
}

#[tokio::test]
async fn a_till_put_back_from_a_copy_hears_which_receipts_it_gave_and_what_it_does_twice_is_found() {
    let shop = open_store();
    let store = &shop.store;
    fill_shop(store, 9).await;
    let till = TestTill::enrol(store, "S001", "T01").await;
    assert_eq!(store.find_last_receipt(till.till.clone()).await.unwrap(), None);
    let push = async |entries: Vec<ReceivedEntry>| {
        store.push(till.till.clone(), entries, SaidBeside::default(), at(20)).await.unwrap();
    };
    let mut copy = till.clone();
    let (start, sold) = (copy.start(), copy.sale("jacket", 1));
    let mut again = copy.clone();
    let first = copy.write(crate::domain::event::Event::SaleCompleted(Box::new(sold.clone())));
    let second = copy.sell("jacket", 1);
    push(vec![received(&start), received(&first), received(&second)]).await;
    assert_eq!(store.find_last_receipt(till.till.clone()).await.unwrap(), Some(2));
    assert_eq!(store.list_findings(0, 10).await.unwrap(), Vec::new());
    // The copy's open basket is sold once more, under a number that is on paper.
    let restarted = again.restart();
    let mut twice = sold;
    twice.receipt_number = 2;
    let twice = again.write(crate::domain::event::Event::SaleCompleted(Box::new(twice)));
    push(vec![received(&restarted), received(&twice)]).await;
    let found = store.list_findings(0, 10).await.unwrap();
    let mut kinds: Vec<&str> = found.iter().map(|finding| finding.kind.word()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["fork", "number_twice", "sold_twice"]);
}
