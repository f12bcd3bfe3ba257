//! Thousands of generated documents over every path at once, into a central that is killed or told to end again and again,
//! from senders that hang up in the middle of a call and of an upload.
//!
//! New orders, changes, cancellations, the same again, the same number for something else, what is malformed, and several
//! orders in one document, in every format; with tax in the prices, on top of them, and at several rates; with discounts,
//! shipping, money received before, days to deliver by, and items as their buyers call them: over gRPC, from a folder, from
//! OpenSSH and from vsftpd. A small model says what
//! must come of each order. At the end each is there exactly once, every byte is kept, what is promised is what open orders
//! need, and each answer has said the number, the state and the reasons.
//!
//! The same seed makes the same documents; when central dies among them is chance. `GENERATED_DOCUMENTS=10000` runs more of
//! them, `GENERATED_SEED=n` others.

pub mod answers;
pub mod documents;
mod model;
mod proof;
mod terms;
mod traffic;
mod writers;

use std::collections::VecDeque;
use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use till::central::intake::files::remote::Remote;
use till::central::store::Store;
use till::wire::trade::v1 as proto;
use till::wire::trade::v1::order_service_client::OrderServiceClient;
use tokio::task::JoinSet;
use tokio_stream::StreamExt;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request};

use self::documents::{Act, Format, Item, Wanted, buyer_names, knows_own_numbers, sample_items};
use self::model::{Fate, Key};
use self::terms::Taxes;
use self::traffic::{BUYERS, Sending, Traffic, key_of};
use super::servers::{FtpServer, SshServer};
use super::{Side, pick_up::drop_file};
use crate::number;
use crate::programs::central::Central;
use crate::simulation::dice::Dice;

/// Documents in the suite.
const DOCUMENTS: u64 = 1_500;
const SEED: u64 = 1;
/// Documents of a path that are under way together.
const PER_WAVE: usize = 60;
/// How many call at the same time.
const CALLERS: usize = 8;
/// Central lives for so many documents, more or less.
const LIFE: (u64, u64) = (20, 240);
/// How many products are ordered.
const ITEMS: usize = 40;
/// How long nothing at all may happen.
const PATIENCE: Duration = Duration::from_secs(180);
/// Of a hundred calls, how many are hung up on before they are made for good; and of a hundred uploads by SFTP.
const HANGS_UP: u64 = 15;
const UPLOADS_CUT: u64 = 8;
/// Of a call or an upload that is cut, at most so much time is waited.
const CUT_WITHIN_US: u64 = 4_000;
/// What is cut off is called so: it is left alone for ever.
const CUT_ENDING: &str = ".cut.part";
/// Every so many lives of central are ended by SIGTERM instead of being cut.
const TOLD_TO_END: u32 = 3;
/// Between two looks at how far it has come.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// A channel with files.
struct Files {
    channel: &'static str,
    side: Side,
    traffic: Traffic,
    put: Vec<Sending>,
    /// Uploads that broke off.
    cut: u64,
}

impl Files {
    /// Begins to upload a document, hangs up somewhere, and leaves there what there is.
    async fn cut_upload(&mut self, sending: &Sending, dice: &mut Dice) {
        let mut remote = self.side.connect().await;
        let path = format!("{}.xml{CUT_ENDING}", sending.stem);
        let soon = Duration::from_micros(dice.below(CUT_WITHIN_US));
        let cut = tokio::time::timeout(soon, remote.write(&path, &sending.bytes)).await.is_err();
        self.cut += u64::from(cut);
    }

    /// Puts a document where central finds it: most with a marker that it is whole, some without.
    fn put(&mut self, sending: Sending, dice: &mut Dice) {
        let (disk, name) = (self.side.disk(), format!("{}.xml", sending.stem));
        let path = disk.join(format!("{name}.part"));
        fs::write(&path, &sending.bytes).unwrap();
        fs::rename(&path, disk.join(&name)).unwrap();
        match dice.below(5) {
            0..3 => drop(drop_file(&disk, &format!("{name}.done"), "")),
            3 => drop(drop_file(&disk, &format!("{name}.ok"), "")),
            _ => {}
        }
        self.put.push(sending);
    }

    /// How many files have reached their end, and whether all have.
    fn progress(&self) -> (u64, bool) {
        let count = |folder: &str| fs::read_dir(self.side.disk().join(folder)).map_or(0, |entries| entries.count());
        // In the order a file goes, so that none is overlooked on its way.
        let waits = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().ends_with(".xml");
        let waiting = fs::read_dir(self.side.disk()).unwrap().any(|entry| waits(&entry.unwrap()));
        let is_done = !waiting && count("processing") == 0;
        ((count("imported") + count("problem")) as u64, is_done)
    }
}

