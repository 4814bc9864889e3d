//! Operations: what waits for a second person, and long ones while they run.

pub mod api;
pub mod components;
pub mod pages;
