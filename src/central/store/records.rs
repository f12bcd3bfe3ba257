//! What goes in and out of the store, beside the words of `domain`.
//!
//! Size: the records of one contract, nearly all of it documentation; read as one page.

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Refusal;
use crate::domain::Timestamp;
use crate::domain::conflict::{CaseState, ConflictCase};
use crate::domain::event::Entry;
use crate::domain::feed::{Change, Unsent};
use crate::domain::ids::{
    CaseId, ChannelId, CustomerId, EntryId, JournalMark, OrderNumber, ProductId, RunId, StoreId, TillId, WorkstationId,
};
use crate::domain::money::Money;
use crate::domain::product::{Barcode, Product};
use crate::domain::quantity::Quantity;
use crate::domain::settings::StoreSettings;
use crate::domain::stock::{OtherStoreStock, StockLevel};
use crate::domain::tax::Taxed;
use crate::domain::till_clock::ClockReading;
use crate::domain::web_order::{DeliveryAddress, Fulfilment, OrderState, Payment, UnmatchedLine, WantedLine, WebOrder};
use crate::wire::entry::SealedEntry;

/// One continuous life of central's data: a new one at every start of the program on the file.
pub type Incarnation = [u8; 16];

/// A secret as it is kept: its SHA-256 hash.
pub type SecretHash = [u8; 32];

/// An entry as it came from a till, with the judgement on its proof.
#[derive(Clone, Debug)]
pub struct ReceivedEntry {
    /// Its identity; made from its bytes when it has none that can be read.
    pub id: EntryId,
    /// Its place, as far as it can be read.
    pub mark: JournalMark,
    /// Its hash as it claims, all zero when it cannot be read.
    pub hash: [u8; 32],
    /// The whole entry as it came over the wire, kept when it is quarantined.
    pub bytes: Vec<u8>,
    /// What it says, or why it is not believed.
    pub content: Result<Box<ProvenEntry>, QuarantineReason>,
}

/// An entry whose hash and signature are those of its till.
#[derive(Clone, Debug)]
pub struct ProvenEntry {
    /// With its proof.
    pub sealed: SealedEntry,
    /// What it says.
    pub entry: Entry,
}

/// Why an entry was put aside.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuarantineReason {
    /// A field cannot be read.
    #[error("not understood: {0}")]
    NotUnderstood(String),
    /// The hash is not that of the content.
    #[error("the hash does not fit the content")]
    HashWrong,
    /// No key of the till made the signature.
    #[error("the signature is not the till's")]
    SignatureWrong,
    /// The chain is broken: it names another predecessor than the entry before it.
    #[error("the entry before it has another hash")]
    ChainBroken,
    /// An entry with this identity and other content was taken before.
    #[error("the same identity was used for other content")]
    IdentityReused,
    /// The event names another till than the one that sent it.
    #[error("the event names another till")]
    OtherTill,
    /// Central cannot book what it says.
    #[error("it could not be booked: {0}")]
    NotBooked(String),
}

/// What became of a pushed entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryOutcome {
    /// Taken and booked.
    Applied,
    /// Had been taken before.
    Already,
    /// Kept, not booked.
    Quarantined(QuarantineReason),
}

/// The answer to a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushReceipt {
    /// One per entry, in their order.
    pub outcomes: Vec<(EntryId, EntryOutcome)>,
    /// The contiguous mark of every run among the entries.
    pub marks: Vec<JournalMark>,
    /// How many of the till's entries are put aside and not in the books, these among them.
    pub put_aside: u64,
}

/// A till as central knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TillRecord {
    /// Which.
    pub till: TillId,
    /// Every key it signed with, newest first.
    pub journal_keys: Vec<[u8; 32]>,
    /// When it was joined last.
    pub enrolled_at: Timestamp,
    /// When it was shut out, when it was.
    pub revoked_at: Option<Timestamp>,
    /// Serial number of its newest certificate: older ones no longer open the door.
    pub certificate: [u8; 16],
    /// Proves it on a loopback address without TLS.
    pub token_hash: Option<SecretHash>,
    /// Up to when central has heard from it.
    pub seen_at: Option<Timestamp>,
    /// What it had not sent when central last heard of it; nothing while it has never said.
    pub unsent: Option<UnsentMark>,
}

