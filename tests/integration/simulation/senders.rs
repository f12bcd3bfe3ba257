//! Those outside who order: they send orders, change them, cancel them, send the same once more, and send what nobody can
//! read. A letter that was not answered is sent again until it is.

use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use till::central::store::{
    CancellationSubmission, ChangeSubmission, DocumentPart, DocumentSubmission, KeptDocument, OrderKey,
    OrderSubmission, PartOutcome, ProblemOrder, StoreError, SubmittedLine,
};
use till::domain::Timestamp;
use till::domain::ids::OrderNumber;
use till::domain::money::{Currency, Money};
use till::domain::quantity::Quantity;
use till::domain::web_order::{Fulfilment, Payment};

use super::books;
use super::dice::Dice;
use super::people::units;
use super::shop::{BEGINNING_US, PRODUCTS, STORES, instant};
use super::world::World;

const CHANNEL: &str = "website";

/// What a letter became at central.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Order,
    Change,
    Cancellation,
    Problem,
}

impl Fate {
    /// As central's file has it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Change => "change",
            Self::Cancellation => "cancellation",
            Self::Problem => "problem",
        }
    }
}

/// A letter as it is sent, and sent again.
#[derive(Clone, Debug)]
pub struct Letter {
    pub bytes: Vec<u8>,
    pub reference: String,
    /// What it is meant to become.
    pub meant: Fate,
    part: DocumentPart,
}

/// What those outside remember.
#[derive(Default)]
pub struct Senders {
    /// Everything that was sent, oldest first.
    sent: Vec<Letter>,
    /// Of these nobody knows what became.
    unanswered: Vec<Letter>,
}

/// Which letter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Post {
    Order,
    Change,
    Cancellation,
    Again,
    Unreadable,
}

impl Senders {
    /// An order that was sent at any time, taken or not.
    fn pick_order(&self, dice: &mut Dice) -> Option<&Letter> {
        let orders: Vec<&Letter> = self.sent.iter().filter(|letter| letter.meant == Fate::Order).collect();
        (!orders.is_empty()).then(|| *dice.pick(&orders))
    }
}

impl World {
    /// A letter comes in at central.
    pub(super) fn receive_letter(&mut self) -> Result<(), StoreError> {
        if let Err(broken) = books::check_promises(&self.central) {
            self.broken = Some(broken);
        }
        if !self.senders.unanswered.is_empty() && self.dice.chance(50) {
            let letter = self.senders.unanswered.remove(0);
            return self.hand_in(letter);
        }
        let post = match self.dice.below(20) {
            0..=10 => Post::Order,
            11..=14 => Post::Change,
            15..=16 => Post::Cancellation,
            17..=18 => Post::Again,
            _ => Post::Unreadable,
        };
        match self.write_letter(post) {
            Some(letter) => self.hand_in(letter),
            None => Ok(()),
        }
    }

    fn write_letter(&mut self, post: Post) -> Option<Letter> {
        let now = instant(BEGINNING_US + self.now_us as i64);
        self.numbers += 1;
        let name = format!("{}-{}", self.seed, self.numbers);
        let bytes = format!("{post:?} {name}").into_bytes();
        let content = Sha256::digest(&bytes).into();
        Some(match post {
            Post::Again => {
                // What is a problem may be right by now; what was right stays what it is.
                let model = &self.model;
                let again = |letter: &&Letter| letter.meant == Fate::Problem || !model.is_problem(&letter.bytes);
                let known: Vec<&Letter> = self.senders.sent.iter().filter(again).collect();
                if known.is_empty() {
                    return None;
                }
                (*self.dice.pick(&known)).clone()
            }
            Post::Order => {
                let part = DocumentPart::Order(Box::new(write_order(&mut self.dice, &name, &bytes, content, now)));
                Letter { bytes, reference: name, meant: Fate::Order, part }
            }
            Post::Change => {
                let reference = self.senders.pick_order(&mut self.dice)?.reference.clone();
                let change = write_change(&mut self.dice, &reference, &bytes, content);
                Letter { bytes, reference, meant: Fate::Change, part: DocumentPart::Change(Box::new(change)) }
            }
            Post::Cancellation => {
                let reference = self.senders.pick_order(&mut self.dice)?.reference.clone();
                let (key, document) = (key_of(&reference), bytes.clone());
                let (notes, warnings) = (String::new(), "[]".to_owned());
                let cancellation = CancellationSubmission { key, content, document, notes, warnings };
                let part = DocumentPart::Cancellation(Box::new(cancellation));
                Letter { bytes, reference, meant: Fate::Cancellation, part }
            }
            Post::Unreadable => {
                let part = DocumentPart::Problem(Box::new(problem_of(&bytes, &name, "unreadable", now)));
                Letter { bytes, reference: name, meant: Fate::Problem, part }
            }
        })
    }

