//! Who may speak to central: one-time codes, tills with their keys, channels with their tokens. Secrets as hashes only.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::{
    CallKind, ChannelKind, ChannelRecord, EnrolRefusal, Enrolment, SecretHash, StoreError, TillRecord, UnknownPolicy,
    UnsentMark,
};
use super::feeds::Changes;
use super::words::{self, Word, micros};
use super::{company, terms, transfers};
use crate::domain::Timestamp;
use crate::domain::feed::Unsent;
use crate::domain::ids::{ChannelId, CustomerId, StoreId, TillId, WorkstationId};

/// How many tokens of a channel are live at once: the new one and the one it takes over from.
const TOKENS_MAX: i64 = 2;

/// Keeps a one-time code.
pub fn add_enrol_code(
    connection: &Connection,
    code: &SecretHash,
    till: &TillId,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    if company::find_store(connection, &till.store)?.is_none() {
        return Err(StoreError::NotFound(format!("store {}", till.store)));
    }
    connection
        .prepare_cached("INSERT INTO enrol_code (code_hash, store, workstation, expires_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![code, till.store.as_str(), till.workstation.as_str(), micros(expires_at)])?;
    Ok(())
}

/// Joins a till.
pub fn enrol(
    connection: &Connection,
    changes: &mut Changes,
    enrolment: &Enrolment,
    now: Timestamp,
) -> Result<Result<TillId, EnrolRefusal>, StoreError> {
    let found: Option<(String, String, i64, Option<i64>)> = connection
        .prepare_cached("SELECT store, workstation, expires_at, used_at FROM enrol_code WHERE code_hash = ?1")?
        .query_row([&enrolment.code_hash], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    let Some((store, workstation, expires_at, used_at)) = found else { return Ok(Err(EnrolRefusal::Unknown)) };
    let till = TillId { store: StoreId::new(store), workstation: WorkstationId::new(workstation) };
    let place = (till.store.as_str(), till.workstation.as_str());
    if let Some(used_at) = used_at {
        // The answer may have been lost: the same key is the same till, until it was joined anew or shut out.
        let same = connection
            .prepare_cached(
                "SELECT 1 FROM till_key JOIN till USING (store, workstation)
                 WHERE store = ?1 AND workstation = ?2 AND public_key = ?3 AND till.enrolled_at = ?4
                     AND till.revoked_at IS NULL",
            )?
            .exists(params![place.0, place.1, enrolment.journal_key, used_at])?;
        if !same {
            return Ok(Err(EnrolRefusal::Used));
        }
    }
    if words::instant(expires_at)? < now {
        return Ok(Err(EnrolRefusal::Expired));
    }
    connection
        .prepare_cached("UPDATE enrol_code SET used_at = ?2 WHERE code_hash = ?1")?
        .execute(params![enrolment.code_hash, micros(now)])?;
    connection
        .prepare_cached(
            "INSERT INTO till (store, workstation, enrolled_at, token_hash, certificate) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (store, workstation) DO UPDATE SET enrolled_at = excluded.enrolled_at, revoked_at = NULL,
                 token_hash = excluded.token_hash, certificate = excluded.certificate",
        )?
        .execute(params![place.0, place.1, micros(now), enrolment.token_hash, enrolment.certificate])?;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO till_key (store, workstation, public_key, enrolled_at) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![place.0, place.1, enrolment.journal_key, micros(now)])?;
    changes.touch_credentials();
    Ok(Ok(till))
}

/// A till with every key it ever had.
pub fn find_till(connection: &Connection, till: &TillId) -> Result<Option<TillRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT enrolled_at, revoked_at, token_hash, seen_at, certificate, unsent, oldest_unsent_at, unsent_as_of
         FROM till WHERE store = ?1 AND workstation = ?2",
    )?;
    let mut rows = statement.query(params![till.store.as_str(), till.workstation.as_str()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let moment = |micros: Option<i64>| micros.map(words::instant).transpose();
    Ok(Some(TillRecord {
        till: till.clone(),
        journal_keys: list_keys(connection, till)?,
        enrolled_at: words::instant(row.get(0)?)?,
        revoked_at: moment(row.get(1)?)?,
        token_hash: row.get::<_, Option<Vec<u8>>>(2)?.map(|hash| words::bytes32(&hash)).transpose()?,
        seen_at: moment(row.get(3)?)?,
        certificate: words::bytes16(&row.get::<_, Vec<u8>>(4)?)?,
        unsent: read_unsent(row)?,
    }))
}

/// What the till said last, unless central has heard everything since.
fn read_unsent(row: &Row<'_>) -> Result<Option<UnsentMark>, StoreError> {
    let moment = |micros: Option<i64>| micros.map(words::instant).transpose();
    let (seen_at, as_of) = (moment(row.get(3)?)?, moment(row.get(7)?)?);
    if let Some(seen_at) = seen_at.filter(|seen_at| as_of.is_none_or(|as_of| as_of <= *seen_at)) {
        return Ok(Some(UnsentMark { unsent: Unsent::default(), as_of: seen_at }));
    }
    let Some(as_of) = as_of else { return Ok(None) };
    let count = row.get::<_, Option<i64>>(5)?.unwrap_or(0).unsigned_abs();
    Ok(Some(UnsentMark { unsent: Unsent { count, oldest_at: moment(row.get(6)?)? }, as_of }))
}

/// Keeps what a till says that it has not sent.
pub fn save_till_unsent(
    connection: &Connection,
    till: &TillId,
    unsent: Unsent,
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE till SET unsent = ?3, oldest_unsent_at = ?4, unsent_as_of = ?5 WHERE store = ?1 AND workstation = ?2",
        )?
        .execute(params![
            till.store.as_str(),
            till.workstation.as_str(),
            i64::try_from(unsent.count).unwrap_or(i64::MAX),
            unsent.oldest_at.map(micros),
            micros(now)
        ])?;
    Ok(())
}

