//! Intake: bytes → format → drafts → checked against the catalogue → orders, or lists of problems. The same for every path
//! an order comes by, and all of a document in one transaction.
//!
//! A document may hold several orders, and a change or a cancellation of an order taken before. Each is judged by itself:
//! a bad one harms none of the others, and keeps its own part of the document to be mended. Nothing is lost: every
//! document is kept with its order, or as a problem with every reason. Nothing is fetched, nothing expanded, and memory is
//! bounded by the size of the document. Sending the same again changes nothing.
//!
//! Absent here: SQL, and anything a format's reader would decide about our shop: readers only fill [`draft::OrderDraft`].
//!
//! To add a format: a reader beside [`ubl`] that fills drafts, its name in [`document::Format`], its namespace in
//! [`Document::parse`], its answers in [`document::Format::encode_response`]. Tests: `tests.rs`, over a real store.

#[cfg(test)]
mod answer_tests;
pub mod cxml;
pub mod document;
pub mod draft;
pub mod files;
pub mod gs1;
pub mod held;
#[cfg(test)]
mod hostile_tests;
pub mod mend;
#[cfg(test)]
mod moves_tests;
pub mod opentrans;
mod places;
pub mod plain;
pub mod problem;
mod refusal;
#[cfg(test)]
mod same_tests;
mod secrets;
#[cfg(test)]
mod several_tests;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;
pub mod text;
pub mod ubl;
mod units;
mod validate;
mod verdict;
pub mod walk;
mod write;
pub mod xml;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use self::document::Document;
use self::draft::OrderDraft;
use self::files::record::ArrivedFile;
use self::problem::{Place, Problem, ProblemCode};
use self::validate::{Catalogue, Terms};
use super::store::{
    Buyers, DocumentPart, DocumentSubmission, FileRecord, FileWriter, KeptDocument, KeptReader, PartOutcome,
    ProblemOrder, ProductRecord, Refusal, Store, StoreError, UnknownPolicy,
};
use super::surroundings::Surroundings;
use crate::domain::Timestamp;
use crate::domain::customer::Customer;
use crate::domain::ids::{ChannelId, CustomerId, ProductId, StoreId};
use crate::domain::web_order::{OrderState, WebOrder};

/// A document from outside.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// By which channel.
    pub channel: ChannelId,
    /// What the sender says it is; may name a charset.
    pub content_type: String,
    /// As it came.
    pub bytes: Vec<u8>,
}

/// What has become of an order in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntakeOutcome {
    /// A new order, on disk, its units reserved.
    Imported,
    /// Taken before; nothing was done.
    Duplicate,
    /// An order of before has become what the change says.
    Changed,
    /// An order of before is cancelled.
    Cancelled,
    /// Kept, with the reasons.
    Problem,
}

impl IntakeOutcome {
    /// As senders know it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Imported => "IMPORTED",
            Self::Duplicate => "DUPLICATE",
            Self::Changed => "CHANGED",
            Self::Cancelled => "CANCELLED",
            Self::Problem => "PROBLEM",
        }
    }
}

/// The answer to one order of a document.
#[derive(Clone, Debug)]
pub struct IntakeAnswer {
    /// What has become of it.
    pub outcome: IntakeOutcome,
    /// The order, when there is one.
    pub order: Option<Box<WebOrder>>,
    /// The sender's own number, as far as it could be read.
    pub reference: String,
    /// What was found wrong, with its places in the document as it was sent.
    pub problems: Vec<Problem>,
    /// How many more there are, of a document that has too much wrong with it to be told at once. All that is kept of a
    /// problem order names them.
    pub left_out: usize,
    /// The answer in the sender's own language; empty when the language was not recognised, or when the document holds
    /// several orders: [`DocumentAnswer::response`] answers them together. A refused cXML request is answered as well.
    pub response: Vec<u8>,
    /// The name a problem is kept under.
    pub problem: Option<[u8; 16]>,
    /// The part of the document that a problem is kept with, a document by itself; empty when it is the whole.
    pub part: Vec<u8>,
    /// Why head office makes no order of it, once it has said so.
    pub dismissed: Option<String>,
}

