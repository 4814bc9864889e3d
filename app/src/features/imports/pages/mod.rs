//! The import pages.

mod import;
mod imports;

pub use import::Import;
pub use imports::Imports;
