//! Likely duplicates among adults: finding them, asking the office, and merging and splitting people.

pub mod answer;
pub mod board;
pub(in crate::guardians) mod load;
pub mod merge;
mod person;
pub mod search;
pub mod split;
pub(in crate::guardians) mod store;
#[cfg(test)]
mod tests;
