//! Web orders: taken from intake, folded by the tills' steps through `WebOrder::apply`, never by rules of their own.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::{
    Cursor, DocumentKind, Feed, KeptReader, OrderFilter, OrderSubmission, Refusal, StoreError, SubmitOutcome,
};
use super::feeds::{self, Changes, Lives};
use super::words::{self, Word, micros};
use super::{addresses, codes, company, documents, forgetting, held, numbers, stock, transfers};
use crate::domain::Timestamp;
use crate::domain::ids::{ChannelId, CustomerId, OperatorId, OrderNumber, ProductId, StoreId};
use crate::domain::money::{Currency, Money};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{
    Dispatch, Fulfilment, OrderLine, OrderState, OrderStep, StepTaken, WebOrder, forget_collectors, remember,
};
use crate::wire;

const COLUMNS: &str = "number, channel, reference, store, fulfilment, customer_name, customer_phone, paid, ordered_at,
    collect_by, collection_code, state, bay, picker, at_risk, currency, carrier, tracking, unmatched, notes,
    prepaid_minor, owed_back_minor, history";

/// Takes an order, or says that it was taken before. One for more than is free is taken: it is sold already, and `free` says so
/// from then on. No case opens: nothing that was promised has been taken.
// Size: one transaction, read from top to bottom.
pub fn submit(
    connection: &Connection,
    changes: &mut Changes,
    order: &OrderSubmission,
    reader: Option<&KeptReader>,
    code_seed: u64,
    now: Timestamp,
) -> Result<SubmitOutcome, StoreError> {
    let before: Option<(String, String, Vec<u8>)> = connection
        .prepare_cached(
            "SELECT store, number, content FROM web_order
             WHERE channel = ?1 AND sender = ?2 AND buyer IN (?3, ?5) AND reference = ?4",
        )?
        .query_row(
            params![
                order.channel.as_str(),
                order.sender,
                order.buyer,
                order.reference,
                forgetting::stand_in(&order.buyer)
            ],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    if let Some((store, number, content)) = before {
        let number = OrderNumber::new(number);
        if content != order.content && !documents::is_same(connection, &number, order, reader)? {
            return Ok(SubmitOutcome::Refused(Refusal::Conflict(number)));
        }
        let known = get_in_store(connection, &StoreId::new(store), &number)?;
        return Ok(SubmitOutcome::Duplicate(Box::new(known)));
    }
    let Some(store) = choose_store(connection, changes, order)? else {
        return Ok(SubmitOutcome::Refused(Refusal::NoStore));
    };
    let settings = company::find_store(connection, &store)?
        .ok_or_else(|| StoreError::NotFound(format!("store {store}")))?
        .settings;
    let collection_code = match order.fulfilment {
        Fulfilment::PickUp => codes::free_code(connection, &store, code_seed)?,
        Fulfilment::Delivery | Fulfilment::Transfer => String::new(),
    };
    let lines = match order_lines(connection, order)? {
        Ok(lines) => lines,
        Err(refusal) => return Ok(SubmitOutcome::Refused(refusal)),
    };
    let known = order.lines.first().map(|line| line.unit_price);
    let price = known.or_else(|| order.unmatched.first().map(|held| held.line.unit_price));
    let currency = price.map_or(settings.currency, Money::currency);
    let taken = WebOrder {
        number: numbers::next(connection)?,
        channel: order.channel.clone(),
        reference: order.reference.clone(),
        store,
        fulfilment: order.fulfilment,
        customer_name: order.customer_name.clone(),
        customer_phone: order.customer_phone.clone(),
        paid: order.payment.paid,
        prepaid: order.payment.prepaid,
        ordered_at: order.ordered_at,
        collect_by: order.collect_by,
        collection_code,
        state: OrderState::Received,
        bay: None,
        picker: None,
        at_risk: false,
        dispatch: None,
        owed_back: None,
        history: Vec::new(),
        lines,
        unmatched: order.unmatched.iter().map(|held| held.line.clone()).collect(),
        notes: order.notes.clone(),
    };
    let key = SenderKey {
        sender: &order.sender,
        buyer: &order.buyer,
        content: &order.content,
        customer: order.customer.as_ref(),
        is_held: order.is_buyer_held,
    };
    insert(connection, &taken, &key, currency, now)?;
    if !taken.unmatched.is_empty() {
        held::save(connection, &taken, &order.unmatched)?;
    }
    let number = &taken.number;
    if let Some(address) = &order.delivery_address {
        addresses::save(connection, number, address)?;
    }
    documents::save_document(
        connection,
        number,
        DocumentKind::Order,
        order.content,
        &order.document,
        (&order.notes, &order.warnings),
        now,
    )?;
    stock::shift_reserved(connection, changes, None, &taken)?;
    changes.touch_order(&taken.store, &taken.number, &taken.channel);
    Ok(SubmitOutcome::Imported(Box::new(taken)))
}

fn order_lines(
    connection: &Connection,
    order: &OrderSubmission,
) -> Result<Result<Vec<OrderLine>, Refusal>, StoreError> {
    let mut lines = Vec::with_capacity(order.lines.len());
    let held: Vec<u32> = order.unmatched.iter().map(|held| held.line.line).collect();
    for (number, line) in (1_u32..).filter(|number| !held.contains(number)).zip(&order.lines) {
        let found = company::find_product(connection, &line.product)?.filter(|found| !found.product.withdrawn);
        let Some(found) = found else {
            return Ok(Err(Refusal::ProductGone(line.product.clone())));
        };
        lines.push(OrderLine::new(number, &line.wanted(&found.product)));
    }
    Ok(Ok(lines))
}

/// The one store of those named that can serve the most lines from free stock.
fn choose_store(
    connection: &Connection,
    changes: &mut Changes,
    order: &OrderSubmission,
) -> Result<Option<StoreId>, StoreError> {
    let mut best: Option<(usize, &StoreId)> = None;
    for store in &order.stores {
        let mut served = 0;
        for line in &order.lines {
            let level = changes.level(connection, store, &line.product)?;
            served += usize::from(level.free() >= line.quantity);
        }
        if best.is_none_or(|(most, _)| served > most) {
            best = Some((served, store));
        }
    }
    Ok(best.map(|(_, store)| store.clone()))
}

/// What its sender knows an order by, besides the reference, and the hash of what was sent.
pub struct SenderKey<'a> {
    /// Who sent it.
    pub sender: &'a str,
    /// Who buys.
    pub buyer: &'a str,
    /// The hash.
    pub content: &'a [u8],
    /// The customer that buys, where that is known.
    pub customer: Option<&'a CustomerId>,
    /// It waits for head office to say which customer buys.
    pub is_held: bool,
}

