//! The pages where people change their password and email address, and see where they are signed in.

pub mod account;
pub mod address;
