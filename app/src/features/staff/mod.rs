//! Staff: people who work at a school.

pub mod api;
pub mod pages;
