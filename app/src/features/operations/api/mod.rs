//! Server functions for operations.

mod cancel;
mod read;
mod running;

pub use cancel::cancel_operation;
pub use read::read_operation;
pub use running::list_running;
