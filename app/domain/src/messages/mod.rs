//! Messages: their delivery, and the meaning of a mail server's replies.

pub mod delivery;
pub mod failure;
pub mod views;
