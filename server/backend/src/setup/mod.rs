//! The first administrator, by the set-up link, by the command line or in the demonstration school; and the
//! colleagues they invite.

pub mod administrator;
pub mod colleague;
pub mod create_admin;
pub mod link;
mod person;
pub(crate) mod retention;
