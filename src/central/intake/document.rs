//! A document as one or several orders: which format reads it, and the part of it that belongs to each order.

use std::ops::Range;

use super::draft::{DraftKind, OrderDraft, Value};
use super::places::Places;
use super::problem::{Place, Problem, ProblemCode};
use super::{IntakeAnswer, cxml, gs1, opentrans, plain, text, ubl, verdict, xml};
use crate::domain::Timestamp;

/// How much may stand around the orders of a document, over all its parts: each part that has problems repeats it.
const FRAMES_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The languages orders come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// UBL 2.0–2.4.
    Ubl,
    /// cXML 1.1, 1.2.
    Cxml,
    /// openTRANS 2.1, and what is like it in 1.0 and 2.0.
    OpenTrans,
    /// GS1 XML 3.
    Gs1,
    /// Our own, as exporters of web shops write it.
    Plain,
}

impl Format {
    /// The answer to a document in its own language. Empty when the language has none for it.
    pub fn encode_response(self, document: &Document, answers: &[IntakeAnswer], now: Timestamp) -> Vec<u8> {
        match (self, document.drafts.first(), answers.first()) {
            (Self::Ubl, Some(draft), Some(answer)) => ubl::encode_response(draft, answer, now),
            (Self::Cxml, Some(draft), Some(answer)) => {
                cxml::encode_response(answer, verdict::last_word(draft, answer), now)
            }
            (Self::Plain, ..) => plain::encode_response(&document.drafts, answers),
            (Self::OpenTrans, ..) => opentrans::encode_response(&document.drafts, answers, now),
            (Self::Gs1, ..) => gs1::encode_response(&document.drafts, answers, now),
            (Self::Ubl | Self::Cxml, ..) => Vec::new(),
        }
    }
}

/// A document that could be read: its text, and what it says.
#[derive(Debug)]
pub struct Document {
    /// Its text.
    pub text: String,
    /// Its language.
    pub format: Format,
    /// Its orders; a reader finds one at least.
    pub drafts: Vec<OrderDraft>,
    places: Places,
}

impl Document {
    /// Reads a document, or says why it cannot be read as a whole.
    pub fn parse(bytes: &[u8], content_type: &str) -> Result<Self, Problem> {
        if bytes.len() > xml::DOCUMENT_BYTES_MAX {
            let message = format!("the document has more than {} bytes", xml::DOCUMENT_BYTES_MAX);
            let value = format!("{} bytes", bytes.len());
            return Err(Problem::new(ProblemCode::XmlTooLarge, Place::beginning(), &value, message));
        }
        let text = text::decode(bytes, content_type)?;
        let (format, drafts) = read_any(&text)?;
        let places = Places::of(&text);
        let document = Self { text, format, drafts, places };
        let frame_bytes = document.head().len() + document.tail().len();
        if document.drafts.len() > 1 && frame_bytes * document.drafts.len() > FRAMES_BYTES_MAX {
            let message = format!("{frame_bytes} bytes stand around {} orders", document.drafts.len());
            let value = format!("{frame_bytes} bytes");
            return Err(Problem::new(ProblemCode::XmlTooLarge, Place::beginning(), &value, message));
        }
        Ok(document)
    }

    /// Line and column of a value in its text.
    pub fn place_of(&self, value: &Value) -> Place {
        self.places.place(&self.text, value.at, value.path.clone())
    }

    /// What stands where a value begins.
    pub fn shown_at(&self, value: &Value) -> String {
        self.places.shown(&self.text, value.at)
    }

    /// How many bytes were looked at to tell places.
    #[cfg(test)]
    pub fn looked(&self) -> usize {
        self.places.looked()
    }

    /// Does it hold several orders?
    pub const fn is_of_several(&self) -> bool {
        self.drafts.len() > 1
    }

    /// A document of several orders with this one alone, in UTF-8: it can be mended and sent again by itself.
    pub fn part(&self, draft: &OrderDraft) -> Vec<u8> {
        self.part_of(&[draft])
    }

