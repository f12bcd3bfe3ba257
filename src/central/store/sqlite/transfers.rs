//! Transfers between stores: a till's request becomes an order of the giving store, whose steps both stores follow.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::super::StoreError;
use super::cause::Cause;
use super::feeds::Changes;
use super::stock::Dated;
use super::words::{self, Word, micros};
use super::{case_decisions, cases, company, orders, stock};
use crate::domain::Timestamp;
use crate::domain::barcode::house::encode_collection_code;
use crate::domain::conflict::CaseState;
use crate::domain::ids::{CaseId, ChannelId, EntryId, OrderNumber, ProductId, StoreId};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::stock::{Movement, MovementReason};
use crate::domain::till_clock;
use crate::domain::transfer::{Transfer, TransferState};
use crate::domain::web_order::{Fulfilment, OrderLine, OrderState, OrderStep, StepTaken, WantedLine, WebOrder};

/// The channel of the orders that stores give each other. No way in from outside may have this name.
pub const CHANNEL: &str = "transfer";

const COLUMNS: &str = "entry_id, store, product, quantity, from_store, number, state, asked_by, asked_at, case_id,
    for_order, customer";

/// What a till asks for.
pub struct Wanted<'a> {
    /// What.
    pub product: &'a ProductId,
    /// How many.
    pub quantity: Quantity,
    /// Of which store.
    pub from: &'a StoreId,
    /// The conflict it answers.
    pub case: Option<CaseId>,
    /// The order whose case it decides.
    pub order: Option<&'a OrderNumber>,
    /// The customer it is for.
    pub customer: &'a str,
}

/// A till asks for goods of another store: they are promised there at once, or the answer is that none are free. A case that
/// it decides is re-sourced with the promise; one that was decided before makes it needless.
pub fn request(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    wanted: &Wanted<'_>,
) -> Result<(), StoreError> {
    let Wanted { product, quantity, from, mut case, order, customer } = *wanted;
    let mut is_needed = true;
    if let (Some(named), Some(order)) = (case, order) {
        let meant = case_decisions::find_meant(connection, cause.store, named, order, product)?;
        is_needed = meant.as_ref().is_some_and(|(_, settled)| !settled);
        case = Some(meant.map_or(named, |(meant, _)| meant.case));
    }
    let operator = match &cause.entry.operator {
        Some(id) => company::find_operator(connection, id)?.map_or_else(|| id.to_string(), |found| found.name),
        None => String::new(),
    };
    let mut transfer = Transfer {
        entry: cause.entry.id,
        order: None,
        product: product.clone(),
        quantity,
        from: from.clone(),
        from_name: store_name(connection, from)?,
        to: cause.store.clone(),
        to_name: store_name(connection, cause.store)?,
        asked_by: operator,
        asked_at: cause.entry.recorded_at,
        state: if is_needed { TransferState::NoneFree } else { TransferState::NotNeeded },
        case,
        for_order: order.cloned(),
        customer: customer.to_owned(),
    };
    let withdrawn = is_withdrawn_already(connection, &transfer)?;
    is_needed &= !withdrawn;
    let free = changes.level(connection, from, product)?.free();
    let other = from != cause.store && quantity.is_positive() && free >= quantity;
    if is_needed
        && other
        && let Some(order) = promise(connection, changes, cause, &transfer)?
    {
        transfer.order = Some(order);
        transfer.state = TransferState::Requested;
    }
    // A till that has taken it in may be heard before the one that asked: when central is filled again from its tills.
    if is_closed_already(connection, &transfer)? {
        transfer.state = TransferState::Closed;
    } else if withdrawn {
        transfer.state = TransferState::Withdrawn;
    }
    if transfer.state.is_over() {
        transfer.customer.clear();
    }
    insert(connection, &transfer)?;
    changes.touch_transfer(&transfer.to, &transfer.from, transfer.entry);
    let Some(case) = case else { return Ok(()) };
    let note = match (&transfer.order, is_needed) {
        (Some(order), _) => format!("{quantity} of {} as {order}", transfer.from_name),
        (None, true) => format!("{} has none free", transfer.from_name),
        (None, false) => format!("asked of {}, and decided before", transfer.from_name),
    };
    if order.is_some() && transfer.order.is_some() {
        let act = cases::act_of(cause, CaseState::ReSourced.word(), &note);
        return cases::close(connection, changes, cause.store, case, CaseState::ReSourced, &act, cause.now);
    }
    cases::note(connection, changes, cause, case, "transfer_requested", &note)
}

