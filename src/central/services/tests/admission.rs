//! Streams end with what let their caller in.

use super::office::{add_token, refusal};
use super::*;
use crate::central::store::OfficeScope;
use crate::central::store::sqlite::{OpenAs, SqliteStore};
use crate::wire::office::v1 as proto;
use crate::wire::office::v1::office_service_client::OfficeServiceClient;

/// Why a stream ended, whatever came before.
async fn end_of<T>(stream: &mut Streaming<T>) -> (Code, String) {
    loop {
        if let Err(status) = next(stream).await {
            let reason = reason_of(&status).unwrap_or_default();
            return (status.code(), reason);
        }
    }
}

fn ended() -> (Code, String) {
    (Code::Unauthenticated, "CREDENTIALS_UNKNOWN".into())
}

#[tokio::test]
async fn a_till_that_is_shut_out_loses_its_stream_and_its_code_joins_it_no_more() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    let id = TillId { store: "S001".into(), workstation: "T01".into() };
    let mut sync = SyncServiceClient::new(house.connect().await);
    let enrol = |code: &str| till::EnrolRequest {
        code: code.into(),
        csr_pem: {
            let key = rcgen::KeyPair::generate().unwrap();
            rcgen::CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap()
        },
        journal_public_key: ed25519_dalek::SigningKey::from_bytes(&[4; 32]).verifying_key().to_bytes().to_vec(),
        software_version: "1".into(),
    };
    store.add_enrol_code(hash_secret("FIRST"), id.clone(), at(3600)).await.unwrap();
    let mut token = String::new();
    for _ in 0..2 {
        // Once more with the same key: the first answer may have been lost.
        token = sync.enrol(enrol("FIRST")).await.unwrap().into_inner().token;
    }
    store.add_enrol_code(hash_secret("SPARE"), id.clone(), at(3600)).await.unwrap();
    let mut other = TestTill::enrol(store, "S001", "T02").await;
    let start = other.start();
    sync.push(asking(&own(&other.till), push_of(&[&start]))).await.unwrap();
    let me = till_metadata(&id, &token);
    let mut stream = sync.watch(asking(&me, watch_from(0, 0))).await.unwrap().into_inner();
    let mut others = sync.watch(asking(&own(&other.till), watch_from(0, 0))).await.unwrap().into_inner();
    batch(&mut stream, till::Scope::Store).await;
    batch(&mut others, till::Scope::Store).await;

    let ana = add_token(&house, "ana", &[OfficeScope::Tills]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    let shut_out =
        |workstation: &str| proto::ShutOutTillRequest { store: "S001".into(), workstation: workstation.into() };
    house.world.turn_to(5);
    office.shut_out_till(asking(&ana, shut_out("T01"))).await.unwrap();
    assert_eq!(refusal(office.shut_out_till(asking(&ana, shut_out("T99"))).await).1, "NOT_FOUND");
    assert_eq!(end_of(&mut stream).await, ended());
    for code in ["FIRST", "SPARE"] {
        assert_eq!(refusal(sync.enrol(enrol(code)).await), (Code::PermissionDenied, "CODE_REFUSED".into()), "{code}");
    }
    assert_eq!(refusal(sync.hello(asking(&me, till::HelloRequest::default())).await).0, Code::PermissionDenied);
    // The other till's stream goes on, and what the store may promise waits for that one alone.
    submit(store, "A-1", "jacket", 1).await;
    batch(&mut others, till::Scope::Store).await;
    let figures = store.list_availability(vec!["jacket".into()], vec!["S001".into()], at(9)).await.unwrap();
    assert_eq!(figures[0].as_of, at(0), "T02 was heard then; T01 never");
    // A code given out after that joins it again.
    store.add_enrol_code(hash_secret("AGAIN"), id, at(3600)).await.unwrap();
    sync.enrol(enrol("AGAIN")).await.unwrap();
}

