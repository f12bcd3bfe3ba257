//! The reference for everything that is counted: levels, promises, orders, alerts, transfers, sales.

use std::collections::{BTreeMap, BTreeSet};

use till::central::store::{CaseFilter, CaseRecord};
use till::domain::Timestamp;
use till::domain::conflict::CaseState;
use till::domain::event::{self, Entry, Event};
use till::domain::ids::{EntryId, OrderNumber, ProductId, StoreId};
use till::domain::quantity::Quantity;
use till::domain::stock::StockLevel;
use till::domain::transfer::TransferState;
use till::domain::web_order::{OrderState, OrderStep, WebOrder};
use till::wire::decode_event;
use till::wire::entry::SealedEntry;

use super::central::{Central, KeptEntry, KeptTransfer};
use super::model::Counts;
use super::node::Node;
use super::shop::{PRODUCTS, STORES};

/// A product in a store.
pub type Place = (StoreId, ProductId);

/// All rules, once nobody has anything left to say.
pub fn check(
    entries: &[KeptEntry],
    central: &Central,
    tills: &[Node],
    lapsed_until: Timestamp,
) -> Result<Counts, String> {
    let entries = open(entries)?;
    check_orders(central, tills)?;
    check_levels(&entries, central, tills)?;
    check_promises(central)?;
    check_transfers(central, tills)?;
    let lapsed = check_lapses(central, lapsed_until)?;
    let cases = central.list_cases(CaseFilter::All);
    check_cases(&cases, tills)?;
    let alerts = check_alerts(&entries, &cases)?;
    let sales = check_sales(&entries, central)?;
    let transfers = entries.iter().filter(|(_, entry)| matches!(entry.event, Event::TransferRequested { .. })).count();
    let taken_in_twice = check_taken_in_twice(&entries, central)?;
    let counts = entries.iter().filter(|(_, entry)| matches!(entry.event, Event::StockCounted { .. })).count();
    Ok(Counts { sales, counts, alerts, transfers, taken_in_twice, lapsed, ..Counts::default() })
}

/// What came of each transfer: how often a till said so, how much in all, and the most that one said.
#[derive(Default)]
struct Arrival {
    entries: Vec<EntryId>,
    said: Quantity,
    most: Quantity,
}

/// By asking store, transfer and product.
fn arrivals(entries: &[(StoreId, Entry)]) -> BTreeMap<(StoreId, EntryId, ProductId), Arrival> {
    let mut arrivals: BTreeMap<_, Arrival> = BTreeMap::new();
    for (store, entry) in entries {
        if let Event::TransferClosed { transfer, product, received } = &entry.event
            && received.is_positive()
        {
            let arrival = arrivals.entry((store.clone(), *transfer, product.clone())).or_default();
            arrival.entries.push(entry.id);
            arrival.said += *received;
            arrival.most = arrival.most.max(*received);
        }
    }
    arrivals
}

/// Goods that several tills took in are told to head office.
fn check_taken_in_twice(entries: &[(StoreId, Entry)], central: &Central) -> Result<usize, String> {
    let told: BTreeSet<EntryId> = central.list_findings().into_iter().map(|finding| finding.entry).collect();
    let mut twice = 0;
    for ((store, transfer, _), arrival) in arrivals(entries).iter().filter(|(_, arrival)| arrival.entries.len() > 1) {
        twice += 1;
        if !arrival.entries.iter().any(|entry| told.contains(entry)) {
            return Err(format!("{transfer} was taken in twice in {store}, and head office was not told"));
        }
    }
    Ok(twice)
}

/// Entries with the store of each.
fn open(entries: &[KeptEntry]) -> Result<Vec<(StoreId, Entry)>, String> {
    let open = |kept: &KeptEntry| {
        let event = decode_event(&kept.payload).map_err(|e| e.to_string())?;
        let entry = Entry {
            id: EntryId::from_bytes(kept.id),
            mark: till::domain::ids::JournalMark { run: till::domain::ids::RunId::from_bytes([0; 16]), sequence: 1 },
            recorded_at: super::shop::instant(super::shop::BEGINNING_US),
            operator: None,
            business_day: chrono::NaiveDate::default(),
            event,
        };
        Ok((kept.till.store.clone(), entry))
    };
    entries.iter().map(open).collect()
}

