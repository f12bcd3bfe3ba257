//! What a change of an order does to conflict cases: the case about it closes by itself when its unit turned up or is wanted no
//! more, and the risk passes on to the order that lacks the unit now.

use rusqlite::Connection;

use super::super::StoreError;
use super::cases::{self, act_by};
use super::feeds::Changes;
use super::words::Word;
use super::{orders, stock};
use crate::domain::Timestamp;
use crate::domain::conflict::{
    CaseState, ConflictCase, PassedOn, Served, case_due, case_passed_on, plan_passing, served,
};
use crate::domain::ids::{CaseId, OrderNumber, ProductId, StoreId};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{OrderState, WebOrder};

/// An order has changed, and so have its store's figures: the cases of its products follow.
pub fn settle_by_order(
    connection: &Connection,
    changes: &mut Changes,
    before: &WebOrder,
    after: &WebOrder,
    now: Timestamp,
) -> Result<(), StoreError> {
    for product in stock::products_of(after) {
        if let Some((case, quantity)) = cases::find_open(connection, &after.store, &after.number, product)? {
            match served(quantity, product, before, after) {
                Served::Not => {}
                Served::WantsNoMore => {
                    let (state, note) = (CaseState::CancelledAndRefunded, why_wanted_no_more(before, after, product));
                    let act = act_by("central", state.word(), note, now);
                    cases::close(connection, changes, &after.store, case, state, &act, now)?;
                }
                Served::By(units) => serve(connection, changes, after, product, (case, quantity, units), now)?,
            }
        }
        if gives_back(before, after, product) {
            let settled = (CaseState::ReSourced, "the unit that another order needed no more");
            cases::settle_by_shelf(connection, changes, &after.store, product, settled, now)?;
        }
    }
    Ok(())
}

fn why_wanted_no_more(before: &WebOrder, after: &WebOrder, product: &ProductId) -> &'static str {
    let ordered = |order: &WebOrder| order.lines_of(product).map(|line| line.ordered).sum::<Quantity>();
    match after.state {
        OrderState::Cancelled => "the order was cancelled",
        OrderState::PutBack => "the order was put back",
        _ if ordered(after) < ordered(before) => "the order was changed and wants less",
        _ => "the unit was given up as not to be found",
    }
}

/// Does the order need or hold less than before, and its customer has no more?
fn gives_back(before: &WebOrder, after: &WebOrder, product: &ProductId) -> bool {
    let reserved = |order: &WebOrder| order.held_of(product) + order.promised_of(product);
    let given = |order: &WebOrder| order.lines_of(product).map(|line| line.handed_over).sum::<Quantity>();
    reserved(after) < reserved(before) && given(after) == given(before)
}

/// Units that a case says are missing were picked or handed over. Were they there for this order only, the risk passes on.
fn serve(
    connection: &Connection,
    changes: &mut Changes,
    order: &WebOrder,
    product: &ProductId,
    (case, quantity, units): (CaseId, Quantity, Quantity),
    now: Timestamp,
) -> Result<(), StoreError> {
    let store = &order.store;
    let level = changes.level(connection, store, product)?;
    let standing = cases::list_open_of(connection, store, product)?;
    let serving = |known: &ConflictCase| if known.case == case { units } else { Quantity::ZERO };
    let standing: Vec<(&ConflictCase, Quantity)> = standing.iter().map(|known| (known, serving(known))).collect();
    let concerned = orders::list_concerned(connection, store, product)?;
    let awaited = cases::awaited_quantity(connection, store, product)?;
    let passed = plan_passing(&level, &concerned, product, &standing, awaited);
    let others: Vec<&str> = passed.iter().map(|passed| passed.order.as_str()).collect();
    let others = others.join(", ");
    if units >= quantity {
        let found = if order.promised_of(product).is_zero() && !order.held_of(product).is_zero() {
            "the unit was found and picked"
        } else {
            "the order was handed over: the unit was there"
        };
        let (state, note) = match passed.is_empty() {
            true => (CaseState::FalseAlarm, found.to_owned()),
            false => (CaseState::ReSourced, format!("served with the last unit: {others} falls short instead")),
        };
        cases::close(connection, changes, store, case, state, &act_by("central", state.word(), &note, now), now)?;
    } else {
        cases::save_quantity(connection, store, case, quantity - units)?;
        changes.touch_case(store, case);
        let note = match passed.is_empty() {
            true => format!("{units} found and picked"),
            false => format!("{units} picked: {others} falls short instead"),
        };
        cases::save_act(connection, store, case, &act_by("central", "served_in_part", &note, now))?;
    }
    passed.iter().try_for_each(|passed| pass_on(connection, changes, store, product, &order.number, passed, now))
}

/// The order that lacks the unit now is at risk, and its case says so.
fn pass_on(
    connection: &Connection,
    changes: &mut Changes,
    store: &StoreId,
    product: &ProductId,
    served: &OrderNumber,
    passed: &PassedOn,
    now: Timestamp,
) -> Result<(), StoreError> {
    let PassedOn { from, order, quantity } = passed;
    let folded = orders::put_at_risk(connection, changes, store, order, now)?;
    let case = match cases::find_open(connection, store, order, product)? {
        Some((known, before)) => {
            cases::save_quantity(connection, store, known, before + *quantity)?;
            known
        }
        None => {
            let mut case = case_passed_on(*from, order);
            // The same two orders may have changed places before.
            while cases::find(connection, store, &case)?.is_some() {
                case = case_passed_on(case, order);
            }
            let collect_by = folded.and_then(|(_, after)| after.collect_by);
            let new = ConflictCase {
                case,
                product: product.clone(),
                order: order.clone(),
                quantity: *quantity,
                state: CaseState::Open,
                opened_at: now,
                due_at: case_due(now, collect_by),
            };
            cases::insert(connection, store, &new)?;
            case
        }
    };
    changes.touch_case(store, case);
    let note = format!("{quantity}: {served} was served with what was there");
    cases::save_act(connection, store, case, &act_by("central", "passed_on", &note, now))
}

#[cfg(test)]
mod tests;
