//! Sessions: where someone is signed in, and what happens to their work when a session ends.

pub mod api;
#[cfg(feature = "ssr")]
pub mod pages;
