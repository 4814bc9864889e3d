//! What a person wants to see of the office's lists.

pub mod columns;
#[cfg(test)]
mod tests;
