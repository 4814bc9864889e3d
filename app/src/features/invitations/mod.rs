//! Invitations: sending, revoking, and the mailbox of the embedded mode.

pub mod api;
pub mod components;
pub mod pages;
