//! A website's figures while 64 tills sell: how long after a sale its stream says so, and how many stock questions it may
//! ask meanwhile.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use till::central::RunningCentral;
use till::central::store::{CallKind, ChannelKind, ChannelRecord, ProductRecord, Store, UnknownPolicy};
use till::central::surroundings::hash_secret;
use till::domain::ids::StoreId;
use till::sync::connect::connect;
use till::wire::trade::v1::availability_service_client::AvailabilityServiceClient;
use till::wire::trade::v1::{GetAvailabilityRequest, WatchAvailabilityRequest};
use tonic::Request;
use tonic::transport::{Channel, Endpoint};

use crate::central::{Shop, Workload, push_of};
use crate::measure::{Figure, Sample, append_and_sync, in_words, ratio};
use crate::till::product;

/// A till of these sells every so often: 640 sales a second in all, some hundred times what 64 cashiers reach.
const PACE: Duration = Duration::from_millis(100);
/// Each sale is of one product that nobody else sells: its figure in the stream is the sale's own.
const WORKLOAD: Workload =
    Workload { tills: 64, tills_per_store: 4, sales_each: 100, lines: 10, products: 2_000.0, own_product: true };
/// How many products a question is about.
const ASKED: u64 = 250;
const TOKEN: &str = "bench";

type Begun = Arc<Mutex<HashMap<String, Instant>>>;

/// Sale to stream, and questions.
pub fn website() -> anyhow::Result<Vec<Figure>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut figures = follow_and_ask(false).await?;
        figures.extend(follow_and_ask(true).await?);
        Ok(figures)
    })
}

async fn follow_and_ask(asking: bool) -> anyhow::Result<Vec<Figure>> {
    let shop = Shop::open(WORKLOAD).await?;
    let website = open_channel(&shop.central).await?;
    let sync = append_and_sync(shop.folder.path(), 200)?;
    let begun = Begun::default();
    let mut stream =
        website.clone().watch_availability(request(WatchAvailabilityRequest::default())?).await?.into_inner();
    let known = shop.stores.len() * (WORKLOAD.products as usize + WORKLOAD.tills_per_store * WORKLOAD.sales_each);
    let mut heard = 0;
    while heard < known {
        heard += stream.message().await?.map_or(known, |frame| frame.availabilities.len());
    }
    let asked = asking.then(|| tokio::spawn(ask(website, shop.stores.clone())));
    let mut tills = Vec::with_capacity(WORKLOAD.tills);
    for (number, (identity, entries)) in shop.identities.into_iter().zip(shop.journals).enumerate() {
        let begun = begun.clone();
        tills.push(tokio::spawn(async move {
            let mut central = connect(&identity)?;
            // Tills do not sell in step.
            let first = tokio::time::Instant::now() + PACE * number as u32 / WORKLOAD.tills as u32;
            let mut pace = tokio::time::interval_at(first, PACE);
            for (at, entry) in entries.into_iter().enumerate() {
                pace.tick().await;
                if let Some(sale) = at.checked_sub(1) {
                    let own = product(WORKLOAD.own_product_of(number, sale)).id.to_string();
                    begun.lock().unwrap_or_else(PoisonError::into_inner).insert(own, Instant::now());
                }
                central.push(push_of(entry)).await?;
            }
            anyhow::Ok(())
        }));
    }
    let sales = WORKLOAD.tills * WORKLOAD.sales_each;
    let mut durations = Vec::with_capacity(sales);
    while durations.len() < sales {
        let frame = stream.message().await?;
        let frame = frame.ok_or_else(|| anyhow::anyhow!("the stream ended early"))?;
        let now = Instant::now();
        let mut begun = begun.lock().unwrap_or_else(PoisonError::into_inner);
        let told = frame.availabilities.iter().filter_map(|figure| begun.remove(&figure.product));
        durations.extend(told.map(|begun| now - begun));
    }
    for till in tills {
        till.await??;
    }
    let told = Sample::from_durations(durations);
    let sync_p50 = sync.percentile(50);
    let reference = format!("one fdatasync {}", in_words(sync_p50));
    Ok(match asked {
        None => vec![Figure {
            what: "till's sale → website's stream, 64 tills, 640 sales/s".into(),
            measured: told.to_string(),
            reference,
            ratio: ratio(told.percentile(50), sync_p50),
        }],
        Some(asked) => {
            let (rate, questions) = asked.await??;
            vec![Figure {
                what: format!("stock questions of {ASKED} products during the same"),
                measured: format!("{rate:.0} product-stores/s, {questions}; the stream {told}"),
                reference,
                ratio: ratio(questions.percentile(50), sync_p50),
            }]
        }
    })
}

/// Asks one question after the other while the tills sell.
async fn ask(mut website: AvailabilityServiceClient<Channel>, stores: Vec<StoreId>) -> anyhow::Result<(f64, Sample)> {
    let selling = PACE * (WORKLOAD.sales_each as u32 - 10);
    let (begun, mut figures, mut durations) = (Instant::now(), 0, Vec::new());
    while begun.elapsed() < selling {
        let round = durations.len();
        let first = round as u64 * 97 % (WORKLOAD.products as u64 - ASKED);
        let question = GetAvailabilityRequest {
            products: (first..first + ASKED).map(|number| product(number).id.to_string()).collect(),
            stores: vec![stores[round % stores.len()].to_string()],
        };
        let asked = Instant::now();
        let answer = website.get_availability(request(question)?).await?.into_inner();
        durations.push(asked.elapsed());
        anyhow::ensure!(answer.availabilities.len() == ASKED as usize, "every figure is answered");
        figures += answer.availabilities.len();
    }
    Ok((figures as f64 / begun.elapsed().as_secs_f64(), Sample::from_durations(durations)))
}

/// A website that may ask everything, of a company that knows its products.
async fn open_channel(central: &RunningCentral) -> anyhow::Result<AvailabilityServiceClient<Channel>> {
    let record = |number| ProductRecord { product: product(number), barcodes: Vec::new() };
    central.store.save_products((0..WORKLOAD.products as u64).map(record).collect()).await?;
    let channel = ChannelRecord {
        channel: "website".into(),
        kind: ChannelKind::Website,
        customer: None,
        stores: Vec::new(),
        calls: vec![CallKind::Availability],
        unknown: UnknownPolicy::Problem,
        created_at: chrono::Utc::now(),
        tokens: 0,
    };
    central.store.save_channel(channel, hash_secret(TOKEN)).await?;
    let channel = Endpoint::from_shared(central.url())?.connect().await?;
    Ok(AvailabilityServiceClient::new(channel))
}

fn request<T>(message: T) -> anyhow::Result<Request<T>> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {TOKEN}").parse()?);
    Ok(request)
}