impl IntakeAnswer {
    /// What holds of an order that came again when it is over without its goods; nothing otherwise.
    pub fn gone_words(&self) -> Option<String> {
        let order = self.order.as_ref().filter(|_| self.outcome == IntakeOutcome::Duplicate)?;
        let became = match order.state {
            OrderState::Cancelled => "was cancelled",
            OrderState::PutBack => "was given up, its goods are back on the shelf",
            _ => return None,
        };
        let number = &order.number;
        Some(format!("taken before as {number}, which {became}: to order again, send it under another number"))
    }

    /// How many items of the order wait for head office to say what they are, in words; nothing when none does.
    pub fn held_words(&self) -> Option<String> {
        self.order.as_ref()?.held_words()
    }

    /// Our order number, or the name the problem is kept under.
    pub fn our_name(&self) -> String {
        match (&self.order, self.problem) {
            (Some(order), _) => order.number.to_string(),
            (None, Some(problem)) => uuid::Uuid::from_bytes(problem).to_string(),
            (None, None) => String::new(),
        }
    }
}

/// The answer to a document.
#[derive(Clone, Debug)]
pub struct DocumentAnswer {
    /// One for each order, in the document's order; one for a document that could not be read.
    pub orders: Vec<IntakeAnswer>,
    /// The answer in the sender's own language; empty when that was not recognised.
    pub response: Vec<u8>,
    /// The orders with problems as a document of their own, when there are others in the document; else empty.
    pub rejected: Vec<u8>,
}

impl DocumentAnswer {
    /// As one answer. Of several orders: a problem when one is, every problem, no order of its own.
    pub fn into_one(mut self) -> IntakeAnswer {
        let worst = self.orders.iter().position(|answer| answer.outcome == IntakeOutcome::Problem).unwrap_or(0);
        let several = self.orders.len() > 1;
        let problems = match several {
            true => self.orders.iter().flat_map(|answer| answer.problems.clone()).collect(),
            false => Vec::new(),
        };
        let left_out = self.orders.iter().map(|answer| answer.left_out).sum();
        let mut one = self.orders.swap_remove(worst);
        if several {
            one = IntakeAnswer { order: None, reference: String::new(), problem: None, problems, left_out, ..one };
        }
        one.response = self.response;
        one
    }
}

/// Takes documents.
#[derive(Clone)]
pub struct Intake<S> {
    store: S,
    surroundings: Surroundings,
}

/// One order of a document, judged.
#[derive(Clone)]
struct Judged {
    part: DocumentPart,
    reference: String,
    problems: Vec<Problem>,
    problem: Option<[u8; 16]>,
}

impl<S: Store> Intake<S> {
    /// Into a store.
    pub const fn new(store: S, surroundings: Surroundings) -> Self {
        Self { store, surroundings }
    }

    /// Takes one document and answers as if it held one order, which most do. See [`Self::take_document`].
    pub async fn take(&self, incoming: Incoming, allowed: Option<Vec<StoreId>>) -> Result<IntakeAnswer, StoreError> {
        Ok(self.take_document(incoming, allowed).await?.into_one())
    }

    /// Takes a whole document in one transaction, and answers when the fate of each of its orders is on disk. `allowed`
    /// are the stores the sender may order from; all when absent, and a store it may not order from does not exist for it.
    pub async fn take_document(
        &self,
        incoming: Incoming,
        allowed: Option<Vec<StoreId>>,
    ) -> Result<DocumentAnswer, StoreError> {
        self.take_any(incoming, allowed, None).await
    }

