//! Guardians: contacts, access to children, and accounts for the adults of a family.

pub mod access;
pub mod autocreate;
pub mod bulk;
pub mod contacts;
pub mod coverage;
pub(crate) mod daily;
pub mod duplicates;
pub mod family;
pub(crate) mod import;
pub mod list;
pub mod of_age;
pub mod people;
pub(crate) mod retention;
pub mod tasks;
