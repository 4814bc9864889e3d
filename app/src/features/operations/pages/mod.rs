//! The pages.

pub mod approvals;
