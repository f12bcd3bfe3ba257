//! What is held of orders: the lines that are no product of ours yet, and the buyers nobody knows.

use std::str::FromStr;

use rusqlite::{Connection, OptionalExtension, Row, params};
use rust_decimal::Decimal;

use super::super::{
    BuyerTie, HeldLine, MatchSubmission, OrderParties, StoreError, SubmittedLine, SubmittedUnmatched, TieRefusal,
};
use super::feeds::Changes;
use super::{case_orders, company, orders, terms, warehouse, words};
use crate::domain::Timestamp;
use crate::domain::ids::{CustomerId, OrderNumber, ProductId};
use crate::domain::money::{Currency, Money};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{MatchRefusal, UnmatchedLine, WebOrder};

const COLUMNS: &str =
    "u.line, u.name, u.gtin, u.sellers_number, u.buyers_number, u.quantity, u.unit, u.unit_price_minor,
    w.currency, u.price, u.lacks_tax, u.buyers, u.product, u.amount_minor, u.share_minor,
    u.taxed";

/// Keeps the held lines of an order as it is after a submission or a change. Lines that are wanted no more go; lines that
/// were matched stay, so that their sender can go on naming them as before.
pub fn save(connection: &Connection, order: &WebOrder, submitted: &[SubmittedUnmatched]) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM unmatched_line WHERE number = ?1 AND product IS NULL")?
        .execute([order.number.as_str()])?;
    let mut left: Vec<&SubmittedUnmatched> = submitted.iter().collect();
    for line in &order.unmatched {
        let same = |one: &&SubmittedUnmatched| one.line.is_same_item(line) && one.line.quantity == line.quantity;
        let Some(position) = left.iter().position(same) else {
            return Err(StoreError::Damaged(format!("line {} of order {} has no document", line.line, order.number)));
        };
        let detail = left.remove(position);
        let buyers = serde_json::to_string(&detail.buyers).map_err(|error| StoreError::Engine(error.to_string()))?;
        connection
            .prepare_cached(
                "INSERT INTO unmatched_line (number, line, name, gtin, sellers_number, buyers_number, quantity, unit,
                     unit_price_minor, price, lacks_tax, buyers, amount_minor, share_minor, taxed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            )?
            .execute(params![
                order.number.as_str(),
                line.line,
                line.name,
                line.gtin,
                line.sellers_number,
                line.buyers_number,
                line.quantity.thousandths(),
                line.unit,
                line.unit_price.minor(),
                detail.price.to_string(),
                detail.lacks_tax,
                buyers,
                detail.amount.map(Money::minor),
                detail.share.minor(),
                words::taxed_text(&detail.taxed)
            ])?;
    }
    Ok(())
}

/// The lines of an order that are held.
pub fn list(connection: &Connection, number: &OrderNumber) -> Result<Vec<UnmatchedLine>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM unmatched_line u JOIN web_order w USING (number)
         WHERE u.number = ?1 AND u.product IS NULL ORDER BY u.line"
    ))?;
    let mut rows = statement.query([number.as_str()])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        lines.push(held_of_row(row)?.submitted.line);
    }
    Ok(lines)
}

/// One line that is held, or was.
pub fn find(connection: &Connection, number: &OrderNumber, line: u32) -> Result<Option<HeldLine>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM unmatched_line u JOIN web_order w USING (number) WHERE u.number = ?1 AND u.line = ?2"
    ))?;
    let mut rows = statement.query(params![number.as_str(), line])?;
    rows.next()?.map(held_of_row).transpose()
}

fn held_of_row(row: &Row<'_>) -> Result<HeldLine, StoreError> {
    let currency: Currency = words::currency(&row.get::<_, String>(8)?)?;
    let damaged = |error: serde_json::Error| StoreError::Damaged(error.to_string());
    let line = UnmatchedLine {
        line: row.get(0)?,
        name: row.get(1)?,
        gtin: row.get(2)?,
        sellers_number: row.get(3)?,
        buyers_number: row.get(4)?,
        quantity: Quantity::from_thousandths(row.get(5)?),
        unit: row.get(6)?,
        unit_price: Money::new(row.get(7)?, currency),
    };
    let submitted = SubmittedUnmatched {
        line,
        price: decimal(&row.get::<_, String>(9)?)?,
        amount: row.get::<_, Option<i64>>(13)?.map(|minor| Money::new(minor, currency)),
        share: Money::new(row.get(14)?, currency),
        taxed: words::taxed(&row.get::<_, String>(15)?, currency)?,
        lacks_tax: row.get(10)?,
        buyers: serde_json::from_str(&row.get::<_, String>(11)?).map_err(damaged)?,
    };
    Ok(HeldLine { submitted, product: row.get::<_, Option<String>>(12)?.map(ProductId::new) })
}

fn decimal(text: &str) -> Result<Decimal, StoreError> {
    Decimal::from_str(text).map_err(|_| StoreError::Damaged(format!("{text:?} is no decimal number")))
}