/// Levels are the fold of movements, at central and at every till.
fn check_levels(entries: &[(StoreId, Entry)], central: &Central, tills: &[Node]) -> Result<(), String> {
    let faults = central.list_level_faults();
    if let Some(fault) = faults.first() {
        return Err(format!("central's own proof fails: {fault:?}"));
    }
    let mut moved: BTreeMap<Place, Quantity> = BTreeMap::new();
    // What a count comes to is seen from central, by what it says of that moment: see `shelves`.
    let is_count = |entry: &Entry| matches!(entry.event, Event::StockCounted { .. });
    for (store, entry) in entries.iter().filter(|(_, entry)| !is_count(entry)) {
        for movement in event::movements(entry) {
            *moved.entry((store.clone(), movement.product)).or_default() += movement.quantity;
        }
    }
    // What several tills took in has come once.
    for ((store, _, product), arrival) in arrivals(entries) {
        *moved.entry((store, product)).or_default() += arrival.most - arrival.said;
    }
    for (store, product, quantity) in central.list_counted() {
        *moved.entry((store, product)).or_default() += quantity;
    }
    for (_, store, product, quantity) in central.list_imports() {
        *moved.entry((store, product)).or_default() += quantity;
    }
    let rows = central.list_stock();
    for row in &rows {
        let folded = moved.get(&(row.store.clone(), row.product.clone())).copied().unwrap_or_default();
        if row.level.on_hand != folded {
            let (store, product, on_hand) = (&row.store, &row.product, row.level.on_hand);
            return Err(format!("central says {on_hand} {product} in {store}, the journals say {folded}"));
        }
    }
    for till in tills {
        let Some(running) = &till.running else { continue };
        for product in PRODUCTS.map(ProductId::new) {
            till.check_level(&product)?;
            let row = rows.iter().find(|row| row.store == till.id.store && row.product == product);
            let shown = running.reader.view().stock_level(&product).map_err(|e| e.to_string())?;
            if row.map(|row| row.level) != Some(shown) {
                let kept = row.map(|row| row.level);
                return Err(format!("{} shows {shown:?} of {product}, central {kept:?}", till.name));
            }
        }
    }
    Ok(())
}

/// What websites are told is what is free by the books and the orders, and never more.
pub fn check_promises(central: &Central) -> Result<(), String> {
    let mut levels: BTreeMap<Place, StockLevel> = BTreeMap::new();
    for row in central.list_stock() {
        let level = StockLevel { held: Quantity::ZERO, promised: Quantity::ZERO, ..row.level };
        levels.insert((row.store, row.product), level);
    }
    for order in central.list_orders().iter().filter(|order| !order.is_over()) {
        let products: BTreeSet<&ProductId> = order.lines.iter().map(|line| &line.product).collect();
        for product in products {
            let level = levels.entry((order.store.clone(), product.clone())).or_default();
            level.held += order.held_of(product);
            // What was picked for an order that is cancelled lies in its bay until it is put back, and is promised to nobody.
            if order.state.is_unfulfilled() {
                level.promised += order.promised_of(product);
            }
        }
    }
    for told in central.list_availability() {
        let level = levels.get(&(told.store.clone(), told.product.clone())).copied().unwrap_or_default();
        if told.free != level.available_to_promise() {
            let (product, store, free) = (&told.product, &told.store, told.free);
            return Err(format!(
                "a website is told {free} of {product} in {store}, and the books and orders say {level:?}"
            ));
        }
    }
    Ok(())
}

