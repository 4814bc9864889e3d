//! Guardians: contacts, access to children, and accounts for the adults of a family.

pub mod components;
#[cfg(feature = "ssr")]
pub mod pages;
