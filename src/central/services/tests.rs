//! The services over real gRPC on loopback, with a real file.

mod admission;
mod documents;
mod held;
mod isolation;
mod log;
mod office;
mod problems;
mod reads;
mod terms;

use std::time::Duration;

use prost::Message;
use tokio_stream::StreamExt;
use tonic::metadata::MetadataMap;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic::{Code, Request, Status, Streaming};

use self::log::Log;
use super::status::reason_of;
use crate::central::store::{CallKind, ChannelKind, ChannelRecord, FeedPosition, FeedRequest, Store, UnknownPolicy};
use crate::central::surroundings::hash_secret;
use crate::central::testing::{TestTill, TestWorld, at, figures, fill_shop, submit};
use crate::central::{Config, RunningCentral, Security, Server, retention};
use crate::domain::event::Event;
use crate::domain::feed::Change;
use crate::domain::ids::{StoreId, TillId};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{CollectionProof, LineQuantity, OrderStep};
use crate::wire::entry::SealedEntry;
use crate::wire::till::v1 as till;
use crate::wire::till::v1::sync_service_client::SyncServiceClient;
use crate::wire::till::v1::watch_response::Frame;
use crate::wire::trade::v1 as trade;
use crate::wire::trade::v1::availability_service_client::AvailabilityServiceClient;
use crate::wire::trade::v1::order_service_client::OrderServiceClient;
use crate::wire::{DESCRIPTORS, Wire, encode_entry};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(120);

struct House {
    central: RunningCentral,
    folder: tempfile::TempDir,
    world: TestWorld,
}

impl House {
    async fn open(security: Security) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let world = TestWorld::default();
        let central = start(&folder, &world, security).await;
        fill_shop(&central.store, 3).await;
        Self { central, folder, world }
    }

    async fn connect(&self) -> Channel {
        Endpoint::from_shared(self.central.url()).unwrap().connect().await.unwrap()
    }

    async fn add_channel(&self, name: &str, stores: &[&str], calls: &[CallKind]) -> MetadataMap {
        let channel = ChannelRecord {
            channel: name.into(),
            kind: ChannelKind::Website,
            customer: None,
            stores: stores.iter().map(StoreId::new).collect(),
            calls: calls.to_vec(),
            unknown: UnknownPolicy::Problem,
            created_at: at(0),
            tokens: 0,
        };
        self.central.store.save_channel(channel, hash_secret(name)).await.unwrap();
        bearer(name)
    }
}

async fn start(folder: &tempfile::TempDir, world: &TestWorld, security: Security) -> RunningCentral {
    let config = Config {
        data: folder.path().to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        security,
        keep_persons_days: retention::DAYS_USUAL,
        surroundings: world.surroundings(),
    };
    Server::start(config).await.unwrap()
}

fn bearer(token: &str) -> MetadataMap {
    let mut metadata = MetadataMap::new();
    metadata.insert("authorization", format!("Bearer {token}").parse().unwrap());
    metadata
}

/// What a till of the plain loopback shows; tokens as `TestTill::enrol` makes them.
fn till_metadata(till: &TillId, token: &str) -> MetadataMap {
    let mut metadata = MetadataMap::new();
    metadata.insert("till-store", till.store.as_str().parse().unwrap());
    metadata.insert("till-workstation", till.workstation.as_str().parse().unwrap());
    metadata.insert("till-token", token.parse().unwrap());
    metadata
}

fn own(till: &TillId) -> MetadataMap {
    till_metadata(till, &format!("token-{}-{}", till.store, till.workstation))
}

fn asking<T>(metadata: &MetadataMap, message: T) -> Request<T> {
    let mut request = Request::new(message);
    *request.metadata_mut() = metadata.clone();
    request
}

fn push_of(entries: &[&SealedEntry]) -> till::PushRequest {
    till::PushRequest {
        entries: entries.iter().map(|sealed| encode_entry(sealed)).collect(),
        ..till::PushRequest::default()
    }
}

fn watch_from(store: u64, company: u64) -> till::WatchRequest {
    let position =
        |scope: till::Scope, cursor| till::FeedPosition { scope: scope as i32, cursor, resume_token: Vec::new() };
    till::WatchRequest {
        positions: vec![position(till::Scope::Store, store), position(till::Scope::Company, company)],
        incarnation: Vec::new(),
        changed_marks_only: false,
    }
}