    /// Takes a document that came as a file: the same transaction keeps the record of the file.
    pub async fn take_file(
        &self,
        incoming: Incoming,
        allowed: Option<Vec<StoreId>>,
        file: ArrivedFile,
    ) -> Result<FileRecord, StoreError> {
        let answer = self.take_any(incoming, allowed, Some(file.clone())).await?;
        Ok(file.record(&answer))
    }

    /// Keeps that a channel has sent a document so large that it was not read: once a day, however often it tries.
    pub async fn note_unread(&self, channel: ChannelId, bytes_max: usize) -> Result<(), StoreError> {
        let now = self.surroundings.now();
        let value = format!("more than {bytes_max} bytes");
        let message = format!("the message has more than {bytes_max} bytes and was not read");
        let problem = Problem::new(ProblemCode::XmlTooLarge, Place::beginning(), &value, message);
        let in_its_place = format!("A message of {} has {value} and was not read.\n", now.format("%Y-%m-%d"));
        self.keep_unreadable(channel, in_its_place.into_bytes(), problem, None, now).await?;
        Ok(())
    }

    async fn take_any(
        &self,
        incoming: Incoming,
        allowed: Option<Vec<StoreId>>,
        file: Option<ArrivedFile>,
    ) -> Result<DocumentAnswer, StoreError> {
        let now = self.surroundings.now();
        let Incoming { channel, content_type, bytes } = incoming;
        let is_large = bytes.len() >= LARGE_BYTES;
        let (bytes, parsed) = apart(is_large, move || {
            let parsed = Document::parse(&bytes, &content_type);
            // What is kept is read again without its content type.
            let is_small = bytes.len() <= xml::DOCUMENT_BYTES_MAX;
            let bytes = if is_small { text::independent(bytes, &content_type) } else { bytes };
            (secrets::mask(bytes), parsed)
        })
        .await?;
        let document = match parsed {
            Ok(document) => Arc::new(document),
            Err(problem) => return self.keep_unreadable(channel, bytes, problem, file, now).await,
        };
        let bench = self.bench(channel, &document, bytes, allowed, now).await?;
        let taking = apart(is_large, move || {
            let judged = (0..bench.document.drafts.len()).map(|index| bench.judge(index)).collect();
            Arc::new(Taking { bench, judged })
        });
        let taking = taking.await?;
        let parts = taking.judged.iter().map(|judged| judged.part.clone()).collect();
        let writer = Arc::clone(&taking);
        let refused = Box::new(move |index: usize, refusal: &Refusal| writer.bench.refused(index, refusal).1);
        let recorder = Arc::clone(&taking);
        let file = file.map(|file| -> FileWriter {
            Box::new(move |outcomes: &[PartOutcome]| file.record(&recorder.answer(outcomes)))
        });
        let submission = DocumentSubmission { parts, refused, read_kept: kept_reader(), file };
        let outcomes = self.store.take_document(submission, self.surroundings.random_u64(), now).await?;
        apart(is_large, move || taking.answer(&outcomes)).await
    }

    /// Everything the orders of a document are judged with.
    async fn bench(
        &self,
        channel: ChannelId,
        document: &Arc<Document>,
        bytes: Vec<u8>,
        allowed: Option<Vec<StoreId>>,
        now: Timestamp,
    ) -> Result<Bench, StoreError> {
        let names = document.drafts.iter().map(validate::buyer_names).collect();
        let Buyers { channel: record, customers } = self.store.find_buyers(channel.clone(), names).await?;
        let own = record.as_ref().and_then(|record| record.customer.as_ref());
        let identities: Vec<_> = document.drafts.iter().map(|draft| validate::item_identities(draft, own)).collect();
        let mut found = self.store.resolve_items(identities.iter().flatten().cloned().collect()).await?.into_iter();
        let items: Vec<Vec<_>> = identities.iter().map(|lines| found.by_ref().take(lines.len()).collect()).collect();
        let terms = self.list_terms(&items, customers).await?;
        let unknown = record.as_ref().map_or(UnknownPolicy::Problem, |record| record.unknown);
        let kind = record.map(|record| record.kind);
        let mut stores = self.store.list_stores().await?;
        if let Some(allowed) = &allowed {
            stores.retain(|store| allowed.contains(&store.settings.id));
        }
        let homeless = document.drafts.iter().map(|d| validate::key_of_homeless(d, &channel, allowed.as_ref()));
        let mut homes = self.store.list_order_stores(homeless.collect(), kept_reader()).await?;
        // An order may stand in the document itself, before its change.
        let mut named: HashMap<&str, &StoreId> = HashMap::new();
        for (draft, home) in document.drafts.iter().zip(&mut homes) {
            let Some(number) = draft.number.as_ref().map(|number| number.text.as_str()) else { continue };
            match validate::store_named(draft, &stores) {
                Some(store) => _ = named.insert(number, &store.settings.id),
                None => *home = home.take().or_else(|| named.get(number).copied().cloned()),
            }
        }
        let catalogue = Catalogue { stores, items, channel, allowed, unknown, kind, terms, homes };
        Ok(Bench { document: Arc::clone(document), catalogue, bytes, now })
    }

