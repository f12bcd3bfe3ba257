//! The reference: what must be true of all sides once nobody has anything left to say.

use std::collections::{BTreeMap, BTreeSet};

use till::domain::Timestamp;
use till::domain::event::Event;
use till::domain::ids::{EntryId, OrderNumber, StoreId, TillId};
use till::domain::money::Money;
use till::domain::quantity::Quantity;
use till::wire::entry::SealedEntry;
use uuid::Uuid;

use super::books;
use super::central::{Central, KeptEntry};
use super::clocks::{Made, Novelty, Runs, Shown, Span};
use super::node::{Node, Written};
use super::senders::Fate;
use super::shelves::{Beside, Shelves};
use super::shop;

/// What central has promised to keep, at some moment.
#[derive(Clone)]
struct Kept {
    /// Entries of tills.
    entries: BTreeSet<EntryId>,
    /// Orders, by the sender's number.
    orders: BTreeSet<String>,
    /// Counts of head office.
    imports: BTreeSet<EntryId>,
    /// Letters from outside, with what their senders were told.
    letters: BTreeMap<Vec<u8>, Fate>,
    /// What was heard of every shelf.
    shelves: Shelves,
    /// When entries happened.
    runs: Runs,
}

impl Default for Kept {
    fn default() -> Self {
        let figures = (shop::STORES.len() * shop::PRODUCTS.len()) as u128;
        let imports = (1..=figures).map(|number| EntryId(Uuid::from_u128(number))).collect();
        Self {
            imports,
            entries: BTreeSet::new(),
            orders: BTreeSet::new(),
            letters: BTreeMap::new(),
            shelves: Shelves::default(),
            runs: Runs::default(),
        }
    }
}

#[derive(Default)]
pub struct Model {
    /// Everything ever sent to central, with its hash: nothing else may be there.
    sent: BTreeMap<EntryId, [u8; 32]>,
    /// What central took and must never lose, except to a restored copy.
    held: Kept,
    /// The same, at the time of each copy.
    held_by_copies: Vec<Kept>,
    /// Tills of which there is more than one history.
    forked: BTreeSet<TillId>,
    /// Central has more than one history.
    restored: bool,
    /// The sender's number of every order a number was ever given to, in lost histories too.
    numbers: BTreeMap<OrderNumber, String>,
    /// A number that was given to two orders.
    given_twice: Option<OrderNumber>,
    /// Every letter that was ever sent from outside.
    written: BTreeSet<Vec<u8>>,
}

/// What a world came to, to be sure that it was no quiet one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub entries: usize,
    pub forks: usize,
    pub sales: usize,
    /// Sales that took what an order needs, each told once.
    pub alerts: usize,
    pub transfers: usize,
    /// Transfers that more than one till took in.
    pub taken_in_twice: usize,
    pub lapsed: usize,
    /// Letters that changed or cancelled an order, or are problems.
    pub letters: usize,
    /// Counts of a shelf at a till.
    pub counts: usize,
    /// Shelves of which it was known at the end what lies there.
    pub counted_shelves: usize,
}

impl Model {
    pub fn took(&mut self, entries: &[SealedEntry]) {
        for entry in entries {
            self.sent.insert(entry.header.entry, entry.hash);
            self.held.entries.insert(entry.header.entry);
        }
    }

    /// The same push, for the shelves: what central has booked of it just now, and what before without saying so.
    pub fn saw_shelves(
        &mut self,
        store: &StoreId,
        entries: &[SealedEntry],
        booked: &[bool],
        made: &Made,
        beside: Beside,
    ) {
        let Some(first) = entries.first() else { return };
        let novelty = |(entry, booked): (&SealedEntry, &bool)| match self.held.entries.contains(&entry.header.entry) {
            true => Novelty::Known,
            false if *booked => Novelty::Booked,
            false => Novelty::Untold,
        };
        let new: Vec<Novelty> = entries.iter().zip(booked).map(novelty).collect();
        let spans = self.held.runs.hear(first.header.mark.run, made, beside.now, &new);
        let mut now: Vec<(&SealedEntry, Span)> = Vec::new();
        for ((entry, span), novelty) in entries.iter().zip(spans).zip(new) {
            match novelty {
                Novelty::Known => {}
                Novelty::Untold => self.held.shelves.hear_late(store, entry, span),
                Novelty::Booked => now.push((entry, span)),
            }
        }
        self.held.shelves.hear(store, &now, beside);
    }

