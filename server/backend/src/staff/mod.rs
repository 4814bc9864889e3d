//! Staff: people who work at a school.

pub(crate) mod employed;
pub(crate) mod import;
pub mod list;
pub mod member;
pub(crate) mod retention;
#[cfg(test)]
mod tests;
