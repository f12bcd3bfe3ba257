//! Conflict cases: opened by a sale that took a promised unit, closed by a decision or by the unit turning up.
//!
//! One order and one product have at most one open case: two tills that sell the last unit are two acts of one case.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::super::{CaseAct, CaseDecision, CaseFilter, CasePage, CaseRecord, StoreError};
use super::cause::Cause;
use super::feeds::Changes;
use super::words::{self, Word, micros};
use super::{orders, stock};
use crate::domain::Timestamp;
use crate::domain::conflict::{CaseState, ConflictCase, case_due, order_falling_short};
use crate::domain::ids::{CaseId, EntryId, OperatorId, OrderNumber, ProductId, StoreId, WorkstationId};
use crate::domain::quantity::Quantity;
use crate::domain::sale::SoldAnyway;
use crate::domain::stock::MovementReason;
use crate::domain::web_order::{OrderState, WebOrder};

/// Is nothing left to do in this state?
pub const fn is_settled(state: CaseState) -> bool {
    match state {
        CaseState::Open | CaseState::AwaitingDecision | CaseState::BackOrdered => false,
        CaseState::ReSourced | CaseState::Substituted | CaseState::CancelledAndRefunded | CaseState::FalseAlarm => true,
    }
}

/// A sale went through with a conflict the cashier was shown.
pub fn open_sold_anyway(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    sold: &SoldAnyway,
) -> Result<(), StoreError> {
    let order = orders::find_in_store(connection, cause.store, &sold.order)?;
    let owed: Quantity = order
        .as_ref()
        .map_or(Quantity::ZERO, |order| order.lines_of(&sold.product).map(|line| line.outstanding()).sum());
    let level = sold.facts.level;
    let note = format!(
        "sold anyway: on hand {}, held {}, promised {}, in the basket {}",
        level.on_hand, level.held, level.promised, sold.facts.basket
    );
    // What the till counted; it sold something all the same where that came to nothing.
    let counted = sold.facts.missing().max(Quantity::from_thousandths(1).min(sold.facts.basket));
    let missing = if order.is_some() { counted.min(owed) } else { counted };
    if missing.is_positive() {
        let (order, number) = (order.as_ref(), &sold.order);
        return open(
            connection,
            changes,
            cause,
            sold.case,
            &sold.product,
            order,
            number,
            missing,
            "sold_anyway",
            &note,
        );
    }
    let state = order.as_ref().map_or(OrderState::Cancelled, |order| order.state);
    open_settled(connection, changes, cause, sold, (counted, state), &note)
}

/// The order that was sold short needs nothing any more, which the till did not know: its case is closed as it is opened, so
/// that the till hears so.
fn open_settled(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    sold: &SoldAnyway,
    (quantity, order_state): (Quantity, OrderState),
    note: &str,
) -> Result<(), StoreError> {
    let (state, why) = match order_state {
        OrderState::Cancelled | OrderState::Lapsed | OrderState::PutBack => {
            (CaseState::CancelledAndRefunded, "the order wants it no more")
        }
        _ => (CaseState::FalseAlarm, "the customer has it already"),
    };
    let case = ConflictCase {
        case: find_free(connection, cause.store, sold.case, &sold.product, &sold.order)?,
        product: sold.product.clone(),
        order: sold.order.clone(),
        quantity,
        state: CaseState::Open,
        opened_at: cause.now,
        due_at: case_due(cause.now, None),
    };
    insert(connection, cause.store, &case)?;
    save_act(connection, cause.store, case.case, &act_of(cause, "sold_anyway", note))?;
    let act = act_by("central", state.word(), why, cause.now);
    close(connection, changes, cause.store, case.case, state, &act, cause.now)
}

/// The identity a new case gets: the till's, unless a case has had it. Two sales of one draft, in a till and in its copy, name
/// the same.
fn find_free(
    connection: &Connection,
    store: &StoreId,
    case: CaseId,
    product: &ProductId,
    order: &OrderNumber,
) -> Result<CaseId, StoreError> {
    let mut case = case;
    while find(connection, store, &case)?.is_some() {
        case = derive_case(EntryId(case.0), product, order);
    }
    Ok(case)
}

