//! A channel's traffic: documents in waves, made with dice, and what the model says must come of each.
//!
//! Within a wave an order has one document at most, or the same one twice: whichever is taken first, the same comes of it.
//! What depends on an earlier document comes in a later wave.

use std::collections::BTreeSet;

use till::central::intake::xml::DOCUMENT_BYTES_MAX;

use super::documents::{Act, Fault, Format, Item, PLACES, Wanted, write};
use super::model::{Fate, Kept, Key, Model};
use crate::simulation::dice::Dice;

/// Buyers of a channel; several use the same numbers.
pub const BUYERS: u64 = 40;
/// More than a document may have.
const HUGE_BYTES: usize = 1_100_000;

/// A document on its way.
#[derive(Clone, Debug)]
pub struct Sending {
    /// What it is called as a file, without the ending.
    pub stem: String,
    pub bytes: Vec<u8>,
    /// Its orders; none when no order can be read from it.
    pub orders: Vec<Wanted>,
    /// What must come of each of its orders.
    pub fates: Vec<Fate>,
    /// It is sent twice at once: one of the two is a duplicate, whichever.
    pub twin: bool,
    /// There is an answer to it in its own language.
    pub is_answered: bool,
}

/// What was sent, to be sent again.
#[derive(Clone)]
struct Sent {
    bytes: Vec<u8>,
    /// Empty when no order can be read from it.
    orders: Vec<Wanted>,
    parts: Vec<String>,
    unreadable: Option<&'static str>,
}

/// Makes a channel's documents.
pub struct Traffic {
    dice: Dice,
    items: Vec<Item>,
    pub model: Model,
    sent: Vec<Sent>,
    number: u64,
    takes_huge: bool,
    /// Orders that have had their document in this wave.
    touched: BTreeSet<Key>,
    /// The name that is used in every wave has been used in this one.
    name_used: bool,
}

impl Traffic {
    /// `takes_huge` when the path lets documents through that are larger than any may be.
    pub fn new(seed: u64, items: Vec<Item>, takes_huge: bool) -> Self {
        Self {
            dice: Dice::new(seed),
            items,
            model: Model::default(),
            sent: Vec::new(),
            number: 0,
            takes_huge,
            touched: BTreeSet::new(),
            name_used: false,
        }
    }

    /// The next so many documents.
    pub fn next_wave(&mut self, documents: usize) -> Vec<Sending> {
        self.touched.clear();
        self.name_used = false;
        let mut wave = Vec::with_capacity(documents);
        let sent_before = self.sent.len();
        while wave.len() < documents {
            let made = match self.dice.below(100) {
                0..12 => self.again(sent_before),
                12..20 => Some(self.unreadable()),
                20..32 => Some(self.several()),
                _ => self.one().map(|wanted| self.written(vec![wanted])),
            };
            let Some(sent) = made else { continue };
            let twin = wave.len() + 1 < documents && self.dice.chance(4);
            let sending = self.send(&sent, twin);
            if twin {
                // Whichever is first, the two are told the same or that they are duplicates.
                let other = self.send(&sent, twin);
                wave.push(Sending { fates: sending.fates.clone(), ..other });
            }
            wave.push(sending);
            self.sent.push(sent);
        }
        wave
    }

    fn send(&mut self, sent: &Sent, twin: bool) -> Sending {
        self.model.counts.documents += 1;
        let number = self.model.counts.documents;
        let kept = |index: usize| match sent.orders.len() {
            // No more of it than shows that it is too much.
            0 | 1 => Kept::Whole(sent.bytes.iter().copied().take(DOCUMENT_BYTES_MAX + 1).collect()),
            _ => Kept::Part(sent.parts[index].clone()),
        };
        let fates = match sent.unreadable {
            Some(code) => vec![self.model.take_unreadable(kept(0), code)],
            None => {
                let orders = sent.orders.iter().enumerate();
                orders.map(|(index, wanted)| self.model.take(wanted, kept(index))).collect()
            }
        };
        // In every format, as soon as it is known which it is; a request of cXML's also when nobody can read it to its end.
        let is_broken_request = sent.unreadable == Some("XML_NOT_WELL_FORMED") && holds(&sent.bytes, b"<cXML");
        let is_answered = !sent.orders.is_empty() || is_broken_request;
        // Some senders use one name again and again.
        let is_first = !std::mem::replace(&mut self.name_used, true);
        let stem = if is_first { "orders".to_owned() } else { format!("d{number}") };
        Sending { stem, bytes: sent.bytes.clone(), orders: sent.orders.clone(), fates, twin, is_answered }
    }