/// The giving store's order; `None` when the product is not in the catalogue any more.
fn promise(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    transfer: &Transfer,
) -> Result<Option<OrderNumber>, StoreError> {
    let found = company::find_product(connection, &transfer.product)?;
    let Some(found) = found.filter(|found| !found.product.withdrawn || transfer.case.is_some()) else {
        return Ok(None);
    };
    let nothing = Money::zero(found.product.price.currency());
    let line = OrderLine::new(
        1,
        &WantedLine {
            product: transfer.product.clone(),
            name: found.product.name,
            quantity: transfer.quantity,
            unit_price: found.product.price,
            // Nobody pays for what stays in the company.
            amount: transfer.quantity.at(found.product.price).unwrap_or(nothing),
            share: nothing,
            taxed: Vec::new(),
            tax: found.product.tax,
            stocked: found.product.stocked,
        },
    );
    let order = WebOrder {
        number: order_number(connection, transfer.entry)?,
        channel: ChannelId::new(CHANNEL),
        reference: transfer.asked_by.clone(),
        store: transfer.from.clone(),
        fulfilment: Fulfilment::Transfer,
        customer_name: transfer.to_name.clone(),
        customer_phone: None,
        paid: true,
        prepaid: None,
        ordered_at: transfer.asked_at,
        collect_by: None,
        collection_code: String::new(),
        state: OrderState::Received,
        bay: None,
        picker: None,
        at_risk: false,
        dispatch: None,
        owed_back: None,
        history: Vec::new(),
        unmatched: Vec::new(),
        notes: String::new(),
        lines: vec![line],
    };
    let key = orders::SenderKey {
        sender: transfer.to.as_str(),
        buyer: &transfer.entry.to_string(),
        content: &[],
        customer: None,
        is_held: false,
    };
    let currency = order.lines.first().map(|line| line.unit_price.currency());
    orders::insert(connection, &order, &key, currency.unwrap_or(found.product.price.currency()), cause.now)?;
    stock::shift_reserved(connection, changes, None, &order)?;
    changes.touch_order(&order.store, &order.number, &order.channel);
    Ok(Some(order.number))
}

/// `T-` and six letters made from the entry, so that a central that is filled again gives the same number.
fn order_number(connection: &Connection, entry: EntryId) -> Result<OrderNumber, StoreError> {
    let mut taken = connection.prepare_cached("SELECT 1 FROM web_order WHERE number = ?1")?;
    for attempt in 0_u32..1000 {
        let digest = Sha256::new().chain_update(entry.as_bytes()).chain_update(attempt.to_be_bytes()).finalize();
        let mut seed = [0_u8; 8];
        seed.copy_from_slice(&digest[..8]);
        let number = format!("T-{}", encode_collection_code(u64::from_be_bytes(seed)));
        if !taken.exists([&number])? {
            return Ok(OrderNumber::new(number));
        }
    }
    Err(StoreError::Refused("the numbers of transfers have run out".into()))
}

fn store_name(connection: &Connection, store: &StoreId) -> Result<String, StoreError> {
    Ok(company::find_store(connection, store)?.map_or_else(|| store.to_string(), |found| found.settings.name))
}

fn insert(connection: &Connection, transfer: &Transfer) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO transfer (entry_id, store, product, quantity, from_store, number, state, asked_by, asked_at,
                 case_id, for_order, customer)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            transfer.entry.as_bytes(),
            transfer.to.as_str(),
            transfer.product.as_str(),
            transfer.quantity.thousandths(),
            transfer.from.as_str(),
            transfer.order.as_ref().map(OrderNumber::as_str),
            transfer.state.word(),
            transfer.asked_by,
            micros(transfer.asked_at),
            transfer.case.as_ref().map(|case| case.as_bytes().as_slice()),
            transfer.for_order.as_ref().map(OrderNumber::as_str),
            transfer.customer,
        ])?;
    Ok(())
}

