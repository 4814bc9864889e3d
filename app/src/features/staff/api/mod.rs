//! Server functions about staff.

mod list;

pub use list::list_staff;
