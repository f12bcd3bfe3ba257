//! The reference for counts of a shelf: what lay there when it was counted last, and what has moved on it since, whenever
//! central heard of either. Of orders it knows what each step does to what is held for them, and of stock nothing but entries.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use till::central::store::StockRow;
use till::domain::Timestamp;
use till::domain::event::{self, Entry, Event};
use till::domain::ids::{EntryId, JournalMark, ProductId, StoreId};
use till::domain::quantity::Quantity;
use till::domain::web_order::{OrderStep, WebOrder};
use till::wire::entry::SealedEntry;
use till::wire::open_entry;

use super::books::Place;
use super::central::Central;
use super::clocks::{Shown, Span};
use super::node::{Node, ToCount};
use super::shop::{BEGINNING_US, OPENING, PRODUCTS, STORES, instant};

/// A till reckons central's clock by half of what a hello took, ten seconds at most, and looks once a second.
const RECKONED_WRONG_MAX: TimeDelta = TimeDelta::seconds(7);

/// Everything that was heard of each shelf, in the order central heard it.
#[derive(Clone)]
pub struct Shelves {
    places: BTreeMap<Place, Vec<Heard>>,
    /// What came of each transfer, and where of its place that was heard.
    came: BTreeMap<(StoreId, EntryId, ProductId), (Quantity, usize)>,
}

#[derive(Clone)]
struct Heard {
    /// Where in which journal; `None` for a figure of head office.
    mark: Option<JournalMark>,
    /// When, in central's time.
    span: Span,
    what: What,
}

