//! The sign-in pages.

pub mod sign_in;
pub mod who;
