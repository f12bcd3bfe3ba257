//! What central takes from the world around it, passed in so that tests can turn the clock and know the dice.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::store::SecretHash;
use crate::domain::Timestamp;

/// Characters of secrets people type: nothing that is mistaken for something else.
const SECRET_ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// Clock and randomness.
#[derive(Clone)]
pub struct Surroundings {
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    randomness: Arc<dyn Fn(&mut [u8]) + Send + Sync>,
}

impl Surroundings {
    /// The machine's own. Fails when the system has no source of randomness.
    pub fn of_the_machine() -> Result<Self, getrandom::Error> {
        // Asked once here, so that a machine without a source says so at the start; it does not lose it later.
        getrandom::fill(&mut [0; 1])?;
        let clock = Arc::new(|| {
            let now = chrono::Utc::now();
            // Storage keeps microseconds; what is answered before and after storing must be the same.
            Timestamp::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
        });
        let randomness = Arc::new(|bytes: &mut [u8]| {
            while let Err(error) = getrandom::fill(bytes) {
                tracing::error!(%error, "no randomness; trying again");
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
        });
        Ok(Self { clock, randomness })
    }

    /// A clock and dice of the caller's.
    pub fn new(
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
        randomness: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        Self { clock: Arc::new(clock), randomness: Arc::new(randomness) }
    }

    /// Central's clock.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.randomness)(&mut bytes);
        bytes
    }

    /// A random number.
    pub fn random_u64(&self) -> u64 {
        u64::from_be_bytes(self.random())
    }

    /// A new identity that sorts by time (UUIDv7, RFC 9562 section 5.7).
    pub fn new_uuid(&self) -> uuid::Uuid {
        let millis = self.now().timestamp_millis().unsigned_abs();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.random()).into_uuid()
    }

    /// A one-time code of twelve characters in three groups, 59 bits: `7QRM-K2XP-9VDE`.
    pub fn new_code(&self) -> String {
        let random: [u8; 12] = self.random();
        let letter = |byte: &u8| char::from(SECRET_ALPHABET[usize::from(*byte) % SECRET_ALPHABET.len()]);
        let groups: Vec<String> = random.chunks(4).map(|group| group.iter().map(letter).collect()).collect();
        groups.join("-")
    }

    /// A token nobody types: 256 bits in hexadecimal.
    pub fn new_token(&self) -> String {
        self.random::<32>().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// How a secret is kept. Codes and tokens are random, so that a plain hash cannot be guessed backwards.
pub fn hash_secret(secret: &str) -> SecretHash {
    Sha256::digest(secret.trim().as_bytes()).into()
}
