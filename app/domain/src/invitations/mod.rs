//! Invitations: the links and codes that open an account for the first time.

pub mod code;
pub mod link;
pub mod views;
