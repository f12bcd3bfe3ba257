//! Collection codes: six characters that no other order of a store has while it waits there.

use rusqlite::{Connection, params};

use super::super::StoreError;
use crate::domain::barcode::house::encode_collection_code;
use crate::domain::ids::StoreId;

/// The code an order has, when it can keep it in a store it comes to: its customer may have been told. Else another.
pub fn keep_or_make_code(
    connection: &Connection,
    store: &StoreId,
    code: &str,
    seed: u64,
) -> Result<String, StoreError> {
    let taken = connection
        .prepare_cached("SELECT 1 FROM web_order WHERE store = ?1 AND collection_code = ?2 AND unfulfilled = 1")?
        .exists(params![store.as_str(), code])?;
    if taken { free_code(connection, store, seed) } else { Ok(code.to_owned()) }
}

/// A code no unfulfilled order of the store has.
pub fn free_code(connection: &Connection, store: &StoreId, seed: u64) -> Result<String, StoreError> {
    let mut taken = connection.prepare_cached(
        "SELECT 1 FROM web_order WHERE store = ?1 AND collection_code = ?2 AND unfulfilled = 1 AND collection_code <> ''",
    )?;
    let mut state = seed;
    for _ in 0..1000 {
        let code = encode_collection_code(next_random(&mut state));
        if !taken.exists(params![store.as_str(), code])? {
            return Ok(code);
        }
    }
    Err(StoreError::Refused(format!("store {store} has run out of collection codes")))
}

/// SplitMix64 (Steele, Lea, Flood 2014): spreads a seed over many tries.
fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
