//! Randomness, passed in, so that a test can repeat itself.

use rand::Rng as _;

/// Where random bytes come from.
pub trait Random: Send + Sync {
    /// Fills `bytes` with random ones, fit for secrets.
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
