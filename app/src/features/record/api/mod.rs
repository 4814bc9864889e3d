//! Server functions for records.

mod read;

pub use read::read_record;
