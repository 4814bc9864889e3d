//! Invitations: the codes that are typed, and what becomes of the messages that carry them.

pub mod code;
pub mod delivery;
pub mod failure;
pub mod link;
pub mod views;
