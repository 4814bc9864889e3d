//! Account recovery, through the router.

pub mod codes;
pub mod forgetting;
