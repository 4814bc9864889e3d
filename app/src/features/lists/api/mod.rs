//! Server functions for lists.

mod keep_columns;

pub use keep_columns::keep_columns;
