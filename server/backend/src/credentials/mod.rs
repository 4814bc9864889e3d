//! Credentials: passwords, one-time codes, limits on guessing, and revoking all of them.

pub mod blocklist;
pub(crate) mod codes;
pub mod constant_time;
pub mod days;
pub(crate) mod disown;
pub(crate) mod factors;
pub(crate) mod limits;
pub mod new_password;
pub mod password;
pub(crate) mod phrases;
pub mod resting;
pub(crate) mod retention;
pub(crate) mod revoke;
pub(crate) mod secret_messages;
pub(crate) mod ways_in;