    fn written(&mut self, orders: Vec<Wanted>) -> Sent {
        let (text, parts) = write(&orders);
        let bytes = match self.dice.below(12) {
            0 if orders.len() == 1 => in_utf16(&text),
            1 if orders.len() == 1 => in_latin1(&text),
            2 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            _ => text.into_bytes(),
        };
        Sent { bytes, orders, parts, unreadable: None }
    }

    /// Something that was sent in an earlier wave, as it was or in other spacing.
    fn again(&mut self, sent_before: usize) -> Option<Sent> {
        let number = self.dice.below(sent_before.max(1) as u64) as usize;
        let mut sent = self.sent[..sent_before].get(number)?.clone();
        let keys: Vec<Key> = sent.orders.iter().map(key_of).collect();
        if keys.iter().any(|key| self.touched.contains(key)) {
            return None;
        }
        self.touched.extend(keys);
        if sent.orders.len() == 1 && self.dice.chance(30) {
            let text = String::from_utf8(sent.bytes.clone());
            sent.bytes = text.map_or(sent.bytes, |text| text.replace("><", ">\n\t<").into_bytes());
        }
        Some(sent)
    }

    /// One order, change or cancellation of an order that nothing else in the wave is about.
    fn one(&mut self) -> Option<Wanted> {
        match self.dice.below(100) {
            0..46 => Some(self.new_order(None)),
            46..66 => self.about_known(Act::Change),
            66..78 => self.about_known(Act::Cancel),
            78..86 => self.other_content(),
            86..90 => self.other_buyer(),
            90..93 => Some(self.about_unknown()),
            _ => {
                let order = self.new_order(None);
                Some(self.with_fault(order))
            }
        }
    }

    fn new_order(&mut self, format: Option<Format>) -> Wanted {
        self.number += 1;
        let format = format.unwrap_or_else(|| *self.dice.pick(&Format::ALL));
        let wanted = Wanted {
            format,
            act: Act::New,
            number: format!("N{:06}", self.number),
            buyer: self.dice.below(BUYERS),
            place: *self.dice.pick(&PLACES),
            lines: self.lines(),
            note: self.note(),
            fault: None,
        };
        self.touched.insert(key_of(&wanted));
        wanted
    }

    fn lines(&mut self) -> Vec<(Item, u32)> {
        let mut lines: Vec<(Item, u32)> = Vec::new();
        for _ in 0..self.dice.between(1, 4) {
            let item = self.dice.pick(&self.items).clone();
            if lines.iter().all(|(other, _)| *other != item) {
                lines.push((item, self.dice.between(1, 5) as u32));
            }
        }
        lines
    }

    fn note(&mut self) -> String {
        format!("Grüße {:016x}", self.dice.next())
    }

    fn known(&mut self) -> Option<Wanted> {
        let count = self.model.orders.len() as u64;
        let number = self.dice.below(count.max(1)) as usize;
        let (key, known) = self.model.orders.iter().nth(number)?;
        (!self.touched.contains(key)).then(|| known.first.clone())
    }

    fn about_known(&mut self, act: Act) -> Option<Wanted> {
        let first = self.known()?;
        self.touched.insert(key_of(&first));
        let lines = if act == Act::Change { self.lines() } else { first.lines.clone() };
        let mut wanted = Wanted { act, lines, note: self.note(), ..first };
        if act == Act::Change && self.dice.chance(8) {
            wanted.fault = Some(*self.dice.pick(&[Fault::ItemUnknown, Fault::QuantityWrong, Fault::SumWrong]));
        }
        Some(wanted)
    }

