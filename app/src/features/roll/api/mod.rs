//! Server functions for students.

mod add_address;
mod choose_address;
mod edit_address;
mod list;
mod remove_address;
mod restore_address;

pub use add_address::add_address;
pub use choose_address::choose_address;
pub use edit_address::edit_address;
pub use list::list_roll;
pub use remove_address::remove_address;
pub use restore_address::restore_address;
