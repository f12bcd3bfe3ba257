//! The store's settings: as central sent them, and what holds on where this program cannot read them.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::codes::{Code, micros};
use super::error::{DatabaseError, DatabaseErrorKind, While};
use super::{Database, View};
use crate::domain::Timestamp;
use crate::domain::feed::{Change, Scope};
use crate::domain::settings::StoreSettings;
use crate::wire;

const READING: &str = "reading the store's settings";
const WRITING: &str = "keeping the store's settings";
/// Of this program: another one may understand more.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The settings that were found at the start could not be read: they are set aside in the file, and central is asked for them
/// again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SettingsSetAside {
    /// The last ones that this program could read hold on.
    OfBeforeHold,
    /// There are none.
    NoneLeft,
}

impl View<'_> {
    /// The store's settings, once central has sent them.
    pub fn find_settings(&self) -> Result<Option<StoreSettings>, DatabaseError> {
        find_record(self.connection)?.as_deref().map(decode).transpose()
    }
}

impl Database {
    /// Settings that could not be read at [`Self::open`], to be told to the person at the till.
    pub const fn settings_set_aside(&self) -> Option<SettingsSetAside> {
        self.settings_set_aside
    }
}

/// At the start: settings that this program cannot read, of one that knew more or from a damaged page, must not keep the till
/// from selling.
pub(super) fn mend(connection: &mut Connection, now: Timestamp) -> Result<Option<SettingsSetAside>, DatabaseError> {
    let Some(record) = find_record(connection)? else { return Ok(None) };
    let Err(error) = decode(&record) else {
        if let Err(error) = keep_read(connection, &record) {
            tracing::warn!(%error, "settings that could be read are not kept for later");
        }
        return Ok(None);
    };
    if error.kind != DatabaseErrorKind::Damaged {
        return Err(error);
    }
    let before = find_read(connection)?.filter(|before| decode(before).is_ok());
    tracing::error!(%error, before = before.is_some(), "the store's settings cannot be read and are set aside");
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).or_while(WRITING)?;
    let put = |sql: &str, row: &[&dyn rusqlite::ToSql]| transaction.execute(sql, row).map(|_| ()).or_while(WRITING);
    put("INSERT INTO set_aside VALUES ('settings', ?1, ?2)", &[&record, &micros(now)])?;
    put("DELETE FROM settings", &[])?;
    if let Some(before) = &before {
        put("INSERT INTO settings VALUES (1, ?1)", &[before])?;
    }
    // Central sends its whole word again: what it says today may be readable.
    put("DELETE FROM feed WHERE scope = ?1", &[&Scope::Company.code()])?;
    transaction.commit().or_while(WRITING)?;
    Ok(Some(if before.is_some() { SettingsSetAside::OfBeforeHold } else { SettingsSetAside::NoneLeft }))
}

/// Takes the store's settings.
pub(super) fn put(connection: &Connection, settings: &StoreSettings) -> Result<(), DatabaseError> {
    let record = wire::encode_change(&Change::Settings(Box::new(settings.clone())));
    connection
        .prepare_cached("INSERT OR REPLACE INTO settings VALUES (1, ?1)")
        .and_then(|mut s| s.execute([&record]))
        .or_while(WRITING)?;
    keep_read(connection, &record)
}

fn find_record(connection: &Connection) -> Result<Option<Vec<u8>>, DatabaseError> {
    connection
        .prepare_cached("SELECT record FROM settings")
        .and_then(|mut s| s.query_row((), |row| row.get(0)).optional())
        .or_while(READING)
}

/// The last ones that a program of this version could read.
fn find_read(connection: &Connection) -> Result<Option<Vec<u8>>, DatabaseError> {
    connection
        .prepare_cached("SELECT record FROM settings_read WHERE version = ?1")
        .and_then(|mut s| s.query_row([VERSION], |row| row.get(0)).optional())
        .or_while(READING)
}

fn keep_read(connection: &Connection, record: &[u8]) -> Result<(), DatabaseError> {
    if find_read(connection)?.as_deref() == Some(record) {
        return Ok(());
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO settings_read VALUES (?1, ?2)")
        .and_then(|mut s| s.execute(params![VERSION, record]))
        .map(|_| ())
        .or_while(WRITING)
}

fn decode(record: &[u8]) -> Result<StoreSettings, DatabaseError> {
    match wire::decode_change(record) {
        Ok(Change::Settings(settings)) => Ok(*settings),
        Ok(_) => Err(DatabaseError::damaged(READING, "the record is no settings")),
        Err(error) => Err(DatabaseError::damaged(READING, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Shop, at, settings};
    use super::*;

    fn garble(shop: &Shop, also_of_before: bool) {
        let outside = Connection::open(shop.path()).unwrap();
        outside.execute("UPDATE settings SET record = x'FFFF'", ()).unwrap();
        if also_of_before {
            outside.execute("UPDATE settings_read SET version = 'another'", ()).unwrap();
        }
    }

    #[test]
    fn settings_that_cannot_be_read_are_set_aside_and_the_last_readable_ones_hold_on() {
        let mut shop = Shop::new();
        shop.apply_settings();
        assert_eq!(shop.database.settings_set_aside(), None);
        let cursor = shop.database.view().find_cursor(Scope::Company).unwrap();
        assert!(cursor.is_some());
        garble(&shop, false);
        assert_eq!(shop.database.view().find_settings().unwrap_err().kind, DatabaseErrorKind::Damaged);
        let shop = shop.reopen();
        assert_eq!(shop.database.settings_set_aside(), Some(SettingsSetAside::OfBeforeHold));
        assert_eq!(shop.database.view().find_settings().unwrap(), Some(settings()));
        assert_eq!(shop.database.view().find_cursor(Scope::Company).unwrap(), None, "central is asked again");
        let outside = Connection::open(shop.path()).unwrap();
        let kept: Vec<u8> = outside.query_row("SELECT record FROM set_aside", (), |row| row.get(0)).unwrap();
        assert_eq!(kept, [0xFF, 0xFF]);
        let shop = shop.reopen();
        assert_eq!(shop.database.settings_set_aside(), None, "it is said once");
    }

    #[test]
    fn without_readable_ones_of_before_the_file_opens_all_the_same() {
        let mut shop = Shop::new();
        shop.apply_settings();
        garble(&shop, true);
        let mut shop = shop.reopen();
        assert_eq!(shop.database.settings_set_aside(), Some(SettingsSetAside::NoneLeft));
        assert_eq!(shop.database.view().find_settings().unwrap(), None);
        shop.start_run(2);
        shop.apply_settings();
        assert_eq!(shop.database.view().find_settings().unwrap(), Some(settings()));
        let file = shop.path().to_owned();
        drop(shop.database);
        assert_eq!(Database::open(&file, at(0)).unwrap().settings_set_aside(), None);
    }
}
