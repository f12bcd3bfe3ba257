//! No call answers anyone whom it does not concern: every call there is, to everyone who may not make it.

use super::*;
use crate::wire::trade::v1::credit_service_client::CreditServiceClient;
use crate::wire::trade::v1::price_service_client::PriceServiceClient;

/// Every call there is, made with credentials, asking for what is store `S001`'s. `None` for a call that needs none.
async fn call(house: &House, method: &str, with: &MetadataMap) -> Option<Result<(), Status>> {
    let connection = house.connect().await;
    let mut sync = SyncServiceClient::new(connection.clone());
    let mut orders = OrderServiceClient::new(connection.clone());
    let mut availability = AvailabilityServiceClient::new(connection);
    let get = trade::GetOrderRequest { key: Some(trade::get_order_request::Key::OrderNumber("W-10001".into())) };
    let order = trade::SubmitOrderRequest { xml: b"<x/>".to_vec(), channel: "s001".into(), ..Default::default() };
    Some(match method {
        "till.v1.SyncService/Enrol" => return None,
        "till.v1.SyncService/Hello" => sync.hello(asking(with, till::HelloRequest::default())).await.map(drop),
        "till.v1.SyncService/Push" => sync.push(asking(with, till::PushRequest::default())).await.map(drop),
        "till.v1.SyncService/Watch" => sync.watch(asking(with, watch_from(0, 0))).await.map(drop),
        "trade.v1.OrderService/SubmitOrder" => orders.submit_order(asking(with, order)).await.map(drop),
        "trade.v1.OrderService/SubmitOrders" => {
            let documents = tokio_stream::iter([trade::SubmitOrdersRequest { order: Some(order) }]);
            match orders.submit_orders(asking(with, documents)).await {
                Ok(answers) => next(&mut answers.into_inner()).await.map(drop),
                Err(status) => Err(status),
            }
        }
        "trade.v1.OrderService/GetOrder" => orders.get_order(asking(with, get)).await.map(drop),
        "trade.v1.OrderService/WatchOrders" => {
            match orders.watch_orders(asking(with, trade::WatchOrdersRequest::default())).await {
                Err(status) => Err(status),
                Ok(frames) => {
                    let frame = next(&mut frames.into_inner()).await.unwrap();
                    assert!(frame.orders.is_empty(), "another store's orders: {:?}", frame.orders);
                    Ok(())
                }
            }
        }
        "trade.v1.AvailabilityService/GetAvailability" => {
            let ask = trade::GetAvailabilityRequest { products: vec!["jacket".into()], stores: vec!["S001".into()] };
            availability.get_availability(asking(with, ask)).await.map(drop)
        }
        "trade.v1.AvailabilityService/WatchAvailability" => {
            let ask = trade::WatchAvailabilityRequest { cursor: String::new(), stores: vec!["S001".into()] };
            availability.watch_availability(asking(with, ask)).await.map(drop)
        }
        "trade.v1.OrderService/ListProblems" => {
            let problems = orders.list_problems(asking(with, trade::ListProblemsRequest::default())).await;
            match problems {
                Err(status) => Err(status),
                Ok(answer) => {
                    let problems = answer.into_inner().problems;
                    assert!(problems.is_empty(), "another channel's problems: {problems:?}");
                    Ok(())
                }
            }
        }
        "trade.v1.PriceService/GetPrices" => {
            let ask = trade::GetPricesRequest { store: "S001".into(), ..Default::default() };
            PriceServiceClient::new(house.connect().await).get_prices(asking(with, ask)).await.map(drop)
        }
        // A customer's notes are no store's: who asks counts, and for whom.
        "trade.v1.CreditService/GetCredits" => {
            let ask = trade::GetCreditsRequest { customer: "C-1".into() };
            CreditServiceClient::new(house.connect().await).get_credits(asking(with, ask)).await.map(drop)
        }
        "trade.v1.CreditService/HoldCredit" => {
            let ask = trade::HoldCreditRequest { credit: "CN-1".into(), hold_id: "h".into(), lease_seconds: 60 };
            CreditServiceClient::new(house.connect().await).hold_credit(asking(with, ask)).await.map(drop)
        }
        "trade.v1.CreditService/ReleaseCredit" => {
            let outcome = trade::HoldOutcome::GivenBack as i32;
            let (credit, hold_id) = ("CN-1".into(), "h".into());
            let ask = trade::ReleaseCreditRequest { credit, hold_id, outcome, reference: String::new() };
            CreditServiceClient::new(house.connect().await).release_credit(asking(with, ask)).await.map(drop)
        }
        other => {
            let method = other.strip_prefix("office.v1.OfficeService/");
            let method = method.unwrap_or_else(|| panic!("{other} is new: give it a row here"));
            office::call(house.connect().await, method, with).await
        }
    })
}