    /// The prices of the customers that buy, asked once for each of them: most orders are of nobody who has any.
    async fn list_terms(
        &self,
        items: &[Vec<Option<(ProductRecord, u32)>>],
        customers: Vec<Option<Customer>>,
    ) -> Result<Vec<Option<Terms>>, StoreError> {
        let mut wanted: HashMap<CustomerId, (Customer, BTreeSet<ProductId>)> = HashMap::new();
        for (customer, items) in customers.iter().zip(items) {
            let Some(customer) = customer else { continue };
            let (_, products) = wanted.entry(customer.id.clone()).or_insert((customer.clone(), BTreeSet::new()));
            products.extend(items.iter().flatten().map(|(record, _)| record.product.id.clone()));
        }
        let mut found = HashMap::with_capacity(wanted.len());
        for (id, (customer, products)) in wanted {
            let priced = self.store.list_prices(Some(customer.clone()), products.into_iter().collect()).await?;
            let rules = priced.into_iter().flatten().map(|priced| (priced.product.id, priced.rules)).collect();
            found.insert(id, Terms { customer, rules: Arc::new(rules) });
        }
        Ok(customers.into_iter().map(|customer| found.get(&customer?.id).cloned()).collect())
    }

    async fn keep_unreadable(
        &self,
        channel: ChannelId,
        bytes: Vec<u8>,
        problem: Problem,
        file: Option<ArrivedFile>,
        now: Timestamp,
    ) -> Result<DocumentAnswer, StoreError> {
        let problems = vec![problem];
        let kept = problem_order(&channel, String::new(), bytes.clone(), &problems, now);
        let name = kept.problem;
        let parts = vec![DocumentPart::Problem(Box::new(kept.clone()))];
        let refused = Box::new(move |_: usize, _: &Refusal| kept.clone());
        let answer = IntakeAnswer {
            outcome: IntakeOutcome::Problem,
            order: None,
            reference: String::new(),
            problems,
            left_out: 0,
            response: Vec::new(),
            problem: Some(name),
            part: Vec::new(),
            dismissed: None,
        };
        let response = document::encode_refusal(&bytes, &answer, now);
        let answer = DocumentAnswer { orders: vec![answer], response, rejected: Vec::new() };
        let known = answer.clone();
        let file = file.map(|file| -> FileWriter { Box::new(move |_: &[PartOutcome]| file.record(&known)) });
        self.store.take_document(DocumentSubmission { parts, refused, read_kept: kept_reader(), file }, 0, now).await?;
        Ok(answer)
    }
}

/// From so many bytes on a document takes milliseconds to judge: not on a thread that serves others.
const LARGE_BYTES: usize = 16 * 1024;

/// Does work that may take long; when it does, where nobody waits for the thread.
async fn apart<T: Send + 'static>(is_large: bool, work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    if !is_large {
        return Ok(work());
    }
    tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Engine(error.to_string()))
}

