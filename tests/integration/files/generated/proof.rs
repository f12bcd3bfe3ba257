//! What must hold when everything has come: central's books and every folder against the model.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use till::central::store::sqlite::SqliteStore;
use till::central::store::{Cursor, Feed, FeedPosition, FeedRequest, OrderFilter, ProblemFilter, ProblemState, Store};
use till::domain::feed::Change;
use till::domain::ids::{OrderNumber, StoreId, TillId};
use till::domain::quantity::Quantity;
use till::domain::web_order::{OrderState, WebOrder};
use till::wire::office::v1 as office;
use till::wire::office::v1::office_service_client::OfficeServiceClient;
use till::wire::trade::v1 as proto;
use till::wire::trade::v1::availability_service_client::AvailabilityServiceClient;

use super::documents::{Act, PLACES, Wanted};
use super::model::{Fate, Key, Known, Model};
use super::traffic::{Sending, key_of};
use super::{CUT_ENDING, answers};
use crate::programs::central::Central;

/// A website that asks is told what the books say.
pub async fn expect_told(url: &str, token: &str, store: &SqliteStore) {
    let rows = store.list_stock(None).await.unwrap();
    let mut products: Vec<String> =
        rows.iter().filter(|row| row.level.promised.is_positive()).map(|row| row.product.to_string()).collect();
    products.sort();
    products.dedup();
    let mut client = AvailabilityServiceClient::connect(url.to_owned()).await.unwrap();
    let stores = PLACES.iter().map(|place| place.store.to_owned()).collect();
    let mut request = tonic::Request::new(proto::GetAvailabilityRequest { products: products.clone(), stores });
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    let told = client.get_availability(request).await.unwrap().into_inner().availabilities;
    assert!(told.len() >= products.len(), "{} figures of {} products", told.len(), products.len());
    for figure in told {
        let is = |row: &&till::central::store::StockRow| {
            row.product.as_str() == figure.product && row.store.as_str() == figure.store
        };
        let level = rows.iter().find(is).map(|row| row.level).unwrap_or_default();
        let free = level.available_to_promise().thousandths();
        assert_eq!(figure.free_thousandths, free, "{} in {}: {level:?}", figure.product, figure.store);
    }
}

/// Each order is there once, stands as it must, and has every document that was sent about it.
pub async fn expect_orders(store: &SqliteStore, channel: &str, model: &Model) {
    let filter = OrderFilter { channel: Some(channel.into()), orders_max: 1_000_000, ..OrderFilter::default() };
    let orders = store.list_orders(filter).await.unwrap();
    assert_eq!(orders.len(), model.orders.len(), "{channel}: orders");
    for (key, known) in &model.orders {
        let (sender, buyer) = known.parties();
        let found = store.find_order_by_key(channel.into(), sender, buyer, key.number.clone()).await.unwrap();
        let order = found.unwrap_or_else(|| panic!("{channel}: {key:?} is not there"));
        expect_order(channel, known, &order);
        let documents = store.list_order_documents(order.number.clone()).await.unwrap();
        let same = documents.len() == known.documents.len()
            && documents.iter().zip(&known.documents).all(|(found, (_, kept))| kept.is(&found.document));
        assert!(same, "{channel}: the documents of {key:?}: {documents:?}\ninstead of {:?}", known.documents);
    }
}

