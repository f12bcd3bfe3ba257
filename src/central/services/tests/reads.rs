//! What head office looks at, over real gRPC.

use super::office::{add_token, refusal};
use super::*;
use crate::central::store::OfficeScope;
use crate::central::testing::{level, set_stock};
use crate::wire::office::v1 as proto;
use crate::wire::office::v1::office_service_client::OfficeServiceClient;

#[tokio::test]
async fn head_office_sees_stock_tills_and_cases_and_decides() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    let ana = add_token(&house, "ana", &[OfficeScope::Read, OfficeScope::Cases]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    let mut anna = TestTill::enrol(store, "S001", "T01").await;
    let mut sync = SyncServiceClient::new(house.connect().await);
    let order = submit(store, "A-1", "jacket", 3).await;
    let (start, bad) = (anna.start(), anna.sell("scarf", 1));
    let known = level(store, "S001", "jacket").await;
    let (sale, case) = anna.sell_anyway("jacket", 1, &order.number, known);
    let mut push = push_of(&[&start, &bad, &sale]);
    push.entries[1].payload[3] ^= 1;
    sync.push(asking(&own(&anna.till), push)).await.unwrap();

    let stock = proto::ListStockRequest { store: "S001".into(), ..Default::default() };
    let rows = office.list_stock(asking(&ana, stock)).await.unwrap().into_inner().rows;
    let jacket = rows.iter().find(|row| row.product == "jacket").unwrap();
    let figures = [jacket.on_hand_thousandths, jacket.promised_thousandths, jacket.free_thousandths];
    assert_eq!(figures, [2000, 3000, -1000]);
    let tills = office.list_tills(asking(&ana, proto::ListTillsRequest {})).await.unwrap().into_inner().tills;
    assert_eq!((tills.len(), tills[0].workstation.as_str(), tills[0].quarantined, tills[0].forks), (1, "T01", 1, 0));

    let open = || proto::ListCasesRequest::default();
    let cases = office.list_cases(asking(&ana, open())).await.unwrap().into_inner().cases;
    assert_eq!((cases[0].case_id.as_str(), cases[0].state()), (case.to_string().as_str(), proto::CaseState::Open));
    let decide = |state: proto::CaseState| proto::DecideCaseRequest {
        store: "S001".into(),
        case_id: case.to_string(),
        state: state as i32,
        owner: "ben".into(),
        note: "the customer waits".into(),
    };
    let undecided = office.decide_case(asking(&ana, decide(proto::CaseState::Unspecified))).await;
    assert_eq!(refusal(undecided), (Code::InvalidArgument, "FIELD_INVALID".into()));
    office.decide_case(asking(&ana, decide(proto::CaseState::BackOrdered))).await.unwrap();
    let cases = office.list_cases(asking(&ana, open())).await.unwrap().into_inner().cases;
    assert_eq!((cases[0].owner.as_str(), cases[0].state()), ("ben", proto::CaseState::BackOrdered));
    office.decide_case(asking(&ana, decide(proto::CaseState::Substituted))).await.unwrap();
    assert_eq!(office.list_cases(asking(&ana, open())).await.unwrap().into_inner().cases, []);
}

#[tokio::test]
async fn long_lists_come_in_pages_and_nothing_is_left_out() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    let ana = add_token(&house, "ana", &[OfficeScope::Read]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    set_stock(store, "S001", "scarf", 2).await;
    set_stock(store, "S002", "jacket", 1).await;
    for of in ["", "S001"] {
        let whole = proto::ListStockRequest { store: of.into(), ..Default::default() };
        let whole = office.list_stock(asking(&ana, whole)).await.unwrap().into_inner();
        assert_eq!(whole.next_page_token, "");
        let (mut pieces, mut token) = (Vec::new(), String::new());
        loop {
            let ask = proto::ListStockRequest { store: of.into(), page_size: 1, page_token: token };
            let page = office.list_stock(asking(&ana, ask)).await.unwrap().into_inner();
            assert!(page.rows.len() <= 1);
            pieces.extend(page.rows);
            token = page.next_page_token;
            if token.is_empty() {
                break;
            }
        }
        assert!(pieces.len() > 1, "{of:?}");
        assert_eq!(pieces, whole.rows, "{of:?}");
    }

    // Two cases, due in one order: each on a page of its own.
    let mut anna = TestTill::enrol(store, "S001", "T01").await;
    let mut sync = SyncServiceClient::new(house.connect().await);
    let start = anna.start();
    sync.push(asking(&own(&anna.till), push_of(&[&start]))).await.unwrap();
    for (reference, product) in [("A-1", "jacket"), ("A-2", "scarf")] {
        let order = submit(store, reference, product, 3).await;
        let known = level(store, "S001", product).await;
        let (sale, _) = anna.sell_anyway(product, 1, &order.number, known);
        sync.push(asking(&own(&anna.till), push_of(&[&sale]))).await.unwrap();
    }
    let mut cases = Vec::new();
    let mut token = String::new();
    for _ in 0..3 {
        let ask = proto::ListCasesRequest { all: cases.len() == 1, page_size: 1, page_token: token };
        let page = office.list_cases(asking(&ana, ask)).await.unwrap().into_inner();
        cases.extend(page.cases.into_iter().map(|case| case.product));
        token = page.next_page_token;
    }
    cases.sort_unstable();
    assert_eq!((cases, token.as_str()), (vec!["jacket".to_owned(), "scarf".to_owned()], ""));
    for wrong in ["x", "[\"1\"]", "[\"a\",\"b\"]"] {
        let ask = proto::ListCasesRequest { page_token: wrong.into(), ..Default::default() };
        assert_eq!(
            refusal(office.list_cases(asking(&ana, ask)).await),
            (Code::InvalidArgument, "FIELD_INVALID".into())
        );
    }
}

