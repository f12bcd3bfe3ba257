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
    let still = StillToCome { awaited, unsent: None };
    store.push(till.till.clone(), vec![received(&start)], still.clone(), at(10)).await.unwrap();
    assert_eq!(as_of().await, at(0), "the sale is still to come");
    store.push(till.till.clone(), vec![received(&sale)], still, at(20)).await.unwrap();
    assert_eq!(as_of().await, at(20));
    // A till that says how much there is behind them counts as heard once there is nothing.
    let told = |count: u64| {
        let unsent = Unsent { count, oldest_at: (count > 0).then(|| at(21)) };
        StillToCome { awaited: Vec::new(), unsent: Some(unsent) }
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
