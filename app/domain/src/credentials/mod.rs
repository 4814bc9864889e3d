//! What people sign in with.

pub mod password;
