//! The audit log: append-only, a chain per organisation.

mod chain;
mod record;
#[cfg(test)]
mod tests;
pub mod verify;

pub use record::{AuditEntry, record, record_for_each};
