//! Invitations: queuing, opening and using them, and the state of their messages.
//!
//! `open`, `by_code`, `activate` and `resend` are for people who are not signed in: their link or code is
//! their authority, and every failure gets the same response.

pub mod activate;
pub mod by_code;
pub(crate) mod cards;
pub mod deliveries;
pub mod message;
pub mod open;
pub mod progress;
pub(crate) mod queries;
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
