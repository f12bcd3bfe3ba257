//! Central's figure: how many sales of ten lines it takes, each on disk before its answer, from 1, 16 and 64 tills.

use std::path::Path;
use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use till::central::store::{Store, StoreKind, StoreRecord};
use till::central::surroundings::hash_secret;
use till::central::{Config, RunningCentral, Security, Server, Surroundings};
use till::domain::basket::{Basket, LineRequest};
use till::domain::event::{Event, RunTail};
use till::domain::ids::{BasketId, EntryId, JournalMark, RunId, SessionId, TillId};
use till::domain::quantity::Quantity;
use till::domain::sale::{SaleContext, complete};
use till::domain::tender::{Tender, TenderKind};
use till::register::environment::Environment;
use till::sync::connect::connect;
use till::sync::enrol::{EnrolRequest, enrol};
use till::sync::identity::Identity;
use till::sync::messages::push_request;
use till::wire::encode_event;
use till::wire::entry::{EntryHeader, NO_PREVIOUS_HASH, SealedEntry};

use crate::measure::{Figure, append_and_sync, in_words};
use crate::till::{product, settings};

/// Sales in all, whatever the number of tills.
const SALES: usize = 1_920;

/// Ingest through gRPC into the SQLite engine.
pub fn ingest() -> anyhow::Result<Vec<Figure>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    [1, 16, 64].into_iter().map(|tills| runtime.block_on(ingest_from(tills))).collect()
}

async fn ingest_from(tills: usize) -> anyhow::Result<Figure> {
    let folder = tempfile::tempdir()?;
    let central = Server::start(Config {
        data: folder.path().join("central"),
        listen: (std::net::Ipv4Addr::LOCALHOST, 0).into(),
        security: Security::Plain,
        surroundings: Surroundings::of_the_machine()?,
    })
    .await?;
    let store = StoreRecord { settings: settings(), kind: StoreKind::Shop, gln: None, location: None };
    central.store.save_stores(vec![store]).await?;
    let each = SALES / tills;
    let mut journals = Vec::with_capacity(tills);
    for number in 0..tills {
        let identity = join(&central, folder.path(), number).await?;
        let entries = journal(&identity, each)?;
        journals.push((identity, entries));
    }
    // One fdatasync for each sale is what a server without group commit could do at best.
    let sync = append_and_sync(folder.path(), 200)?;
    let begun = Instant::now();
    let pushes = journals.into_iter().map(|(identity, entries)| tokio::spawn(push_all(identity, entries)));
    for push in pushes.collect::<Vec<_>>() {
        push.await??;
    }
    let taken = begun.elapsed();
    let rate = SALES as f64 / taken.as_secs_f64();
    let reference = 1.0 / sync.percentile(50).as_secs_f64();
    let label = if tills == 1 { "1 till".to_owned() } else { format!("{tills} tills") };
    Ok(Figure {
        what: format!("central ingest, 10-line sales, {label}"),
        measured: format!("{rate:.0} sales/s, each on disk"),
        reference: format!("one fdatasync a sale ({}) {reference:.0}/s", in_words(sync.percentile(50))),
        ratio: Some(rate / reference),
    })
}

async fn join(central: &RunningCentral, folder: &Path, number: usize) -> anyhow::Result<Identity> {
    let till = TillId { store: "S001".into(), workstation: format!("T{number:02}").into() };
    let code = format!("BENCH-{number}");
    let expires_at = chrono::Utc::now() + chrono::Duration::minutes(5);
    central.store.add_enrol_code(hash_secret(&code), till, expires_at).await?;
    let data = folder.join(format!("till-{number}"));
    std::fs::create_dir_all(&data)?;
    let mut random = [number as u8; 32];
    random[0] = 1;
    let request = EnrolRequest {
        central: &format!("http://{}", central.address),
        code: &code,
        authority_pem: None,
        folder: &data,
        random,
        version: "bench",
    };
    Ok(enrol(request).await?)
}

async fn push_all(identity: Identity, entries: Vec<SealedEntry>) -> anyhow::Result<()> {
    let mut central = connect(&identity)?;
    for entry in entries {
        let answer = central.push(push_request(&[entry])).await?.into_inner();
        anyhow::ensure!(answer.results.len() == 1, "every entry is answered");
    }
    Ok(())
}

/// A till's journal: its start, and so many sales.
fn journal(identity: &Identity, sales: usize) -> anyhow::Result<Vec<SealedEntry>> {
    let mut environment = Environment::machine();
    let run = RunId(environment.unique_id());
    let mut chain = Chain { identity, run, previous: NO_PREVIOUS_HASH, sequence: 0 };
    let started = Event::RunStarted { predecessor: None::<RunTail>, version: "bench".into() };
    let mut entries = vec![chain.seal(EntryId(environment.unique_id()), &started)];
    for number in 0..sales {
        let sale = sale(&mut environment, identity, number as u64 + 1)?;
        entries.push(chain.seal(EntryId(environment.unique_id()), &sale));
    }
    Ok(entries)
}

struct Chain<'a> {
    identity: &'a Identity,
    run: RunId,
    previous: [u8; 32],
    sequence: u64,
}

impl Chain<'_> {
    fn seal(&mut self, entry: EntryId, event: &Event) -> SealedEntry {
        self.sequence += 1;
        let now = chrono::Utc::now();
        let header = EntryHeader {
            entry,
            till: self.identity.till.clone(),
            mark: JournalMark { run: self.run, sequence: self.sequence },
            // Storage keeps microseconds, and the seal covers what is stored.
            recorded_at: chrono::DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now),
            operator: None,
            business_day: now.date_naive(),
            kind: event.kind().to_owned(),
        };
        let key: &SigningKey = &self.identity.journal_key;
        let sealed = SealedEntry::seal(header, encode_event(event), self.previous, key);
        self.previous = sealed.hash;
        sealed
    }
}

fn sale(environment: &mut Environment, identity: &Identity, receipt_number: u64) -> anyhow::Result<Event> {
    let settings = settings();
    let mut basket = Basket::new(BasketId(environment.unique_id()), settings.currency);
    for line in 0..10 {
        basket.add(&product(receipt_number * 10 + line), LineRequest::listed(Quantity::ONE, None))?;
    }
    let amount = basket.total(&settings.tax_rates, settings.tax_mode);
    basket.tenders.push(Tender { kind: TenderKind::Cash, amount, reference: None });
    let now = chrono::Utc::now();
    let context = SaleContext {
        till: identity.till.clone(),
        receipt_number,
        session: SessionId(environment.unique_id()),
        operator: "1".into(),
        operator_name: "Bench".into(),
        begun_at: now - Duration::from_secs(60),
        completed_at: now,
    };
    Ok(Event::SaleCompleted(Box::new(complete(&basket, &settings, context)?)))
}
