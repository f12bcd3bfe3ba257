//! What must come of every order: a small model that knows the rules of intake and nothing of how they are kept.

use std::collections::{BTreeMap, BTreeSet};

use super::documents::{Act, Format, Identity, Wanted};
use super::terms::Taxes;

/// What becomes of an order in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    Imported,
    Changed,
    Cancelled,
    Duplicate,
    /// With this code among its reasons.
    Problem(&'static str),
}

impl Fate {
    /// As it is answered.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Imported => "IMPORTED",
            Self::Changed => "CHANGED",
            Self::Cancelled => "CANCELLED",
            Self::Duplicate => "DUPLICATE",
            Self::Problem(_) => "PROBLEM",
        }
    }

    pub const fn is_problem(&self) -> bool {
        matches!(self, Self::Problem(_))
    }
}

/// What is kept of an order's document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// All of it, byte for byte.
    Whole(Vec<u8>),
    /// The order's own part, in a document of its own.
    Part(String),
}

impl Kept {
    /// Is that what was kept?
    pub fn is(&self, document: &[u8]) -> bool {
        match self {
            Self::Whole(bytes) => bytes == document,
            Self::Part(part) => String::from_utf8_lossy(document).contains(part.as_str()),
        }
    }
}

/// By what a sender names an order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub number: String,
    pub buyer: u64,
}

/// An order as it must be.
pub struct Known {
    pub first: Wanted,
    /// Pieces wanted of each product; nothing once it is cancelled.
    pub pieces: BTreeMap<String, u32>,
    pub is_cancelled: bool,
    /// Every document about it, with what it said.
    pub documents: Vec<(Wanted, Kept)>,
}

impl Known {
    /// Has this change or cancellation come before? It has when the last document said the same, or an earlier one is the very
    /// same message. Another message that says what an earlier one said goes back to that, while the order is not over.
    fn has_come(&self, wanted: &Wanted, kept: &Kept) -> bool {
        let last = self.documents.len() - 1;
        let mut documents = self.documents.iter().enumerate();
        documents.any(|(place, (said, other))| other == kept || said == wanted && (place == last || self.is_cancelled))
    }

    /// Sender and buyer as central reads them from the first document.
    pub fn parties(&self) -> (String, String) {
        let buyer = self.first.buyer;
        match self.first.format {
            Format::Ubl | Format::Plain => (String::new(), format!("C-{buyer}")),
            Format::Cxml => (buyer.to_string(), buyer.to_string()),
            Format::OpenTrans => (String::new(), format!("K-{buyer}")),
            Format::Gs1 => (String::new(), format!("54{buyer:011}")),
        }
    }
}

/// How often each thing came of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub documents: u64,
    pub taken: u64,
    pub duplicates: u64,
    pub problems: u64,
}

/// One channel's orders and problems.
#[derive(Default)]
pub struct Model {
    pub orders: BTreeMap<Key, Known>,
    /// Documents that are none, with the sender's number, one of their reasons, and how often they came.
    pub problems: BTreeMap<Kept, (String, &'static str, u64)>,
    pub counts: Counts,
    /// What was taken: orders, changes and cancellations of every kind.
    pub kinds: BTreeSet<(Format, Act, Taxes)>,
    /// Orders taken that name an item as their buyer calls it.
    pub with_own_numbers: u64,
}

fn pieces_of(wanted: &Wanted) -> BTreeMap<String, u32> {
    wanted.lines.iter().map(|(item, pieces)| (item.sku.clone(), *pieces)).collect()
}

impl Model {
    /// An order of a document arrives.
    pub fn take(&mut self, wanted: &Wanted, kept: Kept) -> Fate {
        let fate = self.judge(wanted, &kept);
        match &fate {
            Fate::Imported | Fate::Changed | Fate::Cancelled => {
                self.counts.taken += 1;
                self.kinds.insert(wanted.kind());
                let mut lines = wanted.lines.iter().enumerate();
                let own = lines.any(|(line, (item, _))| matches!(wanted.identity(line, item), Identity::Theirs(_)));
                self.with_own_numbers += u64::from(own);
            }
            Fate::Duplicate => self.counts.duplicates += 1,
            Fate::Problem(code) => {
                let has_none = wanted.fault == Some(super::documents::Fault::NumberMissing);
                let number = if has_none { String::new() } else { wanted.number.clone() };
                self.keep_problem(kept, number, code);
            }
        }
        fate
    }

    /// A document arrives that no order can be read from.
    pub fn take_unreadable(&mut self, kept: Kept, code: &'static str) -> Fate {
        self.keep_problem(kept, String::new(), code);
        Fate::Problem(code)
    }

    fn keep_problem(&mut self, kept: Kept, number: String, code: &'static str) {
        self.counts.problems += 1;
        let entry = self.problems.entry(kept).or_insert((number, code, 0));
        *entry = (entry.0.clone(), code, entry.2 + 1);
    }

    fn judge(&mut self, wanted: &Wanted, kept: &Kept) -> Fate {
        if let Some(fault) = wanted.fault {
            return Fate::Problem(fault.code());
        }
        let key = Key { number: wanted.number.clone(), buyer: wanted.buyer };
        let Some(known) = self.orders.get_mut(&key) else {
            if wanted.act != Act::New {
                return Fate::Problem("ORDER_UNKNOWN");
            }
            let known = Known {
                first: wanted.clone(),
                pieces: pieces_of(wanted),
                is_cancelled: false,
                documents: vec![(wanted.clone(), kept.clone())],
            };
            self.orders.insert(key, known);
            return Fate::Imported;
        };
        let fate = match wanted.act {
            Act::New if known.first == *wanted => return Fate::Duplicate,
            Act::New => return Fate::Problem("DUPLICATE_CONFLICT"),
            Act::Change | Act::Cancel if known.has_come(wanted, kept) => return Fate::Duplicate,
            Act::Change if known.is_cancelled => return Fate::Problem("CANCEL_TOO_LATE"),
            Act::Change => {
                known.pieces = pieces_of(wanted);
                Fate::Changed
            }
            // In other words: they are kept, and nothing is left to do.
            Act::Cancel if known.is_cancelled => Fate::Duplicate,
            Act::Cancel => {
                known.pieces.clear();
                known.is_cancelled = true;
                Fate::Cancelled
            }
        };
        known.documents.push((wanted.clone(), kept.clone()));
        fate
    }
}
