//! User accounts.

pub mod api;
#[cfg(feature = "ssr")]
pub mod approvals;
pub mod components;
pub mod pages;
