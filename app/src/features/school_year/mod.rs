//! The school year: nightly changes, the rollover, and the days of an account.

pub mod pages;
