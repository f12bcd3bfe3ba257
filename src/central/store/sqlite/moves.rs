//! A pick-up order that its sender moves to another store: out of the first store's books and feed and into the second's, in
//! one transaction.
//!
//! What the first store had picked already is on no shelf: it stays there as an order of its own that nobody can collect and
//! that says so, `W-10231-B1`, until somebody puts it back.

use rusqlite::{Connection, params};

use super::super::{Refusal, StoreError, StoreKind};
use super::feeds::Changes;
use super::transfers;
use super::{cases, codes, company, orders, stock};
use crate::domain::Timestamp;
use crate::domain::conflict::CaseState;
use crate::domain::ids::{ChannelId, OrderNumber, StoreId};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{Fulfilment, OrderState, WebOrder};

/// Why an order cannot move there; nothing when it can. What lies ready in its bay was announced to its customer, and stays.
pub fn find_refusal(connection: &Connection, order: &WebOrder, to: &StoreId) -> Result<Option<Refusal>, StoreError> {
    let is_shop = company::find_store(connection, to)?.is_some_and(|store| store.kind == StoreKind::Shop);
    if order.fulfilment != Fulfilment::PickUp || !is_shop {
        return Ok(Some(Refusal::OtherStore(order.store.clone())));
    }
    Ok(match order.state {
        OrderState::Received | OrderState::Picking | OrderState::Short => None,
        state if state.is_unfulfilled() => {
            Some(Refusal::Settled { order: order.number.clone(), store: order.store.clone(), state })
        }
        // What is over is told as every change of it is.
        _ => None,
    })
}

/// Moves an order with everything its change wants. `before` is as it stands in the first store, `wanted` as it shall be.
pub fn move_order(
    connection: &Connection,
    changes: &mut Changes,
    before: &WebOrder,
    wanted: WebOrder,
    to: &StoreId,
    code_seed: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let from = &before.store;
    for product in stock::products_of(before) {
        let settled = (CaseState::ReSourced, "the order is collected in another store");
        cases::close_of_order(connection, changes, before, product, settled, now)?;
    }
    // The first store holds and owes nothing for it any more.
    let gone = WebOrder { state: OrderState::PutBack, ..before.clone() };
    stock::shift_reserved(connection, changes, Some(before), &gone)?;
    leave_picked(connection, changes, before, to, now)?;
    let collection_code = codes::keep_or_make_code(connection, to, &before.collection_code, code_seed)?;
    connection
        .prepare_cached("UPDATE web_order SET store = ?3, collection_code = ?4 WHERE store = ?1 AND number = ?2")?
        .execute(params![from.as_str(), before.number.as_str(), to.as_str(), collection_code])?;
    connection
        .prepare_cached("UPDATE order_line SET store = ?3 WHERE store = ?1 AND number = ?2")?
        .execute(params![from.as_str(), before.number.as_str(), to.as_str()])?;
    changes.touch_order(from, &before.number, &before.channel);
    for product in stock::products_of(before) {
        let settled = (CaseState::ReSourced, "the unit that another order needed no more");
        cases::settle_by_shelf(connection, changes, from, product, settled, now)?;
    }
    let nothing_there = WebOrder { store: to.clone(), ..gone };
    let mut after = WebOrder {
        store: to.clone(),
        collection_code,
        state: OrderState::Received,
        bay: None,
        picker: None,
        at_risk: false,
        // What was done in the first store is nothing to the second.
        history: Vec::new(),
        ..wanted
    };
    for line in &mut after.lines {
        line.picked = Quantity::ZERO;
        line.short = Quantity::ZERO;
        // What the first store gave up as not to be found may well be in the second.
        line.cancelled = Quantity::ZERO;
    }
    orders::save(connection, changes, &nothing_there, &after, now)
}

/// What was picked waits in the first store to be put back.
fn leave_picked(
    connection: &Connection,
    changes: &mut Changes,
    before: &WebOrder,
    to: &StoreId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut lines: Vec<_> = before.lines.iter().filter(|line| line.held().is_positive()).cloned().collect();
    let Some(currency) = lines.first().map(|line| line.unit_price.currency()) else { return Ok(()) };
    for line in &mut lines {
        line.ordered = Quantity::ZERO;
        line.cancelled = Quantity::ZERO;
        line.short = Quantity::ZERO;
    }
    let to_name = company::find_store(connection, to)?.map_or_else(|| to.to_string(), |store| store.settings.name);
    let left = WebOrder {
        number: number_of_left(connection, &before.number)?,
        channel: ChannelId::new(transfers::CHANNEL),
        customer_name: format!("{} → {to_name}", before.number),
        customer_phone: None,
        paid: true,
        collect_by: Some(now),
        collection_code: String::new(),
        state: OrderState::Lapsed,
        picker: None,
        at_risk: false,
        owed_back: None,
        lines,
        unmatched: Vec::new(),
        notes: String::new(),
        ..before.clone()
    };
    let key = orders::SenderKey {
        sender: before.store.as_str(),
        buyer: left.number.as_str(),
        content: &[],
        customer: None,
        is_held: false,
    };
    orders::insert(connection, &left, &key, currency, now)?;
    stock::shift_reserved(connection, changes, None, &left)?;
    changes.touch_order(&left.store, &left.number, &left.channel);
    Ok(())
}

fn number_of_left(connection: &Connection, number: &OrderNumber) -> Result<OrderNumber, StoreError> {
    let mut taken = connection.prepare_cached("SELECT 1 FROM web_order WHERE number = ?1")?;
    for attempt in 1..1000 {
        let name = format!("{number}-B{attempt}");
        if !taken.exists([&name])? {
            return Ok(OrderNumber::new(name));
        }
    }
    Err(StoreError::Refused(format!("order {number} has moved too often")))
}
