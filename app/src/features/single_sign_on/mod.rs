//! Single sign-on: signing in with a provider, and its settings.

pub mod api;
#[cfg(feature = "ssr")]
pub mod pages;