/// Writes a new order with its lines; the reservation is the caller's.
pub fn insert(
    connection: &Connection,
    order: &WebOrder,
    key: &SenderKey<'_>,
    currency: Currency,
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO web_order (store, number, channel, sender, buyer, reference, content, fulfilment,
                 customer_name, customer_phone, paid, ordered_at, received_at, collect_by, collection_code, state,
                 unfulfilled, bay, picker, at_risk, currency, unmatched, notes, customer, prepaid_minor, buyer_held,
                 history)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, NULL, NULL, 0, ?18,
                 ?19, ?20, ?21, ?22, ?23, ?24)",
        )?
        .execute(params![
            order.store.as_str(),
            order.number.as_str(),
            order.channel.as_str(),
            key.sender,
            key.buyer,
            order.reference,
            key.content,
            order.fulfilment.word(),
            order.customer_name,
            order.customer_phone,
            order.paid,
            micros(order.ordered_at),
            micros(now),
            order.collect_by.map(micros),
            order.collection_code,
            order.state.word(),
            !order.is_over(),
            currency.code(),
            order.unmatched.len() as i64,
            order.notes,
            key.customer.map(CustomerId::as_str),
            order.prepaid.map(Money::minor),
            key.is_held,
            wire::encode_history(&order.history)
        ])?;
    for line in &order.lines {
        save_line(connection, order, line)?;
    }
    Ok(())
}

fn save_line(connection: &Connection, order: &WebOrder, line: &OrderLine) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO order_line (store, number, line, product, name, ordered, picked, handed_over, cancelled, short,
                 unit_price_minor, tax, amount_minor, share_minor, taxed, stocked)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
             ON CONFLICT (store, number, line) DO UPDATE SET name = excluded.name, ordered = excluded.ordered,
                 picked = excluded.picked, handed_over = excluded.handed_over, cancelled = excluded.cancelled,
                 short = excluded.short, unit_price_minor = excluded.unit_price_minor,
                 amount_minor = excluded.amount_minor, share_minor = excluded.share_minor,
                 taxed = excluded.taxed",
        )?
        .execute(params![
            order.store.as_str(),
            order.number.as_str(),
            line.line,
            line.product.as_str(),
            line.name,
            line.ordered.thousandths(),
            line.picked.thousandths(),
            line.handed_over.thousandths(),
            line.cancelled.thousandths(),
            line.short.thousandths(),
            line.unit_price.minor(),
            line.tax.0.to_string(),
            line.amount.minor(),
            line.share.minor(),
            words::taxed_text(&line.taxed),
            line.stocked
        ])?;
    Ok(())
}

