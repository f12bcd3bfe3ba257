//! Intake: bytes → format → draft → checked against the catalogue → an order, or a list of problems. The same for every
//! path an order comes by.
//!
//! Nothing is lost: a document that cannot be an order is kept with its bytes and every reason. Nothing is fetched, nothing
//! expanded, and memory is bounded by the size of the document. Sending the same again changes nothing.
//!
//! Absent here: SQL, and anything a format's reader would decide about our shop: readers only fill [`draft::OrderDraft`].
//!
//! To add a format: a reader beside [`ubl`] that fills the draft, and its namespace in [`Document::parse`]. Tests:
//! `tests.rs`, over a real store.

pub mod draft;
pub mod problem;
#[cfg(test)]
mod tests;
pub mod text;
pub mod ubl;
mod validate;
pub mod xml;

use sha2::{Digest, Sha256};

use self::draft::OrderDraft;
use self::problem::{Place, Problem, ProblemCode};
use self::validate::Catalogue;
use super::store::{ProblemOrder, Store, StoreError, SubmitOutcome};
use super::surroundings::Surroundings;
use crate::domain::ids::{ChannelId, StoreId};
use crate::domain::web_order::WebOrder;

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

/// What has become of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntakeOutcome {
    /// A new order, on disk, its units reserved.
    Imported,
    /// Taken before; nothing was done.
    Duplicate,
    /// Kept, with the reasons.
    Problem,
}

/// The answer to a document.
#[derive(Clone, Debug)]
pub struct IntakeAnswer {
    /// What has become of it.
    pub outcome: IntakeOutcome,
    /// The order, when there is one.
    pub order: Option<Box<WebOrder>>,
    /// The sender's own number, as far as it could be read.
    pub reference: String,
    /// What was found wrong.
    pub problems: Vec<Problem>,
    /// The answer in the sender's own language; empty when the language was not recognised.
    pub response: Vec<u8>,
    /// The name a problem is kept under.
    pub problem: Option<[u8; 16]>,
}

/// Takes documents.
#[derive(Clone)]
pub struct Intake<S> {
    store: S,
    surroundings: Surroundings,
}

/// A document that could be read: its text, and what it says.
struct Document {
    text: String,
    draft: OrderDraft,
}

impl Document {
    fn parse(bytes: &[u8], content_type: &str) -> Result<Self, Problem> {
        if bytes.len() > xml::DOCUMENT_BYTES_MAX {
            let message = format!("the document has {} bytes", bytes.len());
            return Err(Problem::new(ProblemCode::XmlTooLarge, Place::default(), "", message));
        }
        let text = text::decode(bytes, content_type)?;
        let draft = read_any(&text)?;
        Ok(Self { text, draft })
    }
}

/// The first element's namespace decides who reads on.
fn read_any(document: &str) -> Result<OrderDraft, Problem> {
    let mut pass = xml::Pass::new(document);
    let name = match pass.next_item()? {
        xml::Item::Start { name, .. } => name,
        xml::Item::End { .. } | xml::Item::Done => {
            return Err(Problem::new(ProblemCode::XmlNotWellFormed, Place::default(), "", "there is no element in it"));
        }
    };
    let place = pass.place(pass.position());
    match name.namespace.as_str() {
        ubl::ORDER if name.local == "Order" => ubl::read_order(&mut pass),
        namespace if namespace.starts_with(ubl::DOCUMENTS) => {
            read_to_the_end(&mut pass)?;
            let message = format!("this is UBL, but {} is not an Order", name.local);
            Err(Problem::new(ProblemCode::NotAnOrder, place, &name.local, message))
        }
        namespace => {
            read_to_the_end(&mut pass)?;
            let message = format!("no format we know begins with <{}> of {namespace:?}", name.local);
            Err(Problem::new(ProblemCode::FormatUnknown, place, namespace, message))
        }
    }
}

/// A document that is not well formed is that first of all, whatever its beginning says.
fn read_to_the_end(pass: &mut xml::Pass<'_>) -> Result<(), Problem> {
    while !matches!(pass.next_item()?, xml::Item::Done) {}
    Ok(())
}

impl<S: Store> Intake<S> {
    /// Into a store.
    pub const fn new(store: S, surroundings: Surroundings) -> Self {
        Self { store, surroundings }
    }

