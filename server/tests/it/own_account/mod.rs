//! What people change about their own account, through the router.

pub mod address;
pub mod password;
