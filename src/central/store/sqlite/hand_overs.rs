//! Steps of the tills on web orders, folded into the order wherever it is; and the money of a hand-over, held against what the
//! order owed, then and when its sender says afterwards what was received.
//!
//! A till that was out of reach hands over an order that its sender has moved to another store meanwhile, or charges one that
//! was paid online: the goods and the money have changed hands, and the books follow, with a finding for head office and,
//! for money taken twice, a task at the store.

use rusqlite::{Connection, params};

use super::super::{FindingKind, StoreError};
use super::cause::Cause;
use super::feeds::Changes;
use super::{case_orders, findings, numbers, orders};
use crate::domain::basket::{BasketLine, TakenFor, taken_for};
use crate::domain::event::Event;
use crate::domain::ids::{OrderNumber, StoreId};
use crate::domain::money::{self, Money};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{LineQuantity, OrderState, OrderStep, StepTaken, WebOrder};

/// Folds one step of an entry. Answers what does not fit, in words.
pub fn fold(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    number: &OrderNumber,
    step: &OrderStep,
) -> Result<Vec<String>, StoreError> {
    let mut odd = Vec::new();
    let store = match find_meant(connection, cause.store, number, step)? {
        Found::Here => cause.store.clone(),
        Found::Elsewhere(other) => {
            odd.push(format!("it is an order of store {other} by now, and was handed over in store {}", cause.store));
            other
        }
        Found::Nowhere { known } => {
            if !known {
                numbers::note_lost(connection, number)?;
            }
            return Ok(vec![format!("store {} has no such order", cause.store)]);
        }
    };
    let taken = StepTaken::at_till(cause.entry, step, cause.workstation);
    let (folded, anomalies) = orders::apply_step(connection, changes, &store, number, taken, cause.now)?;
    odd.extend(anomalies);
    let Some((before, after)) = folded else { return Ok(odd) };
    case_orders::settle_by_order(connection, changes, &before, &after, cause.now)?;
    if let OrderStep::HandedOver { lines, .. } = step {
        if store != *cause.store {
            take_from_left(connection, changes, cause, number, lines)?;
        }
        settle_money(connection, changes, cause, &before, &after, lines)?;
    }
    Ok(odd)
}

enum Found {
    Here,
    Elsewhere(StoreId),
    Nowhere { known: bool },
}

/// Whose order it is now. In another store only what has left the shop counts: a number is one order in the whole company.
fn find_meant(
    connection: &Connection,
    store: &StoreId,
    number: &OrderNumber,
    step: &OrderStep,
) -> Result<Found, StoreError> {
    if orders::find_in_store(connection, store, number)?.is_some() {
        return Ok(Found::Here);
    }
    let elsewhere = orders::find(connection, number)?;
    Ok(match (elsewhere, step) {
        (Some(order), OrderStep::HandedOver { .. }) => Found::Elsewhere(order.store),
        (order, _) => Found::Nowhere { known: order.is_some() },
    })
}

