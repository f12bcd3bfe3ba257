//! Held items over real gRPC: from the order that names them to the till that may pick them.

use super::office::{add_token, refusal};
use super::*;
use crate::central::store::OfficeScope;
use crate::wire::office::v1 as proto;
use crate::wire::office::v1::office_service_client::OfficeServiceClient;

#[tokio::test]
async fn a_till_sees_a_held_line_and_may_pick_it_once_head_office_has_matched_it() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    let channel = ChannelRecord {
        channel: "depot".into(),
        kind: ChannelKind::Customer,
        customer: None,
        stores: Vec::new(),
        calls: vec![CallKind::Orders],
        unknown: UnknownPolicy::Hold,
        created_at: at(0),
        tokens: 0,
    };
    store.save_channel(channel, hash_secret("depot")).await.unwrap();
    let depot = bearer("depot");
    let me = own(&TestTill::enrol(store, "S001", "T01").await.till);
    let mut till = SyncServiceClient::new(house.connect().await);
    let mut stream = till.watch(asking(&me, watch_from(0, 0))).await.unwrap().into_inner();
    batch(&mut stream, till::Scope::Store).await;

    let xml = String::from_utf8(document("A-1", 1)).unwrap().replace(">jacket<", ">jakket<").into_bytes();
    let mut orders = OrderServiceClient::new(house.connect().await);
    let request = trade::SubmitOrderRequest { xml, ..Default::default() };
    let taken = orders.submit_order(asking(&depot, request)).await.unwrap().into_inner();
    assert_eq!((taken.outcome(), taken.problems[0].severity()), (trade::Outcome::Imported, trade::Severity::Warning));
    let response = String::from_utf8(taken.response_document.clone()).unwrap();
    assert!(response.contains("held: 1 item to match"), "{response}");
    let seen = async |stream: &mut Streaming<till::WatchResponse>| loop {
        let (changes, _) = batch(stream, till::Scope::Store).await;
        let order = changes.into_iter().find_map(|change| match change.change {
            Some(till::change::Change::Order(order)) => Some(order),
            _ => None,
        });
        if let Some(order) = order {
            break order;
        }
    };
    let order = seen(&mut stream).await;
    assert_eq!((order.lines.len(), order.unmatched_lines[0].sellers_number.as_deref()), (0, Some("jakket")));
    let key = trade::get_order_request::Key::OrderNumber(taken.order_number.clone());
    let get = || trade::GetOrderRequest { key: Some(key.clone()) };
    let told = orders.get_order(asking(&depot, get())).await.unwrap().into_inner().order.unwrap();
    assert_eq!(told.held_items, 1);

    let ana = add_token(&house, "ana", &[OfficeScope::Read, OfficeScope::Orders]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    let held = proto::ListOrdersRequest { held: true, ..Default::default() };
    let listed = office.list_orders(asking(&ana, held.clone())).await.unwrap().into_inner().orders;
    assert_eq!((listed.len(), listed[0].held.as_str()), (1, "held: 1 item to match"));
    let ask = |line, product: &str| proto::MatchLineRequest {
        order_number: taken.order_number.clone(),
        line,
        product: product.into(),
        ..Default::default()
    };
    let unknown = office.match_line(asking(&ana, ask(1, "jakket"))).await;
    assert_eq!(refusal(unknown), (Code::InvalidArgument, "FIELD_INVALID".into()));
    let nowhere = office.match_line(asking(&ana, ask(9, "jacket"))).await;
    assert_eq!(refusal(nowhere), (Code::NotFound, "NOT_FOUND".into()));
    let request_id = uuid::Uuid::new_v4().to_string();
    let ask_as = |line, product: &str| proto::MatchLineRequest { request_id: request_id.clone(), ..ask(line, product) };
    for _ in 0..2 {
        let order = office.match_line(asking(&ana, ask_as(1, "jacket"))).await.unwrap().into_inner().order.unwrap();
        assert_eq!((order.held.as_str(), order.lines[0].product.as_str()), ("", "jacket"));
    }
    // An act's name is good for that act alone.
    let taken_name = proto::CancelOrderRequest {
        order_number: taken.order_number.clone(),
        request_id: request_id.clone(),
        ..Default::default()
    };
    let reused = office.cancel_order(asking(&ana, taken_name)).await;
    assert_eq!(refusal(reused), (Code::InvalidArgument, "FIELD_INVALID".into()));
    let order = seen(&mut stream).await;
    assert_eq!((order.lines[0].product.as_str(), order.unmatched_lines.len()), ("jacket", 0));
    assert_eq!(figures(store, "S001", "jacket").await, "3 0 1 2");
    let other = office.match_line(asking(&ana, ask(1, "scarf"))).await;
    assert_eq!(refusal(other), (Code::FailedPrecondition, "NOT_IN_STATE".into()));
    let told = orders.get_order(asking(&depot, get())).await.unwrap().into_inner().order.unwrap();
    assert_eq!((told.held_items, told.lines.len()), (0, 1));

    let tie = |customer: &str| proto::TieBuyerRequest {
        order_number: taken.order_number.clone(),
        customer: customer.into(),
        remember: false,
    };
    let unknown = office.tie_buyer(asking(&ana, tie("C-9"))).await;
    assert_eq!(refusal(unknown), (Code::InvalidArgument, "FIELD_INVALID".into()));
    let customer = crate::domain::customer::Customer {
        id: "C-9".into(),
        name: "Depot".into(),
        group: None,
        identities: Vec::new(),
    };
    store.save_customers(vec![customer]).await.unwrap();
    let tied = office.tie_buyer(asking(&ana, tie("C-9"))).await.unwrap().into_inner().order.unwrap();
    assert_eq!(tied.customer, "C-9");
    let get = proto::GetOrderRequest { order_number: taken.order_number.clone() };
    let shown = office.get_order(asking(&ana, get)).await.unwrap().into_inner();
    let acts: Vec<&str> = shown.acts.iter().map(|act| act.act.as_str()).collect();
    assert_eq!((shown.order.unwrap().customer.as_str(), acts), ("C-9", vec!["match", "tie"]));
}
