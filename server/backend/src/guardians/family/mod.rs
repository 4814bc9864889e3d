//! What guardians see of their children, and what they say about them.

pub mod asked;
pub(crate) mod children;
pub mod not_mine;
#[cfg(test)]
mod tests;