fn expect_order(channel: &str, known: &Known, order: &WebOrder) {
    let state = if known.is_cancelled { OrderState::Cancelled } else { OrderState::Received };
    let place = known.first.place.store;
    assert_eq!((order.state, order.store.as_str()), (state, place), "{channel}: {known:?}", known = known.first);
    let mut pieces: BTreeMap<String, Quantity> = BTreeMap::new();
    // A cancellation names no lines of its own.
    let said = known.documents.iter().rev().map(|(said, _)| said).find(|said| said.act != Act::Cancel).unwrap();
    for line in order.lines.iter().filter(|line| line.outstanding().is_positive()) {
        *pieces.entry(line.product.to_string()).or_default() += line.outstanding();
        let at = said.lines.iter().position(|(item, _)| item.sku == line.product.as_str());
        let at = at.unwrap_or_else(|| panic!("{channel}: {} is in {order:?}, and not in {said:?}", line.product));
        // As the line's own document has it, with its tax: to the cent, and one of it to the nearest.
        assert_eq!(line.amount.minor(), said.taxed_line_minor(at), "{channel}: {line:?} of {said:?}");
        let (ordered, one) = (i64::from(said.lines[at].1), line.unit_price.minor());
        assert!(2 * (one * ordered - line.amount.minor()).abs() <= ordered + 1, "{channel}: {line:?} of {said:?}");
    }
    let expected = known.pieces.iter().map(|(sku, pieces)| (sku.clone(), Quantity::units(i64::from(*pieces))));
    let pieces = if known.is_cancelled { BTreeMap::new() } else { pieces };
    assert_eq!(pieces, expected.collect(), "{channel}: {:?}", known.first);
    if !known.is_cancelled {
        // To the cent, with what the whole order puts on and takes off shared among its lines.
        let comes_to: i64 = order.lines.iter().map(|line| line.amount.minor() + line.share.minor()).sum();
        assert_eq!(comes_to, said.total_minor(), "{channel}: {order:?} of {said:?}");
        let prepaid = order.prepaid.map_or(0, |prepaid| prepaid.minor());
        assert_eq!((order.paid, prepaid), (said.is_paid(), said.prepaid_minor()), "{channel}: {order:?}");
        if let Some(day) = said.day() {
            // Until the day ends on the clocks of its store, which are three hours ahead of UTC in June.
            let until = order.collect_by.map(|at| at.to_rfc3339());
            assert_eq!(until, Some(format!("2031-06-{day:02}T20:59:59+00:00")), "{channel}: {order:?}");
        }
    }
}

/// Each document that is none is kept with its reason, and counted as often as it came: exactly, where nobody had to send
/// one again because central died before answering.
pub async fn expect_problems(store: &SqliteStore, channel: &str, model: &Model, exactly: bool) {
    let filter = ProblemFilter { channel: Some(channel.into()), problems_max: 1_000_000, ..ProblemFilter::default() };
    let mut records = Vec::new();
    for summary in store.list_problems(filter).await.unwrap() {
        records.push(store.find_problem(summary.problem).await.unwrap().unwrap());
    }
    assert_eq!(records.len(), model.problems.len(), "{channel}: problems");
    let mut by_reference: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for record in &records {
        by_reference.entry(record.kept.reference.as_str()).or_default().push(&record.kept);
    }
    for (kept, (number, code, times)) in &model.problems {
        let candidates = by_reference.get(number.as_str()).map(Vec::as_slice).unwrap_or_default();
        let found: Vec<_> = candidates.iter().filter(|candidate| kept.is(&candidate.document)).collect();
        assert_eq!(found.len(), 1, "{channel}: {number:?} {code} {kept:?}");
        let enough = if exactly { found[0].times == *times } else { found[0].times >= *times };
        assert!(enough, "{channel}: {number:?} came {times} times, not {}", found[0].times);
        assert!(found[0].problems.contains(code), "{channel}: {number:?} {code} is not in {}", found[0].problems);
    }
}

