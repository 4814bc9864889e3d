//! Server functions about lists.

mod keep_columns;

pub use keep_columns::keep_columns;
