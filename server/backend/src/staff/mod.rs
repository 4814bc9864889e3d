//! Staff: people who work at a school.

pub(crate) mod import;
pub mod list;
pub(crate) mod retention;
#[cfg(test)]
mod tests;
