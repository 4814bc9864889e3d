//! The pages of single sign-on.

pub mod providers;
pub mod visit;