/// Judges a sale against the true order book: what it took that orders need, and no open case covers yet, opens one.
pub fn judge_sale(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    product: &ProductId,
    sold: Quantity,
) -> Result<(), StoreError> {
    let level = changes.level(connection, cause.store, product)?;
    if !level.promised.is_positive() {
        return Ok(());
    }
    // Not more than is promised: below zero the customer had a unit in hand that the books did not have.
    let missing = (level.promised - level.shelf()).min(level.promised);
    let covered = covered_quantity(connection, cause.store, product)?;
    let mut left = (missing - covered).min(sold);
    let mut concerned =
        if left.is_positive() { orders::list_concerned(connection, cause.store, product)? } else { Vec::new() };
    while left.is_positive() {
        let Some(order) = order_falling_short(&concerned, product).cloned() else { break };
        concerned.retain(|other| other.number != order.number);
        let known = find_open(connection, cause.store, &order.number, product)?;
        let covered = known.map_or(Quantity::ZERO, |(_, quantity)| quantity);
        let short = (order.promised_of(product) - covered).min(left);
        if !short.is_positive() {
            continue;
        }
        left = left - short;
        let case = known.map_or_else(|| derive_case(cause.entry.id, product, &order.number), |(case, _)| case);
        let note = format!(
            "found at central: on hand {}, held {}, promised {} after this sale of {sold}",
            level.on_hand, level.held, level.promised
        );
        orders::put_at_risk(connection, changes, cause.store, &order.number, cause.now)?;
        open(
            connection,
            changes,
            cause,
            case,
            product,
            Some(&order),
            &order.number,
            covered + short,
            "judged_at_central",
            &note,
        )?;
    }
    Ok(())
}

/// A case's identity that is the same whenever the same entry is judged again (UUIDv8, RFC 9562 section 5.8).
fn derive_case(entry: EntryId, product: &ProductId, order: &OrderNumber) -> CaseId {
    let mut hash = Sha256::new();
    hash.update(b"case");
    hash.update(entry.as_bytes());
    for text in [product.as_str(), order.as_str()] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    let digest = hash.finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    CaseId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// Opens a case, or adds the act to the one that is open for the same order and product.
#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
fn open(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    case: CaseId,
    product: &ProductId,
    order: Option<&WebOrder>,
    number: &OrderNumber,
    quantity: Quantity,
    act: &str,
    note: &str,
) -> Result<(), StoreError> {
    let case = match find_open(connection, cause.store, number, product)? {
        Some((known, before)) => {
            // The second till to sell the same unit does not make the order lack two.
            let owed = order.map_or(quantity, |order| order.lines_of(product).map(|line| line.outstanding()).sum());
            let grown = if act == "sold_anyway" { before + quantity } else { quantity };
            let missing = grown.min(owed).max(before);
            save_quantity(connection, cause.store, known, missing)?;
            known
        }
        None => {
            let due_at = case_due(cause.now, order.and_then(|order| order.collect_by));
            let case = find_free(connection, cause.store, case, product, number)?;
            let new = ConflictCase {
                case,
                product: product.clone(),
                order: number.clone(),
                quantity,
                state: CaseState::Open,
                opened_at: cause.now,
                due_at,
            };
            insert(connection, cause.store, &new)?;
            case
        }
    };
    changes.touch_case(cause.store, case);
    save_act(connection, cause.store, case, &act_of(cause, act, note))
}

/// Writes a new case; its store owns it.
pub(super) fn insert(connection: &Connection, store: &StoreId, case: &ConflictCase) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO conflict_case (store, case_id, product, number, quantity, state, owner, opened_at, due_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?1, ?7, ?8)",
        )?
        .execute(params![
            store.as_str(),
            case.case.as_bytes(),
            case.product.as_str(),
            case.order.as_str(),
            case.quantity.thousandths(),
            case.state.word(),
            micros(case.opened_at),
            micros(case.due_at)
        ])?;
    Ok(())
}

/// So many are missing now.
pub(super) fn save_quantity(
    connection: &Connection,
    store: &StoreId,
    case: CaseId,
    quantity: Quantity,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE conflict_case SET quantity = ?3 WHERE store = ?1 AND case_id = ?2")?
        .execute(params![store.as_str(), case.as_bytes(), quantity.thousandths()])?;
    Ok(())
}

/// What the people at a till did.
pub(super) fn act_of(cause: &Cause<'_>, act: &str, note: &str) -> CaseAct {
    let person = cause.entry.operator.as_ref().map(OperatorId::to_string);
    let (entry, workstation) = (Some(cause.entry.id), Some(cause.workstation.clone()));
    let (act, note, at) = (act.into(), note.into(), cause.entry.recorded_at);
    CaseAct { act, entry, workstation, person, approver: cause.approver.map(OperatorId::to_string), note, at }
}