/// Every key a till signed with, newest first.
pub fn list_keys(connection: &Connection, till: &TillId) -> Result<Vec<[u8; 32]>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT public_key FROM till_key WHERE store = ?1 AND workstation = ?2 ORDER BY enrolled_at DESC",
    )?;
    let rows =
        statement.query_map(params![till.store.as_str(), till.workstation.as_str()], |row| row.get::<_, Vec<u8>>(0))?;
    rows.map(|key| words::bytes32(&key?)).collect()
}

/// All tills.
pub fn list_tills(connection: &Connection) -> Result<Vec<TillRecord>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT store, workstation FROM till ORDER BY store, workstation")?;
    let rows = statement.query_map([], |row| {
        Ok(TillId {
            store: StoreId::new(row.get::<_, String>(0)?),
            workstation: WorkstationId::new(row.get::<_, String>(1)?),
        })
    })?;
    let ids: Vec<TillId> = rows.collect::<Result<_, _>>()?;
    let mut tills = Vec::with_capacity(ids.len());
    for till in &ids {
        tills.extend(find_till(connection, till)?);
    }
    Ok(tills)
}

/// Shuts a till out, and ends codes that were given out for it and not used.
pub fn revoke_till(
    connection: &Connection,
    changes: &mut Changes,
    till: &TillId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let changed = connection
        .prepare_cached("UPDATE till SET revoked_at = ?3, token_hash = NULL WHERE store = ?1 AND workstation = ?2")?
        .execute(params![till.store.as_str(), till.workstation.as_str(), micros(now)])?;
    if changed == 0 {
        return Err(StoreError::NotFound(format!("till {till}")));
    }
    connection
        .prepare_cached("DELETE FROM enrol_code WHERE store = ?1 AND workstation = ?2 AND used_at IS NULL")?
        .execute(params![till.store.as_str(), till.workstation.as_str()])?;
    changes.touch_credentials();
    Ok(())
}

/// Nobody was heard in the future: a clock that was ahead for an hour must not keep tills fresh for years.
pub fn forget_the_future(connection: &Connection, now: Timestamp) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE till SET seen_at = MIN(seen_at, ?1), unsent_as_of = MIN(unsent_as_of, ?1)
         WHERE seen_at > ?1 OR unsent_as_of > ?1",
        [micros(now)],
    )?;
    Ok(())
}

/// A watermark only moves forward.
pub fn save_till_seen(connection: &Connection, till: &TillId, now: Timestamp) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE till SET seen_at = MAX(COALESCE(seen_at, 0), ?3) WHERE store = ?1 AND workstation = ?2",
        )?
        .execute(params![till.store.as_str(), till.workstation.as_str(), micros(now)])?;
    Ok(())
}

/// Adds a channel with its token, or a token to a channel that stays as it is.
pub fn save_channel(
    connection: &Connection,
    changes: &mut Changes,
    channel: &ChannelRecord,
    token: &SecretHash,
) -> Result<(), StoreError> {
    if read_channel(connection, &channel.channel)?.is_none() {
        upsert_channel(connection, changes, channel)?;
    }
    changes.touch_credentials();
    add_token(connection, channel, token)
}

/// Changes a channel that is known.
pub fn change_channel(
    connection: &Connection,
    changes: &mut Changes,
    channel: &ChannelRecord,
) -> Result<(), StoreError> {
    if read_channel(connection, &channel.channel)?.is_none() {
        return Err(StoreError::NotFound(format!("channel {}", channel.channel)));
    }
    upsert_channel(connection, changes, channel)
}

