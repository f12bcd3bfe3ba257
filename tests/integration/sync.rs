//! A till's sync against a running central, over real gRPC on this machine: joining, selling, counting, cuts, certificates.
//!
//! Size: one till and one central, and every test that needs both.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use tempfile::TempDir;
use till::central::store::{
    CallKind, ChannelKind, ChannelRecord, OrderSubmission, ProductRecord, StockImport, Store, StoreKind, StoreRecord,
    SubmitOutcome, SubmittedLine, UnknownPolicy,
};
use till::central::surroundings::hash_secret;
use till::central::{Config, RunningCentral, Security, Server, Surroundings};
use till::database::{Database, NewEntry, RunStart, SettingsSetAside};
use till::domain::event::Event;
use till::domain::feed::{Link, SyncEvent, SyncState};
use till::domain::ids::{EntryId, OrderNumber, ProductId, RunId, TillId};
use till::domain::money::{Currency, Money};
use till::domain::quantity::Quantity;
use till::domain::stock::MovementReason;
use till::domain::web_order::{CollectionProof, Fulfilment, LineQuantity, OrderStep, Payment, StepTaken};
use till::sync::driver::{RunningSync, SyncOptions};
use till::sync::engine::Limits;
use till::sync::enrol::{EnrolError, EnrolRequest, enrol};
use till::sync::identity::Identity;
use till::wire::trade::v1::GetAvailabilityRequest;
use till::wire::trade::v1::availability_service_client::AvailabilityServiceClient;
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::ports;
use crate::simulation::shop;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// The website, and its token.
const WEBSITE: &str = "website";

/// A central with one store, its runtime and its folder.
struct Central {
    runtime: Runtime,
    folder: TempDir,
    running: Option<RunningCentral>,
    security: Security,
    address: SocketAddr,
}

