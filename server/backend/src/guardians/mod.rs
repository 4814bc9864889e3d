//! Guardians: contacts, access to children, and accounts for the adults of a family.

pub mod access;
pub mod contacts;
pub mod coverage;
pub mod family;
pub(crate) mod retention;
pub mod tasks;
