//! Where central keeps everything: a contract in the shop's own words, and the engines that hold to it.
//!
//! What a call answers is on disk. Every key starts with the store; a call touches one store, the company's shared data, or
//! is a read model. Feeds are numbered without gaps in the transaction that changes what they are about; followers wait
//! for a signal and re-read from their cursor, so that a slow one costs nothing but its own lateness.
//!
//! Absent here: gRPC, XML, clocks and random numbers (both are arguments), and any level that is set instead of summed.
//!
//! To add a question: a method in [`Store`], its statement in `sqlite/`. To change a table: a new file in
//! `sqlite/migrations/`; the old ones never change. Tests: `sqlite/tests.rs`, over the contract, on real files.

mod documents;
mod error;
mod files;
mod findings;
mod held;
mod office;
mod problems;
mod records;
pub mod sqlite;
mod terms;

pub use documents::*;
pub use error::StoreError;
pub use files::*;
pub use findings::*;
pub use held::*;
pub use office::*;
pub use problems::*;
pub use records::*;
pub use terms::*;

use std::collections::BTreeMap;
use std::future::Future;

use tokio::sync::watch;

use crate::domain::Timestamp;
use crate::domain::credit::{CreditNote, CreditRefusal};
use crate::domain::customer::Customer;
use crate::domain::feed::Unsent;
use crate::domain::ids::{ChannelId, CustomerId, EntryId, OrderNumber, ProductId, RunId, StoreId, TillId};
use crate::domain::operator::Operator;
use crate::domain::web_order::{DeliveryAddress, MatchRefusal, WarehouseRefusal, WebOrder};

/// How many rows are read at once by whoever reads all of them.
const PAGE_ROWS: usize = 1000;

/// Shorthand for what every method answers with.
pub trait Answer<T>: Future<Output = Result<T, StoreError>> + Send {}
impl<T, F: Future<Output = Result<T, StoreError>> + Send> Answer<T> for F {}