impl Central {
    fn start(security: Security) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], ports::take()));
        let mut central = Self { runtime, folder: tempfile::tempdir().unwrap(), running: None, security, address };
        central.serve();
        let store = central.running().store.clone();
        let record = StoreRecord { settings: shop::settings("S001"), kind: StoreKind::Shop, gln: None, location: None };
        let product = ProductRecord { product: shop::product("jacket", 8_990), barcodes: Vec::new() };
        let figure = StockImport {
            entry: EntryId(Uuid::from_u128(1)),
            store: "S001".into(),
            product: "jacket".into(),
            on_hand: Some(Quantity::units(5)),
            safety: None,
            counted_at: None,
        };
        central.runtime.block_on(async {
            store.save_stores(vec![record]).await.unwrap();
            store.save_products(vec![product]).await.unwrap();
            store.import_stock(vec![figure], Utc::now()).await.unwrap();
        });
        central
    }

    fn running(&self) -> &RunningCentral {
        self.running.as_ref().unwrap()
    }

    /// On the same port each time.
    fn serve(&mut self) {
        let config = Config {
            data: self.folder.path().to_owned(),
            listen: self.address,
            security: self.security.clone(),
            keep_persons_days: till::central::retention::DAYS_USUAL,
            surroundings: Surroundings::of_the_machine().unwrap(),
        };
        let running = self.runtime.block_on(Server::start(config)).unwrap();
        self.running = Some(running);
    }

    fn shutdown(&mut self) {
        let running = self.running.take().unwrap();
        self.runtime.block_on(running.shutdown());
    }

    fn add_code(&self, code: &str, workstation: &str) {
        let till = TillId { store: "S001".into(), workstation: workstation.into() };
        let store = self.running().store.clone();
        let tomorrow = Utc::now() + chrono::TimeDelta::days(1);
        self.runtime.block_on(store.add_enrol_code(hash_secret(code), till, tomorrow)).unwrap();
    }

    fn enrol(&self, code: &str, folder: &Path) -> Result<Identity, EnrolError> {
        self.enrol_under(code, folder, self.running().authority_pem.as_deref())
    }

    fn enrol_under(&self, code: &str, folder: &Path, authority_pem: Option<&str>) -> Result<Identity, EnrolError> {
        let mut random = [0; 32];
        getrandom::fill(&mut random).unwrap();
        let url = self.running().url();
        self.runtime.block_on(enrol(EnrolRequest {
            central: &url,
            code,
            authority_pem,
            folder,
            random,
            version: "test",
        }))
    }

    fn on_hand(&self) -> Quantity {
        let store = self.running().store.clone();
        let rows = self.runtime.block_on(store.list_stock(None)).unwrap();
        rows.iter().find(|row| row.product.as_str() == "jacket").map(|row| row.level.on_hand).unwrap()
    }

    /// How many jackets a website may sell: what it is told when it asks, over the wire.
    fn free_for_websites(&self) -> Quantity {
        let message = GetAvailabilityRequest { products: vec!["jacket".to_owned()], stores: vec!["S001".to_owned()] };
        let mut request = tonic::Request::new(message);
        request.metadata_mut().insert("authorization", format!("Bearer {WEBSITE}").parse().unwrap());
        let url = self.running().url();
        let told = self.runtime.block_on(async {
            let mut client = AvailabilityServiceClient::connect(url).await.unwrap();
            client.get_availability(request).await.unwrap().into_inner().availabilities
        });
        Quantity::from_thousandths(told.first().unwrap().free_thousandths)
    }

    /// A website that may ask what there is.
    fn add_website(&self) {
        let website = ChannelRecord {
            channel: WEBSITE.into(),
            kind: ChannelKind::Website,
            customer: None,
            stores: Vec::new(),
            calls: vec![CallKind::Availability],
            unknown: UnknownPolicy::Problem,
            created_at: Utc::now(),
            tokens: 0,
        };
        let store = self.running().store.clone();
        self.runtime.block_on(store.save_channel(website, hash_secret(WEBSITE))).unwrap();
    }

    /// What an entry has moved in the ledger, each movement once.
    fn list_moved_by(&self, entry: EntryId) -> Vec<Quantity> {
        let outside = rusqlite::Connection::open(self.folder.path().join("central.db")).unwrap();
        let mut moved = outside.prepare("SELECT quantity FROM movement WHERE entry_id = ?1 ORDER BY position").unwrap();
        let moved = moved.query_map([entry.as_bytes()], |row| row.get(0)).unwrap();
        moved.map(|quantity| Quantity::from_thousandths(quantity.unwrap())).collect()
    }

    fn join(&self, code: &str, workstation: &str) -> Till {
        self.join_ahead(code, workstation, TimeDelta::zero())
    }

    /// A till whose clock is so far ahead.
    fn join_ahead(&self, code: &str, workstation: &str, ahead: TimeDelta) -> Till {
        self.add_code(code, workstation);
        let folder = tempfile::tempdir().unwrap();
        Till::start_ahead(self.enrol(code, folder.path()).unwrap(), folder, ahead)
    }
}

/// A till without a register: its file, its sync, and what sync has said.
struct Till {
    database: Database,
    sync: RunningSync,
    events: mpsc::Receiver<SyncEvent>,
    state: SyncState,
    /// The most entries it ever believed unsent.
    unsent_most: u64,
    /// How far its clock is ahead.
    ahead: TimeDelta,
    folder: TempDir,
}

impl Till {
    fn start(identity: Identity, folder: TempDir) -> Self {
        Self::start_ahead(identity, folder, TimeDelta::zero())
    }

    fn start_ahead(identity: Identity, folder: TempDir, ahead: TimeDelta) -> Self {
        let path = folder.path().join("till.db");
        let mut database = Database::open(&path, Utc::now() + ahead).unwrap();
        let start = RunStart {
            till: identity.till.clone(),
            run: RunId(Uuid::now_v7()),
            key: identity.journal_key.clone(),
            entry: EntryId(Uuid::now_v7()),
            at: Utc::now() + ahead,
            business_day: Utc::now().date_naive(),
            version: "test".to_owned(),
        };
        database.start_run(start).unwrap();
        let (told, events) = mpsc::channel();
        let limits = Limits {
            backoff_longest: Duration::from_secs(1),
            refused_wait: Duration::from_secs(1),
            ..Limits::default()
        };
        let sync = RunningSync::start(SyncOptions {
            identity,
            database: path,
            version: "test".to_owned(),
            limits,
            seed: 1,
            clock: Arc::new(move || Utc::now() + ahead),
            // A test that is over listens no more.
            sink: Arc::new(move |event| drop(told.send(event))),
        });
        let (sync, state) = (sync.unwrap(), SyncState::unknown(Link::Connecting));
        Self { database, sync, events, state, unsent_most: 0, ahead, folder }
    }

