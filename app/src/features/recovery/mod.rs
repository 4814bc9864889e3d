//! Helping people back in: forgotten passwords and usernames, and one-time codes of the office.

pub mod api;
#[cfg(feature = "ssr")]
pub mod pages;
