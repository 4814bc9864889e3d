//! The account pages.

mod batch;
mod batches;
#[cfg(feature = "ssr")]
pub mod bulk;
#[cfg(feature = "ssr")]
pub mod changes;
#[cfg(feature = "ssr")]
pub mod export;
mod list;
pub mod new;
mod paste;
#[cfg(feature = "ssr")]
pub mod printed;
#[cfg(feature = "ssr")]
pub mod rename;
#[cfg(feature = "ssr")]
pub mod renamed;

pub use batch::Batch;
pub use batches::Batches;
pub use list::UserAccounts;
pub use paste::PasteAccounts;