/// Every till shows its store's orders that are not over as central has them, and no other store's.
fn check_orders(central: &Central, tills: &[Node]) -> Result<(), String> {
    let orders = central.list_orders();
    for till in tills {
        let Some(running) = &till.running else { continue };
        let mut shown = running.reader.view().list_orders(None).map_err(|e| e.to_string())?;
        shown.sort_by(|a, b| a.number.cmp(&b.number));
        let of_store = orders.iter().filter(|o| o.store == till.id.store && !o.is_over());
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

/// Both stores see their transfers as central has them.
fn check_transfers(central: &Central, tills: &[Node]) -> Result<(), String> {
    let kept = central.list_open_transfers();
    for till in tills {
        let Some(running) = &till.running else { continue };
        let shown = running.reader.view().list_open_transfers().map_err(|e| e.to_string())?;
        let mut shown: Vec<KeptTransfer> = shown
            .into_iter()
            .map(|known| known.transfer)
            .map(|t| KeptTransfer {
                entry: t.entry,
                to: t.to,
                from: t.from,
                product: t.product,
                quantity: t.quantity,
                state: word(t.state).to_owned(),
            })
            .collect();
        shown.sort();
        let concerned = |t: &&KeptTransfer| t.to == till.id.store || t.from == till.id.store;
        let mut expected: Vec<KeptTransfer> = kept.iter().filter(concerned).cloned().collect();
        expected.sort();
        if shown != expected {
            return Err(format!("{}: transfers differ; it shows {shown:?}, central {expected:?}", till.name));
        }
    }
    Ok(())
}

const fn word(state: TransferState) -> &'static str {
    match state {
        TransferState::Requested => "requested",
        TransferState::NoneFree => "none_free",
        TransferState::SetAside => "set_aside",
        TransferState::Sent => "sent",
        TransferState::Refused => "refused",
        TransferState::NotNeeded => "not_needed",
        TransferState::Closed => "closed",
        TransferState::Withdrawn => "withdrawn",
    }
}

/// What one store sent is on its way or was taken in by the other, no more and no less. Where it cannot be so (two tills that had
/// not heard of each other picked and sent it, or one found nothing while the other sent) head office was told. Holds where
/// each till and central have one history.
pub fn check_goods_on_their_way(entries: &[KeptEntry], central: &Central) -> Result<(), String> {
    let entries = open(entries)?;
    let transfers = central.list_transfers_by_order();
    let mut ways: BTreeMap<(EntryId, ProductId), Way> = BTreeMap::new();
    for (_, entry) in &entries {
        if let Event::OrderStepped { order, step: OrderStep::Sent { .. }, .. } = &entry.event {
            let transfer = transfers.get(order).ok_or_else(|| format!("{order} was sent, and nobody asked for it"))?;
            for movement in event::movements(entry) {
                let way = ways.entry((*transfer, movement.product)).or_default();
                way.sent += -movement.quantity;
                way.entries.push(entry.id);
            }
        }
    }
    for ((_, transfer, product), arrival) in arrivals(&entries) {
        ways.entry((transfer, product)).or_default().came += arrival.most;
    }
    for transfer in central.list_open_transfers().into_iter().filter(|t| t.state == "sent") {
        ways.entry((transfer.entry, transfer.product)).or_default().came += transfer.quantity;
    }
    let told: BTreeSet<EntryId> = central.list_findings().into_iter().map(|finding| finding.entry).collect();
    for ((transfer, product), Way { sent, came, entries }) in ways {
        if sent != came && !entries.iter().any(|entry| told.contains(entry)) {
            return Err(format!("of {transfer} {sent} {product} were sent, and {came} came or are on their way"));
        }
    }
    Ok(())
}

/// The goods of a transfer: what left, by which entries, and what came or is on its way.
#[derive(Default)]
struct Way {
    sent: Quantity,
    came: Quantity,
    entries: Vec<EntryId>,
}

/// No order waits for a customer whose time had passed when central last looked.
fn check_lapses(central: &Central, lapsed_until: Timestamp) -> Result<usize, String> {
    let orders = central.list_orders();
    if let Some(order) = orders.iter().find(|order| order.lapses_at().is_some_and(|at| at <= lapsed_until)) {
        return Err(format!("{} waits for its customer since {:?} and has not lapsed", order.number, order.collect_by));
    }
    Ok(orders.iter().filter(|order| order.state == OrderState::Lapsed).count())
}

/// Every till shows the cases of its store that need somebody.
fn check_cases(cases: &[CaseRecord], tills: &[Node]) -> Result<(), String> {
    for till in tills {
        let Some(running) = &till.running else { continue };
        let mut shown = running.reader.view().list_open_cases().map_err(|e| e.to_string())?;
        shown.sort_by_key(|case| case.case);
        let needs = |c: &&CaseRecord| {
            c.store == till.id.store && matches!(c.case.state, CaseState::Open | CaseState::AwaitingDecision)
        };
        let mut expected: Vec<_> = cases.iter().filter(needs).map(|c| c.case.clone()).collect();
        expected.sort_by_key(|case| case.case);
        if shown != expected {
            return Err(format!("{}: cases differ; it shows {shown:?}, central {expected:?}", till.name));
        }
    }
    Ok(())
}

/// Each sale that went through against an order is told exactly once, whatever befell the entry on its way.
fn check_alerts(entries: &[(StoreId, Entry)], cases: &[CaseRecord]) -> Result<usize, String> {
    type Alert = (EntryId, ProductId, OrderNumber);
    let mut told: BTreeMap<Alert, usize> = BTreeMap::new();
    let mut judged: BTreeMap<Alert, usize> = BTreeMap::new();
    for record in cases {
        for act in &record.acts {
            let Some(entry) = act.entry else { continue };
            let alert = (entry, record.case.product.clone(), record.case.order.clone());
            match act.act.as_str() {
                "sold_anyway" => *told.entry(alert).or_default() += 1,
                "judged_at_central" => *judged.entry(alert).or_default() += 1,
                _ => {}
            }
        }
    }
    let mut owed: BTreeSet<Alert> = BTreeSet::new();
    for (_, entry) in entries {
        if let Event::SaleCompleted(sale) = &entry.event {
            let alerts = sale.sold_anyway.iter();
            owed.extend(alerts.map(|sold| (entry.id, sold.product.clone(), sold.order.clone())));
        }
    }
    if let Some(missed) = owed.iter().find(|alert| !told.contains_key(alert)) {
        return Err(format!("a sale took what an order needs, and nobody was told: {missed:?}"));
    }
    if let Some((alert, _)) = told.iter().find(|(alert, _)| !owed.contains(alert)) {
        return Err(format!("an alert nobody gave cause for: {alert:?}"));
    }
    if let Some((alert, times)) = told.iter().chain(&judged).find(|(_, times)| **times > 1) {
        return Err(format!("one sale was told {times} times: {alert:?}"));
    }
    Ok(told.len() + judged.len())
}

/// The sales of central's report are those of the journals, to the cent.
fn check_sales(entries: &[(StoreId, Entry)], central: &Central) -> Result<usize, String> {
    type Figures = (u64, i64, i64, i64);
    let mut expected: BTreeMap<EntryId, Figures> = BTreeMap::new();
    for (_, entry) in entries {
        if let Event::SaleCompleted(sale) = &entry.event {
            let minors = (sale.total.minor(), sale.tax_total().minor(), sale.cash_taken().minor());
            expected.insert(entry.id, (sale.receipt_number, minors.0, minors.1, minors.2));
        }
    }
    let reported = STORES.iter().flat_map(|store| central.list_sales(store));
    let reported: BTreeMap<EntryId, Figures> =
        reported.map(|s| (s.entry, (s.receipt_number, s.total.minor(), s.tax.minor(), s.cash.minor()))).collect();
    if reported != expected {
        return Err(format!("central reports {} sales, the journals hold {}", reported.len(), expected.len()));
    }
    Ok(expected.len())
}

// ---------------------------------------------------------------- at every push

/// Is there a sale among these, and nothing else that moves orders or stock?
pub fn sales_alone(entries: &[SealedEntry]) -> bool {
    let mut sales = 0;
    for entry in entries {
        match decode_event(&entry.payload) {
            Ok(Event::SaleCompleted(sale)) if sale.lines.iter().all(|line| line.hand_over.is_none()) => sales += 1,
            Ok(
                Event::RunStarted { .. }
                | Event::OperatorSignedIn { .. }
                | Event::SessionOpened { .. }
                | Event::DrawerOpened { .. }
                | Event::LineVoided { .. },
            ) => {}
            _ => return false,
        }
    }
    sales > 0
}

/// Units that orders need, that are not there, and that no open case speaks of.
pub fn list_uncovered(central: &Central) -> BTreeMap<Place, Quantity> {
    let mut uncovered: BTreeMap<Place, Quantity> = BTreeMap::new();
    for row in central.list_stock() {
        let missing = (row.level.promised - row.level.shelf()).min(row.level.promised).max(Quantity::ZERO);
        uncovered.insert((row.store, row.product), missing);
    }
    for record in central.list_cases(CaseFilter::Open) {
        let place = uncovered.entry((record.store, record.case.product)).or_default();
        *place = (*place - record.case.quantity).max(Quantity::ZERO);
    }
    uncovered
}

/// A sale that reached central has left no order short of which nobody is told.
pub fn check_alerted(before: &BTreeMap<Place, Quantity>, central: &Central, store: &StoreId) -> Result<(), String> {
    for (place, now) in list_uncovered(central).iter().filter(|((at, _), _)| at == store) {
        if *now > before.get(place).copied().unwrap_or_default() {
            return Err(format!("sales in {store} left orders {now} {} short, and no case is open", place.1));
        }
    }
    Ok(())
}
