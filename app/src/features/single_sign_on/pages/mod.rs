//! The single sign-on pages.

pub mod providers;
pub mod visit;
