//! Central's figures of orders from outside: how many it takes by `SubmitOrder`, each on disk and its units reserved before
//! its answer, from 1, 16 and 64 websites. The reference is PostgreSQL writing the same rows, one statement an order, spared
//! the document and the catalogue.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use till::central::store::{
    CallKind, ChannelKind, ChannelRecord, OrderFilter, ProductRecord, StockImport, Store, StoreKind, StoreRecord,
    UnknownPolicy,
};
use till::central::surroundings::hash_secret;
use till::central::{Config, RunningCentral, Security, Server, Surroundings};
use till::domain::ids::{EntryId, StoreId};
use till::domain::quantity::Quantity;
use till::domain::settings::StoreSettings;
use till::register::environment::Environment;
use till::wire::trade::v1 as proto;
use till::wire::trade::v1::order_service_client::OrderServiceClient;
use tonic::Request;
use tonic::transport::{Channel, Endpoint};

use crate::measure::{Figure, Sample, append_and_sync, in_words};
use crate::postgres::Postgres;
use crate::till::{product, settings};

/// How many products the stores sell.
const PRODUCTS: u64 = 5_000;
/// How many different ones an order has.
const LINES: u64 = 3;
/// How many websites order from one store.
const WEBSITES_PER_STORE: usize = 4;
/// How many units of each product a store begins with.
const FULL: i64 = 100_000;

/// An order as its website has it.
#[derive(Clone)]
pub struct WebsiteOrder {
    pub store: StoreId,
    pub website: String,
    pub buyer: String,
    pub reference: String,
    pub products: Vec<u64>,
    /// Unique in the store.
    pub code: String,
    /// UBL.
    pub document: Vec<u8>,
    /// SHA-256 of the document.
    pub content: [u8; 32],
}

impl WebsiteOrder {
    fn new(website: usize, number: usize) -> Self {
        let store = store_of(website / WEBSITES_PER_STORE);
        let reference = format!("{website}-{number}");
        let first = (website * 7_919 + number * 104_729) as u64;
        let products: Vec<u64> = (0..LINES).map(|line| (first + line * 1_009) % PRODUCTS).collect();
        let mut order = Self {
            store,
            website: website_of(website),
            buyer: format!("C-{}", number % 500),
            code: reference.clone(),
            reference,
            products,
            document: Vec::new(),
            content: [0; 32],
        };
        order.document = order.write().into_bytes();
        order.content = Sha256::digest(&order.document).into();
        order
    }

    fn write(&self) -> String {
        let Self { store, buyer, reference, products, .. } = self;
        let mut text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <Order xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Order-2\" \
             xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\" \
             xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\">\n\
             <cbc:ID>{reference}</cbc:ID><cbc:IssueDate>2026-03-02</cbc:IssueDate>\
             <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>\n\
             <cac:BuyerCustomerParty><cac:Party><cac:PartyIdentification><cbc:ID>{buyer}</cbc:ID>\
             </cac:PartyIdentification><cac:Person><cbc:FirstName>Anna</cbc:FirstName>\
             <cbc:FamilyName>Kowalski</cbc:FamilyName></cac:Person></cac:Party></cac:BuyerCustomerParty>\n\
             <cac:Delivery><cac:DeliveryLocation><cbc:ID>{store}</cbc:ID></cac:DeliveryLocation></cac:Delivery>\n"
        );
        for (line, number) in products.iter().enumerate() {
            let product = product(*number);
            // Writing to a text cannot fail; `write!` only says so by its type.
            let _ = writeln!(
                text,
                "<cac:OrderLine><cac:LineItem><cbc:ID>{}</cbc:ID><cbc:Quantity unitCode=\"C62\">1</cbc:Quantity>\
                 <cac:Price><cbc:PriceAmount currencyID=\"EUR\">{}</cbc:PriceAmount></cac:Price><cac:Item>\
                 <cbc:Name>{}</cbc:Name><cac:SellersItemIdentification><cbc:ID>{}</cbc:ID>\
                 </cac:SellersItemIdentification></cac:Item></cac:LineItem></cac:OrderLine>",
                line + 1,
                product.price,
                product.name,
                product.id
            );
        }
        text + "</Order>\n"
    }
}

fn store_of(number: usize) -> StoreId {
    StoreId::new(format!("S{:03}", number + 1))
}

fn website_of(number: usize) -> String {
    format!("website-{number}")
}

/// Orders per second, and how long a website waits for its answer.
pub fn orders() -> anyhow::Result<Vec<Figure>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let crowds = [(1, 1_500), (16, 300), (64, 160)];
    crowds.into_iter().map(|(websites, each)| runtime.block_on(figure(websites, each))).collect()
}

