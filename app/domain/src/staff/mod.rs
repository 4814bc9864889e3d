//! Staff: people who work at a school.

pub mod code;
pub mod import;
pub mod views;