    /// Head office has brought a figure to another.
    pub fn corrected(&mut self, place: books::Place, at: Shown, by: Option<Quantity>) {
        self.held.shelves.corrected(place, at, by);
    }

    /// Central's clock is set back, and so it is for every copy that may come back.
    pub fn central_clock_set_back(&mut self, to: Shown) {
        for kept in self.held_by_copies.iter_mut().chain([&mut self.held]) {
            kept.shelves.set_back(to);
            kept.runs.set_back(to);
        }
    }

    pub fn central_copied(&mut self) {
        self.held_by_copies.push(self.held.clone());
    }

    pub fn central_restored(&mut self, copy: usize) {
        self.held = self.held_by_copies[copy].clone();
        self.restored = true;
    }

    /// Central has taken an order, under this number: somebody out there knows it from now on.
    pub fn ordered(&mut self, reference: &str, number: &OrderNumber) {
        let other = self.numbers.insert(number.clone(), reference.to_owned()).is_some_and(|known| known != reference);
        if other {
            self.given_twice = Some(number.clone());
        }
        self.held.orders.insert(reference.to_owned());
    }

    /// A letter is sent.
    pub fn wrote(&mut self, letter: &[u8]) {
        self.written.insert(letter.to_vec());
    }

    /// Its sender was told what it became.
    pub fn answered(&mut self, letter: Vec<u8>, fate: Fate) {
        self.held.letters.insert(letter, fate);
    }

    /// Was its sender told that it is a problem?
    pub fn is_problem(&self, letter: &[u8]) -> bool {
        self.held.letters.get(letter) == Some(&Fate::Problem)
    }

    /// Central has booked a count.
    pub fn imported(&mut self, entry: EntryId) {
        self.held.imports.insert(entry);
    }

    pub fn forked(&mut self, till: &TillId) {
        self.forked.insert(till.clone());
    }

    /// All rules; answers what the world came to.
    pub fn check(&self, central: &Central, tills: &[Node], lapsed_until: Timestamp) -> Result<Counts, String> {
        let quarantined = central.list_quarantined();
        if let Some(entry) = quarantined.first() {
            return Err(format!("central put an honest entry aside: {entry:?}"));
        }
        let entries = central.list_entries();
        self.check_entries(&entries, tills)?;
        check_receipts(tills)?;
        self.check_kept(central)?;
        let letters = self.check_letters(central)?;
        let forks = self.check_forks(&entries, central)?;
        let counted_shelves = self.held.shelves.check(central)?;
        self.held.shelves.check_tasks(tills)?;
        check_drawers(tills)?;
        let mut counts = books::check(&entries, central, tills, lapsed_until)?;
        if self.forked.is_empty() && !self.restored {
            books::check_goods_on_their_way(&entries, central)?;
        }
        (counts.entries, counts.forks, counts.letters) = (entries.len(), forks, letters);
        counts.counted_shelves = counted_shelves;
        Ok(counts)
    }

    /// Orders and counts central has confirmed are there.
    fn check_kept(&self, central: &Central) -> Result<(), String> {
        if let Some(number) = &self.given_twice {
            return Err(format!("{number} was given to two orders"));
        }
        let orders: BTreeSet<String> = central.list_orders().into_iter().map(|order| order.reference).collect();
        if let Some(lost) = self.held.orders.iter().find(|reference| !orders.contains(*reference)) {
            return Err(format!("central took order {lost} and has it no longer"));
        }
        let imports: BTreeSet<EntryId> = central.list_imports().into_iter().map(|(entry, ..)| entry).collect();
        match self.held.imports.iter().find(|entry| !imports.contains(entry)) {
            Some(lost) => Err(format!("central booked the count {lost} and has it no longer")),
            None => Ok(()),
        }
    }

    /// Every letter is exactly once what its sender was told, with its bytes, and there is none that nobody sent. Answers how
    /// many were more than new orders.
    fn check_letters(&self, central: &Central) -> Result<usize, String> {
        let mut kept: BTreeMap<Vec<u8>, Vec<String>> = BTreeMap::new();
        for (bytes, kind) in central.list_documents() {
            kept.entry(bytes).or_default().push(kind);
        }
        let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if let Some(strange) = kept.keys().find(|bytes| !self.written.contains(*bytes)) {
            return Err(format!("central keeps a letter that nobody sent: {}", name(strange)));
        }
        for (bytes, fate) in &self.held.letters {
            let found = kept.get(bytes).map_or(&[][..], Vec::as_slice);
            if found != [fate.word()] {
                return Err(format!("letter {} is {}, and central keeps it as {found:?}", name(bytes), fate.word()));
            }
        }
        Ok(self.held.letters.values().filter(|fate| **fate != Fate::Order).count())
    }