/// What is promised is what open orders need: in the books, and in what the tills of the stores are told.
pub async fn expect_reserved(store: &SqliteStore, models: &[(&str, &Model)]) {
    let mut needed: BTreeMap<(String, String), Quantity> = BTreeMap::new();
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    for known in models.iter().flat_map(|(_, model)| model.orders.values()) {
        let place = known.first.place.store;
        *open.entry(place).or_default() += usize::from(!known.is_cancelled);
        for (sku, pieces) in &known.pieces {
            *needed.entry((place.to_owned(), sku.clone())).or_default() += Quantity::units(i64::from(*pieces));
        }
    }
    assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
    for row in store.list_stock(None).await.unwrap() {
        let key = (row.store.to_string(), row.product.to_string());
        let expected = needed.remove(&key).unwrap_or_default();
        assert_eq!(row.level.promised, expected, "{} in {} is promised", row.product, row.store);
        assert_eq!(row.level.held, Quantity::ZERO, "{} in {} is held", row.product, row.store);
    }
    assert_eq!(needed, BTreeMap::new(), "is promised and has no level");
    for place in PLACES {
        let orders = orders_in_feed(store, place.store).await;
        let unfulfilled = orders.values().filter(|order| order.state.is_unfulfilled()).count();
        assert_eq!(unfulfilled, open.get(place.store).copied().unwrap_or(0), "orders in the feed of {}", place.store);
    }
}

/// What the tills of a store know of orders when they have read everything.
async fn orders_in_feed(store: &SqliteStore, place: &str) -> BTreeMap<OrderNumber, WebOrder> {
    let till = TillId { store: place.into(), workstation: "T01".into() };
    let mut position = FeedPosition::After(Cursor(0));
    let mut orders = BTreeMap::new();
    loop {
        let feed = Feed::Store(StoreId::new(place));
        let (till, now) = (till.clone(), till::domain::Timestamp::MAX_UTC);
        let page = store.read_feed(FeedRequest { feed, till, position, changes_max: 500, now }).await.unwrap();
        let (next, complete) = (page.next(), page.complete);
        for change in page.changes {
            if let Change::Order(order) = change {
                assert!(orders.insert(order.number.clone(), *order).is_none(), "an order is in the feed twice");
            }
        }
        if complete {
            return orders;
        }
        position = next;
    }
}

/// What head office reads of a channel's files.
pub async fn expect_counted(store: &SqliteStore, channel: &str, model: &Model) {
    let channels = store.list_file_channels().await.unwrap();
    let found = channels.into_iter().find(|found| found.settings.channel.as_str() == channel).unwrap();
    let (state, counts) = (found.state, model.counts);
    let (read, expected) = (
        (state.received, state.imported, state.duplicates, state.problems),
        (counts.documents, counts.taken, counts.duplicates, counts.problems),
    );
    assert_eq!(read, expected, "{channel}: files, taken, duplicates, problems");
}

