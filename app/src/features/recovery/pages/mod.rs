//! The pages for a forgotten password or username, and for one-time codes.

pub mod codes;
pub mod forgotten;
pub mod reset;
