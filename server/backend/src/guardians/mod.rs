//! Guardians: contacts, access to children, and accounts for the adults of a family.

pub mod access;
pub mod contacts;
pub(crate) mod daily;
pub mod of_age;
pub(crate) mod retention;
pub mod tasks;
