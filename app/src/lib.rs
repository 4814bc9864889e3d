//! Greencap's pages. The office is one hydrated Leptos application; family pages are rendered only on the
//! server.

// The types of whole pages are deeply nested.
#![recursion_limit = "512"]

pub mod areas;
pub mod error;
pub mod features;
#[cfg(feature = "ssr")]
pub mod guard;
#[cfg(feature = "ssr")]
#[expect(missing_docs, clippy::pedantic, reason = "made by the build from `app/locales`")]
mod i18n_generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}
pub mod page_permissions;
pub mod routes;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod ui;
pub mod wire;

/// The texts of the family pages, as typed keys.
#[cfg(feature = "ssr")]
pub use i18n_generated::i18n;