async fn next<T>(stream: &mut Streaming<T>) -> Result<T, Status> {
    tokio::time::timeout(PATIENCE, stream.next()).await.expect("in time").expect("the stream goes on")
}

/// The next figures a website is told, with the cursor behind them.
async fn next_figures(frames: &mut Streaming<trade::WatchAvailabilityResponse>) -> (Vec<i64>, String) {
    loop {
        let frame = next(frames).await.unwrap();
        if !frame.availabilities.is_empty() {
            return (frame.availabilities.iter().map(|figure| figure.free_thousandths).collect(), frame.cursor);
        }
    }
}

/// Frames of one scope up to its checkpoint.
async fn batch(
    stream: &mut Streaming<till::WatchResponse>,
    scope: till::Scope,
) -> (Vec<till::Change>, till::FeedCheckpoint) {
    let mut changes = Vec::new();
    loop {
        match next(stream).await.unwrap().frame.unwrap() {
            Frame::Chunk(chunk) if chunk.scope == scope as i32 => {
                assert_eq!(chunk.first, changes.is_empty());
                changes.extend(chunk.changes);
            }
            Frame::Checkpoint(checkpoint) if checkpoint.scope == scope as i32 => {
                assert_eq!(checkpoint.change_count, changes.len() as u64);
                return (changes, checkpoint);
            }
            Frame::Chunk(_) | Frame::Checkpoint(_) | Frame::Alive(_) => {}
        }
    }
}

#[tokio::test]
async fn a_till_copies_its_journal_up_and_hears_what_changed() {
    let house = House::open(Security::Plain).await;
    let mut anna = TestTill::enrol(&house.central.store, "S001", "T01").await;
    let me = own(&anna.till);
    let mut client = SyncServiceClient::new(house.connect().await);
    let (start, sale) = (anna.start(), anna.sell("jacket", 1));
    let run = anna.run;

    let tail = crate::domain::ids::JournalMark { run, sequence: 2 }.to_wire();
    let hello = till::HelloRequest { software_version: "1".into(), till_clock: None, runs: vec![tail], unsent: None };
    let known = client.hello(asking(&me, hello.clone())).await.unwrap().into_inner();
    assert_eq!(known.marks[0].sequence, 0);
    assert_eq!(known.incarnation, house.central.store.incarnation());

    let mut stream = client.watch(asking(&me, watch_from(0, 0))).await.unwrap().into_inner();
    let (changes, checkpoint) = batch(&mut stream, till::Scope::Store).await;
    assert!(checkpoint.snapshot && checkpoint.contains.is_empty());
    assert_eq!(changes.len(), 1, "the jackets");

    let push = push_of(&[&start, &sale]);
    for outcome in [till::PushOutcome::Applied, till::PushOutcome::Already] {
        let answer = client.push(asking(&me, push.clone())).await.unwrap().into_inner();
        assert_eq!(answer.results.iter().map(|result| result.outcome()).collect::<Vec<_>>(), [outcome; 2]);
        assert_eq!(answer.results[1].entry_id, sale.header.entry.as_bytes());
        assert_eq!(answer.marks[0].sequence, 2);
    }
    let (changes, checkpoint) = batch(&mut stream, till::Scope::Store).await;
    assert!(!checkpoint.snapshot);
    assert_eq!(checkpoint.contains[0].sequence, 2);
    let Some(till::change::Change::Stock(figure)) = &changes[0].change else { panic!("{changes:?}") };
    assert_eq!(figure.on_hand_thousandths, 2000);
    assert_eq!(figure.story[0].workstation.as_deref(), Some("T01"));

    let order = submit(&house.central.store, "A-1", "jacket", 1).await;
    let (changes, _) = batch(&mut stream, till::Scope::Store).await;
    let Some(till::change::Change::Order(seen)) = &changes[0].change else { panic!("{changes:?}") };
    assert_eq!(seen.number, order.number.as_str());
    let known = client.hello(asking(&me, hello)).await.unwrap().into_inner();
    assert_eq!(known.marks[0].sequence, 2);

    // A damaged entry is acknowledged as put aside, with the reason, and the next one is taken.
    let (bad, good) = (anna.sell("jacket", 1), anna.sell("jacket", 1));
    let mut push = push_of(&[&bad, &good]);
    push.entries[0].payload[3] ^= 1;
    let answer = client.push(asking(&me, push)).await.unwrap().into_inner();
    assert_eq!(answer.results[0].outcome(), till::PushOutcome::Quarantined);
    assert!(answer.results[0].reason.contains("hash"), "{:?}", answer.results);
    assert_eq!((answer.results[1].outcome(), answer.marks[0].sequence), (till::PushOutcome::Applied, 4));
    let many = till::PushRequest { entries: vec![encode_entry(&good); 513], ..till::PushRequest::default() };
    let refused = client.push(asking(&me, many)).await.unwrap_err();
    assert_eq!((refused.code(), reason_of(&refused).as_deref()), (Code::InvalidArgument, Some("TOO_MANY")));
}