#[tokio::test]
async fn a_channel_that_ends_or_changes_loses_its_streams() {
    let house = House::open(Security::Plain).await;
    let calls = [CallKind::Orders, CallKind::Availability];
    let website = house.add_channel("website", &[], &calls).await;
    let market = house.add_channel("market", &["S001"], &calls).await;
    let mut orders = OrderServiceClient::new(house.connect().await);
    let mut availability = AvailabilityServiceClient::new(house.connect().await);
    let watch = |stores: &[&str]| trade::WatchAvailabilityRequest {
        cursor: String::new(),
        stores: stores.iter().map(|store| (*store).to_owned()).collect(),
    };
    let made_up = availability.watch_availability(asking(&website, watch(&["S001", "S404"]))).await;
    assert_eq!(refusal(made_up), (Code::NotFound, "NOT_FOUND".into()));
    let mut figures = availability.watch_availability(asking(&website, watch(&[]))).await.unwrap().into_inner();
    let mut followed = orders.watch_orders(asking(&website, Default::default())).await.unwrap().into_inner();
    let mut others = orders.watch_orders(asking(&market, Default::default())).await.unwrap().into_inner();
    let (documents, sent) = tokio::sync::mpsc::channel(4);
    let sent = tokio_stream::wrappers::ReceiverStream::new(sent);
    let send = |number: &str| trade::SubmitOrdersRequest {
        order: Some(trade::SubmitOrderRequest { xml: document(number, 1), ..Default::default() }),
    };
    documents.send(send("A-1")).await.unwrap();
    let mut answers = orders.submit_orders(asking(&website, sent)).await.unwrap().into_inner();
    assert_eq!(next(&mut answers).await.unwrap().result.unwrap().outcome(), trade::Outcome::Imported);

    // Head office does it from a program of its own, beside the server.
    let beside = SqliteStore::open(&house.folder.path().join("central.db"), OpenAs::Tool, at(1)).unwrap();
    assert!(beside.remove_channel("website".into()).await.unwrap());
    assert_eq!(end_of(&mut figures).await, ended());
    assert_eq!(end_of(&mut followed).await, ended());
    assert_eq!(end_of(&mut answers).await, ended());
    // Nobody takes what is sent after that; the queue may be gone.
    drop(documents.send(send("A-2")).await);
    let late = orders.submit_order(asking(&website, trade::SubmitOrderRequest::default())).await;
    assert_eq!(refusal(late), ended());
    let known = house.central.store.list_orders_by_reference("website".into(), "A-2".into()).await.unwrap();
    assert!(known.is_empty());

    let channel = beside.find_channel_named("market".into()).await.unwrap().unwrap();
    let wider = ChannelRecord { stores: vec!["S001".into(), "S002".into()], ..channel };
    beside.change_channel(wider.clone()).await.unwrap();
    assert_eq!(end_of(&mut others).await, (Code::Aborted, "CHANNEL_CHANGED".into()));
    // A second token changes nothing for those who have the first.
    let mut others = orders.watch_orders(asking(&market, Default::default())).await.unwrap().into_inner();
    next(&mut others).await.unwrap();
    let again = ChannelRecord { stores: Vec::new(), calls: Vec::new(), ..wider };
    house.central.store.save_channel(again, hash_secret("second")).await.unwrap();
    let told = house.central.store.find_channel_named("market".into()).await.unwrap().unwrap();
    assert_eq!((told.stores.len(), told.calls.len(), told.tokens), (2, 2, 2), "nothing of it changed");
    let order = document("M-1", 1);
    let request = trade::SubmitOrderRequest { xml: order, ..Default::default() };
    orders.submit_order(asking(&market, request)).await.unwrap();
    assert_eq!(next(&mut others).await.unwrap().orders.len(), 1, "the stream goes on");
    beside.close();
}

#[tokio::test]
async fn a_channel_sees_the_store_it_names_also_when_the_code_has_a_comma() {
    let house = House::open(Security::Plain).await;
    let odd = crate::central::testing::store_record("S001,S002", crate::central::store::StoreKind::Shop);
    house.central.store.save_stores(vec![odd]).await.unwrap();
    let board = house.add_channel("board", &["S001,S002"], &[CallKind::Availability]).await;
    let mut availability = AvailabilityServiceClient::new(house.connect().await);
    let ask = |stores: &[&str]| trade::GetAvailabilityRequest {
        products: vec!["jacket".into()],
        stores: stores.iter().map(|store| (*store).to_owned()).collect(),
    };
    let seen = availability.get_availability(asking(&board, ask(&[]))).await.unwrap().into_inner();
    let stores: Vec<&str> = seen.availabilities.iter().map(|figure| figure.store.as_str()).collect();
    assert_eq!(stores, ["S001,S002"]);
    let other = availability.get_availability(asking(&board, ask(&["S001"]))).await;
    assert_eq!(refusal(other), (Code::PermissionDenied, "OTHER_STORE".into()));
}
