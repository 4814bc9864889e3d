//! The pages about roles.

pub mod roles;
