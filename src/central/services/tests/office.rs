//! Head office and the warehouse over real gRPC.

use super::*;
use crate::central::store::{OfficeScope, OfficeTokenRecord};
use crate::central::testing::set_stock;
use crate::wire::office::v1 as proto;
use crate::wire::office::v1::office_service_client::OfficeServiceClient;

/// A token of head office, good for these.
pub(super) async fn add_token(house: &House, name: &str, scopes: &[OfficeScope]) -> MetadataMap {
    let record = OfficeTokenRecord { name: name.into(), scopes: scopes.to_vec(), created_at: at(0) };
    let token = format!("office-{name}");
    house.central.store.save_office_token(record, hash_secret(&token)).await.unwrap();
    bearer(&token)
}

/// Every call of head office's, by its name.
pub(super) async fn call(connection: Channel, method: &str, with: &MetadataMap) -> Result<(), Status> {
    let mut office = OfficeServiceClient::new(connection);
    match method {
        "ListOrders" => office.list_orders(asking(with, Default::default())).await.map(drop),
        "GetOrder" => office.get_order(asking(with, Default::default())).await.map(drop),
        "GetOrderDocument" => office.get_order_document(asking(with, Default::default())).await.map(drop),
        "PickOrders" => office.pick_orders(asking(with, Default::default())).await.map(drop),
        "ReportShort" => office.report_short(asking(with, Default::default())).await.map(drop),
        "PackOrder" => office.pack_order(asking(with, Default::default())).await.map(drop),
        "DispatchOrder" => office.dispatch_order(asking(with, Default::default())).await.map(drop),
        "CancelOrder" => office.cancel_order(asking(with, Default::default())).await.map(drop),
        "MatchLine" => office.match_line(asking(with, Default::default())).await.map(drop),
        "TieBuyer" => office.tie_buyer(asking(with, Default::default())).await.map(drop),
        "GetPickList" => office.get_pick_list(asking(with, Default::default())).await.map(drop),
        "GetDeliveryNote" => office.get_delivery_note(asking(with, Default::default())).await.map(drop),
        "ListProblems" => office.list_problems(asking(with, Default::default())).await.map(drop),
        "GetProblem" => office.get_problem(asking(with, Default::default())).await.map(drop),
        "MendProblem" => office.mend_problem(asking(with, Default::default())).await.map(drop),
        "DismissProblem" => office.dismiss_problem(asking(with, Default::default())).await.map(drop),
        "ListChannelCounts" => office.list_channel_counts(asking(with, Default::default())).await.map(drop),
        "ListStock" => office.list_stock(asking(with, Default::default())).await.map(drop),
        "ListTills" => office.list_tills(asking(with, Default::default())).await.map(drop),
        "ListFindings" => office.list_findings(asking(with, Default::default())).await.map(drop),
        "ShutOutTill" => office.shut_out_till(asking(with, Default::default())).await.map(drop),
        "ListCases" => office.list_cases(asking(with, Default::default())).await.map(drop),
        "DecideCase" => office.decide_case(asking(with, Default::default())).await.map(drop),
        "Export" => office.export(asking(with, Default::default())).await.map(drop),
        other => panic!("{other} is new: give it a row here"),
    }
}

/// An order of so many jackets that names no store: it is sent.
async fn send_for(house: &House, website: &MetadataMap, number: &str, units: i64) -> trade::SubmitOrderResponse {
    let location = "<a:Delivery><a:DeliveryLocation><b:ID>S001</b:ID></a:DeliveryLocation></a:Delivery>";
    let xml = String::from_utf8(document(number, units)).unwrap().replace(location, "").into_bytes();
    let mut orders = OrderServiceClient::new(house.connect().await);
    let request = trade::SubmitOrderRequest { xml, ..Default::default() };
    orders.submit_order(asking(website, request)).await.unwrap().into_inner()
}

pub(super) fn refusal<T: std::fmt::Debug>(answer: Result<T, Status>) -> (Code, String) {
    let status = answer.unwrap_err();
    (status.code(), reason_of(&status).unwrap())
}

