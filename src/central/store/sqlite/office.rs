//! Tokens of head office, kept as hashes.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::{OfficeScope, OfficeTokenRecord, SecretHash, StoreError};
use super::words::{self, Word, micros};

/// Keeps a token.
pub fn save_token(connection: &Connection, token: &OfficeTokenRecord, hash: &SecretHash) -> Result<(), StoreError> {
    let scopes = token.scopes.iter().map(|scope| scope.word()).collect::<Vec<_>>().join(",");
    connection
        .prepare_cached("INSERT INTO office_token (token_hash, name, scopes, created_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![hash, token.name, scopes, micros(token.created_at)])?;
    Ok(())
}

/// The token with this hash.
pub fn find_token(connection: &Connection, hash: &SecretHash) -> Result<Option<OfficeTokenRecord>, StoreError> {
    let found = connection
        .prepare_cached("SELECT name, scopes, created_at FROM office_token WHERE token_hash = ?1")?
        .query_row([hash], read_row)
        .optional()?;
    found.map(token_of_row).transpose()
}

/// All of them, by name.
pub fn list_tokens(connection: &Connection) -> Result<Vec<OfficeTokenRecord>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT name, scopes, created_at FROM office_token ORDER BY name, created_at")?;
    let rows = statement.query_map([], read_row)?;
    rows.map(|row| token_of_row(row?)).collect()
}

/// Ends every token of a name. Answers how many there were.
pub fn remove_tokens(connection: &Connection, name: &str) -> Result<usize, StoreError> {
    Ok(connection.prepare_cached("DELETE FROM office_token WHERE name = ?1")?.execute([name])?)
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<(String, String, i64)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn token_of_row((name, scopes, created_at): (String, String, i64)) -> Result<OfficeTokenRecord, StoreError> {
    let scopes = scopes.split(',').filter(|word| !word.is_empty()).map(OfficeScope::read).collect::<Result<_, _>>()?;
    Ok(OfficeTokenRecord { name, scopes, created_at: words::instant(created_at)? })
}
