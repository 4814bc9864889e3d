//! The roll: organisations and their schools, lists of students, records and addresses.

pub mod addresses;
pub mod cache;
mod edits;
pub(crate) mod entries;
pub(crate) mod import;
pub(crate) mod invited;
pub mod list;
pub mod organisation;
mod part;
pub(crate) mod retention;
pub mod schools;
pub mod selection;
pub(crate) mod simulation;
pub mod snapshot;
pub mod summary;
#[cfg(test)]
mod tests;