/// Writes what a fold or a change has changed, and moves the reservation with it.
pub fn save(
    connection: &Connection,
    changes: &mut Changes,
    before: &WebOrder,
    after: &WebOrder,
    now: Timestamp,
) -> Result<(), StoreError> {
    if before == after {
        return Ok(());
    }
    connection
        .prepare_cached(
            "UPDATE web_order SET state = ?3, unfulfilled = ?4, bay = ?5, picker = ?6, at_risk = ?7,
                 customer_name = ?8, customer_phone = ?9, paid = ?10, collect_by = ?11, carrier = ?12, tracking = ?13,
                 unmatched = ?14, notes = ?15, collection_code = CASE WHEN ?16 THEN '' ELSE collection_code END,
                 prepaid_minor = ?17, owed_back_minor = ?18, history = ?19
             WHERE store = ?1 AND number = ?2",
        )?
        .execute(params![
            after.store.as_str(),
            after.number.as_str(),
            after.state.word(),
            !after.is_over(),
            after.bay,
            after.picker.as_ref().map(OperatorId::as_str),
            after.at_risk,
            after.customer_name,
            after.customer_phone,
            after.paid,
            after.collect_by.map(micros),
            after.dispatch.as_ref().map(|dispatch| &dispatch.carrier),
            after.dispatch.as_ref().map(|dispatch| &dispatch.tracking),
            after.unmatched.len() as i64,
            after.notes,
            // Its code may be another order's by now.
            before.state == OrderState::Cancelled && before.is_over() && !after.is_over(),
            after.prepaid.map(Money::minor),
            after.owed_back.map(Money::minor),
            wire::encode_history(&after.history)
        ])?;
    for line in after.lines.iter().filter(|line| before.line(line.line) != Some(line)) {
        save_line(connection, after, line)?;
    }
    forgetting::note_end(connection, before, after, now)?;
    stock::shift_reserved(connection, changes, Some(before), after)?;
    changes.touch_order(&after.store, &after.number, &after.channel);
    if after.state == OrderState::Cancelled {
        addresses::erase(connection, &after.number)?;
    }
    if after.is_over() && !before.is_over() {
        company::remove_withdrawn(connection, changes, &stock::products_of(after))?;
    }
    if after.fulfilment == Fulfilment::Transfer {
        transfers::follow_order(connection, changes, after, now)?;
    }
    Ok(())
}

/// Folds one step into its order. An order the store does not have, and whatever does not fit, is kept as an anomaly.
/// Answers the order before and after.
pub fn apply_step(
    connection: &Connection,
    changes: &mut Changes,
    store: &StoreId,
    number: &OrderNumber,
    taken: StepTaken,
    now: Timestamp,
) -> Result<(Option<(WebOrder, WebOrder)>, Vec<String>), StoreError> {
    let Some(before) = find_in_store(connection, store, number)? else {
        return Ok((None, vec![format!("store {store} has no such order")]));
    };
    let mut after = before.clone();
    let odd = after.apply(&taken.step).iter().map(ToString::to_string).collect();
    // It is told once that an order is at risk.
    if !(before.at_risk && taken.step == OrderStep::PutAtRisk) {
        remember(&mut after.history, taken);
    }
    // A till that was away for months tells of a hand-over after its person was forgotten.
    if before.is_over() && forgetting::is_forgotten(connection, store, number)? {
        forget_collectors(&mut after.history);
    }
    save(connection, changes, &before, &after, now)?;
    Ok((Some((before, after)), odd))
}

/// A sale took a unit that the order was promised. Answers the order before and after.
pub fn put_at_risk(
    connection: &Connection,
    changes: &mut Changes,
    store: &StoreId,
    number: &OrderNumber,
    now: Timestamp,
) -> Result<Option<(WebOrder, WebOrder)>, StoreError> {
    let taken = StepTaken::at_central(&OrderStep::PutAtRisk, now);
    apply_step(connection, changes, store, number, taken, now).map(|(folded, _)| folded)
}