/// What `person`, or central by itself, did.
pub(super) fn act_by(person: &str, act: &str, note: &str, now: Timestamp) -> CaseAct {
    let (act, person, note) = (act.into(), Some(person.into()), note.into());
    CaseAct { act, entry: None, workstation: None, person, approver: None, note, at: now }
}

/// Something was done about a case that leaves it as it stands. A case that central does not have is passed over: an
/// answer to the card that sold nothing opens none.
pub fn note(
    connection: &Connection,
    changes: &mut Changes,
    cause: &Cause<'_>,
    case: CaseId,
    act: &str,
    note: &str,
) -> Result<(), StoreError> {
    if find(connection, cause.store, &case)?.is_none() {
        return Ok(());
    }
    changes.touch_case(cause.store, case);
    save_act(connection, cause.store, case, &act_of(cause, act, note))
}

pub(super) fn save_act(
    connection: &Connection,
    store: &StoreId,
    case: CaseId,
    act: &CaseAct,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO case_act (store, case_id, position, act, entry_id, workstation, person, note, at, approver)
             VALUES (?1, ?2, (SELECT COUNT(*) FROM case_act WHERE store = ?1 AND case_id = ?2), ?3, ?4, ?5, ?6, ?7, ?8,
                 ?9)",
        )?
        .execute(params![
            store.as_str(),
            case.as_bytes(),
            act.act,
            act.entry.as_ref().map(|entry| entry.as_bytes().as_slice()),
            act.workstation.as_ref().map(WorkstationId::as_str),
            act.person,
            act.note,
            micros(act.at),
            act.approver
        ])?;
    Ok(())
}

/// The open case of an order and a product, with how many are missing.
pub(super) fn find_open(
    connection: &Connection,
    store: &StoreId,
    number: &OrderNumber,
    product: &ProductId,
) -> Result<Option<(CaseId, Quantity)>, StoreError> {
    let found: Option<(Vec<u8>, i64)> = connection
        .prepare_cached(
            "SELECT case_id, quantity FROM conflict_case
             WHERE store = ?1 AND number = ?2 AND product = ?3 AND closed_at IS NULL",
        )?
        .query_row(params![store.as_str(), number.as_str(), product.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(case, quantity)| Ok((CaseId::from_bytes(words::bytes16(&case)?), Quantity::from_thousandths(quantity))))
        .transpose()
}

/// How many missing units somebody sees to: those of open cases, and those another store has been asked for.
fn covered_quantity(connection: &Connection, store: &StoreId, product: &ProductId) -> Result<Quantity, StoreError> {
    let open: i64 = connection
        .prepare_cached(
            "SELECT COALESCE(SUM(quantity), 0) FROM conflict_case
             WHERE store = ?1 AND product = ?2 AND closed_at IS NULL",
        )?
        .query_row(params![store.as_str(), product.as_str()], |row| row.get(0))?;
    Ok(Quantity::from_thousandths(open) + awaited_quantity(connection, store, product)?)
}

/// How many missing units another store has been asked for that have not come yet.
pub(super) fn awaited_quantity(
    connection: &Connection,
    store: &StoreId,
    product: &ProductId,
) -> Result<Quantity, StoreError> {
    let awaited: i64 = connection
        .prepare_cached(
            "SELECT COALESCE(SUM(t.quantity), 0) FROM transfer t
             JOIN conflict_case c ON c.store = t.store AND c.case_id = t.case_id AND c.state = 're_sourced'
             WHERE t.store = ?1 AND t.product = ?2 AND t.state IN ('requested', 'set_aside', 'sent')",
        )?
        .query_row(params![store.as_str(), product.as_str()], |row| row.get(0))?;
    Ok(Quantity::from_thousandths(awaited))
}

/// The open cases of a product, the oldest first.
pub(super) fn list_open_of(
    connection: &Connection,
    store: &StoreId,
    product: &ProductId,
) -> Result<Vec<ConflictCase>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT case_id, product, number, quantity, state, opened_at, due_at
         FROM conflict_case WHERE store = ?1 AND product = ?2 AND closed_at IS NULL ORDER BY opened_at, case_id",
    )?;
    let mut rows = statement.query(params![store.as_str(), product.as_str()])?;
    let mut cases = Vec::new();
    while let Some(row) = rows.next()? {
        cases.push(case_of_row(row)?);
    }
    Ok(cases)
}

