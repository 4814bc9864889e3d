//! Parts of the pages for long operations.

mod follow;
#[cfg(feature = "ssr")]
mod question;
mod running;
mod watched;

#[cfg(feature = "ssr")]
pub use question::QuestionFacts;
pub use running::RunningOperations;
pub use watched::WatchedOperation;
