//! What people change about their own account: their password and their email address.

pub mod address;
pub mod change_password;
pub(crate) mod retention;
