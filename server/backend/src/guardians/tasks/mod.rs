//! What the office is asked to look at, until somebody says that it is done.

pub(crate) mod add;
pub mod done;
pub mod list;