/// What a till had written and not sent, at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsentMark {
    /// As it said.
    pub unsent: Unsent,
    /// When that was so, by central's clock.
    pub as_of: Timestamp,
}

/// What a till says beside the entries it sends, now and in its hello. A program that does not say something says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaidBeside {
    /// The last entry of every run that had not arrived when it said hello.
    pub awaited: Vec<JournalMark>,
    /// How much there is behind what it sends now.
    pub unsent: Option<Unsent>,
    /// Its clock, as it sends this.
    pub clock: Option<ClockReading>,
    /// The run it writes.
    pub run: Option<RunId>,
}

/// A till is joined with this.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// Hash of the one-time code.
    pub code_hash: SecretHash,
    /// The key it will sign its journal with.
    pub journal_key: [u8; 32],
    /// Serial number of the certificate it will get.
    pub certificate: [u8; 16],
    /// Hash of the token for loopback.
    pub token_hash: SecretHash,
}

/// Why a code does not join a till.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnrolRefusal {
    /// Never given out.
    #[error("this code was never given out")]
    Unknown,
    /// Used before, for another key.
    #[error("this code has been used")]
    Used,
    /// Too old.
    #[error("this code has expired")]
    Expired,
}

/// An entry that was put aside, for head office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantinedEntry {
    /// Which till sent it.
    pub till: TillId,
    /// As it called itself.
    pub id: EntryId,
    /// Where it said it stood.
    pub mark: JournalMark,
    /// Why.
    pub reason: String,
    /// When.
    pub received_at: Timestamp,
}

/// Two entries of one till that follow the same one: the till was restored, re-imaged or cloned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// Which till.
    pub till: TillId,
    /// The one central had first.
    pub entry_a: EntryId,
    /// The one that came later.
    pub entry_b: EntryId,
    /// When it was found.
    pub found_at: Timestamp,
}

/// A sale as the books keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleRecord {
    /// Where.
    pub till: TillId,
    /// Its number.
    pub receipt_number: u64,
    /// The entry.
    pub entry: EntryId,
    /// What it cost.
    pub total: Money,
    /// The tax in it.
    pub tax: Money,
    /// What the drawer gained.
    pub cash: Money,
    /// When.
    pub completed_at: Timestamp,
    /// The trading day.
    pub business_day: NaiveDate,
}

/// Where a follower of a feed stands. A plain number to those outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(pub u64);

/// What a feed is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Feed {
    /// Products, operators, settings.
    Company,
    /// A store's orders, stock, cases.
    Store(StoreId),
    /// A store's free figures.
    Availability(StoreId),
    /// A channel's orders.
    Channel(ChannelId),
    /// Nothing to read: whoever waits for an order's time to pass is woken when any order changes.
    Deadlines,
    /// Nothing to read: whoever answers a caller for long looks again whether it may still be answered.
    Credentials,
}

/// Some changes of a feed, read in one transaction.
#[derive(Clone, Debug)]
pub struct FeedPage {
    /// What changed, oldest first.
    pub changes: Vec<Change>,
    /// Behind the last of them.
    pub cursor: Cursor,
    /// Nothing was left behind them at that moment: a checkpoint may close the batch here.
    pub complete: bool,
    /// It is part of a snapshot: what a whole snapshot does not name is gone.
    pub snapshot: bool,
    /// The reading began at nothing because the cursor was none, or not one this data gave out.
    pub started_anew: bool,
    /// Where the feed stood when the snapshot began, if it is one.
    pub began: Cursor,
    /// The till's marks at that moment, when the page is complete.
    pub contains: Vec<JournalMark>,
}

