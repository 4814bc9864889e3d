//! Encrypts other parties' secrets that must be used again in plain text, such as a provider's client secret,
//! with a key that is not in the database (AES-256-GCM, NIST SP 800-38D).

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use uuid::Uuid;

use crate::random::Random;
use crate::{Error, Result};

/// A random nonce as in NIST SP 800-38D, section 8.2.2; there are too few secrets for one to repeat.
const NONCE_BYTES: usize = 12;

/// An encryption key.
pub struct SealingKey(Aes256Gcm);

impl SealingKey {
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self(Aes256Gcm::new(&key.into()))
    }

    /// Encrypts a secret for the row with this id. It cannot be decrypted if copied to another row.
    pub fn seal(&self, random: &dyn Random, row: Uuid, secret: &str) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_BYTES];
        random.fill(&mut nonce);
        let payload = Payload { msg: secret.as_bytes(), aad: row.as_bytes() };
        let sealed = self
            .0
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|error| Error::unexpected(error.to_string()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts a secret of this row. Fails for any other row, and if it was changed.
    pub fn open(&self, row: Uuid, sealed: &[u8]) -> Result<String> {
        let wrong =
            || Error::unexpected("a secret cannot be decrypted: was it encrypted with another pepper?");
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or_else(wrong)?;
        let payload = Payload { msg: sealed, aad: row.as_bytes() };
        let secret = self.0.decrypt(&Nonce::from(*nonce), payload).map_err(|_| wrong())?;
        String::from_utf8(secret).map_err(Error::unexpected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SeededRandom;

    #[test]
    fn a_sealed_secret_opens_with_its_key_for_its_row_unchanged_and_not_otherwise() {
        let (key, random) = (SealingKey::new([1; 32]), SeededRandom::new(7));
        let (row, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = key.seal(&random, row, "what they gave us").unwrap();
        assert!(!sealed.windows(4).any(|bytes| bytes == b"gave"));
        assert_eq!(key.open(row, &sealed).unwrap(), "what they gave us");
        assert_ne!(key.seal(&random, row, "what they gave us").unwrap(), sealed);
        assert!(key.open(other, &sealed).is_err());
        assert!(SealingKey::new([2; 32]).open(row, &sealed).is_err());
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(key.open(row, &changed).is_err(), "{place}");
        }
        assert!(key.open(row, &sealed[..5]).is_err());
    }
}
