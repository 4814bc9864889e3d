//! Parts of the pages for long operations.

mod follow;
mod running;
mod watched;

pub use running::RunningOperations;
pub use watched::WatchedOperation;