/// Lapses every order whose customer did not come in time; the goods stay held until they are put back. Answers when the
/// next one is due.
pub fn lapse(connection: &Connection, changes: &mut Changes, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let waiting = "FROM web_order WHERE collect_by IS NOT NULL AND state IN ('ready', 'part_handed_over')
                   AND fulfilment = 'pick_up'";
    let due: Vec<(String, String)> = connection
        .prepare_cached(&format!("SELECT store, number {waiting} AND collect_by <= ?1 ORDER BY collect_by"))?
        .query_map([micros(now)], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (store, number) in due {
        let (store, number) = (StoreId::new(store), OrderNumber::new(number));
        apply_step(connection, changes, &store, &number, StepTaken::at_central(&OrderStep::Lapsed, now), now)?;
    }
    let next: Option<i64> =
        connection.prepare_cached(&format!("SELECT MIN(collect_by) {waiting}"))?.query_row([], |row| row.get(0))?;
    next.map(words::instant).transpose()
}

/// An order of a store.
pub fn find_in_store(
    connection: &Connection,
    store: &StoreId,
    number: &OrderNumber,
) -> Result<Option<WebOrder>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM web_order WHERE store = ?1 AND number = ?2"))?;
    let mut rows = statement.query(params![store.as_str(), number.as_str()])?;
    rows.next()?.map(|row| order_of_row(connection, row)).transpose()
}

/// An order that a store has.
pub fn get_in_store(connection: &Connection, store: &StoreId, number: &OrderNumber) -> Result<WebOrder, StoreError> {
    find_in_store(connection, store, number)?.ok_or_else(|| StoreError::NotFound(format!("order {number}")))
}

/// An order by our number, wherever it is.
pub fn find(connection: &Connection, number: &OrderNumber) -> Result<Option<WebOrder>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM web_order WHERE number = ?1"))?;
    let mut rows = statement.query([number.as_str()])?;
    rows.next()?.map(|row| order_of_row(connection, row)).transpose()
}

/// An order by its sender's key.
pub fn find_by_key(
    connection: &Connection,
    channel: &ChannelId,
    sender: &str,
    buyer: &str,
    reference: &str,
) -> Result<Option<WebOrder>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM web_order WHERE channel = ?1 AND sender = ?2 AND buyer IN (?3, ?5) AND reference = ?4"
    ))?;
    let key = params![channel.as_str(), sender, buyer, reference, forgetting::stand_in(buyer)];
    let mut rows = statement.query(key)?;
    rows.next()?.map(|row| order_of_row(connection, row)).transpose()
}

/// Orders of a channel under a sender's number: more than one when several buyers used it.
pub fn list_by_reference(
    connection: &Connection,
    channel: &ChannelId,
    reference: &str,
) -> Result<Vec<WebOrder>, StoreError> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM web_order WHERE channel = ?1 AND reference = ?2 LIMIT 2"))?;
    collect(connection, statement.query(params![channel.as_str(), reference])?)
}

/// The question of a list: only what is asked for stands in it, so that an index has its orders in their order.
fn list_question(filter: &OrderFilter) -> String {
    // Every parameter stands in it once, asked for or not.
    let mut question =
        format!("SELECT {COLUMNS} FROM web_order WHERE ?1 IS ?1 AND ?2 IS ?2 AND ?3 IS ?3 AND ?4 IS ?4 AND ?6 IS ?6");
    let mut ask = |asked: bool, what: &str| {
        if asked {
            question.push_str(" AND ");
            question.push_str(what);
        }
    };
    ask(filter.store.is_some(), "store = ?1");
    ask(filter.channel.is_some(), "channel = ?2");
    ask(filter.state.is_some(), "state = ?3");
    ask(filter.state.is_some_and(OrderState::is_unfulfilled), "unfulfilled = 1");
    ask(filter.after.is_some(), "(LENGTH(number), number) > (LENGTH(?4), ?4)");
    ask(filter.fulfilment.is_some(), "fulfilment = ?6");
    ask(filter.held, "(unmatched > 0 OR buyer_held = 1) AND unfulfilled = 1 AND state <> 'cancelled'");
    question.push_str(" ORDER BY LENGTH(number), number LIMIT ?5");
    question
}

/// Orders by number.
pub fn list(connection: &Connection, filter: &OrderFilter) -> Result<Vec<WebOrder>, StoreError> {
    let mut statement = connection.prepare_cached(&list_question(filter))?;
    let rows = statement.query(params![
        filter.store.as_ref().map(StoreId::as_str),
        filter.channel.as_ref().map(ChannelId::as_str),
        filter.state.map(Word::word),
        filter.after.as_ref().map(OrderNumber::as_str),
        filter.orders_max as i64,
        filter.fulfilment.map(Word::word)
    ])?;
    collect(connection, rows)
}

