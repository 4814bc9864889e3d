//! What people can change about their own account.

pub mod address;
