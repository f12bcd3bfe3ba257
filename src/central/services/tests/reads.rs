//! What head office looks at, over real gRPC.

use super::office::{add_token, refusal};
use super::*;
use crate::central::store::OfficeScope;
use crate::central::testing::level;
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

    let stock = proto::ListStockRequest { store: "S001".into() };
    let rows = office.list_stock(asking(&ana, stock)).await.unwrap().into_inner().rows;
    let jacket = rows.iter().find(|row| row.product == "jacket").unwrap();
    let figures = [jacket.on_hand_thousandths, jacket.promised_thousandths, jacket.free_thousandths];
    assert_eq!(figures, [2000, 3000, -1000]);
    let tills = office.list_tills(asking(&ana, proto::ListTillsRequest {})).await.unwrap().into_inner().tills;
    assert_eq!((tills.len(), tills[0].workstation.as_str(), tills[0].quarantined, tills[0].forks), (1, "T01", 1, 0));

    let open = || proto::ListCasesRequest { all: false };
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
}