#[tokio::test]
async fn an_order_without_a_store_is_picked_packed_and_dispatched() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    set_stock(store, "W001", "jacket", 5).await;
    let website = house.add_channel("website", &[], &[CallKind::Orders]).await;
    let ana = add_token(&house, "ana", &[OfficeScope::Read, OfficeScope::Orders]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    let mut orders = OrderServiceClient::new(house.connect().await);
    let mut watched =
        orders.watch_orders(asking(&website, trade::WatchOrdersRequest::default())).await.unwrap().into_inner();
    assert!(next(&mut watched).await.unwrap().orders.is_empty());
    // A till of a shop hears nothing of what the warehouse sends.
    let shop_till = own(&TestTill::enrol(store, "S001", "T01").await.till);
    let mut sync = SyncServiceClient::new(house.connect().await);
    let mut feed = sync.watch(asking(&shop_till, watch_from(0, 0))).await.unwrap().into_inner();
    batch(&mut feed, till::Scope::Store).await;

    let taken = send_for(&house, &website, "A-1", 3).await;
    let number = taken.order_number;
    assert_eq!((taken.store.as_str(), taken.state), ("W001", trade::OrderState::AwaitingPicking as i32));
    assert_eq!(figures(store, "W001", "jacket").await, "5 0 3 2");

    let pick = proto::PickOrdersRequest { order_numbers: vec![number.clone(), "W-9".into()], picker: String::new() };
    let picked = office.pick_orders(asking(&ana, pick)).await.unwrap().into_inner();
    assert!(picked.pick_list.contains("PICK LIST") && picked.pick_list.contains("x 3"), "{}", picked.pick_list);
    assert_eq!(picked.results[0].order.as_ref().unwrap().picker, "ana");
    assert_eq!(picked.results[1].refusal, "there is no order W-9");

    let short = proto::ReportShortRequest {
        order_number: number.clone(),
        line: 1,
        quantity_thousandths: 1000,
        request_id: uuid::Uuid::new_v4().to_string(),
    };
    for _ in 0..2 {
        office.report_short(asking(&ana, short.clone())).await.unwrap();
    }
    let carrier = |tracking: &str| proto::DispatchOrderRequest {
        order_number: number.clone(),
        carrier: "PostNL".into(),
        tracking_number: tracking.into(),
        request_id: String::new(),
    };
    let early = office.dispatch_order(asking(&ana, carrier("3S1"))).await;
    assert_eq!(refusal(early), (Code::FailedPrecondition, "NOT_IN_STATE".into()));
    let pack = proto::PackOrderRequest { order_number: number.clone(), request_id: String::new() };
    let packed = office.pack_order(asking(&ana, pack)).await.unwrap().into_inner().order.unwrap();
    assert_eq!(packed.state(), trade::OrderState::Packed);
    assert_eq!((packed.lines[0].picked_thousandths, packed.lines[0].cancelled_thousandths), (2000, 1000));
    assert_eq!(figures(store, "W001", "jacket").await, "5 2 0 3");
    let nameless = office.dispatch_order(asking(&ana, carrier(" "))).await;
    assert_eq!(nameless.unwrap_err().code(), Code::FailedPrecondition);
    let gone = office.dispatch_order(asking(&ana, carrier("3SABCD"))).await.unwrap().into_inner().order.unwrap();
    assert_eq!((gone.state(), gone.tracking_number.as_str()), (trade::OrderState::Dispatched, "3SABCD"));
    assert_eq!(figures(store, "W001", "jacket").await, "3 0 0 3");
    assert_eq!(store.list_level_faults().await.unwrap(), []);
    let again = office.dispatch_order(asking(&ana, carrier("3SABCD"))).await;
    assert_eq!(refusal(again), (Code::FailedPrecondition, "NOT_IN_STATE".into()));

    let note = proto::GetDeliveryNoteRequest { order_number: number.clone(), columns: 0 };
    let note = office.get_delivery_note(asking(&ana, note)).await.unwrap().into_inner().text;
    for said in ["DELIVERY NOTE", &number, "A-1", "PostNL", "3SABCD"] {
        assert!(note.contains(said), "{said}: {note}");
    }
    let known = proto::GetOrderRequest { order_number: number.clone() };
    let acts = office.get_order(asking(&ana, known)).await.unwrap().into_inner().acts;
    let told: Vec<_> = acts.iter().map(|act| (act.person.as_str(), act.act.as_str(), act.note.as_str())).collect();
    let expected = [("pick", ""), ("report_short", "line 1: 1"), ("pack", ""), ("dispatch", "PostNL 3SABCD")];
    assert_eq!(told, expected.map(|(act, note)| ("ana", act, note)));

    // The website saw it all, and the shop's till nothing of it.
    let mut seen = Vec::new();
    while seen.last() != Some(&trade::OrderState::Dispatched) {
        let frame = next(&mut watched).await.unwrap();
        for order in frame.orders {
            seen.push(order.state());
            assert_eq!(order.tracking_number == "3SABCD", order.state() == trade::OrderState::Dispatched);
        }
    }
    assert!(seen.is_sorted(), "{seen:?}");
    set_stock(store, "S001", "jacket", 7).await;
    let (changes, _) = batch(&mut feed, till::Scope::Store).await;
    let told_of_orders = changes.iter().any(|one| matches!(one.change, Some(till::change::Change::Order(_))));
    assert!(!told_of_orders, "{changes:?}");
}

