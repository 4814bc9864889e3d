//! Account recovery: forgotten passwords and usernames, and one-time codes from the office.

pub(crate) mod cards;
pub mod messages;
pub mod office_code;
pub mod office_codes;
pub mod requests;
pub mod reset;
pub(crate) mod retention;
pub mod send;
#[cfg(test)]
mod tests;
