//! Coming in: who is signed in and what they may do, and the pages on the way there.

pub mod api;
#[cfg(feature = "ssr")]
pub mod pages;
