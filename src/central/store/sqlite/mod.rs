//! The embedded engine: one SQLite file, one writer that commits many requests together, readers beside it.
//!
//! Size: a method for each question of the contract, most of them a line.

mod access;
mod addresses;
mod case_decisions;
mod case_orders;
mod cases;
mod cause;
#[cfg(test)]
mod clocks_tests;
mod codes;
mod company;
mod counts;
#[cfg(test)]
mod counts_tests;
mod cuts;
#[cfg(test)]
mod cuts_tests;
mod documents;
#[cfg(test)]
mod feed_tests;
mod feeds;
mod files;
mod findings;
mod forgetting;
mod hand_overs;
#[cfg(test)]
mod heard_tests;
mod held;
mod journal;
mod ledger;
mod levels;
mod meant;
mod moments;
mod moves;
mod numbers;
#[cfg(test)]
mod numbers_tests;
mod office;
mod orders;
mod problems;
mod quarantine;
mod reached;
mod sales;
mod schema;
mod stock;
mod story;
mod terms;
#[cfg(test)]
mod tests;
mod transfers;
#[cfg(test)]
mod unbooked_tests;
mod warehouse;
mod words;
mod writer;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use tokio::sync::{Semaphore, watch};

use self::feeds::{Changes, Lives, Signals};
use self::journal::Booking;
use self::reached::ReachedFile;
use self::writer::Writer;
use super::*;
use crate::domain::Timestamp;
use crate::domain::credit::{CreditNote, CreditRefusal};
use crate::domain::customer::Customer;
use crate::domain::feed::Unsent;
use crate::domain::ids::{ChannelId, CustomerId, EntryId, OrderNumber, ProductId, RunId, StoreId, TillId};
use crate::domain::operator::Operator;
use crate::domain::web_order::{DeliveryAddress, MatchRefusal, WarehouseRefusal, WebOrder};

pub use words::Word;

/// How many may read at once; more wait.
const READERS_MAX: usize = 8;
/// How many order numbers each life leaves out for each second since the file was last written to, for it may have begun from a
/// copy. No history that was lost can have given out more, unless it took more orders than that all the time, or by a clock that
/// was wrong: against that stands what lies beside the file (`reached.rs`).
const NUMBERS_PER_SECOND: i64 = 1;
/// How many numbers one start leaves out at most: no shop takes more orders between two starts, and a clock that is years
/// ahead must not use the numbers up.
const NUMBERS_LEFT_OUT_MAX: i64 = 1_000_000;
/// How many starts are remembered: cursors older than these are answered by a snapshot.
const STARTS_KEPT: i64 = 1000;

/// Why the file is opened.
#[derive(Clone, Copy, Debug)]
pub enum OpenAs {
    /// By the program that answers tills: a new life of the data begins, with this identity.
    Server(Incarnation),
    /// By a command beside it that changes something.
    Tool,
    /// By a command that only looks: nothing is made, brought to today's tables, or folded into the file.
    Reader,
}

/// Central's file.
#[derive(Clone)]
pub struct SqliteStore {
    shared: Arc<Shared>,
}

struct Shared {
    writer: Writer,
    thread: Mutex<Option<JoinHandle<()>>>,
    readers: Readers,
    signals: Signals,
    lives: Lives,
    incarnation: Incarnation,
}

struct Readers {
    path: PathBuf,
    free: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

impl SqliteStore {
    /// Opens or makes the file. Blocks: it is called once, before anything else runs.
    pub fn open(path: &Path, open_as: OpenAs, now: Timestamp) -> Result<Self, StoreError> {
        let mut connection = match open_as {
            OpenAs::Reader => schema::open_to_look(path)?,
            OpenAs::Server(_) | OpenAs::Tool => schema::open_writer(path)?,
        };
        let mut reached = ReachedFile::open(path);
        match open_as {
            OpenAs::Server(incarnation) => begin_life(&mut connection, incarnation, reached.said(), now)?,
            OpenAs::Tool => numbers::go_on_behind(&connection, reached.said())?,
            OpenAs::Reader => {}
        }
        let incarnation: Option<Vec<u8>> = {
            let mut newest = connection.prepare("SELECT incarnation FROM start ORDER BY number DESC LIMIT 1")?;
            let mut rows = newest.query([])?;
            rows.next()?.map(|row| row.get(0)).transpose()?
        };
        let incarnation = incarnation.map_or(Ok([0; 16]), |bytes| words::bytes16(&bytes))?;
        let lives = Lives::read(&connection)?;
        let signals = Signals::default();
        let readers = Readers { path: path.to_owned(), free: Mutex::default(), permits: Semaphore::new(READERS_MAX) };
        let (writer, thread) = match open_as {
            OpenAs::Reader => {
                readers.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
                (Writer::absent(), None)
            }
            OpenAs::Server(_) | OpenAs::Tool => {
                reached.note(numbers::find_last(&connection)?);
                let (writer, thread) = Writer::start(connection, signals.clone(), reached)?;
                (writer, Some(thread))
            }
        };
        let thread = Mutex::new(thread);
        Ok(Self { shared: Arc::new(Shared { writer, thread, readers, signals, lives, incarnation }) })
    }

