//! Randomness, passed in so that tests can repeat it.

use rand::Rng as _;

/// A source of random bytes.
pub trait Random: Send + Sync {
    /// Fills `bytes` with random bytes that are suitable for secrets.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator, through a ChaCha generator per thread that it seeds.
#[derive(Debug, Clone, Copy)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}