impl FeedPage {
    /// Where its follower goes on.
    pub const fn next(&self) -> FeedPosition {
        match self.snapshot && !self.complete {
            true => FeedPosition::Snapshot { after: self.cursor, began: self.began },
            false => FeedPosition::After(self.cursor),
        }
    }
}

/// What to read of a till's feed.
#[derive(Clone, Debug)]
pub struct FeedRequest {
    /// Which feed.
    pub feed: Feed,
    /// Whose.
    pub till: TillId,
    /// From where.
    pub position: FeedPosition,
    /// At most so many changes.
    pub changes_max: usize,
    /// Central's clock.
    pub now: Timestamp,
}

/// Where a follower goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedPosition {
    /// With the changes behind this cursor; a snapshot when it is none of ours.
    After(Cursor),
    /// With a snapshot that is under way.
    Snapshot {
        /// It has come so far.
        after: Cursor,
        /// The feed stood here when it began: what changed since may have been told before, as it was.
        began: Cursor,
    },
}

/// An order that passed intake.
#[derive(Clone, Debug)]
pub struct OrderSubmission {
    /// By which channel.
    pub channel: ChannelId,
    /// The sender as the document names it.
    pub sender: String,
    /// The buyer as the document names it.
    pub buyer: String,
    /// The customer that is, where somebody knows.
    pub customer: Option<CustomerId>,
    /// It is held for head office to say which customer that is.
    pub is_buyer_held: bool,
    /// The sender's own number.
    pub reference: String,
    /// SHA-256 over what the order says, not over its bytes: the same order in other spacing is the same.
    pub content: [u8; 32],
    /// As it came.
    pub document: Vec<u8>,
    /// What the sender added in words.
    pub notes: String,
    /// What is odd about it and stopped nothing, a JSON array as that of a problem order.
    pub warnings: String,
    /// Collected or sent.
    pub fulfilment: Fulfilment,
    /// The store that owes it, or the warehouses of which central chooses the one that can serve the most lines.
    pub stores: Vec<StoreId>,
    /// First name and initial.
    pub customer_name: String,
    /// Masked.
    pub customer_phone: Option<String>,
    /// Where it is sent, for the papers of the warehouse alone.
    pub delivery_address: Option<DeliveryAddress>,
    /// What was received of the money.
    pub payment: Payment,
    /// When it was placed.
    pub ordered_at: Timestamp,
    /// Until when it is kept.
    pub collect_by: Option<Timestamp>,
    /// Its lines, numbered in the order by the places that [`Self::unmatched`] leaves.
    pub lines: Vec<SubmittedLine>,
    /// Lines that are no product of ours yet, with their numbers in the order.
    pub unmatched: Vec<SubmittedUnmatched>,
}

/// A line of an order that passed intake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmittedLine {
    /// What.
    pub product: ProductId,
    /// As the order calls it.
    pub name: String,
    /// How many.
    pub quantity: Quantity,
    /// For one, to the nearest minor unit.
    pub unit_price: Money,
    /// For all of them, to the minor unit.
    pub amount: Money,
    /// Their part of what the order takes off (below zero) or puts on as a whole.
    pub share: Money,
    /// What of both is taxed at which rate, where the document says so.
    pub taxed: Vec<Taxed>,
}

impl SubmittedLine {
    /// As the order shall have it, once its product is known.
    pub fn wanted(&self, product: &Product) -> WantedLine {
        WantedLine {
            product: self.product.clone(),
            name: self.name.clone(),
            quantity: self.quantity,
            unit_price: self.unit_price,
            amount: self.amount,
            share: self.share,
            taxed: self.taxed.clone(),
            tax: product.tax,
            stocked: product.stocked,
        }
    }
}