    /// Central takes a letter, or does not answer: then it comes again.
    fn hand_in(&mut self, letter: Letter) -> Result<(), StoreError> {
        let now = instant(BEGINNING_US + self.now_us as i64);
        self.model.wrote(&letter.bytes);
        if !self.senders.sent.iter().any(|known| known.bytes == letter.bytes) {
            self.senders.sent.push(letter.clone());
        }
        let (bytes, reference) = (letter.bytes.clone(), letter.reference.clone());
        let submission = DocumentSubmission {
            parts: vec![letter.part.clone()],
            refused: Box::new(move |_, refusal| problem_of(&bytes, &reference, &format!("{refusal:?}"), now)),
            read_kept: Box::new(|document| {
                Some(KeptDocument { content: Sha256::digest(document).into(), buyers: Vec::new() })
            }),
            file: None,
        };
        let seed = self.dice.next();
        let taken = self.central.take_document(submission, seed);
        let outcome = match taken {
            Ok(outcomes) => outcomes.into_iter().next(),
            Err(error) => {
                self.senders.unanswered.push(letter);
                return Err(error);
            }
        };
        let (fate, number): (Fate, Option<OrderNumber>) = match outcome {
            Some(PartOutcome::Imported(order)) => (Fate::Order, Some(order.number)),
            Some(PartOutcome::Changed(_)) => (Fate::Change, None),
            Some(PartOutcome::Cancelled(_)) => (Fate::Cancellation, None),
            Some(PartOutcome::Duplicate(_)) => (letter.meant, None),
            Some(PartOutcome::Refused(_) | PartOutcome::Kept) => (Fate::Problem, None),
            Some(PartOutcome::NotKept(_)) | None => {
                self.broken = Some(format!("central kept nothing of the letter about {}", letter.reference));
                return Ok(());
            }
        };
        self.note(format!("a letter about {}, meant as {:?}, is {fate:?}", letter.reference, letter.meant));
        if let Some(number) = number {
            self.model.ordered(&letter.reference, &number);
        }
        if fate != letter.meant && fate != Fate::Problem {
            self.broken = Some(format!("a letter meant as {:?} became {fate:?}", letter.meant));
        }
        self.model.answered(letter.bytes, fate);
        Ok(())
    }
}

fn key_of(reference: &str) -> OrderKey {
    let (sender, buyer) = (Some(String::new()), Some(String::new()));
    let (other_names, reference) = (Vec::new(), reference.to_owned());
    OrderKey { channel: CHANNEL.into(), sender, buyer, other_names, reference, allowed: None }
}

fn write_lines(dice: &mut Dice) -> Vec<SubmittedLine> {
    let mut lines = Vec::new();
    for _ in 0..dice.between(1, 2) {
        let product = *dice.pick(&PRODUCTS);
        let (quantity, unit_price): (Quantity, Money) = (units(dice, 3), Money::new(1_000, Currency::EUR));
        lines.push(SubmittedLine {
            product: product.into(),
            name: product.to_owned(),
            quantity,
            unit_price,
            amount: quantity.at(unit_price).unwrap_or(unit_price),
            share: Money::zero(Currency::EUR),
            taxed: Vec::new(),
        });
    }
    lines
}

fn write_order(
    dice: &mut Dice,
    reference: &str,
    document: &[u8],
    content: [u8; 32],
    now: Timestamp,
) -> OrderSubmission {
    let lines = write_lines(dice);
    let soon = TimeDelta::seconds(dice.between(15, 90) as i64);
    OrderSubmission {
        channel: CHANNEL.into(),
        sender: String::new(),
        buyer: String::new(),
        customer: None,
        is_buyer_held: false,
        reference: reference.to_owned(),
        content,
        document: document.to_vec(),
        notes: String::new(),
        warnings: "[]".to_owned(),
        fulfilment: Fulfilment::PickUp,
        lines,
        unmatched: Vec::new(),
        stores: vec![(*dice.pick(&STORES)).into()],
        customer_name: "Karl M.".to_owned(),
        customer_phone: None,
        delivery_address: None,
        payment: Payment { paid: dice.chance(70), prepaid: None },
        ordered_at: now,
        collect_by: dice.chance(70).then(|| now + soon),
    }
}

/// Other lines, now and then paid for or wanted in another store.
fn write_change(dice: &mut Dice, reference: &str, document: &[u8], content: [u8; 32]) -> ChangeSubmission {
    ChangeSubmission {
        key: key_of(reference),
        content,
        document: document.to_vec(),
        notes: String::new(),
        warnings: "[]".to_owned(),
        store: dice.chance(15).then(|| (*dice.pick(&STORES)).into()),
        customer_name: None,
        customer_phone: None,
        delivery_address: None,
        payment: dice.chance(30).then_some(Payment { paid: true, prepaid: None }),
        collect_by: None,
        lines: write_lines(dice),
        unmatched: Vec::new(),
    }
}

/// The same letter is the same problem.
fn problem_of(bytes: &[u8], reference: &str, why: &str, now: Timestamp) -> ProblemOrder {
    let mut problem = [0; 16];
    problem.copy_from_slice(&Sha256::digest(bytes)[..16]);
    ProblemOrder {
        problem,
        channel: CHANNEL.into(),
        reference: reference.to_owned(),
        document: bytes.to_vec(),
        problems: format!("[{why:?}]"),
        received_at: now,
        times: 1,
    }
}