    /// None missing, none twice, none that nobody wrote.
    fn check_entries(&self, entries: &[KeptEntry], tills: &[Node]) -> Result<(), String> {
        let kept: BTreeMap<EntryId, &KeptEntry> =
            entries.iter().map(|entry| (EntryId::from_bytes(entry.id), entry)).collect();
        if kept.len() != entries.len() {
            return Err(format!("{} entries of central are there twice", entries.len() - kept.len()));
        }
        if let Some(lost) = self.held.entries.iter().find(|id| !kept.contains_key(id)) {
            return Err(format!("central took {lost} and has it no longer"));
        }
        for till in tills {
            if let Some(missing) = till.book.written.iter().find(|w| !kept.contains_key(&w.id)) {
                return Err(format!("{}: entry {:?} never reached central", till.name, missing.mark));
            }
        }
        for (id, entry) in kept {
            match self.sent.get(&id) {
                Some(hash) if hash.as_slice() == entry.hash => {}
                Some(_) => return Err(format!("central has {id} with another hash than was sent")),
                None => return Err(format!("central has {id}, which nobody sent")),
            }
        }
        Ok(())
    }

    /// A fork is found exactly where two entries follow the same one.
    fn check_forks(&self, entries: &[KeptEntry], central: &Central) -> Result<usize, String> {
        let mut followers: BTreeMap<(&TillId, &[u8]), usize> = BTreeMap::new();
        for entry in entries {
            *followers.entry((&entry.till, &entry.previous_hash)).or_default() += 1;
        }
        let expected: BTreeSet<&TillId> =
            followers.iter().filter(|(_, count)| **count > 1).map(|((till, _), _)| *till).collect();
        let forks = central.list_forks();
        let found: BTreeSet<&TillId> = forks.iter().map(|fork| &fork.till).collect();
        if found != expected {
            return Err(format!("forked are {expected:?}, and central names {found:?}"));
        }
        match found.iter().find(|till| !self.forked.contains(**till)) {
            Some(till) => Err(format!("{till} was neither restored nor cloned, and central calls it forked")),
            None => Ok(found.len()),
        }
    }
}

fn receipt_number(written: &Written) -> Option<u64> {
    match &written.event {
        Event::SaleCompleted(sale) => Some(sale.receipt_number),
        _ => None,
    }
}

/// How many numbers a till leaves out at least when its file knows of fewer receipts than central.
const NUMBERS_LEFT_OUT: u64 = 1_000;

/// Each till's own history numbers its receipts 1, 2, 3 … without a gap, but where a run says that it goes on elsewhere.
fn check_receipts(tills: &[Node]) -> Result<(), String> {
    for till in tills {
        let mut next = 1;
        for written in &till.book.written {
            if let Event::RunStarted { next_receipt_number: Some(said), .. } = &written.event {
                // As far behind what central knew of as numbers are left out, or not at all.
                if *said != next && *said < next + NUMBERS_LEFT_OUT {
                    return Err(format!("{}: receipts are numbered from {said} on where {next} follows", till.name));
                }
                next = *said;
            }
            match receipt_number(written) {
                Some(number) if number != next => {
                    return Err(format!("{}: receipts are numbered {number} where {next} follows", till.name));
                }
                Some(_) => next += 1,
                None => {}
            }
        }
    }
    Ok(())
}

/// Every count of a drawer is held against its float and the cash that was taken since, to the cent.
fn check_drawers(tills: &[Node]) -> Result<(), String> {
    for till in tills {
        let mut holds: Option<Money> = None;
        for written in &till.book.written {
            let said = match &written.event {
                Event::SessionOpened { float, .. } => {
                    holds = Some(*float);
                    continue;
                }
                Event::SaleCompleted(sale) => {
                    holds = holds.map(|holds| holds + sale.cash_taken());
                    continue;
                }
                Event::DrawerCounted { expected, .. } | Event::SessionClosed { expected, .. } => expected,
                _ => continue,
            };
            if holds != Some(*said) {
                return Err(format!("{}: the drawer should hold {said}, and it holds {holds:?}", till.name));
            }
        }
    }
    Ok(())
}
