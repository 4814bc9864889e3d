//! What people sign in with, and whether it lets them in.

pub mod password;
pub mod state;
pub mod status;