/// Lines of a change that were matched before: as lines of the product they were matched to. The others are still held.
pub fn recognise(
    connection: &Connection,
    number: &OrderNumber,
    submitted: &[SubmittedUnmatched],
) -> Result<(Vec<SubmittedLine>, Vec<SubmittedUnmatched>), StoreError> {
    let (mut known, mut held) = (Vec::new(), Vec::new());
    if submitted.is_empty() {
        return Ok((known, held));
    }
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, u.factor, u.price_factor FROM unmatched_line u JOIN web_order w USING (number)
         WHERE u.number = ?1 AND u.product IS NOT NULL ORDER BY u.line"
    ))?;
    let mut rows = statement.query([number.as_str()])?;
    let mut matched = Vec::new();
    while let Some(row) = rows.next()? {
        let factors = (decimal(&row.get::<_, String>(16)?)?, decimal(&row.get::<_, String>(17)?)?);
        matched.push((held_of_row(row)?, factors));
    }
    for one in submitted {
        let same = matched.iter().find(|(row, _)| row.submitted.line.is_same_item(&one.line));
        let line = same.and_then(|(row, factors)| line_of_match(one, row.product.clone()?, *factors));
        match line {
            Some(line) => known.push(line),
            None => held.push(one.clone()),
        }
    }
    Ok((known, held))
}

fn line_of_match(one: &SubmittedUnmatched, product: ProductId, factors: (Decimal, Decimal)) -> Option<SubmittedLine> {
    let quantity = one.line.quantity.to_decimal().checked_mul(factors.0)?.normalize().to_string();
    let unit_price = one.price.checked_mul(factors.1)?;
    let quantity = Quantity::parse(&quantity).filter(|quantity| quantity.is_positive())?;
    let unit_price = Money::from_decimal(unit_price, one.line.unit_price.currency())?;
    Some(SubmittedLine {
        product,
        name: one.line.name.clone(),
        quantity,
        unit_price,
        amount: one.amount.or_else(|| quantity.at(unit_price))?,
        share: one.share,
        taxed: one.taxed.clone(),
    })
}

/// Makes a line of a held one, in one transaction with its reservation, the customer's list and the record of who did it.
pub fn match_line(
    connection: &Connection,
    changes: &mut Changes,
    submission: &MatchSubmission,
    now: Timestamp,
) -> Result<Result<WebOrder, MatchRefusal>, StoreError> {
    let MatchSubmission { number, item, factor, price_factor, remember, entry, person } = submission;
    let found = |order: Option<WebOrder>| order.ok_or_else(|| StoreError::NotFound(format!("order {number}")));
    let before = found(orders::find(connection, number)?)?;
    let note = format!("line {}: {}", item.line, item.product);
    if warehouse::is_done(connection, number, *entry, ("match", &note))? {
        return Ok(Ok(before));
    }
    let after = match before.matched(item) {
        Ok(after) => after,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if company::find_product(connection, &item.product)?.is_none() {
        return Ok(Err(MatchRefusal::ProductUnknown(item.product.clone())));
    }
    if let Some(remembered) = remember {
        company::save_customer_items(connection, std::slice::from_ref(remembered))?;
    }
    if after == before {
        return Ok(Ok(before));
    }
    connection
        .prepare_cached(
            "UPDATE unmatched_line SET product = ?3, factor = ?4, price_factor = ?5 WHERE number = ?1 AND line = ?2",
        )?
        .execute(params![
            number.as_str(),
            item.line,
            item.product.as_str(),
            factor.to_string(),
            price_factor.to_string()
        ])?;
    orders::save(connection, changes, &before, &after, now)?;
    case_orders::settle_by_order(connection, changes, &before, &after, now)?;
    warehouse::save_act_words(connection, number, *entry, ("match", &note), person, now)?;
    Ok(Ok(found(orders::find(connection, number)?)?))
}

/// Ties an order to the customer that buys.
pub fn tie_buyer(
    connection: &Connection,
    changes: &mut Changes,
    tie: &BuyerTie,
    now: Timestamp,
) -> Result<Result<OrderParties, TieRefusal>, StoreError> {
    let BuyerTie { number, customer, remember, entry, person } = tie;
    let order = orders::find(connection, number)?.ok_or_else(|| StoreError::NotFound(format!("order {number}")))?;
    let parties = find_parties(connection, number)?.unwrap_or_default();
    if terms::find_customer(connection, customer)?.is_none() {
        return Ok(Err(TieRefusal::CustomerUnknown(customer.clone())));
    }
    if *remember {
        if parties.buyer.is_empty() {
            return Ok(Err(TieRefusal::NothingToRemember));
        }
        connection
            .prepare_cached(
                "INSERT INTO customer_identity (identity, customer) VALUES (?1, ?2)
                 ON CONFLICT (identity) DO UPDATE SET customer = excluded.customer",
            )?
            .execute([parties.buyer.as_str(), customer.as_str()])?;
    }
    if parties.customer.as_ref() != Some(customer) {
        connection
            .prepare_cached("UPDATE web_order SET customer = ?2, buyer_held = 0 WHERE number = ?1")?
            .execute([number.as_str(), customer.as_str()])?;
        changes.touch_order(&order.store, number, &order.channel);
        let note = format!("customer {customer}");
        warehouse::save_act_words(connection, number, *entry, ("tie", &note), person, now)?;
    }
    Ok(Ok(OrderParties { customer: Some(customer.clone()), is_held: false, ..parties }))
}

/// The parties of an order.
pub fn find_parties(connection: &Connection, number: &OrderNumber) -> Result<Option<OrderParties>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT sender, buyer, customer, buyer_held FROM web_order WHERE number = ?1")?
        .query_row([number.as_str()], |row| {
            let customer: Option<String> = row.get(2)?;
            Ok(OrderParties {
                sender: row.get(0)?,
                buyer: row.get(1)?,
                customer: customer.map(CustomerId::new),
                is_held: row.get(3)?,
            })
        })
        .optional()?)
}
