//! Parts of pages about long operations.

mod follow;
mod running;
mod watched;

pub use running::RunningOperations;
pub use watched::WatchedOperation;
