//! Office and portal pages.

pub mod features;
#[cfg(feature = "ssr")]
#[expect(missing_docs, clippy::pedantic, reason = "made by the build from `app/locales`")]
mod i18n_generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}
pub mod ui;

/// The text of the family pages, as typed keys.
#[cfg(feature = "ssr")]
pub use i18n_generated::i18n;
