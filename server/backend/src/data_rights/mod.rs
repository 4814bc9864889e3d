//! The rights of the people data is about: everything that is held on a person, its export, its erasure, and how long each
//! kind of data is kept.

pub(crate) mod account;
pub(crate) mod catalogue;
pub mod erase;
pub mod erased;
pub mod export;
mod obstacles;
pub(crate) mod retention;
pub mod schedule;
pub mod subject;
#[cfg(test)]
mod tests;