/// Orders of a store that are not over and concern a product.
pub fn list_concerned(
    connection: &Connection,
    store: &StoreId,
    product: &ProductId,
) -> Result<Vec<WebOrder>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM web_order WHERE store = ?1 AND unfulfilled = 1 AND EXISTS
             (SELECT 1 FROM order_line l
              WHERE l.store = ?1 AND l.product = ?2 AND l.number = web_order.number)
         ORDER BY number"
    ))?;
    collect(connection, statement.query(params![store.as_str(), product.as_str()])?)
}

/// Orders of a channel that changed behind a cursor.
pub fn read_feed(
    connection: &Connection,
    lives: &Lives,
    channel: &ChannelId,
    cursor: Cursor,
    max: usize,
) -> Result<(Vec<WebOrder>, Cursor), StoreError> {
    let feed = Feed::Channel(channel.clone()).name();
    let mut after = lives.number(connection, &feed, cursor)?.unwrap_or(0);
    let mut orders = Vec::new();
    for (number, _, record) in feeds::rows(connection, &feed, after, max)? {
        after = number;
        orders.extend(find(connection, &OrderNumber::new(record))?);
    }
    Ok((orders, lives.cursor(after)))
}

fn collect(connection: &Connection, mut rows: rusqlite::Rows<'_>) -> Result<Vec<WebOrder>, StoreError> {
    let mut orders = Vec::new();
    while let Some(row) = rows.next()? {
        orders.push(order_of_row(connection, row)?);
    }
    Ok(orders)
}

fn order_of_row(connection: &Connection, row: &Row<'_>) -> Result<WebOrder, StoreError> {
    let text = |column: usize| row.get::<_, String>(column);
    let currency = words::currency(&text(15)?)?;
    let number = OrderNumber::new(text(0)?);
    let store = StoreId::new(text(3)?);
    let collect_by: Option<i64> = row.get(9)?;
    let carrier: Option<String> = row.get(16)?;
    Ok(WebOrder {
        channel: ChannelId::new(text(1)?),
        reference: text(2)?,
        fulfilment: Fulfilment::read(&text(4)?)?,
        customer_name: text(5)?,
        customer_phone: row.get(6)?,
        paid: row.get(7)?,
        prepaid: row.get::<_, Option<i64>>(20)?.map(|minor| Money::new(minor, currency)),
        ordered_at: words::instant(row.get(8)?)?,
        collect_by: collect_by.map(words::instant).transpose()?,
        collection_code: text(10)?,
        state: OrderState::read(&text(11)?)?,
        bay: row.get(12)?,
        picker: row.get::<_, Option<String>>(13)?.map(OperatorId::new),
        at_risk: row.get(14)?,
        owed_back: row.get::<_, Option<i64>>(21)?.map(|minor| Money::new(minor, currency)),
        dispatch: carrier.map(|carrier| Ok::<_, StoreError>(Dispatch { carrier, tracking: text(17)? })).transpose()?,
        lines: read_lines(connection, &store, &number, currency)?,
        unmatched: match row.get::<_, i64>(18)? {
            0 => Vec::new(),
            _ => held::list(connection, &number)?,
        },
        notes: row.get(19)?,
        history: wire::decode_history(&row.get::<_, Vec<u8>>(22)?)
            .map_err(|error| StoreError::Damaged(format!("what was done to an order: {error}")))?,
        number,
        store,
    })
}

fn read_lines(
    connection: &Connection,
    store: &StoreId,
    number: &OrderNumber,
    currency: Currency,
) -> Result<Vec<OrderLine>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT line, product, name, ordered, picked, handed_over, cancelled, short, unit_price_minor, tax,
             amount_minor, share_minor, taxed, stocked
         FROM order_line WHERE store = ?1 AND number = ?2 ORDER BY line",
    )?;
    let mut rows = statement.query(params![store.as_str(), number.as_str()])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let quantity = |column: usize| row.get(column).map(Quantity::from_thousandths);
        lines.push(OrderLine {
            line: row.get(0)?,
            product: ProductId::new(row.get::<_, String>(1)?),
            name: row.get(2)?,
            ordered: quantity(3)?,
            picked: quantity(4)?,
            handed_over: quantity(5)?,
            cancelled: quantity(6)?,
            short: quantity(7)?,
            unit_price: Money::new(row.get(8)?, currency),
            tax: words::tax_code(&row.get::<_, String>(9)?)?,
            amount: Money::new(row.get(10)?, currency),
            share: Money::new(row.get(11)?, currency),
            taxed: words::taxed(&row.get::<_, String>(12)?, currency)?,
            stocked: row.get(13)?,
        });
    }
    Ok(lines)
}

#[cfg(test)]
mod tests;
