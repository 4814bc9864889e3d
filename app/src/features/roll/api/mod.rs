//! Server functions about students.

mod add_email;
mod list;

pub use add_email::add_email;
pub use list::list_roll;
