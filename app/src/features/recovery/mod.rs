//! Helping people back in: forgotten passwords and usernames, and one-time codes from the office.

pub mod api;
#[cfg(feature = "ssr")]
pub mod pages;
