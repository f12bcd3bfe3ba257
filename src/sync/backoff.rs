//! How long to wait after a failure: longer each time, and never the same for two tills.

use std::time::Duration;

/// Doubles from the shortest to the longest wait; a random half of it is left away, so that a thousand tills that lost
/// central in the same instant do not come back in the same instant.
#[derive(Clone, Debug)]
pub struct Backoff {
    shortest: Duration,
    longest: Duration,
    failures: u32,
    random: u64,
}

impl Backoff {
    /// `seed` is the till's own randomness.
    pub const fn new(shortest: Duration, longest: Duration, seed: u64) -> Self {
        Self { shortest, longest, failures: 0, random: seed }
    }

    /// It works: the next failure starts from the shortest wait.
    pub const fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// It failed: how long to wait now, between half of this step and all of it.
    pub fn failed(&mut self) -> Duration {
        let step = self.shortest.saturating_mul(1 << self.failures.min(16)).min(self.longest);
        self.failures = self.failures.saturating_add(1);
        let half = step / 2;
        // The top 32 bits as a fraction of one.
        let fraction = (self.next_random() >> 32) as f64 / f64::from(u32::MAX);
        half + half.mul_f64(fraction)
    }

    /// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    const fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_longest_and_begin_again() {
        let (shortest, longest) = (Duration::from_millis(500), Duration::from_secs(20));
        let mut backoff = Backoff::new(shortest, longest, 42);
        for failure in 0..40 {
            let step = shortest.saturating_mul(1 << failure.min(16)).min(longest);
            let wait = backoff.failed();
            assert!(wait >= step / 2 && wait <= step, "failure {failure}: {wait:?} of {step:?}");
        }
        backoff.succeeded();
        assert!(backoff.failed() <= shortest);
    }

    #[test]
    fn two_tills_do_not_wait_alike() {
        let new = |seed| Backoff::new(Duration::from_secs(1), Duration::from_secs(20), seed);
        let (mut a, mut b) = (new(1), new(2));
        let differing = (0..20).filter(|_| a.failed() != b.failed()).count();
        assert!(differing >= 19, "{differing}");
    }
}