/// What head office, its programs and whatever watches over the machine are told of a channel: by central's command, and by
/// central itself while it runs.
pub async fn expect_told_of_channels(central: &Central, office_token: &str, models: &[(&str, &Model)]) {
    let told_office = ask_office(&central.url(), office_token).await;
    let listed: serde_json::Value = serde_json::from_str(&central.say(&["channel", "list", "--json"])).unwrap();
    let figures = central.read_figures();
    let store = central.open();
    for (channel, model) in models {
        let counts = model.counts;
        let received = counts.taken + counts.duplicates + counts.problems;
        let open = ProblemFilter {
            channel: Some((*channel).into()),
            state: Some(ProblemState::Open),
            problems_max: 1_000_000,
            ..ProblemFilter::default()
        };
        let oldest = store.list_problems(open).await.unwrap().iter().map(|problem| problem.received_at).min();
        let expected = [received, counts.taken, counts.duplicates, counts.problems, model.problems.len() as u64];
        let row = listed.as_array().unwrap().iter().find(|row| row["channel"] == *channel).unwrap();
        let found = ["received", "imported", "duplicates", "problems", "open"]
            .map(|name| row["orders"][name].as_u64().unwrap_or_else(|| panic!("{channel}: {name} in {row:#}")));
        let [received, taken, duplicates, problems, open] = found;
        assert_eq!(received, taken + duplicates + problems, "{channel}: {row:#}");
        match row["files"].is_null() {
            false => assert_eq!(found, expected, "{channel}: {row:#}"),
            // What was sent again because nobody had heard the answer is a duplicate or the same problem once more.
            true => {
                assert_eq!((taken, open), (expected[1], expected[4]), "{channel}: {row:#}");
                assert!(duplicates >= expected[2] && problems >= expected[3], "{channel}: {row:#}");
            }
        }
        assert_eq!(row["orders"]["oldest_open_at"].as_str(), oldest.map(|at| at.to_rfc3339()).as_deref());
        let office = told_office.iter().find(|count| count.channel == *channel).unwrap();
        let told_office = [office.received, office.imported, office.duplicates, office.problems, office.open];
        assert_eq!(told_office, found, "{channel}: {office:?}");
        let since = office.oldest_open_at.map(|at| (at.seconds, at.nanos));
        assert_eq!(since, oldest.map(|at| (at.timestamp(), at.timestamp_subsec_nanos() as i32)), "{channel}");
        let told = |name: &str, labels: &str| {
            let sample = format!("central_channel_{name}{{channel=\"{channel}\"{labels}}}");
            figures.get(&sample).copied().unwrap_or_else(|| panic!("{sample} is not in {figures:#?}"))
        };
        let outcome = |word: &str| told("outcomes_total", &format!(",outcome=\"{word}\""));
        let measured = [
            told("orders_total", ""),
            outcome("imported"),
            outcome("duplicate"),
            outcome("problem"),
            told("problems_open", ""),
        ];
        assert_eq!(measured, found.map(|figure| figure as f64), "{channel}");
        let since = told("oldest_problem_timestamp_seconds", "");
        assert_eq!(since, oldest.unwrap().timestamp_micros() as f64 / 1e6, "{channel}");
        if !row["files"].is_null() {
            let files = (told("files_total", ""), told("files_waiting", ""));
            assert_eq!(files, (counts.documents as f64, 0.0), "{channel}: files taken, files waiting");
            let files = office.files.as_ref().unwrap();
            assert_eq!((files.received, files.waiting), (counts.documents, 0), "{channel}: {files:?}");
        }
    }
    store.close();
}

/// As a program of head office is told.
async fn ask_office(url: &str, token: &str) -> Vec<office::ChannelCount> {
    let mut client = OfficeServiceClient::connect(url.to_owned()).await.unwrap();
    let mut request = tonic::Request::new(office::ListChannelCountsRequest {});
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    client.list_channel_counts(request).await.unwrap().into_inner().counts
}

/// Our number of every order of a channel.
pub async fn find_numbers(store: &SqliteStore, channel: &str, model: &Model) -> BTreeMap<Key, String> {
    let mut numbers = BTreeMap::new();
    for (key, known) in &model.orders {
        let (sender, buyer) = known.parties();
        let found = store.find_order_by_key(channel.into(), sender, buyer, key.number.clone()).await.unwrap();
        numbers.extend(found.map(|order| (key.clone(), order.number.to_string())));
    }
    numbers
}