/// What an engine must be able to do. `now` is central's clock.
pub trait Store: Clone + Send + Sync + 'static {
    // Itself
    /// This life of the data.
    fn incarnation(&self) -> Incarnation;
    /// Wakes whoever follows a feed. The value is only a signal: always re-read from the cursor.
    fn follow(&self, feed: &Feed) -> watch::Receiver<u64>;
    /// Folds the ledger and the orders again, and says how much that was and which figures differ.
    fn prove_levels(&self) -> impl Answer<LevelProof>;
    /// The figures that differ alone.
    fn list_level_faults(&self) -> impl Answer<Vec<LevelFault>> {
        async move { Ok(self.prove_levels().await?.faults) }
    }

    // Tills
    /// Keeps a one-time code for a workstation. Its store must exist.
    fn add_enrol_code(&self, code: SecretHash, till: TillId, expires_at: Timestamp) -> impl Answer<()>;
    /// Joins a till. The code that joined it last, with the same key, answers the same again: the first answer may have been
    /// lost. Once the till is shut out it needs another.
    fn enrol_till(&self, enrolment: Enrolment, now: Timestamp) -> impl Answer<Result<TillId, EnrolRefusal>>;
    /// Finds a till.
    fn find_till(&self, till: TillId) -> impl Answer<Option<TillRecord>>;
    /// All tills, by store and workstation.
    fn list_tills(&self) -> impl Answer<Vec<TillRecord>>;
    /// Shuts a till out: it is answered no more, not waited for, and codes that were given out for it are void.
    fn revoke_till(&self, till: TillId, now: Timestamp) -> impl Answer<()>;
    /// Central has everything the till had written up to now.
    fn save_till_seen(&self, till: TillId, now: Timestamp) -> impl Answer<()>;

    // Journals
    /// How far these runs of a till have arrived.
    fn list_marks(&self, till: TillId, runs: Vec<RunId>) -> impl Answer<Vec<RunMark>>;
    /// The highest receipt number of a till's sales.
    fn find_last_receipt(&self, till: TillId) -> impl Answer<Option<u64>>;
    /// Notes what the till has not sent.
    fn save_till_unsent(&self, till: TillId, unsent: Unsent, now: Timestamp) -> impl Answer<()>;
    /// Takes entries: each exactly once, for ever. Answers when they are on disk. When nothing is still to come behind them,
    /// central has everything the till had written when it made the push; otherwise it notes how much there is. When each happened
    /// in central's time is told by the till's clock beside central's.
    fn push(
        &self,
        till: TillId,
        entries: Vec<ReceivedEntry>,
        said: SaidBeside,
        now: Timestamp,
    ) -> impl Answer<PushReceipt>;
    /// Entries that were put aside, newest first, those among them that were booked since.
    fn list_quarantined(&self) -> impl Answer<Vec<QuarantinedEntry>>;
    /// How many of a till's entries are put aside and not in the books.
    fn count_put_aside(&self, till: TillId) -> impl Answer<u64>;
    /// The same of every till that has any.
    fn list_put_aside(&self) -> impl Answer<Vec<(TillId, u64)>>;
    /// Judges those again that are not in the books yet: what an older program did not understand, or could not book, may be
    /// booked by this one. Answers how many were looked at and how many were booked.
    fn retry_quarantined(&self, now: Timestamp) -> impl Answer<Retried>;
    /// What is odd in the tills' journals, newest first: at most so many, behind so many.
    fn list_findings(&self, skipped: usize, findings_max: usize) -> impl Answer<Vec<Finding>>;
    /// Forks found, newest first.
    fn list_forks(&self) -> impl Answer<Vec<Fork>>;
    /// Sales of a store, by till and number.
    fn list_sales(&self, store: StoreId) -> impl Answer<Vec<SaleRecord>>;

    // Feeds
    /// The next changes of a till's feed.
    fn read_feed(&self, request: FeedRequest) -> impl Answer<FeedPage>;

    // Orders
    /// Takes everything a document brings, in one transaction: what is wrong with one part leaves the others alone.
    /// Answers what became of each. `code_seed` makes the collection codes.
    fn take_document(
        &self,
        document: DocumentSubmission,
        code_seed: u64,
        now: Timestamp,
    ) -> impl Answer<Vec<PartOutcome>>;
    /// The documents of an order as they came, oldest first: the order, its changes, its cancellation.
    fn list_order_documents(&self, number: OrderNumber) -> impl Answer<Vec<OrderDocument>>;
    /// Takes an order, with its number, its code and its reservation, or says why not. `code_seed` makes the code.
    fn submit_order(&self, order: OrderSubmission, code_seed: u64, now: Timestamp) -> impl Answer<SubmitOutcome>;
    /// Finds an order by the key its sender knows it by.
    fn find_order_by_key(
        &self,
        channel: ChannelId,
        sender: String,
        buyer: String,
        reference: String,
    ) -> impl Answer<Option<WebOrder>>;
    /// Orders of a channel under a sender's number, at most two: more than one when several buyers used it.
    fn list_orders_by_reference(&self, channel: ChannelId, reference: String) -> impl Answer<Vec<WebOrder>>;
    /// Finds an order by our number.
    fn find_order(&self, number: OrderNumber) -> impl Answer<Option<WebOrder>>;
    /// Where those of these orders go that are sent and whose sender has said it.
    fn list_delivery_addresses(&self, numbers: Vec<OrderNumber>)
    -> impl Answer<BTreeMap<OrderNumber, DeliveryAddress>>;
    /// Orders by number.
    fn list_orders(&self, filter: OrderFilter) -> impl Answer<Vec<WebOrder>>;
    /// Orders of a channel that changed behind the cursor.
    fn read_order_feed(
        &self,
        channel: ChannelId,
        cursor: Cursor,
        orders_max: usize,
    ) -> impl Answer<(Vec<WebOrder>, Cursor)>;
    /// The claims of a channel's files that are taken and not yet where they belong, oldest first, at most 1,000.
    fn list_unfiled(&self, channel: ChannelId) -> impl Answer<Vec<String>>;
    /// The record of a file, which [`Self::take_document`] has kept.
    fn find_file(&self, channel: ChannelId, claim: String) -> impl Answer<Option<FileRecord>>;
    /// Notes the name a file is about to get.
    fn save_file_name(&self, channel: ChannelId, claim: String, filed_as: String) -> impl Answer<()>;
    /// These files, by claim and new name, lie where they belong.
    fn finish_files(&self, channel: ChannelId, files: Vec<(String, String)>) -> impl Answer<()>;
    /// Notes how a look at a channel's folder went.
    fn save_file_look(&self, look: FileLook) -> impl Answer<()>;
    /// Lapses every order whose collect-by time has passed, each once, and answers when the next is due. Woken for
    /// anything that may move that moment: [`Feed::Deadlines`].
    fn lapse_orders(&self, now: Timestamp) -> impl Answer<Option<Timestamp>>;
    /// Forgets the persons of orders, problem documents and files that were over at a moment, at most so many of each: names,
    /// telephone numbers, addresses, what their documents say. Figures stay, and what is sent again is still known.
    fn forget_persons(&self, over_before: Timestamp, each_max: usize, now: Timestamp) -> impl Answer<Forgotten>;
    /// A problem order with what became of it.
    fn find_problem(&self, problem: [u8; 16]) -> impl Answer<Option<ProblemRecord>>;
    /// Problem orders with what became of them and without their documents, oldest first.
    fn list_problems(&self, filter: ProblemFilter) -> impl Answer<Vec<ProblemSummary>>;
    /// Settles a problem order that is open; answers whether it was.
    fn settle_problem(&self, settlement: ProblemSettlement, now: Timestamp) -> impl Answer<bool>;
    /// What a channel's folder for answers still lacks, oldest first, at most 100.
    fn list_channel_answers(&self, channel: ChannelId) -> impl Answer<Vec<ChannelAnswer>>;
    /// The answer of this name lies in the folder.
    fn finish_channel_answer(&self, channel: ChannelId, name: String) -> impl Answer<()>;
    /// What came in by each channel, by name.
    fn list_channel_counts(&self) -> impl Answer<Vec<ChannelCount>>;
    /// Does what head office or the warehouse says to an order, and answers the order after it; an act that does not fit
    /// is refused and leaves nothing behind. The same act again answers the order as it is.
    fn act_on_order(&self, act: OrderActSubmission, now: Timestamp) -> impl Answer<Result<WebOrder, WarehouseRefusal>>;
    /// A line of an order that is held, or was.
    fn find_held_line(&self, number: OrderNumber, line: u32) -> impl Answer<Option<HeldLine>>;
    /// Says which product a held line is: from now on its units are promised. The same again answers the order as it is.
    fn match_line(&self, matched: MatchSubmission, now: Timestamp) -> impl Answer<Result<WebOrder, MatchRefusal>>;
    /// Says which customer buys. The same again changes nothing.
    fn tie_buyer(&self, tie: BuyerTie, now: Timestamp) -> impl Answer<Result<OrderParties, TieRefusal>>;
    /// The parties of an order.
    fn find_order_parties(&self, number: OrderNumber) -> impl Answer<Option<OrderParties>>;
    /// Who buys, for each order by everything its document calls the buyer; and the channel it came by.
    fn find_buyers(&self, channel: ChannelId, names: Vec<Vec<String>>) -> impl Answer<Buyers>;
    /// What was done to an order at central, oldest first.
    fn list_order_acts(&self, number: OrderNumber) -> impl Answer<Vec<OrderActRecord>>;
    /// Steps that did not fit their order, newest first.
    fn list_anomalies(&self) -> impl Answer<Vec<AnomalyRecord>>;

    // Stock
    /// Free units of products in stores, in the order asked; products and stores that do not exist are left out.
    fn list_availability(
        &self,
        products: Vec<ProductId>,
        stores: Vec<StoreId>,
        now: Timestamp,
    ) -> impl Answer<Vec<Availability>>;
    /// Free units that changed behind the cursor.
    fn read_availability_feed(
        &self,
        store: StoreId,
        cursor: Cursor,
        figures_max: usize,
        now: Timestamp,
    ) -> impl Answer<(Vec<Availability>, Cursor)>;
    /// A page of the figures of stores, by store and product.
    fn list_stock_page(&self, page: StockPage) -> impl Answer<Vec<StockRow>>;
    /// The figures of stores: for whoever needs all of them at once.
    fn list_stock(&self, store: Option<StoreId>) -> impl Answer<Vec<StockRow>> {
        async move {
            let mut page = StockPage { store, after: None, rows_max: PAGE_ROWS };
            let mut all = Vec::new();
            loop {
                let rows = self.list_stock_page(page.clone()).await?;
                page.after = rows.last().map(|row| (row.store.clone(), row.product.clone()));
                let is_last = rows.len() < PAGE_ROWS;
                all.extend(rows);
                if is_last {
                    return Ok(all);
                }
            }
        }
    }
    /// Brings the books to figures counted or taken over: as movements, never by setting a level. One that was counted before a
    /// later count is left out and answered.
    fn import_stock(&self, figures: Vec<StockImport>, now: Timestamp) -> impl Answer<Vec<EntryId>>;

    // Conflict cases
    /// A page of cases, the most urgent first.
    fn list_case_page(&self, page: CasePage) -> impl Answer<Vec<CaseRecord>>;
    /// Cases; open ones only, or all: for whoever needs all of them at once.
    fn list_cases(&self, which: CaseFilter) -> impl Answer<Vec<CaseRecord>> {
        async move {
            let mut page = CasePage { which, after: None, cases_max: PAGE_ROWS };
            let mut all = Vec::new();
            loop {
                let cases = self.list_case_page(page.clone()).await?;
                page.after = cases.last().map(|record| (record.case.due_at, record.case.case));
                let is_last = cases.len() < PAGE_ROWS;
                all.extend(cases);
                if is_last {
                    return Ok(all);
                }
            }
        }
    }
    /// Brings a case to a state, or gives it an owner.
    fn decide_case(&self, decision: CaseDecision, now: Timestamp) -> impl Answer<()>;

    // What the company shares
    /// Stores, by code.
    fn list_stores(&self) -> impl Answer<Vec<StoreRecord>>;
    /// Which of these products exist, each with how many units the identity stands for (a pack of six).
    fn resolve_items(&self, items: Vec<ItemIdentity>) -> impl Answer<Vec<Option<(ProductRecord, u32)>>>;
    /// The store that has each of these orders, where the key means one order; `None` for what names none.
    fn list_order_stores(
        &self,
        keys: Vec<Option<OrderKey>>,
        read_kept: KeptReader,
    ) -> impl Answer<Vec<Option<StoreId>>>;
    /// Adds or changes what customers call products; the products must exist.
    fn save_customer_items(&self, items: Vec<CustomerItem>) -> impl Answer<()>;
    /// Adds or changes stores.
    fn save_stores(&self, stores: Vec<StoreRecord>) -> impl Answer<()>;
    /// Adds or changes products with their barcodes. One that names a barcode of another product is left out and answered,
    /// unless the other gives the barcode up in the same call.
    fn save_products(&self, products: Vec<ProductRecord>) -> impl Answer<Vec<BarcodeTaken>>;
    /// Takes products out of the catalogue.
    fn remove_products(&self, products: Vec<ProductId>) -> impl Answer<()>;
    /// All operators.
    fn list_operators(&self) -> impl Answer<Vec<Operator>>;
    /// Adds or changes operators.
    fn save_operators(&self, operators: Vec<Operator>) -> impl Answer<()>;

    // Channels
    /// Adds a channel with its token. One that is known stays as it is and gets a second token; the oldest beyond two ends.
    fn save_channel(&self, channel: ChannelRecord, token: SecretHash) -> impl Answer<()>;
    /// Changes a channel that is known; its tokens stay.
    fn change_channel(&self, channel: ChannelRecord) -> impl Answer<()>;
    /// Finds a channel by its name.
    fn find_channel_named(&self, channel: ChannelId) -> impl Answer<Option<ChannelRecord>>;
    /// Finds the channel of a token.
    fn find_channel(&self, token: SecretHash) -> impl Answer<Option<ChannelRecord>>;
    /// All channels.
    fn list_channels(&self) -> impl Answer<Vec<ChannelRecord>>;
    /// Adds or changes a channel whose orders come as files; its tokens, its tag and its counts stay.
    fn save_file_channel(&self, channel: ChannelRecord, settings: FileChannel) -> impl Answer<()>;
    /// Channels whose orders come as files, and how their pick-up stands.
    fn list_file_channels(&self) -> impl Answer<Vec<FileChannelRecord>>;
    /// Believes this host key or certificate from now on. Answers whether there is such a channel.
    fn pin_file_channel(&self, channel: ChannelId, fingerprint: String) -> impl Answer<bool>;
    /// Asks for a look at once. Answers whether there is such a channel.
    fn poke_file_channel(&self, channel: ChannelId, now: Timestamp) -> impl Answer<bool>;
    /// Ends a channel and its tokens; its orders stay.
    fn remove_channel(&self, channel: ChannelId) -> impl Answer<bool>;

    // Customers' terms
    /// Adds or changes customers.
    fn save_customers(&self, customers: Vec<Customer>) -> impl Answer<Vec<IdentityTaken>>;
    /// Finds a customer.
    fn find_customer(&self, customer: CustomerId) -> impl Answer<Option<Customer>>;
    /// Which of these customers do not exist.
    fn list_missing_customers(&self, customers: Vec<CustomerId>) -> impl Answer<Vec<CustomerId>>;
    /// Adds or changes price rules.
    fn save_prices(&self, prices: Vec<PriceRecord>) -> impl Answer<()>;
    /// Products in the order asked, each with the rules that may count for the customer; nothing for one that does not exist.
    fn list_prices(
        &self,
        customer: Option<Customer>,
        products: Vec<ProductId>,
    ) -> impl Answer<Vec<Option<PricedProduct>>>;
    /// Adds or corrects credit notes. One that is held or spent, and would not be the same, stays as it is and is answered
    /// with its place.
    fn save_credits(&self, credits: Vec<CreditImport>, now: Timestamp) -> impl Answer<Vec<(usize, CreditRefusal)>>;
    /// Notes of a customer that are not spent, those that can be used first, the newest first.
    fn list_credits(&self, customer: CustomerId, now: Timestamp) -> impl Answer<Vec<CreditNote>>;
    /// Holds a credit note or ends a hold. Of many at once one is first.
    fn act_on_credit(&self, act: CreditAct, now: Timestamp) -> impl Answer<Result<CreditNote, CreditRefusal>>;

    // Head office
    /// Keeps a token of head office.
    fn save_office_token(&self, token: OfficeTokenRecord, hash: SecretHash) -> impl Answer<()>;
    /// Finds a token of head office.
    fn find_office_token(&self, hash: SecretHash) -> impl Answer<Option<OfficeTokenRecord>>;
    /// All tokens of head office, by name.
    fn list_office_tokens(&self) -> impl Answer<Vec<OfficeTokenRecord>>;
    /// Ends every token of a name; answers how many there were.
    fn remove_office_tokens(&self, name: String) -> impl Answer<usize>;
}

/// Which cases to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseFilter {
    /// Not settled.
    Open,
    /// All.
    All,
}
