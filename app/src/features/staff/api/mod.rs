//! Server functions for staff.

mod list;

pub use list::list_staff;