impl Heard {
    /// Was it after another? By the journal where one has both, and else by when they happened; nothing when nobody can tell.
    fn is_behind(&self, other: &Self) -> Option<bool> {
        match (self.mark, other.mark) {
            (Some(own), Some(theirs)) if own.run == theirs.run => Some(own.sequence > theirs.sequence),
            _ => self.span.is_later(&other.span),
        }
    }
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
        let beginning = Shown { world: instant(BEGINNING_US), central: instant(BEGINNING_US) };
        for (store, product) in STORES.iter().flat_map(|store| PRODUCTS.map(|product| (*store, product))) {
            shelves.corrected((store.into(), product.into()), beginning, opening);
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
    pub now: Shown,
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
    pub fn hear(&mut self, store: &StoreId, entries: &[(&SealedEntry, Span)], mut beside: Beside) {
        let mut held: BTreeMap<Place, Quantity> = BTreeMap::new();
        let mut heard: Vec<(Place, Heard, Option<EntryId>)> = Vec::new();
        for (sealed, span) in entries {
            let Ok(entry) = open_entry(sealed) else { continue };
            let transfer = match &entry.event {
                Event::TransferClosed { transfer, received, .. } if received.is_positive() => Some(*transfer),
                _ => None,
            };
            let mut moved = moved_by(store, &entry);
            for (place, quantity) in hold(store, &entry, &mut beside.orders) {
                *held.entry(place.clone()).or_default() += quantity;
                let at_place = moved.entry(place).or_insert(Some(Quantity::ZERO));
                *at_place = at_place.map(|moved| moved - quantity);
            }
            let tell = |what| Heard { mark: Some(entry.mark), span: *span, what };
            heard.extend(moved.into_iter().map(|(place, moved)| (place, tell(What::Moved(moved)), transfer)));
            if let Event::StockCounted { product, found, in_baskets, .. } = &entry.event {
                heard.push(((store.clone(), product.clone()), tell(What::Counted(*found + *in_baskets)), None));
            }
        }
        // What central holds since is not what these steps say: something odd, and told to head office.
        let places: BTreeSet<Place> = beside.after.iter().map(|row| (row.store.clone(), row.product.clone())).collect();
        let odd: BTreeSet<Place> = places
            .into_iter()
            .filter(|place| held.get(place).copied().unwrap_or_default() != beside.held_since(place))
            .collect();
        for (place, mut heard, transfer) in heard {
            if odd.contains(&place) && matches!(heard.what, What::Moved(_)) {
                heard.what = What::Moved(None);
            }
            match transfer {
                Some(transfer) => self.came(place, transfer, heard),
                None => self.places.entry(place).or_default().push(heard),
            }
        }
        for place in odd.into_iter().filter(|place| place.0 != *store) {
            self.lose_track(place, beside.now.latest());
        }
    }

    /// Central had booked these before, in a push that nobody was answered.
    pub fn hear_late(&mut self, store: &StoreId, sealed: &SealedEntry, span: Span) {
        let Ok(entry) = open_entry(sealed) else { return };
        let no_steps = event::order_steps(&entry).is_empty();
        let now = Shown { world: span.until, central: span.until };
        let beside = Beside { orders: Vec::new(), before: Vec::new(), after: Vec::new(), now };
        if no_steps {
            return self.hear(store, &[(sealed, span)], beside);
        }
        for product in PRODUCTS {
            self.lose_track((store.clone(), product.into()), span.until);
        }
    }

    /// Head office has brought a figure from one to another; `None` when nobody can tell.
    pub fn corrected(&mut self, place: Place, at: Shown, by: Option<Quantity>) {
        let (span, what) = (Span::shown(at), What::Moved(by));
        self.places.entry(place).or_default().push(Heard { mark: None, span, what });
    }

    /// Central's clock is set back.
    pub fn set_back(&mut self, to: Shown) {
        self.places.values_mut().flatten().for_each(|heard| heard.span.set_back(to));
    }

    fn lose_track(&mut self, place: Place, by: Timestamp) {
        self.places.entry(place).or_default().push(Heard { mark: None, span: Span::by(by), what: What::Moved(None) });
    }

    /// A till has taken goods in. What several took in has come once, when the first of them said so.
    fn came(&mut self, place: Place, transfer: EntryId, heard: Heard) {
        let What::Moved(Some(received)) = heard.what else {
            return self.places.entry(place).or_default().push(heard);
        };
        let at_place = self.places.entry(place.clone()).or_default();
        let Some((before, index)) = self.came.get(&(place.0.clone(), transfer, place.1.clone())).copied() else {
            self.came.insert((place.0, transfer, place.1), (received, at_place.len()));
            return at_place.push(heard);
        };
        let first = &mut at_place[index];
        match heard.is_behind(first) {
            Some(true) if received == before => {}
            Some(false) if received == before => *first = heard,
            _ => {
                first.what = What::Moved(None);
                at_place.push(Heard { what: What::Moved(None), ..heard });
            }
        }
    }

    /// What lies on a shelf by its last count and everything that happened after it.
    pub fn expect(&self, place: &Place) -> Expected {
        let Some(heard) = self.places.get(place) else { return Expected::Uncounted };
        let counts = || heard.iter().filter(|heard| matches!(heard.what, What::Counted(_)));
        let Some(first) = counts().next() else { return Expected::Uncounted };
        let last = counts().fold(first, |last, count| if count.is_behind(last) == Some(true) { count } else { last });
        // Two counts of which nobody can tell which was later.
        if counts().any(|count| !std::ptr::eq(count, last) && last.is_behind(count) != Some(true)) {
            return Expected::Unclear;
        }
        let mut shelf = Quantity::ZERO;
        for heard in heard {
            match (heard.what, heard.is_behind(last)) {
                (What::Counted(found), _) if std::ptr::eq(heard, last) => shelf += found,
                (What::Counted(_), _) | (What::Moved(_), Some(false)) => {}
                (What::Moved(Some(moved)), _) if moved.is_zero() => {}
                (What::Moved(Some(moved)), Some(true)) => shelf += moved,
                (What::Moved(_), _) => return Expected::Unclear,
            }
        }
        Expected::Holds(shelf)
    }

    /// On each shelf lies what its last count found, and what has moved since. Answers how many shelves tell.
    pub fn check(&self, central: &Central) -> Result<usize, String> {
        let mut told = 0;
        for row in central.list_stock() {
            let (store, product) = (row.store.clone(), row.product.clone());
            let Expected::Holds(expected) = self.expect(&(store.clone(), product.clone())) else { continue };
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

    /// A till knows when what it found was, whatever its clock shows; and what was counted since is no task any more, at any till
    /// of the store.
    pub fn check_tasks(&self, tills: &[Node]) -> Result<(), String> {
        for till in tills {
            for ToCount { product, happened_at, truly_at } in till.list_to_count() {
                let name = &till.name;
                if let Some(truly_at) = truly_at.filter(|at| (*at - happened_at).abs() > RECKONED_WRONG_MAX) {
                    return Err(format!(
                        "{name} takes {truly_at}, when {product} was to be counted, for {happened_at}"
                    ));
                }
                let heard = self.places.get(&(till.id.store.clone(), product.clone())).into_iter().flatten();
                let mut counts = heard.filter(|heard| matches!(heard.what, What::Counted(_)));
                if let Some(count) = counts.find(|count| happened_at <= count.span.from) {
                    let at = count.span.from;
                    return Err(format!("{name} has {product} still to be counted, which was counted after {at}"));
                }
            }
        }
        Ok(())
    }
}

/// What an entry takes from its store or brings there. A count alone moves nothing.
fn moved_by(store: &StoreId, entry: &Entry) -> BTreeMap<Place, Option<Quantity>> {
    let mut moved: BTreeMap<Place, Option<Quantity>> = BTreeMap::new();
    if matches!(entry.event, Event::StockCounted { .. }) {
        return moved;
    }
    for movement in event::movements(entry) {
        let at_place = moved.entry((store.clone(), movement.product)).or_insert(Some(Quantity::ZERO));
        *at_place = at_place.map(|moved| moved + movement.quantity);
    }
    moved
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