    /// Takes one document. Answers when its fate is on disk. `allowed` are the stores the sender may order from; all when
    /// absent, and a store it may not order from does not exist for it.
    pub async fn take(&self, incoming: Incoming, allowed: Option<Vec<StoreId>>) -> Result<IntakeAnswer, StoreError> {
        let now = self.surroundings.now();
        let bytes = incoming.bytes;
        let content_type = incoming.content_type;
        // A mebibyte takes some milliseconds: not on a thread that serves others.
        let (bytes, parsed) = tokio::task::spawn_blocking(move || {
            let parsed = Document::parse(&bytes, &content_type);
            (bytes, parsed)
        })
        .await
        .map_err(|error| StoreError::Engine(error.to_string()))?;
        let channel = incoming.channel;
        let document = match parsed {
            Ok(document) => document,
            Err(problem) => return self.keep_problem(channel, None, bytes, vec![problem]).await,
        };
        let items = self.store.resolve_items(validate::item_identities(&document.draft)).await?;
        let mut stores = self.store.list_stores().await?;
        if let Some(allowed) = allowed {
            stores.retain(|store| allowed.contains(&store.settings.id));
        }
        let catalogue = Catalogue { stores, items };
        let checked = validate::validate(&document.text, &document.draft, &catalogue, &channel, &bytes, now);
        let (submission, warnings) = match checked {
            Ok(checked) => checked,
            Err(problems) => return self.keep_problem(channel, Some(document.draft), bytes, problems).await,
        };
        let reference = submission.reference.clone();
        let answered = self.store.submit_order(submission, self.surroundings.random_u64(), now).await?;
        let (outcome, order) = match answered {
            SubmitOutcome::Imported(order) => (IntakeOutcome::Imported, order),
            SubmitOutcome::Duplicate(order) => (IntakeOutcome::Duplicate, order),
            SubmitOutcome::Conflict(number) => {
                let place = document
                    .draft
                    .number
                    .as_ref()
                    .map_or_else(Place::default, |value| xml::place(&document.text, value.at, value.path.clone()));
                let message = format!("the number belongs to our order {number}, which says something else");
                let problem = Problem::new(ProblemCode::DuplicateConflict, place, &reference, message);
                return self.keep_problem(channel, Some(document.draft), bytes, vec![problem]).await;
            }
            SubmitOutcome::NoStore => {
                let message = "the order names no store, and there is no warehouse to send from";
                let problem = Problem::new(ProblemCode::StoreUnknown, Place::default(), "", message);
                return self.keep_problem(channel, Some(document.draft), bytes, vec![problem]).await;
            }
        };
        let response = ubl::encode_response(&document.draft, order.number.as_str(), &warnings, now);
        Ok(IntakeAnswer { outcome, order: Some(order), reference, problems: warnings, response, problem: None })
    }

    async fn keep_problem(
        &self,
        channel: ChannelId,
        draft: Option<OrderDraft>,
        bytes: Vec<u8>,
        problems: Vec<Problem>,
    ) -> Result<IntakeAnswer, StoreError> {
        let now = self.surroundings.now();
        let mut hash = Sha256::new();
        hash.update(channel.as_str());
        hash.update([0]);
        hash.update(&bytes);
        let mut name = [0; 16];
        name.copy_from_slice(&hash.finalize()[..16]);
        let number = draft.as_ref().and_then(|draft| draft.number.as_ref());
        let reference = number.map_or_else(String::new, |number| text::printable(&number.text));
        let kept = ProblemOrder {
            problem: name,
            channel,
            reference: reference.clone(),
            document: bytes,
            problems: serde_json::to_string(&problems).map_err(|error| StoreError::Engine(error.to_string()))?,
            received_at: now,
            times: 1,
        };
        self.store.save_problem(kept).await?;
        let response = draft.map_or_else(Vec::new, |draft| {
            let name = uuid::Uuid::from_bytes(name).to_string();
            ubl::encode_response(&draft, &name, &problems, now)
        });
        Ok(IntakeAnswer {
            outcome: IntakeOutcome::Problem,
            order: None,
            reference,
            problems,
            response,
            problem: Some(name),
        })
    }
}