/// A line that is no product of ours yet, with what makes one of it once it is matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmittedUnmatched {
    /// As its sender wrote it.
    pub line: UnmatchedLine,
    /// The exact price of one of the sender's unit.
    pub price: Decimal,
    /// For all of them, to the minor unit, with the tax where the store's prices have it; absent in old rows where the rate
    /// is not known before the match.
    pub amount: Option<Money>,
    /// Their part of what the order takes off (below zero) or puts on as a whole.
    pub share: Money,
    /// What of both is taxed at which rate, where the document says so.
    pub taxed: Vec<Taxed>,
    /// The price is without the tax that the store's prices have, and the line does not say the rate.
    pub lacks_tax: bool,
    /// Everything the buyer is called by, for its own list of numbers.
    pub buyers: Vec<String>,
}

/// What became of a submitted order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubmitOutcome {
    /// On disk, units reserved.
    Imported(Box<WebOrder>),
    /// Taken before, as it is now.
    Duplicate(Box<WebOrder>),
    /// It cannot be taken.
    Refused(Refusal),
}

/// A document that is no order yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemOrder {
    /// Its name: from channel and content, so that the same document again is the same problem.
    pub problem: [u8; 16],
    /// By which channel.
    pub channel: ChannelId,
    /// The sender's own number, when it could be read.
    pub reference: String,
    /// As it came.
    pub document: Vec<u8>,
    /// What is wrong, as JSON: the list the sender got.
    pub problems: String,
    /// When it came first.
    pub received_at: Timestamp,
    /// How often it came.
    pub times: u64,
}

/// Which orders to list.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// Of one store.
    pub store: Option<StoreId>,
    /// Of one channel.
    pub channel: Option<ChannelId>,
    /// In one state.
    pub state: Option<OrderState>,
    /// Collected, or sent.
    pub fulfilment: Option<Fulfilment>,
    /// Behind this number.
    pub after: Option<OrderNumber>,
    /// Only those with items held for head office to match, or without a buyer.
    pub held: bool,
    /// At most so many.
    pub orders_max: usize,
}

/// How a document calls an item: what it says, best first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct ItemIdentity {
    /// Look-up key of the barcode (GTIN-14 digits).
    pub barcode: Option<String>,
    /// Our article number, as the seller's number.
    pub product: Option<ProductId>,
    /// The customer's own number, with everything the customer is called by: looked up in the customer's list last.
    pub customers_number: Option<(Arc<[String]>, String)>,
}

/// What a customer calls a product of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerItem {
    /// The customer, by an identity its orders name it with.
    pub customer: String,
    /// The customer's own number.
    pub their_number: String,
    /// Our product.
    pub product: ProductId,
}

/// A store in head office's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreRecord {
    /// What its tills know.
    pub settings: StoreSettings,
    /// Shop or warehouse.
    pub kind: StoreKind,
    /// Global location number, 13 digits.
    pub gln: Option<String>,
    /// Where it stands.
    pub location: Option<Location>,
}

/// What a store is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoreKind {
    /// Customers come in.
    Shop,
    /// Orders are sent from here.
    Warehouse,
}

/// A place on the globe, in millionths of a degree (WGS 84).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// North is positive.
    pub latitude_microdegrees: i32,
    /// East is positive.
    pub longitude_microdegrees: i32,
}

/// A product with its codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRecord {
    /// As it is sold.
    pub product: Product,
    /// Every code that leads to it.
    pub barcodes: Vec<Barcode>,
}

/// A product was left out because another has one of its barcodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarcodeTaken {
    /// Which of the products, by its place.
    pub place: usize,
    /// The barcode.
    pub barcode: String,
    /// Whose it is.
    pub owner: ProductId,
}

/// A stock figure head office brings in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockImport {
    /// Identity of the movement: the same import again changes nothing.
    pub entry: EntryId,
    /// Where.
    pub store: StoreId,
    /// What.
    pub product: ProductId,
    /// What the books shall say; `None` leaves them.
    pub on_hand: Option<Quantity>,
    /// What policy keeps back; `None` leaves it.
    pub safety: Option<Quantity>,
    /// When it was counted: what moved since stays on top of it, and what moved before and is heard of later is in it. `None`
    /// for a figure that is taken over as the books stand.
    pub counted_at: Option<Timestamp>,
}

