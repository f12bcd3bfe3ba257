//! Which order a change or a cancellation means: the one under its sender's number that is its buyer's.
//!
//! Numbers repeat between buyers, so the buyer is a part of the key: the first identity in the order's document. A later
//! document may name the same party by another of its identities. Then what the order's own document says of its buyer
//! decides: one of the two must call the party by the name that comes first in the other, and no two orders may fit.

use rusqlite::{Connection, params};

use super::super::{KeptReader, OrderKey, Refusal, StoreError};
use super::{forgetting, orders};
use crate::domain::ids::{OrderNumber, StoreId};
use crate::domain::web_order::WebOrder;

/// How many orders under one number are looked through for their buyers, and how many bytes of their documents are read.
const CANDIDATES_MAX: usize = 100;
const READ_BYTES_MAX: usize = 1 << 20;

type Place = (StoreId, OrderNumber);

/// The order, or why none is meant.
pub fn find(
    connection: &Connection,
    key: &OrderKey,
    reader: &KeptReader,
) -> Result<Result<WebOrder, Refusal>, StoreError> {
    Ok(match find_place(connection, key, reader)? {
        Ok((store, number)) => Ok(orders::get_in_store(connection, &store, &number)?),
        Err(refusal) => Err(refusal),
    })
}

/// The store that has each of these orders, where the key means one.
pub fn list_stores(
    connection: &Connection,
    keys: &[Option<OrderKey>],
    reader: &KeptReader,
) -> Result<Vec<Option<StoreId>>, StoreError> {
    let mut stores = Vec::with_capacity(keys.len());
    for key in keys {
        let found = key.as_ref().map(|key| find_place(connection, key, reader)).transpose()?;
        stores.push(found.and_then(Result::ok).map(|(store, _)| store));
    }
    Ok(stores)
}

fn find_place(
    connection: &Connection,
    key: &OrderKey,
    reader: &KeptReader,
) -> Result<Result<Place, Refusal>, StoreError> {
    let may_touch = |store: &StoreId| key.allowed.as_ref().is_none_or(|allowed| allowed.contains(store));
    let mut found = list_by_key(connection, key)?;
    found.retain(|(store, _)| may_touch(store));
    if let (true, Some(buyer)) = (found.is_empty(), &key.buyer) {
        found = list_by_other_names(connection, key, buyer, reader)?;
        found.retain(|(store, _)| may_touch(store));
    }
    Ok(match (found.pop(), found.is_empty()) {
        (None, _) => Err(Refusal::OrderUnknown),
        (Some(place), true) => Ok(place),
        (Some(_), false) => Err(Refusal::BuyerMissing),
    })
}

/// Two at most: more than one is as good as none.
fn list_by_key(connection: &Connection, key: &OrderKey) -> Result<Vec<Place>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT store, number FROM web_order WHERE channel = ?1 AND reference = ?2
           AND (?3 IS NULL OR sender = ?3) AND (?4 IS NULL OR buyer IN (?4, ?5)) LIMIT 2",
    )?;
    let stand_in = key.buyer.as_deref().map(forgetting::stand_in);
    let key_of = params![key.channel.as_str(), key.reference, key.sender, key.buyer, stand_in];
    let rows = statement.query_map(key_of, |row| {
        Ok((StoreId::new(row.get::<_, String>(0)?), OrderNumber::new(row.get::<_, String>(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Those of the same party under another of its names.
fn list_by_other_names(
    connection: &Connection,
    key: &OrderKey,
    buyer: &str,
    reader: &KeptReader,
) -> Result<Vec<Place>, StoreError> {
    let named = |kept: &str| {
        let mut names = std::iter::once(buyer).chain(key.other_names.iter().map(String::as_str));
        names.any(|name| name == kept || forgetting::stand_in(name) == kept)
    };
    let mut statement = connection.prepare_cached(
        "SELECT w.store, w.number, w.buyer, COALESCE(LENGTH(d.document), 0)
         FROM web_order w LEFT JOIN order_document d ON d.number = w.number AND d.position = 1
         WHERE w.channel = ?1 AND w.reference = ?2 AND (?3 IS NULL OR w.sender IN (?3, '')) LIMIT ?4",
    )?;
    let mut rows = statement.query(params![key.channel.as_str(), key.reference, key.sender, CANDIDATES_MAX as i64])?;
    let mut left = READ_BYTES_MAX;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let place = (StoreId::new(row.get::<_, String>(0)?), OrderNumber::new(row.get::<_, String>(1)?));
        let bytes = row.get::<_, i64>(3)?.unsigned_abs() as usize;
        if named(&row.get::<_, String>(2)?) {
            found.push(place);
        } else if bytes <= left {
            left -= bytes;
            let calls = reader(&first_document(connection, &place.1)?).unwrap_or_default().buyers;
            if calls.iter().any(|name| name == buyer) {
                found.push(place);
            }
        }
    }
    Ok(found)
}

/// Nothing of an order whose documents were forgotten.
fn first_document(connection: &Connection, number: &OrderNumber) -> Result<Vec<u8>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT document FROM order_document WHERE number = ?1 AND position = 1")?;
    let mut rows = statement.query([number.as_str()])?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?.unwrap_or_default())
}
