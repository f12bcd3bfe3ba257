//! What the register is given instead of taking it: the time, and randomness for identities.

use std::sync::Arc;

use crate::domain::Timestamp;

/// Tells the time. The machine's in production, a hand-turned one in tests.
pub trait Clock: Send + Sync {
    /// Now, in universal time.
    fn now(&self) -> Timestamp;
}

/// Fills bytes with randomness.
pub trait Random: Send {
    /// Every byte is overwritten.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// Clock and randomness together.
pub struct Environment {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Identities come from here.
    pub random: Box<dyn Random>,
}

impl Environment {
    /// The machine's own clock and the operating system's randomness.
    pub fn machine() -> Self {
        Self { clock: Arc::new(MachineClock), random: Box::new(MachineRandom) }
    }

    /// A fresh UUIDv7 (RFC 9562 section 5.7): sorts by the time it was made.
    pub fn unique_id(&mut self) -> uuid::Uuid {
        let mut random = [0_u8; 10];
        self.random.fill(&mut random);
        let milliseconds = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
    }
}

/// The machine's clock.
pub struct MachineClock;

impl Clock for MachineClock {
    fn now(&self) -> Timestamp {
        chrono::Utc::now()
    }
}

/// The operating system's randomness.
pub struct MachineRandom;

impl Random for MachineRandom {
    fn fill(&mut self, bytes: &mut [u8]) {
        // Linux blocks here until its pool is ready and cannot fail afterwards (getrandom(2)); should a sandbox forbid the
        // call, identities must not be predictable: stopping is right.
        getrandom::fill(bytes).expect("the operating system gives randomness"); // see above
    }
}
