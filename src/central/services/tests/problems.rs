//! Problem orders over real gRPC: from the first refusal to the order, or to the channel's knowing why not.

use super::office::{add_token, refusal};
use super::*;
use crate::central::store::{
    ChannelAnswer, FileChannel, FileLook, OfficeScope, ProblemFilter, ProblemSettlement, ProblemState,
};
use crate::central::testing::at;
use crate::wire::office::v1 as proto;
use crate::wire::office::v1::office_service_client::OfficeServiceClient;

#[tokio::test]
async fn a_problem_order_is_shown_mended_and_comes_in_as_its_channel() {
    let house = House::open(Security::Plain).await;
    let website = house.add_channel("website", &["S001"], &[CallKind::Orders]).await;
    let ana = add_token(&house, "ana", &[OfficeScope::Read, OfficeScope::Problems]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    let mut orders = OrderServiceClient::new(house.connect().await);
    let submit_xml = |xml: Vec<u8>| trade::SubmitOrderRequest { xml, ..Default::default() };
    let wrong = String::from_utf8(document("A-1", 1)).unwrap().replace(">jacket<", ">jakket<");
    let first =
        orders.submit_order(asking(&website, submit_xml(wrong.clone().into_bytes()))).await.unwrap().into_inner();
    let again =
        orders.submit_order(asking(&website, submit_xml(wrong.clone().into_bytes()))).await.unwrap().into_inner();
    assert_eq!((first.outcome(), &first.problem_id), (trade::Outcome::Problem, &again.problem_id));
    let good = || submit_xml(document("A-2", 1));
    for _ in 0..2 {
        orders.submit_order(asking(&website, good())).await.unwrap();
    }

    let list = |state: proto::ProblemState| proto::ListProblemsRequest {
        channel: "website".into(),
        state: state as i32,
        ..Default::default()
    };
    let open = office.list_problems(asking(&ana, list(proto::ProblemState::Open))).await.unwrap().into_inner().problems;
    let told: Vec<_> = open.iter().map(|one| (one.sender_reference.as_str(), one.times)).collect();
    assert_eq!(told, [("A-1", 2)]);
    let name = open[0].problem_id.clone();
    let get = proto::GetProblemRequest { problem_id: name.clone() };
    let shown = office.get_problem(asking(&ana, get.clone())).await.unwrap().into_inner();
    assert_eq!(shown.document, wrong.as_bytes());
    let problem = &shown.problem.as_ref().unwrap().problems[0];
    assert_eq!((problem.code.as_str(), problem.value.as_str()), ("ITEM_UNKNOWN", "jakket"));
    let (line, caret) = shown.places[0].split_once('\n').unwrap();
    assert_eq!(line.find("<b:ID>jakket"), Some(caret.len() - 1), "{}", shown.places[0]);

    // Mended with another fault it is a problem of its own; put right it is an order; both are kept.
    let mend = |problem_id: &str, text: &str| proto::MendProblemRequest {
        problem_id: problem_id.into(),
        document: text.as_bytes().to_vec(),
    };
    let unchanged = office.mend_problem(asking(&ana, mend(&name, ""))).await.unwrap().into_inner().results;
    assert_eq!((unchanged[0].outcome(), &unchanged[0].problem_id), (trade::Outcome::Problem, &name));
    house.world.turn_to(1);
    let half = wrong.replace("89.90", "nothing").replace("jakket", "jacket");
    let half = office.mend_problem(asking(&ana, mend(&name, &half))).await.unwrap().into_inner().results;
    assert_eq!((half[0].outcome(), half[0].problems[0].code.as_str()), (trade::Outcome::Problem, "PRICE_INVALID"));
    let settled = office.mend_problem(asking(&ana, mend(&name, &wrong))).await;
    assert_eq!(refusal(settled), (Code::FailedPrecondition, "NOT_IN_STATE".into()));
    let right = wrong.replace("jakket", "jacket");
    let done = office.mend_problem(asking(&ana, mend(&half[0].problem_id, &right))).await.unwrap().into_inner().results;
    assert_eq!(done[0].outcome(), trade::Outcome::Imported);
    let resubmitted = list(proto::ProblemState::Resubmitted);
    let both = office.list_problems(asking(&ana, resubmitted)).await.unwrap().into_inner().problems;
    let successors: Vec<_> = both.iter().map(|one| (one.successor.as_str(), one.person.as_str())).collect();
    assert_eq!(successors, [(half[0].problem_id.as_str(), "ana"), (done[0].order_number.as_str(), "ana")]);
    // It is the channel's order like any other.
    let key = trade::get_order_request::Key::SenderReference("A-1".into());
    let known = orders.get_order(asking(&website, trade::GetOrderRequest { key: Some(key) })).await.unwrap();
    assert_eq!(known.into_inner().order.unwrap().order_number, done[0].order_number);

    let counts = office.list_channel_counts(asking(&ana, proto::ListChannelCountsRequest {})).await.unwrap();
    let count = counts.into_inner().counts.remove(0);
    let figures = [count.received, count.imported, count.duplicates, count.problems, count.open];
    // Two of A-1, twice A-2; then unchanged, half mended, mended.
    assert_eq!(figures, [7, 2, 1, 4, 0]);
    assert_eq!(count.oldest_open_at, None);
}

#[tokio::test]
async fn since_when_a_problem_and_a_file_have_waited_is_told() {
    let house = House::open(Security::Plain).await;
    let website = house.add_channel("website", &[], &[CallKind::Orders]).await;
    let ana = add_token(&house, "ana", &[OfficeScope::Read]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    let mut orders = OrderServiceClient::new(house.connect().await);
    let mut kept = Vec::new();
    for second in [5, 9] {
        house.world.turn_to(second);
        let xml = format!("<broken{second}").into_bytes();
        let request = trade::SubmitOrderRequest { xml, ..Default::default() };
        kept.push(orders.submit_order(asking(&website, request)).await.unwrap().into_inner().problem_id);
    }
    let mut told = async || {
        let counts = office.list_channel_counts(asking(&ana, proto::ListChannelCountsRequest {})).await.unwrap();
        let count = counts.into_inner().counts.remove(0);
        let files = count.files.map(|files| (files.waiting, files.oldest_waiting_at.map(|at| at.seconds)));
        (count.open, count.oldest_open_at.map(|at| at.seconds), files)
    };
    let since = |second: i64| Some(at(second).timestamp());
    assert_eq!(told().await, (2, since(5), None));
    let first = uuid::Uuid::parse_str(&kept[0]).unwrap().into_bytes();
    let dismissed = ProblemSettlement {
        problem: first,
        state: ProblemState::Dismissed,
        person: "Eva".into(),
        reason: "cut off".into(),
        successor: String::new(),
        answer: ChannelAnswer::default(),
    };
    assert!(house.central.store.settle_problem(dismissed, at(10)).await.unwrap());
    assert_eq!(told().await, (1, since(9), None), "the next one is the oldest now");
    // The channel has a folder as well, in which two files wait.
    let channel = house.central.store.list_channels().await.unwrap().remove(0);
    let settings = FileChannel {
        channel: "website".into(),
        place: "folder:/srv/orders".into(),
        every_seconds: 300,
        fingerprint: None,
        outbound: None,
        tag: "a1b2c3d4".into(),
    };
    house.central.store.save_file_channel(channel, settings).await.unwrap();
    let look = FileLook {
        channel: "website".into(),
        looked_at: at(20),
        error: None,
        waiting: Some(2),
        oldest_waiting_at: Some(at(7)),
    };
    house.central.store.save_file_look(look.clone()).await.unwrap();
    assert_eq!(told().await, (1, since(9), Some((2, since(7)))));
    // A look that saw nothing leaves what was known; one that saw nobody wait says so.
    let failed = FileLook { error: Some("gone".into()), waiting: None, oldest_waiting_at: None, ..look.clone() };
    house.central.store.save_file_look(failed).await.unwrap();
    assert_eq!(told().await.2, Some((2, since(7))));
    house.central.store.save_file_look(FileLook { waiting: Some(0), oldest_waiting_at: None, ..look }).await.unwrap();
    assert_eq!(told().await.2, Some((0, None)));
}

#[tokio::test]
async fn a_dismissed_problem_tells_its_channel_why() {
    let house = House::open(Security::Plain).await;
    let website = house.add_channel("website", &[], &[CallKind::Orders]).await;
    let market = house.add_channel("market", &[], &[CallKind::Orders]).await;
    let ana = add_token(&house, "ana", &[OfficeScope::Problems]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    let mut orders = OrderServiceClient::new(house.connect().await);
    let broken = trade::SubmitOrderRequest { xml: b"<broken".to_vec(), ..Default::default() };
    let kept = orders.submit_order(asking(&website, broken.clone())).await.unwrap().into_inner().problem_id;
    let dismiss = |problem_id: &str, reason: &str| proto::DismissProblemRequest {
        problem_id: problem_id.into(),
        reason: reason.into(),
    };
    let silent = office.dismiss_problem(asking(&ana, dismiss(&kept, " "))).await;
    assert_eq!(refusal(silent), (Code::InvalidArgument, "FIELD_INVALID".into()));
    let unknown = office.dismiss_problem(asking(&ana, dismiss(&uuid::Uuid::nil().to_string(), "no"))).await;
    assert_eq!(refusal(unknown), (Code::NotFound, "NOT_FOUND".into()));
    office.dismiss_problem(asking(&ana, dismiss(&kept, "cut off: send it again"))).await.unwrap();
    let twice = office.dismiss_problem(asking(&ana, dismiss(&kept, "no"))).await;
    assert_eq!(refusal(twice), (Code::FailedPrecondition, "NOT_IN_STATE".into()));

    let ask = trade::ListProblemsRequest::default;
    let told = orders.list_problems(asking(&website, ask())).await.unwrap().into_inner().problems;
    assert_eq!((told[0].problem_id.as_str(), told[0].state()), (kept.as_str(), trade::ProblemState::Dismissed));
    assert_eq!(told[0].reason, "cut off: send it again");
    assert_eq!(orders.list_problems(asking(&market, ask())).await.unwrap().into_inner().problems, []);
    // Sent again as it was, it waits again.
    orders.submit_order(asking(&website, broken)).await.unwrap();
    let told = orders.list_problems(asking(&website, ask())).await.unwrap().into_inner().problems;
    assert_eq!((told[0].state(), told[0].reason.as_str()), (trade::ProblemState::Open, ""));
}

#[tokio::test]
async fn each_document_is_a_line_in_the_log_that_names_nobody() {
    let (log, _listening) = Log::listen();
    let house = House::open(Security::Plain).await;
    let website = house.add_channel("website", &["S001"], &[CallKind::Orders]).await;
    let mut orders = OrderServiceClient::new(house.connect().await);
    let good = document("A-1", 1);
    let bad = String::from_utf8(document("A-2", 1)).unwrap().replace(">jacket<", ">jakket<").into_bytes();
    for xml in [good.clone(), good, bad, b"no XML".to_vec()] {
        orders.submit_order(asking(&website, trade::SubmitOrderRequest { xml, ..Default::default() })).await.unwrap();
    }
    let said = log.said();
    let lines: Vec<&str> = said.lines().filter(|line| line.contains("document taken")).collect();
    let expected = [
        "orders=1 imported=1 duplicates=0 problems=0 codes=\"\"",
        "orders=1 imported=0 duplicates=1 problems=0 codes=\"\"",
        "orders=1 imported=0 duplicates=0 problems=1 codes=\"ITEM_UNKNOWN\"",
        "orders=1 imported=0 duplicates=0 problems=1 codes=\"XML_NOT_WELL_FORMED\"",
    ];
    assert_eq!(lines.len(), expected.len(), "{said}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.contains("channel=website bytes=") && line.contains(expected), "{line}");
        assert!(!["A-1", "A-2", "W-1", "jakket", "anna"].iter().any(|text| line.contains(text)), "{line}");
    }
}

#[tokio::test]
async fn lists_of_problems_go_page_by_page_to_the_newest_and_a_channel_keeps_no_more_than_can_be_seen_to() {
    let house = House::open(Security::Plain).await;
    let website = house.add_channel("website", &[], &[CallKind::Orders]).await;
    let ana = add_token(&house, "ana", &[OfficeScope::Read]).await;
    let mut orders = OrderServiceClient::new(house.connect().await);
    let mut office = OfficeServiceClient::new(house.connect().await);
    for number in 0..5 {
        house.world.turn_to(number);
        let xml = format!("<broken{number}").into_bytes();
        orders.submit_order(asking(&website, trade::SubmitOrderRequest { xml, ..Default::default() })).await.unwrap();
    }
    let (mut told, mut token) = (Vec::new(), String::new());
    for pages in 1.. {
        let ask = trade::ListProblemsRequest { page_size: 2, page_token: token };
        let page = orders.list_problems(asking(&website, ask)).await.unwrap().into_inner();
        told.extend(page.problems.into_iter().map(|problem| problem.received_at.unwrap().seconds));
        token = page.next_page_token;
        if token.is_empty() {
            assert_eq!(pages, 3);
            break;
        }
    }
    let moments: Vec<i64> = (0..5).map(|second| at(second).timestamp()).collect();
    assert_eq!(told, moments);
    let odd = trade::ListProblemsRequest { page_size: 0, page_token: "x".into() };
    assert_eq!(
        refusal(orders.list_problems(asking(&website, odd)).await),
        (Code::InvalidArgument, "FIELD_INVALID".into())
    );
    let ask = proto::ListProblemsRequest { page_size: 4, ..Default::default() };
    let first = office.list_problems(asking(&ana, ask)).await.unwrap().into_inner();
    let ask = proto::ListProblemsRequest { page_size: 4, page_token: first.next_page_token, ..Default::default() };
    let rest = office.list_problems(asking(&ana, ask)).await.unwrap().into_inner();
    assert_eq!((first.problems.len(), rest.problems.len(), rest.next_page_token.as_str()), (4, 1, ""));

    // As many as a channel may have, put there from outside: the next is refused, and the same again is not.
    let outside = rusqlite::Connection::open(house.folder.path().join("central.db")).unwrap();
    outside
        .execute_batch(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9995)
             INSERT INTO problem_order (problem, channel, reference, problems, state, received_at, times)
             SELECT randomblob(16), 'website', '', '[]', 'open', 0, 1 FROM n",
        )
        .unwrap();
    let next = trade::SubmitOrderRequest { xml: b"<another".to_vec(), ..Default::default() };
    let full = orders.submit_order(asking(&website, next)).await.unwrap_err();
    assert_eq!((full.code(), reason_of(&full).as_deref()), (Code::ResourceExhausted, Some("TOO_MANY_PROBLEMS")));
    assert!(full.message().contains("10000 documents that wait for head office"), "{}", full.message());
    let known = trade::SubmitOrderRequest { xml: b"<broken0".to_vec(), ..Default::default() };
    let again = orders.submit_order(asking(&website, known)).await.unwrap().into_inner();
    assert_eq!(again.outcome(), trade::Outcome::Problem);
    let good = trade::SubmitOrderRequest { xml: document("A-1", 1), ..Default::default() };
    assert_eq!(
        orders.submit_order(asking(&website, good)).await.unwrap().into_inner().outcome(),
        trade::Outcome::Imported
    );
}

/// What is too large to be read is refused with the limit in it, and head office has it among the channel's problems, once a day.
#[tokio::test]
async fn a_message_too_large_to_be_read_is_a_problem_at_head_office() {
    let house = House::open(Security::Plain).await;
    let website = house.add_channel("website", &[], &[CallKind::Orders]).await;
    let asks = house.add_channel("asks", &[], &[CallKind::Availability]).await;
    let mut orders = OrderServiceClient::new(house.connect().await);
    let huge = || trade::SubmitOrderRequest { xml: vec![b'<'; 5 * 1024 * 1024], ..Default::default() };
    let check = |refused: &tonic::Status| {
        assert_eq!(
            (refused.code(), reason_of(refused).as_deref()),
            (Code::ResourceExhausted, Some("MESSAGE_TOO_LARGE"))
        );
        assert_eq!(refused.message(), "the message has more than 4194304 bytes and was not read");
    };
    let store = &house.central.store;
    let filter = || ProblemFilter { channel: None, state: None, after: None, problems_max: 10 };
    // Whose it is must be known, and that orders may come from there.
    check(&orders.submit_order(asking(&asks, huge())).await.unwrap_err());
    check(&orders.submit_order(huge()).await.unwrap_err());
    assert!(store.list_problems(filter()).await.unwrap().is_empty());
    for _ in 0..2 {
        check(&orders.submit_order(asking(&website, huge())).await.unwrap_err());
    }
    let one_order = trade::SubmitOrdersRequest { order: Some(huge()) };
    let mut answers =
        orders.submit_orders(asking(&website, tokio_stream::iter([one_order]))).await.unwrap().into_inner();
    check(&answers.message().await.unwrap_err());
    let kept = store.list_problems(filter()).await.unwrap();
    let [problem] = kept.as_slice() else { panic!("{kept:?}") };
    assert_eq!((problem.channel.as_str(), problem.times), ("website", 3));
    let document = store.find_problem(problem.problem).await.unwrap().unwrap().kept.document;
    let document = String::from_utf8(document).unwrap();
    assert!(document.ends_with("has more than 4194304 bytes and was not read.\n"), "{document}");
    assert!(problem.problems.contains("XML_TOO_LARGE"), "{}", problem.problems);
}

#[tokio::test]
async fn the_answer_to_a_document_full_of_faults_is_one_that_its_caller_can_read() {
    let house = House::open(Security::Plain).await;
    let website = house.add_channel("website", &[], &[CallKind::Orders]).await;
    let mut orders = OrderServiceClient::new(house.connect().await);
    // Before its catalogue is loaded, and one order of something that is.
    let line = "<line sku='none' quantity='1' price='1'/>".repeat(40);
    let bad = |number: usize| format!("<order number='{number}' customer='Anna'><store>S001</store>{line}</order>");
    let good =
        "<order number='good' customer='Anna'><store>S001</store><line sku='jacket' quantity='1' price='1'/></order>";
    let bad: String = (0..120).map(bad).collect();
    let xml = format!("<orders currency='EUR'>{bad}{good}</orders>").into_bytes();
    let request = trade::SubmitOrderRequest { xml, ..Default::default() };
    let answer = orders.submit_order(asking(&website, request)).await.unwrap().into_inner();
    assert_eq!((answer.outcome(), answer.orders.len()), (trade::Outcome::Problem, 121));
    assert_eq!(answer.orders[120].outcome(), trade::Outcome::Imported);
    let told: usize = answer.orders.iter().map(|order| order.problems.len()).sum();
    let left_out: u32 = answer.orders.iter().map(|order| order.problems_left_out).sum();
    assert_eq!((told + left_out as usize, left_out), (120 * 40, answer.problems_left_out));
    assert!(left_out > 0 && answer.orders[..120].iter().all(|order| !order.problems.is_empty()), "{left_out}");
    assert_eq!(answer.problems.len(), 100, "named twice");
    let said = String::from_utf8(answer.response_document).unwrap();
    assert!(said.contains("more problems are not named here"), "{}", &said[said.len() - 400..]);
}
