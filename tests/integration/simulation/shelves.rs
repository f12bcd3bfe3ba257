//! The reference for counts of a shelf: what lay there when it was counted last, and what has moved on it since, whenever
//! central heard of either. Of orders it knows what each step does to what is held for them, and of stock nothing but entries.

use std::collections::{BTreeMap, BTreeSet};

use till::central::store::StockRow;
use till::domain::Timestamp;
use till::domain::event::{self, Entry, Event};
use till::domain::ids::{EntryId, ProductId, StoreId, TillId, WorkstationId};
use till::domain::quantity::Quantity;
use till::domain::web_order::{OrderStep, WebOrder};
use till::wire::entry::SealedEntry;
use till::wire::open_entry;

use super::books::Place;
use super::central::Central;
use super::node::Node;
use super::shop::{BEGINNING_US, OPENING, PRODUCTS, STORES, instant};

/// Everything that was heard of each shelf, in the order central heard it.
#[derive(Clone)]
pub struct Shelves {
    places: BTreeMap<Place, Vec<Heard>>,
    /// The most that came of each transfer, and is on a shelf since.
    came: BTreeMap<(StoreId, EntryId, ProductId), Quantity>,
}

#[derive(Clone)]
struct Heard {
    /// At which till; `None` for a figure of head office.
    workstation: Option<WorkstationId>,
    /// By the clock of whoever wrote it.
    at: Timestamp,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    /// So much lay there, in its baskets too.
    Counted(Quantity),
    /// `None` when nobody can tell from here.
    Moved(Option<Quantity>),
}

impl Default for Shelves {
    fn default() -> Self {
        let mut shelves = Self { places: BTreeMap::new(), came: BTreeMap::new() };
        let opening = Some(Quantity::units(OPENING));
        for (store, product) in STORES.iter().flat_map(|store| PRODUCTS.map(|product| (*store, product))) {
            shelves.corrected((store.into(), product.into()), instant(BEGINNING_US), opening);
        }
        shelves
    }
}

/// What a shelf should hold.
pub enum Expected {
    /// It was never counted.
    Uncounted,
    /// Something has moved of which this model cannot tell what.
    Unclear,
    /// So much.
    Holds(Quantity),
}

/// Central's books beside a push: its orders before, its levels before and after.
pub struct Beside {
    pub orders: Vec<WebOrder>,
    pub before: Vec<StockRow>,
    pub after: Vec<StockRow>,
}

impl Beside {
    /// How much more is held now than before.
    fn held_since(&self, place: &Place) -> Quantity {
        let held = |rows: &[StockRow]| {
            let row = rows.iter().find(|row| (&row.store, &row.product) == (&place.0, &place.1));
            row.map(|row| row.level.held).unwrap_or_default()
        };
        held(&self.after) - held(&self.before)
    }
}

impl Shelves {
    /// Central has booked these entries of a store, in one go.
    pub fn hear(&mut self, store: &StoreId, entries: &[&SealedEntry], mut beside: Beside) {
        let mut held: BTreeMap<Place, Quantity> = BTreeMap::new();
        let mut heard: Vec<(Place, Heard)> = Vec::new();
        for sealed in entries {
            let Ok(entry) = open_entry(sealed) else { continue };
            let mut moved = self.moved_by(store, &entry);
            for (place, quantity) in hold(store, &entry, &mut beside.orders) {
                *held.entry(place.clone()).or_default() += quantity;
                let at_place = moved.entry(place).or_insert(Some(Quantity::ZERO));
                *at_place = at_place.map(|moved| moved - quantity);
            }
            let tell =
                |what| Heard { workstation: Some(sealed.header.till.workstation.clone()), at: entry.recorded_at, what };
            heard.extend(moved.into_iter().map(|(place, moved)| (place, tell(What::Moved(moved)))));
            if let Event::StockCounted { product, found, in_baskets, .. } = &entry.event {
                heard.push(((store.clone(), product.clone()), tell(What::Counted(*found + *in_baskets))));
            }
        }
        // What central holds since is not what these steps say: something odd, and told to head office.
        let places: BTreeSet<Place> = beside.after.iter().map(|row| (row.store.clone(), row.product.clone())).collect();
        let odd: BTreeSet<Place> = places
            .into_iter()
            .filter(|place| held.get(place).copied().unwrap_or_default() != beside.held_since(place))
            .collect();
        for (place, mut heard) in heard {
            if odd.contains(&place) && matches!(heard.what, What::Moved(_)) {
                heard.what = What::Moved(None);
            }
            self.places.entry(place).or_default().push(heard);
        }
        for place in odd.into_iter().filter(|place| place.0 != *store) {
            let entry = entries.last().map(|sealed| sealed.header.recorded_at).unwrap_or_default();
            self.lose_track(place, entry);
        }
    }

    /// Central had booked these before, in a push that nobody was answered.
    pub fn hear_late(&mut self, store: &StoreId, sealed: &SealedEntry) {
        let Ok(entry) = open_entry(sealed) else { return };
        let no_steps = event::order_steps(&entry).is_empty();
        let beside = Beside { orders: Vec::new(), before: Vec::new(), after: Vec::new() };
        if no_steps {
            return self.hear(store, &[sealed], beside);
        }
        for product in PRODUCTS {
            self.lose_track((store.clone(), product.into()), entry.recorded_at);
        }
    }

