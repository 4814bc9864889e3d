//! Accounts: usernames, states, plans and batches.

pub mod state;
pub mod status;
pub mod username;
pub mod views;