    /// A new order under a number that is taken.
    fn other_content(&mut self) -> Option<Wanted> {
        let first = self.known()?;
        self.touched.insert(key_of(&first));
        Some(Wanted { lines: self.lines(), note: self.note(), ..first })
    }

    /// Another buyer uses the same number.
    fn other_buyer(&mut self) -> Option<Wanted> {
        let first = self.known()?;
        let buyer = BUYERS + self.dice.below(BUYERS);
        let wanted = Wanted { buyer, lines: self.lines(), note: self.note(), ..first };
        let key = key_of(&wanted);
        (!self.model.orders.contains_key(&key) && self.touched.insert(key)).then_some(wanted)
    }

    fn about_unknown(&mut self) -> Wanted {
        let order = self.new_order(None);
        Wanted { act: *self.dice.pick(&[Act::Change, Act::Cancel]), ..order }
    }

    fn with_fault(&mut self, order: Wanted) -> Wanted {
        let fault = *self.dice.pick(&Fault::ALL);
        // The others name the place by its address, which may be anybody's door.
        let fits = fault != Fault::StoreUnknown || matches!(order.format, Format::Ubl | Format::Plain);
        Wanted { fault: Some(if fits { fault } else { Fault::ItemUnknown }), ..order }
    }

    /// Several orders in a document: one of them bad, one changed again at its end.
    fn several(&mut self) -> Sent {
        let format = *self.dice.pick(&Format::OF_SEVERAL);
        let mut orders: Vec<Wanted> = (0..self.dice.between(2, 5)).map(|_| self.new_order(Some(format))).collect();
        if self.dice.chance(60) {
            let bad = self.dice.below(orders.len() as u64) as usize;
            orders[bad] = self.with_fault(orders[bad].clone());
        }
        if self.dice.chance(30) {
            let lines = self.lines();
            let change = Wanted { act: Act::Change, lines, note: self.note(), fault: None, ..orders[0].clone() };
            orders.push(change);
        }
        self.written(orders)
    }

    /// What no order can be read from.
    fn unreadable(&mut self) -> Sent {
        let order = self.new_order(None);
        let (text, _) = write(std::slice::from_ref(&order));
        let note = order.note;
        let (bytes, code) = match self.dice.below(if self.takes_huge { 33 } else { 32 }) {
            0..8 => (text.as_bytes()[..text.len() - 20].to_vec(), "XML_NOT_WELL_FORMED"),
            8..12 => (format!("<!-- {note} -->").into_bytes(), "XML_NOT_WELL_FORMED"),
            12..17 => {
                let entity = "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>";
                (format!("{entity}<a><b>{note}</b>&b;</a>").into_bytes(), "XML_DTD_REFUSED")
            }
            17..22 => (format!("<parcels xmlns=\"urn:x\"><a>{note}</a></parcels>").into_bytes(), "FORMAT_UNKNOWN"),
            22..27 => {
                let namespace = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2";
                (format!("<Invoice xmlns=\"{namespace}\"><a>{note}</a></Invoice>").into_bytes(), "NOT_AN_ORDER")
            }
            27..32 => ([text.as_bytes(), b"<!-- \xFF -->"].concat(), "XML_ENCODING"),
            _ => {
                let mut bytes = text.into_bytes();
                bytes.resize(HUGE_BYTES, b' ');
                (bytes, "XML_TOO_LARGE")
            }
        };
        Sent { bytes, orders: Vec::new(), parts: Vec::new(), unreadable: Some(code) }
    }
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// By what its sender names it.
pub fn key_of(wanted: &Wanted) -> Key {
    Key { number: wanted.number.clone(), buyer: wanted.buyer }
}

/// Little endian, with its mark.
fn in_utf16(text: &str) -> Vec<u8> {
    let text = text.replace("encoding=\"UTF-8\"", "encoding=\"UTF-16\"");
    [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn in_latin1(text: &str) -> Vec<u8> {
    let text = text.replace("encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\"");
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}
