//! How a person wants to see the office's lists.

pub mod columns;
pub(crate) mod retention;
#[cfg(test)]
mod tests;