/// A channel that is good for the kind of call is answered, and hears of its own alone: of nothing here.
const OF_ITS_OWN: [&str; 2] = ["trade.v1.OrderService/WatchOrders", "trade.v1.OrderService/ListProblems"];

/// Why a channel that is good for the kind of call is refused what is another's.
fn foreign_reason(method: &str) -> &'static str {
    match method.rsplit('/').next().unwrap() {
        // Another channel's order, or another customer's note, is not told from one that does not exist.
        "GetOrder" | "HoldCredit" | "ReleaseCredit" => "NOT_FOUND",
        // The request names the other channel.
        "SubmitOrder" | "SubmitOrders" => "CALL_NOT_ALLOWED",
        "GetCredits" => "OTHER_CUSTOMER",
        _ => "OTHER_STORE",
    }
}

#[tokio::test]
async fn no_call_answers_anyone_about_another_store() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    let here = TestTill::enrol(store, "S001", "T01").await;
    let there = TestTill::enrol(store, "S002", "T01").await;
    submit(store, "A-1", "jacket", 1).await;
    super::terms::bring_all(&house).await;
    // Good for every kind of call: what is refused is refused for whom it concerns.
    let every = [CallKind::Orders, CallKind::Availability, CallKind::Prices, CallKind::Credits];
    let other_channel = house.add_channel("s002", &["S002"], &every).await;
    // The order's own channel, with a token that is not good for the order's store.
    let same_channel = house.add_channel("website", &["S002"], &every).await;
    let other_customer = super::terms::add_customers_channel(&house, "anna", "C-2").await;
    let wrong_kind = house.add_channel("board", &[], &[]).await;
    let wrong_office = office::add_token(&house, "nobody", &[]).await;
    let impostor = till_metadata(&here.till, &format!("token-{}-{}", there.till.store, there.till.workstation));

    let services = prost_types::FileDescriptorSet::decode(DESCRIPTORS).unwrap();
    let mut methods = Vec::new();
    for file in services.file {
        for service in &file.service {
            let name = |method: &prost_types::MethodDescriptorProto| {
                format!("{}.{}/{}", file.package(), service.name(), method.name())
            };
            methods.extend(service.method.iter().map(name));
        }
    }
    assert!(methods.len() >= 10);
    for method in &methods {
        let is_till_call = method.starts_with("till.");
        let is_office_call = method.starts_with("office.");
        let is_credit_call = method.starts_with("trade.v1.CreditService/");
        let intruders: Vec<(&str, &MetadataMap, &str)> = match is_till_call {
            _ if is_office_call => vec![
                ("a channel", &other_channel, "CALL_NOT_ALLOWED"),
                ("an office token for nothing", &wrong_office, "CALL_NOT_ALLOWED"),
                ("a till", &impostor, "CALL_NOT_ALLOWED"),
            ],
            true => vec![
                ("another store's till", &impostor, "OTHER_STORE"),
                ("a channel", &other_channel, "CREDENTIALS_MISSING"),
            ],
            false if is_credit_call => vec![
                ("another customer's channel", &other_customer, foreign_reason(method)),
                ("a token for nothing", &wrong_kind, "CALL_NOT_ALLOWED"),
                ("a till", &impostor, "CALL_NOT_ALLOWED"),
            ],
            false => vec![
                ("another store's channel", &other_channel, foreign_reason(method)),
                ("its channel without its store", &same_channel, "OTHER_STORE"),
                ("a token for nothing", &wrong_kind, "CALL_NOT_ALLOWED"),
                ("another store's till", &impostor, "CALL_NOT_ALLOWED"),
            ],
        };
        for (who, with, expected) in intruders {
            if method.contains("SubmitOrder") && who == "its channel without its store" {
                // It may submit; the document decides for which store, and intake refuses others (its own test).
                continue;
            }
            let Some(answer) = call(&house, method, with).await else {
                assert_eq!(method, "till.v1.SyncService/Enrol", "it is asked for no credentials");
                continue;
            };
            if OF_ITS_OWN.contains(&method.as_str()) && expected == "OTHER_STORE" {
                answer.unwrap_or_else(|status| panic!("{method} to {who}: {status:?}"));
                continue;
            }
            let status = answer.expect_err(&format!("{method} answered {who}"));
            assert_eq!(reason_of(&status).as_deref(), Some(expected), "{method} to {who}: {status:?}");
        }
        if let Some(answer) = call(&house, method, &MetadataMap::new()).await {
            assert_eq!(answer.unwrap_err().code(), Code::Unauthenticated, "{method} to nobody");
        }
    }
    // A journal entry of another store's till, pushed as one's own, is put aside: the till is part of what is signed.
    let mut theirs = there.clone();
    let entry = theirs.start();
    let mut client = SyncServiceClient::new(house.connect().await);
    let answer = client.push(asking(&own(&here.till), push_of(&[&entry]))).await.unwrap().into_inner();
    assert_eq!(answer.results[0].outcome(), till::PushOutcome::Quarantined);
}
