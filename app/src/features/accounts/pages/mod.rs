//! The account pages.

mod batch;
mod batches;
mod list;
pub mod new;

pub use batch::Batch;
pub use batches::Batches;
pub use list::UserAccounts;
