//! Second factors: setting them up, showing one, and confirming who you are before a sensitive action.

pub mod api;
pub mod components;
#[cfg(feature = "ssr")]
pub mod pages;