/// The giving store's order has changed: the asking store sees where it stands now.
pub fn follow_order(
    connection: &Connection,
    changes: &mut Changes,
    order: &WebOrder,
    now: Timestamp,
) -> Result<(), StoreError> {
    let state = TransferState::of_order(order);
    let sent: Quantity = order.lines.iter().map(|line| line.handed_over).sum();
    let sent = (state == TransferState::Sent).then(|| sent.thousandths());
    let followed: Option<(String, Vec<u8>, Option<Vec<u8>>)> = connection
        .prepare_cached(
            "UPDATE transfer SET state = ?2, quantity = COALESCE(?4, quantity)
             WHERE number = ?1 AND state NOT IN (?2, ?3, ?5) RETURNING store, entry_id, case_id",
        )?
        .query_row(
            params![
                order.number.as_str(),
                state.word(),
                TransferState::Closed.word(),
                sent,
                TransferState::Withdrawn.word()
            ],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    let Some((store, entry, case)) = followed else { return Ok(()) };
    let store = StoreId::new(store);
    changes.touch_transfer(&store, &order.store, EntryId::from_bytes(words::bytes16(&entry)?));
    if state == TransferState::Refused
        && let Some(case) = case
    {
        let case = CaseId::from_bytes(words::bytes16(&case)?);
        let note = format!("{} does not come", order.number);
        case_decisions::reopen(connection, changes, &store, case, &note, now)?;
    }
    Ok(())
}

fn is_withdrawn_already(connection: &Connection, transfer: &Transfer) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM transfer_withdrawal WHERE store = ?1 AND transfer = ?2")?
        .exists(params![transfer.to.as_str(), transfer.entry.as_bytes()])?)
}

/// The asking store needs it no more. What nobody has set aside yet is promised no more, and leaves the giving store's queue;
/// what lies in a bay there, or is on its way, comes, and the asking store is told.
pub fn withdraw(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    entry: EntryId,
) -> Result<(), StoreError> {
    let place = params![cause.store.as_str(), entry.as_bytes()];
    connection
        .prepare_cached("INSERT OR IGNORE INTO transfer_withdrawal (store, transfer) VALUES (?1, ?2)")?
        .execute(place)?;
    let Some(transfer) = find(connection, cause.store, entry)? else { return Ok(()) };
    if transfer.state.is_over() {
        return Ok(());
    }
    changes.touch_transfer(cause.store, &transfer.from, entry);
    if matches!(transfer.state, TransferState::SetAside | TransferState::Sent) {
        return Ok(());
    }
    connection
        .prepare_cached("UPDATE transfer SET state = ?3, customer = '' WHERE store = ?1 AND entry_id = ?2")?
        .execute(params![cause.store.as_str(), entry.as_bytes(), TransferState::Withdrawn.word()])?;
    if let Some(order) = transfer.order.filter(|_| transfer.state == TransferState::Requested) {
        let taken = StepTaken::at_central(&OrderStep::Cancelled, cause.now);
        orders::apply_step(connection, changes, &transfer.from, &order, taken, cause.now)?;
    }
    let Some(case) = transfer.case else { return Ok(()) };
    let note = format!("what was asked of {} was withdrawn", transfer.from_name);
    case_decisions::reopen(connection, changes, cause.store, case, &note, cause.now)
}

fn is_closed_already(connection: &Connection, transfer: &Transfer) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM transfer_receipt WHERE store = ?1 AND transfer = ?2")?
        .exists(params![transfer.to.as_str(), transfer.entry.as_bytes()])?)
}

