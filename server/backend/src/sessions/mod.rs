//! Sessions: creating, resolving, listing and ending them, and recognising browsers.

pub mod list;
pub mod page_stamp;
pub mod pending_form;
pub(crate) mod retention;
pub mod session;
pub mod sign_out;
pub mod visitor;
pub mod watch;