/// Closes the open case of an order about a product, when there is one.
pub fn close_of_order(
    connection: &Connection,
    changes: &mut Changes,
    order: &WebOrder,
    product: &ProductId,
    (state, note): (CaseState, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    match find_open(connection, &order.store, &order.number, product)? {
        Some((case, _)) => {
            let act = act_by("central", state.word(), note, now);
            close(connection, changes, &order.store, case, state, &act, now)
        }
        None => Ok(()),
    }
}

/// Stock was counted or came in: cases whose unit is there now close by themselves.
pub fn settle_by_stock(
    connection: &Connection,
    changes: &mut Changes,
    store: &StoreId,
    product: &ProductId,
    reason: MovementReason,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (state, note) = match reason {
        MovementReason::Adjustment | MovementReason::Opening | MovementReason::Return => {
            (CaseState::FalseAlarm, "the books show the unit after a count or a return")
        }
        MovementReason::Receipt | MovementReason::Transfer => (CaseState::ReSourced, "new stock came in"),
        MovementReason::Sale | MovementReason::HandOver | MovementReason::Dispatch => return Ok(()),
    };
    settle_by_shelf(connection, changes, store, product, (state, note), now)
}

/// Closes the cases of a product that the shelf has a unit for.
pub(super) fn settle_by_shelf(
    connection: &Connection,
    changes: &mut Changes,
    store: &StoreId,
    product: &ProductId,
    (state, note): (CaseState, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    let level = changes.level(connection, store, product)?;
    let mut statement = connection.prepare_cached(
        "SELECT case_id, quantity FROM conflict_case
         WHERE store = ?1 AND product = ?2 AND closed_at IS NULL ORDER BY opened_at DESC",
    )?;
    let mut rows = statement.query(params![store.as_str(), product.as_str()])?;
    // A unit that came in serves the oldest case: what is still short stays with the newest.
    let mut short = level.promised - level.shelf();
    let mut to_close: Vec<CaseId> = Vec::new();
    while let Some(row) = rows.next()? {
        if short.is_positive() {
            short = short - Quantity::from_thousandths(row.get(1)?);
        } else {
            to_close.push(CaseId::from_bytes(words::bytes16(&row.get::<_, Vec<u8>>(0)?)?));
        }
    }
    for case in to_close {
        close(connection, changes, store, case, state, &act_by("central", state.word(), note, now), now)?;
    }
    Ok(())
}

/// Brings a case to a state; one that leaves nothing to do settles it.
pub fn close(
    connection: &Connection,
    changes: &mut Changes,
    store: &StoreId,
    case: CaseId,
    state: CaseState,
    act: &CaseAct,
    now: Timestamp,
) -> Result<(), StoreError> {
    let closed_at = is_settled(state).then(|| micros(now));
    connection
        .prepare_cached("UPDATE conflict_case SET state = ?3, closed_at = ?4 WHERE store = ?1 AND case_id = ?2")?
        .execute(params![store.as_str(), case.as_bytes(), state.word(), closed_at])?;
    changes.touch_case(store, case);
    save_act(connection, store, case, act)?;
    if is_settled(state) { clear_risk(connection, changes, store, case, now) } else { Ok(()) }
}

/// An order none of whose cases is open is no longer at risk.
fn clear_risk(
    connection: &Connection,
    changes: &mut Changes,
    store: &StoreId,
    case: CaseId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let number: String = connection
        .prepare_cached("SELECT number FROM conflict_case WHERE store = ?1 AND case_id = ?2")?
        .query_row(params![store.as_str(), case.as_bytes()], |row| row.get(0))?;
    let others = connection
        .prepare_cached("SELECT 1 FROM conflict_case WHERE store = ?1 AND number = ?2 AND closed_at IS NULL LIMIT 1")?
        .exists(params![store.as_str(), number])?;
    let Some(before) = orders::find_in_store(connection, store, &OrderNumber::new(number))? else { return Ok(()) };
    if others || !before.at_risk {
        return Ok(());
    }
    let after = WebOrder { at_risk: false, ..before.clone() };
    orders::save(connection, changes, &before, &after, now)
}

/// Head office or staff decide.
pub fn decide(
    connection: &Connection,
    changes: &mut Changes,
    decision: &CaseDecision,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some((_, settled)) = find(connection, &decision.store, &decision.case)? else {
        return Err(StoreError::NotFound(format!("case {}", decision.case)));
    };
    if settled {
        return Err(StoreError::Refused(format!("case {} is settled already", decision.case)));
    }
    if let Some(owner) = &decision.owner {
        connection
            .prepare_cached("UPDATE conflict_case SET owner = ?3 WHERE store = ?1 AND case_id = ?2")?
            .execute(params![decision.store.as_str(), decision.case.as_bytes(), owner])?;
    }
    let CaseDecision { store, case, state, person, note, .. } = decision;
    close(connection, changes, store, *case, *state, &act_by(person, state.word(), note, now), now)
}

/// A case as tills see it, and whether it is settled.
pub fn find(
    connection: &Connection,
    store: &StoreId,
    case: &CaseId,
) -> Result<Option<(ConflictCase, bool)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT case_id, product, number, quantity, state, opened_at, due_at, closed_at IS NOT NULL
         FROM conflict_case WHERE store = ?1 AND case_id = ?2",
    )?;
    let mut rows = statement.query(params![store.as_str(), case.as_bytes()])?;
    rows.next()?.map(|row| Ok((case_of_row(row)?, row.get(7)?))).transpose()
}

