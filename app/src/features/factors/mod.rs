//! Second factors: setting them up, presenting one, and step-up before a sensitive action.

pub mod api;
pub mod components;
#[cfg(feature = "ssr")]
pub mod pages;