    /// The same with these orders.
    pub fn part_of(&self, drafts: &[&OrderDraft]) -> Vec<u8> {
        let (declaration, head) = match self.head().split_once("?>") {
            Some((declaration, head)) if declaration.starts_with("<?xml") => (UTF_8_DECLARATION, head),
            _ => ("", self.head()),
        };
        let orders: Vec<&str> = drafts.iter().map(|draft| self.slice(draft.span.clone())).collect();
        [declaration, head, &orders.concat(), self.tail()].concat().into_bytes()
    }

    /// What stands before the first order.
    fn head(&self) -> &str {
        self.slice(0..self.drafts.first().map_or(0, |draft| draft.span.start))
    }

    /// What stands behind the last.
    fn tail(&self) -> &str {
        self.slice(self.drafts.last().map_or(self.text.len(), |draft| draft.span.end)..self.text.len())
    }

    fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }
}

const UTF_8_DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// The answer to a document that is none of orders, in the language it is in: cXML alone answers every request. Empty
/// otherwise.
pub fn encode_refusal(bytes: &[u8], answer: &IntakeAnswer, now: Timestamp) -> Vec<u8> {
    let is_request = bytes.len() <= xml::DOCUMENT_BYTES_MAX
        && text::decode(bytes, "").is_ok_and(|text| cxml::is_request(&mut xml::Pass::new(&text)));
    let last_word = answer.dismissed.clone();
    if is_request { cxml::encode_response(answer, last_word, now) } else { Vec::new() }
}

/// The orders of a document, each with its element.
fn read_any(document: &str) -> Result<(Format, Vec<OrderDraft>), Problem> {
    let mut pass = xml::Pass::new(document);
    let (name, attributes) = match pass.next_item()? {
        xml::Item::Start { name, attributes } => (name, attributes),
        xml::Item::End { .. } | xml::Item::Done => {
            let message = "there is no element in it";
            return Err(Problem::new(ProblemCode::XmlNotWellFormed, Place::beginning(), "", message));
        }
    };
    let root = Value::of_element(pass.path(), pass.position());
    let (format, mut drafts) = read_root(&mut pass, &name, &attributes)?;
    for draft in &mut drafts {
        draft.element.get_or_insert_with(|| root.clone());
    }
    Ok((format, drafts))
}

/// The first element's namespace decides who reads on.
fn read_root(
    pass: &mut xml::Pass<'_>,
    name: &xml::Name,
    attributes: &[(String, String)],
) -> Result<(Format, Vec<OrderDraft>), Problem> {
    let place = pass.place(pass.position());
    match name.namespace.as_str() {
        ubl::ORDER if name.local == "Order" => Ok((Format::Ubl, vec![ubl::read_order(pass, DraftKind::Order)?])),
        ubl::ORDER_CHANGE if name.local == "OrderChange" => {
            Ok((Format::Ubl, vec![ubl::read_order(pass, DraftKind::Change)?]))
        }
        ubl::ORDER_CANCELLATION if name.local == "OrderCancellation" => {
            Ok((Format::Ubl, vec![ubl::read_order(pass, DraftKind::Cancellation)?]))
        }
        _ if cxml::is_cxml(name) => Ok((Format::Cxml, vec![cxml::read_order(pass, attributes)?])),
        _ if opentrans::is_opentrans(name) => Ok((Format::OpenTrans, opentrans::read_orders(pass, name)?)),
        gs1::ORDER if name.local == "orderMessage" => Ok((Format::Gs1, gs1::read_orders(pass)?)),
        namespace if namespace.starts_with(gs1::MESSAGES) => {
            read_to_the_end(pass)?;
            let message = format!("this is GS1 XML, but {} is no order message", name.local);
            Err(Problem::new(ProblemCode::NotAnOrder, place, &name.local, message))
        }
        _ if plain::is_plain(name) => Ok((Format::Plain, plain::read_orders(pass, name, attributes)?)),
        namespace if namespace.starts_with(ubl::DOCUMENTS) => {
            read_to_the_end(pass)?;
            let message = format!("this is UBL, but {} is no order, change or cancellation", name.local);
            Err(Problem::new(ProblemCode::NotAnOrder, place, &name.local, message))
        }
        namespace => {
            read_to_the_end(pass)?;
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