/// Every file lies where it belongs, byte for byte, with what belongs beside it; each answer is there once and says what it
/// must; what was cut off lies where it broke off, and nothing else is left over anywhere.
pub fn expect_filed(disk: &Path, put: &[Sending], numbers: &BTreeMap<Key, String>) {
    let read = |folder: &str| -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(disk.join(folder)).unwrap().map(Result::unwrap);
        entries.filter(|e| e.path().is_file()).map(|e| (name_of(&e), fs::read(e.path()).unwrap())).collect()
    };
    let left: Vec<String> = read("").into_keys().filter(|name| !name.ends_with(CUT_ENDING)).collect();
    assert_eq!(left, Vec::<String>::new(), "left in the folder");
    assert_eq!(read("processing").keys().collect::<Vec<_>>(), Vec::<&String>::new(), "left in processing/");
    let (imported, problem, answers) = (read("imported"), read("problem"), read("out"));
    let is_problem = |sending: &&Sending| sending.fates.iter().all(Fate::is_problem);
    let is_mixed = |sending: &&Sending| !is_problem(sending) && sending.fates.iter().any(Fate::is_problem);
    let mut expected: Vec<&[u8]> = put.iter().filter(|s| !is_problem(s)).map(|s| s.bytes.as_slice()).collect();
    expect_same(expected, imported.values().map(Vec::as_slice).collect(), "imported/");

    let (reports, files): (BTreeMap<_, _>, BTreeMap<_, _>) =
        problem.into_iter().partition(|(name, _)| name.ends_with(".problem.txt"));
    let beside: Vec<String> = files.keys().map(|name| format!("{name}.problem.txt")).collect();
    assert_eq!(reports.keys().cloned().collect::<Vec<_>>(), beside, "a report beside every file in problem/");
    let whole: BTreeMap<&[u8], usize> = put.iter().filter(is_problem).fold(BTreeMap::new(), |mut all, sending| {
        *all.entry(sending.bytes.as_slice()).or_default() += 1;
        all
    });
    expected = files.values().map(Vec::as_slice).filter(|bytes| whole.contains_key(bytes)).collect();
    expect_same(put.iter().filter(is_problem).map(|s| s.bytes.as_slice()).collect(), expected, "problem/");
    let parts = files.values().filter(|bytes| !whole.contains_key(bytes.as_slice())).count();
    assert_eq!(parts, put.iter().filter(is_mixed).count(), "parts with problems, each in a file of its own");

    let mut answered: BTreeMap<&str, Vec<&Vec<u8>>> = BTreeMap::new();
    for (name, answer) in &answers {
        assert!(name.ends_with(".response.xml"), "{name} among the answers");
        answered.entry(name.split('.').next().unwrap()).or_default().push(answer);
    }
    for sending in put.iter().filter(|sending| sending.is_answered) {
        let find_ours = |wanted: &Wanted| numbers.get(&key_of(wanted)).cloned();
        // Of files of one name any answer may be this one's, once.
        let candidates = answered.get_mut(sending.stem.as_str()).filter(|candidates| !candidates.is_empty());
        let candidates = candidates.unwrap_or_else(|| panic!("{} has no answer", sending.stem));
        let check =
            |answer: &&Vec<u8>| answers::check(answer, &sending.orders, &sending.fates, sending.twin, find_ours);
        let verdicts: Vec<Result<(), String>> = candidates.iter().map(check).collect();
        // One that names the orders is theirs before one that names none, as a refusal in cXML does not.
        let names_them = |place: &usize| {
            let answer = String::from_utf8_lossy(candidates[*place]);
            sending.orders.iter().all(|wanted| answer.contains(wanted.number()))
        };
        let fitting: Vec<usize> = (0..verdicts.len()).filter(|place| verdicts[*place].is_ok()).collect();
        let right = fitting.iter().copied().find(names_them).or(fitting.first().copied());
        let right = right.unwrap_or_else(|| panic!("{} {:?} was told: {verdicts:?}", sending.stem, sending.fates));
        candidates.remove(right);
    }
    answered.retain(|_, left| !left.is_empty());
    assert_eq!(answered.keys().collect::<Vec<_>>(), Vec::<&&str>::new(), "answers to nothing");
}

fn name_of(entry: &fs::DirEntry) -> String {
    entry.file_name().into_string().unwrap()
}

/// The same documents, each as often.
fn expect_same(mut expected: Vec<&[u8]>, mut found: Vec<&[u8]>, folder: &str) {
    expected.sort_unstable();
    found.sort_unstable();
    let told = |bytes: Option<&&[u8]>| {
        bytes.map(|bytes| String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]).into_owned())
    };
    let different = expected.iter().zip(&found).position(|(a, b)| a != b);
    let at = different.unwrap_or(expected.len().min(found.len()));
    assert!(
        expected == found,
        "{folder}: {} files instead of {}; {:?} instead of {:?}",
        found.len(),
        expected.len(),
        told(found.get(at)),
        told(expected.get(at))
    );
}
