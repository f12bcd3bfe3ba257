//! Operators, and wrong PINs.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::View;
use super::codes::{Code, from_micros};
use super::error::{DatabaseError, While};
use crate::domain::Timestamp;
use crate::domain::ids::OperatorId;
use crate::domain::operator::{Operator, Role};

const READING: &str = "reading operators";
const WRITING: &str = "keeping operators";
const COLUMNS: &str = "operator, name, role, pin_hash, badge, active";

/// Wrong PINs in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInFailures {
    /// How many since the last right one.
    pub count: u32,
    /// The last of them.
    pub last_at: Timestamp,
}

fn read_operator(row: &Row<'_>) -> rusqlite::Result<(Operator, String)> {
    let operator = Operator {
        id: OperatorId::from(row.get::<_, String>(0)?),
        name: row.get(1)?,
        role: Role::Cashier,
        pin_hash: row.get(3)?,
        badge: row.get(4)?,
        active: row.get(5)?,
    };
    Ok((operator, row.get(2)?))
}

fn with_role((operator, role): (Operator, String)) -> Result<Operator, DatabaseError> {
    Ok(Operator { role: Role::from_code(&role)?, ..operator })
}

impl View<'_> {
    /// Everyone who may sign in, by name.
    pub fn list_operators(&self) -> Result<Vec<Operator>, DatabaseError> {
        let rows: Vec<(Operator, String)> = self
            .connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM operator WHERE active = 1 ORDER BY name, operator"))
            .and_then(|mut s| s.query_map((), read_operator)?.collect())
            .or_while(READING)?;
        rows.into_iter().map(with_role).collect()
    }

    /// The operator with this number, active or not.
    pub fn find_operator(&self, operator: &OperatorId) -> Result<Option<Operator>, DatabaseError> {
        self.find_operator_where("operator = ?1", operator.as_str())
    }

    /// The active operator with this badge.
    pub fn find_operator_by_badge(&self, badge: &str) -> Result<Option<Operator>, DatabaseError> {
        self.find_operator_where("badge = ?1 AND active = 1", badge)
    }

    fn find_operator_where(&self, filter: &str, key: &str) -> Result<Option<Operator>, DatabaseError> {
        self.connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM operator WHERE {filter}"))
            .and_then(|mut s| s.query_row([key], read_operator).optional())
            .or_while(READING)?
            .map(with_role)
            .transpose()
    }

    /// Wrong PINs in a row for an operator; `None` after a right one.
    pub fn find_sign_in_failures(&self, operator: &OperatorId) -> Result<Option<SignInFailures>, DatabaseError> {
        self.connection
            .prepare_cached("SELECT failures, last_at FROM sign_in_failure WHERE operator = ?1")
            .and_then(|mut s| s.query_row([operator.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .or_while(READING)?
            .map(|(count, last_at)| Ok(SignInFailures { count, last_at: from_micros(last_at)? }))
            .transpose()
    }
}

/// Takes an operator as central knows them.
pub(super) fn put_operator(connection: &Connection, operator: &Operator) -> Result<(), DatabaseError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO operator VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .and_then(|mut s| {
            s.execute(params![
                operator.id.as_str(),
                operator.name,
                operator.role.code(),
                operator.pin_hash,
                operator.badge,
                operator.active,
            ])
        })
        .map(|_| ())
        .or_while(WRITING)
}
