//! Accounts: who has one, and what staff do to them.

pub mod change_state;
pub mod export;
pub mod list;
#[cfg(test)]
mod tests;