#[tokio::test]
async fn head_office_cancels_lists_and_pages() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    set_stock(store, "W001", "jacket", 9).await;
    let website = house.add_channel("website", &[], &[CallKind::Orders]).await;
    let ana = add_token(&house, "ana", &[OfficeScope::Read, OfficeScope::Orders]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    let mut numbers = Vec::new();
    for reference in ["A-1", "A-2", "A-3"] {
        numbers.push(send_for(&house, &website, reference, 1).await.order_number);
    }
    let collected = submit(store, "P-1", "jacket", 1).await;
    let cancel = proto::CancelOrderRequest {
        order_number: numbers[1].clone(),
        reason: "bought\u{7} elsewhere".into(),
        request_id: String::new(),
    };
    let cancelled = office.cancel_order(asking(&ana, cancel)).await.unwrap().into_inner().order.unwrap();
    assert_eq!(cancelled.state(), trade::OrderState::Cancelled);
    assert_eq!(figures(store, "W001", "jacket").await, "9 0 2 7");
    let acts = store.list_order_acts(numbers[1].as_str().into()).await.unwrap();
    assert_eq!((acts[0].act.as_str(), acts[0].note.as_str()), ("cancel", "bought elsewhere"));

    let ask = |store: &str, page_token: &str| proto::ListOrdersRequest {
        store: store.into(),
        page_size: 2,
        page_token: page_token.into(),
        ..Default::default()
    };
    let first = office.list_orders(asking(&ana, ask("W001", ""))).await.unwrap().into_inner();
    let second = office.list_orders(asking(&ana, ask("W001", &first.next_page_token))).await.unwrap().into_inner();
    let listed: Vec<&str> =
        first.orders.iter().chain(&second.orders).map(|order| order.order_number.as_str()).collect();
    assert_eq!(listed, numbers);
    assert_eq!(second.next_page_token, "");
    let state = trade::OrderState::Cancelled as i32;
    let by_state = proto::ListOrdersRequest { state, ..Default::default() };
    let found = office.list_orders(asking(&ana, by_state)).await.unwrap().into_inner().orders;
    assert_eq!(found.iter().map(|order| order.order_number.as_str()).collect::<Vec<_>>(), [numbers[1].as_str()]);

    // What waits for picking is what is sent, not what is collected, nor what is cancelled.
    let list = proto::GetPickListRequest { store: String::new(), ..Default::default() };
    let text = office.get_pick_list(asking(&ana, list)).await.unwrap().into_inner().text;
    assert!(text.contains(&numbers[0]) && text.contains(&numbers[2]), "{text}");
    assert!(!text.contains(&numbers[1]) && !text.contains(collected.number.as_str()), "{text}");
    let pick = proto::PickOrdersRequest { order_numbers: vec![collected.number.to_string()], picker: "ben".into() };
    let picked = office.pick_orders(asking(&ana, pick)).await.unwrap().into_inner();
    assert!(picked.results[0].refusal.contains("collected in a store"), "{:?}", picked.results);
    assert_eq!(picked.pick_list, "");

    // A token that only reads does nothing else; a channel's is none of head office's.
    let reader = add_token(&house, "reader", &[OfficeScope::Read]).await;
    let pack = || proto::PackOrderRequest { order_number: numbers[0].clone(), request_id: String::new() };
    let refused = (Code::PermissionDenied, "CALL_NOT_ALLOWED".to_owned());
    assert_eq!(refusal(office.pack_order(asking(&reader, pack())).await), refused);
    assert_eq!(refusal(office.pack_order(asking(&website, pack())).await), refused);
    store.remove_office_tokens("ana".into()).await.unwrap();
    let ended = (Code::Unauthenticated, "CREDENTIALS_UNKNOWN".to_owned());
    assert_eq!(refusal(office.pack_order(asking(&ana, pack())).await), ended);
    let clumsy = proto::PackOrderRequest { request_id: "not a uuid".into(), ..pack() };
    let ben = add_token(&house, "ben", &[OfficeScope::Orders]).await;
    let invalid = (Code::InvalidArgument, "FIELD_INVALID".to_owned());
    assert_eq!(refusal(office.pack_order(asking(&ben, clumsy)).await), invalid);
}

