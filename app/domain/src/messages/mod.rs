//! Messages: what becomes of them, and what a mail server's answer means.

pub mod delivery;
pub mod failure;
pub mod views;
