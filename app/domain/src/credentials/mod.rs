//! What people sign in with, and whether they may sign in.

pub mod invited;
pub mod password;
pub mod state;
pub mod status;
