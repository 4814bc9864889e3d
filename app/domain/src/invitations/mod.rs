//! Invitations: links and codes that activate an account.

pub mod code;
pub mod link;
pub mod views;