    /// The program ends and begins again.
    fn restart(self) -> Self {
        let Self { ahead, folder, database, sync, .. } = self;
        // One program at a time writes to the file.
        drop((sync, database));
        Self::start_ahead(Identity::load(folder.path()).unwrap(), folder, ahead)
    }

    /// Does the register's part until something holds.
    #[track_caller]
    fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(Instant::now() < deadline, "in vain for: {what}; sync is {:?}", self.state);
            let Ok(event) = self.events.recv_timeout(Duration::from_millis(20)) else { continue };
            match event {
                SyncEvent::Feed(batch) => {
                    self.database.transaction(|tx| tx.apply_feed(&batch)).unwrap();
                    self.sync.handle().file_changed();
                }
                SyncEvent::ReceiptsGiven { last } => {
                    let names = (RunId(Uuid::now_v7()), EntryId(Uuid::now_v7()));
                    let today = Utc::now().date_naive();
                    self.database.go_on_behind(last, names, Utc::now(), today).unwrap();
                    self.sync.handle().file_changed();
                }
                SyncEvent::Acknowledged(marks) => {
                    let keep = |tx: &mut till::database::Tx<'_>| marks.iter().try_for_each(|m| tx.acknowledge(*m));
                    self.database.transaction(keep).unwrap();
                }
                SyncEvent::StateChanged(state) => {
                    self.unsent_most = self.unsent_most.max(state.unsent);
                    self.state = state;
                }
            }
        }
    }

    fn adjust(&mut self, units: i64) {
        self.record(Event::StockAdjusted {
            product: "jacket".into(),
            quantity: Quantity::units(units),
            movement: MovementReason::Adjustment,
            note: "counted".to_owned(),
        });
    }

    fn step(&mut self, order: &OrderNumber, step: OrderStep) {
        let products = vec![(1, ProductId::new("jacket"))];
        self.record(Event::OrderStepped { order: order.clone(), step, products });
    }

    /// What was done to an order, as people at this till are told: which step, by whom, at which till.
    fn history(&self, order: &OrderNumber) -> Vec<String> {
        let view = self.database.view();
        let Some(order) = view.find_order(order).unwrap() else { return Vec::new() };
        let history = view.list_history(&order).unwrap();
        let told = |taken: &StepTaken| {
            let step = format!("{:?}", taken.step);
            let step = step.split([' ', '(']).next().unwrap_or_default().to_owned();
            let by = taken.operator.as_ref().map(|operator| format!(" {operator}")).unwrap_or_default();
            let at = taken.workstation.as_ref().map(|till| format!(" {till}")).unwrap_or_default();
            step + &by + &at
        };
        history.iter().map(told).collect()
    }

    /// So many lie on the shelf, where the books of this till say otherwise.
    fn count(&mut self, found: i64) -> EntryId {
        let expected = self.shows();
        self.record(Event::StockCounted {
            product: "jacket".into(),
            found: Quantity::units(found),
            expected,
            in_baskets: Quantity::ZERO,
            reason: Some("gone".to_owned()),
        })
    }

    /// The books were wrong about the jacket here: somebody is to count it.
    fn ask_for_count(&mut self) {
        let at = Utc::now() + self.ahead;
        let happened_at = self.state.clock_ahead_ms.map(|ahead| at - TimeDelta::milliseconds(ahead));
        let product = ProductId::new("jacket");
        let add =
            |tx: &mut till::database::Tx<'_>| tx.add_to_count_list(&product, "sold beyond the books", at, happened_at);
        self.database.transaction(add).unwrap();
    }

    fn is_to_count(&self) -> bool {
        !self.database.view().list_count_list().unwrap().is_empty()
    }

    fn record(&mut self, event: Event) -> EntryId {
        let id = EntryId(Uuid::now_v7());
        let new = NewEntry {
            id,
            recorded_at: Utc::now() + self.ahead,
            operator: Some("1001".into()),
            business_day: Utc::now().date_naive(),
            event,
        };
        self.database.transaction(|tx| tx.append(new)).unwrap();
        self.sync.handle().file_changed();
        id
    }

    fn shows(&self) -> Quantity {
        self.database.view().stock_level(&ProductId::new("jacket")).unwrap().on_hand
    }
}

