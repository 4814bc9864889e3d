//! Guardians, in the office.

#[cfg(feature = "ssr")]
pub mod pages;