    /// Notes that this life of the data ends as it should.
    pub fn end_life(&self, now: Timestamp) -> impl Answer<()> {
        let incarnation = self.shared.incarnation;
        self.write(move |connection, _| {
            connection
                .prepare_cached("UPDATE start SET ended_at = ?2 WHERE incarnation = ?1")?
                .execute(params![incarnation, words::micros(now)])?;
            Ok(())
        })
    }

    /// Waits until everything asked for is on disk and the file is closed. Answers whether nobody else still holds it.
    pub fn close(self) -> bool {
        let Some(shared) = Arc::into_inner(self.shared) else { return false };
        let thread = shared.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(shared);
        thread.is_none_or(|thread| thread.join().is_ok())
    }

    fn write<T: Send + 'static>(
        &self,
        act: impl Fn(&Connection, &mut Changes) -> Result<T, StoreError> + Send + 'static,
    ) -> impl Answer<T> {
        self.shared.writer.write(act)
    }

    /// Reads in one transaction, so that all of an answer is true at the same moment.
    fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Connection, &Lives) -> Result<T, StoreError> + Send + 'static,
    ) -> impl Answer<T> {
        let shared = self.shared.clone();
        async move {
            let _permit = shared.readers.permits.acquire().await.map_err(|_| StoreError::Closed)?;
            let for_thread = shared.clone();
            let answered = tokio::task::spawn_blocking(move || for_thread.readers.ask(&for_thread.lives, ask));
            answered.await.map_err(|error| StoreError::Engine(error.to_string()))?
        }
    }
}

impl Readers {
    fn ask<T>(
        &self,
        lives: &Lives,
        ask: impl FnOnce(&Connection, &Lives) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match free {
            Some(connection) => connection,
            None => schema::open_reader(&self.path)?,
        };
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        let answer = ask(&transaction, lives)?;
        transaction.commit()?;
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(answer)
    }
}

/// Notes the start, and how far every feed had come: cursors given out after a copy of the file was taken are recognised.
fn begin_life(
    connection: &mut Connection,
    incarnation: Incarnation,
    reached: Option<i64>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(
        "INSERT INTO start (incarnation, started_at, version) VALUES (?1, ?2, ?3)",
        params![incarnation, words::micros(now), env!("CARGO_PKG_VERSION")],
    )?;
    let number = transaction.last_insert_rowid();
    access::forget_the_future(&transaction, now)?;
    leave_numbers_out(&transaction, number, reached, now)?;
    transaction
        .execute("INSERT INTO start_head (start, feed, number) SELECT ?1, feed, number FROM feed_head", [number])?;
    transaction.execute("DELETE FROM start WHERE number <= ?1", [number - STARTS_KEPT])?;
    transaction.commit()?;
    Ok(())
}

