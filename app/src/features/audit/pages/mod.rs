//! Pages of the audit log.

pub mod exports;
pub mod log;
