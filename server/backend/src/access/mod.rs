//! Who comes in: passwords, sign-in, sessions and the first administrator.

pub mod blocklist;
pub mod password;
