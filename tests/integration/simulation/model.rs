//! The reference: what must be true of all sides once nobody has anything left to say.

use std::collections::{BTreeMap, BTreeSet};

use till::domain::event;
use till::domain::ids::{EntryId, ProductId, StoreId, TillId};
use till::domain::quantity::Quantity;
use till::domain::web_order::WebOrder;
use till::wire::decode_event;
use till::wire::entry::SealedEntry;

use super::central::{Central, KeptEntry};
use super::node::Node;
use super::shop::PRODUCTS;

/// Units every store begins with of every product.
const OPENING: Quantity = Quantity::units(20);

#[derive(Default)]
pub struct Model {
    /// Everything ever sent to central, with its hash: nothing else may be there.
    sent: BTreeMap<EntryId, [u8; 32]>,
    /// What central took and must never lose, except to a restored copy.
    held: BTreeSet<EntryId>,
    /// The same, at the time of each copy.
    held_by_copies: Vec<BTreeSet<EntryId>>,
    /// Tills of which there is more than one history.
    forked: BTreeSet<TillId>,
}

impl Model {
    pub fn took(&mut self, entries: &[SealedEntry]) {
        for entry in entries {
            self.sent.insert(entry.header.entry, entry.hash);
            self.held.insert(entry.header.entry);
        }
    }

    pub fn central_copied(&mut self) {
        self.held_by_copies.push(self.held.clone());
    }

    pub fn central_restored(&mut self, copy: usize) {
        self.held = self.held_by_copies[copy].clone();
    }

    pub fn forked(&mut self, till: &TillId) {
        self.forked.insert(till.clone());
    }

    /// All rules; answers how many tills central found forked.
    pub fn check(&self, central: &Central, tills: &[Node]) -> Result<usize, String> {
        let entries = central.list_entries();
        self.check_entries(&entries, tills)?;
        check_receipts(tills)?;
        check_levels(&entries, central, tills)?;
        check_orders(central, tills)?;
        let quarantined = central.list_quarantined();
        if let Some(entry) = quarantined.first() {
            return Err(format!("central put an honest entry aside: {entry:?}"));
        }
        self.check_forks(&entries, central)
    }

    /// None missing, none twice, none that nobody wrote.
    fn check_entries(&self, entries: &[KeptEntry], tills: &[Node]) -> Result<(), String> {
        let kept: BTreeMap<EntryId, &KeptEntry> =
            entries.iter().map(|entry| (EntryId::from_bytes(entry.id), entry)).collect();
        if kept.len() != entries.len() {
            return Err(format!("{} entries of central are there twice", entries.len() - kept.len()));
        }
        if let Some(lost) = self.held.iter().find(|id| !kept.contains_key(id)) {
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

/// Each till's own history numbers its receipts 1, 2, 3 … without a gap.
fn check_receipts(tills: &[Node]) -> Result<(), String> {
    for till in tills {
        let numbers: Vec<u64> = till.book.written.iter().filter_map(|w| w.receipt_number).collect();
        let expected: Vec<u64> = (1..=numbers.len() as u64).collect();
        if numbers != expected {
            return Err(format!("{}: receipts are numbered {numbers:?}", till.name));
        }
    }
    Ok(())
}

/// Levels are the fold of movements, at central and at every till.
fn check_levels(entries: &[KeptEntry], central: &Central, tills: &[Node]) -> Result<(), String> {
    let faults = central.list_level_faults();
    if let Some(fault) = faults.first() {
        return Err(format!("central's own proof fails: {fault:?}"));
    }
    let mut moved: BTreeMap<(StoreId, ProductId), Quantity> = BTreeMap::new();
    for kept in entries {
        let event = decode_event(&kept.payload).map_err(|e| e.to_string())?;
        for movement in event::movements(&entry_of(kept, event)) {
            *moved.entry((kept.till.store.clone(), movement.product)).or_default() += movement.quantity;
        }
    }
    let rows = central.list_stock();
    for row in &rows {
        let own = moved.get(&(row.store.clone(), row.product.clone())).copied().unwrap_or_default();
        if row.level.on_hand != OPENING + own {
            let (store, product, on_hand) = (&row.store, &row.product, row.level.on_hand);
            return Err(format!("central says {on_hand} {product} in {store}, the journals say {}", OPENING + own));
        }
    }
    for till in tills {
        let Some(running) = &till.running else { continue };
        for product in PRODUCTS.map(ProductId::new) {
            till.check_level(&product)?;
            let row = rows.iter().find(|row| row.store == till.id.store && row.product == product);
            let shown = running.database.view().stock_level(&product).map_err(|e| e.to_string())?;
            if row.map(|row| row.level) != Some(shown) {
                let kept = row.map(|row| row.level);
                return Err(format!("{} shows {shown:?} of {product}, central {kept:?}", till.name));
            }
        }
    }
    Ok(())
}

fn entry_of(kept: &KeptEntry, event: event::Event) -> event::Entry {
    event::Entry {
        id: EntryId::from_bytes(kept.id),
        mark: till::domain::ids::JournalMark { run: till::domain::ids::RunId::from_bytes([0; 16]), sequence: 1 },
        recorded_at: super::shop::instant(super::shop::BEGINNING_US),
        operator: None,
        business_day: chrono::NaiveDate::default(),
        event,
    }
}

/// Every till shows its store's open orders as central has them, and no other store's.
fn check_orders(central: &Central, tills: &[Node]) -> Result<(), String> {
    let orders = central.list_orders();
    for till in tills {
        let Some(running) = &till.running else { continue };
        let mut shown = running.database.view().list_orders(None).map_err(|e| e.to_string())?;
        shown.retain(|order| order.state.is_unfulfilled());
        shown.sort_by(|a, b| a.number.cmp(&b.number));
        let of_store = orders.iter().filter(|o| o.store == till.id.store && o.state.is_unfulfilled());
        let mut expected: Vec<_> = of_store.cloned().collect();
        expected.sort_by(|a, b| a.number.cmp(&b.number));
        if let Some(odd) = shown.iter().chain(&expected).find(|o| !shown.contains(o) || !expected.contains(o)) {
            let by_number = |orders: &[WebOrder]| orders.iter().find(|o| o.number == odd.number).cloned();
            let (shown, expected) = (by_number(&shown), by_number(&expected));
            return Err(format!("{}: an order differs; it shows {shown:?}, central {expected:?}", till.name));
        }
    }
    Ok(())
}
