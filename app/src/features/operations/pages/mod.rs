//! The operation pages.

#[cfg(feature = "ssr")]
pub mod approvals;
mod operation;

pub use operation::LongOperation;