/// The documents of one wave that are sent by gRPC, and what came of them.
struct Calls {
    waiting: Mutex<VecDeque<Sending>>,
    answered: AtomicU64,
    /// Calls that were hung up on before their answer came.
    hung_up: AtomicU64,
    /// What our number of an order was said to be.
    told: Mutex<Vec<(Key, String)>>,
    wrong: Mutex<Vec<String>>,
}

impl Calls {
    /// One caller: sends one document after the other, each until it is answered.
    async fn make(self: Arc<Self>, mut client: OrderServiceClient<Channel>, token: String, mut dice: Dice) {
        loop {
            let Some(sending) = self.waiting.lock().unwrap().pop_front() else { return };
            let mut interrupted = dice.chance(HANGS_UP);
            if interrupted {
                self.hang_up(&mut client, &sending, &token, &mut dice).await;
            }
            let answer = loop {
                match client.submit_order(signed(submission(&sending), &token)).await {
                    Ok(answer) => break answer.into_inner(),
                    Err(status) if is_of_the_way(status.code()) => interrupted = true,
                    Err(status) => panic!("{}: {status:?}", sending.stem),
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            };
            match expect_answer(&sending, interrupted, answer) {
                Ok(told) => self.told.lock().unwrap().extend(told),
                Err(wrong) => self.wrong.lock().unwrap().push(wrong),
            }
            self.answered.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Calls {
    /// Sends a document, by itself or in a stream, and goes away before the answer comes, most of the time.
    async fn hang_up(&self, client: &mut OrderServiceClient<Channel>, sending: &Sending, token: &str, dice: &mut Dice) {
        let soon = Duration::from_micros(dice.below(CUT_WITHIN_US));
        let cut = match dice.chance(50) {
            true => tokio::time::timeout(soon, client.submit_order(signed(submission(sending), token))).await.is_err(),
            false => {
                let first = proto::SubmitOrdersRequest { order: Some(submission(sending)) };
                // It goes on for as long as somebody listens.
                let documents = tokio_stream::once(first).chain(tokio_stream::pending());
                let answer =
                    async { client.submit_orders(signed(documents, token)).await?.into_inner().message().await };
                tokio::time::timeout(soon, answer).await.is_err()
            }
        };
        self.hung_up.fetch_add(u64::from(cut), Ordering::SeqCst);
    }
}

/// A document as it is sent.
fn submission(sending: &Sending) -> proto::SubmitOrderRequest {
    proto::SubmitOrderRequest {
        client_reference: sending.stem.clone(),
        content_type: "application/xml".to_owned(),
        xml: sending.bytes.clone(),
        ..proto::SubmitOrderRequest::default()
    }
}

fn signed<T>(message: T, token: &str) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    request
}

/// The connection broke: whether the document was taken is not known, and it is sent again.
const fn is_of_the_way(code: Code) -> bool {
    matches!(code, Code::Unavailable | Code::Unknown | Code::Cancelled | Code::Internal)
}

/// What is said of one order over gRPC.
#[derive(Debug)]
struct Answered {
    outcome: proto::Outcome,
    number: String,
    reference: String,
    state: proto::OrderState,
    problems: Vec<proto::Problem>,
    problem_id: String,
}

fn list_answered(answer: &proto::SubmitOrderResponse) -> Vec<Answered> {
    let one = || Answered {
        outcome: answer.outcome(),
        number: answer.order_number.clone(),
        reference: answer.sender_reference.clone(),
        state: answer.state(),
        problems: answer.problems.clone(),
        problem_id: answer.problem_id.clone(),
    };
    let each = |order: &proto::OrderResult| Answered {
        outcome: order.outcome(),
        number: order.order_number.clone(),
        reference: order.sender_reference.clone(),
        state: order.state(),
        problems: order.problems.clone(),
        problem_id: order.problem_id.clone(),
    };
    if answer.orders.is_empty() { vec![one()] } else { answer.orders.iter().map(each).collect() }
}

impl Answered {
    fn fits(&self, fate: &Fate, may_be_taken_already: bool) -> bool {
        use proto::OrderState::{AwaitingPicking, Cancelled};
        let outcome = self.outcome.as_str_name().trim_start_matches("OUTCOME_");
        let errors: Vec<&proto::Problem> =
            self.problems.iter().filter(|problem| problem.severity() == proto::Severity::Error).collect();
        if let Fate::Problem(code) = fate {
            let is_kept = self.number.is_empty() && uuid::Uuid::parse_str(&self.problem_id).is_ok();
            let reason = errors.iter().find(|problem| problem.code == *code);
            return outcome == "PROBLEM" && is_kept && reason.is_some_and(|reason| !reason.hint.is_empty());
        }
        let same = outcome == fate.word() || may_be_taken_already && outcome == "DUPLICATE";
        let state = match fate {
            Fate::Cancelled => self.state == Cancelled,
            Fate::Imported | Fate::Changed => self.state == AwaitingPicking,
            _ => matches!(self.state, AwaitingPicking | Cancelled),
        };
        same && state && errors.is_empty() && self.number.starts_with("W-") && self.problem_id.is_empty()
    }
}

/// Is the answer right, in our words and in the sender's? Then what our numbers were said to be.
fn expect_answer(
    sending: &Sending,
    interrupted: bool,
    answer: proto::SubmitOrderResponse,
) -> Result<Vec<(Key, String)>, String> {
    let context = || format!("{}: {:?}", sending.stem, sending.fates);
    let found = list_answered(&answer);
    if found.len() != sending.fates.len() || answer.client_reference != sending.stem {
        return Err(format!("{}: {found:?}", context()));
    }
    let mut told = Vec::new();
    for (index, (fate, found)) in sending.fates.iter().zip(&found).enumerate() {
        let wanted = sending.orders.get(index);
        let same_number = wanted.is_none_or(|wanted| wanted.number() == found.reference);
        if !same_number || !found.fits(fate, interrupted || sending.twin) {
            return Err(format!("{}: {found:?}\n{}", context(), String::from_utf8_lossy(&sending.bytes)));
        }
        told.extend(wanted.filter(|_| !fate.is_problem()).map(|wanted| (key_of(wanted), found.number.clone())));
    }
    if sending.is_answered == answer.response_document.is_empty() {
        return Err(format!("{}: is there an answer? {:?}", context(), answer.response_document.len()));
    }
    if sending.is_answered {
        let find_ours = |wanted: &Wanted| told.iter().find(|(key, _)| *key == key_of(wanted)).map(|(_, n)| n.clone());
        let again = interrupted || sending.twin;
        answers::check(&answer.response_document, &sending.orders, &sending.fates, again, find_ours)
            .map_err(|wrong| format!("{}: {wrong}", context()))?;
    }
    Ok(told)
}

/// Everything that takes part.
struct Run {
    central: Central,
    files: Vec<Files>,
    website: Traffic,
    token: String,
    office_token: String,
    dice: Dice,
    hung_up: u64,
    told: Vec<(Key, String)>,
    lives: u32,
}

/// A channel whose files lie at a place, looked at every second, with a folder for answers.
fn add_channel(central: &Central, name: &str, side: &Side) {
    let keep = |file: &str, text: &str| {
        let path = central.path(&format!("{name}-{file}"));
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let place = side.place().to_text();
    let (secret, fingerprint) = (side.secret(), side.fingerprint());
    let folder = side.disk().display().to_string();
    let mut arguments = vec!["channel", "add", name, "--kind", "marketplace", "--every", "1s", "--outbound", "out"];
    let key = secret.key.map(|key| keep("key", key.reveal()));
    let password = secret.password.map(|password| keep("password", password.reveal()));
    match side {
        Side::Folder(_) => arguments.extend(["--folder", &folder]),
        Side::Sftp(_) => arguments.extend(["--sftp", &place]),
        Side::Ftp(_) => arguments.extend(["--ftp", &place]),
    }
    arguments.extend(key.iter().flat_map(|file| ["--key", file.as_str()]));
    arguments.extend(password.iter().flat_map(|file| ["--password-file", file.as_str()]));
    arguments.extend(fingerprint.iter().flat_map(|text| ["--host-key", text.as_str()]));
    central.say(&arguments);
}

/// Some buyers are customers of ours, who order by their own numbers.
fn import_own_numbers(central: &Central, items: &[Item]) {
    let (mut customers, mut numbers) = ("customer,name\n".to_owned(), "customer,their_number,sku\n".to_owned());
    for buyer in (0..2 * BUYERS).filter(|buyer| knows_own_numbers(*buyer)) {
        for name in buyer_names(buyer) {
            customers += &format!("{name},Buyer {buyer}\n");
            let row = |item: &Item| format!("{name},{},{}\n", item.their_number(buyer), item.sku);
            numbers.extend(items.iter().map(row));
        }
    }
    for (kind, text) in [("customers", customers), ("customer-items", numbers)] {
        let path = central.path(kind);
        fs::write(&path, text).unwrap();
        central.say(&["import", kind, &path.display().to_string()]);
    }
}

impl Run {
    fn begin(seed: u64) -> Self {
        let central = Central::new();
        let items = sample_items(ITEMS);
        import_own_numbers(&central, &items);
        let traffic = |number: u64, takes_huge| Traffic::new(seed * 10 + number, items.clone(), takes_huge);
        let sides = [
            ("mall", Side::Folder(tempfile::tempdir().unwrap())),
            ("mill", Side::Sftp(SshServer::start())),
            ("mart", Side::Ftp(FtpServer::start_tls())),
        ];
        let files = sides.into_iter().zip(1..).map(|((channel, side), number)| {
            side.make_folder("out");
            add_channel(&central, channel, &side);
            Files { channel, side, traffic: traffic(number, true), put: Vec::new(), cut: 0 }
        });
        let files = files.collect();
        let token = central.say(&["channel", "add", "website", "--kind", "website"]);
        let office_token = central.say(&["office-token", "add", "watcher", "--scope", "read"]);
        let (website, dice) = (traffic(0, false), Dice::new(seed));
        let mut run =
            Self { central, files, website, token, office_token, dice, hung_up: 0, told: Vec::new(), lives: 0 };
        run.central.start();
        run
    }

    /// One wave over every path, through as many lives of central as it takes.
    async fn live_through_a_wave(&mut self) {
        for files in &mut self.files {
            for sending in files.traffic.next_wave(PER_WAVE) {
                if matches!(files.side, Side::Sftp(_)) && self.dice.chance(UPLOADS_CUT) {
                    files.cut_upload(&sending, &mut self.dice).await;
                }
                files.put(sending, &mut self.dice);
            }
        }
        let calls = Arc::new(Calls {
            waiting: Mutex::new(self.website.next_wave(PER_WAVE).into()),
            answered: AtomicU64::new(0),
            hung_up: AtomicU64::new(0),
            told: Mutex::default(),
            wrong: Mutex::new(Vec::new()),
        });
        let connection = Endpoint::from_shared(self.central.url()).unwrap().connect_lazy();
        let mut callers = JoinSet::new();
        for _ in 0..CALLERS {
            let client = OrderServiceClient::new(connection.clone());
            callers.spawn(calls.clone().make(client, self.token.clone(), Dice::new(self.dice.next())));
        }
        let (mut seen, mut seen_at) = (0, Instant::now());
        let mut dies_at = self.dice.between(LIFE.0, LIFE.1);
        loop {
            let progress: Vec<(u64, bool)> = self.files.iter().map(Files::progress).collect();
            let filed: u64 = progress.iter().map(|(filed, _)| filed).sum();
            let came = filed + calls.answered.load(Ordering::SeqCst);
            if progress.iter().all(|(_, is_done)| *is_done) && calls.answered.load(Ordering::SeqCst) == PER_WAVE as u64
            {
                break;
            }
            if came != seen {
                dies_at = dies_at.saturating_sub(came.abs_diff(seen));
                (seen, seen_at) = (came, Instant::now());
            }
            if dies_at == 0 {
                self.end_a_life();
                self.central.start();
                dies_at = self.dice.between(LIFE.0, LIFE.1);
            }
            self.central.expect_running();
            assert!(seen_at.elapsed() < PATIENCE, "nothing happens any more: {progress:?}\n{}", self.central.tail());
            // So that it dies at any moment of its work, and not only just after a file has been moved.
            tokio::time::sleep(LOOK_AGAIN + Duration::from_micros(self.dice.below(10_000))).await;
        }
        while let Some(ended) = callers.join_next().await {
            ended.unwrap();
        }
        let wrong = calls.wrong.lock().unwrap();
        assert!(wrong.is_empty(), "{} answers are wrong, the first: {}", wrong.len(), wrong[0]);
        self.hung_up += calls.hung_up.load(Ordering::SeqCst);
        self.told.append(&mut calls.told.lock().unwrap());
    }

    /// Most lives are cut, some twice; the others are told to end.
    fn end_a_life(&mut self) {
        self.lives += 1;
        if self.lives.is_multiple_of(TOLD_TO_END) {
            return self.central.terminate();
        }
        self.central.kill();
        if self.dice.chance(20) {
            self.central.die_starting();
        }
    }

    /// Everything under way is finished, and central dies a last time.
    async fn end(&mut self) {
        let store = self.central.open();
        let begun = Instant::now();
        for files in &self.files {
            while !store.list_unfiled(files.channel.into()).await.unwrap().is_empty() {
                assert!(begun.elapsed() < PATIENCE, "{}: files are not noted\n{}", files.channel, self.central.tail());
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        }
        proof::expect_told(&self.central.url(), &self.token, &store).await;
        store.close();
        proof::expect_told_of_channels(&self.central, &self.office_token, &self.models()).await;
        // The same after a restart: nothing is counted anew, and nothing twice.
        self.central.kill();
        self.central.start();
        proof::expect_told_of_channels(&self.central, &self.office_token, &self.models()).await;
        self.central.kill();
    }

    /// What must have come of everything, by channel.
    fn models(&self) -> Vec<(&'static str, &model::Model)> {
        let of_files = self.files.iter().map(|files| (files.channel, &files.traffic.model));
        std::iter::once(("website", &self.website.model)).chain(of_files).collect()
    }
}

/// In every format something of every kind was taken.
fn expect_all_kinds(models: &[(&str, &model::Model)]) {
    let taken = |format: Format, is: &dyn Fn(Act, Taxes) -> bool| {
        let mut kinds = models.iter().flat_map(|(_, model)| &model.kinds);
        kinds.any(|(found, act, taxes)| *found == format && is(*act, *taxes))
    };
    for format in Format::ALL {
        for act in [Act::New, Act::Change, Act::Cancel] {
            assert!(taken(format, &|found, _| found == act), "no {act:?} of {format:?} was taken");
        }
        let known = [Taxes::Unsaid, Taxes::Within, Taxes::OnTop, Taxes::OnTopByLine];
        for taxes in known.into_iter().filter(|taxes| format.knows(*taxes)) {
            for act in [Act::New, Act::Change] {
                assert!(taken(format, &|a, t| (a, t) == (act, taxes)), "no {act:?} of {format:?} with {taxes:?}");
            }
        }
    }
    let own: u64 = models.iter().map(|(_, model)| model.with_own_numbers).sum();
    assert!(own > 20, "{own} orders name items as their buyers call them");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_document_comes_to_what_it_must_however_often_central_dies() {
    let documents = number("GENERATED_DOCUMENTS").unwrap_or(DOCUMENTS);
    let seed = number("GENERATED_SEED").unwrap_or(SEED);
    let begun = Instant::now();
    let mut run = Run::begin(seed);
    let paths = run.files.len() as u64 + 1;
    for _ in 0..documents.div_ceil(paths * PER_WAVE as u64) {
        run.live_through_a_wave().await;
    }
    run.end().await;
    let taken = begun.elapsed();
    run.central.say(&["stock", "--prove"]);
    let store = run.central.open();
    let models = run.models();
    for (channel, model) in &models {
        proof::expect_orders(&store, channel, model).await;
        proof::expect_problems(&store, channel, model, *channel != "website").await;
    }
    proof::expect_reserved(&store, &models).await;
    for files in &run.files {
        proof::expect_counted(&store, files.channel, &files.traffic.model).await;
        let numbers = proof::find_numbers(&store, files.channel, &files.traffic.model).await;
        proof::expect_filed(&files.side.disk(), &files.put, &numbers);
    }
    let numbers = proof::find_numbers(&store, "website", &run.website.model).await;
    for (key, told) in &run.told {
        assert_eq!(numbers.get(key), Some(told), "{key:?} was told another number");
    }
    expect_all_kinds(&models);
    let cut: u64 = run.files.iter().map(|files| files.cut).sum();
    let sum = |of: fn(&model::Counts) -> u64| models.iter().map(|(_, model)| of(&model.counts)).sum::<u64>();
    let counts = [sum(|c| c.documents), sum(|c| c.taken), sum(|c| c.duplicates), sum(|c| c.problems)];
    println!(
        "seed {seed}: {} documents: {} orders taken, changed or cancelled, {} duplicates, {} problems; {} callers hung \
         up, {cut} uploads were cut, and central was killed {} times and told to end {} times in {:.1} s",
        counts[0],
        counts[1],
        counts[2],
        counts[3],
        run.hung_up,
        run.central.kills,
        run.central.ends,
        taken.as_secs_f64()
    );
    let happened = run.central.kills > 2 && run.central.ends > 0 && run.hung_up > 5 && cut > 0;
    assert!(happened && counts.iter().all(|count| *count > 50), "too little happened to prove anything");
}