/// A copy of the file knows nothing of the orders that came after it, whose customers, websites and tills know their numbers, and
/// nothing in it tells a copy from the file itself, however it ended. So every life begins behind the last number that was
/// written down beside the file, and further on by all that a lost life can have given out in the time that has gone by.
fn leave_numbers_out(
    connection: &Connection,
    start: i64,
    reached: Option<i64>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let before: Option<(i64, Option<i64>)> = connection
        .prepare("SELECT started_at, ended_at FROM start WHERE number < ?1 ORDER BY number DESC LIMIT 1")?
        .query_row([start], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let last_order = numbers::find_last_given(connection)?;
    numbers::go_on_behind(connection, reached)?;
    let Some((started_at, ended_at)) = before else { return Ok(()) };
    let heard = words::instant(started_at.max(ended_at.unwrap_or(i64::MIN)))?.max(last_order.unwrap_or_default());
    let many = match (now - heard).num_seconds() {
        // The clock was wrong then, or is now, and nothing else tells how long ago that was.
        _ if now < heard && reached.is_none() => NUMBERS_LEFT_OUT_MAX,
        seconds => seconds.max(0).saturating_add(1).saturating_mul(NUMBERS_PER_SECOND).min(NUMBERS_LEFT_OUT_MAX),
    };
    numbers::leave_out(connection, many)
}

impl Store for SqliteStore {
    fn incarnation(&self) -> Incarnation {
        self.shared.incarnation
    }

    fn follow(&self, feed: &Feed) -> watch::Receiver<u64> {
        self.shared.signals.follow(feed)
    }

    fn prove_levels(&self) -> impl Answer<LevelProof> {
        self.read(|connection, _| stock::prove(connection))
    }

    fn add_enrol_code(&self, code: SecretHash, till: TillId, expires_at: Timestamp) -> impl Answer<()> {
        self.write(move |connection, _| access::add_enrol_code(connection, &code, &till, expires_at))
    }

    fn enrol_till(&self, enrolment: Enrolment, now: Timestamp) -> impl Answer<Result<TillId, EnrolRefusal>> {
        self.write(move |connection, changes| access::enrol(connection, changes, &enrolment, now))
    }

    fn find_till(&self, till: TillId) -> impl Answer<Option<TillRecord>> {
        self.read(move |connection, _| access::find_till(connection, &till))
    }

    fn list_tills(&self) -> impl Answer<Vec<TillRecord>> {
        self.read(|connection, _| access::list_tills(connection))
    }

    fn revoke_till(&self, till: TillId, now: Timestamp) -> impl Answer<()> {
        self.write(move |connection, changes| access::revoke_till(connection, changes, &till, now))
    }

    fn save_till_seen(&self, till: TillId, now: Timestamp) -> impl Answer<()> {
        self.write(move |connection, _| access::save_till_seen(connection, &till, now))
    }

    fn save_till_unsent(&self, till: TillId, unsent: Unsent, now: Timestamp) -> impl Answer<()> {
        self.write(move |connection, _| access::save_till_unsent(connection, &till, unsent, now))
    }

    fn list_marks(&self, till: TillId, runs: Vec<RunId>) -> impl Answer<Vec<RunMark>> {
        self.read(move |connection, _| journal::list_marks(connection, &till, &runs))
    }

    fn push(
        &self,
        till: TillId,
        entries: Vec<ReceivedEntry>,
        said: SaidBeside,
        now: Timestamp,
    ) -> impl Answer<PushReceipt> {
        let has_failed = AtomicBool::new(false);
        self.shared.writer.write_entries(entries.len(), move |connection, changes| {
            // Done again after it has failed, it finds the entry that cannot be booked.
            let booking = if has_failed.load(Ordering::Relaxed) { Booking::Apart } else { Booking::Together };
            let taken = journal::push(connection, changes, &till, &entries, &said, booking, now);
            has_failed.fetch_or(taken.is_err(), Ordering::Relaxed);
            taken
        })
    }

    fn find_last_receipt(&self, till: TillId) -> impl Answer<Option<u64>> {
        self.read(move |connection, _| sales::find_last_receipt(connection, &till))
    }

    fn list_quarantined(&self) -> impl Answer<Vec<QuarantinedEntry>> {
        self.read(|connection, _| quarantine::list(connection))
    }

    fn count_put_aside(&self, till: TillId) -> impl Answer<u64> {
        self.read(move |connection, _| quarantine::count(connection, &till))
    }

    fn list_put_aside(&self) -> impl Answer<Vec<(TillId, u64)>> {
        self.read(|connection, _| quarantine::list_counts(connection))
    }

    fn retry_quarantined(&self, now: Timestamp) -> impl Answer<Retried> {
        self.write(move |connection, changes| quarantine::retry(connection, changes, now))
    }

    fn list_findings(&self, skipped: usize, findings_max: usize) -> impl Answer<Vec<Finding>> {
        self.read(move |connection, _| findings::list(connection, skipped, findings_max))
    }

    fn list_forks(&self) -> impl Answer<Vec<Fork>> {
        self.read(|connection, _| journal::list_forks(connection))
    }

    fn list_sales(&self, store: StoreId) -> impl Answer<Vec<SaleRecord>> {
        self.read(move |connection, _| sales::list(connection, &store))
    }

    fn read_feed(&self, request: FeedRequest) -> impl Answer<FeedPage> {
        self.read(move |connection, lives| feeds::read(connection, lives, &request))
    }

    fn take_document(
        &self,
        document: DocumentSubmission,
        code_seed: u64,
        now: Timestamp,
    ) -> impl Answer<Vec<PartOutcome>> {
        self.write(move |connection, changes| documents::take(connection, changes, &document, code_seed, now))
    }

    fn list_order_documents(&self, number: OrderNumber) -> impl Answer<Vec<OrderDocument>> {
        self.read(move |connection, _| documents::list_documents(connection, &number))
    }

    fn submit_order(&self, order: OrderSubmission, code_seed: u64, now: Timestamp) -> impl Answer<SubmitOutcome> {
        self.write(move |connection, changes| orders::submit(connection, changes, &order, None, code_seed, now))
    }

    fn find_order_by_key(
        &self,
        channel: ChannelId,
        sender: String,
        buyer: String,
        reference: String,
    ) -> impl Answer<Option<WebOrder>> {
        self.read(move |connection, _| orders::find_by_key(connection, &channel, &sender, &buyer, &reference))
    }

    fn list_orders_by_reference(&self, channel: ChannelId, reference: String) -> impl Answer<Vec<WebOrder>> {
        self.read(move |connection, _| orders::list_by_reference(connection, &channel, &reference))
    }

    fn find_order(&self, number: OrderNumber) -> impl Answer<Option<WebOrder>> {
        self.read(move |connection, _| orders::find(connection, &number))
    }

    fn list_delivery_addresses(
        &self,
        numbers: Vec<OrderNumber>,
    ) -> impl Answer<BTreeMap<OrderNumber, DeliveryAddress>> {
        self.read(move |connection, _| addresses::list(connection, &numbers))
    }

    fn list_orders(&self, filter: OrderFilter) -> impl Answer<Vec<WebOrder>> {
        self.read(move |connection, _| orders::list(connection, &filter))
    }

    fn read_order_feed(
        &self,
        channel: ChannelId,
        cursor: Cursor,
        orders_max: usize,
    ) -> impl Answer<(Vec<WebOrder>, Cursor)> {
        self.read(move |connection, lives| orders::read_feed(connection, lives, &channel, cursor, orders_max))
    }

    fn list_unfiled(&self, channel: ChannelId) -> impl Answer<Vec<String>> {
        self.read(move |connection, _| files::list_unfiled(connection, &channel))
    }

    fn find_file(&self, channel: ChannelId, claim: String) -> impl Answer<Option<FileRecord>> {
        self.read(move |connection, _| files::find_file(connection, &channel, &claim))
    }

    fn save_file_name(&self, channel: ChannelId, claim: String, filed_as: String) -> impl Answer<()> {
        self.write(move |connection, _| files::save_file_name(connection, &channel, &claim, &filed_as))
    }

    fn finish_files(&self, channel: ChannelId, files: Vec<(String, String)>) -> impl Answer<()> {
        self.write(move |connection, _| files::finish_files(connection, &channel, &files))
    }

    fn save_file_look(&self, look: FileLook) -> impl Answer<()> {
        self.write(move |connection, _| files::save_look(connection, &look))
    }

    fn lapse_orders(&self, now: Timestamp) -> impl Answer<Option<Timestamp>> {
        self.write(move |connection, changes| orders::lapse(connection, changes, now))
    }

    fn forget_persons(&self, over_before: Timestamp, each_max: usize, now: Timestamp) -> impl Answer<Forgotten> {
        self.write(move |connection, changes| forgetting::forget(connection, changes, over_before, each_max, now))
    }

    fn find_problem(&self, problem: [u8; 16]) -> impl Answer<Option<ProblemRecord>> {
        self.read(move |connection, _| problems::find(connection, &problem))
    }

    fn list_problems(&self, filter: ProblemFilter) -> impl Answer<Vec<ProblemSummary>> {
        self.read(move |connection, _| problems::list(connection, &filter))
    }

    fn settle_problem(&self, settlement: ProblemSettlement, now: Timestamp) -> impl Answer<bool> {
        self.write(move |connection, _| problems::settle(connection, &settlement, now))
    }

    fn list_channel_answers(&self, channel: ChannelId) -> impl Answer<Vec<ChannelAnswer>> {
        self.read(move |connection, _| problems::list_answers(connection, &channel))
    }

    fn finish_channel_answer(&self, channel: ChannelId, name: String) -> impl Answer<()> {
        self.write(move |connection, _| problems::finish_answer(connection, &channel, &name))
    }

    fn list_channel_counts(&self) -> impl Answer<Vec<ChannelCount>> {
        self.read(|connection, _| problems::list_counts(connection))
    }

    fn act_on_order(&self, act: OrderActSubmission, now: Timestamp) -> impl Answer<Result<WebOrder, WarehouseRefusal>> {
        self.write(move |connection, changes| warehouse::act(connection, changes, &act, now))
    }

    fn find_held_line(&self, number: OrderNumber, line: u32) -> impl Answer<Option<HeldLine>> {
        self.read(move |connection, _| held::find(connection, &number, line))
    }

    fn match_line(&self, matched: MatchSubmission, now: Timestamp) -> impl Answer<Result<WebOrder, MatchRefusal>> {
        self.write(move |connection, changes| held::match_line(connection, changes, &matched, now))
    }

    fn tie_buyer(&self, tie: BuyerTie, now: Timestamp) -> impl Answer<Result<OrderParties, TieRefusal>> {
        self.write(move |connection, changes| held::tie_buyer(connection, changes, &tie, now))
    }

    fn find_order_parties(&self, number: OrderNumber) -> impl Answer<Option<OrderParties>> {
        self.read(move |connection, _| held::find_parties(connection, &number))
    }

    fn find_buyers(&self, channel: ChannelId, names: Vec<Vec<String>>) -> impl Answer<Buyers> {
        self.read(move |connection, _| terms::find_buyers(connection, &channel, &names))
    }

    fn list_order_acts(&self, number: OrderNumber) -> impl Answer<Vec<OrderActRecord>> {
        self.read(move |connection, _| warehouse::list_acts(connection, &number))
    }

    fn list_anomalies(&self) -> impl Answer<Vec<AnomalyRecord>> {
        self.read(|connection, _| findings::list_anomalies(connection))
    }

    fn list_availability(
        &self,
        products: Vec<ProductId>,
        stores: Vec<StoreId>,
        now: Timestamp,
    ) -> impl Answer<Vec<Availability>> {
        self.read(move |connection, _| stock::list_availability(connection, &products, &stores, now))
    }

    fn read_availability_feed(
        &self,
        store: StoreId,
        cursor: Cursor,
        figures_max: usize,
        now: Timestamp,
    ) -> impl Answer<(Vec<Availability>, Cursor)> {
        self.read(move |connection, lives| {
            stock::read_availability_feed(connection, lives, &store, cursor, figures_max, now)
        })
    }

    fn list_stock_page(&self, page: StockPage) -> impl Answer<Vec<StockRow>> {
        self.read(move |connection, _| stock::list(connection, &page))
    }

    fn import_stock(&self, figures: Vec<StockImport>, now: Timestamp) -> impl Answer<Vec<EntryId>> {
        self.write(move |connection, changes| stock::import(connection, changes, &figures, now))
    }

    fn list_case_page(&self, page: CasePage) -> impl Answer<Vec<CaseRecord>> {
        self.read(move |connection, _| cases::list(connection, &page))
    }

    fn decide_case(&self, decision: CaseDecision, now: Timestamp) -> impl Answer<()> {
        self.write(move |connection, changes| cases::decide(connection, changes, &decision, now))
    }

    fn list_stores(&self) -> impl Answer<Vec<StoreRecord>> {
        self.read(|connection, _| company::list_stores(connection))
    }

    fn resolve_items(&self, items: Vec<ItemIdentity>) -> impl Answer<Vec<Option<(ProductRecord, u32)>>> {
        self.read(move |connection, _| company::resolve_items(connection, &items))
    }

    fn list_order_stores(
        &self,
        keys: Vec<Option<OrderKey>>,
        read_kept: KeptReader,
    ) -> impl Answer<Vec<Option<StoreId>>> {
        self.read(move |connection, _| meant::list_stores(connection, &keys, &read_kept))
    }

    fn save_customer_items(&self, items: Vec<CustomerItem>) -> impl Answer<()> {
        self.write(move |connection, _| company::save_customer_items(connection, &items))
    }

    fn save_stores(&self, stores: Vec<StoreRecord>) -> impl Answer<()> {
        self.write(move |connection, changes| company::save_stores(connection, changes, &stores))
    }

    fn save_products(&self, products: Vec<ProductRecord>) -> impl Answer<Vec<BarcodeTaken>> {
        self.write(move |connection, changes| company::save_products(connection, changes, &products))
    }

    fn remove_products(&self, products: Vec<ProductId>) -> impl Answer<()> {
        self.write(move |connection, changes| company::remove_products(connection, changes, &products))
    }

    fn list_operators(&self) -> impl Answer<Vec<Operator>> {
        self.read(|connection, _| company::list_operators(connection))
    }

    fn save_operators(&self, operators: Vec<Operator>) -> impl Answer<()> {
        self.write(move |connection, changes| company::save_operators(connection, changes, &operators))
    }

    fn save_channel(&self, channel: ChannelRecord, token: SecretHash) -> impl Answer<()> {
        self.write(move |connection, changes| access::save_channel(connection, changes, &channel, &token))
    }

    fn change_channel(&self, channel: ChannelRecord) -> impl Answer<()> {
        self.write(move |connection, changes| access::change_channel(connection, changes, &channel))
    }

    fn find_channel(&self, token: SecretHash) -> impl Answer<Option<ChannelRecord>> {
        self.read(move |connection, _| access::find_channel(connection, &token))
    }

    fn find_channel_named(&self, channel: ChannelId) -> impl Answer<Option<ChannelRecord>> {
        self.read(move |connection, _| access::read_channel(connection, &channel))
    }

    fn list_channels(&self) -> impl Answer<Vec<ChannelRecord>> {
        self.read(|connection, _| access::list_channels(connection))
    }

    fn save_file_channel(&self, channel: ChannelRecord, settings: FileChannel) -> impl Answer<()> {
        self.write(move |connection, changes| files::save_channel(connection, changes, &channel, &settings))
    }

    fn list_file_channels(&self) -> impl Answer<Vec<FileChannelRecord>> {
        self.read(|connection, _| files::list_channels(connection))
    }

    fn pin_file_channel(&self, channel: ChannelId, fingerprint: String) -> impl Answer<bool> {
        self.write(move |connection, _| files::pin(connection, &channel, &fingerprint))
    }

    fn poke_file_channel(&self, channel: ChannelId, now: Timestamp) -> impl Answer<bool> {
        self.write(move |connection, _| files::poke(connection, &channel, now))
    }

    fn remove_channel(&self, channel: ChannelId) -> impl Answer<bool> {
        self.write(move |connection, changes| access::remove_channel(connection, changes, &channel))
    }

    fn save_customers(&self, customers: Vec<Customer>) -> impl Answer<Vec<IdentityTaken>> {
        self.write(move |connection, _| terms::save_customers(connection, &customers))
    }

    fn find_customer(&self, customer: CustomerId) -> impl Answer<Option<Customer>> {
        self.read(move |connection, _| terms::find_customer(connection, &customer))
    }

    fn list_missing_customers(&self, customers: Vec<CustomerId>) -> impl Answer<Vec<CustomerId>> {
        self.read(move |connection, _| terms::list_missing_customers(connection, &customers))
    }

    fn save_prices(&self, prices: Vec<PriceRecord>) -> impl Answer<()> {
        self.write(move |connection, _| terms::save_prices(connection, &prices))
    }

    fn list_prices(
        &self,
        customer: Option<Customer>,
        products: Vec<ProductId>,
    ) -> impl Answer<Vec<Option<PricedProduct>>> {
        self.read(move |connection, _| terms::list_prices(connection, customer.as_ref(), &products))
    }

    fn save_credits(&self, credits: Vec<CreditImport>, now: Timestamp) -> impl Answer<Vec<(usize, CreditRefusal)>> {
        self.write(move |connection, _| terms::save_credits(connection, &credits, now))
    }

    fn list_credits(&self, customer: CustomerId, now: Timestamp) -> impl Answer<Vec<CreditNote>> {
        self.read(move |connection, _| terms::list_credits(connection, &customer, now))
    }

    fn act_on_credit(&self, act: CreditAct, now: Timestamp) -> impl Answer<Result<CreditNote, CreditRefusal>> {
        self.write(move |connection, _| terms::act_on_credit(connection, &act, now))
    }

    fn save_office_token(&self, token: OfficeTokenRecord, hash: SecretHash) -> impl Answer<()> {
        self.write(move |connection, _| office::save_token(connection, &token, &hash))
    }

    fn find_office_token(&self, hash: SecretHash) -> impl Answer<Option<OfficeTokenRecord>> {
        self.read(move |connection, _| office::find_token(connection, &hash))
    }

    fn list_office_tokens(&self) -> impl Answer<Vec<OfficeTokenRecord>> {
        self.read(|connection, _| office::list_tokens(connection))
    }

    fn remove_office_tokens(&self, name: String) -> impl Answer<usize> {
        self.write(move |connection, _| office::remove_tokens(connection, &name))
    }
}