/// Adds or changes a channel and leaves its tokens as they are.
pub fn upsert_channel(
    connection: &Connection,
    changes: &mut Changes,
    channel: &ChannelRecord,
) -> Result<(), StoreError> {
    if channel.channel.as_str() == transfers::CHANNEL {
        return Err(StoreError::Refused("stores order of each other under that name; take another".into()));
    }
    for store in &channel.stores {
        if company::find_store(connection, store)?.is_none() {
            return Err(StoreError::NotFound(format!("store {store}")));
        }
    }
    if let Some(customer) = &channel.customer
        && terms::find_customer(connection, customer)?.is_none()
    {
        return Err(StoreError::NotFound(format!("customer {customer}: import it first")));
    }
    let calls = channel.calls.iter().map(|call| call.word()).collect::<Vec<_>>().join(",");
    let stores: Vec<&str> = channel.stores.iter().map(StoreId::as_str).collect();
    changes.touch_credentials();
    connection
        .prepare_cached(
            "INSERT INTO channel (channel, kind, stores, calls, created_at, customer, unknown)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (channel) DO UPDATE SET kind = excluded.kind, stores = excluded.stores, calls = excluded.calls,
                 customer = excluded.customer, unknown = excluded.unknown",
        )?
        .execute(params![
            channel.channel.as_str(),
            channel.kind.word(),
            serde_json::Value::from(stores).to_string(),
            calls,
            micros(channel.created_at),
            channel.customer.as_ref().map(CustomerId::as_str),
            channel.unknown.word()
        ])?;
    Ok(())
}

fn add_token(connection: &Connection, channel: &ChannelRecord, token: &SecretHash) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO channel_token (token_hash, channel, created_at) VALUES (?1, ?2, ?3)")?
        .execute(params![token, channel.channel.as_str(), micros(channel.created_at)])?;
    connection
        .prepare_cached(
            "DELETE FROM channel_token WHERE channel = ?1 AND token_hash NOT IN
                 (SELECT token_hash FROM channel_token WHERE channel = ?1 ORDER BY created_at DESC LIMIT ?2)",
        )?
        .execute(params![channel.channel.as_str(), TOKENS_MAX])?;
    Ok(())
}

/// The channel a token belongs to.
pub fn find_channel(connection: &Connection, token: &SecretHash) -> Result<Option<ChannelRecord>, StoreError> {
    let channel: Option<String> = connection
        .prepare_cached("SELECT channel FROM channel_token WHERE token_hash = ?1")?
        .query_row([token], |row| row.get(0))
        .optional()?;
    match channel {
        Some(channel) => read_channel(connection, &ChannelId::new(channel)),
        None => Ok(None),
    }
}

/// A channel by its name.
pub fn read_channel(connection: &Connection, channel: &ChannelId) -> Result<Option<ChannelRecord>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT kind, stores, calls, created_at,
                (SELECT COUNT(*) FROM channel_token t WHERE t.channel = c.channel), customer, unknown
         FROM channel c WHERE channel = ?1",
    )?;
    let mut rows = statement.query([channel.as_str()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (stores, calls): (String, String) = (row.get(1)?, row.get(2)?);
    let listed = |text: &str| text.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    Ok(Some(ChannelRecord {
        channel: channel.clone(),
        kind: ChannelKind::read(&row.get::<_, String>(0)?)?,
        customer: row.get::<_, Option<String>>(5)?.map(CustomerId::new),
        stores: read_stores(&stores)?,
        calls: listed(&calls).iter().map(|call| CallKind::read(call)).collect::<Result<_, _>>()?,
        unknown: UnknownPolicy::read(&row.get::<_, String>(6)?)?,
        created_at: words::instant(row.get(3)?)?,
        tokens: row.get(4)?,
    }))
}

/// The stores of a channel, a JSON array: their codes may hold any character.
pub fn read_stores(text: &str) -> Result<Vec<StoreId>, StoreError> {
    let stores: Vec<String> = serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok(stores.into_iter().map(StoreId::new).collect())
}

/// All channels, by name.
pub fn list_channels(connection: &Connection) -> Result<Vec<ChannelRecord>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT channel FROM channel ORDER BY channel")?;
    let names: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut channels = Vec::with_capacity(names.len());
    for name in names {
        channels.extend(read_channel(connection, &ChannelId::new(name))?);
    }
    Ok(channels)
}

/// Ends a channel.
pub fn remove_channel(connection: &Connection, changes: &mut Changes, channel: &ChannelId) -> Result<bool, StoreError> {
    changes.touch_credentials();
    Ok(connection.prepare_cached("DELETE FROM channel WHERE channel = ?1")?.execute([channel.as_str()])? > 0)
}
