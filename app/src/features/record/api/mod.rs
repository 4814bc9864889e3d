//! Server functions about records.

mod read;

pub use read::read_record;