/// More than a hello is under way: no till knows central's clock better than that.
fn time_passes() {
    std::thread::sleep(Duration::from_secs(2));
}

fn own_authority() -> Security {
    Security::OwnAuthority { names: Vec::new() }
}

fn check_a_day(security: Security) {
    check_a_day_under(security, None);
}

/// `authority` vouches for central, when that is not central's own.
fn check_a_day_under(security: Security, authority: Option<&str>) {
    let mut central = Central::start(security);
    central.add_code("AAAA-BBBB-CCCC", "T01");
    let folder = tempfile::tempdir().unwrap();
    let own = central.running().authority_pem.clone();
    let identity = central.enrol_under("aaaa-bbbb-cccc", folder.path(), authority.or(own.as_deref())).unwrap();
    assert_eq!(identity.till.to_string(), "S001/T01");
    let kept = Identity::load(folder.path()).unwrap();
    assert_eq!(kept.journal_key.to_bytes(), identity.journal_key.to_bytes());
    let mut till = Till::start(kept, folder);

    let jacket = |t: &Till| t.database.view().find_product(&"jacket".into()).unwrap();
    till.until("the store's feed", |t| t.shows() == Quantity::units(5) && t.state.link == Link::Live);
    till.until("the company's feed", |t| jacket(t) == Some(shop::product("jacket", 8_990)));
    till.adjust(-1);
    assert_eq!(till.shows(), Quantity::units(4), "at once, without central");
    till.until("nothing unsent", |t| t.state.unsent == 0 && t.state.link == Link::Live);
    till.until("central has it", |_| central.on_hand() == Quantity::units(4));

    central.shutdown();
    till.until("the cut is noticed", |t| t.state.link == Link::Down);
    till.adjust(-1);
    till.adjust(-1);
    till.until("what is unsent is known", |t| t.state.unsent == 2 && t.state.oldest_unsent_at.is_some());
    assert_eq!(till.shows(), Quantity::units(2));
    central.serve();
    till.until("it is back", |t| t.state.link == Link::Live && t.state.unsent == 0);
    till.until("each arrived once", |_| central.on_hand() == Quantity::units(2));
    // Central's word now contains the till's own: nothing is counted twice.
    let store = central.running().store.clone();
    let price = ProductRecord { product: shop::product("jacket", 7_990), barcodes: Vec::new() };
    central.runtime.block_on(store.save_products(vec![price])).unwrap();
    till.until("a price comes down", |t| jacket(t) == Some(shop::product("jacket", 7_990)));
    assert_eq!(till.shows(), Quantity::units(2));
    let quarantined = central.runtime.block_on(store.list_quarantined()).unwrap();
    assert_eq!((quarantined.len(), till.state.quarantined), (0, 0));

    let revoked = TillId { store: "S001".into(), workstation: "T01".into() };
    central.runtime.block_on(store.revoke_till(revoked, Utc::now())).unwrap();
    drop(store);
    central.shutdown();
    central.serve();
    till.until("a till that was shut out is told so", |t| t.state.link == Link::Refused);
}