/// What a kept document says: it is of one order, alone.
fn kept_reader() -> KeptReader {
    Box::new(|kept| {
        let document = Document::parse(kept, "").ok()?;
        let draft = document.drafts.first()?;
        Some(KeptDocument { content: draft.content, buyers: validate::buyer_names(draft) })
    })
}

/// A document with the judgement on each of its orders.
struct Taking {
    bench: Bench,
    judged: Vec<Judged>,
}

impl Taking {
    /// The answer to the document, once the fate of each order is known.
    fn answer(&self, outcomes: &[PartOutcome]) -> DocumentAnswer {
        let document = &self.bench.document;
        let mut orders: Vec<IntakeAnswer> = self
            .judged
            .iter()
            .zip(outcomes)
            .enumerate()
            .map(|(index, (judged, outcome))| self.bench.answer(index, judged, outcome))
            .collect();
        leave_out(&mut orders);
        let response = document.format.encode_response(document, &orders, self.bench.now);
        let bad: Vec<&OrderDraft> = orders
            .iter()
            .zip(&document.drafts)
            .filter(|(order, _)| order.outcome == IntakeOutcome::Problem)
            .map(|(_, draft)| draft)
            .collect();
        let is_mixed = !bad.is_empty() && bad.len() < orders.len();
        let rejected = if is_mixed { document.part_of(&bad) } else { Vec::new() };
        DocumentAnswer { orders, response, rejected }
    }
}

/// How many bytes of problems an answer names: whoever asked by gRPC takes messages of four mebibytes.
const TOLD_BYTES_MAX: usize = 1 << 20;

/// Cuts what an answer names to what can be told at once: the first problem of each order before the second of any.
fn leave_out(orders: &mut [IntakeAnswer]) {
    let mut left = TOLD_BYTES_MAX;
    let mut told = vec![0_usize; orders.len()];
    for firsts in [1, usize::MAX] {
        for (order, told) in orders.iter().zip(&mut told) {
            for problem in order.problems.iter().take(firsts).skip(*told) {
                let bytes = problem.told_bytes();
                if bytes > left {
                    break;
                }
                left -= bytes;
                *told += 1;
            }
        }
    }
    for (order, told) in orders.iter_mut().zip(told) {
        order.left_out = order.problems.len() - told;
        order.problems.truncate(told);
    }
}

/// A document with what its orders are judged by.
struct Bench {
    document: Arc<Document>,
    catalogue: Catalogue,
    bytes: Vec<u8>,
    now: Timestamp,
}

impl Bench {
    /// The order's own document: the whole, or its part of it.
    fn document_of(&self, draft: &OrderDraft) -> Vec<u8> {
        if self.document.is_of_several() { secrets::mask(self.document.part(draft)) } else { self.bytes.clone() }
    }

    fn judge(&self, index: usize) -> Judged {
        let draft = &self.document.drafts[index];
        let reference = reference_of(draft);
        let checked = validate::validate(&self.document, draft, &self.catalogue, index, self.now);
        match checked {
            Ok((checked, problems)) => {
                let part = checked.into_part(self.document_of(draft), &problems);
                Judged { part, reference, problems, problem: None }
            }
            Err(problems) => {
                let again = |document: &Document, draft: &OrderDraft| {
                    validate::validate(document, draft, &self.catalogue, index, self.now).err().unwrap_or_default()
                };
                let kept = self.keep(draft, &problems, again);
                let problem = Some(kept.problem);
                Judged { part: DocumentPart::Problem(Box::new(kept)), reference, problems, problem }
            }
        }
    }

