//! The pages on which people change their password and their email address, and see where they are signed in.

pub mod account;
pub mod address;