/// A till says that so many have come. Goods come once: two tills that both say so before they have heard of each other say it of
/// the same ones, and what counts is the most that one of them says. They came when the first that took some in said so. Answers the movement
/// that takes back what is in the books twice, at the moment of the later, so that their sum is right in whatever order the tills
/// are heard, and so is what a count in between has seen.
pub fn receive(
    connection: &Connection,
    cause: &Cause<'_>,
    transfer: EntryId,
    product: &ProductId,
    received: Quantity,
) -> Result<Option<Dated>, StoreError> {
    let place = params![cause.store.as_str(), transfer.as_bytes(), product.as_str()];
    let before: Option<(i64, Option<i64>)> = connection
        .prepare_cached(
            "SELECT received, came_at FROM transfer_receipt WHERE store = ?1 AND transfer = ?2 AND product = ?3",
        )?
        .query_row(place, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let received = received.max(Quantity::ZERO);
    let (before, came_at) = before.unwrap_or((0, None));
    let came_at = came_at.filter(|_| before > 0).map(words::instant).transpose()?;
    // What was dated while central's clock was ahead came before whatever is heard of now.
    let came_at = came_at.filter(|at| *at <= till_clock::latest_known(cause.now)).unwrap_or(cause.moment);
    let is_first = received.is_positive() && cause.moment < came_at;
    connection
        .prepare_cached(
            "INSERT INTO transfer_receipt (store, transfer, product, received, came_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET received = MAX(received, excluded.received), came_at = excluded.came_at",
        )?
        .execute(params![
            cause.store.as_str(),
            transfer.as_bytes(),
            product.as_str(),
            received.thousandths(),
            micros(if is_first { cause.moment } else { came_at })
        ])?;
    let twice = received.min(Quantity::from_thousandths(before));
    let taken_back = || Movement {
        entry: cause.entry.id,
        product: product.clone(),
        quantity: -twice,
        reason: MovementReason::Transfer,
        at: cause.entry.recorded_at,
    };
    Ok(twice.is_positive().then(|| Dated { movement: taken_back(), moment: came_at.max(cause.moment) }))
}

/// The asking store has it, or has understood that it does not come. Answers what does not fit.
pub fn close(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    entry: EntryId,
    taken_back: Option<&Movement>,
) -> Result<Option<(OrderNumber, String)>, StoreError> {
    let Some(transfer) = find(connection, cause.store, entry)? else {
        let what = format!("store {} has asked for no such transfer", cause.store);
        return Ok(Some((OrderNumber::new(entry.to_string()), what)));
    };
    connection
        .prepare_cached("UPDATE transfer SET state = ?3, customer = '' WHERE store = ?1 AND entry_id = ?2")?
        .execute(params![cause.store.as_str(), entry.as_bytes(), TransferState::Closed.word()])?;
    changes.touch_transfer(cause.store, &transfer.from, entry);
    let twice = transfer.state == TransferState::Closed;
    let what = match taken_back {
        Some(movement) => format!(
            "{} of {} from {} were taken in at two tills, and count once: look whether they came once",
            -movement.quantity, movement.product, transfer.from_name
        ),
        None => format!("the transfer from {} was closed twice", transfer.from_name),
    };
    Ok(twice.then(|| (transfer.order.unwrap_or_else(|| OrderNumber::new(entry.to_string())), what)))
}

/// Of which products which stores have asked another, of these transfers: what is left there is told them together with what came
/// of it.
pub fn list_asked(
    connection: &Connection,
    touched: &BTreeSet<(StoreId, StoreId, EntryId)>,
) -> Result<Vec<(StoreId, ProductId)>, StoreError> {
    let mut asked = Vec::new();
    for (to, from, entry) in touched {
        let Some(transfer) = find(connection, to, *entry)? else { continue };
        if stock::list_other_stores(connection, from, &transfer.product)?.contains(to) {
            asked.push((to.clone(), transfer.product));
        }
    }
    Ok(asked)
}

/// The transfer that a feed names, by `store/entry`.
pub fn find_named(connection: &Connection, record: &str) -> Result<Option<Transfer>, StoreError> {
    let named = record.rsplit_once('/').and_then(|(store, entry)| Some((store, uuid::Uuid::parse_str(entry).ok()?)));
    let (store, entry) = named.ok_or_else(|| StoreError::Damaged(format!("{record:?} is no transfer")))?;
    find(connection, &StoreId::new(store), EntryId(entry))
}

/// A transfer of an asking store.
pub fn find(connection: &Connection, store: &StoreId, entry: EntryId) -> Result<Option<Transfer>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM transfer WHERE store = ?1 AND entry_id = ?2"))?;
    let mut rows = statement.query(params![store.as_str(), entry.as_bytes()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (to, from) = (StoreId::new(row.get::<_, String>(1)?), StoreId::new(row.get::<_, String>(4)?));
    let case: Option<Vec<u8>> = row.get(9)?;
    Ok(Some(Transfer {
        entry,
        product: ProductId::new(row.get::<_, String>(2)?),
        quantity: Quantity::from_thousandths(row.get(3)?),
        from_name: store_name(connection, &from)?,
        to_name: store_name(connection, &to)?,
        from,
        to,
        order: row.get::<_, Option<String>>(5)?.map(OrderNumber::new),
        state: TransferState::read(&row.get::<_, String>(6)?)?,
        asked_by: row.get(7)?,
        asked_at: words::instant(row.get(8)?)?,
        case: case.map(|bytes| words::bytes16(&bytes)).transpose()?.map(CaseId::from_bytes),
        for_order: row.get::<_, Option<String>>(10)?.map(OrderNumber::new),
        customer: row.get(11)?,
    }))
}

#[cfg(test)]
mod tests;
