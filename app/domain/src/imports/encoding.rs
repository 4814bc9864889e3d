//! The written form of a plan's facts that its fingerprint is made of.
//!
//! Every value is preceded by what it takes to tell it from its neighbours: texts and lists by their length, options by
//! whether there is a value, alternatives by their number. So no two different plans have one written form, and neither
//! a rewording nor a change of the compiler makes another. A change of the form itself raises [`VERSION`].

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The first bytes of every plan. Plans of another version are checked again before they are committed.
const VERSION: &[u8] = b"greencap import plan 1\n";

/// How many bytes are gathered before they are hashed.
const CHUNK: usize = 64 * 1024;

/// Writes facts and hashes them.
#[derive(Debug)]
pub struct Encoder {
    bytes: Vec<u8>,
    hash: Sha256,
}

/// What has a written form.
pub trait Encode {
    /// Writes it.
    fn encode(&self, to: &mut Encoder);
}

impl Default for Encoder {
    fn default() -> Self {
        Self { bytes: VERSION.to_vec(), hash: Sha256::new() }
    }
}

impl Encoder {
    /// A number, or the number of an alternative: eight bytes, the highest first.
    pub fn number(&mut self, number: u64) {
        self.bytes.extend_from_slice(&number.to_be_bytes());
        if self.bytes.len() >= CHUNK {
            self.hash.update(&self.bytes);
            self.bytes.clear();
        }
    }

    /// A text: its length in bytes, then UTF-8.
    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// An identifier: its 16 bytes.
    pub fn id(&mut self, id: Uuid) {
        self.bytes.extend_from_slice(id.as_bytes());
    }

    /// A day, as in ISO 8601.
    pub fn day(&mut self, day: NaiveDate) {
        self.text(&day.to_string());
    }

    /// Perhaps a value.
    pub fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.number(value.is_some().into());
        if let Some(value) = value {
            write(self, value);
        }
    }

    /// Values in their order.
    pub fn list<T>(
        &mut self,
        values: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        let values = values.into_iter();
        self.number(values.len() as u64);
        for value in values {
            write(self, value);
        }
    }

    /// SHA-256 (FIPS 180-4) of all that was written.
    pub fn finish(mut self) -> [u8; 32] {
        self.hash.update(&self.bytes);
        self.hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::plan::PlanHash;
    use proptest::prelude::*;

    fn hash(texts: &[Vec<String>]) -> [u8; 32] {
        let mut to = Encoder::default();
        to.list(texts, |to, texts| to.list(texts, |to, text| to.text(text)));
        to.finish()
    }

    #[test]
    fn the_written_form_is_what_it_was() {
        let mut to = Encoder::default();
        to.number(7);
        to.text("Ada");
        to.option(NaiveDate::from_ymd_opt(2026, 9, 1), Encoder::day);
        to.option(None, Encoder::day);
        to.id(Uuid::from_u128(1));
        let hex = PlanHash::try_from(to.finish().as_slice()).unwrap().to_string();
        // printf 'greencap import plan 1\n' and the bytes above, through sha256sum.
        assert_eq!(hex, "deb9d1c61bd881b3c7c02e186492dd0f8c8d76438a8ec82c04572866c6f55ac4");
    }

    proptest! {
        #[test]
        fn other_facts_have_another_hash(a in proptest::collection::vec(proptest::collection::vec("[ab]{0,2}", 0..3), 0..3),
                                         b in proptest::collection::vec(proptest::collection::vec("[ab]{0,2}", 0..3), 0..3)) {
            prop_assert_eq!(a == b, hash(&a) == hash(&b));
        }
    }
}