/// An order of one jacket, placed with central.
fn place_order(central: &Central) -> OrderNumber {
    let price = Money::new(8_990, Currency::EUR);
    let line = SubmittedLine {
        product: "jacket".into(),
        name: "Jacket".to_owned(),
        quantity: Quantity::ONE,
        unit_price: price,
        amount: price,
        share: Money::zero(Currency::EUR),
        taxed: Vec::new(),
    };
    let order = OrderSubmission {
        channel: "website".into(),
        sender: String::new(),
        buyer: String::new(),
        customer: None,
        is_buyer_held: false,
        reference: "A-1".to_owned(),
        content: [1; 32],
        document: b"<order/>".to_vec(),
        notes: String::new(),
        warnings: "[]".to_owned(),
        fulfilment: Fulfilment::PickUp,
        lines: vec![line],
        unmatched: Vec::new(),
        stores: vec!["S001".into()],
        customer_name: "Karl M.".to_owned(),
        customer_phone: None,
        delivery_address: None,
        payment: Payment { paid: true, prepaid: None },
        ordered_at: Utc::now(),
        collect_by: None,
    };
    let store = central.running().store.clone();
    match central.runtime.block_on(store.submit_order(order, 7, Utc::now())).unwrap() {
        SubmitOutcome::Imported(order) => order.number,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_one_till_did_to_an_order_another_till_tells() {
    let mut central = Central::start(Security::Plain);
    let (mut first, mut second) = (central.join("AAAA-BBBB-CCCC", "T01"), central.join("DDDD-EEEE-FFFF", "T02"));
    let number = place_order(&central);
    first.until("the order is there", |t| t.database.view().find_order(&number).unwrap().is_some());
    // Central is out of reach: the till tells what it did itself.
    central.shutdown();
    first.until("the cut is noticed", |t| t.state.link == Link::Down);
    let what = LineQuantity { line: 1, quantity: Quantity::ONE };
    first.step(&number, OrderStep::PickStarted { operator: "1001".into() });
    first.step(&number, OrderStep::Picked { what: what.clone(), bay: None });
    first.step(&number, OrderStep::MadeReady { bay: "A1".to_owned() });
    let of_the_first = ["PickStarted 1001 T01", "Picked 1001 T01", "MadeReady 1001 T01"];
    assert_eq!(first.history(&number), of_the_first);
    assert_eq!(second.history(&number), [""; 0]);
    central.serve();
    second.until("the other till's steps", |t| t.history(&number) == of_the_first);
    first.until("each is told once", |t| t.state.unsent == 0 && t.history(&number) == of_the_first);
    let jacket = ProductId::new("jacket");
    let holds = second.database.view().list_holds(&jacket).unwrap();
    assert_eq!(holds.iter().map(|hold| (&hold.order, hold.quantity)).collect::<Vec<_>>(), [(&number, Quantity::ONE)]);
    let (lines, collector) = (vec![what], "Peter Kovac".to_owned());
    second.step(&number, OrderStep::HandedOver { lines, collector, proof: CollectionProof::Code });
    let all = ["PickStarted 1001 T01", "Picked 1001 T01", "MadeReady 1001 T01", "HandedOver 1001 T02"];
    assert_eq!(second.history(&number), all);
    first.until("who handed it over", |t| t.history(&number) == all);
    // Whoever asks at this till who has fetched it is told, until persons are forgotten.
    let order = first.database.view().find_order(&number).unwrap().unwrap();
    let last = order.history.last().map(|taken| taken.step.clone());
    assert!(matches!(last, Some(OrderStep::HandedOver { collector, .. }) if collector == "Peter Kovac"), "{order:?}");
}

#[test]
fn a_count_at_one_till_is_the_figure_of_all_and_ends_the_task_of_the_other() {
    let mut central = Central::start(Security::Plain);
    central.add_website();
    let (mut first, mut second) = (central.join("AAAA-BBBB-CCCC", "T01"), central.join("DDDD-EEEE-FFFF", "T02"));
    for till in [&mut first, &mut second] {
        till.until("the shelf", |t| t.shows() == Quantity::units(5) && t.state.link == Link::Live);
    }
    assert_eq!(central.free_for_websites(), Quantity::units(5));
    second.ask_for_count();
    time_passes();
    let counted = first.count(3);
    assert_eq!(first.shows(), Quantity::units(3), "at once, without central");
    second.until("the count", |t| t.shows() == Quantity::units(3) && !t.is_to_count());
    first.until("it is sent", |t| t.state.unsent == 0 && t.shows() == Quantity::units(3));
    assert_eq!((central.on_hand(), central.free_for_websites()), (Quantity::units(3), Quantity::units(3)));
    assert_eq!(central.list_moved_by(counted), [Quantity::units(-2)]);

    // Without central, and neither till hears of the other: one goes at the second till, and then the first one counts what is
    // left. Its program ends before the count is told, and begins again.
    central.shutdown();
    for till in [&mut first, &mut second] {
        till.until("the cut is noticed", |t| t.state.link == Link::Down);
    }
    second.adjust(-1);
    second.ask_for_count();
    time_passes();
    let counted_offline = first.count(1);
    let mut first = first.restart();
    assert_eq!((first.shows(), second.shows()), (Quantity::ONE, Quantity::units(2)));
    assert!(second.is_to_count());
    central.serve();
    // What went before the count was seen by it, whichever till is heard of first.
    for till in [&mut first, &mut second] {
        let is_told = |t: &Till| t.state.link == Link::Live && t.state.unsent == 0;
        till.until("all is told", |t| is_told(t) && t.shows() == Quantity::ONE && !t.is_to_count());
    }
    assert_eq!((central.on_hand(), central.free_for_websites()), (Quantity::ONE, Quantity::ONE));
    assert_eq!(central.list_moved_by(counted_offline).len(), 1, "it is booked once");
    // What goes after it is no part of it.
    second.adjust(-1);
    first.until("what went later", |t| t.shows() == Quantity::ZERO);
    second.until("it is sent", |t| t.state.unsent == 0 && t.shows() == Quantity::ZERO);
    assert_eq!((central.on_hand(), central.free_for_websites()), (Quantity::ZERO, Quantity::ZERO));
    assert_eq!(central.list_moved_by(counted), [Quantity::units(-2)], "and the one before stays as it was");
    let store = central.running().store.clone();
    assert_eq!(central.runtime.block_on(store.list_quarantined()).unwrap().len(), 0);
    assert_eq!(central.runtime.block_on(store.list_level_faults()).unwrap(), []);
}

#[test]
fn a_till_whose_clock_is_wrong_miscounts_no_shelf_and_ends_its_tasks() {
    for (codes, ahead) in [(["AAAA", "BBBB"], TimeDelta::hours(1)), (["CCCC", "DDDD"], TimeDelta::hours(-1))] {
        let mut central = Central::start(Security::Plain);
        let mut right = central.join(codes[0], "T01");
        let mut wrong = central.join_ahead(codes[1], "T02", ahead);
        for till in [&mut right, &mut wrong] {
            till.until("the feed", |t| t.shows() == Quantity::units(5) && t.state.link == Link::Live);
        }
        wrong.until("its clock is seen", |t| t.state.clock_ahead_ms.is_some());
        // One is taken at the till whose clock is wrong; the other has heard of it, and counts three: one more is gone.
        wrong.adjust(-1);
        wrong.ask_for_count();
        right.until("the first is gone", |t| t.shows() == Quantity::units(4));
        time_passes();
        right.count(3);
        for till in [&mut right, &mut wrong] {
            till.until("the count", |t| t.shows() == Quantity::units(3) && !t.is_to_count());
        }
        // Out of reach one is taken after the count, whichever central hears of first.
        central.shutdown();
        let counted = right.count(2);
        time_passes();
        wrong.adjust(-1);
        wrong.ask_for_count();
        central.serve();
        wrong.until("what it took is told", |t| t.state.link == Link::Live && t.state.unsent == 0);
        right.until("the count is told", |t| t.state.link == Link::Live && t.state.unsent == 0);
        for till in [&mut right, &mut wrong] {
            till.until("two, and one has gone since", |t| t.shows() == Quantity::ONE);
        }
        assert_eq!(central.list_moved_by(counted), [-Quantity::ONE], "{ahead}");
        assert!(wrong.is_to_count(), "the books were wrong after the count");
    }
}

#[test]
fn a_till_that_is_started_again_sends_nothing_central_has() {
    let central = Central::start(Security::Plain);
    central.add_code("AAAA-BBBB-CCCC", "T01");
    let folder = tempfile::tempdir().unwrap();
    let identity = central.enrol("AAAA-BBBB-CCCC", folder.path()).unwrap();
    let mut till = Till::start(identity, folder);
    till.adjust(-1);
    till.until("the first life's journal is there", |t| t.state.link == Link::Live && t.state.unsent == 0);
    for life in 2..=3 {
        till = till.restart();
        till.adjust(-1);
        till.until("it is there again", |t| t.state.link == Link::Live && t.state.unsent == 0);
        assert!(till.unsent_most <= 2, "life {life}: {} entries, and two were written", till.unsent_most);
    }
    assert_eq!(central.on_hand(), Quantity::units(2));
}

/// As only a fault of the program could do it: central can book no movement of the jacket until the trigger is gone.
fn set_booking(central: &Central, is_broken: bool) {
    let outside = rusqlite::Connection::open(central.folder.path().join("central.db")).unwrap();
    outside.busy_timeout(PATIENCE).unwrap();
    let sql = match is_broken {
        true => {
            "CREATE TRIGGER refused BEFORE INSERT ON movement WHEN NEW.product = 'jacket'
             BEGIN SELECT RAISE(ABORT, 'not today'); END"
        }
        false => "DROP TRIGGER refused",
    };
    outside.execute_batch(sql).unwrap();
}

#[test]
fn what_central_put_aside_and_booked_after_all_is_told_no_more() {
    let mut central = Central::start(Security::Plain);
    central.add_code("AAAA-BBBB-CCCC", "T01");
    let folder = tempfile::tempdir().unwrap();
    let identity = central.enrol("AAAA-BBBB-CCCC", folder.path()).unwrap();
    let mut till = Till::start(identity, folder);
    till.until("it is there", |t| t.state.link == Link::Live && t.state.unsent == 0);
    set_booking(&central, true);
    till.adjust(-1);
    till.adjust(-1);
    till.until("both are put aside", |t| t.state.unsent == 0 && t.state.quarantined == 2);
    assert_eq!(central.on_hand(), Quantity::units(5));

    // Judged again while the till is connected: by its next word, without another entry or a new conversation.
    set_booking(&central, false);
    let store = central.running().store.clone();
    let retried = central.runtime.block_on(store.retry_quarantined(Utc::now())).unwrap();
    assert_eq!((retried.looked_at, retried.booked), (2, 2));
    till.until("the till hears so", |t| t.state.quarantined == 0);
    assert_eq!((till.state.link, central.on_hand()), (Link::Live, Quantity::units(3)));
    drop(store);

    // Judged again by central itself as it starts: with the next hello.
    set_booking(&central, true);
    till.adjust(-1);
    till.until("it is put aside", |t| t.state.unsent == 0 && t.state.quarantined == 1);
    central.shutdown();
    till.until("the cut is noticed", |t| t.state.link == Link::Down);
    assert_eq!(till.state.quarantined, 1);
    set_booking(&central, false);
    central.serve();
    till.until("the till hears so", |t| t.state.link == Link::Live && t.state.quarantined == 0);
    assert_eq!(central.on_hand(), Quantity::units(2));
}

#[test]
fn a_till_whose_settings_cannot_be_read_starts_and_is_sent_them_again() {
    let central = Central::start(Security::Plain);
    central.add_code("AAAA-BBBB-CCCC", "T01");
    let folder = tempfile::tempdir().unwrap();
    let identity = central.enrol("AAAA-BBBB-CCCC", folder.path()).unwrap();
    let mut till = Till::start(identity, folder);
    let settings = |t: &Till| t.database.view().find_settings().unwrap();
    till.until("the settings", |t| settings(t).is_some());
    let sent = settings(&till);
    let path = till.database.path().to_owned();
    let Till { database, sync, folder, .. } = till;
    drop((sync, database));
    let outside = rusqlite::Connection::open(path).unwrap();
    let garbled = "UPDATE settings SET record = x'FFFF'; UPDATE settings_read SET version = 'another'";
    outside.execute_batch(garbled).unwrap();
    drop(outside);
    let mut till = Till::start(Identity::load(folder.path()).unwrap(), folder);
    assert_eq!(till.database.settings_set_aside(), Some(SettingsSetAside::NoneLeft));
    till.until("they come again", |t| settings(t) == sent);
}

#[test]
fn a_day_in_plain_text_on_this_machine() {
    check_a_day(Security::Plain);
}

#[test]
fn a_day_with_certificates() {
    check_a_day(own_authority());
}

/// A certificate for this machine by an authority that is not central's, as files; and that authority's own.
fn foreign_authority(folder: &Path) -> (Security, String) {
    let mut authority = rcgen::CertificateParams::default();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    authority.distinguished_name.push(rcgen::DnType::CommonName, "somebody else");
    let key = rcgen::KeyPair::generate().unwrap();
    let authority_pem = authority.self_signed(&key).unwrap().pem();
    let issuer = rcgen::Issuer::from_params(&authority, &key);
    let server_key = rcgen::KeyPair::generate().unwrap();
    let server = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let chain = server.signed_by(&server_key, &issuer).unwrap().pem();
    let (certificate, key) = (folder.join("chain.pem"), folder.join("key.pem"));
    std::fs::write(&certificate, chain).unwrap();
    std::fs::write(&key, server_key.serialize_pem()).unwrap();
    (Security::Files { certificate, key }, authority_pem)
}

#[test]
fn a_day_with_a_certificate_of_another_authority() {
    let files = tempfile::tempdir().unwrap();
    let (security, authority) = foreign_authority(files.path());
    check_a_day_under(security, Some(&authority));
}

#[test]
fn a_code_joins_one_till_once() {
    let central = Central::start(own_authority());
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let refused = |outcome: Result<Identity, EnrolError>| match outcome {
        Err(EnrolError::CodeRefused(why)) => why,
        Ok(identity) => panic!("joined as {}", identity.till),
        Err(error) => panic!("{error}"),
    };
    refused(central.enrol("nobody-gave-this", one.path()));
    central.add_code("AAAA-BBBB-CCCC", "T01");
    let first = central.enrol("AAAA-BBBB-CCCC", one.path()).unwrap();
    // As if the answer had been lost: the same keys, the same code.
    let again = central.enrol("AAAA-BBBB-CCCC", one.path()).unwrap();
    assert_eq!(again.till, first.till);
    assert_eq!(again.journal_key.to_bytes(), first.journal_key.to_bytes());
    refused(central.enrol("AAAA-BBBB-CCCC", other.path()));
    // A folder stays the till it is.
    central.add_code("DDDD-EEEE-FFFF", "T02");
    match central.enrol("DDDD-EEEE-FFFF", one.path()) {
        Err(EnrolError::OtherTill { folder, code }) => {
            assert_eq!((folder.to_string(), code.to_string()), ("S001/T01".to_owned(), "S001/T02".to_owned()));
        }
        Err(error) => panic!("{error}"),
        Ok(identity) => panic!("joined as {}", identity.till),
    }
    assert_eq!(Identity::load(one.path()).unwrap().till, first.till);
}

#[test]
fn a_central_that_is_not_the_one_enrolled_with_is_not_believed() {
    let central = Central::start(own_authority());
    central.add_code("AAAA-BBBB-CCCC", "T01");
    let folder = tempfile::tempdir().unwrap();
    let mut identity = central.enrol("AAAA-BBBB-CCCC", folder.path()).unwrap();
    // Another central, with an authority of its own, where the till expects its own.
    let impostor = Central::start(own_authority());
    identity.central = impostor.running().url();
    let mut till = Till::start(identity, folder);
    till.adjust(-1);
    // The call may fail before the second entry is written.
    till.until("the call fails, both entries unsent", |t| t.state.link == Link::Down && t.state.unsent == 2);
    assert_eq!(impostor.on_hand(), Quantity::units(5));
}