    /// Head office has brought a figure from one to another; `None` when nobody can tell.
    pub fn corrected(&mut self, place: Place, at: Timestamp, by: Option<Quantity>) {
        self.places.entry(place).or_default().push(Heard { workstation: None, at, what: What::Moved(by) });
    }

    fn lose_track(&mut self, place: Place, at: Timestamp) {
        self.corrected(place, at, None);
    }

    /// What an entry takes from its store or brings there. A count alone moves nothing.
    fn moved_by(&mut self, store: &StoreId, entry: &Entry) -> BTreeMap<Place, Option<Quantity>> {
        let mut moved: BTreeMap<Place, Option<Quantity>> = BTreeMap::new();
        match &entry.event {
            Event::StockCounted { .. } => {}
            // What several tills took in has come once, and nobody can say from here when.
            Event::TransferClosed { transfer, product, received } if received.is_positive() => {
                let came = self.came.entry((store.clone(), *transfer, product.clone())).or_default();
                let first = came.is_zero().then_some(*received);
                *came = (*came).max(*received);
                moved.insert((store.clone(), product.clone()), first);
            }
            _ => {
                for movement in event::movements(entry) {
                    let at_place = moved.entry((store.clone(), movement.product)).or_insert(Some(Quantity::ZERO));
                    *at_place = at_place.map(|moved| moved + movement.quantity);
                }
            }
        }
        moved
    }

    /// What lies on a shelf by its last count and everything behind it: of the till that counted, what it wrote behind its
    /// count; of all others, what they did later. Of tills whose clocks go `astray` nobody can say what was later.
    pub fn expect(&self, place: &Place, astray: &BTreeSet<TillId>) -> Expected {
        let Some((position, count, found)) = self.last_count(place) else { return Expected::Uncounted };
        let strays = |heard: &Heard| is_astray(&place.0, heard, astray);
        let mut shelf = found;
        for (other, heard) in self.places[place].iter().enumerate() {
            let of_another = heard.workstation != count.workstation;
            if of_another && (strays(heard) || strays(count)) {
                return Expected::Unclear;
            }
            let What::Moved(moved) = heard.what else { continue };
            let behind = match &heard.workstation {
                same if *same == count.workstation => other > position,
                None => other > position || heard.at > count.at,
                Some(_) => heard.at > count.at,
            };
            match moved.filter(|_| behind) {
                Some(moved) => shelf += moved,
                None if behind => return Expected::Unclear,
                None => {}
            }
        }
        Expected::Holds(shelf)
    }

    /// The count that holds: the latest, by the journal of the till that counted or by the clocks of several.
    fn last_count(&self, place: &Place) -> Option<(usize, &Heard, Quantity)> {
        let mut last: Option<(usize, &Heard, Quantity)> = None;
        for (position, heard) in self.places.get(place)?.iter().enumerate() {
            let What::Counted(found) = heard.what else { continue };
            let is_older = |last: &Heard| last.at > heard.at && last.workstation != heard.workstation;
            if !last.is_some_and(|(_, last, _)| is_older(last)) {
                last = Some((position, heard, found));
            }
        }
        last
    }

    /// On each shelf lies what its last count found, and what has moved since. Answers how many shelves tell.
    pub fn check(&self, central: &Central, astray: &BTreeSet<TillId>) -> Result<usize, String> {
        let mut told = 0;
        for row in central.list_stock() {
            let (store, product) = (row.store.clone(), row.product.clone());
            let Expected::Holds(expected) = self.expect(&(store.clone(), product.clone()), astray) else { continue };
            told += 1;
            let shelf = row.level.shelf();
            if shelf != expected {
                return Err(format!(
                    "{product} was counted in {store}: by that and what moved since {expected} lie on its shelf, central says {shelf}"
                ));
            }
        }
        Ok(told)
    }

    /// What was counted since is no task any more, at any till of the store.
    pub fn check_tasks(&self, tills: &[Node], astray: &BTreeSet<TillId>) -> Result<(), String> {
        for till in tills.iter().filter(|till| !astray.contains(&till.id)) {
            for (product, since) in till.list_to_count() {
                let place = (till.id.store.clone(), product);
                if let Some((_, count, _)) = self.last_count(&place)
                    && since <= count.at
                    && !is_astray(&place.0, count, astray)
                {
                    let (name, product, at) = (&till.name, &place.1, count.at);
                    return Err(format!("{name} has {product} still to be counted, which was counted at {at}"));
                }
            }
        }
        Ok(())
    }
}

/// Was it written by a till whose clock jumped?
fn is_astray(store: &StoreId, heard: &Heard, astray: &BTreeSet<TillId>) -> bool {
    let is_it = |till: &TillId| till.store == *store && Some(&till.workstation) == heard.workstation.as_ref();
    astray.iter().any(is_it)
}

/// What an entry does to what is held for orders, each order folded on.
fn hold(store: &StoreId, entry: &Entry, orders: &mut [WebOrder]) -> Vec<(Place, Quantity)> {
    let mut held = Vec::new();
    for (number, step) in event::order_steps(entry) {
        let Some(order) = orders.iter_mut().find(|order| order.store == *store && order.number == number) else {
            continue;
        };
        if step == OrderStep::PutAtRisk {
            continue;
        }
        let before = order.clone();
        order.apply(&step);
        let products: BTreeSet<&ProductId> = order.lines.iter().map(|line| &line.product).collect();
        for product in products {
            let more = order.held_of(product) - before.held_of(product);
            if !more.is_zero() {
                held.push(((store.clone(), product.clone()), more));
            }
        }
    }
    held
}