/// Free units of one product in one store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Availability {
    /// What.
    pub product: ProductId,
    /// Where.
    pub store: StoreId,
    /// Available to promise, never below zero.
    pub free: Quantity,
    /// Up to when central has heard from every till of the store.
    pub as_of: Timestamp,
}

/// The figures of one product in one store, for head office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockRow {
    /// Where.
    pub store: StoreId,
    /// What.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// The figures.
    pub level: StockLevel,
}

/// A conflict case, for head office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRecord {
    /// Where.
    pub store: StoreId,
    /// As tills see it.
    pub case: ConflictCase,
    /// Who takes care of it.
    pub owner: Option<String>,
    /// When it was settled.
    pub closed_at: Option<Timestamp>,
    /// What was done about it, oldest first.
    pub acts: Vec<CaseAct>,
    /// Stores with free units, nearest first: the first that has enough is the proposal.
    pub proposals: Vec<OtherStoreStock>,
}

/// One thing done about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseAct {
    /// What: `sold_anyway`, `judged_at_central`, a state it was brought to.
    pub act: String,
    /// The entry that caused it, when one did.
    pub entry: Option<EntryId>,
    /// At which till.
    pub workstation: Option<WorkstationId>,
    /// By whom.
    pub person: Option<String>,
    /// Who else agreed to it on the spot, where that was asked for.
    pub approver: Option<String>,
    /// The facts, in words.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// What head office or staff decide about a case.
#[derive(Clone, Debug)]
pub struct CaseDecision {
    /// Where.
    pub store: StoreId,
    /// Which.
    pub case: CaseId,
    /// To which state, when it changes.
    pub state: CaseState,
    /// Who takes care of it from now on.
    pub owner: Option<String>,
    /// Who decides.
    pub person: String,
    /// Why.
    pub note: String,
}

/// A way orders come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRecord {
    /// Its name.
    pub channel: ChannelId,
    /// What it is.
    pub kind: ChannelKind,
    /// The customer it belongs to: it asks for that one's prices and credit notes alone.
    pub customer: Option<CustomerId>,
    /// Stores it may see; empty for all.
    pub stores: Vec<StoreId>,
    /// What it may do.
    pub calls: Vec<CallKind>,
    /// What is done with items and buyers nobody knows.
    pub unknown: UnknownPolicy,
    /// Since when.
    pub created_at: Timestamp,
    /// How many of its tokens are live.
    pub tokens: u32,
}

/// What is done with items and buyers of a channel's orders that nobody knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UnknownPolicy {
    /// They are a problem of the order.
    #[default]
    Problem,
    /// They are taken as they come, and held for head office to match.
    Hold,
}

/// What a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChannelKind {
    /// Our own web shop.
    Website,
    /// Someone else's.
    Marketplace,
    /// A customer's own system.
    Customer,
}

/// A kind of call a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// Submitting and following orders.
    Orders,
    /// Asking for free stock.
    Availability,
    /// Asking for prices.
    Prices,
    /// Asking for, holding and spending credit notes.
    Credits,
}

/// A step that did not fit its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnomalyRecord {
    /// Where.
    pub store: StoreId,
    /// Which order.
    pub order: OrderNumber,
    /// By which entry.
    pub entry: EntryId,
    /// What was odd.
    pub what: String,
    /// When it was found.
    pub found_at: Timestamp,
}

/// What folding the ledger and the orders again has come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LevelProof {
    /// How many levels were held against it.
    pub levels: u64,
    /// How many movements were folded.
    pub movements: u64,
    /// How many open orders.
    pub orders: u64,
    /// The figures that differ.
    pub faults: Vec<LevelFault>,
}

/// A figure that is not what its ledger says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelFault {
    /// Where.
    pub store: StoreId,
    /// Of what.
    pub product: ProductId,
    /// What the projection says.
    pub kept: StockLevel,
    /// What the ledger and the orders add up to.
    pub folded: StockLevel,
}

/// A run of a till and how far it has arrived.
pub type RunMark = (RunId, u64);
