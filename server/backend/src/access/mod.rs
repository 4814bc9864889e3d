//! Who comes in: passwords, sign-in, sessions and the first administrator.

pub mod administrator;
pub mod blocklist;
pub mod cover;
pub mod create_admin;
pub mod password;
pub mod session;
pub mod setup;
pub mod sign_in;
pub mod sign_out;
#[cfg(test)]
mod tests;
