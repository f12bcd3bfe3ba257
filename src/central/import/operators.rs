//! `operators.csv`: `operator,name,role,pin,badge,active`. A PIN is hashed here and never kept; a file may carry `pin_hash`
//! instead.

use std::io::Read;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use super::table::{Column, Row, Table, parse_flag};
use super::{ImportError, RowFault};
use crate::central::surroundings::Surroundings;
use crate::domain::ids::OperatorId;
use crate::domain::operator::{Operator, Role};

/// Makes operators of rows.
pub struct OperatorReader {
    operator: Column,
    name: Column,
    role: Column,
    pin: Option<Column>,
    pin_hash: Option<Column>,
    badge: Option<Column>,
    active: Option<Column>,
    known: Vec<Operator>,
}

impl OperatorReader {
    /// Understands the header.
    pub fn new(table: &Table<impl Read>, known: Vec<Operator>) -> Result<Self, ImportError> {
        let reader = Self {
            operator: table.get_column(&["operator", "id", "personnel number"])?,
            name: table.get_column(&["name"])?,
            role: table.get_column(&["role"])?,
            pin: table.find_column(&["pin"]),
            pin_hash: table.find_column(&["pin_hash"]),
            badge: table.find_column(&["badge"]),
            active: table.find_column(&["active"]),
            known,
        };
        if reader.pin.is_none() && reader.pin_hash.is_none() {
            return Err(ImportError::ColumnMissing("pin"));
        }
        Ok(reader)
    }

    /// The columns it knows.
    pub fn columns(&self) -> Vec<&Column> {
        let maybe = [&self.pin, &self.pin_hash, &self.badge, &self.active];
        [&self.operator, &self.name, &self.role].into_iter().chain(maybe.into_iter().flatten()).collect()
    }

    /// The operator of a row. Of a known one, what the file has no column for stays as it is, and so does the hash of a PIN
    /// that is the same.
    pub fn read(&self, row: &Row<'_>, surroundings: &Surroundings) -> Result<Operator, RowFault> {
        let role = row.parse(Some(&self.role), "cashier, stock, supervisor or manager", parse_role)?;
        let id = OperatorId::new(row.get(&self.operator)?);
        let known = self.known.iter().find(|known| known.id == id);
        let active = row.parse(self.active.as_ref(), "yes or no", parse_flag)?.unwrap_or(true);
        Ok(Operator {
            name: row.get(&self.name)?,
            role: role.ok_or_else(|| row.fault(&self.role, "it is empty"))?,
            pin_hash: self.pin_hash(row, known, surroundings)?,
            badge: match (&self.badge, known) {
                (None, Some(known)) => known.badge.clone(),
                (badge, _) => row.find(badge.as_ref()),
            },
            active: known.filter(|_| self.active.is_none()).map_or(active, |known| known.active),
            id,
        })
    }

    fn pin_hash(
        &self,
        row: &Row<'_>,
        known: Option<&Operator>,
        surroundings: &Surroundings,
    ) -> Result<String, RowFault> {
        if let (Some(column), Some(hash)) = (&self.pin_hash, row.find(self.pin_hash.as_ref())) {
            let known = PasswordHash::new(&hash).is_ok_and(|parsed| parsed.algorithm.as_str() == "argon2id");
            return if known { Ok(hash) } else { Err(row.fault(column, "this is no argon2id hash in PHC form")) };
        }
        let column = self.pin.as_ref().or(self.pin_hash.as_ref()).unwrap_or(&self.operator);
        let pin = row.find(self.pin.as_ref()).ok_or_else(|| row.fault(column, "it is empty"))?;
        if !(4..=10).contains(&pin.len()) || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
            // The PIN itself is not repeated in a report.
            return Err(row.fault(column, "a PIN has four to ten digits"));
        }
        let is_pin = |hash: &PasswordHash| hasher().verify_password(pin.as_bytes(), hash).is_ok();
        if let Some(known) = known.filter(|known| PasswordHash::new(&known.pin_hash).is_ok_and(|hash| is_pin(&hash))) {
            return Ok(known.pin_hash.clone());
        }
        let hash: Result<PasswordHash, _> =
            hasher().hash_password_with_salt(pin.as_bytes(), &surroundings.random::<16>());
        hash.map(|hash| hash.to_string()).map_err(|error| row.fault(column, format!("cannot be hashed: {error}")))
    }
}

/// As the library advises; a fuzzer, which keeps no PIN of anybody's, does without the memory and the time that makes guessing
/// dear.
fn hasher() -> Argon2<'static> {
    match Params::new(Params::MIN_M_COST, Params::MIN_T_COST, Params::MIN_P_COST, None) {
        Ok(cheap) if cfg!(fuzzing) => Argon2::new(Algorithm::Argon2id, Version::V0x13, cheap),
        _ => Argon2::default(),
    }
}

pub(super) fn parse_role(text: &str) -> Option<Role> {
    match text.to_lowercase().as_str() {
        "cashier" => Some(Role::Cashier),
        "stock" => Some(Role::Stock),
        "supervisor" => Some(Role::Supervisor),
        "manager" => Some(Role::Manager),
        _ => None,
    }
}