/// What had been picked before the order moved away was left to be put back: what the customer has is on its way nowhere.
fn take_from_left(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    number: &OrderNumber,
    lines: &[LineQuantity],
) -> Result<(), StoreError> {
    let named: Vec<String> = connection
        .prepare_cached(
            "SELECT number FROM web_order WHERE store = ?1 AND unfulfilled = 1 AND number > ?2 AND number < ?3",
        )?
        // Whatever begins with it.
        .query_map(params![cause.store.as_str(), format!("{number}-B"), format!("{number}-C")], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut gone: Vec<LineQuantity> = lines.to_vec();
    for left in named.into_iter().map(OrderNumber::new) {
        for what in &mut gone {
            let order = orders::get_in_store(connection, cause.store, &left)?;
            let held = order.line(what.line).map_or(Quantity::ZERO, |line| line.held());
            let quantity = held.min(what.quantity);
            if quantity.is_positive() {
                what.quantity = what.quantity - quantity;
                let step = OrderStep::PickUndone { what: LineQuantity { line: what.line, quantity } };
                let taken = StepTaken::at_till(cause.entry, &step, cause.workstation);
                orders::apply_step(connection, changes, cause.store, &left, taken, cause.now)?;
            }
        }
        let order = orders::get_in_store(connection, cause.store, &left)?;
        if order.lines.iter().all(|line| line.held().is_zero()) {
            let taken = StepTaken::at_till(cause.entry, &OrderStep::PutBack, cause.workstation);
            orders::apply_step(connection, changes, cause.store, &left, taken, cause.now)?;
        }
    }
    Ok(())
}

/// Holds what was taken against what was owed. An order whose last unit was paid for at a till is paid.
fn settle_money(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    before: &WebOrder,
    after: &WebOrder,
    lines: &[LineQuantity],
) -> Result<(), StoreError> {
    let note = |what: &str| {
        let (store, entry) = (cause.store, cause.entry.id);
        findings::save(connection, store, entry, FindingKind::Money, Some(&before.number), what, cause.now)
    };
    // The money of an order that was cancelled has gone back to its customer, whatever it says of being paid.
    let comparable = before.state != OrderState::Cancelled;
    let Event::SaleCompleted(sale) = &cause.entry.event else {
        if let Some(owed) = owed_of(before, lines).filter(|owed| comparable && owed.minor() > 0) {
            note(&format!("handed over as paid, and {owed} was still owed"))?;
        }
        return Ok(());
    };
    let mut settled = after.clone();
    settled.paid |= after.state == OrderState::HandedOver;
    let taken = taken_for(&sale.lines, before).filter(|_| comparable);
    if let Some(taken) = &taken {
        note_taken(connection, after, taken)?;
    }
    match taken.map(|taken| taken.beyond()).filter(|beyond| !beyond.is_zero()) {
        Some(beyond) if beyond.is_negative() => {
            note(&format!("{} less was taken at the till than was owed: {}", -beyond, words(&sale.lines, before)))?;
        }
        Some(beyond) => {
            note(&format!("{beyond} is to be given back: {}", words(&sale.lines, before)))?;
            owe_back(&mut settled, beyond);
        }
        None => {}
    }
    orders::save(connection, changes, after, &settled, cause.now)
}

fn owe_back(order: &mut WebOrder, more: Money) {
    let sum = order.owed_back.unwrap_or(Money::zero(more.currency())).checked_add(more);
    order.owed_back = sum.or(order.owed_back);
}

/// Keeps what tills have taken of what an order owed. What was taken beyond that is a finding of its own.
fn note_taken(connection: &Connection, order: &WebOrder, taken: &TakenFor) -> Result<(), StoreError> {
    let nothing = Money::zero(taken.owed.currency());
    let beyond = taken.beyond().max(nothing);
    let [in_full, taken] = [taken.in_full, taken.taken].map(|sum| (sum - beyond).max(nothing).minor());
    connection
        .prepare_cached(
            "UPDATE web_order SET taken_in_full_minor = taken_in_full_minor + ?3, taken_minor = taken_minor + ?4
             WHERE store = ?1 AND number = ?2",
        )?
        .execute(params![order.store.as_str(), order.number.as_str(), in_full, taken])?;
    Ok(())
}

/// Holds what tills have taken for what was collected against what the sender now says was received: of an order that was
/// paid online after a part of it was paid for at the counter, that part was paid twice. Answers what is odd, in words.
pub fn settle_received(
    connection: &Connection,
    before: &WebOrder,
    after: &mut WebOrder,
) -> Result<Option<String>, StoreError> {
    let Some(currency) = after.currency().filter(|_| (before.paid, before.prepaid) != (after.paid, after.prepaid))
    else {
        return Ok(None);
    };
    let [in_full, taken] = connection
        .prepare_cached("SELECT taken_in_full_minor, taken_minor FROM web_order WHERE store = ?1 AND number = ?2")?
        .query_row([before.store.as_str(), before.number.as_str()], |row| Ok([row.get(0)?, row.get(1)?]))?
        .map(|minor: i64| Money::new(minor, currency));
    // With the lines as they are now: what they cost is another matter than what was received.
    let said_before = WebOrder { paid: before.paid, prepaid: before.prepaid, ..after.clone() };
    let twice = |order: &WebOrder| order.taken_twice(in_full, taken);
    let Some((before, now)) = twice(&said_before).zip(twice(after)) else { return Ok(None) };
    let beyond = now - before;
    if beyond.is_negative() {
        let left = after.owed_back.unwrap_or(Money::zero(currency)) + beyond;
        after.owed_back = Some(left).filter(|left| left.minor() > 0);
        let given = -left.min(Money::zero(currency));
        let words = || format!("{given} was given back, and the order says now that it was not paid");
        return Ok((!given.is_zero()).then(words));
    }
    if beyond.is_zero() {
        return Ok(None);
    }
    owe_back(after, beyond);
    Ok(Some(format!(
        "{beyond} is to be given back: {taken} was taken at the till for what was collected before it was paid"
    )))
}

/// What was still owed for these units.
fn owed_of(order: &WebOrder, lines: &[LineQuantity]) -> Option<Money> {
    let owed = |what: &&LineQuantity| order.line(what.line).is_some_and(|line| what.quantity <= line.outstanding());
    let due = order.due_of(&lines.iter().filter(owed).cloned().collect::<Vec<_>>())?;
    Some(money::sum(order.currency()?, due.iter().map(|due| due.due())))
}

/// What was taken, of an order that stood how.
fn words(lines: &[BasketLine], order: &WebOrder) -> String {
    let of_order = |line: &&BasketLine| line.hand_over.as_ref().is_some_and(|to| to.order == order.number);
    let taken: Vec<&BasketLine> = lines.iter().filter(of_order).collect();
    let Some(currency) = taken.first().map(|line| line.amount.currency()) else { return String::new() };
    let sum = money::sum(currency, taken.iter().map(|line| line.to_pay()));
    match order.paid {
        true => format!("{sum} was taken at the till, and the order was paid"),
        false => format!("{sum} was taken at the till, and the order had been changed"),
    }
}

#[cfg(test)]
mod tests;
