//! Invitations: queueing, opening and using them, and what becomes of their messages.
//!
//! `open`, `by_code`, `activate` and `resend` are for people who are not signed in: what they hold is their authority,
//! and whatever is wrong with it they get one and the same answer.

pub mod activate;
pub mod by_code;
pub mod deliveries;
pub mod message;
pub mod open;
pub mod progress;
mod queries;
pub(crate) mod queue;
mod recipients;
pub mod resend;
pub(crate) mod retention;
pub mod revoke;
pub mod send;
pub mod stop;
#[cfg(test)]
mod tests;

pub(crate) use queries::{end_all, waiting};
