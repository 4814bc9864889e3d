//! Server functions about students.

mod list;

pub use list::list_roll;