#[tokio::test]
async fn an_identity_that_did_one_act_does_no_other() {
    let house = House::open(Security::Plain).await;
    set_stock(&house.central.store, "W001", "jacket", 5).await;
    let website = house.add_channel("website", &[], &[CallKind::Orders]).await;
    let ana = add_token(&house, "ana", &[OfficeScope::Orders]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    let number = send_for(&house, &website, "A-1", 3).await.order_number;
    let pick = proto::PickOrdersRequest { order_numbers: vec![number.clone()], ..Default::default() };
    office.pick_orders(asking(&ana, pick)).await.unwrap();
    let request_id = uuid::Uuid::from_u128(7).to_string();
    let short = |line: u32, units: i64| proto::ReportShortRequest {
        order_number: number.clone(),
        line,
        quantity_thousandths: units * 1000,
        request_id: request_id.clone(),
    };
    for _ in 0..2 {
        office.report_short(asking(&ana, short(1, 1))).await.unwrap();
    }
    let other = (Code::InvalidArgument, "FIELD_INVALID".to_owned());
    assert_eq!(refusal(office.report_short(asking(&ana, short(1, 2))).await), other);
    let pack = proto::PackOrderRequest { order_number: number.clone(), request_id: request_id.clone() };
    assert_eq!(refusal(office.pack_order(asking(&ana, pack)).await), other);
    let order = house.central.store.find_order(number.into()).await.unwrap().unwrap();
    assert_eq!((order.state, order.lines[0].short), (crate::domain::web_order::OrderState::Picking, Quantity::ONE));
}

#[tokio::test]
async fn head_office_cancels_nothing_that_the_customer_has_in_part() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    let order = submit(store, "A-1", "jacket", 2).await;
    let mut anna = TestTill::enrol(store, "S001", "T01").await;
    let what = || LineQuantity { line: 1, quantity: Quantity::ONE };
    let mut entries = vec![anna.start()];
    let hand_over = OrderStep::HandedOver { lines: vec![what()], collector: "A".into(), proof: CollectionProof::Code };
    for step in [OrderStep::Picked { what: what(), bay: None }, hand_over] {
        let products = vec![(1, "jacket".into())];
        entries.push(anna.write(Event::OrderStepped { order: order.number.clone(), step, products }));
    }
    let mut sync = SyncServiceClient::new(house.connect().await);
    let all: Vec<&SealedEntry> = entries.iter().collect();
    sync.push(asking(&own(&anna.till), push_of(&all))).await.unwrap();
    let ana = add_token(&house, "ana", &[OfficeScope::Orders, OfficeScope::Read]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    let cancel = proto::CancelOrderRequest { order_number: order.number.to_string(), ..Default::default() };
    let refused = office.cancel_order(asking(&ana, cancel)).await.unwrap_err();
    assert_eq!(reason_of(&refused).as_deref(), Some("NOT_IN_STATE"));
    assert!(refused.message().contains("its customer has 1 of line 1 already"), "{}", refused.message());

    // A second hand-over is shown to head office, with the till that did it.
    let twice = OrderStep::HandedOver {
        lines: vec![LineQuantity { line: 1, quantity: Quantity::units(2) }],
        collector: "B".into(),
        proof: CollectionProof::Code,
    };
    let twice = anna.write(Event::OrderStepped {
        order: order.number.clone(),
        step: twice,
        products: vec![(1, "jacket".into())],
    });
    sync.push(asking(&own(&anna.till), push_of(&[&twice]))).await.unwrap();
    let ask = proto::ListFindingsRequest { page_size: 1, page_token: String::new() };
    let found = office.list_findings(asking(&ana, ask)).await.unwrap().into_inner();
    let finding = &found.findings[0];
    assert_eq!((finding.kind(), finding.workstation.as_str()), (proto::FindingKind::Misfit, "T01"));
    assert_eq!(finding.order_number, order.number.as_str());
    assert_eq!(finding.what, "1 of line 1 were handed over beyond what was owed");
    let rest = proto::ListFindingsRequest { page_size: 1000, page_token: found.next_page_token };
    assert!(office.list_findings(asking(&ana, rest)).await.unwrap().into_inner().next_page_token.is_empty());
    let odd = proto::ListFindingsRequest { page_size: 0, page_token: "x".into() };
    assert_eq!(refusal(office.list_findings(asking(&ana, odd)).await).1, "FIELD_INVALID");
}