async fn figure(websites: usize, each: usize) -> anyhow::Result<Figure> {
    let sent: Vec<Vec<WebsiteOrder>> =
        (0..websites).map(|website| (0..each).map(|number| WebsiteOrder::new(website, number)).collect()).collect();
    let folder = tempfile::tempdir()?;
    let central = open(folder.path(), websites).await?;
    let sync = append_and_sync(folder.path(), 200)?;
    let mut callers = Vec::with_capacity(websites);
    for orders in sent.clone() {
        let connection = Endpoint::from_shared(format!("http://{}", central.address))?.connect().await?;
        callers.push(submit_all(OrderServiceClient::new(connection), orders));
    }
    let (rate, waits) = run_together(callers).await?;
    prove(&central, websites * each).await?;
    let what = match websites {
        1 => "orders by gRPC, 3 lines, 1 website".to_owned(),
        many => format!("orders by gRPC, 3 lines, {many} websites"),
    };
    let told = |rate: f64, waits: &Sample| format!("{rate:.0} orders/s, p99 {}", in_words(waits.percentile(99)));
    let measured = format!("{}, each on disk (one fdatasync {})", told(rate, &waits), in_words(sync.percentile(50)));
    central.shutdown().await;
    let Some(postgres) = Postgres::start(folder.path())? else {
        return Ok(Figure { what, measured, reference: "PostgreSQL is not installed here".into(), ratio: None });
    };
    let stores: Vec<StoreId> = (0..websites.div_ceil(WEBSITES_PER_STORE)).map(store_of).collect();
    let takers = postgres.open_for_orders(&sent, &stores, PRODUCTS).await?;
    let (reference, waits) = run_together(takers).await?;
    postgres.expect_orders(websites * each).await?;
    let ratio = Some(rate / reference);
    Ok(Figure {
        what,
        measured,
        reference: format!("PostgreSQL, one function an order {}", told(reference, &waits)),
        ratio,
    })
}

/// Runs all at the same time: how many a second, and how long each of them took.
async fn run_together<F>(callers: Vec<F>) -> anyhow::Result<(f64, Sample)>
where
    F: Future<Output = anyhow::Result<Vec<Duration>>> + Send + 'static,
{
    let begun = Instant::now();
    let running: Vec<_> = callers.into_iter().map(tokio::spawn).collect();
    let mut waits = Vec::new();
    for caller in running {
        waits.extend(caller.await??);
    }
    let rate = waits.len() as f64 / begun.elapsed().as_secs_f64();
    Ok((rate, Sample::from_durations(waits)))
}

async fn submit_all(
    mut client: OrderServiceClient<Channel>,
    orders: Vec<WebsiteOrder>,
) -> anyhow::Result<Vec<Duration>> {
    let mut waits = Vec::with_capacity(orders.len());
    for order in orders {
        let mut request = Request::new(proto::SubmitOrderRequest {
            client_reference: order.reference,
            content_type: "application/xml".to_owned(),
            xml: order.document,
            ..proto::SubmitOrderRequest::default()
        });
        request.metadata_mut().insert("authorization", format!("Bearer {}", order.website).parse()?);
        let begun = Instant::now();
        let answer = client.submit_order(request).await?.into_inner();
        waits.push(begun.elapsed());
        anyhow::ensure!(answer.outcome() == proto::Outcome::Imported, "{answer:?}");
    }
    Ok(waits)
}

/// A central with stores full of stock, its catalogue, and a channel for each website, whose name is its token.
async fn open(folder: &std::path::Path, websites: usize) -> anyhow::Result<RunningCentral> {
    let central = Server::start(Config {
        data: folder.join("central"),
        listen: (std::net::Ipv4Addr::LOCALHOST, 0).into(),
        security: Security::Plain,
        keep_persons_days: till::central::retention::DAYS_USUAL,
        surroundings: Surroundings::of_the_machine()?,
    })
    .await?;
    let stores: Vec<StoreId> = (0..websites.div_ceil(WEBSITES_PER_STORE)).map(store_of).collect();
    let record = |id: &StoreId| {
        let settings = StoreSettings { id: id.clone(), ..settings() };
        StoreRecord { settings, kind: StoreKind::Shop, gln: None, location: None }
    };
    central.store.save_stores(stores.iter().map(record).collect()).await?;
    let products = (0..PRODUCTS).map(|number| ProductRecord { product: product(number), barcodes: Vec::new() });
    central.store.save_products(products.collect()).await?;
    let mut environment = Environment::machine();
    for store in &stores {
        let figures = (0..PRODUCTS).map(|number| StockImport {
            store: store.clone(),
            product: product(number).id,
            on_hand: Some(Quantity::units(FULL)),
            safety: None,
            counted_at: None,
            entry: EntryId(environment.unique_id()),
        });
        central.store.import_stock(figures.collect(), chrono::Utc::now()).await?;
    }
    for website in (0..websites).map(website_of) {
        let channel = ChannelRecord {
            channel: website.as_str().into(),
            kind: ChannelKind::Website,
            customer: None,
            stores: Vec::new(),
            calls: vec![CallKind::Orders],
            unknown: UnknownPolicy::Problem,
            created_at: chrono::Utc::now(),
            tokens: 0,
        };
        central.store.save_channel(channel, hash_secret(&website)).await?;
    }
    Ok(central)
}

/// Every order is there, and everything it needs is promised: a fast wrong answer is no figure.
async fn prove(central: &RunningCentral, orders: usize) -> anyhow::Result<()> {
    let filter = OrderFilter { orders_max: orders + 1, ..OrderFilter::default() };
    let found = central.store.list_orders(filter).await?.len();
    anyhow::ensure!(found == orders, "{found} orders instead of {orders}");
    let promised: Quantity = central.store.list_stock(None).await?.iter().map(|row| row.level.promised).sum();
    let expected = Quantity::units(orders as i64 * LINES as i64);
    anyhow::ensure!(promised == expected, "{promised} is promised instead of {expected}");
    anyhow::ensure!(
        central.store.list_level_faults().await?.is_empty(),
        "every level is the fold of orders and movements"
    );
    Ok(())
}