fn case_of_row(row: &rusqlite::Row<'_>) -> Result<ConflictCase, StoreError> {
    Ok(ConflictCase {
        case: CaseId::from_bytes(words::bytes16(&row.get::<_, Vec<u8>>(0)?)?),
        product: ProductId::new(row.get::<_, String>(1)?),
        order: OrderNumber::new(row.get::<_, String>(2)?),
        quantity: Quantity::from_thousandths(row.get(3)?),
        state: CaseState::read(&row.get::<_, String>(4)?)?,
        opened_at: words::instant(row.get(5)?)?,
        due_at: words::instant(row.get(6)?)?,
    })
}

/// Cases with everything that was done, the most urgent first.
pub fn list(connection: &Connection, page: &CasePage) -> Result<Vec<CaseRecord>, StoreError> {
    let open = if page.which == CaseFilter::Open { "closed_at IS NULL AND " } else { "" };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT case_id, product, number, quantity, state, opened_at, due_at, closed_at, store, owner
         FROM conflict_case WHERE {open} (due_at, case_id) > (?1, ?2) ORDER BY due_at, case_id LIMIT ?3"
    ))?;
    let (due_at, case): (i64, &[u8]) =
        page.after.as_ref().map_or((i64::MIN, &[]), |(due_at, case)| (micros(*due_at), case.as_bytes().as_slice()));
    let mut rows = statement.query(params![due_at, case, page.cases_max as i64])?;
    let mut cases = Vec::new();
    while let Some(row) = rows.next()? {
        let case = case_of_row(row)?;
        let store = StoreId::new(row.get::<_, String>(8)?);
        let closed_at: Option<i64> = row.get(7)?;
        cases.push(CaseRecord {
            owner: row.get(9)?,
            closed_at: closed_at.map(words::instant).transpose()?,
            acts: list_acts(connection, &store, case.case)?,
            proposals: if closed_at.is_none() {
                stock::list_elsewhere(connection, &store, &case.product)?
            } else {
                Vec::new()
            },
            store,
            case,
        });
    }
    Ok(cases)
}

fn list_acts(connection: &Connection, store: &StoreId, case: CaseId) -> Result<Vec<CaseAct>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT act, entry_id, workstation, person, note, at, approver FROM case_act
         WHERE store = ?1 AND case_id = ?2 ORDER BY position",
    )?;
    let mut rows = statement.query(params![store.as_str(), case.as_bytes()])?;
    let mut acts = Vec::new();
    while let Some(row) = rows.next()? {
        let entry: Option<Vec<u8>> = row.get(1)?;
        acts.push(CaseAct {
            act: row.get(0)?,
            entry: entry.map(|bytes| words::bytes16(&bytes)).transpose()?.map(EntryId::from_bytes),
            workstation: row.get::<_, Option<String>>(2)?.map(WorkstationId::new),
            person: row.get(3)?,
            note: row.get(4)?,
            at: words::instant(row.get(5)?)?,
            approver: row.get(6)?,
        });
    }
    Ok(acts)
}
