//! The pages for roles.

pub mod roles;
