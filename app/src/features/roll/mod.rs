//! Students: their list and their records.

pub mod api;
pub mod components;
pub mod pages;
