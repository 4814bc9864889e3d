//! The import pages.

mod import;
mod imports;
#[cfg(feature = "ssr")]
pub mod senders;

pub use import::Import;
pub use imports::Imports;