#[tokio::test]
async fn no_order_that_waits_is_left_off_the_pick_lists() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    let ana = add_token(&house, "ana", &[OfficeScope::Read]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    let mut numbers = Vec::new();
    let many = crate::central::papers::ORDERS_MAX + 1;
    for reference in 0..many {
        let order = crate::central::store::OrderSubmission {
            fulfilment: crate::domain::web_order::Fulfilment::Delivery,
            ..crate::central::testing::submission(&format!("D-{reference}"), "jacket", 1)
        };
        match store.submit_order(order, 1, at(10)).await.unwrap() {
            crate::central::store::SubmitOutcome::Imported(order) => numbers.push(order.number),
            other => panic!("{other:?}"),
        }
    }
    let (mut text, mut token, mut lists) = (String::new(), String::new(), 0);
    loop {
        let ask = proto::GetPickListRequest { page_token: token, ..Default::default() };
        let list = office.get_pick_list(asking(&ana, ask)).await.unwrap().into_inner();
        text.push_str(&list.text);
        (token, lists) = (list.next_page_token, lists + 1);
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(lists, 2);
    let missing = numbers.iter().find(|number| !text.contains(number.as_str()));
    assert_eq!(missing, None);
}

#[tokio::test]
async fn files_of_head_office_hold_no_formulas() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    let ana = add_token(&house, "ana", &[OfficeScope::Read]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    let order = submit(store, "=1+1", "jacket", 1).await;
    let ask = |kind: proto::ExportKind| proto::ExportRequest { kind: kind as i32, store: String::new() };
    let mut read = async |kind| {
        let mut parts = office.export(asking(&ana, ask(kind))).await.unwrap().into_inner();
        let mut csv = Vec::new();
        while let Some(part) = parts.next().await {
            csv.extend(part.unwrap().csv);
        }
        String::from_utf8(csv).unwrap()
    };
    let orders = read(proto::ExportKind::Orders).await;
    let lines: Vec<&str> = orders.lines().collect();
    assert!(lines[0].starts_with("order,reference,channel"), "{orders}");
    assert!(lines[1].starts_with(&format!("{},'=1+1,website,S001,pick_up,received", order.number)), "{orders}");
    let stock = read(proto::ExportKind::Stock).await;
    assert!(stock.lines().any(|line| line == "S001,jacket,Product jacket,3,0,1,0,2"), "{stock}");
}

#[tokio::test]
async fn head_office_sees_what_each_till_has_not_sent() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    let ana = add_token(&house, "ana", &[OfficeScope::Read]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    let mut anna = TestTill::enrol(store, "S001", "T01").await;
    let mut sync = SyncServiceClient::new(house.connect().await);
    let mut told = async || {
        let tills = office.list_tills(asking(&ana, proto::ListTillsRequest {})).await.unwrap().into_inner().tills;
        (tills[0].unsent, tills[0].oldest_unsent_at.as_ref().map(|at| at.seconds), tills[0].unsent_as_of.is_some())
    };
    assert_eq!(told().await, (None, None, false), "nobody has heard of it");
    let (start, sales) = (anna.start(), [anna.sell("scarf", 1), anna.sell("scarf", 1)]);
    let written = start.header.recorded_at;
    let unsent = |count: u64| {
        let oldest_at = (count > 0).then(|| written.to_wire());
        Some(till::Unsent { count, oldest_at })
    };
    let tail = crate::domain::ids::JournalMark { run: anna.run, sequence: 3 }.to_wire();
    let hello = |unsent| till::HelloRequest {
        software_version: "1".into(),
        till_clock: None,
        runs: vec![tail.clone()],
        unsent,
    };
    // An older program says its marks alone.
    sync.hello(asking(&own(&anna.till), hello(None))).await.unwrap();
    assert_eq!(told().await, (Some(3), None, true));
    sync.hello(asking(&own(&anna.till), hello(unsent(1)))).await.unwrap();
    assert_eq!(told().await, (Some(3), Some(written.timestamp()), true), "central counts by its own marks");
    let some = till::PushRequest { unsent: unsent(1), ..push_of(&[&start, &sales[0]]) };
    sync.push(asking(&own(&anna.till), some)).await.unwrap();
    assert_eq!(told().await, (Some(1), Some(written.timestamp()), true));
    let rest = till::PushRequest { unsent: unsent(0), ..push_of(&[&sales[1]]) };
    sync.push(asking(&own(&anna.till), rest)).await.unwrap();
    assert_eq!(told().await, (Some(0), None, true));
    let odd = till::Unsent { count: 1, oldest_at: Some(prost_types::Timestamp { seconds: i64::MAX, nanos: 0 }) };
    let odd = sync.hello(asking(&own(&anna.till), hello(Some(odd)))).await;
    assert_eq!(refusal(odd), (Code::InvalidArgument, "FIELD_INVALID".into()));
    let beyond = Some(prost_types::Timestamp { seconds: i64::MAX, nanos: 0 });
    for odd in [
        till::PushRequest { till_clock: beyond, ..till::PushRequest::default() },
        till::PushRequest { central_clock: beyond, ..till::PushRequest::default() },
        till::PushRequest { run: vec![1, 2, 3], ..till::PushRequest::default() },
    ] {
        let refused = sync.push(asking(&own(&anna.till), odd)).await;
        assert_eq!(refusal(refused), (Code::InvalidArgument, "FIELD_INVALID".into()));
    }
}