#[tokio::test]
async fn what_ends_while_a_snapshot_is_under_way_is_told_as_ended() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    let products = (0..450).map(|n| crate::central::testing::product_record(&format!("p{n}"), None)).collect();
    store.save_products(products).await.unwrap();
    let till = TestTill::enrol(store, "S001", "T01").await.till;
    // What ended before it began is left out.
    store.remove_products(vec!["p7".into()]).await.unwrap();
    let feed = crate::central::store::Feed::Company;
    let mut position = FeedPosition::After(crate::central::store::Cursor(0));
    let mut told = Vec::new();
    loop {
        let request = FeedRequest { feed: feed.clone(), till: till.clone(), position, changes_max: 100, now: at(3600) };
        let page = store.read_feed(request).await.unwrap();
        assert!(page.snapshot);
        for change in &page.changes {
            match change {
                Change::Product { product, .. } if product.id.as_str() == "p3" => {
                    told.push("p3".to_owned());
                    store.remove_products(vec!["p3".into()]).await.unwrap();
                }
                Change::ProductRemoved(product) => told.push(format!("{product} is gone")),
                _ => {}
            }
        }
        position = page.next();
        if page.complete {
            break;
        }
    }
    assert_eq!(told, ["p3", "p3 is gone"]);
}

#[tokio::test]
async fn a_broken_watch_goes_on_where_it_was() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    let products = (0..950).map(|n| crate::central::testing::product_record(&format!("p{n}"), None)).collect();
    store.save_products(products).await.unwrap();
    let me = own(&TestTill::enrol(store, "S001", "T01").await.till);
    let mut client = SyncServiceClient::new(house.connect().await);
    let company = |resume_token| till::WatchRequest {
        positions: vec![till::FeedPosition { scope: till::Scope::Company as i32, cursor: 0, resume_token }],
        incarnation: Vec::new(),
        changed_marks_only: false,
    };
    let mut stream = client.watch(asking(&me, company(Vec::new()))).await.unwrap().into_inner();
    let Some(Frame::Chunk(first)) = next(&mut stream).await.unwrap().frame else { panic!("a chunk") };
    assert!(first.first);
    drop(stream);
    // A product that was in the first chunk changes meanwhile: it comes again behind the others.
    let mut changed = crate::central::testing::product_record("jacket", Some("05901234123457"));
    changed.product.name = "Renamed".into();
    store.save_products(vec![changed]).await.unwrap();
    let mut stream = client.watch(asking(&me, company(first.resume_token))).await.unwrap().into_inner();
    let (mut count, mut names) = (first.changes.len() as u64, Vec::new());
    let checkpoint = loop {
        match next(&mut stream).await.unwrap().frame.unwrap() {
            Frame::Chunk(chunk) => {
                assert!(!chunk.first);
                count += chunk.changes.len() as u64;
                names.extend(chunk.changes.into_iter().filter_map(|change| match change.change {
                    Some(till::change::Change::Product(product)) => Some(product.name),
                    _ => None,
                }));
            }
            Frame::Checkpoint(checkpoint) => break checkpoint,
            Frame::Alive(_) => {}
        }
    };
    assert!(checkpoint.snapshot);
    assert_eq!(checkpoint.change_count, count);
    assert_eq!(names.last().map(String::as_str), Some("Renamed"));
    let garbage = client.watch(asking(&me, company(vec![7; 3]))).await.unwrap_err();
    assert_eq!(garbage.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn a_slow_till_costs_nothing_and_misses_nothing() {
    let house = House::open(Security::Plain).await;
    let mut anna = TestTill::enrol(&house.central.store, "S001", "T01").await;
    let me = own(&anna.till);
    let mut slow = SyncServiceClient::new(house.connect().await);
    let mut stream = slow.watch(asking(&me, watch_from(0, 0))).await.unwrap().into_inner();
    let mut fast = SyncServiceClient::new(house.connect().await);
    let start = anna.start();
    fast.push(asking(&me, push_of(&[&start]))).await.unwrap();
    for _ in 0..100 {
        let sale = anna.sell("jacket", 1);
        fast.push(asking(&me, push_of(&[&sale]))).await.unwrap();
    }
    // Frames were not kept for each of the hundred: the till reads a few, and the last one is the truth.
    let mut batches = 0;
    let figure = loop {
        let (changes, checkpoint) = batch(&mut stream, till::Scope::Store).await;
        batches += 1;
        if checkpoint.contains.iter().any(|mark| mark.sequence == 101) {
            break changes;
        }
    };
    let Some(till::change::Change::Stock(figure)) = &figure[0].change else { panic!("{figure:?}") };
    assert_eq!(figure.on_hand_thousandths, -97_000);
    assert!(batches <= 101, "{batches}");
}

#[tokio::test]
async fn with_tls_a_till_is_its_certificate() {
    let house = House::open(Security::OwnAuthority { names: vec!["central.example".into()] }).await;
    let store = &house.central.store;
    let ca = Certificate::from_pem(house.central.authority_pem.clone().unwrap());
    let url = house.central.url();
    let connect = async |identity: Option<Identity>| {
        let mut tls = ClientTlsConfig::new().ca_certificate(ca.clone()).domain_name("localhost");
        if let Some(identity) = identity {
            tls = tls.identity(identity);
        }
        let endpoint = Endpoint::from_shared(url.clone()).unwrap().tls_config(tls).unwrap();
        SyncServiceClient::new(endpoint.connect().await.unwrap())
    };
    let id = TillId { store: "S001".into(), workstation: "T01".into() };
    let enrol = async |code: &str| {
        store.add_enrol_code(hash_secret(code), id.clone(), at(100)).await.unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        let csr = rcgen::CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
        let request = till::EnrolRequest {
            code: code.to_lowercase(),
            csr_pem: csr,
            journal_public_key: ed25519_dalek::SigningKey::from_bytes(&[4; 32]).verifying_key().to_bytes().to_vec(),
            software_version: "1".into(),
        };
        let answer = connect(None).await.enrol(request.clone()).await.unwrap().into_inner();
        assert_eq!((answer.store.as_str(), answer.workstation.as_str()), ("S001", "T01"));
        let mut other = request;
        other.journal_public_key = ed25519_dalek::SigningKey::from_bytes(&[5; 32]).verifying_key().to_bytes().to_vec();
        let again = connect(None).await.enrol(other).await.unwrap_err();
        assert_eq!((again.code(), reason_of(&again).as_deref()), (Code::PermissionDenied, Some("CODE_REFUSED")));
        (Identity::from_pem(answer.certificate_pem, key.serialize_pem()), answer.token)
    };
    // By the machine's own names, and by the one it was given; by no other.
    for (name, good) in [("127.0.0.1", true), ("central.example", true), ("other.example", false)] {
        let tls = ClientTlsConfig::new().ca_certificate(ca.clone()).domain_name(name);
        let connected = Endpoint::from_shared(url.clone()).unwrap().tls_config(tls).unwrap().connect().await;
        assert_eq!(connected.is_ok(), good, "{name}");
    }
    let hello = till::HelloRequest::default;
    let (first, token) = enrol("ABCD-EFGH-JKMN").await;
    connect(Some(first.clone())).await.hello(hello()).await.unwrap();
    let nobody = connect(None).await.hello(asking(&till_metadata(&id, &token), hello())).await.unwrap_err();
    assert_eq!((nobody.code(), reason_of(&nobody).as_deref()), (Code::Unauthenticated, Some("CREDENTIALS_MISSING")));
    let elsewhere = TillId { store: "S002".into(), ..id.clone() };
    let other = connect(Some(first.clone())).await.hello(asking(&till_metadata(&elsewhere, ""), hello())).await;
    assert_eq!(other.unwrap_err().code(), Code::PermissionDenied);
    // Joined anew, the old certificate opens nothing; shut out, none does.
    let (second, _) = enrol("QRST-UVWX-YZ23").await;
    assert_eq!(connect(Some(first)).await.hello(hello()).await.unwrap_err().code(), Code::Unauthenticated);
    connect(Some(second.clone())).await.hello(hello()).await.unwrap();
    store.revoke_till(id, at(5)).await.unwrap();
    assert_eq!(connect(Some(second)).await.hello(hello()).await.unwrap_err().code(), Code::Unauthenticated);
}

const UBL: &str = "urn:oasis:names:specification:ubl:schema:xsd";

fn document(number: &str, units: i64) -> Vec<u8> {
    format!(
        r#"<Order xmlns="{UBL}:Order-2" xmlns:a="{UBL}:CommonAggregateComponents-2" xmlns:b="{UBL}:CommonBasicComponents-2">
<b:ID>{number}</b:ID><b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>
<a:BuyerCustomerParty><a:Party><a:PartyName><b:Name>Anna Kovács</b:Name></a:PartyName></a:Party></a:BuyerCustomerParty>
<a:Delivery><a:DeliveryLocation><b:ID>S001</b:ID></a:DeliveryLocation></a:Delivery>
<a:OrderLine><a:LineItem><b:Quantity>{units}</b:Quantity><a:Price><b:PriceAmount>89.90</b:PriceAmount></a:Price>
<a:Item><a:SellersItemIdentification><b:ID>jacket</b:ID></a:SellersItemIdentification></a:Item></a:LineItem></a:OrderLine>
</Order>"#
    )
    .into_bytes()
}

#[tokio::test]
async fn a_website_sees_the_right_figure_at_every_step_of_an_order() {
    let house = House::open(Security::Plain).await;
    let website = house.add_channel("website", &[], &[CallKind::Orders, CallKind::Availability]).await;
    let mut anna = TestTill::enrol(&house.central.store, "S001", "T01").await;
    let mut sync = SyncServiceClient::new(house.connect().await);
    let mut orders = OrderServiceClient::new(house.connect().await);
    let mut availability = AvailabilityServiceClient::new(house.connect().await);
    let ask = trade::GetAvailabilityRequest {
        products: vec!["jacket".into(), "ghost".into()],
        stores: vec!["S001".into(), "S002".into()],
    };
    let watch = trade::WatchAvailabilityRequest { cursor: String::new(), stores: vec!["S001".into()] };
    let mut figures_seen = availability.watch_availability(asking(&website, watch)).await.unwrap().into_inner();
    next(&mut figures_seen).await.unwrap();

    let submitted =
        trade::SubmitOrderRequest { xml: document("A-1", 2), client_reference: "try 1".into(), ..Default::default() };
    let answer = orders.submit_order(asking(&website, submitted.clone())).await.unwrap().into_inner();
    assert_eq!(answer.outcome(), trade::Outcome::Imported, "{:?}", answer.problems);
    assert_eq!((answer.state(), answer.client_reference.as_str()), (trade::OrderState::AwaitingPicking, "try 1"));
    let again = orders.submit_order(asking(&website, submitted)).await.unwrap().into_inner();
    assert_eq!((again.outcome(), &again.order_number), (trade::Outcome::Duplicate, &answer.order_number));
    let order = house.central.store.find_order(answer.order_number.clone().into()).await.unwrap().unwrap();
    // Two of three are promised: the stream says so before anything else happens.
    assert_eq!(next_figures(&mut figures_seen).await.0, [1000]);

    let start = anna.start();
    sync.push(asking(&own(&anna.till), push_of(&[&start]))).await.unwrap();
    let what = |units| LineQuantity { line: 1, quantity: Quantity::units(units) };
    let hand_over = OrderStep::HandedOver { lines: vec![what(2)], collector: "A".into(), proof: CollectionProof::Code };
    let steps = [
        (None, 1, trade::OrderState::AwaitingPicking),
        (Some(OrderStep::Picked { what: what(2), bay: None }), 1, trade::OrderState::Picking),
        (Some(OrderStep::MadeReady { bay: "B1".into() }), 1, trade::OrderState::Ready),
        (Some(hand_over), 1, trade::OrderState::HandedOver),
    ];
    for (step, free, state) in steps {
        if let Some(step) = step {
            let products = vec![(1, "jacket".into())];
            let entry = anna.write(Event::OrderStepped { order: order.number.clone(), step, products });
            sync.push(asking(&own(&anna.till), push_of(&[&entry]))).await.unwrap();
        }
        let answer = availability.get_availability(asking(&website, ask.clone())).await.unwrap().into_inner();
        assert_eq!(answer.unknown_products, ["ghost"]);
        let seen: Vec<i64> = answer.availabilities.iter().map(|figure| figure.free_thousandths).collect();
        assert_eq!(seen, [free * 1000, 0], "{state:?}");
        let key = trade::get_order_request::Key::SenderReference("A-1".into());
        let known = orders.get_order(asking(&website, trade::GetOrderRequest { key: Some(key) })).await.unwrap();
        assert_eq!(known.into_inner().order.unwrap().state(), state);
    }
    let sale = anna.sell("jacket", 1);
    sync.push(asking(&own(&anna.till), push_of(&[&sale]))).await.unwrap();
    // Picked, ready and handed over, it is as free as before: the next thing the stream tells is the sale.
    let (told, cursor) = next_figures(&mut figures_seen).await;
    assert_eq!(told, [0]);
    assert_eq!(figures(&house.central.store, "S001", "jacket").await, "0 0 0 0");
    // A cursor goes on where it was.
    let watch = trade::WatchAvailabilityRequest { cursor, stores: vec!["S001".into()] };
    let mut resumed = availability.watch_availability(asking(&website, watch)).await.unwrap().into_inner();
    assert!(next(&mut resumed).await.unwrap().availabilities.is_empty());

    let many = trade::GetAvailabilityRequest { products: vec!["jacket".into(); 501], stores: ask.stores };
    let refused = availability.get_availability(asking(&website, many)).await.unwrap_err();
    assert_eq!(reason_of(&refused).as_deref(), Some("TOO_MANY"));
}

#[tokio::test]
async fn a_stream_of_orders_answers_each_and_a_bad_one_delays_none() {
    let house = House::open(Security::Plain).await;
    let website = house.add_channel("website", &["S001"], &[CallKind::Orders]).await;
    let mut orders = OrderServiceClient::new(house.connect().await);
    let mut followed =
        orders.watch_orders(asking(&website, trade::WatchOrdersRequest::default())).await.unwrap().into_inner();
    assert!(next(&mut followed).await.unwrap().orders.is_empty());
    let too_large = [document("A-3", 1), vec![b' '; 1024 * 1024]].concat();
    let documents = [document("A-1", 1), b"<broken".to_vec(), document("A-2", 1), too_large];
    let requests: Vec<_> = documents
        .into_iter()
        .map(|xml| trade::SubmitOrdersRequest { order: Some(trade::SubmitOrderRequest { xml, ..Default::default() }) })
        .collect();
    let mut answers = orders.submit_orders(asking(&website, tokio_stream::iter(requests))).await.unwrap().into_inner();
    let mut outcomes = Vec::new();
    while let Some(answer) = tokio::time::timeout(PATIENCE, answers.next()).await.unwrap() {
        let result = answer.unwrap().result.unwrap();
        outcomes.push((result.outcome(), result.problems.first().map_or(String::new(), |p| p.code.clone())));
    }
    let imported = || (trade::Outcome::Imported, String::new());
    let problem = |code: &str| (trade::Outcome::Problem, code.to_owned());
    assert_eq!(outcomes, [imported(), problem("XML_NOT_WELL_FORMED"), imported(), problem("XML_TOO_LARGE")]);
    let mut seen = Vec::new();
    while seen.len() < 2 {
        seen.extend(next(&mut followed).await.unwrap().orders.into_iter().map(|order| order.sender_reference));
    }
    assert_eq!(seen, ["A-1", "A-2"]);
}

#[tokio::test]
async fn going_down_ends_streams_at_once_and_coming_back_has_everything() {
    let house = House::open(Security::Plain).await;
    let mut anna = TestTill::enrol(&house.central.store, "S001", "T01").await;
    let me = own(&anna.till);
    let mut client = SyncServiceClient::new(house.connect().await);
    let mut stream = client.watch(asking(&me, watch_from(0, 0))).await.unwrap().into_inner();
    let (_, store) = batch(&mut stream, till::Scope::Store).await;
    let (start_entry, sale) = (anna.start(), anna.sell("jacket", 1));
    client.push(asking(&me, push_of(&[&start_entry, &sale]))).await.unwrap();
    // A website that has more to send some day.
    let website = house.add_channel("website", &[], &[CallKind::Orders]).await;
    let mut orders = OrderServiceClient::new(house.connect().await);
    let (documents, to_come) = tokio::sync::mpsc::channel(1);
    let to_come = tokio_stream::wrappers::ReceiverStream::new(to_come);
    let mut answers = orders.submit_orders(asking(&website, to_come)).await.unwrap().into_inner();
    let order = trade::SubmitOrderRequest { xml: document("A-1", 1), ..Default::default() };
    documents.send(trade::SubmitOrdersRequest { order: Some(order) }).await.unwrap();
    next(&mut answers).await.unwrap();
    let House { central, folder, world } = house;
    let (log, _listening) = Log::listen();
    let ((), told, rest) = tokio::join!(central.shutdown(), answers.next(), async {
        let mut last = None;
        while let Some(frame) = stream.next().await {
            last = Some(frame);
        }
        last
    });
    assert!(!log.said().contains("cut off"), "streams hold the end up: {}", log.said());
    assert_eq!(reason_of(&rest.unwrap().unwrap_err()).as_deref(), Some("SHUTTING_DOWN"));
    // It is told so, and not cut off when patience ends.
    assert_eq!(reason_of(&told.unwrap().unwrap_err()).as_deref(), Some("SHUTTING_DOWN"));
    drop(documents);
    let again = start(&folder, &world, Security::Plain).await;
    let mut client = SyncServiceClient::connect(again.url()).await.unwrap();
    let answer = client.push(asking(&me, push_of(&[&start_entry, &sale]))).await.unwrap().into_inner();
    assert_eq!(answer.results[1].outcome(), till::PushOutcome::Already);
    let mut stream = client.watch(asking(&me, watch_from(store.cursor, 0))).await.unwrap().into_inner();
    let (changes, checkpoint) = batch(&mut stream, till::Scope::Store).await;
    assert!(!checkpoint.snapshot, "a restart is no reason for a snapshot");
    assert_eq!(changes.len(), 2, "what was sold, and what was ordered");
    again.shutdown().await;
}

/// A line can be dead for a while before anybody notices: what is told of a till's stock is dated by the till's own words.
#[tokio::test]
async fn a_till_is_seen_by_a_word_from_it_and_not_by_an_open_line() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    let mut anna = TestTill::enrol(store, "S001", "T01").await;
    let me = own(&anna.till);
    let mut client = SyncServiceClient::new(house.connect().await);
    let start = anna.start();
    let nothing_behind = Some(till::Unsent::default());
    let push = till::PushRequest { unsent: nothing_behind, ..push_of(&[&start]) };
    client.push(asking(&me, push)).await.unwrap();
    let seen = async || store.find_till(anna.till.clone()).await.unwrap().unwrap().seen_at.unwrap();
    let first = seen().await;
    house.world.turn_to(40);
    let mut stream = client.watch(asking(&me, watch_from(0, 0))).await.unwrap().into_inner();
    let mut alive = 0;
    while alive < 2 {
        alive += usize::from(matches!(next(&mut stream).await.unwrap().frame, Some(Frame::Alive(_))));
    }
    assert_eq!(seen().await, first, "central has spoken, and the till has not");
    client
        .push(asking(&me, till::PushRequest { unsent: nothing_behind, ..till::PushRequest::default() }))
        .await
        .unwrap();
    assert_eq!(seen().await, at(40));
}

