//! How long a hostile document takes to be refused by the whole of central, from the call to the answer, kept with its
//! reasons on disk; each kind against the 50 ms it may take.

use std::path::Path;
use std::time::{Duration, Instant};

use till::central::import::{Kind, import};
use till::central::store::{CallKind, ChannelKind, ChannelRecord, Store, UnknownPolicy};
use till::central::surroundings::hash_secret;
use till::central::{Config, RunningCentral, Security, Server, Surroundings};
use till::wire::trade::v1 as proto;
use till::wire::trade::v1::order_service_client::OrderServiceClient;
use tonic::Request;
use tonic::transport::{Channel, Endpoint};

use crate::hostile::{list_hostile, sample, write_good};
use crate::measure::{Figure, Sample, ratio};

/// How long a refusal may take.
const TARGET: Duration = Duration::from_millis(50);
/// How often each document is sent.
const TIMES: usize = 100;
const TOKEN: &str = "refusals";

/// One row for each kind, and one for a good order as large as any may be.
pub fn refusals() -> anyhow::Result<Vec<Figure>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        let central = open(folder.path()).await?;
        let connection = Endpoint::from_shared(central.url())?.connect().await?;
        let mut client = OrderServiceClient::new(connection);
        let mut figures = Vec::new();
        // Nobody listens on port 9 (discard): who goes there is told so at once, and none does.
        let hostile = list_hostile("http://127.0.0.1:9/bait.dtd", &folder.path().join("bait.txt"));
        for (name, xml, code) in hostile.into_iter().filter(|(_, _, code)| !code.is_empty()) {
            figures.push(figure(&format!("refusing {name}"), &mut client, &xml, Some(code)).await?);
        }
        figures.push(figure("reading a good order, sent again", &mut client, &write_good(usize::MAX), None).await?);
        central.shutdown().await;
        Ok(figures)
    })
}

async fn figure(
    what: &str,
    client: &mut OrderServiceClient<Channel>,
    xml: &[u8],
    code: Option<&str>,
) -> anyhow::Result<Figure> {
    let mut durations = Vec::with_capacity(TIMES);
    for time in 0..=TIMES {
        let message = proto::SubmitOrderRequest { xml: xml.to_vec(), ..Default::default() };
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", format!("Bearer {TOKEN}").parse()?);
        let begun = Instant::now();
        let answer = client.submit_order(request).await?.into_inner();
        // The first time it is kept, or taken; from then on it is known.
        if time > 0 {
            durations.push(begun.elapsed());
        }
        let found = answer.problems.first().map(|problem| problem.code.as_str());
        anyhow::ensure!(found == code, "{what}: {found:?} instead of {code:?}");
    }
    let sample = Sample::from_durations(durations);
    Ok(Figure {
        what: format!("{what}, {} bytes", xml.len()),
        measured: sample.to_string(),
        reference: "target 50 ms".to_owned(),
        ratio: ratio(sample.percentile(99), TARGET),
    })
}

/// A central with the sample shop in it, and a website that may order.
async fn open(folder: &Path) -> anyhow::Result<RunningCentral> {
    let surroundings = Surroundings::of_the_machine()?;
    let central = Server::start(Config {
        data: folder.join("central"),
        listen: (std::net::Ipv4Addr::LOCALHOST, 0).into(),
        security: Security::Plain,
        keep_persons_days: till::central::retention::DAYS_USUAL,
        surroundings: surroundings.clone(),
    })
    .await?;
    for (kind, file) in [(Kind::Stores, "stores.csv"), (Kind::Products, "products.csv"), (Kind::Stock, "stock.csv")] {
        import(&central.store, kind, sample(file).as_bytes(), &surroundings, |_| ()).await?;
    }
    let channel = ChannelRecord {
        channel: "website".into(),
        kind: ChannelKind::Website,
        customer: None,
        stores: Vec::new(),
        calls: vec![CallKind::Orders],
        unknown: UnknownPolicy::Problem,
        created_at: surroundings.now(),
        tokens: 0,
    };
    central.store.save_channel(channel, hash_secret(TOKEN)).await?;
    Ok(central)
}
