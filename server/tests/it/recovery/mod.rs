//! Helping people back in, through the router.

pub mod codes;
pub mod forgetting;