#[tokio::test]
async fn health_and_reflection_answer() {
    let house = House::open(Security::Plain).await;
    let mut health = tonic_health::pb::health_client::HealthClient::new(house.connect().await);
    for service in [
        "",
        "office.v1.OfficeService",
        "till.v1.SyncService",
        "trade.v1.OrderService",
        "trade.v1.AvailabilityService",
        "trade.v1.PriceService",
        "trade.v1.CreditService",
    ] {
        let asked = tonic_health::pb::HealthCheckRequest { service: service.into() };
        let answer = health.check(asked).await.unwrap().into_inner();
        assert_eq!(answer.status(), tonic_health::pb::health_check_response::ServingStatus::Serving, "{service}");
    }
    use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
    use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
    let asked = tonic_reflection::pb::v1::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut reflection = ServerReflectionClient::new(house.connect().await);
    let mut answers = reflection.server_reflection_info(tokio_stream::iter([asked])).await.unwrap().into_inner();
    let Some(MessageResponse::ListServicesResponse(list)) = next(&mut answers).await.unwrap().message_response else {
        panic!("a list of services")
    };
    let names: Vec<&str> = list.service.iter().map(|service| service.name.as_str()).collect();
    assert!(names.contains(&"trade.v1.OrderService") && names.contains(&"till.v1.SyncService"), "{names:?}");
    drop(house.world);
}
