//! The audit log: append-only, a chain per organisation.

pub mod alerts;
mod chain;
pub mod list;
pub mod message;
mod record;
pub(crate) mod retention;
#[cfg(test)]
mod tests;
pub mod verify;

pub use record::{AuditEntry, record, record_all, record_for_each};