    /// What a refused order is told, and what is kept of it.
    fn refused(&self, index: usize, refusal: &Refusal) -> (Problem, ProblemOrder) {
        let draft = &self.document.drafts[index];
        let told = |document: &Document, draft: &OrderDraft| {
            let named = draft.number.as_ref().or(draft.element.as_ref());
            let place = named.map_or_else(Place::beginning, |value| document.place_of(value));
            refusal::problem(refusal, place, &reference_of(draft))
        };
        let problem = told(&self.document, draft);
        let kept = self.keep(draft, std::slice::from_ref(&problem), |document, draft| vec![told(document, draft)]);
        (problem, kept)
    }

    /// What an order is told that was neither taken nor kept.
    fn not_kept(&self, index: usize) -> Problem {
        let draft = &self.document.drafts[index];
        let named = draft.number.as_ref().or(draft.element.as_ref());
        let place = named.map_or_else(Place::beginning, |value| self.document.place_of(value));
        let channel = &self.catalogue.channel;
        let message = format!("it was not kept: as many problems of {channel} as there may be wait for head office");
        Problem::new(ProblemCode::TooManyProblems, place, &reference_of(draft), message)
    }

    /// An order with problems as it is kept. Of a document of several its part is read again, so that the places are those
    /// of the part.
    fn keep(
        &self,
        draft: &OrderDraft,
        problems: &[Problem],
        again: impl Fn(&Document, &OrderDraft) -> Vec<Problem>,
    ) -> ProblemOrder {
        let bytes = self.document_of(draft);
        let alone = match self.document.is_of_several() {
            true => Document::parse(&bytes, "").ok(),
            false => None,
        };
        let alone = alone.as_ref().and_then(|part| Some(again(part, part.drafts.first()?)));
        let problems = alone.as_deref().filter(|alone| !alone.is_empty()).unwrap_or(problems);
        problem_order(&self.catalogue.channel, reference_of(draft), bytes, problems, self.now)
    }

    fn answer(&self, index: usize, judged: &Judged, outcome: &PartOutcome) -> IntakeAnswer {
        let Judged { reference, mut problems, mut problem, .. } = judged.clone();
        let (outcome, order) = match outcome {
            PartOutcome::Imported(order) => (IntakeOutcome::Imported, Some(order.clone())),
            PartOutcome::Duplicate(order) => (IntakeOutcome::Duplicate, Some(order.clone())),
            PartOutcome::Changed(order) => (IntakeOutcome::Changed, Some(order.clone())),
            PartOutcome::Cancelled(order) => (IntakeOutcome::Cancelled, Some(order.clone())),
            PartOutcome::Kept => (IntakeOutcome::Problem, None),
            PartOutcome::Refused(refusal) => {
                let (told, kept) = self.refused(index, refusal);
                problems.push(told);
                problem = Some(kept.problem);
                (IntakeOutcome::Problem, None)
            }
            PartOutcome::NotKept(refusal) => {
                problems.extend(refusal.as_ref().map(|refusal| self.refused(index, refusal).0));
                problems.push(self.not_kept(index));
                problem = None;
                (IntakeOutcome::Problem, None)
            }
        };
        let part = match problem {
            Some(_) if self.document.is_of_several() => self.document.part(&self.document.drafts[index]),
            _ => Vec::new(),
        };
        let response = Vec::new();
        IntakeAnswer { outcome, order, reference, problems, left_out: 0, response, problem, part, dismissed: None }
    }
}

fn reference_of(draft: &OrderDraft) -> String {
    draft.number.as_ref().map_or_else(String::new, |number| text::printable(&number.text))
}

/// A document that is no order, under a name made from channel and bytes.
fn problem_order(
    channel: &ChannelId,
    reference: String,
    document: Vec<u8>,
    problems: &[Problem],
    now: Timestamp,
) -> ProblemOrder {
    let mut hash = Sha256::new();
    hash.update(channel.as_str());
    hash.update([0]);
    hash.update(&document);
    let mut problem = [0; 16];
    problem.copy_from_slice(&hash.finalize()[..16]);
    ProblemOrder {
        problem,
        channel: channel.clone(),
        reference,
        document,
        problems: validate::to_json(problems),
        received_at: now,
        times: 1,
    }
}
